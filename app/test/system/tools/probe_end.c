/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Ways for an application to end while its device is at work, tidy and other.
 */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_compressdev.h>
#include <rte_cycles.h>
#include <rte_debug.h>
#include <rte_eal.h>

#include "probe.h"

#define END_OPS 64
#define END_BURST 16
#define END_DRAIN_S 20

struct end {
	struct probe *probe;
	struct rte_comp_op *idle[END_OPS];
	uint16_t nb_idle;
	uint64_t good, failed, wrong;
};

static volatile sig_atomic_t asked;

static void
ask(int number)
{
	asked = number;
}

static void
put_in_flight(struct end *end)
{
	uint16_t n = rte_compressdev_enqueue_burst(end->probe->dev_id, 0, end->idle, end->nb_idle);

	end->nb_idle -= n;
	memmove(end->idle, end->idle + n, end->nb_idle * sizeof(end->idle[0]));
}

static void
take_back(struct end *end)
{
	struct rte_comp_op **ops = &end->idle[end->nb_idle];
	uint16_t i, n = rte_compressdev_dequeue_burst(end->probe->dev_id, 0, ops, END_BURST);

	for (i = 0; i < n; i++) {
		if (ops[i]->status != RTE_COMP_OP_STATUS_SUCCESS)
			end->failed++;
		else if (!probe_check_deflate(ops[i]))
			end->wrong++;
		else
			end->good++;
	}
	end->nb_idle += n;
}

/* Work until a signal asks for the end, or the first ops are through. */
static void
work(struct end *end, bool until_asked)
{
	bool told = false;

	while (until_asked ? asked == 0 : !told) {
		put_in_flight(end);
		take_back(end);
		if (!told && end->good > END_OPS) {
			printf("{\"running\": true}\n");
			fflush(stdout);
			told = true;
		}
	}
	put_in_flight(end);
}

static int
end_tidily(struct end *end)
{
	uint64_t late = rte_rdtsc() + END_DRAIN_S * rte_get_tsc_hz();
	uint16_t at_signal = END_OPS - end->nb_idle;

	while (end->nb_idle < END_OPS && rte_rdtsc() < late)
		take_back(end);
	printf("{\"signal\": %d, \"at_signal\": %u, \"good\": %" PRIu64 ", \"failed\": %" PRIu64
		", \"wrong\": %" PRIu64 ", \"missing\": %u}\n", (int)asked, at_signal, end->good,
		end->failed, end->wrong, END_OPS - end->nb_idle);
	while (end->nb_idle > 0)
		probe_op_free(end->idle[--end->nb_idle]);
	probe_close(end->probe);
	return 0;
}

static void *
call_exit(void *arg)
{
	RTE_SET_USED(arg);
	exit(0);
}

/* The main thread goes on with its work meanwhile. */
static int
end_by_thread(struct end *end)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, call_exit, NULL) != 0)
		return 3;
	work(end, true);
	return 3;
}

static int
end_by_cleanup(void)
{
	printf("{\"cleanup\": %d}\n", rte_eal_cleanup());
	return PROBE_AS_IT_IS;
}

static int
end_by_close(struct end *end)
{
	/* Not stopped: the library refuses. */
	printf("{\"close\": %d}\n", rte_compressdev_close(end->probe->dev_id));
	return end_by_cleanup();
}

static int
end_by_stop(struct end *end)
{
	rte_compressdev_stop(end->probe->dev_id);
	printf("{\"close\": %d}\n", rte_compressdev_close(end->probe->dev_id));
	return end_by_cleanup();
}

static int
end_as(struct end *end, const char *how)
{
	if (strcmp(how, "cleanup") == 0)
		return end_by_cleanup();
	if (strcmp(how, "close") == 0)
		return end_by_close(end);
	if (strcmp(how, "stop") == 0)
		return end_by_stop(end);
	if (strcmp(how, "thread") == 0)
		return end_by_thread(end);
	if (strcmp(how, "exit") == 0)
		exit(0);
	if (strcmp(how, "_exit") == 0)
		_exit(0);
	if (strcmp(how, "abort") == 0)
		abort();
	if (strcmp(how, "rte_exit") == 0)
		rte_exit(0, "as asked\n");
	if (strcmp(how, "exec") == 0)
		execlp("sleep", "sleep", "0.5", (char *)NULL);
	return strcmp(how, "return") == 0 ? PROBE_AS_IT_IS : -1;
}

static void
take_signals(void)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };
	struct sigaction action = { .sa_handler = ask };
	size_t i;

	for (i = 0; i < RTE_DIM(numbers); i++)
		sigaction(numbers[i], &action, NULL);
}

int
probe_end(struct probe *probe, const char *driver, const char *how)
{
	struct end end = { .probe = probe };
	bool is_signal = strcmp(how, "signal") == 0;

	if (is_signal)
		take_signals();
	probe_open(probe, driver, END_OPS);
	if (probe_start(probe, 1, END_OPS) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	for (; end.nb_idle < END_OPS; end.nb_idle++)
		end.idle[end.nb_idle] = probe_op(probe, probe->compress_xform,
			PROBE_DATA_LEN - end.nb_idle);
	work(&end, is_signal || strcmp(how, "default") == 0);
	return is_signal ? end_tidily(&end) : end_as(&end, how);
}
