/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

#define MAX_COLUMNS 24

struct cell {
	char *text;
	bool is_number;
};

struct testacc_table {
	const char *title;
	char *names;			/**< the columns' text, cut */
	const char *columns[MAX_COLUMNS];
	int nb_columns;
	struct cell *cells;
	int nb_cells, max_cells;
	bool is_whole;			/**< false: memory was short somewhere */
};

struct testacc_table *
testacc_table_new(const char *title, const char *columns)
{
	struct testacc_table *table = calloc(1, sizeof(*table));
	char *name, *save = NULL;

	if (table == NULL || (table->names = strdup(columns)) == NULL) {
		free(table);
		return NULL;
	}
	table->title = title;
	table->is_whole = true;
	for (name = strtok_r(table->names, ",", &save);
			name != NULL && table->nb_columns < MAX_COLUMNS;
			name = strtok_r(NULL, ",", &save))
		table->columns[table->nb_columns++] = name;
	return table;
}

static void
add_cell(struct testacc_table *table, char *text, bool is_number)
{
	struct cell *cells;
	int max;

	if (table == NULL || text == NULL) {
		free(text);
		if (table != NULL)
			table->is_whole = false;
		return;
	}
	if (table->nb_cells == table->max_cells) {
		max = table->max_cells + 256;
		cells = realloc(table->cells, (size_t)max * sizeof(cells[0]));
		if (cells == NULL) {
			table->is_whole = false;
			free(text);
			return;
		}
		table->cells = cells;
		table->max_cells = max;
	}
	table->cells[table->nb_cells++] = (struct cell){ text, is_number };
}

void
testacc_table_text(struct testacc_table *table, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	add_cell(table, text, false);
}

void
testacc_table_count(struct testacc_table *table, uint64_t value)
{
	char *text;

	if (asprintf(&text, "%" PRIu64, value) < 0)
		text = NULL;
	add_cell(table, text, true);
}

void
testacc_table_number(struct testacc_table *table, int decimals, double value)
{
	char *text;

	if (asprintf(&text, "%.*f", decimals, value) < 0)
		text = NULL;
	add_cell(table, text, true);
}

static int
column_width(const struct testacc_table *table, int column)
{
	size_t width = strlen(table->columns[column]);
	int i;

	for (i = column; i < table->nb_cells; i += table->nb_columns)
		if (strlen(table->cells[i].text) > width)
			width = strlen(table->cells[i].text);
	return (int)width;
}

/** Numbers to the right, their titles too; nothing behind the last text. */
static bool
is_right(const struct testacc_table *table, int column)
{
	return column < table->nb_cells && table->cells[column].is_number;
}

static void
print_cell(const struct testacc_table *table, int column, int width, int gap, const char *text)
{
	bool is_last = column == table->nb_columns - 1;

	if (is_right(table, column))
		printf("%*s", width, text);
	else
		printf("%-*s", is_last ? 0 : width, text);
	printf("%*s", is_last ? 1 : gap, is_last ? "\n" : "");
}

/** Blanks between columns: one only where that makes lines fit into the window. */
static int
choose_gap(const int *widths, int count)
{
	int i, width = 0, room = testacc_window_width();

	for (i = 0; i < count; i++)
		width += widths[i];
	return room > 0 && width + 2 * (count - 1) > room && width + count - 1 <= room ? 1 : 2;
}

static void
print_text(const struct testacc_table *table)
{
	int widths[MAX_COLUMNS], i, gap;

	for (i = 0; i < table->nb_columns; i++)
		widths[i] = column_width(table, i);
	gap = choose_gap(widths, table->nb_columns);
	for (i = 0; i < table->nb_columns; i++)
		print_cell(table, i, widths[i], gap, table->columns[i]);
	for (i = 0; i < table->nb_cells; i++)
		print_cell(table, i % table->nb_columns, widths[i % table->nb_columns], gap,
			table->cells[i].text);
}

static void
print_json_string(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if ((unsigned char)*text < ' ')
			printf("\\u%04x", (unsigned int)(unsigned char)*text);
		else
			putchar(*text);
	}
	putchar('"');
}

/** "size (bytes)" as size_bytes, "full (%)" as full_percent. */
static void
print_json_key(const char *name)
{
	bool is_gap = false, is_begun = false;

	putchar('"');
	for (; *name != '\0'; name++) {
		if (*name != '%' && !isalnum((unsigned char)*name)) {
			is_gap = is_begun;
			continue;
		}
		if (is_gap)
			putchar('_');
		is_gap = false;
		is_begun = true;
		if (*name == '%')
			fputs("percent", stdout);
		else
			putchar(tolower((unsigned char)*name));
	}
	putchar('"');
}

static void
print_json(const struct testacc_table *table)
{
	const char *separator;
	int i;

	putchar('{');
	print_json_string(table->title);
	fputs(": [", stdout);
	for (i = 0; i < table->nb_cells; i++) {
		separator = i == 0 ? "{" : i % table->nb_columns == 0 ? "}, {" : ", ";
		fputs(separator, stdout);
		print_json_key(table->columns[i % table->nb_columns]);
		fputs(": ", stdout);
		if (table->cells[i].is_number)
			fputs(table->cells[i].text, stdout);
		else
			print_json_string(table->cells[i].text);
	}
	fputs(i > 0 ? "}]}\n" : "]}\n", stdout);
}

void
testacc_table_print(struct testacc_table *table)
{
	int i;

	if (table == NULL || !table->is_whole) {
		(void)testacc_fail("no memory for a table");
	} else if (testacc_options.is_json) {
		print_json(table);
	} else {
		print_text(table);
	}
	for (i = 0; table != NULL && i < table->nb_cells; i++)
		free(table->cells[i].text);
	if (table != NULL) {
		free(table->cells);
		free(table->names);
	}
	free(table);
}

struct testacc_table *
testacc_lines_new(const char *title)
{
	return testacc_options.is_json ? testacc_table_new(title, "line") : NULL;
}

void
testacc_lines_add(void *lines, const char *line)
{
	if (testacc_options.is_json)
		testacc_table_text(lines, "%s", line);
	else
		printf("%s\n", line);
}

void
testacc_lines_print(struct testacc_table *lines)
{
	if (testacc_options.is_json)
		testacc_table_print(lines);
}
