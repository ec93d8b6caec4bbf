/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "table.h"

int
testacc_help(const struct testacc_line *line)
{
	struct testacc_table *table = testacc_table_new("commands", "command,what it does");
	const struct testacc_command *command;
	const char *word = line->count > 1 ? line->words[1] : "";
	size_t len = strlen(word);

	for (command = testacc_commands; command->syntax != NULL; command++) {
		if (strncmp(command->syntax, word, len) != 0 ||
				(len > 0 && strchr(" ", command->syntax[len]) == NULL))
			continue;
		testacc_table_text(table, "%s", command->syntax);
		testacc_table_text(table, "%s", command->help);
	}
	testacc_table_print(table);
	return TESTACC_OK;
}

int
testacc_quit(const struct testacc_line *line)
{
	(void)line;
	return TESTACC_QUIT;
}
