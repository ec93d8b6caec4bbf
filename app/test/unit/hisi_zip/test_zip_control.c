/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * compressdev's control path: capabilities, set-up and release in every order, statistics.
 */

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "test_eal.h"
#include "zip_rig.h"

static int
create(void **state)
{
	*state = zip_rig_create();
	test_log_forget();
	return 0;
}

static int
end(void **state)
{
	fake_behave(&((struct zip_rig *)*state)->rig->fake);
	zip_rig_end(*state);
	return 0;
}

/* zip.md 8.1 to 8.3: one algorithm, windows 12 to 15, xforms to be shared. */
static void
test_info(void **state)
{
	struct zip_rig *zip = *state;
	struct rte_compressdev_info info;
	const struct rte_compressdev_capabilities *capability;

	rte_compressdev_info_get(zip->id, &info);
	assert_string_equal(info.driver_name, "compress_hisi_zip");
	/* Two hardware queues for a queue pair. */
	assert_int_equal(info.max_nb_queue_pairs, FAKE_QUEUES / 2);
	capability = info.capabilities;
	assert_int_equal(capability->algo, RTE_COMP_ALGO_DEFLATE);
	assert_int_equal(capability->window_size.min, 12);
	assert_int_equal(capability->window_size.max, 15);
	assert_int_equal(capability->window_size.increment, 1);
	assert_int_equal(capability->comp_feature_flags, RTE_COMP_FF_SHAREABLE_PRIV_XFORM |
		RTE_COMP_FF_OOP_SGL_IN_SGL_OUT | RTE_COMP_FF_OOP_SGL_IN_LB_OUT |
		RTE_COMP_FF_OOP_LB_IN_SGL_OUT |
		RTE_COMP_FF_HUFFMAN_FIXED | RTE_COMP_FF_HUFFMAN_DYNAMIC);
	assert_int_equal(capability[1].algo, RTE_COMP_ALGO_UNSPECIFIED);
}

/* A chip without raw deflate in both directions (zip.md 1.6) is none for this class: bits 4, 5. */
static void
test_algorithms_of_the_chip(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_zip_dev *private = zip->dev->data->dev_private;
	uint32_t *algorithms = &zip->rig->dev->engine_caps[HISI_ZIP_CAP_DEV_ALG];
	const uint32_t good = *algorithms;

	*algorithms = 0xf;
	assert_int_equal(hisi_zip_capabilities_init(private), -ENOTSUP);
	*algorithms = 0x10;
	assert_int_equal(hisi_zip_capabilities_init(private), -ENOTSUP);
	assert_int_equal(test_log_count("dev_alg is 0xf, without 0x30"), 1);
	assert_int_equal(test_log_count("dev_alg is 0x10, without 0x30"), 1);
	*algorithms = 0x30;
	assert_int_equal(hisi_zip_capabilities_init(private), 0);
	*algorithms = good;
}

static int
configure(struct zip_rig *zip, uint16_t nb_queue_pairs)
{
	struct rte_compressdev_config config = { .socket_id = SOCKET_ID_ANY,
		.nb_queue_pairs = nb_queue_pairs, .max_nb_priv_xforms = 1 };

	return rte_compressdev_configure(zip->id, &config);
}

/* All queue pairs there are, then a device of one only. */
static void
test_reconfigure(void **state)
{
	struct zip_rig *zip = *state;
	uint16_t i;

	assert_int_equal(configure(zip, FAKE_QUEUES / 2), 0);
	for (i = 0; i < FAKE_QUEUES / 2; i++)
		assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, i, 8, SOCKET_ID_ANY),
			0);
	for (i = 0; i < FAKE_QUEUES; i++) {
		assert_true(zip->rig->fake.queues[i].running);
		/* qm.md 5.1: type in W13 bits 11:8 */
		assert_int_equal((zip->rig->fake.queues[i].sqc.w13 >> 8) & 0xf, i % 2);
	}
	assert_int_equal(rte_compressdev_start(zip->id), 0);
	rte_compressdev_stop(zip->id);
	assert_int_equal(configure(zip, 1), 0);
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 8, SOCKET_ID_ANY), 0);
	for (i = 2; i < FAKE_QUEUES; i++)
		assert_false(zip->rig->fake.queues[i].running);
	assert_int_equal(rte_compressdev_start(zip->id), 0);
}

