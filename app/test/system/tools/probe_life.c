/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A device's life: set up, started, stopped, set up differently, closed; added and removed while
 * the program runs; given memory that was not there when it was probed.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_compressdev.h>
#include <rte_cycles.h>
#include <rte_dev.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>

#include "probe.h"

#define LIFE_BURST 16
#define LIFE_TIMEOUT_S 60

/* Compresses a burst on a queue pair; how many ops came back right. */
static unsigned int
run_burst(struct probe *probe, uint16_t queue_pair)
{
	struct rte_comp_op *ops[LIFE_BURST];
	uint64_t end = rte_rdtsc() + LIFE_TIMEOUT_S * rte_get_tsc_hz();
	unsigned int i, n, good = 0;

	for (i = 0; i < LIFE_BURST; i++)
		ops[i] = probe_op(probe, probe->compress_xform, PROBE_DATA_LEN - i);
	n = rte_compressdev_enqueue_burst(probe->dev_id, queue_pair, ops, LIFE_BURST);
	for (i = n; i < LIFE_BURST; i++)
		probe_op_free(ops[i]);
	while (n > 0 && rte_rdtsc() < end) {
		uint16_t done = rte_compressdev_dequeue_burst(probe->dev_id, queue_pair, ops, n);

		for (i = 0; i < done; i++) {
			good += ops[i]->status == RTE_COMP_OP_STATUS_SUCCESS &&
				probe_check_deflate(ops[i]);
			probe_op_free(ops[i]);
		}
		n -= done;
	}
	return good;
}

static unsigned int
run_all(struct probe *probe, uint16_t nb_queue_pairs)
{
	unsigned int good = 0;
	uint16_t i;

	for (i = 0; i < nb_queue_pairs; i++)
		good += run_burst(probe, i);
	return good;
}

static void
tell(const char *step, unsigned int good, unsigned int wanted)
{
	printf("{\"step\": \"%s\", \"good\": %u, \"wanted\": %u}\n", step, good, wanted);
}

static void
tell_stats(const struct probe *probe, const char *step)
{
	struct rte_compressdev_stats stats = { 0 };
	int ret = rte_compressdev_stats_get(probe->dev_id, &stats);

	printf("{\"step\": \"%s\", \"ret\": %d, \"enqueued\": %" PRIu64 ", \"dequeued\": %" PRIu64
		", \"enqueue_errors\": %" PRIu64 ", \"dequeue_errors\": %" PRIu64 "}\n", step, ret,
		stats.enqueued_count, stats.dequeued_count, stats.enqueue_err_count,
		stats.dequeue_err_count);
}

int
probe_life(struct probe *probe, const char *driver)
{
	probe_open(probe, driver, 256);
	if (probe_start(probe, 2, 64) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	tell("two queue pairs", run_all(probe, 2), 2 * LIFE_BURST);
	tell_stats(probe, "statistics");
	rte_compressdev_stats_reset(probe->dev_id);
	tell_stats(probe, "statistics after a reset");

	rte_compressdev_stop(probe->dev_id);
	rte_compressdev_start(probe->dev_id);
	tell("stopped and started", run_all(probe, 2), 2 * LIFE_BURST);

	rte_compressdev_stop(probe->dev_id);
	rte_compressdev_stop(probe->dev_id);
	if (probe_start(probe, 4, 128) != 0)
		return 4;
	tell("more queue pairs", run_all(probe, 4), 4 * LIFE_BURST);

	rte_compressdev_stop(probe->dev_id);
	if (probe_start(probe, 1, 32) != 0)
		return 5;
	tell("fewer queue pairs", run_all(probe, 1), LIFE_BURST);
	probe_close(probe);
	return 0;
}

static unsigned int
open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned int count = 0;

	if (folder == NULL)
		return 0;
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	/* ".", ".." and the folder itself. */
	return count - 3;
}

int
probe_hotplug(struct probe *probe, const char *driver, const char *bus, const char *name,
	const char *devargs, unsigned int rounds)
{
	struct rte_malloc_socket_stats heap;
	unsigned int i;
	int ret;

	for (i = 0; i < rounds; i++) {
		ret = rte_eal_hotplug_add(bus, name, devargs);
		if (ret != 0) {
			printf("{\"step\": \"add\", \"round\": %u, \"ret\": %d}\n", i, ret);
			return 1;
		}
		probe_open(probe, driver, 64);
		if (probe_start(probe, 1, 64) != 0 || probe_make_xforms(probe) != 0)
			return 3;
		tell("added", run_all(probe, 1), LIFE_BURST);
		probe_close(probe);
		ret = rte_eal_hotplug_remove(bus, name);
		rte_malloc_get_socket_stats(0, &heap);
		printf("{\"step\": \"remove\", \"ret\": %d, \"devices\": %u"
			", \"descriptors\": %u, \"heap\": %zu}\n", ret,
			rte_compressdev_count(), open_descriptors(),
			heap.heap_allocsz_bytes);
		fflush(stdout);
	}
	return 0;
}

/*
 * Two devices; the first one goes while the second works on. The library then refuses all but
 * bursts of the second, whose id is not below the number of devices any more.
 */
int
probe_gaps(struct probe *probe, const char *driver, char **devargs, unsigned int rounds)
{
	char names[2][64];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < 2; i++)
		snprintf(names[i], sizeof(names[i]), "%s%u", driver, 7 + i);
	for (; rounds > 0; rounds--) {
		for (i = 0; ret == 0 && i < 2; i++)
			ret = rte_eal_hotplug_add("vdev", names[i], devargs[i]);
		if (ret != 0)
			return 4;
		probe_open(probe, driver, 64);
		probe->dev_id = rte_compressdev_get_dev_id(names[1]);
		if (probe_start(probe, 1, 64) != 0 || probe_make_xforms(probe) != 0)
			return 3;
		tell("both", run_all(probe, 1), LIFE_BURST);
		ret = rte_eal_hotplug_remove("vdev", names[0]);
		tell("second", run_all(probe, 1), LIFE_BURST);
		ret |= rte_eal_hotplug_remove("vdev", names[1]);
		rte_mempool_free(probe->op_pool);
		rte_mempool_free(probe->mbuf_pool);
		printf("{\"step\": \"remove\", \"ret\": %d, \"devices\": %u}\n", ret,
			rte_compressdev_count());
	}
	return 0;
}

/* Buffers from memory that EAL maps and unmaps while the device is at work. */
int
probe_grow(struct probe *probe, const char *driver, unsigned int rounds)
{
	const unsigned int len = 64 << 20;
	unsigned int i;

	probe_open(probe, driver, 64);
	if (probe_start(probe, 1, 64) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	for (i = 0; i < rounds; i++) {
		/* Too large for what is mapped: EAL maps more. The pool made after it comes from
		 * there as well.
		 */
		void *block = rte_malloc(NULL, len, 0);
		struct rte_mempool *old = probe->mbuf_pool;

		if (block == NULL)
			return 4;
		probe->mbuf_pool = rte_pktmbuf_pool_create("probe_grown", 2048, 0, 0,
			RTE_PKTMBUF_HEADROOM + PROBE_CAPACITY, rte_socket_id());
		if (probe->mbuf_pool == NULL)
			return 4;
		tell("grown", run_all(probe, 1), LIFE_BURST);
		rte_mempool_free(probe->mbuf_pool);
		rte_free(block);
		probe->mbuf_pool = old;
		tell("shrunk", run_all(probe, 1), LIFE_BURST);
	}
	probe_close(probe);
	return 0;
}
