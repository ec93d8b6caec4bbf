/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Completions that cannot be. The device is on the other side of a border: a CQE that names no
 * operation in flight stops the queue; what was in flight comes back once, and the queue runs
 * again under another tag.
 */

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

static struct rig_op ops[NB_OPS];

static int
setup(void **state)
{
	memset(ops, 0, sizeof(ops));
	return rig_setup(state);
}

/* The alarm is up; nothing is handed out before the device let go. */
static void
check_alarm(struct rig *rig, struct hisi_qm_qp *qp)
{
	(void)rig;
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	assert_int_equal(qp->dequeue_stats.bad_cqes, 1);
	assert_int_equal(qp->alarm, HISI_QM_QP_ALARM_BAD_CQE);
	assert_true(hisi_qm_qp_in_trouble(qp));
	rig_poll_for(qp, 2);
	/* A lcore says nothing: it could wait for whoever does. */
	assert_int_equal(test_log_count("names no operation that is complete"), 0);
	assert_int_equal(qp->dequeue_stats.bad_cqes, 1);
}

/* One round of the control thread, the operations, another round, and it works as ever. */
static void
check_recovery(struct rig *rig, struct hisi_qm_qp *qp, uint32_t left)
{
	uint16_t tag = qp->tag;
	uint32_t starts = rig->fake.queues[0].starts;
	struct rig_op more = { .id = 99 };

	rig_service(rig);
	assert_int_equal(test_log_count("names no operation that is complete; the queue is being stopped"),
		1);
	assert_int_equal(rig->fake.queues[0].stops, 1);
	assert_int_equal(qp->state, HISI_QM_QP_QUIESCED);
	assert_int_equal(rig_enqueue(qp, &more, 1), 0);
	/* Not restarted while something is left. */
	rig_service(rig);
	assert_int_equal(rig->fake.queues[0].starts, starts);
	assert_int_equal(rig_dequeue(qp, NB_OPS), left);
	rig_check_ops(ops, NB_OPS, left);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	rig_service(rig);
	assert_int_equal(rig->fake.queues[0].starts, starts + 1);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	assert_int_not_equal(qp->tag, tag);
	assert_int_equal(rig->fake.queues[0].sqc.tag, qp->tag);
	assert_int_equal(rig_enqueue(qp, &more, 1), 1);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 1);
	fake_queue_complete(&rig->fake, 0, 0);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 1);
	rig_check_ops(&more, 1, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* A lie first thing, all operations in flight. */
static void
lie_and_recover(struct rig *rig, uint16_t sq_head, uint16_t sq_num)
{
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS);

	fake_queue_post(&rig->fake, 0, sq_head, sq_num);
	check_alarm(rig, qp);
	check_recovery(rig, qp, NB_OPS);
}

static void
test_index_beyond_the_ring(void **state)
{
	/* Slot 0 under the mask of 64, and in flight: only the whole index shows the lie. */
	lie_and_recover(*state, 64, 0);
}

static void
test_index_all_ones(void **state)
{
	lie_and_recover(*state, UINT16_MAX, 0);
}

static void
test_wrong_queue(void **state)
{
	lie_and_recover(*state, 0, 1);
}

static void
test_slot_never_handed_over(void **state)
{
	lie_and_recover(*state, NB_OPS, 0);
}

static void
test_slot_behind(void **state)
{
	lie_and_recover(*state, 63, 0);
}

/* Complete the second, then the second again: the first one is still to come. */
static void
test_same_slot_twice(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS);

	fake_queue_complete(&rig->fake, 0, 1);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 1);
	fake_queue_complete(&rig->fake, 0, 1);
	check_alarm(rig, qp);
	check_recovery(rig, qp, NB_OPS - 1);
}

/* The oldest one twice: by then its slot is behind. */
static void
test_oldest_twice(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS);

	fake_queue_complete(&rig->fake, 0, 0);
	fake_queue_post(&rig->fake, 0, 0, 0);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 1);
	check_alarm(rig, qp);
	check_recovery(rig, qp, NB_OPS - 1);
}

/* True completions behind a lie are not believed: which operation they name is in doubt. */
static void
test_nothing_is_read_behind_a_lie(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS);

	fake_queue_post(&rig->fake, 0, 40, 0);
	fake_queue_complete(&rig->fake, 0, 0);
	fake_queue_complete(&rig->fake, 0, 1);
	check_alarm(rig, qp);
	check_recovery(rig, qp, NB_OPS);
}

/* Some completed before their turn, some after the lie, some never: each comes back once. */
static void
test_gaps(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS);

	fake_queue_complete(&rig->fake, 0, 0);
	fake_queue_complete(&rig->fake, 0, 3);
	fake_queue_complete(&rig->fake, 0, 6);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 3);
	fake_queue_post(&rig->fake, 0, 6, 0);
	check_alarm(rig, qp);
	check_recovery(rig, qp, NB_OPS - 3);
	assert_int_equal(ops[0].failed + ops[3].failed + ops[6].failed, 0);
}

/* The ring is not the first lap's: indices wrap, the phase is 0. */
static void
test_lie_in_a_later_lap(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	struct rig_op one[100] = { { 0 } };
	uint32_t i;

	for (i = 0; i < 100; i++) {
		assert_int_equal(rig_enqueue(qp, &one[i], 1), 1);
		(void)fake_queue_look(&rig->fake, 0);
		fake_queue_complete(&rig->fake, 0, i);
		assert_int_equal(rig_dequeue(qp, 1), 1);
	}
	assert_int_equal(rig_enqueue(qp, ops, NB_OPS), NB_OPS);
	(void)fake_queue_look(&rig->fake, 0);
	/* 100 is slot 36; 100 + NB_OPS was not handed over, 99 is long back. */
	fake_queue_complete(&rig->fake, 0, 99);
	check_alarm(rig, qp);
	check_recovery(rig, qp, NB_OPS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_index_beyond_the_ring, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_index_all_ones, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_wrong_queue, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_slot_never_handed_over, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_slot_behind, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_same_slot_twice, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_oldest_twice, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_nothing_is_read_behind_a_lie,
			setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_gaps, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_lie_in_a_later_lap, setup, rig_teardown),
	};
	int ret = test_eal_start("test_qm_lies");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_lies", tests, NULL, NULL));
}
