/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The worker's contexts: made once, keyed for each request, wiped after it.
 */

#include <stdlib.h>
#include <string.h>

#include <nettle/memops.h>

#include "model_sec_crypto.h"

static const char *const evp_names[MODEL_SEC_EVP_COUNT] = {
	[MODEL_SEC_EVP_SM4_ENCRYPT] = "SM4-ECB",
	[MODEL_SEC_EVP_SM4_DECRYPT] = "SM4-ECB",
	[MODEL_SEC_EVP_SM4_TWEAK] = "SM4-ECB",
	[MODEL_SEC_EVP_SM4_OFB] = "SM4-OFB",
	[MODEL_SEC_EVP_AES_OFB] = "AES-128-OFB",
	[MODEL_SEC_EVP_AES_OFB + 1] = "AES-192-OFB",
	[MODEL_SEC_EVP_AES_OFB + 2] = "AES-256-OFB",
	[MODEL_SEC_EVP_AES_CTS] = "AES-128-CBC-CTS",
	[MODEL_SEC_EVP_AES_CTS + 1] = "AES-192-CBC-CTS",
	[MODEL_SEC_EVP_AES_CTS + 2] = "AES-256-CBC-CTS",
};

static const uint8_t no_key[EVP_MAX_KEY_LENGTH];

/** A first key makes the library allocate what it needs, so that requests need not. */
static EVP_CIPHER_CTX *
evp_create(const char *name)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	if (cipher == NULL || ctx == NULL ||
	    EVP_CipherInit_ex2(ctx, cipher, no_key, no_key, 1, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1) {
		EVP_CIPHER_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_CIPHER_free(cipher); /* the context has a reference of its own */
	return ctx;
}

struct model_sec_crypto *
model_sec_crypto_create(void)
{
	struct model_sec_crypto *crypto = calloc(1, sizeof(*crypto));
	uint32_t i;

	for (i = 0; crypto != NULL && i < MODEL_SEC_EVP_COUNT; i++) {
		crypto->evp[i] = evp_create(evp_names[i]);
		if (crypto->evp[i] == NULL) {
			model_sec_crypto_destroy(crypto);
			return NULL;
		}
	}
	return crypto;
}

void
model_sec_crypto_destroy(struct model_sec_crypto *crypto)
{
	uint32_t i;

	for (i = 0; crypto != NULL && i < MODEL_SEC_EVP_COUNT; i++)
		EVP_CIPHER_CTX_free(crypto->evp[i]);
	free(crypto);
}

EVP_CIPHER_CTX *
model_sec_evp_key(struct model_sec_crypto *crypto, uint32_t which, const uint8_t *key,
	const uint8_t *iv, int is_encrypt)
{
	crypto->evp_used |= 1U << which;
	EVP_CipherInit_ex2(crypto->evp[which], NULL, key, iv, is_encrypt, NULL);
	return crypto->evp[which];
}

void
model_sec_gcm_key(struct model_sec_crypto *crypto, const struct model_sec_block *block)
{
	crypto->is_gcm_used = true;
	gcm_set_key(&crypto->gcm_key, &block->key, block->crypt);
}

/** A nettle_cipher_func: SM4, which nettle itself has from 3.9 on. */
static void
evp_crypt_blocks(const void *key, size_t len, uint8_t *dst, const uint8_t *src)
{
	EVP_CIPHER_CTX *ctx = ((const union model_sec_key *)key)->sm4;
	int done;

	EVP_CipherUpdate(ctx, dst, &done, src, (int)len);
}

static void
aes_key(struct model_sec_block *block, const uint8_t *key, uint32_t key_len, bool is_encrypt)
{
	block->len = AES_BLOCK_SIZE;
	if (key_len == AES128_KEY_SIZE) {
		(is_encrypt ? aes128_set_encrypt_key : aes128_set_decrypt_key)(&block->key.aes128,
			key);
		block->crypt = (nettle_cipher_func *)(is_encrypt ? aes128_encrypt : aes128_decrypt);
	} else if (key_len == AES192_KEY_SIZE) {
		(is_encrypt ? aes192_set_encrypt_key : aes192_set_decrypt_key)(&block->key.aes192,
			key);
		block->crypt = (nettle_cipher_func *)(is_encrypt ? aes192_encrypt : aes192_decrypt);
	} else {
		(is_encrypt ? aes256_set_encrypt_key : aes256_set_decrypt_key)(&block->key.aes256,
			key);
		block->crypt = (nettle_cipher_func *)(is_encrypt ? aes256_encrypt : aes256_decrypt);
	}
}

/** Weak keys are keys here: what a chip makes of them is unknown, and other software takes them. */
static void
des_key(struct model_sec_block *block, const uint8_t *key, uint32_t key_len, bool is_encrypt)
{
	uint32_t i;

	block->len = DES_BLOCK_SIZE;
	if (key_len == DES_KEY_SIZE) {
		(void)des_set_key(&block->key.des, key);
		block->crypt = (nettle_cipher_func *)(is_encrypt ? des_encrypt : des_decrypt);
		return;
	}
	/* The third of two keys is the first one (sec.md 2.6.2). */
	for (i = 0; i < 3; i++)
		(void)des_set_key(&block->key.des3.des[i], key + i * DES_KEY_SIZE % key_len);
	block->crypt = (nettle_cipher_func *)(is_encrypt ? des3_encrypt : des3_decrypt);
}

void
model_sec_block_key(struct model_sec_crypto *crypto, struct model_sec_block *block,
	const struct model_sec_request *req, const uint8_t *key, uint32_t key_len,
	bool is_encrypt, enum model_sec_evp sm4)
{
	if (req->c_alg == HISI_SEC_C_ALG_SM4) {
		block->len = AES_BLOCK_SIZE;
		block->key.sm4 = model_sec_evp_key(crypto, sm4, key, NULL, is_encrypt);
		block->crypt = evp_crypt_blocks;
	} else if (req->c_alg == HISI_SEC_C_ALG_AES) {
		aes_key(block, key, key_len, is_encrypt);
	} else {
		des_key(block, key, key_len, is_encrypt);
	}
}

#if defined(__has_attribute)
#if __has_attribute(zero_call_used_regs)
#define WIPE_REGISTERS __attribute__((zero_call_used_regs("all")))
#endif
#endif
#ifndef WIPE_REGISTERS
#define WIPE_REGISTERS
#endif

/**
 * The registers that WIPE_REGISTERS does not know: it clears those that the compiler may use, but
 * memcpy() of a key takes the widest ones that the CPU has.
 */
static void
wipe_wide_registers(void)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx"))
		__asm__ volatile("vzeroall" ::: "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
			"xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13",
			"xmm14", "xmm15");
	if (__builtin_cpu_supports("avx512f"))
		__asm__ volatile(
			"vpxorq %zmm16, %zmm16, %zmm16\n\tvpxorq %zmm17, %zmm17, %zmm17\n\t"
			"vpxorq %zmm18, %zmm18, %zmm18\n\tvpxorq %zmm19, %zmm19, %zmm19\n\t"
			"vpxorq %zmm20, %zmm20, %zmm20\n\tvpxorq %zmm21, %zmm21, %zmm21\n\t"
			"vpxorq %zmm22, %zmm22, %zmm22\n\tvpxorq %zmm23, %zmm23, %zmm23\n\t"
			"vpxorq %zmm24, %zmm24, %zmm24\n\tvpxorq %zmm25, %zmm25, %zmm25\n\t"
			"vpxorq %zmm26, %zmm26, %zmm26\n\tvpxorq %zmm27, %zmm27, %zmm27\n\t"
			"vpxorq %zmm28, %zmm28, %zmm28\n\tvpxorq %zmm29, %zmm29, %zmm29\n\t"
			"vpxorq %zmm30, %zmm30, %zmm30\n\tvpxorq %zmm31, %zmm31, %zmm31");
#endif
}

