/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <string.h>

#include <linux/pci_regs.h>

#include <hisi_qm_regs.h>

#include "model_config_space.h"
#include "model_device.h"
#include "model_engine.h"
#include "model_function.h"
#include "model_isolation.h"
#include "model_log.h"
#include "model_version.h"

#define CAP_EXPRESS	0x40
#define CAP_MSI		0x80
#define BAR2_LO		(PCI_BASE_ADDRESS_0 + 4 * HISI_QM_BAR)
#define BAR2_HI		(BAR2_LO + 4)
#define BAR4_LO		(PCI_BASE_ADDRESS_0 + 4 * HISI_QM_ISOLATION_BAR)
#define BAR4_HI		(BAR4_LO + 4)
#define EXPRESS_VERSION	2
#define MSI_ADDRESS_LO	(CAP_MSI + PCI_MSI_ADDRESS_LO)
#define MSI_ADDRESS_HI	(CAP_MSI + PCI_MSI_ADDRESS_HI)
#define MSI_DATA	(CAP_MSI + PCI_MSI_DATA_64)
#define MSI_MASK	(CAP_MSI + PCI_MSI_MASK_64)
#define MSI_PENDING	(CAP_MSI + PCI_MSI_PENDING_64)

static void
put(struct model_config_space *cfg, uint32_t offset, uint32_t len, uint32_t value,
	uint32_t writable)
{
	memcpy(&cfg->value[offset], &value, len);
	memcpy(&cfg->writable[offset], &writable, len);
}

static uint32_t
get(const struct model_config_space *cfg, uint32_t offset, uint32_t len)
{
	uint32_t value = 0;

	memcpy(&value, &cfg->value[offset], len);
	return value;
}

static void
put_header(struct model_function *fn)
{
	const struct model_engine *engine = fn->dev->engine;
	struct model_config_space *cfg = &fn->config;
	uint16_t device = model_function_is_pf(fn) ? engine->pf_device_id : engine->vf_device_id;

	put(cfg, PCI_VENDOR_ID, 2, HISI_PCI_VENDOR_ID, 0);
	put(cfg, PCI_DEVICE_ID, 2, device, 0);
	put(cfg, PCI_COMMAND, 2, 0, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
		PCI_COMMAND_PARITY | PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE);
	put(cfg, PCI_STATUS, 2, PCI_STATUS_CAP_LIST, 0);
	put(cfg, PCI_CLASS_REVISION, 4, engine->pci_class << 8 | fn->dev->version->revision, 0);
	put(cfg, PCI_CACHE_LINE_SIZE, 1, 0, 0xff);
	put(cfg, BAR2_LO, 4, PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH,
		~(fn->bar_len - 1));
	put(cfg, BAR2_HI, 4, 0, UINT32_MAX);
	if (model_isolation_bar_len(fn->dev) != 0) {
		put(cfg, BAR4_LO, 4, PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH,
			~(model_isolation_bar_len(fn->dev) - 1));
		put(cfg, BAR4_HI, 4, 0, UINT32_MAX);
	}
	/* Subsystem ids: unknown, the device's own serve. */
	put(cfg, PCI_SUBSYSTEM_VENDOR_ID, 2, HISI_PCI_VENDOR_ID, 0);
	put(cfg, PCI_SUBSYSTEM_ID, 2, device, 0);
	put(cfg, PCI_CAPABILITY_LIST, 1, CAP_EXPRESS, 0);
	put(cfg, PCI_INTERRUPT_LINE, 1, 0, 0xff);
}

