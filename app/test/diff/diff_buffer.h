/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Chains of mbufs of any cut and kind, with canaries on both sides of every segment.
 */
#ifndef DIFF_BUFFER_H
#define DIFF_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rte_mbuf.h>

#include "diff_random.h"

enum diff_cut {
	DIFF_CUT_EVEN, DIFF_CUT_RANDOM, DIFF_CUT_ONES, DIFF_CUT_HOLES, DIFF_CUT_PAGES,
	DIFF_CUT_KINDS,
};

enum diff_mbuf {
	DIFF_MBUF_EXTERNAL, DIFF_MBUF_DIRECT, DIFF_MBUF_INDIRECT, DIFF_MBUF_INDIRECT_EXTERNAL,
	DIFF_MBUF_MIXED, DIFF_MBUF_KINDS,
};

/* Where the first external segment lies. */
enum diff_place {
	DIFF_PLACE_ANY, DIFF_PLACE_PAGE_START, DIFF_PLACE_PAGE_END, DIFF_PLACE_HUGE_BORDER,
	DIFF_PLACE_KINDS,
};

struct diff_segment {
	uint8_t *data;
	uint8_t *low;		/* canary from here to data */
	uint8_t *high;		/* and from the end of the data to here */
	uint32_t len;
};

/* A chain with canaries on both sides of every segment. */
struct diff_buffer {
	struct rte_mbuf *head;
	struct diff_segment *segments;
	uint32_t nb_segments;
	uint32_t len;
	uint8_t *block;		/* memory of external segments */
	struct rte_mbuf_ext_shared_info shared;
};

struct diff_buffer_shape {
	uint32_t len;
	uint32_t nb_segments;
	enum diff_cut cut;
	enum diff_mbuf mbuf;
	enum diff_place place;
	struct diff_random random;
};

/* @return negative: no memory */
int diff_buffer_pools_create(void);
void diff_buffer_pools_free(void);
bool diff_buffer_pools_full(void);
/* Size of the pages that buffers lie in. */
uint64_t diff_buffer_page_len(void);

/* @return false: no buffers left for now */
bool diff_buffer_make(struct diff_buffer *buffer, struct diff_buffer_shape *shape);
void diff_buffer_free(struct diff_buffer *buffer);
void diff_buffer_write(struct diff_buffer *buffer, uint32_t offset, const void *data, size_t len);
void diff_buffer_read(const struct diff_buffer *buffer, uint32_t offset, void *data, size_t len);
/* The number of the first segment with a broken canary, or -1. */
int diff_buffer_check(const struct diff_buffer *buffer);
/* Are bytes @p from to @p to of the chain what diff_buffer_make() put there? */
bool diff_buffer_untouched(const struct diff_buffer *buffer, uint32_t from, uint32_t to);

#endif /* DIFF_BUFFER_H */
