/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fixture.h"

/* VERSION (vfio-user.md 3). */

/* What QEMU 11.1.2 sends, byte for byte: 194 bytes with NUL (vfio-user.md 3). */
static const char qemu_json[] =
	"{\"capabilities\": {\"migration\": {\"max_bitmap_size\": 268435456, \"pgsize\": 4096}, "
	"\"max_msg_fds\": 16, \"max_data_xfer_size\": 1048576, \"max_dma_maps\": 65535, "
	"\"pgsizes\": 4096, \"write_multiple\": true}}";

static int
negotiate(struct test_fixture *fix, int fd, uint16_t major, uint16_t minor, const char *json,
	  size_t len, char *reply, size_t *reply_len)
{
	struct vfio_user_version version = { major, minor };
	struct vfio_user_header head;
	char body[8192];
	ssize_t nb;

	memcpy(body, &version, sizeof(version));
	memcpy(body + sizeof(version), json, len);
	test_send(fd, 0x1234, VFIO_USER_VERSION, 0, body, sizeof(version) + len, NULL, 0);
	test_pump(fix);
	nb = test_recv(fd, &head, body, sizeof(body), NULL, NULL);
	assert_true(nb >= 0);
	assert_int_equal(head.id, 0x1234);
	assert_int_equal(head.command, VFIO_USER_VERSION);
	if ((head.flags & VFIO_USER_FLAG_ERROR) != 0)
		return (int)head.error;
	memcpy(&version, body, sizeof(version));
	assert_int_equal(version.major, 0);
	assert_int_equal(version.minor, 0);
	assert_int_equal(body[nb - 1], '\0');
	*reply_len = sizeof(head) + (size_t)nb;
	memcpy(reply, body + sizeof(version), (size_t)nb - sizeof(version));
	return 0;
}

static void
test_qemu(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_connect(fix);
	char reply[512];
	size_t len;

	assert_int_equal(sizeof(qemu_json), 194);
	assert_int_equal(negotiate(fix, fd, 0, 0, qemu_json, sizeof(qemu_json), reply, &len), 0);
	assert_true(len <= VFIO_USER_MAX_VERSION_REPLY);
	/* The text that vfio-user.md 3.1 recommends. */
	assert_string_equal(reply, "{\"capabilities\":{\"max_msg_fds\":16,"
				   "\"max_data_xfer_size\":1048576,\"max_dma_maps\":65535,"
				   "\"pgsizes\":4096,\"write_multiple\":true}}");
	assert_int_equal(fix->dev.nb_connected, 1);
	assert_false(fix->dev.peer.is_private);
	assert_null(fix->dev.peer.private_region);
	assert_int_equal(fix->dev.peer.pid, getpid());
	assert_int_equal(fix->dev.peer.uid, getuid());
	assert_true(vfio_user_server_is_connected(fix->srv));
	test_bye(fix, fd);
	assert_int_equal(fix->dev.nb_gone, 1);
}

static void
test_private(void **state)
{
	static const char json[] = "{\"capabilities\":{\"" TEST_KEY "\":{\"a\":[1,2]}}}";
	struct test_fixture *fix = *state;
	int fd = test_connect(fix);
	char reply[512];
	size_t len;

	assert_int_equal(negotiate(fix, fd, 0, 0, json, sizeof(json), reply, &len), 0);
	assert_non_null(strstr(reply, "\"" TEST_KEY "\":{\"db\":1}"));
	assert_true(fix->dev.peer.is_private);
	assert_string_equal(fix->dev.private_json, "{\"a\":[1,2]}");
	assert_non_null(fix->dev.peer.private_region);
	assert_int_equal(fix->dev.peer.private_region_size, TEST_PRIVATE_SIZE);
	test_bye(fix, fd);
}

static void
test_accepted_texts(void **state)
{
	static const char *const texts[] = {
		"{}",
		"{\"capabilities\":{}}",
		"{\"other\":[[1]],\"capabilities\":{\"unknown\":{\"x\":null}}}",
		"{\"capabilities\":{\"max_msg_fds\":0}}",
		"{\"capabilities\":{\"max_msg_fds\":1024}}",
		"{\"capabilities\":{\"pgsizes\":9223372036854775808}}", /* above 63 bits */
		"{\"capabilities\":{\"max_data_xfer_size\":9223372036854775807}}",
		"{\"capabilities\":{\"twin_socket\":{\"supported\":true}}}",
		"",
	};
	struct test_fixture *fix = *state;
	char reply[512];
	size_t i, len;
	int fd;

	for (i = 0; i < ARRAY_LEN(texts); i++) {
		fd = test_connect(fix);
		/* The last: no JSON at all, not even its NUL. */
		assert_int_equal(negotiate(fix, fd, 0, i % 3, texts[i],
					   texts[i][0] != '\0' ? strlen(texts[i]) + 1 : 0, reply,
					   &len),
				 0);
		assert_null(strstr(reply, "twin_socket"));
		test_bye(fix, fd);
	}
	assert_int_equal(fix->dev.nb_connected, ARRAY_LEN(texts));
	assert_int_equal(fix->dev.nb_gone, ARRAY_LEN(texts));
}

