/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_qm_dequeue.h"

uint16_t
hisi_qm_dequeue_unordered(const struct hisi_qm_dequeue *class, void *qp, struct hisi_qm_qp *hw,
	void **ops, uint16_t nb_ops, struct hisi_qm_dequeue_bytes *bytes)
{
	uint16_t taken, done = 0;
	uint64_t high;
	uint32_t slot;
	void *op;

	for (taken = 0; taken < nb_ops && !hw->cq_broken; taken++) {
		if (!hisi_qm_qp_peek(hw, hw->head, &high))
			break;
		rte_io_rmb();
		if (!hisi_qm_qp_find_unordered(hw, high, &slot))
			break;
		op = class->finish(qp, hw, hisi_qm_qp_sqe(hw, slot, class->sqe_len),
			&hw->inflight[slot], bytes);
		if (op == NULL) {
			hisi_qm_qp_refuse_cqe(hw, high);
			break;
		}
		hisi_qm_qp_take_unordered(hw, slot);
		if (op != HISI_QM_DEQUEUE_HELD)
			ops[done++] = op;
	}
	return done;
}

/* Operations of a queue that the device has let go of without completing them. */
static uint16_t
dequeue_left(const struct hisi_qm_dequeue *class, void *qp, struct hisi_qm_qp *hw, void **ops,
	uint16_t nb_ops)
{
	const struct hisi_qm_inflight *inflight;
	uint16_t i;

	for (i = 0; i < nb_ops; i++) {
		inflight = hisi_qm_qp_take_left(hw);
		if (inflight == NULL)
			break;
		ops[i] = class->fail(qp, hw, inflight);
	}
	return i;
}

uint16_t
hisi_qm_dequeue_stopping(const struct hisi_qm_dequeue *class, void *qp, struct hisi_qm_qp *hw,
	void **ops, uint16_t nb_ops, struct hisi_qm_dequeue_bytes *bytes)
{
	uint16_t done;

	if (hw->drained && !hisi_qm_replay_take_back(hw))
		return 0;
	done = hisi_qm_dequeue_unordered(class, qp, hw, ops, nb_ops, bytes);
	if (done == nb_ops || !hisi_qm_qp_idle(hw))
		return done;
	if (hisi_qm_replay_is_due(hw))
		return done + class->replay(qp, hw, ops + done, nb_ops - done);
	return done + dequeue_left(class, qp, hw, ops + done, nb_ops - done);
}
