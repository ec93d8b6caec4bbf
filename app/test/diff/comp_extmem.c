/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 *
 * comp_extmem: buffers in memory of the application's own, shown to the device by
 * rte_dev_dma_map(). One JSON object for each kind of memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <zlib.h>

#include <rte_compressdev.h>
#include <rte_debug.h>
#include <rte_dev.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_memory.h>

#define AREA_LEN (1 << 20)
#define PAGE_LEN 4096
#define DATA_LEN 40000
#define DST_OFFSET (AREA_LEN / 2 + 1)
#define DST_LEN 60000
#define CANARY 0x5a

struct extmem {
	uint8_t dev_id;
	const char *name;
	struct rte_device *device;
	struct rte_mempool *op_pool;
	struct rte_mempool *mbuf_pool;
	void *xform;
	struct rte_mbuf_ext_shared_info shared;
	uint8_t status;
};

static struct rte_device *
find_device(const char *name)
{
	struct rte_dev_iterator it;
	struct rte_device *device;
	char devargs[64];

	snprintf(devargs, sizeof(devargs), "bus=vdev,name=%s", name);
	RTE_DEV_FOREACH(device, devargs, &it)
		return device;
	return NULL;
}

static void
external_free(void *addr, void *opaque)
{
	RTE_SET_USED(addr);
	RTE_SET_USED(opaque);
}

static void
set_up(struct extmem *ext, const char *driver)
{
	struct rte_compressdev_config config = {
		.socket_id = rte_socket_id(), .nb_queue_pairs = 1, .max_nb_priv_xforms = 1,
	};
	struct rte_comp_xform xform = { .type = RTE_COMP_COMPRESS };

	xform.compress.algo = RTE_COMP_ALGO_DEFLATE;
	xform.compress.level = RTE_COMP_LEVEL_PMD_DEFAULT;
	xform.compress.window_size = 15;
	if (rte_compressdev_devices_get(driver, &ext->dev_id, 1) == 0 ||
			rte_compressdev_configure(ext->dev_id, &config) != 0 ||
			rte_compressdev_queue_pair_setup(ext->dev_id, 0, 64,
				rte_socket_id()) != 0 ||
			rte_compressdev_start(ext->dev_id) != 0 ||
			rte_compressdev_private_xform_create(ext->dev_id, &xform, &ext->xform) != 0)
		rte_exit(3, "cannot set up a device of driver %s\n", driver);
	ext->name = rte_compressdev_name_get(ext->dev_id);
	ext->device = find_device(ext->name);
	ext->op_pool = rte_comp_op_pool_create("ops", 4, 0, 0, rte_socket_id());
	ext->mbuf_pool = rte_pktmbuf_pool_create("mbufs", 8, 0, 0, 0, rte_socket_id());
	ext->shared.free_cb = external_free;
	if (ext->device == NULL || ext->op_pool == NULL || ext->mbuf_pool == NULL)
		rte_exit(3, "no device or no memory\n");
}

static struct rte_mbuf *
show(struct extmem *ext, uint8_t *data, uint16_t len)
{
	struct rte_mbuf *mbuf = rte_pktmbuf_alloc(ext->mbuf_pool);

	if (mbuf == NULL)
		rte_exit(3, "no mbuf left\n");
	rte_mbuf_ext_refcnt_update(&ext->shared, 1);
	rte_pktmbuf_attach_extbuf(mbuf, data, (uintptr_t)data, len, &ext->shared);
	mbuf->data_off = 0;
	mbuf->data_len = len;
	mbuf->pkt_len = len;
	return mbuf;
}

static bool
holds(const uint8_t *data, size_t len, uint8_t value)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (data[i] != value)
			return false;
	return true;
}

static bool
inflates_to(const uint8_t *stream, size_t len, const uint8_t *plain, size_t plain_len)
{
	uint8_t *out = malloc(plain_len);
	z_stream z = { .next_in = (Bytef *)(uintptr_t)stream, .avail_in = len, .next_out = out,
		.avail_out = plain_len };
	bool is_right;

	if (out == NULL || inflateInit2(&z, -15) != Z_OK)
		rte_exit(3, "no memory\n");
	is_right = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == plain_len &&
		memcmp(out, plain, plain_len) == 0;
	inflateEnd(&z);
	free(out);
	return is_right;
}

/*
 * One compression with both sides in @p area. @return 1: right; 0: an error, and nothing was
 * written; -1: wrong
 */
