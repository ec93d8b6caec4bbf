/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "vfio_user_server_internal.h"

/* Without descriptors or memory for a client: when to look at the queue again. */
#define ACCEPT_RETRY_MS 1000u

/* What an epoll event is about. */
enum server_source { SOURCE_LISTEN, SOURCE_CONNECTION, SOURCE_TIMER, SOURCE_NUM };

static int
server_epoll(struct vfio_user_server *srv, int op, int fd, enum server_source source,
	     uint32_t events)
{
	struct epoll_event event = { .events = events, .data.u32 = source };

	return epoll_ctl(srv->epoll_fd, op, fd, &event) == 0 ? 0 : -errno;
}

void
server_set_timer(struct vfio_user_server *srv, uint32_t timeout_ms)
{
	const struct itimerspec when = {
		.it_value = { .tv_sec = timeout_ms / 1000,
			      .tv_nsec = (long)(timeout_ms % 1000) * 1000000 },
	};

	timerfd_settime(srv->timer_fd, 0, &when, NULL);
}

void
server_wait_for_room(struct vfio_user_server *srv, bool is_blocked)
{
	struct server_connection *conn = &srv->conn;

	if (conn->is_tx_blocked == is_blocked)
		return;
	conn->is_tx_blocked = is_blocked;
	server_epoll(srv, EPOLL_CTL_MOD, conn->fd, SOURCE_CONNECTION,
		     is_blocked ? EPOLLOUT : EPOLLIN);
	server_set_timer(srv, is_blocked ? srv->send_timeout_ms : 0);
}

/* Stop or go on accepting clients. */
static void
server_wait_for_client(struct vfio_user_server *srv, bool is_waiting)
{
	server_epoll(srv, EPOLL_CTL_MOD, srv->listen_fd, SOURCE_LISTEN, is_waiting ? EPOLLIN : 0);
}

static void
server_connection_init(struct server_connection *conn)
{
	*conn = (struct server_connection){ .fd = -1, .private_fd = -1, .tx_fd = -1 };
}

static void
server_say_goodbye(struct vfio_user_server *srv)
{
	const struct server_connection *conn = &srv->conn;

	if (conn->broken != NULL) {
		srv->stats.nb_broken++;
		SERVER_LOG(srv, ERR, "client pid %d disconnected: %s", (int)conn->pid,
			   conn->broken);
	} else {
		SERVER_LOG(srv, INFO, "client pid %d is gone", (int)conn->pid);
	}
	if (!conn->is_negotiated)
		srv->stats.nb_refused++;
}

/* Life ends in this order: the device's use, interrupts, maps, memory (vfio-user.md 17.2). */
static void
server_close_connection(struct vfio_user_server *srv)
{
	struct server_connection *conn = &srv->conn;

	if (conn->fd < 0)
		return;
	server_say_goodbye(srv);
	if (conn->is_negotiated) {
		if (srv->ops->before_message != NULL)
			srv->ops->before_message(srv->opaque);
		if (srv->ops->client_gone != NULL)
			srv->ops->client_gone(srv->opaque);
	}
	server_irqs_clear(srv);
	vfio_user_dma_clear(srv->dma);
	if (conn->private_region != NULL)
		munmap(conn->private_region, srv->priv.region_size);
	if (conn->private_fd >= 0)
		close(conn->private_fd);
	vfio_user_fds_close(&conn->fds);
	close(conn->fd);
	free(conn->rx);
	free(conn->reply);
	server_connection_init(conn);
	server_set_timer(srv, 0);
	server_wait_for_client(srv, true);
}

static bool
server_is_welcome(const struct vfio_user_server *srv, uid_t uid)
{
	return uid == geteuid() || uid == 0 || (srv->has_extra_uid && uid == srv->extra_uid);
}

static int
server_adopt(struct vfio_user_server *srv, int fd)
{
	struct server_connection *conn = &srv->conn;
	int ret;

	ret = vfio_user_socket_peer(fd, &conn->pid, &conn->uid);
	if (ret != 0)
		return ret;
	if (!server_is_welcome(srv, conn->uid)) {
		SERVER_LOG(srv, ERR, "client pid %d of uid %u refused", (int)conn->pid,
			   (unsigned int)conn->uid);
		return -EPERM;
	}
	conn->reply_size = VFIO_USER_MAX_MESSAGE(srv->max_data_xfer);
	conn->reply = malloc(conn->reply_size);
	if (conn->reply == NULL)
		return -ENOMEM;
	ret = server_epoll(srv, EPOLL_CTL_ADD, fd, SOURCE_CONNECTION, EPOLLIN);
	if (ret != 0) {
		free(conn->reply);
		return ret;
	}
	conn->fd = fd;
	return 0;
}

