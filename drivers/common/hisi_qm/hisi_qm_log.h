/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_LOG_H
#define HISI_QM_LOG_H

/**
 * @file
 * Log type pmd.common.hisi_qm. A message names the device, what failed, the value and what to do.
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_log.h>

extern int hisi_qm_logtype;

#define HISI_QM_LOG(level, fmt, ...) \
	rte_log(RTE_LOG_ ## level, hisi_qm_logtype, "HISI_QM: " fmt "\n", ## __VA_ARGS__)

/** The same with the device's name in front. */
#define HISI_QM_DEV_LOG(level, dev, fmt, ...) \
	HISI_QM_LOG(level, "%s: " fmt, (dev)->name, ## __VA_ARGS__)

struct hisi_qm_dev;

/** Lines about what a device says or does: a hostile one must not fill a disk with them. */
struct hisi_qm_log_limit {
	const char *what;	/**< "asynchronous events" */
	uint32_t most;		/**< lines within a window of time */
	uint32_t lines;		/**< in this window, those kept back included */
	uint64_t since_tsc;
};

/**
 * May one more line be logged? Says so once per window when no more may be, and at the next window
 * how many were kept back. The caller holds the device's lock and counts whatever the answer.
 */
bool hisi_qm_log_may(const struct hisi_qm_dev *dev, struct hisi_qm_log_limit *limit);

/** HISI_QM_DEV_LOG within @p limit. */
#define HISI_QM_DEV_LOG_LIMITED(level, dev, limit, fmt, ...) \
	do { \
		if (hisi_qm_log_may(dev, limit)) \
			HISI_QM_DEV_LOG(level, dev, fmt, ## __VA_ARGS__); \
	} while (0)

/** May a step of bring-up say why it fails? Of the first one always: who starts it has to know. */
bool hisi_qm_log_may_tell(struct hisi_qm_dev *dev);

/** HISI_QM_DEV_LOG(ERR, ...) of a step of bring-up, which then says no more itself. */
#define HISI_QM_DEV_TELL(dev, fmt, ...) \
	do { \
		(dev)->told = true; \
		if (hisi_qm_log_may_tell(dev)) \
			HISI_QM_DEV_LOG(ERR, dev, fmt, ## __VA_ARGS__); \
	} while (0)

#endif /* HISI_QM_LOG_H */
