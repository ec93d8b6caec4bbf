/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <string.h>

#include "hisi_sec.h"
#include "hisi_sec_soft.h"

/* Sessions: what cannot be done is refused here, once, and not operation by operation. */

static int
refuse(const char *name, const char *what, unsigned int value, const char *instead)
{
	if (name != NULL)
		HISI_SEC_LOG(ERR, "%s: session with %s %u is not supported; %s", name, what, value,
			instead);
	return -ENOTSUP;
}

static bool
is_in_range(const struct rte_crypto_param_range *range, uint32_t value)
{
	if (value < range->min || value > range->max)
		return false;
	return range->increment == 0 ? value == range->min || value == range->max :
		(value - range->min) % range->increment == 0;
}

static int
check_range(const char *name, const struct rte_crypto_param_range *range, const char *what,
	uint32_t value)
{
	return is_in_range(range, value) ? 0 :
		refuse(name, what, value, "see the capabilities of the device");
}

/* ---- ciphers ---- */

static const struct hisi_sec_cipher_alg *
find_cipher(uint8_t bd_type, uint64_t algorithms, enum rte_crypto_cipher_algorithm cipher,
	enum rte_crypto_aead_algorithm aead)
{
	const struct hisi_sec_cipher_alg *alg;
	unsigned int i;

	for (i = 0; i < hisi_sec_nb_cipher_algs; i++) {
		alg = &hisi_sec_cipher_algs[i];
		if (alg->cipher == cipher && alg->aead == aead)
			return hisi_sec_has_cipher(alg, bd_type, algorithms) ? alg : NULL;
	}
	return NULL;
}

static int
set_cipher_key(struct hisi_sec_session *session, const char *name,
	const struct hisi_sec_cipher_alg *alg, const uint8_t *key, uint16_t len)
{
	int ret = check_range(name, &alg->key, "a cipher key of bytes:", len);

	if (ret != 0)
		return ret;
	if (key == NULL)
		return refuse(name, "a cipher key at address", 0, "give one");
	memcpy(session->cipher_key, key, len);
	session->cipher_key_len = len;
	session->cipher_alg = (uint8_t)(alg - hisi_sec_cipher_algs);
	session->block_mask = alg->block - 1u;
	session->min_len = alg->min_len;
	session->is_ctr = alg->c_mode == HISI_SEC_C_MODE_CTR;
	return 0;
}

/* Where there is no IV, the fast path copies what is at hand. */
static void
set_iv(struct hisi_sec_session *session, uint16_t offset, uint16_t len)
{
	session->iv_offset = len != 0 ? offset : 0;
	session->iv_len = (uint8_t)len;
}

static int
set_cipher(struct hisi_sec_session *session, const char *name, uint8_t bd_type,
	uint64_t algorithms, const struct rte_crypto_cipher_xform *xform)
{
	const struct hisi_sec_cipher_alg *alg = find_cipher(bd_type, algorithms, xform->algo, 0);
	int ret;

	if (alg == NULL || xform->algo == 0)
		return refuse(name, "cipher algorithm", xform->algo,
			"see the capabilities of the device");
	if (xform->dataunit_len != 0)
		return refuse(name, "data units of bytes:", xform->dataunit_len, "use 0");
	ret = set_cipher_key(session, name, alg, xform->key.data, xform->key.length);
	if (ret == 0)
		ret = check_range(name, &alg->iv, "an IV of bytes:", xform->iv.length);
	if (ret != 0)
		return ret;
	set_iv(session, xform->iv.offset, xform->iv.length);
	session->is_decrypt = xform->op == RTE_CRYPTO_CIPHER_OP_DECRYPT;
	return 0;
}

/* ---- hashes ---- */

static const struct hisi_sec_auth_alg *
find_auth(uint8_t bd_type, uint64_t algorithms, enum rte_crypto_auth_algorithm auth)
{
	const struct hisi_sec_auth_alg *alg;
	unsigned int i;

	for (i = 0; i < hisi_sec_nb_auth_algs; i++) {
		alg = &hisi_sec_auth_algs[i];
		if (alg->auth == auth)
			return hisi_sec_has_auth(alg, bd_type, algorithms) ? alg : NULL;
	}
	return NULL;
}

/*
 * A key is counted in words, and padded with zeros, which changes no HMAC (sec.md 2.7); so does no
 * key. One that is longer than a block is its own hash.
 */
static int
set_auth_key(struct hisi_sec_session *session, const char *name,
	const struct hisi_sec_auth_alg *alg, const uint8_t *key, uint16_t len)
{
	if (!alg->is_hmac) {
		int ret = check_range(name, &alg->key, "an auth key of bytes:", len);

		if (ret != 0)
			return ret;
	}
	if (key == NULL && len != 0)
		return refuse(name, "an auth key at address", 0, "give one");
	if (len > sizeof(session->auth_key) || (alg->is_hmac && len > alg->block)) {
		session->auth_key_len = hisi_sec_soft_hash(alg, key, len, session->auth_key);
		return session->auth_key_len != 0 ? 0 :
			refuse(name, "an auth key of bytes:", len, "OpenSSL cannot hash it");
	}
	memcpy(session->auth_key, key != NULL ? key : (const uint8_t *)"", len);
	session->auth_key_len = alg->is_hmac ? RTE_MAX(len, (uint16_t)4) : len;
	return 0;
}

