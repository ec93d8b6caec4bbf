/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_cycles.h>

#include "buffers.h"
#include "commands.h"
#include "op_comp.h"
#include "stream.h"
#include "table.h"

#define PIECE_LEN 32768
#define DEPTH 64
#define STALL_S 20
#define BAR_WIDTH 30
#define BAR_PER_S 10

/** A file on its way through a device. Pieces go round in slots, and are written in their order. */
struct file_job {
	struct testacc_run *run;
	struct testacc_engine *engine;
	const char *in_path, *out_path;
	FILE *in, *out;
	struct testacc_stream stream;
	uint64_t in_len;	/**< of the file, 0: not known */
	uint64_t begun, written;	/**< pieces */
	bool has_all;		/**< everything was read */
	bool is_done[DEPTH];
	uint32_t lens[DEPTH];	/**< plain bytes of the piece in a slot */
	uint8_t *plain[DEPTH];	/**< and they themselves, to compare */
	uint64_t progress_tsc, bar_tsc;
};

static void
show_bar(struct file_job *job, bool is_last)
{
	double part = job->in_len > 0 ?
		RTE_MIN((double)job->stream.plain_len / (double)job->in_len, 1) : 1;
	uint64_t now = rte_rdtsc();
	int i, filled = (int)(part * BAR_WIDTH);
	bool is_small = job->stream.plain_len < 1000000;

	if (!isatty(STDOUT_FILENO) || testacc_options.is_json ||
			(!is_last && now - job->bar_tsc < rte_get_tsc_hz() / BAR_PER_S))
		return;
	job->bar_tsc = now;
	printf("\r[");
	for (i = 0; i < BAR_WIDTH; i++)
		putchar(i < filled ? '#' : '.');
	printf("] %3.0f %%  %.1f %s\033[K%s", part * 100,
		(double)job->stream.plain_len / (is_small ? 1e3 : 1e6), is_small ? "kB" : "MB",
		is_last ? "\n" : "");
	fflush(stdout);
}

/** Read the next piece into its slot and hand it over. @return false: not now */
static bool
send_piece(struct file_job *job)
{
	uint32_t place = (uint32_t)(job->begun % DEPTH);
	struct testacc_slot *slot = &job->engine->slots[place];
	struct rte_comp_op *op = slot->op;

	if (job->has_all || job->begun - job->written == DEPTH)
		return false;
	if (job->lens[place] == 0) {
		job->lens[place] = (uint32_t)fread(job->plain[place], 1, PIECE_LEN, job->in);
		job->has_all = job->lens[place] == 0;
		if (job->has_all)
			return false;
		testacc_chain_write(slot->plain, job->plain[place], job->lens[place]);
		op->src.length = job->lens[place];
		job->is_done[place] = false;
	}
	if (job->engine->class->enqueue(job->engine, &slot, 1) == 0)
		return false;
	job->engine->nb_in_flight++;
	job->begun++;
	return true;
}

/** Mark the pieces that are back. @return false after a message */
static bool
receive_pieces(struct file_job *job)
{
	struct testacc_slot *slots[32];
	struct rte_comp_op *op;
	uint16_t i, count;

	count = job->engine->class->dequeue(job->engine, slots, RTE_DIM(slots));
	job->engine->nb_in_flight -= count;
	for (i = 0; i < count; i++) {
		op = slots[i]->op;
		if (op->status != RTE_COMP_OP_STATUS_SUCCESS) {
			(void)testacc_fail("%s: the device says '%s' of a piece; 'show device %u errors' may say why",
				job->in_path, job->run->class->status_name(op->status),
				(unsigned int)testacc_settings.device);
			return false;
		}
		slots[i]->packed_len = op->produced;
		op->status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
		op->consumed = 0;
		op->produced = 0;
		job->is_done[slots[i] - job->engine->slots] = true;
	}
	if (count > 0)
		job->progress_tsc = rte_rdtsc();
	return true;
}

/** Is it the last one? Only once the end of the file was seen. */
static bool
is_writable(const struct file_job *job)
{
	return job->written < job->begun && job->is_done[job->written % DEPTH] &&
		(job->has_all || job->begun - job->written > 1);
}

static bool
write_piece(struct file_job *job)
{
	uint32_t place = (uint32_t)(job->written % DEPTH);
	struct testacc_slot *slot = &job->engine->slots[place];
	uint8_t *packed = job->engine->scratch;
	const char *why = "is larger than its buffer";

	if (slot->packed_len <= testacc_comp_bound(PIECE_LEN)) {
		testacc_chain_read(slot->packed, packed, slot->packed_len);
		if (testacc_stream_add(&job->stream, packed, slot->packed_len, job->plain[place],
				job->lens[place], job->has_all && job->written + 1 == job->begun,
				&why)) {
			job->lens[place] = 0;
			job->written++;
			return true;
		}
	}
	(void)testacc_fail("%s: what the device made of piece %u %s", job->in_path,
		(unsigned int)job->written, why);
	return false;
}

static bool
turn(struct file_job *job)
{
	while (send_piece(job))
		;
	if (!receive_pieces(job))
		return false;
	while (is_writable(job))
		if (!write_piece(job))
			return false;
	show_bar(job, false);
	if (testacc_is_interrupted())
		return testacc_fail("%s: interrupted", job->in_path) == TESTACC_OK;
	if (rte_rdtsc() - job->progress_tsc > STALL_S * rte_get_tsc_hz())
		return testacc_fail("%s: nothing came back for %d s; 'show device %u info' may say why",
			job->in_path, STALL_S, (unsigned int)testacc_settings.device) == TESTACC_OK;
	return true;
}

