/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef FAKE_MAILBOX_H
#define FAKE_MAILBOX_H

/**
 * @file
 * The mailbox of the fake bus (qm.md 3). The caller holds the bus's lock.
 */

#include "fake_bus.h"

/** What a read of the 16 bytes returns. */
void fake_mailbox_read(struct fake_bus *fake, struct hisi_qm_mailbox *mb);

/** Keep a message that the driver sent. */
void fake_sent(struct fake_bus *fake, uint16_t target, uint64_t message);

/** Carry out a command that was written, as the rules say. */
void fake_mailbox_write(struct fake_bus *fake, const struct hisi_qm_mailbox *mb);

#endif /* FAKE_MAILBOX_H */
