/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include <hisi_qm_compat.h>
#include <hisi_sec_regs.h>
#include <hisi_zip_regs.h>

#include "fake_bus.h"
#include "fake_mailbox.h"

#define CONFIG_COMMAND 0x04

static struct fake_bus *
to_fake(struct hisi_qm_bus *bus)
{
	return container_of(bus, struct fake_bus, bus);
}

uint32_t
fake_reg_get(struct fake_bus *fake, uint32_t offset)
{
	uint32_t value;

	memcpy(&value, fake->bar + offset, sizeof(value));
	return value;
}

void
fake_reg_set(struct fake_bus *fake, uint32_t offset, uint32_t value)
{
	memcpy(fake->bar + offset, &value, sizeof(value));
}

/* Registers after a function reset (qm.md 2.1, 2.3: recommended values). */
static void
fake_power_up(struct fake_bus *fake)
{
	uint16_t command = 0;

	memset(fake->bar, 0, HISI_QM_BAR_LEN_PF);
	memset(fake->slots, 0, sizeof(fake->slots));
	memcpy(fake->config + CONFIG_COMMAND, &command, sizeof(command));
	fake_reg_set(fake, HISI_QM_VF_EQ_INT_MASK, 1);
	fake_reg_set(fake, HISI_QM_VF_AEQ_INT_MASK, 1);
	fake_reg_set(fake, HISI_QM_IFC_INT_MASK, 0);
	fake_reg_set(fake, HISI_QM_VFT_CFG_RDY, 1);
	fake_reg_set(fake, HISI_QM_QUE_ISO_CFG_V, fake->iso_cfg);
	fake_reg_set(fake, HISI_QM_CAPABILITY, fake->capability);
	memcpy(fake->bar + HISI_QM_FUNC_CAPS, fake->caps, sizeof(fake->caps));
	fake_reg_set(fake, HISI_ZIP_LIT_LEN_EN, HISI_ZIP_LIT_LEN_DISABLE | 0x100);
	fake_reg_set(fake, HISI_ZIP_HIGH_PERF, 0x11);
}

static void
fake_note(struct fake_bus *fake, enum fake_kind kind, uint32_t offset, const void *buf,
	uint32_t len)
{
	struct fake_access *access;

	if (fake->log_len++ >= FAKE_LOG_LEN)
		return;
	access = &fake->log[fake->log_len - 1];
	*access = (struct fake_access){ .kind = kind, .offset = offset, .len = len };
	if (buf != NULL)
		memcpy(&access->value, buf, len > 8 ? 4 : len);
}

/* The error of the next fault that fits, or 0. */
static int
fake_fault(struct fake_bus *fake, enum fake_kind kind, uint32_t offset)
{
	struct fake_fault *fault;
	int i;

	for (i = 0; i < FAKE_RULES; i++) {
		fault = &fake->faults[i];
		if (fault->times == 0 || fault->kind != kind ||
				(fault->offset != FAKE_ANY && fault->offset != offset))
			continue;
		fault->times--;
		return fault->error;
	}
	return 0;
}

static int
fake_config_read(struct hisi_qm_bus *bus, uint32_t offset, void *buf, uint32_t len)
{
	struct fake_bus *fake = to_fake(bus);
	int ret;

	pthread_mutex_lock(&fake->lock);
	ret = fake_fault(fake, FAKE_CONFIG_READ, offset);
	memcpy(buf, fake->config + offset, len);
	fake_note(fake, FAKE_CONFIG_READ, offset, buf, len);
	pthread_mutex_unlock(&fake->lock);
	return ret;
}

static int
fake_config_write(struct hisi_qm_bus *bus, uint32_t offset, const void *buf, uint32_t len)
{
	struct fake_bus *fake = to_fake(bus);
	int ret;

	pthread_mutex_lock(&fake->lock);
	ret = fake_fault(fake, FAKE_CONFIG_WRITE, offset);
	if (ret == 0)
		memcpy(fake->config + offset, buf, len);
	fake_note(fake, FAKE_CONFIG_WRITE, offset, buf, len);
	pthread_mutex_unlock(&fake->lock);
	return ret;
}

