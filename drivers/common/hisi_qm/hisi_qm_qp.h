/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_QP_H
#define HISI_QM_QP_H

/**
 * @file
 * A hardware queue: SQ ring, CQ ring, the operations in flight and the indices (qm.md 5.9).
 *
 * Who writes what. One lcore enqueues, one (the same or another) dequeues, a control thread
 * stops and restarts. What enqueue writes and what dequeue writes are in different 128-byte
 * blocks; neither writes what the other writes.
 *
 * Indices are free-running counts; the ring slot is count & mask, the phase of a lap its next
 * higher bit. In flight are the operations [retired, tail). A slot is free again once its SQE has
 * completed *and* its CQE has been acknowledged by a CQ doorbell: released. Hence un-acknowledged
 * CQEs plus outstanding SQEs never exceed room = depth - 1, and no CQ can overflow (qm.md 5.9).
 */

#include <rte_branch_prediction.h>
#include <rte_io.h>

#include "hisi_qm_compat.h"
#include "hisi_qm_context.h"
#include "hisi_qm_doorbell.h"
#include "hisi_qm_recorder.h"
#include "hisi_qm_trace.h"

struct hisi_qm_dev;
struct hisi_qm_replay;
struct hisi_qm_sgl_pool;

/** Lines of the biggest hosts; also keeps the adjacent-line prefetcher of x86 out of the way. */
#define HISI_QM_BLOCK 128

/** CQEs that may wait for their CQ doorbell. */
#define HISI_QM_CQ_BATCH 32

/** State of a queue. Only the control path writes it. */
enum hisi_qm_qp_state {
	HISI_QM_QP_OFF,		/**< no contexts on the device */
	HISI_QM_QP_RUNNING,
	HISI_QM_QP_STOPPING,	/**< closed to enqueue; the control thread is quiescing it */
	HISI_QM_QP_QUIESCED,	/**< the device writes no more; dequeue hands out what is left */
	HISI_QM_QP_DEAD,	/**< as QUIESCED, and no way back */
};

/** Why dequeue calls for the control thread. */
enum hisi_qm_qp_alarm {
	HISI_QM_QP_ALARM_NONE,
	HISI_QM_QP_ALARM_TIMEOUT,	/**< no progress within the device's timeout */
	HISI_QM_QP_ALARM_BAD_CQE,	/**< a completion that cannot be */
};

/** Why the control thread restarts a queue without an alarm. */
enum hisi_qm_qp_failure {
	HISI_QM_QP_WELL,
	HISI_QM_QP_FAILED,		/**< the device reported an error of it */
	HISI_QM_QP_FAILED_BY_HAND,	/**< somebody asked for it (rte_pmd_hisi_accel.h) */
};

/** What is kept of an operation while the device has it; same index as its SQE. */
struct hisi_qm_inflight {
	void *op;
	uint32_t src_len;	/**< bytes given to the device: it cannot have consumed more */
	uint32_t dst_len;	/**< bytes of room: it cannot have produced more */
};

/**
 * Who may call. A queue's enqueue belongs to one lcore, its dequeue to one, the same or another.
 * Checked only in builds with -Ddebug_owner=true: the first that calls is the owner.
 */
struct hisi_qm_qp_owner {
	uint32_t lcore;		/**< id + 1, 0: none yet */
	uint32_t pad;
	uint64_t foreign;	/**< calls from another lcore */
};

static __rte_always_inline void
hisi_qm_qp_check_owner(struct hisi_qm_qp_owner *owner)
{
#ifdef HISI_QM_DEBUG_OWNER
	uint32_t caller = rte_lcore_id() + 1;

	if (owner->lcore == 0)
		owner->lcore = caller;
	else if (owner->lcore != caller)
		owner->foreign++;
#else
	RTE_SET_USED(owner);
#endif
}

/** Counters of a queue. Each has one writer. */
struct hisi_qm_qp_enqueue_stats {
	uint64_t doorbells;
	uint64_t full;		/**< bursts cut short because no slot was free */
};

struct hisi_qm_qp_dequeue_stats {
	uint64_t doorbells;
	uint64_t bad_cqes;
	uint64_t unordered;	/**< completions out of ring order */
	uint64_t empty_polls;	/**< bursts that found nothing while operations were in flight */
	uint64_t timeouts;
	uint64_t returned;	/**< operations handed back without the device's completion */
};

