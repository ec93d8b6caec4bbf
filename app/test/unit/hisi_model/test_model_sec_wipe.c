/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * After an operation nothing of its key is left in this process but where the client keeps it: not
 * the key, not a round key. All writable memory is searched, registers by what they leave on a
 * stack. Keys are only ever in the client's memory here, and patterns are kept inverted.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <nettle/aes.h>

#include "sec_rig.h"

#define PIECE 16
#define CHUNK (1u << 20)

/** What must not be found: 16 bytes of a key and of its first derived round key, inverted. */
struct pattern {
	uint8_t inverted[2][PIECE];
	bool has_round_key;
};

struct sweep {
	const struct pattern *pattern;
	uint32_t found;
};

static bool
is_pattern(const uint8_t *at, const uint8_t inverted[PIECE])
{
	uint32_t i;

	for (i = 0; i < PIECE; i++)
		if ((at[i] ^ inverted[i]) != 0xff)
			return false;
	return true;
}

static void
search(struct sweep *sweep, const uint8_t *bytes, size_t len, uintptr_t where)
{
	size_t i;

	for (i = 0; i + PIECE <= len; i++) {
		if (is_pattern(bytes + i, sweep->pattern->inverted[0])) {
			print_message("key at 0x%zx\n", where + i);
			sweep->found++;
		}
		if (sweep->pattern->has_round_key &&
		    is_pattern(bytes + i, sweep->pattern->inverted[1])) {
			print_message("round key at 0x%zx\n", where + i);
			sweep->found++;
		}
	}
}

static void
search_map(struct sweep *sweep, int mem, uintptr_t from, uintptr_t to, uint8_t *chunk)
{
	ssize_t len;

	/* Chunks overlap, so that none cuts a pattern. */
	for (; from < to; from += CHUNK - PIECE) {
		size_t want = to - from < CHUNK ? to - from : CHUNK;

		len = pread(mem, chunk, want, (off_t)from);
		if (len > 0)
			search(sweep, chunk, (size_t)len, from);
		if (want < CHUNK)
			break;
	}
}

static uint32_t
search_process(struct sweep *sweep)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	int mem = open("/proc/self/mem", O_RDONLY);
	static uint8_t chunk[CHUNK];
	char line[512], perms[8];
	uintptr_t from, to;

	assert_non_null(maps);
	assert_true(mem >= 0);
	sweep->found = 0;
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%zx-%zx %7s", &from, &to, perms) != 3 || perms[1] != 'w')
			continue;
		/* The client's own memory, in its view and in the device's. */
		if (strstr(line, "memfd:rig") != NULL)
			continue;
		if ((uintptr_t)chunk >= from && (uintptr_t)chunk < to) {
			search_map(sweep, mem, from, (uintptr_t)chunk, chunk);
			from = (uintptr_t)chunk + CHUNK;
		}
		search_map(sweep, mem, from, to, chunk);
	}
	fclose(maps);
	close(mem);
	return sweep->found;
}

/** A random key in the client's memory, and what to search for. */
static __attribute__((noinline)) void
make_key(uint8_t *key, uint32_t len, struct pattern *pattern)
{
	struct aes128_ctx aes128;
	struct aes256_ctx aes256;
	const void *round = NULL;
	uint32_t i;

	assert_int_equal(getrandom(key, len, 0), len);
	if (len == 16) {
		aes128_set_encrypt_key(&aes128, key);
		round = &aes128.keys[4];
	} else if (len == 32) {
		aes256_set_encrypt_key(&aes256, key);
		round = &aes256.keys[8];
	}
	pattern->has_round_key = round != NULL;
	for (i = 0; i < PIECE; i++) {
		pattern->inverted[0][i] = (uint8_t)~key[i];
		if (round != NULL)
			pattern->inverted[1][i] = (uint8_t)~((const uint8_t *)round)[i];
	}
	explicit_bzero(&aes128, sizeof(aes128));
	explicit_bzero(&aes256, sizeof(aes256));
}

/** Overwrite what making the key left on the stack. */
static __attribute__((noinline)) void
clean_stack(void)
{
	uint8_t stack[16384];

	explicit_bzero(stack, sizeof(stack));
}

