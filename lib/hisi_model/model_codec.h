/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef MODEL_CODEC_H
#define MODEL_CODEC_H

/**
 * @file
 * Raw deflate by ISA-L, from and to buffers in pieces.
 *
 * Compression works in the codec's own output buffer first and copies what was produced: ISA-L
 * wants more room than what it writes in the end. Decompression to one piece goes straight to its
 * place; otherwise it works in the codec's buffer too. Scattered input is put together first where
 * it is not too long, so that its cut makes no difference.
 */

#include <stddef.h>
#include <stdint.h>

#include "model_dma.h"

/** Which checksum of the uncompressed data is wanted. */
enum model_checksum {
	MODEL_CHECKSUM_NONE,
	MODEL_CHECKSUM_ADLER32,
	MODEL_CHECKSUM_CRC32,
};

enum model_codec_result {
	MODEL_CODEC_OK,
	MODEL_CODEC_NO_SPACE,  /**< the output does not fit */
	MODEL_CODEC_TRUNCATED, /**< input ends before the stream does */
	MODEL_CODEC_INVALID,   /**< input is no deflate stream */
};

/** A buffer in pieces and how far it has been used. */
struct model_cursor {
	const struct model_segment *segments;
	int nb_segments;
	int at;          /**< current piece */
	size_t offset;   /**< in it */
	size_t left;     /**< bytes from here to the end */
};

/** Memory of one worker's codecs. */
struct model_codec;

/** @return NULL without memory */
struct model_codec *
model_codec_create(void);

/** NULL allowed. */
void
model_codec_destroy(struct model_codec *codec);

/** Start at the beginning of @p nb_segments pieces with @p len bytes together. */
void
model_cursor_init(struct model_cursor *cursor, const struct model_segment *segments,
		  int nb_segments, size_t len);

/** Copy into a buffer and advance. @return bytes copied, less than @p len at its end */
size_t
model_cursor_put(struct model_cursor *cursor, const void *data, size_t len);

/** Copy out of a buffer and advance. @return bytes copied, less than @p len at its end */
size_t
model_cursor_get(struct model_cursor *cursor, void *data, size_t len);

/** Contiguous bytes at the cursor. @return 0 at the end */
size_t
model_cursor_piece(const struct model_cursor *cursor, uint8_t **base);

/** Advance without copying. */
void
model_cursor_advance(struct model_cursor *cursor, size_t len);

/**
 * Compress all of @p in into one complete raw deflate stream.
 *
 * @param level    of ISA-L, 0..3
 * @param window   log2 of the longest distance, 12..15
 * @param checksum receives the checksum of the input: CRC-32 or Adler-32 as integers
 * @param out      advanced by what was produced
 * @return MODEL_CODEC_OK or MODEL_CODEC_NO_SPACE
 */
enum model_codec_result
model_deflate(struct model_codec *codec, struct model_cursor *in, struct model_cursor *out,
	      uint32_t level, uint32_t window, enum model_checksum kind, uint32_t *checksum);

/**
 * Decompress one raw deflate stream.
 *
 * @param in  advanced to the first byte after the stream
 * @param out advanced by what was produced
 */
enum model_codec_result
model_inflate(struct model_codec *codec, struct model_cursor *in, struct model_cursor *out,
	      enum model_checksum kind, uint32_t *checksum);

#endif /* MODEL_CODEC_H */
