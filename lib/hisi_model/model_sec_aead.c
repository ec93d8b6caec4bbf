/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * GCM and CCM, in one descriptor (sec.md 2.9.3, 2.9.4), and GCM in parts (sec.md 2.9.5).
 */

#include <string.h>

#include <nettle/macros.h>

#include "model_sec_crypto.h"

static void
gcm_crypt_data(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	uint8_t *data)
{
	struct model_sec_block *block = &crypto->secret.block;

	(req->is_encrypt ? gcm_encrypt : gcm_decrypt)(&crypto->secret.gcm,
		&crypto->gcm_key, &block->key, block->crypt, req->c_len,
		data + req->cipher_offset, data + req->cipher_offset);
}

static void
gcm_tag(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets)
{
	struct model_sec_block *block = &crypto->secret.block;

	gcm_digest(&crypto->secret.gcm, &crypto->gcm_key, &block->key, block->crypt,
		req->mac_len, secrets->mac);
}

/** The counter block moves before its use (sec.md 2.9.5). */
static void
gcm_next_counter(struct gcm_ctx *gcm, const uint8_t *counter)
{
	uint32_t low;

	memcpy(gcm->ctr.b, counter, GCM_BLOCK_SIZE);
	low = READ_UINT32(gcm->ctr.b + 12) + 1;
	WRITE_UINT32(gcm->ctr.b + 12, low);
}

static void
run_gcm(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, uint8_t *data)
{
	struct gcm_ctx *gcm = &crypto->secret.gcm;

	gcm_set_iv(gcm, &crypto->gcm_key, GCM_IV_SIZE, secrets->iv);
	gcm_update(gcm, &crypto->gcm_key, req->a_len, data + req->auth_offset);
	gcm_crypt_data(crypto, req, data);
	gcm_tag(crypto, req, secrets);
}

/** The accumulator over the additional data goes out as it is. */
static void
run_gcm_first(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, const uint8_t *data)
{
	struct gcm_ctx *gcm = &crypto->secret.gcm;

	memset(gcm, 0, sizeof(*gcm));
	gcm_update(gcm, &crypto->gcm_key, req->a_len, data + req->auth_offset);
	memcpy(secrets->mac, gcm->x.b, GCM_BLOCK_SIZE);
}

static void
run_gcm_middle(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, uint8_t *data)
{
	struct gcm_ctx *gcm = &crypto->secret.gcm;

	memset(gcm, 0, sizeof(*gcm));
	memcpy(gcm->x.b, secrets->a_iv, GCM_BLOCK_SIZE);
	gcm_next_counter(gcm, secrets->iv);
	gcm_crypt_data(crypto, req, data);
	memcpy(secrets->mac, gcm->x.b, GCM_BLOCK_SIZE);
}

/** V5: the 64 bytes of the auth IV are J0, nothing, accumulator, nothing. */
static void
run_gcm_last(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, uint8_t *data)
{
	struct gcm_ctx *gcm = &crypto->secret.gcm;

	memset(gcm, 0, sizeof(*gcm));
	memcpy(gcm->iv.b, secrets->a_iv, GCM_BLOCK_SIZE);
	memcpy(gcm->x.b, secrets->a_iv + 32, GCM_BLOCK_SIZE);
	gcm->auth_size = req->long_len & HISI_GENMASK64(23, 0);
	gcm->data_size = (req->long_len >> 24) - req->c_len;
	gcm_next_counter(gcm, secrets->iv);
	gcm_crypt_data(crypto, req, data);
	gcm_tag(crypto, req, secrets);
}

/**
 * B0 and A1 are taken as software made them (sec.md 2.9.4), so the library's own way to make them
 * is not used: its context is filled as ccm_set_nonce() would.
 */
static void
ccm_begin(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	const struct model_sec_secrets *secrets)
{
	struct model_sec_block *block = &crypto->secret.block;
	struct ccm_ctx *ccm = &crypto->secret.ccm;

	memset(ccm, 0, sizeof(*ccm));
	memcpy(ccm->ctr.b, secrets->iv, CCM_BLOCK_SIZE);
	block->crypt(&block->key, CCM_BLOCK_SIZE, ccm->tag.b, secrets->a_iv);
	if (req->a_len == 0)
		return;
	ccm->tag.b[0] ^= req->a_len >> 8;
	ccm->tag.b[1] ^= req->a_len & 0xff;
	ccm->blength = 2;
}

static void
run_ccm(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, uint8_t *data)
{
	struct model_sec_block *block = &crypto->secret.block;
	struct ccm_ctx *ccm = &crypto->secret.ccm;
	uint8_t *text = data + req->cipher_offset;

	ccm_begin(crypto, req, secrets);
	ccm_update(ccm, &block->key, block->crypt, req->a_len, data + req->auth_offset);
	(req->is_encrypt ? ccm_encrypt : ccm_decrypt)(ccm, &block->key, block->crypt, req->c_len,
		text, text);
	ccm_digest(ccm, &block->key, block->crypt, req->mac_len, secrets->mac);
}

void
model_sec_aead(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, uint8_t *data)
{
	struct model_sec_block *block = &crypto->secret.block;

	model_sec_block_key(crypto, block, req, secrets->key, req->key_len, true,
		MODEL_SEC_EVP_SM4_ENCRYPT);
	if (req->kind == MODEL_SEC_CCM) {
		run_ccm(crypto, req, secrets, data);
		return;
	}
	model_sec_gcm_key(crypto, block);
	switch (req->kind) {
	case MODEL_SEC_GCM_FIRST:
		run_gcm_first(crypto, req, secrets, data);
		break;
	case MODEL_SEC_GCM_MIDDLE:
		run_gcm_middle(crypto, req, secrets, data);
		break;
	case MODEL_SEC_GCM_LAST:
		run_gcm_last(crypto, req, secrets, data);
		break;
	default:
		run_gcm(crypto, req, secrets, data);
		break;
	}
}
