/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

#define MAX_EXPECTED 512

/** A word of a syntax. */
struct syntax_word {
	const char *text;	/**< without brackets */
	int len;
	bool is_optional;
	bool is_rest;		/**< "<name...>" */
	const struct testacc_param *param; /**< NULL: a word or a choice of words */
};

static const struct testacc_param *
find_param(const char *name, int len)
{
	const struct testacc_param *param;

	for (param = testacc_params; param->name != NULL; param++)
		if ((int)strlen(param->name) == len && strncmp(param->name, name, len) == 0)
			return param;
	return NULL;
}

/** Word @p at of a syntax. @return false: it has no such word */
static bool
syntax_get(const char *syntax, int at, struct syntax_word *word)
{
	int len;

	for (; at > 0 && syntax != NULL; at--) {
		syntax = strchr(syntax, ' ');
		syntax = syntax != NULL ? syntax + 1 : NULL;
	}
	if (syntax == NULL)
		return false;
	*word = (struct syntax_word){ .text = syntax, .len = (int)strcspn(syntax, " ") };
	if (word->text[0] == '[') {
		word->is_optional = true;
		word->text++;
		word->len -= 2;
	}
	if (word->text[0] != '<')
		return true;
	len = word->len - 2;
	word->is_rest = len > 3 && strncmp(word->text + len - 2, "...", 3) == 0;
	word->param = find_param(word->text + 1, word->is_rest ? len - 3 : len);
	return true;
}

/** Choice @p index of a word without a parameter. */
static const char *
syntax_choice(const struct syntax_word *word, unsigned int index, int *len)
{
	const char *text = word->text, *end = word->text + word->len;

	for (; index > 0 && text != NULL; index--) {
		text = memchr(text, '|', end - text);
		text = text != NULL ? text + 1 : NULL;
	}
	if (text == NULL)
		return NULL;
	*len = (int)strcspn(text, "|] ");
	return text;
}

static bool
word_matches(const struct syntax_word *word, const struct testacc_line *line, int at)
{
	const char *choice;
	unsigned int i;
	int len;

	if (word->param != NULL)
		return word->param->accept == NULL || word->param->accept(line, at);
	for (i = 0; (choice = syntax_choice(word, i, &len)) != NULL; i++)
		if ((int)strlen(line->words[at]) == len &&
				strncmp(choice, line->words[at], len) == 0)
			return true;
	return false;
}

/** How many words of @p line are as @p syntax says, *is_whole: all are, and none is missing. */
static int
match_words(const char *syntax, const struct testacc_line *line, int count, bool *is_whole)
{
	struct syntax_word word;
	int at, place = 0;

	*is_whole = false;
	for (at = 0; at < count; at++) {
		if (!syntax_get(syntax, place, &word) || !word_matches(&word, line, at))
			return at;
		if (!word.is_rest)
			place++;
	}
	*is_whole = !syntax_get(syntax, place, &word) || word.is_optional ||
		(word.is_rest && at > place);
	return at;
}

/** The word of @p syntax that belongs to word @p at of a line. */
static bool
syntax_at(const char *syntax, int at, struct syntax_word *word)
{
	for (; at >= 0; at--)
		if (syntax_get(syntax, at, word))
			return at >= 0 && (word->is_rest || syntax_get(syntax, at, word));
	return false;
}

static bool
is_syntax_longer(const char *syntax, int at, struct syntax_word *word)
{
	if (syntax_get(syntax, at, word))
		return true;
	return syntax_at(syntax, at, word) && word->is_rest;
}

/** Candidate @p index of a word of a syntax. */
static const char *
word_candidate(const struct syntax_word *word, const struct testacc_line *line, int at,
	unsigned int index, char *buf, size_t size)
{
	const char *choice;
	int len;

	if (word->param != NULL)
		return word->param->candidate != NULL ?
			word->param->candidate(line, at, index) : NULL;
	choice = syntax_choice(word, index, &len);
	if (choice == NULL)
		return NULL;
	snprintf(buf, size, "%.*s", len, choice);
	return buf;
}

static bool
list_has(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *at = list;

	while ((at = strstr(at, word)) != NULL) {
		if ((at == list || at[-1] == ' ') && (at[len] == ',' || at[len] == '\0'))
			return true;
		at += len;
	}
	return false;
}

static void
list_add(char *list, const char *word)
{
	size_t used = strlen(list);

	if (!list_has(list, word))
		snprintf(list + used, MAX_EXPECTED - used, "%s%s", used > 0 ? ", " : "", word);
}

/** What @p word stands for, in a message. */
static void
list_add_word(char *list, const struct syntax_word *word, const struct testacc_line *line, int at)
{
	const char *candidate;
	char buf[64];
	unsigned int i;

	if (word->param != NULL && word->param->expected_at != NULL) {
		list_add(list, word->param->expected_at(line, at));
		return;
	}
	if (word->param != NULL && word->param->expected != NULL) {
		list_add(list, word->param->expected);
		return;
	}
	for (i = 0; (candidate = word_candidate(word, line, at, i, buf, sizeof(buf))) != NULL; i++)
		list_add(list, candidate);
}

