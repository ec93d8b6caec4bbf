/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_ISOLATION_H
#define MODEL_ISOLATION_H

/**
 * @file
 * Doorbell isolation (qm.md 4.2): each queue of a function rings in a page of its own, in BAR4.
 *
 * What is not known of it (qm.md 10 item 11) is refused and logged: other sizes, other offsets, a
 * doorbell of another queue, doorbells of queues in BAR2.
 */

#include <stdint.h>

struct model_device;
struct model_function;

/** Bytes of a function's BAR4, a power of two; 0: isolation is off, there is no such BAR. */
uint32_t
model_isolation_bar_len(const struct model_device *dev);

/** Access to BAR4: reads are 0. @param offset offset + len <= model_isolation_bar_len() */
void
model_isolation_read(struct model_function *fn, uint32_t offset, void *buf, uint32_t len);
void
model_isolation_write(struct model_function *fn, uint32_t offset, const void *buf, uint32_t len);

#endif /* MODEL_ISOLATION_H */
