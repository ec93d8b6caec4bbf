/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hisi_sec_request.h"

/* ---- of an operation ---- */

static void
side_init(struct hisi_sec_side *side, struct rte_mbuf *mbuf)
{
	uint32_t segs;

	*side = (struct hisi_sec_side){ .mbuf = mbuf };
	if (mbuf == NULL)
		return;
	side->nb_segs = mbuf->nb_segs;
	/* data_len, never pkt_len: what is not there is not read. */
	for (segs = mbuf->nb_segs; segs != 0 && mbuf != NULL; segs--, mbuf = mbuf->next)
		side->len += mbuf->data_len;
}

static void
init_auth(struct hisi_sec_request *request, const struct rte_crypto_sym_op *sym)
{
	request->auth.offset = sym->auth.data.offset;
	request->auth.len = sym->auth.data.length;
	request->digest = sym->auth.digest.data;
	request->digest_iova = sym->auth.digest.phys_addr;
}

static void
init_aead(struct hisi_sec_request *request, const struct rte_crypto_sym_op *sym)
{
	/* The driver may write to the 18 bytes before the AAD of CCM, and has no need to. */
	uint32_t skip = request->session->is_ccm ? 18 : 0;

	request->cipher.offset = sym->aead.data.offset;
	request->cipher.len = sym->aead.data.length;
	request->digest = sym->aead.digest.data;
	request->digest_iova = sym->aead.digest.phys_addr;
	if (request->session->aad_len == 0)
		return;
	request->aad = sym->aead.aad.data != NULL ? sym->aead.aad.data + skip : NULL;
	/* As with a digest. */
	request->aad_iova = (sym->aead.aad.phys_addr != 0 ? sym->aead.aad.phys_addr :
		(uintptr_t)sym->aead.aad.data) + skip;
}

static void
init_cipher(struct hisi_sec_request *request, const struct rte_crypto_sym_op *sym)
{
	request->cipher.offset = sym->cipher.data.offset;
	request->cipher.len = sym->cipher.data.length;
}

void
hisi_sec_request_init(struct hisi_sec_request *request, const struct rte_crypto_op *op,
	const struct hisi_sec_session *session)
{
	const struct rte_crypto_sym_op *sym = op->sym;

	memset(request, 0, sizeof(*request));
	request->session = session;
	request->is_in_place = sym->m_dst == NULL || sym->m_dst == sym->m_src;
	side_init(&request->src, sym->m_src);
	if (request->is_in_place)
		request->dst = request->src;
	else
		side_init(&request->dst, sym->m_dst);
	request->iv = (const uint8_t *)op + session->iv_offset;
	switch (hisi_sec_kind(session)) {
	case HISI_SEC_KIND_AUTH:
		init_auth(request, sym);
		break;
	case HISI_SEC_KIND_AEAD:
		if (session->is_gmac)
			init_auth(request, sym);
		else
			init_aead(request, sym);
		break;
	case HISI_SEC_KIND_CHAIN:
		init_auth(request, sym);
		/* fallthrough */
	default:
		init_cipher(request, sym);
		break;
	}
	/* IOVA is VA: who gives no device address of a buffer of EAL's means the same. */
	if (request->digest_iova == 0)
		request->digest_iova = (uintptr_t)request->digest;
}

/* ---- what it asks for ---- */

static bool
range_is_in(const struct hisi_sec_range *range, const struct hisi_sec_side *side)
{
	return (uint64_t)range->offset + range->len <= side->len;
}

/* All that no software could do either. */
static bool
request_is_valid(const struct hisi_sec_request *request)
{
	const struct hisi_sec_session *session = request->session;
	const struct hisi_sec_side *src = &request->src, *dst = &request->dst;

	if (src->nb_segs == 0 || dst->nb_segs == 0 || src->nb_segs > HISI_SEC_MAX_SEGS ||
			dst->nb_segs > HISI_SEC_MAX_SEGS)
		return false;
	if (!range_is_in(&request->cipher, src) || !range_is_in(&request->cipher, dst) ||
			!range_is_in(&request->auth, src))
		return false;
	if (session->digest_len != 0 && request->digest == NULL)
		return false;
	if (session->aad_len != 0 && request->aad == NULL)
		return false;
	if (hisi_sec_kind(session) == HISI_SEC_KIND_CHAIN && !request->is_in_place &&
			!range_is_in(&request->auth, dst))
		return false;
	if ((request->cipher.len & session->block_mask) != 0)
		return false;
	return request->cipher.len == 0 || request->cipher.len >= session->min_len;
}

/* The payload's length must fit into its field of B0 (sec.md 3.3). */
static bool
ccm_is_too_long(const struct hisi_sec_request *request)
{
	uint32_t length_bytes = 15u - request->session->iv_len;

	return request->session->is_ccm && length_bytes < 4 &&
		request->cipher.len >> (8 * length_bytes) != 0;
}

/* Whole blocks, and no overflow of the lower 32 bits of the counter (sec.md 4.1). */
static bool
ctr_is_for_bd2(const struct hisi_sec_request *request)
{
	uint32_t counter = 1, blocks = request->cipher.len / 16;

	if (request->session->iv_len == HISI_SEC_MAX_IV_LEN)
		counter = (uint32_t)request->iv[12] << 24 | (uint32_t)request->iv[13] << 16 |
			(uint32_t)request->iv[14] << 8 | request->iv[15];
	return request->cipher.len % 16 == 0 && (uint64_t)counter + blocks <= UINT32_MAX;
}

