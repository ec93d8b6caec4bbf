/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Keeps operations in flight on some queue pairs while a test makes the device misbehave. Lines at
 * the standard input say what is wanted:
 *
 *   kind NAME  operations of that kind from now on; answered by "warm" when some came back
 *   count      answered by "counted": what the driver has counted since "kind"
 *   settle     answered by "cell": all that happened since "kind". Before, the device has become
 *              usable again, or known to be dead, or neither within SETTLE_S; and then all
 *              operations in flight have come back, or not within DRAIN_S
 *
 * It ends when the input does.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_debug.h>

#include "probe_fault.h"

#define OPS 64			/* of each queue pair */
#define BURST 16
#define MAX_PAIRS 8
#define WARM_OPS (2 * OPS)
/*
 * So many of each queue pair in a row, all handed over after "settle": it is usable, or dead. Dead
 * is one that fails them at once; those of a device that is waited for fail after timeout_ms.
 */
#define SETTLED_RUN (2 * OPS)
#define AT_ONCE_MS 100
#define SETTLE_S 30
#define DRAIN_S 20
/* A loop without a call in it is as long as one, but for those that something got in the way of. */
#define NOISE_MAX_US 500
/* Turns without a completion after which it naps between them. */
#define IDLE_TURNS 256
#define IDLE_US 50

/* The longest of something; its time, and how much of that its thread had the CPU. */
struct longest {
	uint64_t tsc, cpu_ns;
	uint64_t over_1ms;
	uint64_t cpu_over_10ms;
};

/* Since "kind". */
struct cell {
	const struct fault_kind *kind;
	bool warm, settling;
	uint64_t enqueued, returned, verdicts[FAULT_TOUCHED + 1];
	uint64_t twice;			/* came back without being in flight */
	uint64_t late;			/* memory written to that was not in flight */
	uint64_t slept;			/* burst calls that gave the CPU away */
	struct longest call, noise;
	uint64_t longest_op;		/* TSC */
	uint64_t settle_at;		/* TSC */
	uint64_t back_at;		/* TSC, the last that failed or is from before that */
	uint64_t error_age;		/* TSC, of the oldest in the later half of error runs */
	uint64_t counters[FAULT_COUNTERS];	/* at its begin */
	const char *state;
};

struct pair {
	uint16_t index;
	struct fault_item *idle[OPS];	/* the one that is ours longest is the first */
	uint16_t first, nb_idle;
	uint64_t good_run, error_run;	/* of what was handed over after "settle" */
};

struct faults {
	struct probe *probe;
	struct fault_item *items;
	struct pair pairs[MAX_PAIRS];
	uint16_t nb_pairs;
	struct cell cell;
	uint32_t idle_turns;		/* since something came back */
	char line[128];
	uint32_t line_len;
	bool ended;
};

/* ---- time ---- */

struct moment {
	struct rusage usage;
	uint64_t cpu_ns, tsc;
};

static uint64_t
thread_cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void
note(struct longest *longest, uint64_t took, uint64_t cpu_ns)
{
	longest->tsc = RTE_MAX(longest->tsc, took);
	longest->cpu_ns = RTE_MAX(longest->cpu_ns, cpu_ns);
	longest->over_1ms += took > rte_get_tsc_hz() / 1000;
	longest->cpu_over_10ms += cpu_ns > 10 * UINT64_C(1000000);
}

static struct moment
begin(void)
{
	struct moment moment;

	getrusage(RUSAGE_THREAD, &moment.usage);
	moment.cpu_ns = thread_cpu_ns();
	moment.tsc = rte_rdtsc();
	return moment;
}

/* As long as the call took, and nothing in it: what the machine does to such a loop. */
static void
listen_to_noise(struct cell *cell, uint64_t took)
{
	uint64_t end = RTE_MIN(took, NOISE_MAX_US * rte_get_tsc_hz() / 1000000);
	uint64_t cpu_ns = thread_cpu_ns(), start = rte_rdtsc();

	end += start;
	while (rte_rdtsc() < end)
		;
	end = rte_rdtsc();
	note(&cell->noise, end - start, thread_cpu_ns() - cpu_ns);
}

