/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Hashes, HMACs and the MACs made of AES (sec.md 2.9.6 to 2.9.8).
 */

#include <string.h>

#include <nettle/cbc.h>
#include <nettle/hmac.h>
#include <nettle/memxor.h>
#include <nettle/nettle-meta.h>

#include "model_sec_crypto.h"

/** Hash n of sec.md 2.6.3; its HMAC has the number n + HISI_SEC_A_ALG_HMAC_SHA1. */
static const struct sec_hash {
	const struct nettle_hash *hash;
	uint8_t state_len; /**< bytes of the chaining state */
	uint8_t word_len;  /**< of one of its words */
} hashes[] = {
	[HISI_SEC_A_ALG_SHA1] = { &nettle_sha1, 20, 4 },
	[HISI_SEC_A_ALG_SHA256] = { &nettle_sha256, 32, 4 },
	[HISI_SEC_A_ALG_MD5] = { &nettle_md5, 16, 4 },
	[HISI_SEC_A_ALG_SHA224] = { &nettle_sha224, 32, 4 },
	[HISI_SEC_A_ALG_SHA384] = { &nettle_sha384, 64, 8 },
	[HISI_SEC_A_ALG_SHA512] = { &nettle_sha512, 64, 8 },
	[HISI_SEC_A_ALG_SHA512_224] = { &nettle_sha512_224, 64, 8 },
	[HISI_SEC_A_ALG_SHA512_256] = { &nettle_sha512_256, 64, 8 },
};

static const struct sec_hash sm3 = { &nettle_sm3, 32, 4 };

static bool
is_hmac(uint32_t a_alg)
{
	return (a_alg >= HISI_SEC_A_ALG_HMAC_SHA1 && a_alg <= HISI_SEC_A_ALG_HMAC_SHA512_256) ||
		a_alg == HISI_SEC_A_ALG_HMAC_SM3;
}

/** The hash, also that of an HMAC; NULL for other MACs and for what does not exist. */
static const struct sec_hash *
find_hash(uint32_t a_alg)
{
	if (a_alg == HISI_SEC_A_ALG_SM3 || a_alg == HISI_SEC_A_ALG_HMAC_SM3)
		return &sm3;
	if (a_alg <= HISI_SEC_A_ALG_SHA512_256)
		return &hashes[a_alg];
	return is_hmac(a_alg) ? &hashes[a_alg - HISI_SEC_A_ALG_HMAC_SHA1] : NULL;
}

uint32_t
model_sec_state_len(uint32_t a_alg)
{
	const struct sec_hash *hash = find_hash(a_alg);

	return hash != NULL ? hash->state_len : 0;
}

uint32_t
model_sec_hash_block_len(uint32_t a_alg)
{
	const struct sec_hash *hash = find_hash(a_alg);

	return hash != NULL ? hash->hash->block_size : 0;
}

uint32_t
model_sec_full_mac_len(uint32_t a_alg)
{
	const struct sec_hash *hash = find_hash(a_alg);

	if (hash != NULL)
		return hash->hash->digest_size;
	return a_alg == HISI_SEC_A_ALG_XCBC || a_alg == HISI_SEC_A_ALG_CMAC ||
		a_alg == HISI_SEC_A_ALG_GMAC ? AES_BLOCK_SIZE : 0;
}

/*
 * The chaining state: words as the hash orders their bytes (the chip's order is unknown, sec.md
 * 2.9.7). It is the first member of each context of nettle.
 */
static void
copy_state(const struct sec_hash *hash, void *to, const void *from)
{
	uint32_t i;

	if (hash->hash == &nettle_md5) {
		memcpy(to, from, hash->state_len);
	} else if (hash->word_len == 8) {
		for (i = 0; i < 8; i++)
			((uint64_t *)to)[i] = __builtin_bswap64(((const uint64_t *)from)[i]);
	} else {
		for (i = 0; i < hash->state_len / 4U; i++)
			((uint32_t *)to)[i] = __builtin_bswap32(((const uint32_t *)from)[i]);
	}
}

/** Go on with a hash that has taken @p nb_blocks blocks. */
static void
load_state(const struct sec_hash *hash, union model_sec_hash_ctx *ctx, const uint8_t *state,
	uint64_t nb_blocks)
{
	uint64_t words[MODEL_SEC_MAX_AUTH_IV / 8];

	memcpy(words, state, sizeof(words));
	copy_state(hash, ctx, words);
	if (hash->hash == &nettle_md5)
		ctx->md5.count = nb_blocks;
	else if (hash->hash == &nettle_sha1)
		ctx->sha1.count = nb_blocks;
	else if (hash->hash == &nettle_sm3)
		ctx->sm3.count = nb_blocks;
	else if (hash->word_len == 8)
		ctx->sha512.count_low = nb_blocks;
	else
		ctx->sha256.count = nb_blocks;
}

