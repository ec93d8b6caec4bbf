/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_DEQUEUE_H
#define HISI_QM_DEQUEUE_H

/**
 * @file
 * Dequeue of one hardware queue: every path by which an operation can leave it. What an operation
 * is, and what its descriptor says of it, is the class's.
 *
 * Completions in ring order are inlined into the class's burst function, its finish() too; all
 * else goes through a pointer (hisi_qm_dequeue.c).
 */

#include <string.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_qp.h"
#include "hisi_qm_replay.h"

/** What finish() says of a completion that is taken, but gives no operation to hand out. */
#define HISI_QM_DEQUEUE_HELD ((void *)(uintptr_t)1)

/** Bytes of the operations that were complete. */
struct hisi_qm_dequeue_bytes {
	uint64_t in;
	uint64_t out;
};

/** A class's half. Const, and of one process. */
struct hisi_qm_dequeue {
	/**
	 * The result of a slot into its operation; assigned, never added to.
	 *
	 * @param bytes added to
	 * @return the operation; HISI_QM_DEQUEUE_HELD; NULL: the result words are those that
	 *   enqueue put there: the device may be at work on it, and its completion is a lie
	 */
	void *(*finish)(void *qp, struct hisi_qm_qp *hw, const void *sqe,
		const struct hisi_qm_inflight *inflight, struct hisi_qm_dequeue_bytes *bytes);
	/** Make an error of an operation that the device let go of. @return the operation */
	void *(*fail)(void *qp, struct hisi_qm_qp *hw, const struct hisi_qm_inflight *inflight);
	/**
	 * Put what a quiesced queue has left into its ring again (hisi_qm_replay.h).
	 *
	 * @return operations in @p ops that cannot be done again; less than @p nb_ops says nothing
	 */
	uint16_t (*replay)(void *qp, struct hisi_qm_qp *hw, void **ops, uint16_t nb_ops);
	uint32_t sqe_len;
	uint32_t result;	/**< offset of the 16 bytes that the device answers with */
	bool holds;		/**< finish() may say HISI_QM_DEQUEUE_HELD */
};

/** Completions that are not the next in ring order, or lie. At most @p nb_ops are taken. */
uint16_t hisi_qm_dequeue_unordered(const struct hisi_qm_dequeue *class, void *qp,
	struct hisi_qm_qp *hw, void **ops, uint16_t nb_ops, struct hisi_qm_dequeue_bytes *bytes);

/** A queue that the control thread has taken in hand: completions first, then what is left. */
uint16_t hisi_qm_dequeue_stopping(const struct hisi_qm_dequeue *class, void *qp,
	struct hisi_qm_qp *hw, void **ops, uint16_t nb_ops, struct hisi_qm_dequeue_bytes *bytes);

/**
 * Completions in ring order, up to the end of the lap: CQEs, SQEs and operations lie in a row.
 *
 * @param record of the first, NULL: not recorded, a constant where this is compiled in
 */
static __rte_always_inline uint16_t
hisi_qm_dequeue_ordered(const struct hisi_qm_dequeue *class, void *qp, struct hisi_qm_qp *hw,
	void **ops, uint32_t count, struct hisi_qm_dequeue_bytes *bytes,
	struct hisi_record_cqe *record, uint32_t *taken)
{
	uint32_t head = hw->head, slot = head & hw->mask;
	const uint8_t *sqe = hisi_qm_qp_sqe(hw, head, class->sqe_len);
	const struct hisi_qm_inflight *inflight = &hw->inflight[slot], *first = inflight, *end;
	const uint64_t *high = (const uint64_t *)(const void *)&hw->cq[slot] + 1;
	uint64_t identity = hisi_qm_qp_next_identity(hw, head);
	struct hisi_qm_lens lens = { .all = UINT32_MAX };
	struct hisi_qm_dequeue_bytes sum = { 0, 0 };
	void **at = ops;

	end = inflight + RTE_MIN(count, hisi_qm_qp_lap_left(hw, head));
	while (inflight < end &&
			(hisi_qm_load_relaxed(high) & HISI_QM_CQE_HI_IDENTITY) == identity) {
		/* The SQE was written back before its CQE (qm.md 4.5). */
		rte_io_rmb();
		if (record != NULL)
			hisi_qm_record_cqe(record++, high - 1, sqe + class->result);
		*at = class->finish(qp, hw, sqe, inflight, &sum);
		/* The unordered way says what is wrong with it. */
		if (unlikely(*at == NULL))
			break;
		at += !class->holds || *at != HISI_QM_DEQUEUE_HELD;
		sqe += class->sqe_len;
		hisi_qm_lens_add(&lens, inflight++->src_len);
		high += sizeof(struct hisi_qm_cqe) / sizeof(*high);
		identity++;
	}
	bytes->in += sum.in;
	bytes->out += sum.out;
	*taken = (uint32_t)(inflight - first);
	if (*taken != 0)
		hisi_qm_qp_taken(hw, head, *taken, &lens);
	head += *taken;
	hw->head = head;
	hisi_qm_store_relaxed(&hw->retired, head);
	return at - ops;
}

/** One hardware queue's share of a dequeue burst. @return operations in @p ops */
static __rte_always_inline uint16_t
hisi_qm_dequeue_run(const struct hisi_qm_dequeue *class, void *qp, struct hisi_qm_qp *hw,
	void **ops, uint16_t nb_ops, struct hisi_qm_dequeue_bytes *bytes)
{
	struct hisi_record_cqe *record;
	uint32_t count, taken = 0;
	uint16_t done = 0;
	uint64_t high;

	hisi_qm_qp_check_owner(&hw->dequeue_owner);
	if (unlikely(!hisi_qm_qp_is_running(hw)))
		return hisi_qm_dequeue_stopping(class, qp, hw, ops, nb_ops, bytes);
	count = RTE_MIN(hisi_qm_qp_outstanding(hw), (uint32_t)nb_ops);
	if (count == 0)
		return 0;
	record = hisi_qm_qp_cqe_records(hw, hw->head);
	if (likely(hw->head == hw->retired && !hw->cq_broken))
		done = likely(record != NULL) ?
			hisi_qm_dequeue_ordered(class, qp, hw, ops, count, bytes, record, &taken) :
			hisi_qm_dequeue_ordered(class, qp, hw, ops, count, bytes, NULL, &taken);
	/* One that is there, but not the expected one: out of order, a lie, or the next lap's. */
	if (unlikely(taken < count && hisi_qm_qp_peek(hw, hw->head, &high)))
		done += hisi_qm_dequeue_unordered(class, qp, hw, ops + done,
			(uint16_t)(nb_ops - taken), bytes);
	hisi_qm_qp_acknowledge(hw);
	if (unlikely((done | taken) == 0))
		(void)hisi_qm_qp_idle(hw);
	return done;
}

#endif /* HISI_QM_DEQUEUE_H */
