/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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
#define WAIT_MS 50

/** A file on its way through a device. Pieces go round in slots, and are written in their order. */
struct file_job {
	struct testacc_run *run;
	struct testacc_engine *engine;
	const char *in_path, *out_path;
	int in;			/**< never blocks, as a pipe may have nothing for long */
	FILE *out;
	struct testacc_stream stream;
	uint64_t in_len;	/**< of the file, 0: not known */
	uint64_t begun, written;	/**< pieces */
	uint32_t filled;	/**< bytes of the piece that is read just now */
	bool has_all;		/**< everything was read */
	int in_error;		/**< errno of what ended it, 0: its end did */
	bool is_interrupted;
	bool is_done[DEPTH];
	uint32_t lens[DEPTH];	/**< plain bytes of the piece in a slot */
	uint8_t *plain[DEPTH];	/**< and they themselves, to compare */
	uint64_t start_tsc, progress_tsc, bar_tsc;
};

static double
seconds_of(const struct file_job *job)
{
	return (double)(rte_rdtsc() - job->start_tsc) / (double)rte_get_tsc_hz();
}

static void
format_bytes(uint64_t bytes, char *buf, size_t len)
{
	static const char * const units[] = { "B", "kB", "MB", "GB", "TB" };
	double value = (double)bytes;
	size_t i;

	for (i = 0; i < RTE_DIM(units) - 1 && value >= 1e3; i++)
		value /= 1e3;
	snprintf(buf, len, "%.*f %s", i > 0, value, units[i]);
}

static void
format_rate(const struct file_job *job, char *buf, size_t len)
{
	char bytes[32];

	format_bytes((uint64_t)((double)job->stream.plain_len / RTE_MAX(seconds_of(job), 1e-6)),
		bytes, sizeof(bytes));
	snprintf(buf, len, "  %s/s", bytes);
}

/**
 * A share is told only of a file whose length is known, and that did not grow beyond it. The rate
 * of the whole is in the table below the last line.
 */
static void
show_bar(struct file_job *job, bool is_last)
{
	static const char full[] = "##############################";
	static const char empty[] = "..............................";
	uint64_t now = rte_rdtsc(), done = job->stream.plain_len;
	char bytes[32], rate[40] = "";
	double part;
	int filled;

	if (!is_last && now - job->bar_tsc < rte_get_tsc_hz() / BAR_PER_S)
		return;
	job->bar_tsc = now;
	format_bytes(done, bytes, sizeof(bytes));
	if (!is_last)
		format_rate(job, rate, sizeof(rate));
	if (job->in_len == 0 || done > job->in_len) {
		testacc_progress("%s%s", bytes, rate);
	} else {
		part = (double)done / (double)job->in_len;
		filled = (int)(part * BAR_WIDTH);
		testacc_progress("[%.*s%.*s] %3.0f %%  %s%s", filled, full,
			BAR_WIDTH - filled, empty, part * 100, bytes, rate);
	}
	if (is_last)
		testacc_progress_end(true);
}

/** Is there something to read? Waits for it where there is nothing else to do. */
static bool
has_input(struct file_job *job)
{
	struct pollfd input = { .fd = job->in, .events = POLLIN };

	return poll(&input, 1, job->engine->nb_in_flight > 0 ? 0 : WAIT_MS) > 0;
}

/** Read on in a piece. @return true: it is whole, or the last and not empty */
static bool
fill_piece(struct file_job *job, uint8_t *plain)
{
	ssize_t len;

	while (job->filled < PIECE_LEN) {
		if (!has_input(job))
			return false;
		len = read(job->in, plain + job->filled, PIECE_LEN - job->filled);
		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			return false;
		if (len <= 0) {
			job->in_error = len < 0 ? errno : 0;
			job->has_all = job->filled == 0;
			return job->filled > 0;
		}
		job->filled += (uint32_t)len;
	}
	return true;
}

