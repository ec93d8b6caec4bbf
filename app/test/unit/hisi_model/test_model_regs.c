/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Registers, capability words, VFT and mailbox (qm.md 2, 3, 5.8, 6.2 to 6.4, 8.2).
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <hisi_qm_caps.h>
#include <hisi_zip_regs.h>

#include "model_rig.h"

static int
setup(void **state)
{
	return rig_setup_vfs(state, 2);
}

/* What a driver polls or must find at power-up (qm.md 8.2). */
static void
test_reset_values(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;

	assert_int_equal(rig_read(pf, HISI_QM_SUB_VERSION_ID), 0);
	assert_int_equal(rig_read(pf, HISI_QM_QUE_ISO_CFG_V), 0);
	assert_int_equal(rig_read(pf, HISI_QM_VF_EQ_INT_MASK), 1);
	assert_int_equal(rig_read(pf, HISI_QM_VF_AEQ_INT_MASK), 1);
	assert_int_equal(rig_read(pf, HISI_QM_IFC_INT_MASK), 1);
	assert_int_equal(rig_read(pf, HISI_QM_VF_STATE), HISI_QM_VF_STATE_NOT_READY);
	assert_int_equal(rig_read(pf, HISI_QM_VFT_CFG_RDY), 1);
	assert_int_equal(rig_read(pf, HISI_QM_MEM_INIT_DONE), 0);
	assert_int_equal(rig_read(pf, HISI_QM_REVISION_COPY), 0x30);
	assert_int_equal(rig_read(pf, HISI_QM_PEH_VENDOR_ID), HISI_PCI_VENDOR_ID);
	assert_int_equal(rig_read(pf, HISI_QM_PEH_DFX_INFO0), 0);
	assert_int_equal(rig_read(pf, HISI_AM_TRANS_RETURN), HISI_AM_TRANS_RETURN_DRAINED);
	assert_int_equal(rig_read(pf, HISI_QM_IN_IDLE_ST), HISI_QM_IN_IDLE_BIT);
	assert_int_equal(rig_read(pf, HISI_QM_ABNORMAL_INT_STATUS), 0);
	assert_int_equal(rig_read(pf, HISI_ZIP_CORE_INT_STATUS), 0);
}

static void
test_capability_words(void **state)
{
	struct rig *rig = *state;
	struct rig_client vf;
	uint32_t caps, i;

	rig_connect(rig, &vf, 1, 0);
	caps = rig_read(&rig->pf, HISI_QM_FUNC_CAPS);
	assert_int_not_equal(HISI_FIELD_GET(HISI_QM_CAP_VERSION, caps), 0);
	assert_true(caps & HISI_QM_CAP_STOP_QP);
	assert_true(caps & HISI_QM_CAP_STOP_FUNC);
	assert_false(caps & (HISI_QM_CAP_SVA_PREFETCH | HISI_QM_CAP_DAE | HISI_QM_CAP_RPM_PF |
		HISI_QM_CAP_RPM_VF));
	assert_int_equal(rig_read(&rig->pf, 0x3104), 0x04000800);
	assert_int_equal(rig_read(&rig->pf, 0x3108), 0x04000400);
	assert_int_equal(rig_read(&rig->pf, 0x311c), 0x00040003);
	assert_int_equal(rig_read(&rig->pf, 0x3124), 0x7c77);
	assert_int_equal(rig_read(&rig->pf, 0x313c), 0x12050203);
	assert_int_equal(rig_read(&rig->pf, 0x3148), 0x3f);
	for (i = 0x3100; i < 0x3170; i += 4)
		assert_int_equal(rig_read(&vf, i), rig_read(&rig->pf, i));
	assert_int_equal(rig_read(&rig->pf, HISI_QM_CAPABILITY), 16 | 16 << 11);
	rig_write(&rig->pf, HISI_QM_FUNC_CAPS, 0);
	assert_int_equal(rig_read(&rig->pf, HISI_QM_FUNC_CAPS), caps);
	rig_disconnect(&vf);
}

static void
test_configuration_is_kept(void **state)
{
	static const uint32_t words[] = { HISI_QM_CACHE_CTL, HISI_QM_DB_TIMEOUT_CFG,
		HISI_QM_PM_CTRL, HISI_QM_ARUSER_M_CFG_1, HISI_QM_PEH_AXUSER_CFG,
		HISI_QM_PEH_VENDOR_ID, HISI_QM_SHAPER_CFG, HISI_QM_OOO_SHUTDOWN_SEL,
		HISI_ZIP_CLOCK_GATE_CTRL, HISI_ZIP_HIGH_PERF, HISI_ZIP_PREFETCH_CFG,
		HISI_ZIP_DATA_RUSER_32_63, HISI_AM_CFG_PORT_WR_EN, HISI_QM_PAGE_SIZE };
	struct rig_client *pf = &((struct rig *)*state)->pf;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		rig_write(pf, words[i], 0xa5a50000 | i);
		assert_int_equal(rig_read(pf, words[i]), 0xa5a50000 | i);
	}
}

