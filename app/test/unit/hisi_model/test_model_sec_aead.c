/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * GCM, CCM, GCM in parts, and cipher with HMAC, against published vectors and OpenSSL, with right
 * and wrong tags (sec.md 2.9.2 to 2.9.5, 2.10).
 */

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "sec_rig.h"

struct vector {
	const char *source;
	uint32_t c_alg, c_mode, c_key_len;
	bool is_v2;
	const char *key, *nonce, *aad, *plain, *cipher, *tag;
};

#define AES HISI_SEC_C_ALG_AES
#define SM4 HISI_SEC_C_ALG_SM4
#define GCM HISI_SEC_C_MODE_GCM
#define CCM HISI_SEC_C_MODE_CCM
#define GCM_KEY "feffe9928665731c6d6a8f9467308308"
#define GCM_IV "cafebabefacedbaddecaf888"
#define GCM_AAD "feedfacedeadbeeffeedfacedeadbeefabaddad2"
#define GCM_PLAIN_60 "d9313225f88406e5a55909c5aff5269a 86a7a9531534f7da2e4c303d8a318a72" \
	"1c3c0c95956809532fcf0e2449a6b525 b16aedf5aa0de657ba637b39"
#define GCM_CIPHER_60 "42831ec2217774244b7221b784d0d49c e3aa212f2c02a4e035c17e2329aca12e" \
	"21d514b25466931c7d8f6a5aac84aa05 1ba30b396a0aac973d58e091"
#define SM4_KEY "0123456789abcdeffedcba9876543210"
#define SM4_IV "00001234567800000000abcd"
#define SM4_PLAIN "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb ccccccccccccccccdddddddddddddddd" \
	"eeeeeeeeeeeeeeeeffffffffffffffff eeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
#define CCM_KEY "404142434445464748494a4b4c4d4e4f"

static const struct vector vectors[] = {
	{ "GCM test case 1", AES, GCM, 0, false, "00000000000000000000000000000000",
		"000000000000000000000000", "", "", "", "58e2fccefa7e3061367f1d57a4e7455a" },
	{ "GCM test case 2", AES, GCM, 0, true, "00000000000000000000000000000000",
		"000000000000000000000000", "", "00000000000000000000000000000000",
		"0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf" },
	{ "GCM test case 4", AES, GCM, 0, true, GCM_KEY, GCM_IV, GCM_AAD, GCM_PLAIN_60,
		GCM_CIPHER_60, "5bc94fbc3221a5db94fae95ae7121a47" },
	{ "GCM test case 4, tag of 8", AES, GCM, 0, true, GCM_KEY, GCM_IV, GCM_AAD, GCM_PLAIN_60,
		GCM_CIPHER_60, "5bc94fbc3221a5db" },
	{ "GCM test case 16", AES, GCM, 2, true, GCM_KEY GCM_KEY, GCM_IV, GCM_AAD, GCM_PLAIN_60,
		"522dc1f099567d07f47f37a32a84427d 643a8cdcbfe5c0c97598a2bd2555d1aa"
		"8cb08e48590dbb3da7b08b1056828838 c5f61e6393ba7a0abcc9f662",
		"76fc6ece0f4e1768cddf8853bb2d551b" },
	{ "RFC 8998 A.1", SM4, GCM, 0, false, SM4_KEY, SM4_IV, GCM_AAD, SM4_PLAIN,
		"17f399f08c67d5ee19d0dc9969c4bb7d 5fd46fd3756489069157b282bb200735"
		"d82710ca5c22f0ccfa7cbf93d496ac15 a56834cbcf98c397b4024a2691233b8d",
		"83de3541e4c2b58177e065a9bf7b62ec" },
	{ "SP 800-38C example 1", AES, CCM, 0, true, CCM_KEY, "10111213141516", "0001020304050607",
		"20212223", "7162015b", "4dac255d" },
	{ "SP 800-38C example 2", AES, CCM, 0, true, CCM_KEY, "1011121314151617",
		"000102030405060708090a0b0c0d0e0f", "202122232425262728292a2b2c2d2e2f",
		"d2a1f0e051ea5f62081a7792073d593d", "1fc64fbfaccd" },
	{ "SP 800-38C example 3", AES, CCM, 0, true, CCM_KEY, "101112131415161718191a1b",
		"000102030405060708090a0b0c0d0e0f10111213",
		"202122232425262728292a2b2c2d2e2f3031323334353637",
		"e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5", "484392fbc1b09951" },
	{ "RFC 8998 A.2", SM4, CCM, 0, false, SM4_KEY, SM4_IV, GCM_AAD, SM4_PLAIN,
		"48af93501fa62adbcd414cce6034d895 dda1bf8f132f042098661572e7483094"
		"fd12e518ce062c98acee28d95df4416b ed31a2f04476c18bb40c84a74b97dc5b",
		"16842d4fa186f56ab33256971fa110f4" },
};
#define NB_VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static const uint32_t cuts[] = { 1, 13, 16 };

