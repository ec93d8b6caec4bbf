/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfio_user_server_internal.h"

/* One client is served, one more may wait (vfio-user.md 17.2). */
#define LISTEN_BACKLOG 1

void
server_error(struct vfio_user_server_error *error, const char *format, ...)
{
	va_list args;

	if (error == NULL)
		return;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
}

/*
 * Open the directory of path, made if missing; ours and closed to others (design 6). The descriptor
 * also serves as the lock between servers that start at the same path at the same time.
 */
static int
listen_open_parent(const char *path, struct vfio_user_server_error *error)
{
	char copy[sizeof(((struct sockaddr_un *)0)->sun_path)];
	const char *parent;
	struct stat st;
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	parent = dirname(copy);
	if (mkdir(parent, 0700) != 0 && errno != EEXIST) {
		fd = -errno;
		server_error(error, "cannot create directory %s: %s", parent, strerror(-fd));
		return fd;
	}
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		int ret = -errno;

		server_error(error, "cannot open directory %s: %s", parent, strerror(-ret));
		if (fd >= 0)
			close(fd);
		return ret;
	}
	if (st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		/* Others use the folder as well: a new one in it, and no chmod. */
		server_error(error,
			     "directory %s must belong to uid %u with mode 0700 "
			     "(it is uid %u, mode %04o): name a new one, which is created",
			     parent, (unsigned int)geteuid(), (unsigned int)st.st_uid,
			     (unsigned int)st.st_mode & 07777);
		close(fd);
		return -EPERM;
	}
	return fd;
}

/* Does anybody listen there? 0 nobody, 1 somebody, or -errno. */
static int
listen_probe(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int ret = 1;

	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0) {
		if (errno == ECONNREFUSED || errno == ENOENT)
			ret = 0;
		else if (errno != EAGAIN) /* full queue: somebody listens */
			ret = -errno;
	}
	close(fd);
	return ret;
}

/* Make way at path: only a socket of ours that nobody listens on is removed (vfio-user.md 17.2). */
static int
listen_remove_stale(const struct sockaddr_un *address, struct vfio_user_server_error *error)
{
	const char *path = address->sun_path;
	struct stat st;
	int ret;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode) || st.st_uid != geteuid()) {
		server_error(error, "%s exists and is %s: not touched, choose another path", path,
			     S_ISSOCK(st.st_mode) ? "somebody else's socket" : "not a socket");
		return -EEXIST;
	}
	ret = listen_probe(address);
	if (ret > 0) {
		server_error(error, "%s is in use: another server listens there", path);
		return -EADDRINUSE;
	}
	if (ret < 0) {
		server_error(error, "cannot probe %s: %s", path, strerror(-ret));
		return ret;
	}
	return unlink(path) == 0 || errno == ENOENT ? 0 : -errno;
}

static int
listen_bind(struct vfio_user_server *srv, const struct sockaddr_un *address)
{
	struct stat st;

	srv->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (srv->listen_fd < 0)
		return -errno;
	/* On Linux its file gets the mode of the unbound socket: never more than 0600. */
	if (fchmod(srv->listen_fd, 0600) != 0 ||
	    bind(srv->listen_fd, (const struct sockaddr *)address, sizeof(*address)) != 0)
		return -errno;
	if (lstat(address->sun_path, &st) != 0)
		return -errno;
	srv->path_dev = st.st_dev;
	srv->path_ino = st.st_ino;
	srv->is_path_bound = true;
	if (chmod(address->sun_path, 0600) != 0 || listen(srv->listen_fd, LISTEN_BACKLOG) != 0)
		return -errno;
	return 0;
}

static int
listen_at_path(struct vfio_user_server *srv, struct vfio_user_server_error *error)
{
	struct sockaddr_un address;
	int parent, ret;

	ret = vfio_user_socket_address(srv->path, &address);
	if (ret != 0) {
		server_error(error, "socket path of %zu characters, 1 to %zu are possible",
			     strlen(srv->path), sizeof(address.sun_path) - 1);
		return ret;
	}
	parent = listen_open_parent(srv->path, error);
	if (parent < 0)
		return parent;
	server_error(error, "%s", "");
	if (flock(parent, LOCK_EX) != 0)
		ret = -errno;
	if (ret == 0)
		ret = listen_remove_stale(&address, error);
	if (ret == 0)
		ret = listen_bind(srv, &address);
	if (ret != 0 && error != NULL && error->text[0] == '\0')
		server_error(error, "cannot listen at %s: %s", srv->path, strerror(-ret));
	close(parent);
	return ret;
}

/* A descriptor from outside: is it what we can accept(2) from? */
static int
listen_check_fd(int fd, struct vfio_user_server_error *error)
{
	struct sockaddr_un address;
	socklen_t len = sizeof(address);
	int is_listening = 0, type = 0;
	socklen_t int_len = sizeof(int);

	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0 ||
	    address.sun_family != AF_UNIX ||
	    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &int_len) != 0 || type != SOCK_STREAM ||
	    getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &int_len) != 0 ||
	    is_listening == 0) {
		server_error(error, "descriptor %d is not a listening UNIX stream socket", fd);
		return -EINVAL;
	}
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) != 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		return -errno;
	return 0;
}

int
server_listen(struct vfio_user_server *srv, struct vfio_user_server_error *error)
{
	if (srv->path != NULL)
		return listen_at_path(srv, error);
	return listen_check_fd(srv->listen_fd, error);
}

void
server_unlisten(struct vfio_user_server *srv)
{
	struct stat st;

	if (!srv->is_path_bound)
		return;
	if (lstat(srv->path, &st) == 0 && S_ISSOCK(st.st_mode) && st.st_dev == srv->path_dev &&
	    st.st_ino == srv->path_ino)
		unlink(srv->path);
	srv->is_path_bound = false;
}
