/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Where stopping a queue is not enough: the function is reset, and where that fails too, memory is
 * taken from the device or the operations wait.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

#define NB_OPS 8

static struct rig_op ops[2][NB_OPS];

/* Two queues, both with operations; the first one is in trouble. */
struct pair {
	struct rig *rig;
	struct hisi_qm_qp *qps[2];
};

static int
setup(void **state)
{
	static struct pair pair;
	int i;

	pair.rig = rig_open_by_hand(false);
	memset(ops, 0, sizeof(ops));
	for (i = 0; i < 2; i++) {
		pair.qps[i] = rig_queue(pair.rig, 32);
		assert_int_equal(rig_enqueue(pair.qps[i], ops[i], NB_OPS), NB_OPS);
		assert_int_equal(fake_queue_look(&pair.rig->fake, (uint16_t)i), NB_OPS);
	}
	pair.qps[0]->failed = 1;
	fake_log_forget(&pair.rig->fake);
	test_log_forget();
	*state = &pair;
	return 0;
}

static int
teardown(void **state)
{
	struct pair *pair = *state;
	int i;

	fake_behave(&pair->rig->fake);
	for (i = 0; i < 2; i++)
		assert_int_equal(hisi_qm_qp_destroy(pair->qps[i], false), 0);
	rig_close(pair->rig);
	return 0;
}

static void
stop_fails(struct pair *pair)
{
	fake_mailbox_rule(&pair->rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
}

/* All operations of both queues are back, each once, with an error. */
static void
check_all_returned(struct pair *pair)
{
	int i;

	for (i = 0; i < 2; i++) {
		assert_int_equal(rig_dequeue(pair->qps[i], NB_OPS), NB_OPS);
		assert_int_equal(rig_dequeue(pair->qps[i], NB_OPS), 0);
		rig_check_ops(ops[i], NB_OPS, NB_OPS);
	}
}

static void
check_nothing_returned(struct pair *pair)
{
	int i;

	for (i = 0; i < 2; i++) {
		assert_int_equal(rig_dequeue(pair->qps[i], NB_OPS), 0);
		assert_int_equal(hisi_qm_qp_in_flight(pair->qps[i]), NB_OPS);
	}
}

static void
check_reset_and_restart(struct pair *pair)
{
	struct rig *rig = pair->rig;
	int i;

	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, 0), 1);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_SQC_BT), 1);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_int_equal(test_log_count("resetting the function"), 1);
	check_all_returned(pair);
	rig_service(rig);
	for (i = 0; i < 2; i++) {
		assert_int_equal(pair->qps[i]->state, HISI_QM_QP_RUNNING);
		assert_int_equal(rig->fake.queues[i].starts, 2);
	}
}

static void
test_stop_fails(void **state)
{
	struct pair *pair = *state;

	stop_fails(pair);
	rig_service(pair->rig);
	check_reset_and_restart(pair);
}

static void
no_stop_command(struct pair *pair)
{
	pair->rig->dev->caps[HISI_QM_CAP_FUNC] &= ~(1u << 9);
}

/* Counts looks at the SQC, and keeps the log short while it waits. */
static void
count_looks(struct fake_bus *fake, uint32_t command, void *opaque)
{
	uint32_t *looks = opaque;

	if (command == HISI_QM_MB_CMD_SQC && fake_log_count(fake, FAKE_RESET, 0) == 0) {
		++*looks;
		assert_int_equal(fake_log_commands(fake, HISI_QM_MB_CMD_STOP_QP), 0);
		fake_log_forget(fake);
	}
}

/*
 * qm.md 2.2, 6.5: without bit 9 of the capability word the contexts are looked at until the device
 * has completed all; this one never does.
 */
static void
test_no_stop_command(void **state)
{
	struct pair *pair = *state;
	uint32_t looks = 0;

	no_stop_command(pair);
	pair->rig->fake.on_mailbox = count_looks;
	pair->rig->fake.opaque = &looks;
	rig_service(pair->rig);
	/* For 200 ms, 150 us apart. */
	assert_in_range(looks, 2, 1400);
	assert_int_equal(pair->rig->fake.queues[0].closes, 0);
	check_reset_and_restart(pair);
	pair->rig->fake.on_mailbox = NULL;
}

