/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * comp_gzip: gzip files through a compressdev, one operation for each member. Header and trailer
 * are made and checked here, by RFC 1952 and zlib's CRC.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <rte_compressdev.h>
#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#define MAX_FILE_LEN (12 << 20)
/* No power of two, so that nothing ever ends with a segment. */
#define SEGMENT_LEN 10007
#define NB_SEGMENTS (MAX_FILE_LEN / SEGMENT_LEN + 1)

struct gzip {
	uint8_t dev_id;
	struct rte_mempool *op_pool;
	struct rte_mempool *mbuf_pool;
	void *xforms[2];	/* by enum rte_comp_xform_type */
};

/* What a file holds, or is to hold. */
struct bytes {
	uint8_t *data;
	size_t len;
};

static void
make_xforms(struct gzip *gzip)
{
	struct rte_comp_xform compress = { .type = RTE_COMP_COMPRESS };
	struct rte_comp_xform decompress = { .type = RTE_COMP_DECOMPRESS };

	compress.compress.algo = RTE_COMP_ALGO_DEFLATE;
	compress.compress.level = RTE_COMP_LEVEL_PMD_DEFAULT;
	compress.compress.window_size = 15;
	decompress.decompress.algo = RTE_COMP_ALGO_DEFLATE;
	decompress.decompress.window_size = 15;
	if (rte_compressdev_private_xform_create(gzip->dev_id, &compress,
			&gzip->xforms[RTE_COMP_COMPRESS]) != 0 ||
			rte_compressdev_private_xform_create(gzip->dev_id, &decompress,
			&gzip->xforms[RTE_COMP_DECOMPRESS]) != 0)
		rte_exit(3, "no xforms\n");
}

static void
set_up(struct gzip *gzip, const char *driver)
{
	struct rte_compressdev_config config = {
		.socket_id = rte_socket_id(), .nb_queue_pairs = 1, .max_nb_priv_xforms = 2,
	};

	if (rte_compressdev_devices_get(driver, &gzip->dev_id, 1) == 0 ||
			rte_compressdev_configure(gzip->dev_id, &config) != 0 ||
			rte_compressdev_queue_pair_setup(gzip->dev_id, 0, 64,
				rte_socket_id()) != 0 ||
			rte_compressdev_start(gzip->dev_id) != 0)
		rte_exit(3, "cannot set up a device of driver %s\n", driver);
	gzip->op_pool = rte_comp_op_pool_create("ops", 4, 0, 0, rte_socket_id());
	gzip->mbuf_pool = rte_pktmbuf_pool_create("mbufs", 2 * NB_SEGMENTS, 0, 0,
		RTE_PKTMBUF_HEADROOM + SEGMENT_LEN, rte_socket_id());
	if (gzip->op_pool == NULL || gzip->mbuf_pool == NULL)
		rte_exit(3, "no memory\n");
	make_xforms(gzip);
}

static struct rte_mbuf *
make_chain(struct gzip *gzip, size_t len)
{
	struct rte_mbuf *head = NULL, **next = &head;
	size_t done, part;
	uint16_t count = 0;

	for (done = 0; done < len || head == NULL; done += part, next = &(*next)->next) {
		part = RTE_MIN(len - done, (size_t)SEGMENT_LEN);
		*next = rte_pktmbuf_alloc(gzip->mbuf_pool);
		if (*next == NULL)
			rte_exit(3, "no buffer left\n");
		(*next)->data_len = part;
		count++;
	}
	head->nb_segs = count;
	head->pkt_len = len;
	return head;
}

static void
copy_chain(struct rte_mbuf *mbuf, uint8_t *data, size_t len, bool into)
{
	size_t part;

	for (; len != 0; len -= part, data += part, mbuf = mbuf->next) {
		part = RTE_MIN(len, (size_t)mbuf->data_len);
		if (into)
			memcpy(rte_pktmbuf_mtod(mbuf, void *), data, part);
		else
			memcpy(data, rte_pktmbuf_mtod(mbuf, void *), part);
	}
}

/* @return bytes of the input that were taken */
static size_t
run_op(struct gzip *gzip, enum rte_comp_xform_type type, const struct bytes *in, size_t offset,
	struct bytes *out)
{
	struct rte_comp_op *op = rte_comp_op_alloc(gzip->op_pool), *done = NULL;
	size_t consumed;

