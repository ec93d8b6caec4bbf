/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <rte_malloc.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/*
 * Bring-up of a function as one table (qm.md 6.2 and 6.4). Every step names what it touches, what
 * it expects and its limit; it assumes no register content, so that the same table serves the
 * first start and the restart after a reset.
 */

#define HISI_QM_STEP_PF HISI_BIT32(0)
#define HISI_QM_STEP_VF HISI_BIT32(1)
#define HISI_QM_STEP_ALL (HISI_QM_STEP_PF | HISI_QM_STEP_VF)

struct bringup_step {
	const char *name;
	uint32_t who;		/**< HISI_QM_STEP_* */
	int (*run)(struct hisi_qm_dev *dev);
};

static int
step_read_caps(struct hisi_qm_dev *dev, const struct hisi_cap_word *words, uint32_t *values,
	uint8_t count, bool from_registers)
{
	uint8_t i;
	int ret;

	for (i = 0; i < count; i++) {
		values[i] = dev->version >= HISI_QM_V3 ? words[i].v3 : words[i].v2;
		if (!from_registers)
			continue;
		ret = hisi_qm_reg_read(dev, words[i].offset, &values[i]);
		if (ret != 0)
			return ret;
	}
	return 0;
}

/*
 * qm.md 2.2: capability version 0 means that no other word may be read. Where one cannot be, all
 * stay as they were: a later attempt compares with them.
 */
static int
step_capabilities(struct hisi_qm_dev *dev)
{
	uint32_t engine_caps[HISI_QM_MAX_ENGINE_CAPS] = { 0 }, caps[HISI_QM_CAP_COUNT], func = 0;
	bool implemented;
	int ret = 0;

	if (dev->version >= HISI_QM_V3)
		ret = hisi_qm_reg_read(dev, HISI_QM_FUNC_CAPS, &func);
	if (ret != 0)
		return ret;
	if (func == UINT32_MAX)
		return -ENODEV;
	implemented = HISI_FIELD_GET(HISI_QM_CAP_VERSION, func) != 0;
	ret = step_read_caps(dev, hisi_qm_cap_table, caps, HISI_QM_CAP_COUNT, implemented);
	if (ret == 0)
		ret = step_read_caps(dev, dev->engine->caps, engine_caps, dev->engine->nb_caps,
			implemented);
	if (ret != 0)
		return ret;
	/* Another server, perhaps: what the application was told of the old one must hold. */
	if (dev->lost_tsc != 0 && (memcmp(caps, dev->caps, sizeof(caps)) != 0 ||
			memcmp(engine_caps, dev->engine_caps, sizeof(engine_caps)) != 0)) {
		HISI_QM_DEV_TELL(dev, "its capability words are not those from before the connection was lost");
		return -ENODEV;
	}
	memcpy(dev->caps, caps, sizeof(caps));
	memcpy(dev->engine_caps, engine_caps, sizeof(engine_caps));
	return 0;
}

/*
 * qm.md 6.2 step 4: whether queues have doorbell pages of their own is the firmware's choice, and
 * queues keep the doorbells they got: it must not change while there are any.
 */
static int
step_isolation(struct hisi_qm_dev *dev)
{
	uint32_t config = 0;
	bool on;
	int ret = 0;

	if (dev->version >= HISI_QM_V3)
		ret = hisi_qm_reg_read(dev, HISI_QM_QUE_ISO_CFG_V, &config);
	if (ret != 0)
		return ret;
	if (config == UINT32_MAX)
		return -ENODEV;
	on = (config & HISI_QM_ISO_ENABLED) != 0;
	if (dev->qps != NULL && on != dev->is_isolated) {
		HISI_QM_DEV_TELL(dev, "doorbell isolation is %s after the reset, %s before; close the device",
			on ? "on" : "off", dev->is_isolated ? "on" : "off");
		return -ENODEV;
	}
	dev->is_isolated = on;
	ret = dev->bus->ops->isolate(dev->bus, on);
	if (ret != 0)
		HISI_QM_DEV_TELL(dev, "register que_iso_cfg_v is 0x%" PRIx32
			", but the doorbells in BAR%d cannot be used: %s", config,
			on ? HISI_QM_ISOLATION_BAR : HISI_QM_BAR, strerror(-ret));
	return ret;
}

