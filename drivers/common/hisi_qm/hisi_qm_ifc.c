/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <rte_cycles.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/*
 * A VF that nobody drives takes no message, and is not waited for any longer than this. One that
 * took it may need as long as its queues need to stop (qm.md 3.4), and to start again.
 */
#define IFC_ACK_MS 1000
#define IFC_STOP_MS 7000
#define IFC_START_MS 10000
/* qm.md 6.12: how long a VF of the kernel waits for its PF. */
#define IFC_AWAY_MS 60000
/* Interrupts are an extra. */
#define IFC_LOOK_MS 5000
#define IFC_PING_MS 300
#define IFC_STEP_US 5000
/* qm.md 6.13: the share of a function that was given nothing else, 1000 per mille. */
#define IFC_QOS_DEFAULT 100000

static bool
ifc_is_on(const struct hisi_qm_dev *dev)
{
	return dev->version >= HISI_QM_V3 && (dev->caps[HISI_QM_CAP_FUNC] & HISI_QM_CAP_IFC) &&
		(dev->is_vf || dev->args.vfs != 0);
}

static uint64_t
after_ms(uint64_t ms)
{
	return rte_get_timer_cycles() + ms * rte_get_timer_hz() / 1000;
}

static bool
is_past(uint64_t deadline)
{
	return rte_get_timer_cycles() > deadline;
}

/** A bit per VF that this PF gave queues to. */
static uint64_t
own_vfs(const struct hisi_qm_dev *dev)
{
	return HISI_GENMASK64(dev->args.vfs, 1);
}

/* ---- messages ---- */

static int
ring(struct hisi_qm_dev *dev, uint16_t target)
{
	uint32_t destination = target == HISI_QM_IFC_MAILBOX_ALL ? HISI_QM_IFC_ALL_VFS : target;
	int ret;

	if (dev->is_vf)
		return hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_SET_V, 0, HISI_QM_IFC_BIT);
	ret = hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_CFG, HISI_QM_IFC_CFG_DESTINATION,
		destination);
	if (ret == 0)
		ret = hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_SET_P, 0, HISI_QM_IFC_BIT);
	return ret;
}

/* @target VF number or HISI_QM_IFC_MAILBOX_ALL; of a VF it is always the PF. */
static int
send(struct hisi_qm_dev *dev, uint16_t target, enum hisi_qm_ifc_command command, uint32_t data)
{
	uint64_t message = HISI_FIELD_PREP(HISI_QM_IFC_COMMAND, (uint64_t)command) |
		HISI_FIELD_PREP(HISI_QM_IFC_DATA, (uint64_t)data);
	uint32_t offset = dev->is_vf ? HISI_QM_VF2PF_VF_W : HISI_QM_PF2VF_PF_W;
	int ret;

	dev->stats.messages_sent++;
	if (dev->version >= HISI_QM_V4)
		ret = dev->bus->ops->write(dev->bus, offset, &message, sizeof(message));
	else
		ret = hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_SRC, false, dev->is_vf ? 0 : target,
			message, NULL);
	if (ret == 0)
		ret = ring(dev, target);
	if (ret != 0)
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
			"message %s was not sent: %s",
			hisi_qm_ifc_command_name(command), strerror(-ret));
	return ret;
}

static int
receive(struct hisi_qm_dev *dev, uint16_t source, uint64_t *message)
{
	uint32_t word = 0;
	int ret;

	dev->stats.messages_received++;
	if (dev->version < HISI_QM_V4)
		return hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_DST, true, source, 0, message);
	if (dev->is_vf)
		return dev->bus->ops->read(dev->bus, HISI_QM_PF2VF_VF_R, message,
			sizeof(*message));
	ret = hisi_qm_reg_read(dev, HISI_QM_VF2PF_PF_R + 4 * source, &word);
	*message = word;
	return ret;
}

static int
acknowledge(struct hisi_qm_dev *dev)
{
	return hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_SOURCE_V, 0, HISI_QM_IFC_BIT);
}