/* debugfs reads whole ranges at probe (qm.md 2.7, zip.md 1.4). */
static void
test_everything_answers(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;
	uint8_t page[4096];
	uint32_t offset;

	for (offset = 0; offset < pf->fn->bar_len; offset += sizeof(page))
		model_function_bar_read(pf->fn, offset, page, sizeof(page));
	for (offset = 0x301000; offset < 0x301300; offset += 4)
		(void)rig_read(pf, offset);
	model_function_bar_read(pf->fn, 0x0001, page, 3);
	model_function_bar_read(pf->fn, pf->fn->bar_len - 1, page, 1);
	assert_int_equal(page[0], 0);
}

static void
test_odd_writes_do_nothing(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;
	uint8_t bytes[64];

	memset(bytes, 0xff, sizeof(bytes));
	model_function_bar_write(pf->fn, HISI_QM_CACHE_CTL, bytes, 1);
	model_function_bar_write(pf->fn, HISI_QM_CACHE_CTL, bytes, 2);
	model_function_bar_write(pf->fn, HISI_QM_CACHE_CTL + 2, bytes, 4);
	model_function_bar_write(pf->fn, HISI_QM_CACHE_CTL, bytes, 64);
	assert_int_equal(rig_read(pf, HISI_QM_CACHE_CTL), 0);
	/* Half a doorbell is none. */
	model_function_bar_write(pf->fn, HISI_QM_DOORBELL_SQ_CQ, bytes, 4);
	model_function_bar_write(pf->fn, HISI_QM_DOORBELL_SQ_CQ + 4, bytes, 4);
	assert_int_equal(model_stat_get(&pf->fn->dev->stats.nb_doorbells), 0);
}

static void
test_vf_has_no_pf_registers(void **state)
{
	struct rig *rig = *state;
	struct rig_client vf;

	rig_connect(rig, &vf, 2, 0);
	assert_int_equal(vf.fn->bar_len, HISI_QM_BAR_LEN_VF);
	assert_int_equal(rig_read(&vf, HISI_QM_VF_EQ_INT_MASK), 1);
	rig_write(&vf, HISI_QM_VF_STATE, 0);
	assert_int_equal(rig_read(&vf, HISI_QM_VF_STATE), 0);
	assert_int_equal(rig_read(&rig->pf, HISI_QM_VF_STATE), 1);
	rig_disconnect(&vf);
}

static uint64_t
vft_read(struct rig_client *pf, uint32_t type, uint32_t address)
{
	rig_write(pf, HISI_QM_VFT_CFG_OP_WR, HISI_QM_VFT_OP_READ);
	rig_write(pf, HISI_QM_VFT_CFG_TYPE, type);
	rig_write(pf, HISI_QM_VFT_CFG_ADDRESS, address);
	rig_write(pf, HISI_QM_VFT_CFG_RDY, 0);
	assert_int_equal(rig_read(pf, HISI_QM_VFT_CFG_RDY), 0);
	rig_write(pf, HISI_QM_VFT_CFG_OP_ENABLE, 1);
	assert_int_equal(rig_read(pf, HISI_QM_VFT_CFG_RDY), 1);
	return (uint64_t)rig_read(pf, HISI_QM_VFT_CFG_DATA_H) << 32 |
		rig_read(pf, HISI_QM_VFT_CFG_DATA_L);
}

static void
test_vft_write_and_read(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;

	rig_bring_up(pf, 8);
	rig_vft(pf, 1, 8, 4);
	rig_vft(pf, 2, 12, 4);
	/* The layout of qm.md 5.8: base from bit 28, valid bit 44, count - 1 from bit 45. */
	assert_int_equal(vft_read(pf, HISI_QM_VFT_SQC, 1), 8ull << 28 | 1ull << 44 | 3ull << 45);
	assert_int_equal(vft_read(pf, HISI_QM_VFT_CQC, 2), 1ull << 28);
	rig_vft(pf, 1, 0, 0);
	assert_int_equal(vft_read(pf, HISI_QM_VFT_SQC, 1), 0);
	/* Memory init begins anew. */
	rig_write(pf, HISI_QM_MEM_START_INIT, 1);
	assert_int_equal(vft_read(pf, HISI_QM_VFT_SQC, 2), 0);
}

