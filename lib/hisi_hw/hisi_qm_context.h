/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_CONTEXT_H
#define HISI_QM_CONTEXT_H

/**
 * @file
 * Contexts, rings and VFT entries of the queue manager, V2 and later. Reference: qm.md 5.
 */

#include "hisi_field.h"

/** Contexts handed to the mailbox must be aligned so (qm.md 3.2). */
#define HISI_QM_CONTEXT_ALIGN	32
/** One entry of the SQC and CQC tables (qm.md 5.4). */
#define HISI_QM_CONTEXT_LEN	32
#define HISI_QM_SQ_ALIGN	128 /* qm.md 5.5 */
#define HISI_QM_CQ_ALIGN	32 /* qm.md 5.6; what is really required is unknown */
#define HISI_QM_MAX_DEPTH	4096 /* 12 bits of depth - 1 */
#define HISI_QM_PROVEN_DEPTH	1024 /* deepest ring any known driver sets up, qm.md 5.10 */

/** Send queue context (qm.md 5.1). */
struct hisi_qm_sqc {
	uint16_t head;		/**< written by the device; fetched or completed is unknown */
	uint16_t tail;		/**< written by the device */
	uint32_t base_lo;
	uint32_t base_hi;
	uint32_t dw3;		/**< HISI_QM_XQC_DEPTH, HISI_QM_XQC_ENTRY_LOG2 */
	uint16_t tag;		/**< random tag, compared with doorbells */
	uint16_t w9;
	uint16_t pasid;
	uint16_t w11;		/**< HISI_QM_SQC_W11_* */
	uint16_t cq_num;
	uint16_t w13;		/**< HISI_QM_SQC_W13_* */
	uint32_t dw7;
};
static_assert(sizeof(struct hisi_qm_sqc) == HISI_QM_CONTEXT_LEN, "qm.md 5.1");
static_assert(offsetof(struct hisi_qm_sqc, tag) == 16, "qm.md 5.1");
static_assert(offsetof(struct hisi_qm_sqc, w13) == 26, "qm.md 5.1");

/** Completion queue context (qm.md 5.2). */
struct hisi_qm_cqc {
	uint16_t head;		/**< written by the device: last CQ doorbell */
	uint16_t tail;		/**< written by the device: next CQE to write */
	uint32_t base_lo;
	uint32_t base_hi;
	uint32_t dw3;		/**< HISI_QM_XQC_DEPTH, HISI_QM_XQC_ENTRY_LOG2 */
	uint16_t tag;
	uint16_t w9;
	uint16_t pasid;
	uint16_t w11;		/**< HISI_QM_CQC_W11_* */
	uint32_t dw6;		/**< HISI_QM_CQC_DW6_* */
	uint32_t dw7;
};
static_assert(sizeof(struct hisi_qm_cqc) == HISI_QM_CONTEXT_LEN, "qm.md 5.2");
static_assert(offsetof(struct hisi_qm_cqc, dw6) == 24, "qm.md 5.2");

/** Event queue or asynchronous event queue context (qm.md 5.3): 28 bytes in a buffer of 32. */
struct hisi_qm_eqc {
	uint16_t head;
	uint16_t tail;
	uint32_t base_lo;
	uint32_t base_hi;
	uint32_t dw3;		/**< V1 only */
	uint32_t dw4;
	uint32_t dw5;
	uint32_t dw6;		/**< HISI_QM_EQC_DW6_* */
	uint32_t pad;		/**< not part of the context, only of its buffer */
};
static_assert(sizeof(struct hisi_qm_eqc) == 32, "qm.md 5.3");
static_assert(offsetof(struct hisi_qm_eqc, dw6) == 24, "qm.md 5.3");

/* DW3 of SQC and CQC */
#define HISI_QM_XQC_DEPTH	HISI_GENMASK32(11, 0) /* depth - 1 */
#define HISI_QM_XQC_ENTRY_LOG2	HISI_GENMASK32(15, 12) /* log2 of the bytes of an entry */

/* SQC */
#define HISI_QM_SQC_W11_HEAD_WRAP	HISI_BIT32(5)
#define HISI_QM_SQC_W11_TAIL_WRAP	HISI_BIT32(6)
#define HISI_QM_SQC_W11_PASID_ENABLE	HISI_BIT32(7)
#define HISI_QM_SQC_W13_PRIORITY	HISI_GENMASK32(3, 0)
#define HISI_QM_SQC_W13_ORDER		HISI_BIT32(4)
#define HISI_QM_SQC_W13_FC		HISI_BIT32(5) /* meaning unknown, qm.md 10 item 7 */
#define HISI_QM_SQC_W13_CLOSE		HISI_BIT32(6)
#define HISI_QM_SQC_W13_TYPE		HISI_GENMASK32(11, 8) /* queue type of the engine */

