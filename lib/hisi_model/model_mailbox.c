/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include <hisi_hw_names.h>
#include <hisi_qm_caps.h>
#include <hisi_qm_regs.h>

#include "model_context.h"
#include "model_device.h"
#include "model_fault.h"
#include "model_function.h"
#include "model_ifc.h"
#include "model_log.h"
#include "model_mailbox.h"
#include "model_queue.h"
#include "model_version.h"
#include "model_vft.h"

#define MAILBOX_TEXT_LEN 200

static uint64_t
base_of(const struct hisi_qm_mailbox *mb)
{
	return (uint64_t)mb->base_hi << 32 | mb->base_lo;
}

static void
set_base(struct hisi_qm_mailbox *mb, uint64_t base)
{
	mb->base_lo = (uint32_t)base;
	mb->base_hi = (uint32_t)(base >> 32);
}

static enum model_mailbox_status
run_context(struct model_function *fn, struct hisi_qm_mailbox *mb)
{
	uint32_t command = HISI_FIELD_GET(HISI_QM_MB_COMMAND, (uint32_t)mb->w0);

	return mb->w0 & HISI_QM_MB_OP_GET ?
		model_context_get(fn, command, mb->queue, base_of(mb)) :
		model_context_set(fn, command, mb->queue, base_of(mb));
}

static enum model_mailbox_status
run_table(struct hisi_qm_mailbox *mb, uint64_t *table)
{
	if (mb->w0 & HISI_QM_MB_OP_GET) {
		set_base(mb, *table);
		return MODEL_MB_OK;
	}
	if (base_of(mb) % HISI_QM_CONTEXT_ALIGN != 0)
		return MODEL_MB_BAD_ADDRESS;
	*table = base_of(mb);
	return MODEL_MB_OK;
}

/** The function's own entry; 0 while it has none, which is no error (qm.md 5.8). */
static enum model_mailbox_status
run_vft(struct model_function *fn, struct hisi_qm_mailbox *mb)
{
	if (!(mb->w0 & HISI_QM_MB_OP_GET))
		return MODEL_MB_UNKNOWN_COMMAND;
	set_base(mb, fn->dev->vft.sqc[fn->number]);
	return MODEL_MB_OK;
}

static enum model_mailbox_status
stop_queue(struct model_function *fn, struct model_queue *q, uint64_t deadline_ns)
{
	if (q == NULL)
		return MODEL_MB_BAD_QUEUE;
	if (q->fn != fn)
		return MODEL_MB_OK; /* never set up: nothing to drain */
	if (atomic_load(&fn->dev->is_halted))
		return MODEL_MB_HALTED;
	return model_queue_drain(q, deadline_ns) ? MODEL_MB_OK : MODEL_MB_NOT_DRAINED;
}

static enum model_mailbox_status
stop_all(struct model_function *fn, uint64_t deadline_ns)
{
	enum model_mailbox_status worst = MODEL_MB_OK, status;
	uint32_t i;

	for (i = 0; i < model_vft_count(fn->dev, fn->number); i++) {
		status = stop_queue(fn, model_vft_queue(fn, i), deadline_ns);
		if (status != MODEL_MB_OK)
			worst = status;
	}
	return worst;
}

static enum model_mailbox_status
run_stop(struct model_function *fn, uint32_t command, uint32_t qn)
{
	uint64_t deadline_ns = model_now_ns() + MODEL_DRAIN_LIMIT_NS;

	if (!fn->dev->version->has_stop_commands)
		return MODEL_MB_UNKNOWN_COMMAND;
	return command == HISI_QM_MB_CMD_STOP_QP ?
		stop_queue(fn, model_vft_queue(fn, qn), deadline_ns) : stop_all(fn, deadline_ns);
}

/** V4 and later have registers instead; whether their mailbox still does it is unknown. */
static enum model_mailbox_status
run_message(struct model_function *fn, struct hisi_qm_mailbox *mb)
{
	if (fn->dev->version->has_message_registers ||
	    !(fn->dev->version->func_caps & HISI_QM_CAP_IFC))
		return MODEL_MB_UNKNOWN_COMMAND;
	if (HISI_FIELD_GET(HISI_QM_MB_COMMAND, (uint32_t)mb->w0) == HISI_QM_MB_CMD_SRC)
		return model_ifc_send(fn, mb->queue, base_of(mb)) ? MODEL_MB_OK :
			MODEL_MB_BAD_QUEUE;
	set_base(mb, model_ifc_receive(fn, mb->queue));
	return MODEL_MB_OK;
}

static enum model_mailbox_status
run(struct model_function *fn, struct hisi_qm_mailbox *mb)
{
	uint32_t command = HISI_FIELD_GET(HISI_QM_MB_COMMAND, (uint32_t)mb->w0);

	switch (command) {
	case HISI_QM_MB_CMD_SQC:
	case HISI_QM_MB_CMD_CQC:
	case HISI_QM_MB_CMD_EQC:
	case HISI_QM_MB_CMD_AEQC:
		return run_context(fn, mb);
	case HISI_QM_MB_CMD_SQC_BT:
		return run_table(mb, &fn->sqc_table);
	case HISI_QM_MB_CMD_CQC_BT:
		return run_table(mb, &fn->cqc_table);
	case HISI_QM_MB_CMD_SQC_VFT:
		return run_vft(fn, mb);
	case HISI_QM_MB_CMD_SRC:
	case HISI_QM_MB_CMD_DST:
		return run_message(fn, mb);
	case HISI_QM_MB_CMD_STOP_QP:
	case HISI_QM_MB_CMD_FLUSH_QM:
	case HISI_QM_MB_CMD_PAUSE_QM:
		return run_stop(fn, command, mb->queue);
	default:
		return MODEL_MB_UNKNOWN_COMMAND;
	}
}

