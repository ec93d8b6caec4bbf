/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Worked encodings of sec.md 2.11: a descriptor is made of named fields and compared with the
 * words of the reference, which are copied here as numbers.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hisi_hw_names.h>
#include <hisi_sec_sqe.h>

#define MAX_FIELDS 20
#define MAX_WORDS 6

/* By the tables that a trace is made with: one encoding tests those and the masks. */
struct setting {
	const char *name;
	uint64_t value;
};

struct word {
	unsigned int dword;
	uint32_t value;
};

struct encoding {
	const char *what;
	int type;
	struct setting fields[MAX_FIELDS];
	struct word words[MAX_WORDS];
};

#define ENCRYPT { "cipher", HISI_SEC_CIPHER_ENCRYPT }
#define DECRYPT { "cipher", HISI_SEC_CIPHER_DECRYPT }
#define COMPUTE { "auth", HISI_SEC_AUTH_COMPUTE }
#define VERIFY { "auth", HISI_SEC_AUTH_VERIFY }
#define ALG(alg, mode) { "c_alg", HISI_SEC_C_ALG_##alg }, { "c_mode", HISI_SEC_C_MODE_##mode }
#define IPSEC { "scene", HISI_SEC_SCENE_IPSEC }
#define STREAM { "scene", HISI_SEC_SCENE_STREAM }
#define SRC_SGL { "src_addr_type", HISI_SEC_BUFFER_SGL }
#define DST_SGL { "dst_addr_type", HISI_SEC_BUFFER_SGL }
#define DE { "de", 1 }
#define WRAP_128 { "ctr_mode", HISI_SEC_CTR_WRAP_128 }
#define GCM_LENGTHS { "c_icv_len", 16 }, { "a_len", 20 }, { "c_len", 60 }, \
	{ "cipher_src_offset", 20 }
#define HMAC_SHA256(key_words) { "a_alg", HISI_SEC_A_ALG_HMAC_SHA256 }, { "mac_len", 8 }, \
	{ "a_key_len", key_words }