/* CQC */
#define HISI_QM_CQC_W11_PASID_ENABLE	HISI_BIT32(0)
#define HISI_QM_CQC_W11_HEAD_WRAP	HISI_BIT32(5)
#define HISI_QM_CQC_W11_TAIL_WRAP	HISI_BIT32(6)
#define HISI_QM_CQC_DW6_PHASE		HISI_BIT32(0) /* of the current lap; must start at 1 */
#define HISI_QM_CQC_DW6_C_FLAG		HISI_BIT32(1) /* completion event armed */
#define HISI_QM_CQC_DW6_STASH		HISI_BIT32(2)

/* EQC and AEQC */
#define HISI_QM_EQC_DW6_DEPTH		HISI_GENMASK32(15, 0) /* depth - 1 */
#define HISI_QM_EQC_DW6_PHASE		HISI_BIT32(16) /* must start at 1 */

/** Completion queue entry (qm.md 5.6). */
struct hisi_qm_cqe {
	uint32_t dw0;
	uint16_t cmd_id;	/**< content unknown, no driver reads it */
	uint16_t w3;
	uint16_t sq_head;	/**< index of the SQE that this entry completes */
	uint16_t sq_num;
	uint16_t w6;
	uint16_t w7;		/**< HISI_QM_CQE_PHASE; bits 15:1 unknown */
};
static_assert(sizeof(struct hisi_qm_cqe) == 16, "qm.md 5.6");
static_assert(offsetof(struct hisi_qm_cqe, sq_head) == 8, "qm.md 5.6");
static_assert(offsetof(struct hisi_qm_cqe, w7) == 14, "qm.md 5.6");

#define HISI_QM_CQE_LOG2	4
#define HISI_QM_CQE_PHASE	HISI_BIT32(0)
/* The upper half of a CQE read as one 64-bit word (qm.md 5.6). */
#define HISI_QM_CQE_HI_SQ_HEAD	HISI_GENMASK64(15, 0)
#define HISI_QM_CQE_HI_SQ_NUM	HISI_GENMASK64(31, 16)
#define HISI_QM_CQE_HI_PHASE	HISI_BIT64(48)

/* Event queue entries, 4 bytes each (qm.md 5.7) */
#define HISI_QM_EQE_QUEUE	HISI_GENMASK32(15, 0)
#define HISI_QM_EQE_PHASE	HISI_BIT32(16)
#define HISI_QM_AEQE_TYPE	HISI_GENMASK32(20, 17)

/** qm.md 5.7: types of an asynchronous event. Others are unknown. */
enum hisi_qm_aeqe_type {
	HISI_QM_AEQE_CQ_OVERFLOW = 0,
	HISI_QM_AEQE_EQ_OVERFLOW = 1,
	HISI_QM_AEQE_CQE_ERROR = 2,
};

/* VFT entries, 64 bits, V2 and later (qm.md 5.8) */
#define HISI_QM_VFT_SQC_BASE	HISI_GENMASK64(43, 28) /* first global queue */
#define HISI_QM_VFT_SQC_VALID	HISI_BIT64(44)
#define HISI_QM_VFT_SQC_COUNT	HISI_GENMASK64(54, 45) /* queue count - 1 */
#define HISI_QM_VFT_CQC_VALID	HISI_BIT64(28)
#define HISI_QM_VFT_SHAPER_CIR_B HISI_GENMASK64(7, 0)
#define HISI_QM_VFT_SHAPER_CIR_U HISI_GENMASK64(10, 8)
#define HISI_QM_VFT_SHAPER_CIR_S HISI_GENMASK64(14, 11)
#define HISI_QM_VFT_SHAPER_CBS_B HISI_GENMASK64(18, 15)
#define HISI_QM_VFT_SHAPER_CBS_S HISI_GENMASK64(23, 19)
#define HISI_QM_VFT_SHAPER_DEFAULT 0x00988696 /* QoS 1000, qm.md 5.8 */

/** Queue types of the ZIP engine (SQC W13). Direction belongs to the queue, not to the SQE. */
enum hisi_zip_queue_type {
	HISI_ZIP_QUEUE_COMPRESS = 0,
	HISI_ZIP_QUEUE_DECOMPRESS = 1,
	HISI_ZIP_QUEUE_DAE = 2,
};

#endif /* HISI_QM_CONTEXT_H */
