/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A PF and two VFs whose drivers write anything anywhere: registers of any width, configuration
 * space, mailbox commands whose contexts and tables lie where nothing is, doorbells by message and
 * by slot, resets, clients that come and go, maps that vanish. The queues run in between.
 *
 * What must hold: no crash, no hang, no byte written outside of the maps, no interrupt that does
 * not exist; and after a reset the device works as if nothing had been.
 */

#include <hisi_qm_shadow.h>
#include <hisi_zip_regs.h>
#include <model_engine.h>
#include <model_isolation.h>
#include <model_regs.h>
#include <model_vft.h>

#include "fuzz_model.h"

#define MAX_STEPS 80
#define NB_VFS 2
#define NB_FUNCTIONS (1 + NB_VFS)
#define NB_QUEUES 16u
#define VF_QUEUES 4u
#define MAX_VECTORS 4u

struct regs_rig {
	struct model_device *dev;
	struct model_function *fns[NB_FUNCTIONS];
	uint8_t *slots[NB_FUNCTIONS];
	bool is_attached[NB_FUNCTIONS];
};

struct story {
	struct fuzz_input in;
	struct regs_rig *rig;
	uint32_t number;	/* of the function that acts */
};

static struct fuzz_memory memory;
/* Clients drive the PF, the model does; and V5 with isolated doorbells, driven by clients. */
static struct regs_rig rigs[3];
static bool is_map_changed;

static void
raise_msi(void *opaque, uint32_t vector)
{
	(void)opaque;
	FUZZ_CHECK(vector < MAX_VECTORS);
}

static void
attach(struct regs_rig *rig, uint32_t number, bool has_slots)
{
	struct model_client client = { .dma = memory.dma, .raise = raise_msi };

	if (rig->is_attached[number])
		return;
	if (has_slots) {
		client.slots = rig->slots[number];
		client.nb_slots = NB_QUEUES;
	}
	model_function_attach(rig->fns[number], &client);
	rig->is_attached[number] = true;
}

static void
detach(struct regs_rig *rig, uint32_t number)
{
	if (!rig->is_attached[number])
		return;
	model_function_detach(rig->fns[number]);
	rig->is_attached[number] = false;
	/* The next client gets slots of its own. */
	memset(rig->slots[number], 0, NB_QUEUES * HISI_QM_SHADOW_STRIDE);
}

static bool
has_pf_client(const struct regs_rig *rig)
{
	return !rig->dev->config.is_pf_self;
}

static void
create(struct regs_rig *rig, const char *version, bool is_pf_self, uint32_t isolated_queues)
{
	const struct model_device_config config = { .engine = "zip", .version = version,
		.nb_queues = NB_QUEUES, .nb_vfs = NB_VFS, .is_pf_self = is_pf_self,
		.isolated_queues = isolated_queues,
		.vf_queues = VF_QUEUES, .log = { .fn = fuzz_model_log,
						 .max_level = VFIO_USER_LOG_DEBUG } };
	struct model_error error;
	uint32_t i;

	FUZZ_CHECK(model_device_create(&config, &error, &rig->dev) == 0);
	for (i = 0; i < NB_FUNCTIONS; i++) {
		rig->fns[i] = model_device_function(rig->dev, i);
		rig->slots[i] = fuzz_alloc(128, NB_QUEUES * HISI_QM_SHADOW_STRIDE);
	}
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_memory_create(&memory);
	create(&rigs[0], "v3", false, 0);
	create(&rigs[1], "v3", true, 0);
	create(&rigs[2], "v5", false, VF_QUEUES);
	return 0;
}

static struct model_function *
acting(const struct story *story)
{
	return story->rig->fns[story->number];
}

/* ---- registers ---- */

/* Mostly a register that exists; any word of the BAR otherwise. */
static uint32_t
choose_offset(struct story *story)
{
	const struct model_engine *engine = story->rig->dev->engine;
	const struct model_reg *reg;
	uint32_t at = fuzz_u8(&story->in), offset;

	if (at < 0xe0) {
		at %= model_nb_qm_regs + engine->nb_regs;
		reg = at < model_nb_qm_regs ? &model_qm_regs[at] :
					      &engine->regs[at - model_nb_qm_regs];
		offset = reg->offset;
	} else {
		offset = fuzz_u32(&story->in);
	}
	return offset % acting(story)->bar_len;
}

