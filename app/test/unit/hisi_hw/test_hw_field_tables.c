/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Every table of fields: masks lie inside their word and their structure, do not overlap, and have
 * names of their own.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <hisi_hw_names.h>
#include <hisi_qm_context.h>
#include <hisi_qm_mailbox.h>
#include <hisi_sec_sqe.h>
#include <hisi_sgl.h>
#include <hisi_zip_sqe.h>

struct table {
	const char *name;
	const struct hisi_hw_field *fields;
	size_t struct_len;
	/* Bits that the reference gives a meaning; 0: not counted. */
	unsigned int bits;
};

static const struct table tables[] = {
	/* qm.md 5.1: 2 x 16, base 64, 16 of DW3, tag, PASID, 3 of W11, CQ, 11 of W13 */
	{ "sqc", hisi_qm_sqc_fields, sizeof(struct hisi_qm_sqc), 32 + 64 + 16 + 32 + 3 + 16 + 11 },
	/* qm.md 5.2 */
	{ "cqc", hisi_qm_cqc_fields, sizeof(struct hisi_qm_cqc), 32 + 64 + 16 + 32 + 3 + 3 },
	/* qm.md 5.3 */
	{ "eqc", hisi_qm_eqc_fields, 28, 32 + 64 + 17 },
	/* qm.md 5.6 */
	{ "cqe", hisi_qm_cqe_fields, sizeof(struct hisi_qm_cqe), 16 + 16 + 16 + 16 },
	/* qm.md 5.7 */
	{ "eqe", hisi_qm_eqe_fields, 4, 17 },
	{ "aeqe", hisi_qm_aeqe_fields, 4, 21 },
	/* qm.md 3.1: all of W0 but bit 15 */
	{ "mailbox", hisi_qm_mailbox_fields, sizeof(struct hisi_qm_mailbox), 15 + 16 + 64 + 32 },
	/* qm.md 4.1: all 64 bits */
	{ "doorbell", hisi_qm_doorbell_fields, 8, 64 },
	/* qm.md 5.8 */
	{ "vft_sqc", hisi_qm_vft_sqc_fields, 8, 16 + 1 + 10 },
	{ "zip_sqe", hisi_zip_sqe_fields, sizeof(struct hisi_zip_sqe), 0 },
	{ "sec_bd2", hisi_sec_bd2_fields, sizeof(struct hisi_sec_bd2), 0 },
	{ "sec_bd3", hisi_sec_bd3_fields, sizeof(struct hisi_sec_bd3), 0 },
	{ "sgl", hisi_sgl_fields, sizeof(struct hisi_sgl), 64 + 3 * 16 },
	{ "sge", hisi_sge_fields, sizeof(struct hisi_sge), 64 + 32 },
};
#define NB_TABLES (sizeof(tables) / sizeof(tables[0]))

/* Contiguous, not 0, and inside its word. */
static void
check_mask(const char *table, const struct hisi_hw_field *field)
{
	uint64_t word = UINT64_MAX >> (64 - 8 * field->word_len);
	uint64_t unit = field->mask & -field->mask;

	if (field->mask == 0 || (field->mask & ~word) != 0 ||
			((field->mask / unit + 1) & (field->mask / unit)) != 0)
		fail_msg("%s.%s: mask 0x%llx in a word of %u bytes", table, field->name,
			(unsigned long long)field->mask, field->word_len);
}

static void
test_masks_fit_their_words(void **state)
{
	const struct hisi_hw_field *field;
	size_t i;

	(void)state;
	for (i = 0; i < NB_TABLES; i++) {
		assert_non_null(tables[i].fields[0].name);
		for (field = tables[i].fields; field->name != NULL; field++) {
			assert_true(field->word_len == 2 || field->word_len == 4 ||
				field->word_len == 8);
			check_mask(tables[i].name, field);
		}
	}
}

static void
test_words_lie_inside_their_structure(void **state)
{
	const struct hisi_hw_field *field;
	size_t i;

	(void)state;
	for (i = 0; i < NB_TABLES; i++)
		for (field = tables[i].fields; field->name != NULL; field++)
			if (field->offset + (size_t)field->word_len > tables[i].struct_len)
				fail_msg("%s.%s reaches beyond byte %zu", tables[i].name,
					field->name, tables[i].struct_len);
}