static int
set_auth(struct hisi_sec_session *session, const char *name, uint8_t bd_type,
	uint64_t algorithms, const struct rte_crypto_auth_xform *xform)
{
	const struct hisi_sec_auth_alg *alg = find_auth(bd_type, algorithms, xform->algo);
	int ret;

	if (alg == NULL)
		return refuse(name, "auth algorithm", xform->algo,
			"see the capabilities of the device");
	ret = check_range(name, &alg->digest, "a digest of bytes:", xform->digest_length);
	if (ret == 0)
		ret = set_auth_key(session, name, alg, xform->key.data, xform->key.length);
	if (ret != 0)
		return ret;
	session->auth_alg = (uint8_t)(alg - hisi_sec_auth_algs);
	session->digest_len = xform->digest_length;
	session->is_verify = xform->op == RTE_CRYPTO_AUTH_OP_VERIFY;
	session->takes_empty = alg->takes_empty && bd_type >= HISI_SEC_BD_TYPE_3;
	if (!session->takes_empty && !hisi_sec_soft_empty_mac(alg, session->auth_key,
			session->auth_key_len, session->empty_mac))
		return refuse(name, "auth algorithm", xform->algo, "OpenSSL does not have it");
	return 0;
}

/* ---- ciphers with a tag ---- */

static int
set_aead(struct hisi_sec_session *session, const char *name, uint8_t bd_type,
	uint64_t algorithms, const struct rte_crypto_aead_xform *xform)
{
	const struct hisi_sec_cipher_alg *alg = find_cipher(bd_type, algorithms, 0, xform->algo);
	int ret;

	if (alg == NULL || xform->algo == 0)
		return refuse(name, "AEAD algorithm", xform->algo,
			"see the capabilities of the device");
	ret = set_cipher_key(session, name, alg, xform->key.data, xform->key.length);
	if (ret == 0)
		ret = check_range(name, &alg->iv, "an IV of bytes:", xform->iv.length);
	if (ret == 0)
		ret = check_range(name, &alg->digest, "a digest of bytes:", xform->digest_length);
	if (ret == 0)
		ret = check_range(name, &alg->aad, "AAD of bytes:", xform->aad_length);
	if (ret != 0)
		return ret;
	set_iv(session, xform->iv.offset, xform->iv.length);
	session->digest_len = xform->digest_length;
	session->aad_len = xform->aad_length;
	session->is_decrypt = xform->op == RTE_CRYPTO_AEAD_OP_DECRYPT;
	session->is_verify = session->is_decrypt;
	session->is_ccm = alg->c_mode == HISI_SEC_C_MODE_CCM;
	session->takes_empty = bd_type >= HISI_SEC_BD_TYPE_3;
	return 0;
}

/* GCM whose data are all AAD (sec.md 3.2). */
static int
set_gmac(struct hisi_sec_session *session, const char *name, uint8_t bd_type,
	uint64_t algorithms, const struct rte_crypto_auth_xform *xform)
{
	struct rte_crypto_aead_xform gcm = { .algo = RTE_CRYPTO_AEAD_AES_GCM,
		.op = xform->op == RTE_CRYPTO_AUTH_OP_VERIFY ? RTE_CRYPTO_AEAD_OP_DECRYPT :
			RTE_CRYPTO_AEAD_OP_ENCRYPT,
		.digest_length = xform->digest_length };

	if (find_auth(bd_type, algorithms, xform->algo) == NULL)
		return refuse(name, "auth algorithm", xform->algo,
			"see the capabilities of the device");
	gcm.key.data = xform->key.data;
	gcm.key.length = xform->key.length;
	gcm.iv.offset = xform->iv.offset;
	gcm.iv.length = xform->iv.length;
	session->is_gmac = 1;
	return set_aead(session, name, bd_type, algorithms, &gcm);
}

/* ---- all of them ---- */

/*
 * Chains that are proven in one descriptor: encrypt, then MAC; verify, then decrypt (sec.md 3.4).
 * Any other is two descriptors, one after the other.
 */
static bool
is_one_step(const struct hisi_sec_session *session, uint8_t bd_type)
{
	const struct hisi_sec_cipher_alg *cipher = &hisi_sec_cipher_algs[session->cipher_alg];
	const struct hisi_sec_auth_alg *auth = &hisi_sec_auth_algs[session->auth_alg];
	bool is_usual = session->is_auth_first ? session->is_decrypt && session->is_verify :
		!session->is_decrypt && !session->is_verify;

	if (!is_usual || !auth->is_chained || cipher->c_mode != HISI_SEC_C_MODE_CBC)
		return false;
	if (cipher->c_alg == HISI_SEC_C_ALG_AES && auth->a_alg != HISI_SEC_A_ALG_HMAC_SM3)
		return true;
	return bd_type >= HISI_SEC_BD_TYPE_3 && cipher->c_alg >= HISI_SEC_C_ALG_AES;
}

