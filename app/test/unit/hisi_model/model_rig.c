/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>

#include <hisi_qm_shadow.h>

#include "model_rig.h"

#define MB_STATUS(w0) HISI_FIELD_GET(HISI_QM_MB_STATUS, (uint32_t)(w0))

static void
rig_log(void *opaque, enum vfio_user_log_level level, const char *line)
{
	struct rig *rig = opaque;

	if (level <= VFIO_USER_LOG_WARNING) {
		rig->nb_warnings++;
		snprintf(rig->last_log, sizeof(rig->last_log), "%s", line);
	}
	if (getenv("RIG_LOG") != NULL)
		print_message("%s\n", line);
}

static void
rig_raise(void *opaque, uint32_t vector)
{
	struct rig_client *client = opaque;

	assert_true(vector < RIG_MAX_VECTORS);
	atomic_fetch_add(&client->irqs[vector], 1);
}

void
rig_config(struct model_device_config *config)
{
	memset(config, 0, sizeof(*config));
	config->engine = "zip";
	config->version = "v3";
	config->nb_queues = 16;
}

void
rig_start(struct rig *rig, const struct model_device_config *config)
{
	struct model_device_config copy = *config;
	struct model_error error;

	memset(rig, 0, sizeof(*rig));
	copy.log.fn = rig_log;
	copy.log.opaque = rig;
	copy.log.max_level = VFIO_USER_LOG_DEBUG;
	assert_int_equal(model_device_create(&copy, &error, &rig->dev), 0);
	if (!copy.is_pf_self)
		rig_connect(rig, &rig->pf, 0, 1);
}

void
rig_stop(struct rig *rig)
{
	if (rig->pf.fn != NULL)
		rig_disconnect(&rig->pf);
	model_device_destroy(rig->dev);
}

int
rig_setup_vfs(void **state, uint32_t nb_vfs)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct model_device_config config;

	assert_non_null(rig);
	rig_config(&config);
	config.nb_vfs = nb_vfs;
	rig_start(rig, &config);
	*state = rig;
	return 0;
}

int
rig_teardown(void **state)
{
	rig_stop(*state);
	free(*state);
	return 0;
}

void
rig_connect(struct rig *rig, struct rig_client *client, uint32_t number, int has_slots)
{
	struct model_client model = { .raise = rig_raise, .opaque = client };

	memset(client, 0, sizeof(*client));
	client->fn = model_device_function(rig->dev, number);
	assert_non_null(client->fn);
	client->fd = memfd_create("rig", MFD_CLOEXEC);
	assert_true(client->fd >= 0);
	assert_int_equal(ftruncate(client->fd, RIG_MEM_LEN), 0);
	client->mem = mmap(NULL, RIG_MEM_LEN, PROT_READ | PROT_WRITE, MAP_SHARED, client->fd, 0);
	assert_ptr_not_equal(client->mem, MAP_FAILED);
	client->dma = vfio_user_dma_table_create(0);
	assert_non_null(client->dma);
	assert_int_equal(vfio_user_dma_insert(client->dma, client->fd, 0, RIG_IOVA, RIG_MEM_LEN,
		VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED), 0);
	if (has_slots) {
		client->slots = calloc(rig->dev->nb_queues, HISI_QM_SHADOW_STRIDE);
		model.slots = client->slots;
		model.nb_slots = rig->dev->nb_queues;
	}
	model.dma = client->dma;
	model_function_attach(client->fn, &model);
}

void
rig_disconnect(struct rig_client *client)
{
	model_function_detach(client->fn);
	vfio_user_dma_table_destroy(client->dma);
	munmap(client->mem, RIG_MEM_LEN);
	close(client->fd);
	free(client->slots);
}

uint64_t
rig_alloc(struct rig_client *client, size_t len, size_t align)
{
	size_t start = (client->used + align - 1) / align * align;

	assert_true(start + len <= RIG_MEM_LEN);
	client->used = start + len;
	memset(client->mem + start, 0, len);
	return RIG_IOVA + start;
}

void *
rig_ptr(struct rig_client *client, uint64_t iova)
{
	return client->mem + (iova - RIG_IOVA);
}

uint32_t
rig_read(struct rig_client *client, uint32_t offset)
{
	uint32_t value;

	model_function_before_message(client->fn);
	model_function_bar_read(client->fn, offset, &value, sizeof(value));
	return value;
}

void
rig_write(struct rig_client *client, uint32_t offset, uint32_t value)
{
	model_function_before_message(client->fn);
	model_function_bar_write(client->fn, offset, &value, sizeof(value));
}

void
rig_config_write(struct rig_client *client, uint32_t offset, uint32_t value, uint32_t len)
{
	model_function_before_message(client->fn);
	model_config_space_write(client->fn, offset, &value, len);
}

uint32_t
rig_config_read(struct rig_client *client, uint32_t offset, uint32_t len)
{
	uint32_t value = 0;

	model_function_before_message(client->fn);
	model_config_space_read(client->fn, offset, &value, len);
	return value;
}

