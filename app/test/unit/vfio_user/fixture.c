/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fixture.h"

#define RECV_TIMEOUT_MS 30000

int
test_count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int nb = -1; /* the directory's own */

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		nb++;
	closedir(dir);
	return nb;
}

static void
dev_before_message(void *opaque)
{
	struct test_fixture *fix = opaque;

	fix->dev.nb_before++;
}

static int
dev_region_access(void *opaque, uint32_t region, uint64_t offset, void *buf, uint32_t count,
		  bool is_write)
{
	struct test_fixture *fix = opaque;
	struct test_device *dev = &fix->dev;
	struct test_access *log = &dev->log[dev->nb_accesses++ % ARRAY_LEN(dev->log)];
	uint8_t *memory = (region == VFIO_USER_REGION_CONFIG ? dev->config : dev->bar) + offset;

	assert_int_equal((uintptr_t)buf % 8, 0);
	*log = (struct test_access){ region, count, offset, 0, is_write };
	if (is_write)
		memcpy(&log->value, buf, count < 8 ? count : 8);
	dev->nb_before_at_access = dev->nb_before;
	if (dev->access_ret != 0)
		return dev->access_ret;
	if (is_write || !dev->is_lazy)
		memcpy(is_write ? memory : buf, is_write ? buf : memory, count);
	return 0;
}

static uint32_t
dev_nb_maps(struct test_fixture *fix)
{
	struct vfio_user_dma_stats stats;

	vfio_user_dma_get_stats(vfio_user_server_dma(fix->srv), &stats);
	return stats.nb_maps;
}

static void
dev_dma_quiesce(void *opaque, const struct vfio_user_dma_change *change)
{
	struct test_fixture *fix = opaque;

	assert_int_equal(fix->dev.nb_quiesce, fix->dev.nb_resume);
	fix->dev.nb_quiesce++;
	fix->dev.nb_maps_at_quiesce = dev_nb_maps(fix);
	fix->dev.change = *change;
}

static void
dev_dma_resume(void *opaque, const struct vfio_user_dma_change *change, int result)
{
	struct test_fixture *fix = opaque;

	assert_memory_equal(change, &fix->dev.change, sizeof(*change));
	fix->dev.nb_resume++;
	fix->dev.change_result = result;
}

static void
dev_irqs_changed(void *opaque, uint32_t index, uint32_t start, uint32_t count, uint32_t flags)
{
	struct test_fixture *fix = opaque;
	const uint32_t args[] = { index, start, count, flags };

	fix->dev.nb_irqs_changed++;
	memcpy(fix->dev.irq_args, args, sizeof(args));
}

static int
dev_reset(void *opaque)
{
	struct test_fixture *fix = opaque;

	fix->dev.nb_resets++;
	return fix->dev.reset_ret;
}

static int
dev_client_connected(void *opaque, const struct vfio_user_peer *peer)
{
	struct test_fixture *fix = opaque;

	fix->dev.nb_connected++;
	fix->dev.peer = *peer;
	snprintf(fix->dev.private_json, sizeof(fix->dev.private_json), "%s",
		 peer->private_json != NULL ? peer->private_json : "");
	return fix->dev.connect_ret;
}

static void
dev_client_gone(void *opaque)
{
	struct test_fixture *fix = opaque;

	fix->dev.nb_gone++;
	fix->dev.nb_maps_at_gone = dev_nb_maps(fix);
}

static const struct vfio_user_server_ops dev_ops = {
	.before_message = dev_before_message,
	.region_access = dev_region_access,
	.dma_quiesce = dev_dma_quiesce,
	.dma_resume = dev_dma_resume,
	.irqs_changed = dev_irqs_changed,
	.reset = dev_reset,
	.client_connected = dev_client_connected,
	.client_gone = dev_client_gone,
};