static const char *
status_text(enum model_mailbox_status status)
{
	static const char *const texts[] = {
		[MODEL_MB_OK] = "ok",
		[MODEL_MB_UNKNOWN_COMMAND] = "unknown command",
		[MODEL_MB_BAD_QUEUE] = "queue outside the function's VFT entry",
		[MODEL_MB_BAD_ADDRESS] = "address misaligned or refused",
		[MODEL_MB_BAD_CONTEXT] = "context has a value that cannot be",
		[MODEL_MB_NOT_SET] = "context was never set",
		[MODEL_MB_NOT_DRAINED] = "queue cannot be drained",
		[MODEL_MB_HALTED] = "device is halted by an earlier error",
	};

	return texts[status];
}

/** The command is done, with its results in @p mb. */
static void
finish(struct model_function *fn, struct hisi_qm_mailbox *mb, uint32_t status)
{
	mb->w0 &= ~(HISI_QM_MB_BUSY | HISI_QM_MB_STATUS);
	mb->w0 |= HISI_FIELD_PREP(HISI_QM_MB_STATUS, status);
	fn->dev->mailbox = *mb;
	fn->dev->mailbox_owner = NULL;
	fn->mailbox.words.w0 = 0;
}

static void
execute(struct model_function *fn)
{
	struct hisi_qm_mailbox mb = fn->mailbox.words;
	enum model_mailbox_status status;
	char text[MAILBOX_TEXT_LEN];

	model_stat_add(&fn->dev->stats.nb_mailboxes, 1);
	hisi_hw_format(text, sizeof(text), hisi_qm_mailbox_fields, &mb);
	if (model_trace_is_on(fn->dev))
		model_trace(fn, "mailbox %s (%s)", text, hisi_qm_mailbox_command_name(
			HISI_FIELD_GET(HISI_QM_MB_COMMAND, (uint32_t)mb.w0)));
	status = run(fn, &mb);
	finish(fn, &mb, status);
	if (status != MODEL_MB_OK)
		model_function_log(fn, VFIO_USER_LOG_WARNING, "mailbox refused: %s: %s",
			status_text(status), text);
}

/** The engine stays busy, as every function sees it. */
static void
show_busy(struct model_function *fn)
{
	fn->dev->mailbox = fn->mailbox.words;
	fn->dev->mailbox_owner = fn;
}

/** @return true when a fault rule took the command */
static bool
misbehave(struct model_function *fn)
{
	struct model_fault_plan *faults = fn->dev->config.faults;
	struct hisi_qm_mailbox mb = fn->mailbox.words;
	struct model_fault_hit hit;

	if (!model_fault_is_armed(faults, MODEL_FAULT_AT_MAILBOX) ||
	    !model_fault_ask_mailbox(faults, fn, HISI_FIELD_GET(HISI_QM_MB_COMMAND,
	    (uint32_t)mb.w0), mb.queue, &hit))
		return false;
	if (hit.choice == MODEL_FAULT_MAILBOX_STATUS) {
		finish(fn, &mb, hit.value);
		return true;
	}
	if (hit.choice == MODEL_FAULT_MAILBOX_BUSY) {
		if (!model_fault_mailbox_at(faults, fn, model_now_ns() +
		    hit.ms * UINT64_C(1000000)))
			return false;
		fn->mailbox.is_late = true;
	}
	show_busy(fn);
	return true;
}

void
model_mailbox_resume(struct model_function *fn)
{
	if (!fn->mailbox.is_late)
		return;
	fn->mailbox.is_late = false;
	model_gate_close(&fn->dev->gate);
	execute(fn);
	model_gate_open(&fn->dev->gate);
}

void
model_mailbox_write(struct model_function *fn, uint32_t offset, const void *buf, uint32_t len)
{
	uint32_t at = offset - HISI_QM_MAILBOX;

	/* Who writes on while it is busy gives its command up. */
	fn->mailbox.is_late = false;
	memcpy((uint8_t *)&fn->mailbox.words + at, buf, len);
	if (!(fn->mailbox.words.w0 & HISI_QM_MB_BUSY))
		return;
	if (at + len == sizeof(fn->mailbox.words)) {
		if (!misbehave(fn))
			execute(fn);
		return;
	}
	/* Half written: everybody sees the engine busy until the rest has come. */
	show_busy(fn);
}

uint32_t
model_mailbox_read(struct model_function *fn, uint32_t offset)
{
	uint32_t word;

	memcpy(&word, (const uint8_t *)&fn->dev->mailbox + (offset - HISI_QM_MAILBOX),
		sizeof(word));
	return word;
}

void
model_mailbox_reset(struct model_function *fn)
{
	memset(&fn->mailbox, 0, sizeof(fn->mailbox));
	if (fn->dev->mailbox_owner != fn)
		return;
	fn->dev->mailbox_owner = NULL;
	fn->dev->mailbox.w0 &= ~HISI_QM_MB_BUSY;
}
