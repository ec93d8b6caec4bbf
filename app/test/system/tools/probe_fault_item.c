/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <string.h>

#include <zlib.h>

#include <rte_common.h>
#include <rte_comp.h>
#include <rte_debug.h>
#include <rte_mbuf.h>

#include "probe_fault.h"

static const struct fault_kind kinds[] = {
	{ "compress", 1, { FAULT_FORWARDS } },
	{ "decompress", 1, { FAULT_BACKWARDS } },
	{ "sgl", 2, { FAULT_CHAINED_FORWARDS, FAULT_CHAINED_BACKWARDS } },
	{ "mixed", 4, { FAULT_FORWARDS, FAULT_BACKWARDS, FAULT_CHAINED_FORWARDS,
		FAULT_CHAINED_BACKWARDS } },
	/* For a generation that does not inflate. */
	{ "sgl-compress", 1, { FAULT_CHAINED_FORWARDS } },
	{ "mixed-compress", 2, { FAULT_FORWARDS, FAULT_CHAINED_FORWARDS } },
};

#define SEGMENTS 3

const struct fault_kind *
fault_kind_find(const char *name)
{
	uint32_t i;

	for (i = 0; i < RTE_DIM(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

/* Text with noise in it: worth compressing, and not the same for any two. */
static void
make_plain(struct fault_item *item)
{
	static const char words[] = "queue doorbell burst phase window status xform socket ";
	uint32_t i, noise = item->id * 2654435761U + 1;

	item->plain_len = 512 + noise % (FAULT_PLAIN_MAX - 512);
	for (i = 0; i < item->plain_len; i++) {
		noise = noise * 1664525 + 1013904223;
		item->plain[i] = noise >> 29 == 0 ? noise >> 20 :
			(uint8_t)words[(i + item->id) % (sizeof(words) - 1)];
	}
}

static void
deflate_plain(struct fault_item *item)
{
	z_stream stream = {
		.next_in = item->plain, .avail_in = item->plain_len,
		.next_out = item->src, .avail_out = sizeof(item->src),
	};

	if (deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
			deflate(&stream, Z_FINISH) != Z_STREAM_END)
		rte_exit(3, "zlib does not deflate\n");
	item->src_len = stream.total_out;
	deflateEnd(&stream);
}

void
fault_item_make(struct probe *probe, struct fault_item *item, const struct fault_kind *kind)
{
	struct rte_comp_op *op = rte_comp_op_alloc(probe->op_pool);
	enum fault_variant variant = kind->variants[item->id % kind->nb_variants];
	bool chained = variant == FAULT_CHAINED_FORWARDS || variant == FAULT_CHAINED_BACKWARDS;

	item->is_backwards = variant == FAULT_BACKWARDS || variant == FAULT_CHAINED_BACKWARDS;
	if (op == NULL)
		rte_exit(3, "no op left\n");
	item->op = op;
	make_plain(item);
	item->src_len = item->plain_len;
	if (item->is_backwards)
		deflate_plain(item);
	else
		memcpy(item->src, item->plain, item->plain_len);
	op->m_src = fault_buffer_make(probe->mbuf_pool, item->src_len, chained ? SEGMENTS : 1);
	op->m_dst = fault_buffer_make(probe->mbuf_pool, FAULT_ROOM, chained ? SEGMENTS : 1);
	fault_buffer_fill(op->m_src, item->src);
	op->private_xform = item->is_backwards ? probe->decompress_xform :
		probe->compress_xform;
	op->op_type = RTE_COMP_OP_STATELESS;
	op->flush_flag = RTE_COMP_FLUSH_FINAL;
	op->src.length = item->src_len;
	/* Where a driver has no business. */
	op->input_chksum = item->id;
}

void
fault_item_free(struct fault_item *item)
{
	struct rte_comp_op *op = item->op;

	rte_pktmbuf_free(op->m_src);
	rte_pktmbuf_free(op->m_dst);
	rte_comp_op_free(op);
	item->op = NULL;
}

bool
fault_item_arm(struct fault_item *item)
{
	struct rte_comp_op *op = item->op;
	bool intact = fault_buffer_is_intact_inside(op->m_dst) &&
		fault_buffer_is_intact_around(op->m_dst);

	item->round++;
	/* Not the result of the round before. An inflating one's is known by the canaries. */
	if (!item->is_backwards) {
		memcpy(item->plain + 16, &item->round, sizeof(item->round));
		memcpy(item->src + 16, &item->round, sizeof(item->round));
		fault_buffer_fill(op->m_src, item->src);
	}
	op->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
	op->consumed = UINT32_MAX;
	op->produced = UINT32_MAX;
	return intact;
}

/* Is the stream at @p data one of what the operation was given? */
static bool
inflates_to_plain(const struct fault_item *item, uint8_t *data)
{
	const struct rte_comp_op *op = item->op;
	Bytef plain[FAULT_PLAIN_MAX + 1];
	z_stream stream = {
		.next_in = data, .avail_in = op->produced,
		.next_out = plain, .avail_out = sizeof(plain),
	};
	int ret;

	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return false;
	ret = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	return ret == Z_STREAM_END && stream.total_in == op->produced &&
		stream.total_out == item->plain_len &&
		memcmp(plain, item->plain, item->plain_len) == 0;
}

static bool
is_right(const struct fault_item *item)
{
	const struct rte_comp_op *op = item->op;
	uint8_t data[FAULT_ROOM];

	if (op->consumed != item->src_len || op->produced > FAULT_ROOM)
		return false;
	/* In one piece, whatever the buffer. */
	if (rte_pktmbuf_read(op->m_dst, 0, FAULT_ROOM, data) != data)
		memcpy(data, rte_pktmbuf_mtod(op->m_dst, void *), FAULT_ROOM);
	if (item->is_backwards)
		return op->produced == item->plain_len &&
			memcmp(data, item->plain, item->plain_len) == 0;
	return inflates_to_plain(item, data);
}

enum fault_verdict
fault_item_judge(struct fault_item *item)
{
	const struct rte_comp_op *op = item->op;
	enum fault_verdict verdict = FAULT_ERROR;

	if (!fault_buffer_is_intact_around(op->m_dst) ||
			!fault_buffer_is_intact_around(op->m_src) ||
			!fault_buffer_holds(op->m_src, item->src))
		verdict = FAULT_TOUCHED;
	else if (op->status == RTE_COMP_OP_STATUS_NOT_PROCESSED)
		verdict = FAULT_UNTOLD;
	else if (op->status == RTE_COMP_OP_STATUS_SUCCESS)
		verdict = is_right(item) ? FAULT_GOOD : FAULT_WRONG;
	fault_buffer_clear(op->m_dst);
	return verdict;
}
