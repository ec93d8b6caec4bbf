/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_VFT_H
#define MODEL_VFT_H

/**
 * @file
 * The virtual function table: which queues belong to which function (qm.md 5.8, 6.3).
 */

#include <stdint.h>

#include <hisi_qm_regs.h>

#define MODEL_SHAPER_TYPES 2 /* algorithm types that the shaper tells apart, qm.md 5.8 */

struct model_device;
struct model_function;
struct model_queue;

struct model_vft {
	uint64_t sqc[HISI_QM_MAX_FUNCTIONS];
	uint64_t cqc[HISI_QM_MAX_FUNCTIONS];
	uint64_t shaper[HISI_QM_MAX_FUNCTIONS][MODEL_SHAPER_TYPES]; /**< kept, not acted on */
};

/** Run what the PF put into the VFT registers (write of HISI_QM_VFT_CFG_OP_ENABLE). */
void
model_vft_run(struct model_function *pf);

/** Write function @p number's entries: @p count queues from @p base on. Gate closed. */
void
model_vft_give(struct model_device *dev, uint32_t number, uint32_t base, uint32_t count);

/** Forget all entries; queues lose their functions. Gate closed. */
void
model_vft_clear(struct model_device *dev);

/** Queues that function @p number may use: 0 without a valid entry (qm.md 5.8). */
uint32_t
model_vft_count(const struct model_device *dev, uint32_t number);

/** Queue @p qn of a function, function-relative, or NULL when its entry does not cover it. */
struct model_queue *
model_vft_queue(const struct model_function *fn, uint32_t qn);

#endif /* MODEL_VFT_H */
