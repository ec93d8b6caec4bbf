/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_DECODE_H
#define TESTACC_DECODE_H

/**
 * @file
 * Dumps of the drivers' flight recorder.
 */

#include <hisi_record_file.h>

#include "parse.h"

/** A dump that was read, with the bytes behind it. */
struct testacc_dump {
	struct hisi_record_dump dump;
	void *bytes;
};

/** Read and check a file. @return TESTACC_OK: testacc_dump_free() is due; others after a message */
int testacc_dump_read(const char *path, struct testacc_dump *dump);
void testacc_dump_free(struct testacc_dump *dump);

/** decode <in>: a dump in words. */
int testacc_decode(const struct testacc_line *line);
/** The same as "dpdk-testacc decode FILE", without EAL. */
int testacc_decode_main(int argc, char **argv);

/** recorder dump [<out>]: of the set device */
int testacc_recorder(const struct testacc_line *line);

/** capture start <out> [<queue>], capture stop */
int testacc_capture_start(const struct testacc_line *line);
int testacc_capture_stop(const struct testacc_line *line);

#endif /* TESTACC_DECODE_H */