struct hisi_qm_qp {
	/* Read by both burst functions, written at set-up and by the control thread. */
	uint8_t *sq;			/**< depth SQEs */
	struct hisi_qm_cqe *cq;		/**< depth CQEs */
	struct hisi_qm_inflight *inflight; /**< depth entries, written by enqueue */
	uint64_t *sq_db;
	uint64_t *cq_db;
	uint64_t sq_db_base;
	uint64_t cq_db_base;
	struct hisi_qm_recorder *recorder;
	uint32_t mask;			/**< depth - 1 */
	uint32_t room;			/**< depth - 1, or 0: nothing may be enqueued */
	uint32_t cqe_id;		/**< sq_num << 16, the constant part of a CQE's word 2 */
	uint8_t depth_log2;
	uint8_t state;			/**< enum hisi_qm_qp_state */
	/* Not touched by the data path from here to the next block. */
	uint8_t sqe_log2;
	uint8_t type;			/**< queue type, SQC W13 */
	uint16_t qn;			/**< function-relative number */
	uint16_t tag;			/**< random per start, never 0 */
	uint32_t patience;		/**< alarms raised under an older value are settled */
	uint8_t orphan;			/**< destroyed, but the device did not confirm the stop */
	uint8_t failed;			/**< enum hisi_qm_qp_failure; control path */
	uint8_t quiet;			/**< the device writes no more: stopped, reset or gone */
	uint8_t told;			/**< said once who keeps it from being closed */
	uint8_t started;		/**< has its contexts, not opened yet; control path */
	uint8_t overdue;		/**< a replay got stuck; control path */
	uint32_t seen_head;		/**< head as the control thread saw it last */
	int socket_id;
	struct hisi_qm_dev *dev;
	uint64_t run_tsc;		/**< since when it runs again, 0: never stopped */
	uint64_t timeout_tsc;
	void *ring_mem;			/**< SQ and CQ, one allocation */
	const void *sqe_template;	/**< what every slot holds after a start; shared memory */
	struct hisi_qm_sgl_pool *sgl;	/**< lists of its SQEs; freed with the queue */
	void *scratch;			/**< the class's, named by SQEs; freed with the queue */
	struct hisi_qm_replay *replay;	/**< hisi_qm_replay.h, NULL: on_error=report */
	uint64_t created_tsc;		/**< tells it from another one that had its memory before */

	/* Written by enqueue. */
	uint32_t tail __rte_aligned(HISI_QM_BLOCK); /**< SQEs handed over */
	uint32_t enqueue_busy;		/**< id of the process with a burst under way, 0: none */
	uint32_t submitted;		/**< bursts in the recorder */
	struct hisi_qm_qp_enqueue_stats enqueue_stats;
	struct hisi_qm_qp_owner enqueue_owner;

	/* Written by dequeue. */
	uint32_t head __rte_aligned(HISI_QM_BLOCK); /**< CQEs taken */
	uint32_t retired;		/**< SQEs completed without a gap */
	uint32_t acked;			/**< head at the last CQ doorbell */
	uint32_t released;		/**< slots that enqueue may use again; read by enqueue */
	uint32_t idle_polls;
	uint32_t idle_oldest;		/**< retired at idle_tsc */
	uint32_t idle_patience;		/**< patience at idle_tsc */
	uint32_t completed;		/**< bursts in the recorder */
	uint32_t timed;			/**< burst of enqueue that the oldest operation is of */
	uint64_t idle_tsc;		/**< since when the oldest op has not moved, 0: unset */
	uint8_t alarm;			/**< enum hisi_qm_qp_alarm; read by the control thread */
	uint8_t drained;		/**< nothing left to hand out; read by the control thread */
	uint8_t cq_broken;		/**< a CQE was a lie: read no further ones */
	uint8_t *done;			/**< depth marks of completions before their turn */
	struct hisi_qm_qp_dequeue_stats dequeue_stats;
	struct hisi_qm_qp_owner dequeue_owner;
	uint64_t bad_cqe;		/**< of the alarm of that name: its upper half */
} __rte_aligned(HISI_QM_BLOCK);

