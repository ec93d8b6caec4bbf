/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Queues without progress, silent peers and dead ones: the quiesce rule. An operation goes back
 * with an error only when the device can no longer write its buffers, and then exactly once.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rte_cycles.h>
#include <rte_memory.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

#define NB_OPS 8
/* What comes about comes about within this on any machine. */
#define PATIENCE_S 60

static struct rig_op ops[NB_OPS];

static int
setup(void **state)
{
	memset(ops, 0, sizeof(ops));
	return rig_setup(state);
}

static struct hisi_qm_qp *
queue_with_ops(struct rig *rig, uint32_t timeout_ms)
{
	rig->dev->args.timeout_ms = timeout_ms;
	return rig_queue_with(rig, ops, NB_OPS);
}

/* Often enough for several looks at the clock. */
static void
poll_often(struct hisi_qm_qp *qp)
{
	uint32_t i;

	for (i = 0; i < 1000; i++)
		assert_int_equal(rig_dequeue(qp, 1), 0);
}

/* Poll until the timeout alarm is up; returns after how many ms. */
static uint64_t
poll_for_alarm(struct hisi_qm_qp *qp)
{
	uint64_t start = rte_get_timer_cycles(), end = start + PATIENCE_S * rte_get_timer_hz();

	while (qp->alarm != HISI_QM_QP_ALARM_TIMEOUT) {
		assert_true(rte_get_timer_cycles() < end);
		assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	}
	return (rte_get_timer_cycles() - start) * 1000 / rte_get_timer_hz();
}

/* Stopped by command, operations back once with an error, then a fresh start. */
static void
check_stop_and_restart(struct rig *rig, struct hisi_qm_qp *qp)
{
	uint16_t tag = qp->tag;

	rig_service(rig);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_PING, 0), 1);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_STOP_QP), 1);
	assert_int_equal(test_log_count("queue 0 stopped with 8 operations"), 1);
	assert_int_equal(rig_dequeue(qp, 3), 3);
	rig_service(rig);
	assert_int_equal(qp->state, HISI_QM_QP_QUIESCED);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS - 3);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	assert_int_equal(qp->dequeue_stats.returned, NB_OPS);
	rig_service(rig);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_not_equal(qp->tag, tag);
	assert_int_equal(test_log_count("queue 0 runs again"), 1);
}

static void
test_timeouts(void **state)
{
	static const uint32_t timeouts_ms[] = { 10, 30, 50 };
	struct rig *rig = *state;
	struct hisi_qm_qp *qp;
	size_t i;

	for (i = 0; i < RTE_DIM(timeouts_ms); i++) {
		memset(ops, 0, sizeof(ops));
		qp = queue_with_ops(rig, timeouts_ms[i]);
		assert_true(poll_for_alarm(qp) >= timeouts_ms[i]);
		assert_int_equal(qp->dequeue_stats.timeouts, 1);
		test_log_forget();
		fake_log_forget(&rig->fake);
		check_stop_and_restart(rig, qp);
		assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	}
}

