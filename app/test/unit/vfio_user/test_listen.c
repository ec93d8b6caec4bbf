/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "fixture.h"

/* Where a server listens, and what it must not touch there (design 6, vfio-user.md 17.2). */

static int
try_create(struct test_fixture *fix, const char *path, struct vfio_user_server **srv, char *text)
{
	struct vfio_user_server_config config;
	struct vfio_user_server_error error;
	int ret;

	test_config(fix, &config);
	config.path = path;
	ret = vfio_user_server_create(&config, &error, srv);
	snprintf(text, sizeof(error.text), "%s", error.text);
	assert_int_equal(ret != 0, text[0] != '\0'); /* a reason exactly when it failed */
	return ret;
}

static void
test_modes(void **state)
{
	struct test_fixture *fix = *state;
	struct stat st;

	assert_int_equal(lstat(fix->path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_string_equal(vfio_user_server_path(fix->srv), fix->path);
}

static void
test_in_use(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_server *srv;
	char text[256];
	int fd;

	assert_int_equal(try_create(fix, fix->path, &srv, text), -EADDRINUSE);
	assert_non_null(strstr(text, "in use"));
	/* The probe was harmless. */
	test_pump(fix);
	fd = test_hello(fix, false);
	assert_int_equal(try_create(fix, fix->path, &srv, text), -EADDRINUSE);
	test_bye(fix, fd);
	test_pump(fix);
}

static void
test_stale_socket(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct test_fixture *fix = *state;
	struct vfio_user_server *srv;
	char text[256], path[64];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(path, sizeof(path), "%s/stale", fix->dir);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	assert_int_equal(try_create(fix, path, &srv, text), 0);
	vfio_user_server_destroy(srv);
	assert_int_equal(access(path, F_OK), -1);
}

static void
test_not_a_socket(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_server *srv;
	char text[256], path[64];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/file", fix->dir);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, "precious", 8), 8);
	close(fd);
	assert_int_equal(try_create(fix, path, &srv, text), -EEXIST);
	assert_non_null(strstr(text, "not a socket"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 8);
	assert_int_equal(unlink(path), 0);
	/* Not through a link either. */
	assert_int_equal(symlink(fix->path, path), 0);
	assert_int_equal(try_create(fix, path, &srv, text), -EEXIST);
	assert_int_equal(unlink(path), 0);
}

static void
test_path_length(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_server *srv;
	char text[256], path[128];
	size_t len = (size_t)snprintf(path, sizeof(path), "%s/", fix->dir);

	memset(path + len, 'x', sizeof(path) - len);
	path[108] = '\0';
	assert_int_equal(try_create(fix, path, &srv, text), -ENAMETOOLONG);
	assert_non_null(strstr(text, "107"));
	path[107] = '\0';
	assert_int_equal(try_create(fix, path, &srv, text), 0);
	vfio_user_server_destroy(srv);
	assert_int_equal(try_create(fix, "", &srv, text), -EINVAL);
}

static void
test_parent_directory(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_server *srv;
	char text[256], path[80], parent[64];
	struct stat st;

	/* Missing: made, one level, closed to others. */
	snprintf(parent, sizeof(parent), "%s/new", fix->dir);
	snprintf(path, sizeof(path), "%s/s", parent);
	assert_int_equal(try_create(fix, path, &srv, text), 0);
	assert_int_equal(stat(parent, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	vfio_user_server_destroy(srv);
	/* Open to others: refused. */
	assert_int_equal(chmod(parent, 0755), 0);
	assert_int_equal(try_create(fix, path, &srv, text), -EPERM);
	assert_non_null(strstr(text, "0700"));
	assert_int_equal(rmdir(parent), 0);
	/* Two levels missing, a link, a file. */
	snprintf(path, sizeof(path), "%s/a/b/s", fix->dir);
	assert_int_equal(try_create(fix, path, &srv, text), -ENOENT);
	assert_int_equal(symlink(fix->dir, parent), 0);
	snprintf(path, sizeof(path), "%s/s", parent);
	assert_int_not_equal(try_create(fix, path, &srv, text), 0);
	assert_int_equal(unlink(parent), 0);
	snprintf(path, sizeof(path), "%s/s", fix->path);
	assert_int_equal(try_create(fix, path, &srv, text), -ENOTDIR);
}

/* Somebody put another file at our path meanwhile: it is not ours to unlink. */
static void
test_replaced_socket(void **state)
{
	struct test_fixture *fix = *state;
	int fd;

	assert_int_equal(unlink(fix->path), 0);
	fd = open(fix->path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	vfio_user_server_destroy(fix->srv);
	fix->srv = NULL;
	assert_int_equal(access(fix->path, F_OK), 0);
	assert_int_equal(unlink(fix->path), 0);
}

static void
test_listening_descriptor(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct vfio_user_server_config config;
	struct vfio_user_server_error error;
	struct test_fixture *fix = *state;
	struct vfio_user_server *srv;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), client;

	test_config(fix, &config);
	config.path = NULL;
	config.listen_fd = fd;
	/* Not listening yet: refused, and the descriptor is still the caller's. */
	assert_int_equal(vfio_user_server_create(&config, &error, &srv), -EINVAL);
	assert_true(fcntl(fd, F_GETFD) >= 0);
	vfio_user_server_destroy(fix->srv);
	fix->srv = NULL;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", fix->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(vfio_user_server_create(&config, &error, &fix->srv), 0);
	assert_null(vfio_user_server_path(fix->srv));
	client = test_hello(fix, true);
	test_bye(fix, client);
	vfio_user_server_destroy(fix->srv);
	fix->srv = NULL;
	assert_int_equal(access(fix->path, F_OK), 0); /* made by another, left to it */
	assert_int_equal(unlink(fix->path), 0);
}

/* Peers of another uid are refused, unless they are allowed by name. Needs root to become one. */
static void
test_other_uid(void **state)
{
	struct vfio_user_server_config config;
	struct test_fixture *fix = *state;
	struct vfio_user_server_stats stats;
	int fd;

	if (geteuid() != 0)
		skip();
	/* SO_PEERCRED tells the effective uid at connect(2). root stays welcome. */
	assert_int_equal(chmod(fix->path, 0666), 0);
	assert_int_equal(chmod(fix->dir, 0711), 0);
	assert_int_equal(seteuid(65534), 0);
	fd = test_connect(fix);
	assert_int_equal(seteuid(0), 0);
	test_pump(fix);
	assert_false(test_is_quiet(fd)); /* end of file */
	close(fd);
	vfio_user_server_get_stats(fix->srv, &stats);
	assert_int_equal(stats.nb_refused, 1);
	assert_int_equal(fix->dev.nb_connected, 0);

	assert_int_equal(chmod(fix->dir, 0700), 0);
	test_config(fix, &config);
	config.has_extra_uid = true;
	config.extra_uid = 65534;
	vfio_user_server_destroy(fix->srv);
	fix->srv = NULL;
	test_restart(fix, &config);
	assert_int_equal(chmod(fix->path, 0666), 0);
	assert_int_equal(chmod(fix->dir, 0711), 0);
	assert_int_equal(seteuid(65534), 0);
	fd = test_connect(fix);
	assert_int_equal(seteuid(0), 0);
	test_pump(fix);
	assert_true(test_is_quiet(fd));
	test_bye(fix, fd);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_modes),
		TEST(test_in_use),
		TEST(test_stale_socket),
		TEST(test_not_a_socket),
		TEST(test_path_length),
		TEST(test_parent_directory),
		TEST(test_replaced_socket),
		TEST(test_listening_descriptor),
		TEST(test_other_uid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
