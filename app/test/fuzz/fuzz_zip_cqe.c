/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * A lying device under compress/hisi_zip. Between bursts of enqueue and dequeue the input writes
 * what a device could write: right completions in and out of order, results that cannot be, CQEs
 * that name another queue, nothing in flight, the same again, the wrong phase; bytes anywhere in
 * both rings; events that say anything. The control thread's look is a step of the story too.
 *
 * What must hold: every operation comes back once and only once, with lengths within its buffers;
 * no pointer that was not given; no doorbell that the device could not understand; and whatever
 * was said, a few looks after the device stops lying all operations are back.
 */

#include <errno.h>

#include <hisi_zip.h>

#include "fake_bus.h"
#include "fuzz.h"
#include "fuzz_eal.h"

#define MAX_STEPS 64
#define NB_OPS 160u
#define NB_SEGMENTS 2u
#define ENTRIES 32u
#define MAX_BURST 40u
#define ROOM 512u
#define GUARD 32u
#define CANARY 0xc5
#define NB_HW 2u
#define QUIET_LOOKS 8

/* An operation with buffers of its own. */
struct fuzz_op {
	struct rte_comp_op op;
	struct rte_mbuf src[NB_SEGMENTS];
	struct rte_mbuf dst[NB_SEGMENTS];
	uint32_t room;		/* bytes of output that it can take */
	bool is_given;		/* the driver has it */
	uint8_t src_bytes[NB_SEGMENTS][ROOM];
	uint8_t dst_bytes[NB_SEGMENTS][GUARD + ROOM + GUARD];
};

/* A function of one generation, and the compressdev over it. */
struct cqe_rig {
	struct fake_bus *fake;
	struct hisi_qm_dev *qm;
	struct hisi_zip_dev zip;
	void *queue_pairs[1];
	struct rte_compressdev_data data;
	struct rte_compressdev dev;
	void *xforms[2];
	const char *name;
	uint8_t revision;	/* as in configuration space */
};

static struct cqe_rig rigs[] = {
	{ .name = "fuzz_v3", .revision = HISI_QM_V3 },
	{ .name = "fuzz_v2", .revision = HISI_QM_V2 },
};
static struct cqe_rig *rig;
static struct fake_bus *fake;		/* the rig's */
static struct hisi_qm_dev *qm;		/* the rig's */
static struct fuzz_op *ops;
static struct hisi_zip_qp *qp;
static struct fuzz_input in;
static uint32_t nb_given;
static uint32_t next_op;
static uint32_t nb_completed[NB_HW];	/* SQEs that the device has told of, free-running */

/* ---- set up ---- */

static void
open_device(void)
{
	const struct hisi_qm_devargs args = { .timeout_ms = 0, .fallback = 1 };

	fake = rig->fake;
	fake_bus_init(fake, false);
	fake->config[8] = rig->revision;
	FUZZ_CHECK(hisi_qm_dev_open(rig->name, &hisi_zip_engine, &args, &fake->bus, -1, &qm) == 0);
	/* Its looks are steps of the story. */
	hisi_qm_monitor_remove(qm);
	rig->qm = qm;
	rig->zip.qm = qm;
}

static void
close_device(void)
{
	fake_behave(fake);
	FUZZ_CHECK(hisi_qm_monitor_add(qm) == 0);
	hisi_qm_dev_close(qm);
	fake_bus_fini(fake);
}

