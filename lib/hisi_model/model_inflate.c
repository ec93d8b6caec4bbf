/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <limits.h>
#include <stdbool.h>

#include "model_codec_private.h"

static enum model_codec_result
inflate_result(int ret)
{
	switch (ret) {
	case ISAL_DECOMP_OK:
		return MODEL_CODEC_OK;
	case ISAL_END_INPUT:
		return MODEL_CODEC_TRUNCATED;
	case ISAL_OUT_OVERFLOW:
		return MODEL_CODEC_NO_SPACE;
	default:
		return MODEL_CODEC_INVALID;
	}
}

/**
 * Contiguous input to a contiguous place. ISA-L keeps within the capacity, but may leave bytes of
 * its own between what it reports and there.
 */
static enum model_codec_result
inflate_once(struct inflate_state *s, uint8_t *from, size_t len, uint8_t *to, size_t capacity)
{
	isal_inflate_init(s);
	s->next_in = from;
	s->avail_in = len;
	s->next_out = to;
	s->avail_out = capacity;
	return inflate_result(isal_inflate_stateless(s));
}

/** Do the two pieces share no byte? ISA-L copies stored blocks as if they never did. */
static bool
are_apart(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	return (uintptr_t)a + a_len <= (uintptr_t)b || (uintptr_t)b + b_len <= (uintptr_t)a;
}

/** May the output go straight to its place? */
static bool
is_direct(const uint8_t *from, size_t len, const struct model_cursor *out, uint8_t **to)
{
	return model_cursor_piece(out, to) == out->left && are_apart(from, len, *to, out->left);
}

/** @return NO_SPACE also when only the codec's own buffer is too small */
static enum model_codec_result
inflate_gathered(struct model_codec *codec, uint8_t *from, size_t len, struct model_cursor *out,
	enum model_checksum kind, uint32_t *checksum)
{
	struct inflate_state *s = &codec->inflate;
	enum model_codec_result result;
	size_t capacity = out->left;
	uint8_t *to = NULL;
	bool direct = is_direct(from, len, out, &to);

	if (!direct) {
		to = codec->scratch;
		if (capacity > sizeof(codec->scratch))
			capacity = sizeof(codec->scratch);
	}
	result = inflate_once(s, from, len, to, capacity);
	if (result != MODEL_CODEC_OK)
		return result;
	*checksum = model_checksum_update(kind, *checksum, to, s->total_out);
	if (direct)
		model_cursor_advance(out, s->total_out);
	else
		model_cursor_put(out, to, s->total_out);
	return MODEL_CODEC_OK;
}

/** Hand the next piece of input over. */
static void
inflate_feed(struct inflate_state *s, struct model_cursor *in)
{
	uint8_t *base = NULL;
	size_t piece;

	if (s->avail_in != 0)
		return;
	piece = model_cursor_piece(in, &base);
	model_cursor_advance(in, piece);
	s->next_in = base;
	s->avail_in = piece;
}

static enum model_codec_result
inflate_pieces(struct model_codec *codec, struct model_cursor *in, struct model_cursor *out,
	enum model_checksum kind, uint32_t *checksum)
{
	const struct model_cursor start = *in;
	struct inflate_state *s = &codec->inflate;
	size_t produced, consumed;
	int ret;

	isal_inflate_init(s);
	s->avail_in = 0;
	while (s->block_state != ISAL_BLOCK_FINISH) {
		inflate_feed(s, in);
		s->next_out = codec->scratch;
		s->avail_out = sizeof(codec->scratch);
		ret = isal_inflate(s);
		if (ret < 0 || ret == ISAL_NEED_DICT)
			return MODEL_CODEC_INVALID;
		produced = sizeof(codec->scratch) - s->avail_out;
		*checksum = model_checksum_update(kind, *checksum, codec->scratch, produced);
		if (model_cursor_put(out, codec->scratch, produced) < produced)
			return MODEL_CODEC_NO_SPACE;
		if (s->block_state != ISAL_BLOCK_FINISH && produced == 0 && s->avail_in == 0 &&
		    in->left == 0)
			return MODEL_CODEC_TRUNCATED;
	}
	/* What the codec read ahead is not consumed; it may lie before the current piece. */
	consumed = start.left - in->left - s->avail_in - s->read_in_length / CHAR_BIT;
	*in = start;
	model_cursor_advance(in, consumed);
	return MODEL_CODEC_OK;
}

enum model_codec_result
model_inflate(struct model_codec *codec, struct model_cursor *in, struct model_cursor *out,
	enum model_checksum kind, uint32_t *checksum)
{
	uint8_t *from, *to = NULL;
	enum model_codec_result result;
	size_t len;

	*checksum = model_checksum_start(kind);
	from = model_codec_gather(codec, in, &len);
	if (from == NULL)
		return inflate_pieces(codec, in, out, kind, checksum);
	result = inflate_gathered(codec, from, len, out, kind, checksum);
	if (result == MODEL_CODEC_NO_SPACE && out->left > sizeof(codec->scratch) &&
	    !is_direct(from, len, out, &to))
		return inflate_pieces(codec, in, out, kind, checksum);
	if (result == MODEL_CODEC_OK)
		model_cursor_advance(in, codec->inflate.next_in - from);
	return result;
}
