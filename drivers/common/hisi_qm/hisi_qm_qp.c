/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_malloc.h>
#include <rte_random.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"
#include "hisi_qm_replay.h"
#include "hisi_qm_sgl.h"

/* TSC reads of an empty poll: one in so many. */
#define IDLE_POLLS_PER_LOOK 64
/* A healthy peer answers a register read in microseconds. */
#define SILENT_PING_MS 300

uint32_t
hisi_qm_qp_capacity(const struct hisi_qm_qp *qp)
{
	return qp->mask;
}

uint32_t
hisi_qm_qp_in_flight(struct hisi_qm_qp *qp)
{
	uint32_t in_ring = hisi_qm_load_acquire(&qp->tail) - hisi_qm_load_acquire(&qp->retired);

	return in_ring + (qp->replay != NULL ? hisi_qm_replay_held(qp->replay) : 0);
}

uint32_t
hisi_qm_qp_not_completed(const struct hisi_qm_qp *qp)
{
	uint32_t in_ring = hisi_qm_load_acquire(&qp->tail) - hisi_qm_load_acquire(&qp->head);

	return in_ring + (qp->replay != NULL ? hisi_qm_replay_held(qp->replay) : 0);
}

/* ---- dequeue's slow paths ---- */

void
hisi_qm_qp_refuse_cqe(struct hisi_qm_qp *qp, uint64_t high)
{
	qp->dequeue_stats.bad_cqes++;
	qp->cq_broken = 1;
	hisi_qm_recorder_note(qp, HISI_RECORD_REFUSED, qp->head, high);
	hisi_qm_trace_refused(qp->dev->name, qp->qn, high);
	/* The control thread says so: a lcore would wait for whoever is writing to the log. */
	qp->bad_cqe = high;
	hisi_qm_store_release(&qp->alarm, HISI_QM_QP_ALARM_BAD_CQE);
	hisi_qm_monitor_wake();
}

/* Slots that are complete without a gap may be retired; marks of theirs are taken back. */
static void
retire_marked(struct hisi_qm_qp *qp)
{
	while (qp->retired != qp->head && qp->done[qp->retired & qp->mask]) {
		qp->done[qp->retired & qp->mask] = 0;
		qp->retired++;
	}
}

/*
 * qm.md 5.9: all known drivers set the order bit, and whether the device may still complete out of
 * ring order is not proven. So it may here: a completion that overtook others is marked, and its
 * slot is free again when those before it are.
 */
bool
hisi_qm_qp_find_unordered(struct hisi_qm_qp *qp, uint64_t high, uint32_t *slot)
{
	uint32_t idx = HISI_FIELD_GET(HISI_QM_CQE_HI_SQ_HEAD, high);
	uint32_t sq_num = HISI_FIELD_GET(HISI_QM_CQE_HI_SQ_NUM, high);
	uint32_t ahead = (idx - qp->retired) & qp->mask;

	if (idx > qp->mask || sq_num != qp->qn || ahead >= hisi_qm_qp_outstanding(qp) ||
			qp->done[idx]) {
		hisi_qm_qp_refuse_cqe(qp, high);
		return false;
	}
	*slot = idx;
	return true;
}

void
hisi_qm_qp_take_unordered(struct hisi_qm_qp *qp, uint32_t slot)
{
	if (slot != (qp->retired & qp->mask))
		qp->dequeue_stats.unordered++;
	hisi_qm_recorder_unordered(qp, slot);
	hisi_qm_trace_completion(qp, qp->qn, qp->head, 1);
	hisi_qm_trace_returned(qp, qp->qn, qp->inflight[slot].op, qp->inflight[slot].src_len);
	qp->done[slot] = 1;
	qp->head++;
	retire_marked(qp);
	/* released = min(acked, retired): a gap that closes frees what was acknowledged before. */
	hisi_qm_store_release(&qp->released,
		(int32_t)(qp->retired - qp->acked) < 0 ? qp->retired : qp->acked);
}

static bool
idle_quiesced(struct hisi_qm_qp *qp)
{
	uint8_t state = hisi_qm_load_acquire(&qp->state);

	return state == HISI_QM_QP_QUIESCED || state == HISI_QM_QP_DEAD;
}

