/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_RAS_H
#define MODEL_RAS_H

/**
 * @file
 * Error bits of queue manager and engine, and the abnormal interrupt (qm.md 2.5, 6.10, zip.md 1.2).
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct model_device;
struct model_function;

struct model_ras {
	_Atomic uint32_t qm_source;     /**< raw bits, enum hisi_qm_error_bit */
	_Atomic uint32_t engine_source; /**< raw bits of the engine */
};

/** Who met an error. */
enum model_ras_block {
	MODEL_RAS_QM,
	MODEL_RAS_ENGINE,
};

/** Set error bits; the PF gets the abnormal interrupt if one of them is not masked. Any thread. */
void
model_ras_report(struct model_device *dev, enum model_ras_block block, uint32_t bits);

/** Set error bits and stop all work of the device until it is reset (qm.md 9). Any thread. */
void
model_ras_halt(struct model_device *dev, enum model_ras_block block, uint32_t bits);

/** Write-one-to-clear of a source register. */
void
model_ras_clear(struct model_device *dev, enum model_ras_block block, uint32_t bits);

/** Raw bits of a block. Any thread. */
uint32_t
model_ras_source(const struct model_device *dev, enum model_ras_block block);

/** Bits that are not masked; that it is source and not mask is inferred. Any thread. */
uint32_t
model_ras_status(const struct model_device *dev, enum model_ras_block block);

/** A mask was written: bits that wait behind it interrupt now. Control thread. */
void
model_ras_mask_changed(struct model_device *dev, enum model_ras_block block);

/** Forget all errors and let work go on. Control thread, gate closed. */
void
model_ras_reset(struct model_device *dev);

#endif /* MODEL_RAS_H */
