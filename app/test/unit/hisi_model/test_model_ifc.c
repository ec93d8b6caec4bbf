/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Messages between PF and VFs (qm.md 2.6, 6.12).
 */

#include <stdlib.h>

#include "model_rig.h"

#define NB_VFS 3
#define SRC (HISI_QM_MB_BUSY | HISI_QM_MB_CMD_SRC)
#define DST (HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET | HISI_QM_MB_CMD_DST)
#define DST_OLD (HISI_QM_MB_BUSY | HISI_QM_MB_CMD_DST) /* older kernels leave op 0 */

struct ifc_rig {
	struct rig rig;
	struct rig_client vf[NB_VFS];
};

static int
setup_version(void **state, const char *version)
{
	struct ifc_rig *r = calloc(1, sizeof(*r));
	struct model_device_config config;
	uint32_t i;

	rig_config(&config);
	config.version = version;
	config.nb_vfs = NB_VFS;
	rig_start(&r->rig, &config);
	rig_set_master(&r->rig.pf, 1);
	rig_write(&r->rig.pf, HISI_QM_IFC_INT_SOURCE_P, ~0u);
	rig_write(&r->rig.pf, HISI_QM_IFC_INT_MASK, 0);
	for (i = 0; i < NB_VFS; i++) {
		rig_connect(&r->rig, &r->vf[i], i + 1, 0);
		rig_set_master(&r->vf[i], 1);
		rig_write(&r->vf[i], HISI_QM_IFC_INT_SOURCE_V, 1);
		rig_write(&r->vf[i], HISI_QM_IFC_INT_MASK, 0);
	}
	*state = r;
	return 0;
}

static int
setup(void **state)
{
	return setup_version(state, "v3");
}

static int
setup_v4(void **state)
{
	return setup_version(state, "v4");
}

static int
teardown(void **state)
{
	struct ifc_rig *r = *state;
	uint32_t i;

	for (i = 0; i < NB_VFS; i++)
		rig_disconnect(&r->vf[i]);
	rig_stop(&r->rig);
	free(r);
	return 0;
}

static uint32_t
ifc_irqs(struct rig_client *client)
{
	return client->irqs[HISI_QM_VECTOR_IFC];
}

static void
ring_vfs(struct ifc_rig *r, uint32_t destination)
{
	rig_write(&r->rig.pf, HISI_QM_IFC_INT_CFG, destination);
	rig_write(&r->rig.pf, HISI_QM_IFC_INT_SET_P, 1);
}

static void
test_pf_to_one_vf(void **state)
{
	struct ifc_rig *r = *state;
	uint64_t message;

	assert_int_equal(rig_mailbox(&r->rig.pf, SRC, 2, 0x1122334400000008, NULL), 0);
	ring_vfs(r, 2);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_READY_STATUS), 1 << 2);
	assert_int_equal(ifc_irqs(&r->vf[0]) + ifc_irqs(&r->vf[2]), 0);
	assert_int_equal(ifc_irqs(&r->vf[1]), 1);
	assert_int_equal(rig_read(&r->vf[1], HISI_QM_IFC_INT_STATUS), 1);
	assert_int_equal(rig_read(&r->vf[1], HISI_QM_IFC_INT_SOURCE_V), 1);
	assert_int_equal(rig_mailbox(&r->vf[1], DST, 0, 0, &message), 0);
	assert_int_equal(message, 0x1122334400000008);
	assert_int_equal(rig_mailbox(&r->vf[1], DST_OLD, 0, 0, &message), 0);
	assert_int_equal(message, 0x1122334400000008);
	rig_write(&r->vf[1], HISI_QM_IFC_INT_SOURCE_V, 1);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_READY_STATUS), 0);
	assert_int_equal(rig_read(&r->vf[1], HISI_QM_IFC_INT_SOURCE_V), 0);
}

