/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_alarm.h>
#include <rte_dev.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/*
 * What the kernel says about a function of the PCI bus: it wants it back, because somebody unbinds
 * or removes it, or the link reported an error. The kernel waits until the function is let go, for
 * ever, and asks again every 10 s.
 */

static bool
request_take(int fd)
{
	uint64_t count;

	return fd >= 0 && read(fd, &count, sizeof(count)) == sizeof(count);
}

static void
request_tell(void *arg)
{
	char *name = arg;

	rte_dev_event_callback_process(name, RTE_DEV_EVENT_REMOVE);
	free(name);
}

/*
 * Not from here: a callback may remove the device at once, which waits for the control thread. It
 * runs in EAL's interrupt thread, as with EAL's own events.
 */
void
hisi_qm_request_removal(const struct hisi_qm_dev *dev)
{
	const char *name = dev->bus->eal_name != NULL ? dev->bus->eal_name : dev->name;
	char *copy = strdup(name);

	/* Without it the application has the log, and errors of its operations. */
	if (copy == NULL || rte_eal_alarm_set(1, request_tell, copy) != 0)
		free(copy);
}

/* A reset sets right what the error left behind; all ones in place of registers tell the rest. */
static void
request_take_link_error(struct hisi_qm_dev *dev)
{
	hisi_qm_dev_lock(dev);
	HISI_QM_DEV_LOG_LIMITED(ERR, dev, &dev->error_lines,
		"the kernel reports an error of its PCI link; the function is reset, dmesg says more");
	dev->reset_wanted = true;
	hisi_qm_dev_unlock(dev);
}

void
hisi_qm_request_service(struct hisi_qm_dev *dev)
{
	bool is_dead;

	if (request_take(dev->bus->error_fd))
		request_take_link_error(dev);
	if (!request_take(dev->bus->request_fd))
		return;
	hisi_qm_dev_lock(dev);
	is_dead = dev->state == HISI_QM_DEV_DEAD;
	if (!is_dead)
		hisi_qm_recover_give_back(dev);
	hisi_qm_dev_unlock(dev);
	/* Who was not there to hear it at first. */
	if (is_dead)
		hisi_qm_request_removal(dev);
}
