/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A lying server. The client makes the calls of a driver's life, in one order, again and again
 * until the input has run out; for each request the input says what comes back: the right answer,
 * one with some bytes changed, another one, an error, bytes that are no message, nothing, or the
 * end; with descriptors of any kind.
 *
 * The server's answer is put into the socket at the moment the request leaves, inside the wrapped
 * vfio_user_socket_send(), and time passes only while the client waits for nothing, in the wrapped
 * poll(): no thread and no clock, so that an input gives the same every time.
 *
 * What must hold: results within their bounds, buffers written where asked and nowhere else, and
 * no descriptor left or closed twice.
 */

#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <vfio_user_client.h>
#include <vfio_user_internal.h>

#include "fuzz_fds.h"

#define KEY "x-hisi-accel"
#define CANARY 0xa5
#define NB_REGIONS 10u
#define MAX_ROUNDS 4
#define MAX_SILENCES 60
#define TIMEOUT_MS 100
#define MAX_BODY 8192u
#define MAX_XFER 256u

ssize_t
__real_vfio_user_socket_send(int fd, const struct iovec *iov, size_t nb_iov, const int *fds,
			     uint32_t nb_fds);
ssize_t
__wrap_vfio_user_socket_send(int fd, const struct iovec *iov, size_t nb_iov, const int *fds,
			     uint32_t nb_fds);

int
__real_poll(struct pollfd *fds, nfds_t nb_fds, int timeout_ms);
int
__wrap_poll(struct pollfd *fds, nfds_t nb_fds, int timeout_ms);
int64_t
__wrap_vfio_user_now_ms(void);

/* The server. */
struct liar {
	struct fuzz_input in;
	int fd;
	uint8_t request[2 * (VFIO_USER_CLIENT_MAX_XFER + 64)];
	size_t request_len;
	uint16_t old_id;	/* of a request that was not answered */
	uint32_t silences;
	bool is_gone;
};

/* One answer on its way. */
struct answer {
	struct vfio_user_header head;
	uint8_t body[MAX_BODY];
	size_t len;
	int fds[FUZZ_MAX_FDS];
	uint32_t nb_fds;
};

static struct liar liar;
static int64_t now_ms;
static size_t logged;

/* ---- the server: right answers ---- */

static void
answer_put(struct answer *answer, const void *data, size_t len)
{
	FUZZ_CHECK(answer->len + len <= sizeof(answer->body));
	memcpy(answer->body + answer->len, data, len);
	answer->len += len;
}

static void
answer_version(struct answer *answer)
{
	static const char text[] = "{\"capabilities\":{\"max_msg_fds\":2,\"max_data_xfer_size\":"
				   "65536,\"max_dma_maps\":100,\"" KEY "\":{\"v\":1}}}";
	const struct vfio_user_version version = { VFIO_USER_MAJOR, VFIO_USER_MINOR };

	answer_put(answer, &version, sizeof(version));
	answer_put(answer, text, sizeof(text));
}

/* Region 9 has all there is: a type, an area, a file. */
static void
answer_region(struct answer *answer, const uint8_t *body)
{
	const uint32_t access = VFIO_USER_REGION_FLAG_READ | VFIO_USER_REGION_FLAG_WRITE;
	struct vfio_user_region_info info;
	struct vfio_user_cap_type type = { .head = { VFIO_USER_CAP_TYPE, 1, 0 } };
	struct {
		struct vfio_user_cap_sparse head;
		struct vfio_user_sparse_area area;
	} sparse = { .head = { { VFIO_USER_CAP_SPARSE_MMAP, 1, 64 + 16 }, 1, 0 },
		     .area = { 0, 4096 } };

	memcpy(&info, body, sizeof(info));
	info.flags = access;
	info.size = info.index == 2 || info.index >= 8 ? 65536 : 0;
	info.argsz = sizeof(info);
	if (info.index < 8) {
		answer_put(answer, &info, sizeof(info));
		return;
	}
	info.flags |= VFIO_USER_REGION_FLAG_MMAP;
	answer->fds[answer->nb_fds++] = fuzz_fd(FUZZ_FD_SEALED_FILE);
	if (info.index > 8) {
		info.flags |= VFIO_USER_REGION_FLAG_CAPS;
		info.cap_offset = sizeof(info);
		info.argsz += sizeof(sparse) + sizeof(type);
	}
	answer_put(answer, &info, sizeof(info));
	answer_put(answer, &sparse, sizeof(sparse));
	answer_put(answer, &type, sizeof(type));
}

