/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Hardware SGLs from mbuf chains, read back as the chip would (qm.md 7, zip.md 4).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>
#include <rte_ring.h>
#include <rte_ring_elem.h>

#include <hisi_qm_sgl.h>

#include "test_eal.h"

#define MAX_SEGS 5000
/* Too few for all that test_nothing_leaks() has at a time. */
#define NB_SGLS 96

static struct rte_mbuf segs[2][MAX_SEGS];
static uint8_t data[2][256 * 1024];

/* A chain over data[side], so that byte n of the chain is byte n there; lengths in turn. */
static struct rte_mbuf *
chain(int side, uint32_t nb_segs, const uint16_t *lens, uint32_t nb_lens)
{
	uint32_t i, at = 0;

	for (i = 0; i < nb_segs; i++) {
		struct rte_mbuf *mbuf = &segs[side][i];

		memset(mbuf, 0, sizeof(*mbuf));
		mbuf->buf_addr = data[side];
		mbuf->buf_iova = (uintptr_t)data[side];
		mbuf->data_off = (uint16_t)at;
		/* data_off has 16 bits: the base moves with it. */
		mbuf->buf_addr = data[side] + (at & ~0xffffu);
		mbuf->buf_iova = (uintptr_t)mbuf->buf_addr;
		mbuf->data_len = lens[i % nb_lens];
		mbuf->next = i + 1 < nb_segs ? mbuf + 1 : NULL;
		at += mbuf->data_len;
		assert_true(at <= sizeof(data[side]));
	}
	segs[side][0].nb_segs = (uint16_t)nb_segs;
	return &segs[side][0];
}

/* The chip's walk: entries in use of each SGL, then the next one. Each byte where it belongs. */
static uint32_t
check_list(uint64_t iova, const uint8_t *start, uint32_t len)
{
	uint32_t done = 0, sgls = 0, entries = 0, i;
	uint16_t capacity = 0;

	while (iova != 0) {
		const struct hisi_qm_sgl_unit *unit = (const void *)(uintptr_t)iova;

		assert_int_equal(iova % 64, 0);
		assert_in_range(unit->sgl.entry_sum_in_sgl, 1, HISI_QM_SGL_ENTRIES);
		assert_int_equal(unit->sgl.entry_length_in_sgl, HISI_QM_SGL_ENTRIES);
		/* All but the last are full. */
		if (unit->sgl.next_dma != 0)
			assert_int_equal(unit->sgl.entry_sum_in_sgl, HISI_QM_SGL_ENTRIES);
		for (i = 0; i < unit->sgl.entry_sum_in_sgl; i++) {
			assert_ptr_equal((void *)(uintptr_t)unit->entry[i].buf, start + done);
			assert_int_not_equal(unit->entry[i].len, 0);
			done += unit->entry[i].len;
		}
		entries += i;
		capacity = unit->sgl.entry_sum_in_chain;
		iova = unit->sgl.next_dma;
		sgls++;
	}
	assert_int_equal(done, len);
	assert_int_equal(capacity, sgls * HISI_QM_SGL_ENTRIES);
	return entries;
}

static uint32_t
free_units(const struct hisi_qm_sgl_pool *pool)
{
	return rte_ring_count(pool->free);
}

static struct hisi_qm_sgl_part
part(struct rte_mbuf *mbuf, uint32_t offset, uint32_t len)
{
	return (struct hisi_qm_sgl_part){ mbuf, offset, len, mbuf->nb_segs };
}

struct cut {
	uint32_t nb_segs;
	uint16_t lens[4];
	uint32_t nb_lens;
	uint32_t offset;
	uint32_t entries;	/* expected, of the whole chain behind the offset */
};

