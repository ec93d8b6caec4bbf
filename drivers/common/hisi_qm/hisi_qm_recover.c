/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <rte_cycles.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"
#include "hisi_qm_replay.h"

/*
 * Quiesce (design: an operation goes back with an error only when the device can no longer write
 * its buffers). The lcore raised an alarm or the device reported an error; from here on:
 *
 *   peer gone            -> operations go back with an error; where the bus can connect anew that
 *                           is tried for a while, then a reset of the function as below; else, or
 *                           when the time is over, DEAD
 *   peer silent          -> said once, wait: it may still write; nothing is handed back
 *   peer answers         -> STOP_QP; stopped: QUIESCED, restart when drained
 *   STOP_QP fails        -> reset of the function: all queues QUIESCED, bring-up, restart
 *   reset, bring-up or   -> reset again after a pause, longer each time, a few times in all; then
 *   restart fails           memory is taken from a device that may still write, and it is DEAD
 *   not even that        -> said once, as silent, tried again
 *   it all works, and    -> the next time a reset instead of a stop, and after some of these DEAD
 *   nothing completes       (hisi_qm_give_up.c)
 *
 * A queue with a burst inside that does not end (its process is stopped) is nobody's to hand out:
 * it stays STOPPING, the others go on without it.
 */

/* A healthy peer answers a register read in microseconds. */
#define PING_TIMEOUT_MS 300
/* Between two attempts at a device that neither works nor goes. */
#define RETRY_LOOKS 40
/* Registers that are not there for so long, with no word from the PF of a VF before, are gone. */
#define ABSENCE_MS 2000

/* Hand out what is quiet and closed. */
static void
recover_settle(struct hisi_qm_dev *dev)
{
	struct hisi_qm_qp *qp;
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++) {
		qp = dev->qps[i];
		if (qp == NULL || qp->orphan || qp->state == HISI_QM_QP_RUNNING || !qp->quiet)
			continue;
		if (dev->state == HISI_QM_DEV_DEAD && hisi_qm_qp_is_closed(qp)) {
			hisi_qm_store_release(&qp->state, HISI_QM_QP_DEAD);
		} else if (qp->state == HISI_QM_QP_STOPPING && hisi_qm_qp_is_closed(qp)) {
			HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
				"queue %u stopped with %" PRIu32
				" operations that the device did not complete", qp->qn,
				hisi_qm_qp_not_completed(qp));
			hisi_qm_store_release(&qp->state, HISI_QM_QP_QUIESCED);
		}
	}
}

void
hisi_qm_recover_all_quiet(struct hisi_qm_dev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++)
		if (dev->qps[i] != NULL && dev->qps[i]->state != HISI_QM_QP_RUNNING)
			dev->qps[i]->quiet = 1;
	recover_settle(dev);
}

uint32_t
hisi_qm_recover_in_flight(struct hisi_qm_dev *dev)
{
	uint32_t left = 0;
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++)
		if (dev->qps[i] != NULL && !dev->qps[i]->orphan)
			left += hisi_qm_qp_in_flight(dev->qps[i]);
	return left;
}

/* @return operations that were in flight */
static uint32_t
recover_bury(struct hisi_qm_dev *dev)
{
	uint32_t left = hisi_qm_recover_in_flight(dev);

	dev->state = HISI_QM_DEV_DEAD;
	hisi_qm_qp_close(dev->qps, dev->nb_qps);
	hisi_qm_recover_all_quiet(dev);
	hisi_qm_request_removal(dev);
	return left;
}

void
hisi_qm_recover_end(struct hisi_qm_dev *dev, const char *why, const char *if_that_fails)
{
	uint32_t left;

	if (dev->state == HISI_QM_DEV_DEAD)
		return;
	left = recover_bury(dev);
	HISI_QM_DEV_LOG(ERR, dev, "%s; %" PRIu32 " operations in flight and all later ones return with an error; remove the device and add it again%s",
		why, left, if_that_fails);
}

void
hisi_qm_recover_die(struct hisi_qm_dev *dev, const char *why)
{
	hisi_qm_recover_end(dev, why, "");
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
	HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
		"%s: waiting for %s, which is there but does not answer; operations in flight stay with it until it is continued or gone",
		what, peer);
}

