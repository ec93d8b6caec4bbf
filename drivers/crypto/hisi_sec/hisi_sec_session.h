/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_SEC_SESSION_H
#define HISI_SEC_SESSION_H

/**
 * @file
 * Algorithms and sessions: what an application asks for, as descriptors that lack only operands.
 */

#include <rte_crypto.h>
#include <rte_cryptodev.h>
#include <cryptodev_pmd.h>

#include "hisi_qm_caps.h"
#include "hisi_sec_sqe.h"

#define HISI_SEC_MAX_CAPABILITIES 48

/* ---- algorithms (sec.md 3.1 to 3.3) ---- */

/** A cipher, or a cipher with a tag of its own. */
struct hisi_sec_cipher_alg {
	enum rte_crypto_cipher_algorithm cipher; /**< 0: it is an AEAD */
	enum rte_crypto_aead_algorithm aead;
	uint8_t c_alg;			/**< enum hisi_sec_c_alg */
	uint8_t c_mode;			/**< enum hisi_sec_c_mode */
	uint8_t block;			/**< lengths are a multiple of it */
	uint8_t min_len;		/**< bytes, of a descriptor */
	struct rte_crypto_param_range key;
	struct rte_crypto_param_range iv;
	struct rte_crypto_param_range digest;
	struct rte_crypto_param_range aad;
	uint8_t bd_type_min;		/**< oldest descriptor that knows it */
	uint64_t bits;			/**< of the device's algorithms, any of them will do */
};

/** A hash, HMAC or other MAC. */
struct hisi_sec_auth_alg {
	enum rte_crypto_auth_algorithm auth;
	const char *name;		/**< OpenSSL's, of the digest or cipher */
	uint8_t a_alg;			/**< enum hisi_sec_a_alg */
	uint8_t block;			/**< bytes */
	struct rte_crypto_param_range key;
	struct rte_crypto_param_range digest;
	uint8_t bd_type_min;
	bool is_hmac;
	bool takes_empty;		/**< type 3 may have no data (sec.md 2.9.9) */
	bool is_whole;			/**< the hardware writes the full digest (sec.md 2.6.3) */
	bool is_chained;		/**< with CBC in one descriptor: proven (sec.md 3.4) */
};

extern const struct hisi_sec_cipher_alg hisi_sec_cipher_algs[];
extern const unsigned int hisi_sec_nb_cipher_algs;
extern const struct hisi_sec_auth_alg hisi_sec_auth_algs[];
extern const unsigned int hisi_sec_nb_auth_algs;

/** Does a generation have it, by its descriptor and the device's algorithm bitmap? */
static inline bool
hisi_sec_has_cipher(const struct hisi_sec_cipher_alg *alg, uint8_t bd_type, uint64_t device)
{
	return bd_type >= alg->bd_type_min && (device & alg->bits) != 0;
}

static inline bool
hisi_sec_has_auth(const struct hisi_sec_auth_alg *alg, uint8_t bd_type, uint64_t device)
{
	/* Which bit is which digest is not known (sec.md 1.4); GMAC is done as GCM. */
	uint64_t bits = alg->a_alg == HISI_SEC_A_ALG_GMAC ? HISI_SEC_ALG_GCM_AES :
		HISI_SEC_ALG_DIGESTS;

	return bd_type >= alg->bd_type_min && (device & bits) != 0;
}

/** Key length of a cipher in bytes to c_key_len (sec.md 2.6.2). */
uint32_t hisi_sec_c_key_len(const struct hisi_sec_cipher_alg *alg, uint16_t len);

/* ---- sessions ---- */

enum hisi_sec_kind {
	HISI_SEC_KIND_PLAIN = 1,	/**< a cipher, on the fast path where flat */
	HISI_SEC_KIND_CIPHER,		/**< a cipher with something to look at per operation */
	HISI_SEC_KIND_AUTH,
	HISI_SEC_KIND_AEAD,		/**< also GMAC, whose data are the AAD */
	HISI_SEC_KIND_CHAIN,
};

/** Marks a session of this driver; a type of descriptor and a kind are added. */
#define HISI_SEC_IDENTITY_MAGIC	HISI_GENMASK32(31, 16)
#define HISI_SEC_IDENTITY_TYPE	HISI_GENMASK32(15, 8)
#define HISI_SEC_IDENTITY_KIND	HISI_GENMASK32(7, 0)

