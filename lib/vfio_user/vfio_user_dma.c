/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "vfio_user_dma_internal.h"

#define DMA_PROT (VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED)

struct vfio_user_dma_table {
	struct dma_map *root;
	struct dma_files files;
	uint64_t random; /* state of the generator of priorities */
	uint64_t generation;
	uint64_t nb_bytes;
	uint32_t nb_maps;
	uint32_t nb_unreachable;
	uint32_t max_maps;
};

struct vfio_user_dma_table *
vfio_user_dma_table_create(uint32_t max_maps)
{
	struct vfio_user_dma_table *table;

	table = calloc(1, sizeof(*table));
	if (table == NULL)
		return NULL;
	table->max_maps = max_maps != 0 ? max_maps : VFIO_USER_MAX_DMA_MAPS;
	/* Not to be guessed by the client, who could otherwise build a tree that is a list. */
	if (getrandom(&table->random, sizeof(table->random), GRND_NONBLOCK) !=
	    (ssize_t)sizeof(table->random))
		table->random = (uint64_t)(uintptr_t)table ^ (uint64_t)time(NULL);
	table->random |= 1; /* xorshift must not start from 0 */
	return table;
}

void
vfio_user_dma_table_destroy(struct vfio_user_dma_table *table)
{
	if (table == NULL)
		return;
	vfio_user_dma_clear(table);
	free(table);
}

static uint32_t
dma_next_priority(struct vfio_user_dma_table *table)
{
	table->random ^= table->random << 13;
	table->random ^= table->random >> 7;
	table->random ^= table->random << 17;
	return (uint32_t)(table->random >> 32);
}

/* Is [iova, iova + size) a range, and what is its last byte? size 0 is not; 2^64 as the end is. */
static bool
dma_range_last(uint64_t iova, uint64_t size, uint64_t *last)
{
	if (size == 0 || size - 1 > UINT64_MAX - iova)
		return false;
	*last = iova + (size - 1);
	return true;
}

static bool
dma_is_aligned(uint64_t value)
{
	return value % VFIO_USER_PAGE_SIZE == 0;
}

/* The first map that touches [iova, last], or NULL. */
static struct dma_map *
dma_first_overlap(const struct vfio_user_dma_table *table, uint64_t iova, uint64_t last)
{
	struct dma_map *map = dma_tree_find(table->root, iova);

	if (map != NULL)
		return map;
	/* None contains the start, so one that touches the rest starts inside it. */
	map = dma_tree_floor(table->root, last);
	return map != NULL && map->iova >= iova ? map : NULL;
}

static bool
dma_is_repetition(const struct dma_map *old, const struct dma_map *map)
{
	if (old->iova != map->iova || old->last != map->last || old->prot != map->prot)
		return false;
	if (old->file == NULL || map->file == NULL)
		return old->file == map->file;
	return old->file->dev == map->file->dev && old->file->ino == map->file->ino &&
	       old->offset == map->offset;
}

static void
dma_free_map(struct vfio_user_dma_table *table, struct dma_map *map)
{
	if (map->file != NULL)
		dma_file_put(&table->files, map->file);
	free(map);
}

static void
dma_link_map(struct vfio_user_dma_table *table, struct dma_map *map)
{
	struct dma_map *left, *right;

	map->priority = dma_next_priority(table);
	dma_tree_split(table->root, map->iova, &left, &right);
	table->root = dma_tree_merge(dma_tree_merge(left, map), right);
	table->nb_maps++;
	table->nb_unreachable += map->file == NULL;
	table->nb_bytes += map->last - map->iova + 1;
	table->generation++;
}

/* Attach the file, then decide by what is in the way. Takes map over if 0. */
static int
dma_insert_map(struct vfio_user_dma_table *table, struct dma_map *map, int fd)
{
	const struct dma_map *old;
	int ret;

	if (fd >= 0) {
		ret = dma_file_get(&table->files, fd, map->offset, map->last - map->iova + 1,
				   (map->prot & VFIO_USER_DMA_WRITE_ALLOWED) != 0, &map->file);
		if (ret != 0)
			return ret;
		map->host = map->file->base + (map->offset - map->file->start);
	}
	old = dma_first_overlap(table, map->iova, map->last);
	if (old != NULL) {
		if (!dma_is_repetition(old, map))
			return -EEXIST;
		dma_free_map(table, map);
		return 0;
	}
	if (table->nb_maps >= table->max_maps)
		return -ENOSPC;
	dma_link_map(table, map);
	return 0;
}

int
vfio_user_dma_insert(struct vfio_user_dma_table *table, int fd, uint64_t offset, uint64_t iova,
		     uint64_t size, uint32_t prot)
{
	struct dma_map *map;
	uint64_t last;
	int ret;

	if (fd < 0)
		offset = 0;
	if (!dma_range_last(iova, size, &last) || !dma_is_aligned(iova) || !dma_is_aligned(size) ||
	    !dma_is_aligned(offset) || (prot & ~DMA_PROT) != 0)
		return -EINVAL;
	map = calloc(1, sizeof(*map));
	if (map == NULL)
		return -ENOMEM;
	map->iova = iova;
	map->last = last;
	map->prot = prot;
	map->offset = offset;
	ret = dma_insert_map(table, map, fd);
	if (ret != 0)
		dma_free_map(table, map);
	return ret;
}

struct dma_drop {
	struct vfio_user_dma_table *table;
	int nb_dropped;
};

static int
dma_drop_map(void *opaque, struct dma_map *map)
{
	struct dma_drop *drop = opaque;

	drop->table->nb_maps--;
	drop->table->nb_unreachable -= map->file == NULL;
	drop->table->nb_bytes -= map->last - map->iova + 1;
	drop->nb_dropped++;
	dma_free_map(drop->table, map);
	return 0;
}