/** Bytes that an operation points to. */
struct bytes {
	uint8_t key[32], iv[16], b0[16], src[256], expected[256], tag[16];
};

/** B0 and A1 of CCM, as software makes them (sec.md 2.9.4). */
static void
ccm_blocks(struct bytes *b, const uint8_t *nonce, uint32_t nonce_len, const struct sec_op *op)
{
	uint32_t l = 15 - nonce_len, i;

	memset(b->iv, 0, 16);
	b->iv[0] = l - 1;
	memcpy(b->iv + 1, nonce, nonce_len);
	memcpy(b->b0, b->iv, 16);
	b->b0[0] |= (op->a_len != 0 ? 0x40 : 0) | (op->c_icv_len - 2) / 2 << 3;
	for (i = 0; i < 4 && i < l; i++)
		b->b0[15 - i] = (uint8_t)(op->c_len >> 8 * i);
	b->iv[15] = 1;
}

static void
make_op(const struct vector *v, bool is_encrypt, struct sec_op *op, struct bytes *b)
{
	uint8_t nonce[16];
	uint32_t nonce_len = sec_hex(v->nonce, nonce, sizeof(nonce)), aad;

	memset(op, 0, sizeof(*op));
	memset(b, 0xee, sizeof(*b)); /* what lies behind an IV of 12 bytes is not looked at */
	op->key_len = sec_hex(v->key, b->key, sizeof(b->key));
	aad = sec_hex(v->aad, b->src, sizeof(b->src));
	memcpy(b->expected, b->src, aad);
	op->c_len = sec_hex(is_encrypt ? v->plain : v->cipher, b->src + aad, 128);
	sec_hex(is_encrypt ? v->cipher : v->plain, b->expected + aad, 128);
	op->c_icv_len = sec_hex(v->tag, b->tag, sizeof(b->tag));
	op->a_len = aad;
	op->cipher_offset = aad;
	op->cipher = is_encrypt ? HISI_SEC_CIPHER_ENCRYPT : HISI_SEC_CIPHER_DECRYPT;
	op->seq = !is_encrypt;
	op->c_alg = v->c_alg;
	op->c_mode = v->c_mode;
	op->c_key_len = v->c_key_len;
	op->ctr_mode = HISI_SEC_CTR_WRAP_128;
	op->key = b->key;
	op->iv = b->iv;
	op->iv_len = 16;
	op->a_iv = b->b0;
	op->a_iv_len = 16;
	op->src = b->src;
	op->src_len = aad + op->c_len;
	memcpy(b->iv, nonce, nonce_len);
	if (v->c_mode == CCM)
		ccm_blocks(b, nonce, nonce_len, op);
	op->mac_len = is_encrypt ? 0 : op->c_icv_len;
	memcpy(op->mac, b->tag, sizeof(b->tag));
}

static void
check_encrypted(const struct vector *v, const struct sec_op *op, const struct bytes *b)
{
	static const uint8_t canary[64] = { [0 ... 63] = 0xc5 };

	if (op->w28 != 0x0181 || memcmp(op->dst, b->expected, op->src_len) != 0 ||
	    memcmp(op->mac, b->tag, op->c_icv_len) != 0)
		fail_msg("%s: encrypt, type %u, layout %d, cut %u: w28 0x%08x", v->source, op->type,
			op->layout, op->cut, op->w28);
	/* Exactly the tag is written. */
	assert_memory_equal(op->mac + op->c_icv_len, canary, 64 - op->c_icv_len);
}

static void
check_decrypted(const struct vector *v, const struct sec_op *op, const struct bytes *b)
{
	if (op->w28 != 0x0183 || memcmp(op->dst, b->expected, op->src_len) != 0)
		fail_msg("%s: decrypt, type %u, layout %d, cut %u: w28 0x%08x", v->source, op->type,
			op->layout, op->cut, op->w28);
}

/** One bit of the tag is wrong: no error, no plaintext, icv 2 (sec.md 2.10). */
static void
check_forged(struct sec_rig *s, struct sec_op *op, const struct bytes *b)
{
	uint32_t bit = 8 * (op->c_icv_len - 1);

	memcpy(op->mac, b->tag, sizeof(b->tag));
	op->mac[bit / 8] ^= 0x80;
	sec_op_run(s, op);
	assert_int_equal(op->w28, 0x0185);
	if (op->layout == SEC_IN_PLACE)
		assert_memory_equal(op->dst, op->src, op->src_len);
}

