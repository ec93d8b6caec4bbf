/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Which function has which queues, and where their doorbells are: entries against qm.md 5.8 and
 * 6.3, limits against 2.2, isolation against 4.2.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_common.h>

#include "rig.h"
#include "test_eal.h"

#define MAX_ENTRIES 256

/* One VFT operation, as the registers had it when it was started. */
struct entry {
	uint32_t type;
	uint32_t address;
	uint64_t data;
};

/* The write operations since the log was forgotten, in order. */
static uint32_t
collect_entries(const struct fake_bus *fake, struct entry *entries)
{
	struct entry next = { 0, 0, 0 };
	uint32_t i, count = 0, data_l = 0, data_h = 0, is_read = 0;

	assert_true(fake->log_len <= FAKE_LOG_LEN);
	for (i = 0; i < fake->log_len; i++) {
		const struct fake_access *access = &fake->log[i];
		uint32_t value = (uint32_t)access->value;

		if (access->kind != FAKE_WRITE)
			continue;
		next.type = access->offset == 0x10005c ? value : next.type;
		next.address = access->offset == 0x100060 ? value : next.address;
		data_l = access->offset == 0x100064 ? value : data_l;
		data_h = access->offset == 0x100068 ? value : data_h;
		is_read = access->offset == 0x100058 ? value : is_read;
		if (access->offset != 0x100054 || is_read)
			continue;
		assert_true(count < MAX_ENTRIES);
		next.data = (uint64_t)data_h << 32 | data_l;
		entries[count++] = next;
	}
	return count;
}

static struct rig *
new_pf(uint32_t queues, uint32_t vfs, uint32_t vf_queues)
{
	struct rig *rig = rig_new(false);

	rig->args.queues = queues;
	rig->args.vfs = vfs;
	rig->args.vf_queues = vf_queues;
	/* 1024 in all, and no QoS: capability version 1 and nothing else. */
	rig->fake.capability = 1024 | 1024 << 11;
	rig->fake.caps[0] = 1;
	rig->fake.caps[1] = 0x04000800;
	rig->fake.caps[2] = 0x04000400;
	return rig;
}

static void
check_entry(const struct entry *entry, uint32_t type, uint32_t address, uint64_t data)
{
	assert_int_equal(entry->type, type);
	assert_int_equal(entry->address, address);
	assert_true(entry->data == data);
}

/* qm.md 5.8: base [43:28], valid 44, count - 1 [54:45]; the CQC's only bit 28. */
static uint64_t
sqc_entry(uint64_t base, uint64_t count)
{
	return base << 28 | UINT64_C(1) << 44 | (count - 1) << 45;
}

static void
check_shares(const struct fake_bus *fake, uint32_t own, uint32_t vfs, uint32_t vf_queues)
{
	struct entry entries[MAX_ENTRIES];
	uint32_t i;

	assert_int_equal(collect_entries(fake, entries), 2 * (vfs + 1));
	check_entry(&entries[0], 0, 0, sqc_entry(0, own));
	check_entry(&entries[1], 1, 0, 0x10000000);
	for (i = 1; i <= vfs; i++) {
		check_entry(&entries[2 * i], 0, i,
			sqc_entry(own + (i - 1) * vf_queues, vf_queues));
		check_entry(&entries[2 * i + 1], 1, i, 0x10000000);
	}
}