/* The n-th look at the SQC finds that the device has completed all in the meantime. */
static void
complete_all(struct fake_bus *fake, uint32_t command, void *opaque)
{
	uint32_t *looks = opaque, i;

	if (command != HISI_QM_MB_CMD_CQC || ++*looks != 3)
		return;
	for (i = 0; i < NB_OPS; i++)
		fake_queue_complete(fake, 0, i);
}

/* It drains: no reset, every operation completes, and the context is closed (6.5). */
static void
test_no_stop_command_but_it_drains(void **state)
{
	struct pair *pair = *state;
	struct rig *rig = pair->rig;
	uint32_t looks = 0;

	no_stop_command(pair);
	rig->fake.on_mailbox = complete_all;
	rig->fake.opaque = &looks;
	rig_service(rig);
	rig->fake.on_mailbox = NULL;
	assert_int_equal(looks, 4);
	assert_int_equal(rig->fake.queues[0].closes, 1);
	/* 6.5: W8 is another tag, so that a late doorbell is told apart even if close is not. */
	assert_int_not_equal(rig->fake.queues[0].sqc.tag, pair->qps[0]->tag);
	assert_false(rig->fake.queues[0].running);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, 0), 0);
	assert_int_equal(rig_dequeue(pair->qps[0], NB_OPS), NB_OPS);
	rig_check_ops(ops[0], NB_OPS, 0);
	assert_int_equal(rig_dequeue(pair->qps[0], NB_OPS), 0);
	rig_service(rig);
	assert_int_equal(pair->qps[0]->state, HISI_QM_QP_RUNNING);
	assert_int_equal(rig->fake.queues[0].starts, 2);
	/* The other queue went on all the time. */
	assert_int_equal(rig->fake.queues[1].starts, 1);
	for (looks = 0; looks < NB_OPS; looks++)
		fake_queue_complete(&rig->fake, 1, looks);
	assert_int_equal(rig_dequeue(pair->qps[1], NB_OPS), NB_OPS);
	rig_check_ops(ops[1], NB_OPS, 0);
}

/* Each look takes a while, and finds another operation complete, however long it took. */
static void
complete_slowly(struct fake_bus *fake, uint32_t command, void *opaque)
{
	uint32_t *looks = opaque;

	if (command != HISI_QM_MB_CMD_SQC || *looks == NB_OPS)
		return;
	rte_delay_us_sleep(35000);
	fake_queue_complete(fake, 0, (*looks)++);
}

/* As long as something is completed it is waited for. */
static void
test_no_stop_command_and_slow(void **state)
{
	struct pair *pair = *state;
	struct rig *rig = pair->rig;
	uint32_t looks = 0;

	no_stop_command(pair);
	rig->fake.on_mailbox = complete_slowly;
	rig->fake.opaque = &looks;
	rig_service(rig);
	rig->fake.on_mailbox = NULL;
	assert_int_equal(looks, NB_OPS);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, 0), 0);
	for (looks = 0; looks < NB_OPS; looks++)
		fake_queue_complete(&rig->fake, 1, looks);
	assert_int_equal(rig_dequeue(pair->qps[0], NB_OPS), NB_OPS);
	rig_check_ops(ops[0], NB_OPS, 0);
	assert_int_equal(rig_dequeue(pair->qps[1], NB_OPS), NB_OPS);
	rig_check_ops(ops[1], NB_OPS, 0);
}

static void
look_slowly(struct fake_bus *fake, uint32_t command, void *opaque)
{
	uint32_t *looks = opaque;

	RTE_SET_USED(fake);
	if (command != HISI_QM_MB_CMD_CQC)
		return;
	++*looks;
	rte_delay_us_sleep(25000);
}

/* Nothing comes: it is not the number of looks that counts, each of which may be slow. */
static void
test_no_stop_command_and_slow_looks(void **state)
{
	struct pair *pair = *state;
	uint32_t looks = 0;

	no_stop_command(pair);
	pair->rig->fake.on_mailbox = look_slowly;
	pair->rig->fake.opaque = &looks;
	rig_service(pair->rig);
	pair->rig->fake.on_mailbox = NULL;
	assert_in_range(looks, 1, 50);
	check_reset_and_restart(pair);
}

