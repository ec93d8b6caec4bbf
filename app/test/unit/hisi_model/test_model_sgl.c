/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Hardware SGLs through a queue (qm.md 7, zip.md 4): lists that make sense, and lists that do not.
 */

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <hisi_sgl.h>

#include "model_rig.h"

#define CANARY 0xc5
#define LEN 20000
#define ROOM 24000

/* An address that nobody has mapped. */
#define NOWHERE 0x123456000ull

struct sgl_rig {
	struct rig rig;
	struct rig_queue comp;
	struct rig_queue decomp;
	uint64_t src;
	uint64_t dst;
	uint64_t read_only;	/**< LEN bytes that the device may only read */
};

static int
setup_version(void **state, const char *version)
{
	struct sgl_rig *r = calloc(1, sizeof(*r));
	struct model_device_config config;
	uint32_t i;

	rig_config(&config);
	config.version = version;
	/* The number of a V2 chip is a constant. */
	if (strcmp(version, "v2") == 0)
		config.nb_queues = 1024;
	config.dma_fault = MODEL_DMA_FAULT_OP;
	rig_start(&r->rig, &config);
	rig_bring_up(&r->rig.pf, 16);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->comp, 0, 0, 64), 0);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->decomp, 1, 1, 64), 0);
	r->src = rig_alloc(&r->rig.pf, LEN, 4096);
	r->dst = rig_alloc(&r->rig.pf, ROOM, 4096);
	r->read_only = 0x900000000ull;
	assert_int_equal(vfio_user_dma_insert(r->rig.pf.dma, r->rig.pf.fd,
		rig_alloc(&r->rig.pf, 32768, 4096) - RIG_IOVA, r->read_only, 32768,
		VFIO_USER_DMA_READ_ALLOWED), 0);
	for (i = 0; i < LEN; i++)
		((uint8_t *)rig_ptr(&r->rig.pf, r->src))[i] = (uint8_t)(i * i >> 9);
	memset(rig_ptr(&r->rig.pf, r->dst), CANARY, ROOM);
	*state = r;
	return 0;
}

static int
setup(void **state)
{
	return setup_version(state, "v3");
}

static int
setup_v2(void **state)
{
	return setup_version(state, "v2");
}

static int
teardown(void **state)
{
	struct sgl_rig *r = *state;

	rig_stop(&r->rig);
	free(r);
	return 0;
}

/* A chain of @p sgls SGLs with room for @p per_sgl entries each, none in use yet. */
static uint64_t
chain(struct sgl_rig *r, uint32_t sgls, uint32_t per_sgl)
{
	size_t stride = (sizeof(struct hisi_sgl) + per_sgl * sizeof(struct hisi_sge) +
		HISI_SGL_ALIGN - 1) / HISI_SGL_ALIGN * HISI_SGL_ALIGN;
	uint64_t first = rig_alloc(&r->rig.pf, sgls * stride, HISI_SGL_ALIGN);
	uint32_t i;

	for (i = 0; i < sgls; i++) {
		struct hisi_sgl *sgl = rig_ptr(&r->rig.pf, first + i * stride);

		sgl->entry_length_in_sgl = (uint16_t)per_sgl;
		sgl->entry_sum_in_chain = (uint16_t)(sgls * per_sgl);
		sgl->next_dma = i + 1 < sgls ? first + (i + 1) * stride : 0;
	}
	return first;
}

static void
add(struct sgl_rig *r, uint64_t iova, uint64_t buf, uint32_t len)
{
	struct hisi_sgl *sgl = rig_ptr(&r->rig.pf, iova);
	struct hisi_sge *entry = (struct hisi_sge *)(sgl + 1) + sgl->entry_sum_in_sgl++;

	entry->buf = buf;
	entry->len = len;
}

/* Pieces of @p piece bytes over @p len from @p buf on, as many to an SGL as fit. */
static uint64_t
cut(struct sgl_rig *r, uint64_t buf, uint32_t len, uint32_t piece, uint32_t per_sgl)
{
	uint32_t pieces = (len + piece - 1) / piece, sgls = (pieces + per_sgl - 1) / per_sgl;
	uint64_t first = chain(r, sgls, per_sgl), at = first;
	uint32_t done = 0;

	while (done < len) {
		struct hisi_sgl *sgl = rig_ptr(&r->rig.pf, at);

		if (sgl->entry_sum_in_sgl == per_sgl) {
			at = sgl->next_dma;
			continue;
		}
		add(r, at, buf + done, len - done < piece ? len - done : piece);
		done += piece;
	}
	return first;
}

