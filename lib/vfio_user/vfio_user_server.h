/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_SERVER_H
#define VFIO_USER_SERVER_H

/**
 * @file
 * A vfio-user server: one object = one UNIX socket = one PCI device, one client at a time.
 *
 * The server has no thread. The program waits on vfio_user_server_poll_fd() of as many servers as
 * it has (poll, epoll: POLLIN) and calls vfio_user_server_process() of the ready ones. No call
 * waits for a client. All callbacks run inside vfio_user_server_process(), _disconnect() or
 * _destroy(), in the calling thread.
 *
 * Threads: all functions of one server from one thread at a time, except those marked "any thread".
 *
 * Implements vfio-user.md 2 to 10 and 17; fit for QEMU 11.1 (vfio-user.md 2.4, 11).
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "vfio_user_dma.h"
#include "vfio_user_log.h"
#include "vfio_user_proto.h"

#ifdef __cplusplus
extern "C" {
#endif

struct vfio_user_server;

/** Who connected. Valid during the callback, except private_region (until client_gone returns). */
struct vfio_user_peer {
	pid_t pid;               /**< by SO_PEERCRED */
	uid_t uid;               /**< by SO_PEERCRED */
	bool is_private;         /**< announced the private VERSION key */
	const char *private_json; /**< the value of that key as JSON text, NULL without */
	void *private_region;    /**< mapping of the connection's own memfd, zeroed; NULL without */
	uint64_t private_region_size; /**< bytes */
};

/** A change of the DMA map. */
struct vfio_user_dma_change {
	bool is_map;         /**< map, or else unmap */
	bool is_unmap_all;   /**< unmap: everything; iova and size are 0 */
	bool has_fd;         /**< map: came with a descriptor */
	uint32_t prot;       /**< map: VFIO_USER_DMA_*_ALLOWED */
	uint64_t iova;
	uint64_t size;       /**< bytes; for unmap any range, maps inside it go */
};

/**
 * What the device does. Functions left NULL are not called; region_access is required.
 * None may call vfio_user_server_process(), _disconnect() or _destroy().
 */
struct vfio_user_server_ops {
	/**
	 * Called before any message is carried out, VERSION included, and once more before
	 * client_gone: everything the client published in shared memory before it sent the message
	 * is visible now.
	 */
	void (*before_message)(void *opaque);

	/**
	 * Access to a region. Bounds, flags and counts have been checked.
	 *
	 * @param region  index < 9, or a private one given in the configuration by descriptor.
	 * @param buf     count bytes, 8-byte aligned: data to write, or to be filled.
	 * @param count   1 to max_data_xfer_size bytes; any value at any offset.
	 * @return        0 or -errno. A posted write's error is counted and logged only.
	 */
	int (*region_access)(void *opaque, uint32_t region, uint64_t offset, void *buf,
			     uint32_t count, bool is_write);

	/**
	 * The table is about to change: when this returns no thread uses vfio_user_server_dma() or
	 * any pointer it gave. The request has been found well-formed. Always followed by
	 * dma_resume.
	 */
	void (*dma_quiesce)(void *opaque, const struct vfio_user_dma_change *change);

	/** The table has changed, or not: result is 0 or more (maps removed), or -errno. */
	void (*dma_resume)(void *opaque, const struct vfio_user_dma_change *change, int result);

	/**
	 * The eventfds of an index changed; information only, the server keeps them.
	 * Vectors [start, start + count) are affected; flags are those of SET_IRQS.
	 */
	void (*irqs_changed)(void *opaque, uint32_t index, uint32_t start, uint32_t count,
			     uint32_t flags);

	/** DEVICE_RESET: device state to its defaults; maps and eventfds stay. 0 or -errno. */
	int (*reset)(void *opaque);

	/** A client has agreed on a version; 0, or -errno to refuse it (it gets that, then EOF). */
	int (*client_connected)(void *opaque, const struct vfio_user_peer *peer);

	/**
	 * The client is gone. When this returns no thread uses the table, pointers from it or the
	 * private region: they are unmapped next. Called once per successful client_connected.
	 */
	void (*client_gone)(void *opaque);
};

/** One region, index = position in the array. All zero = absent (vfio-user.md 5.2). */
struct vfio_user_server_region {
	uint64_t size;      /**< bytes; BARs: power of two or 0 */
	uint32_t flags;     /**< VFIO_USER_REGION_FLAG_READ | _WRITE; MMAP for index >= 9 only */
	int fd;             /**< with MMAP: file to hand out, borrowed for the life of the server */
	uint64_t fd_offset; /**< with MMAP: bytes, page aligned */
};

/** One interrupt index, index = position in the array. */
struct vfio_user_server_irq {
	uint32_t count; /**< vectors, 0 = absent; at most VFIO_USER_MAX_VECTORS */
	uint32_t flags; /**< VFIO_USER_IRQ_FLAG_* */
};

/** The private extension: what only our own client sees (vfio-user.md 3.3, 18.4). */
struct vfio_user_server_private {
	const char *key;   /**< VERSION key, "x-hisi-accel"; NULL = no extension */
	const char *json;  /**< our value of the key, a JSON object as text; NULL = "{}" */
	uint32_t region;   /**< index >= 9 and >= nb_regions of the private region; 0 = none */
	uint64_t region_size;   /**< bytes, multiple of the page size; one memfd per connection */
	uint32_t region_type;   /**< VFIO_USER_REGION_TYPE_PCI_VENDOR | vendor id */
	uint32_t region_subtype;
};

