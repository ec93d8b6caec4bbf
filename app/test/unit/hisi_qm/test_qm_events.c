/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Asynchronous events (qm.md 4.4, 5.7, 6.6) and hardware errors (qm.md 2.5, zip.md 1.2).
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_cycles.h>
#include <rte_memory.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

/* The last event doorbell that was rung, 0: none. */
static uint64_t
last_event_doorbell(const struct fake_bus *fake)
{
	uint64_t word = 0;
	uint32_t i;

	for (i = 0; i < fake->log_len && i < FAKE_LOG_LEN; i++)
		if (fake->log[i].kind == FAKE_WRITE && fake->log[i].offset == 0x2000)
			word = fake->log[i].value;
	return word;
}

static void
write_eqe(struct rig *rig, uint32_t index, uint32_t phase)
{
	uint64_t base = rig->fake.eqc.base_lo | (uint64_t)rig->fake.eqc.base_hi << 32;

	hisi_qm_store_release((uint32_t *)(uintptr_t)base + index, phase << 16 | 2);
}

/* Nothing there: no doorbell, nothing counted. */
static void
test_no_events(void **state)
{
	struct rig *rig = *state;

	rig_service(rig);
	assert_int_equal(last_event_doorbell(&rig->fake), 0);
	assert_int_equal(rig->dev->stats.events + rig->dev->stats.async_events, 0);
}

/* EQEs are counted, and the doorbell (command 2) carries the new head. */
static void
test_eq(void **state)
{
	struct rig *rig = *state;
	uint32_t i;

	for (i = 0; i < 7; i++)
		write_eqe(rig, i, 1);
	rig_service(rig);
	assert_int_equal(rig->dev->stats.events, 7);
	/* qm.md 4.1: EQ head 7 */
	assert_true(last_event_doorbell(&rig->fake) == UINT64_C(0x0000000700002000));
	fake_log_forget(&rig->fake);
	rig_service(rig);
	assert_int_equal(last_event_doorbell(&rig->fake), 0);
}

/* All 2048 entries of two laps: the phase flips, at most half a ring per look. */
static void
test_eq_wraps(void **state)
{
	struct rig *rig = *state;
	uint32_t lap, i, looks = 0;

	for (lap = 0; lap < 2; lap++) {
		for (i = 0; i < 2048; i++)
			write_eqe(rig, i, !lap);
		while (rig->dev->stats.events != (lap + 1) * 2048) {
			rig_service(rig);
			assert_true(rig->dev->stats.events <= ++looks * 1024);
		}
		/* Stale entries of the lap are not taken for new ones. */
		rig_service(rig);
		assert_int_equal(rig->dev->stats.events, (lap + 1) * 2048);
	}
	assert_true(last_event_doorbell(&rig->fake) == UINT64_C(0x0000000000002000));
}

/* A CQ overflow or a CQE error stops the queue that it names; the doorbell is command 3. */
static void
check_aeqe_stops(struct rig *rig, uint32_t type, const char *message)
{
	struct hisi_qm_qp *other = rig_queue(rig, 8), *qp = rig_queue(rig, 8);
	struct rig_op op = { .id = 1 };

	assert_int_equal(rig_enqueue(qp, &op, 1), 1);
	fake_aeqe(&rig->fake, 0, 1, type, 1);
	rig_service(rig);
	assert_int_equal(rig->dev->stats.async_events, 1);
	assert_int_equal(test_log_count(message), 1);
	assert_true(last_event_doorbell(&rig->fake) == UINT64_C(0x0000000100003000));
	assert_int_equal(rig->fake.queues[1].stops, 1);
	assert_int_equal(rig->fake.queues[0].stops, 0);
	assert_int_equal(other->state, HISI_QM_QP_RUNNING);
	assert_int_equal(rig_dequeue(qp, 8), 1);
	rig_check_ops(&op, 1, 1);
	assert_int_equal(rig_dequeue(qp, 8), 0);
	rig_service(rig);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	assert_int_equal(hisi_qm_qp_destroy(other, false), 0);
}

static void
test_cq_overflow(void **state)
{
	check_aeqe_stops(*state, 0, "asynchronous event cq_overflow (type 0) on queue 1");
}

static void
test_cqe_error(void **state)
{
	check_aeqe_stops(*state, 2, "asynchronous event cqe_error (type 2) on queue 1");
}

