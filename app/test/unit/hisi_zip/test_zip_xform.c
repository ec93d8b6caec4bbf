/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Private xforms and the descriptor that the device is handed (zip.md 3.1, 3.2, 8.3).
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "test_eal.h"
#include "zip_rig.h"

static struct rte_comp_xform
compress_xform(void)
{
	return (struct rte_comp_xform){ .type = RTE_COMP_COMPRESS, .compress = {
		.algo = RTE_COMP_ALGO_DEFLATE, .level = RTE_COMP_LEVEL_PMD_DEFAULT,
		.window_size = 15, .hash_algo = RTE_COMP_HASH_ALGO_NONE } };
}

static struct rte_comp_xform
decompress_xform(void)
{
	return (struct rte_comp_xform){ .type = RTE_COMP_DECOMPRESS, .decompress = {
		.algo = RTE_COMP_ALGO_DEFLATE, .window_size = 15,
		.hash_algo = RTE_COMP_HASH_ALGO_NONE } };
}

/* All 32 dwords of the SQE of a plain operation. */
static void
check_sqe(struct zip_rig *zip, uint16_t qn, struct zip_op *op, uint32_t dw9)
{
	uint64_t src = op->src.buf_iova + op->src.data_off + op->op.src.offset;
	uint64_t dst = op->dst.buf_iova + op->dst.data_off + op->op.dst.offset;
	uint32_t count = zip->rig->fake.queues[qn].posted, expected[32] = { 0 };

	/* A status that does not exist: a CQE without a result must not look like a success. */
	expected[3] = 0xff;
	expected[4] = op->op.src.length;
	expected[7] = 0x3a000000;
	expected[9] = dw9;
	expected[14] = op->dst.data_len - op->op.dst.offset;
	expected[18] = (uint32_t)src;
	expected[19] = (uint32_t)(src >> 32);
	expected[20] = (uint32_t)dst;
	expected[21] = (uint32_t)(dst >> 32);
	assert_memory_equal(fake_queue_sqe(&zip->rig->fake, qn, count), expected, 128);
}

/* Each result word that the device writes back is what the slot's last user left there. */
static void
scribble(struct zip_rig *zip, uint16_t qn)
{
	uint32_t *sqe = fake_queue_sqe(&zip->rig->fake, qn, zip->rig->fake.queues[qn].posted);
	static const uint8_t written_back[] = { 0, 1, 2, 3, 15, 28, 29, 30, 31 };
	size_t i;

	for (i = 0; i < sizeof(written_back); i++)
		sqe[written_back[i]] = 0xdeadbeef;
	sqe[3] = 0;
	sqe[0] = 0;
	sqe[1] = 0;
	fake_queue_complete(&zip->rig->fake, qn, zip->rig->fake.queues[qn].posted);
}

/* Three laps with xforms in turn: no word of an earlier operation stays in a slot. */
static void
test_descriptors(void **state)
{
	/* zip.md 8.3: window log2 12, 13, 14, 15 are 0, 1, 2, 4 */
	static const uint32_t dw9[] = { 0x0001, 0x1001, 0x2001, 0x4001 };
	struct zip_rig *zip = *state;
	struct rte_comp_xform xform = compress_xform();
	struct zip_op op;
	void *privates[4];
	uint32_t i;

	for (i = 0; i < 4; i++) {
		xform.compress.window_size = (uint8_t)(12 + i);
		assert_int_equal(rte_compressdev_private_xform_create(zip->id, &xform,
			&privates[i]), 0);
	}
	for (i = 0; i < 3 * 64; i++) {
		zip_op_init(&op, privates[i % 4], 100 + i, 300 + i);
		op.op.src.offset = i % 7;
		op.op.src.length -= i % 7;
		op.op.dst.offset = i % 5;
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		assert_int_equal(fake_queue_look(&zip->rig->fake, ZIP_QN_COMPRESS), 1);
		check_sqe(zip, ZIP_QN_COMPRESS, &op, dw9[i % 4]);
		scribble(zip, ZIP_QN_COMPRESS);
		assert_int_equal(zip_dequeue(zip, 1), 1);
		zip_op_fini(&op);
	}
	for (i = 0; i < 4; i++)
		assert_int_equal(rte_compressdev_private_xform_free(zip->id, privates[i]), 0);
}

/* Decompression: the device does not look at the window field (zip.md 3.2). */
static void
test_decompress_descriptor(void **state)
{
	struct zip_rig *zip = *state;
	struct rte_comp_xform xform = decompress_xform();
	struct zip_op op;
	void *private;
	uint8_t window;

	for (window = 8; window <= 15; window++) {
		xform.decompress.window_size = window;
		assert_int_equal(rte_compressdev_private_xform_create(zip->id, &xform, &private),
			0);
		zip_op_init(&op, private, 100, 4000);
		assert_int_equal(zip_enqueue(zip, &op, 1), 1);
		assert_int_equal(fake_queue_look(&zip->rig->fake, ZIP_QN_COMPRESS), 0);
		assert_int_equal(fake_queue_look(&zip->rig->fake, ZIP_QN_DECOMPRESS), 1);
		check_sqe(zip, ZIP_QN_DECOMPRESS, &op, 0x0001);
		scribble(zip, ZIP_QN_DECOMPRESS);
		assert_int_equal(zip_dequeue(zip, 1), 1);
		zip_op_fini(&op);
		assert_int_equal(rte_compressdev_private_xform_free(zip->id, private), 0);
	}
}

