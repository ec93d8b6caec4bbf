/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_HIST_H
#define TESTACC_HIST_H

/**
 * @file
 * A histogram of durations in cycles: 16 steps for each power of two, so that what is read from it
 * is right to 3 %.
 */

#include <stdint.h>

#define TESTACC_HIST_STEPS_LOG2 4
#define TESTACC_HIST_STEPS (1 << TESTACC_HIST_STEPS_LOG2)
#define TESTACC_HIST_BINS ((64 - TESTACC_HIST_STEPS_LOG2 + 1) * TESTACC_HIST_STEPS)

struct testacc_hist {
	uint64_t count;
	uint64_t bins[TESTACC_HIST_BINS];
};

static inline uint32_t
testacc_hist_bin(uint64_t value)
{
	uint32_t shift;

	if (value < TESTACC_HIST_STEPS)
		return (uint32_t)value;
	shift = 63 - (uint32_t)__builtin_clzll(value) - TESTACC_HIST_STEPS_LOG2;
	return (shift + 1) * TESTACC_HIST_STEPS + (uint32_t)(value >> shift) - TESTACC_HIST_STEPS;
}

/** Middle of a bin. */
static inline double
testacc_hist_value(uint32_t bin)
{
	uint32_t shift;

	if (bin < TESTACC_HIST_STEPS)
		return bin;
	shift = bin / TESTACC_HIST_STEPS - 1;
	return ((double)(bin % TESTACC_HIST_STEPS + TESTACC_HIST_STEPS) + 0.5) *
		(double)(UINT64_C(1) << shift);
}

static inline void
testacc_hist_add(struct testacc_hist *hist, uint64_t value)
{
	hist->count++;
	hist->bins[testacc_hist_bin(value)]++;
}

/** Add @p from to @p to. */
void testacc_hist_merge(struct testacc_hist *to, const struct testacc_hist *from);

/** The value that @p share of all, 0 to 1, do not exceed; 0 where there are none. */
double testacc_hist_percentile(const struct testacc_hist *hist, double share);

#endif /* TESTACC_HIST_H */
