/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "vfio_user_server_internal.h"

/* Maps of one client that cannot be reached and are worth a line, of each kind. */
#define MAX_MAP_LINES 100u
#define LAST_LINE "; no more of these are told"

/* One access after all checks of vfio-user.md 17.1. buf is 8-byte aligned. */
static int
region_access(struct vfio_user_server *srv, const struct vfio_user_region_access *access, void *buf,
	      bool is_write)
{
	struct vfio_user_server_region region;
	uint8_t *memory;
	int ret;

	if (!server_region(srv, access->region, &region) || access->count > srv->max_data_xfer ||
	    access->offset > region.size || access->count > region.size - access->offset ||
	    (region.flags & (is_write ? VFIO_USER_REGION_FLAG_WRITE :
					VFIO_USER_REGION_FLAG_READ)) == 0)
		return -EINVAL;
	if (access->count == 0)
		return 0;
	if (server_is_private_region(srv, access->region)) {
		memory = (uint8_t *)srv->conn.private_region + access->offset;
		memcpy(is_write ? memory : buf, is_write ? buf : memory, access->count);
		return 0;
	}
	ret = srv->ops->region_access(srv->opaque, access->region, access->offset, buf,
				      access->count, is_write);
	return ret < 0 ? ret : 0;
}

int
server_region_read(struct vfio_user_server *srv, struct server_request *req)
{
	struct vfio_user_region_access access;
	uint8_t *data = req->reply + sizeof(access);
	int ret;

	memcpy(&access, req->body, sizeof(access));
	if (access.count > req->reply_room - sizeof(access))
		return -EINVAL;
	/* The buffer held other replies: what the device leaves out must not be theirs. */
	memset(data, 0, access.count);
	ret = region_access(srv, &access, data, false);
	if (ret != 0)
		return ret;
	memcpy(req->reply, &access, sizeof(access));
	req->reply_len = sizeof(access) + access.count;
	return 0;
}

int
server_region_write(struct vfio_user_server *srv, struct server_request *req)
{
	struct vfio_user_region_access access;
	uint8_t *data = req->reply + sizeof(access);
	int ret;

	memcpy(&access, req->body, sizeof(access));
	if (access.count != req->body_len - sizeof(access) ||
	    access.count > req->reply_room - sizeof(access))
		return -EINVAL;
	/* Through the reply buffer, which is aligned; the receive buffer is as the stream falls. */
	memcpy(data, req->body + sizeof(access), access.count);
	ret = region_access(srv, &access, data, true);
	if (ret != 0)
		return ret;
	memcpy(req->reply, &access, sizeof(access));
	req->reply_len = sizeof(access);
	return 0;
}

int
server_region_write_multi(struct vfio_user_server *srv, struct server_request *req)
{
	const struct vfio_user_write_multi_entry *entries;
	struct vfio_user_write_multi_entry entry;
	struct vfio_user_region_access access;
	struct vfio_user_write_multi multi;
	uint64_t data, i, nb_done = 0;
	size_t room = req->body_len - sizeof(multi);

	memcpy(&multi, req->body, sizeof(multi));
	if (multi.wr_cnt > room / sizeof(entry) || room != multi.wr_cnt * sizeof(entry))
		return -EINVAL;
	entries = (const void *)(req->body + sizeof(multi));
	for (i = 0; i < multi.wr_cnt; i++) {
		memcpy(&entry, (const uint8_t *)entries + i * sizeof(entry), sizeof(entry));
		access.offset = entry.offset;
		access.region = entry.region;
		access.count = entry.count;
		memcpy(&data, entry.data, sizeof(data));
		/* A bad one is left out, the others count (vfio-user.md 8.2). */
		if (entry.count >= 1 && entry.count <= sizeof(entry.data) &&
		    region_access(srv, &access, &data, true) == 0)
			nb_done++;
	}
	srv->stats.nb_posted_errors += multi.wr_cnt - nb_done;
	multi.wr_cnt = nb_done;
	memcpy(req->reply, &multi, sizeof(multi));
	req->reply_len = sizeof(multi);
	return 0;
}

