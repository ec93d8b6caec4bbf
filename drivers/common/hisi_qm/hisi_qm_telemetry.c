/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_telemetry.h>
#include <rte_version.h>

#include "hisi_qm_dev.h"
#include "hisi_qm_telemetry.h"
#include "rte_pmd_hisi_accel.h"

/*
 * Telemetry asks by rte_pmd_hisi_accel.h as an application would: a name is looked up anew by each
 * function of it, and what it finds stays until it returns.
 */

/* An answer has 16 KiB: long lists come in pages. */
#define QUEUES_PER_PAGE 16
#define ERRORS_PER_PAGE 24
#define LATENCIES_PER_PAGE 12
#define MAX_ERRORS 128
#define MAX_LATENCIES 64
#define MAX_QUEUES 4096
#define MAX_DRIVERS 8
/* A string of a dictionary has RTE_TEL_MAX_STRING_LEN bytes: longer ones are cut between words. */
#define PIECE_LEN (RTE_TEL_MAX_STRING_LEN - 1)

#if RTE_VERSION >= RTE_VERSION_NUM(23, 3, 0, 0)
#define ADD_COUNT rte_tel_data_add_dict_uint
#else
#define ADD_COUNT rte_tel_data_add_dict_u64
#endif

/** What a command was asked about. */
struct question {
	const char *driver;
	char device[RTE_DEV_NAME_MAX_LEN];
	unsigned long first;	/**< row that the answer begins with */
};

/** "DRIVER" of "/DRIVER/verb". */
static bool
parse_driver(const char *command, char *driver, size_t len)
{
	size_t n = strcspn(command + 1, "/");

	if (n >= len)
		return false;
	memcpy(driver, command + 1, n);
	driver[n] = '\0';
	return true;
}

static bool
parse_number(const char *text, unsigned long *out)
{
	char *end;

	errno = 0;
	*out = strtoul(text, &end, 10);
	return isdigit((unsigned char)text[0]) && *end == '\0' && errno == 0 &&
		*out <= UINT32_MAX;
}

/** "DEVICE" or "DEVICE,FIRST"; a device is named, or counted as in list. */
static bool
parse_params(const char *params, struct question *question)
{
	unsigned long index;
	size_t len;

	question->first = 0;
	if (params == NULL)
		return false;
	len = strcspn(params, ",");
	if (len == 0 || len >= sizeof(question->device))
		return false;
	memcpy(question->device, params, len);
	question->device[len] = '\0';
	if (params[len] == ',' && !parse_number(params + len + 1, &question->first))
		return false;
	if (!parse_number(question->device, &index))
		return true;
	return hisi_qm_monitor_name(question->driver, (unsigned int)index, question->device,
		sizeof(question->device));
}

static int
add_container(struct rte_tel_data *data, const char *name, struct rte_tel_data *inner)
{
	int ret = rte_tel_data_add_dict_container(data, name, inner, 0);

	if (ret != 0)
		rte_tel_data_free(inner);
	return ret;
}

/** Row @p number: a dictionary in @p data. NULL: no memory, or no more room */
static struct rte_tel_data *
add_row(struct rte_tel_data *data, unsigned long number)
{
	struct rte_tel_data *row = rte_tel_data_alloc();
	char name[24];

	if (row == NULL)
		return NULL;
	rte_tel_data_start_dict(row);
	snprintf(name, sizeof(name), "%lu", number);
	return add_container(data, name, row) == 0 ? row : NULL;
}

/** Where the rest is, if there is one. */
static void
add_next(struct rte_tel_data *data, unsigned long next, unsigned long count)
{
	if (next < count)
		ADD_COUNT(data, "next", next);
}

/** A text as strings that telemetry does not cut in words. */
static void
add_text(struct rte_tel_data *data, const char *name, const char *text)
{
	struct rte_tel_data *lines = rte_tel_data_alloc();
	char line[RTE_TEL_MAX_STRING_LEN];
	size_t len;

	if (lines == NULL)
		return;
	rte_tel_data_start_array(lines, RTE_TEL_STRING_VAL);
	for (; *text != '\0'; text += len + strspn(text + len, " ")) {
		len = strlen(text);
		if (len > PIECE_LEN)
			for (len = PIECE_LEN; len > 1 && text[len] != ' '; len--)
				;
		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		rte_tel_data_add_array_string(lines, line);
	}
	(void)add_container(data, name, lines);
}

