/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "hisi_sec_soft.h"

/*
 * By OpenSSL only: nothing is computed by hand. Objects of a library belong to one process and one
 * thread at a time, so each operation makes its own: this is the way of what the chip cannot do.
 */

void
hisi_sec_soft_wipe(void *ptr, size_t len)
{
	OPENSSL_cleanse(ptr, len);
}

bool
hisi_sec_soft_is_equal(const uint8_t *one, const uint8_t *other, size_t len)
{
	return CRYPTO_memcmp(one, other, len) == 0;
}

/* ---- hashes and MACs ---- */

uint16_t
hisi_sec_soft_hash(const struct hisi_sec_auth_alg *alg, const uint8_t *key, uint16_t len,
	uint8_t *out)
{
	EVP_MD *md = EVP_MD_fetch(NULL, alg->name, NULL);
	unsigned int size = 0;

	if (md == NULL || EVP_Digest(key, len, out, &size, md, NULL) != 1)
		size = 0;
	EVP_MD_free(md);
	return (uint16_t)size;
}

/** A hash or MAC that is being fed: the one or the other is not NULL. */
struct soft_auth {
	EVP_MD_CTX *hash;
	EVP_MAC_CTX *mac;
};

static bool
auth_start_hash(struct soft_auth *auth, const struct hisi_sec_auth_alg *alg)
{
	EVP_MD *md = EVP_MD_fetch(NULL, alg->name, NULL);
	bool is_started;

	auth->hash = EVP_MD_CTX_new();
	is_started = md != NULL && auth->hash != NULL &&
		EVP_DigestInit_ex(auth->hash, md, NULL) == 1;
	EVP_MD_free(md);
	return is_started;
}

static bool
auth_start_mac(struct soft_auth *auth, const struct hisi_sec_auth_alg *alg, const uint8_t *key,
	uint16_t key_len)
{
	const char *what = alg->is_hmac ? OSSL_MAC_PARAM_DIGEST : OSSL_MAC_PARAM_CIPHER;
	OSSL_PARAM params[2];
	EVP_MAC *mac;
	bool is_started;
	char name[16];

	snprintf(name, sizeof(name), "%s", alg->name);
	/* A length of 0 stands for strlen() now, not when the parameter is read. */
	params[0] = OSSL_PARAM_construct_utf8_string(what, name, 0);
	params[1] = OSSL_PARAM_construct_end();
	mac = EVP_MAC_fetch(NULL, alg->is_hmac ? "HMAC" : "CMAC", NULL);
	auth->mac = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	is_started = auth->mac != NULL && EVP_MAC_init(auth->mac, key, key_len, params) == 1;
	EVP_MAC_free(mac);
	return is_started;
}

/* XCBC is not OpenSSL's, so what the chip does not do of it is done by nobody. */
static bool
auth_start(struct soft_auth *auth, const struct hisi_sec_auth_alg *alg, const uint8_t *key,
	uint16_t key_len)
{
	*auth = (struct soft_auth){ NULL, NULL };
	if (alg->a_alg == HISI_SEC_A_ALG_XCBC)
		return false;
	if (alg->is_hmac || alg->a_alg == HISI_SEC_A_ALG_CMAC)
		return auth_start_mac(auth, alg, key, key_len);
	return auth_start_hash(auth, alg);
}

static bool
auth_update(struct soft_auth *auth, const uint8_t *data, size_t len)
{
	return auth->mac != NULL ? EVP_MAC_update(auth->mac, data, len) == 1 :
		EVP_DigestUpdate(auth->hash, data, len) == 1;
}

static bool
auth_end(struct soft_auth *auth, uint8_t *out)
{
	unsigned int size;
	size_t len;

	return auth->mac != NULL ?
		EVP_MAC_final(auth->mac, out, &len, HISI_SEC_MAX_MAC_LEN) == 1 :
		EVP_DigestFinal_ex(auth->hash, out, &size) == 1;
}

static void
auth_free(struct soft_auth *auth)
{
	EVP_MAC_CTX_free(auth->mac);
	EVP_MD_CTX_free(auth->hash);
}

/*
 * XCBC-MAC of nothing is one block, 0x80 and zeros, under K1 after K3 was added; both are the
 * cipher of a constant under the key (RFC 3566 section 4).
 */
