/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Raw deflate streams by zlib: made for the device to inflate, and read back from it.
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <rte_common.h>

#include "diff.h"

enum { PURPOSE_FLUSH = 2, PURPOSE_DAMAGE = 3 };

/* More than this comes out of no stream that was made here, but a broken one may go on and on. */
#define HUGE_LEN ((size_t)24 << 20)

static int
deflate_start(z_stream *z, const struct diff_case *c)
{
	const int64_t *v = c->value;

	memset(z, 0, sizeof(*z));
	return deflateInit2(z, (int)v[DIFF_Z_LEVEL], Z_DEFLATED, -(int)v[DIFF_Z_WINDOW],
		(int)v[DIFF_Z_MEM], (int)v[DIFF_Z_STRATEGY]);
}

static size_t
deflate_all(const struct diff_case *c, const uint8_t *plain, size_t len, uint8_t *out,
	size_t capacity)
{
	static const int flushes[] = { Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_PARTIAL_FLUSH, Z_BLOCK };
	struct diff_random random = diff_case_random(c, PURPOSE_FLUSH);
	size_t step = c->value[DIFF_Z_FLUSH], done = 0, part;
	z_stream z;

	if (deflate_start(&z, c) != Z_OK)
		abort();
	z.next_out = out;
	z.avail_out = capacity;
	while (step != 0 && len - done > step) {
		part = RTE_MIN(step, len - done);
		z.next_in = (Bytef *)(uintptr_t)(plain + done);
		z.avail_in = part;
		if (deflate(&z, flushes[diff_random_below(&random, RTE_DIM(flushes))]) != Z_OK)
			abort();
		done += part - z.avail_in;
	}
	z.next_in = (Bytef *)(uintptr_t)(plain + done);
	z.avail_in = len - done;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	len = z.total_out;
	deflateEnd(&z);
	return len;
}

static size_t
damage(const struct diff_case *c, uint8_t *stream, size_t len)
{
	struct diff_random random = diff_case_random(c, PURPOSE_DAMAGE);
	size_t at = len * (c->value[DIFF_DAMAGE_AT] & 0xffff) / 65536;
	size_t count = c->value[DIFF_DAMAGE_LEN], i;

	switch (c->value[DIFF_DAMAGE]) {
	case DIFF_DAMAGE_TRAILING:
		for (i = 0; i < count; i++)
			stream[len + i] = diff_random_next(&random) >> 56;
		return len + count;
	case DIFF_DAMAGE_CUT:
		return len - RTE_MIN(count, len);
	case DIFF_DAMAGE_BIT:
		stream[at] ^= 1 << diff_random_below(&random, 8);
		return len;
	case DIFF_DAMAGE_BYTES:
		for (i = at; i < len && i < at + count; i++)
			stream[i] = diff_random_next(&random) >> 56;
		return len;
	case DIFF_DAMAGE_GARBAGE:
		for (i = 0; i < count; i++)
			stream[i] = diff_random_next(&random) >> 56;
		return count;
	default:
		return len;
	}
}

size_t
diff_stream_make(const struct diff_case *c, const uint8_t *plain, size_t plain_len,
	uint8_t **stream)
{
	size_t flushes = c->value[DIFF_Z_FLUSH] != 0 ? plain_len / c->value[DIFF_Z_FLUSH] + 1 : 0;
	size_t extra = c->value[DIFF_DAMAGE_LEN] + 1024 + 16 * flushes;
	size_t capacity = compressBound(plain_len) + plain_len / 8 + extra, len;

	*stream = malloc(capacity);
	if (*stream == NULL)
		abort();
	len = deflate_all(c, plain, plain_len, *stream, capacity - c->value[DIFF_DAMAGE_LEN]);
	return damage(c, *stream, len);
}

static void
grow(uint8_t **plain, size_t *capacity, size_t used)
{
	if (used < *capacity)
		return;
	*capacity = RTE_MAX(*capacity * 2, (size_t)65536);
	*plain = realloc(*plain, *capacity);
	if (*plain == NULL)
		abort();
}

/* "invalid distances set" and the like: lengths of codes that leave bit patterns without a meaning. */
static bool
is_about_codes(const char *message)
{
	return message != NULL && strstr(message, " set") != NULL;
}

void
diff_stream_read(const uint8_t *data, size_t len, int window_log2, size_t step,
	struct diff_stream *stream)
{
	size_t capacity = 0;
	z_stream z = { .next_in = (Bytef *)(uintptr_t)data, .avail_in = len };
	int ret;

	memset(stream, 0, sizeof(*stream));
	if (inflateInit2(&z, -window_log2) != Z_OK)
		abort();
	do {
		grow(&stream->plain, &capacity, z.total_out);
		z.next_out = stream->plain + z.total_out;
		z.avail_out = RTE_MIN(step, capacity - z.total_out);
		ret = inflate(&z, Z_NO_FLUSH);
	} while (ret == Z_OK && z.total_out < HUGE_LEN);
	stream->kind = ret == Z_STREAM_END ? DIFF_STREAM_ENDS :
		ret == Z_DATA_ERROR ? DIFF_STREAM_INVALID :
		z.total_out >= HUGE_LEN ? DIFF_STREAM_HUGE : DIFF_STREAM_TRUNCATED;
	stream->has_odd_codes = ret == Z_DATA_ERROR && is_about_codes(z.msg);
	stream->plain_len = z.total_out;
	stream->consumed = z.total_in;
	inflateEnd(&z);
}
