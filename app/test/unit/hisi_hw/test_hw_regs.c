/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The table of registers against the headers' own text: a register that a header defines and the
 * table lacks would be "unknown" in every trace.
 */

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <hisi_hw_names.h>
#include <hisi_qm_regs.h>
#include <hisi_sec_regs.h>
#include <hisi_zip_regs.h>

#define MAX_HEADERS 4

static const char *headers[MAX_HEADERS];
static int nb_headers;

/* What looks like a register but is a value, a base, a count or an offset inside a core. */
static const char * const no_registers[] = {
	"HISI_PCI_", "HISI_QM_BAR", "HISI_QM_BAR_LEN_", "HISI_QM_ISOLATION_BAR", "HISI_QM_MAX_",
	"HISI_QM_VECTOR_", "HISI_QM_VF_STATE_", "HISI_QM_VFT_OP_", "HISI_QM_DB_TIMEOUT_NS", "HISI_QM_CACHE_CTL_ZIP_SEC",
	"HISI_QM_PEH_AXUSER_VALUE", "HISI_QM_AXI_USER_BASE", "HISI_QM_AXUSER_ENABLE_ALL",
	"HISI_QM_AXI_M_CFG_VALUE", "HISI_AM_TRANS_RETURN_DRAINED", "HISI_QM_IFC_ALL_VFS",
	"HISI_QM_DFX_BASE", "HISI_QM_POLL_", "HISI_QM_MAILBOX_TIMEOUT_US",
	"HISI_QM_MAILBOX_STOP_TIMEOUT_US", "HISI_ZIP_CLOCK_GATE_V3", "HISI_ZIP_CACHE_ALL",
	"HISI_ZIP_SHAPER_RATES", "HISI_ZIP_COMP_CORE_BASE", "HISI_ZIP_DECOMP_CORE_BASE",
	"HISI_ZIP_CORE_STRIDE", "HISI_ZIP_CORE_GET_", "HISI_ZIP_CORE_DONE_BD_NUM",
	"HISI_ZIP_CORE_CONSUMED_BYTE", "HISI_ZIP_CORE_PRODUCED_BYTE",
	"HISI_SEC_AXI_MAX_TRANS_VALUE", "HISI_SEC_DYNAMIC_GATE_ENABLE",
	"HISI_SEC_CORE_AUTO_GATE_ENABLE", "HISI_SEC_BD_ERR_CHK_EN0_VALUE",
	"HISI_SEC_BD_ERR_CHK_EN1_VALUE", "HISI_SEC_BD_ERR_CHK_EN3_VALUE", "HISI_SEC_SHAPER_RATES",
	"HISI_SEC_SAA_BD_CNT_BASE", "HISI_SEC_NB_SAA",
};

/* The tables, and those that a reader of one engine's registers sees with the first. */
static const struct hisi_hw_reg * const tables[] = {
	hisi_qm_regs, hisi_zip_regs, hisi_sec_regs,
};
#define NB_TABLES (sizeof(tables) / sizeof(tables[0]))

static int
is_register(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(no_registers) / sizeof(no_registers[0]); i++) {
		size_t len = strlen(no_registers[i]);

		/* An entry that ends with _ stands for a family. */
		if (strncmp(name, no_registers[i], len) == 0 &&
				(no_registers[i][len - 1] == '_' || name[len] == '\0'))
			return 0;
	}
	return 1;
}

/* "#define HISI_QM_NAME 0x1234": the name as the table has it, and the offset. */
static int
parse_define(const char *line, char *name, size_t len, uint32_t *offset)
{
	char word[96], value[32], *end;
	size_t i;

	if (sscanf(line, "#define %95s %31s", word, value) != 2 ||
			strncmp(word, "HISI_", 5) != 0 || !isdigit((unsigned char)value[0]) ||
			!is_register(word))
		return 0;
	*offset = (uint32_t)strtoul(value, &end, 0);
	if (*end != '\0')
		return 0;
	for (i = 0; word[5 + i] != '\0' && i + 1 < len; i++)
		name[i] = (char)tolower((unsigned char)word[5 + i]);
	name[i] = '\0';
	return 1;
}

static unsigned int
check_header(const char *path, const struct hisi_hw_reg *table)
{
	char line[256], name[96];
	const struct hisi_hw_reg *reg;
	unsigned int count = 0;
	FILE *file = fopen(path, "r");
	uint32_t offset;

	if (file == NULL)
		fail_msg("%s cannot be read", path);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (!parse_define(line, name, sizeof(name), &offset))
			continue;
		reg = hisi_hw_reg_find(table, offset);
		if (reg == NULL || reg->offset != offset || strcmp(reg->name, name) != 0)
			fail_msg("%s at 0x%x is '%s' in the table", name, offset,
				reg != NULL ? reg->name : "nothing");
		count++;
	}
	fclose(file);
	return count;
}

static void
test_every_define_is_in_the_table(void **state)
{
	unsigned int count = 0;
	int i;

	(void)state;
	assert_int_equal(nb_headers, NB_TABLES);
	for (i = 0; i < nb_headers; i++)
		count += check_header(headers[i], tables[i]);
	/* The parser did see them: the references name far more than a hundred. */
	assert_true(count > 130);
}

static void
check_order(const struct hisi_hw_reg *table)
{
	const struct hisi_hw_reg *reg;

	for (reg = table; reg->name != NULL; reg++) {
		assert_true(reg->len == 4 || reg->len == 8 || reg->len == 16);
		assert_int_equal(reg->offset % 4, 0);
		assert_true(reg->offset + reg->len <= HISI_QM_BAR_LEN_PF);
		if (reg != table)
			assert_true(reg[-1].offset + reg[-1].len <= reg->offset);
	}
}