/* Said once: the other side may send what it likes. */
static void
note_unknown(struct hisi_qm_dev *dev, uint16_t source, uint64_t message)
{
	uint32_t command = HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message);

	dev->stats.messages_unknown++;
	if (dev->ifc.unknown_told)
		return;
	dev->ifc.unknown_told = true;
	HISI_QM_DEV_LOG(WARNING, dev, "message 0x%016" PRIx64 " (%s) of %s %u is not understood here; it and others like it are counted only",
		message, hisi_qm_ifc_command_name(command), source == 0 ? "the PF, function" : "VF",
		source);
}

/* A word of the device's own, or all ones of one that has left the bus. */
static bool
is_there(uint64_t word, uint64_t all_ones)
{
	return word != 0 && word != all_ones;
}

/* ---- PF ---- */

static void
pf_take_answer(struct hisi_qm_dev *dev, uint16_t vf, enum hisi_qm_ifc_command command)
{
	bool has_stopped = command == HISI_QM_IFC_VF_PREPARE_DONE;
	bool is_stop = has_stopped || command == HISI_QM_IFC_VF_PREPARE_FAIL;
	struct hisi_qm_ifc *ifc = &dev->ifc;

	if (ifc->phase != (is_stop ? HISI_QM_IFC_STOPPING : HISI_QM_IFC_STARTING) ||
			!(ifc->pending & HISI_BIT64(vf)))
		return;
	ifc->pending &= ~HISI_BIT64(vf);
	if (command == HISI_QM_IFC_VF_PREPARE_FAIL || command == HISI_QM_IFC_VF_START_FAIL)
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines, "VF %u could not %s",
			vf, is_stop ? "stop all its queues" : "start again after the reset");
	/* One that could not stop waits for the reset all the more. */
	if (is_stop)
		ifc->stopped |= HISI_BIT64(vf);
}

static void
pf_take(struct hisi_qm_dev *dev, uint16_t vf, uint64_t message)
{
	switch (HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message)) {
	case HISI_QM_IFC_VF_PREPARE_DONE:
	case HISI_QM_IFC_VF_PREPARE_FAIL:
	case HISI_QM_IFC_VF_START_DONE:
	case HISI_QM_IFC_VF_START_FAIL:
		pf_take_answer(dev, vf, HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message));
		break;
	case HISI_QM_IFC_VF_GET_QOS:
		(void)send(dev, vf, HISI_QM_IFC_PF_SET_QOS, IFC_QOS_DEFAULT);
		break;
	case HISI_QM_IFC_VF_GET_ISOLATE:
		/* Not isolated, and no threshold: such a policy is the kernel's. */
		(void)send(dev, vf, HISI_QM_IFC_PF_SET_ISOLATE, 0);
		break;
	default:
		note_unknown(dev, vf, message);
		break;
	}
}

/* One message of each VF that rang, at most. */
static void
pf_look(struct hisi_qm_dev *dev)
{
	struct hisi_qm_bus *bus = dev->bus;
	uint64_t rang = 0, message, bit;
	uint16_t vf;

	if (bus->ops->read(bus, HISI_QM_IFC_INT_SOURCE_P, &rang, sizeof(rang)) != 0 ||
			!is_there(rang, UINT64_MAX))
		return;
	for (vf = 1; vf <= HISI_QM_MAX_VFS; vf++) {
		bit = HISI_BIT64(vf);
		if (!(rang & bit))
			continue;
		message = 0;
		/* Acknowledged in any case: its sender waits for that (qm.md 6.12). */
		if (receive(dev, vf, &message) == 0 && (own_vfs(dev) & bit))
			pf_take(dev, vf, message);
		(void)bus->ops->write(bus, HISI_QM_IFC_INT_SOURCE_P, &bit, sizeof(bit));
	}
	(void)acknowledge(dev);
}

