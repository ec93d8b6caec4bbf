/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A case: an operation as a row of small numbers, all drawn from a seed and its number. What they
 * mean is the program's business.
 */
#ifndef DIFF_CASE_H
#define DIFF_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diff_random.h"

#define DIFF_MAX_PARAMS 48

struct diff_case {
	uint64_t seed;
	uint64_t number;
	int64_t value[DIFF_MAX_PARAMS];
};

struct diff_case_param {
	const char *name;
	int64_t simplest;
	bool fixed;	/* not to be made simpler */
};

/* The program's own. */
extern const struct diff_case_param diff_case_params[];
extern const int diff_case_nb_params;

/* Reads "name=value,...". @return false: an unknown name or a bad value */
bool diff_case_set(struct diff_case *c, const char *text);

/* Writes what differs from @p drawn as "name=value,...". */
void diff_case_difference(const struct diff_case *c, const struct diff_case *drawn, char *text,
	size_t len);

/* Random numbers of a case for one purpose. */
static inline struct diff_random
diff_case_random(const struct diff_case *c, uint64_t purpose)
{
	return diff_random_for(c->seed ^ (c->number * UINT64_C(0xa0761d6478bd642f)), purpose);
}

/* Does @p c fail, by itself? Then @p why says how. */
typedef bool (*diff_case_fails)(void *arg, const struct diff_case *c, char *why, size_t why_len);

/* Makes a failing case simpler as long as it fails. @return false: it does not fail alone */
bool diff_shrink(diff_case_fails fails, void *arg, struct diff_case *c, char *why, size_t why_len);

#endif /* DIFF_CASE_H */
