/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Loaded in front of libeal: a main lcore that waits for its workers sleeps. EAL's own wait spins,
 * and would take half of the CPU from a worker that shares it (devtools/bench.sh).
 */
#include <dlfcn.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_launch.h>

#define LOOK_AGAIN_US 1000

int
rte_eal_wait_lcore(unsigned int worker_id)
{
	static int (*wait_lcore)(unsigned int worker_id);

	if (wait_lcore == NULL)
		*(void **)&wait_lcore = dlsym(RTLD_NEXT, __func__);
	while (rte_eal_get_lcore_state(worker_id) != WAIT)
		usleep(LOOK_AGAIN_US);
	return wait_lcore(worker_id);
}
