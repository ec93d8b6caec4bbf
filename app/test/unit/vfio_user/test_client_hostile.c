/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

/* The client against servers that lie (vfio-user.md 19, last point). */

#define PAGE 65536u
#define RW (VFIO_USER_REGION_FLAG_READ | VFIO_USER_REGION_FLAG_WRITE)

/* One answer, as raw as needed. */
struct lie {
	uint32_t size;  /* in the header; 0: the true one */
	const void *body;
	size_t len;
	uint32_t flags; /* instead of a reply's, if not 0 */
	uint32_t error;
	int id_shift, command_shift;
	const int *fds;
	uint32_t nb_fds;
	bool is_last; /* hang up behind it */
	bool is_once; /* true answers afterwards */
	unsigned int nb_told;
};

static bool
tell_lie(struct test_peer *peer, const struct vfio_user_header *head, const uint8_t *body)
{
	struct lie *lie = peer->opaque;
	struct vfio_user_header reply = *head;
	uint8_t message[70000];

	(void)body;
	if (lie->is_once && lie->nb_told++ != 0) {
		peer_reply(peer, head, 0, NULL, 0, NULL, 0);
		return true;
	}
	reply.id = (uint16_t)(reply.id + lie->id_shift);
	reply.command = (uint16_t)(reply.command + lie->command_shift);
	reply.flags = lie->flags != 0 ? lie->flags : VFIO_USER_FLAG_TYPE_REPLY;
	reply.error = lie->error;
	reply.size = lie->size != 0 ? lie->size : (uint32_t)(sizeof(reply) + lie->len);
	memcpy(message, &reply, sizeof(reply));
	if (lie->len != 0)
		memcpy(message + sizeof(reply), lie->body, lie->len);
	test_send_raw(peer->fd, message, sizeof(reply) + lie->len, lie->fds, lie->nb_fds);
	return !lie->is_last;
}

/* What GET_INFO makes of it; is the client dead afterwards? No descriptor may stay behind. */
static int
info_of(struct lie *lie, bool *is_dead)
{
	struct test_peer peer = { .answer = tell_lie, .opaque = lie };
	struct vfio_user_client *client = peer_connect(&peer, 200);
	struct vfio_user_device_info info;
	int nb_open = test_count_fds(), ret;

	ret = vfio_user_client_get_info(client, &info);
	assert_int_equal(test_count_fds(), nb_open);
	*is_dead = vfio_user_client_is_dead(client);
	vfio_user_client_disconnect(client);
	peer_stop(&peer);
	return ret;
}

static void
test_wrong_sizes(void **state)
{
	static const uint8_t body[70000];
	static const uint32_t killers[] = { 1, 15, VFIO_USER_CLIENT_MAX_XFER + 65, 0x80000000,
					    UINT32_MAX };
	struct lie lie;
	bool is_dead;
	size_t len, i;

	(void)state;
	/* Not what was asked, but the stream is intact. */
	for (len = 0; len < 40; len++) {
		if (len == 16)
			continue;
		lie = (struct lie){ .body = body, .len = len };
		assert_int_equal(info_of(&lie, &is_dead), -EPROTO);
		assert_false(is_dead);
	}
	lie = (struct lie){ .body = body, .len = VFIO_USER_CLIENT_MAX_XFER };
	assert_int_equal(info_of(&lie, &is_dead), -EPROTO);
	assert_false(is_dead);
	/* Sizes that nobody can believe: where the next message starts is unknown. */
	for (i = 0; i < ARRAY_LEN(killers); i++) {
		lie = (struct lie){ .body = body, .len = 16, .size = killers[i] };
		assert_int_equal(info_of(&lie, &is_dead), -ECONNRESET);
		assert_true(is_dead);
	}
}

static void
test_wrong_headers(void **state)
{
	const struct vfio_user_device_info many = { 16, 3, 101, 5 }, irqs = { 16, 3, 9, 51 };
	const struct vfio_user_device_info good = { 16, 3, 9, 5 };
	struct lie lie;
	bool is_dead;

	(void)state;
	lie = (struct lie){ .body = &good, .len = 16 };
	assert_int_equal(info_of(&lie, &is_dead), 0);
	lie = (struct lie){ .body = &good, .len = 16, .id_shift = 1 };
	assert_int_equal(info_of(&lie, &is_dead), -ETIMEDOUT); /* nobody's; ours never came */
	assert_false(is_dead);
	lie = (struct lie){ .body = &good, .len = 16, .command_shift = 1 };
	assert_int_equal(info_of(&lie, &is_dead), -EPROTO);
	lie = (struct lie){ .body = &many, .len = 16 };
	assert_int_equal(info_of(&lie, &is_dead), -EPROTO);
	lie = (struct lie){ .body = &irqs, .len = 16 };
	assert_int_equal(info_of(&lie, &is_dead), -EPROTO);
	assert_false(is_dead);
}