static enum hisi_sec_kind
cipher_kind(const struct hisi_sec_session *session, uint8_t bd_type)
{
	bool has_plain_iv = session->iv_len == 0 || session->iv_len == HISI_SEC_MAX_IV_LEN;

	return has_plain_iv && !(session->is_ctr && bd_type < HISI_SEC_BD_TYPE_3) ?
		HISI_SEC_KIND_PLAIN : HISI_SEC_KIND_CIPHER;
}

static int
set_chain(struct hisi_sec_session *session, const char *name, uint8_t bd_type,
	uint64_t algorithms, const struct rte_crypto_sym_xform *first)
{
	const struct rte_crypto_sym_xform *second = first->next, *cipher, *auth;
	int ret;

	session->is_auth_first = first->type == RTE_CRYPTO_SYM_XFORM_AUTH;
	cipher = session->is_auth_first ? second : first;
	auth = session->is_auth_first ? first : second;
	if (cipher->type != RTE_CRYPTO_SYM_XFORM_CIPHER ||
			auth->type != RTE_CRYPTO_SYM_XFORM_AUTH || second->next != NULL ||
			auth->auth.algo == RTE_CRYPTO_AUTH_AES_GMAC)
		return refuse(name, "a chain whose second xform is of type", second->type,
			"use one cipher and one hash or MAC");
	ret = set_cipher(session, name, bd_type, algorithms, &cipher->cipher);
	if (ret == 0)
		ret = set_auth(session, name, bd_type, algorithms, &auth->auth);
	if (ret == 0)
		session->is_one_step = is_one_step(session, bd_type);
	return ret;
}

static int
set_single(struct hisi_sec_session *session, const char *name, uint8_t bd_type,
	uint64_t algorithms, const struct rte_crypto_sym_xform *xform, enum hisi_sec_kind *kind)
{
	int ret;

	switch (xform->type) {
	case RTE_CRYPTO_SYM_XFORM_CIPHER:
		ret = set_cipher(session, name, bd_type, algorithms, &xform->cipher);
		*kind = cipher_kind(session, bd_type);
		return ret;
	case RTE_CRYPTO_SYM_XFORM_AUTH:
		*kind = xform->auth.algo == RTE_CRYPTO_AUTH_AES_GMAC ? HISI_SEC_KIND_AEAD :
			HISI_SEC_KIND_AUTH;
		return *kind == HISI_SEC_KIND_AEAD ?
			set_gmac(session, name, bd_type, algorithms, &xform->auth) :
			set_auth(session, name, bd_type, algorithms, &xform->auth);
	case RTE_CRYPTO_SYM_XFORM_AEAD:
		*kind = HISI_SEC_KIND_AEAD;
		return set_aead(session, name, bd_type, algorithms, &xform->aead);
	default:
		return refuse(name, "xform type", xform->type, "use cipher, auth or AEAD");
	}
}

int
hisi_sec_session_init(struct hisi_sec_session *session, const char *name, uint8_t bd_type,
	uint64_t algorithms, const struct rte_crypto_sym_xform *xform)
{
	enum hisi_sec_kind kind = HISI_SEC_KIND_CHAIN;
	int ret;

	if (xform == NULL)
		return -EINVAL;
	memset(session, 0, sizeof(*session));
	ret = xform->next != NULL ?
		set_chain(session, name, bd_type, algorithms, xform) :
		set_single(session, name, bd_type, algorithms, xform, &kind);
	if (ret != 0) {
		hisi_sec_session_wipe(session);
		return ret;
	}
	session->identity = hisi_sec_identity(bd_type, kind);
	if (bd_type == HISI_SEC_BD_TYPE_2)
		hisi_sec_session_fill_bd2(session);
	else
		hisi_sec_session_fill_bd3(session);
	return 0;
}

void
hisi_sec_session_wipe(struct hisi_sec_session *session)
{
	hisi_sec_soft_wipe(session, sizeof(*session));
}

/* ---- ops of the library ---- */

unsigned int
hisi_sec_session_size(struct rte_cryptodev *dev)
{
	RTE_SET_USED(dev);
	/* The library promises the alignment of a cache line, which is that of the keys. */
	return sizeof(struct hisi_sec_session);
}

int
hisi_sec_session_configure(struct rte_cryptodev *dev, struct rte_crypto_sym_xform *xform,
	struct rte_cryptodev_sym_session *session)
{
	const struct hisi_sec_dev *sec = dev->data->dev_private;

	return hisi_sec_session_init(CRYPTODEV_GET_SYM_SESS_PRIV(session), dev->data->name,
		hisi_sec_bd_type(sec->qm->version), hisi_sec_algorithms(sec->qm), xform);
}

void
hisi_sec_session_clear(struct rte_cryptodev *dev, struct rte_cryptodev_sym_session *session)
{
	RTE_SET_USED(dev);
	hisi_sec_session_wipe(CRYPTODEV_GET_SYM_SESS_PRIV(session));
}
