/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include <rte_branch_prediction.h>
#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_pause.h>

#include "engine.h"

/* A device that recovers gives a burst of errors; one that is dead gives nothing else. */
#define MAX_FAILURES(engine) (8 * (engine)->nb_slots + 4096)
/* Drivers look after a hanging device within seconds. */
#define STALL_S 20

static void
give_up(struct testacc_engine *engine, enum testacc_give_up why)
{
	atomic_store_explicit(&engine->give_up, why, memory_order_release);
}

static bool
has_given_up(const struct testacc_engine *engine)
{
	return atomic_load_explicit(&engine->give_up, memory_order_relaxed) != TESTACC_GOES;
}

static void
take_back(struct testacc_engine *engine, struct testacc_slot *slot, uint64_t now)
{
	struct testacc_counters *counters = &engine->counters;

	testacc_hist_add(&engine->hists[slot->size_class], now - slot->tsc);
	switch (engine->class->end(engine, slot)) {
	case TESTACC_SLOT_WRONG:
		counters->wrong++;
		/* fall through */
	case TESTACC_SLOT_DONE:
	case TESTACC_SLOT_GOES_ON:
		counters->ops++;
		engine->failures = 0;
		break;
	case TESTACC_SLOT_FAILED:
		counters->failed++;
		if (++engine->failures > MAX_FAILURES(engine))
			give_up(engine, TESTACC_ONLY_ERRORS);
		break;
	}
	engine->ready[engine->nb_ready++] = slot;
}

static void
send_burst(struct testacc_engine *engine)
{
	struct testacc_counters *counters = &engine->counters;
	uint32_t i, count = RTE_MIN(engine->nb_ready, (uint32_t)engine->burst);
	struct testacc_slot **slots = engine->ready + engine->nb_ready - count;
	uint64_t now = rte_rdtsc();
	uint16_t taken;

	for (i = 0; i < count; i++)
		slots[i]->tsc = now;
	taken = engine->class->enqueue(engine, slots, (uint16_t)count);
	counters->enqueue_calls++;
	if (taken > 0)
		counters->work_cycles += rte_rdtsc() - now;
	if (taken < count) {
		counters->enqueue_full++;
		/* What was not taken moves to where the next call begins. */
		memmove(slots, slots + taken, (count - taken) * sizeof(slots[0]));
	}
	engine->nb_ready -= taken;
	engine->nb_in_flight += taken;
}

static void
receive_burst(struct testacc_engine *engine)
{
	struct testacc_counters *counters = &engine->counters;
	struct testacc_slot *slots[UINT8_MAX + 1];
	uint64_t start = rte_rdtsc(), now;
	uint16_t i, count;

	count = engine->class->dequeue(engine, slots, engine->burst);
	now = rte_rdtsc();
	counters->dequeue_calls++;
	counters->in_flight += engine->nb_in_flight;
	if (count == 0) {
		counters->dequeue_empty++;
		if (unlikely(now - engine->progress_tsc > STALL_S * rte_get_tsc_hz()))
			give_up(engine, TESTACC_STALLED);
		return;
	}
	counters->work_cycles += now - start;
	engine->progress_tsc = now;
	engine->nb_in_flight -= count;
	for (i = 0; i < count; i++)
		take_back(engine, slots[i], now);
}

static void
engine_turn(struct testacc_engine *engine)
{
	if (engine->nb_ready > 0)
		send_burst(engine);
	else
		engine->counters.starved++;
	receive_burst(engine);
}

/** @return true: an engine of this lcore goes on */
static bool
turn_all(struct testacc_run *run, unsigned int lcore)
{
	struct testacc_engine *engine;
	bool goes_on = false;
	unsigned int i;

	for (i = 0; i < run->nb_engines; i++) {
		engine = run->engines[i];
		if (engine->lcore != lcore || has_given_up(engine))
			continue;
		engine_turn(engine);
		goes_on = true;
	}
	return goes_on;
}

/** What comes back behind the end is looked at, but belongs to no rate. */
static void
drain_burst(struct testacc_engine *engine)
{
	struct testacc_counters before = engine->counters;

	receive_burst(engine);
	before.failed = engine->counters.failed;
	before.wrong = engine->counters.wrong;
	engine->counters = before;
}

/** Take back what is in flight. @return true: something still is */
static bool
drain_all(struct testacc_run *run, unsigned int lcore)
{
	struct testacc_engine *engine;
	bool goes_on = false;
	unsigned int i;

	for (i = 0; i < run->nb_engines; i++) {
		engine = run->engines[i];
		if (engine->lcore != lcore || engine->nb_in_flight == 0 ||
				atomic_load(&engine->give_up) == TESTACC_STALLED)
			continue;
		drain_burst(engine);
		goes_on = true;
	}
	return goes_on;
}

static void
begin_all(struct testacc_run *run, unsigned int lcore)
{
	unsigned int i;

	for (i = 0; i < run->nb_engines; i++)
		if (run->engines[i]->lcore == lcore)
			run->engines[i]->progress_tsc = rte_rdtsc();
}

static void
end_all(struct testacc_run *run, unsigned int lcore, uint64_t cycles)
{
	unsigned int i, share = 0;

	for (i = 0; i < run->nb_engines; i++)
		share += run->engines[i]->lcore == lcore;
	for (i = 0; i < run->nb_engines; i++)
		if (run->engines[i]->lcore == lcore)
			run->engines[i]->counters.all_cycles = cycles / share;
}

int
testacc_engine_main(void *opaque)
{
	struct testacc_run *run = opaque;
	unsigned int lcore = rte_lcore_id();
	uint64_t start = rte_rdtsc(), end;

	begin_all(run, lcore);
	while (!atomic_load_explicit(&run->stops, memory_order_relaxed))
		if (!turn_all(run, lcore))
			break;
	end = rte_rdtsc();
	while (drain_all(run, lcore))
		rte_pause();
	end_all(run, lcore, end - start);
	atomic_fetch_sub(&run->nb_running, 1);
	return 0;
}

void
testacc_counters_sum(const struct testacc_run *run, struct testacc_counters *sum)
{
	const uint64_t *from;
	uint64_t *to = (uint64_t *)sum;
	unsigned int i;
	size_t k;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < run->nb_engines; i++) {
		from = (const uint64_t *)&run->engines[i]->counters;
		for (k = 0; k < sizeof(*sum) / sizeof(*to); k++)
			to[k] += from[k];
	}
}
