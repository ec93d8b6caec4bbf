/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * on_error=replay: a device that dies, lies or hangs in the middle of it, and what is not touched
 * by any of that.
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
#include "replay_rig.h"
#include "test_eal.h"

static void
check_all_failed(struct zip_rig *zip, uint32_t first, uint32_t count)
{
	uint32_t i;

	assert_int_equal(zip_dequeue(zip, 64), count);
	assert_int_equal(zip_dequeue(zip, 64), 0);
	for (i = first; i < first + count; i++)
		replay_check_failed(i);
	assert_int_equal(hisi_qm_qp_in_flight(zip->qp->hw[0]), 0);
	/* Later ones at once. */
	replay_send(zip, REPLAY_OPS - 1, 1, zip->compress);
	assert_int_equal(zip_dequeue(zip, 64), 1);
	assert_int_equal(replay_ops[REPLAY_OPS - 1].op.status, RTE_COMP_OP_STATUS_ERROR);
}

static void
die(struct zip_rig *zip)
{
	zip->rig->fake.alive_result = -ENODEV;
	rig_service(zip->rig);
	assert_int_equal(zip->qp->hw[0]->state, HISI_QM_QP_DEAD);
}

/* All in their slots again, not started. */
static void
test_dies_before_the_restart(void **state)
{
	struct zip_rig *zip = *state;

	replay_send(zip, 0, 8, zip->compress);
	assert_int_equal(replay_answer(zip, 0, 2), 2);
	assert_int_equal(replay_stop(zip, 0), 2);
	die(zip);
	assert_int_equal(test_log_count("6 operations in flight and all later ones return"), 1);
	check_all_failed(zip, 2, 6);
	replay_check_done(zip, 0, 2);
}

/* Half of the work of dequeue is done: a call that gives back one operation does no more. */
static void
test_dies_amidst_the_keeping(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_qm_qp *hw = zip->qp->hw[0];
	uint32_t i;

	replay_send(zip, 0, 8, zip->compress);
	replay_ops[3].op.op_type = RTE_COMP_OP_STATEFUL;
	hw->failed = 1;
	rig_service(zip->rig);
	assert_int_equal(zip_dequeue(zip, 1), 1);
	replay_check_failed(3);
	assert_false(hw->drained);
	die(zip);
	assert_int_equal(zip_dequeue(zip, 1), 0);
	for (i = 0; i < 7; i++)
		assert_int_equal(zip_dequeue(zip, 1), 1);
	assert_int_equal(zip_dequeue(zip, 1), 0);
	for (i = 0; i < 8; i++)
		replay_check_failed(i);
}

/* One queue has its contexts, then nothing goes any more: completions there are of before. */
static void
test_dies_at_the_restart(void **state)
{
	struct zip_rig *zip = *state;

	replay_send(zip, 0, 8, zip->compress);
	assert_int_equal(replay_answer(zip, 0, 4), 4);
	assert_int_equal(replay_stop(zip, 0), 4);
	fake_mailbox_rule(&zip->rig->fake, HISI_QM_MB_CMD_CQC, FAKE_MB_ALL_ONES, 1, 0);
	zip->rig->fake.reset_result = -EIO;
	zip->rig->fake.revoke_result = 0;
	rig_service(zip->rig);
	die(zip);
	check_all_failed(zip, 4, 4);
	replay_check_done(zip, 0, 4);
}

static void
test_dies_while_they_run(void **state)
{
	struct zip_rig *zip = *state;

	replay_send(zip, 0, 8, zip->compress);
	assert_int_equal(replay_stop(zip, 0), 0);
	rig_service(zip->rig);
	assert_int_equal(replay_answer(zip, 0, REPLAY_NO_KILLER), 1);
	rig_service(zip->rig);
	assert_int_equal(replay_answer(zip, 0, 2), 1);
	die(zip);
	assert_int_equal(zip_dequeue(zip, 2), 2);
	check_all_failed(zip, 2, 6);
	replay_check_done(zip, 0, 2);
}

