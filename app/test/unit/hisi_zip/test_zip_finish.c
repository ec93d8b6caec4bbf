/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * What the device writes back becomes a status (zip.md 3.5, 8.6); what it cannot have done becomes
 * an error, whatever its status says.
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

#define SRC_LEN 100
#define DST_LEN 300

struct result {
	uint32_t consumed;
	uint32_t produced;
	uint32_t dw3;
	uint8_t status;
};

/* One operation with these result words; lengths count only for a success. */
static void
check_result(struct zip_rig *zip, uint16_t qn, const struct result *result)
{
	bool good = result->status == RTE_COMP_OP_STATUS_SUCCESS;
	uint64_t errors = zip->qp->errors;
	struct zip_op op;

	zip_op_init(&op, qn == 0 ? zip->compress : zip->decompress, SRC_LEN, DST_LEN);
	assert_int_equal(zip_enqueue(zip, &op, 1), 1);
	assert_int_equal(fake_queue_look(&zip->rig->fake, qn), 1);
	zip_answer(zip, qn, zip->rig->fake.queues[qn].posted, result->consumed, result->produced,
		result->dw3);
	assert_int_equal(zip_dequeue(zip, 8), 1);
	if (op.op.status != result->status)
		fail_msg("dw3 0x%x, consumed 0x%x, produced 0x%x: status %u", result->dw3,
			result->consumed, result->produced, op.op.status);
	assert_int_equal(op.op.consumed, good ? result->consumed : 0);
	assert_int_equal(op.op.produced, good ? result->produced : 0);
	/* The device's own word, for whoever asks. */
	assert_int_equal(op.op.debug_status, result->dw3);
	assert_int_equal(zip->qp->errors, errors + !good);
	zip_op_fini(&op);
}

static void
check_results(struct zip_rig *zip, const struct result *results, size_t count)
{
	uint16_t qn;
	size_t i;

	for (i = 0; i < count; i++)
		for (qn = 0; qn < 2; qn++)
			check_result(zip, qn, &results[i]);
}

static void
test_success(void **state)
{
	static const struct result results[] = {
		{ SRC_LEN, 1, 0x00, RTE_COMP_OP_STATUS_SUCCESS },
		{ SRC_LEN, DST_LEN, 0x00, RTE_COMP_OP_STATUS_SUCCESS },
		/* bit 8: last block; bits 31:9 are reserved */
		{ SRC_LEN, 40, 0x100, RTE_COMP_OP_STATUS_SUCCESS },
		{ SRC_LEN, 40, 0xffffff00, RTE_COMP_OP_STATUS_SUCCESS },
		/* "negative compression": the result is valid */
		{ SRC_LEN, 108, 0x0d, RTE_COMP_OP_STATUS_SUCCESS },
	};

	check_results(*state, results, RTE_DIM(results));
}

static void
test_no_room(void **state)
{
	static const struct result results[] = {
		{ 0, 0, 0x0e, RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED },
		/* zip.md 8.6: 0 and 0, whatever was written back */
		{ 50, DST_LEN, 0x0e, RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED },
		{ UINT32_MAX, UINT32_MAX, 0x10e, RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED },
	};

	check_results(*state, results, RTE_DIM(results));
}

/* A stateless decompression never ends with 0x13 (zip.md 3.5); all that is unknown is an error. */
static void
test_all_other_codes(void **state)
{
	uint32_t code;

	for (code = 1; code < 0x100; code++) {
		struct result result = { SRC_LEN, 1, code, RTE_COMP_OP_STATUS_ERROR };

		if (code == 0x0d || code == 0x0e)
			continue;
		check_results(*state, &result, 1);
	}
}

