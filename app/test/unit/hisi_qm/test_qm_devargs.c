/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Devargs and the release check: what a user can get wrong is told by name and refused.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rte_version.h>

#include <hisi_qm_devargs.h>

#include "test_eal.h"

static void
check_refused(const char *text, const char *message)
{
	struct hisi_qm_devargs args;

	test_log_forget();
	assert_int_equal(hisi_qm_devargs_parse("dev7", text, true, &args), -EINVAL);
	if (test_log_count(message) != 1)
		fail_msg("'%s' is not refused with '%s'", text, message);
	/* One message, and it names the device. */
	assert_int_equal(test_log_count("HISI_QM: "), 1);
	assert_int_equal(test_log_count("HISI_QM: dev7: "), 1);
}

static void
test_defaults(void **state)
{
	struct hisi_qm_devargs args;

	(void)state;
	assert_int_equal(hisi_qm_devargs_parse("dev7", "socket=/run/x.sock", true, &args), 0);
	assert_string_equal(args.socket, "/run/x.sock");
	assert_int_equal(args.timeout_ms, 2000);
	assert_int_equal(args.reconnect, 5);
	assert_int_equal(args.queues, 0);
	assert_int_equal(args.recorder, 256);
	/* PCI needs no socket, and no text at all. */
	assert_int_equal(hisi_qm_devargs_parse("dev7", NULL, false, &args), 0);
	assert_int_equal(hisi_qm_devargs_parse("dev7", "", false, &args), 0);
	assert_string_equal(args.socket, "");
}

static void
test_all_keys(void **state)
{
	struct hisi_qm_devargs args;

	(void)state;
	assert_int_equal(hisi_qm_devargs_parse("dev7", "queues=64,socket=s,timeout_ms=0x10", true,
		&args), 0);
	assert_string_equal(args.socket, "s");
	assert_int_equal(args.timeout_ms, 16);
	assert_int_equal(args.queues, 64);
}

static void
test_limits(void **state)
{
	struct hisi_qm_devargs args;

	(void)state;
	assert_int_equal(hisi_qm_devargs_parse("d", "timeout_ms=10,queues=2", false, &args), 0);
	assert_int_equal(args.timeout_ms, 10);
	assert_int_equal(args.queues, 2);
	assert_int_equal(hisi_qm_devargs_parse("d", "timeout_ms=3600000,queues=1024", false,
		&args), 0);
	assert_int_equal(args.timeout_ms, 3600000);
	assert_int_equal(args.queues, 1024);
	assert_int_equal(hisi_qm_devargs_parse("d", "recorder=0", false, &args), 0);
	assert_int_equal(args.recorder, 0);
	assert_int_equal(hisi_qm_devargs_parse("d", "recorder=65536", false, &args), 0);
	assert_int_equal(args.recorder, 65536);
}

static void
test_bad_numbers(void **state)
{
	static const char * const values[] = { "9", "3600001", "-1", "-10", "abc", "10x", "1e3",
		"0x", "", "99999999999999999999999", "18446744073709551626", "4294967306",
		"-18446744073709551606", "10 ", "+10" };
	char text[96], message[96];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		snprintf(text, sizeof(text), "socket=s,timeout_ms=%s", values[i]);
		snprintf(message, sizeof(message),
			"timeout_ms=%s is not a number from 10 to 3600000", values[i]);
		check_refused(text, message);
	}
	/* 10 modulo 2^64, behind what strtoull() would skip. */
	check_refused("socket=s,timeout_ms=\t-18446744073709551606", "is not a number");
	check_refused("socket=s,queues=0", "queues=0 is not a number from 2 to 1024");
	check_refused("socket=s,queues=1", "queues=1 is not a number from 2 to 1024");
	check_refused("socket=s,queues=1025", "queues=1025 is not a number from 2 to 1024");
	check_refused("socket=s,queues", "queues= is not a number from 2 to 1024");
	check_refused("socket=s,recorder=65537", "recorder=65537 is not a number from 0 to 65536");
	check_refused("socket=s,vfs=64,vf_queues=2", "vfs=64 is not a number from 0 to 63");
	check_refused("socket=s,vfs=1,vf_queues=1", "vf_queues=1 is not a number from 2 to 1024");
}

static void
test_vfs_and_their_queues(void **state)
{
	struct hisi_qm_devargs args;

	(void)state;
	assert_int_equal(hisi_qm_devargs_parse("d", "vfs=63,vf_queues=16", false, &args), 0);
	assert_int_equal(args.vfs, 63);
	assert_int_equal(args.vf_queues, 16);
	assert_int_equal(hisi_qm_devargs_parse("d", "vfs=0", false, &args), 0);
	check_refused("socket=s,vfs=2", "vfs without vf_queues");
	check_refused("socket=s,vf_queues=2", "vf_queues without vfs");
	check_refused("socket=s,vfs=0,vf_queues=2", "vf_queues without vfs");
}

