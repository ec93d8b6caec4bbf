/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_malloc.h>
#include <rte_string_fns.h>
#include <rte_version.h>

#include "hisi_hw_names.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_dump.h"
#include "hisi_qm_log.h"
#include "hisi_qm_process.h"

RTE_LOG_REGISTER_DEFAULT(hisi_qm_logtype, INFO);

#define LOCK_STEP_US 100
/* On a busy machine too a peer that works answers within this. */
#define CLOSE_PING_MS 2000

/* Configuration space, the standard offsets of PCI. */
#define CONFIG_VENDOR_ID	0x00
#define CONFIG_COMMAND		0x04
#define CONFIG_REVISION		0x08
#define CONFIG_COMMAND_MEM	HISI_BIT32(1)
#define CONFIG_COMMAND_MASTER	HISI_BIT32(2)

int
hisi_qm_check_release(const char *name, const char *runtime)
{
	static const char built[] = RTE_STR(RTE_VER_YEAR) "." RTE_STR(RTE_VER_MONTH);
	int year = 0, month = 0;

	/* "DPDK 22.11.11": only numbers count, 24.3 and 24.03 are the same. */
	if (sscanf(runtime, "%*s %d.%d", &year, &month) == 2 &&
			year == RTE_VER_YEAR && month == RTE_VER_MONTH)
		return 0;
	HISI_QM_LOG(ERR, "%s: this process runs %s, the driver was built for DPDK %s; build it against the DPDK that loads it",
		name, runtime, built);
	return -ENOTSUP;
}

/* V1 was never more than a sample (qm.md 1.2). */
static bool
dev_version_is_known(enum hisi_qm_version version)
{
	return version == HISI_QM_V2 || version == HISI_QM_V3 || version == HISI_QM_V4 ||
		version == HISI_QM_V5;
}

/* Who is there (qm.md 1.1, 1.2)? Refuses another engine's function with one line. */
static int
dev_identify(struct hisi_qm_dev *dev)
{
	const struct hisi_qm_engine *engine = dev->engine;
	struct hisi_qm_bus *bus = dev->bus;
	uint16_t ids[2] = { 0, 0 };
	uint32_t sub_version = 0;
	uint8_t revision = 0;
	int ret;

	ret = bus->ops->config_read(bus, CONFIG_VENDOR_ID, ids, sizeof(ids));
	if (ret == 0)
		ret = bus->ops->config_read(bus, CONFIG_REVISION, &revision, sizeof(revision));
	if (ret != 0) {
		HISI_QM_DEV_LOG(ERR, dev, "configuration space cannot be read: %s", strerror(-ret));
		return ret;
	}
	if (ids[0] != HISI_PCI_VENDOR_ID || (ids[1] != engine->pf_id && ids[1] != engine->vf_id)) {
		HISI_QM_DEV_LOG(ERR, dev, "function %04x:%04x is not a %s engine (%04x:%04x or %04x:%04x); check the address or socket",
			ids[0], ids[1], engine->name, HISI_PCI_VENDOR_ID, engine->pf_id,
			HISI_PCI_VENDOR_ID, engine->vf_id);
		return -ENODEV;
	}
	dev->is_vf = ids[1] == engine->vf_id;
	dev->version = revision;
	if (revision == HISI_QM_V3) {
		ret = hisi_qm_reg_read(dev, HISI_QM_SUB_VERSION_ID, &sub_version);
		if (ret == 0 && sub_version != 0)
			dev->version = sub_version;
	}
	if (ret == 0 && !dev_version_is_known(dev->version)) {
		HISI_QM_DEV_LOG(ERR, dev, "queue manager version 0x%x (%s) is not driven; V2 to V5 are",
			dev->version, hisi_qm_version_name(dev->version));
		ret = -ENOTSUP;
	}
	return ret;
}

int
hisi_qm_dev_recognise(struct hisi_qm_dev *dev)
{
	enum hisi_qm_version version = dev->version;
	bool is_vf = dev->is_vf;
	int ret = dev_identify(dev);

	if (ret == 0 && (dev->version != version || dev->is_vf != is_vf)) {
		HISI_QM_DEV_LOG(ERR, dev, "what the socket leads to now is a %s %s, it was a %s %s",
			hisi_qm_version_name(dev->version), dev->is_vf ? "VF" : "PF",
			hisi_qm_version_name(version), is_vf ? "VF" : "PF");
		ret = -ENOTSUP;
	}
	dev->version = version;
	dev->is_vf = is_vf;
	return ret == -ENODEV && dev->bus->ops->alive(dev->bus) != -ENODEV ? -ENOTSUP : ret;
}

/* qm.md 6.1: bus mastering is ours to switch on, and the answer is read back. */
static int
dev_enable_bus_master(struct hisi_qm_dev *dev)
{
	const uint16_t want = CONFIG_COMMAND_MEM | CONFIG_COMMAND_MASTER;
	struct hisi_qm_bus *bus = dev->bus;
	uint16_t command = 0;
	int ret;

	ret = bus->ops->config_read(bus, CONFIG_COMMAND, &command, sizeof(command));
	if (ret == 0) {
		command |= want;
		ret = bus->ops->config_write(bus, CONFIG_COMMAND, &command, sizeof(command));
	}
	if (ret == 0)
		ret = bus->ops->config_read(bus, CONFIG_COMMAND, &command, sizeof(command));
	if (ret == 0 && (command & want) != want)
		ret = -EIO;
	if (ret != 0)
		HISI_QM_DEV_LOG(ERR, dev, "bus mastering did not switch on (command 0x%04x): %s",
			command, strerror(-ret));
	return ret;
}

