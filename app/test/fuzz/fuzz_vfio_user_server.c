/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A client of whatever malice at the server's socket. The input is a story: messages field by
 * field or as raw bytes, each with descriptors of any kind; files that shrink under the server's
 * hands; a device that does DMA and raises interrupts in between; replies read or left lying.
 *
 * What must hold: every reply is well-formed, the device sees nothing beyond its regions and its
 * alignment, and once the client is gone no map, descriptor or interrupt of it is left.
 */

#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include <vfio_user_server.h>

#include "fuzz_fds.h"

#define KEY "x-hisi-accel"
#define BAR_LEN (1u << 16)
#define READ_ONLY_LEN 4096u
#define CONFIG_LEN 4096u
#define FILE_REGION 9
#define PRIVATE_REGION 11
#define PRIVATE_LEN 65536u
#define NB_MSI 4u
#define IRQ_MASKABLE 5
#define IRQ_AUTOMASKED 6
#define MAX_MESSAGE 4096u
#define MAX_STEPS 64u
#define REPLIES_LEN (BAR_LEN + 262144u)

/* The other end, and what became of it. */
struct story {
	struct fuzz_input in;
	int fd;
	size_t replies_len;	/* bytes of replies that have not been looked at */
	bool has_waited;
};

static struct vfio_user_server *srv;
static struct sockaddr_un address;
static socklen_t address_len;
static uint8_t bar[BAR_LEN];
static uint8_t config_space[CONFIG_LEN];
static uint8_t replies[REPLIES_LEN];
static int file_region_fd;
static int quiesced;
static bool is_client;
static size_t logged;

/* ---- the device ---- */

static void
dev_before_message(void *opaque)
{
	(void)opaque;
	FUZZ_CHECK(quiesced == 0);
}

static int
dev_region_access(void *opaque, uint32_t region, uint64_t offset, void *buf, uint32_t count,
		  bool is_write)
{
	uint8_t *memory = region == VFIO_USER_REGION_CONFIG ? config_space : bar;
	uint64_t len = region == VFIO_USER_REGION_BAR2 ? BAR_LEN : CONFIG_LEN;

	(void)opaque;
	FUZZ_CHECK(is_client && (uintptr_t)buf % 8 == 0);
	FUZZ_CHECK(region == VFIO_USER_REGION_BAR2 || region == VFIO_USER_REGION_BAR4 ||
		   region == VFIO_USER_REGION_CONFIG || region == FILE_REGION);
	FUZZ_CHECK(region != VFIO_USER_REGION_BAR4 || !is_write);
	FUZZ_CHECK(count > 0 && offset <= len && count <= len - offset);
	if (offset % 7 == 3)
		return -EIO;
	memcpy(is_write ? memory + offset : buf, is_write ? buf : memory + offset, count);
	return 0;
}

static void
dev_dma_quiesce(void *opaque, const struct vfio_user_dma_change *change)
{
	(void)opaque;
	(void)change;
	FUZZ_CHECK(quiesced++ == 0);
}

static void
dev_dma_resume(void *opaque, const struct vfio_user_dma_change *change, int result)
{
	(void)opaque;
	(void)change;
	(void)result;
	FUZZ_CHECK(--quiesced == 0);
}

static void
dev_irqs_changed(void *opaque, uint32_t index, uint32_t start, uint32_t count, uint32_t flags)
{
	(void)opaque;
	(void)flags;
	FUZZ_CHECK(index <= IRQ_AUTOMASKED && (uint64_t)start + count <= NB_MSI);
}

static int
dev_reset(void *opaque)
{
	(void)opaque;
	return bar[0] == 0xee ? -EBUSY : 0;
}

static int
dev_client_connected(void *opaque, const struct vfio_user_peer *peer)
{
	(void)opaque;
	FUZZ_CHECK(!is_client && peer->is_private == (peer->private_json != NULL));
	if (peer->private_region != NULL)
		FUZZ_CHECK(fuzz_is_filled(peer->private_region, PRIVATE_LEN, 0));
	if (peer->private_json != NULL && strstr(peer->private_json, "refuse") != NULL)
		return -EPERM;
	is_client = true;
	return 0;
}

static void
dev_client_gone(void *opaque)
{
	(void)opaque;
	FUZZ_CHECK(is_client);
	is_client = false;
}

static const struct vfio_user_server_ops ops = {
	.before_message = dev_before_message,
	.region_access = dev_region_access,
	.dma_quiesce = dev_dma_quiesce,
	.dma_resume = dev_dma_resume,
	.irqs_changed = dev_irqs_changed,
	.reset = dev_reset,
	.client_connected = dev_client_connected,
	.client_gone = dev_client_gone,
};

