/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The vfio-pci bus: whatever vfio shows of a function, no access leaves it, and what cannot be
 * driven is refused with one line.
 */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <hisi_qm_dev.h>

#include "fake_vfio.h"
#include "test_eal.h"

#define HALF (FAKE_VFIO_BAR2_LEN / 2)

static struct hisi_qm_bus *
bus_open(struct fake_vfio *vfio)
{
	struct hisi_qm_bus *bus = NULL;

	assert_int_equal(hisi_qm_bus_pci_check(&vfio->pci), 0);
	assert_int_equal(hisi_qm_bus_pci_open(&vfio->pci, &bus), 0);
	assert_non_null(bus);
	return bus;
}

static void
bus_close(struct hisi_qm_bus *bus, struct fake_vfio *vfio)
{
	bus->ops->close(bus);
	assert_int_equal(vfio->maps, 1);
	assert_int_equal(vfio->unmaps, 1);
	fake_vfio_free(vfio);
}

static void
check_not_opened(struct fake_vfio *vfio, int error, uint32_t unmaps, const char *message)
{
	struct hisi_qm_bus *bus = NULL;

	test_log_forget();
	assert_int_equal(hisi_qm_bus_pci_open(&vfio->pci, &bus), error);
	assert_null(bus);
	assert_int_equal(test_log_count("HISI_QM: 0000:75:00.1: "), 1);
	assert_int_equal(test_log_count(message), 1);
	assert_int_equal(vfio->maps, 1);
	assert_int_equal(vfio->unmaps, unmaps);
	fake_vfio_free(vfio);
}

static void
test_wrong_driver(void **state)
{
	static const enum rte_pci_kernel_driver others[] = { RTE_PCI_KDRV_UNKNOWN,
		RTE_PCI_KDRV_IGB_UIO, RTE_PCI_KDRV_UIO_GENERIC, RTE_PCI_KDRV_NONE };
	struct fake_vfio *vfio = fake_vfio_new();
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(others); i++) {
		vfio->pci.kdrv = others[i];
		vfio->devargs.policy = RTE_DEV_ALLOWED;
		test_log_forget();
		assert_int_equal(hisi_qm_bus_pci_check(&vfio->pci), -ENOTSUP);
		assert_int_equal(test_log_count("HISI_QM: "), 1);
		assert_int_equal(test_log_count("HISI_QM: 0000:75:00.1: bound to no driver, not to "
			"vfio-pci; dpdk-devbind.py -b vfio-pci 0000:75:00.1"), 1);
		/* Only come across: it may well be the kernel's own. */
		vfio->devargs.policy = RTE_DEV_BLOCKED;
		test_log_forget();
		assert_int_equal(hisi_qm_bus_pci_check(&vfio->pci), 1);
		vfio->pci.device.devargs = NULL;
		assert_int_equal(hisi_qm_bus_pci_check(&vfio->pci), 1);
		assert_int_equal(test_log_count("HISI_QM: "), 0);
		vfio->pci.device.devargs = &vfio->devargs;
	}
	assert_int_equal(vfio->maps, 0);
	fake_vfio_free(vfio);
}

static void
test_not_mapped(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();

	(void)state;
	/* 1: "not managed by vfio", as of a group with a foreign function. */
	vfio->map_result = 1;
	check_not_opened(vfio, -ENODEV, 0, "cannot map the function");
	vfio = fake_vfio_new();
	vfio->map_result = -EPERM;
	check_not_opened(vfio, -EPERM, 0, "cannot map the function");
}

static void
test_no_bar(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();

	(void)state;
	vfio->bar2_shown = 0;
	check_not_opened(vfio, -ENODEV, 1, "BAR2 has 0 bytes");
	vfio = fake_vfio_new();
	vfio->bar2_shown = 0x3fff;
	check_not_opened(vfio, -ENODEV, 1, "BAR2 has 16383 bytes");
	vfio = fake_vfio_new();
	vfio->no_mmap = true;
	check_not_opened(vfio, -ENODEV, 1, "BAR2 has 0 bytes");
}

static void
check_access(struct hisi_qm_bus *bus, uint32_t offset, uint32_t len, int expected)
{
	uint8_t buf[16] = { 0 };

	assert_int_equal(bus->ops->read(bus, offset, buf, len), expected);
	assert_int_equal(bus->ops->write(bus, offset, buf, len), expected);
}

