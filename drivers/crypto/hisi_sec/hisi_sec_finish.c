/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_sec.h"
#include "hisi_sec_fill.h"
#include "hisi_sec_soft.h"

/* What comes back from the device: results into operations, second descriptors to the device. */

#define W28_RESULT (HISI_SEC_W28_DONE | HISI_SEC_W28_ERROR_TYPE)

/* sec.md 3.7; what the tag of an operation is not, is found by comparison or told by the device. */
static uint8_t
step_status(const struct hisi_sec_step *step, const struct hisi_sec_scratch *scratch, uint32_t w28)
{
	if ((w28 & W28_RESULT) != HISI_SEC_W28_DONE)
		return RTE_CRYPTO_OP_STATUS_ERROR;
	if ((step->flags & HISI_SEC_STEP_ICV) &&
			HISI_FIELD_GET(HISI_SEC_W28_ICV, w28) == HISI_SEC_ICV_MISMATCH)
		return RTE_CRYPTO_OP_STATUS_AUTH_FAILED;
	if (step->flags & HISI_SEC_STEP_COPY)
		memcpy(step->digest, scratch->mac, step->digest_len);
	else if (step->digest != NULL &&
			!hisi_sec_soft_is_equal(step->digest, scratch->mac, step->digest_len))
		return RTE_CRYPTO_OP_STATUS_AUTH_FAILED;
	return RTE_CRYPTO_OP_STATUS_SUCCESS;
}

static void
step_release(struct hisi_sec_qp *qp, struct hisi_sec_step *step)
{
	if (step->sgl.count != 0)
		hisi_qm_sgl_release(qp->first.hw->sgl, &step->sgl);
}

static struct hisi_sec_queue *
queue_of(struct hisi_sec_qp *qp, const struct hisi_qm_qp *hw)
{
	return hw == qp->first.hw ? &qp->first : &qp->second;
}

/* All lists of an operation back to the pool, used or not. */
static void
slot_release(struct hisi_sec_qp *qp, struct hisi_sec_slot *slot)
{
	step_release(qp, &slot->step);
	if (!(slot->step.flags & HISI_SEC_STEP_LAST))
		step_release(qp, &slot->next);
}

/* The last of an operation, whose status is known; of the raw API it is user data. */
static void *
hand_out(struct hisi_sec_qp *qp, const struct hisi_qm_inflight *inflight, uint8_t status)
{
	struct rte_crypto_op *op = inflight->op;

	if (status != RTE_CRYPTO_OP_STATUS_SUCCESS) {
		qp->errors++;
		qp->statuses[status]++;
	}
	if (inflight->dst_len & HISI_SEC_FINISH_RAW) {
		/* User data may be any value; the burst takes this pointer for an operation. */
		qp->raw_user_data[qp->raw_count % HISI_SEC_RAW_BURST] = op;
		qp->raw_status[qp->raw_count++ % HISI_SEC_RAW_BURST] = status;
		return qp;
	}
	op->status = status;
	hisi_sec_drop_session(qp, op);
	return op;
}

void
hisi_sec_record_at(const struct hisi_sec_qp *qp, struct hisi_qm_qp *hw, uint32_t tail)
{
	uint8_t *record = hisi_qm_qp_sqe_records(hw, tail, HISI_SEC_RECORD_LEN);

	if (record != NULL)
		hisi_record_pack(qp->bd_type == HISI_SEC_BD_TYPE_2 ? &hisi_sec_record_bd2 :
			&hisi_sec_record_bd3, hisi_qm_qp_sqe(hw, tail, HISI_SEC_SQE_LEN), record);
}

/* ---- second descriptors ---- */

/* Addresses in scratch memory of a slot that goes to another one. */
static void
rebase(uint32_t *bd, unsigned int dword, const struct hisi_sec_scratch *from,
	const struct hisi_sec_scratch *to)
{
	uint64_t iova, offset;

	memcpy(&iova, bd + dword, sizeof(iova));
	offset = iova - hisi_qm_iova(from);
	if (offset < sizeof(*from))
		hisi_sec_store64(bd, dword, hisi_qm_iova(to) + offset);
}

static void
second_fill(struct hisi_sec_qp *qp, uint32_t tail, size_t from,
	const struct hisi_qm_inflight *inflight)
{
	const struct hisi_sec_layout *layout = hisi_sec_layout_get(qp->bd_type);
	const struct hisi_sec_slot *slot = &qp->first.slots[from];
	const struct hisi_sec_scratch *old = &qp->first.scratch[from];
	uint32_t idx = tail & qp->second.hw->mask;
	struct hisi_sec_scratch *scratch = &qp->second.scratch[idx];
	uint32_t *bd = hisi_qm_qp_sqe(qp->second.hw, tail, HISI_SEC_SQE_LEN);

	*scratch = *old;
	memcpy(bd, slot->next_bd, HISI_SEC_SQE_LEN);
	rebase(bd, layout->src, old, scratch);
	rebase(bd, layout->mac, old, scratch);
	rebase(bd, layout->c_ivin, old, scratch);
	qp->second.slots[idx].step = slot->next;
	qp->second.slots[idx].from = qp->first.hw->head;
	qp->second.hw->inflight[idx] = *inflight;
	hisi_sec_record_at(qp, qp->second.hw, tail);
}

