/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Chains of mbufs of any cut and kind, with canaries on both sides of every segment.
 *
 * Every byte of a new buffer is a function of its address, so that one that was written to is known
 * by itself.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_lcore.h>
#include <rte_malloc.h>

#include "diff_buffer.h"

#define CANARY_LEN 64
#define MAX_SEGMENT_LEN 60000
#define PAGE_LEN 4096
#define HUGE_PAGE_LEN (2 << 20)
#define SMALL_LEN 2048
#define SMALL_ROOM (RTE_PKTMBUF_HEADROOM + SMALL_LEN + CANARY_LEN)
#define LARGE_ROOM (RTE_PKTMBUF_HEADROOM + MAX_SEGMENT_LEN + CANARY_LEN)
/* Large direct segments of a chain; further ones are external. */
#define MAX_LARGE 256
/* What one operation may want at most, and more: alone it always finds enough. */
#define NB_SMALL 50000
#define NB_LARGE (3 * MAX_LARGE)
#define NB_HEADERS 160000

static_assert(RTE_PKTMBUF_HEADROOM >= CANARY_LEN, "canaries of direct mbufs lie in the headroom");

static struct rte_mempool *small_pool, *large_pool, *header_pool;

int
diff_buffer_pools_create(void)
{
	int socket_id = rte_socket_id();

	small_pool = rte_pktmbuf_pool_create("diff_small", NB_SMALL, 0, 0, SMALL_ROOM, socket_id);
	large_pool = rte_pktmbuf_pool_create("diff_large", NB_LARGE, 0, 0, LARGE_ROOM, socket_id);
	header_pool = rte_pktmbuf_pool_create("diff_headers", NB_HEADERS, 0, 0, 0, socket_id);
	return small_pool != NULL && large_pool != NULL && header_pool != NULL ? 0 : -ENOMEM;
}

void
diff_buffer_pools_free(void)
{
	rte_mempool_free(small_pool);
	rte_mempool_free(large_pool);
	rte_mempool_free(header_pool);
}

/* Does any mbuf still miss? */
bool
diff_buffer_pools_full(void)
{
	return rte_mempool_full(small_pool) && rte_mempool_full(large_pool) &&
		rte_mempool_full(header_pool);
}

uint64_t
diff_buffer_page_len(void)
{
	const struct rte_memseg *segment = rte_mem_virt2memseg(header_pool, NULL);

	return segment != NULL ? segment->hugepage_sz : 0;
}

static uint8_t
pattern(const uint8_t *at)
{
	uint64_t z = (uintptr_t)at * UINT64_C(0x9e3779b97f4a7c15);

	return (uint8_t)(z >> 56);
}

static void
pattern_write(uint8_t *from, const uint8_t *to)
{
	for (; from < to; from++)
		*from = pattern(from);
}

static bool
pattern_holds(const uint8_t *from, const uint8_t *to)
{
	for (; from < to; from++)
		if (*from != pattern(from))
			return false;
	return true;
}

/* ---- the cut ---- */

