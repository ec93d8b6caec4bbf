/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * What an operation of a cryptodev is, what OpenSSL makes of the same bytes, and the device that
 * is asked. Shared by the differential test and by the one with published vectors.
 */
#ifndef CRYPT_H
#define CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_crypto.h>
#include <rte_cryptodev.h>

#define CRYPT_MAX_KEY 512
#define CRYPT_MAX_IV 16
#define CRYPT_MAX_TAG 64
/* What DPDK wants in front of the AAD of CCM, for the driver's use. */
#define CRYPT_CCM_AAD_ROOM 18

enum crypt_kind { CRYPT_CIPHER, CRYPT_AUTH, CRYPT_AEAD, CRYPT_CHAIN, CRYPT_KINDS };

enum crypt_mode {
	CRYPT_MODE_EVP,		/* a cipher or digest of OpenSSL under that name */
	CRYPT_MODE_HMAC, CRYPT_MODE_CMAC, CRYPT_MODE_GMAC, CRYPT_MODE_XCBC,
	CRYPT_MODE_GCM, CRYPT_MODE_CCM,
};

struct crypt_algorithm {
	const char *name;	/* as in DPDK's enumerations */
	enum crypt_kind kind;
	int id;			/* of enum rte_crypto_{cipher,auth,aead}_algorithm */
	enum crypt_mode mode;
	const char *evp;	/* name for OpenSSL; of AES without the key bits */
	uint32_t block;		/* lengths are multiples of it; 1: any */
	uint32_t len_min;
};

extern const struct crypt_algorithm crypt_algorithms[];
extern const int crypt_nb_algorithms;

/* One operation, data included. */
struct crypt_spec {
	enum crypt_kind kind;
	const struct crypt_algorithm *cipher;	/* or AEAD */
	const struct crypt_algorithm *auth;
	bool decrypt;		/* decrypt, verify */
	bool mac_plain;		/* of a chain: the MAC is that of the plain text */
	uint8_t key[CRYPT_MAX_KEY];
	uint8_t auth_key[CRYPT_MAX_KEY];
	uint8_t iv[CRYPT_MAX_IV];
	uint32_t key_len, auth_key_len, iv_len, tag_len, aad_len;
	/* The text; ciphered from cipher_at on, authenticated as a whole. */
	uint32_t len, cipher_at, cipher_len;
	uint8_t *aad;
	uint8_t *plain;
	uint8_t *coded;		/* by OpenSSL */
	uint8_t tag[CRYPT_MAX_TAG];
};

/* Fills coded and tag from plain, by OpenSSL. @return false: it cannot */
bool crypt_reference(struct crypt_spec *spec);

struct crypt_device {
	uint8_t id;
	uint32_t depth;
	uint64_t flags;
	const struct rte_cryptodev_capabilities *capabilities;
	struct rte_mempool *op_pool;
	struct rte_mempool *session_pool;
};

/* @p priv_len bytes are behind the IV of each op (crypt_op_priv()). */
int crypt_device_open(struct crypt_device *device, const char *driver, uint32_t depth,
	uint32_t priv_len);
void crypt_device_close(struct crypt_device *device);

/* The device's capability of an algorithm, NULL: it has none. */
const struct rte_cryptodev_symmetric_capability *
crypt_device_capability(const struct crypt_device *device, const struct crypt_algorithm *algorithm);

/* Where the IV of an op is, and what follows it. */
#define CRYPT_IV_OFFSET (sizeof(struct rte_crypto_op) + sizeof(struct rte_crypto_sym_op))
#define CRYPT_IV_ROOM 32

static inline uint8_t *
crypt_op_iv(struct rte_crypto_op *op)
{
	return (uint8_t *)op + CRYPT_IV_OFFSET;
}

static inline void **
crypt_op_priv(struct rte_crypto_op *op)
{
	return (void **)((uint8_t *)op + CRYPT_IV_OFFSET + CRYPT_IV_ROOM);
}

/* The xforms of a spec: it and they live as long as what is made of them. @return the first */
struct rte_crypto_sym_xform *
crypt_xforms(const struct crypt_spec *spec, struct rte_crypto_sym_xform xforms[2]);

/* The IV as the op has it: a nonce of CCM stands behind a byte. */
void crypt_op_set_iv(struct rte_crypto_op *op, const struct crypt_spec *spec);

#endif /* CRYPT_H */
