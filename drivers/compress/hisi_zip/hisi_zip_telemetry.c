/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_telemetry.h>

#include "hisi_zip.h"

/*
 * Telemetry: /hisi_zip/queue_pair/stats,DEV_ID,QUEUE_PAIR and /hisi_zip/device/stats,DEV_ID. The
 * counters are the lcores' and the control thread's own and are read while they run.
 */

static rte_spinlock_t telemetry_lock = RTE_SPINLOCK_INITIALIZER;

void
hisi_zip_telemetry_hold(void)
{
	rte_spinlock_lock(&telemetry_lock);
}

void
hisi_zip_telemetry_release(void)
{
	rte_spinlock_unlock(&telemetry_lock);
}

static const char * const reason_names[HISI_ZIP_REASONS] = {
	[HISI_ZIP_REASON_EMPTY] = "empty",
	[HISI_ZIP_REASON_TINY] = "tiny",
	[HISI_ZIP_REASON_INVALID] = "invalid",
	[HISI_ZIP_REASON_DEAD] = "dead",
	[HISI_ZIP_REASON_STOPPED] = "stopped",
	[HISI_ZIP_REASON_INFLATE] = "inflate",
	[HISI_ZIP_REASON_CHAINED] = "chained",
};

const char *
hisi_zip_reason_name(enum hisi_zip_reason reason)
{
	return (unsigned int)reason < HISI_ZIP_REASONS ? reason_names[reason] : "unknown";
}

static const char * const status_names[HISI_ZIP_OP_STATUSES] = {
	[RTE_COMP_OP_STATUS_NOT_PROCESSED] = "status_not_processed",
	[RTE_COMP_OP_STATUS_INVALID_ARGS] = "status_invalid_args",
	[RTE_COMP_OP_STATUS_ERROR] = "status_error",
	[RTE_COMP_OP_STATUS_INVALID_STATE] = "status_invalid_state",
	[RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED] = "status_out_of_space_terminated",
	[RTE_COMP_OP_STATUS_OUT_OF_SPACE_RECOVERABLE] = "status_out_of_space_recoverable",
};

const char *
hisi_zip_op_status_name(unsigned int status)
{
	return status < RTE_DIM(status_names) ? status_names[status] : NULL;
}

#if RTE_VERSION >= RTE_VERSION_NUM(23, 3, 0, 0)
#define ADD_COUNT rte_tel_data_add_dict_uint
#else
#define ADD_COUNT rte_tel_data_add_dict_u64
#endif

static void
tel_add_ops(struct rte_tel_data *data, const struct hisi_zip_qp *qp)
{
	int i;

	ADD_COUNT(data, "enqueued", qp->enqueued);
	ADD_COUNT(data, "dequeued", qp->dequeued);
	ADD_COUNT(data, "errors", qp->errors);
	ADD_COUNT(data, "bytes_in", qp->bytes_in);
	ADD_COUNT(data, "bytes_out", qp->bytes_out);
	for (i = 0; i < HISI_ZIP_REASONS; i++)
		ADD_COUNT(data, reason_names[i], qp->reasons[i]);
	for (i = 0; i < HISI_ZIP_OP_STATUSES; i++)
		if (status_names[i] != NULL)
			ADD_COUNT(data, status_names[i], qp->statuses[i]);
}

/* What on_error=replay did; all 0 without it. */
static void
tel_add_replay(struct rte_tel_data *data, const struct hisi_qm_replay *replay)
{
	int i;

	ADD_COUNT(data, "replayed", replay != NULL ? replay->replayed : 0);
	for (i = 0; i < HISI_QM_REPLAY_REFUSALS; i++)
		ADD_COUNT(data, hisi_qm_replay_refusal_name(i),
			replay != NULL ? replay->refused[i] : 0);
}

static void
tel_add_queue(struct rte_tel_data *data, const struct hisi_qm_qp *hw)
{
	ADD_COUNT(data, "queue", hw->qn);
	ADD_COUNT(data, "depth", hw->mask + 1);
	ADD_COUNT(data, "doorbells", hw->enqueue_stats.doorbells);
	ADD_COUNT(data, "full", hw->enqueue_stats.full);
	ADD_COUNT(data, "cq_doorbells", hw->dequeue_stats.doorbells);
	ADD_COUNT(data, "empty_polls", hw->dequeue_stats.empty_polls);
	ADD_COUNT(data, "unordered", hw->dequeue_stats.unordered);
	ADD_COUNT(data, "bad_cqes", hw->dequeue_stats.bad_cqes);
	ADD_COUNT(data, "timeouts", hw->dequeue_stats.timeouts);
	ADD_COUNT(data, "returned", hw->dequeue_stats.returned);
	tel_add_replay(data, hw->replay);
	/* 0 unless built with -Ddebug_owner=true. */
	ADD_COUNT(data, "foreign_enqueues", hw->enqueue_owner.foreign);
	ADD_COUNT(data, "foreign_dequeues", hw->dequeue_owner.foreign);
}

/* A device of ours: ids have gaps where devices were removed, and the library looks into those. */
static struct rte_compressdev *
tel_find_device(unsigned long dev_id)
{
	uint8_t ids[RTE_COMPRESS_MAX_DEVS], count, i;

	count = rte_compressdev_devices_get(RTE_STR(HISI_ZIP_DRIVER_NAME), ids, RTE_DIM(ids));
	for (i = 0; i < count; i++)
		if (ids[i] == dev_id)
			return rte_compressdev_pmd_get_named_dev(rte_compressdev_name_get(ids[i]));
	return NULL;
}

