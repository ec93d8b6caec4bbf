/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * The algorithms of sec.md 3 that DPDK 22.11 has names for.
 */
#include <rte_common.h>

#include "crypt.h"

#define CIPHER(name, evp, block, len_min) \
	{ #name, CRYPT_CIPHER, RTE_CRYPTO_CIPHER_##name, CRYPT_MODE_EVP, evp, block, len_min }
#define AUTH(name, mode, evp) \
	{ #name, CRYPT_AUTH, RTE_CRYPTO_AUTH_##name, CRYPT_MODE_##mode, evp, 1, 0 }
#define AEAD(name, mode, evp) \
	{ #name, CRYPT_AEAD, RTE_CRYPTO_AEAD_##name, CRYPT_MODE_##mode, evp, 1, 0 }

const struct crypt_algorithm crypt_algorithms[] = {
	CIPHER(AES_ECB, "AES-ECB", 16, 0),
	CIPHER(AES_CBC, "AES-CBC", 16, 0),
	CIPHER(AES_CTR, "AES-CTR", 1, 0),
	CIPHER(AES_XTS, "AES-XTS", 1, 16),
	CIPHER(3DES_CBC, "DES-EDE3-CBC", 8, 0),
	CIPHER(3DES_ECB, "DES-EDE3-ECB", 8, 0),
	/* The same key thrice: single DES is in a provider that is not everywhere. */
	CIPHER(DES_CBC, "DES-EDE3-CBC", 8, 0),
	CIPHER(SM4_ECB, "SM4-ECB", 16, 0),
	CIPHER(SM4_CBC, "SM4-CBC", 16, 0),
	CIPHER(SM4_CTR, "SM4-CTR", 1, 0),
	AUTH(MD5, EVP, "MD5"),
	AUTH(SHA1, EVP, "SHA1"),
	AUTH(SHA224, EVP, "SHA224"),
	AUTH(SHA256, EVP, "SHA256"),
	AUTH(SHA384, EVP, "SHA384"),
	AUTH(SHA512, EVP, "SHA512"),
	AUTH(SM3, EVP, "SM3"),
	AUTH(MD5_HMAC, HMAC, "MD5"),
	AUTH(SHA1_HMAC, HMAC, "SHA1"),
	AUTH(SHA224_HMAC, HMAC, "SHA224"),
	AUTH(SHA256_HMAC, HMAC, "SHA256"),
	AUTH(SHA384_HMAC, HMAC, "SHA384"),
	AUTH(SHA512_HMAC, HMAC, "SHA512"),
	AUTH(AES_CMAC, CMAC, "AES-CBC"),
	AUTH(AES_XCBC_MAC, XCBC, "AES-CBC"),
	AUTH(AES_GMAC, GMAC, "AES-GCM"),
	AEAD(AES_GCM, GCM, "AES-GCM"),
	AEAD(AES_CCM, CCM, "AES-CCM"),
};

const int crypt_nb_algorithms = RTE_DIM(crypt_algorithms);
