/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_ENDPOINT_H
#define MODEL_ENDPOINT_H

/**
 * @file
 * A function at a socket: vfio-user server in front, model behind.
 *
 * The program polls model_endpoint_poll_fd() of all its endpoints in one thread, the control
 * thread, and calls model_endpoint_process() of the ready ones.
 */

#include <vfio_user_server.h>

struct model_endpoint;
struct model_function;

/**
 * Serve a function at a socket.
 *
 * @param path  of the socket: rules of vfio_user_server_create()
 * @param error receives the reason in words; may be NULL
 * @param out   receives the endpoint, owned by the caller; the function must outlive it
 * @return 0 or the errors of vfio_user_server_create()
 */
int
model_endpoint_create(struct model_function *fn, const char *path,
		      struct vfio_user_server_error *error, struct model_endpoint **out);

/** End the client's connection, remove the socket. NULL allowed. */
void
model_endpoint_destroy(struct model_endpoint *endpoint);

/** Descriptor to wait on for POLLIN. */
int
model_endpoint_poll_fd(const struct model_endpoint *endpoint);

/** Do what can be done without waiting. @return messages carried out, or -errno */
int
model_endpoint_process(struct model_endpoint *endpoint);

/** End the client's connection, if there is one; the socket listens on. */
void
model_endpoint_disconnect(struct model_endpoint *endpoint);

#endif /* MODEL_ENDPOINT_H */
