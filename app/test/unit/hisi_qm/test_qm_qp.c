/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The life of a queue: contexts (qm.md 5.1, 5.2, 6.5), depths, numbers, destruction.
 */

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <rte_cycles.h>
#include <rte_memory.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

static uint64_t
base_of(uint32_t lo, uint32_t hi)
{
	return lo | (uint64_t)hi << 32;
}

/* Every word of both contexts. */
static void
check_contexts(const struct fake_queue *queue, uint16_t qn, uint8_t type, uint32_t depth)
{
	const struct hisi_qm_sqc *sqc = &queue->sqc;
	const struct hisi_qm_cqc *cqc = &queue->cqc;
	uint64_t sq = base_of(sqc->base_lo, sqc->base_hi);
	uint64_t cq = base_of(cqc->base_lo, cqc->base_hi);

	assert_int_equal(sqc->dw3, 0x7000 | (depth - 1));
	assert_int_equal(cqc->dw3, 0x4000 | (depth - 1));
	assert_int_equal(sqc->w13, 0x0010 | type << 8);
	assert_int_equal(sqc->cq_num, qn);
	/* Phase 1, not armed. */
	assert_int_equal(cqc->dw6, 1);
	assert_int_equal(sqc->head | sqc->tail | sqc->w9 | sqc->pasid | sqc->w11 | sqc->dw7, 0);
	assert_int_equal(cqc->head | cqc->tail | cqc->w9 | cqc->pasid | cqc->w11 | cqc->dw7, 0);
	assert_int_not_equal(sqc->tag, 0);
	assert_int_equal(cqc->tag, sqc->tag);
	assert_int_equal(sq % 128, 0);
	assert_int_equal(cq % 32, 0);
	assert_true(cq >= sq + depth * 128 || sq >= cq + depth * 16);
}

/* qm.md 6.5: the CQ is zero and every slot holds the class's template at a start. */
static void
check_rings(const struct fake_queue *queue, uint32_t depth)
{
	const uint8_t *sq = (void *)(uintptr_t)base_of(queue->sqc.base_lo, queue->sqc.base_hi);
	const uint8_t *cq = (void *)(uintptr_t)base_of(queue->cqc.base_lo, queue->cqc.base_hi);
	uint32_t i;

	for (i = 0; i < depth; i++)
		assert_memory_equal(sq + i * 128, rig_sqe_template, 128);
	for (i = 0; i < depth * 16; i++)
		assert_int_equal(cq[i], 0);
}

struct depth_case {
	uint32_t entries;
	uint32_t depth;
};

/* A ring holds what was asked for plus 31 CQEs that wait for their doorbell and an empty slot. */
static const struct depth_case depth_cases[] = {
	{ 1, 64 }, { 31, 64 }, { 32, 64 }, { 33, 128 }, { 512, 1024 }, { 992, 1024 },
	{ 993, 1024 }, { 1024, 1024 }, { 4096, 1024 }, { UINT32_MAX, 1024 },
};

static void
test_contexts_and_depths(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp;
	uint8_t type = 0;
	size_t i;

	for (i = 0; i < RTE_DIM(depth_cases); i++, type ^= 1) {
		const struct depth_case *c = &depth_cases[i];

		if (c->entries == 993)
			assert_int_equal(test_log_count("operations in flight asked for"), 0);
		assert_int_equal(hisi_qm_qp_create(rig->dev, type, rig_sqe_template, 7,
			c->entries, SOCKET_ID_ANY, &qp), 0);
		check_contexts(&rig->fake.queues[0], 0, type, c->depth);
		check_rings(&rig->fake.queues[0], c->depth);
		assert_int_equal(hisi_qm_qp_capacity(qp), c->depth - 1);
		assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	}
	/* Once for a device, not for each of its queues. */
	assert_int_equal(test_log_count("993 operations in flight asked for"), 1);
	assert_int_equal(test_log_count("operations in flight asked for"), 1);
}

/* A chip whose words say less than 1024. */
static void
test_depth_of_the_capability_word(void **state)
{
	/* SQ [15:0], CQ [31:16]: one depth serves both rings, so the smaller one counts. */
	static const uint32_t words[] = { 0x00c800c8, 0x040000c8, 0x00c80400 };
	struct rig *rig = *state;
	struct hisi_qm_qp *qp;
	size_t i;

	for (i = 0; i < RTE_DIM(words); i++) {
		rig->dev->caps[HISI_QM_CAP_QUEUE_DEPTHS] = words[i];
		qp = rig_queue(rig, 200);
		check_contexts(&rig->fake.queues[0], 0, 0, 128);
		assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	}
	assert_int_equal(test_log_count("200 operations in flight asked for, a queue of this "
		"device holds 96"), 1);
}

