/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * on_error=replay: what is given to the device again, in which order, how often, and what is not.
 */

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

/* What completed comes first; the others are done again, in order, over what was half written. */
static void
stop_and_replay(struct zip_rig *zip)
{
	const struct hisi_qm_qp *hw = zip->qp->hw[0];
	uint32_t i;

	replay_send(zip, 0, 10, zip->compress);
	assert_int_equal(replay_answer(zip, 0, 3), 3);
	replay_write_half(3);
	assert_int_equal(replay_stop(zip, 0), 3);
	replay_check_done(zip, 0, 3);
	/* Not dequeued: still in flight. */
	assert_int_equal(hisi_qm_qp_in_flight(zip->qp->hw[0]), 7);
	assert_int_equal(replay_ops[3].returned, 0);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 0, 10);
	for (i = 0; i < 10; i++)
		assert_int_equal(replay_returned(i), i);
	assert_int_equal(hw->replay->replayed, 7);
	assert_int_equal(hw->dequeue_stats.returned, 0);
	assert_int_equal(zip->qp->errors, 0);
	assert_int_equal(test_log_count("runs, and gives the device 7 operations again"), 1);
}

static void
test_stop(void **state)
{
	stop_and_replay(*state);
	assert_int_equal(test_log_count("resetting the function"), 0);
}

/* Without the stop command, and never drained: a reset. */
static void
test_v2(void **state)
{
	struct zip_rig *zip = *state;

	stop_and_replay(zip);
	assert_int_equal(test_log_count("resetting the function"), 1);
}

/* A reset takes both directions; each gets its own again, and one at a time is served. */
static void
test_reset(void **state)
{
	struct zip_rig *zip = *state;

	replay_send(zip, 0, 5, zip->compress);
	replay_send(zip, 5, 5, zip->decompress);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 1), 5);
	fake_mailbox_rule(&zip->rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	assert_int_equal(replay_stop(zip, 0), 0);
	assert_int_equal(test_log_count("resetting the function"), 1);
	rig_service(zip->rig);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 1);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 1), 0);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_go_on(zip, 1, REPLAY_NO_KILLER);
	replay_check_done(zip, 0, 10);
	assert_int_equal(zip->qp->hw[0]->replay->replayed, 5);
	assert_int_equal(zip->qp->hw[1]->replay->replayed, 5);
}

/* 1, then 2, then 4: a device that is stopped by one of them has tried few of the others. */
static void
test_pace(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t batch;

	replay_send(zip, 0, 20, zip->compress);
	assert_int_equal(replay_stop(zip, 0), 0);
	for (batch = 1; batch <= 8; batch *= 2) {
		rig_service(zip->rig);
		assert_int_equal(replay_answer(zip, 0, REPLAY_NO_KILLER), batch);
		/* Closed to enqueue until the last one is on its way. */
		assert_int_equal(zip_enqueue(zip, &replay_ops[0], 1), 0);
	}
	rig_service(zip->rig);
	/* New ones come behind. */
	replay_send(zip, 20, 4, zip->compress);
	assert_int_equal(replay_answer(zip, 0, REPLAY_NO_KILLER), 5 + 4);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 0, 24);
	assert_int_equal(zip->qp->hw[0]->replay->replayed, 20);
	/* What is in the slots now is nothing but operations. */
	rig_service(zip->rig);
	rig_service(zip->rig);
	assert_int_equal(zip->qp->hw[0]->replay->count, 0);
}

/* One that stops the device each time comes back with an error, and takes nobody along. */
static void
kill_again_and_again(struct zip_rig *zip, uint32_t killer)
{
	uint32_t times, i;

	replay_send(zip, 0, 16, zip->compress);
	(void)replay_answer(zip, 0, killer);
	for (times = 0; times < HISI_QM_REPLAYS_MAX; times++) {
		(void)replay_stop(zip, 0);
		assert_int_equal(replay_ops[killer].returned, 0);
		replay_go_on(zip, 0, killer);
	}
	assert_int_equal(replay_ops[killer].returned, 0);
	(void)replay_stop(zip, 0);
	replay_check_failed(killer);
	replay_go_on(zip, 0, killer);
	for (i = 0; i < 16; i++)
		if (i != killer)
			replay_check_done(zip, i, 1);
	assert_int_equal(replay_refused(zip, 0, HISI_QM_REPLAY_TOO_OFTEN), 1);
	assert_int_equal(zip->qp->hw[0]->dequeue_stats.returned, 1);
	assert_int_equal(zip->qp->errors, 1);
}

static void
test_first_one_kills(void **state)
{
	kill_again_and_again(*state, 0);
}

static void
test_one_amidst_kills(void **state)
{
	kill_again_and_again(*state, 5);
}

static void
test_last_one_kills(void **state)
{
	kill_again_and_again(*state, 15);
}

/* A second reset while half of them have been given again. */
static void
test_reset_in_the_middle(void **state)
{
	struct zip_rig *zip = *state;

	replay_send(zip, 0, 16, zip->compress);
	assert_int_equal(replay_stop(zip, 0), 0);
	rig_service(zip->rig);
	assert_int_equal(replay_answer(zip, 0, REPLAY_NO_KILLER), 1);
	rig_service(zip->rig);
	assert_int_equal(replay_answer(zip, 0, 2), 1);
	replay_write_half(2);
	fake_mailbox_rule(&zip->rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	assert_int_equal(replay_stop(zip, 0), 2);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 0, 16);
	/* 1 + 2 of the first time, of which one did not complete. */
	assert_int_equal(zip->qp->hw[0]->replay->replayed, 3 + 14);
}