/* A context cannot be read: nothing is known, so the function is reset. */
static void
test_no_stop_command_and_no_context(void **state)
{
	struct pair *pair = *state;

	no_stop_command(pair);
	fake_mailbox_rule(&pair->rig->fake, HISI_QM_MB_CMD_CQC, FAKE_MB_STATUS, 1, 1);
	rig_service(pair->rig);
	check_reset_and_restart(pair);
}

/* An error of the reset class: the queue is not even asked to stop. */
static void
test_hardware_error(void **state)
{
	struct pair *pair = *state;

	fake_reg_set(&pair->rig->fake, 0x100008, 1u << 5);
	rig_service(pair->rig);
	assert_int_equal(test_log_count("acc_do_task_timeout"), 1);
	assert_int_equal(fake_log_commands(&pair->rig->fake, HISI_QM_MB_CMD_STOP_QP), 0);
	check_reset_and_restart(pair);
}

/* The abnormal interrupt tells of an error before any lcore has waited for its timeout. */
static void
test_abnormal_interrupt(void **state)
{
	struct pair *pair = *state;

	pair->qps[0]->failed = 0;
	/* Without the interrupt nobody looks, and one that asks for no reset is named only. */
	fake_reg_set(&pair->rig->fake, 0x100008, 1u << 12);
	rig_service(pair->rig);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_READ, 0x100008), 0);
	pair->rig->dev->stats.interrupts[HISI_QM_VECTOR_ABNORMAL]++;
	rig_service(pair->rig);
	rig_service(pair->rig);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_READ, 0x100008), 1);
	assert_int_equal(test_log_count("db_random_invalid"), 1);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_RESET, 0), 0);
	check_nothing_returned(pair);
	fake_reg_set(&pair->rig->fake, 0x100008, 1u << 5);
	pair->rig->dev->stats.interrupts[HISI_QM_VECTOR_ABNORMAL]++;
	rig_service(pair->rig);
	assert_int_equal(fake_log_commands(&pair->rig->fake, HISI_QM_MB_CMD_STOP_QP), 0);
	check_reset_and_restart(pair);
}

/* Looks until the function is READY or DEAD; fails the test if it is neither after 100. */
static uint32_t
looks_until_decided(struct pair *pair)
{
	uint8_t *state = &pair->rig->dev->state;
	uint32_t looks = 0;

	do {
		assert_true(looks < 100);
		rig_service(pair->rig);
		looks++;
	} while (*state != HISI_QM_DEV_READY && *state != HISI_QM_DEV_DEAD);
	return looks;
}

/* A reset that fails is tried three times in all, after growing pauses. */
static void
test_reset_fails_twice(void **state)
{
	struct pair *pair = *state;
	struct fake_bus *fake = &pair->rig->fake;
	uint32_t looks[3] = { 0 }, resets = 0;

	stop_fails(pair);
	fake->reset_result = -EIO;
	while (resets < 3) {
		rig_service(pair->rig);
		if (fake_log_count(fake, FAKE_RESET, 0) == resets) {
			assert_true(++looks[resets] < 100);
			check_nothing_returned(pair);
			/* The third is the one that works. */
			fake->reset_result = resets == 2 ? 0 : -EIO;
			continue;
		}
		resets++;
	}
	assert_int_equal(looks[0], 0);
	assert_true(looks[1] > 0);
	assert_true(looks[2] > looks[1]);
	assert_int_equal(fake_log_count(fake, FAKE_REVOKE, 0), 0);
	assert_int_equal(test_log_count("the function is going to be reset, attempt"), 2);
	assert_int_equal(test_log_count("given up"), 0);
	assert_int_equal(pair->rig->dev->state, HISI_QM_DEV_READY);
	check_all_returned(pair);
	rig_service(pair->rig);
	assert_int_equal(pair->qps[0]->state, HISI_QM_QP_RUNNING);
	/* The next story begins at the beginning. */
	assert_int_equal(pair->rig->dev->failures, 0);
}