/** Id of this process (hisi_qm_process.h), for enqueue_busy. Set before it has a queue. */
extern uint32_t hisi_qm_own_process;

/* ---- enqueue ---- */

/**
 * Begin an enqueue burst.
 *
 * The store must be seen before room is read, or the control thread could take a queue for idle
 * while a burst writes to it. A fence here would cost each burst; the control thread pays instead
 * with membarrier() (hisi_qm_fence_all_threads()), the compiler is held by the signal fence.
 */
static __rte_always_inline void
hisi_qm_qp_enqueue_begin(struct hisi_qm_qp *qp)
{
	hisi_qm_qp_check_owner(&qp->enqueue_owner);
	hisi_qm_store_relaxed(&qp->enqueue_busy, hisi_qm_own_process);
	hisi_qm_signal_fence();
}

/** End an enqueue burst, after the doorbell. */
static __rte_always_inline void
hisi_qm_qp_enqueue_end(struct hisi_qm_qp *qp)
{
	hisi_qm_store_release(&qp->enqueue_busy, 0);
}

/**
 * Slots that may be filled from *tail on; 0 also while the queue does not run.
 *
 * The room first: where there is some, nobody restarts the queue before this burst ends, and the
 * tail read after it is that of the present run.
 */
static __rte_always_inline uint32_t
hisi_qm_qp_free_slots(struct hisi_qm_qp *qp, uint32_t *tail)
{
	uint32_t room = hisi_qm_load_acquire(&qp->room);
	uint32_t used;

	*tail = qp->tail;
	used = *tail - hisi_qm_load_acquire(&qp->released);
	return used < room ? room - used : 0;
}

/** The SQE of count @p count. */
static __rte_always_inline void *
hisi_qm_qp_sqe(const struct hisi_qm_qp *qp, uint32_t count, uint32_t sqe_len)
{
	return qp->sq + (size_t)(count & qp->mask) * sqe_len;
}

/**
 * Where enqueue records the SQE of count @p tail and, entry_len further each, those behind it up to
 * the end of the lap. NULL: descriptors are not recorded.
 */
static __rte_always_inline uint8_t *
hisi_qm_qp_sqe_records(const struct hisi_qm_qp *qp, uint32_t tail, uint32_t entry_len)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;

	if (recorder->sqes == NULL)
		return NULL;
	return recorder->sqes + (size_t)((tail + recorder->base) & recorder->mask) * entry_len;
}

/** Hand over all SQEs below @p tail, at least one, with one doorbell (qm.md 4.5). */
static __rte_always_inline void
hisi_qm_qp_submit(struct hisi_qm_qp *qp, uint32_t tail)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	const struct hisi_record_burst burst = {
		.tsc = rte_rdtsc(),
		.word = hisi_qm_doorbell_word(qp->sq_db_base, tail & qp->mask, 0),
		.first = recorder->base + qp->tail,
		.count = tail - qp->tail,
		.kind = HISI_RECORD_SUBMIT,
	};

	hisi_qm_trace_enqueue(qp, qp->qn, qp->tail, burst.count);
	hisi_qm_trace_doorbell(qp, qp->qn, burst.word);
	/* Before the tail: dequeue looks for it as soon as there is something to dequeue. */
	hisi_qm_record_burst(recorder->submitted, recorder->mask, &qp->submitted, &burst);
	hisi_qm_store_release(&qp->tail, tail);
	/* The device must see the SQEs before the doorbell that names them. */
	rte_io_wmb();
	hisi_qm_store_relaxed(qp->sq_db, burst.word);
	qp->enqueue_stats.doorbells++;
}

/* ---- dequeue ---- */

/**
 * Does the queue run? Otherwise dequeue goes by hisi_qm_qp_idle() and hisi_qm_qp_take_left(), and
 * once those said that nothing is left it touches no index: the control thread resets them.
 */
static __rte_always_inline bool
hisi_qm_qp_is_running(const struct hisi_qm_qp *qp)
{
	return hisi_qm_load_acquire(&qp->state) == HISI_QM_QP_RUNNING;
}

/** Operations that were handed over and have not been returned. */
static __rte_always_inline uint32_t
hisi_qm_qp_outstanding(struct hisi_qm_qp *qp)
{
	return hisi_qm_load_acquire(&qp->tail) - qp->retired;
}