static void
idle_restart_term(struct hisi_qm_qp *qp, uint64_t now)
{
	qp->idle_oldest = qp->retired;
	qp->idle_patience = hisi_qm_load_relaxed(&qp->patience);
	qp->idle_tsc = now;
	if (qp->alarm == HISI_QM_QP_ALARM_TIMEOUT)
		hisi_qm_store_release(&qp->alarm, HISI_QM_QP_ALARM_NONE);
}

bool
hisi_qm_qp_idle(struct hisi_qm_qp *qp)
{
	uint64_t now;

	if (unlikely(hisi_qm_load_relaxed(&qp->state) != HISI_QM_QP_RUNNING))
		return idle_quiesced(qp);
	qp->dequeue_stats.empty_polls++;
	if (likely(++qp->idle_polls % IDLE_POLLS_PER_LOOK != 0) ||
			hisi_qm_qp_outstanding(qp) == 0)
		return false;
	now = rte_get_tsc_cycles();
	if (qp->idle_tsc == 0 || qp->idle_oldest != qp->retired ||
			qp->idle_patience != hisi_qm_load_relaxed(&qp->patience)) {
		idle_restart_term(qp, now);
	} else if (now - qp->idle_tsc > qp->timeout_tsc && qp->alarm == HISI_QM_QP_ALARM_NONE) {
		qp->dequeue_stats.timeouts++;
		hisi_qm_store_release(&qp->alarm, HISI_QM_QP_ALARM_TIMEOUT);
		hisi_qm_monitor_wake();
	}
	return false;
}

/* Is an alarm about what is the case now? Progress or patience since then settles it. */
bool
hisi_qm_qp_in_trouble(struct hisi_qm_qp *qp)
{
	switch (hisi_qm_load_acquire(&qp->alarm)) {
	case HISI_QM_QP_ALARM_NONE:
		return qp->failed || qp->overdue;
	case HISI_QM_QP_ALARM_TIMEOUT:
		return qp->failed || qp->overdue || (qp->idle_patience == qp->patience &&
			qp->idle_oldest == hisi_qm_load_relaxed(&qp->retired) &&
			hisi_qm_qp_in_flight(qp) != 0);
	default:
		return true;
	}
}

const struct hisi_qm_inflight *
hisi_qm_qp_next_left(struct hisi_qm_qp *qp)
{
	uint32_t tail = hisi_qm_load_acquire(&qp->tail);
	uint32_t slot;

	while (qp->retired != tail) {
		slot = qp->retired++ & qp->mask;
		if (qp->done[slot]) {
			qp->done[slot] = 0;
			continue;
		}
		return &qp->inflight[slot];
	}
	return NULL;
}

const struct hisi_qm_inflight *
hisi_qm_qp_take_left(struct hisi_qm_qp *qp)
{
	const struct hisi_qm_inflight *left = hisi_qm_qp_next_left(qp);

	if (left != NULL) {
		hisi_qm_recorder_note(qp, HISI_RECORD_RETURNED, qp->retired - 1, 0);
		hisi_qm_trace_returned(qp, qp->qn, left->op, 0);
		qp->dequeue_stats.returned++;
		return left;
	}
	/* The last store of this lcore to the queue until the control thread has restarted it. */
	hisi_qm_store_release(&qp->drained, 1);
	return NULL;
}

/* ---- control path ---- */

void
hisi_qm_qp_fill_sqc(const struct hisi_qm_qp *qp, struct hisi_qm_sqc *sqc)
{
	uint64_t base = hisi_qm_iova(qp->sq);

	memset(sqc, 0, sizeof(*sqc));
	sqc->base_lo = (uint32_t)base;
	sqc->base_hi = (uint32_t)(base >> 32);
	sqc->dw3 = HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, qp->mask) |
		HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, (uint32_t)qp->sqe_log2);
	sqc->tag = qp->tag;
	sqc->cq_num = qp->qn;
	sqc->w13 = (uint16_t)(HISI_QM_SQC_W13_ORDER |
		HISI_FIELD_PREP(HISI_QM_SQC_W13_TYPE, (uint32_t)qp->type));
}

/* c_flag 0: completions are polled for, no event is armed (qm.md 5.2). */
static void
qp_fill_cqc(const struct hisi_qm_qp *qp, struct hisi_qm_cqc *cqc)
{
	uint64_t base = hisi_qm_iova(qp->cq);

	memset(cqc, 0, sizeof(*cqc));
	cqc->base_lo = (uint32_t)base;
	cqc->base_hi = (uint32_t)(base >> 32);
	cqc->dw3 = HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, qp->mask) |
		HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, (uint32_t)HISI_QM_CQE_LOG2);
	cqc->tag = qp->tag;
	cqc->dw6 = HISI_QM_CQC_DW6_PHASE;
}

