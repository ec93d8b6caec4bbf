/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_SGL_H
#define MODEL_SGL_H

/**
 * @file
 * Hardware scatter-gather lists (qm.md 7, zip.md 4): from a chain in client memory to pieces.
 */

#include <stdint.h>

#include "model_dma.h"

/**
 * Collect the buffers of a chain of SGLs.
 *
 * Walks by entry_sum_in_sgl and next_dma until @p len bytes are found and reads each SGL once;
 * entry_sum_in_chain is not looked at (zip.md 4). To be used under a guard.
 *
 * @param sgl    device address of the first SGL
 * @param skip   bytes to leave out at the start; only within the first entry, beyond is unknown
 * @param len    bytes that the descriptor speaks of
 * @param access VFIO_USER_DMA_READ_ALLOWED or VFIO_USER_DMA_WRITE_ALLOWED, of the buffers
 * @param max    room in @p segments
 * @return number of pieces; -EBADMSG: the list makes no sense or is shorter than @p len; -E2BIG:
 *         more pieces than @p max; -EFAULT: an SGL cannot be read; -EACCES: a buffer is refused
 */
int
model_sgl_gather(struct model_function *fn, uint64_t sgl, uint32_t skip, uint64_t len,
		 uint32_t access, struct model_segment *segments, int max);

#endif /* MODEL_SGL_H */