static void
run_hash(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, const uint8_t *data)
{
	const struct sec_hash *hash = find_hash(req->a_alg);
	union model_sec_hash_ctx *ctx = &crypto->secret.state;
	bool has_key = is_hmac(req->a_alg);

	if (has_key)
		hmac_set_key(&crypto->secret.outer, &crypto->secret.inner, ctx, hash->hash,
			req->a_key_len, secrets->a_key);
	else
		hash->hash->init(ctx);
	if (req->part == MODEL_SEC_MIDDLE || req->part == MODEL_SEC_LAST)
		/* The number of blocks before matters at the end only. HMAC's key is one more. */
		load_state(hash, ctx, secrets->a_iv, has_key + (req->part == MODEL_SEC_LAST ?
			(req->long_len / 8 - req->a_len) / hash->hash->block_size : 0));
	hash->hash->update(ctx, req->a_len, data);
	if (req->part == MODEL_SEC_FIRST || req->part == MODEL_SEC_MIDDLE) {
		uint64_t words[MODEL_SEC_MAX_AUTH_IV / 8];

		copy_state(hash, words, ctx);
		memcpy(secrets->mac, words, hash->state_len);
		explicit_bzero(words, sizeof(words));
	} else if (has_key) {
		hmac_digest(&crypto->secret.outer, &crypto->secret.inner, ctx, hash->hash,
			req->mac_len, secrets->mac);
	} else {
		hash->hash->digest(ctx, req->mac_len, secrets->mac);
	}
}

/*
 * AES-XCBC (RFC 3566), which no library of Debian has: three derived keys, and CBC of the library
 * over the padded message.
 */
static void
run_xcbc(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, uint8_t *data)
{
	struct aes128_ctx *aes = &crypto->secret.block.key.aes128;
	uint8_t *keys = crypto->secret.derived, iv[AES_BLOCK_SIZE] = { 0 }, last[AES_BLOCK_SIZE];
	uint32_t i, tail = (req->a_len - 1) % AES_BLOCK_SIZE + 1, rest = req->a_len - tail;

	aes128_set_encrypt_key(aes, secrets->a_key);
	for (i = 0; i < 3; i++)
		memset(keys + i * AES_BLOCK_SIZE, 1 + i, AES_BLOCK_SIZE);
	aes128_encrypt(aes, 3 * AES_BLOCK_SIZE, keys, keys);
	aes128_set_encrypt_key(aes, keys);
	memset(last, 0, sizeof(last));
	memcpy(last, data + rest, tail);
	if (tail < AES_BLOCK_SIZE)
		last[tail] = 0x80;
	memxor(last, keys + (tail < AES_BLOCK_SIZE ? 2 : 1) * AES_BLOCK_SIZE, AES_BLOCK_SIZE);
	cbc_encrypt(aes, (nettle_cipher_func *)aes128_encrypt, AES_BLOCK_SIZE, iv, rest, data,
		data);
	cbc_encrypt(aes, (nettle_cipher_func *)aes128_encrypt, AES_BLOCK_SIZE, iv, AES_BLOCK_SIZE,
		last, last);
	memcpy(secrets->mac, last, sizeof(last));
}

static void
run_cmac(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, const uint8_t *data)
{
	struct cmac_aes128_ctx *ctx = &crypto->secret.cmac;

	cmac_aes128_set_key(ctx, secrets->a_key);
	cmac_aes128_update(ctx, req->a_len, data);
	cmac_aes128_digest(ctx, req->mac_len, secrets->mac);
}

/** GCM without a message. The last 4 bytes of its IV are taken as not there (sec.md 2.9.8). */
static void
run_gmac(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, const uint8_t *data)
{
	struct model_sec_request aes = { .c_alg = HISI_SEC_C_ALG_AES };
	struct model_sec_block *block = &crypto->secret.block;

	model_sec_block_key(crypto, block, &aes, secrets->a_key, req->a_key_len, true,
		MODEL_SEC_EVP_SM4_ENCRYPT);
	model_sec_gcm_key(crypto, block);
	gcm_set_iv(&crypto->secret.gcm, &crypto->gcm_key, GCM_IV_SIZE, secrets->a_iv);
	gcm_update(&crypto->secret.gcm, &crypto->gcm_key, req->a_len, data);
	gcm_digest(&crypto->secret.gcm, &crypto->gcm_key, &block->key, block->crypt,
		req->mac_len, secrets->mac);
}

void
model_sec_hash(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, uint8_t *data)
{
	switch (req->a_alg) {
	case HISI_SEC_A_ALG_XCBC:
		run_xcbc(crypto, req, secrets, data);
		break;
	case HISI_SEC_A_ALG_CMAC:
		run_cmac(crypto, req, secrets, data);
		break;
	case HISI_SEC_A_ALG_GMAC:
		run_gmac(crypto, req, secrets, data);
		break;
	default:
		run_hash(crypto, req, secrets, data);
		break;
	}
}