static void
log_line(void *opaque, enum vfio_user_log_level level, const char *line)
{
	(void)opaque;
	(void)level;
	logged += strlen(line);
}

/* ---- the server ---- */

/* A listening socket without a name in the file system. */
static int
listen_somewhere(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	address.sun_family = AF_UNIX;
	FUZZ_CHECK(bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)) == 0);
	address_len = sizeof(address);
	FUZZ_CHECK(getsockname(fd, (struct sockaddr *)&address, &address_len) == 0);
	FUZZ_CHECK(listen(fd, 2) == 0);
	return fd;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const uint32_t access = VFIO_USER_REGION_FLAG_READ | VFIO_USER_REGION_FLAG_WRITE;
	struct vfio_user_server_region regions[FILE_REGION + 1] = {
		[VFIO_USER_REGION_BAR2] = { BAR_LEN, access, -1, 0 },
		[VFIO_USER_REGION_BAR4] = { READ_ONLY_LEN, VFIO_USER_REGION_FLAG_READ, -1, 0 },
		[VFIO_USER_REGION_CONFIG] = { CONFIG_LEN, access, -1, 0 },
		[FILE_REGION] = { 4096, access | VFIO_USER_REGION_FLAG_MMAP, -1, 0 },
	};
	const uint32_t event = VFIO_USER_IRQ_FLAG_EVENTFD;
	const struct vfio_user_server_irq irqs[] = {
		[VFIO_USER_IRQ_MSI] = { NB_MSI, event },
		[VFIO_USER_IRQ_ERR] = { 1, event },
		[VFIO_USER_IRQ_REQ] = { 1, event },
		[IRQ_MASKABLE] = { 2, event | VFIO_USER_IRQ_FLAG_MASKABLE },
		[IRQ_AUTOMASKED] = { 2, event | VFIO_USER_IRQ_FLAG_MASKABLE |
				       VFIO_USER_IRQ_FLAG_AUTOMASKED },
	};
	struct vfio_user_server_config config = {
		.listen_fd = listen_somewhere(),
		.ops = &ops,
		.regions = regions,
		.nb_regions = FUZZ_ARRAY_LEN(regions),
		.irqs = irqs,
		.nb_irqs = FUZZ_ARRAY_LEN(irqs),
		.priv = { .key = KEY, .region = PRIVATE_REGION, .region_size = PRIVATE_LEN,
			  .region_type = VFIO_USER_REGION_TYPE_PCI_VENDOR },
		.max_data_xfer = BAR_LEN,
		.max_dma_maps = 32,
		.send_timeout_ms = 5,
		.log = { .fn = log_line, .max_level = VFIO_USER_LOG_DEBUG },
	};

	(void)argc;
	(void)argv;
	fuzz_fds_open();
	file_region_fd = memfd_create("region", MFD_CLOEXEC);
	FUZZ_CHECK(ftruncate(file_region_fd, 4096) == 0);
	regions[FILE_REGION].fd = file_region_fd;
	FUZZ_CHECK(vfio_user_server_create(&config, NULL, &srv) == 0);
	return 0;
}

/* ---- the client ---- */

/* Replies that are complete: taken out of the front, checked. */
static void
check_replies(struct story *story)
{
	struct vfio_user_header head;
	size_t pos = 0;

	while (story->replies_len - pos >= sizeof(head)) {
		memcpy(&head, replies + pos, sizeof(head));
		FUZZ_CHECK(head.size >= sizeof(head) && head.size <= REPLIES_LEN);
		FUZZ_CHECK((head.flags & VFIO_USER_FLAG_TYPE_MASK) == VFIO_USER_FLAG_TYPE_REPLY);
		if ((head.flags & VFIO_USER_FLAG_ERROR) != 0)
			FUZZ_CHECK(head.size == sizeof(head) && head.error != 0);
		else
			FUZZ_CHECK(head.flags == VFIO_USER_FLAG_TYPE_REPLY && head.error == 0);
		if (head.size > story->replies_len - pos)
			break;
		pos += head.size;
	}
	memmove(replies, replies + pos, story->replies_len - pos);
	story->replies_len -= pos;
}

/* Until the server waits for somebody; it may not go round for ever. */
static void
pump(void)
{
	struct pollfd pfd = { .fd = vfio_user_server_poll_fd(srv), .events = POLLIN };
	int i;

	for (i = 0; poll(&pfd, 1, 0) == 1; i++) {
		FUZZ_CHECK(vfio_user_server_process(srv) >= 0);
		FUZZ_CHECK(i < 4096);
	}
}

