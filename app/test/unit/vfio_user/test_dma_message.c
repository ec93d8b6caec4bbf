/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <unistd.h>

#include "fixture.h"

/* DMA_MAP and DMA_UNMAP as messages (vfio-user.md 4); the table itself is in test_dma_table.c. */

#define RW (VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED)
#define PAGE VFIO_USER_PAGE_SIZE

static int
map_fds(struct test_fixture *fix, int fd, uint32_t flags, uint64_t offset, uint64_t iova,
	uint64_t size, const int *fds, uint32_t nb_fds)
{
	struct vfio_user_dma_map map = { sizeof(map), flags, offset, iova, size };

	return test_call_fds(fix, fd, VFIO_USER_DMA_MAP, &map, sizeof(map), fds, nb_fds, NULL, 0);
}

static int
map(struct test_fixture *fix, int fd, int file, uint64_t offset, uint64_t iova, uint64_t size)
{
	return map_fds(fix, fd, RW, offset, iova, size, &file, file >= 0);
}

static int
unmap(struct test_fixture *fix, int fd, uint32_t flags, uint64_t iova, uint64_t size)
{
	struct vfio_user_dma_unmap unmap = { sizeof(unmap), flags, iova, size }, answer;
	int ret;

	ret = test_call(fix, fd, VFIO_USER_DMA_UNMAP, &unmap, sizeof(unmap), &answer,
			sizeof(answer));
	if (ret == 0)
		assert_memory_equal(&unmap, &answer, sizeof(unmap));
	return ret;
}

static void
test_reach_memory(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), file = test_memfd(16 * PAGE);
	const struct vfio_user_dma_table *table = vfio_user_server_dma(fix->srv);
	uint64_t value;

	assert_int_equal(map(fix, fd, file, 4 * PAGE, 0x100000, 8 * PAGE), 0);
	assert_int_equal(fix->dev.nb_quiesce, 1);
	assert_int_equal(fix->dev.nb_maps_at_quiesce, 0); /* asked before the table changed */
	assert_int_equal(fix->dev.change_result, 0);
	assert_true(fix->dev.change.is_map && fix->dev.change.has_fd);
	assert_int_equal(fix->dev.change.prot, RW);
	assert_int_equal(vfio_user_dma_copy_in(table, &value, 0x100000 + 2 * PAGE, 8), 0);
	assert_int_equal(value, 6);
	value = 0xabcd;
	assert_int_equal(vfio_user_dma_copy_out(table, 0x100000, &value, 8), 0);
	value = 0;
	assert_int_equal(pread(file, &value, 8, 4 * PAGE), 8);
	assert_int_equal(value, 0xabcd);

	assert_int_equal(unmap(fix, fd, 0, 0x100000, 8 * PAGE), 0);
	assert_int_equal(fix->dev.nb_maps_at_quiesce, 1);
	assert_int_equal(fix->dev.change_result, 1);
	assert_false(fix->dev.change.is_map);
	assert_int_equal(vfio_user_dma_check(table, 0x100000, 1, VFIO_USER_DMA_READ_ALLOWED),
			 -EFAULT);
	close(file);
	test_bye(fix, fd);
}

