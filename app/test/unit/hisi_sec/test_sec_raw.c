/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/* The raw data-path API: one queue pair, one API; user data come back once, with their result. */

#include <errno.h>
#include <pthread.h>
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

static uint8_t buffers[8][64], ivs[8][16];
static struct sec_op op;
static uint32_t nb_posted, nb_posted_ok;

static struct rte_crypto_raw_dp_ctx *
alloc_ctx(struct sec_rig *sec)
{
	struct rte_crypto_raw_dp_ctx *ctx = test_calloc(1,
		(size_t)rte_cryptodev_get_raw_dp_ctx_size(sec->id));

	assert_non_null(ctx);
	return ctx;
}

static int
configure(struct sec_rig *sec, struct rte_crypto_raw_dp_ctx *ctx, void *session)
{
	union rte_cryptodev_session_ctx handle = { .crypto_sess = session };

	return rte_cryptodev_configure_raw_dp_ctx(sec->id, 0, ctx, RTE_CRYPTO_OP_WITH_SESSION,
		handle, 0);
}

static struct rte_crypto_raw_dp_ctx *
make_ctx(struct sec_rig *sec, void *session)
{
	struct rte_crypto_raw_dp_ctx *ctx = alloc_ctx(sec);

	assert_int_equal(configure(sec, ctx, session), 0);
	return ctx;
}

static int
enqueue_one(struct rte_crypto_raw_dp_ctx *ctx, uint32_t i)
{
	struct rte_crypto_vec vec = { buffers[i], (uintptr_t)buffers[i], 64, 64 };
	struct rte_crypto_va_iova_ptr iv = { ivs[i], (uintptr_t)ivs[i] };
	union rte_crypto_sym_ofs ofs = { 0 };

	return rte_cryptodev_raw_enqueue(ctx, &vec, 1, ofs, &iv, NULL, NULL,
		(void *)(uintptr_t)(i + 1));
}

static void
posted(void *user_data, uint32_t index, uint8_t is_success)
{
	RTE_SET_USED(user_data);
	RTE_SET_USED(index);
	nb_posted++;
	nb_posted_ok += is_success;
}

static void
test_one_by_one(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	struct rte_crypto_raw_dp_ctx *ctx = make_ctx(sec, session);
	enum rte_crypto_op_status status;
	int dequeue_status;
	uint32_t i;

	for (i = 0; i < 4; i++)
		assert_int_equal(enqueue_one(ctx, i), 0);
	assert_int_equal(sec_pending(sec, SEC_QN_FIRST), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(ctx, 4), 0);
	assert_int_equal(sec_pending(sec, SEC_QN_FIRST), 4);
	assert_int_equal(sec->qp->first.hw->enqueue_stats.doorbells, 1);
	sec_answer(sec, SEC_QN_FIRST, 0, SEC_W28_CIPHER);
	sec_answer(sec, SEC_QN_FIRST, 1, SEC_W28_ERROR);
	assert_ptr_equal(rte_cryptodev_raw_dequeue(ctx, &dequeue_status, &status), 1);
	assert_int_equal(status, RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_ptr_equal(rte_cryptodev_raw_dequeue(ctx, &dequeue_status, &status), 2);
	assert_int_equal(status, RTE_CRYPTO_OP_STATUS_ERROR);
	assert_null(rte_cryptodev_raw_dequeue(ctx, &dequeue_status, &status));
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 2);
	assert_ptr_equal(rte_cryptodev_raw_dequeue(ctx, &dequeue_status, &status), 3);
	assert_ptr_equal(rte_cryptodev_raw_dequeue(ctx, &dequeue_status, &status), 4);
	test_free(ctx);
}