static void
test_error_replies(void **state)
{
	static const struct {
		uint32_t error;
		int want;
	} errors[] = {
		{ EINVAL, -EINVAL }, { 0, -EIO }, { 5000, -EIO }, { UINT32_MAX, -EIO },
		{ 0x80000000, -EIO }, { ETIMEDOUT, -EREMOTEIO }, { ENODEV, -EREMOTEIO },
		{ ECONNRESET, -EREMOTEIO }, { EPROTO, -EREMOTEIO },
	};
	struct lie lie;
	bool is_dead;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(errors); i++) {
		lie = (struct lie){ .flags = VFIO_USER_FLAG_TYPE_REPLY | VFIO_USER_FLAG_ERROR,
				    .error = errors[i].error, .body = "0123456789",
				    .len = i % 2 != 0 ? 10 : 0 }; /* some with a payload */
		assert_int_equal(info_of(&lie, &is_dead), errors[i].want);
		assert_false(is_dead);
	}
}

static void
test_end_inside_a_reply(void **state)
{
	static const uint8_t body[16];
	struct lie lie;
	bool is_dead;
	size_t len;

	(void)state;
	for (len = 0; len < 16; len += 5) {
		lie = (struct lie){ .body = body, .len = len, .size = 32, .is_last = true };
		assert_int_equal(info_of(&lie, &is_dead), -ECONNRESET);
		assert_true(is_dead);
	}
}

static void
test_descriptors_nobody_asked_for(void **state)
{
	const struct vfio_user_device_info good = { 16, 3, 9, 5 };
	int fds[17], i;
	struct lie lie;
	bool is_dead;

	(void)state;
	for (i = 0; i < 17; i++)
		fds[i] = test_memfd(0);
	lie = (struct lie){ .body = &good, .len = 16, .fds = fds, .nb_fds = 1 };
	assert_int_equal(info_of(&lie, &is_dead), -EPROTO);
	assert_false(is_dead);
	lie.nb_fds = 16;
	assert_int_equal(info_of(&lie, &is_dead), -EPROTO);
	lie.nb_fds = 17; /* cut off by the kernel: what belongs where is unknown */
	assert_int_equal(info_of(&lie, &is_dead), -ECONNRESET);
	assert_true(is_dead);
	/* With an error, with a reply to nobody, and in front of the end. */
	lie.nb_fds = 2;
	lie.flags = VFIO_USER_FLAG_TYPE_REPLY | VFIO_USER_FLAG_ERROR;
	lie.error = EBUSY;
	assert_int_equal(info_of(&lie, &is_dead), -EBUSY);
	lie.id_shift = 3;
	assert_int_equal(info_of(&lie, &is_dead), -ETIMEDOUT);
	lie.is_last = true;
	lie.size = 1000;
	assert_int_equal(info_of(&lie, &is_dead), -ECONNRESET);
	for (i = 0; i < 17; i++)
		close(fds[i]);
}

/* A server's own request gets its answer, and the client's request its reply. */
static bool
ask_back(struct test_peer *peer, const struct vfio_user_header *head, const uint8_t *body)
{
	const struct vfio_user_device_info good = { 16, 3, 9, 5 };
	const uint64_t read[2] = { 0x1000, 8 };
	struct vfio_user_header answer;

	(void)body;
	if ((head->flags & VFIO_USER_FLAG_TYPE_MASK) == VFIO_USER_FLAG_TYPE_REPLY) {
		answer = *head;
		*(struct vfio_user_header *)peer->opaque = answer;
		return true;
	}
	test_send(peer->fd, 500, VFIO_USER_DMA_WRITE, VFIO_USER_FLAG_NO_REPLY, read, 16, NULL, 0);
	test_send(peer->fd, head->id, VFIO_USER_DMA_READ, 0, read, 16, NULL, 0);
	peer_reply(peer, head, 0, &good, sizeof(good), NULL, 0);
	return true;
}

