/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Functions that cannot be brought up: each is refused with its reason, and the bus is closed.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_memory.h>

#include "rig.h"
#include "test_eal.h"

/* Start a prepared rig: it fails with @p error and says @p message once. */
static void
check_refused(struct rig *rig, int error, const char *message)
{
	test_log_forget();
	assert_int_equal(rig_start(rig), error);
	if (test_log_count(message) != 1)
		fail_msg("'%s' was said %u times", message, test_log_count(message));
	assert_null(rig->dev);
	rig_close(rig);
}

static struct rig *
with_ids(uint16_t vendor, uint16_t device)
{
	struct rig *rig = rig_new(false);
	const uint16_t ids[2] = { vendor, device };

	memcpy(rig->fake.config, ids, sizeof(ids));
	return rig;
}

static void
test_other_functions(void **state)
{
	(void)state;
	check_refused(with_ids(0x19e5, 0xa255), -ENODEV, "function 19e5:a255 is not a rig engine");
	check_refused(with_ids(0x19e5, 0xa258), -ENODEV, "function 19e5:a258 is not");
	check_refused(with_ids(0x8086, 0xa250), -ENODEV, "function 8086:a250 is not");
	check_refused(with_ids(0xffff, 0xffff), -ENODEV, "function ffff:ffff is not");
}

/* @p revision in configuration space, @p sub in register 0x210 (qm.md 1.2). */
static struct rig *
with_version(uint8_t revision, uint32_t sub)
{
	struct rig *rig = rig_new(false);

	rig->fake.config[8] = revision;
	fake_reg_set(&rig->fake, 0x210, sub);
	return rig;
}

/* V1 was never more than a sample; of the others the interface is not known. */
static void
test_other_versions(void **state)
{
	(void)state;
	check_refused(with_version(0x20, 0), -ENOTSUP, "version 0x20 (V1) is not driven");
	check_refused(with_version(0x22, 0), -ENOTSUP, "version 0x22");
	check_refused(with_version(0x00, 0), -ENOTSUP, "version 0x0 ");
	check_refused(with_version(0x52, 0), -ENOTSUP, "version 0x52");
	check_refused(with_version(0xff, 0), -ENOTSUP, "version 0xff");
	/* Revision 0x30, and 0x210 says more. */
	check_refused(with_version(0x30, 0x20), -ENOTSUP, "version 0x20 (V1) is not driven");
	check_refused(with_version(0x30, 0x52), -ENOTSUP, "version 0x52");
	check_refused(with_version(0x30, UINT32_MAX), -ENOTSUP, "version 0xffffffff");
}

struct driven {
	uint8_t revision;
	uint32_t sub;
	enum hisi_qm_version version;
	bool reads_sub;
};

/* qm.md 1.2: 0x210 counts for revision 0x30 only, and only if it is not 0. */
static void
test_versions_that_are_driven(void **state)
{
	static const struct driven driven[] = {
		{ 0x21, 0x51, HISI_QM_V2, false },
		{ 0x30, 0, HISI_QM_V3, true },
		{ 0x30, 0x50, HISI_QM_V4, true },
		{ 0x30, 0x51, HISI_QM_V5, true },
		{ 0x50, 0x51, HISI_QM_V4, false },
		{ 0x51, 0x50, HISI_QM_V5, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(driven) / sizeof(driven[0]); i++) {
		struct rig *rig = with_version(driven[i].revision, driven[i].sub);

		assert_int_equal(rig_start(rig), 0);
		assert_int_equal(rig->dev->version, driven[i].version);
		assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, 0x210),
			driven[i].reads_sub);
		rig_close(rig);
	}
}

static void
test_configuration_space(void **state)
{
	struct rig *rig = rig_new(false);

	(void)state;
	fake_fail(&rig->fake, FAKE_CONFIG_READ, 0, 1, -EIO);
	check_refused(rig, -EIO, "configuration space cannot be read");
	rig = rig_new(false);
	fake_fail(&rig->fake, FAKE_CONFIG_READ, 8, 1, -ENODEV);
	check_refused(rig, -ENODEV, "configuration space cannot be read");
}

