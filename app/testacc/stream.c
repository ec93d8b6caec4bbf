/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <endian.h>
#include <string.h>

#include <zlib.h>

#include "stream.h"

#define OUT_LEN 65536

/* inflate() with Z_BLOCK says in data_type where it stopped: between blocks, in the last one, and
 * how many bits of the last byte it has not used.
 */
#define AT_BLOCK 128
#define IN_LAST 64
#define UNUSED_BITS 7

/** Where the parts of a piece are, in bits. */
struct piece_bits {
	uint64_t last_block;	/**< its header, whose first bit says that it is the last */
	uint64_t end;
};

static bool
write_all(struct testacc_stream *stream, const void *data, size_t len)
{
	stream->packed_len += len;
	return len == 0 || fwrite(data, len, 1, stream->file) == 1;
}

bool
testacc_stream_begin(struct testacc_stream *stream, FILE *file, enum testacc_format format)
{
	/* No name, no time; made on Unix. */
	static const uint8_t gzip[] = { 0x1f, 0x8b, Z_DEFLATED, 0, 0, 0, 0, 0, 0, 3 };
	static const uint8_t zlib[] = { 0x78, 0x9c };

	*stream = (struct testacc_stream){ .file = file, .format = format };
	stream->crc = (uint32_t)crc32(0, NULL, 0);
	stream->adler = (uint32_t)adler32(0, NULL, 0);
	if (format == TESTACC_GZIP)
		return write_all(stream, gzip, sizeof(gzip));
	return format != TESTACC_ZLIB || write_all(stream, zlib, sizeof(zlib));
}

/** Inflate to the end of the last block, noting where it is. @return what was wrong, or NULL */
static const char *
walk_piece(z_stream *zlib, const uint8_t *plain, size_t plain_len, struct piece_bits *bits)
{
	uint8_t out[OUT_LEN];
	size_t len, at = 0;
	int ret;

	for (;;) {
		zlib->next_out = out;
		zlib->avail_out = sizeof(out);
		ret = inflate(zlib, Z_BLOCK);
		if (ret != Z_OK && ret != Z_STREAM_END)
			return ret == Z_BUF_ERROR ? "is cut off" : "is not deflate data";
		len = sizeof(out) - zlib->avail_out;
		if (len > plain_len - at || memcmp(out, plain + at, len) != 0)
			return "is not what went in";
		at += len;
		bits->end = (uint64_t)zlib->total_in * 8 - (zlib->data_type & UNUSED_BITS);
		if ((zlib->data_type & AT_BLOCK) && !(zlib->data_type & IN_LAST))
			bits->last_block = bits->end;
		if (ret == Z_STREAM_END ||
				((zlib->data_type & AT_BLOCK) && (zlib->data_type & IN_LAST)))
			return at == plain_len ? NULL : "is less than what went in";
	}
}

static const char *
inspect_piece(uint8_t *packed, size_t packed_len, const uint8_t *plain, size_t plain_len,
	struct piece_bits *bits)
{
	z_stream zlib = { .next_in = packed, .avail_in = (uInt)packed_len };
	const char *why;

	*bits = (struct piece_bits){ 0, 0 };
	if (inflateInit2(&zlib, -15) != Z_OK)
		return "cannot be looked at: no memory";
	why = walk_piece(&zlib, plain, plain_len, bits);
	inflateEnd(&zlib);
	if (why == NULL && (bits->end + 7) / 8 != packed_len)
		why = "has bytes behind its end";
	return why;
}

/**
 * Make the last block one of others: its first bit goes, and an empty stored block behind it, three
 * bits of 0 up to a byte, 0 and its complement, lets the next piece begin with a byte.
 */
static size_t
open_end(uint8_t *packed, const struct piece_bits *bits)
{
	static const uint8_t empty[] = { 0x00, 0x00, 0xff, 0xff };
	size_t len = (size_t)(bits->end / 8);

	packed[bits->last_block / 8] &= (uint8_t)~(1U << (bits->last_block % 8));
	if (bits->end % 8 != 0) {
		packed[len] &= (uint8_t)((1U << (bits->end % 8)) - 1);
		len++;
	}
	if (bits->end % 8 == 0 || bits->end % 8 > 5)
		packed[len++] = 0;
	memcpy(packed + len, empty, sizeof(empty));
	return len + sizeof(empty);
}

bool
testacc_stream_add(struct testacc_stream *stream, uint8_t *packed, size_t packed_len,
	const uint8_t *plain, size_t plain_len, bool is_last, const char **why)
{
	struct piece_bits bits;

	*why = inspect_piece(packed, packed_len, plain, plain_len, &bits);
	if (*why != NULL)
		return false;
	if (!is_last)
		packed_len = open_end(packed, &bits);
	stream->has_ended = is_last;
	stream->crc = (uint32_t)crc32(stream->crc, plain, (uInt)plain_len);
	stream->adler = (uint32_t)adler32(stream->adler, plain, (uInt)plain_len);
	stream->plain_len += plain_len;
	*why = "cannot be written";
	return write_all(stream, packed, packed_len);
}

bool
testacc_stream_end(struct testacc_stream *stream)
{
	/* A last block of fixed codes with nothing but its end in it. */
	static const uint8_t nothing[] = { 0x03, 0x00 };
	uint32_t gzip[2] = { htole32(stream->crc), htole32((uint32_t)stream->plain_len) };
	uint32_t zlib = htobe32(stream->adler);

	if (!stream->has_ended && !write_all(stream, nothing, sizeof(nothing)))
		return false;
	if (stream->format == TESTACC_GZIP && !write_all(stream, gzip, sizeof(gzip)))
		return false;
	return (stream->format != TESTACC_ZLIB || write_all(stream, &zlib, sizeof(zlib))) &&
		fflush(stream->file) == 0;
}