/* qm.md 6.2 step 6: nothing may interrupt before the rings stand. */
static int
step_mask_interrupts(struct hisi_qm_dev *dev)
{
	int ret;

	ret = hisi_qm_reg_write(dev, HISI_QM_VF_EQ_INT_MASK, HISI_QM_INT_MASKED);
	if (ret == 0)
		ret = hisi_qm_reg_write(dev, HISI_QM_VF_AEQ_INT_MASK, HISI_QM_INT_MASKED);
	if (ret == 0 && dev->version >= HISI_QM_V3)
		ret = hisi_qm_reg_modify(dev, HISI_QM_IFC_INT_MASK, 0, HISI_QM_IFC_BIT);
	if (ret == 0 && !dev->is_vf)
		ret = hisi_qm_reg_write(dev, HISI_QM_ABNORMAL_INT_MASK, UINT32_MAX);
	return ret;
}

static int
step_timing(struct hisi_qm_dev *dev)
{
	int ret = hisi_qm_reg_write(dev, HISI_QM_DB_TIMEOUT_CFG, HISI_QM_DB_TIMEOUT_NS);

	if (ret == 0 && dev->version >= HISI_QM_V3)
		ret = hisi_qm_reg_modify(dev, HISI_QM_PM_CTRL, 0, HISI_QM_PM_CTRL_IDLE_DISABLE);
	return ret;
}

static int
step_memory_init(struct hisi_qm_dev *dev)
{
	int ret = hisi_qm_reg_write(dev, HISI_QM_MEM_START_INIT, HISI_QM_MEM_INIT_START_BIT);

	if (ret == 0)
		ret = hisi_qm_reg_poll(dev, HISI_QM_MEM_INIT_DONE, HISI_QM_MEM_INIT_DONE_BIT,
			HISI_QM_MEM_INIT_DONE_BIT, HISI_QM_POLL_TIMEOUT_US);
	return ret;
}

static int
step_engine(struct hisi_qm_dev *dev)
{
	return hisi_qm_reg_run_steps(dev, dev->engine->init, dev->engine->nb_init);
}

/* qm.md 6.2 step 14. The mask is opened: the abnormal interrupt is how a PF hears of errors. */
static int
step_ras(struct hisi_qm_dev *dev)
{
	uint32_t ce = hisi_qm_engine_cap(dev, dev->engine->cap_qm_ce);
	uint32_t nfe = hisi_qm_engine_cap(dev, dev->engine->cap_qm_nfe);
	uint32_t shutdown = hisi_qm_engine_cap(dev, dev->engine->cap_qm_reset);
	const struct hisi_qm_reg_step steps[] = {
		{ HISI_QM_ABNORMAL_INT_SOURCE, UINT32_MAX, UINT32_MAX, 0, 0 },
		{ HISI_QM_RAS_CE_ENABLE, UINT32_MAX, ce, 0, 0 },
		{ HISI_QM_RAS_CE_THRESHOLD, UINT32_MAX, 1, 0, 0 },
		{ HISI_QM_RAS_NFE_ENABLE, UINT32_MAX, nfe, 0, 0 },
		{ HISI_QM_RAS_FE_ENABLE, UINT32_MAX, 0, 0, 0 },
		{ HISI_QM_OOO_SHUTDOWN_SEL, UINT32_MAX, shutdown, HISI_QM_V3, 0 },
		{ HISI_QM_ABNORMAL_INT_MASK, UINT32_MAX, ~(ce | nfe), 0, 0 },
	};
	const uint64_t all = UINT64_MAX;
	int ret = 0;

	if (dev->version >= HISI_QM_V5)
		ret = dev->bus->ops->write(dev->bus, HISI_QM_FUNC_AXI_ERR_ST0, &all, sizeof(all));
	if (ret == 0)
		ret = hisi_qm_reg_run_steps(dev, steps, RTE_DIM(steps));
	if (ret == 0)
		ret = hisi_qm_reg_run_steps(dev, dev->engine->ras, dev->engine->nb_ras);
	return ret;
}

/*
 * At a restart the memory is there already, as large: allocating under the function's lock could
 * grow EAL's memory, which calls back into the bus. What is not replaced stays valid.
 */
