/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_IFC_INTERNAL_H
#define HISI_QM_IFC_INTERNAL_H

/**
 * @file
 * Between hisi_qm_ifc.c, hisi_qm_ifc_pf.c and hisi_qm_ifc_vf.c.
 */

#include "hisi_qm_dev.h"

/** Does this function exchange messages? */
bool hisi_qm_ifc_is_on(const struct hisi_qm_dev *dev);

/** A deadline in timer cycles, and whether it is over. */
uint64_t hisi_qm_ifc_after_ms(uint64_t ms);
bool hisi_qm_ifc_is_past(uint64_t deadline);

/** A word of the device's own, or all ones of one that has left the bus? */
bool hisi_qm_ifc_is_there(uint64_t word, uint64_t all_ones);

/**
 * Send a message and ring.
 *
 * @param target VF number or HISI_QM_IFC_MAILBOX_ALL; of a VF it is always the PF
 * @return 0 or -errno after one message
 */
int hisi_qm_ifc_send(struct hisi_qm_dev *dev, uint16_t target, enum hisi_qm_ifc_command command,
	uint32_t data);

/** The message of @p source, 0: the PF. 0 or -errno. */
int hisi_qm_ifc_receive(struct hisi_qm_dev *dev, uint16_t source, uint64_t *message);

/** The own interrupt was seen. 0 or -errno. */
int hisi_qm_ifc_acknowledge(struct hisi_qm_dev *dev);

/** Count a message that means nothing here; said once. */
void hisi_qm_ifc_note_unknown(struct hisi_qm_dev *dev, uint16_t source, uint64_t message);

/** PF: take one message of each VF of its own that rang. */
void hisi_qm_ifc_pf_look(struct hisi_qm_dev *dev);
/** PF that may: say to single VFs what they are still to hear, as long as they read it. */
void hisi_qm_ifc_pf_say(struct hisi_qm_dev *dev);
/** PF: does any VF owe an answer, in time? Says once who does no more, "did not WHAT in time". */
bool hisi_qm_ifc_pf_waits(struct hisi_qm_dev *dev, const char *what);
/** PF: hisi_qm_ifc_before_reset(). */
int hisi_qm_ifc_pf_before_reset(struct hisi_qm_dev *dev);
/** PF: hisi_qm_ifc_report(). */
int hisi_qm_ifc_pf_report(struct hisi_qm_dev *dev);
/** PF of V5: no doorbell of any function until bring-up (qm.md 6.8). */
void hisi_qm_ifc_pf_drop_doorbells(struct hisi_qm_dev *dev);

/** VF: the PF's message, if there is one. */
bool hisi_qm_ifc_vf_look(struct hisi_qm_dev *dev, uint64_t *message);
/** VF in bring-up: take the PF's message, keep it if it is about a reset to come. */
void hisi_qm_ifc_vf_keep(struct hisi_qm_dev *dev);
/** VF that works: what a message asks of it. */
enum hisi_qm_ifc_demand hisi_qm_ifc_vf_take(struct hisi_qm_dev *dev, uint64_t message);
/** VF: hisi_qm_ifc_before_reset(). */
int hisi_qm_ifc_vf_before_reset(struct hisi_qm_dev *dev);

#endif /* HISI_QM_IFC_INTERNAL_H */
