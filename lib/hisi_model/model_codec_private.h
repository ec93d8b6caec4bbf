/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_CODEC_PRIVATE_H
#define MODEL_CODEC_PRIVATE_H

/**
 * @file
 * What the two directions of the codec share.
 */

#include <isa-l/igzip_lib.h>

#include "model_codec.h"

#define MODEL_CODEC_SCRATCH_LEN (256 * 1024)

struct model_codec {
	struct isal_zstream deflate;
	struct inflate_state inflate;
	uint8_t level_buf[ISAL_DEF_LVL3_DEFAULT];
	uint8_t scratch[MODEL_CODEC_SCRATCH_LEN];  /**< output */
	uint8_t gathered[MODEL_CODEC_SCRATCH_LEN]; /**< scattered input put together */
};

/**
 * All that is left of a buffer, contiguous: where it lies, or copied to @p codec->gathered. ISA-L
 * takes scattered data too, but copies it more than once on its way then.
 *
 * @param[out] len bytes
 * @return NULL when it is in several pieces and does not fit
 */
uint8_t *
model_codec_gather(struct model_codec *codec, const struct model_cursor *in, size_t *len);

/** Checksum of nothing. */
uint32_t
model_checksum_start(enum model_checksum kind);

/** Checksum of what was there and @p len bytes more. */
uint32_t
model_checksum_update(enum model_checksum kind, uint32_t checksum, const void *data, size_t len);

#endif /* MODEL_CODEC_PRIVATE_H */
