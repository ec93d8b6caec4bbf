/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <rte_version.h>

#include "hisi_sec_session.h"

/* What the engine can do, in the words of cryptodev (sec.md 3.1 to 3.3). */

#define RANGE(from, to, step) { .min = from, .max = to, .increment = step }
#define ONE(size) RANGE(size, size, 0)
#define NONE RANGE(0, 0, 0)
#define AES_KEY RANGE(16, 32, 8)
/* Longer keys of an HMAC are hashed first; how long they may be is nobody's limit but ours. */
#define HMAC_KEY RANGE(1, 1024, 1)

#define CIPHER(name, alg, mode, unit, min, keys, ivs, type, bit) \
	{ .cipher = RTE_CRYPTO_CIPHER_ ## name, .c_alg = HISI_SEC_C_ALG_ ## alg, \
	  .c_mode = HISI_SEC_C_MODE_ ## mode, .block = unit, .min_len = min, .key = keys, \
	  .iv = ivs, .bd_type_min = type, .bits = bit }

/*
 * CTR of V2: no source says the same as another (sec.md 4.1). Only what all of them agree on goes
 * to the hardware, whole blocks without an overflow of 32 bits; the rest is software's.
 * SM4 ECB and CTR depend on a bit that the PF has to clear [INF] (sec.md 3.1), and SM4 ECB and DES
 * have no bit of their own in the map.
 */
const struct hisi_sec_cipher_alg hisi_sec_cipher_algs[] = {
	CIPHER(AES_ECB, AES, ECB, 16, 16, AES_KEY, NONE, 2, HISI_SEC_ALG_ECB_AES),
	CIPHER(AES_CBC, AES, CBC, 16, 16, AES_KEY, ONE(16), 2, HISI_SEC_ALG_CBC_AES),
	CIPHER(AES_CTR, AES, CTR, 1, 1, AES_KEY, RANGE(12, 16, 4), 2, HISI_SEC_ALG_CTR_AES),
	CIPHER(AES_XTS, AES, XTS, 1, 16, RANGE(32, 64, 32), ONE(16), 2, HISI_SEC_ALG_XTS_AES),
	CIPHER(3DES_CBC, 3DES, CBC, 8, 8, RANGE(16, 24, 8), ONE(8), 2, HISI_SEC_ALG_CBC_3DES),
	CIPHER(3DES_ECB, 3DES, ECB, 8, 8, RANGE(16, 24, 8), NONE, 2, HISI_SEC_ALG_ECB_3DES),
	CIPHER(DES_CBC, DES, CBC, 8, 8, ONE(8), ONE(8), 2, HISI_SEC_ALG_CIPHERS),
	CIPHER(SM4_ECB, SM4, ECB, 16, 16, ONE(16), NONE, 2, HISI_SEC_ALG_CIPHERS),
	CIPHER(SM4_CBC, SM4, CBC, 16, 16, ONE(16), ONE(16), 2, HISI_SEC_ALG_CBC_SM4),
	CIPHER(SM4_CTR, SM4, CTR, 1, 1, ONE(16), RANGE(12, 16, 4), 2, HISI_SEC_ALG_CTR_SM4),
#if RTE_VERSION >= RTE_VERSION_NUM(23, 7, 0, 0)
	CIPHER(SM4_OFB, SM4, OFB, 1, 1, ONE(16), ONE(16), 3, HISI_SEC_ALG_OFB_SM4),
	CIPHER(SM4_CFB, SM4, CFB, 1, 1, ONE(16), ONE(16), 3, HISI_SEC_ALG_CFB_SM4),
#endif
#if RTE_VERSION >= RTE_VERSION_NUM(24, 11, 0, 0)
	CIPHER(SM4_XTS, SM4, XTS, 1, 16, ONE(32), ONE(16), 2, HISI_SEC_ALG_XTS_SM4),
#endif
	{ .aead = RTE_CRYPTO_AEAD_AES_GCM, .c_alg = HISI_SEC_C_ALG_AES,
	  .c_mode = HISI_SEC_C_MODE_GCM, .block = 1, .key = AES_KEY, .iv = ONE(12),
	  .digest = RANGE(8, 16, 1), .aad = RANGE(0, HISI_SEC_MAX_AAD_LEN, 1),
	  .bd_type_min = 2, .bits = HISI_SEC_ALG_GCM_AES },
	{ .aead = RTE_CRYPTO_AEAD_AES_CCM, .c_alg = HISI_SEC_C_ALG_AES,
	  .c_mode = HISI_SEC_C_MODE_CCM, .block = 1, .key = AES_KEY, .iv = RANGE(7, 13, 1),
	  .digest = RANGE(4, 16, 2), .aad = RANGE(0, HISI_SEC_MAX_CCM_AAD_LEN, 1),
	  .bd_type_min = 2, .bits = HISI_SEC_ALG_CCM_AES },
#if RTE_VERSION >= RTE_VERSION_NUM(25, 3, 0, 0)
	{ .aead = RTE_CRYPTO_AEAD_SM4_GCM, .c_alg = HISI_SEC_C_ALG_SM4,
	  .c_mode = HISI_SEC_C_MODE_GCM, .block = 1, .key = ONE(16), .iv = ONE(12),
	  .digest = RANGE(8, 16, 1), .aad = RANGE(0, HISI_SEC_MAX_AAD_LEN, 1),
	  .bd_type_min = 3, .bits = HISI_SEC_ALG_GCM_SM4 },
#endif
};
const unsigned int hisi_sec_nb_cipher_algs = RTE_DIM(hisi_sec_cipher_algs);

