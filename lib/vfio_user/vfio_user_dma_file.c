/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "vfio_user_dma_internal.h"

/*
 * Files are mapped whole, so that the 4 KiB maps of a guest with a vIOMMU do not run into
 * vm.max_map_count (vfio-user.md 16). Above this size only the asked range is mapped: a client must
 * not be able to use up our address space with a few sparse files.
 */
#define DMA_FILE_WHOLE_MAX (UINT64_C(1) << 40)

static uint32_t
dma_file_bucket(ino_t ino)
{
	return (uint32_t)(((uint64_t)ino * 0x9e3779b97f4a7c15ULL) >> 32) % DMA_FILE_BUCKETS;
}

static struct dma_file *
dma_file_find(struct dma_files *files, const struct stat *st, uint64_t end, bool is_writable)
{
	struct dma_file *file = files->buckets[dma_file_bucket(st->st_ino)];

	for (; file != NULL; file = file->next) {
		if (file->is_whole && file->dev == st->st_dev && file->ino == st->st_ino &&
		    file->is_writable == is_writable && end <= file->len)
			return file;
	}
	return NULL;
}

/* mmap(2) works in pages, hugetlbfs in its own blocks (vfio-user.md 15). */
static int
dma_file_granule(int fd, uint64_t *granule)
{
	struct statfs fs;

	*granule = (uint64_t)sysconf(_SC_PAGESIZE);
	if (fstatfs(fd, &fs) != 0)
		return -errno;
	if (fs.f_type == HUGETLBFS_MAGIC && fs.f_bsize > 0 && (uint64_t)fs.f_bsize > *granule)
		*granule = (uint64_t)fs.f_bsize;
	return 0;
}

static size_t
dma_file_page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/*
 * Addresses for len bytes and a page of zeros behind them: what engines use reads in wide steps,
 * and ISA-L's deflate on arm64 a few bytes past the end of its input.
 */
static uint8_t *
dma_file_reserve(size_t len, size_t granule)
{
	const size_t page = dma_file_page();
	size_t head;
	uint8_t *room;

	room = mmap(NULL, len + granule + page, PROT_READ,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (room == MAP_FAILED)
		return NULL;
	head = (granule - (uintptr_t)room % granule) % granule;
	if (head != 0)
		munmap(room, head);
	room += head;
	munmap(room + len + page, granule - head);
	return room;
}

static void
dma_file_release(uint8_t *base, size_t len)
{
	munmap(base, len + dma_file_page());
}

static int
dma_file_mmap(struct dma_file *file, int fd, uint64_t start, uint64_t end, uint64_t granule)
{
	int prot = PROT_READ | (file->is_writable ? PROT_WRITE : 0);
	uint8_t *base;
	int ret;

	start -= start % granule;
	if (end % granule != 0)
		end += granule - end % granule;
	if (end - start > PTRDIFF_MAX)
		return -ENOMEM;
	base = dma_file_reserve(end - start, granule);
	if (base == NULL)
		return -ENOMEM;
	/* No reservation: holes of a hugetlbfs file are the client's to fill, not ours to pay. */
	if (mmap(base, end - start, prot, MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd,
		 (off_t)start) == MAP_FAILED) {
		ret = -errno;
		dma_file_release(base, end - start);
		return ret;
	}
	/* Somebody else's memory has no place in our core dumps; failing to say so is harmless. */
	(void)madvise(base, end - start, MADV_DONTDUMP);
	file->base = base;
	file->start = start;
	file->len = end - start;
	return 0;
}

static int
dma_file_open(struct dma_file *file, int fd, const struct stat *st, uint64_t offset, uint64_t end)
{
	uint64_t granule;
	int ret = dma_file_granule(fd, &granule);

	if (ret != 0)
		return ret;
	if ((uint64_t)st->st_size <= DMA_FILE_WHOLE_MAX) {
		ret = dma_file_mmap(file, fd, 0, (uint64_t)st->st_size, granule);
		file->is_whole = ret == 0;
		if (ret != -ENOMEM)
			return ret;
	}
	return dma_file_mmap(file, fd, offset, end, granule);
}

static int
dma_file_check(int fd, uint64_t offset, uint64_t size, bool is_writable, struct stat *st)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fstat(fd, st) != 0)
		return -errno;
	if (!S_ISREG(st->st_mode) || (flags & O_PATH) != 0)
		return -EBADF;
	/* Asked here and not left to mmap(2), as the mapping may exist already. */
	if ((flags & O_ACCMODE) == O_WRONLY || (is_writable && (flags & O_ACCMODE) != O_RDWR))
		return -EACCES;
	if (st->st_size < 0 || size > (uint64_t)st->st_size ||
	    offset > (uint64_t)st->st_size - size)
		return -EINVAL;
	return 0;
}

int
dma_file_get(struct dma_files *files, int fd, uint64_t offset, uint64_t size, bool is_writable,
	     struct dma_file **out)
{
	struct dma_file *file;
	struct stat st;
	int ret = dma_file_check(fd, offset, size, is_writable, &st);

	if (ret != 0)
		return ret;
	file = dma_file_find(files, &st, offset + size, is_writable);
	if (file == NULL) {
		file = calloc(1, sizeof(*file));
		if (file == NULL)
			return -ENOMEM;
		file->is_writable = is_writable;
		file->dev = st.st_dev;
		file->ino = st.st_ino;
		ret = dma_file_open(file, fd, &st, offset, offset + size);
		if (ret != 0) {
			free(file);
			return ret;
		}
		file->next = files->buckets[dma_file_bucket(st.st_ino)];
		files->buckets[dma_file_bucket(st.st_ino)] = file;
		files->nb_files++;
	}
	file->nb_users++;
	*out = file;
	return 0;
}

void
dma_file_put(struct dma_files *files, struct dma_file *file)
{
	struct dma_file **link = &files->buckets[dma_file_bucket(file->ino)];

	if (--file->nb_users != 0)
		return;
	while (*link != file)
		link = &(*link)->next;
	*link = file->next;
	files->nb_files--;
	dma_file_release(file->base, file->len);
	free(file);
}