/**
 * Has the device written the CQE of count @p head?
 *
 * The phase of lap 0 is 1 and flips with each wrap (qm.md 5.9).
 *
 * @param high receives the upper half of the CQE; a read barrier must come before anything else
 *   that the device wrote is read
 */
static __rte_always_inline bool
hisi_qm_qp_peek(const struct hisi_qm_qp *qp, uint32_t head, uint64_t *high)
{
	const uint64_t *word = (const uint64_t *)(const void *)&qp->cq[head & qp->mask] + 1;

	*high = hisi_qm_load_relaxed(word);
	return ((*high >> 48) ^ (head >> qp->depth_log2)) & 1;
}

/** What identifies the CQE of an SQE: everything below, in the upper half of a CQE. */
#define HISI_QM_CQE_HI_IDENTITY \
	(HISI_QM_CQE_HI_SQ_HEAD | HISI_QM_CQE_HI_SQ_NUM | HISI_QM_CQE_HI_PHASE)

/**
 * HISI_QM_CQE_HI_IDENTITY of the CQE of count @p head if the device completes in ring order.
 *
 * Up to the end of the lap the next ones are this + 1, + 2, ...
 */
static __rte_always_inline uint64_t
hisi_qm_qp_next_identity(const struct hisi_qm_qp *qp, uint32_t head)
{
	uint64_t phase = ~(head >> qp->depth_log2) & 1;

	return HISI_FIELD_PREP(HISI_QM_CQE_HI_PHASE, phase) | qp->cqe_id | (head & qp->mask);
}

/** Slots from count @p count to the end of its lap: so far, slots lie one after the other. */
static __rte_always_inline uint32_t
hisi_qm_qp_lap_left(const struct hisi_qm_qp *qp, uint32_t count)
{
	return qp->mask + 1 - (count & qp->mask);
}

/** As hisi_qm_qp_sqe_records(), for the CQE of count @p head and those behind it. */
static __rte_always_inline struct hisi_record_cqe *
hisi_qm_qp_cqe_records(const struct hisi_qm_qp *qp, uint32_t head)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;

	if (recorder->cqes == NULL)
		return NULL;
	return &recorder->cqes[(head + recorder->base) & recorder->mask];
}

/** Lengths of the operations of a run, so that their size classes can be compared in the end. */
struct hisi_qm_lens {
	uint32_t any;	/**< all of them or-ed */
	uint32_t all;	/**< all of them and-ed; UINT32_MAX at first */
};

static __rte_always_inline void
hisi_qm_lens_add(struct hisi_qm_lens *lens, uint32_t len)
{
	lens->any |= len;
	lens->all &= len;
}

/**
 * Count how long @p count operations took whose slots begin with that of count @p first (slow path:
 * their sizes differ, or completions before them came out of order).
 */
void hisi_qm_qp_time_each(struct hisi_qm_qp *qp, uint32_t first, uint32_t count, uint64_t now);

/*
 * How long operations took: those of one size class, which is the rule, with one addition for each
 * burst of enqueue. Lengths are of one class where the highest bit of them all is in each of them.
 */
static __rte_always_inline void
hisi_qm_qp_time(struct hisi_qm_qp *qp, uint32_t first, uint32_t count, uint64_t now,
	const struct hisi_qm_lens *lens)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	uint64_t *buckets = recorder->latency->count[hisi_qm_latency_class(lens->any)];
	const struct hisi_record_burst *burst;
	uint32_t left, part;

	for (; count != 0; count -= part, first += part) {
		burst = &recorder->submitted[qp->timed & recorder->mask];
		left = burst->first + burst->count - (first + recorder->base);
		if (unlikely(left - 1 >= burst->count || (lens->all ^ lens->any) > lens->all)) {
			hisi_qm_qp_time_each(qp, first, count, now);
			return;
		}
		part = RTE_MIN(count, left);
		buckets[hisi_qm_latency_bucket(now - burst->tsc)] += part;
		qp->timed += part == left;
	}
}

