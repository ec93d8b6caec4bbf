/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <isa-l.h>

#include <rte_malloc.h>

#include "hisi_zip.h"

/*
 * Operations that the hardware cannot take: no input at all, or too little room for its output
 * (zip.md 8.6), or a raw stream to inflate where the generation cannot (8.2). Enqueue parks them,
 * dequeue settles them, by ISA-L.
 */

/*
 * Bytes in and out after which a burst call does no more of this work: a fraction of a millisecond.
 * The next call goes on.
 */
#define SOFT_BURST_LEN (UINT32_C(128) << 10)

/* ISA-L writes nothing closer to the end of the output than this. */
#define SOFT_SLACK 64

struct hisi_zip_soft {
	struct isal_zstream deflate;
	struct inflate_state inflate;
	uint8_t in[HISI_ZIP_TINY_DEST_LEN];
	uint8_t out[HISI_ZIP_TINY_DEST_LEN + SOFT_SLACK];
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

/* A place in an mbuf chain. */
struct soft_cursor {
	struct rte_mbuf *mbuf;
	uint32_t offset;	/**< in the data of mbuf */
	uint32_t left;		/**< bytes of the part that lie behind it */
};

static struct soft_cursor
soft_at(struct rte_mbuf *mbuf, uint32_t offset, uint32_t len)
{
	struct soft_cursor cursor = { mbuf, offset, len };

	return cursor;
}

static struct soft_cursor
soft_source(const struct rte_comp_op *op)
{
	return soft_at(op->m_src, op->src.offset, op->src.length);
}

static struct soft_cursor
soft_destination(const struct rte_comp_op *op)
{
	int64_t room = hisi_zip_chain_room(op->m_dst, op->dst.offset);

	return soft_at(op->m_dst, op->dst.offset, (uint32_t)RTE_MIN(room, (int64_t)UINT32_MAX));
}

/* The next piece in one segment; its length is 0 when the part is at its end. */
static uint32_t
soft_next(struct soft_cursor *cursor, uint8_t **data)
{
	uint32_t len;

	while (cursor->left != 0 && cursor->mbuf != NULL) {
		if (cursor->offset < cursor->mbuf->data_len) {
			len = RTE_MIN((uint32_t)cursor->mbuf->data_len - cursor->offset,
				cursor->left);
			*data = rte_pktmbuf_mtod_offset(cursor->mbuf, uint8_t *, cursor->offset);
			cursor->offset += len;
			cursor->left -= len;
			return len;
		}
		cursor->offset -= cursor->mbuf->data_len;
		cursor->mbuf = cursor->mbuf->next;
	}
	/* A chain that has become shorter since it was measured must not be waited for. */
	cursor->left = 0;
	return 0;
}

/* Copies into the destination, for which there is room. */
static void
soft_put(struct rte_comp_op *op, const uint8_t *from, uint32_t count)
{
	struct soft_cursor out = soft_destination(op);
	uint32_t len, done = 0;
	uint8_t *data;

	while (done < count && (len = soft_next(&out, &data)) != 0) {
		len = RTE_MIN(len, count - done);
		memcpy(data, from + done, len);
		done += len;
	}
	op->produced = done;
}

static enum rte_comp_op_status
soft_deflate_nothing(struct rte_comp_op *op)
{
	if (soft_destination(op).left < sizeof(empty_stream))
		return RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED;
	soft_put(op, empty_stream, sizeof(empty_stream));
	return RTE_COMP_OP_STATUS_SUCCESS;
}

/* ISA-L's initialisers leave the buffers of the operation before in place. */
static void
soft_deflate_start(struct hisi_zip_soft *soft, const struct hisi_zip_xform *xform, int hufftables)
{
	struct isal_zstream *stream = &soft->deflate;

	stream->next_in = NULL;
	stream->avail_in = 0;
	stream->next_out = soft->out;
	stream->avail_out = sizeof(soft->out);
	stream->flush = NO_FLUSH;
	stream->hist_bits = xform->window_log2;
	(void)isal_deflate_set_hufftables(stream, NULL, hufftables);
}

/* Segment by segment; ISA-L keeps what lies between them. */
static int
soft_deflate_pieces(struct hisi_zip_soft *soft, const struct hisi_zip_xform *xform,
	const struct rte_comp_op *op, int hufftables)
{
	struct isal_zstream *stream = &soft->deflate;
	struct soft_cursor in = soft_source(op);
	int ret;

	isal_deflate_init(stream);
	soft_deflate_start(soft, xform, hufftables);
	do {
		if (stream->avail_in == 0)
			stream->avail_in = soft_next(&in, &stream->next_in);
		if (stream->avail_out == 0)
			return STATELESS_OVERFLOW;
		stream->end_of_stream = in.left == 0;
		ret = isal_deflate(stream);
		if (ret != COMP_OK)
			return ret;
	} while (stream->internal_state.state != ZSTATE_END);
	return COMP_OK;
}

/* In one piece, which may fall back to stored blocks. */
static int
soft_deflate_flat(struct hisi_zip_soft *soft, const struct hisi_zip_xform *xform, uint8_t *data,
	uint32_t len, int hufftables)
{
	struct isal_zstream *stream = &soft->deflate;

	isal_deflate_stateless_init(stream);
	soft_deflate_start(soft, xform, hufftables);
	stream->next_in = data;
	stream->avail_in = len;
	stream->end_of_stream = 1;
	return isal_deflate_stateless(stream);
}

/* The source in one piece: as it lies, or copied where it is short. NULL: it is neither. */
static uint8_t *
soft_flat_source(struct hisi_zip_soft *soft, const struct rte_comp_op *op)
{
	struct soft_cursor in = soft_source(op);
	uint32_t len, done;
	uint8_t *data;

	len = soft_next(&in, &data);
	if (len == op->src.length)
		return data;
	if (op->src.length > sizeof(soft->in))
		return NULL;
	for (done = 0; len != 0; len = soft_next(&in, &data)) {
		memcpy(soft->in + done, data, len);
		done += len;
	}
	return soft->in;
}

/* Into a buffer of our own first: ISA-L wants more room than it fills (zip.md 8.6). */
static enum rte_comp_op_status
soft_deflate(struct hisi_zip_soft *soft, const struct hisi_zip_xform *xform,
	struct rte_comp_op *op)
{
	static const int hufftables[] = { IGZIP_HUFFTABLE_STATIC, IGZIP_HUFFTABLE_DEFAULT };
	uint8_t *flat = soft_flat_source(soft, op);
	uint32_t room = soft_destination(op).left;
	size_t i;
	int ret;

