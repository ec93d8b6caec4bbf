/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Enqueue bursts: directions in turn, operations that no ring takes, rings that take no more. What
 * cannot be carried out is accepted and comes back with a status; only want of room ends a burst.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "test_eal.h"
#include "zip_rig.h"

static struct zip_op ops[64];

static void
init_ops(struct zip_rig *zip, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		zip_op_init(&ops[i], zip->compress, 100, 300);
}

static void
fini_ops(uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		zip_op_fini(&ops[i]);
}

static uint32_t
pending(struct zip_rig *zip, uint16_t qn)
{
	return fake_queue_look(&zip->rig->fake, qn);
}

/* Runs of both directions: each in its queue, in its order, one doorbell for each queue. */
static void
test_directions(void **state)
{
	/* c: compress, d: decompress */
	static const char pattern[] = "ccddccccdcdddcdcddddcccc";
	struct zip_rig *zip = *state;
	uint32_t i, next[2] = { 0 };

	init_ops(zip, sizeof(pattern) - 1);
	for (i = 0; i < sizeof(pattern) - 1; i++)
		if (pattern[i] == 'd')
			ops[i].op.private_xform = zip->decompress;
	assert_int_equal(zip_enqueue(zip, ops, sizeof(pattern) - 1), sizeof(pattern) - 1);
	assert_int_equal(pending(zip, 0), 13);
	assert_int_equal(pending(zip, 1), 11);
	assert_int_equal(zip->qp->hw[0]->enqueue_stats.doorbells, 1);
	assert_int_equal(zip->qp->hw[1]->enqueue_stats.doorbells, 1);
	for (i = 0; i < sizeof(pattern) - 1; i++) {
		uint16_t qn = pattern[i] == 'd';
		const struct hisi_zip_sqe *sqe = fake_queue_sqe(&zip->rig->fake, qn, next[qn]++);

		assert_int_equal(sqe->source_addr_lo, (uint32_t)(uintptr_t)zip_op_src(&ops[i]));
	}
	(void)zip_answer_all(zip, 0);
	(void)zip_answer_all(zip, 1);
	assert_int_equal(zip_dequeue(zip, 64), sizeof(pattern) - 1);
	fini_ops(sizeof(pattern) - 1);
}

static void
test_one_doorbell_for_a_burst(void **state)
{
	struct zip_rig *zip = *state;

	init_ops(zip, 20);
	assert_int_equal(zip_enqueue(zip, ops, 20), 20);
	assert_int_equal(zip->qp->hw[0]->enqueue_stats.doorbells, 1);
	assert_int_equal(zip->qp->hw[1]->enqueue_stats.doorbells, 0);
	assert_int_equal(zip_enqueue(zip, ops, 0), 0);
	assert_int_equal(zip->qp->hw[0]->enqueue_stats.doorbells, 1);
	(void)zip_answer_all(zip, 0);
	assert_int_equal(zip_dequeue(zip, 64), 20);
	fini_ops(20);
}

/* Across the end of the ring too, flat and chained. */
static void
test_one_doorbell_at_the_end_of_a_lap(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t lap, i;

	for (lap = 1; lap < 30; lap++) {
		init_ops(zip, 40);
		for (i = 0; i < 40; i++) {
			if (lap % 3 == 1 && i % 2)
				ops[i].op.private_xform = zip->decompress;
			if (lap % 3 == 2 && i % 5)
				zip_op_cut_src(&ops[i], 3, 7);
		}
		assert_int_equal(zip_enqueue(zip, ops, 40), 40);
		assert_int_equal(zip->qp->hw[0]->enqueue_stats.doorbells, lap);
		assert_int_equal(zip->qp->hw[1]->enqueue_stats.doorbells, (lap + 2) / 3);
		assert_int_equal(zip_answer_all(zip, 0) + zip_answer_all(zip, 1), 40);
		assert_int_equal(zip_dequeue(zip, 64), 40);
		for (i = 0; i < 40; i++)
			assert_int_equal(ops[i].op.status, RTE_COMP_OP_STATUS_SUCCESS);
		fini_ops(40);
	}
}

/* What a burst has filled counts before it is handed over: no more than there is room for. */
static void
test_full_ring_in_many_runs(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t i;

	init_ops(zip, 64);
	for (i = 0; i < 64; i++)
		if (i % 9 == 8)
			ops[i].op.private_xform = zip->decompress;
	/* 57 to one queue, 7 to the other, of 63 each; then 6 more of room in the first. */
	assert_int_equal(zip_enqueue(zip, ops, 64), 64);
	assert_int_equal(pending(zip, 0), 57);
	assert_int_equal(pending(zip, 1), 7);
	for (i = 0; i < 64; i++)
		zip_op_fini(&ops[i]);
	init_ops(zip, 64);
	for (i = 0; i < 64; i++)
		if (i % 2 == 1)
			ops[i].op.private_xform = zip->decompress;
	assert_int_equal(zip_enqueue(zip, ops, 64), 12);
	assert_int_equal(pending(zip, 0), 63);
	assert_int_equal(pending(zip, 1), 13);
	fini_ops(64);
}

