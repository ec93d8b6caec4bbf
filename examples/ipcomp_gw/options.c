/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_comp.h>

#include "options.h"

static const char usage[] =
"usage: ipcomp_gw [EAL arguments] -- [options]\n"
"\n"
"Compresses the payload of IP packets with a compressdev (IPComp), or restores it. EAL is given\n"
"two lcores or more, the compressdev and the ports; numbers of ports are in their order:\n"
"\n"
"  ipcomp_gw -d librte_compress_hisi_zip.so -l 0,1 --vdev=compress_hisi_zip0,socket=PATH \\\n"
"      --vdev=net_pcap0,rx_pcap=in.pcap,tx_pcap=out.pcap -- --compress 0:0 --idle-stop 500\n"
"\n"
"  --compress IN:OUT    packets of port IN are compressed and sent to port OUT\n"
"  --restore IN:OUT     packets of port IN are restored and sent to port OUT\n"
"                       (one of both at least, 8 at most; OUT may be IN)\n"
"  --device NAME        compressdev, by its name or its driver's (compress_hisi_zip)\n"
"  --pipeline           one lcore receives, one sends, all others compress; without it each\n"
"                       lcore does everything for its own queues of the ports\n"
"  --depth N            operations in flight per lcore, 32 to 16384 (256)\n"
"  --level N            0 to 9, or default (1)\n"
"  --threshold BYTES    smallest payload that is compressed, 5 to 65000 (90)\n"
"  --max-frame BYTES    longest frame that is compressed, and that may come of restoring,\n"
"                       1518 to 65000 (9600)\n"
"  --rest I:K           a flow of which I packets in a row did not shrink is left alone for K\n"
"                       packets; 0:0: never (8:64)\n"
"  --spare-queue-pairs N  set up for secondary processes (0)\n"
"  --stats SECONDS      print the counters so often (0: at the end only)\n"
"  --duration SECONDS   stop after that (0: never)\n"
"  --idle-stop MS       stop when nothing was received for that long (0: never)\n"
"  --help               this text; in front of -- that of EAL's arguments, too\n"
"\n"
"SIGINT and SIGTERM end it. Exit status: 0 all was sent, 1 it could not start, or lost something.\n";

enum {
	OPT_COMPRESS = 256, OPT_RESTORE, OPT_DEVICE, OPT_PIPELINE, OPT_DEPTH, OPT_LEVEL,
	OPT_THRESHOLD, OPT_MAX_FRAME, OPT_REST, OPT_SPARE, OPT_STATS, OPT_DURATION, OPT_IDLE_STOP
};

static const struct option known[] = {
	{ "compress", required_argument, NULL, OPT_COMPRESS },
	{ "restore", required_argument, NULL, OPT_RESTORE },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "pipeline", no_argument, NULL, OPT_PIPELINE },
	{ "depth", required_argument, NULL, OPT_DEPTH },
	{ "level", required_argument, NULL, OPT_LEVEL },
	{ "threshold", required_argument, NULL, OPT_THRESHOLD },
	{ "max-frame", required_argument, NULL, OPT_MAX_FRAME },
	{ "rest", required_argument, NULL, OPT_REST },
	{ "spare-queue-pairs", required_argument, NULL, OPT_SPARE },
	{ "stats", required_argument, NULL, OPT_STATS },
	{ "duration", required_argument, NULL, OPT_DURATION },
	{ "idle-stop", required_argument, NULL, OPT_IDLE_STOP },
	{ NULL, 0, NULL, 0 }
};

/* What a wrong value should have been. */
static const char * const expected[] = {
	[OPT_COMPRESS - OPT_COMPRESS] = "IN:OUT, numbers of ports; each IN once, and 8 at most",
	[OPT_RESTORE - OPT_COMPRESS] = "IN:OUT, numbers of ports; each IN once, and 8 at most",
	[OPT_DEPTH - OPT_COMPRESS] = "32 to 16384",
	[OPT_LEVEL - OPT_COMPRESS] = "0 to 9, or default",
	[OPT_THRESHOLD - OPT_COMPRESS] = "5 to 65000",
	[OPT_MAX_FRAME - OPT_COMPRESS] = "1518 to 65000",
	[OPT_REST - OPT_COMPRESS] = "I:K, two numbers of packets up to 65535",
	[OPT_SPARE - OPT_COMPRESS] = "0 to 1024",
	[OPT_STATS - OPT_COMPRESS] = "0 to 86400",
	[OPT_DURATION - OPT_COMPRESS] = "0 to 10000000",
	[OPT_IDLE_STOP - OPT_COMPRESS] = "0 to 10000000",
};

