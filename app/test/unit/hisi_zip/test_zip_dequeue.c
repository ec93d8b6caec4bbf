/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Dequeue bursts: laps, orders, lies, queues that are recovered and devices that are gone. Each
 * operation comes back exactly once, with its result or with an error.
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
#include "test_eal.h"
#include "zip_rig.h"

#define NB_OPS 60

static struct zip_op ops[NB_OPS];

static int
setup(void **state)
{
	struct zip_rig *zip = zip_rig_start(32);
	uint32_t i;

	for (i = 0; i < NB_OPS; i++)
		zip_op_init(&ops[i], zip->compress, 100, 300);
	srand(3);
	test_log_forget();
	*state = zip;
	return 0;
}

static int
teardown(void **state)
{
	uint32_t i;

	for (i = 0; i < NB_OPS; i++)
		zip_op_fini(&ops[i]);
	zip_rig_end(*state);
	return 0;
}

/* Make @p count operations ready for another round. */
static void
rearm(uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		ops[i].returned = 0;
		ops[i].op.status = 0x33;
	}
}

static void
check_statuses(uint32_t from, uint32_t to, uint8_t status)
{
	uint32_t i;

	for (i = from; i < to; i++) {
		assert_int_equal(ops[i].returned, 1);
		assert_int_equal(ops[i].op.status, status);
	}
}

static void
send(struct zip_rig *zip, uint32_t count)
{
	assert_int_equal(zip_enqueue(zip, ops, (uint16_t)count), count);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 0), count);
}

/* In order, both directions, bursts of all sizes, a hundred laps; results are each one's own. */
static void
test_laps(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t round, i, n, back, base[2] = { 0 };

	for (round = 0; round < 400; round++) {
		n = 1 + rand() % 30;
		rearm(n);
		for (i = 0; i < n; i++)
			ops[i].op.private_xform = rand() % 4 == 0 ? zip->decompress : zip->compress;
		assert_int_equal(zip_enqueue(zip, ops, (uint16_t)n), n);
		(void)fake_queue_look(&zip->rig->fake, 0);
		(void)fake_queue_look(&zip->rig->fake, 1);
		for (i = 0; i < n; i++) {
			uint16_t qn = ops[i].op.private_xform == zip->decompress;

			zip_answer(zip, qn, base[qn]++, 100, i, 0);
		}
		for (back = 0; back < n; )
			back += zip_dequeue(zip, 1 + rand() % 32);
		check_statuses(0, n, RTE_COMP_OP_STATUS_SUCCESS);
		for (i = 0; i < n; i++)
			assert_int_equal(ops[i].op.produced, i);
	}
	assert_int_equal(zip->qp->hw[0]->dequeue_stats.unordered, 0);
	/* A doorbell for 32 completions or more. */
	assert_true(zip->qp->hw[0]->dequeue_stats.doorbells * 32 <= base[0]);
	assert_true(zip->qp->hw[1]->dequeue_stats.doorbells * 32 <= base[1]);
	assert_int_equal(zip->qp->enqueued, base[0] + base[1]);
	assert_int_equal(zip->qp->dequeued, base[0] + base[1]);
}

/* Nothing there: nothing comes, and nothing is written to. */
static void
test_nothing_there(void **state)
{
	struct zip_rig *zip = *state;

	assert_int_equal(zip_dequeue(zip, 32), 0);
	send(zip, 1);
	assert_int_equal(zip_dequeue(zip, 32), 0);
	assert_int_equal(zip->qp->hw[0]->dequeue_stats.doorbells, 0);
	zip_answer(zip, 0, 0, 100, 1, 0);
	assert_int_equal(zip_dequeue(zip, 0), 0);
	assert_int_equal(zip_dequeue(zip, 32), 1);
}

