/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>

#include <rte_lcore.h>
#include <rte_malloc.h>

#include "hisi_sec.h"
#include "hisi_sec_request.h"

/*
 * The raw data-path API: no operations and no mbufs, the application keeps what it wants to know as
 * user data. A queue pair with a context of it takes no operations, and the other way round: what
 * dequeue hands out must be what the caller expects.
 *
 * There is no operation to park: what does not go to the ring is refused.
 */

/* In the application's memory. */
struct raw_ctx {
	const struct hisi_sec_session *session;
	uint32_t made;		/**< of the queue pair when its own session was given */
	uint32_t abandoned;	/**< of the queue pair when filled began */
	uint32_t filled;	/**< descriptors of it that wait for enqueue_done() */
};

/* ---- a request ---- */

static struct hisi_sec_side
raw_side(const struct rte_crypto_vec *vec, uint32_t count)
{
	struct hisi_sec_side side = { .vec = vec, .nb_segs = count };
	uint32_t i;

	for (i = 0; i < count; i++)
		side.len += vec[i].len;
	return side;
}

/* Has each piece an address, and one for the driver to copy by, where it has to? */
static bool
raw_side_is_there(const struct hisi_sec_side *side, bool is_copied)
{
	const struct rte_crypto_vec *vec;

	if (side->nb_segs > HISI_SEC_RAW_MAX_SEGS)
		return false;
	for (vec = side->vec; vec < side->vec + side->nb_segs; vec++)
		if (vec->len != 0 && vec->base == NULL && (is_copied || vec->iova == 0))
			return false;
	return true;
}

/* @return false: head and tail leave less than nothing */
static bool
raw_range(struct hisi_sec_range *range, const struct hisi_sec_side *side, uint16_t head,
	uint16_t tail)
{
	uint64_t around = (uint64_t)head + tail;

	if (around > side->len || side->len > UINT32_MAX)
		return false;
	*range = (struct hisi_sec_range){ head, (uint32_t)(side->len - around) };
	return true;
}

static bool
raw_ranges(struct hisi_sec_request *request, union rte_crypto_sym_ofs ofs)
{
	const struct hisi_sec_session *session = request->session;
	enum hisi_sec_kind kind = hisi_sec_kind(session);
	bool is_auth_only = kind == HISI_SEC_KIND_AUTH || session->is_gmac;

	if (!is_auth_only && !raw_range(&request->cipher, &request->src, ofs.ofs.cipher.head,
			ofs.ofs.cipher.tail))
		return false;
	if (!is_auth_only && kind != HISI_SEC_KIND_CHAIN)
		return true;
	return raw_range(&request->auth, &request->src, ofs.ofs.auth.head, ofs.ofs.auth.tail);
}

static const void *
raw_va(const struct rte_crypto_va_iova_ptr *ptr)
{
	return ptr != NULL ? ptr->va : NULL;
}

/* Freed since, or the queue pair's own, which has become another context's. */
static bool
raw_session_is_gone(const struct hisi_sec_qp *qp, const struct raw_ctx *ctx)
{
	return !hisi_sec_session_fits(ctx->session, qp->bd_type) ||
		(ctx->session == qp->raw_session && ctx->made != qp->raw_made);
}