static bool
xcbc_empty(const char *cipher_name, const uint8_t *key, uint8_t *out)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, cipher_name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t k1[16], k3[16];
	bool is_done = false;
	int len, i;

	memset(k1, 1, sizeof(k1));
	memset(k3, 3, sizeof(k3));
	if (cipher != NULL && ctx != NULL &&
			EVP_EncryptInit_ex2(ctx, cipher, key, NULL, NULL) == 1 &&
			EVP_EncryptUpdate(ctx, k1, &len, k1, sizeof(k1)) == 1 &&
			EVP_EncryptUpdate(ctx, k3, &len, k3, sizeof(k3)) == 1) {
		k3[0] ^= 0x80;
		is_done = EVP_EncryptInit_ex2(ctx, cipher, k1, NULL, NULL) == 1 &&
			EVP_EncryptUpdate(ctx, out, &len, k3, sizeof(k3)) == 1;
	}
	for (i = 0; i < 2; i++)
		OPENSSL_cleanse(i == 0 ? k1 : k3, sizeof(k1));
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return is_done;
}

bool
hisi_sec_soft_empty_mac(const struct hisi_sec_auth_alg *alg, const uint8_t *key, uint16_t key_len,
	uint8_t *out)
{
	struct soft_auth auth;
	bool is_done;

	if (alg->a_alg == HISI_SEC_A_ALG_XCBC)
		return xcbc_empty(alg->name, key, out);
	is_done = auth_start(&auth, alg, key, key_len) && auth_end(&auth, out);
	auth_free(&auth);
	return is_done;
}

/* The MAC over a request's data, of any length. */
static bool
auth_compute(const struct hisi_sec_request *request, const struct hisi_sec_side *side, uint8_t *mac)
{
	const struct hisi_sec_session *session = request->session;
	struct hisi_sec_cursor in = hisi_sec_cursor_at(side, &request->auth);
	struct soft_auth auth;
	bool is_done;
	uint8_t *data;
	uint32_t len;

	is_done = auth_start(&auth, &hisi_sec_auth_algs[session->auth_alg], session->auth_key,
		session->auth_key_len);
	while (is_done && (len = hisi_sec_cursor_next(&in, &data)) != 0)
		is_done = auth_update(&auth, data, len);
	is_done = is_done && auth_end(&auth, mac);
	auth_free(&auth);
	return is_done;
}

static uint8_t
soft_auth(const struct hisi_sec_request *request, const struct hisi_sec_side *side)
{
	const struct hisi_sec_session *session = request->session;
	uint8_t computed[HISI_SEC_MAX_MAC_LEN];
	const uint8_t *mac = computed;
	uint8_t status = RTE_CRYPTO_OP_STATUS_SUCCESS;

	/* The session has that of no data; of XCBC it is the only one to be had here. */
	if (request->auth.len == 0 && !session->takes_empty)
		mac = session->empty_mac;
	else if (!auth_compute(request, side, computed))
		return RTE_CRYPTO_OP_STATUS_ERROR;
	if (!session->is_verify)
		memcpy(request->digest, mac, session->digest_len);
	else if (!hisi_sec_soft_is_equal(request->digest, mac, session->digest_len))
		status = RTE_CRYPTO_OP_STATUS_AUTH_FAILED;
	/* The right one of data whose own was wrong is a forgery. */
	OPENSSL_cleanse(computed, sizeof(computed));
	return status;
}

/* ---- ciphers ---- */

/* OpenSSL's name of a session's cipher. */
static EVP_CIPHER *
cipher_fetch(const struct hisi_sec_session *session)
{
	static const char * const modes[] = {
		[HISI_SEC_C_MODE_ECB] = "ECB", [HISI_SEC_C_MODE_CBC] = "CBC",
		[HISI_SEC_C_MODE_CFB] = "CFB", [HISI_SEC_C_MODE_OFB] = "OFB",
		[HISI_SEC_C_MODE_CTR] = "CTR", [HISI_SEC_C_MODE_CCM] = "CCM",
		[HISI_SEC_C_MODE_GCM] = "GCM", [HISI_SEC_C_MODE_XTS] = "XTS",
	};
	const struct hisi_sec_cipher_alg *alg = &hisi_sec_cipher_algs[session->cipher_alg];
	unsigned int bits = session->cipher_key_len * 8u;
	char name[24];

	if (alg->c_mode == HISI_SEC_C_MODE_XTS)
		bits /= 2;
	if (alg->c_alg == HISI_SEC_C_ALG_AES)
		snprintf(name, sizeof(name), "AES-%u-%s", bits, modes[alg->c_mode]);
	else if (alg->c_alg == HISI_SEC_C_ALG_SM4)
		snprintf(name, sizeof(name), "SM4-%s", modes[alg->c_mode]);
	else if (alg->c_alg == HISI_SEC_C_ALG_3DES)
		snprintf(name, sizeof(name), "DES-EDE%s-%s", bits == 128 ? "" : "3",
			modes[alg->c_mode]);
	else
		snprintf(name, sizeof(name), "DES-%s", modes[alg->c_mode]);
	return EVP_CIPHER_fetch(NULL, name, NULL);
}

