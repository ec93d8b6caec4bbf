/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_DEVICE_H
#define TESTACC_DEVICE_H

/**
 * @file
 * The devices there are, of each library. Users count them all together, compressdevs first; a
 * number stays a device's as long as the program runs, also when the device goes.
 */

#include <stdbool.h>
#include <stdint.h>

#define TESTACC_MAX_DEVICES 128
#define TESTACC_DEVICE_NAME_LEN 64

enum testacc_device_kind {
	TESTACC_COMPRESSDEV,
	TESTACC_CRYPTODEV,
};

struct testacc_device {
	enum testacc_device_kind kind;
	uint8_t id;		/**< of its library */
	char name[TESTACC_DEVICE_NAME_LEN];
};

/** The number that comes at place @p index of all that are there. @return false: not so many */
bool testacc_device_get(unsigned int index, uint8_t *number);

/** Device of that number, NULL: it is not there. */
const struct testacc_device *testacc_device_find(uint8_t number);

/** Is there a device of that number? */
bool testacc_device_exists(uint8_t number);

/** Its name, NULL: it is not there. */
const char *testacc_device_name(uint8_t number);

/** Say that there is no device of that number. @return TESTACC_FAILED */
int testacc_fail_absent(uint8_t number);

/** "compressdev", "cryptodev" */
const char *testacc_device_kind_name(enum testacc_device_kind kind);

/** Queue pairs that it has, and may have at most; 0: as many as one likes. */
uint16_t testacc_device_queue_pairs(const struct testacc_device *device);
uint32_t testacc_device_max_queue_pairs(const struct testacc_device *device);

/** Take what has come back on a queue pair that no engine polls, and throw it away. */
void testacc_device_poll(const struct testacc_device *device, uint16_t queue_pair);

/** Release the queue pairs that runs left, of all devices. */
void testacc_devices_shut(void);

/** Of one, by the id of its library: comp_device.c, crypto_device.c. */
void testacc_comp_device_shut(uint8_t dev_id);
void testacc_crypto_device_shut(uint8_t dev_id);

#endif /* TESTACC_DEVICE_H */
