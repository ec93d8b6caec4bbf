/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Hashes and MACs of the SEC engine: against OpenSSL, which the model does not use for them, and
 * published vectors; whole and in parts (sec.md 2.9.6 to 2.9.9).
 */

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "sec_rig.h"

/* sec.md 2.6.3 */
static const struct {
	uint32_t a_alg;
	uint32_t hmac;
	const char *name;
	uint32_t block_len, digest_len, state_len;
} hashes[] = {
	{ 0x00, 0x10, "SHA1", 64, 20, 20 },
	{ 0x01, 0x11, "SHA256", 64, 32, 32 },
	{ 0x02, 0x12, "MD5", 64, 16, 16 },
	{ 0x03, 0x13, "SHA224", 64, 28, 32 },
	{ 0x04, 0x14, "SHA384", 128, 48, 64 },
	{ 0x05, 0x15, "SHA512", 128, 64, 64 },
	{ 0x06, 0x16, "SHA512-224", 128, 28, 64 },
	{ 0x07, 0x17, "SHA512-256", 128, 32, 64 },
	{ 0x25, 0x26, "SM3", 64, 32, 32 },
};
#define NB_HASHES (sizeof(hashes) / sizeof(hashes[0]))

static const uint32_t lengths[] = { 1, 3, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000, 4097 };
#define NB_LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

static uint8_t message[SEC_MAX_TEST_LEN];
static uint8_t secret[128];

static int
setup(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	size_t i;

	for (i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)(i * 131 + (i >> 7));
	for (i = 0; i < sizeof(secret); i++)
		secret[i] = (uint8_t)(i * 59 + 3);
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	*state = s;
	return 0;
}

static int
teardown(void **state)
{
	sec_rig_stop(*state);
	free(*state);
	return 0;
}

/** A hash (key_len 0) or HMAC by OpenSSL. */
static void
oracle(uint32_t hash, uint32_t key_len, uint32_t len, uint8_t digest[64])
{
	EVP_MD *md = EVP_MD_fetch(NULL, hashes[hash].name, NULL);
	unsigned int done = 64;

	assert_non_null(md);
	if (key_len == 0)
		assert_int_equal(EVP_Digest(message, len, digest, &done, md, NULL), 1);
	else
		assert_non_null(HMAC(md, secret, (int)key_len, message, len, digest, &done));
	assert_int_equal(done, hashes[hash].digest_len);
	EVP_MD_free(md);
}

static struct sec_op
hash_op(uint32_t type, uint32_t hash, uint32_t key_len, uint32_t len)
{
	return (struct sec_op){ .type = type,
		/* As UADK does (sec.md 2.5). */
		.scene = type == 3 ? HISI_SEC_SCENE_STREAM : HISI_SEC_SCENE_IPSEC,
		.auth = HISI_SEC_AUTH_COMPUTE,
		.a_alg = key_len != 0 ? hashes[hash].hmac : hashes[hash].a_alg,
		.mac_words = hashes[hash].digest_len / 4, .a_key_words = key_len / 4,
		.a_key = secret, .a_key_len = key_len, .src = message, .src_len = len,
		.a_len = len };
}

static void
check_hash(struct sec_rig *s, uint32_t type, uint32_t hash, uint32_t key_len, uint32_t len)
{
	struct sec_op op = hash_op(type, hash, key_len, len);
	static const uint8_t canary[64] = { [0 ... 63] = 0xc5 };
	uint8_t digest[64];
	uint32_t words;

	oracle(hash, key_len, len, digest);
	op.layout = len % 2 != 0 ? SEC_SGL_IN_PLACE : SEC_IN_PLACE;
	op.cut = 19;
	/* Whole, and the first words alone. */
	for (words = op.mac_words; words >= 3; words -= 2) {
		op.mac_words = words;
		op.mac_len = 0;
		sec_op_run(s, &op);
		if (op.w28 != 0x0081 || memcmp(op.mac, digest, 4 * words) != 0)
			fail_msg("%s, type %u, key %u, length %u, %u words: w28 0x%08x",
				hashes[hash].name, type, key_len, len, words, op.w28);
		assert_memory_equal(op.mac + 4 * words, canary, 64 - 4 * words);
		assert_memory_equal(op.dst, message, len);
	}
}

