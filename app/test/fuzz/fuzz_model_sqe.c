/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * SQEs of whatever content through the model's ZIP engine, one after the other. The input says
 * field by field what is asked for, where source and destination lie (in areas of any rights,
 * across their borders, over each other, over the rings), what the data are, and which words are
 * then changed.
 *
 * What must hold, whatever the SQE: the device writes to its destination and to the words that it
 * reports in, and nowhere else; it consumes and produces no more than it was given; input words
 * stay. What it calls a success is one: zlib agrees.
 */

#include <hisi_sgl.h>
#include <hisi_zip_regs.h>
#include <zlib.h>

#include "fuzz_model.h"

#define MAX_SQES 12
#define MAX_RANGES 4096
#define MAX_PATTERN 8192u
#define NB_QUEUES 2u
#define SGL_OFFSET(which) ((which) * 2 * FUZZ_PAGE)
#define SGL_CHAIN_STEP 512u
#define SGL_MAX_LISTS 4u
#define SGL_MAX_ENTRIES 8u
#define SGL_MAX_INPUT (32u << 20)

struct range {
	uint64_t iova;
	uint64_t len;
};

/* A buffer as the device should see it: one range, or the entries of its lists in order. */
struct ranges {
	struct range range[MAX_RANGES];
	uint32_t nb;
};

struct sqe_rig {
	struct model_device *dev;
	struct model_function *pf;
	uint16_t tail[NB_QUEUES];
};

/* One SQE and all that belongs to it. */
struct sqe_case {
	struct fuzz_input *in;
	struct hisi_zip_sqe sqe;
	uint32_t type;
	struct ranges source;
	struct ranges destination;	/* where it may write */
};

/* Generations, and what a refused address does. */
static const struct {
	const char *version;
	enum model_dma_fault fault;
} kinds[] = {
	{ "v3", MODEL_DMA_FAULT_DEVICE },
	{ "v3", MODEL_DMA_FAULT_OP },
	{ "v2", MODEL_DMA_FAULT_OP },
	{ "v5", MODEL_DMA_FAULT_OP },
};

static struct fuzz_memory memory;
static struct sqe_rig rigs[FUZZ_ARRAY_LEN(kinds)];
static uint8_t slots[NB_QUEUES * 128] __attribute__((aligned(128)));
static uint8_t plain[FUZZ_LARGE_LEN + MAX_PATTERN];
static uint8_t input[FUZZ_LARGE_LEN + FUZZ_PAGE];
static uint8_t output[FUZZ_LARGE_LEN + FUZZ_PAGE];

static void
bring_up(struct sqe_rig *rig)
{
	uint16_t qn;

	model_function_reset(rig->pf);
	fuzz_model_bring_up(rig->pf);
	fuzz_model_give_queues(rig->pf, 0, 0, NB_QUEUES);
	for (qn = 0; qn < NB_QUEUES; qn++) {
		fuzz_model_set_queue(&memory, rig->pf, qn, qn);
		rig->tail[qn] = 0;
	}
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct model_device_config config = { .engine = "zip",
		.log = { .fn = fuzz_model_log, .max_level = VFIO_USER_LOG_DEBUG } };
	struct model_client client = { .slots = slots, .nb_slots = NB_QUEUES };
	struct model_error error;
	size_t i;

	(void)argc;
	(void)argv;
	fuzz_memory_create(&memory);
	client.dma = memory.dma;
	for (i = 0; i < FUZZ_ARRAY_LEN(kinds); i++) {
		config.version = kinds[i].version;
		config.dma_fault = kinds[i].fault;
		/* Of V2 the number is a constant (qm.md 2.2). */
		config.nb_queues = kinds[i].version[1] == '2' ? HISI_QM_MAX_QUEUES : NB_QUEUES;
		FUZZ_CHECK(model_device_create(&config, &error, &rigs[i].dev) == 0);
		rigs[i].pf = model_device_function(rigs[i].dev, 0);
		model_function_attach(rigs[i].pf, &client);
	}
	return 0;
}

