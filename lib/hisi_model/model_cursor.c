/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include "model_codec.h"

void
model_cursor_init(struct model_cursor *cursor, const struct model_segment *segments,
	int nb_segments, size_t len)
{
	cursor->segments = segments;
	cursor->nb_segments = nb_segments;
	cursor->at = 0;
	cursor->offset = 0;
	cursor->left = len;
}

size_t
model_cursor_piece(const struct model_cursor *cursor, uint8_t **base)
{
	const struct model_segment *segment;
	size_t len;

	if (cursor->left == 0)
		return 0;
	segment = &cursor->segments[cursor->at];
	*base = segment->base + cursor->offset;
	len = segment->len - cursor->offset;
	return len < cursor->left ? len : cursor->left;
}

void
model_cursor_advance(struct model_cursor *cursor, size_t len)
{
	uint8_t *base;
	size_t piece;

	while (len > 0 && (piece = model_cursor_piece(cursor, &base)) > 0) {
		if (piece > len)
			piece = len;
		cursor->left -= piece;
		cursor->offset += piece;
		len -= piece;
		if (cursor->offset == cursor->segments[cursor->at].len) {
			cursor->at++;
			cursor->offset = 0;
		}
	}
}

size_t
model_cursor_put(struct model_cursor *cursor, const void *data, size_t len)
{
	size_t piece, done = 0;
	uint8_t *base;

	while (done < len && (piece = model_cursor_piece(cursor, &base)) > 0) {
		if (piece > len - done)
			piece = len - done;
		memcpy(base, (const uint8_t *)data + done, piece);
		model_cursor_advance(cursor, piece);
		done += piece;
	}
	return done;
}

size_t
model_cursor_get(struct model_cursor *cursor, void *data, size_t len)
{
	size_t piece, done = 0;
	uint8_t *base;

	while (done < len && (piece = model_cursor_piece(cursor, &base)) > 0) {
		if (piece > len - done)
			piece = len - done;
		memcpy((uint8_t *)data + done, base, piece);
		model_cursor_advance(cursor, piece);
		done += piece;
	}
	return done;
}
