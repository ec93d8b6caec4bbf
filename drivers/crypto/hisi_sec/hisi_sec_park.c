/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_sec_request.h"
#include "hisi_sec_soft.h"

/*
 * Operations that do not go to the ring: what cannot be done, what is nothing to do, and what the
 * chip cannot. Enqueue parks them, dequeue settles them.
 */

/*
 * Bytes after which a burst call does no more work in software: a fraction of a millisecond. The
 * next call goes on.
 */
#define SOFT_BURST_LEN (UINT32_C(128) << 10)

bool
hisi_sec_park(struct hisi_sec_qp *qp, struct rte_crypto_op *op, enum hisi_sec_reason reason)
{
	/* The status tells dequeue what to do: NOT_PROCESSED is still to be worked on. */
	static const uint8_t status[HISI_SEC_REASONS] = {
		[HISI_SEC_REASON_INVALID] = RTE_CRYPTO_OP_STATUS_INVALID_ARGS,
		[HISI_SEC_REASON_SESSION] = RTE_CRYPTO_OP_STATUS_INVALID_SESSION,
		/* There is nothing wrong with it: another time it may go. */
		[HISI_SEC_REASON_POOL_EMPTY] = RTE_CRYPTO_OP_STATUS_ERROR,
		[HISI_SEC_REASON_DEAD] = RTE_CRYPTO_OP_STATUS_ERROR,
		[HISI_SEC_REASON_EMPTY] = RTE_CRYPTO_OP_STATUS_NOT_PROCESSED,
		[HISI_SEC_REASON_SOFT_EMPTY] = RTE_CRYPTO_OP_STATUS_NOT_PROCESSED,
		[HISI_SEC_REASON_SOFT_CTR] = RTE_CRYPTO_OP_STATUS_NOT_PROCESSED,
		[HISI_SEC_REASON_SOFT_LONG] = RTE_CRYPTO_OP_STATUS_NOT_PROCESSED,
	};

	if (rte_ring_full(qp->parked))
		return false;
	/* All of it before the ring hands the operation to dequeue's lcore. */
	op->status = status[reason];
	qp->reasons[reason]++;
	return hisi_qm_pair_park(qp->parked, op);
}

void
hisi_sec_drop_session(struct hisi_sec_qp *qp, struct rte_crypto_op *op)
{
	struct rte_cryptodev_sym_session *session = op->sym->session;

	/* Without one: a process that was killed in dequeue has given it back already. */
	if (op->sess_type != RTE_CRYPTO_OP_SESSIONLESS || session == NULL)
		return;
	op->sym->session = NULL;
	hisi_qm_signal_fence();
	hisi_sec_session_wipe(CRYPTODEV_GET_SYM_SESS_PRIV(session));
	rte_mempool_put(qp->sessions, session);
}

/* A MAC of no data is ready in the session; a cipher of no data is done. */
static uint8_t
settle_empty(const struct hisi_sec_request *request)
{
	const struct hisi_sec_session *session = request->session;

	if (hisi_sec_kind(session) != HISI_SEC_KIND_AUTH)
		return RTE_CRYPTO_OP_STATUS_SUCCESS;
	if (session->is_verify)
		return hisi_sec_soft_is_equal(request->digest, session->empty_mac,
			session->digest_len) ? RTE_CRYPTO_OP_STATUS_SUCCESS :
			RTE_CRYPTO_OP_STATUS_AUTH_FAILED;
	memcpy(request->digest, session->empty_mac, session->digest_len);
	return RTE_CRYPTO_OP_STATUS_SUCCESS;
}

/* @return bytes of software's work */
static uint64_t
settle(struct hisi_sec_qp *qp, struct rte_crypto_op *op)
{
	struct hisi_sec_request request;
	uint64_t work = 0;

	if (op->status == RTE_CRYPTO_OP_STATUS_NOT_PROCESSED) {
		hisi_sec_request_init(&request, op, CRYPTODEV_GET_SYM_SESS_PRIV(op->sym->session));
		if (hisi_sec_request_check(&request, qp->bd_type, true) == HISI_SEC_REASON_EMPTY) {
			op->status = settle_empty(&request);
		} else {
			op->status = hisi_sec_soft_run(&request);
			work = (uint64_t)request.cipher.len + request.auth.len;
		}
		hisi_sec_drop_session(qp, op);
	} else if (op->status == RTE_CRYPTO_OP_STATUS_INVALID_ARGS) {
		hisi_sec_drop_session(qp, op);
	}
	if (op->status != RTE_CRYPTO_OP_STATUS_SUCCESS) {
		qp->errors++;
		qp->statuses[op->status]++;
	}
	return work;
}

uint16_t
hisi_sec_unpark(struct hisi_sec_qp *qp, struct rte_crypto_op **ops, uint16_t nb_ops)
{
	uint64_t work = 0;
	uint16_t i;

	for (i = 0; i < nb_ops && work < SOFT_BURST_LEN; i++) {
		ops[i] = hisi_qm_pair_unpark(qp->parked);
		if (ops[i] == NULL)
			break;
		work += settle(qp, ops[i]);
	}
	return i;
}
