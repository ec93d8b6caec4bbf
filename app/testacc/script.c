/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parse.h"

/** @return true: the next command may run */
static bool
goes_on(int result)
{
	if (result != TESTACC_OK || testacc_is_terminated())
		return false;
	return !testacc_is_interrupted();
}

/** A script that ^C or a signal cut short has not done what it was to do. */
static int
end_script(int result, bool has_rest)
{
	if (result != TESTACC_OK || !has_rest)
		return result;
	return testacc_fail("interrupted; the commands behind that were not run");
}

/** A line of a file; the first may have the mark in front that some editors of Windows write. */
static int
run_text(const char *text, size_t len, bool is_first)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (strlen(text) != len)
		return testacc_misused("a byte 0 is in the line; expected: text");
	return testacc_run_line(is_first && strncmp(text, mark, 3) == 0 ? text + 3 : text);
}

int
testacc_run_file(const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(path, "r");
	int result = TESTACC_OK, number = 0;
	char *text = NULL;
	size_t size = 0;
	ssize_t len;

	if (file == NULL)
		return testacc_fail("--cmdline-file %s cannot be opened: %s", path,
			strerror(errno));
	errno = 0;
	while (goes_on(result) && (len = getline(&text, &size, file)) >= 0) {
		number++;
		result = run_text(text, (size_t)len, number == 1);
		fflush(stdout);
	}
	if (result > TESTACC_OK && !is_stdin)
		(void)testacc_fail("%s: line %d failed, the rest was not run", path, number);
	else if (ferror(file))
		result = testacc_fail("%s cannot be read: %s", path, strerror(errno));
	else
		/* Of a pipe nobody knows without waiting for it. */
		result = end_script(result, ftello(file) >= 0 && getc(file) != EOF);
	free(text);
	if (!is_stdin)
		fclose(file);
	return result;
}

/** Length of the first command: to a ; outside of quotation marks. */
static size_t
command_len(const char *text)
{
	bool is_quoted = false;
	size_t len;

	for (len = 0; text[len] != '\0' && (is_quoted || text[len] != ';'); len++)
		if (text[len] == '"')
			is_quoted = !is_quoted;
	return len;
}

int
testacc_run_commands(const char *text)
{
	int result = TESTACC_OK;
	char *command;
	size_t len;

	while (goes_on(result) && *text != '\0') {
		len = command_len(text);
		command = strndup(text, len);
		if (command == NULL)
			return testacc_fail("no memory for a command");
		result = testacc_run_line(command);
		fflush(stdout);
		free(command);
		text += len + (text[len] == ';');
	}
	return end_script(result, text[strspn(text, "; \t\n")] != '\0');
}
