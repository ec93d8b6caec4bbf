/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>

#include <rte_cycles.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/* Within so long a limit lets so many lines through as it says. */
#define LIMIT_WINDOW_S 10

bool
hisi_qm_log_may(const struct hisi_qm_dev *dev, struct hisi_qm_log_limit *limit)
{
	uint64_t now = rte_get_timer_cycles();

	if (limit->lines == 0 || now - limit->since_tsc > LIMIT_WINDOW_S * rte_get_timer_hz()) {
		if (limit->lines > limit->most)
			HISI_QM_DEV_LOG(WARNING, dev, "%" PRIu32 " %s were not logged",
				limit->lines - limit->most, limit->what);
		limit->since_tsc = now;
		limit->lines = 0;
	}
	if (++limit->lines <= limit->most)
		return true;
	if (limit->lines == limit->most + 1)
		HISI_QM_DEV_LOG(WARNING, dev, "more than %" PRIu32 " %s within %d s; further ones are counted, not logged",
			limit->most, limit->what, LIMIT_WINDOW_S);
	return false;
}

/* Queues are there once bring-up has worked. */
bool
hisi_qm_log_may_tell(struct hisi_qm_dev *dev)
{
	return dev->qps == NULL || hisi_qm_log_may(dev, &dev->recovery_lines);
}
