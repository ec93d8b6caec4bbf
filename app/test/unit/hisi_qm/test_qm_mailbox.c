/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The mailbox engine of the driver (qm.md 3): one engine for all functions of the chip, so
 * another function's command or answer is normal, and only the own one counts.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <rte_cycles.h>
#include <rte_memory.h>

#include "rig.h"
#include "test_eal.h"

static int
teardown(void **state)
{
	struct rig *rig = *state;

	fake_behave(&rig->fake);
	rig_close(rig);
	return 0;
}

static int
run_stop(struct rig *rig)
{
	return hisi_qm_mailbox_run(rig->dev, HISI_QM_MB_CMD_STOP_QP, false, 3, 0, NULL);
}

/* One 16-byte write; queue and base in their words, DW3 is 0 (qm.md 3.1, 3.3). */
static void
test_words(void **state)
{
	struct rig *rig = *state;
	uint8_t context[32] __attribute__((aligned(32))) = { 0 };
	uint64_t base = (uintptr_t)context;
	uint32_t i, writes = 0;

	fake_reg_set(&rig->fake, 0x30c, 0x5a5a5a5a);
	assert_int_equal(hisi_qm_mailbox_run(rig->dev, HISI_QM_MB_CMD_CQC, false, 5, base, NULL),
		0);
	for (i = 0; i < rig->fake.log_len; i++) {
		if (rig->fake.log[i].kind != FAKE_WRITE)
			continue;
		assert_int_equal(rig->fake.log[i].offset, 0x300);
		assert_int_equal(rig->fake.log[i].len, 16);
		assert_int_equal(rig->fake.log[i].value, 0x00052001);
		writes++;
	}
	assert_int_equal(writes, 1);
	assert_int_equal(fake_reg_get(&rig->fake, 0x304), (uint32_t)base);
	assert_int_equal(fake_reg_get(&rig->fake, 0x308), (uint32_t)(base >> 32));
	assert_int_equal(fake_reg_get(&rig->fake, 0x30c), 0);
}

/* qm.md 3.4 step 5: DW1 and DW2 of the same read. */
static void
test_returned_data(void **state)
{
	struct rig *rig = *state;
	uint64_t data = 0;

	rig->fake.vft_entry = UINT64_C(0x0077f00400000001);
	assert_int_equal(hisi_qm_mailbox_run(rig->dev, HISI_QM_MB_CMD_SQC_VFT, true, 0, 0, &data),
		0);
	assert_true(data == UINT64_C(0x0077f00400000001));
	assert_int_equal(rig->fake.log[rig->fake.log_len - 1].kind, FAKE_READ);
	assert_int_equal(rig->fake.log[rig->fake.log_len - 1].len, 16);
}

/* Nothing is written while another function's command is under way. */
static void
test_busy_by_another(void **state)
{
	struct rig *rig = *state;
	uint32_t i;

	rig->fake.busy_reads = 5;
	assert_int_equal(run_stop(rig), 0);
	assert_true(rig->fake.log_len >= 7);
	for (i = 0; i < 6; i++)
		assert_int_equal(rig->fake.log[i].kind, FAKE_READ);
	assert_int_equal(rig->fake.log[6].kind, FAKE_WRITE);
	assert_int_equal(rig->dev->stats.mailbox_busy, 5);
	assert_int_equal(rig->dev->stats.mailbox_errors, 0);
}

/* Its write came between ours and our answer: ours was lost, and is sent again. */
static void
test_answer_of_another(void **state)
{
	struct rig *rig = *state;

	/* Other in all, in the queue, in the command: the answer must match in both. */
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_OTHERS, 1, 0);
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_OTHERS, 1, 1);
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_OTHERS, 1, 2);
	assert_int_equal(run_stop(rig), 0);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_STOP_QP), 4);
	assert_int_equal(rig->fake.queues[3].stops, 1);
	assert_int_equal(rig->dev->stats.mailbox_errors, 0);
}

static int
set_context(struct rig *rig, uint64_t base)
{
	return hisi_qm_mailbox_run(rig->dev, HISI_QM_MB_CMD_CQC, false, 3, base, NULL);
}

/* Same command, same number of queue: the address shows that it was another function's. */
static void
test_answer_of_a_twin(void **state)
{
	struct rig *rig = *state;
	uint8_t context[32] __attribute__((aligned(32))) = { 0 };

	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_CQC, FAKE_MB_OTHERS_DATA, 2, 0x1000);
	assert_int_equal(set_context(rig, (uintptr_t)context), 0);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_CQC), 3);
}

/* Whether the device keeps the address is not known: one that never does is believed. */
static void
test_address_is_not_kept(void **state)
{
	struct rig *rig = *state;
	uint8_t context[32] __attribute__((aligned(32))) = { 0 };

	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_CQC, FAKE_MB_OTHERS_DATA, UINT32_MAX, 0);
	assert_int_equal(set_context(rig, (uintptr_t)context), 0);
	assert_int_equal(fake_log_commands(&rig->fake, HISI_QM_MB_CMD_CQC), 4);
	assert_int_equal(rig->dev->stats.mailbox_errors, 0);
}