static void
put_express(struct model_config_space *cfg)
{
	put(cfg, CAP_EXPRESS, 1, PCI_CAP_ID_EXP, 0);
	put(cfg, CAP_EXPRESS + PCI_CAP_LIST_NEXT, 1, CAP_MSI, 0);
	put(cfg, CAP_EXPRESS + PCI_EXP_FLAGS, 2, EXPRESS_VERSION, 0);
	put(cfg, CAP_EXPRESS + PCI_EXP_DEVCAP, 4, PCI_EXP_DEVCAP_RBER | PCI_EXP_DEVCAP_FLR, 0);
	/* Bit 15 starts an FLR and reads 0, so it is acted on and not stored. */
	put(cfg, CAP_EXPRESS + PCI_EXP_DEVCTL, 2, 0, (uint16_t)~PCI_EXP_DEVCTL_BCR_FLR);
	put(cfg, CAP_EXPRESS + PCI_EXP_LNKCAP, 4, PCI_EXP_LNKCAP_SLS_2_5GB | 1 << 4, 0);
	put(cfg, CAP_EXPRESS + PCI_EXP_LNKCTL, 2, 0, PCI_EXP_LNKCTL_ASPMC);
	put(cfg, CAP_EXPRESS + PCI_EXP_LNKSTA, 2, PCI_EXP_LNKSTA_CLS_2_5GB |
		PCI_EXP_LNKSTA_NLW_X1, 0);
}

static void
put_msi(struct model_function *fn)
{
	const struct model_version *version = fn->dev->version;
	uint32_t vectors = model_function_is_pf(fn) ? version->pf_vectors : version->vf_vectors;
	struct model_config_space *cfg = &fn->config;
	uint16_t log2 = __builtin_ctz(vectors);

	put(cfg, CAP_MSI, 1, PCI_CAP_ID_MSI, 0);
	put(cfg, CAP_MSI + PCI_MSI_FLAGS, 2,
		HISI_FIELD_PREP(PCI_MSI_FLAGS_QMASK, log2) | PCI_MSI_FLAGS_64BIT |
		PCI_MSI_FLAGS_MASKBIT, PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE);
	put(cfg, MSI_ADDRESS_LO, 4, 0, ~UINT32_C(3));
	put(cfg, MSI_ADDRESS_HI, 4, 0, UINT32_MAX);
	put(cfg, MSI_DATA, 2, 0, UINT16_MAX);
	put(cfg, MSI_MASK, 4, 0, (UINT32_C(1) << vectors) - 1);
}

void
model_config_space_reset(struct model_function *fn)
{
	pthread_mutex_lock(&fn->irq_lock);
	memset(&fn->config, 0, sizeof(fn->config));
	put_header(fn);
	put_express(&fn->config);
	put_msi(fn);
	fn->msi_pending = 0;
	pthread_mutex_unlock(&fn->irq_lock);
	atomic_store(&fn->is_master, false);
}

/** The register that a byte of the header belongs to. */
static const char *
register_name(uint32_t offset)
{
	static const struct {
		uint32_t offset;
		const char *name;
	} names[] = {
		{ PCI_VENDOR_ID, "ids" }, { PCI_COMMAND, "command" }, { PCI_STATUS, "status" },
		{ PCI_CLASS_REVISION, "class_revision" }, { PCI_CACHE_LINE_SIZE, "header" },
		{ PCI_BASE_ADDRESS_0, "bar" }, { PCI_CARDBUS_CIS, "subsystem" },
		{ PCI_ROM_ADDRESS, "rom" }, { PCI_CAPABILITY_LIST, "capability_list" },
		{ PCI_INTERRUPT_LINE, "interrupt" }, { CAP_EXPRESS, "express" },
		{ CAP_EXPRESS + PCI_EXP_DEVCTL, "express_devctl" },
		{ CAP_EXPRESS + PCI_EXP_DEVSTA, "express" }, { CAP_MSI, "msi_control" },
		{ MSI_ADDRESS_LO, "msi_address" }, { MSI_DATA, "msi_data" },
		{ MSI_MASK, "msi_mask" }, { MSI_PENDING, "msi_pending" },
		{ MSI_PENDING + 4, "none" },
	};
	const char *name = "none";
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && names[i].offset <= offset; i++)
		name = names[i].name;
	return name;
}

