/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stddef.h>

#include <rte_string_fns.h>

#include "hisi_hw_names.h"
#include "hisi_qm_accel.h"
#include "hisi_qm_replay.h"

/* rte_pmd_hisi_accel.h: what a function counts and has seen; hisi_qm_accel_queue.c: its queues. */

struct hisi_qm_dev *
hisi_qm_accel_enter(const char *device)
{
	struct hisi_qm_dev *dev = device != NULL ? hisi_qm_monitor_hold(device) : NULL;

	if (dev != NULL)
		hisi_qm_dev_lock(dev);
	return dev;
}

void
hisi_qm_accel_leave(struct hisi_qm_dev *dev)
{
	hisi_qm_dev_unlock(dev);
	hisi_qm_monitor_release(dev);
}

/* ---- what it is ---- */

static const char *
state_name(uint8_t state)
{
	static const char * const names[] = {
		[HISI_QM_DEV_CLOSED] = "closed",
		[HISI_QM_DEV_STARTING] = "starting",
		[HISI_QM_DEV_READY] = "ready",
		[HISI_QM_DEV_RESETTING] = "resetting",
		[HISI_QM_DEV_DEAD] = "dead",
	};

	return state < RTE_DIM(names) ? names[state] : "unknown";
}

static uint32_t
count_queues(struct hisi_qm_dev *dev)
{
	uint32_t count = 0;
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++)
		count += hisi_qm_accel_queue(dev, i) != NULL;
	return count;
}

int
rte_pmd_hisi_accel_info_get(const char *device, struct rte_pmd_hisi_accel_info *info)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);

	if (dev == NULL)
		return -ENODEV;
	*info = (struct rte_pmd_hisi_accel_info){
		.driver = dev->engine->driver,
		.engine = dev->engine->name,
		.bus = dev->bus->ops->name,
		.version = hisi_qm_version_name(dev->version),
		.state = state_name(dev->state),
		.is_vf = dev->is_vf,
		.numa_node = dev->numa_node,
		.hardware_queues = dev->nb_queues,
		.queues = count_queues(dev),
		.timeout_ms = dev->args.timeout_ms,
		.replays = dev->args.on_error == HISI_QM_ON_ERROR_REPLAY,
		.falls_back = dev->args.fallback != 0,
	};
	hisi_qm_accel_leave(dev);
	return 0;
}

/* ---- counters ---- */

struct counter {
	const char *name;
	size_t offset;
};

static const struct counter dev_counters[] = {
#define AT(member) offsetof(struct hisi_qm_dev, stats.member)
	{ "mailbox_commands", AT(mailbox_commands) },
	{ "mailbox_busy", AT(mailbox_busy) },
	{ "mailbox_errors", AT(mailbox_errors) },
	{ "events", AT(events) },
	{ "async_events", AT(async_events) },
	{ "hardware_errors", AT(hardware_errors) },
	{ "resets", AT(resets) },
	{ "queue_stops", AT(queue_stops) },
	{ "messages_sent", AT(messages_sent) },
	{ "messages_received", AT(messages_received) },
	{ "messages_unknown", AT(messages_unknown) },
	{ "losses", AT(losses) },
	{ "reconnects", AT(reconnects) },
#undef AT
};

static const struct counter queue_counters[] = {
#define AT(member) offsetof(struct hisi_qm_qp, member)
	{ "queue_doorbells", AT(enqueue_stats.doorbells) },
	{ "queue_full", AT(enqueue_stats.full) },
	{ "queue_cq_doorbells", AT(dequeue_stats.doorbells) },
	{ "queue_empty_polls", AT(dequeue_stats.empty_polls) },
	{ "queue_unordered", AT(dequeue_stats.unordered) },
	{ "queue_bad_cqes", AT(dequeue_stats.bad_cqes) },
	{ "queue_timeouts", AT(dequeue_stats.timeouts) },
	{ "queue_returned", AT(dequeue_stats.returned) },
#undef AT
};

/* The lcores go on counting meanwhile. */
static uint64_t
counter_at(const void *base, const struct counter *counter)
{
	return hisi_qm_load_relaxed((const uint64_t *)((const char *)base + counter->offset));
}

static void
xstat_set(struct rte_pmd_hisi_accel_xstat *xstats, unsigned int size, unsigned int at,
	const char *name, uint64_t value)
{
	if (at >= size)
		return;
	(void)rte_strscpy(xstats[at].name, name, sizeof(xstats[at].name));
	xstats[at].value = value;
}

void
hisi_qm_dev_set_counters(struct hisi_qm_dev *dev, const struct hisi_qm_counters *counters,
	struct hisi_qm_pair *const *pairs)
{
	hisi_qm_dev_lock(dev);
	dev->counters = counters;
	dev->pairs = pairs;
	hisi_qm_dev_unlock(dev);
}

