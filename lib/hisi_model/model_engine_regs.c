/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "model_device.h"
#include "model_engine_regs.h"
#include "model_function.h"
#include "model_ras.h"

uint32_t
model_engine_read_source(struct model_function *pf, uint32_t offset)
{
	(void)offset;
	return model_ras_source(pf->dev, MODEL_RAS_ENGINE);
}

uint32_t
model_engine_read_status(struct model_function *pf, uint32_t offset)
{
	(void)offset;
	return model_ras_status(pf->dev, MODEL_RAS_ENGINE);
}

void
model_engine_write_source(struct model_function *pf, uint32_t offset, uint32_t value)
{
	(void)offset;
	model_ras_clear(pf->dev, MODEL_RAS_ENGINE, value);
}

void
model_engine_write_mask(struct model_function *pf, uint32_t offset, uint32_t value)
{
	(void)offset;
	(void)value;
	model_ras_mask_changed(pf->dev, MODEL_RAS_ENGINE);
}

void
model_engine_write_set(struct model_function *pf, uint32_t offset, uint32_t value)
{
	(void)offset;
	model_ras_report(pf->dev, MODEL_RAS_ENGINE, value);
}
