/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_SWEEP_H
#define TESTACC_SWEEP_H

/**
 * @file
 * One setting after the other, and what they all run against.
 */

#include "report.h"

/** A short run with one value. */
struct testacc_point {
	uint64_t value;
	struct testacc_rates rates;
	double p50_us, p99_us;
	uint64_t failed;	/**< ops that failed or were wrong */
	uint64_t queues;	/**< queue pairs that ran */
	uint64_t most_queues;	/**< that the device has; 0: as many as one likes */
};

enum testacc_limit {
	TESTACC_LIMIT_DESCRIPTORS,	/**< the rings have no room for more */
	TESTACC_LIMIT_CPU,		/**< the lcores have no time for more */
	TESTACC_LIMIT_IN_FLIGHT,	/**< the device waits for work */
	TESTACC_LIMIT_ENGINE,		/**< the device has all it can do */
};

/** What binds, by what one saw. */
struct testacc_verdict {
	enum testacc_limit limit;
	char evidence[256];
	char next[160];		/**< setting to try */
};

/**
 * Which limit binds at the best point of a sweep?
 *
 * @param best settings of @p point
 * @param probe the same with twice the depth, value 0: could not be run
 */
void testacc_limit_judge(const struct testacc_settings *best, const struct testacc_point *point,
	const struct testacc_point *probe, struct testacc_verdict *verdict);

const char *testacc_limit_name(enum testacc_limit limit);

#endif /* TESTACC_SWEEP_H */
