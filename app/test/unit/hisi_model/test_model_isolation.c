/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Doorbell isolation (qm.md 2.2, 4.2): what the chip shows of it, which doorbells it takes and
 * which it refuses. V5: doorbells that a driver had dropped (qm.md 2.1, 2.3).
 */

#include <stdlib.h>
#include <string.h>

#include <linux/pci_regs.h>

#include <model_isolation.h>

#include "model_rig.h"

#define ISOLATED 8
#define DEPTH 32

static int
setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct model_device_config config;

	rig_config(&config);
	config.nb_vfs = 1;
	config.isolated_queues = ISOLATED;
	rig_start(rig, &config);
	rig_bring_up(&rig->pf, ISOLATED);
	*state = rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_stop(*state);
	free(*state);
	return 0;
}

static void
test_what_is_shown(void **state)
{
	struct rig *rig = *state;
	struct rig_client vf;

	rig_connect(rig, &vf, 1, 0);
	assert_int_equal(rig_read(&rig->pf, 0x30), 1);
	assert_int_equal(rig_read(&vf, 0x30), 1);
	/* All of the device, and what one function may have. */
	assert_int_equal(rig_read(&rig->pf, 0x100158), 16 | ISOLATED << 11);
	/* Nobody writes it. */
	rig_write(&rig->pf, 0x30, 0);
	assert_int_equal(rig_read(&rig->pf, 0x30), 1);
	rig_disconnect(&vf);
}

/* 64-bit prefetchable, as long as the pages of all queues. */
static void
test_bar_in_config_space(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(model_isolation_bar_len(rig->dev), ISOLATED * 0x10000);
	assert_int_equal(rig_config_read(&rig->pf, PCI_BASE_ADDRESS_4, 4), 0xc);
	rig_config_write(&rig->pf, PCI_BASE_ADDRESS_4, ~0u, 4);
	rig_config_write(&rig->pf, PCI_BASE_ADDRESS_5, ~0u, 4);
	assert_int_equal(rig_config_read(&rig->pf, PCI_BASE_ADDRESS_4, 4), 0xfff80000 | 0xc);
	assert_int_equal(rig_config_read(&rig->pf, PCI_BASE_ADDRESS_5, 4), ~0u);
}

static void
test_length_is_a_power_of_two(void **state)
{
	struct model_device_config config;
	struct rig rig;

	(void)state;
	rig_config(&config);
	config.isolated_queues = 5;
	rig_start(&rig, &config);
	assert_int_equal(model_isolation_bar_len(rig.dev), 8 * 0x10000);
	rig_stop(&rig);
}

/* Without it there is no such BAR, and the doorbell of BAR2 is the one. */
static void
test_off(void **state)
{
	struct model_device_config config;
	struct rig rig;

	(void)state;
	rig_config(&config);
	rig_start(&rig, &config);
	assert_int_equal(rig_read(&rig.pf, 0x30), 0);
	assert_int_equal(model_isolation_bar_len(rig.dev), 0);
	rig_config_write(&rig.pf, PCI_BASE_ADDRESS_4, ~0u, 4);
	assert_int_equal(rig_config_read(&rig.pf, PCI_BASE_ADDRESS_4, 4), 0);
	rig_stop(&rig);
}

static void
ring_page(struct rig *rig, uint32_t page, uint32_t command, uint32_t qn, uint16_t tag,
	uint16_t index)
{
	uint64_t word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(command, qn, tag), index, 0);

	model_isolation_write(rig->pf.fn, page * 0x10000 + 0x1000, &word, sizeof(word));
}

/* Two requests by the doorbells of the queue's page, acknowledged there too. */
static void
test_work_by_its_page(void **state)
{
	struct rig *rig = *state;
	struct rig_client *pf = &rig->pf;
	uint64_t src = rig_alloc(pf, 4096, 64), dst = rig_alloc(pf, 8192, 64);
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_ZLIB, src, 4096, dst, 8192);
	struct rig_queue q;
	int i;

	assert_int_equal(rig_queue_setup(pf, &q, 3, 0, DEPTH), 0);
	for (i = 1; i <= 2; i++) {
		rig_queue_push(&q, &sqe);
		ring_page(rig, 3, HISI_QM_DB_CMD_SQ, 3, q.tag, q.tail);
		assert_int_equal(model_device_run(rig->dev), 1);
		assert_int_equal(rig_queue_pop(&q), i - 1);
		ring_page(rig, 3, HISI_QM_DB_CMD_CQ, 3, q.tag, q.head);
	}
	assert_int_equal(rig->nb_warnings, 0);
	assert_int_equal(model_stat_get(&rig->dev->stats.nb_doorbells), 4);
	assert_int_equal(model_stat_get(&rig->dev->stats.nb_doorbells_dropped), 0);
}

/* One dropped doorbell, with a line that says why; the queue does not move. */
static void
check_dropped(struct rig *rig, const char *message)
{
	assert_int_equal(rig->nb_warnings, 1);
	if (strstr(rig->last_log, message) == NULL)
		fail_msg("'%s' does not say '%s'", rig->last_log, message);
	assert_int_equal(model_stat_get(&rig->dev->stats.nb_doorbells_dropped), 1);
	assert_int_equal(model_device_run(rig->dev), 0);
	rig->nb_warnings = 0;
	atomic_store(&rig->dev->stats.nb_doorbells_dropped, 0);
}

