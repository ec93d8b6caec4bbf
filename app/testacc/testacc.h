/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_H
#define TESTACC_H

/**
 * @file
 * dpdk-testacc: what all of its parts share. Everything here belongs to the main lcore; only
 * testacc_is_interrupted() may be called from others.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Exit status of the program, and result of a command. */
enum testacc_result {
	TESTACC_OK = 0,
	TESTACC_FAILED = 1,	/**< a command failed; it said why */
	TESTACC_USAGE = 2,	/**< a word or value that was not expected; what was, was said */
	TESTACC_QUIT = -1,	/**< of a command only: leave the program */
};

/** What the command line asked for (options.c). */
struct testacc_options {
	const char *commands;		/**< -e, NULL: none */
	const char *command_file;	/**< --cmdline-file, NULL: none */
	const char *control;		/**< --control: socket of the model, NULL: none */
	bool is_interactive;		/**< -i: a prompt after the commands */
	bool is_json;			/**< --json */
};

extern struct testacc_options testacc_options;

/**
 * Read the arguments behind EAL's.
 *
 * @return 0; 1: --help was answered; -1 after one message
 */
int testacc_options_parse(int argc, char **argv);

/** Write what dpdk-testacc is called with, to stdout. */
void testacc_options_help(void);

/** One line to stderr, "dpdk-testacc: ...". @return TESTACC_FAILED */
int testacc_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** The same about a word that is wrong. @return TESTACC_USAGE */
int testacc_misused(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * Show how far something is, in place of what was shown before. It is for eyes: on a terminal only,
 * and no further than its edge.
 */
void testacc_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Characters of a line of the terminal that stdout is, 0: it is none. */
int testacc_window_width(void);

/** That line stays, or goes. Messages do it, so that they begin a line of their own. */
void testacc_progress_end(bool is_kept);

/** What is behind a noun of which there are @p count. */
static inline const char *
testacc_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/** Has somebody asked for the end of what goes on just now (^C, SIGTERM)? */
bool testacc_is_interrupted(void);

/** Forget ^C; SIGTERM stays. */
void testacc_clear_interrupt(void);

/** Is the program to end (SIGTERM, SIGHUP)? */
bool testacc_is_terminated(void);

#endif /* TESTACC_H */