/* The PF keeps what was asked for, or what remains; the VFs' follow. */
static void
test_shares(void **state)
{
	static const struct {
		uint32_t queues, vfs, vf_queues, own;
	} cases[] = {
		{ 64, 3, 320, 64 },
		{ 0, 2, 16, 1024 - 32 },
		{ 0, 63, 16, 16 },
		{ 2, 1, 1022, 2 },
		{ 16, 0, 0, 16 },
		{ 0, 0, 0, 1024 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(cases); i++) {
		struct rig *rig = new_pf(cases[i].queues, cases[i].vfs, cases[i].vf_queues);

		assert_int_equal(rig_start(rig), 0);
		check_shares(&rig->fake, cases[i].own, cases[i].vfs, cases[i].vf_queues);
		assert_int_equal(rig->dev->nb_queues, cases[i].own);
		rig_close(rig);
	}
}

/* Afterwards and before the VFs may work: the entries of a reset are gone (qm.md 6.1). */
static void
test_again_after_reset(void **state)
{
	struct rig *rig = new_pf(64, 2, 16);

	(void)state;
	assert_int_equal(rig_start(rig), 0);
	hisi_qm_monitor_remove(rig->dev);
	rig->by_hand = true;
	fake_log_forget(&rig->fake);
	assert_int_equal(hisi_qm_dev_reset(rig->dev), 0);
	assert_int_equal(hisi_qm_bringup(rig->dev), 0);
	check_shares(&rig->fake, 64, 2, 16);
	rig_close(rig);
}

/* What a driver before us left, of functions that get none: cleared before the PF's own entry. */
static void
test_left_by_another_driver(void **state)
{
	struct rig *rig = new_pf(64, 1, 16);
	struct entry entries[MAX_ENTRIES];
	uint32_t i;

	(void)state;
	rig->fake.vft[1] = sqc_entry(0, 8);
	rig->fake.vft[2] = sqc_entry(8, 8);
	rig->fake.vft[63] = sqc_entry(16, 1);
	assert_int_equal(rig_start(rig), 0);
	assert_int_equal(collect_entries(&rig->fake, entries), 10);
	for (i = 0; i < 6; i++)
		check_entry(&entries[i], i % 2, i < 2 ? 1 : i < 4 ? 2 : 63, 0);
	check_entry(&entries[6], 0, 0, sqc_entry(0, 64));
	check_entry(&entries[8], 0, 1, sqc_entry(64, 16));
	rig_close(rig);
}

/* qm.md 6.3: "entry 0 for types 0 and 1", of every function. */
static void
test_taken_at_close(void **state)
{
	struct rig *rig = new_pf(64, 2, 16);
	struct entry entries[MAX_ENTRIES];
	uint32_t i;

	(void)state;
	assert_int_equal(rig_start(rig), 0);
	fake_log_forget(&rig->fake);
	hisi_qm_dev_close(rig->dev);
	rig->dev = NULL;
	assert_int_equal(collect_entries(&rig->fake, entries), 6);
	for (i = 0; i < 6; i++)
		check_entry(&entries[i], i % 2, i / 2, 0);
	rig_close(rig);
}

/* With QoS each function gets its shaper, for both types of queues (qm.md 5.8, 6.3). */
static void
test_shaper_of_vfs(void **state)
{
	struct rig *rig = new_pf(64, 1, 16);
	struct entry entries[MAX_ENTRIES];

	(void)state;
	rig->fake.caps[0] = 0x101;
	assert_int_equal(rig_start(rig), 0);
	assert_int_equal(collect_entries(&rig->fake, entries), 8);
	check_entry(&entries[2], 2, 0x00, 0x988696);
	check_entry(&entries[3], 2, 0x40, 0x988696);
	check_entry(&entries[4], 0, 1, sqc_entry(64, 16));
	check_entry(&entries[6], 2, 0x01, 0x988696);
	check_entry(&entries[7], 2, 0x41, 0x988696);
	rig_close(rig);
}

static void
check_refused(struct rig *rig, int error, const char *message)
{
	struct entry entries[MAX_ENTRIES];

	test_log_forget();
	assert_int_equal(rig_start(rig), error);
	rig->dev = NULL;
	assert_int_equal(test_log_count(message), 1);
	/* Nothing was given to anybody. */
	assert_int_equal(collect_entries(&rig->fake, entries), 0);
	rig_close(rig);
}

static void
test_too_many(void **state)
{
	struct rig *rig;

	(void)state;
	check_refused(new_pf(64, 3, 321), -EINVAL,
		"3 VFs of 321 queues and 64 for the PF are more than the 1024 of the device");
	/* Nothing would remain for the PF. */
	check_refused(new_pf(0, 2, 512), -EINVAL, "2 VFs of 512 queues and 1 for the PF");
	rig = new_pf(0, 1, 17);
	rig->fake.capability = 16 | 16 << 11;
	check_refused(rig, -EINVAL, "vf_queues=17, but the device has 16 in all");
	rig = new_pf(17, 0, 0);
	rig->fake.capability = 16 | 16 << 11;
	check_refused(rig, -EINVAL, "queues=17, but the device has 16 in all");
}

static void
test_vf_gives_nothing(void **state)
{
	struct rig *rig = rig_new(true);

	(void)state;
	rig->args.vfs = 2;
	rig->args.vf_queues = 4;
	check_refused(rig, -EINVAL, "vfs=2 is for a PF, and this is a VF");
}

/* qm.md 2.2: the limit per function counts with isolation only. */
static void
test_limit_per_function(void **state)
{
	struct rig *rig;
	uint32_t isolated;

	(void)state;
	for (isolated = 0; isolated < 2; isolated++) {
		rig = new_pf(0, 0, 0);
		rig->fake.capability = 1024 | 256 << 11;
		rig->fake.iso_cfg = isolated;
		assert_int_equal(rig_start(rig), 0);
		assert_int_equal(rig->dev->nb_queues, isolated ? 256 : 1024);
		assert_int_equal(rig->fake.isolated, isolated);
		rig_close(rig);
	}
	rig = new_pf(257, 0, 0);
	rig->fake.capability = 1024 | 256 << 11;
	rig->fake.iso_cfg = 1;
	check_refused(rig, -EINVAL, "queues=257, but the device has 256 for one function");
	rig = new_pf(16, 2, 257);
	rig->fake.capability = 1024 | 256 << 11;
	rig->fake.iso_cfg = 1;
	check_refused(rig, -EINVAL, "vf_queues=257, but the device has 256 for one function");
	rig = new_pf(0, 0, 0);
	rig->fake.capability = 1024;
	rig->fake.iso_cfg = 1;
	check_refused(rig, -ENODEV, "qm_capability is 0x400: no queue pairs at all");
}

/* A VF learns it from its own register; V2 has none (qm.md 2.1). */
static void
test_isolation_of_vf(void **state)
{
	struct rig *rig = rig_new(true);

	(void)state;
	rig->fake.iso_cfg = 0xfffffffe;
	assert_int_equal(rig_start(rig), 0);
	assert_false(rig->fake.isolated);
	rig_close(rig);
	rig = rig_new(true);
	rig->fake.iso_cfg = 1;
	assert_int_equal(rig_start(rig), 0);
	assert_true(rig->fake.isolated);
	assert_true(rig->dev->is_isolated);
	rig_close(rig);
	rig = rig_new(true);
	rig->fake.config[8] = HISI_QM_V2;
	rig->fake.iso_cfg = 1;
	assert_int_equal(rig_start(rig), 0);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, 0x30), 0);
	assert_false(rig->fake.isolated);
	rig_close(rig);
}

