/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Bring-up and teardown, write by write, against tables made from qm.md 6.2 to 6.4, 6.7 and
 * zip.md 1.3 and 2.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <rte_common.h>
#include <rte_malloc.h>

#include <hisi_zip.h>

#include "rig.h"
#include "test_eal.h"

/* Stands for the code of the host's page size (qm.md 2.1). */
#define HOST_PAGE UINT64_MAX

struct write {
	uint32_t offset;
	uint64_t value;
};

/* qm.md 6.2, the V3 ZIP PF without capability registers, 8 queues. */
static const struct write pf_writes[] = {
	/* 6: mask everything */
	{ 0xc, 1 }, { 0x4, 1 }, { 0x24, 1 }, { 0x100004, 0xffffffff },
	/* 7, 8, 9 */
	{ 0x100074, 0x1fffff }, { 0x100148, 0x200 }, { 0x100040, 1 },
	/* 12, zip.md 2 steps 1 to 9 */
	{ 0x100088, 0x40001070 }, { 0x100090, 0xfffffffe }, { 0x100098, 0x40001070 },
	{ 0x1000a0, 0xfffffffe }, { 0x1000a8, 0xffffffff }, { 0x1000ac, 0xffff },
	{ 0x1000b0, 0xffffffff }, { 0x1000cc, 0x401001 }, { 0x1000d0, 0xffffffff },
	/* 10, 11, 12 */
	{ 0x301040, 0xffffffff }, { 0x301044, 0xffffffff }, { 0x301060, 0xffffffff },
	{ 0x301064, 0xffffffff }, { 0x301110, 0x40001070 }, { 0x301140, 0x40001070 },
	{ 0x301128, 0x40001070 }, { 0x301134, 0x40001070 }, { 0x30111c, 0x40001070 },
	/* 14 to 19; bits beside the named ones stay (0x301208 was 0x11, 0x301204 0x110) */
	{ 0x301004, 0x1001f }, { 0x100050, 0x1833 }, { 0x301208, 0x10 }, { 0x301204, 0x100 },
	{ 0x301004, 0x2001ff1f }, { 0x3011a8, 1 },
	/* qm.md 6.2 step 14 */
	{ 0x100000, 0xffffffff }, { 0x1000ec, 0x8 }, { 0x1000f8, 1 }, { 0x1000f4, 0x7c77 },
	{ 0x1000f0, 0 }, { 0x1040f8, 0x6c77 }, { 0x100004, 0xffff8380 },
	/* zip.md 1.3 */
	{ 0x3010a0, 0xffffffff }, { 0x301160, 0x1 }, { 0x301168, 0 }, { 0x301164, 0x1ffe },
	{ 0x30120c, 0x7fe }, { 0x30100c, 0x4000 }, { 0x3010a4, 0xffffe000 },
	/* 16: qm.md 6.3 for types 0 and 1, then the shaper */
	{ 0x100058, 0 }, { 0x10005c, 0 }, { 0x100060, 0 }, { 0x100064, 0 }, { 0x100068, 0xf000 },
	{ 0x10006c, 0 }, { 0x100054, 1 },
	{ 0x100058, 0 }, { 0x10005c, 1 }, { 0x100060, 0 }, { 0x100064, 0x10000000 },
	{ 0x100068, 0 }, { 0x10006c, 0 }, { 0x100054, 1 },
	{ 0x100164, 0x400232ee },
	{ 0x100058, 0 }, { 0x10005c, 2 }, { 0x100060, 0 }, { 0x100064, 0x988696 },
	{ 0x100068, 0 }, { 0x10006c, 0 }, { 0x100054, 1 },
	{ 0x100058, 0 }, { 0x10005c, 2 }, { 0x100060, 0x40 }, { 0x100064, 0x988696 },
	{ 0x100068, 0 }, { 0x10006c, 0 }, { 0x100054, 1 },
	/* 17, 18: EQC, AEQC, SQC_BT, CQC_BT */
	{ 0x300, 0x2002 }, { 0x300, 0x2003 }, { 0x300, 0x2004 }, { 0x300, 0x2005 },
	/* 20, 21, 22 */
	{ 0x34, HOST_PAGE }, { 0x2000, 0x3000 }, { 0x2000, 0x2000 }, { 0xc, 0 }, { 0x4, 0 },
};