static void
make_xforms(void)
{
	const struct rte_comp_xform compress = { .type = RTE_COMP_COMPRESS, .compress = {
		.algo = RTE_COMP_ALGO_DEFLATE, .level = RTE_COMP_LEVEL_PMD_DEFAULT,
		.window_size = 15, .hash_algo = RTE_COMP_HASH_ALGO_NONE } };
	const struct rte_comp_xform decompress = { .type = RTE_COMP_DECOMPRESS, .decompress = {
		.algo = RTE_COMP_ALGO_DEFLATE, .window_size = 15,
		.hash_algo = RTE_COMP_HASH_ALGO_NONE } };

	FUZZ_CHECK(hisi_zip_xform_create(&rig->dev, &compress, &rig->xforms[0]) == 0);
	FUZZ_CHECK(hisi_zip_xform_create(&rig->dev, &decompress, &rig->xforms[1]) == 0);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_eal_start();
	ops = fuzz_alloc(64, NB_OPS * sizeof(*ops));
	for (rig = rigs; rig < rigs + FUZZ_ARRAY_LEN(rigs); rig++) {
		rig->fake = fuzz_alloc(128, sizeof(*rig->fake));
		rig->data = (struct rte_compressdev_data){ .name = "fuzz",
			.dev_private = &rig->zip, .queue_pairs = rig->queue_pairs,
			.nb_queue_pairs = 1 };
		rig->dev.data = &rig->data;
		open_device();
		make_xforms();
	}
	return 0;
}

/* ---- operations ---- */

static void
mbuf_init(struct rte_mbuf *mbuf, uint8_t *bytes, uint32_t len)
{
	memset(mbuf, 0, sizeof(*mbuf));
	mbuf->buf_addr = bytes;
	mbuf->buf_iova = (uintptr_t)bytes;
	mbuf->buf_len = (uint16_t)len;
	mbuf->data_len = (uint16_t)len;
	mbuf->pkt_len = len;
	mbuf->nb_segs = 1;
}

static void
mbuf_chain(struct rte_mbuf *first, struct rte_mbuf *second)
{
	first->next = second;
	first->nb_segs = 2;
	first->pkt_len += second->pkt_len;
}

/* What no caller should ask for, and some do. */
static void
op_spoil(struct fuzz_op *op, uint8_t how)
{
	switch (how % 8) {
	case 0:
		op->op.m_dst = NULL;
		break;
	case 1:
		op->op.m_src = NULL;
		break;
	case 2:
		op->op.m_dst = op->op.m_src;
		break;
	case 3:
		op->op.op_type = RTE_COMP_OP_STATEFUL;
		break;
	case 4:
		op->op.src.offset = ROOM * 4;
		break;
	case 5:
		op->op.dst.offset = ROOM * 4;
		break;
	case 6:
		op->op.private_xform = NULL;
		break;
	default:
		op->op.src.length = UINT32_MAX;
		break;
	}
}

static struct fuzz_op *
op_make(struct fuzz_op *op)
{
	uint8_t kind = fuzz_u8(&in), size = fuzz_u8(&in);
	uint32_t i, room = (size & 3) == 0 ? size : ROOM;

	memset(op, 0, sizeof(*op));
	memset(op->dst_bytes, CANARY, sizeof(op->dst_bytes));
	fuzz_bytes(&in, op->src_bytes[0], kind & 8 ? 16 : 0);
	for (i = 0; i < NB_SEGMENTS; i++) {
		mbuf_init(&op->src[i], op->src_bytes[i], ROOM);
		mbuf_init(&op->dst[i], op->dst_bytes[i] + GUARD, room);
	}
	op->op.op_type = RTE_COMP_OP_STATELESS;
	op->op.private_xform = rig->xforms[kind & 1];
	op->op.m_src = &op->src[0];
	op->op.m_dst = &op->dst[0];
	op->op.src.length = (kind & 2) != 0 ? size : 300;
	op->op.dst.offset = (kind & 4) != 0 && room > 16 ? 16 : 0;
	op->op.flush_flag = (kind & 0xf0) == 0xe0 ? size : RTE_COMP_FLUSH_FINAL;
	op->op.status = RTE_COMP_OP_STATUS_NOT_PROCESSED;
	op->room = room - op->op.dst.offset;
	if ((kind & 0xf0) == 0xc0) {
		mbuf_chain(&op->src[0], &op->src[1]);
		mbuf_chain(&op->dst[0], &op->dst[1]);
		op->room += room;
	}
	if ((kind & 0xf0) == 0xf0)
		op_spoil(op, kind);
	return op;
}

