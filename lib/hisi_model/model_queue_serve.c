/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The data path: one SQE from the ring through the engine to its CQE (qm.md 4.5, 5.9).
 */

#include <string.h>

#include <vfio_user_guard.h>

#include "model_device.h"
#include "model_dma.h"
#include "model_doorbell.h"
#include "model_engine.h"
#include "model_event.h"
#include "model_function.h"
#include "model_log.h"
#include "model_queue.h"

/** One SQE on its way. */
struct queue_job {
	struct model_queue *q;
	const struct model_engine *engine;
	void *slot;              /**< of the SQE, in client memory */
	_Atomic uint64_t *cqe;   /**< two words, in client memory */
	struct model_task task;
	enum model_outcome outcome;
	bool has_faults;         /**< of a plan, in the queue */
	_Alignas(64) uint8_t sqe[MODEL_MAX_SQE_LEN];
};

/** What a batch did, added to the device's counters once. */
struct queue_batch {
	uint32_t nb_sqes;
	uint32_t nb_errors;
	uint64_t nb_bytes_in;
	uint64_t nb_bytes_out;
};

static int
job_fetch(void *arg)
{
	struct queue_job *job = arg;
	struct model_queue *q = job->q;
	uint32_t len = 1U << job->engine->sqe_log2;
	uint64_t head = atomic_load_explicit(&q->sq_head, memory_order_relaxed);
	uint64_t tail = atomic_load_explicit(&q->cq_tail, memory_order_relaxed);

	job->slot = model_dma_pointer(q->fn, q->sq.base + head * len, len,
		VFIO_USER_DMA_READ_ALLOWED);
	if (job->slot == NULL)
		return MODEL_OUTCOME_FAULT_READ;
	if (model_dma_pointer(q->fn, q->sq.base + head * len, len,
	    VFIO_USER_DMA_WRITE_ALLOWED) == NULL)
		return MODEL_OUTCOME_FAULT_WRITE;
	job->cqe = model_dma_pointer(q->fn, q->cq.base + tail * sizeof(struct hisi_qm_cqe),
		sizeof(struct hisi_qm_cqe), VFIO_USER_DMA_WRITE_ALLOWED);
	if (job->cqe == NULL)
		return MODEL_OUTCOME_FAULT_WRITE;
	memcpy(job->sqe, job->slot, len);
	return MODEL_OUTCOME_OK;
}

static int
job_execute(void *arg)
{
	struct queue_job *job = arg;

	return job->engine->execute(&job->task);
}

static void
job_write_back(struct queue_job *job)
{
	const struct model_sqe_range *range;

	for (range = job->engine->results; range->len != 0; range++)
		memcpy((uint8_t *)job->slot + range->offset, job->sqe + range->offset,
			range->len);
}

static void
advance_sq(struct model_queue *q)
{
	uint16_t head = atomic_load_explicit(&q->sq_head, memory_order_relaxed);

	head = head + 1U == q->sq.depth ? 0 : head + 1;
	if (head == 0)
		q->sq_head_wrap = !q->sq_head_wrap;
	atomic_store_explicit(&q->sq_head, head, memory_order_release);
}

static uint64_t
cqe_word(const struct model_queue *q, uint16_t sq_head)
{
	return HISI_FIELD_PREP(HISI_QM_CQE_HI_SQ_HEAD, (uint64_t)sq_head) |
		HISI_FIELD_PREP(HISI_QM_CQE_HI_SQ_NUM, (uint64_t)q->qn) |
		HISI_FIELD_PREP(HISI_QM_CQE_HI_PHASE, (uint64_t)q->phase);
}

/** The index moves first: the client may ring once it sees the CQE. */
static void
put_cqe(struct model_queue *q, _Atomic uint64_t *cqe, uint64_t word)
{
	uint16_t tail = atomic_load_explicit(&q->cq_tail, memory_order_relaxed);

	tail = tail + 1U == q->cq.depth ? 0 : tail + 1;
	if (tail == 0) {
		q->phase = !q->phase;
		q->cq_tail_wrap = !q->cq_tail_wrap;
	}
	atomic_store_explicit(&q->cq_tail, tail, memory_order_release);
	atomic_store_explicit(&cqe[0], 0, memory_order_relaxed);
	atomic_store_explicit(&cqe[1], word, memory_order_release);
}

/** Write results and CQE. */
static int
job_complete(void *arg)
{
	struct queue_job *job = arg;
	struct model_queue *q = job->q;
	uint16_t head = atomic_load_explicit(&q->sq_head, memory_order_relaxed);
	uint64_t cqe = cqe_word(q, head);

	job_write_back(job);
	advance_sq(q);
	if (job->has_faults) {
		if (model_queue_fault_find(q, MODEL_FAULT_DROP) != NULL ||
		    (model_queue_fault_find(q, MODEL_FAULT_REORDER) != NULL &&
		     model_queue_fault_hold(q, head)))
			return 0;
		cqe = model_queue_fault_cqe(q, cqe);
	}
	put_cqe(q, job->cqe, cqe);
	return 0;
}

/** A CQE besides that of the SQE at the head. */
struct queue_extra {
	struct model_queue *q;
	uint16_t sq_head;
};