/* Nothing at all where trace points of the data path are not compiled in. */
static __rte_always_inline void
hisi_qm_qp_trace_taken(const struct hisi_qm_qp *qp, uint32_t first, uint32_t count)
{
	const struct hisi_qm_inflight *inflight;
	uint32_t i;

	if (!__rte_trace_point_fp_is_enabled())
		return;
	hisi_qm_trace_completion(qp, qp->qn, first, count);
	for (i = first; i != first + count; i++) {
		inflight = &qp->inflight[i & qp->mask];
		hisi_qm_trace_returned(qp, qp->qn, inflight->op, inflight->src_len);
	}
}

/**
 * @p count completions from count @p first on, in ring order, were taken. Ends each run of dequeue
 * that took something, before hisi_qm_qp_acknowledge().
 */
static __rte_always_inline void
hisi_qm_qp_taken(struct hisi_qm_qp *qp, uint32_t first, uint32_t count,
	const struct hisi_qm_lens *lens)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	const struct hisi_record_burst burst = {
		.tsc = rte_rdtsc(),
		.first = recorder->base + first,
		.count = count,
		.kind = HISI_RECORD_COMPLETE,
	};

	hisi_qm_qp_trace_taken(qp, first, count);
	/* Entries of later bursts may not be seen before this one is published (hisi_record.h). */
	hisi_qm_record_burst(recorder->completed, recorder->mask, &qp->completed, &burst);
	rte_smp_wmb();
	hisi_qm_qp_time(qp, first, count, burst.tsc, lens);
}

/** Tell the device which CQEs were taken, and enqueue which slots are free again. */
static __rte_always_inline void
hisi_qm_qp_acknowledge(struct hisi_qm_qp *qp)
{
	const struct hisi_qm_recorder *recorder = qp->recorder;
	uint32_t head = qp->head;

	if (head - qp->acked < HISI_QM_CQ_BATCH)
		return;
	const struct hisi_record_burst burst = {
		.tsc = rte_rdtsc(),
		.word = hisi_qm_doorbell_word(qp->cq_db_base, head & qp->mask, 0),
		.first = recorder->base + head,
		.kind = HISI_RECORD_ACKNOWLEDGE,
	};

	hisi_qm_trace_doorbell(qp, qp->qn, burst.word);
	hisi_qm_record_burst(recorder->completed, recorder->mask, &qp->completed, &burst);
	qp->acked = head;
	/* Loads before the store: CQEs must have been read before the device may overwrite them. */
	rte_io_rmb();
	hisi_qm_store_relaxed(qp->cq_db, burst.word);
	/* In ring order retired == head; otherwise a gap keeps its slots, see qp.c. */
	hisi_qm_store_release(&qp->released, qp->retired);
	qp->dequeue_stats.doorbells++;
}

/**
 * Look at one completion that is not the next in ring order, or is none at all (slow path).
 *
 * @param high upper half of the CQE of qp->head
 * @param slot receives the ring slot of the completed operation
 * @return true: of operation @p slot; false: the CQE is a lie, an alarm is raised
 */
bool hisi_qm_qp_find_unordered(struct hisi_qm_qp *qp, uint64_t high, uint32_t *slot);

/** Take the completion that hisi_qm_qp_find_unordered() found: @p slot gets free in its turn. */
void hisi_qm_qp_take_unordered(struct hisi_qm_qp *qp, uint32_t slot);

/**
 * A completion that cannot be, of no operation in flight or of one whose result is not there: raise
 * an alarm and read no further ones (slow path). The operation stays in flight until the queue is
 * stopped, because the device may still write its buffers.
 *
 * @param high upper half of the CQE
 */
void hisi_qm_qp_refuse_cqe(struct hisi_qm_qp *qp, uint64_t high);

/**
 * Look after a queue that gave nothing (slow path of an empty poll, in flight or not).
 *
 * Reads the TSC now and then, raises an alarm at the timeout, never waits.
 *
 * @return true: the device can no longer write the buffers; take the operations that are left with
 *   hisi_qm_qp_take_left()
 */
bool hisi_qm_qp_idle(struct hisi_qm_qp *qp);

/**
 * The next operation of a quiesced queue that never completed, or NULL: there is none. The queue is
 * not drained by that, and nothing is counted: for classes that replay (hisi_qm_replay.h).
 */
const struct hisi_qm_inflight *hisi_qm_qp_next_left(struct hisi_qm_qp *qp);

