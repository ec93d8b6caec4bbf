/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_eal.h>

#include "crypt_diff.h"

/* What a case is tried with while it is made simpler. */
struct alone {
	const struct diff_options *options;
	struct crypt_device *device;
};

/* @return the job, judged; its verdict in @p good */
static struct crypt_job *
run_case(const struct alone *alone, const struct diff_case *c, bool *good)
{
	struct crypt_run run = { .device = alone->device, .spoil = alone->options->spoil };
	struct crypt_job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		abort();
	job->work.c = *c;
	crypt_job_prepare(job);
	*good = diff_run_alone(&crypt_run_class, &run, &job->work);
	return job;
}

static bool
fails_alone(void *arg, const struct diff_case *c, char *why, size_t why_len)
{
	const struct alone *alone = arg;
	bool good;
	struct crypt_job *job = run_case(alone, c, &good);

	if (!good)
		snprintf(why, why_len, "%s", job->work.why);
	crypt_job_free(job, alone->device);
	return !good;
}

/* The case in words: its algorithms and what is done. */
static void
print_what(const struct diff_case *c)
{
	const int64_t *v = c->value;
	enum crypt_kind kind = v[CRYPT_P_KIND];

	printf("{\"what\": \"%s%s%s, %s%s\"}\n",
		kind == CRYPT_AEAD ? crypt_algorithms[v[CRYPT_P_AEAD]].name :
		kind == CRYPT_AUTH ? "" : crypt_algorithms[v[CRYPT_P_CIPHER]].name,
		kind == CRYPT_CHAIN ? " with " : "",
		kind == CRYPT_AUTH || kind == CRYPT_CHAIN ?
			crypt_algorithms[v[CRYPT_P_AUTH]].name : "",
		v[CRYPT_P_DECRYPT] ? "decrypt or verify" : "encrypt or generate",
		kind == CRYPT_CHAIN && v[CRYPT_P_MAC_PLAIN] ? ", MAC of the plain text" : "");
}

static void
report_failure(const struct alone *alone, const struct diff_work *failed)
{
	struct diff_case c = failed->c, drawn;
	char why[256];

	crypt_case_draw(&drawn, c.seed, c.number, alone->device);
	printf("{\"failed\": %" PRIu64 ", \"why\": \"%s\"}\n", c.number, failed->why);
	print_what(&c);
	if (diff_shrink(fails_alone, (void *)(uintptr_t)alone, &c, why, sizeof(why)))
		diff_options_print_reproducer(alone->options, &c, &drawn, why);
	else
		diff_options_print_company(alone->options);
}

static void
print_algorithms(const struct crypt_run *run)
{
	const char *comma = "";
	int i, j;

	printf("\"algorithms\": {");
	for (i = 0; i < crypt_nb_algorithms; i++)
		if (run->algorithms[i] != 0) {
			printf("%s\"%s\": %" PRIu64, comma, crypt_algorithms[i].name,
				run->algorithms[i]);
			comma = ", ";
		}
	printf("}, \"chains\": {");
	comma = "";
	for (i = 0; i < crypt_nb_algorithms; i++)
		for (j = 0; j < crypt_nb_algorithms; j++)
			if (run->chains[i * crypt_nb_algorithms + j] != 0) {
				uint64_t count = run->chains[i * crypt_nb_algorithms + j];

				printf("%s\"%s %s\": [%" PRIu64 ", %" PRIu64 "]", comma,
					crypt_algorithms[i].name, crypt_algorithms[j].name,
					count & UINT32_MAX, count >> 32);
				comma = ", ";
			}
	printf("}, ");
}

