/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef INSTR_H
#define INSTR_H

/**
 * @file
 * How many instructions a burst function spends per op: run by devtools/bench.sh under callgrind,
 * which counts only between two toggles, that is from the call of one of the two burst functions to
 * its return: first those of enqueue, then those of dequeue, with a dump of the counts behind each.
 *
 * instr_main.c measures, and knows no library; comp_instr.c and crypt_instr.c are one each.
 */

#include <stdbool.h>
#include <stdint.h>

#include <valgrind/callgrind.h>

#define INSTR_MAX_BURST 64

/** What the command line asks for. */
struct instr_options {
	const char *driver;
	const char *kind;	/**< of op, as the library names it */
	unsigned int size;	/**< plain bytes of an op */
	unsigned int segments;
	unsigned int burst;	/**< at most INSTR_MAX_BURST */
	unsigned int iterations;
	unsigned int wait_us;	/**< that the device needs for a burst */
};

/** A library's side of it: a device with one queue pair, and a burst of ops for it. */
struct instr_library {
	const char *program;
	const char *kinds;	/**< for the usage */
	void (*open)(const struct instr_options *options);
	/** The whole burst; between toggles. */
	uint16_t (*enqueue)(uint16_t count, bool counts);
	/** Behind the @p done ops that are back already; between toggles. */
	uint16_t (*dequeue)(uint16_t done, uint16_t count, bool counts);
	/** Status of an op that is back, 0: success. */
	int (*status)(uint16_t index);
	void (*close)(void);
};

/** The one of the program. */
extern const struct instr_library instr_library;

/** Right before a burst function is called, and right behind. */
static inline void
instr_toggle(bool counts)
{
	if (counts)
		CALLGRIND_TOGGLE_COLLECT;
}

#endif /* INSTR_H */
