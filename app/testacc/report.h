/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_REPORT_H
#define TESTACC_REPORT_H

/**
 * @file
 * What a run did, in figures: from its counters to tables.
 */

#include "engine.h"

/** What counters say for a time. */
struct testacc_rates {
	double ops;		/**< 1/s */
	double gbps;		/**< of plain data, 1e9 bits a second */
	double ratio;		/**< plain bytes for each packed one, 0: nothing yet */
	double cycles;		/**< of the lcore in burst calls that moved ops, for each op */
	double busy;		/**< share of all cycles that those are */
	double empty;		/**< share of dequeue calls that gave nothing */
	double full;		/**< share of enqueue calls that did not take all */
	double starved;		/**< share of turns with nothing left to enqueue */
	double in_flight;	/**< mean, of a queue pair */
};

/** @param seconds that @p counters were counted in, more than 0 */
void testacc_rates_make(const struct testacc_counters *counters, double seconds,
	struct testacc_rates *rates);

/** Say so where nothing was taken in a run that has ended. @return enum testacc_result */
int testacc_report_nothing(const struct testacc_run *run);

/** Counters since the last call, on one line without its end, and since the start. */
void testacc_report_line(struct testacc_run *run, char *buf, size_t len);

/** The same as what a command shows. */
void testacc_report_rates(struct testacc_run *run);

/**
 * The summary of a run that was stopped.
 *
 * @return TESTACC_OK, or TESTACC_FAILED after a message: ops failed, were wrong, or never came back
 */
int testacc_report_summary(const struct testacc_run *run);

#endif /* TESTACC_REPORT_H */
