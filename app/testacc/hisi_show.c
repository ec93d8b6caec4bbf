/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_pmd_hisi_accel.h>

#include "device.h"
#include "hisi.h"
#include "table.h"

/** More than any device has. */
#define MAX_ROWS 4096

/** The names of devices, and room for what each has. */
struct view {
	struct testacc_table *table;
	const char *name;
	uint8_t id;
	void *rows;
};

/** Fill and show the rows of one device. @return what the driver returned */
typedef int (*show_one_t)(struct view *view);

static int
show_each(const uint8_t *ids, int count, const char *title, const char *columns, size_t row_len,
	show_one_t show)
{
	struct view view = { .table = testacc_table_new(title, columns) };
	int i, ret, shown = 0, failed = 0;

	view.rows = calloc(MAX_ROWS, row_len);
	if (view.rows == NULL) {
		testacc_table_print(NULL);
		return TESTACC_FAILED;
	}
	for (i = 0; i < count; i++) {
		view.id = ids[i];
		view.name = testacc_device_name(ids[i]);
		ret = show(&view);
		if (ret < 0 && (ret != -ENODEV || count == 1)) {
			(void)testacc_fail("%s: %s: %s", view.name, title, ret == -ENODEV ?
				"the driver does not tell; ask one of the hisi drivers" :
				strerror(-ret));
			failed++;
		}
		shown += ret >= 0;
	}
	testacc_table_print(view.table);
	free(view.rows);
	if (shown == 0 && failed == 0)
		(void)testacc_fail("%s: none of the drivers tells; the hisi drivers do", title);
	return shown > 0 ? TESTACC_OK : TESTACC_FAILED;
}

static int
show_xstats(struct view *view)
{
	struct rte_pmd_hisi_accel_xstat *xstats = view->rows;
	int i, count = rte_pmd_hisi_accel_xstats_get(view->name, xstats, MAX_ROWS);

	for (i = 0; i < count; i++) {
		testacc_table_count(view->table, view->id);
		testacc_table_text(view->table, "%s", xstats[i].name);
		testacc_table_count(view->table, xstats[i].value);
	}
	return count;
}

int
testacc_show_xstats(const uint8_t *ids, int count)
{
	return show_each(ids, count, "xstats", "device,counter,value",
		sizeof(struct rte_pmd_hisi_accel_xstat), show_xstats);
}

static int
show_queues(struct view *view)
{
	struct rte_pmd_hisi_accel_queue *queues = view->rows;
	int i, count = rte_pmd_hisi_accel_queues_get(view->name, queues, MAX_ROWS);

	for (i = 0; i < count; i++) {
		testacc_table_count(view->table, view->id);
		testacc_table_count(view->table, queues[i].queue);
		testacc_table_text(view->table, "%s", queues[i].type);
		testacc_table_text(view->table, "%s", queues[i].state);
		testacc_table_count(view->table, queues[i].depth);
		testacc_table_count(view->table, queues[i].in_flight);
		testacc_table_count(view->table, queues[i].tail);
		testacc_table_count(view->table, queues[i].head);
		testacc_table_count(view->table, queues[i].doorbells);
		testacc_table_count(view->table, queues[i].full);
		testacc_table_count(view->table, queues[i].empty_polls);
		testacc_table_count(view->table, queues[i].timeouts);
		testacc_table_count(view->table, queues[i].returned);
	}
	return count;
}

int
testacc_show_queues(const uint8_t *ids, int count)
{
	return show_each(ids, count, "queues", "device,queue,type,state,depth,in flight,tail,head,"
		"doorbells,full,empty polls,timeouts,returned",
		sizeof(struct rte_pmd_hisi_accel_queue), show_queues);
}

static int
show_errors(struct view *view)
{
	struct rte_pmd_hisi_accel_error *errors = view->rows;
	int i, count = rte_pmd_hisi_accel_errors_get(view->name, errors, MAX_ROWS);

	for (i = 0; i < count; i++) {
		testacc_table_count(view->table, view->id);
		testacc_table_text(view->table, "%s", errors[i].source);
		testacc_table_count(view->table, errors[i].code);
		testacc_table_text(view->table, "%s", errors[i].name);
		testacc_table_count(view->table, errors[i].count);
		testacc_table_text(view->table, "%s", errors[i].remedy);
	}
	return count;
}

int
testacc_show_errors(const uint8_t *ids, int count)
{
	return show_each(ids, count, "errors", "device,source,code,error,times,what to do",
		sizeof(struct rte_pmd_hisi_accel_error), show_errors);
}

/** The highest word first, as the number would be written. */
static void
format_value(const struct rte_pmd_hisi_accel_reg *reg, char *buf, size_t len)
{
	size_t used = (size_t)snprintf(buf, len, "0x");
	uint32_t i;

	for (i = reg->len / 4; i > 0; i--)
		used += (size_t)snprintf(buf + used, len - used, "%08x", reg->value[i - 1]);
}

static int
show_regs(struct view *view)
{
	struct rte_pmd_hisi_accel_reg *regs = view->rows;
	int i, count = rte_pmd_hisi_accel_regs_get(view->name, regs, MAX_ROWS);
	char value[48];

	for (i = 0; i < count; i++) {
		format_value(&regs[i], value, sizeof(value));
		testacc_table_count(view->table, view->id);
		testacc_table_text(view->table, "0x%06x", regs[i].offset);
		testacc_table_text(view->table, "%s", regs[i].name);
		testacc_table_text(view->table, "%s", value);
	}
	return count;
}

int
testacc_show_regs(const uint8_t *ids, int count)
{
	return show_each(ids, count, "registers", "device,offset,register,value",
		sizeof(struct rte_pmd_hisi_accel_reg), show_regs);
}