static void
pf_tell_stop(struct hisi_qm_dev *dev)
{
	struct hisi_qm_ifc *ifc = &dev->ifc;

	ifc->phase = HISI_QM_IFC_STOPPING;
	ifc->stopped = 0;
	ifc->pending = own_vfs(dev);
	ifc->ack_deadline = after_ms(IFC_ACK_MS);
	ifc->deadline = after_ms(IFC_STOP_MS);
	HISI_QM_DEV_LOG_LIMITED(NOTICE, dev, &dev->recovery_lines,
		"telling its %" PRIu32 " VFs to stop before the reset",
		dev->args.vfs);
	if (send(dev, HISI_QM_IFC_MAILBOX_ALL, ifc->is_fatal ? HISI_QM_IFC_PF_SRST_PREPARE :
			HISI_QM_IFC_PF_FLR_PREPARE, 0) != 0)
		ifc->pending = 0;
}

/* Who has not even taken the message is not driven by anybody. */
static void
pf_forget_absent(struct hisi_qm_dev *dev)
{
	uint64_t waiting = 0, absent;

	if (dev->ifc.pending == 0 || !is_past(dev->ifc.ack_deadline) ||
			dev->bus->ops->read(dev->bus, HISI_QM_IFC_READY_STATUS, &waiting,
				sizeof(waiting)) != 0)
		return;
	absent = dev->ifc.pending & waiting;
	if (absent != 0)
		HISI_QM_DEV_LOG_LIMITED(NOTICE, dev, &dev->recovery_lines,
			"VFs 0x%" PRIx64 " (a bit per VF) take no message: no driver is there",
			absent);
	dev->ifc.pending &= ~absent;
}

static bool
pf_still_waits(struct hisi_qm_dev *dev, const char *what)
{
	struct hisi_qm_ifc *ifc = &dev->ifc;

	if (ifc->pending != 0 && !is_past(ifc->deadline))
		return true;
	if (ifc->pending != 0)
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
			"VFs 0x%" PRIx64 " (a bit per VF) did not %s in time",
			ifc->pending, what);
	ifc->pending = 0;
	return false;
}

/* V5, all generations of it: no doorbell of any function until bring-up (qm.md 6.8). */
static void
pf_drop_doorbells(struct hisi_qm_dev *dev)
{
	const uint64_t all = UINT64_MAX;

	if (dev->version >= HISI_QM_V5)
		(void)dev->bus->ops->write(dev->bus, HISI_QM_DEV_DB_DROP, &all, sizeof(all));
}

static int
pf_before_reset(struct hisi_qm_dev *dev)
{
	struct hisi_qm_ifc *ifc = &dev->ifc;

	if (ifc->phase == HISI_QM_IFC_STOPPED)
		return 0;
	if (ifc->phase != HISI_QM_IFC_STOPPING) {
		pf_tell_stop(dev);
	} else {
		pf_look(dev);
		pf_forget_absent(dev);
	}
	if (pf_still_waits(dev, "stop"))
		return -EINPROGRESS;
	pf_drop_doorbells(dev);
	ifc->phase = HISI_QM_IFC_STOPPED;
	return 0;
}

/* Also at the first start: VFs may wait for a PF whose process went and came again. */
static int
pf_report(struct hisi_qm_dev *dev)
{
	struct hisi_qm_ifc *ifc = &dev->ifc;

	ifc->pending = ifc->stopped;
	ifc->stopped = 0;
	ifc->is_fatal = false;
	ifc->deadline = after_ms(IFC_START_MS);
	ifc->phase = HISI_QM_IFC_STARTING;
	(void)send(dev, HISI_QM_IFC_MAILBOX_ALL, HISI_QM_IFC_PF_RESET_DONE, 0);
	return 0;
}

/* ---- VF ---- */

