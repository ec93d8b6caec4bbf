/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The whole model at a socket, with the client half of lib/vfio_user as its driver: discovery of
 * the slots, DMA maps, interrupts by eventfd, reset, end of the client.
 */

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/pci_regs.h>

#include <hisi_qm_shadow.h>
#include <model_endpoint.h>
#include <vfio_user_client.h>

#include "model_rig.h"

#define MEM_LEN (4u << 20)
#define DEPTH 64
#define SLOT_REGION 9
#define PATIENCE_MS 60000

/** Server half: a control thread of its own, as the program has. */
struct server {
	struct model_device *dev;
	struct model_endpoint *endpoint;
	pthread_t thread;
	int stop_fd;
	char dir[32];
	char path[64];
};

/** Client half. */
struct client {
	struct vfio_user_client *vfu;
	int fd;
	uint8_t *mem;
	uint8_t *slots;
	size_t slots_len;
	int irq[4];
};

static void *
serve(void *arg)
{
	struct server *s = arg;
	struct pollfd fds[2] = {
		{ .fd = model_endpoint_poll_fd(s->endpoint), .events = POLLIN },
		{ .fd = s->stop_fd, .events = POLLIN },
	};

	while (fds[1].revents == 0) {
		poll(fds, 2, -1);
		if (model_endpoint_process(s->endpoint) < 0)
			break;
	}
	return NULL;
}