static void
test_map_errors(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), file = test_memfd(4 * PAGE), pair[2] = { file, file };
	struct vfio_user_dma_map request = { sizeof(request) - 1, RW, 0, 0, PAGE };
	int nb_open = test_count_fds();
	size_t len;

	assert_int_equal(map(fix, fd, file, 0, 0, 0), EINVAL);
	assert_int_equal(map(fix, fd, file, 0, 0, 5 * PAGE), EINVAL); /* past the end of the file */
	assert_int_equal(map(fix, fd, file, PAGE, 0, 4 * PAGE), EINVAL);
	assert_int_equal(map(fix, fd, file, -(uint64_t)PAGE, 0, 2 * PAGE), EINVAL);
	assert_int_equal(map(fix, fd, file, 1, 0, PAGE), EINVAL);
	assert_int_equal(map(fix, fd, file, 0, 1, PAGE), EINVAL);
	assert_int_equal(map(fix, fd, file, 0, 0, 100), EINVAL);
	assert_int_equal(map(fix, fd, file, 0, -(uint64_t)PAGE, 2 * PAGE), EINVAL);
	assert_int_equal(map_fds(fix, fd, 0x10 | RW, 0, 0, PAGE, &file, 1), EINVAL);
	assert_int_equal(map_fds(fix, fd, 0x80000000 | RW, 0, 0, PAGE, &file, 1), EINVAL);
	assert_int_equal(map_fds(fix, fd, RW, 0, 0, PAGE, pair, 2), EINVAL);
	/* Bits 2 and 3 promise a descriptor (vfio-user.md 4.1). */
	assert_int_equal(map_fds(fix, fd, RW | VFIO_USER_DMA_BY_MMAP, 0, 0, PAGE, NULL, 0), EINVAL);
	assert_int_equal(map_fds(fix, fd, RW | VFIO_USER_DMA_BY_FILE_IO, 0, 0, PAGE, NULL, 0),
			 EINVAL);
	assert_int_equal(map_fds(fix, fd, RW | VFIO_USER_DMA_BY_FILE_IO, 0, 0, PAGE, &file, 1),
			 ENOTSUP);
	assert_int_equal(test_call_fds(fix, fd, VFIO_USER_DMA_MAP, &request, sizeof(request), &file,
				       1, NULL, 0), EINVAL);
	request.argsz++;
	for (len = 0; len < sizeof(request); len++)
		assert_int_equal(test_call_fds(fix, fd, VFIO_USER_DMA_MAP, &request, len, &file, 1,
					       NULL, 0), EINVAL);
	assert_int_equal(test_count_fds(), nb_open); /* none of them leaked (17.4, no. 9) */
	assert_int_equal(map_fds(fix, fd, RW | VFIO_USER_DMA_BY_MMAP, 0, 0, PAGE, &file, 1), 0);
	assert_int_equal(map(fix, fd, file, 0, 0, 2 * PAGE), EEXIST);
	assert_int_equal(map(fix, fd, file, 0, 0, PAGE), 0); /* identical repetition */
	assert_int_equal(test_count_fds(), nb_open); /* the map keeps no descriptor either */
	close(file);
	test_bye(fix, fd);
}

static void
test_not_a_file(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), pipes[2];
	int nb_open;

	assert_int_equal(pipe(pipes), 0);
	nb_open = test_count_fds();
	assert_int_equal(map(fix, fd, pipes[0], 0, 0, PAGE), EBADF);
	assert_int_equal(map(fix, fd, fd, 0, 0, PAGE), EBADF);
	assert_int_equal(test_count_fds(), nb_open);
	close(pipes[0]);
	close(pipes[1]);
	test_bye(fix, fd);
}

static void
test_without_descriptor(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_dma_stats stats;
	int fd = test_hello(fix, false);
	const struct vfio_user_dma_table *table = vfio_user_server_dma(fix->srv);

	/* ROM, other devices' BARs: accepted and counted (vfio-user.md 4.1). */
	assert_int_equal(map(fix, fd, -1, 0, 0xc0000, 8 * PAGE), 0);
	assert_false(fix->dev.change.has_fd);
	vfio_user_dma_get_stats(table, &stats);
	assert_int_equal(stats.nb_maps, 1);
	assert_int_equal(stats.nb_unreachable, 1);
	assert_int_equal(vfio_user_dma_check(table, 0xc0000, 8, VFIO_USER_DMA_READ_ALLOWED),
			 -ENXIO);
	assert_int_equal(map(fix, fd, -1, 0, 0xc0000, 8 * PAGE), 0);
	assert_int_equal(map(fix, fd, -1, 0, 0xc1000, PAGE), EEXIST);
	test_bye(fix, fd);
}

