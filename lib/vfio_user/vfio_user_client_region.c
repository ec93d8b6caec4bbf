/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfio_user_client_internal.h"

/* DEVICE_GET_REGION_INFO: all that the server says about a region is checked here. */

/* First attempt, in bytes: more than any server here needs. */
#define REGION_INFO_SIZE 4096u
/* Longer chains are loops. */
#define REGION_MAX_CAPS 32u

static int
region_parse_sparse(const uint8_t *info, size_t len, uint32_t pos,
		    struct vfio_user_client_region *region)
{
	const uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);
	struct vfio_user_sparse_area *area;
	struct vfio_user_cap_sparse sparse;
	uint32_t i;

	if (len - pos < sizeof(sparse) || region->nb_areas != 0)
		return -EPROTO;
	memcpy(&sparse, info + pos, sizeof(sparse));
	pos += (uint32_t)sizeof(sparse);
	if (sparse.nr_areas == 0 || sparse.nr_areas > VFIO_USER_CLIENT_MAX_AREAS ||
	    sparse.nr_areas > (len - pos) / sizeof(*area))
		return -EPROTO;
	for (i = 0; i < sparse.nr_areas; i++) {
		area = &region->areas[i];
		memcpy(area, info + pos + i * sizeof(*area), sizeof(*area));
		if (area->offset % page_size != 0 || area->size % page_size != 0 ||
		    area->size > region->size || area->offset > region->size - area->size)
			return -EPROTO;
	}
	region->nb_areas = sparse.nr_areas;
	return 0;
}

static int
region_parse_type(const uint8_t *info, size_t len, uint32_t pos,
		  struct vfio_user_client_region *region)
{
	struct vfio_user_cap_type type;

	if (len - pos < sizeof(type) || region->has_type)
		return -EPROTO;
	memcpy(&type, info + pos, sizeof(type));
	region->has_type = true;
	region->type = type.type;
	region->subtype = type.subtype;
	return 0;
}

/* Follow the chain within the len bytes that came (vfio-user.md 5.2, 19). */
static int
region_parse_caps(const uint8_t *info, size_t len, uint32_t pos,
		  struct vfio_user_client_region *region)
{
	struct vfio_user_cap_header head;
	unsigned int nb;
	int ret = 0;

	for (nb = 0; pos != 0 && ret == 0; nb++) {
		if (nb == REGION_MAX_CAPS || pos < sizeof(struct vfio_user_region_info) ||
		    pos > len || len - pos < sizeof(head))
			return -EPROTO;
		memcpy(&head, info + pos, sizeof(head));
		if (head.id == VFIO_USER_CAP_SPARSE_MMAP && head.version == 1)
			ret = region_parse_sparse(info, len, pos, region);
		else if (head.id == VFIO_USER_CAP_TYPE && head.version == 1)
			ret = region_parse_type(info, len, pos, region);
		pos = head.next;
	}
	return ret;
}

/* fds: what came; taken over into region only when all is well. */
static int
region_parse(const uint8_t *reply, size_t len, struct vfio_user_fds *fds,
	     struct vfio_user_client_region *region)
{
	struct vfio_user_region_info info;
	int ret = 0;

	memcpy(&info, reply, sizeof(info));
	if (info.index != region->index || info.argsz < sizeof(info) ||
	    info.size > UINT64_MAX - info.offset)
		return -EPROTO;
	region->flags = info.flags;
	region->size = info.size;
	region->offset = info.offset;
	if ((info.flags & VFIO_USER_REGION_FLAG_CAPS) != 0)
		ret = region_parse_caps(reply, len, info.cap_offset, region);
	if (ret != 0)
		return ret;
	/* A map without the descriptor to map, or a descriptor for nothing. */
	if (fds->nb != ((info.flags & VFIO_USER_REGION_FLAG_MMAP) != 0 ? 1u : 0u))
		return -EPROTO;
	if (fds->nb != 0)
		region->fd = vfio_user_fds_take(fds, 0);
	return 0;
}

/* One question with room for argsz bytes; wanted receives the room the server would like. */
static int
region_ask(struct vfio_user_client *client, uint32_t argsz, uint32_t *wanted,
	   struct vfio_user_client_region *region)
{
	struct vfio_user_region_info info = { .argsz = argsz, .index = region->index };
	struct vfio_user_fds fds;
	uint8_t *reply = malloc(argsz);
	struct client_request req = {
		.command = VFIO_USER_DEVICE_GET_REGION_INFO,
		.body = { { &info, sizeof(info) } },
		.reply = reply,
		.reply_min = sizeof(info),
		.reply_size = argsz,
		.reply_fds = &fds,
	};
	int ret;

	if (reply == NULL)
		return -ENOMEM;
	ret = client_request(client, &req);
	if (ret == 0) {
		memcpy(wanted, reply + offsetof(struct vfio_user_region_info, argsz),
		       sizeof(*wanted));
		if (*wanted <= argsz)
			ret = region_parse(reply, req.reply_len, &fds, region);
		vfio_user_fds_close(&fds);
	}
	free(reply);
	return ret;
}

int
vfio_user_client_get_region_info(struct vfio_user_client *client, uint32_t index,
				 struct vfio_user_client_region *region)
{
	uint32_t argsz = REGION_INFO_SIZE, wanted = 0;
	int ret;

	*region = (struct vfio_user_client_region){ .index = index, .fd = -1 };
	ret = region_ask(client, argsz, &wanted, region);
	if (ret != 0 || wanted <= argsz)
		return ret;
	if (wanted > VFIO_USER_CLIENT_MAX_XFER)
		return -EPROTO;
	argsz = wanted;
	ret = region_ask(client, argsz, &wanted, region);
	return ret == 0 && wanted > argsz ? -EPROTO : ret;
}

int
vfio_user_client_map_region(const struct vfio_user_client_region *region, void **out)
{
	int seals, prot = 0;
	struct stat st;
	void *base;

	*out = NULL;
	if ((region->flags & VFIO_USER_REGION_FLAG_MMAP) == 0 || region->fd < 0 ||
	    region->nb_areas != 0 || region->size == 0)
		return -EINVAL;
	if (fstat(region->fd, &st) != 0)
		return -errno;
	if (st.st_size < 0 || region->size > (uint64_t)st.st_size ||
	    region->offset > (uint64_t)st.st_size - region->size)
		return -EPROTO;
	seals = fcntl(region->fd, F_GET_SEALS);
	if (seals < 0 || (seals & F_SEAL_SHRINK) == 0)
		return -EPERM;
	if ((region->flags & VFIO_USER_REGION_FLAG_READ) != 0)
		prot |= PROT_READ;
	if ((region->flags & VFIO_USER_REGION_FLAG_WRITE) != 0)
		prot |= PROT_WRITE;
	base = mmap(NULL, region->size, prot, MAP_SHARED, region->fd, (off_t)region->offset);
	if (base == MAP_FAILED)
		return -errno;
	*out = base;
	return 0;
}