/*
 * No reset, but our memory can be taken from the device: then it writes no more either. The one
 * line about it names fault, registers and remedy.
 */
static void
test_revoke(void **state)
{
	struct pair *pair = *state;

	stop_fails(pair);
	pair->rig->fake.reset_result = -EIO;
	assert_true(looks_until_decided(pair) > 3);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_RESET, 0), 3);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_REVOKE, 0), 1);
	assert_int_equal(pair->rig->dev->state, HISI_QM_DEV_DEAD);
	assert_int_equal(test_log_count("given up after 3 attempts: function reset failed: Input/output error; qm_mailbox (0x300) = 0x208, qm_abnormal_int_status (0x100008) = 0x0; 16 operations in flight"),
		1);
	assert_int_equal(test_log_count("remove the device and add it again, and if that fails too"),
		1);
	assert_int_equal(test_log_count("given up"), 1);
	check_all_returned(pair);
	/* So its rings may go with it, though it will not be reset then either. */
	assert_true(pair->rig->dev->is_revoked);
	pair->rig->fake.reset_result = 0;
}

/* Neither: it may still write. Wait, try again now and then, say so once. */
static void
test_neither_reset_nor_revoke(void **state)
{
	struct pair *pair = *state;
	struct fake_bus *fake = &pair->rig->fake;
	uint32_t i, resets;

	stop_fails(pair);
	fake->reset_result = -EIO;
	fake->revoke_result = -EIO;
	for (i = 0; i < 100; i++) {
		rig_service(pair->rig);
		check_nothing_returned(pair);
	}
	resets = fake_log_count(fake, FAKE_RESET, 0);
	assert_in_range(resets, 2, 10);
	assert_int_equal(test_log_count("waiting for the fake device"), 1);
	/* One day it works. */
	fake->reset_result = 0;
	for (i = 0; i < 100 && pair->rig->dev->state != HISI_QM_DEV_READY; i++)
		rig_service(pair->rig);
	assert_int_equal(pair->rig->dev->state, HISI_QM_DEV_READY);
	check_all_returned(pair);
	rig_service(pair->rig);
	assert_int_equal(pair->qps[0]->state, HISI_QM_QP_RUNNING);
	assert_int_equal(pair->qps[1]->state, HISI_QM_QP_RUNNING);
}

/* The reset got no answer in time: it may come late, so nothing is taken for granted. */
static void
test_reset_without_an_answer(void **state)
{
	struct pair *pair = *state;
	struct fake_bus *fake = &pair->rig->fake;
	uint32_t i;

	stop_fails(pair);
	fake->reset_result = -ETIMEDOUT;
	rig_service(pair->rig);
	fake->alive_result = 1;
	for (i = 0; i < 100; i++)
		rig_service(pair->rig);
	check_nothing_returned(pair);
	assert_int_equal(fake_log_count(fake, FAKE_RESET, 0), 1);
	assert_int_equal(fake_log_count(fake, FAKE_REVOKE, 0), 0);
	fake->alive_result = 0;
	fake->reset_result = 0;
	rig_service(pair->rig);
	assert_int_equal(pair->rig->dev->state, HISI_QM_DEV_READY);
	check_all_returned(pair);
	rig_service(pair->rig);
	assert_int_equal(pair->qps[0]->state, HISI_QM_QP_RUNNING);
}

static void
test_gone_at_the_reset(void **state)
{
	struct pair *pair = *state;

	stop_fails(pair);
	pair->rig->fake.reset_result = -ENODEV;
	rig_service(pair->rig);
	assert_int_equal(pair->rig->dev->state, HISI_QM_DEV_DEAD);
	check_all_returned(pair);
	pair->rig->fake.reset_result = 0;
}

/* Reset, but it does not come up again: quiet for sure, and of no use. */
static void
test_no_bring_up_after_the_reset(void **state)
{
	struct pair *pair = *state;

	stop_fails(pair);
	fake_mailbox_rule(&pair->rig->fake, HISI_QM_MB_CMD_EQC, FAKE_MB_STATUS, 100, 2);
	rig_service(pair->rig);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_RESET, 0), 1);
	/* The operations need not wait for how it ends. */
	check_all_returned(pair);
	(void)looks_until_decided(pair);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_RESET, 0), 3);
	assert_int_equal(pair->rig->dev->state, HISI_QM_DEV_DEAD);
	assert_int_equal(pair->qps[0]->state, HISI_QM_QP_DEAD);
	/* Nothing had to be taken from it. */
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_REVOKE, 0), 0);
	assert_int_equal(test_log_count("all later ones return with an error"), 1);
}

