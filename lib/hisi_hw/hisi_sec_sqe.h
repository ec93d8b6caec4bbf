/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_SEC_SQE_H
#define HISI_SEC_SQE_H

/**
 * @file
 * The send queue entry of the SEC engine ("BD"), 128 bytes, in its two shapes: type 2 (V2, also
 * taken by V3 and later) and type 3 (V3 and later). Reference: sec.md 2.
 *
 * The device writes its result into words 28 to 31 of the same slot before it posts the CQE; words
 * 0 to 27 come back unchanged. No key and no IV lies in a descriptor, only their addresses.
 */

#include "hisi_field.h"

#define HISI_SEC_SQE_LOG2	7
#define HISI_SEC_SQE_LEN	128

/** Queue types, SQC W13 (sec.md 0.3). */
enum hisi_sec_queue_type {
	HISI_SEC_QUEUE_CRYPTO = 0,	/* cipher, hash, AEAD */
	HISI_SEC_QUEUE_PBKDF2 = 1,	/* OP-TEE only */
};

/** Descriptor type 2 (sec.md 2.2). wN is dword N. */
struct hisi_sec_bd2 {
	uint32_t w0;			/**< I: HISI_SEC_BD2_W0_* */
	uint32_t w1;			/**< I: HISI_SEC_BD2_W1_* */
	uint32_t w2;			/**< I: HISI_SEC_BD2_W2_* */
	uint32_t w3;			/**< I: HISI_SEC_BD2_W3_* */
	uint32_t w4;			/**< I: HISI_SEC_BD2_W4_* */
	uint32_t w5;			/**< I: HISI_SEC_BD2_W5_* */
	uint32_t w6;			/**< I: HISI_SEC_OFFSETS_* */
	uint32_t w7;			/**< I: header offsets, else 0 */
	uint32_t w8;			/**< I: PBKDF2, else 0 */
	uint32_t w9;			/**< I: salt, else 0 */
	uint32_t w10;			/**< I: HISI_SEC_BD2_W10_TAG, kept */
	uint32_t w11;			/**< I: padding, else 0 */
	uint32_t long_a_data_len_lo;	/**< w12 I: last part of a long hash: bits of all */
	uint32_t long_a_data_len_hi;	/**< w13 I */
	uint32_t a_ivin_addr_lo;	/**< w14 I: auth IV, B0 of CCM, chaining state */
	uint32_t a_ivin_addr_hi;	/**< w15 I */
	uint32_t a_key_addr_lo;		/**< w16 I */
	uint32_t a_key_addr_hi;		/**< w17 I */
	uint32_t mac_addr_lo;		/**< w18 I: written (compute) or read (verify) */
	uint32_t mac_addr_hi;		/**< w19 I */
	uint32_t c_ivin_addr_lo;	/**< w20 I */
	uint32_t c_ivin_addr_hi;	/**< w21 I */
	uint32_t c_key_addr_lo;		/**< w22 I */
	uint32_t c_key_addr_hi;		/**< w23 I */
	uint32_t data_src_addr_lo;	/**< w24 I: buffer or SGL */
	uint32_t data_src_addr_hi;	/**< w25 I */
	uint32_t data_dst_addr_lo;	/**< w26 I: buffer or SGL, with DE */
	uint32_t data_dst_addr_hi;	/**< w27 I */
	uint32_t w28;			/**< O: HISI_SEC_W28_* */
	uint32_t mac_i;			/**< w29 O: no driver reads it */
	uint32_t w30;			/**< O: no driver reads it */
	uint32_t counter;		/**< w31 O: no driver reads it */
};
static_assert(sizeof(struct hisi_sec_bd2) == HISI_SEC_SQE_LEN, "sec.md 2.2");
static_assert(offsetof(struct hisi_sec_bd2, w10) == 40, "the tag, sec.md 2.2");
static_assert(offsetof(struct hisi_sec_bd2, long_a_data_len_lo) == 48, "sec.md 2.2");
static_assert(offsetof(struct hisi_sec_bd2, a_ivin_addr_lo) == 56, "sec.md 2.2");
static_assert(offsetof(struct hisi_sec_bd2, mac_addr_lo) == 72, "sec.md 2.2");
static_assert(offsetof(struct hisi_sec_bd2, c_key_addr_lo) == 88, "sec.md 2.2");
static_assert(offsetof(struct hisi_sec_bd2, data_src_addr_lo) == 96, "sec.md 2.2");
static_assert(offsetof(struct hisi_sec_bd2, data_dst_addr_lo) == 104, "sec.md 2.2");
static_assert(offsetof(struct hisi_sec_bd2, w28) == 112, "written back, sec.md 2.1");
static_assert(offsetof(struct hisi_sec_bd2, counter) == 124, "written back, sec.md 2.1");

