/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_string_fns.h>

#include "hisi_qm_dump.h"

/* Where dumps go, and when. */

/* Files of one function in its folder: the oldest is replaced by the next. */
#define DUMP_FILES 8
/* Trouble that follows within this is the same story. */
#define DUMP_PAUSE_S 1
/* Functions that are dumped by a signal. */
#define DUMP_DEVICES 64

static struct hisi_qm_dev *devices[DUMP_DEVICES];
static bool on_signal;

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
static struct sigaction before[RTE_DIM(signals)];

/* ---- the folder ---- */

static const char *
dump_dir(const struct hisi_qm_dev *dev)
{
	const char *env = getenv(HISI_QM_DUMP_DIR_ENV);

	if (dev->args.recorder_dir[0] != '\0')
		return dev->args.recorder_dir;
	return env != NULL && env[0] != '\0' ? env : rte_eal_get_runtime_dir();
}

/* @return a descriptor, or -errno */
static int
dump_dir_open(const struct hisi_qm_dev *dev)
{
	const char *dir = dump_dir(dev);
	int fd;

	/* The last part only; what is there already stays as it is. */
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return -errno;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 ? fd : -errno;
}

/* A signal handler needs one that is open. */
static void
dump_dir_keep(struct hisi_qm_dev *dev)
{
	if (dev->dump_dir < 0)
		dev->dump_dir = dump_dir_open(dev);
}

/* "compress_hisi_zip0.3.hisirec"; a device may be called anything. */
static void
dump_name(const struct hisi_qm_dev *dev, int number, char *name)
{
	static const char end[] = ".0.hisirec";
	size_t len;

	for (len = 0; dev->name[len] != '\0'; len++)
		name[len] = dev->name[len] == '/' ? '_' : dev->name[len];
	memcpy(name + len, end, sizeof(end));
	name[len + 1] = (char)('0' + number);
}

#define DUMP_NAME_LEN (RTE_DEV_NAME_MAX_LEN + 16)

/* One that is not there, else the oldest. */
static int
dump_number(const struct hisi_qm_dev *dev, int dir)
{
	struct stat oldest = { 0 }, stat;
	char name[DUMP_NAME_LEN];
	int i, number = 0;

	for (i = 0; i < DUMP_FILES; i++) {
		dump_name(dev, i, name);
		if (fstatat(dir, name, &stat, AT_SYMLINK_NOFOLLOW) != 0)
			return i;
		if (i == 0 || stat.st_mtim.tv_sec < oldest.st_mtim.tv_sec ||
				(stat.st_mtim.tv_sec == oldest.st_mtim.tv_sec &&
				stat.st_mtim.tv_nsec < oldest.st_mtim.tv_nsec)) {
			oldest = stat;
			number = i;
		}
	}
	return number;
}

/* Of its own, never somebody else's file behind a link. May be called from a signal handler. */
static int
dump_into(int dir, const struct hisi_qm_dev *dev, const char *name, const char *reason, int signal)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int ret;

	if (fd < 0)
		return -errno;
	ret = hisi_qm_dump_write(fd, dev, reason, signal);
	if (close(fd) != 0 && ret == 0)
		ret = -errno;
	if (ret != 0)
		(void)unlinkat(dir, name, 0);
	return ret;
}

int
hisi_qm_dump_to(struct hisi_qm_dev *dev, const char *reason, const char *path, char *written,
	size_t written_len)
{
	char name[DUMP_NAME_LEN];
	int dir, ret;

	if (path != NULL) {
		if (written_len != 0)
			(void)strlcpy(written, path, written_len);
		return dump_into(AT_FDCWD, dev, path, reason, 0);
	}
	dir = dump_dir_open(dev);
	if (dir < 0)
		return dir;
	dump_name(dev, dump_number(dev, dir), name);
	(void)unlinkat(dir, name, 0);
	if (written_len != 0)
		(void)snprintf(written, written_len, "%s/%s", dump_dir(dev), name);
	ret = dump_into(dir, dev, name, reason, 0);
	close(dir);
	return ret;
}

/* ---- trouble ---- */

/* NULL: no trouble. The reason of the queue, where the function has none of its own. */
static const char *
trouble_of(const struct hisi_qm_qp *qp)
{
	if (qp == NULL || qp->orphan || qp->state != HISI_QM_QP_RUNNING ||
			qp->failed == HISI_QM_QP_FAILED_BY_HAND)
		return NULL;
	switch (qp->dev->state) {
	case HISI_QM_DEV_RESETTING:
		return "the function is being reset";
	case HISI_QM_DEV_DEAD:
		return "the device is gone, or was given up";
	default:
		break;
	}
	if (qp->failed)
		return "the device reported an error of a queue";
	if (qp->overdue || qp->alarm == HISI_QM_QP_ALARM_TIMEOUT)
		return "no progress within timeout_ms";
	return qp->alarm == HISI_QM_QP_ALARM_BAD_CQE ? "a completion that cannot be" : NULL;
}

