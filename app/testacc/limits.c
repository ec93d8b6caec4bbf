/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sweep.h"

/* A full ring now and then is none; a ring that is a limit is full most of the time. */
#define FULL_SHARE 0.05
/* An lcore that nearly always finds something has no time to wait for the device. */
#define EMPTY_SHARE 0.10
/* What differs less from run to run is noise. */
#define GAIN 1.10

const char *
testacc_limit_name(enum testacc_limit limit)
{
	static const char * const names[] = {
		[TESTACC_LIMIT_DESCRIPTORS] = "descriptors",
		[TESTACC_LIMIT_CPU] = "CPU",
		[TESTACC_LIMIT_IN_FLIGHT] = "too few in flight",
		[TESTACC_LIMIT_ENGINE] = "engine",
	};

	return names[limit];
}

/** More queue pairs while there are some, then deeper ones. */
static void
advise_descriptors(const struct testacc_settings *best, const struct testacc_point *point,
	char *buf, size_t len)
{
	uint64_t queues = point->queues * 2;

	if (point->most_queues != 0 && queues > point->most_queues)
		queues = point->most_queues;
	if (queues > point->queues)
		snprintf(buf, len, "set queues %" PRIu64, queues);
	else if (best->depth * 2 <= TESTACC_MAX_DEPTH)
		snprintf(buf, len, "set depth %" PRIu64, best->depth * 2);
	else
		snprintf(buf, len, "another device beside this one");
}

static void
judge_descriptors(const struct testacc_settings *best, const struct testacc_point *point,
	struct testacc_verdict *verdict)
{
	verdict->limit = TESTACC_LIMIT_DESCRIPTORS;
	snprintf(verdict->evidence, sizeof(verdict->evidence),
		"%.0f %% of the enqueue calls found no free descriptor, with %.0f ops in flight on a queue pair of depth %"
		PRIu64, point->rates.full * 100, point->rates.in_flight, best->depth);
	advise_descriptors(best, point, verdict->next, sizeof(verdict->next));
}

static void
judge_cpu(const struct testacc_point *point, struct testacc_verdict *verdict)
{
	verdict->limit = TESTACC_LIMIT_CPU;
	snprintf(verdict->evidence, sizeof(verdict->evidence),
		"only %.0f %% of the dequeue calls found nothing, each op costs %.0f cycles in burst calls: the lcores have no time to spare",
		point->rates.empty * 100, point->rates.cycles);
	snprintf(verdict->next, sizeof(verdict->next), "more worker lcores (-l), with set queues 0");
}

/** "depth 128 gave 50 % more ops/s than depth 64" */
static void
compare_depths(const struct testacc_settings *best, double gain, char *buf, size_t len)
{
	int percent = (int)((gain - 1) * 100 + (gain < 1 ? -0.5 : 0.5));
	int used = snprintf(buf, len, "depth %" PRIu64 " gave ", best->depth * 2);

	if (percent == 0)
		snprintf(buf + used, len - (size_t)used, "no more ops/s than depth %" PRIu64,
			best->depth);
	else
		snprintf(buf + used, len - (size_t)used, "%d %% %s ops/s than depth %" PRIu64,
			abs(percent), percent > 0 ? "more" : "fewer", best->depth);
}

static void
judge_depth(const struct testacc_settings *best, const struct testacc_point *point,
	const struct testacc_point *probe, struct testacc_verdict *verdict)
{
	double gain = point->rates.ops > 0 ? probe->rates.ops / point->rates.ops : 0;
	char depths[96];

	compare_depths(best, gain, depths, sizeof(depths));
	if (probe->value != 0 && gain > GAIN) {
		verdict->limit = TESTACC_LIMIT_IN_FLIGHT;
		snprintf(verdict->evidence, sizeof(verdict->evidence),
			"%s; %.0f %% of the dequeue calls found nothing", depths,
			point->rates.empty * 100);
		snprintf(verdict->next, sizeof(verdict->next), "set depth %" PRIu64,
			best->depth * 2);
		return;
	}
	verdict->limit = TESTACC_LIMIT_ENGINE;
	if (probe->value != 0)
		snprintf(verdict->evidence, sizeof(verdict->evidence),
			"%s, and %.0f %% of the dequeue calls found nothing: the lcores wait for the device",
			depths, point->rates.empty * 100);
	else
		snprintf(verdict->evidence, sizeof(verdict->evidence),
			"%.0f %% of the dequeue calls found nothing with %.0f ops in flight: the lcores wait for the device",
			point->rates.empty * 100, point->rates.in_flight);
	snprintf(verdict->next, sizeof(verdict->next),
		"another device beside this one; of a model, more workers (--workers)");
}

void
testacc_limit_judge(const struct testacc_settings *best, const struct testacc_point *point,
	const struct testacc_point *probe, struct testacc_verdict *verdict)
{
	if (point->rates.full > FULL_SHARE)
		judge_descriptors(best, point, verdict);
	else if (point->rates.empty < EMPTY_SHARE)
		judge_cpu(point, verdict);
	else
		judge_depth(best, point, probe, verdict);
}
