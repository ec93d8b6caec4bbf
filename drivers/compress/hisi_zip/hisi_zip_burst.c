/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <rte_prefetch.h>

#include "hisi_zip.h"
#include "hisi_zip_fill.h"

/*
 * The data path. Per burst: one SQ doorbell for each hardware queue that got operations, one CQ
 * doorbell for each HISI_QM_CQ_BATCH completions. No system call, no allocation, no lock.
 */

/* ---- enqueue ---- */

/* Anything but a stateless flat operation of a size that the hardware takes. */
static enum hisi_zip_reason
enqueue_reason(const struct rte_comp_op *op)
{
	const struct hisi_zip_xform *xform = op->private_xform;
	int64_t dst_room;

	if (op->op_type != RTE_COMP_OP_STATELESS || xform == NULL ||
			op->m_src == NULL || op->m_dst == NULL || op->m_src == op->m_dst ||
			(xform->flush_ok != 0 &&
			!(xform->flush_ok & HISI_BIT32(op->flush_flag & 31))))
		return HISI_ZIP_REASON_INVALID;
	dst_room = hisi_zip_chain_room(op->m_dst, op->dst.offset);
	if (op->src.length > hisi_zip_chain_room(op->m_src, op->src.offset) || dst_room < 0 ||
			op->m_src->nb_segs > HISI_QM_SGL_MAX_SEGS ||
			op->m_dst->nb_segs > HISI_QM_SGL_MAX_SEGS)
		return HISI_ZIP_REASON_INVALID;
	if (op->src.length == 0)
		return HISI_ZIP_REASON_EMPTY;
	if (xform->flush_ok == 0)
		return HISI_ZIP_REASON_INFLATE;
	return dst_room < HISI_ZIP_TINY_DEST_LEN ? HISI_ZIP_REASON_TINY :
		HISI_ZIP_REASON_CHAINED;
}

enum hisi_zip_reason
hisi_zip_reason_of(const struct rte_comp_op *op)
{
	return enqueue_reason(op);
}

/** What became of an operation that is not a plain one. */
enum enqueue_odd {
	ENQUEUE_PARKED,		/**< taken, not to the ring */
	ENQUEUE_FILLED,		/**< taken, in the slot */
	ENQUEUE_OTHER_TYPE,	/**< belongs to the other queue: ends the run */
	ENQUEUE_STOP,		/**< no room: ends the burst */
};

/* Enqueue's slow path. */
static __rte_noinline enum enqueue_odd
enqueue_odd(struct hisi_zip_qp *qp, uint8_t type, struct hisi_zip_sqe *sqe,
	struct hisi_qm_inflight *inflight, struct rte_comp_op *op, struct hisi_zip_record *record)
{
	enum hisi_zip_reason reason = enqueue_reason(op);
	const struct hisi_zip_xform *xform = op->private_xform;

	if (reason != HISI_ZIP_REASON_CHAINED)
		return hisi_zip_park(qp, op, reason) ? ENQUEUE_PARKED : ENQUEUE_STOP;
	if (xform->type != type)
		return ENQUEUE_OTHER_TYPE;
	if (!hisi_zip_sgl_fill(qp, xform, sqe, inflight, op))
		return ENQUEUE_STOP;
	if (record != NULL)
		hisi_record_pack(&hisi_zip_record_layout, sqe, record);
	qp->reasons[reason]++;
	return ENQUEUE_FILLED;
}

/*
 * Can @p op go on without a slot of this ring? *reason then says how to park it, or CHAINED: it is
 * the other ring's.
 */
static bool
enqueue_needs_no_ring(const struct rte_comp_op *op, uint8_t type, enum hisi_zip_reason *reason)
{
	const struct hisi_zip_xform *xform = op->private_xform;
	int64_t dst_len;

	*reason = hisi_zip_is_plain(op, xform, &dst_len) ? HISI_ZIP_REASON_CHAINED :
		enqueue_reason(op);
	return *reason != HISI_ZIP_REASON_CHAINED || xform->type != type;
}

/*
 * A ring without room: full, or its queue is being looked after, or the device is gone. What does
 * not need it is taken all the same; the other direction has a ring of its own.
 */
static __rte_noinline uint16_t
enqueue_no_room(struct hisi_zip_qp *qp, uint8_t type, struct rte_comp_op **ops, uint16_t nb_ops,
	bool *stop)
{
	struct hisi_qm_qp *hw = qp->hw[type];
	bool is_dead = hisi_qm_load_acquire(&hw->state) == HISI_QM_QP_DEAD;
	uint16_t i;

	for (i = 0; i < nb_ops; i++) {
		enum hisi_zip_reason reason = HISI_ZIP_REASON_DEAD;

		if (!is_dead && !enqueue_needs_no_ring(ops[i], type, &reason))
			break;
		if (reason == HISI_ZIP_REASON_CHAINED)
			return i;
		if (!hisi_zip_park(qp, ops[i], reason))
			break;
	}
	hw->enqueue_stats.full += i < nb_ops;
	*stop = i < nb_ops;
	return i;
}

