/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Names: every value of every enumeration has one of its own, and what is none is "unknown".
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hisi_hw_names.h>
#include <hisi_qm_context.h>
#include <hisi_qm_doorbell.h>
#include <hisi_qm_mailbox.h>
#include <hisi_qm_regs.h>
#include <hisi_sec_regs.h>
#include <hisi_sec_sqe.h>
#include <hisi_zip_regs.h>
#include <hisi_zip_sqe.h>

#define MAX_VALUES 24

struct names {
	const char *what;
	const char *(*name)(uint64_t value);
	uint64_t limit;		/* values below are looked at */
	unsigned int count;
	uint64_t values[MAX_VALUES];
};

/* The values are those of the reference, as numbers. */
static const struct names all_names[] = {
	/* qm.md 1.2 */
	{ "version", hisi_qm_version_name, 0x100, 5, { 0x20, 0x21, 0x30, 0x50, 0x51 } },
	/* qm.md 3.2 */
	{ "mailbox command", hisi_qm_mailbox_command_name, 0x100, 14,
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xc, 0xd, 0xe } },
	/* qm.md 4.1 */
	{ "doorbell command", hisi_qm_doorbell_command_name, 0x10, 4, { 0, 1, 2, 3 } },
	/* qm.md 5.7 */
	{ "aeqe type", hisi_qm_aeqe_type_name, 0x10, 3, { 0, 1, 2 } },
	/* qm.md 6.12 */
	{ "ifc command", hisi_qm_ifc_command_name, 0x100, 12,
		{ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 } },
	/* qm.md 2.5 */
	{ "qm error", hisi_qm_error_name, 32, 15,
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 } },
	/* zip.md 1.2 */
	{ "zip error", hisi_zip_error_name, 32, 13,
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 } },
	/* zip.md 3.5, and what the model invents */
	{ "zip status", hisi_zip_status_name, 0x100, 13,
		{ 0, 0x0d, 0x0e, 0x0f, 0x10, 0x12, 0x13, 0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5 } },
	/* zip.md 3.3 */
	{ "zip request", hisi_zip_request_name, 0x100, 8,
		{ 0x01, 0x02, 0x03, 0x04, 0x40, 0x41, 0x42, 0x43 } },
	/* zip.md 3.2 */
	{ "zip buffer", hisi_zip_buffer_name, 0x10, 2, { 0, 1 } },
	{ "zip window", hisi_zip_window_name, 0x10, 5, { 0, 1, 2, 3, 4 } },
	/* zip.md 0.1 */
	{ "zip queue type", hisi_zip_queue_type_name, 0x10, 3, { 0, 1, 2 } },
	/* sec.md 6.3 */
	{ "sec error", hisi_sec_error_name, 32, 14,
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16, 17, 18 } },
	/* sec.md 6.2: only what the model invents */
	{ "sec status", hisi_sec_status_name, 0x100, 9,
		{ 0, 0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7 } },
	/* sec.md 0.3 */
	{ "sec queue type", hisi_sec_queue_type_name, 0x10, 2, { 0, 1 } },
	/* sec.md 2.2, 2.3, 2.4 */
	{ "sec bd type", hisi_sec_bd_type_name, 0x10, 3, { 1, 2, 3 } },
	{ "sec cipher", hisi_sec_cipher_name, 0x10, 4, { 0, 1, 2, 3 } },
	{ "sec auth", hisi_sec_auth_name, 0x10, 3, { 0, 1, 2 } },
	{ "sec ai_gen", hisi_sec_ai_gen_name, 0x10, 4, { 0, 1, 2, 3 } },
	{ "sec buffer", hisi_sec_buffer_name, 0x10, 3, { 0, 1, 2 } },
	/* sec.md 2.5 */
	{ "sec scene", hisi_sec_scene_name, 0x10, 9, { 0, 1, 3, 4, 5, 6, 7, 8, 9 } },
	/* sec.md 2.6 */
	{ "sec c_alg", hisi_sec_c_alg_name, 0x10, 4, { 0, 1, 2, 3 } },
	{ "sec c_mode", hisi_sec_c_mode_name, 0x10, 9, { 0, 1, 2, 3, 4, 5, 6, 7, 9 } },
	{ "sec a_alg", hisi_sec_a_alg_name, 0x40, 22, { 0, 1, 2, 3, 4, 5, 6, 7, 0x10, 0x11, 0x12,
		0x13, 0x14, 0x15, 0x16, 0x17, 0x20, 0x21, 0x22, 0x25, 0x26, 0x31 } },
	/* sec.md 2.10 */
	{ "sec icv", hisi_sec_icv_name, 0x10, 3, { 0, 1, 2 } },
	{ "sec flag", hisi_sec_flag_name, 0x10, 4, { 0, 1, 2, 3 } },
};
#define NB_NAMES (sizeof(all_names) / sizeof(all_names[0]))

static int
is_value(const struct names *names, uint64_t value)
{
	unsigned int i;

	for (i = 0; i < names->count; i++)
		if (names->values[i] == value)
			return 1;
	return 0;
}

/* Exactly the values of the reference have names. */
static void
test_values_and_no_others_are_named(void **state)
{
	const char *name;
	uint64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < NB_NAMES; i++) {
		for (value = 0; value < all_names[i].limit; value++) {
			name = all_names[i].name(value);
			assert_non_null(name);
			if ((strcmp(name, "unknown") != 0) != is_value(&all_names[i], value))
				fail_msg("%s 0x%llx is '%s'", all_names[i].what,
					(unsigned long long)value, name);
		}
	}
}