static void
read_replies(struct story *story)
{
	ssize_t nb;

	do {
		pump();
		nb = fuzz_recv(story->fd, replies + story->replies_len,
			       REPLIES_LEN - story->replies_len);
		if (nb > 0)
			story->replies_len += (size_t)nb;
		check_replies(story);
	} while (nb > 0);
}

static void
come(struct story *story)
{
	story->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	story->replies_len = 0;
	FUZZ_CHECK(connect(story->fd, (struct sockaddr *)&address, address_len) == 0);
	FUZZ_CHECK(vfio_user_server_process(srv) >= 0);
}

/* Nothing of a client stays. */
static void
leave(struct story *story)
{
	struct vfio_user_dma_stats stats;
	uint32_t index, vector;

	close(story->fd);
	pump();
	FUZZ_CHECK(!vfio_user_server_is_connected(srv) && !is_client && quiesced == 0);
	vfio_user_dma_get_stats(vfio_user_server_dma(srv), &stats);
	FUZZ_CHECK(stats.nb_maps == 0 && stats.nb_files == 0 && stats.nb_bytes == 0);
	for (index = 0; index <= IRQ_AUTOMASKED; index++)
		for (vector = 0; vector < NB_MSI; vector++)
			FUZZ_CHECK(!vfio_user_server_irq_is_set(srv, index, vector));
}

static void
send_bytes(struct story *story, const void *data, size_t len)
{
	int fds[FUZZ_MAX_FDS];
	uint32_t nb_fds = fuzz_fds_choose(&story->in, fds);

	if (len == 0)
		return;
	if (fuzz_send(story->fd, data, len, fds, nb_fds) >= 0)
		return;
	/* Full, because nobody reads: or gone, which the server may be at any time. */
	read_replies(story);
	(void)fuzz_send(story->fd, data, len, fds, nb_fds);
}

/* A message of @p command, all of it as it should be but for what the input wants otherwise. */
static void
send_message(struct story *story, uint16_t command, const void *body, size_t len)
{
	static const uint32_t flags[] = { 0, VFIO_USER_FLAG_NO_REPLY, VFIO_USER_FLAG_TYPE_REPLY,
					  VFIO_USER_FLAG_ERROR, 2, 0xffffffff, 0, 0 };
	uint8_t message[sizeof(struct vfio_user_header) + MAX_MESSAGE];
	uint8_t choice = fuzz_u8(&story->in);
	struct vfio_user_header head = {
		.id = choice,
		.command = command,
		.size = (uint32_t)(sizeof(head) + len),
		.flags = flags[choice % 8],
	};

	if ((choice & 0xf0) == 0xf0)
		head.size += fuzz_u32(&story->in);
	memcpy(message, &head, sizeof(head));
	if (len != 0)
		memcpy(message + sizeof(head), body, len);
	len += sizeof(head);
	if ((choice & 0xf0) == 0xe0)
		len = len * fuzz_u8(&story->in) / 256; /* cut: the rest never comes */
	send_bytes(story, message, len);
}

static void
send_any(struct story *story)
{
	uint8_t body[MAX_MESSAGE];
	uint16_t command = fuzz_u8(&story->in) % (VFIO_USER_COMMAND_MAX + 2);
	size_t len = fuzz_u8(&story->in);

	fuzz_bytes(&story->in, body, len);
	send_message(story, command, body, len);
}

static void
send_raw(struct story *story)
{
	uint8_t bytes[MAX_MESSAGE];
	size_t len = fuzz_u16(&story->in) % sizeof(bytes);

	if (len > story->in.left)
		len = story->in.left;
	fuzz_bytes(&story->in, bytes, len);
	send_bytes(story, bytes, len);
}

static void
send_version(struct story *story)
{
	static const char *const texts[] = {
		"{\"capabilities\":{\"max_msg_fds\":16}}",
		"{\"capabilities\":{\"max_msg_fds\":16,\"" KEY "\":{\"v\":1}}}",
		"{\"capabilities\":{\"" KEY "\":{\"refuse\":1}}}",
		"{}",
	};
	uint8_t body[4 + 128] = { 0 };
	uint8_t choice = fuzz_u8(&story->in);
	const char *text = texts[choice % 4];

	if (choice >= 0xf0)
		body[0] = choice; /* a major version that nobody speaks */
	memcpy(body + 4, text, strlen(text) + 1);
	send_message(story, VFIO_USER_VERSION, body, 4 + strlen(text) + 1);
}

/* Pages near each other, so that maps meet; now and then the end of the address space. */
static uint64_t
choose_iova(struct story *story)
{
	uint8_t page = fuzz_u8(&story->in);

	if (page >= 0xf0)
		return UINT64_MAX - (uint64_t)(page & 0xf) * 0x1000 + (page == 0xff ? 0 : 1);
	return (uint64_t)(page % 64) * 0x1000;
}