static int
use(struct extmem *ext, uint8_t *area)
{
	struct rte_comp_op *op = rte_comp_op_alloc(ext->op_pool), *done = NULL;
	uint8_t *dst = area + DST_OFFSET;
	size_t i, produced = 0;
	bool taken = false;
	int ret = 0;

	for (i = 0; i < DATA_LEN; i++)
		area[i] = "memory of the application's own "[(i * 7 + i / 9) % 32];
	memset(dst - 1, CANARY, DST_LEN + 2);
	op->op_type = RTE_COMP_OP_STATELESS;
	op->flush_flag = RTE_COMP_FLUSH_FINAL;
	op->private_xform = ext->xform;
	op->m_src = show(ext, area, DATA_LEN);
	op->m_dst = show(ext, dst, DST_LEN);
	op->src.length = DATA_LEN;
	/* A queue that is being looked after takes nothing for a while, and wants to be polled. */
	while (done == NULL) {
		taken = taken || rte_compressdev_enqueue_burst(ext->dev_id, 0, &op, 1) == 1;
		(void)rte_compressdev_dequeue_burst(ext->dev_id, 0, &done, 1);
	}
	ext->status = op->status;
	if (op->status == RTE_COMP_OP_STATUS_SUCCESS) {
		produced = op->produced;
		ret = inflates_to(dst, produced, area, DATA_LEN) ? 1 : -1;
	}
	if (dst[-1] != CANARY || !holds(dst + produced, DST_LEN + 1 - produced, CANARY))
		ret = -1;
	rte_pktmbuf_free(op->m_src);
	rte_pktmbuf_free(op->m_dst);
	rte_comp_op_free(op);
	return ret;
}

static int
map(struct extmem *ext, uint8_t *area, size_t len)
{
	if (rte_extmem_register(area, len, NULL, 0, PAGE_LEN) != 0)
		return -rte_errno;
	if (rte_dev_dma_map(ext->device, area, (uintptr_t)area, len) == 0)
		return 0;
	rte_extmem_unregister(area, len);
	return -rte_errno;
}

static int
unmap(struct extmem *ext, uint8_t *area, size_t len)
{
	int ret = rte_dev_dma_unmap(ext->device, area, (uintptr_t)area, len) == 0 ? 0 : -rte_errno;

	rte_extmem_unregister(area, len);
	return ret;
}

/* ---- kinds of memory ---- */

enum kind { MEMFD, MEMFD_CLOSED, FILE_KEPT, FILE_UNLINKED, FILE_GONE, PRIVATE, ANONYMOUS_SHARED,
	KINDS };

static const char * const kind_names[KINDS] = {
	[MEMFD] = "memfd",
	[MEMFD_CLOSED] = "memfd, descriptor closed",
	[FILE_KEPT] = "file",
	[FILE_UNLINKED] = "file, unlinked",
	[FILE_GONE] = "file, unlinked, descriptor closed",
	[PRIVATE] = "private",
	[ANONYMOUS_SHARED] = "anonymous, shared",
};

static int
open_file(void)
{
	char path[] = "/dev/shm/comp_extmem.XXXXXX";
	int fd = mkstemp(path);

	if (fd >= 0)
		unlink(path);
	return fd;
}

static int
open_kept(char *path)
{
	strcpy(path, "/dev/shm/comp_extmem.XXXXXX");
	return mkstemp(path);
}

static uint8_t *
make_area(enum kind kind, int *fd, char *path)
{
	int flags = kind == PRIVATE ? MAP_PRIVATE | MAP_ANONYMOUS :
		kind == ANONYMOUS_SHARED ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
	uint8_t *area;

	*fd = -1;
	path[0] = '\0';
	if (kind == MEMFD || kind == MEMFD_CLOSED)
		*fd = memfd_create("comp_extmem", MFD_CLOEXEC);
	else if (kind == FILE_UNLINKED || kind == FILE_GONE)
		*fd = open_file();
	else if (kind == FILE_KEPT)
		*fd = open_kept(path);
	if (*fd >= 0 && ftruncate(*fd, AREA_LEN) != 0)
		rte_exit(3, "no file of that size\n");
	area = mmap(NULL, AREA_LEN, PROT_READ | PROT_WRITE, flags, *fd, 0);
	if (area == MAP_FAILED)
		rte_exit(3, "no memory\n");
	if (*fd >= 0 && (kind == MEMFD_CLOSED || kind == FILE_GONE || kind == FILE_KEPT)) {
		close(*fd);
		*fd = -1;
	}
	return area;
}

static void
try_kind(struct extmem *ext, enum kind kind)
{
	int fd, mapped, used = -2, unmapped = 0, again = 0;
	char path[64];
	uint8_t *area = make_area(kind, &fd, path);

	mapped = map(ext, area, AREA_LEN);
	if (mapped == 0) {
		used = use(ext, area);
		unmapped = unmap(ext, area, AREA_LEN);
		/* A mapping that is gone can be made again. */
		again = map(ext, area, AREA_LEN);
		if (again == 0)
			unmap(ext, area, AREA_LEN);
	}
	printf("{\"memory\": \"%s\", \"map\": %d, \"use\": %d, \"unmap\": %d, \"again\": %d}\n",
		kind_names[kind], mapped, used, unmapped, again);
	munmap(area, AREA_LEN);
	if (fd >= 0)
		close(fd);
	if (path[0] != '\0')
		unlink(path);
}

/* ---- odd calls ---- */

static void
report(const char *what, int ret)
{
	printf("{\"call\": \"%s\", \"ret\": %d}\n", what, ret);
}