/* One failed bring-up is no verdict. */
static void
test_bring_up_fails_once(void **state)
{
	struct pair *pair = *state;

	stop_fails(pair);
	fake_mailbox_rule(&pair->rig->fake, HISI_QM_MB_CMD_AEQC, FAKE_MB_STATUS, 1, 2);
	rig_service(pair->rig);
	check_all_returned(pair);
	(void)looks_until_decided(pair);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_RESET, 0), 2);
	assert_int_equal(pair->rig->dev->state, HISI_QM_DEV_READY);
	rig_service(pair->rig);
	assert_int_equal(pair->qps[0]->state, HISI_QM_QP_RUNNING);
	assert_int_equal(pair->qps[1]->state, HISI_QM_QP_RUNNING);
}

/* The same with a mailbox that never ends a command: the peer answers, so there is no waiting. */
static void
test_no_mailbox_after_the_reset(void **state)
{
	struct pair *pair = *state;

	stop_fails(pair);
	/* The last one takes its second. */
	fake_mailbox_rule(&pair->rig->fake, HISI_QM_MB_CMD_EQC, FAKE_MB_STATUS, 2, 1);
	fake_mailbox_rule(&pair->rig->fake, HISI_QM_MB_CMD_EQC, FAKE_MB_NEVER, 1, 0);
	(void)looks_until_decided(pair);
	assert_int_equal(pair->rig->dev->state, HISI_QM_DEV_DEAD);
	assert_int_equal(test_log_count("given up after 3 attempts: bring-up after the reset failed: Timer expired"),
		1);
	check_all_returned(pair);
	assert_int_equal(test_log_count("waiting for the fake device"), 0);
	rig_service(pair->rig);
	/* That of the open, and three. */
	assert_int_equal(pair->rig->dev->stats.resets, 4);
}

/* Queue 0 is stopped and drained; its context is going to be refused so many times. */
static void
restart_fails(struct pair *pair, uint32_t times)
{
	rig_service(pair->rig);
	assert_int_equal(rig_dequeue(pair->qps[0], NB_OPS), NB_OPS);
	assert_int_equal(rig_dequeue(pair->qps[0], NB_OPS), 0);
	fake_mailbox_rule(&pair->rig->fake, HISI_QM_MB_CMD_SQC, FAKE_MB_STATUS, times, 2);
	rig_service(pair->rig);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_RESET, 0), 0);
}

/* The queue stopped, but its context is refused at the restart: the function is reset. */
static void
test_restart_fails_once(void **state)
{
	struct pair *pair = *state;

	restart_fails(pair, 1);
	(void)looks_until_decided(pair);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_RESET, 0), 1);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_REVOKE, 0), 0);
	assert_int_equal(pair->rig->dev->state, HISI_QM_DEV_READY);
	rig_check_ops(ops[0], NB_OPS, NB_OPS);
	assert_int_equal(pair->qps[0]->state, HISI_QM_QP_RUNNING);
	/* The other one's operations went with the reset, each once. */
	assert_int_equal(rig_dequeue(pair->qps[1], NB_OPS), NB_OPS);
	rig_check_ops(ops[1], NB_OPS, NB_OPS);
	assert_int_equal(rig_dequeue(pair->qps[1], NB_OPS), 0);
	rig_service(pair->rig);
	assert_int_equal(pair->qps[1]->state, HISI_QM_QP_RUNNING);
}