static int
extra_complete(void *arg)
{
	struct queue_extra *extra = arg;
	struct model_queue *q = extra->q;
	uint64_t tail = atomic_load_explicit(&q->cq_tail, memory_order_relaxed);
	_Atomic uint64_t *cqe = model_dma_pointer(q->fn, q->cq.base +
		tail * sizeof(struct hisi_qm_cqe), sizeof(struct hisi_qm_cqe),
		VFIO_USER_DMA_WRITE_ALLOWED);

	if (cqe == NULL)
		return -1;
	put_cqe(q, cqe, cqe_word(q, extra->sq_head));
	return 0;
}

/** A ring is not there. Without it nothing of this queue can be completed. */
static void
ring_fault(struct model_queue *q, enum model_outcome outcome)
{
	struct model_device *dev = q->fn->dev;

	q->is_broken = true;
	model_stat_add(&dev->stats.nb_dma_faults, 1);
	model_function_log(q->fn, VFIO_USER_LOG_WARNING,
		"queue %u: its ring or CQ is not in the DMA map for %s", q->qn,
		outcome == MODEL_OUTCOME_FAULT_READ ? "reading" : "writing");
	if (dev->config.dma_fault == MODEL_DMA_FAULT_DEVICE)
		model_ras_halt(dev, MODEL_RAS_QM, outcome == MODEL_OUTCOME_FAULT_READ ?
			HISI_BIT32(HISI_QM_ERR_AXI_RRESP) : HISI_BIT32(HISI_QM_ERR_AXI_BRESP));
}

/**
 * A data address was refused.
 *
 * @return true when the SQE is to be completed with an error
 */
static bool
data_fault(struct queue_job *job)
{
	struct model_device *dev = job->q->fn->dev;

	model_stat_add(&dev->stats.nb_dma_faults, 1);
	if (dev->config.dma_fault == MODEL_DMA_FAULT_OP) {
		job->engine->refuse(job->sqe, job->outcome);
		return true;
	}
	model_function_log(job->q->fn, VFIO_USER_LOG_WARNING,
		"queue %u: SQE %u names memory that it may not %s", job->q->qn,
		atomic_load(&job->q->sq_head),
		job->outcome == MODEL_OUTCOME_FAULT_READ ? "read" : "write");
	model_ras_halt(dev, MODEL_RAS_ENGINE, job->outcome == MODEL_OUTCOME_FAULT_READ ?
		job->engine->axi_read_error : job->engine->axi_write_error);
	return false;
}

static int
guarded(int (*step)(void *arg), struct queue_job *job, int on_fault)
{
	int result;

	return vfio_user_guard_run(step, job, &result) == 0 ? result : on_fault;
}

/** The SQE goes to the engine, if no fault is in the way. */
static void
run_engine(struct queue_job *job)
{
	const struct model_fault_hit *hit = NULL;

	if (job->has_faults)
		hit = model_queue_fault_find(job->q, MODEL_FAULT_STATUS);
	if (hit != NULL) {
		job->engine->set_status(job->sqe, hit->value);
		job->outcome = MODEL_OUTCOME_ERROR;
	} else if (job->has_faults && model_queue_fault_find(job->q, MODEL_FAULT_DMA_READ)) {
		job->outcome = MODEL_OUTCOME_FAULT_READ;
	} else if (job->has_faults && model_queue_fault_find(job->q, MODEL_FAULT_DMA_WRITE)) {
		job->outcome = MODEL_OUTCOME_FAULT_WRITE;
	} else {
		job->outcome = guarded(job_execute, job, MODEL_OUTCOME_FAULT_READ);
		if (job->outcome == MODEL_OUTCOME_ERROR && job->engine->bad_sqe_error != 0)
			model_ras_report(job->q->fn->dev, MODEL_RAS_ENGINE,
				job->engine->bad_sqe_error);
	}
}

/** Execute the SQE at the head. @return false when the queue cannot go on */
static bool
execute_one(struct model_queue *q, void *scratch, struct queue_batch *batch)
{
	struct queue_job job;
	int ret;

	job.q = q;
	job.engine = q->fn->dev->engine;
	ret = guarded(job_fetch, &job, MODEL_OUTCOME_FAULT_READ);
	if (ret != MODEL_OUTCOME_OK) {
		ring_fault(q, ret);
		return false;
	}
	job.task = (struct model_task){ .fn = q->fn, .queue_type = q->type, .scratch = scratch,
		.sqe = job.sqe };
	job.has_faults = q->fault.hits.count != 0;
	run_engine(&job);
	if (job.outcome >= MODEL_OUTCOME_FAULT_READ && !data_fault(&job))
		return false;
	if (guarded(job_complete, &job, -1) != 0) {
		ring_fault(q, MODEL_OUTCOME_FAULT_WRITE);
		return false;
	}
	batch->nb_sqes++;
	batch->nb_errors += job.outcome != MODEL_OUTCOME_OK;
	batch->nb_bytes_in += job.task.nb_bytes_in;
	batch->nb_bytes_out += job.task.nb_bytes_out;
	return true;
}

