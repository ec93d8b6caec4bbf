/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>

#include <hisi_qm_context.h>
#include <hisi_qm_doorbell.h>
#include <hisi_qm_mailbox.h>
#include <hisi_qm_regs.h>
#include <model_config_space.h>
#include <model_engine.h>

#include "replay.h"

/* What a driver does, as little of it as there can be. */

#define DEPTH 16u
#define TAG 0x5a17
#define SQ_OFFSET(type) ((type) * DEPTH * REPLAY_SQE_LEN)
#define CQ_OFFSET(type) (8192u + (type) * 256u)
#define CONTEXT_OFFSET 12288u
/* A descriptor takes the model one look, its completion another. */
#define LOOKS 8

static void
write_reg(struct replay_device *device, uint32_t offset, const void *value, uint32_t len)
{
	model_function_before_message(device->pf);
	model_function_bar_write(device->pf, offset, value, len);
}

static void
write32(struct replay_device *device, uint32_t offset, uint32_t value)
{
	write_reg(device, offset, &value, sizeof(value));
}

static void
write_vft(struct replay_device *device, uint32_t type, uint64_t entry)
{
	write32(device, HISI_QM_VFT_CFG_OP_WR, HISI_QM_VFT_OP_WRITE);
	write32(device, HISI_QM_VFT_CFG_TYPE, type);
	write32(device, HISI_QM_VFT_CFG_ADDRESS, 0);
	write32(device, HISI_QM_VFT_CFG_DATA_L, (uint32_t)entry);
	write32(device, HISI_QM_VFT_CFG_DATA_H, (uint32_t)(entry >> 32));
	write32(device, HISI_QM_VFT_CFG_RDY, 0);
	write32(device, HISI_QM_VFT_CFG_OP_ENABLE, 1);
}

/* @return status of the command, 0: done */
static uint32_t
mailbox(struct replay_device *device, uint32_t command, uint16_t queue)
{
	const uint64_t base = REPLAY_RINGS_IOVA + CONTEXT_OFFSET;
	struct hisi_qm_mailbox mb = {
		.w0 = (uint16_t)(command | HISI_QM_MB_BUSY), .queue = queue,
		.base_lo = (uint32_t)base, .base_hi = (uint32_t)(base >> 32),
	};

	write_reg(device, HISI_QM_MAILBOX, &mb, sizeof(mb));
	model_function_bar_read(device->pf, HISI_QM_MAILBOX, &mb, sizeof(mb));
	return HISI_FIELD_GET(HISI_QM_MB_STATUS, (uint32_t)mb.w0);
}

/* One queue of each type; its number is its type. */
static bool
set_queue(struct replay_device *device, uint16_t queue)
{
	const uint64_t sq = REPLAY_RINGS_IOVA + SQ_OFFSET(queue);
	const uint64_t cq = REPLAY_RINGS_IOVA + CQ_OFFSET(queue);
	const struct hisi_qm_sqc sqc = {
		.base_lo = (uint32_t)sq, .base_hi = (uint32_t)(sq >> 32), .tag = TAG,
		.cq_num = queue,
		.dw3 = HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, DEPTH - 1) |
			HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, REPLAY_SQE_LOG2),
		.w13 = (uint16_t)(HISI_QM_SQC_W13_ORDER |
			HISI_FIELD_PREP(HISI_QM_SQC_W13_TYPE, (uint32_t)queue)),
	};
	const struct hisi_qm_cqc cqc = {
		.base_lo = (uint32_t)cq, .base_hi = (uint32_t)(cq >> 32), .tag = TAG,
		.dw3 = HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, DEPTH - 1) |
			HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, HISI_QM_CQE_LOG2),
		.dw6 = HISI_QM_CQC_DW6_PHASE,
	};

	memcpy(device->rings + CONTEXT_OFFSET, &sqc, sizeof(sqc));
	if (mailbox(device, HISI_QM_MB_CMD_SQC, queue) != 0)
		return false;
	memcpy(device->rings + CONTEXT_OFFSET, &cqc, sizeof(cqc));
	return mailbox(device, HISI_QM_MB_CMD_CQC, queue) == 0;
}

static bool
bring_up(struct replay_device *device)
{
	const uint16_t command = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	const struct model_engine *engine = device->dev->engine;
	uint16_t i;

	model_function_before_message(device->pf);
	model_config_space_write(device->pf, PCI_COMMAND, &command, sizeof(command));
	write32(device, HISI_QM_MEM_START_INIT, 1);
	for (i = 0; i < engine->nb_init; i++)
		write32(device, engine->init[i].offset, engine->init[i].value);
	write_vft(device, HISI_QM_VFT_SQC, HISI_QM_VFT_SQC_VALID |
		HISI_FIELD_PREP(HISI_QM_VFT_SQC_COUNT, (uint64_t)device->engine->nb_types - 1));
	write_vft(device, HISI_QM_VFT_CQC, HISI_QM_VFT_CQC_VALID);
	for (i = 0; i < device->engine->nb_types; i++)
		if (!set_queue(device, i))
			return false;
	return true;
}