static struct hisi_zip_sqe
sgl_sqe(uint64_t src, uint32_t len, uint64_t dst, uint32_t room)
{
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, src, len, dst, room);

	sqe.dw9 |= HISI_FIELD_PREP(HISI_ZIP_DW9_BUFFER, (uint32_t)HISI_ZIP_BUFFER_SGL);
	return sqe;
}

static uint32_t
status_of(struct sgl_rig *r, struct hisi_zip_sqe sqe)
{
	sqe = rig_queue_do(&r->rig, &r->comp, &sqe);
	return rig_status(&sqe);
}

/* What lies in the destination is a stream of the source. */
static void
check_stream(struct sgl_rig *r, uint32_t from, uint32_t len, uint64_t at, uint32_t produced)
{
	static uint8_t plain[LEN];
	z_stream s = { .next_in = rig_ptr(&r->rig.pf, at), .avail_in = produced,
		.next_out = plain, .avail_out = sizeof(plain) };

	assert_int_equal(inflateInit2(&s, -15), Z_OK);
	assert_int_equal(inflate(&s, Z_FINISH), Z_STREAM_END);
	assert_int_equal(s.total_out, len);
	assert_int_equal(s.avail_in, 0);
	inflateEnd(&s);
	assert_memory_equal(plain, (uint8_t *)rig_ptr(&r->rig.pf, r->src) + from, len);
}

struct cut_case {
	uint32_t src_piece;
	uint32_t dst_piece;
	uint32_t per_sgl;
};

/* Up to 20000 pieces: 255 entries to an SGL at most, 256 SGLs to a chain. */
static void
test_cuts(void **state)
{
	static const struct cut_case cases[] = {
		{ LEN, ROOM, 1 }, { LEN, 100, 16 }, { 100, ROOM, 16 }, { 999, 777, 3 },
		{ 1, 1, 255 }, { 79, 94, 1 }, { 4096, 4096, 255 },
	};
	struct sgl_rig *r = *state;
	struct hisi_zip_sqe sqe, back;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct cut_case *c = &cases[i];

		sqe = sgl_sqe(cut(r, r->src, LEN, c->src_piece, c->per_sgl), LEN,
			cut(r, r->dst, ROOM, c->dst_piece, c->per_sgl), ROOM);
		sqe = rig_queue_do(&r->rig, &r->comp, &sqe);
		assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
		assert_int_equal(sqe.consumed, LEN);
		check_stream(r, 0, LEN, r->dst, sqe.produced);
		/* And back, by lists of the same kind. */
		back = sgl_sqe(cut(r, r->dst, sqe.produced, c->dst_piece, c->per_sgl),
			sqe.produced, cut(r, r->src, LEN, c->src_piece, c->per_sgl), LEN);
		back = rig_queue_do(&r->rig, &r->decomp, &back);
		assert_int_equal(rig_status(&back), HISI_ZIP_STATUS_OK);
		assert_int_equal(back.produced, LEN);
		assert_int_equal(back.consumed, sqe.produced);
	}
}

/* dw7 and dw8 skip bytes of the first entry; beyond it is unknown (zip.md 4), refused here. */
static void
test_offsets(void **state)
{
	struct sgl_rig *r = *state;
	uint64_t in = cut(r, r->src, LEN, 1000, 16), out = cut(r, r->dst, ROOM, 500, 16);
	static const uint32_t offsets[][2] = { { 0, 7 }, { 1, 0 }, { 999, 499 }, { 1000, 500 } };
	struct hisi_zip_sqe sqe;
	size_t i;

	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		sqe = sgl_sqe(in, 15000, out, 20000);
		sqe.dw7 |= offsets[i][0];
		sqe.dw8 = offsets[i][1];
		sqe = rig_queue_do(&r->rig, &r->comp, &sqe);
		assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
		check_stream(r, offsets[i][0], 15000, r->dst + offsets[i][1], sqe.produced);
	}
	for (i = 0; i < 2; i++) {
		sqe = sgl_sqe(in, 15000, out, 20000);
		sqe.dw7 |= i == 0 ? 1001 : 0;
		sqe.dw8 = i == 1 ? 501 : 0;
		assert_int_equal(status_of(r, sqe), HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	}
}

