/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Operations that software carries out (zip.md 3.9, 8.6): outputs with less room than the hardware
 * asks for, and no input at all. zlib is the judge of every stream.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "test_eal.h"
#include "zip_rig.h"

/* Below it software, from it on the hardware (zip.md 8.6: any destination < 256 bytes). */
#define HARDWARE_ROOM 256

/* Text that repeats, one byte all over, and noise. */
static void
fill(uint8_t *data, uint32_t len, uint32_t kind)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		data[i] = kind == 0 ? (uint8_t)"a line of words, "[i % 17] :
			kind == 1 ? 'z' : (uint8_t)rand();
}

/* A raw deflate stream by zlib; returns its length. */
static uint32_t
zlib_deflate(const uint8_t *in, uint32_t len, uint8_t *out, uint32_t room)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)in, .avail_in = len, .next_out = out,
		.avail_out = room };

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(deflateEnd(&stream), Z_OK);
	return room - stream.avail_out;
}

/* Exactly one whole stream with exactly this content. */
static void
zlib_check(const uint8_t *stream_data, uint32_t stream_len, const uint8_t *data, uint32_t len)
{
	uint8_t *out = malloc(len + 1);
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)stream_data, .avail_in = stream_len,
		.next_out = out, .avail_out = len + 1 };

	assert_non_null(out);
	assert_int_equal(inflateInit2(&stream, -15), Z_OK);
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.avail_in, 0);
	assert_int_equal(stream.avail_out, 1);
	assert_memory_equal(out, data, len);
	assert_int_equal(inflateEnd(&stream), Z_OK);
	free(out);
}

/* Through the driver and back; the device must not be given it. */
static void
run_soft(struct zip_rig *zip, struct zip_op *op)
{
	assert_int_equal(zip_enqueue(zip, op, 1), 1);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 0);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 1), 0);
	assert_int_equal(zip_dequeue(zip, 8), 1);
}

static void
check_terminated(const struct zip_op *op)
{
	assert_int_equal(op->op.status, RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED);
	assert_int_equal(op->op.consumed, 0);
	assert_int_equal(op->op.produced, 0);
}

static void
compress_into(struct zip_rig *zip, uint32_t len, uint32_t kind, uint32_t room)
{
	struct zip_op op;

	/* Room behind an offset, and input as well. */
	zip_op_init(&op, zip->compress, len + 3, room + 7);
	fill(zip_op_src(&op), len + 3, kind);
	op.op.src.offset = 3;
	op.op.src.length = len;
	op.op.dst.offset = 7;
	run_soft(zip, &op);
	if (op.op.status == RTE_COMP_OP_STATUS_SUCCESS) {
		assert_int_equal(op.op.consumed, len);
		assert_in_range(op.op.produced, 1, room);
		zlib_check(zip_op_dst(&op) + 7, op.op.produced, zip_op_src(&op) + 3, len);
	} else {
		check_terminated(&op);
		/* A stored block, or fixed codes of 9 bits at most (zip.md 5.5), fits into this. */
		if (room >= RTE_MIN(len + 16, len + (len + 7) / 8 + 3))
			fail_msg("%u bytes do not fit into %u", len, room);
	}
	zip_op_fini(&op);
}

/* Each room from none at all to the first that the hardware gets. */
static void
test_compress_into_each_room(void **state)
{
	static const uint32_t lengths[] = { 1, 2, 17, 100, 255, 1000, 20000 };
	uint32_t room, kind;
	size_t i;

	for (i = 0; i < RTE_DIM(lengths); i++)
		for (kind = 0; kind < 3; kind++)
			for (room = 0; room < HARDWARE_ROOM; room++)
				compress_into(*state, lengths[i], kind, room);
}

/* What compresses well must come out, not only what would fit stored. */
static void
test_compress_really_compresses(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op op;

	zip_op_init(&op, zip->compress, 2000, 200);
	run_soft(zip, &op);
	assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_SUCCESS);
	zlib_check(zip_op_dst(&op), op.op.produced, zip_op_src(&op), 2000);
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_TINY], 1);
	zip_op_fini(&op);
}

static void
decompress_into(struct zip_rig *zip, uint32_t len, uint32_t kind, uint32_t room)
{
	uint8_t data[512] = { 0 }, stream[1024];
	uint32_t stream_len;
	struct zip_op op;

	fill(data, len, kind);
	stream_len = zlib_deflate(data, len, stream, sizeof(stream));
	/* Bytes behind the stream are not its. */
	zip_op_init(&op, zip->decompress, stream_len + 20, room + 5);
	memcpy(zip_op_src(&op), stream, stream_len);
	op.op.dst.offset = 5;
	run_soft(zip, &op);
	if (len > room) {
		check_terminated(&op);
	} else {
		if (op.op.status != RTE_COMP_OP_STATUS_SUCCESS)
			fail_msg("%u bytes into %u: status %u", len, room, op.op.status);
		assert_int_equal(op.op.produced, len);
		assert_int_equal(op.op.consumed, stream_len);
		assert_memory_equal(zip_op_dst(&op) + 5, data, len);
	}
	zip_op_fini(&op);
}