/* SQC, then CQC (qm.md 6.5), nothing else. */
static void
test_commands_of_a_start(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 1);
	uint32_t i, commands[4] = { 0 }, count = 0;

	for (i = 0; i < rig->fake.log_len; i++)
		if (rig->fake.log[i].kind == FAKE_WRITE && count < 4)
			commands[count++] = (uint32_t)rig->fake.log[i].value;
	assert_int_equal(count, 2);
	assert_int_equal(commands[0], 0x2000);
	assert_int_equal(commands[1], 0x2001);
	fake_log_forget(&rig->fake);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_STOP_QP), 1);
	assert_int_equal(rig->fake.queues[0].stops, 1);
}

static void
test_all_queues_in_use(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qps[FAKE_QUEUES], *more;
	uint16_t i;

	for (i = 0; i < FAKE_QUEUES; i++) {
		qps[i] = rig_queue(rig, 1);
		assert_int_equal(qps[i]->qn, i);
	}
	assert_int_equal(hisi_qm_qp_create(rig->dev, 0, rig_sqe_template, 7, 1, SOCKET_ID_ANY,
		&more), -ENOSPC);
	assert_int_equal(test_log_count("all 8 hardware queues of this function are in use"), 1);
	/* A number that is free again is used again. */
	assert_int_equal(hisi_qm_qp_destroy(qps[5], false), 0);
	qps[5] = rig_queue(rig, 1);
	assert_int_equal(qps[5]->qn, 5);
	for (i = 0; i < FAKE_QUEUES; i++)
		assert_int_equal(hisi_qm_qp_destroy(qps[i], false), 0);
}

/* The bus has doorbells for fewer queues than the function has. */
static void
test_fewer_doorbells(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp, *more;

	rig->fake.bus.max_queues = 1;
	qp = rig_queue(rig, 1);
	assert_int_equal(hisi_qm_qp_create(rig->dev, 0, rig_sqe_template, 7, 1, SOCKET_ID_ANY,
		&more), -ENOSPC);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

static void
test_context_refused(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = NULL;

	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_SQC, FAKE_MB_STATUS, 1, 3);
	assert_int_equal(hisi_qm_qp_create(rig->dev, 0, rig_sqe_template, 7, 1, SOCKET_ID_ANY,
		&qp), -EIO);
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_CQC, FAKE_MB_STATUS, 1, 3);
	assert_int_equal(hisi_qm_qp_create(rig->dev, 0, rig_sqe_template, 7, 1, SOCKET_ID_ANY,
		&qp), -EIO);
	assert_null(qp);
	assert_int_equal(test_log_count("queue 0 did not start"), 2);
	assert_null(rig->dev->qps[0]);
	qp = rig_queue(rig, 1);
	assert_int_equal(qp->qn, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

static void
test_no_queue_of_a_dead_function(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp;

	hisi_qm_recover_die(rig->dev, "for the test");
	assert_int_equal(hisi_qm_qp_create(rig->dev, 0, rig_sqe_template, 7, 1, SOCKET_ID_ANY,
		&qp), -ENODEV);
}

static void
test_destroy_in_flight(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 8);
	struct rig_op ops[2] = { { .id = 1 }, { .id = 2 } };

	assert_int_equal(rig_enqueue(qp, ops, 2), 2);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), -EAGAIN);
	assert_int_equal(rig->fake.queues[0].stops, 0);
	/* It goes on as if nothing had been asked. */
	assert_int_equal(fake_queue_look(&rig->fake, 0), 2);
	fake_queue_complete(&rig->fake, 0, 0);
	assert_int_equal(rig_dequeue(qp, 8), 1);
	assert_int_equal(hisi_qm_qp_destroy(qp, true), 0);
	assert_int_equal(test_log_count("queue 0 goes with 1 operations not dequeued"), 1);
	assert_int_equal(rig->fake.queues[0].stops, 1);
}

