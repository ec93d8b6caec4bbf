/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "inject.h"
#include "table.h"

#define ANSWER_LEN 65536
#define ANSWER_TIMEOUT_S 5

static int
connect_control(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval limit = { .tv_sec = ANSWER_TIMEOUT_S };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

/** The last line of an answer is "ok" or "error: ...". */
static bool
is_answer_whole(const char *answer, size_t len)
{
	const char *last;

	if (len == 0 || answer[len - 1] != '\n')
		return false;
	for (last = answer + len - 1; last > answer && last[-1] != '\n'; last--)
		;
	return strncmp(last, "ok\n", 3) == 0 || strncmp(last, "error: ", 7) == 0;
}

/** @return true: an answer is in @p answer, its last line as above */
static bool
ask_model(const char *command, char *answer, size_t size)
{
	char text[TESTACC_MAX_LINE + 1];
	int fd = connect_control(testacc_options.control);
	size_t used = 0;
	ssize_t len;

	answer[0] = '\0';
	if (fd < 0)
		return false;
	len = snprintf(text, sizeof(text), "%s\n", command);
	if (send(fd, text, (size_t)len, MSG_NOSIGNAL) == len) {
		while (!is_answer_whole(answer, used) && used < size - 1 &&
				(len = recv(fd, answer + used, size - 1 - used, 0)) > 0) {
			used += (size_t)len;
			answer[used] = '\0';
		}
	}
	close(fd);
	return is_answer_whole(answer, used);
}

/** "fault drop\tmeaning" of help. */
const char *
testacc_fault_candidate(const struct testacc_line *line, int at, unsigned int index)
{
	static char name[32];
	char *answer;
	const char *from;

	if (at > 1 || testacc_options.control == NULL || (answer = malloc(ANSWER_LEN)) == NULL)
		return NULL;
	(void)line;
	name[0] = '\0';
	if (ask_model("help", answer, ANSWER_LEN))
		for (from = strstr(answer, "\nfault "); from != NULL;
				from = strstr(from + 1, "\nfault "))
			if (index-- == 0)
				snprintf(name, sizeof(name), "%.*s", (int)strcspn(from + 7, "\t"),
					from + 7);
	free(answer);
	return name[0] != '\0' ? name : NULL;
}

static bool
make_command(const struct testacc_line *line, char *command, size_t size)
{
	bool is_single = line->count == 2;

	if (is_single && strcmp(line->words[1], "list") == 0)
		return snprintf(command, size, "faults") > 0;
	if (is_single && strcmp(line->words[1], "clear") == 0)
		return snprintf(command, size, "clear") > 0;
	if (is_single && strcmp(line->words[1], "help") == 0)
		return snprintf(command, size, "help") > 0;
	memcpy(command, "fault ", 7);
	return testacc_line_join(line, 1, command + 6, size - 6);
}

static void
show_lines(char *text, const char *if_none)
{
	struct testacc_table *lines = testacc_lines_new("inject");
	char *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		testacc_lines_add(lines, line);
		if_none = NULL;
	}
	if (if_none != NULL && !testacc_options.is_json)
		testacc_lines_add(lines, if_none);
	testacc_lines_print(lines);
}

/** @return enum testacc_result by the last line, which is no part of what is shown */
static int
show_answer(char *answer, bool is_list)
{
	char *last = strrchr(answer, '\n');

	*last = '\0';
	last = strrchr(answer, '\n');
	last = last != NULL ? last + 1 : answer;
	if (strcmp(last, "ok") != 0)
		return testacc_misused("%s", last + strlen("error: "));
	*last = '\0';
	if (is_list || answer[0] != '\0')
		show_lines(answer, is_list ? "no fault is injected" : NULL);
	return TESTACC_OK;
}

int
testacc_inject(const struct testacc_line *line)
{
	char command[TESTACC_MAX_LINE], *answer;
	int result;

	if (testacc_options.control == NULL)
		return testacc_fail("where is the model's control socket? Start dpdk-hisi-emu with --control=PATH, and this with -- --control=PATH");
	if (!make_command(line, command, sizeof(command)))
		return testacc_misused("the fault is too long; expected: less than %d bytes",
			TESTACC_MAX_LINE);
	answer = malloc(ANSWER_LEN);
	if (answer == NULL)
		return testacc_fail("no memory for an answer");
	errno = 0;
	result = ask_model(command, answer, ANSWER_LEN) ?
		show_answer(answer, strcmp(command, "faults") == 0) :
		testacc_fail("%s does not answer: %s; does dpdk-hisi-emu run with --control=?",
			testacc_options.control, errno != 0 ? strerror(errno) : "it hung up");
	free(answer);
	return result;
}