/* Queues that are not there, beyond the function, types that nobody published. */
static void
test_aeqe_of_no_queue(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 8);

	fake_aeqe(&rig->fake, 0, 1, 0, 5);
	fake_aeqe(&rig->fake, 1, 1, 2, FAKE_QUEUES);
	fake_aeqe(&rig->fake, 2, 1, 0, UINT16_MAX);
	rig_service(rig);
	assert_int_equal(rig->dev->stats.async_events, 3);
	assert_true(last_event_doorbell(&rig->fake) == UINT64_C(0x0000000300003000));
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_equal(rig->fake.queues[0].stops, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* The device lost events, of whatever queues: the function is reset (qm.md 5.7, 6.6). */
static void
test_eq_overflow(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 8);
	struct rig_op op = { .id = 1 };

	assert_int_equal(rig_enqueue(qp, &op, 1), 1);
	fake_log_forget(&rig->fake);
	fake_aeqe(&rig->fake, 0, 1, 1, 0);
	rig_service(rig);
	assert_int_equal(test_log_count("asynchronous event eq_overflow (type 1)"), 1);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, 0), 1);
	/* No AEQ doorbell for it; those of the bring-up say 0. */
	assert_int_equal(last_event_doorbell(&rig->fake) >> 32, 0);
	assert_int_equal(rig_dequeue(qp, 8), 1);
	rig_check_ops(&op, 1, 1);
	assert_int_equal(rig_dequeue(qp, 8), 0);
	rig_service(rig);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	/* Once for each. */
	rig_service(rig);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, 0), 1);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* A device that reports without end: all of it counts, ten lines and one about the rest. */
static void
test_event_lines_have_a_limit(void **state)
{
	struct rig *rig = *state;
	uint32_t i;

	for (i = 0; i < 500; i++)
		fake_aeqe(&rig->fake, i, 1, 0, 5);
	while (rig->dev->stats.async_events < 500)
		rig_service(rig);
	assert_int_equal(test_log_count("asynchronous event cq_overflow"), 10);
	assert_int_equal(test_log_count("more than 10 asynchronous events within 10 s"), 1);
	/* Ten seconds on: how many were kept back, and the next ones again. */
	rig->dev->event_lines.since_tsc -= 11 * rte_get_timer_hz();
	fake_aeqe(&rig->fake, 500, 1, 0, 5);
	rig_service(rig);
	assert_int_equal(rig->dev->stats.async_events, 501);
	assert_int_equal(test_log_count("490 asynchronous events were not logged"), 1);
	assert_int_equal(test_log_count("asynchronous event cq_overflow"), 11);
}

static void
test_error_lines_have_a_limit(void **state)
{
	struct rig *rig = *state;
	uint32_t i;

	for (i = 0; i < 100; i++) {
		fake_reg_set(&rig->fake, 0x100008, 1u << 12);
		(void)hisi_qm_ras_service(rig->dev);
	}
	assert_int_equal(rig->dev->stats.hardware_errors, 100);
	assert_int_equal(test_log_count("db_random_invalid"), 10);
	assert_int_equal(test_log_count("more than 10 hardware errors within 10 s"), 1);
}

static unsigned int
count_recovery_lines(void)
{
	return test_log_count("mailbox command stop_qp of queue 3 failed") +
		test_log_count("qm_fun_db_drop") + test_log_count("bring-up stopped at");
}

/* Nor does a mailbox, a register or a bring-up that fails fill the log of one that worked. */
static void
test_recovery_lines_have_a_limit(void **state)
{
	struct rig *rig = *state;
	uint32_t i;

	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, UINT32_MAX, 1);
	fake_fail(&rig->fake, FAKE_WRITE, 0x0c, UINT32_MAX, -EIO);
	for (i = 0; i < 60; i++) {
		assert_int_equal(hisi_qm_mailbox_run(rig->dev, HISI_QM_MB_CMD_STOP_QP, false, 3, 0,
			NULL), -EIO);
		assert_int_equal(hisi_qm_reg_poll(rig->dev, HISI_QM_FUN_DB_DROP, 1, 1, 0), -ETIME);
		assert_int_equal(hisi_qm_bringup(rig->dev), -EIO);
	}
	assert_int_equal(rig->dev->stats.mailbox_errors, 60);
	assert_int_equal(count_recovery_lines(), 100);
	assert_int_equal(test_log_count("more than 100 lines about recovery within 10 s"), 1);
}

/* Rings are fresh after a reset of the function: old entries say nothing. */
static void
test_rings_after_a_reset(void **state)
{
	struct rig *rig = *state;

	write_eqe(rig, 0, 1);
	fake_aeqe(&rig->fake, 0, 1, 0, 7);
	rig_service(rig);
	assert_int_equal(hisi_qm_dev_reset(rig->dev), 0);
	assert_int_equal(hisi_qm_bringup(rig->dev), 0);
	rig_service(rig);
	assert_int_equal(rig->dev->stats.events, 1);
	assert_int_equal(rig->dev->stats.async_events, 1);
	fake_aeqe(&rig->fake, 0, 1, 0, 7);
	rig_service(rig);
	assert_int_equal(rig->dev->stats.async_events, 2);
}

