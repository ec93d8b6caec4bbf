/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "vfio_user_client_internal.h"

/* The socket's two directions: one request at a time, late replies, death. */

void
client_kill(struct vfio_user_client *client, bool is_violation, const char *why)
{
	if (atomic_exchange(&client->is_dead, true))
		return;
	client->is_violated = is_violation;
	CLIENT_LOG(client, ERR, "connection lost: %s", why);
	shutdown(client->fd, SHUT_RDWR);
}

static bool
io_is_owed(const struct vfio_user_client *client, uint16_t id)
{
	return (client->owed[id / 8] & (1u << id % 8)) != 0;
}

static void
io_owe(struct vfio_user_client *client, uint16_t id)
{
	client->owed[id / 8] |= (uint8_t)(1u << id % 8);
	if (atomic_fetch_add(&client->nb_owed, 1) + 1 >= CLIENT_MAX_OWED)
		client_kill(client, false, "too many requests without answer");
}

static void
io_settle(struct vfio_user_client *client, uint16_t id)
{
	client->owed[id / 8] &= (uint8_t)~(1u << id % 8);
	atomic_fetch_sub(&client->nb_owed, 1);
}

/* An id that no late reply can carry, nor a wrong reply to a posted request (those have 0). */
static uint16_t
io_new_id(struct vfio_user_client *client)
{
	do {
		client->next_id++;
	} while (client->next_id == 0 || io_is_owed(client, client->next_id));
	return client->next_id;
}

static int
io_send_failed(struct vfio_user_client *client, ssize_t ret)
{
	if (ret == -EAGAIN)
		return -EAGAIN;
	/* The kernel's own refusals, of descriptors for instance, leave the stream as it was. */
	if (ret != -EPIPE && ret != -ECONNRESET && ret != -ENOTCONN)
		return (int)ret;
	client_kill(client, false, "the server is gone");
	return -ECONNRESET;
}

int
client_flush(struct vfio_user_client *client)
{
	struct iovec iov;
	ssize_t nb;

	while (client->tx_pos < client->tx_len) {
		iov.iov_base = client->tx + client->tx_pos;
		iov.iov_len = client->tx_len - client->tx_pos;
		nb = vfio_user_socket_send(client->fd, &iov, 1, NULL, 0);
		if (nb < 0)
			return io_send_failed(client, nb);
		client->tx_pos += (size_t)nb;
	}
	return 0;
}

/*
 * Try to send a whole message; what the socket does not take is kept and goes out before anything
 * else. 0 sent or kept; -EAGAIN nothing sent. With tx_lock held.
 */
static int
io_try_send(struct vfio_user_client *client, const struct vfio_user_header *head,
	    const struct client_request *req)
{
	struct iovec iov[] = {
		{ .iov_base = (void *)(uintptr_t)head, .iov_len = sizeof(*head) },
		{ .iov_base = (void *)(uintptr_t)req->body[0].data, .iov_len = req->body[0].len },
		{ .iov_base = (void *)(uintptr_t)req->body[1].data, .iov_len = req->body[1].len },
	};
	size_t i, skip, pos = 0;
	ssize_t nb;
	int ret;

	ret = client_flush(client);
	if (ret != 0)
		return ret;
	nb = vfio_user_socket_send(client->fd, iov, 3, req->fds, req->nb_fds);
	if (nb < 0)
		return io_send_failed(client, nb);
	skip = (size_t)nb;
	for (i = 0; i < 3 && skip < head->size; i++) {
		/* Behind what was sent, each part's rest follows the other. */
		size_t done = skip < iov[i].iov_len ? skip : iov[i].iov_len;

		skip -= done;
		if (done == iov[i].iov_len)
			continue; /* a part that is not there has no address either */
		memcpy(client->tx + pos, (uint8_t *)iov[i].iov_base + done, iov[i].iov_len - done);
		pos += iov[i].iov_len - done;
	}
	client->tx_pos = 0;
	client->tx_len = pos;
	return 0;
}

static void
io_make_header(const struct client_request *req, uint32_t flags, struct vfio_user_header *head)
{
	*head = (struct vfio_user_header){
		.command = req->command,
		.size = (uint32_t)(sizeof(*head) + req->body[0].len + req->body[1].len),
		.flags = flags,
	};
}

int
client_post(struct vfio_user_client *client, const struct client_request *req)
{
	struct vfio_user_header head;
	int ret;

	if (atomic_load(&client->is_dead))
		return -ENODEV;
	io_make_header(req, VFIO_USER_FLAG_TYPE_REQUEST | VFIO_USER_FLAG_NO_REPLY, &head);
	pthread_mutex_lock(&client->tx_lock);
	ret = io_try_send(client, &head, req);
	pthread_mutex_unlock(&client->tx_lock);
	return ret;
}

