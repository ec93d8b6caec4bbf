/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef FUZZ_FDS_H
#define FUZZ_FDS_H

/**
 * @file
 * Descriptors that a hostile peer may send along, and messages that carry them.
 */

#include <sys/types.h>

#include "fuzz.h"

/** Kinds of descriptors. Sizes of files are in fuzz_fds.c. */
enum fuzz_fd_kind {
	FUZZ_FD_EMPTY_FILE,
	FUZZ_FD_FILE,		/**< FUZZ_FILE_LEN bytes, may be truncated at any time */
	FUZZ_FD_LARGE_FILE,	/**< FUZZ_LARGE_FILE_LEN bytes */
	FUZZ_FD_ODD_FILE,	/**< no whole number of pages */
	FUZZ_FD_SEALED_FILE,	/**< FUZZ_FILE_LEN bytes, cannot shrink */
	FUZZ_FD_SEALED_SHORT,	/**< cannot shrink, one page */
	FUZZ_FD_SPARSE_FILE,	/**< 2 TiB, nothing in it */
	FUZZ_FD_READ_ONLY,	/**< FUZZ_FD_FILE, opened for reading */
	FUZZ_FD_PATH,		/**< FUZZ_FD_FILE, O_PATH: no use but naming it */
	FUZZ_FD_EVENT,
	FUZZ_FD_EVENT_FULL,	/**< an eventfd whose counter is full */
	FUZZ_FD_PIPE,
	FUZZ_FD_FOLDER,
	FUZZ_FD_KINDS,
};

#define FUZZ_FILE_LEN 65536u
#define FUZZ_LARGE_FILE_LEN (2u << 20)

/** Most descriptors of one message: more than anybody here accepts. */
#define FUZZ_MAX_FDS 24

/** Make one of each kind; they live as long as the program. */
void
fuzz_fds_open(void);

/** Give files that were cut their length again. */
void
fuzz_fds_restore(void);

/** The descriptor of a kind, any number is one. */
int
fuzz_fd(uint8_t kind);

/** Let FUZZ_FD_FILE or another file shrink to @p len bytes, as its owner may at any time. */
void
fuzz_fd_truncate(uint8_t kind, uint32_t len);

/** Read how many and which descriptors go with a message. @return how many */
uint32_t
fuzz_fds_choose(struct fuzz_input *in, int fds[FUZZ_MAX_FDS]);

/** One sendmsg(2) that does not wait. @return bytes, or -1 */
ssize_t
fuzz_send(int socket, const void *data, size_t len, const int *fds, uint32_t nb_fds);

/** One recvmsg(2) that does not wait; descriptors that come are closed. @return bytes, 0, -1 */
ssize_t
fuzz_recv(int socket, void *data, size_t len);

#endif /* FUZZ_FDS_H */
