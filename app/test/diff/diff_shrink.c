/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A failing case, made simpler as long as it still fails: each value as simple as it can be, or
 * else as near to that as halving gets it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"

struct shrink {
	struct diff_device *device;
	enum diff_spoil spoil;
	struct diff_case *best;
	char *why;
	size_t why_len;
};

/* Does @p c fail? Then it is the best so far. */
static bool
fails(struct shrink *shrink, const struct diff_case *c)
{
	struct diff_job *job = calloc(1, sizeof(*job));
	bool good;

	if (job == NULL)
		abort();
	job->c = *c;
	good = diff_run_alone(shrink->device, job, shrink->spoil);
	if (!good) {
		*shrink->best = *c;
		snprintf(shrink->why, shrink->why_len, "%s", job->why);
	}
	diff_job_free(job);
	return !good;
}

static bool
try_value(struct shrink *shrink, enum diff_param param, int64_t value)
{
	struct diff_case c = *shrink->best;

	c.value[param] = value;
	return fails(shrink, &c);
}

/* @return true: it became simpler */
static bool
shrink_param(struct shrink *shrink, enum diff_param param)
{
	int64_t good = diff_case_params[param].simplest, bad = shrink->best->value[param], middle;
	bool simpler = false;

	if (bad == good || diff_case_params[param].fixed)
		return false;
	if (try_value(shrink, param, good))
		return true;
	while (llabs(bad - good) > 1) {
		middle = good + (bad - good) / 2;
		if (try_value(shrink, param, middle)) {
			bad = middle;
			simpler = true;
		} else {
			good = middle;
		}
	}
	return simpler;
}

bool
diff_shrink(struct diff_device *device, struct diff_case *c, enum diff_spoil spoil, char *why,
	size_t why_len)
{
	struct diff_case start = *c;
	struct shrink shrink = { device, spoil, c, why, why_len };
	bool simpler = true;
	int round, i;

	if (!fails(&shrink, &start))
		return false;
	for (round = 0; simpler && round < 8; round++) {
		simpler = false;
		for (i = 0; i < DIFF_PARAMS; i++)
			simpler |= shrink_param(&shrink, i);
	}
	return true;
}
