/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "fixture.h"
#include "vfio_user_client.h"

/* The client against the server: each request, and each way a connect fails (vfio-user.md 19). */

#define BAR VFIO_USER_REGION_BAR2
#define MSI VFIO_USER_IRQ_MSI
#define RW (VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED)
#define PAGE VFIO_USER_PAGE_SIZE

static const struct vfio_user_client_opts private_opts = {
	.timeout_ms = 5000,
	.private_key = TEST_KEY,
	.private_json = "{\"v\":2}",
};

static struct vfio_user_client *
client_start(struct test_fixture *fix, struct test_loop **loop)
{
	struct vfio_user_connect_error error;
	struct vfio_user_client *client;

	*loop = test_loop_start(fix);
	if (vfio_user_client_connect(fix->path, &private_opts, &error, &client) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(error.reason, VFIO_USER_CONNECT_OK);
	return client;
}

static void
client_stop(struct test_fixture *fix, struct test_loop *loop, struct vfio_user_client *client)
{
	vfio_user_client_disconnect(client);
	test_loop_stop(loop);
	test_pump(fix);
	assert_int_equal(fix->dev.nb_gone, fix->dev.nb_connected);
}

static void
test_information(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_client_region region;
	struct vfio_user_device_info info;
	struct vfio_user_irq_info irq;
	struct test_loop *loop;
	struct vfio_user_client *client = client_start(fix, &loop);

	assert_string_equal(vfio_user_client_private_json(client), "{\"db\":1}");
	assert_string_equal(fix->dev.private_json, "{\"v\":2}");
	assert_int_equal(vfio_user_client_peer_pid(client), getpid());
	assert_int_equal(vfio_user_client_max_dma_maps(client), VFIO_USER_MAX_DMA_MAPS);
	assert_int_equal(vfio_user_client_get_info(client, &info), 0);
	assert_int_equal(info.num_regions, 10);
	assert_int_equal(info.num_irqs, 6);
	assert_int_equal(vfio_user_client_get_irq_info(client, MSI, &irq), 0);
	assert_int_equal(irq.count, TEST_MSI_NUM);
	assert_int_equal(vfio_user_client_get_irq_info(client, 77, &irq), -EINVAL);
	assert_int_equal(vfio_user_client_get_region_info(client, BAR, &region), 0);
	assert_int_equal(region.size, TEST_BAR_SIZE);
	assert_int_equal(region.flags, 3);
	assert_int_equal(region.fd, -1);
	assert_int_equal(vfio_user_client_get_region_info(client, 0, &region), 0);
	assert_int_equal(region.size, 0);
	assert_int_equal(vfio_user_client_get_region_info(client, 10, &region), -EINVAL);
	assert_int_equal(region.fd, -1);
	client_stop(fix, loop, client);
}

static void
test_private_region(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_client_region region;
	struct test_loop *loop;
	struct vfio_user_client *client = client_start(fix, &loop);
	uint64_t value;
	uint8_t *memory;
	void *base;

	assert_int_equal(vfio_user_client_get_region_info(client, TEST_PRIVATE_REGION, &region), 0);
	assert_int_equal(region.size, TEST_PRIVATE_SIZE);
	assert_true(region.has_type);
	assert_int_equal(region.type, TEST_PRIVATE_TYPE);
	assert_int_equal(region.subtype, TEST_PRIVATE_SUBTYPE);
	assert_int_equal(region.nb_areas, 0);
	assert_true(region.fd >= 0);
	assert_int_equal(vfio_user_client_map_region(&region, &base), 0);
	close(region.fd);
	memory = base;
	memory[PAGE] = 99;
	assert_int_equal(vfio_user_client_region_read(client, TEST_PRIVATE_REGION, PAGE, &value, 8),
			 0);
	assert_int_equal(value, 99);
	client_stop(fix, loop, client);
	memory[PAGE + 1] = 1; /* survives the server */
	munmap(base, TEST_PRIVATE_SIZE);
}

static void
test_region_access(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct vfio_user_client *client = client_start(fix, &loop);
	static uint8_t big[VFIO_USER_CLIENT_MAX_XFER], back[VFIO_USER_CLIENT_MAX_XFER];
	uint64_t mailbox[2] = { 0x1111, 0x2222 };
	unsigned int i;

	assert_int_equal(vfio_user_client_region_write(client, BAR, 0x300, mailbox, 16), 0);
	assert_int_equal(fix->dev.log[0].count, 16); /* in one piece */
	assert_memory_equal(fix->dev.bar + 0x300, mailbox, 16);
	for (i = 0; i < sizeof(big); i++)
		big[i] = (uint8_t)(i * 13);
	assert_int_equal(vfio_user_client_region_write(client, BAR, 0, big, sizeof(big)), 0);
	assert_int_equal(vfio_user_client_region_read(client, BAR, 0, back, sizeof(back)), 0);
	assert_memory_equal(big, back, sizeof(big));
	assert_int_equal(vfio_user_client_region_read(client, BAR, TEST_BAR_SIZE, back, 1),
			 -EINVAL);
	assert_int_equal(vfio_user_client_region_read(client, BAR, 0, back, 0), -EINVAL);
	assert_int_equal(vfio_user_client_region_write(client, BAR, 0, back, sizeof(back) + 1),
			 -EINVAL);
	/* An errno of the device that means something else here is told apart. */
	fix->dev.access_ret = -ENODEV;
	assert_int_equal(vfio_user_client_region_read(client, BAR, 0, back, 4), -EREMOTEIO);
	assert_false(vfio_user_client_is_dead(client));
	fix->dev.access_ret = -EBUSY;
	assert_int_equal(vfio_user_client_region_read(client, BAR, 0, back, 4), -EBUSY);
	client_stop(fix, loop, client);
}

/** As soon as the socket has room. */
static void
post(struct vfio_user_client *client, uint64_t offset, const void *buf, uint32_t count)
{
	int ret;

	do {
		ret = vfio_user_client_region_write_posted(client, BAR, offset, buf, count);
	} while (ret == -EAGAIN);
	assert_int_equal(ret, 0);
}

static void
test_posted(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct vfio_user_client *client = client_start(fix, &loop);
	uint64_t i, value, pair[3] = { 0 };

	for (i = 0; i < 3000; i++)
		post(client, 8, &i, 8);
	post(client, 16, pair, 16);
	assert_int_equal(vfio_user_client_region_write_posted(client, BAR, 16, pair, 17), -EINVAL);
	assert_int_equal(vfio_user_client_region_write_posted(client, BAR, 16, pair, 0), -EINVAL);
	/* An error of one is nobody's reply. */
	post(client, 1 << 30, pair, 8);
	assert_int_equal(vfio_user_client_region_read(client, BAR, 8, &value, 8), 0);
	assert_int_equal(value, 2999);
	assert_int_equal(fix->dev.nb_accesses, 3002);
	for (i = 0; i < 3000; i++)
		assert_int_equal(fix->dev.log[i].value, i);
	client_stop(fix, loop, client);
}

static void
test_interrupts(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct vfio_user_client *client = client_start(fix, &loop);
	int fds[TEST_MSI_NUM];
	uint64_t value;
	unsigned int i;

	for (i = 0; i < TEST_MSI_NUM; i++)
		fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	/* More than fit into one message. */
	assert_int_equal(vfio_user_client_set_irqs(client, MSI, 0, TEST_MSI_NUM, fds), 0);
	assert_int_equal(fix->dev.nb_irqs_changed, 2);
	for (i = 0; i < TEST_MSI_NUM; i++) {
		assert_int_equal(vfio_user_server_irq_trigger(fix->srv, MSI, i), 0);
		assert_int_equal(read(fds[i], &value, 8), 8);
		assert_int_equal(value, 1);
	}
	assert_int_equal(vfio_user_client_trigger_irqs(client, MSI, 3, 2), 0);
	assert_int_equal(read(fds[3], &value, 8), 8);
	assert_int_equal(read(fds[4], &value, 8), 8);
	assert_int_equal(vfio_user_client_trigger_irqs(client, MSI, 0, 0), -EINVAL);
	assert_int_equal(vfio_user_client_set_irqs(client, MSI, 0, 2, NULL), 0);
	assert_false(vfio_user_server_irq_is_set(fix->srv, MSI, 1));
	assert_true(vfio_user_server_irq_is_set(fix->srv, MSI, 2));
	assert_int_equal(vfio_user_client_disable_irqs(client, MSI), 0);
	assert_false(vfio_user_server_irq_is_set(fix->srv, MSI, 2));
	assert_int_equal(vfio_user_client_set_irqs(client, MSI, 19, 2, fds), -EINVAL);
	assert_int_equal(vfio_user_client_set_irqs(client, MSI, 0, 0, fds), -EINVAL);
	for (i = 0; i < TEST_MSI_NUM; i++)
		close(fds[i]);
	client_stop(fix, loop, client);
}

static void
test_dma(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct vfio_user_client *client = client_start(fix, &loop);
	int file = test_memfd(4 * PAGE);
	uint64_t value;

	assert_int_equal(vfio_user_client_dma_map(client, file, PAGE, 0x7f0000000000, 2 * PAGE, RW),
			 0);
	assert_int_equal(vfio_user_dma_copy_in(vfio_user_server_dma(fix->srv), &value,
					       0x7f0000000000 + PAGE, 8), 0);
	assert_int_equal(value, 2);
	assert_int_equal(vfio_user_client_dma_map(client, file, 0, 0x7f0000000000, 2 * PAGE, RW),
			 -EEXIST);
	assert_int_equal(vfio_user_client_dma_map(client, file, 4 * PAGE, 0, PAGE, RW), -EINVAL);
	assert_int_equal(vfio_user_client_dma_map(client, file, 0, 0, PAGE, 8), -EINVAL);
	assert_int_equal(vfio_user_client_dma_map(client, -1, 0, 0, PAGE, RW), 0);
	assert_int_equal(vfio_user_client_dma_unmap(client, 0x7f0000000000, 2 * PAGE), 0);
	assert_int_equal(vfio_user_client_dma_unmap(client, 0x7f0000000000, 2 * PAGE), 0);
	assert_int_equal(vfio_user_client_dma_unmap_all(client), 0);
	assert_int_equal(fix->dev.change_result, 1);
	assert_int_equal(vfio_user_client_device_reset(client), 0);
	assert_int_equal(fix->dev.nb_resets, 1);
	close(file);
	client_stop(fix, loop, client);
}

struct requester {
	struct vfio_user_client *client;
	uint32_t offset;
	bool is_posting;
	pthread_t thread;
	int ret;
};

static void *
requester_run(void *arg)
{
	struct requester *req = arg;
	uint64_t i, value;

	for (i = 1; i <= 500 && req->ret == 0; i++) {
		do {
			req->ret = req->is_posting ?
				vfio_user_client_region_write_posted(req->client, BAR, req->offset,
								     &i, 8) :
				vfio_user_client_region_write(req->client, BAR, req->offset, &i, 8);
		} while (req->ret == -EAGAIN);
		if (req->ret == 0 && i % 10 == 0) {
			req->ret = vfio_user_client_region_read(req->client, BAR, req->offset,
								&value, 8);
			if (req->ret == 0 && value != i)
				req->ret = -EBADMSG;
		}
	}
	return NULL;
}

static void
test_many_threads(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct vfio_user_client *client = client_start(fix, &loop);
	struct requester req[6];
	uint32_t i;

	for (i = 0; i < ARRAY_LEN(req); i++) {
		req[i] = (struct requester){ .client = client, .offset = i * 64,
					     .is_posting = i % 2 != 0 };
		assert_int_equal(pthread_create(&req[i].thread, NULL, requester_run, &req[i]), 0);
	}
	for (i = 0; i < ARRAY_LEN(req); i++) {
		pthread_join(req[i].thread, NULL);
		assert_int_equal(req[i].ret, 0);
	}
	assert_int_equal(vfio_user_client_nb_owed(client), 0);
	client_stop(fix, loop, client);
}

static void
test_server_ends(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct vfio_user_client *client = client_start(fix, &loop);
	struct vfio_user_device_info info;
	struct pollfd pfd = { .fd = vfio_user_client_fd(client), .events = POLLIN };
	uint64_t value = 0;

	assert_int_equal(vfio_user_client_check_alive(client), 0);
	assert_int_equal(poll(&pfd, 1, 0), 0);
	test_loop_stop(loop);
	vfio_user_server_disconnect(fix->srv);
	/* Seen without any request outstanding. */
	assert_int_equal(poll(&pfd, 1, 30000), 1);
	assert_false(vfio_user_client_is_dead(client));
	assert_int_equal(vfio_user_client_check_alive(client), -ENODEV);
	assert_true(vfio_user_client_is_dead(client));
	assert_int_equal(vfio_user_client_get_info(client, &info), -ENODEV);
	assert_int_equal(vfio_user_client_region_write_posted(client, BAR, 0, &value, 8), -ENODEV);
	vfio_user_client_disconnect(client);
}

static void
expect_reason(const char *path, int ret, enum vfio_user_connect_reason reason)
{
	/* Of these it is the time that tells. */
	bool is_timed = reason == VFIO_USER_CONNECT_SILENT || reason == VFIO_USER_CONNECT_BUSY;
	const struct vfio_user_client_opts opts = { .timeout_ms = is_timed ? 100 : 60000 };
	struct vfio_user_connect_error error;
	struct vfio_user_client *client = (void *)1;

	assert_int_equal(vfio_user_client_connect(path, &opts, &error, &client), ret);
	assert_int_equal(error.reason, reason);
	assert_true(strlen(error.text) > 10);
	assert_null(client);
}

static int
bind_socket(const char *path, int type, int backlog)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	assert_true(strlen(path) < sizeof(address.sun_path));
	memcpy(address.sun_path, path, strlen(path) + 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (backlog >= 0)
		assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

static void
test_connect_reasons(void **state)
{
	struct test_fixture *fix = *state;
	char path[200];
	int fd, first;

	memset(path, 'x', sizeof(path));
	path[108] = '\0';
	expect_reason(path, -ENAMETOOLONG, VFIO_USER_CONNECT_PATH_TOO_LONG);
	expect_reason("", -EINVAL, VFIO_USER_CONNECT_BAD_ARGUMENT);
	snprintf(path, sizeof(path), "%s/none", fix->dir);
	expect_reason(path, -ENOENT, VFIO_USER_CONNECT_NO_FILE);
	expect_reason(fix->dir, -ENOTSOCK, VFIO_USER_CONNECT_NOT_SOCKET);
	snprintf(path, sizeof(path), "%s/socket/x", fix->dir);
	expect_reason(path, -ENOENT, VFIO_USER_CONNECT_NO_FILE);

	snprintf(path, sizeof(path), "%s/stale", fix->dir);
	close(bind_socket(path, SOCK_STREAM, -1));
	expect_reason(path, -ECONNREFUSED, VFIO_USER_CONNECT_REFUSED);
	assert_int_equal(unlink(path), 0);
	fd = bind_socket(path, SOCK_DGRAM, -1);
	expect_reason(path, -EPROTO, VFIO_USER_CONNECT_NOT_VFIO_USER);
	close(fd);
	assert_int_equal(unlink(path), 0);

	/* Listens, takes us into its queue, says nothing; then its queue is full. */
	fd = bind_socket(path, SOCK_STREAM, 0);
	expect_reason(path, -ETIMEDOUT, VFIO_USER_CONNECT_SILENT);
	first = accept(fd, NULL, NULL);
	close(first);
	memcpy(path, fix->path, sizeof(fix->path));
	snprintf(fix->path, sizeof(fix->path), "%s/stale", fix->dir);
	first = test_connect(fix);
	expect_reason(fix->path, -EAGAIN, VFIO_USER_CONNECT_BUSY);
	close(first);
	close(fd);
	assert_int_equal(unlink(fix->path), 0);
	memcpy(fix->path, path, sizeof(fix->path));
}

static void
test_refused_by_device(void **state)
{
	const struct vfio_user_client_opts opts = { .private_key = "bad key" };
	struct test_fixture *fix = *state;
	struct vfio_user_connect_error error;
	struct vfio_user_client *client;
	struct test_loop *loop = test_loop_start(fix);

	fix->dev.connect_ret = -EBUSY;
	expect_reason(fix->path, -EBUSY, VFIO_USER_CONNECT_REJECTED);
	assert_int_equal(vfio_user_client_connect(fix->path, &opts, &error, &client), -EINVAL);
	assert_int_equal(error.reason, VFIO_USER_CONNECT_BAD_ARGUMENT);
	test_loop_stop(loop);
	test_pump(fix);
}

static void
test_permission(void **state)
{
	struct test_fixture *fix = *state;

	if (geteuid() != 0)
		skip();
	assert_int_equal(seteuid(65534), 0);
	expect_reason(fix->path, -EACCES, VFIO_USER_CONNECT_PERMISSION); /* the directory */
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(fix->dir, 0711), 0);
	assert_int_equal(seteuid(65534), 0);
	expect_reason(fix->path, -EACCES, VFIO_USER_CONNECT_PERMISSION); /* the socket */
	assert_int_equal(seteuid(0), 0);
}

static void
test_peer_uid(void **state)
{
	struct vfio_user_client_opts opts = { .timeout_ms = 100 };
	struct test_fixture *fix = *state;
	struct vfio_user_connect_error error;
	struct vfio_user_client *client;
	char path[64];
	int fd;

	if (geteuid() != 0)
		skip();
	/* Somebody else's server, at a path that we can reach. */
	snprintf(path, sizeof(path), "%s/other", fix->dir);
	assert_int_equal(chmod(fix->dir, 0777), 0);
	assert_int_equal(seteuid(65534), 0);
	fd = bind_socket(path, SOCK_STREAM, 1);
	assert_int_equal(seteuid(0), 0);
	expect_reason(path, -EPERM, VFIO_USER_CONNECT_PEER_UID);
	opts.has_expected_uid = true;
	opts.expected_uid = 65534;
	assert_int_equal(vfio_user_client_connect(path, &opts, &error, &client), -ETIMEDOUT);
	close(fd);
	assert_int_equal(unlink(path), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_information),
		TEST(test_private_region),
		TEST(test_region_access),
		TEST(test_posted),
		TEST(test_interrupts),
		TEST(test_dma),
		TEST(test_many_threads),
		TEST(test_server_ends),
		TEST(test_connect_reasons),
		TEST(test_refused_by_device),
		TEST(test_permission),
		TEST(test_peer_uid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