static const struct encoding encodings[] = {
	{ "cbc(aes-128) encrypt, SGL, out of place", 3,
		{ ENCRYPT, ALG(AES, CBC), DE, SRC_SGL, DST_SGL, WRAP_128, { "c_len", 0x123456 } },
		{ { 0, 0x00004a03 }, { 1, 0x00210001 }, { 14, 0x04000000 }, { 18, 0x123456 } } },
	{ "cbc(aes-128) encrypt, SGL, out of place", 2,
		{ ENCRYPT, ALG(AES, CBC), DE, SRC_SGL, DST_SGL, { "c_len", 0x123456 } },
		{ { 0, 0x00048212 }, { 2, 0 }, { 3, 0x00021000 }, { 5, 0x123456 } } },
	{ "gcm(aes-256) encrypt, flat, in place", 3,
		{ ENCRYPT, ALG(AES, GCM), { "c_key_len", HISI_SEC_C_KEY_LEN_256 }, GCM_LENGTHS,
			WRAP_128 },
		{ { 0, 0x00000003 }, { 1, 0x00264101 }, { 14, 0x04000000 }, { 16, 0x00140000 },
			{ 17, 20 }, { 18, 60 } } },
	{ "gcm(aes-256) encrypt, flat, in place", 2,
		{ ENCRYPT, ALG(AES, GCM), { "c_key_len", HISI_SEC_C_KEY_LEN_256 }, GCM_LENGTHS },
		{ { 0, 0x00000012 }, { 2, 0 }, { 3, 0x00026410 }, { 4, 20 }, { 5, 60 },
			{ 6, 0x00140000 } } },
	{ "gcm(aes-256) decrypt, flat, in place", 3,
		{ DECRYPT, ALG(AES, GCM), { "c_key_len", HISI_SEC_C_KEY_LEN_256 }, GCM_LENGTHS,
			WRAP_128, { "seq", 1 } },
		{ { 1, 0x40264102 } } },
	{ "gcm(aes-256) decrypt, flat, in place", 2,
		{ DECRYPT, ALG(AES, GCM), { "c_key_len", HISI_SEC_C_KEY_LEN_256 }, GCM_LENGTHS,
			{ "seq", 1 } },
		{ { 0, 0x00000122 } } },
	{ "authenc(hmac(sha256),cbc(aes-128)) encrypt, SGL, in place", 3,
		{ ENCRYPT, COMPUTE, ALG(AES, CBC), SRC_SGL, DST_SGL, HMAC_SHA256(8), WRAP_128 },
		{ { 0, 0x00004803 }, { 1, 0x00210001 }, { 14, 0x04089081 } } },
	{ "authenc(hmac(sha256),cbc(aes-128)) encrypt, SGL, in place", 2,
		{ ENCRYPT, COMPUTE, ALG(AES, CBC), SRC_SGL, DST_SGL, HMAC_SHA256(8) },
		{ { 0, 0x00048052 }, { 2, 0x00008908 }, { 3, 0x00021000 } } },
	{ "authenc(hmac(sha256),cbc(aes-128)) decrypt, SGL, in place", 3,
		{ DECRYPT, VERIFY, ALG(AES, CBC), SRC_SGL, DST_SGL, HMAC_SHA256(8), WRAP_128,
			{ "seq", 1 } },
		{ { 1, 0x40210002 }, { 14, 0x04089082 } } },
	{ "authenc(hmac(sha256),cbc(aes-128)) decrypt, SGL, in place", 2,
		{ DECRYPT, VERIFY, ALG(AES, CBC), SRC_SGL, DST_SGL, HMAC_SHA256(8), { "seq", 1 } },
		{ { 0, 0x000481a2 } } },
	{ "sha256, flat", 3,
		{ COMPUTE, STREAM, { "a_alg", HISI_SEC_A_ALG_SHA256 }, { "mac_len", 8 } },
		{ { 0, 0x000000e3 }, { 1, 0 }, { 14, 0x00008081 } } },
	{ "sha256, flat", 2,
		{ COMPUTE, IPSEC, { "a_alg", HISI_SEC_A_ALG_SHA256 }, { "mac_len", 8 } },
		{ { 0, 0x00000842 }, { 2, 0x00000808 }, { 3, 0 } } },
	{ "hmac(sha256), 32-byte key", 3, { COMPUTE, STREAM, HMAC_SHA256(8) },
		{ { 14, 0x00089081 } } },
	{ "ctr(aes-192) encrypt, flat", 3,
		{ ENCRYPT, ALG(AES, CTR), { "c_key_len", HISI_SEC_C_KEY_LEN_192 }, DE, IPSEC,
			WRAP_128 },
		{ { 0, 0x00000223 }, { 1, 0x00242001 }, { 14, 0x04000000 } } },
	{ "xts(sm4) of GB/T 17964 decrypt, flat", 3,
		{ DECRYPT, ALG(SM4, XTS), DE, IPSEC, { "ctr_mode", HISI_SEC_SM4_XTS_GB } },
		{ { 0, 0x00000223 }, { 1, 0x00370002 }, { 14, 0x02000000 } } },
	{ "cbc(3des) encrypt, three keys", 3,
		{ ENCRYPT, ALG(3DES, CBC), { "c_key_len", HISI_SEC_C_KEY_LEN_3DES_3KEY } },
		{ { 1, 0x00112001 } } },
	{ "GCM stream, first, AES-128", 3,
		{ COMPUTE, STREAM, DE, { "c_mode", HISI_SEC_C_MODE_GCM }, { "c_icv_len", 16 },
			{ "a_alg", HISI_SEC_A_ALG_GMAC }, { "mac_len", 4 }, { "a_key_len", 4 },
			{ "auth_pad", HISI_SEC_NO_PAD }, { "mac_sel", 1 } },
		{ { 0, 0x000002e3 }, { 1, 0x00060100 }, { 14, 0x00110841 }, { 27, 0x21 } } },
	{ "GCM stream, middle, AES-128", 3,
		{ ENCRYPT, STREAM, DE, ALG(AES, GCM), { "c_icv_len", 16 }, { "a_key_len", 4 },
			{ "ai_gen", HISI_SEC_AI_GEN_ADDR }, { "auth_pad", HISI_SEC_NO_PAD },
			{ "mac_sel", 1 } },
		{ { 0, 0x000002e3 }, { 1, 0x00260101 }, { 14, 0x00000804 }, { 27, 0x21 } } },
	{ "long hash, first", 2, { { "a_pad", HISI_SEC_NO_PAD } }, { { 1, 0x400 } } },
	{ "long hash, middle", 2,
		{ { "a_pad", HISI_SEC_NO_PAD }, { "ai_gen", HISI_SEC_AI_GEN_ADDR } },
		{ { 1, 0x500 } } },
	{ "long hash, last", 2,
		{ { "a_pad", HISI_SEC_PAD }, { "ai_gen", HISI_SEC_AI_GEN_ADDR } },
		{ { 1, 0x100 } } },
};
#define NB_ENCODINGS (sizeof(encodings) / sizeof(encodings[0]))

