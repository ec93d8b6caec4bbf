/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_BUS_H
#define HISI_QM_BUS_H

/**
 * @file
 * What a function's life needs of the bus it sits on. One small file per backend.
 *
 * Slow path only: the data path writes to the two doorbell addresses that a queue got here and
 * calls nothing. Threading: the caller serialises; the backends may be called from any thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "hisi_qm_regs.h"

struct hisi_qm_bus;

/** Direction of a queue's doorbell. */
enum hisi_qm_bus_doorbell {
	HISI_QM_BUS_DOORBELL_SQ,
	HISI_QM_BUS_DOORBELL_CQ,
};

/** Vectors that a function may raise (qm.md 1.4). */
#define HISI_QM_MAX_VECTORS 4

/** A backend. Results are 0 or a negative errno; -ENODEV: the device is gone for good. */
struct hisi_qm_bus_ops {
	const char *name;
	/** Read or write @p len (1, 2, 4) bytes of configuration space at @p offset. */
	int (*config_read)(struct hisi_qm_bus *bus, uint32_t offset, void *buf, uint32_t len);
	int (*config_write)(struct hisi_qm_bus *bus, uint32_t offset, const void *buf,
		uint32_t len);
	/** Read or write @p len (4, 8, 16) bytes of BAR2; 16 as one access where the bus can. */
	int (*read)(struct hisi_qm_bus *bus, uint32_t offset, void *buf, uint32_t len);
	int (*write)(struct hisi_qm_bus *bus, uint32_t offset, const void *buf, uint32_t len);
	/** Where the doorbell word of queue @p qn is stored, NULL if @p qn is out of range. */
	uint64_t *(*doorbell)(struct hisi_qm_bus *bus, uint16_t qn,
		enum hisi_qm_bus_doorbell which);
	/**
	 * Doorbells of queues are pages of BAR4 (@p on) or words for one register of BAR2 (qm.md
	 * 4.2). Called by each bring-up, before any queue asks for its doorbells; may lower
	 * max_queues. -ENOTSUP: there is no such BAR.
	 */
	int (*isolate)(struct hisi_qm_bus *bus, bool on);
	/** Function reset: afterwards the device writes no memory of ours. */
	int (*reset)(struct hisi_qm_bus *bus);
	/**
	 * Is somebody there? 0: yes and it answers; 1: yes, but it owes replies; -ENODEV: gone.
	 * Never waits.
	 */
	int (*alive)(struct hisi_qm_bus *bus);
	/** Does it answer a register read within @p timeout_ms? -ETIMEDOUT, -ENODEV: no. */
	int (*ping)(struct hisi_qm_bus *bus, uint32_t timeout_ms);
	/** Take all memory away from the device: after 0 it can reach none of ours. */
	int (*revoke)(struct hisi_qm_bus *bus);
	/** Who is at the other end, for messages to people: "emulator, pid 42". */
	void (*describe)(struct hisi_qm_bus *bus, char *buf, uint32_t len);
	/**
	 * After -ENODEV of alive(): look for the same function once more, and take it with all that
	 * the lost one had of us: memory, interrupts, doorbells at the same addresses. NULL: what
	 * is gone on this bus does not come back.
	 *
	 * Waits a second at most. No queue may be open, and no other call be under way but those of
	 * memory that comes or goes.
	 *
	 * @return 0: it is there, in an unknown state; -ENOTSUP: another one is there, said so;
	 *   other -errno: nothing was changed, ask again
	 */
	int (*reconnect)(struct hisi_qm_bus *bus);
	/** Undo everything, free @p bus. */
	void (*close)(struct hisi_qm_bus *bus);
};

/** Common head of every backend's own structure. */
struct hisi_qm_bus {
	const struct hisi_qm_bus_ops *ops;
	const char *name;	/**< of the device, for messages; owned by the device */
	const char *eal_name;	/**< what EAL's events call it, NULL: the same */
	uint32_t bar_len;	/**< bytes of BAR2 that can be reached */
	uint16_t max_queues;	/**< queues that have a doorbell address */
	void *doorbells;	/**< mapping with all of them, NULL: not for other processes */
	uint64_t doorbells_len;
	int doorbells_fd;	/**< to map it in another process, -1: none */
	/**
	 * -ENODEV may pass: registers read as all ones while somebody else has the function reset,
	 * or the PF of a VF, and nothing tells that from its end.
	 */
	bool may_return;
	int hangup_fd;		/**< readable or hung up when the peer died, -1: none */
	int request_fd;		/**< eventfd: the kernel wants the function back, -1: none */
	int error_fd;		/**< eventfd: the kernel found an error of the link, -1: none */
	int irq_fds[HISI_QM_MAX_VECTORS]; /**< eventfd of each vector, -1: none */
};

#endif /* HISI_QM_BUS_H */
