/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_SEC_FILL_H
#define HISI_SEC_FILL_H

/**
 * @file
 * An operation into its descriptor: what enqueue does for each one, and a replay once more.
 */

#include "hisi_sec.h"

/** Where a type of descriptor has its operands: numbers of dwords, and masks of the first one. */
struct hisi_sec_layout {
	uint8_t src, dst, mac, c_ivin, a_ivin;	/**< addresses, 64 bits */
	uint8_t c_len, a_len, offsets;
	uint32_t de;			/**< the destination counts */
	uint32_t sgl;			/**< source and destination are lists */
};

static const struct hisi_sec_layout hisi_sec_layout_bd2 = {
	.src = HISI_SEC_BD2_DW_DATA_SRC_ADDR,
	.dst = HISI_SEC_BD2_DW_DATA_DST_ADDR,
	.mac = HISI_SEC_BD2_DW_MAC_ADDR,
	.c_ivin = HISI_SEC_BD2_DW_C_IVIN_ADDR,
	.a_ivin = HISI_SEC_BD2_DW_A_IVIN_ADDR,
	.c_len = offsetof(struct hisi_sec_bd2, w5) / 4,
	.a_len = offsetof(struct hisi_sec_bd2, w4) / 4,
	.offsets = offsetof(struct hisi_sec_bd2, w6) / 4,
	.de = HISI_FIELD_PREP(HISI_SEC_BD2_W0_DE, UINT32_C(1)),
	.sgl = HISI_FIELD_PREP(HISI_SEC_BD2_W0_SRC_ADDR_TYPE, (uint32_t)HISI_SEC_BUFFER_SGL) |
		HISI_FIELD_PREP(HISI_SEC_BD2_W0_DST_ADDR_TYPE, (uint32_t)HISI_SEC_BUFFER_SGL),
};

static const struct hisi_sec_layout hisi_sec_layout_bd3 = {
	.src = HISI_SEC_BD3_DW_DATA_SRC_ADDR,
	.dst = HISI_SEC_BD3_DW_DATA_DST_ADDR,
	.mac = HISI_SEC_BD3_DW_MAC_ADDR,
	.c_ivin = HISI_SEC_BD3_DW_C_IVIN_ADDR,
	.a_ivin = HISI_SEC_BD3_DW_A_IVIN_ADDR,
	.c_len = offsetof(struct hisi_sec_bd3, w18) / 4,
	.a_len = offsetof(struct hisi_sec_bd3, w17) / 4,
	.offsets = offsetof(struct hisi_sec_bd3, w16) / 4,
	.de = HISI_FIELD_PREP(HISI_SEC_BD3_W0_DE, UINT32_C(1)),
	.sgl = HISI_FIELD_PREP(HISI_SEC_BD3_W0_SRC_ADDR_TYPE, (uint32_t)HISI_SEC_BUFFER_SGL) |
		HISI_FIELD_PREP(HISI_SEC_BD3_W0_DST_ADDR_TYPE, (uint32_t)HISI_SEC_BUFFER_SGL),
};

/** Bytes of a record of either type: what was to be done with which data, no keys. */
#define HISI_SEC_RECORD_LEN 48

/* What the flight recorder keeps. Scratch memory and keys lie where they always do. */
static const struct hisi_record_layout hisi_sec_record_bd2 = {
	.pieces = {
		{ offsetof(struct hisi_sec_bd2, w0), 4 },
		{ offsetof(struct hisi_sec_bd2, w2), 20 },
		{ offsetof(struct hisi_sec_bd2, mac_addr_lo), 8 },
		{ offsetof(struct hisi_sec_bd2, data_src_addr_lo), 16 },
	},
	.entry_len = HISI_SEC_RECORD_LEN,
	.result = offsetof(struct hisi_sec_bd2, w28),
};

static const struct hisi_record_layout hisi_sec_record_bd3 = {
	.pieces = {
		{ offsetof(struct hisi_sec_bd3, w0), 8 },
		{ offsetof(struct hisi_sec_bd3, data_src_addr_lo), 8 },
		{ offsetof(struct hisi_sec_bd3, w14), 4 },
		{ offsetof(struct hisi_sec_bd3, w16), 28 },
	},
	.entry_len = HISI_SEC_RECORD_LEN,
	.result = offsetof(struct hisi_sec_bd3, w28),
};

/**
 * A descriptor that is filled, into the recorder: hisi_record_pack() of its layout, in copies of
 * constant length.
 */
