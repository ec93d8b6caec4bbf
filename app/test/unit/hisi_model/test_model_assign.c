/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Queues of VFs that the model gives beside a PF driver that cannot see them.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model_rig.h"

#define PF_QUEUES 8
#define VF_QUEUES 4
#define NB_VFS 2
#define ASK_VFT (HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET | HISI_QM_MB_CMD_SQC_VFT)
#define NB_QUEUES (PF_QUEUES + NB_VFS * VF_QUEUES)

static int
setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct model_device_config config;

	rig_config(&config);
	config.nb_queues = NB_QUEUES;
	config.nb_vfs = NB_VFS;
	config.vf_queues = VF_QUEUES;
	config.assigns_vfs = true;
	rig_start(rig, &config);
	*state = rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_stop(*state);
	free(*state);
	return 0;
}

/** Base and count that function @p number is told by mailbox command 6; 0 without an entry. */
static uint32_t
ask_vft(struct rig *rig, uint32_t number, uint32_t *base)
{
	struct rig_client vf;
	uint64_t entry = 0;
	uint32_t count;

	rig_connect(rig, &vf, number, 0);
	assert_int_equal(rig_mailbox(&vf, ASK_VFT, 0, 0, &entry), 0);
	*base = HISI_FIELD_GET(HISI_QM_VFT_SQC_BASE, entry);
	count = HISI_FIELD_GET(HISI_QM_VFT_SQC_COUNT, entry) + 1;
	if (!(entry & HISI_QM_VFT_SQC_VALID))
		count = 0;
	rig_disconnect(&vf);
	return count;
}

static void
test_after_the_pf(void **state)
{
	struct rig *rig = *state;
	uint32_t base;

	assert_int_equal(ask_vft(rig, 1, &base), 0);
	rig_bring_up(&rig->pf, PF_QUEUES);
	assert_int_equal(ask_vft(rig, 1, &base), VF_QUEUES);
	assert_int_equal(base, PF_QUEUES);
	assert_int_equal(ask_vft(rig, 2, &base), VF_QUEUES);
	assert_int_equal(base, PF_QUEUES + VF_QUEUES);
	assert_int_equal(rig->nb_warnings, 0);
}

static void
test_vf_works_beside_the_pf(void **state)
{
	struct rig *rig = *state;
	struct rig_client vf;
	struct rig_queue q;
	struct hisi_zip_sqe sqe;
	uint64_t src;

	rig_bring_up(&rig->pf, PF_QUEUES);
	rig_connect(rig, &vf, 1, 1);
	rig_set_master(&vf, 1);
	assert_int_equal(rig_queue_setup(&vf, &q, VF_QUEUES - 1, 0, 16), 0);
	src = rig_alloc(&vf, 64, 64);
	sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, src, 64, rig_alloc(&vf, 256, 64), 256);
	sqe = rig_queue_do(rig, &q, &sqe);
	assert_int_equal(rig_status(&sqe), 0);
	/* The first queue beyond them is the other VF's. */
	assert_int_not_equal(rig_queue_setup(&vf, &q, VF_QUEUES, 0, 16), 0);
	rig_disconnect(&vf);
}

static void
test_pf_that_took_all(void **state)
{
	struct rig *rig = *state;
	uint32_t base;

	rig_bring_up(&rig->pf, PF_QUEUES + 1);
	assert_int_equal(ask_vft(rig, 1, &base), 0);
	assert_int_equal(ask_vft(rig, 2, &base), 0);
	assert_int_equal(rig->nb_warnings, 1);
	assert_non_null(strstr(rig->last_log, "theirs begin at 8"));
}

static void
test_driver_that_sees_vfs(void **state)
{
	struct rig *rig = *state;
	uint32_t base;

	rig_bring_up(&rig->pf, PF_QUEUES);
	rig_vft(&rig->pf, 1, PF_QUEUES + 1, 2);
	assert_int_equal(ask_vft(rig, 1, &base), 2);
	assert_int_equal(base, PF_QUEUES + 1);
	/* Not overwritten when the PF's own entry is written again. */
	rig_vft(&rig->pf, 0, 0, PF_QUEUES - 1);
	assert_int_equal(ask_vft(rig, 1, &base), 2);
}

/* What that driver gave to one VF is given to no other: their ranges would overlap. */
static void
test_range_that_is_taken(void **state)
{
	struct rig *rig = *state;
	uint32_t base;

	/* VF 1 has the last queue of its own range, and the first one of VF 2's. */
	rig_bring_up(&rig->pf, PF_QUEUES + 1);
	rig_vft(&rig->pf, 1, PF_QUEUES + VF_QUEUES - 1, 2);
	rig_vft(&rig->pf, 0, 0, PF_QUEUES);
	assert_int_equal(ask_vft(rig, 1, &base), 2);
	assert_int_equal(base, PF_QUEUES + VF_QUEUES - 1);
	assert_int_equal(ask_vft(rig, 2, &base), 0);
	assert_int_equal(rig->nb_warnings, 2);
	assert_non_null(strstr(rig->last_log, "VF 2 gets no queues"));
}

static void
test_pf_reset_takes_them_away(void **state)
{
	struct rig *rig = *state;
	uint32_t base;

	rig_bring_up(&rig->pf, PF_QUEUES);
	model_function_reset(rig->pf.fn);
	assert_int_equal(ask_vft(rig, 1, &base), 0);
	rig_bring_up(&rig->pf, PF_QUEUES);
	assert_int_equal(ask_vft(rig, 1, &base), VF_QUEUES);
}

static void
test_bad_configurations(void **state)
{
	struct model_device_config config;
	struct model_error error;
	struct model_device *dev;

	(void)state;
	rig_config(&config);
	config.assigns_vfs = true;
	assert_int_equal(model_device_create(&config, &error, &dev), -EINVAL);
	assert_string_equal(error.text, "there is no VF to assign queues to");
	config.nb_vfs = NB_VFS;
	config.vf_queues = config.nb_queues / NB_VFS + 1;
	assert_int_equal(model_device_create(&config, &error, &dev), -EINVAL);
	assert_non_null(strstr(error.text, "do not fit"));
	config.vf_queues = VF_QUEUES;
	config.is_pf_self = true;
	assert_int_equal(model_device_create(&config, &error, &dev), -EINVAL);
	assert_non_null(strstr(error.text, "nobody else gives queues"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_after_the_pf, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vf_works_beside_the_pf, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pf_that_took_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_driver_that_sees_vfs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_range_that_is_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pf_reset_takes_them_away, setup, teardown),
		cmocka_unit_test(test_bad_configurations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
