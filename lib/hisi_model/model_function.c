/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hisi_qm_regs.h>

#include "model_device.h"
#include "model_doorbell.h"
#include "model_engine.h"
#include "model_fault.h"
#include "model_function.h"
#include "model_ifc.h"
#include "model_log.h"
#include "model_queue.h"
#include "model_regs.h"
#include "model_self.h"

int
model_function_create(struct model_device *dev, uint32_t number, struct model_function **out)
{
	struct model_function *fn = calloc(1, sizeof(*fn));

	if (fn == NULL)
		return -ENOMEM;
	fn->dev = dev;
	fn->number = number;
	fn->bar_len = number == 0 ? HISI_QM_BAR_LEN_PF : HISI_QM_BAR_LEN_VF;
	if (number == 0)
		snprintf(fn->name, sizeof(fn->name), "%s.pf", dev->engine->name);
	else
		snprintf(fn->name, sizeof(fn->name), "%s.vf%u", dev->engine->name, number - 1);
	/* Pages that no register lies in are never touched. */
	fn->regs = calloc(fn->bar_len / 4, sizeof(*fn->regs));
	if (fn->regs == NULL || pthread_mutex_init(&fn->irq_lock, NULL) != 0) {
		free(fn->regs);
		free(fn);
		return -ENOMEM;
	}
	*out = fn;
	return 0;
}

void
model_function_destroy(struct model_function *fn)
{
	if (fn == NULL)
		return;
	pthread_mutex_destroy(&fn->irq_lock);
	free(fn->regs);
	free(fn);
}

void
model_function_attach(struct model_function *fn, const struct model_client *client)
{
	model_gate_close(&fn->dev->gate);
	pthread_mutex_lock(&fn->irq_lock);
	fn->client = *client;
	fn->has_client = true;
	pthread_mutex_unlock(&fn->irq_lock);
	model_queue_attach_slots(fn);
	model_gate_open(&fn->dev->gate);
}

void
model_function_detach(struct model_function *fn)
{
	model_gate_close(&fn->dev->gate);
	model_function_reset(fn);
	pthread_mutex_lock(&fn->irq_lock);
	memset(&fn->client, 0, sizeof(fn->client));
	fn->has_client = false;
	pthread_mutex_unlock(&fn->irq_lock);
	model_gate_open(&fn->dev->gate);
}

void
model_function_before_message(struct model_function *fn)
{
	if (fn->client.slots != NULL)
		model_doorbell_look_all(fn);
}

void
model_function_dma_quiesce(struct model_function *fn)
{
	model_gate_close(&fn->dev->gate);
}

void
model_function_dma_resume(struct model_function *fn)
{
	model_gate_open(&fn->dev->gate);
}

void
model_function_bar_read(struct model_function *fn, uint32_t offset, void *buf, uint32_t len)
{
	uint32_t word, at, take, done;

	for (done = 0; done < len; done += take) {
		at = (offset + done) % 4;
		take = 4 - at < len - done ? 4 - at : len - done;
		word = model_regs_read(fn, offset + done - at);
		memcpy((uint8_t *)buf + done, (uint8_t *)&word + at, take);
	}
}

static bool
is_doorbell(uint32_t offset)
{
	return offset == HISI_QM_DOORBELL_SQ_CQ || offset == HISI_QM_DOORBELL_EQ_AEQ;
}

static void
write_words(struct model_function *fn, uint32_t offset, const uint8_t *buf, uint32_t len)
{
	uint32_t word, done;

	for (done = 0; done < len; done += 4) {
		memcpy(&word, buf + done, 4);
		model_regs_write(fn, offset + done, word);
	}
}

void
model_function_bar_write(struct model_function *fn, uint32_t offset, const void *buf, uint32_t len)
{
	uint64_t word;

	if (is_doorbell(offset) && len == sizeof(word)) {
		memcpy(&word, buf, sizeof(word));
		model_doorbell_ring(fn, offset, word);
		return;
	}
	if ((len != 4 && len != 8 && len != 16) || offset % 4 != 0) {
		model_function_log(fn, VFIO_USER_LOG_DEBUG,
			"write of %u bytes at 0x%x ignored: no register takes it", len, offset);
		return;
	}
	model_gate_close(&fn->dev->gate);
	if (model_mailbox_contains(offset) && model_mailbox_contains(offset + len - 1))
		model_mailbox_write(fn, offset, buf, len);
	else
		write_words(fn, offset, buf, len);
	model_gate_open(&fn->dev->gate);
}

static void
reset_own_state(struct model_function *fn)
{
	model_queue_reset_all(fn);
	model_event_reset(fn);
	model_ifc_reset(fn);
	model_mailbox_reset(fn);
	model_config_space_reset(fn);
	model_regs_reset(fn);
	fn->sqc_table = 0;
	fn->cqc_table = 0;
	fn->is_write_back_done = false;
}

void
model_function_reset(struct model_function *fn)
{
	struct model_device *dev = fn->dev;

	model_gate_close(&dev->gate);
	reset_own_state(fn);
	if (model_function_is_pf(fn)) {
		/* The kernel does engine init, RAS and every VFT entry again after it; whether
		 * they are lost is unknown (qm.md 6.1, 10 item 1). */
		model_vft_clear(dev);
		model_ras_reset(dev);
	} else if (dev->config.is_pf_self) {
		model_self_recover(dev);
	}
	model_gate_open(&dev->gate);
	model_function_log(fn, VFIO_USER_LOG_DEBUG, "reset");
}

int
model_function_reset_by_client(struct model_function *fn)
{
	struct model_fault_plan *faults = fn->dev->config.faults;

	if (model_fault_is_armed(faults, MODEL_FAULT_AT_RESET) &&
	    model_fault_ask_reset(faults, fn)) {
		model_function_log(fn, VFIO_USER_LOG_INFO, "reset left out by a fault rule");
		return -EIO;
	}
	model_function_reset(fn);
	return 0;
}
