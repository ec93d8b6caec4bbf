/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Configuration space, MSI and FLR (qm.md 1.3, 1.4, 6.1, vfio-user.md 13).
 */

#include <stdlib.h>
#include <string.h>

#include <linux/pci_regs.h>

#include <model_event.h>

#include "model_rig.h"

static int
setup(void **state)
{
	return rig_setup_vfs(state, 1);
}

/** Offset of a capability, 0 if there is none. */
static uint32_t
find_cap(struct rig_client *c, uint32_t id)
{
	uint32_t at = rig_config_read(c, PCI_CAPABILITY_LIST, 1), steps;

	for (steps = 0; at != 0 && steps < 48; steps++) {
		if (rig_config_read(c, at, 1) == id)
			return at;
		at = rig_config_read(c, at + 1, 1);
	}
	return 0;
}

static void
test_identity(void **state)
{
	struct rig *rig = *state;
	struct rig_client vf;

	rig_connect(rig, &vf, 1, 0);
	assert_int_equal(rig_config_read(&rig->pf, PCI_VENDOR_ID, 4), 0xa25019e5);
	assert_int_equal(rig_config_read(&vf, PCI_VENDOR_ID, 4), 0xa25119e5);
	assert_int_equal(rig_config_read(&vf, PCI_CLASS_REVISION, 4), 0x12000030);
	assert_int_equal(rig_config_read(&vf, PCI_HEADER_TYPE, 1), 0);
	assert_int_equal(rig_config_read(&vf, PCI_INTERRUPT_PIN, 1), 0);
	assert_int_equal(rig_config_read(&vf, PCI_STATUS, 2), PCI_STATUS_CAP_LIST);
	/* No extended capability. */
	assert_int_equal(rig_config_read(&vf, 0x100, 4), 0);
	assert_int_equal(rig_config_read(&vf, 0xffc, 4), 0);
	rig_disconnect(&vf);
}

static void
test_capabilities(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;
	uint32_t msi = find_cap(pf, PCI_CAP_ID_MSI), exp = find_cap(pf, PCI_CAP_ID_EXP);
	uint32_t flags;

	assert_int_not_equal(msi, 0);
	assert_int_not_equal(exp, 0);
	assert_int_equal(find_cap(pf, PCI_CAP_ID_MSIX), 0);
	flags = rig_config_read(pf, msi + PCI_MSI_FLAGS, 2);
	assert_true(flags & PCI_MSI_FLAGS_64BIT);
	assert_true(flags & PCI_MSI_FLAGS_MASKBIT);
	assert_true(1 << ((flags & PCI_MSI_FLAGS_QMASK) >> 1) >= 4);
	assert_true(rig_config_read(pf, exp + PCI_EXP_DEVCAP, 4) & PCI_EXP_DEVCAP_FLR);
}

static void
test_what_can_be_written(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;

	rig_config_write(pf, PCI_VENDOR_ID, 0, 4);
	assert_int_equal(rig_config_read(pf, PCI_VENDOR_ID, 4), 0xa25019e5);
	rig_config_write(pf, PCI_ROM_ADDRESS, ~0u, 4);
	assert_int_equal(rig_config_read(pf, PCI_ROM_ADDRESS, 4), 0);
	rig_config_write(pf, PCI_BASE_ADDRESS_2, ~0u, 4);
	rig_config_write(pf, PCI_BASE_ADDRESS_3, ~0u, 4);
	assert_int_equal(rig_config_read(pf, PCI_BASE_ADDRESS_2, 4),
		~(HISI_QM_BAR_LEN_PF - 1u) | 0xc);
	assert_int_equal(rig_config_read(pf, PCI_BASE_ADDRESS_3, 4), ~0u);
	rig_config_write(pf, PCI_BASE_ADDRESS_0, ~0u, 4);
	assert_int_equal(rig_config_read(pf, PCI_BASE_ADDRESS_0, 4), 0);
	rig_config_write(pf, PCI_COMMAND, 0xffff, 2);
	assert_int_equal(rig_config_read(pf, PCI_COMMAND, 2), PCI_COMMAND_IO | PCI_COMMAND_MEMORY |
		PCI_COMMAND_MASTER | PCI_COMMAND_PARITY | PCI_COMMAND_SERR |
		PCI_COMMAND_INTX_DISABLE);
	rig_config_write(pf, PCI_INTERRUPT_LINE, 11, 1);
	assert_int_equal(rig_config_read(pf, PCI_INTERRUPT_LINE, 1), 11);
}

static void
test_bus_master_gates_msi(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;

	model_event_interrupt(pf->fn, 1);
	assert_int_equal(pf->irqs[1], 0);
	rig_set_master(pf, 1);
	model_event_interrupt(pf->fn, 1);
	assert_int_equal(pf->irqs[1], 1);
}

