/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <rte_cycles.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"
#include "hisi_qm_replay.h"

/* A device that works completes an operation within this. */
#define PACE_STEP_US 50
/* Pairs of segments that are compared; chains of 128 segments on both sides. */
#define REPLAY_MOST_PAIRS 16384
/* So many of them, 10 ms, and the control thread has others to look after. */
#define PACE_STEPS 200

static const char * const refusal_names[HISI_QM_REPLAY_REFUSALS] = {
	[HISI_QM_REPLAY_IN_PLACE] = "replay_refused_in_place",
	[HISI_QM_REPLAY_STATEFUL] = "replay_refused_stateful",
	[HISI_QM_REPLAY_TOO_OFTEN] = "replay_refused_too_often",
	[HISI_QM_REPLAY_TOO_LONG] = "replay_refused_too_long",
	[HISI_QM_REPLAY_CHANGED] = "replay_refused_changed",
};

const char *
hisi_qm_replay_refusal_name(enum hisi_qm_replay_refusal refusal)
{
	return (unsigned int)refusal < HISI_QM_REPLAY_REFUSALS ? refusal_names[refusal] :
		"unknown";
}

struct hisi_qm_replay *
hisi_qm_replay_create(uint32_t depth, int socket_id)
{
	return rte_zmalloc_socket(NULL, sizeof(struct hisi_qm_replay) +
		depth * sizeof(struct hisi_qm_replay_op), HISI_QM_BLOCK, socket_id);
}

/* ---- dequeue ---- */

/* Whole segments, whatever offset and length say: in doubt an operation is not done again. */
static bool
segs_overlap(const struct rte_mbuf *one, const struct rte_mbuf *other)
{
	uint64_t a = rte_pktmbuf_iova(one), b = rte_pktmbuf_iova(other);

	return a < b + other->data_len && b < a + one->data_len;
}

static bool
chains_overlap(const struct rte_mbuf *src, const struct rte_mbuf *dst)
{
	const struct rte_mbuf *to;
	uint32_t i, k;

	for (i = src->nb_segs; i != 0 && src != NULL; i--, src = src->next)
		for (to = dst, k = dst->nb_segs; k != 0 && to != NULL; k--, to = to->next)
			if (segs_overlap(src, to))
				return true;
	return false;
}

enum hisi_qm_replay_refusal
hisi_qm_replay_overlaps(const struct rte_mbuf *src, const struct rte_mbuf *dst, uint32_t *work)
{
	uint32_t pairs = (uint32_t)src->nb_segs * dst->nb_segs;

	if (pairs > REPLAY_MOST_PAIRS)
		return HISI_QM_REPLAY_TOO_LONG;
	*work += pairs;
	return chains_overlap(src, dst) ? HISI_QM_REPLAY_IN_PLACE : HISI_QM_REPLAY_REFUSALS;
}

void
hisi_qm_replay_refuse(struct hisi_qm_qp *qp, enum hisi_qm_replay_refusal refusal)
{
	qp->replay->refused[refusal]++;
	qp->dequeue_stats.returned++;
}

bool
hisi_qm_replay_keep(struct hisi_qm_qp *qp, void *op)
{
	struct hisi_qm_replay *replay = qp->replay;
	/* Below count are the slots of replays, of which it may be one; never below kept. */
	uint32_t slot = qp->retired - 1;
	uint32_t tries = slot < replay->count ? replay->ops[slot].tries : 0;

	/* From here on it is not the old ring's to complete. */
	qp->cq_broken = 1;
	if (tries >= HISI_QM_REPLAYS_MAX) {
		hisi_qm_replay_refuse(qp, HISI_QM_REPLAY_TOO_OFTEN);
		return false;
	}
	replay->ops[replay->kept++] = (struct hisi_qm_replay_op){ .op = op, .tries = tries };
	return true;
}

void *
hisi_qm_replay_next(struct hisi_qm_qp *qp, uint32_t *slot)
{
	struct hisi_qm_replay *replay = qp->replay;

	if (replay->seen == replay->kept)
		return NULL;
	*slot = replay->filled;
	return replay->ops[replay->seen++].op;
}

void
hisi_qm_replay_placed(struct hisi_qm_qp *qp)
{
	struct hisi_qm_replay *replay = qp->replay;

	replay->ops[replay->filled++] = replay->ops[replay->seen - 1];
}

/* The indices as those of a queue that was started afresh: so many operations are in flight. */
void
hisi_qm_replay_ready(struct hisi_qm_qp *qp)
{
	struct hisi_qm_replay *replay = qp->replay;

	replay->count = replay->filled;
	replay->kept = 0;
	replay->seen = 0;
	replay->filled = 0;
	qp->head = 0;
	qp->retired = 0;
	qp->tail = replay->count;
	/* The last store of this lcore to the queue until the control thread has restarted it. */
	hisi_qm_store_release(&qp->drained, 1);
}

