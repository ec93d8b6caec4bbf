/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_GATE_H
#define MODEL_GATE_H

/**
 * @file
 * Exclusion between the control thread and the workers.
 *
 * Workers pass the gate before they look at queues and leave it after a short batch. The control
 * thread closes it to change contexts, tables, DMA maps or slots. A closed gate lets nobody in, so
 * that the control thread waits for at most one SQE per worker: a plain read-write lock would let
 * the readers starve it.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define MODEL_MAX_WORKERS 64

/** One worker's mark, on a line of its own. */
struct model_gate_mark {
	_Alignas(128) _Atomic bool is_inside;
};

struct model_gate {
	pthread_mutex_t lock;       /**< for the condition only */
	pthread_cond_t opened;
	_Atomic uint32_t nb_closed; /**< nesting depth of the control thread's closures */
	struct model_gate_mark marks[MODEL_MAX_WORKERS];
};

/** @return 0 or -errno */
int
model_gate_init(struct model_gate *gate);

void
model_gate_destroy(struct model_gate *gate);

/** Worker @p worker goes in; waits while the gate is closed. */
void
model_gate_enter(struct model_gate *gate, uint32_t worker);

/** Worker @p worker goes out. */
void
model_gate_leave(struct model_gate *gate, uint32_t worker);

/** Close the gate and wait until all workers are out. Control thread; may be nested. */
void
model_gate_close(struct model_gate *gate);

/** Undo one model_gate_close(). */
void
model_gate_open(struct model_gate *gate);

/** Should a worker inside leave soon? Any thread. */
static inline bool
model_gate_is_closing(const struct model_gate *gate)
{
	return atomic_load_explicit(&gate->nb_closed, memory_order_relaxed) != 0;
}

#endif /* MODEL_GATE_H */
