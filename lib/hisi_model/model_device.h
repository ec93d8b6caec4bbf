/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_DEVICE_H
#define MODEL_DEVICE_H

/**
 * @file
 * A device: one engine of the chip with its queue manager, its PF and its VFs (qm.md 0.2).
 *
 * Threads: one control thread makes all calls of this library that are not marked "any thread";
 * the device's own worker threads execute SQEs. What both touch is atomic, or guarded by
 * model_function.irq_lock, or by the gate (model_gate.h): see README.md.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hisi_qm_mailbox.h>
#include <hisi_qm_regs.h>
#include <vfio_user_log.h>

#include "model_gate.h"
#include "model_ifc.h"
#include "model_ras.h"
#include "model_self.h"
#include "model_vft.h"

struct model_engine;
struct model_fault_plan;
struct model_function;
struct model_queue;
struct model_version;
struct model_worker_pool;

/** What a refused device address does. */
enum model_dma_fault {
	MODEL_DMA_FAULT_DEVICE, /**< as the chip: error bits, SQE not completed, device halted */
	MODEL_DMA_FAULT_OP,     /**< only that SQE completes with an error status */
};

/** How to make a device. */
struct model_device_config {
	const char *engine;       /**< name in the engine table: "zip" */
	const char *version;      /**< "v3" */
	uint32_t nb_queues;       /**< queue pairs of the whole device, 1..1024 */
	uint32_t nb_vfs;          /**< 0..63 */
	uint32_t nb_workers;      /**< threads; 0: the caller drives model_device_run() (tests) */
	const int *cpus;          /**< CPU of each worker, nb_cpus entries used in turn; or NULL */
	uint32_t nb_cpus;
	/** Doorbell isolation (qm.md 4.2): queues that one function may have then; 0: off. */
	uint32_t isolated_queues;
	enum model_dma_fault dma_fault;
	bool is_pf_self;          /**< the model drives the PF itself (model_self.h) */
	/**
	 * Once the PF's driver has given its own function queues, each VF has the last ones of the
	 * device: for a driver that cannot see the VFs (QEMU hides SR-IOV).
	 */
	bool assigns_vfs;
	uint32_t vf_queues;       /**< is_pf_self, assigns_vfs: queues of each VF */
	/** SEC: additional data are not copied in front of an output out of place (sec.md 2.8). */
	bool leaves_aad;
	/** Rules about what goes wrong (model_fault.h), shared by devices; not owned; or NULL. */
	struct model_fault_plan *faults;
	uint32_t number;          /**< of this device in the plan, from 0 */
	bool is_tracing;          /**< log each register and mailbox access, at level INFO */
	struct vfio_user_log log;
};

/** Why a device could not be made, in words. */
struct model_error {
	char text[512];
};

/** Things counted since creation. Written by any thread, read by any. */
struct model_device_stats {
	_Atomic uint64_t nb_mailboxes;
	_Atomic uint64_t nb_doorbells;         /**< by message */
	_Atomic uint64_t nb_shadow_doorbells;  /**< taken from slots */
	_Atomic uint64_t nb_doorbells_dropped; /**< wrong tag, wrong queue, stopped queue */
	_Atomic uint64_t nb_doorbells_refused; /**< impossible index */
	_Atomic uint64_t nb_sqes;              /**< completed */
	_Atomic uint64_t nb_sqe_errors;        /**< of these, with an error status */
	_Atomic uint64_t nb_bytes_in;
	_Atomic uint64_t nb_bytes_out;
	_Atomic uint64_t nb_eqes;
	_Atomic uint64_t nb_aeqes;
	_Atomic uint64_t nb_irqs;
	_Atomic uint64_t nb_dma_faults;
	_Atomic uint64_t nb_cq_full;           /**< completions that had to wait */
	_Atomic uint64_t nb_sleeps;            /**< of workers */
};

/** A device. Fields are the model's own; a program uses the functions. */
struct model_device {
	struct model_device_config config;
	const struct model_engine *engine;
	const struct model_version *version;
	uint32_t nb_queues;
	struct model_queue *queues;        /**< by global queue number */
	struct model_queue **active;       /**< queues with both contexts; changes under the gate */
	uint32_t nb_active;
	uint32_t nb_functions;             /**< 1 + VFs */
	struct model_function **functions; /**< by function number */
	struct model_vft vft;
	struct model_ras ras;
	struct hisi_qm_mailbox mailbox;    /**< what every function reads at 0x300 (qm.md 3.3) */
	struct model_function *mailbox_owner; /**< whose write is half done, or NULL */
	struct model_gate gate;
	struct model_worker_pool *pool;
	_Atomic bool is_halted;            /**< fatal error: no DMA until a reset (qm.md 9) */
	_Atomic uint32_t nb_polled;        /**< active queues that ring by slots */
	struct model_device_stats stats;
	_Atomic uint64_t log_second;       /**< of the monotonic clock */
	_Atomic uint32_t nb_log_lines;     /**< warnings in that second */
	struct model_ifc ifc;
	struct model_self self;            /**< with is_pf_self */
};

/**
 * Make a device with its functions and start its workers.
 *
 * @param config copied; strings must live as long as the device
 * @param error  receives the reason in words; may be NULL
 * @param out    receives the device, owned by the caller
 * @return 0, -EINVAL bad configuration, -ENOMEM, -errno of thread creation
 */
int
model_device_create(const struct model_device_config *config, struct model_error *error,
		    struct model_device **out);

/** Stop the workers and free the device. No function may have a client. NULL allowed. */
void
model_device_destroy(struct model_device *dev);

/** Function @p number (0 = PF, n = VF n), or NULL. */
struct model_function *
model_device_function(struct model_device *dev, uint32_t number);

/**
 * Serve all active queues once in the calling thread, as a worker would.
 * For a device without workers, and for draining.
 *
 * @return SQEs completed
 */
uint32_t
model_device_run(struct model_device *dev);

/** Put queue managers and engine into the state after power-up; functions keep their clients. */
void
model_device_reset(struct model_device *dev);

/** Tell the workers that there may be work. Any thread. */
void
model_device_kick(struct model_device *dev);

/**
 * Hand the statistics over, line by line: "zip: sqes 90".
 *
 * @param print receives each line, without newline; valid during the call only
 */
void
model_device_dump_stats(struct model_device *dev, void (*print)(void *opaque, const char *line),
			void *opaque);

static inline void
model_stat_add(_Atomic uint64_t *stat, uint64_t n)
{
	atomic_fetch_add_explicit(stat, n, memory_order_relaxed);
}

static inline uint64_t
model_stat_get(const _Atomic uint64_t *stat)
{
	return atomic_load_explicit(stat, memory_order_relaxed);
}

#endif /* MODEL_DEVICE_H */
