/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "fixture.h"

/* DEVICE_SET_IRQS and interrupts (vfio-user.md 7). */

#define MSI VFIO_USER_IRQ_MSI
#define NONE VFIO_USER_IRQ_SET_DATA_NONE
#define BOOL VFIO_USER_IRQ_SET_DATA_BOOL
#define EVENTFD VFIO_USER_IRQ_SET_DATA_EVENTFD
#define MASK VFIO_USER_IRQ_SET_ACTION_MASK
#define UNMASK VFIO_USER_IRQ_SET_ACTION_UNMASK
#define TRIGGER VFIO_USER_IRQ_SET_ACTION_TRIGGER

static int
set_irqs(struct test_fixture *fix, int fd, uint32_t flags, uint32_t index, uint32_t start,
	 uint32_t count, const void *data, size_t len, const int *fds, uint32_t nb_fds)
{
	struct vfio_user_irq_set set = { sizeof(set), flags, index, start, count };
	uint8_t body[sizeof(set) + 64];

	memcpy(body, &set, sizeof(set));
	if (len != 0)
		memcpy(body + sizeof(set), data, len);
	return test_call_fds(fix, fd, VFIO_USER_DEVICE_SET_IRQS, body, sizeof(set) + len, fds,
			     nb_fds, NULL, 0);
}

static int
set_plain(struct test_fixture *fix, int fd, uint32_t flags, uint32_t index, uint32_t start,
	  uint32_t count)
{
	return set_irqs(fix, fd, flags, index, start, count, NULL, 0, NULL, 0);
}

static void
make_eventfds(int *fds, unsigned int nb)
{
	unsigned int i;

	for (i = 0; i < nb; i++) {
		fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		assert_true(fds[i] >= 0);
	}
}

static void
close_all(const int *fds, unsigned int nb)
{
	while (nb-- != 0)
		close(fds[nb]);
}

/* How often it was signalled since the last look. */
static uint64_t
count_of(int fd)
{
	uint64_t value;

	return read(fd, &value, sizeof(value)) == (ssize_t)sizeof(value) ? value : 0;
}

static void
test_assign_and_trigger(void **state)
{
	struct test_fixture *fix = *state;
	int fds[TEST_MSI_NUM], fd = test_hello(fix, false);
	uint32_t i;

	make_eventfds(fds, TEST_MSI_NUM);
	/* As QEMU: in chunks of max_msg_fds. */
	assert_int_equal(set_irqs(fix, fd, EVENTFD | TRIGGER, MSI, 0, 16, NULL, 0, fds, 16), 0);
	assert_int_equal(set_irqs(fix, fd, EVENTFD | TRIGGER, MSI, 16, 4, NULL, 0, fds + 16, 4), 0);
	assert_int_equal(fix->dev.nb_irqs_changed, 2);
	assert_int_equal(fix->dev.irq_args[0], MSI);
	assert_int_equal(fix->dev.irq_args[1], 16);
	assert_int_equal(fix->dev.irq_args[2], 4);
	assert_int_equal(fix->dev.irq_args[3], EVENTFD | TRIGGER);
	for (i = 0; i < TEST_MSI_NUM; i++) {
		assert_true(vfio_user_server_irq_is_set(fix->srv, MSI, i));
		assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, i), 0);
		assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, i), 0);
		assert_int_equal(count_of(fds[i]), 2);
	}
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, TEST_MSI_NUM), -EINVAL);
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, 99, 0), -EINVAL);
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, VFIO_USER_IRQ_INTX, 0), -EINVAL);
	test_bye(fix, fd);
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, 0), -ENOENT);
	close_all(fds, TEST_MSI_NUM);
}

static void
test_replace_and_deassign(void **state)
{
	struct test_fixture *fix = *state;
	int fds[4], fd = test_hello(fix, false);
	int nb_open = test_count_fds();

	make_eventfds(fds, 4);
	assert_int_equal(set_irqs(fix, fd, EVENTFD | TRIGGER, MSI, 3, 2, NULL, 0, fds, 2), 0);
	assert_int_equal(set_irqs(fix, fd, EVENTFD | TRIGGER, MSI, 3, 2, NULL, 0, fds + 2, 2), 0);
	assert_int_equal(test_count_fds(), nb_open + 4 + 2); /* the replaced ones are closed */
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, 4), 0);
	assert_int_equal(count_of(fds[1]), 0);
	assert_int_equal(count_of(fds[3]), 1);
	/* 0x24 without descriptors: off again, these only (vfio-user.md 17.4, no. 8). */
	assert_int_equal(set_plain(fix, fd, EVENTFD | TRIGGER, MSI, 4, 1), 0);
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, 4), -ENOENT);
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, 3), 0);
	assert_int_equal(count_of(fds[2]), 1);
	close_all(fds, 4);
	test_bye(fix, fd);
}

