/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * fork(2) beside a device at work. EAL's memory is shared between parent and child, the rest is
 * copied on write; the device goes on with the memory of the parent. A child leaves the device
 * alone: it writes memory of its own and ends.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rte_compressdev.h>
#include <rte_cycles.h>
#include <rte_debug.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_memory.h>

#include "probe.h"

#define FORK_OPS 64
#define FORK_TIMEOUT_S 20
#define FORK_CHILD_MS 40
#define PRIVATE_LEN (1u << 20)

/* ---- ops in flight while processes come and go ---- */

struct forks {
	struct probe *probe;
	uint8_t *private_mem;		/* of this process's own */
	struct rte_comp_op *idle[FORK_OPS];
	uint16_t nb_idle;
	uint32_t serial;		/* makes each op's data differ from the one before */
	uint64_t in_flight, at_fork, good, failed, wrong, private_wrong;
};

static void
fill(uint8_t *data, uint32_t len, uint32_t serial)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		data[i] = (uint8_t)((i * 31 + i / 7 * serial) >> 3) & 0x3f;
}

/* New data in a buffer that was used before: what a page copied for nobody's sake would lose. */
static void
put_in_flight(struct forks *forks)
{
	struct rte_comp_op *op;
	uint16_t taken;

	while (forks->nb_idle > 0) {
		op = forks->idle[forks->nb_idle - 1];
		fill(rte_pktmbuf_mtod(op->m_src, uint8_t *), op->src.length, ++forks->serial);
		memset(rte_pktmbuf_mtod(op->m_dst, void *), 0xa5, PROBE_CAPACITY);
		op->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
		taken = rte_compressdev_enqueue_burst(forks->probe->dev_id, 0, &op, 1);
		if (taken == 0)
			break;
		forks->nb_idle--;
		forks->in_flight++;
	}
}