static int
setup(void **state)
{
	struct server *s = calloc(1, sizeof(*s));
	struct model_device_config config;
	struct vfio_user_server_error error;

	rig_config(&config);
	config.nb_workers = 2;
	assert_int_equal(model_device_create(&config, NULL, &s->dev), 0);
	snprintf(s->dir, sizeof(s->dir), "/tmp/hisi-model-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(s->path, sizeof(s->path), "%s/pf.sock", s->dir);
	assert_int_equal(model_endpoint_create(model_device_function(s->dev, 0), s->path, &error,
		&s->endpoint), 0);
	s->stop_fd = eventfd(0, EFD_CLOEXEC);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
	*state = s;
	return 0;
}

static int
teardown(void **state)
{
	struct server *s = *state;

	assert_int_equal(eventfd_write(s->stop_fd, 1), 0);
	pthread_join(s->thread, NULL);
	model_endpoint_destroy(s->endpoint);
	model_device_destroy(s->dev);
	assert_int_equal(access(s->path, F_OK), -1);
	assert_int_equal(rmdir(s->dir), 0);
	close(s->stop_fd);
	free(s);
	return 0;
}

static uint32_t
bar_read(struct client *c, uint32_t offset)
{
	uint32_t value;

	assert_int_equal(vfio_user_client_region_read(c->vfu, HISI_QM_BAR, offset, &value, 4), 0);
	return value;
}

static void
bar_write(struct client *c, uint32_t offset, uint32_t value)
{
	assert_int_equal(vfio_user_client_region_write_posted(c->vfu, HISI_QM_BAR, offset, &value,
		4), 0);
}

static uint32_t
mailbox(struct client *c, uint32_t w0, uint32_t queue, uint64_t base)
{
	struct hisi_qm_mailbox mb = { .w0 = HISI_QM_MB_BUSY | w0, .queue = queue,
		.base_lo = (uint32_t)base, .base_hi = (uint32_t)(base >> 32) };

	assert_int_equal(vfio_user_client_region_write(c->vfu, HISI_QM_BAR, HISI_QM_MAILBOX, &mb,
		sizeof(mb)), 0);
	assert_int_equal(vfio_user_client_region_read(c->vfu, HISI_QM_BAR, HISI_QM_MAILBOX, &mb,
		sizeof(mb)), 0);
	assert_false(mb.w0 & HISI_QM_MB_BUSY);
	return HISI_FIELD_GET(HISI_QM_MB_STATUS, (uint32_t)mb.w0);
}

static void
map_slots(struct client *c)
{
	struct vfio_user_client_region region;
	void *slots;

	assert_int_equal(vfio_user_client_get_region_info(c->vfu, SLOT_REGION, &region), 0);
	assert_true(region.has_type);
	assert_int_equal(region.type, VFIO_USER_REGION_TYPE_PCI_VENDOR | HISI_PCI_VENDOR_ID);
	assert_int_equal(region.subtype, HISI_QM_SHADOW_REGION_SUBTYPE);
	assert_int_equal(region.size, HISI_QM_SHADOW_LEN(16));
	assert_int_equal(vfio_user_client_map_region(&region, &slots), 0);
	c->slots = slots;
	c->slots_len = region.size;
	close(region.fd);
}

static void
connect_client(struct server *s, struct client *c)
{
	struct vfio_user_client_opts opts = { .private_key = HISI_QM_SHADOW_KEY };
	struct vfio_user_connect_error error;
	const uint16_t command = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	int i;

	assert_int_equal(vfio_user_client_connect(s->path, &opts, &error, &c->vfu), 0);
	map_slots(c);
	c->fd = memfd_create("client", MFD_CLOEXEC);
	assert_int_equal(ftruncate(c->fd, MEM_LEN), 0);
	c->mem = mmap(NULL, MEM_LEN, PROT_READ | PROT_WRITE, MAP_SHARED, c->fd, 0);
	assert_int_equal(vfio_user_client_dma_map(c->vfu, c->fd, 0, RIG_IOVA, MEM_LEN, 3), 0);
	for (i = 0; i < 4; i++)
		c->irq[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert_int_equal(vfio_user_client_set_irqs(c->vfu, VFIO_USER_IRQ_MSI, 0, 4, c->irq), 0);
	assert_int_equal(vfio_user_client_region_write(c->vfu, VFIO_USER_REGION_CONFIG, PCI_COMMAND,
		&command, 2), 0);
}

static void
disconnect_client(struct client *c)
{
	int i;

	vfio_user_client_disconnect(c->vfu);
	munmap(c->slots, c->slots_len);
	munmap(c->mem, MEM_LEN);
	close(c->fd);
	for (i = 0; i < 4; i++)
		close(c->irq[i]);
}

/* Where things lie in the client's memory. */
#define AT_CONTEXT 0x0
#define AT_EQ 0x1000
#define AT_SQ 0x2000
#define AT_CQ 0x8000
#define AT_IN 0x10000
#define AT_OUT 0x20000

static void
write_vft(struct client *c)
{
	const uint32_t entries[2][2] = { { 0, 1 << 12 | 15 << 13 }, { 1 << 28, 0 } };
	uint32_t type;

	bar_write(c, HISI_QM_MEM_START_INIT, 1);
	for (type = 0; type < 2; type++) {
		bar_write(c, HISI_QM_VFT_CFG_TYPE, type);
		bar_write(c, HISI_QM_VFT_CFG_DATA_L, entries[type][0]);
		bar_write(c, HISI_QM_VFT_CFG_DATA_H, entries[type][1]);
		bar_write(c, HISI_QM_VFT_CFG_RDY, 0);
		bar_write(c, HISI_QM_VFT_CFG_OP_ENABLE, 1);
		assert_int_equal(bar_read(c, HISI_QM_VFT_CFG_RDY), 1);
	}
}

static void
set_up_queue(struct client *c)
{
	const uint64_t sq = RIG_IOVA + AT_SQ, cq = RIG_IOVA + AT_CQ, eq = RIG_IOVA + AT_EQ;
	const uint32_t depth = DEPTH - 1;
	void *context = c->mem + AT_CONTEXT;

	memset(c->mem + AT_SQ, 0, AT_IN - AT_SQ);
	*(struct hisi_qm_sqc *)context = (struct hisi_qm_sqc){ .base_lo = (uint32_t)sq,
		.base_hi = (uint32_t)(sq >> 32), .dw3 = depth | 0x7000, .tag = RIG_TAG,
		.w13 = HISI_QM_SQC_W13_ORDER };
	assert_int_equal(mailbox(c, HISI_QM_MB_CMD_SQC, 0, RIG_IOVA + AT_CONTEXT), 0);
	*(struct hisi_qm_cqc *)context = (struct hisi_qm_cqc){ .base_lo = (uint32_t)cq,
		.base_hi = (uint32_t)(cq >> 32), .dw3 = depth | 0x4000, .tag = RIG_TAG, .dw6 = 1 };
	assert_int_equal(mailbox(c, HISI_QM_MB_CMD_CQC, 0, RIG_IOVA + AT_CONTEXT), 0);
	*(struct hisi_qm_eqc *)context = (struct hisi_qm_eqc){ .base_lo = (uint32_t)eq,
		.base_hi = (uint32_t)(eq >> 32), .dw6 = 63 | HISI_QM_EQC_DW6_PHASE };
	assert_int_equal(mailbox(c, HISI_QM_MB_CMD_EQC, 0, RIG_IOVA + AT_CONTEXT), 0);
}

static void
ring_slot(struct client *c, uint32_t command, uint16_t index)
{
	size_t at = command == HISI_QM_DB_CMD_SQ ? HISI_QM_SHADOW_SQ : HISI_QM_SHADOW_CQ;

	atomic_store_explicit((_Atomic uint64_t *)(void *)(c->slots + at), hisi_qm_doorbell_word(
		hisi_qm_doorbell_base(command, 0, RIG_TAG), index, 0), memory_order_release);
}

static void
ring_message(struct client *c, uint32_t offset, uint32_t command, uint16_t tag, uint16_t index,
	uint16_t priority)
{
	uint64_t word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(command, 0, tag), index,
		priority);

	assert_int_equal(vfio_user_client_region_write_posted(c->vfu, HISI_QM_BAR, offset, &word,
		8), 0);
}

static void
put_sqe(struct client *c, uint32_t at)
{
	((struct hisi_zip_sqe *)(void *)(c->mem + AT_SQ))[at] = rig_sqe(HISI_ZIP_REQ_GZIP,
		RIG_IOVA + AT_IN, 5000, RIG_IOVA + AT_OUT, 10000);
}

static void
wait_cqe(struct client *c, uint32_t at, uint32_t phase)
{
	_Atomic uint64_t *hi = (_Atomic uint64_t *)(void *)(c->mem + AT_CQ + 16 * at + 8);
	time_t end = time(NULL) + PATIENCE_MS / 1000;
	uint64_t word;

	while (HISI_FIELD_GET(HISI_QM_CQE_HI_PHASE,
	       word = atomic_load_explicit(hi, memory_order_acquire)) != phase) {
		assert_true(time(NULL) < end);
		sched_yield();
	}
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CQE_HI_SQ_HEAD, word), at);
	assert_int_equal(rig_status(&((struct hisi_zip_sqe *)(void *)(c->mem + AT_SQ))[at]),
		HISI_ZIP_STATUS_OK);
}

