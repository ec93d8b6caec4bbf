/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>

#include <hisi_sgl.h>

#include "model_sgl.h"

/** One SGL, copied: the client may change it at any time. */
struct sgl_copy {
	struct hisi_sgl head;
	struct hisi_sge entry[HISI_SGL_MAX_SGES];
};

/** A gathering under way. */
struct sgl_walk {
	struct model_function *fn;
	uint32_t access;
	uint32_t skip;
	uint64_t left;
	struct model_segment *segments;
	int count;
	int max;
};

static int
copy_sgl(struct model_function *fn, uint64_t iova, struct sgl_copy *copy)
{
	if (iova % HISI_SGL_ALIGN != 0)
		return -EBADMSG;
	if (model_dma_read(fn, iova, &copy->head, sizeof(copy->head)) != 0)
		return -EFAULT;
	if (copy->head.entry_sum_in_sgl > HISI_SGL_MAX_SGES)
		return -EBADMSG;
	if (model_dma_read(fn, iova + sizeof(copy->head), copy->entry,
	    copy->head.entry_sum_in_sgl * sizeof(copy->entry[0])) != 0)
		return -EFAULT;
	return 0;
}

static int
take_entry(struct sgl_walk *walk, const struct hisi_sge *entry)
{
	uint64_t iova = entry->buf;
	uint32_t len = entry->len;
	int n;

	if (len > HISI_SGE_MAX_LEN || walk->skip > len)
		return -EBADMSG;
	iova += walk->skip;
	len -= walk->skip;
	walk->skip = 0;
	if (len > walk->left)
		len = walk->left;
	n = model_dma_gather(walk->fn, iova, len, walk->access, walk->segments + walk->count,
		walk->max - walk->count);
	if (n < 0)
		return n == -E2BIG ? n : -EACCES;
	walk->count += n;
	walk->left -= len;
	return 0;
}

static int
take_sgl(struct sgl_walk *walk, const struct sgl_copy *copy)
{
	int i, ret = 0;

	for (i = 0; ret == 0 && i < copy->head.entry_sum_in_sgl && walk->left != 0; i++)
		ret = take_entry(walk, &copy->entry[i]);
	return ret;
}

int
model_sgl_gather(struct model_function *fn, uint64_t sgl, uint32_t skip, uint64_t len,
	uint32_t access, struct model_segment *segments, int max)
{
	struct sgl_walk walk = { .fn = fn, .access = access, .skip = skip, .left = len,
		.segments = segments, .max = max };
	struct sgl_copy copy;
	uint32_t sgls;
	int ret;

	for (sgls = 0; walk.left != 0; sgls++) {
		/* Bounds a chain that bites its tail too. */
		if (sgl == 0 || sgls == HISI_SGL_MAX_CHAIN)
			return -EBADMSG;
		ret = copy_sgl(fn, sgl, &copy);
		if (ret == 0)
			ret = take_sgl(&walk, &copy);
		if (ret != 0)
			return ret;
		sgl = copy.head.next_dma;
	}
	return walk.count;
}
