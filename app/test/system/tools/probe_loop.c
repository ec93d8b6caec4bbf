/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A polling application that never gives up: it keeps ops in flight for a time whatever happens to
 * the device, then waits for the rest. It measures what the driver promises in bad times: that each
 * op comes back exactly once, when, and that no burst call blocks. SIGUSR1 ends it early; SIGTERM
 * does when the device works, or has returned nothing but errors for long.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include <rte_common.h>
#include <rte_cycles.h>

#include "probe_class.h"

#define LOOP_OPS 64
#define LOOP_BURST 16
/* How long the ops in flight are waited for at the end. */
#define LOOP_DRAIN_S 60
/* After SIGTERM: so many good ones in a row, or bad ones, or so long. */
#define LOOP_GOOD_RUN LOOP_OPS
#define LOOP_BAD_RUN (8 * LOOP_OPS)
#define LOOP_END_S 60

struct loop {
	void *idle[LOOP_OPS];	/* ops that are ours at present */
	uint16_t nb_idle;
	uint64_t enqueued_at[LOOP_OPS];		/* TSC; 0: not in flight */
	uint64_t enqueued, ok, failed, wrong, strange;
	uint64_t longest_call, longest_op;	/* TSC cycles */
	uint64_t ok_since_error, failed_since_ok;
	uint64_t first_error_at, last_op_at;	/* TSC */
};

static volatile sig_atomic_t asked_to_end;	/* the signal */

static void
ask_to_end(int number)
{
	asked_to_end = number;
}

/* The op's number travels where a driver has no business. */
static uint64_t *
op_slot(struct loop *loop, const void *op)
{
	uint64_t number = probe_op_number(op);

	return number < LOOP_OPS ? &loop->enqueued_at[number] : NULL;
}

/* When a burst call began, and what its thread had spent and waited until then. */
struct call {
	uint64_t tsc;
	struct rusage usage;
};

static struct call
begin_call(void)
{
	struct call call;

	getrusage(RUSAGE_THREAD, &call.usage);
	call.tsc = rte_rdtsc();
	return call;
}

static uint64_t
cpu_us(const struct rusage *usage)
{
	return (uint64_t)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 +
		(uint64_t)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
}

/* One that never slept took its CPU time: for how long others had the CPU is not its doing. */
static void
note_call(struct loop *loop, const struct call *call)
{
	uint64_t took = rte_rdtsc() - call->tsc;
	struct rusage usage;

	if (took <= loop->longest_call)
		return;
	getrusage(RUSAGE_THREAD, &usage);
	if (usage.ru_nvcsw == call->usage.ru_nvcsw)
		took = RTE_MIN(took, (cpu_us(&usage) - cpu_us(&call->usage)) *
			rte_get_tsc_hz() / 1000000);
	loop->longest_call = RTE_MAX(loop->longest_call, took);
}

static void
enqueue_some(struct probe *probe, struct loop *loop)
{
	uint16_t i, n = RTE_MIN(loop->nb_idle, LOOP_BURST);
	void **ops = &loop->idle[loop->nb_idle - n];
	uint64_t now = rte_rdtsc();
	struct call call;

	for (i = 0; i < n; i++) {
		probe_class_op_reset(ops[i]);
		*op_slot(loop, ops[i]) = now;
	}
	call = begin_call();
	i = probe_enqueue(probe->dev_id, 0, ops, n);
	note_call(loop, &call);
	loop->enqueued += i;
	/* What was not taken is the tail of the burst; it stays idle. */
	loop->nb_idle -= n;
	for (; i < n; i++) {
		*op_slot(loop, ops[i]) = 0;
		loop->idle[loop->nb_idle++] = ops[i];
	}
}

