/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

/* Checks of each function of ours on the PCI bus. */

#define DEVICES "sys/bus/pci/devices"
#define VENDOR 0x19e5
#define NAME_LEN 64
#define PATH_LEN 256
#define MAX_CPUS 4096

/* qm.md 1.1 */
static const struct kind {
	uint16_t pf, vf;
	const char *engine;
	const char *driver;	/**< of the kernel */
} kinds[] = {
	{ 0xa250, 0xa251, "zip", "hisi_zip" },
	{ 0xa255, 0xa256, "sec", "hisi_sec2" },
	{ 0xa258, 0xa259, "hpre", "hisi_hpre" },
};

static const struct kind *
find_kind(const struct testacc_doctor *doctor, const char *address)
{
	int64_t id = testacc_doctor_number(doctor, 0, DEVICES "/%s/device", address);
	size_t i;

	if (testacc_doctor_number(doctor, 0, DEVICES "/%s/vendor", address) != VENDOR)
		return NULL;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (id == kinds[i].pf || id == kinds[i].vf)
			return &kinds[i];
	return NULL;
}

static bool
add_device(struct testacc_doctor *doctor, const char *name, const struct kind *kind)
{
	struct testacc_doctor_device *devices;

	devices = realloc(doctor->devices, (doctor->nb_devices + 1) * sizeof(devices[0]));
	if (devices == NULL)
		return false;
	doctor->devices = devices;
	devices += doctor->nb_devices++;
	snprintf(devices->address, sizeof(devices->address), "%.15s", name);
	devices->engine = kind->engine;
	devices->driver = kind->driver;
	devices->is_vf = testacc_doctor_number(doctor, 0, DEVICES "/%s/device", name) == kind->vf;
	return true;
}

bool
testacc_doctor_find_devices(struct testacc_doctor *doctor)
{
	const struct kind *kind;
	char name[NAME_LEN];
	unsigned int i;

	for (i = 0; testacc_doctor_entry(doctor, DEVICES, i, name, sizeof(name)); i++) {
		kind = find_kind(doctor, name);
		if (kind != NULL && !add_device(doctor, name, kind))
			return false;
	}
	return true;
}

bool
testacc_doctor_device(const struct testacc_doctor *doctor, unsigned int index,
	struct testacc_doctor_device *device)
{
	if (index >= doctor->nb_devices)
		return false;
	*device = doctor->devices[index];
	return true;
}

void
testacc_doctor_bound(const struct testacc_doctor *doctor, const char *address, char *driver,
	size_t len)
{
	(void)testacc_doctor_link(doctor, driver, len, DEVICES "/%s/driver", address);
}

static bool
is_ours(const struct testacc_doctor *doctor, const char *address)
{
	char driver[NAME_LEN];

	testacc_doctor_bound(doctor, address, driver, sizeof(driver));
	return strcmp(driver, "vfio-pci") == 0;
}

static int64_t
count_vfs(const struct testacc_doctor *doctor, const struct testacc_doctor_device *device)
{
	return testacc_doctor_number(doctor, 0, DEVICES "/%s/sriov_numvfs", device->address);
}

void
testacc_doctor_devices(struct testacc_doctor *doctor)
{
	struct testacc_doctor_device device;
	unsigned int i;

	for (i = 0; testacc_doctor_device(doctor, i, &device); i++)
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, device.address, "%s, %s",
			device.engine, device.is_vf ? "a VF" : "a PF");
	if (i == 0)
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, "",
			"no accelerator on the PCI bus: the model (dpdk-hisi-emu) takes its place");
}

/** "hisi_zip-0" of the function that the kernel's driver offers to processes. */
static bool
find_uacce(const struct testacc_doctor *doctor, const char *address, char *name, size_t len)
{
	char path[PATH_LEN];

	snprintf(path, sizeof(path), DEVICES "/%s/uacce", address);
	return testacc_doctor_entry(doctor, path, 0, name, len);
}

static void
check_binding(struct testacc_doctor *doctor, const struct testacc_doctor_device *device)
{
	char driver[NAME_LEN], uacce[NAME_LEN];
	int64_t vfs = count_vfs(doctor, device);

	testacc_doctor_bound(doctor, device->address, driver, sizeof(driver));
	if (strcmp(driver, "vfio-pci") == 0) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, device->address,
			"bound to vfio-pci");
		return;
	}
	if (vfs > 0 && driver[0] == '\0') {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, device->address,
			"bound to no driver, which its VFs need");
		return;
	}
	if (vfs > 0 && strcmp(driver, device->driver) == 0) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, device->address,
			"the kernel's %s has it and gives queues to its %" PRId64 " VF%s", driver,
			vfs, testacc_plural((uint64_t)vfs));
		return;
	}
	if (driver[0] == '\0')
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, device->address,
			"bound to no driver");
	else if (find_uacce(doctor, device->address, uacce, sizeof(uacce)))
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, device->address,
			"the kernel's %s has it, for its own crypto API and for processes by uacce (/dev/%s)",
			driver, uacce);
	else
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, device->address,
			"the kernel's %s has it", driver);
	testacc_doctor_cure(doctor, "dpdk-devbind.py --bind=vfio-pci %s", device->address);
}