static void
run_layouts(struct sec_rig *s, const struct vector *v, uint32_t type)
{
	struct bytes b;
	struct sec_op op;
	uint32_t layout, i;

	for (layout = 0; layout < SEC_LAYOUTS; layout++) {
		for (i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
			make_op(v, true, &op, &b);
			op.type = type;
			op.layout = layout;
			op.cut = cuts[i];
			sec_op_run(s, &op);
			check_encrypted(v, &op, &b);
			make_op(v, false, &op, &b);
			op.type = type;
			op.layout = layout;
			op.cut = cuts[i];
			sec_op_run(s, &op);
			check_decrypted(v, &op, &b);
			check_forged(s, &op, &b);
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
		run_layouts(s, &vectors[i], 3);
		if (vectors[i].c_alg == AES)
			run_layouts(s, &vectors[i], 2);
	}
	sec_rig_stop(s);
	free(s);
}

static void
test_vectors_v2(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	struct bytes b;
	struct sec_op op;
	size_t i;

	(void)state;
	sec_rig_start(s, "v2", MODEL_DMA_FAULT_OP);
	for (i = 0; i < NB_VECTORS; i++) {
		if (vectors[i].is_v2) {
			run_layouts(s, &vectors[i], 2);
			continue;
		}
		make_op(&vectors[i], true, &op, &b);
		op.type = 2;
		sec_op_run(s, &op);
		assert_true(sec_op_status(&op) == HISI_SEC_STATUS_MODEL_UNSUPPORTED ||
			sec_op_status(&op) == HISI_SEC_STATUS_MODEL_BAD_LENGTH);
	}
	sec_rig_stop(s);
	free(s);
}

/* The engine takes B0 as it is: with another length in it the tag is another (sec.md 2.9.4). */
static void
test_ccm_b0_is_verbatim(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	struct bytes b;
	struct sec_op op;

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	make_op(&vectors[8], true, &op, &b);
	op.type = 3;
	b.b0[15] ^= 1;
	sec_op_run(s, &op);
	assert_int_equal(op.w28, 0x0181);
	assert_memory_equal(op.dst, b.expected, op.src_len);
	assert_memory_not_equal(op.mac, b.tag, op.c_icv_len);
	sec_rig_stop(s);
	free(s);
}

/* Told to, the device leaves what lies in front of the output (sec.md 2.8). */
static void
test_aad_is_left(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	static const uint8_t canary[64] = { [0 ... 63] = 0xc5 };
	struct bytes b;
	struct sec_op op;

	(void)state;
	s->leaves_aad = true;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	for (op.layout = SEC_OUT_OF_PLACE; op.layout != SEC_LAYOUTS;) {
		enum sec_layout layout = op.layout;

		make_op(&vectors[2], true, &op, &b);
		op.type = 3;
		op.layout = layout;
		sec_op_run(s, &op);
		assert_int_equal(op.w28, 0x0181);
		assert_memory_equal(op.dst, canary, op.a_len);
		assert_memory_equal(op.dst + op.a_len, b.expected + op.a_len, op.c_len);
		op.layout = layout == SEC_OUT_OF_PLACE ? SEC_SGL_OUT_OF_PLACE : SEC_LAYOUTS;
	}
	sec_rig_stop(s);
	free(s);
}

/* GCM in parts on V5: additional data, whole blocks, and the rest (sec.md 2.9.5). */
static void
test_gcm_stream(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	const struct vector *v = &vectors[2];
	uint8_t counter[16], last[64] = { 0 };
	struct sec_op op, whole;
	struct bytes b;

	(void)state;
	sec_rig_start(s, "v5", MODEL_DMA_FAULT_OP);
	make_op(v, true, &whole, &b);
	op = (struct sec_op){ .type = 3, .layout = SEC_OUT_OF_PLACE,
		.scene = HISI_SEC_SCENE_STREAM, .auth = HISI_SEC_AUTH_COMPUTE,
		.a_alg = HISI_SEC_A_ALG_GMAC, .c_mode = GCM, .mac_words = 4, .a_key_words = 4,
		.pad = HISI_SEC_NO_PAD, .a_key = b.key, .a_key_len = 16, .src = b.src,
		.src_len = whole.a_len, .a_len = whole.a_len };
	sec_op_run(s, &op);
	assert_int_equal(op.w28, 0x0081);

	memcpy(counter, b.iv, 12);
	memcpy(counter + 12, "\0\0\0\1", 4);
	op.cipher = HISI_SEC_CIPHER_ENCRYPT;
	op.auth = HISI_SEC_AUTH_NONE;
	op.c_alg = AES;
	op.ai_gen = HISI_SEC_AI_GEN_ADDR;
	op.a_len = 0;
	op.src = b.src + whole.a_len;
	op.src_len = op.c_len = 48;
	op.key = b.key;
	op.key_len = 16;
	op.iv = counter;
	op.iv_len = 16;
	memcpy(last, op.mac, 16); /* the accumulator is state in and out */
	op.a_iv = last;
	op.a_iv_len = 16;
	sec_op_run(s, &op);
	assert_int_equal(op.w28, 0x0181);
	assert_memory_equal(op.dst, b.expected + whole.a_len, 48);

	memcpy(last, counter, 16);
	memset(last + 16, 0, 16);
	memcpy(last + 32, op.mac, 16);
	counter[15] += 3;
	op.pad = HISI_SEC_PAD;
	op.a_iv_len = 64;
	op.src = b.src + whole.a_len + 48;
	op.src_len = op.c_len = 12;
	op.c_icv_len = 16;
	op.long_len = whole.a_len | (uint64_t)whole.c_len << 24;
	sec_op_run(s, &op);
	assert_int_equal(op.w28, 0x0181);
	assert_memory_equal(op.dst, b.expected + whole.a_len + 48, 12);
	assert_memory_equal(op.mac, b.tag, 16);
	sec_rig_stop(s);
	free(s);
}

/* ---- cipher and HMAC in one ---- */

static const struct {
	uint32_t a_alg;
	const char *name;
	uint32_t words;
} hashes[] = {
	{ HISI_SEC_A_ALG_HMAC_SHA1, "SHA1", 5 },
	{ HISI_SEC_A_ALG_HMAC_SHA256, "SHA256", 8 },
	{ HISI_SEC_A_ALG_HMAC_SHA512, "SHA512", 16 },
	{ HISI_SEC_A_ALG_HMAC_SM3, "SM3", 4 },
};

struct chain {
	uint8_t key[16], a_key[32], iv[16], src[16 + 160], cipher[16 + 160], tag[64];
};

/** What OpenSSL makes of it: AES-CBC, and HMAC over additional data and ciphertext. */
static void
make_chain(struct chain *c, const char *hash)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned int len = sizeof(c->tag);
	int done;
	size_t i;

	for (i = 0; i < sizeof(*c); i++)
		((uint8_t *)c)[i] = (uint8_t)(i * 37 + 11);
	memcpy(c->cipher, c->src, 16);
	assert_int_equal(EVP_EncryptInit_ex(ctx, EVP_aes_128_cbc(), NULL, c->key, c->iv), 1);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	assert_int_equal(EVP_EncryptUpdate(ctx, c->cipher + 16, &done, c->src + 16, 160), 1);
	assert_non_null(HMAC(EVP_get_digestbyname(hash), c->a_key, sizeof(c->a_key), c->cipher,
		sizeof(c->cipher), c->tag, &len));
	EVP_CIPHER_CTX_free(ctx);
}

