/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <unistd.h>

#include "fixture.h"

/* REGION_READ and REGION_WRITE (vfio-user.md 8.1, 17.1, 2.3). */

#define BAR VFIO_USER_REGION_BAR2

static int
bar_write(struct test_fixture *fix, int fd, uint32_t region, uint64_t offset, const void *data,
	  uint32_t count)
{
	struct vfio_user_region_access access = { offset, region, count }, answer;
	uint8_t body[8192];
	int ret;

	memcpy(body, &access, sizeof(access));
	memcpy(body + sizeof(access), data, count);
	ret = test_call(fix, fd, VFIO_USER_REGION_WRITE, body, sizeof(access) + count, &answer,
			sizeof(answer));
	if (ret == 0)
		assert_memory_equal(&answer, &access, sizeof(access));
	return ret;
}

static int
bar_read(struct test_fixture *fix, int fd, uint32_t region, uint64_t offset, void *data,
	 uint32_t count)
{
	struct vfio_user_region_access access = { offset, region, count };
	uint8_t reply[16384];
	int ret;

	ret = test_call(fix, fd, VFIO_USER_REGION_READ, &access, sizeof(access), reply,
			sizeof(access) + count);
	if (ret == 0) {
		assert_memory_equal(reply, &access, sizeof(access));
		memcpy(data, reply + sizeof(access), count);
	}
	return ret;
}

static void
test_all_sizes(void **state)
{
	struct test_fixture *fix = *state;
	uint8_t data[64], back[64];
	uint32_t count, offset;
	int fd = test_hello(fix, false);

	for (count = 1; count <= sizeof(data); count++) {
		for (offset = 0x300; offset < 0x308; offset++) {
			memset(data, (int)(count + offset), sizeof(data));
			assert_int_equal(bar_write(fix, fd, BAR, offset, data, count), 0);
			assert_int_equal(bar_read(fix, fd, BAR, offset, back, count), 0);
			assert_memory_equal(data, back, count);
			assert_memory_equal(fix->dev.bar + offset, data, count);
		}
	}
	test_bye(fix, fd);
}

static void
test_whole_config_space(void **state)
{
	struct test_fixture *fix = *state;
	uint8_t back[TEST_CONFIG_SIZE];
	int fd = test_hello(fix, false);
	size_t i;

	for (i = 0; i < sizeof(fix->dev.config); i++)
		fix->dev.config[i] = (uint8_t)(i * 7);
	assert_int_equal(bar_read(fix, fd, VFIO_USER_REGION_CONFIG, 0, back, sizeof(back)), 0);
	assert_memory_equal(back, fix->dev.config, sizeof(back));
	assert_int_equal(fix->dev.nb_accesses, 1);
	test_bye(fix, fd);
}

static void
test_bounds(void **state)
{
	static const struct {
		uint32_t region;
		uint64_t offset;
		uint32_t count;
	} bad[] = {
		{ BAR, TEST_BAR_SIZE, 1 },
		{ BAR, TEST_BAR_SIZE - 3, 4 },
		{ BAR, UINT64_MAX, 1 },
		{ BAR, UINT64_MAX - 3, 8 },
		{ BAR, 1ULL << 63, 8 },
		{ VFIO_USER_REGION_BAR0, 0, 1 }, /* absent */
		{ VFIO_USER_REGION_ROM, 0, 4 },
		{ TEST_PRIVATE_REGION, 0, 4 }, /* not for this client */
		{ 10, 0, 4 },
		{ UINT32_MAX, 0, 4 },
	};
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);
	uint8_t data[8] = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(bar_read(fix, fd, bad[i].region, bad[i].offset, data,
					  bad[i].count), EINVAL);
		assert_int_equal(bar_write(fix, fd, bad[i].region, bad[i].offset, data,
					   bad[i].count), EINVAL);
	}
	assert_int_equal(fix->dev.nb_accesses, 0);
	assert_int_equal(bar_read(fix, fd, BAR, TEST_BAR_SIZE - 4, data, 4), 0);
	test_bye(fix, fd);
}

static void
test_counts(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_region_access access = { 0, BAR, 4 };
	uint8_t body[64] = { 0 };
	int fd = test_hello(fix, false);
	size_t len;

	for (len = 0; len <= 32; len++) {
		memcpy(body, &access, sizeof(access));
		if (len != 16 + 4)
			assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_WRITE, body, len, NULL,
						   0), EINVAL);
		if (len != 16)
			assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_READ, body, len, NULL,
						   0), EINVAL);
	}
	/* More than max_data_xfer_size, and so much that a sum could wrap. */
	access.count = VFIO_USER_MAX_DATA_XFER + 1;
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_READ, &access, 16, NULL, 0), EINVAL);
	access.count = UINT32_MAX;
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_READ, &access, 16, NULL, 0), EINVAL);
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_WRITE, &access, 16, NULL, 0), EINVAL);
	assert_int_equal(fix->dev.nb_accesses, 0);
	/* Nothing, at the very end: legal and without effect. */
	assert_int_equal(bar_read(fix, fd, BAR, TEST_BAR_SIZE, body, 0), 0);
	assert_int_equal(fix->dev.nb_accesses, 0);
	test_bye(fix, fd);
}

