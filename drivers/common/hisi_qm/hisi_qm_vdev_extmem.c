/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "hisi_qm_bus_vdev.h"
#include "hisi_qm_dev.h"
#include "hisi_qm_log.h"

/*
 * rte_dev_dma_map() on the vfio-user bus: memory of the application's own.
 *
 * Another process can only be shown memory that is a file, mapped shared. EAL knows no descriptor
 * of it, so the kernel is asked what lies at the address, and the file is opened once more.
 */

/** One line of /proc/self/maps, the parts that matter. */
struct extmem_vma {
	uintptr_t start;
	uintptr_t end;
	char perms[5];		/**< "rw-s" */
	uint64_t offset;	/**< in the file, bytes */
	dev_t device;
	ino_t inode;
	char path[PATH_MAX];
};

static bool
vma_parse(const char *line, struct extmem_vma *vma)
{
	unsigned int major_no, minor_no;
	unsigned long inode;
	int path_at = 0;

	if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %" SCNx64 " %x:%x %lu %n", &vma->start,
			&vma->end, vma->perms, &vma->offset, &major_no, &minor_no, &inode,
			&path_at) < 7)
		return false;
	vma->device = makedev(major_no, minor_no);
	vma->inode = inode;
	snprintf(vma->path, sizeof(vma->path), "%s", line + path_at);
	vma->path[strcspn(vma->path, "\n")] = '\0';
	return true;
}

/* The mapping that @p addr lies in. */
static int
vma_find(uintptr_t addr, struct extmem_vma *vma)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char *line = NULL;
	size_t len = 0;
	int ret = -EFAULT;

	if (maps == NULL)
		return -errno;
	while (getline(&line, &len, maps) > 0) {
		if (vma_parse(line, vma) && vma->start <= addr && addr < vma->end) {
			ret = 0;
			break;
		}
	}
	free(line);
	fclose(maps);
	return ret;
}

static bool
fd_is_vma_file(int fd, const struct extmem_vma *vma)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_ino == vma->inode && st.st_dev == vma->device;
}

static int
open_checked(const char *path, int flags, const struct extmem_vma *vma)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd >= 0 && !fd_is_vma_file(fd, vma)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* A descriptor of this process that is the file, opened once more. */
static int
open_from_own_fds(int flags, const struct extmem_vma *vma)
{
	DIR *dir = opendir("/proc/self/fd");
	char path[sizeof("/proc/self/fd/") + NAME_MAX];
	struct dirent *entry;
	int fd = -1;

	while (dir != NULL && fd < 0 && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' || !fd_is_vma_file(atoi(entry->d_name), vma))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
		fd = open_checked(path, flags, vma);
	}
	if (dir != NULL)
		closedir(dir);
	return fd;
}

/* map_files needs a privilege, the path may be gone (memfd), the descriptor may be closed. */
static int
vma_open(const struct extmem_vma *vma)
{
	int flags = vma->perms[1] == 'w' ? O_RDWR : O_RDONLY;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/map_files/%" PRIxPTR "-%" PRIxPTR, vma->start,
		vma->end);
	fd = open_checked(path, flags, vma);
	if (fd < 0 && vma->path[0] == '/')
		fd = open_checked(vma->path, flags, vma);
	if (fd < 0)
		fd = open_from_own_fds(flags, vma);
	return fd;
}

static int
extmem_refuse(const struct hisi_qm_bus_vdev *vdev, const void *addr, size_t len, const char *why)
{
	HISI_QM_LOG(ERR, "%s: memory %p of %zu bytes cannot be shown to the device model: %s",
		vdev->bus.name, addr, len, why);
	return -ENOTSUP;
}

/* The part of the range that lies in one mapping; *len is cut down to it. */
static int
extmem_map_piece(struct hisi_qm_bus_vdev *vdev, uintptr_t addr, uint64_t iova, size_t *len)
{
	uint32_t prot = VFIO_USER_DMA_READ_ALLOWED;
	struct extmem_vma vma;
	int fd, ret;

	ret = vma_find(addr, &vma);
	if (ret != 0)
		return extmem_refuse(vdev, (void *)addr, *len, "nothing is mapped there");
	if (vma.perms[3] != 's' || vma.inode == 0)
		return extmem_refuse(vdev, (void *)addr, *len,
			"it is private; map a file or a memfd with MAP_SHARED");
	if (vma.perms[0] != 'r')
		return extmem_refuse(vdev, (void *)addr, *len, "it is not readable");
	if (vma.perms[1] == 'w')
		prot |= VFIO_USER_DMA_WRITE_ALLOWED;
	*len = RTE_MIN(*len, vma.end - addr);
	fd = vma_open(&vma);
	if (fd < 0)
		return extmem_refuse(vdev, (void *)addr, *len,
			"its file cannot be opened again; keep a descriptor of it open");
	ret = vfio_user_client_dma_map(vdev->client, fd, vma.offset + (addr - vma.start), iova,
		*len, prot);
	close(fd);
	if (ret != 0)
		HISI_QM_LOG(ERR, "%s: memory %p of %zu bytes at IOVA 0x%" PRIx64 " was refused: %s",
			vdev->bus.name, (void *)addr, *len, iova, strerror(-ret));
	return ret;
}

