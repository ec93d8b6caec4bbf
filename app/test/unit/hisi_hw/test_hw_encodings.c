/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Worked encodings of the reference: the numbers are copied from qm.md and zip.md, never made by
 * the macros under test.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hisi_hw_names.h>
#include <hisi_qm_caps.h>
#include <hisi_qm_context.h>
#include <hisi_qm_doorbell.h>
#include <hisi_qm_mailbox.h>
#include <hisi_qm_regs.h>
#include <hisi_qm_shadow.h>
#include <hisi_zip_regs.h>
#include <hisi_zip_sqe.h>

static uint64_t
doorbell(enum hisi_qm_doorbell_command command, uint16_t queue, uint16_t tag, uint16_t index,
	uint16_t priority)
{
	return hisi_qm_doorbell_word(hisi_qm_doorbell_base(command, queue, tag), index, priority);
}

/* qm.md 4.1 and appendix B 6, 8 */
static void
test_doorbells(void **state)
{
	(void)state;
	assert_true(doorbell(HISI_QM_DB_CMD_SQ, 3, 0, 5, 0) == UINT64_C(0x0000000500000003));
	assert_true(doorbell(HISI_QM_DB_CMD_CQ, 3, 0, 5, 1) == UINT64_C(0x0001000500001003));
	assert_true(doorbell(HISI_QM_DB_CMD_EQ, 0, 0, 7, 0) == UINT64_C(0x0000000700002000));
	assert_true(doorbell(HISI_QM_DB_CMD_AEQ, 0, 0, 1, 0) == UINT64_C(0x0000000100003000));
	assert_true(doorbell(HISI_QM_DB_CMD_SQ, 0, 0, 1, 0) == UINT64_C(0x0000000100000000));
	assert_true(doorbell(HISI_QM_DB_CMD_CQ, 0, 0, 1, 0) == UINT64_C(0x0000000100001000));
	/* the tag of OP-TEE */
	assert_true(doorbell(HISI_QM_DB_CMD_SQ, 1, 0x5a, 2, 0) == UINT64_C(0x00000002005a0001));
}

static uint32_t
mailbox_w0(enum hisi_qm_mailbox_command command, int get)
{
	return HISI_FIELD_PREP(HISI_QM_MB_COMMAND, (uint32_t)command) | HISI_QM_MB_BUSY |
		(get ? HISI_QM_MB_OP_GET : 0);
}

/* qm.md 3.2, "First W0 values" */
static void
test_mailbox_w0(void **state)
{
	static const struct {
		enum hisi_qm_mailbox_command command;
		int get;
		uint32_t w0;
	} values[] = {
		{ HISI_QM_MB_CMD_SQC, 0, 0x2000 }, { HISI_QM_MB_CMD_SQC, 1, 0x6000 },
		{ HISI_QM_MB_CMD_CQC, 0, 0x2001 }, { HISI_QM_MB_CMD_CQC, 1, 0x6001 },
		{ HISI_QM_MB_CMD_EQC, 0, 0x2002 }, { HISI_QM_MB_CMD_AEQC, 0, 0x2003 },
		{ HISI_QM_MB_CMD_SQC_BT, 0, 0x2004 }, { HISI_QM_MB_CMD_CQC_BT, 0, 0x2005 },
		{ HISI_QM_MB_CMD_SQC_VFT, 1, 0x6006 }, { HISI_QM_MB_CMD_STOP_QP, 0, 0x2008 },
		{ HISI_QM_MB_CMD_FLUSH_QM, 0, 0x2009 }, { HISI_QM_MB_CMD_SRC, 0, 0x200c },
		{ HISI_QM_MB_CMD_DST, 1, 0x600d }, { HISI_QM_MB_CMD_PAUSE_QM, 0, 0x200e },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_int_equal(mailbox_w0(values[i].command, values[i].get), values[i].w0);
}

/* Appendix B 1: the bytes of a command as they lie in the BAR. */
static void
test_mailbox_bytes(void **state)
{
	static const uint8_t bytes[16] = { 0x06, 0x60 };
	struct hisi_qm_mailbox mb = { .w0 = (uint16_t)mailbox_w0(HISI_QM_MB_CMD_SQC_VFT, 1) };

	(void)state;
	assert_memory_equal(&mb, bytes, sizeof(bytes));
	/* "read back until byte 1 bit 5 is 0" */
	assert_int_equal(HISI_QM_MB_BUSY >> 8, 1 << 5);
}

/* qm.md 5.1, 5.2, 5.3: ready values */
static void
test_context_words(void **state)
{
	(void)state;
	assert_int_equal(HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, 1023u) |
		HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, 7u), 0x73ff);
	assert_int_equal(HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, 1023u) |
		HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, 6u), 0x63ff);
	assert_int_equal(HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, 1023u) |
		HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, (uint32_t)HISI_QM_CQE_LOG2), 0x43ff);
	assert_int_equal(HISI_FIELD_PREP(HISI_QM_EQC_DW6_DEPTH, 2047u) | HISI_QM_EQC_DW6_PHASE,
		0x107ff);
	assert_int_equal(HISI_FIELD_PREP(HISI_QM_EQC_DW6_DEPTH, 1023u) | HISI_QM_EQC_DW6_PHASE,
		0x103ff);
	/* W13 = 0x0010 | type << 8; 0x40 disables a queue */
	assert_int_equal(HISI_QM_SQC_W13_ORDER |
		HISI_FIELD_PREP(HISI_QM_SQC_W13_TYPE, (uint32_t)HISI_ZIP_QUEUE_DECOMPRESS), 0x0110);
	assert_int_equal(HISI_QM_SQC_W13_CLOSE, 0x40);
}

