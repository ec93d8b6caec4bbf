/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * What dpdk-testacc compares results with: published vectors, so that a mistake in how OpenSSL is
 * asked does not make every device look wrong, or right.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "op_crypto.h"

#define MAX_LEN 64

static uint32_t
from_hex(const char *hex, uint8_t *bytes)
{
	uint32_t len = (uint32_t)strlen(hex) / 2, i;
	unsigned int value;

	for (i = 0; i < len; i++) {
		assert_int_equal(sscanf(hex + 2 * i, "%2x", &value), 1);
		bytes[i] = (uint8_t)value;
	}
	return len;
}

static const struct vector {
	enum testacc_crypto_kind kind;
	const char *algo, *key, *iv, *aad, *plain, *coded, *digest;
} vectors[] = {
	/* NIST SP 800-38A, F.2.1 and F.5.1, first block. */
	{ TESTACC_CRYPTO_CIPHER, "aes-cbc", "2b7e151628aed2a6abf7158809cf4f3c",
		"000102030405060708090a0b0c0d0e0f", "", "6bc1bee22e409f96e93d7e117393172a",
		"7649abac8119b246cee98e9b12e9197d", "" },
	{ TESTACC_CRYPTO_CIPHER, "aes-ctr", "2b7e151628aed2a6abf7158809cf4f3c",
		"f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "", "6bc1bee22e409f96e93d7e117393172a",
		"874d6191b620e3261bef6864990db6ce", "" },
	/* GB/T 32907, example 1. */
	{ TESTACC_CRYPTO_CIPHER, "sm4-ecb", "0123456789abcdeffedcba9876543210", "", "",
		"0123456789abcdeffedcba9876543210", "681edf34d206965e86b3e94f536e4246", "" },
	{ TESTACC_CRYPTO_CIPHER, "null", "", "", "", "010203", "010203", "" },
	/* FIPS 180-4, "abc"; RFC 4231, case 2; GB/T 32905, "abc". */
	{ TESTACC_CRYPTO_HASH, "sha2-256", "", "", "", "616263", "",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ TESTACC_CRYPTO_HASH, "sha2-256-hmac", "4a656665", "", "",
		"7768617420646f2079612077616e7420666f72206e6f7468696e673f", "",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ TESTACC_CRYPTO_HASH, "sm3", "", "", "", "616263", "",
		"66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" },
	/* The GCM specification, test case 2; with AAD RFC 3610, packet vector 1. */
	{ TESTACC_CRYPTO_AEAD, "aes-gcm", "00000000000000000000000000000000",
		"000000000000000000000000", "", "00000000000000000000000000000000",
		"0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf" },
	{ TESTACC_CRYPTO_AEAD, "aes-ccm", "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf",
		"00000003020100a0a1a2a3a4a5", "0001020304050607",
		"08090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
		"588c979a61c663d2f066d0c2c0f989806d5f6b61dac384", "17e8d12cfdf926e0" },
};

static void
test_published_vectors(void **state)
{
	uint8_t plain[MAX_LEN], coded[MAX_LEN], digest[MAX_LEN], wanted[MAX_LEN];
	const struct vector *vector;
	uint32_t len;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		vector = &vectors[i];
		struct testacc_crypto_params params = {
			.algo = testacc_crypto_algo_find(vector->kind, vector->algo),
		};

		assert_non_null(params.algo);
		params.key_len = (uint16_t)from_hex(vector->key, params.key);
		params.iv_len = (uint16_t)from_hex(vector->iv, params.iv);
		params.aad_len = (uint16_t)from_hex(vector->aad, params.aad);
		params.digest_len = (uint16_t)from_hex(vector->digest, wanted);
		len = from_hex(vector->plain, plain);
		assert_true(testacc_crypto_reference(&params, plain, len, coded, digest));
		assert_memory_equal(digest, wanted, params.digest_len);
		assert_memory_equal(coded, wanted, from_hex(vector->coded, wanted));
	}
}

/* By the name that the device's capabilities are shown with. */
static int
id_of(const struct testacc_crypto_algo *algo)
{
	enum rte_crypto_cipher_algorithm cipher;
	enum rte_crypto_auth_algorithm auth;
	enum rte_crypto_aead_algorithm aead;

	switch (algo->kind) {
	case TESTACC_CRYPTO_CIPHER:
		assert_int_equal(rte_cryptodev_get_cipher_algo_enum(&cipher, algo->name), 0);
		return (int)cipher;
	case TESTACC_CRYPTO_HASH:
		assert_int_equal(rte_cryptodev_get_auth_algo_enum(&auth, algo->name), 0);
		return (int)auth;
	default:
		assert_int_equal(rte_cryptodev_get_aead_algo_enum(&aead, algo->name), 0);
		return (int)aead;
	}
}

static void
test_names(void **state)
{
	static const char * const same[][2] = {
		{ "aes-cbc", "aes_cbc" }, { "sha2-256-hmac", "sha2_256_hmac" },
		{ "sha2-256-hmac", "sha256_hmac" }, { "sha2-256", "sha256" },
		{ "sm3", "sm3" }, { "deflate_fixed", "deflate-fixed" },
	};
	static const char * const others[][2] = {
		{ "aes-cbc", "aes-cb" }, { "aes-cbc", "aes-cbc-" }, { "aes-cbc", "aescbc" },
		{ "sha2-256-hmac", "sha256" }, { "sha2-256", "sha256_hmac" },
		{ "sha2-224", "sha2" }, { "sha2-224", "224" }, { "sha1", "sha" }, { "sm3", "" },
	};
	const struct testacc_crypto_algo *algo;
	size_t i;

	(void)state;
	for (algo = testacc_crypto_algos; algo->name != NULL; algo++) {
		assert_int_equal(id_of(algo), algo->id);
		assert_true(testacc_algo_is(algo->name, algo->name));
	}
	for (i = 0; i < RTE_DIM(same); i++)
		assert_true(testacc_algo_is(same[i][0], same[i][1]));
	for (i = 0; i < RTE_DIM(others); i++)
		assert_false(testacc_algo_is(others[i][0], others[i][1]));
}

/* Each is of one kind, and its default key and IV are what OpenSSL takes. */
static void
test_every_algorithm(void **state)
{
	uint8_t plain[MAX_LEN] = { 0 }, coded[MAX_LEN], digest[MAX_LEN];
	const struct testacc_crypto_algo *algo;
	int kind, kinds;
	uint32_t i;

	(void)state;
	for (algo = testacc_crypto_algos; algo->name != NULL; algo++) {
		struct testacc_crypto_params params = { .algo = algo, .key_len = algo->key_len,
			.iv_len = algo->iv_len, .digest_len = algo->digest_len };

		for (i = 0; i < sizeof(params.key); i++)
			params.key[i] = (uint8_t)i;
		assert_true(testacc_crypto_reference(&params, plain, sizeof(plain), coded, digest));
		for (kind = 0, kinds = 0; kind < TESTACC_CRYPTO_KINDS; kind++)
			kinds += testacc_crypto_algo_find(kind, algo->name) != NULL;
		assert_int_equal(kinds, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_vectors),
		cmocka_unit_test(test_every_algorithm),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("testacc_crypto", tests, NULL, NULL);
}
