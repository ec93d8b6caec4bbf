/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_LOG_H
#define HISI_QM_LOG_H

/**
 * @file
 * Log type pmd.common.hisi_qm. A message names the device, what failed, the value and what to do.
 */

#include <rte_log.h>

extern int hisi_qm_logtype;

#define HISI_QM_LOG(level, fmt, ...) \
	rte_log(RTE_LOG_ ## level, hisi_qm_logtype, "HISI_QM: " fmt "\n", ## __VA_ARGS__)

/** The same with the device's name in front. */
#define HISI_QM_DEV_LOG(level, dev, fmt, ...) \
	HISI_QM_LOG(level, "%s: " fmt, (dev)->name, ## __VA_ARGS__)

#endif /* HISI_QM_LOG_H */