static int
fake_read(struct hisi_qm_bus *bus, uint32_t offset, void *buf, uint32_t len)
{
	struct fake_bus *fake = to_fake(bus);
	struct hisi_qm_mailbox mailbox;
	int ret;

	pthread_mutex_lock(&fake->lock);
	ret = fake_fault(fake, FAKE_READ, offset);
	if (ret == 0 && offset == HISI_QM_MAILBOX) {
		fake_mailbox_read(fake, &mailbox);
		memcpy(buf, &mailbox, len);
	} else if (ret == 0) {
		memcpy(buf, fake->bar + offset, len);
	}
	fake_note(fake, FAKE_READ, offset, buf, len);
	pthread_mutex_unlock(&fake->lock);
	return ret;
}

void
fake_sent(struct fake_bus *fake, uint16_t target, uint64_t message)
{
	uint32_t i = fake->nb_sent++ % RTE_DIM(fake->sent);

	fake->sent[i] = message;
	fake->sent_to[i] = target;
}

/* qm.md 2.6, 6.12: the other side is rung; it has taken the message at once. */
static void
fake_rung(struct fake_bus *fake, uint32_t offset)
{
	uint32_t last = (fake->nb_sent - 1) % RTE_DIM(fake->sent);

	fake->rings++;
	fake_reg_set(fake, offset, 0);
	if (fake->on_message != NULL)
		fake->on_message(fake, fake->sent[last]);
}

/* Bits that are cleared by writing 1, of a 32 or 64-bit register. */
static void
fake_clear(struct fake_bus *fake, uint32_t offset, uint32_t len, uint64_t before)
{
	uint64_t value = 0;

	memcpy(&value, fake->bar + offset, len);
	before &= ~value;
	memcpy(fake->bar + offset, &before, len);
}

/* Messages: what a write of @p len bytes at @p offset does; @p before is what stood there. */
static void
fake_message_effect(struct fake_bus *fake, uint32_t offset, uint32_t len, uint64_t before)
{
	uint64_t value = 0;

	memcpy(&value, fake->bar + offset, len);
	switch (offset) {
	case HISI_QM_IFC_INT_SOURCE_V:
	case HISI_QM_IFC_INT_SOURCE_P:
		fake_clear(fake, offset, len, before);
		break;
	case HISI_QM_VF2PF_VF_W:
	case HISI_QM_PF2VF_PF_W:
		fake_sent(fake, 0, value);
		break;
	case HISI_QM_IFC_INT_SET_V:
	case HISI_QM_IFC_INT_SET_P:
		fake_rung(fake, offset);
		break;
	default:
		break;
	}
}

void
fake_message(struct fake_bus *fake, uint16_t source, uint64_t message)
{
	uint64_t rang = 0;

	pthread_mutex_lock(&fake->lock);
	fake->message = message;
	if (source == 0) {
		memcpy(fake->bar + HISI_QM_PF2VF_VF_R, &message, sizeof(message));
	} else {
		fake_reg_set(fake, HISI_QM_VF2PF_PF_R + 4 * source, (uint32_t)message);
		memcpy(&rang, fake->bar + HISI_QM_IFC_INT_SOURCE_P, sizeof(rang));
		rang |= UINT64_C(1) << source;
		memcpy(fake->bar + HISI_QM_IFC_INT_SOURCE_P, &rang, sizeof(rang));
	}
	fake_reg_set(fake, HISI_QM_IFC_INT_SOURCE_V, 1);
	pthread_mutex_unlock(&fake->lock);
}

