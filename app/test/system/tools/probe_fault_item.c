/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <string.h>

#include <zlib.h>

#include <rte_common.h>
#include <rte_debug.h>
#include <rte_mbuf.h>

#include "probe_fault.h"

static const struct fault_kind kinds[] = {
	{ "compress", 1, { FAULT_COMPRESS } },
	{ "decompress", 1, { FAULT_DECOMPRESS } },
	{ "sgl", 2, { FAULT_CHAINED_COMPRESS, FAULT_CHAINED_DECOMPRESS } },
	{ "mixed", 4, { FAULT_COMPRESS, FAULT_DECOMPRESS, FAULT_CHAINED_COMPRESS,
		FAULT_CHAINED_DECOMPRESS } },
	/* For a generation that does not inflate. */
	{ "sgl-compress", 1, { FAULT_CHAINED_COMPRESS } },
	{ "mixed-compress", 2, { FAULT_COMPRESS, FAULT_CHAINED_COMPRESS } },
};

/* Around buffers, and in those that nobody may write to at present. */
#define CANARY 0xc5
#define SEGMENTS 3
/* Bytes between the end of a segment's data and the end of its buffer. */
#define MARGIN 64

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

static bool
is_all(const uint8_t *data, uint32_t len, uint8_t value)
{
	return len == 0 || (data[0] == value && memcmp(data, data + 1, len - 1) == 0);
}

/* A chain with so much data, all of its memory filled. */
static struct rte_mbuf *
make_buffer(struct probe *probe, uint32_t len, uint32_t segments)
{
	struct rte_mbuf *head = NULL, *mbuf;
	uint32_t i, part;

	for (i = 0; i < segments; i++) {
		part = i + 1 == segments ? len : len / (segments - i);
		mbuf = rte_pktmbuf_alloc(probe->mbuf_pool);
		if (mbuf == NULL)
			rte_exit(3, "no buffer left\n");
		memset(mbuf->buf_addr, CANARY, mbuf->buf_len);
		if (rte_pktmbuf_tailroom(mbuf) < part + MARGIN ||
				rte_pktmbuf_append(mbuf, part) == NULL ||
				(head != NULL && rte_pktmbuf_chain(head, mbuf) != 0))
			rte_exit(3, "no room in a buffer\n");
		head = head == NULL ? mbuf : head;
		len -= part;
	}
	return head;
}

static void
fill_buffer(struct rte_mbuf *mbuf, const uint8_t *data)
{
	for (; mbuf != NULL; mbuf = mbuf->next) {
		memcpy(rte_pktmbuf_mtod(mbuf, void *), data, mbuf->data_len);
		data += mbuf->data_len;
	}
}

/* Before and after the data of each segment. */
static bool
is_intact_around(struct rte_mbuf *mbuf)
{
	for (; mbuf != NULL; mbuf = mbuf->next)
		if (!is_all(mbuf->buf_addr, mbuf->data_off, CANARY) ||
				!is_all(rte_pktmbuf_mtod_offset(mbuf, uint8_t *, mbuf->data_len),
				rte_pktmbuf_tailroom(mbuf), CANARY))
			return false;
	return true;
}

static bool
is_intact_inside(struct rte_mbuf *mbuf)
{
	for (; mbuf != NULL; mbuf = mbuf->next)
		if (!is_all(rte_pktmbuf_mtod(mbuf, uint8_t *), mbuf->data_len, CANARY))
			return false;
	return true;
}

static bool
holds(struct rte_mbuf *mbuf, const uint8_t *data)
{
	for (; mbuf != NULL; mbuf = mbuf->next) {
		if (memcmp(rte_pktmbuf_mtod(mbuf, void *), data, mbuf->data_len) != 0)
			return false;
		data += mbuf->data_len;
	}
	return true;
}

void
fault_item_make(struct probe *probe, struct fault_item *item, const struct fault_kind *kind)
{
	enum fault_variant variant = kind->variants[item->id % kind->nb_variants];
	bool chained = variant == FAULT_CHAINED_COMPRESS || variant == FAULT_CHAINED_DECOMPRESS;

	item->inflates = variant == FAULT_DECOMPRESS || variant == FAULT_CHAINED_DECOMPRESS;
	item->op = rte_comp_op_alloc(probe->op_pool);
	if (item->op == NULL)
		rte_exit(3, "no op left\n");
	make_plain(item);
	item->src_len = item->plain_len;
	if (item->inflates)
		deflate_plain(item);
	else
		memcpy(item->src, item->plain, item->plain_len);
	item->op->m_src = make_buffer(probe, item->src_len, chained ? SEGMENTS : 1);
	item->op->m_dst = make_buffer(probe, FAULT_ROOM, chained ? SEGMENTS : 1);
	fill_buffer(item->op->m_src, item->src);
	item->op->private_xform = item->inflates ? probe->decompress_xform :
		probe->compress_xform;
	item->op->op_type = RTE_COMP_OP_STATELESS;
	item->op->flush_flag = RTE_COMP_FLUSH_FINAL;
	item->op->src.length = item->src_len;
	/* Where a driver has no business. */
	item->op->input_chksum = item->id;
}

void
fault_item_free(struct fault_item *item)
{
	rte_pktmbuf_free(item->op->m_src);
	rte_pktmbuf_free(item->op->m_dst);
	rte_comp_op_free(item->op);
	item->op = NULL;
}

bool
fault_item_arm(struct fault_item *item)
{
	bool intact = is_intact_inside(item->op->m_dst) && is_intact_around(item->op->m_dst);

	item->round++;
	/* Not the result of the round before. An inflating one's is known by the canaries. */
	if (!item->inflates) {
		memcpy(item->plain + 16, &item->round, sizeof(item->round));
		memcpy(item->src + 16, &item->round, sizeof(item->round));
		fill_buffer(item->op->m_src, item->src);
	}
	item->op->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
	item->op->consumed = UINT32_MAX;
	item->op->produced = UINT32_MAX;
	return intact;
}

/* Is the stream at @p data one of what the operation was given? */
static bool
inflates_to_plain(const struct fault_item *item, uint8_t *data)
{
	Bytef plain[FAULT_PLAIN_MAX + 1];
	z_stream stream = {
		.next_in = data, .avail_in = item->op->produced,
		.next_out = plain, .avail_out = sizeof(plain),
	};
	int ret;

	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return false;
	ret = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	return ret == Z_STREAM_END && stream.total_in == item->op->produced &&
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
	if (item->inflates)
		return op->produced == item->plain_len &&
			memcmp(data, item->plain, item->plain_len) == 0;
	return inflates_to_plain(item, data);
}

enum fault_verdict
fault_item_judge(struct fault_item *item)
{
	enum fault_verdict verdict = FAULT_ERROR;
	struct rte_mbuf *mbuf;

	if (!is_intact_around(item->op->m_dst) || !is_intact_around(item->op->m_src) ||
			!holds(item->op->m_src, item->src))
		verdict = FAULT_TOUCHED;
	else if (item->op->status == RTE_COMP_OP_STATUS_NOT_PROCESSED)
		verdict = FAULT_UNTOLD;
	else if (item->op->status == RTE_COMP_OP_STATUS_SUCCESS)
		verdict = is_right(item) ? FAULT_GOOD : FAULT_WRONG;
	for (mbuf = item->op->m_dst; mbuf != NULL; mbuf = mbuf->next)
		memset(mbuf->buf_addr, CANARY, mbuf->buf_len);
	return verdict;
}
