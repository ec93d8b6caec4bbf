/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A process was killed in dequeue, with operations of two descriptors: whoever dequeues next gives
 * each of them back once.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <rte_ring.h>

#include "sec_rig.h"
#include "test_eal.h"

static struct sec_op ops[2];

/* As a process leaves it that is killed in dequeue: two are filled, and not handed over. */
static void
kill_before_second_steps(struct sec_rig *sec)
{
	struct hisi_qm_qp *hw = sec->qp->second.hw;
	void *session = sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA224_HMAC, 28, false);

	sec_op_init(&ops[0], session, 64);
	sec_op_init(&ops[1], session, 64);
	sec_op_cut(&ops[0], 16);
	assert_int_equal(sec_enqueue(sec, ops, 2), 2);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 2);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	hw->tail -= 2;
	hw->enqueue_stats.doorbells--;
	hisi_qm_store_relaxed(hw->sq_db, 0);
	sec->qp->second_filled = 2;
	hw->enqueue_busy = UINT32_MAX;
}

static void
test_killed_between_steps(void **state)
{
	struct sec_rig *sec = *state;

	kill_before_second_steps(sec);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_int_equal(sec->qp->second.hw->enqueue_busy, 0);
	assert_int_equal(sec_answer_all(sec, SEC_QN_SECOND, SEC_W28_HASH), 2);
	assert_int_equal(sec_dequeue(sec, 8), 2);
	assert_int_equal(ops[1].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
}

/* Before it could say that it has taken the completions: the next one takes them again. */
static void
test_killed_while_taking(void **state)
{
	struct sec_rig *sec = *state;
	struct hisi_qm_qp *first = sec->qp->first.hw;
	uint32_t lists = rte_ring_count(first->sgl->free);

	kill_before_second_steps(sec);
	first->head -= 2;
	first->retired -= 2;
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_int_equal(sec_pending(sec, SEC_QN_SECOND), 2);
	assert_int_equal(sec_answer_all(sec, SEC_QN_SECOND, SEC_W28_HASH), 2);
	assert_int_equal(sec_dequeue(sec, 8), 2);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_int_equal(ops[1].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_int_equal(rte_ring_count(first->sgl->free), lists);
}

/* The same, and a reset: the second queue restarts, and they go on there. */
static void
test_killed_while_taking_and_reset(void **state)
{
	struct sec_rig *sec = *state;
	struct hisi_qm_qp *first = sec->qp->first.hw;
	uint32_t lists = rte_ring_count(first->sgl->free);

	kill_before_second_steps(sec);
	first->head -= 2;
	first->retired -= 2;
	sec_reset_function(sec);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	rig_service(sec->rig);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_int_equal(sec_answer_all(sec, SEC_QN_SECOND, SEC_W28_HASH), 2);
	assert_int_equal(sec_dequeue(sec, 8), 2);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_int_equal(ops[1].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_int_equal(rte_ring_count(first->sgl->free), lists);
}

/* Once round the rings: no slot is empty any more. */
static void
fill_a_lap(struct sec_rig *sec)
{
	void *session = sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA224_HMAC, 28, false);
	uint32_t i;

	for (i = 0; i <= sec->qp->second.hw->mask; i++) {
		sec_op_init(&ops[0], session, 64);
		assert_int_equal(sec_enqueue(sec, ops, 1), 1);
		assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
		assert_int_equal(sec_dequeue(sec, 8), 0);
		assert_int_equal(sec_answer_all(sec, SEC_QN_SECOND, SEC_W28_HASH), 1);
		assert_int_equal(sec_dequeue(sec, 8), 1);
	}
}

/* Behind the doorbell, before it could say that there are none any more. */
static void
test_killed_behind_second_steps(void **state)
{
	struct sec_rig *sec = *state;
	struct hisi_qm_qp *hw = sec->qp->second.hw;
	uint32_t tail;

	fill_a_lap(sec);
	kill_before_second_steps(sec);
	tail = hw->tail + 2;
	hisi_qm_qp_submit(hw, tail);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_int_equal(sec->qp->second_filled, 0);
	assert_int_equal(hw->tail, tail);
	assert_int_equal(sec_answer_all(sec, SEC_QN_SECOND, SEC_W28_HASH), 2);
	assert_int_equal(sec_dequeue(sec, 8), 2);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
}

/* Where the queue is closed nothing is handed over: errors, one by one if there is room for one. */
static void
test_killed_between_steps_and_reset(void **state)
{
	struct sec_rig *sec = *state;
	struct hisi_sec_qp *qp = sec->qp;
	uint32_t lists = rte_ring_count(qp->first.hw->sgl->free);

	kill_before_second_steps(sec);
	sec_reset_function(sec);
	assert_int_equal(sec_dequeue(sec, 1), 1);
	assert_int_equal(qp->second_filled, 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(qp->second_filled, 0);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_ERROR);
	assert_int_equal(ops[1].op.status, RTE_CRYPTO_OP_STATUS_ERROR);
	assert_int_equal(rte_ring_count(qp->first.hw->sgl->free), lists);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	rig_service(sec->rig);
	assert_int_equal(qp->second.hw->state, HISI_QM_QP_RUNNING);
	assert_int_equal(sec_pending(sec, SEC_QN_SECOND), 0);
}

/* The session of its own went back to the pool before that could be said. */
static void
test_killed_with_sessionless(void **state)
{
	static uint8_t key[16];
	struct rte_crypto_sym_xform xform = { .type = RTE_CRYPTO_SYM_XFORM_CIPHER, .cipher = {
		.algo = RTE_CRYPTO_CIPHER_AES_CBC, .key = { key, sizeof(key) },
		.iv = { SEC_IV_OFFSET, 16 } } };
	struct sec_rig *sec = *state;
	unsigned int available = rte_mempool_avail_count(sec->sessions);

	sec_op_init(&ops[0], NULL, 64);
	ops[0].op.sess_type = RTE_CRYPTO_OP_SESSIONLESS;
	ops[0].sym.xform = &xform;
	ops[0].sym.cipher.data.length = 64;
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	sec->qp->first.hw->head--;
	sec->qp->first.hw->retired--;
	ops[0].returned = 0;
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_int_equal(rte_mempool_avail_count(sec->sessions), available);
}

/* While it parked an operation: nothing is where that was to be. */
static void
test_killed_while_parking(void **state)
{
	struct sec_rig *sec = *state;

	sec_op_init(&ops[0], NULL, 64);
	sec->qp->parked->prod.head++;
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_INVALID_SESSION);
	assert_int_equal(sec_dequeue(sec, 8), 0);
}

/* While it took one that was parked: it is still there. */
static void
test_killed_while_unparking(void **state)
{
	struct sec_rig *sec = *state;

	sec_op_init(&ops[0], NULL, 64);
	sec_op_init(&ops[1], NULL, 64);
	assert_int_equal(sec_enqueue(sec, ops, 2), 2);
	sec->qp->parked->cons.head++;
	assert_int_equal(sec_dequeue(sec, 8), 2);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_INVALID_SESSION);
	assert_int_equal(sec_dequeue(sec, 8), 0);
}