static void
test_requests_of_the_server(void **state)
{
	struct vfio_user_header answer = { 0 };
	struct test_peer peer = { .answer = ask_back, .opaque = &answer };
	struct vfio_user_client *client = peer_connect(&peer, 1000);
	struct vfio_user_device_info info;

	(void)state;
	assert_int_equal(vfio_user_client_get_info(client, &info), 0);
	assert_int_equal(info.num_regions, 9);
	vfio_user_client_disconnect(client);
	peer_stop(&peer);
	assert_int_equal(answer.command, VFIO_USER_DMA_READ); /* the posted one got none */
	assert_int_equal(answer.flags, VFIO_USER_FLAG_TYPE_REPLY | VFIO_USER_FLAG_ERROR);
	assert_int_equal(answer.error, ENOSYS);
}

/* REGION_READ and REGION_WRITE: counts and echoes. */
static void
test_region_access(void **state)
{
	struct {
		struct vfio_user_region_access access;
		uint8_t data[16];
	} body;
	static const struct {
		uint64_t offset;
		uint32_t region, count;
		size_t len;
		int want_read, want_write;
	} cases[] = {
		{ 8, 2, 4, 20, 0, -EPROTO },
		{ 8, 2, 4, 16, -EPROTO, 0 },
		{ 8, 2, 3, 19, -EIO, -EPROTO },
		{ 8, 2, 3, 16, -EPROTO, -EIO },
		{ 8, 2, 0, 16, -EIO, -EIO },
		{ 8, 2, UINT32_MAX, 20, -EPROTO, -EPROTO },
		{ 9, 2, 4, 20, -EPROTO, -EPROTO },
		{ 8, 3, 4, 20, -EPROTO, -EPROTO },
		{ 9, 2, 4, 16, -EPROTO, -EPROTO },
		{ 8, 2, 5, 21, -EPROTO, -EPROTO },
		{ 8, 2, 4, 15, -EPROTO, -EPROTO },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct lie lie = { .body = &body, .len = cases[i].len };
		struct test_peer peer = { .answer = tell_lie, .opaque = &lie };
		struct vfio_user_client *client = peer_connect(&peer, 1000);
		uint8_t data[8];

		memset(&body, 0xee, sizeof(body));
		body.access = (struct vfio_user_region_access){ cases[i].offset, cases[i].region,
								cases[i].count };
		memset(data, 0x11, sizeof(data));
		assert_int_equal(vfio_user_client_region_read(client, 2, 8, data, 4),
				 cases[i].want_read);
		assert_int_equal(data[4], 0x11); /* never more than asked for */
		assert_int_equal(vfio_user_client_region_write(client, 2, 8, data, 4),
				 cases[i].want_write);
		assert_false(vfio_user_client_is_dead(client));
		vfio_user_client_disconnect(client);
		peer_stop(&peer);
	}
}

/* A region reply of any shape. */
struct region_lie {
	struct vfio_user_region_info info;
	union {
		struct vfio_user_cap_header head;
		struct vfio_user_cap_type type;
		struct {
			struct vfio_user_cap_sparse sparse;
			struct vfio_user_sparse_area areas[20];
		} sparse;
		uint8_t bytes[1024];
	} cap;
};

static int
region_of(const struct region_lie *region_lie, size_t len, const int *fds, uint32_t nb_fds,
	  struct vfio_user_client_region *region)
{
	struct lie lie = { .body = region_lie, .len = len, .fds = fds, .nb_fds = nb_fds };
	struct test_peer peer = { .answer = tell_lie, .opaque = &lie };
	struct vfio_user_client *client = peer_connect(&peer, 1000);
	int nb_open = test_count_fds(), ret;

	ret = vfio_user_client_get_region_info(client, 9, region);
	assert_int_equal(test_count_fds(), nb_open + (region->fd >= 0));
	if (ret != 0)
		assert_int_equal(region->fd, -1);
	assert_false(vfio_user_client_is_dead(client));
	vfio_user_client_disconnect(client);
	peer_stop(&peer);
	return ret;
}

static struct region_lie
good_region(uint32_t flags)
{
	return (struct region_lie){ .info = { .argsz = 48, .flags = flags, .index = 9,
					      .cap_offset = 32, .size = 4 * PAGE } };
}

