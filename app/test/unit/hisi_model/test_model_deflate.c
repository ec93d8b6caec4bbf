/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The ZIP engine through a queue: what it makes against zlib, statuses, limits (zip.md 3, 10.1).
 */

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "model_rig.h"

#define CANARY 0xc5

/** A device, a compress and a decompress queue, two buffers. */
struct zip_rig {
	struct rig rig;
	struct rig_queue comp;
	struct rig_queue decomp;
	uint64_t src;
	uint64_t dst;
};

#define BUF_LEN (12u << 20)

static int
setup(void **state)
{
	struct zip_rig *z = calloc(1, sizeof(*z));
	struct model_device_config config;

	rig_config(&config);
	rig_start(&z->rig, &config);
	rig_bring_up(&z->rig.pf, 16);
	assert_int_equal(rig_queue_setup(&z->rig.pf, &z->comp, 0, 0, 64), 0);
	assert_int_equal(rig_queue_setup(&z->rig.pf, &z->decomp, 1, 1, 64), 0);
	z->src = rig_alloc(&z->rig.pf, BUF_LEN, 4096);
	z->dst = rig_alloc(&z->rig.pf, BUF_LEN, 4096);
	*state = z;
	return 0;
}

static int
teardown(void **state)
{
	struct zip_rig *z = *state;

	rig_stop(&z->rig);
	free(z);
	return 0;
}

static uint8_t *
src(struct zip_rig *z)
{
	return rig_ptr(&z->rig.pf, z->src);
}

static uint8_t *
dst(struct zip_rig *z)
{
	return rig_ptr(&z->rig.pf, z->dst);
}

enum fill {
	FILL_ZERO,
	FILL_TEXT,
	FILL_RANDOM,
};

static void
fill(uint8_t *buf, size_t len, enum fill kind)
{
	static const char words[] = "the quick brown fox jumps over the lazy dog, again and then ";
	uint32_t x = 12345;
	size_t i;

	for (i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		buf[i] = kind == FILL_ZERO ? 0 : kind == FILL_RANDOM ? (uint8_t)(x >> 24) :
			(uint8_t)words[(i + (x >> 30)) % (sizeof(words) - 1)];
	}
}

/** window bits as zlib's inflateInit2 wants them for a body without header. */
static size_t
zlib_inflate(const uint8_t *in, size_t len, int window, uint8_t *out, size_t capacity)
{
	z_stream s = { .next_in = (uint8_t *)(uintptr_t)in, .avail_in = len, .next_out = out,
		.avail_out = capacity };

	assert_int_equal(inflateInit2(&s, -window), Z_OK);
	assert_int_equal(inflate(&s, Z_FINISH), Z_STREAM_END);
	assert_int_equal(s.avail_in, 0);
	inflateEnd(&s);
	return s.total_out;
}

static size_t
zlib_deflate(const uint8_t *in, size_t len, int strategy, uint8_t *out, size_t capacity)
{
	z_stream s = { .next_in = (uint8_t *)(uintptr_t)in, .avail_in = len, .next_out = out,
		.avail_out = capacity };

	assert_int_equal(deflateInit2(&s, 6, Z_DEFLATED, -15, 8, strategy), Z_OK);
	assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
	deflateEnd(&s);
	return s.total_out;
}

static void
check_tail(const uint8_t *buf, size_t from, size_t to)
{
	for (; from < to; from++)
		assert_int_equal(buf[from], CANARY);
}

static uint32_t
reverse32(uint32_t v)
{
	uint32_t r = 0;
	int i;

	for (i = 0; i < 32; i++)
		r |= (v >> i & 1) << (31 - i);
	return r;
}

static uint32_t
trailer_len(uint32_t request)
{
	return request == HISI_ZIP_REQ_GZIP ? 8 : request == HISI_ZIP_REQ_ZLIB ? 4 : 0;
}

/** Trailer bytes and dw31 for data (zip.md 3.6). */
static void
make_trailer(uint32_t request, const uint8_t *data, uint32_t len, uint8_t *out, uint32_t *word)
{
	uint32_t sum = request == HISI_ZIP_REQ_GZIP ? crc32(0, data, len) : adler32(1, data, len);
	uint32_t swapped = __builtin_bswap32(sum);

	*word = request == HISI_ZIP_REQ_GZIP ? ~reverse32(sum) :
		request == HISI_ZIP_REQ_ZLIB ? sum : 0;
	memcpy(out, request == HISI_ZIP_REQ_GZIP ? &sum : &swapped, 4);
	memcpy(out + 4, &len, 4);
}