static void
test_unmap_ranges(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), file = test_memfd(4 * PAGE);

	assert_int_equal(unmap(fix, fd, 0, 0x5000, PAGE), 0); /* none there: success */
	assert_int_equal(fix->dev.change_result, 0);
	assert_int_equal(map(fix, fd, file, 0, 0x10000, 4 * PAGE), 0);
	assert_int_equal(map(fix, fd, file, 0, 0x20000, 4 * PAGE), 0);
	assert_int_equal(map(fix, fd, file, 0, -(uint64_t)(4 * PAGE), 4 * PAGE), 0);
	assert_int_equal(unmap(fix, fd, 0, 0x11000, 0x100000), EINVAL); /* would cut */
	assert_int_equal(unmap(fix, fd, 0, 0, 0x21000), EINVAL);
	assert_int_equal(unmap(fix, fd, 0, 0x11000, PAGE), EINVAL);
	assert_int_equal(unmap(fix, fd, 0, 0, 0), EINVAL);
	assert_int_equal(unmap(fix, fd, 0, UINT64_MAX, 2), EINVAL); /* wraps */
	/* What QEMU sent, with its end at 2^64 (vfio-user.md 4.2). */
	assert_int_equal(unmap(fix, fd, 0, 0xfef00000, 0xffffffff01100000), 0);
	assert_int_equal(fix->dev.change_result, 1);
	assert_int_equal(unmap(fix, fd, 0, 0, 0x100000), 0);
	assert_int_equal(fix->dev.change_result, 2);
	close(file);
	test_bye(fix, fd);
}

static void
test_unmap_all(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), file = test_memfd(4 * PAGE);

	/* The very first request after VERSION when a realize fails (vfio-user.md 4.2). */
	assert_int_equal(unmap(fix, fd, VFIO_USER_DMA_UNMAP_ALL, 0, 0), 0);
	assert_int_equal(map(fix, fd, file, 0, 0, 4 * PAGE), 0);
	assert_int_equal(map(fix, fd, file, 0, 1ULL << 63, 4 * PAGE), 0);
	assert_int_equal(unmap(fix, fd, VFIO_USER_DMA_UNMAP_ALL, 0, PAGE), EINVAL);
	assert_int_equal(unmap(fix, fd, VFIO_USER_DMA_UNMAP_ALL, PAGE, 0), EINVAL);
	assert_int_equal(unmap(fix, fd, 4, 0, 4 * PAGE), EINVAL);
	assert_int_equal(unmap(fix, fd, VFIO_USER_DMA_UNMAP_ALL, 0, 0), 0);
	assert_int_equal(fix->dev.change_result, 2);
	assert_true(fix->dev.change.is_unmap_all);
	close(file);
	test_bye(fix, fd);
}

/* A client sends the descriptor of the map with it (vfio-user.md 20.2): closed, and no error. */
static void
test_unmap_with_descriptor(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_dma_unmap request = { sizeof(request), 0, 0, PAGE }, answer;
	int fd = test_hello(fix, false), file = test_memfd(PAGE), nb_open = test_count_fds();

	assert_int_equal(map(fix, fd, file, 0, 0, PAGE), 0);
	assert_int_equal(test_call_fds(fix, fd, VFIO_USER_DMA_UNMAP, &request, sizeof(request),
				       &file, 1, &answer, sizeof(answer)), 0);
	assert_int_equal(fix->dev.change_result, 1);
	assert_int_equal(test_count_fds(), nb_open);
	close(file);
	test_bye(fix, fd);
}

static void
test_unmap_malformed(void **state)
{
	struct test_fixture *fix = *state;
	const uint64_t body[8] = { 24, 0, PAGE };
	struct vfio_user_dma_unmap request = { 23, 0, 0, PAGE };
	struct {
		struct vfio_user_dma_unmap unmap;
		uint64_t bitmap[2];
	} dirty = { { 40, VFIO_USER_DMA_UNMAP_DIRTY_BITMAP, 0, PAGE }, { PAGE, 8 } };
	int fd = test_hello(fix, false);
	size_t len;

	for (len = 0; len <= sizeof(body); len++) {
		if (len != 24)
			assert_int_equal(test_call(fix, fd, VFIO_USER_DMA_UNMAP, body, len, NULL,
						   0), EINVAL);
	}
	assert_int_equal(test_call(fix, fd, VFIO_USER_DMA_UNMAP, &request, 24, NULL, 0), EINVAL);
	assert_int_equal(test_call(fix, fd, VFIO_USER_DMA_UNMAP, &dirty, sizeof(dirty), NULL, 0),
			 ENOTSUP);
	assert_int_equal(fix->dev.nb_quiesce, 0);
	test_bye(fix, fd);
}

