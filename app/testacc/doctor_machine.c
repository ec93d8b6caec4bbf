/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_common.h>

#include "doctor.h"

/* Checks of the machine as a whole: processor, container, IOMMU, vfio. */

static bool
has_device(const struct testacc_doctor *doctor)
{
	struct testacc_doctor_device device;

	return testacc_doctor_device(doctor, 0, &device);
}

void
testacc_doctor_platform(struct testacc_doctor *doctor)
{
	char arch[32], page[32];

	if (!testacc_doctor_read(doctor, arch, sizeof(arch), "proc/sys/kernel/arch"))
		snprintf(arch, sizeof(arch), "unknown processor");
	if (!testacc_doctor_field(doctor, "proc/self/smaps", "KernelPageSize:", page, sizeof(page)))
		snprintf(page, sizeof(page), "unknown size");
	if (strcmp(arch, "aarch64") == 0)
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, "", "%s, pages of %s", arch, page);
	else
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, "",
			"%s, pages of %s: the accelerators are on Kunpeng (aarch64) only, the model runs anywhere",
			arch, page);
}

/* What engines leave behind. None of it is in every container: containerd leaves no file, the
 * cgroup is hidden by a namespace of its own, and the environment of process 1 is root's to read.
 */
static const char * const container_files[] = { ".dockerenv", "run/.containerenv" };
static const char * const container_variables[] = { "container", "KUBERNETES_SERVICE_HOST" };
static const char * const container_cgroups[] = { "docker", "kubepods", "libpod", "lxc" };

struct hints {
	char text[128];
};

static void __attribute__((format(printf, 2, 3)))
add_hint(struct hints *hints, const char *format, ...)
{
	size_t used = strlen(hints->text);
	va_list args;

	if (used > 0)
		used += (size_t)snprintf(hints->text + used, sizeof(hints->text) - used, ", ");
	if (used >= sizeof(hints->text))
		return;
	va_start(args, format);
	vsnprintf(hints->text + used, sizeof(hints->text) - used, format, args);
	va_end(args);
}

/**
 * Processes are numbered anew, and all files are an image's. One alone is no container: unshare and
 * services with PrivatePIDs have the first, live systems the second.
 */
static bool
has_own_world(const struct testacc_doctor *doctor)
{
	char link[32];

	/* The kernel's own number of the first namespace, the same on every machine. */
	return testacc_doctor_link(doctor, link, sizeof(link), "proc/self/ns/pid") &&
		strcmp(link, "pid:[4026531836]") != 0 &&
		testacc_doctor_has(doctor, "proc/mounts", "overlay / overlay ");
}

static void
find_hints(const struct testacc_doctor *doctor, struct hints *hints)
{
	char value[32];
	size_t i;

	hints->text[0] = '\0';
	for (i = 0; i < RTE_DIM(container_files); i++)
		if (testacc_doctor_exists(doctor, "%s", container_files[i]))
			add_hint(hints, "/%s", container_files[i]);
	for (i = 0; i < RTE_DIM(container_variables); i++)
		if (testacc_doctor_variable(doctor, "proc/1/environ", container_variables[i], value,
				sizeof(value)) && value[0] != '\0')
			add_hint(hints, "%s=%s of process 1", container_variables[i], value);
	for (i = 0; i < RTE_DIM(container_cgroups); i++)
		if (testacc_doctor_has(doctor, "proc/1/cgroup", container_cgroups[i]))
			add_hint(hints, "%s in /proc/1/cgroup", container_cgroups[i]);
	if (has_own_world(doctor))
		add_hint(hints, "own process numbers on an overlay");
}

bool
testacc_doctor_is_container(const struct testacc_doctor *doctor)
{
	struct hints hints;

	find_hints(doctor, &hints);
	return hints.text[0] != '\0';
}

void
testacc_doctor_container(struct testacc_doctor *doctor)
{
	bool is_fixed = testacc_doctor_has(doctor, "proc/mounts", "sysfs /sys sysfs ro");
	struct hints hints;

	find_hints(doctor, &hints);
	if (hints.text[0] == '\0')
		return;
	testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, "",
		"a container (%s)%s: devices, /dev/vfio, hugepages and memlock are those it was started with (--device=/dev/vfio/vfio --device=/dev/vfio/GROUP --ulimit memlock=-1 -v /dev/hugepages:/dev/hugepages)",
		hints.text, is_fixed ? " that cannot change /sys, so the cures are for its host" : "");
}

static unsigned int
count_entries(const struct testacc_doctor *doctor, const char *path)
{
	unsigned int count;
	char name[64];

	for (count = 0; testacc_doctor_entry(doctor, path, count, name, sizeof(name)); count++)
		;
	return count;
}

/** Words of the kernel's command line that switch it on. */
static const char *
iommu_words(const struct testacc_doctor *doctor)
{
	char arch[32];

	(void)testacc_doctor_read(doctor, arch, sizeof(arch), "proc/sys/kernel/arch");
	if (strcmp(arch, "aarch64") == 0)
		return "iommu.passthrough=1";
	return testacc_doctor_has(doctor, "proc/cpuinfo", "GenuineIntel") ?
		"intel_iommu=on iommu=pt" : "amd_iommu=on iommu=pt";
}

void
testacc_doctor_iommu(struct testacc_doctor *doctor)
{
	unsigned int groups = count_entries(doctor, "sys/kernel/iommu_groups");

	if (groups > 0) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, "", "on, with %u group%s",
			groups, testacc_plural(groups));
	} else if (!has_device(doctor)) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, "",
			"off; a device needs it, the model does not");
	} else {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, "",
			"off: a device cannot be given to a process; switch it on in the firmware (SMMU, VT-d, AMD-Vi) and for the kernel, then boot again");
		testacc_doctor_cure(doctor,
			"sed -i 's/^GRUB_CMDLINE_LINUX=\"/&%s /' /etc/default/grub && update-grub",
			iommu_words(doctor));
	}
}

static void
check_unsafe(struct testacc_doctor *doctor)
{
	char text[8];

	(void)testacc_doctor_read(doctor, text, sizeof(text),
		"sys/module/vfio/parameters/enable_unsafe_noiommu_mode");
	if (text[0] == 'Y' && testacc_doctor_exists(doctor, "dev/vfio/noiommu-0"))
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, "",
			"the mode without IOMMU is on: the drivers refuse devices in it, whose addresses would be those of memory");
}

void
testacc_doctor_vfio(struct testacc_doctor *doctor)
{
	bool has_pci = testacc_doctor_exists(doctor, "sys/bus/pci/drivers/vfio-pci");
	bool has_iommu = testacc_doctor_exists(doctor, "sys/module/vfio_iommu_type1");

	if (has_pci && has_iommu) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_OK, "",
			"vfio-pci and vfio_iommu_type1 are there");
	} else if (!has_device(doctor)) {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_NOTE, "",
			"%s is not loaded; a device needs it, the model does not",
			has_pci ? "vfio_iommu_type1" : "vfio-pci");
	} else {
		testacc_doctor_tell(doctor, TESTACC_DOCTOR_CURE, "",
			"%s is not loaded: no device can be given to a process",
			has_pci ? "vfio_iommu_type1" : "vfio-pci");
		testacc_doctor_cure(doctor, "modprobe -a vfio-pci vfio_iommu_type1");
	}
	check_unsafe(doctor);
}