/* A server's own request: we offer nothing it could ask for, but it gets its answer. */
static void
io_refuse(struct vfio_user_client *client)
{
	const struct client_request none = { .command = client->head.command };
	struct vfio_user_header head;

	if (!client->is_negotiated) {
		client_kill(client, true, "a request before the VERSION reply");
		return;
	}
	if ((client->head.flags & VFIO_USER_FLAG_NO_REPLY) != 0)
		return;
	io_make_header(&none, VFIO_USER_FLAG_TYPE_REPLY | VFIO_USER_FLAG_ERROR, &head);
	head.id = client->head.id;
	head.error = ENOSYS;
	pthread_mutex_lock(&client->tx_lock);
	(void)io_try_send(client, &head, &none); /* no room: it does not read, then no answer */
	pthread_mutex_unlock(&client->tx_lock);
}

/* The stream ends here; so do descriptors of the message under way. */
static int
io_lose(struct vfio_user_client *client, bool is_violation, const char *why)
{
	vfio_user_fds_close(&client->fds);
	client_kill(client, is_violation, why);
	return -ECONNRESET;
}

/* Receive more of the message under way. 1 complete, -EAGAIN, or -ECONNRESET. */
static int
io_receive(struct vfio_user_client *client)
{
	const size_t head_size = sizeof(client->head);
	struct vfio_user_fds fds;
	uint8_t *to;
	size_t want;
	ssize_t nb;

	while (client->rx_len < head_size || client->rx_len < client->head.size) {
		if (client->rx_len < head_size) {
			to = (uint8_t *)&client->head + client->rx_len;
			want = head_size - client->rx_len;
		} else {
			to = client->body + (client->rx_len - head_size);
			want = client->head.size - client->rx_len;
		}
		fds.nb = 0;
		nb = vfio_user_socket_recv(client->fd, to, want, &fds);
		if (nb == -EAGAIN)
			return -EAGAIN;
		if (nb <= 0)
			return io_lose(client, nb == -EPROTO,
				       nb == 0 ? "end of file" : strerror((int)-nb));
		if (fds.nb != 0 && client->rx_len != 0) {
			vfio_user_fds_close(&fds);
			return io_lose(client, true, "descriptors inside a message");
		}
		if (fds.nb != 0)
			client->fds = fds;
		client->rx_len += (size_t)nb;
		if (client->rx_len == head_size && (client->head.size < head_size ||
						    client->head.size > CLIENT_MAX_MESSAGE))
			return io_lose(client, true, "impossible message size");
	}
	client->rx_len = 0;
	return 1;
}

/* Deal with a complete message that is not the reply waited for. */
static void
io_put_aside(struct vfio_user_client *client)
{
	const struct vfio_user_header *head = &client->head;

	vfio_user_fds_close(&client->fds);
	if ((head->flags & VFIO_USER_FLAG_TYPE_MASK) == VFIO_USER_FLAG_TYPE_REQUEST) {
		io_refuse(client);
	} else if (io_is_owed(client, head->id)) {
		io_settle(client, head->id);
		CLIENT_LOG(client, INFO, "late reply to %s dropped",
			   vfio_user_command_name(head->command));
	} else {
		CLIENT_LOG(client, WARNING, "reply to %s with unknown id %u dropped",
			   vfio_user_command_name(head->command), head->id);
	}
}

void
client_drain(struct vfio_user_client *client)
{
	/* Bounded, for a server that sends without end: the next call takes the rest. */
	unsigned int budget = CLIENT_MAX_OWED;

	while (budget-- != 0 && !atomic_load(&client->is_dead) && io_receive(client) == 1)
		io_put_aside(client);
}

/* Wait for events until the deadline. 0, or -ETIMEDOUT. */
static int
io_wait(struct vfio_user_client *client, short events, int64_t deadline_ms)
{
	struct pollfd pfd = { .fd = client->fd, .events = events };
	int64_t left = deadline_ms - vfio_user_now_ms();

	if (left <= 0)
		return -ETIMEDOUT;
	/* What woke us is seen by the next attempt. */
	(void)poll(&pfd, 1, left > INT32_MAX ? INT32_MAX : (int)left);
	return 0;
}