/* One of its own per start, so that a doorbell of the last one is told apart (qm.md 4.3). */
uint16_t
hisi_qm_qp_new_tag(uint16_t old)
{
	uint16_t tag;

	do {
		tag = (uint16_t)(1 + rte_rand_max(UINT16_MAX));
	} while (tag == old);
	return tag;
}

static void
qp_reset_indices(struct hisi_qm_qp *qp)
{
	size_t depth = (size_t)qp->mask + 1;

	hisi_qm_recorder_before_start(qp);
	/* Operations that dequeue has put there to be done again. */
	qp->tail = hisi_qm_replay_count(qp);
	qp->head = 0;
	qp->retired = 0;
	qp->acked = 0;
	qp->released = 0;
	qp->idle_tsc = 0;
	qp->alarm = HISI_QM_QP_ALARM_NONE;
	qp->cq_broken = 0;
	qp->failed = 0;
	qp->quiet = 0;
	qp->told = 0;
	qp->seen_head = 0;
	hisi_qm_replay_reset(qp);
	hisi_qm_recorder_after_start(qp, qp->tail);
	memset(qp->cq, 0, depth * sizeof(*qp->cq));
	memset(qp->done, 0, depth);
	qp->tag = hisi_qm_qp_new_tag(qp->tag);
	qp->sq_db_base = hisi_qm_doorbell_base(HISI_QM_DB_CMD_SQ, qp->qn, qp->tag);
	qp->cq_db_base = hisi_qm_doorbell_base(HISI_QM_DB_CMD_CQ, qp->qn, qp->tag);
}

static void
qp_fill_slots(struct hisi_qm_qp *qp)
{
	size_t sqe_len = (size_t)1 << qp->sqe_log2;
	uint32_t slot;

	for (slot = qp->tail; slot <= qp->mask; slot++)
		memcpy(qp->sq + slot * sqe_len, qp->sqe_template, sqe_len);
}

int
hisi_qm_qp_start(struct hisi_qm_qp *qp)
{
	struct hisi_qm_dev *dev = qp->dev;
	uint64_t context = hisi_qm_iova(dev->dma.context);
	int ret = hisi_qm_bringup_check(dev);

	if (ret != 0)
		return ret;
	qp_reset_indices(qp);
	qp_fill_slots(qp);
	hisi_qm_qp_fill_sqc(qp, dev->dma.context);
	ret = hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_SQC, false, qp->qn, context, NULL);
	if (ret != 0)
		return ret;
	qp_fill_cqc(qp, dev->dma.context);
	ret = hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_CQC, false, qp->qn, context, NULL);
	qp->started = ret == 0;
	return ret;
}

void
hisi_qm_qp_open(struct hisi_qm_qp *qp)
{
	qp->started = 0;
	hisi_qm_trace_queue_state(qp->dev->name, qp->qn, HISI_QM_QP_RUNNING);
	/* Each opens the fresh indices to one side: state to dequeue, room to enqueue. */
	hisi_qm_store_release(&qp->state, HISI_QM_QP_RUNNING);
	if (!hisi_qm_replay_is_under_way(qp))
		hisi_qm_store_release(&qp->room, qp->mask);
}

static uint32_t
qp_depth(struct hisi_qm_dev *dev, uint32_t entries)
{
	/* One slot stays empty, and a batch of CQEs may wait for its doorbell. */
	uint64_t want = (uint64_t)entries + HISI_QM_CQ_BATCH;
	uint32_t depths = dev->caps[HISI_QM_CAP_QUEUE_DEPTHS];
	/* Both rings of a queue have one depth (qm.md 5.9). */
	uint32_t cap = RTE_MIN(HISI_FIELD_GET(HISI_QM_CAP_SQ_DEPTH, depths),
		HISI_FIELD_GET(HISI_QM_CAP_CQ_DEPTH, depths));
	uint32_t most = HISI_QM_PROVEN_DEPTH;

	if (cap < 2 * HISI_QM_CQ_BATCH) {
		HISI_QM_DEV_LOG(ERR, dev, "capability word queue_depths is 0x%" PRIx32 ": rings of %" PRIu32
			" are too short, this driver needs %u", depths, cap,
			2 * HISI_QM_CQ_BATCH);
		return 0;
	}
	if (cap < most)
		most = rte_align32prevpow2(cap);
	if (want <= most)
		return rte_align32pow2((uint32_t)want);
	if (!dev->depth_told)
		HISI_QM_DEV_LOG(INFO, dev, "%" PRIu32 " operations in flight asked for, a queue of this device holds %" PRIu32
			": no deeper ring is proven (qm.md 5.10)", entries, most - HISI_QM_CQ_BATCH);
	dev->depth_told = true;
	return most;
}

