/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Load as data-plane applications bring it: many queue pairs, several lcores, several devices,
 * several processes. Every op is compressed and inflated again, and both results are checked.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_compressdev.h>
#include <rte_cycles.h>
#include <rte_debug.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "probe.h"

#define LOAD_BURST 16
#define LOAD_MAX_DEVICES 8
#define LOAD_TIMEOUT_S 20

/* What a lcore does to a queue pair. */
struct load {
	struct probe *probe;
	uint8_t dev_id;
	uint16_t queue_pair;
	uint64_t end;		/* TSC */
	uint64_t good, failed, wrong, missing, stale;
};

static void
report(const char *what, const struct load *load)
{
	printf("{\"what\": \"%s\", \"device\": %u, \"queue_pair\": %u, \"good\": %" PRIu64
		", \"failed\": %" PRIu64 ", \"wrong\": %" PRIu64 ", \"missing\": %" PRIu64
		", \"stale\": %" PRIu64 "}\n", what, load->dev_id, load->queue_pair, load->good,
		load->failed, load->wrong, load->missing, load->stale);
	fflush(stdout);
}

/* Hands over all ops, taking results meanwhile where the queue is full; false: no progress. */
static bool
enqueue_all(struct load *load, struct rte_comp_op **ops, uint16_t count)
{
	uint64_t end = rte_rdtsc() + LOAD_TIMEOUT_S * rte_get_tsc_hz();
	uint16_t done = 0;

	while (done < count && rte_rdtsc() < end)
		done += rte_compressdev_enqueue_burst(load->dev_id, load->queue_pair, ops + done,
			count - done);
	return done == count;
}

/* Takes count results, in any order. */
static bool
dequeue_all(struct load *load, struct rte_comp_op **ops, uint16_t count)
{
	uint64_t end = rte_rdtsc() + LOAD_TIMEOUT_S * rte_get_tsc_hz();
	uint16_t done = 0;

	while (done < count && rte_rdtsc() < end)
		done += rte_compressdev_dequeue_burst(load->dev_id, load->queue_pair, ops + done,
			count - done);
	return done == count;
}

/* Turns a compressed op into one that inflates it; the plain data goes along in its user area. */
static struct rte_comp_op *
inflating(struct probe *probe, struct rte_comp_op *op)
{
	struct rte_comp_op *back = rte_comp_op_alloc(probe->op_pool);

	if (back == NULL || (back->m_dst = rte_pktmbuf_alloc(probe->mbuf_pool)) == NULL)
		rte_exit(3, "no op or buffer left\n");
	rte_pktmbuf_append(back->m_dst, PROBE_CAPACITY);
	back->m_src = op->m_dst;
	back->src.length = op->produced;
	back->private_xform = probe->decompress_xform;
	back->op_type = RTE_COMP_OP_STATELESS;
	back->flush_flag = RTE_COMP_FLUSH_FINAL;
	/* Where a driver has no business. */
	back->input_chksum = (uintptr_t)op;
	return back;
}

static void
judge(struct load *load, struct rte_comp_op *back)
{
	struct rte_comp_op *op = (struct rte_comp_op *)(uintptr_t)back->input_chksum;

	if (back->status != RTE_COMP_OP_STATUS_SUCCESS)
		load->failed++;
	else if (back->produced != op->src.length || memcmp(rte_pktmbuf_mtod(back->m_dst, char *),
			rte_pktmbuf_mtod(op->m_src, char *), op->src.length) != 0)
		load->wrong++;
	else
		load->good++;
	back->m_src = NULL;
	rte_pktmbuf_free(back->m_dst);
	rte_comp_op_free(back);
	probe_op_free(op);
}

static void
make_burst(struct load *load, struct rte_comp_op **ops, uint16_t count)
{
	uint16_t i;

	for (i = 0; i < count; i++)
		ops[i] = probe_op(load->probe, load->probe->compress_xform,
			PROBE_DATA_LEN - 97 * (i + load->queue_pair) % 4000);
}

/* The second half of a round: what came back compressed is inflated. */
static bool
inflate_burst(struct load *load, struct rte_comp_op **ops, uint16_t count)
{
	uint16_t i, n = 0;

	for (i = 0; i < count; i++) {
		if (ops[i]->status == RTE_COMP_OP_STATUS_SUCCESS) {
			ops[n++] = inflating(load->probe, ops[i]);
			continue;
		}
		load->failed++;
		probe_op_free(ops[i]);
	}
	if (!enqueue_all(load, ops, n) || !dequeue_all(load, ops, n)) {
		load->missing += n;
		return false;
	}
	for (i = 0; i < n; i++)
		judge(load, ops[i]);
	return true;
}