static void
test_slots(void **state)
{
	struct client c;
	uint32_t i;

	connect_client(*state, &c);
	write_vft(&c);
	set_up_queue(&c);
	for (i = 0; i < 3 * DEPTH; i++) {
		put_sqe(&c, i % DEPTH);
		ring_slot(&c, HISI_QM_DB_CMD_SQ, (i + 1) % DEPTH);
		wait_cqe(&c, i % DEPTH, !(i / DEPTH % 2));
		ring_slot(&c, HISI_QM_DB_CMD_CQ, (i + 1) % DEPTH);
	}
	assert_int_equal(mailbox(&c, HISI_QM_MB_CMD_STOP_QP, 0, 0), 0);
	assert_int_equal(mailbox(&c, HISI_QM_MB_CMD_FLUSH_QM, 0, 0), 0);
	disconnect_client(&c);
}

static void
wait_irq(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	eventfd_t count;

	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	assert_int_equal(eventfd_read(fd, &count), 0);
}

static void
test_messages_and_interrupts(void **state)
{
	struct client c;
	uint32_t i;

	connect_client(*state, &c);
	write_vft(&c);
	set_up_queue(&c);
	bar_write(&c, HISI_QM_VF_EQ_INT_MASK, 0);
	for (i = 0; i < 40; i++) {
		put_sqe(&c, i);
		ring_message(&c, HISI_QM_DOORBELL_SQ_CQ, HISI_QM_DB_CMD_SQ, RIG_TAG, i + 1, 0);
		ring_message(&c, HISI_QM_DOORBELL_SQ_CQ, HISI_QM_DB_CMD_CQ, RIG_TAG, i, 1);
		wait_irq(c.irq[HISI_QM_VECTOR_EQ]);
		assert_int_equal(((volatile uint32_t *)(void *)(c.mem + AT_EQ))[i],
			HISI_QM_EQE_PHASE);
		wait_cqe(&c, i, 1);
		ring_message(&c, HISI_QM_DOORBELL_EQ_AEQ, HISI_QM_DB_CMD_EQ, 0, i + 1, 0);
	}
	disconnect_client(&c);
}