/** How to make a server. Zeroes are defaults, except where noted. All is copied but ops and fds. */
struct vfio_user_server_config {
	const char *path;  /**< socket to create; NULL with listen_fd */
	int listen_fd;     /**< without path: listening UNIX stream socket, the server's if all
			    * goes well */
	const struct vfio_user_server_ops *ops; /**< lives as long as the server */
	void *opaque;                           /**< for ops */
	const struct vfio_user_server_region *regions;
	uint32_t nb_regions; /**< 8 to VFIO_USER_MAX_REGIONS; QEMU wants 9 */
	const struct vfio_user_server_irq *irqs;
	uint32_t nb_irqs;     /**< 3 to VFIO_USER_MAX_IRQS; QEMU wants 5 */
	struct vfio_user_server_private priv;
	uint32_t max_data_xfer; /**< bytes, VFIO_USER_MIN_DATA_XFER to VFIO_USER_MAX_DATA_XFER */
	uint32_t max_dma_maps;  /**< at most VFIO_USER_MAX_DMA_MAPS */
	uint32_t send_timeout_ms;      /**< client does not read its reply: closed; default 2000 */
	uint32_t handshake_timeout_ms; /**< client does not send VERSION: closed; default 5000 */
	bool has_extra_uid;   /**< also let extra_uid connect, besides our own uid and root */
	uid_t extra_uid;
	struct vfio_user_log log;
};

/** Counters since creation. */
struct vfio_user_server_stats {
	uint64_t nb_clients;        /**< connections accepted and not refused */
	uint64_t nb_refused;        /**< connections refused: uid, VERSION, device */
	uint64_t nb_messages;       /**< requests carried out */
	uint64_t nb_errors;         /**< requests answered with an error */
	uint64_t nb_posted_errors;  /**< failed NO_REPLY requests, bad WRITE_MULTI entries */
	uint64_t nb_ignored;        /**< replies nobody asked for */
	uint64_t nb_broken;         /**< connections closed for breaking the protocol */
	uint64_t nb_receives;       /**< recvmsg() calls that gave data */
};

/** Why a server could not be made, in words. */
struct vfio_user_server_error {
	char text[256];
};

/**
 * Make a server, listening.
 *
 * The parent directory of path must belong to us with mode 0700, or must not exist: then it is
 * created so (one level). The socket has mode 0600. A socket at path that nobody listens on and
 * that belongs to us is replaced; nothing else is ever unlinked.
 *
 * @param error  receives the reason in words; may be NULL.
 * @param out    receives the server, owned by the caller.
 * @return       0; -EINVAL bad configuration; -ENAMETOOLONG path does not fit a socket address;
 *               -EADDRINUSE somebody listens at path; -EEXIST path is something other than a
 *               socket, or somebody else's; -EPERM parent directory not ours or open to others;
 *               -ENOMEM; -errno.
 */
int
vfio_user_server_create(const struct vfio_user_server_config *config,
			struct vfio_user_server_error *error, struct vfio_user_server **out);

/** Disconnect, unlink the socket if it is still ours, free. NULL allowed. */
void
vfio_user_server_destroy(struct vfio_user_server *srv);

/** Descriptor to wait on for POLLIN; valid and the same for the life of the server. */
int
vfio_user_server_poll_fd(const struct vfio_user_server *srv);

/**
 * Do what can be done without waiting: accept, receive once, carry out all complete messages, send.
 *
 * @return  number of messages carried out, 0 included. Trouble with a client ends the connection
 *          and is logged, it is no error of this function. -errno only if the server cannot go on.
 */
int
vfio_user_server_process(struct vfio_user_server *srv);

/** End the connection, if there is one (client_gone is called). The server goes on listening. */
void
vfio_user_server_disconnect(struct vfio_user_server *srv);

/** Is a client connected that has agreed on a version? */
bool
vfio_user_server_is_connected(const struct vfio_user_server *srv);

/**
 * The client's DMA map; the same pointer for the life of the server, empty without a client.
 * Any thread, under the exclusion described at dma_quiesce.
 */
const struct vfio_user_dma_table *
vfio_user_server_dma(const struct vfio_user_server *srv);

/**
 * Raise an interrupt. Any thread; never waits for the client.
 *
 * @param index   enum vfio_user_irq_index.
 * @param vector  below the count of the index.
 * @return        0 (also when masked: kept pending); -EINVAL no such vector; -ENOENT the client set
 *                no eventfd; -errno of write(2).
 */
int
vfio_user_server_irq_trigger(struct vfio_user_server *srv, uint32_t index, uint32_t vector);

/** Has the client set an eventfd for this vector? Any thread. */
bool
vfio_user_server_irq_is_set(struct vfio_user_server *srv, uint32_t index, uint32_t vector);

/** Path of the socket, NULL for a server made from a descriptor. */
const char *
vfio_user_server_path(const struct vfio_user_server *srv);

/** Counters. */
void
vfio_user_server_get_stats(const struct vfio_user_server *srv,
			   struct vfio_user_server_stats *stats);

#ifdef __cplusplus
}
#endif

#endif /* VFIO_USER_SERVER_H */
