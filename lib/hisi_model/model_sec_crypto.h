/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_SEC_CRYPTO_H
#define MODEL_SEC_CRYPTO_H

/**
 * @file
 * Contexts that the files of model_sec_run() share: nettle's, which lie in our own memory and can
 * be wiped, and those of OpenSSL for what nettle 3.8 has not (SM4, OFB, CBC-CS).
 */

#include <nettle/aes.h>
#include <nettle/ccm.h>
#include <nettle/cmac.h>
#include <nettle/des.h>
#include <nettle/gcm.h>
#include <nettle/md5.h>
#include <nettle/nettle-types.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <nettle/sm3.h>
#include <openssl/evp.h>

#include "model_sec.h"

/** A key as a block cipher wants it. */
union model_sec_key {
	struct aes128_ctx aes128;
	struct aes192_ctx aes192;
	struct aes256_ctx aes256;
	struct des_ctx des;
	struct des3_ctx des3;
	EVP_CIPHER_CTX *sm4;
};

/** A block cipher with its key, in one direction. */
struct model_sec_block {
	union model_sec_key key;
	nettle_cipher_func *crypt;
	uint32_t len; /**< of a block */
};

union model_sec_hash_ctx {
	struct md5_ctx md5;
	struct sha1_ctx sha1;
	struct sha256_ctx sha256;
	struct sha512_ctx sha512;
	struct sm3_ctx sm3;
};

/** Which of OpenSSL's ciphers; those of AES are in the order of their key lengths. */
enum model_sec_evp {
	MODEL_SEC_EVP_SM4_ENCRYPT,
	MODEL_SEC_EVP_SM4_DECRYPT,
	MODEL_SEC_EVP_SM4_TWEAK,
	MODEL_SEC_EVP_SM4_OFB,
	MODEL_SEC_EVP_AES_OFB,
	MODEL_SEC_EVP_AES_CTS = MODEL_SEC_EVP_AES_OFB + 3,
	MODEL_SEC_EVP_COUNT = MODEL_SEC_EVP_AES_CTS + 3,
};

struct model_sec_crypto {
	EVP_CIPHER_CTX *evp[MODEL_SEC_EVP_COUNT];
	uint32_t evp_used;  /**< bits of those that have had a key since the last wipe */
	bool is_gcm_used;   /**< so has gcm_key, which is long */

	/** All that depends on keys; wiped after each request. */
	struct {
		struct model_sec_block block;
		struct model_sec_block tweak; /**< XTS */
		struct gcm_ctx gcm;
		struct ccm_ctx ccm;
		struct cmac_aes128_ctx cmac;
		uint8_t derived[3 * AES_BLOCK_SIZE];
		union model_sec_hash_ctx outer, inner, state;
	} secret;
	struct gcm_key gcm_key;
};

/** Set a context of OpenSSL up with a key; the wipe will overwrite it. */
EVP_CIPHER_CTX *
model_sec_evp_key(struct model_sec_crypto *crypto, uint32_t which, const uint8_t *key,
		  const uint8_t *iv, int is_encrypt);

/** The table of GCM for @p block. */
void
model_sec_gcm_key(struct model_sec_crypto *crypto, const struct model_sec_block *block);

/** The block cipher of a request, with @p key, in one direction; @p sm4 is the context for SM4. */
void
model_sec_block_key(struct model_sec_crypto *crypto, struct model_sec_block *block,
		    const struct model_sec_request *req, const uint8_t *key, uint32_t key_len,
		    bool is_encrypt, enum model_sec_evp sm4);

#endif /* MODEL_SEC_CRYPTO_H */