static const struct vfio_user_server_region dev_regions[VFIO_USER_REGION_PCI_NUM] = {
	[VFIO_USER_REGION_BAR2] = { TEST_BAR_SIZE,
				    VFIO_USER_REGION_FLAG_READ | VFIO_USER_REGION_FLAG_WRITE, -1,
				    0 },
	[VFIO_USER_REGION_BAR4] = { TEST_READ_ONLY_SIZE, VFIO_USER_REGION_FLAG_READ, -1, 0 },
	[VFIO_USER_REGION_CONFIG] = { TEST_CONFIG_SIZE,
				      VFIO_USER_REGION_FLAG_READ | VFIO_USER_REGION_FLAG_WRITE, -1,
				      0 },
};

static const struct vfio_user_server_irq dev_irqs[] = {
	[VFIO_USER_IRQ_MSI] = { TEST_MSI_NUM, VFIO_USER_IRQ_FLAG_EVENTFD },
	[VFIO_USER_IRQ_ERR] = { 1, VFIO_USER_IRQ_FLAG_EVENTFD },
	[VFIO_USER_IRQ_REQ] = { 0, 0 },
	[TEST_IRQ_MASKABLE] = { 2, VFIO_USER_IRQ_FLAG_EVENTFD | VFIO_USER_IRQ_FLAG_MASKABLE },
};

void
test_config(struct test_fixture *fix, struct vfio_user_server_config *config)
{
	*config = (struct vfio_user_server_config){
		.path = fix->path,
		.ops = &dev_ops,
		.opaque = fix,
		.regions = dev_regions,
		.nb_regions = ARRAY_LEN(dev_regions),
		.irqs = dev_irqs,
		.nb_irqs = ARRAY_LEN(dev_irqs),
		.priv = {
			.key = TEST_KEY,
			.json = "{\"db\":1}",
			.region = TEST_PRIVATE_REGION,
			.region_size = TEST_PRIVATE_SIZE,
			.region_type = TEST_PRIVATE_TYPE,
			.region_subtype = TEST_PRIVATE_SUBTYPE,
		},
	};
}

void
test_restart(struct test_fixture *fix, const struct vfio_user_server_config *config)
{
	struct vfio_user_server_error error;

	vfio_user_server_destroy(fix->srv);
	if (vfio_user_server_create(config, &error, &fix->srv) != 0)
		fail_msg("%s", error.text);
}

int
test_setup(void **state)
{
	struct vfio_user_server_config config;
	struct test_fixture *fix = calloc(1, sizeof(*fix));

	assert_non_null(fix);
	fix->nb_fds_before = test_count_fds();
	snprintf(fix->dir, sizeof(fix->dir), "/tmp/vfio_user.XXXXXX");
	assert_non_null(mkdtemp(fix->dir));
	snprintf(fix->path, sizeof(fix->path), "%s/socket", fix->dir);
	test_config(fix, &config);
	test_restart(fix, &config);
	*state = fix;
	return 0;
}

int
test_teardown(void **state)
{
	struct test_fixture *fix = *state;

	vfio_user_server_destroy(fix->srv);
	assert_int_equal(rmdir(fix->dir), 0); /* the socket is gone too */
	assert_int_equal(test_count_fds(), fix->nb_fds_before);
	assert_int_equal(fix->dev.nb_quiesce, fix->dev.nb_resume);
	free(fix);
	return 0;
}

static bool
test_is_ready(const struct test_fixture *fix, int timeout_ms)
{
	struct pollfd pfd = { .fd = vfio_user_server_poll_fd(fix->srv), .events = POLLIN };

	return poll(&pfd, 1, timeout_ms) == 1;
}

void
test_pump(struct test_fixture *fix)
{
	while (test_is_ready(fix, 0))
		assert_true(vfio_user_server_process(fix->srv) >= 0);
}

struct test_loop {
	struct test_fixture *fix;
	pthread_t thread;
	pthread_mutex_t lock; /* held by the loop while it serves */
	int wake_fd;
	atomic_bool is_stopping;
};

