/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_DEVICE_H
#define TESTACC_DEVICE_H

/**
 * @file
 * The devices there are. Ids have gaps where devices were removed.
 */

#include <stdbool.h>
#include <stdint.h>

/** The device that comes at place @p index of all. @return false: there are not so many */
bool testacc_device_get(unsigned int index, uint8_t *id);

/** Is there a device of that id? */
bool testacc_device_exists(uint8_t id);

/** Release the queue pairs that a run left (comp_device.c). */
void testacc_comp_device_shut(uint8_t dev_id);

#endif /* TESTACC_DEVICE_H */
