/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stddef.h>

#include <hisi_hw_names.h>

#include "model_device.h"
#include "model_engine.h"
#include "model_function.h"
#include "model_log.h"
#include "model_regs.h"

static const struct model_reg *
find_in(const struct model_reg *regs, uint32_t count, uint32_t offset)
{
	uint32_t low = 0, high = count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (regs[middle].offset + 4 * regs[middle].words <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && regs[low].offset <= offset ? &regs[low] : NULL;
}

static const struct model_reg *
find(const struct model_function *fn, uint32_t offset)
{
	const struct model_engine *engine = fn->dev->engine;
	const struct model_reg *reg = find_in(model_qm_regs, model_nb_qm_regs, offset);

	if (reg == NULL)
		reg = find_in(engine->regs, engine->nb_regs, offset);
	if (reg == NULL || (reg->scope == MODEL_REG_PF && !model_function_is_pf(fn)) ||
	    (reg->scope == MODEL_REG_VF && model_function_is_pf(fn)))
		return NULL;
	return reg;
}

uint32_t
model_regs_get(const struct model_function *fn, uint32_t offset)
{
	return atomic_load_explicit(&fn->regs[offset / 4], memory_order_relaxed);
}

void
model_regs_set(struct model_function *fn, uint32_t offset, uint32_t value)
{
	atomic_store_explicit(&fn->regs[offset / 4], value, memory_order_relaxed);
}

static void
reset_table(struct model_function *fn, const struct model_reg *regs, uint32_t count)
{
	uint32_t i, word;

	for (i = 0; i < count; i++) {
		if (regs[i].scope == MODEL_REG_PF && !model_function_is_pf(fn))
			continue;
		for (word = 0; word < regs[i].words; word++)
			model_regs_set(fn, regs[i].offset + 4 * word, regs[i].reset);
	}
}

void
model_regs_reset(struct model_function *fn)
{
	reset_table(fn, model_qm_regs, model_nb_qm_regs);
	reset_table(fn, fn->dev->engine->regs, fn->dev->engine->nb_regs);
}

static void
trace_access(const struct model_function *fn, const char *verb, const struct model_reg *reg,
	uint32_t offset, uint32_t value)
{
	model_trace(fn, "%s 0x%06x %s = 0x%08x%s", verb, offset,
		hisi_hw_reg_name(fn->dev->engine->reg_names, offset), value,
		reg == NULL ? " (not modelled)" : "");
}

uint32_t
model_regs_read(struct model_function *fn, uint32_t offset)
{
	const struct model_reg *reg = find(fn, offset);
	uint32_t value = 0;

	/* Words without a meaning read 0: debugfs reads whole ranges (qm.md 2.7). */
	if (reg != NULL && reg->read != NULL)
		value = reg->read(fn, offset);
	else if (reg != NULL && reg->access != MODEL_REG_WO)
		value = model_regs_get(fn, offset);
	if (model_trace_is_on(fn->dev))
		trace_access(fn, "read ", reg, offset, value);
	return value;
}

void
model_regs_write(struct model_function *fn, uint32_t offset, uint32_t value)
{
	const struct model_reg *reg = find(fn, offset);

	if (model_trace_is_on(fn->dev))
		trace_access(fn, "write", reg, offset, value);
	if (reg == NULL || reg->access == MODEL_REG_RO)
		return;
	if (reg->access == MODEL_REG_RW)
		model_regs_set(fn, offset, value);
	if (reg->write != NULL)
		reg->write(fn, offset, value);
}