/* @return 0, -EINVAL, -ENOTSUP */
static int
raw_request(struct hisi_sec_qp *qp, const struct raw_ctx *ctx, struct hisi_sec_request *request,
	union rte_crypto_sym_ofs ofs, const struct rte_crypto_va_iova_ptr *iv,
	const struct rte_crypto_va_iova_ptr *digest, const struct rte_crypto_va_iova_ptr *aad)
{
	const struct hisi_sec_session *session = ctx->session;
	uint32_t skip = session->is_ccm ? 18 : 0;
	enum hisi_sec_reason reason;
	bool is_copied;

	if (raw_session_is_gone(qp, ctx))
		return -EINVAL;
	request->session = session;
	request->iv = raw_va(session->is_gmac ? aad : iv);
	if (digest != NULL) {
		request->digest = digest->va;
		request->digest_iova = digest->iova != 0 ? digest->iova : (uintptr_t)digest->va;
	}
	if (session->aad_len != 0 && raw_va(aad) != NULL) {
		request->aad = (const uint8_t *)aad->va + skip;
		request->aad_iova = (aad->iova != 0 ? aad->iova : (uintptr_t)aad->va) + skip;
	}
	is_copied = !request->is_in_place && hisi_sec_kind(session) == HISI_SEC_KIND_CHAIN;
	if (!raw_ranges(request, ofs) || (session->iv_len != 0 && request->iv == NULL) ||
			!raw_side_is_there(&request->src, is_copied) ||
			!raw_side_is_there(&request->dst, is_copied))
		return -EINVAL;
	reason = hisi_sec_request_check(request, qp->bd_type, true);
	if (reason == HISI_SEC_REASONS)
		return 0;
	return reason == HISI_SEC_REASON_INVALID ? -EINVAL : -ENOTSUP;
}

/* Does somebody look whether this queue pair is still used (hisi_sec_watch.c)? It is. */
static bool
raw_is_watched(struct hisi_sec_qp *qp)
{
	if (likely(!hisi_qm_load_relaxed(&qp->is_raw_watched)))
		return false;
	hisi_qm_pair_mark_polled(qp);
	return true;
}

/* ---- enqueue ---- */

/*
 * The queue is held from the first descriptor on until the doorbell. Contexts of one queue pair
 * follow each other in its ring, so that one doorbell is that of all who wait.
 */
static void
raw_begin(struct hisi_sec_qp *qp)
{
	if (qp->raw_filled == 0)
		hisi_qm_qp_enqueue_begin(qp->first.hw);
}

static void
raw_end(struct hisi_sec_qp *qp)
{
	struct hisi_qm_qp *hw = qp->first.hw;

	if (qp->raw_filled != 0)
		hisi_qm_qp_submit(hw, hw->tail + qp->raw_filled);
	hisi_qm_qp_enqueue_end(hw);
	qp->enqueued += qp->raw_filled;
	qp->raw_filled = 0;
}

/*
 * What waits for a doorbell is given up, whichever context it is of: the device never gets it, and
 * its slots and lists are free again.
 */
static void
raw_abandon(struct hisi_sec_qp *qp)
{
	struct hisi_qm_qp *hw = qp->first.hw;
	uint32_t i;

	if (qp->raw_filled == 0)
		return;
	for (i = 0; i < qp->raw_filled; i++)
		hisi_sec_retire(qp, &hw->inflight[(hw->tail + i) & hw->mask]);
	hisi_qm_qp_enqueue_end(hw);
	qp->raw_filled = 0;
	qp->raw_abandoned++;
}

/* Descriptors of a context that wait; it may not know yet that they were given up. */
static uint32_t
raw_waiting(const struct hisi_sec_qp *qp, const struct raw_ctx *ctx)
{
	return ctx->abandoned == qp->raw_abandoned ? ctx->filled : 0;
}

/* @return 1: in its slot; 0: no room now; -errno: it will never do */
static int
raw_put(struct hisi_sec_qp *qp, const struct hisi_sec_request *request, void *user_data)
{
	struct hisi_qm_qp *hw = qp->first.hw;
	struct hisi_qm_inflight *inflight;
	uint32_t tail, *bd;

	if (hisi_qm_qp_free_slots(hw, &tail) <= qp->raw_filled) {
		hw->enqueue_stats.full++;
		return hisi_qm_load_acquire(&hw->state) == HISI_QM_QP_DEAD ? -ENODEV : 0;
	}
	tail += qp->raw_filled;
	bd = hisi_qm_qp_sqe(hw, tail, HISI_SEC_SQE_LEN);
	inflight = &hw->inflight[tail & hw->mask];
	if (!hisi_sec_build(qp, request, bd, inflight))
		return 0;
	inflight->op = user_data;
	inflight->dst_len |= HISI_SEC_FINISH_RAW;
	hisi_sec_record_at(qp, hw, tail);
	qp->raw_filled++;
	return 1;
}