/*
 * The first descriptor is complete, so the second may go: the two must not be in flight together
 * (sec.md 7 item 16). There is room, unless the queue has been closed since this burst began.
 */
static bool
second_start(struct hisi_sec_qp *qp, size_t from, const struct hisi_qm_inflight *inflight)
{
	struct hisi_qm_qp *hw = qp->second.hw;
	uint32_t tail;

	if (qp->second_filled == 0)
		hisi_qm_qp_enqueue_begin(hw);
	if (hisi_qm_qp_free_slots(hw, &tail) <= qp->second_filled) {
		if (qp->second_filled == 0)
			hisi_qm_qp_enqueue_end(hw);
		return false;
	}
	if (qp->second_filled == 0)
		qp->second_at = tail;
	second_fill(qp, tail + qp->second_filled, from, inflight);
	qp->second_filled++;
	return true;
}

static void
second_submit(struct hisi_sec_qp *qp)
{
	struct hisi_qm_qp *hw = qp->second.hw;

	hisi_qm_qp_submit(hw, hw->tail + qp->second_filled);
	hisi_qm_qp_enqueue_end(hw);
	qp->second_filled = 0;
}

/*
 * Of the descriptors that a process had filled when it was killed, those that are all there is of
 * their operations. Not so where it had handed them over and could not say so any more, and where
 * the completion is still at the head of the first queue: it is finished again, and its lists are
 * of the slot there.
 */
static uint32_t
second_left(const struct hisi_sec_qp *qp, uint32_t tail)
{
	uint32_t i;

	if ((int32_t)(qp->second_at - tail) < 0)
		return 0;
	for (i = 0; i < qp->second_filled; i++)
		if (qp->second.slots[(qp->second_at + i) & qp->second.hw->mask].from ==
				qp->first.hw->head)
			break;
	return i;
}

/* They are handed over now, or, where the queue is closed, their operations are errors. */
static __rte_noinline uint16_t
second_inherit(struct hisi_sec_qp *qp, void **ops, uint16_t nb_ops)
{
	struct hisi_qm_qp *hw = qp->second.hw;
	uint32_t room, tail;
	uint16_t done;

	hisi_qm_qp_enqueue_begin(hw);
	room = hisi_qm_qp_free_slots(hw, &tail);
	qp->second_filled = second_left(qp, tail);
	/* A restart empties the slots; no descriptor begins with 0. */
	if (qp->second_filled != 0 && room >= qp->second_filled && qp->second_at == tail &&
			*(const uint32_t *)hisi_qm_qp_sqe(hw, tail, HISI_SEC_SQE_LEN) != 0) {
		second_submit(qp);
		return 0;
	}
	hisi_qm_qp_enqueue_end(hw);
	for (done = 0; done < nb_ops && qp->second_filled != 0; done++, qp->second_filled--)
		ops[done] = hisi_sec_fail(qp, hw, &hw->inflight[qp->second_at++ & hw->mask]);
	return done;
}

/*
 * Has the device let go of the first queue, without a completion at its head, which may be one that
 * a second descriptor follows on? What is left of it does not wait for the second queue: both
 * restart together. A queue that is drained is the control thread's, and its indices too.
 */
static bool
first_is_left(const struct hisi_sec_qp *qp)
{
	const struct hisi_qm_qp *hw = qp->first.hw;
	uint64_t high;

	return hisi_qm_load_acquire(&hw->state) == HISI_QM_QP_QUIESCED && !hw->drained &&
		(hw->cq_broken || !hisi_qm_qp_peek(hw, hw->head, &high));
}

/* Descriptors that may follow on those of the first queue in this burst. */
static uint32_t
second_room(struct hisi_sec_qp *qp)
{
	uint32_t tail, room;

	/* Nothing waits for what does not come back: those operations are errors. */
	if (hisi_qm_load_acquire(&qp->second.hw->state) == HISI_QM_QP_DEAD)
		return UINT32_MAX;
	room = hisi_qm_qp_free_slots(qp->second.hw, &tail);
	return room == 0 && first_is_left(qp) ? UINT32_MAX : room;
}

/* ---- completions ---- */

