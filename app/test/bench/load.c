/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * One lcore keeps so many ops in flight on each of so many queue pairs, and measures how long each
 * op is under way and how many bytes pass (devtools/bench.sh). One op on one queue pair is the
 * latency of the way through driver and device.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_compressdev.h>
#include <rte_cycles.h>
#include <rte_debug.h>
#include <rte_eal.h>

#include "bench_data.h"

#define MAX_BURST 32
#define MAX_QUEUE_PAIRS 64
#define WARM_UP_PERCENT 20

struct load {
	struct bench_device device;
	struct bench_shape shape;
	unsigned int nb_queue_pairs, depth;
	struct rte_comp_op **ops;   /* waiting, depth for each queue pair */
	unsigned int nb_waiting[MAX_QUEUE_PAIRS];
	unsigned long nb_ops;       /* to be done */
	unsigned long nb_sent;
	unsigned long nb_done;
	unsigned long nb_warm_up;
	uint64_t start_tsc;
	uint32_t *cycles;           /* of each op after the warm-up */
};

/* Behind the op. */
static uint64_t *
op_tsc(struct rte_comp_op *op)
{
	return (uint64_t *)(op + 1);
}

static void
send(struct load *load, uint16_t qp)
{
	struct rte_comp_op **ops = load->ops + qp * load->depth;
	unsigned int i, n = RTE_MIN(load->nb_waiting[qp], (unsigned int)MAX_BURST);
	uint64_t now = rte_rdtsc();

	if (n > load->nb_ops - load->nb_sent)
		n = load->nb_ops - load->nb_sent;
	if (n == 0)
		return;
	ops += load->nb_waiting[qp] - n;
	for (i = 0; i < n; i++)
		*op_tsc(ops[i]) = now;
	i = rte_compressdev_enqueue_burst(load->device.dev_id, qp, ops, n);
	/* What was not taken moves to where the next call begins. */
	memmove(ops, ops + i, (n - i) * sizeof(ops[0]));
	load->nb_waiting[qp] -= i;
	load->nb_sent += i;
}

static void
account(struct load *load, struct rte_comp_op *op, uint64_t now)
{
	if (op->status != RTE_COMP_OP_STATUS_SUCCESS)
		rte_exit(EXIT_FAILURE, "op failed: status %u\n", op->status);
	if (load->nb_done >= load->nb_warm_up)
		load->cycles[load->nb_done - load->nb_warm_up] = now - *op_tsc(op);
	if (++load->nb_done == load->nb_warm_up)
		load->start_tsc = now;
}

static void
receive(struct load *load, uint16_t qp)
{
	struct rte_comp_op **ops = load->ops + qp * load->depth + load->nb_waiting[qp];
	unsigned int i, n = RTE_MIN(load->depth - load->nb_waiting[qp], (unsigned int)MAX_BURST);
	uint64_t now;

	n = rte_compressdev_dequeue_burst(load->device.dev_id, qp, ops, n);
	now = rte_rdtsc();
	for (i = 0; i < n; i++)
		account(load, ops[i], now);
	load->nb_waiting[qp] += n;
}

/* @return seconds after the warm-up */
static double
run(struct load *load)
{
	uint16_t qp;

	while (load->nb_done < load->nb_ops)
		for (qp = 0; qp < load->nb_queue_pairs; qp++) {
			send(load, qp);
			receive(load, qp);
		}
	return (double)(rte_rdtsc() - load->start_tsc) / rte_get_tsc_hz();
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
report(struct load *load, double seconds)
{
	unsigned long count = load->nb_ops - load->nb_warm_up;
	double us = 1e6 / rte_get_tsc_hz();

	qsort(load->cycles, count, sizeof(load->cycles[0]), compare);
	printf("{\"ops\": %lu, \"seconds\": %.6f, \"gbps\": %.3f, \"min_us\": %.2f, "
		"\"median_us\": %.2f, \"p99_us\": %.2f}\n", count, seconds,
		count * load->shape.len * 8 / seconds / 1e9, load->cycles[0] * us,
		load->cycles[count / 2] * us, load->cycles[count * 99 / 100] * us);
}

static void
prepare(struct load *load)
{
	unsigned int qp, count = load->nb_queue_pairs * load->depth;

	load->nb_warm_up = load->nb_ops * WARM_UP_PERCENT / 100;
	load->ops = calloc(count, sizeof(load->ops[0]));
	load->cycles = calloc(load->nb_ops, sizeof(load->cycles[0]));
	if (load->ops == NULL || load->cycles == NULL || load->nb_warm_up == 0)
		rte_exit(EXIT_FAILURE, "cannot measure %lu ops\n", load->nb_ops);
	/* Some drivers take fewer ops than the depth they were asked for. */
	bench_device_open(&load->device, &load->shape, load->nb_queue_pairs,
		RTE_MAX(2 * load->depth, 64U));
	bench_ops_make(&load->device, &load->shape, load->ops, count);
	for (qp = 0; qp < load->nb_queue_pairs; qp++)
		load->nb_waiting[qp] = load->depth;
}

int
main(int argc, char **argv)
{
	struct load load = { 0 };
	int args = rte_eal_init(argc, argv);

	argc -= args;
	argv += args;
	if (args < 0 || argc < 8 || argc > 9 || atoi(argv[4]) < 1 || atoi(argv[5]) < 1 ||
			atoi(argv[5]) > MAX_QUEUE_PAIRS || atoi(argv[6]) < 1)
		rte_exit(EXIT_FAILURE, "usage: load [EAL arguments] -- DRIVER compress|decompress"
			" SIZE SEGMENTS QUEUE_PAIRS DEPTH OPS [INPUT]\n");
	load.shape.driver = argv[1];
	load.shape.decompress = strcmp(argv[2], "decompress") == 0;
	load.shape.len = atoi(argv[3]);
	load.shape.nb_segments = atoi(argv[4]);
	load.nb_queue_pairs = atoi(argv[5]);
	load.depth = atoi(argv[6]);
	load.nb_ops = strtoul(argv[7], NULL, 10);
	load.shape.input = argc == 9 ? argv[8] : NULL;

	prepare(&load);
	report(&load, run(&load));
	bench_device_close(&load.device);
	return rte_eal_cleanup() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
