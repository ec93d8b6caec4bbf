/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * cryptodev_probe: commands of compdev_probe that know nothing of compression, on a cryptodev. What
 * compresses there encrypts here (AES-CBC), what decompresses decrypts and verifies (AES-GCM).
 */
#ifndef CRYPT_PROBE_H
#define CRYPT_PROBE_H

#include <stdint.h>

#include <rte_crypto.h>

#define CRYPT_PROBE_IV_OFFSET (sizeof(struct rte_crypto_op) + sizeof(struct rte_crypto_sym_op))
#define CRYPT_PROBE_TAG_LEN 16
#define CRYPT_PROBE_AAD_LEN 16

/* Behind each op. */
struct crypt_probe_priv {
	uint8_t iv[16];
	uint8_t tag[CRYPT_PROBE_TAG_LEN];
	uint8_t aad[CRYPT_PROBE_AAD_LEN];
	uint64_t id;
};

static inline struct crypt_probe_priv *
crypt_probe_priv(const struct rte_crypto_op *op)
{
	return (struct crypt_probe_priv *)((uintptr_t)op + CRYPT_PROBE_IV_OFFSET);
}

/* The key of both sessions. */
extern const uint8_t crypt_probe_key[16];

#endif /* CRYPT_PROBE_H */