/* Every queue gets a fresh term: it was the peer that was away, not the queue that hangs. */
static void
recover_be_patient(struct hisi_qm_dev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++) {
		if (dev->qps[i] == NULL)
			continue;
		hisi_qm_store_relaxed(&dev->qps[i]->patience, dev->qps[i]->patience + 1);
		hisi_qm_replay_be_patient(dev->qps[i]);
	}
}

/* @return 0: done, or not before a burst has ended; else the device did not stop it */
static int
recover_stop_queue(struct hisi_qm_dev *dev, struct hisi_qm_qp *qp)
{
	int ret;

	hisi_qm_qp_close(&qp, 1);
	/* A doorbell rung after the stop would be of unknown effect (qm.md 10, 16). */
	if (!hisi_qm_qp_is_closed(qp))
		return 0;
	ret = hisi_qm_qp_stop(qp);
	if (ret == 0)
		recover_settle(dev);
	return ret;
}

/* After a reset no context is set: doorbells of a burst still inside go nowhere. */
static int
recover_reset_function(struct hisi_qm_dev *dev, const char **what)
{
	int ret;

	*what = "function reset";
	dev->state = HISI_QM_DEV_RESETTING;
	hisi_qm_qp_close(dev->qps, dev->nb_qps);
	ret = hisi_qm_reconnect_check(dev);
	if (ret == 0)
		ret = hisi_qm_ifc_before_reset(dev);
	if (ret != 0)
		return ret;
	HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines, "resetting the function");
	ret = hisi_qm_dev_reset(dev);
	if (ret != 0)
		return ret;
	hisi_qm_qp_free_orphans(dev);
	hisi_qm_recover_all_quiet(dev);
	*what = "bring-up after the reset";
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
				(dev->qps[i]->state == HISI_QM_QP_STOPPING &&
				!dev->qps[i]->quiet)))
			return true;
	return false;
}

/* Take our memory from the device. What it was not reset for may go all the same then. */
static int
recover_revoke(struct hisi_qm_dev *dev)
{
	int ret = dev->bus->ops->revoke(dev->bus);

	dev->is_revoked = ret == 0;
	return ret;
}

static bool
is_gone(int error)
{
	return error == -ENODEV || error == -ECONNRESET;
}

/*
 * A PF's reset takes the registers of its VFs away for a while (qm.md 6.9), and they may not be
 * told before; a reset by sysfs, or after an error of the link, takes those of the function itself
 * and tells nobody. It may still write then: memory decoding is off, not its DMA. Whatever comes
 * back has to be reset.
 */
static bool
recover_await_return(struct hisi_qm_dev *dev)
{
	uint64_t now = rte_get_timer_cycles();

	if (!dev->bus->may_return)
		return false;
	if (dev->absent_tsc == 0) {
		dev->absent_tsc = now;
		dev->state = HISI_QM_DEV_RESETTING;
		hisi_qm_qp_close(dev->qps, dev->nb_qps);
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
			"its registers read as all ones: waiting for %s, which may be in a reset",
			dev->is_vf ? "its PF" : "the function");
	}
	return hisi_qm_ifc_waits_for_pf(dev) ||
		now - dev->absent_tsc < ABSENCE_MS * rte_get_timer_hz() / 1000;
}

static void
recover_leave(struct hisi_qm_dev *dev)
{
	if (recover_await_return(dev) || hisi_qm_reconnect_follow(dev))
		return;
	/* Should it be there after all: what can still be done against its writing. */
	if (recover_may_write(dev))
		(void)recover_revoke(dev);
	hisi_qm_recover_die(dev, "the device is gone");
}

