/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * V2 (Kunpeng 920): descriptors of type 0, raw deflate as zlib without its trailer, raw streams
 * inflated by software (zip.md 0.1, 3.3, 8.2).
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "test_eal.h"
#include "zip_rig.h"

#define SRC_LEN 100
#define DST_LEN 300

static int
setup(void **state)
{
	struct zip_rig *zip = zip_rig_create_version(HISI_QM_V2);

	zip_rig_run(zip, 32);
	test_log_forget();
	*state = zip;
	return 0;
}

static int
create(void **state)
{
	*state = zip_rig_create_version(HISI_QM_V2);
	test_log_forget();
	return 0;
}

/* One window: what type 0 compresses with is unknown, 32K at most. */
static void
test_info(void **state)
{
	struct zip_rig *zip = *state;
	struct rte_compressdev_info info;

	rte_compressdev_info_get(zip->id, &info);
	assert_int_equal(info.capabilities->algo, RTE_COMP_ALGO_DEFLATE);
	assert_int_equal(info.capabilities->window_size.min, 15);
	assert_int_equal(info.capabilities->window_size.max, 15);
	assert_int_equal(info.capabilities->comp_feature_flags, RTE_COMP_FF_SHAREABLE_PRIV_XFORM |
		RTE_COMP_FF_OOP_SGL_IN_SGL_OUT | RTE_COMP_FF_OOP_SGL_IN_LB_OUT |
		RTE_COMP_FF_OOP_LB_IN_SGL_OUT |
		RTE_COMP_FF_HUFFMAN_FIXED | RTE_COMP_FF_HUFFMAN_DYNAMIC);
}

/* zip.md 1.6: of DEV_ALG it is the zlib compression that is needed, and nothing of inflating. */
static void
test_algorithms_of_the_chip(void **state)
{
	struct zip_rig *zip = *state;
	struct hisi_zip_dev *private = zip->dev->data->dev_private;
	uint32_t *algorithms = &zip->rig->dev->engine_caps[HISI_ZIP_CAP_DEV_ALG];

	assert_int_equal(*algorithms, 0xf);
	*algorithms = HISI_ZIP_ALG_ZLIB_COMP;
	assert_int_equal(hisi_zip_capabilities_init(private), 0);
	*algorithms = 0xf & ~HISI_ZIP_ALG_ZLIB_COMP;
	assert_int_equal(hisi_zip_capabilities_init(private), -ENOTSUP);
	assert_int_equal(test_log_count("capability word dev_alg"), 1);
}

static int
try_compress(struct zip_rig *zip, uint8_t window)
{
	struct rte_comp_xform xform = { .type = RTE_COMP_COMPRESS, .compress = {
		.algo = RTE_COMP_ALGO_DEFLATE, .level = RTE_COMP_LEVEL_PMD_DEFAULT,
		.window_size = window, .hash_algo = RTE_COMP_HASH_ALGO_NONE } };
	void *private_xform = NULL;
	int ret = rte_compressdev_private_xform_create(zip->id, &xform, &private_xform);

	if (ret == 0)
		(void)rte_compressdev_private_xform_free(zip->id, private_xform);
	return ret;
}

static int
try_decompress(struct zip_rig *zip, uint8_t window)
{
	struct rte_comp_xform xform = { .type = RTE_COMP_DECOMPRESS, .decompress = {
		.algo = RTE_COMP_ALGO_DEFLATE, .window_size = window,
		.hash_algo = RTE_COMP_HASH_ALGO_NONE } };
	void *private_xform = NULL;
	int ret = rte_compressdev_private_xform_create(zip->id, &xform, &private_xform);

	if (ret == 0)
		(void)rte_compressdev_private_xform_free(zip->id, private_xform);
	return ret;
}

static void
test_windows(void **state)
{
	struct zip_rig *zip = *state;
	uint8_t window;

	for (window = 8; window < 15; window++)
		assert_int_equal(try_compress(zip, window), -ENOTSUP);
	assert_int_equal(try_compress(zip, 15), 0);
	assert_int_equal(try_compress(zip, 16), -ENOTSUP);
	assert_int_equal(test_log_count("use 15"), 8);
	for (window = 8; window <= 15; window++)
		assert_int_equal(try_decompress(zip, window), 0);
}

