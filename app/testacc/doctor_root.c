/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <dirent.h>
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
}

/** @return false: longer than any path that is of interest */
static bool
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

static int
is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

bool
testacc_doctor_entry(const struct testacc_doctor *doctor, const char *path, unsigned int index,
	char *name, size_t len)
{
	struct dirent **entries;
	char whole[PATH_MAX];
	int i, count;

	snprintf(whole, sizeof(whole), "%s/%s", doctor->root, path);
	count = scandir(whole, &entries, is_shown, versionsort);
	if (count < 0)
		return false;
	if (index < (unsigned int)count)
		snprintf(name, len, "%s", entries[index]->d_name);
	for (i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	return index < (unsigned int)count;
}

static bool
is_in_group(gid_t group)
{
	gid_t groups[256];
	int i, count = getgroups((int)(sizeof(groups) / sizeof(groups[0])), groups);

	for (i = 0; i < count; i++)
		if (groups[i] == group)
			return true;
	return group == getegid();
}

bool
testacc_doctor_may_open(const struct testacc_doctor *doctor, const char *path)
{
	char whole[PATH_MAX];
	struct stat status;
	mode_t both = S_IROTH | S_IWOTH;

	snprintf(whole, sizeof(whole), "%s/%s", doctor->root, path);
	if (stat(whole, &status) != 0)
		return false;
	if (geteuid() == 0)
		return true;
	if (status.st_uid == geteuid())
		both = S_IRUSR | S_IWUSR;
	else if (is_in_group(status.st_gid))
		both = S_IRGRP | S_IWGRP;
	return (status.st_mode & both) == both;
}
