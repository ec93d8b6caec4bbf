/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor.h"

/* Findings, and files below the root of a machine. What is not there is no error. */

#define LINE_LEN 4096
/* A check is in the middle of so many folders at most. */
#define MAX_LISTS 4

/** Folders that were read, so that going through one does not read it once for each entry. */
struct testacc_doctor_lists {
	struct list {
		char path[PATH_MAX];
		struct dirent **entries;
		int count;
		unsigned long used;	/**< when it was asked for last, 0: never */
	} list[MAX_LISTS];
	unsigned long uses;
};

static struct testacc_finding *
add_finding(struct testacc_doctor *doctor)
{
	struct testacc_finding *findings;
	int max;

	if (doctor->nb_findings == doctor->max_findings) {
		max = doctor->max_findings + 64;
		findings = realloc(doctor->findings, (size_t)max * sizeof(findings[0]));
		if (findings == NULL) {
			doctor->is_whole = false;
			return NULL;
		}
		doctor->findings = findings;
		doctor->max_findings = max;
	}
	return memset(&doctor->findings[doctor->nb_findings++], 0, sizeof(*findings));
}

/* Names of processes are anybody's: nothing of theirs moves the cursor of a terminal. */
static void
make_plain(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == '\x7f')
			*text = '?';
}

void
testacc_doctor_tell(struct testacc_doctor *doctor, enum testacc_doctor_state state,
	const char *subject, const char *format, ...)
{
	struct testacc_finding *finding = add_finding(doctor);
	va_list args;

	if (finding == NULL)
		return;
	finding->check = doctor->check;
	finding->state = state;
	snprintf(finding->subject, sizeof(finding->subject), "%s", subject);
	va_start(args, format);
	vsnprintf(finding->cause, sizeof(finding->cause), format, args);
	va_end(args);
	make_plain(finding->subject);
	make_plain(finding->cause);
}

void
testacc_doctor_cure(struct testacc_doctor *doctor, const char *format, ...)
{
	struct testacc_finding *finding;
	va_list args;

	if (!doctor->is_whole || doctor->nb_findings == 0)
		return;
	finding = &doctor->findings[doctor->nb_findings - 1];
	finding->state = TESTACC_DOCTOR_CURE;
	va_start(args, format);
	vsnprintf(finding->cure, sizeof(finding->cure), format, args);
	va_end(args);
	make_plain(finding->cure);
}

/** @return false: longer than any path that is of interest */
static bool __attribute__((format(printf, 3, 0)))
make_path(const struct testacc_doctor *doctor, char *path, const char *format, va_list args)
{
	int root = snprintf(path, PATH_MAX, "%s/", doctor->root), rest;

	if (root >= PATH_MAX)
		return false;
	rest = vsnprintf(path + root, (size_t)(PATH_MAX - root), format, args);
	return rest < PATH_MAX - root;
}

/** Runs make_path() on the arguments of the function that it stands in. */
#define MAKE_PATH(doctor, path, format) __extension__ ({ \
	va_list args; \
	bool is_made; \
	va_start(args, format); \
	is_made = make_path(doctor, path, format, args); \
	va_end(args); \
	is_made; \
})

static bool
read_line(const char *path, char *text, size_t len)
{
	FILE *file = fopen(path, "r");
	bool is_there;

	text[0] = '\0';
	if (file == NULL)
		return false;
	is_there = fgets(text, (int)len, file) != NULL;
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	return is_there;
}

bool
testacc_doctor_read(const struct testacc_doctor *doctor, char *text, size_t len,
	const char *format, ...)
{
	char path[PATH_MAX];

	text[0] = '\0';
	return MAKE_PATH(doctor, path, format) && read_line(path, text, len);
}

int64_t
testacc_doctor_number(const struct testacc_doctor *doctor, int64_t otherwise, const char *format,
	...)
{
	char path[PATH_MAX], text[64], *end;
	long long value;

	if (!MAKE_PATH(doctor, path, format) || !read_line(path, text, sizeof(text)))
		return otherwise;
	value = strtoll(text, &end, 0);
	return end != text ? value : otherwise;
}

static FILE *
open_below(const struct testacc_doctor *doctor, const char *name)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", doctor->root, name) >= (int)sizeof(path))
		return NULL;
	return fopen(path, "r");
}

bool
testacc_doctor_field(const struct testacc_doctor *doctor, const char *path, const char *key,
	char *text, size_t len)
{
	FILE *file = open_below(doctor, path);
	char line[LINE_LEN];
	const char *at;
	bool is_there = false;

	text[0] = '\0';
	while (file != NULL && !is_there && fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		at = line + strlen(key);
		at += strspn(at, " \t");
		snprintf(text, len, "%.*s", (int)strcspn(at, "\n"), at);
		is_there = true;
	}
	if (file != NULL)
		fclose(file);
	return is_there;
}

