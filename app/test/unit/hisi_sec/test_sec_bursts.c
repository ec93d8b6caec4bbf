/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Bursts: plain ciphers, statuses, two descriptors for one operation, what no ring takes, and a
 * device that lies, stops or dies.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "sec_rig.h"
#include "test_eal.h"

static struct sec_op ops[64];

static void
init_ops(void *session, uint32_t count, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		sec_op_init(&ops[i], session, len);
}

static void
test_plain(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	const uint32_t *sqe;

	init_ops(session, 20, 64);
	ops[3].sym.m_dst = &ops[3].dst;
	ops[4].sym.cipher.data.offset = 16;
	ops[4].sym.cipher.data.length = 32;
	assert_int_equal(sec_enqueue(sec, ops, 20), 20);
	assert_int_equal(sec->qp->first.hw->enqueue_stats.doorbells, 1);
	sqe = sec_sqe(sec, SEC_QN_FIRST, 0);
	assert_int_equal(sqe[0], 0x00000003);
	assert_int_equal(sqe[18], 64);
	assert_ptr_equal(sec_address(sqe, HISI_SEC_BD3_DW_DATA_SRC_ADDR), ops[0].data);
	assert_memory_equal((void *)(uintptr_t)sec_address(sqe, HISI_SEC_BD3_DW_C_IVIN_ADDR),
		ops[0].iv, 16);
	sqe = sec_sqe(sec, SEC_QN_FIRST, 3);
	assert_int_equal(sqe[0], 0x00000203);
	assert_ptr_equal(sec_address(sqe, HISI_SEC_BD3_DW_DATA_DST_ADDR), ops[3].out);
	sqe = sec_sqe(sec, SEC_QN_FIRST, 4);
	assert_ptr_equal(sec_address(sqe, HISI_SEC_BD3_DW_DATA_SRC_ADDR), ops[4].data + 16);
	assert_int_equal(sqe[18], 32);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 20);
	assert_int_equal(sec_dequeue(sec, 64), 20);
	assert_int_equal(ops[19].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_int_equal(sec->qp->bytes.in, 19 * 64 + 32);
}

static void
test_statuses(void **state)
{
	static const struct {
		uint32_t w28;
		uint8_t status;
	} cases[] = {
		{ SEC_W28_AEAD, RTE_CRYPTO_OP_STATUS_SUCCESS },
		{ SEC_W28_AEAD | 2, RTE_CRYPTO_OP_STATUS_SUCCESS },
		{ SEC_W28_MISMATCH, RTE_CRYPTO_OP_STATUS_AUTH_FAILED },
		{ SEC_W28_ERROR, RTE_CRYPTO_OP_STATUS_ERROR },
		{ SEC_W28_AEAD & ~1u, RTE_CRYPTO_OP_STATUS_ERROR },
	};
	struct sec_rig *sec = *state;
	void *session = sec_session_gcm(sec, 16, true);
	size_t i;

	for (i = 0; i < RTE_DIM(cases); i++) {
		sec_op_init(&ops[0], session, 48);
		assert_int_equal(sec_enqueue(sec, ops, 1), 1);
		assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, cases[i].w28), 1);
		assert_int_equal(sec_dequeue(sec, 8), 1);
		assert_int_equal(ops[0].op.status, cases[i].status);
	}
	assert_int_equal(sec->qp->statuses[RTE_CRYPTO_OP_STATUS_AUTH_FAILED], 1);
	assert_int_equal(sec->qp->errors, 3);
}

/* A hash is compared by the driver: the device wrote it into memory of the slot. */
static void
test_hash_verify(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA1, 0, 20, true);
	uint8_t *mac;
	int i;

	for (i = 0; i < 2; i++) {
		sec_op_init(&ops[0], session, 40);
		memset(ops[0].digest, 0x55, 20);
		assert_int_equal(sec_enqueue(sec, ops, 1), 1);
		mac = (uint8_t *)(uintptr_t)sec_address(sec_sqe(sec, SEC_QN_FIRST, i),
			HISI_SEC_BD3_DW_MAC_ADDR);
		assert_ptr_not_equal(mac, ops[0].digest);
		memset(mac, 0x55, 20);
		mac[19] ^= i;
		assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_HASH), 1);
		assert_int_equal(sec_dequeue(sec, 8), 1);
		assert_int_equal(ops[0].op.status, i == 0 ? RTE_CRYPTO_OP_STATUS_SUCCESS :
			RTE_CRYPTO_OP_STATUS_AUTH_FAILED);
	}
}

