/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_DOORBELL_H
#define MODEL_DOORBELL_H

/**
 * @file
 * Doorbells, by message and through shadow slots (qm.md 4, hisi_qm_shadow.h).
 */

#include <stdint.h>

struct model_function;
struct model_queue;

/** A 64-bit write to HISI_QM_DOORBELL_SQ_CQ or HISI_QM_DOORBELL_EQ_AEQ. Control thread. */
void
model_doorbell_ring(struct model_function *fn, uint32_t offset, uint64_t word);

/** A 64-bit write to the doorbell of page @p page in BAR4 (qm.md 4.2). Control thread. */
void
model_doorbell_ring_page(struct model_function *fn, uint32_t page, uint64_t word);

/** Take the newest SQ and CQ doorbell of a queue from its slots. Any thread, queue active. */
void
model_doorbell_look(struct model_queue *q);

/** Take all slots of a function: before each message of its client. Control thread. */
void
model_doorbell_look_all(struct model_function *fn);

/** Zero both slots of a queue: its contexts are new or gone. Gate closed. */
void
model_doorbell_clear_slots(struct model_queue *q);

#endif /* MODEL_DOORBELL_H */
