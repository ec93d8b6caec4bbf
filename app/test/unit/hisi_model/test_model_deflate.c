/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The ZIP engine through a queue: what it makes against zlib, statuses, limits (zip.md 3, 10.1).
 */

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <vfio_user_guard.h>

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
	while (from < to && buf[from] == CANARY)
		from++;
	assert_int_equal(from, to);
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
		200000, 262144, 7 << 20 };
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
	/* Between the two the engine may leave what it likes. */
	check_tail(dst(z), capacity, capacity + 64);
	free(plain);
}

static void
test_decompress_sizes(void **state)
{
	static const uint32_t lens[] = { 1, 2, 300, 4096, 16384, 65536, 262144, 300000, 1 << 20 };
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

/** Run a request on a queue and give its status. */
static uint32_t
status_of(struct zip_rig *z, struct rig_queue *q, struct hisi_zip_sqe sqe)
{
	sqe = rig_queue_do(&z->rig, q, &sqe);
	return rig_status(&sqe);
}

/* Room for exactly what comes out, and for one byte less. */
static void
test_exact_fit(void **state)
{
	static const uint32_t lens[] = { 100, 4096, 59460, 300000 };
	struct zip_rig *z = *state;
	struct hisi_zip_sqe sqe;
	uint32_t need;
	size_t i, r;

	for (r = 0; r < NB_REQUESTS; r++)
		for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
			fill(src(z), lens[i], FILL_TEXT);
			sqe = rig_sqe(requests[r], z->src, lens[i], z->dst, BUF_LEN);
			sqe = rig_queue_do(&z->rig, &z->comp, &sqe);
			need = sqe.produced;
			memset(dst(z), CANARY, lens[i]);
			sqe = rig_sqe(requests[r], z->src, lens[i], z->dst, need);
			sqe = rig_queue_do(&z->rig, &z->comp, &sqe);
			assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
			assert_int_equal(sqe.produced, need);
			check_tail(dst(z), need, lens[i]);
			sqe = rig_sqe(requests[r], z->src, lens[i], z->dst, need - 1);
			sqe = rig_queue_do(&z->rig, &z->comp, &sqe);
			assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_DSTLEN_OUT);
			check_tail(dst(z), need - 1 + 1, lens[i]);
		}
}

/* What a request that found no room left unread is not the next one's. */
static void
test_after_no_room(void **state)
{
	struct zip_rig *z = *state;

	fill(src(z), 1 << 20, FILL_RANDOM);
	assert_int_equal(status_of(z, &z->comp, rig_sqe(HISI_ZIP_REQ_DEFLATE, z->src, 1 << 20,
		z->dst, 1000)), HISI_ZIP_STATUS_DSTLEN_OUT);
	compress_and_check(z, HISI_ZIP_REQ_DEFLATE, 1 << 20, FILL_TEXT);
}

static void
test_decompress_one_byte_short(void **state)
{
	static const uint32_t lens[] = { 100, 65536, 300000 };
	struct zip_rig *z = *state;
	uint32_t packed;
	size_t i;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		fill(dst(z), lens[i], FILL_TEXT);
		packed = zlib_deflate(dst(z), lens[i], Z_DEFAULT_STRATEGY, src(z), BUF_LEN);
		memset(dst(z), CANARY, lens[i] + 64);
		assert_int_equal(status_of(z, &z->decomp, rig_sqe(HISI_ZIP_REQ_DEFLATE, z->src,
			packed, z->dst, lens[i] - 1)), HISI_ZIP_STATUS_DSTLEN_OUT);
		check_tail(dst(z), lens[i] - 1, lens[i] + 64);
	}
}

static void
test_small_capacity_is_ignored(void **state)
{
	struct zip_rig *z = *state;

	assert_int_equal(status_of(z, &z->comp, rig_sqe(HISI_ZIP_REQ_DEFLATE, z->src, 1, z->dst,
		HISI_ZIP_IGNORED_DEST_LEN)), HISI_ZIP_STATUS_DSTLEN_OUT);
	assert_int_equal(status_of(z, &z->comp, rig_sqe(HISI_ZIP_REQ_DEFLATE, z->src, 1, z->dst,
		0)), HISI_ZIP_STATUS_DSTLEN_OUT);
}

