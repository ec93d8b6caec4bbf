/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <rte_compressdev.h>
#include <rte_debug.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#include "bench_data.h"

#define MAX_INPUT_LEN (8u << 20)

/** What the plain bytes of all ops are taken from. */
struct input {
	uint8_t *data;
	size_t len;
};

static struct rte_comp_xform
make_xform(bool decompress)
{
	struct rte_comp_xform xform = { .type = RTE_COMP_COMPRESS };

	if (decompress) {
		xform.type = RTE_COMP_DECOMPRESS;
		xform.decompress.algo = RTE_COMP_ALGO_DEFLATE;
		xform.decompress.window_size = 15;
	} else {
		xform.compress.algo = RTE_COMP_ALGO_DEFLATE;
		xform.compress.deflate.huffman = RTE_COMP_HUFFMAN_DYNAMIC;
		xform.compress.level = 1;
		xform.compress.window_size = 15;
	}
	return xform;
}

void
bench_device_open(struct bench_device *device, const struct bench_shape *shape,
	uint16_t nb_queue_pairs, uint32_t depth)
{
	struct rte_compressdev_config config = { .socket_id = rte_socket_id(),
		.nb_queue_pairs = nb_queue_pairs, .max_nb_priv_xforms = 1 };
	struct rte_comp_xform xform = make_xform(shape->decompress);
	uint16_t i;

	if (rte_compressdev_devices_get(shape->driver, &device->dev_id, 1) == 0 ||
			rte_compressdev_configure(device->dev_id, &config) != 0)
		rte_exit(EXIT_FAILURE, "cannot set up a device of driver %s\n", shape->driver);
	for (i = 0; i < nb_queue_pairs; i++)
		if (rte_compressdev_queue_pair_setup(device->dev_id, i, depth,
				rte_socket_id()) != 0)
			rte_exit(EXIT_FAILURE, "cannot set up queue pair %u\n", i);
	if (rte_compressdev_start(device->dev_id) != 0 ||
			rte_compressdev_private_xform_create(device->dev_id, &xform,
				&device->private_xform) != 0)
		rte_exit(EXIT_FAILURE, "cannot start the device of driver %s\n", shape->driver);
}

void
bench_device_close(struct bench_device *device)
{
	rte_compressdev_private_xform_free(device->dev_id, device->private_xform);
	rte_compressdev_stop(device->dev_id);
	rte_compressdev_close(device->dev_id);
}

static void
fill_text(struct input *input)
{
	static const char words[] = "queue doorbell burst phase window status xform socket ";
	size_t i;

	for (i = 0; i < input->len; i++)
		input->data[i] = words[(i * 7 + i / 5) % (sizeof(words) - 1)];
}

static struct input
open_input(const struct bench_shape *shape)
{
	struct input input = { malloc(MAX_INPUT_LEN), shape->len };
	FILE *file;

	if (input.data == NULL || shape->len > MAX_INPUT_LEN)
		rte_exit(EXIT_FAILURE, "no memory for %u bytes\n", shape->len);
	if (shape->input == NULL) {
		fill_text(&input);
		return input;
	}
	file = fopen(shape->input, "r");
	input.len = file == NULL ? 0 : fread(input.data, 1, MAX_INPUT_LEN, file);
	if (input.len < shape->len)
		rte_exit(EXIT_FAILURE, "no %u bytes in %s\n", shape->len, shape->input);
	fclose(file);
	return input;
}

/** Plain bytes, or a deflate stream of them. @return its length */
static uint32_t
make_source(const struct bench_shape *shape, const struct input *input, uint32_t number,
	uint8_t *out, uint32_t capacity)
{
	uint64_t at = (uint64_t)number * shape->len % (input->len - shape->len + 1);
	z_stream stream = { .next_in = input->data + at, .avail_in = shape->len, .next_out = out,
		.avail_out = capacity };

	if (!shape->decompress) {
		memcpy(out, input->data + at, shape->len);
		return shape->len;
	}
	if (deflateInit2(&stream, 1, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
			deflate(&stream, Z_FINISH) != Z_STREAM_END)
		rte_exit(EXIT_FAILURE, "zlib failed\n");
	deflateEnd(&stream);
	return stream.total_out;
}

/** A chain that holds @p len bytes of @p data, or room for as many, in equal pieces. */
static struct rte_mbuf *
make_chain(struct rte_mempool *pool, uint32_t nb_segments, const uint8_t *data, uint32_t len)
{
	uint32_t i, piece, done = 0;
	struct rte_mbuf *head = NULL, *segment;

	for (i = 0; i < nb_segments; i++) {
		piece = (len - done) / (nb_segments - i);
		segment = rte_pktmbuf_alloc(pool);
		if (segment == NULL || rte_pktmbuf_append(segment, piece) == NULL ||
				(head != NULL && rte_pktmbuf_chain(head, segment) != 0))
			rte_exit(EXIT_FAILURE, "cannot make a chain of %u segments of %u bytes\n",
				nb_segments, piece);
		if (head == NULL)
			head = segment;
		if (data != NULL)
			memcpy(rte_pktmbuf_mtod(segment, void *), data + done, piece);
		done += piece;
	}
	return head;
}

void
bench_ops_make(const struct bench_device *device, const struct bench_shape *shape,
	struct rte_comp_op **ops, uint32_t count)
{
	/* In a buffer: at most what an mbuf can hold. */
	uint32_t room = shape->len + shape->len / 8 + 256 + 16 * shape->nb_segments;
	uint32_t capacity = RTE_MIN(room, shape->nb_segments * (UINT16_MAX - RTE_PKTMBUF_HEADROOM));
	uint32_t segment = capacity / shape->nb_segments + 1 + RTE_PKTMBUF_HEADROOM, i, len;
	struct rte_mempool *op_pool, *pool;
	struct input input = open_input(shape);
	uint8_t *source = malloc(room);

	op_pool = rte_comp_op_pool_create("ops", count, 0, sizeof(uint64_t), rte_socket_id());
	pool = rte_pktmbuf_pool_create("mbufs", 2 * count * shape->nb_segments, 0, 0,
		RTE_MIN(segment, (uint32_t)UINT16_MAX), rte_socket_id());
	if (op_pool == NULL || pool == NULL || source == NULL)
		rte_exit(EXIT_FAILURE, "no memory for %u ops\n", count);
	for (i = 0; i < count; i++) {
		ops[i] = rte_comp_op_alloc(op_pool);
		len = make_source(shape, &input, i, source, room);
		ops[i]->m_src = make_chain(pool, shape->nb_segments, source, len);
		ops[i]->m_dst = make_chain(pool, shape->nb_segments, NULL, capacity);
		ops[i]->src.length = len;
		ops[i]->private_xform = device->private_xform;
		ops[i]->op_type = RTE_COMP_OP_STATELESS;
		ops[i]->flush_flag = RTE_COMP_FLUSH_FINAL;
	}
	free(source);
	free(input.data);
}