static void
print_summary(const struct diff_run *run, const struct crypt_run *crypt, double seconds)
{
	const uint64_t *s = crypt->statuses;

	printf("{\"seed\": %" PRIu64 ", \"ops\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"sgl\": %"
		PRIu64 ", \"sgl_over_64\": %" PRIu64 ", \"out_of_place\": %" PRIu64
		", \"sessionless\": %" PRIu64 ", \"sessions\": %" PRIu64
		", \"refused_chains\": %" PRIu64 ", \"full_rings\": %" PRIu64
		", \"most_in_flight\": %" PRIu32 ", ",
		run->seed, run->done, crypt->bytes, crypt->sgl, crypt->sgl_over_64,
		crypt->out_of_place, crypt->sessionless, crypt->sessions, crypt->refused_chains,
		run->full_rings, run->most_in_flight);
	printf("\"success\": %" PRIu64 ", \"auth_failed\": %" PRIu64 ", \"invalid_args\": %" PRIu64
		", \"error\": %" PRIu64 ", ", s[RTE_CRYPTO_OP_STATUS_SUCCESS],
		s[RTE_CRYPTO_OP_STATUS_AUTH_FAILED], s[RTE_CRYPTO_OP_STATUS_INVALID_ARGS],
		s[RTE_CRYPTO_OP_STATUS_ERROR]);
	print_algorithms(crypt);
	printf("\"seconds\": %.1f}\n", seconds);
}

static int
run_many(const struct alone *alone)
{
	const struct diff_options *options = alone->options;
	struct crypt_run crypt = {
		.device = alone->device, .seed = options->seed, .spoil = options->spoil,
		.set = options->set, .shares_sessions = options->set == NULL,
		.algorithms = calloc(crypt_nb_algorithms, sizeof(uint64_t)),
		.chains = calloc(crypt_nb_algorithms * crypt_nb_algorithms, sizeof(uint64_t)),
	};
	struct diff_run run = {
		.class = &crypt_run_class, .arg = &crypt, .seed = options->seed,
		.count = options->count, .keep_going = options->keep_going,
		.churn = options->churn,
	};
	uint64_t start = rte_get_timer_cycles();
	int ret = diff_run_all(&run);

	print_summary(&run, &crypt, (double)(rte_get_timer_cycles() - start) / rte_get_timer_hz());
	free(crypt.algorithms);
	free(crypt.chains);
	if (ret != 0) {
		printf("{\"failed\": -1, \"why\": \"nothing came back for a minute\"}\n");
		return 1;
	}
	if (run.failed == NULL)
		return run.wrong == 0 ? 0 : 1;
	report_failure(alone, run.failed);
	crypt_job_free((struct crypt_job *)run.failed, alone->device);
	return 1;
}

static int
run_one(const struct alone *alone)
{
	const struct diff_options *options = alone->options;
	struct diff_case drawn, c;
	struct crypt_job *job;
	bool good;

	crypt_case_draw(&drawn, options->seed, options->only, alone->device);
	c = drawn;
	if (options->set != NULL)
		(void)diff_case_set(&c, options->set);
	job = run_case(alone, &c, &good);
	print_what(&c);
	if (good)
		printf("{\"op\": %" PRId64 ", \"status\": %d}\n", options->only, job->status);
	else
		diff_options_print_reproducer(options, &c, &drawn, job->work.why);
	crypt_job_free(job, alone->device);
	return good ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct diff_options options = {
		.driver = "crypto_hisi_sec", .count = 1000, .only = -1, .depth = 992,
	};
	static struct crypt_device device;
	struct alone alone = { &options, &device };
	int args = rte_eal_init(argc, argv), ret;
	struct diff_case any;

	if (args < 0)
		return 3;
	if (!diff_options_parse(&options, argc - args, argv + args))
		return 2;
	if (options.set != NULL && !diff_case_set(&any, options.set)) {
		fprintf(stderr, "cannot read --set=%s\n", options.set);
		return 3;
	}
	ret = crypt_device_open(&device, options.driver, options.depth, sizeof(void *));
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
	crypt_device_close(&device);
	diff_buffer_pools_free();
	rte_eal_cleanup();
	return ret;
}