static void
test_burst(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	struct rte_crypto_raw_dp_ctx *ctx = make_ctx(sec, session);
	void *user_data[8] = { (void *)1, (void *)3, (void *)5 }, *out[8] = { NULL };
	struct rte_crypto_vec vecs[3] = { { buffers[0], (uintptr_t)buffers[0], 64, 64 },
		{ buffers[1], (uintptr_t)buffers[1], 32, 64 },
		{ buffers[2], (uintptr_t)buffers[2], 17, 64 } };
	struct rte_crypto_sgl sgls[3] = { { vecs, 1 }, { vecs + 1, 1 }, { vecs + 2, 1 } };
	struct rte_crypto_va_iova_ptr iv[3] = { { ivs[0], 0 }, { ivs[1], 0 }, { ivs[2], 0 } };
	struct rte_crypto_sym_vec vec = { .num = 3, .src_sgl = sgls, .iv = iv };
	union rte_crypto_sym_ofs ofs = { 0 };
	uint32_t nb_success;
	int status;

	/* The third one is no multiple of a block. */
	assert_int_equal(rte_cryptodev_raw_enqueue_burst(ctx, &vec, ofs, user_data, &status), 2);
	assert_int_equal(status, -EINVAL);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 2);
	nb_posted = nb_posted_ok = 0;
	assert_int_equal(rte_cryptodev_raw_dequeue_burst(ctx, NULL, 8, posted, out, 1, &nb_success,
		&status), 2);
	assert_int_equal(nb_success, 2);
	assert_int_equal(nb_posted, 2);
	assert_int_equal(nb_posted_ok, 2);
	assert_ptr_equal(out[0], 1);
	assert_ptr_equal(out[1], 3);
	test_free(ctx);
}

/* Operations are refused, with one line. */
static void
test_no_operations(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	struct rte_crypto_raw_dp_ctx *ctx = make_ctx(sec, session);
	struct rte_cryptodev_stats stats;

	sec_op_init(&op, session, 64);
	assert_int_equal(sec_enqueue(sec, &op, 1), 0);
	assert_int_equal(sec_enqueue(sec, &op, 1), 0);
	assert_int_equal(test_log_count("takes no operations"), 1);
	assert_int_equal(rte_cryptodev_stats_get(sec->id, &stats), 0);
	assert_int_equal(stats.enqueue_err_count, 2);
	test_free(ctx);
}

static void
test_not_in_between(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	union rte_cryptodev_session_ctx handle = { .crypto_sess = session };
	uint8_t room[256] = { 0 };

	sec_op_init(&op, session, 64);
	assert_int_equal(sec_enqueue(sec, &op, 1), 1);
	assert_int_equal(rte_cryptodev_configure_raw_dp_ctx(sec->id, 0, (void *)room,
		RTE_CRYPTO_OP_WITH_SESSION, handle, 0), -EBUSY);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 8), 1);
}

/* Two contexts of one queue pair: neither's descriptors overwrite the other's. */
static void
test_two_contexts(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	struct rte_crypto_raw_dp_ctx *one = make_ctx(sec, session), *other = make_ctx(sec, session);
	enum rte_crypto_op_status status;
	int dequeue_status;
	uint32_t i;

	for (i = 0; i < 3; i++)
		assert_int_equal(enqueue_one(i == 1 ? other : one, i), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(one, 2), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(other, 1), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(other, 1), -EINVAL);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 3);
	for (i = 0; i < 3; i++)
		assert_ptr_equal(rte_cryptodev_raw_dequeue(one, &dequeue_status, &status), i + 1);
	assert_null(rte_cryptodev_raw_dequeue(one, &dequeue_status, &status));
	test_free(one);
	test_free(other);
}

/* An update that is refused leaves the context with the session that it had. */
static void
test_refused_update(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	void *freed = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	struct rte_crypto_raw_dp_ctx *ctx = make_ctx(sec, session);
	union rte_cryptodev_session_ctx handle = { .crypto_sess = freed };

	assert_int_equal(rte_cryptodev_sym_session_free(sec->id, freed), 0);
	assert_int_equal(rte_cryptodev_configure_raw_dp_ctx(sec->id, 0, ctx,
		RTE_CRYPTO_OP_WITH_SESSION, handle, 1), -EINVAL);
	assert_int_equal(enqueue_one(ctx, 0), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(ctx, 1), 0);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	test_free(ctx);
}

