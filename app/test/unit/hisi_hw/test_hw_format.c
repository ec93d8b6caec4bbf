/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * hisi_hw_format(): what a person reads in a trace or an error message.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <hisi_hw_names.h>
#include <hisi_qm_context.h>
#include <hisi_qm_mailbox.h>
#include <hisi_zip_sqe.h>

static void
check(const struct hisi_hw_field *fields, const void *base, const char *expected)
{
	char text[1024];

	assert_int_equal(hisi_hw_format(text, sizeof(text), fields, base), strlen(expected));
	assert_string_equal(text, expected);
}

static void
test_mailbox(void **state)
{
	struct hisi_qm_mailbox mb = { .w0 = 0x2000, .queue = 3, .base_lo = 0x1000,
		.base_hi = 0x7f };

	(void)state;
	check(hisi_qm_mailbox_fields, &mb,
		"command=0x0(sqc) busy=0x1 queue=0x3 base=0x7f00001000");
	mb = (struct hisi_qm_mailbox){ .w0 = 0x4a06 };
	check(hisi_qm_mailbox_fields, &mb, "command=0x6(sqc_vft) status=0x5 op_get=0x1");
}

static void
test_doorbell(void **state)
{
	const uint64_t word = UINT64_C(0x0001000500001003);

	(void)state;
	check(hisi_qm_doorbell_fields, &word,
		"queue=0x3 command=0x1(cq) index=0x5 priority=0x1");
}

static void
test_contexts(void **state)
{
	struct hisi_qm_sqc sqc = { .base_lo = 0x80, .dw3 = 0x73ff, .tag = 0xbeef, .cq_num = 2,
		.w13 = 0x0110 };
	struct hisi_qm_eqc eqc = { .dw6 = 0x107ff };

	(void)state;
	check(hisi_qm_sqc_fields, &sqc,
		"base=0x80 depth_minus_1=0x3ff sqe_log2=0x7 tag=0xbeef cq_num=0x2 order=0x1 type=0x1");
	check(hisi_qm_eqc_fields, &eqc, "depth_minus_1=0x7ff phase=0x1");
}

/* A named 0 is information, a bare 0 is none. */
static void
test_zeros(void **state)
{
	const struct hisi_qm_sqc sqc = { 0 };
	const uint32_t aeqe = 0;

	(void)state;
	check(hisi_qm_sqc_fields, &sqc, "");
	check(hisi_qm_aeqe_fields, &aeqe, "type=0x0(cq_overflow)");
}

/* A whole SQE: everything that matters is there by name. */
static void
test_zip_sqe(void **state)
{
	struct hisi_zip_sqe sqe = { .consumed = 0x46, .produced = 0x26, .dw3 = 0x10e,
		.input_data_length = 0x46, .dw7 = 0x3a000000, .dw9 = 0x4001,
		.dest_avail_out = 0x200, .source_addr_lo = 0x1000, .source_addr_hi = 0x7f,
		.tag_hi = 0x1 };
	char text[1024];

	(void)state;
	assert_true(hisi_hw_format(text, sizeof(text), hisi_zip_sqe_fields, &sqe) > 0);
	assert_non_null(strstr(text, "consumed=0x46 produced=0x26"));
	assert_non_null(strstr(text, "status=0xe(dstlen_out) last_block=0x1"));
	assert_non_null(strstr(text, "finish=0x1 stream_new=0x1 sqe_type=0x3"));
	assert_non_null(strstr(text, "request=0x1(deflate) buffer=0x0(flat) window=0x4(32K)"));
	assert_non_null(strstr(text, "source_addr=0x7f00001000"));
	assert_non_null(strstr(text, " tag=0x100000000"));
	assert_null(strstr(text, "dest_addr"));
}

