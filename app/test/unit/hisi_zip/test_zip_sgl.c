/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Chained mbufs: the descriptor and its lists, results against their sums, and every list back in
 * its pool whatever becomes of the operation.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>
#include <rte_ring.h>

#include "fake_queue.h"
#include "test_eal.h"
#include "zip_rig.h"

#define SRC_LEN 1000
#define DST_LEN 1200

static struct zip_op ops[64];

static uint32_t
free_sgls(struct zip_rig *zip, int type)
{
	return rte_ring_count(zip->qp->hw[type]->sgl->free);
}

static void
check_no_leak(struct zip_rig *zip)
{
	assert_int_equal(free_sgls(zip, 0), zip->qp->hw[0]->sgl->count);
	assert_int_equal(free_sgls(zip, 1), zip->qp->hw[1]->sgl->count);
}

static void
chained_op(struct zip_op *op, void *xform, uint16_t nb_segs)
{
	zip_op_init(op, xform, SRC_LEN, DST_LEN);
	zip_op_cut_src(op, nb_segs, 1);
	zip_op_cut_dst(op, nb_segs, 1);
}

static struct hisi_zip_sqe *
last_sqe(struct zip_rig *zip, uint16_t qn)
{
	return fake_queue_sqe(&zip->rig->fake, qn, zip->rig->fake.queues[qn].posted);
}

static uint64_t
first_buf(uint32_t lo, uint32_t hi)
{
	const struct hisi_qm_sgl_unit *unit = (void *)(uintptr_t)(lo | (uint64_t)hi << 32);

	return unit->entry[0].buf;
}

/* zip.md 3: all 32 dwords; buffer type 1 in dw9 bits 11:8 holds for both sides. */
static void
test_descriptor(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t expected[32] = { 0 };
	struct hisi_zip_sqe *sqe;
	struct zip_op op;
	uint16_t qn;

	for (qn = 0; qn < 2; qn++) {
		chained_op(&op, qn == 0 ? zip->compress : zip->decompress, 20);
		op.op.src.offset = 5;
		op.op.src.length = 900;
		op.op.dst.offset = 30;
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		assert_int_equal(fake_queue_look(&zip->rig->fake, qn), 1);
		sqe = last_sqe(zip, qn);
		expected[3] = 0xff;
		expected[4] = 900;
		expected[7] = 0x3a000000;
		expected[9] = qn == 0 ? 0x4101 : 0x0101;
		expected[14] = DST_LEN - 30;
		/* The offset is in the first entry, not in the offset fields (dw7, dw8). */
		assert_int_equal(first_buf(sqe->source_addr_lo, sqe->source_addr_hi),
			(uintptr_t)zip_op_src(&op) + 5);
		assert_int_equal(first_buf(sqe->dest_addr_lo, sqe->dest_addr_hi),
			(uintptr_t)zip_op_dst(&op) + 30);
		memcpy(&expected[18], &sqe->source_addr_lo, 4 * sizeof(uint32_t));
		assert_memory_equal(sqe, expected, sizeof(expected));
		zip_answer(zip, qn, zip->rig->fake.queues[qn].posted, 900, DST_LEN - 30, 0);
		assert_int_equal(zip_dequeue(zip, 8), 1);
		assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_SUCCESS);
		assert_int_equal(op.op.consumed, 900);
		assert_int_equal(op.op.produced, DST_LEN - 30);
		zip_op_fini(&op);
	}
	check_no_leak(zip);
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_CHAINED], 2);
}

/* One side flat is enough for lists on both. */
static void
test_one_side_flat(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op op;
	int side;

	for (side = 0; side < 2; side++) {
		zip_op_init(&op, zip->compress, SRC_LEN, DST_LEN);
		if (side == 0)
			zip_op_cut_src(&op, 2, 300);
		else
			zip_op_cut_dst(&op, 2, 0);
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		assert_int_equal(last_sqe(zip, 0)->dw9, 0x4101);
		assert_int_equal(zip->qp->hw[0]->sgl->count - free_sgls(zip, 0), 2);
		assert_int_equal(zip_answer_all(zip, 0), 1);
		assert_int_equal(zip_dequeue(zip, 8), 1);
		assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_SUCCESS);
		zip_op_fini(&op);
	}
	check_no_leak(zip);
}

