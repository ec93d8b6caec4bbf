/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_SERVER_INTERNAL_H
#define VFIO_USER_SERVER_INTERNAL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vfio_user_internal.h"
#include "vfio_user_server.h"

/* One interrupt vector. Guarded by the server's irq_lock. */
struct server_vector {
	int fd; /* eventfd, -1 without */
	bool is_masked;
	bool is_pending; /* triggered while masked */
};

struct server_irq {
	uint32_t count;
	uint32_t flags;
	struct server_vector *vectors;
};

/* The client of the moment. */
struct server_connection {
	int fd;               /* -1 without a client */
	bool is_negotiated;   /* VERSION agreed, client_connected called */
	bool is_last_reply;   /* close once the reply is out */
	bool is_gone;         /* end of file or a dead socket: close at once */
	const char *broken;   /* rule the client broke: close at once; NULL if all is well */
	pid_t pid;
	uid_t uid;
	bool is_private;
	uint32_t nb_complaints; /* warnings logged about its requests */
	uint32_t nb_refused_maps;     /* lines about these */
	uint32_t nb_unreachable_maps; /* and about those without descriptor */
	int private_fd;       /* memfd of the private region, -1 without */
	void *private_region; /* NULL without */
	/* Received and not yet carried out: rx[rx_pos, rx_len). */
	uint8_t *rx;
	size_t rx_size;
	size_t rx_pos;
	size_t rx_len;
	struct vfio_user_fds fds; /* of the message that starts at rx[fds_pos] */
	size_t fds_pos;
	/* Reply not yet sent: reply[tx_pos, tx_len). No message is handled meanwhile. */
	uint8_t *reply;
	size_t reply_size;
	size_t tx_pos;
	size_t tx_len;
	int tx_fd; /* goes with the first byte of the reply; borrowed, -1 without */
	bool is_tx_blocked; /* epoll waits for room instead of for requests */
};

struct vfio_user_server {
	const struct vfio_user_server_ops *ops;
	void *opaque;
	struct vfio_user_log log;
	const char *name; /* for log lines */
	struct vfio_user_server_region *regions;
	uint32_t nb_regions;
	struct server_irq *irqs;
	uint32_t nb_irqs;
	pthread_mutex_t irq_lock;
	struct vfio_user_server_private priv; /* key and json are copies */
	uint32_t max_data_xfer;
	uint32_t max_dma_maps;
	uint32_t send_timeout_ms;
	uint32_t handshake_timeout_ms;
	bool has_extra_uid;
	uid_t extra_uid;

	int epoll_fd;
	int listen_fd;
	int timer_fd;
	char *path; /* NULL when made from a descriptor */
	dev_t path_dev; /* identity of our socket, so that only it is unlinked */
	ino_t path_ino;
	bool is_path_bound;

	struct vfio_user_dma_table *dma;
	struct server_connection conn;
	struct vfio_user_server_stats stats;
};

/* One request while it is carried out. */
struct server_request {
	struct vfio_user_header head;
	const uint8_t *body; /* unaligned */
	size_t body_len;
	struct vfio_user_fds *fds;
	/* What the handler answers when it returns 0. */
	uint8_t *reply; /* 8-byte aligned, room for reply_room bytes */
	size_t reply_room;
	size_t reply_len;
	int reply_fd; /* borrowed, -1 without */
};

#define SERVER_LOG(srv, level, ...) \
	vfio_user_logf(&(srv)->log, VFIO_USER_LOG_##level, (srv)->name, __VA_ARGS__)

/* Handlers: 0 with the reply filled in, or -errno. The length of the fixed part is checked. */
int server_version(struct vfio_user_server *srv, struct server_request *req);
int server_get_info(struct vfio_user_server *srv, struct server_request *req);
int server_get_region_info(struct vfio_user_server *srv, struct server_request *req);
int server_get_irq_info(struct vfio_user_server *srv, struct server_request *req);
int server_set_irqs(struct vfio_user_server *srv, struct server_request *req);
int server_dma_map(struct vfio_user_server *srv, struct server_request *req);
int server_dma_unmap(struct vfio_user_server *srv, struct server_request *req);
int server_region_read(struct vfio_user_server *srv, struct server_request *req);
int server_region_write(struct vfio_user_server *srv, struct server_request *req);
int server_region_write_multi(struct vfio_user_server *srv, struct server_request *req);

/* Carry out one message and leave its reply in the connection. */
void
server_handle(struct vfio_user_server *srv, const struct vfio_user_header *head,
	      const uint8_t *body, struct vfio_user_fds *fds);

/* Regions and interrupts this client is shown. */
uint32_t
server_nb_regions(const struct vfio_user_server *srv);

/* Is this the per-connection region, and visible? */
bool
server_is_private_region(const struct vfio_user_server *srv, uint32_t index);

/* Size and flags of any index this client may name; false: no such index. */
bool
server_region(const struct vfio_user_server *srv, uint32_t index,
	      struct vfio_user_server_region *region);

/* Take down all eventfds and masks. */
void
server_irqs_clear(struct vfio_user_server *srv);

/* Make the listening socket. 0 or -errno with error filled in. */
int
server_listen(struct vfio_user_server *srv, struct vfio_user_server_error *error);

/* Make the descriptors that the program waits on. 0 or -errno. */
int
server_start(struct vfio_user_server *srv);

/* Unlink the socket if it is still the one we made. */
void
server_unlisten(struct vfio_user_server *srv);

/* Format a reason; error may be NULL. */
__attribute__((format(printf, 2, 3))) void
server_error(struct vfio_user_server_error *error, const char *format, ...);

/* Receive once and carry out what is complete. Number of messages; sets conn.broken or is_gone. */
int
server_receive(struct vfio_user_server *srv);

/* Carry out what is complete in the receive buffer, as long as replies go out. */
int
server_run_messages(struct vfio_user_server *srv);

/* Send what is left of the reply; sets conn.is_gone. */
void
server_flush(struct vfio_user_server *srv);

/* Wait for room in the socket instead of for requests, or the other way round. */
void
server_wait_for_room(struct vfio_user_server *srv, bool is_blocked);

/* Arm the one timer of the server; 0 disarms. */
void
server_set_timer(struct vfio_user_server *srv, uint32_t timeout_ms);

#endif /* VFIO_USER_SERVER_INTERNAL_H */