/*
 * qm.md 6.2, the V2 ZIP PF: no capability words, no IFC, no clock gating, no shaper, no automatic
 * closing; constants of zip.md 1.5 and 2 for V2; 2 of its 1024 queues.
 */
static const struct write v2_pf_writes[] = {
	/* 6: mask everything */
	{ 0xc, 1 }, { 0x4, 1 }, { 0x100004, 0xffffffff },
	/* 7, 9 */
	{ 0x100074, 0x1fffff }, { 0x100040, 1 },
	/* 12, zip.md 2 */
	{ 0x100088, 0x40001070 }, { 0x100090, 0xfffffffe }, { 0x100098, 0x40001070 },
	{ 0x1000a0, 0xfffffffe }, { 0x1000a8, 0xffffffff }, { 0x1000ac, 0xffff },
	{ 0x1000b0, 0xffffffff }, { 0x1000cc, 0x401001 }, { 0x1000d0, 0xffffffff },
	{ 0x301040, 0xffffffff }, { 0x301044, 0xffffffff }, { 0x301060, 0xffffffff },
	{ 0x301064, 0xffffffff }, { 0x301110, 0x40001070 }, { 0x301140, 0x40001070 },
	{ 0x301128, 0x40001070 }, { 0x301134, 0x40001070 }, { 0x30111c, 0x40001070 },
	/* two compressing, six decompressing cores and the check (0x301208 was 0x11) */
	{ 0x301004, 0x100ff }, { 0x100050, 0x1833 }, { 0x301208, 0x10 },
	/* qm.md 6.2 step 14 */
	{ 0x100000, 0xffffffff }, { 0x1000ec, 0x8 }, { 0x1000f8, 1 }, { 0x1000f4, 0x1c57 },
	{ 0x1000f0, 0 }, { 0x100004, 0xffffe3a0 },
	/* zip.md 1.3 */
	{ 0x3010a0, 0xffffffff }, { 0x301160, 0x1 }, { 0x301168, 0 }, { 0x301164, 0x7fe },
	{ 0x30100c, 0x4000 }, { 0x3010a4, 0xfffff800 },
	/* 16: qm.md 6.3 for types 0 and 1 only */
	{ 0x100058, 0 }, { 0x10005c, 0 }, { 0x100060, 0 }, { 0x100064, 0 }, { 0x100068, 0x3000 },
	{ 0x10006c, 0 }, { 0x100054, 1 },
	{ 0x100058, 0 }, { 0x10005c, 1 }, { 0x100060, 0 }, { 0x100064, 0x10000000 },
	{ 0x100068, 0 }, { 0x10006c, 0 }, { 0x100054, 1 },
	/* 17, 18: EQC, AEQC, SQC_BT, CQC_BT */
	{ 0x300, 0x2002 }, { 0x300, 0x2003 }, { 0x300, 0x2004 }, { 0x300, 0x2005 },
	/* 21, 22 */
	{ 0x2000, 0x3000 }, { 0x2000, 0x2000 }, { 0xc, 0 }, { 0x4, 0 },
};

/* qm.md 6.4 of V2: no IFC, no state register. */
static const struct write v2_vf_writes[] = {
	{ 0xc, 1 }, { 0x4, 1 },
	{ 0x300, 0x6006 }, { 0x300, 0x6006 },
	{ 0x300, 0x2002 }, { 0x300, 0x2003 }, { 0x300, 0x2004 }, { 0x300, 0x2005 },
	{ 0x2000, 0x3000 }, { 0x2000, 0x2000 }, { 0xc, 0 }, { 0x4, 0 },
};