/** More of the stack than any of the libraries' functions uses for what depends on a key. */
#define WIPE_STACK_LEN 8192

/**
 * Leave nothing of a key behind: contexts, stack below us, registers. A new key overwrites all of
 * the old one in a context of OpenSSL.
 */
__attribute__((noinline)) WIPE_REGISTERS void
model_sec_wipe(struct model_sec_crypto *crypto)
{
	uint8_t stack[WIPE_STACK_LEN];
	uint32_t i;

	/* Before any call: the dynamic linker puts registers on the stack at the first one. */
	wipe_wide_registers();
	for (i = 0; crypto->evp_used != 0; i++, crypto->evp_used >>= 1)
		if (crypto->evp_used & 1)
			EVP_CipherInit_ex2(crypto->evp[i], NULL, no_key, no_key, 1, NULL);
	if (crypto->is_gcm_used)
		explicit_bzero(&crypto->gcm_key, sizeof(crypto->gcm_key));
	crypto->is_gcm_used = false;
	explicit_bzero(&crypto->secret, sizeof(crypto->secret));
	explicit_bzero(stack, sizeof(stack));
	wipe_wide_registers();
}

static bool
is_expected(const struct model_sec_request *req, const struct model_sec_secrets *secrets)
{
	return memeql_sec(secrets->mac, secrets->expected, req->mac_len) != 0;
}

static bool
run_authenc(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, uint8_t *data)
{
	/* The MAC covers the ciphertext in both directions (sec.md 2.9.2). */
	if (req->is_encrypt)
		model_sec_cipher(crypto, req, secrets, data + req->cipher_offset);
	model_sec_hash(crypto, req, secrets, data + req->auth_offset);
	if (req->is_encrypt)
		return true;
	if (!is_expected(req, secrets))
		return false;
	model_sec_cipher(crypto, req, secrets, data + req->cipher_offset);
	return true;
}

bool
model_sec_run(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	struct model_sec_secrets *secrets, uint8_t *data)
{
	bool is_good = true;

	switch (req->kind) {
	case MODEL_SEC_NOTHING:
		return true;
	case MODEL_SEC_CIPHER:
		model_sec_cipher(crypto, req, secrets, data + req->cipher_offset);
		break;
	case MODEL_SEC_HASH:
		model_sec_hash(crypto, req, secrets, data + req->auth_offset);
		break;
	case MODEL_SEC_AUTHENC:
		is_good = run_authenc(crypto, req, secrets, data);
		break;
	default:
		model_sec_aead(crypto, req, secrets, data);
		is_good = !req->is_verify || is_expected(req, secrets);
		break;
	}
	model_sec_wipe(crypto);
	return is_good;
}