static void
test_masked_vectors_wait(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;
	uint32_t msi = find_cap(pf, PCI_CAP_ID_MSI);

	rig_set_master(pf, 1);
	rig_config_write(pf, msi + PCI_MSI_MASK_64, 0x3, 4);
	model_event_interrupt(pf->fn, 0);
	model_event_interrupt(pf->fn, 0);
	model_event_interrupt(pf->fn, 2);
	assert_int_equal(pf->irqs[0], 0);
	assert_int_equal(pf->irqs[2], 1);
	assert_int_equal(rig_config_read(pf, msi + PCI_MSI_PENDING_64, 4), 1);
	rig_config_write(pf, msi + PCI_MSI_MASK_64, 0x2, 4);
	assert_int_equal(pf->irqs[0], 1);
	assert_int_equal(rig_config_read(pf, msi + PCI_MSI_PENDING_64, 4), 0);
}

static void
test_fewer_vectors_are_folded(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;
	uint32_t msi = find_cap(pf, PCI_CAP_ID_MSI);

	rig_set_master(pf, 1);
	rig_config_write(pf, msi + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE, 2); /* one vector */
	model_event_interrupt(pf->fn, 3);
	assert_int_equal(pf->irqs[0], 1);
	rig_config_write(pf, msi + PCI_MSI_FLAGS, PCI_MSI_FLAGS_ENABLE | 2 << 4, 2); /* four */
	model_event_interrupt(pf->fn, 3);
	assert_int_equal(pf->irqs[3], 1);
}

static void
flr(struct rig_client *c)
{
	uint32_t exp = find_cap(c, PCI_CAP_ID_EXP);

	rig_config_write(c, exp + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_BCR_FLR, 2);
	assert_int_equal(rig_config_read(c, exp + PCI_EXP_DEVCTL, 2), 0);
}

static void
test_flr_of_vf_keeps_its_queues(void **state)
{
	struct rig *rig = *state;
	struct rig_client vf;
	struct rig_queue q;
	uint64_t entry;

	rig_bring_up(&rig->pf, 4);
	rig_vft(&rig->pf, 1, 4, 4);
	rig_connect(rig, &vf, 1, 1);
	rig_set_master(&vf, 1);
	rig_write(&vf, HISI_QM_VF_EQ_INT_MASK, 0);
	assert_int_equal(rig_queue_setup(&vf, &q, 0, 0, 8), 0);
	assert_int_equal(rig->dev->nb_active, 1);
	rig_slot(&vf, HISI_QM_DB_CMD_CQ, 0, RIG_TAG, 0);
	flr(&vf);
	assert_int_equal(rig->dev->nb_active, 0);
	assert_int_equal(*(uint64_t *)(void *)(vf.slots + 64), 0);
	assert_int_equal(rig_read(&vf, HISI_QM_VF_EQ_INT_MASK), 1);
	assert_int_equal(rig_config_read(&vf, PCI_COMMAND, 2), 0);
	assert_int_equal(rig_mailbox(&vf, HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET |
		HISI_QM_MB_CMD_SQC_VFT, 0, 0, &entry), 0);
	assert_int_equal(entry, 4ull << 28 | 1ull << 44 | 3ull << 45);
	rig_set_master(&vf, 1);
	assert_int_equal(rig_queue_setup(&vf, &q, 0, 0, 8), 0);
	rig_disconnect(&vf);
}

static void
test_flr_of_pf(void **state)
{
	struct rig *rig = *state;
	struct rig_queue q;

	rig_bring_up(&rig->pf, 4);
	rig_write(&rig->pf, HISI_QM_CACHE_CTL, 0x1833);
	assert_int_equal(rig_queue_setup(&rig->pf, &q, 3, 1, 8), 0);
	flr(&rig->pf);
	assert_int_equal(rig->dev->nb_active, 0);
	assert_int_equal(rig_read(&rig->pf, HISI_QM_CACHE_CTL), 0);
	assert_int_equal(rig_read(&rig->pf, HISI_QM_VFT_CFG_RDY), 1);
	rig_set_master(&rig->pf, 1);
	assert_int_equal(rig_queue_setup(&rig->pf, &q, 3, 1, 8), MODEL_MB_BAD_QUEUE);
	rig_bring_up(&rig->pf, 4);
	assert_int_equal(rig_queue_setup(&rig->pf, &q, 3, 1, 8), 0);
}

/* The other half of devctl, and a byte write of the low half, are no FLR. */
static void
test_what_is_no_flr(void **state)
{
	struct rig_client *pf = &((struct rig *)*state)->pf;
	uint32_t exp = find_cap(pf, PCI_CAP_ID_EXP);

	rig_write(pf, HISI_QM_CACHE_CTL, 0x1833);
	rig_config_write(pf, exp + PCI_EXP_DEVCTL, 0x80, 1);
	rig_config_write(pf, exp + PCI_EXP_DEVCTL, 0x7fff, 2);
	assert_int_equal(rig_config_read(pf, exp + PCI_EXP_DEVCTL, 2), 0x7fff);
	assert_int_equal(rig_read(pf, HISI_QM_CACHE_CTL), 0x1833);
	rig_config_write(pf, exp + PCI_EXP_DEVCTL + 1, 0x80, 1);
	assert_int_equal(rig_read(pf, HISI_QM_CACHE_CTL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_identity, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_capabilities, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_what_can_be_written, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_bus_master_gates_msi, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_masked_vectors_wait, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_fewer_vectors_are_folded, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_flr_of_vf_keeps_its_queues,
			setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_flr_of_pf, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_what_is_no_flr, setup, rig_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