/* Appendix B 4 and 5: whole contexts, dword by dword. */
static void
test_contexts_of_appendix_b(void **state)
{
	const uint64_t sq = UINT64_C(0x123456789ab00), cq = UINT64_C(0x7f1200000040);
	const uint32_t sqc_words[8] = { 0, (uint32_t)sq, (uint32_t)(sq >> 32), 0x000073ff, 0, 0,
		0x00100000, 0 };
	const uint32_t cqc_words[8] = { 0, (uint32_t)cq, (uint32_t)(cq >> 32), 0x000043ff, 0, 0,
		0x00000001, 0 };
	struct hisi_qm_sqc sqc = { .base_lo = (uint32_t)sq, .base_hi = (uint32_t)(sq >> 32),
		.dw3 = 0x73ff, .w13 = HISI_QM_SQC_W13_ORDER };
	struct hisi_qm_cqc cqc = { .base_lo = (uint32_t)cq, .base_hi = (uint32_t)(cq >> 32),
		.dw3 = 0x43ff, .dw6 = HISI_QM_CQC_DW6_PHASE };

	(void)state;
	assert_memory_equal(&sqc, sqc_words, sizeof(sqc_words));
	assert_memory_equal(&cqc, cqc_words, sizeof(cqc_words));
}

/* qm.md 5.6: as one 64-bit word at byte 8 */
static void
test_cqe(void **state)
{
	struct hisi_qm_cqe cqe = { .sq_head = 0x3fe, .sq_num = 0x11, .w7 = HISI_QM_CQE_PHASE };
	uint64_t high;

	(void)state;
	memcpy(&high, (const uint8_t *)&cqe + 8, sizeof(high));
	assert_true(high == UINT64_C(0x00010000001103fe));
	assert_true(HISI_FIELD_GET(HISI_QM_CQE_HI_SQ_HEAD, high) == 0x3fe);
	assert_true(HISI_FIELD_GET(HISI_QM_CQE_HI_SQ_NUM, high) == 0x11);
	assert_true(HISI_FIELD_GET(HISI_QM_CQE_HI_PHASE, high) == 1);
}

/* qm.md 5.7: AEQE of a CQE error on queue 9, phase 1 */
static void
test_aeqe(void **state)
{
	const uint32_t aeqe = 0x00050009;

	(void)state;
	assert_int_equal(HISI_FIELD_GET(HISI_QM_AEQE_TYPE, aeqe), HISI_QM_AEQE_CQE_ERROR);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_EQE_QUEUE, aeqe), 9);
	assert_int_equal(HISI_FIELD_GET(HISI_QM_EQE_PHASE, aeqe), 1);
}

static uint64_t
vft(uint64_t base, uint64_t count)
{
	return HISI_FIELD_PREP(HISI_QM_VFT_SQC_BASE, base) | HISI_QM_VFT_SQC_VALID |
		HISI_FIELD_PREP(HISI_QM_VFT_SQC_COUNT, count - 1);
}