static void
take_back(struct forks *forks)
{
	struct rte_comp_op *ops[FORK_OPS];
	uint16_t i, n = rte_compressdev_dequeue_burst(forks->probe->dev_id, 0, ops, FORK_OPS);

	for (i = 0; i < n; i++) {
		if (ops[i]->status != RTE_COMP_OP_STATUS_SUCCESS)
			forks->failed++;
		else if (!probe_check_deflate(ops[i]))
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
		forks.idle[forks.nb_idle] = probe_op(probe, probe->compress_xform, PROBE_DATA_LEN);
	for (i = 0; i < rounds; i++)
		children_wrong += !fork_round(&forks, (uint8_t)(1 + i % 100));
	drain(&forks);
	printf("{\"what\": \"fork\", \"rounds\": %u, \"at_fork\": %" PRIu64 ", \"good\": %" PRIu64
		", \"failed\": %" PRIu64 ", \"wrong\": %" PRIu64 ", \"missing\": %" PRIu64
		", \"private_wrong\": %" PRIu64 ", \"children_wrong\": %u}\n", rounds,
		forks.at_fork, forks.good, forks.failed, forks.wrong, forks.in_flight,
		forks.private_wrong, children_wrong);
	while (forks.nb_idle > 0)
		probe_op_free(forks.idle[--forks.nb_idle]);
	munmap(forks.private_mem, PRIVATE_LEN);
	probe_close(probe);
	return 0;
}

/* ---- private memory that the device was shown ---- */

static void
external_free(void *addr, void *opaque)
{
	RTE_SET_USED(addr);
	RTE_SET_USED(opaque);
}

static struct rte_mbuf_ext_shared_info external = { .free_cb = external_free };

static struct rte_mbuf *
show(struct probe *probe, uint8_t *data, uint16_t len)
{
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(probe->mbuf_pool);

	if (mbuf == NULL)
		rte_exit(3, "no mbuf left\n");
	rte_mbuf_ext_refcnt_update(&external, 1);
	rte_pktmbuf_attach_extbuf(mbuf, data, (uintptr_t)data, len, &external);
	mbuf->data_off = 0;
	mbuf->data_len = len;
	mbuf->pkt_len = len;
	return mbuf;
}

static struct rte_device *
find_device(uint8_t dev_id)
{
	static const char * const buses[] = { "vdev", "pci" };
	struct rte_dev_iterator it;
	struct rte_device *device;
	char devargs[128];
	size_t i;

	for (i = 0; i < RTE_DIM(buses); i++) {
		snprintf(devargs, sizeof(devargs), "bus=%s", buses[i]);
		RTE_DEV_FOREACH(device, devargs, &it)
			if (strcmp(rte_dev_name(device), rte_compressdev_name_get(dev_id)) == 0)
				return device;
	}
	return NULL;
}

/* What the device made of area: "right", "wrong" (it saw other bytes), or "error". */
static const char *
use_private(struct probe *probe, uint8_t *area, uint32_t serial)
{
	struct rte_comp_op *op = rte_comp_op_alloc(probe->op_pool), *done = NULL;
	uint64_t end = rte_rdtsc() + FORK_TIMEOUT_S * rte_get_tsc_hz();
	const char *result = "error";
	bool taken = false;

	fill(area, PROBE_DATA_LEN, serial);
	memset(area + PRIVATE_LEN / 2, 0xa5, PROBE_CAPACITY);
	op->op_type = RTE_COMP_OP_STATELESS;
	op->flush_flag = RTE_COMP_FLUSH_FINAL;
	op->private_xform = probe->compress_xform;
	op->m_src = show(probe, area, PROBE_DATA_LEN);
	op->m_dst = show(probe, area + PRIVATE_LEN / 2, PROBE_CAPACITY);
	op->src.length = PROBE_DATA_LEN;
	while (done == NULL && rte_rdtsc() < end) {
		taken = taken || rte_compressdev_enqueue_burst(probe->dev_id, 0, &op, 1) == 1;
		(void)rte_compressdev_dequeue_burst(probe->dev_id, 0, &done, 1);
	}
	if (done == NULL)
		rte_exit(4, "the op was lost\n");
	if (op->status == RTE_COMP_OP_STATUS_SUCCESS)
		result = probe_check_deflate(op) ? "right" : "wrong";
	probe_op_free(op);
	return result;
}

static void
tell(const char *when, const char *result)
{
	printf("{\"when\": \"%s\", \"result\": \"%s\"}\n", when, result);
	fflush(stdout);
}

/* A child that writes the whole area, and lives until it is asked to end. */
static pid_t
fork_writer(uint8_t *area)
{
	int pipes[2];
	pid_t pid;
	char byte;

	if (pipe(pipes) != 0)
		rte_exit(3, "no pipe\n");
	pid = fork();
	if (pid < 0)
		rte_exit(3, "no child: %s\n", strerror(errno));
	if (pid == 0) {
		memset(area, 0xcc, PRIVATE_LEN);
		if (write(pipes[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	/* It has written. */
	if (read(pipes[0], &byte, 1) != 1)
		rte_exit(3, "the child died\n");
	close(pipes[0]);
	close(pipes[1]);
	return pid;
}

static void
end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
stop_showing(struct rte_device *device, uint8_t *area)
{
	rte_dev_dma_unmap(device, area, (uintptr_t)area, PRIVATE_LEN);
	rte_extmem_unregister(area, PRIVATE_LEN);
	munmap(area, PRIVATE_LEN);
}

/* Anonymous private memory for the device; NULL and *ret where it does not take it. */
static uint8_t *
private_area(void)
{
	uint8_t *area = mmap(NULL, PRIVATE_LEN, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (area == MAP_FAILED || rte_extmem_register(area, PRIVATE_LEN, NULL, 0, 4096) != 0)
		rte_exit(3, "no memory\n");
	return area;
}

static int
show_to_device(struct rte_device *device, uint8_t *area)
{
	int ret = rte_dev_dma_map(device, area, (uintptr_t)area, PRIVATE_LEN) == 0 ? 0 : -rte_errno;

	printf("{\"when\": \"map\", \"ret\": %d}\n", ret);
	return ret;
}

/*
 * What becomes of private memory that the device was shown, before and after a fork. Where the bus
 * does not take such memory at all, that is the answer.
 */
int
probe_fork_private(struct probe *probe, const char *driver)
{
	struct rte_device *device;
	uint8_t *area;
	pid_t pid;

	probe_open(probe, driver, 16);
	if (probe_start(probe, 1, 64) != 0 || probe_make_xforms(probe) != 0)
		return 3;
	device = find_device(probe->dev_id);
	if (device == NULL)
		return 3;
	area = private_area();
	if (show_to_device(device, area) != 0)
		return 0;
	tell("mapped, no child", use_private(probe, area, 1));
	pid = fork_writer(area);
	tell("mapped before the fork, child lives and has written", use_private(probe, area, 2));
	tell("the same once more", use_private(probe, area, 3));
	end_child(pid);
	tell("mapped before the fork, child is gone", use_private(probe, area, 4));
	stop_showing(device, area);

	area = private_area();
	fill(area, PRIVATE_LEN, 9);
	pid = fork_writer(area);
	if (show_to_device(device, area) != 0)
		return 4;
	tell("mapped after the fork, child lives and has written", use_private(probe, area, 5));
	end_child(pid);
	tell("mapped after the fork, child is gone", use_private(probe, area, 6));
	stop_showing(device, area);
	probe_close(probe);
	return 0;
}

/* A child that holds what it inherited, for whoever kills the parent; with exec it lets go. */
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
