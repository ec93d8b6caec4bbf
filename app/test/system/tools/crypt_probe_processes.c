/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A primary and its secondaries, each on a queue pair of its own, until their time is over.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include <rte_cryptodev.h>
#include <rte_cycles.h>
#include <rte_mempool.h>

#include "probe_class.h"

#define PROCESS_BURST 16
#define PROCESS_TIMEOUT_S 60

struct process {
	struct probe *probe;
	uint16_t queue_pair;
	uint64_t good, failed, wrong, missing, stale;
};

static volatile sig_atomic_t asked_to_end;

static void
ask_to_end(int number)
{
	(void)number;
	asked_to_end = 1;
}

/* @return whether it is one of ours; a process that was killed left others, which are nobody's */
static bool
judge(struct process *process, void *op)
{
	if (rte_mempool_from_obj(op) != process->probe->op_pool) {
		process->stale++;
		return false;
	}
	if (!probe_class_op_succeeded(op))
		process->failed++;
	else if (!probe_class_op_is_right(op))
		process->wrong++;
	else
		process->good++;
	probe_class_op_free(op);
	return true;
}

/* @return false: not all came back */
static bool
round_trip(struct process *process)
{
	uint64_t late = rte_rdtsc() + PROCESS_TIMEOUT_S * rte_get_tsc_hz();
	uint8_t dev_id = process->probe->dev_id;
	void *ops[PROCESS_BURST], *back[PROCESS_BURST];
	uint16_t i, n, taken, done = 0;

	for (i = 0; i < PROCESS_BURST; i++)
		ops[i] = probe_class_op(process->probe, i);
	taken = probe_enqueue(dev_id, process->queue_pair, ops, PROCESS_BURST);
	for (i = taken; i < PROCESS_BURST; i++)
		probe_class_op_free(ops[i]);
	do {
		n = probe_dequeue(dev_id, process->queue_pair, back, PROCESS_BURST);
		for (i = 0; i < n; i++)
			done += judge(process, back[i]);
	} while (done < taken && rte_rdtsc() < late);
	process->missing += taken - done;
	return done == taken;
}

static void
work(struct process *process, const char *what, unsigned int ms)
{
	uint64_t end = rte_rdtsc() + ms * rte_get_tsc_hz() / 1000;

	printf("{\"running\": true}\n");
	fflush(stdout);
	/* Once at least, however late it is. */
	while (round_trip(process) && !asked_to_end && rte_rdtsc() < end)
		;
	printf("{\"what\": \"%s\", \"queue_pair\": %u, \"good\": %" PRIu64 ", \"failed\": %" PRIu64
		", \"wrong\": %" PRIu64 ", \"missing\": %" PRIu64 ", \"stale\": %" PRIu64 "}\n",
		what, process->queue_pair, process->good, process->failed, process->wrong,
		process->missing, process->stale);
	fflush(stdout);
}

int
probe_primary(struct probe *probe, const char *driver, unsigned int nb_pairs, unsigned int ms)
{
	struct process process = { .probe = probe };

	probe_open(probe, driver, 256);
	if (probe_start(probe, nb_pairs, 64) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	signal(SIGTERM, ask_to_end);
	work(&process, "primary", ms);
	probe_close(probe);
	return 0;
}

int
probe_secondary(struct probe *probe, const char *driver, unsigned int queue_pair,
	unsigned int ms)
{
	struct process process = { .probe = probe, .queue_pair = (uint16_t)queue_pair };

	probe_open(probe, driver, 256);
	if (probe_make_xforms(probe) != 0)
		return 3;
	work(&process, "secondary", ms);
	rte_cryptodev_sym_session_free(probe->dev_id, probe->compress_xform);
	rte_cryptodev_sym_session_free(probe->dev_id, probe->decompress_xform);
	rte_mempool_free(probe->op_pool);
	rte_mempool_free(probe->mbuf_pool);
	return 0;
}
