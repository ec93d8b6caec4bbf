/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <hisi_hw_names.h>

#include "model_device.h"
#include "model_engine.h"
#include "model_event.h"
#include "model_function.h"
#include "model_log.h"
#include "model_ras.h"
#include "model_regs.h"

static _Atomic uint32_t *
ras_source(struct model_device *dev, enum model_ras_block block)
{
	return block == MODEL_RAS_QM ? &dev->ras.qm_source : &dev->ras.engine_source;
}

static uint32_t
ras_mask(const struct model_device *dev, enum model_ras_block block)
{
	uint32_t value = model_regs_get(dev->functions[0], block == MODEL_RAS_QM ?
		HISI_QM_ABNORMAL_INT_MASK : dev->engine->error_mask_offset);

	return block == MODEL_RAS_ENGINE && dev->engine->is_mask_enable ? ~value : value;
}

static void
ras_interrupt(struct model_device *dev, enum model_ras_block block, uint32_t bits)
{
	if (bits & ~ras_mask(dev, block))
		model_event_interrupt(dev->functions[0], HISI_QM_VECTOR_ABNORMAL);
}

static void
ras_log(struct model_device *dev, enum model_ras_block block, uint32_t bits)
{
	uint32_t bit;

	for (bit = 0; bit < 32; bit++)
		if (bits & HISI_BIT32(bit))
			model_device_log(dev, VFIO_USER_LOG_WARNING, "%s error %s",
				block == MODEL_RAS_QM ? "queue manager" : "engine",
				block == MODEL_RAS_QM ? hisi_qm_error_name(bit) :
					dev->engine->error_name(bit));
}

void
model_ras_report(struct model_device *dev, enum model_ras_block block, uint32_t bits)
{
	uint32_t before = atomic_fetch_or(ras_source(dev, block), bits);

	/* A bit that stands already neither interrupts nor speaks again. */
	bits &= ~before;
	if (bits == 0)
		return;
	ras_log(dev, block, bits);
	ras_interrupt(dev, block, bits);
}

void
model_ras_halt(struct model_device *dev, enum model_ras_block block, uint32_t bits)
{
	if (!atomic_exchange(&dev->is_halted, true))
		model_device_log(dev, VFIO_USER_LOG_WARNING,
			"all DMA is blocked until the PF is reset");
	model_ras_report(dev, block, bits);
}

void
model_ras_clear(struct model_device *dev, enum model_ras_block block, uint32_t bits)
{
	atomic_fetch_and(ras_source(dev, block), ~bits);
}

uint32_t
model_ras_source(const struct model_device *dev, enum model_ras_block block)
{
	return atomic_load(block == MODEL_RAS_QM ? &dev->ras.qm_source : &dev->ras.engine_source);
}

uint32_t
model_ras_status(const struct model_device *dev, enum model_ras_block block)
{
	return model_ras_source(dev, block) & ~ras_mask(dev, block);
}

void
model_ras_mask_changed(struct model_device *dev, enum model_ras_block block)
{
	ras_interrupt(dev, block, model_ras_source(dev, block));
}

void
model_ras_reset(struct model_device *dev)
{
	atomic_store(&dev->ras.qm_source, 0);
	atomic_store(&dev->ras.engine_source, 0);
	atomic_store(&dev->is_halted, false);
}