/* One by one, and more of all kinds each time: no kind has to wait for ever. */
static void
test_nothing_starves(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t i, came[3] = { 0 };

	/* In turn: a compression, what is invalid, a decompression. */
	for (i = 0; i < NB_OPS; i++) {
		if (i % 3 == 1)
			ops[i].op.m_dst = ops[i].op.m_src;
		else if (i % 3 == 2)
			ops[i].op.private_xform = zip->decompress;
	}
	assert_int_equal(zip_enqueue(zip, ops, NB_OPS), NB_OPS);
	assert_int_equal(zip_answer_all(zip, ZIP_QN_COMPRESS), NB_OPS / 3);
	assert_int_equal(zip_answer_all(zip, ZIP_QN_DECOMPRESS), NB_OPS / 3);
	for (i = 0; i < NB_OPS / 3; i++)
		assert_int_equal(zip_dequeue(zip, 1), 1);
	for (i = 0; i < NB_OPS; i++)
		came[i % 3] += ops[i].returned;
	for (i = 0; i < 3; i++)
		assert_in_range(came[i], NB_OPS / 3 / 4, NB_OPS / 3);
	for (; i < 3 + NB_OPS - NB_OPS / 3; i++)
		assert_int_equal(zip_dequeue(zip, 1), 1);
	assert_int_equal(zip_dequeue(zip, 1), 0);
}

/* Random orders within what is in flight; now and then in order again. */
static void
test_any_order(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t round, i, n, back, base = 0, order[32];

	for (round = 0; round < 300; round++) {
		n = 1 + rand() % 30;
		rearm(n);
		send(zip, n);
		for (i = 0; i < n; i++)
			order[i] = i;
		for (i = n - 1; i > 0 && round % 3 != 0; i--) {
			uint32_t k = (uint32_t)rand() % (i + 1), other = order[k];

			order[k] = order[i];
			order[i] = other;
		}
		for (i = 0, back = 0; i < n; i++) {
			zip_answer(zip, 0, base + order[i], 100, order[i], 0);
			if (rand() % 3 == 0)
				back += zip_dequeue(zip, 1 + rand() % 8);
		}
		while (back < n)
			back += zip_dequeue(zip, 1 + rand() % 32);
		check_statuses(0, n, RTE_COMP_OP_STATUS_SUCCESS);
		for (i = 0; i < n; i++)
			assert_int_equal(ops[i].op.produced, i);
		base += n;
	}
	assert_true(zip->qp->hw[0]->dequeue_stats.unordered > 1000);
	assert_int_equal(zip->qp->hw[0]->dequeue_stats.bad_cqes, 0);
}

/* Completed ones first, then those that are left, all of them once; then it works again. */
static void
check_recovery(struct zip_rig *zip, uint32_t good, uint32_t count)
{
	uint64_t errors = zip->qp->errors;

	assert_int_equal(zip_dequeue(zip, 64), good);
	assert_int_equal(zip_dequeue(zip, 64), 0);
	rig_service(zip->rig);
	assert_int_equal(zip->rig->fake.queues[0].stops, 1);
	/* No room while it is looked after: not an error, just full. */
	assert_int_equal(zip_enqueue(zip, &ops[count], 1), 0);
	assert_int_equal(zip_dequeue(zip, 64), count - good);
	assert_int_equal(zip->qp->errors, errors + count - good);
	assert_int_equal(zip_dequeue(zip, 64), 0);
	check_statuses(0, good, RTE_COMP_OP_STATUS_SUCCESS);
	check_statuses(good, count, RTE_COMP_OP_STATUS_ERROR);
	rig_service(zip->rig);
	rearm(NB_OPS);
	send(zip, 40);
	assert_int_equal(zip_answer_all(zip, 0), 40);
	assert_int_equal(zip_dequeue(zip, 64), 40);
	check_statuses(0, 40, RTE_COMP_OP_STATUS_SUCCESS);
}

static void
lie(struct zip_rig *zip, uint16_t sq_head, uint16_t sq_num)
{
	send(zip, 8);
	zip_answer(zip, 0, 0, 100, 1, 0);
	zip_answer(zip, 0, 1, 100, 1, 0);
	fake_queue_post(&zip->rig->fake, 0, sq_head, sq_num);
	zip_answer(zip, 0, 3, 100, 1, 0);
	check_recovery(zip, 2, 8);
}

static void
test_lie_index(void **state)
{
	/* 2 is expected: 64 + 2 is the same slot under the mask. */
	lie(*state, 66, 0);
}

static void
test_lie_queue(void **state)
{
	lie(*state, 2, 1);
}

static void
test_lie_twice(void **state)
{
	lie(*state, 1, 0);
}

static void
test_lie_not_in_flight(void **state)
{
	lie(*state, 8, 0);
}