struct result {
	uint32_t consumed;
	uint32_t produced;
	uint32_t dw3;
	uint8_t status;
};

/* Whatever the device says, its lists are free afterwards. */
static void
test_results(void **state)
{
	static const struct result results[] = {
		{ SRC_LEN, 1, 0, RTE_COMP_OP_STATUS_SUCCESS },
		{ SRC_LEN, DST_LEN, 0x0d, RTE_COMP_OP_STATUS_SUCCESS },
		{ SRC_LEN + 1, 1, 0, RTE_COMP_OP_STATUS_ERROR },
		{ SRC_LEN, DST_LEN + 1, 0, RTE_COMP_OP_STATUS_ERROR },
		{ UINT32_MAX, UINT32_MAX, 0, RTE_COMP_OP_STATUS_ERROR },
		{ SRC_LEN, 10, 0x0e, RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED },
		{ SRC_LEN, 10, 0x77, RTE_COMP_OP_STATUS_ERROR },
		/* An input that is not empty cannot be done without taking any of it. */
		{ 0, 0, 0, RTE_COMP_OP_STATUS_ERROR },
		{ 0, 10, 0, RTE_COMP_OP_STATUS_ERROR },
		{ 0, 0, 0xfe, RTE_COMP_OP_STATUS_ERROR },
	};
	struct zip_rig *zip = *state;
	struct zip_op op;
	uint16_t qn;
	size_t i;

	for (i = 0; i < 2 * RTE_DIM(results); i++) {
		const struct result *result = &results[i / 2];
		bool good = result->status == RTE_COMP_OP_STATUS_SUCCESS;

		qn = i % 2;
		chained_op(&op, qn == 0 ? zip->compress : zip->decompress, 50);
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		assert_int_equal(fake_queue_look(&zip->rig->fake, qn), 1);
		zip_answer(zip, qn, zip->rig->fake.queues[qn].posted, result->consumed,
			result->produced, result->dw3);
		assert_int_equal(zip_dequeue(zip, 8), 1);
		if (op.op.status != result->status)
			fail_msg("result %zu has status %u", i / 2, op.op.status);
		assert_int_equal(op.op.consumed, good ? result->consumed : 0);
		assert_int_equal(op.op.produced, good ? result->produced : 0);
		assert_int_equal(op.op.debug_status & UINT32_MAX, result->dw3);
		zip_op_fini(&op);
	}
	check_no_leak(zip);
}

/* The longest chains of both sides fit into an unused pool of the smallest ring. */
static void
test_longest_chains(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op op;

	zip_op_init(&op, zip->compress, 5000, 6000);
	zip_op_cut_src(&op, ZIP_OP_MAX_SEGS, 1);
	zip_op_cut_dst(&op, ZIP_OP_MAX_SEGS, 1);
	assert_int_equal(zip_enqueue(zip, &op, 1), 1);
	assert_int_equal(zip_answer_all(zip, 0), 1);
	assert_int_equal(zip_dequeue(zip, 8), 1);
	assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_SUCCESS);
	zip_op_fini(&op);
	check_no_leak(zip);
}

static void
fini_ops(uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		zip_op_fini(&ops[i]);
}

