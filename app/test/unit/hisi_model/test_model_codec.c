/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The codec by itself: buffers in pieces of any cut, also longer than what it puts together.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include <model_codec.h>

#define MAX_LEN (1u << 20)
#define MAX_PIECES 600
#define GAP 32 /* between two pieces, and never to be written */
#define CANARY 0xc5

/** A buffer in pieces. */
struct pieces {
	uint8_t *memory;
	size_t memory_len;
	struct model_segment segments[MAX_PIECES];
	int count;
};

struct codec_rig {
	struct model_codec *codec;
	uint8_t *plain;
	uint8_t *packed; /**< by zlib or by the codec */
	struct pieces in;
	struct pieces out;
	uint32_t random;
};

static int
setup(void **state)
{
	struct codec_rig *rig = calloc(1, sizeof(*rig));
	size_t i;

	rig->codec = model_codec_create();
	rig->plain = malloc(MAX_LEN);
	rig->packed = malloc(2 * MAX_LEN);
	rig->random = 1;
	for (i = 0; i < MAX_LEN; i++)
		rig->plain[i] = "of queues, windows and doorbells: "[(i * 5 + i / 97) % 34];
	*state = rig;
	return rig->codec == NULL;
}

static int
teardown(void **state)
{
	struct codec_rig *rig = *state;

	model_codec_destroy(rig->codec);
	free(rig->in.memory);
	free(rig->out.memory);
	free(rig->plain);
	free(rig->packed);
	free(rig);
	return 0;
}

static uint32_t
below(struct codec_rig *rig, uint32_t limit)
{
	rig->random = rig->random * 1664525 + 1013904223;
	return (rig->random >> 8) % limit;
}

/** Lay out @p len bytes in @p count pieces of any lengths. */
static void
cut(struct codec_rig *rig, struct pieces *p, size_t len, int count)
{
	size_t left = len, piece, at = GAP;
	int i;

	free(p->memory);
	p->count = (size_t)count > len ? (int)len : count;
	p->memory_len = len + (p->count + 1) * GAP;
	p->memory = malloc(p->memory_len);
	memset(p->memory, CANARY, p->memory_len);
	for (i = 0; i < p->count; i++) {
		/* At least one byte for each that follows. */
		piece = left - (p->count - 1 - i);
		if (i < p->count - 1)
			piece = 1 + below(rig, piece < 2 * left / (p->count - i) ? piece :
				2 * left / (p->count - i));
		p->segments[i].base = p->memory + at;
		p->segments[i].len = piece;
		at += piece + GAP;
		left -= piece;
	}
}

static void
check_gaps(const struct pieces *p)
{
	const uint8_t *gap = p->memory;
	int i, k;

	for (i = 0; i <= p->count; i++) {
		for (k = 0; k < GAP; k++)
			assert_int_equal(gap[k], CANARY);
		if (i < p->count)
			gap = p->segments[i].base + p->segments[i].len;
	}
}

static void
put(struct pieces *p, const uint8_t *data, size_t len)
{
	struct model_cursor cursor;

	model_cursor_init(&cursor, p->segments, p->count, len);
	assert_int_equal(model_cursor_put(&cursor, data, len), len);
}

static void
get(struct pieces *p, uint8_t *data, size_t len)
{
	struct model_cursor cursor;

	model_cursor_init(&cursor, p->segments, p->count, len);
	assert_int_equal(model_cursor_get(&cursor, data, len), len);
}

/** @return length of what the codec makes of the plain data with these cuts */
static size_t
deflate_cut(struct codec_rig *rig, size_t len, int nb_in, int nb_out, uint8_t *packed)
{
	size_t capacity = len + len / 8 + 300, produced;
	struct model_cursor in, out;
	uint32_t sum;

	cut(rig, &rig->in, len, nb_in);
	cut(rig, &rig->out, capacity, nb_out);
	put(&rig->in, rig->plain, len);
	model_cursor_init(&in, rig->in.segments, rig->in.count, len);
	model_cursor_init(&out, rig->out.segments, rig->out.count, capacity);
	assert_int_equal(model_deflate(rig->codec, &in, &out, 1, 15, MODEL_CHECKSUM_ADLER32, &sum),
		MODEL_CODEC_OK);
	assert_int_equal(sum, adler32(1, rig->plain, len));
	check_gaps(&rig->out);
	produced = capacity - out.left;
	get(&rig->out, packed, produced);
	return produced;
}

static void
check_inflates(struct codec_rig *rig, const uint8_t *packed, size_t packed_len, size_t len)
{
	uint8_t *plain = malloc(len + 1);
	z_stream s = { .next_in = (Bytef *)(uintptr_t)packed, .avail_in = packed_len,
		.next_out = plain, .avail_out = len + 1 };

	assert_int_equal(inflateInit2(&s, -MAX_WBITS), Z_OK);
	assert_int_equal(inflate(&s, Z_FINISH), Z_STREAM_END);
	inflateEnd(&s);
	assert_int_equal(s.total_out, len);
	assert_memory_equal(plain, rig->plain, len);
	free(plain);
}

static const size_t lens[] = { 1, 2, 700, 16384, 65536, 262143, 262144, 300000, MAX_LEN };
static const int counts[] = { 1, 2, 4, 17, MAX_PIECES };

#define NB_LENS (sizeof(lens) / sizeof(lens[0]))
#define NB_COUNTS (sizeof(counts) / sizeof(counts[0]))