/* In flight, and the next or another one: the device may still write what it has not reported. */
static void
test_lie_not_written_back(void **state)
{
	lie(*state, 2, 0);
}

static void
test_lie_overtaking_not_written_back(void **state)
{
	lie(*state, 6, 0);
}

/* Never completed: timeout_ms (20 here) later the control thread stops the queue. */
static void
test_stuck(void **state)
{
	struct zip_rig *zip = *state;
	uint64_t end = rte_get_timer_cycles() + 60 * rte_get_timer_hz();

	send(zip, 8);
	zip_answer(zip, 0, 0, 100, 1, 0);
	assert_int_equal(zip_dequeue(zip, 64), 1);
	while (zip->qp->hw[0]->alarm != HISI_QM_QP_ALARM_TIMEOUT) {
		assert_true(rte_get_timer_cycles() < end);
		assert_int_equal(zip_dequeue(zip, 64), 0);
	}
	rig_service(zip->rig);
	assert_int_equal(zip_dequeue(zip, 3), 3);
	assert_int_equal(zip_dequeue(zip, 64), 4);
	check_statuses(0, 1, RTE_COMP_OP_STATUS_SUCCESS);
	check_statuses(1, 8, RTE_COMP_OP_STATUS_ERROR);
	/* The other direction went on all the time. */
	assert_int_equal(zip->qp->hw[1]->state, HISI_QM_QP_RUNNING);
	assert_int_equal(zip->rig->fake.queues[1].stops, 0);
}

/* A device that is gone accepts operations and returns each with an error: nobody hangs. */
static void
test_gone(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t round;

	send(zip, 8);
	zip_answer(zip, 0, 0, 100, 1, 0);
	zip->rig->fake.alive_result = -ENODEV;
	rig_service(zip->rig);
	assert_int_equal(zip_dequeue(zip, 64), 8);
	check_statuses(0, 1, RTE_COMP_OP_STATUS_SUCCESS);
	check_statuses(1, 8, RTE_COMP_OP_STATUS_ERROR);
	for (round = 0; round < 5; round++) {
		rearm(NB_OPS);
		ops[1].op.private_xform = zip->decompress;
		ops[2].op.m_dst = NULL;
		assert_int_equal(zip_enqueue(zip, ops, NB_OPS), NB_OPS);
		assert_int_equal(zip_dequeue(zip, 64), NB_OPS);
		ops[2].op.m_dst = &ops[2].dst;
		check_statuses(0, NB_OPS, RTE_COMP_OP_STATUS_ERROR);
		assert_int_equal(ops[0].op.consumed | ops[0].op.produced, 0);
	}
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_DEAD], 5 * NB_OPS);
}

/* Even so there is an end to what is accepted before somebody dequeues. */
static void
test_gone_and_nobody_dequeues(void **state)
{
	struct zip_rig *zip = *state;

	zip->rig->fake.alive_result = -ENODEV;
	rig_service(zip->rig);
	assert_int_equal(zip_enqueue(zip, ops, NB_OPS), NB_OPS);
	assert_int_equal(zip_enqueue(zip, ops, 10), 3);
	assert_int_equal(zip_enqueue(zip, ops, 1), 0);
	ops[0].returned = ops[1].returned = ops[2].returned = 0;
	assert_int_equal(zip_dequeue(zip, 60), 60);
	ops[0].returned = ops[1].returned = ops[2].returned = 0;
	assert_int_equal(zip_dequeue(zip, 60), 3);
}

#define DEQUEUE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DEQUEUE_TEST(test_laps),
		DEQUEUE_TEST(test_nothing_there),
		DEQUEUE_TEST(test_nothing_starves),
		DEQUEUE_TEST(test_any_order),
		DEQUEUE_TEST(test_lie_index),
		DEQUEUE_TEST(test_lie_queue),
		DEQUEUE_TEST(test_lie_twice),
		DEQUEUE_TEST(test_lie_not_in_flight),
		DEQUEUE_TEST(test_lie_not_written_back),
		DEQUEUE_TEST(test_lie_overtaking_not_written_back),
		DEQUEUE_TEST(test_stuck),
		DEQUEUE_TEST(test_gone),
		DEQUEUE_TEST(test_gone_and_nobody_dequeues),
	};
	int ret = test_eal_start("test_zip_dequeue");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_zip_dequeue", tests, NULL, NULL));
}