/** Read the next piece into its slot and hand it over. @return false: not now */
static bool
send_piece(struct file_job *job)
{
	uint32_t place = (uint32_t)(job->begun % DEPTH);
	struct testacc_slot *slot = &job->engine->slots[place];
	struct rte_comp_op *op = slot->op;

	if (job->has_all || job->begun - job->written == DEPTH || testacc_is_interrupted())
		return false;
	if (job->lens[place] == 0) {
		if (!fill_piece(job, job->plain[place]))
			return false;
		job->lens[place] = job->filled;
		job->filled = 0;
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
	/* With nothing under way it is the file that is waited for, which may take its time. */
	if (count > 0 || job->engine->nb_in_flight == 0)
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

/** ^C ends what waits for a reader, too, and is told of when all is closed. @return false */
static bool
fail_out(struct file_job *job)
{
	job->is_interrupted = testacc_is_interrupted();
	if (!job->is_interrupted)
		(void)testacc_fail("%s: %s", job->out_path, strerror(errno));
	return false;
}

static bool
write_piece(struct file_job *job)
{
	uint32_t place = (uint32_t)(job->written % DEPTH);
	struct testacc_slot *slot = &job->engine->slots[place];
	uint8_t *packed = job->engine->scratch;
	const char *why = "is larger than its buffer";

	errno = 0;
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
	if (ferror(job->out))
		return fail_out(job);
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
	job->is_interrupted = testacc_is_interrupted();
	if (job->is_interrupted)
		return false;
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
	job->start_tsc = rte_rdtsc();
	job->progress_tsc = job->start_tsc;
	if (!testacc_stream_begin(&job->stream, job->out, format))
		return fail_out(job);
	while (!job->has_all || job->written < job->begun)
		if (!turn(job))
			return false;
	if (job->in_error != 0)
		return testacc_fail("%s: %s", job->in_path, strerror(job->in_error)) == TESTACC_OK;
	if (!testacc_stream_end(&job->stream))
		return fail_out(job);
	show_bar(job, true);
	return true;
}

static void
report(const struct file_job *job)
{
	double seconds = seconds_of(job);
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

/** Half a file looks like a whole one to who does not look closely. @return true: it is gone */
static bool
remove_partial(const struct file_job *job)
{
	struct stat info;

	return stat(job->out_path, &info) == 0 && S_ISREG(info.st_mode) &&
		unlink(job->out_path) == 0;
}

/** Some file systems tell only here that there is no room. @return @p result, or TESTACC_FAILED */
static int
close_files(struct file_job *job, int result)
{
	bool is_removed = false;
	char bytes[32];

	if (job->in >= 0)
		close(job->in);
	if (job->out != NULL) {
		/* What is left goes nowhere, and waits for no reader. */
		if (result != TESTACC_OK)
			(void)fcntl(fileno(job->out), F_SETFL, O_NONBLOCK);
		if (fclose(job->out) != 0 && result == TESTACC_OK)
			result = testacc_fail("%s: %s", job->out_path, strerror(errno));
		is_removed = result != TESTACC_OK && remove_partial(job);
	}
	if (!job->is_interrupted)
		return result;
	format_bytes(job->stream.plain_len, bytes, sizeof(bytes));
	return testacc_fail("%s: interrupted after %s; %s is not whole%s", job->in_path, bytes,
		job->out_path, is_removed ? " and was removed" : "");
}

static int
open_files(struct file_job *job)
{
	struct stat in, out;

	job->in = open(job->in_path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (job->in < 0 || fstat(job->in, &in) != 0)
		return testacc_fail("%s: %s", job->in_path, strerror(errno));
	if (S_ISDIR(in.st_mode))
		return testacc_fail("%s is a folder; a file is needed", job->in_path);
	if (stat(job->out_path, &out) == 0 && out.st_dev == in.st_dev && out.st_ino == in.st_ino)
		return testacc_fail("%s is the file that is read; write to another one",
			job->out_path);
	job->in_len = S_ISREG(in.st_mode) ? (uint64_t)in.st_size : 0;
	job->out = fopen(job->out_path, "wb");
	if (job->out == NULL)
		(void)fail_out(job);
	return job->out != NULL ? TESTACC_OK : TESTACC_FAILED;
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
	int result = testacc_check_idle();

	if (job == NULL)
		return testacc_fail("no memory for a file");
	job->in = -1;
	job->in_path = line->words[2];
	job->out_path = line->words[3];
	if (result == TESTACC_OK)
		result = open_device(job);
	if (result == TESTACC_OK)
		result = open_files(job);
	if (result == TESTACC_OK)
		result = pump(job, format_of(line)) ? TESTACC_OK : TESTACC_FAILED;
	result = close_files(job, result);
	if (result == TESTACC_OK)
		report(job);
	close_device(job);
	free(job);
	return result;
}