static void
test_disable_index(void **state)
{
	struct test_fixture *fix = *state;
	int fds[4], fd = test_hello(fix, false);
	int nb_open = test_count_fds();
	uint32_t i;

	make_eventfds(fds, 4);
	assert_int_equal(set_irqs(fix, fd, EVENTFD | TRIGGER, MSI, 15, 4, NULL, 0, fds, 4), 0);
	assert_int_equal(set_plain(fix, fd, NONE | TRIGGER, MSI, 0, 0), 0);
	for (i = 0; i < TEST_MSI_NUM; i++)
		assert_false(vfio_user_server_irq_is_set(fix->srv, MSI, i));
	assert_int_equal(test_count_fds(), nb_open + 4);
	/* Also for an index that is absent: QEMU does so at each reset. */
	assert_int_equal(set_plain(fix, fd, NONE | TRIGGER, VFIO_USER_IRQ_INTX, 0, 0), 0);
	close_all(fds, 4);
	test_bye(fix, fd);
}

static void
test_loopback(void **state)
{
	const uint8_t bools[4] = { 1, 0, 0, 5 };
	struct test_fixture *fix = *state;
	int fds[4], fd = test_hello(fix, false);

	make_eventfds(fds, 4);
	assert_int_equal(set_irqs(fix, fd, EVENTFD | TRIGGER, MSI, 0, 4, NULL, 0, fds, 4), 0);
	assert_int_equal(set_plain(fix, fd, NONE | TRIGGER, MSI, 1, 2), 0);
	assert_int_equal(count_of(fds[0]) + count_of(fds[3]), 0);
	assert_int_equal(count_of(fds[1]), 1);
	assert_int_equal(count_of(fds[2]), 1);
	assert_int_equal(set_irqs(fix, fd, BOOL | TRIGGER, MSI, 0, 4, bools, 4, NULL, 0), 0);
	assert_int_equal(count_of(fds[0]), 1);
	assert_int_equal(count_of(fds[1]) + count_of(fds[2]), 0);
	assert_int_equal(count_of(fds[3]), 1);
	/* Vectors that nobody listens to. */
	assert_int_equal(set_plain(fix, fd, NONE | TRIGGER, MSI, 10, 2), 0);
	close_all(fds, 4);
	test_bye(fix, fd);
}

static void
test_mask(void **state)
{
	const uint8_t second[2] = { 0, 1 };
	struct test_fixture *fix = *state;
	int fds[2], fd = test_hello(fix, false);
	const uint32_t index = TEST_IRQ_MASKABLE;

	make_eventfds(fds, 2);
	assert_int_equal(set_irqs(fix, fd, EVENTFD | TRIGGER, index, 0, 2, NULL, 0, fds, 2), 0);
	assert_int_equal(set_irqs(fix, fd, BOOL | MASK, index, 0, 2, second, 2, NULL, 0), 0);
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, index, 0), 0);
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, index, 1), 0);
	assert_int_equal(count_of(fds[0]), 1);
	assert_int_equal(count_of(fds[1]), 0); /* held back */
	assert_int_equal(set_plain(fix, fd, NONE | UNMASK, index, 1, 1), 0);
	assert_int_equal(count_of(fds[1]), 1); /* and made up for, once */
	assert_int_equal(set_plain(fix, fd, NONE | UNMASK, index, 0, 2), 0);
	assert_int_equal(count_of(fds[0]) + count_of(fds[1]), 0);
	assert_int_equal(set_irqs(fix, fd, EVENTFD | UNMASK, index, 0, 1, NULL, 0, fds, 1),
			 ENOTSUP);
	/* MSI here cannot be masked by the protocol, nor can ERR. */
	assert_int_equal(set_plain(fix, fd, NONE | MASK, MSI, 0, 1), EINVAL);
	assert_int_equal(set_plain(fix, fd, NONE | UNMASK, VFIO_USER_IRQ_ERR, 0, 1), EINVAL);
	close_all(fds, 2);
	test_bye(fix, fd);
}