uint32_t
rig_mailbox(struct rig_client *client, uint32_t w0, uint32_t queue, uint64_t base, uint64_t *data)
{
	struct hisi_qm_mailbox mb = { .w0 = w0, .queue = queue, .base_lo = (uint32_t)base,
		.base_hi = (uint32_t)(base >> 32) };

	model_function_before_message(client->fn);
	model_function_bar_write(client->fn, HISI_QM_MAILBOX, &mb, sizeof(mb));
	model_function_bar_read(client->fn, HISI_QM_MAILBOX, &mb, sizeof(mb));
	assert_false(mb.w0 & HISI_QM_MB_BUSY);
	assert_int_equal(mb.w0 & HISI_QM_MB_COMMAND, w0 & HISI_QM_MB_COMMAND);
	assert_int_equal(mb.queue, queue);
	if (data != NULL)
		*data = (uint64_t)mb.base_hi << 32 | mb.base_lo;
	return MB_STATUS(mb.w0);
}

static void
vft_op(struct rig_client *pf, uint32_t type, uint32_t function, uint64_t entry)
{
	assert_int_equal(rig_read(pf, HISI_QM_VFT_CFG_RDY) & 1, 1);
	rig_write(pf, HISI_QM_VFT_CFG_OP_WR, HISI_QM_VFT_OP_WRITE);
	rig_write(pf, HISI_QM_VFT_CFG_TYPE, type);
	rig_write(pf, HISI_QM_VFT_CFG_ADDRESS, function);
	rig_write(pf, HISI_QM_VFT_CFG_DATA_L, (uint32_t)entry);
	rig_write(pf, HISI_QM_VFT_CFG_DATA_H, (uint32_t)(entry >> 32));
	rig_write(pf, HISI_QM_VFT_CFG_RDY, 0);
	rig_write(pf, HISI_QM_VFT_CFG_OP_ENABLE, 1);
	assert_int_equal(rig_read(pf, HISI_QM_VFT_CFG_RDY) & 1, 1);
}

void
rig_vft(struct rig_client *pf, uint32_t function, uint32_t base, uint32_t count)
{
	uint64_t sqc = HISI_FIELD_PREP(HISI_QM_VFT_SQC_BASE, (uint64_t)base) |
		HISI_QM_VFT_SQC_VALID | HISI_FIELD_PREP(HISI_QM_VFT_SQC_COUNT, (uint64_t)count - 1);

	vft_op(pf, HISI_QM_VFT_SQC, function, count == 0 ? 0 : sqc);
	vft_op(pf, HISI_QM_VFT_CQC, function, count == 0 ? 0 : HISI_QM_VFT_CQC_VALID);
}

void
rig_set_master(struct rig_client *client, int is_on)
{
	rig_config_write(client, PCI_COMMAND, PCI_COMMAND_MEMORY |
		(is_on ? PCI_COMMAND_MASTER : 0), 2);
}

void
rig_bring_up(struct rig_client *pf, uint32_t count)
{
	rig_set_master(pf, 1);
	rig_write(pf, HISI_QM_MEM_START_INIT, 1);
	assert_int_equal(rig_read(pf, HISI_QM_MEM_INIT_DONE) & 1, 1);
	rig_vft(pf, 0, 0, count);
}

void
rig_ring(struct rig_client *client, uint32_t command, uint32_t qn, uint16_t tag, uint16_t index,
	uint16_t priority)
{
	uint64_t word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(command, qn, tag), index,
		priority);

	model_function_before_message(client->fn);
	model_function_bar_write(client->fn, command <= HISI_QM_DB_CMD_CQ ?
		HISI_QM_DOORBELL_SQ_CQ : HISI_QM_DOORBELL_EQ_AEQ, &word, sizeof(word));
}

void
rig_slot(struct rig_client *client, uint32_t command, uint32_t qn, uint16_t tag, uint16_t index)
{
	size_t offset = command == HISI_QM_DB_CMD_SQ ? HISI_QM_SHADOW_SQ_OFFSET(qn) :
		HISI_QM_SHADOW_CQ_OFFSET(qn);

	atomic_store_explicit((_Atomic uint64_t *)(void *)(client->slots + offset),
		hisi_qm_doorbell_word(hisi_qm_doorbell_base(command, qn, tag), index, 0),
		memory_order_release);
}

