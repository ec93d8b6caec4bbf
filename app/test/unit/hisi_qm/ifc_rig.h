/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef IFC_RIG_H
#define IFC_RIG_H

/**
 * @file
 * A function that gets messages of the other functions of its device (qm.md 6.12).
 */

#include "rig.h"

#define IFC_OPS 8
#define IFC_VERSIONS 3
#define IFC_FLR_PREPARE 1
#define IFC_SRST_PREPARE 2
#define IFC_RESET_DONE 3

extern struct rig_op ifc_ops[IFC_OPS];
/** Generations that have messages. */
extern const uint8_t ifc_versions[IFC_VERSIONS];

/** A function, looked at by hand, with IFC_OPS operations that the device does not complete. */
struct rig *ifc_open(bool is_vf, uint8_t version, uint32_t vfs, struct hisi_qm_qp **qp);
void ifc_close(struct rig *rig, struct hisi_qm_qp *qp);

/** A message with its interrupt (qm.md 1.4: vector 2), and a look of the control thread. */
void ifc_deliver(struct rig *rig, uint16_t source, uint64_t message);

/** The driver's message number @p nth was this; registers of V4 name no target. */
void ifc_check_sent(const struct rig *rig, uint32_t nth, uint16_t target, uint64_t message);

/** Function resets since the log was forgotten. */
uint32_t ifc_resets(struct rig *rig);

/** The message was acknowledged, and the function still listens. */
void ifc_check_acknowledged(struct rig *rig);

/** The drained queue is started, and an operation goes through it. */
void ifc_check_works_again(struct rig *rig, struct hisi_qm_qp *qp);

#endif /* IFC_RIG_H */