static void
test_refused_texts(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} texts[] = {
#define TEXT(text) { text, sizeof(text) }
		TEXT(""), TEXT("{"), TEXT("[]"), TEXT("1"), TEXT("null"), TEXT("{}x"), TEXT("{}{}"),
		TEXT("{}\0{}"), TEXT("{\"capabilities\":[]}"),
		TEXT("{\"capabilities\":null}"), TEXT("{\"capabilities\":{\"max_msg_fds\":-1}}"),
		TEXT("{\"capabilities\":{\"max_msg_fds\":1025}}"),
		TEXT("{\"capabilities\":{\"max_msg_fds\":\"16\"}}"),
		TEXT("{\"capabilities\":{\"max_msg_fds\":1.5}}"),
		TEXT("{\"capabilities\":{\"max_data_xfer_size\":-1}}"),
		TEXT("{\"capabilities\":{\"pgsizes\":true}}"),
		TEXT("{\"capabilities\":{\"write_multiple\":1}}"),
		TEXT("{\"capabilities\":{\"" TEST_KEY "\":1}}"),
		TEXT("{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{}}}}}}}}}"),
		TEXT("{\"\xff\":1}"),
#undef TEXT
		{ "{}", 2 }, /* no NUL */
	};
	struct test_fixture *fix = *state;
	int fd = test_connect(fix);
	char reply[512];
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(texts); i++) {
		if (negotiate(fix, fd, 0, 0, texts[i].text, texts[i].len, reply, &len) != EINVAL)
			fail_msg("accepted: %s", texts[i].text);
	}
	assert_int_equal(fix->dev.nb_connected, 0);
	/* It may still come to its senses. */
	assert_int_equal(negotiate(fix, fd, 0, 0, "{}", 3, reply, &len), 0);
	test_bye(fix, fd);
}

static void
test_too_long(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_connect(fix);
	char text[VFIO_USER_MAX_JSON + 64], reply[512];
	size_t len;

	memset(text, ' ', sizeof(text));
	memcpy(text + sizeof(text) - 3, "{}", 3);
	assert_int_equal(negotiate(fix, fd, 0, 0, text, sizeof(text), reply, &len), EINVAL);
	test_bye(fix, fd);
}

static void
test_other_major(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_connect(fix);
	struct vfio_user_header head;
	char reply[512];
	size_t len;

	assert_int_equal(negotiate(fix, fd, 1, 0, "{}", 3, reply, &len), EINVAL);
	/* The side that cannot follow closes (vfio-user.md 3). */
	assert_int_equal(test_recv(fd, &head, reply, sizeof(reply), NULL, NULL), -1);
	assert_int_equal(fix->dev.nb_connected, 0);
	assert_int_equal(fix->dev.nb_gone, 0);
	close(fd);
}

static void
test_second_version(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);
	char reply[512];
	size_t len;

	assert_int_equal(negotiate(fix, fd, 0, 0, "{}", 3, reply, &len), EINVAL);
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_RESET, NULL, 0, NULL, 0), 0);
	assert_int_equal(fix->dev.nb_connected, 1);
	test_bye(fix, fd);
}

static void
test_nothing_before_version(void **state)
{
	struct test_fixture *fix = *state;
	const uint8_t body[64] = { sizeof(body) };
	int fd = test_connect(fix);
	uint16_t command;

	for (command = 0; command < VFIO_USER_COMMAND_MAX + 2; command++) {
		if (command != VFIO_USER_VERSION)
			assert_int_equal(test_call(fix, fd, command, body, 16, NULL, 0), EINVAL);
	}
	assert_int_equal(fix->dev.nb_resets, 0);
	test_bye(fix, fd);
}

static void
test_device_refuses(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_connect(fix);
	struct vfio_user_header head;
	char reply[512];
	size_t len;

	fix->dev.connect_ret = -EBUSY;
	assert_int_equal(negotiate(fix, fd, 0, 0, "{}", 3, reply, &len), EBUSY);
	assert_int_equal(test_recv(fd, &head, reply, sizeof(reply), NULL, NULL), -1);
	assert_int_equal(fix->dev.nb_gone, 0);
	close(fd);
	fix->dev.connect_ret = 0;
	fd = test_hello(fix, true);
	test_bye(fix, fd);
}

static void
test_handshake_timeout(void **state)
{
	struct vfio_user_server_config config;
	struct test_fixture *fix = *state;
	struct vfio_user_server_stats stats;
	int fd, i;

	test_config(fix, &config);
	config.handshake_timeout_ms = 200;
	test_restart(fix, &config);
	fd = test_connect(fix);
	for (i = 0; i < 30; i++) {
		test_pump(fix);
		usleep(10000);
	}
	assert_false(test_is_quiet(fd)); /* end of file */
	vfio_user_server_get_stats(fix->srv, &stats);
	assert_int_equal(stats.nb_broken, 1);
	close(fd);
	/* The place is free for somebody who talks. */
	fd = test_hello(fix, false);
	usleep(300000);
	test_pump(fix);
	assert_true(vfio_user_server_is_connected(fix->srv));
	test_bye(fix, fd);
}

/* Nor does one keep the place by requests whose refusals it lets lie. */
static void
test_refusals_not_read(void **state)
{
	const struct vfio_user_header head = { 1, VFIO_USER_DEVICE_RESET, sizeof(head), 0, 0 };
	struct vfio_user_server_stats stats = { .nb_broken = 0 };
	struct test_fixture *fix = *state;
	int fd = test_connect(fix);

	while (stats.nb_broken == 0 && send(fd, &head, sizeof(head),
					    MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof(head)) {
		test_pump(fix);
		vfio_user_server_get_stats(fix->srv, &stats);
	}
	assert_int_equal(stats.nb_broken, 1);
	close(fd);
	fd = test_hello(fix, false);
	test_bye(fix, fd);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_qemu),
		TEST(test_private),
		TEST(test_accepted_texts),
		TEST(test_refused_texts),
		TEST(test_too_long),
		TEST(test_other_major),
		TEST(test_second_version),
		TEST(test_nothing_before_version),
		TEST(test_device_refuses),
		TEST(test_handshake_timeout),
		TEST(test_refusals_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
