/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

/* Checks of memory: hugepages of each node, where they are mounted, what may be locked. */

#define NODES "sys/devices/system/node"
#define NAME_LEN 64
/* What EAL and a few queue pairs need: asked for where nothing is set aside. */
#define WANTED_KIB (1024 * 1024)
#define CAP_IPC_LOCK_BIT 14

/** Hugepages of one size on one node. */
struct pages {
	uint64_t kib;
	int64_t total, free;
};

/** Size @p index of a folder with hugepages-2048kB and the like. */
static bool
get_pages(const struct testacc_doctor *doctor, const char *folder, unsigned int index,
	struct pages *pages)
{
	char name[NAME_LEN];

	if (!testacc_doctor_entry(doctor, folder, index, name, sizeof(name)))
		return false;
	pages->kib = 0;
	if (sscanf(name, "hugepages-%" SCNu64 "kB", &pages->kib) != 1)
		return true;
	pages->total = testacc_doctor_number(doctor, 0, "%s/%s/nr_hugepages", folder, name);
	pages->free = testacc_doctor_number(doctor, 0, "%s/%s/free_hugepages", folder, name);
	return true;
}

/** Sums over all sizes, *smallest: the size that is easiest to get. */
static void
sum_pages(const struct testacc_doctor *doctor, const char *folder, struct pages *sum,
	uint64_t *smallest)
{
	struct pages pages;
	unsigned int i;

	*sum = (struct pages){ 0 };
	*smallest = 0;
	for (i = 0; get_pages(doctor, folder, i, &pages); i++) {
		if (pages.kib == 0)
			continue;
		sum->total += pages.total * (int64_t)pages.kib;
		sum->free += pages.free * (int64_t)pages.kib;
		if (*smallest == 0 || pages.kib < *smallest)
			*smallest = pages.kib;
	}
}

/** Folder of node @p index that has memory. */
static bool
get_node(const struct testacc_doctor *doctor, unsigned int index, char *name, size_t len)
{
	char key[2 * NAME_LEN], memory[NAME_LEN], entry[NAME_LEN], path[2 * NAME_LEN];
	unsigned int i;

	for (i = 0; testacc_doctor_entry(doctor, NODES, i, entry, sizeof(entry)); i++) {
		if (strncmp(entry, "node", 4) != 0 || entry[4] < '0' || entry[4] > '9')
			continue;
		/* "Node 0 MemTotal:  16384000 kB": a node of CPUs only has 0. */
		snprintf(path, sizeof(path), NODES "/%s/meminfo", entry);
		snprintf(key, sizeof(key), "Node %s MemTotal:", entry + 4);
		if (testacc_doctor_field(doctor, path, key, memory, sizeof(memory)) &&
				strtoull(memory, NULL, 10) == 0)
			continue;
		if (index-- == 0) {
			snprintf(name, len, "%s", entry);
			return true;
		}
	}
	return false;
}

static bool
has_pages(const struct testacc_doctor *doctor, const struct pages *sum)
{
	return sum->free > 0 || (sum->total > 0 && doctor->is_eal_up);
}

static bool
some_node_has(const struct testacc_doctor *doctor)
{
	char node[NAME_LEN], folder[2 * NAME_LEN];
	struct pages sum;
	uint64_t size;
	unsigned int i;

	for (i = 0; get_node(doctor, i, node, sizeof(node)); i++) {
		snprintf(folder, sizeof(folder), NODES "/%s/hugepages", node);
		sum_pages(doctor, folder, &sum, &size);
		if (has_pages(doctor, &sum))
			return true;
	}
	return false;
}

/** A function of ours on the node of that name. @return false: there is none */
static bool
find_on_node(const struct testacc_doctor *doctor, const char *node,
	struct testacc_doctor_device *device)
{
	unsigned int i;

	for (i = 0; testacc_doctor_device(doctor, i, device); i++)
		if (testacc_doctor_number(doctor, -1, "sys/bus/pci/devices/%s/numa_node",
				device->address) == strtol(node + strlen("node"), NULL, 10))
			return true;
	return false;
}

/**
 * EAL starts with the pages of any node. Those of a device's own are the ones to have, and others
 * may have none on purpose. @return true: to be cured
 */
static bool
tell_missing(struct testacc_doctor *doctor, const char *node, const struct pages *sum)
{
	struct testacc_doctor_device device;
	bool is_elsewhere = node[0] != '\0' && some_node_has(doctor);
	bool is_near = is_elsewhere && find_on_node(doctor, node, &device);
	char what[NAME_LEN] = "no hugepages are set aside";

	if (sum->total > 0)
		snprintf(what, sizeof(what), "all %" PRId64 " MiB in hugepages are in use",
			sum->total / 1024);
	if (!is_elsewhere)
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, node,
			"%s: a program does not start without --no-huge%s", what,
			sum->total > 0 ? "; end another one, or set aside more" : "");
	else if (is_near)
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, node,
			"%s, and %s is on this node: its memory would be that of another one",
			what, device.address);
	else
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, node,
			"%s: take lcores of a node that has some (-l)", what);
	return is_near || !is_elsewhere;
}