static void
test_unknown_values(void **state)
{
	struct hisi_zip_sqe sqe = { .dw3 = 0x77, .dw9 = 0xf2ee };
	char text[1024];

	(void)state;
	assert_true(hisi_hw_format(text, sizeof(text), hisi_zip_sqe_fields, &sqe) > 0);
	assert_non_null(strstr(text, "status=0x77(unknown)"));
	assert_non_null(strstr(text, "request=0xee(unknown)"));
	assert_non_null(strstr(text, "buffer=0x2(unknown)"));
	assert_non_null(strstr(text, "window=0xf(unknown)"));
}

/*
 * Cut off at every length: the text is a prefix, ended, nothing is written beyond, and the length
 * told is that of the whole text. The buffer is exactly as long as said, for the sanitizer.
 */
static void
test_cut_off(void **state)
{
	struct hisi_qm_mailbox mb = { .w0 = 0x6006, .queue = 0x12, .base_lo = 1, .token = 5 };
	char whole[256], *cut;
	int len, full;

	(void)state;
	full = hisi_hw_format(whole, sizeof(whole), hisi_qm_mailbox_fields, &mb);
	assert_int_equal(full, strlen(whole));
	for (len = 1; len <= full + 2; len++) {
		cut = malloc((size_t)len);
		assert_non_null(cut);
		memset(cut, '#', (size_t)len);
		assert_int_equal(hisi_hw_format(cut, len, hisi_qm_mailbox_fields, &mb), full);
		assert_int_equal(strlen(cut), len > full ? full : len - 1);
		assert_int_equal(strncmp(cut, whole, (size_t)len - 1), 0);
		free(cut);
	}
}

/* No room at all: the caller asks how much it would be. */
static void
test_no_room(void **state)
{
	struct hisi_qm_mailbox mb = { .w0 = 0x6006 };
	char untouched = '#';

	(void)state;
	assert_int_equal(hisi_hw_format(&untouched, 0, hisi_qm_mailbox_fields, &mb),
		strlen("command=0x6(sqc_vft) busy=0x1 op_get=0x1"));
	assert_int_equal(untouched, '#');
}

/* A secret is there, and that is all. */
static void
test_secret(void **state)
{
	static const struct hisi_hw_field fields[] = {
		{ "len", UINT32_MAX, 0, 4, NULL, false },
		{ "iv", 0xff00, 4, 4, NULL, true },
		{ "salt", UINT64_MAX, 8, 8, NULL, true },
		{ .name = NULL },
	};
	uint32_t words[4] = { 5, 0x1234, 0, 0 };
	const uint32_t redacted[4] = { 5, 0, 0, 0 };

	(void)state;
	check(fields, words, "len=0x5 iv=(secret)");
	words[3] = 1;
	check(fields, words, "len=0x5 iv=(secret) salt=(secret)");
	hisi_hw_redact(fields, words);
	assert_memory_equal(words, redacted, sizeof(words));
	check(fields, words, "len=0x5");
}

static void
test_engines(void **state)
{
	const struct hisi_hw_engine *engine;
	const struct hisi_hw_field *field;
	uint8_t sqe[128] = { 0 };

	(void)state;
	for (engine = hisi_hw_engines; engine->name != NULL; engine++) {
		assert_ptr_equal(hisi_hw_engine_find(engine->name), engine);
		assert_non_null(engine->sqe_fields(sqe));
		assert_non_null(engine->type_name(0));
		for (field = engine->sqe_fields(NULL); field->name != NULL &&
				strcmp(field->name, engine->status) != 0; field++)
			;
		assert_non_null(field->name);
		assert_non_null(engine->status_remedy(0xfe));
	}
	assert_null(hisi_hw_engine_find("zip"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mailbox),
		cmocka_unit_test(test_doorbell),
		cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_zeros),
		cmocka_unit_test(test_zip_sqe),
		cmocka_unit_test(test_unknown_values),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_engines),
	};

	return cmocka_run_group_tests_name("hisi_hw_format", tests, NULL, NULL);
}
