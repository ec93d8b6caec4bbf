/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A descriptor of the SEC engine: what it says (sec.md 2.2, 2.3) and whether it can be (sec.md 2.9,
 * 4.1). What the reference calls unknown is refused: a driver must not find it to work here.
 */

#include <string.h>

#include <hisi_qm_regs.h>
#include <hisi_sec_regs.h>

#include "model_device.h"
#include "model_regs.h"
#include "model_sec.h"
#include "model_version.h"

#define GET2(word, field) HISI_FIELD_GET(HISI_SEC_BD2_##field, bd->word)
#define GET3(word, field) HISI_FIELD_GET(HISI_SEC_BD3_##field, bd->word)
#define ADDR(name) ((uint64_t)bd->name##_hi << 32 | bd->name##_lo)

static void
parse_bd2(const struct hisi_sec_bd2 *bd, struct model_sec_request *req)
{
	*req = (struct model_sec_request){
		.cipher = GET2(w0, W0_CIPHER), .auth = GET2(w0, W0_AUTH), .seq = GET2(w0, W0_SEQ),
		.de = GET2(w0, W0_DE), .scene = GET2(w0, W0_SCENE),
		.src_type = GET2(w0, W0_SRC_ADDR_TYPE), .dst_type = GET2(w0, W0_DST_ADDR_TYPE),
		.mac_type = GET2(w0, W0_MAC_ADDR_TYPE), .ci_gen = GET2(w1, W1_CI_GEN),
		.ai_gen = GET2(w1, W1_AI_GEN), .pad = GET2(w1, W1_A_PAD),
		.key_source = GET2(w1, W1_HUK) | GET2(w1, W1_C_KEY_TYPE) |
			GET2(w1, W1_A_KEY_TYPE),
		.nonce_len = GET2(w1, W1_NONCE_LEN), .mac_words = GET2(w2, W2_MAC_LEN),
		.a_key_words = GET2(w2, W2_A_KEY_LEN), .a_alg = GET2(w2, W2_A_ALG),
		.c_icv_len = GET2(w3, W3_C_ICV_LEN), .c_width = GET2(w3, W3_C_WIDTH),
		.c_key_len = GET2(w3, W3_C_KEY_LEN), .c_mode = GET2(w3, W3_C_MODE),
		.c_alg = GET2(w3, W3_C_ALG), .a_len = GET2(w4, W4_A_LEN),
		.c_len = GET2(w5, W5_C_LEN), .ctr_mode = HISI_SEC_CTR_WRAP_32,
		.auth_offset = HISI_FIELD_GET(HISI_SEC_OFFSETS_AUTH, bd->w6),
		.cipher_offset = HISI_FIELD_GET(HISI_SEC_OFFSETS_CIPHER, bd->w6),
		.long_len = ADDR(long_a_data_len), .a_iv_addr = ADDR(a_ivin_addr),
		.a_key_addr = ADDR(a_key_addr), .mac_addr = ADDR(mac_addr),
		.c_iv_addr = ADDR(c_ivin_addr), .c_key_addr = ADDR(c_key_addr),
		.src_addr = ADDR(data_src_addr), .dst_addr = ADDR(data_dst_addr),
	};
	if (bd->w1 & HISI_SEC_BD2_W1_INVALID)
		req->kind = MODEL_SEC_NOTHING;
	else
		req->kind = MODEL_SEC_CIPHER;
}