static void
answer_right(struct answer *answer, const uint8_t *body, size_t len)
{
	const struct vfio_user_device_info info = { 16, VFIO_USER_DEVICE_PCI, NB_REGIONS, 5 };
	struct vfio_user_irq_info irq = { .argsz = 16, .flags = 1, .count = 4 };
	struct vfio_user_region_access access;
	uint8_t data[MAX_XFER] = { 0 };

	switch (answer->head.command) {
	case VFIO_USER_VERSION:
		answer_version(answer);
		break;
	case VFIO_USER_DEVICE_GET_INFO:
		answer_put(answer, &info, sizeof(info));
		break;
	case VFIO_USER_DEVICE_GET_REGION_INFO:
		answer_region(answer, body);
		break;
	case VFIO_USER_DEVICE_GET_IRQ_INFO:
		memcpy(&irq.index, body + offsetof(struct vfio_user_irq_info, index), 4);
		answer_put(answer, &irq, sizeof(irq));
		break;
	case VFIO_USER_DMA_UNMAP:
		answer_put(answer, body, len);
		break;
	case VFIO_USER_REGION_READ:
	case VFIO_USER_REGION_WRITE:
		memcpy(&access, body, sizeof(access));
		answer_put(answer, &access, sizeof(access));
		if (answer->head.command == VFIO_USER_REGION_READ)
			answer_put(answer, data,
				   access.count < MAX_XFER ? access.count : MAX_XFER);
		break;
	default:
		break;
	}
}

/* ---- the server: lies ---- */

static void
liar_send(const struct answer *answer)
{
	uint8_t message[sizeof(answer->head) + MAX_BODY];

	memcpy(message, &answer->head, sizeof(answer->head));
	memcpy(message + sizeof(answer->head), answer->body, answer->len);
	(void)fuzz_send(liar.fd, message, sizeof(answer->head) + answer->len, answer->fds,
			answer->nb_fds);
}

/* A message of the server's own accord. */
static void
liar_ask(void)
{
	struct answer ask = { .head = { .id = 7, .command = fuzz_u8(&liar.in),
					.size = sizeof(ask.head) } };

	ask.len = fuzz_u8(&liar.in) % 32;
	fuzz_bytes(&liar.in, ask.body, ask.len);
	ask.head.size += (uint32_t)ask.len;
	ask.head.flags = fuzz_u8(&liar.in) & (VFIO_USER_FLAG_NO_REPLY | VFIO_USER_FLAG_TYPE_REPLY);
	ask.nb_fds = fuzz_fds_choose(&liar.in, ask.fds);
	liar_send(&ask);
}

static void
liar_change_bytes(struct answer *answer)
{
	uint32_t nb = 1 + fuzz_u8(&liar.in) % 4;
	uint8_t at;

	while (nb-- != 0 && answer->len != 0) {
		at = fuzz_u8(&liar.in);
		fuzz_bytes(&liar.in, answer->body + at % answer->len, 1);
	}
}

/* Anything as the body, mostly of the length that the right one has. */
static void
liar_other_body(struct answer *answer)
{
	size_t len = fuzz_u8(&liar.in);

	answer->len = len < 0xf0 ? len : len == 0xff ? MAX_BODY : answer->len;
	fuzz_bytes(&liar.in, answer->body, answer->len < 256 ? answer->len : 256);
}

static void
liar_error(struct answer *answer)
{
	answer->head.flags |= VFIO_USER_FLAG_ERROR;
	answer->head.error = fuzz_u8(&liar.in);
	if (answer->head.error == 0xff)
		answer->head.error = fuzz_u32(&liar.in);
	answer->len = 0;
}

/* Bytes instead of a message, so that the stream may be out of step from here on. */
static void
liar_raw(void)
{
	uint8_t bytes[128];
	int fds[FUZZ_MAX_FDS];
	size_t len = fuzz_u8(&liar.in) % sizeof(bytes);
	uint32_t nb_fds = fuzz_fds_choose(&liar.in, fds);

	fuzz_bytes(&liar.in, bytes, len);
	if (len != 0)
		(void)fuzz_send(liar.fd, bytes, len, fds, nb_fds);
}

static void
liar_hang_up(void)
{
	shutdown(liar.fd, SHUT_RDWR);
	liar.is_gone = true;
}

static void
liar_silent(const struct vfio_user_header *head)
{
	liar.old_id = head->id;
	if (++liar.silences >= MAX_SILENCES)
		liar_hang_up();
}

/* The fields of the header, and what goes along. */
static void
liar_finish(struct answer *answer, uint8_t how)
{
	answer->head.size = (uint32_t)(sizeof(answer->head) + answer->len);
	if ((how & 0x10) != 0)
		answer->nb_fds = fuzz_fds_choose(&liar.in, answer->fds);
	if ((how & 0x20) != 0)
		liar_ask();
	if ((how & 0xc0) == 0x40)
		answer->head.size += fuzz_u32(&liar.in);
	else if ((how & 0xc0) == 0x80)
		answer->head.id = liar.old_id;
	else if ((how & 0xc0) == 0xc0)
		fuzz_bytes(&liar.in, &answer->head, sizeof(answer->head));
	liar_send(answer);
}