/**
 * Descriptor type 3 (sec.md 2.3). Its 64-bit fields from w19 on are not aligned to 8 bytes. Words
 * 25 to 27 as scene "stream" has them; other scenes leave them 0.
 */
struct hisi_sec_bd3 {
	uint32_t w0;			/**< I: HISI_SEC_BD3_W0_* */
	uint32_t w1;			/**< I: HISI_SEC_BD3_W1_* */
	uint32_t tag_lo;		/**< w2 I: kept */
	uint32_t tag_hi;		/**< w3 I: kept */
	uint32_t data_src_addr_lo;	/**< w4 I: buffer or SGL */
	uint32_t data_src_addr_hi;	/**< w5 I */
	uint32_t a_key_addr_lo;		/**< w6 I */
	uint32_t a_key_addr_hi;		/**< w7 I */
	uint32_t a_ivin_addr_lo;	/**< w8 I: auth IV, B0 of CCM, chaining state */
	uint32_t a_ivin_addr_hi;	/**< w9 I */
	uint32_t w10;			/**< I: storage only, else 0 */
	uint32_t w11;			/**< I: storage only, else 0 */
	uint32_t c_key_addr_lo;		/**< w12 I */
	uint32_t c_key_addr_hi;		/**< w13 I */
	uint32_t w14;			/**< I: HISI_SEC_BD3_W14_* */
	uint32_t w15;			/**< I: salt, else 0 */
	uint32_t w16;			/**< I: HISI_SEC_OFFSETS_* */
	uint32_t w17;			/**< I: HISI_SEC_BD3_W17_* */
	uint32_t w18;			/**< I: HISI_SEC_BD3_W18_* */
	uint32_t data_dst_addr_lo;	/**< w19 I: buffer or SGL, with DE */
	uint32_t data_dst_addr_hi;	/**< w20 I */
	uint32_t mac_addr_lo;		/**< w21 I: written (compute) or read (verify) */
	uint32_t mac_addr_hi;		/**< w22 I */
	uint32_t c_ivin_addr_lo;	/**< w23 I */
	uint32_t c_ivin_addr_hi;	/**< w24 I */
	uint32_t long_a_data_len_lo;	/**< w25 I: last part of a long hash: bits of all */
	uint32_t long_a_data_len_hi;	/**< w26 I */
	uint32_t w27;			/**< I: HISI_SEC_BD3_W27_* */
	uint32_t w28;			/**< O: HISI_SEC_W28_* */
	uint32_t mac_i;			/**< w29 O: no driver reads it */
	uint32_t w30;			/**< O: HISI_SEC_BD3_W30_* */
	uint32_t counter;		/**< w31 O: no driver reads it */
};
static_assert(sizeof(struct hisi_sec_bd3) == HISI_SEC_SQE_LEN, "sec.md 2.3");
static_assert(offsetof(struct hisi_sec_bd3, tag_lo) == 8, "sec.md 2.3");
static_assert(offsetof(struct hisi_sec_bd3, a_ivin_addr_lo) == 32, "sec.md 2.3");
static_assert(offsetof(struct hisi_sec_bd3, c_key_addr_lo) == 48, "sec.md 2.3");
static_assert(offsetof(struct hisi_sec_bd3, w16) == 64, "sec.md 2.3");
static_assert(offsetof(struct hisi_sec_bd3, data_dst_addr_lo) == 76, "sec.md 2.3");
static_assert(offsetof(struct hisi_sec_bd3, mac_addr_lo) == 84, "sec.md 2.3");
static_assert(offsetof(struct hisi_sec_bd3, c_ivin_addr_lo) == 92, "sec.md 2.3");
static_assert(offsetof(struct hisi_sec_bd3, long_a_data_len_lo) == 100, "sec.md 2.3");
static_assert(offsetof(struct hisi_sec_bd3, w28) == 112, "written back, sec.md 2.1");
static_assert(offsetof(struct hisi_sec_bd3, counter) == 124, "written back, sec.md 2.1");