static uint32_t
choose_value(struct story *story)
{
	uint8_t choice = fuzz_u8(&story->in);

	return choice < 0xf0 ? choice : choice < 0xf8 ? fuzz_u32(&story->in) :
	       choice == 0xff ? UINT32_MAX : UINT32_C(1) << fuzz_u8(&story->in) % 32;
}

static void
do_write(struct story *story)
{
	uint32_t offset = choose_offset(story) & ~3u;

	fuzz_model_write(acting(story), offset, choose_value(story));
}

/* Any width at any place. */
static void
do_write_odd(struct story *story)
{
	static const uint8_t lens[] = { 1, 2, 3, 4, 5, 7, 8, 12, 16, 24 };
	struct model_function *fn = acting(story);
	uint32_t offset = choose_offset(story) + fuzz_u8(&story->in) % 16;
	uint32_t len = lens[fuzz_u8(&story->in) % FUZZ_ARRAY_LEN(lens)];
	uint8_t bytes[24];

	if (offset > fn->bar_len - len)
		offset = fn->bar_len - len;
	fuzz_bytes(&story->in, bytes, len);
	model_function_before_message(fn);
	model_function_bar_write(fn, offset, bytes, len);
}

static void
do_read(struct story *story)
{
	struct model_function *fn = acting(story);
	uint32_t offset = choose_offset(story);
	uint32_t len = 1 + fuzz_u8(&story->in) % 200;
	uint8_t *bytes;

	if (len > fn->bar_len - offset)
		len = fn->bar_len - offset;
	bytes = malloc(len);
	model_function_before_message(fn);
	model_function_bar_read(fn, offset, bytes, len);
	free(bytes);
}

static void
do_config_space(struct story *story)
{
	struct model_function *fn = acting(story);
	uint8_t choice = fuzz_u8(&story->in);
	uint32_t len = 1 + fuzz_u8(&story->in) % 16;
	uint32_t offset = choice < 0xf0 ? choice : fuzz_u16(&story->in) % MODEL_CONFIG_LEN;
	uint8_t bytes[16];

	if (offset > MODEL_CONFIG_LEN - len)
		offset = MODEL_CONFIG_LEN - len;
	fuzz_bytes(&story->in, bytes, len);
	model_function_before_message(fn);
	if ((choice & 1) != 0)
		model_config_space_read(fn, offset, bytes, len);
	else
		model_config_space_write(fn, offset, bytes, len);
}

/* ---- contexts ---- */

/* Where things may lie: rings, other areas, between areas, nowhere. */
static uint64_t
choose_base(struct story *story)
{
	uint8_t choice = fuzz_u8(&story->in);
	uint64_t rings = fuzz_area_iova(FUZZ_AREA_RINGS);

	if (choice < 0x80)
		return rings + choice % 8 * FUZZ_PAGE;
	if (choice < 0xe0)
		return fuzz_area_iova(choice % FUZZ_AREAS) + fuzz_u8(&story->in) * UINT64_C(64);
	return choice < 0xf0 ? rings + fuzz_u16(&story->in) : fuzz_u64(&story->in);
}

static void
do_mailbox(struct story *story)
{
	uint8_t command = fuzz_u8(&story->in), choice = fuzz_u8(&story->in);
	uint16_t queue = choice < 0xf0 ? choice % (VF_QUEUES + 1) : fuzz_u16(&story->in);
	uint64_t base = fuzz_area_iova(FUZZ_AREA_RINGS) + FUZZ_CONTEXT_OFFSET;

	if ((choice & 0x40) != 0)
		base = choose_base(story);
	(void)fuzz_model_mailbox(acting(story), (command % 0x14u) |
				 ((command & 0x80) != 0 ? HISI_QM_MB_OP_GET : 0), queue, base);
}

