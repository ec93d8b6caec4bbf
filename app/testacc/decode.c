/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <rte_pmd_hisi_accel.h>

#include "decode.h"
#include "device.h"
#include "settings.h"
#include "table.h"

/* No terminal is left when there is nobody to read. */
static void
print_line(void *opaque, const char *line)
{
	if (!testacc_is_interrupted())
		testacc_lines_add(opaque, line);
}

/** All of a file of limited length. @return NULL after a message */
static void *
read_file(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	void *bytes = NULL;
	struct stat stat;

	if (file == NULL) {
		testacc_fail("%s: %s", path, strerror(errno));
		return NULL;
	}
	if (fstat(fileno(file), &stat) != 0 || !S_ISREG(stat.st_mode)) {
		testacc_fail("%s: it is no file", path);
	} else if ((uint64_t)stat.st_size > HISI_RECORD_MAX_FILE) {
		testacc_fail("%s: a dump is never as long as %llu bytes", path,
			(unsigned long long)stat.st_size);
	} else {
		*len = (size_t)stat.st_size;
		bytes = malloc(*len + 1);
		if (bytes == NULL || fread(bytes, 1, *len, file) != *len) {
			testacc_fail("%s: it cannot be read", path);
			free(bytes);
			bytes = NULL;
		}
	}
	fclose(file);
	return bytes;
}

int
testacc_dump_read(const char *path, struct testacc_dump *dump)
{
	char why[160];
	size_t len;

	dump->bytes = read_file(path, &len);
	if (dump->bytes == NULL)
		return TESTACC_FAILED;
	if (hisi_record_open(dump->bytes, len, &dump->dump, why, sizeof(why)) != 0) {
		free(dump->bytes);
		return testacc_fail("%s: %s", path, why);
	}
	return TESTACC_OK;
}

void
testacc_dump_free(struct testacc_dump *dump)
{
	hisi_record_close(&dump->dump);
	free(dump->bytes);
}

static int
decode(const char *path)
{
	struct testacc_dump dump;
	int ret = testacc_dump_read(path, &dump);
	struct testacc_table *lines;

	if (ret != TESTACC_OK)
		return ret;
	lines = testacc_lines_new("decode");
	hisi_record_print(&dump.dump, print_line, lines);
	testacc_lines_print(lines);
	testacc_dump_free(&dump);
	return fflush(stdout) == 0 ? TESTACC_OK : TESTACC_FAILED;
}

int
testacc_decode(const struct testacc_line *line)
{
	return decode(line->words[1]);
}

int
testacc_decode_main(int argc, char **argv)
{
	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		puts("usage: dpdk-testacc decode FILE\n"
			"\n"
			"A dump of the flight recorder in words: descriptors, completions and doorbells of each\n"
			"queue, keys and data left out.\n"
			"Exit status: 0 all is well, 1 it cannot be read, 2 bad usage.");
		return TESTACC_OK;
	}
	if (argc != 2)
		return testacc_misused("usage: dpdk-testacc decode FILE");
	return decode(argv[1]);
}

static void
tell_dump(const char *device, const char *path)
{
	struct testacc_table *table;

	if (!testacc_options.is_json) {
		printf("%s: written to %s; 'decode %s' explains it\n", device, path, path);
		return;
	}
	table = testacc_table_new("recorder_dump", "name,file");
	testacc_table_text(table, "%s", device);
	testacc_table_text(table, "%s", path);
	testacc_table_print(table);
}

int
testacc_recorder(const struct testacc_line *line)
{
	const char *device = testacc_device_name((uint8_t)testacc_settings.device);
	const char *path = line->count > 2 ? line->words[2] : NULL;
	char written[PATH_MAX];
	int ret = device != NULL ? rte_pmd_hisi_accel_recorder_dump(device, path, written,
		sizeof(written)) : -ENODEV;

	if (device == NULL)
		return testacc_fail_absent((uint8_t)testacc_settings.device);
	if (ret == -ENODEV)
		return testacc_fail("recorder dump: device %u has none; ask one of the hisi drivers ('set device')",
			(unsigned int)testacc_settings.device);
	if (ret != 0)
		return testacc_fail("recorder dump: %s%s%s", path != NULL ? path : "",
			path != NULL ? ": " : "", strerror(-ret));
	tell_dump(device, written);
	return TESTACC_OK;
}

int
testacc_capture_start(const struct testacc_line *line)
{
	const char *device = testacc_device_name((uint8_t)testacc_settings.device);
	uint64_t queue = 0;
	int ret;

	if (line->count > 3 && !testacc_parse_number(line->words[3], 0, INT32_MAX, &queue))
		return testacc_fail("capture start: '%s' is no number of a queue; without one all are captured",
			line->words[3]);
	ret = device != NULL ? rte_pmd_hisi_accel_capture_start(device,
		line->count > 3 ? (int)queue : -1, line->words[2]) : -ENODEV;
	switch (ret) {
	case 0:
		return TESTACC_OK;
	case -ENODEV:
		if (device == NULL)
			return testacc_fail_absent((uint8_t)testacc_settings.device);
		return testacc_fail("capture start: device %u has none; ask one of the hisi drivers ('set device')",
			(unsigned int)testacc_settings.device);
	case -EBUSY:
		return testacc_fail("capture start: one is running; 'capture stop' ends it");
	case -ERANGE:
		return testacc_fail("capture start: the device has no queue %s; without a number all are captured",
			line->words[3]);
	case -ENOTSUP:
		return testacc_fail("capture start: the driver was built without libpcap, or the device has recorder=0");
	default:
		return testacc_fail("capture start: %s: %s", line->words[2], strerror(-ret));
	}
}

static void
tell_capture(const struct rte_pmd_hisi_accel_capture *counts)
{
	struct testacc_table *table;

	if (!testacc_options.is_json) {
		printf("capture: %" PRIu64 " packet%s, %" PRIu64 " lost\n", counts->packets,
			testacc_plural(counts->packets), counts->lost);
		return;
	}
	table = testacc_table_new("capture", "packets,lost");
	testacc_table_count(table, counts->packets);
	testacc_table_count(table, counts->lost);
	testacc_table_print(table);
}

int
testacc_capture_stop(const struct testacc_line *line)
{
	struct rte_pmd_hisi_accel_capture counts;
	int ret = rte_pmd_hisi_accel_capture_stop(&counts);

	(void)line;
	if (ret == -ENOENT)
		return testacc_fail("capture stop: none is running; 'capture start' begins one");
	tell_capture(&counts);
	return ret == 0 ? TESTACC_OK : testacc_fail("capture stop: %s", strerror(-ret));
}