static void
test_vft_shaper_is_kept(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;
	const uint32_t address = 1 | 1 << 6; /* function 1, algorithm type 1 */

	rig_write(pf, HISI_QM_VFT_CFG_OP_WR, HISI_QM_VFT_OP_WRITE);
	rig_write(pf, HISI_QM_VFT_CFG_TYPE, HISI_QM_VFT_SHAPER);
	rig_write(pf, HISI_QM_VFT_CFG_ADDRESS, address);
	rig_write(pf, HISI_QM_VFT_CFG_DATA_L, HISI_QM_VFT_SHAPER_DEFAULT);
	rig_write(pf, HISI_QM_VFT_CFG_OP_ENABLE, 1);
	assert_int_equal(vft_read(pf, HISI_QM_VFT_SHAPER, address), HISI_QM_VFT_SHAPER_DEFAULT);
	assert_int_equal(vft_read(pf, HISI_QM_VFT_SHAPER, 1), 0);
	/* No such type, no such algorithm: ready again, nothing written. */
	rig_write(pf, HISI_QM_VFT_CFG_TYPE, 7);
	rig_write(pf, HISI_QM_VFT_CFG_OP_ENABLE, 1);
	assert_int_equal(rig_read(pf, HISI_QM_VFT_CFG_RDY), 1);
}

#define GET_VFT (HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET | HISI_QM_MB_CMD_SQC_VFT)

static void
test_vf_before_and_after_vft(void **state)
{
	struct rig *rig = *state;
	struct rig_queue q;
	struct rig_client vf;
	uint64_t entry;

	rig_connect(rig, &vf, 1, 0);
	/* Works without bus master (qm.md 3.5), and answers 0: base 0, "1 queue". */
	assert_int_equal(rig_mailbox(&vf, GET_VFT, 0, 0, &entry), 0);
	assert_int_equal(entry, 0);
	rig_set_master(&vf, 1);
	assert_int_equal(rig_queue_setup(&vf, &q, 0, 0, 8), MODEL_MB_BAD_QUEUE);
	rig_bring_up(&rig->pf, 4);
	rig_vft(&rig->pf, 1, 4, 2);
	assert_int_equal(rig_mailbox(&vf, GET_VFT, 0, 0, &entry), 0);
	assert_int_equal(entry, 4ull << 28 | 1ull << 44 | 1ull << 45);
	assert_int_equal(rig_queue_setup(&vf, &q, 1, 0, 8), 0);
	assert_int_equal(rig_queue_setup(&vf, &q, 2, 0, 8), MODEL_MB_BAD_QUEUE);
	rig_disconnect(&vf);
}

/* The three ways in which the 16 bytes may arrive (qm.md 3.5). */
static void
test_mailbox_widths(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;
	const uint64_t base = 0x123456789abcde0ull & ~31ull;
	struct hisi_qm_mailbox mb;
	uint32_t width, at;
	uint64_t word;

	for (width = 4; width <= 16; width *= 2) {
		mb = (struct hisi_qm_mailbox){ .w0 = HISI_QM_MB_BUSY | HISI_QM_MB_CMD_SQC_BT,
			.base_lo = (uint32_t)(base + 32 * width),
			.base_hi = (uint32_t)(base >> 32) };
		for (at = 0; at < 16; at += width) {
			model_function_bar_write(pf->fn, HISI_QM_MAILBOX + at, (uint8_t *)&mb + at,
				width);
			assert_int_equal(!!(rig_read(pf, HISI_QM_MAILBOX) & HISI_QM_MB_BUSY),
				at + width < 16);
		}
		assert_int_equal(rig_read(pf, HISI_QM_MAILBOX), HISI_QM_MB_CMD_SQC_BT);
		assert_int_equal(rig_mailbox(pf, HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET |
			HISI_QM_MB_CMD_SQC_BT, 0, 0, &word), 0);
		assert_int_equal(word, base + 32 * width);
		model_function_bar_read(pf->fn, HISI_QM_MAILBOX + 4, &word, 8);
		assert_int_equal(word, base + 32 * width);
	}
}

/* One engine for all functions: the other one's command is what everybody reads (qm.md 3.3). */
static void
test_mailbox_is_shared(void **state)
{
	struct rig *rig = *state;
	uint64_t half = HISI_QM_MB_BUSY | HISI_QM_MB_CMD_CQC_BT;
	struct rig_client vf;

	rig_connect(rig, &vf, 1, 0);
	model_function_bar_write(vf.fn, HISI_QM_MAILBOX, &half, sizeof(half));
	assert_int_equal(rig_read(&rig->pf, HISI_QM_MAILBOX), half);
	/* Its client dies: busy must not stay for ever. */
	rig_disconnect(&vf);
	assert_false(rig_read(&rig->pf, HISI_QM_MAILBOX) & HISI_QM_MB_BUSY);
	assert_int_equal(rig_mailbox(&rig->pf, GET_VFT, 0, 0, NULL), 0);
}