/** An event if the CQ is armed. Pairs with settle_arming() in model_doorbell.c. */
static void
announce(struct model_queue *q)
{
	uint16_t tail = atomic_load_explicit(&q->cq_tail, memory_order_relaxed);

	if (tail == atomic_load_explicit(&q->cq_done, memory_order_relaxed))
		return; /* a fault rule kept the CQE back */
	atomic_store(&q->cq_done, tail);
	if (atomic_load(&q->is_armed) && atomic_exchange(&q->is_armed, false))
		model_event_post(q->fn, q->qn);
}

static bool
cq_is_full(struct model_queue *q)
{
	uint16_t tail = atomic_load_explicit(&q->cq_tail, memory_order_relaxed);

	tail = tail + 1U == q->cq.depth ? 0 : tail + 1;
	return tail == atomic_load_explicit(&q->cq_head, memory_order_acquire);
}

/** Is there a free CQE? A full CQ is never written: the completion waits (qm.md 5.9, 10 item 5). */
static bool
has_room(struct model_queue *q)
{
	if (!cq_is_full(q)) {
		q->is_overrun = false;
		return true;
	}
	model_doorbell_look(q);
	if (!cq_is_full(q))
		return true;
	if (!q->is_overrun) {
		q->is_overrun = true;
		model_stat_add(&q->fn->dev->stats.nb_cq_full, 1);
		model_function_log(q->fn, VFIO_USER_LOG_WARNING,
			"queue %u: CQ is full, its completions wait", q->qn);
		model_event_post_async(q->fn, HISI_QM_AEQE_CQ_OVERFLOW, q->qn);
	}
	return false;
}

static bool
has_sqe(struct model_queue *q)
{
	if (model_queue_backlog(q) != 0)
		return true;
	model_doorbell_look(q);
	return model_queue_backlog(q) != 0;
}

static bool
may_go_on(const struct model_queue *q, bool is_control)
{
	return !q->is_broken && model_dma_is_allowed(q->fn) &&
		(is_control || !model_gate_is_closing(&q->fn->dev->gate));
}

/** @return false when the CQ is not there any more */
static bool
put_extra(struct model_queue *q, uint16_t sq_head)
{
	struct queue_extra extra = { q, sq_head };
	int result;

	if (vfio_user_guard_run(extra_complete, &extra, &result) != 0 || result != 0) {
		ring_fault(q, MODEL_OUTCOME_FAULT_WRITE);
		return false;
	}
	announce(q);
	return true;
}

/** Write the completion that a fault holds back, if it is time. */
static bool
put_held(struct model_queue *q)
{
	if (!model_queue_fault_is_held_due(q) || !has_room(q))
		return true;
	atomic_store(&q->fault.has_held, false);
	return put_extra(q, q->fault.held_head);
}

/** execute_one() for an SQE that may meet faults. */
static bool
execute_faulty(struct model_queue *q, void *scratch, struct queue_batch *batch, bool is_control)
{
	uint16_t head = atomic_load_explicit(&q->sq_head, memory_order_relaxed);
	bool is_ok, has_held = atomic_load(&q->fault.has_held);

	if (!model_queue_fault_prepare(q, is_control))
		return false;
	is_ok = execute_one(q, scratch, batch);
	if (is_ok)
		announce(q);
	if (is_ok && model_queue_fault_find(q, MODEL_FAULT_DUPLICATE) != NULL && has_room(q))
		is_ok = put_extra(q, head);
	q->fault.is_asked = false;
	q->fault.hits.count = 0;
	q->fault.is_held_due |= has_held;
	return is_ok && put_held(q);
}

static bool
serve_one(struct model_queue *q, void *scratch, struct queue_batch *batch, bool is_control)
{
	bool is_near = model_queue_fault_is_near(q);

	if (is_near && !put_held(q))
		return false;
	if (!has_sqe(q) || !has_room(q))
		return false;
	if (is_near)
		return execute_faulty(q, scratch, batch, is_control);
	if (!execute_one(q, scratch, batch))
		return false;
	announce(q);
	return true;
}

static void
batch_count(struct model_device *dev, const struct queue_batch *batch)
{
	model_stat_add(&dev->stats.nb_sqes, batch->nb_sqes);
	model_stat_add(&dev->stats.nb_sqe_errors, batch->nb_errors);
	model_stat_add(&dev->stats.nb_bytes_in, batch->nb_bytes_in);
	model_stat_add(&dev->stats.nb_bytes_out, batch->nb_bytes_out);
}

uint32_t
model_queue_serve(struct model_queue *q, void *scratch, uint32_t budget, bool is_control)
{
	struct queue_batch batch = { 0 };

	if (atomic_flag_test_and_set_explicit(&q->claim, memory_order_acquire))
		return 0;
	while (batch.nb_sqes < budget && may_go_on(q, is_control))
		if (!serve_one(q, scratch, &batch, is_control))
			break;
	q->nb_sqes += batch.nb_sqes;
	atomic_flag_clear_explicit(&q->claim, memory_order_release);
	if (batch.nb_sqes != 0)
		batch_count(q->fn->dev, &batch);
	return batch.nb_sqes;
}