static void
test_direction(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);
	uint8_t data[4] = { 0 };

	assert_int_equal(bar_read(fix, fd, VFIO_USER_REGION_BAR4, 0, data, 4), 0);
	assert_int_equal(bar_write(fix, fd, VFIO_USER_REGION_BAR4, 0, data, 4), EINVAL);
	assert_int_equal(fix->dev.nb_accesses, 1);
	test_bye(fix, fd);
}

static void
test_device_error(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);
	uint8_t data[4] = { 0 };

	fix->dev.access_ret = -EIO;
	assert_int_equal(bar_read(fix, fd, BAR, 0, data, 4), EIO);
	assert_int_equal(bar_write(fix, fd, BAR, 0, data, 4), EIO);
	fix->dev.access_ret = 0;
	assert_int_equal(bar_read(fix, fd, BAR, 0, data, 4), 0);
	test_bye(fix, fd);
}

/* A read must not show what another reply left in the buffer. */
static void
test_no_leftovers(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);
	uint8_t data[256];

	memset(data, 0xa5, sizeof(data));
	assert_int_equal(bar_write(fix, fd, BAR, 0, data, sizeof(data)), 0);
	fix->dev.is_lazy = true;
	assert_int_equal(bar_read(fix, fd, BAR, 0, data, sizeof(data)), 0);
	assert_int_equal(data[0] | data[1] | data[sizeof(data) - 1], 0);
	test_bye(fix, fd);
}

static void
post(int fd, uint64_t offset, uint64_t value)
{
	const struct {
		struct vfio_user_region_access access;
		uint64_t value;
	} body = { { offset, BAR, sizeof(value) }, value };

	test_send(fd, 0, VFIO_USER_REGION_WRITE, VFIO_USER_FLAG_NO_REPLY, &body, sizeof(body), NULL,
		  0);
}

static void
test_posted(void **state)
{
	enum { NUM = 4000 };
	struct test_fixture *fix = *state;
	struct vfio_user_server_stats stats;
	int fd = test_hello(fix, false);
	unsigned int i, nb_sent = 0;
	uint64_t last;

	/* The server stalls while the socket fills, again and again. */
	for (i = 0; i < NUM; i++) {
		post(fd, 0x1000, i);
		if (++nb_sent == 200) {
			test_pump(fix);
			nb_sent = 0;
		}
	}
	/* The reply to a later read proves that all were carried out (vfio-user.md 2.3). */
	assert_int_equal(bar_read(fix, fd, BAR, 0x1000, &last, sizeof(last)), 0);
	assert_int_equal(last, NUM - 1);
	assert_int_equal(fix->dev.nb_accesses, NUM + 1);
	for (i = 0; i < NUM; i++)
		assert_int_equal(fix->dev.log[i].value, i);
	assert_true(test_is_quiet(fd));
	vfio_user_server_get_stats(fix->srv, &stats);
	assert_int_equal(stats.nb_posted_errors, 0);
	/* Many messages per system call (vfio-user.md 18.3). */
	assert_true(stats.nb_receives < NUM / 10);
	test_bye(fix, fd);
}

static void
test_posted_errors_are_silent(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_server_stats stats;
	const uint8_t body[24] = { 0xff };
	int fd = test_hello(fix, false);
	uint64_t value;

	post(fd, TEST_BAR_SIZE, 1);
	fix->dev.access_ret = -EIO;
	post(fd, 0, 2);
	/* Neither unknown nor misshapen commands are answered when posted. */
	test_send(fd, 0, 99, VFIO_USER_FLAG_NO_REPLY, body, sizeof(body), NULL, 0);
	test_send(fd, 0, VFIO_USER_DMA_MAP, VFIO_USER_FLAG_NO_REPLY, body, 3, NULL, 0);
	/* A posted read is carried out and says nothing. */
	test_send(fd, 0, VFIO_USER_DEVICE_RESET, VFIO_USER_FLAG_NO_REPLY, NULL, 0, NULL, 0);
	test_pump(fix);
	assert_true(test_is_quiet(fd));
	fix->dev.access_ret = 0;
	assert_int_equal(fix->dev.nb_resets, 1);
	assert_int_equal(bar_read(fix, fd, BAR, 0, &value, sizeof(value)), 0);
	vfio_user_server_get_stats(fix->srv, &stats);
	assert_int_equal(stats.nb_posted_errors, 4);
	assert_int_equal(stats.nb_errors, 0);
	test_bye(fix, fd);
}

/* The hook runs before each message, so that shadow doorbells come first (design 4). */
static void
test_hook_before_each(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);
	unsigned int before = fix->dev.nb_before;
	uint64_t value;
	int i;

	for (i = 1; i <= 5; i++)
		post(fd, 0, 0);
	test_pump(fix);
	assert_int_equal(fix->dev.nb_before, before + 5);
	assert_int_equal(bar_read(fix, fd, BAR, 0, &value, 8), 0);
	assert_int_equal(fix->dev.nb_before_at_access, before + 6);
	test_bye(fix, fd);
	assert_int_equal(fix->dev.nb_before, before + 7); /* and before the end */
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_all_sizes),
		TEST(test_whole_config_space),
		TEST(test_bounds),
		TEST(test_counts),
		TEST(test_direction),
		TEST(test_device_error),
		TEST(test_no_leftovers),
		TEST(test_posted),
		TEST(test_posted_errors_are_silent),
		TEST(test_hook_before_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