static int
raw_map(struct extmem *ext, uint8_t *addr, size_t len)
{
	return rte_dev_dma_map(ext->device, addr, (uintptr_t)addr, len) == 0 ? 0 : -rte_errno;
}

static int
raw_unmap(struct extmem *ext, uint8_t *addr, size_t len)
{
	return rte_dev_dma_unmap(ext->device, addr, (uintptr_t)addr, len) == 0 ? 0 : -rte_errno;
}

/* A range of two files: the device has two maps of it, the application one. */
static void
try_two_files(struct extmem *ext)
{
	char path[64];
	int fds[2];
	uint8_t *area = make_area(MEMFD, &fds[0], path), *half = area + AREA_LEN / 2;
	uint8_t *other = make_area(MEMFD, &fds[1], path);

	if (mmap(half, AREA_LEN / 2, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fds[1], 0) !=
			half || rte_extmem_register(area, AREA_LEN, NULL, 0, PAGE_LEN) != 0)
		rte_exit(3, "no memory of two files\n");
	report("map two files", raw_map(ext, area, AREA_LEN));
	report("unmap one of two files", raw_unmap(ext, half, AREA_LEN / 2));
	report("unmap two files", raw_unmap(ext, area, AREA_LEN));
	rte_extmem_unregister(area, AREA_LEN);
	munmap(area, AREA_LEN);
	munmap(other, AREA_LEN);
	close(fds[0]);
	close(fds[1]);
}

/* A page of EAL's, which the device has all the time. */
static int
unmap_eal_page(struct extmem *ext)
{
	const struct rte_memseg *ms = rte_mem_virt2memseg(ext->mbuf_pool, NULL);

	return raw_unmap(ext, ms->addr, ms->len);
}

static void
try_odd(struct extmem *ext)
{
	char path[64];
	int fd;
	uint8_t *area = make_area(MEMFD, &fd, path), *half = area + AREA_LEN / 2;

	/* EAL asks for it. */
	if (rte_extmem_register(area, AREA_LEN, NULL, 0, PAGE_LEN) != 0)
		rte_exit(3, "EAL does not register the memory\n");
	report("unaligned address", raw_map(ext, area + 1, PAGE_LEN));
	report("unaligned length", raw_map(ext, area, PAGE_LEN + 1));
	report("no length", raw_map(ext, area, 0));
	report("unmap of what was never mapped", raw_unmap(ext, area, AREA_LEN));
	report("map", raw_map(ext, area, AREA_LEN));
	report("map twice", raw_map(ext, area, AREA_LEN));
	report("map a part again", raw_map(ext, half, AREA_LEN / 2));
	report("unmap a part", raw_unmap(ext, half, AREA_LEN / 2));
	report("unmap EAL's memory", unmap_eal_page(ext));
	report("still of use", use(ext, area));
	report("unmap", raw_unmap(ext, area, AREA_LEN));
	report("unmap twice", raw_unmap(ext, area, AREA_LEN));
	try_two_files(ext);
	munmap(half, AREA_LEN / 2);
	report("beyond the end of a mapping", raw_map(ext, area, AREA_LEN));
	munmap(area, AREA_LEN / 2);
	report("where nothing is", raw_map(ext, area, AREA_LEN));
	rte_extmem_unregister(area, AREA_LEN);
	close(fd);
}

/* An operation on memory that the device has never been shown, or is shown no more. */
static void
try_gone(struct extmem *ext, bool was_mapped)
{
	char path[64];
	int fd, ret;
	uint8_t *area = make_area(MEMFD, &fd, path);

	if (was_mapped && (map(ext, area, AREA_LEN) != 0 || use(ext, area) != 1 ||
			unmap(ext, area, AREA_LEN) != 0))
		rte_exit(1, "cannot map\n");
	ret = use(ext, area);
	printf("{\"gone\": %d, \"use\": %d, \"status\": %d}\n", was_mapped, ret, ext->status);
	/* The device is what it was, or is so again. */
	ret = map(ext, area, AREA_LEN);
	printf("{\"map\": %d, \"use\": %d}\n", ret, use(ext, area));
	unmap(ext, area, AREA_LEN);
	munmap(area, AREA_LEN);
	close(fd);
}

int
main(int argc, char **argv)
{
	static struct extmem ext;
	int args = rte_eal_init(argc, argv), i;

	if (args < 0)
		return 3;
	argc -= args;
	argv += args;
	if (argc != 3) {
		fputs("usage: comp_extmem [EAL arguments] -- kinds|odd|gone|never DRIVER\n", stderr);
		return 2;
	}
	set_up(&ext, argv[2]);
	if (strcmp(argv[1], "kinds") == 0)
		for (i = 0; i < KINDS; i++)
			try_kind(&ext, i);
	else if (strcmp(argv[1], "odd") == 0)
		try_odd(&ext);
	else
		try_gone(&ext, strcmp(argv[1], "gone") == 0);
	fflush(stdout);
	rte_compressdev_stop(ext.dev_id);
	rte_compressdev_close(ext.dev_id);
	rte_eal_cleanup();
	return 0;
}