static void
parse_bd3(const struct hisi_sec_bd3 *bd, struct model_sec_request *req)
{
	*req = (struct model_sec_request){
		.cipher = GET3(w1, W1_CIPHER), .auth = GET3(w14, W14_AUTH),
		.seq = GET3(w1, W1_SEQ), .de = GET3(w0, W0_DE), .scene = GET3(w0, W0_SCENE),
		.src_type = GET3(w0, W0_SRC_ADDR_TYPE), .dst_type = GET3(w0, W0_DST_ADDR_TYPE),
		.mac_type = GET3(w0, W0_MAC_ADDR_TYPE), .ci_gen = GET3(w1, W1_CI_GEN),
		.ai_gen = GET3(w14, W14_AI_GEN),
		.key_source = GET3(w1, W1_HUK) | GET3(w14, W14_KEY_SEL) |
			GET3(w14, W14_KEY_WRAP_NUM) | GET3(w14, W14_UPDATE_KEY),
		.nonce_len = GET3(w1, W1_NONCE_LEN), .mac_words = GET3(w14, W14_MAC_LEN),
		.a_key_words = GET3(w14, W14_A_KEY_LEN), .a_alg = GET3(w14, W14_A_ALG),
		.c_icv_len = GET3(w1, W1_C_ICV_LEN), .c_width = GET3(w1, W1_C_WIDTH),
		.c_key_len = GET3(w1, W1_C_KEY_LEN), .c_mode = GET3(w1, W1_C_MODE),
		.c_alg = GET3(w1, W1_C_ALG), .a_len = GET3(w17, W17_A_LEN),
		.c_len = GET3(w18, W18_C_LEN), .ctr_mode = GET3(w14, W14_CTR_MODE),
		.auth_offset = HISI_FIELD_GET(HISI_SEC_OFFSETS_AUTH, bd->w16),
		.cipher_offset = HISI_FIELD_GET(HISI_SEC_OFFSETS_CIPHER, bd->w16),
		.a_iv_addr = ADDR(a_ivin_addr), .a_key_addr = ADDR(a_key_addr),
		.mac_addr = ADDR(mac_addr), .c_iv_addr = ADDR(c_ivin_addr),
		.c_key_addr = ADDR(c_key_addr), .src_addr = ADDR(data_src_addr),
		.dst_addr = ADDR(data_dst_addr),
	};
	/* These words mean that in scene stream only (sec.md 2.3). */
	if (req->scene == HISI_SEC_SCENE_STREAM) {
		req->pad = GET3(w27, W27_AUTH_PAD);
		req->long_len = ADDR(long_a_data_len);
	}
	req->kind = bd->w0 & HISI_SEC_BD3_W0_INVALID ? MODEL_SEC_NOTHING : MODEL_SEC_CIPHER;
}

uint32_t
model_sec_parse(const void *sqe, struct model_sec_request *req)
{
	uint32_t type = HISI_FIELD_GET(HISI_SEC_BD3_W0_TYPE, *(const uint32_t *)sqe);

	switch (type) {
	case HISI_SEC_BD_TYPE_2:
		parse_bd2(sqe, req);
		break;
	case HISI_SEC_BD_TYPE_3:
		parse_bd3(sqe, req);
		break;
	default:
		return HISI_SEC_STATUS_MODEL_BAD_TYPE;
	}
	req->type = type;
	return HISI_SEC_STATUS_OK;
}

/* ---- what kind of work ---- */

static bool
is_v2(const struct model_device *dev)
{
	return dev->version->revision < HISI_QM_V3;
}

static uint32_t
check_common(const struct model_device *dev, const struct model_sec_request *req)
{
	if (req->type == HISI_SEC_BD_TYPE_3 && is_v2(dev))
		return HISI_SEC_STATUS_MODEL_BAD_TYPE;
	if (req->scene != HISI_SEC_SCENE_NONE && req->scene != HISI_SEC_SCENE_IPSEC &&
	    req->scene != HISI_SEC_SCENE_STREAM)
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	if (req->ci_gen != HISI_SEC_CI_GEN_ADDR || req->key_source != 0 || req->nonce_len != 0 ||
	    req->mac_type != HISI_SEC_BUFFER_FLAT || req->de > 1 ||
	    req->cipher == HISI_SEC_CIPHER_COPY || req->auth > HISI_SEC_AUTH_VERIFY ||
	    req->pad > HISI_SEC_NO_PAD || req->ai_gen > HISI_SEC_AI_GEN_ADDR)
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	/* A list on one side and a buffer on the other is unknown (sec.md 7 item 9). */
	if (req->src_type > HISI_SEC_BUFFER_SGL || (req->de && req->dst_type != req->src_type))
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	if (req->a_len > HISI_SEC_MAX_LEN || req->c_len > HISI_SEC_MAX_LEN)
		return HISI_SEC_STATUS_MODEL_BAD_LENGTH;
	return HISI_SEC_STATUS_OK;
}

