/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Sessions: the descriptors of sec.md 2.11, what is refused, and that nothing of a key stays.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include <hisi_sec_fill.h>

#include "fake_queue.h"
#include "sec_rig.h"
#include "test_eal.h"

#define W(which, n) (session->bd[HISI_SEC_TEMPLATE_ ## which][n])

/* sec.md 2.11, without the bits of buffers and destinations, which are an operation's. */
static void
test_encodings_bd3(void **state)
{
	struct sec_rig *sec = *state;
	struct hisi_sec_session *session;

	session = sec_private(sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false));
	assert_int_equal(W(CIPHER, 0), 0x00000003);
	assert_int_equal(W(CIPHER, 1), 0x00210001);
	assert_int_equal(W(CIPHER, 14), 0x04000000);
	session = sec_private(sec_session_gcm(sec, 20, false));
	assert_int_equal(W(CIPHER, 1), 0x00264101);
	session = sec_private(sec_session_gcm(sec, 20, true));
	assert_int_equal(W(CIPHER, 1), 0x40264102);
	session = sec_private(sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA256_HMAC, 32, false));
	assert_int_equal(W(BOTH, 1), 0x00210001);
	assert_int_equal(W(BOTH, 14), 0x04089081);
	session = sec_private(sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA256_HMAC, 32, true));
	assert_int_equal(W(BOTH, 1), 0x40210002);
	assert_int_equal(W(BOTH, 14), 0x04089082);
	session = sec_private(sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA256, 0, 32, false));
	assert_int_equal(W(AUTH, 14), 0x04008081);
	session = sec_private(sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA256_HMAC, 32, 32, false));
	assert_int_equal(W(AUTH, 14), 0x04089081);
	session = sec_private(sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CTR, 24, 16, false));
	assert_int_equal(W(CIPHER, 1), 0x00242001);
	session = sec_private(sec_session_cipher(sec, RTE_CRYPTO_CIPHER_3DES_CBC, 24, 8, false));
	assert_int_equal(W(CIPHER, 1), 0x00112001);
}

static void
test_encodings_bd2(void **state)
{
	struct sec_rig *sec;
	struct hisi_sec_session *session;

	(void)state;
	sec = sec_rig_start(HISI_QM_V2, HISI_QM_ON_ERROR_REPORT);
	session = sec_private(sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false));
	assert_int_equal(W(CIPHER, 0), 0x00000012);
	assert_int_equal(W(CIPHER, 3), 0x00021000);
	session = sec_private(sec_session_gcm(sec, 20, true));
	assert_int_equal(W(CIPHER, 0), 0x00000122);
	assert_int_equal(W(CIPHER, 3), 0x00026410);
	session = sec_private(sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA256_HMAC, 32, false));
	assert_int_equal(W(BOTH, 0), 0x00000052);
	assert_int_equal(W(BOTH, 2), 0x00008908);
	session = sec_private(sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA256_HMAC, 32, true));
	assert_int_equal(W(BOTH, 0), 0x000001a2);
	/* What only BD3 has. */
	assert_null(sec_session_auth(sec, RTE_CRYPTO_AUTH_AES_CMAC, 16, 16, false));
	sec_rig_end(sec);
}

/* The address of the key is that of the copy in the session. */
static void
test_keys_are_copied(void **state)
{
	struct hisi_sec_session *session = sec_private(sec_session_cipher(*state,
		RTE_CRYPTO_CIPHER_AES_CBC, 16, 16, false));

	assert_ptr_equal((void *)(uintptr_t)sec_address(session->bd[HISI_SEC_TEMPLATE_CIPHER],
		HISI_SEC_BD3_DW_C_KEY_ADDR), session->cipher_key);
	assert_int_equal(session->cipher_key[15], 15);
}

/* GMAC is GCM, so it goes with the device's bit for that; a hash does not. */
static void
test_gmac_needs_gcm(void **state)
{
	uint64_t without = ~(uint64_t)HISI_SEC_ALG_GCM_AES;
	const struct hisi_sec_auth_alg *alg = hisi_sec_auth_algs;

	(void)state;
	assert_true(hisi_sec_has_auth(alg, HISI_SEC_BD_TYPE_3, without));
	while (alg->auth != RTE_CRYPTO_AUTH_AES_GMAC)
		alg++;
	assert_true(hisi_sec_has_auth(alg, HISI_SEC_BD_TYPE_3, UINT64_MAX));
	assert_false(hisi_sec_has_auth(alg, HISI_SEC_BD_TYPE_3, without));
}

