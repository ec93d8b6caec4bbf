/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_DMA_H
#define VFIO_USER_DMA_H

/**
 * @file
 * What a client let the device reach: DMA map of the server side (vfio-user.md 4, 15, 16, 17.1).
 *
 * Threads: the table has no lock. Any number of threads may call the functions marked "reader" at
 * the same time; vfio_user_dma_insert(), _remove(), _clear() and _destroy() need exclusion from all
 * of them, and a pointer got from a lookup is dead from the moment the exclusion is granted. With
 * vfio_user_server the caller's dma_quiesce/dma_resume pair is that exclusion.
 */

#include <stdbool.h>
#include <stdint.h>

#include "vfio_user_guard.h"
#include "vfio_user_proto.h"

#ifdef __cplusplus
extern "C" {
#endif

struct vfio_user_dma_table;

/** Counters of a table. */
struct vfio_user_dma_stats {
	uint32_t nb_maps;        /**< maps now */
	uint32_t nb_unreachable; /**< of these, maps without descriptor */
	uint32_t nb_files;       /**< host mappings behind them (one per file and protection) */
	uint64_t nb_bytes;       /**< sum of sizes, modulo 2^64 */
	uint64_t generation;     /**< grows with every change; lets a reader keep a cached lookup */
};

/** One map, as vfio_user_dma_foreach() shows it. */
struct vfio_user_dma_entry {
	uint64_t iova;
	uint64_t size;  /**< bytes */
	uint32_t prot;  /**< VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED */
	void *host;     /**< address here, NULL when unreachable */
	uint64_t offset; /**< in the client's file */
};

/** Sees one map; non-zero ends the walk. Must not change the table. */
typedef int (*vfio_user_dma_visit_fn)(void *opaque, const struct vfio_user_dma_entry *entry);

/**
 * Make an empty table.
 *
 * @param max_maps  maps held at most; 0 stands for VFIO_USER_MAX_DMA_MAPS.
 * @return          the table, owned by the caller; NULL without memory.
 */
struct vfio_user_dma_table *
vfio_user_dma_table_create(uint32_t max_maps);

/** Unmap everything and free the table. NULL allowed. */
void
vfio_user_dma_table_destroy(struct vfio_user_dma_table *table);

/**
 * Add a map (vfio-user.md 4.1).
 *
 * @param fd      regular file, memfd or hugetlbfs file, borrowed: the caller closes it whatever the
 *                result. -1: the map is accepted, counted, and cannot be reached.
 * @param offset  into the file, multiple of VFIO_USER_PAGE_SIZE; with fd -1 it is ignored.
 * @param iova    multiple of VFIO_USER_PAGE_SIZE.
 * @param size    bytes, multiple of VFIO_USER_PAGE_SIZE, not 0; iova + size may be 2^64, not more.
 * @param prot    VFIO_USER_DMA_READ_ALLOWED and/or VFIO_USER_DMA_WRITE_ALLOWED, or 0.
 * @return        0, also for the identical repetition of an existing map;
 *                -EINVAL bad size, address, offset, prot, or the file is too short;
 *                -EEXIST overlap with another map; -ENOSPC max_maps reached;
 *                -EBADF not a file that can be mapped; -ENOMEM; -errno of fstat(2) or mmap(2), for
 *                instance -EACCES for a read-only descriptor with VFIO_USER_DMA_WRITE_ALLOWED.
 *
 * A map without VFIO_USER_DMA_WRITE_ALLOWED is mapped PROT_READ. A file is mapped once for all maps
 * into it where that can be done, so that thousands of 4 KiB maps cost one mapping.
 */
int
vfio_user_dma_insert(struct vfio_user_dma_table *table, int fd, uint64_t offset, uint64_t iova,
		     uint64_t size, uint32_t prot);

/**
 * Remove all maps that lie within a range (vfio-user.md 4.2).
 *
 * @param iova  start of the range.
 * @param size  bytes, not 0; iova + size may be 2^64, not more.
 * @return      number of maps removed, 0 included; -EINVAL when a map would be cut (nothing is
 *              removed then) or when the range is wrong.
 */
int
vfio_user_dma_remove(struct vfio_user_dma_table *table, uint64_t iova, uint64_t size);

/** Remove all maps. @return number of maps removed. */
int
vfio_user_dma_clear(struct vfio_user_dma_table *table);

/**
 * Find the host memory behind a device address. Reader.
 *
 * @param iova    start.
 * @param len     bytes wanted, not 0; iova + len may be 2^64, not more.
 * @param access  VFIO_USER_DMA_READ_ALLOWED (device reads) and/or VFIO_USER_DMA_WRITE_ALLOWED.
 * @param host    receives the address of the first byte.
 * @param contig  receives how many bytes from there are contiguous here and allowed, 1 to len. It
 *                is less than len at the border to memory that lies elsewhere in this process, or
 *                that is not mapped or not allowed: look that up in turn.
 * @return        0; -EFAULT not mapped; -EACCES mapped without this access; -ENXIO mapped without
 *                descriptor; -EINVAL len 0, or wrap, or no access asked.
 *
 * Memory behind the pointer changes under the reader's hands and may vanish (SIGBUS): copy, then
 * check, then use, under a guard of vfio_user_guard.h.
 */
int
vfio_user_dma_lookup(const struct vfio_user_dma_table *table, uint64_t iova, uint64_t len,
		     uint32_t access, void **host, uint64_t *contig);

/**
 * Is a whole range there with this access? Reader.
 *
 * @return  0 or the errors of vfio_user_dma_lookup() for the first byte that fails.
 */
int
vfio_user_dma_check(const struct vfio_user_dma_table *table, uint64_t iova, uint64_t len,
		    uint32_t access);

/**
 * Copy from device memory, across map borders, guarded against SIGBUS. Reader.
 *
 * @param buf  receives len bytes; after an error an unknown part of it is filled.
 * @return     0 or the errors of vfio_user_dma_lookup(); nothing is copied unless the whole range
 *             is allowed; -EFAULT also when a page vanished.
 */
int
vfio_user_dma_copy_in(const struct vfio_user_dma_table *table, void *buf, uint64_t iova,
		      size_t len);

/** Copy to device memory; the counterpart of vfio_user_dma_copy_in(). Reader. */
int
vfio_user_dma_copy_out(const struct vfio_user_dma_table *table, uint64_t iova, const void *buf,
		       size_t len);

/** Counters. Reader. */
void
vfio_user_dma_get_stats(const struct vfio_user_dma_table *table, struct vfio_user_dma_stats *stats);

/**
 * Visit all maps in the order of their addresses. Reader.
 *
 * @param fn  called for each map; the walk ends when it returns non-zero.
 * @return    what fn returned last, 0 for an empty table.
 */
int
vfio_user_dma_foreach(const struct vfio_user_dma_table *table, vfio_user_dma_visit_fn fn,
		      void *opaque);

#ifdef __cplusplus
}
#endif

#endif /* VFIO_USER_DMA_H */
