/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include "diff_options.h"

static void
usage(const char *driver)
{
	fprintf(stderr, "usage: PROGRAM [EAL arguments] -- --seed=N [option...]\n"
		"  --driver=NAME     of the device (%s)\n"
		"  --seed=N          what everything is drawn from\n"
		"  --ops=N           operations (1000)\n"
		"  --op=N            only this one, by itself\n"
		"  --set=NAME=V,...  with these values in place of those drawn\n"
		"  --depth=N         operations in flight to ask for (992)\n"
		"  --churn           allocate and free memory meanwhile\n"
		"  --keep-going      name all wrong operations, reduce none\n"
		"  --spoil=output|canary|status  break results, to see that it is noticed\n"
		"Ends with 0 when all is right, 1 when an operation is wrong, 3 when it cannot start.\n",
		driver);
}

static bool
parse_spoil(struct diff_options *options, const char *name)
{
	static const char * const names[] = { "nothing", "output", "canary", "status" };
	size_t i;

	options->spoil_name = name;
	for (i = 0; i < RTE_DIM(names); i++) {
		options->spoil = i;
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static bool
parse(struct diff_options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{ "driver", required_argument, NULL, 'd' }, { "seed", required_argument, NULL, 's' },
		{ "ops", required_argument, NULL, 'n' }, { "op", required_argument, NULL, 'o' },
		{ "set", required_argument, NULL, 'v' }, { "depth", required_argument, NULL, 'q' },
		{ "spoil", required_argument, NULL, 'x' },
		{ "keep-going", no_argument, NULL, 'k' }, { "churn", no_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	bool has_seed = false;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 'd': options->driver = optarg; break;
		case 's': options->seed = strtoull(optarg, NULL, 0); has_seed = true; break;
		case 'n': options->count = strtoull(optarg, NULL, 0); break;
		case 'o': options->only = strtoll(optarg, NULL, 0); break;
		case 'v': options->set = optarg; break;
		case 'k': options->keep_going = true; break;
		case 'c': options->churn = true; break;
		case 'q': options->depth = strtoul(optarg, NULL, 0); break;
		case 'x':
			if (!parse_spoil(options, optarg))
				return false;
			break;
		default: return false;
		}
	}
	return has_seed && optind == argc;
}

bool
diff_options_parse(struct diff_options *options, int argc, char **argv)
{
	const char *driver = options->driver;

	if (parse(options, argc, argv))
		return true;
	usage(driver);
	return false;
}

void
diff_options_print_reproducer(const struct diff_options *options, const struct diff_case *c,
	const struct diff_case *drawn, const char *why)
{
	char set[1024];

	diff_case_difference(c, drawn, set, sizeof(set));
	printf("{\"reproducer\": \"--seed=%" PRIu64 " --op=%" PRIu64 " --depth=%u%s%s%s%s\", \"why\": \"%s\"}\n",
		c->seed, c->number, options->depth, set[0] != '\0' ? " --set=" : "", set,
		options->spoil != DIFF_SPOIL_NOTHING ? " --spoil=" : "",
		options->spoil != DIFF_SPOIL_NOTHING ? options->spoil_name : "", why);
}

void
diff_options_print_company(const struct diff_options *options)
{
	printf("{\"reproducer\": \"--seed=%" PRIu64 " --ops=%" PRIu64 " --depth=%u\", \"why\": \"only in company\"}\n",
		options->seed, options->count, options->depth);
}