static int
dma_change(struct vfio_user_server *srv, const struct vfio_user_dma_change *change, int fd,
	   uint64_t offset)
{
	int ret;

	if (srv->ops->dma_quiesce != NULL)
		srv->ops->dma_quiesce(srv->opaque, change);
	if (change->is_map)
		ret = vfio_user_dma_insert(srv->dma, fd, offset, change->iova, change->size,
					   change->prot);
	else if (change->is_unmap_all)
		ret = vfio_user_dma_clear(srv->dma);
	else
		ret = vfio_user_dma_remove(srv->dma, change->iova, change->size);
	if (srv->ops->dma_resume != NULL)
		srv->ops->dma_resume(srv->opaque, change, ret);
	return ret;
}

/*
 * QEMU ignores an error here, and its guest then has a device that misses memory (vfio-user.md
 * 4.1). But with a vIOMMU a guest makes and removes maps of single pages without end.
 */
static void
dma_tell(struct vfio_user_server *srv, const struct vfio_user_dma_map *map, bool has_fd, int ret)
{
	struct server_connection *conn = &srv->conn;
	const char *end;

	if (ret < 0 && conn->nb_refused_maps < MAX_MAP_LINES) {
		end = ++conn->nb_refused_maps == MAX_MAP_LINES ? LAST_LINE : "";
		SERVER_LOG(srv, ERR,
			   "the device cannot reach IOVA 0x%" PRIx64 " + 0x%" PRIx64 ": %s%s",
			   map->iova, map->size, strerror(-ret), end);
	} else if (ret >= 0 && !has_fd && conn->nb_unreachable_maps < MAX_MAP_LINES) {
		end = ++conn->nb_unreachable_maps == MAX_MAP_LINES ? LAST_LINE : "";
		SERVER_LOG(srv, INFO,
			   "IOVA 0x%" PRIx64 " + 0x%" PRIx64 " has no descriptor: unreachable%s",
			   map->iova, map->size, end);
	}
}

int
server_dma_map(struct vfio_user_server *srv, struct server_request *req)
{
	struct vfio_user_dma_map map;
	struct vfio_user_dma_change change = { .is_map = true, .has_fd = req->fds->nb != 0 };
	uint32_t how;
	int ret;

	memcpy(&map, req->body, sizeof(map));
	how = map.flags & (VFIO_USER_DMA_BY_MMAP | VFIO_USER_DMA_BY_FILE_IO);
	if (map.argsz < sizeof(map) || (map.flags & ~VFIO_USER_DMA_MAP_FLAGS) != 0 ||
	    (how != 0 && !change.has_fd))
		return -EINVAL;
	if (how == VFIO_USER_DMA_BY_FILE_IO)
		return -ENOTSUP;
	change.prot = map.flags & (VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED);
	change.iova = map.iova;
	change.size = map.size;
	ret = dma_change(srv, &change, change.has_fd ? req->fds->fd[0] : -1, map.offset);
	dma_tell(srv, &map, change.has_fd, ret);
	return ret;
}

int
server_dma_unmap(struct vfio_user_server *srv, struct server_request *req)
{
	struct vfio_user_dma_unmap unmap;
	struct vfio_user_dma_change change = { .is_map = false };
	int ret;

	memcpy(&unmap, req->body, sizeof(unmap));
	if ((unmap.flags & VFIO_USER_DMA_UNMAP_DIRTY_BITMAP) != 0)
		return -ENOTSUP;
	if (req->body_len != sizeof(unmap) || unmap.argsz < sizeof(unmap) ||
	    (unmap.flags & ~VFIO_USER_DMA_UNMAP_ALL) != 0)
		return -EINVAL;
	change.is_unmap_all = (unmap.flags & VFIO_USER_DMA_UNMAP_ALL) != 0;
	if (change.is_unmap_all && (unmap.iova != 0 || unmap.size != 0))
		return -EINVAL;
	change.iova = unmap.iova;
	change.size = unmap.size;
	ret = dma_change(srv, &change, -1, 0);
	if (ret < 0)
		return ret;
	memcpy(req->reply, &unmap, sizeof(unmap));
	req->reply_len = sizeof(unmap);
	return 0;
}
