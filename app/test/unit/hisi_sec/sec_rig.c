/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "fake_queue.h"
#include "sec_rig.h"
#include "test_eal.h"

static uint8_t key[256];

static struct rte_mempool *
session_pool(void)
{
	return rte_cryptodev_sym_session_pool_create("sessions", 64,
		sizeof(struct hisi_sec_session), 0, 0, SOCKET_ID_ANY);
}

static void
device_create(struct sec_rig *sec)
{
	struct rte_cryptodev_pmd_init_params params = { .name = "",
		.private_data_size = sizeof(struct hisi_sec_dev), .max_nb_queue_pairs = 2 };
	struct hisi_sec_dev *private;

	sec->driver.name = "crypto_hisi_sec";
	sec->device.driver = &sec->driver;
	sec->device.name = "sec0";
	sec->dev = rte_cryptodev_pmd_create("sec0", &sec->device, &params);
	assert_non_null(sec->dev);
	sec->id = sec->dev->data->dev_id;
	private = sec->dev->data->dev_private;
	private->qm = sec->rig->dev;
	assert_int_equal(hisi_sec_capabilities_init(private), 0);
	sec->dev->driver_id = hisi_sec_driver_id;
	sec->dev->dev_ops = &hisi_sec_ops;
	sec->dev->feature_flags = RTE_CRYPTODEV_FF_SYMMETRIC_CRYPTO |
		RTE_CRYPTODEV_FF_SYM_RAW_DP;
	hisi_sec_set_bursts(sec->dev);
}