/*
 * Operations of one direction: up to the first of the other, the end of the lap, or as many as
 * there is room for. They are handed over at the end of the burst, which has several runs where
 * directions mix or a lap ends.
 *
 * @param filled SQEs of the queue that this burst has not handed over yet
 * @return how many were taken; *stop: no more of this burst can be
 */
static __rte_always_inline uint16_t
enqueue_run(struct hisi_zip_qp *qp, uint8_t type, struct rte_comp_op **ops, uint16_t nb_ops,
	uint32_t *filled, bool *stop)
{
	struct hisi_qm_qp *hw = qp->hw[type];
	struct rte_comp_op **at = ops, **end;
	struct hisi_qm_inflight *inflight;
	struct hisi_zip_sqe *sqe, *first;
	struct hisi_zip_record *record;
	uint32_t tail, free_slots;
	int64_t dst_len;

	hisi_qm_qp_enqueue_begin(hw);
	free_slots = hisi_qm_qp_free_slots(hw, &tail);
	tail += *filled;
	/* The room may be gone all at once, with the control thread. */
	free_slots = free_slots > *filled ? free_slots - *filled : 0;
	first = sqe = hisi_qm_qp_sqe(hw, tail, HISI_ZIP_SQE_LEN);
	inflight = &hw->inflight[tail & hw->mask];
	record = (void *)hisi_qm_qp_sqe_records(hw, tail, sizeof(*record));
	end = ops + RTE_MIN(RTE_MIN(free_slots, hisi_qm_qp_lap_left(hw, tail)), (uint32_t)nb_ops);
	for (; at < end; at++) {
		const struct hisi_zip_xform *xform = (*at)->private_xform;

		if (unlikely(!hisi_zip_is_plain(*at, xform, &dst_len))) {
			enum enqueue_odd odd = enqueue_odd(qp, type, sqe, inflight, *at, record);

			*stop = odd == ENQUEUE_STOP;
			hw->enqueue_stats.full += odd == ENQUEUE_STOP;
			if (odd >= ENQUEUE_OTHER_TYPE)
				break;
			sqe += odd == ENQUEUE_FILLED;
			inflight += odd == ENQUEUE_FILLED;
			if (record != NULL)
				record += odd == ENQUEUE_FILLED;
			continue;
		}
		if (unlikely(xform->type != type))
			break;
		hisi_zip_fill(sqe++, inflight++, *at, xform, (uint32_t)dst_len, record);
		if (record != NULL)
			record++;
	}
	*filled += (uint32_t)(sqe - first);
	if (unlikely(free_slots == 0))
		return enqueue_no_room(qp, type, ops, nb_ops, stop);
	return at - ops;
}

/* One doorbell for all that a burst put into a queue, and the end of the burst there. */
static __rte_always_inline void
enqueue_ring(struct hisi_qm_qp *hw, uint32_t filled)
{
	if (likely(filled != 0))
		hisi_qm_qp_submit(hw, hw->tail + filled);
	hisi_qm_qp_enqueue_end(hw);
}

uint16_t
hisi_zip_enqueue_burst(void *queue_pair, struct rte_comp_op **ops, uint16_t nb_ops)
{
	struct hisi_zip_qp *qp = queue_pair;
	uint8_t type = qp->last_type;
	uint32_t filled[2] = { 0, 0 };
	bool stop = false, both = false;
	uint16_t done = 0;

	/* Runs alternate between the directions; of two in a row one takes something or stops. */
	for (;;) {
		done += enqueue_run(qp, type, ops + done, nb_ops - done, &filled[type], &stop);
		if (done == nb_ops || stop)
			break;
		type ^= HISI_ZIP_QUEUE_COMPRESS ^ HISI_ZIP_QUEUE_DECOMPRESS;
		both = true;
	}
	enqueue_ring(qp->hw[type], filled[type]);
	if (both)
		enqueue_ring(qp->hw[type ^ HISI_ZIP_QUEUE_COMPRESS ^ HISI_ZIP_QUEUE_DECOMPRESS],
			filled[type ^ HISI_ZIP_QUEUE_COMPRESS ^ HISI_ZIP_QUEUE_DECOMPRESS]);
	qp->last_type = type;
	qp->enqueued += done;
	return done;
}

