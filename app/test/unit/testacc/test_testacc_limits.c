/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Which limit binds, for made-up runs of each kind.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sweep.h>

static const struct testacc_settings best = { .depth = 64, .burst = 32, .queues = 2 };

static struct testacc_verdict
judge(double empty, double full, double ops, double probe_ops)
{
	struct testacc_point point = { .value = 64, .queues = 2 };
	struct testacc_point probe = { .value = probe_ops > 0 ? 128 : 0 };
	struct testacc_verdict verdict;

	point.rates = (struct testacc_rates){ .ops = ops, .empty = empty, .full = full,
		.in_flight = 60, .cycles = 321 };
	probe.rates.ops = probe_ops;
	testacc_limit_judge(&best, &point, &probe, &verdict);
	return verdict;
}

static void
test_descriptors(void **state)
{
	struct testacc_verdict verdict = judge(0.9, 0.4, 1000, 2000);

	(void)state;
	assert_int_equal(verdict.limit, TESTACC_LIMIT_DESCRIPTORS);
	assert_non_null(strstr(verdict.evidence, "40 %"));
	assert_string_equal(verdict.next, "set queues 4");
}

/** More queue pairs up to what there is, then deeper ones up to what set takes. */
static void
test_what_is_left(void **state)
{
	struct testacc_settings settings = { .depth = 64 };
	struct testacc_point point = { .queues = 3, .most_queues = 4 }, probe = { 0 };
	struct testacc_verdict verdict;

	(void)state;
	point.rates = (struct testacc_rates){ .ops = 1000, .empty = 0.9, .full = 0.4 };
	testacc_limit_judge(&settings, &point, &probe, &verdict);
	assert_string_equal(verdict.next, "set queues 4");
	point.queues = 4;
	testacc_limit_judge(&settings, &point, &probe, &verdict);
	assert_string_equal(verdict.next, "set depth 128");
	settings.depth = TESTACC_MAX_DEPTH / 2 + 1;
	testacc_limit_judge(&settings, &point, &probe, &verdict);
	assert_string_equal(verdict.next, "another device beside this one");
	point.most_queues = 0;
	testacc_limit_judge(&settings, &point, &probe, &verdict);
	assert_string_equal(verdict.next, "set queues 8");
}

static void
test_cpu(void **state)
{
	struct testacc_verdict verdict = judge(0.02, 0, 1000, 2000);

	(void)state;
	assert_int_equal(verdict.limit, TESTACC_LIMIT_CPU);
	assert_non_null(strstr(verdict.evidence, "321 cycles"));
	assert_non_null(strstr(verdict.next, "lcores"));
}

static void
test_in_flight(void **state)
{
	struct testacc_verdict verdict = judge(0.9, 0, 1000, 1500);

	(void)state;
	assert_int_equal(verdict.limit, TESTACC_LIMIT_IN_FLIGHT);
	assert_non_null(strstr(verdict.evidence, "depth 128 gave 50 % more ops/s than depth 64; "));
	assert_string_equal(verdict.next, "set depth 128");
}

static void
test_engine(void **state)
{
	struct testacc_verdict verdict = judge(0.9, 0, 1000, 1020);

	(void)state;
	assert_int_equal(verdict.limit, TESTACC_LIMIT_ENGINE);
	assert_non_null(strstr(verdict.evidence, "depth 128 gave 2 % more ops/s than depth 64, "));
	verdict = judge(0.9, 0, 1000, 800);
	assert_non_null(strstr(verdict.evidence, "20 % fewer ops/s"));
	verdict = judge(0.9, 0, 1000, 1001);
	assert_non_null(strstr(verdict.evidence, "gave no more ops/s than depth 64"));
	/* Without a probe, by what the lcores found. */
	verdict = judge(0.9, 0, 1000, 0);
	assert_int_equal(verdict.limit, TESTACC_LIMIT_ENGINE);
	assert_non_null(strstr(verdict.evidence, "90 %"));
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(testacc_limit_name(TESTACC_LIMIT_CPU), "CPU");
	assert_string_equal(testacc_limit_name(TESTACC_LIMIT_ENGINE), "engine");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_what_is_left),
		cmocka_unit_test(test_cpu),
		cmocka_unit_test(test_in_flight),
		cmocka_unit_test(test_engine),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