static const struct hisi_hw_field *
find_field(const struct hisi_hw_field *fields, const char *name)
{
	for (; fields->name != NULL; fields++)
		if (strcmp(fields->name, name) == 0)
			return fields;
	fail_msg("no field %s", name);
	return NULL;
}

static void
set_field(uint8_t *sqe, const struct hisi_hw_field *fields, const struct setting *setting)
{
	const struct hisi_hw_field *field = find_field(fields, setting->name);
	uint64_t word = 0;

	memcpy(&word, sqe + field->offset, field->word_len);
	word |= HISI_FIELD_PREP(field->mask, setting->value);
	memcpy(sqe + field->offset, &word, field->word_len);
}

static void
check_encoding(const struct encoding *encoding)
{
	const struct hisi_hw_field *fields = encoding->type == 3 ? hisi_sec_bd3_fields :
		hisi_sec_bd2_fields;
	struct setting type = { "type", encoding->type };
	uint32_t sqe[HISI_SEC_SQE_LEN / 4] = { 0 };
	unsigned int i;

	/* Those of a long hash are given as word 1 only. */
	set_field((uint8_t *)sqe, fields, &type);
	for (i = 0; i < MAX_FIELDS && encoding->fields[i].name != NULL; i++)
		set_field((uint8_t *)sqe, fields, &encoding->fields[i]);
	for (i = 0; i < MAX_WORDS && (i == 0 || encoding->words[i].dword != 0); i++)
		if (sqe[encoding->words[i].dword] != encoding->words[i].value)
			fail_msg("%s, type %d: w%u is 0x%08x, not 0x%08x", encoding->what,
				encoding->type, encoding->words[i].dword,
				sqe[encoding->words[i].dword], encoding->words[i].value);
}

static void
test_encodings(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NB_ENCODINGS; i++)
		check_encoding(&encodings[i]);
}

/* sec.md 2.10: the low half of w28 */
static void
test_results(void **state)
{
	const uint32_t aead = HISI_SEC_W28_DONE |
		HISI_FIELD_PREP(HISI_SEC_W28_FLAG, (uint32_t)HISI_SEC_FLAG_AEAD);

	(void)state;
	assert_int_equal(HISI_SEC_W28_DONE |
		HISI_FIELD_PREP(HISI_SEC_W28_FLAG, (uint32_t)HISI_SEC_FLAG_CIPHER), 0x0101);
	assert_int_equal(aead, 0x0181);
	assert_int_equal(aead |
		HISI_FIELD_PREP(HISI_SEC_W28_ICV, (uint32_t)HISI_SEC_ICV_PASSED), 0x0183);
	assert_int_equal(aead |
		HISI_FIELD_PREP(HISI_SEC_W28_ICV, (uint32_t)HISI_SEC_ICV_MISMATCH), 0x0185);
	assert_int_equal(HISI_SEC_W28_DONE |
		HISI_FIELD_PREP(HISI_SEC_W28_FLAG, (uint32_t)HISI_SEC_FLAG_AUTH), 0x0081);
	assert_int_equal(HISI_FIELD_PREP(HISI_SEC_W28_ERROR_TYPE, 0xe3u), 0x00e30000);
}

