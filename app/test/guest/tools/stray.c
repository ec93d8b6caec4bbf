/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * comp_stray and crypt_stray: operations whose descriptors name memory that the device must not
 * reach. The other side of each is good memory. One JSON object a case: what became of the
 * operation, of the memory, and of the device.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/vfio.h>

#include <rte_debug.h>
#include <rte_eal.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_mbuf.h>
#include <rte_memory.h>

#include "stray.h"

/* More than what is mapped already. */
#define FREED_LEN (64 << 20)
#define CANARY 0x5a

static void
external_free(void *addr, void *opaque)
{
	RTE_SET_USED(addr);
	RTE_SET_USED(opaque);
}

static void
set_up(struct stray *stray, const char *driver)
{
	size_t i;

	stray_class_set_up(stray, driver);
	stray->mbuf_pool = rte_pktmbuf_pool_create("mbufs", 8, 0, 0, 0, rte_socket_id());
	stray->good_src = rte_malloc(NULL, STRAY_AREA_LEN, 4096);
	stray->good_dst = rte_malloc(NULL, STRAY_AREA_LEN, 4096);
	stray->shared.free_cb = external_free;
	if (stray->mbuf_pool == NULL || stray->good_src == NULL || stray->good_dst == NULL)
		rte_exit(3, "no memory\n");
	for (i = 0; i < STRAY_AREA_LEN; i++)
		stray->good_src[i] = "memory that all may see "[(i * 7 + i / 9) % 24];
}

static struct rte_mbuf *
show(struct stray *stray, uint64_t address, uint16_t len)
{
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(stray->mbuf_pool);

	if (mbuf == NULL)
		rte_exit(3, "no mbuf left\n");
	rte_mbuf_ext_refcnt_update(&stray->shared, 1);
	rte_pktmbuf_attach_extbuf(mbuf, (void *)(uintptr_t)address, address, len, &stray->shared);
	mbuf->data_off = 0;
	mbuf->data_len = len;
	mbuf->pkt_len = len;
	return mbuf;
}

/* One operation from @p src to @p dst; what it produced, or the negative status. */
static int64_t
run_op(struct stray *stray, uint64_t src, uint64_t dst)
{
	struct rte_mbuf *from = show(stray, src, STRAY_DATA_LEN);
	struct rte_mbuf *to = show(stray, dst, STRAY_AREA_LEN - 1);
	void *op = stray_class_op(stray, from, to), *done = NULL;
	bool taken = false;
	int64_t ret;

	/* A queue that is being looked after takes nothing for a while, and wants to be polled. */
	while (done == NULL) {
		taken = taken || stray_class_enqueue(stray, op);
		done = stray_class_dequeue(stray);
	}
	ret = stray_class_end(done);
	rte_pktmbuf_free(from);
	rte_pktmbuf_free(to);
	return ret;
}

static unsigned int
count_changed(const uint8_t *area)
{
	unsigned int i, changed = 0;

	for (i = 0; area != NULL && i < STRAY_AREA_LEN; i++)
		changed += area[i] != CANARY;
	return changed;
}

/* Both sides good: does the device do its work? */
static bool
works(struct stray *stray)
{
	int64_t produced = run_op(stray, (uintptr_t)stray->good_src, (uintptr_t)stray->good_dst);

	return produced > 0 && stray_class_is_right(stray, stray->good_dst, produced);
}

/* @param area where @p address can be looked at, NULL: nowhere any more */
static void
try_case(struct stray *stray, const char *memory, bool as_output, uint64_t address, uint8_t *area)
{
	int64_t produced;

	if (area != NULL)
		memset(area, CANARY, STRAY_AREA_LEN);
	memset(stray->good_dst, CANARY, STRAY_AREA_LEN);
	produced = as_output ? run_op(stray, (uintptr_t)stray->good_src, address) :
		run_op(stray, address, (uintptr_t)stray->good_dst);
	printf("{\"memory\": \"%s\", \"as\": \"%s\", \"produced\": %" PRId64 ", \"status\": %d"
		", \"changed\": %u, \"good_changed\": %u", memory, as_output ? "output" : "input",
		RTE_MAX(produced, 0), produced < 0 ? (int)-produced : 0, count_changed(area),
		as_output ? 0 : count_changed(stray->good_dst));
	printf(", \"works\": %d}\n", works(stray));
	fflush(stdout);
}

