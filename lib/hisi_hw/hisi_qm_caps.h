/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_CAPS_H
#define HISI_QM_CAPS_H

/**
 * @file
 * Capability words of V3 and later, BAR2 + 0x3100. Reference: qm.md 2.2, zip.md 1.5 and 1.6,
 * sec.md 1.3 and 1.4.
 *
 * One table serves every generation: where the capability version (HISI_QM_CAP_VERSION) is 0, or
 * the chip is older than V3, the words of the table stand in for the registers.
 */

#include "hisi_field.h"
#include "hisi_qm_regs.h"

/* Word 0x3100 */
#define HISI_QM_CAP_VERSION		HISI_GENMASK32(7, 0)
#define HISI_QM_CAP_QOS			HISI_BIT32(8)
#define HISI_QM_CAP_STOP_QP		HISI_BIT32(9)
#define HISI_QM_CAP_STOP_FUNC		HISI_BIT32(10)
#define HISI_QM_CAP_IFC			HISI_BIT32(11)
#define HISI_QM_CAP_RPM_VF		HISI_BIT32(12)
#define HISI_QM_CAP_RPM_PF		HISI_BIT32(13)
#define HISI_QM_CAP_SVA_PREFETCH	HISI_BIT32(14)
#define HISI_QM_CAP_DAE			HISI_BIT32(15)
/* Word 0x3104 */
#define HISI_QM_CAP_EQ_DEPTH		HISI_GENMASK32(15, 0)
#define HISI_QM_CAP_AEQ_DEPTH		HISI_GENMASK32(31, 16)
/* Word 0x3108 */
#define HISI_QM_CAP_SQ_DEPTH		HISI_GENMASK32(15, 0)
#define HISI_QM_CAP_CQ_DEPTH		HISI_GENMASK32(31, 16)
/* Words 0x310c to 0x3118: interrupt vectors (qm.md 1.4) */
#define HISI_QM_CAP_IRQ_VECTOR		HISI_GENMASK32(15, 0)
#define HISI_QM_CAP_IRQ_TYPE		HISI_GENMASK32(31, 16) /* 0: no such interrupt */
/* Word 0x311c */
#define HISI_QM_CAP_IRQ_NUM_VF		HISI_GENMASK32(15, 0)
#define HISI_QM_CAP_IRQ_NUM_PF		HISI_GENMASK32(31, 16)
/* Word 0x313c of ZIP (zip.md 1.5) */
#define HISI_ZIP_CORE_INFO_DECOMP	HISI_GENMASK32(7, 0)
#define HISI_ZIP_CORE_INFO_COMP		HISI_GENMASK32(15, 8)
#define HISI_ZIP_CORE_INFO_CORES	HISI_GENMASK32(23, 16)
#define HISI_ZIP_CORE_INFO_TYPES	HISI_GENMASK32(27, 24)
#define HISI_ZIP_CORE_INFO_CLUSTERS	HISI_GENMASK32(31, 28)
/* Word 0x3140 of ZIP */
#define HISI_ZIP_CORE_EN_COMP		HISI_GENMASK32(15, 0)
#define HISI_ZIP_CORE_EN_DECOMP		HISI_GENMASK32(31, 16)

/* zip.md 1.6: bits of DEV_ALG and DRV_ALG. Even: compress, odd: decompress (inferred). */
#define HISI_ZIP_ALG_ZLIB_COMP		HISI_BIT32(0)
#define HISI_ZIP_ALG_ZLIB_DECOMP	HISI_BIT32(1)
#define HISI_ZIP_ALG_GZIP_COMP		HISI_BIT32(2)
#define HISI_ZIP_ALG_GZIP_DECOMP	HISI_BIT32(3)
#define HISI_ZIP_ALG_DEFLATE_COMP	HISI_BIT32(4)
#define HISI_ZIP_ALG_DEFLATE_DECOMP	HISI_BIT32(5)
#define HISI_ZIP_ALG_LZ77		HISI_GENMASK32(7, 6)
#define HISI_ZIP_ALG_LZ4_COMP		HISI_BIT32(8)

/* Word 0x313c of SEC (sec.md 1.3) */
#define HISI_SEC_CORE_INFO_CLUSTER_CORES HISI_GENMASK32(7, 0)
#define HISI_SEC_CORE_INFO_CORES	HISI_GENMASK32(15, 8)
#define HISI_SEC_CORE_INFO_TYPES	HISI_GENMASK32(19, 16)
#define HISI_SEC_CORE_INFO_CLUSTERS	HISI_GENMASK32(23, 20)

