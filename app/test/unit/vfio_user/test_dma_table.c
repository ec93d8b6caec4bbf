/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

/* The DMA map, alone and against a naive model of it (vfio-user.md 4, 15, 16). */

#define READ VFIO_USER_DMA_READ_ALLOWED
#define WRITE VFIO_USER_DMA_WRITE_ALLOWED
#define RW (READ | WRITE)
#define PAGE VFIO_USER_PAGE_SIZE

static int
table_setup(void **state)
{
	*state = vfio_user_dma_table_create(0);
	return *state == NULL;
}

static int
table_teardown(void **state)
{
	vfio_user_dma_table_destroy(*state);
	return 0;
}

static struct vfio_user_dma_stats
stats_of(const struct vfio_user_dma_table *table)
{
	struct vfio_user_dma_stats stats;

	vfio_user_dma_get_stats(table, &stats);
	return stats;
}

/* Contiguous bytes at iova, or -errno. */
static int64_t
contig_at(const struct vfio_user_dma_table *table, uint64_t iova, uint64_t len, uint32_t access)
{
	uint64_t contig = 0;
	void *host = NULL;
	int ret = vfio_user_dma_lookup(table, iova, len, access, &host, &contig);

	if (ret == 0)
		assert_in_range(contig, 1, len);
	return ret != 0 ? ret : (int64_t)contig;
}

static void
test_lookup(void **state)
{
	struct vfio_user_dma_table *table = *state;
	int file = test_memfd(4 * PAGE);

	assert_int_equal(contig_at(table, 0, 1, READ), -EFAULT);
	assert_int_equal(vfio_user_dma_insert(table, file, 0, 0x10000, 4 * PAGE, RW), 0);
	assert_int_equal(contig_at(table, 0xffff, 1, READ), -EFAULT);
	assert_int_equal(contig_at(table, 0x10000, 1, READ), 1);
	assert_int_equal(contig_at(table, 0x10000, 4 * PAGE, RW), 4 * PAGE);
	assert_int_equal(contig_at(table, 0x10001, 1 << 20, WRITE), 4 * PAGE - 1);
	assert_int_equal(contig_at(table, 0x13fff, 2, READ), 1);
	assert_int_equal(contig_at(table, 0x14000, 1, READ), -EFAULT);
	assert_int_equal(contig_at(table, 0x10000, 0, READ), -EINVAL);
	assert_int_equal(contig_at(table, 0x10000, 1, 0), -EINVAL);
	assert_int_equal(contig_at(table, 0x10000, 1, 4), -EINVAL);
	assert_int_equal(contig_at(table, 0x10000, UINT64_MAX, READ), -EINVAL); /* wraps */
	assert_int_equal(vfio_user_dma_check(table, 0x10000, 4 * PAGE, RW), 0);
	assert_int_equal(vfio_user_dma_check(table, 0x10000, 4 * PAGE + 1, READ), -EFAULT);
	close(file);
}

