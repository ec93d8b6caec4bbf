/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include <rte_malloc.h>
#include <rte_ring_elem.h>
#include <rte_ring_peek.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_sgl.h"

/* A free list that holds every unit. */
static int
pool_fill(struct hisi_qm_sgl_pool *pool)
{
	uint32_t i;

	for (i = 0; i < pool->count; i++) {
		pool->units[i].sgl.entry_length_in_sgl = HISI_QM_SGL_ENTRIES;
		if (rte_ring_sp_enqueue_elem(pool->free, &i, sizeof(i)) != 0)
			return -1;
	}
	return 0;
}

/* Without a name and a memzone: there are as many as there are queues. */
static struct rte_ring *
pool_create_ring(uint32_t count, int socket_id)
{
	uint32_t slots = rte_align32pow2(count + 1);
	struct rte_ring *ring = rte_zmalloc_socket(NULL,
		(size_t)rte_ring_get_memsize_elem(sizeof(uint32_t), slots), RTE_CACHE_LINE_SIZE,
		socket_id);

	if (ring != NULL && rte_ring_init(ring, "hisi_qm_sgl", slots,
			RING_F_SP_ENQ | RING_F_SC_DEQ) != 0) {
		rte_free(ring);
		ring = NULL;
	}
	return ring;
}

struct hisi_qm_sgl_pool *
hisi_qm_sgl_pool_create(uint32_t count, int socket_id)
{
	struct hisi_qm_sgl_pool *pool;

	pool = rte_zmalloc_socket(NULL, sizeof(*pool), RTE_CACHE_LINE_SIZE, socket_id);
	if (pool == NULL)
		return NULL;
	pool->count = count;
	pool->users = 1;
	pool->units = rte_zmalloc_socket(NULL, count * sizeof(pool->units[0]), HISI_QM_BLOCK,
		socket_id);
	pool->next = rte_zmalloc_socket(NULL, count * sizeof(pool->next[0]), HISI_QM_BLOCK,
		socket_id);
	pool->free = pool_create_ring(count, socket_id);
	if (pool->units == NULL || pool->next == NULL || pool->free == NULL ||
			pool_fill(pool) != 0) {
		hisi_qm_sgl_pool_free(pool);
		return NULL;
	}
	return pool;
}

struct hisi_qm_sgl_pool *
hisi_qm_sgl_pool_share(struct hisi_qm_sgl_pool *pool)
{
	if (pool != NULL)
		pool->users++;
	return pool;
}

void
hisi_qm_sgl_pool_free(struct hisi_qm_sgl_pool *pool)
{
	/* The control thread frees orphans, the application what stopped. */
	if (pool == NULL || hisi_qm_sub_fetch(&pool->users, 1) != 0)
		return;
	rte_free(pool->free);
	rte_free(pool->next);
	rte_free(pool->units);
	rte_free(pool);
}

/* Units that a chain may need: one entry per segment at most, and never none. */
static uint32_t
units_needed(const struct hisi_qm_sgl_part *part)
{
	uint32_t entries = part->nb_segs + (part->head.len != 0);

	return RTE_MAX((entries + HISI_QM_SGL_ENTRIES - 1) / HISI_QM_SGL_ENTRIES, 1u);
}

/* Where the walk over a part stands. */
struct seg_walk {
	struct rte_mbuf *mbuf;
	const struct hisi_qm_sgl_piece *pieces;
	uint32_t nb_pieces;
	uint32_t offset;	/**< in the data of mbuf or piece */
	uint32_t left;		/**< bytes that are still to be described */
};

/* The next segment, whole; false: there is none. */
static bool
seg_take(struct seg_walk *walk, struct hisi_qm_sgl_piece *seg)
{
	if (walk->mbuf != NULL) {
		seg->iova = rte_pktmbuf_iova(walk->mbuf);
		seg->len = walk->mbuf->data_len;
		walk->mbuf = walk->mbuf->next;
		return true;
	}
	if (walk->nb_pieces == 0)
		return false;
	*seg = *walk->pieces++;
	walk->nb_pieces--;
	return true;
}

/* The next piece that lies in one segment, or false. */
static bool
seg_next(struct seg_walk *walk, struct hisi_qm_sgl_piece *piece)
{
	while (walk->left != 0 && seg_take(walk, piece)) {
		if (walk->offset >= piece->len) {
			walk->offset -= piece->len;
			continue;
		}
		piece->iova += walk->offset;
		piece->len = RTE_MIN(piece->len - walk->offset, walk->left);
		walk->offset = 0;
		walk->left -= piece->len;
		return true;
	}
	return false;
}