/* The contexts are refused at first: the next attempt finds all as it was. */
static void
test_restart_fails_once(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t looks;

	replay_send(zip, 0, 8, zip->compress);
	assert_int_equal(replay_stop(zip, 0), 0);
	fake_mailbox_rule(&zip->rig->fake, HISI_QM_MB_CMD_CQC, FAKE_MB_STATUS, 1, 1);
	rig_service(zip->rig);
	assert_int_equal(zip->rig->dev->state, HISI_QM_DEV_RESETTING);
	assert_int_equal(zip_dequeue(zip, 64), 0);
	for (looks = 0; looks < 20 && zip->qp->hw[0]->state != HISI_QM_QP_RUNNING; looks++)
		rig_service(zip->rig);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 0, 8);
	assert_int_equal(zip->qp->hw[0]->replay->replayed, 8);
	rig_service(zip->rig);
	assert_int_equal(zip->rig->dev->failures, 0);
}

/* Completions that come after the stop: none is believed of what is kept, and none stays. */
static void
test_late_completion(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_qm_qp *hw = zip->qp->hw[0];
	uint32_t i;

	replay_send(zip, 0, 8, zip->compress);
	replay_ops[4].op.op_type = RTE_COMP_OP_STATEFUL;
	hw->failed = 1;
	rig_service(zip->rig);
	assert_int_equal(zip_dequeue(zip, 1), 1);
	replay_check_failed(4);
	for (i = 0; i < 8; i++)
		zip_answer(zip, 0, i, REPLAY_SRC_LEN, REPLAY_PRODUCED, 0);
	assert_int_equal(zip_dequeue(zip, 64), 0);
	assert_true(hw->drained);
	for (i = 0; i < 8; i++)
		fake_queue_complete(&zip->rig->fake, 0, i);
	assert_int_equal(zip_dequeue(zip, 64), 0);
	rig_service(zip->rig);
	assert_int_equal(zip_dequeue(zip, 64), 0);
	assert_int_equal(hw->dequeue_stats.bad_cqes, 0);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 0, 4);
	replay_check_done(zip, 5, 3);
}

/* Completions of what it has not got yet: a lie, and it is known how often each was tried. */
static void
test_completes_too_many(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_qm_qp *hw = zip->qp->hw[0];
	uint32_t times, i;

	replay_send(zip, 0, 4, zip->compress);
	for (times = 0; times < 2; times++) {
		assert_int_equal(replay_stop(zip, 0), 0);
		rig_service(zip->rig);
		assert_int_equal(hw->replay->rung, 1);
		for (i = 0; i < 4; i++)
			fake_queue_post(&zip->rig->fake, 0, 63, 0);
		rig_service(zip->rig);
		assert_int_equal(zip_dequeue(zip, 64), 0);
		assert_int_equal(hw->replay->ops[0].tries, times + 1);
	}
	assert_int_equal(replay_stop(zip, 0), 0);
	replay_go_on(zip, 0, 0);
	assert_int_equal(replay_stop(zip, 0), 1);
	replay_check_failed(0);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 1, 3);
}

/* Nobody polls, so nobody sees that it hangs, and other queues wait: the control thread does. */
static void
test_overdue(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_qm_qp *hw = zip->qp->hw[0];

	replay_send(zip, 0, 4, zip->compress);
	assert_int_equal(replay_stop(zip, 0), 0);
	hw->timeout_tsc = 1;
	rig_service(zip->rig);
	assert_int_equal(hw->state, HISI_QM_QP_RUNNING);
	assert_int_equal(hw->overdue, 1);
	rig_service(zip->rig);
	assert_int_equal(hw->state, HISI_QM_QP_QUIESCED);
	assert_true(test_log_count("queue 0: no progress within timeout_ms; stopping it") >= 1);
	hw->timeout_tsc = UINT64_MAX / 2;
	assert_int_equal(zip_dequeue(zip, 64), 0);
	assert_true(hw->drained);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 0, 4);
}

