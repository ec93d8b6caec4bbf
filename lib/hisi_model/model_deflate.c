/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include "model_codec_private.h"

#define STORED_BLOCK_MAX 65535
#define STORED_BLOCK_OVERHEAD 5
#define DEFLATE_SLACK 64 /* what ISA-L wants beyond the bytes it writes */

/** Output of the worst case, which ISA-L writes as stored blocks. */
static size_t
deflate_bound(size_t len)
{
	return len + (len / STORED_BLOCK_MAX + 1) * STORED_BLOCK_OVERHEAD + DEFLATE_SLACK;
}

static void
deflate_setup(struct model_codec *codec, uint32_t level, uint32_t window)
{
	struct isal_zstream *s = &codec->deflate;

	s->level = level;
	s->level_buf = codec->level_buf;
	s->level_buf_size = sizeof(codec->level_buf);
	s->hist_bits = window;
	s->flush = NO_FLUSH;
	s->gzip_flag = IGZIP_DEFLATE;
	s->next_out = codec->scratch;
	s->avail_out = sizeof(codec->scratch);
}

/** All input in one piece, all output in the scratch buffer. */
static enum model_codec_result
deflate_once(struct model_codec *codec, uint8_t *base, size_t len, struct model_cursor *out,
	uint32_t level, uint32_t window)
{
	struct isal_zstream *s = &codec->deflate;

	isal_deflate_stateless_init(s);
	deflate_setup(codec, level, window);
	s->next_in = base;
	s->avail_in = len;
	s->end_of_stream = 1;
	if (isal_deflate_stateless(s) != COMP_OK || s->total_out > out->left)
		return MODEL_CODEC_NO_SPACE;
	model_cursor_put(out, codec->scratch, s->total_out);
	return MODEL_CODEC_OK;
}

/** Long input: piece by piece. */
static enum model_codec_result
deflate_pieces(struct model_codec *codec, struct model_cursor *in, struct model_cursor *out,
	uint32_t level, uint32_t window)
{
	struct isal_zstream *s = &codec->deflate;
	uint8_t *base = codec->scratch;
	size_t piece, produced;

	isal_deflate_init(s);
	deflate_setup(codec, level, window);
	/* ISA-L keeps what a request that found no room left over. */
	s->avail_in = 0;
	while (s->internal_state.state != ZSTATE_END) {
		if (s->avail_in == 0 && in->left > 0) {
			piece = model_cursor_piece(in, &base);
			model_cursor_advance(in, piece);
			s->next_in = base;
			s->avail_in = piece;
			s->end_of_stream = in->left == 0;
		}
		s->next_out = codec->scratch;
		s->avail_out = sizeof(codec->scratch);
		isal_deflate(s);
		produced = sizeof(codec->scratch) - s->avail_out;
		if (model_cursor_put(out, codec->scratch, produced) < produced)
			return MODEL_CODEC_NO_SPACE;
	}
	return MODEL_CODEC_OK;
}

static uint32_t
checksum_of(struct model_cursor in, enum model_checksum kind)
{
	uint32_t checksum = model_checksum_start(kind);
	uint8_t *base;
	size_t piece;

	while (kind != MODEL_CHECKSUM_NONE && (piece = model_cursor_piece(&in, &base)) > 0) {
		checksum = model_checksum_update(kind, checksum, base, piece);
		model_cursor_advance(&in, piece);
	}
	return checksum;
}

enum model_codec_result
model_deflate(struct model_codec *codec, struct model_cursor *in, struct model_cursor *out,
	uint32_t level, uint32_t window, enum model_checksum kind, uint32_t *checksum)
{
	uint8_t *base = NULL;
	size_t len;

	*checksum = checksum_of(*in, kind);
	if (deflate_bound(in->left) <= sizeof(codec->scratch))
		base = model_codec_gather(codec, in, &len);
	if (base != NULL)
		return deflate_once(codec, base, len, out, level, window);
	return deflate_pieces(codec, in, out, level, window);
}