static bool
round_trip(struct load *load)
{
	struct rte_comp_op *ops[LOAD_BURST];

	make_burst(load, ops, LOAD_BURST);
	if (!enqueue_all(load, ops, LOAD_BURST) || !dequeue_all(load, ops, LOAD_BURST)) {
		load->missing += LOAD_BURST;
		return false;
	}
	return inflate_burst(load, ops, LOAD_BURST);
}

/* All queue pairs there are, each with a burst in flight before the first result is taken. */
int
probe_pairs(struct probe *probe, const char *driver, unsigned int nb_pairs, unsigned int depth,
	unsigned int rounds)
{
	struct rte_compressdev_info info;
	struct load total = { .probe = probe };
	struct rte_comp_op *ops[LOAD_BURST];
	struct rte_malloc_socket_stats heap;
	unsigned int round, i;

	/* Ops of a few, because a burst waits in each queue pair. */
	const uint16_t burst = 2;

	probe_open(probe, driver, 4096);
	rte_compressdev_info_get(probe->dev_id, &info);
	if (nb_pairs == 0)
		nb_pairs = info.max_nb_queue_pairs;
	i = probe_start(probe, nb_pairs, depth);
	printf("{\"what\": \"start\", \"ret\": %d, \"queue_pairs\": %u, \"max\": %u}\n", (int)i,
		nb_pairs, info.max_nb_queue_pairs);
	if (i != 0 || probe_make_xforms(probe) != 0)
		return 3;
	total.dev_id = probe->dev_id;
	rte_malloc_get_socket_stats(0, &heap);
	printf("{\"what\": \"heap\", \"used\": %zu, \"total\": %zu}\n", heap.heap_allocsz_bytes,
		heap.heap_totalsz_bytes);
	for (round = 0; round < rounds; round++) {
		for (i = 0; i < nb_pairs; i++) {
			total.queue_pair = i;
			make_burst(&total, ops, burst);
			if (!enqueue_all(&total, ops, burst))
				return 4;
		}
		for (i = 0; i < nb_pairs; i++) {
			total.queue_pair = i;
			if (!dequeue_all(&total, ops, burst)) {
				total.missing += burst;
				continue;
			}
			inflate_burst(&total, ops, burst);
		}
	}
	report("pairs", &total);
	probe_close(probe);
	return 0;
}

static volatile sig_atomic_t asked_to_end;

static void
ask_to_end(int number)
{
	(void)number;
	asked_to_end = 1;
}

static int
own_pair(void *arg)
{
	struct load *load = arg;

	/* Once at least, however late it is. */
	while (round_trip(load) && !asked_to_end && rte_rdtsc() < load->end)
		;
	return 0;
}

