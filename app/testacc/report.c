/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "report.h"
#include "table.h"

static double
share(uint64_t part, uint64_t whole)
{
	return whole != 0 ? (double)part / (double)whole : 0;
}

void
testacc_rates_make(const struct testacc_counters *counters, double seconds,
	struct testacc_rates *rates)
{
	rates->ops = (double)counters->ops / seconds;
	rates->gbps = (double)counters->plain_bytes * 8 / seconds / 1e9;
	rates->ratio = share(counters->plain_bytes, counters->packed_bytes);
	rates->cycles = share(counters->work_cycles, counters->ops);
	rates->busy = share(counters->work_cycles, counters->all_cycles);
	rates->empty = share(counters->dequeue_empty, counters->dequeue_calls);
	rates->full = share(counters->enqueue_full, counters->enqueue_calls);
	rates->starved = share(counters->starved, counters->dequeue_calls);
	rates->in_flight = share(counters->in_flight, counters->dequeue_calls);
}

/** Of the time since the last call; of the run so far are then told and told_seconds. */
static void
take_rates(struct testacc_run *run, struct testacc_rates *rates)
{
	struct testacc_counters now, since;
	double seconds = testacc_run_seconds(run);

	testacc_counters_sum(run, &now);
	since = now;
	since.ops -= run->told.ops;
	since.plain_bytes -= run->told.plain_bytes;
	since.packed_bytes -= run->told.packed_bytes;
	testacc_rates_make(&since, RTE_MAX(seconds - run->told_seconds, 1e-6), rates);
	run->told = now;
	run->told_seconds = seconds;
}

void
testacc_report_line(struct testacc_run *run, char *buf, size_t len)
{
	struct testacc_rates rates;
	char ratio[32] = "";

	take_rates(run, &rates);
	/* What a cipher makes is as long as what it took. */
	if (run->class->kind == TESTACC_COMPRESSDEV)
		snprintf(ratio, sizeof(ratio), "  ratio %.2f", rates.ratio);
	snprintf(buf, len, "%6.1f s  %10.0f ops/s  %7.3f Gb/s%s  failed %" PRIu64 "  wrong %" PRIu64,
		run->told_seconds, rates.ops, rates.gbps, ratio, run->told.failed, run->told.wrong);
}

void
testacc_report_rates(struct testacc_run *run)
{
	struct testacc_table *table;
	struct testacc_rates rates;
	char text[160];

	if (!testacc_options.is_json) {
		testacc_report_line(run, text, sizeof(text));
		printf("%s\n", text);
		return;
	}
	take_rates(run, &rates);
	table = testacc_table_new("rates", "seconds,ops/s,Gb/s,ratio,failed,wrong");
	testacc_table_number(table, 1, run->told_seconds);
	testacc_table_number(table, 0, rates.ops);
	testacc_table_number(table, 3, rates.gbps);
	testacc_table_number(table, 2, rates.ratio);
	testacc_table_count(table, run->told.failed);
	testacc_table_count(table, run->told.wrong);
	testacc_table_print(table);
}

static void
add_latency(struct testacc_table *table, const struct testacc_hist *hist)
{
	static const double shares[] = { 0.5, 0.99, 0.999 };
	double us = 1e6 / (double)rte_get_tsc_hz();
	size_t i;

	for (i = 0; i < RTE_DIM(shares); i++)
		testacc_table_number(table, 1, testacc_hist_percentile(hist, shares[i]) * us);
}

static void
report_latencies(const struct testacc_run *run)
{
	struct testacc_table *table = testacc_table_new("latency",
		"size (bytes),ops,p50 (us),p99 (us),p99.9 (us)");
	struct testacc_hist *hist = malloc(sizeof(*hist));
	unsigned int i;
	uint64_t k;

	for (k = 0; hist != NULL && k < run->settings.nb_sizes; k++) {
		memset(hist, 0, sizeof(*hist));
		for (i = 0; i < run->nb_engines; i++)
			testacc_hist_merge(hist, &run->engines[i]->hists[k]);
		testacc_table_count(table, run->settings.sizes[k]);
		testacc_table_count(table, hist->count);
		add_latency(table, hist);
	}
	free(hist);
	testacc_table_print(table);
}