static void
recover_failed(struct hisi_qm_dev *dev, int error, const char *what)
{
	int ret;

	/* Other functions of the device are waited for: the next look goes on with it. */
	if (error == -EINPROGRESS)
		return;
	/* One that is there is not waited for: that it works no more is a failure as any. */
	if (is_gone(error) && dev->bus->may_return && dev->bus->ops->alive(dev->bus) == 0)
		error = -EIO;
	ret = error;
	/* Without its PF, which may be reset or away just now, a VF need not try again. */
	if (error == -ENXIO && hisi_qm_ifc_await_pf(dev))
		return;
	if (!is_gone(error) && error != -ETIMEDOUT) {
		if (hisi_qm_give_up_not_yet(dev, error, what))
			return;
		if (!recover_may_write(dev) && hisi_qm_ifc_await_pf(dev))
			return;
		/* Last resort of one that answers but does not reset: take our memory from it. */
		ret = recover_may_write(dev) ? recover_revoke(dev) : 0;
	}
	if (ret == 0) {
		hisi_qm_give_up(dev, error, what);
	} else if (is_gone(ret)) {
		recover_leave(dev);
	} else {
		recover_report_silence(dev, what);
		dev->owed = ret == -ETIMEDOUT;
		dev->retry = RETRY_LOOKS;
	}
}

static int
recover_reset_or_fail(struct hisi_qm_dev *dev)
{
	const char *what;
	int ret = recover_reset_function(dev, &what);

	if (ret != 0)
		recover_failed(dev, ret, what);
	else if (hisi_qm_give_up_resetting(dev))
		ret = -EIO;
	return ret;
}

static void
recover_say_why(struct hisi_qm_dev *dev, const struct hisi_qm_qp *qp)
{
	if (!qp->failed && qp->alarm == HISI_QM_QP_ALARM_BAD_CQE)
		HISI_QM_DEV_LOG_LIMITED(ERR, dev, &dev->recovery_lines, "queue %u: completion 0x%016" PRIx64
			" names no operation that is complete; the queue is being stopped", qp->qn,
			qp->bad_cqe);
	else
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
			"queue %u: %s; stopping it", qp->qn,
			qp->failed == HISI_QM_QP_FAILED_BY_HAND ? "a restart is asked for" :
			qp->failed ? "the device reported an error" :
			"no progress within timeout_ms");
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
	recover_say_why(dev, qp);
	if (!hisi_qm_ras_service(dev) && !hisi_qm_give_up_stopping(qp) &&
			recover_stop_queue(dev, qp) == 0)
		return 0;
	return recover_reset_or_fail(dev);
}

/* A reset was begun and did not end: its queues are neither running nor quiesced. */
static int
recover_resume_reset(struct hisi_qm_dev *dev)
{
	int ret = recover_reset_or_fail(dev);

	if (ret == 0)
		dev->silent = false;
	return ret;
}

static bool
recover_is_drained(struct hisi_qm_qp *qp)
{
	return qp != NULL && !qp->orphan && qp->state == HISI_QM_QP_QUIESCED &&
		hisi_qm_load_acquire(&qp->drained);
}

/* Others may have been drained since, without contexts. */
static bool
recover_is_started(const struct hisi_qm_qp *qp)
{
	return qp != NULL && !qp->orphan && qp->state == HISI_QM_QP_QUIESCED && qp->started;
}

/* A reset by others, or the next error, kept it from taking a context: no reset failed to help. */
static void
recover_restart_failed(struct hisi_qm_dev *dev, int error)
{
	if (error == -ESTALE)
		dev->is_starved = false;
	if (error == -ESTALE ||
			(!is_gone(error) && error != -ETIMEDOUT && hisi_qm_ras_service(dev)))
		(void)recover_reset_or_fail(dev);
	else
		recover_failed(dev, error, "queue restart");
}

static void
recover_report_restart(struct hisi_qm_dev *dev, const struct hisi_qm_qp *qp)
{
	uint32_t replays = hisi_qm_replay_count(qp);

	if (replays == 0)
		HISI_QM_DEV_LOG_LIMITED(NOTICE, dev, &dev->recovery_lines, "queue %u runs again",
			qp->qn);
	else
		HISI_QM_DEV_LOG_LIMITED(NOTICE, dev, &dev->recovery_lines,
			"queue %u runs, and gives the device %" PRIu32 " operations again",
			qp->qn, replays);
}

