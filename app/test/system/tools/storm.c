/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A preload shim: from the first moment to the last, each thread of the program takes a signal
 * every millisecond. The handler restarts nothing, so what waits in the kernel comes back with
 * EINTR.
 */
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PERIOD_NS 1000000L

static atomic_ulong taken;
static _Thread_local atomic_uint is_known;
static atomic_uint threads;

static void
take(int number)
{
	(void)number;
	atomic_fetch_add(&taken, 1);
	if (atomic_exchange(&is_known, 1) == 0)
		atomic_fetch_add(&threads, 1);
}

static void
strike(pid_t self)
{
	DIR *folder = opendir("/proc/self/task");
	struct dirent *entry;
	pid_t tid;

	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL) {
		tid = atoi(entry->d_name);
		if (tid > 0 && tid != self)
			syscall(SYS_tgkill, getpid(), tid, SIGUSR2);
	}
	closedir(folder);
}

static void *
storm(void *arg)
{
	const struct timespec pause = { .tv_nsec = PERIOD_NS };
	pid_t self = (pid_t)syscall(SYS_gettid);

	(void)arg;
	for (;;) {
		strike(self);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

static void __attribute__((constructor))
begin(void)
{
	struct sigaction action = { .sa_handler = take };
	sigset_t all, before;
	pthread_t thread;

	/* A thread that takes no signal itself. */
	sigfillset(&all);
	if (sigaction(SIGUSR2, &action, NULL) != 0 ||
			pthread_sigmask(SIG_SETMASK, &all, &before) != 0 ||
			pthread_create(&thread, NULL, storm, NULL) != 0)
		abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void __attribute__((destructor))
tell(void)
{
	fprintf(stderr, "storm: %lu signals in %u threads\n", atomic_load(&taken),
		atomic_load(&threads));
}