static void *
loop_run(void *arg)
{
	struct test_loop *loop = arg;
	struct pollfd pfds[] = {
		{ .fd = vfio_user_server_poll_fd(loop->fix->srv), .events = POLLIN },
		{ .fd = loop->wake_fd, .events = POLLIN },
	};

	while (!atomic_load(&loop->is_stopping)) {
		poll(pfds, 2, -1);
		pthread_mutex_lock(&loop->lock);
		if (!atomic_load(&loop->is_stopping))
			vfio_user_server_process(loop->fix->srv);
		pthread_mutex_unlock(&loop->lock);
	}
	return NULL;
}

struct test_loop *
test_loop_start(struct test_fixture *fix)
{
	struct test_loop *loop = calloc(1, sizeof(*loop));

	assert_non_null(loop);
	loop->fix = fix;
	loop->wake_fd = eventfd(0, EFD_CLOEXEC);
	pthread_mutex_init(&loop->lock, NULL);
	assert_int_equal(pthread_create(&loop->thread, NULL, loop_run, loop), 0);
	return loop;
}

void
test_loop_pause(struct test_loop *loop)
{
	pthread_mutex_lock(&loop->lock);
}

void
test_loop_resume(struct test_loop *loop)
{
	pthread_mutex_unlock(&loop->lock);
}

void
test_loop_stop(struct test_loop *loop)
{
	const uint64_t one = 1;

	atomic_store(&loop->is_stopping, true);
	assert_int_equal(write(loop->wake_fd, &one, sizeof(one)), sizeof(one));
	pthread_join(loop->thread, NULL);
	pthread_mutex_destroy(&loop->lock);
	close(loop->wake_fd);
	free(loop);
}

int
test_connect(struct test_fixture *fix)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	memcpy(address.sun_path, fix->path, strlen(fix->path) + 1);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