static int
dma_drop_tree(struct vfio_user_dma_table *table, struct dma_map *root)
{
	struct dma_drop drop = { .table = table };

	dma_tree_walk(root, dma_drop_map, &drop);
	if (drop.nb_dropped != 0)
		table->generation++;
	return drop.nb_dropped;
}

/* Does a map lie across the border in front of address? */
static bool
dma_is_cut_before(const struct vfio_user_dma_table *table, uint64_t address)
{
	const struct dma_map *map = dma_tree_find(table->root, address);

	return map != NULL && map->iova != address;
}

int
vfio_user_dma_remove(struct vfio_user_dma_table *table, uint64_t iova, uint64_t size)
{
	struct dma_map *left, *middle, *right = NULL;
	uint64_t last;

	if (!dma_range_last(iova, size, &last))
		return -EINVAL;
	if (dma_is_cut_before(table, iova) ||
	    (last != UINT64_MAX && dma_is_cut_before(table, last + 1)))
		return -EINVAL;
	dma_tree_split(table->root, iova, &left, &middle);
	if (last != UINT64_MAX)
		dma_tree_split(middle, last + 1, &middle, &right);
	table->root = dma_tree_merge(left, right);
	return dma_drop_tree(table, middle);
}

int
vfio_user_dma_clear(struct vfio_user_dma_table *table)
{
	struct dma_map *root = table->root;

	table->root = NULL;
	return dma_drop_tree(table, root);
}

/* May the device access this map so? */
static int
dma_check_map(const struct dma_map *map, uint32_t access)
{
	if (map == NULL)
		return -EFAULT;
	if ((map->prot & access) != access)
		return -EACCES;
	return map->host != NULL ? 0 : -ENXIO;
}

int
vfio_user_dma_lookup(const struct vfio_user_dma_table *table, uint64_t iova, uint64_t len,
		     uint32_t access, void **host, uint64_t *contig)
{
	const struct dma_map *map, *next;
	uint64_t last;
	int ret;

	if (!dma_range_last(iova, len, &last) || access == 0 || (access & ~DMA_PROT) != 0)
		return -EINVAL;
	map = dma_tree_find(table->root, iova);
	ret = dma_check_map(map, access);
	if (ret != 0)
		return ret;
	*host = map->host + (iova - map->iova);
	/* Neighbours in the same file at the next offset are contiguous here too. */
	while (map->last < last) {
		next = dma_tree_find(table->root, map->last + 1);
		if (dma_check_map(next, access) != 0 ||
		    next->host != map->host + (map->last - map->iova) + 1)
			break;
		map = next;
	}
	*contig = (map->last < last ? map->last : last) - iova + 1;
	return 0;
}

int
vfio_user_dma_check(const struct vfio_user_dma_table *table, uint64_t iova, uint64_t len,
		    uint32_t access)
{
	uint64_t contig, done = 0;
	void *host;
	int ret;

	do {
		ret = vfio_user_dma_lookup(table, iova + done, len - done, access, &host, &contig);
		if (ret != 0)
			return ret;
		done += contig;
	} while (done < len);
	return 0;
}

int
vfio_user_dma_copy_in(const struct vfio_user_dma_table *table, void *buf, uint64_t iova,
		      size_t len)
{
	uint64_t contig, done;
	void *host;
	int ret;

	if (len == 0)
		return 0;
	ret = vfio_user_dma_check(table, iova, len, VFIO_USER_DMA_READ_ALLOWED);
	for (done = 0; ret == 0 && done < len; done += contig) {
		ret = vfio_user_dma_lookup(table, iova + done, len - done,
					   VFIO_USER_DMA_READ_ALLOWED, &host, &contig);
		if (ret == 0)
			ret = vfio_user_guard_copy((uint8_t *)buf + done, host, contig);
	}
	return ret;
}

int
vfio_user_dma_copy_out(const struct vfio_user_dma_table *table, uint64_t iova, const void *buf,
		       size_t len)
{
	uint64_t contig, done;
	void *host;
	int ret;

	if (len == 0)
		return 0;
	ret = vfio_user_dma_check(table, iova, len, VFIO_USER_DMA_WRITE_ALLOWED);
	for (done = 0; ret == 0 && done < len; done += contig) {
		ret = vfio_user_dma_lookup(table, iova + done, len - done,
					   VFIO_USER_DMA_WRITE_ALLOWED, &host, &contig);
		if (ret == 0)
			ret = vfio_user_guard_copy(host, (const uint8_t *)buf + done, contig);
	}
	return ret;
}

void
vfio_user_dma_get_stats(const struct vfio_user_dma_table *table, struct vfio_user_dma_stats *stats)
{
	stats->nb_maps = table->nb_maps;
	stats->nb_unreachable = table->nb_unreachable;
	stats->nb_files = table->files.nb_files;
	stats->nb_bytes = table->nb_bytes;
	stats->generation = table->generation;
}

struct dma_visit {
	vfio_user_dma_visit_fn fn;
	void *opaque;
};

static int
dma_visit_map(void *opaque, struct dma_map *map)
{
	const struct dma_visit *visit = opaque;
	const struct vfio_user_dma_entry entry = {
		.iova = map->iova,
		.size = map->last - map->iova + 1,
		.prot = map->prot,
		.host = map->host,
		.offset = map->offset,
	};

	return visit->fn(visit->opaque, &entry);
}

int
vfio_user_dma_foreach(const struct vfio_user_dma_table *table, vfio_user_dma_visit_fn fn,
		      void *opaque)
{
	struct dma_visit visit = { .fn = fn, .opaque = opaque };

	return dma_tree_walk(table->root, dma_visit_map, &visit);
}