static void *
session_short_tag(struct sec_rig *sec)
{
	static const uint8_t key[16];
	struct rte_crypto_sym_xform xform = { .type = RTE_CRYPTO_SYM_XFORM_AEAD, .aead = {
		.algo = RTE_CRYPTO_AEAD_AES_GCM, .op = RTE_CRYPTO_AEAD_OP_ENCRYPT,
		.key = { key, sizeof(key) }, .iv = { SEC_IV_OFFSET, 12 }, .digest_length = 12 } };

	return rte_cryptodev_sym_session_create(sec->id, &xform, sec->sessions);
}

/* The device may write a MAC whole: only what was asked for gets to the operation (sec.md 7). */
static void
test_cut_mac(void **state)
{
	static const uint8_t untouched[52];
	struct sec_rig *sec = *state;
	void *sessions[] = {
		sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA1_HMAC, 20, 12, false),
		sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA1_HMAC, 12, false),
		session_short_tag(sec),
	};
	size_t i;

	for (i = 0; i < RTE_DIM(sessions); i++) {
		sec_op_init(&ops[0], sessions[i], 48);
		assert_int_equal(sec_enqueue(sec, ops, 1), 1);
		memset((void *)(uintptr_t)sec_address(sec_sqe(sec, SEC_QN_FIRST, i),
			HISI_SEC_BD3_DW_MAC_ADDR), 0x55, 20);
		assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_AEAD), 1);
		assert_int_equal(sec_dequeue(sec, 8), 1);
		assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
		assert_memory_equal(ops[0].digest, "UUUUUUUUUUUU", 12);
		assert_memory_equal(ops[0].digest + 12, untouched, sizeof(untouched));
	}
}

/* A pair that is not proven: the second descriptor goes when the first is complete. */
static void
test_two_steps(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA224_HMAC, 28, false);

	init_ops(session, 5, 64);
	assert_int_equal(sec_enqueue(sec, ops, 5), 5);
	assert_int_equal(sec_pending(sec, SEC_QN_SECOND), 0);
	assert_int_equal(sec_sqe(sec, SEC_QN_FIRST, 0)[14] & 3, 0);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 5);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_int_equal(sec_pending(sec, SEC_QN_SECOND), 5);
	assert_int_equal(sec->qp->second.hw->enqueue_stats.doorbells, 1);
	assert_int_equal(sec_sqe(sec, SEC_QN_SECOND, 0)[14] & 3, HISI_SEC_AUTH_COMPUTE);
	sec_answer(sec, SEC_QN_SECOND, 0, SEC_W28_ERROR);
	assert_int_equal(sec_answer_all(sec, SEC_QN_SECOND, SEC_W28_HASH), 4);
	assert_int_equal(sec_dequeue(sec, 8), 5);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_ERROR);
	assert_int_equal(ops[4].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	/* One whose first descriptor failed has no second. */
	sec_op_init(&ops[0], session, 64);
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_ERROR), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_ERROR);
	assert_int_equal(sec_pending(sec, SEC_QN_SECOND), 0);
}