/* Slow is not stuck: each completion gives a fresh term. */
static void
test_progress_is_no_timeout(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = queue_with_ops(rig, 1000 * PATIENCE_S);
	uint32_t i;

	for (i = 0; i < NB_OPS; i++) {
		poll_often(qp);
		/* Half of the term is over. */
		qp->idle_tsc -= qp->timeout_tsc / 2;
		poll_often(qp);
		assert_int_equal(qp->alarm, HISI_QM_QP_ALARM_NONE);
		fake_queue_complete(&rig->fake, 0, i);
		assert_int_equal(rig_dequeue(qp, NB_OPS), 1);
	}
	rig_check_ops(ops, NB_OPS, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* An empty queue waits for nothing. */
static void
test_idle_queue_has_no_alarm(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp;

	rig->dev->args.timeout_ms = 10;
	qp = rig_queue(rig, 32);
	rig_poll_for(qp, 40);
	assert_int_equal(qp->alarm, HISI_QM_QP_ALARM_NONE);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* What completes between the alarm and the look settles it. */
static void
test_late_completion_settles(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = queue_with_ops(rig, 10);
	uint32_t i;

	(void)poll_for_alarm(qp);
	for (i = 0; i < NB_OPS; i++)
		fake_queue_complete(&rig->fake, 0, i);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	fake_log_forget(&rig->fake);
	rig_service(rig);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_PING, 0), 0);
	assert_int_equal(rig->fake.queues[0].stops, 0);
	rig_check_ops(ops, NB_OPS, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/*
 * A peer that is there but does not answer may still write: nothing is handed back, nothing more
 * is asked of it, and that is said once.
 */
static void
test_silence(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = queue_with_ops(rig, 10);
	uint32_t i;

	(void)poll_for_alarm(qp);
	rig->fake.ping_result = -ETIMEDOUT;
	rig_service(rig);
	rig->fake.alive_result = 1;
	for (i = 0; i < 200; i++)
		rig_service(rig);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_PING, 0), 1);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_STOP_QP), 0);
	assert_int_equal(test_log_count("waiting for the fake device, which is there"), 1);
	rig_poll_for(qp, 30);
	assert_int_equal(hisi_qm_qp_in_flight(qp), NB_OPS);
	/* It is back, and so are its completions: no queue is stopped without fault of its own. */
	rig->fake.alive_result = 0;
	rig->fake.ping_result = 0;
	rig_service(rig);
	assert_int_equal(test_log_count("answers again"), 1);
	assert_int_equal(rig->fake.queues[0].stops, 0);
	for (i = 0; i < NB_OPS; i++)
		fake_queue_complete(&rig->fake, 0, i);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	rig_check_ops(ops, NB_OPS, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* Late replies only: it is back when it answers again, which is said once, as its silence was. */
static void
test_silence_with_late_replies(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = queue_with_ops(rig, 10);
	uint32_t i;

	qp->failed = 1;
	rig->fake.ping_result = -ETIMEDOUT;
	for (i = 0; i < 10; i++) {
		rig_service(rig);
		rig->fake.alive_result = i % 2;
	}
	assert_int_equal(test_log_count("waiting for the fake device"), 1);
	assert_int_equal(test_log_count("answers again"), 0);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	rig->fake.alive_result = 0;
	rig->fake.ping_result = 0;
	rig_service(rig);
	assert_int_equal(test_log_count("answers again"), 1);
	assert_int_equal(rig->fake.queues[0].stops, 1);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* It came back without them: after a fresh term the queue is looked after at once. */
static void
test_silence_then_stuck(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = queue_with_ops(rig, 10);
	uint64_t timeout_tsc = qp->timeout_tsc;

	(void)poll_for_alarm(qp);
	rig->fake.ping_result = -ETIMEDOUT;
	rig_service(rig);
	rig->fake.ping_result = 0;
	rig_service(rig);
	/* However slow this machine is, the fresh term is not over yet. */
	qp->timeout_tsc = UINT64_MAX / 2;
	poll_often(qp);
	assert_int_equal(qp->alarm, HISI_QM_QP_ALARM_NONE);
	qp->timeout_tsc = timeout_tsc;
	(void)poll_for_alarm(qp);
	test_log_forget();
	fake_log_forget(&rig->fake);
	check_stop_and_restart(rig, qp);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

static void
check_dead(struct rig *rig, struct hisi_qm_qp *qp, uint32_t left)
{
	struct rig_op more = { .id = 9 };

	assert_int_equal(rig->dev->state, HISI_QM_DEV_DEAD);
	assert_int_equal(qp->state, HISI_QM_QP_DEAD);
	assert_int_equal(rig_enqueue(qp, &more, 1), 0);
	assert_int_equal(rig_dequeue(qp, NB_OPS), left);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	/* No register is touched any more, however often it is looked at. */
	fake_log_forget(&rig->fake);
	rig_service(rig);
	assert_int_equal(rig->fake.log_len, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	assert_int_equal(rig->fake.log_len, 0);
}

/* The peer is gone: every queue's operations come back, completed ones as completed. */
static void
test_peer_gone(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = queue_with_ops(rig, 10), *idle = rig_queue(rig, 8);

	fake_queue_complete(&rig->fake, 0, 0);
	fake_queue_complete(&rig->fake, 0, 1);
	rig->fake.alive_result = -ENODEV;
	rig_service(rig);
	rig_service(rig);
	assert_int_equal(test_log_count("the device is gone; 8 operations in flight"), 1);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 2);
	check_dead(rig, qp, NB_OPS - 2);
	rig_check_ops(ops, NB_OPS, NB_OPS - 2);
	assert_int_equal(idle->state, HISI_QM_QP_DEAD);
	assert_int_equal(hisi_qm_qp_destroy(idle, false), 0);
}

static void
test_silence_then_gone(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = queue_with_ops(rig, 10);

	(void)poll_for_alarm(qp);
	rig->fake.ping_result = -ETIMEDOUT;
	rig_service(rig);
	rig->fake.alive_result = -ENODEV;
	rig_service(rig);
	check_dead(rig, qp, NB_OPS);
	rig_check_ops(ops, NB_OPS, NB_OPS);
}

static void
test_gone_at_the_ping(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = queue_with_ops(rig, 10);

	(void)poll_for_alarm(qp);
	rig->fake.ping_result = -ENODEV;
	rig_service(rig);
	check_dead(rig, qp, NB_OPS);
	rig_check_ops(ops, NB_OPS, NB_OPS);
}

static struct hisi_qm_qp *polled;

static void
poll_meanwhile(struct fake_bus *fake, uint32_t command, void *opaque)
{
	(void)fake;
	(void)command;
	(void)opaque;
	assert_int_equal(rig_dequeue(polled, NB_OPS), 0);
}

/* A lcore polls on while its queue is restarted: the second recovery loses nothing. */
static void
test_polling_during_a_restart(void **state)
{
	struct rig *rig = *state;
	uint32_t round, i;

	polled = queue_with_ops(rig, 10);
	for (round = 0; round < 3; round++) {
		(void)poll_for_alarm(polled);
		rig_service(rig);
		assert_int_equal(rig_dequeue(polled, NB_OPS), NB_OPS);
		assert_int_equal(rig_dequeue(polled, NB_OPS), 0);
		rig_check_ops(ops, NB_OPS, NB_OPS);
		rig->fake.on_mailbox = poll_meanwhile;
		rig_service(rig);
		rig->fake.on_mailbox = NULL;
		assert_int_equal(polled->state, HISI_QM_QP_RUNNING);
		assert_int_equal(polled->alarm, HISI_QM_QP_ALARM_NONE);
		memset(ops, 0, sizeof(ops));
		assert_int_equal(rig_enqueue(polled, ops, NB_OPS), NB_OPS);
		assert_int_equal(fake_queue_look(&rig->fake, 0), NB_OPS);
	}
	for (i = 0; i < NB_OPS; i++)
		fake_queue_complete(&rig->fake, 0, i);
	assert_int_equal(rig_dequeue(polled, NB_OPS), NB_OPS);
	assert_int_equal(hisi_qm_qp_destroy(polled, false), 0);
}

/* At its end one that owes a reply and does not answer is not waited for by queue and step. */
static void
test_end_with_a_silent_peer(void **state)
{
	struct rig *rig = rig_open_by_hand(false);
	struct hisi_qm_qp *qps[2] = { rig_queue(rig, 8), rig_queue(rig, 8) };
	int i;

	(void)state;
	rig->fake.alive_result = 1;
	rig->fake.ping_result = -ETIMEDOUT;
	fake_log_forget(&rig->fake);
	for (i = 0; i < 2; i++) {
		assert_int_equal(hisi_qm_qp_destroy(qps[i], true), -EBUSY);
		assert_int_equal(qps[i]->orphan, 1);
	}
	assert_int_equal(hisi_qm_monitor_add(rig->dev), 0);
	hisi_qm_dev_close(rig->dev);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, FAKE_ANY), 0);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, FAKE_ANY), 0);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, FAKE_ANY), 1);
	assert_true(rig->fake.closed);
	fake_bus_fini(&rig->fake);
	free(rig);
}

/* It owes one to another thread, but answers. */
static void
test_end_with_a_busy_peer(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 8);

	rig->fake.alive_result = 1;
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	assert_int_equal(rig->fake.queues[0].stops, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_timeouts, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_progress_is_no_timeout, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_idle_queue_has_no_alarm, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_late_completion_settles, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_silence, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_silence_with_late_replies,
			setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_silence_then_stuck, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_peer_gone, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_silence_then_gone, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_gone_at_the_ping, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_polling_during_a_restart, setup, rig_teardown),
		cmocka_unit_test(test_end_with_a_silent_peer),
		cmocka_unit_test_setup_teardown(test_end_with_a_busy_peer, setup, rig_teardown),
	};
	int ret = test_eal_start("test_qm_recover");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_recover", tests, NULL, NULL));
}