static void
test_region_basics(void **state)
{
	struct vfio_user_client_region region;
	struct region_lie lie;
	int file = test_memfd(4 * PAGE), pair[2] = { file, file };
	const uint32_t mmap_flags = RW | VFIO_USER_REGION_FLAG_MMAP;

	(void)state;
	lie = good_region(RW);
	assert_int_equal(region_of(&lie, 32, NULL, 0, &region), 0);
	lie.info.index = 8;
	assert_int_equal(region_of(&lie, 32, NULL, 0, &region), -EPROTO);
	lie = good_region(RW);
	lie.info.argsz = 31;
	assert_int_equal(region_of(&lie, 32, NULL, 0, &region), -EPROTO);
	lie = good_region(RW);
	lie.info.offset = UINT64_MAX - PAGE; /* offset + size wraps */
	assert_int_equal(region_of(&lie, 32, NULL, 0, &region), -EPROTO);
	lie = good_region(RW);
	assert_int_equal(region_of(&lie, 31, NULL, 0, &region), -EPROTO);
	assert_int_equal(region_of(&lie, 32, &file, 1, &region), -EPROTO); /* for what? */
	lie = good_region(mmap_flags);
	assert_int_equal(region_of(&lie, 32, NULL, 0, &region), -EPROTO); /* where is it? */
	assert_int_equal(region_of(&lie, 32, pair, 2, &region), -EPROTO);
	assert_int_equal(region_of(&lie, 32, &file, 1, &region), 0);
	assert_true(region.fd >= 0);
	close(region.fd);
	/* Always wants more room than it is given. */
	lie.info.argsz = 5000;
	assert_int_equal(region_of(&lie, 32, &file, 1, &region), 0);
	close(region.fd);
	lie.info.argsz = 1 << 20;
	assert_int_equal(region_of(&lie, 32, &file, 1, &region), -EPROTO);
	lie.info.argsz = UINT32_MAX;
	assert_int_equal(region_of(&lie, 32, &file, 1, &region), -EPROTO);
	close(file);
}

static void
test_capability_chains(void **state)
{
	struct vfio_user_client_region region;
	struct region_lie lie, good = good_region(RW | VFIO_USER_REGION_FLAG_CAPS);
	static const uint32_t bad_offsets[] = { 1, 8, 31, 41, 48,
						49, 1000, 0x80000000, UINT32_MAX };
	size_t i;

	(void)state;
	good.cap.type = (struct vfio_user_cap_type){ { VFIO_USER_CAP_TYPE, 1, 0 }, 5, 6 };
	assert_int_equal(region_of(&good, 48, NULL, 0, &region), 0);
	assert_true(region.has_type);
	assert_int_equal(region.type, 5);
	assert_int_equal(region.subtype, 6);
	for (i = 0; i < ARRAY_LEN(bad_offsets); i++) {
		lie = good;
		lie.info.cap_offset = bad_offsets[i];
		assert_int_equal(region_of(&lie, 48, NULL, 0, &region), -EPROTO);
		lie = good;
		lie.cap.head.id = 77;
		lie.cap.head.next = bad_offsets[i];
		assert_int_equal(region_of(&lie, 48, NULL, 0, &region), -EPROTO);
	}
	/* Loops: onto itself, and of two; of unknown kind, so that nothing else stops them. */
	lie = good;
	lie.cap.head = (struct vfio_user_cap_header){ 77, 1, 32 };
	assert_int_equal(region_of(&lie, 48, NULL, 0, &region), -EPROTO);
	lie.cap.head.next = 40;
	memcpy(lie.cap.bytes + 8, &(struct vfio_user_cap_header){ 78, 1, 32 }, 8);
	assert_int_equal(region_of(&lie, 48, NULL, 0, &region), -EPROTO);
	/* Known ones cut short, or twice. */
	assert_int_equal(region_of(&good, 47, NULL, 0, &region), -EPROTO);
	assert_int_equal(region_of(&good, 40, NULL, 0, &region), -EPROTO);
	lie = good;
	lie.info.argsz = 64;
	lie.cap.head.next = 48;
	memcpy(lie.cap.bytes + 16, &good.cap.type, 16);
	assert_int_equal(region_of(&lie, 64, NULL, 0, &region), -EPROTO);
	/* Unknown ones and newer versions are passed by. */
	lie.cap.head.version = 2;
	assert_int_equal(region_of(&lie, 64, NULL, 0, &region), 0);
	assert_true(region.has_type);
	/* FLAG_CAPS with cap_offset 0: an empty chain. */
	lie = good;
	lie.info.cap_offset = 0;
	assert_int_equal(region_of(&lie, 48, NULL, 0, &region), 0);
	assert_false(region.has_type);
}

