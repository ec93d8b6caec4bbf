/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * fork(2) beside a device at work. EAL's memory is shared between parent and child, the rest is
 * copied on write; the device goes on with the memory of the parent. A child leaves the device
 * alone: it writes memory of its own and ends.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_debug.h>

#include "probe_class.h"

#define FORK_OPS 64
#define FORK_TIMEOUT_S 60
#define FORK_CHILD_MS 40
#define PRIVATE_LEN (1u << 20)

/* ---- ops in flight while processes come and go ---- */

struct forks {
	struct probe *probe;
	uint8_t *private_mem;		/* of this process's own */
	void *idle[FORK_OPS];
	uint16_t nb_idle;
	uint32_t serial;		/* makes each op's data differ from the one before */
	uint64_t in_flight, at_fork, good, failed, wrong, private_wrong;
};

/* New data in a buffer that was used before: what a page copied for nobody's sake would lose. */
static void
put_in_flight(struct forks *forks)
{
	void *op;

	while (forks->nb_idle > 0) {
		op = forks->idle[forks->nb_idle - 1];
		probe_class_op_refill(op, ++forks->serial);
		if (probe_enqueue(forks->probe->dev_id, 0, &op, 1) == 0)
			break;
		forks->nb_idle--;
		forks->in_flight++;
	}
}

static void
take_back(struct forks *forks)
{
	void *ops[FORK_OPS];
	uint16_t i, n = probe_dequeue(forks->probe->dev_id, 0, ops, FORK_OPS);

	for (i = 0; i < n; i++) {
		if (!probe_class_op_succeeded(ops[i]))
			forks->failed++;
		else if (!probe_class_op_is_right(ops[i]))
			forks->wrong++;
		else
			forks->good++;
		forks->idle[forks->nb_idle++] = ops[i];
		forks->in_flight--;
	}
}

static pid_t
fork_child(struct forks *forks)
{
	pid_t pid = fork();

	if (pid < 0)
		rte_exit(3, "no child: %s\n", strerror(errno));
	if (pid == 0) {
		uint32_t i;

		/* Long enough for the parent to be seen at work beside it. */
		for (i = 0; i < FORK_CHILD_MS; i++) {
			memset(forks->private_mem, (int)(0x80 + i), PRIVATE_LEN);
			usleep(1000);
		}
		_exit(forks->private_mem[PRIVATE_LEN - 1] == 0x80 + FORK_CHILD_MS - 1 ? 0 : 1);
	}
	return pid;
}

/* One child's life, and the parent at work meanwhile. */
static bool
fork_round(struct forks *forks, uint8_t mark)
{
	int status = 0;
	uint32_t i;
	pid_t pid;

	put_in_flight(forks);
	forks->at_fork += forks->in_flight;
	pid = fork_child(forks);
	do {
		memset(forks->private_mem, mark, PRIVATE_LEN);
		take_back(forks);
		put_in_flight(forks);
	} while (waitpid(pid, &status, WNOHANG) == 0);
	for (i = 0; i < PRIVATE_LEN; i++)
		forks->private_wrong += forks->private_mem[i] != mark;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void
drain(struct forks *forks)
{
	uint64_t end = rte_rdtsc() + FORK_TIMEOUT_S * rte_get_tsc_hz();

	while (forks->in_flight > 0 && rte_rdtsc() < end)
		take_back(forks);
}

int
probe_fork(struct probe *probe, const char *driver, unsigned int rounds)
{
	struct forks forks = { .probe = probe };
	unsigned int i, children_wrong = 0;

	probe_open(probe, driver, FORK_OPS);
	if (probe_start(probe, 1, FORK_OPS) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	forks.private_mem = mmap(NULL, PRIVATE_LEN, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (forks.private_mem == MAP_FAILED)
		return 3;
	for (; forks.nb_idle < FORK_OPS; forks.nb_idle++)
		forks.idle[forks.nb_idle] = probe_class_op(probe, forks.nb_idle);
	for (i = 0; i < rounds; i++)
		children_wrong += !fork_round(&forks, (uint8_t)(1 + i % 100));
	drain(&forks);
	printf("{\"what\": \"fork\", \"rounds\": %u, \"at_fork\": %" PRIu64 ", \"good\": %" PRIu64
		", \"failed\": %" PRIu64 ", \"wrong\": %" PRIu64 ", \"missing\": %" PRIu64
		", \"private_wrong\": %" PRIu64 ", \"children_wrong\": %u}\n", rounds,
		forks.at_fork, forks.good, forks.failed, forks.wrong, forks.in_flight,
		forks.private_wrong, children_wrong);
	while (forks.nb_idle > 0)
		probe_class_op_free(forks.idle[--forks.nb_idle]);
	munmap(forks.private_mem, PRIVATE_LEN);
	probe_close(probe);
	return 0;
}

/* ---- a child that outlives its parent ---- */

/* It holds what it inherited, for whoever kills the parent; with exec it lets go. */
int
probe_fork_orphan(struct probe *probe, const char *driver, unsigned int seconds,
	const char *program)
{
	pid_t pid;

	probe_open(probe, driver, 16);
	if (probe_start(probe, 1, 64) != 0)
		return 3;
	pid = fork();
	if (pid < 0)
		return 3;
	if (pid == 0) {
		char text[16];

		snprintf(text, sizeof(text), "%u", seconds);
		if (program != NULL)
			execlp(program, program, text, (char *)NULL);
		sleep(seconds);
		_exit(0);
	}
	printf("{\"running\": true, \"child\": %d}\n", (int)pid);
	fflush(stdout);
	for (;;)
		pause();
}
