/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A line in words: quotation marks, comments, lengths.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <parse.h>

static struct testacc_line line;

/* Where the program would complain. */
int
testacc_misused(const char *format, ...)
{
	(void)format;
	return TESTACC_USAGE;
}

static void
test_words(void **state)
{
	(void)state;
	assert_int_equal(testacc_line_split(&line, " set\tburst  32 \n"), 0);
	assert_int_equal(line.count, 3);
	assert_string_equal(line.words[0], "set");
	assert_string_equal(line.words[1], "burst");
	assert_string_equal(line.words[2], "32");
	assert_int_equal(testacc_line_split(&line, ""), 0);
	assert_int_equal(line.count, 0);
}

static void
test_quotes_and_comments(void **state)
{
	(void)state;
	assert_int_equal(testacc_line_split(&line, "inject \"drop op=5; phase\" x# # rest"), 0);
	assert_int_equal(line.count, 3);
	assert_string_equal(line.words[1], "drop op=5; phase");
	assert_string_equal(line.words[2], "x#");
	assert_int_equal(testacc_line_split(&line, "a b\"c d\"e"), 0);
	assert_string_equal(line.words[1], "bc de");
	assert_int_equal(testacc_line_split(&line, "a \"b"), TESTACC_USAGE);
	assert_int_equal(testacc_line_split(&line, "# all of it"), 0);
	assert_int_equal(line.count, 0);
}

static void
test_limits(void **state)
{
	char text[2 * TESTACC_MAX_LINE];
	int i;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[TESTACC_MAX_LINE - 2] = '\0';
	assert_int_equal(testacc_line_split(&line, text), 0);
	text[TESTACC_MAX_LINE - 2] = 'x';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(testacc_line_split(&line, text), TESTACC_USAGE);
	for (i = 0; i < TESTACC_MAX_WORDS + 1; i++)
		memcpy(text + 2 * i, "x ", 3);
	assert_int_equal(testacc_line_split(&line, text), TESTACC_USAGE);
}

static void
test_join(void **state)
{
	char text[12];

	(void)state;
	assert_int_equal(testacc_line_split(&line, "inject drop op=5"), 0);
	assert_true(testacc_line_join(&line, 1, text, sizeof(text)));
	assert_string_equal(text, "drop op=5");
	assert_false(testacc_line_join(&line, 0, text, sizeof(text)));
}

static void
test_numbers(void **state)
{
	uint64_t value;

	(void)state;
	assert_true(testacc_parse_number("7", 1, 7, &value) && value == 7);
	assert_true(testacc_parse_number("18446744073709551615", 0, UINT64_MAX, &value));
	assert_false(testacc_parse_number("8", 1, 7, &value));
	assert_false(testacc_parse_number("0", 1, 7, &value));
	assert_false(testacc_parse_number("", 0, 7, &value));
	assert_false(testacc_parse_number("-1", 0, UINT64_MAX, &value));
	assert_false(testacc_parse_number("1x", 0, 7, &value));
	assert_false(testacc_parse_number("18446744073709551616", 0, UINT64_MAX, &value));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_quotes_and_comments),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