void
testacc_doctor_binding(struct testacc_doctor *doctor)
{
	struct testacc_doctor_device device;
	unsigned int i;

	for (i = 0; testacc_doctor_device(doctor, i, &device); i++)
		check_binding(doctor, &device);
}

/** Whoever shares the group keeps it from being given away, unless it is bound to vfio-pci too. */
static bool
check_neighbours(struct testacc_doctor *doctor, const struct testacc_doctor_device *device,
	const char *group)
{
	char path[PATH_LEN], name[NAME_LEN], driver[NAME_LEN], class[NAME_LEN];
	unsigned int i;
	bool is_well = true;

	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%s/devices", group);
	for (i = 0; testacc_doctor_entry(doctor, path, i, name, sizeof(name)); i++) {
		testacc_doctor_bound(doctor, name, driver, sizeof(driver));
		(void)testacc_doctor_read(doctor, class, sizeof(class), DEVICES "/%s/class", name);
		/* Bridges stay with the kernel. */
		if (strcmp(name, device->address) == 0 || driver[0] == '\0' ||
				strcmp(driver, "vfio-pci") == 0 || strncmp(class, "0x0604", 6) == 0)
			continue;
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, device->address,
			"shares group %s with %s, which %s has: the group goes to a process as a whole",
			group, name, driver);
		testacc_doctor_cure(doctor, "dpdk-devbind.py --bind=vfio-pci %s", name);
		is_well = false;
	}
	return is_well;
}

static bool
check_node(struct testacc_doctor *doctor, const char *subject, const char *node)
{
	char path[PATH_LEN];
	bool is_there;

	snprintf(path, sizeof(path), "dev/vfio/%s", node);
	is_there = testacc_doctor_exists(doctor, "%s", path);
	if (is_there && testacc_doctor_may_open(doctor, path))
		return true;
	testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, subject, is_there ?
		"/%s may not be opened by this user" : "/%s is not there", path);
	if (is_there)
		testacc_doctor_cure(doctor, "setfacl -m u:%u:rw /%s", (unsigned int)geteuid(), path);
	else if (testacc_doctor_is_container(doctor))
		testacc_doctor_cure(doctor, "docker run --device=/%s ...", path);
	else
		testacc_doctor_cure(doctor, "modprobe -a vfio-pci && udevadm trigger");
	return false;
}

/** The process that has the group open, 0: none that we may look into. */
static long
find_holder(const struct testacc_doctor *doctor, const char *group, char *name, size_t len)
{
	char pid[NAME_LEN], path[PATH_LEN], fd[NAME_LEN], link[2 * PATH_LEN], node[PATH_LEN];
	unsigned int i, k;

	snprintf(node, sizeof(node), "/vfio/%s", group);
	for (i = 0; testacc_doctor_entry(doctor, "proc", i, pid, sizeof(pid)); i++) {
		if (pid[0] < '0' || pid[0] > '9')
			continue;
		snprintf(path, sizeof(path), "proc/%s/fd", pid);
		for (k = 0; testacc_doctor_entry(doctor, path, k, fd, sizeof(fd)); k++) {
			snprintf(link, sizeof(link), "%s/%s", path, fd);
			/* Not any number: terminals are called like groups. */
			if (!testacc_doctor_points_to(doctor, link, node))
				continue;
			(void)testacc_doctor_read(doctor, name, len, "proc/%s/comm", pid);
			return strtol(pid, NULL, 10);
		}
	}
	return 0;
}

static void
check_group(struct testacc_doctor *doctor, const struct testacc_doctor_device *device)
{
	char group[NAME_LEN], name[NAME_LEN] = "";
	bool is_well;
	long holder;

	/* Without an IOMMU there is no group; that check says it. */
	if (!is_ours(doctor, device->address) || !testacc_doctor_link(doctor, group,
			sizeof(group), DEVICES "/%s/iommu_group", device->address))
		return;
	is_well = check_neighbours(doctor, device, group);
	is_well = check_node(doctor, device->address, "vfio") && is_well;
	is_well = check_node(doctor, device->address, group) && is_well;
	holder = find_holder(doctor, group, name, sizeof(name));
	if (holder > 0)
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, device->address,
			"group %s is in use by process %ld (%s)", group, holder, name);
	else if (is_well)
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, device->address,
			"group %s may be opened", group);
}

void
testacc_doctor_groups(struct testacc_doctor *doctor)
{
	struct testacc_doctor_device device;
	unsigned int i;

	for (i = 0; testacc_doctor_device(doctor, i, &device); i++)
		check_group(doctor, &device);
}