bool
hisi_qm_replay_take_back(struct hisi_qm_qp *qp)
{
	/* The state first: until it is DEAD, count and ring are the control thread's. */
	if (qp->replay == NULL || hisi_qm_load_acquire(&qp->state) != HISI_QM_QP_DEAD ||
			qp->replay->count == 0)
		return false;
	qp->replay->count = 0;
	/* The completions there, if any, are not of these operations. */
	qp->cq_broken = 1;
	qp->drained = 0;
	return true;
}

/* ---- control thread ---- */

void
hisi_qm_replay_reset(struct hisi_qm_qp *qp)
{
	struct hisi_qm_replay *replay = qp->replay;

	qp->overdue = 0;
	if (replay == NULL)
		return;
	replay->rung = 0;
	replay->done = 0;
	replay->is_paced = false;
}

void
hisi_qm_replay_be_patient(struct hisi_qm_qp *qp)
{
	qp->overdue = 0;
	if (qp->replay != NULL)
		qp->replay->moved_tsc = rte_get_tsc_cycles();
}

/* The next batch: as many as were handed over, and one more. The last opens the queue. */
static void
replay_ring(struct hisi_qm_qp *qp)
{
	struct hisi_qm_replay *replay = qp->replay;
	uint32_t from = replay->rung, to = RTE_MIN(2 * from + 1, replay->count), i;
	uint64_t word = hisi_qm_doorbell_word(qp->sq_db_base, to & qp->mask, 0);

	for (i = from; i < to; i++)
		replay->ops[i].tries++;
	replay->replayed += to - from;
	replay->rung = to;
	replay->moved_tsc = rte_get_tsc_cycles();
	hisi_qm_recorder_submit(qp, from, to, word);
	/* As hisi_qm_qp_submit(). */
	rte_io_wmb();
	hisi_qm_store_relaxed(qp->sq_db, word);
	if (to != replay->count)
		return;
	/* What is enqueued from now on comes behind them, and so must its doorbell. */
	rte_io_wmb();
	hisi_qm_store_release(&qp->room, qp->mask);
}

/*
 * Is all of it complete that was handed over? The CQ tells, also where nobody dequeues; where a CQE
 * was overwritten since, dequeue has taken it.
 */
static bool
replay_is_complete(const struct hisi_qm_qp *qp)
{
	struct hisi_qm_replay *replay = qp->replay;
	uint32_t head = hisi_qm_load_acquire(&qp->head);
	uint32_t done = RTE_MAX(replay->done, RTE_MIN(head, replay->rung));
	uint64_t high;

	while (done != replay->rung && hisi_qm_qp_peek(qp, done, &high))
		done++;
	if (done != replay->done)
		replay->moved_tsc = rte_get_tsc_cycles();
	replay->done = done;
	return done == replay->rung;
}

/* The queue that is being served, else the first that waits. */
static struct hisi_qm_qp *
replay_find(struct hisi_qm_dev *dev)
{
	struct hisi_qm_qp *waiting = NULL, *qp;
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++) {
		qp = dev->qps[i];
		if (qp == NULL || qp->orphan || !hisi_qm_replay_is_under_way(qp))
			continue;
		if (qp->replay->rung != 0)
			return qp;
		if (waiting == NULL)
			waiting = qp;
	}
	return waiting;
}

/* @return true: look at it again after a moment */
static bool
replay_wait(struct hisi_qm_qp *qp)
{
	/* Nobody may be polling it, and others wait for it. */
	if (rte_get_tsc_cycles() - qp->replay->moved_tsc > qp->timeout_tsc)
		qp->overdue = 1;
	if (qp->overdue || hisi_qm_qp_in_trouble(qp))
		return false;
	rte_delay_us_sleep(PACE_STEP_US);
	return true;
}

/* Which slots hold replays is of no interest once dequeue is past them. */
static void
replay_forget(struct hisi_qm_qp *qp)
{
	struct hisi_qm_replay *replay = qp->replay;

	if (replay->is_paced && hisi_qm_load_relaxed(&qp->retired) >= replay->count)
		replay->count = 0;
}

/* Those that wait for their turn have not got a term yet. */
static void
replay_tend(struct hisi_qm_dev *dev)
{
	struct hisi_qm_qp *qp;
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++) {
		qp = dev->qps[i];
		if (qp == NULL || qp->orphan || qp->replay == NULL ||
				qp->state != HISI_QM_QP_RUNNING)
			continue;
		if (hisi_qm_replay_is_under_way(qp))
			hisi_qm_store_relaxed(&qp->patience, qp->patience + 1);
		else
			replay_forget(qp);
	}
}

void
hisi_qm_replay_service(struct hisi_qm_dev *dev)
{
	struct hisi_qm_qp *qp;
	uint32_t steps = 0;

	replay_tend(dev);
	while (steps < PACE_STEPS && (qp = replay_find(dev)) != NULL) {
		if (qp->replay->rung != 0 && !replay_is_complete(qp)) {
			if (!replay_wait(qp))
				return;
			steps++;
		} else if (qp->replay->rung == qp->replay->count) {
			qp->replay->is_paced = true;
		} else {
			replay_ring(qp);
		}
	}
}