static void
test_rights(void **state)
{
	struct vfio_user_dma_table *table = *state;
	int file = test_memfd(8 * PAGE), read_only;
	char path[64];
	uint8_t byte = 1;

	assert_int_equal(vfio_user_dma_insert(table, file, 0, 0, PAGE, READ), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, PAGE, PAGE, PAGE, WRITE), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, 2 * PAGE, 2 * PAGE, PAGE, 0), 0);
	assert_int_equal(contig_at(table, 0, PAGE, READ), PAGE);
	assert_int_equal(contig_at(table, 0, PAGE, WRITE), -EACCES);
	assert_int_equal(contig_at(table, 0, PAGE, RW), -EACCES);
	assert_int_equal(contig_at(table, PAGE, PAGE, READ), -EACCES);
	assert_int_equal(contig_at(table, PAGE, PAGE, WRITE), PAGE);
	assert_int_equal(contig_at(table, 2 * PAGE, PAGE, READ), -EACCES);
	/* A write stops where it is not allowed, and does nothing before that. */
	assert_int_equal(vfio_user_dma_copy_out(table, 2 * PAGE - 1, &byte, 1), 0);
	assert_int_equal(vfio_user_dma_copy_out(table, PAGE - 1, &byte, 1), -EACCES);
	/* A descriptor that may only read makes no writable map, also when the file is known. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	read_only = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(read_only >= 0);
	assert_int_equal(vfio_user_dma_insert(table, read_only, 0, 0x100000, PAGE, RW), -EACCES);
	assert_int_equal(vfio_user_dma_insert(table, read_only, 0, 0x100000, PAGE, READ), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, 0, 0x200000, PAGE, 8), -EINVAL);
	close(read_only);
	close(file);
}

/* Neighbours in IOVA: one piece if they are neighbours here too, else two. */
static void
test_borders(void **state)
{
	struct vfio_user_dma_table *table = *state;
	int file = test_memfd(8 * PAGE), other = test_memfd(8 * PAGE);
	uint64_t page[2 * PAGE / 8];

	assert_int_equal(vfio_user_dma_insert(table, file, 0, 0, PAGE, RW), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, PAGE, PAGE, PAGE, RW), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, 5 * PAGE, 2 * PAGE, PAGE, RW), 0);
	assert_int_equal(vfio_user_dma_insert(table, other, 0, 3 * PAGE, PAGE, RW), 0);
	assert_int_equal(contig_at(table, 0, 4 * PAGE, READ), 2 * PAGE);
	assert_int_equal(contig_at(table, 2 * PAGE, 2 * PAGE, READ), PAGE);
	assert_int_equal(contig_at(table, 3 * PAGE, 2 * PAGE, READ), PAGE);
	assert_int_equal(vfio_user_dma_check(table, 0, 4 * PAGE, RW), 0);
	/* The copies see through the borders. */
	assert_int_equal(vfio_user_dma_copy_in(table, page, PAGE + 8, 2 * PAGE), 0);
	assert_int_equal(page[(PAGE - 8) / 8], 5);
	assert_int_equal(vfio_user_dma_copy_in(table, page, 3 * PAGE - 8, PAGE), 0);
	assert_int_equal(page[1], 0); /* other's page 0 */
	assert_int_equal(vfio_user_dma_copy_in(table, page, 3 * PAGE + 8, PAGE), -EFAULT);
	/* Nothing is written unless all can be. */
	memset(page, 0xff, sizeof(page));
	assert_int_equal(vfio_user_dma_copy_out(table, 4 * PAGE - 8, page, 16), -EFAULT);
	assert_int_equal(vfio_user_dma_copy_in(table, page, 4 * PAGE - 8, 8), 0);
	assert_int_equal(page[0], 0);
	assert_int_equal(vfio_user_dma_copy_in(table, page, 1ULL << 40, 0), 0);
	close(file);
	close(other);
}

static void
test_end_of_address_space(void **state)
{
	struct vfio_user_dma_table *table = *state;
	const uint64_t last_page = -(uint64_t)PAGE;
	int file = test_memfd(2 * PAGE);

	assert_int_equal(vfio_user_dma_insert(table, file, 0, last_page, PAGE, RW), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, 0, last_page, 2 * PAGE, RW), -EINVAL);
	assert_int_equal(contig_at(table, UINT64_MAX, 1, READ), 1);
	assert_int_equal(contig_at(table, UINT64_MAX, 2, READ), -EINVAL);
	assert_int_equal(contig_at(table, last_page, PAGE, READ), PAGE);
	assert_int_equal(vfio_user_dma_remove(table, last_page + 1, PAGE - 1), -EINVAL);
	assert_int_equal(vfio_user_dma_remove(table, 1, UINT64_MAX), 1);
	assert_int_equal(stats_of(table).nb_maps, 0);
	close(file);
}