	if (op == NULL)
		rte_exit(3, "no op left\n");
	op->op_type = RTE_COMP_OP_STATELESS;
	op->flush_flag = RTE_COMP_FLUSH_FINAL;
	op->private_xform = gzip->xforms[type];
	op->m_src = make_chain(gzip, in->len);
	op->m_dst = make_chain(gzip, MAX_FILE_LEN);
	copy_chain(op->m_src, in->data, in->len, true);
	op->src.offset = offset;
	op->src.length = in->len - offset;
	if (rte_compressdev_enqueue_burst(gzip->dev_id, 0, &op, 1) != 1)
		rte_exit(1, "the op was not taken\n");
	while (rte_compressdev_dequeue_burst(gzip->dev_id, 0, &done, 1) == 0)
		rte_pause();
	if (op->status != RTE_COMP_OP_STATUS_SUCCESS)
		rte_exit(1, "status %d at offset %zu\n", op->status, offset);
	copy_chain(op->m_dst, out->data + out->len, op->produced, false);
	out->len += op->produced;
	consumed = op->consumed;
	rte_pktmbuf_free(op->m_src);
	rte_pktmbuf_free(op->m_dst);
	rte_comp_op_free(op);
	return consumed;
}

/* ---- RFC 1952 ---- */

enum { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16 };

static size_t
skip_text(const struct bytes *in, size_t at)
{
	while (at < in->len && in->data[at] != 0)
		at++;
	return at + 1;
}

static size_t
skip_header(const struct bytes *in, size_t at)
{
	uint8_t flags;

	if (in->len - at < 18 || memcmp(in->data + at, "\x1f\x8b\x08", 3) != 0)
		rte_exit(1, "no gzip member at offset %zu\n", at);
	flags = in->data[at + 3];
	at += 10;
	if (flags & FEXTRA)
		at += 2 + in->data[at] + 256 * in->data[at + 1];
	if (flags & FNAME)
		at = skip_text(in, at);
	if (flags & FCOMMENT)
		at = skip_text(in, at);
	if (flags & FHCRC)
		at += 2;
	return at;
}

static void
put_u32(struct bytes *out, uint32_t value)
{
	int i;

	for (i = 0; i < 4; i++)
		out->data[out->len++] = (uint8_t)(value >> (8 * i));
}

static uint32_t
get_u32(const uint8_t *data)
{
	return data[0] | data[1] << 8 | data[2] << 16 | (uint32_t)data[3] << 24;
}

static void
do_inflate(struct gzip *gzip, const struct bytes *in, struct bytes *out)
{
	size_t at = 0, before;

	while (at < in->len) {
		before = out->len;
		at = skip_header(in, at);
		at += run_op(gzip, RTE_COMP_DECOMPRESS, in, at, out);
		if (at + 8 > in->len ||
				get_u32(in->data + at) !=
				crc32(0, out->data + before, out->len - before) ||
				get_u32(in->data + at + 4) != (uint32_t)(out->len - before))
			rte_exit(1, "the trailer at offset %zu is not that of the data\n", at);
		at += 8;
	}
}

static void
do_deflate(struct gzip *gzip, const struct bytes *in, struct bytes *out)
{
	memcpy(out->data, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
	out->len = 10;
	if (run_op(gzip, RTE_COMP_COMPRESS, in, 0, out) != in->len)
		rte_exit(1, "not all of the input was taken\n");
	put_u32(out, crc32(0, in->data, in->len));
	put_u32(out, in->len);
}

static void
do_file(struct gzip *gzip, const char *verb, const char *from, const char *to)
{
	struct bytes in = { malloc(MAX_FILE_LEN), 0 }, out = { malloc(2 * MAX_FILE_LEN), 0 };
	FILE *file = fopen(from, "rb");

	if (in.data == NULL || out.data == NULL || file == NULL)
		rte_exit(3, "cannot read %s\n", from);
	in.len = fread(in.data, 1, MAX_FILE_LEN, file);
	fclose(file);
	if (strcmp(verb, "inflate") == 0)
		do_inflate(gzip, &in, &out);
	else
		do_deflate(gzip, &in, &out);
	file = fopen(to, "wb");
	if (file == NULL || fwrite(out.data, 1, out.len, file) != out.len || fclose(file) != 0)
		rte_exit(3, "cannot write %s\n", to);
	printf("{\"%s\": \"%s\", \"in\": %zu, \"out\": %zu}\n", verb, from, in.len, out.len);
	free(in.data);
	free(out.data);
}

int
main(int argc, char **argv)
{
	struct gzip gzip;
	int args = rte_eal_init(argc, argv), i;

	if (args < 0)
		return 3;
	argc -= args;
	argv += args;
	if (argc < 5 || argc % 3 != 2) {
		fputs("usage: comp_gzip [EAL arguments] -- DRIVER {inflate|deflate FROM TO}...\n", stderr);
		return 2;
	}
	set_up(&gzip, argv[1]);
	for (i = 2; i < argc; i += 3)
		do_file(&gzip, argv[i], argv[i + 1], argv[i + 2]);
	rte_compressdev_stop(gzip.dev_id);
	rte_compressdev_close(gzip.dev_id);
	rte_eal_cleanup();
	return 0;
}