/* Two mbufs over the same memory: what the device has read may be overwritten. */
static void
test_in_place(void **state)
{
	struct zip_rig *zip = *state;
	struct rte_mbuf dst;

	replay_send(zip, 0, 4, zip->compress);
	/* As if it had been enqueued so: the source's last bytes are the destination's first. */
	dst = replay_ops[1].dst;
	replay_ops[1].dst.buf_addr = (uint8_t *)replay_ops[1].src.buf_addr + REPLAY_SRC_LEN - 1;
	replay_ops[1].dst.buf_iova = replay_ops[1].src.buf_iova + REPLAY_SRC_LEN - 1;
	assert_int_equal(replay_stop(zip, 0), 1);
	replay_check_failed(1);
	replay_ops[1].dst = dst;
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 0, 1);
	replay_check_done(zip, 2, 2);
	assert_int_equal(replay_refused(zip, 0, HISI_QM_REPLAY_IN_PLACE), 1);
	assert_int_equal(zip->qp->hw[0]->replay->replayed, 3);
}

/* One byte less is not in place. */
static void
test_side_by_side(void **state)
{
	struct zip_rig *zip = *state;
	struct rte_mbuf dst;

	replay_send(zip, 0, 1, zip->compress);
	dst = replay_ops[0].dst;
	replay_ops[0].dst.buf_addr = (uint8_t *)replay_ops[0].src.buf_addr + REPLAY_SRC_LEN;
	replay_ops[0].dst.buf_iova = replay_ops[0].src.buf_iova + REPLAY_SRC_LEN;
	assert_int_equal(replay_stop(zip, 0), 0);
	replay_ops[0].dst = dst;
	assert_int_equal(replay_refused(zip, 0, HISI_QM_REPLAY_IN_PLACE), 0);
	assert_int_equal(hisi_qm_qp_in_flight(zip->qp->hw[0]), 1);
	hisi_qm_recover_die(zip->rig->dev, "the test says so");
	assert_int_equal(zip_dequeue(zip, 8), 1);
	replay_check_failed(0);
}

/* Operations that are not what they were: their application is at fault, and nobody else. */
static void
test_not_again(void **state)
{
	struct zip_rig *zip = *state;

	replay_send(zip, 0, 5, zip->compress);
	replay_ops[0].op.op_type = RTE_COMP_OP_STATEFUL;
	replay_ops[1].op.src.length = REPLAY_SRC_LEN + 1;
	replay_ops[2].op.private_xform = zip->decompress;
	replay_ops[3].op.m_dst = NULL;
	assert_int_equal(replay_stop(zip, 0), 4);
	replay_check_failed(0);
	replay_check_failed(1);
	replay_check_failed(2);
	replay_check_failed(3);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 4, 1);
	assert_int_equal(replay_refused(zip, 0, HISI_QM_REPLAY_STATEFUL), 1);
	assert_int_equal(replay_refused(zip, 0, HISI_QM_REPLAY_CHANGED), 3);
}

/* Lists go back and are built anew, round after round. */
static void
test_chained(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t i, times;

	for (i = 0; i < 6; i++) {
		zip_op_init(&replay_ops[i], zip->compress, REPLAY_SRC_LEN, REPLAY_DST_LEN);
		zip_op_cut_src(&replay_ops[i], 20, 2);
		zip_op_cut_dst(&replay_ops[i], 3, 100);
	}
	replay_adopt(0, 6);
	replay_send(zip, 0, 6, zip->compress);
	for (times = 0; times < HISI_QM_REPLAYS_MAX; times++) {
		assert_int_equal(replay_stop(zip, 0), 0);
		replay_go_on(zip, 0, 0);
	}
	assert_int_equal(replay_stop(zip, 0), 1);
	replay_check_failed(0);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 1, 5);
}

/* More comparisons than a burst call may take. */
static void
test_very_long_chains(void **state)
{
	struct zip_rig *zip = *state;

	zip_op_init(&replay_ops[0], zip->compress, REPLAY_SRC_LEN, REPLAY_DST_LEN);
	zip_op_cut_src(&replay_ops[0], 128, 0);
	zip_op_cut_dst(&replay_ops[0], 129, 0);
	zip_op_init(&replay_ops[1], zip->compress, REPLAY_SRC_LEN, REPLAY_DST_LEN);
	zip_op_cut_src(&replay_ops[1], 100, 1);
	zip_op_cut_dst(&replay_ops[1], 100, 2);
	replay_adopt(0, 2);
	replay_send(zip, 0, 2, zip->compress);
	assert_int_equal(replay_stop(zip, 0), 1);
	replay_check_failed(0);
	replay_go_on(zip, 0, REPLAY_NO_KILLER);
	replay_check_done(zip, 1, 1);
	assert_int_equal(replay_refused(zip, 0, HISI_QM_REPLAY_TOO_LONG), 1);
}

#define V3_TEST(test) cmocka_unit_test_setup_teardown(test, replay_setup, replay_teardown)
#define V2_TEST(test) cmocka_unit_test_setup_teardown(test, replay_setup_v2, replay_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		V3_TEST(test_stop),
		V2_TEST(test_v2),
		V3_TEST(test_reset),
		V3_TEST(test_pace),
		V3_TEST(test_first_one_kills),
		V3_TEST(test_one_amidst_kills),
		V3_TEST(test_last_one_kills),
		V3_TEST(test_reset_in_the_middle),
		V3_TEST(test_in_place),
		V3_TEST(test_side_by_side),
		V3_TEST(test_not_again),
		V3_TEST(test_chained),
		V3_TEST(test_very_long_chains),
	};
	int ret = test_eal_start("test_zip_replay");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_zip_replay", tests, NULL, NULL));
}
