/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>

#include <rte_malloc.h>

#include "hisi_zip.h"

/*
 * Operations with chained mbufs. The buffer type of a descriptor holds for both sides (zip.md 3.2),
 * so that a flat side becomes a list of one entry.
 */

/* SGLs of the pool per slot of the ring: two short chains for each operation. */
#define SGLS_PER_SLOT 2

int64_t
hisi_zip_chain_room(const struct rte_mbuf *mbuf, uint32_t offset)
{
	int64_t len = 0;
	uint32_t segs;

	for (segs = mbuf->nb_segs; segs != 0 && mbuf != NULL; segs--, mbuf = mbuf->next)
		len += mbuf->data_len;
	return len - offset;
}

int
hisi_zip_sgl_setup(struct hisi_zip_qp *qp, uint8_t type, int socket_id)
{
	uint32_t depth = hisi_qm_qp_capacity(qp->hw[type]) + 1;
	/* Never fewer than one operation may take, or that one would wait for ever. */
	uint32_t sgls = RTE_MAX(depth * SGLS_PER_SLOT, (uint32_t)HISI_QM_SGL_MAX_PER_OP);

	qp->hw[type]->sgl = hisi_qm_sgl_pool_create(sgls, socket_id);
	qp->sgl_ops[type] = rte_zmalloc_socket(NULL, depth * sizeof(*qp->sgl_ops[type]),
		HISI_QM_BLOCK, socket_id);
	return qp->hw[type]->sgl != NULL && qp->sgl_ops[type] != NULL ? 0 : -ENOMEM;
}

bool
hisi_zip_sgl_fill(struct hisi_zip_qp *qp, const struct hisi_zip_xform *xform,
	struct hisi_zip_sqe *sqe, struct hisi_qm_inflight *inflight, struct rte_comp_op *op)
{
	const struct hisi_qm_qp *hw = qp->hw[xform->type];
	struct hisi_zip_sgl_op *sgl_op = &qp->sgl_ops[xform->type][inflight - hw->inflight];
	int64_t room = hisi_zip_chain_room(op->m_dst, op->dst.offset);
	struct hisi_qm_sgl_part src = { op->m_src, op->src.offset, op->src.length,
		op->m_src->nb_segs };
	struct hisi_qm_sgl_part dst = { op->m_dst, op->dst.offset,
		(uint32_t)RTE_MIN(room, (int64_t)UINT32_MAX), op->m_dst->nb_segs };

	if (!hisi_qm_sgl_build(hw->sgl, &src, &dst, &sgl_op->use))
		return false;
	sgl_op->src_len = src.len;
	sgl_op->dst_len = dst.len;
	*sqe = qp->sqe;
	sqe->dw3 = HISI_ZIP_DW3_STATUS;
	sqe->input_data_length = src.len;
	sqe->dw9 = (uint32_t)(xform->dw8_dw9 >> 32) |
		HISI_FIELD_PREP(HISI_ZIP_DW9_BUFFER, (uint32_t)HISI_ZIP_BUFFER_SGL);
	sqe->dest_avail_out = dst.len;
	sqe->source_addr_lo = (uint32_t)sgl_op->use.src;
	sqe->source_addr_hi = (uint32_t)(sgl_op->use.src >> 32);
	sqe->dest_addr_lo = (uint32_t)sgl_op->use.dst;
	sqe->dest_addr_hi = (uint32_t)(sgl_op->use.dst >> 32);
	/* Lengths of 0: whatever comes back goes by dequeue's slow path, which looks here. */
	*inflight = (struct hisi_qm_inflight){ .op = op };
	return true;
}

void
hisi_zip_sgl_retire(struct hisi_zip_qp *qp, const struct hisi_qm_qp *hw,
	const struct hisi_qm_inflight *inflight, uint32_t *src_len, uint32_t *dst_len)
{
	struct hisi_zip_sgl_op *sgl_op;

	*src_len = inflight->src_len;
	*dst_len = inflight->dst_len;
	if (inflight->src_len != 0)
		return;
	sgl_op = &qp->sgl_ops[hw->type][inflight - hw->inflight];
	*src_len = sgl_op->src_len;
	*dst_len = sgl_op->dst_len;
	hisi_qm_sgl_release(hw->sgl, &sgl_op->use);
}
