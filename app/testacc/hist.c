/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "hist.h"

void
testacc_hist_merge(struct testacc_hist *to, const struct testacc_hist *from)
{
	uint32_t i;

	to->count += from->count;
	for (i = 0; i < TESTACC_HIST_BINS; i++)
		to->bins[i] += from->bins[i];
}

double
testacc_hist_percentile(const struct testacc_hist *hist, double share)
{
	uint64_t wanted = (uint64_t)((double)hist->count * share), seen = 0;
	uint32_t i;

	if (hist->count == 0)
		return 0;
	if (wanted >= hist->count)
		wanted = hist->count - 1;
	for (i = 0; i < TESTACC_HIST_BINS; i++) {
		seen += hist->bins[i];
		if (seen > wanted)
			return testacc_hist_value(i);
	}
	return 0;
}