/* A message of the PF, if there is one. */
static bool
vf_look(struct hisi_qm_dev *dev, uint64_t *message)
{
	uint32_t source = 0;
	int ret;

	if (hisi_qm_reg_read(dev, HISI_QM_IFC_INT_SOURCE_V, &source) != 0 ||
			!is_there(source, UINT32_MAX) || !(source & HISI_QM_IFC_BIT))
		return false;
	ret = receive(dev, 0, message);
	(void)acknowledge(dev);
	return ret == 0;
}

static enum hisi_qm_ifc_demand
vf_take(struct hisi_qm_dev *dev, uint64_t message)
{
	switch (HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message)) {
	case HISI_QM_IFC_PF_SRST_PREPARE:
	case HISI_QM_IFC_PF_FLR_PREPARE:
		dev->ifc.is_fatal = HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message) ==
			HISI_QM_IFC_PF_SRST_PREPARE;
		return HISI_QM_IFC_STOP;
	case HISI_QM_IFC_PF_RESET_DONE:
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
			"its PF was reset without a word before");
		return HISI_QM_IFC_RESET;
	case HISI_QM_IFC_FUNCTION_RESET:
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
			"its PF asks it to reset itself: the device met a DMA error of this function");
		return HISI_QM_IFC_RESET;
	case HISI_QM_IFC_PF_SET_QOS:
	case HISI_QM_IFC_PF_SET_ISOLATE:
		/* For information only. */
		return HISI_QM_IFC_NOTHING;
	default:
		note_unknown(dev, 0, message);
		return HISI_QM_IFC_NOTHING;
	}
}

static void
vf_wait_for_pf(struct hisi_qm_dev *dev)
{
	dev->ifc.phase = HISI_QM_IFC_AWAY;
	dev->ifc.deadline = after_ms(IFC_AWAY_MS);
}

void
hisi_qm_ifc_stopped(struct hisi_qm_dev *dev, bool all)
{
	vf_wait_for_pf(dev);
	(void)send(dev, 0, all ? HISI_QM_IFC_VF_PREPARE_DONE : HISI_QM_IFC_VF_PREPARE_FAIL, 0);
}

static int
vf_before_reset(struct hisi_qm_dev *dev)
{
	uint64_t message = 0;

	if (dev->ifc.phase != HISI_QM_IFC_AWAY)
		return 0;
	if (vf_look(dev, &message)) {
		switch (HISI_FIELD_GET(HISI_QM_IFC_COMMAND, message)) {
		case HISI_QM_IFC_PF_RESET_DONE:
			dev->ifc.phase = HISI_QM_IFC_BACK;
			return 0;
		case HISI_QM_IFC_PF_FLR_PREPARE:
		case HISI_QM_IFC_PF_SRST_PREPARE:
			/* Another reset, or the PF of another process: still stopped. */
			hisi_qm_ifc_stopped(dev, true);
			break;
		default:
			(void)vf_take(dev, message);
			break;
		}
	}
	if (!is_past(dev->ifc.deadline))
		return -EINPROGRESS;
	HISI_QM_DEV_LOG(ERR, dev, "its PF did not come back within %d s", IFC_AWAY_MS / 1000);
	dev->ifc.phase = HISI_QM_IFC_EXPIRED;
	return 0;
}

bool
hisi_qm_ifc_await_pf(struct hisi_qm_dev *dev)
{
	if (!ifc_is_on(dev) || !dev->is_vf || dev->ifc.phase == HISI_QM_IFC_EXPIRED)
		return false;
	HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
		"waiting for its PF, up to %d s: without it this VF does not start again",
		IFC_AWAY_MS / 1000);
	vf_wait_for_pf(dev);
	dev->state = HISI_QM_DEV_RESETTING;
	dev->retry = 0;
	return true;
}

/* ---- both ---- */

