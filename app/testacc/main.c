/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_pmd_hisi_accel.h>

#include "commands.h"
#include "decode.h"
#include "device.h"
#include "doctor.h"
#include "settings.h"

static atomic_bool is_interrupted, is_terminated;

bool
testacc_is_interrupted(void)
{
	return atomic_load_explicit(&is_interrupted, memory_order_relaxed);
}

void
testacc_clear_interrupt(void)
{
	atomic_store(&is_interrupted, testacc_is_terminated());
}

bool
testacc_is_terminated(void)
{
	return atomic_load_explicit(&is_terminated, memory_order_relaxed);
}

static void
on_signal(int number)
{
	atomic_store(&is_interrupted, true);
	if (number != SIGINT)
		atomic_store(&is_terminated, true);
}

/** No SA_RESTART: whoever waits for input is to look. */
static void
catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	(void)rte_pmd_hisi_accel_recorder_on_signal();
}

/** -e, then the file, then the prompt where one is wanted. */
static int
run_all(void)
{
	const struct testacc_options *options = &testacc_options;
	bool has_commands = options->commands != NULL || options->command_file != NULL;
	int result = TESTACC_OK;

	if (options->commands != NULL)
		result = testacc_run_commands(options->commands);
	if (result == TESTACC_OK && options->command_file != NULL)
		result = testacc_run_file(options->command_file);
	/* One who wants a prompt behind the commands wants it after ^C, too. */
	if ((result == TESTACC_OK || (result == TESTACC_FAILED && testacc_is_interrupted())) &&
			(!has_commands || options->is_interactive) && !testacc_is_terminated())
		result = testacc_prompt();
	if (result == TESTACC_QUIT)
		result = TESTACC_OK;
	return RTE_MAX(result, testacc_start_end());
}

/**
 * What was said goes to where stdout is, a full disk perhaps. One who did not read to the end wants
 * no word about that.
 *
 * @return @p result, or TESTACC_FAILED after a message
 */
static int
end_output(int result)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return result;
	/* Where it failed before stdio has forgotten why, and a line more would fail as well. */
	if (errno == 0 && write(STDOUT_FILENO, "\n", 1) == 1)
		errno = EIO;
	if (errno == EPIPE)
		return result;
	(void)testacc_fail("stdout: %s; what was written there is not whole", strerror(errno));
	return RTE_MAX(result, TESTACC_FAILED);
}

/** Behind EAL's own options, where EAL was asked. */
static void
show_usage(const char *program)
{
	(void)program;
	testacc_options_help();
}

static int
run_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	testacc_options_help();
	return TESTACC_OK;
}

/** What works without EAL, by the first argument; argv begins with that. */
static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} without_eal[] = {
	{ "--help", run_help },
	{ "-h", run_help },
	{ "doctor", testacc_doctor_main },
	{ "decode", testacc_decode_main },
};

int
main(int argc, char **argv)
{
	int args, result;
	size_t i;

	for (i = 0; argc > 1 && i < RTE_DIM(without_eal); i++)
		if (strcmp(argv[1], without_eal[i].name) == 0)
			return end_output(without_eal[i].run(argc - 1, argv + 1));
	rte_set_application_usage_hook(show_usage);
	args = rte_eal_init(argc, argv);
	if (args < 0)
		return testacc_misused("EAL does not start: %s; options of dpdk-testacc itself stand behind --, dpdk-testacc --help lists them",
			rte_strerror(rte_errno));
	result = testacc_options_parse(argc - args, argv + args);
	if (result == 0) {
		catch_signals();
		testacc_settings_init();
		result = run_all();
		testacc_devices_shut();
	} else {
		result = result > 0 ? TESTACC_OK : TESTACC_USAGE;
	}
	result = end_output(result);
	if (rte_eal_cleanup() != 0 && result == TESTACC_OK)
		result = TESTACC_FAILED;
	return result;
}
