/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * What the driver counted meanwhile, and whether its queues run (rte_pmd_hisi_accel.h). Nothing is
 * linked to it: it is looked up where EAL has loaded it.
 */
#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_common.h>
#include <rte_debug.h>

#include <rte_pmd_hisi_accel.h>

#include "probe_fault.h"

#define LIBRARY "librte_common_hisi_qm.so"
#define XSTATS_MAX 128
/* Hardware queues that are set up, of all pairs: some classes have two of a pair. */
#define QUEUES_MAX 32

typedef int (*xstats_get_t)(const char *device, struct rte_pmd_hisi_accel_xstat *xstats,
	unsigned int size);
typedef int (*queues_get_t)(const char *device, struct rte_pmd_hisi_accel_queue *queues,
	unsigned int size);

static const char * const names[FAULT_COUNTERS] = {
	"resets", "queue_stops", "hardware_errors", "async_events", "mailbox_errors",
	"queue_bad_cqes", "queue_timeouts", "queue_unordered",
};

/* Writes to @p function, a pointer to a function. */
static void
find_function(const char *name, void *function)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_NOLOAD), *address;

	address = library != NULL ? dlsym(library, name) : NULL;
	if (address == NULL)
		rte_exit(3, "no %s() in " LIBRARY "\n", name);
	memcpy(function, &address, sizeof(address));
}

void
fault_counters_get(uint8_t dev_id, uint64_t values[FAULT_COUNTERS])
{
	static struct rte_pmd_hisi_accel_xstat xstats[XSTATS_MAX];
	static xstats_get_t function;
	int count, i, k;

	if (function == NULL)
		find_function("rte_pmd_hisi_accel_xstats_get", &function);
	count = function(probe_device_name(dev_id), xstats, XSTATS_MAX);
	memset(values, 0, FAULT_COUNTERS * sizeof(*values));
	for (i = 0; i < RTE_MIN(count, XSTATS_MAX); i++)
		for (k = 0; k < FAULT_COUNTERS; k++)
			if (strcmp(xstats[i].name, names[k]) == 0)
				values[k] = xstats[i].value;
}

void
fault_counters_print(const uint64_t before[FAULT_COUNTERS], const uint64_t now[FAULT_COUNTERS])
{
	int k;

	printf("\"counted\": {");
	for (k = 0; k < FAULT_COUNTERS; k++)
		printf("%s\"%s\": %" PRIu64, k == 0 ? "" : ", ", names[k], now[k] - before[k]);
	printf("}");
}

bool
fault_queues_run(uint8_t dev_id)
{
	static struct rte_pmd_hisi_accel_queue queues[QUEUES_MAX];
	static queues_get_t function;
	int count, i;

	if (function == NULL)
		find_function("rte_pmd_hisi_accel_queues_get", &function);
	count = function(probe_device_name(dev_id), queues, QUEUES_MAX);
	for (i = 0; i < RTE_MIN(count, QUEUES_MAX); i++)
		if (strcmp(queues[i].state, RTE_PMD_HISI_ACCEL_RUNNING) != 0)
			return false;
	return count > 0;
}
