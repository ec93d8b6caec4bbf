/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <sys/mman.h>

#include <linux/pci_regs.h>

#include "fuzz_model.h"

#define CANARY 0xa5
#define IOVA_BASE UINT64_C(0x7000000000)
#define IOVA_STEP UINT64_C(0x10000000)
#define READ VFIO_USER_DMA_READ_ALLOWED
#define WRITE VFIO_USER_DMA_WRITE_ALLOWED
#define FULL_EVERY 64 /* notes */

static const struct {
	uint32_t nb_pages;
	uint32_t prot;
} areas[FUZZ_AREAS] = {
	[FUZZ_AREA_RINGS] = { 8, READ | WRITE },
	[FUZZ_AREA_READ] = { 4, READ },
	[FUZZ_AREA_WRITE] = { 4, WRITE },
	[FUZZ_AREA_BOTH] = { 8, READ | WRITE },
	[FUZZ_AREA_SPLIT] = { 8, READ | WRITE },
	[FUZZ_AREA_TABLES] = { 4, READ | WRITE },
	[FUZZ_AREA_TOP] = { 1, READ | WRITE },
	[FUZZ_AREA_LARGE] = { FUZZ_LARGE_LEN / FUZZ_PAGE, READ | WRITE },
};

/* ---- memory ---- */

uint64_t
fuzz_area_iova(enum fuzz_area area)
{
	return area == FUZZ_AREA_TOP ? UINT64_MAX - FUZZ_PAGE + 1 :
				       IOVA_BASE + area * IOVA_STEP;
}

uint32_t
fuzz_area_len(enum fuzz_area area)
{
	return areas[area].nb_pages * FUZZ_PAGE;
}

/* A guard page before each area, one behind the last. */
static size_t
area_offset(enum fuzz_area area)
{
	size_t pages = 1;
	int i;

	for (i = 0; i < (int)area; i++)
		pages += areas[i].nb_pages + 1;
	return pages * FUZZ_PAGE;
}

/* Where in the file the page of an area lies. */
static size_t
page_offset(enum fuzz_area area, uint32_t page)
{
	if (area == FUZZ_AREA_SPLIT)
		page = areas[area].nb_pages - 1 - page;
	return area_offset(area) + (size_t)page * FUZZ_PAGE;
}

int
fuzz_memory_map(struct fuzz_memory *memory, struct vfio_user_dma_table *dma, enum fuzz_area area)
{
	uint32_t page;
	int ret = 0;

	if (area != FUZZ_AREA_SPLIT)
		return vfio_user_dma_insert(dma, memory->fd, area_offset(area),
					    fuzz_area_iova(area), fuzz_area_len(area),
					    areas[area].prot);
	for (page = 0; page < areas[area].nb_pages && ret == 0; page++)
		ret = vfio_user_dma_insert(dma, memory->fd, page_offset(area, page),
					   fuzz_area_iova(area) + page * FUZZ_PAGE, FUZZ_PAGE,
					   areas[area].prot);
	return ret;
}

void
fuzz_memory_create(struct fuzz_memory *memory)
{
	int area;

	memory->len = area_offset(FUZZ_AREAS);
	memory->fd = memfd_create("fuzz", MFD_CLOEXEC);
	FUZZ_CHECK(ftruncate(memory->fd, (off_t)memory->len) == 0);
	memory->base = mmap(NULL, memory->len, PROT_READ | PROT_WRITE, MAP_SHARED, memory->fd, 0);
	FUZZ_CHECK(memory->base != MAP_FAILED);
	memory->before = malloc(memory->len);
	memory->dma = vfio_user_dma_table_create(0);
	FUZZ_CHECK(memory->before != NULL && memory->dma != NULL);
	memset(memory->base, CANARY, memory->len);
	for (area = 0; area < FUZZ_AREAS; area++)
		FUZZ_CHECK(fuzz_memory_map(memory, memory->dma, area) == 0);
	memory->is_large_used = true;
	fuzz_memory_clear(memory);
}

/* All, or what lies in front of the large area. */
static size_t
watched_len(const struct fuzz_memory *memory)
{
	return memory->is_large_used || memory->nb_notes % FULL_EVERY == 0 ?
		       memory->len : area_offset(FUZZ_AREA_LARGE);
}

