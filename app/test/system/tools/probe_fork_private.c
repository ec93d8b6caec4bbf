/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Private memory that the device was shown, and what becomes of it when the process forks.
 */
#include <errno.h>
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

#include "probe_class.h"

#define PRIVATE_LEN (1u << 20)
#define PRIVATE_TIMEOUT_S 60

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
			if (strcmp(rte_dev_name(device), probe_device_name(dev_id)) == 0)
				return device;
	}
	return NULL;
}

/* What the device made of area: "right", "wrong" (it saw other bytes), or "error". */
static const char *
use_private(struct probe *probe, uint8_t *area, uint32_t serial)
{
	struct rte_comp_op *op = rte_comp_op_alloc(probe->op_pool), *done = NULL;
	uint64_t end = rte_rdtsc() + PRIVATE_TIMEOUT_S * rte_get_tsc_hz();
	const char *result = "error";
	bool taken = false;

	probe_fill(area, PROBE_DATA_LEN, serial);
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
	probe_fill(area, PRIVATE_LEN, 9);
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