static void
test_sparse_areas(void **state)
{
	struct vfio_user_client_region region;
	struct region_lie lie, good = good_region(RW | VFIO_USER_REGION_FLAG_MMAP |
						  VFIO_USER_REGION_FLAG_CAPS);
	int file = test_memfd(4 * PAGE);
	void *base;
	size_t i;

	(void)state;
	good.info.argsz = 32 + 16 + 2 * 16;
	good.cap.sparse.sparse = (struct vfio_user_cap_sparse){ { VFIO_USER_CAP_SPARSE_MMAP, 1, 0 },
								2, 0 };
	good.cap.sparse.areas[0] = (struct vfio_user_sparse_area){ 0, PAGE };
	good.cap.sparse.areas[1] = (struct vfio_user_sparse_area){ 2 * PAGE, 2 * PAGE };
	assert_int_equal(region_of(&good, 80, &file, 1, &region), 0);
	assert_int_equal(region.nb_areas, 2);
	assert_int_equal(region.areas[1].offset, 2 * PAGE);
	assert_int_equal(vfio_user_client_map_region(&region, &base), -EINVAL); /* not whole */
	close(region.fd);
	static const struct vfio_user_sparse_area bad[] = {
		{ 2 * PAGE, 3 * PAGE },
		{ 5 * PAGE, PAGE },
		{ UINT64_MAX & ~(PAGE - 1ULL), 2 * PAGE },
		{ 1, PAGE }, { 0, PAGE + 1 }, { 0, UINT64_MAX & ~(PAGE - 1ULL) },
	};
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		lie = good;
		lie.cap.sparse.areas[1] = bad[i];
		assert_int_equal(region_of(&lie, 80, &file, 1, &region), -EPROTO);
	}
	static const uint32_t counts[] = { 0, 3, 17, 0x10000000, UINT32_MAX };
	for (i = 0; i < ARRAY_LEN(counts); i++) {
		lie = good;
		lie.cap.sparse.sparse.nr_areas = counts[i];
		assert_int_equal(region_of(&lie, 80, &file, 1, &region), -EPROTO);
	}
	close(file);
}