/* @return the place behind them */
static unsigned int
xstats_of_class(const struct hisi_qm_dev *dev, struct rte_pmd_hisi_accel_xstat *xstats,
	unsigned int size, unsigned int at)
{
	const struct hisi_qm_counters *counters = dev->counters;
	uint32_t i;

	for (i = 0; counters != NULL && i < counters->count; i++)
		xstat_set(xstats, size, at++, counters->rows[i].name,
			hisi_qm_pairs_total(dev->pairs, counters->rows[i].offset));
	return at;
}

static uint64_t
sum_queues(const struct hisi_qm_dev *dev, const struct counter *counter)
{
	uint64_t sum = 0;
	uint16_t i;

	for (i = 0; i < dev->nb_qps; i++)
		if (dev->qps[i] != NULL)
			sum += counter_at(dev->qps[i], counter);
	return sum;
}

/* What on_error=replay did, or did not; all 0 without it. */
static unsigned int
xstats_of_replay(const struct hisi_qm_dev *dev, struct rte_pmd_hisi_accel_xstat *xstats,
	unsigned int size, unsigned int at)
{
	uint64_t replayed = 0, refused[HISI_QM_REPLAY_REFUSALS] = { 0 };
	const struct hisi_qm_replay *replay;
	unsigned int i, k;

	for (i = 0; i < dev->nb_qps; i++) {
		replay = dev->qps[i] != NULL ? dev->qps[i]->replay : NULL;
		if (replay == NULL)
			continue;
		replayed += hisi_qm_load_relaxed(&replay->replayed);
		for (k = 0; k < HISI_QM_REPLAY_REFUSALS; k++)
			refused[k] += hisi_qm_load_relaxed(&replay->refused[k]);
	}
	xstat_set(xstats, size, at++, "queue_replayed", replayed);
	for (k = 0; k < HISI_QM_REPLAY_REFUSALS; k++)
		xstat_set(xstats, size, at++, hisi_qm_replay_refusal_name(k), refused[k]);
	return at;
}

int
rte_pmd_hisi_accel_xstats_get(const char *device, struct rte_pmd_hisi_accel_xstat *xstats,
	unsigned int size)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	uint64_t interrupts = 0;
	unsigned int i, at = 0;

	if (dev == NULL)
		return -ENODEV;
	for (i = 0; i < RTE_DIM(dev_counters); i++)
		xstat_set(xstats, size, at++, dev_counters[i].name,
			counter_at(dev, &dev_counters[i]));
	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		interrupts += dev->stats.interrupts[i];
	xstat_set(xstats, size, at++, "interrupts", interrupts);
	for (i = 0; i < RTE_DIM(queue_counters); i++)
		xstat_set(xstats, size, at++, queue_counters[i].name,
			sum_queues(dev, &queue_counters[i]));
	at = xstats_of_replay(dev, xstats, size, at);
	at = xstats_of_class(dev, xstats, size, at);
	hisi_qm_accel_leave(dev);
	return (int)at;
}

/* ---- registers ---- */

/* Registers that only take writes, or whose words are for the other side (qm.md 2, 4). */
static bool
reg_is_readable(const struct hisi_hw_reg *reg)
{
	static const uint32_t writes_only[] = {
		HISI_QM_IFC_INT_SET_V, HISI_QM_IFC_INT_SET_P, HISI_QM_VF2PF_VF_W,
		HISI_QM_PF2VF_PF_W, HISI_QM_DOORBELL_V1, HISI_QM_DOORBELL_SQ_CQ,
		HISI_QM_DOORBELL_EQ_AEQ, HISI_QM_ABNORMAL_INT_SET,
	};
	size_t i;

	for (i = 0; i < RTE_DIM(writes_only); i++)
		if (reg->offset == writes_only[i])
			return false;
	return true;
}

static bool
reg_is_there(const struct hisi_qm_dev *dev, const struct hisi_hw_reg *reg)
{
	/* A VF never touches a register of the PF. */
	uint32_t end = dev->is_vf ? HISI_QM_BAR_LEN_VF : dev->bus->bar_len;

	return reg_is_readable(reg) && reg->offset + reg->len <= RTE_MIN(end, dev->bus->bar_len);
}

/* Those of one table; @p count goes on beyond @p size. */
static int
regs_read_table(struct hisi_qm_dev *dev, const struct hisi_hw_reg *table,
	struct rte_pmd_hisi_accel_reg *regs, unsigned int size, unsigned int *count)
{
	const struct hisi_hw_reg *reg;
	int ret = 0;