/* ---- making an SQE ---- */

/* An address: near the start of an area, near its end, or just a number. */
static uint64_t
choose_address(struct fuzz_input *in)
{
	uint8_t choice = fuzz_u8(in);
	uint32_t offset = fuzz_u16(in);
	enum fuzz_area area = choice % FUZZ_AREAS;

	if (choice >= 0xf0)
		return fuzz_u64(in);
	if (choice >= 0xc0)
		return fuzz_area_iova(area) + fuzz_area_len(area) - offset % 5000;
	return fuzz_area_iova(area) + offset % fuzz_area_len(area);
}

static uint32_t
choose_len(struct fuzz_input *in)
{
	uint16_t choice = fuzz_u16(in);

	if (choice >= 0xfff0)
		return fuzz_u32(in);
	return choice < 0xfc00 ? choice % 5000 : (choice & 0x3ffu) * 1040;
}

/* A pattern of the input's bytes, as long as it is asked for. */
static void
make_plain(struct fuzz_input *in, size_t len)
{
	uint8_t pattern[64];
	size_t at, nb = 1 + fuzz_u8(in) % sizeof(pattern);
	uint8_t drift = fuzz_u8(in);

	fuzz_bytes(in, pattern, nb);
	for (at = 0; at < len && at < MAX_PATTERN; at++)
		plain[at] = (uint8_t)(pattern[at % nb] + (drift & 1 ? at / nb * drift : 0));
	for (; at < len; at += MAX_PATTERN)
		memcpy(plain + at, plain, MAX_PATTERN);
}

/* What a decompression should get: raw deflate of the plain text, with a trailer or without. */
static size_t
make_stream(struct fuzz_input *in, size_t len, uint32_t request)
{
	uint8_t how = fuzz_u8(in), trailer[8];
	uint32_t isize = (uint32_t)len;
	z_stream z = { .next_in = plain, .avail_in = (uInt)len, .next_out = input,
		       .avail_out = sizeof(input) - sizeof(trailer) };
	uint32_t sum = request == HISI_ZIP_REQ_GZIP ? (uint32_t)crc32(0, plain, (uInt)len) :
		__builtin_bswap32((uint32_t)adler32(1, plain, (uInt)len));
	size_t nb;

	FUZZ_CHECK(deflateInit2(&z, how % 10, Z_DEFLATED, -15, 8, how / 10 % 5) == Z_OK);
	(void)deflate(&z, Z_FINISH);
	nb = z.total_out;
	deflateEnd(&z);
	memcpy(trailer, &sum, sizeof(sum));
	memcpy(trailer + 4, &isize, sizeof(isize));
	memcpy(input + nb, trailer, sizeof(trailer));
	if (how >= 0xc0)
		input[fuzz_u16(in) % (nb + 8)] ^= fuzz_u8(in);
	return nb + (request == HISI_ZIP_REQ_GZIP ? 8 : request == HISI_ZIP_REQ_ZLIB ? 4 : 0);
}