/* qm.md 6.3: 0x100058 says whether the SQC entry of a function is written (0) or read. */
static void
fake_vft(struct fake_bus *fake)
{
	uint64_t *entry = &fake->vft[fake_reg_get(fake, HISI_QM_VFT_CFG_ADDRESS) & 63];

	if (fake_reg_get(fake, HISI_QM_VFT_CFG_TYPE) != 0)
		return;
	if (fake_reg_get(fake, HISI_QM_VFT_CFG_OP_WR) == 0)
		memcpy(entry, fake->bar + HISI_QM_VFT_CFG_DATA_L, sizeof(*entry));
	else
		memcpy(fake->bar + HISI_QM_VFT_CFG_DATA_L, entry, sizeof(*entry));
}

/* What a write brings about besides being kept. */
static void
fake_write_effect(struct fake_bus *fake, uint32_t offset, uint32_t value)
{
	switch (offset) {
	case HISI_QM_MEM_START_INIT:
		fake_reg_set(fake, HISI_QM_MEM_INIT_DONE, !fake->memory_init_hangs);
		break;
	case HISI_QM_VFT_CFG_OP_ENABLE:
		fake_vft(fake);
		fake_reg_set(fake, HISI_QM_VFT_CFG_RDY, !fake->vft_hangs);
		break;
	case HISI_QM_CACHE_WB_START:
		fake_reg_set(fake, HISI_QM_CACHE_WB_DONE, 1);
		break;
	case HISI_QM_ABNORMAL_INT_SOURCE:
		fake_reg_set(fake, HISI_QM_ABNORMAL_INT_STATUS,
			fake_reg_get(fake, HISI_QM_ABNORMAL_INT_STATUS) & ~value);
		break;
	case HISI_SEC_MEM_START_INIT:
		fake_reg_set(fake, HISI_SEC_MEM_INIT_DONE, HISI_SEC_MEM_DONE);
		break;
	case HISI_ZIP_CORE_INT_SOURCE:
		fake_reg_set(fake, HISI_ZIP_CORE_INT_STATUS,
			fake_reg_get(fake, HISI_ZIP_CORE_INT_STATUS) & ~value);
		break;
	default:
		break;
	}
}

static int
fake_write(struct hisi_qm_bus *bus, uint32_t offset, const void *buf, uint32_t len)
{
	struct fake_bus *fake = to_fake(bus);
	uint64_t before = 0;
	uint32_t value;
	int ret;

	pthread_mutex_lock(&fake->lock);
	ret = fake_fault(fake, FAKE_WRITE, offset);
	fake_note(fake, FAKE_WRITE, offset, buf, len);
	if (ret == 0) {
		memcpy(&before, fake->bar + offset, len < sizeof(before) ? len : sizeof(before));
		memcpy(fake->bar + offset, buf, len);
		memcpy(&value, buf, sizeof(value));
		if (offset == HISI_QM_MAILBOX && len == 16)
			fake_mailbox_write(fake, buf);
		else
			fake_write_effect(fake, offset, value);
		if (len <= sizeof(before))
			fake_message_effect(fake, offset, len, before);
	}
	pthread_mutex_unlock(&fake->lock);
	return ret;
}

static uint64_t *
fake_doorbell(struct hisi_qm_bus *bus, uint16_t qn, enum hisi_qm_bus_doorbell which)
{
	if (qn >= bus->max_queues)
		return NULL;
	return &to_fake(bus)->slots[qn][which == HISI_QM_BUS_DOORBELL_SQ ? 0 : 8];
}

static int
fake_isolate(struct hisi_qm_bus *bus, bool on)
{
	struct fake_bus *fake = to_fake(bus);

	fake->isolated = on;
	return on ? fake->isolate_result : 0;
}

static int
fake_reset(struct hisi_qm_bus *bus)
{
	struct fake_bus *fake = to_fake(bus);
	int ret, i;

	pthread_mutex_lock(&fake->lock);
	fake_note(fake, FAKE_RESET, 0, NULL, 0);
	ret = fake->reset_result;
	if (ret == 0) {
		fake_power_up(fake);
		for (i = 0; i < FAKE_QUEUES; i++)
			fake->queues[i].running = false;
	}
	pthread_mutex_unlock(&fake->lock);
	return ret;
}