static void
liar_answer(const struct vfio_user_header *head, const uint8_t *body, size_t len)
{
	struct answer answer = { .head = *head };
	uint8_t how = fuzz_u8(&liar.in);

	if ((head->flags & VFIO_USER_FLAG_NO_REPLY) != 0 && (how & 0x0f) == 0)
		return;
	answer.head.flags = VFIO_USER_FLAG_TYPE_REPLY;
	answer_right(&answer, body, len);
	switch (how & 0x0f) {
	case 1:
		liar_change_bytes(&answer);
		break;
	case 2:
		liar_other_body(&answer);
		break;
	case 3:
		liar_error(&answer);
		break;
	case 4:
		liar_silent(head);
		return;
	case 5:
		liar_raw();
		return;
	case 6:
		liar_hang_up();
		return;
	case 7:
		liar_raw(); /* and then the right one */
		break;
	default:
		break;
	}
	liar_finish(&answer, how);
}

/* Requests that are complete. */
static void
liar_serve(void)
{
	struct vfio_user_header head;
	ssize_t nb;

	nb = fuzz_recv(liar.fd, liar.request + liar.request_len,
		       sizeof(liar.request) - liar.request_len);
	if (nb > 0)
		liar.request_len += (size_t)nb;
	while (liar.request_len >= sizeof(head)) {
		memcpy(&head, liar.request, sizeof(head));
		FUZZ_CHECK(head.size >= sizeof(head) && head.size <= sizeof(liar.request));
		if (liar.request_len < head.size)
			return;
		if ((head.flags & VFIO_USER_FLAG_TYPE_MASK) == VFIO_USER_FLAG_TYPE_REQUEST)
			liar_answer(&head, liar.request + sizeof(head),
				    head.size - sizeof(head));
		liar.request_len -= head.size;
		memmove(liar.request, liar.request + head.size, liar.request_len);
	}
}

/* What leaves the client. Sockets take less than was offered, or nothing, when they are full. */
ssize_t
__wrap_vfio_user_socket_send(int fd, const struct iovec *iov, size_t nb_iov, const int *fds,
			     uint32_t nb_fds)
{
	struct iovec first = { iov[0].iov_base, iov[0].iov_len / 2 };
	uint8_t mood = fuzz_u8(&liar.in);
	ssize_t ret;

	if (mood == 0xff)
		return -EAGAIN;
	if (mood == 0xfe && nb_fds == 0)
		ret = __real_vfio_user_socket_send(fd, &first, 1, NULL, 0);
	else
		ret = __real_vfio_user_socket_send(fd, iov, nb_iov, fds, nb_fds);
	if (!liar.is_gone)
		liar_serve();
	return ret;
}

int64_t
__wrap_vfio_user_now_ms(void)
{
	return now_ms;
}

/* Nothing else will happen while the client waits: its time is up at once. */
int
__wrap_poll(struct pollfd *fds, nfds_t nb_fds, int timeout_ms)
{
	int ret = __real_poll(fds, nb_fds, 0);

	FUZZ_CHECK(timeout_ms > 0 && timeout_ms <= TIMEOUT_MS);
	if (ret == 0)
		now_ms += timeout_ms;
	return ret;
}

/* ---- the client ---- */

static void
log_line(void *opaque, enum vfio_user_log_level level, const char *line)
{
	(void)opaque;
	(void)level;
	logged += strlen(line);
}

static void
use_region(struct vfio_user_client_region *region)
{
	uint8_t *memory;
	void *map;
	uint32_t i;

	FUZZ_CHECK((region->flags & VFIO_USER_REGION_FLAG_MMAP) != 0 || region->fd < 0);
	FUZZ_CHECK(region->nb_areas <= VFIO_USER_CLIENT_MAX_AREAS);
	for (i = 0; i < region->nb_areas; i++)
		FUZZ_CHECK(region->areas[i].offset <= region->size &&
			   region->areas[i].size <= region->size - region->areas[i].offset);
	if (vfio_user_client_map_region(region, &map) == 0) {
		/* The whole point of the checks: no access to it may fault. */
		memory = map;
		for (i = 0; (region->flags & VFIO_USER_REGION_FLAG_READ) != 0 && i < region->size;
		     i += 4096)
			logged += memory[i];
		munmap(map, region->size);
	}
	if (region->fd >= 0)
		close(region->fd);
}