static void
test_mailbox_refuses(void **state)
{
	struct rig *rig = *state;
	uint32_t command;

	rig_bring_up(&rig->pf, 4);
	for (command = 0; command < 256; command++) {
		uint32_t status = rig_mailbox(&rig->pf, HISI_QM_MB_BUSY | command, 4, 0x1f, NULL);

		if (command == HISI_QM_MB_CMD_FLUSH_QM || command == HISI_QM_MB_CMD_PAUSE_QM ||
		    command == HISI_QM_MB_CMD_DST)
			assert_int_equal(status, 0);
		else
			assert_int_not_equal(status, 0);
	}
	assert_int_equal(rig_mailbox(&rig->pf, HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET, 0, RIG_IOVA,
		NULL), MODEL_MB_NOT_SET);
	assert_int_equal(rig_read(&rig->pf, HISI_QM_ABNORMAL_INT_SOURCE), 0);
}

static void
test_abnormal_interrupt(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;

	rig_set_master(pf, 1);
	rig_write(pf, HISI_QM_ABNORMAL_INT_SET, HISI_BIT32(HISI_QM_ERR_DB_TIMEOUT));
	assert_int_equal(rig_read(pf, HISI_QM_ABNORMAL_INT_SOURCE), 1 << 10);
	assert_int_equal(rig_read(pf, HISI_QM_ABNORMAL_INT_STATUS), 0);
	assert_int_equal(pf->irqs[HISI_QM_VECTOR_ABNORMAL], 0);
	rig_write(pf, HISI_QM_ABNORMAL_INT_MASK, ~UINT32_C(0x7c7f));
	assert_int_equal(pf->irqs[HISI_QM_VECTOR_ABNORMAL], 1);
	assert_int_equal(rig_read(pf, HISI_QM_ABNORMAL_INT_STATUS), 1 << 10);
	rig_write(pf, HISI_QM_ABNORMAL_INT_SOURCE, 1 << 10);
	assert_int_equal(rig_read(pf, HISI_QM_ABNORMAL_INT_SOURCE), 0);
	rig_write(pf, HISI_ZIP_CORE_INT_MASK, 0);
	rig_write(pf, HISI_ZIP_CORE_INT_SET, 2);
	assert_int_equal(rig_read(pf, HISI_ZIP_CORE_INT_STATUS), 2);
	assert_int_equal(pf->irqs[HISI_QM_VECTOR_ABNORMAL], 2);
	rig_write(pf, HISI_ZIP_CORE_INT_SOURCE, ~UINT32_C(0));
	assert_int_equal(rig_read(pf, HISI_ZIP_CORE_INT_STATUS), 0);
}

static void
test_bad_configurations(void **state)
{
	static const struct model_device_config bad[] = {
		{ .engine = "rde", .version = "v3", .nb_queues = 1 },
		{ .engine = "zip", .version = "v9", .nb_queues = 1 },
		{ .engine = "zip", .version = "v2", .nb_queues = 1 },
		{ .engine = "zip", .version = "v3", .nb_queues = 0 },
		{ .engine = "zip", .version = "v3", .nb_queues = 1025 },
		{ .engine = "zip", .version = "v3", .nb_queues = 1, .nb_vfs = 64 },
		{ .engine = "zip", .version = "v3", .nb_queues = 1, .nb_workers = 64 },
		{ .engine = "zip", .version = "v3", .nb_queues = 1, .is_pf_self = true },
		{ .engine = "zip", .version = "v3", .nb_queues = 3, .nb_vfs = 2, .vf_queues = 2,
			.is_pf_self = true },
	};
	struct model_device *dev;
	struct model_error error;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error.text[0] = '\0';
		assert_int_equal(model_device_create(&bad[i], &error, &dev), -EINVAL);
		assert_true(strlen(error.text) > 10);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reset_values, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_capability_words, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_configuration_is_kept, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_everything_answers, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_odd_writes_do_nothing, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_vf_has_no_pf_registers, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_vft_write_and_read, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_vft_shaper_is_kept, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_vf_before_and_after_vft, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_mailbox_widths, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_mailbox_is_shared, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_mailbox_refuses, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_abnormal_interrupt, setup, rig_teardown),
		cmocka_unit_test(test_bad_configurations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
