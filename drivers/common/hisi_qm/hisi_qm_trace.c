/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <rte_trace_point_register.h>

#include "hisi_qm_trace.h"

RTE_TRACE_POINT_REGISTER(hisi_qm_trace_enqueue, pmd.common.hisi_qm.enqueue)
RTE_TRACE_POINT_REGISTER(hisi_qm_trace_doorbell, pmd.common.hisi_qm.doorbell)
RTE_TRACE_POINT_REGISTER(hisi_qm_trace_completion, pmd.common.hisi_qm.completion)
RTE_TRACE_POINT_REGISTER(hisi_qm_trace_returned, pmd.common.hisi_qm.returned)
RTE_TRACE_POINT_REGISTER(hisi_qm_trace_bringup, pmd.common.hisi_qm.bringup)
RTE_TRACE_POINT_REGISTER(hisi_qm_trace_mailbox, pmd.common.hisi_qm.mailbox)
RTE_TRACE_POINT_REGISTER(hisi_qm_trace_queue_state, pmd.common.hisi_qm.queue_state)
RTE_TRACE_POINT_REGISTER(hisi_qm_trace_refused, pmd.common.hisi_qm.refused)
RTE_TRACE_POINT_REGISTER(hisi_qm_trace_reset, pmd.common.hisi_qm.reset)
