/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_VERSION_H
#define MODEL_VERSION_H

/**
 * @file
 * Generations of the queue manager as the model offers them: data, so that another generation is
 * another table entry (qm.md 1.2).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct model_version {
	const char *name;         /**< "v3" */
	uint8_t revision;         /**< PCI revision */
	uint32_t sub_version;     /**< HISI_QM_SUB_VERSION_ID */
	uint32_t fixed_queues;    /**< queues of the device, 0: as configured */
	bool has_capabilities;    /**< words 0x3100 and on */
	bool has_stop_commands;   /**< mailbox STOP_QP, FLUSH_QM, PAUSE_QM */
	bool has_message_registers; /**< IFC by registers instead of the mailbox */
	bool has_doorbell_drop;   /**< registers 0x38 and 0x100250 */
	uint32_t func_caps;       /**< word 0x3100: what works here */
	uint8_t pf_vectors;       /**< MSI vectors offered in config space, power of two */
	uint8_t vf_vectors;
};

/** The generation of that name, or NULL. */
const struct model_version *
model_version_find(const char *name);

/** Names of all generations, for messages. */
void
model_version_list(char *buf, size_t len);

#endif /* MODEL_VERSION_H */
