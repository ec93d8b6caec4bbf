/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Ciphers of the SEC engine against published vectors, in every layout of buffers, by both types of
 * descriptors (sec.md 2.9.1, 5.4).
 */

#include <stdlib.h>
#include <string.h>

#include "sec_rig.h"

struct vector {
	const char *source;
	uint32_t c_alg, c_mode, c_key_len, ctr_mode, width;
	bool is_v2; /* V2 has it too */
	const char *key, *iv, *plain, *cipher;
};

#define AES HISI_SEC_C_ALG_AES
#define SM4 HISI_SEC_C_ALG_SM4
#define TDES HISI_SEC_C_ALG_3DES
#define W128 HISI_SEC_CTR_WRAP_128
#define SP800_38A "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51" \
	"30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710"
#define IV_38A "000102030405060708090a0b0c0d0e0f"
#define CTR_38A "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
#define KEY_128 "2b7e151628aed2a6abf7158809cf4f3c"
#define KEY_192 "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"
#define KEY_256 "603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4"
#define SM4_KEY "0123456789abcdeffedcba9876543210"
#define SM4_PLAIN "aaaaaaaabbbbbbbbccccccccdddddddd eeeeeeeeffffffffaaaaaaaabbbbbbbb"

static const struct vector vectors[] = {
	{ "SP 800-38A F.1.1", AES, HISI_SEC_C_MODE_ECB, 0, W128, 0, true, KEY_128, "", SP800_38A,
		"3ad77bb40d7a3660a89ecaf32466ef97 f5d3d58503b9699de785895a96fdbaaf"
		"43b1cd7f598ece23881b00e3ed030688 7b0c785e27e8ad3f8223207104725dd4" },
	{ "SP 800-38A F.1.5", AES, HISI_SEC_C_MODE_ECB, 2, W128, 0, true, KEY_256, "", SP800_38A,
		"f3eed1bdb5d2a03c064b5a7e3db181f8 591ccb10d410ed26dc5ba74a31362870"
		"b6ed21b99ca6f4f9f153e7b1beafed1d 23304b7a39f9f3ff067d8d8f9e24ecc7" },
	{ "SP 800-38A F.2.1", AES, HISI_SEC_C_MODE_CBC, 0, W128, 0, true, KEY_128, IV_38A,
		SP800_38A,
		"7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2"
		"73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7" },
	{ "SP 800-38A F.2.3", AES, HISI_SEC_C_MODE_CBC, 1, W128, 0, true, KEY_192, IV_38A,
		SP800_38A,
		"4f021db243bc633d7178183a9fa071e8 b4d9ada9ad7dedf4e5e738763f69145a"
		"571b242012fb7ae07fa9baac3df102e0 08b0e27988598881d920a9e64f5615cd" },
	{ "SP 800-38A F.2.5", AES, HISI_SEC_C_MODE_CBC, 2, W128, 0, true, KEY_256, IV_38A,
		SP800_38A,
		"f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d"
		"39f23369a9d9bacfa530e26304231461 b2eb05e2c39be9fcda6c19078c6a9d1b" },
	{ "SP 800-38A F.3.13", AES, HISI_SEC_C_MODE_CFB, 0, W128, 0, false, KEY_128, IV_38A,
		SP800_38A,
		"3b3fd92eb72dad20333449f8e83cfb4a c8a64537a0b3a93fcde3cdad9f1ce58b"
		"26751f67a3cbb140b1808cf187a4f4df c04b05357c5d1c0eeac4c66f9ff7f2e6" },
	{ "SP 800-38A F.4.1", AES, HISI_SEC_C_MODE_OFB, 0, W128, 0, false, KEY_128, IV_38A,
		SP800_38A,
		"3b3fd92eb72dad20333449f8e83cfb4a 7789508d16918f03f53c52dac54ed825"
		"9740051e9c5fecf64344f7a82260edcc 304c6528f659c77866a510d9c1d6ae5e" },
	{ "SP 800-38A F.4.5", AES, HISI_SEC_C_MODE_OFB, 2, W128, 0, false, KEY_256, IV_38A,
		SP800_38A,
		"dc7e84bfda79164b7ecd8486985d3860 4febdc6740d20b3ac88f6ad82a4fb08d"
		"71ab47a086e86eedf39d1c5bba97c408 0126141d67f37be8538f5a8be740e484" },
	{ "SP 800-38A F.5.1", AES, HISI_SEC_C_MODE_CTR, 0, W128, 0, true, KEY_128, CTR_38A,
		SP800_38A,
		"874d6191b620e3261bef6864990db6ce 9806f66b7970fdff8617187bb9fffdff"
		"5ae4df3edbd5d35e5b4f09020db03eab 1e031dda2fbe03d1792170a0f3009cee" },
	{ "SP 800-38A F.5.3", AES, HISI_SEC_C_MODE_CTR, 1, HISI_SEC_CTR_WRAP_32, 0, true, KEY_192,
		CTR_38A, SP800_38A,
		"1abc932417521ca24f2b0459fe7e6e0b 090339ec0aa6faefd5ccc2c6f4ce8e94"
		"1e36b26bd1ebc670d1bd1d665620abf7 4f78a7f6d29809585a97daec58c6b050" },
	{ "IEEE 1619 vector 1, equal keys", AES, HISI_SEC_C_MODE_XTS, 0, W128, 0, true,
		"0000000000000000000000000000000000000000000000000000000000000000",
		"00000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"917cf69ebd68b2ec9b9fe9a3eadda692 cd43d2f59598ed858c02c2652fbf922e" },
	{ "IEEE 1619 vector 15, stealing", AES, HISI_SEC_C_MODE_XTS, 0, W128, 0, true,
		"fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0 bfbebdbcbbbab9b8b7b6b5b4b3b2b1b0",
		"9a785634120000000000000000000000", "000102030405060708090a0b0c0d0e0f10",
		"6c1625db4671522d3d7599601de7ca09ed" },
	{ "RFC 3962 B, CS3", AES, HISI_SEC_C_MODE_CBC_CS, 0, W128, 3, false,
		"636869636b656e207465726979616b69", "00000000000000000000000000000000",
		"4920776f756c64206c696b652074686520",
		"c6353568f2bf8cb4d8a580362da7ff7f97" },
	{ "GB/T 32907 A.1", SM4, HISI_SEC_C_MODE_ECB, 0, W128, 0, true, SM4_KEY, "", SM4_KEY,
		"681edf34d206965e86b3e94f536e4246" },
	{ "draft-ribose-cfrg-sm4 A.2.2.1", SM4, HISI_SEC_C_MODE_CBC, 0, W128, 0, true, SM4_KEY,
		IV_38A, SM4_PLAIN,
		"78ebb11cc40b0a48312aaeb2040244cb 4cb7016951909226979b0d15dc6a8f6d" },
	{ "draft-ribose-cfrg-sm4 A.2.3.1", SM4, HISI_SEC_C_MODE_OFB, 0, W128, 0, false, SM4_KEY,
		IV_38A, SM4_PLAIN,
		"ac3236cb861dd316e6413b4e3c7524b7 1d01aca2487ca582cbf5463e6698539b" },
	{ "draft-ribose-cfrg-sm4 A.2.4.1", SM4, HISI_SEC_C_MODE_CFB, 0, W128, 0, false, SM4_KEY,
		IV_38A, SM4_PLAIN,
		"ac3236cb861dd316e6413b4e3c7524b7 69d4c54ed433b9a0346009beb37b2b3f" },
	{ "draft-ribose-cfrg-sm4 A.2.5.1", SM4, HISI_SEC_C_MODE_CTR, 0, W128, 0, true, SM4_KEY,
		IV_38A, "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb ccccccccccccccccdddddddddddddddd"
		"eeeeeeeeeeeeeeeeffffffffffffffff aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb",
		"ac3236cb970cc20791364c395a1342d1 a3cbc1878c6f30cd074cce385cdd70c7"
		"f234bc0e24c11980fd1286310ce37b92 6e02fcd0faa0baf38b2933851d824514" },
	{ "SP 800-67 / SP 800-20", TDES, HISI_SEC_C_MODE_ECB, 1, W128, 0, true,
		"0123456789abcdef23456789abcdef01456789abcdef0123", "",
		"5468652071756663", "a826fd8ce53b855f" },
};
#define NB_VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static const uint32_t cuts[] = { 1, 7, 16, 33 };

/** A vector as an operation, to encrypt or to decrypt. */
static void
make_op(const struct vector *v, bool is_encrypt, struct sec_op *op, uint8_t bytes[4][256])
{
	uint32_t len;

	memset(op, 0, sizeof(*op));
	op->key_len = sec_hex(v->key, bytes[0], 256);
	op->iv_len = sec_hex(v->iv, bytes[1], 256);
	len = sec_hex(is_encrypt ? v->plain : v->cipher, bytes[2], 256);
	assert_int_equal(sec_hex(is_encrypt ? v->cipher : v->plain, bytes[3], 256), len);
	op->cipher = is_encrypt ? HISI_SEC_CIPHER_ENCRYPT : HISI_SEC_CIPHER_DECRYPT;
	op->c_alg = v->c_alg;
	op->c_mode = v->c_mode;
	op->c_key_len = v->c_key_len;
	op->ctr_mode = v->ctr_mode;
	op->c_width = v->width;
	op->key = bytes[0];
	op->iv = bytes[1];
	op->src = bytes[2];
	op->src_len = len;
	op->c_len = len;
}

static void
check_good(const struct vector *v, struct sec_rig *s, struct sec_op *op, const uint8_t *expected)
{
	sec_op_run(s, op);
	if (op->w28 != 0x0101 || memcmp(op->dst, expected, op->src_len) != 0)
		fail_msg("%s: type %u, layout %d, cut %u, cipher %u: w28 0x%08x", v->source,
			op->type, op->layout, op->cut, op->cipher, op->w28);
}

static void
run_vector(struct sec_rig *s, const struct vector *v, uint32_t type)
{
	uint8_t bytes[4][256];
	struct sec_op op;
	uint32_t i, layout, direction;

	for (direction = 0; direction < 2; direction++) {
		make_op(v, direction == 0, &op, bytes);
		op.type = type;
		for (layout = 0; layout < SEC_LAYOUTS; layout++) {
			op.layout = layout;
			for (i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
				op.cut = cuts[i];
				check_good(v, s, &op, bytes[3]);
			}
		}
	}
}

static void
test_vectors_v3(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	size_t i;

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	for (i = 0; i < NB_VECTORS; i++) {
		run_vector(s, &vectors[i], 3);
		/* The older type has no field for the counter's wrap. */
		run_vector(s, &vectors[i], 2);
	}
	sec_rig_stop(s);
	free(s);
}

/* V2 does what it has, and refuses the rest and the newer type. */
static void
test_vectors_v2(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	uint8_t bytes[4][256];
	struct sec_op op;
	size_t i;

	(void)state;
	sec_rig_start(s, "v2", MODEL_DMA_FAULT_OP);
	for (i = 0; i < NB_VECTORS; i++) {
		make_op(&vectors[i], true, &op, bytes);
		op.type = 3;
		sec_op_run(s, &op);
		assert_int_equal(sec_op_status(&op), HISI_SEC_STATUS_MODEL_BAD_TYPE);
		if (vectors[i].is_v2) {
			run_vector(s, &vectors[i], 2);
			continue;
		}
		op.type = 2;
		sec_op_run(s, &op);
		assert_int_equal(sec_op_status(&op), HISI_SEC_STATUS_MODEL_UNSUPPORTED);
		assert_memory_equal(op.dst, op.src, op.src_len);
	}
	sec_rig_stop(s);
	free(s);
}

/* A counter at its end: the last 32 bits alone, or all 128 (sec.md 4.1). */
static void
test_counter_wrap(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	uint8_t key[16] = { 1 }, iv[16], zero[64] = { 0 }, next[16];
	struct sec_op op = { .type = 3, .cipher = HISI_SEC_CIPHER_ENCRYPT, .c_alg = AES,
		.c_mode = HISI_SEC_C_MODE_CTR, .key = key, .key_len = 16, .iv = iv, .iv_len = 16,
		.src = zero, .src_len = 37, .c_len = 37 };
	uint8_t second[2][16];
	uint32_t i;

	(void)state;
	memset(iv, 0xff, sizeof(iv));
	iv[0] = 0x11;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	for (i = 0; i < 2; i++) {
		op.ctr_mode = i == 0 ? HISI_SEC_CTR_WRAP_32 : HISI_SEC_CTR_WRAP_128;
		sec_op_run(s, &op);
		assert_int_equal(op.w28, 0x0101);
		memcpy(second[i], op.dst + 16, 16);
	}
	assert_memory_not_equal(second[0], second[1], 16);
	/* The second block is that of a counter that has wrapped. */
	for (i = 0; i < 2; i++) {
		memcpy(next, iv, 12);
		memset(next + (i == 0 ? 12 : 1), 0, i == 0 ? 4 : 15);
		next[0] = i == 0 ? 0x11 : 0x12;
		op.iv = next;
		sec_op_run(s, &op);
		assert_memory_equal(op.dst, second[i], 16);
	}
	sec_rig_stop(s);
	free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors_v3),
		cmocka_unit_test(test_vectors_v2),
		cmocka_unit_test(test_counter_wrap),
	};

	return cmocka_run_group_tests_name("hisi_model_sec_cipher", tests, NULL, NULL);
}