/* Nothing but the output has been written, by whoever made it. */
static void
op_check_guards(const struct fuzz_op *op)
{
	uint32_t i, used;

	for (i = 0; i < NB_SEGMENTS; i++) {
		used = GUARD + op->dst[i].data_len;
		FUZZ_CHECK(fuzz_is_filled(op->dst_bytes[i], GUARD, CANARY));
		FUZZ_CHECK(fuzz_is_filled(op->dst_bytes[i] + used,
			sizeof(op->dst_bytes[i]) - used, CANARY));
	}
	FUZZ_CHECK(fuzz_is_filled(op->dst_bytes[0] + GUARD,
		op->op.dst.offset < ROOM ? op->op.dst.offset : 0, CANARY));
}

static void
op_take_back(struct rte_comp_op *returned)
{
	uintptr_t offset = (uintptr_t)returned - (uintptr_t)ops;
	struct fuzz_op *op;

	FUZZ_CHECK(offset < NB_OPS * sizeof(*ops) && offset % sizeof(*ops) == 0);
	op = &ops[offset / sizeof(*ops)];
	FUZZ_CHECK(op->is_given);
	op->is_given = false;
	nb_given--;
	FUZZ_CHECK(op->op.status != RTE_COMP_OP_STATUS_NOT_PROCESSED);
	FUZZ_CHECK(op->op.consumed <= op->op.src.length && op->op.produced <= op->room);
	if (op->op.status == RTE_COMP_OP_STATUS_INVALID_ARGS ||
			op->op.status == RTE_COMP_OP_STATUS_ERROR)
		FUZZ_CHECK(op->op.consumed == 0 && op->op.produced == 0);
	op_check_guards(op);
}

/* ---- the device ---- */

static uint8_t
choose_hw(void)
{
	return fuzz_u8(&in) % NB_HW;
}

static struct hisi_qm_qp *
hw_of(uint8_t which)
{
	return qp->hw[which];
}

static uint32_t
depth_of(const struct hisi_qm_qp *hw)
{
	return HISI_FIELD_GET(HISI_QM_XQC_DEPTH, fake->queues[hw->qn].sqc.dw3) + 1;
}

static struct hisi_zip_sqe *
sqe_of(const struct hisi_qm_qp *hw, uint32_t count)
{
	const struct hisi_qm_sqc *sqc = &fake->queues[hw->qn].sqc;
	uint64_t base = (uint64_t)sqc->base_hi << 32 | sqc->base_lo;

	return (struct hisi_zip_sqe *)(uintptr_t)base + count % depth_of(hw);
}

static uint64_t *
cqe_of(const struct hisi_qm_qp *hw, uint32_t count)
{
	const struct hisi_qm_cqc *cqc = &fake->queues[hw->qn].cqc;
	uint64_t base = (uint64_t)cqc->base_hi << 32 | cqc->base_lo;

	return (uint64_t *)(uintptr_t)base + 2 * (count % depth_of(hw));
}

/* What a doorbell says now, as a count: it must be one that the device can understand. */
static uint32_t
look_at(const struct hisi_qm_qp *hw, uint32_t command, uint32_t now)
{
	const struct fake_queue *queue = &fake->queues[hw->qn];
	uint64_t word = fake->slots[hw->qn][command == HISI_QM_DB_CMD_SQ ? 0 : 8];
	uint32_t index = HISI_FIELD_GET(HISI_QM_DB_INDEX, word);

	/* A stale one, of before a restart: dropped (qm.md 4.3). */
	if (word == 0 || HISI_FIELD_GET(HISI_QM_DB_TAG, word) != queue->sqc.tag)
		return now;
	FUZZ_CHECK(HISI_FIELD_GET(HISI_QM_DB_QUEUE, word) == hw->qn);
	FUZZ_CHECK(HISI_FIELD_GET(HISI_QM_DB_COMMAND, word) == command);
	FUZZ_CHECK(HISI_FIELD_GET(HISI_QM_DB_PRIORITY, word) == 0);
	FUZZ_CHECK(index < depth_of(hw));
	return now + (index - now) % depth_of(hw);
}