static int
dma_memory_grow(struct hisi_qm_dev *dev, size_t len)
{
	void *mem;

	if (len <= dev->dma.len) {
		memset(dev->dma.mem, 0, dev->dma.len);
		return 0;
	}
	mem = rte_zmalloc(NULL, len, HISI_QM_BLOCK);
	if (mem == NULL) {
		HISI_QM_DEV_TELL(dev, "no %zu bytes of memory for contexts; give EAL more", len);
		return -ENOMEM;
	}
	rte_free(dev->dma.mem);
	dev->dma.mem = mem;
	dev->dma.len = len;
	return 0;
}

/* Contexts, event rings and context tables in one piece of DMA memory, IOVA = VA. */
static int
step_dma_memory(struct hisi_qm_dev *dev)
{
	size_t tables = (size_t)dev->nb_queues * HISI_QM_CONTEXT_LEN;
	size_t eq_len, aeq_len, len;
	uint8_t *mem;
	int ret;

	/* Queues exist already: this is a restart, and their numbers must still be ours. */
	if (dev->qps != NULL && dev->nb_queues != dev->nb_qps) {
		HISI_QM_DEV_TELL(dev, "%u queues after the reset, %u before; close the device",
			dev->nb_queues, dev->nb_qps);
		return -ENODEV;
	}
	dev->eq.depth = HISI_FIELD_GET(HISI_QM_CAP_EQ_DEPTH, dev->caps[HISI_QM_CAP_EVENT_DEPTHS]);
	dev->aeq.depth = HISI_FIELD_GET(HISI_QM_CAP_AEQ_DEPTH, dev->caps[HISI_QM_CAP_EVENT_DEPTHS]);
	if (dev->eq.depth < 2 || dev->aeq.depth < 2) {
		HISI_QM_DEV_TELL(dev, "capability word event_depths is 0x%" PRIx32
			": an event queue needs a depth of 2 at least",
			dev->caps[HISI_QM_CAP_EVENT_DEPTHS]);
		return -EIO;
	}
	eq_len = RTE_ALIGN_CEIL(dev->eq.depth * sizeof(uint32_t), HISI_QM_BLOCK);
	aeq_len = RTE_ALIGN_CEIL(dev->aeq.depth * sizeof(uint32_t), HISI_QM_BLOCK);
	tables = RTE_ALIGN_CEIL(tables, HISI_QM_BLOCK);
	len = HISI_QM_BLOCK + eq_len + aeq_len + 2 * tables;
	ret = dma_memory_grow(dev, len);
	if (ret != 0)
		return ret;
	mem = dev->dma.mem;
	dev->dma.context = mem;
	dev->dma.eq = (uint32_t *)(mem + HISI_QM_BLOCK);
	dev->dma.aeq = (uint32_t *)(mem + HISI_QM_BLOCK + eq_len);
	dev->dma.sqc_table = mem + HISI_QM_BLOCK + eq_len + aeq_len;
	dev->dma.cqc_table = mem + HISI_QM_BLOCK + eq_len + aeq_len + tables;
	hisi_qm_event_reset(dev);
	return 0;
}

static int
set_event_context(struct hisi_qm_dev *dev, enum hisi_qm_mailbox_command command,
	const struct hisi_qm_event_ring *ring)
{
	struct hisi_qm_eqc *eqc = dev->dma.context;
	uint64_t base = hisi_qm_iova(ring->ring);

	memset(eqc, 0, sizeof(*eqc));
	eqc->base_lo = (uint32_t)base;
	eqc->base_hi = (uint32_t)(base >> 32);
	eqc->dw6 = HISI_FIELD_PREP(HISI_QM_EQC_DW6_DEPTH, ring->depth - 1) | HISI_QM_EQC_DW6_PHASE;
	return hisi_qm_mailbox_run(dev, command, false, 0, hisi_qm_iova(eqc), NULL);
}

static int
step_eqc(struct hisi_qm_dev *dev)
{
	return set_event_context(dev, HISI_QM_MB_CMD_EQC, &dev->eq);
}

