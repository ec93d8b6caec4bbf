/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_QUEUE_H
#define MODEL_QUEUE_H

/**
 * @file
 * A queue pair: SQ, CQ and the way of an SQE from one to the other (qm.md 5.9, 6.5).
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <hisi_qm_context.h>

#include "model_queue_fault.h"

struct model_device;
struct model_function;

/** A ring as its context describes it. Changes under the gate. */
struct model_ring {
	bool is_set;
	uint64_t base;   /**< device address */
	uint32_t depth;  /**< entries */
	uint16_t tag;    /**< what doorbells must carry */
};

/** Steps from index @p from of a ring forward to @p to. */
static inline uint32_t
model_ring_distance(uint32_t depth, uint32_t from, uint32_t to)
{
	return to >= from ? to - from : to + depth - from;
}

struct model_queue {
	/* Changes under the gate. */
	uint32_t global;            /**< number in the device */
	uint32_t qn;                /**< number in the function */
	struct model_function *fn;  /**< whose contexts these are, or NULL */
	struct model_ring sq;
	struct model_ring cq;
	struct hisi_qm_sqc sqc;     /**< as set */
	struct hisi_qm_cqc cqc;
	uint8_t type;               /**< engine queue type */
	bool is_active;             /**< both contexts set, open, not stopped */
	bool is_draining;           /**< STOP_QP: no doorbells any more */
	_Atomic uint64_t *sq_slot;  /**< shadow doorbells, or NULL */
	_Atomic uint64_t *cq_slot;

	/* Doorbell state. The lock is held for some instructions only. */
	_Alignas(128) atomic_flag doorbell_lock;
	_Atomic bool is_refusal_told;    /**< an impossible index is logged once */
	_Atomic uint64_t sq_seen;        /**< last word taken from the slot */
	_Atomic uint64_t cq_seen;
	_Atomic uint16_t sq_tail;        /**< next SQE the client will write */
	_Atomic uint16_t cq_head;        /**< next CQE the client will read */
	_Atomic bool is_armed;           /**< c_flag: the next CQE makes an event */
	bool sq_tail_wrap;               /**< toggled at each lap (qm.md 5.9) */
	bool cq_head_wrap;

	/* Whoever holds the claim serves the queue: SQEs of a queue complete in order. */
	_Alignas(128) atomic_flag claim;
	_Atomic uint16_t sq_head;        /**< next SQE to execute */
	_Atomic uint16_t cq_tail;        /**< next CQE to write; moves before the CQE is visible */
	_Atomic uint16_t cq_done;        /**< the same; moves after it is visible */
	bool phase;                      /**< of the current lap of the CQ */
	bool sq_head_wrap;               /**< toggled at each lap (qm.md 5.9) */
	bool cq_tail_wrap;
	bool is_overrun;                 /**< told that the CQ is full */
	bool is_broken;                  /**< its rings are not reachable */
	struct model_queue_fault fault;
	uint64_t nb_sqes;
};

/** Queues of a device. @return 0 or -ENOMEM */
int
model_queue_create_all(struct model_device *dev);

/**
 * A context was set or taken away: active or not, slots zeroed, indices at their start.
 * Gate closed.
 */
void
model_queue_update(struct model_queue *q);

/** Forget the contexts of a queue. Gate closed. */
void
model_queue_reset(struct model_queue *q);

/** Forget the contexts of all queues of a function. Gate closed. */
void
model_queue_reset_all(struct model_function *fn);

/** (Re)compute the slot addresses of all queues of a function. Gate closed. */
void
model_queue_attach_slots(struct model_function *fn);

/**
 * Execute SQEs of a queue until it is empty, its CQ is full, the device halts, the gate closes, or
 * @p budget is used up. Worker, or control thread with the gate closed.
 *
 * @param scratch of the engine, of the calling thread
 * @param is_control the closed gate is the caller's own: go on
 * @return SQEs completed; 0 also when another thread is serving the queue
 */
uint32_t
model_queue_serve(struct model_queue *q, void *scratch, uint32_t budget, bool is_control);

/** SQEs handed over and not completed. Any thread. */
uint32_t
model_queue_backlog(const struct model_queue *q);

/** Longest that a stop command may take: QEMU waits 5 s for any reply (vfio-user.md 0.2). */
#define MODEL_DRAIN_LIMIT_NS UINT64_C(4000000000)

/** The monotonic clock. */
uint64_t
model_now_ns(void);

/**
 * Complete everything that was handed over, then take no more doorbells until the contexts are set
 * anew (STOP_QP; qm.md 10 item 16 leaves open what new doorbells do). Gate closed.
 *
 * @param deadline_ns by model_now_ns()
 * @return true; false when completions cannot be written, or not in time
 */
bool
model_queue_drain(struct model_queue *q, uint64_t deadline_ns);

/** The contexts with indices, phase and wrap bits as they are now. */
void
model_queue_get_sqc(const struct model_queue *q, struct hisi_qm_sqc *sqc);
void
model_queue_get_cqc(const struct model_queue *q, struct hisi_qm_cqc *cqc);

#endif /* MODEL_QUEUE_H */