/* After every burst: indices move by less than a lap in one. */
static void
look(void)
{
	struct fake_queue *queue;
	uint8_t which;

	for (which = 0; which < NB_HW; which++) {
		queue = &fake->queues[hw_of(which)->qn];
		if (queue->fetched == 0 && queue->acked == 0 && queue->posted == 0)
			nb_completed[which] = 0; /* started afresh */
		queue->fetched = look_at(hw_of(which), HISI_QM_DB_CMD_SQ, queue->fetched);
		queue->acked = look_at(hw_of(which), HISI_QM_DB_CMD_CQ, queue->acked);
		/* Or a CQ could overflow (qm.md 5.9). */
		FUZZ_CHECK(queue->fetched - queue->acked < depth_of(hw_of(which)));
	}
}

static void
post(uint8_t which, uint16_t sq_head, uint16_t sq_num)
{
	struct hisi_qm_qp *hw = hw_of(which);
	struct fake_queue *queue = &fake->queues[hw->qn];
	uint64_t phase = ~(queue->posted / depth_of(hw)) & 1;

	cqe_of(hw, queue->posted)[1] = HISI_FIELD_PREP(HISI_QM_CQE_HI_SQ_HEAD, (uint64_t)sq_head) |
		HISI_FIELD_PREP(HISI_QM_CQE_HI_SQ_NUM, (uint64_t)sq_num) |
		HISI_FIELD_PREP(HISI_QM_CQE_HI_PHASE, phase);
	queue->posted++;
}

static uint32_t
pending(uint8_t which)
{
	const struct fake_queue *queue = &fake->queues[hw_of(which)->qn];
	uint32_t left = queue->fetched - nb_completed[which];

	return left < depth_of(hw_of(which)) ? left : 0;
}

/* Complete the next SQE of a queue as asked, if there is one. */
static void
complete(uint8_t which, uint32_t consumed, uint32_t produced, uint32_t dw3)
{
	struct hisi_qm_qp *hw = hw_of(which);
	struct hisi_zip_sqe *sqe = sqe_of(hw, nb_completed[which]);

	sqe->consumed = consumed;
	sqe->produced = produced;
	sqe->dw3 = dw3;
	post(which, (uint16_t)(nb_completed[which]++ % depth_of(hw)), hw->qn);
}

/* ---- steps ---- */

static void
do_enqueue(void)
{
	struct rte_comp_op *burst[MAX_BURST];
	uint16_t i, done, nb = 1 + fuzz_u8(&in) % MAX_BURST;

	for (i = 0; i < nb; i++) {
		if (nb_given + i >= NB_OPS)
			break;
		while (ops[next_op % NB_OPS].is_given)
			next_op++;
		burst[i] = &op_make(&ops[next_op % NB_OPS])->op;
		/* Not to be found a second time; those that are not taken are given back below. */
		ops[next_op % NB_OPS].is_given = true;
	}
	nb = i;
	done = hisi_zip_enqueue_burst(qp, burst, nb);
	FUZZ_CHECK(done <= nb);
	nb_given += done;
	for (i = done; i < nb; i++)
		((struct fuzz_op *)burst[i])->is_given = false;
}

static uint16_t
dequeue(uint16_t nb)
{
	struct rte_comp_op *burst[MAX_BURST];
	uint16_t i, done;

	done = qp->trailer_len == 0 ? hisi_zip_dequeue_burst(qp, burst, nb) :
		hisi_zip_dequeue_burst_trailer(qp, burst, nb);
	FUZZ_CHECK(done <= nb);
	for (i = 0; i < done; i++)
		op_take_back(burst[i]);
	return done;
}

