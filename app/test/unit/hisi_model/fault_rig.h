/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef FAULT_RIG_H
#define FAULT_RIG_H

/**
 * @file
 * A model under a fault plan, without workers: whoever tests is worker and control thread.
 */

#include <model_fault.h>
#include <model_queue.h>

#include "model_rig.h"

#define FAULT_RIG_DEPTH 16

struct fault_rig {
	struct rig rig;
	struct rig_queue q;
	struct model_fault_plan *plan;
	uint64_t src;
	uint64_t dst;
};

/** cmocka: a device with one VF, a plan, and queue 2 of the PF set up; and its end. */
int
fault_rig_setup(void **state);
int
fault_rig_teardown(void **state);

/** Install rules that are right. */
void
fault_rig_add(struct fault_rig *r, const char *text);

/** Hand over @p count requests. */
void
fault_rig_push(struct fault_rig *r, uint32_t count);

/** Hand over @p count requests and execute what can be executed now. */
void
fault_rig_put(struct fault_rig *r, uint32_t count);

/** The next completions are those of these SQEs, and there is no more. */
void
fault_rig_expect(struct fault_rig *r, const int *heads, uint32_t count);

#define EXPECT(r, ...) fault_rig_expect(r, (const int[]){ __VA_ARGS__ }, \
	sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

/** How often rule @p i, from 0, has fired. */
uint64_t
fault_rig_fired(struct fault_rig *r, uint32_t i);

void
fault_rig_wait_ms(uint32_t ms);

/** As the control thread of an emulator: wait for an action and carry it out. */
struct model_fault_action
fault_rig_carry_out(struct fault_rig *r);

/** Everything is well again: the queue is set up anew and works. */
void
fault_rig_expect_revival(struct fault_rig *r);

#endif /* FAULT_RIG_H */