/* No list left is a full queue: the burst ends, nothing is an error, later there is room. */
static void
test_pool_empty(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t i, taken, full = (uint32_t)zip->qp->hw[0]->enqueue_stats.full;

	/* 63 SGLs each for source and destination. */
	for (i = 0; i < 8; i++)
		chained_op(&ops[i], zip->compress, 1000);
	zip_op_init(&ops[8], zip->decompress, 100, 300);
	zip_op_init(&ops[9], zip->compress, 100, 300);
	taken = zip_enqueue(zip, ops, 8);
	assert_int_equal(taken, 4);
	assert_int_equal(zip->qp->hw[0]->enqueue_stats.full, full + 1);
	assert_int_equal(zip_enqueue(zip, ops + 4, 1), 0);
	assert_int_equal(zip->qp->hw[0]->enqueue_stats.full, full + 2);
	/* A flat one of either direction needs none. */
	assert_int_equal(zip_enqueue(zip, ops + 8, 2), 2);
	assert_int_equal(zip_answer_all(zip, 0), 5);
	assert_int_equal(zip_answer_all(zip, 1), 1);
	assert_int_equal(zip_dequeue(zip, 8), 6);
	assert_int_equal(zip_enqueue(zip, ops + 4, 4), 4);
	assert_int_equal(zip_answer_all(zip, 0), 4);
	assert_int_equal(zip_dequeue(zip, 8), 4);
	for (i = 0; i < 10; i++)
		assert_int_equal(ops[i].op.status, RTE_COMP_OP_STATUS_SUCCESS);
	assert_int_equal(zip->qp->errors, 0);
	check_no_leak(zip);
	fini_ops(10);
}

/* Thousands of laps of flat and chained ones mixed, of both directions, out of ring order. */
static void
test_many_rounds(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t round, i, qn, count;

	for (round = 0; round < 3000; round++) {
		for (i = 0; i < 12; i++) {
			zip_op_init(&ops[i], (round + i) & 1 ? zip->compress : zip->decompress,
				SRC_LEN, DST_LEN);
			if ((round + i) % 3 != 0)
				zip_op_cut_src(&ops[i], (uint16_t)(2 + (round * 7 + i) % 70), 3);
			if ((round + i) % 5 == 0)
				zip_op_cut_dst(&ops[i], (uint16_t)(2 + (round + i) % 40), 11);
		}
		assert_int_equal(zip_enqueue(zip, ops, 12), 12);
		for (qn = 0; qn < 2; qn++) {
			uint32_t base = zip->rig->fake.queues[qn].posted;

			count = fake_queue_look(&zip->rig->fake, (uint16_t)qn);
			for (i = 0; i < count; i++)
				zip_answer(zip, (uint16_t)qn, base + (round & 1 ?
					count - 1 - i : i), SRC_LEN, 7, round % 7 == 0);
		}
		assert_int_equal(zip_dequeue(zip, 64), 12);
		fini_ops(12);
		check_no_leak(zip);
	}
}

/* A queue that is stopped with operations in it, and a device that is gone. */
static void
test_operations_that_are_returned(void **state)
{
	struct zip_rig *zip = *state;
	struct rig *rig = zip->rig;
	uint32_t i;

	for (i = 0; i < 6; i++)
		chained_op(&ops[i], zip->compress, 40);
	assert_int_equal(zip_enqueue(zip, ops, 6), 6);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 6);
	zip_answer(zip, 0, 0, SRC_LEN, 1, 0);
	zip->qp->hw[0]->failed = 1;
	rig_service(rig);
	assert_int_equal(zip_dequeue(zip, 64), 6);
	assert_int_equal(ops[0].op.status, RTE_COMP_OP_STATUS_SUCCESS);
	for (i = 1; i < 6; i++) {
		assert_int_equal(ops[i].op.status, RTE_COMP_OP_STATUS_ERROR);
		/* No word of the device; the reason in bits 39:32. */
		assert_int_equal(ops[i].op.debug_status,
			(uint64_t)(HISI_ZIP_REASON_STOPPED + 1) << 32);
	}
	check_no_leak(zip);
	assert_int_equal(zip_dequeue(zip, 64), 0);
	rig_service(rig);
	assert_int_equal(zip->qp->hw[0]->state, HISI_QM_QP_RUNNING);
	fini_ops(6);

	for (i = 0; i < 6; i++)
		chained_op(&ops[i], zip->compress, 40);
	assert_int_equal(zip_enqueue(zip, ops, 3), 3);
	hisi_qm_recover_die(rig->dev, "the test says so");
	assert_int_equal(zip_enqueue(zip, ops + 3, 3), 3);
	assert_int_equal(zip_dequeue(zip, 64), 6);
	for (i = 0; i < 6; i++) {
		assert_int_equal(ops[i].op.status, RTE_COMP_OP_STATUS_ERROR);
		assert_int_equal(ops[i].op.debug_status >> 32, (i < 3 ?
			HISI_ZIP_REASON_STOPPED : HISI_ZIP_REASON_DEAD) + 1);
	}
	check_no_leak(zip);
	fini_ops(6);
}

