/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Pieces that end at any bit of a byte become one stream, which zlib takes back in one go.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include <stream.h>

#define PIECES 64
#define PIECE_LEN 600
#define ROOM 2048

static uint8_t plain[PIECES * PIECE_LEN];

static size_t
pack(const uint8_t *data, size_t len, int level, int strategy, uint8_t *out)
{
	z_stream zlib = { .next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len,
		.next_out = out, .avail_out = ROOM };

	assert_int_equal(deflateInit2(&zlib, level, Z_DEFLATED, -15, 8, strategy), Z_OK);
	assert_int_equal(deflate(&zlib, Z_FINISH), Z_STREAM_END);
	deflateEnd(&zlib);
	return zlib.total_out;
}

static void
fill(void)
{
	size_t i;

	srand(5);
	for (i = 0; i < sizeof(plain); i++)
		plain[i] = (uint8_t)("abcde"[rand() % 5] + (rand() % 40 == 0 ? rand() % 64 : 0));
}

/* Lengths differ, so that the last bits lie everywhere. */
static size_t
write_pieces(struct testacc_stream *stream)
{
	static const int strategies[] = { Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY };
	uint8_t packed[ROOM];
	const char *why;
	size_t i, len, at = 0;

	for (i = 0; i < PIECES; i++) {
		len = PIECE_LEN - i * 3;
		assert_true(testacc_stream_add(stream, packed, pack(plain + at, len,
			i % 5 == 0 ? 0 : 6, strategies[i % 3], packed), plain + at, len,
			i == PIECES - 1, &why));
		at += len;
	}
	return at;
}

static void
check_format(enum testacc_format format, int bits)
{
	struct testacc_stream stream;
	static uint8_t out[sizeof(plain)];
	z_stream zlib = { .next_out = out, .avail_out = sizeof(out) };
	char *data = NULL;
	size_t size, len;
	FILE *file = open_memstream(&data, &size);

	assert_non_null(file);
	assert_true(testacc_stream_begin(&stream, file, format));
	len = write_pieces(&stream);
	assert_true(testacc_stream_end(&stream));
	fclose(file);
	assert_int_equal(stream.packed_len, size);
	assert_int_equal(inflateInit2(&zlib, bits), Z_OK);
	zlib.next_in = (Bytef *)data;
	zlib.avail_in = (uInt)size;
	assert_int_equal(inflate(&zlib, Z_FINISH), Z_STREAM_END);
	assert_int_equal(zlib.avail_in, 0);
	assert_int_equal(zlib.total_out, len);
	assert_memory_equal(out, plain, len);
	inflateEnd(&zlib);
	free(data);
}

static void
test_formats(void **state)
{
	(void)state;
	fill();
	check_format(TESTACC_GZIP, 31);
	check_format(TESTACC_ZLIB, 15);
	check_format(TESTACC_DEFLATE, -15);
}

/* A device that lies is found out, whatever it says. */
static void
test_lies(void **state)
{
	struct testacc_stream stream;
	uint8_t packed[ROOM], changed[ROOM];
	const char *why;
	size_t len, i;

	(void)state;
	fill();
	assert_true(testacc_stream_begin(&stream, tmpfile(), TESTACC_GZIP));
	len = pack(plain, PIECE_LEN, 6, Z_DEFAULT_STRATEGY, packed);
	for (i = 0; i < len; i++) {
		memcpy(changed, packed, sizeof(changed));
		assert_false(testacc_stream_add(&stream, changed, i, plain, PIECE_LEN, false,
			&why));
		assert_non_null(why);
	}
	memcpy(changed, packed, sizeof(changed));
	assert_false(testacc_stream_add(&stream, changed, len, plain + 1, PIECE_LEN, false, &why));
	assert_false(testacc_stream_add(&stream, changed, len, plain, PIECE_LEN - 1, false, &why));
	assert_false(testacc_stream_add(&stream, changed, len, plain, PIECE_LEN + 1, false, &why));
	assert_false(testacc_stream_add(&stream, changed, len + 1, plain, PIECE_LEN, false, &why));
	assert_int_equal(stream.plain_len, 0);
	fclose(stream.file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