	for (reg = table; reg->name != NULL && ret == 0; reg++) {
		if (!reg_is_there(dev, reg))
			continue;
		if (*count < size) {
			struct rte_pmd_hisi_accel_reg *to = &regs[*count];

			*to = (struct rte_pmd_hisi_accel_reg){
				.offset = reg->offset, .len = reg->len,
			};
			(void)rte_strscpy(to->name, reg->name, sizeof(to->name));
			ret = dev->bus->ops->read(dev->bus, reg->offset, to->value, reg->len);
		}
		(*count)++;
	}
	return ret;
}

static int
regs_read(struct hisi_qm_dev *dev, struct rte_pmd_hisi_accel_reg *regs, unsigned int size)
{
	unsigned int count = 0;
	int ret = regs_read_table(dev, hisi_qm_regs, regs, size, &count);

	if (ret == 0 && dev->engine->regs != NULL)
		ret = regs_read_table(dev, dev->engine->regs, regs, size, &count);
	return ret != 0 ? ret : (int)count;
}

int
rte_pmd_hisi_accel_regs_get(const char *device, struct rte_pmd_hisi_accel_reg *regs,
	unsigned int size)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	int ret;

	if (dev == NULL)
		return -ENODEV;
	/* A dead one is asked nothing: it may be gone, or its connection be out of step. */
	ret = dev->state == HISI_QM_DEV_DEAD && size > 0 ? -EIO : regs_read(dev, regs, size);
	hisi_qm_accel_leave(dev);
	return ret;
}

/* ---- errors ---- */

/** Where errors come from. */
struct error_source {
	const char *name;
	const uint64_t *counts;
	unsigned int nb_counts;
	const char *(*code_name)(uint64_t code);
	const char *(*code_remedy)(uint64_t code);
};

static unsigned int
errors_add(const struct error_source *source, struct rte_pmd_hisi_accel_error *errors,
	unsigned int size, unsigned int at)
{
	unsigned int i;

	for (i = 0; i < source->nb_counts; i++) {
		if (source->counts[i] == 0)
			continue;
		if (at < size)
			errors[at] = (struct rte_pmd_hisi_accel_error){
				.source = source->name,
				.code = i,
				.name = source->code_name(i),
				.remedy = source->code_remedy(i),
				.count = source->counts[i],
			};
		at++;
	}
	return at;
}

int
rte_pmd_hisi_accel_errors_get(const char *device, struct rte_pmd_hisi_accel_error *errors,
	unsigned int size)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	unsigned int i, at = 0;

	if (dev == NULL)
		return -ENODEV;
	const struct error_source sources[] = {
		{ "queue manager", dev->seen.qm, RTE_DIM(dev->seen.qm), hisi_qm_error_name,
			hisi_qm_error_remedy },
		{ dev->engine->name, dev->seen.engine, RTE_DIM(dev->seen.engine),
			dev->engine->err_name, dev->engine->err_remedy },
		{ "asynchronous event", dev->seen.events, RTE_DIM(dev->seen.events),
			hisi_qm_aeqe_type_name, hisi_qm_aeqe_type_remedy },
	};

	for (i = 0; i < RTE_DIM(sources); i++)
		at = errors_add(&sources[i], errors, size, at);
	hisi_qm_accel_leave(dev);
	return (int)at;
}

/* ---- mailbox ---- */

static void
mailbox_entry(const struct hisi_qm_mailbox_note *note, struct rte_pmd_hisi_accel_mailbox *entry)
{
	const struct hisi_qm_mailbox_result *result = hisi_qm_mailbox_result_get(note->result);

	*entry = (struct rte_pmd_hisi_accel_mailbox){
		.tsc = note->tsc,
		.cycles = note->cycles,
		.command = hisi_qm_mailbox_command_name(note->command),
		.queue = note->queue,
		.is_get = note->is_get,
		.result = note->result,
		.outcome = result->name,
		.remedy = result->remedy,
	};
}

int
rte_pmd_hisi_accel_mailbox_get(const char *device, struct rte_pmd_hisi_accel_mailbox *entries,
	unsigned int size)
{
	struct hisi_qm_dev *dev = hisi_qm_accel_enter(device);
	uint64_t count, first, i;

	if (dev == NULL)
		return -ENODEV;
	count = RTE_MIN(dev->nb_notes, (uint64_t)RTE_DIM(dev->notes));
	first = dev->nb_notes - RTE_MIN(count, (uint64_t)size);
	for (i = first; i < dev->nb_notes; i++)
		mailbox_entry(&dev->notes[i % RTE_DIM(dev->notes)], &entries[i - first]);
	hisi_qm_accel_leave(dev);
	return (int)count;
}
