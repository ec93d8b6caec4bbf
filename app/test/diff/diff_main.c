/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>

#include "diff.h"

/* What a case is tried with while it is made simpler. */
struct alone {
	const struct diff_options *options;
	struct diff_device *device;
};

static struct diff_case
drawn_case(const struct alone *alone, uint64_t number)
{
	struct diff_case c;

	diff_case_draw(&c, alone->options->seed, number, alone->device->window_min);
	return c;
}

/* @return the job, judged; its verdict in @p good */
static struct diff_job *
run_case(const struct alone *alone, const struct diff_case *c, bool *good)
{
	struct comp_run run = { .device = alone->device, .spoil = alone->options->spoil };
	struct diff_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		abort();
	job->work.c = *c;
	diff_job_prepare(job);
	*good = diff_run_alone(&comp_run_class, &run, &job->work);
	return job;
}

static bool
fails_alone(void *arg, const struct diff_case *c, char *why, size_t why_len)
{
	bool good;
	struct diff_job *job = run_case(arg, c, &good);

	if (!good)
		snprintf(why, why_len, "%s", job->work.why);
	diff_job_free(job);
	return !good;
}

static void
report_failure(const struct alone *alone, const struct diff_work *failed)
{
	struct diff_case c = failed->c, drawn = c;
	char why[256];

	printf("{\"failed\": %" PRIu64 ", \"why\": \"%s\"}\n", c.number, failed->why);
	if (diff_shrink(fails_alone, (void *)(uintptr_t)alone, &c, why, sizeof(why)))
		diff_options_print_reproducer(alone->options, &c, &drawn, why);
	else
		diff_options_print_company(alone->options);
}

static void
print_statuses(const struct comp_run *run, bool decompress)
{
	const uint64_t *counts = run->statuses[decompress];

	printf("\"%s\": {\"success\": %" PRIu64 ", \"out_of_space\": %" PRIu64 ", \"error\": %" PRIu64
		", \"refused\": %" PRIu64 "}, ", decompress ? "decompress" : "compress",
		counts[RTE_COMP_OP_STATUS_SUCCESS],
		counts[RTE_COMP_OP_STATUS_OUT_OF_SPACE_TERMINATED],
		counts[RTE_COMP_OP_STATUS_ERROR], counts[RTE_COMP_OP_STATUS_INVALID_ARGS]);
}

static void
print_summary(const struct diff_run *run, const struct comp_run *comp, double seconds)
{
	printf("{\"seed\": %" PRIu64 ", \"ops\": %" PRIu64 ", \"rounds\": %" PRIu64
		", \"bytes_in\": %" PRIu64 ", \"bytes_out\": %" PRIu64 ", \"sgl\": %" PRIu64
		", \"sgl_over_64\": %" PRIu64 ", \"full_rings\": %" PRIu64
		", \"lenient\": %" PRIu64 ", \"most_in_flight\": %" PRIu32 ", ",
		run->seed, run->done, run->rounds,
		comp->bytes_in, comp->bytes_out, comp->sgl, comp->sgl_over_64, run->full_rings,
		comp->lenient, run->most_in_flight);
	print_statuses(comp, false);
	print_statuses(comp, true);
	printf("\"page\": %" PRIu64 ", ", diff_buffer_page_len());
	printf("\"grown\": %" PRIu64 ", \"shrunk\": %" PRIu64 ", \"seconds\": %.1f}\n", run->grown,
		run->shrunk, seconds);
}

static int
run_many(const struct alone *alone)
{
	const struct diff_options *options = alone->options;
	struct comp_run comp = {
		.device = alone->device, .seed = options->seed, .spoil = options->spoil,
	};
	struct diff_run run = {
		.class = &comp_run_class, .arg = &comp, .seed = options->seed,
		.count = options->count, .keep_going = options->keep_going,
		.churn = options->churn,
	};
	uint64_t start = rte_get_timer_cycles();
	int ret = diff_run_all(&run);

	print_summary(&run, &comp, (double)(rte_get_timer_cycles() - start) / rte_get_timer_hz());
	if (ret != 0) {
		printf("{\"failed\": -1, \"why\": \"nothing came back for a minute\"}\n");
		return 1;
	}
	if (run.failed == NULL)
		return run.wrong == 0 ? 0 : 1;
	report_failure(alone, run.failed);
	diff_job_free((struct diff_job *)run.failed);
	return 1;
}

static int
run_one(const struct alone *alone)
{
	const struct diff_options *options = alone->options;
	struct diff_case drawn = drawn_case(alone, options->only), c = drawn;
	struct diff_job *job;
	bool good;

	if (options->set != NULL && !diff_case_set(&c, options->set)) {
		fprintf(stderr, "cannot read --set=%s\n", options->set);
		return 3;
	}
	job = run_case(alone, &c, &good);
	if (good)
		printf("{\"op\": %" PRId64 ", \"status\": %d}\n", options->only, job->status);
	else
		diff_options_print_reproducer(options, &c, &drawn, job->work.why);
	diff_job_free(job);
	return good ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct diff_options options = {
		.driver = "compress_hisi_zip", .count = 1000, .only = -1, .depth = 992,
	};
	static struct diff_device device;
	struct alone alone = { &options, &device };
	int args = rte_eal_init(argc, argv), ret;

	if (args < 0)
		return 3;
	if (!diff_options_parse(&options, argc - args, argv + args))
		return 2;
	ret = diff_device_open(&device, options.driver, options.depth);
	if (ret == 0)
		ret = diff_buffer_pools_create();
	if (ret != 0) {
		fprintf(stderr, "cannot set up a device of driver %s: %s\n", options.driver,
			strerror(-ret));
		return 3;
	}
	ret = options.only >= 0 ? run_one(&alone) : run_many(&alone);
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
