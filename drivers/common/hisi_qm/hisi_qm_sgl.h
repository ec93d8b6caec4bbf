/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_SGL_H
#define HISI_QM_SGL_H

/**
 * @file
 * Hardware scatter-gather lists for the operations of one hardware queue (qm.md 7).
 *
 * A bounded pool of small SGLs, made at set-up; a long list is a chain of them. Enqueue takes,
 * dequeue gives back: the free list between them is a single-producer single-consumer ring. The
 * links that say what belongs to an operation are the host's own, not those in DMA memory.
 */

#include <rte_mbuf.h>
#include <rte_ring.h>

#include "hisi_qm_compat.h"
#include "hisi_sgl.h"

/** Entries of one SGL of the pool: with its header nine times 64 bytes. */
#define HISI_QM_SGL_ENTRIES 16
/** Segments of one chain (HISI_SGL_MAX_CHAIN SGLs of this size). */
#define HISI_QM_SGL_MAX_SEGS (HISI_QM_SGL_ENTRIES * HISI_SGL_MAX_CHAIN)
/** SGLs of one operation: source and destination, each a whole chain. */
#define HISI_QM_SGL_MAX_PER_OP (2 * HISI_SGL_MAX_CHAIN)

struct hisi_qm_sgl_unit {
	struct hisi_sgl sgl;
	struct hisi_sge entry[HISI_QM_SGL_ENTRIES];
};
static_assert(sizeof(struct hisi_qm_sgl_unit) % HISI_SGL_ALIGN == 0, "qm.md 7: 64-byte aligned");
static_assert(offsetof(struct hisi_qm_sgl_unit, entry) == 64, "qm.md 7");

struct hisi_qm_sgl_pool {
	struct hisi_qm_sgl_unit *units;
	uint32_t *next;		/**< unit that follows in its operation, host's own */
	struct rte_ring *free;	/**< numbers of free units, 32 bits each */
	uint32_t count;
	uint32_t users;		/**< queues whose device side may read from it */
};

/** The lists of one operation. */
struct hisi_qm_sgl_use {
	uint64_t src;		/**< device address of the first source SGL */
	uint64_t dst;
	uint32_t first;		/**< unit; all units of the operation follow by pool->next */
	uint32_t count;
};

/** A piece of memory. */
struct hisi_qm_sgl_piece {
	uint64_t iova;
	uint32_t len;
};

/** A part of an mbuf chain, or of a row of pieces where mbuf is NULL. */
struct hisi_qm_sgl_part {
	struct rte_mbuf *mbuf;
	uint32_t offset;	/**< bytes from the start of the chain */
	uint32_t len;		/**< bytes; must lie within the chain */
	uint32_t nb_segs;	/**< segments of the chain, or pieces */
	const struct hisi_qm_sgl_piece *pieces;
	struct hisi_qm_sgl_piece head;	/**< comes before it, beside len; of length 0: nothing */
};

/**
 * @param count SGLs, 1..65535; HISI_QM_SGL_MAX_PER_OP or more take any operation when unused
 * @return NULL: no memory
 */
struct hisi_qm_sgl_pool *hisi_qm_sgl_pool_create(uint32_t count, int socket_id);

/**
 * Another queue of the same queue pair takes its lists from this pool. It lives until the last one
 * has freed it: a queue that did not stop may go on reading when the other is long gone. Before
 * there is traffic. NULL allowed.
 *
 * @return @p pool
 */
struct hisi_qm_sgl_pool *hisi_qm_sgl_pool_share(struct hisi_qm_sgl_pool *pool);

/** For one of its queues. NULL allowed. The device must no longer read from it for that queue. */
void hisi_qm_sgl_pool_free(struct hisi_qm_sgl_pool *pool);

/**
 * Describe source and destination of an operation (enqueue's side).
 *
 * @param dst NULL: the destination is the source, as lists too
 * @return false: not enough free SGLs now; nothing was taken
 */
bool hisi_qm_sgl_build(struct hisi_qm_sgl_pool *pool, const struct hisi_qm_sgl_part *src,
	const struct hisi_qm_sgl_part *dst, struct hisi_qm_sgl_use *use);

/** Are @p count SGLs free? To be asked by enqueue's side, for which they stay free. */
static inline bool
hisi_qm_sgl_has_free(const struct hisi_qm_sgl_pool *pool, uint32_t count)
{
	return rte_ring_count(pool->free) >= count;
}

/** Give the lists of a returned operation back (dequeue's side), once: none are in @p use then. */
void hisi_qm_sgl_release(struct hisi_qm_sgl_pool *pool, struct hisi_qm_sgl_use *use);

#endif /* HISI_QM_SGL_H */