/* A chain of lists that is being written. */
struct chain {
	struct hisi_qm_sgl_pool *pool;
	const uint32_t *numbers;
	struct hisi_qm_sgl_unit *unit;
	uint32_t used;		/**< units */
	uint32_t entries;	/**< of the last unit */
};

static void
chain_add(struct chain *chain, const struct hisi_qm_sgl_piece *piece)
{
	struct hisi_qm_sgl_unit *before = chain->unit;

	if (chain->entries == HISI_QM_SGL_ENTRIES) {
		chain->unit = &chain->pool->units[chain->numbers[chain->used++]];
		if (before != NULL)
			before->sgl.next_dma = hisi_qm_iova(chain->unit);
		chain->unit->sgl.next_dma = 0;
		chain->entries = 0;
	}
	chain->unit->entry[chain->entries].buf = piece->iova;
	chain->unit->entry[chain->entries].len = piece->len;
	chain->unit->sgl.entry_sum_in_sgl = (uint16_t)++chain->entries;
}

/* @return units written: as many as the pieces need, maybe fewer than there are segments */
static uint32_t
chain_fill(struct hisi_qm_sgl_pool *pool, const uint32_t *numbers,
	const struct hisi_qm_sgl_part *part)
{
	struct seg_walk walk = { part->mbuf, part->pieces,
		part->mbuf == NULL ? part->nb_segs : 0, part->offset, part->len };
	struct chain chain = { pool, numbers, NULL, 0, HISI_QM_SGL_ENTRIES };
	struct hisi_qm_sgl_piece piece;

	if (part->head.len != 0)
		chain_add(&chain, &part->head);
	while (seg_next(&walk, &piece))
		chain_add(&chain, &piece);
	return chain.used;
}

/* The capacity of the chain, as UADK writes it; the hardware's use of it is unknown (zip.md 4). */
static void
chain_sum(struct hisi_qm_sgl_pool *pool, const uint32_t *numbers, uint32_t used)
{
	uint32_t i;

	for (i = 0; i < used; i++)
		pool->units[numbers[i]].sgl.entry_sum_in_chain =
			(uint16_t)(used * HISI_QM_SGL_ENTRIES);
}

bool
hisi_qm_sgl_build(struct hisi_qm_sgl_pool *pool, const struct hisi_qm_sgl_part *src,
	const struct hisi_qm_sgl_part *dst, struct hisi_qm_sgl_use *use)
{
	uint32_t src_units = units_needed(src), dst_units = dst != NULL ? units_needed(dst) : 0;
	uint32_t numbers[HISI_QM_SGL_MAX_PER_OP + 2];
	uint32_t i, count = src_units + dst_units;

	/* What a process had begun to take that was killed in enqueue is free. */
	rte_ring_dequeue_elem_finish(pool->free, 0);
	if (rte_ring_sc_dequeue_bulk_elem(pool->free, numbers, sizeof(numbers[0]), count,
			NULL) == 0)
		return false;
	for (i = 0; i + 1 < count; i++)
		pool->next[numbers[i]] = numbers[i + 1];
	chain_sum(pool, numbers, chain_fill(pool, numbers, src));
	use->src = hisi_qm_iova(&pool->units[numbers[0]]);
	use->dst = use->src;
	use->first = numbers[0];
	use->count = count;
	if (dst == NULL)
		return true;
	chain_sum(pool, numbers + src_units, chain_fill(pool, numbers + src_units, dst));
	use->dst = hisi_qm_iova(&pool->units[numbers[src_units]]);
	return true;
}

void
hisi_qm_sgl_release(struct hisi_qm_sgl_pool *pool, struct hisi_qm_sgl_use *use)
{
	uint32_t numbers[HISI_QM_SGL_MAX_PER_OP + 2];
	uint32_t i, number = use->first, count = use->count;

	/*
	 * Noted before it is done. A process that is killed in dequeue leaves completions that are
	 * taken once more: units may get lost with it, but never be free twice.
	 */
	use->count = 0;
	hisi_qm_signal_fence();
	for (i = 0; i < count; i++) {
		numbers[i] = number;
		number = pool->next[number];
	}
	/*
	 * The ring holds every unit of the pool, so there is always room. Places that such a
	 * process reserved, and never wrote to, are not to be taken for free units.
	 */
	rte_ring_enqueue_elem_finish(pool->free, numbers, sizeof(numbers[0]), 0);
	(void)rte_ring_sp_enqueue_bulk_elem(pool->free, numbers, sizeof(numbers[0]), count, NULL);
}