/** A GCM that begins with a MAC of its own, or goes on with a state, is one in parts. */
static enum model_sec_kind
find_kind(const struct model_device *dev, const struct model_sec_request *req)
{
	bool is_aead = req->cipher != HISI_SEC_CIPHER_NONE &&
		(req->c_mode == HISI_SEC_C_MODE_GCM || req->c_mode == HISI_SEC_C_MODE_CCM);

	if (req->cipher == HISI_SEC_CIPHER_NONE) {
		if (req->auth == HISI_SEC_AUTH_NONE)
			return MODEL_SEC_NOTHING;
		return ((req->a_alg == HISI_SEC_A_ALG_GMAC ||
			req->a_alg == HISI_SEC_A_ALG_SM4_GMAC) &&
			req->scene == HISI_SEC_SCENE_STREAM && req->pad == HISI_SEC_NO_PAD) ?
			MODEL_SEC_GCM_FIRST : MODEL_SEC_HASH;
	}
	if (!is_aead)
		return req->auth == HISI_SEC_AUTH_NONE ? MODEL_SEC_CIPHER : MODEL_SEC_AUTHENC;
	if (req->c_mode == HISI_SEC_C_MODE_CCM)
		return MODEL_SEC_CCM;
	if (req->scene != HISI_SEC_SCENE_STREAM)
		return MODEL_SEC_GCM;
	if (req->pad == HISI_SEC_NO_PAD)
		return MODEL_SEC_GCM_MIDDLE;
	return dev->version->sub_version == HISI_QM_V5 ? MODEL_SEC_GCM_LAST : MODEL_SEC_NOTHING;
}

/* ---- ciphers ---- */

/** Bytes of a key by c_key_len, 0: cannot be (sec.md 2.6.2). */
static uint32_t
cipher_key_len(const struct model_sec_request *req)
{
	static const uint8_t aes[] = { 16, 24, 32 };
	uint32_t len = 0;

	switch (req->c_alg) {
	case HISI_SEC_C_ALG_DES:
		return 8; /* any c_key_len: UADK leaves it 0 */
	case HISI_SEC_C_ALG_3DES:
		return req->c_key_len == HISI_SEC_C_KEY_LEN_3DES_3KEY ? 24 :
			req->c_key_len == HISI_SEC_C_KEY_LEN_3DES_2KEY ? 16 : 0;
	case HISI_SEC_C_ALG_AES:
		len = req->c_key_len < sizeof(aes) ? aes[req->c_key_len] : 0;
		break;
	case HISI_SEC_C_ALG_SM4:
		len = req->c_key_len == HISI_SEC_C_KEY_LEN_128 ? 16 : 0;
		break;
	}
	if (req->c_mode != HISI_SEC_C_MODE_XTS)
		return len;
	return len == 24 ? 0 : 2 * len;
}

/** The checker that V2 must be told to allow some of SM4 (sec.md 1.1, inferred). */
static bool
is_checker_content(const struct model_device *dev, const struct model_sec_request *req)
{
	const struct model_function *pf = dev->functions[0];

	if (!is_v2(dev) || req->c_alg != HISI_SEC_C_ALG_SM4)
		return true;
	if (req->c_mode == HISI_SEC_C_MODE_XTS)
		return (model_regs_get(pf, HISI_SEC_BD_ERR_CHK_EN1) &
			HISI_SEC_BD_ERR_CHK_SM4_XTS) == 0;
	if (req->c_mode == HISI_SEC_C_MODE_ECB || req->c_mode == HISI_SEC_C_MODE_CTR)
		return (model_regs_get(pf, HISI_SEC_BD_ERR_CHK_EN0) &
			HISI_SEC_BD_ERR_CHK_SM4_ECB_CTR) == 0;
	return true;
}