/* Each byte of a trailer, and each way to cut the stream. */
static void
test_bad_streams(void **state)
{
	struct zip_rig *z = *state;
	uint32_t packed, i, word, r;
	uint8_t plain[1000];

	fill(plain, sizeof(plain), FILL_TEXT);
	for (r = 1; r < NB_REQUESTS; r++) {
		packed = zlib_deflate(plain, sizeof(plain), Z_DEFAULT_STRATEGY, src(z), BUF_LEN);
		make_trailer(requests[r], plain, sizeof(plain), src(z) + packed, &word);
		packed += trailer_len(requests[r]);
		for (i = 1; i <= trailer_len(requests[r]); i++) {
			src(z)[packed - i] ^= 0x10;
			assert_int_equal(status_of(z, &z->decomp, rig_sqe(requests[r], z->src,
				packed, z->dst, 2000)), HISI_ZIP_STATUS_CRC_ERR);
			src(z)[packed - i] ^= 0x10;
		}
		for (i = 1; i < packed; i++)
			assert_int_equal(status_of(z, &z->decomp, rig_sqe(requests[r], z->src, i,
				z->dst, 2000)), HISI_ZIP_STATUS_MODEL_TRUNCATED);
	}
	src(z)[0] = 0x07; /* block type 3 */
	assert_int_equal(status_of(z, &z->decomp, rig_sqe(HISI_ZIP_REQ_DEFLATE, z->src, 100, z->dst,
		2000)), HISI_ZIP_STATUS_MODEL_BAD_DATA);
	assert_int_equal(status_of(z, &z->decomp, rig_sqe(HISI_ZIP_REQ_DEFLATE, z->src, 100, z->dst,
		BUF_LEN)), HISI_ZIP_STATUS_MODEL_BAD_DATA);
}

/* A stream that looks back further than the window asked for is refused by zlib's inflate. */
static void
test_windows(void **state)
{
	static const struct {
		enum hisi_zip_window window;
		int bits;
	} windows[] = { { HISI_ZIP_WINDOW_4K, 12 }, { HISI_ZIP_WINDOW_8K, 13 },
		{ HISI_ZIP_WINDOW_16K, 14 }, { HISI_ZIP_WINDOW_24K, 15 },
		{ HISI_ZIP_WINDOW_32K, 15 } };
	static const uint32_t lens[] = { 60000, 400000 };
	uint8_t *plain = malloc(400000);
	struct zip_rig *z = *state;
	uint32_t produced[5];
	struct hisi_zip_sqe sqe;
	size_t i, n, distance;

	for (n = 0; n < 2; n++)
		for (distance = 3000; distance < 32000; distance += 4700) {
			/* Noise that repeats at one distance. */
			fill(src(z), distance, FILL_RANDOM);
			for (i = distance; i < lens[n]; i++)
				src(z)[i] = src(z)[i - distance];
			for (i = 0; i < 5; i++) {
				sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, z->src, lens[n], z->dst,
					BUF_LEN);
				sqe.dw9 = HISI_ZIP_REQ_DEFLATE |
					HISI_FIELD_PREP(HISI_ZIP_DW9_WINDOW,
						(uint32_t)windows[i].window);
				sqe = rig_queue_do(&z->rig, &z->comp, &sqe);
				produced[i] = sqe.produced;
				assert_int_equal(zlib_inflate(dst(z), sqe.produced, windows[i].bits,
					plain, lens[n]), lens[n]);
				assert_memory_equal(plain, src(z), lens[n]);
			}
			/* The window is used, not only kept: 8K sees nothing of what 32K sees. */
			if (distance > 8192 && distance < 16384) {
				assert_true(produced[1] > lens[n]);
				assert_true(produced[4] < lens[n] * 19 / 20);
			}
		}
	free(plain);
}