/* Whatever a context is refused for, it is said. */
static void
test_refused_context(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	struct rte_crypto_raw_dp_ctx *ctx = make_ctx(sec, session);
	struct rte_crypto_sym_xform xform = { .type = RTE_CRYPTO_SYM_XFORM_CIPHER };
	union rte_cryptodev_session_ctx handle = { .xform = &xform };
	enum rte_crypto_op_sess_type type = RTE_CRYPTO_OP_SESSIONLESS;

	xform.cipher.algo = RTE_CRYPTO_CIPHER_KASUMI_F8;
	assert_int_equal(rte_cryptodev_configure_raw_dp_ctx(sec->id, 0, ctx, type, handle, 0),
		-EINVAL);
	assert_int_equal(test_log_count("cipher algorithm"), 1);
	assert_int_equal(enqueue_one(ctx, 0), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(ctx, 1), 0);
	assert_int_equal(rte_cryptodev_configure_raw_dp_ctx(sec->id, 0, ctx, type, handle, 0),
		-EINVAL);
	assert_int_equal(test_log_count("what is in flight may use its session"), 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(rte_cryptodev_sym_session_free(sec->id, session), 0);
	handle.crypto_sess = session;
	assert_int_equal(rte_cryptodev_configure_raw_dp_ctx(sec->id, 0, ctx,
		RTE_CRYPTO_OP_WITH_SESSION, handle, 0), -EINVAL);
	assert_int_equal(test_log_count("its session is not this device's"), 1);
	test_free(ctx);
}

/* A wrong tag is told from a failure. */
static void
test_wrong_tag(void **state)
{
	struct sec_rig *sec = *state;
	struct rte_crypto_raw_dp_ctx *ctx = make_ctx(sec, sec_session_gcm(sec, 0, true));
	struct rte_crypto_vec vec = { buffers[0], (uintptr_t)buffers[0], 64, 64 };
	struct rte_crypto_va_iova_ptr iv = { ivs[0], 0 }, tag = { ivs[1], (uintptr_t)ivs[1] };
	union rte_crypto_sym_ofs ofs = { 0 };
	enum rte_crypto_op_status status;
	int dequeue_status;

	assert_int_equal(rte_cryptodev_raw_enqueue(ctx, &vec, 1, ofs, &iv, &tag, NULL, ctx), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(ctx, 1), 0);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_MISMATCH), 1);
	assert_ptr_equal(rte_cryptodev_raw_dequeue(ctx, &dequeue_status, &status), ctx);
	assert_int_equal(status, RTE_CRYPTO_OP_STATUS_AUTH_FAILED);
	test_free(ctx);
}

/* A context that begins anew gives up what waits for its doorbell (cryptodev's guide). */
static void
test_abandoned(void **state)
{
	struct sec_rig *sec = *state;
	void *cbc = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	void *gcm = sec_session_gcm(sec, 16, false);
	struct rte_crypto_raw_dp_ctx *other = make_ctx(sec, cbc), *ctx = make_ctx(sec, gcm);
	struct rte_crypto_vec vec = { buffers[0], (uintptr_t)buffers[0], 64, 64 };
	struct rte_crypto_va_iova_ptr iv = { ivs[0], 0 }, tag = { ivs[1], 0 }, aad = { ivs[2], 0 };
	struct hisi_qm_sgl_pool *pool = sec->qp->first.hw->sgl;
	union rte_crypto_sym_ofs ofs = { 0 };
	enum rte_crypto_op_status status;
	int dequeue_status;

	assert_int_equal(enqueue_one(other, 0), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue(ctx, &vec, 1, ofs, &iv, &tag, &aad, ctx), 0);
	assert_int_equal(rte_ring_count(pool->free), pool->count - 1);
	assert_int_equal(configure(sec, ctx, gcm), 0);
	assert_int_equal(rte_ring_count(pool->free), pool->count);
	assert_int_equal(sec->qp->first.hw->enqueue_busy, 0);
	/* Both are told that there is nothing of theirs to hand over. */
	assert_int_equal(rte_cryptodev_raw_enqueue_done(other, 1), -EINVAL);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(ctx, 1), -EINVAL);
	assert_int_equal(enqueue_one(other, 4), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(other, 1), 0);
	assert_int_equal(sec->qp->enqueued, 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_ptr_equal(rte_cryptodev_raw_dequeue(ctx, &dequeue_status, &status), 5);
	assert_null(rte_cryptodev_raw_dequeue(ctx, &dequeue_status, &status));
	test_free(other);
	test_free(ctx);
}

