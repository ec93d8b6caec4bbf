/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <rte_lcore.h>

#include "buffers.h"
#include "op_comp.h"

/** Deflate's own bound is smaller; drivers may want more room than that to work in. */
uint32_t
testacc_comp_bound(uint64_t plain)
{
	return (uint32_t)(plain + plain / 8 + 256);
}

static int
create_pools(struct testacc_run *run)
{
	struct testacc_comp *comp = run->private;
	const struct testacc_settings *settings = &run->settings;
	uint64_t most = testacc_settings_largest(settings);
	uint32_t bound = testacc_comp_bound(most);
	uint32_t nb_ops = (uint32_t)(run->nb_engines * settings->depth);
	uint32_t nb_buffers = comp->kind == TESTACC_COMP_ROUND_TRIP ? 3 : 2;
	uint32_t nb_mbufs = nb_ops * nb_buffers * (uint32_t)settings->sgl;

	comp->segment_len = (bound + (uint32_t)settings->sgl - 1) / (uint32_t)settings->sgl;
	if (comp->segment_len > TESTACC_MAX_SEGMENT)
		return testacc_fail_segments(settings, bound / TESTACC_MAX_SEGMENT + 1);
	comp->ops = rte_comp_op_pool_create("testacc_ops", nb_ops, 0, sizeof(void *),
		(int)rte_socket_id());
	comp->mbufs = rte_pktmbuf_pool_create("testacc_mbufs", nb_mbufs, 0, 0,
		(uint16_t)(comp->segment_len + RTE_PKTMBUF_HEADROOM), (int)rte_socket_id());
	if (comp->ops == NULL || comp->mbufs == NULL)
		return testacc_fail("no memory for %u ops and %u mbufs of %u bytes; set depth, size or queues lower, or give EAL more memory",
			nb_ops, nb_mbufs, comp->segment_len);
	return TESTACC_OK;
}

/** What a device is to decompress, made by zlib. @return bytes, 0: no memory */
static uint32_t
pack(const struct testacc_run *run, const struct testacc_slot *slot, uint8_t *packed,
	uint32_t room)
{
	z_stream stream = { 0 };
	int bits = RTE_MAX(9, (int)rte_log2_u32((uint32_t)run->settings.window));
	uint32_t len = 0;

	if (deflateInit2(&stream, (int)RTE_MAX(run->settings.level, 1U), Z_DEFLATED, -bits, 8,
			run->settings.algo == TESTACC_ALGO_FIXED ? Z_FIXED :
			Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	stream.next_in = (Bytef *)(uintptr_t)slot->data;
	stream.avail_in = slot->size;
	stream.next_out = packed;
	stream.avail_out = room;
	if (deflate(&stream, Z_FINISH) == Z_STREAM_END)
		len = (uint32_t)stream.total_out;
	deflateEnd(&stream);
	return len;
}

/** Does the slot have packed data to begin with? */
static bool
decompresses(const struct testacc_comp *comp, const struct testacc_slot *slot)
{
	return comp->kind == TESTACC_COMP_DECOMPRESS ||
		slot->part == TESTACC_COMP_PART_DECOMPRESS;
}

static bool
make_buffers(struct testacc_run *run, struct testacc_engine *engine, struct testacc_slot *slot)
{
	const struct testacc_comp *comp = run->private;
	uint32_t bound = testacc_comp_bound(slot->size), sgl = (uint32_t)run->settings.sgl;

	slot->plain = testacc_chain_make(comp->mbufs, sgl, slot->size);
	slot->packed = testacc_chain_make(comp->mbufs, sgl, bound);
	if (slot->plain == NULL || slot->packed == NULL)
		return false;
	if (comp->kind == TESTACC_COMP_ROUND_TRIP) {
		slot->result = testacc_chain_make(comp->mbufs, sgl, slot->size);
		if (slot->result == NULL)
			return false;
	}
	if (!decompresses(comp, slot)) {
		testacc_chain_write(slot->plain, slot->data, slot->size);
		return true;
	}
	slot->packed_len = pack(run, slot, engine->scratch, bound);
	testacc_chain_write(slot->packed, engine->scratch, slot->packed_len);
	return slot->packed_len > 0;
}

static void
fill_op(const struct testacc_run *run, const struct testacc_engine *engine,
	struct testacc_slot *slot)
{
	bool is_packed = decompresses(run->private, slot);
	struct rte_comp_op *op = slot->op;

	*(struct testacc_slot **)(op + 1) = slot;
	op->op_type = RTE_COMP_OP_STATELESS;
	op->flush_flag = RTE_COMP_FLUSH_FINAL;
	op->private_xform = engine->private[is_packed];
	op->m_src = is_packed ? slot->packed : slot->plain;
	op->m_dst = is_packed ? slot->plain : slot->packed;
	op->src.offset = 0;
	op->dst.offset = 0;
	op->src.length = is_packed ? slot->packed_len : slot->size;
	op->consumed = 0;
	op->produced = 0;
	op->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
}

static int
make_slots(struct testacc_run *run, unsigned int number)
{
	struct testacc_engine *engine = run->engines[number];
	struct testacc_comp *comp = run->private;
	struct testacc_slot *slot;
	uint32_t i;

	for (i = 0; i < engine->nb_slots; i++) {
		slot = &engine->slots[i];
		testacc_slot_aim(run, number, i);
		slot->op = rte_comp_op_alloc(comp->ops);
		if (slot->op == NULL || !make_buffers(run, engine, slot))
			return testacc_fail("no memory for the buffers of op %u", i);
		fill_op(run, engine, slot);
		engine->ready[engine->nb_ready++] = slot;
	}
	return TESTACC_OK;
}

int
testacc_comp_buffers_open(struct testacc_run *run)
{
	uint64_t scratch_len = testacc_comp_bound(testacc_settings_largest(&run->settings));
	int result = create_pools(run);
	unsigned int i;

	for (i = 0; result == TESTACC_OK && i < run->nb_engines; i++) {
		run->engines[i]->scratch = malloc(2 * scratch_len);
		result = run->engines[i]->scratch != NULL ? make_slots(run, i) :
			testacc_fail("no memory for %" PRIu64 " bytes", 2 * scratch_len);
	}
	return result;
}

void
testacc_comp_buffers_close(struct testacc_run *run)
{
	struct testacc_comp *comp = run->private;
	unsigned int i;

	for (i = 0; i < run->nb_engines; i++)
		free(run->engines[i]->scratch);
	/* With the pools goes what was taken from them. */
	rte_mempool_free(comp->mbufs);
	rte_mempool_free(comp->ops);
}
