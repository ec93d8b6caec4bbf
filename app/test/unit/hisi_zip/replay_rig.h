/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef REPLAY_RIG_H
#define REPLAY_RIG_H

/**
 * @file
 * A device that is stopped with operations in it, and given them again (on_error=replay). The
 * test's device writes the first byte of an operation's source over the destination.
 */

#include "zip_rig.h"

#define REPLAY_OPS 24
#define REPLAY_SRC_LEN 100
#define REPLAY_DST_LEN 300
/** What an answer of the device says: bytes with V2's trailer. */
#define REPLAY_PRODUCED 50

extern struct zip_op replay_ops[REPLAY_OPS];

/** cmocka: replay_ops not used yet, a device of V3 or V2 with a queue pair of 32. */
int replay_setup(void **state);
int replay_setup_v2(void **state);
/** Checks that no list has leaked. */
int replay_teardown(void **state);

/** Operations that the test has initialised itself. */
void replay_adopt(uint32_t first, uint32_t count);
/** Hand over @p count operations from @p first on, of xform @p xform; each with its own source. */
void replay_send(struct zip_rig *zip, uint32_t first, uint32_t count, void *xform);
/** The number of the operation in the slot of SQE count @p count, by its destination. */
uint32_t replay_which(struct zip_rig *zip, uint16_t qn, uint32_t count);
/** The device writes half of a destination, as one that is stopped then. */
void replay_write_half(uint32_t which);
/** The device carries out what it has got, but the operation @p killer. @return how many */
uint32_t replay_answer(struct zip_rig *zip, uint16_t qn, uint32_t killer);
/** Trouble: a look that stops the queue, and what dequeue gives then. */
uint32_t replay_stop(struct zip_rig *zip, uint16_t qn);
/** Looks, answers and bursts until nothing is in flight or @p killer has been reached. */
void replay_go_on(struct zip_rig *zip, uint16_t qn, uint32_t killer);
/** Operations [first, first + count) are back once, successful, with the right data. */
void replay_check_done(const struct zip_rig *zip, uint32_t first, uint32_t count);
/** One is back once, with the error of an operation that was stopped. */
void replay_check_failed(uint32_t which);
uint64_t replay_refused(struct zip_rig *zip, uint16_t qn, enum hisi_qm_replay_refusal refusal);
/** The number that dequeue gave as the @p n-th. */
uint32_t replay_returned(uint32_t n);

/** None. */
#define REPLAY_NO_KILLER UINT32_MAX

#endif /* REPLAY_RIG_H */
