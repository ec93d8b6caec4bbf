/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Capability words against zip.md 1.5, 1.6, sec.md 1.3, 1.4 and qm.md 1.4, 2.2.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hisi_hw_names.h>
#include <hisi_qm_caps.h>

struct expected {
	uint32_t offset;
	uint32_t v2;
	uint32_t v3;
};

/* qm.md 2.2. Bits 8 to 11, 13 and 14 are what V3 assumes without registers. */
static const struct expected qm_words[HISI_QM_CAP_COUNT] = {
	{ 0x3100, 0, 0x6f00 },
	{ 0x3104, 0x04000800, 0x04000800 },
	{ 0x3108, 0x04000400, 0x04000400 },
	{ 0x310c, 0x10000, 0x10000 },
	{ 0x3110, 0x10001, 0x10001 },
	{ 0x3114, 0x10003, 0x10003 },
	{ 0x3118, 0, 0x10002 },
	{ 0x311c, 0x40002, 0x40003 },
	{ 0x3120, 0, 0x14 },
};

/* zip.md 1.5 */
static const struct expected zip_words[HISI_ZIP_CAP_COUNT] = {
	{ 0x3124, 0x1c57, 0x7c77 },
	{ 0x3128, 0x0c57, 0x6c77 },
	{ 0x312c, 0x8, 0x8 },
	{ 0x3130, 0x7fe, 0x1ffe },
	{ 0x3134, 0x7fe, 0x7fe },
	{ 0x3138, 0x1, 0x1 },
	{ 0x313c, 0x12080206, 0x12050203 },
	{ 0x3140, 0x00fc0003, 0x001c0003 },
	{ 0x3144, 0, 0x30 },
	{ 0x3148, 0xf, 0x3f },
	{ 0x314c, 0x5, 0xd5 },
	{ 0x3150, 0x5, 0xd5 },
	{ 0x3154, 0xa, 0x2a },
	{ 0x3158, 0xa, 0x2a },
	{ 0x315c, 0xa, 0x2a },
};

/* sec.md 1.3; DRV_ALG of V3 as Linux 6.1 has it */
static const struct expected sec_words[HISI_SEC_CAP_COUNT] = {
	{ 0x3124, 0x1c77, 0x7c77 },
	{ 0x3128, 0xc77, 0x6c77 },
	{ 0x312c, 0x8, 0x8 },
	{ 0x3130, 0x177, 0x60177 },
	{ 0x3134, 0x177, 0x177 },
	{ 0x3138, 0x88, 0xc088 },
	{ 0x313c, 0x110404, 0x110404 },
	{ 0x3140, 0x17f, 0xf },
	{ 0x3144, 0x18050cb, 0x187f0ff },
	{ 0x3148, 0x395c, 0x395c },
	{ 0x314c, 0xffffffff, 0xffffffff },
	{ 0x3150, 0x3fff, 0x3fff },
	{ 0x3154, 0xffffffff, 0xffffffff },
	{ 0x3158, 0x3fff, 0x3fff },
	{ 0x315c, 0xffffffff, 0xffffffff },
	{ 0x3160, 0x3fff, 0x3fff },
	{ 0x3164, 0xffffffff, 0xffffffff },
	{ 0x3168, 0x3fff, 0x3fff },
	{ 0x316c, 0xffffffff, 0xffffffff },
	{ 0x3170, 0x3fff, 0x3fff },
};

static void
check_words(const struct hisi_cap_word *words, const struct expected *expected, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		assert_non_null(words[i].name);
		assert_int_equal(words[i].offset, expected[i].offset);
		assert_int_equal(words[i].v2, expected[i].v2);
		assert_int_equal(words[i].v3, expected[i].v3);
	}
}

static void
test_qm_words(void **state)
{
	(void)state;
	check_words(hisi_qm_cap_table, qm_words, HISI_QM_CAP_COUNT);
}

static void
test_zip_words(void **state)
{
	(void)state;
	check_words(hisi_zip_cap_table, zip_words, HISI_ZIP_CAP_COUNT);
}

static void
test_sec_words(void **state)
{
	(void)state;
	check_words(hisi_sec_cap_table, sec_words, HISI_SEC_CAP_COUNT);
}

/* The words lie without a gap from 0x3100 on, first those of the QM. */
static void
test_words_are_contiguous(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < HISI_QM_CAP_COUNT; i++)
		assert_int_equal(hisi_qm_cap_table[i].offset, 0x3100 + 4 * i);
	for (i = 0; i < HISI_ZIP_CAP_COUNT; i++)
		assert_int_equal(hisi_zip_cap_table[i].offset, 0x3124 + 4 * i);
	for (i = 0; i < HISI_SEC_CAP_COUNT; i++)
		assert_int_equal(hisi_sec_cap_table[i].offset, 0x3124 + 4 * i);
}

