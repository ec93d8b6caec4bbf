/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <netinet/in.h>
#include <stdio.h>

#include <rte_malloc.h>

#include "lane.h"

/* In hardware a small output buffer is dearer than a large one: some devices cannot have it. */
#define ROOM_MIN 256

uint32_t
gw_lane_slots(const struct gw_options *options)
{
	/* More than can be in flight, so that what does not go to the device is not in its way. */
	return rte_align32pow2(2 * options->depth);
}

static int
fill_slots(struct gw_lane *lane, struct rte_mempool *ops)
{
	uint32_t i;

	for (i = 0; i <= lane->mask; i++) {
		struct rte_comp_op *op = rte_comp_op_alloc(ops);

		if (op == NULL)
			return -1;
		/* The private room, where the operation finds its slot again. */
		*(uint32_t *)(op + 1) = i;
		op->op_type = RTE_COMP_OP_STATELESS;
		op->flush_flag = RTE_COMP_FLUSH_FINAL;
		lane->slots[i].op = op;
	}
	return 0;
}

struct gw_lane *
gw_lane_create(const struct gw_options *options, const struct gw_accel *accel, uint16_t queue_pair,
	struct rte_mempool *buffers, struct gw_stats *stats, int socket)
{
	uint32_t slots = gw_lane_slots(options);
	struct gw_lane *lane = rte_zmalloc_socket("lane", sizeof(*lane), RTE_CACHE_LINE_SIZE,
		socket);
	unsigned int i;

	if (lane == NULL)
		return NULL;
	lane->mask = slots - 1;
	lane->device = accel->id;
	lane->queue_pair = queue_pair;
	lane->compress = accel->compress;
	lane->restore = accel->restore;
	lane->options = options;
	lane->stats = stats;
	lane->buffers = buffers;
	for (i = 0; i < options->nb_paths; i++)
		lane->path_of[options->path[i].in] = &options->path[i];
	lane->slots = rte_zmalloc_socket("slots", slots * sizeof(*lane->slots),
		RTE_CACHE_LINE_SIZE, socket);
	lane->fragments = gw_reassembly_create("fragments", socket);
	lane->software = gw_inflate_create();
	if (lane->slots == NULL || lane->fragments == NULL || lane->software == NULL ||
			fill_slots(lane, accel->ops) != 0) {
		gw_lane_destroy(lane);
		return NULL;
	}
	return lane;
}

void
gw_lane_destroy(struct gw_lane *lane)
{
	uint32_t i;

	gw_reassembly_destroy(lane->fragments);
	gw_inflate_destroy(lane->software);
	for (i = 0; lane->slots != NULL && i <= lane->mask; i++)
		rte_comp_op_free(lane->slots[i].op);
	rte_free(lane->slots);
	rte_free(lane);
}

/* Is there any use in compressing it, and may it be? */
static enum gw_count
judge_plain(struct gw_lane *lane, const struct rte_mbuf *m, const struct ipcomp_place *place)
{
	if (place->is_fragment)
		return GW_PASSED_FRAGMENT;
	/* What is encrypted does not compress, and what is authenticated must stay as it is. */
	if (place->is_odd || place->last_protocol == IPPROTO_ESP ||
			place->last_protocol == IPPROTO_AH ||
			place->last_protocol == IPPROTO_COMP ||
			place->last_protocol == IPPROTO_NONE)
		return GW_PASSED_OPAQUE;
	/* It would be lost: behind a compressed datagram it may be padding of the wire. */
	if (place->trailer != 0)
		return GW_PASSED_TRAILER;
	if (place->len < lane->options->threshold)
		return GW_PASSED_SMALL;
	if (m->data_len > lane->options->max_frame)
		return GW_PASSED_LONG;
	return GW_GOES_ON;
}

static enum gw_count
judge_packed(const struct rte_mbuf *m, const struct ipcomp_place *place)
{
	if (place->protocol != IPPROTO_COMP)
		return GW_PASSED_NOT_IPCOMP;
	if (place->len <= sizeof(struct ipcomp_hdr))
		return GW_DROPPED_IPCOMP;
	if (ipcomp_header(m, place)->cpi != RTE_BE16(IPCOMP_CPI_DEFLATE))
		return GW_PASSED_OTHER_CPI;
	return GW_GOES_ON;
}