/** Modes that V2 and V3 have, by algorithm (sec.md 2.9.1, 3.1). */
static uint32_t
check_mode(const struct model_device *dev, const struct model_sec_request *req)
{
	bool is_des = req->c_alg < HISI_SEC_C_ALG_AES;

	switch (req->c_mode) {
	case HISI_SEC_C_MODE_ECB:
	case HISI_SEC_C_MODE_CBC:
		break;
	case HISI_SEC_C_MODE_XTS:
		/* No library has the variant of GB/T 17964-2021 (sec.md 7 item 11). */
		if (req->c_alg == HISI_SEC_C_ALG_SM4 && req->ctr_mode == HISI_SEC_SM4_XTS_GB)
			return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
		if (is_des)
			return HISI_SEC_STATUS_MODEL_BAD_CIPHER;
		break;
	case HISI_SEC_C_MODE_CTR:
		if (req->ctr_mode != HISI_SEC_CTR_WRAP_32 && req->ctr_mode != HISI_SEC_CTR_WRAP_128)
			return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
		if (is_des)
			return HISI_SEC_STATUS_MODEL_BAD_CIPHER;
		break;
	case HISI_SEC_C_MODE_CBC_CS:
		if (req->c_alg != HISI_SEC_C_ALG_AES || req->c_width == 0 || req->c_width > 3)
			return HISI_SEC_STATUS_MODEL_BAD_CIPHER;
		/* fall through */
	case HISI_SEC_C_MODE_CFB:
	case HISI_SEC_C_MODE_OFB:
		if (is_des)
			return HISI_SEC_STATUS_MODEL_BAD_CIPHER;
		if (is_v2(dev))
			return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
		break;
	default:
		return HISI_SEC_STATUS_MODEL_BAD_CIPHER;
	}
	return is_checker_content(dev, req) ? HISI_SEC_STATUS_OK :
		HISI_SEC_STATUS_MODEL_BAD_CIPHER;
}

static bool
is_cipher_len_good(const struct model_device *dev, const struct model_sec_request *req)
{
	uint32_t block_len = req->c_alg < HISI_SEC_C_ALG_AES ? 8 : 16;

	switch (req->c_mode) {
	case HISI_SEC_C_MODE_ECB:
	case HISI_SEC_C_MODE_CBC:
		return req->c_len != 0 && req->c_len % block_len == 0;
	case HISI_SEC_C_MODE_XTS:
		return req->c_len >= HISI_SEC_XTS_MIN_LEN;
	case HISI_SEC_C_MODE_CBC_CS:
		return req->c_len >= block_len;
	case HISI_SEC_C_MODE_CTR:
		/* Bytes begin with V3 (sec.md 4.1). */
		return req->c_len != 0 && (!is_v2(dev) || req->c_len % block_len == 0);
	default:
		return req->c_len != 0;
	}
}

static uint32_t
check_cipher(const struct model_device *dev, struct model_sec_request *req)
{
	uint32_t status;

	req->key_len = cipher_key_len(req);
	if (req->c_alg > HISI_SEC_C_ALG_SM4 || req->key_len == 0)
		return HISI_SEC_STATUS_MODEL_BAD_CIPHER;
	status = check_mode(dev, req);
	if (status != HISI_SEC_STATUS_OK)
		return status;
	/* A plain cipher of scene stream is used by nobody. */
	if (req->scene == HISI_SEC_SCENE_STREAM)
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	if (!is_cipher_len_good(dev, req))
		return HISI_SEC_STATUS_MODEL_BAD_LENGTH;
	req->iv_len = req->c_mode == HISI_SEC_C_MODE_ECB ? 0 :
		req->c_alg < HISI_SEC_C_ALG_AES ? 8 : 16;
	return HISI_SEC_STATUS_OK;
}

/* ---- hashes and MACs ---- */

static enum model_sec_part
hash_part(const struct model_sec_request *req)
{
	if (req->ai_gen == HISI_SEC_AI_GEN_INNER)
		return req->pad == HISI_SEC_PAD ? MODEL_SEC_WHOLE : MODEL_SEC_FIRST;
	return req->pad == HISI_SEC_PAD ? MODEL_SEC_LAST : MODEL_SEC_MIDDLE;
}

static bool
is_keyed_hash(uint32_t a_alg)
{
	return a_alg >= HISI_SEC_A_ALG_HMAC_SHA1 && a_alg != HISI_SEC_A_ALG_SM3;
}

/** Lengths of a hash in parts (sec.md 2.9.7, 4.1). */
static uint32_t
check_long_hash(struct model_sec_request *req, uint32_t block_len)
{
	req->a_iv_len = req->part == MODEL_SEC_FIRST ? 0 : model_sec_state_len(req->a_alg);
	if (req->part != MODEL_SEC_LAST) {
		req->mac_len = model_sec_state_len(req->a_alg);
		return req->a_len != 0 && req->a_len % block_len == 0 ? HISI_SEC_STATUS_OK :
			HISI_SEC_STATUS_MODEL_BAD_LENGTH;
	}
	/* What came before must be whole blocks, at least one of them. */
	if (req->long_len % 8 != 0 || req->long_len / 8 <= req->a_len ||
	    (req->long_len / 8 - req->a_len) % block_len != 0)
		return HISI_SEC_STATUS_MODEL_BAD_LENGTH;
	return HISI_SEC_STATUS_OK;
}

