/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <string.h>

#include <hisi_qm_context.h>

#include "model_device.h"
#include "model_function.h"
#include "model_log.h"
#include "model_queue.h"
#include "model_regs.h"
#include "model_self.h"
#include "model_vft.h"

/** The entry that the VFT registers select, or NULL. */
static uint64_t *
vft_select(struct model_vft *vft, uint32_t type, uint32_t address)
{
	uint32_t number = HISI_FIELD_GET(HISI_QM_VFT_ADDRESS_FUNCTION, address);
	uint32_t alg_type = HISI_FIELD_GET(HISI_QM_VFT_ADDRESS_ALG_TYPE, address);

	switch (type) {
	case HISI_QM_VFT_SQC:
		return &vft->sqc[number];
	case HISI_QM_VFT_CQC:
		return &vft->cqc[number];
	case HISI_QM_VFT_SHAPER:
		return alg_type < MODEL_SHAPER_TYPES ? &vft->shaper[number][alg_type] : NULL;
	default:
		return NULL;
	}
}

static void
vft_write(struct model_function *pf, uint64_t *entry, uint32_t type, uint32_t number)
{
	struct model_device *dev = pf->dev;
	uint64_t value = (uint64_t)model_regs_get(pf, HISI_QM_VFT_CFG_DATA_H) << 32 |
		model_regs_get(pf, HISI_QM_VFT_CFG_DATA_L);

	/* Queues whose owner changes under them must not run on: their contexts are gone. */
	if (type != HISI_QM_VFT_SHAPER && *entry != value && number < dev->nb_functions)
		model_queue_reset_all(dev->functions[number]);
	*entry = value;
	if (type == HISI_QM_VFT_SQC)
		model_function_log(pf, VFIO_USER_LOG_DEBUG, "function %u: %u queues from %u",
			number, model_vft_count(dev, number),
			(unsigned int)HISI_FIELD_GET(HISI_QM_VFT_SQC_BASE, value));
	/* The last of the two that a driver writes (qm.md 6.3). */
	if (type == HISI_QM_VFT_CQC && number == pf->number && dev->config.assigns_vfs)
		model_self_assign(dev);
}

void
model_vft_run(struct model_function *pf)
{
	uint32_t type = model_regs_get(pf, HISI_QM_VFT_CFG_TYPE);
	uint32_t address = model_regs_get(pf, HISI_QM_VFT_CFG_ADDRESS);
	uint64_t *entry = vft_select(&pf->dev->vft, type, address);

	if (entry == NULL) {
		model_function_log(pf, VFIO_USER_LOG_WARNING,
			"VFT operation on type %u address 0x%x: no such entry", type, address);
	} else if (model_regs_get(pf, HISI_QM_VFT_CFG_OP_WR) == HISI_QM_VFT_OP_READ) {
		model_regs_set(pf, HISI_QM_VFT_CFG_DATA_L, (uint32_t)*entry);
		model_regs_set(pf, HISI_QM_VFT_CFG_DATA_H, (uint32_t)(*entry >> 32));
	} else {
		vft_write(pf, entry, type, HISI_FIELD_GET(HISI_QM_VFT_ADDRESS_FUNCTION, address));
	}
	model_regs_set(pf, HISI_QM_VFT_CFG_RDY, HISI_QM_VFT_CFG_RDY_BIT);
}

void
model_vft_give(struct model_device *dev, uint32_t number, uint32_t base, uint32_t count)
{
	model_queue_reset_all(dev->functions[number]);
	dev->vft.sqc[number] = HISI_QM_VFT_SQC_VALID |
		HISI_FIELD_PREP(HISI_QM_VFT_SQC_BASE, (uint64_t)base) |
		HISI_FIELD_PREP(HISI_QM_VFT_SQC_COUNT, (uint64_t)count - 1);
	dev->vft.cqc[number] = HISI_QM_VFT_CQC_VALID;
}

void
model_vft_clear(struct model_device *dev)
{
	uint32_t i;

	for (i = 0; i < dev->nb_functions; i++)
		model_queue_reset_all(dev->functions[i]);
	memset(&dev->vft, 0, sizeof(dev->vft));
}

uint32_t
model_vft_count(const struct model_device *dev, uint32_t number)
{
	uint64_t entry = dev->vft.sqc[number];
	uint32_t base = HISI_FIELD_GET(HISI_QM_VFT_SQC_BASE, entry);
	uint32_t count = HISI_FIELD_GET(HISI_QM_VFT_SQC_COUNT, entry) + 1;

	if (!(entry & HISI_QM_VFT_SQC_VALID) ||
	    !(dev->vft.cqc[number] & HISI_QM_VFT_CQC_VALID) || base >= dev->nb_queues)
		return 0;
	/* What an entry that reaches beyond the device's queues does is unknown: cut it. */
	return count <= dev->nb_queues - base ? count : dev->nb_queues - base;
}

struct model_queue *
model_vft_queue(const struct model_function *fn, uint32_t qn)
{
	struct model_device *dev = fn->dev;

	if (qn >= model_vft_count(dev, fn->number))
		return NULL;
	return &dev->queues[HISI_FIELD_GET(HISI_QM_VFT_SQC_BASE, dev->vft.sqc[fn->number]) + qn];
}