/* A session that was freed is none, whoever still has a context of it. */
static void
test_freed_session(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	struct rte_crypto_raw_dp_ctx *ctx = make_ctx(sec, session);

	assert_int_equal(rte_cryptodev_sym_session_free(sec->id, session), 0);
	assert_int_equal(enqueue_one(ctx, 0), -EINVAL);
	assert_int_equal(sec_pending(sec, SEC_QN_FIRST), 0);
	test_free(ctx);
}

static int
configure_sessionless(struct sec_rig *sec, struct rte_crypto_raw_dp_ctx *ctx, uint16_t key_len)
{
	static const uint8_t key[32] = "0123456789abcdef0123456789abcdef";
	struct rte_crypto_sym_xform xform = { .type = RTE_CRYPTO_SYM_XFORM_CIPHER };
	union rte_cryptodev_session_ctx handle = { .xform = &xform };

	xform.cipher.algo = RTE_CRYPTO_CIPHER_AES_CBC;
	xform.cipher.key.data = key;
	xform.cipher.key.length = key_len;
	xform.cipher.iv.length = 16;
	return rte_cryptodev_configure_raw_dp_ctx(sec->id, 0, ctx, RTE_CRYPTO_OP_SESSIONLESS,
		handle, 0);
}

/* The queue pair has one session for contexts without: nobody ciphers with the key of another. */
static void
test_sessionless(void **state)
{
	struct sec_rig *sec = *state;
	struct rte_crypto_raw_dp_ctx *one = alloc_ctx(sec), *other = alloc_ctx(sec);
	enum rte_crypto_op_status status;
	int dequeue_status;

	assert_int_equal(configure_sessionless(sec, one, 16), 0);
	/* One that cannot be changes nothing. */
	assert_int_equal(configure_sessionless(sec, other, 17), -EINVAL);
	assert_int_equal(enqueue_one(one, 0), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(one, 1), 0);
	assert_int_equal(sec_sqe(sec, SEC_QN_FIRST, 0)[1], 0x00210001);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_ptr_equal(rte_cryptodev_raw_dequeue(one, &dequeue_status, &status), 1);
	assert_int_equal(configure_sessionless(sec, other, 32), 0);
	assert_int_equal(enqueue_one(one, 0), -EINVAL);
	assert_int_equal(enqueue_one(other, 1), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(other, 1), 0);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	test_free(one);
	test_free(other);
}

/* One address of a piece will do, but to copy the driver needs its own; none is a mistake. */
static void
test_addresses(void **state)
{
	struct sec_rig *sec = *state;
	struct rte_crypto_raw_dp_ctx *ctx = make_ctx(sec, sec_session_chain(sec,
		RTE_CRYPTO_AUTH_SHA256_HMAC, 32, false));
	struct rte_crypto_vec in = { .base = buffers[0], .len = 64 }, out = { .len = 64 };
	struct rte_crypto_sgl src = { &in, 1 }, dst = { &out, 1 };
	struct rte_crypto_va_iova_ptr iv = { ivs[0], 0 }, digest = { buffers[2], 0 };
	struct rte_crypto_sym_vec vec = { .num = 1, .src_sgl = &src, .iv = &iv,
		.digest = &digest };
	union rte_crypto_sym_ofs ofs = { .ofs.cipher.head = 16 };
	void *user_data[1] = { ctx };
	int status;

	assert_int_equal(rte_cryptodev_raw_enqueue_burst(ctx, &vec, ofs, user_data, &status), 1);
	assert_ptr_equal(sec_address(sec_sqe(sec, SEC_QN_FIRST, 0), HISI_SEC_BD3_DW_DATA_SRC_ADDR),
		buffers[0]);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_AEAD), 1);
	in = (struct rte_crypto_vec){ .iova = (uintptr_t)buffers[0], .len = 64 };
	assert_int_equal(rte_cryptodev_raw_enqueue_burst(ctx, &vec, ofs, user_data, &status), 1);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_AEAD), 1);
	vec.dest_sgl = &dst;
	out = (struct rte_crypto_vec){ .base = buffers[1], .len = 64 };
	assert_int_equal(rte_cryptodev_raw_enqueue_burst(ctx, &vec, ofs, user_data, &status), 0);
	assert_int_equal(status, -EINVAL);
	vec.dest_sgl = NULL;
	in.iova = 0;
	assert_int_equal(rte_cryptodev_raw_enqueue_burst(ctx, &vec, ofs, user_data, &status), 0);
	assert_int_equal(status, -EINVAL);
	test_free(ctx);
}

