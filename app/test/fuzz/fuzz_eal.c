/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <sched.h>

#include <rte_eal.h>
#include <rte_log.h>

#include "fuzz.h"
#include "fuzz_eal.h"

#define DEFAULT_ALIGN 64

/* The functions that the linker puts in the place of rte_malloc's. */
void *
__wrap_rte_zmalloc(const char *type, size_t len, unsigned int align);
void *
__wrap_rte_zmalloc_socket(const char *type, size_t len, unsigned int align, int socket);
void *
__wrap_rte_malloc_socket(const char *type, size_t len, unsigned int align, int socket);
void
__wrap_rte_free(void *memory);
/* Nothing happens meanwhile: waiting would only take time. */
void
__wrap_rte_delay_us_sleep(unsigned int us);

void *
__wrap_rte_zmalloc(const char *type, size_t len, unsigned int align)
{
	(void)type;
	return fuzz_alloc(align != 0 ? align : DEFAULT_ALIGN, len);
}

void *
__wrap_rte_zmalloc_socket(const char *type, size_t len, unsigned int align, int socket)
{
	(void)socket;
	return __wrap_rte_zmalloc(type, len, align);
}

void *
__wrap_rte_malloc_socket(const char *type, size_t len, unsigned int align, int socket)
{
	(void)socket;
	return __wrap_rte_zmalloc(type, len, align);
}

void
__wrap_rte_free(void *memory)
{
	free(memory);
}

void
__wrap_rte_delay_us_sleep(unsigned int us)
{
	(void)us;
}

void
fuzz_eal_start(void)
{
	static char args[][48] = { "fuzz", "--no-huge", "-m", "64", "--no-pci", "--no-telemetry",
		"--no-shconf", "--iova-mode=va", "--lcores=0", "--log-level=1", "" };
	static char *argv[FUZZ_ARRAY_LEN(args) + 1];
	char *prefix = args[FUZZ_ARRAY_LEN(args) - 1];
	cpu_set_t cpus;
	size_t i;

	snprintf(prefix, sizeof(args[0]), "--file-prefix=hisi_fuzz_%d", (int)getpid());
	for (i = 0; i < FUZZ_ARRAY_LEN(args); i++)
		argv[i] = args[i];
	/* EAL binds its main lcore, but two targets may share the machine. */
	FUZZ_CHECK(sched_getaffinity(0, sizeof(cpus), &cpus) == 0);
	FUZZ_CHECK(rte_eal_init(FUZZ_ARRAY_LEN(args), argv) >= 0);
	FUZZ_CHECK(sched_setaffinity(0, sizeof(cpus), &cpus) == 0);
	rte_log_set_global_level(RTE_LOG_EMERG);
	/* Empty, and nobody else's: gone before anything can go wrong. */
	(void)rmdir(rte_eal_get_runtime_dir());
}
