/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * Cases as text: what differs from the numbers that were drawn.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff_case.h"

static bool
set_one(struct diff_case *c, const char *name, const char *value)
{
	char *end;
	int i;

	for (i = 0; i < diff_case_nb_params; i++) {
		if (strcmp(name, diff_case_params[i].name) != 0)
			continue;
		errno = 0;
		c->value[i] = strtoll(value, &end, 10);
		return errno == 0 && end != value && *end == '\0';
	}
	return false;
}

bool
diff_case_set(struct diff_case *c, const char *text)
{
	char *copy = strdup(text), *at = copy, *pair, *value;
	bool is_good = copy != NULL;

	while (is_good && (pair = strsep(&at, ",")) != NULL) {
		value = strchr(pair, '=');
		is_good = value != NULL;
		if (is_good) {
			*value = '\0';
			is_good = set_one(c, pair, value + 1);
		}
	}
	free(copy);
	return is_good;
}

void
diff_case_difference(const struct diff_case *c, const struct diff_case *drawn, char *text,
	size_t len)
{
	size_t used = 0;
	int i;

	text[0] = '\0';
	for (i = 0; i < diff_case_nb_params && used < len; i++)
		if (c->value[i] != drawn->value[i])
			used += snprintf(text + used, len - used, "%s%s=%" PRId64,
				used == 0 ? "" : ",", diff_case_params[i].name, c->value[i]);
}