static void
report_totals(const struct testacc_run *run, const struct testacc_counters *sum)
{
	struct testacc_table *table = testacc_table_new("summary",
		"op,seconds,queue pairs,ops,ops/s,Gb/s,ratio,cycles/op,failed,wrong");
	struct testacc_rates rates;
	double seconds = testacc_run_seconds(run);

	testacc_rates_make(sum, seconds, &rates);
	testacc_table_text(table, "%s", run->class->name);
	testacc_table_number(table, 2, seconds);
	testacc_table_count(table, run->nb_engines);
	testacc_table_count(table, sum->ops);
	testacc_table_number(table, 0, rates.ops);
	testacc_table_number(table, 3, rates.gbps);
	testacc_table_number(table, 2, rates.ratio);
	testacc_table_number(table, 0, rates.cycles);
	testacc_table_count(table, sum->failed);
	testacc_table_count(table, sum->wrong);
	testacc_table_print(table);
}

/** Of the first engine that gave up. */
static int
report_end(const struct testacc_run *run)
{
	const struct testacc_engine *engine;
	unsigned int i;

	for (i = 0; i < run->nb_engines; i++) {
		engine = run->engines[i];
		switch (atomic_load(&engine->give_up)) {
		case TESTACC_ONLY_ERRORS:
			return testacc_fail("queue pair %u returned nothing but errors (%s) and was given up; 'show device %u errors' may say why",
				engine->queue_pair, run->class->status_name(engine->last_status),
				(unsigned int)run->settings.device);
		case TESTACC_STALLED:
			return testacc_fail("queue pair %u: nothing came back for long, with %u op%s under way; it was given up, and their memory is left to the device",
				engine->queue_pair, engine->nb_in_flight,
				testacc_plural(engine->nb_in_flight));
		default:
			break;
		}
	}
	if (run->is_lost)
		return testacc_fail("some ops never came back; their memory is left to the device");
	return TESTACC_OK;
}

static const char *
last_status(const struct testacc_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nb_engines; i++)
		if (run->engines[i]->counters.failed > 0)
			return run->class->status_name(run->engines[i]->last_status);
	return "none";
}

/** Ops that came back behind the end count, too: what was slow was taken. */
static bool
has_moved(const struct testacc_run *run)
{
	unsigned int i;
	uint64_t k;

	for (i = 0; i < run->nb_engines; i++)
		for (k = 0; k < run->settings.nb_sizes; k++)
			if (run->engines[i]->hists[k].count > 0)
				return true;
	return run->is_lost;
}

/** A run may end before its lcores began. */
static bool
has_tried(const struct testacc_run *run)
{
	struct testacc_counters sum;

	testacc_counters_sum(run, &sum);
	return sum.enqueue_calls > 0;
}

int
testacc_report_nothing(const struct testacc_run *run)
{
	unsigned int number = (unsigned int)run->settings.device;

	if (has_moved(run) || !has_tried(run))
		return TESTACC_OK;
	return testacc_fail("device %u took no op: it is away just now, or does not do what 'show config' says, in size, sgl or lengths; 'show device %u caps' lists what it can",
		number, number);
}

int
testacc_report_summary(const struct testacc_run *run)
{
	struct testacc_counters sum;
	int result;

	testacc_counters_sum(run, &sum);
	report_totals(run, &sum);
	report_latencies(run);
	result = report_end(run);
	if (result == TESTACC_OK && sum.failed > 0)
		result = testacc_fail("%" PRIu64 " op%s failed, the last with status '%s'",
			sum.failed, testacc_plural(sum.failed), last_status(run));
	if (result == TESTACC_OK)
		result = testacc_report_nothing(run);
	if (sum.wrong > 0)
		result = testacc_fail("%" PRIu64 " op%s gave wrong results", sum.wrong,
			testacc_plural(sum.wrong));
	return result;
}