bool
testacc_doctor_variable(const struct testacc_doctor *doctor, const char *path, const char *name,
	char *text, size_t len)
{
	FILE *file = open_below(doctor, path);
	char *entry = NULL;
	size_t size = 0, name_len = strlen(name);
	bool is_there = false;

	text[0] = '\0';
	while (file != NULL && !is_there && getdelim(&entry, &size, '\0', file) > 0) {
		is_there = strncmp(entry, name, name_len) == 0 && entry[name_len] == '=';
		if (is_there)
			snprintf(text, len, "%s", entry + name_len + 1);
	}
	free(entry);
	if (file != NULL)
		fclose(file);
	return is_there;
}

bool
testacc_doctor_has(const struct testacc_doctor *doctor, const char *path, const char *word)
{
	FILE *file = open_below(doctor, path);
	char line[LINE_LEN];
	bool is_there = false;

	while (file != NULL && !is_there && fgets(line, sizeof(line), file) != NULL)
		is_there = strstr(line, word) != NULL;
	if (file != NULL)
		fclose(file);
	return is_there;
}

bool
testacc_doctor_exists(const struct testacc_doctor *doctor, const char *format, ...)
{
	char path[PATH_MAX];
	struct stat status;

	return MAKE_PATH(doctor, path, format) && stat(path, &status) == 0;
}

bool
testacc_doctor_link(const struct testacc_doctor *doctor, char *text, size_t len,
	const char *format, ...)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *name;
	ssize_t got;

	text[0] = '\0';
	if (!MAKE_PATH(doctor, path, format))
		return false;
	got = readlink(path, target, sizeof(target) - 1);
	if (got < 0)
		return false;
	target[got] = '\0';
	name = strrchr(target, '/');
	snprintf(text, len, "%s", name != NULL ? name + 1 : target);
	return true;
}

bool
testacc_doctor_points_to(const struct testacc_doctor *doctor, const char *path, const char *end)
{
	char whole[PATH_MAX], target[PATH_MAX];
	size_t len = strlen(end);
	ssize_t got;

	if (snprintf(whole, sizeof(whole), "%s/%s", doctor->root, path) >= (int)sizeof(whole))
		return false;
	got = readlink(whole, target, sizeof(target));
	return got >= (ssize_t)len && memcmp(target + got - len, end, len) == 0;
}

static void
free_list(struct list *list)
{
	int i;

	for (i = 0; i < list->count; i++)
		free(list->entries[i]);
	if (list->count >= 0)
		free(list->entries);
	list->entries = NULL;
	list->count = 0;
}

static int
is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/** The list of a folder: the one that is there, or in the place of the one used longest ago. */
static const struct list *
list_of(struct testacc_doctor_lists *lists, const char *path)
{
	struct list *list = &lists->list[0];
	int i;

	for (i = 0; i < MAX_LISTS; i++) {
		if (lists->list[i].used != 0 && strcmp(lists->list[i].path, path) == 0) {
			lists->list[i].used = ++lists->uses;
			return &lists->list[i];
		}
		if (lists->list[i].used < list->used)
			list = &lists->list[i];
	}
	free_list(list);
	list->used = ++lists->uses;
	snprintf(list->path, sizeof(list->path), "%s", path);
	list->count = scandir(path, &list->entries, is_shown, versionsort);
	return list;
}

bool
testacc_doctor_entry(const struct testacc_doctor *doctor, const char *path, unsigned int index,
	char *name, size_t len)
{
	const struct list *list;
	char whole[PATH_MAX];

	if (snprintf(whole, sizeof(whole), "%s/%s", doctor->root, path) >= (int)sizeof(whole))
		return false;
	list = list_of(doctor->lists, whole);
	if (list->count < 0 || index >= (unsigned int)list->count)
		return false;
	snprintf(name, len, "%s", list->entries[index]->d_name);
	return true;
}

bool
testacc_doctor_begin(struct testacc_doctor *doctor)
{
	doctor->lists = calloc(1, sizeof(*doctor->lists));
	doctor->is_whole = doctor->lists != NULL;
	return doctor->is_whole;
}

void
testacc_doctor_end(struct testacc_doctor *doctor)
{
	int i;

	for (i = 0; doctor->lists != NULL && i < MAX_LISTS; i++)
		free_list(&doctor->lists->list[i]);
	free(doctor->lists);
	doctor->lists = NULL;
}

/* The kernel knows: of its mode, its access control list, and the groups of this user. */
bool
testacc_doctor_may_open(const struct testacc_doctor *doctor, const char *path)
{
	char whole[PATH_MAX];

	return snprintf(whole, sizeof(whole), "%s/%s", doctor->root, path) < (int)sizeof(whole) &&
		faccessat(AT_FDCWD, whole, R_OK | W_OK, AT_EACCESS) == 0;
}
