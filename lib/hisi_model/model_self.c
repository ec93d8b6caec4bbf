/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <hisi_qm_context.h>
#include <hisi_qm_regs.h>

#include "model_device.h"
#include "model_engine.h"
#include "model_function.h"
#include "model_log.h"
#include "model_self.h"
#include "model_vft.h"

static void
write_reg(struct model_function *pf, uint32_t offset, uint32_t value)
{
	model_function_bar_write(pf, offset, &value, sizeof(value));
}

/* qm.md 6.3 */
static void
write_vft(struct model_function *pf, uint32_t type, uint32_t number, uint64_t entry)
{
	write_reg(pf, HISI_QM_VFT_CFG_OP_WR, HISI_QM_VFT_OP_WRITE);
	write_reg(pf, HISI_QM_VFT_CFG_TYPE, type);
	write_reg(pf, HISI_QM_VFT_CFG_ADDRESS, number);
	write_reg(pf, HISI_QM_VFT_CFG_DATA_L, (uint32_t)entry);
	write_reg(pf, HISI_QM_VFT_CFG_DATA_H, (uint32_t)(entry >> 32));
	write_reg(pf, HISI_QM_VFT_CFG_RDY, 0);
	write_reg(pf, HISI_QM_VFT_CFG_OP_ENABLE, 1);
}

static void
give_queues(struct model_function *pf, uint32_t number, uint64_t base, uint64_t count)
{
	write_vft(pf, HISI_QM_VFT_SQC, number, HISI_FIELD_PREP(HISI_QM_VFT_SQC_BASE, base) |
		HISI_QM_VFT_SQC_VALID | HISI_FIELD_PREP(HISI_QM_VFT_SQC_COUNT, count - 1));
	write_vft(pf, HISI_QM_VFT_CQC, number, HISI_QM_VFT_CQC_VALID);
}

void
model_self_start(struct model_device *dev)
{
	struct model_function *pf = dev->functions[0];
	uint32_t i;

	write_reg(pf, HISI_QM_MEM_START_INIT, HISI_QM_MEM_INIT_START_BIT);
	for (i = 0; i < dev->engine->nb_init; i++)
		write_reg(pf, dev->engine->init[i].offset, dev->engine->init[i].value);
	for (i = 1; i < dev->nb_functions; i++)
		give_queues(pf, i, (uint64_t)(i - 1) * dev->config.vf_queues,
			dev->config.vf_queues);
}

void
model_self_recover(struct model_device *dev)
{
	if (!atomic_load(&dev->is_halted))
		return;
	model_ras_reset(dev);
	/* Queues of other VFs have waited, and their doorbells have been. */
	model_device_kick(dev);
	model_device_log(dev, VFIO_USER_LOG_INFO, "fatal error cleared by the model's own PF driver");
}

/* Does another function have any of these queues, by the PF driver's own doing? */
static bool
is_taken(const struct model_device *dev, uint32_t number, uint32_t base, uint32_t count)
{
	uint32_t i, other;

	for (i = 0; i < HISI_QM_MAX_FUNCTIONS; i++) {
		other = HISI_FIELD_GET(HISI_QM_VFT_SQC_BASE, dev->vft.sqc[i]);
		if (i != number && base < other + model_vft_count(dev, i) && other < base + count)
			return true;
	}
	return false;
}

static void
assign_vf(struct model_device *dev, uint32_t number, uint32_t base)
{
	uint32_t count = dev->config.vf_queues;

	if (model_vft_count(dev, number) != 0)
		return;
	if (!is_taken(dev, number, base, count)) {
		model_vft_give(dev, number, base, count);
		return;
	}
	model_device_log(dev, VFIO_USER_LOG_WARNING,
		"VF %u gets no queues: the PF's driver gave some of %u to %u to another VF",
		number, base, base + count - 1);
}

void
model_self_assign(struct model_device *dev)
{
	uint32_t base = dev->nb_queues - dev->config.nb_vfs * dev->config.vf_queues;
	uint32_t pf_end = HISI_FIELD_GET(HISI_QM_VFT_SQC_BASE, dev->vft.sqc[0]) +
		model_vft_count(dev, 0);
	uint32_t i;

	if (model_vft_count(dev, 0) == 0)
		return;
	if (pf_end > base) {
		model_device_log(dev, VFIO_USER_LOG_WARNING,
			"the PF's driver took queues up to %u, the VFs get none: theirs begin at %u",
			pf_end - 1, base);
		return;
	}
	for (i = 1; i < dev->nb_functions; i++, base += dev->config.vf_queues)
		assign_vf(dev, i, base);
}