/* sec.md 1.4: bits of the 64-bit algorithm maps that software names; low word, then high word. */
#define HISI_SEC_ALG_ECB_AES		HISI_BIT64(0)
#define HISI_SEC_ALG_CBC_AES		HISI_BIT64(1)
#define HISI_SEC_ALG_CTR_AES		HISI_BIT64(2)
#define HISI_SEC_ALG_XTS_AES		HISI_BIT64(3)
#define HISI_SEC_ALG_OFB_AES		HISI_BIT64(4)
#define HISI_SEC_ALG_CFB_AES		HISI_BIT64(5)
#define HISI_SEC_ALG_CCM_AES		HISI_BIT64(6)
#define HISI_SEC_ALG_GCM_AES		HISI_BIT64(7)
#define HISI_SEC_ALG_CBC_SM4		HISI_BIT64(12)
#define HISI_SEC_ALG_CTR_SM4		HISI_BIT64(13)
#define HISI_SEC_ALG_XTS_SM4		HISI_BIT64(14)
#define HISI_SEC_ALG_OFB_SM4		HISI_BIT64(15)
#define HISI_SEC_ALG_CFB_SM4		HISI_BIT64(16)
#define HISI_SEC_ALG_CCM_SM4		HISI_BIT64(17)
#define HISI_SEC_ALG_GCM_SM4		HISI_BIT64(18)
#define HISI_SEC_ALG_ECB_3DES		HISI_BIT64(23)
#define HISI_SEC_ALG_CBC_3DES		HISI_BIT64(24)
#define HISI_SEC_ALG_CBC_AES_HMAC_SHA1	HISI_BIT64(43)
#define HISI_SEC_ALG_CBC_AES_HMAC_SHA256 HISI_BIT64(44)
#define HISI_SEC_ALG_CBC_AES_HMAC_SHA512 HISI_BIT64(45)
/* Classes of bits. Those without a name above have a class only. */
#define HISI_SEC_ALG_CIPHERS		(HISI_GENMASK64(5, 0) | HISI_GENMASK64(16, 12) | \
		HISI_GENMASK64(24, 21))
#define HISI_SEC_ALG_DIGESTS		(HISI_GENMASK64(11, 8) | HISI_GENMASK64(20, 19) | \
		HISI_GENMASK64(42, 25))
#define HISI_SEC_ALG_AEADS		(HISI_GENMASK64(7, 6) | HISI_GENMASK64(18, 17) | \
		HISI_GENMASK64(45, 43))

/** Capability words, in the order of hisi_qm_cap_table and the tables of the engines. */
enum hisi_qm_cap {
	HISI_QM_CAP_FUNC,
	HISI_QM_CAP_EVENT_DEPTHS,
	HISI_QM_CAP_QUEUE_DEPTHS,
	HISI_QM_CAP_EQ_IRQ,
	HISI_QM_CAP_AEQ_IRQ,
	HISI_QM_CAP_ABNORMAL_IRQ,
	HISI_QM_CAP_IFC_IRQ,
	HISI_QM_CAP_IRQ_NUM,
	HISI_QM_CAP_EXT_BAR,
	HISI_QM_CAP_COUNT,
};

/** Capability words of the ZIP engine, including the QM masks that differ by engine. */
enum hisi_zip_cap {
	HISI_ZIP_CAP_QM_NFE,
	HISI_ZIP_CAP_QM_RESET,
	HISI_ZIP_CAP_QM_CE,
	HISI_ZIP_CAP_NFE,
	HISI_ZIP_CAP_RESET,
	HISI_ZIP_CAP_CE,
	HISI_ZIP_CAP_CORE_INFO,
	HISI_ZIP_CAP_CORE_EN,
	HISI_ZIP_CAP_DRV_ALG,
	HISI_ZIP_CAP_DEV_ALG,
	HISI_ZIP_CAP_CORE1_ALG,
	HISI_ZIP_CAP_CORE2_ALG,
	HISI_ZIP_CAP_CORE3_ALG,
	HISI_ZIP_CAP_CORE4_ALG,
	HISI_ZIP_CAP_CORE5_ALG,
	HISI_ZIP_CAP_COUNT,
};

/** Capability words of the SEC engine (sec.md 1.3). LO and HI are halves of one map. */
enum hisi_sec_cap {
	HISI_SEC_CAP_QM_NFE,
	HISI_SEC_CAP_QM_RESET,
	HISI_SEC_CAP_QM_CE,
	HISI_SEC_CAP_NFE,
	HISI_SEC_CAP_RESET,
	HISI_SEC_CAP_CE,
	HISI_SEC_CAP_CORE_INFO,
	HISI_SEC_CAP_CORE_EN,
	HISI_SEC_CAP_DRV_ALG_LO,
	HISI_SEC_CAP_DRV_ALG_HI,
	HISI_SEC_CAP_DEV_ALG_LO,
	HISI_SEC_CAP_DEV_ALG_HI,
	HISI_SEC_CAP_CORE1_ALG_LO,
	HISI_SEC_CAP_CORE1_ALG_HI,
	HISI_SEC_CAP_CORE2_ALG_LO,
	HISI_SEC_CAP_CORE2_ALG_HI,
	HISI_SEC_CAP_CORE3_ALG_LO,
	HISI_SEC_CAP_CORE3_ALG_HI,
	HISI_SEC_CAP_CORE4_ALG_LO,
	HISI_SEC_CAP_CORE4_ALG_HI,
	HISI_SEC_CAP_COUNT,
};

/** One capability word and what stands in for it where the register is not read. */
struct hisi_cap_word {
	const char *name;
	uint32_t offset;	/**< in BAR2 */
	uint32_t v2;		/**< constant of V2 */
	uint32_t v3;		/**< default of V3 and later when the capability version is 0 */
};

extern const struct hisi_cap_word hisi_qm_cap_table[HISI_QM_CAP_COUNT];
extern const struct hisi_cap_word hisi_zip_cap_table[HISI_ZIP_CAP_COUNT];
extern const struct hisi_cap_word hisi_sec_cap_table[HISI_SEC_CAP_COUNT];

#endif /* HISI_QM_CAPS_H */
