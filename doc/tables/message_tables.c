/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Prints the drivers' table of messages, one row a line, tab-separated: group, level, text, cause,
 * cure. make_tables.py makes a page of the guides from it.
 */

#include <stdio.h>

#include <rte_log.h>

#include <hisi_qm_messages.h>

static const char *
level_name(uint32_t level)
{
	return level == RTE_LOG_ERR ? "error" : level == RTE_LOG_WARNING ? "warning" : "notice";
}

int
main(void)
{
	const struct hisi_qm_message *row;

	for (row = hisi_qm_messages; row->text != NULL; row++)
		printf("%s\t%s\t%s\t%s\t%s\n", hisi_qm_message_when_name(row->when),
			level_name(row->level), row->text, row->cause, row->cure);
	return ferror(stdout) ? 1 : 0;
}