static void
server_accept(struct vfio_user_server *srv)
{
	int fd = accept4(srv->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
			SERVER_LOG(srv, ERR, "cannot accept a client: %s", strerror(errno));
			server_wait_for_client(srv, false);
			server_set_timer(srv, ACCEPT_RETRY_MS);
		}
		return;
	}
	if (server_adopt(srv, fd) != 0) {
		srv->stats.nb_refused++;
		close(fd);
		server_connection_init(&srv->conn);
		return;
	}
	SERVER_LOG(srv, INFO, "client pid %d of uid %u", (int)srv->conn.pid,
		   (unsigned int)srv->conn.uid);
	server_wait_for_client(srv, false);
	server_set_timer(srv, srv->handshake_timeout_ms);
}

static void
server_on_timer(struct vfio_user_server *srv)
{
	struct server_connection *conn = &srv->conn;
	uint64_t nb;

	/* Nothing to read: it was set anew since. */
	if (read(srv->timer_fd, &nb, sizeof(nb)) != (ssize_t)sizeof(nb))
		return;
	if (conn->fd < 0)
		server_wait_for_client(srv, true);
	else if (conn->is_tx_blocked)
		conn->broken = "it does not read its replies";
	else if (!conn->is_negotiated)
		conn->broken = "no VERSION request in time";
}

static int
server_on_connection(struct vfio_user_server *srv)
{
	struct server_connection *conn = &srv->conn;

	if (conn->fd < 0)
		return 0;
	if (!conn->is_tx_blocked)
		return server_receive(srv);
	server_flush(srv);
	return conn->is_tx_blocked ? 0 : server_run_messages(srv);
}

int
vfio_user_server_process(struct vfio_user_server *srv)
{
	struct epoll_event events[SOURCE_NUM];
	struct server_connection *conn = &srv->conn;
	int i, nb_events, nb = 0;

	nb_events = epoll_wait(srv->epoll_fd, events, SOURCE_NUM, 0);
	if (nb_events < 0)
		return errno == EINTR ? 0 : -errno;
	for (i = 0; i < nb_events; i++) {
		if (events[i].data.u32 == SOURCE_CONNECTION)
			nb += server_on_connection(srv);
		else if (events[i].data.u32 == SOURCE_TIMER)
			server_on_timer(srv);
		else if (conn->fd < 0)
			server_accept(srv);
		if (conn->is_gone || conn->broken != NULL ||
		    (conn->is_last_reply && conn->tx_pos == conn->tx_len))
			server_close_connection(srv);
	}
	return nb;
}

void
vfio_user_server_disconnect(struct vfio_user_server *srv)
{
	server_close_connection(srv);
}

static void
server_free_irqs(struct vfio_user_server *srv)
{
	uint32_t i;

	for (i = 0; srv->irqs != NULL && i < srv->nb_irqs; i++)
		free(srv->irqs[i].vectors);
	free(srv->irqs);
}

void
vfio_user_server_destroy(struct vfio_user_server *srv)
{
	if (srv == NULL)
		return;
	server_close_connection(srv);
	server_unlisten(srv);
	if (srv->listen_fd >= 0)
		close(srv->listen_fd);
	if (srv->timer_fd >= 0)
		close(srv->timer_fd);
	if (srv->epoll_fd >= 0)
		close(srv->epoll_fd);
	vfio_user_dma_table_destroy(srv->dma);
	server_free_irqs(srv);
	pthread_mutex_destroy(&srv->irq_lock);
	free(srv->regions);
	free((char *)(uintptr_t)srv->priv.key);
	free((char *)(uintptr_t)srv->priv.json);
	free(srv->path);
	free(srv);
}

int
server_start(struct vfio_user_server *srv)
{
	int ret;

	srv->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	srv->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (srv->epoll_fd < 0 || srv->timer_fd < 0)
		return -errno;
	ret = server_epoll(srv, EPOLL_CTL_ADD, srv->timer_fd, SOURCE_TIMER, EPOLLIN);
	if (ret == 0)
		ret = server_epoll(srv, EPOLL_CTL_ADD, srv->listen_fd, SOURCE_LISTEN, EPOLLIN);
	return ret;
}