/* The container that EAL has opened. */
static int
container_fd(void)
{
	char path[64], target[PATH_MAX];
	ssize_t len;
	int fd;

	for (fd = 3; fd < 1024; fd++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		len = readlink(path, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		if (strcmp(target, "/dev/vfio/vfio") == 0)
			return fd;
	}
	rte_exit(3, "no vfio container\n");
}

static void
dma_map(uint8_t *area, uint32_t flags)
{
	struct vfio_iommu_type1_dma_map map = { .argsz = sizeof(map), .flags = flags,
		.vaddr = (uintptr_t)area, .iova = (uintptr_t)area, .size = STRAY_AREA_LEN };

	if (ioctl(container_fd(), VFIO_IOMMU_MAP_DMA, &map) != 0)
		rte_exit(3, "the IOMMU does not map it: %s\n", strerror(errno));
}

static void
dma_unmap(uint8_t *area)
{
	struct vfio_iommu_type1_dma_unmap unmap = { .argsz = sizeof(unmap),
		.iova = (uintptr_t)area, .size = STRAY_AREA_LEN };

	if (ioctl(container_fd(), VFIO_IOMMU_UNMAP_DMA, &unmap) != 0 ||
			unmap.size != STRAY_AREA_LEN)
		rte_exit(3, "the IOMMU does not unmap it\n");
}

/* Memory of this process, seen by the device so far as @p memory says. */
static void
try_own(struct stray *stray, const char *memory)
{
	uint8_t *area = mmap(NULL, STRAY_AREA_LEN, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool is_readonly = strcmp(memory, "readonly") == 0;

	if (area == MAP_FAILED)
		rte_exit(3, "no memory\n");
	if (strcmp(memory, "never") != 0)
		dma_map(area, VFIO_DMA_MAP_FLAG_READ | (is_readonly ? 0 : VFIO_DMA_MAP_FLAG_WRITE));
	if (strcmp(memory, "unmapped") == 0) {
		/* It was of use before. */
		try_case(stray, "mapped", true, (uintptr_t)area, area);
		dma_unmap(area);
	}
	try_case(stray, memory, true, (uintptr_t)area, area);
	try_case(stray, memory, false, (uintptr_t)area, area);
	if (is_readonly)
		dma_unmap(area);
	munmap(area, STRAY_AREA_LEN);
}

/* EAL memory that went back to the kernel. */
static void
try_freed(struct stray *stray)
{
	uint8_t *block = rte_malloc(NULL, FREED_LEN, 2 << 20);
	uint64_t address = (uintptr_t)block + FREED_LEN / 2;

	if (block == NULL)
		rte_exit(3, "no memory\n");
	try_case(stray, "allocated", true, address, block + FREED_LEN / 2);
	rte_free(block);
	if (rte_mem_virt2memseg((void *)(uintptr_t)address, NULL) != NULL &&
			rte_mem_virt2memseg((void *)(uintptr_t)address, NULL)->addr != NULL)
		rte_exit(3, "EAL keeps it\n");
	try_case(stray, "freed", true, address, NULL);
	try_case(stray, "freed", false, address, NULL);
}

static void
hold(struct stray *stray)
{
	printf("{\"address\": %" PRIuPTR ", \"works\": %d}\n", (uintptr_t)stray->good_dst,
		works(stray));
	fflush(stdout);
	pause();
}

static void
try_word(struct stray *stray, const char *word)
{
	if (strcmp(word, "hold") == 0) {
		hold(stray);
	} else if (strcmp(word, "freed") == 0) {
		try_freed(stray);
	} else if (strncmp(word, "at=", 3) == 0) {
		try_case(stray, "foreign", true, strtoull(word + 3, NULL, 0), NULL);
		try_case(stray, "foreign", false, strtoull(word + 3, NULL, 0), NULL);
	} else {
		try_own(stray, word);
	}
}

int
main(int argc, char **argv)
{
	static struct stray stray;
	int args = rte_eal_init(argc, argv), i;

	if (args < 0)
		return 3;
	argc -= args;
	argv += args;
	if (argc < 3) {
		fputs("usage: comp_stray|crypt_stray [EAL arguments] -- "
			"DRIVER hold|never|unmapped|readonly|freed|at=ADDRESS...\n", stderr);
		return 2;
	}
	set_up(&stray, argv[1]);
	for (i = 2; i < argc; i++)
		try_word(&stray, argv[i]);
	stray_class_close(&stray);
	rte_eal_cleanup();
	return 0;
}
