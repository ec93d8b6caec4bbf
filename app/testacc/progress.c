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

int
testacc_window_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void
testacc_progress(const char *format, ...)
{
	int width = testacc_window_width();
	char text[MAX_WIDTH + 1];
	va_list args;

	if (!isatty(STDOUT_FILENO) || testacc_options.is_json)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* A longer one would go on in the next line, and stay there. */
	printf("\r%.*s\033[K", width > 0 ? width - 1 : MAX_WIDTH, text);
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
