/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vfio_user_server_internal.h"

/*
 * A fresh file per connection (vfio-user.md 18.4): what one client left behind is not the next
 * one's to read. Sealed, so that neither side can make the other fault (vfio-user.md 17.3).
 */
static int
info_open_private(struct vfio_user_server *srv)
{
	struct server_connection *conn = &srv->conn;
	int fd, ret;
	void *base;

	fd = memfd_create("vfio-user-private", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)srv->priv.region_size) != 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
		goto fail;
	base = mmap(NULL, srv->priv.region_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED)
		goto fail;
	conn->private_fd = fd;
	conn->private_region = base;
	return 0;
fail:
	ret = -errno;
	close(fd);
	return ret;
}

static int
info_connect(struct vfio_user_server *srv, const struct vfio_user_caps *caps)
{
	struct server_connection *conn = &srv->conn;
	struct vfio_user_peer peer = {
		.pid = conn->pid,
		.uid = conn->uid,
		.is_private = caps->private_json != NULL,
		.private_json = caps->private_json,
	};
	int ret = 0;

	conn->is_private = peer.is_private;
	if (conn->is_private && srv->priv.region != 0) {
		ret = info_open_private(srv);
		if (ret != 0)
			return ret;
		peer.private_region = conn->private_region;
		peer.private_region_size = srv->priv.region_size;
	}
	if (srv->ops->client_connected != NULL)
		ret = srv->ops->client_connected(srv->opaque, &peer);
	if (ret == 0) {
		conn->is_negotiated = true;
		srv->stats.nb_clients++;
		server_set_timer(srv, 0);
	}
	return ret < 0 ? ret : 0;
}

/* Our side of vfio-user.md 3.1; the private key goes only to a peer that sent it. */
static int
info_reply_version(struct vfio_user_server *srv, struct server_request *req, bool is_private)
{
	const struct vfio_user_version version = { VFIO_USER_MAJOR, VFIO_USER_MINOR };
	const struct vfio_user_caps ours = {
		.max_msg_fds = VFIO_USER_MAX_MSG_FDS,
		.max_data_xfer = srv->max_data_xfer,
		.max_dma_maps = srv->max_dma_maps,
		.pgsizes = VFIO_USER_PAGE_SIZE,
		.is_write_multiple = true,
		.private_json = (char *)(uintptr_t)srv->priv.json,
	};
	ssize_t len;

	memcpy(req->reply, &version, sizeof(version));
	len = vfio_user_caps_format(&ours, is_private ? srv->priv.key : NULL,
				    (char *)req->reply + sizeof(version),
				    is_private ? VFIO_USER_MAX_JSON :
						 VFIO_USER_MAX_VERSION_REPLY -
							 sizeof(struct vfio_user_header) -
							 sizeof(version));
	if (len < 0)
		return (int)len;
	req->reply_len = sizeof(version) + (size_t)len;
	return 0;
}

int
server_version(struct vfio_user_server *srv, struct server_request *req)
{
	struct vfio_user_version version;
	struct vfio_user_caps caps;
	int ret;

	if (srv->conn.is_negotiated)
		return -EINVAL;
	memcpy(&version, req->body, sizeof(version));
	if (version.major != VFIO_USER_MAJOR) {
		SERVER_LOG(srv, ERR, "client speaks version %u.%u, this server %u.%u",
			   version.major, version.minor, VFIO_USER_MAJOR, VFIO_USER_MINOR);
		srv->conn.is_last_reply = true;
		return -EINVAL;
	}
	ret = vfio_user_caps_parse((const char *)req->body + sizeof(version),
				   req->body_len - sizeof(version), srv->priv.key, &caps);
	if (ret != 0)
		return ret;
	ret = info_reply_version(srv, req, caps.private_json != NULL);
	if (ret == 0)
		ret = info_connect(srv, &caps);
	if (ret != 0)
		srv->conn.is_last_reply = true;
	free(caps.private_json);
	return ret;
}

uint32_t
server_nb_regions(const struct vfio_user_server *srv)
{
	if (!srv->conn.is_private)
		return srv->nb_regions < VFIO_USER_REGION_PCI_NUM ? srv->nb_regions :
								    VFIO_USER_REGION_PCI_NUM;
	return srv->priv.region >= srv->nb_regions ? srv->priv.region + 1 : srv->nb_regions;
}

bool
server_is_private_region(const struct vfio_user_server *srv, uint32_t index)
{
	return srv->conn.private_region != NULL && index == srv->priv.region;
}

bool
server_region(const struct vfio_user_server *srv, uint32_t index,
	      struct vfio_user_server_region *region)
{
	if (index >= server_nb_regions(srv))
		return false;
	if (server_is_private_region(srv, index)) {
		*region = (struct vfio_user_server_region){
			.size = srv->priv.region_size,
			.flags = VFIO_USER_REGION_FLAG_READ | VFIO_USER_REGION_FLAG_WRITE |
				 VFIO_USER_REGION_FLAG_MMAP,
			.fd = srv->conn.private_fd,
		};
	} else if (index < srv->nb_regions) {
		*region = srv->regions[index];
	} else {
		*region = (struct vfio_user_server_region){ .fd = -1 }; /* a gap: absent */
	}
	return true;
}

int
server_get_info(struct vfio_user_server *srv, struct server_request *req)
{
	struct vfio_user_device_info info;

	memcpy(&info, req->body, sizeof(info));
	if (info.argsz < sizeof(info))
		return -EINVAL;
	info.argsz = sizeof(info);
	info.flags = VFIO_USER_DEVICE_PCI;
	if (srv->ops->reset != NULL)
		info.flags |= VFIO_USER_DEVICE_RESETTABLE;
	info.num_regions = server_nb_regions(srv);
	info.num_irqs = srv->nb_irqs;
	memcpy(req->reply, &info, sizeof(info));
	req->reply_len = sizeof(info);
	return 0;
}

int
server_get_region_info(struct vfio_user_server *srv, struct server_request *req)
{
	struct vfio_user_server_region region;
	struct vfio_user_region_info info;
	struct vfio_user_cap_type type = {
		.head = { .id = VFIO_USER_CAP_TYPE, .version = 1 },
		.type = srv->priv.region_type,
		.subtype = srv->priv.region_subtype,
	};
	bool has_caps;
	uint32_t full_size = sizeof(info);

	memcpy(&info, req->body, sizeof(info));
	if (info.argsz < sizeof(info) || !server_region(srv, info.index, &region))
		return -EINVAL;
	has_caps = server_is_private_region(srv, info.index);
	if (has_caps)
		full_size += sizeof(type);
	info.flags = region.flags;
	info.cap_offset = 0;
	info.size = region.size;
	info.offset = 0;
	req->reply_len = sizeof(info);
	/* A cut answer has neither CAPS nor descriptor: the client asks again (2.1). */
	if (info.argsz >= full_size) {
		if ((region.flags & VFIO_USER_REGION_FLAG_MMAP) != 0) {
			req->reply_fd = region.fd;
			info.offset = region.fd_offset;
		}
		if (has_caps) {
			info.flags |= VFIO_USER_REGION_FLAG_CAPS;
			info.cap_offset = sizeof(info);
			memcpy(req->reply + sizeof(info), &type, sizeof(type));
			req->reply_len += sizeof(type);
		}
	}
	info.argsz = full_size;
	memcpy(req->reply, &info, sizeof(info));
	return 0;
}
