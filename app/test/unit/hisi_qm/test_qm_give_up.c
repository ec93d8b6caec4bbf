/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A device that stops its queues and lets itself be reset, all as it should, and completes nothing:
 * it is given up after some resets. One that does something in between is not.
 */

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

#define NB_OPS 8
#define ROUNDS 40
/* More than hisi_qm_give_up.c waits for. */
#define SOME_S 5

static struct rig_op ops[ROUNDS][NB_OPS];
/* So many of them were handed over, each NB_OPS operations. */
static uint32_t rounds;

static int
setup(void **state)
{
	memset(ops, 0, sizeof(ops));
	rounds = 0;
	return rig_setup(state);
}

static void
pass_time(struct rig *rig)
{
	rig->dev->vain_tsc -= SOME_S * rte_get_timer_hz();
}

static void
send(struct rig *rig, struct hisi_qm_qp *qp)
{
	assert_true(rounds < ROUNDS);
	assert_int_equal(rig_enqueue(qp, ops[rounds++], NB_OPS), NB_OPS);
	assert_int_equal(fake_queue_look(&rig->fake, qp->qn), NB_OPS);
}

/* The device takes some operations and completes so many; the others time out and come back. */
static void
work_and_hang(struct rig *rig, struct hisi_qm_qp *qp, uint32_t good)
{
	uint32_t i;

	send(rig, qp);
	for (i = 0; i < good; i++)
		fake_queue_complete(&rig->fake, qp->qn, i);
	assert_int_equal(rig_dequeue(qp, NB_OPS), good);
	qp->failed = HISI_QM_QP_FAILED;
	rig_service(rig);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS - good);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	rig_check_ops(ops[rounds - 1], NB_OPS, NB_OPS - good);
	rig_service(rig);
}

static uint32_t
resets(struct rig *rig)
{
	return fake_log_count(&rig->fake, FAKE_RESET, 0);
}

static void
check_given_up(struct rig *rig, struct hisi_qm_qp *qp)
{
	struct rig_op more = { .id = 9 };

	assert_int_equal(rig->dev->state, HISI_QM_DEV_DEAD);
	assert_int_equal(qp->state, HISI_QM_QP_DEAD);
	assert_int_equal(rig_enqueue(qp, &more, 1), 0);
	assert_int_equal(test_log_count("given up after 3 resets in a row with no operation completed between them: qm_mailbox (0x300) = "),
		1);
	assert_int_equal(test_log_count("remove the device and add it again"), 1);
	fake_log_forget(&rig->fake);
	rig_service(rig);
	assert_int_equal(rig->fake.log_len, 0);
}