static void
test_bad_combinations(void **state)
{
	static const struct {
		uint32_t flags, index, start, count, len, nb_fds;
	} bad[] = {
		{ 0, MSI, 0, 1, 0, 0 },
		{ TRIGGER, MSI, 0, 1, 0, 0 },
		{ NONE, MSI, 0, 1, 0, 0 },
		{ NONE | BOOL | TRIGGER, MSI, 0, 1, 1, 0 },
		{ NONE | TRIGGER | MASK, MSI, 0, 1, 0, 0 },
		{ NONE | TRIGGER | 0x40, MSI, 0, 1, 0, 0 },
		{ NONE | TRIGGER | 0x80000000, MSI, 0, 1, 0, 0 },
		{ NONE | TRIGGER, 6, 0, 1, 0, 0 }, /* no such index */
		{ NONE | TRIGGER, UINT32_MAX, 0, 0, 0, 0 },
		{ NONE | TRIGGER, VFIO_USER_IRQ_INTX, 0, 1, 0, 0 }, /* absent */
		{ NONE | TRIGGER, MSI, TEST_MSI_NUM, 1, 0, 0 },
		{ NONE | TRIGGER, MSI, TEST_MSI_NUM - 1, 2, 0, 0 },
		{ NONE | TRIGGER, MSI, 1, UINT32_MAX, 0, 0 },
		{ NONE | TRIGGER, MSI, UINT32_MAX, 1, 0, 0 },
		{ NONE | TRIGGER, MSI, UINT32_MAX, UINT32_MAX, 0, 0 },
		{ NONE | TRIGGER, MSI, 1, 0, 0, 0 }, /* count 0 needs start 0 */
		{ EVENTFD | TRIGGER, MSI, 0, 0, 0, 0 }, /* count 0 is 0x21 only */
		{ BOOL | TRIGGER, MSI, 0, 0, 0, 0 },
		{ NONE | MASK, TEST_IRQ_MASKABLE, 0, 0, 0, 0 },
		{ NONE | TRIGGER, MSI, 0, 1, 4, 0 }, /* data where none belong */
		{ BOOL | TRIGGER, MSI, 0, 4, 3, 0 },
		{ BOOL | TRIGGER, MSI, 0, 4, 5, 0 },
		{ BOOL | TRIGGER, MSI, 0, 4, 0, 0 },
		{ EVENTFD | TRIGGER, MSI, 0, 1, 4, 1 }, /* the kernel's array */
		{ EVENTFD | TRIGGER, MSI, 0, 2, 0, 1 },
		{ EVENTFD | TRIGGER, MSI, 0, 2, 0, 3 },
		{ NONE | TRIGGER, MSI, 0, 2, 0, 2 },
		{ BOOL | TRIGGER, MSI, 0, 2, 2, 2 },
		{ EVENTFD | TRIGGER, VFIO_USER_IRQ_ERR, 0, 2, 0, 2 },
		{ EVENTFD | TRIGGER, VFIO_USER_IRQ_REQ, 0, 1, 0, 1 },
	};
	struct test_fixture *fix = *state;
	int fds[4], fd = test_hello(fix, false), nb_open;
	const uint8_t bools[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };
	size_t i;

	make_eventfds(fds, 4);
	nb_open = test_count_fds();
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		if (set_irqs(fix, fd, bad[i].flags, bad[i].index, bad[i].start, bad[i].count, bools,
			     bad[i].len, fds, bad[i].nb_fds) != EINVAL)
			fail_msg("case %zu is not refused", i);
		assert_int_equal(test_count_fds(), nb_open);
	}
	assert_int_equal(fix->dev.nb_irqs_changed, 0);
	close_all(fds, 4);
	test_bye(fix, fd);
}

static void
test_short_requests(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_irq_set set = { sizeof(set) - 1, NONE | TRIGGER, MSI, 0, 0 };
	int fd = test_hello(fix, false);
	size_t len;

	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_SET_IRQS, &set, sizeof(set), NULL, 0),
			 EINVAL);
	set.argsz = sizeof(set);
	for (len = 0; len < sizeof(set); len++)
		assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_SET_IRQS, &set, len, NULL, 0),
				 EINVAL);
	test_bye(fix, fd);
}

/* Anything but an eventfd could stop a worker thread, or be somebody's file. */
static void
test_no_other_descriptors(void **state)
{
	struct test_fixture *fix = *state;
	int fds[3], pipes[2], fd = test_hello(fix, false), nb_open;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	make_eventfds(fds, 1);
	fds[1] = test_memfd(4096);
	nb_open = test_count_fds();
	assert_int_equal(set_irqs(fix, fd, EVENTFD | TRIGGER, MSI, 0, 1, NULL, 0, &pipes[1], 1),
			 EINVAL);
	assert_int_equal(set_irqs(fix, fd, EVENTFD | TRIGGER, MSI, 0, 2, NULL, 0, fds, 2), EINVAL);
	assert_false(vfio_user_server_irq_is_set(fix->srv, MSI, 0));
	assert_int_equal(test_count_fds(), nb_open);
	close_all(fds, 2);
	close_all(pipes, 2);
	test_bye(fix, fd);
}

/* A client that lets its counter run full, with a blocking eventfd, stops nobody. */
static void
test_full_counter(void **state)
{
	struct test_fixture *fix = *state;
	int efd = eventfd(0, EFD_CLOEXEC), fd = test_hello(fix, false);
	const uint64_t full = UINT64_MAX - 1;

	assert_int_equal(set_irqs(fix, fd, EVENTFD | TRIGGER, MSI, 0, 1, NULL, 0, &efd, 1), 0);
	assert_int_equal(write(efd, &full, sizeof(full)), sizeof(full));
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, 0), 0);
	assert_int_equal(fcntl(efd, F_SETFL, 0), 0); /* takes our O_NONBLOCK away */
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, 0), 0);
	assert_int_equal(count_of(efd), full);
	assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, 0), 0);
	assert_int_equal(count_of(efd), 1);
	close(efd);
	test_bye(fix, fd);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_assign_and_trigger),
		TEST(test_replace_and_deassign),
		TEST(test_disable_index),
		TEST(test_loopback),
		TEST(test_mask),
		TEST(test_bad_combinations),
		TEST(test_short_requests),
		TEST(test_no_other_descriptors),
		TEST(test_full_counter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