static void
compress_and_check(struct zip_rig *z, uint32_t request, uint32_t len, enum fill kind)
{
	uint32_t capacity = len + len / 8 + 300, body, word;
	struct hisi_zip_sqe sent, sqe;
	uint8_t *plain, trailer[8];

	fill(src(z), len, kind);
	memset(dst(z), CANARY, capacity + 64);
	sent = rig_sqe(request, z->src, len, z->dst, capacity);
	sqe = rig_queue_do(&z->rig, &z->comp, &sent);
	if (sqe.produced > len)
		assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_NEGACOMPRESS);
	else
		assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
	assert_int_equal(sqe.consumed, len);
	check_tail(dst(z), sqe.produced, capacity + 64);
	/* Inputs come back as they were. */
	assert_memory_equal(&sqe.input_data_length, &sent.input_data_length, 11 * 4);
	assert_memory_equal(&sqe.comp_head_addr_lo, &sent.comp_head_addr_lo, 12 * 4);

	make_trailer(request, src(z), len, trailer, &word);
	body = sqe.produced - trailer_len(request);
	assert_memory_equal(dst(z) + body, trailer, trailer_len(request));
	assert_int_equal(sqe.isize, len);
	assert_int_equal(sqe.checksum, word);
	plain = malloc(len + 1);
	assert_int_equal(zlib_inflate(dst(z), body, 15, plain, len + 1), len);
	assert_memory_equal(plain, src(z), len);
	free(plain);
}

static const uint32_t requests[] = { HISI_ZIP_REQ_DEFLATE, HISI_ZIP_REQ_ZLIB, HISI_ZIP_REQ_GZIP };

#define NB_REQUESTS (sizeof(requests) / sizeof(requests[0]))

static void
test_compress_sizes(void **state)
{
	static const uint32_t lens[] = { 1, 2, 3, 15, 255, 512, 4096, 16384, 59460, 65535, 65536,
		200000, 262144, 1 << 20, 7 << 20 };
	size_t i, r;

	for (r = 0; r < NB_REQUESTS; r++)
		for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
			compress_and_check(*state, requests[r], lens[i], FILL_TEXT);
			compress_and_check(*state, requests[r], lens[i], FILL_RANDOM);
			compress_and_check(*state, requests[r], lens[i], FILL_ZERO);
		}
}

static void
decompress_and_check(struct zip_rig *z, uint32_t request, uint32_t len, enum fill kind,
	int strategy, uint32_t capacity, uint32_t garbage)
{
	uint8_t *plain = malloc(len);
	uint32_t packed, word;
	struct hisi_zip_sqe sqe;

	fill(plain, len, kind);
	packed = zlib_deflate(plain, len, strategy, src(z), BUF_LEN - 64);
	make_trailer(request, plain, len, src(z) + packed, &word);
	packed += trailer_len(request);
	memset(src(z) + packed, 0xee, garbage);
	memset(dst(z), CANARY, capacity + 64);
	sqe = rig_sqe(request, z->src, packed + garbage, z->dst, capacity);
	sqe = rig_queue_do(&z->rig, &z->decomp, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
	assert_int_equal(sqe.consumed, packed);
	assert_int_equal(sqe.produced, len);
	assert_int_equal(sqe.isize, len);
	assert_int_equal(sqe.checksum, word);
	assert_memory_equal(dst(z), plain, len);
	check_tail(dst(z), len, capacity + 64);
	free(plain);
}

static void
test_decompress_sizes(void **state)
{
	static const uint32_t lens[] = { 1, 2, 300, 4096, 16384, 65536, 262144, 300000, 4 << 20 };
	static const int strategies[] = { Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY };
	size_t i, r, s;

	for (r = 0; r < NB_REQUESTS; r++)
		for (s = 0; s < 3; s++)
			for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
				uint32_t room = lens[i] < 17 ? 17 : lens[i];

				decompress_and_check(*state, requests[r], lens[i], FILL_TEXT,
					strategies[s], room, 0);
				decompress_and_check(*state, requests[r], lens[i], FILL_RANDOM,
					strategies[s], room + 1000, 0);
				decompress_and_check(*state, requests[r], lens[i], FILL_TEXT,
					strategies[s], room + 300000, 100);
			}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_compress_sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_decompress_sizes, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
