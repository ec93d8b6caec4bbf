/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_FUNCTION_H
#define MODEL_FUNCTION_H

/**
 * @file
 * A function: configuration space, BAR2, DMA map of its client, interrupts, reset.
 *
 * This is the border to the outside: model_endpoint.h puts a vfio-user server in front of it, unit
 * tests call it directly. All calls from the control thread.
 */

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <vfio_user_dma.h>

#include "model_config_space.h"
#include "model_event.h"
#include "model_ifc.h"
#include "model_mailbox.h"

struct model_device;

/** What a function needs of whoever connects a client to it. */
struct model_client {
	const struct vfio_user_dma_table *dma; /**< changed only between quiesce and resume */
	/** Raise MSI @p vector at the client. Any thread, never blocks. */
	void (*raise)(void *opaque, uint32_t vector);
	void *opaque;
	void *slots;         /**< shadow doorbells (hisi_qm_shadow.h), or NULL */
	uint32_t nb_slots;   /**< queues that have some */
};

/** A function. Fields are the model's own. */
struct model_function {
	struct model_device *dev;
	uint32_t number;            /**< 0 = PF, n = VF n */
	char name[16];              /**< "zip.pf", "zip.vf3" */
	struct model_client client; /**< changes under the gate and irq_lock */
	bool has_client;
	_Atomic bool is_master;     /**< bus master, as in config space */
	_Atomic uint32_t *regs;     /**< stored words of BAR2 */
	uint32_t bar_len;           /**< bytes */
	struct model_mailbox_latch mailbox;
	uint64_t sqc_table;         /**< device address of the context tables, 0: not set */
	uint64_t cqc_table;
	bool is_write_back_done;
	struct model_ifc_mailbox ifc;

	pthread_mutex_t irq_lock;   /**< for what follows; held shortly, by workers too */
	struct model_config_space config;
	struct model_event_queue eq;
	struct model_event_queue aeq;
	uint32_t msi_pending;       /**< bit per vector that is masked */
};

/** Is this the PF? */
static inline bool
model_function_is_pf(const struct model_function *fn)
{
	return fn->number == 0;
}

/** @return 0 or -errno */
int
model_function_create(struct model_device *dev, uint32_t number, struct model_function **out);

void
model_function_destroy(struct model_function *fn);

/** A client is there. The function is as after an FLR. @p client is copied. */
void
model_function_attach(struct model_function *fn, const struct model_client *client);

/**
 * The client is gone: the function is reset. When this returns no thread uses anything of it.
 */
void
model_function_detach(struct model_function *fn);

/**
 * The client's message is next: take what it published in its slots before.
 */
void
model_function_before_message(struct model_function *fn);

/** Until model_function_dma_resume() no thread uses the DMA table or a pointer from it. */
void
model_function_dma_quiesce(struct model_function *fn);

void
model_function_dma_resume(struct model_function *fn);

/**
 * Access to BAR2. Sizes a register does not have read 0 and write nothing.
 *
 * @param offset offset + len <= fn->bar_len
 * @param len    bytes; 4 and 8 for registers, 16 for the mailbox; reads of any length
 */
void
model_function_bar_read(struct model_function *fn, uint32_t offset, void *buf, uint32_t len);
void
model_function_bar_write(struct model_function *fn, uint32_t offset, const void *buf, uint32_t len);

/** Function level reset (qm.md 6.1): end of the client, or from outside. */
void
model_function_reset(struct model_function *fn);

/**
 * The client asks for a function level reset: FLR by config space, DEVICE_RESET.
 *
 * @return 0, or -EIO when a fault rule has it that nothing happens
 */
int
model_function_reset_by_client(struct model_function *fn);

#endif /* MODEL_FUNCTION_H */
