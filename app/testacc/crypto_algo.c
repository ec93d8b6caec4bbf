/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "op_crypto.h"

/* What SEC does (sec.md 3), and what other devices have beside. Names are cryptodev's. */

#define CIPHER(name, id, openssl, key, iv, block, min_len) \
	{ name, TESTACC_CRYPTO_CIPHER, RTE_CRYPTO_CIPHER_ ## id, openssl, key, iv, block, min_len, \
		0, false }
#define HASH(name, id, openssl, len) \
	{ name, TESTACC_CRYPTO_HASH, RTE_CRYPTO_AUTH_ ## id, openssl, 0, 0, 1, 0, len, false }, \
	{ name "-hmac", TESTACC_CRYPTO_HASH, RTE_CRYPTO_AUTH_ ## id ## _HMAC, openssl, len, 0, 1, 0, \
		len, true }
#define AEAD(name, id, openssl, key, iv) \
	{ name, TESTACC_CRYPTO_AEAD, RTE_CRYPTO_AEAD_ ## id, openssl, key, iv, 1, 0, 16, false }

const struct testacc_crypto_algo testacc_crypto_algos[] = {
	CIPHER("aes-cbc", AES_CBC, "AES-%u-CBC", 16, 16, 16, 0),
	CIPHER("aes-ctr", AES_CTR, "AES-%u-CTR", 16, 16, 1, 0),
	CIPHER("aes-ecb", AES_ECB, "AES-%u-ECB", 16, 0, 16, 0),
	/* Its key is two keys: key_len of both. What is no multiple of a block borrows from the
	 * block before it, so there has to be one.
	 */
	CIPHER("aes-xts", AES_XTS, "AES-%u-XTS", 32, 16, 1, 16),
	CIPHER("3des-cbc", 3DES_CBC, "DES-EDE3-CBC", 24, 8, 8, 0),
	CIPHER("sm4-cbc", SM4_CBC, "SM4-CBC", 16, 16, 16, 0),
	CIPHER("sm4-ctr", SM4_CTR, "SM4-CTR", 16, 16, 1, 0),
	CIPHER("sm4-ecb", SM4_ECB, "SM4-ECB", 16, 0, 16, 0),
	CIPHER("null", NULL, NULL, 0, 0, 1, 0),
	HASH("md5", MD5, "MD5", 16),
	HASH("sha1", SHA1, "SHA1", 20),
	HASH("sha2-224", SHA224, "SHA224", 28),
	HASH("sha2-256", SHA256, "SHA256", 32),
	HASH("sha2-384", SHA384, "SHA384", 48),
	HASH("sha2-512", SHA512, "SHA512", 64),
	{ "sm3", TESTACC_CRYPTO_HASH, RTE_CRYPTO_AUTH_SM3, "SM3", 0, 0, 1, 0, 32, false },
	AEAD("aes-gcm", AES_GCM, "AES-%u-GCM", 16, 12),
	AEAD("aes-ccm", AES_CCM, "AES-%u-CCM", 16, 12),
	AEAD("chacha20-poly1305", CHACHA20_POLY1305, "ChaCha20-Poly1305", 32, 12),
	{ .name = NULL },
};

const struct testacc_crypto_algo *
testacc_crypto_algo_find(enum testacc_crypto_kind kind, const char *name)
{
	const struct testacc_crypto_algo *algo;

	for (algo = testacc_crypto_algos; algo->name != NULL; algo++)
		if (algo->kind == kind && strcmp(algo->name, name) == 0)
			return algo;
	return NULL;
}

static char
dash(char c)
{
	return c == '_' ? '-' : c;
}

static bool
is_same_word(const char *name, const char *text)
{
	for (; *name != '\0'; name++, text++)
		if (dash(*text) != dash(*name))
			return false;
	return *text == '\0';
}

bool
testacc_algo_is(const char *name, const char *text)
{
	return is_same_word(name, text) || (strncmp(name, "sha2-", 5) == 0 &&
		strncmp(text, "sha", 3) == 0 && is_same_word(name + 5, text + 3));
}

static EVP_CIPHER *
fetch_cipher(const struct testacc_crypto_params *params)
{
	unsigned int bits = params->key_len * 8U;
	char name[32];

	if (params->algo->id == RTE_CRYPTO_CIPHER_AES_XTS &&
			params->algo->kind == TESTACC_CRYPTO_CIPHER)
		bits /= 2;
	if (strncmp(params->algo->openssl, "AES-", 4) == 0)
		snprintf(name, sizeof(name), "AES-%u-%s", bits, strrchr(params->algo->openssl,
			'-') + 1);
	else
		snprintf(name, sizeof(name), "%s", params->algo->openssl);
	return EVP_CIPHER_fetch(NULL, name, NULL);
}

static bool
run_cipher(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher,
	const struct testacc_crypto_params *params, const uint8_t *plain, uint32_t len,
	uint8_t *coded)
{
	int done = 0;

	return EVP_EncryptInit_ex2(context, cipher, params->key, params->iv, NULL) == 1 &&
		EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
		EVP_EncryptUpdate(context, coded, &done, plain, (int)len) == 1 &&
		(uint32_t)done == len;
}

static bool
run_aead(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher,
	const struct testacc_crypto_params *params, const uint8_t *plain, uint32_t len,
	uint8_t *coded, uint8_t *digest)
{
	bool is_ccm = testacc_crypto_is_ccm(params);
	uint8_t rest[16];
	int done;

	/* CCM has to know both lengths beforehand. */
	return EVP_EncryptInit_ex2(context, cipher, NULL, NULL, NULL) == 1 &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, params->iv_len, NULL) == 1 &&
		(!is_ccm || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG,
			params->digest_len, NULL) == 1) &&
		EVP_EncryptInit_ex2(context, NULL, params->key, params->iv, NULL) == 1 &&
		(!is_ccm || EVP_EncryptUpdate(context, NULL, &done, NULL, (int)len) == 1) &&
		(params->aad_len == 0 || EVP_EncryptUpdate(context, NULL, &done, params->aad,
			params->aad_len) == 1) &&
		EVP_EncryptUpdate(context, coded, &done, plain, (int)len) == 1 &&
		EVP_EncryptFinal_ex(context, rest, &done) == 1 &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, params->digest_len,
			digest) == 1;
}