static void
test_whole(void **state)
{
	uint32_t hash, i, keys[] = { 0, 4, 64, 0 }, k;

	for (hash = 0; hash < NB_HASHES; hash++) {
		keys[3] = hashes[hash].block_len;
		for (i = 0; i < NB_LENGTHS; i++)
			for (k = 0; k < 4; k++) {
				check_hash(*state, 3, hash, keys[k], lengths[i]);
				check_hash(*state, 2, hash, keys[k], lengths[i]);
			}
		check_hash(*state, 3, hash, 0, 0);
		check_hash(*state, 3, hash, 32, 0);
	}
}

/* Zero words are the full digest, except with SM3 (sec.md 2.7). */
static void
test_no_length_is_full(void **state)
{
	uint8_t digest[64];
	uint32_t hash;

	for (hash = 0; hash < NB_HASHES; hash++) {
		struct sec_op op = hash_op(3, hash, 0, 100);

		op.mac_words = 0;
		sec_op_run(*state, &op);
		if (strcmp(hashes[hash].name, "SM3") == 0) {
			assert_int_equal(sec_op_status(&op), HISI_SEC_STATUS_MODEL_BAD_AUTH);
			continue;
		}
		oracle(hash, 0, 100, digest);
		assert_memory_equal(op.mac, digest, hashes[hash].digest_len);
	}
}

/** One part of a long hash; state in and out through op->mac. */
static void
run_part(struct sec_rig *s, struct sec_op *op, uint32_t from, uint32_t len, uint32_t state_len)
{
	uint8_t state[64];

	memcpy(state, op->mac, sizeof(state));
	op->a_iv = state;
	op->a_iv_len = op->ai_gen == HISI_SEC_AI_GEN_ADDR ? state_len : 0;
	op->mac_len = 0;
	op->src = message + from;
	op->src_len = op->a_len = len;
	sec_op_run(s, op);
	assert_int_equal(op->w28, 0x0081);
}

static void
check_parts(struct sec_rig *s, uint32_t type, uint32_t hash, uint32_t key_len, uint32_t rest)
{
	uint32_t block = hashes[hash].block_len, state = hashes[hash].state_len;
	struct sec_op op = hash_op(type, hash, key_len, 0);
	uint8_t digest[64];

	op.pad = HISI_SEC_NO_PAD;
	run_part(s, &op, 0, block, state);
	op.ai_gen = HISI_SEC_AI_GEN_ADDR;
	run_part(s, &op, block, 3 * block, state);
	op.pad = HISI_SEC_PAD;
	op.long_len = 8 * (uint64_t)(4 * block + rest);
	run_part(s, &op, 4 * block, rest, state);
	oracle(hash, key_len, 4 * block + rest, digest);
	if (memcmp(op.mac, digest, hashes[hash].digest_len) != 0)
		fail_msg("%s in parts, type %u, key %u, rest %u", hashes[hash].name, type, key_len,
			rest);
}

static void
test_parts(void **state)
{
	static const uint32_t rests[] = { 0, 1, 55, 128, 200 };
	uint32_t hash, i;

	for (hash = 0; hash < NB_HASHES; hash++) {
		for (i = 0; i < sizeof(rests) / sizeof(rests[0]); i++) {
			check_parts(*state, 3, hash, 0, rests[i]);
			check_parts(*state, 3, hash, 20, rests[i]);
			check_parts(*state, 2, hash, 0, rests[i]);
			check_parts(*state, 2, hash, 64, rests[i]);
		}
	}
}

struct mac_vector {
	const char *source;
	uint32_t a_alg, words;
	const char *key, *message, *mac;
};

#define KEY_4493 "2b7e151628aed2a6abf7158809cf4f3c"
#define TEXT_4493 "6bc1bee22e409f96e93d7e117393172a"
#define KEY_3566 "000102030405060708090a0b0c0d0e0f"