/* Lists of entries as a driver makes them, each number open to the input. */
static uint64_t
make_sgl(struct sqe_case *c, uint32_t which)
{
	uint64_t base = fuzz_area_iova(FUZZ_AREA_TABLES) + SGL_OFFSET(which), iova;
	uint32_t list, i, nb_lists = 1 + fuzz_u8(c->in) % SGL_MAX_LISTS, nb;
	struct hisi_sge entry = { 0 };
	struct hisi_sgl head = { 0 };
	uint8_t odd;

	for (list = 0; list < nb_lists; list++) {
		iova = base + list * SGL_CHAIN_STEP;
		odd = fuzz_u8(c->in);
		nb = odd % (SGL_MAX_ENTRIES + 1);
		head.next_dma = list + 1 < nb_lists ? iova + SGL_CHAIN_STEP : 0;
		head.entry_sum_in_sgl = head.entry_length_in_sgl = (uint16_t)nb;
		head.entry_sum_in_chain = (uint16_t)(nb_lists * nb);
		if (odd >= 0xe0)
			head.next_dma = odd >= 0xf0 ? base : fuzz_u64(c->in);
		if ((odd & 0xf0) == 0xd0)
			head.entry_sum_in_sgl = fuzz_u16(c->in);
		fuzz_memory_write(&memory, iova, &head, sizeof(head));
		for (i = 0; i < nb; i++) {
			entry.buf = choose_address(c->in);
			entry.len = choose_len(c->in) % (odd & 1 ? UINT32_MAX : 700);
			fuzz_memory_write(&memory, iova + sizeof(head) + i * sizeof(entry),
					  &entry, sizeof(entry));
		}
	}
	return base + (fuzz_u8(c->in) == 0xff ? 1 : 0);
}

static void
set_address(uint32_t *lo, uint32_t *hi, uint64_t iova)
{
	*lo = (uint32_t)iova;
	*hi = (uint32_t)(iova >> 32);
}

static uint64_t
source_of(const struct hisi_zip_sqe *sqe)
{
	return (uint64_t)sqe->source_addr_hi << 32 | sqe->source_addr_lo;
}

static uint64_t
destination_of(const struct hisi_zip_sqe *sqe)
{
	return (uint64_t)sqe->dest_addr_hi << 32 | sqe->dest_addr_lo;
}

/* Data at the source, and how many bytes of them the SQE names. */
static uint32_t
make_data(struct sqe_case *c, uint64_t source, uint32_t request, bool is_stream)
{
	uint32_t len = choose_len(c->in);
	size_t nb = len < FUZZ_LARGE_LEN ? len : FUZZ_LARGE_LEN;

	make_plain(c->in, nb);
	if (!is_stream) {
		fuzz_memory_write(&memory, source, plain, nb);
		return len;
	}
	nb = make_stream(c->in, nb, request);
	fuzz_memory_write(&memory, source, input, nb);
	return (uint32_t)nb;
}

/* Some words of noise. */
static void
change_words(struct sqe_case *c)
{
	uint32_t words[HISI_ZIP_SQE_LEN / 4];
	uint32_t nb = 1 + fuzz_u8(c->in) % 8;

	memcpy(words, &c->sqe, sizeof(words));
	while (nb-- != 0) {
		uint8_t at = fuzz_u8(c->in);

		words[at % FUZZ_ARRAY_LEN(words)] ^= fuzz_u32(c->in);
	}
	memcpy(&c->sqe, words, sizeof(words));
}

static bool
is_list(const struct hisi_zip_sqe *sqe)
{
	return HISI_FIELD_GET(HISI_ZIP_DW9_BUFFER, sqe->dw9) == HISI_ZIP_BUFFER_SGL;
}

/* The entries of a chain, as far as @p len bytes need them (qm.md 7). */
static void
walk_lists(struct ranges *ranges, uint64_t list, uint32_t skip, uint64_t len)
{
	struct hisi_sge entry;
	struct hisi_sgl head;
	uint32_t i, lists;

	for (lists = 0; lists < HISI_SGL_MAX_CHAIN && len != 0; lists++, list = head.next_dma) {
		if (fuzz_memory_read(&memory, list, &head, sizeof(head)) != sizeof(head))
			return;
		for (i = 0; i < head.entry_sum_in_sgl && len != 0; i++) {
			if (fuzz_memory_read(&memory, list + sizeof(head) + i * sizeof(entry),
					     &entry, sizeof(entry)) != sizeof(entry) ||
			    skip > entry.len || ranges->nb == MAX_RANGES)
				return;
			ranges->range[ranges->nb].iova = entry.buf + skip;
			entry.len -= skip;
			skip = 0;
			if (entry.len > len)
				entry.len = (uint32_t)len;
			len -= entry.len;
			ranges->range[ranges->nb++].len = entry.len;
		}
	}
}

