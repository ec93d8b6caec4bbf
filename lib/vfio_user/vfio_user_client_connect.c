/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "vfio_user_client_internal.h"

#define DEFAULT_TIMEOUT_MS 5000u
/* While the server's queue is full: how often to knock. */
#define CONNECT_RETRY_MS 5

/* Fill in why; returns ret, so that it can end a function. */
static int __attribute__((format(printf, 4, 5)))
connect_fail(struct vfio_user_connect_error *error, enum vfio_user_connect_reason reason, int ret,
	     const char *format, ...)
{
	va_list args;

	if (error == NULL)
		return ret;
	error->reason = reason;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return ret;
}

static int
connect_check_path(const char *path, struct vfio_user_connect_error *error)
{
	struct stat st;

	if (stat(path, &st) == 0) {
		if (S_ISSOCK(st.st_mode))
			return 0;
		return connect_fail(error, VFIO_USER_CONNECT_NOT_SOCKET, -ENOTSOCK,
				    "%s is not a socket", path);
	}
	if (errno == ENOENT || errno == ENOTDIR)
		return connect_fail(error, VFIO_USER_CONNECT_NO_FILE, -ENOENT,
				    "%s does not exist: start the emulator first", path);
	if (errno == EACCES)
		return connect_fail(error, VFIO_USER_CONNECT_PERMISSION, -EACCES,
				    "no permission to reach %s", path);
	return connect_fail(error, VFIO_USER_CONNECT_SYSTEM, -errno, "cannot look at %s: %s",
			    path, strerror(errno));
}

static int
connect_explain(const char *path, int ret, struct vfio_user_connect_error *error)
{
	switch (ret) {
	case -ECONNREFUSED:
		return connect_fail(error, VFIO_USER_CONNECT_REFUSED, ret,
				    "nobody listens at %s: its emulator has ended", path);
	case -EAGAIN:
		return connect_fail(error, VFIO_USER_CONNECT_BUSY, ret,
				    "the server at %s is busy with other clients or stopped", path);
	case -EACCES:
	case -EPERM:
		return connect_fail(error, VFIO_USER_CONNECT_PERMISSION, -EACCES,
				    "no permission to connect to %s", path);
	case -ENOENT:
		return connect_fail(error, VFIO_USER_CONNECT_NO_FILE, ret, "%s does not exist",
				    path);
	case -EPROTOTYPE:
		return connect_fail(error, VFIO_USER_CONNECT_NOT_VFIO_USER, -EPROTO,
				    "%s is not a stream socket: no vfio-user server", path);
	default:
		return connect_fail(error, VFIO_USER_CONNECT_SYSTEM, ret,
				    "cannot connect to %s: %s", path, strerror(-ret));
	}
}

/* A socket connected to path, or -errno with error filled in. */
static int
connect_socket(const char *path, uint32_t timeout_ms, struct vfio_user_connect_error *error)
{
	const struct timespec pause = { .tv_nsec = CONNECT_RETRY_MS * 1000000L };
	int64_t deadline_ms = vfio_user_now_ms() + timeout_ms;
	struct sockaddr_un address;
	int fd, ret;

	ret = vfio_user_socket_address(path, &address);
	if (ret == -ENAMETOOLONG)
		return connect_fail(error, VFIO_USER_CONNECT_PATH_TOO_LONG, ret,
				    "socket path of %zu characters, %zu are possible: %s",
				    strlen(path), sizeof(address.sun_path) - 1, path);
	if (ret != 0)
		return connect_fail(error, VFIO_USER_CONNECT_BAD_ARGUMENT, ret,
				    "empty socket path");
	ret = connect_check_path(path, error);
	if (ret != 0)
		return ret;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return connect_explain(path, -errno, error);
	for (;;) {
		if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
			return fd;
		ret = -errno;
		if ((ret != -EAGAIN && ret != -EINTR) || vfio_user_now_ms() >= deadline_ms)
			break;
		nanosleep(&pause, NULL);
	}
	close(fd);
	return connect_explain(path, ret, error);
}

/* The server gets our memory: it must be run by us or by root (design 6). */
static int
connect_check_peer(struct vfio_user_client *client, const struct vfio_user_client_opts *opts,
		   struct vfio_user_connect_error *error)
{
	uid_t uid;
	int ret;

