/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "device.h"
#include "hisi.h"
#include "inject.h"
#include "op_class.h"

#define KEEP_PATHS_S 1

/* What the parameters of commands may be. Words that are right here may still fail later. */

static bool
accept_command(const struct testacc_line *line, int at)
{
	const struct testacc_command *command;
	size_t len = strlen(line->words[at]);

	for (command = testacc_commands; command->syntax != NULL; command++)
		if (strncmp(command->syntax, line->words[at], len) == 0 &&
				strchr(" ", command->syntax[len]) != NULL)
			return true;
	return false;
}

static const char *
command_candidate(const struct testacc_line *line, int at, unsigned int index)
{
	static char name[32];
	const struct testacc_command *command;
	char last[32] = "";

	(void)line;
	(void)at;
	for (command = testacc_commands; command->syntax != NULL; command++) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(command->syntax, " "),
			command->syntax);
		if (strcmp(name, last) != 0 && index-- == 0)
			return name;
		memcpy(last, name, sizeof(last));
	}
	return NULL;
}

static bool
accept_device(const struct testacc_line *line, int at)
{
	uint64_t id;

	return testacc_parse_number(line->words[at], 0, UINT8_MAX, &id) &&
		testacc_device_exists((uint8_t)id);
}

static const char *
device_candidate(const struct testacc_line *line, int at, unsigned int index)
{
	static char text[8];
	uint8_t id;

	(void)line;
	(void)at;
	if (!testacc_device_get(index, &id))
		return NULL;
	snprintf(text, sizeof(text), "%u", id);
	return text;
}

static bool
accept_device_or_all(const struct testacc_line *line, int at)
{
	return strcmp(line->words[at], "all") == 0 || accept_device(line, at);
}

static const char *
device_or_all_candidate(const struct testacc_line *line, int at, unsigned int index)
{
	return index == 0 ? "all" : device_candidate(line, at, index - 1);
}

static bool
accept_seconds(const struct testacc_line *line, int at)
{
	uint64_t seconds;

	return testacc_parse_number(line->words[at], 1, 86400, &seconds);
}

/**
 * All paths that begin with @p word. One press of TAB asks for each of them many times, so that a
 * folder is read once for all of these, and anew for another press.
 */
static const glob_t *
find_paths(const char *word)
{
	static char pattern[TESTACC_MAX_LINE + 1];
	static glob_t found;
	static time_t read_at;
	char wanted[sizeof(pattern)];

	snprintf(wanted, sizeof(wanted), "%s*", word);
	if (strcmp(wanted, pattern) == 0 && time(NULL) - read_at <= KEEP_PATHS_S)
		return &found;
	globfree(&found);
	memset(&found, 0, sizeof(found));
	snprintf(pattern, sizeof(pattern), "%s", wanted);
	if (glob(pattern, GLOB_MARK, NULL, &found) != 0)
		found.gl_pathc = 0;
	read_at = time(NULL);
	return &found;
}

/** Paths that go on where the word stops; a folder ends with a slash. */
const char *
testacc_file_candidate(const struct testacc_line *line, int at, unsigned int index)
{
	const glob_t *found;

	if (at >= line->count)
		return NULL;
	found = find_paths(line->words[at]);
	return index < found->gl_pathc ? found->gl_pathv[index] : NULL;
}

const struct testacc_param testacc_params[] = {
	{ .name = "command", .accept = accept_command, .candidate = command_candidate },
	{ .name = "device", .expected = "the number of a device ('show device all')",
		.accept = accept_device, .candidate = device_candidate },
	{ .name = "device|all", .expected = "all, the number of a device ('show device all')",
		.accept = accept_device_or_all, .candidate = device_or_all_candidate },
	{ .name = "in", .expected = "a file to read", .candidate = testacc_file_candidate },
	{ .name = "out", .expected = "a file to write", .candidate = testacc_file_candidate },
	{ .name = "queue", .expected = "the number of a queue ('show device N queues')",
		.accept = testacc_queue_accept, .candidate = testacc_queue_candidate },
	{ .name = "fault",
		.expected = "a fault of the model's ('inject help' lists them), list, clear, help",
		.candidate = testacc_fault_candidate },
	{ .name = "seconds", .expected = "a number of seconds from 1 to 86400",
		.accept = accept_seconds },
	{ .name = "setting", .accept = testacc_setting_accept,
		.candidate = testacc_setting_candidate },
	{ .name = "value", .expected_at = testacc_value_expected,
		.candidate = testacc_value_candidate },
	{ .name = NULL },
};