static int
fake_alive(struct hisi_qm_bus *bus)
{
	return hisi_qm_load_acquire(&to_fake(bus)->alive_result);
}

static int
fake_ping(struct hisi_qm_bus *bus, uint32_t timeout_ms)
{
	struct fake_bus *fake = to_fake(bus);

	(void)timeout_ms;
	pthread_mutex_lock(&fake->lock);
	fake_note(fake, FAKE_PING, 0, NULL, 0);
	pthread_mutex_unlock(&fake->lock);
	return fake->ping_result;
}

static int
fake_revoke(struct hisi_qm_bus *bus)
{
	struct fake_bus *fake = to_fake(bus);

	pthread_mutex_lock(&fake->lock);
	fake_note(fake, FAKE_REVOKE, 0, NULL, 0);
	fake->revoked |= fake->revoke_result == 0;
	pthread_mutex_unlock(&fake->lock);
	return fake->revoke_result;
}

static void
fake_describe(struct hisi_qm_bus *bus, char *buf, uint32_t len)
{
	(void)bus;
	snprintf(buf, len, "the fake device");
}

static void
fake_close(struct hisi_qm_bus *bus)
{
	to_fake(bus)->closed = true;
}

/* One that takes a connection answers, and knows nothing of what was before. */
static int
fake_reconnect(struct hisi_qm_bus *bus)
{
	struct fake_bus *fake = to_fake(bus);

	fake->reconnect_calls++;
	if (fake->reconnect_result == 0)
		hisi_qm_store_release(&fake->alive_result, 0);
	return fake->reconnect_result;
}

static const struct hisi_qm_bus_ops fake_ops = {
	.name = "fake",
	.config_read = fake_config_read,
	.config_write = fake_config_write,
	.read = fake_read,
	.write = fake_write,
	.doorbell = fake_doorbell,
	.isolate = fake_isolate,
	.reset = fake_reset,
	.alive = fake_alive,
	.ping = fake_ping,
	.revoke = fake_revoke,
	.describe = fake_describe,
	.reconnect = fake_reconnect,
	.close = fake_close,
};

static void
fake_identity(struct fake_bus *fake, bool is_vf)
{
	const uint16_t ids[2] = { HISI_PCI_VENDOR_ID,
		is_vf ? HISI_PCI_DEVICE_ID_ZIP_VF : HISI_PCI_DEVICE_ID_ZIP_PF };

	memcpy(fake->config, ids, sizeof(ids));
	fake->config[8] = HISI_QM_V3;
}

void
fake_bus_init(struct fake_bus *fake, bool is_vf)
{
	pthread_mutexattr_t attr;
	int i;

	memset(fake, 0, sizeof(*fake));
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&fake->lock, &attr);
	pthread_mutexattr_destroy(&attr);
	fake->bar = calloc(1, HISI_QM_BAR_LEN_PF);
	fake->bus.ops = &fake_ops;
	/* Of a VF too: that it leaves the PF's registers alone is to be seen, not to be refused. */
	fake->bus.bar_len = HISI_QM_BAR_LEN_PF;
	fake->bus.max_queues = FAKE_QUEUES;
	fake->bus.hangup_fd = -1;
	fake->bus.request_fd = -1;
	fake->bus.error_fd = -1;
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		fake->bus.irq_fds[i] = -1;
	fake_identity(fake, is_vf);
	/* qm.md 2.2: all queues, and as many for one function */
	fake->capability = FAKE_QUEUES | FAKE_QUEUES << 11;
	/* qm.md 5.8: base 64, valid, FAKE_QUEUES queues */
	fake->vft_entry = UINT64_C(64) << 28 | UINT64_C(1) << 44 |
		(uint64_t)(FAKE_QUEUES - 1) << 45;
	fake_power_up(fake);
}

void
fake_bus_fini(struct fake_bus *fake)
{
	free(fake->bar);
	pthread_mutex_destroy(&fake->lock);
}