static void
test_deflate_pieces(void **state)
{
	struct codec_rig *rig = *state;
	size_t l, i, o, produced;

	for (l = 0; l < NB_LENS; l++)
		for (i = 0; i < NB_COUNTS; i++)
			for (o = 0; o < NB_COUNTS; o++) {
				produced = deflate_cut(rig, lens[l], counts[i], counts[o],
					rig->packed);
				check_inflates(rig, rig->packed, produced, lens[l]);
			}
}

/* A buffer that is put together gives the very stream that it gives in one piece. */
static void
test_deflate_does_not_see_cuts(void **state)
{
	struct codec_rig *rig = *state;
	size_t whole_len, cut_len, i;
	uint8_t *whole = malloc(2 * MAX_LEN);

	whole_len = deflate_cut(rig, 65536, 1, 1, whole);
	for (i = 1; i < NB_COUNTS; i++) {
		cut_len = deflate_cut(rig, 65536, counts[i], counts[i], rig->packed);
		assert_int_equal(cut_len, whole_len);
		assert_memory_equal(rig->packed, whole, whole_len);
	}
	free(whole);
}

static size_t
pack(struct codec_rig *rig, size_t len, int level)
{
	z_stream s = { .next_in = rig->plain, .avail_in = len, .next_out = rig->packed,
		.avail_out = 2 * MAX_LEN };

	assert_int_equal(deflateInit2(&s, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
		Z_OK);
	assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
	deflateEnd(&s);
	return s.total_out;
}

/** Inflate the first @p given bytes of what was packed, and @p more bytes that do not belong. */
static enum model_codec_result
inflate_cut(struct codec_rig *rig, size_t given, size_t more, size_t capacity, int nb_in,
	int nb_out, struct model_cursor *in, struct model_cursor *out)
{
	enum model_codec_result result;
	uint32_t sum;

	cut(rig, &rig->in, given + more, nb_in);
	cut(rig, &rig->out, capacity, nb_out);
	put(&rig->in, rig->packed, given);
	model_cursor_init(in, rig->in.segments, rig->in.count, given + more);
	model_cursor_init(out, rig->out.segments, rig->out.count, capacity);
	result = model_inflate(rig->codec, in, out, MODEL_CHECKSUM_CRC32, &sum);
	check_gaps(&rig->out);
	if (result == MODEL_CODEC_OK)
		assert_int_equal(sum, crc32(0, rig->plain, capacity - out->left));
	return result;
}

static void
check_inflate(struct codec_rig *rig, size_t packed, size_t len, int nb_in, int nb_out)
{
	/* Exactly as much room as needed, more, and more than the codec's own buffer. */
	static const size_t rooms[] = { 0, 5000, 400000 };
	struct model_cursor in, out;
	uint8_t *found = malloc(len);
	size_t r;

	for (r = 0; r < 3; r++) {
		assert_int_equal(inflate_cut(rig, packed, 7 * r, len + rooms[r], nb_in, nb_out, &in,
			&out), MODEL_CODEC_OK);
		assert_int_equal(in.left, 7 * r);
		assert_int_equal(out.left, rooms[r]);
		get(&rig->out, found, len);
		assert_memory_equal(found, rig->plain, len);
	}
	free(found);
}

static void
test_inflate_pieces(void **state)
{
	struct codec_rig *rig = *state;
	size_t l, i, o, packed;
	int level;

	/* Level 0: input as long as the output. */
	for (level = 0; level < 2; level++)
		for (l = 0; l < NB_LENS; l++) {
			packed = pack(rig, lens[l], level);
			for (i = 0; i < NB_COUNTS; i++)
				for (o = 0; o < NB_COUNTS; o++)
					check_inflate(rig, packed, lens[l], counts[i], counts[o]);
		}
}

static void
test_inflate_without_room(void **state)
{
	struct codec_rig *rig = *state;
	struct model_cursor in, out;
	size_t l, i, packed;

	for (l = 1; l < NB_LENS; l++) {
		packed = pack(rig, lens[l], 1);
		for (i = 0; i < NB_COUNTS; i++)
			assert_int_equal(inflate_cut(rig, packed, 0, lens[l] - 1, counts[i],
				counts[i], &in, &out), MODEL_CODEC_NO_SPACE);
	}
}

static void
test_inflate_cut_short(void **state)
{
	struct codec_rig *rig = *state;
	struct model_cursor in, out;
	size_t l, i, packed;

	for (l = 1; l < NB_LENS; l++) {
		packed = pack(rig, lens[l], 1);
		for (i = 0; i < NB_COUNTS; i++)
			assert_int_equal(inflate_cut(rig, packed - 1, 0, lens[l], counts[i],
				counts[i], &in, &out), MODEL_CODEC_TRUNCATED);
	}
}

/* What it makes then is anybody's guess, but it ends, and within the pieces. */
static void
test_inflate_over_its_input(void **state)
{
	struct codec_rig *rig = *state;
	struct model_cursor in, out;
	size_t i, packed = pack(rig, 65536, 0);
	uint32_t sum;

	for (i = 0; i < NB_COUNTS; i++) {
		cut(rig, &rig->in, 2 * 65536, counts[i]);
		put(&rig->in, rig->packed, packed);
		model_cursor_init(&in, rig->in.segments, rig->in.count, packed);
		model_cursor_init(&out, rig->in.segments, rig->in.count, 2 * 65536);
		model_inflate(rig->codec, &in, &out, MODEL_CHECKSUM_CRC32, &sum);
		check_gaps(&rig->in);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_deflate_pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deflate_does_not_see_cuts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inflate_pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inflate_without_room, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inflate_cut_short, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inflate_over_its_input, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