/** Say which word is wrong or missing, and what belongs there. */
static int
report_mismatch(const struct testacc_line *line)
{
	const struct testacc_command *command;
	char expected[MAX_EXPECTED] = "";
	struct syntax_word word;
	int best = 0, matched;
	bool is_whole;

	for (command = testacc_commands; command->syntax != NULL; command++) {
		matched = match_words(command->syntax, line, line->count, &is_whole);
		best = matched > best ? matched : best;
	}
	for (command = testacc_commands; command->syntax != NULL; command++)
		if (match_words(command->syntax, line, line->count, &is_whole) == best &&
				is_syntax_longer(command->syntax, best, &word))
			list_add_word(expected, &word, line, best);
	if (best == line->count)
		return testacc_misused("something is missing after '%s'; expected: %s",
			line->words[best - 1], expected);
	if (expected[0] == '\0')
		return testacc_misused("'%s': nothing more was expected after '%s'",
			line->words[best], line->words[best - 1]);
	return testacc_misused("'%s': expected: %s%s", line->words[best], expected,
		best == 0 ? "; 'help' explains them" : "");
}

int
testacc_run_line(const char *text)
{
	const struct testacc_command *command;
	struct testacc_line line;
	bool is_whole;

	if (testacc_line_split(&line, text) != 0)
		return TESTACC_USAGE;
	if (line.count == 0)
		return TESTACC_OK;
	for (command = testacc_commands; command->syntax != NULL; command++)
		if (match_words(command->syntax, &line, line.count, &is_whole) == line.count &&
				is_whole)
			return command->run(&line);
	return report_mismatch(&line);
}

/** The begun word is an empty one where @p text ends with a space. */
static bool
split_for_completion(struct testacc_line *line, const char *text)
{
	size_t len = strlen(text);

	if (len >= TESTACC_MAX_LINE || memchr(text, '"', len) != NULL ||
			memchr(text, '#', len) != NULL || testacc_line_split(line, text) != 0 ||
			line->count >= TESTACC_MAX_WORDS - 1)
		return false;
	if (len == 0 || text[len - 1] == ' ')
		line->words[line->count++] = &line->text[TESTACC_MAX_LINE - 1];
	return true;
}

/** Was the candidate there before, with an earlier command? */
static bool
is_repeated(const struct testacc_command *last, const struct testacc_line *line, int at,
	const char *candidate)
{
	const struct testacc_command *command;
	struct syntax_word word;
	const char *other;
	char buf[64];
	bool is_whole;
	unsigned int i;

	for (command = testacc_commands; command != last; command++) {
		if (match_words(command->syntax, line, at, &is_whole) != at ||
				!is_syntax_longer(command->syntax, at, &word))
			continue;
		for (i = 0; (other = word_candidate(&word, line, at, i, buf, sizeof(buf))) != NULL;
				i++)
			if (strcmp(other, candidate) == 0)
				return true;
	}
	return false;
}

/** Candidate of one command; *index counts down over those that fit. */
static bool
complete_command(const struct testacc_command *command, const struct testacc_line *line,
	unsigned int *index, char *buf, size_t len)
{
	int at = line->count - 1;
	const char *begun = line->words[at], *candidate;
	struct syntax_word word;
	bool is_whole;
	unsigned int i;

	if (match_words(command->syntax, line, at, &is_whole) != at ||
			!is_syntax_longer(command->syntax, at, &word))
		return false;
	for (i = 0; (candidate = word_candidate(&word, line, at, i, buf, len)) != NULL; i++) {
		if (strncmp(candidate, begun, strlen(begun)) != 0 ||
				is_repeated(command, line, at, candidate))
			continue;
		if ((*index)-- == 0) {
			if (candidate != buf)
				snprintf(buf, len, "%s", candidate);
			return true;
		}
	}
	return false;
}

int
testacc_complete(const char *text, unsigned int index, char *buf, size_t len)
{
	const struct testacc_command *command;
	struct testacc_line line;

	if (!split_for_completion(&line, text))
		return -1;
	for (command = testacc_commands; command->syntax != NULL; command++)
		if (complete_command(command, &line, &index, buf, len))
			return (int)strlen(line.words[line.count - 1]);
	return -1;
}

bool
testacc_describe(const char *text, unsigned int index, char *buf, size_t len)
{
	const struct testacc_command *command;
	unsigned int unused;
	struct testacc_line line;
	struct syntax_word word;
	bool is_whole;

	if (!split_for_completion(&line, text))
		return false;
	for (command = testacc_commands; command->syntax != NULL; command++) {
		unused = 0;
		if (match_words(command->syntax, &line, line.count - 1, &is_whole) !=
				line.count - 1 ||
				!is_syntax_longer(command->syntax, line.count - 1, &word) ||
				(word.param == NULL &&
				!complete_command(command, &line, &unused, buf, len) &&
				line.words[line.count - 1][0] != '\0'))
			continue;
		if (index-- == 0) {
			snprintf(buf, len, "%-44s %s", command->syntax, command->help);
			return true;
		}
	}
	return false;
}
