/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_MAILBOX_H
#define MODEL_MAILBOX_H

/**
 * @file
 * The mailbox: one engine for the whole device (qm.md 3).
 */

#include <stdbool.h>
#include <stdint.h>

#include <hisi_qm_mailbox.h>

struct model_function;

/**
 * Status codes of HISI_QM_MB_STATUS. Only "not 0 is a failure" is known (qm.md 10 item 2); the
 * numbers are invented, so that a log tells why.
 */
enum model_mailbox_status {
	MODEL_MB_OK = 0,
	MODEL_MB_UNKNOWN_COMMAND = 1,
	MODEL_MB_BAD_QUEUE = 2,   /**< outside the function's VFT entry */
	MODEL_MB_BAD_ADDRESS = 3, /**< misaligned, or refused by the DMA map */
	MODEL_MB_BAD_CONTEXT = 4, /**< a field that cannot be */
	MODEL_MB_NOT_SET = 5,     /**< get of a context that was never set */
	MODEL_MB_NOT_DRAINED = 6, /**< stop: completions cannot be written */
	MODEL_MB_HALTED = 7,      /**< the device takes no DMA until it is reset */
};

/** What a function has written of its next command. */
struct model_mailbox_latch {
	struct hisi_qm_mailbox words;
	bool is_late; /**< a fault rule lets the command wait; model_mailbox_resume() runs it */
};

/** Is @p offset one of the 16 bytes? */
static inline bool
model_mailbox_contains(uint32_t offset)
{
	return offset - 0x300 < sizeof(struct hisi_qm_mailbox);
}

/**
 * Write 4, 8 or 16 bytes at @p offset, all inside the mailbox. The command runs, and is finished,
 * when the last word has been written with busy set (qm.md 3.5). Gate closed.
 */
void
model_mailbox_write(struct model_function *fn, uint32_t offset, const void *buf, uint32_t len);

/** The time of a command that waits is over; nothing without one. Control thread. */
void
model_mailbox_resume(struct model_function *fn);

/** Word of the device's mailbox at @p offset. */
uint32_t
model_mailbox_read(struct model_function *fn, uint32_t offset);

/** Forget a half-written or late command of this function. */
void
model_mailbox_reset(struct model_function *fn);

#endif /* MODEL_MAILBOX_H */
