/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "doctor.h"
#include "table.h"

/* What is looked at, in this order. */
static const struct {
	const char *name;
	void (*look)(struct testacc_doctor *doctor);
} checks[] = {
	{ "platform", testacc_doctor_platform },
	{ "container", testacc_doctor_container },
	{ "iommu", testacc_doctor_iommu },
	{ "vfio", testacc_doctor_vfio },
	{ "hugepages", testacc_doctor_hugepages },
	{ "memlock", testacc_doctor_memlock },
	{ "device", testacc_doctor_devices },
	{ "binding", testacc_doctor_binding },
	{ "group", testacc_doctor_groups },
	{ "function", testacc_doctor_functions },
	{ "queues", testacc_doctor_queues },
	{ "numa", testacc_doctor_numa },
};

bool
testacc_doctor_examine(struct testacc_doctor *doctor, const char *root, bool is_eal_up)
{
	size_t i;

	*doctor = (struct testacc_doctor){ .root = root, .is_eal_up = is_eal_up,
		.is_whole = true };
	if (!testacc_doctor_begin(doctor) || !testacc_doctor_find_devices(doctor))
		return false;
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		doctor->check = checks[i].name;
		checks[i].look(doctor);
	}
	return doctor->is_whole;
}

void
testacc_doctor_free(struct testacc_doctor *doctor)
{
	testacc_doctor_end(doctor);
	free(doctor->devices);
	free(doctor->findings);
}

bool
testacc_doctor_is_ill(const struct testacc_doctor *doctor)
{
	int i;

	for (i = 0; i < doctor->nb_findings; i++)
		if (doctor->findings[i].state == TESTACC_DOCTOR_CURE)
			return true;
	return false;
}

static const char *
state_name(enum testacc_doctor_state state)
{
	static const char * const names[] = {
		[TESTACC_DOCTOR_OK] = "ok",
		[TESTACC_DOCTOR_NOTE] = "note",
		[TESTACC_DOCTOR_CURE] = "cure",
	};

	return names[state];
}

static void
print_json(const struct testacc_doctor *doctor)
{
	struct testacc_table *table = testacc_table_new("doctor",
		"state,check,subject,cause,cure");
	const struct testacc_finding *finding;
	int i;

	for (i = 0; i < doctor->nb_findings; i++) {
		finding = &doctor->findings[i];
		testacc_table_text(table, "%s", state_name(finding->state));
		testacc_table_text(table, "%s", finding->check);
		testacc_table_text(table, "%s", finding->subject);
		testacc_table_text(table, "%s", finding->cause);
		testacc_table_text(table, "%s", finding->cure);
	}
	testacc_table_print(table);
}

/** A line for each, and below it the command that cures: to be copied as it stands. */
static void
print_lines(const struct testacc_doctor *doctor)
{
	const struct testacc_finding *finding;
	int i, cures = 0;

	for (i = 0; i < doctor->nb_findings; i++) {
		finding = &doctor->findings[i];
		printf("%-5s %-10s %-13s %s\n", state_name(finding->state), finding->check,
			finding->subject, finding->cause);
		if (finding->state != TESTACC_DOCTOR_CURE)
			continue;
		printf("      # %s\n", finding->cure);
		cures++;
	}
	if (cures > 0)
		printf("%d to cure; a line that begins with # is a command for root\n", cures);
	else
		printf("all is well\n");
}

/** @return enum testacc_result */
static int
run_doctor(const char *root, bool is_eal_up)
{
	struct testacc_doctor doctor;
	int result = TESTACC_FAILED;

	if (!testacc_doctor_examine(&doctor, root, is_eal_up)) {
		(void)testacc_fail("no memory for what is wrong");
	} else {
		if (testacc_options.is_json)
			print_json(&doctor);
		else
			print_lines(&doctor);
		result = testacc_doctor_is_ill(&doctor) ? TESTACC_FAILED : TESTACC_OK;
	}
	testacc_doctor_free(&doctor);
	return result;
}

int
testacc_doctor_command(const struct testacc_line *line)
{
	(void)line;
	return run_doctor("/", true);
}

static void
print_usage(void)
{
	puts("usage: dpdk-testacc doctor [--json] [--root=DIR]\n"
		"\n"
		"What of this machine keeps the drivers from working, and the command that cures it.\n"
		"\n"
		"  --json      one JSON object\n"
		"  --root=DIR  look at sys, proc and dev of this folder (/)\n"
		"  --help      this text\n"
		"\n"
		"Exit status: 0 all is well, 1 something is to be cured, 2 bad usage.");
}

int
testacc_doctor_main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "root", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *root = "/";
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (option) {
		case 'j': testacc_options.is_json = true; break;
		case 'r': root = optarg; break;
		case 'h':
			print_usage();
			return TESTACC_OK;
		default:
			return testacc_misused("doctor '%s': expected: --json, --root=DIR, --help",
				argv[optind - 1]);
		}
	}
	if (optind < argc)
		return testacc_misused("doctor '%s': expected: an option; doctor --help lists them",
			argv[optind]);
	/* Of a folder that is not there everything is missing, and each cure would be wrong. */
	if (access(root, R_OK | X_OK) != 0)
		return testacc_misused("doctor --root=%s: %s; expected: a folder with sys, proc and dev",
			root, strerror(errno));
	return run_doctor(root, false);
}