static void
check_vf(struct testacc_doctor *doctor, const struct testacc_doctor_device *device)
{
	char pf[NAME_LEN], driver[NAME_LEN];

	/* In a guest or container the PF is somebody else's. */
	if (!testacc_doctor_link(doctor, pf, sizeof(pf), DEVICES "/%s/physfn", device->address)) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, device->address,
			"its PF is not here: whoever drives it must give this VF queues");
		return;
	}
	testacc_doctor_bound(doctor, pf, driver, sizeof(driver));
	if (strcmp(driver, device->driver) == 0) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, device->address,
			"its PF %s is driven by the kernel's %s, which gives it queues", pf, driver);
	} else if (strcmp(driver, "vfio-pci") == 0) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, device->address,
			"its PF %s is bound to vfio-pci too: start a process on that first, -a %s,vfs=N,vf_queues=N",
			pf, pf);
	} else {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, device->address,
			"nobody drives its PF %s, so it has no queues", pf);
		testacc_doctor_cure(doctor, "dpdk-devbind.py --bind=%s %s", device->driver, pf);
	}
}

static void
check_pf(struct testacc_doctor *doctor, const struct testacc_doctor_device *device)
{
	int64_t most = testacc_doctor_number(doctor, 0, DEVICES "/%s/sriov_totalvfs",
		device->address);
	int64_t vfs = count_vfs(doctor, device);

	if (most == 0)
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, device->address,
			"a PF that can have no VFs here");
	else
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, device->address,
			"%" PRId64 " of %" PRId64 " VF%s made", vfs, most,
			most == 1 ? " is" : "s are");
}

void
testacc_doctor_functions(struct testacc_doctor *doctor)
{
	struct testacc_doctor_device device;
	unsigned int i;

	for (i = 0; testacc_doctor_device(doctor, i, &device); i++) {
		if (device.is_vf)
			check_vf(doctor, &device);
		else
			check_pf(doctor, &device);
	}
}

/** What the kernel's driver tells of queues; of a function on vfio-pci only its driver knows. */
void
testacc_doctor_queues(struct testacc_doctor *doctor)
{
	struct testacc_doctor_device device;
	char uacce[NAME_LEN];
	int64_t left, kept;
	unsigned int i;

	for (i = 0; testacc_doctor_device(doctor, i, &device); i++) {
		if (find_uacce(doctor, device.address, uacce, sizeof(uacce))) {
			left = testacc_doctor_number(doctor, -1,
				DEVICES "/%s/uacce/%s/available_instances", device.address, uacce);
			if (left >= 0)
				testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, device.address,
					"%" PRId64 " queue%s of the kernel's driver %s free",
					left, testacc_plural((uint64_t)left),
					left == 1 ? "is" : "are");
		}
		kept = testacc_doctor_number(doctor, -1, "sys/module/%s/parameters/pf_q_num",
			device.driver);
		if (!device.is_vf && count_vfs(doctor, &device) > 0 && kept >= 0)
			testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, device.address,
				"the PF keeps %" PRId64 " queue%s (pf_q_num), its VFs share the rest",
				kept, testacc_plural((uint64_t)kept));
	}
}

/** Mark the CPUs of a list such as "0-3,7". */
static void
mark_cpus(const char *list, bool *marks)
{
	unsigned long from, to;
	char *end;

	for (; *list >= '0' && *list <= '9'; list = *end == ',' ? end + 1 : end) {
		from = strtoul(list, &end, 10);
		to = *end == '-' ? strtoul(end + 1, &end, 10) : from;
		for (; from <= to && from < MAX_CPUS; from++)
			marks[from] = true;
	}
}

static bool
lists_meet(const char *a, const char *b)
{
	bool in_a[MAX_CPUS] = { false }, in_b[MAX_CPUS] = { false };
	unsigned int cpu;

	mark_cpus(a, in_a);
	mark_cpus(b, in_b);
	for (cpu = 0; cpu < MAX_CPUS; cpu++)
		if (in_a[cpu] && in_b[cpu])
			return true;
	return false;
}

static void
check_numa(struct testacc_doctor *doctor, const struct testacc_doctor_device *device)
{
	int64_t node = testacc_doctor_number(doctor, -1, DEVICES "/%s/numa_node",
		device->address);
	char cpus[1024], allowed[1024];

	if (node < 0) {
		if (testacc_doctor_exists(doctor, "sys/devices/system/node/node1"))
			testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, device->address,
				"the firmware does not tell its NUMA node: memory comes from the lcores' nodes");
		return;
	}
	if (!testacc_doctor_read(doctor, cpus, sizeof(cpus),
			"sys/devices/system/node/node%" PRId64 "/cpulist", node))
		return;
	(void)testacc_doctor_field(doctor, "proc/self/status", "Cpus_allowed_list:", allowed,
		sizeof(allowed));
	if (allowed[0] == '\0' || lists_meet(cpus, allowed)) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, device->address,
			"on node %" PRId64 ", near CPUs %s", node, cpus);
		return;
	}
	testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, device->address,
		"on node %" PRId64 " (CPUs %s), but this shell may use CPUs %s only: everything crosses nodes",
		node, cpus, allowed);
	testacc_doctor_cure(doctor, "taskset -apc %s %d", cpus, (int)getppid());
}

void
testacc_doctor_numa(struct testacc_doctor *doctor)
{
	struct testacc_doctor_device device;
	unsigned int i;

	for (i = 0; testacc_doctor_device(doctor, i, &device); i++)
		check_numa(doctor, &device);
}