static void
cipher_iv(const struct hisi_sec_request *request, uint8_t iv[HISI_SEC_MAX_IV_LEN])
{
	const struct hisi_sec_session *session = request->session;

	memset(iv, 0, HISI_SEC_MAX_IV_LEN);
	memcpy(iv, request->iv + session->is_ccm, session->iv_len);
	if (session->is_ctr && session->iv_len < HISI_SEC_MAX_IV_LEN)
		iv[15] = 1;
}

/** Where output goes. */
struct soft_out {
	struct hisi_sec_cursor cursor;
	uint8_t *to;
	uint32_t left;		/**< bytes at @p to */
};

/* @return false: there is no more room, the chain has become shorter */
static bool
out_put(struct soft_out *out, const uint8_t *data, uint32_t len)
{
	for (; len != 0; len--) {
		if (out->left == 0)
			out->left = hisi_sec_cursor_next(&out->cursor, &out->to);
		if (out->left == 0)
			return false;
		*out->to++ = *data++;
		out->left--;
	}
	return true;
}

/*
 * Source into destination, piece by piece. OpenSSL keeps what is left of a block, so the output is
 * taken as it comes and put where it belongs. Of what it was, nothing stays on the stack.
 */
static bool
cipher_pieces(EVP_CIPHER_CTX *ctx, const struct hisi_sec_request *request)
{
	struct hisi_sec_cursor in = hisi_sec_cursor_at(&request->src, &request->cipher);
	struct soft_out out = { hisi_sec_cursor_at(&request->dst, &request->cipher), NULL, 0 };
	uint8_t block[256 + EVP_MAX_BLOCK_LENGTH], *from;
	uint32_t from_len, part;
	bool is_done = true;
	int made;

	while (is_done && (from_len = hisi_sec_cursor_next(&in, &from)) != 0) {
		for (; is_done && from_len != 0; from += part, from_len -= part) {
			part = RTE_MIN(from_len, 256u);
			is_done = EVP_CipherUpdate(ctx, block, &made, from, (int)part) == 1 &&
				out_put(&out, block, (uint32_t)made);
		}
	}
	OPENSSL_cleanse(block, sizeof(block));
	return is_done;
}

/* A mode that wants all of the data at once (XTS, CCM) gets it where both sides are flat. */
static bool
is_flat(const struct hisi_sec_request *request)
{
	uint64_t iova;

	return hisi_sec_side_is_flat(&request->src, &request->cipher, &iova) &&
		hisi_sec_side_is_flat(&request->dst, &request->cipher, &iova);
}

static bool
cipher_flat(EVP_CIPHER_CTX *ctx, const struct hisi_sec_request *request)
{
	struct hisi_sec_cursor in = hisi_sec_cursor_at(&request->src, &request->cipher);
	struct hisi_sec_cursor out = hisi_sec_cursor_at(&request->dst, &request->cipher);
	uint8_t *from, *to;
	int made;

	return hisi_sec_cursor_next(&in, &from) == request->cipher.len &&
		hisi_sec_cursor_next(&out, &to) == request->cipher.len &&
		EVP_CipherUpdate(ctx, to, &made, from, (int)request->cipher.len) == 1;
}

static bool
cipher_data(EVP_CIPHER_CTX *ctx, const struct hisi_sec_request *request)
{
	uint8_t mode = hisi_sec_cipher_algs[request->session->cipher_alg].c_mode;

	return mode == HISI_SEC_C_MODE_XTS || mode == HISI_SEC_C_MODE_CCM ?
		cipher_flat(ctx, request) : cipher_pieces(ctx, request);
}

static bool
cipher_compute(const struct hisi_sec_request *request)
{
	const struct hisi_sec_session *session = request->session;
	EVP_CIPHER *cipher = cipher_fetch(session);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t iv[HISI_SEC_MAX_IV_LEN];
	bool is_done;

	cipher_iv(request, iv);
	is_done = cipher != NULL && ctx != NULL &&
		EVP_CipherInit_ex2(ctx, cipher, session->cipher_key, iv,
			session->is_decrypt ? 0 : 1, NULL) == 1 &&
		EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 && cipher_data(ctx, request);
	/* Its key schedule is wiped with it. */
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return is_done;
}

/* No data need no cipher: OpenSSL has single DES in its legacy provider only. */
static uint8_t
soft_cipher(const struct hisi_sec_request *request)
{
	return request->cipher.len == 0 || cipher_compute(request) ?
		RTE_CRYPTO_OP_STATUS_SUCCESS : RTE_CRYPTO_OP_STATUS_ERROR;
}

/* ---- ciphers with a tag ---- */