/* PF: bits are named, cleared, and tell whether the function must be reset. */
static void
test_hardware_errors(void **state)
{
	struct rig *rig = *state;

	assert_false(hisi_qm_ras_service(rig->dev));
	/* Bit 12, wrong tag: no bit of the reset mask (qm.md 9). */
	fake_reg_set(&rig->fake, 0x100008, 1u << 12);
	assert_false(hisi_qm_ras_service(rig->dev));
	assert_int_equal(test_log_count("queue manager: db_random_invalid (bit 12)"), 1);
	assert_int_equal(fake_reg_get(&rig->fake, 0x100008), 0);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x100000), 1);
	/* qm.md 6.10: firmware may have switched the reports off: 2.2 and zip.md 1.2 have them. */
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x1000f4), 1);
	assert_int_equal(fake_reg_get(&rig->fake, 0x1000f4), 0x7c77);
	assert_int_equal(fake_reg_get(&rig->fake, 0x1000ec), 0x8);
	/* Bit 4 is one (qm.md 2.2: 0x6C77). */
	fake_reg_set(&rig->fake, 0x100008, 1u << 4);
	assert_true(hisi_qm_ras_service(rig->dev));
	assert_int_equal(test_log_count("acc_get_task_timeout"), 1);
	/* It is not to report again before the reset, and its source is not written. */
	assert_int_equal(fake_reg_get(&rig->fake, 0x1000f4), 0x7c77 & ~(1u << 4));
	assert_int_equal(fake_reg_get(&rig->fake, 0x301164), 0x1ffe);
	assert_int_equal(fake_reg_get(&rig->fake, 0x100008), 1u << 4);
	fake_reg_set(&rig->fake, 0x100008, 0);
	/* zip.md 1.2: bit 2 needs a reset, bit 12 does not (0x7FE). */
	fake_reg_set(&rig->fake, 0x3010ac, 1u << 2 | 1u << 12);
	assert_true(hisi_qm_ras_service(rig->dev));
	assert_int_equal(test_log_count("rig: axi_rresp (bit 2)"), 1);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x3010a0), 0);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x100000), 1);
	assert_int_equal(fake_reg_get(&rig->fake, 0x301164), 0x1ffe & ~(1u << 2 | 1u << 12));
	test_log_forget();
	fake_reg_set(&rig->fake, 0x3010ac, 1u << 12);
	assert_false(hisi_qm_ras_service(rig->dev));
	assert_int_equal(test_log_count("rig: sva (bit 12)"), 1);
	assert_int_equal(fake_reg_get(&rig->fake, 0x3010ac), 0);
}

/* qm.md 6.10: the map of V5 says whose DMA failed where the error bit asks for no reset. */
static void
test_v5_error_map(void **state)
{
	struct rig *rig = *state;
	const uint32_t cap = rig->engine->cap_qm_reset;

	rig->dev->version = HISI_QM_V5;
	rig->dev->engine_caps[cap] = 0x6c74;
	fake_reg_set(&rig->fake, 0x100280, 1u << 3);
	fake_reg_set(&rig->fake, 0x100008, 1u << 1);
	assert_false(hisi_qm_ras_service(rig->dev));
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x100280), 1);
	fake_reg_set(&rig->fake, 0x100280, 1u << 3 | 1);
	fake_reg_set(&rig->fake, 0x100008, 1u << 0);
	assert_true(hisi_qm_ras_service(rig->dev));
	/* Of another error it says nothing. */
	fake_reg_set(&rig->fake, 0x100008, 1u << 12);
	assert_false(hisi_qm_ras_service(rig->dev));
	/* Nor where another bit asks for a reset: the map stands until bring-up. */
	fake_reg_set(&rig->fake, 0x100280, 1u << 3);
	fake_reg_set(&rig->fake, 0x100008, 1u << 0 | 1u << 4);
	assert_true(hisi_qm_ras_service(rig->dev));
	rig->dev->version = HISI_QM_V3;
	fake_reg_set(&rig->fake, 0x100008, 1u << 0);
	assert_false(hisi_qm_ras_service(rig->dev));
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x100280), 2);
}

/* A function that left the bus reads all ones: these are no errors, and nothing is cleared. */
static void
test_all_ones_are_no_errors(void **state)
{
	struct rig *rig = *state;

	fake_reg_set(&rig->fake, 0x100008, UINT32_MAX);
	assert_false(hisi_qm_ras_service(rig->dev));
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, FAKE_ANY), 0);
	assert_int_equal(test_log_count("hardware error"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_no_events, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_eq, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_eq_wraps, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_cq_overflow, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_cqe_error, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_aeqe_of_no_queue, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_eq_overflow, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_event_lines_have_a_limit,
			rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_error_lines_have_a_limit,
			rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_recovery_lines_have_a_limit,
			rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_rings_after_a_reset, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_hardware_errors, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_v5_error_map, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_all_ones_are_no_errors,
			rig_setup, rig_teardown),
	};
	int ret = test_eal_start("test_qm_events");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_events", tests, NULL, NULL));
}