static const struct mac_vector macs[] = {
	{ "RFC 4493 example 2", HISI_SEC_A_ALG_CMAC, 4, KEY_4493, TEXT_4493,
		"070a16b46b4d4144f79bdd9dd04a287c" },
	{ "RFC 4493 example 3", HISI_SEC_A_ALG_CMAC, 4, KEY_4493,
		TEXT_4493 "ae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
		"dfa66747de9ae63030ca32611497c827" },
	{ "RFC 4493 example 4", HISI_SEC_A_ALG_CMAC, 4, KEY_4493,
		TEXT_4493 "ae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52ef"
		"f69f2445df4f9b17ad2b417be66c3710", "51f0bebf7e3b9d92fc49741779363cfe" },
	{ "RFC 3566 test case 2", HISI_SEC_A_ALG_XCBC, 4, KEY_3566, "000102",
		"5b376580ae2f19afe7219ceef172756f" },
	{ "RFC 3566 test case 3", HISI_SEC_A_ALG_XCBC, 4, KEY_3566, KEY_3566,
		"d2a246fa349b68a79998a4394ff7a263" },
	{ "RFC 3566 test case 4, 96 bits", HISI_SEC_A_ALG_XCBC, 3, KEY_3566, KEY_3566 "10111213",
		"47f51b4564966215b8985c63" },
	{ "RFC 3566 test case 5", HISI_SEC_A_ALG_XCBC, 4, KEY_3566,
		KEY_3566 "101112131415161718191a1b1c1d1e1f", "f54f0ec8d2b9f3d36807734bd5283fd4" },
	{ "RFC 3566 test case 6", HISI_SEC_A_ALG_XCBC, 4, KEY_3566,
		KEY_3566 "101112131415161718191a1b1c1d1e1f2021", "becbb3bccdb518a30677d5481fb6b4d8" },
};

static void
test_aes_macs(void **state)
{
	uint8_t key[16], text[64], mac[16];
	size_t i;

	for (i = 0; i < sizeof(macs) / sizeof(macs[0]); i++) {
		struct sec_op op = { .type = 3, .auth = HISI_SEC_AUTH_COMPUTE,
			.a_alg = macs[i].a_alg, .mac_words = macs[i].words, .a_key_words = 4,
			.a_key = key, .src = text, .layout = SEC_SGL_IN_PLACE, .cut = 5 };

		op.a_key_len = sec_hex(macs[i].key, key, sizeof(key));
		op.src_len = op.a_len = sec_hex(macs[i].message, text, sizeof(text));
		sec_hex(macs[i].mac, mac, sizeof(mac));
		sec_op_run(*state, &op);
		if (op.w28 != 0x0081 || memcmp(op.mac, mac, 4 * macs[i].words) != 0)
			fail_msg("%s: w28 0x%08x", macs[i].source, op.w28);
	}
}

/* GMAC is GCM without a message; 12 bytes of its IV count (sec.md 2.9.8). */
static void
test_gmac(void **state)
{
	static const uint32_t key_lens[] = { 16, 24, 32 };
	static const char *const names[] = { "AES-128-GCM", "AES-192-GCM", "AES-256-GCM" };
	uint8_t tag[16];
	uint32_t i, len;
	int done;

	for (i = 0; i < 3; i++) {
		for (len = 0; len < 100; len += 33) {
			EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
			EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, names[i], NULL);
			struct sec_op op = { .type = 3, .scene = HISI_SEC_SCENE_IPSEC,
				.auth = HISI_SEC_AUTH_COMPUTE, .a_alg = HISI_SEC_A_ALG_GMAC,
				.mac_words = 4, .a_key_words = key_lens[i] / 4,
				.ai_gen = HISI_SEC_AI_GEN_ADDR, .a_key = secret,
				.a_key_len = key_lens[i], .a_iv = message + 5, .a_iv_len = 16,
				.src = message, .src_len = len, .a_len = len };

			EVP_EncryptInit_ex(ctx, cipher, NULL, secret, message + 5);
			EVP_EncryptUpdate(ctx, NULL, &done, message, (int)len);
			assert_int_equal(EVP_EncryptFinal_ex(ctx, tag, &done), 1);
			EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, tag);
			EVP_CIPHER_free(cipher);
			EVP_CIPHER_CTX_free(ctx);
			sec_op_run(*state, &op);
			assert_int_equal(op.w28, 0x0081);
			assert_memory_equal(op.mac, tag, 16);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_no_length_is_full),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_aes_macs),
		cmocka_unit_test(test_gmac),
	};

	return cmocka_run_group_tests_name("hisi_model_sec_hash", tests, setup, teardown);
}
