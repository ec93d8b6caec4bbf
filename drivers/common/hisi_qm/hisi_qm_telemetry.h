/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_TELEMETRY_H
#define HISI_QM_TELEMETRY_H

/**
 * Register the telemetry commands /DRIVER/list, info, stats, queues, errors, ...
 *
 * They read only, in telemetry's own thread, and tell of the functions of this process: those of a
 * primary, whose queues secondary processes use and count in. A secondary has none to tell of,
 * because it cannot know when the primary takes one away. Called by a class whenever one of its
 * devices appears; the first call for a driver counts.
 *
 * @param driver name of the driver, as its struct hisi_qm_engine has it; a constant
 */
void hisi_qm_telemetry_register(const char *driver);

#endif /* HISI_QM_TELEMETRY_H */