/* qm.md 5.8 examples and 6.13 */
static void
test_vft(void **state)
{
	(void)state;
	assert_true(vft(0, 64) == UINT64_C(0x0007f00000000000));
	assert_true(vft(64, 960) == UINT64_C(0x0077f00400000000));
	assert_true(HISI_QM_VFT_CQC_VALID == 0x10000000);
	assert_true((HISI_FIELD_PREP(HISI_QM_VFT_SHAPER_CIR_B, UINT64_C(150)) |
		HISI_FIELD_PREP(HISI_QM_VFT_SHAPER_CIR_U, UINT64_C(6)) |
		HISI_FIELD_PREP(HISI_QM_VFT_SHAPER_CIR_S, UINT64_C(0)) |
		HISI_FIELD_PREP(HISI_QM_VFT_SHAPER_CBS_B, UINT64_C(1)) |
		HISI_FIELD_PREP(HISI_QM_VFT_SHAPER_CBS_S, UINT64_C(19))) ==
		HISI_QM_VFT_SHAPER_DEFAULT);
	assert_int_equal(HISI_QM_VFT_SHAPER_DEFAULT, 0x00988696);
}

/* qm.md 2.2, 2.3 and zip.md 2 */
static void
test_register_words(void **state)
{
	(void)state;
	assert_int_equal(HISI_FIELD_PREP(HISI_QM_CAPABILITY_TOTAL_QPS, 1024u) |
		HISI_FIELD_PREP(HISI_QM_CAPABILITY_FUNC_QPS, 1024u), 0x00200400);
	assert_int_equal(HISI_QM_SHAPER_ENABLE | HISI_FIELD_PREP(HISI_QM_SHAPER_RATE_0, 750u) |
		HISI_FIELD_PREP(HISI_QM_SHAPER_RATE_1, 140u), 0x400232ee);
	assert_int_equal(HISI_ZIP_SHAPER_RATES, 0x400232ee);
	assert_int_equal(HISI_ZIP_CORES_DECOMP_CHECK | 0x1c | 0x03, 0x1001f);
	assert_int_equal(0x1001f | HISI_ZIP_CLOCK_GATE_V3, 0x2001ff1f);
}

/* zip.md 3.2, "Values seen in practice" */
static void
test_zip_request_words(void **state)
{
	uint32_t dw7 = HISI_ZIP_DW7_FINISH | HISI_ZIP_DW7_STREAM_NEW |
		HISI_FIELD_PREP(HISI_ZIP_DW7_SQE_TYPE, (uint32_t)HISI_ZIP_SQE_TYPE_3);

	(void)state;
	assert_int_equal(dw7, 0x3a000000);
	assert_int_equal(dw7 | HISI_ZIP_DW7_STATEFUL, 0x3e000000);
	assert_int_equal(HISI_FIELD_PREP(HISI_ZIP_DW9_WINDOW, (uint32_t)HISI_ZIP_WINDOW_16K) |
		HISI_FIELD_PREP(HISI_ZIP_DW9_BUFFER, (uint32_t)HISI_ZIP_BUFFER_SGL) |
		HISI_ZIP_REQ_DEFLATE, 0x2101);
	assert_int_equal(HISI_FIELD_PREP(HISI_ZIP_DW9_WINDOW, (uint32_t)HISI_ZIP_WINDOW_32K) |
		HISI_ZIP_REQ_DEFLATE, 0x4001);
}

/* The private doorbell region: blocks for 64 KiB pages, no two slots in one line. */
static void
test_shadow_slots(void **state)
{
	(void)state;
	assert_int_equal(HISI_QM_SHADOW_SQ_OFFSET(0), 0);
	assert_int_equal(HISI_QM_SHADOW_CQ_OFFSET(0), 64);
	assert_int_equal(HISI_QM_SHADOW_SQ_OFFSET(1023), 1023 * 128);
	assert_int_equal(HISI_QM_SHADOW_LEN(1), 0x10000);
	assert_int_equal(HISI_QM_SHADOW_LEN(512), 0x10000);
	assert_int_equal(HISI_QM_SHADOW_LEN(513), 0x20000);
	assert_int_equal(HISI_QM_SHADOW_LEN(1024), 0x20000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doorbells),
		cmocka_unit_test(test_mailbox_w0),
		cmocka_unit_test(test_mailbox_bytes),
		cmocka_unit_test(test_context_words),
		cmocka_unit_test(test_contexts_of_appendix_b),
		cmocka_unit_test(test_cqe),
		cmocka_unit_test(test_aeqe),
		cmocka_unit_test(test_vft),
		cmocka_unit_test(test_register_words),
		cmocka_unit_test(test_zip_request_words),
		cmocka_unit_test(test_shadow_slots),
	};

	return cmocka_run_group_tests_name("hisi_hw_encodings", tests, NULL, NULL);
}
