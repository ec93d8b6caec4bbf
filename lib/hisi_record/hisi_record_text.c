/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "hisi_qm_context.h"
#include "hisi_record_file.h"

#define LINE_LEN 2048
#define MAX_FIELDS 96
#define RESULT_LEN 16
#define NS_PER_S 1000000000u

/** A dump that is being printed. */
struct printer {
	const struct hisi_record_dump *dump;
	const struct hisi_record_queue *queue;
	hisi_record_line_t line;
	void *opaque;
};

static void __attribute__((format(printf, 2, 3)))
print(const struct printer *printer, const char *format, ...)
{
	char text[LINE_LEN];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printer->line(printer->opaque, text);
}

/* TSC cycles in nanoseconds, whatever a file says of both. */
static double
to_ns(const struct hisi_record_dump *dump, int64_t cycles)
{
	return (double)cycles * NS_PER_S / (double)dump->info.tsc_hz;
}

/* "-12.345 us": so long before the file was written. */
static const char *
format_time(char *text, size_t len, double ns)
{
	double value = ns;
	const char *unit;

	if (value > -1e6 && value < 1e6) {
		value /= 1e3;
		unit = "us";
	} else if (value > -1e9 && value < 1e9) {
		value /= 1e6;
		unit = "ms";
	} else {
		value /= 1e9;
		unit = "s";
	}
	snprintf(text, len, "%.3f %s", value, unit);
	return text;
}

/* ---- descriptors ---- */

/* Fields of @p all whose words lie within the result, or outside of it. */
static void
pick_fields(const struct hisi_record_layout *layout, const struct hisi_hw_field *all,
	bool in_result, struct hisi_hw_field picked[MAX_FIELDS + 1])
{
	int count = 0;

	for (; all->name != NULL && count < MAX_FIELDS; all++)
		if ((all->offset >= layout->result &&
				all->offset < layout->result + RESULT_LEN) == in_result)
			picked[count++] = *all;
	picked[count].name = NULL;
}

static const struct hisi_hw_field *
sqe_fields(const struct printer *printer, const uint8_t *sqe)
{
	return printer->dump->engine != NULL ? printer->dump->engine->sqe_fields(sqe) : NULL;
}

/* What is not known as fields is shown as bytes. */
static void
format_bytes(char *text, size_t len, const uint8_t *bytes, size_t count)
{
	size_t i;

	text[0] = '\0';
	for (i = 0; i < count && 2 * i + 2 < len; i++)
		snprintf(text + 2 * i, len - 2 * i, "%02x", bytes[i]);
}

static void
print_sqe(const struct printer *printer, uint32_t index)
{
	const struct hisi_record_file_queue *info = &printer->queue->info;
	struct hisi_hw_field fields[MAX_FIELDS + 1];
	uint8_t sqe[HISI_RECORD_MAX_SQE];
	const struct hisi_hw_field *all;
	char text[LINE_LEN - 64];

	if (!hisi_record_sqe(printer->queue, index, sqe))
		return;
	all = sqe_fields(printer, sqe);
	if (all != NULL) {
		pick_fields(&info->layout, all, false, fields);
		hisi_hw_format(text, sizeof(text), fields, sqe);
	} else {
		format_bytes(text, sizeof(text), sqe, info->sqe_len);
	}
	print(printer, "              sqe %" PRIu32 ": %s", index & (info->depth - 1), text);
}

/* ---- completions ---- */

static void
print_remedy(const struct printer *printer, const struct hisi_hw_field *fields, const void *sqe)
{
	const struct hisi_hw_engine *engine = printer->dump->engine;
	uint64_t value;

	for (; fields->name != NULL; fields++) {
		if (strcmp(fields->name, engine->status) != 0)
			continue;
		value = hisi_hw_field_value(fields, sqe);
		if (value != 0)
			print(printer, "              %s: %s", fields->value_name != NULL ?
				fields->value_name(value) : fields->name,
				engine->status_remedy(value));
	}
}

static void
print_result(const struct printer *printer, const struct hisi_record_cqe *cqe, uint32_t index,
	uint64_t tsc)
{
	const struct hisi_record_layout *layout = &printer->queue->info.layout;
	uint64_t begun = hisi_record_time(printer->queue, index);
	uint8_t sqe[HISI_RECORD_MAX_SQE] = { 0 };
	struct hisi_hw_field fields[MAX_FIELDS + 1];
	const struct hisi_hw_field *all;
	char text[LINE_LEN - 128], took[32] = "not known";

	/* Which fields a descriptor has may depend on its words. */
	(void)hisi_record_sqe(printer->queue, index, sqe);
	memcpy(sqe + layout->result, cqe->result, RESULT_LEN);
	all = sqe_fields(printer, sqe);
	if (begun != 0)
		format_time(took, sizeof(took), to_ns(printer->dump, (int64_t)(tsc - begun)));
	if (all == NULL) {
		format_bytes(text, sizeof(text), cqe->result, RESULT_LEN);
		print(printer, "              result: %s; after %s", text, took);
		return;
	}
	pick_fields(layout, all, true, fields);
	hisi_hw_format(text, sizeof(text), fields, sqe);
	print(printer, "              result: %s; after %s", text, took);
	print_remedy(printer, fields, sqe);
}

static void
print_cqe(const struct printer *printer, uint32_t index, uint64_t tsc)
{
	struct hisi_record_cqe cqe;
	char text[LINE_LEN - 64];

	if (!hisi_record_cqe(printer->queue, index, &cqe))
		return;
	hisi_hw_format(text, sizeof(text), hisi_qm_cqe_fields, cqe.cqe);
	print(printer, "              cqe %" PRIu32 ": %s", index & (printer->queue->info.depth - 1),
		text);
	print_result(printer, &cqe, hisi_record_cqe_index(printer->queue, index, &cqe), tsc);
}