/* qm.md 6.4 */
static const struct write vf_writes[] = {
	{ 0xc, 1 }, { 0x4, 1 }, { 0x24, 1 },
	{ 0x300, 0x6006 }, { 0x300, 0x6006 },
	/* 5: messages of the PF */
	{ 0x20, 1 }, { 0x24, 0 },
	{ 0x300, 0x2002 }, { 0x300, 0x2003 }, { 0x300, 0x2004 }, { 0x300, 0x2005 },
	{ 0x34, HOST_PAGE }, { 0x2000, 0x3000 }, { 0x2000, 0x2000 }, { 0xc, 0 }, { 0x4, 0 },
	{ 0x60, 0 },
};

/* qm.md 6.7, zip.md 1.3 */
static const struct write pf_teardown[] = {
	{ 0xc, 1 }, { 0x4, 1 }, { 0x204, 1 },
	{ 0x100058, 0 }, { 0x10005c, 0 }, { 0x100060, 0 }, { 0x100064, 0 }, { 0x100068, 0 },
	{ 0x10006c, 0 }, { 0x100054, 1 },
	{ 0x100058, 0 }, { 0x10005c, 1 }, { 0x100060, 0 }, { 0x100064, 0 }, { 0x100068, 0 },
	{ 0x10006c, 0 }, { 0x100054, 1 },
	{ 0x3010a4, 0xffffffff }, { 0x30120c, 0 }, { 0x30100c, 0 },
	{ 0x100004, 0xffffffff }, { 0x1040f8, 0 },
};

static const struct write v2_pf_teardown[] = {
	{ 0xc, 1 }, { 0x4, 1 }, { 0x204, 1 },
	{ 0x100058, 0 }, { 0x10005c, 0 }, { 0x100060, 0 }, { 0x100064, 0 }, { 0x100068, 0 },
	{ 0x10006c, 0 }, { 0x100054, 1 },
	{ 0x100058, 0 }, { 0x10005c, 1 }, { 0x100060, 0 }, { 0x100064, 0 }, { 0x100068, 0 },
	{ 0x10006c, 0 }, { 0x100054, 1 },
	{ 0x3010a4, 0xffffffff }, { 0x30100c, 0 }, { 0x100004, 0xffffffff },
};

static const struct write v2_vf_teardown[] = {
	{ 0xc, 1 }, { 0x4, 1 }, { 0x204, 1 },
};

static const struct write vf_teardown[] = {
	{ 0x24, 1 }, { 0xc, 1 }, { 0x4, 1 }, { 0x204, 1 }, { 0x60, 1 },
};

/* qm.md 2: the width of each access. */
static uint32_t
width_of(uint32_t offset)
{
	return offset == 0x300 ? 16 : offset == 0x2000 ? 8 : 4;
}

static uint64_t
expected_value(const struct write *write)
{
	long len = sysconf(_SC_PAGESIZE);

	if (write->value != HOST_PAGE)
		return write->value;
	return len == 65536 ? 2 : len == 16384 ? 1 : 0;
}

/* The writes since the log was forgotten are those of the table, in order. */
static void
check_writes(const struct fake_bus *fake, const struct write *writes, uint32_t count)
{
	uint32_t i, next = 0, reading = 0;

	assert_true(fake->log_len <= FAKE_LOG_LEN);
	for (i = 0; i < fake->log_len; i++) {
		const struct fake_access *access = &fake->log[i];

		if (access->kind != FAKE_WRITE)
			continue;
		/* Reading VFT entries (qm.md 6.3): 5 writes, test_qm_vft judges them. */
		if (access->offset == 0x100058 && access->value == 1)
			reading = 5;
		if (reading != 0) {
			reading--;
			continue;
		}
		if (next == count || access->offset != writes[next].offset ||
				access->value != expected_value(&writes[next]) ||
				access->len != width_of(access->offset))
			fail_msg("write %u is 0x%x = 0x%llx (%u bytes), expected 0x%x = 0x%llx",
				next, access->offset, (unsigned long long)access->value,
				access->len, next < count ? writes[next].offset : 0,
				next < count ? (unsigned long long)writes[next].value : 0);
		next++;
	}
	assert_int_equal(next, count);
}

/* Not started. */
static struct rig *
new_version(bool is_vf, uint8_t revision)
{
	struct rig *rig = rig_new(is_vf);

	rig->engine = &hisi_zip_engine;
	rig->fake.config[8] = revision;
	return rig;
}