/* vm.max_map_count must not be what limits a guest with a vIOMMU (vfio-user.md 16). */
static void
test_many_pages_of_one_file(void **state)
{
	enum { NUM = 40000 };
	struct vfio_user_dma_table *table = *state;
	int file = memfd_create("test", MFD_CLOEXEC);
	struct vfio_user_dma_stats stats;
	uint64_t i;

	assert_int_equal(ftruncate(file, (off_t)NUM * PAGE), 0);
	for (i = 0; i < NUM; i++) /* scattered: no two neighbours */
		assert_int_equal(vfio_user_dma_insert(table, file, i * 7919 % NUM * PAGE,
						      i * 2 * PAGE, PAGE, i % 3 ? RW : READ), 0);
	stats = stats_of(table);
	assert_int_equal(stats.nb_maps, NUM);
	assert_int_equal(stats.nb_files, 2); /* one per protection */
	assert_int_equal(stats.nb_bytes, (uint64_t)NUM * PAGE);
	for (i = 0; i < NUM; i++) {
		assert_int_equal(contig_at(table, i * 2 * PAGE, 2 * PAGE, READ), PAGE);
		assert_int_equal(contig_at(table, (i * 2 + 1) * PAGE, 1, READ), -EFAULT);
	}
	for (i = 0; i < NUM; i += 2)
		assert_int_equal(vfio_user_dma_remove(table, i * 2 * PAGE, PAGE), 1);
	assert_int_equal(vfio_user_dma_remove(table, 0, (uint64_t)NUM * 2 * PAGE), NUM / 2);
	assert_int_equal(stats_of(table).nb_files, 0);
	close(file);
}

static void
test_growing_file(void **state)
{
	struct vfio_user_dma_table *table = *state;
	int file = test_memfd(PAGE);
	uint64_t value = 0x55;

	assert_int_equal(vfio_user_dma_insert(table, file, 0, 0, PAGE, RW), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, PAGE, PAGE, PAGE, RW), -EINVAL);
	assert_int_equal(ftruncate(file, 4 * PAGE), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, PAGE, PAGE, 3 * PAGE, RW), 0);
	assert_int_equal(vfio_user_dma_copy_out(table, 4 * PAGE - 8, &value, 8), 0);
	assert_int_equal(stats_of(table).nb_files, 2);
	assert_int_equal(vfio_user_dma_remove(table, 0, PAGE), 1);
	assert_int_equal(vfio_user_dma_copy_in(table, &value, PAGE, 8), 0);
	assert_int_equal(vfio_user_dma_clear(table), 1);
	assert_int_equal(stats_of(table).nb_files, 0);
	close(file);
}

/* A file of absurd size costs no address space: only what is asked for is mapped. */
static void
test_sparse_giant(void **state)
{
	struct vfio_user_dma_table *table = *state;
	int file = memfd_create("test", MFD_CLOEXEC);
	uint64_t size = 1ULL << 60, value = 1;

	if (ftruncate(file, (off_t)size) != 0) {
		close(file);
		skip(); /* the file system has a smaller limit */
	}
	assert_int_equal(vfio_user_dma_insert(table, file, size - 3 * PAGE, 0, PAGE, RW), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, size - 2 * PAGE, PAGE, 2 * PAGE, RW), 0);
	assert_int_equal(vfio_user_dma_copy_out(table, 2 * PAGE, &value, 8), 0);
	value = 0;
	assert_int_equal(pread(file, &value, 8, (off_t)(size - PAGE)), 8);
	assert_int_equal(value, 1);
	assert_int_equal(vfio_user_dma_insert(table, file, 0, 1ULL << 61, 1ULL << 59, RW), -ENOMEM);
	close(file);
}