/* What the device did not let go of is neither freed nor used again. */
static void
test_orphan(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 8), *next;

	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), -EBUSY);
	assert_int_equal(test_log_count("queue 0 did not stop"), 1);
	assert_ptr_equal(rig->dev->qps[0], qp);
	assert_true(qp->orphan);
	/* The control thread leaves it alone. */
	qp->failed = 1;
	fake_log_forget(&rig->fake);
	rig_service(rig);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, FAKE_ANY), 0);
	next = rig_queue(rig, 8);
	assert_int_equal(next->qn, 1);
	/* A reset of the function gives it back, and no other queue. */
	next->failed = 1;
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	rig_service(rig);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, 0), 1);
	assert_null(rig->dev->qps[0]);
	assert_ptr_equal(rig->dev->qps[1], next);
	assert_int_equal(hisi_qm_qp_destroy(next, false), 0);
}

/* qm.md 2.2: without bit 9 there is no such command; an empty queue has drained (6.5). */
static void
test_destroy_without_a_stop_command(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 8);

	rig->dev->caps[HISI_QM_CAP_FUNC] &= ~(1u << 9);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_STOP_QP), 0);
	assert_int_equal(rig->fake.queues[0].closes, 1);
	assert_null(rig->dev->qps[0]);
}

/* One that does not drain keeps its memory until the reset. */
static void
test_destroy_without_draining(void **state)
{
	struct rig_op op = { 0 };
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 8);

	rig->dev->caps[HISI_QM_CAP_FUNC] &= ~(1u << 9);
	assert_int_equal(rig_enqueue(qp, &op, 1), 1);
	assert_int_equal(fake_queue_look(&rig->fake, 0), 1);
	assert_int_equal(hisi_qm_qp_destroy(qp, true), -EBUSY);
	assert_int_equal(rig->fake.queues[0].closes, 0);
	assert_ptr_equal(rig->dev->qps[0], qp);
	assert_true(qp->orphan);
}

/* Said once for a device, and only where both nodes are known. */
static void
test_far_numa_node(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qps[4];
	static const int sockets[] = { SOCKET_ID_ANY, 0, 0 };
	size_t i;

	for (i = 0; i < RTE_DIM(sockets); i++)
		assert_int_equal(hisi_qm_qp_create(rig->dev, 0, rig_sqe_template, 7, 8, sockets[i],
			&qps[i]), 0);
	assert_int_equal(test_log_count("NUMA"), 0);
	rig->dev->numa_node = 0;
	assert_int_equal(hisi_qm_qp_create(rig->dev, 0, rig_sqe_template, 7, 8, 0, &qps[3]), 0);
	assert_int_equal(test_log_count("NUMA"), 0);
	assert_int_equal(hisi_qm_qp_destroy(qps[3], false), 0);
	rig->dev->numa_node = 1;
	for (i = 0; i < RTE_DIM(sockets); i++) {
		assert_int_equal(hisi_qm_qp_destroy(qps[i], false), 0);
		assert_int_equal(hisi_qm_qp_create(rig->dev, 0, rig_sqe_template, 7, 8, sockets[i],
			&qps[i]), 0);
		assert_int_equal(test_log_count("NUMA"), i == 0 ? 0 : 1);
	}
	assert_int_equal(test_log_count("asked for on NUMA node 0, the device is on node 1"), 1);
	for (i = 0; i < RTE_DIM(sockets); i++)
		assert_int_equal(hisi_qm_qp_destroy(qps[i], false), 0);
}

/* qm.md 4.3: a doorbell of an earlier start can be told by its tag. */
static void
test_tags(void **state)
{
	struct rig *rig = *state;
	uint16_t last = 0;
	uint32_t i, same = 0;

	for (i = 0; i < 100; i++) {
		struct hisi_qm_qp *qp = rig_queue(rig, 1);

		assert_int_not_equal(qp->tag, 0);
		assert_int_equal(rig->fake.queues[0].sqc.tag, qp->tag);
		same += qp->tag == last;
		last = qp->tag;
		assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	}
	assert_true(same < 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_contexts_and_depths, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_depth_of_the_capability_word,
			rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_commands_of_a_start, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_all_queues_in_use, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_fewer_doorbells, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_context_refused, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_no_queue_of_a_dead_function,
			rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_destroy_in_flight, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_orphan, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_destroy_without_a_stop_command, rig_setup,
			rig_teardown),
		cmocka_unit_test_setup_teardown(test_destroy_without_draining,
			rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_far_numa_node, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_tags, rig_setup, rig_teardown),
	};
	int ret = test_eal_start("test_qm_qp");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_qp", tests, NULL, NULL));
}