static uint32_t
check_hash(const struct model_device *dev, struct model_sec_request *req)
{
	uint32_t full = model_sec_full_mac_len(req->a_alg);
	uint32_t block_len = model_sec_hash_block_len(req->a_alg);
	bool is_sm3 = req->a_alg == HISI_SEC_A_ALG_SM3 || req->a_alg == HISI_SEC_A_ALG_HMAC_SM3;

	req->part = hash_part(req);
	/* Zero words stand for all, but not with SM3 (sec.md 2.7). */
	req->mac_len = req->mac_words != 0 ? req->mac_words * 4 : full;
	if (req->part == MODEL_SEC_WHOLE || req->part == MODEL_SEC_LAST)
		if (req->mac_len > full || (is_sm3 && req->mac_words == 0))
			return HISI_SEC_STATUS_MODEL_BAD_AUTH;
	req->a_key_len = is_keyed_hash(req->a_alg) ? req->a_key_words * 4 : 0;
	/* An HMAC without a key is unknown (sec.md 7 item 9). */
	if (is_keyed_hash(req->a_alg) && (req->a_key_len == 0 || req->a_key_len > block_len))
		return HISI_SEC_STATUS_MODEL_BAD_AUTH;
	if (req->part != MODEL_SEC_WHOLE)
		return check_long_hash(req, block_len);
	return req->a_len == 0 && is_v2(dev) ? HISI_SEC_STATUS_MODEL_BAD_LENGTH :
		HISI_SEC_STATUS_OK;
}

static bool
is_aes_key_len(uint32_t len)
{
	return len == 16 || len == 24 || len == 32;
}

/** XCBC, CMAC and GMAC (sec.md 2.9.8). Other lengths of a MAC than these are unknown. */
static uint32_t
check_aes_mac(struct model_sec_request *req)
{
	bool is_gmac = req->a_alg == HISI_SEC_A_ALG_GMAC;
	bool is_xcbc_96 = req->a_alg == HISI_SEC_A_ALG_XCBC && req->mac_words == 3;

	if (req->type != HISI_SEC_BD_TYPE_3)
		return HISI_SEC_STATUS_MODEL_BAD_AUTH;
	req->mac_len = req->mac_words * 4;
	req->a_key_len = req->a_key_words * 4;
	req->a_iv_len = is_gmac ? HISI_SEC_GCM_IV_LEN : 0;
	if (req->mac_len != 16 && !is_xcbc_96)
		return HISI_SEC_STATUS_MODEL_BAD_AUTH;
	if (is_gmac ? !is_aes_key_len(req->a_key_len) : req->a_key_len != 16)
		return HISI_SEC_STATUS_MODEL_BAD_AUTH;
	if (req->pad != HISI_SEC_PAD || (req->ai_gen == HISI_SEC_AI_GEN_ADDR) != is_gmac)
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	return req->a_len == 0 && !is_gmac ? HISI_SEC_STATUS_MODEL_BAD_LENGTH :
		HISI_SEC_STATUS_OK;
}

static uint32_t
check_auth(const struct model_device *dev, struct model_sec_request *req)
{
	if (model_sec_full_mac_len(req->a_alg) == 0)
		return HISI_SEC_STATUS_MODEL_BAD_AUTH;
	/* To verify without a cipher is unknown (sec.md 2.9.6). */
	if (req->kind == MODEL_SEC_HASH && req->auth != HISI_SEC_AUTH_COMPUTE)
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	if (model_sec_hash_block_len(req->a_alg) == 0)
		return check_aes_mac(req);
	return check_hash(dev, req);
}

/**
 * Cipher and MAC in one (sec.md 2.9.2, 3.4): encrypt then MAC, verify then decrypt, and both
 * regions end together. All else is unknown (sec.md 7 items 9 and 10).
 */