	ret = vfio_user_socket_peer(client->fd, &client->peer_pid, &uid);
	if (ret != 0)
		return connect_fail(error, VFIO_USER_CONNECT_SYSTEM, ret,
				    "%s: no credentials of the peer: %s", client->name,
				    strerror(-ret));
	if (uid == geteuid() || uid == 0 || (opts->has_expected_uid && uid == opts->expected_uid))
		return 0;
	return connect_fail(error, VFIO_USER_CONNECT_PEER_UID, -EPERM,
			    "%s is served by uid %u, which is neither ours (%u) nor root",
			    client->name, (unsigned int)uid, (unsigned int)geteuid());
}

static int
connect_explain_version(struct vfio_user_client *client, const struct client_request *req, int ret,
			struct vfio_user_connect_error *error)
{
	if (req->is_remote_error)
		return connect_fail(error, VFIO_USER_CONNECT_REJECTED, ret,
				    "the server at %s refuses us: %s", client->name,
				    strerror(-ret));
	if (ret == -ETIMEDOUT)
		return connect_fail(error, VFIO_USER_CONNECT_SILENT, ret,
				    "%s does not answer: its server is stopped, serves another "
				    "client, or is no vfio-user server",
				    client->name);
	if (ret == -EPROTO || client->is_violated)
		return connect_fail(error, VFIO_USER_CONNECT_NOT_VFIO_USER, -EPROTO,
				    "%s answers, but is no vfio-user server", client->name);
	if (ret == -ECONNRESET || ret == -ENODEV)
		return connect_fail(error, VFIO_USER_CONNECT_CLOSED, -ECONNRESET,
				    "the server at %s hung up before it said its version",
				    client->name);
	return connect_fail(error, VFIO_USER_CONNECT_SYSTEM, ret,
			    "no greeting of the server at %s: %s", client->name, strerror(-ret));
}

static int
connect_check_version(struct vfio_user_client *client, const uint8_t *reply, size_t len,
		      const char *private_key, struct vfio_user_connect_error *error)
{
	struct vfio_user_version version;

	memcpy(&version, reply, sizeof(version));
	if (version.major != VFIO_USER_MAJOR || version.minor > VFIO_USER_MINOR)
		return connect_fail(error, VFIO_USER_CONNECT_VERSION, -EPROTONOSUPPORT,
				    "the server at %s speaks vfio-user %u.%u, this driver %u.%u",
				    client->name, version.major, version.minor, VFIO_USER_MAJOR,
				    VFIO_USER_MINOR);
	if (vfio_user_caps_parse((const char *)reply + sizeof(version), len - sizeof(version),
				 private_key, &client->caps) != 0)
		return connect_fail(error, VFIO_USER_CONNECT_NOT_VFIO_USER, -EPROTO,
				    "%s answers VERSION with bad capabilities", client->name);
	client->is_negotiated = true;
	return 0;
}

static int
connect_version(struct vfio_user_client *client, const struct vfio_user_client_opts *opts,
		struct vfio_user_connect_error *error)
{
	const struct vfio_user_version version = { VFIO_USER_MAJOR, VFIO_USER_MINOR };
	const struct vfio_user_caps ours = {
		.max_msg_fds = VFIO_USER_MAX_MSG_FDS,
		.max_data_xfer = VFIO_USER_CLIENT_MAX_XFER,
		.max_dma_maps = VFIO_USER_MAX_DMA_MAPS,
		.pgsizes = VFIO_USER_PAGE_SIZE,
		.is_write_multiple = true,
		.private_json = (char *)(uintptr_t)(opts->private_json != NULL ?
							    opts->private_json :
							    "{}"),
	};
	uint8_t reply[sizeof(version) + VFIO_USER_MAX_JSON];
	char text[VFIO_USER_MAX_JSON];
	struct client_request req = {
		.command = VFIO_USER_VERSION,
		.body = { { &version, sizeof(version) }, { text, 0 } },
		.reply = reply,
		.reply_min = sizeof(version),
		.reply_size = sizeof(reply),
	};
	ssize_t len = vfio_user_caps_format(&ours, opts->private_key, text, sizeof(text));
	int ret;

	if (len < 0)
		return connect_fail(error, VFIO_USER_CONNECT_BAD_ARGUMENT, -EINVAL,
				    "private capabilities too long");
	req.body[1].len = (size_t)len;
	ret = client_request(client, &req);
	if (ret != 0)
		return connect_explain_version(client, &req, ret, error);
	return connect_check_version(client, reply, req.reply_len, opts->private_key, error);
}