/* The device whose number @p params begins with, *rest: what comes behind. */
static const struct hisi_zip_dev *
tel_parse_device(const char *params, const char **rest)
{
	struct rte_compressdev *dev;
	unsigned long dev_id;
	char *end;

	if (params == NULL)
		return NULL;
	dev_id = strtoul(params, &end, 10);
	if (end == params)
		return NULL;
	dev = tel_find_device(dev_id);
	*rest = end;
	return dev != NULL ? dev->data->dev_private : NULL;
}

/* "DEV_ID,QUEUE_PAIR", or NULL after nothing: telemetry has no place for a message. */
static const struct hisi_zip_qp *
tel_find(const char *params)
{
	const struct hisi_zip_dev *zip = tel_parse_device(params, &params);
	const struct hisi_zip_qp *qp;
	unsigned long id;
	char *end;

	if (zip == NULL || *params != ',')
		return NULL;
	params++;
	id = strtoul(params, &end, 10);
	if (end == params || *end != '\0')
		return NULL;
	/* Not the library's array: that moves and goes without a word to us. */
	for (qp = zip->qps; qp != NULL && qp->id != id; qp = qp->next)
		;
	return qp;
}

static int
tel_add_queue_pair(struct rte_tel_data *data, const struct hisi_zip_qp *qp)
{
	struct rte_tel_data *queue;
	int i;

	if (qp == NULL)
		return -EINVAL;
	rte_tel_data_start_dict(data);
	tel_add_ops(data, qp);
	for (i = 0; i < 2; i++) {
		queue = rte_tel_data_alloc();
		if (queue == NULL)
			return -ENOMEM;
		rte_tel_data_start_dict(queue);
		tel_add_queue(queue, qp->hw[i]);
		rte_tel_data_add_dict_container(data, i == HISI_ZIP_QUEUE_COMPRESS ?
			"compress_queue" : "decompress_queue", queue, 0);
	}
	return 0;
}

static int
tel_queue_pair_stats(const char *command, const char *params, struct rte_tel_data *data)
{
	int ret;

	RTE_SET_USED(command);
	hisi_zip_telemetry_hold();
	ret = tel_add_queue_pair(data, tel_find(params));
	hisi_zip_telemetry_release();
	return ret;
}

static int
tel_add_device(struct rte_tel_data *data, const struct hisi_qm_dev *qm)
{
	static const char * const states[] = {
		[HISI_QM_DEV_CLOSED] = "closed",
		[HISI_QM_DEV_STARTING] = "starting",
		[HISI_QM_DEV_READY] = "ready",
		[HISI_QM_DEV_RESETTING] = "resetting",
		[HISI_QM_DEV_DEAD] = "dead",
	};
	uint64_t interrupts = 0;
	int i;

	for (i = 0; i < HISI_QM_MAX_VECTORS; i++)
		interrupts += qm->stats.interrupts[i];
	rte_tel_data_start_dict(data);
	rte_tel_data_add_dict_string(data, "name", qm->name);
	rte_tel_data_add_dict_string(data, "state",
		qm->state < RTE_DIM(states) ? states[qm->state] : "unknown");
	ADD_COUNT(data, "hardware_queues", qm->nb_queues);
	ADD_COUNT(data, "mailbox_commands", qm->stats.mailbox_commands);
	ADD_COUNT(data, "mailbox_busy", qm->stats.mailbox_busy);
	ADD_COUNT(data, "mailbox_errors", qm->stats.mailbox_errors);
	ADD_COUNT(data, "interrupts", interrupts);
	ADD_COUNT(data, "events", qm->stats.events);
	ADD_COUNT(data, "async_events", qm->stats.async_events);
	ADD_COUNT(data, "hardware_errors", qm->stats.hardware_errors);
	ADD_COUNT(data, "messages_sent", qm->stats.messages_sent);
	ADD_COUNT(data, "messages_received", qm->stats.messages_received);
	ADD_COUNT(data, "messages_unknown", qm->stats.messages_unknown);
	ADD_COUNT(data, "queue_stops", qm->stats.queue_stops);
	ADD_COUNT(data, "resets", qm->stats.resets);
	ADD_COUNT(data, "losses", qm->stats.losses);
	ADD_COUNT(data, "reconnects", qm->stats.reconnects);
	return 0;
}

static int
tel_device_stats(const char *command, const char *params, struct rte_tel_data *data)
{
	const struct hisi_zip_dev *zip;
	int ret = -EINVAL;

	RTE_SET_USED(command);
	hisi_zip_telemetry_hold();
	zip = tel_parse_device(params, &params);
	if (zip != NULL && *params == '\0')
		ret = tel_add_device(data, zip->qm);
	hisi_zip_telemetry_release();
	return ret;
}

void
hisi_zip_telemetry_register(void)
{
	static bool registered;

	if (registered)
		return;
	registered = true;
	rte_telemetry_register_cmd("/hisi_zip/queue_pair/stats", tel_queue_pair_stats,
		"Counters of a queue pair. Parameters: compressdev id, queue pair id");
	rte_telemetry_register_cmd("/hisi_zip/device/stats", tel_device_stats,
		"State and counters of the function of a device. Parameter: compressdev id");
}
