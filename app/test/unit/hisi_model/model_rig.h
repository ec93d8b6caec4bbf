/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_RIG_H
#define MODEL_RIG_H

/**
 * @file
 * A model with a client that has no socket: memory it may reach, interrupts that are counted, and
 * what a driver does in a few words. Failures are cmocka assertions.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hisi_qm_context.h>
#include <hisi_qm_doorbell.h>
#include <hisi_qm_mailbox.h>
#include <hisi_qm_regs.h>
#include <hisi_zip_sqe.h>
#include <model_device.h>
#include <model_function.h>

#define RIG_IOVA 0x7000000000ull
#define RIG_MEM_LEN (32u << 20)
#define RIG_MAX_VECTORS 4
#define RIG_TAG 0x5a17

/** A function with a client. */
struct rig_client {
	struct model_function *fn;
	struct vfio_user_dma_table *dma;
	uint8_t *mem;          /**< RIG_MEM_LEN bytes at RIG_IOVA */
	int fd;                /**< behind mem */
	size_t used;           /**< of mem, by rig_alloc() */
	uint8_t *slots;
	_Atomic uint32_t irqs[RIG_MAX_VECTORS];
};

struct rig {
	struct model_device *dev;
	struct rig_client pf;
	char last_log[512];
	uint32_t nb_warnings;
};

/** A queue pair as its driver sees it. */
struct rig_queue {
	struct rig_client *client;
	uint32_t qn;
	uint32_t depth;
	uint64_t sq_iova;
	uint64_t cq_iova;
	struct hisi_zip_sqe *sq;
	volatile struct hisi_qm_cqe *cq;
	uint16_t tail;
	uint16_t head;
	uint16_t phase;
	uint16_t tag;
};

/** Default configuration: V3 ZIP, 16 queues, no worker threads. */
void
rig_config(struct model_device_config *config);

/** Make a device and connect a client with slots to its PF. */
void
rig_start(struct rig *rig, const struct model_device_config *config);

void
rig_stop(struct rig *rig);

/** cmocka: the default configuration with @p nb_vfs VFs; and its end. */
int
rig_setup_vfs(void **state, uint32_t nb_vfs);
int
rig_teardown(void **state);

/** Connect a client to function @p number; disconnect it. */
void
rig_connect(struct rig *rig, struct rig_client *client, uint32_t number, int has_slots);
void
rig_disconnect(struct rig_client *client);

/** Memory of the client, zeroed, aligned to @p align. Gives the IOVA. */
uint64_t
rig_alloc(struct rig_client *client, size_t len, size_t align);
void *
rig_ptr(struct rig_client *client, uint64_t iova);

uint32_t
rig_read(struct rig_client *client, uint32_t offset);
void
rig_write(struct rig_client *client, uint32_t offset, uint32_t value);
void
rig_config_write(struct rig_client *client, uint32_t offset, uint32_t value, uint32_t len);
uint32_t
rig_config_read(struct rig_client *client, uint32_t offset, uint32_t len);

/** One mailbox command by one 16-byte write. Gives the status; @p data, if not NULL, DW1/DW2. */
uint32_t
rig_mailbox(struct rig_client *client, uint32_t w0, uint32_t queue, uint64_t base, uint64_t *data);

/** Write a VFT entry as a PF driver (qm.md 6.3), types SQC and CQC. count 0 releases. */
void
rig_vft(struct rig_client *pf, uint32_t function, uint32_t base, uint32_t count);

/** Memory init and @p count queues for the PF; bus master on. */
void
rig_bring_up(struct rig_client *pf, uint32_t count);
void
rig_set_master(struct rig_client *client, int is_on);

/** A doorbell by message, or into the slot. */
void
rig_ring(struct rig_client *client, uint32_t command, uint32_t qn, uint16_t tag, uint16_t index,
	 uint16_t priority);
void
rig_slot(struct rig_client *client, uint32_t command, uint32_t qn, uint16_t tag, uint16_t index);

/** Contexts of @p depth entries, tag RIG_TAG, through the mailbox. Gives the first bad status. */
uint32_t
rig_queue_setup(struct rig_client *client, struct rig_queue *q, uint32_t qn, uint32_t type,
		uint32_t depth);

/** Put an SQE into the ring; no doorbell. */
void
rig_queue_push(struct rig_queue *q, const struct hisi_zip_sqe *sqe);

/** Hand over what was pushed: by slot, or by message. */
void
rig_queue_kick(struct rig_queue *q, int by_slot);

/** Take a completion. @return index of the SQE, or -1 */
int
rig_queue_pop(struct rig_queue *q);

/** Acknowledge what was popped: by slot, or by message. */
void
rig_queue_ack(struct rig_queue *q, int by_slot);

/** Push, kick by slot, run, pop, acknowledge. Asserts the completion; gives the finished SQE. */
struct hisi_zip_sqe
rig_queue_do(struct rig *rig, struct rig_queue *q, const struct hisi_zip_sqe *sqe);

/** A request of stateless flat type 3. */
struct hisi_zip_sqe
rig_sqe(uint32_t request, uint64_t src, uint32_t len, uint64_t dst, uint32_t capacity);

uint32_t
rig_status(const struct hisi_zip_sqe *sqe);

#endif /* MODEL_RIG_H */
