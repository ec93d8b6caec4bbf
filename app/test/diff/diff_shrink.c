/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A failing case, made simpler as long as it still fails: each value as simple as it can be, or
 * else as near to that as halving gets it.
 */
#include <stdlib.h>

#include "diff_case.h"

struct shrink {
	diff_case_fails fails;
	void *arg;
	struct diff_case *best;
	char *why;
	size_t why_len;
};

/* Does @p c fail? Then it is the best so far. */
static bool
fails(struct shrink *shrink, const struct diff_case *c)
{
	if (!shrink->fails(shrink->arg, c, shrink->why, shrink->why_len))
		return false;
	*shrink->best = *c;
	return true;
}

static bool
try_value(struct shrink *shrink, int param, int64_t value)
{
	struct diff_case c = *shrink->best;

	c.value[param] = value;
	return fails(shrink, &c);
}

/* @return true: it became simpler */
static bool
shrink_param(struct shrink *shrink, int param)
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
diff_shrink(diff_case_fails fails_alone, void *arg, struct diff_case *c, char *why, size_t why_len)
{
	struct shrink shrink = { fails_alone, arg, c, why, why_len };
	struct diff_case start = *c;
	bool simpler = true;
	int round, i;

	if (!fails(&shrink, &start))
		return false;
	for (round = 0; simpler && round < 8; round++) {
		simpler = false;
		for (i = 0; i < diff_case_nb_params; i++)
			simpler |= shrink_param(&shrink, i);
	}
	return true;
}