/* It is refused after each reset as well. */
static void
test_no_restart_of_the_queue(void **state)
{
	struct pair *pair = *state;
	uint32_t looks;

	restart_fails(pair, 100);
	for (looks = 0; pair->rig->dev->state != HISI_QM_DEV_DEAD; looks++) {
		assert_true(looks < 100);
		rig_service(pair->rig);
	}
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_RESET, 0), 2);
	assert_int_equal(test_log_count("given up after 3 attempts: queue restart failed"), 1);
	assert_int_equal(rig_dequeue(pair->qps[0], NB_OPS), 0);
	rig_check_ops(ops[0], NB_OPS, NB_OPS);
	assert_int_equal(rig_dequeue(pair->qps[1], NB_OPS), NB_OPS);
	rig_check_ops(ops[1], NB_OPS, NB_OPS);
}

/* The context of the queue after the first one is refused, once. */
static void
refuse_the_next(struct fake_bus *fake, uint32_t command, void *opaque)
{
	RTE_SET_USED(opaque);
	if (command != HISI_QM_MB_CMD_CQC)
		return;
	fake->on_mailbox = NULL;
	fake->rules[0] = (struct fake_mailbox_rule){ HISI_QM_MB_CMD_SQC, FAKE_MB_STATUS, 1, 2 };
}

static void
second_restart_fails(struct pair *pair)
{
	stop_fails(pair);
	rig_service(pair->rig);
	check_all_returned(pair);
	pair->rig->fake.on_mailbox = refuse_the_next;
}

static void
check_both_run(struct pair *pair)
{
	int i;

	assert_int_equal(pair->rig->dev->state, HISI_QM_DEV_READY);
	for (i = 0; i < 2; i++) {
		assert_int_equal(pair->qps[i]->state, HISI_QM_QP_RUNNING);
		assert_int_equal(pair->qps[i]->room, pair->qps[i]->mask);
		assert_int_equal(test_log_count(i == 0 ? "queue 0 runs again" :
			"queue 1 runs again"), 1);
	}
}

/* No queue is opened before all have their contexts: what is enqueued could stop the device. */
static void
test_second_restart_fails(void **state)
{
	struct pair *pair = *state;

	second_restart_fails(pair);
	rig_service(pair->rig);
	assert_int_equal(pair->qps[0]->state, HISI_QM_QP_QUIESCED);
	assert_int_equal(rig_enqueue(pair->qps[0], ops[0], NB_OPS), 0);
	assert_int_equal(rig_dequeue(pair->qps[0], NB_OPS), 0);
	assert_int_equal(test_log_count("runs again"), 0);
	assert_int_equal(test_log_count("queue restart failed"), 1);
	(void)looks_until_decided(pair);
	rig_service(pair->rig);
	check_both_run(pair);
}

/* It is the device's next error that kept it from the context: a reset, but no failed attempt. */
static void
test_error_at_the_restart(void **state)
{
	struct pair *pair = *state;

	second_restart_fails(pair);
	fake_reg_set(&pair->rig->fake, 0x100008, 1u << 5);
	rig_service(pair->rig);
	assert_int_equal(fake_log_count(&pair->rig->fake, FAKE_RESET, 0), 2);
	assert_int_equal(test_log_count("queue restart failed"), 0);
	assert_int_equal(pair->rig->dev->failures, 0);
	rig_service(pair->rig);
	check_both_run(pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_stop_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_stop_command, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_stop_command_but_it_drains, setup,
			teardown),
		cmocka_unit_test_setup_teardown(test_no_stop_command_and_slow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_stop_command_and_slow_looks, setup,
			teardown),
		cmocka_unit_test_setup_teardown(test_no_stop_command_and_no_context, setup,
			teardown),
		cmocka_unit_test_setup_teardown(test_hardware_error, setup, teardown),
		cmocka_unit_test_setup_teardown(test_abnormal_interrupt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_fails_twice, setup, teardown),
		cmocka_unit_test_setup_teardown(test_revoke, setup, teardown),
		cmocka_unit_test_setup_teardown(test_neither_reset_nor_revoke, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_without_an_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gone_at_the_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_bring_up_after_the_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bring_up_fails_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_mailbox_after_the_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_restart_fails_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_restart_of_the_queue, setup, teardown),
		cmocka_unit_test_setup_teardown(test_second_restart_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_error_at_the_restart, setup, teardown),
	};
	int ret = test_eal_start("test_qm_reset");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_reset", tests, NULL, NULL));
}
