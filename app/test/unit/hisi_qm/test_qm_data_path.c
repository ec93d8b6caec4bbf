/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Rings in use (qm.md 5.9): phases over many laps, batched CQ doorbells, the bound on what the
 * device may have outstanding, completions in and out of order. fake_queue_look() keeps watch over
 * the doorbells each time the device looks.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

#define NB_OPS 20000

static struct rig_op ops[NB_OPS];

static int
setup(void **state)
{
	uint32_t i;

	*state = rig_open_by_hand(false);
	memset(ops, 0, sizeof(ops));
	for (i = 0; i < NB_OPS; i++)
		ops[i].id = i;
	srand(7);
	return 0;
}

static int
teardown(void **state)
{
	rig_close(*state);
	return 0;
}

/* The device takes SQE count @p count: is it the operation that was put there? */
static void
check_sqe(struct rig *rig, uint32_t count)
{
	const uint32_t *sqe = fake_queue_sqe(&rig->fake, 0, count);

	assert_int_equal(sqe[4], count);
}

/* In order, bursts of 1 to 40: about 300 laps of 64. */
static void
test_laps_in_order(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint32_t sent = 0, back = 0, pending;

	while (back < NB_OPS) {
		sent += rig_enqueue(qp, ops + sent, RTE_MIN(NB_OPS - sent, 1u + rand() % 40));
		for (pending = fake_queue_look(&rig->fake, 0); pending != 0 && rand() % 8 != 0;
				pending--) {
			check_sqe(rig, rig->fake.queues[0].posted);
			fake_queue_complete(&rig->fake, 0, rig->fake.queues[0].posted);
		}
		back += rig_dequeue(qp, 1 + rand() % 40);
	}
	rig_check_ops(ops, NB_OPS, 0);
	assert_int_equal(qp->dequeue_stats.unordered, 0);
	assert_int_equal(qp->dequeue_stats.bad_cqes, 0);
	/* One CQ doorbell for 32 completions or more. */
	assert_true(qp->dequeue_stats.doorbells * 32 <= NB_OPS);
	assert_true(qp->dequeue_stats.doorbells >= NB_OPS / 64);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* As many are taken as a CQ has room for, one slot stays empty; then nothing is. */
static void
test_full_ring(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint32_t i;

	assert_int_equal(rig_enqueue(qp, ops, 100), 63);
	assert_int_equal(rig_enqueue(qp, ops + 63, 1), 0);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 63);
	assert_int_equal(hisi_qm_qp_in_flight(qp), 63);
	/* 31 are back, but not acknowledged: their CQEs still count. 32 are in flight, as asked. */
	for (i = 0; i < 31; i++)
		fake_queue_complete(&rig->fake, 0, i);
	assert_int_equal(rig_dequeue(qp, 64), 31);
	assert_int_equal(rig_enqueue(qp, ops + 63, 1), 0);
	fake_queue_complete(&rig->fake, 0, 31);
	assert_int_equal(rig_dequeue(qp, 64), 1);
	assert_int_equal(qp->dequeue_stats.doorbells, 1);
	assert_int_equal(rig_enqueue(qp, ops + 63, 64), 32);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 63);
	assert_int_equal(hisi_qm_qp_destroy(qp, true), 0);
}

/* One doorbell for a burst, however long. */
static void
test_one_doorbell_a_burst(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 256);

	assert_int_equal(rig_enqueue(qp, ops, 200), 200);
	assert_int_equal(qp->enqueue_stats.doorbells, 1);
	assert_int_equal(rig_enqueue(qp, ops + 200, 0), 0);
	assert_int_equal(qp->enqueue_stats.doorbells, 1);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 200);
	assert_int_equal(hisi_qm_qp_destroy(qp, true), 0);
}

/* Complete a random one of those that the device has. */
static void
complete_any(struct rig *rig, uint8_t *have, uint32_t depth)
{
	uint32_t slot = (uint32_t)rand() % depth;

	while (!have[slot])
		slot = (slot + 1) % depth;
	have[slot] = 0;
	fake_queue_post(&rig->fake, 0, (uint16_t)slot, 0);
}

/*
 * Any order that the device likes (qm.md 5.9: whether it may is not known). Each operation comes
 * back once, and no slot is written again while one before it is still the device's.
 */
static void
test_any_order(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	struct fake_queue *queue = &rig->fake.queues[0];
	uint32_t sent = 0, back = 0, seen = 0, pending, ids[64];
	uint8_t have[64] = { 0 };

	while (back < NB_OPS) {
		sent += rig_enqueue(qp, ops + sent, RTE_MIN(NB_OPS - sent, 1u + rand() % 40));
		pending = fake_queue_look(&rig->fake, 0);
		for (; seen != queue->fetched; seen++) {
			assert_false(have[seen % 64]);
			have[seen % 64] = 1;
			check_sqe(rig, seen);
			ids[seen % 64] = seen;
		}
		for (; pending != 0 && rand() % 8 != 0; pending--)
			complete_any(rig, have, 64);
		for (pending = 0; pending < 64; pending++)
			if (have[pending])
				check_sqe(rig, ids[pending]);
		back += rig_dequeue(qp, 1 + rand() % 40);
	}
	rig_check_ops(ops, NB_OPS, 0);
	assert_true(qp->dequeue_stats.unordered > NB_OPS / 4);
	assert_int_equal(qp->dequeue_stats.bad_cqes, 0);
	assert_int_equal(qp->retired, NB_OPS);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* The oldest one last: all others come back meanwhile, their slots after it. */
static void
test_oldest_last(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint32_t i;

	assert_int_equal(rig_enqueue(qp, ops, 63), 63);
	(void)fake_queue_look(&rig->fake, 0);
	for (i = 1; i < 63; i++)
		fake_queue_complete(&rig->fake, 0, i);
	assert_int_equal(rig_dequeue(qp, 64), 62);
	assert_int_equal(ops[0].returned, 0);
	assert_int_equal(hisi_qm_qp_in_flight(qp), 63);
	assert_int_equal(rig_enqueue(qp, ops + 63, 1), 0);
	(void)fake_queue_look(&rig->fake, 0);
	fake_queue_complete(&rig->fake, 0, 0);
	assert_int_equal(rig_dequeue(qp, 64), 1);
	assert_int_equal(hisi_qm_qp_in_flight(qp), 0);
	/* 62 CQEs were acknowledged in the meantime. */
	assert_int_equal(rig_enqueue(qp, ops + 63, 64), 62);
	rig_check_ops(ops, 63, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, true), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_laps_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_ring, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_doorbell_a_burst, setup, teardown),
		cmocka_unit_test_setup_teardown(test_any_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_oldest_last, setup, teardown),
	};
	int ret = test_eal_start("test_qm_data_path");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_data_path", tests, NULL, NULL));
}
