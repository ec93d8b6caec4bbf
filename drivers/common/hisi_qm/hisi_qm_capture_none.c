/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>

#include <rte_common.h>

#include "hisi_qm_capture.h"

/* A build without libpcap. */

int
hisi_qm_capture_start(const char *device, int queue, const char *path)
{
	RTE_SET_USED(device);
	RTE_SET_USED(queue);
	RTE_SET_USED(path);
	return -ENOTSUP;
}

int
hisi_qm_capture_stop(uint64_t *packets, uint64_t *lost)
{
	*packets = 0;
	*lost = 0;
	return -ENOENT;
}
