/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_SGL_H
#define HISI_SGL_H

/**
 * @file
 * Hardware scatter-gather list of ZIP and SEC. Reference: qm.md 7, zip.md 4.
 */

#include "hisi_field.h"

#define HISI_SGL_ALIGN		64
#define HISI_SGL_MAX_SGES	255 /* entries of one SGL */
#define HISI_SGL_MAX_CHAIN	256 /* SGLs of one chain */
#define HISI_SGE_MAX_LEN	0x800000 /* 8 MiB */

/** Entry: one contiguous buffer. */
struct hisi_sge {
	uint64_t buf;		/**< DMA address */
	uint64_t page_ctrl;	/**< software's own; the hardware ignores it (inferred) */
	uint32_t len;		/**< bytes, 1..HISI_SGE_MAX_LEN */
	uint32_t pad[3];
};
static_assert(sizeof(struct hisi_sge) == 32, "qm.md 7");
static_assert(offsetof(struct hisi_sge, len) == 16, "qm.md 7");

/** Header, followed by the entries. They are no member: a list of known size embeds it. */
struct hisi_sgl {
	uint64_t next_dma;		/**< DMA address of the next SGL, 0 = last */
	uint16_t entry_sum_in_chain;	/**< capacity; the hardware's use of it is unknown */
	uint16_t entry_sum_in_sgl;	/**< used entries of this SGL */
	uint16_t entry_length_in_sgl;	/**< capacity of this SGL */
	uint16_t pad0;
	uint8_t pad1[40];
	uint64_t software;		/**< software's own (inferred) */
};
static_assert(sizeof(struct hisi_sgl) == 64, "qm.md 7");

#endif /* HISI_SGL_H */