/** Dwords of a descriptor, for stores wider than one of its members. */
enum hisi_sec_bd2_dword {
	HISI_SEC_BD2_DW_A_IVIN_ADDR = 14,
	HISI_SEC_BD2_DW_A_KEY_ADDR = 16,
	HISI_SEC_BD2_DW_MAC_ADDR = 18,
	HISI_SEC_BD2_DW_C_IVIN_ADDR = 20,
	HISI_SEC_BD2_DW_C_KEY_ADDR = 22,
	HISI_SEC_BD2_DW_DATA_SRC_ADDR = 24,
	HISI_SEC_BD2_DW_DATA_DST_ADDR = 26,
};

enum hisi_sec_bd3_dword {
	HISI_SEC_BD3_DW_TAG = 2,
	HISI_SEC_BD3_DW_DATA_SRC_ADDR = 4,
	HISI_SEC_BD3_DW_A_KEY_ADDR = 6,
	HISI_SEC_BD3_DW_A_IVIN_ADDR = 8,
	HISI_SEC_BD3_DW_C_KEY_ADDR = 12,
	HISI_SEC_BD3_DW_DATA_DST_ADDR = 19,
	HISI_SEC_BD3_DW_MAC_ADDR = 21,
	HISI_SEC_BD3_DW_C_IVIN_ADDR = 23,
};

#define HISI_SEC_DW_RESULT		28

/* sec.md 2.2, type 2 */
#define HISI_SEC_BD2_W0_TYPE		HISI_GENMASK32(3, 0) /* also of all other types */
#define HISI_SEC_BD2_W0_CIPHER		HISI_GENMASK32(5, 4) /* enum hisi_sec_cipher */
#define HISI_SEC_BD2_W0_AUTH		HISI_GENMASK32(7, 6) /* enum hisi_sec_auth */
#define HISI_SEC_BD2_W0_SEQ		HISI_BIT32(8) /* auth before cipher */
#define HISI_SEC_BD2_W0_DE		HISI_GENMASK32(10, 9) /* 1: data_dst_addr counts */
#define HISI_SEC_BD2_W0_SCENE		HISI_GENMASK32(14, 11) /* enum hisi_sec_scene */
#define HISI_SEC_BD2_W0_SRC_ADDR_TYPE	HISI_GENMASK32(17, 15) /* enum hisi_sec_buffer */
#define HISI_SEC_BD2_W0_DST_ADDR_TYPE	HISI_GENMASK32(20, 18)
#define HISI_SEC_BD2_W0_MAC_ADDR_TYPE	HISI_GENMASK32(23, 21) /* always flat */
#define HISI_SEC_BD2_W1_NONCE_LEN	HISI_GENMASK32(3, 0)
#define HISI_SEC_BD2_W1_HUK		HISI_BIT32(4) /* key from fuses */
#define HISI_SEC_BD2_W1_CI_GEN		HISI_GENMASK32(7, 6) /* enum hisi_sec_ci_gen */
#define HISI_SEC_BD2_W1_AI_GEN		HISI_GENMASK32(9, 8) /* enum hisi_sec_ai_gen */
#define HISI_SEC_BD2_W1_A_PAD		HISI_GENMASK32(11, 10) /* enum hisi_sec_pad */
#define HISI_SEC_BD2_W1_C_KEY_TYPE	HISI_GENMASK32(18, 17) /* 0: by address */
#define HISI_SEC_BD2_W1_A_KEY_TYPE	HISI_GENMASK32(20, 19) /* 0: by address */
#define HISI_SEC_BD2_W1_INVALID		HISI_BIT32(31) /* complete without processing */
#define HISI_SEC_BD2_W2_MAC_LEN		HISI_GENMASK32(4, 0) /* words */
#define HISI_SEC_BD2_W2_A_KEY_LEN	HISI_GENMASK32(10, 5) /* words */
#define HISI_SEC_BD2_W2_A_ALG		HISI_GENMASK32(16, 11) /* enum hisi_sec_a_alg */
#define HISI_SEC_BD2_W3_C_ICV_LEN	HISI_GENMASK32(5, 0) /* bytes */
#define HISI_SEC_BD2_W3_C_WIDTH		HISI_GENMASK32(8, 6) /* 1..3 = CBC-CS1..3 */
#define HISI_SEC_BD2_W3_C_KEY_LEN	HISI_GENMASK32(11, 9) /* HISI_SEC_C_KEY_LEN_* */
#define HISI_SEC_BD2_W3_C_MODE		HISI_GENMASK32(15, 12) /* enum hisi_sec_c_mode */
#define HISI_SEC_BD2_W3_C_ALG		HISI_GENMASK32(19, 16) /* enum hisi_sec_c_alg */
#define HISI_SEC_BD2_W4_A_LEN		HISI_GENMASK32(23, 0) /* bytes */
#define HISI_SEC_BD2_W5_C_LEN		HISI_GENMASK32(23, 0) /* bytes */
#define HISI_SEC_BD2_W10_TAG		HISI_GENMASK32(15, 0)