/* Behind hisi_acc_vfio_pci half of the resource is shown (qm.md 1.3). */
static void
test_half_bar(void **state)
{
	static const uint32_t lens[] = { 4, 8, 16 };
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus;
	size_t i;

	(void)state;
	vfio->bar2_shown = HALF;
	memset(vfio->bar2 + HALF, 0xa5, HALF);
	bus = bus_open(vfio);
	assert_int_equal(bus->bar_len, HALF);
	for (i = 0; i < RTE_DIM(lens); i++) {
		check_access(bus, HALF - lens[i], lens[i], 0);
		check_access(bus, HALF, lens[i], -ERANGE);
		check_access(bus, HALF - lens[i] + 4, lens[i], -ERANGE);
		check_access(bus, HALF + 0x1000, lens[i], -ERANGE);
		check_access(bus, UINT32_MAX - lens[i] + 1, lens[i], -ERANGE);
		/* Not aligned to itself: two accesses, or a fault. */
		check_access(bus, 0x1000 + lens[i] / 2, lens[i], -ERANGE);
	}
	for (i = HALF; i < FAKE_VFIO_BAR2_LEN; i++)
		assert_int_equal(vfio->bar2[i], 0xa5);
	bus_close(bus, vfio);
}

static void
test_lengths(void **state)
{
	static const uint32_t lens[] = { 0, 1, 2, 3, 5, 12, 15, 17, 32, UINT32_MAX };
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus = bus_open(vfio);
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(lens); i++)
		check_access(bus, 0, lens[i], -EINVAL);
	bus_close(bus, vfio);
}

static void
test_registers(void **state)
{
	const uint64_t pair[2] = { 0x1122334455667788, 0x99aabbccddeeff00 };
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus = bus_open(vfio);
	uint64_t back[2] = { 0, 0 };
	uint32_t word = 0xcafebabe;

	(void)state;
	assert_int_equal(bus->ops->write(bus, HISI_QM_MAILBOX, pair, 16), 0);
	assert_memory_equal(vfio->bar2 + HISI_QM_MAILBOX, pair, 16);
	assert_int_equal(bus->ops->read(bus, HISI_QM_MAILBOX, back, 16), 0);
	assert_memory_equal(back, pair, 16);
	assert_int_equal(bus->ops->write(bus, HISI_QM_DOORBELL_EQ_AEQ, &pair[1], 8), 0);
	assert_memory_equal(vfio->bar2 + HISI_QM_DOORBELL_EQ_AEQ, &pair[1], 8);
	assert_int_equal(bus->ops->read(bus, HISI_QM_DOORBELL_EQ_AEQ, &back[0], 8), 0);
	assert_int_equal(back[0], pair[1]);
	assert_int_equal(bus->ops->write(bus, 0x34, &word, 4), 0);
	assert_memory_equal(vfio->bar2 + 0x34, &word, 4);
	assert_int_equal(vfio->bar2[0x38], 0);
	word = 0;
	assert_int_equal(bus->ops->read(bus, 0x34, &word, 4), 0);
	assert_int_equal(word, 0xcafebabe);
	bus_close(bus, vfio);
}

static void
test_config(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus = bus_open(vfio);
	uint16_t command = 0;

	(void)state;
	assert_int_equal(bus->ops->config_read(bus, 4, &command, 2), 0);
	assert_int_equal(command, 6);
	command = 0x406;
	assert_int_equal(bus->ops->config_write(bus, 4, &command, 2), 0);
	assert_int_equal(fake_vfio_command(vfio), 0x406);
	/* Behind the end vfio reads nothing. */
	assert_int_equal(bus->ops->config_read(bus, 0x1000, &command, 2), -EIO);
	bus_close(bus, vfio);
}

static void
test_doorbells(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus = bus_open(vfio);

	(void)state;
	assert_int_equal(bus->max_queues, HISI_QM_MAX_QUEUES);
	assert_ptr_equal(bus->ops->doorbell(bus, 0, HISI_QM_BUS_DOORBELL_SQ), vfio->bar2 + 0x1000);
	assert_ptr_equal(bus->ops->doorbell(bus, 1023, HISI_QM_BUS_DOORBELL_CQ),
		vfio->bar2 + 0x1000);
	assert_null(bus->ops->doorbell(bus, 1024, HISI_QM_BUS_DOORBELL_SQ));
	/* Isolation is on, but vfio shows no BAR4. */
	assert_int_equal(bus->ops->isolate(bus, false), 0);
	assert_int_equal(bus->ops->isolate(bus, true), -ENOTSUP);
	bus_close(bus, vfio);
}