uint16_t
hisi_zip_enqueue_stopped(void *queue_pair, struct rte_comp_op **ops, uint16_t nb_ops)
{
	RTE_SET_USED(queue_pair);
	RTE_SET_USED(ops);
	RTE_SET_USED(nb_ops);
	return 0;
}

/* ---- dequeue ---- */

/* zip.md 8.6 */
static enum rte_comp_op_status
status_of(uint32_t dw3)
{
	switch (HISI_FIELD_GET(HISI_ZIP_DW3_STATUS, dw3)) {
	case HISI_ZIP_STATUS_OK:
	case HISI_ZIP_STATUS_NEGACOMPRESS:
		return RTE_COMP_OP_STATUS_SUCCESS;
	case HISI_ZIP_STATUS_DSTLEN_OUT:
		return RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED;
	default:
		return RTE_COMP_OP_STATUS_ERROR;
	}
}

/** How the completions of a hardware queue are to be read. */
struct finish_rules {
	uint32_t trailer;	/**< bytes behind the stream that are the engine's */
	/** A compression takes all input or has failed; behind a deflate stream may be more. */
	bool whole;
};

/*
 * All but the plain success of a flat operation. Lengths that cannot be are an error whatever the
 * status says.
 */
static __rte_noinline void *
finish_odd(struct hisi_zip_qp *qp, const struct hisi_qm_qp *hw,
	const struct hisi_qm_inflight *inflight, uint32_t dw3, uint32_t consumed, uint32_t produced)
{
	uint32_t trailer = hw->type == HISI_ZIP_QUEUE_COMPRESS ? qp->trailer_len : 0;
	struct rte_comp_op *op = inflight->op;
	uint32_t src_len, dst_len;

	if (dw3 == HISI_ZIP_DW3_STATUS && (consumed | produced) == 0)
		return NULL;
	hisi_zip_sgl_retire(qp, hw, inflight, &src_len, &dst_len);
	op->status = status_of(dw3);
	if (op->status == RTE_COMP_OP_STATUS_SUCCESS &&
			(consumed == 0 || consumed > src_len || produced > dst_len ||
			produced < trailer ||
			(hw->type == HISI_ZIP_QUEUE_COMPRESS && consumed != src_len)))
		op->status = RTE_COMP_OP_STATUS_ERROR;
	op->debug_status = dw3;
	if (op->status != RTE_COMP_OP_STATUS_SUCCESS) {
		consumed = 0;
		produced = trailer;
	}
	op->consumed = consumed;
	op->produced = produced - trailer;
	hisi_zip_count(qp, op);
	return op;
}

/* The result words of a slot into its operation: hisi_qm_dequeue.finish. */
static __rte_always_inline void *
finish(struct hisi_zip_qp *qp, const struct hisi_qm_qp *hw, const struct hisi_zip_sqe *sqe,
	const struct hisi_qm_inflight *inflight, struct hisi_qm_dequeue_bytes *bytes,
	const struct finish_rules rules)
{
	struct rte_comp_op *op = inflight->op;
	/* Read once: the device could still be writing, and the checks must hold afterwards. */
	uint32_t consumed = hisi_qm_load_relaxed(&sqe->consumed);
	uint32_t produced = hisi_qm_load_relaxed(&sqe->produced);
	uint32_t dw3 = hisi_qm_load_relaxed(&sqe->dw3);

	/* 0 less 1 is larger than any length; of a chained operation dst_len is 0, so it is odd. */
	if (unlikely((dw3 & HISI_ZIP_DW3_STATUS) != HISI_ZIP_STATUS_OK ||
			produced - 1 >= inflight->dst_len || produced < rules.trailer ||
			(rules.whole ? consumed != inflight->src_len :
			consumed - 1 >= inflight->src_len)))
		return finish_odd(qp, hw, inflight, dw3, consumed, produced);
	op->status = RTE_COMP_OP_STATUS_SUCCESS;
	op->debug_status = dw3;
	op->consumed = consumed;
	op->produced = produced - rules.trailer;
	bytes->in += consumed;
	bytes->out += produced - rules.trailer;
	return op;
}

static __rte_always_inline void *
finish_compress(void *qp, struct hisi_qm_qp *hw, const void *sqe,
	const struct hisi_qm_inflight *inflight, struct hisi_qm_dequeue_bytes *bytes)
{
	return finish(qp, hw, sqe, inflight, bytes, (struct finish_rules){ 0, true });
}

static __rte_always_inline void *
finish_compress_trailer(void *queue_pair, struct hisi_qm_qp *hw, const void *sqe,
	const struct hisi_qm_inflight *inflight, struct hisi_qm_dequeue_bytes *bytes)
{
	struct hisi_zip_qp *qp = queue_pair;

	return finish(qp, hw, sqe, inflight, bytes, (struct finish_rules){ qp->trailer_len, true });
}

