/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_PROCESS_H
#define HISI_QM_PROCESS_H

/**
 * @file
 * The processes that burst on the queues of this one, and whether they still run.
 *
 * A queue says who is inside a burst (hisi_qm_qp.enqueue_busy) by an id that the primary gave,
 * never by a pid: processes in containers do not agree on those, and a pid is used again. What a
 * secondary hands over when it attaches is a descriptor that tells of its end.
 */

#include <stdbool.h>
#include <stdint.h>

/** Id of the primary itself. */
#define HISI_QM_PROCESS_PRIMARY 1

/** In a secondary: a descriptor that becomes readable at its end, to be sent; or -errno. */
int hisi_qm_process_open_life(void);

/**
 * In the primary: a process attaches to one function more.
 *
 * @param id that it got at an earlier function, 0: none yet
 * @param life_fd from its hisi_qm_process_open_life(); becomes this file's, also on failure
 * @return its id, 0: no memory
 */
uint32_t hisi_qm_process_attach(uint32_t id, int life_fd);
/** In the primary: it leaves one function. */
void hisi_qm_process_detach(uint32_t id);

/** In the primary: does process @p id run? One that never attached does not. */
bool hisi_qm_process_runs(uint32_t id);
/** In the primary: is any secondary attached? Forgets those that have ended. */
bool hisi_qm_process_any(void);
/** In the primary: "process 42", with the pid that this process sees it under. */
void hisi_qm_process_describe(uint32_t id, char *buf, uint32_t len);

#endif /* HISI_QM_PROCESS_H */
