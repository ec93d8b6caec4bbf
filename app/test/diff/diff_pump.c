/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Bursts of random size, all kinds mixed, now and then until the rings are full.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include <rte_common.h>
#include <rte_cycles.h>
#include <rte_malloc.h>
#include <rte_memory.h>
#include <rte_pause.h>

#include "diff_pump.h"

enum { PURPOSE_BURSTS = 100 };

#define MAX_BURST 1024
/* Of all buffers under way at a time. */
#define MAX_FOOTPRINT ((size_t)256 << 20)
#define SILENCE_S 60
/* Memory that comes and goes: pieces at a time and their greatest length. */
#define CHURN_PIECES 6
#define CHURN_LEN (24 << 20)

struct pump {
	struct diff_run *run;
	struct diff_random random;
	struct diff_work *waiting;	/* built, not taken by the device; a queue */
	struct diff_work **waiting_end;
	struct diff_work *unbuilt;	/* found no buffers; a list */
	uint32_t nb_waiting;
	uint32_t in_flight;
	size_t footprint;
	bool fill;		/* dequeue nothing until the ring is full */
	void *churned[CHURN_PIECES];
	uint64_t last_progress;
};

static void
push(struct pump *pump, struct diff_work *work)
{
	work->next = NULL;
	*pump->waiting_end = work;
	pump->waiting_end = &work->next;
	pump->nb_waiting++;
	pump->footprint += pump->run->class->footprint(work);
}

static struct diff_work *
pop(struct pump *pump)
{
	struct diff_work *work = pump->waiting;

	pump->waiting = work->next;
	if (pump->waiting == NULL)
		pump->waiting_end = &pump->waiting;
	pump->nb_waiting--;
	return work;
}

/* @return false: no buffers now; the work waits for some */
static bool
build(struct pump *pump, struct diff_work *work)
{
	if (!pump->run->class->build(pump->run->arg, work)) {
		work->next = pump->unbuilt;
		pump->unbuilt = work;
		return false;
	}
	push(pump, work);
	return true;
}

/* So many ready for the device, if there are so many left and memory for them. */
static void
prepare(struct pump *pump, uint64_t *next, uint32_t wanted)
{
	struct diff_run *run = pump->run;
	struct diff_work *work;

	while (pump->nb_waiting < wanted && pump->footprint < MAX_FOOTPRINT) {
		work = pump->unbuilt;
		if (work != NULL)
			pump->unbuilt = work->next;
		else if (*next == run->first + run->count)
			break;
		if (work == NULL)
			work = run->class->create(run->arg, (*next)++);
		if (!build(pump, work))
			break;
	}
}

static void
enqueue(struct pump *pump, uint32_t wanted)
{
	struct diff_work *works[MAX_BURST], *work = pump->waiting;
	struct diff_run *run = pump->run;
	uint16_t n, i, taken;

	for (n = 0; n < wanted && work != NULL; n++, work = work->next) {
		works[n] = work;
		work->at_device = true;
	}
	taken = run->class->enqueue(run->arg, works, n);
	/* Those taken come first in the queue. */
	for (i = 0; i < taken; i++)
		(void)pop(pump);
	for (work = pump->waiting; i < n; i++, work = work->next)
		work->at_device = false;
	pump->in_flight += taken;
	run->most_in_flight = RTE_MAX(run->most_in_flight, pump->in_flight);
	if (taken < n) {
		run->full_rings++;
		pump->fill = false;
	}
	if (taken != 0)
		pump->last_progress = rte_get_timer_cycles();
}

/* @return false: the run is over, this work is bad */
static bool
settle(struct pump *pump, struct diff_work *work)
{
	struct diff_run *run = pump->run;
	size_t footprint = run->class->footprint(work);

	if (!work->at_device) {
		snprintf(work->why, sizeof(work->why), "came back twice");
		run->failed = work;
		return false;
	}
	work->at_device = false;
	run->rounds++;
	if (!run->class->judge(run->arg, work)) {
		run->wrong++;
		if (!run->keep_going) {
			run->failed = work;
			return false;
		}
		printf("{\"wrong\": %" PRIu64 ", \"why\": \"%s\"}\n", work->c.number, work->why);
	}
	pump->footprint -= footprint;
	if (run->class->finish(run->arg, work)) {
		(void)build(pump, work);
	} else {
		run->done++;
		run->class->free(run->arg, work);
	}
	return true;
}

static bool
dequeue(struct pump *pump, uint16_t wanted)
{
	struct diff_work *works[MAX_BURST];
	uint16_t n, i;
	bool good = true;

	n = pump->run->class->dequeue(pump->run->arg, works, wanted);
	if (n != 0)
		pump->last_progress = rte_get_timer_cycles();
	pump->in_flight -= n;
	for (i = 0; i < n && good; i++)
		good = settle(pump, works[i]);
	return good;
}