/* What has a name and is an error says what to do; what has none says that. */
static void
test_errors_have_remedies(void **state)
{
	static const struct {
		const char *(*name)(uint64_t value);
		const char *(*remedy)(uint64_t value);
	} errors[] = {
		{ hisi_qm_aeqe_type_name, hisi_qm_aeqe_type_remedy },
		{ hisi_qm_error_name, hisi_qm_error_remedy },
		{ hisi_zip_error_name, hisi_zip_error_remedy },
		{ hisi_zip_status_name, hisi_zip_status_remedy },
		{ hisi_sec_error_name, hisi_sec_error_remedy },
		{ hisi_sec_status_name, hisi_sec_status_remedy },
	};
	const char *remedy;
	uint64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		for (value = 0; value <= 0x100; value++) {
			remedy = errors[i].remedy(value);
			if (strcmp(errors[i].name(value), "unknown") == 0) {
				assert_non_null(strstr(remedy, "Not known"));
				continue;
			}
			assert_non_null(remedy);
			assert_null(strpbrk(remedy, "\t\n%"));
			assert_null(strstr(remedy, "Not known"));
			assert_int_equal(remedy[strlen(remedy) - 1], '.');
		}
		assert_non_null(strstr(errors[i].remedy(UINT64_MAX), "Not known"));
	}
}

/* A wide value is not cut down to one that exists. */
static void
test_wide_values_are_unknown(void **state)
{
	size_t i;
	unsigned int k;

	(void)state;
	for (i = 0; i < NB_NAMES; i++) {
		assert_string_equal(all_names[i].name(UINT64_MAX), "unknown");
		for (k = 0; k < all_names[i].count; k++)
			assert_string_equal(all_names[i].name(all_names[i].values[k] |
				UINT64_C(0x100000000)), "unknown");
	}
}

static void
test_names_are_unique(void **state)
{
	unsigned int a, b;
	size_t i;

	(void)state;
	for (i = 0; i < NB_NAMES; i++) {
		const struct names *names = &all_names[i];

		for (a = 0; a < names->count; a++)
			for (b = a + 1; b < names->count; b++)
				assert_string_not_equal(names->name(names->values[a]),
					names->name(names->values[b]));
	}
}

/* The enumerations of the headers are those numbers. */
static void
test_enumerations(void **state)
{
	(void)state;
	assert_string_equal(hisi_qm_version_name(HISI_QM_V3), "V3");
	assert_string_equal(hisi_qm_mailbox_command_name(HISI_QM_MB_CMD_STOP_QP), "stop_qp");
	assert_string_equal(hisi_qm_mailbox_command_name(HISI_QM_MB_CMD_SQC_VFT), "sqc_vft");
	assert_string_equal(hisi_qm_doorbell_command_name(HISI_QM_DB_CMD_AEQ), "aeq");
	assert_string_equal(hisi_qm_aeqe_type_name(HISI_QM_AEQE_CQE_ERROR), "cqe_error");
	assert_string_equal(hisi_qm_error_name(HISI_QM_ERR_DB_RANDOM_INVALID),
		"db_random_invalid");
	assert_string_equal(hisi_zip_error_name(HISI_ZIP_ERR_AXI_POISON), "axi_poison");
	assert_string_equal(hisi_zip_status_name(HISI_ZIP_STATUS_DECOMP_END), "decomp_end");
	assert_string_equal(hisi_zip_request_name(HISI_ZIP_REQ_LZ77_ZSTD_PRICE),
		"lz77_zstd_price");
	assert_string_equal(hisi_zip_buffer_name(HISI_ZIP_BUFFER_SGL), "sgl");
	assert_string_equal(hisi_zip_window_name(HISI_ZIP_WINDOW_24K), "24K");
	assert_string_equal(hisi_zip_queue_type_name(HISI_ZIP_QUEUE_DAE), "dae");
	assert_int_equal(HISI_QM_ERR_BITS, 15);
	assert_int_equal(HISI_ZIP_ERR_BITS, 13);
	assert_string_equal(hisi_sec_error_name(HISI_SEC_ERR_BD), "bd_err");
	assert_string_equal(hisi_sec_error_name(HISI_SEC_ERR_SVA), "sva");
	assert_string_equal(hisi_sec_c_mode_name(HISI_SEC_C_MODE_XTS), "xts");
	assert_string_equal(hisi_sec_a_alg_name(HISI_SEC_A_ALG_HMAC_SM3), "hmac_sm3");
	assert_string_equal(hisi_sec_scene_name(HISI_SEC_SCENE_STREAM), "stream");
	assert_string_equal(hisi_sec_icv_name(HISI_SEC_ICV_MISMATCH), "mismatch");
	assert_int_equal(HISI_SEC_ERR_BITS, 19);
}

/* zip.md 3.5, sec.md 6.2: nothing that the model invents is a code with a published meaning. */
static void
test_invented_codes_are_apart(void **state)
{
	uint64_t status;

	(void)state;
	for (status = 0; status < 0xe0; status++) {
		assert_null(strstr(hisi_zip_status_name(status), "model_"));
		assert_null(strstr(hisi_sec_status_name(status), "model_"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_and_no_others_are_named),
		cmocka_unit_test(test_errors_have_remedies),
		cmocka_unit_test(test_wide_values_are_unknown),
		cmocka_unit_test(test_names_are_unique),
		cmocka_unit_test(test_enumerations),
		cmocka_unit_test(test_invented_codes_are_apart),
	};

	return cmocka_run_group_tests_name("hisi_hw_names", tests, NULL, NULL);
}
