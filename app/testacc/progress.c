/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "testacc.h"

#define MAX_WIDTH 200

static bool is_shown;

/** Characters of one line; a longer one would go on in the next and stay there. */
static int
line_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ||
			size.ws_col > MAX_WIDTH)
		return MAX_WIDTH;
	return size.ws_col - 1;
}

void
testacc_progress(const char *format, ...)
{
	char text[MAX_WIDTH + 1];
	va_list args;

	if (!isatty(STDOUT_FILENO) || testacc_options.is_json)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printf("\r%.*s\033[K", line_width(), text);
	fflush(stdout);
	is_shown = true;
}

void
testacc_progress_end(bool is_kept)
{
	if (is_shown)
		fputs(is_kept ? "\n" : "\r\033[K", stdout);
	is_shown = false;
}