static void
run_chain(struct sec_rig *s, uint32_t type, enum sec_layout layout, uint32_t hash)
{
	struct chain c;
	struct sec_op op = { .type = type, .layout = layout, .cut = 21, .c_alg = AES,
		.c_mode = HISI_SEC_C_MODE_CBC, .cipher = HISI_SEC_CIPHER_ENCRYPT,
		.auth = HISI_SEC_AUTH_COMPUTE, .a_alg = hashes[hash].a_alg,
		.mac_words = hashes[hash].words, .a_key_words = 8, .key = c.key, .key_len = 16,
		.a_key = c.a_key, .a_key_len = 32, .iv = c.iv, .iv_len = 16, .src = c.src,
		.src_len = 176, .a_len = 176, .c_len = 160, .cipher_offset = 16,
		.ctr_mode = HISI_SEC_CTR_WRAP_128 };

	make_chain(&c, hashes[hash].name);
	sec_op_run(s, &op);
	assert_int_equal(op.w28, 0x0181);
	assert_memory_equal(op.dst, c.cipher, 176);
	assert_memory_equal(op.mac, c.tag, 4 * op.mac_words);

	op.cipher = HISI_SEC_CIPHER_DECRYPT;
	op.auth = HISI_SEC_AUTH_VERIFY;
	op.seq = 1;
	op.src = c.cipher;
	op.mac_len = 4 * op.mac_words;
	sec_op_run(s, &op);
	assert_int_equal(op.w28, 0x0183);
	assert_memory_equal(op.dst, c.src, 176);
	op.mac[0] ^= 1;
	sec_op_run(s, &op);
	assert_int_equal(op.w28, 0x0185);
}

static void
test_chains(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	uint32_t layout, hash;

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	for (hash = 0; hash < sizeof(hashes) / sizeof(hashes[0]); hash++)
		for (layout = 0; layout < SEC_LAYOUTS; layout++) {
			run_chain(s, 3, layout, hash);
			run_chain(s, 2, layout, hash);
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
		cmocka_unit_test(test_ccm_b0_is_verbatim),
		cmocka_unit_test(test_aad_is_left),
		cmocka_unit_test(test_gcm_stream),
		cmocka_unit_test(test_chains),
	};

	return cmocka_run_group_tests_name("hisi_model_sec_aead", tests, NULL, NULL);
}
