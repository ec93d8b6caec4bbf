/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_BUFFERS_H
#define TESTACC_BUFFERS_H

/**
 * @file
 * Buffers of the ops of any class: chains of mbufs, and where in the plain data a slot begins.
 */

#include <rte_mbuf.h>

#include "engine.h"

/** Bytes that an mbuf holds at most: rte_pktmbuf_pool_create() counts in 16 bits. */
#define TESTACC_MAX_SEGMENT (UINT16_MAX - RTE_PKTMBUF_HEADROOM)

/** Say that buffers of the largest size need @p count mbufs. @return TESTACC_FAILED */
int testacc_fail_segments(const struct testacc_settings *settings, uint64_t count);

/** A chain with room for @p len bytes in @p count mbufs, NULL: the pool has none. */
struct rte_mbuf *testacc_chain_make(struct rte_mempool *mbufs, uint32_t count, uint32_t len);

/** Bytes of a chain into flat memory, and back. */
void testacc_chain_read(const struct rte_mbuf *mbuf, uint8_t *to, uint32_t len);
void testacc_chain_write(struct rte_mbuf *mbuf, const uint8_t *from, uint32_t len);
/** Is what a chain begins with the same as @p data? */
bool testacc_chain_equals(const struct rte_mbuf *mbuf, const uint8_t *data, uint32_t len);

/** Give slot @p index of engine @p number its part, its size and its place in the data. */
void testacc_slot_aim(struct testacc_run *run, unsigned int number, uint32_t index);

#endif /* TESTACC_BUFFERS_H */
