/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_sec_fill.h"
#include "hisi_sec_request.h"

/* Descriptors of what is no plain cipher: sec.md 3.5. Enqueue's slow path, and the raw API's. */

/* Where one descriptor is being written. */
struct build {
	struct hisi_sec_qp *qp;
	const struct hisi_sec_layout *layout;
	const struct hisi_sec_request *request;
	struct hisi_sec_scratch *scratch;
	uint32_t *bd;
	struct hisi_sec_step *step;
};

/* A range and what lies before it hold so many entries of full length (sec.md 4.1). */
#define MOST_FULL_ENTRIES ((HISI_SEC_MAX_LEN + 2 * UINT16_MAX) / HISI_SGE_MAX_LEN)
#define MOST_PIECES (HISI_SEC_RAW_MAX_SEGS + MOST_FULL_ENTRIES)

/* A piece may be longer than an entry (sec.md 2.8). @return pieces, which reach up to @p end */
static uint32_t
build_pieces(const struct hisi_sec_side *side, uint64_t end, struct hisi_qm_sgl_piece *pieces)
{
	uint32_t i, from, len, count = 0;
	uint64_t sum = 0;

	for (i = 0; i < side->nb_segs; i++) {
		for (from = 0; from < side->vec[i].len && sum < end; from += len, sum += len) {
			len = RTE_MIN(side->vec[i].len - from, (uint32_t)HISI_SGE_MAX_LEN);
			pieces[count++] = (struct hisi_qm_sgl_piece){
				hisi_sec_vec_iova(&side->vec[i]) + from, len };
		}
	}
	return count;
}

static struct hisi_qm_sgl_part
build_part(const struct hisi_sec_side *side, const struct hisi_sec_range *range,
	struct hisi_qm_sgl_piece *pieces, const struct hisi_qm_sgl_piece *head)
{
	struct hisi_qm_sgl_part part = { side->mbuf, range->offset, range->len, side->nb_segs,
		pieces, *head };

	if (side->vec != NULL)
		part.nb_segs = build_pieces(side, (uint64_t)range->offset + range->len, pieces);
	return part;
}

/* @return false: no free lists */
static bool
build_lists(struct build *build, const struct hisi_sec_side *src,
	const struct hisi_sec_side *dst, const struct hisi_sec_range *range,
	const struct hisi_qm_sgl_piece *head)
{
	struct hisi_qm_sgl_piece pieces[2][MOST_PIECES];
	struct hisi_qm_sgl_part in = build_part(src, range, pieces[0], head), out;

	if (dst != NULL)
		out = build_part(dst, range, pieces[1], head);
	if (!hisi_qm_sgl_build(build->qp->first.hw->sgl, &in, dst != NULL ? &out : NULL,
			&build->step->sgl))
		return false;
	build->bd[0] |= build->layout->sgl;
	hisi_sec_store64(build->bd, build->layout->src, build->step->sgl.src);
	hisi_sec_store64(build->bd, build->layout->dst, build->step->sgl.dst);
	build->qp->reasons[HISI_SEC_REASON_CHAINED]++;
	return true;
}

/*
 * The stream of a descriptor: @p head, then @p range of @p src; its output the same of @p dst,
 * NULL: none, or in place. Flat where both sides are, else lists on both (sec.md 3.5).
 */
static bool
build_stream(struct build *build, const struct hisi_sec_side *src,
	const struct hisi_sec_side *dst, const struct hisi_sec_range *range,
	const struct hisi_qm_sgl_piece *head)
{
	/* An address that is not 0 is needed, data there are none (sec.md 2.8). */
	uint64_t in = hisi_qm_iova(build->scratch), out = in;
	bool is_flat = range->len == 0 || (hisi_sec_side_is_flat(src, range, &in) &&
		(dst == NULL || hisi_sec_side_is_flat(dst, range, &out)));

	if (range->len == 0)
		dst = NULL;
	build->step->sgl.count = 0;
	if (dst != NULL)
		build->bd[0] |= build->layout->de;
	/* The head lies right before the data, or there are none. */
	if (is_flat && head->len != 0 && (range->len == 0 ||
			(dst == NULL && head->iova + head->len == in)))
		in = head->iova;
	else if (!is_flat || head->len != 0)
		return build_lists(build, src, dst, range, head);
	hisi_sec_store64(build->bd, build->layout->src, in);
	if (dst != NULL)
		hisi_sec_store64(build->bd, build->layout->dst, out);
	return true;
}

