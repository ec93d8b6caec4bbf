/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include <rte_pmd_hisi_accel.h>

#include "commands.h"
#include "device.h"
#include "hisi.h"
#include "settings.h"
#include "table.h"

#define MAX_QUEUES 1024
/* timeout_ms of the drivers, and a reset behind it, several times over. */
#define LIMIT_S 30
#define STEP_US 1000

static const char *
device_name(void)
{
	return testacc_device_name((uint8_t)testacc_settings.device);
}

/** The queues of the set device, the caller's to free. @return how many; negative: none */
static int
get_queues(const char *device, struct rte_pmd_hisi_accel_queue **queues)
{
	int count;

	*queues = calloc(MAX_QUEUES, sizeof(**queues));
	if (*queues == NULL)
		return -ENOMEM;
	count = rte_pmd_hisi_accel_queues_get(device, *queues, MAX_QUEUES);
	if (count < 0) {
		free(*queues);
		*queues = NULL;
	}
	return count;
}

static bool
get_queue(const char *device, uint16_t number, struct rte_pmd_hisi_accel_queue *queue)
{
	struct rte_pmd_hisi_accel_queue *queues;
	int i, count = get_queues(device, &queues);
	bool is_there = false;

	for (i = 0; i < count; i++)
		if (queues[i].queue == number) {
			*queue = queues[i];
			is_there = true;
		}
	free(queues);
	return is_there;
}

bool
testacc_queue_accept(const struct testacc_line *line, int at)
{
	uint64_t number;

	return testacc_parse_number(line->words[at], 0, UINT16_MAX, &number);
}

const char *
testacc_queue_candidate(const struct testacc_line *line, int at, unsigned int index)
{
	struct rte_pmd_hisi_accel_queue *queues;
	int count = device_name() != NULL ? get_queues(device_name(), &queues) : -1;
	static char text[8];
	bool is_there = count > 0 && index < (unsigned int)count;

	(void)line;
	(void)at;
	if (is_there)
		snprintf(text, sizeof(text), "%u", queues[index].queue);
	if (count >= 0)
		free(queues);
	return is_there ? text : NULL;
}

static int
explain(uint8_t number, const char *what, int ret)
{
	switch (ret) {
	case -ENODEV:
		if (!testacc_device_exists(number))
			return testacc_fail_absent(number);
		return testacc_fail("%s: device %u does not tell; ask one of the hisi drivers ('show device all')",
			what, number);
	case -ENOENT:
		return testacc_fail("%s: no such queue is set up; 'show device %u queues' lists them, after a start",
			what, number);
	case -EAGAIN:
		return testacc_fail("%s: it does not run just now; 'show device %u queues' says what it does",
			what, number);
	default:
		return testacc_fail("%s: %s", what, strerror(-ret));
	}
}

static double
ms_since(uint64_t start)
{
	return (double)(rte_rdtsc() - start) * 1e3 / (double)rte_get_tsc_hz();
}

/** A queue with no engine on it has nobody else to look after it. */
static void
poll_idle(uint8_t number)
{
	const struct testacc_device *device = testacc_device_find(number);
	uint16_t i, count;

	if (!testacc_is_idle() || device == NULL)
		return;
	count = testacc_device_queue_pairs(device);
	for (i = 0; i < count; i++)
		testacc_device_poll(device, i);
}

static bool
is_over(uint64_t end)
{
	rte_delay_us_sleep(STEP_US);
	return testacc_is_interrupted() || rte_rdtsc() > end;
}

static void
tell_drained(uint16_t number, uint32_t before, double ms)
{
	struct testacc_table *table;

	if (!testacc_options.is_json) {
		printf("queue %u: %u op%s under way, empty after %.1f ms\n", number, before,
			before == 1 ? " was" : "s were", ms);
		return;
	}
	table = testacc_table_new("queue_drain", "queue,under way (ops),took (ms)");
	testacc_table_count(table, number);
	testacc_table_count(table, before);
	testacc_table_number(table, 1, ms);
	testacc_table_print(table);
}

static void
tell_queue_reset(uint16_t number, uint32_t before, uint32_t tag, double ms)
{
	struct testacc_table *table;

	if (!testacc_options.is_json) {
		printf("queue %u: runs again after %.1f ms, tag 0x%04x became 0x%04x\n", number, ms,
			before, tag);
		return;
	}
	table = testacc_table_new("queue_reset", "queue,took (ms),tag before,tag");
	testacc_table_count(table, number);
	testacc_table_number(table, 1, ms);
	testacc_table_count(table, before);
	testacc_table_count(table, tag);
	testacc_table_print(table);
}

static void
tell_device_reset(const char *device, double ms)
{
	struct testacc_table *table;

	if (!testacc_options.is_json) {
		printf("%s: reset, all queues run again after %.1f ms\n", device, ms);
		return;
	}
	table = testacc_table_new("device_reset", "name,took (ms)");
	testacc_table_text(table, "%s", device);
	testacc_table_number(table, 1, ms);
	testacc_table_print(table);
}

