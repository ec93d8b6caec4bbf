/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_MAILBOX_H
#define HISI_QM_MAILBOX_H

/**
 * @file
 * The mailbox: 16 bytes at BAR2 + HISI_QM_MAILBOX. Reference: qm.md 3.
 *
 * One engine serves all functions of the chip's engine: another function's busy is normal, and a
 * result counts only with busy = 0 and the command and queue that were sent (qm.md 3.3).
 */

#include "hisi_field.h"

/** Mailbox as it lies in BAR2 (qm.md 3.1). */
struct hisi_qm_mailbox {
	uint16_t w0;		/**< HISI_QM_MB_*: command, status, busy, op */
	uint16_t queue;		/**< queue number, function-relative, or function number (IFC) */
	uint32_t base_lo;	/**< DMA address or data, bits 31:0 */
	uint32_t base_hi;	/**< DMA address or data, bits 63:32 */
	uint32_t token;		/**< always written 0 */
};
static_assert(sizeof(struct hisi_qm_mailbox) == 16, "the mailbox is one 128-bit store");
static_assert(offsetof(struct hisi_qm_mailbox, base_lo) == 4, "qm.md 3.1");

#define HISI_QM_MB_COMMAND	HISI_GENMASK32(7, 0)
#define HISI_QM_MB_EVENT	HISI_BIT32(8) /* meaning unknown, qm.md 10 item 2 */
#define HISI_QM_MB_STATUS	HISI_GENMASK32(12, 9) /* 0 = success; other codes unknown */
#define HISI_QM_MB_BUSY		HISI_BIT32(13)
#define HISI_QM_MB_OP_GET	HISI_BIT32(14)

#define HISI_QM_IFC_MAILBOX_ALL	0xffff /* queue of HISI_QM_MB_CMD_SRC: all VFs */

/** qm.md 3.2: mailbox commands. */
enum hisi_qm_mailbox_command {
	HISI_QM_MB_CMD_SQC = 0x0,
	HISI_QM_MB_CMD_CQC = 0x1,
	HISI_QM_MB_CMD_EQC = 0x2,
	HISI_QM_MB_CMD_AEQC = 0x3,
	HISI_QM_MB_CMD_SQC_BT = 0x4,
	HISI_QM_MB_CMD_CQC_BT = 0x5,
	HISI_QM_MB_CMD_SQC_VFT = 0x6,
	HISI_QM_MB_CMD_CLOSE_QM = 0x7,	/* unused by every known driver */
	HISI_QM_MB_CMD_STOP_QP = 0x8,
	HISI_QM_MB_CMD_FLUSH_QM = 0x9,
	HISI_QM_MB_CMD_FLUSH_QP = 0xa,	/* unused by every known driver */
	HISI_QM_MB_CMD_SRC = 0xc,
	HISI_QM_MB_CMD_DST = 0xd,
	HISI_QM_MB_CMD_PAUSE_QM = 0xe,
};

#endif /* HISI_QM_MAILBOX_H */