void
test_send_raw(int fd, const void *data, size_t len, const int *fds, uint32_t nb_fds)
{
	union {
		char buf[CMSG_SPACE(64 * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { (void *)(uintptr_t)data, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;

	if (nb_fds != 0) {
		memset(&control, 0, sizeof(control));
		msg.msg_control = control.buf;
		msg.msg_controllen = CMSG_SPACE(nb_fds * sizeof(int));
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(nb_fds * sizeof(int));
		memcpy(CMSG_DATA(cmsg), fds, nb_fds * sizeof(int));
	}
	assert_int_equal(sendmsg(fd, &msg, MSG_NOSIGNAL), len);
}

void
test_send(int fd, uint16_t id, uint16_t command, uint32_t flags, const void *body, size_t len,
	  const int *fds, uint32_t nb_fds)
{
	const struct vfio_user_header head = {
		.id = id,
		.command = command,
		.size = (uint32_t)(sizeof(head) + len),
		.flags = flags,
	};
	uint8_t *message = malloc(sizeof(head) + len);

	assert_non_null(message);
	memcpy(message, &head, sizeof(head));
	if (len != 0)
		memcpy(message + sizeof(head), body, len);
	test_send_raw(fd, message, sizeof(head) + len, fds, nb_fds);
	free(message);
}

/* Exactly len bytes. 0, -1 end of stream, -2 nothing came. */
static int
recv_bytes(int fd, void *to, size_t len, int *fds, uint32_t *nb_fds)
{
	union {
		char buf[CMSG_SPACE(16 * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct cmsghdr *cmsg;
	struct msghdr msg;
	struct iovec iov;
	size_t pos = 0;
	ssize_t nb;

	while (pos < len) {
		if (poll(&pfd, 1, RECV_TIMEOUT_MS) != 1)
			return -2;
		iov = (struct iovec){ (uint8_t *)to + pos, len - pos };
		msg = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.buf,
				       .msg_controllen = sizeof(control.buf) };
		nb = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
		if (nb <= 0)
			return -1;
		pos += (size_t)nb;
		cmsg = CMSG_FIRSTHDR(&msg);
		if (cmsg != NULL) {
			assert_non_null(fds);
			*nb_fds = (uint32_t)((cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			memcpy(fds, CMSG_DATA(cmsg), *nb_fds * sizeof(int));
		}
	}
	return 0;
}

ssize_t
test_recv(int fd, struct vfio_user_header *head, void *body, size_t size, int *fds,
	  uint32_t *nb_fds)
{
	int ret;

	if (nb_fds != NULL)
		*nb_fds = 0;
	ret = recv_bytes(fd, head, sizeof(*head), fds, nb_fds);
	if (ret != 0)
		return ret;
	assert_in_range(head->size, sizeof(*head), sizeof(*head) + size);
	ret = recv_bytes(fd, body, head->size - sizeof(*head), NULL, NULL);
	return ret != 0 ? ret : (ssize_t)(head->size - sizeof(*head));
}

bool
test_is_quiet(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, 0) == 0;
}

int
test_call_fds(struct test_fixture *fix, int fd, uint16_t command, const void *body, size_t len,
	      const int *fds, uint32_t nb_fds, void *reply, size_t reply_size)
{
	static uint16_t id;
	struct vfio_user_header head;
	uint8_t buf[16384];
	ssize_t nb;

	test_send(fd, ++id, command, 0, body, len, fds, nb_fds);
	test_pump(fix);
	nb = test_recv(fd, &head, buf, sizeof(buf), NULL, NULL);
	assert_true(nb >= 0);
	assert_int_equal(head.id, id);
	assert_int_equal(head.command, command);
	assert_int_equal(head.flags & VFIO_USER_FLAG_TYPE_MASK, VFIO_USER_FLAG_TYPE_REPLY);
	assert_true(test_is_quiet(fd)); /* one reply, not more */
	if ((head.flags & VFIO_USER_FLAG_ERROR) != 0) {
		assert_int_equal(nb, 0);
		assert_int_not_equal(head.error, 0);
		return (int)head.error;
	}
	assert_int_equal(nb, reply_size);
	if (nb != 0)
		memcpy(reply, buf, (size_t)nb);
	return 0;
}

int
test_call(struct test_fixture *fix, int fd, uint16_t command, const void *body, size_t len,
	  void *reply, size_t reply_size)
{
	return test_call_fds(fix, fd, command, body, len, NULL, 0, reply, reply_size);
}

int
test_hello(struct test_fixture *fix, bool is_private)
{
	static const char plain[] = "\0\0\0\0{\"capabilities\":{\"max_msg_fds\":16}}";
	static const char private[] =
		"\0\0\0\0{\"capabilities\":{\"max_msg_fds\":16,\"" TEST_KEY "\":{\"v\":1}}}";
	struct vfio_user_header head;
	char reply[512];
	int fd = test_connect(fix);

	test_send(fd, 1, VFIO_USER_VERSION, 0, is_private ? private : plain,
		  is_private ? sizeof(private) : sizeof(plain), NULL, 0);
	test_pump(fix);
	assert_true(test_recv(fd, &head, reply, sizeof(reply), NULL, NULL) > 0);
	assert_int_equal(head.flags, VFIO_USER_FLAG_TYPE_REPLY);
	return fd;
}

int
test_memfd(size_t size)
{
	int fd = memfd_create("test", MFD_CLOEXEC);
	uint64_t page;

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	for (page = 0; page < size / VFIO_USER_PAGE_SIZE; page++)
		assert_int_equal(pwrite(fd, &page, sizeof(page),
					(off_t)(page * VFIO_USER_PAGE_SIZE)),
				 sizeof(page));
	return fd;
}

void
test_bye(struct test_fixture *fix, int fd)
{
	close(fd);
	test_pump(fix);
	assert_false(vfio_user_server_is_connected(fix->srv));
}