/* An operation in a queue that runs again may stop the device: before, all get their contexts. */
static void
recover_restart_drained(struct hisi_qm_dev *dev)
{
	uint16_t i;
	int ret;

	for (i = 0; i < dev->nb_qps; i++) {
		if (!recover_is_drained(dev->qps[i]))
			continue;
		ret = hisi_qm_qp_start(dev->qps[i]);
		if (ret != 0) {
			recover_restart_failed(dev, ret);
			return;
		}
	}
	for (i = 0; i < dev->nb_qps; i++) {
		if (!recover_is_started(dev->qps[i]))
			continue;
		hisi_qm_qp_open(dev->qps[i]);
		hisi_qm_give_up_note_restart(dev->qps[i]);
		recover_report_restart(dev, dev->qps[i]);
	}
}

/* It owed a reply, which may have come: only another one shows that it is back for good. */
static int
recover_note_answer(struct hisi_qm_dev *dev)
{
	int ret;

	if (!dev->silent)
		return 0;
	ret = dev->bus->ops->ping(dev->bus, PING_TIMEOUT_MS);
	if (ret != 0) {
		recover_failed(dev, ret, "no progress");
		return ret;
	}
	HISI_QM_DEV_LOG_LIMITED(NOTICE, dev, &dev->recovery_lines, "answers again");
	dev->silent = false;
	recover_be_patient(dev);
	return 0;
}

/* A burst kept it from being stopped. */
static int
recover_resume_stop(struct hisi_qm_dev *dev, struct hisi_qm_qp *qp)
{
	if (qp->quiet || !hisi_qm_qp_is_closed(qp) || recover_stop_queue(dev, qp) == 0)
		return 0;
	return recover_reset_or_fail(dev);
}

static void
recover_queues(struct hisi_qm_dev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->nb_qps && dev->state == HISI_QM_DEV_READY; i++) {
		struct hisi_qm_qp *qp = dev->qps[i];

		if (qp == NULL || qp->orphan)
			continue;
		if (qp->state == HISI_QM_QP_STOPPING && recover_resume_stop(dev, qp) != 0)
			return;
		if (qp->state == HISI_QM_QP_RUNNING && hisi_qm_qp_in_trouble(qp) &&
				recover_queue(dev, qp) != 0)
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
	return hisi_qm_ras_service(dev) ? recover_reset_or_fail(dev) : 0;
}

/* qm.md 5.7: events of unknown queues were lost; the kernel restarts the function too. */
static int
recover_events(struct hisi_qm_dev *dev)
{
	hisi_qm_event_service(dev);
	if (!dev->eq_overflow && !dev->reset_wanted)
		return 0;
	/* What somebody asked for is no verdict on the one before. */
	if (dev->reset_wanted)
		dev->is_starved = false;
	dev->eq_overflow = false;
	dev->reset_wanted = false;
	return recover_reset_or_fail(dev);
}

static bool
recover_is_to_stop(const struct hisi_qm_qp *qp)
{
	return qp != NULL && !qp->orphan && qp->state == HISI_QM_QP_STOPPING;
}

static bool
recover_are_closed(struct hisi_qm_dev *dev)
{
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++)
		if (recover_is_to_stop(dev->qps[i]) && !hisi_qm_qp_is_closed(dev->qps[i]))
			return false;
	return true;
}

/*
 * The queues of a VF whose PF will be reset: all in one where the device can (qm.md 3.2) and no
 * burst is under way. A doorbell rung after the stop would be of unknown effect (qm.md 10, 16).
 */
static bool
recover_stop_all(struct hisi_qm_dev *dev)
{
	bool at_once = (dev->caps[HISI_QM_CAP_FUNC] & HISI_QM_CAP_STOP_FUNC) != 0 &&
		recover_are_closed(dev);
	bool all = true;
	uint16_t i;

	if (at_once && hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_FLUSH_QM, false, 0, 0, NULL) != 0)
		return false;
	for (i = 0; i < dev->nb_qps; i++) {
		struct hisi_qm_qp *qp = dev->qps[i];

		if (!recover_is_to_stop(qp))
			continue;
		if (at_once || (hisi_qm_qp_is_closed(qp) && hisi_qm_qp_stop(qp) == 0))
			qp->quiet = 1;
		else
			all = false;
	}
	recover_settle(dev);
	return all;
}