static enum hisi_sec_reason
check_lengths(const struct hisi_sec_request *request, uint8_t bd_type)
{
	const struct hisi_sec_session *session = request->session;
	uint64_t longest = RTE_MAX((uint64_t)request->cipher.len + session->aad_len,
		(uint64_t)request->auth.len);

	if (longest > HISI_SEC_MAX_LEN)
		return HISI_SEC_REASON_SOFT_LONG;
	switch (hisi_sec_kind(session)) {
	case HISI_SEC_KIND_AUTH:
		return request->auth.len == 0 && !session->takes_empty ?
			HISI_SEC_REASON_EMPTY : HISI_SEC_REASONS;
	case HISI_SEC_KIND_AEAD:
		if (session->is_gmac && request->auth.len > HISI_SEC_MAX_AAD_LEN)
			return HISI_SEC_REASON_SOFT_LONG;
		return request->cipher.len == 0 && !session->takes_empty ?
			HISI_SEC_REASON_SOFT_EMPTY : HISI_SEC_REASONS;
	case HISI_SEC_KIND_CHAIN:
		/* No cipher of nothing is in a descriptor, a MAC may be (sec.md 2.9.9). */
		if (request->auth.len == 0 && !session->takes_empty)
			return HISI_SEC_REASON_SOFT_EMPTY;
		break;
	default:
		if (request->cipher.len == 0)
			return HISI_SEC_REASON_EMPTY;
		break;
	}
	if (session->is_ctr && bd_type < HISI_SEC_BD_TYPE_3 && request->cipher.len != 0 &&
			!ctr_is_for_bd2(request))
		return HISI_SEC_REASON_SOFT_CTR;
	return HISI_SEC_REASONS;
}

enum hisi_sec_reason
hisi_sec_request_check(const struct hisi_sec_request *request, uint8_t bd_type, bool fallback)
{
	enum hisi_sec_reason reason;

	if (!request_is_valid(request) || ccm_is_too_long(request))
		return HISI_SEC_REASON_INVALID;
	reason = check_lengths(request, bd_type);
	if (reason >= HISI_SEC_REASON_SOFT_EMPTY && reason <= HISI_SEC_REASON_SOFT_LONG &&
			!fallback)
		return HISI_SEC_REASON_INVALID;
	return reason;
}

bool
hisi_sec_request_is_split(const struct hisi_sec_request *request)
{
	const struct hisi_sec_range *cipher = &request->cipher, *auth = &request->auth;

	return !request->session->is_one_step || auth->offset > cipher->offset ||
		cipher->offset - auth->offset > UINT16_MAX ||
		cipher->offset + cipher->len != auth->offset + auth->len;
}

/* ---- walking over a side ---- */

/* The segment that a cursor stands in; false: it is behind the last. */
static bool
cursor_segment(const struct hisi_sec_cursor *cursor, uint8_t **data, uint64_t *iova,
	uint32_t *len)
{
	const struct hisi_sec_side *side = &cursor->side;

	if (side->nb_segs == 0)
		return false;
	if (side->vec != NULL) {
		*data = side->vec->base;
		*iova = hisi_sec_vec_iova(side->vec);
		*len = side->vec->len;
		return true;
	}
	if (side->mbuf == NULL)
		return false;
	*data = rte_pktmbuf_mtod(side->mbuf, uint8_t *);
	*iova = rte_pktmbuf_iova(side->mbuf);
	*len = side->mbuf->data_len;
	return true;
}

static void
cursor_step(struct hisi_sec_cursor *cursor)
{
	struct hisi_sec_side *side = &cursor->side;

	side->nb_segs--;
	if (side->vec != NULL)
		side->vec++;
	else
		side->mbuf = side->mbuf->next;
	cursor->offset = 0;
}

struct hisi_sec_cursor
hisi_sec_cursor_at(const struct hisi_sec_side *side, const struct hisi_sec_range *range)
{
	struct hisi_sec_cursor cursor = { *side, range->offset, range->len };
	uint32_t len, offset;
	uint64_t iova;
	uint8_t *data;

	while (cursor_segment(&cursor, &data, &iova, &len) && cursor.offset >= len &&
			cursor.side.nb_segs > 1) {
		offset = cursor.offset - len;
		cursor_step(&cursor);
		cursor.offset = offset;
	}
	return cursor;
}

uint32_t
hisi_sec_cursor_next(struct hisi_sec_cursor *cursor, uint8_t **data)
{
	uint32_t len, count;
	uint64_t iova;
	uint8_t *start;

	while (cursor->left != 0 && cursor_segment(cursor, &start, &iova, &len)) {
		if (cursor->offset < len) {
			count = RTE_MIN(len - cursor->offset, cursor->left);
			*data = start + cursor->offset;
			cursor->offset += count;
			cursor->left -= count;
			return count;
		}
		cursor_step(cursor);
	}
	/* A chain that has become shorter since it was measured must not be waited for. */
	cursor->left = 0;
	return 0;
}

bool
hisi_sec_side_is_flat(const struct hisi_sec_side *side, const struct hisi_sec_range *range,
	uint64_t *iova)
{
	struct hisi_sec_cursor cursor;
	uint64_t start;
	uint8_t *data;
	uint32_t len;

	/* The rule: it lies in the first. */
	if (side->mbuf != NULL &&
			(uint64_t)range->offset + range->len <= side->mbuf->data_len) {
		*iova = rte_pktmbuf_iova_offset(side->mbuf, range->offset);
		return true;
	}
	cursor = hisi_sec_cursor_at(side, range);
	if (!cursor_segment(&cursor, &data, &start, &len) ||
			(uint64_t)cursor.offset + range->len > len)
		return false;
	*iova = start + cursor.offset;
	return true;
}
