/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Device, buffers and ops as an ordinary application makes them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include <rte_compressdev.h>
#include <rte_debug.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>

#include "probe.h"

void
probe_open(struct probe *probe, const char *driver, unsigned int nb_ops)
{
	char name[2][RTE_MEMPOOL_NAMESIZE];

	/* Of its own: the processes of an application share the names. */
	snprintf(name[0], sizeof(name[0]), "probe_ops_%d", (int)getpid());
	snprintf(name[1], sizeof(name[1]), "probe_mbufs_%d", (int)getpid());
	memset(probe, 0, sizeof(*probe));
	if (rte_compressdev_devices_get(driver, &probe->dev_id, 1) == 0)
		rte_exit(3, "no compressdev of driver %s\n", driver);
	probe->op_pool = rte_comp_op_pool_create(name[0], nb_ops, 0, 0, rte_socket_id());
	probe->mbuf_pool = rte_pktmbuf_pool_create(name[1], 2 * nb_ops, 0, 0,
		RTE_PKTMBUF_HEADROOM + PROBE_CAPACITY, rte_socket_id());
	if (probe->op_pool == NULL || probe->mbuf_pool == NULL)
		rte_exit(3, "no memory for %u ops\n", nb_ops);
}

int
probe_start(struct probe *probe, uint16_t nb_queue_pairs, uint32_t depth)
{
	struct rte_compressdev_config config = {
		.socket_id = rte_socket_id(),
		.nb_queue_pairs = nb_queue_pairs,
		.max_nb_priv_xforms = 4,
	};
	uint16_t i;
	int ret = rte_compressdev_configure(probe->dev_id, &config);

	for (i = 0; ret == 0 && i < nb_queue_pairs; i++)
		ret = rte_compressdev_queue_pair_setup(probe->dev_id, i, depth, rte_socket_id());
	if (ret == 0)
		ret = rte_compressdev_start(probe->dev_id);
	return ret;
}

struct rte_comp_xform
probe_xform(enum rte_comp_xform_type type)
{
	struct rte_comp_xform xform = { .type = type };

	if (type == RTE_COMP_COMPRESS)
		xform.compress = (struct rte_comp_compress_xform) {
			.algo = RTE_COMP_ALGO_DEFLATE,
			.deflate.huffman = RTE_COMP_HUFFMAN_DYNAMIC,
			.level = RTE_COMP_LEVEL_PMD_DEFAULT,
			.window_size = 15,
			.chksum = RTE_COMP_CHECKSUM_NONE,
			.hash_algo = RTE_COMP_HASH_ALGO_NONE,
		};
	else
		xform.decompress = (struct rte_comp_decompress_xform) {
			.algo = RTE_COMP_ALGO_DEFLATE,
			.window_size = 15,
			.chksum = RTE_COMP_CHECKSUM_NONE,
			.hash_algo = RTE_COMP_HASH_ALGO_NONE,
		};
	return xform;
}

int
probe_make_xforms(struct probe *probe)
{
	struct rte_comp_xform xform = probe_xform(RTE_COMP_COMPRESS);
	int ret = rte_compressdev_private_xform_create(probe->dev_id, &xform,
		&probe->compress_xform);

	if (ret == 0) {
		xform = probe_xform(RTE_COMP_DECOMPRESS);
		ret = rte_compressdev_private_xform_create(probe->dev_id, &xform,
			&probe->decompress_xform);
	}
	return ret;
}

void
probe_close(struct probe *probe)
{
	if (probe->compress_xform != NULL)
		rte_compressdev_private_xform_free(probe->dev_id, probe->compress_xform);
	if (probe->decompress_xform != NULL)
		rte_compressdev_private_xform_free(probe->dev_id, probe->decompress_xform);
	rte_compressdev_stop(probe->dev_id);
	rte_compressdev_close(probe->dev_id);
	rte_mempool_free(probe->op_pool);
	rte_mempool_free(probe->mbuf_pool);
}

struct rte_comp_op *
probe_op(struct probe *probe, void *xform, uint32_t len)
{
	static const char words[] = "queue doorbell burst phase window status xform socket ";
	struct rte_comp_op *op = rte_comp_op_alloc(probe->op_pool);
	uint32_t i;
	char *data;

	if (op == NULL || (op->m_src = rte_pktmbuf_alloc(probe->mbuf_pool)) == NULL ||
			(op->m_dst = rte_pktmbuf_alloc(probe->mbuf_pool)) == NULL)
		rte_exit(3, "no op or buffer left\n");
	data = rte_pktmbuf_append(op->m_src, len);
	rte_pktmbuf_append(op->m_dst, PROBE_CAPACITY);
	for (i = 0; i < len; i++)
		data[i] = words[(i * 7 + i / 5) % (sizeof(words) - 1)];
	op->private_xform = xform;
	op->op_type = RTE_COMP_OP_STATELESS;
	op->flush_flag = RTE_COMP_FLUSH_FINAL;
	op->src.length = len;
	return op;
}

void
probe_op_free(struct rte_comp_op *op)
{
	rte_pktmbuf_free(op->m_src);
	rte_pktmbuf_free(op->m_dst);
	rte_comp_op_free(op);
}

bool
probe_check_deflate(const struct rte_comp_op *op)
{
	Bytef plain[PROBE_CAPACITY];
	z_stream stream = {
		.next_in = rte_pktmbuf_mtod_offset(op->m_dst, Bytef *, op->dst.offset),
		.avail_in = op->produced,
		.next_out = plain,
		.avail_out = sizeof(plain),
	};
	int ret;

	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return false;
	ret = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	return ret == Z_STREAM_END && stream.total_out == op->src.length &&
		stream.total_in == op->produced && op->consumed == op->src.length &&
		memcmp(plain, rte_pktmbuf_mtod_offset(op->m_src, char *, op->src.offset),
			op->src.length) == 0;
}