/* Written without an error, but not there when read back. */
static void
test_bus_master_does_not_stick(void **state)
{
	struct rig *rig = rig_new(false);

	(void)state;
	fake_fail(&rig->fake, FAKE_CONFIG_WRITE, 4, 1, -EPERM);
	check_refused(rig, -EPERM, "bus mastering did not switch on");
}

static void
test_reset_fails(void **state)
{
	struct rig *rig = rig_new(false);

	(void)state;
	rig->fake.reset_result = -EIO;
	check_refused(rig, -EIO, "function reset failed");
}

static void
test_vf_without_queues(void **state)
{
	struct rig *rig = rig_new(true);

	(void)state;
	rig->fake.vft_entry = 0;
	check_refused(rig, -ENXIO, "this VF has no queues");
	/* Anything but the valid bit, 44, is no entry either (qm.md 5.8). */
	rig = rig_new(true);
	rig->fake.vft_entry = ~(UINT64_C(1) << 44);
	check_refused(rig, -ENXIO, "its PF must give it some");
}

/* It is told that a VF has no queues before any context is set. */
static void
test_vf_without_queues_gets_no_contexts(void **state)
{
	struct rig *rig = rig_new(true);

	(void)state;
	rig->fake.vft_entry = 0;
	assert_int_equal(rig_start(rig), -ENXIO);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_EQC), 0);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_SQC_BT), 0);
	rig_close(rig);
}

static void
test_memory_init_never_ends(void **state)
{
	struct rig *rig = rig_new(false);

	(void)state;
	rig->fake.memory_init_hangs = true;
	check_refused(rig, -ETIME,
		"register 0x100044 qm_mem_init_done reads 0x0, wanted 0x1");
}

static void
test_vft_never_ready(void **state)
{
	struct rig *rig = rig_new(false);

	(void)state;
	rig->fake.vft_hangs = true;
	check_refused(rig, -ETIME, "register 0x10006c qm_vft_cfg_rdy");
}

static void
test_capabilities(void **state)
{
	struct rig *rig = rig_new(false);

	(void)state;
	rig->fake.caps[0] = UINT32_MAX;
	check_refused(rig, -ENODEV, "bring-up stopped at 'read capabilities'");
	/* Depths of 0 would make rings of 65536 entries out of depth - 1. */
	rig = rig_new(false);
	rig->fake.caps[0] = 1;
	check_refused(rig, -EIO, "capability word event_depths is 0x0");
}

static void
test_no_queue_pairs(void **state)
{
	struct rig *rig = rig_new(false);

	(void)state;
	rig->fake.capability = 0;
	check_refused(rig, -ENODEV, "no queue pairs at all");
	rig = rig_new(false);
	rig->args.queues = FAKE_QUEUES + 1;
	check_refused(rig, -EINVAL, "queues=9, but the device has 8 in all");
}

/* Whatever write of a bring-up fails, it ends there, with the bus closed. */
static void
test_each_write_may_fail(void **state)
{
	struct fake_access log[FAKE_LOG_LEN];
	struct rig *rig = rig_open(false);
	uint32_t count = rig->fake.log_len, i;

	(void)state;
	memcpy(log, rig->fake.log, sizeof(log));
	rig_close(rig);
	for (i = 0; i < count; i++) {
		if (log[i].kind != FAKE_WRITE)
			continue;
		rig = rig_new(false);
		fake_fail(&rig->fake, FAKE_WRITE, log[i].offset, 1, -EIO);
		assert_int_equal(rig_start(rig), -EIO);
		rig_close(rig);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_functions),
		cmocka_unit_test(test_other_versions),
		cmocka_unit_test(test_versions_that_are_driven),
		cmocka_unit_test(test_configuration_space),
		cmocka_unit_test(test_bus_master_does_not_stick),
		cmocka_unit_test(test_reset_fails),
		cmocka_unit_test(test_vf_without_queues),
		cmocka_unit_test(test_vf_without_queues_gets_no_contexts),
		cmocka_unit_test(test_memory_init_never_ends),
		cmocka_unit_test(test_vft_never_ready),
		cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_no_queue_pairs),
		cmocka_unit_test(test_each_write_may_fail),
	};
	int ret = test_eal_start("test_qm_refused");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_refused", tests, NULL, NULL));
}
