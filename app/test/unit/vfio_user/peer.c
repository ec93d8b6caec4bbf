/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

static bool
peer_take(int fd, void *to, size_t len)
{
	/* Descriptors sent along are closed by the kernel: there is no room for them. */
	return len == 0 || recv(fd, to, len, MSG_WAITALL) == (ssize_t)len;
}

static void *
peer_run(void *arg)
{
	static const char json[] = "{\"capabilities\":{\"max_msg_fds\":8}}";
	struct test_peer *peer = arg;
	struct vfio_user_header head;
	uint8_t body[VFIO_USER_CLIENT_MAX_XFER + 64];
	bool is_going_on = true;

	while (is_going_on && peer_take(peer->fd, &head, sizeof(head)) &&
	       head.size - sizeof(head) <= sizeof(body) &&
	       peer_take(peer->fd, body, head.size - sizeof(head))) {
		if (head.command == VFIO_USER_VERSION && !peer->is_lying_early)
			peer_reply_version(peer, &head, 0, 0, json, sizeof(json));
		else
			is_going_on = peer->answer(peer, &head, body);
	}
	shutdown(peer->fd, SHUT_RDWR);
	return NULL;
}

void
peer_start(struct test_peer *peer)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	peer->fd = pair[0];
	peer->client_fd = pair[1];
	assert_int_equal(pthread_create(&peer->thread, NULL, peer_run, peer), 0);
}

void
peer_stop(struct test_peer *peer)
{
	shutdown(peer->fd, SHUT_RDWR);
	pthread_join(peer->thread, NULL);
	close(peer->fd);
}

struct vfio_user_client *
peer_connect(struct test_peer *peer, uint32_t timeout_ms)
{
	const struct vfio_user_client_opts opts = { .timeout_ms = timeout_ms,
						    .connect_timeout_ms = 5000 };
	struct vfio_user_connect_error error;
	struct vfio_user_client *client;

	peer_start(peer);
	if (vfio_user_client_connect_fd(peer->client_fd, &opts, &error, &client) != 0)
		fail_msg("%s", error.text);
	return client;
}

void
peer_reply(struct test_peer *peer, const struct vfio_user_header *head, uint32_t size,
	   const void *body, size_t len, const int *fds, uint32_t nb_fds)
{
	struct vfio_user_header reply = *head;
	uint8_t *message = malloc(sizeof(reply) + len);

	reply.flags = VFIO_USER_FLAG_TYPE_REPLY;
	reply.size = size != 0 ? size : (uint32_t)(sizeof(reply) + len);
	memcpy(message, &reply, sizeof(reply));
	if (len != 0)
		memcpy(message + sizeof(reply), body, len);
	test_send_raw(peer->fd, message, sizeof(reply) + len, fds, nb_fds);
	free(message);
}

void
peer_reply_version(struct test_peer *peer, const struct vfio_user_header *head, uint16_t major,
		   uint16_t minor, const char *json, size_t len)
{
	const struct vfio_user_version version = { major, minor };
	uint8_t body[8192];

	memcpy(body, &version, sizeof(version));
	if (len != 0)
		memcpy(body + sizeof(version), json, len);
	peer_reply(peer, head, 0, body, sizeof(version) + len, NULL, 0);
}
