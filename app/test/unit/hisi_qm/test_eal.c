/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>

#include "test_eal.h"

static FILE *log_file;
static char *log_text;
static size_t log_len;
static size_t log_mark;

static int
log_open(void)
{
	log_file = open_memstream(&log_text, &log_len);
	if (log_file == NULL)
		return -1;
	return rte_openlog_stream(log_file);
}

void
test_log_forget(void)
{
	/* Another thread may be logging. */
	flockfile(log_file);
	fflush(log_file);
	log_mark = log_len;
	funlockfile(log_file);
}

unsigned int
test_log_count(const char *text)
{
	unsigned int count = 0;
	const char *at;

	flockfile(log_file);
	fflush(log_file);
	for (at = strstr(log_text + log_mark, text); at != NULL; at = strstr(at + 1, text))
		count++;
	funlockfile(log_file);
	return count;
}

int
test_eal_start(const char *name)
{
	static char args[][64] = { "", "--no-huge", "-m", "128", "--no-pci", "--no-telemetry",
		"--no-shconf", "--iova-mode=va", "--lcores=0", "" };
	char *argv[RTE_DIM(args) + 1] = { NULL };
	size_t i;

	snprintf(args[0], sizeof(args[0]), "%s", name);
	/* Of its own, for tests that run side by side. */
	snprintf(args[RTE_DIM(args) - 1], sizeof(args[0]), "--file-prefix=hisi_unit_%d",
		(int)getpid());
	for (i = 0; i < RTE_DIM(args); i++)
		argv[i] = args[i];
	if (log_open() != 0)
		return 1;
	if (rte_eal_init((int)RTE_DIM(args), argv) >= 0)
		return 0;
	fprintf(stderr, "%s: EAL does not start: %s\n%s", name, rte_strerror(rte_errno), log_text);
#ifdef RTE_ARCH_ARM64
	/* qemu-user has not all that EAL asks of a kernel. */
	fprintf(stderr, "%s: skipped\n", name);
	return TEST_SKIPPED;
#else
	return 1;
#endif
}

static int
remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

int
test_eal_stop(int result)
{
	char folder[4096];

	snprintf(folder, sizeof(folder), "%s", rte_eal_get_runtime_dir());
	rte_eal_cleanup();
	(void)nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	rte_openlog_stream(NULL);
	fclose(log_file);
	if (result != 0)
		fprintf(stderr, "---- log ----\n%s", log_text);
	free(log_text);
	return result;
}