/* ---- the operands of each kind ---- */

static const struct hisi_qm_sgl_piece no_head = { 0, 0 };

static void
build_iv(struct build *build)
{
	const struct hisi_sec_session *session = build->request->session;
	struct hisi_sec_scratch *scratch = build->scratch;

	/* A nonce of CTR, and the IV of GCM: the first counter is 1 (sec.md 3.1, 2.9.3). */
	memset(scratch->c_ivin, 0, sizeof(scratch->c_ivin));
	memcpy(scratch->c_ivin, build->request->iv, session->iv_len);
	if (session->is_ctr && session->iv_len < HISI_SEC_MAX_IV_LEN)
		scratch->c_ivin[15] = 1;
	hisi_sec_store64(build->bd, build->layout->c_ivin, hisi_qm_iova(scratch->c_ivin));
}

/* A1 and B0 (sec.md 2.9.4); the nonce comes behind a byte that is ours. */
static void
build_ccm_blocks(struct build *build)
{
	const struct hisi_sec_session *session = build->request->session;
	struct hisi_sec_scratch *scratch = build->scratch;
	uint8_t length_bytes = 15 - session->iv_len;
	uint32_t length = build->request->cipher.len;
	uint8_t i;

	memset(scratch->c_ivin, 0, sizeof(scratch->c_ivin));
	scratch->c_ivin[0] = length_bytes - 1;
	memcpy(&scratch->c_ivin[1], build->request->iv + 1, session->iv_len);
	memcpy(scratch->a_ivin, scratch->c_ivin, sizeof(scratch->a_ivin));
	scratch->c_ivin[15] = 1;
	scratch->a_ivin[0] |= (uint8_t)((session->aad_len != 0) << 6 |
		((session->digest_len - 2) / 2) << 3);
	for (i = 0; i < RTE_MIN(length_bytes, (uint8_t)4); i++, length >>= 8)
		scratch->a_ivin[15 - i] = (uint8_t)length;
	hisi_sec_store64(build->bd, build->layout->c_ivin, hisi_qm_iova(scratch->c_ivin));
	hisi_sec_store64(build->bd, build->layout->a_ivin, hisi_qm_iova(scratch->a_ivin));
}

/*
 * To where it is to be, unless the driver has something to do with it first: compare it, or cut it
 * off from the @p full length that the hardware may write (unknown, sec.md 7 items 3 and 6).
 */
static void
build_mac(struct build *build, uint16_t full, bool is_compared)
{
	const struct hisi_sec_request *request = build->request;
	const struct hisi_sec_session *session = request->session;
	bool is_cut = !session->is_verify && session->digest_len < full;
	bool is_scratch = is_compared || is_cut;

	if (is_cut)
		build->step->flags |= HISI_SEC_STEP_COPY;
	build->step->digest = is_scratch ? request->digest : NULL;
	build->step->digest_len = session->digest_len;
	hisi_sec_store64(build->bd, build->layout->mac, is_scratch ?
		hisi_qm_iova(build->scratch->mac) : request->digest_iova);
}

static uint16_t
full_mac_len(const struct hisi_sec_session *session)
{
	return hisi_sec_auth_algs[session->auth_alg].digest.max;
}

static bool
build_cipher(struct build *build)
{
	const struct hisi_sec_request *request = build->request;

	build_iv(build);
	build->bd[build->layout->c_len] = request->cipher.len;
	return build_stream(build, &request->src, request->is_in_place ? NULL : &request->dst,
		&request->cipher, &no_head);
}