static inline uint32_t
hisi_sec_identity(uint8_t bd_type, enum hisi_sec_kind kind)
{
	return HISI_FIELD_PREP(HISI_SEC_IDENTITY_MAGIC, UINT32_C(0x5ec5)) |
		HISI_FIELD_PREP(HISI_SEC_IDENTITY_TYPE, (uint32_t)bd_type) |
		HISI_FIELD_PREP(HISI_SEC_IDENTITY_KIND, (uint32_t)kind);
}

/** The descriptors of a session. */
enum hisi_sec_template {
	HISI_SEC_TEMPLATE_CIPHER,	/**< first: the fast path's; also of AEAD */
	HISI_SEC_TEMPLATE_AUTH,
	HISI_SEC_TEMPLATE_BOTH,		/**< a chain in one */
	HISI_SEC_TEMPLATES,
};

/**
 * A session. In DMA memory, since descriptors refer to its keys; shared by processes. Read-only
 * once made, and wiped when it goes.
 */
struct hisi_sec_session {
	uint32_t identity;
	uint32_t block_mask;		/**< lengths have none of these bits */
	uint32_t min_len;		/**< of a cipher, in a descriptor */
	uint16_t iv_offset;		/**< from the operation */
	uint8_t iv_len;
	uint8_t is_ctr;
	uint32_t bd[HISI_SEC_TEMPLATES][HISI_SEC_SQE_LEN / 4] __rte_aligned(64);
	uint8_t cipher_key[HISI_SEC_MAX_KEY_LEN];
	uint8_t auth_key[HISI_SEC_MAX_AUTH_KEY_LEN];
	uint8_t empty_mac[HISI_SEC_MAX_MAC_LEN]; /**< of no data, where hardware takes none */
	uint16_t cipher_key_len;
	uint16_t auth_key_len;		/**< as the hardware gets it */
	uint16_t digest_len;
	uint16_t aad_len;
	uint8_t cipher_alg;		/**< index of hisi_sec_cipher_algs */
	uint8_t auth_alg;		/**< index of hisi_sec_auth_algs */
	uint8_t is_decrypt;
	uint8_t is_verify;
	uint8_t is_ccm;
	uint8_t is_gmac;
	uint8_t is_auth_first;		/**< a chain: auth before cipher */
	uint8_t is_one_step;		/**< a chain that one descriptor may do */
	uint8_t takes_empty;		/**< of auth and AEAD: a descriptor may have no data */
	const void *lent_to;		/**< queue pair of the sessionless operation that has it */
} __rte_aligned(64);

static inline enum hisi_sec_kind
hisi_sec_kind(const struct hisi_sec_session *session)
{
	return (enum hisi_sec_kind)HISI_FIELD_GET(HISI_SEC_IDENTITY_KIND, session->identity);
}

/** Is it a session of this driver for descriptors of @p bd_type, made and not freed? */
static inline bool
hisi_sec_session_fits(const struct hisi_sec_session *session, uint8_t bd_type)
{
	return (session->identity & ~HISI_SEC_IDENTITY_KIND) == hisi_sec_identity(bd_type, 0);
}

/**
 * Make a session.
 *
 * @param name of the device, for messages; NULL: say nothing
 * @param algorithms the device's bitmap
 * @return 0; -ENOTSUP after one message; -EINVAL: no xform
 */
int hisi_sec_session_init(struct hisi_sec_session *session, const char *name, uint8_t bd_type,
	uint64_t algorithms, const struct rte_crypto_sym_xform *xform);

/** Nothing of it is left in memory. */
void hisi_sec_session_wipe(struct hisi_sec_session *session);

/** Write the descriptors of a session whose other members are set. */
void hisi_sec_session_fill_bd2(struct hisi_sec_session *session);
void hisi_sec_session_fill_bd3(struct hisi_sec_session *session);

/** ops of struct rte_cryptodev_ops */
unsigned int hisi_sec_session_size(struct rte_cryptodev *dev);
int hisi_sec_session_configure(struct rte_cryptodev *dev, struct rte_crypto_sym_xform *xform,
	struct rte_cryptodev_sym_session *session);
void hisi_sec_session_clear(struct rte_cryptodev *dev, struct rte_cryptodev_sym_session *session);

#endif /* HISI_SEC_SESSION_H */
