/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_sec_fill.h"
#include "hisi_sec_request.h"
#include "hisi_sec_soft.h"

/*
 * The data path. Per burst: one SQ doorbell, one CQ doorbell for each HISI_QM_CQ_BATCH completions.
 * No system call, no allocation, no lock.
 */

/* ---- enqueue ---- */

/** What became of an operation that is not a plain one. */
enum enqueue_odd {
	ENQUEUE_PARKED,		/**< taken, not to the ring */
	ENQUEUE_FILLED,		/**< taken, in the slot */
	ENQUEUE_STOP,		/**< no room: ends the burst */
};

/* Why an xform will not do is said once: it may come with every operation. */
static int
enqueue_init_session(struct hisi_sec_qp *qp, struct hisi_sec_session *session,
	const struct rte_crypto_sym_xform *xform)
{
	int ret = hisi_sec_session_init(session, qp->told_xform ? NULL : qp->dev->qm->name,
		qp->bd_type, hisi_sec_algorithms(qp->dev->qm), xform);

	if (ret != 0)
		qp->told_xform = 1;
	else
		session->lent_to = qp;
	return ret;
}

/* A session of its own for this time, out of the queue pair's pool. */
static struct hisi_sec_session *
enqueue_make_session(struct hisi_sec_qp *qp, struct rte_crypto_op *op,
	enum hisi_sec_reason *reason)
{
	struct rte_cryptodev_sym_session *handle;
	struct hisi_sec_session *session;

	if (qp->sessions == NULL)
		return NULL;
	if (rte_mempool_get(qp->sessions, (void **)&handle) != 0) {
		*reason = HISI_SEC_REASON_POOL_EMPTY;
		return NULL;
	}
	session = CRYPTODEV_GET_SYM_SESS_PRIV(handle);
	if (enqueue_init_session(qp, session, op->sym->xform) != 0) {
		rte_mempool_put(qp->sessions, handle);
		return NULL;
	}
	op->sym->session = handle;
	qp->reasons[HISI_SEC_REASON_SESSIONLESS]++;
	return session;
}

/* The session of an operation, NULL: it has none that will do, for @p reason. */
static const struct hisi_sec_session *
enqueue_session(struct hisi_sec_qp *qp, struct rte_crypto_op *op, enum hisi_sec_reason *reason)
{
	const struct hisi_sec_session *session;

	*reason = HISI_SEC_REASON_SESSION;
	if (op->type != RTE_CRYPTO_OP_TYPE_SYMMETRIC || op->sym->session == NULL)
		return NULL;
	if (op->sess_type == RTE_CRYPTO_OP_SESSIONLESS)
		return enqueue_make_session(qp, op, reason);
	if (op->sess_type != RTE_CRYPTO_OP_WITH_SESSION)
		return NULL;
	session = CRYPTODEV_GET_SYM_SESS_PRIV(op->sym->session);
	return hisi_sec_session_fits(session, qp->bd_type) ? session : NULL;
}

/* Back as it was. */
static enum enqueue_odd
enqueue_refuse(struct hisi_sec_qp *qp, struct rte_crypto_op *op, struct rte_crypto_sym_xform *xform)
{
	if (op->sess_type != RTE_CRYPTO_OP_SESSIONLESS)
		return ENQUEUE_STOP;
	hisi_sec_session_wipe(CRYPTODEV_GET_SYM_SESS_PRIV(op->sym->session));
	rte_mempool_put(qp->sessions, op->sym->session);
	op->sym->xform = xform;
	return ENQUEUE_STOP;
}

static enum enqueue_odd
enqueue_park(struct hisi_sec_qp *qp, struct rte_crypto_op *op, enum hisi_sec_reason reason)
{
	return hisi_sec_park(qp, op, reason) ? ENQUEUE_PARKED : ENQUEUE_STOP;
}

