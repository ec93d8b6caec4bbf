/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/* A server that went away: its operations go back, and its socket is tried again for a while. */

/* Looks of the control thread between two attempts. */
#define RECONNECT_LOOKS 4

/*
 * The server is gone, or has closed the connection after it gave all memory back (vfio-user.md
 * 17.2): none of its threads writes to ours any more, and what is in flight goes back now. Until
 * there is a new connection enqueue takes nothing, as in any reset.
 */
static void
reconnect_note_loss(struct hisi_qm_dev *dev)
{
	dev->lost_tsc = rte_get_timer_cycles();
	dev->retry = 0;
	dev->stats.losses++;
	dev->state = HISI_QM_DEV_RESETTING;
	/* It would be ready for reading all the time. */
	dev->bus->hangup_fd = -1;
	HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
		"the connection is lost with %" PRIu32 " operations in flight, those not completed return with an error; trying %s for %" PRIu32 " s",
		hisi_qm_recover_in_flight(dev), dev->args.socket, dev->args.reconnect);
	hisi_qm_qp_close(dev->qps, dev->nb_qps);
	hisi_qm_qp_free_orphans(dev);
	hisi_qm_recover_all_quiet(dev);
}

/* The rest is a reset like any other, of a device of unknown state. */
static void
reconnect_take_connection(struct hisi_qm_dev *dev)
{
	dev->retry = 0;
	dev->silent = false;
	dev->owed = false;
	/* Another one, with a story of its own. */
	dev->reset_tsc = 0;
	/* What its PF or VFs said and were told is void: they may be another server's now. */
	memset(&dev->ifc, 0, sizeof(dev->ifc));
	hisi_qm_share_renew(dev);
}

/* @return 0: is being tried, or done; else why it is not to be tried any longer */
static int
reconnect_try(struct hisi_qm_dev *dev)
{
	uint64_t now = rte_get_timer_cycles();
	int ret;

	/* Queues that a burst kept open when it was noticed. */
	hisi_qm_recover_all_quiet(dev);
	if (dev->retry != 0) {
		dev->retry--;
		return 0;
	}
	dev->retry = RECONNECT_LOOKS;
	ret = dev->bus->ops->reconnect(dev->bus);
	if (ret == -ENOTSUP)
		return ret;
	if (ret != 0)
		return now - dev->lost_tsc < dev->args.reconnect * rte_get_timer_hz() ? 0 : ret;
	ret = hisi_qm_dev_recognise(dev);
	/* One that stands still since it took the connection is looked at when it goes on. */
	dev->unrecognised = ret == -ETIMEDOUT;
	if (ret == 0 || ret == -ETIMEDOUT)
		reconnect_take_connection(dev);
	return ret == -ENODEV || ret == -ECONNRESET || ret == -ETIMEDOUT ? 0 : ret;
}

int
hisi_qm_reconnect_check(struct hisi_qm_dev *dev)
{
	int ret = dev->unrecognised ? hisi_qm_dev_recognise(dev) : 0;

	if (ret == 0)
		dev->unrecognised = false;
	return ret;
}

static bool
reconnect_is_lost(struct hisi_qm_dev *dev)
{
	return dev->bus->ops->reconnect != NULL && dev->args.reconnect != 0 &&
		dev->bus->ops->alive(dev->bus) == -ENODEV;
}

bool
hisi_qm_reconnect_follow(struct hisi_qm_dev *dev)
{
	char why[256];
	int ret;

	if (!reconnect_is_lost(dev))
		return false;
	if (dev->lost_tsc == 0)
		reconnect_note_loss(dev);
	ret = reconnect_try(dev);
	if (ret == 0)
		return true;
	if (ret == -ENOTSUP || dev->bus->ops->alive(dev->bus) != -ENODEV) {
		(void)dev->bus->ops->revoke(dev->bus);
		hisi_qm_recover_end(dev, "the device is gone: another one has its socket", "");
		return true;
	}
	snprintf(why, sizeof(why), "the device is gone: no new connection at %s within %" PRIu32
		" s: %s", dev->args.socket, dev->args.reconnect, strerror(-ret));
	hisi_qm_recover_end(dev, why, ", once dpdk-hisi-emu serves that socket");
	return true;
}

void
hisi_qm_reconnect_end(struct hisi_qm_dev *dev)
{
	if (dev->lost_tsc == 0)
		return;
	dev->lost_tsc = 0;
	dev->failures = 0;
	dev->stats.reconnects++;
	HISI_QM_DEV_LOG_LIMITED(NOTICE, dev, &dev->recovery_lines, "connected again to %s",
		dev->args.socket);
}