static void
do_dequeue(void)
{
	(void)dequeue(1 + fuzz_u8(&in) % MAX_BURST);
}

static void
do_complete(void)
{
	uint8_t which = choose_hw(), nb = fuzz_u8(&in) % 64;
	const struct hisi_zip_sqe *sqe;

	for (; nb != 0 && pending(which) != 0; nb--) {
		sqe = sqe_of(hw_of(which), nb_completed[which]);
		complete(which, sqe->input_data_length, sqe->dest_avail_out / 2, 0);
	}
}

/* Results that cannot be, of an SQE that is. */
static void
do_complete_wrong(void)
{
	uint8_t which = choose_hw(), choice = fuzz_u8(&in);
	uint32_t consumed = (choice & 1) != 0 ? fuzz_u32(&in) : fuzz_u16(&in) % 1024;
	uint32_t produced = (choice & 2) != 0 ? fuzz_u32(&in) : fuzz_u16(&in) % 1024;
	uint32_t dw3 = (choice & 4) != 0 ? fuzz_u32(&in) : fuzz_u8(&in) % 0x14;

	if (pending(which) == 0)
		return;
	if ((choice & 8) != 0) /* no result at all */
		post(which, (uint16_t)(nb_completed[which]++ % depth_of(hw_of(which))),
			hw_of(which)->qn);
	else
		complete(which, consumed, produced, dw3);
}

/* One that is in flight but not the next; and then perhaps the same again. */
static void
do_complete_other(void)
{
	uint8_t which = choose_hw(), ahead = fuzz_u8(&in);
	struct hisi_qm_qp *hw = hw_of(which);
	uint32_t left = pending(which), count;

	if (left == 0)
		return;
	count = nb_completed[which] + ahead % left;
	sqe_of(hw, count)->dw3 = 0;
	post(which, (uint16_t)(count % depth_of(hw)), hw->qn);
	if ((ahead & 0x80) != 0)
		post(which, (uint16_t)(count % depth_of(hw)), hw->qn);
}

static void
do_post(void)
{
	uint8_t which = choose_hw(), choice = fuzz_u8(&in);
	uint16_t sq_head = (choice & 1) != 0 ? fuzz_u16(&in) : fuzz_u8(&in) % 80;
	uint16_t sq_num = (choice & 2) != 0 ? fuzz_u16(&in) : hw_of(which)->qn;

	post(which, sq_head, sq_num);
	if ((choice & 4) != 0)
		fake->queues[hw_of(which)->qn].posted--; /* written over by the next one */
}

/* Any bytes anywhere in the rings. */
static void
do_scribble(void)
{
	uint8_t which = choose_hw(), slot = fuzz_u8(&in), choice = fuzz_u8(&in);
	struct hisi_qm_qp *hw = hw_of(which);
	uint8_t bytes[16];

	fuzz_bytes(&in, bytes, sizeof(bytes));
	if ((choice & 1) != 0)
		memcpy(cqe_of(hw, slot), bytes, sizeof(bytes));
	else
		memcpy((uint8_t *)sqe_of(hw, slot) + choice % (HISI_ZIP_SQE_LEN - 16), bytes,
			sizeof(bytes));
}

static void
do_event(void)
{
	/* Not by the contexts: a function reset makes the device forget them. */
	uint32_t *ring = (fuzz_u8(&in) & 1) != 0 ? qm->dma.eq : qm->dma.aeq;
	uint32_t slot = fuzz_u8(&in) % 8, nb = 1 + fuzz_u8(&in) % 4, entry = fuzz_u32(&in);

	while (ring != NULL && nb-- != 0)
		ring[slot++] = entry;
}