static int
raw_enqueue(void *queue_pair, uint8_t *drv_ctx, struct rte_crypto_vec *vec, uint16_t count,
	union rte_crypto_sym_ofs ofs, struct rte_crypto_va_iova_ptr *iv,
	struct rte_crypto_va_iova_ptr *digest, struct rte_crypto_va_iova_ptr *aad,
	void *user_data)
{
	struct hisi_sec_qp *qp = queue_pair;
	struct raw_ctx *ctx = (struct raw_ctx *)(void *)drv_ctx;
	struct hisi_sec_request request = { .is_in_place = true };
	int ret;

	if (unlikely(raw_is_watched(qp)))
		return -EBUSY;
	request.src = raw_side(vec, count);
	request.dst = request.src;
	ret = raw_request(qp, ctx, &request, ofs, iv, digest, aad);
	if (ret == 0) {
		raw_begin(qp);
		ret = raw_put(qp, &request, user_data);
		ctx->filled = raw_waiting(qp, ctx) + (ret == 1);
		ctx->abandoned = qp->raw_abandoned;
		if (qp->raw_filled == 0)
			raw_end(qp);
		/* "No room" is a failure in this call: 0 says that it waits for the doorbell. */
		ret = ret == 1 ? 0 : ret == 0 ? -EBUSY : ret;
	}
	qp->refused += ret < 0;
	return ret;
}

static int
raw_enqueue_vec(struct hisi_sec_qp *qp, const struct raw_ctx *ctx,
	struct rte_crypto_sym_vec *vec, uint32_t i, union rte_crypto_sym_ofs ofs, void *user_data)
{
	struct hisi_sec_request request = { .is_in_place = vec->dest_sgl == NULL };
	int ret;

	request.src = raw_side(vec->src_sgl[i].vec, vec->src_sgl[i].num);
	request.dst = request.is_in_place ? request.src :
		raw_side(vec->dest_sgl[i].vec, vec->dest_sgl[i].num);
	ret = raw_request(qp, ctx, &request, ofs, vec->iv != NULL ? &vec->iv[i] : NULL,
		vec->digest != NULL ? &vec->digest[i] : NULL,
		vec->aad != NULL ? &vec->aad[i] : NULL);
	return ret == 0 ? raw_put(qp, &request, user_data) : ret;
}

static uint32_t
raw_enqueue_burst(void *queue_pair, uint8_t *drv_ctx, struct rte_crypto_sym_vec *vec,
	union rte_crypto_sym_ofs ofs, void *user_data[], int *enqueue_status)
{
	struct hisi_sec_qp *qp = queue_pair;
	struct raw_ctx *ctx = (struct raw_ctx *)(void *)drv_ctx;
	int ret = 1;
	uint32_t i;

	*enqueue_status = 1;
	if (unlikely(raw_is_watched(qp)))
		return 0;
	raw_begin(qp);
	for (i = 0; i < vec->num; i++) {
		ret = raw_enqueue_vec(qp, ctx, vec, i, ofs, user_data[i]);
		if (ret != 1)
			break;
	}
	/* Those that waited go as well. */
	raw_end(qp);
	ctx->filled = 0;
	qp->refused += ret < 0;
	if (ret < 0)
		*enqueue_status = ret;
	return i;
}

static int
raw_enqueue_done(void *queue_pair, uint8_t *drv_ctx, uint32_t n)
{
	struct raw_ctx *ctx = (struct raw_ctx *)(void *)drv_ctx;
	struct hisi_sec_qp *qp = queue_pair;

	/* They are one after the other in the ring: a part of them cannot wait on. */
	if (n != raw_waiting(qp, ctx))
		return -EINVAL;
	if (qp->raw_filled != 0)
		raw_end(qp);
	ctx->filled = 0;
	return 0;
}

/* ---- dequeue ---- */

