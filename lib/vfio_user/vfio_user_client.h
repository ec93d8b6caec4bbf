/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_CLIENT_H
#define VFIO_USER_CLIENT_H

/**
 * @file
 * A vfio-user client, for a driver in a process of its own (vfio-user.md 19).
 *
 * Request and reply happen in the calling thread, under a lock of the client: any thread may call
 * any function at any time, except vfio_user_client_disconnect(), which must be the last.
 *
 * Results that all requests share:
 *  - -ETIMEDOUT   the peer lives but was silent for timeout_ms (stopped, overloaded). The request
 *                 was not withdrawn: the peer may still carry it out. The stream stays in step, the
 *                 late reply is recognised and dropped, and the client is usable again once the
 *                 peer is. Memory of a dma_unmap that timed out still belongs to the peer.
 *  - -ECONNRESET  the peer died during this request, or broke the protocol: the client is dead.
 *  - -ENODEV      the client was dead before; returned at once.
 *  - -EPROTO      the peer's reply makes no sense but the stream is intact.
 *  - others       -errno from the peer's error reply, or -EINVAL for bad arguments.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "vfio_user_log.h"
#include "vfio_user_proto.h"

#ifdef __cplusplus
extern "C" {
#endif

struct vfio_user_client;

/** Largest region_read/region_write, in bytes. */
#define VFIO_USER_CLIENT_MAX_XFER 65536u
/** Sparse areas of one region that are kept. */
#define VFIO_USER_CLIENT_MAX_AREAS 16u

/** Why a connect failed. */
enum vfio_user_connect_reason {
	VFIO_USER_CONNECT_OK = 0,
	VFIO_USER_CONNECT_BAD_ARGUMENT, /**< -EINVAL */
	VFIO_USER_CONNECT_PATH_TOO_LONG, /**< -ENAMETOOLONG: does not fit a socket address */
	VFIO_USER_CONNECT_NO_FILE,      /**< -ENOENT: nothing at that path */
	VFIO_USER_CONNECT_NOT_SOCKET,   /**< -ENOTSOCK: something else at that path */
	VFIO_USER_CONNECT_PERMISSION,   /**< -EACCES: socket or directory closed to us */
	VFIO_USER_CONNECT_REFUSED,      /**< -ECONNREFUSED: a socket, but nobody listens */
	VFIO_USER_CONNECT_BUSY,         /**< -EAGAIN: listens, but its queue stayed full */
	VFIO_USER_CONNECT_PEER_UID,     /**< -EPERM: peer is none of us, root, expected_uid */
	VFIO_USER_CONNECT_SILENT,       /**< -ETIMEDOUT: connected, but no VERSION reply in
					 * time: the server is stopped, serves another
					 * client, or is none */
	VFIO_USER_CONNECT_CLOSED,       /**< -ECONNRESET: closed before the VERSION reply */
	VFIO_USER_CONNECT_NOT_VFIO_USER, /**< -EPROTO: what came is no VERSION reply */
	VFIO_USER_CONNECT_VERSION,      /**< -EPROTONOSUPPORT: speaks another version */
	VFIO_USER_CONNECT_REJECTED,     /**< -errno of the server's error reply to VERSION */
	VFIO_USER_CONNECT_SYSTEM,       /**< -errno: no memory, no descriptors, ... */
};

/** Why a connect failed, for programs and for people. */
struct vfio_user_connect_error {
	enum vfio_user_connect_reason reason;
	char text[256]; /**< one line without newline, says what to try */
};

/** How to connect. Zeroes are defaults. Everything is copied. */
struct vfio_user_client_opts {
	uint32_t timeout_ms;         /**< per request; default 5000 */
	uint32_t connect_timeout_ms; /**< for connect and VERSION together; default timeout_ms */
	const char *private_key;     /**< VERSION key to announce, "x-hisi-accel"; NULL = none */
	const char *private_json;    /**< its value, a JSON object as text; NULL = "{}" */
	bool has_expected_uid;       /**< accept expected_uid besides our own uid and root */
	uid_t expected_uid;
	struct vfio_user_log log;
};

/** A region as the server described it, checked. */
struct vfio_user_client_region {
	uint32_t index;
	uint32_t flags;   /**< VFIO_USER_REGION_FLAG_* */
	uint64_t size;    /**< bytes */
	uint64_t offset;  /**< bytes, base of the region in fd */
	int fd;           /**< -1, or a descriptor owned by the caller from now on */
	bool has_type;
	uint32_t type;    /**< with has_type: type capability */
	uint32_t subtype;
	uint32_t nb_areas; /**< 0 with FLAG_MMAP: the whole region can be mapped */
	/** Page aligned, within size. */
	struct vfio_user_sparse_area areas[VFIO_USER_CLIENT_MAX_AREAS];
};

/**
 * Connect and agree on a version.
 *
 * @param path   socket of the server.
 * @param opts   NULL = defaults.
 * @param error  receives reason and text; may be NULL.
 * @param out    receives the client, owned by the caller; NULL on failure.
 * @return       0 or the -errno named at enum vfio_user_connect_reason.
 */
int
vfio_user_client_connect(const char *path, const struct vfio_user_client_opts *opts,
			 struct vfio_user_connect_error *error, struct vfio_user_client **out);

/** The same over a connected socket, which becomes the client's, also on failure (tests, --fd=). */
int
vfio_user_client_connect_fd(int fd, const struct vfio_user_client_opts *opts,
			    struct vfio_user_connect_error *error, struct vfio_user_client **out);

/** Close and free. NULL allowed. The server takes all maps and eventfds down by itself. */
void
vfio_user_client_disconnect(struct vfio_user_client *client);

