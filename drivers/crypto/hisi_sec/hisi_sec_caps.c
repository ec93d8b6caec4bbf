/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>

#include "hisi_sec.h"

/* The capability list of a device, from what its generation and its capability words say. */

static void
caps_add_cipher(struct rte_cryptodev_capabilities *cap, const struct hisi_sec_cipher_alg *alg)
{
	cap->op = RTE_CRYPTO_OP_TYPE_SYMMETRIC;
	if (alg->aead != 0) {
		cap->sym.xform_type = RTE_CRYPTO_SYM_XFORM_AEAD;
		cap->sym.aead.algo = alg->aead;
		cap->sym.aead.block_size = 16;
		cap->sym.aead.key_size = alg->key;
		cap->sym.aead.iv_size = alg->iv;
		cap->sym.aead.digest_size = alg->digest;
		cap->sym.aead.aad_size = alg->aad;
		return;
	}
	cap->sym.xform_type = RTE_CRYPTO_SYM_XFORM_CIPHER;
	cap->sym.cipher.algo = alg->cipher;
	cap->sym.cipher.block_size = alg->c_alg < HISI_SEC_C_ALG_AES ? 8 : 16;
	cap->sym.cipher.key_size = alg->key;
	cap->sym.cipher.iv_size = alg->iv;
}

static void
caps_add_auth(struct rte_cryptodev_capabilities *cap, const struct hisi_sec_auth_alg *alg)
{
	cap->op = RTE_CRYPTO_OP_TYPE_SYMMETRIC;
	cap->sym.xform_type = RTE_CRYPTO_SYM_XFORM_AUTH;
	cap->sym.auth.algo = alg->auth;
	cap->sym.auth.block_size = alg->block;
	cap->sym.auth.key_size = alg->key;
	cap->sym.auth.digest_size = alg->digest;
	if (alg->auth == RTE_CRYPTO_AUTH_AES_GMAC)
		cap->sym.auth.iv_size = (struct rte_crypto_param_range){ 12, 12, 0 };
}

uint64_t
hisi_sec_algorithms(const struct hisi_qm_dev *qm)
{
	return hisi_qm_engine_cap(qm, HISI_SEC_CAP_DEV_ALG_LO) |
		(uint64_t)hisi_qm_engine_cap(qm, HISI_SEC_CAP_DEV_ALG_HI) << 32;
}

int
hisi_sec_capabilities_init(struct hisi_sec_dev *sec)
{
	uint64_t algorithms = hisi_sec_algorithms(sec->qm);
	uint8_t bd_type = hisi_sec_bd_type(sec->qm->version);
	unsigned int i, count = 0;

	/* The last one stays empty: it ends the list. */
	static_assert(HISI_SEC_MAX_CAPABILITIES > 40, "as many as algorithms, and one");
	memset(sec->capabilities, 0, sizeof(sec->capabilities));
	for (i = 0; i < hisi_sec_nb_auth_algs; i++)
		if (hisi_sec_has_auth(&hisi_sec_auth_algs[i], bd_type, algorithms))
			caps_add_auth(&sec->capabilities[count++], &hisi_sec_auth_algs[i]);
	for (i = 0; i < hisi_sec_nb_cipher_algs; i++)
		if (hisi_sec_has_cipher(&hisi_sec_cipher_algs[i], bd_type, algorithms))
			caps_add_cipher(&sec->capabilities[count++], &hisi_sec_cipher_algs[i]);
	if (count == 0) {
		HISI_SEC_LOG(ERR, "%s: capability words dev_alg are 0x%" PRIx64 ", no algorithm that this driver knows (sec.md 1.4)",
			sec->qm->name, algorithms);
		return -ENOTSUP;
	}
	/* 0 queue pairs would mean "no limit" to the library. */
	if (sec->qm->max_queues < 2) {
		HISI_SEC_LOG(ERR, "%s: %u hardware queue, but a queue pair takes two; give the function more",
			sec->qm->name, sec->qm->max_queues);
		return -ENOSPC;
	}
	return 0;
}
