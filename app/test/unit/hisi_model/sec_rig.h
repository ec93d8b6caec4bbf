/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef SEC_RIG_H
#define SEC_RIG_H

/**
 * @file
 * A SEC model with a queue, and an operation in words that becomes a descriptor of either type,
 * over buffers of any layout, with canaries around them.
 */

#include <stdbool.h>

#include <hisi_sec_sqe.h>

#include "model_rig.h"

#define SEC_MAX_TEST_LEN 8192

/** How the data lies. */
enum sec_layout {
	SEC_IN_PLACE,
	SEC_OUT_OF_PLACE,
	SEC_SGL_IN_PLACE,
	SEC_SGL_OUT_OF_PLACE,
	SEC_SGL_SAME_MEMORY, /**< two lists over the same memory, cut differently */
	SEC_LAYOUTS,
};

struct sec_rig {
	struct rig rig;
	struct rig_queue q;
	size_t used; /**< memory before the first operation */
	bool leaves_aad; /**< to be set before sec_rig_start() */
};

/** An operation. Pointers may be NULL where their length is 0. */
struct sec_op {
	uint32_t type;      /**< of the descriptor, 2 or 3 */
	uint32_t cipher, auth, seq, scene, invalid;
	uint32_t c_alg, c_mode, c_key_len, c_width, c_icv_len, ctr_mode;
	uint32_t a_alg, mac_words, a_key_words, ai_gen, pad;
	uint32_t a_len, c_len, auth_offset, cipher_offset;
	uint64_t long_len;
	const uint8_t *key, *a_key, *iv, *a_iv;
	uint32_t key_len, a_key_len, iv_len, a_iv_len;
	const uint8_t *src;
	uint32_t src_len;
	enum sec_layout layout;
	uint32_t cut;       /**< bytes of an SGL's entry */
	uint32_t mac_len;   /**< bytes of mac that are there */
	uint8_t mac[64];    /**< in to verify, out otherwise */

	uint8_t dst[SEC_MAX_TEST_LEN]; /**< the destination afterwards, src_len bytes */
	uint32_t w28;
};

/** A device of @p version, "v3", with one queue. */
void
sec_rig_start(struct sec_rig *s, const char *version, enum model_dma_fault dma_fault);
void
sec_rig_stop(struct sec_rig *s);

/** Make the descriptor of @p op, with its buffers in the client's memory. */
void
sec_op_prepare(struct sec_rig *s, struct sec_op *op, uint32_t sqe[32]);

/** Do it; canaries, inputs and words 0 to 27 are as they were. Fills dst, mac and w28. */
void
sec_op_run(struct sec_rig *s, struct sec_op *op);

/** error_type of the last run. */
uint32_t
sec_op_status(const struct sec_op *op);

/** "00 01ff" as bytes. @return their number */
uint32_t
sec_hex(const char *text, uint8_t *bytes, uint32_t max);

#endif /* SEC_RIG_H */