static void
test_status(void **state)
{
	struct rig *rig = *state;
	uint32_t status;

	for (status = 1; status < 16; status++) {
		test_log_forget();
		fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, status);
		assert_int_equal(run_stop(rig), -EIO);
		assert_int_equal(test_log_count("mailbox command stop_qp of queue 3 failed"), 1);
	}
	assert_int_equal(test_log_count("status=0xf"), 1);
	assert_int_equal(rig->dev->stats.mailbox_errors, 15);
	/* And the next one works. */
	assert_int_equal(run_stop(rig), 0);
}

static uint64_t
ms_since(uint64_t start)
{
	return (rte_get_timer_cycles() - start) * 1000 / rte_get_timer_hz();
}

/* qm.md 3.4: 1 s for all but stop commands. */
static void
test_never_done(void **state)
{
	struct rig *rig = *state;
	uint64_t start = rte_get_timer_cycles();
	uint64_t data = 7;

	fake_mailbox_rule(&rig->fake, FAKE_ANY, FAKE_MB_NEVER, 1, 0);
	assert_int_equal(hisi_qm_mailbox_run(rig->dev, HISI_QM_MB_CMD_SQC_VFT, true, 0, 0, &data),
		-ETIME);
	assert_true(ms_since(start) >= 1000);
	assert_int_equal(data, 7);
	assert_int_equal(rig->dev->stats.mailbox_errors, 1);
}

/* Never free: nothing of ours was written over the other's command. */
static void
test_never_free(void **state)
{
	struct rig *rig = *state;
	uint64_t data;

	rig->fake.busy_reads = UINT32_MAX;
	assert_int_equal(hisi_qm_mailbox_run(rig->dev, HISI_QM_MB_CMD_SQC_VFT, true, 0, 0, &data),
		-EBUSY);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, FAKE_ANY), 0);
}

/* Other functions' answers without an end are an error, not a loop without one. */
static void
test_always_answers_of_others(void **state)
{
	struct rig *rig = *state;

	fake_mailbox_rule(&rig->fake, FAKE_ANY, FAKE_MB_OTHERS, UINT32_MAX, 0);
	assert_int_equal(hisi_qm_mailbox_run(rig->dev, HISI_QM_MB_CMD_SQC_BT, false, 0, 0, NULL),
		-EIO);
}

/* All ones is what a function that left the bus answers; at once, not after the time limit. */
static void
test_function_gone(void **state)
{
	struct rig *rig = *state;

	fake_log_forget(&rig->fake);
	fake_mailbox_rule(&rig->fake, FAKE_ANY, FAKE_MB_ALL_ONES, 1, 0);
	assert_int_equal(run_stop(rig), -ENODEV);
	/* Before the command, and its answer. */
	assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, FAKE_ANY), 2);
	/* It stays so: the next command is not even written. */
	fake_log_forget(&rig->fake);
	assert_int_equal(run_stop(rig), -ENODEV);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, FAKE_ANY), 0);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_READ, FAKE_ANY), 1);
	/* The caller says what did not come about; that the device is gone, who noticed it. */
	assert_int_equal(test_log_count("mailbox command"), 0);
}

static void
test_bus_errors(void **state)
{
	struct rig *rig = *state;

	fake_fail(&rig->fake, FAKE_READ, 0x300, 1, -ENODEV);
	assert_int_equal(run_stop(rig), -ENODEV);
	assert_int_equal(fake_log_count(&rig->fake, FAKE_WRITE, FAKE_ANY), 0);
	fake_fail(&rig->fake, FAKE_WRITE, 0x300, 1, -ETIMEDOUT);
	assert_int_equal(run_stop(rig), -ETIMEDOUT);
	assert_int_equal(run_stop(rig), 0);
}

/* Each way that a command may fail has a name of its own, and says what to do. */
static void
test_results_are_explained(void **state)
{
	static const int results[] = { 0, -EBUSY, -ETIME, -EIO, -EAGAIN, -ETIMEDOUT, -ENODEV,
		-EINVAL };
	const struct hisi_qm_mailbox_result *result;
	size_t i, k;

	(void)state;
	for (i = 0; i < RTE_DIM(results); i++) {
		result = hisi_qm_mailbox_result_get(results[i]);
		assert_int_equal(result->result, results[i] == -EINVAL ? 1 : results[i]);
		assert_null(strpbrk(result->remedy, "\t\n%"));
		assert_int_equal(result->remedy[strlen(result->remedy) - 1], '.');
		for (k = 0; k < i; k++)
			assert_string_not_equal(result->name,
				hisi_qm_mailbox_result_get(results[k])->name);
	}
	assert_string_equal(hisi_qm_mailbox_result_get(-EPERM)->name, "bus_error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_words, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_returned_data, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_busy_by_another, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_answer_of_another, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_answer_of_a_twin, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_address_is_not_kept, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_status, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_never_done, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_never_free, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_always_answers_of_others, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_function_gone, rig_setup, teardown),
		cmocka_unit_test_setup_teardown(test_bus_errors, rig_setup, teardown),
		cmocka_unit_test(test_results_are_explained),
	};
	int ret = test_eal_start("test_qm_mailbox");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_mailbox", tests, NULL, NULL));
}
