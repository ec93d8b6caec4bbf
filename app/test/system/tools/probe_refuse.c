/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Requests that a driver has to refuse, one by one, and after each a good op that has to work.
 */
#include <stdio.h>

#include <rte_common.h>
#include <rte_compressdev.h>
#include <rte_cycles.h>
#include <rte_mbuf.h>

#include "probe.h"

static void
spoil_no_destination(struct rte_comp_op *op)
{
	rte_pktmbuf_free(op->m_dst);
	op->m_dst = NULL;
}

static void
spoil_no_source(struct rte_comp_op *op)
{
	rte_pktmbuf_free(op->m_src);
	op->m_src = NULL;
}

static void
spoil_no_xform(struct rte_comp_op *op)
{
	op->private_xform = NULL;
}

static void
spoil_source_too_long(struct rte_comp_op *op)
{
	op->src.length = op->m_src->pkt_len + 1;
}

static void
spoil_source_offset(struct rte_comp_op *op)
{
	op->src.offset = UINT32_MAX - 8;
}

static void
spoil_destination_offset(struct rte_comp_op *op)
{
	op->dst.offset = op->m_dst->pkt_len + 1;
}

static void
spoil_stateful(struct rte_comp_op *op)
{
	op->op_type = RTE_COMP_OP_STATEFUL;
}

static const struct {
	const char *name;
	void (*spoil)(struct rte_comp_op *op);
} op_cases[] = {
	{ "no destination", spoil_no_destination },
	{ "no source", spoil_no_source },
	{ "no xform", spoil_no_xform },
	{ "source longer than its buffer", spoil_source_too_long },
	{ "source offset outside", spoil_source_offset },
	{ "destination offset outside", spoil_destination_offset },
	{ "stateful op", spoil_stateful },
};

static struct rte_comp_op *
dequeue_one(struct probe *probe)
{
	uint64_t end = rte_rdtsc() + 3 * rte_get_tsc_hz();
	struct rte_comp_op *op = NULL;

	while (rte_compressdev_dequeue_burst(probe->dev_id, 0, &op, 1) == 0)
		if (rte_rdtsc() > end)
			return NULL;
	return op;
}

static bool
good_op_works(struct probe *probe)
{
	struct rte_comp_op *op = probe_op(probe, probe->compress_xform, PROBE_DATA_LEN);
	bool good;

	if (rte_compressdev_enqueue_burst(probe->dev_id, 0, &op, 1) != 1)
		return false;
	good = dequeue_one(probe) == op && op->status == RTE_COMP_OP_STATUS_SUCCESS &&
		probe_check_deflate(op);
	probe_op_free(op);
	return good;
}

/* A driver may refuse an op at the door or hand it back with a status: both are told. */
static void
try_op(struct probe *probe, const char *name, void (*spoil)(struct rte_comp_op *op))
{
	struct rte_comp_op *op = probe_op(probe, probe->compress_xform, PROBE_DATA_LEN);
	struct rte_comp_op *back = op;
	uint16_t taken;

	op->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
	spoil(op);
	taken = rte_compressdev_enqueue_burst(probe->dev_id, 0, &op, 1);
	if (taken == 1)
		back = dequeue_one(probe);
	printf("{\"case\": \"%s\", \"taken\": %u, \"returned\": %s, \"status\": %d, ", name,
		taken, back == op ? "true" : "false", op->status);
	probe_op_free(op);
	printf("\"good_op_after\": %s}\n", good_op_works(probe) ? "true" : "false");
}

static void
try_xform(struct probe *probe, const char *name, const struct rte_comp_xform *xform)
{
	void *private_xform = NULL;
	int ret = rte_compressdev_private_xform_create(probe->dev_id, xform, &private_xform);

	printf("{\"case\": \"%s\", \"ret\": %d, \"good_op_after\": %s}\n", name, ret,
		good_op_works(probe) ? "true" : "false");
	if (ret == 0)
		rte_compressdev_private_xform_free(probe->dev_id, private_xform);
}

static void
try_xforms(struct probe *probe)
{
	struct rte_comp_xform xform = probe_xform(RTE_COMP_COMPRESS);

	xform.compress.algo = RTE_COMP_ALGO_LZS;
	try_xform(probe, "xform: LZS", &xform);
	xform = probe_xform(RTE_COMP_COMPRESS);
	xform.compress.window_size = 3;
	try_xform(probe, "xform: window of 8 bytes", &xform);
	xform = probe_xform(RTE_COMP_COMPRESS);
	xform.compress.hash_algo = RTE_COMP_HASH_ALGO_SHA1;
	try_xform(probe, "xform: SHA1", &xform);
	xform = probe_xform(RTE_COMP_DECOMPRESS);
	xform.decompress.algo = RTE_COMP_ALGO_LZS;
	try_xform(probe, "xform: LZS decompression", &xform);
	xform = probe_xform(RTE_COMP_COMPRESS);
	xform.type = 77;
	try_xform(probe, "xform: neither compress nor decompress", &xform);
}

int
probe_refuse(struct probe *probe, const char *driver)
{
	struct rte_compressdev_info info;
	unsigned int i;
	int ret;

	probe_open(probe, driver, 64);
	rte_compressdev_info_get(probe->dev_id, &info);
	ret = probe_start(probe, info.max_nb_queue_pairs + 1, 32);
	printf("{\"case\": \"too many queue pairs\", \"ret\": %d, \"max\": %u}\n", ret,
		info.max_nb_queue_pairs);
	if (ret == 0)
		rte_compressdev_stop(probe->dev_id);

	if (probe_start(probe, 1, 32) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	for (i = 0; i < RTE_DIM(op_cases); i++)
		try_op(probe, op_cases[i].name, op_cases[i].spoil);
	try_xforms(probe);
	fflush(stdout);
	probe_close(probe);
	return 0;
}
