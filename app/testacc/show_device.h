/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_SHOW_DEVICE_H
#define TESTACC_SHOW_DEVICE_H

#include "device.h"
#include "table.h"

/** A row for each symmetric algorithm of a cryptodev (show_crypto.c). */
void testacc_add_crypto_caps(struct testacc_table *table, uint8_t number,
	const struct testacc_device *device);

#endif /* TESTACC_SHOW_DEVICE_H */