/* @return how many; they are in qp->raw_user_data and qp->raw_status */
static uint32_t
raw_take(struct hisi_sec_qp *qp, uint32_t count)
{
	void *ops[HISI_SEC_RAW_BURST];
	uint32_t done;

	(void)raw_is_watched(qp);
	qp->raw_count = 0;
	done = hisi_sec_dequeue_queues(qp, ops,
		(uint16_t)RTE_MIN(count, (uint32_t)HISI_SEC_RAW_BURST));
	qp->dequeued += done;
	return done;
}

static void *
raw_dequeue(void *queue_pair, uint8_t *drv_ctx, int *dequeue_status,
	enum rte_crypto_op_status *op_status)
{
	struct hisi_sec_qp *qp = queue_pair;

	RTE_SET_USED(drv_ctx);
	*dequeue_status = 1;
	if (raw_take(qp, 1) == 0)
		return NULL;
	*op_status = qp->raw_status[0];
	return qp->raw_user_data[0];
}

/** Where a burst's results go. */
struct raw_out {
	rte_cryptodev_raw_post_dequeue_t post;
	void **user_data;
	bool is_array;
	uint32_t count;
	uint32_t nb_success;
};

static uint32_t
raw_give(struct hisi_sec_qp *qp, struct raw_out *out, uint32_t count)
{
	uint32_t i, done = raw_take(qp, count);
	bool is_success;

	for (i = 0; i < done; i++, out->count++) {
		is_success = qp->raw_status[i] == RTE_CRYPTO_OP_STATUS_SUCCESS;
		if (out->is_array || out->count == 0)
			out->user_data[out->count] = qp->raw_user_data[i];
		if (out->post != NULL)
			out->post(qp->raw_user_data[i], out->count, is_success);
		out->nb_success += is_success;
	}
	return done;
}

/* How many there are to be may stand in the first one's user data. */
static uint32_t
raw_dequeue_burst(void *queue_pair, uint8_t *drv_ctx,
	rte_cryptodev_raw_get_dequeue_count_t get_count, uint32_t most,
	rte_cryptodev_raw_post_dequeue_t post, void **user_data, uint8_t is_array,
	uint32_t *nb_success, int *dequeue_status)
{
	struct raw_out out = { .post = post, .user_data = user_data, .is_array = is_array != 0 };
	struct hisi_sec_qp *qp = queue_pair;

	RTE_SET_USED(drv_ctx);
	if (get_count != NULL)
		most = raw_give(qp, &out, 1) != 0 ? get_count(user_data[0]) : 0;
	while (out.count < most && raw_give(qp, &out, most - out.count) != 0)
		;
	*nb_success = out.nb_success;
	*dequeue_status = 1;
	return out.count;
}

static int
raw_dequeue_done(void *queue_pair, uint8_t *drv_ctx, uint32_t n)
{
	/* What was dequeued is free already. */
	RTE_SET_USED(queue_pair);
	RTE_SET_USED(drv_ctx);
	RTE_SET_USED(n);
	return 0;
}

/* ---- contexts ---- */

int
hisi_sec_raw_size(struct rte_cryptodev *dev)
{
	RTE_SET_USED(dev);
	return sizeof(struct raw_ctx);
}

static bool
raw_is_idle(const struct hisi_sec_qp *qp)
{
	return rte_ring_empty(qp->parked) && qp->raw_filled == 0 &&
		hisi_qm_qp_in_flight(qp->first.hw) == 0 &&
		hisi_qm_qp_in_flight(qp->second.hw) == 0;
}

/* Of a session that will not do, hisi_sec_session_init() says why. */
static const struct hisi_sec_session *
raw_refuse(const struct rte_cryptodev *dev, const struct hisi_sec_qp *qp, const char *why)
{
	HISI_SEC_LOG(ERR, "%s: queue pair %u cannot have this context of the raw data-path API: %s",
		dev->data->name, qp->pair.id, why);
	return NULL;
}

/* Is it one that sessions can be made of? Says why not. */
static bool
raw_xform_fits(const struct rte_cryptodev *dev, const struct hisi_sec_qp *qp,
	const struct rte_crypto_sym_xform *xform)
{
	struct hisi_sec_session probe;
	int ret = hisi_sec_session_init(&probe, dev->data->name, qp->bd_type,
		hisi_sec_algorithms(qp->dev->qm), xform);

	hisi_sec_session_wipe(&probe);
	return ret == 0;
}