static uint64_t
choose_size(struct story *story)
{
	uint8_t pages = fuzz_u8(&story->in);

	return pages >= 0xf0 ? fuzz_u64(&story->in) : (uint64_t)(pages % 20) * 0x1000;
}

static void
send_dma_map(struct story *story)
{
	struct vfio_user_dma_map map = { .argsz = sizeof(map) };
	uint8_t choice = fuzz_u8(&story->in);

	map.flags = choice % 16 == 0 ? fuzz_u32(&story->in) : choice % 16;
	map.offset = (uint64_t)(choice >> 4) * 0x1000;
	map.iova = choose_iova(story);
	map.size = choose_size(story);
	send_message(story, VFIO_USER_DMA_MAP, &map, sizeof(map));
}

static void
send_dma_unmap(struct story *story)
{
	struct vfio_user_dma_unmap unmap = { .argsz = sizeof(unmap) };

	unmap.flags = fuzz_u8(&story->in) % 4;
	unmap.iova = choose_iova(story);
	unmap.size = choose_size(story);
	send_message(story, VFIO_USER_DMA_UNMAP, &unmap, sizeof(unmap));
}

static void
send_access(struct story *story)
{
	struct {
		struct vfio_user_region_access access;
		uint8_t data[64];
	} body = { .access.region = fuzz_u8(&story->in) % (PRIVATE_REGION + 2) };
	bool is_write = fuzz_u8(&story->in) & 1;

	body.access.offset = fuzz_u32(&story->in);
	body.access.count = fuzz_u16(&story->in);
	/* The longest one of all: a reply that the socket does not take at once. */
	if (body.access.count == 0xffff)
		body.access.count = BAR_LEN;
	if (is_write && body.access.count <= sizeof(body.data)) {
		fuzz_bytes(&story->in, body.data, body.access.count);
		send_message(story, VFIO_USER_REGION_WRITE, &body,
			     sizeof(body.access) + body.access.count);
	} else {
		send_message(story, is_write ? VFIO_USER_REGION_WRITE : VFIO_USER_REGION_READ,
			     &body, sizeof(body.access));
	}
}

static void
send_write_multi(struct story *story)
{
	struct {
		struct vfio_user_write_multi multi;
		struct vfio_user_write_multi_entry entries[8];
	} body;
	uint32_t i, nb = fuzz_u8(&story->in) % 9;

	memset(&body, 0, sizeof(body));
	body.multi.wr_cnt = fuzz_u8(&story->in) == 0xff ? fuzz_u64(&story->in) : nb;
	for (i = 0; i < nb; i++) {
		body.entries[i].offset = fuzz_u16(&story->in);
		body.entries[i].region = fuzz_u8(&story->in) % (PRIVATE_REGION + 2);
		body.entries[i].count = fuzz_u8(&story->in) % 10;
		fuzz_bytes(&story->in, body.entries[i].data, sizeof(body.entries[i].data));
	}
	send_message(story, VFIO_USER_REGION_WRITE_MULTI, &body,
		     sizeof(body.multi) + nb * sizeof(body.entries[0]));
}

static void
send_set_irqs(struct story *story)
{
	struct {
		struct vfio_user_irq_set set;
		uint8_t data[8];
	} body = { .set.argsz = sizeof(body.set) };
	uint8_t choice = fuzz_u8(&story->in);

	body.set.flags = choice < 0xf0 ? 1u << choice % 3 | 8u << choice / 3 % 3 :
					 fuzz_u32(&story->in);
	body.set.index = fuzz_u8(&story->in) % (IRQ_AUTOMASKED + 2);
	body.set.start = fuzz_u8(&story->in) % (NB_MSI + 2);
	body.set.count = fuzz_u8(&story->in) % (NB_MSI + 2);
	if (choice == 0xff)
		body.set.count = UINT32_MAX;
	fuzz_bytes(&story->in, body.data, sizeof(body.data));
	send_message(story, VFIO_USER_DEVICE_SET_IRQS, &body, sizeof(body.set) +
		     (choice % 3 == 1 ? body.set.count % sizeof(body.data) : 0));
}