static int
io_send(struct vfio_user_client *client, const struct client_request *req, int64_t deadline_ms,
	uint16_t *id)
{
	struct vfio_user_header head;
	int ret;

	io_make_header(req, VFIO_USER_FLAG_TYPE_REQUEST, &head);
	for (;;) {
		pthread_mutex_lock(&client->tx_lock);
		head.id = io_new_id(client);
		ret = io_try_send(client, &head, req);
		pthread_mutex_unlock(&client->tx_lock);
		*id = head.id;
		if (ret != -EAGAIN)
			return ret;
		/* Its replies must not be what stops the server from reading. */
		client_drain(client);
		if (atomic_load(&client->is_dead))
			return -ECONNRESET;
		ret = io_wait(client, POLLOUT, deadline_ms);
		if (ret != 0)
			return ret;
	}
}

static int
io_await_reply(struct vfio_user_client *client, uint16_t id, int64_t deadline_ms)
{
	int ret;

	/* Wait first: a reply is seldom there at once, and a count of system calls that does not
	 * depend on who is faster makes two runs comparable.
	 */
	for (;;) {
		/* The rest of a long request may still have to go out. */
		pthread_mutex_lock(&client->tx_lock);
		ret = client_flush(client);
		pthread_mutex_unlock(&client->tx_lock);
		if (ret == 0 || ret == -EAGAIN)
			ret = io_wait(client, ret == 0 ? POLLIN : POLLIN | POLLOUT, deadline_ms);
		if (ret != 0)
			return ret;
		ret = io_receive(client);
		if (ret == 1) {
			if ((client->head.flags & VFIO_USER_FLAG_TYPE_MASK) ==
				    VFIO_USER_FLAG_TYPE_REPLY &&
			    client->head.id == id)
				return 0;
			io_put_aside(client);
		} else if (ret != -EAGAIN) {
			return ret;
		}
	}
}

/* The errno of an error reply, kept apart from those that have a meaning of their own here. */
static int
io_remote_error(uint32_t error)
{
	if (error == 0 || error > 4095)
		return -EIO;
	if (error == ETIMEDOUT || error == ECONNRESET || error == ENODEV || error == EPROTO)
		return -EREMOTEIO;
	return -(int)error;
}

static int
io_take_reply(struct vfio_user_client *client, struct client_request *req)
{
	const struct vfio_user_header *head = &client->head;
	size_t len = head->size - sizeof(*head);
	size_t first = len < req->reply_size ? len : req->reply_size;
	uint32_t max_fds = req->reply_fds != NULL ? 1 : 0;

	if (head->command != req->command)
		return -EPROTO;
	if ((head->flags & VFIO_USER_FLAG_ERROR) != 0) {
		req->is_remote_error = true;
		return io_remote_error(head->error);
	}
	if (len < req->reply_min || len > req->reply_size + req->data_size ||
	    client->fds.nb > max_fds)
		return -EPROTO;
	if (first != 0)
		memcpy(req->reply, client->body, first);
	if (len > first)
		memcpy(req->data, client->body + first, len - first);
	req->reply_len = len;
	if (req->reply_fds != NULL) {
		*req->reply_fds = client->fds;
		client->fds.nb = 0;
	}
	return 0;
}

static int
io_transact(struct vfio_user_client *client, struct client_request *req)
{
	int64_t deadline_ms = vfio_user_now_ms() + (int64_t)atomic_load(&client->timeout_ms);
	uint16_t id;
	int ret;

	client_drain(client);
	if (atomic_load(&client->is_dead))
		return -ENODEV;
	ret = io_send(client, req, deadline_ms, &id);
	if (ret != 0)
		return ret; /* nothing was sent */
	ret = io_await_reply(client, id, deadline_ms);
	if (ret == 0) {
		ret = io_take_reply(client, req);
		vfio_user_fds_close(&client->fds);
		if (ret == -EPROTO)
			CLIENT_LOG(client, ERR, "reply to %s makes no sense",
				   vfio_user_command_name(req->command));
		return ret;
	}
	if (ret == -ETIMEDOUT) {
		CLIENT_LOG(client, WARNING, "no reply to %s within %u ms",
			   vfio_user_command_name(req->command), atomic_load(&client->timeout_ms));
		io_owe(client, id);
	}
	return ret;
}

int
client_request(struct vfio_user_client *client, struct client_request *req)
{
	int ret;

	if (req->reply_fds != NULL)
		req->reply_fds->nb = 0;
	if (atomic_load(&client->is_dead))
		return -ENODEV;
	pthread_mutex_lock(&client->request_lock);
	ret = io_transact(client, req);
	pthread_mutex_unlock(&client->request_lock);
	return ret;
}