/* ---- the commands ---- */

static int
tel_info(struct rte_tel_data *data, const struct question *question)
{
	struct rte_pmd_hisi_accel_info info;
	int ret = rte_pmd_hisi_accel_info_get(question->device, &info);

	if (ret != 0)
		return ret;
	rte_tel_data_start_dict(data);
	rte_tel_data_add_dict_string(data, "name", question->device);
	rte_tel_data_add_dict_string(data, "driver", info.driver);
	rte_tel_data_add_dict_string(data, "engine", info.engine);
	rte_tel_data_add_dict_string(data, "bus", info.bus);
	rte_tel_data_add_dict_string(data, "version", info.version);
	rte_tel_data_add_dict_string(data, "function", info.is_vf ? "vf" : "pf");
	rte_tel_data_add_dict_string(data, "state", info.state);
	rte_tel_data_add_dict_int(data, "numa_node", info.numa_node);
	ADD_COUNT(data, "hardware_queues", info.hardware_queues);
	ADD_COUNT(data, "queues", info.queues);
	ADD_COUNT(data, "timeout_ms", info.timeout_ms);
	rte_tel_data_add_dict_string(data, "on_error", info.replays ? "replay" : "report");
	ADD_COUNT(data, "fallback", info.falls_back != 0);
	return 0;
}

static int
tel_stats(struct rte_tel_data *data, const struct question *question)
{
	struct rte_pmd_hisi_accel_xstat *xstats;
	int i, count;

	xstats = calloc(RTE_TEL_MAX_DICT_ENTRIES, sizeof(*xstats));
	if (xstats == NULL)
		return -ENOMEM;
	count = rte_pmd_hisi_accel_xstats_get(question->device, xstats, RTE_TEL_MAX_DICT_ENTRIES);
	if (count >= 0)
		rte_tel_data_start_dict(data);
	for (i = 0; i < RTE_MIN(count, RTE_TEL_MAX_DICT_ENTRIES); i++)
		ADD_COUNT(data, xstats[i].name, xstats[i].value);
	free(xstats);
	return RTE_MIN(count, 0);
}

static void
add_queue(struct rte_tel_data *row, const struct rte_pmd_hisi_accel_queue *queue)
{
	rte_tel_data_add_dict_string(row, "type", queue->type);
	rte_tel_data_add_dict_string(row, "state", queue->state);
	ADD_COUNT(row, "depth", queue->depth);
	ADD_COUNT(row, "in_flight", queue->in_flight);
	ADD_COUNT(row, "doorbells", queue->doorbells);
	ADD_COUNT(row, "full", queue->full);
	ADD_COUNT(row, "cq_doorbells", queue->cq_doorbells);
	ADD_COUNT(row, "empty_polls", queue->empty_polls);
	ADD_COUNT(row, "unordered", queue->unordered);
	ADD_COUNT(row, "bad_cqes", queue->bad_cqes);
	ADD_COUNT(row, "timeouts", queue->timeouts);
	ADD_COUNT(row, "returned", queue->returned);
	ADD_COUNT(row, "replayed", queue->replayed);
	ADD_COUNT(row, "foreign_enqueues", queue->foreign_enqueues);
	ADD_COUNT(row, "foreign_dequeues", queue->foreign_dequeues);
	ADD_COUNT(row, "page_bytes", queue->page_len);
	rte_tel_data_add_dict_int(row, "numa_node", queue->numa_node);
}

/* By their numbers: a page begins with the first that is not below question->first. */
static int
tel_queues(struct rte_tel_data *data, const struct question *question)
{
	struct rte_pmd_hisi_accel_queue *queues = calloc(MAX_QUEUES, sizeof(*queues));
	int i, count, shown = 0;
	struct rte_tel_data *row;

	if (queues == NULL)
		return -ENOMEM;
	count = rte_pmd_hisi_accel_queues_get(question->device, queues, MAX_QUEUES);
	if (count >= 0)
		rte_tel_data_start_dict(data);
	for (i = 0; i < RTE_MIN(count, MAX_QUEUES); i++) {
		if (queues[i].queue < question->first)
			continue;
		if (shown++ == QUEUES_PER_PAGE) {
			ADD_COUNT(data, "next", queues[i].queue);
			break;
		}
		row = add_row(data, queues[i].queue);
		if (row != NULL)
			add_queue(row, &queues[i]);
	}
	free(queues);
	return RTE_MIN(count, 0);
}