/* Of what the cipher before it wrote, if there was one. */
static bool
build_auth(struct build *build)
{
	const struct hisi_sec_request *request = build->request;
	const struct hisi_sec_session *session = request->session;
	bool is_after = hisi_sec_kind(session) == HISI_SEC_KIND_CHAIN &&
		!session->is_auth_first && request->cipher.len != 0;

	build_mac(build, full_mac_len(session), session->is_verify);
	build->bd[build->layout->a_len] = request->auth.len;
	return build_stream(build, is_after ? &request->dst : &request->src, NULL, &request->auth,
		&no_head);
}

/* Both regions begin in that of the hash, which may begin earlier (sec.md 2.9.2). */
static bool
build_both(struct build *build)
{
	const struct hisi_sec_request *request = build->request;

	build_iv(build);
	build_mac(build, full_mac_len(request->session), false);
	if (request->session->is_verify)
		build->step->flags |= HISI_SEC_STEP_ICV;
	build->bd[build->layout->c_len] = request->cipher.len;
	build->bd[build->layout->a_len] = request->auth.len;
	build->bd[build->layout->offsets] = HISI_FIELD_PREP(HISI_SEC_OFFSETS_CIPHER,
		request->cipher.offset - request->auth.offset);
	return build_stream(build, &request->src, request->is_in_place ? NULL : &request->dst,
		&request->auth, &no_head);
}

/* The AAD are the head of the stream, on both sides: the engine may copy them (sec.md 2.8, 3.5). */
static bool
build_aead(struct build *build)
{
	const struct hisi_sec_request *request = build->request;
	const struct hisi_sec_session *session = request->session;
	struct hisi_qm_sgl_piece head = { request->aad_iova, session->aad_len };

	if (session->is_ccm)
		build_ccm_blocks(build);
	else
		build_iv(build);
	build_mac(build, HISI_SEC_MAX_TAG_LEN, false);
	if (session->is_verify)
		build->step->flags |= HISI_SEC_STEP_ICV;
	if (session->is_gmac) {
		build->bd[build->layout->a_len] = request->auth.len;
		build->bd[build->layout->offsets] = HISI_FIELD_PREP(HISI_SEC_OFFSETS_CIPHER,
			request->auth.len);
		return build_stream(build, &request->src, NULL, &request->auth, &no_head);
	}
	build->bd[build->layout->c_len] = request->cipher.len;
	build->bd[build->layout->a_len] = session->aad_len;
	build->bd[build->layout->offsets] = HISI_FIELD_PREP(HISI_SEC_OFFSETS_CIPHER,
		(uint32_t)session->aad_len);
	return build_stream(build, &request->src, request->is_in_place ? NULL : &request->dst,
		&request->cipher, &head);
}

/* ---- one descriptor, or two ---- */

static bool
build_one(struct build *build, enum hisi_sec_template which)
{
	const struct hisi_sec_session *session = build->request->session;

	memcpy(build->bd, session->bd[which], HISI_SEC_SQE_LEN);
	*build->step = (struct hisi_sec_step){ .flags = HISI_SEC_STEP_LAST };
	switch (which) {
	case HISI_SEC_TEMPLATE_AUTH:
		return build_auth(build);
	case HISI_SEC_TEMPLATE_BOTH:
		return build_both(build);
	default:
		return hisi_sec_kind(session) == HISI_SEC_KIND_AEAD ? build_aead(build) :
			build_cipher(build);
	}
}

/* SGLs that a list of a side may have. */
static uint32_t
most_lists(const struct hisi_sec_side *side)
{
	return (side->nb_segs + MOST_FULL_ENTRIES) / HISI_QM_SGL_ENTRIES + 1;
}

/*
 * Of both descriptors, before the first is taken: what enqueue has taken it cannot give back, the
 * free list's one producer is dequeue.
 */
static bool
has_lists_for_two(const struct build *build)
{
	uint32_t src = most_lists(&build->request->src), dst = most_lists(&build->request->dst);

	return hisi_qm_sgl_has_free(build->qp->first.hw->sgl, RTE_MAX(src, dst) + src +
		(build->request->is_in_place ? 0 : dst));
}