static struct rig *
start_version(bool is_vf, uint8_t revision)
{
	struct rig *rig = new_version(is_vf, revision);

	/* The number of a V2 chip is a constant: as many as the fake has. */
	if (revision == HISI_QM_V2)
		rig->args.queues = 2;
	assert_int_equal(rig_start(rig), 0);
	return rig;
}

static struct rig *
start_zip(bool is_vf)
{
	return start_version(is_vf, HISI_QM_V3);
}

static void
test_pf_sequence(void **state)
{
	struct rig *rig = start_zip(false);

	(void)state;
	check_writes(&rig->fake, pf_writes, RTE_DIM(pf_writes));
	assert_int_equal(rig->dev->nb_queues, FAKE_QUEUES);
	assert_false(rig->dev->is_vf);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	rig_close(rig);
}

static void
test_vf_sequence(void **state)
{
	struct rig *rig = start_zip(true);

	(void)state;
	check_writes(&rig->fake, vf_writes, RTE_DIM(vf_writes));
	assert_int_equal(rig->dev->nb_queues, FAKE_QUEUES);
	assert_true(rig->dev->is_vf);
	rig_close(rig);
}

/* Registers that a V2 chip does not have are not even read (qm.md 1.2, 2.1, 2.3). */
static void
check_no_v3_register(const struct fake_bus *fake)
{
	static const uint32_t missing[] = { 0x24, 0x30, 0x34, 0x60, 0x210, 0x100148, 0x100158,
		0x100164, 0x1040f8, 0x301204, 0x30120c, 0x3011a8, 0x38, 0x100250 };
	uint32_t i, j;

	assert_true(fake->log_len <= FAKE_LOG_LEN);
	for (i = 0; i < fake->log_len; i++) {
		if (fake->log[i].kind != FAKE_READ && fake->log[i].kind != FAKE_WRITE)
			continue;
		assert_not_in_range(fake->log[i].offset, 0x3100, 0x31ff);
		for (j = 0; j < RTE_DIM(missing); j++)
			assert_int_not_equal(fake->log[i].offset, missing[j]);
	}
}

static void
test_v2_pf_sequence(void **state)
{
	struct rig *rig = start_version(false, HISI_QM_V2);

	(void)state;
	check_writes(&rig->fake, v2_pf_writes, RTE_DIM(v2_pf_writes));
	check_no_v3_register(&rig->fake);
	assert_int_equal(rig->dev->nb_queues, 2);
	assert_int_equal(rig->dev->version, HISI_QM_V2);
	assert_int_equal(rig->dev->caps[HISI_QM_CAP_FUNC], 0);
	rig_close(rig);
}

/* qm.md 1.2: 1024 queues unless fewer are asked for. */
static void
test_v2_pf_number_of_queues(void **state)
{
	struct rig *rig = new_version(false, HISI_QM_V2);

	(void)state;
	assert_int_equal(rig_start(rig), 0);
	assert_int_equal(rig->dev->nb_queues, 1024);
	/* As many as the bus has doorbells for can be used. */
	assert_int_equal(rig->dev->max_queues, FAKE_QUEUES);
	rig_close(rig);
}

static void
test_v2_vf_sequence(void **state)
{
	struct rig *rig = start_version(true, HISI_QM_V2);

	(void)state;
	check_writes(&rig->fake, v2_vf_writes, RTE_DIM(v2_vf_writes));
	check_no_v3_register(&rig->fake);
	assert_int_equal(rig->dev->nb_queues, FAKE_QUEUES);
	rig_close(rig);
}

/* V4 is brought up as V3 (qm.md 6.2): the same writes. */
static void
test_v4_sequence(void **state)
{
	struct rig *rig = new_version(false, HISI_QM_V3);

	(void)state;
	fake_reg_set(&rig->fake, 0x210, HISI_QM_V4);
	assert_int_equal(rig_start(rig), 0);
	assert_int_equal(rig->dev->version, HISI_QM_V4);
	check_writes(&rig->fake, pf_writes, RTE_DIM(pf_writes));
	rig_close(rig);
}

