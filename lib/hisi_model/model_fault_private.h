/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_FAULT_PRIVATE_H
#define MODEL_FAULT_PRIVATE_H

/**
 * @file
 * Between the rules of a plan (model_fault.c) and its actions (model_fault_action.c). The plan's
 * lock is held in all of these.
 */

#include "model_fault.h"

/** Give the control thread something to do; lost when far too much waits already. */
void
model_fault_push(struct model_fault_plan *plan, const struct model_fault_action *action);

/** The action of a rule that waits for a time. */
void
model_fault_set_timer(struct model_fault_plan *plan, const struct model_fault_entry *entry);

/** Forget what rules wanted; late mailbox commands and waiting queues go on. */
void
model_fault_forget_actions(struct model_fault_plan *plan);

#endif /* MODEL_FAULT_PRIVATE_H */