/* A MAC that is cut off, then a cipher: the driver puts it in its place in between. */
static void
test_cut_mac_first(void **state)
{
	struct sec_rig *sec = *state;
	uint8_t *mac;

	sec_op_init(&ops[0], sec_session_mac_first(sec, 4), 64);
	memset(ops[0].digest, 0xee, sizeof(ops[0].digest));
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	/* mac_len is that of the whole MAC. */
	assert_int_equal(sec_sqe(sec, SEC_QN_FIRST, 0)[14] >> 4 & 0x1f, 4);
	mac = (uint8_t *)(uintptr_t)sec_address(sec_sqe(sec, SEC_QN_FIRST, 0),
		HISI_SEC_BD3_DW_MAC_ADDR);
	memset(mac, 0x55, 16);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_HASH), 1);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_memory_equal(ops[0].digest, "\x55\x55\x55\x55\xee", 5);
	assert_int_equal(sec_answer_all(sec, SEC_QN_SECOND, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
}

/* What cannot be done is taken, and comes back with a status. */
static void
test_invalid(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	int i;

	init_ops(session, 7, 64);
	ops[0].sym.cipher.data.length = 63;
	ops[1].sym.cipher.data.offset = 16;
	ops[2].sym.m_src = NULL;
	ops[3].op.type = RTE_CRYPTO_OP_TYPE_ASYMMETRIC;
	ops[4].sym.session = NULL;
	ops[5].op.sess_type = RTE_CRYPTO_OP_SECURITY_SESSION;
	ops[6].sym.cipher.data.length = 0;
	assert_int_equal(sec_enqueue(sec, ops, 7), 7);
	assert_int_equal(sec_pending(sec, SEC_QN_FIRST), 0);
	assert_int_equal(sec_dequeue(sec, 64), 7);
	for (i = 0; i < 3; i++)
		assert_int_equal(ops[i].op.status, RTE_CRYPTO_OP_STATUS_INVALID_ARGS);
	for (; i < 6; i++)
		assert_int_equal(ops[i].op.status, RTE_CRYPTO_OP_STATUS_INVALID_SESSION);
	assert_int_equal(ops[6].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
}

/* One by one, and more of both kinds each time: neither has to wait for ever. */
static void
test_nothing_starves(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	int i;

	init_ops(session, 8, 64);
	for (i = 0; i < 4; i++)
		ops[i].sym.session = NULL;
	assert_int_equal(sec_enqueue(sec, ops, 8), 8);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 4);
	for (i = 0; i < 4; i++)
		assert_int_equal(sec_dequeue(sec, 1), 1);
	assert_int_equal(ops[1].returned, 1);
	assert_int_equal(ops[5].returned, 1);
	assert_int_equal(sec_dequeue(sec, 8), 4);
	/* What the queues leave is theirs, also when it is not their turn. */
	ops[0].returned = ops[1].returned = 0;
	assert_int_equal(sec_enqueue(sec, ops, 2), 2);
	assert_int_equal(sec_dequeue(sec, 1), 1);
	assert_int_equal(sec_dequeue(sec, 1), 1);
	assert_int_equal(sec_dequeue(sec, 1), 0);
}

/* A session that was freed is none. */
static void
test_freed_session(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);

	sec_op_init(&ops[0], session, 64);
	assert_int_equal(rte_cryptodev_sym_session_free(sec->id, session), 0);
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	assert_int_equal(sec_dequeue(sec, 64), 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_INVALID_SESSION);
}

/* Operations without a session, of AES-CBC with a key of @p key_len bytes. */
static void
init_sessionless(struct sec_op *at, int count, uint16_t key_len)
{
	static const uint8_t key[17] = "0123456789abcdef";
	static struct rte_crypto_sym_xform xform;

	xform = (struct rte_crypto_sym_xform){ .type = RTE_CRYPTO_SYM_XFORM_CIPHER };
	xform.cipher.algo = RTE_CRYPTO_CIPHER_AES_CBC;
	xform.cipher.key.data = key;
	xform.cipher.key.length = key_len;
	xform.cipher.iv.offset = SEC_IV_OFFSET;
	xform.cipher.iv.length = 16;
	for (; count != 0; count--, at++) {
		sec_op_init(at, NULL, 64);
		at->op.sess_type = RTE_CRYPTO_OP_SESSIONLESS;
		at->sym.xform = &xform;
		at->sym.cipher.data.length = 64;
	}
}

/* A sessionless operation has a session of the pool, and gives it back. */
static void
test_sessionless(void **state)
{
	struct sec_rig *sec = *state;
	unsigned int available = rte_mempool_avail_count(sec->sessions);

	init_sessionless(ops, 1, 16);
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	assert_int_equal(rte_mempool_avail_count(sec->sessions), available - 1);
	assert_int_equal(sec_sqe(sec, SEC_QN_FIRST, 0)[1], 0x00210001);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 64), 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_int_equal(rte_mempool_avail_count(sec->sessions), available);
}

