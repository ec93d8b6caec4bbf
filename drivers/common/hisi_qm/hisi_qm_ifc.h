/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_IFC_H
#define HISI_QM_IFC_H

/**
 * @file
 * Messages between a PF and its VFs around a reset of the PF (qm.md 6.12). Private to
 * common/hisi_qm.
 *
 * Nothing here waits, except hisi_qm_ifc_farewell(): PF and VF may be functions of one process,
 * served by one control thread. What takes time is a phase, and each look of that thread moves it
 * on. The caller holds dev->lock or is alone. A function without messages (V2, a PF without VFs of
 * its own) is in no phase, and every call is a no-op.
 */

#include <stdbool.h>
#include <stdint.h>

struct hisi_qm_dev;

enum hisi_qm_ifc_phase {
	HISI_QM_IFC_IDLE,
	HISI_QM_IFC_STOPPING,	/**< PF: VFs were told to stop, not all have answered */
	HISI_QM_IFC_STOPPED,	/**< PF: may be reset */
	HISI_QM_IFC_STARTING,	/**< PF: works again, not all VFs have said so of themselves */
	HISI_QM_IFC_AWAY,	/**< VF: waits until its PF has been reset */
	HISI_QM_IFC_BACK,	/**< VF: the PF says so */
	HISI_QM_IFC_EXPIRED,	/**< VF: the PF did not say so in time */
};

/** What a PF says to one VF; kept until the VFs have read what was said before. */
enum hisi_qm_ifc_word {
	HISI_QM_IFC_WORD_RESET,
	HISI_QM_IFC_WORD_QOS,
	HISI_QM_IFC_WORD_ISOLATE,
	HISI_QM_IFC_NB_WORDS,
};

/** State of a function's messages. */
struct hisi_qm_ifc {
	uint8_t phase;		/**< enum hisi_qm_ifc_phase */
	bool unknown_told;	/**< said once that a message is not understood */
	bool unsent_told;	/**< said that a message was not sent; none was since */
	bool is_unread;		/**< V3: the message sent last may lie in the mailbox still */
	bool is_fatal;		/**< the reset is because of a hardware error: no VF can drain */
	uint64_t ack_deadline;	/**< timer cycles; who has not read by then is not driven */
	uint64_t deadline;	/**< timer cycles, of the phase */
	uint64_t next_look;	/**< timer cycles, where no interrupt comes before */
	uint64_t not_before;	/**< timer cycles: a hostile sender is heard no more often */
	bool is_deferred;	/**< there is something to look at then */
	uint64_t interrupts;	/**< that were looked into */
	uint64_t pending;	/**< PF: a bit per VF that owes an answer */
	uint64_t stopped;	/**< PF: a bit per VF that stopped for the reset */
	uint64_t kept;		/**< VF: message that came during bring-up, 0: none */
	uint64_t unsaid[HISI_QM_IFC_NB_WORDS]; /**< PF: a bit per VF that it is still to hear */
};

/** What a message asks of the function. */
enum hisi_qm_ifc_demand {
	HISI_QM_IFC_NOTHING,
	HISI_QM_IFC_STOP,	/**< VF: the PF is about to be reset */
	HISI_QM_IFC_RESET,	/**< VF: reset yourself */
};

/**
 * Bring-up: forget what is pending, open the interrupt. That the PF is about to be reset is not
 * forgotten: hisi_qm_ifc_service() says so. 0 or -errno.
 */
int hisi_qm_ifc_start(struct hisi_qm_dev *dev);

/** Bring-up, at its end: PF: the VFs may start again; VF: the PF hears that it did. 0 or -errno. */
int hisi_qm_ifc_report(struct hisi_qm_dev *dev);

/** Bring-up ended with an error: tell a PF that waits for it. */
void hisi_qm_ifc_report_failure(struct hisi_qm_dev *dev);

/**
 * V3: wait a moment until a message was taken, before the mailbox gets another command.
 * The kernel's drivers keep theirs locked so long; what would become of the message is unknown.
 */
void hisi_qm_ifc_settle(struct hisi_qm_dev *dev);

/** Take messages that have come, of a function that works. */
enum hisi_qm_ifc_demand hisi_qm_ifc_service(struct hisi_qm_dev *dev);

/**
 * May the function be reset now?
 *
 * A PF tells its VFs to stop, and waits for each that answers at all; a VF whose PF is being reset
 * waits until that is done.
 *
 * @return 0: yes; -EINPROGRESS: ask again at the next look
 */
int hisi_qm_ifc_before_reset(struct hisi_qm_dev *dev);

/** VF: what HISI_QM_IFC_STOP asked for is done, or could not be. Waits for the PF from here on. */
void hisi_qm_ifc_stopped(struct hisi_qm_dev *dev, bool all);

/** Is this a VF whose PF said that it would be away, and has not been waited for long enough? */
bool hisi_qm_ifc_waits_for_pf(const struct hisi_qm_dev *dev);

/**
 * VF that cannot be brought up: wait for its PF, which may be away.
 *
 * @return false: there is no PF to wait for, or it was waited for already
 */
bool hisi_qm_ifc_await_pf(struct hisi_qm_dev *dev);

/** PF that goes for good: let the VFs stop first. Waits, within limits. */
void hisi_qm_ifc_farewell(struct hisi_qm_dev *dev);

/** Does only looking again, and soon, move messages on? */
bool hisi_qm_ifc_is_unsettled(const struct hisi_qm_dev *dev);

/** PF: ask a VF to reset itself, because its DMA failed (qm.md 6.10). */
void hisi_qm_ifc_reset_vf(struct hisi_qm_dev *dev, uint16_t vf);

/** Close the interrupt, for good. */
void hisi_qm_ifc_stop(struct hisi_qm_dev *dev);

#endif /* HISI_QM_IFC_H */