static void
test_map_region(void **state)
{
	struct vfio_user_client_region region = { .flags = RW | VFIO_USER_REGION_FLAG_MMAP,
						  .size = PAGE };
	void *base;

	(void)state;
	region.fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	assert_int_equal(ftruncate(region.fd, PAGE), 0);
	/* It could be truncated under our hands. */
	assert_int_equal(vfio_user_client_map_region(&region, &base), -EPERM);
	assert_int_equal(fcntl(region.fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	assert_int_equal(vfio_user_client_map_region(&region, &base), 0);
	munmap(base, PAGE);
	region.offset = PAGE;
	assert_int_equal(vfio_user_client_map_region(&region, &base), -EPROTO);
	region.offset = 0;
	region.size = 2 * PAGE;
	assert_int_equal(vfio_user_client_map_region(&region, &base), -EPROTO);
	region.size = UINT64_MAX;
	assert_int_equal(vfio_user_client_map_region(&region, &base), -EPROTO);
	region.size = 0;
	assert_int_equal(vfio_user_client_map_region(&region, &base), -EINVAL);
	close(region.fd);
	region.fd = -1;
	region.size = PAGE;
	assert_int_equal(vfio_user_client_map_region(&region, &base), -EINVAL);
	assert_null(base);
}

/* Hangs up, or where there is something to point to is silent. */
static bool
tell_nothing(struct test_peer *peer, const struct vfio_user_header *head, const uint8_t *body)
{
	(void)head;
	(void)body;
	return peer->opaque != NULL;
}

/* How a connect ends against a peer that tells this. */
static enum vfio_user_connect_reason
reason_of(test_answer_fn answer, void *opaque)
{
	/* Silence is what one waits for. */
	bool is_silent = answer == tell_nothing && opaque != NULL;
	const struct vfio_user_client_opts opts = { .timeout_ms = is_silent ? 150 : 60000 };
	struct test_peer peer = { .answer = answer, .opaque = opaque, .is_lying_early = true };
	struct vfio_user_connect_error error;
	struct vfio_user_client *client;
	int ret;

	peer_start(&peer);
	ret = vfio_user_client_connect_fd(peer.client_fd, &opts, &error, &client);
	assert_int_equal(ret != 0, error.reason != VFIO_USER_CONNECT_OK);
	if (ret == 0)
		vfio_user_client_disconnect(client);
	else
		assert_null(client);
	peer_stop(&peer);
	return error.reason;
}

struct version_lie {
	uint16_t major, minor;
	const char *json;
	size_t len;
};

static bool
tell_version(struct test_peer *peer, const struct vfio_user_header *head, const uint8_t *body)
{
	const struct version_lie *lie = peer->opaque;

	(void)body;
	peer_reply_version(peer, head, lie->major, lie->minor, lie->json, lie->len);
	return true;
}

static bool
tell_http(struct test_peer *peer, const struct vfio_user_header *head, const uint8_t *body)
{
	static const char http[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

	(void)head;
	(void)body;
	test_send_raw(peer->fd, http, sizeof(http) - 1, NULL, 0);
	return false;
}

static bool
tell_echo(struct test_peer *peer, const struct vfio_user_header *head, const uint8_t *body)
{
	test_send(peer->fd, head->id, head->command, head->flags, body,
		  head->size - sizeof(*head), NULL, 0);
	return true;
}

static void
test_version_replies(void **state)
{
#define JSON(text) text, sizeof(text)
	static const struct {
		struct version_lie lie;
		enum vfio_user_connect_reason reason;
	} cases[] = {
		{ { 0, 0, JSON("{}") }, VFIO_USER_CONNECT_OK },
		{ { 0, 0, NULL, 0 }, VFIO_USER_CONNECT_OK },
		{ { 1, 0, JSON("{}") }, VFIO_USER_CONNECT_VERSION },
		{ { 0, 1, JSON("{}") }, VFIO_USER_CONNECT_VERSION },
		{ { 0, 0, JSON("{") }, VFIO_USER_CONNECT_NOT_VFIO_USER },
		{ { 0, 0, "{}", 2 }, VFIO_USER_CONNECT_NOT_VFIO_USER },
		{ { 0, 0, JSON("{\"capabilities\":{\"max_msg_fds\":-3}}") },
		  VFIO_USER_CONNECT_NOT_VFIO_USER },
	};
#undef JSON
	struct version_lie lie;
	struct lie error = { .flags = VFIO_USER_FLAG_TYPE_REPLY | VFIO_USER_FLAG_ERROR,
			     .error = EPROTO };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		lie = cases[i].lie;
		assert_int_equal(reason_of(tell_version, &lie), cases[i].reason);
	}
	assert_int_equal(reason_of(tell_lie, &error), VFIO_USER_CONNECT_REJECTED);
	assert_int_equal(reason_of(tell_http, NULL), VFIO_USER_CONNECT_NOT_VFIO_USER);
	assert_int_equal(reason_of(tell_echo, NULL), VFIO_USER_CONNECT_NOT_VFIO_USER);
	assert_int_equal(reason_of(tell_nothing, NULL), VFIO_USER_CONNECT_CLOSED);
	assert_int_equal(reason_of(tell_nothing, &error), VFIO_USER_CONNECT_SILENT);
}

/* What the server says it can take is kept to. */
static void
test_limits_of_the_server(void **state)
{
	struct version_lie version = { 0, 0, NULL, 0 };
	static const char json[] = "{\"capabilities\":{\"max_msg_fds\":0,"
				   "\"max_data_xfer_size\":8,\"max_dma_maps\":3}}";
	const struct vfio_user_client_opts opts = { .timeout_ms = 60000 };
	struct test_peer peer = { .answer = tell_version, .opaque = &version,
				  .is_lying_early = true };
	struct vfio_user_connect_error error;
	struct vfio_user_client *client;
	int file = test_memfd(PAGE);
	uint8_t data[16];

	(void)state;
	version.json = json;
	version.len = sizeof(json);
	peer_start(&peer);
	assert_int_equal(vfio_user_client_connect_fd(peer.client_fd, &opts, &error, &client), 0);
	assert_int_equal(vfio_user_client_max_dma_maps(client), 3);
	assert_null(vfio_user_client_private_json(client));
	assert_int_equal(vfio_user_client_region_read(client, 0, 0, data, 16), -EINVAL);
	assert_int_equal(vfio_user_client_dma_map(client, file, 0, 0, PAGE, 3), -ENOTSUP);
	assert_int_equal(vfio_user_client_set_irqs(client, 1, 0, 1, &file), -ENOTSUP);
	vfio_user_client_disconnect(client);
	peer_stop(&peer);
	close(file);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_wrong_sizes),
		TEST(test_wrong_headers),
		TEST(test_error_replies),
		TEST(test_end_inside_a_reply),
		TEST(test_descriptors_nobody_asked_for),
		TEST(test_requests_of_the_server),
		TEST(test_region_access),
		TEST(test_region_basics),
		TEST(test_capability_chains),
		TEST(test_sparse_areas),
		TEST(test_map_region),
		TEST(test_version_replies),
		TEST(test_limits_of_the_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