static uint32_t
burst_size(struct pump *pump)
{
	uint64_t die = diff_random_below(&pump->random, 100);

	return 1 + diff_random_below(&pump->random, die < 40 ? 4 : die < 90 ? 64 : MAX_BURST);
}

static bool
is_silent(const struct pump *pump)
{
	return rte_get_timer_cycles() - pump->last_progress > SILENCE_S * rte_get_timer_hz();
}

/* What is left after a failure: the device's are waited for, all but the bad one are freed. */
static void
abandon(struct pump *pump)
{
	struct diff_work *works[MAX_BURST], *work;
	uint16_t n, i;

	while (pump->in_flight != 0 && !is_silent(pump)) {
		n = pump->run->class->dequeue(pump->run->arg, works, MAX_BURST);
		for (i = 0; i < n; i++)
			if (works[i] != pump->run->failed)
				pump->run->class->free(pump->run->arg, works[i]);
		pump->in_flight -= n;
	}
	while (pump->waiting != NULL) {
		work = pop(pump);
		pump->run->class->free(pump->run->arg, work);
	}
	while (pump->unbuilt != NULL) {
		work = pump->unbuilt;
		pump->unbuilt = work->next;
		pump->run->class->free(pump->run->arg, work);
	}
}

/* EAL's heap grows and shrinks while operations are under way. */
static void
churn(struct pump *pump)
{
	void **piece = &pump->churned[diff_random_below(&pump->random, CHURN_PIECES)];

	if (*piece == NULL) {
		*piece = rte_malloc(NULL, 1 + diff_random_below(&pump->random, CHURN_LEN), 0);
	} else {
		rte_free(*piece);
		*piece = NULL;
	}
}

static void
churn_end(struct pump *pump)
{
	int i;

	for (i = 0; i < CHURN_PIECES; i++)
		rte_free(pump->churned[i]);
	rte_mem_event_callback_unregister("diff", pump->run);
}

/* EAL's, in the thread that allocates or frees: the one that runs the bursts. */
static void
note_memory(enum rte_mem_event event, const void *addr, size_t len, void *arg)
{
	struct diff_run *run = arg;

	RTE_SET_USED(addr);
	RTE_SET_USED(len);
	if (event == RTE_MEM_EVENT_ALLOC)
		run->grown++;
	else
		run->shrunk++;
}

int
diff_run_all(struct diff_run *run)
{
	struct pump pump = {
		.run = run,
		.random = diff_random_for(run->seed, PURPOSE_BURSTS),
		.fill = true,
		.last_progress = rte_get_timer_cycles(),
	};
	uint64_t next = run->first;
	uint32_t wanted;

	pump.waiting_end = &pump.waiting;
	/* Without dynamic memory there is nothing to note. */
	(void)rte_mem_event_callback_register("diff", note_memory, run);
	while (run->done < run->count && !is_silent(&pump)) {
		if (run->churn && diff_random_permille(&pump.random, 100))
			churn(&pump);
		pump.fill = pump.fill || diff_random_permille(&pump.random, 40);
		wanted = pump.fill ? MAX_BURST : burst_size(&pump);
		prepare(&pump, &next, wanted);
		if (pump.nb_waiting != 0)
			enqueue(&pump, wanted);
		/* Nothing more to fill the ring with. */
		if (pump.nb_waiting < wanted && (pump.footprint >= MAX_FOOTPRINT ||
				pump.unbuilt != NULL || next == run->first + run->count))
			pump.fill = false;
		if (!pump.fill && !dequeue(&pump, burst_size(&pump)))
			break;
	}
	churn_end(&pump);
	if (run->done == run->count)
		return 0;
	abandon(&pump);
	return run->failed != NULL ? 0 : -ETIMEDOUT;
}

/* One round. @return false: it did not come back, or is wrong */
static bool
run_round(const struct diff_pump_class *class, void *arg, struct diff_work *work)
{
	uint64_t start = rte_get_timer_cycles();
	struct diff_work *back = NULL;
	bool taken = false;

	if (!class->build(arg, work)) {
		snprintf(work->why, sizeof(work->why), "no memory for its buffers");
		return false;
	}
	while (back == NULL && rte_get_timer_cycles() - start < SILENCE_S * rte_get_timer_hz()) {
		if (!taken)
			taken = class->enqueue(arg, &work, 1) == 1;
		if (class->dequeue(arg, &back, 1) == 0)
			rte_pause();
	}
	if (back != work) {
		snprintf(work->why, sizeof(work->why), taken ? "never came back" : "is never taken");
		return false;
	}
	return class->judge(arg, work);
}

bool
diff_run_alone(const struct diff_pump_class *class, void *arg, struct diff_work *work)
{
	do {
		if (!run_round(class, arg, work))
			return false;
	} while (class->finish(arg, work));
	return true;
}