/* The bits of a structure, one byte of marks for each: no bit has two names. */
static unsigned int
mark_bits(const struct table *table, uint8_t *marks)
{
	const struct hisi_hw_field *field;
	unsigned int bit, count = 0;

	for (field = table->fields; field->name != NULL; field++) {
		for (bit = 0; bit < 8u * field->word_len; bit++) {
			if (!((field->mask >> bit) & 1))
				continue;
			if (marks[field->offset * 8 + bit]++ != 0)
				fail_msg("%s.%s: bit %u is another field's too", table->name,
					field->name, bit);
			count++;
		}
	}
	return count;
}

static void
test_fields_do_not_overlap(void **state)
{
	uint8_t marks[8 * 128];
	unsigned int count;
	size_t i;

	(void)state;
	for (i = 0; i < NB_TABLES; i++) {
		memset(marks, 0, sizeof(marks));
		count = mark_bits(&tables[i], marks);
		if (tables[i].bits != 0 && count != tables[i].bits)
			fail_msg("%s names %u bits, the reference %u", tables[i].name, count,
				tables[i].bits);
	}
}

static void
test_names_are_unique(void **state)
{
	const struct hisi_hw_field *a, *b;
	size_t i;

	(void)state;
	for (i = 0; i < NB_TABLES; i++)
		for (a = tables[i].fields; a->name != NULL; a++)
			for (b = a + 1; b->name != NULL; b++)
				if (strcmp(a->name, b->name) == 0)
					fail_msg("%s has two fields %s", tables[i].name, a->name);
}

static void
test_names_are_lower_snake(void **state)
{
	const struct hisi_hw_field *field;
	size_t i;

	(void)state;
	for (i = 0; i < NB_TABLES; i++)
		for (field = tables[i].fields; field->name != NULL; field++)
			assert_int_equal(strspn(field->name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
				strlen(field->name));
}

/* zip.md 3.1: every dword of the SQE can be printed, save for none. */
static void
test_zip_sqe_leaves_no_dword_out(void **state)
{
	uint8_t marks[8 * 128] = { 0 };
	struct table table = { "zip_sqe", hisi_zip_sqe_fields, 128, 0 };
	unsigned int dword, bit, seen;

	(void)state;
	(void)mark_bits(&table, marks);
	for (dword = 0; dword < 32; dword++) {
		seen = 0;
		for (bit = 0; bit < 32; bit++)
			seen += marks[dword * 32 + bit];
		if (seen == 0)
			fail_msg("dw%u has no field", dword);
	}
}

/* A field reads its own bits, wherever the structure lies. */
static void
test_values_of_unaligned_structures(void **state)
{
	uint8_t bytes[1 + sizeof(struct hisi_zip_sqe)];
	const struct hisi_hw_field *field;
	size_t i;

	(void)state;
	for (i = 0; i < NB_TABLES; i++) {
		for (field = tables[i].fields; field->name != NULL; field++) {
			memset(bytes, 0, sizeof(bytes));
			memcpy(bytes + 1 + field->offset, &field->mask, field->word_len);
			assert_true(hisi_hw_field_value(field, bytes + 1) ==
				HISI_FIELD_MAX(field->mask));
			memset(bytes, 0xff, sizeof(bytes));
			memset(bytes + 1 + field->offset, 0, field->word_len);
			assert_true(hisi_hw_field_value(field, bytes + 1) == 0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masks_fit_their_words),
		cmocka_unit_test(test_words_lie_inside_their_structure),
		cmocka_unit_test(test_fields_do_not_overlap),
		cmocka_unit_test(test_names_are_unique),
		cmocka_unit_test(test_names_are_lower_snake),
		cmocka_unit_test(test_zip_sqe_leaves_no_dword_out),
		cmocka_unit_test(test_values_of_unaligned_structures),
	};

	return cmocka_run_group_tests_name("hisi_hw_fields", tests, NULL, NULL);
}