/*
 * What completes meanwhile is as good as ever. While it unbinds a function the kernel refuses to
 * reset it; without bus mastering it is quiet too.
 */
void
hisi_qm_recover_give_back(struct hisi_qm_dev *dev)
{
	int ret;

	hisi_qm_qp_close(dev->qps, dev->nb_qps);
	if (dev->state == HISI_QM_DEV_READY) {
		(void)recover_stop_all(dev);
		hisi_qm_ifc_farewell(dev);
		hisi_qm_teardown(dev);
	}
	ret = hisi_qm_dev_reset(dev);
	if (ret != 0 && !is_gone(ret))
		ret = recover_revoke(dev);
	if (ret != 0 && !is_gone(ret)) {
		recover_failed(dev, ret, "giving it back");
		return;
	}
	HISI_QM_DEV_LOG(WARNING, dev, "the kernel wants it back, as for an unbind, and waits: %" PRIu32
		" operations in flight return, all later ones with an error; rte_dev_remove() or the end of the process lets it go",
		recover_bury(dev));
}

/*
 * The PF of this VF is about to be reset (qm.md 6.12). What does not stop stays as it is until
 * then: after a fatal error nothing can, and none is asked to.
 */
static int
recover_follow_pf(struct hisi_qm_dev *dev)
{
	HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
		"its PF is about to be reset; all queues stop until that is done");
	dev->is_starved = false;
	dev->state = HISI_QM_DEV_RESETTING;
	hisi_qm_qp_close(dev->qps, dev->nb_qps);
	hisi_qm_ifc_stopped(dev, dev->ifc.is_fatal || recover_stop_all(dev));
	return -EINPROGRESS;
}

/* What other functions of the device ask for. */
static int
recover_messages(struct hisi_qm_dev *dev)
{
	switch (hisi_qm_ifc_service(dev)) {
	case HISI_QM_IFC_STOP:
		return recover_follow_pf(dev);
	case HISI_QM_IFC_RESET:
		dev->is_starved = false;
		return recover_reset_or_fail(dev);
	default:
		return 0;
	}
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
	const enum hisi_qm_qp_state settled = dev->state == HISI_QM_DEV_DEAD ? HISI_QM_QP_DEAD :
		HISI_QM_QP_RUNNING;
	uint16_t i;

	if (dev->state != HISI_QM_DEV_DEAD &&
			(dev->silent || dev->owed || dev->state != HISI_QM_DEV_READY ||
			hisi_qm_ifc_is_unsettled(dev)))
		return true;
	for (i = 0; i < dev->nb_qps; i++)
		if (dev->qps[i] != NULL && !dev->qps[i]->orphan &&
				(dev->qps[i]->state != settled ||
				hisi_qm_replay_is_under_way(dev->qps[i])))
			return true;
	return false;
}

static void
recover_look(struct hisi_qm_dev *dev, int alive)
{
	recover_settle(dev);
	if (dev->state == HISI_QM_DEV_DEAD)
		return;
	if (alive == -ENODEV) {
		recover_leave(dev);
		return;
	}
	dev->absent_tsc = 0;
	if (!recover_is_due(dev, alive))
		return;
	if (dev->state == HISI_QM_DEV_READY)
		hisi_qm_give_up_look(dev);
	if (dev->state == HISI_QM_DEV_RESETTING && recover_resume_reset(dev) != 0)
		return;
	hisi_qm_reconnect_end(dev);
	if (recover_note_answer(dev) != 0 || recover_messages(dev) != 0 ||
			recover_hardware_error(dev) != 0 || recover_events(dev) != 0)
		return;
	recover_queues(dev);
	if (dev->state == HISI_QM_DEV_READY)
		recover_restart_drained(dev);
	if (dev->state == HISI_QM_DEV_READY)
		hisi_qm_replay_service(dev);
}

bool
hisi_qm_recover_service(struct hisi_qm_dev *dev)
{
	int alive = dev->bus->ops->alive(dev->bus);
	bool unsettled;

	hisi_qm_dev_lock(dev);
	recover_look(dev, alive);
	unsettled = recover_is_unsettled(dev);
	if (!unsettled)
		dev->failures = 0;
	hisi_qm_dev_unlock(dev);
	return unsettled;
}