static int
tel_errors(struct rte_tel_data *data, const struct question *question)
{
	struct rte_pmd_hisi_accel_error errors[MAX_ERRORS];
	struct rte_tel_data *row;
	unsigned long i, end;
	int count;

	count = rte_pmd_hisi_accel_errors_get(question->device, errors, MAX_ERRORS);
	if (count < 0)
		return count;
	rte_tel_data_start_dict(data);
	end = RTE_MIN((unsigned long)RTE_MIN(count, MAX_ERRORS),
		question->first + ERRORS_PER_PAGE);
	for (i = question->first; i < end; i++) {
		row = add_row(data, i);
		if (row == NULL)
			continue;
		rte_tel_data_add_dict_string(row, "source", errors[i].source);
		ADD_COUNT(row, "code", errors[i].code);
		rte_tel_data_add_dict_string(row, "name", errors[i].name);
		ADD_COUNT(row, "count", errors[i].count);
		add_text(row, "what_to_do", errors[i].remedy);
	}
	add_next(data, end, (unsigned long)count);
	return 0;
}

static int
tel_mailbox(struct rte_tel_data *data, const struct question *question)
{
	struct rte_pmd_hisi_accel_mailbox entries[RTE_PMD_HISI_ACCEL_MAILBOX_KEPT];
	uint64_t now, hz = rte_get_timer_hz();
	struct rte_tel_data *row;
	unsigned long i;
	int count;

	count = rte_pmd_hisi_accel_mailbox_get(question->device, entries, RTE_DIM(entries));
	if (count < 0)
		return count;
	now = rte_get_timer_cycles();
	rte_tel_data_start_dict(data);
	for (i = question->first; i < (unsigned long)count; i++) {
		row = add_row(data, i);
		if (row == NULL)
			continue;
		ADD_COUNT(row, "ago_ms", (now - entries[i].tsc) * 1000 / hz);
		rte_tel_data_add_dict_string(row, "command", entries[i].command);
		rte_tel_data_add_dict_string(row, "way", entries[i].is_get ? "get" : "set");
		ADD_COUNT(row, "queue", entries[i].queue);
		ADD_COUNT(row, "took_us", entries[i].cycles * US_PER_S / hz);
		rte_tel_data_add_dict_string(row, "result", entries[i].outcome);
		if (entries[i].result != 0)
			add_text(row, "what_to_do", entries[i].remedy);
	}
	return 0;
}

/* The last class has no upper end. */
static void
add_size(struct rte_tel_data *row, const struct rte_pmd_hisi_accel_latency *latency)
{
	if (latency->size_from == 0) {
		rte_tel_data_add_dict_string(row, "size", "chained");
		return;
	}
	ADD_COUNT(row, "size_from", latency->size_from);
	if (latency->size_to != UINT32_MAX)
		ADD_COUNT(row, "size_to", latency->size_to);
}

/* Buckets that are not empty, by the time in nanoseconds that all of theirs are below. */
static void
add_latency(struct rte_tel_data *row, const struct rte_pmd_hisi_accel_latency *latency)
{
	double ns = 1e9 / (double)rte_get_tsc_hz();
	char name[48];
	int i;

	rte_tel_data_add_dict_string(row, "type", latency->type);
	add_size(row, latency);
	ADD_COUNT(row, "ops", latency->ops);
	for (i = 0; i < RTE_PMD_HISI_ACCEL_LATENCY_BUCKETS; i++) {
		if (latency->count[i] == 0)
			continue;
		snprintf(name, sizeof(name), "below_%.0f_ns", ns * (double)(UINT64_C(2) << i));
		ADD_COUNT(row, name, latency->count[i]);
	}
}

