/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The control thread at work beside lcores that burst: interrupts are counted, queues in trouble
 * are looked after without anybody asking, and functions come and go under it.
 */

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include <rte_cycles.h>
#include <rte_memory.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

#define WAIT_MS 60000

/* Wait until *counter is @p value, at most WAIT_MS. */
static void
wait_for(const uint64_t *counter, uint64_t value)
{
	uint32_t ms;

	for (ms = 0; hisi_qm_load_acquire(counter) != value; ms++) {
		assert_true(ms < WAIT_MS);
		rte_delay_us_sleep(1000);
	}
}

/* Dequeue until @p count operations are back. */
static void
drain(struct hisi_qm_qp *qp, uint32_t count)
{
	uint64_t end = rte_get_timer_cycles() + WAIT_MS * rte_get_timer_hz() / 1000;
	uint32_t back = 0;

	while (back < count) {
		assert_true(rte_get_timer_cycles() < end);
		back += rig_dequeue(qp, 32);
	}
	assert_int_equal(back, count);
}

/* The control thread opens a queue to dequeue first, and to enqueue when it comes to that. */
static void
wait_running(struct hisi_qm_qp *qp)
{
	uint64_t end = rte_get_timer_cycles() + WAIT_MS * rte_get_timer_hz() / 1000;

	while (!hisi_qm_qp_is_running(qp) || hisi_qm_load_acquire(&qp->room) == 0) {
		assert_true(rte_get_timer_cycles() < end);
		assert_int_equal(rig_dequeue(qp, 32), 0);
	}
}

/* One eventfd for each vector, counted by what it says. */
static void
test_interrupts_are_counted(void **state)
{
	struct rig *rig = rig_new(false);
	uint64_t count;
	int i;

	(void)state;
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		rig->fake.bus.irq_fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	assert_int_equal(rig_start(rig), 0);
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++) {
		count = (uint64_t)i + 1;
		assert_int_equal(write(rig->fake.bus.irq_fds[i], &count, sizeof(count)),
			sizeof(count));
	}
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		wait_for(&rig->dev->stats.interrupts[i], (uint64_t)i + 1);
	/* Read, so that it wakes nobody again. */
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		assert_int_equal(read(rig->fake.bus.irq_fds[i], &count, sizeof(count)), -1);
	hisi_qm_dev_close(rig->dev);
	rig->dev = NULL;
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		close(rig->fake.bus.irq_fds[i]);
	rig_close(rig);
}

/* An event with its interrupt (qm.md 4.4): served at once, not when the thread next looks. */
static void
test_interrupt_brings_the_event(void **state)
{
	struct rig *rig = rig_new(false);
	uint64_t one = 1;
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	(void)state;
	rig->fake.bus.irq_fds[1] = fd;
	assert_int_equal(rig_start(rig), 0);
	fake_aeqe(&rig->fake, 0, 1, 1, 0);
	assert_int_equal(write(fd, &one, sizeof(one)), sizeof(one));
	wait_for(&rig->dev->stats.async_events, 1);
	hisi_qm_dev_close(rig->dev);
	rig->dev = NULL;
	close(fd);
	rig_close(rig);
}

/* A polling lcore is all it takes: alarm, stop, operations back, and on. One completes each run. */
static void
test_stuck_queue(void **state)
{
	struct rig *rig = rig_open(false);
	struct hisi_qm_qp *qp;
	struct rig_op ops[8];
	uint32_t round;

	(void)state;
	rig->dev->args.timeout_ms = 10;
	qp = rig_queue(rig, 32);
	for (round = 0; round < 3; round++) {
		memset(ops, 0, sizeof(ops));
		assert_int_equal(rig_enqueue(qp, ops, 8), 8);
		assert_int_equal(fake_queue_look(&rig->fake, qp->qn), 8);
		fake_queue_complete(&rig->fake, qp->qn, 0);
		drain(qp, 8);
		rig_check_ops(ops, 8, 7);
		wait_running(qp);
	}
	assert_int_equal(rig->fake.queues[0].stops, 3);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	rig_close(rig);
}

/* Gone with operations in flight: they come back. */
static void
test_peer_dies(void **state)
{
	struct rig *rig = rig_open(false);
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	struct rig_op ops[8] = { { 0 } };

	(void)state;
	assert_int_equal(rig_enqueue(qp, ops, 8), 8);
	hisi_qm_store_release(&rig->fake.alive_result, -ENODEV);
	drain(qp, 8);
	rig_check_ops(ops, 8, 8);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	rig_close(rig);
}