/* A compress ring that is full does not hold up decompressions of a later burst. */
static void
test_full_direction(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op others[20];
	uint32_t i;

	init_ops(zip, 64);
	for (i = 0; i < 20; i++)
		zip_op_init(&others[i], zip->decompress, 100, 300);
	/* One that is parked needs no ring either. */
	others[10].op.m_src = NULL;
	assert_int_equal(zip_enqueue(zip, ops, 64), 63);
	assert_int_equal(zip_enqueue(zip, others, 20), 20);
	assert_int_equal(pending(zip, 1), 19);
	assert_int_equal(zip_answer_all(zip, 1), 19);
	assert_int_equal(zip_dequeue(zip, 64), 20);
	assert_int_equal(zip_enqueue(zip, ops + 63, 1), 0);
	assert_int_equal(zip_answer_all(zip, 0), 63);
	assert_int_equal(zip_dequeue(zip, 64), 63);
	fini_ops(64);
	for (i = 0; i < 20; i++)
		zip_op_fini(&others[i]);
}

/* Spoil a plain operation in way @p how; false: there is no such way. */
static bool
spoil(struct zip_op *op, uint32_t how)
{
	switch (how) {
	case 0: op->op.m_src = NULL; break;
	case 1: op->op.m_dst = NULL; break;
	case 2: op->op.m_dst = op->op.m_src; break;
	case 3: op->src.nb_segs = 4097; break;
	case 4: op->dst.nb_segs = 4097; break;
	case 5: op->src.nb_segs = UINT16_MAX; break;
	case 6: op->op.private_xform = NULL; break;
	case 7: op->op.op_type = RTE_COMP_OP_STATEFUL; break;
	case 8: op->op.op_type = (enum rte_comp_op_type)77; break;
	case 9: op->op.src.length = 101; break;
	case 10: op->op.src.length = UINT32_MAX; break;
	case 11: op->op.src.offset = 1; break;
	case 12: op->op.src.offset = UINT32_MAX; break;
	case 13: op->op.src.offset = UINT32_MAX; op->op.src.length = 1; break;
	case 14: op->op.src.offset = 2; op->op.src.length = UINT32_MAX; break;
	case 15: op->op.src.offset = UINT32_MAX - 99; break;
	case 16: op->op.src.offset = 101; op->op.src.length = 0; break;
	case 17: op->op.dst.offset = 301; break;
	case 18: op->op.dst.offset = UINT32_MAX; break;
	case 19: op->op.dst.offset = UINT32_MAX - 255; break;
	case 20: op->op.flush_flag = RTE_COMP_FLUSH_NONE; break;
	case 21: op->op.flush_flag = RTE_COMP_FLUSH_SYNC; break;
	case 22: op->op.flush_flag = RTE_COMP_FLUSH_FULL; break;
	case 23: op->op.flush_flag = (enum rte_comp_flush_flag)4; break;
	case 24: op->op.flush_flag = (enum rte_comp_flush_flag)11; break;
	case 25: op->op.src.offset = 0x80000000; op->op.src.length = 0x80000010; break;
	case 26: op->op.private_xform = NULL; op->op.op_type = RTE_COMP_OP_STATEFUL; break;
	default: return false;
	}
	return true;
}

/* Each by itself: accepted, back with INVALID_ARGS, no buffer touched, nothing for the device. */
static void
test_invalid_operations(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op op;
	uint32_t how;

	for (how = 0;; how++) {
		zip_op_init(&op, zip->compress, 100, 300);
		if (!spoil(&op, how))
			break;
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		if (pending(zip, 0) + pending(zip, 1) != 0)
			fail_msg("the device was given operation %u", how);
		assert_int_equal(zip_dequeue(zip, 8), 1);
		if (op.op.status != RTE_COMP_OP_STATUS_INVALID_ARGS)
			fail_msg("operation %u has status %u", how, op.op.status);
		assert_int_equal(op.op.consumed, 0);
		assert_int_equal(op.op.produced, 0);
		/* The reason in bits 39:32, no word of the device. */
		assert_int_equal(op.op.debug_status, (uint64_t)(HISI_ZIP_REASON_INVALID + 1) << 32);
		zip_op_fini(&op);
	}
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_INVALID], how);
	assert_int_equal(zip->qp->statuses[RTE_COMP_OP_STATUS_INVALID_ARGS], how);
	assert_int_equal(zip->qp->errors, how);
	zip_op_fini(&op);
}

/* In the middle of a burst: those before and after go to the device. */
static void
test_invalid_among_valid(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t i, how = 0;

	init_ops(zip, 30);
	for (i = 0; i < 30; i++)
		if (i % 3 == 1)
			assert_true(spoil(&ops[i], how++));
	assert_int_equal(zip_enqueue(zip, ops, 30), 30);
	assert_int_equal(zip_answer_all(zip, 0), 20);
	assert_int_equal(zip_dequeue(zip, 64), 30);
	for (i = 0; i < 30; i++)
		assert_int_equal(ops[i].op.status, i % 3 == 1 ? RTE_COMP_OP_STATUS_INVALID_ARGS :
			RTE_COMP_OP_STATUS_SUCCESS);
	fini_ops(30);
}

