/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>

#include "diff.h"

struct options {
	const char *driver;
	const char *set;
	const char *spoil_name;
	enum diff_spoil spoil;
	uint64_t seed;
	uint64_t count;
	int64_t only;
	uint32_t depth;
	bool keep_going;
	bool churn;
};

static void
usage(void)
{
	fputs("usage: hisi_diff [EAL arguments] -- --seed=N [option...]\n"
		"  --driver=NAME     of the compressdev (compress_hisi_zip)\n"
		"  --seed=N          what everything is drawn from\n"
		"  --ops=N           operations (1000)\n"
		"  --op=N            only this one, by itself\n"
		"  --set=NAME=V,...  with these values in place of those drawn\n"
		"  --depth=N         operations in flight to ask for (992)\n"
		"  --churn           allocate and free memory meanwhile\n"
		"  --keep-going      name all wrong operations, reduce none\n"
		"  --spoil=output|canary|status  break results, to see that it is noticed\n"
		"Ends with 0 when all is right, 1 when an operation is wrong, 3 when it cannot start.\n",
		stderr);
}

static bool
parse_spoil(struct options *options, const char *name)
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
parse(struct options *options, int argc, char **argv)
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

/* The arguments that bring this case back; those of EAL and of the device are the caller's. */
static void
print_reproducer(const struct options *options, const struct diff_case *c,
	const struct diff_device *device, const char *why)
{
	struct diff_case drawn;
	char set[1024];

	diff_case_draw(&drawn, c->seed, c->number, device->window_min);
	diff_case_difference(c, &drawn, set, sizeof(set));
	printf("{\"reproducer\": \"--seed=%" PRIu64 " --op=%" PRIu64 " --depth=%u%s%s%s%s\", \"why\": \"%s\"}\n",
		c->seed, c->number, options->depth, set[0] != '\0' ? " --set=" : "", set,
		options->spoil != DIFF_SPOIL_NOTHING ? " --spoil=" : "",
		options->spoil != DIFF_SPOIL_NOTHING ? options->spoil_name : "", why);
}

static void
report_failure(const struct options *options, struct diff_run *run)
{
	struct diff_case c = run->failed->c;
	char why[256];

	printf("{\"failed\": %" PRIu64 ", \"why\": \"%s\"}\n", c.number, run->failed->why);
	if (diff_shrink(run->device, &c, options->spoil, why, sizeof(why)))
		print_reproducer(options, &c, run->device, why);
	else
		printf("{\"reproducer\": \"--seed=%" PRIu64 " --ops=%" PRIu64 " --depth=%u\", \"why\": \"only in company\"}\n",
			run->seed, options->count, options->depth);
}

static void
print_statuses(const struct diff_run *run, bool decompress)
{
	const uint64_t *counts = run->statuses[decompress];

	printf("\"%s\": {\"success\": %" PRIu64 ", \"out_of_space\": %" PRIu64 ", \"error\": %" PRIu64
		", \"refused\": %" PRIu64 "}, ", decompress ? "decompress" : "compress",
		counts[RTE_COMP_OP_STATUS_SUCCESS],
		counts[RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED],
		counts[RTE_COMP_OP_STATUS_ERROR], counts[RTE_COMP_OP_STATUS_INVALID_ARGS]);
}

static void
print_summary(const struct diff_run *run, double seconds)
{
	printf("{\"seed\": %" PRIu64 ", \"ops\": %" PRIu64 ", \"rounds\": %" PRIu64
		", \"bytes_in\": %" PRIu64 ", \"bytes_out\": %" PRIu64 ", \"sgl\": %" PRIu64
		", \"sgl_over_64\": %" PRIu64 ", \"full_rings\": %" PRIu64
		", \"lenient\": %" PRIu64 ", \"most_in_flight\": %" PRIu32 ", ",
		run->seed, run->done, run->rounds,
		run->bytes_in, run->bytes_out, run->sgl, run->sgl_over_64, run->full_rings,
		run->lenient, run->most_in_flight);
	print_statuses(run, false);
	print_statuses(run, true);
	printf("\"page\": %" PRIu64 ", ", diff_buffer_page_len());
	printf("\"grown\": %" PRIu64 ", \"shrunk\": %" PRIu64 ", \"seconds\": %.1f}\n", run->grown,
		run->shrunk, seconds);
}

static int
run_many(const struct options *options, struct diff_device *device)
{
	struct diff_run run = {
		.device = device, .seed = options->seed, .count = options->count,
		.spoil = options->spoil, .keep_going = options->keep_going,
		.churn = options->churn,
	};
	uint64_t start = rte_get_timer_cycles();
	int ret = diff_run_all(&run);

	print_summary(&run, (double)(rte_get_timer_cycles() - start) / rte_get_timer_hz());
	if (ret != 0) {
		printf("{\"failed\": -1, \"why\": \"nothing came back for a minute\"}\n");
		return 1;
	}
	if (run.failed == NULL)
		return run.wrong == 0 ? 0 : 1;
	report_failure(options, &run);
	diff_job_free(run.failed);
	return 1;
}

static int
run_one(const struct options *options, struct diff_device *device)
{
	struct diff_job *job = calloc(1, sizeof(*job));
	bool good;

	if (job == NULL)
		return 3;
	diff_case_draw(&job->c, options->seed, options->only, device->window_min);
	if (options->set != NULL && !diff_case_set(&job->c, options->set)) {
		fprintf(stderr, "cannot read --set=%s\n", options->set);
		diff_job_free(job);
		return 3;
	}
	good = diff_run_alone(device, job, options->spoil);
	if (good)
		printf("{\"op\": %" PRId64 ", \"status\": %d}\n", options->only, job->op->status);
	else
		print_reproducer(options, &job->c, device, job->why);
	diff_job_free(job);
	return good ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct options options = {
		.driver = "compress_hisi_zip", .count = 1000, .only = -1, .depth = 992,
	};
	static struct diff_device device;
	int args = rte_eal_init(argc, argv), ret;

	if (args < 0)
		return 3;
	if (!parse(&options, argc - args, argv + args)) {
		usage();
		return 2;
	}
	ret = diff_device_open(&device, options.driver, options.depth);
	if (ret == 0)
		ret = diff_buffer_pools_create();
	if (ret != 0) {
		fprintf(stderr, "cannot set up a device of driver %s: %s\n", options.driver,
			strerror(-ret));
		return 3;
	}
	ret = options.only >= 0 ? run_one(&options, &device) : run_many(&options, &device);
	if (ret == 0 && !diff_buffer_pools_full()) {
		printf("{\"failed\": -1, \"why\": \"an mbuf is missing\"}\n");
		ret = 1;
	}
	fflush(stdout);
	diff_device_close(&device);
	diff_buffer_pools_free();
	rte_eal_cleanup();
	return ret;
}