static void
take_back(struct loop *loop, void *op, uint64_t now)
{
	uint64_t *slot = op_slot(loop, op);

	if (slot == NULL || *slot == 0) {
		loop->strange++;
		return;
	}
	loop->longest_op = RTE_MAX(loop->longest_op, now - *slot);
	loop->last_op_at = now;
	*slot = 0;
	if (!probe_class_op_succeeded(op)) {
		loop->failed++;
		loop->failed_since_ok++;
		loop->ok_since_error = 0;
		if (loop->first_error_at == 0)
			loop->first_error_at = now;
	} else {
		/* To look at every op would make this a test of a library's speed. */
		if (loop->ok % 64 == 0 && !probe_class_op_is_right(op))
			loop->wrong++;
		loop->ok++;
		loop->ok_since_error++;
		loop->failed_since_ok = 0;
	}
	loop->idle[loop->nb_idle++] = op;
}

static void
dequeue_some(struct probe *probe, struct loop *loop)
{
	void *ops[LOOP_BURST];
	struct call call = begin_call();
	uint16_t i, n = probe_dequeue(probe->dev_id, 0, ops, LOOP_BURST);
	uint64_t now = rte_rdtsc();

	note_call(loop, &call);
	for (i = 0; i < n; i++)
		take_back(loop, ops[i], now);
}

static void
report(const struct loop *loop, uint64_t hz)
{
	printf("{\"enqueued\": %" PRIu64 ", \"ok\": %" PRIu64 ", \"failed\": %" PRIu64
		", \"wrong\": %" PRIu64 ", \"strange\": %" PRIu64 ", \"missing\": %u"
		", \"longest_call_us\": %" PRIu64 ", \"longest_op_ms\": %" PRIu64
		", \"first_error_after_ms\": %" PRIu64 ", \"ok_since_error\": %" PRIu64 "}\n",
		loop->enqueued, loop->ok, loop->failed, loop->wrong, loop->strange,
		LOOP_OPS - loop->nb_idle, loop->longest_call * 1000000 / hz,
		loop->longest_op * 1000 / hz, loop->first_error_at * 1000 / hz,
		loop->ok_since_error);
	fflush(stdout);
}

/* Until then, or until it is asked to end. */
static void
work(struct probe *probe, struct loop *loop, uint64_t end)
{
	bool told = false;

	while (rte_rdtsc() < end && !asked_to_end) {
		enqueue_some(probe, loop);
		dequeue_some(probe, loop);
		if (!told && loop->ok > LOOP_OPS) {
			printf("{\"running\": true}\n");
			fflush(stdout);
			told = true;
		}
	}
}

/* What was asked for too early would not tell whether the device works again. */
static void
work_until_good(struct probe *probe, struct loop *loop)
{
	uint64_t end = rte_rdtsc() + LOOP_END_S * rte_get_tsc_hz(), ok = loop->ok;

	while (rte_rdtsc() < end && loop->failed_since_ok < LOOP_BAD_RUN &&
			(loop->ok - ok < LOOP_OPS + LOOP_GOOD_RUN ||
			loop->ok_since_error < LOOP_GOOD_RUN)) {
		enqueue_some(probe, loop);
		dequeue_some(probe, loop);
	}
}

int
probe_loop(struct probe *probe, const char *driver, unsigned int seconds)
{
	uint64_t start, end, hz = rte_get_tsc_hz();
	struct loop loop = { 0 };

	probe_open(probe, driver, LOOP_OPS);
	if (probe_start(probe, 1, LOOP_OPS) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	for (; loop.nb_idle < LOOP_OPS; loop.nb_idle++)
		loop.idle[loop.nb_idle] = probe_class_op(probe, loop.nb_idle);

	signal(SIGTERM, ask_to_end);
	signal(SIGUSR1, ask_to_end);
	start = rte_rdtsc();
	work(probe, &loop, start + seconds * hz);
	if (asked_to_end == SIGTERM)
		work_until_good(probe, &loop);
	end = rte_rdtsc() + LOOP_DRAIN_S * hz;
	while (loop.nb_idle < LOOP_OPS && rte_rdtsc() < end)
		dequeue_some(probe, &loop);

	if (loop.first_error_at != 0)
		loop.first_error_at -= start;
	report(&loop, hz);
	while (loop.nb_idle > 0)
		probe_class_op_free(loop.idle[--loop.nb_idle]);
	probe_close(probe);
	return 0;
}