/*
 * Between the two indices of what it had taken: those operations, whose buffers are whole, return
 * once, when the queue has been stopped for making no progress.
 */
static void
test_killed_between_indices(void **state)
{
	struct sec_rig *sec = *state;
	struct hisi_qm_qp *hw = sec->qp->first.hw;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);

	sec_op_init(&ops[0], session, 64);
	sec_op_init(&ops[1], session, 64);
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	hw->retired--;
	ops[0].returned = 0;
	assert_int_equal(sec_enqueue(sec, &ops[1], 1), 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(ops[1].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_int_equal(hisi_qm_qp_in_flight(hw), 2);
	sec_reset_function(sec);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_ERROR);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	rig_service(sec->rig);
	assert_int_equal(hw->state, HISI_QM_QP_RUNNING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_killed_between_steps, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_killed_while_taking, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_killed_while_taking_and_reset, sec_setup,
			sec_teardown),
		cmocka_unit_test_setup_teardown(test_killed_behind_second_steps, sec_setup,
			sec_teardown),
		cmocka_unit_test_setup_teardown(test_killed_between_steps_and_reset, sec_setup,
			sec_teardown),
		cmocka_unit_test_setup_teardown(test_killed_with_sessionless, sec_setup,
			sec_teardown),
		cmocka_unit_test_setup_teardown(test_killed_while_parking, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_killed_while_unparking, sec_setup,
			sec_teardown),
		cmocka_unit_test_setup_teardown(test_killed_between_indices, sec_setup,
			sec_teardown),
	};
	int ret = test_eal_start("hisi_sec_killed");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests(tests, NULL, NULL));
}
