/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "buffers.h"
#include "op_comp.h"

/* The op classes of compressdev: compress, decompress, both in turn with a look at the end, both
 * side by side.
 */

static int
open_kind(struct testacc_run *run, enum testacc_comp_kind kind)
{
	struct testacc_comp *comp = calloc(1, sizeof(*comp));
	int result;

	if (comp == NULL)
		return testacc_fail("no memory for a run");
	run->private = comp;
	comp->kind = kind;
	comp->dev_id = run->dev_id;
	result = testacc_comp_device_open(run);
	if (result == TESTACC_OK)
		result = testacc_comp_buffers_open(run);
	return result;
}

static int
open_compress(struct testacc_run *run)
{
	return open_kind(run, TESTACC_COMP_COMPRESS);
}

static int
open_decompress(struct testacc_run *run)
{
	return open_kind(run, TESTACC_COMP_DECOMPRESS);
}

static int
open_round_trip(struct testacc_run *run)
{
	return open_kind(run, TESTACC_COMP_ROUND_TRIP);
}

static int
open_mixed(struct testacc_run *run)
{
	run->nb_parts = TESTACC_COMP_PARTS;
	return open_kind(run, TESTACC_COMP_MIXED);
}

static void
comp_close(struct testacc_run *run, bool is_lost)
{
	if (run->private == NULL || is_lost)
		return;
	testacc_comp_device_close(run);
	testacc_comp_buffers_close(run);
	free(run->private);
	run->private = NULL;
}

static uint16_t
comp_enqueue(struct testacc_engine *engine, struct testacc_slot **slots, uint16_t count)
{
	struct rte_comp_op *ops[UINT8_MAX + 1];
	uint16_t i;

	for (i = 0; i < count; i++)
		ops[i] = slots[i]->op;
	return rte_compressdev_enqueue_burst(engine->dev_id, engine->queue_pair, ops, count);
}

static uint16_t
comp_dequeue(struct testacc_engine *engine, struct testacc_slot **slots, uint16_t count)
{
	struct rte_comp_op *ops[UINT8_MAX + 1];
	uint16_t i;

	count = rte_compressdev_dequeue_burst(engine->dev_id, engine->queue_pair, ops, count);
	for (i = 0; i < count; i++)
		slots[i] = *(struct testacc_slot **)(ops[i] + 1);
	return count;
}

/** What zlib makes of the packed data is the plain data. */
static bool
is_packed_right(struct testacc_engine *engine, const struct testacc_slot *slot)
{
	uint8_t *packed = engine->scratch, *plain = packed + testacc_comp_bound(slot->size);
	z_stream stream = { 0 };
	bool is_right;

	testacc_chain_read(slot->packed, packed, slot->packed_len);
	stream.next_in = packed;
	stream.avail_in = slot->packed_len;
	stream.next_out = plain;
	stream.avail_out = slot->size;
	if (inflateInit2(&stream, -15) != Z_OK)
		return false;
	is_right = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out == slot->size &&
		memcmp(plain, slot->data, slot->size) == 0;
	inflateEnd(&stream);
	return is_right;
}

/** Results are where the next turn begins from, and some drivers add to what they find. */
static void
rearm(struct rte_comp_op *op)
{
	op->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
	op->consumed = 0;
	op->produced = 0;
}

static bool
has_failed(struct testacc_engine *engine, struct rte_comp_op *op)
{
	if (likely(op->status == RTE_COMP_OP_STATUS_SUCCESS))
		return false;
	engine->last_status = op->status;
	rearm(op);
	return true;
}

static void
count_bytes(struct testacc_engine *engine, uint32_t plain, uint32_t packed)
{
	engine->counters.plain_bytes += plain;
	engine->counters.packed_bytes += packed;
}

static enum testacc_slot_end
end_compress(struct testacc_engine *engine, struct testacc_slot *slot)
{
	struct rte_comp_op *op = slot->op;
	bool is_right;

	if (has_failed(engine, op))
		return TESTACC_SLOT_FAILED;
	slot->packed_len = op->produced;
	is_right = op->consumed == slot->size &&
		op->produced <= testacc_comp_bound(slot->size) &&
		(!engine->verifies || is_packed_right(engine, slot));
	count_bytes(engine, op->consumed, op->produced);
	rearm(op);
	return is_right ? TESTACC_SLOT_DONE : TESTACC_SLOT_WRONG;
}

