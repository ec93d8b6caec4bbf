/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_SELF_H
#define MODEL_SELF_H

/**
 * @file
 * The program as driver of its own PF, so that a VF works without anybody else (qm.md 6.2, 6.3),
 * or beside the PF's driver.
 */

#include <stdbool.h>
#include <stdint.h>

struct model_device;
struct model_function;

/** Where a reset of the PF by the model's own driver is. */
enum model_self_phase {
	MODEL_SELF_IDLE,
	MODEL_SELF_PREPARING, /**< VFs stop and say so */
	MODEL_SELF_STARTING,  /**< it is done, VFs start again and say so */
};

/** State of the model's own PF driver. Control thread. */
struct model_self {
	enum model_self_phase phase;
	uint64_t waiting;     /**< VFs whose answer is to come, a bit per function number */
	uint64_t deadline_ns; /**< by model_now_ns() */
};

/** Bring the PF up and give each VF config.vf_queues queues, through registers as a driver does. */
void
model_self_start(struct model_device *dev);

/** A VF was reset: if a fatal error stopped the device, play the PF driver's reset. Gate closed. */
void
model_self_recover(struct model_device *dev);

/**
 * The PF's driver has written its own VFT entry: give each VF without queues config.vf_queues of
 * the device's last ones, unless the PF has them. What no chip does: a firmware's part, played for
 * a driver that sees no VF. Gate closed.
 */
void
model_self_assign(struct model_device *dev);

/** Is there an own PF driver, and a way to tell VFs? */
bool
model_self_can_reset(const struct model_device *dev);

/**
 * The own PF driver begins to reset its PF: tells the VFs to stop (qm.md 6.8, 6.12).
 *
 * @return true: model_self_reset_step() every few ms from now on; false: it does so already, or
 *         cannot
 */
bool
model_self_reset(struct model_device *dev);

/** Go on with the reset, if the VFs have answered. @return false when it is over */
bool
model_self_reset_step(struct model_device *dev);

/** A VF rang the own PF driver. Gate closed. */
void
model_self_hear(struct model_function *vf);

#endif /* MODEL_SELF_H */