/* Huge pages: mapped in blocks of their own size, whatever part of one is wanted (15). */
static void
test_huge_pages(void **state)
{
	struct vfio_user_dma_table *table = *state;
	int file = memfd_create("test", MFD_CLOEXEC | MFD_HUGETLB);
	struct stat st;
	uint64_t value = 3, size;
	void *memory;

	if (file < 0)
		skip();
	assert_int_equal(fstat(file, &st), 0);
	size = (uint64_t)st.st_blksize;
	assert_int_equal(ftruncate(file, (off_t)size), 0);
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (memory == MAP_FAILED) { /* none free */
		close(file);
		skip();
	}
	assert_int_equal(vfio_user_dma_insert(table, file, 3 * PAGE, 0x3000, 2 * PAGE, RW), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, 0, size, size, RW), 0);
	assert_int_equal(vfio_user_dma_insert(table, file, PAGE, 4 * size, size, RW), -EINVAL);
	assert_int_equal(vfio_user_dma_copy_out(table, 0x4000, &value, 8), 0);
	assert_int_equal(*(uint64_t *)memory + ((uint64_t *)memory)[4 * PAGE / 8], 3);
	assert_int_equal(vfio_user_dma_copy_in(table, &value, size + 4 * PAGE, 8), 0);
	assert_int_equal(value, 3);
	assert_int_equal(vfio_user_dma_clear(table), 2);
	munmap(memory, size);
	close(file);
}

static void
test_generation(void **state)
{
	struct vfio_user_dma_table *table = *state;
	uint64_t generation = stats_of(table).generation;

	assert_int_equal(vfio_user_dma_insert(table, -1, 1, 0, PAGE, RW), 0);
	assert_true(stats_of(table).generation != generation);
	generation = stats_of(table).generation;
	assert_int_equal(vfio_user_dma_insert(table, -1, 2, 0, PAGE, RW), 0); /* repetition */
	assert_int_equal(vfio_user_dma_remove(table, PAGE, PAGE), 0);
	assert_int_equal(stats_of(table).generation, generation);
	assert_int_equal(vfio_user_dma_remove(table, 0, PAGE), 1);
	assert_true(stats_of(table).generation != generation);
}

static int
collect(void *opaque, const struct vfio_user_dma_entry *entry)
{
	uint64_t *last = opaque;

	assert_true(*last == UINT64_MAX || entry->iova > *last);
	*last = entry->iova;
	return entry->iova == 20 * PAGE ? 42 : 0;
}

static void
test_foreach(void **state)
{
	struct vfio_user_dma_table *table = *state;
	uint64_t i, last = UINT64_MAX;

	assert_int_equal(vfio_user_dma_foreach(table, collect, &last), 0);
	for (i = 0; i < 30; i++)
		assert_int_equal(vfio_user_dma_insert(table, -1, 0, i * 11 % 30 * PAGE, PAGE, RW),
				 0);
	assert_int_equal(vfio_user_dma_foreach(table, collect, &last), 42);
	assert_int_equal(last, 20 * PAGE);
}

/* The naive model: per page which map it belongs to. */
#define MODEL_PAGES 256u

struct model {
	struct {
		uint32_t map; /* 0: none */
		uint32_t prot;
		int file; /* index, -1 without */
		uint64_t file_page;
	} pages[MODEL_PAGES];
	uint32_t next_map;
};

static uint32_t
rnd(uint32_t below)
{
	static uint64_t seed = 88172645463325252ULL;

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % below;
}

static bool
model_is_start(const struct model *model, uint32_t page)
{
	return page >= MODEL_PAGES || page == 0 || model->pages[page].map == 0 ||
	       model->pages[page].map != model->pages[page - 1].map;
}

static void
model_insert(struct model *model, struct vfio_user_dma_table *table, const int *files)
{
	uint32_t at = rnd(MODEL_PAGES - 16), nb = 1 + rnd(16), prot = rnd(4), i;
	int file = (int)rnd(4) - 1;
	uint64_t file_page = rnd(4) == 0 ? at : rnd(MODEL_PAGES - 16);
	bool is_free = true, is_same = true;
	int ret;

	for (i = at; i < at + nb; i++) {
		is_free &= model->pages[i].map == 0;
		is_same &= model->pages[i].map != 0 &&
			   model->pages[i].map == model->pages[at].map &&
			   model->pages[i].prot == prot && model->pages[i].file == file &&
			   (file < 0 || model->pages[i].file_page == file_page + (i - at));
	}
	is_same &= model_is_start(model, at) && model_is_start(model, at + nb);
	ret = vfio_user_dma_insert(table, file < 0 ? -1 : files[file], file_page * PAGE,
				   (uint64_t)at * PAGE, (uint64_t)nb * PAGE, prot);
	assert_int_equal(ret, is_free || is_same ? 0 : -EEXIST);
	if (!is_free)
		return;
	model->next_map++;
	for (i = at; i < at + nb; i++) {
		model->pages[i].map = model->next_map;
		model->pages[i].prot = prot;
		model->pages[i].file = file;
		model->pages[i].file_page = file_page + (i - at);
	}
}