/* More than an entry of a list holds: it is two of them (sec.md 2.8). */
static void
test_long_piece(void **state)
{
	const uint32_t full = 8u << 20, len = full + 4096;
	struct sec_rig *sec = *state;
	struct rte_crypto_raw_dp_ctx *ctx = make_ctx(sec, sec_session_gcm(sec, 16, false));
	struct rte_crypto_vec vec = { buffers[0], (uintptr_t)buffers[0], len, len };
	struct rte_crypto_va_iova_ptr iv = { ivs[0], 0 }, tag = { ivs[1], 0 }, aad = { ivs[2], 0 };
	const struct hisi_qm_sgl_unit *list;
	union rte_crypto_sym_ofs ofs = { 0 };

	assert_int_equal(rte_cryptodev_raw_enqueue(ctx, &vec, 1, ofs, &iv, &tag, &aad, ctx), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(ctx, 1), 0);
	list = (const void *)(uintptr_t)sec_address(sec_sqe(sec, SEC_QN_FIRST, 0),
		HISI_SEC_BD3_DW_DATA_SRC_ADDR);
	assert_int_equal(list->sgl.entry_sum_in_sgl, 3);
	assert_int_equal(list->entry[0].len, 16);
	assert_int_equal(list->entry[1].len, full);
	assert_int_equal(list->entry[2].len, 4096);
	assert_int_equal(list->entry[2].buf, vec.iova + full);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_AEAD), 1);
	test_free(ctx);
}

struct poller {
	struct rte_crypto_raw_dp_ctx *ctx;
	bool ends;
};

static void *
poll_raw(void *arg)
{
	struct poller *poller = arg;
	enum rte_crypto_op_status status;
	int dequeue_status;

	while (!hisi_qm_load_acquire(&poller->ends))
		(void)rte_cryptodev_raw_dequeue(poller->ctx, &dequeue_status, &status);
	return NULL;
}

/* A busy machine may keep the other thread from its CPU for a whole look, not for many. */
static bool
is_seen(struct rte_cryptodev *dev)
{
	uint32_t looks;

	for (looks = 0; looks < 100; looks++)
		if (hisi_sec_is_polled(dev))
			return true;
	return false;
}

/* What leads past the library keeps the device from being removed, started or not. */
static void
test_not_removed_while_polled(void **state)
{
	struct sec_rig *sec = *state;
	struct rte_cryptodev *dev = rte_cryptodev_pmd_get_dev(sec->id);
	void *session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false);
	struct poller poller = { .ctx = make_ctx(sec, session) };
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, poll_raw, &poller), 0);
	assert_true(is_seen(dev));
	rte_cryptodev_stop(sec->id);
	assert_true(is_seen(dev));
	hisi_qm_store_release(&poller.ends, true);
	pthread_join(thread, NULL);
	assert_false(hisi_sec_is_polled(dev));
	/* Nor while it is enqueued to; until that is decided nothing is taken. */
	sec->qp->is_raw_watched = 1;
	assert_int_equal(enqueue_one(poller.ctx, 0), -EBUSY);
	assert_int_equal(sec->qp->pair.is_polled, 1);
	sec->qp->is_raw_watched = 0;
	assert_int_equal(enqueue_one(poller.ctx, 0), 0);
	assert_int_equal(rte_cryptodev_raw_enqueue_done(poller.ctx, 1), 0);
	assert_int_equal(sec_answer_all(sec, SEC_QN_FIRST, SEC_W28_CIPHER), 1);
	assert_int_equal(sec_dequeue(sec, 8), 0);
	test_free(poller.ctx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_by_one, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_burst, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_no_operations, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_not_in_between, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_two_contexts, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_refused_context, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_refused_update, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_wrong_tag, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_abandoned, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_freed_session, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_sessionless, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_addresses, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_long_piece, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_not_removed_while_polled, sec_setup,
			sec_teardown),
	};
	int ret = test_eal_start("hisi_sec_raw");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests(tests, NULL, NULL));
}