	/*
	 * Fixed codes need no table in the output, which is half the room here. Then what needs
	 * one, or stored blocks.
	 */
	for (i = 0; i < RTE_DIM(hufftables); i++) {
		ret = flat == NULL || hufftables[i] == IGZIP_HUFFTABLE_STATIC ?
			soft_deflate_pieces(soft, xform, op, hufftables[i]) :
			soft_deflate_flat(soft, xform, flat, op->src.length, hufftables[i]);
		if (ret != COMP_OK && ret != STATELESS_OVERFLOW)
			return RTE_COMP_OP_STATUS_ERROR;
		if (ret == COMP_OK && soft->deflate.total_out <= room)
			break;
	}
	if (i == RTE_DIM(hufftables))
		return RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED;
	soft_put(op, soft->out, soft->deflate.total_out);
	op->consumed = soft->deflate.total_in;
	return RTE_COMP_OP_STATUS_SUCCESS;
}

/* Bytes that ISA-L took beyond the end of the stream are given back. */
static uint32_t
soft_inflate_unread(const struct inflate_state *state)
{
	return state->avail_in + state->read_in_length / 8;
}

/* Decoded bytes that found no room yet, or a call that moved nothing: the output is full. */
static bool
soft_inflate_is_stuck(const struct inflate_state *state, uint32_t avail_in, uint32_t total_out)
{
	if (state->avail_out != 0)
		return false;
	return state->tmp_out_valid != state->tmp_out_processed ||
		(state->avail_in == avail_in && state->total_out == total_out);
}

static enum rte_comp_op_status
soft_inflate(struct inflate_state *state, struct rte_comp_op *op)
{
	struct soft_cursor in = soft_source(op), out = soft_destination(op);
	uint32_t avail_in, total_out;

	isal_inflate_init(state);
	state->crc_flag = ISAL_DEFLATE;
	for (;;) {
		if (state->avail_in == 0)
			state->avail_in = soft_next(&in, &state->next_in);
		if (state->avail_out == 0)
			state->avail_out = soft_next(&out, &state->next_out);
		avail_in = state->avail_in;
		total_out = state->total_out;
		if (isal_inflate(state) < 0)
			return RTE_COMP_OP_STATUS_ERROR;
		if (state->block_state == ISAL_BLOCK_FINISH)
			break;
		if (out.left == 0 && soft_inflate_is_stuck(state, avail_in, total_out))
			return RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED;
		/* All input taken, room left, and no end: the stream is cut off. */
		if (state->avail_in == 0 && in.left == 0 && state->avail_out != 0)
			return RTE_COMP_OP_STATUS_ERROR;
	}
	op->consumed = op->src.length - in.left - soft_inflate_unread(state);
	op->produced = state->total_out;
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
	return soft_deflate(soft, xform, op);
}

bool
hisi_zip_park(struct hisi_zip_qp *qp, struct rte_comp_op *op, enum hisi_zip_reason reason)
{
	/* The status tells dequeue what to do: NOT_PROCESSED is still to be worked on. */
	static const enum rte_comp_op_status status[HISI_ZIP_REASONS] = {
		[HISI_ZIP_REASON_EMPTY] = RTE_COMP_OP_STATUS_NOT_PROCESSED,
		[HISI_ZIP_REASON_TINY] = RTE_COMP_OP_STATUS_NOT_PROCESSED,
		[HISI_ZIP_REASON_INFLATE] = RTE_COMP_OP_STATUS_NOT_PROCESSED,
		[HISI_ZIP_REASON_INVALID] = RTE_COMP_OP_STATUS_INVALID_ARGS,
		[HISI_ZIP_REASON_DEAD] = RTE_COMP_OP_STATUS_ERROR,
		[HISI_ZIP_REASON_STOPPED] = RTE_COMP_OP_STATUS_ERROR,
	};

	if (rte_ring_full(qp->parked))
		return false;
	/* All of it before the ring hands the operation to dequeue's lcore. */
	op->status = status[reason];
	op->consumed = 0;
	op->produced = 0;
	op->debug_status = HISI_FIELD_PREP(HISI_ZIP_DEBUG_REASON, (uint64_t)reason + 1);
	qp->reasons[reason]++;
	return hisi_qm_pair_park(qp->parked, op);
}

uint16_t
hisi_zip_unpark(struct hisi_zip_qp *qp, struct rte_comp_op **ops, uint16_t nb_ops)
{
	struct rte_comp_op *op;
	uint64_t work = 0;
	uint16_t i;

	for (i = 0; i < nb_ops && work < SOFT_BURST_LEN; i++) {
		op = hisi_qm_pair_unpark(qp->parked);
		if (op == NULL)
			break;
		if (op->status == RTE_COMP_OP_STATUS_NOT_PROCESSED) {
			op->status = soft_run(qp->soft, op);
			work += (uint64_t)op->src.length + op->produced;
		}
		hisi_zip_count(qp, op);
		ops[i] = op;
	}
	return i;
}

uint16_t
hisi_zip_unpark_in_turn(struct hisi_zip_qp *qp, struct rte_comp_op **ops, uint16_t nb_ops)
{
	qp->parked_turn ^= 1;
	if (!qp->parked_turn && hisi_qm_qp_outstanding(qp->hw[HISI_ZIP_QUEUE_DECOMPRESS]) != 0)
		return 0;
	return hisi_zip_unpark(qp, ops, nb_ops);
}
