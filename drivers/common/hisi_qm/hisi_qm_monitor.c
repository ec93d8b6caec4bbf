/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_spinlock.h>
#include <rte_string_fns.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"
#include "hisi_qm_process.h"

/*
 * The control thread of the process: one for all functions, running while there is one. It sleeps
 * on the hang-up descriptors and interrupts of all functions and on its own eventfd, to which a
 * lcore writes when it raises an alarm. A function in trouble is looked at every TROUBLE_MS until
 * it is settled; a quiet one every QUIET_MS, because interrupts are an extra (qm.md 4.4).
 */

#define QUIET_MS 5000
#define SHARED_MS 500	/* a lcore of another process cannot wake us */
#define TROUBLE_MS 50
#define FDS_PER_DEV (3 + HISI_QM_MAX_VECTORS)

static TAILQ_HEAD(, hisi_qm_dev) monitored = TAILQ_HEAD_INITIALIZER(monitored);
static rte_spinlock_t monitored_lock = RTE_SPINLOCK_INITIALIZER;
static hisi_qm_thread_t monitor_thread;
static bool monitor_running;	/* under control of add and remove, which the classes serialise */
static bool monitor_ends;
static int monitor_wake_fd = -1;

static void
fd_drain(int fd)
{
	uint64_t count;
	ssize_t ignored;

	if (fd < 0)
		return;
	ignored = read(fd, &count, sizeof(count));
	RTE_SET_USED(ignored);
}

/* Take a function so that it cannot be freed meanwhile. */
static struct hisi_qm_dev *
monitor_take(struct hisi_qm_dev *after)
{
	struct hisi_qm_dev *dev;

	rte_spinlock_lock(&monitored_lock);
	dev = after == NULL ? TAILQ_FIRST(&monitored) : TAILQ_NEXT(after, next);
	if (after != NULL)
		hisi_qm_store_release(&after->served, false);
	while (dev != NULL && dev->leaving)
		dev = TAILQ_NEXT(dev, next);
	if (dev != NULL)
		dev->served = true;
	rte_spinlock_unlock(&monitored_lock);
	return dev;
}

static void
monitor_count_interrupts(struct hisi_qm_dev *dev)
{
	uint64_t count;
	int i;

	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		if (dev->bus->irq_fds[i] >= 0 &&
				read(dev->bus->irq_fds[i], &count, sizeof(count)) == sizeof(count))
			dev->stats.interrupts[i] += count;
}

/* The class hears of what has gone wrong since the last look, once for all of it. */
static void
monitor_tell(struct hisi_qm_dev *dev)
{
	const struct hisi_qm_dev_stats *stats = &dev->stats;
	uint64_t troubles = stats->resets + stats->queue_stops + stats->losses +
		stats->hardware_errors + stats->async_events +
		(dev->state == HISI_QM_DEV_DEAD);

	if (troubles == dev->troubles_told)
		return;
	dev->troubles_told = troubles;
	if (dev->trouble != NULL)
		dev->trouble(dev->trouble_opaque);
}

/* @return true: a function needs another look soon */
static bool
monitor_service(bool is_woken)
{
	struct hisi_qm_dev *dev;
	bool trouble = false;

	for (dev = monitor_take(NULL); dev != NULL; dev = monitor_take(dev)) {
		if (is_woken) {
			monitor_count_interrupts(dev);
			hisi_qm_request_service(dev);
		}
		trouble |= hisi_qm_recover_service(dev);
		monitor_tell(dev);
	}
	return trouble;
}

static struct pollfd *
monitor_fds(nfds_t *count)
{
	struct hisi_qm_dev *dev;
	struct pollfd *fds;
	nfds_t n = 1;
	int i;

	rte_spinlock_lock(&monitored_lock);
	TAILQ_FOREACH(dev, &monitored, next)
		n += FDS_PER_DEV;
	fds = calloc(n, sizeof(*fds));
	n = 0;
	if (fds != NULL)
		fds[n++] = (struct pollfd){ .fd = monitor_wake_fd, .events = POLLIN };
	TAILQ_FOREACH(dev, &monitored, next) {
		if (fds == NULL || dev->leaving)
			continue;
		fds[n++] = (struct pollfd){ .fd = dev->bus->request_fd, .events = POLLIN };
		fds[n++] = (struct pollfd){ .fd = dev->bus->error_fd, .events = POLLIN };
		if (dev->state == HISI_QM_DEV_DEAD)
			continue;
		/* Readable for a late reply too, which the look takes (alive). */
		fds[n++] = (struct pollfd){ .fd = dev->bus->hangup_fd,
			.events = POLLIN | POLLRDHUP };
		for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
			fds[n++] = (struct pollfd){ .fd = dev->bus->irq_fds[i], .events = POLLIN };
	}
	rte_spinlock_unlock(&monitored_lock);
	*count = n;
	return fds;
}

