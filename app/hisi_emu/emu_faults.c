/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <model_function.h>
#include <model_gate.h>

#include "emu_faults.h"

#define MAX_FILE_LEN (64 * 1024)

/** A text, or with '@' the file with it. @return NULL when that cannot be read */
static const char *
read_text(const char *text, char *buf, size_t len)
{
	FILE *file;
	size_t used;

	if (text[0] != '@')
		return text;
	file = fopen(text + 1, "r");
	if (file == NULL) {
		fprintf(stderr, "dpdk-hisi-emu: error: --fault=%s: %s\n", text, strerror(errno));
		return NULL;
	}
	used = fread(buf, 1, len, file);
	if (used == len || ferror(file)) {
		fprintf(stderr, "dpdk-hisi-emu: error: --fault=%s: cannot be read, or is longer than "
			"%zu bytes\n", text, len - 1);
		used = len;
	}
	fclose(file);
	if (used == len)
		return NULL;
	buf[used] = '\0';
	return buf;
}

bool
emu_faults_install(struct model_fault_plan *plan, const struct emu_options *options)
{
	struct model_error error = { "" };
	char buf[MAX_FILE_LEN];
	const char *text;
	bool is_drawn;
	uint64_t seed;
	uint32_t i;

	for (i = 0; i < options->nb_faults; i++) {
		text = read_text(options->faults[i], buf, sizeof(buf));
		if (text == NULL)
			return false;
		if (model_fault_plan_add(plan, text, &error) != 0) {
			fprintf(stderr, "dpdk-hisi-emu: error: --fault: %s\n", error.text);
			return false;
		}
	}
	seed = model_fault_plan_seed(plan, &is_drawn);
	if (is_drawn)
		fprintf(stderr, "dpdk-hisi-emu: faults are drawn with seed %" PRIu64
			"; --fault='seed %" PRIu64 "' repeats them\n", seed, seed);
	return true;
}

/** No worker works and nobody is answered. */
static void
freeze(struct model_fault_plan *plan, uint32_t ms)
{
	const struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };
	uint32_t i;

	for (i = 0; i < plan->nb_devices; i++)
		model_gate_close(&plan->devices[i]->gate);
	nanosleep(&pause, NULL);
	for (i = 0; i < plan->nb_devices; i++)
		model_gate_open(&plan->devices[i]->gate);
}

static void
disconnect(struct model_fault_plan *plan, const struct model_fault_action *action,
	emu_find_endpoint find, void *opaque)
{
	struct model_function *fn = model_fault_function(plan, action);
	struct model_endpoint *endpoint = fn == NULL ? NULL : find(opaque, fn);

	if (endpoint != NULL)
		model_endpoint_disconnect(endpoint);
}

void
emu_faults_run(struct model_fault_plan *plan, emu_find_endpoint find, void *opaque)
{
	struct model_fault_action action;

	while (model_fault_plan_take(plan, &action)) {
		if (model_fault_carry_out(plan, &action))
			continue;
		if (action.hit.kind == MODEL_FAULT_FREEZE)
			freeze(plan, action.hit.ms);
		else if (action.hit.kind == MODEL_FAULT_DISCONNECT)
			disconnect(plan, &action, find, opaque);
		else if (action.hit.kind == MODEL_FAULT_DIE)
			kill(getpid(), SIGKILL);
	}
}