/* A context that could be one, with some of its bytes changed, where the mailbox looks for it. */
static void
do_context(struct story *story)
{
	uint64_t base = choose_base(story);
	uint8_t choice = fuzz_u8(&story->in), at;
	uint16_t last = choice >= 0xf0 ? fuzz_u16(&story->in) : choice % 32;
	uint32_t log2 = (choice & 0x40) != 0 ? HISI_QM_CQE_LOG2 : HISI_ZIP_SQE_LOG2;
	struct hisi_qm_sqc context = {
		.base_lo = (uint32_t)base, .base_hi = (uint32_t)(base >> 32), .tag = FUZZ_TAG,
		.dw3 = HISI_FIELD_PREP(HISI_QM_XQC_DEPTH, (uint32_t)last) |
		       HISI_FIELD_PREP(HISI_QM_XQC_ENTRY_LOG2, log2),
		.cq_num = (uint16_t)(fuzz_u8(&story->in) % 4),
		.w13 = HISI_QM_SQC_W13_ORDER,
	};
	uint8_t bytes[sizeof(context)];
	struct hisi_qm_eqc events = { .base_lo = (uint32_t)base, .base_hi = (uint32_t)(base >> 32),
				      .dw6 = last | HISI_QM_EQC_DW6_PHASE };

	memcpy(bytes, (choice & 0x80) != 0 ? (void *)&events : (void *)&context, sizeof(bytes));
	for (at = fuzz_u8(&story->in); at < 0x60; at = fuzz_u8(&story->in)) {
		bytes[at % sizeof(bytes)] = fuzz_u8(&story->in);
		if (!fuzz_has(&story->in))
			break;
	}
	fuzz_memory_write(&memory, fuzz_area_iova(FUZZ_AREA_RINGS) + FUZZ_CONTEXT_OFFSET, bytes,
			  sizeof(bytes));
}

/* Both contexts in one go, so that there is something to ring for. */
static void
do_queue(struct story *story)
{
	struct model_function *fn = acting(story);
	uint8_t choice = fuzz_u8(&story->in);
	uint16_t qn = choice & 1;
	struct hisi_zip_sqe sqe = {
		.input_data_length = fuzz_u8(&story->in), .dest_avail_out = 4096,
		.dw7 = HISI_FIELD_PREP(HISI_ZIP_DW7_SQE_TYPE, (uint32_t)HISI_ZIP_SQE_TYPE_3),
		.dw9 = HISI_ZIP_REQ_DEFLATE,
	};
	uint64_t from = choose_base(story), to = choose_base(story);
	uint64_t ring = fuzz_area_iova(FUZZ_AREA_RINGS) + FUZZ_SQ_OFFSET(qn);
	uint32_t i;

	if ((choice & 2) == 0 && story->rig->is_attached[story->number] &&
	    !atomic_load(&story->rig->dev->is_halted) && atomic_load(&fn->is_master) &&
	    !is_map_changed && model_vft_count(story->rig->dev, story->number) > 1)
		fuzz_model_set_queue(&memory, fn, qn, qn);
	sqe.source_addr_lo = (uint32_t)from;
	sqe.source_addr_hi = (uint32_t)(from >> 32);
	sqe.dest_addr_lo = (uint32_t)to;
	sqe.dest_addr_hi = (uint32_t)(to >> 32);
	for (i = 0; i < FUZZ_DEPTH; i++)
		fuzz_memory_write(&memory, ring + i * sizeof(sqe), &sqe, sizeof(sqe));
}

/* ---- doorbells ---- */

static uint64_t
choose_doorbell(struct story *story, uint32_t command)
{
	uint8_t choice = fuzz_u8(&story->in), index = fuzz_u8(&story->in);

	if (choice >= 0xf0)
		return fuzz_u64(&story->in);
	return hisi_qm_doorbell_word(hisi_qm_doorbell_base(command, choice & 3,
				     (choice & 0xe0) == 0xe0 ? 0x1234 : FUZZ_TAG), index % 40,
				     (choice & 0x10) != 0);
}

static void
do_ring(struct story *story)
{
	struct model_function *fn = acting(story);
	uint32_t command = fuzz_u8(&story->in) % 5;
	uint64_t word = choose_doorbell(story, command);

	model_function_before_message(fn);
	model_function_bar_write(fn, command <= HISI_QM_DB_CMD_CQ ? HISI_QM_DOORBELL_SQ_CQ :
				 HISI_QM_DOORBELL_EQ_AEQ, &word, sizeof(word));
}