struct sec_rig *
sec_rig_start(uint8_t revision, enum hisi_qm_on_error on_error)
{
	struct rte_cryptodev_config config = { .nb_queue_pairs = 1 };
	struct rte_cryptodev_qp_conf conf = { .nb_descriptors = 32 };
	struct sec_rig *sec = calloc(1, sizeof(*sec));
	size_t i;

	assert_non_null(sec);
	for (i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	sec->rig = rig_new(false);
	sec->rig->engine = &hisi_sec_engine;
	sec->rig->fake.config[8] = revision;
	sec->rig->args.fallback = 1;
	sec->rig->args.on_error = on_error;
	sec->rig->fake.config[2] = (uint8_t)HISI_PCI_DEVICE_ID_SEC_PF;
	sec->rig->fake.config[3] = HISI_PCI_DEVICE_ID_SEC_PF >> 8;
	assert_int_equal(rig_start(sec->rig), 0);
	hisi_qm_monitor_remove(sec->rig->dev);
	sec->rig->by_hand = true;
	device_create(sec);
	sec->sessions = session_pool();
	assert_non_null(sec->sessions);
	conf.mp_session = sec->sessions;
	assert_int_equal(rte_cryptodev_start(sec->id), -EINVAL);
	assert_int_equal(test_log_count("0 of 0 is not set up; call rte_cryptodev_configure()"), 1);
	assert_int_equal(rte_cryptodev_configure(sec->id, &config), 0);
	assert_int_equal(rte_cryptodev_queue_pair_setup(sec->id, 0, &conf, SOCKET_ID_ANY), 0);
	assert_int_equal(rte_cryptodev_start(sec->id), 0);
	sec->qp = sec->dev->data->queue_pairs[0];
	test_log_forget();
	return sec;
}

void
sec_rig_end(struct sec_rig *sec)
{
	void **queue_pairs = sec->dev->data->queue_pairs;

	rte_cryptodev_stop(sec->id);
	assert_int_equal(rte_cryptodev_pmd_destroy(sec->dev), 0);
	rte_free(queue_pairs);
	rte_mempool_free(sec->sessions);
	rig_close(sec->rig);
	free(sec);
}

void
sec_reset_function(struct sec_rig *sec)
{
	sec->rig->dev->reset_wanted = true;
	rig_service(sec->rig);
	assert_int_equal(sec->qp->first.hw->state, HISI_QM_QP_QUIESCED);
	assert_int_equal(sec->qp->second.hw->state, HISI_QM_QP_QUIESCED);
}

int
sec_setup(void **state)
{
	*state = sec_rig_start(HISI_QM_V3, HISI_QM_ON_ERROR_REPORT);
	return 0;
}

int
sec_teardown(void **state)
{
	sec_rig_end(*state);
	return 0;
}

/* ---- sessions ---- */

static struct rte_crypto_sym_xform
xform_cipher(enum rte_crypto_cipher_algorithm algo, uint16_t key_len, uint16_t iv_len, bool decrypt)
{
	struct rte_crypto_sym_xform xform = { .type = RTE_CRYPTO_SYM_XFORM_CIPHER };

	xform.cipher.algo = algo;
	xform.cipher.op = decrypt ? RTE_CRYPTO_CIPHER_OP_DECRYPT : RTE_CRYPTO_CIPHER_OP_ENCRYPT;
	xform.cipher.key.data = key;
	xform.cipher.key.length = key_len;
	xform.cipher.iv.offset = SEC_IV_OFFSET;
	xform.cipher.iv.length = iv_len;
	return xform;
}

static struct rte_crypto_sym_xform
xform_auth(enum rte_crypto_auth_algorithm algo, uint16_t key_len, uint16_t digest_len, bool verify)
{
	struct rte_crypto_sym_xform xform = { .type = RTE_CRYPTO_SYM_XFORM_AUTH };

	xform.auth.algo = algo;
	xform.auth.op = verify ? RTE_CRYPTO_AUTH_OP_VERIFY : RTE_CRYPTO_AUTH_OP_GENERATE;
	xform.auth.key.data = key;
	xform.auth.key.length = key_len;
	xform.auth.digest_length = digest_len;
	return xform;
}

static void *
session_create(struct sec_rig *sec, struct rte_crypto_sym_xform *xform)
{
	return rte_cryptodev_sym_session_create(sec->id, xform, sec->sessions);
}

void *
sec_session_cipher(struct sec_rig *sec, enum rte_crypto_cipher_algorithm algo, uint16_t key_len,
	uint16_t iv_len, bool decrypt)
{
	struct rte_crypto_sym_xform xform = xform_cipher(algo, key_len, iv_len, decrypt);

	return session_create(sec, &xform);
}

void *
sec_session_auth(struct sec_rig *sec, enum rte_crypto_auth_algorithm algo, uint16_t key_len,
	uint16_t digest_len, bool verify)
{
	struct rte_crypto_sym_xform xform = xform_auth(algo, key_len, digest_len, verify);

	return session_create(sec, &xform);
}

void *
sec_session_gcm(struct sec_rig *sec, uint16_t aad_len, bool decrypt)
{
	struct rte_crypto_sym_xform xform = { .type = RTE_CRYPTO_SYM_XFORM_AEAD };

	xform.aead.algo = RTE_CRYPTO_AEAD_AES_GCM;
	xform.aead.op = decrypt ? RTE_CRYPTO_AEAD_OP_DECRYPT : RTE_CRYPTO_AEAD_OP_ENCRYPT;
	xform.aead.key.data = key;
	xform.aead.key.length = 32;
	xform.aead.iv.offset = SEC_IV_OFFSET;
	xform.aead.iv.length = 12;
	xform.aead.digest_length = 16;
	xform.aead.aad_length = aad_len;
	return session_create(sec, &xform);
}

void *
sec_session_chain(struct sec_rig *sec, enum rte_crypto_auth_algorithm algo, uint16_t digest_len,
	bool decrypt)
{
	struct rte_crypto_sym_xform cipher = xform_cipher(RTE_CRYPTO_CIPHER_AES_CBC, 16, 16,
		decrypt);
	struct rte_crypto_sym_xform auth = xform_auth(algo, 32, digest_len, decrypt);

	if (decrypt)
		auth.next = &cipher;
	else
		cipher.next = &auth;
	return session_create(sec, decrypt ? &auth : &cipher);
}

void *
sec_session_mac_first(struct sec_rig *sec, uint16_t digest_len)
{
	struct rte_crypto_sym_xform cipher = xform_cipher(RTE_CRYPTO_CIPHER_AES_CTR, 16, 16, false);
	struct rte_crypto_sym_xform auth = xform_auth(RTE_CRYPTO_AUTH_AES_CMAC, 16, digest_len,
		false);

	auth.next = &cipher;
	return session_create(sec, &auth);
}

struct hisi_sec_session *
sec_private(void *session)
{
	return CRYPTODEV_GET_SYM_SESS_PRIV(session);
}

/* ---- operations ---- */

static void
mbuf_init(struct rte_mbuf *mbuf, uint8_t *data, uint32_t len)
{
	memset(mbuf, 0, sizeof(*mbuf));
	mbuf->buf_addr = data;
	mbuf->buf_iova = (uintptr_t)data;
	mbuf->buf_len = (uint16_t)len;
	mbuf->data_len = (uint16_t)len;
	mbuf->pkt_len = len;
	mbuf->nb_segs = 1;
}

void
sec_op_init(struct sec_op *op, void *session, uint32_t len)
{
	enum hisi_sec_kind kind = session != NULL ? hisi_sec_kind(sec_private(session)) : 0;
	size_t i;

	memset(op, 0, sizeof(*op));
	for (i = 0; i < sizeof(op->data); i++)
		op->data[i] = (uint8_t)(i * 7);
	memset(op->iv, 0x1f, sizeof(op->iv));
	mbuf_init(&op->src, op->data, len);
	mbuf_init(&op->dst, op->out, len);
	op->op.type = RTE_CRYPTO_OP_TYPE_SYMMETRIC;
	op->op.sess_type = RTE_CRYPTO_OP_WITH_SESSION;
	/* Of an earlier use: the status is assigned. */
	op->op.status = 0x33;
	op->sym.session = session;
	op->sym.m_src = &op->src;
	if (kind == HISI_SEC_KIND_AEAD) {
		op->sym.aead.data.length = len;
		op->sym.aead.digest.data = op->digest;
		op->sym.aead.digest.phys_addr = (uintptr_t)op->digest;
		op->sym.aead.aad.data = op->aad;
		op->sym.aead.aad.phys_addr = (uintptr_t)op->aad;
		return;
	}
	op->sym.cipher.data.length = kind == HISI_SEC_KIND_AUTH ? 0 : len;
	op->sym.auth.data.length = len;
	op->sym.auth.digest.data = op->digest;
	op->sym.auth.digest.phys_addr = (uintptr_t)op->digest;
}

void
sec_op_cut(struct sec_op *op, uint16_t len)
{
	mbuf_init(&op->more, op->data + len, op->src.data_len - len);
	op->src.data_len = len;
	op->src.nb_segs = 2;
	op->src.next = &op->more;
}

uint16_t
sec_enqueue(struct sec_rig *sec, struct sec_op *ops, uint16_t count)
{
	struct rte_crypto_op *burst[64];
	uint16_t i;

	assert_true(count <= RTE_DIM(burst));
	for (i = 0; i < count; i++)
		burst[i] = &ops[i].op;
	return rte_cryptodev_enqueue_burst(sec->id, 0, burst, count);
}

uint16_t
sec_dequeue(struct sec_rig *sec, uint16_t most)
{
	struct rte_crypto_op *burst[64];
	uint16_t count, i;

	assert_true(most <= RTE_DIM(burst));
	count = rte_cryptodev_dequeue_burst(sec->id, 0, burst, most);
	assert_true(count <= most);
	for (i = 0; i < count; i++) {
		struct sec_op *op = container_of(burst[i], struct sec_op, op);

		op->returned++;
		assert_int_equal(op->returned, 1);
	}
	return count;
}

/* ---- the device ---- */

const uint32_t *
sec_sqe(struct sec_rig *sec, uint16_t qn, uint32_t count)
{
	return fake_queue_sqe(&sec->rig->fake, qn, count);
}

uint32_t
sec_pending(struct sec_rig *sec, uint16_t qn)
{
	return fake_queue_look(&sec->rig->fake, qn);
}

void
sec_answer(struct sec_rig *sec, uint16_t qn, uint32_t count, uint32_t w28)
{
	uint32_t *sqe = fake_queue_sqe(&sec->rig->fake, qn, count);

	sqe[HISI_SEC_DW_RESULT] = w28;
	fake_queue_complete(&sec->rig->fake, qn, count);
}

uint32_t
sec_answer_all(struct sec_rig *sec, uint16_t qn, uint32_t w28)
{
	struct fake_queue *queue = &sec->rig->fake.queues[qn];
	uint32_t pending = fake_queue_look(&sec->rig->fake, qn), i;

	for (i = 0; i < pending; i++)
		sec_answer(sec, qn, queue->posted, w28);
	return pending;
}

uint64_t
sec_address(const uint32_t *sqe, unsigned int dword)
{
	return sqe[dword] | (uint64_t)sqe[dword + 1] << 32;
}
