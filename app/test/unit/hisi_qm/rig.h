/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef RIG_H
#define RIG_H

/**
 * @file
 * A function of the driver on the fake bus, and bursts as a class would do them: with all the
 * checks of hisi_qm_qp.h and nothing else.
 */

#include <hisi_qm_dev.h>

#include "fake_bus.h"

/** An operation of the rig: what became of it. */
struct rig_op {
	uint32_t id;
	uint32_t returned;	/**< times that dequeue handed it out; must end as 1 */
	uint32_t failed;	/**< of these, without the device's completion */
};

struct rig {
	struct fake_bus fake;
	struct hisi_qm_devargs args;
	const struct hisi_qm_engine *engine;
	struct hisi_qm_dev *dev;
	bool by_hand;		/**< the control thread is away; rig_service() looks instead */
};

/** An engine that needs no register of its own, so that the order of the QM's shows. */
extern const struct hisi_qm_engine rig_engine;

/** What the slots of a queue of the rig hold: 128 bytes. */
extern const uint8_t rig_sqe_template[128];

/** A rig that is not started: rig_engine, timeout_ms 20. */
struct rig *rig_new(bool is_vf);
/** Open a function; the control thread serves it. */
struct rig *rig_open(bool is_vf);
/** Open a function that is looked at by rig_service() only. */
struct rig *rig_open_by_hand(bool is_vf);
/** Bring up on @p rig as it stands; 0 or -errno. */
int rig_start(struct rig *rig);
/** Close and free. All queues must have been destroyed. */
void rig_close(struct rig *rig);
/** cmocka: rig_open_by_hand() of a PF, the log forgotten; all rules taken back, rig_close(). */
int rig_setup(void **state);
int rig_teardown(void **state);
/** One look of the control thread. */
void rig_service(struct rig *rig);

/** A queue of the rig with room for @p entries. */
struct hisi_qm_qp *rig_queue(struct rig *rig, uint32_t entries);

/** Hand over up to @p count operations; returns how many were taken. */
uint32_t rig_enqueue(struct hisi_qm_qp *qp, struct rig_op *ops, uint32_t count);

/** A queue for 32 whose device has @p count operations of @p ops. */
struct hisi_qm_qp *rig_queue_with(struct rig *rig, struct rig_op *ops, uint32_t count);

/** Dequeue up to @p most operations and mark each; returns how many came. */
uint32_t rig_dequeue(struct hisi_qm_qp *qp, uint32_t most);

/** Fail the test unless each of @p count operations came back once, @p failed of them failed. */
void rig_check_ops(const struct rig_op *ops, uint32_t count, uint32_t failed);

/** Poll an empty queue for @p ms, as a busy lcore does. */
void rig_poll_for(struct hisi_qm_qp *qp, uint32_t ms);

#endif /* RIG_H */
