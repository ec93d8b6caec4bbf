/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_ENGINE_H
#define MODEL_ENGINE_H

/**
 * @file
 * The engine table: everything in which ZIP, SEC and HPRE differ behind the queue manager.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hisi_qm_caps.h>

#include "model_regs.h"

#define MODEL_MAX_SQE_LEN 128

struct hisi_hw_reg;
struct model_device;
struct model_function;
struct model_queue;

/** How an SQE ended. */
enum model_outcome {
	MODEL_OUTCOME_OK,          /**< completed, result valid */
	MODEL_OUTCOME_ERROR,       /**< completed with an error status */
	MODEL_OUTCOME_FAULT_READ,  /**< met a device address it may not read */
	MODEL_OUTCOME_FAULT_WRITE, /**< met a device address it may not write */
};

/** One SQE on its way through an engine. */
struct model_task {
	struct model_function *fn;  /**< whose memory it names */
	uint8_t queue_type;         /**< SQC W13 type */
	void *scratch;              /**< of this worker, from scratch_create() */
	void *sqe;                  /**< private copy, 64-byte aligned; results go here */
	uint64_t nb_bytes_in;       /**< set by the engine, for statistics */
	uint64_t nb_bytes_out;
};

/** A part of the SQE that the device writes back. */
struct model_sqe_range {
	uint8_t offset; /**< bytes, multiple of 4 */
	uint8_t len;    /**< bytes, multiple of 4; 0 ends a list */
};

/** An initial register value that a PF driver of this engine writes. */
struct model_reg_value {
	uint32_t offset;
	uint32_t value;
};

struct model_engine {
	const char *name;
	uint16_t pf_device_id;
	uint16_t vf_device_id;
	uint32_t pci_class;
	uint8_t sqe_log2;           /**< log2 of the bytes of an SQE */
	uint8_t nb_queue_types;
	const struct hisi_cap_word *caps; /**< capability words, engine's own and its QM masks */
	uint32_t nb_caps;
	const struct hisi_hw_reg *reg_names;
	const struct model_reg *regs; /**< sorted by offset */
	uint32_t nb_regs;
	uint32_t error_mask_offset; /**< register that masks engine errors */
	bool is_mask_enable;        /**< its set bits let errors through, instead of keeping them */
	uint32_t axi_read_error;    /**< error bits of a refused data address */
	uint32_t axi_write_error;
	uint32_t bad_sqe_error;     /**< error bits of an SQE that ends with an error, or 0 */
	const char *(*error_name)(uint64_t bit);
	const struct model_sqe_range *results; /**< written back, ends with len 0 */
	const struct model_reg_value *init;    /**< zip.md 2: a PF driver's engine init */
	uint32_t nb_init;

	/** Memory of one worker: codecs, scratch buffers. NULL without memory. */
	void *(*scratch_create)(struct model_device *dev);
	void (*scratch_destroy)(void *scratch);

	/**
	 * Execute one SQE. Any worker; no lock, no allocation, may be left by a guard
	 * (vfio_user_guard.h) at any access to client memory.
	 */
	enum model_outcome (*execute)(struct model_task *task);

	/** Give an SQE the error status of a refused address (dma_fault=op). */
	void (*refuse)(void *sqe, enum model_outcome outcome);

	/** Give an SQE a status that a fault rule wants. */
	void (*set_status)(void *sqe, uint32_t status);
};

/** The engine of that name, or NULL. */
const struct model_engine *
model_engine_find(const char *name);

/** Names of all engines as "zip, sec" into @p buf. */
void
model_engine_list(char *buf, size_t len);

extern const struct model_engine model_engine_zip;
extern const struct model_engine model_engine_sec;

#endif /* MODEL_ENGINE_H */