/* A client dies with work in flight; the next one finds a fresh function and fresh slots. */
static void
test_clients_come_and_go(void **state)
{
	struct server *s = *state;
	struct client c;
	uint32_t round, i;

	for (round = 0; round < 10; round++) {
		connect_client(s, &c);
		for (i = 0; i < c.slots_len; i++)
			assert_int_equal(c.slots[i], 0);
		assert_int_equal(mailbox(&c, HISI_QM_MB_CMD_SQC, 0, RIG_IOVA),
			MODEL_MB_BAD_QUEUE);
		write_vft(&c);
		set_up_queue(&c);
		for (i = 0; i < DEPTH - 1; i++)
			put_sqe(&c, i);
		ring_slot(&c, HISI_QM_DB_CMD_SQ, DEPTH - 1);
		if (round % 2)
			wait_cqe(&c, 3, 1);
		if (round % 3 == 0)
			assert_int_equal(vfio_user_client_device_reset(c.vfu), 0);
		disconnect_client(&c);
	}
}

static void
test_unmap_under_load(void **state)
{
	struct client c;
	uint32_t round, i;

	connect_client(*state, &c);
	for (round = 0; round < 5; round++) {
		write_vft(&c);
		set_up_queue(&c);
		for (i = 0; i < DEPTH - 1; i++)
			put_sqe(&c, i);
		ring_slot(&c, HISI_QM_DB_CMD_SQ, DEPTH - 1);
		assert_int_equal(vfio_user_client_dma_unmap(c.vfu, RIG_IOVA, MEM_LEN), 0);
		/* No thread writes to it now. */
		memset(c.mem, 0x77, MEM_LEN);
		sched_yield();
		for (i = 0; i < MEM_LEN; i++)
			if (c.mem[i] != 0x77)
				fail_msg("byte %u was written after the unmap", i);
		assert_int_equal(vfio_user_client_device_reset(c.vfu), 0);
		assert_int_equal(vfio_user_client_dma_map(c.vfu, c.fd, 0, RIG_IOVA, MEM_LEN, 3), 0);
		assert_int_equal(vfio_user_client_region_write(c.vfu, VFIO_USER_REGION_CONFIG,
			PCI_COMMAND, &(uint16_t){ PCI_COMMAND_MASTER }, 2), 0);
	}
	disconnect_client(&c);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_slots),
		TEST(test_messages_and_interrupts),
		TEST(test_clients_come_and_go),
		TEST(test_unmap_under_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