static void
test_isolated_doorbells(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus;

	(void)state;
	/* A last page that is cut off is none. */
	vfio->bar4_shown = FAKE_VFIO_BAR4_LEN - 1;
	bus = bus_open(vfio);
	assert_int_equal(bus->ops->isolate(bus, true), 0);
	assert_int_equal(bus->max_queues, FAKE_VFIO_BAR4_PAGES - 1);
	assert_ptr_equal(bus->ops->doorbell(bus, 0, HISI_QM_BUS_DOORBELL_SQ), vfio->bar4 + 0x1000);
	assert_ptr_equal(bus->ops->doorbell(bus, 2, HISI_QM_BUS_DOORBELL_CQ),
		vfio->bar4 + 0x21000);
	assert_null(bus->ops->doorbell(bus, 3, HISI_QM_BUS_DOORBELL_SQ));
	assert_int_equal(bus->ops->isolate(bus, false), 0);
	assert_int_equal(bus->max_queues, HISI_QM_MAX_QUEUES);
	assert_ptr_equal(bus->ops->doorbell(bus, 3, HISI_QM_BUS_DOORBELL_SQ), vfio->bar2 + 0x1000);
	bus_close(bus, vfio);
}

static void
check_vectors(uint32_t vectors, uint32_t given, int error, uint32_t expected, uint32_t warnings)
{
	struct fake_vfio *vfio = fake_vfio_new();
	int fds[HISI_QM_MAX_VECTORS];
	struct hisi_qm_bus *bus;
	uint32_t i;

	vfio->vectors = vectors;
	vfio->vectors_given = given;
	vfio->irqs_error = error;
	test_log_forget();
	bus = bus_open(vfio);
	assert_int_equal(vfio->irqs_set, expected);
	assert_int_equal(test_log_count("MSI vectors"), warnings);
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++) {
		if (i >= expected) {
			assert_int_equal(bus->irq_fds[i], -1);
			continue;
		}
		assert_int_equal(bus->irq_fds[i], vfio->eventfds[i]);
		/* The control thread drains them: it must not block. */
		assert_true(fcntl(bus->irq_fds[i], F_GETFL) & O_NONBLOCK);
	}
	memcpy(fds, vfio->eventfds, sizeof(fds));
	bus_close(bus, vfio);
	for (i = 0; i < expected; i++)
		assert_int_equal(fcntl(fds[i], F_GETFD), -1);
}

static void
test_interrupts(void **state)
{
	(void)state;
	check_vectors(4, 4, 0, 4, 0);
	check_vectors(2, 2, 0, 2, 0);
	/* More than the queue manager names. */
	check_vectors(8, 8, 0, 4, 0);
	/* Without remapping of interrupts the kernel gives one. */
	check_vectors(4, 1, 0, 1, 1);
	check_vectors(0, 0, 0, 0, 1);
	check_vectors(4, 4, ENOMEM, 0, 1);
}

static void
test_interrupts_off(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus = bus_open(vfio);

	(void)state;
	assert_int_equal(vfio->irq_calls, 1);
	bus->ops->close(bus);
	assert_int_equal(vfio->irq_calls, 2);
	assert_int_equal(vfio->irqs_set, 0);
	fake_vfio_free(vfio);
}

/* A descriptor for each notice, which EAL takes away with the device; none where there is none. */
static void
test_notices(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus;
	int i, fds[2];

	(void)state;
	vfio->has_notices = true;
	bus = bus_open(vfio);
	fds[0] = bus->request_fd;
	fds[1] = bus->error_fd;
	for (i = 0; i < 2; i++) {
		assert_int_equal(fds[i], vfio->notices[i]);
		assert_true(fcntl(fds[i], F_GETFL) & O_NONBLOCK);
	}
	assert_ptr_equal(bus->eal_name, vfio->pci.device.name);
	bus_close(bus, vfio);
	for (i = 0; i < 2; i++)
		assert_int_equal(fcntl(fds[i], F_GETFD), -1);

	vfio = fake_vfio_new();
	bus = bus_open(vfio);
	assert_int_equal(bus->request_fd, -1);
	assert_int_equal(bus->error_fd, -1);
	bus_close(bus, vfio);
}