/** A range that rte_dev_dma_map() gave us; a new connection gets it too. */
struct hisi_qm_vdev_extmem {
	struct hisi_qm_vdev_extmem *next;
	uintptr_t addr;
	uint64_t iova;
	size_t len;
};

/* All of a range, or none of it. */
static int
extmem_map(struct hisi_qm_bus_vdev *vdev, uintptr_t addr, uint64_t iova, size_t len)
{
	size_t done = 0, piece;
	int ret = 0;

	while (ret == 0 && done < len) {
		piece = len - done;
		ret = extmem_map_piece(vdev, addr + done, iova + done, &piece);
		if (ret == 0)
			done += piece;
	}
	if (ret != 0 && done != 0)
		(void)vfio_user_client_dma_unmap(vdev->client, iova, done);
	return ret;
}

int
hisi_qm_vdev_extmem_redo(struct hisi_qm_bus_vdev *vdev)
{
	const struct hisi_qm_vdev_extmem *range;
	int ret = 0;

	for (range = vdev->extmem; ret == 0 && range != NULL; range = range->next)
		ret = extmem_map(vdev, range->addr, range->iova, range->len);
	return ret;
}

void
hisi_qm_vdev_extmem_forget(struct hisi_qm_bus_vdev *vdev)
{
	struct hisi_qm_vdev_extmem *range;

	while ((range = vdev->extmem) != NULL) {
		vdev->extmem = range->next;
		free(range);
	}
}

/* Does any of it lie in [iova, iova + len)? */
static bool
range_overlaps(const struct hisi_qm_vdev_extmem *range, uint64_t iova, uint64_t len)
{
	return range->iova >= iova ? range->iova - iova < len : iova - range->iova < range->len;
}

static bool
range_is_inside(const struct hisi_qm_vdev_extmem *range, uint64_t iova, uint64_t len)
{
	return range->iova >= iova && range->len <= len && range->iova - iova <= len - range->len;
}

/*
 * As EAL has it for functions behind vfio. Of a range that is several files the device would give a
 * part back, and a new connection get all of it; what was never mapped may be EAL's memory.
 *
 * @return 0: whole ranges, and at least one; -ENOTSUP: a part of one; -EINVAL: none
 */
static int
extmem_check_unmap(const struct hisi_qm_bus_vdev *vdev, uint64_t iova, uint64_t len)
{
	const struct hisi_qm_vdev_extmem *range;
	int ret = -EINVAL;

	for (range = vdev->extmem; range != NULL; range = range->next) {
		if (!range_overlaps(range, iova, len))
			continue;
		if (!range_is_inside(range, iova, len))
			return -ENOTSUP;
		ret = 0;
	}
	return ret;
}

/* One after the other: between them may be memory that stays. */
static int
extmem_unmap(struct hisi_qm_bus_vdev *vdev, uint64_t iova, uint64_t len)
{
	struct hisi_qm_vdev_extmem **at = &vdev->extmem, *range;
	int ret = extmem_check_unmap(vdev, iova, len);

	while (ret == 0 && (range = *at) != NULL) {
		if (!range_overlaps(range, iova, len)) {
			at = &range->next;
			continue;
		}
		ret = vfio_user_client_dma_unmap(vdev->client, range->iova, range->len);
		/* With the connection all maps are gone. */
		if (ret != 0 && !vfio_user_client_is_dead(vdev->client))
			break;
		ret = 0;
		*at = range->next;
		free(range);
	}
	return ret;
}

static int
vdev_of(struct hisi_qm_dev *dev, struct hisi_qm_bus_vdev **vdev)
{
	*vdev = hisi_qm_bus_to_vdev(dev->bus);
	return *vdev != NULL ? 0 : -ENOTSUP;
}

int
hisi_qm_dev_dma_map(struct hisi_qm_dev *dev, void *addr, uint64_t iova, size_t len)
{
	struct hisi_qm_vdev_extmem *range;
	struct hisi_qm_bus_vdev *vdev;
	int ret = vdev_of(dev, &vdev);

	if (ret != 0)
		return ret;
	if (len == 0)
		return -EINVAL;
	range = malloc(sizeof(*range));
	if (range == NULL)
		return -ENOMEM;
	*range = (struct hisi_qm_vdev_extmem){ NULL, (uintptr_t)addr, iova, len };
	/* The control thread may be about to change the connection. */
	hisi_qm_dev_lock(dev);
	ret = vdev->is_revoked ? -ENODEV : extmem_map(vdev, range->addr, iova, len);
	if (ret == 0) {
		range->next = vdev->extmem;
		vdev->extmem = range;
	}
	hisi_qm_dev_unlock(dev);
	if (ret != 0)
		free(range);
	return ret;
}

int
hisi_qm_dev_dma_unmap(struct hisi_qm_dev *dev, void *addr, uint64_t iova, size_t len)
{
	struct hisi_qm_bus_vdev *vdev;
	int ret = vdev_of(dev, &vdev);

	RTE_SET_USED(addr);
	if (ret != 0)
		return ret;
	if (len == 0)
		return -EINVAL;
	hisi_qm_dev_lock(dev);
	ret = extmem_unmap(vdev, iova, len);
	hisi_qm_dev_unlock(dev);
	return ret;
}
