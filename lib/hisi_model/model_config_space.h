/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_CONFIG_SPACE_H
#define MODEL_CONFIG_SPACE_H

/**
 * @file
 * PCI configuration space of a function: MSI with 64-bit address and per-vector mask, Express with
 * FLR, no MSI-X, no INTx (qm.md 1.3, 1.4, vfio-user.md 13). SR-IOV is not shown: every VF has a
 * connection of its own.
 */

#include <stdbool.h>
#include <stdint.h>

#define MODEL_CONFIG_LEN 4096
#define MODEL_CONFIG_HEADER_LEN 256 /* beyond it everything reads 0: no extended capability */

struct model_function;

/** Bytes and which bits of them can be written. */
struct model_config_space {
	uint8_t value[MODEL_CONFIG_HEADER_LEN];
	uint8_t writable[MODEL_CONFIG_HEADER_LEN];
};

/** Identity and capabilities at power-up or reset; BARs and everything writable become 0. */
void
model_config_space_reset(struct model_function *fn);

/** Read @p len bytes at @p offset; offset + len <= MODEL_CONFIG_LEN. */
void
model_config_space_read(struct model_function *fn, uint32_t offset, void *buf, uint32_t len);

/** Write; same bounds. May reset the function (FLR). */
void
model_config_space_write(struct model_function *fn, uint32_t offset, const void *buf, uint32_t len);

/** May the function do DMA and MSI? Hold irq_lock. */
bool
model_config_space_is_master(const struct model_function *fn);

/**
 * Which vector a source raises now: folded into what software enabled. Hold irq_lock.
 *
 * @return vector, or -1 when it is masked; it is pending then
 */
int
model_config_space_raise(struct model_function *fn, uint32_t vector);

/** Take a pending vector that is no longer masked, or -1. Hold irq_lock. */
int
model_config_space_take_pending(struct model_function *fn);

#endif /* MODEL_CONFIG_SPACE_H */