/* Held for as long as a mailbox command takes, which may be seconds: who waits for it sleeps. */
void
hisi_qm_dev_lock(struct hisi_qm_dev *dev)
{
	while (!rte_spinlock_trylock(&dev->lock))
		rte_delay_us_sleep(LOCK_STEP_US);
}

void
hisi_qm_dev_unlock(struct hisi_qm_dev *dev)
{
	rte_spinlock_unlock(&dev->lock);
}

int
hisi_qm_dev_reset(struct hisi_qm_dev *dev)
{
	int ret = dev->bus->ops->reset(dev->bus);

	hisi_qm_trace_reset(dev->name, ret);
	if (ret != 0)
		return ret;
	dev->stats.resets++;
	return dev_enable_bus_master(dev);
}

static int
dev_start(struct hisi_qm_dev *dev)
{
	int ret;

	ret = dev_identify(dev);
	if (ret != 0)
		return ret;
	dev->state = HISI_QM_DEV_STARTING;
	ret = hisi_qm_dev_reset(dev);
	if (ret != 0) {
		HISI_QM_DEV_LOG(ERR, dev, "function reset failed: %s", strerror(-ret));
		return ret;
	}
	ret = hisi_qm_bringup(dev);
	if (ret != 0)
		return ret;
	dev->qps = rte_zmalloc(NULL, dev->nb_queues * sizeof(dev->qps[0]), 0);
	if (dev->qps == NULL) {
		HISI_QM_DEV_LOG(ERR, dev, "no memory for %u queues; give EAL more", dev->nb_queues);
		return -ENOMEM;
	}
	dev->nb_qps = dev->nb_queues;
	dev->max_queues = RTE_MIN(dev->nb_queues, dev->bus->max_queues);
	dev->doorbells = dev->bus->doorbells;
	dev->doorbells_len = dev->bus->doorbells_len;
	dev->state = HISI_QM_DEV_READY;
	return 0;
}

static void
dev_free(struct hisi_qm_dev *dev)
{
	/* Nothing of ours may be written once memory goes back: reset, or the peer is gone. */
	int ret = dev->bus->ops->reset(dev->bus);
	bool quiet = ret == 0 || dev->is_revoked || dev->bus->ops->alive(dev->bus) == -ENODEV;

	dev->bus->ops->close(dev->bus);
	if (quiet) {
		if (dev->qps != NULL)
			hisi_qm_qp_free_orphans(dev);
		rte_free(dev->dma.mem);
	} else {
		HISI_QM_DEV_LOG(WARNING, dev, "the device did not confirm its reset (%s); its contexts and queues stay allocated",
			strerror(-ret));
	}
	hisi_qm_dump_remove(dev);
	rte_free(dev->qps);
	rte_free(dev);
}

int
hisi_qm_dev_open(const char *name, const struct hisi_qm_engine *engine,
	const struct hisi_qm_devargs *args, struct hisi_qm_bus *bus, int numa_node,
	struct hisi_qm_dev **out)
{
	struct hisi_qm_dev *dev = rte_zmalloc(NULL, sizeof(*dev), HISI_QM_BLOCK);
	int ret;

	if (dev == NULL) {
		HISI_QM_LOG(ERR, "%s: no memory for the device; give EAL more", name);
		bus->ops->close(bus);
		return -ENOMEM;
	}
	strlcpy(dev->name, name, sizeof(dev->name));
	dev->engine = engine;
	dev->args = *args;
	dev->bus = bus;
	dev->numa_node = numa_node;
	dev->event_lines = (struct hisi_qm_log_limit){ "asynchronous events", 10, 0, 0 };
	dev->error_lines = (struct hisi_qm_log_limit){ "hardware errors", 10, 0, 0 };
	dev->recovery_lines = (struct hisi_qm_log_limit){ "lines about recovery", 100, 0, 0 };
	bus->name = dev->name;
	rte_spinlock_init(&dev->lock);
	hisi_qm_own_process = HISI_QM_PROCESS_PRIMARY;
	hisi_qm_dump_add(dev);
	ret = dev_start(dev);
	if (ret == 0)
		ret = hisi_qm_monitor_add(dev);
	if (ret != 0) {
		dev_free(dev);
		return ret;
	}
	hisi_qm_share_start(dev);
	HISI_QM_DEV_LOG(INFO, dev, "%s %s %s, %u hardware queue%s, over %s", engine->name,
		hisi_qm_version_name(dev->version), dev->is_vf ? "VF" : "PF", dev->nb_queues,
		dev->nb_queues == 1 ? "" : "s", bus->ops->name);
	*out = dev;
	return 0;
}

void
hisi_qm_dev_close(struct hisi_qm_dev *dev)
{
	if (dev == NULL)
		return;
	hisi_qm_share_stop(dev);
	hisi_qm_monitor_remove(dev);
	/* Each step of it would wait for one that does not answer; so does the reset, once. */
	if (dev->state == HISI_QM_DEV_READY &&
			dev->bus->ops->ping(dev->bus, CLOSE_PING_MS) == 0) {
		hisi_qm_ifc_farewell(dev);
		hisi_qm_teardown(dev);
	}
	dev_free(dev);
}