/*
 * A context without a session has one of its queue pair, until the next context without one or the
 * release. What is in flight uses it. An xform that will not do takes it from nobody.
 */
static const struct hisi_sec_session *
raw_sessionless(struct rte_cryptodev *dev, struct hisi_sec_qp *qp,
	const struct rte_crypto_sym_xform *xform)
{
	if (xform == NULL)
		return raw_refuse(dev, qp, "no xform was given");
	if (!raw_is_idle(qp))
		return raw_refuse(dev, qp, "what is in flight may use its session; dequeue it first");
	if (!raw_xform_fits(dev, qp, xform))
		return NULL;
	if (qp->raw_session == NULL)
		qp->raw_session = rte_zmalloc_socket(NULL, sizeof(*qp->raw_session),
			HISI_QM_BLOCK, rte_socket_id());
	if (qp->raw_session == NULL)
		return raw_refuse(dev, qp, "there is no memory for its session");
	qp->raw_made++;
	return hisi_sec_session_init(qp->raw_session, dev->data->name, qp->bd_type,
		hisi_sec_algorithms(qp->dev->qm), xform) == 0 ? qp->raw_session : NULL;
}

static const struct hisi_sec_session *
raw_session(struct rte_cryptodev *dev, struct hisi_sec_qp *qp,
	enum rte_crypto_op_sess_type type, union rte_cryptodev_session_ctx session)
{
	const struct hisi_sec_session *found;

	if (type == RTE_CRYPTO_OP_SESSIONLESS)
		return raw_sessionless(dev, qp, session.xform);
	if (type != RTE_CRYPTO_OP_WITH_SESSION)
		return raw_refuse(dev, qp, "sessions of rte_security are not supported");
	if (session.crypto_sess == NULL)
		return raw_refuse(dev, qp, "no session was given");
	found = CRYPTODEV_GET_SYM_SESS_PRIV(session.crypto_sess);
	return hisi_sec_session_fits(found, qp->bd_type) ? found :
		raw_refuse(dev, qp, "its session is not this device's, or was freed");
}

int
hisi_sec_raw_configure(struct rte_cryptodev *dev, uint16_t qp_id,
	struct rte_crypto_raw_dp_ctx *ctx, enum rte_crypto_op_sess_type type,
	union rte_cryptodev_session_ctx session, uint8_t is_update)
{
	struct hisi_sec_qp *qp = dev->data->queue_pairs[qp_id];
	struct raw_ctx *raw = (struct raw_ctx *)(void *)ctx->drv_ctx_data;
	const struct hisi_sec_session *found;

	if (qp == NULL)
		return -EINVAL;
	/* By a context that begins, the API gives up what was enqueued and not handed over. */
	if (!is_update)
		raw_abandon(qp);
	found = raw_session(dev, qp, type, session);
	/* A context that is not updated stays what it was. */
	if (found == NULL)
		return -EINVAL;
	if (is_update) {
		raw->session = found;
		raw->made = qp->raw_made;
		return 0;
	}
	if (!qp->is_raw && !raw_is_idle(qp)) {
		HISI_SEC_LOG(ERR, "%s: queue pair %u has operations in flight and cannot go over to the raw data-path API; dequeue them first",
			dev->data->name, qp_id);
		return -EBUSY;
	}
	qp->is_raw = 1;
	raw->session = found;
	raw->made = qp->raw_made;
	raw->abandoned = qp->raw_abandoned;
	raw->filled = 0;
	*ctx = (struct rte_crypto_raw_dp_ctx){
		.qp_data = qp,
		.enqueue = raw_enqueue,
		.enqueue_burst = raw_enqueue_burst,
		.enqueue_done = raw_enqueue_done,
		.dequeue = raw_dequeue,
		.dequeue_burst = raw_dequeue_burst,
		.dequeue_done = raw_dequeue_done,
	};
	return 0;
}
