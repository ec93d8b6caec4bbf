/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Included behind rte_config.h, which undefines what DPDK was built without. Ours may still have
 * it: the trace points of the data path are in inline functions.
 */
#ifndef ENABLE_TRACE_FP_H
#define ENABLE_TRACE_FP_H

#define RTE_ENABLE_TRACE_FP 1

#endif
