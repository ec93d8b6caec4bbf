/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_TRACE_H
#define HISI_QM_TRACE_H

/**
 * @file
 * Trace points pmd.common.hisi_qm.*, for --trace. Those of the data path are compiled in with
 * -Denable_trace_fp=true only, as DPDK's own; without it they are no code at all.
 */

#include <rte_trace_point.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the data path ---- */

/** Descriptors of a burst are in their slots: indices [first, first + count). */
RTE_TRACE_POINT_FP(
	hisi_qm_trace_enqueue,
	RTE_TRACE_POINT_ARGS(const void *qp, uint16_t queue, uint32_t first, uint32_t count),
	rte_trace_point_emit_ptr(qp);
	rte_trace_point_emit_u16(queue);
	rte_trace_point_emit_u32(first);
	rte_trace_point_emit_u32(count);
)

/** A doorbell, of the SQ or of the CQ, is about to be rung. */
RTE_TRACE_POINT_FP(
	hisi_qm_trace_doorbell,
	RTE_TRACE_POINT_ARGS(const void *qp, uint16_t queue, uint64_t word),
	rte_trace_point_emit_ptr(qp);
	rte_trace_point_emit_u16(queue);
	rte_trace_point_emit_u64(word);
)

/** Completions were seen, in ring order from index @p first on. */
RTE_TRACE_POINT_FP(
	hisi_qm_trace_completion,
	RTE_TRACE_POINT_ARGS(const void *qp, uint16_t queue, uint32_t first, uint32_t count),
	rte_trace_point_emit_ptr(qp);
	rte_trace_point_emit_u16(queue);
	rte_trace_point_emit_u32(first);
	rte_trace_point_emit_u32(count);
)

/** An operation goes back to the application. */
RTE_TRACE_POINT_FP(
	hisi_qm_trace_returned,
	RTE_TRACE_POINT_ARGS(const void *qp, uint16_t queue, const void *op, uint32_t len),
	rte_trace_point_emit_ptr(qp);
	rte_trace_point_emit_u16(queue);
	rte_trace_point_emit_ptr(op);
	rte_trace_point_emit_u32(len);
)

/* ---- the control path ---- */

/** A step of the bring-up has ended. */
RTE_TRACE_POINT(
	hisi_qm_trace_bringup,
	RTE_TRACE_POINT_ARGS(const char *device, const char *step, int result),
	rte_trace_point_emit_string(device);
	rte_trace_point_emit_string(step);
	rte_trace_point_emit_int(result);
)

/** A mailbox command has ended (qm.md 3). */
RTE_TRACE_POINT(
	hisi_qm_trace_mailbox,
	RTE_TRACE_POINT_ARGS(const char *device, uint8_t command, uint16_t queue, int result),
	rte_trace_point_emit_string(device);
	rte_trace_point_emit_u8(command);
	rte_trace_point_emit_u16(queue);
	rte_trace_point_emit_int(result);
)

/** A queue changes its state (enum hisi_qm_qp_state). */
RTE_TRACE_POINT(
	hisi_qm_trace_queue_state,
	RTE_TRACE_POINT_ARGS(const char *device, uint16_t queue, uint8_t state),
	rte_trace_point_emit_string(device);
	rte_trace_point_emit_u16(queue);
	rte_trace_point_emit_u8(state);
)

/** A completion that cannot be: the upper half of its CQE. */
RTE_TRACE_POINT(
	hisi_qm_trace_refused,
	RTE_TRACE_POINT_ARGS(const char *device, uint16_t queue, uint64_t high),
	rte_trace_point_emit_string(device);
	rte_trace_point_emit_u16(queue);
	rte_trace_point_emit_u64(high);
)

/** The function was asked to reset itself. */
RTE_TRACE_POINT(
	hisi_qm_trace_reset,
	RTE_TRACE_POINT_ARGS(const char *device, int result),
	rte_trace_point_emit_string(device);
	rte_trace_point_emit_int(result);
)

#ifdef __cplusplus
}
#endif

#endif /* HISI_QM_TRACE_H */