static void
end_call(struct cell *cell, const struct moment *moment)
{
	uint64_t took = rte_rdtsc() - moment->tsc;
	uint64_t cpu_ns = thread_cpu_ns() - moment->cpu_ns;
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	/* Where the kernel moves a page just then, whoever touches it sleeps. */
	cell->slept += usage.ru_nvcsw != moment->usage.ru_nvcsw &&
		usage.ru_minflt == moment->usage.ru_minflt &&
		usage.ru_majflt == moment->usage.ru_majflt;
	note(&cell->call, took, cpu_ns);
	listen_to_noise(cell, took);
}

/* ---- operations ---- */

static void
put_idle(struct pair *pair, struct fault_item *item)
{
	pair->idle[(pair->first + pair->nb_idle++) % OPS] = item;
}

static struct fault_item *
take_idle(struct pair *pair)
{
	struct fault_item *item = pair->idle[pair->first];

	pair->first = (pair->first + 1) % OPS;
	pair->nb_idle--;
	return item;
}

static void
enqueue_some(struct faults *faults, struct pair *pair)
{
	uint16_t i, done, n = RTE_MIN(pair->nb_idle, BURST);
	struct fault_item *items[BURST];
	void *ops[BURST];
	struct moment moment;

	for (i = 0; i < n; i++) {
		items[i] = pair->idle[(pair->first + i) % OPS];
		ops[i] = items[i]->op;
		faults->cell.late += !fault_item_arm(items[i]);
		items[i]->enqueued_at = rte_rdtsc();
	}
	moment = begin();
	done = probe_enqueue(faults->probe->dev_id, pair->index, ops, n);
	end_call(&faults->cell, &moment);
	faults->cell.enqueued += done;
	for (i = 0; i < done; i++)
		take_idle(pair);
	for (; i < n; i++)
		items[i]->enqueued_at = 0;
	/* Closed: what went well before says nothing of what comes after. */
	if (done == 0 && n != 0)
		pair->good_run = 0;
}

static void
count(struct cell *cell, struct pair *pair, const struct fault_item *item,
	enum fault_verdict verdict, uint64_t now)
{
	bool is_old = item->enqueued_at < cell->settle_at;
	uint64_t age = now - item->enqueued_at;

	cell->verdicts[verdict]++;
	cell->longest_op = RTE_MAX(cell->longest_op, age);
	if (!cell->settling)
		return;
	if (is_old || verdict != FAULT_GOOD) {
		cell->back_at = now;
		pair->good_run = 0;
	} else {
		pair->good_run++;
	}
	if (is_old || verdict == FAULT_GOOD || age > AT_ONCE_MS * rte_get_tsc_hz() / 1000)
		pair->error_run = 0;
	else
		pair->error_run++;
	/* Those before may have been in flight when it died. */
	if (pair->error_run > SETTLED_RUN / 2)
		cell->error_age = RTE_MAX(cell->error_age, age);
}

static void
take_back(struct faults *faults, struct pair *pair, void *op, uint64_t now)
{
	uint64_t id = probe_op_number(op);
	struct fault_item *item = id < (uint64_t)faults->nb_pairs * OPS ? &faults->items[id] : NULL;

	faults->cell.returned++;
	if (item == NULL || item->op != op || item->enqueued_at == 0 ||
			id / OPS != pair->index) {
		faults->cell.twice++;
		return;
	}
	count(&faults->cell, pair, item, fault_item_judge(item), now);
	item->enqueued_at = 0;
	put_idle(pair, item);
}

static uint16_t
dequeue_some(struct faults *faults, struct pair *pair)
{
	struct moment moment = begin();
	void *ops[BURST];
	uint64_t now;
	uint16_t i, n;

	n = probe_dequeue(faults->probe->dev_id, pair->index, ops, BURST);
	now = rte_rdtsc();
	end_call(&faults->cell, &moment);
	for (i = 0; i < n; i++)
		take_back(faults, pair, ops[i], now);
	return n;
}

/* @return whether anything came back */
static bool
turn(struct faults *faults, bool enqueue)
{
	uint16_t i, done = 0;

	for (i = 0; i < faults->nb_pairs; i++) {
		if (enqueue)
			enqueue_some(faults, &faults->pairs[i]);
		done += dequeue_some(faults, &faults->pairs[i]);
	}
	/* The emulator may want this very CPU; while a time-out runs, others may, too. */
	if (done != 0)
		faults->idle_turns = 0;
	else if (++faults->idle_turns < IDLE_TURNS)
		sched_yield();
	else
		rte_delay_us_sleep(IDLE_US);
	return done != 0;
}