static struct vfio_user_client *
connect_alloc(int fd, const char *name, const struct vfio_user_client_opts *opts)
{
	struct vfio_user_client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return NULL;
	client->body = malloc(CLIENT_MAX_MESSAGE);
	client->tx = malloc(CLIENT_MAX_MESSAGE);
	if (client->body == NULL || client->tx == NULL) {
		free(client->body);
		free(client->tx);
		free(client);
		return NULL;
	}
	client->fd = fd;
	snprintf(client->name, sizeof(client->name), "%s", name);
	client->log = opts->log;
	pthread_mutex_init(&client->request_lock, NULL);
	pthread_mutex_init(&client->tx_lock, NULL);
	return client;
}

static int
connect_check_opts(const struct vfio_user_client_opts *opts, struct vfio_user_connect_error *error)
{
	if (opts->private_key != NULL &&
	    (!vfio_user_caps_is_key(opts->private_key) ||
	     (opts->private_json != NULL && !vfio_user_caps_is_object(opts->private_json))))
		return connect_fail(error, VFIO_USER_CONNECT_BAD_ARGUMENT, -EINVAL,
				    "private key or its JSON object is malformed");
	return 0;
}

/* fd belongs to this function from here on. */
static int
connect_over(int fd, const char *name, const struct vfio_user_client_opts *opts,
	     struct vfio_user_connect_error *error, struct vfio_user_client **out)
{
	uint32_t timeout_ms = opts->timeout_ms != 0 ? opts->timeout_ms : DEFAULT_TIMEOUT_MS;
	struct vfio_user_client *client = connect_alloc(fd, name, opts);
	int ret;

	if (client == NULL) {
		close(fd);
		return connect_fail(error, VFIO_USER_CONNECT_SYSTEM, -ENOMEM, "no memory");
	}
	atomic_store(&client->timeout_ms,
		     opts->connect_timeout_ms != 0 ? opts->connect_timeout_ms : timeout_ms);
	ret = connect_check_peer(client, opts, error);
	if (ret == 0)
		ret = connect_version(client, opts, error);
	if (ret != 0) {
		vfio_user_client_disconnect(client);
		return ret;
	}
	atomic_store(&client->timeout_ms, timeout_ms);
	connect_fail(error, VFIO_USER_CONNECT_OK, 0, "%s", "");
	*out = client;
	return 0;
}

int
vfio_user_client_connect(const char *path, const struct vfio_user_client_opts *opts,
			 struct vfio_user_connect_error *error, struct vfio_user_client **out)
{
	const struct vfio_user_client_opts defaults = { .timeout_ms = 0 };
	uint32_t timeout_ms;
	int fd, ret;

	*out = NULL;
	if (opts == NULL)
		opts = &defaults;
	ret = connect_check_opts(opts, error);
	if (ret != 0)
		return ret;
	timeout_ms = opts->connect_timeout_ms != 0 ? opts->connect_timeout_ms : opts->timeout_ms;
	fd = connect_socket(path, timeout_ms != 0 ? timeout_ms : DEFAULT_TIMEOUT_MS, error);
	if (fd < 0)
		return fd;
	return connect_over(fd, path, opts, error, out);
}

int
vfio_user_client_connect_fd(int fd, const struct vfio_user_client_opts *opts,
			    struct vfio_user_connect_error *error, struct vfio_user_client **out)
{
	const struct vfio_user_client_opts defaults = { .timeout_ms = 0 };
	char name[32];
	int ret;

	*out = NULL;
	if (opts == NULL)
		opts = &defaults;
	snprintf(name, sizeof(name), "descriptor %d", fd);
	ret = connect_check_opts(opts, error);
	if (ret != 0) {
		close(fd);
		return ret;
	}
	return connect_over(fd, name, opts, error, out);
}

void
vfio_user_client_disconnect(struct vfio_user_client *client)
{
	if (client == NULL)
		return;
	vfio_user_fds_close(&client->fds);
	close(client->fd);
	pthread_mutex_destroy(&client->tx_lock);
	pthread_mutex_destroy(&client->request_lock);
	free(client->caps.private_json);
	free(client->tx);
	free(client->body);
	free(client);
}
