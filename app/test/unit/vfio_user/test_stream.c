/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fixture.h"

/* The byte stream: headers, pieces, descriptors, clients that do not read (2.3, 2.4, 17.1). */

#define BAR VFIO_USER_REGION_BAR2
#define RW (VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED)
#define PAGE VFIO_USER_PAGE_SIZE

static struct vfio_user_server_stats
stats_of(const struct test_fixture *fix)
{
	struct vfio_user_server_stats stats;

	vfio_user_server_get_stats(fix->srv, &stats);
	return stats;
}

/* Build a message in buf; bytes of it. */
static size_t
put(uint8_t *buf, uint16_t id, uint16_t command, uint32_t flags, const void *body, size_t len)
{
	const struct vfio_user_header head = {
		.id = id,
		.command = command,
		.size = (uint32_t)(sizeof(head) + len),
		.flags = flags,
	};

	memcpy(buf, &head, sizeof(head));
	memcpy(buf + sizeof(head), body, len);
	return sizeof(head) + len;
}

static size_t
put_write(uint8_t *buf, uint16_t id, uint64_t offset, uint32_t value)
{
	const struct {
		struct vfio_user_region_access access;
		uint32_t value;
	} body = { { offset, BAR, 4 }, value };

	return put(buf, id, VFIO_USER_REGION_WRITE, 0, &body, 20);
}

static void
expect_reply(int fd, uint16_t id, uint16_t command, uint32_t error)
{
	struct vfio_user_header head;
	uint8_t body[64];

	assert_true(test_recv(fd, &head, body, sizeof(body), NULL, NULL) >= 0);
	assert_int_equal(head.id, id);
	assert_int_equal(head.command, command);
	assert_int_equal(head.flags,
			 VFIO_USER_FLAG_TYPE_REPLY | (error != 0 ? VFIO_USER_FLAG_ERROR : 0));
	assert_int_equal(head.error, error);
}

/* The server must have closed: the end of the stream comes, and it is free for the next client. */
static void
expect_closed(struct test_fixture *fix, int fd)
{
	uint8_t byte;

	test_pump(fix);
	assert_true(recv(fd, &byte, 1, MSG_DONTWAIT) <= 0 && errno != EAGAIN);
	assert_false(vfio_user_server_is_connected(fix->srv));
	close(fd);
	fd = test_hello(fix, false);
	test_bye(fix, fd);
}

static void
test_byte_by_byte(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);
	uint8_t buf[64];
	size_t i, len = put_write(buf, 7, 0x10, 0xcafe);

	for (i = 0; i < len; i++) {
		assert_true(test_is_quiet(fd));
		test_send_raw(fd, buf + i, 1, NULL, 0);
		test_pump(fix);
		assert_int_equal(fix->dev.nb_accesses, i + 1 == len);
	}
	expect_reply(fd, 7, VFIO_USER_REGION_WRITE, 0);
	test_bye(fix, fd);
}

static void
test_pipelined(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);
	uint64_t receives = stats_of(fix).nb_receives;
	uint8_t buf[8192];
	size_t len = 0;
	uint16_t i;

	/* 100 requests and half of one more in a single write, ids used twice. */
	for (i = 0; i < 100; i++)
		len += put_write(buf + len, i / 2, 4 * i, i);
	put_write(buf + len, 999, 0, 0);
	test_send_raw(fd, buf, len + 20, NULL, 0);
	test_pump(fix);
	assert_int_equal(fix->dev.nb_accesses, 100);
	assert_int_equal(stats_of(fix).nb_receives, receives + 1);
	for (i = 0; i < 100; i++) {
		assert_int_equal(fix->dev.log[i].value, i);
		expect_reply(fd, i / 2, VFIO_USER_REGION_WRITE, 0);
	}
	test_send_raw(fd, buf + len + 20, 16, NULL, 0);
	test_pump(fix);
	expect_reply(fd, 999, VFIO_USER_REGION_WRITE, 0);
	test_bye(fix, fd);
}

static void
test_largest_message(void **state)
{
	struct test_fixture *fix = *state;
	const struct vfio_user_region_access access = { 0, BAR, TEST_BAR_SIZE };
	int fd = test_hello(fix, false);
	uint8_t *buf = malloc(16 + 16 + TEST_BAR_SIZE);
	size_t len;

	/* Longer than the receive buffer at first, and than what the socket holds at a time. */
	memset(buf, 0x3c, 32 + TEST_BAR_SIZE);
	memcpy(buf + 16, &access, sizeof(access));
	len = put(buf, 3, VFIO_USER_REGION_WRITE, 0, buf + 16, 16 + TEST_BAR_SIZE);
	test_send_raw(fd, buf, 40000, NULL, 0);
	test_pump(fix);
	test_send_raw(fd, buf + 40000, len - 40000, NULL, 0);
	test_pump(fix);
	expect_reply(fd, 3, VFIO_USER_REGION_WRITE, 0);
	assert_int_equal(fix->dev.bar[0], 0x3c);
	assert_int_equal(fix->dev.bar[TEST_BAR_SIZE - 1], 0x3c);
	free(buf);
	test_bye(fix, fd);
}

