/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_ZIP_FILL_H
#define HISI_ZIP_FILL_H

/**
 * @file
 * An operation into its descriptor: what enqueue does for each one, and a replay once more.
 */

#include "hisi_zip.h"

/*
 * Is @p op one that the ring takes as it stands? Signed 64-bit lengths: an offset beyond the data
 * leaves a negative rest, which fails each comparison by itself. data_len has 16 bits, so that a
 * segment is always below the 8 MiB of a flat request.
 */
static __rte_always_inline bool
hisi_zip_is_plain(const struct rte_comp_op *op, const struct hisi_zip_xform *xform,
	int64_t *dst_len)
{
	const struct rte_mbuf *src = op->m_src, *dst = op->m_dst;
	int64_t src_len;

	if (unlikely(op->op_type != RTE_COMP_OP_STATELESS || xform == NULL || src == NULL))
		return false;
	if (unlikely(dst == NULL || dst == src))
		return false;
	src_len = (int64_t)src->data_len - op->src.offset;
	*dst_len = (int64_t)dst->data_len - op->dst.offset;
	/* A length of 0 less 1 is larger than any rest. */
	if (unlikely((int64_t)(uint32_t)(op->src.length - 1) >= src_len ||
			*dst_len < HISI_ZIP_TINY_DEST_LEN))
		return false;
	if (unlikely((src->nb_segs | dst->nb_segs) != 1))
		return false;
	return likely((xform->flush_ok & HISI_BIT32(op->flush_flag & 31)) != 0);
}

/* Wide stores into the descriptor; its parts of 8 and 16 bytes are aligned to that. */
static __rte_always_inline void
hisi_zip_sqe_store64(struct hisi_zip_sqe *sqe, enum hisi_zip_sqe_dword dword, uint64_t value)
{
	memcpy((uint32_t *)sqe + dword, &value, sizeof(value));
}

static __rte_always_inline void
hisi_zip_sqe_store128(struct hisi_zip_sqe *sqe, enum hisi_zip_sqe_dword dword,
	const uint32_t value[4])
{
	memcpy((uint32_t *)sqe + dword, value, 4 * sizeof(value[0]));
}

/*
 * The operands into a slot, and the words that the device wrote back in an earlier lap. The status
 * becomes one that does not exist: a device that posts a CQE without writing back is found out.
 * All other words are those of the generation's descriptor.
 *
 * @param record receives what the flight recorder keeps, NULL: nothing
 */
static __rte_always_inline void
hisi_zip_fill(struct hisi_zip_sqe *sqe, struct hisi_qm_inflight *inflight, struct rte_comp_op *op,
	const struct hisi_zip_xform *xform, uint32_t dst_len, struct hisi_zip_record *record)
{
	static const uint32_t no_result[4] = { 0, 0, 0, HISI_ZIP_DW3_STATUS };
	static const uint32_t no_state[4] = { 0, 0, 0, 0 };
	uint64_t src = rte_pktmbuf_iova_offset(op->m_src, op->src.offset);
	uint64_t dst = rte_pktmbuf_iova_offset(op->m_dst, op->dst.offset);
	uint32_t src_len = op->src.length;

	hisi_zip_sqe_store128(sqe, HISI_ZIP_SQE_DW_CONSUMED, no_result);
	sqe->input_data_length = src_len;
	hisi_zip_sqe_store64(sqe, HISI_ZIP_SQE_DW_DW8, xform->dw8_dw9);
	hisi_zip_sqe_store64(sqe, HISI_ZIP_SQE_DW_DEST_AVAIL_OUT, dst_len); /* and ctx_dw0 = 0 */
	hisi_zip_sqe_store64(sqe, HISI_ZIP_SQE_DW_SOURCE_ADDR, src);
	hisi_zip_sqe_store64(sqe, HISI_ZIP_SQE_DW_DEST_ADDR, dst);
	hisi_zip_sqe_store128(sqe, HISI_ZIP_SQE_DW_CTX_DW1, no_state);
	inflight->op = op;
	inflight->src_len = src_len;
	inflight->dst_len = dst_len;
	if (record != NULL)
		*record = (struct hisi_zip_record){ xform->dw8_dw9, src, dst, src_len, dst_len };
}

#endif /* HISI_ZIP_FILL_H */