static enum gw_count
prepare_op(struct gw_lane *lane, struct gw_slot *slot, void *xform, uint16_t from, uint16_t to,
	uint32_t room)
{
	struct rte_comp_op *op = slot->op;

	slot->out = rte_pktmbuf_alloc(lane->buffers);
	if (slot->out == NULL || rte_pktmbuf_append(slot->out, to + room) == NULL) {
		rte_pktmbuf_free(slot->out);
		return GW_PASSED_NO_BUFFER;
	}
	op->m_src = slot->in;
	op->m_dst = slot->out;
	op->private_xform = xform;
	op->src.offset = from;
	op->src.length = slot->place.payload + slot->place.len - from;
	op->dst.offset = to;
	op->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
	/* Results, but some drivers (compress_zlib) add to what they find there. */
	op->consumed = 0;
	op->produced = 0;
	slot->state = GW_WAITS;
	return GW_GOES_ON;
}

/* The payload has room at the same place, behind the new header. */
static enum gw_count
take_plain(struct gw_lane *lane, struct gw_slot *slot)
{
	const struct ipcomp_place *place = &slot->place;
	enum gw_count verdict = judge_plain(lane, slot->in, place);

	if (verdict != GW_GOES_ON)
		return verdict;
	slot->habit = gw_habit_of(lane->habits, slot->in, place);
	if (gw_habit_rests(slot->habit))
		return GW_PASSED_RESTING;
	return prepare_op(lane, slot, lane->compress, place->payload,
		place->payload + sizeof(struct ipcomp_hdr), RTE_MAX(place->len, ROOM_MIN));
}

/* As much as a frame may be. */
static enum gw_count
take_packed(struct gw_lane *lane, struct gw_slot *slot)
{
	const struct ipcomp_place *place = &slot->place;
	enum gw_count verdict = judge_packed(slot->in, place);
	uint32_t room;

	if (verdict != GW_GOES_ON)
		return verdict;
	if (place->payload >= lane->options->max_frame)
		return GW_DROPPED_LONG;
	room = RTE_MIN(lane->options->max_frame - (uint32_t)place->payload,
		ipcomp_max_payload(place));
	slot->habit = NULL;
	verdict = prepare_op(lane, slot, lane->restore,
		place->payload + sizeof(struct ipcomp_hdr), place->payload, room);
	return verdict == GW_PASSED_NO_BUFFER ? GW_DROPPED_NO_BUFFER : verdict;
}

/* A fragment of a compressed datagram: true if it was the last that was missing, and the slot has
 * the whole.
 */
static bool
reassemble(struct gw_lane *lane, struct gw_slot *slot)
{
	slot->in = gw_reassembly_add(lane->fragments, slot->in, &slot->place, lane->stats);
	return slot->in != NULL;
}

/* GW_REASSEMBLED: a fragment was put aside, and there is nothing to send for it. */
static enum gw_count
judge(struct gw_lane *lane, struct gw_slot *slot, bool restore)
{
	struct ipcomp_place *place = &slot->place;
	enum gw_count verdict;

	/* Headers have to be in one piece, and payloads too, for devices without scatter-gather. */
	if (slot->in->nb_segs > 1 && rte_pktmbuf_linearize(slot->in) != 0)
		return GW_PASSED_LONG;
	verdict = ipcomp_find(slot->in, place);
	if (verdict != GW_GOES_ON)
		return verdict;
	if (!restore)
		return take_plain(lane, slot);
	if (place->is_fragment && place->last_protocol == IPPROTO_COMP &&
			gw_reassembly_takes(place)) {
		if (!reassemble(lane, slot))
			return GW_REASSEMBLED;
		verdict = ipcomp_find(slot->in, place);
	} else if (place->is_fragment) {
		return GW_PASSED_FRAGMENT;
	}
	return verdict == GW_GOES_ON ? take_packed(lane, slot) : verdict;
}

void
gw_lane_take(struct gw_lane *lane, struct rte_mbuf *frame)
{
	struct gw_slot *slot = &lane->slots[lane->tail & lane->mask];
	const struct gw_path *path = lane->path_of[frame->port];
	enum gw_count verdict;

	gw_add(lane->stats, GW_RECEIVED, 1);
	slot->in = frame;
	slot->out_port = path->out;
	verdict = judge(lane, slot, path->restore);
	if (verdict != GW_GOES_ON) {
		if (verdict == GW_REASSEMBLED)
			return;
		gw_add(lane->stats, verdict, 1);
		slot->state = GW_READY;
		slot->out = slot->in;
		if (gw_is_drop(verdict)) {
			rte_pktmbuf_free(slot->in);
			return;
		}
	}
	lane->tail++;
}

uint16_t
gw_lane_give(struct gw_lane *lane, struct rte_mbuf **frames, uint16_t n)
{
	uint16_t given = 0;

	gw_lane_drive(lane);
	while (given < n && lane->head != lane->todo) {
		struct gw_slot *slot = &lane->slots[lane->head & lane->mask];

		if (slot->state != GW_READY)
			break;
		if (slot->out != NULL) {
			slot->out->port = slot->out_port;
			frames[given++] = slot->out;
		}
		lane->head++;
	}
	return given;
}