static __rte_noinline void *
finish_odd(struct hisi_sec_qp *qp, struct hisi_qm_qp *hw, const struct hisi_qm_inflight *inflight,
	uint32_t w28, struct hisi_qm_dequeue_bytes *bytes)
{
	struct hisi_sec_queue *queue = queue_of(qp, hw);
	size_t idx = inflight - hw->inflight;
	struct hisi_sec_slot *slot = &queue->slots[idx];
	uint8_t status = RTE_CRYPTO_OP_STATUS_ERROR;

	/* As the template has it: the device has not written back. */
	if (w28 == 0)
		return NULL;
	if (inflight->dst_len != HISI_SEC_FINISH_PLAIN) {
		status = step_status(&slot->step, &queue->scratch[idx], w28);
		step_release(qp, &slot->step);
		if (!(slot->step.flags & HISI_SEC_STEP_LAST)) {
			if (status == RTE_CRYPTO_OP_STATUS_SUCCESS &&
					second_start(qp, idx, inflight))
				return HISI_QM_DEQUEUE_HELD;
			if (status == RTE_CRYPTO_OP_STATUS_SUCCESS)
				status = RTE_CRYPTO_OP_STATUS_ERROR;
			step_release(qp, &slot->next);
		}
	}
	bytes->in += inflight->src_len;
	return hand_out(qp, inflight, status);
}

/* The result word of a slot into its operation. Read once: the device could still be writing. */
static __rte_always_inline void *
sec_finish(void *queue_pair, struct hisi_qm_qp *hw, const void *sqe,
	const struct hisi_qm_inflight *inflight, struct hisi_qm_dequeue_bytes *bytes)
{
	struct rte_crypto_op *op = inflight->op;
	uint32_t w28 = hisi_qm_load_relaxed((const uint32_t *)sqe + HISI_SEC_DW_RESULT);

	if (unlikely((w28 & W28_RESULT) != HISI_SEC_W28_DONE ||
			inflight->dst_len != HISI_SEC_FINISH_PLAIN))
		return finish_odd(queue_pair, hw, inflight, w28, bytes);
	op->status = RTE_CRYPTO_OP_STATUS_SUCCESS;
	bytes->in += inflight->src_len;
	return op;
}

void *
hisi_sec_fail(void *queue_pair, struct hisi_qm_qp *hw, const struct hisi_qm_inflight *inflight)
{
	struct hisi_sec_qp *qp = queue_pair;

	if (inflight->dst_len != HISI_SEC_FINISH_PLAIN)
		slot_release(qp, &queue_of(qp, hw)->slots[inflight - hw->inflight]);
	qp->stopped++;
	return hand_out(qp, inflight, RTE_CRYPTO_OP_STATUS_ERROR);
}

void
hisi_sec_retire(struct hisi_sec_qp *qp, const struct hisi_qm_inflight *inflight)
{
	if (inflight->dst_len != HISI_SEC_FINISH_PLAIN)
		slot_release(qp, &qp->first.slots[inflight - qp->first.hw->inflight]);
}

static const struct hisi_qm_dequeue sec_dequeue = {
	.finish = sec_finish,
	.fail = hisi_sec_fail,
	.replay = hisi_sec_replay,
	.sqe_len = HISI_SEC_SQE_LEN,
	.result = HISI_SEC_DW_RESULT * sizeof(uint32_t),
	.holds = true,
};

/* The second queue first: what it completes makes room for what the first one has done. */
static __rte_noinline uint16_t
dequeue_two_steps(struct hisi_sec_qp *qp, void **ops, uint16_t nb_ops)
{
	uint32_t room;
	uint16_t done;

	done = hisi_qm_dequeue_run(&sec_dequeue, qp, qp->second.hw, ops, nb_ops, &qp->bytes);
	room = second_room(qp);
	return done + hisi_qm_dequeue_run(&sec_dequeue, qp, qp->first.hw, ops + done,
		(uint16_t)RTE_MIN((uint32_t)(nb_ops - done), room), &qp->bytes);
}

uint16_t
hisi_sec_dequeue_queues(struct hisi_sec_qp *qp, void **ops, uint16_t nb_ops)
{
	uint16_t done = 0;

	/* A second queue that was stopped is restarted once dequeue has looked, used or not. */
	if (likely(!hisi_qm_load_relaxed(&qp->has_two_steps) &&
			hisi_qm_qp_is_running(qp->second.hw)))
		done = hisi_qm_dequeue_run(&sec_dequeue, qp, qp->first.hw, ops, nb_ops,
			&qp->bytes);
	else {
		if (unlikely(qp->second_filled != 0))
			done = second_inherit(qp, ops, nb_ops);
		/* More of them than there is room for. */
		if (unlikely(qp->second_filled != 0))
			return done;
		done += dequeue_two_steps(qp, ops + done, (uint16_t)(nb_ops - done));
	}
	/* Also of the first operation of two descriptors, which may come behind that look. */
	if (unlikely(qp->second_filled != 0))
		second_submit(qp);
	return done;
}