void
fuzz_memory_clear(struct fuzz_memory *memory)
{
	int area;

	for (area = 0; area < FUZZ_AREAS; area++)
		if (area != FUZZ_AREA_LARGE || memory->is_large_used)
			memset(memory->base + area_offset(area), 0, fuzz_area_len(area));
	memcpy(memory->before, memory->base, watched_len(memory));
	memory->is_large_used = false;
}

uint8_t *
fuzz_memory_at(struct fuzz_memory *memory, uint64_t iova, size_t *len)
{
	uint64_t offset;
	size_t left;
	int area;

	for (area = 0; area < FUZZ_AREAS; area++) {
		offset = iova - fuzz_area_iova(area);
		if (offset >= fuzz_area_len(area))
			continue;
		memory->is_large_used |= area == FUZZ_AREA_LARGE;
		left = area == FUZZ_AREA_SPLIT ? FUZZ_PAGE - offset % FUZZ_PAGE :
						 fuzz_area_len(area) - offset;
		*len = left < *len ? left : *len;
		return memory->base + page_offset(area, (uint32_t)(offset / FUZZ_PAGE)) +
		       offset % FUZZ_PAGE;
	}
	return NULL;
}

static size_t
memory_copy(struct fuzz_memory *memory, uint64_t iova, uint8_t *data, size_t len, bool is_write)
{
	size_t piece, done;
	uint8_t *at;

	for (done = 0; done < len; done += piece) {
		piece = len - done;
		at = fuzz_memory_at(memory, iova + done, &piece);
		if (at == NULL)
			break;
		memcpy(is_write ? at : data + done, is_write ? data + done : at, piece);
	}
	return done;
}

size_t
fuzz_memory_write(struct fuzz_memory *memory, uint64_t iova, const void *data, size_t len)
{
	return memory_copy(memory, iova, (uint8_t *)(uintptr_t)data, len, true);
}

size_t
fuzz_memory_read(struct fuzz_memory *memory, uint64_t iova, void *data, size_t len)
{
	return memory_copy(memory, iova, data, len, false);
}

void
fuzz_memory_note(struct fuzz_memory *memory)
{
	memory->nb_notes++;
	memcpy(memory->before, memory->base, watched_len(memory));
}

void
fuzz_memory_allow(struct fuzz_memory *memory, uint64_t iova, uint64_t len)
{
	const uint8_t *read_only = memory->base + area_offset(FUZZ_AREA_READ);
	uint64_t done;
	size_t piece;
	uint8_t *at;

	for (done = 0; done < len; done += piece) {
		piece = len - done < memory->len ? (size_t)(len - done) : memory->len;
		at = fuzz_memory_at(memory, iova + done, &piece);
		if (at == NULL)
			return;
		if (at < read_only || at >= read_only + fuzz_area_len(FUZZ_AREA_READ))
			memcpy(memory->before + (at - memory->base), at, piece);
	}
}

void
fuzz_memory_check(const struct fuzz_memory *memory)
{
	FUZZ_CHECK(memcmp(memory->base, memory->before, watched_len(memory)) == 0);
}

/* ---- the device ---- */

void
fuzz_model_log(void *opaque, enum vfio_user_log_level level, const char *line)
{
	(void)opaque;
	(void)level;
	FUZZ_CHECK(strlen(line) > 0);
}

void
fuzz_model_write(struct model_function *fn, uint32_t offset, uint32_t value)
{
	model_function_before_message(fn);
	model_function_bar_write(fn, offset, &value, sizeof(value));
}

uint32_t
fuzz_model_read(struct model_function *fn, uint32_t offset)
{
	uint32_t value;

	model_function_before_message(fn);
	model_function_bar_read(fn, offset, &value, sizeof(value));
	return value;
}

uint32_t
fuzz_model_mailbox(struct model_function *fn, uint32_t w0, uint16_t queue, uint64_t base)
{
	struct hisi_qm_mailbox mb = { .w0 = (uint16_t)(w0 | HISI_QM_MB_BUSY), .queue = queue,
				      .base_lo = (uint32_t)base,
				      .base_hi = (uint32_t)(base >> 32) };

	model_function_before_message(fn);
	model_function_bar_write(fn, HISI_QM_MAILBOX, &mb, sizeof(mb));
	model_function_bar_read(fn, HISI_QM_MAILBOX, &mb, sizeof(mb));
	FUZZ_CHECK((mb.w0 & HISI_QM_MB_BUSY) == 0);
	return HISI_FIELD_GET(HISI_QM_MB_STATUS, (uint32_t)mb.w0);
}