static void
test_reset(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus = bus_open(vfio);

	(void)state;
	assert_int_equal(bus->ops->reset(bus), 0);
	assert_int_equal(vfio->resets, 1);
	vfio->reset_error = ENOTTY;
	assert_int_equal(bus->ops->reset(bus), -ENOTTY);
	vfio->reset_error = 0;
	vfio->dies_of_reset = true;
	assert_int_equal(bus->ops->reset(bus), -ENODEV);
	assert_int_equal(vfio->resets, 3);
	/* A function that is gone would keep the kernel waiting for a minute. */
	assert_int_equal(bus->ops->reset(bus), -ENODEV);
	assert_int_equal(vfio->resets, 3);
	bus_close(bus, vfio);
}

/* The kernel waits for no lock: it is tried again, but not for ever. */
static void
test_reset_locked(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus = bus_open(vfio);

	(void)state;
	vfio->locked_resets = 3;
	assert_int_equal(bus->ops->reset(bus), 0);
	assert_int_equal(vfio->resets, 4);
	vfio->locked_resets = UINT32_MAX;
	assert_int_equal(bus->ops->reset(bus), -EAGAIN);
	assert_in_range(vfio->resets, 6, 1000);
	bus_close(bus, vfio);
}

static void
test_alive(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus = bus_open(vfio);
	char text[64];

	(void)state;
	assert_int_equal(bus->ops->alive(bus), 0);
	assert_int_equal(bus->ops->ping(bus, 300), 0);
	memset(vfio->bar2, 0xff, FAKE_VFIO_BAR2_LEN);
	assert_int_equal(bus->ops->alive(bus), -ENODEV);
	assert_int_equal(bus->ops->ping(bus, 300), -ENODEV);
	bus->ops->describe(bus, text, sizeof(text));
	assert_string_equal(text, "PCI function 0000:75:00.1");
	assert_int_equal(bus->hangup_fd, -1);
	bus_close(bus, vfio);
}

static void
test_revoke(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_bus *bus = bus_open(vfio);

	(void)state;
	vfio->master_sticks = true;
	assert_int_equal(bus->ops->revoke(bus), -EIO);
	vfio->master_sticks = false;
	assert_int_equal(bus->ops->revoke(bus), 0);
	assert_int_equal(fake_vfio_command(vfio), 0x0002);
	bus_close(bus, vfio);
}

/* Whatever fails, nothing stays mapped. */
static void
test_secondary(void **state)
{
	struct fake_vfio *vfio = fake_vfio_new();
	struct hisi_qm_dev dev = { .doorbells = vfio->bar4 };

	(void)state;
	test_log_forget();
	assert_int_equal(hisi_qm_bus_pci_attach(&vfio->pci, &dev), -EADDRINUSE);
	assert_int_equal(test_log_count("HISI_QM: 0000:75:00.1: BAR2 lies elsewhere"), 1);
	assert_int_equal(vfio->unmaps, 1);
	/* This process has no primary that could answer. */
	dev.doorbells = vfio->bar2;
	test_log_forget();
	assert_true(hisi_qm_bus_pci_attach(&vfio->pci, &dev) < 0);
	assert_int_equal(test_log_count("HISI_QM: 0000:75:00.1: the primary process does not"), 1);
	assert_int_equal(vfio->unmaps, 2);
	vfio->map_result = -1;
	assert_int_equal(hisi_qm_bus_pci_attach(&vfio->pci, &dev), -1);
	assert_int_equal(vfio->maps, 3);
	assert_int_equal(vfio->unmaps, 2);
	fake_vfio_free(vfio);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_driver),
		cmocka_unit_test(test_not_mapped),
		cmocka_unit_test(test_no_bar),
		cmocka_unit_test(test_half_bar),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_doorbells),
		cmocka_unit_test(test_isolated_doorbells),
		cmocka_unit_test(test_interrupts),
		cmocka_unit_test(test_interrupts_off),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_reset_locked),
		cmocka_unit_test(test_notices),
		cmocka_unit_test(test_alive),
		cmocka_unit_test(test_revoke),
		cmocka_unit_test(test_secondary),
	};
	int ret = test_eal_start("test_qm_bus_pci");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_bus_pci", tests, NULL, NULL));
}