static void
test_too_many_queue_pairs(void **state)
{
	struct zip_rig *zip = *state;

	assert_int_not_equal(configure(zip, FAKE_QUEUES / 2 + 1), 0);
}

/* The library does not look whether each queue pair was set up. */
static void
test_start_without_queue_pairs(void **state)
{
	struct zip_rig *zip = *state;

	assert_int_equal(rte_compressdev_start(zip->id), -EINVAL);
	assert_int_equal(test_log_count("0 of 0 is not set up; call rte_compressdev_configure()"), 1);
	assert_int_equal(configure(zip, 2), 0);
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 8, SOCKET_ID_ANY), 0);
	assert_int_equal(rte_compressdev_start(zip->id), -EINVAL);
	assert_int_equal(test_log_count("queue pair 1 of 2 is not set up"), 1);
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 1, 8, SOCKET_ID_ANY), 0);
	assert_int_equal(rte_compressdev_start(zip->id), 0);
}

/* The second hardware queue is refused: the first one goes back too. */
static void
test_half_a_queue_pair(void **state)
{
	struct zip_rig *zip = *state;

	assert_int_equal(configure(zip, 1), 0);
	/* The CQC of compress is taken, that of decompress is not. */
	zip->rig->dev->qps[1] = (struct hisi_qm_qp *)zip;
	zip->rig->fake.bus.max_queues = 2;
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 8, SOCKET_ID_ANY), -ENOSPC);
	zip->rig->dev->qps[1] = NULL;
	assert_null(zip->dev->data->queue_pairs[0]);
	assert_null(zip->rig->dev->qps[0]);
	assert_int_equal(zip->rig->fake.queues[0].stops, 1);
	assert_int_equal(test_log_count("queue pair 0 cannot be set up"), 1);
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 8, SOCKET_ID_ANY), 0);
}

/* Set up again with another depth; not while operations are in flight. */
static void
test_set_up_again(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op op;

	zip_rig_end(zip);
	zip = zip_rig_start(32);
	*state = zip;
	assert_int_equal(fake_queue_depth(&zip->rig->fake, 0), 64);
	zip_op_init(&op, zip->compress, 100, 300);
	assert_int_equal(zip_enqueue(zip, &op, 1), 1);
	rte_compressdev_stop(zip->id);
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 100, SOCKET_ID_ANY),
		-EAGAIN);
	assert_int_equal(test_log_count("queue pair 0 still has 1 operations; dequeue them first"),
		1);
	assert_int_equal(zip_answer_all(zip, 0), 1);
	assert_int_equal(zip_dequeue(zip, 8), 1);
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 100, SOCKET_ID_ANY), 0);
	assert_int_equal(fake_queue_depth(&zip->rig->fake, 0), 256);
	assert_int_equal(fake_queue_depth(&zip->rig->fake, 1), 256);
	zip_op_fini(&op);
}

/* A parked operation is in flight like any other. */
static void
test_parked_is_in_flight(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op op;

	zip_rig_end(zip);
	zip = zip_rig_start(32);
	*state = zip;
	zip_op_init(&op, zip->compress, 100, 10);
	assert_int_equal(zip_enqueue(zip, &op, 1), 1);
	rte_compressdev_stop(zip->id);
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 32, SOCKET_ID_ANY),
		-EAGAIN);
	assert_int_equal(zip_dequeue(zip, 8), 1);
	assert_int_equal(rte_compressdev_queue_pair_setup(zip->id, 0, 32, SOCKET_ID_ANY), 0);
	zip_op_fini(&op);
}

/* Removal asks nobody: what is in flight goes with the queues. */
static void
test_end_in_flight(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op op;

	zip_rig_end(zip);
	zip = zip_rig_start(32);
	zip_op_init(&op, zip->compress, 100, 300);
	assert_int_equal(zip_enqueue(zip, &op, 1), 1);
	zip_rig_end(zip);
	assert_int_equal(test_log_count("goes with 1 operations not dequeued"), 1);
	zip_op_fini(&op);
	*state = zip_rig_create();
}

static void
check_stats(struct zip_rig *zip, uint64_t enqueued, uint64_t dequeued, uint64_t errors)
{
	struct rte_compressdev_stats stats;

	memset(&stats, 0xff, sizeof(stats));
	assert_int_equal(rte_compressdev_stats_get(zip->id, &stats), 0);
	assert_int_equal(stats.enqueued_count, enqueued);
	assert_int_equal(stats.dequeued_count, dequeued);
	assert_int_equal(stats.enqueue_err_count, 0);
	assert_int_equal(stats.dequeue_err_count, errors);
}

