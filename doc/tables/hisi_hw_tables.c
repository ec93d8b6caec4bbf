/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Prints the names that lib/hisi_hw has, one entry a line, tab-separated: table, then its columns.
 * make_tables.py makes the tables of the guides from it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <hisi_hw_names.h>
#include <hisi_qm_caps.h>

/* Codes of all tables fit in a byte. */
#define MAX_CODE 0x100
#define MAX_BIT 64

static const struct {
	const char *table;
	uint32_t count;
	const char *(*name)(uint64_t value);
	const char *(*remedy)(uint64_t value);	/* NULL: the table has no such column */
} name_tables[] = {
	{ "qm_version", MAX_CODE, hisi_qm_version_name, NULL },
	{ "qm_mailbox_command", MAX_CODE, hisi_qm_mailbox_command_name, NULL },
	{ "qm_doorbell_command", MAX_CODE, hisi_qm_doorbell_command_name, NULL },
	{ "qm_aeqe_type", MAX_CODE, hisi_qm_aeqe_type_name, hisi_qm_aeqe_type_remedy },
	{ "qm_ifc_command", MAX_CODE, hisi_qm_ifc_command_name, NULL },
	{ "qm_error", MAX_BIT, hisi_qm_error_name, hisi_qm_error_remedy },
	{ "zip_error", MAX_BIT, hisi_zip_error_name, hisi_zip_error_remedy },
	{ "zip_status", MAX_CODE, hisi_zip_status_name, hisi_zip_status_remedy },
	{ "zip_request", MAX_CODE, hisi_zip_request_name, NULL },
	{ "zip_buffer", MAX_CODE, hisi_zip_buffer_name, NULL },
	{ "zip_window", MAX_CODE, hisi_zip_window_name, NULL },
	{ "zip_queue_type", MAX_CODE, hisi_zip_queue_type_name, NULL },
	{ "sec_error", MAX_BIT, hisi_sec_error_name, hisi_sec_error_remedy },
	{ "sec_status", MAX_CODE, hisi_sec_status_name, hisi_sec_status_remedy },
	{ "sec_queue_type", MAX_CODE, hisi_sec_queue_type_name, NULL },
	{ "sec_bd_type", MAX_CODE, hisi_sec_bd_type_name, NULL },
	{ "sec_cipher", MAX_CODE, hisi_sec_cipher_name, NULL },
	{ "sec_auth", MAX_CODE, hisi_sec_auth_name, NULL },
	{ "sec_scene", MAX_CODE, hisi_sec_scene_name, NULL },
	{ "sec_buffer", MAX_CODE, hisi_sec_buffer_name, NULL },
	{ "sec_c_alg", MAX_CODE, hisi_sec_c_alg_name, NULL },
	{ "sec_c_mode", MAX_CODE, hisi_sec_c_mode_name, NULL },
	{ "sec_a_alg", MAX_CODE, hisi_sec_a_alg_name, NULL },
	{ "sec_ai_gen", MAX_CODE, hisi_sec_ai_gen_name, NULL },
	{ "sec_icv", MAX_CODE, hisi_sec_icv_name, NULL },
	{ "sec_flag", MAX_CODE, hisi_sec_flag_name, NULL },
};

static const struct {
	const char *name;
	const struct hisi_hw_field *fields;
} structures[] = {
	{ "mailbox", hisi_qm_mailbox_fields },
	{ "doorbell", hisi_qm_doorbell_fields },
	{ "sqc", hisi_qm_sqc_fields },
	{ "cqc", hisi_qm_cqc_fields },
	{ "eqc", hisi_qm_eqc_fields },
	{ "cqe", hisi_qm_cqe_fields },
	{ "eqe", hisi_qm_eqe_fields },
	{ "aeqe", hisi_qm_aeqe_fields },
	{ "vft_sqc", hisi_qm_vft_sqc_fields },
	{ "zip_sqe", hisi_zip_sqe_fields },
	{ "sec_bd2", hisi_sec_bd2_fields },
	{ "sec_bd3", hisi_sec_bd3_fields },
	{ "sgl", hisi_sgl_fields },
	{ "sge", hisi_sge_fields },
};

static void
print_name(uint32_t table, uint32_t value)
{
	const char *name = name_tables[table].name(value);

	if (strcmp(name, "unknown") == 0)
		return;
	printf("%s\t0x%02" PRIx32 "\t%s", name_tables[table].table, value, name);
	if (name_tables[table].remedy != NULL)
		printf("\t%s", name_tables[table].remedy(value));
	printf("\n");
}

static void
print_names(void)
{
	uint32_t i, value;

	for (i = 0; i < sizeof(name_tables) / sizeof(name_tables[0]); i++)
		for (value = 0; value < name_tables[i].count; value++)
			print_name(i, value);
}

static void
print_registers(const struct hisi_hw_reg *table)
{
	const struct hisi_hw_reg *reg;

	for (reg = table; reg->name != NULL; reg++)
		printf("register\t0x%06" PRIx32 "\t%u\t%s\n", reg->offset, reg->len, reg->name);
}

static void
print_field(const char *structure, const struct hisi_hw_field *field)
{
	int low = __builtin_ctzll(field->mask);
	int high = 63 - __builtin_clzll(field->mask);

	printf("field\t%s\t0x%02x\t%u\t%d:%d\t%s\n", structure, field->offset, field->word_len,
		high, low, field->name);
}

static void
print_fields(void)
{
	const struct hisi_hw_field *field;
	uint32_t i;

	for (i = 0; i < sizeof(structures) / sizeof(structures[0]); i++)
		for (field = structures[i].fields; field->name != NULL; field++)
			print_field(structures[i].name, field);
}

static void
print_capabilities(const char *engine, const struct hisi_cap_word *words, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		printf("capability\t%s\t0x%04" PRIx32 "\t%s\t0x%08" PRIx32 "\t0x%08" PRIx32 "\n",
			engine, words[i].offset, words[i].name, words[i].v2, words[i].v3);
}

int
main(void)
{
	print_names();
	print_registers(hisi_qm_regs);
	print_registers(hisi_zip_regs);
	print_registers(hisi_sec_regs);
	print_fields();
	print_capabilities("all", hisi_qm_cap_table, HISI_QM_CAP_COUNT);
	print_capabilities("zip", hisi_zip_cap_table, HISI_ZIP_CAP_COUNT);
	print_capabilities("sec", hisi_sec_cap_table, HISI_SEC_CAP_COUNT);
	return ferror(stdout) ? 1 : 0;
}