static uint32_t
in_flight(const struct faults *faults)
{
	uint32_t i, n = 0;

	for (i = 0; i < faults->nb_pairs; i++)
		n += OPS - faults->pairs[i].nb_idle;
	return n;
}

/* ---- cells ---- */

static void
report(const struct faults *faults, uint32_t missing)
{
	const struct cell *cell = &faults->cell;
	uint64_t hz = rte_get_tsc_hz(), counters[FAULT_COUNTERS];

	printf("{\"what\": \"cell\", \"kind\": \"%s\", \"state\": \"%s\", \"enqueued\": %" PRIu64
		", \"returned\": %" PRIu64 ", \"good\": %" PRIu64 ", \"failed\": %" PRIu64
		", \"wrong\": %" PRIu64 ", \"untold\": %" PRIu64 ", \"touched\": %" PRIu64
		", \"twice\": %" PRIu64 ", \"late\": %" PRIu64 ", \"missing\": %u",
		cell->kind->name, cell->state, cell->enqueued, cell->returned,
		cell->verdicts[FAULT_GOOD], cell->verdicts[FAULT_ERROR],
		cell->verdicts[FAULT_WRONG], cell->verdicts[FAULT_UNTOLD],
		cell->verdicts[FAULT_TOUCHED], cell->twice, cell->late, missing);
	printf(", \"back_ms\": %" PRIu64 ", \"longest_op_ms\": %" PRIu64,
		cell->back_at == 0 ? 0 : (cell->back_at - cell->settle_at) * 1000 / hz,
		cell->longest_op * 1000 / hz);
	printf(", \"error_ms\": %" PRIu64 ", \"slept\": %" PRIu64 ", \"call_us\": %.1f"
		", \"call_cpu_us\": %.1f, \"calls_over_1ms\": %" PRIu64
		", \"calls_cpu_over_10ms\": %" PRIu64,
		cell->error_age * 1000 / hz, cell->slept, (double)cell->call.tsc * 1e6 / hz,
		(double)cell->call.cpu_ns / 1000, cell->call.over_1ms, cell->call.cpu_over_10ms);
	printf(", \"noise_us\": %.1f, \"noise_cpu_us\": %.1f, \"noise_over_1ms\": %" PRIu64 ", ",
		(double)cell->noise.tsc * 1e6 / hz, (double)cell->noise.cpu_ns / 1000,
		cell->noise.over_1ms);
	fault_counters_get(faults->probe->dev_id, counters);
	fault_counters_print(cell->counters, counters);
	printf("}\n");
	fflush(stdout);
}

static void
drain(struct faults *faults)
{
	uint64_t end = rte_rdtsc() + DRAIN_S * rte_get_tsc_hz();

	while (in_flight(faults) > 0 && rte_rdtsc() < end)
		(void)turn(faults, false);
}

static void
set_kind(struct faults *faults, const struct fault_kind *kind)
{
	struct pair *pair;
	uint16_t i, k;

	for (i = 0; i < faults->nb_pairs; i++) {
		pair = &faults->pairs[i];
		/* One that never came back keeps its buffers: they are not ours to free. */
		for (k = 0; k < pair->nb_idle; k++) {
			struct fault_item *item = pair->idle[(pair->first + k) % OPS];

			if (item->op != NULL)
				fault_item_free(item);
			fault_item_make(faults->probe, item, kind);
		}
	}
	memset(&faults->cell, 0, sizeof(faults->cell));
	faults->cell.kind = kind;
	fault_counters_get(faults->probe->dev_id, faults->cell.counters);
	for (i = 0; i < faults->nb_pairs; i++)
		faults->pairs[i].good_run = faults->pairs[i].error_run = 0;
}

static void
tell_counted(struct faults *faults)
{
	uint64_t counters[FAULT_COUNTERS];

	fault_counters_get(faults->probe->dev_id, counters);
	printf("{\"what\": \"counted\", ");
	fault_counters_print(faults->cell.counters, counters);
	printf("}\n");
	fflush(stdout);
}

