/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * The half of a lane that talks to the device.
 */
#include <rte_compressdev.h>

#include "lane.h"

static struct gw_slot *
slot_of(struct gw_lane *lane, const struct rte_comp_op *op)
{
	return &lane->slots[*(const uint32_t *)(op + 1)];
}

/* The packet goes as it came. */
static void
pass(struct gw_lane *lane, struct gw_slot *slot, enum gw_count why)
{
	gw_add(lane->stats, why, 1);
	rte_pktmbuf_free(slot->out);
	slot->out = slot->in;
}

static void
drop(struct gw_lane *lane, struct gw_slot *slot, enum gw_count why)
{
	gw_add(lane->stats, why, 1);
	rte_pktmbuf_free(slot->in);
	rte_pktmbuf_free(slot->out);
	slot->out = NULL;
}

/* The new packet takes the place of the old one. */
static void
replace(struct gw_lane *lane, struct gw_slot *slot, enum gw_count what, uint32_t plain,
	uint32_t packed)
{
	gw_add(lane->stats, what, 1);
	gw_add(lane->stats, GW_PLAIN_BYTES, plain);
	gw_add(lane->stats, GW_PACKED_BYTES, packed);
	rte_pktmbuf_free(slot->in);
}

static void
finish_compressed(struct gw_lane *lane, struct gw_slot *slot)
{
	const struct gw_options *options = lane->options;
	const struct rte_comp_op *op = slot->op;
	uint32_t packed = op->produced + sizeof(struct ipcomp_hdr);
	bool shrunk;

	if (op->status != RTE_COMP_OP_STATUS_SUCCESS &&
			op->status != RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED) {
		pass(lane, slot, GW_PASSED_FAILED);
		return;
	}
	/* A datagram that is not smaller is sent as it is (RFC 3173, 2.2). */
	shrunk = op->status == RTE_COMP_OP_STATUS_SUCCESS && packed < slot->place.len;
	if (options->rest_after != 0)
		gw_habit_learn(slot->habit, shrunk, options->rest_after, options->rest_for);
	if (!shrunk) {
		pass(lane, slot, GW_PASSED_EXPANDED);
		return;
	}
	ipcomp_write_packed(slot->out, slot->in, &slot->place, op->produced);
	replace(lane, slot, GW_COMPRESSED, slot->place.len, packed);
}

/* The device failed, or the data are bad: it does not say which, and only zlib is as good as it. */
static void
restore_in_software(struct gw_lane *lane, struct gw_slot *slot)
{
	const struct rte_comp_op *op = slot->op;
	uint32_t len = slot->out->data_len - op->dst.offset;

	if (!gw_inflate(lane->software,
			rte_pktmbuf_mtod_offset(slot->in, const uint8_t *, op->src.offset),
			op->src.length,
			rte_pktmbuf_mtod_offset(slot->out, uint8_t *, op->dst.offset), &len)) {
		drop(lane, slot, GW_DROPPED_DATA);
		return;
	}
	ipcomp_write_plain(slot->out, slot->in, &slot->place, len);
	replace(lane, slot, GW_RESTORED_SOFTWARE, len, slot->place.len);
}

static void
finish_restored(struct gw_lane *lane, struct gw_slot *slot)
{
	const struct rte_comp_op *op = slot->op;

	if (op->status == RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED) {
		drop(lane, slot, GW_DROPPED_LONG);
	} else if (op->status != RTE_COMP_OP_STATUS_SUCCESS) {
		restore_in_software(lane, slot);
	} else {
		ipcomp_write_plain(slot->out, slot->in, &slot->place, op->produced);
		replace(lane, slot, GW_RESTORED, op->produced, slot->place.len);
	}
}

/* Takes back what the device has done, well or badly. */
static void
collect(struct gw_lane *lane)
{
	struct rte_comp_op *ops[GW_BURST];
	uint16_t n, i;

	n = rte_compressdev_dequeue_burst(lane->device, lane->queue_pair, ops, GW_BURST);
	lane->flying -= n;
	for (i = 0; i < n; i++) {
		struct gw_slot *slot = slot_of(lane, ops[i]);

		if (slot->habit != NULL)
			finish_compressed(lane, slot);
		else
			finish_restored(lane, slot);
		slot->state = GW_READY;
	}
}

/* The device takes nothing although it has nothing: it is being reset, or is away. Packets do not
 * wait for it.
 */
static void
do_without(struct gw_lane *lane, struct rte_comp_op **ops, uint16_t n)
{
	uint16_t i;

	for (i = 0; i < n; i++) {
		struct gw_slot *slot = slot_of(lane, ops[i]);

		if (slot->habit != NULL)
			pass(lane, slot, GW_PASSED_NO_DEVICE);
		else
			restore_in_software(lane, slot);
		slot->state = GW_READY;
	}
}

static void
submit(struct gw_lane *lane)
{
	struct rte_comp_op *ops[GW_BURST];
	uint16_t n = 0, taken = 0, i;
	uint32_t at;

	for (at = lane->todo; at != lane->tail && n < GW_BURST; at++)
		if (lane->slots[at & lane->mask].state == GW_WAITS)
			ops[n++] = lane->slots[at & lane->mask].op;
	if (n > 0)
		taken = rte_compressdev_enqueue_burst(lane->device, lane->queue_pair, ops, n);
	for (i = 0; i < taken; i++)
		slot_of(lane, ops[i])->state = GW_FLIES;
	lane->flying += taken;
	if (n > 0 && lane->flying == 0)
		do_without(lane, ops, n);
	while (lane->todo != at && lane->slots[lane->todo & lane->mask].state != GW_WAITS)
		lane->todo++;
}

void
gw_lane_drive(struct gw_lane *lane)
{
	/* Drivers that work when they are asked to dequeue want to be asked at any time. */
	collect(lane);
	submit(lane);
}