/* fallback=0: no xform for what only software could do; compression is untouched by it. */
static void
test_no_fallback(void **state)
{
	struct zip_rig *zip = *state;

	zip->rig->dev->args.fallback = 0;
	assert_int_equal(try_decompress(zip, 15), -ENOTSUP);
	assert_int_equal(test_log_count("fallback=0 forbids software"), 1);
	assert_int_equal(try_compress(zip, 15), 0);
	zip->rig->dev->args.fallback = 1;
	assert_int_equal(try_decompress(zip, 15), 0);
}

/* zip.md 3.2: type 0 in dw7 bits 31:28, zlib request and no window in dw9. */
static void
test_descriptor(void **state)
{
	struct zip_rig *zip = *state;
	uint32_t expected[32], i;
	struct zip_op op;

	for (i = 0; i < 3 * 64; i++) {
		uint64_t src, dst;

		zip_op_init(&op, zip->compress, SRC_LEN, DST_LEN);
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 1);
		memset(expected, 0, sizeof(expected));
		src = (uintptr_t)zip_op_src(&op);
		dst = (uintptr_t)zip_op_dst(&op);
		expected[3] = 0xff;
		expected[4] = SRC_LEN;
		expected[7] = 0x0a000000;
		expected[9] = 0x0002;
		expected[14] = DST_LEN;
		expected[18] = (uint32_t)src;
		expected[19] = (uint32_t)(src >> 32);
		expected[20] = (uint32_t)dst;
		expected[21] = (uint32_t)(dst >> 32);
		assert_memory_equal(fake_queue_sqe(&zip->rig->fake, 0, i), expected, 128);
		zip_answer(zip, 0, i, SRC_LEN, 50, 0);
		assert_int_equal(zip_dequeue(zip, 8), 1);
		zip_op_fini(&op);
	}
	zip_op_init(&op, zip->compress, SRC_LEN, DST_LEN);
	zip_op_cut_src(&op, 3, 10);
	assert_int_equal(zip_enqueue(zip, &op, 1), 1);
	assert_int_equal(((struct hisi_zip_sqe *)fake_queue_sqe(&zip->rig->fake, 0, i))->dw7,
		0x0a000000);
	assert_int_equal(((struct hisi_zip_sqe *)fake_queue_sqe(&zip->rig->fake, 0, i))->dw9,
		0x0102);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 1);
	zip_answer(zip, 0, i, SRC_LEN, 54, 0);
	assert_int_equal(zip_dequeue(zip, 8), 1);
	assert_int_equal(op.op.produced, 50);
	zip_op_fini(&op);
}

struct result {
	uint32_t produced;	/* by the device, with its trailer of 4 bytes */
	uint32_t dw3;
	uint8_t status;
};

