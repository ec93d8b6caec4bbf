/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_COMMANDS_H
#define TESTACC_COMMANDS_H

/**
 * @file
 * What the commands do, by file. Each takes a line that fits its syntax in commands.c and returns
 * an enum testacc_result.
 */

#include "parse.h"

/* help.c */
int testacc_help(const struct testacc_line *line);
int testacc_quit(const struct testacc_line *line);

/* show_device.c: show device <device> [what] */
int testacc_show_device(const struct testacc_line *line);

#endif /* TESTACC_COMMANDS_H */