/* It was the device that was away as a whole, and is back: no reason to stop the queue. */
static void
test_overdue_while_frozen(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_qm_qp *hw = zip->qp->hw[0];
	uint64_t stops;

	replay_send(zip, 0, 4, zip->compress);
	assert_int_equal(replay_stop(zip, 0), 0);
	stops = zip->rig->dev->stats.queue_stops;
	hw->timeout_tsc = 1;
	rig_service(zip->rig);
	assert_int_equal(hw->overdue, 1);
	zip->rig->fake.ping_result = -ETIMEDOUT;
	rig_service(zip->rig);
	assert_true(zip->rig->dev->silent);
	assert_int_equal(hw->state, HISI_QM_QP_RUNNING);
	hw->timeout_tsc = UINT64_MAX / 2;
	zip->rig->fake.ping_result = 0;
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	assert_false(zip->rig->dev->silent);
	replay_check_done(zip, 0, 4);
	assert_int_equal(zip->rig->dev->stats.queue_stops, stops);
	assert_int_equal(hw->replay->replayed, 4);
}

/* Taken away while operations wait for the restart. */
static void
test_removed(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_zip_dev *private = zip->dev->data->dev_private;

	replay_send(zip, 0, 4, zip->compress);
	assert_int_equal(replay_stop(zip, 0), 0);
	rte_compressdev_stop(zip->id);
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 32, SOCKET_ID_ANY), -EAGAIN);
	assert_int_equal(test_log_count("still has 4 operations; dequeue them first"), 1);
	private->leaving = true;
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 32, SOCKET_ID_ANY), 0);
	private->leaving = false;
	zip->qp = zip->dev->data->queue_pairs[0];
	assert_int_equal(test_log_count("goes with 4 operations not dequeued"), 1);
}

/* Dequeue holds them in its hands, and would go on with the next call: none is lost by then. */
static void
test_removed_amidst_the_keeping(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_qm_qp *hw = zip->qp->hw[0];

	replay_send(zip, 0, 8, zip->compress);
	replay_ops[3].op.op_type = RTE_COMP_OP_STATEFUL;
	replay_ops[7].op.op_type = RTE_COMP_OP_STATEFUL;
	hw->failed = 1;
	rig_service(zip->rig);
	assert_int_equal(zip_dequeue(zip, 1), 1);
	assert_int_equal(hisi_qm_qp_in_flight(hw), 7);
	assert_int_equal(zip_dequeue(zip, 1), 1);
	assert_false(hw->drained);
	assert_int_equal(hisi_qm_qp_in_flight(hw), 6);
	rte_compressdev_stop(zip->id);
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 32, SOCKET_ID_ANY), -EAGAIN);
	assert_int_equal(rte_compressdev_start(zip->id), 0);
	assert_int_equal(zip_dequeue(zip, 8), 0);
	assert_int_equal(hisi_qm_qp_in_flight(hw), 6);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 0, 3);
	replay_check_done(zip, 4, 3);
	assert_int_equal(hisi_qm_qp_in_flight(hw), 0);
}

/* ---- whatever comes ---- */

#define ROUNDS 60
#define HAZARD_OPS 20

/* Those that are back are handed over again, as far as there is room. */
static void
hazard_enqueue(struct zip_rig *zip, bool *is_given)
{
	struct rte_comp_op *op;
	uint32_t i;

	for (i = 0; i < HAZARD_OPS; i++) {
		if (is_given[i])
			continue;
		op = &replay_ops[i].op;
		replay_ops[i].returned = 0;
		is_given[i] = rte_compressdev_enqueue_burst(zip->id, 0, &op, 1) == 1;
	}
}

static void
hazard_dequeue(struct zip_rig *zip, bool *is_given)
{
	struct rte_comp_op *burst[5];
	uint16_t count, i;
	struct zip_op *op;

	count = rte_compressdev_dequeue_burst(zip->id, 0, burst, RTE_DIM(burst));
	for (i = 0; i < count; i++) {
		op = container_of(burst[i], struct zip_op, op);
		assert_true(is_given[op - replay_ops]);
		is_given[op - replay_ops] = false;
		if (op->op.status == RTE_COMP_OP_STATUS_SUCCESS)
			assert_int_equal(zip_op_dst(op)[0], 0x40 + (op - replay_ops));
	}
}