static void
find_ranges(struct sqe_case *c)
{
	struct hisi_zip_sqe *sqe = &c->sqe;

	if (!is_list(sqe)) {
		c->source.range[0] = (struct range){ source_of(sqe), sqe->input_data_length };
		c->destination.range[0] = (struct range){ destination_of(sqe),
							  sqe->dest_avail_out };
		c->source.nb = c->destination.nb = 1;
		return;
	}
	/* The same memory many times over would only cost time. */
	sqe->input_data_length %= SGL_MAX_INPUT;
	walk_lists(&c->source, source_of(sqe), HISI_FIELD_GET(HISI_ZIP_DW7_IN_OFFSET, sqe->dw7),
		   sqe->input_data_length);
	walk_lists(&c->destination, destination_of(sqe),
		   HISI_FIELD_GET(HISI_ZIP_DW8_OUT_OFFSET, sqe->dw8), sqe->dest_avail_out);
}

static void
make_case(struct sqe_case *c)
{
	static const uint8_t requests[] = { HISI_ZIP_REQ_DEFLATE, HISI_ZIP_REQ_ZLIB,
					    HISI_ZIP_REQ_GZIP, HISI_ZIP_REQ_LZ77_ZSTD };
	uint8_t how = fuzz_u8(c->in), more = fuzz_u8(c->in);
	uint32_t request = requests[how / 2 % 4];
	uint64_t source = choose_address(c->in), destination = choose_address(c->in);
	struct hisi_zip_sqe *sqe = &c->sqe;

	c->type = how & 1;
	sqe->dw7 = HISI_ZIP_DW7_FINISH | HISI_ZIP_DW7_STREAM_NEW |
		   HISI_FIELD_PREP(HISI_ZIP_DW7_SQE_TYPE, (more & 2) != 0 ?
			(uint32_t)HISI_ZIP_SQE_TYPE_0 : (uint32_t)HISI_ZIP_SQE_TYPE_3);
	sqe->dw9 = HISI_FIELD_PREP(HISI_ZIP_DW9_REQUEST, request) |
		   HISI_FIELD_PREP(HISI_ZIP_DW9_WINDOW, (uint32_t)how >> 3 & 7);
	sqe->dest_avail_out = choose_len(c->in);
	sqe->input_data_length = make_data(c, source, request, (how & 0x40) == 0 && c->type == 1);
	sqe->tag_lo = 0x12345678;
	if ((more & 1) != 0) {
		source = make_sgl(c, 0);
		destination = make_sgl(c, 1);
		sqe->dw9 |= HISI_FIELD_PREP(HISI_ZIP_DW9_BUFFER, (uint32_t)HISI_ZIP_BUFFER_SGL);
	}
	if ((more & 4) != 0) {
		sqe->dw7 |= fuzz_u8(c->in);
		sqe->dw8 |= fuzz_u8(c->in);
	}
	set_address(&sqe->source_addr_lo, &sqe->source_addr_hi, source);
	set_address(&sqe->dest_addr_lo, &sqe->dest_addr_hi, destination);
	if ((how & 0x80) != 0)
		change_words(c);
	find_ranges(c);
}

/* ---- judging the result ---- */

static bool
overlaps(const struct range *a, uint64_t iova, uint64_t len)
{
	return a->iova - iova < len || iova - a->iova < a->len;
}

static bool
ranges_overlap(const struct ranges *ranges, uint64_t iova, uint64_t len)
{
	uint32_t i;

	for (i = 0; i < ranges->nb; i++)
		if (overlaps(&ranges->range[i], iova, len))
			return true;
	return false;
}