static void
test_what_does_not_fit(void **state)
{
	static const uint32_t others[] = { 0, 8, 0xff8, 0x1004, 0x1008, 0x2000, 0xfff8 };
	struct rig *rig = *state;
	struct rig_client *pf = &rig->pf;
	uint64_t src = rig_alloc(pf, 4096, 64), dst = rig_alloc(pf, 8192, 64), word;
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_ZLIB, src, 4096, dst, 8192);
	struct rig_queue q;
	size_t i;

	assert_int_equal(rig_queue_setup(pf, &q, 3, 0, DEPTH), 0);
	rig_queue_push(&q, &sqe);
	/* Queue 3 in the page of queue 2; EQ in the page of queue 3. */
	ring_page(rig, 2, HISI_QM_DB_CMD_SQ, 3, q.tag, q.tail);
	check_dropped(rig, "doorbell does not belong in page 2 of BAR4");
	ring_page(rig, 3, HISI_QM_DB_CMD_EQ, 3, q.tag, q.tail);
	check_dropped(rig, "doorbell does not belong in page 3 of BAR4");
	/* BAR2: not while isolation is on. */
	rig_ring(pf, HISI_QM_DB_CMD_SQ, 3, q.tag, q.tail, 0);
	check_dropped(rig, "doorbell does not belong in BAR2 with isolation on");
	word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(HISI_QM_DB_CMD_SQ, 3, q.tag), q.tail, 0);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		model_isolation_write(pf->fn, 3 * 0x10000 + others[i], &word, sizeof(word));
		check_dropped(rig, "of BAR4 dropped: the doorbell of queue 3 is 8 bytes at 0x31000");
	}
	model_isolation_write(pf->fn, 3 * 0x10000 + 0x1000, &word, 4);
	check_dropped(rig, "write of 4 bytes at 0x31000 of BAR4 dropped");
	/* And the right one is taken. */
	ring_page(rig, 3, HISI_QM_DB_CMD_SQ, 3, q.tag, q.tail);
	assert_int_equal(model_device_run(rig->dev), 1);
}

static void
test_reads_are_zero(void **state)
{
	struct rig *rig = *state;
	uint64_t word = UINT64_MAX;

	model_isolation_read(rig->pf.fn, 0x1000, &word, sizeof(word));
	assert_int_equal(word, 0);
}

/* The function's own word, and its bit in the PF's; by message and by slot. */
static void
check_drop(const char *version, uint32_t offset, uint32_t value, bool is_dropped)
{
	struct model_device_config config;
	struct hisi_zip_sqe sqe;
	struct rig_queue q;
	struct rig rig;
	uint64_t src;

	rig_config(&config);
	config.version = version;
	rig_start(&rig, &config);
	rig_bring_up(&rig.pf, ISOLATED);
	src = rig_alloc(&rig.pf, 8192, 64);
	sqe = rig_sqe(HISI_ZIP_REQ_ZLIB, src, 64, src + 4096, 4096);
	assert_int_equal(rig_queue_setup(&rig.pf, &q, 0, 0, DEPTH), 0);
	rig_queue_push(&q, &sqe);
	rig_write(&rig.pf, offset, value);
	rig_queue_kick(&q, 0);
	rig_queue_kick(&q, 1);
	assert_int_equal(model_device_run(rig.dev), !is_dropped);
	assert_int_equal(model_stat_get(&rig.dev->stats.nb_doorbells_dropped), 2 * is_dropped);
	/* It is over, but a dropped doorbell does not come back: the next one counts. */
	rig_write(&rig.pf, offset, 0);
	assert_int_equal(model_device_run(rig.dev), 0);
	rig_queue_push(&q, &sqe);
	rig_queue_kick(&q, 1);
	assert_int_equal(model_device_run(rig.dev), is_dropped ? 2 : 1);
	rig_stop(&rig);
}

static void
test_dropped_doorbells(void **state)
{
	(void)state;
	check_drop("v5", 0x38, 1, true);
	check_drop("v5", 0x38, 2, false);
	check_drop("v5", 0x100250, 1, true);
	check_drop("v5", 0x100250, 2, false);
	check_drop("v5", 0x100254, 1, false);
	check_drop("v4", 0x38, 1, false);
	check_drop("v4", 0x100250, 1, false);
}

static void
check_refused(const struct model_device_config *config, const char *message)
{
	struct model_error error = { "" };
	struct model_device *dev;

	assert_int_equal(model_device_create(config, &error, &dev), -22);
	assert_non_null(strstr(error.text, message));
}

static void
test_bad_configurations(void **state)
{
	struct model_device_config config;

	(void)state;
	rig_config(&config);
	config.isolated_queues = 17;
	check_refused(&config, "17 isolated queues of a function, but the device has 16");
	config.isolated_queues = 1;
	config.nb_queues = 1024;
	config.version = "v2";
	check_refused(&config, "version 'v2' has no doorbell isolation");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_shown),
		TEST(test_bar_in_config_space),
		cmocka_unit_test(test_length_is_a_power_of_two),
		cmocka_unit_test(test_off),
		TEST(test_work_by_its_page),
		TEST(test_what_does_not_fit),
		TEST(test_reads_are_zero),
		cmocka_unit_test(test_dropped_doorbells),
		cmocka_unit_test(test_bad_configurations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