static bool
run_hash(const struct testacc_crypto_params *params, const uint8_t *plain, uint32_t len,
	uint8_t *digest)
{
	uint8_t whole[EVP_MAX_MD_SIZE];
	const EVP_MD *md = EVP_get_digestbyname(params->algo->openssl);
	bool is_right;

	if (md == NULL)
		return false;
	if (params->algo->is_hmac)
		is_right = HMAC(md, params->key, params->key_len, plain, len, whole, NULL) != NULL;
	else
		is_right = EVP_Digest(plain, len, whole, NULL, md, NULL) == 1;
	if (is_right)
		memcpy(digest, whole, params->digest_len);
	return is_right;
}

bool
testacc_crypto_reference(const struct testacc_crypto_params *params, const uint8_t *plain,
	uint32_t len, uint8_t *coded, uint8_t *digest)
{
	EVP_CIPHER_CTX *context;
	EVP_CIPHER *cipher;
	bool is_right = false;

	if (params->algo->openssl == NULL) {
		memcpy(coded, plain, len);
		return true;
	}
	if (params->algo->kind == TESTACC_CRYPTO_HASH)
		return run_hash(params, plain, len, digest);
	context = EVP_CIPHER_CTX_new();
	cipher = fetch_cipher(params);
	if (context != NULL && cipher != NULL)
		is_right = params->algo->kind == TESTACC_CRYPTO_CIPHER ?
			run_cipher(context, cipher, params, plain, len, coded) :
			run_aead(context, cipher, params, plain, len, coded, digest);
	EVP_CIPHER_free(cipher);
	EVP_CIPHER_CTX_free(context);
	return is_right;
}