static int
qp_alloc_rings(struct hisi_qm_qp *qp, uint32_t depth)
{
	size_t sq_len = (size_t)depth << qp->sqe_log2;
	size_t cq_len = (size_t)depth << HISI_QM_CQE_LOG2;

	qp->ring_mem = rte_zmalloc_socket(NULL, sq_len + cq_len, HISI_QM_BLOCK, qp->socket_id);
	qp->inflight = rte_zmalloc_socket(NULL, depth * sizeof(*qp->inflight), HISI_QM_BLOCK,
		qp->socket_id);
	qp->done = rte_zmalloc_socket(NULL, depth, HISI_QM_BLOCK, qp->socket_id);
	qp->recorder = hisi_qm_recorder_create(depth, qp->dev->args.recorder,
		hisi_qm_engine_record(qp->dev), qp->socket_id);
	if (qp->ring_mem == NULL || qp->inflight == NULL || qp->done == NULL ||
			qp->recorder == NULL)
		return -ENOMEM;
	if (qp->dev->args.on_error == HISI_QM_ON_ERROR_REPLAY) {
		qp->replay = hisi_qm_replay_create(depth, qp->socket_id);
		if (qp->replay == NULL)
			return -ENOMEM;
	}
	qp->sq = qp->ring_mem;
	qp->cq = (struct hisi_qm_cqe *)(qp->sq + sq_len);
	qp->mask = depth - 1;
	qp->depth_log2 = (uint8_t)rte_log2_u32(depth);
	return 0;
}

static void
qp_free(struct hisi_qm_qp *qp)
{
	hisi_qm_sgl_pool_free(qp->sgl);
	rte_free(qp->scratch);
	rte_free(qp->recorder);
	rte_free(qp->replay);
	rte_free(qp->done);
	rte_free(qp->inflight);
	rte_free(qp->ring_mem);
	rte_free(qp);
}

static int
qp_free_number(struct hisi_qm_dev *dev, uint16_t *qn)
{
	uint16_t i, most = dev->max_queues;

	for (i = 0; i < most; i++) {
		if (dev->qps[i] == NULL) {
			*qn = i;
			return 0;
		}
	}
	HISI_QM_DEV_LOG(ERR, dev, "all %u hardware queues of this function are in use; ask for fewer queue pairs",
		most);
	return -ENOSPC;
}

static int
qp_init(struct hisi_qm_qp *qp, uint32_t entries)
{
	struct hisi_qm_dev *dev = qp->dev;
	uint32_t depth;
	int ret;

	qp->sq_db = dev->bus->ops->doorbell(dev->bus, qp->qn, HISI_QM_BUS_DOORBELL_SQ);
	qp->cq_db = dev->bus->ops->doorbell(dev->bus, qp->qn, HISI_QM_BUS_DOORBELL_CQ);
	if (qp->sq_db == NULL || qp->cq_db == NULL)
		return -ENOSPC;
	qp->cqe_id = HISI_FIELD_PREP(HISI_GENMASK32(31, 16), (uint32_t)qp->qn);
	qp->timeout_tsc = dev->args.timeout_ms * rte_get_tsc_hz() / 1000;
	depth = qp_depth(dev, entries);
	if (depth == 0)
		return -ENOTSUP;
	ret = qp_alloc_rings(qp, depth);
	if (ret != 0)
		HISI_QM_DEV_LOG(ERR, dev, "no memory for queue %u on socket %d; give EAL more",
			qp->qn, qp->socket_id);
	return ret;
}

/* Said once: memory of one node and a device of another cost each access a hop. */
static void
qp_check_numa(struct hisi_qm_dev *dev, int socket_id)
{
	if (socket_id < 0 || dev->numa_node < 0 || socket_id == dev->numa_node || dev->numa_told)
		return;
	dev->numa_told = true;
	HISI_QM_DEV_LOG(WARNING, dev, "queues are asked for on NUMA node %d, the device is on node %d; lcores and memory of its node are faster",
		socket_id, dev->numa_node);
}