/* Shared memory of its own, mapped at @p iova of the device. */
static uint8_t *
map(struct replay_device *device, uint64_t iova, size_t len)
{
	int fd = memfd_create("replay", MFD_CLOEXEC);
	void *at = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, (off_t)len) == 0)
		at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at != MAP_FAILED && vfio_user_dma_insert(device->dma, fd, 0, iova, len,
			VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED) != 0) {
		munmap(at, len);
		at = MAP_FAILED;
	}
	if (fd >= 0)
		close(fd);
	return at != MAP_FAILED ? at : NULL;
}

static bool
map_all(struct replay_device *device)
{
	device->dma = vfio_user_dma_table_create(4);
	if (device->dma == NULL)
		return false;
	device->rings = map(device, REPLAY_RINGS_IOVA, REPLAY_RINGS_LEN);
	device->src = map(device, REPLAY_SRC_IOVA, device->engine->buffer_len);
	device->dst = map(device, REPLAY_DST_IOVA, device->engine->buffer_len);
	device->small = map(device, REPLAY_SMALL_IOVA, REPLAY_SMALL_LEN);
	return device->rings != NULL && device->src != NULL && device->dst != NULL &&
		device->small != NULL;
}

static void
print_log(void *opaque, enum vfio_user_log_level level, const char *line)
{
	(void)opaque;
	(void)level;
	fprintf(stderr, "dpdk-hisi-replay: model: %s\n", line);
}

static uint8_t slots[REPLAY_QUEUES * 128] __attribute__((aligned(128)));

int
replay_device_open(struct replay_device *device, const struct replay_engine *engine,
	const char *version)
{
	const struct model_device_config config = {
		.engine = engine->model, .version = version, .dma_fault = MODEL_DMA_FAULT_OP,
		/* Of V2 the number is a constant (qm.md 2.2). */
		.nb_queues = HISI_QM_MAX_QUEUES,
		.log = { .fn = print_log, .max_level = VFIO_USER_LOG_WARNING },
	};
	struct model_client client = { .slots = slots, .nb_slots = REPLAY_QUEUES };
	struct model_error error = { "" };

	*device = (struct replay_device){ .engine = engine };
	if (model_device_create(&config, &error, &device->dev) != 0) {
		fprintf(stderr, "dpdk-hisi-replay: no model of %s: %s\n", version, error.text);
		return -EINVAL;
	}
	device->pf = model_device_function(device->dev, 0);
	if (!map_all(device)) {
		fprintf(stderr, "dpdk-hisi-replay: no memory for buffers of %u MiB\n",
			engine->buffer_len >> 20);
		replay_device_close(device);
		return -ENOMEM;
	}
	client.dma = device->dma;
	model_function_attach(device->pf, &client);
	if (bring_up(device))
		return 0;
	fprintf(stderr, "dpdk-hisi-replay: the model does not start\n");
	replay_device_close(device);
	return -EIO;
}

void
replay_device_close(struct replay_device *device)
{
	if (device->pf != NULL && device->rings != NULL)
		model_function_detach(device->pf);
	model_device_destroy(device->dev);
	vfio_user_dma_table_destroy(device->dma);
	if (device->rings != NULL)
		munmap(device->rings, REPLAY_RINGS_LEN);
	if (device->src != NULL)
		munmap(device->src, device->engine->buffer_len);
	if (device->dst != NULL)
		munmap(device->dst, device->engine->buffer_len);
	if (device->small != NULL)
		munmap(device->small, REPLAY_SMALL_LEN);
	memset(device, 0, sizeof(*device));
}

static void
ring(struct replay_device *device, enum hisi_qm_doorbell_command command, uint16_t queue,
	uint16_t index)
{
	uint64_t word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(command, queue, TAG), index, 0);

	write_reg(device, HISI_QM_DOORBELL_SQ_CQ, &word, sizeof(word));
}

bool
replay_device_run(struct replay_device *device, uint32_t type, void *sqe)
{
	uint16_t *tail = &device->tail[type];
	uint8_t *slot = device->rings + SQ_OFFSET(type) + *tail * REPLAY_SQE_LEN;
	uint32_t done = 0, i;

	memcpy(slot, sqe, REPLAY_SQE_LEN);
	*tail = (uint16_t)((*tail + 1) % DEPTH);
	ring(device, HISI_QM_DB_CMD_SQ, (uint16_t)type, *tail);
	for (i = 0; i < LOOKS && done == 0; i++)
		done = model_device_run(device->dev);
	memcpy(sqe, slot, REPLAY_SQE_LEN);
	ring(device, HISI_QM_DB_CMD_CQ, (uint16_t)type, *tail);
	return done != 0;
}