/** The same to be returned with an error: counted, and NULL says that the queue is drained. */
const struct hisi_qm_inflight *hisi_qm_qp_take_left(struct hisi_qm_qp *qp);

/* ---- control path ---- */

/**
 * Create a hardware queue and start it.
 *
 * @param dev function, ready
 * @param type queue type of the engine (qm.md 5.1)
 * @param sqe_template an SQE that every slot is filled with at each start, so that a burst need not
 *   write what is always the same; must live as long as the queue
 * @param sqe_log2 log2 of the bytes of an SQE
 * @param entries operations in flight that the ring must hold at least, 1 or more; more than the
 *   hardware is proven with are refused with one INFO line and a smaller ring (qm.md 5.10)
 * @param socket_id NUMA node of the rings
 * @param out receives the queue, owned by the caller
 * @return 0; -ENOSPC: no free queue; -ENOMEM; -EIO, -ETIMEDOUT, -ENODEV from the device
 */
int hisi_qm_qp_create(struct hisi_qm_dev *dev, uint8_t type, const void *sqe_template,
	uint8_t sqe_log2, uint32_t entries, int socket_id, struct hisi_qm_qp **out);

/**
 * Stop and free a queue. Takes the function's lock.
 *
 * @param force false: refuse while operations have not been dequeued
 * @return 0; -EAGAIN: operations are left, and @p force is false; -EBUSY: it did not stop. The
 *   caller has done with it all the same, but the device may still use what its descriptors name,
 *   until the control thread has reset the function and frees it.
 */
int hisi_qm_qp_destroy(struct hisi_qm_qp *qp, bool force);

/** Operations not dequeued yet. For the control path; exact while nobody bursts. */
uint32_t hisi_qm_qp_in_flight(struct hisi_qm_qp *qp);

/** Of these, those of which dequeue has seen no completion: for what is said to people. */
uint32_t hisi_qm_qp_not_completed(const struct hisi_qm_qp *qp);

/** Operations that the ring holds. */
uint32_t hisi_qm_qp_capacity(const struct hisi_qm_qp *qp);

/* ---- for common/hisi_qm itself ---- */

/** A random tag that is neither 0 nor @p old (qm.md 4.3). */
uint16_t hisi_qm_qp_new_tag(uint16_t old);
/** The SQC of a queue at its start (qm.md 5.1), into memory. */
void hisi_qm_qp_fill_sqc(const struct hisi_qm_qp *qp, struct hisi_qm_sqc *sqc);
/**
 * Write the contexts of a closed queue. Ring, indices and marks start afresh.
 *
 * @return 0; -ESTALE: the function was reset by somebody else and is to be brought up before, the
 *   queue is as it was; other -errno
 */
int hisi_qm_qp_start(struct hisi_qm_qp *qp);
/** Let bursts into a queue that was started; enqueue only when its replays are on their way. */
void hisi_qm_qp_open(struct hisi_qm_qp *qp);
/**
 * Let the device finish and stop a queue (qm.md 6.5). The caller holds the function's lock.
 *
 * @return 0: it writes no more; -ETIME: it does not drain; others from the mailbox
 */
int hisi_qm_qp_stop(struct hisi_qm_qp *qp);
/**
 * Close running queues to enqueue and wait a while until no burst is inside. They are
 * STOPPING then.
 *
 * @param qps may have NULLs; queues that do not run are left alone
 */
void hisi_qm_qp_close(struct hisi_qm_qp **qps, uint16_t count);
/**
 * Is no burst inside a queue that was closed? Never waits. Until then its indices may move, so its
 * operations stay where they are.
 */
bool hisi_qm_qp_is_closed(struct hisi_qm_qp *qp);
/** Does the queue need the control thread: an alarm that still holds, or an error reported? */
bool hisi_qm_qp_in_trouble(struct hisi_qm_qp *qp);
/** Free queues that hisi_qm_qp_destroy() had to keep; the device must be reset or gone. */
void hisi_qm_qp_free_orphans(struct hisi_qm_dev *dev);
/** Make a store of this thread visible to, and loads ordered in, every thread of the process. */
void hisi_qm_fence_all_threads(void);

#endif /* HISI_QM_QP_H */
