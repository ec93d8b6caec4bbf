/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef FAKE_QUEUE_H
#define FAKE_QUEUE_H

/**
 * @file
 * The device's side of a queue: looks at doorbells, posts completions, and keeps watch over the
 * rules of qm.md 5.9.
 */

#include "fake_bus.h"

/** Depth that the SQC says. */
uint32_t fake_queue_depth(const struct fake_bus *fake, uint16_t qn);

/** The slot of SQE count @p count. */
void *fake_queue_sqe(struct fake_bus *fake, uint16_t qn, uint32_t count);

/**
 * Look at both doorbells, as the device would.
 *
 * Fails the test if a doorbell names another queue, command or tag, an index beyond the depth, or
 * if un-acknowledged CQEs plus outstanding SQEs exceed depth - 1.
 *
 * @return SQEs that were handed over and not completed
 */
uint32_t fake_queue_look(struct fake_bus *fake, uint16_t qn);

/** Post the CQE of SQE count @p count. */
void fake_queue_complete(struct fake_bus *fake, uint16_t qn, uint32_t count);

/** Post a CQE that says what @p sq_head and @p sq_num say. */
void fake_queue_post(struct fake_bus *fake, uint16_t qn, uint16_t sq_head, uint16_t sq_num);

/** Write an entry into the AEQ (qm.md 5.7) at @p index with @p phase. */
void fake_aeqe(struct fake_bus *fake, uint32_t index, uint32_t phase, uint32_t type,
	uint16_t queue);

#endif /* FAKE_QUEUE_H */
