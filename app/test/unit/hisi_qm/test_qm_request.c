/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/* The kernel wants a function back, or reports an error of its link. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include <rte_cycles.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

#define NB_OPS 8
#define NAME "75:00.1"

static struct rig_op ops[NB_OPS];
static uint32_t events;

static void
on_event(const char *name, enum rte_dev_event_type type, void *arg)
{
	(void)arg;
	if (type == RTE_DEV_EVENT_REMOVE && strcmp(name, NAME) == 0)
		hisi_qm_store_release(&events, events + 1);
}

static void
wait_for_event(uint32_t count)
{
	uint32_t ms;

	for (ms = 0; ms < 60000 && hisi_qm_load_acquire(&events) < count; ms++)
		rte_delay_us_sleep(1000);
	assert_int_equal(hisi_qm_load_acquire(&events), count);
}

/* A function whose requests and link errors come by eventfds, and that nobody but us looks at. */
static int
setup(void **state)
{
	struct rig *rig;

	memset(ops, 0, sizeof(ops));
	events = 0;
	if (rig_setup(state) != 0)
		return -1;
	rig = *state;
	rig->fake.bus.eal_name = NAME;
	rig->fake.bus.request_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	rig->fake.bus.error_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	test_log_forget();
	return rte_dev_event_callback_register(NAME, on_event, NULL);
}

static int
teardown(void **state)
{
	struct rig *rig = *state;

	close(rig->fake.bus.request_fd);
	close(rig->fake.bus.error_fd);
	rig->fake.bus.request_fd = -1;
	rig->fake.bus.error_fd = -1;
	(void)rte_dev_event_callback_unregister(NAME, on_event, NULL);
	return rig_teardown(state);
}

static void
raise_fd(struct rig *rig, int fd)
{
	uint64_t one = 1;

	assert_int_equal(write(fd, &one, sizeof(one)), sizeof(one));
	hisi_qm_request_service(rig->dev);
}

static void
check_given_back(struct rig *rig, struct hisi_qm_qp *qp)
{
	assert_int_equal(rig->dev->state, HISI_QM_DEV_DEAD);
	assert_int_equal(qp->state, HISI_QM_QP_DEAD);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	assert_int_equal(test_log_count("the kernel wants it back"), 1);
	wait_for_event(1);
}

static void
test_nothing_asked(void **state)
{
	struct rig *rig = *state;

	hisi_qm_request_service(rig->dev);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_int_equal(test_log_count("HISI_QM: "), 0);
}

/* Stopped, reset, handed out, and the application is told: again when the kernel asks again. */
static void
test_request(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS);

	raise_fd(rig, rig->fake.bus.request_fd);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_FLUSH_QM), 1);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, FAKE_ANY), 1);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_REVOKE, 0), 0);
	check_given_back(rig, qp);
	raise_fd(rig, rig->fake.bus.request_fd);
	assert_int_equal(test_log_count("the kernel wants it back"), 1);
	wait_for_event(2);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* A function that is being unbound is not reset: what counts is that it reaches no memory. */
static void
test_reset_refused(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS);

	rig->fake.reset_result = -EAGAIN;
	raise_fd(rig, rig->fake.bus.request_fd);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_REVOKE, 0), 1);
	check_given_back(rig, qp);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	assert_int_equal(hisi_qm_monitor_add(rig->dev), 0);
	hisi_qm_dev_close(rig->dev);
	rig->dev = NULL;
	rig->by_hand = false;
	assert_int_equal(test_log_count("did not confirm its reset"), 0);
}

/* Neither: what may be written stays with the device, and the next request tries again. */
static void
test_not_quiet(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS);

	rig->fake.reset_result = -EAGAIN;
	rig->fake.revoke_result = -ETIMEDOUT;
	fake_mailbox_rule(&rig->fake, FAKE_ANY, FAKE_MB_STATUS, 1000, 1);
	raise_fd(rig, rig->fake.bus.request_fd);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	assert_int_equal(test_log_count("the kernel wants it back"), 0);
	rig->fake.revoke_result = 0;
	raise_fd(rig, rig->fake.bus.request_fd);
	check_given_back(rig, qp);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

static void
test_link_error(void **state)
{
	struct rig *rig = *state;

	raise_fd(rig, rig->fake.bus.error_fd);
	assert_int_equal(test_log_count("error of its PCI link"), 1);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, FAKE_ANY), 0);
	rig_service(rig);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_RESET, FAKE_ANY), 1);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
}

/* One that is dead of itself is to be removed as well. */
static void
test_gone(void **state)
{
	struct rig *rig = *state;

	rig->fake.alive_result = -ENODEV;
	rig_service(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_DEAD);
	wait_for_event(1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(test_request, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_quiet, setup, teardown),
		cmocka_unit_test_setup_teardown(test_link_error, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gone, setup, teardown),
	};
	int ret = test_eal_start("test_qm_request");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_request", tests, NULL, NULL));
}