/** What is still with the device when a job ends early. */
static void
drain(struct file_job *job)
{
	uint64_t end = rte_rdtsc() + STALL_S * rte_get_tsc_hz();
	struct testacc_slot *slots[32];

	while (job->engine->nb_in_flight > 0 && rte_rdtsc() < end)
		job->engine->nb_in_flight -= job->engine->class->dequeue(job->engine, slots,
			RTE_DIM(slots));
	job->run->is_lost = job->engine->nb_in_flight > 0;
}

static bool
pump(struct file_job *job, enum testacc_format format)
{
	job->progress_tsc = rte_rdtsc();
	if (!testacc_stream_begin(&job->stream, job->out, format))
		return testacc_fail("%s: %s", job->out_path, strerror(errno)) == TESTACC_OK;
	while (!job->has_all || job->written < job->begun)
		if (!turn(job))
			return false;
	if (ferror(job->in))
		return testacc_fail("%s cannot be read", job->in_path) == TESTACC_OK;
	if (!testacc_stream_end(&job->stream))
		return testacc_fail("%s: %s", job->out_path, strerror(errno)) == TESTACC_OK;
	show_bar(job, true);
	return true;
}

static void
report(const struct file_job *job, double seconds)
{
	struct testacc_table *table = testacc_table_new("file",
		"in (bytes),out (bytes),ratio,seconds,Gb/s,crc32,file");

	testacc_table_count(table, job->stream.plain_len);
	testacc_table_count(table, job->stream.packed_len);
	testacc_table_number(table, 2, (double)job->stream.plain_len /
		(double)job->stream.packed_len);
	testacc_table_number(table, 2, seconds);
	testacc_table_number(table, 3, (double)job->stream.plain_len * 8 / seconds / 1e9);
	testacc_table_text(table, "%08x", job->stream.crc);
	testacc_table_text(table, "%s", job->out_path);
	testacc_table_print(table);
}

/** Half a file looks like a whole one to who does not look closely. */
static void
close_files(struct file_job *job, bool is_whole)
{
	struct stat info;

	if (job->in != NULL)
		fclose(job->in);
	if (job->out == NULL)
		return;
	if (fclose(job->out) != 0)
		is_whole = false;
	if (!is_whole && stat(job->out_path, &info) == 0 && S_ISREG(info.st_mode))
		unlink(job->out_path);
}

static int
open_files(struct file_job *job)
{
	struct stat in, out;

	job->in = fopen(job->in_path, "rb");
	if (job->in == NULL || fstat(fileno(job->in), &in) != 0)
		return testacc_fail("%s: %s", job->in_path, strerror(errno));
	if (S_ISDIR(in.st_mode))
		return testacc_fail("%s is a folder; a file is needed", job->in_path);
	if (stat(job->out_path, &out) == 0 && out.st_dev == in.st_dev && out.st_ino == in.st_ino)
		return testacc_fail("%s is the file that is read; write to another one",
			job->out_path);
	job->in_len = S_ISREG(in.st_mode) ? (uint64_t)in.st_size : 0;
	job->out = fopen(job->out_path, "wb");
	return job->out != NULL ? TESTACC_OK :
		testacc_fail("%s: %s", job->out_path, strerror(errno));
}

static int
open_device(struct file_job *job)
{
	struct testacc_settings settings = testacc_settings;
	uint32_t i;
	int result;

	settings.op = 0;
	if (!testacc_op_class_get(0)->takes(testacc_algo_name((unsigned int)settings.algo)))
		settings.algo = TESTACC_ALGO_DEFLATE;
	settings.queues = 1;
	settings.depth = DEPTH;
	settings.sizes[0] = PIECE_LEN;
	settings.nb_sizes = 1;
	settings.sgl = 1;
	settings.file[0] = '\0';
	result = testacc_run_open(&settings, 1, &job->run);
	if (result != TESTACC_OK)
		return result;
	job->engine = job->run->engines[0];
	for (i = 0; i < DEPTH; i++) {
		job->plain[i] = malloc(PIECE_LEN);
		if (job->plain[i] == NULL)
			return testacc_fail("no memory for a piece");
	}
	return TESTACC_OK;
}

static void
close_device(struct file_job *job)
{
	uint32_t i;

	if (job->run == NULL)
		return;
	drain(job);
	testacc_run_free(job->run);
	for (i = 0; i < DEPTH; i++)
		free(job->plain[i]);
}

static enum testacc_format
format_of(const struct testacc_line *line)
{
	if (line->count > 4 && strcmp(line->words[4], "zlib") == 0)
		return TESTACC_ZLIB;
	return line->count > 4 && strcmp(line->words[4], "deflate") == 0 ? TESTACC_DEFLATE :
		TESTACC_GZIP;
}

int
testacc_run_file_through(const struct testacc_line *line)
{
	struct file_job *job = calloc(1, sizeof(*job));
	uint64_t start;
	int result = testacc_check_idle();

	if (job == NULL)
		return testacc_fail("no memory for a file");
	job->in_path = line->words[2];
	job->out_path = line->words[3];
	if (result == TESTACC_OK)
		result = open_device(job);
	if (result == TESTACC_OK)
		result = open_files(job);
	if (result == TESTACC_OK) {
		start = rte_rdtsc();
		result = pump(job, format_of(line)) ? TESTACC_OK : TESTACC_FAILED;
		if (result == TESTACC_OK)
			report(job, (double)(rte_rdtsc() - start) / (double)rte_get_tsc_hz());
	}
	close_files(job, result == TESTACC_OK);
	close_device(job);
	free(job);
	return result;
}