static void
test_statistics(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op ops[6];
	uint32_t i;

	zip_rig_end(zip);
	zip = zip_rig_start(32);
	*state = zip;
	check_stats(zip, 0, 0, 0);
	for (i = 0; i < 6; i++)
		zip_op_init(&ops[i], zip->compress, 100, i == 1 ? 3 : 300);
	ops[2].op.m_src = NULL;
	assert_int_equal(zip_enqueue(zip, ops, 6), 6);
	check_stats(zip, 6, 0, 0);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 4);
	zip_answer(zip, 0, 0, 100, 1, 0);
	zip_answer(zip, 0, 1, 100, 1, 0x0e);
	zip_answer(zip, 0, 2, 100, 1, 0x55);
	zip_answer(zip, 0, 3, 100, 1, 0);
	/* Two errors of the device, one invalid, one without room. */
	assert_int_equal(zip_dequeue(zip, 8), 6);
	check_stats(zip, 6, 6, 4);
	/* The error by kind, and the reasons of those that the device did not get. */
	assert_int_equal(zip->qp->statuses[RTE_COMP_OP_STATUS_ERROR], 1);
	assert_int_equal(zip->qp->statuses[RTE_COMP_OP_STATUS_INVALID_ARGS], 1);
	assert_int_equal(zip->qp->statuses[RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED], 2);
	assert_int_equal(zip->qp->statuses[RTE_COMP_OP_STATUS_SUCCESS], 0);
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_TINY], 1);
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_INVALID], 1);
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_EMPTY], 0);
	assert_int_equal(ops[1].op.debug_status, (uint64_t)(HISI_ZIP_REASON_TINY + 1) << 32);
	assert_int_equal(ops[4].op.debug_status, 0x55);
	assert_int_equal(ops[3].op.debug_status, 0x0e);
	assert_int_equal(zip->qp->bytes.in, 200);
	assert_int_equal(zip->qp->bytes.out, 2);
	rte_compressdev_stats_reset(zip->id);
	check_stats(zip, 0, 0, 0);
	for (i = 0; i < 6; i++)
		zip_op_fini(&ops[i]);
}

static void *
release_queue_pair(void *arg)
{
	struct zip_rig *zip = arg;

	assert_int_equal(zip->dev->dev_ops->queue_pair_release(zip->dev, 0), 0);
	return NULL;
}

/* Telemetry has a thread of its own: what it reads just now stays until it has done so. */
static void
test_release_beside_telemetry(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_zip_dev *private;
	struct hisi_zip_qp *qp;
	pthread_t thread;

	zip_rig_run(zip, 32);
	private = zip->dev->data->dev_private;
	qp = zip->qp;
	assert_ptr_equal(private->pairs, &qp->pair);
	assert_null(qp->pair.next);
	hisi_qm_pairs_hold();
	assert_int_equal(pthread_create(&thread, NULL, release_queue_pair, zip), 0);
	usleep(50000);
	assert_ptr_equal(private->pairs, &qp->pair);
	assert_ptr_equal(zip->dev->data->queue_pairs[0], qp);
	assert_non_null(zip->rig->dev->qps[0]);
	hisi_qm_pairs_release();
	pthread_join(thread, NULL);
	assert_null(private->pairs);
	assert_null(zip->rig->dev->qps[0]);
}

#define CONTROL_TEST(test) cmocka_unit_test_setup_teardown(test, create, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONTROL_TEST(test_info),
		CONTROL_TEST(test_algorithms_of_the_chip),
		CONTROL_TEST(test_reconfigure),
		CONTROL_TEST(test_too_many_queue_pairs),
		CONTROL_TEST(test_start_without_queue_pairs),
		CONTROL_TEST(test_half_a_queue_pair),
		CONTROL_TEST(test_set_up_again),
		CONTROL_TEST(test_parked_is_in_flight),
		CONTROL_TEST(test_end_in_flight),
		CONTROL_TEST(test_statistics),
		CONTROL_TEST(test_release_beside_telemetry),
	};
	int ret = test_eal_start("test_zip_control");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_zip_control", tests, NULL, NULL));
}