static bool
build_two(struct build *build, struct hisi_sec_slot *slot)
{
	bool is_auth_first = build->request->session->is_auth_first;
	struct build next = *build;

	next.bd = slot->next_bd;
	next.step = &slot->next;
	if (!has_lists_for_two(build) ||
			!build_one(build, is_auth_first ? HISI_SEC_TEMPLATE_AUTH :
				HISI_SEC_TEMPLATE_CIPHER) ||
			!build_one(&next, is_auth_first ? HISI_SEC_TEMPLATE_CIPHER :
				HISI_SEC_TEMPLATE_AUTH))
		return false;
	build->step->flags &= (uint16_t)~HISI_SEC_STEP_LAST;
	build->qp->has_two_steps = 1;
	build->qp->reasons[HISI_SEC_REASON_TWO_STEPS]++;
	return true;
}

/* What is authenticated and not enciphered is to be in the destination too (sec.md 3.5). */
static void
copy_range(const struct hisi_sec_request *request, uint32_t from, uint32_t to)
{
	struct hisi_sec_range range = { from, to > from ? to - from : 0 };
	struct hisi_sec_cursor in = hisi_sec_cursor_at(&request->src, &range);
	struct hisi_sec_cursor out = hisi_sec_cursor_at(&request->dst, &range);
	uint32_t in_len = 0, out_len = 0, len;
	uint8_t *in_data = NULL, *out_data = NULL;

	for (;;) {
		if (in_len == 0)
			in_len = hisi_sec_cursor_next(&in, &in_data);
		if (out_len == 0)
			out_len = hisi_sec_cursor_next(&out, &out_data);
		len = RTE_MIN(in_len, out_len);
		if (len == 0)
			return;
		memcpy(out_data, in_data, len);
		in_data += len;
		out_data += len;
		in_len -= len;
		out_len -= len;
	}
}

void
hisi_sec_request_copy_around(const struct hisi_sec_request *request)
{
	const struct hisi_sec_range *cipher = &request->cipher, *auth = &request->auth;
	uint32_t auth_end = auth->offset + auth->len, cipher_end = cipher->offset + cipher->len;

	if (request->is_in_place || hisi_sec_kind(request->session) != HISI_SEC_KIND_CHAIN)
		return;
	copy_range(request, auth->offset, RTE_MIN(auth_end, cipher->offset));
	copy_range(request, RTE_MAX(auth->offset, cipher_end), auth_end);
}

bool
hisi_sec_build(struct hisi_sec_qp *qp, const struct hisi_sec_request *request, uint32_t *bd,
	struct hisi_qm_inflight *inflight)
{
	size_t idx = inflight - qp->first.hw->inflight;
	struct hisi_sec_slot *slot = &qp->first.slots[idx];
	struct build build = { qp, hisi_sec_layout_get(qp->bd_type), request,
		&qp->first.scratch[idx], bd, &slot->step };
	enum hisi_sec_kind kind = hisi_sec_kind(request->session);
	bool is_done;

	if (kind == HISI_SEC_KIND_AUTH)
		is_done = build_one(&build, HISI_SEC_TEMPLATE_AUTH);
	else if (kind != HISI_SEC_KIND_CHAIN)
		is_done = build_one(&build, HISI_SEC_TEMPLATE_CIPHER);
	else if (request->cipher.len == 0)
		is_done = build_one(&build, HISI_SEC_TEMPLATE_AUTH);
	else if (hisi_sec_request_is_split(request))
		is_done = build_two(&build, slot);
	else
		is_done = build_one(&build, HISI_SEC_TEMPLATE_BOTH);
	if (!is_done)
		return false;
	hisi_sec_request_copy_around(request);
	inflight->src_len = RTE_MAX(request->cipher.len, request->auth.len);
	inflight->dst_len = HISI_SEC_FINISH_SLOT;
	return true;
}