/* ---- bursts ---- */

static void
print_doorbell(const struct printer *printer, const struct hisi_record_burst *burst)
{
	char text[256];

	if (burst->kind != HISI_RECORD_SUBMIT && burst->kind != HISI_RECORD_ACKNOWLEDGE)
		return;
	hisi_hw_format(text, sizeof(text), hisi_qm_doorbell_fields, &burst->word);
	print(printer, "              doorbell: %s", text);
}

static void
print_refused(const struct printer *printer, const struct hisi_record_burst *burst)
{
	const uint64_t words[2] = { 0, burst->word };
	char text[256];

	hisi_hw_format(text, sizeof(text), hisi_qm_cqe_fields, words);
	print(printer, "              cqe: %s", text);
}

static void
print_entries(const struct printer *printer, const struct hisi_record_burst *burst)
{
	uint32_t lost = hisi_record_lost(printer->queue, burst), i;

	if (printer->queue->sqes == NULL)
		return;
	if (lost != 0)
		print(printer, "              %" PRIu32 " of these are not kept any more", lost);
	for (i = lost; i < burst->count; i++) {
		if (burst->kind == HISI_RECORD_SUBMIT)
			print_sqe(printer, burst->first + i);
		else
			print_cqe(printer, burst->first + i, burst->tsc);
	}
}

/* @p older bursts that were left out before it: said, and 0 then. */
static void
print_burst(const struct printer *printer, const struct hisi_record_burst *burst, uint32_t *older)
{
	static const char * const kinds[] = {
		[HISI_RECORD_SUBMIT] = "handed to the device",
		[HISI_RECORD_COMPLETE] = "completed",
		[HISI_RECORD_UNORDERED] = "completed out of ring order",
		[HISI_RECORD_ACKNOWLEDGE] = "completions acknowledged",
		[HISI_RECORD_REFUSED] = "a completion that cannot be: refused",
		[HISI_RECORD_RETURNED] = "returned without a completion",
	};
	char when[32];

	if (*older != 0)
		print(printer, "%" PRIu32 " older burst%s, whose descriptors are not kept any more",
			*older, *older == 1 ? "" : "s");
	*older = 0;
	format_time(when, sizeof(when), to_ns(printer->dump,
		(int64_t)(burst->tsc - printer->dump->info.tsc)));
	if (burst->count != 0)
		print(printer, "%12s  %" PRIu32 " %s", when, burst->count, kinds[burst->kind]);
	else
		print(printer, "%12s  %s", when, kinds[burst->kind]);
	print_doorbell(printer, burst);
	if (burst->kind == HISI_RECORD_REFUSED)
		print_refused(printer, burst);
	if (burst->kind == HISI_RECORD_RETURNED)
		print(printer, "              sqe %" PRIu32,
			burst->first & (printer->queue->info.depth - 1));
	if (burst->kind == HISI_RECORD_SUBMIT || burst->kind == HISI_RECORD_COMPLETE ||
			burst->kind == HISI_RECORD_UNORDERED)
		print_entries(printer, burst);
}

static void
print_queue(const struct printer *printer)
{
	const struct hisi_record_file_queue *info = &printer->queue->info;
	const struct hisi_hw_engine *engine = printer->dump->engine;
	struct hisi_record_cursor cursor = { 0 };
	struct hisi_record_burst burst;
	uint32_t left = info->tail - info->retired, older = 0;
	bool begun = printer->queue->sqes == NULL;

	print(printer, "queue %u: %s, %s, alarm: %s, tag 0x%04x, depth %" PRIu32, info->queue,
		engine != NULL ? engine->type_name(info->type) : "type unknown",
		hisi_record_state_name(info->state), hisi_record_alarm_name(info->alarm), info->tag,
		info->depth);
	print(printer, "software: tail %" PRIu32 ", head %" PRIu32 ", retired %" PRIu32 ", %" PRIu32
		" in flight", info->tail, info->head, info->retired, left);
	while (hisi_record_next(printer->queue, &cursor, &burst)) {
		/* Without their descriptors the oldest bursts tell little. */
		begun = begun || hisi_record_lost(printer->queue, &burst) < burst.count;
		older += !begun;
		if (begun)
			print_burst(printer, &burst, &older);
	}
	if (left != 0 && left <= info->depth)
		print(printer, "in flight: sqe %" PRIu32 " to %" PRIu32, info->retired &
			(info->depth - 1), (info->tail - 1) & (info->depth - 1));
}

static void
print_head(const struct printer *printer)
{
	const struct hisi_record_file *info = &printer->dump->info;
	time_t seconds = (time_t)(info->realtime_ns / NS_PER_S);
	char when[64] = "?";
	struct tm tm;

	if (gmtime_r(&seconds, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	print(printer, "flight recorder of %s: %s %s %s, process %" PRIu32, info->device,
		info->engine, hisi_qm_version_name(info->qm_version), info->is_vf ? "VF" : "PF",
		info->pid);
	print(printer, "written %s.%09" PRIu64 " UTC: %s", when, info->realtime_ns % NS_PER_S,
		info->reason);
	if (info->signal != 0)
		print(printer, "signal %u ended the process", info->signal);
	if (printer->dump->engine == NULL)
		print(printer, "engine '%s' is not known here: descriptors are shown as bytes",
			info->engine);
}

void
hisi_record_print(const struct hisi_record_dump *dump, hisi_record_line_t line, void *opaque)
{
	struct printer printer = { .dump = dump, .line = line, .opaque = opaque };
	uint32_t i;

	print_head(&printer);
	for (i = 0; i < dump->info.nb_queues; i++) {
		printer.queue = &dump->queues[i];
		print_queue(&printer);
	}
}