/* Does the device still have the context of the EQ that bring-up gave it (qm.md 3.2)? */
static int
check_event_context(struct hisi_qm_dev *dev)
{
	struct hisi_qm_eqc *eqc = dev->dma.context;
	uint64_t base = hisi_qm_iova(dev->eq.ring);
	int ret;

	memset(eqc, 0xff, sizeof(*eqc));
	ret = hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_EQC, true, 0, hisi_qm_iova(eqc), NULL);
	if (ret != 0)
		return ret;
	return eqc->base_lo == (uint32_t)base && eqc->base_hi == (uint32_t)(base >> 32) ? 0 :
		-ESTALE;
}

/*
 * Which registers and contexts survive a reset is unknown (qm.md 10, 1), so it is looked at both: a
 * mask that bring-up has opened, and a context. Queues that were started without the tables of
 * contexts would have the device write to no address that is ours.
 */
int
hisi_qm_bringup_check(struct hisi_qm_dev *dev)
{
	uint32_t mask = 0;
	int ret;

	if (!dev->bus->may_return)
		return 0;
	ret = hisi_qm_reg_read(dev, HISI_QM_VF_EQ_INT_MASK, &mask);
	if (ret != 0)
		return ret;
	if (mask == UINT32_MAX)
		return -ENODEV;
	ret = mask & HISI_QM_INT_MASKED ? -ESTALE : check_event_context(dev);
	if (ret == -ESTALE)
		HISI_QM_DEV_LOG_LIMITED(WARNING, dev, &dev->recovery_lines,
			"somebody else has reset the function; it is brought up again");
	return ret;
}

static int
step_aeqc(struct hisi_qm_dev *dev)
{
	return set_event_context(dev, HISI_QM_MB_CMD_AEQC, &dev->aeq);
}

static int
step_sqc_table(struct hisi_qm_dev *dev)
{
	return hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_SQC_BT, false, 0,
		hisi_qm_iova(dev->dma.sqc_table), NULL);
}

static int
step_cqc_table(struct hisi_qm_dev *dev)
{
	return hisi_qm_mailbox_run(dev, HISI_QM_MB_CMD_CQC_BT, false, 0,
		hisi_qm_iova(dev->dma.cqc_table), NULL);
}

/* qm.md 6.2 step 19: V5 can drop the doorbells of a function, and of the device. */
static int
step_open_doorbells(struct hisi_qm_dev *dev)
{
	const uint64_t none = 0;
	int ret = 0;

	if (!dev->is_vf)
		ret = dev->bus->ops->write(dev->bus, HISI_QM_DEV_DB_DROP, &none, sizeof(none));
	if (ret == 0)
		ret = hisi_qm_reg_modify(dev, HISI_QM_FUN_DB_DROP, HISI_BIT32(0), 0);
	return ret;
}

/* qm.md 2.1: what the prefetcher may take as one piece is a page of this host. */
static enum hisi_qm_page_size
host_page_size(void)
{
	long len = sysconf(_SC_PAGESIZE);

	return len >= 0x10000 ? HISI_QM_PAGE_64K : len >= 0x4000 ? HISI_QM_PAGE_16K :
		HISI_QM_PAGE_4K;
}

/* qm.md 6.2 steps 19 to 22: doorbells, page size, event doorbells, then unmask. */
static int
step_events(struct hisi_qm_dev *dev)
{
	int ret = 0;

	if (dev->caps[HISI_QM_CAP_FUNC] & HISI_QM_CAP_SVA_PREFETCH)
		ret = hisi_qm_reg_write(dev, HISI_QM_PAGE_SIZE, host_page_size());
	if (ret == 0 && dev->version >= HISI_QM_V5)
		ret = step_open_doorbells(dev);
	if (ret == 0)
		ret = hisi_qm_event_doorbell(dev, HISI_QM_DB_CMD_AEQ, 0);
	if (ret == 0)
		ret = hisi_qm_event_doorbell(dev, HISI_QM_DB_CMD_EQ, 0);
	if (ret == 0)
		ret = hisi_qm_reg_write(dev, HISI_QM_VF_EQ_INT_MASK, 0);
	if (ret == 0)
		ret = hisi_qm_reg_write(dev, HISI_QM_VF_AEQ_INT_MASK, 0);
	return ret;
}