static uint32_t
check_authenc(const struct model_device *dev, struct model_sec_request *req)
{
	uint32_t status = check_cipher(dev, req);
	bool is_decrypt = req->cipher == HISI_SEC_CIPHER_DECRYPT;

	if (status == HISI_SEC_STATUS_OK)
		status = check_auth(dev, req);
	if (status != HISI_SEC_STATUS_OK)
		return status;
	if (is_decrypt != (req->auth == HISI_SEC_AUTH_VERIFY) || is_decrypt != (req->seq == 1))
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	if (req->part != MODEL_SEC_WHOLE || model_sec_hash_block_len(req->a_alg) == 0)
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	if (req->mac_words == 0)
		return HISI_SEC_STATUS_MODEL_BAD_AUTH;
	return req->auth_offset <= req->cipher_offset &&
		req->auth_offset + req->a_len == req->cipher_offset + req->c_len ?
		HISI_SEC_STATUS_OK : HISI_SEC_STATUS_MODEL_BAD_LENGTH;
}

/* ---- GCM and CCM ---- */

static uint32_t
check_aead_cipher(const struct model_device *dev, struct model_sec_request *req)
{
	req->key_len = cipher_key_len(req);
	if (req->c_alg < HISI_SEC_C_ALG_AES || req->c_alg > HISI_SEC_C_ALG_SM4 || req->key_len == 0)
		return HISI_SEC_STATUS_MODEL_BAD_CIPHER;
	/* SM4 of this kind begins with V3 and its descriptor (sec.md 3.3, 4.3). */
	if (req->c_alg == HISI_SEC_C_ALG_SM4 && (is_v2(dev) || req->type != HISI_SEC_BD_TYPE_3))
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	return HISI_SEC_STATUS_OK;
}

static bool
is_tag_len_good(const struct model_sec_request *req)
{
	uint32_t len = req->c_icv_len;

	if (len > HISI_SEC_MAX_TAG_LEN)
		return false;
	return req->kind == MODEL_SEC_CCM ? len >= HISI_SEC_CCM_MIN_TAG_LEN && len % 2 == 0 :
		len >= HISI_SEC_GCM_MIN_TAG_LEN;
}

static uint32_t
check_aead(const struct model_device *dev, struct model_sec_request *req)
{
	bool is_ccm = req->kind == MODEL_SEC_CCM;
	uint32_t status = check_aead_cipher(dev, req);

	if (status != HISI_SEC_STATUS_OK)
		return status;
	if (!is_tag_len_good(req))
		return HISI_SEC_STATUS_MODEL_BAD_CIPHER;
	if (req->auth != HISI_SEC_AUTH_NONE || req->scene == HISI_SEC_SCENE_STREAM ||
	    (req->cipher == HISI_SEC_CIPHER_DECRYPT) != (req->seq == 1))
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	if (req->a_len > (is_ccm ? HISI_SEC_MAX_CCM_AAD_LEN : HISI_SEC_MAX_AAD_LEN) ||
	    req->a_len + req->c_len > HISI_SEC_MAX_LEN || (req->c_len == 0 && is_v2(dev)))
		return HISI_SEC_STATUS_MODEL_BAD_LENGTH;
	req->mac_len = req->c_icv_len;
	req->iv_len = is_ccm ? 16 : HISI_SEC_GCM_IV_LEN;
	req->a_iv_len = is_ccm ? 16 : 0;
	return HISI_SEC_STATUS_OK;
}

