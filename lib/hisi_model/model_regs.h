/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_REGS_H
#define MODEL_REGS_H

/**
 * @file
 * The register file of a function's BAR2: a table says what each word is, an array holds what was
 * written (qm.md 2, zip.md 1).
 */

#include <stdint.h>

struct model_function;

/** How a word answers. */
enum model_reg_access {
	MODEL_REG_RO,
	MODEL_REG_RW,
	MODEL_REG_WO,  /**< the write acts; reads 0 */
	MODEL_REG_W1C, /**< as the hooks do it */
};

/** Which function has a word. */
enum model_reg_scope {
	MODEL_REG_ALL, /**< PF and VFs */
	MODEL_REG_PF,
	MODEL_REG_VF,
};

/** One word, or @p words of the same kind in a row. */
struct model_reg {
	uint32_t offset;
	uint32_t words;
	enum model_reg_access access;
	enum model_reg_scope scope;
	uint32_t reset;
	/** Value instead of the stored one; NULL: the stored one. */
	uint32_t (*read)(struct model_function *fn, uint32_t offset);
	/** Called after an RW word was stored, instead of a store otherwise; NULL: nothing more. */
	void (*write)(struct model_function *fn, uint32_t offset, uint32_t value);
};

/** Put every word of a function to its reset value. */
void
model_regs_reset(struct model_function *fn);

/** Stored word. Any thread. */
uint32_t
model_regs_get(const struct model_function *fn, uint32_t offset);

/** Store a word, without hooks. */
void
model_regs_set(struct model_function *fn, uint32_t offset, uint32_t value);

/** Read a word as the client sees it. @p offset is a multiple of 4 inside the BAR. */
uint32_t
model_regs_read(struct model_function *fn, uint32_t offset);

/** Write a word as the client does. @p offset is a multiple of 4 inside the BAR. Gate closed. */
void
model_regs_write(struct model_function *fn, uint32_t offset, uint32_t value);

/** The queue manager's registers, sorted by offset. */
extern const struct model_reg model_qm_regs[];
extern const uint32_t model_nb_qm_regs;

#endif /* MODEL_REGS_H */
