/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_TABLE_H
#define TESTACC_TABLE_H

/**
 * @file
 * What commands print: a table, aligned for people, or with --json one object on a line:
 * {"TITLE": [{"COLUMN": VALUE, ...}, ...]}.
 */

#include "testacc.h"

struct testacc_table;

/**
 * @param title lower_snake, of the object
 * @param columns names with a comma between, units in parentheses: "size (bytes),ops (1/s)"
 */
struct testacc_table *testacc_table_new(const char *title, const char *columns);

/** The next cell, row by row. */
void testacc_table_text(struct testacc_table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void testacc_table_count(struct testacc_table *table, uint64_t value);
void testacc_table_number(struct testacc_table *table, int decimals, double value);

/** Write it to stdout and free it. */
void testacc_table_print(struct testacc_table *table);

/**
 * For text that is no table: a table of the one column "line" with --json, and NULL without, where
 * lines are written as they come.
 */
struct testacc_table *testacc_lines_new(const char *title);
void testacc_lines_add(void *lines, const char *line);
void testacc_lines_print(struct testacc_table *lines);

#endif /* TESTACC_TABLE_H */