/* Around the capacity of a unit, around whole units, empty segments, offsets in and at segments. */
static const struct cut cuts[] = {
	{ 1, { 100 }, 1, 0, 1 },
	{ 1, { 100 }, 1, 99, 1 },
	{ 2, { 100 }, 1, 100, 1 },
	{ 2, { 100 }, 1, 101, 1 },
	{ 15, { 7 }, 1, 0, 15 },
	{ 16, { 7 }, 1, 0, 16 },
	{ 17, { 7 }, 1, 0, 17 },
	{ 17, { 7 }, 1, 7, 16 },
	{ 17, { 7 }, 1, 6, 17 },
	{ 32, { 1 }, 1, 0, 32 },
	{ 33, { 1 }, 1, 0, 33 },
	{ 300, { 1 }, 1, 0, 300 },
	{ 300, { 1 }, 1, 299, 1 },
	{ 40, { 0, 5 }, 2, 0, 20 },
	{ 40, { 5, 0 }, 2, 4, 20 },
	{ 40, { 0, 0, 0, 9 }, 4, 0, 10 },
	{ 4096, { 1 }, 1, 0, 4096 },
	{ 4096, { 61, 0, 1 }, 3, 0, 2731 },
	{ 3, { 65535 }, 1, 65535, 2 },
};

static void
check_cut(struct hisi_qm_sgl_pool *pool, const struct cut *src_cut, const struct cut *dst_cut)
{
	struct rte_mbuf *src = chain(0, src_cut->nb_segs, src_cut->lens, src_cut->nb_lens);
	struct rte_mbuf *dst = chain(1, dst_cut->nb_segs, dst_cut->lens, dst_cut->nb_lens);
	uint32_t src_len = 0, dst_len = 0, i;
	struct hisi_qm_sgl_part in, out;
	struct hisi_qm_sgl_use use;

	for (i = 0; i < src_cut->nb_segs; i++)
		src_len += segs[0][i].data_len;
	for (i = 0; i < dst_cut->nb_segs; i++)
		dst_len += segs[1][i].data_len;
	in = part(src, src_cut->offset, src_len - src_cut->offset);
	out = part(dst, dst_cut->offset, dst_len - dst_cut->offset);
	assert_true(hisi_qm_sgl_build(pool, &in, &out, &use));
	assert_int_equal(check_list(use.src, data[0] + in.offset, in.len), src_cut->entries);
	assert_int_equal(check_list(use.dst, data[1] + out.offset, out.len), dst_cut->entries);
	assert_int_equal(free_units(pool), pool->count - use.count);
	hisi_qm_sgl_release(pool, &use);
	assert_int_equal(free_units(pool), pool->count);
}

static void
test_cuts(void **state)
{
	struct hisi_qm_sgl_pool *pool = hisi_qm_sgl_pool_create(HISI_QM_SGL_MAX_PER_OP,
		SOCKET_ID_ANY);
	size_t i, j;

	(void)state;
	assert_non_null(pool);
	for (i = 0; i < RTE_DIM(cuts); i++)
		for (j = 0; j < RTE_DIM(cuts); j++)
			check_cut(pool, &cuts[i], &cuts[j]);
	hisi_qm_sgl_pool_free(pool);
}

/* A head before the chain, and pieces instead of mbufs; one list for both sides. */
static void
test_head_and_pieces(void **state)
{
	struct hisi_qm_sgl_piece pieces[40] = { { 0 } };
	struct hisi_qm_sgl_pool *pool = hisi_qm_sgl_pool_create(8, SOCKET_ID_ANY);
	struct hisi_qm_sgl_part in = { .pieces = pieces, .nb_segs = RTE_DIM(pieces), .offset = 3,
		.len = 200 - 3 - 2, .head = { (uintptr_t)data[0], 7 } };
	struct hisi_qm_sgl_use use;
	uint32_t i;

	(void)state;
	assert_non_null(pool);
	for (i = 0; i < RTE_DIM(pieces); i++)
		pieces[i] = (struct hisi_qm_sgl_piece){ (uintptr_t)data[0] + 4 + 5 * i, 5 };
	/* The head ends where the pieces begin, so that all of it is one stretch of memory. */
	assert_true(hisi_qm_sgl_build(pool, &in, NULL, &use));
	assert_int_equal(use.src, use.dst);
	assert_int_equal(check_list(use.src, data[0], 7 + 195), 41);
	assert_int_equal(use.count, 3);
	hisi_qm_sgl_release(pool, &use);
	assert_int_equal(free_units(pool), 8);
	/* Nothing but a head. */
	in.len = 0;
	in.nb_segs = 0;
	assert_true(hisi_qm_sgl_build(pool, &in, NULL, &use));
	assert_int_equal(check_list(use.src, data[0], 7), 1);
	hisi_qm_sgl_release(pool, &use);
	hisi_qm_sgl_pool_free(pool);
}

