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

struct model_device;

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

#endif /* MODEL_SELF_H */
