/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Durations in a histogram: each value falls into a bin whose middle is near.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hist.h>

static struct testacc_hist hist;

static void
test_bins(void **state)
{
	uint64_t value;
	uint32_t bin, last = 0;
	double middle;

	(void)state;
	for (value = 1; value < UINT64_C(1) << 62; value += value / 7 + 1) {
		bin = testacc_hist_bin(value);
		assert_true(bin >= last && bin < TESTACC_HIST_BINS);
		middle = testacc_hist_value(bin);
		assert_true(middle >= (double)value * 0.96 && middle <= (double)value * 1.04 + 0.5);
		last = bin;
	}
	assert_int_equal(testacc_hist_bin(0), 0);
	assert_true(testacc_hist_bin(UINT64_MAX) == TESTACC_HIST_BINS - 1);
}

static void
test_percentiles(void **state)
{
	uint64_t i;

	(void)state;
	memset(&hist, 0, sizeof(hist));
	assert_true(testacc_hist_percentile(&hist, 0.5) == 0);
	for (i = 1; i <= 10000; i++)
		testacc_hist_add(&hist, i);
	assert_in_range((uint64_t)testacc_hist_percentile(&hist, 0.5), 4800, 5200);
	assert_in_range((uint64_t)testacc_hist_percentile(&hist, 0.99), 9500, 10300);
	assert_in_range((uint64_t)testacc_hist_percentile(&hist, 1), 9600, 10400);
	assert_in_range((uint64_t)testacc_hist_percentile(&hist, 0), 1, 1);
}

static void
test_merge(void **state)
{
	static struct testacc_hist other;

	(void)state;
	memset(&hist, 0, sizeof(hist));
	memset(&other, 0, sizeof(other));
	testacc_hist_add(&hist, 3);
	testacc_hist_add(&other, 9);
	testacc_hist_add(&other, 9);
	testacc_hist_merge(&hist, &other);
	assert_int_equal(hist.count, 3);
	assert_true(testacc_hist_percentile(&hist, 0.5) == 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bins),
		cmocka_unit_test(test_percentiles),
		cmocka_unit_test(test_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
