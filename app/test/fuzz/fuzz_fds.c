/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "fuzz_fds.h"

#define SPARSE_FILE_LEN ((off_t)2 << 40)
#define PAGE 4096u

static int fd_of[FUZZ_FD_KINDS];

static const off_t file_len[FUZZ_FD_KINDS] = {
	[FUZZ_FD_FILE] = FUZZ_FILE_LEN,
	[FUZZ_FD_LARGE_FILE] = FUZZ_LARGE_FILE_LEN,
	[FUZZ_FD_ODD_FILE] = 3 * PAGE + 100,
	[FUZZ_FD_SEALED_FILE] = FUZZ_FILE_LEN,
	[FUZZ_FD_SEALED_SHORT] = PAGE,
	[FUZZ_FD_SPARSE_FILE] = SPARSE_FILE_LEN,
};
static bool is_cut[FUZZ_FD_KINDS];

static void
reopen(enum fuzz_fd_kind kind, int flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd_of[FUZZ_FD_FILE]);
	fd_of[kind] = open(path, flags | O_CLOEXEC);
}

void
fuzz_fds_open(void)
{
	int kind, pair[2];

	for (kind = FUZZ_FD_EMPTY_FILE; kind <= FUZZ_FD_SPARSE_FILE; kind++) {
		fd_of[kind] = memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		FUZZ_CHECK(ftruncate(fd_of[kind], file_len[kind]) == 0);
	}
	for (kind = FUZZ_FD_SEALED_FILE; kind <= FUZZ_FD_SEALED_SHORT; kind++)
		FUZZ_CHECK(fcntl(fd_of[kind], F_ADD_SEALS, F_SEAL_SHRINK) == 0);
	reopen(FUZZ_FD_READ_ONLY, O_RDONLY);
	reopen(FUZZ_FD_PATH, O_PATH);
	fd_of[FUZZ_FD_EVENT] = eventfd(0, EFD_CLOEXEC);
	fd_of[FUZZ_FD_EVENT_FULL] = eventfd(0, EFD_CLOEXEC);
	FUZZ_CHECK(eventfd_write(fd_of[FUZZ_FD_EVENT_FULL], UINT64_MAX - 1) == 0);
	FUZZ_CHECK(pipe2(pair, O_CLOEXEC) == 0);
	fd_of[FUZZ_FD_PIPE] = pair[1];
	fd_of[FUZZ_FD_FOLDER] = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (kind = 0; kind < FUZZ_FD_KINDS; kind++)
		FUZZ_CHECK(fd_of[kind] >= 0);
}

void
fuzz_fds_restore(void)
{
	int kind;

	for (kind = 0; kind < FUZZ_FD_KINDS; kind++) {
		if (is_cut[kind])
			FUZZ_CHECK(ftruncate(fd_of[kind], file_len[kind]) == 0);
		is_cut[kind] = false;
	}
}

int
fuzz_fd(uint8_t kind)
{
	return fd_of[kind % FUZZ_FD_KINDS];
}

void
fuzz_fd_truncate(uint8_t kind, uint32_t len)
{
	kind = (uint8_t)(FUZZ_FD_FILE + kind % 3); /* those that are files and not sealed */
	if (len < file_len[kind] && ftruncate(fd_of[kind], len) == 0)
		is_cut[kind] = true;
}

uint32_t
fuzz_fds_choose(struct fuzz_input *in, int fds[FUZZ_MAX_FDS])
{
	uint32_t i, nb = fuzz_u8(in);

	/* Mostly none or one: most verbs take no more. */
	nb = nb < 0xe0 ? nb % 3 : nb % (FUZZ_MAX_FDS + 1);
	for (i = 0; i < nb; i++)
		fds[i] = fuzz_fd(fuzz_u8(in));
	return nb;
}

ssize_t
fuzz_send(int socket, const void *data, size_t len, const int *fds, uint32_t nb_fds)
{
	union {
		char buf[CMSG_SPACE(FUZZ_MAX_FDS * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { (void *)(uintptr_t)data, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;

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
	return sendmsg(socket, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t
fuzz_recv(int socket, void *data, size_t len)
{
	union {
		char buf[CMSG_SPACE(FUZZ_MAX_FDS * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { data, len };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.buf,
		.msg_controllen = sizeof(control.buf),
	};
	ssize_t ret = recvmsg(socket, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *cmsg;
	size_t i, nb;
	int fd;

	if (ret < 0)
		return ret;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg != NULL; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		nb = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < nb; i++) {
			memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int), sizeof(fd));
			close(fd);
		}
	}
	return ret;
}