/* What is wrong with an xform is said once, however often it comes. */
static void
test_sessionless_refused(void **state)
{
	struct sec_rig *sec = *state;
	unsigned int available = rte_mempool_avail_count(sec->sessions);
	int i;

	init_sessionless(ops, 8, 17);
	assert_int_equal(sec_enqueue(sec, ops, 8), 8);
	assert_int_equal(sec_dequeue(sec, 64), 8);
	for (i = 0; i < 8; i++)
		assert_int_equal(ops[i].op.status, RTE_CRYPTO_OP_STATUS_INVALID_SESSION);
	assert_int_equal(test_log_count("is not supported"), 1);
	assert_int_equal(sec->qp->reasons[HISI_SEC_REASON_SESSION], 8);
	assert_int_equal(rte_mempool_avail_count(sec->sessions), available);
}

/* No session left is nobody's mistake, and told from one: later it may go. */
static void
test_sessionless_pool_empty(void **state)
{
	struct sec_rig *sec = *state;
	unsigned int available = rte_mempool_avail_count(sec->sessions);
	void *taken[64];

	assert_true(available <= RTE_DIM(taken));
	assert_int_equal(rte_mempool_get_bulk(sec->sessions, taken, available), 0);
	init_sessionless(ops, 1, 16);
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	assert_int_equal(sec_dequeue(sec, 64), 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_ERROR);
	assert_int_equal(sec->qp->reasons[HISI_SEC_REASON_POOL_EMPTY], 1);
	assert_int_equal(sec->qp->reasons[HISI_SEC_REASON_SESSION], 0);
	rte_mempool_put_bulk(sec->sessions, taken, available);
	init_sessionless(ops, 1, 16);
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 64), 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
}

/* One in the ring, one that is nothing to do, one that cannot be done: none was dequeued. */
static void
enqueue_and_forget(struct sec_rig *sec, struct hisi_sec_session **sessions)
{
	int i;

	init_sessionless(ops, 3, 16);
	ops[1].sym.cipher.data.length = 0;
	ops[2].sym.cipher.data.length = 63;
	assert_int_equal(sec_enqueue(sec, ops, 3), 3);
	for (i = 0; i < 3; i++) {
		sessions[i] = sec_private(ops[i].sym.session);
		assert_int_equal(sessions[i]->cipher_key[0], '0');
	}
	/* The application may free its operations before the queue pair. */
	memset(ops, 0x5a, sizeof(ops));
}

static void
set_up_again(struct sec_rig *sec)
{
	struct rte_cryptodev_qp_conf conf = { .nb_descriptors = 32, .mp_session = sec->sessions };

	rte_cryptodev_stop(sec->id);
	assert_int_equal(rte_cryptodev_queue_pair_setup(sec->id, 0, &conf, SOCKET_ID_ANY), 0);
}

/* A queue pair that goes leaves no key in the pool, and nothing missing there. */
static void
test_sessionless_left(void **state)
{
	struct sec_rig *sec = *state;
	struct hisi_sec_session *own = sec_private(sec_session_cipher(sec,
		RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false));
	unsigned int available = rte_mempool_avail_count(sec->sessions);
	static const struct hisi_sec_session zeros;
	struct hisi_sec_session *sessions[3];
	int i;

	enqueue_and_forget(sec, sessions);
	assert_int_equal(rte_mempool_avail_count(sec->sessions), available - 3);
	set_up_again(sec);
	assert_int_equal(rte_mempool_avail_count(sec->sessions), available);
	for (i = 0; i < 3; i++)
		assert_memory_equal(sessions[i], &zeros, sizeof(zeros));
	/* The application's stays. */
	assert_int_equal(own->cipher_key[15], 15);
}

/* The device may go on reading those of a queue that does not stop: nobody else gets them. */
static void
test_sessionless_not_stopped(void **state)
{
	struct sec_rig *sec = *state;
	unsigned int available = rte_mempool_avail_count(sec->sessions);
	struct hisi_sec_session *sessions[3];
	int i;

	enqueue_and_forget(sec, sessions);
	fake_mailbox_rule(&sec->rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 2, 1);
	set_up_again(sec);
	assert_int_equal(rte_mempool_avail_count(sec->sessions), available - 3);
	for (i = 0; i < 3; i++)
		assert_int_equal(sessions[i]->cipher_key[0], 0);
}

