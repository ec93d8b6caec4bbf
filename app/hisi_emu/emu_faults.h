/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef EMU_FAULTS_H
#define EMU_FAULTS_H

/**
 * @file
 * Fault plans of --fault, and what the control thread does of what a plan wants.
 */

#include <model_endpoint.h>
#include <model_fault.h>

#include "emu_options.h"

/** A function's endpoint, or NULL. */
typedef struct model_endpoint *
(*emu_find_endpoint)(void *opaque, const struct model_function *fn);

/** Install what --fault gave. Says on stderr what is wrong, and the seed when it was drawn. */
bool
emu_faults_install(struct model_fault_plan *plan, const struct emu_options *options);

/** Carry out all that is due. */
void
emu_faults_run(struct model_fault_plan *plan, emu_find_endpoint find, void *opaque);

#endif /* EMU_FAULTS_H */
