/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_PEER_H
#define VFIO_USER_PEER_H

/* A server that says whatever a test wants, right or wrong, in a thread of its own. */

#include <pthread.h>

#include "fixture.h"
#include "vfio_user_client.h"

struct test_peer;

/* Sees one request; answers on fd as it likes. false: the peer hangs up. */
typedef bool (*test_answer_fn)(struct test_peer *peer, const struct vfio_user_header *head,
			       const uint8_t *body);

struct test_peer {
	int fd;
	int client_fd; /* for vfio_user_client_connect_fd() */
	bool is_lying_early; /* VERSION goes to answer() too */
	test_answer_fn answer;
	void *opaque;
	pthread_t thread;
};

void
peer_start(struct test_peer *peer);

/* Wait for the thread's end and close. */
void
peer_stop(struct test_peer *peer);

/* peer_start() and a client connected to it. */
struct vfio_user_client *
peer_connect(struct test_peer *peer, uint32_t timeout_ms);

/* Answer with flags, size field and bytes as given; size 0 is the true one. */
void
peer_reply(struct test_peer *peer, const struct vfio_user_header *head, uint32_t size,
	   const void *body, size_t len, const int *fds, uint32_t nb_fds);

void
peer_reply_version(struct test_peer *peer, const struct vfio_user_header *head, uint16_t major,
		   uint16_t minor, const char *json, size_t len);

#endif /* VFIO_USER_PEER_H */
