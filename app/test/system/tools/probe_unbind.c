/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * An application that lets a PCI function go when the kernel asks for it, and takes it again when
 * somebody says, on stdin, that it is bound to vfio-pci once more.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_compressdev.h>
#include <rte_cycles.h>
#include <rte_dev.h>

#include "probe.h"

#define UNBIND_OPS 32
#define UNBIND_WAIT_S 60
#define UNBIND_DRAIN_S 20
#define UNBIND_TOLD_S 180

static atomic_bool asked;

static void
on_event(const char *name, enum rte_dev_event_type type, void *arg)
{
	RTE_SET_USED(name);
	RTE_SET_USED(arg);
	if (type == RTE_DEV_EVENT_REMOVE)
		atomic_store(&asked, true);
}

/* By stdin: the link in sysfs is there before the driver has done its part. */
static int
wait_until_told(void)
{
	struct pollfd pfd = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&pfd, 1, UNBIND_TOLD_S * 1000) > 0 ? 0 : 7;
}

/* Bursts until it is asked for, or @p most have come back; then none, until all are back. */
static int
work(struct probe *probe, uint64_t most)
{
	struct rte_comp_op *ops[UNBIND_OPS];
	uint64_t good = 0, failed = 0, hz = rte_get_tsc_hz();
	uint64_t late = rte_rdtsc() + UNBIND_WAIT_S * hz;
	uint16_t i, n, idle = UNBIND_OPS;
	bool is_told = false, ends = false;

	for (i = 0; i < UNBIND_OPS; i++)
		ops[i] = probe_op(probe, probe->compress_xform, PROBE_DATA_LEN);
	while (rte_rdtsc() < late && !(ends && idle == UNBIND_OPS)) {
		if (!ends && (atomic_load(&asked) || good + failed >= most)) {
			ends = true;
			late = rte_rdtsc() + UNBIND_DRAIN_S * hz;
		}
		n = ends ? 0 : rte_compressdev_enqueue_burst(probe->dev_id, 0, ops, idle);
		memmove(ops, ops + n, (size_t)(idle - n) * sizeof(ops[0]));
		idle -= n;
		n = rte_compressdev_dequeue_burst(probe->dev_id, 0, &ops[idle], UNBIND_OPS - idle);
		for (i = 0; i < n; i++, idle++) {
			failed += ops[idle]->status != RTE_COMP_OP_STATUS_SUCCESS;
			good += ops[idle]->status == RTE_COMP_OP_STATUS_SUCCESS;
		}
		if (!is_told && good > UNBIND_OPS) {
			printf("{\"running\": true}\n");
			fflush(stdout);
			is_told = true;
		}
	}
	printf("{\"step\": \"worked\", \"asked\": %d, \"good\": %" PRIu64 ", \"failed\": %" PRIu64
		", \"missing\": %u}\n", atomic_load(&asked), good, failed, UNBIND_OPS - idle);
	fflush(stdout);
	while (idle > 0)
		probe_op_free(ops[--idle]);
	return is_told ? 0 : 5;
}

static int
add(struct probe *probe, const char *driver, const char *address)
{
	int ret = rte_eal_hotplug_add("pci", address, "");

	printf("{\"step\": \"added\", \"ret\": %d}\n", ret);
	if (ret != 0)
		return 4;
	probe_open(probe, driver, 2 * UNBIND_OPS);
	return probe_start(probe, 1, 64) != 0 || probe_make_xforms(probe) != 0 ? 3 : 0;
}

static int
take_away(struct probe *probe, const char *address)
{
	int ret;

	probe_close(probe);
	ret = rte_eal_hotplug_remove("pci", address);
	printf("{\"step\": \"removed\", \"ret\": %d, \"devices\": %u}\n", ret,
		rte_compressdev_count());
	fflush(stdout);
	return ret == 0 ? 0 : 6;
}

int
probe_unbind(struct probe *probe, const char *driver, const char *address)
{
	int ret = rte_dev_event_callback_register(address, on_event, NULL);

	if (ret == 0)
		ret = add(probe, driver, address);
	if (ret == 0)
		ret = work(probe, UINT64_MAX);
	if (ret == 0)
		ret = take_away(probe, address);
	if (ret == 0)
		ret = wait_until_told();
	atomic_store(&asked, false);
	if (ret == 0)
		ret = add(probe, driver, address);
	if (ret == 0)
		ret = work(probe, 4 * UNBIND_OPS);
	return ret == 0 ? take_away(probe, address) : ret;
}
