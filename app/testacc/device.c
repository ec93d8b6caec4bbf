/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <rte_compressdev.h>

#include "device.h"

/** Of all drivers: the library compares the beginning of a driver's name. */
static uint8_t
list_devices(uint8_t *ids)
{
	return rte_compressdev_devices_get("", ids, RTE_COMPRESS_MAX_DEVS);
}

bool
testacc_device_get(unsigned int index, uint8_t *id)
{
	uint8_t ids[RTE_COMPRESS_MAX_DEVS];

	if (index >= list_devices(ids))
		return false;
	*id = ids[index];
	return true;
}

bool
testacc_device_exists(uint8_t id)
{
	uint8_t other;
	unsigned int i;

	for (i = 0; testacc_device_get(i, &other); i++)
		if (other == id)
			return true;
	return false;
}
