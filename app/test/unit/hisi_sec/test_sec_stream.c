/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/* Streams: chained mbufs, AAD before the payload, and what CCM and GMAC make of their operands. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>
#include <rte_ring_elem.h>

#include "fake_queue.h"
#include "sec_rig.h"
#include "test_eal.h"

static struct sec_op op;

static const struct hisi_qm_sgl_unit *
list(const uint32_t *sqe, unsigned int dword)
{
	return (const void *)(uintptr_t)sec_address(sqe, dword);
}

static void
finish(struct sec_rig *sec, uint32_t w28)
{
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, w28), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(op.op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_int_equal(rte_ring_count(sec->qp->first.hw->sgl->free),
		sec->qp->first.hw->sgl->count);
}

/* Both segments: one list for both sides. Data in the first one only: flat. */
static void
test_chained(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	const struct hisi_qm_sgl_unit *src;
	const uint32_t *sqe;

	sec_op_init(&op, session, 64);
	sec_op_cut(&op, 40);
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	sqe = sec_sqe(sec, SEC_QN_FIRST, 0);
	assert_int_equal(sqe[0], 0x00004803);
	src = list(sqe, HISI_SEC_BD3_DW_DATA_SRC_ADDR);
	assert_ptr_equal(src, list(sqe, HISI_SEC_BD3_DW_DATA_DST_ADDR));
	assert_int_equal(src->sgl.entry_sum_in_sgl, 2);
	assert_int_equal(src->entry[0].len, 40);
	assert_ptr_equal(src->entry[1].buf, op.data + 40);
	finish(sec, SEC_W28_CIPHER);
	sec_op_init(&op, session, 64);
	sec_op_cut(&op, 40);
	op.sym.cipher.data.length = 32;
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	assert_int_equal(sec_sqe(sec, SEC_QN_FIRST, 1)[0], 0x00000003);
	finish(sec, SEC_W28_CIPHER);
}

/* The AAD are the head of both lists; right before the payload they need none (sec.md 3.5). */
static void
test_aad(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_gcm(sec, 20, false);
	const struct hisi_qm_sgl_unit *src, *dst;
	const uint32_t *sqe;

	sec_op_init(&op, session, 60);
	op.sym.m_dst = &op.dst;
	/* Memory of EAL's has the same address for both. */
	op.sym.aead.aad.phys_addr = 0;
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	sqe = sec_sqe(sec, SEC_QN_FIRST, 0);
	assert_int_equal(sqe[0], 0x00004a03);
	assert_int_equal(sqe[16], 0x00140000);
	assert_int_equal(sqe[17], 20);
	assert_int_equal(sqe[18], 60);
	src = list(sqe, HISI_SEC_BD3_DW_DATA_SRC_ADDR);
	dst = list(sqe, HISI_SEC_BD3_DW_DATA_DST_ADDR);
	assert_ptr_equal(src->entry[0].buf, op.aad);
	assert_ptr_equal(src->entry[1].buf, op.data);
	assert_ptr_equal(dst->entry[0].buf, op.aad);
	assert_ptr_equal(dst->entry[1].buf, op.out);
	assert_int_equal(dst->entry[1].len, 60);
	assert_ptr_equal(sec_address(sqe, HISI_SEC_BD3_DW_MAC_ADDR), op.digest);
	finish(sec, SEC_W28_AEAD);
	sec_op_init(&op, session, 80);
	op.sym.aead.data.offset = 20;
	op.sym.aead.data.length = 60;
	op.sym.aead.aad.data = op.data;
	op.sym.aead.aad.phys_addr = (uintptr_t)op.data;
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	sqe = sec_sqe(sec, SEC_QN_FIRST, 1);
	/* sec.md 2.11: flat in place */
	assert_int_equal(sqe[0], 0x00000003);
	assert_int_equal(sqe[16], 0x00140000);
	assert_ptr_equal(sec_address(sqe, HISI_SEC_BD3_DW_DATA_SRC_ADDR), op.data);
	finish(sec, SEC_W28_AEAD);
}

