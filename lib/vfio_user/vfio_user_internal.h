/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_INTERNAL_H
#define VFIO_USER_INTERNAL_H

/* What client and server share and nobody else sees: sockets, descriptors, VERSION text, log. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include "vfio_user_log.h"
#include "vfio_user_proto.h"

/* Format and hand out a line "name: text". */
__attribute__((format(printf, 4, 5))) void
vfio_user_logf(const struct vfio_user_log *log, enum vfio_user_log_level level, const char *name,
	       const char *format, ...);

/* CLOCK_MONOTONIC in milliseconds. */
int64_t
vfio_user_now_ms(void);

/* Descriptors that came with a message, and are ours to close. */
struct vfio_user_fds {
	uint32_t nb;
	int fd[VFIO_USER_MAX_MSG_FDS];
};

/* Close all that are not -1, leave the set empty. */
void
vfio_user_fds_close(struct vfio_user_fds *fds);

/* Take the idx-th descriptor out of the set. */
int
vfio_user_fds_take(struct vfio_user_fds *fds, uint32_t idx);

/*
 * One recvmsg(2) that does not wait. Bytes received; 0 at the end of the stream; -EAGAIN;
 * -EPROTO when descriptors were cut off (all are closed then); other -errno.
 * fds must be empty before.
 */
ssize_t
vfio_user_socket_recv(int fd, void *buf, size_t len, struct vfio_user_fds *fds);

/* One sendmsg(2) that does not wait, with nb_fds borrowed descriptors. Bytes sent or -errno. */
ssize_t
vfio_user_socket_send(int fd, const struct iovec *iov, size_t nb_iov, const int *fds,
		      uint32_t nb_fds);

/* Fill a socket address. 0, -EINVAL for an empty path, -ENAMETOOLONG. */
int
vfio_user_socket_address(const char *path, struct sockaddr_un *address);

/* SO_PEERCRED. 0 or -errno. */
int
vfio_user_socket_peer(int fd, pid_t *pid, uid_t *uid);

/* What VERSION's JSON says (vfio-user.md 3). Absent keys keep the defaults. */
struct vfio_user_caps {
	uint32_t max_msg_fds;
	uint32_t max_data_xfer; /* bytes */
	uint32_t max_dma_maps;
	uint64_t pgsizes;
	bool is_write_multiple;
	char *private_json; /* value of the private key as text, or NULL; free() it */
};

/*
 * Parse the text behind struct vfio_user_version. len 0 is a peer without JSON: all defaults.
 * private_key may be NULL. 0 or -EINVAL, -ENOMEM; caps->private_json is NULL then.
 */
int
vfio_user_caps_parse(const char *text, size_t len, const char *private_key,
		     struct vfio_user_caps *caps);

/* Write the text with its NUL. private_key may be NULL. Bytes with NUL, or -ENOSPC. */
ssize_t
vfio_user_caps_format(const struct vfio_user_caps *caps, const char *private_key, char *buf,
		      size_t size);

/* Is this text one JSON object, fit to be the value of a private key? */
bool
vfio_user_caps_is_object(const char *text);

/* Is this a key that needs no quoting? */
bool
vfio_user_caps_is_key(const char *key);

#endif /* VFIO_USER_INTERNAL_H */