/* sec.md 2.3, type 3 */
#define HISI_SEC_BD3_W0_TYPE		HISI_GENMASK32(3, 0)
#define HISI_SEC_BD3_W0_INVALID		HISI_BIT32(4) /* complete without processing */
#define HISI_SEC_BD3_W0_SCENE		HISI_GENMASK32(8, 5) /* enum hisi_sec_scene */
#define HISI_SEC_BD3_W0_DE		HISI_GENMASK32(10, 9) /* 1: data_dst_addr counts */
#define HISI_SEC_BD3_W0_SRC_ADDR_TYPE	HISI_GENMASK32(13, 11) /* enum hisi_sec_buffer */
#define HISI_SEC_BD3_W0_DST_ADDR_TYPE	HISI_GENMASK32(16, 14)
#define HISI_SEC_BD3_W0_MAC_ADDR_TYPE	HISI_GENMASK32(19, 17) /* always flat */
#define HISI_SEC_BD3_W1_CIPHER		HISI_GENMASK32(1, 0) /* enum hisi_sec_cipher */
#define HISI_SEC_BD3_W1_CI_GEN		HISI_GENMASK32(3, 2) /* enum hisi_sec_ci_gen */
#define HISI_SEC_BD3_W1_C_ICV_LEN	HISI_GENMASK32(9, 4) /* bytes */
#define HISI_SEC_BD3_W1_C_WIDTH		HISI_GENMASK32(12, 10) /* 1..3 = CBC-CS1..3 */
#define HISI_SEC_BD3_W1_C_KEY_LEN	HISI_GENMASK32(15, 13) /* HISI_SEC_C_KEY_LEN_* */
#define HISI_SEC_BD3_W1_C_MODE		HISI_GENMASK32(19, 16) /* enum hisi_sec_c_mode */
#define HISI_SEC_BD3_W1_C_ALG		HISI_GENMASK32(23, 20) /* enum hisi_sec_c_alg */
#define HISI_SEC_BD3_W1_NONCE_LEN	HISI_GENMASK32(27, 24)
#define HISI_SEC_BD3_W1_HUK		HISI_BIT32(28) /* key from fuses */
#define HISI_SEC_BD3_W1_CAL_IV_ADDR_EN	HISI_BIT32(29)
#define HISI_SEC_BD3_W1_SEQ		HISI_BIT32(30) /* auth before cipher */
#define HISI_SEC_BD3_W14_AUTH		HISI_GENMASK32(1, 0) /* enum hisi_sec_auth */
#define HISI_SEC_BD3_W14_AI_GEN		HISI_GENMASK32(3, 2) /* enum hisi_sec_ai_gen */
#define HISI_SEC_BD3_W14_MAC_LEN	HISI_GENMASK32(8, 4) /* words */
#define HISI_SEC_BD3_W14_A_KEY_LEN	HISI_GENMASK32(14, 9) /* words */
#define HISI_SEC_BD3_W14_A_ALG		HISI_GENMASK32(20, 15) /* enum hisi_sec_a_alg */
#define HISI_SEC_BD3_W14_KEY_SEL	HISI_GENMASK32(24, 21) /* 0: by address */
#define HISI_SEC_BD3_W14_CTR_MODE	HISI_GENMASK32(26, 25) /* enum hisi_sec_ctr_mode */
#define HISI_SEC_BD3_W14_SVA_PREFETCH	HISI_BIT32(27)
#define HISI_SEC_BD3_W14_KEY_WRAP_NUM	HISI_GENMASK32(30, 28)
#define HISI_SEC_BD3_W14_UPDATE_KEY	HISI_BIT32(31)
#define HISI_SEC_BD3_W17_A_LEN		HISI_GENMASK32(23, 0) /* bytes */
#define HISI_SEC_BD3_W18_C_LEN		HISI_GENMASK32(23, 0) /* bytes */
#define HISI_SEC_BD3_W27_AUTH_PAD	HISI_GENMASK32(1, 0) /* enum hisi_sec_pad, stream only */
#define HISI_SEC_BD3_W27_PROTOCOL	HISI_GENMASK32(4, 2)
#define HISI_SEC_BD3_W27_MAC_SEL	HISI_BIT32(5) /* unknown, sec.md 7 item 8 */
#define HISI_SEC_BD3_W30_SVA_STATUS	HISI_GENMASK32(15, 8) /* 0 is normal */