static void
ask_device(struct vfio_user_client *client)
{
	struct vfio_user_client_region region;
	struct vfio_user_device_info info;
	struct vfio_user_irq_info irq;
	uint32_t i;

	if (vfio_user_client_get_info(client, &info) == 0)
		FUZZ_CHECK(info.num_regions <= VFIO_USER_MAX_REGIONS &&
			   info.num_irqs <= VFIO_USER_MAX_IRQS);
	for (i = 7; i < NB_REGIONS; i++) {
		if (vfio_user_client_get_region_info(client, i, &region) == 0)
			use_region(&region);
		else
			FUZZ_CHECK(region.fd == -1);
	}
	if (vfio_user_client_get_irq_info(client, VFIO_USER_IRQ_MSI, &irq) == 0)
		FUZZ_CHECK(irq.index == VFIO_USER_IRQ_MSI);
}

static void
transfer(struct vfio_user_client *client, uint32_t count)
{
	uint8_t buf[2 * MAX_XFER];

	memset(buf, CANARY, sizeof(buf));
	(void)vfio_user_client_region_read(client, 2, 0x100, buf, count);
	FUZZ_CHECK(fuzz_is_filled(buf + count, sizeof(buf) - count, CANARY));
	(void)vfio_user_client_region_write(client, 2, 0x100, buf, count);
	(void)vfio_user_client_region_write_posted(client, 2, 0x1000, buf, 8);
}

static void
set_irqs(struct vfio_user_client *client)
{
	const int fds[4] = { fuzz_fd(FUZZ_FD_EVENT), fuzz_fd(FUZZ_FD_EVENT),
			     fuzz_fd(FUZZ_FD_EVENT), fuzz_fd(FUZZ_FD_EVENT) };

	(void)vfio_user_client_set_irqs(client, VFIO_USER_IRQ_MSI, 0, 4, fds);
	(void)vfio_user_client_set_irqs(client, VFIO_USER_IRQ_MSI, 0, 4, NULL);
	(void)vfio_user_client_trigger_irqs(client, VFIO_USER_IRQ_MSI, 0, 1);
	(void)vfio_user_client_disable_irqs(client, VFIO_USER_IRQ_MSI);
}

/* A driver's life. */
static void
live(struct vfio_user_client *client)
{
	const uint32_t prot = VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED;
	const char *json;

	json = vfio_user_client_private_json(client);
	FUZZ_CHECK(json == NULL || strlen(json) > 0);
	FUZZ_CHECK(vfio_user_client_peer_pid(client) > 0 && vfio_user_client_fd(client) >= 0);
	(void)vfio_user_client_max_dma_maps(client);
	ask_device(client);
	(void)vfio_user_client_dma_map(client, fuzz_fd(FUZZ_FD_FILE), 0, 0x10000, 4096, prot);
	(void)vfio_user_client_dma_map(client, -1, 0, 0x20000, 4096, prot);
	set_irqs(client);
	transfer(client, 4);
	transfer(client, MAX_XFER);
	(void)vfio_user_client_check_alive(client);
	(void)vfio_user_client_dma_unmap(client, 0x10000, 4096);
	(void)vfio_user_client_dma_unmap_all(client);
	(void)vfio_user_client_device_reset(client);
	if (vfio_user_client_check_alive(client) == -ENODEV)
		FUZZ_CHECK(vfio_user_client_is_dead(client));
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_fds_open();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct vfio_user_client_opts opts = {
		.timeout_ms = TIMEOUT_MS, .connect_timeout_ms = TIMEOUT_MS, .private_key = KEY,
		.log = { .fn = log_line, .max_level = VFIO_USER_LOG_DEBUG },
	};
	struct vfio_user_connect_error error;
	struct vfio_user_client *client;
	int pair[2], ret, round, lowest = fuzz_lowest_fd();

	FUZZ_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	liar.in = (struct fuzz_input){ data, size };
	liar.fd = pair[0];
	liar.request_len = 0;
	liar.old_id = 0;
	liar.silences = 0;
	liar.is_gone = false;
	ret = vfio_user_client_connect_fd(pair[1], &opts, &error, &client);
	FUZZ_CHECK((ret == 0) == (client != NULL) && (ret == 0) == (error.reason == 0));
	FUZZ_CHECK(strlen(error.text) < sizeof(error.text));
	for (round = 0; client != NULL && round < MAX_ROUNDS; round++) {
		live(client);
		if (!fuzz_has(&liar.in) || vfio_user_client_is_dead(client))
			break;
	}
	vfio_user_client_disconnect(client);
	close(liar.fd);
	FUZZ_CHECK(fuzz_lowest_fd() == lowest);
	return 0;
}
