/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_INJECT_H
#define TESTACC_INJECT_H

/**
 * @file
 * The model's control socket (dpdk-hisi-emu --control=PATH).
 */

#include "parse.h"

/** inject <fault...>|list|clear */
int testacc_inject(const struct testacc_line *line);

/** Names of faults, as the model tells them. */
const char *testacc_fault_candidate(const struct testacc_line *line, int at, unsigned int index);

#endif /* TESTACC_INJECT_H */
