/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef EMU_SERVE_H
#define EMU_SERVE_H

/**
 * @file
 * Devices and sockets of dpdk-hisi-emu, and the control thread's loop.
 */

#include <stdbool.h>

#include "emu_options.h"

struct emu;

/**
 * Make all devices and sockets. Says on stderr what is wrong.
 *
 * @param is_usage set when no machine could make them: the options are wrong
 * @return NULL when something is; nothing is left behind then
 */
struct emu *
emu_create(const struct emu_options *options, bool *is_usage);

void
emu_destroy(struct emu *emu);

/** Print what is served, one line per function. */
void
emu_print(const struct emu *emu);

/** Serve until @p signal_fd gives SIGINT or SIGTERM. @return false when serving failed */
bool
emu_run(struct emu *emu, int signal_fd);

#endif /* EMU_SERVE_H */
