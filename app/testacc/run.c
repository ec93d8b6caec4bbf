/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdlib.h>

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "device.h"
#include "engine.h"

/* What engines, and the drivers under them, need at most to hand back what is under way. */
#define STOP_LIMIT_S 30

/* Operations of an earlier run are still with a device, under the names of its pools. */
static bool has_lost;

static unsigned int
count_workers(void)
{
	unsigned int lcore, count = 0;

	RTE_LCORE_FOREACH_WORKER(lcore)
		count++;
	return count;
}

/** The lcore of engine @p index: dealt in turn. */
static unsigned int
worker_of(unsigned int index)
{
	unsigned int lcore, count = count_workers(), left = count > 0 ? index % count : 0;

	RTE_LCORE_FOREACH_WORKER(lcore)
		if (left-- == 0)
			return lcore;
	return LCORE_ID_ANY;
}

static struct testacc_engine *
create_engine(struct testacc_run *run, unsigned int index)
{
	struct testacc_engine *engine = aligned_alloc(RTE_CACHE_LINE_SIZE, sizeof(*engine));

	if (engine == NULL)
		return NULL;
	memset(engine, 0, sizeof(*engine));
	engine->class = run->class;
	engine->run = run;
	engine->dev_id = run->dev_id;
	engine->queue_pair = (uint16_t)index;
	engine->lcore = worker_of(index);
	engine->burst = (uint16_t)run->settings.burst;
	engine->verifies = run->settings.verify != 0;
	engine->nb_slots = (uint32_t)run->settings.depth;
	engine->slots = calloc(engine->nb_slots, sizeof(engine->slots[0]));
	engine->ready = calloc(engine->nb_slots, sizeof(engine->ready[0]));
	if (engine->slots != NULL && engine->ready != NULL)
		return engine;
	free(engine->slots);
	free(engine->ready);
	free(engine);
	return NULL;
}

static int
create_engines(struct testacc_run *run, unsigned int count)
{
	run->engines = calloc(count, sizeof(run->engines[0]));
	if (run->engines == NULL)
		return testacc_fail("no memory for %u engine%s", count, testacc_plural(count));
	for (; run->nb_engines < count; run->nb_engines++) {
		run->engines[run->nb_engines] = create_engine(run, run->nb_engines);
		if (run->engines[run->nb_engines] == NULL)
			return testacc_fail("no memory for engine %u", run->nb_engines);
	}
	return TESTACC_OK;
}

static int
launch(struct testacc_run *run)
{
	unsigned int lcore;

	run->start_tsc = rte_rdtsc();
	RTE_LCORE_FOREACH_WORKER(lcore) {
		atomic_fetch_add(&run->nb_running, 1);
		if (rte_eal_remote_launch(testacc_engine_main, run, lcore) == 0)
			continue;
		atomic_fetch_sub(&run->nb_running, 1);
		testacc_run_stop(run);
		return testacc_fail("lcore %u is busy with something else", lcore);
	}
	return TESTACC_OK;
}

/** Set up, on no lcore yet. */
int
testacc_run_open(const struct testacc_settings *settings, unsigned int nb_engines,
	struct testacc_run **out)
{
	const struct testacc_device *device = testacc_device_find((uint8_t)settings->device);
	const struct testacc_op_class *class = testacc_op_class_get((unsigned int)settings->op);
	const char *algo = testacc_algo_name((unsigned int)settings->algo);
	struct testacc_run *run;
	int result;

	if (device == NULL)
		return testacc_fail_absent((uint8_t)settings->device);
	class = testacc_op_class_of(class, device->kind);
	if (device->kind != class->kind)
		return testacc_fail("op %s needs a %s, and device %u (%s) is a %s; set device to another one ('show device all')",
			class->name, testacc_device_kind_name(class->kind),
			(unsigned int)settings->device, device->name,
			testacc_device_kind_name(device->kind));
	if (has_lost)
		return testacc_fail("ops of an earlier run never came back, and their memory is the device's; quit and start the program again");
	if (!class->takes(algo))
		return testacc_fail("op %s has no algorithm %s; set algo to one of its own ('show settings')",
			class->name, algo);
	run = calloc(1, sizeof(*run));
	if (run == NULL)
		return testacc_fail("no memory for a run");
	run->settings = *settings;
	run->class = class;
	run->dev_id = device->id;
	run->nb_parts = 1;
	result = create_engines(run, nb_engines);
	if (result == TESTACC_OK)
		result = testacc_data_load(run);
	if (result == TESTACC_OK)
		result = run->class->open(run);
	if (result != TESTACC_OK) {
		testacc_run_free(run);
		return result;
	}
	*out = run;
	return TESTACC_OK;
}

int
testacc_run_start(struct testacc_run **out)
{
	const struct testacc_settings *settings = &testacc_settings;
	unsigned int count = settings->queues != 0 ? (unsigned int)settings->queues :
		count_workers();
	int result;

	if (count_workers() == 0)
		return testacc_fail("there is no worker lcore; start with two lcores or more, such as -l 0,1");
	result = testacc_run_open(settings, count, out);
	if (result != TESTACC_OK)
		return result;
	result = launch(*out);
	if (result != TESTACC_OK)
		testacc_run_free(*out);
	return result;
}

bool
testacc_run_has_ended(const struct testacc_run *run)
{
	return atomic_load(&run->nb_running) == 0;
}

static uint32_t
count_in_flight(const struct testacc_run *run)
{
	uint32_t count = 0;
	unsigned int i;

	for (i = 0; i < run->nb_engines; i++)
		count += run->engines[i]->nb_in_flight;
	return count;
}

void
testacc_run_stop(struct testacc_run *run)
{
	uint64_t limit;

	if (run->stop_tsc == 0)
		run->stop_tsc = rte_rdtsc();
	limit = run->stop_tsc + STOP_LIMIT_S * rte_get_tsc_hz();
	atomic_store(&run->stops, true);
	while (!testacc_run_has_ended(run) && rte_rdtsc() < limit)
		rte_delay_us_sleep(1000);
	/* An lcore is free once EAL has seen its function return. */
	if (testacc_run_has_ended(run))
		rte_eal_mp_wait_lcore();
	run->is_lost = !testacc_run_has_ended(run) || count_in_flight(run) > 0;
}

void
testacc_run_free(struct testacc_run *run)
{
	unsigned int i;

	run->class->close(run, run->is_lost);
	/* The device may still write, and an lcore may still be in a driver. */
	has_lost = has_lost || run->is_lost;
	if (run->is_lost)
		return;
	for (i = 0; i < run->nb_engines; i++) {
		free(run->engines[i]->slots);
		free(run->engines[i]->ready);
		free(run->engines[i]);
	}
	free(run->engines);
	free(run->data);
	free(run);
}

double
testacc_run_seconds(const struct testacc_run *run)
{
	uint64_t end = run->stop_tsc != 0 ? run->stop_tsc : rte_rdtsc();

	return (double)(end - run->start_tsc) / (double)rte_get_tsc_hz();
}
