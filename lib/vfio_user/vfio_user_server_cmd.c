/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <string.h>

#include "vfio_user_server_internal.h"

/* Failed requests of one client that are worth a line. */
#define MAX_COMPLAINTS 100u

/*
 * What each command must look like before its handler sees it (vfio-user.md 17.1). GET_REGION_INFO
 * as long as its argsz and a descriptor with DMA_UNMAP are what a client really sends (vfio-user.md
 * 20.2): neither is used. What is not listed is answered with EINVAL: IO_FDS and DEVICE_FEATURE,
 * which QEMU takes as "not supported" (vfio-user.md 6, 10), migration, and the server's own DMA_READ
 * and DMA_WRITE.
 */
struct server_command {
	int (*handle)(struct vfio_user_server *srv, struct server_request *req);
	uint32_t min_body; /* bytes after the header */
	bool is_variable;  /* more may follow; otherwise the body has just these bytes */
	uint32_t max_fds;
};

static int
server_reset(struct vfio_user_server *srv, struct server_request *req)
{
	int ret;

	(void)req;
	if (srv->ops->reset == NULL)
		return -ENOTSUP;
	ret = srv->ops->reset(srv->opaque);
	return ret < 0 ? ret : 0;
}

static const struct server_command commands[VFIO_USER_COMMAND_MAX] = {
	[VFIO_USER_VERSION] = { server_version, sizeof(struct vfio_user_version), true, 0 },
	[VFIO_USER_DMA_MAP] = { server_dma_map, sizeof(struct vfio_user_dma_map), false, 1 },
	[VFIO_USER_DMA_UNMAP] = { server_dma_unmap, sizeof(struct vfio_user_dma_unmap), true, 1 },
	[VFIO_USER_DEVICE_GET_INFO] = { server_get_info, sizeof(struct vfio_user_device_info),
					false, 0 },
	[VFIO_USER_DEVICE_GET_REGION_INFO] = { server_get_region_info,
					       sizeof(struct vfio_user_region_info), true, 0 },
	[VFIO_USER_DEVICE_GET_IRQ_INFO] = { server_get_irq_info, sizeof(struct vfio_user_irq_info),
					    false, 0 },
	[VFIO_USER_DEVICE_SET_IRQS] = { server_set_irqs, sizeof(struct vfio_user_irq_set), true,
					VFIO_USER_MAX_MSG_FDS },
	[VFIO_USER_REGION_READ] = { server_region_read, sizeof(struct vfio_user_region_access),
				    false, 0 },
	[VFIO_USER_REGION_WRITE] = { server_region_write, sizeof(struct vfio_user_region_access),
				     true, 0 },
	[VFIO_USER_DEVICE_RESET] = { server_reset, 0, false, 0 },
	[VFIO_USER_REGION_WRITE_MULTI] = { server_region_write_multi,
					   sizeof(struct vfio_user_write_multi), true, 0 },
};

static const struct server_command *
cmd_find(const struct vfio_user_server *srv, const struct server_request *req)
{
	const struct server_command *command;

	if (req->head.command >= VFIO_USER_COMMAND_MAX ||
	    commands[req->head.command].handle == NULL)
		return NULL;
	command = &commands[req->head.command];
	if (req->body_len < command->min_body ||
	    (!command->is_variable && req->body_len != command->min_body) ||
	    req->fds->nb > command->max_fds ||
	    (req->head.flags & ~(VFIO_USER_FLAG_TYPE_MASK | VFIO_USER_FLAG_NO_REPLY)) != 0)
		return NULL;
	if (!srv->conn.is_negotiated && req->head.command != VFIO_USER_VERSION)
		return NULL;
	return command;
}

/* Put the header in front of what the handler left, or the bare header of an error (2.2). */
static void
cmd_reply(struct vfio_user_server *srv, const struct server_request *req, int ret)
{
	struct server_connection *conn = &srv->conn;
	struct vfio_user_header head = {
		.id = req->head.id,
		.command = req->head.command,
		.size = sizeof(head),
		.flags = VFIO_USER_FLAG_TYPE_REPLY,
	};

	if (ret < 0) {
		head.flags |= VFIO_USER_FLAG_ERROR;
		head.error = (uint32_t)-ret;
	} else {
		head.size += (uint32_t)req->reply_len;
	}
	memcpy(conn->reply, &head, sizeof(head));
	conn->tx_pos = 0;
	conn->tx_len = head.size;
	conn->tx_fd = ret < 0 ? -1 : req->reply_fd;
	server_flush(srv);
}

/* A guest must not be able to fill a disk with our complaints about it. */
static void
cmd_complain(struct vfio_user_server *srv, const struct vfio_user_header *head, int ret)
{
	struct server_connection *conn = &srv->conn;

	if (conn->nb_complaints >= MAX_COMPLAINTS)
		return;
	conn->nb_complaints++;
	SERVER_LOG(srv, WARNING, "%s id %u failed: %s%s", vfio_user_command_name(head->command),
		   head->id, strerror(-ret),
		   conn->nb_complaints == MAX_COMPLAINTS ? "; no more of these are told" : "");
}

void
server_handle(struct vfio_user_server *srv, const struct vfio_user_header *head,
	      const uint8_t *body, struct vfio_user_fds *fds)
{
	struct server_request req = {
		.head = *head,
		.body = body,
		.body_len = head->size - sizeof(*head),
		.fds = fds,
		.reply = srv->conn.reply + sizeof(*head),
		.reply_room = srv->conn.reply_size - sizeof(*head),
		.reply_fd = -1,
	};
	const struct server_command *command;
	int ret = -EINVAL;

	if ((head->flags & VFIO_USER_FLAG_TYPE_MASK) == VFIO_USER_FLAG_TYPE_REPLY) {
		/* We ask nothing, so it answers nothing; answering could go on for ever. */
		srv->stats.nb_ignored++;
		return;
	}
	if (srv->ops->before_message != NULL)
		srv->ops->before_message(srv->opaque);
	srv->stats.nb_messages++;
	SERVER_LOG(srv, DEBUG, "%s id %u, %zu bytes, %u descriptors%s",
		   vfio_user_command_name(head->command), head->id, req.body_len, fds->nb,
		   (head->flags & VFIO_USER_FLAG_NO_REPLY) != 0 ? ", posted" : "");
	command = cmd_find(srv, &req);
	if (command != NULL && (head->flags & VFIO_USER_FLAG_TYPE_MASK) == 0)
		ret = command->handle(srv, &req);
	if (ret < 0)
		cmd_complain(srv, head, ret);
	if ((head->flags & VFIO_USER_FLAG_NO_REPLY) != 0) {
		srv->stats.nb_posted_errors += ret < 0;
		return;
	}
	srv->stats.nb_errors += ret < 0;
	cmd_reply(srv, &req, ret);
}
