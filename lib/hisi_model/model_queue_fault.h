/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_QUEUE_FAULT_H
#define MODEL_QUEUE_FAULT_H

/**
 * @file
 * What fault rules do to a queue. Everything under the queue's claim, or with the gate closed.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "model_fault.h"

struct model_queue;

/** A queue under faults; all zero without. */
struct model_queue_fault {
	struct model_fault_hits hits; /**< of the SQE at the head */
	bool is_asked;                /**< the plan has said what happens to it */
	bool is_stalled;
	uint64_t hold_until_ns;       /**< no SQE is begun before; 0: none waits */
	_Atomic bool has_held;        /**< a completion waits for that of a later SQE */
	bool is_held_due;             /**< that has been written */
	uint16_t held_head;           /**< its sq_head */
	uint64_t held_until_ns;
};

/** Forget all: the contexts are set anew, or the function was reset. */
void
model_queue_fault_reset(struct model_queue *q);

/** Does anything about faults have to be looked at before the next SQE? One relaxed load. */
bool
model_queue_fault_is_near(const struct model_queue *q);

/** Does the queue wait for a time because of a fault? */
bool
model_queue_fault_is_waiting(const struct model_queue *q);

/** May the completion that is held back be written now? If not, the device is kicked when it is. */
bool
model_queue_fault_is_held_due(const struct model_queue *q);

/**
 * There is an SQE and room for its completion: find out what happens to it.
 *
 * @return false when it is not executed now, or never
 */
bool
model_queue_fault_prepare(struct model_queue *q, bool is_control);

/** The fault of that kind that the SQE has, or NULL. */
const struct model_fault_hit *
model_queue_fault_find(const struct model_queue *q, enum model_fault_kind kind);

/** Hold back a completion. @return false when one is held back already */
bool
model_queue_fault_hold(struct model_queue *q, uint16_t sq_head);

/** The second word of a CQE as the faults of its SQE have it. */
uint64_t
model_queue_fault_cqe(const struct model_queue *q, uint64_t word);

#endif /* MODEL_QUEUE_FAULT_H */