static int
drain_queue(const char *device, uint16_t number)
{
	uint64_t start = rte_rdtsc(), end = start + LIMIT_S * rte_get_tsc_hz();
	struct rte_pmd_hisi_accel_queue queue = { .in_flight = 0 };
	uint32_t before;
	int ret;

	(void)get_queue(device, number, &queue);
	before = queue.in_flight;
	ret = rte_pmd_hisi_accel_queue_hold(device, number, 1);
	if (ret != 0)
		return ret;
	while (get_queue(device, number, &queue) && queue.in_flight > 0 && !is_over(end))
		poll_idle((uint8_t)testacc_settings.device);
	ret = rte_pmd_hisi_accel_queue_hold(device, number, 0);
	if (queue.in_flight > 0)
		return -ETIME;
	tell_drained(number, before, ms_since(start));
	return ret;
}

static int
reset_queue(const char *device, uint16_t number)
{
	uint64_t start = rte_rdtsc(), end = start + LIMIT_S * rte_get_tsc_hz();
	struct rte_pmd_hisi_accel_queue before, queue;
	int ret;

	if (!get_queue(device, number, &before))
		return rte_pmd_hisi_accel_queue_reset(device, number);
	ret = rte_pmd_hisi_accel_queue_reset(device, number);
	if (ret != 0)
		return ret;
	do {
		poll_idle((uint8_t)testacc_settings.device);
		if (!get_queue(device, number, &queue))
			return -ENOENT;
		if (queue.tag != before.tag &&
				strcmp(queue.state, RTE_PMD_HISI_ACCEL_RUNNING) == 0) {
			tell_queue_reset(number, before.tag, queue.tag, ms_since(start));
			return 0;
		}
	} while (!is_over(end));
	return -ETIME;
}

static int
dump_queue(const char *device, uint16_t number)
{
	struct testacc_table *lines = testacc_lines_new("queue_dump");
	int ret = rte_pmd_hisi_accel_queue_dump(device, number, testacc_lines_add, lines);

	testacc_lines_print(lines);
	return ret;
}

int
testacc_queue(const struct testacc_line *line)
{
	uint16_t number = (uint16_t)atoi(line->words[1]);
	const char *device = device_name(), *what = line->words[2];
	int ret;

	if (device == NULL)
		return explain((uint8_t)testacc_settings.device, what, -ENODEV);
	if (strcmp(what, "dump") == 0)
		ret = dump_queue(device, number);
	else if (strcmp(what, "drain") == 0)
		ret = drain_queue(device, number);
	else
		ret = reset_queue(device, number);
	return ret == 0 ? TESTACC_OK : explain((uint8_t)testacc_settings.device, what, ret);
}

static uint64_t
count_resets(const char *device)
{
	struct rte_pmd_hisi_accel_xstat xstats[64];
	int i, count = rte_pmd_hisi_accel_xstats_get(device, xstats, RTE_DIM(xstats));

	for (i = 0; i < count && i < (int)RTE_DIM(xstats); i++)
		if (strcmp(xstats[i].name, "resets") == 0)
			return xstats[i].value;
	return 0;
}

/** Do all queues run, as many as there are? */
static bool
all_run(const char *device)
{
	struct rte_pmd_hisi_accel_queue *queues;
	int i, count = get_queues(device, &queues);
	bool runs = count >= 0;

	for (i = 0; i < count; i++)
		runs = runs && strcmp(queues[i].state, RTE_PMD_HISI_ACCEL_RUNNING) == 0;
	if (count >= 0)
		free(queues);
	return runs;
}

int
testacc_device_reset(const struct testacc_line *line)
{
	uint8_t number = (uint8_t)atoi(line->words[1]);
	const char *device = testacc_device_name(number);
	uint64_t start = rte_rdtsc(), end = start + LIMIT_S * rte_get_tsc_hz();
	uint64_t resets = count_resets(device);
	int ret = rte_pmd_hisi_accel_device_reset(device);

	if (ret != 0)
		return explain(number, "reset", ret);
	do {
		poll_idle(number);
		if (count_resets(device) > resets && all_run(device)) {
			tell_device_reset(device, ms_since(start));
			return TESTACC_OK;
		}
	} while (!is_over(end));
	return explain(number, "reset", -ETIME);
}

int
testacc_mailbox(const struct testacc_line *line)
{
	struct rte_pmd_hisi_accel_mailbox entries[RTE_PMD_HISI_ACCEL_MAILBOX_KEPT];
	const char *device = device_name();
	double us = 1e6 / (double)rte_get_timer_hz();
	uint64_t now = rte_get_timer_cycles();
	struct testacc_table *table;
	int i, count;

	(void)line;
	count = device != NULL ? rte_pmd_hisi_accel_mailbox_get(device, entries, RTE_DIM(entries)) :
		-ENODEV;
	if (count < 0)
		return explain((uint8_t)testacc_settings.device, "mailbox history", count);
	table = testacc_table_new("mailbox",
		"ago (ms),command,way,queue,took (us),result,what to do");
	for (i = 0; i < count; i++) {
		testacc_table_number(table, 1, (double)(now - entries[i].tsc) * us / 1e3);
		testacc_table_text(table, "%s", entries[i].command);
		testacc_table_text(table, "%s", entries[i].is_get ? "get" : "set");
		testacc_table_count(table, entries[i].queue);
		testacc_table_number(table, 1, (double)entries[i].cycles * us);
		testacc_table_text(table, "%s", entries[i].outcome);
		testacc_table_text(table, "%s", entries[i].result == 0 ? "" : entries[i].remedy);
	}
	testacc_table_print(table);
	return TESTACC_OK;
}