/* Where a register was written since the log was forgotten, or UINT32_MAX. */
static uint32_t
written_at(const struct fake_bus *fake, uint32_t offset)
{
	uint32_t i;

	for (i = 0; i < fake->log_len && i < FAKE_LOG_LEN; i++)
		if (fake->log[i].kind == FAKE_WRITE && fake->log[i].offset == offset)
			return i;
	return UINT32_MAX;
}

/* qm.md 6.2 step 19: the chip's doorbells and the function's; a VF has only its own. */
static void
test_v5_doorbell_drop(void **state)
{
	int is_vf;

	(void)state;
	for (is_vf = 0; is_vf < 2; is_vf++) {
		struct rig *rig = start_version(is_vf != 0, HISI_QM_V5);
		const struct fake_bus *fake = &rig->fake;
		uint32_t at = written_at(fake, 0x38);

		assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x38), 1);
		/* Read, bit 0 cleared, written. */
		assert_int_equal(fake->log[at - 1].kind, FAKE_READ);
		assert_int_equal(fake->log[at - 1].offset, 0x38);
		assert_int_equal(fake->log[at].value & 1, 0);
		assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x100250), !is_vf);
		if (!is_vf) {
			assert_int_equal(fake->log[written_at(fake, 0x100250)].len, 8);
			assert_int_equal(fake->log[written_at(fake, 0x100250)].value, 0);
		}
		/* Before the first doorbell. */
		assert_true(at < written_at(fake, 0x2000));
		rig_close(rig);
	}
}

/* qm.md 6.2 step 14: what an earlier owner left in the map of functions is forgotten. */
static void
test_v5_error_map(void **state)
{
	int is_vf;

	(void)state;
	for (is_vf = 0; is_vf < 2; is_vf++) {
		struct rig *rig = start_version(is_vf != 0, HISI_QM_V5);
		uint32_t at = written_at(&rig->fake, 0x100280);

		if (is_vf) {
			assert_int_equal(at, UINT32_MAX);
		} else {
			assert_int_equal(rig->fake.log[at].len, 8);
			assert_true(rig->fake.log[at].value == UINT64_MAX);
			/* Before errors are reported again. */
			assert_true(at < written_at(&rig->fake, 0x1000f4));
		}
		rig_close(rig);
	}
}

/* Only V5 has them. */
static void
test_no_doorbell_drop_before_v5(void **state)
{
	static const uint8_t revisions[] = { HISI_QM_V2, HISI_QM_V3, HISI_QM_V4 };
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(revisions); i++) {
		struct rig *rig = start_version(false, revisions[i]);

		assert_int_equal(written_at(&rig->fake, 0x38), UINT32_MAX);
		assert_int_equal(written_at(&rig->fake, 0x100250), UINT32_MAX);
		assert_int_equal(written_at(&rig->fake, 0x100280), UINT32_MAX);
		rig_close(rig);
	}
}

/* Probe to close: nothing of the PF's, nothing beyond a VF's 64 KiB. */
static void
test_vf_stays_in_its_bar(void **state)
{
	struct rig *rig = start_zip(true);
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint32_t i;

	(void)state;
	qp->failed = 1;
	rig_poll_for(qp, 300);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	hisi_qm_dev_close(rig->dev);
	rig->dev = NULL;
	assert_true(rig->fake.log_len <= FAKE_LOG_LEN);
	for (i = 0; i < rig->fake.log_len; i++)
		if (rig->fake.log[i].kind == FAKE_READ || rig->fake.log[i].kind == FAKE_WRITE)
			assert_true(rig->fake.log[i].offset < 0x10000);
	rig_close(rig);
}