/* First the queue is stopped; when that has helped nothing the function is reset, some times. */
static void
test_nothing_completes(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint32_t i;

	for (i = 0; i < 3; i++) {
		work_and_hang(rig, qp, 0);
		assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
		assert_int_equal(rig->fake.queues[0].stops, 1);
		assert_int_equal(resets(rig), i);
	}
	pass_time(rig);
	work_and_hang(rig, qp, 0);
	check_given_up(rig, qp);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* However many come in a row, not before some time: errors of a device come in swarms. */
static void
test_not_at_once(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);

	while (rounds < ROUNDS - 2) {
		/* All this happens within a moment. */
		rig->dev->vain_tsc = rte_get_timer_cycles();
		work_and_hang(rig, qp, 0);
	}
	assert_int_equal(resets(rig), ROUNDS - 3);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	/* Then one completes: what comes later begins with a stop, and is counted from none. */
	pass_time(rig);
	work_and_hang(rig, qp, 1);
	assert_int_equal(resets(rig), ROUNDS - 3);
	work_and_hang(rig, qp, 0);
	assert_int_equal(resets(rig), ROUNDS - 2);
	assert_int_equal(rig->dev->vain_resets, 0);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* One operation each time, and it goes on: with stops of the queue. */
static void
test_something_completes(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);

	while (rounds < ROUNDS) {
		work_and_hang(rig, qp, 1);
		pass_time(rig);
	}
	assert_int_equal(rig->fake.queues[0].stops, ROUNDS);
	assert_int_equal(resets(rig), 0);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* A queue that never completes costs its neighbours nothing while they work. */
static void
test_neighbour_works(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *bad = rig_queue(rig, 32), *good = rig_queue(rig, 32);
	struct rig_op one;

	while (rounds < ROUNDS) {
		one = (struct rig_op){ .id = 1 };
		assert_int_equal(rig_enqueue(good, &one, 1), 1);
		assert_int_equal(fake_queue_look(&rig->fake, good->qn), 1);
		fake_queue_complete(&rig->fake, good->qn, rounds);
		assert_int_equal(rig_dequeue(good, 1), 1);
		work_and_hang(rig, bad, 0);
		pass_time(rig);
	}
	assert_int_equal(resets(rig), 0);
	assert_int_equal(rig->fake.queues[bad->qn].stops, ROUNDS);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_int_equal(hisi_qm_qp_destroy(good, false), 0);
	assert_int_equal(hisi_qm_qp_destroy(bad, false), 0);
}

/* Each time that a queue is to get its context there is an error that asks for a reset. */
static void
fail_at_the_context(struct fake_bus *fake, uint32_t command, void *opaque)
{
	RTE_SET_USED(opaque);
	if (command != HISI_QM_MB_CMD_AEQC)
		return;
	fake->rules[0] = (struct fake_mailbox_rule){ HISI_QM_MB_CMD_SQC, FAKE_MB_STATUS, 1, 2 };
	fake_reg_set(fake, 0x100008, 1u << 5);
}

static void
test_no_restart_for_errors(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint32_t i;

	send(rig, qp);
	fake_reg_set(&rig->fake, 0x100008, 1u << 5);
	rig->fake.on_mailbox = fail_at_the_context;
	qp->failed = HISI_QM_QP_FAILED;
	for (i = 0; i < 3; i++) {
		rig_service(rig);
		assert_int_equal(rig_dequeue(qp, NB_OPS), i == 0 ? NB_OPS : 0);
		assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
		assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
		assert_int_equal(resets(rig), i + 1);
	}
	rig_check_ops(ops[0], NB_OPS, NB_OPS);
	pass_time(rig);
	for (i = 0; i < 2 && rig->dev->state != HISI_QM_DEV_DEAD; i++)
		rig_service(rig);
	rig->fake.on_mailbox = NULL;
	assert_int_equal(rig->dev->state, HISI_QM_DEV_DEAD);
	assert_int_equal(test_log_count("resets in a row with no operation completed between them"), 1);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/*
 * A queue's restart fails now and then, a reset helps, and the function works until the next time.
 * It never comes to rest, because nobody dequeues from another queue.
 */
static void
test_restarts_fail_and_resets_help(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32), *other = rig_queue(rig, 32);
	uint32_t looks;

	send(rig, other);
	other->failed = HISI_QM_QP_FAILED;
	rig_service(rig);
	assert_int_equal(other->state, HISI_QM_QP_QUIESCED);
	while (rounds < 11) {
		fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_SQC, FAKE_MB_STATUS, 1, 2);
		work_and_hang(rig, qp, 1);
		assert_int_equal(qp->state, HISI_QM_QP_QUIESCED);
		for (looks = 0; qp->state != HISI_QM_QP_RUNNING; looks++) {
			assert_true(looks < 100);
			assert_int_equal(rig->dev->state == HISI_QM_DEV_DEAD, false);
			rig_service(rig);
		}
		assert_int_equal(resets(rig), rounds - 1);
	}
	assert_int_equal(test_log_count("given up"), 0);
	assert_int_equal(rig_dequeue(other, NB_OPS), NB_OPS);
	assert_int_equal(rig_dequeue(other, NB_OPS), 0);
	rig_check_ops(ops[0], NB_OPS, NB_OPS);
	assert_int_equal(hisi_qm_qp_destroy(other, false), 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* Errors of a device that nobody gives work to, and resets by hand, prove nothing. */
static void
test_idle(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint32_t i;

	for (i = 0; i < ROUNDS; i++) {
		fake_reg_set(&rig->fake, 0x100008, 1u << 5);
		rig->dev->stats.interrupts[HISI_QM_VECTOR_ABNORMAL]++;
		rig_service(rig);
		assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
		rig_service(rig);
		pass_time(rig);
	}
	assert_int_equal(resets(rig), ROUNDS);
	for (i = 0; i < ROUNDS; i++) {
		send(rig, qp);
		rig->dev->reset_wanted = true;
		rig_service(rig);
		assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
		assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
		rig_service(rig);
		pass_time(rig);
	}
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* What happened an hour ago is another story. */
static void
test_long_ago(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint64_t hour = 3600 * rte_get_timer_hz();

	while (rounds < ROUNDS) {
		work_and_hang(rig, qp, 0);
		/* The clock of a machine may not have an hour behind it. */
		qp->run_tsc = qp->run_tsc > hour ? qp->run_tsc - hour : 0;
		rig->dev->reset_tsc = rig->dev->reset_tsc > hour ? rig->dev->reset_tsc - hour : 0;
		rig->dev->moved_tsc = 0;
	}
	assert_int_equal(resets(rig), 0);
	assert_int_equal(rig->fake.queues[0].stops, ROUNDS);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing_completes, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_not_at_once, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_something_completes, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_neighbour_works, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_no_restart_for_errors, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_restarts_fail_and_resets_help, setup,
			rig_teardown),
		cmocka_unit_test_setup_teardown(test_idle, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_long_ago, setup, rig_teardown),
	};
	int ret = test_eal_start("test_qm_give_up");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_give_up", tests, NULL, NULL));
}
