/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/* Software: what it cannot do is an error, and nothing of the data stays on the stack. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include <hisi_sec_soft.h>

#include "sec_rig.h"
#include "test_eal.h"

static struct sec_op op;

static uint8_t
run(void *session)
{
	struct hisi_sec_request request;

	hisi_sec_request_init(&request, &op.op, sec_private(session));
	return hisi_sec_soft_run(&request);
}

static void *
session_ccm(struct sec_rig *sec, bool decrypt)
{
	struct rte_crypto_sym_xform xform = { .type = RTE_CRYPTO_SYM_XFORM_AEAD };
	static const uint8_t key[16];

	xform.aead.algo = RTE_CRYPTO_AEAD_AES_CCM;
	xform.aead.op = decrypt ? RTE_CRYPTO_AEAD_OP_DECRYPT : RTE_CRYPTO_AEAD_OP_ENCRYPT;
	xform.aead.key.data = key;
	xform.aead.key.length = sizeof(key);
	xform.aead.iv.offset = SEC_IV_OFFSET;
	xform.aead.iv.length = 12;
	xform.aead.digest_length = 8;
	return rte_cryptodev_sym_session_create(sec->id, &xform, sec->sessions);
}

/* Flat it is computed, right and wrong; in pieces OpenSSL does not take it, which is no forgery. */
static void
test_ccm(void **state)
{
	struct sec_rig *sec = *state;
	void *decrypt = session_ccm(sec, true);
	uint8_t before[64];

	sec_op_init(&op, session_ccm(sec, false), 64);
	memcpy(before, op.data, sizeof(before));
	assert_int_equal(run(op.sym.session), RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_memory_not_equal(op.data, before, sizeof(before));
	op.sym.session = decrypt;
	assert_int_equal(run(decrypt), RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_memory_equal(op.data, before, sizeof(before));
	assert_int_equal(run(decrypt), RTE_CRYPTO_OP_STATUS_AUTH_FAILED);
	sec_op_cut(&op, 40);
	assert_int_equal(run(decrypt), RTE_CRYPTO_OP_STATUS_ERROR);
	sec_op_init(&op, session_ccm(sec, false), 64);
	sec_op_cut(&op, 40);
	assert_int_equal(run(op.sym.session), RTE_CRYPTO_OP_STATUS_ERROR);
}

/* Out of place, what is authenticated and not deciphered is in the destination, too. */
static void
test_copied_around(void **state)
{
	struct sec_rig *sec = *state;
	void *encrypt = sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA256_HMAC, 32, false);
	void *decrypt = sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA256_HMAC, 32, true);
	uint8_t plain[80];

	sec_op_init(&op, encrypt, sizeof(plain));
	op.sym.cipher.data.offset = 20;
	op.sym.cipher.data.length = 48;
	memcpy(plain, op.data, sizeof(plain));
	assert_int_equal(run(encrypt), RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_memory_not_equal(op.data + 20, plain + 20, 48);
	op.sym.session = decrypt;
	op.sym.m_dst = &op.dst;
	assert_int_equal(run(decrypt), RTE_CRYPTO_OP_STATUS_SUCCESS);
	assert_memory_equal(op.out, plain, sizeof(plain));
}

#define PATTERN 0xa7
#define PATTERN_LEN 16
#define STACK_LEN 16384

/* Bytes of the pattern in a row, below the caller's frame: what calls before have left there. */
static __rte_noinline unsigned int
longest_on_stack(void)
{
	volatile uint8_t stack[STACK_LEN];
	unsigned int i, run_len = 0, longest = 0;

	/* The compiler must not know that nobody has written to it. */
	__asm__ volatile("" : "=m"(stack));
	for (i = 0; i < STACK_LEN; i++) {
		run_len = stack[i] == PATTERN ? run_len + 1 : 0;
		longest = RTE_MAX(longest, run_len);
	}
	return longest;
}

/* The destination is a chain that has become shorter than it was when it was measured. */
static void
test_no_plain_text_stays(void **state)
{
	struct sec_rig *sec = *state;
	void *encrypt = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CTR, 16, 16, false);
	struct hisi_sec_request request;

	sec_op_init(&op, encrypt, 256);
	memset(op.data, PATTERN, 256);
	assert_int_equal(run(encrypt), RTE_CRYPTO_OP_STATUS_SUCCESS);
	op.sym.session = sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CTR, 16, 16, true);
	op.sym.m_dst = &op.dst;
	hisi_sec_request_init(&request, &op.op, sec_private(op.sym.session));
	op.dst.data_len = 200;
	assert_int_equal(hisi_sec_soft_run(&request), RTE_CRYPTO_OP_STATUS_ERROR);
	assert_true(longest_on_stack() < PATTERN_LEN);
	assert_int_equal(op.out[199], PATTERN);
	assert_int_equal(op.out[200], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ccm, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_copied_around, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_no_plain_text_stays, sec_setup, sec_teardown),
	};
	int ret = test_eal_start("hisi_sec_soft");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests(tests, NULL, NULL));
}