/* BAR4: mostly the doorbell of a page, any width at any place otherwise. */
static void
do_page(struct story *story)
{
	struct model_function *fn = acting(story);
	uint32_t bar_len = model_isolation_bar_len(fn->dev);
	uint8_t choice = fuzz_u8(&story->in);
	uint64_t word = choose_doorbell(story, choice % 3), read;
	uint32_t offset = hisi_qm_doorbell_isolated(choice / 4 % VF_QUEUES), len = sizeof(word);

	if (bar_len == 0)
		return;
	if ((choice & 0x80) != 0) {
		len = 1 + fuzz_u8(&story->in) % (uint32_t)sizeof(word);
		offset = fuzz_u32(&story->in) % (bar_len - len);
	}
	model_function_before_message(fn);
	model_isolation_write(fn, offset, &word, len);
	model_isolation_read(fn, offset, &read, len);
}

static void
do_slot(struct story *story)
{
	uint8_t choice = fuzz_u8(&story->in);
	uint32_t command = choice & 1;
	size_t offset = (size_t)(choice / 2 % 4) * HISI_QM_SHADOW_STRIDE +
			command * HISI_QM_SHADOW_CQ;
	uint64_t word = choose_doorbell(story, command);

	/* Priority 0, or it is no word for a slot. */
	if ((choice & 0x80) == 0)
		word &= ~HISI_QM_DB_PRIORITY;
	memcpy(story->rig->slots[story->number] + offset, &word, sizeof(word));
}

/* ---- life ---- */

static void
do_run(struct story *story)
{
	(void)model_device_run(story->rig->dev);
}

static void
do_reset(struct story *story)
{
	uint8_t choice = fuzz_u8(&story->in) % 4;

	if (choice == 0)
		detach(story->rig, story->number);
	else if (choice == 1 && has_pf_client(story->rig))
		model_device_reset(story->rig->dev);
	else
		model_function_reset(acting(story));
	attach(story->rig, story->number, fuzz_u8(&story->in) & 1);
}

static void
do_map(struct story *story)
{
	struct model_function *fn = acting(story);
	uint8_t choice = fuzz_u8(&story->in);
	enum fuzz_area area = choice % FUZZ_AREAS;

	model_function_before_message(fn);
	model_function_dma_quiesce(fn);
	if ((choice & 0x80) != 0)
		(void)vfio_user_dma_remove(memory.dma, fuzz_area_iova(area), fuzz_area_len(area));
	else
		(void)fuzz_memory_map(&memory, memory.dma, area);
	model_function_dma_resume(fn);
	is_map_changed = true;
}

static void
do_give_queues(struct story *story)
{
	uint8_t choice = fuzz_u8(&story->in), count = fuzz_u8(&story->in);

	if (has_pf_client(story->rig))
		fuzz_model_give_queues(acting(story), choice % (NB_FUNCTIONS + 1), choice >> 3,
				       1u + count);
}

static void
do_choose(struct story *story)
{
	story->number = fuzz_u8(&story->in) % NB_FUNCTIONS;
	/* Where the model drives the PF there is no client to do it. */
	if (!has_pf_client(story->rig) && story->number == 0)
		story->number = 1;
}

static void
begin(struct story *story)
{
	uint8_t choice = fuzz_u8(&story->in);
	struct model_device_config *config;
	uint32_t i;

	story->rig = &rigs[(choice & 1) != 0 ? 1 : (choice & 0x10) != 0 ? 2 : 0];
	config = &story->rig->dev->config;
	config->dma_fault = (choice & 2) != 0 ? MODEL_DMA_FAULT_OP : MODEL_DMA_FAULT_DEVICE;
	config->is_tracing = (choice & 4) != 0;
	story->number = choice & 1;
	if (has_pf_client(story->rig)) {
		attach(story->rig, 0, (choice & 8) == 0);
		fuzz_model_bring_up(story->rig->fns[0]);
		for (i = 0; i < NB_FUNCTIONS; i++)
			fuzz_model_give_queues(story->rig->fns[0], i, i * VF_QUEUES, VF_QUEUES);
	}
	for (i = 1; i < NB_FUNCTIONS; i++) {
		attach(story->rig, i, (choice & 8) == 0);
		fuzz_model_bring_up_vf(story->rig->fns[i]);
	}
}