static void
test_pf_to_all_vfs(void **state)
{
	struct ifc_rig *r = *state;
	uint64_t message;
	uint32_t i;

	assert_int_equal(rig_mailbox(&r->rig.pf, SRC, 0xffff, 1, NULL), 0);
	ring_vfs(r, HISI_QM_IFC_ALL_VFS);
	for (i = 0; i < NB_VFS; i++) {
		assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_READY_STATUS), 0xe & (0xe << i));
		assert_int_equal(ifc_irqs(&r->vf[i]), 1);
		assert_int_equal(rig_mailbox(&r->vf[i], DST, 0, 0, &message), 0);
		assert_int_equal(message, 1);
		rig_write(&r->vf[i], HISI_QM_IFC_INT_SOURCE_V, 1);
	}
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_READY_STATUS), 0);
}

static void
vf_sends(struct ifc_rig *r, uint32_t vf, uint64_t message)
{
	assert_int_equal(rig_mailbox(&r->vf[vf], SRC, 0, message, NULL), 0);
	rig_write(&r->vf[vf], HISI_QM_IFC_INT_SET_V, 1);
	assert_int_equal(rig_read(&r->vf[vf], HISI_QM_IFC_INT_SET_V), 1);
}

static void
pf_takes(struct ifc_rig *r, uint32_t vf, uint64_t expected)
{
	uint64_t message;

	assert_int_equal(rig_mailbox(&r->rig.pf, DST, vf + 1, 0, &message), 0);
	assert_int_equal(message, expected);
	rig_write(&r->rig.pf, HISI_QM_IFC_INT_SOURCE_P, 1 << (vf + 1));
	assert_int_equal(rig_read(&r->vf[vf], HISI_QM_IFC_INT_SET_V), 0);
}

static void
test_vfs_to_pf(void **state)
{
	struct ifc_rig *r = *state;

	vf_sends(r, 0, 4);
	vf_sends(r, 2, 9);
	assert_int_equal(ifc_irqs(&r->rig.pf), 1);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_INT_STATUS), 1);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_INT_SOURCE_P), 1 << 1 | 1 << 3);
	pf_takes(r, 0, 4);
	/* The PF acknowledges while the other one is still there: it is told again. */
	rig_write(&r->rig.pf, HISI_QM_IFC_INT_SOURCE_V, 1);
	assert_int_equal(ifc_irqs(&r->rig.pf), 2);
	pf_takes(r, 2, 9);
	rig_write(&r->rig.pf, HISI_QM_IFC_INT_SOURCE_V, 1);
	assert_int_equal(ifc_irqs(&r->rig.pf), 2);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_INT_SOURCE_P), 0);
}

static void
test_masked_ring_waits(void **state)
{
	struct ifc_rig *r = *state;

	rig_write(&r->rig.pf, HISI_QM_IFC_INT_MASK, 1);
	vf_sends(r, 1, 6);
	assert_int_equal(ifc_irqs(&r->rig.pf), 0);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_INT_STATUS), 0);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_INT_SOURCE_V), 1);
	rig_write(&r->rig.pf, HISI_QM_IFC_INT_MASK, 0);
	assert_int_equal(ifc_irqs(&r->rig.pf), 1);
}

static void
test_targets_that_are_not_there(void **state)
{
	struct ifc_rig *r = *state;

	assert_int_not_equal(rig_mailbox(&r->rig.pf, SRC, NB_VFS + 1, 1, NULL), 0);
	assert_int_not_equal(rig_mailbox(&r->rig.pf, SRC, 0, 1, NULL), 0);
	assert_int_not_equal(rig_mailbox(&r->vf[0], SRC, 2, 1, NULL), 0);
	ring_vfs(r, NB_VFS + 1);
	ring_vfs(r, 0);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_READY_STATUS), 0);
}

static void
test_resets_leave_nobody_waiting(void **state)
{
	struct ifc_rig *r = *state;

	ring_vfs(r, 1);
	vf_sends(r, 0, 4);
	model_function_reset(r->vf[0].fn);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_READY_STATUS), 0);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_IFC_INT_SOURCE_P), 0);
	vf_sends(r, 1, 4);
	model_function_reset(r->rig.pf.fn);
	assert_int_equal(rig_read(&r->vf[1], HISI_QM_IFC_INT_SET_V), 0);
}