/** The parts of a GCM stream: flat, out of place (sec.md 2.9.5). */
static uint32_t
check_gcm_part(const struct model_device *dev, struct model_sec_request *req)
{
	bool is_last = req->kind == MODEL_SEC_GCM_LAST;
	uint32_t status;

	if (req->src_type != HISI_SEC_BUFFER_FLAT || req->de != 1)
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	if (req->kind == MODEL_SEC_GCM_FIRST) {
		/* w3, with the cipher, is 0 in descriptors of type 2. */
		req->c_alg = req->a_alg == HISI_SEC_A_ALG_GMAC ? HISI_SEC_C_ALG_AES :
			HISI_SEC_C_ALG_SM4;
		req->key_len = req->a_key_words * 4;
		req->c_key_addr = req->a_key_addr;
		req->mac_len = 16;
		if (!is_aes_key_len(req->key_len) ||
		    (req->c_alg == HISI_SEC_C_ALG_SM4 && req->key_len != 16))
			return HISI_SEC_STATUS_MODEL_BAD_AUTH;
		return req->a_len != 0 && req->c_len == 0 ? HISI_SEC_STATUS_OK :
			HISI_SEC_STATUS_MODEL_BAD_LENGTH;
	}
	status = check_aead_cipher(dev, req);
	if (status != HISI_SEC_STATUS_OK)
		return status;
	if (req->ai_gen != HISI_SEC_AI_GEN_ADDR || req->auth != HISI_SEC_AUTH_NONE)
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	if (req->c_key_addr == 0)
		req->c_key_addr = req->a_key_addr;
	req->iv_len = 16;
	req->a_iv_len = is_last ? 64 : 16;
	req->mac_len = is_last ? req->c_icv_len : 16;
	if (is_last && !is_tag_len_good(req))
		return HISI_SEC_STATUS_MODEL_BAD_CIPHER;
	if (is_last ? req->long_len >> 24 < req->c_len ||
	    ((req->long_len >> 24) - req->c_len) % 16 != 0 : req->c_len % 16 != 0)
		return HISI_SEC_STATUS_MODEL_BAD_LENGTH;
	return req->c_len != 0 && req->a_len == 0 ? HISI_SEC_STATUS_OK :
		HISI_SEC_STATUS_MODEL_BAD_LENGTH;
}

/* ---- what is read and written ---- */

/**
 * Source and destination. Whether additional data are copied in front of the output is unknown
 * (sec.md 2.8); they are here where they lie in front of it, as two APIs describe the output,
 * unless the model was told to leave them.
 */
static void
find_regions(struct model_sec_request *req, bool leaves_aad)
{
	uint32_t auth_end = req->a_len != 0 ? req->auth_offset + req->a_len : 0;
	uint32_t cipher_end = req->c_len != 0 ? req->cipher_offset + req->c_len : 0;
	bool has_aad = req->kind == MODEL_SEC_AUTHENC || req->kind == MODEL_SEC_GCM ||
		req->kind == MODEL_SEC_CCM;

	/* A field that its kind of work does not use says nothing. */
	if (req->kind == MODEL_SEC_CIPHER)
		auth_end = 0;
	if (req->kind == MODEL_SEC_HASH || req->kind == MODEL_SEC_GCM_FIRST)
		cipher_end = 0;
	req->in_len = auth_end > cipher_end ? auth_end : cipher_end;
	if (cipher_end != 0) {
		req->out_from = req->cipher_offset;
		req->out_len = req->c_len;
	}
	if (has_aad && !leaves_aad && req->de && req->auth_offset == 0 &&
	    auth_end >= req->cipher_offset) {
		req->out_from = 0;
		req->out_len = req->cipher_offset + (cipher_end != 0 ? req->c_len : 0);
	}
}

uint32_t
model_sec_check(const struct model_device *dev, struct model_sec_request *req)
{
	uint32_t status;

	if (req->kind == MODEL_SEC_NOTHING)
		return req->type == HISI_SEC_BD_TYPE_3 && is_v2(dev) ?
			HISI_SEC_STATUS_MODEL_BAD_TYPE : HISI_SEC_STATUS_OK;
	status = check_common(dev, req);
	if (status != HISI_SEC_STATUS_OK)
		return status;
	req->kind = find_kind(dev, req);
	req->is_encrypt = req->cipher == HISI_SEC_CIPHER_ENCRYPT;
	switch (req->kind) {
	case MODEL_SEC_NOTHING:
		return HISI_SEC_STATUS_MODEL_UNSUPPORTED;
	case MODEL_SEC_CIPHER:
		status = check_cipher(dev, req);
		break;
	case MODEL_SEC_HASH:
		status = check_auth(dev, req);
		break;
	case MODEL_SEC_AUTHENC:
		status = check_authenc(dev, req);
		break;
	case MODEL_SEC_GCM:
	case MODEL_SEC_CCM:
		status = check_aead(dev, req);
		break;
	default:
		status = check_gcm_part(dev, req);
		break;
	}
	req->is_verify = req->cipher == HISI_SEC_CIPHER_DECRYPT && (req->kind == MODEL_SEC_GCM ||
		req->kind == MODEL_SEC_CCM || req->kind == MODEL_SEC_AUTHENC ||
		req->kind == MODEL_SEC_GCM_LAST);
	find_regions(req, dev->config.leaves_aad);
	return status;
}