/* Maps and functions as they were; then a VF must be able to compress. */
static void
end(struct story *story)
{
	struct regs_rig *rig = story->rig;
	struct model_function *vf = rig->fns[1];
	uint64_t ring = fuzz_area_iova(FUZZ_AREA_RINGS) + FUZZ_SQ_OFFSET(0);
	uint64_t both = fuzz_area_iova(FUZZ_AREA_BOTH);
	uint64_t word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(HISI_QM_DB_CMD_SQ, 0, FUZZ_TAG),
					      1, 0);
	struct hisi_zip_sqe sqe = {
		.input_data_length = 1000, .dest_avail_out = 4096,
		.dw7 = HISI_FIELD_PREP(HISI_ZIP_DW7_SQE_TYPE, (uint32_t)HISI_ZIP_SQE_TYPE_3),
		.dw9 = HISI_ZIP_REQ_DEFLATE,
		.source_addr_lo = (uint32_t)both, .source_addr_hi = (uint32_t)(both >> 32),
		.dest_addr_lo = (uint32_t)both + 8192, .dest_addr_hi = (uint32_t)(both >> 32),
	};

	if (has_pf_client(rig)) {
		attach(rig, 0, true);
		model_device_reset(rig->dev);
		fuzz_model_bring_up(rig->fns[0]);
		fuzz_model_give_queues(rig->fns[0], 1, 4, VF_QUEUES);
	}
	attach(rig, 1, true);
	model_function_reset(vf);
	FUZZ_CHECK(!atomic_load(&rig->dev->is_halted));
	fuzz_model_bring_up_vf(vf);
	fuzz_model_set_queue(&memory, vf, 0, HISI_ZIP_QUEUE_COMPRESS);
	fuzz_memory_write(&memory, ring, &sqe, sizeof(sqe));
	if (rig->dev->config.isolated_queues != 0)
		model_isolation_write(vf, hisi_qm_doorbell_isolated(0), &word, sizeof(word));
	else
		fuzz_model_ring(vf, HISI_QM_DB_CMD_SQ, 0, FUZZ_TAG, 1, 0);
	/* Another VF's queue may have waited for its maps, which are back. */
	FUZZ_CHECK(model_device_run(rig->dev) >= 1);
	fuzz_memory_read(&memory, ring, &sqe, sizeof(sqe));
	FUZZ_CHECK(HISI_FIELD_GET(HISI_ZIP_DW3_STATUS, sqe.dw3) == HISI_ZIP_STATUS_OK);
	FUZZ_CHECK(sqe.consumed == 1000 && sqe.produced < 100);
}

static void
restore_maps(void)
{
	int area;

	if (!is_map_changed)
		return;
	(void)vfio_user_dma_clear(memory.dma);
	for (area = 0; area < FUZZ_AREAS; area++)
		FUZZ_CHECK(fuzz_memory_map(&memory, memory.dma, area) == 0);
	is_map_changed = false;
}

static void
check_memory(void)
{
	int area;

	for (area = 0; area < FUZZ_AREAS; area++)
		fuzz_memory_allow(&memory, fuzz_area_iova(area), fuzz_area_len(area));
	fuzz_memory_check(&memory);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const steps[])(struct story *story) = {
		do_run, do_write, do_write_odd, do_read, do_config_space, do_mailbox, do_context,
		do_queue, do_ring, do_slot, do_reset, do_map, do_give_queues, do_choose, do_ring,
		do_mailbox, do_page,
	};
	struct story story = { .in = { data, size } };
	int i;

	FUZZ_CHECK(vfio_user_guard_install() == 0);
	fuzz_memory_clear(&memory);
	begin(&story);
	for (i = 0; i < MAX_STEPS && fuzz_has(&story.in); i++)
		steps[fuzz_u8(&story.in) % FUZZ_ARRAY_LEN(steps)](&story);
	(void)model_device_run(story.rig->dev);
	check_memory();
	restore_maps();
	fuzz_memory_clear(&memory);
	end(&story);
	for (i = 0; i < NB_FUNCTIONS; i++)
		detach(story.rig, (uint32_t)i);
	return 0;
}