/* Another VF's answer between two of ours is not believed; what never settles is an error. */
static void
test_entry_must_come_twice(void **state)
{
	struct rig *rig = rig_new(true);

	(void)state;
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_SQC_VFT, FAKE_MB_OTHERS_DATA, 1, 0x77);
	assert_int_equal(rig_start(rig), 0);
	assert_int_equal(rig->dev->nb_queues, FAKE_QUEUES);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_SQC_VFT), 3);
	rig_close(rig);
}

static void
other_entry(struct fake_bus *fake, uint32_t command, void *opaque)
{
	(void)opaque;
	if (command == HISI_QM_MB_CMD_SQC_VFT)
		fake->vft_entry += UINT64_C(1) << 28;
}

static void
test_entry_never_settles(void **state)
{
	struct rig *rig = rig_new(true);

	(void)state;
	rig->fake.on_mailbox = other_entry;
	check_refused(rig, -EIO, "its VFT entry was another one each time");
}

static void
test_no_isolation_bar(void **state)
{
	struct rig *rig = rig_new(true);

	(void)state;
	rig->fake.iso_cfg = 1;
	rig->fake.isolate_result = -ENOTSUP;
	check_refused(rig, -ENOTSUP, "the doorbells in BAR4 cannot be used");
	rig = rig_new(true);
	rig->fake.iso_cfg = UINT32_MAX;
	check_refused(rig, -ENODEV, "find the doorbells");
}

/* Queues keep the doorbells they got: a device that changes its mind is not driven on. */
static void
test_isolation_changes(void **state)
{
	struct rig *rig = rig_open_by_hand(true);

	(void)state;
	rig->fake.iso_cfg = 1;
	test_log_forget();
	assert_int_equal(hisi_qm_dev_reset(rig->dev), 0);
	assert_int_equal(hisi_qm_bringup(rig->dev), -ENODEV);
	assert_int_equal(test_log_count("isolation is on after the reset, off before"), 1);
	assert_false(rig->fake.isolated);
	rig_close(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_again_after_reset),
		cmocka_unit_test(test_left_by_another_driver),
		cmocka_unit_test(test_taken_at_close),
		cmocka_unit_test(test_shaper_of_vfs),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_vf_gives_nothing),
		cmocka_unit_test(test_limit_per_function),
		cmocka_unit_test(test_isolation_of_vf),
		cmocka_unit_test(test_entry_must_come_twice),
		cmocka_unit_test(test_entry_never_settles),
		cmocka_unit_test(test_no_isolation_bar),
		cmocka_unit_test(test_isolation_changes),
	};
	int ret = test_eal_start("test_qm_vft");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_vft", tests, NULL, NULL));
}
