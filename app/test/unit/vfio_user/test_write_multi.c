/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>

#include "fixture.h"

/* REGION_WRITE_MULTI (vfio-user.md 8.2). */

#define BAR VFIO_USER_REGION_BAR2
#define MAX_ENTRIES 200 /* as QEMU */

struct multi {
	uint64_t wr_cnt;
	struct vfio_user_write_multi_entry entries[MAX_ENTRIES];
};

static void
entry_set(struct vfio_user_write_multi_entry *entry, uint32_t region, uint64_t offset,
	  uint32_t count, uint64_t value)
{
	*entry = (struct vfio_user_write_multi_entry){ .offset = offset, .region = region,
						       .count = count };
	memcpy(entry->data, &value, sizeof(value));
}

static size_t
multi_len(uint64_t nb)
{
	return sizeof(uint64_t) + nb * sizeof(struct vfio_user_write_multi_entry);
}

static void
test_in_order(void **state)
{
	struct test_fixture *fix = *state;
	struct multi multi = { .wr_cnt = MAX_ENTRIES };
	int fd = test_hello(fix, false);
	uint64_t nb_done;
	unsigned int i;

	for (i = 0; i < MAX_ENTRIES; i++)
		entry_set(&multi.entries[i], BAR, 0x1000, 8, i * 0x0101010101ULL);
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_WRITE_MULTI, &multi,
				   multi_len(MAX_ENTRIES), &nb_done, sizeof(nb_done)), 0);
	assert_int_equal(nb_done, MAX_ENTRIES);
	assert_int_equal(fix->dev.nb_accesses, MAX_ENTRIES);
	for (i = 0; i < MAX_ENTRIES; i++)
		assert_int_equal(fix->dev.log[i].value, i * 0x0101010101ULL);
	test_bye(fix, fd);
}

static void
test_posted(void **state)
{
	struct test_fixture *fix = *state;
	struct multi multi = { .wr_cnt = 3 };
	int fd = test_hello(fix, false);

	entry_set(&multi.entries[0], BAR, 0, 1, 0x11);
	entry_set(&multi.entries[1], BAR, 2, 2, 0x2222);
	entry_set(&multi.entries[2], BAR, 4, 4, 0x44444444);
	test_send(fd, 0, VFIO_USER_REGION_WRITE_MULTI, VFIO_USER_FLAG_NO_REPLY, &multi,
		  multi_len(3), NULL, 0);
	test_pump(fix);
	assert_true(test_is_quiet(fd));
	assert_memory_equal(fix->dev.bar, "\x11\0\x22\x22\x44\x44\x44\x44", 8);
	test_bye(fix, fd);
}

static void
test_bad_entries_are_skipped(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_server_stats stats;
	struct multi multi = { .wr_cnt = 8 };
	int fd = test_hello(fix, false);
	uint64_t nb_done;

	entry_set(&multi.entries[0], BAR, 0, 8, 1);
	entry_set(&multi.entries[1], BAR, 0, 0, 2);
	entry_set(&multi.entries[2], BAR, 0, 9, 3);
	entry_set(&multi.entries[3], BAR, TEST_BAR_SIZE - 4, 8, 4);
	entry_set(&multi.entries[4], UINT32_MAX, 0, 8, 5);
	entry_set(&multi.entries[5], VFIO_USER_REGION_BAR4, 0, 8, 6); /* read-only */
	entry_set(&multi.entries[6], BAR, UINT64_MAX - 7, 8, 7);
	entry_set(&multi.entries[7], BAR, 8, 8, 8);
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_WRITE_MULTI, &multi, multi_len(8),
				   &nb_done, sizeof(nb_done)), 0);
	assert_int_equal(nb_done, 2);
	assert_int_equal(fix->dev.nb_accesses, 2);
	assert_int_equal(fix->dev.log[1].value, 8);
	vfio_user_server_get_stats(fix->srv, &stats);
	assert_int_equal(stats.nb_posted_errors, 6);
	test_bye(fix, fd);
}

static void
test_counts(void **state)
{
	struct test_fixture *fix = *state;
	struct multi multi = { .wr_cnt = 2 };
	int fd = test_hello(fix, false);
	size_t len;
	uint64_t nb_done;

	entry_set(&multi.entries[0], BAR, 0, 8, 1);
	entry_set(&multi.entries[1], BAR, 0, 8, 1);
	for (len = 0; len <= multi_len(3); len++) {
		if (len != multi_len(2))
			assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_WRITE_MULTI, &multi,
						   len, NULL, 0), EINVAL);
	}
	/* 24 * wr_cnt + 8 wraps to a length that fits. */
	multi.wr_cnt = (1ULL << 61) + 2;
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_WRITE_MULTI, &multi, multi_len(2),
				   NULL, 0), EINVAL);
	multi.wr_cnt = UINT64_MAX;
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_WRITE_MULTI, &multi, multi_len(2),
				   NULL, 0), EINVAL);
	assert_int_equal(fix->dev.nb_accesses, 0);
	multi.wr_cnt = 0;
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_WRITE_MULTI, &multi, multi_len(0),
				   &nb_done, sizeof(nb_done)), 0);
	assert_int_equal(nb_done, 0);
	test_bye(fix, fd);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_in_order),
		TEST(test_posted),
		TEST(test_bad_entries_are_skipped),
		TEST(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
