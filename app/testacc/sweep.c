/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "commands.h"
#include "device.h"
#include "sweep.h"
#include "table.h"

#define MAX_POINTS 16
#define POINT_MS 500
#define TICK_MS 50
#define PLOT_WIDTH 50
#define ABOUT 0.95

/** Settings that are swept: from, doubled, to. */
static const struct sweep {
	const char *name;
	uint64_t *value;
	uint64_t from, to;
	bool by_bytes;		/**< the best is that with the most bytes, not ops */
} sweeps[] = {
	{ "depth", &testacc_settings.depth, 1, 1024, false },
	{ "burst", &testacc_settings.burst, 1, 256, false },
	{ "size", &testacc_settings.sizes[0], 256, 32768, true },
	{ "queues", &testacc_settings.queues, 1, 16, false },
};

static void
take_latency(const struct testacc_run *run, struct testacc_point *point)
{
	double us = 1e6 / (double)rte_get_tsc_hz();
	struct testacc_hist *hist = calloc(1, sizeof(*hist));
	unsigned int i;
	uint64_t k;

	if (hist == NULL)
		return;
	for (i = 0; i < run->nb_engines; i++)
		for (k = 0; k < run->settings.nb_sizes; k++)
			testacc_hist_merge(hist, &run->engines[i]->hists[k]);
	point->p50_us = testacc_hist_percentile(hist, 0.5) * us;
	point->p99_us = testacc_hist_percentile(hist, 0.99) * us;
	free(hist);
}

/** Queue pairs of the device; 0: as many as one likes. */
static uint32_t
most_queues(void)
{
	const struct testacc_device *device =
		testacc_device_find((uint8_t)testacc_settings.device);

	return device != NULL ? testacc_device_max_queue_pairs(device) : 0;
}

/** A run by testacc_settings. @return enum testacc_result */
static int
run_point(uint64_t ms, struct testacc_point *point)
{
	struct testacc_counters sum;
	struct testacc_run *run;
	int result = testacc_run_start(&run);
	bool is_lost;

	if (result != TESTACC_OK)
		return result;
	while (testacc_run_seconds(run) * 1e3 < (double)ms && !testacc_is_interrupted() &&
			!testacc_run_has_ended(run))
		rte_delay_us_sleep(TICK_MS * 1000);
	testacc_run_stop(run);
	testacc_counters_sum(run, &sum);
	testacc_rates_make(&sum, testacc_run_seconds(run), &point->rates);
	point->failed = sum.failed + sum.wrong;
	point->queues = run->nb_engines;
	point->most_queues = most_queues();
	take_latency(run, point);
	is_lost = run->is_lost;
	result = testacc_report_nothing(run);
	testacc_run_free(run);
	if (result != TESTACC_OK)
		return result;
	if (is_lost || point->failed > 0)
		return testacc_fail("the sweep ends here: %" PRIu64 " op%s failed%s", point->failed,
			testacc_plural(point->failed), is_lost ? ", and some never came back" : "");
	return testacc_is_interrupted() ? testacc_fail("interrupted") : TESTACC_OK;
}

static void
add_row(struct testacc_table *table, const struct testacc_point *point)
{
	testacc_table_count(table, point->value);
	testacc_table_number(table, 0, point->rates.ops);
	testacc_table_number(table, 3, point->rates.gbps);
	testacc_table_number(table, 1, point->p50_us);
	testacc_table_number(table, 1, point->p99_us);
	testacc_table_number(table, 1, point->rates.in_flight);
	testacc_table_number(table, 0, point->rates.cycles);
	testacc_table_number(table, 0, point->rates.empty * 100);
	testacc_table_number(table, 0, point->rates.full * 100);
}

static void
show_table(const struct sweep *sweep, const struct testacc_point *points, int count)
{
	struct testacc_table *table;
	char columns[160];
	int i;

	snprintf(columns, sizeof(columns), "%s,ops/s,Gb/s,p50 (us),p99 (us),in flight,"
		"cycles/op,empty (%%),full (%%)", sweep->name);
	table = testacc_table_new("sweep", columns);
	for (i = 0; i < count; i++)
		add_row(table, &points[i]);
	testacc_table_print(table);
}

static double
height(const struct sweep *sweep, const struct testacc_point *point)
{
	return sweep->by_bytes ? point->rates.gbps : point->rates.ops;
}

static double
find_most(const struct sweep *sweep, const struct testacc_point *points, int count)
{
	double most = 0;
	int i;

	for (i = 0; i < count; i++)
		most = RTE_MAX(most, height(sweep, &points[i]));
	return most;
}

/** The first that is about as good as any: more of it only costs latency. */
static int
find_best(const struct sweep *sweep, const struct testacc_point *points, int count)
{
	double most = find_most(sweep, points, count);
	int i;

	for (i = 0; i < count - 1 && height(sweep, &points[i]) < most * ABOUT; i++)
		;
	return i;
}

