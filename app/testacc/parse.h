/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_PARSE_H
#define TESTACC_PARSE_H

/**
 * @file
 * Command lines against the table of commands.
 *
 * The syntax of a command is words with one space between: "show" stands for itself, "a|b" for one
 * of these, "<name>" for a parameter (params.c), "<name...>" for one or more words to the end of
 * the line; in brackets, at the end, a word that may be left out. Help, completion, messages and
 * the reference in the guide all come from that.
 */

#include "testacc.h"

#define TESTACC_MAX_WORDS 64
#define TESTACC_MAX_LINE 1024

/** A line in words. Quotation marks keep spaces; # begins a comment. */
struct testacc_line {
	int count;
	char *words[TESTACC_MAX_WORDS];
	char text[TESTACC_MAX_LINE];
};

/** A command. */
struct testacc_command {
	const char *syntax;	/**< NULL ends the table */
	const char *help;	/**< one sentence without its full stop */
	/** @return enum testacc_result; the words are those of syntax */
	int (*run)(const struct testacc_line *line);
};

/** The table (commands.c), in the order of the guide. */
extern const struct testacc_command testacc_commands[];

/** A parameter of a syntax. */
struct testacc_param {
	const char *name;	/**< NULL ends the table */
	const char *expected;	/**< "a device number": behind "expected" in messages */
	/** The same by the words before, NULL: it does not depend on them. */
	const char *(*expected_at)(const struct testacc_line *line, int at);
	/** Is word @p at of @p line one? NULL: every word is. */
	bool (*accept)(const struct testacc_line *line, int at);
	/** Candidate @p index for word @p at, or NULL: no more. NULL: none are known. */
	const char *(*candidate)(const struct testacc_line *line, int at, unsigned int index);
};

extern const struct testacc_param testacc_params[];

/** Cut @p text into words. @return 0 or TESTACC_USAGE after one message */
int testacc_line_split(struct testacc_line *line, const char *text);

/** Words from @p from on, with a space between, into @p buf. @return false: too long */
bool testacc_line_join(const struct testacc_line *line, int from, char *buf, size_t len);

/** Whole number from @p min to @p max? @return false: no */
bool testacc_parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/** Run one line. Empty ones are right. @return enum testacc_result */
int testacc_run_line(const char *text);

/**
 * Candidate @p index for the last word of @p text, which may be empty or begun.
 *
 * @param buf receives the candidate in full
 * @return bytes of the word that are there already, or -1: no such candidate
 */
int testacc_complete(const char *text, unsigned int index, char *buf, size_t len);

/**
 * The commands that the words of @p text may begin, "syntax  help" each.
 *
 * @return false: no such line
 */
bool testacc_describe(const char *text, unsigned int index, char *buf, size_t len);

/** Run lines of a file, from stdin with "-"; ends at the first failure. */
int testacc_run_file(const char *path);

/** Run commands with ; between; ends at the first failure. */
int testacc_run_commands(const char *text);

/** Commands from a terminal, with line editing, until quit or end of input. */
int testacc_prompt(void);

#endif /* TESTACC_PARSE_H */
