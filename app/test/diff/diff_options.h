/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * The command line of the differential tests, and how a case is called back by it.
 */
#ifndef DIFF_OPTIONS_H
#define DIFF_OPTIONS_H

#include "diff_case.h"
#include "diff_pump.h"

struct diff_options {
	const char *driver;
	const char *set;
	const char *spoil_name;
	enum diff_spoil spoil;
	uint64_t seed;
	uint64_t count;
	int64_t only;
	uint32_t depth;
	bool keep_going;
	bool churn;
};

/* @return false: usage was printed */
bool diff_options_parse(struct diff_options *options, int argc, char **argv);

/* The arguments that bring @p c back, which was @p drawn at first; those of EAL and of the device
 * are the caller's. */
void diff_options_print_reproducer(const struct diff_options *options, const struct diff_case *c,
	const struct diff_case *drawn, const char *why);

/* A case that fails in company only. */
void diff_options_print_company(const struct diff_options *options);

#endif /* DIFF_OPTIONS_H */