static bool
trouble_is_due(struct hisi_qm_dev *dev)
{
	uint64_t now = rte_get_timer_cycles();

	if (dev->args.recorder == 0 || (dev->dumped_tsc != 0 &&
			now - dev->dumped_tsc < DUMP_PAUSE_S * rte_get_timer_hz()))
		return false;
	dev->dumped_tsc = now;
	return true;
}

static void
trouble_dump(struct hisi_qm_dev *dev, const char *reason)
{
	char path[PATH_MAX];
	int ret = hisi_qm_dump_to(dev, reason, NULL, path, sizeof(path));

	if (ret == 0) {
		HISI_QM_DEV_LOG_LIMITED(NOTICE, dev, &dev->recovery_lines,
			"what its queues did last is in %s; 'dpdk-testacc decode' explains it",
			path);
		return;
	}
	if (!dev->dump_told)
		HISI_QM_DEV_LOG(WARNING, dev, "the flight recorder cannot be written to %s: %s; give a folder with recorder_dir=",
			dump_dir(dev), strerror(-ret));
	dev->dump_told = true;
}

void
hisi_qm_dump_before_close(struct hisi_qm_qp **qps, uint16_t count)
{
	const char *reason = NULL;
	uint16_t i;

	for (i = 0; i < count && reason == NULL; i++)
		reason = trouble_of(qps[i]);
	if (reason != NULL && trouble_is_due(qps[i - 1]->dev))
		trouble_dump(qps[i - 1]->dev, reason);
}

/* ---- signals ---- */

static void
dump_device(struct hisi_qm_dev *dev, int signal)
{
	char name[DUMP_NAME_LEN];

	if (dev->dump_dir < 0)
		return;
	dump_name(dev, dump_number(dev, dev->dump_dir), name);
	(void)unlinkat(dev->dump_dir, name, 0);
	(void)dump_into(dev->dump_dir, dev, name, "a signal ended the process", signal);
}

/*
 * The former actions first: a second fault, in here, ends the process, and so does the signal that
 * is raised for them once this has returned. A fault happens again by itself.
 */
static void
handle_signal(int number)
{
	int error = errno;
	size_t i;

	for (i = 0; i < RTE_DIM(signals); i++)
		(void)sigaction(signals[i], &before[i], NULL);
	for (i = 0; i < RTE_DIM(devices); i++) {
		struct hisi_qm_dev *dev = hisi_qm_load_acquire(&devices[i]);

		if (dev != NULL)
			dump_device(dev, number);
	}
	(void)raise(number);
	errno = error;
}

int
hisi_qm_dump_on_signal(void)
{
	struct sigaction action = { .sa_handler = handle_signal, .sa_flags = SA_ONSTACK };
	size_t i;

	if (on_signal)
		return 0;
	on_signal = true;
	for (i = 0; i < RTE_DIM(devices); i++)
		if (devices[i] != NULL)
			dump_dir_keep(devices[i]);
	sigemptyset(&action.sa_mask);
	for (i = 0; i < RTE_DIM(signals); i++)
		if (sigaction(signals[i], &action, &before[i]) != 0)
			return -errno;
	return 0;
}

void
hisi_qm_dump_add(struct hisi_qm_dev *dev)
{
	const char *env = getenv(HISI_QM_DUMP_SIGNALS_ENV);
	size_t i;

	dev->dump_dir = -1;
	dev->tsc_hz = rte_get_tsc_hz();
	if (on_signal)
		dump_dir_keep(dev);
	for (i = 0; i < RTE_DIM(devices) && devices[i] != NULL; i++)
		;
	if (i < RTE_DIM(devices) && dev->args.recorder != 0)
		hisi_qm_store_release(&devices[i], dev);
	if (env != NULL && env[0] != '\0')
		(void)hisi_qm_dump_on_signal();
}

void
hisi_qm_dump_remove(struct hisi_qm_dev *dev)
{
	size_t i;

	for (i = 0; i < RTE_DIM(devices); i++)
		if (devices[i] == dev)
			hisi_qm_store_release(&devices[i], NULL);
	if (dev->dump_dir >= 0)
		close(dev->dump_dir);
	dev->dump_dir = -1;
}