static void
check_refused(struct zip_rig *zip, const struct rte_comp_xform *xform, const char *what)
{
	void *private = NULL;

	test_log_forget();
	assert_int_equal(hisi_zip_xform_create(zip->dev, xform, &private), -ENOTSUP);
	assert_null(private);
	if (test_log_count(what) != 1)
		fail_msg("not refused with '%s'", what);
	assert_int_equal(test_log_count("zip0: xform with "), 1);
}

static void
check_accepted(struct zip_rig *zip, const struct rte_comp_xform *xform)
{
	void *private = NULL;

	assert_int_equal(hisi_zip_xform_create(zip->dev, xform, &private), 0);
	assert_non_null(private);
	assert_int_equal(hisi_zip_xform_free(zip->dev, private), 0);
}

static void
test_compress_refusals(void **state)
{
	struct zip_rig *zip = *state;
	struct rte_comp_xform xform = compress_xform();
	int algo;

	for (algo = RTE_COMP_ALGO_UNSPECIFIED; algo <= RTE_COMP_ALGO_LZS + 2; algo++) {
		xform.compress.algo = algo;
		if (algo != RTE_COMP_ALGO_DEFLATE)
			check_refused(zip, &xform, "algorithm");
	}
	xform = compress_xform();
	xform.compress.hash_algo = RTE_COMP_HASH_ALGO_SHA2_256;
	check_refused(zip, &xform, "hash");
	xform = compress_xform();
	xform.compress.chksum = RTE_COMP_CHECKSUM_CRC32;
	check_refused(zip, &xform, "checksum");
	xform.compress.chksum = RTE_COMP_CHECKSUM_CRC32_ADLER32;
	check_refused(zip, &xform, "checksum");
	xform = compress_xform();
	xform.compress.window_size = 0;
	check_refused(zip, &xform, "window (log2) 0 ");
	xform.compress.window_size = 11;
	check_refused(zip, &xform, "window (log2) 11 ");
	xform.compress.window_size = 16;
	check_refused(zip, &xform, "window (log2) 16 ");
	xform.compress.window_size = 255;
	check_refused(zip, &xform, "window (log2) 255 ");
}

static void
test_levels_and_codes(void **state)
{
	struct zip_rig *zip = *state;
	struct rte_comp_xform xform = compress_xform();
	int level, huffman;

	for (level = -3; level <= 12; level++) {
		xform.compress.level = level;
		if (level == -1 || (level >= 1 && level <= 9))
			check_accepted(zip, &xform);
		else
			check_refused(zip, &xform, "level");
	}
	xform = compress_xform();
	for (huffman = RTE_COMP_HUFFMAN_DEFAULT; huffman <= RTE_COMP_HUFFMAN_DYNAMIC; huffman++) {
		xform.compress.deflate.huffman = huffman;
		check_accepted(zip, &xform);
	}
	xform.compress.deflate.huffman = RTE_COMP_HUFFMAN_DYNAMIC + 1;
	check_refused(zip, &xform, "Huffman type");
}

static void
test_decompress_refusals(void **state)
{
	struct zip_rig *zip = *state;
	struct rte_comp_xform xform = decompress_xform();

	xform.decompress.algo = RTE_COMP_ALGO_NULL;
	check_refused(zip, &xform, "algorithm");
	xform = decompress_xform();
	xform.decompress.hash_algo = RTE_COMP_HASH_ALGO_SHA1;
	check_refused(zip, &xform, "hash");
	xform = decompress_xform();
	xform.decompress.chksum = RTE_COMP_CHECKSUM_ADLER32;
	check_refused(zip, &xform, "checksum");
	xform = decompress_xform();
	xform.decompress.window_size = 7;
	check_refused(zip, &xform, "window (log2) 7 ");
	xform.decompress.window_size = 16;
	check_refused(zip, &xform, "window (log2) 16 ");
	xform.type = RTE_COMP_DECOMPRESS + 1;
	check_refused(zip, &xform, "type");
}

static void
test_nothing(void **state)
{
	struct zip_rig *zip = *state;
	struct rte_comp_xform xform = compress_xform();
	void *private;

	assert_int_equal(hisi_zip_xform_create(zip->dev, NULL, &private), -EINVAL);
	assert_int_equal(hisi_zip_xform_create(zip->dev, &xform, NULL), -EINVAL);
	assert_int_equal(hisi_zip_xform_free(zip->dev, NULL), -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_descriptors, zip_setup, zip_teardown),
		cmocka_unit_test_setup_teardown(test_decompress_descriptor, zip_setup,
			zip_teardown),
		cmocka_unit_test_setup_teardown(test_compress_refusals, zip_setup, zip_teardown),
		cmocka_unit_test_setup_teardown(test_levels_and_codes, zip_setup, zip_teardown),
		cmocka_unit_test_setup_teardown(test_decompress_refusals, zip_setup, zip_teardown),
		cmocka_unit_test_setup_teardown(test_nothing, zip_setup, zip_teardown),
	};
	int ret = test_eal_start("test_zip_xform");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_zip_xform", tests, NULL, NULL));
}