/* As a process leaves it that is killed in dequeue: it could not say yet what it has taken. */
static void
test_killed_in_dequeue(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_qm_qp *hw = zip->qp->hw[0];
	uint32_t i;

	for (i = 0; i < 3; i++)
		chained_op(&ops[i], zip->compress, 40);
	assert_int_equal(zip_enqueue(zip, ops, 3), 3);
	assert_int_equal(zip_answer_all(zip, 0), 3);
	assert_int_equal(zip_dequeue(zip, 64), 3);
	hw->head -= 3;
	hw->retired -= 3;
	for (i = 0; i < 3; i++)
		ops[i].returned = 0;
	assert_int_equal(zip_dequeue(zip, 64), 3);
	check_no_leak(zip);
	fini_ops(3);
}

/* Not stopped for sure: what a descriptor points to stays, like the ring itself. */
static void
test_lists_of_a_queue_that_did_not_stop(void **state)
{
	struct zip_rig *zip = zip_rig_start(32);
	struct hisi_qm_qp *hw = zip->qp->hw[0];
	const struct hisi_qm_sgl_unit *unit;
	const struct hisi_zip_sqe *sqe;

	chained_op(&ops[0], zip->compress, 40);
	assert_int_equal(zip_enqueue(zip, ops, 1), 1);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 1);
	sqe = last_sqe(zip, 0);
	unit = (void *)(uintptr_t)(sqe->source_addr_lo | (uint64_t)sqe->source_addr_hi << 32);
	fake_mailbox_rule(&zip->rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	/* As at removal: whatever is in flight. */
	((struct hisi_zip_dev *)zip->dev->data->dev_private)->leaving = true;
	rte_compressdev_stop(zip->id);
	/* On other hardware queues. */
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 32, SOCKET_ID_ANY), 0);
	((struct hisi_zip_dev *)zip->dev->data->dev_private)->leaving = false;
	assert_true(hw->orphan);
	assert_non_null(hw->sgl);
	assert_in_range((uintptr_t)unit, (uintptr_t)hw->sgl->units,
		(uintptr_t)(hw->sgl->units + hw->sgl->count - 1));
	assert_int_equal(unit->entry[0].buf, (uintptr_t)zip_op_src(&ops[0]));
	zip_rig_end(zip);
	fini_ops(1);
	(void)state;
}

#define ZIP_TEST(test) cmocka_unit_test_setup_teardown(test, zip_setup, zip_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ZIP_TEST(test_descriptor),
		ZIP_TEST(test_one_side_flat),
		ZIP_TEST(test_results),
		ZIP_TEST(test_longest_chains),
		ZIP_TEST(test_pool_empty),
		ZIP_TEST(test_many_rounds),
		ZIP_TEST(test_operations_that_are_returned),
		ZIP_TEST(test_killed_in_dequeue),
		cmocka_unit_test(test_lists_of_a_queue_that_did_not_stop),
	};
	int ret = test_eal_start("test_zip_sgl");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_zip_sgl", tests, NULL, NULL));
}
