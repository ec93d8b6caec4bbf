/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Prints the fields of descriptors, completions and doorbells that lib/hisi_hw knows as tables of
 * Lua: the generated half of devtools/wireshark/hisi_accel.lua (make_tables.py).
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <hisi_hw_names.h>
#include <hisi_sec_sqe.h>

#define MAX_CODE 0x100

/* Bytes that hold the field, and where they begin: a mask of Wireshark's has 32 bits at most. */
static void
narrow(const struct hisi_hw_field *field, unsigned int *offset, unsigned int *len, uint64_t *mask)
{
	unsigned int first = (unsigned int)__builtin_ctzll(field->mask) / 8;
	unsigned int last = (63 - (unsigned int)__builtin_clzll(field->mask)) / 8;

	*offset = field->offset + first;
	*len = last - first + 1;
	*mask = field->mask >> (8 * first);
	/* Words of 5 to 7 bytes there are none of. */
	if (*len > 4 && *len < 8) {
		*offset = field->offset;
		*len = field->word_len;
		*mask = field->mask;
	}
}

/* Names of a field's values, as far as there are any. */
static void
print_names(const struct hisi_hw_field *field, uint64_t most)
{
	uint64_t value;

	printf("{");
	for (value = 0; value <= most && value < MAX_CODE; value++)
		if (strcmp(field->value_name(value), "unknown") != 0)
			printf(" [0x%" PRIx64 "] = \"%s\",", value, field->value_name(value));
	printf(" }");
}

static void
print_field(const struct hisi_hw_field *field)
{
	unsigned int offset, len;
	uint64_t mask, whole;

	narrow(field, &offset, &len, &mask);
	whole = len == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * len)) - 1;
	printf("\t\t{ name = \"%s\", offset = %u, len = %u", field->name, offset, len);
	if (mask != whole)
		printf(", mask = 0x%" PRIx64, mask);
	if (field->is_secret)
		printf(", secret = true");
	if (field->value_name != NULL) {
		printf(", names = ");
		print_names(field, field->mask >> __builtin_ctzll(field->mask));
	}
	printf(" },\n");
}

static void
print_fields(const char *name, const struct hisi_hw_field *fields)
{
	printf("\t%s = {\n", name);
	for (; fields->name != NULL; fields++)
		print_field(fields);
	printf("\t},\n");
}

static void
print_types(const struct hisi_hw_engine *engine)
{
	uint64_t type;

	printf("{");
	for (type = 0; type < 16; type++)
		if (strcmp(engine->type_name(type), "unknown") != 0)
			printf(" [%" PRIu64 "] = \"%s\",", type, engine->type_name(type));
	printf(" }");
}

int
main(void)
{
	const struct hisi_hw_engine *engine;
	int number = 0;

	printf("local tables = {\n");
	print_fields("doorbell", hisi_qm_doorbell_fields);
	print_fields("cqe", hisi_qm_cqe_fields);
	print_fields("zip", hisi_zip_sqe_fields);
	print_fields("sec_bd2", hisi_sec_bd2_fields);
	print_fields("sec_bd3", hisi_sec_bd3_fields);
	printf("}\n\n");
	printf("local engines = {\n");
	for (engine = hisi_hw_engines; engine->name != NULL; engine++) {
		printf("\t[%d] = { name = \"%s\", status = \"%s\", types = ", number++, engine->name,
			engine->status);
		print_types(engine);
		printf(" },\n");
	}
	printf("}\n");
	return 0;
}