/* zip.md 3.6: Adler-32 behind the stream is the engine's, not the operation's. */
static void
test_trailer(void **state)
{
	static const struct result results[] = {
		{ 6, 0, RTE_COMP_OP_STATUS_SUCCESS },
		{ 50, 0, RTE_COMP_OP_STATUS_SUCCESS },
		{ DST_LEN, 0, RTE_COMP_OP_STATUS_SUCCESS },
		{ SRC_LEN + 20, 0x0d, RTE_COMP_OP_STATUS_SUCCESS },
		/* Less than a trailer: a lie. */
		{ 3, 0, RTE_COMP_OP_STATUS_ERROR },
		{ 0, 0, RTE_COMP_OP_STATUS_ERROR },
		{ 3, 0x0d, RTE_COMP_OP_STATUS_ERROR },
		{ DST_LEN + 1, 0, RTE_COMP_OP_STATUS_ERROR },
		{ UINT32_MAX, 0, RTE_COMP_OP_STATUS_ERROR },
		{ 3, 0x0e, RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED },
		{ 50, 0x10, RTE_COMP_OP_STATUS_ERROR },
	};
	struct zip_rig *zip = *state;
	uint64_t bytes_out = 0;
	struct zip_op op;
	size_t i;

	for (i = 0; i < 2 * RTE_DIM(results); i++) {
		const struct result *result = &results[i / 2];
		bool good = result->status == RTE_COMP_OP_STATUS_SUCCESS;

		zip_op_init(&op, zip->compress, SRC_LEN, DST_LEN);
		if (i % 2 == 1)
			zip_op_cut_dst(&op, 4, 20);
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 1);
		zip_answer(zip, 0, zip->rig->fake.queues[0].posted, SRC_LEN, result->produced,
			result->dw3);
		assert_int_equal(zip_dequeue(zip, 8), 1);
		if (op.op.status != result->status)
			fail_msg("result %zu has status %u", i / 2, op.op.status);
		assert_int_equal(op.op.consumed, good ? SRC_LEN : 0);
		assert_int_equal(op.op.produced, good ? result->produced - 4 : 0);
		bytes_out += good ? result->produced - 4 : 0;
		zip_op_fini(&op);
	}
	assert_int_equal(zip->qp->bytes.out, bytes_out);
}

static uint32_t
deflate_raw(const void *in, uint32_t len, void *out, uint32_t room)
{
	z_stream stream = { .next_in = (void *)(uintptr_t)in, .avail_in = len, .next_out = out,
		.avail_out = room };

	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return (uint32_t)stream.total_out;
}

/* A raw stream, flat and in pieces: inflated in dequeue, counted, and said in debug_status. */
static void
test_inflate_in_software(void **state)
{
	struct zip_rig *zip = *state;
	uint8_t plain[5000], packed[6000];
	struct zip_op op;
	uint32_t len, i;

	for (i = 0; i < sizeof(plain); i++)
		plain[i] = (uint8_t)(i * i >> 7);
	len = deflate_raw(plain, sizeof(plain), packed, sizeof(packed));
	for (i = 0; i < 4; i++) {
		zip_op_init(&op, zip->decompress, len, sizeof(plain));
		memcpy(zip_op_src(&op), packed, len);
		if (i & 1)
			zip_op_cut_src(&op, 17, 3);
		if (i & 2)
			zip_op_cut_dst(&op, 200, 1);
		op.op.flush_flag = RTE_COMP_FLUSH_NONE;
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 0);
		assert_int_equal(fake_queue_look(&zip->rig->fake, 1), 0);
		assert_int_equal(zip_dequeue(zip, 8), 1);
		assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_SUCCESS);
		assert_int_equal(op.op.consumed, len);
		assert_int_equal(op.op.produced, sizeof(plain));
		assert_memory_equal(zip_op_dst(&op), plain, sizeof(plain));
		assert_int_equal(op.op.debug_status, (uint64_t)(HISI_ZIP_REASON_INFLATE + 1) << 32);
		zip_op_fini(&op);
	}
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_INFLATE], 4);
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_CHAINED], 0);
	assert_int_equal(zip->qp->hw[1]->enqueue_stats.doorbells, 0);
	assert_int_equal(zip->qp->errors, 0);
}

/* Both kinds in one burst: the ring's and the software's. */
static void
test_mixed_burst(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op ops[20];
	uint8_t plain[200], packed[300];
	uint32_t len, i;

	memset(plain, 'x', sizeof(plain));
	len = deflate_raw(plain, sizeof(plain), packed, sizeof(packed));
	for (i = 0; i < 20; i++) {
		if (i % 3 == 0) {
			zip_op_init(&ops[i], zip->decompress, len, 256);
			memcpy(zip_op_src(&ops[i]), packed, len);
		} else {
			zip_op_init(&ops[i], zip->compress, SRC_LEN, DST_LEN);
		}
	}
	assert_int_equal(zip_enqueue(zip, ops, 20), 20);
	assert_int_equal(fake_queue_look(&zip->rig->fake, 0), 13);
	for (i = 0; i < 13; i++)
		zip_answer(zip, 0, i, SRC_LEN, 40, 0);
	assert_int_equal(zip_dequeue(zip, 64), 20);
	assert_int_equal(zip->qp->hw[0]->enqueue_stats.doorbells, 1);
	for (i = 0; i < 20; i++) {
		assert_int_equal(ops[i].op.status, RTE_COMP_OP_STATUS_SUCCESS);
		assert_int_equal(ops[i].op.produced, i % 3 == 0 ? 200 : 36);
		zip_op_fini(&ops[i]);
	}
}