static int
step_vf_ready(struct hisi_qm_dev *dev)
{
	if (dev->version < HISI_QM_V3)
		return 0;
	return hisi_qm_reg_write(dev, HISI_QM_VF_STATE, HISI_QM_VF_STATE_READY);
}

static const struct bringup_step bringup_steps[] = {
	{ "read capabilities", HISI_QM_STEP_ALL, step_capabilities },
	{ "find the doorbells", HISI_QM_STEP_ALL, step_isolation },
	{ "mask interrupts", HISI_QM_STEP_ALL, step_mask_interrupts },
	{ "set timeouts and clock", HISI_QM_STEP_PF, step_timing },
	{ "initialise device memory", HISI_QM_STEP_PF, step_memory_init },
	{ "listen to VFs", HISI_QM_STEP_PF, hisi_qm_ifc_start },
	{ "initialise the engine", HISI_QM_STEP_PF, step_engine },
	{ "enable error reporting", HISI_QM_STEP_PF, step_ras },
	{ "give out the queues", HISI_QM_STEP_PF, hisi_qm_vft_give_all },
	{ "read the VFT entry", HISI_QM_STEP_VF, hisi_qm_vft_read_own },
	{ "listen to the PF", HISI_QM_STEP_VF, hisi_qm_ifc_start },
	{ "allocate contexts", HISI_QM_STEP_ALL, step_dma_memory },
	{ "set the EQ context", HISI_QM_STEP_ALL, step_eqc },
	{ "set the AEQ context", HISI_QM_STEP_ALL, step_aeqc },
	{ "set the SQC table", HISI_QM_STEP_ALL, step_sqc_table },
	{ "set the CQC table", HISI_QM_STEP_ALL, step_cqc_table },
	{ "open event queues", HISI_QM_STEP_ALL, step_events },
	{ "report the VF ready", HISI_QM_STEP_VF, step_vf_ready },
	{ "report the restart", HISI_QM_STEP_ALL, hisi_qm_ifc_report },
};

int
hisi_qm_bringup(struct hisi_qm_dev *dev)
{
	uint32_t who = dev->is_vf ? HISI_QM_STEP_VF : HISI_QM_STEP_PF;
	size_t i;
	int ret;

	for (i = 0; i < RTE_DIM(bringup_steps); i++) {
		const struct bringup_step *step = &bringup_steps[i];

		if (!(step->who & who))
			continue;
		HISI_QM_DEV_LOG(DEBUG, dev, "bring-up: %s", step->name);
		dev->told = false;
		ret = step->run(dev);
		hisi_qm_trace_bringup(dev->name, step->name, ret);
		if (ret == 0)
			continue;
		if (!dev->told)
			HISI_QM_DEV_TELL(dev, "bring-up stopped at '%s': %s",
				step->name, strerror(-ret));
		hisi_qm_ifc_report_failure(dev);
		return ret;
	}
	return 0;
}

/* qm.md 6.7. Best effort: what follows is a reset or the end of the mapping. */
void
hisi_qm_teardown(struct hisi_qm_dev *dev)
{
	hisi_qm_ifc_stop(dev);
	(void)hisi_qm_reg_write(dev, HISI_QM_VF_EQ_INT_MASK, HISI_QM_INT_MASKED);
	(void)hisi_qm_reg_write(dev, HISI_QM_VF_AEQ_INT_MASK, HISI_QM_INT_MASKED);
	/* Contexts must be out of the chip's cache before their tables go (qm.md 5.4). */
	if (hisi_qm_reg_write(dev, HISI_QM_CACHE_WB_START, HISI_QM_CACHE_WB_BIT) == 0)
		(void)hisi_qm_reg_poll(dev, HISI_QM_CACHE_WB_DONE, HISI_QM_CACHE_WB_BIT,
			HISI_QM_CACHE_WB_BIT, HISI_QM_POLL_TIMEOUT_US);
	if (dev->is_vf) {
		if (dev->version >= HISI_QM_V3)
			(void)hisi_qm_reg_write(dev, HISI_QM_VF_STATE, HISI_QM_VF_STATE_NOT_READY);
		return;
	}
	hisi_qm_vft_take_all(dev);
	hisi_qm_ras_stop(dev);
}