/* V4 and V5: registers instead of the mailbox; ringing is the same (qm.md 6.12). */
static void
test_v4_pf_to_vfs(void **state)
{
	struct ifc_rig *r = *state;
	uint32_t i;

	rig_write(&r->rig.pf, 0x104700, 3);
	rig_write(&r->rig.pf, 0x104704, 0x80000005);
	ring_vfs(r, 0x7f);
	assert_int_equal(rig_read(&r->rig.pf, 0x100128), 0xe);
	for (i = 0; i < NB_VFS; i++) {
		assert_int_equal(ifc_irqs(&r->vf[i]), 1);
		assert_int_equal(rig_read(&r->vf[i], 0x380), 3);
		assert_int_equal(rig_read(&r->vf[i], 0x384), 0x80000005);
		rig_write(&r->vf[i], 0x20, 1);
	}
	assert_int_equal(rig_read(&r->rig.pf, 0x100128), 0);
	/* Nobody reads back what he wrote. */
	assert_int_equal(rig_read(&r->rig.pf, 0x104700), 0);
}

static void
test_v4_vfs_to_pf(void **state)
{
	struct ifc_rig *r = *state;

	rig_write(&r->vf[0], 0x320, 4);
	rig_write(&r->vf[0], 0x324, 77);
	rig_write(&r->vf[0], 0x2c, 1);
	rig_write(&r->vf[2], 0x320, 9);
	rig_write(&r->vf[2], 0x2c, 1);
	assert_int_equal(rig_read(&r->rig.pf, 0x100138), 1 << 1 | 1 << 3);
	/* One word of each VF: the data of 77 does not arrive. */
	assert_int_equal(rig_read(&r->rig.pf, 0x104804), 4);
	assert_int_equal(rig_read(&r->rig.pf, 0x104808), 0);
	assert_int_equal(rig_read(&r->rig.pf, 0x10480c), 9);
	assert_int_equal(rig_read(&r->rig.pf, 0x104810), 0);
	rig_write(&r->rig.pf, 0x100138, 1 << 1);
	assert_int_equal(rig_read(&r->vf[0], 0x2c), 0);
	assert_int_equal(rig_read(&r->vf[2], 0x2c), 1);
}

static void
test_v4_mailbox_is_not_the_way(void **state)
{
	struct ifc_rig *r = *state;

	assert_int_not_equal(rig_mailbox(&r->rig.pf, SRC, 1, 1, NULL), 0);
	assert_int_not_equal(rig_mailbox(&r->vf[0], DST, 0, 0, NULL), 0);
}

/* And V3 has no such registers. */
static void
test_v3_has_no_message_registers(void **state)
{
	struct ifc_rig *r = *state;

	rig_write(&r->rig.pf, 0x104700, 3);
	rig_write(&r->vf[0], 0x320, 4);
	assert_int_equal(rig_read(&r->vf[0], 0x380), 0);
	assert_int_equal(rig_read(&r->rig.pf, 0x104804), 0);
}

/* Where the model plays the PF a VF's ring must not wait for anybody (qm.md 8.2). */
static void
test_pf_self_takes_messages(void **state)
{
	struct model_device_config config;
	struct rig_client vf;
	struct rig rig;

	(void)state;
	rig_config(&config);
	config.nb_vfs = 1;
	config.vf_queues = 4;
	config.is_pf_self = true;
	rig_start(&rig, &config);
	rig_connect(&rig, &vf, 1, 0);
	rig_write(&vf, HISI_QM_IFC_INT_SET_V, 1);
	assert_int_equal(rig_read(&vf, HISI_QM_IFC_INT_SET_V), 0);
	rig_disconnect(&vf);
	rig_stop(&rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define TEST_V4(f) cmocka_unit_test_setup_teardown(f, setup_v4, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pf_to_one_vf),
		TEST(test_pf_to_all_vfs),
		TEST(test_vfs_to_pf),
		TEST(test_masked_ring_waits),
		TEST(test_targets_that_are_not_there),
		TEST(test_resets_leave_nobody_waiting),
		TEST_V4(test_v4_pf_to_vfs),
		TEST_V4(test_v4_vfs_to_pf),
		TEST_V4(test_v4_mailbox_is_not_the_way),
		TEST(test_v3_has_no_message_registers),
		cmocka_unit_test(test_pf_self_takes_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