/* qm.md 6.1: reset first, then bus mastering, which is read back, and only then the BAR. */
static void
test_order_of_reset_and_bus_master(void **state)
{
	struct rig *rig = start_zip(false);
	const struct fake_access *log = rig->fake.log;
	uint32_t i = 0;

	(void)state;
	while (log[i].kind != FAKE_RESET) {
		assert_true(log[i].kind == FAKE_CONFIG_READ || log[i].kind == FAKE_READ);
		i++;
	}
	assert_int_equal(log[i + 1].kind, FAKE_CONFIG_READ);
	assert_int_equal(log[i + 2].kind, FAKE_CONFIG_WRITE);
	assert_int_equal(log[i + 2].offset, 0x04);
	assert_int_equal(log[i + 2].value & 0x6, 0x6);
	assert_int_equal(log[i + 3].kind, FAKE_CONFIG_READ);
	assert_int_equal(log[i + 3].offset, 0x04);
	rig_close(rig);
}

/* qm.md 2.2: "the driver then uses its built-in V3 defaults and reads nothing else". */
static void
test_capability_version_0(void **state)
{
	struct rig *rig = start_zip(false);
	uint32_t offset;

	(void)state;
	assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, 0x3100), 1);
	for (offset = 0x3104; offset < 0x3200; offset += 4)
		assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, offset), 0);
	assert_int_equal(rig->dev->caps[HISI_QM_CAP_EVENT_DEPTHS], 0x04000800);
	assert_int_equal(rig->dev->engine_caps[HISI_ZIP_CAP_DEV_ALG], 0x3f);
	rig_close(rig);
}

/* With a version, each word is the register's: other depths, no QoS, no prefetch. */
static void
test_capability_registers(void **state)
{
	struct rig *rig = rig_new(true);
	uint32_t offset;

	(void)state;
	rig->fake.caps[0] = 0x00000201;
	rig->fake.caps[1] = 0x00200040;
	rig->fake.caps[2] = 0x00800080;
	rig->fake.caps[18] = 0x30;
	assert_int_equal(rig_start(rig), 0);
	for (offset = 0x3104; offset <= 0x315c; offset += 4)
		assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, offset), 1);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, 0x34), 0);
	assert_int_equal(rig->dev->engine_caps[HISI_ZIP_CAP_DEV_ALG], 0x30);
	/* qm.md 5.3: depth - 1 and phase 1 in DW6 */
	assert_int_equal(rig->fake.eqc.dw6, 0x1003f);
	assert_int_equal(rig->fake.aeqc.dw6, 0x1001f);
	rig_close(rig);
}

/* qm.md 5.3, 5.4: contexts of the event queues and the context tables. */
static void
test_contexts(void **state)
{
	struct rig *rig = start_zip(false);
	const struct hisi_qm_eqc *eqc = &rig->fake.eqc, *aeqc = &rig->fake.aeqc;

	(void)state;
	assert_int_equal(eqc->dw6, 0x107ff);
	assert_int_equal(aeqc->dw6, 0x103ff);
	assert_int_equal(eqc->head | eqc->tail | eqc->dw3 | eqc->dw4 | eqc->dw5, 0);
	assert_int_equal(aeqc->head | aeqc->tail | aeqc->dw3 | aeqc->dw4 | aeqc->dw5, 0);
	assert_int_equal(eqc->base_lo % 32, 0);
	assert_int_equal(aeqc->base_lo % 32, 0);
	assert_int_equal(rig->fake.sqc_table % 32, 0);
	assert_int_equal(rig->fake.cqc_table % 32, 0);
	/* 8 entries of 32 bytes each, apart from each other. */
	assert_true(rig->fake.cqc_table >= rig->fake.sqc_table + 8 * 32 ||
		rig->fake.sqc_table >= rig->fake.cqc_table + 8 * 32);
	rig_close(rig);
}

/* A restart after a reset assumes no register content: the same writes again. */
static void
test_restart_is_the_same(void **state)
{
	struct rig *rig = start_zip(false);

	(void)state;
	hisi_qm_monitor_remove(rig->dev);
	rig->by_hand = true;
	fake_log_forget(&rig->fake);
	assert_int_equal(hisi_qm_dev_reset(rig->dev), 0);
	assert_int_equal(hisi_qm_bringup(rig->dev), 0);
	check_writes(&rig->fake, pf_writes, RTE_DIM(pf_writes));
	rig_close(rig);
}

