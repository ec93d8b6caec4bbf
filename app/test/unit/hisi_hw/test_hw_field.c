/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The macros that every named field goes through.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hisi_field.h>

#define ALL_OF_A_WORD HISI_GENMASK32(31, 0)

static void
test_masks(void **state)
{
	(void)state;
	assert_true(HISI_BIT32(0) == 0x1);
	assert_true(HISI_BIT32(31) == 0x80000000);
	assert_true(HISI_BIT64(63) == UINT64_C(0x8000000000000000));
	assert_true(HISI_GENMASK32(0, 0) == 0x1);
	assert_true(HISI_GENMASK32(31, 31) == 0x80000000);
	assert_true(HISI_GENMASK32(12, 9) == 0x1e00);
	assert_true(ALL_OF_A_WORD == UINT32_MAX);
	assert_true(HISI_GENMASK64(63, 0) == UINT64_MAX);
	assert_true(HISI_GENMASK64(54, 45) == UINT64_C(0x007fe00000000000));
	assert_true(HISI_GENMASK64(43, 28) == UINT64_C(0x00000ffff0000000));
}

/* A 32-bit mask must not turn into a 64-bit one on its way, nor into a signed one. */
static void
test_widths(void **state)
{
	(void)state;
	assert_int_equal(sizeof(HISI_BIT32(31)), 4);
	assert_int_equal(sizeof(HISI_GENMASK32(31, 16)), 4);
	assert_int_equal(sizeof(HISI_GENMASK64(15, 0)), 8);
	assert_true((uint64_t)HISI_GENMASK32(31, 16) == 0xffff0000);
}

static void
test_get(void **state)
{
	const uint32_t word = 0x89abcdef;

	(void)state;
	assert_true(HISI_FIELD_GET(HISI_GENMASK32(3, 0), word) == 0xf);
	assert_true(HISI_FIELD_GET(HISI_GENMASK32(31, 28), word) == 0x8);
	assert_true(HISI_FIELD_GET(HISI_GENMASK32(19, 8), word) == 0xbcd);
	assert_true(HISI_FIELD_GET(ALL_OF_A_WORD, word) == word);
	assert_true(HISI_FIELD_GET(HISI_BIT32(31), word) == 1);
	assert_true(HISI_FIELD_GET(HISI_BIT32(4), word) == 0);
	assert_true(HISI_FIELD_GET(HISI_BIT64(63), UINT64_MAX) == 1);
}

static void
test_prep(void **state)
{
	(void)state;
	assert_true(HISI_FIELD_PREP(HISI_GENMASK32(15, 12), 7u) == 0x7000);
	assert_true(HISI_FIELD_PREP(HISI_GENMASK32(31, 16), 0xffffu) == 0xffff0000);
	assert_true(HISI_FIELD_PREP(HISI_BIT32(31), 1u) == 0x80000000);
	assert_true(HISI_FIELD_PREP(HISI_GENMASK64(63, 48), UINT64_C(0x1234)) ==
		UINT64_C(0x1234000000000000));
	assert_true(HISI_FIELD_PREP(HISI_GENMASK32(15, 12), 0u) == 0);
}

/* What does not fit is cut off and harms no neighbour. */
static void
test_prep_cuts(void **state)
{
	(void)state;
	assert_true(HISI_FIELD_PREP(HISI_GENMASK32(15, 12), 0x1fu) == 0xf000);
	assert_true(HISI_FIELD_PREP(HISI_GENMASK32(11, 0), 0x1000u) == 0);
	assert_true(HISI_FIELD_PREP(HISI_GENMASK32(31, 16), 0x12345u) == 0x23450000);
	assert_true(HISI_FIELD_PREP(HISI_GENMASK64(63, 48), UINT64_MAX) ==
		UINT64_C(0xffff000000000000));
}

static void
test_max(void **state)
{
	(void)state;
	assert_true(HISI_FIELD_MAX(HISI_GENMASK32(11, 0)) == 4095);
	assert_true(HISI_FIELD_MAX(HISI_BIT32(31)) == 1);
	assert_true(HISI_FIELD_MAX(HISI_GENMASK64(54, 45)) == 1023);
	assert_true(HISI_FIELD_MAX(ALL_OF_A_WORD) == UINT32_MAX);
}

/* Whatever a field holds comes back, at every place and of every width. */
static void
test_there_and_back(void **state)
{
	unsigned int low, high;

	(void)state;
	for (low = 0; low < 64; low++) {
		for (high = low; high < 64; high++) {
			uint64_t mask = HISI_GENMASK64(high, low);
			uint64_t max = HISI_FIELD_MAX(mask);
			uint64_t value = UINT64_C(0xa5a5a5a5a5a5a5a5) & max;

			assert_true(HISI_FIELD_GET(mask, HISI_FIELD_PREP(mask, value)) == value);
			assert_true(HISI_FIELD_PREP(mask, max) == mask);
			assert_true(HISI_FIELD_UNIT(mask) == HISI_BIT64(low));
			assert_true(HISI_FIELD_GET(mask, ~mask) == 0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_prep),
		cmocka_unit_test(test_prep_cuts),
		cmocka_unit_test(test_max),
		cmocka_unit_test(test_there_and_back),
	};

	return cmocka_run_group_tests_name("hisi_field", tests, NULL, NULL);
}