static void
send_question(struct story *story)
{
	struct vfio_user_region_info region = { .argsz = fuzz_u8(&story->in) };
	struct vfio_user_irq_info irq = { .argsz = sizeof(irq) };
	struct vfio_user_device_info info = { .argsz = sizeof(info) };
	uint8_t choice = fuzz_u8(&story->in);

	region.index = choice % (PRIVATE_REGION + 2);
	irq.index = choice % (IRQ_AUTOMASKED + 2);
	if (choice < 0x80)
		send_message(story, VFIO_USER_DEVICE_GET_REGION_INFO, &region, sizeof(region));
	else if (choice < 0xc0)
		send_message(story, VFIO_USER_DEVICE_GET_IRQ_INFO, &irq, sizeof(irq));
	else if (choice < 0xe0)
		send_message(story, VFIO_USER_DEVICE_GET_INFO, &info, sizeof(info));
	else
		send_message(story, VFIO_USER_DEVICE_RESET, NULL, 0);
}

/* ---- the device acts ---- */

static int
visit(void *opaque, const struct vfio_user_dma_entry *entry)
{
	uint64_t *last = opaque;

	/* In order, without overlap, and something in it. */
	FUZZ_CHECK(entry->size != 0 && (*last == 0 || entry->iova > *last));
	*last = entry->iova + (entry->size - 1);
	return 0;
}

static void
do_dma(struct story *story)
{
	const struct vfio_user_dma_table *dma = vfio_user_server_dma(srv);
	uint64_t iova = choose_iova(story) + fuzz_u8(&story->in), contig, last = 0;
	size_t len = fuzz_u16(&story->in);
	uint32_t access = fuzz_u8(&story->in) % 5;
	uint8_t *buf = malloc(len + 1);
	void *host;
	int ret;

	ret = vfio_user_dma_lookup(dma, iova, len, access, &host, &contig);
	FUZZ_CHECK(ret != 0 || (contig > 0 && contig <= len && host != NULL));
	ret = vfio_user_dma_check(dma, iova, len, VFIO_USER_DMA_WRITE_ALLOWED);
	memset(buf, (int)access, len);
	if (access & 1)
		FUZZ_CHECK(len == 0 || ret == 0 ||
			   vfio_user_dma_copy_out(dma, iova, buf, len) != 0);
	if (access & 2)
		(void)vfio_user_dma_copy_out(dma, iova, buf, len);
	(void)vfio_user_dma_copy_in(dma, buf, iova, len);
	(void)vfio_user_dma_foreach(dma, visit, &last);
	free(buf);
}

static void
do_irq(struct story *story)
{
	uint8_t index = fuzz_u8(&story->in) % (IRQ_AUTOMASKED + 2);
	uint8_t vector = fuzz_u8(&story->in) % (NB_MSI + 2);
	bool is_set = vfio_user_server_irq_is_set(srv, index, vector);
	int ret = vfio_user_server_irq_trigger(srv, index, vector);

	FUZZ_CHECK(ret != 0 || is_set || index >= IRQ_MASKABLE);
}

/* Long enough for the server to lose patience with replies that nobody reads. */
static void
do_wait(struct story *story)
{
	const struct timespec pause = { .tv_nsec = 6000000 };

	if (!story->has_waited)
		nanosleep(&pause, NULL);
	story->has_waited = true;
}

static void
step(struct story *story)
{
	static void (*const steps[])(struct story *story) = {
		send_question, send_version, send_access, send_any, send_raw, send_dma_map,
		send_dma_unmap, send_set_irqs, send_write_multi, do_dma, do_irq, send_dma_map,
		send_access,
	};
	uint8_t choice = fuzz_u8(&story->in);
	uint8_t kind;

	switch (choice & 0x1f) {
	case 0x1d:
		kind = fuzz_u8(&story->in);
		fuzz_fd_truncate(kind, fuzz_u16(&story->in));
		break;
	case 0x1e:
		do_wait(story);
		break;
	case 0x1f:
		leave(story);
		come(story);
		break;
	default:
		steps[(choice & 0x1f) % FUZZ_ARRAY_LEN(steps)](story);
	}
	if ((choice & 0x80) == 0)
		FUZZ_CHECK(vfio_user_server_process(srv) >= 0);
	if ((choice & 0x40) == 0)
		read_replies(story);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct story story = { .in = { data, size } };
	int lowest = fuzz_lowest_fd();
	uint32_t i;

	/* libFuzzer has a handler of its own for SIGBUS, set after the start. */
	FUZZ_CHECK(vfio_user_guard_install() == 0);
	memset(bar, 0, 64);
	come(&story);
	if ((fuzz_u8(&story.in) & 1) == 0)
		send_version(&story);
	for (i = 0; i < MAX_STEPS && fuzz_has(&story.in); i++)
		step(&story);
	leave(&story);
	fuzz_fds_restore();
	FUZZ_CHECK(fuzz_lowest_fd() == lowest);
	return 0;
}