static __rte_always_inline void *
finish_decompress(void *qp, struct hisi_qm_qp *hw, const void *sqe,
	const struct hisi_qm_inflight *inflight, struct hisi_qm_dequeue_bytes *bytes)
{
	return finish(qp, hw, sqe, inflight, bytes, (struct finish_rules){ 0, false });
}

void *
hisi_zip_fail(struct hisi_zip_qp *qp, struct rte_comp_op *op)
{
	op->status = RTE_COMP_OP_STATUS_ERROR;
	op->debug_status = HISI_FIELD_PREP(HISI_ZIP_DEBUG_REASON,
		(uint64_t)HISI_ZIP_REASON_STOPPED + 1);
	op->consumed = 0;
	op->produced = 0;
	hisi_zip_count(qp, op);
	return op;
}

static void *
fail(void *qp, struct hisi_qm_qp *hw, const struct hisi_qm_inflight *inflight)
{
	uint32_t src_len, dst_len;

	hisi_zip_sgl_retire(qp, hw, inflight, &src_len, &dst_len);
	return hisi_zip_fail(qp, inflight->op);
}

#define ZIP_DEQUEUE(how) { \
	.finish = how, \
	.fail = fail, \
	.replay = hisi_zip_replay_keep, \
	.sqe_len = HISI_ZIP_SQE_LEN, \
	.result = offsetof(struct hisi_zip_sqe, consumed), \
}

static const struct hisi_qm_dequeue class_compress = ZIP_DEQUEUE(finish_compress);
static const struct hisi_qm_dequeue class_compress_trailer = ZIP_DEQUEUE(finish_compress_trailer);
static const struct hisi_qm_dequeue class_decompress = ZIP_DEQUEUE(finish_decompress);

static __rte_always_inline uint16_t
dequeue_compress(struct hisi_zip_qp *qp, struct rte_comp_op **ops, uint16_t nb_ops,
	const struct hisi_qm_dequeue *class)
{
	return hisi_qm_dequeue_run(class, qp, qp->hw[HISI_ZIP_QUEUE_COMPRESS], (void **)ops,
		nb_ops, &qp->bytes);
}

static __rte_always_inline uint16_t
dequeue_decompress(struct hisi_zip_qp *qp, struct rte_comp_op **ops, uint16_t nb_ops)
{
	return hisi_qm_dequeue_run(&class_decompress, qp, qp->hw[HISI_ZIP_QUEUE_DECOMPRESS],
		(void **)ops, nb_ops, &qp->bytes);
}

/* All but compressions: parked operations in their turn, then those of the other direction. */
static __rte_noinline uint16_t
dequeue_others(struct hisi_zip_qp *qp, struct rte_comp_op **ops, uint16_t nb_ops)
{
	uint16_t done = 0;

	if (!rte_ring_empty(qp->parked))
		done = hisi_zip_unpark_in_turn(qp, ops, nb_ops);
	return done + dequeue_decompress(qp, ops + done, nb_ops - done);
}

/*
 * Compressions first, until they have filled a burst: the next one begins with all the others, so
 * that a steady stream of one kind does not starve them.
 */
static __rte_always_inline uint16_t
dequeue_burst(struct hisi_zip_qp *qp, struct rte_comp_op **ops, uint16_t nb_ops,
	const struct hisi_qm_dequeue *class)
{
	bool others_first = qp->others_wait;
	uint16_t done = 0;

	if (unlikely(others_first))
		done = dequeue_others(qp, ops, nb_ops);
	done += dequeue_compress(qp, ops + done, nb_ops - done, class);
	if (likely(!others_first)) {
		if (done < nb_ops)
			done += dequeue_decompress(qp, ops + done, nb_ops - done);
		if (unlikely(done < nb_ops && !rte_ring_empty(qp->parked)))
			done += hisi_zip_unpark(qp, ops + done, nb_ops - done);
	}
	qp->others_wait = !others_first && done == nb_ops;
	qp->dequeued += done;
	return done;
}

uint16_t
hisi_zip_dequeue_burst(void *queue_pair, struct rte_comp_op **ops, uint16_t nb_ops)
{
	return dequeue_burst(queue_pair, ops, nb_ops, &class_compress);
}

uint16_t
hisi_zip_dequeue_burst_trailer(void *queue_pair, struct rte_comp_op **ops, uint16_t nb_ops)
{
	return dequeue_burst(queue_pair, ops, nb_ops, &class_compress_trailer);
}