/* sec.md 2.2 and 2.3: byte offsets of addresses, and the enumerations of their dwords. */
static void
test_addresses(void **state)
{
	(void)state;
	assert_int_equal(offsetof(struct hisi_sec_bd2, a_ivin_addr_lo), 14 * 4);
	assert_int_equal(offsetof(struct hisi_sec_bd2, a_key_addr_lo),
		HISI_SEC_BD2_DW_A_KEY_ADDR * 4);
	assert_int_equal(offsetof(struct hisi_sec_bd2, mac_addr_lo), HISI_SEC_BD2_DW_MAC_ADDR * 4);
	assert_int_equal(offsetof(struct hisi_sec_bd2, c_ivin_addr_lo),
		HISI_SEC_BD2_DW_C_IVIN_ADDR * 4);
	assert_int_equal(offsetof(struct hisi_sec_bd2, data_dst_addr_lo),
		HISI_SEC_BD2_DW_DATA_DST_ADDR * 4);
	assert_int_equal(offsetof(struct hisi_sec_bd3, tag_lo), HISI_SEC_BD3_DW_TAG * 4);
	assert_int_equal(offsetof(struct hisi_sec_bd3, data_src_addr_lo), 16);
	assert_int_equal(offsetof(struct hisi_sec_bd3, data_dst_addr_lo), 76);
	assert_int_equal(offsetof(struct hisi_sec_bd3, mac_addr_lo), 84);
	assert_int_equal(offsetof(struct hisi_sec_bd3, c_ivin_addr_lo), 92);
	assert_int_equal(offsetof(struct hisi_sec_bd3, long_a_data_len_lo), 100);
	assert_int_equal(offsetof(struct hisi_sec_bd3, w28), HISI_SEC_DW_RESULT * 4);
}

/* What a person reads, of both types; salts are secret. */
static void
test_text(void **state)
{
	struct hisi_sec_bd3 bd3 = { .w0 = 0x000002e3, .w1 = 0x00264101, .w15 = 0x5a17c0de,
		.data_src_addr_hi = 1, .w28 = 0x0185 };
	struct hisi_sec_bd2 bd2 = { .w0 = 0x00000842, .w2 = 0x00000808, .w9 = 0x5a17c0de };
	char text[2048];

	(void)state;
	assert_true(hisi_hw_format(text, sizeof(text), hisi_sec_sqe_fields(&bd3), &bd3) > 0);
	assert_non_null(strstr(text, "type=0x3(bd3) scene=0x7(stream) de=0x1"));
	assert_non_null(strstr(text, "cipher=0x1(encrypt) c_icv_len=0x10"));
	assert_non_null(strstr(text, "c_mode=0x6(gcm) c_alg=0x2(aes)"));
	assert_non_null(strstr(text, "data_src_addr=0x100000000"));
	assert_non_null(strstr(text, "icv=0x2(mismatch) flag=0x3(aead) error_type=0x0(ok)"));
	assert_non_null(strstr(text, " salt=(secret) "));
	assert_null(strstr(text, "5a17"));
	assert_true(hisi_hw_format(text, sizeof(text), hisi_sec_sqe_fields(&bd2), &bd2) > 0);
	assert_non_null(strstr(text, "type=0x2(bd2) cipher=0x0(none) auth=0x1(compute)"));
	assert_non_null(strstr(text, "mac_len=0x8 a_alg=0x1(sha256)"));
	assert_null(strstr(text, "5a17"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests_name("hisi_sec_sqe", tests, NULL, NULL);
}