static bool
aead_start(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, const struct hisi_sec_request *request)
{
	const struct hisi_sec_session *session = request->session;
	uint8_t iv[HISI_SEC_MAX_IV_LEN];
	int is_encrypt = session->is_decrypt ? 0 : 1, made;

	cipher_iv(request, iv);
	if (EVP_CipherInit_ex2(ctx, cipher, NULL, NULL, is_encrypt, NULL) != 1 ||
			EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, session->iv_len,
				NULL) != 1)
		return false;
	if ((session->is_ccm || session->is_decrypt) &&
			EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, session->digest_len,
				session->is_decrypt ? request->digest : NULL) != 1)
		return false;
	if (EVP_CipherInit_ex2(ctx, NULL, session->cipher_key, iv, is_encrypt, NULL) != 1)
		return false;
	return !session->is_ccm ||
		EVP_CipherUpdate(ctx, NULL, &made, NULL, (int)request->cipher.len) == 1;
}

static bool
aead_aad(EVP_CIPHER_CTX *ctx, const struct hisi_sec_request *request)
{
	struct hisi_sec_cursor in = hisi_sec_cursor_at(&request->src, &request->auth);
	uint8_t *data;
	uint32_t len;
	int made;

	if (!request->session->is_gmac)
		return request->session->aad_len == 0 || EVP_CipherUpdate(ctx, NULL, &made,
			request->aad, request->session->aad_len) == 1;
	while ((len = hisi_sec_cursor_next(&in, &data)) != 0)
		if (EVP_CipherUpdate(ctx, NULL, &made, data, (int)len) != 1)
			return false;
	return true;
}

/* A wrong tag is what CCM says of the data, and GCM at the end. */
static uint8_t
aead_data(EVP_CIPHER_CTX *ctx, const struct hisi_sec_request *request)
{
	const struct hisi_sec_session *session = request->session;
	uint8_t nothing[EVP_MAX_BLOCK_LENGTH] = { 0 };
	int made;

	/* Not computed at all, so nothing is known of the tag. */
	if (session->is_ccm && request->cipher.len != 0 && !is_flat(request))
		return RTE_CRYPTO_OP_STATUS_ERROR;
	if (session->is_ccm && request->cipher.len == 0) {
		if (EVP_CipherUpdate(ctx, nothing, &made, nothing, 0) != 1)
			return session->is_decrypt ? RTE_CRYPTO_OP_STATUS_AUTH_FAILED :
				RTE_CRYPTO_OP_STATUS_ERROR;
	} else if (request->cipher.len != 0 && !cipher_data(ctx, request)) {
		return session->is_ccm && session->is_decrypt ?
			RTE_CRYPTO_OP_STATUS_AUTH_FAILED : RTE_CRYPTO_OP_STATUS_ERROR;
	}
	if (session->is_ccm && session->is_decrypt)
		return RTE_CRYPTO_OP_STATUS_SUCCESS;
	if (EVP_CipherFinal_ex(ctx, nothing, &made) != 1)
		return session->is_decrypt ? RTE_CRYPTO_OP_STATUS_AUTH_FAILED :
			RTE_CRYPTO_OP_STATUS_ERROR;
	if (session->is_decrypt || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG,
			session->digest_len, request->digest) == 1)
		return RTE_CRYPTO_OP_STATUS_SUCCESS;
	return RTE_CRYPTO_OP_STATUS_ERROR;
}

static uint8_t
soft_aead(const struct hisi_sec_request *request)
{
	EVP_CIPHER *cipher = cipher_fetch(request->session);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t status = RTE_CRYPTO_OP_STATUS_ERROR;

	if (cipher != NULL && ctx != NULL && aead_start(ctx, cipher, request) &&
			aead_aad(ctx, request))
		status = aead_data(ctx, request);
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return status;
}

/* ---- all of them ---- */

static uint8_t
soft_chain(const struct hisi_sec_request *request)
{
	uint8_t status;

	if (request->session->is_auth_first) {
		status = soft_auth(request, &request->src);
		hisi_sec_request_copy_around(request);
		return status == RTE_CRYPTO_OP_STATUS_SUCCESS ? soft_cipher(request) : status;
	}
	status = soft_cipher(request);
	hisi_sec_request_copy_around(request);
	return status == RTE_CRYPTO_OP_STATUS_SUCCESS ? soft_auth(request, &request->dst) : status;
}

uint8_t
hisi_sec_soft_run(const struct hisi_sec_request *request)
{
	switch (hisi_sec_kind(request->session)) {
	case HISI_SEC_KIND_AUTH:
		return soft_auth(request, &request->src);
	case HISI_SEC_KIND_AEAD:
		return soft_aead(request);
	case HISI_SEC_KIND_CHAIN:
		return soft_chain(request);
	default:
		return soft_cipher(request);
	}
}
