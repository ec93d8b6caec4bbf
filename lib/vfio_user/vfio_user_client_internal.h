/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_CLIENT_INTERNAL_H
#define VFIO_USER_CLIENT_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vfio_user_client.h"
#include "vfio_user_internal.h"

/* Longest message either way, in bytes. */
#define CLIENT_MAX_MESSAGE VFIO_USER_MAX_MESSAGE(VFIO_USER_CLIENT_MAX_XFER)
/* Replies that may be owed before the server is given up. */
#define CLIENT_MAX_OWED 4096u

/*
 * request_lock: one request and its reply at a time; guards everything about receiving.
 * tx_lock: what is sent; inside request_lock. Held only while a send runs that does not wait, so
 * that a posted write never waits for another thread's reply.
 */
struct vfio_user_client {
	int fd;
	char name[sizeof(((struct sockaddr_un *)0)->sun_path) + 16];
	struct vfio_user_log log;
	pid_t peer_pid;
	atomic_bool is_dead;
	atomic_uint timeout_ms;
	bool is_negotiated;
	/* Why it died, for connect's error: the peer broke a rule, or just left. */
	bool is_violated;
	struct vfio_user_caps caps; /* the server's */

	pthread_mutex_t request_lock;
	/* Message being received: head while rx_len < 16, then body. */
	struct vfio_user_header head;
	size_t rx_len;
	uint8_t *body; /* CLIENT_MAX_MESSAGE - 16 bytes */
	struct vfio_user_fds fds;
	/* Ids whose request timed out: tells a late reply from a wrong one; none is used twice. */
	uint8_t owed[65536 / 8];
	atomic_uint nb_owed;

	pthread_mutex_t tx_lock;
	uint16_t next_id;
	/* Rest of a message that the socket took in part: tx[tx_pos, tx_len). */
	uint8_t *tx;
	size_t tx_pos;
	size_t tx_len;
};

/* One request, and the reply it wants. */
struct client_request {
	uint16_t command;
	struct {
		const void *data;
		size_t len;
	} body[2]; /* sent one after the other */
	const int *fds; /* borrowed */
	uint32_t nb_fds;
	/* Reply: bytes after its header; the first reply_size to reply, the others to data. */
	void *reply;
	size_t reply_min;
	size_t reply_size;
	void *data;
	size_t data_size;
	size_t reply_len;              /* out: of both */
	struct vfio_user_fds *reply_fds; /* out; NULL: none may come. The caller closes them */
	bool is_remote_error;          /* out: the result is the server's errno */
};

#define CLIENT_LOG(client, level, ...) \
	vfio_user_logf(&(client)->log, VFIO_USER_LOG_##level, (client)->name, __VA_ARGS__)

/* Send and wait for the reply. 0 or a result as listed at vfio_user_client.h. */
int
client_request(struct vfio_user_client *client, struct client_request *req);

/* Send a request that gets no reply, without waiting. */
int
client_post(struct vfio_user_client *client, const struct client_request *req);

/* Take in what has come, without waiting; with request_lock held. */
void
client_drain(struct vfio_user_client *client);

/* Send what is left of a message. 0, -EAGAIN, or -ECONNRESET; with tx_lock held. */
int
client_flush(struct vfio_user_client *client);

/* Mark the client dead. The descriptor stays until disconnect, for those who poll it. */
void
client_kill(struct vfio_user_client *client, bool is_violation, const char *why);

#endif /* VFIO_USER_CLIENT_INTERNAL_H */
