/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_HISI_H
#define TESTACC_HISI_H

/**
 * @file
 * What the hisi drivers have to say beyond compressdev (rte_pmd_hisi_accel.h).
 */

#include "parse.h"

/** show device <id> xstats, queues, errors, regs. Devices of other drivers are left out. */
int testacc_show_xstats(const uint8_t *ids, int count);
int testacc_show_queues(const uint8_t *ids, int count);
int testacc_show_errors(const uint8_t *ids, int count);
int testacc_show_regs(const uint8_t *ids, int count);

/** queue <n> dump|drain|reset, device <n> reset, mailbox history: hisi_control.c */
int testacc_queue(const struct testacc_line *line);
int testacc_device_reset(const struct testacc_line *line);
int testacc_mailbox(const struct testacc_line *line);

/** Is word @p at the number of a queue of the set device that is set up? */
bool testacc_queue_accept(const struct testacc_line *line, int at);
const char *testacc_queue_candidate(const struct testacc_line *line, int at, unsigned int index);

#endif /* TESTACC_HISI_H */