/* Enqueue's slow path. @param bd NULL: there is no slot */
static __rte_noinline enum enqueue_odd
enqueue_odd(struct hisi_sec_qp *qp, uint32_t *bd, struct hisi_qm_inflight *inflight,
	struct rte_crypto_op *op)
{
	struct rte_crypto_sym_xform *xform = op->sym->xform;
	const struct hisi_sec_session *session;
	struct hisi_sec_request request;
	enum hisi_sec_reason reason;

	/* No session may be made of an operation that is not taken in the end. */
	if (rte_ring_full(qp->parked))
		return ENQUEUE_STOP;
	session = enqueue_session(qp, op, &reason);
	if (session == NULL)
		return enqueue_park(qp, op, reason);
	hisi_sec_request_init(&request, op, session);
	reason = hisi_sec_request_check(&request, qp->bd_type, qp->fallback);
	if (reason != HISI_SEC_REASONS)
		return enqueue_park(qp, op, reason);
	if (bd == NULL || !hisi_sec_build(qp, &request, bd, inflight))
		return enqueue_refuse(qp, op, xform);
	inflight->op = op;
	return ENQUEUE_FILLED;
}

/*
 * A ring without room: full, or its queue is being looked after, or the device is gone. What does
 * not need it is taken all the same.
 */
static __rte_noinline uint16_t
enqueue_no_room(struct hisi_sec_qp *qp, struct rte_crypto_op **ops, uint16_t nb_ops)
{
	struct hisi_qm_qp *hw = qp->first.hw;
	bool is_dead = hisi_qm_load_acquire(&hw->state) == HISI_QM_QP_DEAD;
	uint16_t i;

	for (i = 0; i < nb_ops; i++) {
		if (is_dead ? !hisi_sec_park(qp, ops[i], HISI_SEC_REASON_DEAD) :
				enqueue_odd(qp, NULL, NULL, ops[i]) != ENQUEUE_PARKED)
			break;
	}
	hw->enqueue_stats.full += i < nb_ops;
	return i;
}

/*
 * Operations up to the end of the lap, or as many as there is room for. They are handed over at the
 * end of the burst, which has two runs where a lap ends.
 *
 * @param filled SQEs that this burst has not handed over yet
 * @return how many were taken; *stop: no more of this burst can be
 */
static __rte_always_inline uint16_t
enqueue_run(struct hisi_sec_qp *qp, struct rte_crypto_op **ops, uint16_t nb_ops,
	const struct hisi_sec_layout *layout, bool is_bd2, uint32_t *filled, bool *stop)
{
	struct hisi_qm_qp *hw = qp->first.hw;
	struct rte_crypto_op **at = ops, **end;
	const struct hisi_sec_session *session;
	struct hisi_qm_inflight *inflight;
	struct hisi_sec_scratch *scratch;
	uint32_t tail, free_slots, *bd, *first;
	uint32_t plain = qp->plain;
	uint8_t *record;

	free_slots = hisi_qm_qp_free_slots(hw, &tail);
	tail += *filled;
	/* The room may be gone all at once, with the control thread. */
	free_slots = free_slots > *filled ? free_slots - *filled : 0;
	first = bd = hisi_qm_qp_sqe(hw, tail, HISI_SEC_SQE_LEN);
	inflight = &hw->inflight[tail & hw->mask];
	scratch = &qp->first.scratch[tail & hw->mask];
	record = hisi_qm_qp_sqe_records(hw, tail, HISI_SEC_RECORD_LEN);
	end = ops + RTE_MIN(RTE_MIN(free_slots, hisi_qm_qp_lap_left(hw, tail)), (uint32_t)nb_ops);
	for (; at < end; at++) {
		if (likely(hisi_sec_is_plain(plain, *at, &session))) {
			hisi_sec_fill(layout, bd, scratch, inflight, *at, session);
		} else {
			enum enqueue_odd odd = enqueue_odd(qp, bd, inflight, *at);

			*stop = odd == ENQUEUE_STOP;
			hw->enqueue_stats.full += *stop;
			if (*stop)
				break;
			if (odd == ENQUEUE_PARKED)
				continue;
		}
		if (record != NULL) {
			hisi_sec_record(is_bd2, bd, record);
			record += HISI_SEC_RECORD_LEN;
		}
		bd += HISI_SEC_SQE_LEN / sizeof(*bd);
		inflight++;
		scratch++;
	}
	*filled += (uint32_t)(bd - first) / (HISI_SEC_SQE_LEN / sizeof(*bd));
	if (unlikely(free_slots == 0)) {
		at += enqueue_no_room(qp, ops, nb_ops);
		*stop = true;
	}
	return at - ops;
}