/* A digest is counted in words, so lengths that are no multiple of 4 are none (sec.md 2.7). */
#define HASH(hash, digest_name, len) \
	{ .auth = RTE_CRYPTO_AUTH_ ## hash, .name = digest_name, .a_alg = HISI_SEC_A_ALG_ ## hash, \
	  .block = len > 32 ? 128 : 64, .key = NONE, .digest = RANGE(4, len, 4), \
	  .bd_type_min = 2, .takes_empty = true }
#define HMAC(hash, digest_name, len, chained) \
	{ .auth = RTE_CRYPTO_AUTH_ ## hash ## _HMAC, .name = digest_name, \
	  .a_alg = HISI_SEC_A_ALG_HMAC_ ## hash, .block = len > 32 ? 128 : 64, .key = HMAC_KEY, \
	  .digest = RANGE(4, len, 4), .bd_type_min = 2, .is_hmac = true, .takes_empty = true, \
	  .is_chained = chained }

const struct hisi_sec_auth_alg hisi_sec_auth_algs[] = {
	HASH(MD5, "MD5", 16),
	HASH(SHA1, "SHA1", 20),
	HASH(SHA224, "SHA224", 28),
	HASH(SHA256, "SHA256", 32),
	HASH(SHA384, "SHA384", 48),
	HASH(SHA512, "SHA512", 64),
	HASH(SM3, "SM3", 32),
	HMAC(MD5, "MD5", 16, false),
	HMAC(SHA1, "SHA1", 20, true),
	HMAC(SHA224, "SHA224", 28, false),
	HMAC(SHA256, "SHA256", 32, true),
	HMAC(SHA384, "SHA384", 48, false),
	HMAC(SHA512, "SHA512", 64, true),
#if RTE_VERSION >= RTE_VERSION_NUM(23, 7, 0, 0)
	HMAC(SM3, "SM3", 32, true),
#endif
	{ .auth = RTE_CRYPTO_AUTH_AES_CMAC, .name = "AES-128-CBC", .a_alg = HISI_SEC_A_ALG_CMAC,
	  .block = 16, .key = ONE(16), .digest = RANGE(4, 16, 4), .bd_type_min = 3,
	  .is_whole = true },
	{ .auth = RTE_CRYPTO_AUTH_AES_XCBC_MAC, .name = "AES-128-ECB",
	  .a_alg = HISI_SEC_A_ALG_XCBC, .block = 16, .key = ONE(16), .digest = RANGE(12, 16, 4),
	  .bd_type_min = 3 },
	/* Done as GCM without payload (sec.md 3.2). */
	{ .auth = RTE_CRYPTO_AUTH_AES_GMAC, .a_alg = HISI_SEC_A_ALG_GMAC, .block = 16,
	  .key = AES_KEY, .digest = RANGE(8, 16, 1), .bd_type_min = 3, .takes_empty = true },
};
const unsigned int hisi_sec_nb_auth_algs = RTE_DIM(hisi_sec_auth_algs);

uint32_t
hisi_sec_c_key_len(const struct hisi_sec_cipher_alg *alg, uint16_t len)
{
	if (alg->c_alg == HISI_SEC_C_ALG_DES)
		return HISI_SEC_C_KEY_LEN_DES;
	if (alg->c_alg == HISI_SEC_C_ALG_3DES)
		return len == 16 ? HISI_SEC_C_KEY_LEN_3DES_2KEY : HISI_SEC_C_KEY_LEN_3DES_3KEY;
	/* Two of them, back to back. */
	if (alg->c_mode == HISI_SEC_C_MODE_XTS)
		len /= 2;
	return (len - 16) / 8;
}