/* Both types: w6 of type 2, w16 of type 3 */
#define HISI_SEC_OFFSETS_AUTH		HISI_GENMASK32(15, 0) /* bytes into the source */
#define HISI_SEC_OFFSETS_CIPHER		HISI_GENMASK32(31, 16) /* and into the destination */

/* Both types: the result (sec.md 2.2, 6.1) */
#define HISI_SEC_W28_DONE		HISI_BIT32(0)
#define HISI_SEC_W28_ICV		HISI_GENMASK32(3, 1) /* enum hisi_sec_icv */
#define HISI_SEC_W28_CSC		HISI_GENMASK32(6, 4)
#define HISI_SEC_W28_FLAG		HISI_GENMASK32(10, 7) /* enum hisi_sec_flag */
#define HISI_SEC_W28_DIF_CHECK		HISI_GENMASK32(13, 11)
#define HISI_SEC_W28_ERROR_TYPE		HISI_GENMASK32(23, 16) /* enum hisi_sec_status */
#define HISI_SEC_W28_WARNING_TYPE	HISI_GENMASK32(31, 24)

#define HISI_SEC_BD_TYPE_1		1 /* storage with DIF, sec.md 2.4 */
#define HISI_SEC_BD_TYPE_2		2
#define HISI_SEC_BD_TYPE_3		3

enum hisi_sec_cipher {
	HISI_SEC_CIPHER_NONE = 0,
	HISI_SEC_CIPHER_ENCRYPT = 1,
	HISI_SEC_CIPHER_DECRYPT = 2,
	HISI_SEC_CIPHER_COPY = 3,	/* no driver uses it */
};

enum hisi_sec_auth {
	HISI_SEC_AUTH_NONE = 0,		/* also with CCM and GCM */
	HISI_SEC_AUTH_COMPUTE = 1,
	HISI_SEC_AUTH_VERIFY = 2,
};