static void
test_decompress_into_each_room(void **state)
{
	static const uint32_t lengths[] = { 0, 1, 2, 17, 100, 254, 255, 300, 512 };
	uint32_t room, kind;
	size_t i;

	for (i = 0; i < RTE_DIM(lengths); i++)
		for (kind = 0; kind < 3; kind++)
			for (room = 0; room < HARDWARE_ROOM; room++)
				decompress_into(*state, lengths[i], kind, room);
}

/* Cut short or spoilt: an error, with lengths of 0. */
static void
test_bad_streams(void **state)
{
	struct zip_rig *zip = *state;
	uint8_t data[200], stream[1024];
	uint32_t stream_len, cut;
	struct zip_op op;

	fill(data, sizeof(data), 0);
	stream_len = zlib_deflate(data, sizeof(data), stream, sizeof(stream));
	for (cut = 1; cut < stream_len; cut++) {
		zip_op_init(&op, zip->decompress, cut, 255);
		memcpy(zip_op_src(&op), stream, cut);
		run_soft(zip, &op);
		assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_ERROR);
		assert_int_equal(op.op.consumed | op.op.produced, 0);
		zip_op_fini(&op);
	}
	zip_op_init(&op, zip->decompress, 40, 255);
	/* Block type 3 does not exist. */
	memset(zip_op_src(&op), 0xff, 40);
	run_soft(zip, &op);
	assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_ERROR);
	zip_op_fini(&op);
}

/* zip.md 8.6: deflating nothing gives 03 00, inflating nothing is an error. */
static void
test_no_input(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op op;
	uint32_t room;

	for (room = 0; room < 600; room += room < 5 ? 1 : 99) {
		zip_op_init(&op, zip->compress, 10, room);
		op.op.src.length = 0;
		op.op.src.offset = room % 11;
		run_soft(zip, &op);
		if (room < 2) {
			check_terminated(&op);
		} else {
			assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_SUCCESS);
			assert_int_equal(op.op.consumed, 0);
			assert_int_equal(op.op.produced, 2);
			zlib_check(zip_op_dst(&op), 2, NULL, 0);
		}
		zip_op_fini(&op);
		zip_op_init(&op, zip->decompress, 0, room);
		run_soft(zip, &op);
		assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_ERROR);
		assert_int_equal(op.op.consumed | op.op.produced, 0);
		zip_op_fini(&op);
	}
	assert_true(zip->qp->reasons[HISI_ZIP_REASON_EMPTY] > 20);
}

/* From 256 bytes on the hardware gets it, and is told that room. */
static void
test_border_to_the_hardware(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t room, i = 0;
	struct zip_op op;

	for (room = HARDWARE_ROOM; room <= 300; room++, i++) {
		zip_op_init(&op, zip->compress, 10, room);
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 1);
		assert_int_equal(((struct hisi_zip_sqe *)fake_queue_sqe(&zip->rig->fake, 0,
			i))->dest_avail_out, room);
		assert_int_equal(zip_answer_all(zip, 0), 1);
		assert_int_equal(zip_dequeue(zip, 8), 1);
		zip_op_fini(&op);
	}
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_TINY], 0);
}

/* The window that was asked for holds in software too: a match further back is none. */
static void
test_small_window(void **state)
{
	struct zip_rig *zip = *state;
	struct rte_comp_xform xform = { .type = RTE_COMP_COMPRESS, .compress = {
		.algo = RTE_COMP_ALGO_DEFLATE, .level = 1, .window_size = 12,
		.hash_algo = RTE_COMP_HASH_ALGO_NONE } };
	z_stream stream = { .avail_in = 0 };
	uint8_t out[4600];
	struct zip_op op;
	void *private;

	assert_int_equal(rte_compressdev_private_xform_create(zip->id, &xform, &private), 0);
	zip_op_init(&op, private, sizeof(out), 255);
	/* 20 bytes of noise, more than 4096 bytes of nothing, the noise again. */
	memset(zip_op_src(&op), 0, sizeof(out));
	fill(zip_op_src(&op), 20, 2);
	memcpy(zip_op_src(&op) + 4500, zip_op_src(&op), 20);
	run_soft(zip, &op);
	assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_SUCCESS);
	/* zlib refuses distances beyond the window that it is told. */
	assert_int_equal(inflateInit2(&stream, -12), Z_OK);
	stream.next_in = zip_op_dst(&op);
	stream.avail_in = op.op.produced;
	stream.next_out = out;
	stream.avail_out = sizeof(out);
	assert_int_equal(inflate(&stream, Z_SYNC_FLUSH), Z_STREAM_END);
	assert_memory_equal(out, zip_op_src(&op), sizeof(out));
	assert_int_equal(inflateEnd(&stream), Z_OK);
	zip_op_fini(&op);
	assert_int_equal(rte_compressdev_private_xform_free(zip->id, private), 0);
}

#define ZIP_TEST(test) cmocka_unit_test_setup_teardown(test, zip_setup, zip_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ZIP_TEST(test_compress_into_each_room),
		ZIP_TEST(test_compress_really_compresses),
		ZIP_TEST(test_decompress_into_each_room),
		ZIP_TEST(test_bad_streams),
		ZIP_TEST(test_no_input),
		ZIP_TEST(test_border_to_the_hardware),
		ZIP_TEST(test_small_window),
	};
	int ret = test_eal_start("test_zip_soft");

	if (ret != 0)
		return ret;
	srand(11);
	return test_eal_stop(cmocka_run_group_tests_name("hisi_zip_soft", tests, NULL, NULL));
}
