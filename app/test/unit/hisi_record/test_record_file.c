/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Dumps of the flight recorder: one that is right in words, and what is refused. A file is made by
 * hand here, so that neither the driver's writer nor the reader is the measure of the other.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <hisi_qm_context.h>
#include <hisi_qm_doorbell.h>
#include <hisi_record_file.h>
#include <hisi_zip_sqe.h>

#define ENTRIES 8
#define DEPTH 4

/** A file with one queue; no member leaves a gap. */
struct file {
	struct hisi_record_file head;
	struct hisi_record_file_queue queue;
	struct hisi_record_burst submitted[ENTRIES];
	struct hisi_record_burst completed[ENTRIES];
	uint8_t sqes[ENTRIES][16];
	struct hisi_record_cqe cqes[ENTRIES];
	struct hisi_record_file_end end;
};
static_assert(sizeof(struct file) == 232 + 216 + ENTRIES * (32 + 32 + 16 + 32) + 16, "no gap");

static const struct hisi_record_layout layout = {
	.pieces = {
		{ offsetof(struct hisi_zip_sqe, source_addr_lo), 8 },
		{ offsetof(struct hisi_zip_sqe, input_data_length), 4 },
	},
	.entry_len = 16,
	.result = 0,
};

static void
add_sqe(struct file *file, uint32_t index, uint64_t src, uint32_t len)
{
	memcpy(file->sqes[index % ENTRIES], &src, sizeof(src));
	memcpy(file->sqes[index % ENTRIES] + sizeof(src), &len, sizeof(len));
}

static void
add_burst(struct hisi_record_burst *ring, uint32_t *count, struct hisi_record_burst burst)
{
	burst.number = *count;
	memcpy(&ring[(*count)++ % ENTRIES], &burst, sizeof(burst));
}

static void
add_cqe(struct file *file, uint32_t index, uint16_t slot, uint32_t status)
{
	const struct hisi_qm_cqe cqe = { .sq_head = slot, .sq_num = 5, .w7 = 1 };
	const uint32_t result[4] = { 100, 50, 0, status };

	memcpy(file->cqes[index % ENTRIES].cqe, &cqe, sizeof(cqe));
	memcpy(file->cqes[index % ENTRIES].result, result, sizeof(result));
}

/* Three operations in two bursts; the second completes first, with an error; the third does not. */
static void
make(struct file *file)
{
	uint32_t submitted = 0, completed = 0;
	struct hisi_zip_sqe template = { .dw9 = HISI_ZIP_REQ_DEFLATE };

	memset(file, 0, sizeof(*file));
	file->head = (struct hisi_record_file){ .magic = HISI_RECORD_MAGIC,
		.version = HISI_RECORD_VERSION, .nb_queues = 1, .tsc_hz = 1000000000, .tsc = 2000,
		.qm_version = 0x30, .pid = 7, .engine = "ZIP", .device = "dev0",
		.reason = "a test", .realtime_ns = 1000000001 };
	file->queue = (struct hisi_record_file_queue){ .queue = 5, .tag = 0x77, .type = 0,
		.state = 1, .alarm = 1, .sqe_len = 128, .depth = DEPTH, .entries = ENTRIES,
		.margin = DEPTH, .tail = 3, .head = 1, .retired = 0, .has_entries = 1,
		.layout = layout };
	memcpy(file->queue.template, &template, sizeof(template));
	add_sqe(file, 0, 0xabc0, 100);
	add_sqe(file, 1, 0xabc1, 101);
	add_sqe(file, 2, 0xabc2, 102);
	add_burst(file->submitted, &submitted, (struct hisi_record_burst){ .tsc = 1000,
		.word = hisi_qm_doorbell_base(HISI_QM_DB_CMD_SQ, 5, 0x77), .first = 0, .count = 2,
		.kind = HISI_RECORD_SUBMIT });
	add_burst(file->submitted, &submitted, (struct hisi_record_burst){ .tsc = 2000, .first = 2,
		.count = 1, .kind = HISI_RECORD_SUBMIT });
	add_cqe(file, 0, 1, 0x0e);
	add_burst(file->completed, &completed, (struct hisi_record_burst){ .tsc = 1500, .word = 1,
		.first = 0, .count = 1, .kind = HISI_RECORD_UNORDERED });
	file->queue.submitted = file->end.submitted = submitted;
	file->queue.completed = file->end.completed = completed;
	file->end.sqes = file->queue.base + file->queue.tail;
	file->end.cqes = file->queue.base + file->queue.head;
}

static char text[32768];

static void
add_line(void *opaque, const char *line)
{
	size_t used = strlen(text);

	(void)opaque;
	assert_null(strchr(line, '\n'));
	snprintf(text + used, sizeof(text) - used, "%s\n", line);
}