static __rte_always_inline void
hisi_sec_record(bool is_bd2, const uint32_t *bd, uint8_t *record)
{
	if (is_bd2) {
		memcpy(record, bd, 4);
		memcpy(record + 4, bd + 2, 20);
		memcpy(record + 24, bd + HISI_SEC_BD2_DW_MAC_ADDR, 8);
		memcpy(record + 32, bd + HISI_SEC_BD2_DW_DATA_SRC_ADDR, 16);
	} else {
		memcpy(record, bd, 8);
		memcpy(record + 8, bd + HISI_SEC_BD3_DW_DATA_SRC_ADDR, 8);
		memcpy(record + 16, bd + 14, 4);
		memcpy(record + 20, bd + 16, 28);
	}
}

static inline const struct hisi_sec_layout *
hisi_sec_layout_get(uint8_t bd_type)
{
	return bd_type == HISI_SEC_BD_TYPE_2 ? &hisi_sec_layout_bd2 : &hisi_sec_layout_bd3;
}

/** An address into a descriptor, where it may lie on any dword. */
static __rte_always_inline void
hisi_sec_store64(uint32_t *bd, unsigned int dword, uint64_t value)
{
	memcpy(bd + dword, &value, sizeof(value));
}

/* Type and session type of an operation, as one word of it. */
static __rte_always_inline bool
is_symmetric_with_session(const struct rte_crypto_op *op)
{
	uint32_t word;

	static_assert(offsetof(struct rte_crypto_op, type) == 0 &&
		offsetof(struct rte_crypto_op, sess_type) == 2, "read as one word");
	memcpy(&word, op, sizeof(word));
	return (word & UINT32_C(0x00ff00ff)) == (RTE_CRYPTO_OP_TYPE_SYMMETRIC |
		(uint32_t)RTE_CRYPTO_OP_WITH_SESSION << 16);
}

/**
 * Is @p op a cipher that the ring takes as it stands? Its data lie in the first segment of both
 * sides, however many there are.
 *
 * @param session receives its session, if it is
 */
static __rte_always_inline bool
hisi_sec_is_plain(uint32_t identity, const struct rte_crypto_op *op,
	const struct hisi_sec_session **session)
{
	const struct rte_crypto_sym_op *sym = op->sym;
	const struct rte_mbuf *src = sym->m_src, *dst = sym->m_dst;
	uint32_t len = sym->cipher.data.length;
	uint64_t end = (uint64_t)sym->cipher.data.offset + len;

	if (unlikely(!is_symmetric_with_session(op) || sym->session == NULL || src == NULL))
		return false;
	*session = CRYPTODEV_GET_SYM_SESS_PRIV(sym->session);
	if (unlikely((*session)->identity != identity))
		return false;
	/* No length is below the least one; data_len has 16 bits, so that none is too long. */
	if (unlikely((len & (*session)->block_mask) != 0 || len < (*session)->min_len ||
			end > src->data_len))
		return false;
	return dst == NULL || dst == src || likely(end <= dst->data_len);
}

/**
 * The operands into a slot. The template has all words but these, and no result: a device that
 * posts a CQE without writing back is found out.
 */
static __rte_always_inline void
hisi_sec_fill(const struct hisi_sec_layout *layout, uint32_t *bd,
	struct hisi_sec_scratch *scratch, struct hisi_qm_inflight *inflight,
	struct rte_crypto_op *op, const struct hisi_sec_session *session)
{
	const struct rte_crypto_sym_op *sym = op->sym;
	uint32_t len = sym->cipher.data.length;

	memcpy(bd, session->bd[HISI_SEC_TEMPLATE_CIPHER], HISI_SEC_SQE_LEN);
	memcpy(scratch->c_ivin, (const uint8_t *)op + session->iv_offset,
		sizeof(scratch->c_ivin));
	hisi_sec_store64(bd, layout->c_ivin, hisi_qm_iova(scratch->c_ivin));
	hisi_sec_store64(bd, layout->src,
		rte_pktmbuf_iova_offset(sym->m_src, sym->cipher.data.offset));
	bd[layout->c_len] = len;
	if (sym->m_dst != NULL && sym->m_dst != sym->m_src) {
		bd[0] |= layout->de;
		hisi_sec_store64(bd, layout->dst,
			rte_pktmbuf_iova_offset(sym->m_dst, sym->cipher.data.offset));
	}
	inflight->op = op;
	inflight->src_len = len;
	inflight->dst_len = HISI_SEC_FINISH_PLAIN;
}

#endif /* HISI_SEC_FILL_H */
