/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_DOORBELL_H
#define HISI_QM_DOORBELL_H

/**
 * @file
 * Doorbells of V2 and later: one 64-bit store. Reference: qm.md 4.
 */

#include "hisi_field.h"

/** qm.md 4.1: commands of a doorbell. */
enum hisi_qm_doorbell_command {
	HISI_QM_DB_CMD_SQ = 0,
	HISI_QM_DB_CMD_CQ = 1,
	HISI_QM_DB_CMD_EQ = 2,
	HISI_QM_DB_CMD_AEQ = 3,
};

#define HISI_QM_DB_QUEUE	HISI_GENMASK64(11, 0)
#define HISI_QM_DB_COMMAND	HISI_GENMASK64(15, 12)
#define HISI_QM_DB_TAG		HISI_GENMASK64(31, 16)
#define HISI_QM_DB_INDEX	HISI_GENMASK64(47, 32)
#define HISI_QM_DB_PRIORITY	HISI_GENMASK64(63, 48) /* CQ: c_flag, 1 arms the event */

/** qm.md 4.2: with isolation each queue has a page of HISI_QM_ISOLATION_BAR, so long in bytes. */
#define HISI_QM_ISOLATION_STRIDE	0x10000

/** Offset in HISI_QM_ISOLATION_BAR of the one doorbell, SQ and CQ, of queue @p qn. */
static inline uint32_t
hisi_qm_doorbell_isolated(uint16_t qn)
{
	return (uint32_t)qn * HISI_QM_ISOLATION_STRIDE + 0x1000;
}

/**
 * The part of a doorbell word that stays the same for a queue.
 *
 * @param command one of enum hisi_qm_doorbell_command
 * @param queue function-relative queue number, 0..4095; 0 for EQ and AEQ
 * @param tag random tag, must equal W8 of the SQC or CQC (qm.md 4.3); 0 for EQ and AEQ
 */
static inline uint64_t
hisi_qm_doorbell_base(enum hisi_qm_doorbell_command command, uint16_t queue, uint16_t tag)
{
	return HISI_FIELD_PREP(HISI_QM_DB_QUEUE, (uint64_t)queue) |
		HISI_FIELD_PREP(HISI_QM_DB_COMMAND, (uint64_t)command) |
		HISI_FIELD_PREP(HISI_QM_DB_TAG, (uint64_t)tag);
}

/**
 * A whole doorbell word.
 *
 * @param base from hisi_qm_doorbell_base()
 * @param index new SQ tail, or new CQ, EQ, AEQ head
 * @param priority 0, or for a CQ 1 to arm its completion event
 */
static inline uint64_t
hisi_qm_doorbell_word(uint64_t base, uint16_t index, uint16_t priority)
{
	return base | HISI_FIELD_PREP(HISI_QM_DB_INDEX, (uint64_t)index) |
		HISI_FIELD_PREP(HISI_QM_DB_PRIORITY, (uint64_t)priority);
}

#endif /* HISI_QM_DOORBELL_H */