/* No burst call does all that software has to, if that is much; the next ones go on in order. */
static void
test_software_takes_turns(void **state)
{
	struct zip_rig *zip = *state;
	static uint8_t plain[50000], packed[60000];
	uint32_t len, i, taken = 0, calls = 0;
	struct zip_op ops[16];

	for (i = 0; i < sizeof(plain); i++)
		plain[i] = (uint8_t)(i * i >> 11);
	len = deflate_raw(plain, sizeof(plain), packed, sizeof(packed));
	for (i = 0; i < 16; i++) {
		zip_op_init(&ops[i], zip->decompress, len, sizeof(plain));
		memcpy(zip_op_src(&ops[i]), packed, len);
	}
	assert_int_equal(zip_enqueue(zip, ops, 16), 16);
	while (taken < 16 && calls++ < 16) {
		taken += zip_dequeue(zip, 16);
		for (i = 0; i < 16; i++)
			assert_int_equal(ops[i].returned, i < taken);
	}
	assert_int_equal(taken, 16);
	assert_in_range(calls, 4, 15);
	for (i = 0; i < 16; i++) {
		assert_int_equal(ops[i].op.produced, sizeof(plain));
		assert_memory_equal(zip_op_dst(&ops[i]), plain, sizeof(plain));
		zip_op_fini(&ops[i]);
	}
}

/* What cannot be done at all is INVALID here too, never a fallback. */
static void
test_invalid(void **state)
{
	struct zip_rig *zip = *state;
	struct zip_op op;

	zip_op_init(&op, zip->decompress, SRC_LEN, DST_LEN);
	op.op.src.length = SRC_LEN + 1;
	assert_int_equal(zip_enqueue(zip, &op, 1), 1);
	assert_int_equal(zip_dequeue(zip, 8), 1);
	assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_INVALID_ARGS);
	assert_int_equal(op.op.debug_status, (uint64_t)(HISI_ZIP_REASON_INVALID + 1) << 32);
	assert_int_equal(zip->qp->statuses[RTE_COMP_OP_STATUS_INVALID_ARGS], 1);
	/* A stream that is none. */
	zip_op_fini(&op);
	zip_op_init(&op, zip->decompress, SRC_LEN, DST_LEN);
	memset(zip_op_src(&op), 0xff, SRC_LEN);
	assert_int_equal(zip_enqueue(zip, &op, 1), 1);
	assert_int_equal(zip_dequeue(zip, 8), 1);
	assert_int_equal(op.op.status, RTE_COMP_OP_STATUS_ERROR);
	assert_int_equal(zip->qp->statuses[RTE_COMP_OP_STATUS_ERROR], 1);
	assert_int_equal(zip->qp->reasons[HISI_ZIP_REASON_INFLATE], 1);
	zip_op_fini(&op);
}

#define V2_CREATED(test) cmocka_unit_test_setup_teardown(test, create, zip_teardown)
#define V2_TEST(test) cmocka_unit_test_setup_teardown(test, setup, zip_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		V2_CREATED(test_info),
		V2_CREATED(test_algorithms_of_the_chip),
		V2_CREATED(test_windows),
		V2_CREATED(test_no_fallback),
		V2_TEST(test_descriptor),
		V2_TEST(test_trailer),
		V2_TEST(test_inflate_in_software),
		V2_TEST(test_mixed_burst),
		V2_TEST(test_software_takes_turns),
		V2_TEST(test_invalid),
	};
	int ret = test_eal_start("test_zip_v2");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_zip_v2", tests, NULL, NULL));
}
