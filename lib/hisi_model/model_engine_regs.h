/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_ENGINE_REGS_H
#define MODEL_ENGINE_REGS_H

/**
 * @file
 * Rows, for tables of struct model_reg, of the error registers that every engine has, each at
 * offsets of its own, and their handlers. Control thread.
 */

#include <stddef.h>
#include <stdint.h>

#include "model_regs.h"

struct model_function;

/** Raw error bits; write one to clear. */
#define MODEL_ENGINE_ERROR_SOURCE(offset) { offset, 1, MODEL_REG_W1C, MODEL_REG_PF, 0, \
	model_engine_read_source, model_engine_write_source }

/** Error bits that are not masked. */
#define MODEL_ENGINE_ERROR_STATUS(offset) { offset, 1, MODEL_REG_RO, MODEL_REG_PF, 0, \
	model_engine_read_status, NULL }

/** Which error bits interrupt, with the value after a reset. */
#define MODEL_ENGINE_ERROR_MASK(offset, reset) { offset, 1, MODEL_REG_RW, MODEL_REG_PF, reset, \
	NULL, model_engine_write_mask }

/** Sets error bits, so that a driver can try its interrupt. */
#define MODEL_ENGINE_ERROR_SET(offset) { offset, 1, MODEL_REG_WO, MODEL_REG_PF, 0, \
	NULL, model_engine_write_set }

uint32_t
model_engine_read_source(struct model_function *pf, uint32_t offset);

uint32_t
model_engine_read_status(struct model_function *pf, uint32_t offset);

void
model_engine_write_source(struct model_function *pf, uint32_t offset, uint32_t value);

/** After the mask was stored. */
void
model_engine_write_mask(struct model_function *pf, uint32_t offset, uint32_t value);

void
model_engine_write_set(struct model_function *pf, uint32_t offset, uint32_t value);

#endif /* MODEL_ENGINE_REGS_H */