static bool
is_zero(const void *ptr, size_t len)
{
	const uint8_t *byte = ptr;

	while (len != 0 && *byte == 0) {
		byte++;
		len--;
	}
	return len == 0;
}

static void
test_nothing_stays(void **state)
{
	struct sec_rig *sec = *state;
	void *session = sec_session_chain(sec, RTE_CRYPTO_AUTH_SHA1_HMAC, 20, false);
	struct hisi_sec_session *private = sec_private(session);

	assert_false(is_zero(private->cipher_key, 16));
	assert_false(is_zero(private->auth_key, 32));
	assert_int_equal(rte_cryptodev_sym_session_free(sec->id, session), 0);
	assert_true(is_zero(private, sizeof(*private)));
}

/* A key that is longer than a block is its own hash (RFC 2104). */
static void
test_long_hmac_keys(void **state)
{
	struct sec_rig *sec = *state;
	struct hisi_sec_session *session;

	session = sec_private(sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA1_HMAC, 65, 20, false));
	assert_int_equal(session->auth_key_len, 20);
	/* SHA-1 of 0, 1, ... 64 */
	assert_memory_equal(session->auth_key, "\x69\xbd\x72\x8a\xd6\xe1\x3c\xd7\x6f\xf1", 10);
	session = sec_private(sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA1_HMAC, 64, 20, false));
	assert_int_equal(session->auth_key_len, 64);
	assert_int_equal(session->auth_key[63], 63);
	session = sec_private(sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA512_HMAC, 129, 64, false));
	assert_int_equal(session->auth_key_len, 64);
	/* None is a word of zeros. */
	session = sec_private(sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA1_HMAC, 0, 20, false));
	assert_int_equal(session->auth_key_len, 4);
	assert_true(is_zero(session->auth_key, 128));
}

/* Enqueue's copies are those of the layouts by which records are read. */
static void
test_records(void **state)
{
	uint8_t packed[2][HISI_SEC_RECORD_LEN];
	uint32_t bd[HISI_SEC_SQE_LEN / 4], i;

	(void)state;
	for (i = 0; i < RTE_DIM(bd); i++)
		bd[i] = 0x01010101 * (i + 1);
	hisi_record_pack(&hisi_sec_record_bd2, bd, packed[0]);
	hisi_sec_record(true, bd, packed[1]);
	assert_memory_equal(packed[0], packed[1], sizeof(packed[0]));
	hisi_record_pack(&hisi_sec_record_bd3, bd, packed[0]);
	hisi_sec_record(false, bd, packed[1]);
	assert_memory_equal(packed[0], packed[1], sizeof(packed[0]));
}

static void
test_refusals(void **state)
{
	struct sec_rig *sec = *state;

	assert_null(sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 17, 16, false));
	assert_null(sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_CBC, 16, 12, false));
	assert_null(sec_session_cipher(sec, RTE_CRYPTO_CIPHER_AES_XTS, 48, 16, false));
	assert_null(sec_session_cipher(sec, RTE_CRYPTO_CIPHER_KASUMI_F8, 16, 16, false));
	assert_null(sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA1_HMAC, 20, 21, false));
	assert_null(sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA1_HMAC, 20, 10, false));
	assert_null(sec_session_auth(sec, RTE_CRYPTO_AUTH_AES_CMAC, 32, 16, false));
	assert_null(sec_session_auth(sec, RTE_CRYPTO_AUTH_SHA3_256, 0, 32, false));
	assert_int_equal(test_log_count("is not supported"), 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_encodings_bd3, sec_setup, sec_teardown),
		cmocka_unit_test(test_gmac_needs_gcm),
		cmocka_unit_test_setup_teardown(test_keys_are_copied, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_nothing_stays, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_long_hmac_keys, sec_setup, sec_teardown),
		cmocka_unit_test_setup_teardown(test_refusals, sec_setup, sec_teardown),
		cmocka_unit_test(test_encodings_bd2),
		cmocka_unit_test(test_records),
	};
	int ret = test_eal_start("hisi_sec_session");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests(tests, NULL, NULL));
}
