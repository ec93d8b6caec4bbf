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
int testacc_clear_stats(const struct testacc_line *line);

/* show.c: of the process */
int testacc_show_mem(const struct testacc_line *line);
int testacc_show_lcores(const struct testacc_line *line);

/* start.c */
int testacc_start(const struct testacc_line *line);
int testacc_stop(const struct testacc_line *line);
int testacc_show_rates(const struct testacc_line *line);
int testacc_wait(const struct testacc_line *line);
bool testacc_is_idle(void);
/** For commands that need the device to themselves. @return TESTACC_OK or after a message */
int testacc_check_idle(void);
/** Stop what still runs at the end of the program. @return enum testacc_result */
int testacc_start_end(void);

/* file.c, check.c */
int testacc_run_file_through(const struct testacc_line *line);
int testacc_check_file(const struct testacc_line *line);

/* doctor.c */
int testacc_doctor_command(const struct testacc_line *line);

/* sweep.c */
int testacc_sweep(const struct testacc_line *line);

#endif /* TESTACC_COMMANDS_H */
