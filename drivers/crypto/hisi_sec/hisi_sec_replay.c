/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_sec_fill.h"
#include "hisi_sec_request.h"

/*
 * on_error=replay, the class's part (hisi_qm_replay.h): which operations can be done again, and
 * their descriptors. Only what the application gave is used for that, nothing that the device could
 * have written to.
 */

/* Work of a burst call, in pieces of some ten instructions: well below a millisecond. */
#define REPLAY_BURST_WORK 4096
/* What an operation costs apart from its segments. */
#define REPLAY_OP_WORK 16

static bool
mac_is_in_range(const struct hisi_sec_request *request, const struct hisi_sec_range *range)
{
	struct hisi_sec_cursor in = hisi_sec_cursor_at(&request->src, range);
	uint8_t *data;
	uint32_t len;

	while ((len = hisi_sec_cursor_next(&in, &data)) != 0)
		if (request->digest < data + len &&
				data < request->digest + request->session->digest_len)
			return true;
	return false;
}

/*
 * May the device have written a MAC over what it would read again, as that of an authentication
 * header lies in its packet? One that is cut off is the driver's to write, when all is complete.
 */
static bool
replay_mac_is_in_source(const struct hisi_sec_qp *qp, const struct hisi_qm_inflight *inflight,
	const struct hisi_sec_session *session, uint32_t *work)
{
	const struct hisi_sec_slot *slot = &qp->first.slots[inflight - qp->first.hw->inflight];
	struct hisi_sec_request request;

	if (session->digest_len == 0 || session->is_verify ||
			(slot->step.flags & HISI_SEC_STEP_COPY))
		return false;
	hisi_sec_request_init(&request, inflight->op, session);
	*work += request.src.nb_segs;
	return mac_is_in_range(&request, &request.auth) ||
		mac_is_in_range(&request, &request.cipher);
}

/*
 * Why it cannot be done again, HISI_QM_REPLAY_REFUSALS: it can. What a hash reads is whole, unless
 * its digest lies there; what a cipher wrote over its source is not.
 */
static enum hisi_qm_replay_refusal
replay_refusal(const struct hisi_sec_qp *qp, const struct hisi_qm_qp *hw,
	const struct hisi_qm_inflight *inflight, uint32_t *work)
{
	const struct rte_crypto_op *op = inflight->op;
	const struct rte_crypto_sym_op *sym = op->sym;
	const struct hisi_sec_session *session;

	/* A second descriptor goes on from what the first one did; user data are no operation. */
	if (hw != qp->first.hw)
		return HISI_QM_REPLAY_STATEFUL;
	if (inflight->dst_len & HISI_SEC_FINISH_RAW)
		return HISI_QM_REPLAY_CHANGED;
	if (sym->session == NULL || sym->m_src == NULL)
		return HISI_QM_REPLAY_CHANGED;
	session = CRYPTODEV_GET_SYM_SESS_PRIV(sym->session);
	if (!hisi_sec_session_fits(session, qp->bd_type))
		return HISI_QM_REPLAY_CHANGED;
	if (replay_mac_is_in_source(qp, inflight, session, work))
		return HISI_QM_REPLAY_IN_PLACE;
	if (hisi_sec_kind(session) == HISI_SEC_KIND_AUTH || session->is_gmac)
		return HISI_QM_REPLAY_REFUSALS;
	if (sym->m_dst == NULL)
		return HISI_QM_REPLAY_IN_PLACE;
	return hisi_qm_replay_overlaps(sym->m_src, sym->m_dst, work);
}

/* An operation that was in the old ring. @return false: the caller's to return, counted */
static bool
replay_keep_one(struct hisi_sec_qp *qp, struct hisi_qm_qp *hw,
	const struct hisi_qm_inflight *inflight, uint32_t *work)
{
	enum hisi_qm_replay_refusal refusal = replay_refusal(qp, hw, inflight, work);

	if (refusal != HISI_QM_REPLAY_REFUSALS) {
		hisi_qm_replay_refuse(hw, refusal);
		return false;
	}
	if (!hisi_qm_replay_keep(hw, inflight->op))
		return false;
	hisi_sec_retire(qp, inflight);
	return true;
}

static bool
replay_fill(struct hisi_sec_qp *qp, struct rte_crypto_op *op, uint32_t slot)
{
	struct hisi_qm_inflight *inflight = &qp->first.hw->inflight[slot];
	uint32_t *bd = hisi_qm_qp_sqe(qp->first.hw, slot, HISI_SEC_SQE_LEN);
	const struct hisi_sec_session *session = CRYPTODEV_GET_SYM_SESS_PRIV(op->sym->session);
	struct hisi_sec_request request;

	/* A session that enqueue made is as good as any, but no reason for the fast path. */
	if (hisi_sec_is_plain(qp->plain, op, &session)) {
		hisi_sec_fill(hisi_sec_layout_get(qp->bd_type), bd, &qp->first.scratch[slot],
			inflight, op, session);
		return true;
	}
	if (!hisi_sec_session_fits(session, qp->bd_type))
		return false;
	hisi_sec_request_init(&request, op, session);
	if (hisi_sec_request_check(&request, qp->bd_type, qp->fallback) != HISI_SEC_REASONS ||
			!hisi_sec_build(qp, &request, bd, inflight))
		return false;
	inflight->op = op;
	return true;
}

/* One of those that were kept. @return what the caller is to return, NULL: it is in the ring */
static void *
replay_place_one(struct hisi_sec_qp *qp, struct rte_crypto_op *op, uint32_t slot, uint32_t *work)
{
	struct hisi_qm_inflight lost = { .op = op, .dst_len = HISI_SEC_FINISH_PLAIN };

	*work += op->sym->m_src->nb_segs;
	if (replay_fill(qp, op, slot)) {
		hisi_qm_replay_placed(qp->first.hw);
		return NULL;
	}
	hisi_qm_replay_refuse(qp->first.hw, HISI_QM_REPLAY_CHANGED);
	return hisi_sec_fail(qp, qp->first.hw, &lost);
}

/* All out of the old ring, lists too, before the first goes into the new one. */
uint16_t
hisi_sec_replay(void *queue_pair, struct hisi_qm_qp *hw, void **ops, uint16_t nb_ops)
{
	struct hisi_sec_qp *qp = queue_pair;
	const struct hisi_qm_inflight *inflight;
	uint32_t work, slot;
	uint16_t i = 0;
	void *op;

	for (work = 0; i < nb_ops && work < REPLAY_BURST_WORK; work += REPLAY_OP_WORK) {
		inflight = hisi_qm_qp_next_left(hw);
		if (inflight != NULL) {
			if (!replay_keep_one(qp, hw, inflight, &work))
				ops[i++] = hisi_sec_fail(qp, hw, inflight);
			continue;
		}
		op = hisi_qm_replay_next(hw, &slot);
		if (op == NULL) {
			hisi_qm_replay_ready(hw);
			break;
		}
		op = replay_place_one(qp, op, slot, &work);
		if (op != NULL)
			ops[i++] = op;
	}
	return i;
}
