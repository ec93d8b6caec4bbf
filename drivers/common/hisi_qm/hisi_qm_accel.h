/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_ACCEL_H
#define HISI_QM_ACCEL_H

/**
 * @file
 * What the files behind rte_pmd_hisi_accel.h share.
 */

#include "hisi_qm_dev.h"
#include "rte_pmd_hisi_accel.h"

/**
 * Find a function of this process and take its lock. It stays until hisi_qm_accel_leave().
 *
 * @return NULL: there is none
 */
struct hisi_qm_dev *hisi_qm_accel_enter(const char *device);
void hisi_qm_accel_leave(struct hisi_qm_dev *dev);

/** The queue of that number, NULL: it is not set up. */
struct hisi_qm_qp *hisi_qm_accel_queue(struct hisi_qm_dev *dev, uint16_t queue);

#endif /* HISI_QM_ACCEL_H */
