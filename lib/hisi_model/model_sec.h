/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_SEC_H
#define MODEL_SEC_H

/**
 * @file
 * What a descriptor of the SEC engine asks for (sec.md 2), and the libraries that do it.
 *
 * A request passes three files: model_sec_request.c reads and checks the descriptor,
 * model_engine_sec.c brings data and keys here and results back, and this file's functions work on
 * private memory in between: no client memory, no SIGBUS, so that they may allocate.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hisi_sec_sqe.h>

struct model_device;

#define MODEL_SEC_MAX_AUTH_IV 64 /* a chaining state, or that of the last part of a GCM stream */

/** What kind of work it is; each has its own rules about fields. */
enum model_sec_kind {
	MODEL_SEC_NOTHING,    /**< an invalid descriptor: completes as it is (sec.md 2.10) */
	MODEL_SEC_CIPHER,
	MODEL_SEC_HASH,       /**< hash, HMAC and the other MACs */
	MODEL_SEC_AUTHENC,    /**< cipher and hash, one after the other */
	MODEL_SEC_GCM,
	MODEL_SEC_CCM,
	MODEL_SEC_GCM_FIRST,  /**< the parts of a GCM stream (sec.md 2.9.5) */
	MODEL_SEC_GCM_MIDDLE,
	MODEL_SEC_GCM_LAST,
};

/** Which part of a hash. */
enum model_sec_part {
	MODEL_SEC_WHOLE,
	MODEL_SEC_FIRST,
	MODEL_SEC_MIDDLE,
	MODEL_SEC_LAST,
};

/** A descriptor, of either type, by name; then what follows from it. */
struct model_sec_request {
	uint32_t type, cipher, auth, seq, de, scene, src_type, dst_type, mac_type;
	uint32_t ci_gen, ai_gen, pad, key_source, nonce_len;
	uint32_t c_alg, c_mode, c_key_len, c_width, c_icv_len, ctr_mode;
	uint32_t a_alg, mac_words, a_key_words;
	uint32_t a_len, c_len, auth_offset, cipher_offset;
	uint64_t long_len, a_iv_addr, a_key_addr, mac_addr, c_iv_addr, c_key_addr;
	uint64_t src_addr, dst_addr;

	/* Set by model_sec_check(). Lengths in bytes. */
	enum model_sec_kind kind;
	enum model_sec_part part;
	bool is_encrypt;
	bool is_verify;          /**< the MAC is read and compared, else written */
	uint32_t key_len, iv_len, a_key_len, a_iv_len, mac_len;
	uint32_t in_len;         /**< of the source, from its start */
	uint32_t out_from;       /**< the destination is written from here */
	uint32_t out_len;        /**< so many bytes */
};

/** Secrets of one request and what goes with them; wiped after it. */
struct model_sec_secrets {
	uint8_t key[HISI_SEC_MAX_KEY_LEN];
	uint8_t a_key[HISI_SEC_MAX_AUTH_KEY_LEN];
	uint8_t iv[HISI_SEC_MAX_IV_LEN];
	uint8_t a_iv[MODEL_SEC_MAX_AUTH_IV];
	uint8_t mac[HISI_SEC_MAX_MAC_LEN];      /**< made here */
	uint8_t expected[HISI_SEC_MAX_MAC_LEN]; /**< to compare with */
};

/** Contexts of one worker. */
struct model_sec_crypto;

/** Read a descriptor of type 2 or 3. @return enum hisi_sec_status */
uint32_t
model_sec_parse(const void *sqe, struct model_sec_request *req);

/** Can it be, and can this device do it? Fills the rest of @p req. @return enum hisi_sec_status */
uint32_t
model_sec_check(const struct model_device *dev, struct model_sec_request *req);

/** Bytes of the chaining state of a hash (sec.md 2.9.7), 0 for what has none. */
uint32_t
model_sec_state_len(uint32_t a_alg);
/** Bytes of a block and of a full MAC. 0 for an algorithm that does not exist. */
uint32_t
model_sec_hash_block_len(uint32_t a_alg);
uint32_t
model_sec_full_mac_len(uint32_t a_alg);

/** @return NULL without memory, or when the library lacks an algorithm */
struct model_sec_crypto *
model_sec_crypto_create(void);
/** NULL allowed. */
void
model_sec_crypto_destroy(struct model_sec_crypto *crypto);

/**
 * Do what a checked request asks for, in place.
 *
 * @param data  in_len bytes of the source; the cipher's output lies at cipher_offset afterwards
 * @return true, or false when the MAC is not the expected one: @p data is as it was then
 */
bool
model_sec_run(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	      struct model_sec_secrets *secrets, uint8_t *data);

/** Leave nothing of a key in contexts, registers and on the stack; model_sec_run() does it. */
void
model_sec_wipe(struct model_sec_crypto *crypto);

/* The parts of model_sec_run(), each in a file of its own. */
void
model_sec_cipher(struct model_sec_crypto *crypto, const struct model_sec_request *req,
		 const struct model_sec_secrets *secrets, uint8_t *data);
void
model_sec_hash(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	       struct model_sec_secrets *secrets, uint8_t *data);
void
model_sec_aead(struct model_sec_crypto *crypto, const struct model_sec_request *req,
	       struct model_sec_secrets *secrets, uint8_t *data);

#endif /* MODEL_SEC_H */
