/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * The same bytes by OpenSSL's libcrypto, encrypting only: what a decryption is given and has to
 * give back follows from that.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "crypt.h"

#define BLOCK 16

static const char *
evp_name(const struct crypt_algorithm *algorithm, uint32_t key_len, char name[32])
{
	bool is_xts = strcmp(algorithm->evp, "AES-XTS") == 0;

	if (strncmp(algorithm->evp, "AES-", 4) != 0)
		return algorithm->evp;
	snprintf(name, 32, "AES-%u-%s", 8 * key_len / (is_xts ? 2 : 1), algorithm->evp + 4);
	return name;
}

/* Three keys of DES, whatever there are of them. */
static const uint8_t *
evp_key(const struct crypt_spec *spec, uint8_t expanded[24])
{
	uint32_t i;

	if (strncmp(spec->cipher->evp, "DES", 3) != 0)
		return spec->key;
	for (i = 0; i < 24; i++)
		expanded[i] = spec->key[i % spec->key_len];
	return expanded;
}

/* 16 bytes; a nonce of 12 for CTR is followed by a count of 1. */
static void
evp_iv(const struct crypt_spec *spec, uint8_t iv[CRYPT_MAX_IV])
{
	memset(iv, 0, CRYPT_MAX_IV);
	memcpy(iv, spec->iv, spec->iv_len);
	if (spec->iv_len == 12)
		iv[15] = 1;
}

static bool
cipher_text(const struct crypt_spec *spec, const uint8_t *in, uint8_t *out, uint32_t len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	char name[32];
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, evp_name(spec->cipher, spec->key_len, name),
		NULL);
	uint8_t key[24], iv[CRYPT_MAX_IV];
	int done = 0;
	bool good;

	evp_iv(spec, iv);
	good = cipher != NULL &&
		EVP_EncryptInit_ex2(ctx, cipher, evp_key(spec, key), iv, NULL) == 1 &&
		EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
		(len == 0 || EVP_EncryptUpdate(ctx, out, &done, in, len) == 1) &&
		(uint32_t)done == len;
	EVP_CIPHER_free(cipher);
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

static bool
digest_text(const struct crypt_spec *spec, const uint8_t *text, uint8_t *tag)
{
	return EVP_Q_digest(NULL, spec->auth->evp, NULL, text, spec->len, tag, NULL) == 1;
}

static bool
mac_text(const struct crypt_spec *spec, const char *mac_name, OSSL_PARAM *params,
	const uint8_t *text, uint8_t *tag)
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, mac_name, NULL);
	EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	size_t len = 0;
	bool good;

	good = ctx != NULL && EVP_MAC_init(ctx, spec->auth_key, spec->auth_key_len, params) == 1 &&
		EVP_MAC_update(ctx, text, spec->len) == 1 &&
		EVP_MAC_final(ctx, tag, &len, CRYPT_MAX_TAG) == 1;
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return good;
}

/* RFC 3566, of OpenSSL's AES-CBC: three keys of one, and a CBC-MAC with a masked end. */
static bool
xcbc_text(const struct crypt_spec *spec, const uint8_t *text, uint8_t *tag)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t keys[3][BLOCK], zero[BLOCK] = { 0 }, last[BLOCK] = { 0 }, block[BLOCK];
	uint32_t i, head = spec->len == 0 ? 0 : (spec->len - 1) / BLOCK * BLOCK;
	uint32_t rest = spec->len - head;
	bool good = true;
	int n;

	for (i = 0; i < 3; i++) {
		memset(block, i + 1, BLOCK);
		good = good && EVP_EncryptInit_ex2(ctx, EVP_aes_128_ecb(), spec->auth_key, NULL,
				NULL) == 1 &&
			EVP_EncryptUpdate(ctx, keys[i], &n, block, BLOCK) == 1;
	}
	memcpy(last, text + head, rest);
	if (rest < BLOCK)
		last[rest] = 0x80;
	for (i = 0; i < BLOCK; i++)
		last[i] ^= keys[rest < BLOCK ? 2 : 1][i];
	good = good && EVP_EncryptInit_ex2(ctx, EVP_aes_128_cbc(), keys[0], zero, NULL) == 1;
	for (i = 0; i < head && good; i += BLOCK)
		good = EVP_EncryptUpdate(ctx, tag, &n, text + i, BLOCK) == 1;
	good = good && EVP_EncryptUpdate(ctx, tag, &n, last, BLOCK) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

static bool
auth_text(const struct crypt_spec *spec, const uint8_t *text, uint8_t *tag)
{
	OSSL_PARAM params[3] = { OSSL_PARAM_END, OSSL_PARAM_END, OSSL_PARAM_END };
	char buffer[32];
	/* Parameters are not const, and not written. */
	char *name = (char *)(uintptr_t)evp_name(spec->auth, spec->auth_key_len, buffer);

	switch (spec->auth->mode) {
	case CRYPT_MODE_HMAC:
		params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
		return mac_text(spec, "HMAC", params, text, tag);
	case CRYPT_MODE_CMAC:
		params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0);
		return mac_text(spec, "CMAC", params, text, tag);
	case CRYPT_MODE_GMAC:
		params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0);
		params[1] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_IV,
			(void *)(uintptr_t)spec->iv, spec->iv_len);
		return mac_text(spec, "GMAC", params, text, tag);
	case CRYPT_MODE_XCBC:
		return xcbc_text(spec, text, tag);
	default:
		return digest_text(spec, text, tag);
	}
}

static bool
aead_text(struct crypt_spec *spec)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool is_ccm = spec->cipher->mode == CRYPT_MODE_CCM, good;
	char name[32];
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, evp_name(spec->cipher, spec->key_len, name),
		NULL);
	uint8_t none[BLOCK];
	int n;

	good = cipher != NULL && EVP_EncryptInit_ex2(ctx, cipher, NULL, NULL, NULL) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, spec->iv_len, NULL) == 1 &&
		(!is_ccm || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, spec->tag_len,
			NULL) == 1) &&
		EVP_EncryptInit_ex2(ctx, NULL, spec->key, spec->iv, NULL) == 1 &&
		(!is_ccm || EVP_EncryptUpdate(ctx, NULL, &n, NULL, spec->len) == 1) &&
		(spec->aad_len == 0 ||
			EVP_EncryptUpdate(ctx, NULL, &n, spec->aad, spec->aad_len) == 1) &&
		((spec->len == 0 && !is_ccm) || EVP_EncryptUpdate(ctx,
			spec->len == 0 ? none : spec->coded, &n,
			spec->len == 0 ? none : spec->plain, spec->len) == 1) &&
		EVP_EncryptFinal_ex(ctx, none, &n) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, spec->tag_len, spec->tag) == 1;
	EVP_CIPHER_free(cipher);
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

bool
crypt_reference(struct crypt_spec *spec)
{
	bool good = true;

	if (spec->kind == CRYPT_AEAD)
		return aead_text(spec);
	memcpy(spec->coded, spec->plain, spec->len);
	if (spec->kind != CRYPT_AUTH)
		good = cipher_text(spec, spec->plain + spec->cipher_at,
			spec->coded + spec->cipher_at, spec->cipher_len);
	if (spec->kind != CRYPT_CIPHER)
		good = good && auth_text(spec, spec->mac_plain ? spec->plain : spec->coded,
			spec->tag);
	return good;
}