static void
test_limit(void **state)
{
	struct vfio_user_server_config config;
	struct test_fixture *fix = *state;
	uint64_t i;
	int fd;

	test_config(fix, &config);
	config.max_dma_maps = 10;
	test_restart(fix, &config);
	fd = test_hello(fix, false);
	for (i = 0; i < 10; i++)
		assert_int_equal(map(fix, fd, -1, 0, i * PAGE, PAGE), 0);
	assert_int_equal(map(fix, fd, -1, 0, 10 * PAGE, PAGE), ENOSPC);
	test_bye(fix, fd);
}

/* What one client mapped is gone for the next, after the device was told (vfio-user.md 17.2). */
struct line_count {
	unsigned int nb_refused;
	unsigned int nb_unreachable;
	unsigned int nb_last;
};

static void
count_line(void *opaque, enum vfio_user_log_level level, const char *line)
{
	struct line_count *count = opaque;

	(void)level;
	count->nb_refused += strstr(line, "cannot reach IOVA") != NULL;
	count->nb_unreachable += strstr(line, "unreachable") != NULL;
	count->nb_last += strstr(line, "no more of these are told") != NULL;
}

/* A guest with a vIOMMU fills no disk with lines about its maps. */
static void
test_lines_are_bounded(void **state)
{
	struct line_count count = { 0 };
	struct vfio_user_server_config config;
	struct test_fixture *fix = *state;
	uint64_t i;
	int fd;

	test_config(fix, &config);
	config.log = (struct vfio_user_log){ count_line, &count, VFIO_USER_LOG_INFO };
	test_restart(fix, &config);
	fd = test_hello(fix, false);
	for (i = 0; i < 150; i++) {
		assert_int_equal(map(fix, fd, -1, 0, i * PAGE, PAGE), 0);
		assert_int_equal(map(fix, fd, -1, 0, 0, 2 * PAGE), EEXIST);
	}
	assert_int_equal(count.nb_refused, 100);
	assert_int_equal(count.nb_unreachable, 100);
	assert_int_equal(count.nb_last, 3); /* and the warnings about requests */
	test_bye(fix, fd);
	test_config(fix, &config);
	test_restart(fix, &config);
}

static void
test_end_of_client(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), file = test_memfd(4 * PAGE);
	struct vfio_user_dma_stats stats;

	assert_int_equal(map(fix, fd, file, 0, 0, 4 * PAGE), 0);
	test_bye(fix, fd);
	assert_int_equal(fix->dev.nb_gone, 1);
	assert_int_equal(fix->dev.nb_maps_at_gone, 1); /* the table was whole when it was told */
	vfio_user_dma_get_stats(vfio_user_server_dma(fix->srv), &stats);
	assert_int_equal(stats.nb_maps + stats.nb_files, 0);
	fd = test_hello(fix, false);
	assert_int_equal(map(fix, fd, file, 0, 0, 4 * PAGE), 0);
	vfio_user_server_disconnect(fix->srv);
	assert_int_equal(fix->dev.nb_gone, 2);
	close(fd);
	close(file);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_reach_memory),
		TEST(test_map_errors),
		TEST(test_not_a_file),
		TEST(test_without_descriptor),
		TEST(test_unmap_ranges),
		TEST(test_unmap_all),
		TEST(test_unmap_with_descriptor),
		TEST(test_unmap_malformed),
		TEST(test_limit),
		TEST(test_lines_are_bounded),
		TEST(test_end_of_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