void
fuzz_model_ring(struct model_function *fn, uint32_t command, uint16_t qn, uint16_t tag,
		uint16_t index, uint16_t priority)
{
	uint64_t word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(command, qn, tag), index,
					      priority);

	model_function_before_message(fn);
	model_function_bar_write(fn, command <= HISI_QM_DB_CMD_CQ ? HISI_QM_DOORBELL_SQ_CQ :
				 HISI_QM_DOORBELL_EQ_AEQ, &word, sizeof(word));
}

static void
write_vft(struct model_function *pf, uint32_t type, uint32_t number, uint64_t entry)
{
	fuzz_model_write(pf, HISI_QM_VFT_CFG_OP_WR, HISI_QM_VFT_OP_WRITE);
	fuzz_model_write(pf, HISI_QM_VFT_CFG_TYPE, type);
	fuzz_model_write(pf, HISI_QM_VFT_CFG_ADDRESS, number);
	fuzz_model_write(pf, HISI_QM_VFT_CFG_DATA_L, (uint32_t)entry);
	fuzz_model_write(pf, HISI_QM_VFT_CFG_DATA_H, (uint32_t)(entry >> 32));
	fuzz_model_write(pf, HISI_QM_VFT_CFG_RDY, 0);
	fuzz_model_write(pf, HISI_QM_VFT_CFG_OP_ENABLE, 1);
}

void
fuzz_model_give_queues(struct model_function *pf, uint32_t number, uint32_t base, uint32_t count)
{
	write_vft(pf, HISI_QM_VFT_SQC, number,
		  HISI_FIELD_PREP(HISI_QM_VFT_SQC_BASE, (uint64_t)base) | HISI_QM_VFT_SQC_VALID |
			  HISI_FIELD_PREP(HISI_QM_VFT_SQC_COUNT, (uint64_t)count - 1));
	write_vft(pf, HISI_QM_VFT_CQC, number, HISI_QM_VFT_CQC_VALID);
}

void
fuzz_model_bring_up_vf(struct model_function *vf)
{
	const uint16_t command = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;

	model_function_before_message(vf);
	model_config_space_write(vf, PCI_COMMAND, &command, sizeof(command));
}

void
fuzz_model_bring_up(struct model_function *pf)
{
	fuzz_model_bring_up_vf(pf);
	fuzz_model_write(pf, HISI_QM_MEM_START_INIT, 1);
	FUZZ_CHECK((fuzz_model_read(pf, HISI_QM_MEM_INIT_DONE) & 1) == 1);
}

void
fuzz_model_set_queue(struct fuzz_memory *memory, struct model_function *fn, uint16_t qn,
		     uint32_t type)
{
	uint64_t rings = fuzz_area_iova(FUZZ_AREA_RINGS);
	uint64_t sq = rings + FUZZ_SQ_OFFSET(qn), cq = rings + FUZZ_CQ_OFFSET(qn);
	const struct hisi_qm_sqc sqc = {
		.base_lo = (uint32_t)sq, .base_hi = (uint32_t)(sq >> 32), .tag = FUZZ_TAG,
		.cq_num = qn,
		.dw3 = HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, FUZZ_DEPTH - 1) |
		       HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, HISI_ZIP_SQE_LOG2),
		.w13 = (uint16_t)(HISI_QM_SQC_W13_ORDER |
				  HISI_FIELD_PREP(HISI_QM_SQC_W13_TYPE, type)),
	};
	const struct hisi_qm_cqc cqc = {
		.base_lo = (uint32_t)cq, .base_hi = (uint32_t)(cq >> 32), .tag = FUZZ_TAG,
		.dw3 = HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, FUZZ_DEPTH - 1) |
		       HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, HISI_QM_CQE_LOG2),
		.dw6 = HISI_QM_CQC_DW6_PHASE,
	};
	uint64_t context = rings + FUZZ_CONTEXT_OFFSET;

	fuzz_memory_write(memory, context, &sqc, sizeof(sqc));
	FUZZ_CHECK(fuzz_model_mailbox(fn, HISI_QM_MB_CMD_SQC, qn, context) == 0);
	fuzz_memory_write(memory, context, &cqc, sizeof(cqc));
	FUZZ_CHECK(fuzz_model_mailbox(fn, HISI_QM_MB_CMD_CQC, qn, context) == 0);
}