int
hisi_qm_ifc_start(struct hisi_qm_dev *dev)
{
	const uint64_t all = UINT64_MAX;
	int ret = 0;

	if (!ifc_is_on(dev))
		return 0;
	if (!dev->is_vf)
		ret = dev->bus->ops->write(dev->bus, HISI_QM_IFC_INT_SOURCE_P, &all, sizeof(all));
	if (ret == 0)
		ret = acknowledge(dev);
	if (ret == 0)
		ret = hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_MASK, HISI_QM_IFC_BIT, 0);
	return ret;
}

int
hisi_qm_ifc_report(struct hisi_qm_dev *dev)
{
	uint8_t phase = dev->ifc.phase;

	if (!ifc_is_on(dev))
		return 0;
	if (!dev->is_vf)
		return pf_report(dev);
	dev->ifc.phase = HISI_QM_IFC_IDLE;
	if (phase != HISI_QM_IFC_IDLE)
		(void)send(dev, 0, HISI_QM_IFC_VF_START_DONE, 0);
	return 0;
}

void
hisi_qm_ifc_report_failure(struct hisi_qm_dev *dev)
{
	if (ifc_is_on(dev) && dev->is_vf && dev->ifc.phase == HISI_QM_IFC_BACK)
		(void)send(dev, 0, HISI_QM_IFC_VF_START_FAIL, 0);
}

/* Did the interrupt come, is something awaited, or was it not looked for a while? */
static bool
ifc_is_due(struct hisi_qm_dev *dev)
{
	uint32_t vector = HISI_FIELD_GET(HISI_QM_CAP_IRQ_VECTOR,
		dev->caps[HISI_QM_CAP_IFC_IRQ]);
	uint64_t interrupts = vector < HISI_QM_MAX_VECTORS ? dev->stats.interrupts[vector] : 0;
	bool is_due = interrupts != dev->ifc.interrupts || is_past(dev->ifc.next_look) ||
		dev->ifc.phase != HISI_QM_IFC_IDLE;

	if (!is_due || dev->bus->ops->ping(dev->bus, IFC_PING_MS) != 0)
		return false;
	dev->ifc.interrupts = interrupts;
	dev->ifc.next_look = after_ms(IFC_LOOK_MS);
	return true;
}

enum hisi_qm_ifc_demand
hisi_qm_ifc_service(struct hisi_qm_dev *dev)
{
	uint64_t message = 0;

	if (!ifc_is_on(dev) || !ifc_is_due(dev))
		return HISI_QM_IFC_NOTHING;
	if (dev->is_vf)
		return vf_look(dev, &message) ? vf_take(dev, message) : HISI_QM_IFC_NOTHING;
	pf_look(dev);
	if (dev->ifc.phase == HISI_QM_IFC_STARTING && !pf_still_waits(dev, "start again"))
		dev->ifc.phase = HISI_QM_IFC_IDLE;
	return HISI_QM_IFC_NOTHING;
}

int
hisi_qm_ifc_before_reset(struct hisi_qm_dev *dev)
{
	if (!ifc_is_on(dev)) {
		if (!dev->is_vf)
			pf_drop_doorbells(dev);
		return 0;
	}
	return dev->is_vf ? vf_before_reset(dev) : pf_before_reset(dev);
}

void
hisi_qm_ifc_farewell(struct hisi_qm_dev *dev)
{
	if (dev->is_vf || !ifc_is_on(dev))
		return;
	while (hisi_qm_ifc_before_reset(dev) == -EINPROGRESS &&
			dev->bus->ops->alive(dev->bus) == 0)
		rte_delay_us_sleep(IFC_STEP_US);
}

void
hisi_qm_ifc_reset_vf(struct hisi_qm_dev *dev, uint16_t vf)
{
	if (!dev->is_vf && ifc_is_on(dev) && (own_vfs(dev) & HISI_BIT64(vf)))
		(void)send(dev, vf, HISI_QM_IFC_FUNCTION_RESET, 0);
}

void
hisi_qm_ifc_stop(struct hisi_qm_dev *dev)
{
	if (ifc_is_on(dev))
		(void)hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_MASK, 0, HISI_QM_IFC_BIT);
}