/** sec.md 2.5 */
enum hisi_sec_scene {
	HISI_SEC_SCENE_NONE = 0,
	HISI_SEC_SCENE_IPSEC = 1,
	HISI_SEC_SCENE_TLS = 3,
	HISI_SEC_SCENE_DTLS = 4,
	HISI_SEC_SCENE_STORAGE = 5,
	HISI_SEC_SCENE_NAS = 6,
	HISI_SEC_SCENE_STREAM = 7,
	HISI_SEC_SCENE_PBKDF2 = 8,
	HISI_SEC_SCENE_SMB = 9,
};

/** Buffer type, of source and destination each. */
enum hisi_sec_buffer {
	HISI_SEC_BUFFER_FLAT = 0,
	HISI_SEC_BUFFER_SGL = 1,
	HISI_SEC_BUFFER_PRP = 2,	/* no driver uses it */
};

/** Where the cipher's IV comes from. */
enum hisi_sec_ci_gen {
	HISI_SEC_CI_GEN_ADDR = 0,
	HISI_SEC_CI_GEN_LBA = 3,
};

/** Where the IV or the state of the auth unit comes from. */
enum hisi_sec_ai_gen {
	HISI_SEC_AI_GEN_INNER = 0,
	HISI_SEC_AI_GEN_ADDR = 1,
	HISI_SEC_AI_GEN_COMPUTED = 2,
	HISI_SEC_AI_GEN_TRNG = 3,
};

/** Is this the end of a hash? */
enum hisi_sec_pad {
	HISI_SEC_PAD = 0,
	HISI_SEC_NO_PAD = 1,	/* more of a long hash follows */
};

/** ctr_count_mode, for SM4 XTS its variant (sec.md 2.3). */
enum hisi_sec_ctr_mode {
	HISI_SEC_CTR_WRAP_32 = 0,
	HISI_SEC_SM4_XTS_GB = 1,	/* GB/T 17964-2021 */
	HISI_SEC_CTR_WRAP_128 = 2,	/* Linux writes it always: "as usual" elsewhere */
};

/** sec.md 2.6.1 */
enum hisi_sec_c_alg {
	HISI_SEC_C_ALG_DES = 0,
	HISI_SEC_C_ALG_3DES = 1,
	HISI_SEC_C_ALG_AES = 2,
	HISI_SEC_C_ALG_SM4 = 3,
};

/** sec.md 2.6.1 */
enum hisi_sec_c_mode {
	HISI_SEC_C_MODE_ECB = 0,
	HISI_SEC_C_MODE_CBC = 1,
	HISI_SEC_C_MODE_CFB = 2,
	HISI_SEC_C_MODE_OFB = 3,
	HISI_SEC_C_MODE_CTR = 4,
	HISI_SEC_C_MODE_CCM = 5,
	HISI_SEC_C_MODE_GCM = 6,
	HISI_SEC_C_MODE_XTS = 7,
	HISI_SEC_C_MODE_CBC_CS = 9,
};

/* sec.md 2.6.2: c_key_len; its meaning depends on the algorithm */
#define HISI_SEC_C_KEY_LEN_128		0 /* AES, SM4; XTS: two of them */
#define HISI_SEC_C_KEY_LEN_192		1 /* AES, not XTS */
#define HISI_SEC_C_KEY_LEN_256		2 /* AES; XTS: two of them */
#define HISI_SEC_C_KEY_LEN_DES		1 /* 8 bytes */
#define HISI_SEC_C_KEY_LEN_3DES_3KEY	1 /* 24 bytes */
#define HISI_SEC_C_KEY_LEN_3DES_2KEY	3 /* 16 bytes */

