/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_SEC_REQUEST_H
#define HISI_SEC_REQUEST_H

/**
 * @file
 * An operation with its operands, whichever API it came by: looked at once, then made into
 * descriptors or done in software.
 */

#include "hisi_sec.h"

/** Source or destination: an mbuf chain, or a row of pieces. */
struct hisi_sec_side {
	struct rte_mbuf *mbuf;		/**< NULL: pieces, of the raw API */
	const struct rte_crypto_vec *vec;
	uint32_t nb_segs;
	uint64_t len;			/**< bytes that there are */
};

struct hisi_sec_range {
	uint32_t offset;
	uint32_t len;
};

struct hisi_sec_request {
	const struct hisi_sec_session *session;
	struct hisi_sec_side src;
	struct hisi_sec_side dst;	/**< src in place */
	bool is_in_place;
	struct hisi_sec_range cipher;	/**< also the payload of an AEAD */
	struct hisi_sec_range auth;	/**< also the data of GMAC */
	const uint8_t *iv;
	uint8_t *digest;
	uint64_t digest_iova;
	const uint8_t *aad;
	uint64_t aad_iova;
};

/** A place in a side. */
struct hisi_sec_cursor {
	struct hisi_sec_side side;
	uint32_t offset;	/**< in its first segment */
	uint32_t left;		/**< bytes that lie behind it */
};

/** Device address of a piece. IOVA is VA: who gives none of EAL's memory means the same. */
static inline uint64_t
hisi_sec_vec_iova(const struct rte_crypto_vec *vec)
{
	return vec->iova != 0 ? vec->iova : (uintptr_t)vec->base;
}

/** Of an operation with a session of this driver; never fails. */
void hisi_sec_request_init(struct hisi_sec_request *request, const struct rte_crypto_op *op,
	const struct hisi_sec_session *session);

/**
 * Can it be carried out, and by whom?
 *
 * @return HISI_SEC_REASONS: it goes to the ring; else why it does not
 */
enum hisi_sec_reason hisi_sec_request_check(const struct hisi_sec_request *request,
	uint8_t bd_type, bool fallback);

/** Must a chain be done as two descriptors? (sec.md 3.4) */
bool hisi_sec_request_is_split(const struct hisi_sec_request *request);

/** Start at @p range of a side. */
struct hisi_sec_cursor hisi_sec_cursor_at(const struct hisi_sec_side *side,
	const struct hisi_sec_range *range);
/** The next piece that lies in one segment. @return its bytes, 0 at the end */
uint32_t hisi_sec_cursor_next(struct hisi_sec_cursor *cursor, uint8_t **data);
/** Device address of a range that lies in one segment. @return false: it does not */
bool hisi_sec_side_is_flat(const struct hisi_sec_side *side, const struct hisi_sec_range *range,
	uint64_t *iova);

/** Out of place: what a chain authenticates and does not encipher, from source to destination. */
void hisi_sec_request_copy_around(const struct hisi_sec_request *request);

/**
 * Write the descriptors of a request that goes to the ring.
 *
 * @param bd slot of the first queue
 * @param inflight of that slot; its op is the caller's to set
 * @return false: no free lists; nothing was taken
 */
bool hisi_sec_build(struct hisi_sec_qp *qp, const struct hisi_sec_request *request, uint32_t *bd,
	struct hisi_qm_inflight *inflight);

#endif /* HISI_SEC_REQUEST_H */