static void
model_remove(struct model *model, struct vfio_user_dma_table *table)
{
	uint32_t at = rnd(MODEL_PAGES), nb = 1 + rnd(40), end, i;
	int ret, nb_maps = 0;

	end = at + nb < MODEL_PAGES ? at + nb : MODEL_PAGES;
	ret = vfio_user_dma_remove(table, (uint64_t)at * PAGE, (uint64_t)nb * PAGE);
	if (!model_is_start(model, at) || !model_is_start(model, end)) {
		assert_int_equal(ret, -EINVAL);
		return;
	}
	for (i = at; i < end; i++)
		nb_maps += model->pages[i].map != 0 && model_is_start(model, i);
	assert_int_equal(ret, nb_maps);
	for (i = at; i < end; i++)
		model->pages[i].map = 0;
}

/* What a lookup at this page must say: bytes to the end of contiguous memory, or an errno. */
static void
model_compare(const struct model *model, const struct vfio_user_dma_table *table, uint32_t page,
	      uint32_t access)
{
	const uint32_t shift = rnd(PAGE);
	const uint64_t iova = (uint64_t)page * PAGE + shift;
	uint64_t contig = 0, len = 1 + rnd(20 * PAGE);
	void *host = NULL;
	int ret;

	ret = vfio_user_dma_lookup(table, iova, len, access, &host, &contig);
	if (model->pages[page].map == 0) {
		assert_int_equal(ret, -EFAULT);
	} else if ((model->pages[page].prot & access) != access) {
		assert_int_equal(ret, -EACCES);
	} else if (model->pages[page].file < 0) {
		assert_int_equal(ret, -ENXIO);
	} else {
		uint64_t want = PAGE - shift;
		uint32_t i = page;

		assert_int_equal(ret, 0);
		/* The content tells the place: each page starts with its number. */
		assert_int_equal(*(const uint64_t *)((const char *)host - shift),
				 model->pages[page].file_page);
		while (++i < MODEL_PAGES && model->pages[i].map != 0 &&
		       (model->pages[i].prot & access) == access &&
		       model->pages[i].file == model->pages[page].file &&
		       (model->pages[i].prot & WRITE) == (model->pages[page].prot & WRITE) &&
		       model->pages[i].file_page == model->pages[i - 1].file_page + 1)
			want += PAGE;
		assert_int_equal(contig, want < len ? want : len);
	}
}

static void
test_random_against_model(void **state)
{
	struct vfio_user_dma_table *table = *state;
	struct model model = { .next_map = 0 };
	int files[3], i, k;

	for (i = 0; i < 3; i++)
		files[i] = test_memfd(MODEL_PAGES * PAGE);
	for (i = 0; i < 20000; i++) {
		if (rnd(3) == 0)
			model_remove(&model, table);
		else
			model_insert(&model, table, files);
		for (k = 0; k < 8; k++)
			model_compare(&model, table, rnd(MODEL_PAGES), 1 + rnd(3));
	}
	for (i = 0; i < 3; i++)
		close(files[i]);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, table_setup, table_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_lookup),
		TEST(test_rights),
		TEST(test_borders),
		TEST(test_end_of_address_space),
		TEST(test_many_pages_of_one_file),
		TEST(test_growing_file),
		TEST(test_sparse_giant),
		TEST(test_huge_pages),
		TEST(test_generation),
		TEST(test_foreach),
		TEST(test_random_against_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