static uint8_t zero[256];

#define ENCRYPT .type = 3, .cipher = HISI_SEC_CIPHER_ENCRYPT, .key = zero, .iv = zero, \
	.iv_len = 16, .a_iv = zero, .a_iv_len = 16, .src = zero, .src_len = 128, .c_len = 128
#define CIPHER(alg, mode, len) { ENCRYPT, .c_alg = HISI_SEC_C_ALG_##alg, \
	.c_mode = HISI_SEC_C_MODE_##mode, .key_len = len, .c_icv_len = 16, \
	.c_key_len = len >= 32 ? 2 : 0, .c_width = HISI_SEC_C_MODE_##mode == 9 ? 3 : 0 }
#define MAC(alg, words) { .type = 3, .auth = HISI_SEC_AUTH_COMPUTE, .a_key = zero, \
	.a_key_len = 4 * words, .a_key_words = words, .a_alg = HISI_SEC_A_ALG_##alg, \
	.mac_words = 4, .src = zero, .src_len = 128, .a_len = 128 }

static const struct sec_op operations[] = {
	CIPHER(AES, ECB, 16), CIPHER(AES, CBC, 16), CIPHER(AES, CBC, 32), CIPHER(AES, CTR, 16),
	CIPHER(AES, CFB, 32), CIPHER(AES, OFB, 16), CIPHER(AES, OFB, 32), CIPHER(AES, CBC_CS, 16),
	CIPHER(AES, GCM, 16), CIPHER(AES, GCM, 32), CIPHER(SM4, ECB, 16), CIPHER(SM4, CBC, 16),
	CIPHER(SM4, OFB, 16), CIPHER(SM4, GCM, 16), CIPHER(AES, XTS, 64),
	MAC(HMAC_SHA1, 4), MAC(HMAC_SHA256, 8), MAC(HMAC_SHA512, 8), MAC(HMAC_MD5, 8),
	MAC(HMAC_SM3, 8), MAC(CMAC, 4), MAC(XCBC, 4),
};

static void
check_operation(struct sec_rig *s, size_t i, struct sweep *sweep)
{
	struct sec_op op = operations[i];
	bool is_mac = op.key_len == 0;
	uint32_t words[32], len = is_mac ? op.a_key_len : op.key_len;
	struct hisi_zip_sqe sqe, done;
	struct pattern pattern;
	uint64_t address;

	sec_op_prepare(s, &op, words);
	memcpy(&address, words + (is_mac ? HISI_SEC_BD3_DW_A_KEY_ADDR :
		HISI_SEC_BD3_DW_C_KEY_ADDR), sizeof(address));
	make_key(rig_ptr(&s->rig.pf, address), len, &pattern);
	clean_stack();
	memcpy(&sqe, words, sizeof(sqe));
	done = rig_queue_do(&s->rig, &s->q, &sqe);
	assert_int_equal(((const uint32_t *)&done)[28] & HISI_SEC_W28_ERROR_TYPE, 0);
	sweep->pattern = &pattern;
	if (search_process(sweep) != 0)
		fail_msg("operation %zu leaves something of its key", i);
}

static void
test_nothing_remains(void **state)
{
	struct sec_rig *s = calloc(1, sizeof(*s));
	struct sweep sweep;
	size_t i;

	(void)state;
	sec_rig_start(s, "v3", MODEL_DMA_FAULT_OP);
	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		check_operation(s, i, &sweep);
	sec_rig_stop(s);
	free(s);
}

/* The search finds what is there, or the test above has no point. */
static void
test_search_finds(void **state)
{
	uint8_t *key = malloc(16);
	struct pattern pattern;
	struct sweep sweep = { .pattern = &pattern };

	(void)state;
	make_key(key, 16, &pattern);
	clean_stack();
	assert_true(search_process(&sweep) >= 1);
	explicit_bzero(key, 16);
	free(key);
	assert_int_equal(search_process(&sweep), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search_finds),
		cmocka_unit_test(test_nothing_remains),
	};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	print_message("skipped: the memory of a sanitizer is as large as the address space\n");
	return 77;
#endif
	return cmocka_run_group_tests_name("hisi_model_sec_wipe", tests, NULL, NULL);
}