static void
trace_access(const struct model_function *fn, const char *verb, uint32_t offset, const void *buf,
	uint32_t len)
{
	uint32_t value = 0;

	if (!model_trace_is_on(fn->dev))
		return;
	memcpy(&value, buf, len < sizeof(value) ? len : sizeof(value));
	model_trace(fn, "%s config 0x%03x %s, %u bytes = 0x%x", verb, offset,
		register_name(offset), len, value);
}

void
model_config_space_read(struct model_function *fn, uint32_t offset, void *buf, uint32_t len)
{
	uint8_t *out = buf;
	uint32_t i;

	pthread_mutex_lock(&fn->irq_lock);
	memcpy(&fn->config.value[MSI_PENDING], &fn->msi_pending, sizeof(fn->msi_pending));
	for (i = 0; i < len; i++)
		out[i] = offset + i < MODEL_CONFIG_HEADER_LEN ? fn->config.value[offset + i] : 0;
	pthread_mutex_unlock(&fn->irq_lock);
	trace_access(fn, "read ", offset, buf, len);
}

static bool
is_flr(uint32_t offset, const uint8_t *buf, uint32_t len)
{
	const uint32_t high = CAP_EXPRESS + PCI_EXP_DEVCTL + 1;

	return offset <= high && high < offset + len &&
		(buf[high - offset] & PCI_EXP_DEVCTL_BCR_FLR >> 8);
}

void
model_config_space_write(struct model_function *fn, uint32_t offset, const void *buf, uint32_t len)
{
	struct model_config_space *cfg = &fn->config;
	const uint8_t *in = buf;
	bool was_master = atomic_load(&fn->is_master);
	bool is_master;
	uint32_t i;

	trace_access(fn, "write", offset, buf, len);
	pthread_mutex_lock(&fn->irq_lock);
	for (i = 0; i < len && offset + i < MODEL_CONFIG_HEADER_LEN; i++)
		cfg->value[offset + i] = (cfg->value[offset + i] & ~cfg->writable[offset + i]) |
			(in[i] & cfg->writable[offset + i]);
	is_master = get(cfg, PCI_COMMAND, 2) & PCI_COMMAND_MASTER;
	atomic_store(&fn->is_master, is_master);
	pthread_mutex_unlock(&fn->irq_lock);
	if (is_flr(offset, in, len)) {
		(void)model_function_reset_by_client(fn);
		return;
	}
	model_event_retry(fn);
	if (is_master && !was_master)
		model_device_kick(fn->dev);
}

bool
model_config_space_is_master(const struct model_function *fn)
{
	return get(&fn->config, PCI_COMMAND, 2) & PCI_COMMAND_MASTER;
}

int
model_config_space_raise(struct model_function *fn, uint32_t vector)
{
	uint32_t flags = get(&fn->config, CAP_MSI + PCI_MSI_FLAGS, 2);

	/* Over VFIO it is the eventfd that enables a vector; the enable bit only says how many
	 * software got, and higher ones are folded (vfio-user.md 13.2). */
	if (flags & PCI_MSI_FLAGS_ENABLE)
		vector &= (UINT32_C(1) << HISI_FIELD_GET(PCI_MSI_FLAGS_QSIZE, flags)) - 1;
	if (get(&fn->config, MSI_MASK, 4) & HISI_BIT32(vector)) {
		fn->msi_pending |= HISI_BIT32(vector);
		return -1;
	}
	return vector;
}

int
model_config_space_take_pending(struct model_function *fn)
{
	uint32_t ready = fn->msi_pending & ~get(&fn->config, MSI_MASK, 4);
	int vector;

	if (ready == 0 || !model_config_space_is_master(fn))
		return -1;
	vector = __builtin_ctz(ready);
	fn->msi_pending &= ~HISI_BIT32(vector);
	return vector;
}
