/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_zip.h"
#include "hisi_zip_fill.h"

/*
 * on_error=replay, the class's part (hisi_qm_replay.h): which operations can be done again, and
 * their descriptors. Only what the application gave is used for that, nothing that the device could
 * have written to: neither its SQE nor its lists.
 */

/* Work of a burst call, in pieces of some ten instructions: well below a millisecond. */
#define REPLAY_BURST_WORK 4096
/* What an operation costs apart from its segments. */
#define REPLAY_OP_WORK 16

/* Why @p op cannot be done again, HISI_QM_REPLAY_REFUSALS: it can. */
static enum hisi_qm_replay_refusal
replay_refusal(const struct rte_comp_op *op, uint32_t *work)
{
	if (op->op_type != RTE_COMP_OP_STATELESS)
		return HISI_QM_REPLAY_STATEFUL;
	if (op->m_src == NULL || op->m_dst == NULL)
		return HISI_QM_REPLAY_CHANGED;
	return hisi_qm_replay_overlaps(op->m_src, op->m_dst, work);
}

/* An operation that was in the old ring. @return false: the caller's to return, counted */
static bool
replay_keep_one(struct hisi_qm_qp *hw, struct rte_comp_op *op, uint32_t *work)
{
	enum hisi_qm_replay_refusal refusal = replay_refusal(op, work);

	if (refusal == HISI_QM_REPLAY_REFUSALS)
		return hisi_qm_replay_keep(hw, op);
	hisi_qm_replay_refuse(hw, refusal);
	return false;
}

static bool
replay_fill(struct hisi_zip_qp *qp, struct hisi_qm_qp *hw, struct rte_comp_op *op, uint32_t slot)
{
	struct hisi_zip_sqe *sqe = hisi_qm_qp_sqe(hw, slot, HISI_ZIP_SQE_LEN);
	struct hisi_qm_inflight *inflight = &hw->inflight[slot];
	const struct hisi_zip_xform *xform = op->private_xform;
	int64_t dst_len;

	if (xform == NULL || xform->type != hw->type)
		return false;
	*sqe = qp->sqe;
	if (hisi_zip_is_plain(op, xform, &dst_len)) {
		hisi_zip_fill(sqe, inflight, op, xform, (uint32_t)dst_len, NULL);
		return true;
	}
	return hisi_zip_reason_of(op) == HISI_ZIP_REASON_CHAINED &&
		hisi_zip_sgl_fill(qp, xform, sqe, inflight, op);
}

/* One of those that were kept. @return false: the caller's to return, counted */
static bool
replay_place_one(struct hisi_zip_qp *qp, struct hisi_qm_qp *hw, struct rte_comp_op *op,
	uint32_t slot, uint32_t *work)
{
	*work += op->m_src->nb_segs + op->m_dst->nb_segs;
	if (replay_fill(qp, hw, op, slot)) {
		hisi_qm_replay_placed(hw);
		return true;
	}
	hisi_qm_replay_refuse(hw, HISI_QM_REPLAY_CHANGED);
	return false;
}

/* All out of the old ring, lists too, before the first goes into the new one. */
uint16_t
hisi_zip_replay_keep(void *queue_pair, struct hisi_qm_qp *hw, void **ops, uint16_t nb_ops)
{
	struct hisi_zip_qp *qp = queue_pair;
	const struct hisi_qm_inflight *inflight;
	uint32_t work, slot, src_len, dst_len;
	struct rte_comp_op *op;
	uint16_t i = 0;
	bool taken;

	for (work = 0; i < nb_ops && work < REPLAY_BURST_WORK; work += REPLAY_OP_WORK) {
		inflight = hisi_qm_qp_next_left(hw);
		if (inflight != NULL) {
			op = inflight->op;
			hisi_zip_sgl_retire(qp, hw, inflight, &src_len, &dst_len);
			taken = replay_keep_one(hw, op, &work);
		} else {
			op = hisi_qm_replay_next(hw, &slot);
			if (op == NULL) {
				hisi_qm_replay_ready(hw);
				break;
			}
			taken = replay_place_one(qp, hw, op, slot, &work);
		}
		if (!taken)
			ops[i++] = hisi_zip_fail(qp, op);
	}
	return i;
}