static hisi_qm_thread_ret_t
monitor_run(void *arg)
{
	struct pollfd *fds;
	nfds_t count;
	bool is_woken;
	int timeout_ms = QUIET_MS;

	RTE_SET_USED(arg);
	while (!hisi_qm_load_acquire(&monitor_ends)) {
		fds = monitor_fds(&count);
		is_woken = true;
		if (fds != NULL)
			is_woken = poll(fds, count, timeout_ms) != 0;
		else
			rte_delay_us_sleep(TROUBLE_MS * 1000);
		free(fds);
		/* Woken by time only, there is nothing to read anywhere. */
		if (is_woken)
			fd_drain(monitor_wake_fd);
		timeout_ms = monitor_service(is_woken) ? TROUBLE_MS :
			hisi_qm_process_any() ? SHARED_MS : QUIET_MS;
	}
	return 0;
}

void
hisi_qm_monitor_wake(void)
{
	uint64_t one = 1;
	ssize_t ignored;

	/* A secondary process has no control thread; the primary's looks more often then. */
	if (monitor_wake_fd < 0)
		return;
	ignored = write(monitor_wake_fd, &one, sizeof(one));
	RTE_SET_USED(ignored);
}

static int
monitor_start(void)
{
	int ret;

	monitor_wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (monitor_wake_fd < 0)
		return -errno;
	hisi_qm_store_release(&monitor_ends, false);
	ret = hisi_qm_thread_create(&monitor_thread, "hisi-qm-ctl", monitor_run, NULL);
	if (ret != 0) {
		close(monitor_wake_fd);
		monitor_wake_fd = -1;
		return -abs(ret);
	}
	monitor_running = true;
	return 0;
}

int
hisi_qm_monitor_add(struct hisi_qm_dev *dev)
{
	int ret = 0;

	if (!monitor_running)
		ret = monitor_start();
	if (ret != 0) {
		HISI_QM_DEV_LOG(ERR, dev, "the control thread did not start: %s", strerror(-ret));
		return ret;
	}
	rte_spinlock_lock(&monitored_lock);
	TAILQ_INSERT_TAIL(&monitored, dev, next);
	rte_spinlock_unlock(&monitored_lock);
	hisi_qm_monitor_wake();
	return 0;
}

struct hisi_qm_dev *
hisi_qm_monitor_hold(const char *name)
{
	struct hisi_qm_dev *dev;

	rte_spinlock_lock(&monitored_lock);
	TAILQ_FOREACH(dev, &monitored, next)
		if (!dev->leaving && strcmp(dev->name, name) == 0)
			break;
	if (dev != NULL)
		dev->held++;
	rte_spinlock_unlock(&monitored_lock);
	return dev;
}

/* Held like a function that is being looked into: the thread is not in the middle of telling. */
void
hisi_qm_dev_set_trouble(struct hisi_qm_dev *dev, hisi_qm_trouble_t trouble, void *opaque)
{
	bool served;

	do {
		rte_spinlock_lock(&monitored_lock);
		served = dev->served;
		if (!served) {
			dev->trouble = trouble;
			dev->trouble_opaque = opaque;
		}
		rte_spinlock_unlock(&monitored_lock);
		if (served)
			rte_delay_us_sleep(1000);
	} while (served);
}

void
hisi_qm_monitor_release(struct hisi_qm_dev *dev)
{
	rte_spinlock_lock(&monitored_lock);
	dev->held--;
	rte_spinlock_unlock(&monitored_lock);
}

bool
hisi_qm_monitor_name(const char *driver, unsigned int index, char *name, size_t len)
{
	const struct hisi_qm_dev *dev;

	rte_spinlock_lock(&monitored_lock);
	TAILQ_FOREACH(dev, &monitored, next)
		if (!dev->leaving && strcmp(dev->engine->driver, driver) == 0 && index-- == 0)
			break;
	if (dev != NULL)
		(void)rte_strscpy(name, dev->name, len);
	rte_spinlock_unlock(&monitored_lock);
	return dev != NULL;
}

void
hisi_qm_monitor_remove(struct hisi_qm_dev *dev)
{
	bool served, last;

	rte_spinlock_lock(&monitored_lock);
	dev->leaving = true;
	rte_spinlock_unlock(&monitored_lock);
	do {
		rte_spinlock_lock(&monitored_lock);
		served = dev->served || dev->held > 0;
		if (!served)
			TAILQ_REMOVE(&monitored, dev, next);
		last = TAILQ_EMPTY(&monitored);
		rte_spinlock_unlock(&monitored_lock);
		if (served)
			rte_delay_us_sleep(1000);
	} while (served);
	if (!last) {
		hisi_qm_monitor_wake();
		return;
	}
	hisi_qm_store_release(&monitor_ends, true);
	hisi_qm_monitor_wake();
	hisi_qm_thread_join(monitor_thread);
	close(monitor_wake_fd);
	monitor_wake_fd = -1;
	monitor_running = false;
}
