/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <string.h>

#include <rte_compressdev.h>
#include <rte_mbuf.h>

#include "probe_class.h"

uint16_t
probe_enqueue(uint8_t dev_id, uint16_t queue_pair, void **ops, uint16_t count)
{
	return rte_compressdev_enqueue_burst(dev_id, queue_pair, (struct rte_comp_op **)ops, count);
}

uint16_t
probe_dequeue(uint8_t dev_id, uint16_t queue_pair, void **ops, uint16_t count)
{
	return rte_compressdev_dequeue_burst(dev_id, queue_pair, (struct rte_comp_op **)ops, count);
}

const char *
probe_device_name(uint8_t dev_id)
{
	return rte_compressdev_name_get(dev_id);
}

int
probe_device_id(const char *name)
{
	return rte_compressdev_get_dev_id(name);
}

unsigned int
probe_device_count(void)
{
	return rte_compressdev_count();
}

void
probe_device_close(uint8_t dev_id)
{
	rte_compressdev_stop(dev_id);
	rte_compressdev_close(dev_id);
}

uint64_t
probe_op_number(const void *op)
{
	return ((const struct rte_comp_op *)op)->input_chksum;
}

void *
probe_class_op(struct probe *probe, uint32_t number)
{
	struct rte_comp_op *op = probe_op(probe, probe->compress_xform, PROBE_DATA_LEN);

	op->input_chksum = number;
	return op;
}

void
probe_class_op_free(void *op)
{
	probe_op_free(op);
}

void
probe_class_op_reset(void *op)
{
	((struct rte_comp_op *)op)->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
}

void
probe_class_op_refill(void *op, uint32_t serial)
{
	struct rte_comp_op *comp = op;

	probe_fill(rte_pktmbuf_mtod(comp->m_src, uint8_t *), comp->src.length, serial);
	memset(rte_pktmbuf_mtod(comp->m_dst, void *), 0xa5, PROBE_CAPACITY);
	probe_class_op_reset(op);
}

bool
probe_class_op_succeeded(const void *op)
{
	return ((const struct rte_comp_op *)op)->status == RTE_COMP_OP_STATUS_SUCCESS;
}

bool
probe_class_op_is_right(const void *op)
{
	return probe_check_deflate(op);
}
