/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "vfio_user_dma_internal.h"

/*
 * A treap: a binary search tree by address that is also a heap by random priority. Its depth is
 * O(log n) whatever the client maps in whatever order, and cutting out a range - what DMA_UNMAP
 * does, vfio-user.md 4.2 - is two splits. Recursion goes as deep as the tree: some 40 frames at
 * 65535 maps.
 */

struct dma_map *
dma_tree_floor(struct dma_map *root, uint64_t iova)
{
	struct dma_map *found = NULL;

	while (root != NULL) {
		if (root->iova <= iova) {
			found = root;
			root = root->right;
		} else {
			root = root->left;
		}
	}
	return found;
}

struct dma_map *
dma_tree_find(struct dma_map *root, uint64_t iova)
{
	struct dma_map *map = dma_tree_floor(root, iova);

	return map != NULL && iova <= map->last ? map : NULL;
}

void
dma_tree_split(struct dma_map *root, uint64_t iova, struct dma_map **left, struct dma_map **right)
{
	if (root == NULL) {
		*left = NULL;
		*right = NULL;
	} else if (root->iova < iova) {
		dma_tree_split(root->right, iova, &root->right, right);
		*left = root;
	} else {
		dma_tree_split(root->left, iova, left, &root->left);
		*right = root;
	}
}

struct dma_map *
dma_tree_merge(struct dma_map *left, struct dma_map *right)
{
	if (left == NULL)
		return right;
	if (right == NULL)
		return left;
	if (left->priority >= right->priority) {
		left->right = dma_tree_merge(left->right, right);
		return left;
	}
	right->left = dma_tree_merge(left, right->left);
	return right;
}

int
dma_tree_walk(struct dma_map *root, int (*fn)(void *opaque, struct dma_map *map), void *opaque)
{
	int ret = 0;

	while (root != NULL && ret == 0) {
		struct dma_map *right = root->right; /* fn may free root */

		ret = dma_tree_walk(root->left, fn, opaque);
		if (ret == 0)
			ret = fn(opaque, root);
		root = right;
	}
	return ret;
}
