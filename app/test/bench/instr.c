/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * How many instructions a burst function spends per op: run by devtools/bench.sh under callgrind,
 * which counts only between the two toggles, that is from the call of one of the two burst
 * functions to its return. Which one, is chosen on the command line, so that two runs tell them
 * apart.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <valgrind/callgrind.h>

#include <rte_compressdev.h>
#include <rte_debug.h>
#include <rte_eal.h>

#include "bench_data.h"

#define MAX_BURST 64
/* The first bursts meet cold paths (relocations, first touch) that a running program does not. */
#define WARM_UP_BURSTS 8

struct bench {
	struct bench_device device;
	bool count_enqueue;
	unsigned int burst, iterations, wait_us;
	struct rte_comp_op *ops[MAX_BURST];
	unsigned long nb_counted;	/* ops in counted calls */
	unsigned long nb_short;		/* dequeues that came before the device was done */
};

static void
enqueue(struct bench *bench, bool count)
{
	uint16_t n;

	if (count)
		CALLGRIND_TOGGLE_COLLECT;
	n = rte_compressdev_enqueue_burst(bench->device.dev_id, 0, bench->ops, bench->burst);
	if (count)
		CALLGRIND_TOGGLE_COLLECT;
	if (n != bench->burst)
		rte_exit(EXIT_FAILURE, "only %u of %u ops were taken\n", n, bench->burst);
	if (count)
		bench->nb_counted += n;
}

/* The device is given time to finish, so that the counted call finds the whole burst ready. */
static void
dequeue(struct bench *bench, bool count)
{
	uint16_t n, i, done = 0;

	usleep(bench->wait_us);
	while (done < bench->burst) {
		if (count)
			CALLGRIND_TOGGLE_COLLECT;
		n = rte_compressdev_dequeue_burst(bench->device.dev_id, 0, bench->ops + done,
			bench->burst - done);
		if (count)
			CALLGRIND_TOGGLE_COLLECT;
		if (count)
			bench->nb_counted += n;
		done += n;
		if (done < bench->burst) {
			bench->nb_short++;
			usleep(bench->wait_us);
		}
	}
	for (i = 0; i < done; i++)
		if (bench->ops[i]->status != RTE_COMP_OP_STATUS_SUCCESS)
			rte_exit(EXIT_FAILURE, "op failed: status %u\n", bench->ops[i]->status);
}

int
main(int argc, char **argv)
{
	struct bench bench = { 0 };
	struct bench_shape shape = { 0 };
	int args = rte_eal_init(argc, argv);
	unsigned int i;

	argc -= args;
	argv += args;
	if (args < 0 || argc != 9 || atoi(argv[4]) < 1 || atoi(argv[5]) > MAX_BURST)
		rte_exit(EXIT_FAILURE, "usage: instr [EAL arguments] -- DRIVER compress|decompress"
			" SIZE SEGMENTS BURST ITERATIONS enqueue|dequeue WAIT_US\n");
	shape.driver = argv[1];
	shape.decompress = strcmp(argv[2], "decompress") == 0;
	shape.len = atoi(argv[3]);
	shape.nb_segments = atoi(argv[4]);
	bench.burst = atoi(argv[5]);
	bench.iterations = atoi(argv[6]);
	bench.count_enqueue = strcmp(argv[7], "enqueue") == 0;
	bench.wait_us = atoi(argv[8]);

	bench_device_open(&bench.device, &shape, 1, 1024);
	bench_ops_make(&bench.device, &shape, bench.ops, bench.burst);
	for (i = 0; i < WARM_UP_BURSTS + bench.iterations; i++) {
		bool count = i >= WARM_UP_BURSTS;

		enqueue(&bench, count && bench.count_enqueue);
		dequeue(&bench, count && !bench.count_enqueue);
	}
	printf("ops=%lu short=%lu\n", bench.nb_counted, bench.nb_short);
	bench_device_close(&bench.device);
	return rte_eal_cleanup() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