static void
show_plot(const struct sweep *sweep, const struct testacc_point *points, int count)
{
	double most = find_most(sweep, points, count);
	int i, k, len;

	if (testacc_options.is_json)
		return;
	printf("\n%s, %s\n", sweep->name, sweep->by_bytes ? "Gb/s" : "ops/s");
	for (i = 0; i < count; i++) {
		len = most > 0 ? (int)(height(sweep, &points[i]) / most * PLOT_WIDTH + 0.5) : 0;
		printf("%6" PRIu64 " |", points[i].value);
		for (k = 0; k < len; k++)
			putchar('#');
		printf(" %.*f\n", sweep->by_bytes ? 3 : 0, height(sweep, &points[i]));
	}
	printf("\n");
}

static void
show_verdict(const struct sweep *sweep, const struct testacc_point *point,
	const struct testacc_verdict *verdict)
{
	struct testacc_table *table;

	if (!testacc_options.is_json) {
		printf("best:     %s %" PRIu64 "\nlimit:    %s\nevidence: %s\nnext:     %s\n",
			sweep->name, point->value, testacc_limit_name(verdict->limit),
			verdict->evidence, verdict->next);
		return;
	}
	table = testacc_table_new("verdict", "setting,best,limit,evidence,next");
	testacc_table_text(table, "%s", sweep->name);
	testacc_table_count(table, point->value);
	testacc_table_text(table, "%s", testacc_limit_name(verdict->limit));
	testacc_table_text(table, "%s", verdict->evidence);
	testacc_table_text(table, "%s", verdict->next);
	testacc_table_print(table);
}

/** The best point with twice the depth: does the device wait for work? @return as run_point() */
static int
run_probe(uint64_t ms, struct testacc_point *probe)
{
	int result;

	testacc_settings.depth *= 2;
	testacc_progress("once more with depth %" PRIu64 ", to see what limits ...",
		testacc_settings.depth);
	result = run_point(ms, probe);
	testacc_progress_end(false);
	probe->value = testacc_settings.depth;
	return result;
}

/** Of a sweep of the depth the next point is that already, and the table shows it. */
static int
judge(const struct sweep *sweep, const struct testacc_point *points, int count, uint64_t ms)
{
	int at = find_best(sweep, points, count), result;
	const struct testacc_point *best = &points[at];
	struct testacc_point probe = { .value = 0 };
	struct testacc_settings settings;
	struct testacc_verdict verdict;

	*sweep->value = best->value;
	settings = testacc_settings;
	if (sweep->value == &testacc_settings.depth && at + 1 < count) {
		probe = points[at + 1];
	} else if (settings.depth * 2 <= TESTACC_MAX_DEPTH) {
		result = run_probe(ms, &probe);
		if (result != TESTACC_OK)
			return result;
	}
	testacc_limit_judge(&settings, best, &probe, &verdict);
	show_verdict(sweep, best, &verdict);
	return TESTACC_OK;
}

/** Where a device has fewer queue pairs, the sweep ends there. */
static uint64_t
last_value(const struct sweep *sweep)
{
	uint32_t most = sweep->value == &testacc_settings.queues ? most_queues() : 0;

	return most != 0 ? RTE_MIN(sweep->to, most) : sweep->to;
}

static int
run_sweep(const struct sweep *sweep, uint64_t ms)
{
	struct testacc_point points[MAX_POINTS] = { { 0 } };
	uint64_t value, last = last_value(sweep);
	int count = 0, result = TESTACC_OK;

	if (strcmp(sweep->name, "size") == 0)
		testacc_settings.nb_sizes = 1;
	for (value = sweep->from; value <= last && result == TESTACC_OK; value *= 2) {
		testacc_progress("%s %" PRIu64 " of up to %" PRIu64 " ...", sweep->name, value, last);
		*sweep->value = value;
		points[count].value = value;
		result = run_point(ms, &points[count]);
		count += result == TESTACC_OK;
	}
	testacc_progress_end(false);
	if (count == 0)
		return result;
	show_table(sweep, points, count);
	show_plot(sweep, points, count);
	return result != TESTACC_OK ? result : judge(sweep, points, count, ms);
}

int
testacc_sweep(const struct testacc_line *line)
{
	uint64_t ms = line->count > 2 ? strtoull(line->words[2], NULL, 10) * 1000 : POINT_MS;
	struct testacc_settings before = testacc_settings;
	int result = testacc_check_idle();
	size_t i;

	for (i = 0; result == TESTACC_OK && i < RTE_DIM(sweeps); i++)
		if (strcmp(sweeps[i].name, line->words[1]) == 0) {
			result = run_sweep(&sweeps[i], ms);
			break;
		}
	testacc_settings = before;
	return result;
}