/* Do any two ranges of one or of two buffers touch each other? Many ranges: say so unseen. */
static bool
buffers_overlap(const struct sqe_case *c)
{
	const struct ranges *to = &c->destination;
	const struct range *range;
	uint32_t i, j;

	if (c->source.nb + to->nb > 64)
		return true;
	for (i = 0; i < to->nb; i++) {
		range = &to->range[i];
		if (ranges_overlap(&c->source, range->iova, range->len))
			return true;
		for (j = 0; j < i; j++)
			if (overlaps(&to->range[j], range->iova, range->len))
				return true;
	}
	return false;
}

/* The first @p len bytes of a buffer. @return bytes read */
static size_t
read_ranges(const struct ranges *ranges, uint8_t *to, size_t len)
{
	size_t piece, done = 0;
	uint32_t i;

	for (i = 0; i < ranges->nb && done < len; i++) {
		piece = len - done < ranges->range[i].len ? len - done : ranges->range[i].len;
		if (fuzz_memory_read(&memory, ranges->range[i].iova, to + done, piece) != piece)
			break;
		done += piece;
	}
	return done;
}

/* Raw inflate by zlib. @return bytes, or -1 */
static long
zlib_inflate(uint8_t *from, size_t len, uint8_t *to, size_t room, size_t *consumed)
{
	z_stream z = { .next_in = from, .avail_in = (uInt)len, .next_out = to,
		       .avail_out = (uInt)room };
	int ret;

	FUZZ_CHECK(inflateInit2(&z, -15) == Z_OK);
	ret = inflate(&z, Z_FINISH);
	inflateEnd(&z);
	*consumed = z.total_in;
	return ret == Z_STREAM_END ? (long)z.total_out : -1;
}

/* The device says that it worked: buffers that do not touch each other can be judged. */
static void
check_success(const struct sqe_case *c, const struct hisi_zip_sqe *done)
{
	const struct hisi_zip_sqe *sqe = &c->sqe;
	size_t consumed;
	long nb;

	if (sqe->input_data_length > sizeof(input) || done->produced > sizeof(output) ||
	    buffers_overlap(c))
		return;
	FUZZ_CHECK(read_ranges(&c->destination, output, done->produced) == done->produced);
	if (c->type == HISI_ZIP_QUEUE_COMPRESS) {
		nb = zlib_inflate(output, done->produced, plain, sizeof(plain), &consumed);
		FUZZ_CHECK(nb == (long)sqe->input_data_length);
		FUZZ_CHECK(memcmp(plain, input, (size_t)nb) == 0);
		FUZZ_CHECK(done->consumed == sqe->input_data_length);
	} else {
		/* Streams that only one of the two libraries takes are theirs to settle. */
		nb = zlib_inflate(input, sqe->input_data_length, plain, sizeof(plain), &consumed);
		FUZZ_CHECK(nb < 0 || (nb == (long)done->produced && consumed <= done->consumed));
		FUZZ_CHECK(nb < 0 || memcmp(plain, output, (size_t)nb) == 0);
	}
}

/* Results in their words, everything else as it was. */
static void
check_sqe(const struct sqe_case *c, const struct hisi_zip_sqe *done)
{
	const struct hisi_zip_sqe *sqe = &c->sqe;
	struct hisi_zip_sqe same = *done;
	uint32_t status = HISI_FIELD_GET(HISI_ZIP_DW3_STATUS, done->dw3);

	memcpy(&same, sqe, offsetof(struct hisi_zip_sqe, input_data_length));
	same.ctx_dw0 = sqe->ctx_dw0;
	memcpy(&same.ctx_dw1, &sqe->ctx_dw1, sizeof(same) - offsetof(struct hisi_zip_sqe, ctx_dw1));
	FUZZ_CHECK(memcmp(&same, sqe, sizeof(same)) == 0);
	FUZZ_CHECK(done->consumed <= sqe->input_data_length);
	FUZZ_CHECK(done->produced <= sqe->dest_avail_out);
	if (status == HISI_ZIP_STATUS_OK || status == HISI_ZIP_STATUS_NEGACOMPRESS)
		check_success(c, done);
	else
		FUZZ_CHECK(done->produced == 0 && done->consumed == 0);
}

