/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_REPLAY_H
#define HISI_QM_REPLAY_H

/**
 * @file
 * on_error=replay: operations that the device had and did not complete are given to it again.
 *
 * Between QUIESCED and drained a queue belongs to the lcore that dequeues: neither a burst of
 * enqueue nor the control thread nor the device is inside. In that time the class takes what is
 * left, returns what cannot be done again with an error, and writes fresh SQEs for the others into
 * the slots 0, 1, ... of the ring, in their order. So nothing of one process (a function, an
 * operation in private memory) is used by another. The control thread then sets the contexts and
 * rings.
 *
 * It does not ring for all at once: an operation that stops the device would take those behind it
 * along each time, until none of them might be tried again. It rings for 1, and when that is
 * complete for 2 more, 4, ..., one queue of the function after the other; only what was handed over
 * counts as tried. The queue is closed to enqueue until the last has been handed over.
 */

#include "hisi_qm_qp.h"

/** So often an operation is given to the device again; then it is returned with an error. */
#define HISI_QM_REPLAYS_MAX 3

/** Why an operation is returned instead. */
enum hisi_qm_replay_refusal {
	HISI_QM_REPLAY_IN_PLACE,	/**< its destination overlaps its source */
	HISI_QM_REPLAY_STATEFUL,	/**< it goes on from what the device did before */
	HISI_QM_REPLAY_TOO_OFTEN,	/**< HISI_QM_REPLAYS_MAX times already */
	HISI_QM_REPLAY_TOO_LONG,	/**< too many segments to tell whether they overlap */
	HISI_QM_REPLAY_CHANGED,		/**< cannot be put into a ring as it is now */
	HISI_QM_REPLAY_REFUSALS,
};

struct rte_mbuf;

struct hisi_qm_replay_op {
	void *op;
	uint32_t tries;		/**< times that it was given to the device again */
	uint32_t pad;
};

/** Of one queue; in memory that all processes share. */
struct hisi_qm_replay {
	/* Written by the control thread. */
	uint32_t rung;		/**< of count, those that the device has got in this run */
	uint32_t done;		/**< of rung, those whose CQEs were seen */
	bool is_paced;		/**< all are complete, dequeued or not */
	uint64_t moved_tsc;	/**< when rung or done last changed */
	uint64_t replayed;	/**< operations given again, ever */

	/* Written by dequeue while the queue is quiesced; count also by the control thread. */
	uint32_t kept __rte_aligned(HISI_QM_BLOCK); /**< operations taken out of the old ring */
	uint32_t seen;		/**< of these, how many were looked at for the new one */
	uint32_t filled;	/**< of these, how many are in it */
	uint32_t count;		/**< slots [0, count) are such operations, 0: none */
	uint64_t refused[HISI_QM_REPLAY_REFUSALS];
	struct hisi_qm_replay_op ops[]; /**< depth; with their slots from the ready on */
};

/** For @p depth slots; NULL: no memory. Freed with rte_free(). */
struct hisi_qm_replay *hisi_qm_replay_create(uint32_t depth, int socket_id);

/** Operations that are in neither ring: taken out of the old one, and the new one not started. */
static inline uint32_t
hisi_qm_replay_held(const struct hisi_qm_replay *replay)
{
	return replay->kept - replay->seen + replay->filled;
}

/** Name of a refusal, for telemetry. */
const char *hisi_qm_replay_refusal_name(enum hisi_qm_replay_refusal refusal);

/* ---- dequeue, of a queue that hisi_qm_qp_idle() said is quiesced and that is not drained ---- */

/** Is what is left in the queue to be kept? A dead queue ends what was begun, and no more. */
static inline bool
hisi_qm_replay_is_due(const struct hisi_qm_qp *qp)
{
	return qp->replay != NULL && (qp->replay->kept != 0 ||
		hisi_qm_load_acquire(&qp->state) == HISI_QM_QP_QUIESCED);
}

/**
 * Keep the operation that hisi_qm_qp_next_left() gave last.
 *
 * @return false: too often, counted; it is the caller's to return
 */
bool hisi_qm_replay_keep(struct hisi_qm_qp *qp, void *op);

/** Count an operation that the caller returns instead of keeping it. */
void hisi_qm_replay_refuse(struct hisi_qm_qp *qp, enum hisi_qm_replay_refusal refusal);

/**
 * May the device have written over a part of an operation's source?
 *
 * @param work added to, in pairs of segments
 * @return HISI_QM_REPLAY_REFUSALS: it has not; else why that operation is not to be done again
 */
enum hisi_qm_replay_refusal hisi_qm_replay_overlaps(const struct rte_mbuf *src,
	const struct rte_mbuf *dst, uint32_t *work);

/**
 * The next of the kept operations, when none is left in the old ring.
 *
 * @param slot receives the slot that its SQE and its struct hisi_qm_inflight are to be written to
 * @return NULL: that were all
 */
void *hisi_qm_replay_next(struct hisi_qm_qp *qp, uint32_t *slot);

/** The operation that hisi_qm_replay_next() gave last is in its slot. */
void hisi_qm_replay_placed(struct hisi_qm_qp *qp);

/** All of them are: the queue is drained, the control thread's. */
void hisi_qm_replay_ready(struct hisi_qm_qp *qp);

/**
 * Has a drained queue died with operations in it? They are then handed out like any others.
 *
 * Called by dequeue, once after the other.
 */
bool hisi_qm_replay_take_back(struct hisi_qm_qp *qp);

/* ---- control thread, under the function's lock ---- */

/** Slots of a drained queue that are taken by replays: the tail that it starts with. */
static inline uint32_t
hisi_qm_replay_count(const struct hisi_qm_qp *qp)
{
	return qp->replay != NULL ? qp->replay->count : 0;
}

/** A queue starts: nothing of it was handed over. */
void hisi_qm_replay_reset(struct hisi_qm_qp *qp);

/** The peer was away, and is back: those that were handed over get a fresh term. */
void hisi_qm_replay_be_patient(struct hisi_qm_qp *qp);

/** Does a running queue have replays that are not complete? */
static inline bool
hisi_qm_replay_is_under_way(const struct hisi_qm_qp *qp)
{
	return qp->state == HISI_QM_QP_RUNNING && hisi_qm_replay_count(qp) != 0 &&
		!qp->replay->is_paced;
}

/**
 * Hand over what may be, of the running queues of a function. Waits some milliseconds at most.
 */
void hisi_qm_replay_service(struct hisi_qm_dev *dev);

#endif /* HISI_QM_REPLAY_H */