/* A trace shows a capability register by the same words as the table does. */
static void
test_register_names_end_like_words(void **state)
{
	const char *name;
	size_t i;

	(void)state;
	for (i = 0; i < HISI_QM_CAP_COUNT; i++)
		assert_string_not_equal(hisi_hw_reg_name(NULL, hisi_qm_cap_table[i].offset),
			"unknown");
	for (i = 0; i < HISI_ZIP_CAP_COUNT; i++) {
		name = hisi_hw_reg_name(hisi_zip_regs, hisi_zip_cap_table[i].offset);
		assert_non_null(strstr(name, hisi_zip_cap_table[i].name));
	}
	for (i = 0; i < HISI_SEC_CAP_COUNT; i++) {
		name = hisi_hw_reg_name(hisi_sec_regs, hisi_sec_cap_table[i].offset);
		assert_non_null(strstr(name, hisi_sec_cap_table[i].name));
	}
}

/* zip.md 1.5: fields of CORE_INFO and CORE_EN, V2 and V3 */
static void
test_cores(void **state)
{
	uint32_t v2 = hisi_zip_cap_table[HISI_ZIP_CAP_CORE_INFO].v2;
	uint32_t v3 = hisi_zip_cap_table[HISI_ZIP_CAP_CORE_INFO].v3;
	uint32_t enable = hisi_zip_cap_table[HISI_ZIP_CAP_CORE_EN].v3;

	(void)state;
	assert_int_equal(HISI_FIELD_GET(HISI_ZIP_CORE_INFO_DECOMP, v2), 6);
	assert_int_equal(HISI_FIELD_GET(HISI_ZIP_CORE_INFO_COMP, v2), 2);
	assert_int_equal(HISI_FIELD_GET(HISI_ZIP_CORE_INFO_DECOMP, v3), 3);
	assert_int_equal(HISI_FIELD_GET(HISI_ZIP_CORE_INFO_COMP, v3), 2);
	assert_int_equal(HISI_FIELD_GET(HISI_ZIP_CORE_INFO_CORES, v3), 5);
	assert_int_equal(HISI_FIELD_GET(HISI_ZIP_CORE_INFO_TYPES, v3), 2);
	assert_int_equal(HISI_FIELD_GET(HISI_ZIP_CORE_INFO_CLUSTERS, v3), 1);
	assert_int_equal(HISI_FIELD_GET(HISI_ZIP_CORE_EN_COMP, enable), 0x03);
	assert_int_equal(HISI_FIELD_GET(HISI_ZIP_CORE_EN_DECOMP, enable), 0x1c);
}

/* zip.md 1.6: V2 has no raw deflate, V3 has it both ways and no lz77 without registers. */
static void
test_algorithms(void **state)
{
	const uint32_t deflate = HISI_ZIP_ALG_DEFLATE_COMP | HISI_ZIP_ALG_DEFLATE_DECOMP;
	const struct hisi_cap_word *word = &hisi_zip_cap_table[HISI_ZIP_CAP_DEV_ALG];

	(void)state;
	assert_int_equal(deflate, 0x30);
	assert_int_equal(word->v2 & deflate, 0);
	assert_int_equal(word->v3 & deflate, deflate);
	assert_int_equal(word->v3 & (HISI_ZIP_ALG_LZ77 | HISI_ZIP_ALG_LZ4_COMP), 0);
	assert_int_equal(HISI_ZIP_ALG_LZ77, 0xc0);
	assert_int_equal(HISI_ZIP_ALG_LZ4_COMP, 0x100);
}

