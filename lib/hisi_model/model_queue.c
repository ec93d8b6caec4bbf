/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hisi_qm_shadow.h>

#include "model_device.h"
#include "model_doorbell.h"
#include "model_function.h"
#include "model_queue.h"
#include "model_vft.h"
#include "model_worker.h"

#define DRAIN_BUDGET 4 /* SQEs between two looks at what is left */
#define DRAIN_PAUSE_NS 500000 /* while a fault makes the queue wait */

int
model_queue_create_all(struct model_device *dev)
{
	size_t len = (size_t)dev->nb_queues * sizeof(struct model_queue);
	uint32_t i;

	dev->active = calloc(dev->nb_queues, sizeof(*dev->active));
	dev->queues = aligned_alloc(_Alignof(struct model_queue), len);
	if (dev->active == NULL || dev->queues == NULL)
		return -ENOMEM;
	memset(dev->queues, 0, len);
	for (i = 0; i < dev->nb_queues; i++) {
		dev->queues[i].global = i;
		atomic_flag_clear(&dev->queues[i].doorbell_lock);
		atomic_flag_clear(&dev->queues[i].claim);
	}
	return 0;
}

/** The list that workers go through. */
static void
collect_active(struct model_device *dev)
{
	uint32_t i, polled = 0;

	dev->nb_active = 0;
	for (i = 0; i < dev->nb_queues; i++) {
		if (!dev->queues[i].is_active)
			continue;
		dev->active[dev->nb_active++] = &dev->queues[i];
		polled += dev->queues[i].sq_slot != NULL;
	}
	atomic_store(&dev->nb_polled, polled);
}

static void
find_slots(struct model_queue *q)
{
	uint8_t *base;

	q->sq_slot = NULL;
	q->cq_slot = NULL;
	if (q->fn == NULL || q->fn->client.slots == NULL || q->qn >= q->fn->client.nb_slots)
		return;
	base = q->fn->client.slots;
	q->sq_slot = (_Atomic uint64_t *)(void *)(base + HISI_QM_SHADOW_SQ_OFFSET(q->qn));
	q->cq_slot = (_Atomic uint64_t *)(void *)(base + HISI_QM_SHADOW_CQ_OFFSET(q->qn));
}

void
model_queue_update(struct model_queue *q)
{
	struct model_device *dev;

	if (q->fn == NULL)
		return;
	dev = q->fn->dev;
	find_slots(q);
	model_doorbell_clear_slots(q);
	atomic_store(&q->is_refusal_told, false);
	q->is_overrun = false;
	q->is_broken = false;
	model_queue_fault_reset(q);
	q->is_active = q->sq.is_set && q->cq.is_set && !q->is_draining &&
		!(q->sqc.w13 & HISI_QM_SQC_W13_CLOSE);
	collect_active(dev);
	if (q->is_active)
		model_device_kick(dev);
}

void
model_queue_reset(struct model_queue *q)
{
	if (q->fn == NULL)
		return;
	q->sq.is_set = false;
	q->cq.is_set = false;
	q->is_draining = false;
	model_queue_update(q);
	q->sq_slot = NULL;
	q->cq_slot = NULL;
	q->fn = NULL;
}

void
model_queue_reset_all(struct model_function *fn)
{
	uint32_t i;

	for (i = 0; i < fn->dev->nb_queues; i++)
		if (fn->dev->queues[i].fn == fn)
			model_queue_reset(&fn->dev->queues[i]);
}

void
model_queue_attach_slots(struct model_function *fn)
{
	uint32_t i;

	for (i = 0; i < fn->dev->nb_queues; i++)
		if (fn->dev->queues[i].fn == fn)
			find_slots(&fn->dev->queues[i]);
	collect_active(fn->dev);
}

uint32_t
model_queue_backlog(const struct model_queue *q)
{
	uint16_t tail = atomic_load_explicit(&q->sq_tail, memory_order_acquire);
	uint16_t head = atomic_load_explicit(&q->sq_head, memory_order_relaxed);

	return model_ring_distance(q->sq.depth, head, tail);
}

uint64_t
model_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/** Is there an SQE to complete, or a completion that a fault holds back? */
static bool
is_undone(const struct model_queue *q)
{
	return model_queue_backlog(q) != 0 || atomic_load(&q->fault.has_held);
}

bool
model_queue_drain(struct model_queue *q, uint64_t deadline_ns)
{
	const struct timespec pause = { .tv_nsec = DRAIN_PAUSE_NS };
	void *scratch = model_worker_pool_scratch(q->fn->dev->pool);

	if (q->is_active) {
		model_doorbell_look(q);
		while (is_undone(q)) {
			if (model_now_ns() > deadline_ns)
				return false;
			if (model_queue_serve(q, scratch, DRAIN_BUDGET, true) != 0 || !is_undone(q))
				continue;
			if (!model_queue_fault_is_waiting(q))
				return false;
			nanosleep(&pause, NULL);
		}
	}
	q->is_draining = true;
	model_queue_update(q);
	return true;
}

void
model_queue_get_sqc(const struct model_queue *q, struct hisi_qm_sqc *sqc)
{
	*sqc = q->sqc;
	sqc->head = atomic_load(&q->sq_head);
	sqc->tail = atomic_load(&q->sq_tail);
	sqc->w11 &= ~(HISI_QM_SQC_W11_HEAD_WRAP | HISI_QM_SQC_W11_TAIL_WRAP);
	sqc->w11 |= HISI_FIELD_PREP(HISI_QM_SQC_W11_HEAD_WRAP, (uint32_t)q->sq_head_wrap) |
		HISI_FIELD_PREP(HISI_QM_SQC_W11_TAIL_WRAP, (uint32_t)q->sq_tail_wrap);
}

void
model_queue_get_cqc(const struct model_queue *q, struct hisi_qm_cqc *cqc)
{
	*cqc = q->cqc;
	cqc->head = atomic_load(&q->cq_head);
	cqc->tail = atomic_load(&q->cq_tail);
	cqc->w11 &= ~(HISI_QM_CQC_W11_HEAD_WRAP | HISI_QM_CQC_W11_TAIL_WRAP);
	cqc->w11 |= HISI_FIELD_PREP(HISI_QM_CQC_W11_HEAD_WRAP, (uint32_t)q->cq_head_wrap) |
		HISI_FIELD_PREP(HISI_QM_CQC_W11_TAIL_WRAP, (uint32_t)q->cq_tail_wrap);
	cqc->dw6 &= ~(HISI_QM_CQC_DW6_PHASE | HISI_QM_CQC_DW6_C_FLAG);
	cqc->dw6 |= HISI_FIELD_PREP(HISI_QM_CQC_DW6_PHASE, (uint32_t)q->phase) |
		HISI_FIELD_PREP(HISI_QM_CQC_DW6_C_FLAG, (uint32_t)atomic_load(&q->is_armed));
}
