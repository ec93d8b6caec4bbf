/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <stdlib.h>

#include <zlib.h>

#include "software.h"

struct gw_inflate {
	z_stream stream;
};

struct gw_inflate *
gw_inflate_create(void)
{
	struct gw_inflate *state = calloc(1, sizeof(*state));

	/* Negative: a raw stream, without zlib's header (RFC 2394, 2). */
	if (state != NULL && inflateInit2(&state->stream, -MAX_WBITS) != Z_OK) {
		free(state);
		state = NULL;
	}
	return state;
}

void
gw_inflate_destroy(struct gw_inflate *state)
{
	if (state == NULL)
		return;
	inflateEnd(&state->stream);
	free(state);
}

bool
gw_inflate(struct gw_inflate *state, const uint8_t *in, uint32_t in_len, uint8_t *out,
	uint32_t *out_len)
{
	z_stream *stream = &state->stream;

	if (inflateReset(stream) != Z_OK)
		return false;
	stream->next_in = (Bytef *)(uintptr_t)in;
	stream->avail_in = in_len;
	stream->next_out = out;
	stream->avail_out = *out_len;
	if (inflate(stream, Z_FINISH) != Z_STREAM_END)
		return false;
	*out_len = stream->total_out;
	return true;
}