static void
run_command(struct faults *faults, const char *line)
{
	const struct fault_kind *kind;

	if (strcmp(line, "count") == 0) {
		tell_counted(faults);
		return;
	}
	if (strcmp(line, "settle") == 0) {
		faults->cell.settling = true;
		faults->cell.settle_at = rte_rdtsc();
		return;
	}
	kind = strncmp(line, "kind ", 5) == 0 ? fault_kind_find(line + 5) : NULL;
	if (kind != NULL) {
		drain(faults);
		set_kind(faults, kind);
		return;
	}
	rte_exit(2, "unknown command '%s'\n", line);
}

static void
read_commands(struct faults *faults)
{
	ssize_t n = read(STDIN_FILENO, faults->line + faults->line_len,
		sizeof(faults->line) - 1 - faults->line_len);
	char *end;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		faults->ended = true;
		return;
	}
	faults->line_len += (uint32_t)n;
	faults->line[faults->line_len] = '\0';
	while ((end = strchr(faults->line, '\n')) != NULL) {
		*end++ = '\0';
		run_command(faults, faults->line);
		faults->line_len -= (uint32_t)(end - faults->line);
		memmove(faults->line, end, faults->line_len + 1);
	}
}

static void
tell_warm(struct faults *faults)
{
	faults->cell.warm = true;
	printf("{\"what\": \"warm\", \"good\": %" PRIu64 "}\n",
		faults->cell.verdicts[FAULT_GOOD]);
	fflush(stdout);
}

/* What was in flight when it was asked for is to come back too before a device is usable. */
static bool
is_old_back(const struct faults *faults)
{
	uint32_t i;

	for (i = 0; i < (uint32_t)faults->nb_pairs * OPS; i++)
		if (faults->items[i].enqueued_at != 0 &&
				faults->items[i].enqueued_at < faults->cell.settle_at)
			return false;
	return true;
}

/* What has become of it, or NULL as long as that is open. */
static const char *
settled_state(const struct faults *faults)
{
	bool usable = true, dead = true;
	uint16_t i;

	for (i = 0; i < faults->nb_pairs; i++) {
		usable = usable && faults->pairs[i].good_run >= SETTLED_RUN;
		dead = dead && faults->pairs[i].error_run >= SETTLED_RUN;
	}
	/* What the driver still has to do would disturb the next cell. */
	if (((usable && fault_queues_run(faults->probe->dev_id)) || dead) && is_old_back(faults))
		return usable ? "usable" : "dead";
	return rte_rdtsc() - faults->cell.settle_at > SETTLE_S * rte_get_tsc_hz() ? "stuck" : NULL;
}

static void
try_to_settle(struct faults *faults)
{
	struct cell *cell = &faults->cell;

	cell->state = settled_state(faults);
	if (cell->state == NULL)
		return;
	cell->settling = false;
	drain(faults);
	report(faults, in_flight(faults));
}

static void
work(struct faults *faults)
{
	struct cell *cell = &faults->cell;

	while (!faults->ended) {
		(void)turn(faults, true);
		if (!cell->warm && cell->returned >= WARM_OPS)
			tell_warm(faults);
		if (cell->settling)
			try_to_settle(faults);
		read_commands(faults);
	}
}

static void
make_items(struct faults *faults)
{
	uint32_t i, n = (uint32_t)faults->nb_pairs * OPS;

	faults->items = calloc(n, sizeof(*faults->items));
	if (faults->items == NULL)
		rte_exit(3, "no memory for %u ops\n", n);
	for (i = 0; i < n; i++) {
		faults->items[i].id = i;
		put_idle(&faults->pairs[i / OPS], &faults->items[i]);
	}
	for (i = 0; i < faults->nb_pairs; i++)
		faults->pairs[i].index = (uint16_t)i;
	set_kind(faults, fault_kind_find("mixed"));
}

int
probe_fault(struct probe *probe, const char *driver, unsigned int nb_pairs)
{
	struct faults faults = { .probe = probe, .nb_pairs = (uint16_t)nb_pairs };

	if (nb_pairs == 0 || nb_pairs > MAX_PAIRS)
		return 2;
	/* Six segments of an operation. */
	probe_open(probe, driver, 3 * nb_pairs * OPS);
	if (probe_start(probe, faults.nb_pairs, OPS) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	make_items(&faults);
	if (fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK) != 0)
		return 3;
	work(&faults);
	drain(&faults);
	printf("{\"what\": \"end\", \"missing\": %u}\n", in_flight(&faults));
	probe_close(probe);
	free(faults.items);
	return 0;
}
