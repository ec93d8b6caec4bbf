/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_COMPAT_H
#define HISI_QM_COMPAT_H

/**
 * @file
 * Where DPDK releases differ, and the one wrapper round atomic accesses (22.11 has no
 * rte_stdatomic.h). Nothing else in the drivers looks at RTE_VERSION.
 */

#include <stdbool.h>
#include <stdint.h>

#include <rte_common.h>
#include <rte_lcore.h>
#include <rte_thread.h>
#include <rte_version.h>

/* A plain load or store of one word that another thread writes or reads. */
#define hisi_qm_load_relaxed(ptr) __atomic_load_n(ptr, __ATOMIC_RELAXED)
#define hisi_qm_load_acquire(ptr) __atomic_load_n(ptr, __ATOMIC_ACQUIRE)
#define hisi_qm_store_relaxed(ptr, value) __atomic_store_n(ptr, value, __ATOMIC_RELAXED)
#define hisi_qm_store_release(ptr, value) __atomic_store_n(ptr, value, __ATOMIC_RELEASE)
/** Count down, for the control path only: what one thread did before it is seen by the last. */
#define hisi_qm_sub_fetch(ptr, value) __atomic_sub_fetch(ptr, value, __ATOMIC_ACQ_REL)
/** The compiler's half of a fence; hisi_qm_fence_all_threads() is the CPU's half. */
#define hisi_qm_signal_fence() __atomic_signal_fence(__ATOMIC_SEQ_CST)

#if RTE_VERSION >= RTE_VERSION_NUM(23, 11, 0, 0)
typedef rte_thread_t hisi_qm_thread_t;
typedef uint32_t hisi_qm_thread_ret_t;

static inline int
hisi_qm_thread_create(hisi_qm_thread_t *thread, const char *name,
		hisi_qm_thread_ret_t (*run)(void *), void *arg)
{
	return rte_thread_create_control(thread, name, run, arg);
}

static inline void
hisi_qm_thread_join(hisi_qm_thread_t thread)
{
	rte_thread_join(thread, NULL);
}
#else
#include <pthread.h>

typedef pthread_t hisi_qm_thread_t;
typedef void *hisi_qm_thread_ret_t;

static inline int
hisi_qm_thread_create(hisi_qm_thread_t *thread, const char *name,
		hisi_qm_thread_ret_t (*run)(void *), void *arg)
{
	return rte_ctrl_thread_create(thread, name, NULL, run, arg);
}

static inline void
hisi_qm_thread_join(hisi_qm_thread_t thread)
{
	pthread_join(thread, NULL);
}
#endif

#endif /* HISI_QM_COMPAT_H */