static void
test_impossible_sizes(void **state)
{
	static const uint32_t sizes[] = { 0, 1, 15, VFIO_USER_MAX_DATA_XFER + 65, 0x80000000,
					  UINT32_MAX };
	struct test_fixture *fix = *state;
	struct vfio_user_header head = { .command = VFIO_USER_DEVICE_RESET };
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		fd = test_hello(fix, false);
		head.size = sizes[i];
		test_send_raw(fd, &head, sizeof(head), NULL, 0);
		expect_closed(fix, fd);
		assert_int_equal(stats_of(fix).nb_broken, i + 1);
	}
	assert_int_equal(fix->dev.nb_resets, 0);
	assert_int_equal(fix->dev.nb_gone, 2 * ARRAY_LEN(sizes));
}

static void
test_odd_flags(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);
	uint32_t type;

	/* Replies nobody asked for are dropped, without an answer. */
	test_send(fd, 1, VFIO_USER_DMA_READ, VFIO_USER_FLAG_TYPE_REPLY, "abc", 3, NULL, 0);
	test_send(fd, 2, VFIO_USER_DEVICE_RESET, VFIO_USER_FLAG_TYPE_REPLY | VFIO_USER_FLAG_ERROR,
		  NULL, 0, NULL, 0);
	test_pump(fix);
	assert_true(test_is_quiet(fd));
	assert_int_equal(stats_of(fix).nb_ignored, 2);
	for (type = 2; type < 16; type++) {
		test_send(fd, 3, VFIO_USER_DEVICE_RESET, type, NULL, 0, NULL, 0);
		test_pump(fix);
		expect_reply(fd, 3, VFIO_USER_DEVICE_RESET, EINVAL);
	}
	test_send(fd, 4, VFIO_USER_DEVICE_RESET, VFIO_USER_FLAG_ERROR, NULL, 0, NULL, 0);
	test_pump(fix);
	expect_reply(fd, 4, VFIO_USER_DEVICE_RESET, EINVAL);
	test_send(fd, 5, VFIO_USER_DEVICE_RESET, 0x40, NULL, 0, NULL, 0);
	test_pump(fix);
	expect_reply(fd, 5, VFIO_USER_DEVICE_RESET, EINVAL);
	assert_int_equal(fix->dev.nb_resets, 0);
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_RESET, NULL, 0, NULL, 0), 0);
	test_bye(fix, fd);
}

static void
test_error_reply_is_a_bare_header(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);
	struct vfio_user_header head;
	uint8_t body[64] = { 0 };

	test_send(fd, 6, VFIO_USER_DEVICE_FEATURE, 0, body, sizeof(body), NULL, 0);
	test_pump(fix);
	assert_int_equal(test_recv(fd, &head, body, sizeof(body), NULL, NULL), 0);
	assert_int_equal(head.size, 16);
	assert_int_equal(head.flags, VFIO_USER_FLAG_TYPE_REPLY | VFIO_USER_FLAG_ERROR);
	assert_int_equal(head.error, EINVAL);
	test_bye(fix, fd);
}

/* Posted writes before, behind and around a message with a descriptor. */
static void
test_descriptor_finds_its_message(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_dma_map map = { sizeof(map), RW, 0, 0x10000, PAGE };
	int fd = test_hello(fix, false), file = test_memfd(2 * PAGE);
	struct vfio_user_dma_stats stats;
	uint8_t buf[512];
	size_t len;

	/* A map without descriptor, writes, a map with one, more writes: all waiting together. */
	test_send(fd, 1, VFIO_USER_DMA_MAP, 0, &map, sizeof(map), NULL, 0);
	len = put_write(buf, 2, 0, 2);
	test_send_raw(fd, buf, len, NULL, 0);
	map.iova = 0x20000;
	map.offset = PAGE;
	test_send(fd, 3, VFIO_USER_DMA_MAP, 0, &map, sizeof(map), &file, 1);
	test_send_raw(fd, buf, len, NULL, 0);
	map.iova = 0x30000;
	test_send(fd, 4, VFIO_USER_DMA_MAP, 0, &map, sizeof(map), NULL, 0);
	test_pump(fix);
	expect_reply(fd, 1, VFIO_USER_DMA_MAP, 0);
	expect_reply(fd, 2, VFIO_USER_REGION_WRITE, 0);
	expect_reply(fd, 3, VFIO_USER_DMA_MAP, 0);
	expect_reply(fd, 2, VFIO_USER_REGION_WRITE, 0);
	expect_reply(fd, 4, VFIO_USER_DMA_MAP, 0);
	vfio_user_dma_get_stats(vfio_user_server_dma(fix->srv), &stats);
	assert_int_equal(stats.nb_unreachable, 2);
	assert_int_equal(vfio_user_dma_check(vfio_user_server_dma(fix->srv), 0x20000, PAGE, RW), 0);
	close(file);
	test_bye(fix, fd);
}