static void
test_lengths_that_cannot_be(void **state)
{
	static const struct result results[] = {
		/* An input that is not empty cannot be done without taking any of it. */
		{ 0, 0, 0, RTE_COMP_OP_STATUS_ERROR },
		{ 0, 1, 0x0d, RTE_COMP_OP_STATUS_ERROR },
		{ SRC_LEN + 1, 1, 0, RTE_COMP_OP_STATUS_ERROR },
		{ SRC_LEN, DST_LEN + 1, 0, RTE_COMP_OP_STATUS_ERROR },
		{ UINT32_MAX, 1, 0, RTE_COMP_OP_STATUS_ERROR },
		{ SRC_LEN, UINT32_MAX, 0, RTE_COMP_OP_STATUS_ERROR },
		{ 0x80000000, 0x80000000, 0, RTE_COMP_OP_STATUS_ERROR },
		{ SRC_LEN, DST_LEN + 1, 0x0d, RTE_COMP_OP_STATUS_ERROR },
		{ SRC_LEN + 1, 1, 0x0d, RTE_COMP_OP_STATUS_ERROR },
	};

	check_results(*state, results, RTE_DIM(results));
}

/* A CQE without a result: not before the queue has been stopped is the operation handed back. */
static void
test_nothing_written_back(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op op;
	uint32_t i;

	/* In a slot that has seen a success too. */
	for (i = 0; i < 130; i++) {
		zip_op_init(&op, zip->compress, SRC_LEN, DST_LEN);
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 1);
		if (i < 129) {
			zip_answer(zip, 0, i, SRC_LEN, 1, 0);
			assert_int_equal(zip_dequeue(zip, 8), 1);
			assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_SUCCESS);
			zip_op_fini(&op);
		}
	}
	fake_queue_complete(&zip->rig->fake, 0, 129);
	assert_int_equal(zip_dequeue(zip, 8), 0);
	assert_int_equal(zip_dequeue(zip, 8), 0);
	assert_int_equal(zip->qp->hw[0]->dequeue_stats.bad_cqes, 1);
	rig_service(zip->rig);
	assert_int_equal(zip->rig->fake.queues[0].stops, 1);
	assert_int_equal(zip_dequeue(zip, 8), 1);
	assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_ERROR);
	zip_op_fini(&op);
}

/* Checked against what was handed over, not against words that the device can change. */
static void
test_device_changes_its_input_words(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_zip_sqe *sqe;
	struct zip_op op;

	zip_op_init(&op, zip->compress, SRC_LEN, DST_LEN);
	assert_int_equal(zip_enqueue(zip, &op, 1), 1);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 1);
	sqe = fake_queue_sqe(&zip->rig->fake, 0, 0);
	sqe->input_data_length = UINT32_MAX;
	sqe->dest_avail_out = UINT32_MAX;
	zip_answer(zip, 0, 0, SRC_LEN, DST_LEN + 1, 0);
	assert_int_equal(zip_dequeue(zip, 8), 1);
	assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_ERROR);
	zip_op_fini(&op);
}

/* The room is what lies behind the offset. */
static void
test_room_behind_an_offset(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op ops[2];
	uint32_t i;

	for (i = 0; i < 2; i++) {
		zip_op_init(&ops[i], zip->compress, SRC_LEN, DST_LEN);
		ops[i].op.dst.offset = 40;
		ops[i].op.src.offset = 10;
		ops[i].op.src.length = 90;
	}
	assert_int_equal(zip_enqueue(zip, ops, 2), 2);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 2);
	zip_answer(zip, 0, 0, 90, 260, 0);
	zip_answer(zip, 0, 1, 90, 261, 0);
	assert_int_equal(zip_dequeue(zip, 8), 2);
	assert_int_equal(ops[0].op.status, RTE_COMP_OP_STATUS_SUCCESS);
	assert_int_equal(ops[0].op.produced, 260);
	assert_int_equal(ops[1].op.status, RTE_COMP_OP_STATUS_ERROR);
	zip_op_fini(&ops[0]);
	zip_op_fini(&ops[1]);
}

#define ZIP_TEST(test) cmocka_unit_test_setup_teardown(test, zip_setup, zip_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ZIP_TEST(test_success),
		ZIP_TEST(test_no_room),
		ZIP_TEST(test_all_other_codes),
		ZIP_TEST(test_lengths_that_cannot_be),
		ZIP_TEST(test_nothing_written_back),
		ZIP_TEST(test_device_changes_its_input_words),
		ZIP_TEST(test_room_behind_an_offset),
	};
	int ret = test_eal_start("test_zip_finish");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_zip_finish", tests, NULL, NULL));
}