/* A pool that was freed before the queue pair is left alone. */
static void
test_sessionless_pool_freed(void **state)
{
	struct sec_rig *sec = *state;
	struct hisi_sec_session *sessions[3];

	enqueue_and_forget(sec, sessions);
	rte_mempool_free(sec->sessions);
	sec->sessions = NULL;
	set_up_again(sec);
}

/* A CQE whose SQE was not written back is a lie; the operation comes back by the stop. */
static void
test_lie(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	int i;

	init_ops(session, 2, 64);
	assert_int_equal(sec_enqueue(sec, ops, 2), 2);
	sec_answer(sec, SEC_QN_FIRST, 0, SEC_W28_CIPHER);
	sec_answer(sec, SEC_QN_FIRST, 1, 0);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	for (i = 0; i < 4 && ops[1].returned == 0; i++) {
		rig_service(sec->rig);
		(void)sec_dequeue(sec, 8);
	}
	assert_int_equal(test_log_count("names no operation that is complete"), 1);
	assert_int_equal(ops[1].returned, 1);
	assert_int_equal(ops[1].op.status, RTE_CRYPTO_OP_STATUS_ERROR);
	assert_int_equal(sec->qp->stopped, 1);
}

/* One call of dequeue and one look: a pair does not run by halves. */
static void
test_reset(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	uint32_t count;

	for (count = 0; count < 4; count++) {
		init_ops(session, count, 64);
		assert_int_equal(sec_enqueue(sec, ops, (uint16_t)count), count);
		sec_reset_function(sec);
		assert_int_equal(sec_dequeue(sec, 8), count);
		rig_service(sec->rig);
		assert_int_equal(sec->qp->first.hw->state, HISI_QM_QP_RUNNING);
		assert_int_equal(sec->qp->second.hw->state, HISI_QM_QP_RUNNING);
	}
}

/* on_error=replay, and hashes whose digest the device may have written into their own data. */
static void
test_replay_of_hashes(void **state)
{
	struct sec_rig *sec = sec_rig_start(HISI_QM_V3, HISI_QM_ON_ERROR_REPLAY);
	const struct hisi_qm_replay *replay = sec->qp->first.hw->replay;
	void *whole = sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA256_HMAC, 32, 32, false);
	void *cut = sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA256_HMAC, 32, 16, false);
	int i;

	(void)state;
	for (i = 0; i < 4; i++)
		sec_op_init(&ops[i], i == 2 ? cut : whole, 64);
	/* Inside, behind the data, inside and cut off: then it is the driver that writes it. */
	ops[0].sym.auth.digest.data = ops[0].data + 24;
	ops[0].sym.auth.digest.phys_addr = (uintptr_t)ops[0].data + 24;
	ops[1].sym.auth.digest.data = ops[1].data + 64;
	ops[1].sym.auth.digest.phys_addr = (uintptr_t)ops[1].data + 64;
	ops[2].sym.auth.digest.data = ops[2].data + 24;
	ops[2].sym.auth.digest.phys_addr = (uintptr_t)ops[2].data + 24;
	assert_int_equal(sec_enqueue(sec, ops, 4), 4);
	sec_reset_function(sec);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(ops[0].returned, 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_ERROR);
	assert_int_equal(replay->refused[HISI_QM_REPLAY_IN_PLACE], 1);
	assert_int_equal(replay->count, 3);
	sec_rig_end(sec);
}