uint32_t
rig_queue_setup(struct rig_client *client, struct rig_queue *q, uint32_t qn, uint32_t type,
	uint32_t depth)
{
	uint64_t iova = rig_alloc(client, HISI_QM_CONTEXT_LEN, HISI_QM_CONTEXT_ALIGN);
	struct hisi_qm_sqc *sqc = rig_ptr(client, iova);
	struct hisi_qm_cqc *cqc = rig_ptr(client, iova);
	uint32_t status;

	*q = (struct rig_queue){ .client = client, .qn = qn, .depth = depth, .phase = 1,
		.tag = RIG_TAG };
	q->sq_iova = rig_alloc(client, (size_t)depth * HISI_ZIP_SQE_LEN, HISI_QM_SQ_ALIGN);
	q->cq_iova = rig_alloc(client, (size_t)depth * sizeof(struct hisi_qm_cqe),
		HISI_QM_CQ_ALIGN);
	q->sq = rig_ptr(client, q->sq_iova);
	q->cq = rig_ptr(client, q->cq_iova);
	*sqc = (struct hisi_qm_sqc){ .base_lo = (uint32_t)q->sq_iova,
		.base_hi = (uint32_t)(q->sq_iova >> 32), .tag = q->tag, .cq_num = qn,
		.dw3 = HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, depth - 1) |
			HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, HISI_ZIP_SQE_LOG2),
		.w13 = HISI_QM_SQC_W13_ORDER | HISI_FIELD_PREP(HISI_QM_SQC_W13_TYPE, type) };
	status = rig_mailbox(client, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_SQC, qn, iova, NULL);
	if (status != 0)
		return status;
	*cqc = (struct hisi_qm_cqc){ .base_lo = (uint32_t)q->cq_iova,
		.base_hi = (uint32_t)(q->cq_iova >> 32), .tag = q->tag,
		.dw3 = HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, depth - 1) |
			HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, HISI_QM_CQE_LOG2),
		.dw6 = HISI_QM_CQC_DW6_PHASE };
	return rig_mailbox(client, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_CQC, qn, iova, NULL);
}

void
rig_queue_push(struct rig_queue *q, const struct hisi_zip_sqe *sqe)
{
	q->sq[q->tail] = *sqe;
	q->tail = (q->tail + 1) % q->depth;
}

void
rig_queue_kick(struct rig_queue *q, int by_slot)
{
	if (by_slot)
		rig_slot(q->client, HISI_QM_DB_CMD_SQ, q->qn, q->tag, q->tail);
	else
		rig_ring(q->client, HISI_QM_DB_CMD_SQ, q->qn, q->tag, q->tail, 0);
}

int
rig_queue_pop(struct rig_queue *q)
{
	uint64_t hi = atomic_load_explicit((_Atomic uint64_t *)rig_ptr(q->client, q->cq_iova +
		q->head * sizeof(struct hisi_qm_cqe) + 8), memory_order_acquire);

	if (HISI_FIELD_GET(HISI_QM_CQE_HI_PHASE, hi) != q->phase)
		return -1;
	assert_int_equal(HISI_FIELD_GET(HISI_QM_CQE_HI_SQ_NUM, hi), q->qn);
	q->head = (q->head + 1) % q->depth;
	if (q->head == 0)
		q->phase ^= 1;
	return HISI_FIELD_GET(HISI_QM_CQE_HI_SQ_HEAD, hi);
}

void
rig_queue_ack(struct rig_queue *q, int by_slot)
{
	if (by_slot)
		rig_slot(q->client, HISI_QM_DB_CMD_CQ, q->qn, q->tag, q->head);
	else
		rig_ring(q->client, HISI_QM_DB_CMD_CQ, q->qn, q->tag, q->head, 0);
}

struct hisi_zip_sqe
rig_queue_do(struct rig *rig, struct rig_queue *q, const struct hisi_zip_sqe *sqe)
{
	uint16_t at = q->tail;

	rig_queue_push(q, sqe);
	rig_queue_kick(q, q->client->slots != NULL);
	model_device_run(rig->dev);
	assert_int_equal(rig_queue_pop(q), at);
	rig_queue_ack(q, q->client->slots != NULL);
	return q->sq[at];
}

struct hisi_zip_sqe
rig_sqe(uint32_t request, uint64_t src, uint32_t len, uint64_t dst, uint32_t capacity)
{
	return (struct hisi_zip_sqe){
		.input_data_length = len,
		.dw7 = HISI_ZIP_DW7_FINISH | HISI_ZIP_DW7_STREAM_NEW |
			HISI_FIELD_PREP(HISI_ZIP_DW7_SQE_TYPE, (uint32_t)HISI_ZIP_SQE_TYPE_3),
		.dw9 = HISI_FIELD_PREP(HISI_ZIP_DW9_REQUEST, request) |
			HISI_FIELD_PREP(HISI_ZIP_DW9_WINDOW, (uint32_t)HISI_ZIP_WINDOW_32K),
		.dest_avail_out = capacity,
		.source_addr_lo = (uint32_t)src, .source_addr_hi = (uint32_t)(src >> 32),
		.dest_addr_lo = (uint32_t)dst, .dest_addr_hi = (uint32_t)(dst >> 32),
		.tag_lo = 0x12345678, .tag_hi = 0x9abcdef0,
	};
}

uint32_t
rig_status(const struct hisi_zip_sqe *sqe)
{
	return HISI_FIELD_GET(HISI_ZIP_DW3_STATUS, sqe->dw3);
}
