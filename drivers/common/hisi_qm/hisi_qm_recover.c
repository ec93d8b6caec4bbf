/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/*
 * Quiesce (design: an operation goes back with an error only when the device can no longer write
 * its buffers). The lcore raised an alarm or the device reported an error; from here on:
 *
 *   peer gone            -> every queue DEAD, operations go back with an error
 *   peer silent          -> said once, wait: it may still write; nothing is handed back
 *   peer answers         -> STOP_QP; stopped: QUIESCED, restart when drained
 *   STOP_QP fails        -> reset of the function: all queues QUIESCED, bring-up, restart
 *   reset fails          -> said once, as silent, tried again
 */

/* A healthy peer answers a register read in microseconds. */
#define PING_TIMEOUT_MS 300
/* Between two attempts at a device that neither works nor goes. */
#define RETRY_LOOKS 40

void
hisi_qm_recover_die(struct hisi_qm_dev *dev, const char *why)
{
	uint32_t left = 0;
	uint16_t i;

	if (dev->state == HISI_QM_DEV_DEAD)
		return;
	dev->state = HISI_QM_DEV_DEAD;
	for (i = 0; i < dev->nb_qps; i++) {
		if (dev->qps[i] == NULL || dev->qps[i]->orphan)
			continue;
		left += hisi_qm_qp_in_flight(dev->qps[i]);
	}
	hisi_qm_qp_close(dev->qps, dev->nb_qps, HISI_QM_QP_DEAD);
	HISI_QM_DEV_LOG(ERR, dev, "%s; %" PRIu32 " operations in flight and all later ones return with an error; remove the device and add it again",
		why, left);
}

/* Said once per silence. */
static void
recover_report_silence(struct hisi_qm_dev *dev, const char *what)
{
	char peer[64];

	if (dev->silent)
		return;
	dev->silent = true;
	dev->bus->ops->describe(dev->bus, peer, sizeof(peer));
	HISI_QM_DEV_LOG(WARNING, dev, "%s: waiting for %s, which is there but does not answer; operations in flight stay with it until it is continued or gone",
		what, peer);
}

/* Every queue gets a fresh term: it was the peer that was away, not the queue that hangs. */
static void
recover_be_patient(struct hisi_qm_dev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++)
		if (dev->qps[i] != NULL)
			hisi_qm_store_relaxed(&dev->qps[i]->patience, dev->qps[i]->patience + 1);
}

static void
recover_quiesced(struct hisi_qm_dev *dev, struct hisi_qm_qp *qp)
{
	HISI_QM_DEV_LOG(WARNING, dev, "queue %u stopped with %" PRIu32
		" operations that the device did not complete", qp->qn, hisi_qm_qp_in_flight(qp));
	hisi_qm_store_release(&qp->state, HISI_QM_QP_QUIESCED);
}

static int
recover_stop_queue(struct hisi_qm_dev *dev, struct hisi_qm_qp *qp)
{
	int ret;

	hisi_qm_qp_close(&qp, 1, HISI_QM_QP_STOPPING);
	ret = hisi_qm_qp_stop(qp);
	if (ret == 0)
		recover_quiesced(dev, qp);
	return ret;
}

static int
recover_reset_function(struct hisi_qm_dev *dev)
{
	uint16_t i;
	int ret;

	dev->state = HISI_QM_DEV_RESETTING;
	hisi_qm_qp_close(dev->qps, dev->nb_qps, HISI_QM_QP_STOPPING);
	HISI_QM_DEV_LOG(WARNING, dev, "resetting the function");
	ret = hisi_qm_dev_reset(dev);
	if (ret != 0)
		return ret;
	hisi_qm_qp_free_orphans(dev);
	for (i = 0; i < dev->nb_qps; i++)
		if (dev->qps[i] != NULL && dev->qps[i]->state == HISI_QM_QP_STOPPING)
			recover_quiesced(dev, dev->qps[i]);
	ret = hisi_qm_bringup(dev);
	if (ret == 0)
		dev->state = HISI_QM_DEV_READY;
	return ret;
}

/* Queues that are not proven quiet keep their operations. */
static bool
recover_may_write(const struct hisi_qm_dev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++)
		if (dev->qps[i] != NULL && !dev->qps[i]->orphan &&
				(dev->qps[i]->state == HISI_QM_QP_RUNNING ||
				dev->qps[i]->state == HISI_QM_QP_STOPPING))
			return true;
	return false;
}

static void
recover_failed(struct hisi_qm_dev *dev, int error, const char *what)
{
	char why[96];

	/* Last resort of a device that answers but does not reset: take our memory from it. */
	if (error != -ENODEV && error != -ECONNRESET && error != -ETIMEDOUT &&
			recover_may_write(dev)) {
		snprintf(why, sizeof(why), "%s failed: %s", what, strerror(-error));
		error = dev->bus->ops->revoke(dev->bus);
		if (error == 0) {
			hisi_qm_recover_die(dev, why);
			return;
		}
	}
	if (error == -ENODEV || error == -ECONNRESET) {
		hisi_qm_recover_die(dev, "the device is gone");
	} else if (error == -ETIMEDOUT || recover_may_write(dev)) {
		recover_report_silence(dev, what);
		dev->owed = error == -ETIMEDOUT;
		dev->retry = RETRY_LOOKS;
	} else {
		snprintf(why, sizeof(why), "%s failed: %s", what, strerror(-error));
		hisi_qm_recover_die(dev, why);
	}
}