/**
 * JSON text of the server's value of our private key, NULL when it did not answer with it.
 * Valid until disconnect.
 */
const char *
vfio_user_client_private_json(const struct vfio_user_client *client);

/** The server's max_dma_maps, VFIO_USER_MAX_DMA_MAPS when it did not say. */
uint32_t
vfio_user_client_max_dma_maps(const struct vfio_user_client *client);

/** The server's pid by SO_PEERCRED, 0 when unknown. */
pid_t
vfio_user_client_peer_pid(const struct vfio_user_client *client);

/** Change the timeout of later requests, in ms; 0 = default. */
void
vfio_user_client_set_timeout(struct vfio_user_client *client, uint32_t timeout_ms);

/** DEVICE_GET_INFO (vfio-user.md 5.1). */
int
vfio_user_client_get_info(struct vfio_user_client *client, struct vfio_user_device_info *info);

/**
 * DEVICE_GET_REGION_INFO with its capabilities (vfio-user.md 5.2).
 *
 * @return  0, and region->fd is the caller's to close; else region->fd is -1. -EPROTO: bad chain,
 *          areas outside the region, descriptor missing or too many.
 */
int
vfio_user_client_get_region_info(struct vfio_user_client *client, uint32_t index,
				 struct vfio_user_client_region *region);

/**
 * Map a whole mappable region, after checking that the file is long enough and cannot shrink.
 *
 * @param region  from vfio_user_client_get_region_info(); its fd may be closed afterwards.
 * @param out     receives the mapping of region->size bytes; munmap() it.
 * @return        0; -EINVAL not mappable as a whole; -EPERM the file lacks F_SEAL_SHRINK: the
 *                server could kill us by truncating it; -EPROTO file shorter than the region;
 *                -errno.
 */
int
vfio_user_client_map_region(const struct vfio_user_client_region *region, void **out);

/** DEVICE_GET_IRQ_INFO (vfio-user.md 7.1). */
int
vfio_user_client_get_irq_info(struct vfio_user_client *client, uint32_t index,
			      struct vfio_user_irq_info *info);

/**
 * Assign eventfds to vectors [start, start + count), in as many messages as the server needs.
 *
 * @param fds  count descriptors, borrowed; NULL de-assigns.
 * @return     0 or the common results; after an error earlier chunks stay assigned.
 */
int
vfio_user_client_set_irqs(struct vfio_user_client *client, uint32_t index, uint32_t start,
			  uint32_t count, const int *fds);

/** Disable a whole interrupt index. */
int
vfio_user_client_disable_irqs(struct vfio_user_client *client, uint32_t index);

/** Let the server raise vectors [start, start + count) now (loopback test). */
int
vfio_user_client_trigger_irqs(struct vfio_user_client *client, uint32_t index, uint32_t start,
			      uint32_t count);

/**
 * Read from a region.
 *
 * @param buf    receives count bytes; after an error its contents are undefined.
 * @param count  1 to VFIO_USER_CLIENT_MAX_XFER bytes; 16 is legal for the mailbox.
 * @return       0 or the common results; -EIO the server returned fewer bytes.
 */
int
vfio_user_client_region_read(struct vfio_user_client *client, uint32_t region, uint64_t offset,
			     void *buf, uint32_t count);

/** Write to a region and wait until it is carried out. Arguments as for region_read. */
int
vfio_user_client_region_write(struct vfio_user_client *client, uint32_t region, uint64_t offset,
			      const void *buf, uint32_t count);

/**
 * Write to a region without waiting: neither for the peer nor for another thread's reply.
 *
 * Carried out before any later request of this client.
 *
 * @param count  1 to 16 bytes.
 * @return       0 handed to the socket; -EAGAIN the socket is full, nothing was sent; -ENODEV;
 *               -ECONNRESET; -EINVAL.
 */
int
vfio_user_client_region_write_posted(struct vfio_user_client *client, uint32_t region,
				     uint64_t offset, const void *buf, uint32_t count);

/**
 * DMA_MAP (vfio-user.md 4.1).
 *
 * @param fd      borrowed; -1 announces memory that cannot be reached.
 * @param offset  of the memory in fd.
 * @param prot    VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED.
 */
int
vfio_user_client_dma_map(struct vfio_user_client *client, int fd, uint64_t offset, uint64_t iova,
			 uint64_t size, uint32_t prot);

/** DMA_UNMAP (vfio-user.md 4.2). After 0 the server no longer touches the range. */
int
vfio_user_client_dma_unmap(struct vfio_user_client *client, uint64_t iova, uint64_t size);

/** DMA_UNMAP of everything. */
int
vfio_user_client_dma_unmap_all(struct vfio_user_client *client);

/** DEVICE_RESET. */
int
vfio_user_client_device_reset(struct vfio_user_client *client);

/** Is the client dead? A plain atomic load, for data paths. Once true it stays true. */
bool
vfio_user_client_is_dead(const struct vfio_user_client *client);

/**
 * Look at the socket without waiting: notes a hang-up, takes in late replies.
 *
 * @return  0 alive, no reply is owed; 1 alive, but replies to timed-out requests are still owed (or
 *          another thread has a request under way); -ENODEV dead.
 */
int
vfio_user_client_check_alive(struct vfio_user_client *client);

/** Requests that timed out and whose late reply has not come yet. */
uint32_t
vfio_user_client_nb_owed(const struct vfio_user_client *client);

/**
 * The socket, to be polled for POLLIN | POLLHUP when no request is outstanding; then call
 * vfio_user_client_check_alive(). Never read it, write it or close it.
 */
int
vfio_user_client_fd(const struct vfio_user_client *client);

#ifdef __cplusplus
}
#endif

#endif /* VFIO_USER_CLIENT_H */
