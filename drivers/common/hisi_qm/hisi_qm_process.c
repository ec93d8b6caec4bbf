/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <rte_spinlock.h>

#include "hisi_qm_process.h"

struct process {
	TAILQ_ENTRY(process) next;
	uint32_t id;
	uint32_t functions;	/**< it is attached to */
	int life_fd;
};

static TAILQ_HEAD(, process) processes = TAILQ_HEAD_INITIALIZER(processes);
static rte_spinlock_t processes_lock = RTE_SPINLOCK_INITIALIZER;
/* Never given twice: a burst of a process that has ended must not be taken for a new one's. */
static uint32_t last_id = HISI_QM_PROCESS_PRIMARY;

int
hisi_qm_process_open_life(void)
{
	static int kept[2] = { -1, -1 };
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (fd >= 0)
		return fd;
	/* Kernels before 5.3: a connection that ends with this process, which keeps the far end. */
	if (kept[0] < 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, kept) != 0)
		return -errno;
	fd = fcntl(kept[0], F_DUPFD_CLOEXEC, 0);
	return fd >= 0 ? fd : -errno;
}

/* The caller holds the lock. */
static struct process *
process_find(uint32_t id)
{
	struct process *process;

	TAILQ_FOREACH(process, &processes, next)
		if (process->id == id)
			return process;
	return NULL;
}

static void
process_forget(struct process *process)
{
	TAILQ_REMOVE(&processes, process, next);
	close(process->life_fd);
	free(process);
}

/* A pidfd is readable, a connection hung up. */
static bool
process_has_ended(const struct process *process)
{
	struct pollfd ended = { .fd = process->life_fd, .events = POLLIN };

	return poll(&ended, 1, 0) == 1;
}

uint32_t
hisi_qm_process_attach(uint32_t id, int life_fd)
{
	struct process *fresh = calloc(1, sizeof(*fresh));
	struct process *process;

	rte_spinlock_lock(&processes_lock);
	process = process_find(id);
	if (process == NULL && fresh != NULL) {
		process = fresh;
		fresh = NULL;
		process->id = ++last_id;
		process->life_fd = life_fd;
		life_fd = -1;
		TAILQ_INSERT_TAIL(&processes, process, next);
	}
	id = process != NULL ? process->id : 0;
	if (process != NULL)
		process->functions++;
	rte_spinlock_unlock(&processes_lock);
	if (life_fd >= 0)
		close(life_fd);
	free(fresh);
	return id;
}

void
hisi_qm_process_detach(uint32_t id)
{
	struct process *process;

	rte_spinlock_lock(&processes_lock);
	process = process_find(id);
	if (process != NULL && --process->functions == 0)
		process_forget(process);
	rte_spinlock_unlock(&processes_lock);
}

bool
hisi_qm_process_runs(uint32_t id)
{
	struct process *process;
	bool runs;

	if (id == HISI_QM_PROCESS_PRIMARY)
		return true;
	rte_spinlock_lock(&processes_lock);
	process = process_find(id);
	runs = process != NULL && !process_has_ended(process);
	rte_spinlock_unlock(&processes_lock);
	return runs;
}

bool
hisi_qm_process_any(void)
{
	struct process *process, *next;
	bool any;

	rte_spinlock_lock(&processes_lock);
	for (process = TAILQ_FIRST(&processes); process != NULL; process = next) {
		next = TAILQ_NEXT(process, next);
		if (process_has_ended(process))
			process_forget(process);
	}
	any = !TAILQ_EMPTY(&processes);
	rte_spinlock_unlock(&processes_lock);
	return any;
}

/* As this process sees it; 0: it cannot, or the other one is in a namespace beside. */
static int
process_pid(int life_fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	char path[64], line[128];
	int pid = 0;
	FILE *info;

	if (getsockopt(life_fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0)
		return peer.pid;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", life_fd);
	info = fopen(path, "re");
	if (info == NULL)
		return 0;
	while (fgets(line, sizeof(line), info) != NULL)
		if (sscanf(line, "Pid: %d", &pid) == 1)
			break;
	fclose(info);
	return pid > 0 ? pid : 0;
}

void
hisi_qm_process_describe(uint32_t id, char *buf, uint32_t len)
{
	struct process *process;
	int pid = 0;

	if (id == HISI_QM_PROCESS_PRIMARY) {
		snprintf(buf, len, "this process");
		return;
	}
	rte_spinlock_lock(&processes_lock);
	process = process_find(id);
	if (process != NULL)
		pid = process_pid(process->life_fd);
	rte_spinlock_unlock(&processes_lock);
	if (pid != 0)
		snprintf(buf, len, "process %d", pid);
	else
		snprintf(buf, len, "secondary process number %" PRIu32, id);
}