static void
print_len(const void *bytes, size_t len)
{
	struct hisi_record_dump dump;
	char why[128];

	text[0] = '\0';
	if (hisi_record_open(bytes, len, &dump, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	hisi_record_print(&dump, add_line, NULL);
	hisi_record_close(&dump);
}

static void
expect(const char *what)
{
	if (strstr(text, what) == NULL)
		fail_msg("no '%s' in:\n%s", what, text);
}

static void
test_words(void **state)
{
	struct file file;

	(void)state;
	make(&file);
	print_len(&file, sizeof(file));
	expect("flight recorder of dev0: ZIP V3 PF, process 7\n");
	expect("written 1970-01-01 00:00:01.000000001 UTC: a test\n");
	expect("queue 5: compress, running, alarm: timeout, tag 0x0077, depth 4\n");
	expect("tail 3, head 1, retired 0, 3 in flight\n");
	/* In the order of their times, told from when the file was written. */
	expect("   -1.000 us  2 handed to the device\n"
		"              doorbell: queue=0x5 command=0x0(sq) tag=0x77\n"
		"              sqe 0: input_data_length=0x64 ");
	expect("source_addr=0xabc1");
	expect("   -0.500 us  1 completed out of ring order\n"
		"              cqe 0: sq_head=0x1 sq_num=0x5 phase=0x1\n"
		"              result: consumed=0x64 produced=0x32 status=0xe(dstlen_out); "
		"after 0.500 us\n              dstlen_out: ");
	expect("    0.000 us  1 handed to the device\n");
	expect("in flight: sqe 0 to 2\n");
	/* Results are not the descriptor's. */
	assert_null(strstr(text, "sqe 0: status"));
}

static void
refused_len(const void *bytes, size_t len, const char *what)
{
	struct hisi_record_dump dump;
	char why[128] = "";

	assert_int_not_equal(hisi_record_open(bytes, len, &dump, why, sizeof(why)), 0);
	if (strstr(why, what) == NULL)
		fail_msg("'%s' instead of '%s'", why, what);
}

static void
test_cut(void **state)
{
	struct file file;
	uint8_t *copy;
	size_t len;

	(void)state;
	make(&file);
	for (len = 0; len < sizeof(file); len++) {
		/* As long as it is, so that a byte too far is seen by whoever looks. */
		copy = malloc(len + 1);
		memcpy(copy, &file, len);
		refused_len(copy, len, len < sizeof(file.head) ? "no dump" : "it ends");
		free(copy);
	}
	copy = calloc(1, sizeof(file) + 3);
	memcpy(copy, &file, sizeof(file));
	refused_len(copy, sizeof(file) + 3, "3 bytes follow its end");
	free(copy);
}

#define REFUSED(change, what) do { \
	struct file file; \
	make(&file); \
	change; \
	refused_len(&file, sizeof(file), what); \
} while (0)

static void
test_refused(void **state)
{
	(void)state;
	REFUSED(file.head.magic[0] = 'h', "no dump");
	REFUSED(file.head.magic[7] = 'x', "no dump");
	REFUSED(file.head.version = 1, "format is version 1, this program reads version 2");
	REFUSED(file.head.tsc_hz = 0, "0 Hz");
	REFUSED(file.head.nb_queues = 1025, "1025 queues");
	REFUSED(file.head.nb_queues = 2, "it ends before queue 1");
	REFUSED(file.head.nb_queues = 0, "follow its end");
	REFUSED(memset(file.head.device, 'x', sizeof(file.head.device)), "no text");
	REFUSED(file.head.reason[1] = '\033', "no text");
	REFUSED(file.queue.depth = 3, "cannot be");
	REFUSED(file.queue.depth = 8, "cannot be");
	REFUSED(file.queue.depth = 0, "cannot be");
	REFUSED(file.queue.entries = 9, "cannot be");
	REFUSED(file.queue.entries = 1U << 31, "cannot be");
	REFUSED(file.queue.entries = 16, "it ends within queue 0");
	REFUSED(file.queue.margin = 9, "cannot be");
	REFUSED(file.queue.sqe_len = 129, "cannot be");
	REFUSED(file.queue.has_entries = 2, "cannot be");
	REFUSED(file.queue.layout.result = 113, "cannot be");
	REFUSED(file.queue.layout.entry_len = 255, "cannot be");
	REFUSED(file.queue.layout.entry_len = 8, "cannot be");
	REFUSED(file.queue.layout.pieces[1].offset = 125, "cannot be");
}

/* What the writers did while the file was written makes the oldest part unsure. */
static void
test_overrun(void **state)
{
	struct hisi_record_cursor cursor = { 0 };
	struct hisi_record_dump dump;
	struct hisi_record_burst burst;
	struct hisi_record_cqe cqe;
	uint8_t sqe[HISI_RECORD_MAX_SQE];
	struct file file;
	char why[128];

	(void)state;
	make(&file);
	/* Of the places 4 are the margin: behind two more descriptors the last two are sure. */
	file.end.submitted++;
	file.end.sqes += 2;
	assert_int_equal(hisi_record_open(&file, sizeof(file), &dump, why, sizeof(why)), 0);
	assert_false(hisi_record_sqe(&dump.queues[0], 0, sqe));
	assert_true(hisi_record_sqe(&dump.queues[0], 1, sqe));
	assert_true(hisi_record_cqe(&dump.queues[0], 0, &cqe));
	assert_true(hisi_record_next(&dump.queues[0], &cursor, &burst));
	assert_int_equal(burst.tsc, 1000);
	hisi_record_close(&dump);

	/* With a lap of them none is. */
	file.end.sqes += 2;
	assert_int_equal(hisi_record_open(&file, sizeof(file), &dump, why, sizeof(why)), 0);
	assert_false(hisi_record_sqe(&dump.queues[0], 2, sqe));
	hisi_record_close(&dump);

	/* A burst is published before the index moves: its entries were complete. */
	file.end.sqes = file.queue.tail - 1;
	assert_int_equal(hisi_record_open(&file, sizeof(file), &dump, why, sizeof(why)), 0);
	assert_true(hisi_record_sqe(&dump.queues[0], 0, sqe));
	assert_true(hisi_record_sqe(&dump.queues[0], 2, sqe));
	hisi_record_close(&dump);

	/* As many as there are: not even of bursts. */
	file.end.submitted = file.queue.submitted + ENTRIES;
	file.end.completed = file.queue.completed + ENTRIES;
	file.end.cqes += ENTRIES;
	assert_int_equal(hisi_record_open(&file, sizeof(file), &dump, why, sizeof(why)), 0);
	memset(&cursor, 0, sizeof(cursor));
	assert_false(hisi_record_next(&dump.queues[0], &cursor, &burst));
	assert_false(hisi_record_cqe(&dump.queues[0], 0, &cqe));
	hisi_record_close(&dump);
}

/* Bursts that cannot be are left out, whatever they say. */
static void
test_wrong_bursts(void **state)
{
	struct file file;

	(void)state;
	make(&file);
	file.submitted[0].count = 5;
	file.submitted[1].kind = 99;
	file.completed[0].number = 7;
	print_len(&file, sizeof(file));
	assert_null(strstr(text, "handed"));
	assert_null(strstr(text, "completed"));
	make(&file);
	/* The entries of the one before. */
	file.submitted[1].first = 1;
	print_len(&file, sizeof(file));
	assert_null(strstr(text, "1 handed"));
	expect("2 handed");
}

/* Indices that go round and round: each entry is shown once, however often a burst names it. */
static void
test_laps_of_the_index(void **state)
{
	uint32_t count = 0, i;
	struct file file;
	const char *at;

	(void)state;
	make(&file);
	for (i = 0; i < ENTRIES - 1; i++)
		add_burst(file.submitted, &count, (struct hisi_record_burst){ .tsc = 1000 + i,
			.first = i % 3 * 0x70000000, .count = DEPTH, .kind = HISI_RECORD_SUBMIT });
	file.queue.submitted = file.end.submitted = count;
	print_len(&file, sizeof(file));
	for (i = 0, at = text; (at = strstr(at, " sqe 1: ")) != NULL; i++)
		at++;
	assert_int_equal(i, 1);
}

static void
test_pack(void **state)
{
	uint8_t sqe[128], back[128], entry[HISI_RECORD_MAX_ENTRY] = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sqe); i++)
		sqe[i] = (uint8_t)(i + 1);
	memset(back, 0, sizeof(back));
	hisi_record_pack(&layout, sqe, entry);
	hisi_record_unpack(&layout, entry, back);
	for (i = 0; i < sizeof(sqe); i++)
		assert_int_equal(back[i], (i >= 16 && i < 20) || (i >= 72 && i < 80) ? i + 1 : 0);
	assert_int_equal(entry[12], 0);
}

/* An engine that is not known is shown as bytes. */
static void
test_unknown_engine(void **state)
{
	struct file file;

	(void)state;
	make(&file);
	strcpy(file.head.engine, "NEW");
	print_len(&file, sizeof(file));
	expect("engine 'NEW' is not known here");
	expect("sqe 0: 00000000000000000000000000000000640000");
	file.head.signal = 11;
	print_len(&file, sizeof(file));
	expect("signal 11 ended the process");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_overrun),
		cmocka_unit_test(test_wrong_bursts),
		cmocka_unit_test(test_laps_of_the_index),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_unknown_engine),
	};

	return cmocka_run_group_tests_name("hisi_record_file", tests, NULL, NULL);
}
