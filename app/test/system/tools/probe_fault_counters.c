/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * What the driver counted meanwhile (rte_pmd_hisi_accel.h). Nothing is linked to it: it is looked
 * up where EAL has loaded it.
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
#define FUNCTION "rte_pmd_hisi_accel_xstats_get"
#define XSTATS_MAX 128

typedef int (*xstats_get_t)(const char *device, struct rte_pmd_hisi_accel_xstat *xstats,
	unsigned int size);

static const char * const names[FAULT_COUNTERS] = {
	"resets", "queue_stops", "hardware_errors", "async_events", "mailbox_errors",
	"queue_bad_cqes", "queue_timeouts", "queue_unordered",
};

static xstats_get_t
find_function(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_NOLOAD), *address;
	xstats_get_t function;

	address = library != NULL ? dlsym(library, FUNCTION) : NULL;
	if (address == NULL)
		rte_exit(3, "no " FUNCTION "() in " LIBRARY "\n");
	memcpy(&function, &address, sizeof(function));
	return function;
}

void
fault_counters_get(uint8_t dev_id, uint64_t values[FAULT_COUNTERS])
{
	static struct rte_pmd_hisi_accel_xstat xstats[XSTATS_MAX];
	static xstats_get_t function;
	int count, i, k;

	if (function == NULL)
		function = find_function();
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