static int
compare_u32(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* The next border of segment i of n after @p at; what is left over goes into the last one. */
static uint32_t
cut_next(struct diff_buffer_shape *shape, const uint32_t *cuts, uint32_t i, uint32_t at)
{
	uint32_t len = shape->len;

	switch (shape->cut) {
	case DIFF_CUT_RANDOM:
		return cuts[i];
	case DIFF_CUT_HOLES:
		return i % 2 == 1 ? at : cuts[i];
	case DIFF_CUT_ONES:
		return RTE_MIN(at + 1, len);
	case DIFF_CUT_PAGES:
		return RTE_MIN(at + PAGE_LEN - (i == 0), len);
	default:
		return (uint64_t)len * (i + 1) / shape->nb_segments;
	}
}

/* Lengths of the segments; a long one becomes several. @return their number */
static uint32_t
cut_all(struct diff_buffer_shape *shape, uint32_t **lengths)
{
	uint32_t n = shape->nb_segments, most = n + shape->len / MAX_SEGMENT_LEN + 1;
	uint32_t *cuts = malloc(n * sizeof(*cuts)), i, at = 0, next, count = 0;

	*lengths = malloc(most * sizeof(**lengths));
	if (cuts == NULL || *lengths == NULL)
		abort();
	for (i = 0; i < n; i++)
		cuts[i] = diff_random_below(&shape->random, (uint64_t)shape->len + 1);
	qsort(cuts, n, sizeof(*cuts), compare_u32);
	for (i = 0; i < n; i++, at = next) {
		next = i + 1 == n ? shape->len : cut_next(shape, cuts, i, at);
		for (; next - at > MAX_SEGMENT_LEN; at += MAX_SEGMENT_LEN)
			(*lengths)[count++] = MAX_SEGMENT_LEN;
		(*lengths)[count++] = next - at;
	}
	free(cuts);
	return count;
}

/* ---- segments ---- */

static enum diff_mbuf
mbuf_kind(struct diff_buffer_shape *shape, uint32_t number, uint32_t len)
{
	enum diff_mbuf kind = shape->mbuf;

	if (kind == DIFF_MBUF_MIXED)
		kind = (enum diff_mbuf)diff_random_below(&shape->random, DIFF_MBUF_MIXED);
	if (number < MAX_LARGE || len <= SMALL_LEN)
		return kind;
	return kind == DIFF_MBUF_DIRECT ? DIFF_MBUF_EXTERNAL :
		kind == DIFF_MBUF_INDIRECT ? DIFF_MBUF_INDIRECT_EXTERNAL : kind;
}

static struct rte_mbuf *
make_direct(uint32_t len)
{
	return rte_pktmbuf_alloc(len <= SMALL_LEN ? small_pool : large_pool);
}

static void
external_free(void *addr, void *opaque)
{
	RTE_SET_USED(addr);
	RTE_SET_USED(opaque);
}

static struct rte_mbuf *
make_external(struct diff_buffer *buffer, uint8_t *data, uint32_t len)
{
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(header_pool);

	if (mbuf == NULL)
		return NULL;
	rte_mbuf_ext_refcnt_update(&buffer->shared, 1);
	/* IOVA = VA: the vdev asks EAL for it. */
	rte_pktmbuf_attach_extbuf(mbuf, data - CANARY_LEN, (uintptr_t)data - CANARY_LEN,
		len + 2 * CANARY_LEN, &buffer->shared);
	mbuf->data_off = CANARY_LEN;
	return mbuf;
}

/* An mbuf that shows the memory of another one, which lives on by its reference count. */
static struct rte_mbuf *
make_indirect(struct rte_mbuf *direct)
{
	struct rte_mbuf *mbuf;

	if (direct == NULL)
		return NULL;
	mbuf = rte_pktmbuf_alloc(header_pool);
	if (mbuf != NULL)
		rte_pktmbuf_attach(mbuf, direct);
	rte_pktmbuf_free(direct);
	return mbuf;
}

static struct rte_mbuf *
make_segment(struct diff_buffer *buffer, enum diff_mbuf kind, uint8_t *data, uint32_t len)
{
	struct rte_mbuf *mbuf;

	switch (kind) {
	case DIFF_MBUF_DIRECT:
		mbuf = make_direct(len);
		break;
	case DIFF_MBUF_INDIRECT:
		mbuf = make_indirect(make_direct(len));
		break;
	case DIFF_MBUF_INDIRECT_EXTERNAL:
		mbuf = make_indirect(make_external(buffer, data, len));
		break;
	default:
		mbuf = make_external(buffer, data, len);
		break;
	}
	if (mbuf == NULL)
		return NULL;
	mbuf->data_len = len;
	mbuf->pkt_len = len;
	return mbuf;
}

static void
note_segment(struct diff_segment *segment, struct rte_mbuf *mbuf)
{
	segment->data = rte_pktmbuf_mtod(mbuf, uint8_t *);
	segment->len = mbuf->data_len;
	segment->low = segment->data - CANARY_LEN;
	segment->high = segment->data + segment->len + CANARY_LEN;
	pattern_write(segment->low, segment->high);
}

/* Append in place of rte_pktmbuf_chain(), which walks the chain each time. */
static void
append(struct diff_buffer *buffer, struct rte_mbuf **tail, struct rte_mbuf *mbuf)
{
	if (buffer->head == NULL) {
		buffer->head = mbuf;
	} else {
		(*tail)->next = mbuf;
		buffer->head->nb_segs++;
		buffer->head->pkt_len += mbuf->data_len;
	}
	*tail = mbuf;
}

/* Where the first external segment of @p len bytes begins. */
static uint8_t *
place_first(const struct diff_buffer *buffer, const struct diff_buffer_shape *shape, uint32_t len)
{
	uint8_t *data = buffer->block + CANARY_LEN;

	switch (shape->place) {
	case DIFF_PLACE_PAGE_START:
		return RTE_PTR_ALIGN_CEIL(data, PAGE_LEN);
	case DIFF_PLACE_PAGE_END:
		return (uint8_t *)RTE_PTR_ALIGN_CEIL(data + len, PAGE_LEN) - len;
	case DIFF_PLACE_HUGE_BORDER:
		return (uint8_t *)RTE_PTR_ALIGN_CEIL(data + len, HUGE_PAGE_LEN) - len / 2;
	default:
		return data + shape->len % 64;
	}
}

static bool
make_block(struct diff_buffer *buffer, const struct diff_buffer_shape *shape, uint32_t nb_segments)
{
	size_t len = shape->len + (size_t)nb_segments * 2 * CANARY_LEN + 2 * PAGE_LEN;

	if (shape->place == DIFF_PLACE_HUGE_BORDER)
		len += 2 * HUGE_PAGE_LEN;
	/* One without external segments gets what is never used. */
	if (nb_segments <= MAX_LARGE &&
			(shape->mbuf == DIFF_MBUF_DIRECT || shape->mbuf == DIFF_MBUF_INDIRECT))
		len = PAGE_LEN;
	buffer->block = rte_malloc(NULL, len, 0);
	return buffer->block != NULL;
}

bool
diff_buffer_make(struct diff_buffer *buffer, struct diff_buffer_shape *shape)
{
	struct rte_mbuf *mbuf, *tail = NULL;
	uint32_t *lengths, i, count = cut_all(shape, &lengths);
	enum diff_mbuf kind;
	uint8_t *at = NULL;

	memset(buffer, 0, sizeof(*buffer));
	buffer->shared.free_cb = external_free;
	buffer->len = shape->len;
	buffer->segments = calloc(count, sizeof(*buffer->segments));
	if (buffer->segments == NULL)
		abort();
	if (make_block(buffer, shape, count))
		at = place_first(buffer, shape, lengths[0]);
	for (i = 0; at != NULL && i < count; i++) {
		kind = mbuf_kind(shape, i, lengths[i]);
		mbuf = make_segment(buffer, kind, at, lengths[i]);
		if (mbuf == NULL)
			break;
		if (kind == DIFF_MBUF_EXTERNAL || kind == DIFF_MBUF_INDIRECT_EXTERNAL)
			at += lengths[i] + 2 * CANARY_LEN;
		note_segment(&buffer->segments[i], mbuf);
		append(buffer, &tail, mbuf);
		buffer->nb_segments++;
	}
	free(lengths);
	if (buffer->nb_segments == count)
		return true;
	diff_buffer_free(buffer);
	return false;
}

void
diff_buffer_free(struct diff_buffer *buffer)
{
	rte_pktmbuf_free(buffer->head);
	rte_free(buffer->block);
	free(buffer->segments);
	memset(buffer, 0, sizeof(*buffer));
}

/* ---- contents ---- */

static void
copy(const struct diff_buffer *buffer, uint32_t offset, void *to, const void *from, size_t len)
{
	const struct diff_segment *segment = buffer->segments;
	size_t done = 0, part;

	for (; done < len; segment++) {
		if (offset >= segment->len) {
			offset -= segment->len;
			continue;
		}
		part = RTE_MIN((size_t)segment->len - offset, len - done);
		if (from != NULL)
			memcpy(segment->data + offset, (const uint8_t *)from + done, part);
		else
			memcpy((uint8_t *)to + done, segment->data + offset, part);
		done += part;
		offset = 0;
	}
}

void
diff_buffer_write(struct diff_buffer *buffer, uint32_t offset, const void *data, size_t len)
{
	copy(buffer, offset, NULL, data, len);
}

void
diff_buffer_read(const struct diff_buffer *buffer, uint32_t offset, void *data, size_t len)
{
	copy(buffer, offset, data, NULL, len);
}

int
diff_buffer_check(const struct diff_buffer *buffer)
{
	const struct diff_segment *segment;
	uint32_t i;

	for (i = 0; i < buffer->nb_segments; i++) {
		segment = &buffer->segments[i];
		if (!pattern_holds(segment->low, segment->data) ||
				!pattern_holds(segment->data + segment->len, segment->high))
			return (int)i;
	}
	return -1;
}

bool
diff_buffer_untouched(const struct diff_buffer *buffer, uint32_t from, uint32_t to)
{
	const struct diff_segment *segment = buffer->segments;
	uint32_t at = 0, i, low, high;

	for (i = 0; i < buffer->nb_segments && at < to; i++, segment++) {
		low = RTE_MAX(from, at);
		high = RTE_MIN(to, at + segment->len);
		if (low < high && !pattern_holds(segment->data + (low - at),
				segment->data + (high - at)))
			return false;
		at += segment->len;
	}
	return true;
}
