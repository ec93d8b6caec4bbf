/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "vfio_user_server_internal.h"

/* Start size of the receive buffer, in bytes; it grows to the longest message seen. */
#define RX_BUFFER_SIZE 65536u

static bool
rx_header(const struct server_connection *conn, size_t pos, struct vfio_user_header *head)
{
	if (conn->rx_len - pos < sizeof(*head))
		return false;
	memcpy(head, conn->rx + pos, sizeof(*head));
	return true;
}

static bool
rx_is_sane(const struct vfio_user_server *srv, const struct vfio_user_header *head)
{
	return head->size >= sizeof(*head) &&
	       head->size <= VFIO_USER_MAX_MESSAGE(srv->max_data_xfer);
}

/* Move what is left to the front and make room for the message under way. */
static int
rx_make_room(struct vfio_user_server *srv)
{
	struct server_connection *conn = &srv->conn;
	struct vfio_user_header head;
	size_t wanted = RX_BUFFER_SIZE;
	uint8_t *rx;

	if (conn->rx_pos != 0) {
		memmove(conn->rx, conn->rx + conn->rx_pos, conn->rx_len - conn->rx_pos);
		conn->rx_len -= conn->rx_pos;
		conn->fds_pos -= conn->rx_pos;
		conn->rx_pos = 0;
	}
	if (rx_header(conn, 0, &head) && head.size > wanted)
		wanted = head.size;
	if (conn->rx_size >= wanted)
		return 0;
	rx = realloc(conn->rx, wanted);
	if (rx == NULL)
		return -ENOMEM;
	conn->rx = rx;
	conn->rx_size = wanted;
	return 0;
}

/*
 * How much to read at once. Not beyond a message in pieces whose descriptors have come: the next
 * one's would come with its rest.
 */
static size_t
rx_room(const struct server_connection *conn)
{
	size_t room = conn->rx_size - conn->rx_len, want, have;
	struct vfio_user_header head;

	if (conn->fds.nb == 0)
		return room;
	have = conn->rx_len - conn->fds_pos;
	want = rx_header(conn, conn->fds_pos, &head) ? head.size : sizeof(head);
	return want > have && want - have < room ? want - have : room;
}

/*
 * Find the message that the descriptors of this recvmsg(2) belong to. The kernel ends a read behind
 * the write that carried descriptors (unix(7)), so that is the write received last; and descriptors
 * travel with the first bytes of a message (vfio-user.md 2.4), so they are the last message's that
 * starts here.
 */
static void
rx_assign_fds(struct vfio_user_server *srv, size_t old_len, struct vfio_user_fds *fds)
{
	struct server_connection *conn = &srv->conn;
	struct vfio_user_header head;
	size_t pos = conn->rx_pos;

	while (rx_header(conn, pos, &head) && rx_is_sane(srv, &head) &&
	       head.size < conn->rx_len - pos)
		pos += head.size;
	if (conn->fds.nb != 0 || (pos < old_len && old_len - pos >= sizeof(head))) {
		conn->broken = "descriptors that belong to no header";
		vfio_user_fds_close(fds);
		return;
	}
	conn->fds = *fds;
	conn->fds_pos = pos;
}

/* Carry out the message at rx_pos if it is complete. */
static bool
rx_run_message(struct vfio_user_server *srv)
{
	struct server_connection *conn = &srv->conn;
	struct vfio_user_fds fds = { .nb = 0 };
	struct vfio_user_header head;
	const uint8_t *body;

	if (!rx_header(conn, conn->rx_pos, &head))
		return false;
	if (!rx_is_sane(srv, &head)) {
		conn->broken = "impossible message size";
		return false;
	}
	if (conn->rx_len - conn->rx_pos < head.size)
		return false;
	if (conn->fds.nb != 0 && conn->fds_pos == conn->rx_pos) {
		fds = conn->fds;
		conn->fds.nb = 0;
	}
	body = conn->rx + conn->rx_pos + sizeof(head);
	conn->rx_pos += head.size;
	server_handle(srv, &head, body, &fds);
	vfio_user_fds_close(&fds); /* whatever the handler did not keep */
	return true;
}

int
server_run_messages(struct vfio_user_server *srv)
{
	struct server_connection *conn = &srv->conn;
	int nb = 0;

	while (!conn->is_gone && conn->broken == NULL && !conn->is_last_reply &&
	       conn->tx_pos == conn->tx_len && rx_run_message(srv))
		nb++;
	return nb;
}

int
server_receive(struct vfio_user_server *srv)
{
	struct server_connection *conn = &srv->conn;
	struct vfio_user_fds fds = { .nb = 0 };
	size_t old_len;
	ssize_t nb;

	if (rx_make_room(srv) != 0) {
		conn->broken = "no memory for its message";
		return 0;
	}
	old_len = conn->rx_len;
	nb = vfio_user_socket_recv(conn->fd, conn->rx + old_len, rx_room(conn), &fds);
	if (nb == -EAGAIN)
		return 0;
	if (nb == -EPROTO)
		conn->broken = "more descriptors in one message than announced";
	if (nb <= 0) {
		conn->is_gone = true;
		return 0;
	}
	srv->stats.nb_receives++;
	conn->rx_len += (size_t)nb;
	if (fds.nb != 0)
		rx_assign_fds(srv, old_len, &fds);
	return server_run_messages(srv);
}

/* One write for header and body (vfio-user.md 2.4); the rest of a long reply when there is room. */
void
server_flush(struct vfio_user_server *srv)
{
	struct server_connection *conn = &srv->conn;
	struct iovec iov;
	ssize_t nb;

	while (conn->tx_pos < conn->tx_len) {
		iov.iov_base = conn->reply + conn->tx_pos;
		iov.iov_len = conn->tx_len - conn->tx_pos;
		nb = vfio_user_socket_send(conn->fd, &iov, 1, &conn->tx_fd,
					   conn->tx_pos == 0 && conn->tx_fd >= 0);
		if (nb == -EAGAIN && !conn->is_negotiated) {
			/* Its handshake has the timer, and so many errors are nobody's greeting. */
			conn->broken = "it neither sends VERSION nor reads its replies";
			return;
		}
		if (nb == -EAGAIN) {
			server_wait_for_room(srv, true);
			return;
		}
		if (nb < 0) {
			conn->is_gone = true;
			return;
		}
		conn->tx_pos += (size_t)nb;
	}
	server_wait_for_room(srv, false);
}