static enum testacc_slot_end
end_decompress(struct testacc_engine *engine, struct testacc_slot *slot)
{
	struct rte_comp_op *op = slot->op;
	bool is_right;

	if (has_failed(engine, op))
		return TESTACC_SLOT_FAILED;
	is_right = op->produced == slot->size &&
		(!engine->verifies || testacc_chain_equals(slot->plain, slot->data, slot->size));
	count_bytes(engine, op->produced, op->consumed);
	rearm(op);
	return is_right ? TESTACC_SLOT_DONE : TESTACC_SLOT_WRONG;
}

/** Give the slot to one half of its round trip. */
static void
aim(const struct testacc_engine *engine, struct testacc_slot *slot, bool is_returning)
{
	struct rte_comp_op *op = slot->op;

	slot->is_returning = is_returning;
	op->private_xform = engine->private[is_returning];
	op->m_src = is_returning ? slot->packed : slot->plain;
	op->m_dst = is_returning ? slot->result : slot->packed;
	op->src.length = is_returning ? slot->packed_len : slot->size;
	rearm(op);
}

static enum testacc_slot_end
end_round_trip(struct testacc_engine *engine, struct testacc_slot *slot)
{
	struct rte_comp_op *op = slot->op;
	bool is_right;

	if (has_failed(engine, op)) {
		aim(engine, slot, false);
		return TESTACC_SLOT_FAILED;
	}
	if (!slot->is_returning) {
		slot->packed_len = op->produced;
		if (op->consumed == slot->size && op->produced > 0 &&
				op->produced <= testacc_comp_bound(slot->size)) {
			count_bytes(engine, op->consumed, op->produced);
			aim(engine, slot, true);
			return TESTACC_SLOT_GOES_ON;
		}
		aim(engine, slot, false);
		return TESTACC_SLOT_WRONG;
	}
	is_right = op->produced == slot->size &&
		testacc_chain_equals(slot->result, slot->data, slot->size);
	count_bytes(engine, op->produced, op->consumed);
	aim(engine, slot, false);
	return is_right ? TESTACC_SLOT_DONE : TESTACC_SLOT_WRONG;
}

static enum testacc_slot_end
end_mixed(struct testacc_engine *engine, struct testacc_slot *slot)
{
	return slot->part == TESTACC_COMP_PART_DECOMPRESS ? end_decompress(engine, slot) :
		end_compress(engine, slot);
}

static const char *
status_name(int status)
{
	static const char * const names[] = {
		[RTE_COMP_OP_STATUS_SUCCESS] = "success",
		[RTE_COMP_OP_STATUS_NOT_PROCESSED] = "not processed",
		[RTE_COMP_OP_STATUS_INVALID_ARGS] = "invalid arguments",
		[RTE_COMP_OP_STATUS_ERROR] = "error",
		[RTE_COMP_OP_STATUS_INVALID_STATE] = "invalid state",
		[RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED] = "out of space",
		[RTE_COMP_OP_STATUS_OUT_OF_SPACE_RECOVERABLE] = "out of space, recoverable",
	};

	return status >= 0 && status < (int)RTE_DIM(names) ? names[status] : "unknown";
}

static bool
comp_takes(const char *name)
{
	unsigned int i;

	for (i = 0; i < TESTACC_COMP_ALGOS; i++)
		if (strcmp(testacc_algo_name(i), name) == 0)
			return true;
	return false;
}

const struct testacc_op_class testacc_comp_classes[] = {
	{ "compress", "plain data to packed", TESTACC_COMPRESSDEV, comp_takes, open_compress,
		comp_close, comp_enqueue, comp_dequeue, end_compress, status_name },
	{ "decompress", "what zlib packed to plain data", TESTACC_COMPRESSDEV, comp_takes,
		open_decompress, comp_close, comp_enqueue, comp_dequeue, end_decompress,
		status_name },
	{ "round_trip", "compress, decompress, compare, each time", TESTACC_COMPRESSDEV,
		comp_takes, open_round_trip, comp_close, comp_enqueue, comp_dequeue,
		end_round_trip, status_name },
	{ "mixed", "compress and decompress, side by side", TESTACC_COMPRESSDEV, comp_takes,
		open_mixed, comp_close, comp_enqueue, comp_dequeue, end_mixed, status_name },
	{ .name = NULL },
};