/* The descriptor with the header, the body later: legal, whatever the pieces. */
static void
test_descriptor_with_pieces(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_dma_map map = { sizeof(map), RW, 0, 0, PAGE };
	int fd = test_hello(fix, false), file = test_memfd(PAGE), nb_open = test_count_fds();
	static const size_t cuts[] = { 1, 8, 15, 16, 17, 40, 47 };
	uint8_t buf[64];
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(cuts); i++) {
		map.iova += PAGE;
		len = put(buf, (uint16_t)i, VFIO_USER_DMA_MAP, 0, &map, sizeof(map));
		test_send_raw(fd, buf, cuts[i], &file, 1);
		test_pump(fix);
		test_send_raw(fd, buf + cuts[i], len - cuts[i], NULL, 0);
		test_pump(fix);
		expect_reply(fd, (uint16_t)i, VFIO_USER_DMA_MAP, 0);
		assert_true(fix->dev.change.has_fd);
	}
	assert_int_equal(test_count_fds(), nb_open);
	close(file);
	test_bye(fix, fd);
}

/* The same where it is the receive buffer that cuts, and the next message has a descriptor too. */
static void
test_descriptors_behind_a_cut(void **state)
{
	enum { BUFFER = 65536, PART = 4096, HEADS = 32 };
	struct vfio_user_region_access access = { 0, BAR, PART };
	struct vfio_user_dma_map map = { sizeof(map), RW, 0, 0, PAGE };
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), file = test_memfd(PAGE), nb_open = test_count_fds();
	uint8_t buf[HEADS + PART] = { 0 }, body[16 + PART] = { 0 };
	size_t left;
	uint16_t id;

	/* Posted writes until just the header of a map fits. */
	for (left = BUFFER - 16; left != 0; left -= HEADS + access.count) {
		access.count = left > HEADS + PART ? PART : (uint32_t)left - HEADS;
		memcpy(body, &access, sizeof(access));
		put(buf, 0, VFIO_USER_REGION_WRITE, VFIO_USER_FLAG_NO_REPLY, body,
		    sizeof(access) + access.count);
		test_send_raw(fd, buf, HEADS + access.count, NULL, 0);
	}
	for (id = 1; id <= 3; id++) {
		map.iova += PAGE;
		test_send(fd, id, VFIO_USER_DMA_MAP, 0, &map, sizeof(map), &file, 1);
	}
	test_pump(fix);
	for (id = 1; id <= 3; id++)
		expect_reply(fd, id, VFIO_USER_DMA_MAP, 0);
	assert_int_equal(vfio_user_dma_check(vfio_user_server_dma(fix->srv), PAGE, 3 * PAGE, RW),
			 0);
	assert_int_equal(test_count_fds(), nb_open);
	close(file);
	test_bye(fix, fd);
}

static void
test_descriptor_inside_a_message(void **state)
{
	struct vfio_user_dma_map map = { sizeof(map), RW, 0, 0, PAGE };
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), file = test_memfd(PAGE);
	uint8_t buf[64];
	size_t len = put(buf, 1, VFIO_USER_DMA_MAP, 0, &map, sizeof(map));

	test_send_raw(fd, buf, 20, NULL, 0);
	test_pump(fix);
	test_send_raw(fd, buf + 20, len - 20, &file, 1);
	expect_closed(fix, fd);
	assert_int_equal(stats_of(fix).nb_broken, 1);
	close(file);
}

