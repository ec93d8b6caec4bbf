/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * What a command needs of the class of a device, where it knows nothing else of it: compression in
 * probe_class.c, crypto in crypt_probe_class.c.
 */
#ifndef PROBE_CLASS_H
#define PROBE_CLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "probe.h"

/* The burst calls. */
uint16_t probe_enqueue(uint8_t dev_id, uint16_t queue_pair, void **ops, uint16_t count);
uint16_t probe_dequeue(uint8_t dev_id, uint16_t queue_pair, void **ops, uint16_t count);
const char *probe_device_name(uint8_t dev_id);

/* A negative number: there is no such device. */
int probe_device_id(const char *name);
unsigned int probe_device_count(void);
void probe_device_close(uint8_t dev_id);

/* The number that an op carries where a driver has no business. */
uint64_t probe_op_number(const void *op);

/* An op over PROBE_DATA_LEN bytes that can be handed over again and again, with that number. */
void *probe_class_op(struct probe *probe, uint32_t number);
void probe_class_op_free(void *op);
void probe_class_op_reset(void *op);
/* As that, with new data, other ones for each serial, and none of it at the destination yet. */
void probe_class_op_refill(void *op, uint32_t serial);
bool probe_class_op_succeeded(const void *op);
/* Is the data of one that succeeded right? */
bool probe_class_op_is_right(const void *op);

/* Bytes that repeat themselves, but not much, in another way for each serial. */
static inline void
probe_fill(uint8_t *data, uint32_t len, uint32_t serial)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		data[i] = (uint8_t)((i * 31 + i / 7 * serial) >> 3) & 0x3f;
}

#endif /* PROBE_CLASS_H */