int
hisi_qm_qp_create(struct hisi_qm_dev *dev, uint8_t type, const void *sqe_template,
	uint8_t sqe_log2, uint32_t entries, int socket_id, struct hisi_qm_qp **out)
{
	struct hisi_qm_qp *qp;
	uint16_t qn = 0;
	int ret;

	/* Before the lock: memory may grow, which calls back into the bus. */
	qp = rte_zmalloc_socket(NULL, sizeof(*qp), HISI_QM_BLOCK, socket_id);
	if (qp == NULL)
		return -ENOMEM;
	ret = qp_free_number(dev, &qn);
	if (ret == 0) {
		qp->dev = dev;
		qp->qn = qn;
		qp->type = type;
		qp->sqe_template = sqe_template;
		qp->sqe_log2 = sqe_log2;
		qp->socket_id = socket_id;
		qp->created_tsc = rte_rdtsc();
		qp_check_numa(dev, socket_id);
		ret = qp_init(qp, entries);
	}
	if (ret != 0) {
		qp_free(qp);
		return ret;
	}
	hisi_qm_dev_lock(dev);
	ret = dev->state == HISI_QM_DEV_READY ? hisi_qm_qp_start(qp) : -ENODEV;
	if (ret == 0) {
		dev->qps[qn] = qp;
		hisi_qm_qp_open(qp);
	} else if (ret == -ESTALE) {
		dev->reset_wanted = true;
		hisi_qm_monitor_wake();
		ret = -EAGAIN;
	}
	hisi_qm_dev_unlock(dev);
	if (ret != 0) {
		HISI_QM_DEV_LOG(ERR, dev, "queue %u did not start: %s", qn, strerror(-ret));
		qp_free(qp);
		return ret;
	}
	*out = qp;
	return 0;
}

/* It owes a reply, and does not answer now either: not each of its queues is waited for. */
static bool
qp_peer_is_silent(const struct hisi_qm_dev *dev)
{
	return dev->bus->ops->alive(dev->bus) > 0 &&
		dev->bus->ops->ping(dev->bus, SILENT_PING_MS) == -ETIMEDOUT;
}

/* After 0 or -ENODEV the device no longer writes to the rings. */
static int
qp_stop_device(struct hisi_qm_qp *qp)
{
	if (qp->state == HISI_QM_QP_STOPPING)
		return qp->quiet && hisi_qm_qp_is_closed(qp) ? 0 : -EBUSY;
	if (qp->state != HISI_QM_QP_RUNNING)
		return 0;
	if (qp->dev->state == HISI_QM_DEV_DEAD)
		return 0;
	return qp_peer_is_silent(qp->dev) ? -ETIMEDOUT : hisi_qm_qp_stop(qp);
}

int
hisi_qm_qp_destroy(struct hisi_qm_qp *qp, bool force)
{
	struct hisi_qm_dev *dev = qp->dev;
	uint32_t left = hisi_qm_qp_in_flight(qp);
	uint16_t qn = qp->qn;
	bool is_quiet;
	int ret;

	if (left != 0 && !force)
		return -EAGAIN;
	if (left != 0)
		HISI_QM_DEV_LOG(WARNING, dev, "queue %u goes with %" PRIu32 " operations not dequeued",
			qp->qn, left);
	hisi_qm_dev_lock(dev);
	hisi_qm_store_relaxed(&qp->room, 0);
	ret = qp_stop_device(qp);
	is_quiet = ret == 0 || ret == -ENODEV;
	if (is_quiet)
		dev->qps[qn] = NULL;
	else
		/* Still the device's: neither its number nor its memory may be used again. */
		qp->orphan = 1;
	hisi_qm_dev_unlock(dev);
	if (is_quiet) {
		qp_free(qp);
		return 0;
	}
	/* An orphan is the control thread's from here on. */
	HISI_QM_DEV_LOG(WARNING, dev, "queue %u did not stop (%s); its memory stays taken until the function is reset",
		qn, strerror(-ret));
	return -EBUSY;
}

void
hisi_qm_qp_free_orphans(struct hisi_qm_dev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++) {
		if (dev->qps[i] == NULL || !dev->qps[i]->orphan ||
				!hisi_qm_qp_is_closed(dev->qps[i]))
			continue;
		qp_free(dev->qps[i]);
		dev->qps[i] = NULL;
	}
}