static void
test_descriptors_nobody_wants(void **state)
{
	static const uint16_t commands[] = { VFIO_USER_VERSION, VFIO_USER_DMA_UNMAP,
					     VFIO_USER_DEVICE_GET_INFO, VFIO_USER_REGION_READ,
					     VFIO_USER_DEVICE_RESET, 77 };
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), nb_open = test_count_fds();
	const uint8_t body[24] = { sizeof(body) };
	const int fds[2] = { 0, 1 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(commands); i++) {
		assert_int_equal(test_call_fds(fix, fd, commands[i], body, 24, fds, 2, NULL, 0),
				 EINVAL);
		assert_int_equal(test_count_fds(), nb_open);
	}
	/* With a message that is dropped, and in front of the end. */
	test_send(fd, 1, 9, VFIO_USER_FLAG_TYPE_REPLY, NULL, 0, fds, 2);
	test_send_raw(fd, "x", 1, fds, 2);
	test_pump(fix);
	assert_int_equal(test_count_fds(), nb_open + 2); /* kept until the message is complete */
	test_bye(fix, fd);
}

static void
test_too_many_descriptors(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_irq_set set = { sizeof(set), 0x24, VFIO_USER_IRQ_MSI, 0, 17 };
	int fds[17], fd = test_hello(fix, false), i;

	for (i = 0; i < 17; i++)
		fds[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	test_send(fd, 1, VFIO_USER_DEVICE_SET_IRQS, 0, &set, sizeof(set), fds, 17);
	expect_closed(fix, fd);
	assert_int_equal(stats_of(fix).nb_broken, 1);
	for (i = 0; i < 17; i++)
		close(fds[i]);
}

/* Until limit_end(), no descriptor can be opened or received. */
static rlim_t
limit_begin(void)
{
	struct rlimit limit;
	rlim_t old;
	int fd = dup(0);

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	old = limit.rlim_cur;
	limit.rlim_cur = (rlim_t)fd;
	close(fd);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return old;
}

static void
limit_end(rlim_t old)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = old;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* A process without free descriptors gets MSG_CTRUNC: what belongs where is unknown. */
static void
test_descriptor_cut_off(void **state)
{
	struct vfio_user_dma_map map = { sizeof(map), RW, 0, 0, PAGE };
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), file = test_memfd(PAGE);
	rlim_t old = limit_begin();

	test_send(fd, 1, VFIO_USER_DMA_MAP, 0, &map, sizeof(map), &file, 1);
	test_pump(fix);
	limit_end(old);
	expect_closed(fix, fd);
	assert_int_equal(stats_of(fix).nb_broken, 1);
	close(file);
}

/* Nor can it accept a client: it does not spin, and takes the client when it can. */
static void
test_no_descriptor_to_accept(void **state)
{
	struct test_fixture *fix = *state;
	static const char version[] = "\0\0\0\0{}";
	int fd = test_connect(fix), i;
	rlim_t old = limit_begin();

	test_send(fd, 1, VFIO_USER_VERSION, 0, version, sizeof(version), NULL, 0);
	test_pump(fix); /* would not return if it were ready all the time */
	limit_end(old);
	assert_true(test_is_quiet(fd));
	for (i = 0; i < 300 && !vfio_user_server_is_connected(fix->srv); i++) {
		test_pump(fix);
		usleep(10000);
	}
	assert_true(vfio_user_server_is_connected(fix->srv));
	test_bye(fix, fd);
}

static int
small_buffers(struct test_fixture *fix, uint32_t send_timeout_ms)
{
	struct vfio_user_server_config config;

	test_config(fix, &config);
	config.send_timeout_ms = send_timeout_ms;
	test_restart(fix, &config);
	return test_hello(fix, false);
}

/* Ask for more than the socket takes, without reading. */
static void
ask_too_much(int fd, unsigned int nb)
{
	const struct vfio_user_region_access access = { 0, BAR, TEST_BAR_SIZE };

	while (nb-- != 0)
		test_send(fd, (uint16_t)nb, VFIO_USER_REGION_READ, 0, &access, sizeof(access), NULL,
			  0);
}

static void
test_slow_reader(void **state)
{
	enum { NUM = 20 };
	struct test_fixture *fix = *state;
	int fd = small_buffers(fix, 60000), i;
	struct vfio_user_header head;
	uint8_t *body = malloc(16 + TEST_BAR_SIZE);

	memset(fix->dev.bar, 0x77, TEST_BAR_SIZE);
	ask_too_much(fd, NUM);
	test_pump(fix); /* returns: the server does not wait */
	assert_in_range(fix->dev.nb_accesses, 1, NUM - 1); /* and carries out no more meanwhile */
	for (i = NUM - 1; i >= 0; i--) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		size_t got = 0, want = sizeof(head);

		while (got < want) { /* a little at a time */
			uint8_t *to = got < 16 ? (uint8_t *)&head + got : body + (got - 16);
			size_t piece = got < 16 ? 16 - got : want - got;
			ssize_t nb;

			test_pump(fix);
			assert_int_equal(poll(&pfd, 1, 30000), 1);
			nb = recv(fd, to, piece < 9999 ? piece : 9999, 0);
			assert_true(nb > 0);
			got += (size_t)nb;
			if (got == 16)
				want = head.size;
		}
		assert_int_equal(head.id, i);
		assert_int_equal(head.size, 32 + TEST_BAR_SIZE);
		assert_int_equal(body[16], 0x77);
		assert_int_equal(body[15 + TEST_BAR_SIZE], 0x77);
	}
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_RESET, NULL, 0, NULL, 0), 0);
	free(body);
	test_bye(fix, fd);
}