/* A queue that ran into trouble, of a device that answers. */
static int
recover_queue(struct hisi_qm_dev *dev, struct hisi_qm_qp *qp)
{
	int ret;

	ret = dev->bus->ops->ping(dev->bus, PING_TIMEOUT_MS);
	if (ret != 0) {
		recover_failed(dev, ret, "no progress");
		return ret;
	}
	HISI_QM_DEV_LOG(WARNING, dev, "queue %u: %s; stopping it", qp->qn,
		qp->failed ? "the device reported an error" :
		qp->alarm == HISI_QM_QP_ALARM_BAD_CQE ? "a completion that cannot be" :
		"no progress within timeout_ms");
	if (!hisi_qm_ras_service(dev) && recover_stop_queue(dev, qp) == 0)
		return 0;
	ret = recover_reset_function(dev);
	if (ret != 0)
		recover_failed(dev, ret, "function reset");
	return ret;
}

/* A reset was begun and did not end: its queues are neither running nor quiesced. */
static int
recover_resume_reset(struct hisi_qm_dev *dev)
{
	int ret = recover_reset_function(dev);

	if (ret == 0)
		dev->silent = false;
	else
		recover_failed(dev, ret, "function reset");
	return ret;
}

static void
recover_restart_drained(struct hisi_qm_dev *dev)
{
	uint16_t i;
	int ret;

	for (i = 0; i < dev->nb_qps; i++) {
		struct hisi_qm_qp *qp = dev->qps[i];

		if (qp == NULL || qp->orphan || qp->state != HISI_QM_QP_QUIESCED ||
				!hisi_qm_load_acquire(&qp->drained))
			continue;
		ret = hisi_qm_qp_start(qp);
		if (ret != 0) {
			recover_failed(dev, ret, "queue restart");
			return;
		}
		HISI_QM_DEV_LOG(NOTICE, dev, "queue %u runs again", qp->qn);
	}
}

/* The late reply came in between: the peer is back. */
static void
recover_note_answer(struct hisi_qm_dev *dev)
{
	if (!dev->silent)
		return;
	HISI_QM_DEV_LOG(NOTICE, dev, "answers again");
	dev->silent = false;
	recover_be_patient(dev);
}

static void
recover_queues(struct hisi_qm_dev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->nb_qps && dev->state == HISI_QM_DEV_READY; i++) {
		struct hisi_qm_qp *qp = dev->qps[i];

		if (qp == NULL || qp->orphan || qp->state != HISI_QM_QP_RUNNING)
			continue;
		if (hisi_qm_qp_in_trouble(qp) && recover_queue(dev, qp) != 0)
			return;
	}
}

/* The abnormal interrupt came: name the errors, and reset if one asks for it (qm.md 6.10). */
static int
recover_hardware_error(struct hisi_qm_dev *dev)
{
	uint64_t interrupts = hisi_qm_ras_interrupts(dev);
	int ret;

	if (interrupts == dev->ras_seen)
		return 0;
	ret = dev->bus->ops->ping(dev->bus, PING_TIMEOUT_MS);
	if (ret != 0) {
		recover_failed(dev, ret, "hardware error");
		return ret;
	}
	dev->ras_seen = interrupts;
	if (!hisi_qm_ras_service(dev))
		return 0;
	ret = recover_reset_function(dev);
	if (ret != 0)
		recover_failed(dev, ret, "function reset");
	return ret;
}

/* After a failed attempt: when the late reply has come, else every RETRY_LOOKS looks. */
static bool
recover_is_due(struct hisi_qm_dev *dev, int alive)
{
	/* It owes us a reply: another request would only wait behind it. */
	if (dev->owed && alive > 0)
		return false;
	if (dev->owed || dev->retry == 0) {
		dev->owed = false;
		dev->retry = 0;
		return true;
	}
	dev->retry--;
	return false;
}

/* Is something under way that only looking again moves on? */
static bool
recover_is_unsettled(const struct hisi_qm_dev *dev)
{
	uint16_t i;

	if (dev->state == HISI_QM_DEV_DEAD)
		return false;
	if (dev->silent || dev->owed || dev->state != HISI_QM_DEV_READY)
		return true;
	for (i = 0; i < dev->nb_qps; i++)
		if (dev->qps[i] != NULL && !dev->qps[i]->orphan &&
				dev->qps[i]->state != HISI_QM_QP_RUNNING)
			return true;
	return false;
}

static void
recover_look(struct hisi_qm_dev *dev, int alive)
{
	if (dev->state == HISI_QM_DEV_DEAD)
		return;
	if (alive == -ENODEV) {
		hisi_qm_recover_die(dev, "the device is gone");
		return;
	}
	if (!recover_is_due(dev, alive))
		return;
	if (dev->state == HISI_QM_DEV_RESETTING && recover_resume_reset(dev) != 0)
		return;
	recover_note_answer(dev);
	if (recover_hardware_error(dev) != 0)
		return;
	hisi_qm_event_service(dev);
	recover_queues(dev);
	if (dev->state == HISI_QM_DEV_READY)
		recover_restart_drained(dev);
}

bool
hisi_qm_recover_service(struct hisi_qm_dev *dev)
{
	int alive = dev->bus->ops->alive(dev->bus);
	bool unsettled;

	rte_spinlock_lock(&dev->lock);
	recover_look(dev, alive);
	unsettled = recover_is_unsettled(dev);
	rte_spinlock_unlock(&dev->lock);
	return unsettled;
}
