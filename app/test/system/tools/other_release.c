/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * A preload shim: what rte_version() says of a DPDK release that does not exist.
 */
#include <rte_version.h>

const char *
rte_version(void)
{
	return "DPDK 19.02.0";
}
