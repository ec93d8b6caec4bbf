/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Ciphers without a MAC (sec.md 2.9.1).
 */

#include <string.h>

#include <nettle/cbc.h>
#include <nettle/cfb.h>
#include <nettle/ctr.h>
#include <nettle/xts.h>
#include <openssl/core_names.h>
#include <openssl/params.h>

#include "model_sec_crypto.h"

/** The last 4 bytes of a counter, big-endian. */
static uint32_t
counter_low(const uint8_t *counter)
{
	uint32_t low;

	memcpy(&low, counter + 12, sizeof(low));
	return __builtin_bswap32(low);
}

/** At most one wrap: 2^32 blocks are far more than a request has. */
static void
ctr_wrap_32(struct model_sec_block *block, uint8_t *counter, uint32_t len, uint8_t *data)
{
	uint64_t until_wrap = (UINT64_C(1) << 32) - counter_low(counter);
	uint32_t first = until_wrap * AES_BLOCK_SIZE < len ? until_wrap * AES_BLOCK_SIZE : len;

	if (first < len) {
		uint8_t wrapped[AES_BLOCK_SIZE];

		memcpy(wrapped, counter, 12);
		memset(wrapped + 12, 0, 4);
		ctr_crypt(&block->key, block->crypt, AES_BLOCK_SIZE, wrapped, len - first,
			data + first, data + first);
	}
	ctr_crypt(&block->key, block->crypt, AES_BLOCK_SIZE, counter, first, data, data);
}

static void
crypt_xts(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	const struct model_sec_secrets *secrets, uint8_t *data)
{
	struct model_sec_block *block = &crypto->secret.block, *tweak = &crypto->secret.tweak;
	uint32_t half = req->key_len / 2;

	model_sec_block_key(crypto, block, req, secrets->key, half, req->is_encrypt,
		MODEL_SEC_EVP_SM4_ENCRYPT);
	model_sec_block_key(crypto, tweak, req, secrets->key + half, half, true,
		MODEL_SEC_EVP_SM4_TWEAK);
	if (req->is_encrypt)
		xts_encrypt_message(&block->key, &tweak->key, block->crypt, secrets->iv,
			req->c_len, data, data);
	else
		xts_decrypt_message(&block->key, &tweak->key, block->crypt, tweak->crypt,
			secrets->iv, req->c_len, data, data);
}

/** OFB and CBC-CS of OpenSSL, in one call. */
static void
crypt_evp(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	const struct model_sec_secrets *secrets, uint8_t *data)
{
	static const char *const cs_names[] = { "CS1", "CS2", "CS3" };
	bool is_ofb = req->c_mode == HISI_SEC_C_MODE_OFB;
	uint32_t which = is_ofb ? MODEL_SEC_EVP_AES_OFB : MODEL_SEC_EVP_AES_CTS;
	EVP_CIPHER_CTX *ctx;
	int done;

	if (req->c_alg == HISI_SEC_C_ALG_SM4)
		which = MODEL_SEC_EVP_SM4_OFB;
	else
		which += (req->key_len - AES128_KEY_SIZE) / 8;
	ctx = model_sec_evp_key(crypto, which, secrets->key, secrets->iv, req->is_encrypt);
	if (!is_ofb) {
		char name[4];
		OSSL_PARAM params[] = {
			OSSL_PARAM_utf8_string(OSSL_CIPHER_PARAM_CTS_MODE, name, 3),
			OSSL_PARAM_END,
		};

		memcpy(name, cs_names[req->c_width - 1], sizeof(name));
		EVP_CIPHER_CTX_set_params(ctx, params);
	}
	EVP_CipherUpdate(ctx, data, &done, data, (int)req->c_len);
}

/** The modes that need one block cipher in one direction. */
static void
crypt_block(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	const struct model_sec_secrets *secrets, uint8_t *data)
{
	struct model_sec_block *block = &crypto->secret.block;
	bool is_stream = req->c_mode == HISI_SEC_C_MODE_CTR || req->c_mode == HISI_SEC_C_MODE_CFB;
	uint8_t iv[HISI_SEC_MAX_IV_LEN];

	memcpy(iv, secrets->iv, sizeof(iv));
	model_sec_block_key(crypto, block, req, secrets->key, req->key_len,
		req->is_encrypt || is_stream, MODEL_SEC_EVP_SM4_ENCRYPT);
	switch (req->c_mode) {
	case HISI_SEC_C_MODE_ECB:
		block->crypt(&block->key, req->c_len, data, data);
		break;
	case HISI_SEC_C_MODE_CBC:
		(req->is_encrypt ? cbc_encrypt : cbc_decrypt)(&block->key, block->crypt,
			block->len, iv, req->c_len, data, data);
		break;
	case HISI_SEC_C_MODE_CFB:
		(req->is_encrypt ? cfb_encrypt : cfb_decrypt)(&block->key, block->crypt,
			block->len, iv, req->c_len, data, data);
		break;
	default:
		if (req->ctr_mode == HISI_SEC_CTR_WRAP_128)
			ctr_crypt(&block->key, block->crypt, block->len, iv, req->c_len, data,
				data);
		else
			ctr_wrap_32(block, iv, req->c_len, data);
		break;
	}
}

void
model_sec_cipher(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	const struct model_sec_secrets *secrets, uint8_t *data)
{
	switch (req->c_mode) {
	case HISI_SEC_C_MODE_XTS:
		crypt_xts(crypto, req, secrets, data);
		break;
	case HISI_SEC_C_MODE_OFB:
	case HISI_SEC_C_MODE_CBC_CS:
		crypt_evp(crypto, req, secrets, data);
		break;
	default:
		crypt_block(crypto, req, secrets, data);
		break;
	}
}