/* Operations and the raw API's do not mix: what one hands in, the other would hand out. */
static __rte_noinline uint16_t
enqueue_refuse_raw(struct hisi_sec_qp *qp)
{
	if (qp->refused++ == 0)
		HISI_SEC_LOG(ERR, "%s: queue pair %u has a context of the raw data-path API and takes no operations; use another queue pair for them",
			qp->dev->qm->name, qp->pair.id);
	return 0;
}

static __rte_always_inline uint16_t
enqueue_burst(struct hisi_sec_qp *qp, struct rte_crypto_op **ops, uint16_t nb_ops,
	const struct hisi_sec_layout *layout, bool is_bd2)
{
	struct hisi_qm_qp *hw = qp->first.hw;
	uint32_t filled = 0;
	uint16_t done = 0;
	bool stop = false;

	if (unlikely(qp->is_raw))
		return enqueue_refuse_raw(qp);
	hisi_qm_qp_enqueue_begin(hw);
	do {
		done += enqueue_run(qp, ops + done, nb_ops - done, layout, is_bd2, &filled,
			&stop);
	} while (unlikely(done < nb_ops && !stop));
	if (likely(filled != 0))
		hisi_qm_qp_submit(hw, hw->tail + filled);
	hisi_qm_qp_enqueue_end(hw);
	qp->enqueued += done;
	return done;
}

uint16_t
hisi_sec_enqueue_burst_bd2(void *queue_pair, struct rte_crypto_op **ops, uint16_t nb_ops)
{
	return enqueue_burst(queue_pair, ops, nb_ops, &hisi_sec_layout_bd2, true);
}

uint16_t
hisi_sec_enqueue_burst_bd3(void *queue_pair, struct rte_crypto_op **ops, uint16_t nb_ops)
{
	return enqueue_burst(queue_pair, ops, nb_ops, &hisi_sec_layout_bd3, false);
}

/* ---- dequeue ---- */

/*
 * Half of a burst is for parked operations, and of bursts of one every second: so neither starves
 * the other. Where the queues give nothing it is theirs all the same.
 */
static __rte_noinline uint16_t
dequeue_parked_too(struct hisi_sec_qp *qp, struct rte_crypto_op **ops, uint16_t nb_ops)
{
	uint16_t done;

	qp->parked_turn ^= 1;
	done = hisi_sec_unpark(qp, ops, (nb_ops + qp->parked_turn) / 2);
	done += hisi_sec_dequeue_queues(qp, (void **)(ops + done), nb_ops - done);
	return done != 0 ? done : hisi_sec_unpark(qp, ops, nb_ops);
}

uint16_t
hisi_sec_dequeue_burst(void *queue_pair, struct rte_crypto_op **ops, uint16_t nb_ops)
{
	struct hisi_sec_qp *qp = queue_pair;
	uint16_t done;

	if (unlikely(qp->is_raw))
		return 0;
	done = likely(rte_ring_empty(qp->parked)) ?
		hisi_sec_dequeue_queues(qp, (void **)ops, nb_ops) :
		dequeue_parked_too(qp, ops, nb_ops);
	qp->dequeued += done;
	return done;
}

void
hisi_sec_set_bursts(struct rte_cryptodev *dev)
{
	const struct hisi_sec_dev *sec = dev->data->dev_private;

	dev->enqueue_burst = hisi_sec_bd_type(sec->qm->version) == HISI_SEC_BD_TYPE_2 ?
		hisi_sec_enqueue_burst_bd2 : hisi_sec_enqueue_burst_bd3;
	dev->dequeue_burst = hisi_sec_dequeue_burst;
}
