/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <string.h>

#include "buffers.h"

int
testacc_fail_segments(const struct testacc_settings *settings, uint64_t count)
{
	uint64_t most = testacc_settings_largest(settings);

	if (count > TESTACC_MAX_SGL)
		return testacc_fail("size %" PRIu64 " is more than %u mbufs of %u bytes hold, and sgl is no larger; set size lower",
			most, TESTACC_MAX_SGL, TESTACC_MAX_SEGMENT);
	return testacc_fail("size %" PRIu64 " in %" PRIu64 " mbuf%s: one holds %u bytes at most; set sgl to %" PRIu64 " or more",
		most, settings->sgl, testacc_plural(settings->sgl), TESTACC_MAX_SEGMENT, count);
}

struct rte_mbuf *
testacc_chain_make(struct rte_mempool *mbufs, uint32_t count, uint32_t len)
{
	uint32_t i, part, piece = (len + count - 1) / count;
	struct rte_mbuf *head = NULL, *mbuf;

	for (i = 0; i < count && len > 0; i++) {
		mbuf = rte_pktmbuf_alloc(mbufs);
		part = RTE_MIN(piece, len);
		if (mbuf == NULL || rte_pktmbuf_append(mbuf, (uint16_t)part) == NULL)
			return NULL;
		len -= part;
		if (head == NULL)
			head = mbuf;
		else if (rte_pktmbuf_chain(head, mbuf) != 0)
			return NULL;
	}
	return head;
}

void
testacc_chain_read(const struct rte_mbuf *mbuf, uint8_t *to, uint32_t len)
{
	uint32_t part;

	for (; mbuf != NULL && len > 0; mbuf = mbuf->next) {
		part = RTE_MIN((uint32_t)mbuf->data_len, len);
		memcpy(to, rte_pktmbuf_mtod(mbuf, const uint8_t *), part);
		to += part;
		len -= part;
	}
}

void
testacc_chain_write(struct rte_mbuf *mbuf, const uint8_t *from, uint32_t len)
{
	uint32_t part;

	for (; mbuf != NULL && len > 0; mbuf = mbuf->next) {
		part = RTE_MIN((uint32_t)mbuf->data_len, len);
		memcpy(rte_pktmbuf_mtod(mbuf, uint8_t *), from, part);
		from += part;
		len -= part;
	}
}

bool
testacc_chain_equals(const struct rte_mbuf *mbuf, const uint8_t *data, uint32_t len)
{
	uint32_t part;

	for (; mbuf != NULL && len > 0; mbuf = mbuf->next) {
		part = RTE_MIN((uint32_t)mbuf->data_len, len);
		if (memcmp(rte_pktmbuf_mtod(mbuf, const uint8_t *), data, part) != 0)
			return false;
		data += part;
		len -= part;
	}
	return len == 0;
}

void
testacc_slot_aim(struct testacc_run *run, unsigned int number, uint32_t index)
{
	struct testacc_engine *engine = run->engines[number];
	struct testacc_slot *slot = &engine->slots[index];

	/* Each part in each size; with little depth, other parts on other queue pairs. */
	slot->part = (uint8_t)((index + number) % run->nb_parts);
	slot->size_class = (uint8_t)(index / run->nb_parts % run->settings.nb_sizes);
	slot->size = (uint32_t)run->settings.sizes[slot->size_class];
	slot->data = run->data + ((size_t)number * engine->nb_slots + index) * slot->size %
		run->data_len;
}
