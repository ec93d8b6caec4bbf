/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>

#include "hisi_qm_accel.h"
#include "hisi_qm_capture.h"
#include "hisi_qm_dump.h"

/* rte_pmd_hisi_accel.h: the flight recorder, and captures of what it holds. */

int
rte_pmd_hisi_accel_recorder_dump(const char *device, const char *path, char *written,
	unsigned int size)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	int ret;

	if (dev == NULL)
		return -ENODEV;
	ret = hisi_qm_dump_to(dev, "somebody asked for it", path, written, size);
	hisi_qm_accel_leave(dev);
	return ret;
}

int
rte_pmd_hisi_accel_recorder_on_signal(void)
{
	return hisi_qm_dump_on_signal();
}

int
rte_pmd_hisi_accel_capture_start(const char *device, int queue, const char *path)
{
	return device != NULL && path != NULL ? hisi_qm_capture_start(device, queue, path) :
		-EINVAL;
}

int
rte_pmd_hisi_accel_capture_stop(struct rte_pmd_hisi_accel_capture *counts)
{
	struct rte_pmd_hisi_accel_capture unused;

	counts = counts != NULL ? counts : &unused;
	return hisi_qm_capture_stop(&counts->packets, &counts->lost);
}