/* sec.md 1.4: what V3 has and V2 has not, and each named bit in one class. */
static void
test_sec_algorithms(void **state)
{
	const uint64_t later = HISI_SEC_ALG_CTR_AES | HISI_SEC_ALG_CTR_SM4 | HISI_SEC_ALG_CCM_SM4 |
		HISI_SEC_ALG_GCM_SM4 | HISI_SEC_ALG_OFB_AES | HISI_SEC_ALG_CFB_AES |
		HISI_SEC_ALG_OFB_SM4 | HISI_SEC_ALG_CFB_SM4;
	const uint64_t all = later | HISI_SEC_ALG_ECB_AES | HISI_SEC_ALG_CBC_AES |
		HISI_SEC_ALG_XTS_AES | HISI_SEC_ALG_CCM_AES | HISI_SEC_ALG_GCM_AES |
		HISI_SEC_ALG_CBC_SM4 | HISI_SEC_ALG_XTS_SM4 | HISI_SEC_ALG_ECB_3DES |
		HISI_SEC_ALG_CBC_3DES | HISI_SEC_ALG_CBC_AES_HMAC_SHA1 |
		HISI_SEC_ALG_CBC_AES_HMAC_SHA256 | HISI_SEC_ALG_CBC_AES_HMAC_SHA512;
	const struct hisi_cap_word *lo = &hisi_sec_cap_table[HISI_SEC_CAP_DRV_ALG_LO];
	const struct hisi_cap_word *hi = &hisi_sec_cap_table[HISI_SEC_CAP_DRV_ALG_HI];

	(void)state;
	assert_true((((uint64_t)hi->v2 << 32 | lo->v2) & all) == (all & ~later));
	assert_true((((uint64_t)hi->v3 << 32 | lo->v3) & all) == all);
	assert_true((HISI_SEC_ALG_CIPHERS & HISI_SEC_ALG_DIGESTS) == 0);
	assert_true((HISI_SEC_ALG_CIPHERS & HISI_SEC_ALG_AEADS) == 0);
	assert_true((HISI_SEC_ALG_DIGESTS & HISI_SEC_ALG_AEADS) == 0);
	assert_true((HISI_SEC_ALG_CIPHERS | HISI_SEC_ALG_DIGESTS | HISI_SEC_ALG_AEADS) ==
		UINT64_C(0x3fffffffffff));
	assert_true((all & HISI_SEC_ALG_DIGESTS) == 0);
}

/* sec.md 1.3: one cluster of four cores */
static void
test_sec_cores(void **state)
{
	uint32_t v3 = hisi_sec_cap_table[HISI_SEC_CAP_CORE_INFO].v3;

	(void)state;
	assert_int_equal(HISI_FIELD_GET(HISI_SEC_CORE_INFO_CLUSTER_CORES, v3), 4);
	assert_int_equal(HISI_FIELD_GET(HISI_SEC_CORE_INFO_CORES, v3), 4);
	assert_int_equal(HISI_FIELD_GET(HISI_SEC_CORE_INFO_TYPES, v3), 1);
	assert_int_equal(HISI_FIELD_GET(HISI_SEC_CORE_INFO_CLUSTERS, v3), 1);
}

/* qm.md 2.2: bits of word 0x3100 */
static void
test_function_bits(void **state)
{
	(void)state;
	assert_int_equal(HISI_QM_CAP_VERSION, 0xff);
	assert_int_equal(HISI_QM_CAP_QOS, 1 << 8);
	assert_int_equal(HISI_QM_CAP_STOP_QP, 1 << 9);
	assert_int_equal(HISI_QM_CAP_STOP_FUNC, 1 << 10);
	assert_int_equal(HISI_QM_CAP_IFC, 1 << 11);
	assert_int_equal(HISI_QM_CAP_RPM_VF, 1 << 12);
	assert_int_equal(HISI_QM_CAP_RPM_PF, 1 << 13);
	assert_int_equal(HISI_QM_CAP_SVA_PREFETCH, 1 << 14);
	assert_int_equal(HISI_QM_CAP_DAE, 1 << 15);
	/* reference value of V3: 0x6F01 */
	assert_int_equal(hisi_qm_cap_table[HISI_QM_CAP_FUNC].v3 | 1, 0x6f01);
}

/* qm.md 1.4 and 2.2: halves of depths and vectors */
static void
test_depths_and_vectors(void **state)
{
	(void)state;
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CAP_EQ_DEPTH, 0x04000800u), 2048);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CAP_AEQ_DEPTH, 0x04000800u), 1024);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CAP_SQ_DEPTH, 0x02000400u), 1024);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CAP_CQ_DEPTH, 0x02000400u), 512);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CAP_IRQ_NUM_PF, 0x00040003u), 4);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CAP_IRQ_NUM_VF, 0x00040003u), 3);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CAP_IRQ_VECTOR, 0x00010002u), 2);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CAP_IRQ_TYPE, 0x00010002u), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_qm_words),
		cmocka_unit_test(test_zip_words),
		cmocka_unit_test(test_sec_words),
		cmocka_unit_test(test_words_are_contiguous),
		cmocka_unit_test(test_register_names_end_like_words),
		cmocka_unit_test(test_cores),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_sec_algorithms),
		cmocka_unit_test(test_sec_cores),
		cmocka_unit_test(test_function_bits),
		cmocka_unit_test(test_depths_and_vectors),
	};

	return cmocka_run_group_tests_name("hisi_qm_caps", tests, NULL, NULL);
}