/* Entries without a byte are no end, and no harm; not even where they point to nothing. */
static void
test_entries_of_no_length(void **state)
{
	struct sgl_rig *r = *state;
	uint64_t in = chain(r, 2, 10), out = cut(r, r->dst, ROOM, ROOM, 1);
	uint64_t second = ((struct hisi_sgl *)rig_ptr(&r->rig.pf, in))->next_dma;
	struct hisi_zip_sqe sqe;
	int i;

	for (i = 0; i < 4; i++)
		add(r, in, i & 1 ? NOWHERE : r->src, 0);
	add(r, in, r->src, 5000);
	add(r, in, r->src, 0);
	/* An SGL that has no entry at all in between. */
	((struct hisi_sgl *)rig_ptr(&r->rig.pf, second))->next_dma =
		cut(r, r->src + 5000, LEN - 5000, 3000, 10);
	sqe = sgl_sqe(in, LEN, out, ROOM);
	sqe = rig_queue_do(&r->rig, &r->comp, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
	check_stream(r, 0, LEN, r->dst, sqe.produced);
}

/* Shorter than the descriptor says: nothing is guessed. */
static void
test_list_too_short(void **state)
{
	struct sgl_rig *r = *state;
	uint64_t in = cut(r, r->src, LEN, 1000, 7), out = cut(r, r->dst, ROOM, 1000, 7);

	assert_int_equal(status_of(r, sgl_sqe(in, LEN + 1, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	assert_int_equal(status_of(r, sgl_sqe(in, LEN, out, ROOM + 1)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	assert_int_equal(status_of(r, sgl_sqe(in, UINT32_MAX, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	assert_int_equal(status_of(r, sgl_sqe(in, LEN, out, UINT32_MAX)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	assert_int_equal(status_of(r, sgl_sqe(0, LEN, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	assert_int_equal(status_of(r, sgl_sqe(in, LEN, out, ROOM)), HISI_ZIP_STATUS_OK);
}

/* 256 SGLs are a chain, 257 are not; a chain that bites its tail is not either. */
static void
test_long_chains(void **state)
{
	struct sgl_rig *r = *state;
	uint64_t out = cut(r, r->dst, ROOM, ROOM, 1), in = chain(r, 3, 1);
	struct hisi_sgl *last;

	assert_int_equal(status_of(r, sgl_sqe(cut(r, r->src, 256, 1, 1), 256, out, ROOM)) &
		~HISI_ZIP_STATUS_NEGACOMPRESS, HISI_ZIP_STATUS_OK);
	assert_int_equal(status_of(r, sgl_sqe(cut(r, r->src, 257, 1, 1), 257, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	/* A loop of SGLs without entries, which brings no byte nearer. */
	for (last = rig_ptr(&r->rig.pf, in); last->next_dma != 0; )
		last = rig_ptr(&r->rig.pf, last->next_dma);
	last->next_dma = in;
	assert_int_equal(status_of(r, sgl_sqe(in, LEN, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	/* And one with entries. */
	add(r, in, r->src, 10);
	assert_int_equal(status_of(r, sgl_sqe(in, LEN, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
}

static void
test_bad_lists(void **state)
{
	struct sgl_rig *r = *state;
	uint64_t in = cut(r, r->src, LEN, LEN, 4), out = cut(r, r->dst, ROOM, ROOM, 4), bad;
	struct hisi_sgl *sgl;
	uint32_t shift;

	/* qm.md 7: aligned to 64 bytes. */
	for (shift = 1; shift < 64; shift++)
		assert_int_equal(status_of(r, sgl_sqe(in + shift, LEN, out, ROOM)),
			HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	/* More entries in use than an SGL can have. */
	bad = chain(r, 1, 4);
	sgl = rig_ptr(&r->rig.pf, bad);
	sgl->entry_sum_in_sgl = HISI_SGL_MAX_SGES + 1;
	assert_int_equal(status_of(r, sgl_sqe(bad, LEN, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	sgl->entry_sum_in_sgl = UINT16_MAX;
	assert_int_equal(status_of(r, sgl_sqe(bad, LEN, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
	/* An entry longer than 8 MiB. */
	sgl->entry_sum_in_sgl = 0;
	add(r, bad, r->src, HISI_SGE_MAX_LEN + 1);
	assert_int_equal(status_of(r, sgl_sqe(bad, LEN, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_BAD_PARAMETER);
}

/* Lists and buffers that the device is not given: faults, and no byte of the other side moves. */
static void
test_what_is_not_mapped(void **state)
{
	struct sgl_rig *r = *state;
	uint64_t in = cut(r, r->src, LEN, LEN, 4), out = cut(r, r->dst, ROOM, ROOM, 4);
	uint64_t far_in = cut(r, NOWHERE, LEN, 500, 4), far_out = cut(r, NOWHERE, ROOM, 500, 4);
	uint64_t end = RIG_IOVA + RIG_MEM_LEN - 64, part = cut(r, r->dst, ROOM, 1000, 4);
	uint64_t next = cut(r, r->src, 1000, 1000, 1);
	const uint8_t *dst = rig_ptr(&r->rig.pf, r->dst);
	uint32_t i;

	assert_int_equal(status_of(r, sgl_sqe(NOWHERE, LEN, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_READ_FAULT);
	/* A list that cannot be read is a read, also of the destination's side. */
	assert_int_equal(status_of(r, sgl_sqe(in, LEN, NOWHERE, ROOM)),
		HISI_ZIP_STATUS_MODEL_READ_FAULT);
	assert_int_equal(status_of(r, sgl_sqe(far_in, LEN, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_READ_FAULT);
	assert_int_equal(status_of(r, sgl_sqe(in, LEN, far_out, ROOM)),
		HISI_ZIP_STATUS_MODEL_WRITE_FAULT);
	/* The header is mapped, its entries are not. */
	((struct hisi_sgl *)rig_ptr(&r->rig.pf, end))->entry_sum_in_sgl = 1;
	assert_int_equal(status_of(r, sgl_sqe(end, LEN, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_READ_FAULT);
	/* The second SGL is not. */
	((struct hisi_sgl *)rig_ptr(&r->rig.pf, next))->next_dma = NOWHERE;
	assert_int_equal(status_of(r, sgl_sqe(next, LEN, out, ROOM)),
		HISI_ZIP_STATUS_MODEL_READ_FAULT);
	/* One entry of many is not. */
	((struct hisi_sge *)((struct hisi_sgl *)rig_ptr(&r->rig.pf, part) + 1))[3].buf = NOWHERE;
	assert_int_equal(status_of(r, sgl_sqe(in, LEN, part, ROOM)),
		HISI_ZIP_STATUS_MODEL_WRITE_FAULT);
	for (i = 0; i < ROOM; i++)
		assert_int_equal(dst[i], CANARY);
}

/* What may only be read is a good list and a good source, and no destination. */
static void
test_read_only_memory(void **state)
{
	struct sgl_rig *r = *state;
	uint64_t in = cut(r, r->read_only, LEN, 3000, 4), out = cut(r, r->dst, ROOM, ROOM, 4);
	uint64_t bad = cut(r, r->read_only, ROOM, 3000, 4);
	struct hisi_zip_sqe sqe = sgl_sqe(in, LEN, out, ROOM);

	sqe = rig_queue_do(&r->rig, &r->comp, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
	assert_int_equal(status_of(r, sgl_sqe(in, LEN, bad, ROOM)),
		HISI_ZIP_STATUS_MODEL_WRITE_FAULT);
}

/* V2: type 0, zlib and gzip only, flat and by lists; type 3 is unknown to it (zip.md 0.1). */
static void
test_type_0_of_v2(void **state)
{
	struct sgl_rig *r = *state;
	struct hisi_zip_sqe sqe, good = sgl_sqe(cut(r, r->src, LEN, 100, 16), LEN,
		cut(r, r->dst, ROOM, 100, 16), ROOM);
	uint32_t adler = adler32(1, rig_ptr(&r->rig.pf, r->src), LEN), found;

	good.dw7 &= ~HISI_ZIP_DW7_SQE_TYPE;
	good.dw9 = HISI_ZIP_REQ_ZLIB | (good.dw9 & HISI_ZIP_DW9_BUFFER);
	sqe = rig_queue_do(&r->rig, &r->comp, &good);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
	check_stream(r, 0, LEN, r->dst, sqe.produced - 4);
	memcpy(&found, (uint8_t *)rig_ptr(&r->rig.pf, r->dst) + sqe.produced - 4, 4);
	assert_int_equal(__builtin_bswap32(found), adler);
	/* dw13 is its tag: it comes back. */
	assert_int_equal(sqe.dw13, good.dw13);
	sqe = good;
	sqe.dw9 = HISI_ZIP_REQ_DEFLATE | (good.dw9 & HISI_ZIP_DW9_BUFFER);
	assert_int_equal(status_of(r, sqe), HISI_ZIP_STATUS_MODEL_UNSUPPORTED);
	sqe = good;
	sqe.dw7 |= HISI_FIELD_PREP(HISI_ZIP_DW7_SQE_TYPE, (uint32_t)HISI_ZIP_SQE_TYPE_3);
	assert_int_equal(status_of(r, sqe), HISI_ZIP_STATUS_MODEL_UNSUPPORTED);
	/* The window field means nothing to it. */
	sqe = good;
	sqe.dw9 |= HISI_ZIP_DW9_WINDOW;
	assert_int_equal(status_of(r, sqe), HISI_ZIP_STATUS_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cuts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_offsets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_entries_of_no_length, setup, teardown),
		cmocka_unit_test_setup_teardown(test_list_too_short, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_chains, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_lists, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_not_mapped, setup, teardown),
		cmocka_unit_test_setup_teardown(test_read_only_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_type_0_of_v2, setup_v2, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
