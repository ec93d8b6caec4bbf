/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TEST_EAL_H
#define TEST_EAL_H

/**
 * @file
 * EAL for a unit test: no hugepages, no devices, nothing left behind; and what the drivers log.
 */

/** Value of a meson test that could not run. */
#define TEST_SKIPPED 77

/**
 * Start EAL with its log captured.
 *
 * @param name of the test, for the message
 * @return 0; TEST_SKIPPED where a CPU is emulated and EAL does not start on it; 1: failed
 */
int test_eal_start(const char *name);

/** Stop EAL and remove its run-time folder. Shows the log if @p result is not 0; returns it. */
int test_eal_stop(int result);

/** Forget what was logged so far. */
void test_log_forget(void);

/** How often @p text was logged since test_log_forget(). */
unsigned int test_log_count(const char *text);

#endif /* TEST_EAL_H */