/* How the control path finds the device. */
static void
do_trouble(void)
{
	uint8_t choice = fuzz_u8(&in);

	switch (choice % 6) {
	case 0:
		fake_mailbox_rule(fake, FAKE_ANY, FAKE_MB_STATUS, 1 + choice / 64, 3);
		break;
	case 1:
		fake->reset_result = -EIO;
		break;
	case 2:
		fake->ping_result = -EIO;
		break;
	case 3:
		fake->ping_result = -ENODEV;
		break;
	case 4:
		fake->alive_result = -ENODEV;
		break;
	default:
		fake_reg_set(fake, HISI_QM_ABNORMAL_INT_STATUS, fuzz_u32(&in));
		break;
	}
}

static void
do_service(void)
{
	(void)hisi_qm_recover_service(qm);
}

/* Enough empty polls for a look at the clock, and for the next one. */
static void
do_poll(void)
{
	uint32_t i;

	for (i = 0; i < 130; i++)
		(void)dequeue(1);
}

/* Queues as after a start. Making them anew each time would take most of the time there is. */
static void
begin(void)
{
	uint8_t which;

	rig = &rigs[fuzz_u8(&in) % FUZZ_ARRAY_LEN(rigs)];
	fake = rig->fake;
	qm = rig->qm;
	memset(nb_completed, 0, sizeof(nb_completed));
	nb_given = 0;
	next_op = 0;
	rig->zip.leaving = false;
	if (rig->queue_pairs[0] == NULL)
		FUZZ_CHECK(hisi_zip_ops.queue_pair_setup(&rig->dev, 0, ENTRIES,
			SOCKET_ID_ANY) == 0);
	qp = rig->queue_pairs[0];
	qp->last_type = HISI_ZIP_QUEUE_COMPRESS;
	for (which = 0; which < NB_HW; which++) {
		FUZZ_CHECK(hisi_qm_qp_start(hw_of(which)) == 0);
		hisi_qm_qp_open(hw_of(which));
	}
}

/* With no operation in flight every list is free again; a queue would dry up otherwise. */
static void
check_lists(void)
{
	uint8_t which;

	for (which = 0; which < NB_HW; which++)
		FUZZ_CHECK(rte_ring_count(hw_of(which)->sgl->free) == hw_of(which)->sgl->count);
}

/* The device neither lies nor works any more: all operations come back all the same. */
static void
end(void)
{
	uint32_t looks;
	uint8_t which;

	fake_behave(fake);
	fake->reset_result = 0;
	fake->ping_result = 0;
	if (fake->alive_result == 0)
		qm->retry = 0;
	for (looks = 0; nb_given != 0 && looks < QUIET_LOOKS; looks++) {
		for (which = 0; which < NB_HW; which++)
			if (hisi_qm_qp_in_flight(hw_of(which)) != 0)
				hw_of(which)->alarm = HISI_QM_QP_ALARM_BAD_CQE;
		do_service();
		while (dequeue(MAX_BURST) != 0)
			;
	}
	FUZZ_CHECK(nb_given == 0);
	do_service();
	FUZZ_CHECK(dequeue(MAX_BURST) == 0);
	check_lists();
	if (qm->state != HISI_QM_DEV_READY || qm->silent || qm->owed) {
		rig->zip.leaving = true;
		FUZZ_CHECK(hisi_zip_ops.queue_pair_release(&rig->dev, 0) == 0);
		close_device();
		open_device();
	}
	fake_log_forget(fake);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static void (*const steps[])(void) = {
		do_dequeue, do_enqueue, do_complete, do_complete_wrong, do_complete_other, do_post,
		do_scribble, do_service, do_enqueue, do_complete, do_dequeue, do_poll, do_event,
		do_trouble, do_post, do_service,
	};
	int i;

	in = (struct fuzz_input){ bytes, size };
	begin();
	for (i = 0; i < MAX_STEPS && fuzz_has(&in); i++) {
		steps[fuzz_u8(&in) % FUZZ_ARRAY_LEN(steps)]();
		look();
	}
	end();
	return 0;
}
