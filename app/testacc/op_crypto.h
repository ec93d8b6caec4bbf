/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_OP_CRYPTO_H
#define TESTACC_OP_CRYPTO_H

/**
 * @file
 * What the classes of cryptodev share: algorithms and OpenSSL's word on them (crypto_algo.c), what
 * of them a run uses (crypto_params.c), a device with its queue pairs and sessions
 * (crypto_device.c), ops with their buffers (crypto_buffers.c).
 */

#include <rte_crypto.h>
#include <rte_cryptodev.h>
#include <rte_mbuf.h>

#include "engine.h"

#define TESTACC_CRYPTO_MAX_KEY 128
#define TESTACC_CRYPTO_MAX_IV 16
#define TESTACC_CRYPTO_MAX_AAD 256
#define TESTACC_CRYPTO_MAX_DIGEST 64

enum testacc_crypto_kind {
	TESTACC_CRYPTO_CIPHER,
	TESTACC_CRYPTO_HASH,
	TESTACC_CRYPTO_AEAD,
	TESTACC_CRYPTO_KINDS,
};

/** An algorithm, for each kind that has it. */
struct testacc_crypto_algo {
	const char *name;	/**< of settings, NULL ends the table */
	enum testacc_crypto_kind kind;
	int id;			/**< enum rte_crypto_{cipher,auth,aead}_algorithm */
	const char *openssl;	/**< cipher, or digest; "%u" is the bits of the key; NULL: identity */
	uint16_t key_len;	/**< as long as nobody sets one, 0: none */
	uint16_t iv_len;
	uint16_t block;		/**< lengths are multiples of it */
	uint16_t min_len;	/**< and not shorter */
	uint16_t digest_len;
	bool is_hmac;
};

extern const struct testacc_crypto_algo testacc_crypto_algos[];

/** Algorithm of a kind by the name of the setting, NULL: the kind has none of that name. */
const struct testacc_crypto_algo *testacc_crypto_algo_find(enum testacc_crypto_kind kind,
	const char *name);

/** What all ops of a session have in common. */
struct testacc_crypto_params {
	const struct testacc_crypto_algo *algo;
	bool is_in_place;	/**< the device has no other way */
	bool decrypts;		/**< or verifies a digest */
	uint16_t key_len, iv_len, aad_len, digest_len;
	uint8_t key[TESTACC_CRYPTO_MAX_KEY];
	uint8_t iv[TESTACC_CRYPTO_MAX_IV];
	uint8_t aad[TESTACC_CRYPTO_MAX_AAD];
};

/**
 * What OpenSSL makes of plain data, encrypting.
 *
 * @param coded receives @p len bytes, not of a hash
 * @param digest receives params->digest_len bytes, not of a cipher
 * @return false: it does not have that
 */
bool testacc_crypto_reference(const struct testacc_crypto_params *params, const uint8_t *plain,
	uint32_t len, uint8_t *coded, uint8_t *digest);

/** private of a run. */
struct testacc_crypto {
	struct testacc_crypto_params parts[TESTACC_CRYPTO_KINDS]; /**< nb_parts of the run */
	uint8_t dev_id;
	struct rte_mempool *ops;
	struct rte_mempool *mbufs;
	uint32_t segment_len;
	uint8_t *expected;	/**< of all slots, each in its place */
};

/** Behind an op: what its slot and the device need, at fixed offsets. */
struct testacc_crypto_priv {
	struct testacc_slot *slot;
	const struct testacc_crypto_params *params; /**< of its session */
	uint8_t iv[TESTACC_CRYPTO_MAX_IV + 8];
	uint8_t aad[TESTACC_CRYPTO_MAX_AAD + 24];
	uint8_t digest[TESTACC_CRYPTO_MAX_DIGEST];
	uint8_t expected_digest[TESTACC_CRYPTO_MAX_DIGEST];
};

#define TESTACC_CRYPTO_PRIV_OFFSET \
	(sizeof(struct rte_crypto_op) + sizeof(struct rte_crypto_sym_op))

static inline struct testacc_crypto_priv *
testacc_crypto_priv(struct rte_crypto_op *op)
{
	return (struct testacc_crypto_priv *)((uint8_t *)op + TESTACC_CRYPTO_PRIV_OFFSET);
}

/** CCM: DPDK wants its nonce behind a byte, and its AAD behind 18 (rte_crypto_sym.h). */
static inline bool
testacc_crypto_is_ccm(const struct testacc_crypto_params *params)
{
	return params->algo->kind == TESTACC_CRYPTO_AEAD &&
		params->algo->id == RTE_CRYPTO_AEAD_AES_CCM;
}

/**
 * The one part of a run: the algorithm of the settings, which is of @p kind. Does the device do it
 * like that?
 *
 * @return enum testacc_result, after a message
 */
int testacc_crypto_params_one(struct testacc_run *run, enum testacc_crypto_kind kind);

/**
 * A part for each kind that the device has: the algorithm of the settings where it is of that kind,
 * else the first that the device does with these settings.
 */
int testacc_crypto_params_mix(struct testacc_run *run);

/** Does the device do that, with that many queue pairs? Then make them, and the sessions. */
int testacc_crypto_device_open(struct testacc_run *run);
void testacc_crypto_device_close(struct testacc_run *run);

int testacc_crypto_buffers_open(struct testacc_run *run);
void testacc_crypto_buffers_close(struct testacc_run *run);

/** Put into a slot what its op begins with. */
void testacc_crypto_refill(struct testacc_slot *slot);

/** The bytes that a slot is to give, NULL: of a hash. */
const uint8_t *testacc_crypto_expected(const struct testacc_slot *slot);

#endif /* TESTACC_OP_CRYPTO_H */