static int
tel_latency(struct rte_tel_data *data, const struct question *question)
{
	struct rte_pmd_hisi_accel_latency rows[MAX_LATENCIES];
	struct rte_tel_data *row;
	unsigned long i, end;
	int count;

	count = rte_pmd_hisi_accel_latency_get(question->device, rows, MAX_LATENCIES);
	if (count < 0)
		return count;
	rte_tel_data_start_dict(data);
	count = RTE_MIN(count, MAX_LATENCIES);
	end = RTE_MIN((unsigned long)count, question->first + LATENCIES_PER_PAGE);
	for (i = question->first; i < end; i++) {
		row = add_row(data, i);
		if (row != NULL)
			add_latency(row, &rows[i]);
	}
	add_next(data, end, (unsigned long)count);
	return 0;
}

/* Its file says what the queues did last; nothing of the device changes. */
static int
tel_dump(struct rte_tel_data *data, const struct question *question)
{
	char path[PATH_MAX];
	int ret = rte_pmd_hisi_accel_recorder_dump(question->device, NULL, path, sizeof(path));

	if (ret != 0)
		return ret;
	rte_tel_data_start_dict(data);
	rte_tel_data_add_dict_string(data, "file", path);
	return 0;
}

static const struct verb {
	const char *name;
	int (*answer)(struct rte_tel_data *data, const struct question *question);
	const char *help;
} verbs[] = {
	{ "info", tel_info, "What a device is. Parameter: device" },
	{ "stats", tel_stats, "Counters of a device. Parameter: device" },
	{ "queues", tel_queues,
		"Hardware queues that are set up. Parameters: device, number to begin with" },
	{ "errors", tel_errors,
		"Errors that were reported, and what to do. Parameters: device, row to begin with" },
	{ "latency", tel_latency,
		"How long operations took, by size. Parameters: device, row to begin with" },
	{ "dump", tel_dump,
		"Write the flight recorder to a file of the driver's. Parameter: device" },
	{ "mailbox", tel_mailbox,
		"The last mailbox commands. Parameters: device, row to begin with" },
};

static const struct verb *
find_verb(const char *command)
{
	const char *name = strrchr(command, '/') + 1;
	size_t i;

	for (i = 0; i < RTE_DIM(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

/* Answers nothing to a wrong question: telemetry has no place for a message. */
static int
tel_answer(const char *command, const char *params, struct rte_tel_data *data)
{
	const struct verb *verb = find_verb(command);
	struct rte_pmd_hisi_accel_info info;
	char driver[RTE_DEV_NAME_MAX_LEN];
	struct question question = { .driver = driver };

	if (verb == NULL || !parse_driver(command, driver, sizeof(driver)) ||
			!parse_params(params, &question))
		return -EINVAL;
	/* A device of another class is none of this command's. */
	if (rte_pmd_hisi_accel_info_get(question.device, &info) != 0 ||
			strcmp(info.driver, driver) != 0)
		return -ENODEV;
	return verb->answer(data, &question);
}

static int
tel_list(const char *command, const char *params, struct rte_tel_data *data)
{
	char driver[RTE_DEV_NAME_MAX_LEN], name[RTE_DEV_NAME_MAX_LEN];
	unsigned int i;

	RTE_SET_USED(params);
	if (!parse_driver(command, driver, sizeof(driver)))
		return -EINVAL;
	rte_tel_data_start_array(data, RTE_TEL_STRING_VAL);
	for (i = 0; hisi_qm_monitor_name(driver, i, name, sizeof(name)); i++)
		rte_tel_data_add_array_string(data, name);
	return 0;
}

/* Telemetry itself takes a command any number of times. Probing is serialised by EAL. */
static bool
is_registered(const char *driver)
{
	static const char *drivers[MAX_DRIVERS];
	size_t i;

	for (i = 0; i < RTE_DIM(drivers) && drivers[i] != NULL; i++)
		if (strcmp(drivers[i], driver) == 0)
			return true;
	if (i < RTE_DIM(drivers))
		drivers[i] = driver;
	return i == RTE_DIM(drivers);
}

void
hisi_qm_telemetry_register(const char *driver)
{
	char command[64];
	size_t i;

	if (is_registered(driver))
		return;
	snprintf(command, sizeof(command), "/%s/list", driver);
	(void)rte_telemetry_register_cmd(command, tel_list,
		"Devices of this driver, by name. Takes no parameters");
	for (i = 0; i < RTE_DIM(verbs); i++) {
		snprintf(command, sizeof(command), "/%s/%s", driver, verbs[i].name);
		(void)rte_telemetry_register_cmd(command, tel_answer, verbs[i].help);
	}
}
