/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdio.h>

#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_memory.h>

#include "commands.h"
#include "table.h"

/** Bytes of memsegs on a NUMA node. */
struct node_memory {
	int node;
	uint64_t bytes;
	uint64_t page_len;
	unsigned int nb_segments;
};

static int
add_segment(const struct rte_memseg_list *list, const struct rte_memseg *segment, void *opaque)
{
	struct node_memory *memory = opaque;

	(void)list;
	if (segment->socket_id != memory->node)
		return 0;
	memory->bytes += segment->len;
	memory->page_len = segment->hugepage_sz;
	memory->nb_segments++;
	return 0;
}

int
testacc_show_mem(const struct testacc_line *line)
{
	struct testacc_table *table = testacc_table_new("memory",
		"node,page (KiB),segments,total (MiB),heap (MiB),used (MiB),largest free (MiB)");
	struct rte_malloc_socket_stats heap = { 0 };
	const double mib = 1 << 20;
	unsigned int i;

	(void)line;
	for (i = 0; i < rte_socket_count(); i++) {
		struct node_memory memory = { .node = rte_socket_id_by_idx(i) };

		(void)rte_memseg_walk(add_segment, &memory);
		(void)rte_malloc_get_socket_stats(memory.node, &heap);
		testacc_table_count(table, (uint64_t)memory.node);
		testacc_table_count(table, memory.page_len / 1024);
		testacc_table_count(table, memory.nb_segments);
		testacc_table_number(table, 1, (double)memory.bytes / mib);
		testacc_table_number(table, 1, (double)heap.heap_totalsz_bytes / mib);
		testacc_table_number(table, 1, (double)heap.heap_allocsz_bytes / mib);
		testacc_table_number(table, 1, (double)heap.greatest_free_size / mib);
	}
	testacc_table_print(table);
	return TESTACC_OK;
}

/** "0-3,7" of a set of CPUs. */
static void
format_cpus(const rte_cpuset_t *cpus, char *buf, size_t len)
{
	size_t used = 0;
	int cpu, last;

	buf[0] = '\0';
	for (cpu = 0; cpu < CPU_SETSIZE && used < len; cpu++) {
		if (!CPU_ISSET(cpu, cpus))
			continue;
		for (last = cpu; last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, cpus); last++)
			;
		used += (size_t)snprintf(buf + used, len - used, "%s%d", used > 0 ? "," : "", cpu);
		if (last > cpu && used < len)
			used += (size_t)snprintf(buf + used, len - used, "-%d", last);
		cpu = last;
	}
}

int
testacc_show_lcores(const struct testacc_line *line)
{
	struct testacc_table *table = testacc_table_new("lcores", "lcore,role,CPUs,node,state");
	rte_cpuset_t cpus;
	unsigned int lcore;
	char text[64];

	(void)line;
	RTE_LCORE_FOREACH(lcore) {
		cpus = rte_lcore_cpuset(lcore);
		format_cpus(&cpus, text, sizeof(text));
		testacc_table_count(table, lcore);
		testacc_table_text(table, "%s", lcore == rte_get_main_lcore() ? "main" : "worker");
		testacc_table_text(table, "%s", text);
		testacc_table_count(table, rte_lcore_to_socket_id(lcore));
		testacc_table_text(table, "%s", lcore == rte_get_main_lcore() ||
			rte_eal_get_lcore_state(lcore) != WAIT ? "runs" : "waits");
	}
	testacc_table_print(table);
	return TESTACC_OK;
}