static void
test_client_that_never_reads(void **state)
{
	struct test_fixture *fix = *state;
	int fd = small_buffers(fix, 100), i;

	ask_too_much(fd, 20);
	for (i = 0; i < 100 && vfio_user_server_is_connected(fix->srv); i++) {
		test_pump(fix);
		usleep(10000);
	}
	assert_false(vfio_user_server_is_connected(fix->srv));
	assert_int_equal(fix->dev.nb_gone, 1);
	assert_int_equal(stats_of(fix).nb_broken, 1);
	close(fd);
	fd = test_hello(fix, false);
	test_bye(fix, fd);
}

static void
test_client_gone_with_replies_waiting(void **state)
{
	struct test_fixture *fix = *state;
	int fd = small_buffers(fix, 60000);

	ask_too_much(fd, 20);
	test_pump(fix);
	test_bye(fix, fd);
	assert_int_equal(fix->dev.nb_gone, 1);
	/* Requests sent just before the end are carried out, posted ones above all. */
	fd = test_hello(fix, false);
	test_send(fd, 0, VFIO_USER_DEVICE_RESET, VFIO_USER_FLAG_NO_REPLY, NULL, 0, NULL, 0);
	test_bye(fix, fd);
	assert_int_equal(fix->dev.nb_resets, 1);
}

/* One client at a time; the next one waits and is served in its turn (vfio-user.md 17.2). */
static void
test_second_client_waits(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false), second = test_connect(fix);
	static const char version[] = "\0\0\0\0{}";

	test_send(second, 1, VFIO_USER_VERSION, 0, version, sizeof(version), NULL, 0);
	test_pump(fix);
	assert_true(test_is_quiet(second));
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_RESET, NULL, 0, NULL, 0), 0);
	close(fd);
	test_pump(fix);
	assert_int_equal(fix->dev.nb_gone, 1);
	assert_int_equal(fix->dev.nb_connected, 2);
	assert_false(test_is_quiet(second));
	test_bye(fix, second);
}

/* Noise on the socket: whatever comes, the server lives and leaks nothing. */
static void
test_noise(void **state)
{
	struct test_fixture *fix = *state;
	uint8_t buf[256];
	int fd, round, file = test_memfd(PAGE);
	size_t i, len;

	srand(4711);
	for (round = 0; round < 3000; round++) {
		struct vfio_user_header head = { 0 };

		fd = round % 50 == 0 ? test_connect(fix) : test_hello(fix, round % 2 != 0);
		for (i = 0; i < sizeof(buf); i++)
			buf[i] = (uint8_t)(rand() % 8 != 0 ? rand() % 4 : rand());
		len = (size_t)rand() % sizeof(buf);
		head.command = (uint16_t)(rand() % 20);
		head.size = (uint32_t)(16 + len);
		head.flags = (uint32_t)(rand() % 3 == 0 ? 0x10 : 0);
		memcpy(buf, &head, len < sizeof(head) ? len : sizeof(head));
		test_send_raw(fd, buf, sizeof(buf), &file, rand() % 4 == 0);
		test_pump(fix);
		test_bye(fix, fd);
	}
	close(file);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_byte_by_byte),
		TEST(test_pipelined),
		TEST(test_largest_message),
		TEST(test_impossible_sizes),
		TEST(test_odd_flags),
		TEST(test_error_reply_is_a_bare_header),
		TEST(test_descriptor_finds_its_message),
		TEST(test_descriptor_with_pieces),
		TEST(test_descriptors_behind_a_cut),
		TEST(test_descriptor_inside_a_message),
		TEST(test_descriptors_nobody_wants),
		TEST(test_too_many_descriptors),
		TEST(test_descriptor_cut_off),
		TEST(test_no_descriptor_to_accept),
		TEST(test_slow_reader),
		TEST(test_client_that_never_reads),
		TEST(test_client_gone_with_replies_waiting),
		TEST(test_second_client_waits),
		TEST(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
