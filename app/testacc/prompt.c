/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <cmdline_rdline.h>

#include "parse.h"

/*
 * The line editor is that of librte_cmdline: history, completion by TAB, help by ?, the keys of
 * testpmd. Its parser is not used: it says "Bad arguments" where we say what was expected.
 */

#define PROMPT "testacc> "
/* Bytes of a line that the editor keeps (RDLINE_BUF_SIZE, which is private): it drops what comes
 * behind without a word.
 */
#define EDITOR_LEN 512

static struct termios cooked;

/** ^C is a key at the prompt, and a signal while a command runs. */
static void
set_raw(bool is_raw)
{
	struct termios mode = cooked;

	if (is_raw)
		mode.c_lflag &= ~(ICANON | ECHO | ISIG);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
}

/** Kept until flushed: what others write to the terminal comes before or behind, not in between. */
static int
write_char(struct rdline *editor, char c)
{
	(void)editor;
	return putchar(c) == (unsigned char)c ? 0 : -1;
}

static void
show_prompt(struct rdline *editor)
{
	rdline_newline(editor, PROMPT);
	fflush(stdout);
}

static void
validate(struct rdline *editor, const char *text, unsigned int size)
{
	(void)editor;
	(void)text;
	(void)size;
}

/** What all candidates begin with, behind what is there. @return their number */
static unsigned int
common_rest(const char *text, char *rest, size_t size)
{
	char candidate[TESTACC_MAX_LINE];
	unsigned int count;
	size_t same;
	int begun;

	for (count = 0; (begun = testacc_complete(text, count, candidate, sizeof(candidate))) >= 0;
			count++) {
		if (count == 0)
			snprintf(rest, size, "%s", candidate + begun);
		for (same = 0; rest[same] != '\0' && rest[same] == candidate[begun + same]; same++)
			;
		rest[same] = '\0';
	}
	return count;
}

/** rdline's contract: RDLINE_RES_COMPLETE: append dst; 1: dst is one of a list; 0: no more. */
static int
complete(struct rdline *editor, const char *text, char *dst, unsigned int size, int *state)
{
	unsigned int count;
	size_t len;

	(void)editor;
	if (*state < 0)
		return testacc_describe(text, (unsigned int)(-1 - (*state)--), dst, size);
	if (*state == 0) {
		count = common_rest(text, dst, size - 1);
		len = count > 0 ? strlen(dst) : 0;
		if (count == 1 && (len == 0 || dst[len - 1] != '/'))
			memcpy(dst + len++, " ", 2);
		if (count == 0 || len > 0)
			return count == 0 ? 0 : RDLINE_RES_COMPLETE;
	}
	return testacc_complete(text, (unsigned int)(*state)++, dst, size) >= 0;
}

static int
run_buffer(struct rdline *editor)
{
	char text[TESTACC_MAX_LINE];
	int result;

	snprintf(text, sizeof(text), "%s", rdline_get_buffer(editor));
	text[strcspn(text, "\r\n")] = '\0';
	if (text[0] != '\0')
		(void)rdline_add_history(editor, text);
	set_raw(false);
	/* Half a command, or half a path, is another one. */
	result = strlen(text) != EDITOR_LEN ? testacc_run_line(text) :
		testacc_misused("the line has %d bytes or more, and the prompt keeps no more; expected: a shorter one, or --cmdline-file",
			EDITOR_LEN);
	testacc_clear_interrupt();
	fflush(stdout);
	set_raw(true);
	return result;
}

/** @return true: leave */
static bool
take_char(struct rdline *editor, char c, int *worst)
{
	int ret = rdline_char_in(editor, c), result;

	fflush(stdout);
	if (ret == RDLINE_RES_EOF || ret == RDLINE_RES_EXITED)
		return true;
	if (ret != RDLINE_RES_VALIDATED)
		return false;
	result = run_buffer(editor);
	if (result == TESTACC_QUIT || testacc_is_terminated())
		return true;
	*worst = result > *worst ? result : *worst;
	show_prompt(editor);
	return false;
}

/** @return bytes read, 0: end of input */
static ssize_t
wait_input(char *bytes, size_t size)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t len;

	while (!testacc_is_terminated()) {
		if (poll(&input, 1, -1) < 0)
			continue;
		len = read(STDIN_FILENO, bytes, size);
		if (len >= 0 || (errno != EINTR && errno != EAGAIN))
			return len;
	}
	return 0;
}

int
testacc_prompt(void)
{
	struct rdline *editor;
	int worst = TESTACC_OK;
	bool leaves = false;
	char bytes[256];
	ssize_t len, i;

	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &cooked) != 0)
		return testacc_run_file("-");
	editor = rdline_new(write_char, validate, complete, NULL);
	if (editor == NULL)
		return testacc_fail("no memory for the prompt");
	set_raw(true);
	show_prompt(editor);
	while (!leaves && (len = wait_input(bytes, sizeof(bytes))) > 0)
		for (i = 0; i < len && !leaves; i++)
			leaves = take_char(editor, bytes[i], &worst);
	set_raw(false);
	printf("\n");
	rdline_free(editor);
	/* What went wrong at a prompt was seen there. */
	(void)worst;
	return TESTACC_OK;
}
