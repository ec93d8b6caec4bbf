/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>

#include "model_device.h"
#include "model_dma.h"
#include "model_function.h"

int
model_dma_is_allowed(struct model_function *fn)
{
	return fn->has_client && fn->client.dma != NULL &&
		atomic_load_explicit(&fn->is_master, memory_order_relaxed) &&
		!atomic_load_explicit(&fn->dev->is_halted, memory_order_relaxed);
}

int
model_dma_read(struct model_function *fn, uint64_t iova, void *buf, size_t len)
{
	if (!model_dma_is_allowed(fn))
		return -EACCES;
	return vfio_user_dma_copy_in(fn->client.dma, buf, iova, len);
}

int
model_dma_write(struct model_function *fn, uint64_t iova, const void *buf, size_t len)
{
	if (!model_dma_is_allowed(fn))
		return -EACCES;
	return vfio_user_dma_copy_out(fn->client.dma, iova, buf, len);
}

void *
model_dma_pointer(struct model_function *fn, uint64_t iova, size_t len, uint32_t access)
{
	uint64_t contig;
	void *host;

	if (vfio_user_dma_lookup(fn->client.dma, iova, len, access, &host, &contig) != 0 ||
	    contig < len)
		return NULL;
	return host;
}

int
model_dma_gather(struct model_function *fn, uint64_t iova, size_t len, uint32_t access,
	struct model_segment *segments, int max)
{
	uint64_t contig;
	void *host;
	int ret, n;

	for (n = 0; len > 0; n++) {
		if (n == max)
			return -E2BIG;
		ret = vfio_user_dma_lookup(fn->client.dma, iova, len, access, &host, &contig);
		if (ret != 0)
			return ret;
		segments[n].base = host;
		segments[n].len = contig;
		iova += contig;
		len -= contig;
	}
	return n;
}
