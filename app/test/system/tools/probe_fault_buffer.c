/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <string.h>

#include <rte_debug.h>
#include <rte_mbuf.h>

#include "probe_fault.h"

/* Bytes between the end of a segment's data and the end of its buffer. */
#define MARGIN 64

static bool
is_all(const uint8_t *data, uint32_t len, uint8_t value)
{
	return len == 0 || (data[0] == value && memcmp(data, data + 1, len - 1) == 0);
}

/* A chain with so much data, all of its memory filled. */
struct rte_mbuf *
fault_buffer_make(struct rte_mempool *pool, uint32_t len, uint32_t segments)
{
	struct rte_mbuf *head = NULL, *mbuf;
	uint32_t i, part;

	for (i = 0; i < segments; i++) {
		part = i + 1 == segments ? len : len / (segments - i);
		mbuf = rte_pktmbuf_alloc(pool);
		if (mbuf == NULL)
			rte_exit(3, "no buffer left\n");
		memset(mbuf->buf_addr, FAULT_CANARY, mbuf->buf_len);
		if (rte_pktmbuf_tailroom(mbuf) < part + MARGIN ||
				rte_pktmbuf_append(mbuf, part) == NULL ||
				(head != NULL && rte_pktmbuf_chain(head, mbuf) != 0))
			rte_exit(3, "no room in a buffer\n");
		head = head == NULL ? mbuf : head;
		len -= part;
	}
	return head;
}

void
fault_buffer_fill(struct rte_mbuf *mbuf, const uint8_t *data)
{
	for (; mbuf != NULL; mbuf = mbuf->next) {
		memcpy(rte_pktmbuf_mtod(mbuf, void *), data, mbuf->data_len);
		data += mbuf->data_len;
	}
}

/* Before and after the data of each segment. */
bool
fault_buffer_is_intact_around(struct rte_mbuf *mbuf)
{
	for (; mbuf != NULL; mbuf = mbuf->next)
		if (!is_all(mbuf->buf_addr, mbuf->data_off, FAULT_CANARY) ||
				!is_all(rte_pktmbuf_mtod_offset(mbuf, uint8_t *, mbuf->data_len),
				rte_pktmbuf_tailroom(mbuf), FAULT_CANARY))
			return false;
	return true;
}

bool
fault_buffer_is_intact_inside(struct rte_mbuf *mbuf)
{
	for (; mbuf != NULL; mbuf = mbuf->next)
		if (!is_all(rte_pktmbuf_mtod(mbuf, uint8_t *), mbuf->data_len, FAULT_CANARY))
			return false;
	return true;
}

bool
fault_buffer_holds(struct rte_mbuf *mbuf, const uint8_t *data)
{
	for (; mbuf != NULL; mbuf = mbuf->next) {
		if (memcmp(rte_pktmbuf_mtod(mbuf, void *), data, mbuf->data_len) != 0)
			return false;
		data += mbuf->data_len;
	}
	return true;
}

void
fault_buffer_clear(struct rte_mbuf *mbuf)
{
	for (; mbuf != NULL; mbuf = mbuf->next)
		memset(mbuf->buf_addr, FAULT_CANARY, mbuf->buf_len);
}