/* A number with nothing behind it but "end". Moves the text behind that. */
static int
take_number(const char **text, char end, unsigned long most, unsigned long *value)
{
	char *rest;

	if (**text < '0' || **text > '9')
		return -1;
	*value = strtoul(*text, &rest, 10);
	if (*rest != end || *value > most)
		return -1;
	*text = rest + (end != '\0');
	return 0;
}

static int
parse_pair(const char *text, unsigned long most, unsigned long pair[2])
{
	return take_number(&text, ':', most, &pair[0]) == 0 ?
		take_number(&text, '\0', most, &pair[1]) : -1;
}

/* One number between limits, into a variable of 2 or 4 bytes. */
static int
parse_number(const char *text, unsigned long least, unsigned long most, void *to, size_t size)
{
	unsigned long value;

	if (take_number(&text, '\0', most, &value) != 0 || value < least)
		return -1;
	if (size == sizeof(uint16_t))
		*(uint16_t *)to = value;
	else
		*(uint32_t *)to = value;
	return 0;
}

#define NUMBER(text, least, most, to) parse_number(text, least, most, &(to), sizeof(to))

static int
add_path(struct gw_options *options, const char *text, bool restore)
{
	unsigned long ports[2];
	unsigned int i;

	if (options->nb_paths == GW_MAX_PATHS || parse_pair(text, UINT16_MAX - 1, ports) != 0)
		return -1;
	for (i = 0; i < options->nb_paths; i++)
		if (options->path[i].in == ports[0])
			return -1;
	options->path[options->nb_paths++] = (struct gw_path){
		.in = ports[0], .out = ports[1], .restore = restore,
	};
	return 0;
}

static int
parse_rest(struct gw_options *options, const char *text)
{
	unsigned long pair[2];

	if (parse_pair(text, UINT16_MAX, pair) != 0)
		return -1;
	options->rest_after = pair[0];
	options->rest_for = pair[1];
	return 0;
}

static int
parse_level(struct gw_options *options, const char *text)
{
	if (strcmp(text, "default") == 0) {
		options->level = RTE_COMP_LEVEL_PMD_DEFAULT;
		return 0;
	}
	return NUMBER(text, 0, 9, options->level);
}

static int
parse_one(struct gw_options *options, int option, const char *text)
{
	switch (option) {
	case OPT_COMPRESS: return add_path(options, text, false);
	case OPT_RESTORE: return add_path(options, text, true);
	case OPT_DEVICE: options->device = text; return 0;
	case OPT_PIPELINE: options->pipeline = true; return 0;
	case OPT_DEPTH: return NUMBER(text, GW_BURST, 16384, options->depth);
	case OPT_LEVEL: return parse_level(options, text);
	case OPT_THRESHOLD: return NUMBER(text, 5, 65000, options->threshold);
	case OPT_MAX_FRAME: return NUMBER(text, 1518, 65000, options->max_frame);
	case OPT_REST: return parse_rest(options, text);
	case OPT_SPARE: return NUMBER(text, 0, 1024, options->spare_queue_pairs);
	case OPT_STATS: return NUMBER(text, 0, 86400, options->stats_s);
	case OPT_DURATION: return NUMBER(text, 0, 10000000, options->duration_s);
	case OPT_IDLE_STOP: return NUMBER(text, 0, 10000000, options->idle_stop_ms);
	default: return -1;
	}
}

void
gw_options_help(const char *program)
{
	(void)program;
	fputs(usage, stdout);
}

bool
gw_options_want_help(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		;
	for (; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

int
gw_options_parse(struct gw_options *options, int argc, char **argv)
{
	int option, index;

	*options = (struct gw_options){
		.device = "compress_hisi_zip", .depth = 256, .threshold = 90, .max_frame = 9600,
		.level = 1, .rest_after = 8, .rest_for = 64,
	};
	while ((option = getopt_long(argc, argv, "", known, &index)) != -1) {
		/* What is unknown, getopt has named. */
		if (option == '?')
			return -1;
		if (parse_one(options, option, optarg) != 0) {
			fprintf(stderr, "ipcomp_gw: --%s %s: expected: %s\n",
				known[index].name, optarg, expected[option - OPT_COMPRESS]);
			return -1;
		}
	}
	if (optind < argc || options->nb_paths == 0) {
		fprintf(stderr, "ipcomp_gw: %s; see --help\n", optind < argc ?
			"only options may follow --" : "--compress or --restore is needed");
		return -1;
	}
	return 0;
}
