/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_IFC_H
#define MODEL_IFC_H

/**
 * @file
 * Messages between the PF and its VFs (IFC): two words by mailbox, or since V4 by registers, and a
 * ring by register (qm.md 2.6, 6.12). Control thread, gate closed.
 */

#include <stdbool.h>
#include <stdint.h>

struct model_function;

/** One function's part. */
struct model_ifc_mailbox {
	bool is_source;   /**< register 0x20: somebody rang */
	bool is_ringing;  /**< register 0x2c of a VF: the PF has not acknowledged */
	uint64_t to_pf;   /**< last message of this VF */
	uint64_t to_vf;   /**< last message for this VF */
};

/** The PF's part. A bit per function number. */
struct model_ifc {
	uint64_t source;   /**< register 0x100138: VFs that rang */
	uint64_t to_vfs;   /**< register 0x104700, V4: one message for all VFs */
	uint64_t waiting;  /**< register 0x100128: VFs that have not acknowledged */
};

/**
 * Mailbox SRC: leave a message. Overwrites an older one; what hardware does then is unknown.
 *
 * @param target 0 = PF, n = VF n, HISI_QM_IFC_MAILBOX_ALL
 * @return false when @p fn may not send there
 */
bool
model_ifc_send(struct model_function *fn, uint32_t target, uint64_t message);

/** Mailbox DST: the last message from @p source (PF reads VF n), or from the PF (a VF reads). */
uint64_t
model_ifc_receive(struct model_function *fn, uint32_t source);

/** Registers of this block, named by their offset. */
uint32_t
model_ifc_read(struct model_function *fn, uint32_t offset);
void
model_ifc_write(struct model_function *fn, uint32_t offset, uint32_t value);

/**
 * Message registers of V4 and later; on others they read 0 and take nothing. That all VFs read the
 * PF's one register is how the model has it: what hardware does is unknown (qm.md 10 item 18).
 */
uint32_t
model_ifc_message_read(struct model_function *fn, uint32_t offset);
void
model_ifc_message_write(struct model_function *fn, uint32_t offset, uint32_t value);

/** The function was reset: nobody waits for it, nothing of it is pending. */
void
model_ifc_reset(struct model_function *fn);

#endif /* MODEL_IFC_H */
