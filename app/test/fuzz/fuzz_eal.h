/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef FUZZ_EAL_H
#define FUZZ_EAL_H

/**
 * @file
 * EAL for a fuzz target: no hugepages, no devices, no files, no log, no waiting. Memory that the
 * drivers get of rte_malloc is the heap's (the linker wraps those functions), so that the sanitizer
 * watches its borders.
 */

/** Start EAL, once per program. */
void
fuzz_eal_start(void);

#endif /* FUZZ_EAL_H */