static void
test_on_error(void **state)
{
	struct hisi_qm_devargs args;

	(void)state;
	assert_int_equal(hisi_qm_devargs_parse("d", "", false, &args), 0);
	assert_int_equal(args.on_error, HISI_QM_ON_ERROR_REPORT);
	assert_int_equal(hisi_qm_devargs_parse("d", "on_error=replay", false, &args), 0);
	assert_int_equal(args.on_error, HISI_QM_ON_ERROR_REPLAY);
	assert_int_equal(hisi_qm_devargs_parse("d", "on_error=report,socket=s", true, &args), 0);
	assert_int_equal(args.on_error, HISI_QM_ON_ERROR_REPORT);
	check_refused("socket=s,on_error=retry", "on_error=retry is neither report nor replay");
	check_refused("socket=s,on_error=", "on_error= is neither report nor replay");
	check_refused("socket=s,on_error", "on_error= is neither report nor replay");
	check_refused("socket=s,on_error=Replay", "on_error=Replay is neither");
}

static void
test_unknown_keys(void **state)
{
	(void)state;
	check_refused("socket=s,sockte=t",
		"unknown key 'sockte'; known keys: socket, reconnect, timeout_ms, queues");
	check_refused("Socket=s", "unknown key 'Socket'");
	check_refused("socket=s,queue=4", "unknown key 'queue'");
	check_refused("timeout=5", "unknown key 'timeout'");
}

/* A function on PCI has no socket. */
static void
test_socket_on_pci(void **state)
{
	struct hisi_qm_devargs args;

	(void)state;
	test_log_forget();
	assert_int_equal(hisi_qm_devargs_parse("dev7", "socket=/run/x.sock", false, &args),
		-EINVAL);
	assert_int_equal(test_log_count("dev7: unknown key 'socket'; known keys: timeout_ms, "), 1);
	assert_int_equal(hisi_qm_devargs_parse("dev7", "queues=4,timeout_ms=77", false, &args), 0);
	assert_int_equal(args.queues, 4);
	assert_int_equal(args.timeout_ms, 77);
}

static void
test_missing_socket(void **state)
{
	(void)state;
	check_refused("", "the key 'socket' is missing; start dpdk-hisi-emu");
	check_refused("timeout_ms=100", "the key 'socket' is missing");
	check_refused("socket=", "socket= is not a path of 1 to 107 characters");
	check_refused("socket", "socket= is not a path of 1 to 107 characters");
}

/* A UNIX socket's path has 107 characters and a NUL. */
static void
test_path_lengths(void **state)
{
	struct hisi_qm_devargs args;
	char text[256], path[200];

	(void)state;
	memset(path, 'p', sizeof(path));
	path[107] = '\0';
	snprintf(text, sizeof(text), "socket=%s", path);
	assert_int_equal(hisi_qm_devargs_parse("dev7", text, true, &args), 0);
	assert_string_equal(args.socket, path);
	path[107] = 'p';
	path[108] = '\0';
	snprintf(text, sizeof(text), "socket=%s", path);
	check_refused(text, "is not a path of 1 to 107 characters");
}

/* Which of them was meant, nobody knows. */
static void
test_duplicates(void **state)
{
	(void)state;
	check_refused("socket=a,timeout_ms=50,socket=b", "key 'socket' is there twice (a, b)");
	check_refused("socket=a,timeout_ms=50,timeout_ms=50",
		"key 'timeout_ms' is there twice (50, 50)");
}

static void
test_release(void **state)
{
	static const char * const others[] = { "", "DPDK", "22.11.11", "DPDK 22", "DPDK x.y",
		"DPDK 22.11", "DPDK 0.0.0" };
	char text[64];
	size_t i;

	(void)state;
	assert_int_equal(hisi_qm_check_release("dev7", rte_version()), 0);
	/* A later fix, a candidate, and the way that older releases write their month. */
	snprintf(text, sizeof(text), "DPDK %d.%02d.99", RTE_VER_YEAR, RTE_VER_MONTH);
	assert_int_equal(hisi_qm_check_release("dev7", text), 0);
	snprintf(text, sizeof(text), "DPDK %d.%d.0-rc2", RTE_VER_YEAR, RTE_VER_MONTH);
	assert_int_equal(hisi_qm_check_release("dev7", text), 0);
	snprintf(text, sizeof(text), "DPDK %d.%02d.1", RTE_VER_YEAR + 1, RTE_VER_MONTH);
	test_log_forget();
	assert_int_equal(hisi_qm_check_release("dev7", text), -ENOTSUP);
	assert_int_equal(test_log_count("HISI_QM: dev7: this process runs DPDK"), 1);
	snprintf(text, sizeof(text), "DPDK %d.%02d.1", RTE_VER_YEAR, RTE_VER_MONTH - 3);
	assert_int_equal(hisi_qm_check_release("dev7", text), -ENOTSUP);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (RTE_VER_YEAR == 22 && strcmp(others[i], "DPDK 22.11") == 0)
			continue;
		assert_int_equal(hisi_qm_check_release("dev7", others[i]), -ENOTSUP);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all_keys),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_bad_numbers),
		cmocka_unit_test(test_vfs_and_their_queues),
		cmocka_unit_test(test_on_error),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_missing_socket),
		cmocka_unit_test(test_socket_on_pci),
		cmocka_unit_test(test_path_lengths),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_release),
	};
	int ret = test_eal_start("test_qm_devargs");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_devargs", tests, NULL, NULL));
}