static void
hazard_act(struct zip_rig *zip, uint32_t what)
{
	struct fake_bus *fake = &zip->rig->fake;

	switch (what % 8) {
	case 0:
		zip->qp->hw[0]->failed = 1;
		break;
	case 1:
		fake_mailbox_rule(fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
		zip->qp->hw[0]->failed = 1;
		break;
	case 2:
		if (fake_queue_look(fake, 0) != 0)
			fake_queue_post(fake, 0, (uint16_t)(what / 8 % 80), 0);
		break;
	case 3:
		/* Once more than that is the end of it. */
		fake_behave(fake);
		if (zip->rig->dev->failures == 0)
			fake_mailbox_rule(fake, HISI_QM_MB_CMD_CQC, FAKE_MB_STATUS, 1, 1);
		break;
	default:
		if (zip->qp->hw[0]->state == HISI_QM_QP_RUNNING)
			(void)replay_answer(zip, 0, what / 8 % HAZARD_OPS);
		break;
	}
}

/* Stops, resets, lies and restarts that fail, at any time: each operation comes back once. */
static void
test_hazard(void **state)
{
	struct zip_rig *zip = *state;
	bool is_given[HAZARD_OPS];
	uint32_t random = 20261123, i;

	for (i = 0; i < HAZARD_OPS; i++) {
		zip_op_init(&replay_ops[i], zip->compress, REPLAY_SRC_LEN, REPLAY_DST_LEN);
		memset(zip_op_src(&replay_ops[i]), (int)(0x40 + i), REPLAY_SRC_LEN);
		if (i % 3 == 0)
			zip_op_cut_src(&replay_ops[i], 20, 2);
	}
	replay_adopt(0, HAZARD_OPS);
	memset(is_given, 0, sizeof(is_given));
	for (i = 0; i < ROUNDS; i++) {
		/* Numerical Recipes; the low bits of it are not random. */
		random = random * 1664525 + 1013904223;
		hazard_enqueue(zip, is_given);
		hazard_act(zip, random >> 8);
		hazard_dequeue(zip, is_given);
		rig_service(zip->rig);
		hazard_dequeue(zip, is_given);
	}
	fake_behave(&zip->rig->fake);
	for (i = 0; memchr(is_given, true, HAZARD_OPS) != NULL && i < 200; i++) {
		if (zip->qp->hw[0]->state == HISI_QM_QP_RUNNING)
			(void)replay_answer(zip, 0, REPLAY_NO_KILLER);
		hazard_dequeue(zip, is_given);
		rig_service(zip->rig);
	}
	assert_true(i < 200);
	assert_int_not_equal(zip->rig->dev->state, HISI_QM_DEV_DEAD);
	print_message("%u times given again\n", (uint32_t)zip->qp->hw[0]->replay->replayed);
	assert_true(zip->qp->hw[0]->replay->replayed > HAZARD_OPS);
}

/* By default nothing is done again, and no memory is spent on it. */
static void
test_report(void **state)
{
	struct zip_rig *zip = zip_rig_start(32);
	struct zip_op op;

	(void)state;
	assert_null(zip->qp->hw[0]->replay);
	zip_op_init(&op, zip->compress, 100, 300);
	assert_int_equal(zip_enqueue(zip, &op, 1), 1);
	zip->qp->hw[0]->failed = 1;
	rig_service(zip->rig);
	assert_int_equal(zip_dequeue(zip, 8), 1);
	assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_ERROR);
	zip_op_fini(&op);
	zip_rig_end(zip);
}

#define REPLAY_TEST(test) cmocka_unit_test_setup_teardown(test, replay_setup, replay_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		REPLAY_TEST(test_dies_before_the_restart),
		REPLAY_TEST(test_dies_amidst_the_keeping),
		REPLAY_TEST(test_dies_at_the_restart),
		REPLAY_TEST(test_dies_while_they_run),
		REPLAY_TEST(test_restart_fails_once),
		REPLAY_TEST(test_late_completion),
		REPLAY_TEST(test_completes_too_many),
		REPLAY_TEST(test_overdue),
		REPLAY_TEST(test_overdue_while_frozen),
		REPLAY_TEST(test_removed),
		REPLAY_TEST(test_removed_amidst_the_keeping),
		REPLAY_TEST(test_hazard),
		cmocka_unit_test(test_report),
	};
	int ret = test_eal_start("test_zip_replay_end");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_zip_replay_end", tests, NULL, NULL));
}