static void
test_sorted_without_overlap(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < NB_TABLES; i++)
		check_order(tables[i]);
}

static void
test_names_are_unique(void **state)
{
	const struct hisi_hw_reg *a, *b;
	size_t i;

	(void)state;
	for (i = 0; i < NB_TABLES; i++)
		for (a = tables[i]; a->name != NULL; a++)
			for (b = a + 1; b->name != NULL; b++)
				assert_string_not_equal(a->name, b->name);
}

/* The search finds each register at each of its bytes, and nothing in the gaps. */
static void
test_find_every_byte(void **state)
{
	const struct hisi_hw_reg *reg;
	uint32_t byte, next = 0;

	(void)state;
	for (reg = hisi_qm_regs; reg->name != NULL; reg++) {
		if (next < reg->offset) {
			assert_null(hisi_hw_reg_find(NULL, next));
			assert_null(hisi_hw_reg_find(NULL, reg->offset - 1));
		}
		for (byte = 0; byte < reg->len; byte++)
			assert_ptr_equal(hisi_hw_reg_find(NULL, reg->offset + byte), reg);
		next = reg->offset + reg->len;
	}
	assert_null(hisi_hw_reg_find(NULL, next));
	assert_null(hisi_hw_reg_find(NULL, UINT32_MAX));
}

/* An engine's registers are found with its table only, and none hides one of the QM's. */
static void
test_registers_of_engines(void **state)
{
	const struct hisi_hw_reg *reg;
	size_t i;

	(void)state;
	for (i = 1; i < NB_TABLES; i++) {
		for (reg = tables[i]; reg->name != NULL; reg++) {
			assert_null(hisi_hw_reg_find(NULL, reg->offset));
			assert_ptr_equal(hisi_hw_reg_find(tables[i], reg->offset), reg);
			assert_ptr_equal(hisi_hw_reg_find(tables[i], reg->offset + 3), reg);
		}
		assert_string_equal(hisi_hw_reg_name(tables[i], 0x100158), "qm_capability");
	}
}

/* Offsets and widths of the reference, spot by spot: qm.md 2, zip.md 1 and sec.md 1. */
static void
test_offsets_of_the_reference(void **state)
{
	static const struct {
		uint32_t offset;
		uint8_t len;
		const char *name;
		const struct hisi_hw_reg *engine;
	} spots[] = {
		{ 0x0000, 4, "qm_vf_aeq_int_source" }, { 0x000c, 4, "qm_vf_eq_int_mask" },
		{ 0x0204, 4, "qm_cache_wb_start" }, { 0x0300, 16, "qm_mailbox" },
		{ 0x0320, 8, "qm_vf2pf_vf_w" }, { 0x1000, 8, "qm_doorbell_sq_cq" },
		{ 0x2000, 8, "qm_doorbell_eq_aeq" }, { 0x3100, 4, "qm_func_caps" },
		{ 0x3148, 4, "cap_dev_alg", hisi_zip_regs }, { 0x100000, 4, "qm_abnormal_int_source" },
		{ 0x100128, 8, "qm_ifc_ready_status" }, { 0x100158, 4, "qm_capability" },
		{ 0x100250, 8, "qm_dev_db_drop" }, { 0x100280, 8, "qm_func_axi_err_st0" },
		{ 0x1040f8, 4, "qm_ooo_shutdown_sel" }, { 0x300150, 4, "am_trans_return" },
		{ 0x301004, 4, "zip_clock_gate_ctrl", hisi_zip_regs },
		{ 0x3010ac, 4, "zip_core_int_status", hisi_zip_regs },
		{ 0x30120c, 4, "zip_ooo_shutdown_sel", hisi_zip_regs },
		{ 0x3148, 4, "cap_drv_alg_hi", hisi_sec_regs },
		{ 0x301000, 4, "sec_core_int_mask", hisi_sec_regs },
		{ 0x301104, 4, "sec_mem_init_done", hisi_sec_regs },
		{ 0x301200, 4, "sec_control", hisi_sec_regs },
		{ 0x301c40, 4, "sec_saa8_bd_cnt", hisi_sec_regs },
		{ 0x302224, 4, "sec_user_ctrl1_v3", hisi_sec_regs },
	};
	const struct hisi_hw_reg *reg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(spots) / sizeof(spots[0]); i++) {
		reg = hisi_hw_reg_find(spots[i].engine, spots[i].offset);
		assert_non_null(reg);
		assert_string_equal(reg->name, spots[i].name);
		assert_int_equal(reg->len, spots[i].len);
		assert_string_equal(hisi_hw_reg_name(spots[i].engine, spots[i].offset),
			spots[i].name);
	}
	assert_string_equal(hisi_hw_reg_name(hisi_sec_regs, 0x4000), "unknown");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_define_is_in_the_table),
		cmocka_unit_test(test_sorted_without_overlap),
		cmocka_unit_test(test_names_are_unique),
		cmocka_unit_test(test_find_every_byte),
		cmocka_unit_test(test_registers_of_engines),
		cmocka_unit_test(test_offsets_of_the_reference),
	};

	for (nb_headers = 0; nb_headers + 1 < argc && nb_headers < MAX_HEADERS; nb_headers++)
		headers[nb_headers] = argv[nb_headers + 1];
	return cmocka_run_group_tests_name("hisi_hw_regs", tests, NULL, NULL);
}