/* The connection says so itself: no lcore needs to find out by waiting. */
static void
test_hang_up(void **state)
{
	struct rig *rig = rig_new(false);
	struct hisi_qm_qp *qp;
	struct rig_op ops[8] = { { 0 } };
	uint64_t one = 1;
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	(void)state;
	rig->args.timeout_ms = 3600000;
	rig->fake.bus.hangup_fd = fd;
	assert_int_equal(rig_start(rig), 0);
	qp = rig_queue(rig, 32);
	assert_int_equal(rig_enqueue(qp, ops, 8), 8);
	hisi_qm_store_release(&rig->fake.alive_result, -ENODEV);
	assert_int_equal(write(fd, &one, sizeof(one)), sizeof(one));
	drain(qp, 8);
	rig_check_ops(ops, 8, 8);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	hisi_qm_dev_close(rig->dev);
	rig->dev = NULL;
	close(fd);
	rig_close(rig);
}

/* One function in trouble does not keep another from being looked after, nor from leaving. */
static void
test_two_functions(void **state)
{
	struct rig *a = rig_open(false), *b = rig_open(true);
	struct hisi_qm_qp *qa = rig_queue(a, 8), *qb = rig_queue(b, 8);
	struct rig_op op_a = { 0 }, op_b = { 0 };

	(void)state;
	hisi_qm_store_release(&a->fake.alive_result, 1);
	a->fake.ping_result = -ETIMEDOUT;
	assert_int_equal(rig_enqueue(qa, &op_a, 1), 1);
	assert_int_equal(rig_enqueue(qb, &op_b, 1), 1);
	drain(qb, 1);
	rig_check_ops(&op_b, 1, 1);
	assert_int_equal(op_a.returned, 0);
	wait_running(qb);
	assert_int_equal(hisi_qm_qp_destroy(qb, false), 0);
	rig_close(b);
	hisi_qm_store_release(&a->fake.alive_result, -ENODEV);
	drain(qa, 1);
	rig_check_ops(&op_a, 1, 1);
	assert_int_equal(hisi_qm_qp_destroy(qa, false), 0);
	rig_close(a);
}

/* The thread ends with the last function and starts with the next. */
static void
test_come_and_go(void **state)
{
	struct rig *rigs[3];
	uint32_t round;

	(void)state;
	for (round = 0; round < 20; round++) {
		rigs[0] = rig_open(false);
		rigs[1] = rig_open(true);
		rig_close(rigs[0]);
		rigs[2] = rig_open(false);
		rig_close(rigs[1]);
		rig_close(rigs[2]);
	}
}

/* A device in a thread of its own: completes all that it finds, in order. */
struct device {
	struct rig *rig;
	bool ends;
};

static void *
device_run(void *arg)
{
	struct device *device = arg;
	struct fake_queue *queue = &device->rig->fake.queues[0];

	while (!hisi_qm_load_acquire(&device->ends)) {
		uint32_t pending = fake_queue_look(&device->rig->fake, 0);

		/* The lcore may be waiting for this very CPU. */
		if (pending == 0)
			sched_yield();
		for (; pending != 0; pending--)
			fake_queue_complete(&device->rig->fake, 0, queue->posted);
	}
	return NULL;
}

/* Device and lcore in parallel: order of stores and loads, over hundreds of laps. */
static void
test_device_in_parallel(void **state)
{
	struct rig *rig = rig_open(false);
	struct hisi_qm_qp *qp;
	struct device device = { .rig = rig };
	static struct rig_op ops[20000];
	uint32_t sent = 0, back = 0, count;
	pthread_t thread;

	(void)state;
	rig->dev->args.timeout_ms = 60000;
	qp = rig_queue(rig, 32);
	memset(ops, 0, sizeof(ops));
	assert_int_equal(pthread_create(&thread, NULL, device_run, &device), 0);
	while (back < RTE_DIM(ops)) {
		sent += rig_enqueue(qp, ops + sent, RTE_MIN(RTE_DIM(ops) - sent, 32u));
		count = rig_dequeue(qp, 32);
		if (count == 0)
			sched_yield();
		back += count;
	}
	hisi_qm_store_release(&device.ends, true);
	pthread_join(thread, NULL);
	rig_check_ops(ops, RTE_DIM(ops), 0);
	assert_int_equal(qp->dequeue_stats.bad_cqes + qp->dequeue_stats.unordered, 0);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	rig_close(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_interrupts_are_counted),
		cmocka_unit_test(test_interrupt_brings_the_event),
		cmocka_unit_test(test_stuck_queue),
		cmocka_unit_test(test_peer_dies),
		cmocka_unit_test(test_hang_up),
		cmocka_unit_test(test_two_functions),
		cmocka_unit_test(test_come_and_go),
		cmocka_unit_test(test_device_in_parallel),
	};
	int ret = test_eal_start("test_qm_monitor");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_monitor", tests, NULL, NULL));
}