static void
test_what_is_not_done(void **state)
{
	struct zip_rig *z = *state;
	const struct hisi_zip_sqe good = rig_sqe(HISI_ZIP_REQ_DEFLATE, z->src, 100, z->dst, 1000);
	struct hisi_zip_sqe sqe;
	uint32_t request;

	for (request = 0; request < 256; request++) {
		if (request >= HISI_ZIP_REQ_DEFLATE && request <= HISI_ZIP_REQ_GZIP)
			continue;
		sqe = good;
		sqe.dw9 = request;
		assert_int_equal(status_of(z, &z->comp, sqe), HISI_ZIP_STATUS_MODEL_UNSUPPORTED);
	}
	for (request = HISI_ZIP_BUFFER_SGL + 1; request < 16; request++) {
		sqe = good;
		sqe.dw9 |= HISI_FIELD_PREP(HISI_ZIP_DW9_BUFFER, request);
		assert_int_equal(status_of(z, &z->comp, sqe), HISI_ZIP_STATUS_MODEL_UNSUPPORTED);
	}
	for (request = 0; request < 16; request++) {
		if (request == HISI_ZIP_SQE_TYPE_3)
			continue;
		/* Type 0 knows no raw deflate (zip.md 0.1). */
		sqe = good;
		sqe.dw7 = (sqe.dw7 & ~HISI_ZIP_DW7_SQE_TYPE) |
			HISI_FIELD_PREP(HISI_ZIP_DW7_SQE_TYPE, request);
		assert_int_equal(status_of(z, &z->comp, sqe), HISI_ZIP_STATUS_MODEL_UNSUPPORTED);
	}
	sqe = good;
	sqe.dw7 |= HISI_ZIP_DW7_STATEFUL;
	assert_int_equal(status_of(z, &z->comp, sqe), HISI_ZIP_STATUS_MODEL_UNSUPPORTED);
	sqe = good;
	sqe.dw9 |= HISI_ZIP_DW9_WINDOW;
	assert_int_equal(status_of(z, &z->comp, sqe), HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	sqe = good;
	sqe.input_data_length = 0;
	assert_int_equal(status_of(z, &z->comp, sqe), HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	sqe.input_data_length = HISI_ZIP_MAX_FLAT_LEN + 1;
	assert_int_equal(status_of(z, &z->comp, sqe), HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	/* Decompression ignores the window field, and both ignore the flush and new bits. */
	sqe = good;
	sqe.dw7 &= ~(HISI_ZIP_DW7_FINISH | HISI_ZIP_DW7_STREAM_NEW);
	sqe = rig_queue_do(&z->rig, &z->comp, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
	memcpy(src(z), dst(z), sqe.produced);
	sqe.input_data_length = sqe.produced;
	sqe.dw9 |= HISI_ZIP_DW9_WINDOW;
	assert_int_equal(status_of(z, &z->decomp, sqe), HISI_ZIP_STATUS_OK);
}

/* The client's memory in many small maps that lie in disorder here. */
static void
test_scattered_memory(void **state)
{
	const uint32_t pages = 64, len = 64 * 4096 - 100;
	const uint64_t in = 0x500000000ull, out = 0x600000000ull, back = 0x700000000ull;
	struct zip_rig *z = *state;
	struct rig_client *pf = &z->rig.pf;
	size_t base = z->src - RIG_IOVA;
	struct hisi_zip_sqe sqe;
	uint32_t i, at, r;

	for (i = 0; i < 3 * pages; i++) {
		/* 77 is prime to 192: every page once. */
		at = base + (i * 77 % (3 * pages)) * 4096;
		assert_int_equal(vfio_user_dma_insert(pf->dma, pf->fd, at,
			(i < pages ? in : i < 2 * pages ? out : back) + i % pages * 4096, 4096, 3),
			0);
		if (i < pages)
			fill(pf->mem + at, 4096, i % 3);
	}
	for (r = 0; r < NB_REQUESTS; r++) {
		sqe = rig_sqe(requests[r], in + 50, len, out + 3, pages * 4096 - 3);
		sqe = rig_queue_do(&z->rig, &z->comp, &sqe);
		assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
		assert_int_equal(sqe.consumed, len);
		sqe = rig_sqe(requests[r], out + 3, sqe.produced, back + 7, len);
		at = sqe.input_data_length;
		sqe = rig_queue_do(&z->rig, &z->decomp, &sqe);
		assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
		assert_int_equal(sqe.produced, len);
		assert_int_equal(sqe.consumed, at);
		for (i = 0; i < len; i++) {
			size_t a = base + ((50 + i) / 4096 * 77 % (3 * pages)) * 4096 +
				(50 + i) % 4096;
			size_t b = base + ((2 * pages + (7 + i) / 4096) * 77 % (3 * pages)) * 4096 +
				(7 + i) % 4096;

			assert_true(pf->mem[a] == pf->mem[b]);
		}
	}
}

/* Input that ends, and output that ends, with the mapping: nothing is read or written beyond. */
static void
test_end_of_map(void **state)
{
	static const uint32_t lens[] = { 1, 7, 100, 4096, 60000 };
	struct zip_rig *z = *state;
	struct rig_client *pf = &z->rig.pf;
	struct hisi_zip_sqe sqe;
	uint8_t plain[60000];
	uint32_t packed, room;
	size_t i;

	assert_int_equal(vfio_user_guard_install(), 0);
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		fill(plain, lens[i], FILL_TEXT);
		memcpy(pf->mem + RIG_MEM_LEN - lens[i], plain, lens[i]);
		assert_int_equal(status_of(z, &z->comp, rig_sqe(HISI_ZIP_REQ_GZIP,
			RIG_IOVA + RIG_MEM_LEN - lens[i], lens[i], z->dst, BUF_LEN)) &
			~HISI_ZIP_STATUS_NEGACOMPRESS, 0);
		packed = zlib_deflate(plain, lens[i], Z_DEFAULT_STRATEGY, src(z), BUF_LEN);
		room = lens[i] < 17 ? 17 : lens[i];
		sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, z->src, packed, RIG_IOVA + RIG_MEM_LEN - room,
			room);
		assert_int_equal(status_of(z, &z->decomp, sqe), HISI_ZIP_STATUS_OK);
		assert_memory_equal(pf->mem + RIG_MEM_LEN - room, plain, lens[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_exact_fit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_after_no_room, setup, teardown),
		cmocka_unit_test_setup_teardown(test_decompress_one_byte_short, setup, teardown),
		cmocka_unit_test_setup_teardown(test_small_capacity_is_ignored, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_streams, setup, teardown),
		cmocka_unit_test_setup_teardown(test_windows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_not_done, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scattered_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_end_of_map, setup, teardown),
		cmocka_unit_test_setup_teardown(test_compress_sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_decompress_sizes, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