/* Only a part of the source, as op->src.length says: it ends within a segment. */
static void
test_part_of_a_chain(void **state)
{
	static const uint16_t lens[] = { 10, 20, 0, 30 };
	struct hisi_qm_sgl_pool *pool = hisi_qm_sgl_pool_create(64, SOCKET_ID_ANY);
	struct rte_mbuf *src = chain(0, 40, lens, 4), *dst = chain(1, 1, lens, 4);
	struct hisi_qm_sgl_part in, out = part(dst, 0, 10);
	struct hisi_qm_sgl_use use;
	uint32_t offset, len;

	(void)state;
	for (offset = 0; offset < 600; offset += 7)
		for (len = 1; offset + len <= 600; len += 13) {
			in = part(src, offset, len);
			assert_true(hisi_qm_sgl_build(pool, &in, &out, &use));
			(void)check_list(use.src, data[0] + offset, len);
			hisi_qm_sgl_release(pool, &use);
		}
	assert_int_equal(free_units(pool), 64);
	hisi_qm_sgl_pool_free(pool);
}

/* A count of segments that is a lie: nothing beyond the end of the chain is touched. */
static void
test_chain_shorter_than_it_says(void **state)
{
	static const uint16_t lens[] = { 10 };
	struct hisi_qm_sgl_pool *pool = hisi_qm_sgl_pool_create(64, SOCKET_ID_ANY);
	struct rte_mbuf *src = chain(0, 3, lens, 1), *dst = chain(1, 2, lens, 1);
	struct hisi_qm_sgl_part in = part(src, 0, 30), out = part(dst, 0, 20);
	struct hisi_qm_sgl_use use;

	(void)state;
	in.nb_segs = 100;
	assert_true(hisi_qm_sgl_build(pool, &in, &out, &use));
	assert_int_equal(check_list(use.src, data[0], 30), 3);
	hisi_qm_sgl_release(pool, &use);
	assert_int_equal(free_units(pool), 64);
	hisi_qm_sgl_pool_free(pool);
}

/* All or nothing: an operation that does not fit takes no unit, and fits again after a release. */
static void
test_empty_pool(void **state)
{
	static const uint16_t lens[] = { 3 };
	struct hisi_qm_sgl_pool *pool = hisi_qm_sgl_pool_create(8, SOCKET_ID_ANY);
	struct hisi_qm_sgl_part small_in, small_out, large_in;
	struct hisi_qm_sgl_use use[4], no;
	uint32_t i;

	(void)state;
	small_out = part(chain(1, 1, lens, 1), 0, 3);
	small_in = part(chain(0, 16, lens, 1), 0, 48);
	for (i = 0; i < 3; i++)
		assert_true(hisi_qm_sgl_build(pool, &small_in, &small_out, &use[i]));
	large_in = part(chain(0, 32, lens, 1), 0, 96);
	assert_false(hisi_qm_sgl_build(pool, &large_in, &small_out, &no));
	assert_int_equal(free_units(pool), 2);
	hisi_qm_sgl_release(pool, &use[1]);
	assert_true(hisi_qm_sgl_build(pool, &large_in, &small_out, &use[1]));
	assert_int_equal(free_units(pool), 1);
	for (i = 0; i < 3; i++)
		hisi_qm_sgl_release(pool, &use[i]);
	assert_int_equal(free_units(pool), 8);
	hisi_qm_sgl_pool_free(pool);
}

