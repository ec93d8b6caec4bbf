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
#define PROCESS_TIMEOUT_S 20

struct process {
	struct probe *probe;
	uint16_t queue_pair;
	uint64_t good, failed, wrong, missing;
};

static volatile sig_atomic_t asked_to_end;

static void
ask_to_end(int number)
{
	(void)number;
	asked_to_end = 1;
}

static void
judge(struct process *process, void **ops, uint16_t count)
{
	uint16_t i;

	for (i = 0; i < count; i++) {
		if (!probe_class_op_succeeded(ops[i]))
			process->failed++;
		else if (!probe_class_op_is_right(ops[i]))
			process->wrong++;
		else
			process->good++;
		probe_class_op_free(ops[i]);
	}
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
	while (done < taken && rte_rdtsc() < late) {
		n = probe_dequeue(dev_id, process->queue_pair, back, PROCESS_BURST);
		judge(process, back, n);
		done += n;
	}
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
		", \"wrong\": %" PRIu64 ", \"missing\": %" PRIu64 "}\n", what,
		process->queue_pair, process->good, process->failed, process->wrong,
		process->missing);
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