/* Each lcore a queue pair of its own. */
int
probe_lcores(struct probe *probe, const char *driver, unsigned int ms)
{
	struct load loads[RTE_MAX_LCORE] = { { 0 } };
	unsigned int lcore, n = 0;

	probe_open(probe, driver, 1024);
	if (probe_start(probe, rte_lcore_count(), 64) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	RTE_LCORE_FOREACH(lcore) {
		loads[lcore] = (struct load){ .probe = probe, .dev_id = probe->dev_id,
			.queue_pair = n++, .end = rte_rdtsc() + ms * rte_get_tsc_hz() / 1000 };
		if (lcore != rte_get_main_lcore())
			rte_eal_remote_launch(own_pair, &loads[lcore], lcore);
	}
	own_pair(&loads[rte_get_main_lcore()]);
	rte_eal_mp_wait_lcore();
	RTE_LCORE_FOREACH(lcore)
		report("lcore", &loads[lcore]);
	probe_close(probe);
	return 0;
}

/* One lcore enqueues, another one dequeues, of one queue pair. */
struct split {
	struct load load;
	uint64_t enqueued;	/* written by the enqueuing lcore, valid once it has ended */
	atomic_bool ended;
	_Atomic uint64_t taken;	/* back by dequeue, of whatever status */
};

static int
split_enqueue(void *arg)
{
	struct split *split = arg;
	struct load *load = &split->load;
	struct rte_comp_op *ops[LOAD_BURST];
	uint64_t count = 0;

	while (rte_rdtsc() < load->end) {
		/* No more in flight than there are ops. */
		if (count - atomic_load(&split->taken) > 400) {
			rte_pause();
			continue;
		}
		make_burst(load, ops, LOAD_BURST);
		if (!enqueue_all(load, ops, LOAD_BURST))
			break;
		count += LOAD_BURST;
	}
	split->enqueued = count;
	atomic_store(&split->ended, true);
	return 0;
}

int
probe_split(struct probe *probe, const char *driver, unsigned int ms)
{
	unsigned int i, n, worker = rte_get_next_lcore(-1, 1, 0);
	struct split split = { .load = { .probe = probe } };
	struct rte_comp_op *ops[LOAD_BURST];
	uint64_t count = 0, late;

	if (worker == RTE_MAX_LCORE)
		return 2;
	probe_open(probe, driver, 1024);
	if (probe_start(probe, 1, 64) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	split.load.dev_id = probe->dev_id;
	split.load.end = rte_rdtsc() + ms * rte_get_tsc_hz() / 1000;
	late = split.load.end + LOAD_TIMEOUT_S * rte_get_tsc_hz();
	rte_eal_remote_launch(split_enqueue, &split, worker);
	while (rte_rdtsc() < late && (!atomic_load(&split.ended) || count < split.enqueued)) {
		n = rte_compressdev_dequeue_burst(probe->dev_id, 0, ops, LOAD_BURST);
		for (i = 0; i < n; i++) {
			if (ops[i]->status != RTE_COMP_OP_STATUS_SUCCESS)
				split.load.failed++;
			else if ((count + i) % 8 == 0 && !probe_check_deflate(ops[i]))
				split.load.wrong++;
			probe_op_free(ops[i]);
		}
		count += n;
		atomic_store(&split.taken, count);
	}
	rte_eal_mp_wait_lcore();
	split.load.good = count - split.load.failed;
	split.load.missing = split.enqueued - count;
	report("split", &split.load);
	probe_close(probe);
	return 0;
}

static int
start_device(struct probe *probe, struct probe *common, uint8_t dev_id)
{
	*probe = *common;
	probe->dev_id = dev_id;
	probe->compress_xform = NULL;
	probe->decompress_xform = NULL;
	return probe_start(probe, 1, 64) != 0 || probe_make_xforms(probe) != 0 ? -1 : 0;
}

/* All devices in turn, several times: whatever their generation. */
int
probe_devices(struct probe *probe, const char *driver, unsigned int rounds)
{
	struct probe probes[LOAD_MAX_DEVICES];
	struct load loads[LOAD_MAX_DEVICES];
	uint8_t ids[LOAD_MAX_DEVICES], count, i;
	unsigned int round;

	probe_open(probe, driver, 1024);
	count = rte_compressdev_devices_get(driver, ids, LOAD_MAX_DEVICES);
	for (i = 0; i < count; i++) {
		if (start_device(&probes[i], probe, ids[i]) != 0)
			return 3;
		loads[i] = (struct load){ .probe = &probes[i], .dev_id = ids[i] };
	}
	for (round = 0; round < rounds; round++)
		for (i = 0; i < count; i++)
			round_trip(&loads[i]);
	for (i = 0; i < count; i++)
		report("device", &loads[i]);
	return 0;
}

/*
 * The primary of several processes: works on queue pair 0, the others are the secondaries'. It ends
 * on SIGTERM too.
 */
int
probe_primary(struct probe *probe, const char *driver, unsigned int nb_pairs, unsigned int ms)
{
	struct load load = { .probe = probe, .end = 0 };

	probe_open(probe, driver, 1024);
	if (probe_start(probe, nb_pairs, 64) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	load.dev_id = probe->dev_id;
	load.end = rte_rdtsc() + ms * rte_get_tsc_hz() / 1000;
	signal(SIGTERM, ask_to_end);
	printf("{\"running\": true}\n");
	fflush(stdout);
	own_pair(&load);
	report("primary", &load);
	/* Its queue pairs may hold what killed processes left; no close then. */
	rte_compressdev_stop(load.dev_id);
	return 0;
}

/* Ops that a process left here that was killed: they are nobody's. */
static void
take_stale(struct load *load)
{
	uint64_t end = rte_rdtsc() + rte_get_tsc_hz() / 5;
	struct rte_comp_op *ops[LOAD_BURST];

	while (rte_rdtsc() < end)
		load->stale += rte_compressdev_dequeue_burst(load->dev_id, load->queue_pair, ops,
			LOAD_BURST);
}

int
probe_secondary(struct probe *probe, const char *driver, unsigned int queue_pair,
	unsigned int ms)
{
	struct load load = { .probe = probe, .queue_pair = queue_pair };

	probe_open(probe, driver, 256);
	if (probe_make_xforms(probe) != 0)
		return 3;
	load.dev_id = probe->dev_id;
	take_stale(&load);
	printf("{\"running\": true}\n");
	fflush(stdout);
	load.end = rte_rdtsc() + ms * rte_get_tsc_hz() / 1000;
	own_pair(&load);
	report("secondary", &load);
	rte_compressdev_private_xform_free(probe->dev_id, probe->compress_xform);
	rte_compressdev_private_xform_free(probe->dev_id, probe->decompress_xform);
	rte_mempool_free(probe->op_pool);
	rte_mempool_free(probe->mbuf_pool);
	return 0;
}

/* Makes op of a kind that no ring takes as it stands. */
static void
spoil(struct rte_comp_op *op, unsigned int kind)
{
	struct rte_mbuf *more;

	if (kind == 0) {
		op->src.length = 0;
	} else if (kind == 1) {
		op->dst.offset = PROBE_CAPACITY - 100;
		op->src.length = 20;
	} else if (kind == 2) {
		op->src.length = PROBE_CAPACITY * 2;
	} else {
		/* Half of the destination twice. */
		more = rte_pktmbuf_clone(op->m_dst, op->m_dst->pool);
		if (more == NULL)
			rte_exit(3, "no buffer left\n");
		rte_pktmbuf_trim(op->m_dst, PROBE_CAPACITY / 2);
		rte_pktmbuf_adj(more, PROBE_CAPACITY / 2);
		rte_pktmbuf_chain(op->m_dst, more);
	}
}

/*
 * So many bursts, told exactly, for whoever compares the counters: half of each compresses, half
 * inflates, and one op of each odd kind is in it. Then it stays until it is ended.
 */
int
probe_count(struct probe *probe, const char *driver, unsigned int bursts)
{
	struct rte_comp_op *ops[2 * LOAD_BURST], *packed;
	struct load load = { .probe = probe };
	uint64_t calls = 0, in = 0, out = 0;
	unsigned int n, i, taken;

	probe_open(probe, driver, 512);
	if (probe_start(probe, 1, 256) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	load.dev_id = probe->dev_id;
	packed = probe_op(probe, probe->compress_xform, 2000);
	if (!enqueue_all(&load, &packed, 1) || !dequeue_all(&load, &packed, 1))
		return 4;
	calls++;
	in += packed->consumed;
	out += packed->produced;
	printf("{\"running\": true}\n");
	fflush(stdout);
	for (n = 0; n < bursts; n++) {
		make_burst(&load, ops, LOAD_BURST);
		for (i = 0; i < 4; i++)
			spoil(ops[3 * i + 1], i);
		/* Directions in turn. */
		for (i = LOAD_BURST; i-- > 0; ) {
			ops[2 * i + 1] = inflating(probe, packed);
			ops[2 * i] = ops[i];
		}
		for (taken = 0; taken < 2 * LOAD_BURST; calls++)
			taken += rte_compressdev_enqueue_burst(load.dev_id, 0, ops + taken,
				2 * LOAD_BURST - taken);
		if (!dequeue_all(&load, ops, 2 * LOAD_BURST))
			return 4;
		for (i = 0; i < 2 * LOAD_BURST; i++) {
			load.good += ops[i]->status == RTE_COMP_OP_STATUS_SUCCESS;
			load.failed += ops[i]->status != RTE_COMP_OP_STATUS_SUCCESS;
			in += ops[i]->consumed;
			out += ops[i]->produced;
			if (ops[i]->private_xform == probe->decompress_xform)
				ops[i]->m_src = NULL;
			probe_op_free(ops[i]);
		}
	}
	printf("{\"what\": \"counted\", \"calls\": %" PRIu64 ", \"bytes_in\": %" PRIu64
		", \"bytes_out\": %" PRIu64 "}\n", calls, in, out);
	report("count", &load);
	for (;;)
		pause();
}

/* Bursts of one kind, each handed over by one call and taken whole: what do doorbells cost? */
int
probe_bursts(struct probe *probe, const char *driver, unsigned int bursts)
{
	struct rte_comp_op *ops[2 * LOAD_BURST];
	struct load load = { .probe = probe };
	unsigned int n, i;

	probe_open(probe, driver, 256);
	if (probe_start(probe, 1, 256) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	load.dev_id = probe->dev_id;
	for (n = 0; n < bursts; n++) {
		for (i = 0; i < 2 * LOAD_BURST; i++)
			ops[i] = probe_op(probe, probe->compress_xform, 1000 + i);
		if (rte_compressdev_enqueue_burst(load.dev_id, 0, ops, 2 * LOAD_BURST) !=
				2 * LOAD_BURST || !dequeue_all(&load, ops, 2 * LOAD_BURST))
			return 4;
		for (i = 0; i < 2 * LOAD_BURST; i++) {
			load.good += probe_check_deflate(ops[i]);
			probe_op_free(ops[i]);
		}
	}
	report("bursts", &load);
	probe_close(probe);
	return 0;
}