/* No data at all: an address that is not 0, and no list. */
static void
test_empty(void **state)
{
	struct sec_rig *sec = *state;
	const uint32_t *sqe;

	sec_op_init(&op, sec_session_gcm(sec, 0, false), 16);
	op.sym.aead.data.length = 0;
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	sqe = sec_sqe(sec, SEC_QN_FIRST, 0);
	assert_int_equal(sqe[0], 0x00000003);
	assert_int_not_equal(sec_address(sqe, HISI_SEC_BD3_DW_DATA_SRC_ADDR), 0);
	finish(sec, SEC_W28_AEAD);
	sec_op_init(&op, sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA1, 0, 20, false), 16);
	op.sym.auth.data.length = 0;
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	sqe = sec_sqe(sec, SEC_QN_FIRST, 1);
	assert_int_not_equal(sec_address(sqe, HISI_SEC_BD3_DW_DATA_SRC_ADDR), 0);
	assert_int_equal(sqe[17], 0);
	finish(sec, SEC_W28_HASH);
}

/* A nonce of 12 bytes: the counter begins with 1. */
static void
test_ctr_nonce(void **state)
{
	struct sec_rig *sec = *state;
	const uint8_t *iv;

	sec_op_init(&op, sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CTR, 16, 12, false), 33);
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	iv = (const uint8_t *)(uintptr_t)sec_address(sec_sqe(sec, SEC_QN_FIRST, 0),
		HISI_SEC_BD3_DW_C_IVIN_ADDR);
	assert_memory_equal(iv, op.iv, 12);
	assert_memory_equal(iv + 12, "\0\0\0\1", 4);
	finish(sec, SEC_W28_CIPHER);
}

/* A chain in one descriptor where the regions end together, else in two. */
static void
test_chain(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA256_HMAC, 32, false);
	const uint32_t *sqe;

	sec_op_init(&op, session, 64);
	op.sym.cipher.data.offset = 16;
	op.sym.cipher.data.length = 48;
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	sqe = sec_sqe(sec, SEC_QN_FIRST, 0);
	assert_int_equal(sqe[1], 0x00210001);
	assert_int_equal(sqe[14], 0x04089081);
	assert_int_equal(sqe[16], 0x00100000);
	assert_int_equal(sqe[17], 64);
	assert_int_equal(sqe[18], 48);
	finish(sec, SEC_W28_AEAD);
	sec_op_init(&op, session, 64);
	op.sym.cipher.data.length = 48;
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	assert_int_equal(sec->qp->reasons[HISI_SEC_REASON_TWO_STEPS], 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_int_equal(sec_answer_all(sec, SEC_QN_SECOND, SEC_W28_HASH), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(op.op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
}

/* Lists for one descriptor of two: none is taken, so that enqueue has none to give back. */
static void
test_few_lists(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA224_HMAC, 28, false);
	struct hisi_qm_sgl_pool *pool = sec->qp->first.hw->sgl;
	uint32_t numbers[2048], count = pool->count - 1, tail = pool->free->prod.tail;

	assert_true(count < RTE_DIM(numbers));
	assert_int_equal(rte_ring_sc_dequeue_bulk_elem(pool->free, numbers, sizeof(numbers[0]),
		count, NULL), count);
	sec_op_init(&op, session, 64);
	sec_op_cut(&op, 40);
	assert_int_equal(sec_enqueue(sec, &op, 1), 0);
	assert_int_equal(pool->free->prod.tail, tail);
	assert_int_equal(rte_ring_count(pool->free), 1);
	assert_int_equal(rte_ring_sp_enqueue_bulk_elem(pool->free, numbers, sizeof(numbers[0]),
		count, NULL), count);
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_int_equal(sec_answer_all(sec, SEC_QN_SECOND, SEC_W28_HASH), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(op.op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_int_equal(rte_ring_count(pool->free), pool->count);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_chained, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_aad, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_empty, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_ctr_nonce, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_chain, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_few_lists, sec_setup, sec_teardown),
	};
	int ret = test_eal_start("hisi_sec_stream");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests(tests, NULL, NULL));
}