/* An inflater does not mind the flush flag (zip.md 3.2). */
static void
test_flush_of_a_decompression(void **state)
{
	struct zip_rig *zip = *state;
	int flush;

	for (flush = RTE_COMP_FLUSH_NONE; flush <= RTE_COMP_FLUSH_FINAL; flush++) {
		zip_op_init(&ops[0], zip->decompress, 100, 300);
		ops[0].op.flush_flag = flush;
		assert_int_equal(zip_enqueue(zip, ops, 1), 1);
		assert_int_equal(zip_answer_all(zip, 1), 1);
		assert_int_equal(zip_dequeue(zip, 8), 1);
		assert_int_equal(ops[0].op.status, RTE_COMP_OP_STATUS_SUCCESS);
		zip_op_fini(&ops[0]);
	}
}

/* At the limit of a segment, and all of it by offset. */
static void
test_limits_of_a_segment(void **state)
{
	struct zip_rig *zip = *state;

	zip_op_init(&ops[0], zip->compress, 65000, 65000);
	zip_op_init(&ops[1], zip->compress, 100, 400);
	ops[1].op.src.offset = 99;
	ops[1].op.src.length = 1;
	ops[1].op.dst.offset = 400 - 256;
	assert_int_equal(zip_enqueue(zip, ops, 2), 2);
	assert_int_equal(pending(zip, 0), 2);
	assert_int_equal(zip_answer_all(zip, 0), 2);
	assert_int_equal(zip_dequeue(zip, 8), 2);
	fini_ops(2);
}

/* A full ring ends the burst and is no error; there is room again when results are dequeued. */
static void
test_full_ring(void **state)
{
	struct zip_rig *zip = *state;

	init_ops(zip, 64);
	assert_int_equal(zip_enqueue(zip, ops, 64), 63);
	assert_int_equal(zip_enqueue(zip, ops + 63, 1), 0);
	assert_int_equal(zip->qp->errors, 0);
	assert_int_equal(zip->qp->enqueued, 63);
	assert_true(zip->qp->hw[0]->enqueue_stats.full >= 1);
	assert_int_equal(zip_answer_all(zip, 0), 63);
	assert_int_equal(zip_dequeue(zip, 64), 63);
	assert_int_equal(zip_enqueue(zip, ops + 63, 1), 1);
	assert_int_equal(zip_answer_all(zip, 0), 1);
	assert_int_equal(zip_dequeue(zip, 64), 1);
	fini_ops(64);
}

/* Parked operations count against the depth: the ring for them is full like any other. */
static void
test_full_parking(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t i;

	init_ops(zip, 64);
	for (i = 0; i < 64; i++)
		ops[i].op.m_dst = NULL;
	assert_int_equal(zip_enqueue(zip, ops, 64), 63);
	assert_int_equal(zip_enqueue(zip, ops + 63, 1), 0);
	/* A plain one before it goes to the device all the same. */
	ops[63].op.m_dst = &ops[63].dst;
	assert_int_equal(zip_enqueue(zip, ops + 63, 1), 1);
	assert_int_equal(zip_answer_all(zip, 0), 1);
	assert_int_equal(zip_dequeue(zip, 64), 64);
	for (i = 0; i < 63; i++)
		assert_int_equal(ops[i].op.status, RTE_COMP_OP_STATUS_INVALID_ARGS);
	fini_ops(64);
}

static void
test_stopped_device(void **state)
{
	struct zip_rig *zip = *state;

	init_ops(zip, 4);
	assert_int_equal(zip_enqueue(zip, ops, 2), 2);
	rte_compressdev_stop(zip->id);
	assert_int_equal(zip_enqueue(zip, ops + 2, 2), 0);
	assert_int_equal(zip_answer_all(zip, 0), 2);
	/* What was in flight can still be had. */
	assert_int_equal(zip_dequeue(zip, 8), 2);
	assert_int_equal(rte_compressdev_start(zip->id), 0);
	assert_int_equal(zip_enqueue(zip, ops + 2, 2), 2);
	assert_int_equal(zip_answer_all(zip, 0), 2);
	assert_int_equal(zip_dequeue(zip, 8), 2);
	fini_ops(4);
}

#define ZIP_TEST(test) cmocka_unit_test_setup_teardown(test, zip_setup, zip_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ZIP_TEST(test_directions),
		ZIP_TEST(test_one_doorbell_for_a_burst),
		ZIP_TEST(test_one_doorbell_at_the_end_of_a_lap),
		ZIP_TEST(test_full_ring_in_many_runs),
		ZIP_TEST(test_full_direction),
		ZIP_TEST(test_invalid_operations),
		ZIP_TEST(test_invalid_among_valid),
		ZIP_TEST(test_flush_of_a_decompression),
		ZIP_TEST(test_limits_of_a_segment),
		ZIP_TEST(test_full_ring),
		ZIP_TEST(test_full_parking),
		ZIP_TEST(test_stopped_device),
	};
	int ret = test_eal_start("test_zip_enqueue");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_zip_enqueue", tests, NULL, NULL));
}
