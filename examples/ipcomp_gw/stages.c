/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_pause.h>

#include "stages.h"

/* A sender that takes nothing for so many tries has no link, or is too slow for all this. */
#define SEND_TRIES 10000

static bool
flag(atomic_bool *which)
{
	return atomic_load_explicit(which, memory_order_relaxed);
}

static void
send_to_port(struct gw_stats *stats, uint16_t queue, struct rte_mbuf **frames, uint16_t n)
{
	uint16_t sent = 0;
	unsigned int tries;

	for (tries = 0; sent < n && tries < SEND_TRIES; tries++)
		sent += rte_eth_tx_burst(frames[0]->port, queue, frames + sent, n - sent);
	gw_add(stats, GW_SENT, sent);
	gw_add(stats, GW_DROPPED_SEND, n - sent);
	rte_pktmbuf_free_bulk(frames + sent, n - sent);
}

/* Packets in a row for the same port go together. */
static void
send_all(struct gw_stats *stats, uint16_t queue, struct rte_mbuf **frames, uint16_t n)
{
	uint16_t from, to;

	for (from = 0; from < n; from = to) {
		for (to = from + 1; to < n && frames[to]->port == frames[from]->port; to++)
			;
		send_to_port(stats, queue, frames + from, to - from);
	}
}

/* Now and then, for what nobody would look at otherwise. */
static void
look_around(struct gw_lane *lane, uint64_t *next_tsc)
{
	uint64_t now = rte_rdtsc();

	if (now < *next_tsc)
		return;
	*next_tsc = now + rte_get_tsc_hz();
	gw_reassembly_expire(lane->fragments, false, lane->stats);
}

static void
receive_into_lane(const struct gw_run *run, struct gw_lane *lane, uint16_t queue)
{
	const struct gw_options *options = run->options;
	struct rte_mbuf *frames[GW_BURST];
	unsigned int path;
	uint16_t n, i;

	for (path = 0; path < options->nb_paths; path++) {
		/* What does not fit stays in the port, which drops at its own end if it must. */
		if (gw_lane_room(lane) < GW_BURST)
			return;
		n = rte_eth_rx_burst(options->path[path].in, queue, frames, GW_BURST);
		gw_add(lane->stats, GW_EMPTY_POLLS, n == 0);
		for (i = 0; i < n; i++)
			gw_lane_take(lane, frames[i]);
	}
}

int
gw_run_to_completion(void *arg)
{
	const struct gw_part *part = arg;
	struct gw_run *run = part->run;
	struct gw_lane *lane = run->lane[part->index];
	struct rte_mbuf *frames[GW_BURST];
	uint64_t next_tsc = 0;

	while (!flag(&run->abandon) && (!flag(&run->stop) || !gw_lane_is_empty(lane))) {
		if (!flag(&run->stop))
			receive_into_lane(run, lane, part->index);
		send_all(lane->stats, part->index, frames,
			gw_lane_give(lane, frames, GW_BURST));
		look_around(lane, &next_tsc);
	}
	gw_reassembly_expire(lane->fragments, true, lane->stats);
	return 0;
}

/* Waits for room: a gateway that drops should do so before it has worked. */
static void
put(const struct gw_run *run, struct rte_ring *ring, struct rte_mbuf **frames, unsigned int n)
{
	unsigned int done = 0;

	while (done < n && !atomic_load_explicit(&run->abandon, memory_order_relaxed)) {
		done += rte_ring_sp_enqueue_burst(ring, (void **)frames + done, n - done, NULL);
		if (done < n)
			rte_pause();
	}
	rte_pktmbuf_free_bulk(frames + done, n - done);
}

static void
deal_out(const struct gw_run *run, struct rte_mbuf **frames, uint16_t n)
{
	uint16_t i;

	for (i = 0; i < n; i++)
		put(run, run->to_lane[gw_flow_of_addresses(frames[i]) % run->nb_lanes],
			&frames[i], 1);
}

int
gw_receive(void *arg)
{
	const struct gw_part *part = arg;
	struct gw_run *run = part->run;
	const struct gw_options *options = run->options;
	struct rte_mbuf *frames[GW_BURST];
	unsigned int path;
	uint16_t n;

	while (!flag(&run->stop) && !flag(&run->abandon))
		for (path = 0; path < options->nb_paths; path++) {
			n = rte_eth_rx_burst(options->path[path].in, 0, frames, GW_BURST);
			gw_add(&run->stats[part->index], GW_EMPTY_POLLS, n == 0);
			deal_out(run, frames, n);
		}
	/* Release: who sees this sees all that was put into rings before. */
	atomic_fetch_sub_explicit(&run->receivers, 1, memory_order_release);
	return 0;
}

/* Is more to come? To be asked before the ring is looked at for the last time. */
static bool
others_work(atomic_uint *others)
{
	return atomic_load_explicit(others, memory_order_acquire) != 0;
}

int
gw_compress(void *arg)
{
	const struct gw_part *part = arg;
	struct gw_run *run = part->run;
	struct gw_lane *lane = run->lane[part->index];
	struct rte_ring *in = run->to_lane[part->index];
	struct rte_mbuf *frames[GW_BURST];
	uint64_t next_tsc = 0;
	bool more = true;
	unsigned int n, i;

	while (!flag(&run->abandon) && (more || !gw_lane_is_empty(lane))) {
		more = others_work(&run->receivers);
		n = rte_ring_sc_dequeue_burst(in, (void **)frames,
			RTE_MIN(gw_lane_room(lane), (uint32_t)GW_BURST), NULL);
		more |= n != 0 || gw_lane_room(lane) == 0;
		for (i = 0; i < n; i++)
			gw_lane_take(lane, frames[i]);
		n = gw_lane_give(lane, frames, GW_BURST);
		put(run, run->from_lane[part->index], frames, n);
		look_around(lane, &next_tsc);
	}
	gw_reassembly_expire(lane->fragments, true, lane->stats);
	atomic_fetch_sub_explicit(&run->lanes, 1, memory_order_release);
	return 0;
}

int
gw_send(void *arg)
{
	const struct gw_part *part = arg;
	struct gw_run *run = part->run;
	struct gw_stats *stats = &run->stats[part->index];
	struct rte_mbuf *frames[GW_BURST];
	bool more = true;
	unsigned int i, n;

	while (!flag(&run->abandon) && more) {
		more = others_work(&run->lanes);
		for (i = 0; i < run->nb_lanes; i++) {
			n = rte_ring_sc_dequeue_burst(run->from_lane[i], (void **)frames,
				GW_BURST, NULL);
			more |= n != 0;
			send_all(stats, 0, frames, n);
		}
	}
	return 0;
}
