/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_DMA_INTERNAL_H
#define VFIO_USER_DMA_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vfio_user_dma.h"

/* One mmap(2) of a client's file, shared by all maps into it that want the same protection. */
struct dma_file {
	struct dma_file *next; /* in its hash chain */
	dev_t dev;
	ino_t ino;
	bool is_writable;
	bool is_whole; /* covers the file from 0 on: may serve further maps */
	uint32_t nb_users;
	uint64_t start; /* offset in the file of base */
	size_t len;     /* bytes mapped */
	uint8_t *base;
};

#define DMA_FILE_BUCKETS 256u

struct dma_files {
	struct dma_file *buckets[DMA_FILE_BUCKETS];
	uint32_t nb_files;
};

/*
 * Take a reference to a mapping that holds [offset, offset + size) of fd. 0 or -errno.
 * The pointer to the byte at offset is file->base + (offset - file->start).
 */
int
dma_file_get(struct dma_files *files, int fd, uint64_t offset, uint64_t size, bool is_writable,
	     struct dma_file **out);

void
dma_file_put(struct dma_files *files, struct dma_file *file);

/* One map: a node of a treap ordered by iova, and as maps never overlap by last too. */
struct dma_map {
	struct dma_map *left;
	struct dma_map *right;
	uint64_t iova;
	uint64_t last; /* last byte, inclusive, so that a map may end at 2^64 */
	uint8_t *host; /* NULL: came without descriptor */
	struct dma_file *file;
	uint64_t offset;
	uint32_t prot;
	uint32_t priority; /* heap order of the treap */
};

/* The map that contains iova, or NULL. */
struct dma_map *
dma_tree_find(struct dma_map *root, uint64_t iova);

/* The map with the largest start at or below iova, or NULL. */
struct dma_map *
dma_tree_floor(struct dma_map *root, uint64_t iova);

/* Cut a tree in two: starts below iova to the left, the others to the right. */
void
dma_tree_split(struct dma_map *root, uint64_t iova, struct dma_map **left, struct dma_map **right);

/* Join two trees; all of left is below all of right. */
struct dma_map *
dma_tree_merge(struct dma_map *left, struct dma_map *right);

/* Walk in order; fn returns non-zero to stop. fn must not change the tree. */
int
dma_tree_walk(struct dma_map *root, int (*fn)(void *opaque, struct dma_map *map), void *opaque);

#endif /* VFIO_USER_DMA_INTERNAL_H */