static void
check_folder(struct testacc_doctor *doctor, const char *node, const char *folder)
{
	struct pages sum;
	uint64_t size, more;

	sum_pages(doctor, folder, &sum, &size);
	if (size == 0)
		return;
	if (has_pages(doctor, &sum)) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, node,
			"%" PRId64 " of %" PRId64 " MiB in hugepages are free", sum.free / 1024,
			sum.total / 1024);
		return;
	}
	if (!tell_missing(doctor, node, &sum))
		return;
	more = WANTED_KIB / size > 0 ? WANTED_KIB / size : 1;
	testacc_doctor_cure(doctor, "echo %" PRIu64 " > /%s/hugepages-%" PRIu64 "kB/nr_hugepages",
		(uint64_t)sum.total / size + more, folder, size);
}

static void
check_mount(struct testacc_doctor *doctor)
{
	if (testacc_doctor_has(doctor, "proc/mounts", " hugetlbfs "))
		return;
	testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, "",
		"hugetlbfs is mounted nowhere: programs need --in-memory, and secondary processes cannot attach");
	if (testacc_doctor_is_container(doctor))
		testacc_doctor_cure(doctor, "docker run -v /dev/hugepages:/dev/hugepages ...");
	else
		testacc_doctor_cure(doctor,
			"mkdir -p /dev/hugepages && mount -t hugetlbfs hugetlbfs /dev/hugepages");
}

void
testacc_doctor_hugepages(struct testacc_doctor *doctor)
{
	char node[NAME_LEN], folder[2 * NAME_LEN];
	unsigned int i;

	for (i = 0; get_node(doctor, i, node, sizeof(node)); i++) {
		snprintf(folder, sizeof(folder), NODES "/%s/hugepages", node);
		check_folder(doctor, node, folder);
	}
	/* A kernel without NUMA. */
	if (i == 0)
		check_folder(doctor, "", "sys/kernel/mm/hugepages");
	check_mount(doctor);
}

/** vfio does not count what a process with CAP_IPC_LOCK locks. */
static bool
may_lock_all(const struct testacc_doctor *doctor)
{
	char text[NAME_LEN];

	return testacc_doctor_field(doctor, "proc/self/status", "CapEff:", text, sizeof(text)) &&
		(strtoull(text, NULL, 16) >> CAP_IPC_LOCK_BIT & 1) != 0;
}

/** All hugepages: EAL maps for a device what it takes of them. */
static uint64_t
memory_need(const struct testacc_doctor *doctor)
{
	struct pages sum;
	uint64_t smallest;

	sum_pages(doctor, "sys/kernel/mm/hugepages", &sum, &smallest);
	return sum.total > 0 ? (uint64_t)sum.total * 1024 : (uint64_t)WANTED_KIB * 1024;
}

void
testacc_doctor_memlock(struct testacc_doctor *doctor)
{
	uint64_t need = memory_need(doctor), limit;
	struct testacc_doctor_device device;
	char text[NAME_LEN];

	/* "Max locked memory         8388608              8388608              bytes" */
	if (!testacc_doctor_field(doctor, "proc/self/limits", "Max locked memory", text,
			sizeof(text)))
		return;
	limit = strncmp(text, "unlimited", 9) == 0 ? UINT64_MAX : strtoull(text, NULL, 10);
	if (limit >= need || may_lock_all(doctor)) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, "", "%s",
			limit >= need ? "what may be locked is enough for all hugepages" :
			"this user may lock all memory");
		return;
	}
	testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, "",
		"%" PRIu64 " KiB may be locked, %" PRIu64 " KiB are needed: mapping memory for a device fails (the model needs none)",
		limit / 1024, need / 1024);
	if (!testacc_doctor_device(doctor, 0, &device))
		return;
	/* Its root may lower limits, not raise them. Elsewhere the shell that asks is named by its
	 * number: where the command is typed, in a shell of root, $PPID is su or sudo.
	 */
	if (testacc_doctor_is_container(doctor))
		testacc_doctor_cure(doctor, "docker run --ulimit memlock=%" PRIu64 " ...", need);
	else
		testacc_doctor_cure(doctor, "prlimit --pid %d --memlock=%" PRIu64, (int)getppid(),
			need);
}