/* A restart takes the memory that is there; where more is needed and there is none, it stays. */
static void
test_memory_of_a_restart(void **state)
{
	struct rig *rig = rig_open_by_hand(false);
	const struct hisi_qm_dev_dma before = rig->dev->dma;
	void *blocks[256];
	uint32_t count = 0;

	(void)state;
	assert_int_equal(hisi_qm_dev_reset(rig->dev), 0);
	assert_int_equal(hisi_qm_bringup(rig->dev), 0);
	assert_memory_equal(&rig->dev->dma, &before, sizeof(before));
	/* Take all that EAL has. */
	while (count < RTE_DIM(blocks)) {
		blocks[count] = rte_malloc(NULL, count == 0 ? 64 << 20 : 256 << 10, 0);
		if (blocks[count] == NULL && count != 0)
			break;
		count++;
	}
	/* qm.md 2.2: words there are, and EQ and AEQ are 65535 deep. */
	rig->fake.caps[0] = 0x00000201;
	rig->fake.caps[1] = 0xffffffff;
	rig->fake.caps[2] = 0x04000400;
	assert_int_equal(hisi_qm_dev_reset(rig->dev), 0);
	assert_int_equal(hisi_qm_bringup(rig->dev), -ENOMEM);
	assert_ptr_equal(rig->dev->dma.mem, before.mem);
	assert_ptr_equal(rig->dev->aeq.ring, before.aeq);
	while (count != 0)
		rte_free(blocks[--count]);
	assert_int_equal(hisi_qm_dev_reset(rig->dev), 0);
	assert_int_equal(hisi_qm_bringup(rig->dev), 0);
	assert_int_equal(rig->dev->eq.depth, 0xffff);
	rig_close(rig);
}

static void
check_teardown(bool is_vf, uint8_t revision, const struct write *writes, uint32_t count)
{
	struct rig *rig = start_version(is_vf, revision);

	fake_log_forget(&rig->fake);
	hisi_qm_dev_close(rig->dev);
	rig->dev = NULL;
	check_writes(&rig->fake, writes, count);
	/* Memory goes only after a reset. */
	assert_int_equal(rig->fake.log[rig->fake.log_len - 1].kind, FAKE_RESET);
	rig_close(rig);
}

static void
test_teardown(void **state)
{
	(void)state;
	check_teardown(false, HISI_QM_V3, pf_teardown, RTE_DIM(pf_teardown));
	check_teardown(true, HISI_QM_V3, vf_teardown, RTE_DIM(vf_teardown));
	check_teardown(false, HISI_QM_V2, v2_pf_teardown, RTE_DIM(v2_pf_teardown));
	check_teardown(true, HISI_QM_V2, v2_vf_teardown, RTE_DIM(v2_vf_teardown));
}

/* "queues=": the PF claims as many, from 0 on. */
static void
test_fewer_queues(void **state)
{
	struct rig *rig = rig_new(false);

	(void)state;
	rig->args.queues = 2;
	rig->fake.capability = 1024 | 1024 << 11;
	assert_int_equal(rig_start(rig), 0);
	assert_int_equal(rig->dev->nb_queues, 2);
	rig_close(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pf_sequence),
		cmocka_unit_test(test_vf_sequence),
		cmocka_unit_test(test_v2_pf_sequence),
		cmocka_unit_test(test_v2_pf_number_of_queues),
		cmocka_unit_test(test_v2_vf_sequence),
		cmocka_unit_test(test_v4_sequence),
		cmocka_unit_test(test_v5_doorbell_drop),
		cmocka_unit_test(test_v5_error_map),
		cmocka_unit_test(test_no_doorbell_drop_before_v5),
		cmocka_unit_test(test_vf_stays_in_its_bar),
		cmocka_unit_test(test_order_of_reset_and_bus_master),
		cmocka_unit_test(test_capability_version_0),
		cmocka_unit_test(test_capability_registers),
		cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_restart_is_the_same),
		cmocka_unit_test(test_teardown),
		cmocka_unit_test(test_memory_of_a_restart),
		cmocka_unit_test(test_fewer_queues),
	};
	int ret = test_eal_start("test_qm_bringup");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_bringup", tests, NULL, NULL));
}
