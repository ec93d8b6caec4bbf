/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <isa-l.h>

#include <rte_malloc.h>

#include "hisi_zip.h"

/*
 * Operations that the hardware cannot take (zip.md 8.6): no input at all, or too little room for
 * its output. Enqueue parks them, dequeue settles them, by ISA-L.
 */

struct hisi_zip_soft {
	struct isal_zstream deflate;
	struct inflate_state inflate;
};

/* The final block with fixed codes and nothing in it: what deflating nothing gives. */
static const uint8_t empty_stream[] = { 0x03, 0x00 };

struct hisi_zip_soft *
hisi_zip_soft_create(int socket_id)
{
	return rte_malloc_socket(NULL, sizeof(struct hisi_zip_soft), 0, socket_id);
}

void
hisi_zip_soft_free(struct hisi_zip_soft *soft)
{
	rte_free(soft);
}

static uint8_t *
soft_source(const struct rte_comp_op *op)
{
	return rte_pktmbuf_mtod_offset(op->m_src, uint8_t *, op->src.offset);
}

static uint8_t *
soft_destination(const struct rte_comp_op *op, uint32_t *room)
{
	*room = op->m_dst->data_len - op->dst.offset;
	return rte_pktmbuf_mtod_offset(op->m_dst, uint8_t *, op->dst.offset);
}

static enum rte_comp_op_status
soft_deflate_nothing(struct rte_comp_op *op)
{
	uint32_t room;
	uint8_t *out = soft_destination(op, &room);

	if (room < sizeof(empty_stream))
		return RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED;
	memcpy(out, empty_stream, sizeof(empty_stream));
	op->produced = sizeof(empty_stream);
	return RTE_COMP_OP_STATUS_SUCCESS;
}

static enum rte_comp_op_status
soft_deflate(struct isal_zstream *stream, const struct hisi_zip_xform *xform,
	struct rte_comp_op *op)
{
	uint32_t room;
	int ret;

	isal_deflate_stateless_init(stream);
	stream->next_out = soft_destination(op, &room);
	stream->avail_out = room;
	stream->next_in = soft_source(op);
	stream->avail_in = op->src.length;
	stream->end_of_stream = 1;
	stream->flush = NO_FLUSH;
	stream->hist_bits = xform->window_log2;
	ret = isal_deflate_stateless(stream);
	if (ret == STATELESS_OVERFLOW)
		return RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED;
	if (ret != COMP_OK)
		return RTE_COMP_OP_STATUS_ERROR;
	op->consumed = op->src.length;
	op->produced = room - stream->avail_out;
	return RTE_COMP_OP_STATUS_SUCCESS;
}

static enum rte_comp_op_status
soft_inflate(struct inflate_state *state, struct rte_comp_op *op)
{
	uint32_t room;
	int ret;

	isal_inflate_init(state);
	state->next_out = soft_destination(op, &room);
	state->avail_out = room;
	state->next_in = soft_source(op);
	state->avail_in = op->src.length;
	state->crc_flag = ISAL_DEFLATE;
	ret = isal_inflate_stateless(state);
	if (ret == ISAL_OUT_OVERFLOW)
		return RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED;
	if (ret != ISAL_DECOMP_OK || state->block_state != ISAL_BLOCK_FINISH)
		return RTE_COMP_OP_STATUS_ERROR;
	op->consumed = op->src.length - state->avail_in;
	op->produced = room - state->avail_out;
	return RTE_COMP_OP_STATUS_SUCCESS;
}

static enum rte_comp_op_status
soft_run(struct hisi_zip_soft *soft, struct rte_comp_op *op)
{
	const struct hisi_zip_xform *xform = op->private_xform;

	if (xform->type == HISI_ZIP_QUEUE_DECOMPRESS)
		/* Nothing is no stream: a decompression of it is an error (zip.md 8.6). */
		return op->src.length == 0 ? RTE_COMP_OP_STATUS_ERROR :
			soft_inflate(&soft->inflate, op);
	if (op->src.length == 0)
		return soft_deflate_nothing(op);
	return soft_deflate(&soft->deflate, xform, op);
}

bool
hisi_zip_park(struct hisi_zip_qp *qp, struct rte_comp_op *op, enum hisi_zip_reason reason)
{
	/* The status tells dequeue what to do: NOT_PROCESSED is still to be worked on. */
	static const enum rte_comp_op_status status[HISI_ZIP_REASONS] = {
		[HISI_ZIP_REASON_EMPTY] = RTE_COMP_OP_STATUS_NOT_PROCESSED,
		[HISI_ZIP_REASON_TINY] = RTE_COMP_OP_STATUS_NOT_PROCESSED,
		[HISI_ZIP_REASON_INVALID] = RTE_COMP_OP_STATUS_INVALID_ARGS,
		[HISI_ZIP_REASON_DEAD] = RTE_COMP_OP_STATUS_ERROR,
	};

	if (rte_ring_full(qp->parked))
		return false;
	/* All of it before the ring hands the operation to dequeue's lcore. */
	op->status = status[reason];
	op->consumed = 0;
	op->produced = 0;
	op->debug_status = 0;
	qp->reasons[reason]++;
	return rte_ring_sp_enqueue(qp->parked, op) == 0;
}

uint16_t
hisi_zip_unpark(struct hisi_zip_qp *qp, struct rte_comp_op **ops, uint16_t nb_ops)
{
	unsigned int count, i;

	count = rte_ring_sc_dequeue_burst(qp->parked, (void **)ops, nb_ops, NULL);
	for (i = 0; i < count; i++) {
		if (ops[i]->status == RTE_COMP_OP_STATUS_NOT_PROCESSED)
			ops[i]->status = soft_run(qp->soft, ops[i]);
		if (ops[i]->status != RTE_COMP_OP_STATUS_SUCCESS)
			qp->errors++;
	}
	return count;
}