static void
push(struct sqe_rig *rig, const struct sqe_case *c, uint16_t at, bool by_slot)
{
	uint64_t sq = fuzz_area_iova(FUZZ_AREA_RINGS) + FUZZ_SQ_OFFSET(c->type);
	uint64_t word;

	fuzz_memory_write(&memory, sq + at * HISI_ZIP_SQE_LEN, &c->sqe, sizeof(c->sqe));
	fuzz_memory_note(&memory);
	/* As the device finds it: its results may lie in what it read. */
	(void)read_ranges(&c->source, input, c->sqe.input_data_length < sizeof(input) ?
			  c->sqe.input_data_length : sizeof(input));
	rig->tail[c->type] = (at + 1) % FUZZ_DEPTH;
	word = hisi_qm_doorbell_word(hisi_qm_doorbell_base(HISI_QM_DB_CMD_SQ, (uint16_t)c->type,
					FUZZ_TAG), rig->tail[c->type], 0);
	if (by_slot)
		memcpy(slots + c->type * 128, &word, sizeof(word));
	else
		fuzz_model_ring(rig->pf, HISI_QM_DB_CMD_SQ, (uint16_t)c->type, FUZZ_TAG,
				rig->tail[c->type], 0);
}

static void
run(struct sqe_rig *rig, struct sqe_case *c)
{
	uint16_t at = rig->tail[c->type];
	uint64_t rings = fuzz_area_iova(FUZZ_AREA_RINGS);
	uint64_t slot = rings + FUZZ_SQ_OFFSET(c->type) + at * HISI_ZIP_SQE_LEN;
	struct hisi_zip_sqe done;
	uint32_t i, nb;

	push(rig, c, at, (at & 1) != 0);
	nb = model_device_run(rig->dev);
	FUZZ_CHECK(nb <= 1);
	for (i = 0; i < c->destination.nb; i++)
		fuzz_memory_allow(&memory, c->destination.range[i].iova,
				  c->destination.range[i].len);
	if (nb == 0) {
		/* An address was refused, and that stops the device in this mode. */
		FUZZ_CHECK(rig->dev->config.dma_fault == MODEL_DMA_FAULT_DEVICE);
		FUZZ_CHECK(atomic_load(&rig->dev->is_halted));
		fuzz_memory_check(&memory);
		bring_up(rig);
		return;
	}
	fuzz_memory_allow(&memory, slot, sizeof(done));
	fuzz_memory_allow(&memory, rings + FUZZ_CQ_OFFSET(c->type) + at * 16, 16);
	fuzz_memory_check(&memory);
	fuzz_memory_read(&memory, slot, &done, sizeof(done));
	/* A client may well have its own rings overwritten. */
	if (ranges_overlap(&c->destination, rings, fuzz_area_len(FUZZ_AREA_RINGS)))
		bring_up(rig);
	else
		check_sqe(c, &done);
	fuzz_model_ring(rig->pf, HISI_QM_DB_CMD_CQ, (uint16_t)c->type, FUZZ_TAG,
			rig->tail[c->type], 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t choice = fuzz_u8(&in);
	struct sqe_rig *rig = &rigs[choice % FUZZ_ARRAY_LEN(rigs)];
	static struct sqe_case c;
	int i;

	FUZZ_CHECK(vfio_user_guard_install() == 0);
	c.in = &in;
	fuzz_memory_clear(&memory);
	bring_up(rig);
	fuzz_model_write(rig->pf, HISI_ZIP_HIGH_PERF, choice >> 7);
	for (i = 0; i < MAX_SQES && (fuzz_has(&in) || i == 0); i++) {
		memset(&c.sqe, 0, sizeof(c.sqe));
		c.source.nb = c.destination.nb = 0;
		make_case(&c);
		run(rig, &c);
	}
	return 0;
}
