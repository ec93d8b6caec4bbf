/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>
#include <time.h>

#include "model_device.h"
#include "model_function.h"
#include "model_queue.h"

#define NS_PER_MS UINT64_C(1000000)
#define HELD_LIMIT_NS (20 * NS_PER_MS) /* a completion waits so long for another one */
/* A worker waits for so long itself, in pieces, so that a slow core is slow and no more. */
#define SHORT_NS (2 * NS_PER_MS)
#define PIECE_NS 20000

void
model_queue_fault_reset(struct model_queue *q)
{
	memset(&q->fault, 0, sizeof(q->fault));
}

bool
model_queue_fault_is_near(const struct model_queue *q)
{
	return q->fault.is_asked || q->fault.is_stalled ||
		atomic_load_explicit(&q->fault.has_held, memory_order_relaxed) ||
		model_fault_is_armed(q->fn->dev->config.faults, MODEL_FAULT_AT_SQE);
}

bool
model_queue_fault_is_waiting(const struct model_queue *q)
{
	return q->fault.hold_until_ns != 0 || atomic_load(&q->fault.has_held);
}

bool
model_queue_fault_is_held_due(const struct model_queue *q)
{
	const struct model_device *dev = q->fn->dev;

	if (!atomic_load_explicit(&q->fault.has_held, memory_order_relaxed))
		return false;
	if (q->fault.is_held_due || model_now_ns() >= q->fault.held_until_ns)
		return true;
	/* A device has one kick to come, the first: another queue's may have taken its place. */
	model_fault_kick_at(dev->config.faults, dev, q->fault.held_until_ns);
	return false;
}

const struct model_fault_hit *
model_queue_fault_find(const struct model_queue *q, enum model_fault_kind kind)
{
	uint32_t i;

	for (i = 0; i < q->fault.hits.count; i++)
		if (q->fault.hits.hits[i].kind == kind)
			return &q->fault.hits.hits[i];
	return NULL;
}

/** Ask the plan, once for each SQE. */
static void
ask(struct model_queue *q)
{
	const struct model_fault_hit *hit;
	uint64_t wait_ns = 0;

	model_fault_ask_sqe(q->fn->dev->config.faults, q, &q->fault.hits);
	q->fault.is_asked = true;
	q->fault.is_stalled = model_queue_fault_find(q, MODEL_FAULT_STALL) != NULL;
	hit = model_queue_fault_find(q, MODEL_FAULT_DELAY);
	if (hit != NULL)
		wait_ns += hit->ms * NS_PER_MS;
	hit = model_queue_fault_find(q, MODEL_FAULT_SLOW);
	if (hit != NULL)
		wait_ns += hit->ms * UINT64_C(1000);
	if (wait_ns != 0)
		q->fault.hold_until_ns = model_now_ns() + wait_ns;
}

/** @return true when the time is over */
static bool
wait_for_time(struct model_queue *q, bool is_control)
{
	const struct timespec piece = { .tv_nsec = PIECE_NS };
	struct model_device *dev = q->fn->dev;
	uint64_t until = q->fault.hold_until_ns, now = model_now_ns();

	while (now < until && until - now < SHORT_NS && !is_control &&
	       !model_gate_is_closing(&dev->gate)) {
		nanosleep(&piece, NULL);
		now = model_now_ns();
	}
	if (now < until) {
		model_fault_kick_at(dev->config.faults, dev, until);
		return false;
	}
	q->fault.hold_until_ns = 0;
	return true;
}

bool
model_queue_fault_prepare(struct model_queue *q, bool is_control)
{
	if (!q->fault.is_asked)
		ask(q);
	if (q->fault.is_stalled)
		return false;
	return q->fault.hold_until_ns == 0 || wait_for_time(q, is_control);
}

bool
model_queue_fault_hold(struct model_queue *q, uint16_t sq_head)
{
	struct model_device *dev = q->fn->dev;

	if (atomic_load_explicit(&q->fault.has_held, memory_order_relaxed))
		return false;
	q->fault.held_head = sq_head;
	q->fault.held_until_ns = model_now_ns() + HELD_LIMIT_NS;
	q->fault.is_held_due = false;
	atomic_store(&q->fault.has_held, true);
	model_fault_kick_at(dev->config.faults, dev, q->fault.held_until_ns);
	return true;
}

uint64_t
model_queue_fault_cqe(const struct model_queue *q, uint64_t word)
{
	const struct model_fault_hit *hit;

	if (model_queue_fault_find(q, MODEL_FAULT_PHASE) != NULL)
		word ^= HISI_QM_CQE_HI_PHASE;
	hit = model_queue_fault_find(q, MODEL_FAULT_SQ_HEAD);
	if (hit != NULL)
		word = (word & ~HISI_QM_CQE_HI_SQ_HEAD) |
			HISI_FIELD_PREP(HISI_QM_CQE_HI_SQ_HEAD, hit->value);
	hit = model_queue_fault_find(q, MODEL_FAULT_SQ_NUM);
	if (hit != NULL)
		word = (word & ~HISI_QM_CQE_HI_SQ_NUM) |
			HISI_FIELD_PREP(HISI_QM_CQE_HI_SQ_NUM, hit->value);
	return word;
}
