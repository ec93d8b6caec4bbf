/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vfio_user_internal.h"

void
vfio_user_logf(const struct vfio_user_log *log, enum vfio_user_log_level level, const char *name,
	       const char *format, ...)
{
	char line[512];
	va_list args;
	int len;

	if (log->fn == NULL || level > log->max_level)
		return;
	len = snprintf(line, sizeof(line), "%s: ", name);
	if (len < 0 || (size_t)len >= sizeof(line))
		len = 0;
	va_start(args, format);
	vsnprintf(line + len, sizeof(line) - (size_t)len, format, args);
	va_end(args);
	log->fn(log->opaque, level, line);
}

int64_t
vfio_user_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
vfio_user_fds_close(struct vfio_user_fds *fds)
{
	uint32_t i;

	for (i = 0; i < fds->nb; i++) {
		if (fds->fd[i] >= 0)
			close(fds->fd[i]);
	}
	fds->nb = 0;
}

int
vfio_user_fds_take(struct vfio_user_fds *fds, uint32_t idx)
{
	int fd = fds->fd[idx];

	fds->fd[idx] = -1;
	return fd;
}

/*
 * Room for all that the kernel passes in one message (SCM_MAX_FD): too many are then counted here,
 * and MSG_CTRUNC is left for a process that has no descriptors free.
 */
#define RECV_MAX_FDS 253

/* Collect the descriptors of all control messages; what has no room is closed and told. */
static int
socket_take_fds(struct msghdr *msg, struct vfio_user_fds *fds)
{
	struct cmsghdr *cmsg;
	int fd, ret = 0;
	size_t i, nb;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg != NULL; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		nb = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < nb; i++) {
			memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int), sizeof(fd));
			if (fds->nb < VFIO_USER_MAX_MSG_FDS) {
				fds->fd[fds->nb++] = fd;
			} else {
				close(fd);
				ret = -EPROTO;
			}
		}
	}
	if ((msg->msg_flags & MSG_CTRUNC) != 0)
		ret = -EPROTO;
	if (ret != 0)
		vfio_user_fds_close(fds);
	return ret;
}

ssize_t
vfio_user_socket_recv(int fd, void *buf, size_t len, struct vfio_user_fds *fds)
{
	union {
		char buf[CMSG_SPACE(RECV_MAX_FDS * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { .iov_base = buf, .iov_len = len };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.buf,
		.msg_controllen = sizeof(control.buf),
	};
	ssize_t nb;
	int ret;

	do {
		nb = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	} while (nb < 0 && errno == EINTR);
	if (nb < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	ret = socket_take_fds(&msg, fds);
	return ret != 0 ? ret : nb;
}

ssize_t
vfio_user_socket_send(int fd, const struct iovec *iov, size_t nb_iov, const int *fds,
		      uint32_t nb_fds)
{
	union {
		char buf[CMSG_SPACE(VFIO_USER_MAX_MSG_FDS * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct msghdr msg = { .msg_iov = (struct iovec *)(uintptr_t)iov, .msg_iovlen = nb_iov };
	struct cmsghdr *cmsg;
	ssize_t nb;

	if (nb_fds > VFIO_USER_MAX_MSG_FDS)
		return -EINVAL;
	if (nb_fds != 0) {
		memset(&control, 0, sizeof(control));
		msg.msg_control = control.buf;
		msg.msg_controllen = CMSG_SPACE(nb_fds * sizeof(int));
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(nb_fds * sizeof(int));
		memcpy(CMSG_DATA(cmsg), fds, nb_fds * sizeof(int));
	}
	do {
		nb = sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (nb < 0 && errno == EINTR);
	if (nb < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	return nb;
}

int
vfio_user_socket_address(const char *path, struct sockaddr_un *address)
{
	size_t len = strlen(path);

	if (len == 0)
		return -EINVAL;
	if (len >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, path, len + 1);
	return 0;
}

int
vfio_user_socket_peer(int fd, pid_t *pid, uid_t *uid)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return -errno;
	if (len != sizeof(cred))
		return -EPROTO;
	*pid = cred.pid;
	*uid = cred.uid;
	return 0;
}
