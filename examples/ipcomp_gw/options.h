/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define GW_MAX_PATHS 8
#define GW_BURST 32

/* Packets of one port go to one other port, or back to the same. */
struct gw_path {
	uint16_t in;
	uint16_t out;
	bool restore;	/* or compress */
};

struct gw_options {
	struct gw_path path[GW_MAX_PATHS];
	unsigned int nb_paths;
	const char *device;		/* compressdev, by its name or its driver's */
	bool pipeline;
	uint16_t depth;			/* operations in flight per lcore */
	uint16_t spare_queue_pairs;	/* for other processes */
	uint16_t threshold;		/* smallest payload that is worth it (RFC 2394, 3) */
	uint16_t max_frame;
	int level;
	unsigned int rest_after;	/* packets in a row that did not shrink; 0: never */
	unsigned int rest_for;		/* packets that are then not tried */
	unsigned int stats_s;
	unsigned int duration_s;
	unsigned int idle_stop_ms;
};

/* For EAL, which takes --help in front of "--" for its own and shows this behind its options. */
void gw_options_help(const char *program);

/* Is --help behind "--"? It needs no EAL, so this is asked before its start. */
bool gw_options_want_help(int argc, char **argv);

/* Parses what comes behind "--". Says what is wrong and returns -1; 0 if all is well. */
int gw_options_parse(struct gw_options *options, int argc, char **argv);

#endif /* OPTIONS_H */
