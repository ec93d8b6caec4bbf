/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A preload shim: naps last longer, HISI_PATIENCE times (12). dpdk-test gives a burst nine naps of
 * 10 ms in all, operations of 8 MB included, which is about what ISA-L takes for those on an idle
 * machine.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 12
#define NS_PER_US 1000L

int
usleep(useconds_t us)
{
	const char *patience = getenv("HISI_PATIENCE");
	long long ns = (long long)us * NS_PER_US * (patience ? atoi(patience) : PATIENCE);
	struct timespec nap = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };

	return nanosleep(&nap, NULL);
}