/* What the first queue has done before the reset goes on in the second, as soon as that runs. */
static void
test_reset_between_steps(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA224_HMAC, 28, false);

	init_ops(session, 2, 64);
	assert_int_equal(sec_enqueue(sec, ops, 2), 2);
	sec_answer(sec, SEC_QN_FIRST, 0, SEC_W28_CIPHER);
	sec_reset_function(sec);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	rig_service(sec->rig);
	assert_int_equal(sec->qp->second.hw->state, HISI_QM_QP_RUNNING);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(ops[1].op.status, RTE_CRYPTO_OP_STATUS_ERROR);
	assert_int_equal(sec_answer_all(sec, SEC_QN_SECOND, SEC_W28_HASH), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
	assert_int_equal(ops[0].op.status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	rig_service(sec->rig);
	assert_int_equal(sec->qp->first.hw->state, HISI_QM_QP_RUNNING);
}

/* Not stopped for sure: what a descriptor points to stays, like the ring itself. */
static void
test_did_not_stop(void **state)
{
	struct rte_cryptodev_qp_conf conf = { .nb_descriptors = 32 };
	struct sec_rig *sec = *state;
	void *session = sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA1, 0, 20, true);
	struct hisi_qm_qp *hw = sec->qp->first.hw;
	uint64_t mac;

	sec_op_init(&ops[0], session, 48);
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	mac = sec_address(sec_sqe(sec, SEC_QN_FIRST, 0), HISI_SEC_BD3_DW_MAC_ADDR);
	memset((void *)(uintptr_t)mac, 0x55, 20);
	/* Of both of its hardware queues. */
	fake_mailbox_rule(&sec->rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 2, 1);
	rte_cryptodev_stop(sec->id);
	/* On other hardware queues. */
	assert_int_equal(rte_cryptodev_queue_pair_setup(sec->id, 0, &conf, SOCKET_ID_ANY), 0);
	assert_true(hw->orphan);
	assert_in_range(mac - (uintptr_t)hw->scratch, 0,
		(hisi_qm_qp_capacity(hw) + 1) * sizeof(struct hisi_sec_scratch));
	assert_memory_equal((void *)(uintptr_t)mac, "UUUUUUUUUUUUUUUUUUUU", 20);
}

/* Of the second queue alone: its lists come from the pool of the first, which did stop. */
static void
test_second_did_not_stop(void **state)
{
	struct rte_cryptodev_qp_conf conf = { .nb_descriptors = 32 };
	struct sec_rig *sec = *state;
	void *session = sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA224_HMAC, 28, false);
	struct hisi_qm_qp *hw = sec->qp->second.hw;
	struct hisi_qm_sgl_unit before;
	uint64_t list;

	sec_op_init(&ops[0], session, 64);
	sec_op_cut(&ops[0], 16);
	assert_int_equal(sec_enqueue(sec, ops, 1), 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	assert_int_equal(sec_pending(sec, SEC_QN_SECOND), 1);
	list = sec_address(sec_sqe(sec, SEC_QN_SECOND, 0), HISI_SEC_BD3_DW_DATA_SRC_ADDR);
	memcpy(&before, (void *)(uintptr_t)list, sizeof(before));
	assert_int_equal(before.sgl.entry_sum_in_sgl, 2);
	/* It is the first to be destroyed. */
	fake_mailbox_rule(&sec->rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	rte_cryptodev_stop(sec->id);
	assert_int_equal(rte_cryptodev_queue_pair_setup(sec->id, 0, &conf, SOCKET_ID_ANY), 0);
	assert_true(hw->orphan);
	assert_int_equal(hw->sgl->users, 1);
	assert_in_range(list - (uintptr_t)hw->sgl->units, 0,
		hw->sgl->count * sizeof(struct hisi_qm_sgl_unit) - 1);
	assert_memory_equal((void *)(uintptr_t)list, &before, sizeof(before));
}

/* The ring is full at some time, and says so; what was taken comes back once. */
static void
test_full(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);

	init_ops(session, 64, 64);
	assert_int_equal(sec_enqueue(sec, ops, 64), 63);
	assert_int_equal(sec->qp->first.hw->enqueue_stats.full, 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 63);
	assert_int_equal(sec_dequeue(sec, 64), 63);
	assert_int_equal(sec_enqueue(sec, &ops[63], 1), 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 64), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_plain, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_statuses, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_hash_verify, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_cut_mac, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_two_steps, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_cut_mac_first, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_invalid, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_nothing_starves, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_freed_session, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_sessionless, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_sessionless_refused, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_sessionless_pool_empty, sec_setup,
			sec_teardown),
		cmocka_unit_test_setup_teardown(test_sessionless_left, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_sessionless_not_stopped, sec_setup,
			sec_teardown),
		cmocka_unit_test_setup_teardown(test_sessionless_pool_freed, sec_setup,
			sec_teardown),
		cmocka_unit_test_setup_teardown(test_lie, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_reset, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_reset_between_steps, sec_setup, sec_teardown),
		cmocka_unit_test(test_replay_of_hashes),
		cmocka_unit_test_setup_teardown(test_did_not_stop, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_second_did_not_stop, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_full, sec_setup, sec_teardown),
	};
	int ret = test_eal_start("hisi_sec_bursts");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests(tests, NULL, NULL));
}