/** sec.md 2.6.3 */
enum hisi_sec_a_alg {
	HISI_SEC_A_ALG_SHA1 = 0x00,
	HISI_SEC_A_ALG_SHA256 = 0x01,
	HISI_SEC_A_ALG_MD5 = 0x02,
	HISI_SEC_A_ALG_SHA224 = 0x03,
	HISI_SEC_A_ALG_SHA384 = 0x04,
	HISI_SEC_A_ALG_SHA512 = 0x05,
	HISI_SEC_A_ALG_SHA512_224 = 0x06,
	HISI_SEC_A_ALG_SHA512_256 = 0x07,
	HISI_SEC_A_ALG_HMAC_SHA1 = 0x10,
	HISI_SEC_A_ALG_HMAC_SHA256 = 0x11,
	HISI_SEC_A_ALG_HMAC_MD5 = 0x12,
	HISI_SEC_A_ALG_HMAC_SHA224 = 0x13,
	HISI_SEC_A_ALG_HMAC_SHA384 = 0x14,
	HISI_SEC_A_ALG_HMAC_SHA512 = 0x15,
	HISI_SEC_A_ALG_HMAC_SHA512_224 = 0x16,
	HISI_SEC_A_ALG_HMAC_SHA512_256 = 0x17,
	HISI_SEC_A_ALG_XCBC = 0x20,
	HISI_SEC_A_ALG_CMAC = 0x21,
	HISI_SEC_A_ALG_GMAC = 0x22,
	HISI_SEC_A_ALG_SM3 = 0x25,
	HISI_SEC_A_ALG_HMAC_SM3 = 0x26,
	HISI_SEC_A_ALG_SM4_GMAC = 0x31,
};

/** Result of a MAC check; anything but a mismatch is fine (sec.md 2.10). */
enum hisi_sec_icv {
	HISI_SEC_ICV_NOT_CHECKED = 0,
	HISI_SEC_ICV_PASSED = 1,	/* inferred */
	HISI_SEC_ICV_MISMATCH = 2,
};

/** What kind of operation it was (sec.md 2.10). */
enum hisi_sec_flag {
	HISI_SEC_FLAG_NONE = 0,		/* an invalid descriptor */
	HISI_SEC_FLAG_AUTH = 1,		/* inferred */
	HISI_SEC_FLAG_CIPHER = 2,
	HISI_SEC_FLAG_AEAD = 3,
};

/** error_type (sec.md 6.2): 0 is fine, the meaning of all others is not published. */
enum hisi_sec_status {
	HISI_SEC_STATUS_OK = 0x00,
	/* Invented by the device model: no chip is known to answer these, no driver may depend on
	 * one of them. */
	HISI_SEC_STATUS_MODEL_BAD_TYPE = 0xe0,		/* type, scene, IV or key source */
	HISI_SEC_STATUS_MODEL_BAD_CIPHER = 0xe1,	/* algorithm, mode or key length */
	HISI_SEC_STATUS_MODEL_BAD_AUTH = 0xe2,		/* algorithm, MAC or key length */
	HISI_SEC_STATUS_MODEL_BAD_LENGTH = 0xe3,	/* length or alignment of data */
	HISI_SEC_STATUS_MODEL_BAD_SGL = 0xe4,		/* list makes no sense or is too short */
	HISI_SEC_STATUS_MODEL_READ_FAULT = 0xe5,	/* dma_fault=op: address refused */
	HISI_SEC_STATUS_MODEL_WRITE_FAULT = 0xe6,
	HISI_SEC_STATUS_MODEL_UNSUPPORTED = 0xe7,	/* not on this generation, or not here */
};

/* sec.md 4.1: limits */
#define HISI_SEC_MAX_LEN		0xfffe00 /* of c_len and a_len, bytes */
#define HISI_SEC_MAX_AAD_LEN		0xffff
#define HISI_SEC_MAX_CCM_AAD_LEN	0xfeff
#define HISI_SEC_MAX_KEY_LEN		64 /* of a cipher: two of XTS */
#define HISI_SEC_MAX_AUTH_KEY_LEN	128
#define HISI_SEC_MAX_MAC_LEN		64
#define HISI_SEC_GCM_IV_LEN		12
#define HISI_SEC_MAX_IV_LEN		16
#define HISI_SEC_GCM_MIN_TAG_LEN	8
#define HISI_SEC_CCM_MIN_TAG_LEN	4
#define HISI_SEC_MAX_TAG_LEN		16
#define HISI_SEC_XTS_MIN_LEN		16

#endif /* HISI_SEC_SQE_H */