/* Every unit is there, once. Takes them all. */
static void
check_all_free(struct hisi_qm_sgl_pool *pool)
{
	uint32_t number = 0, seen[NB_SGLS] = { 0 }, i;

	assert_int_equal(free_units(pool), pool->count);
	for (i = 0; i < pool->count; i++) {
		assert_int_equal(rte_ring_sc_dequeue_elem(pool->free, &number, sizeof(number)), 0);
		assert_in_range(number, 0, pool->count - 1);
		assert_int_equal(seen[number]++, 0);
	}
}

/* As a process leaves the free list that is killed while it takes units, or gives them back. */
static void
test_killed_in_the_middle(void **state)
{
	static const uint16_t lens[] = { 1 };
	struct hisi_qm_sgl_pool *pool = hisi_qm_sgl_pool_create(8, SOCKET_ID_ANY);
	struct hisi_qm_sgl_part in = part(chain(0, 17, lens, 1), 0, 17);
	struct hisi_qm_sgl_part out = part(chain(1, 1, lens, 1), 0, 1);
	struct hisi_qm_sgl_use use[2];

	(void)state;
	/* Those that it was about to take are free. */
	pool->free->cons.head += 7;
	assert_true(hisi_qm_sgl_build(pool, &in, &out, &use[0]));
	assert_int_equal(free_units(pool), 5);
	/* Places that it was about to write to hold what was there before. */
	assert_true(hisi_qm_sgl_build(pool, &in, &out, &use[1]));
	pool->free->prod.head += 2;
	hisi_qm_sgl_release(pool, &use[1]);
	assert_int_equal(free_units(pool), 5);
	hisi_qm_sgl_release(pool, &use[0]);
	check_all_free(pool);
	hisi_qm_sgl_pool_free(pool);
}

/* Operations of all sizes that end in any order: every unit is there in the end, once. */
static void
test_nothing_leaks(void **state)
{
	static const uint16_t lens[] = { 1 };
	struct hisi_qm_sgl_pool *pool = hisi_qm_sgl_pool_create(NB_SGLS, SOCKET_ID_ANY);
	struct hisi_qm_sgl_use use[32] = { { 0 } };
	uint32_t refused = 0, round, i;

	(void)state;
	for (round = 0; round < 20000; round++) {
		uint32_t in_segs = 1 + (uint32_t)rand() % 90, out_segs = 1 + (uint32_t)rand() % 90;
		struct hisi_qm_sgl_use *at = &use[rand() % 32];
		struct hisi_qm_sgl_part in, out;

		if (at->count != 0) {
			hisi_qm_sgl_release(pool, at);
			at->count = 0;
			continue;
		}
		in = part(chain(0, in_segs, lens, 1), 0, in_segs);
		out = part(chain(1, out_segs, lens, 1), 0, out_segs);
		if (!hisi_qm_sgl_build(pool, &in, &out, at)) {
			refused++;
			at->count = 0;
			continue;
		}
		(void)check_list(at->src, data[0], in_segs);
		(void)check_list(at->dst, data[1], out_segs);
	}
	assert_int_not_equal(refused, 0);
	for (i = 0; i < 32; i++)
		if (use[i].count != 0)
			hisi_qm_sgl_release(pool, &use[i]);
	check_all_free(pool);
	hisi_qm_sgl_pool_free(pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_head_and_pieces),
		cmocka_unit_test(test_part_of_a_chain),
		cmocka_unit_test(test_chain_shorter_than_it_says),
		cmocka_unit_test(test_empty_pool),
		cmocka_unit_test(test_killed_in_the_middle),
		cmocka_unit_test(test_nothing_leaks),
	};
	int ret = test_eal_start("test_qm_sgl");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_sgl", tests, NULL, NULL));
}
