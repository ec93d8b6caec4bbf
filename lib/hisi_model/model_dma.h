/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_DMA_H
#define MODEL_DMA_H

/**
 * @file
 * The way to client memory: everything is looked up in the function's DMA map, with rights, and a
 * refused address never reaches memory (design 6).
 */

#include <stddef.h>
#include <stdint.h>

#include <vfio_user_dma.h>

struct model_function;

/** A piece of a buffer that is contiguous in this process. */
struct model_segment {
	uint8_t *base;
	size_t len;
};

/** May the function do DMA now: client there, bus master on, device not halted? Any thread. */
int
model_dma_is_allowed(struct model_function *fn);

/** Copy from client memory. @return 0 or -EFAULT, -EACCES, ... of vfio_user_dma_copy_in() */
int
model_dma_read(struct model_function *fn, uint64_t iova, void *buf, size_t len);

/** Copy to client memory. */
int
model_dma_write(struct model_function *fn, uint64_t iova, const void *buf, size_t len);

/**
 * Address of @p len bytes of client memory that must be contiguous here.
 *
 * To be used under a guard (vfio_user_guard.h), and dead once the gate opens or closes.
 *
 * @param access VFIO_USER_DMA_READ_ALLOWED and/or VFIO_USER_DMA_WRITE_ALLOWED
 * @return NULL when refused or cut
 */
void *
model_dma_pointer(struct model_function *fn, uint64_t iova, size_t len, uint32_t access);

/**
 * Split a buffer into pieces that are contiguous here. Rules of model_dma_pointer().
 *
 * @return number of pieces; -errno when a part is refused; -E2BIG beyond @p max
 */
int
model_dma_gather(struct model_function *fn, uint64_t iova, size_t len, uint32_t access,
		 struct model_segment *segments, int max);

#endif /* MODEL_DMA_H */
