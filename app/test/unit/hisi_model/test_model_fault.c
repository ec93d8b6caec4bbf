/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Addresses that the DMA map refuses (qm.md 2.5, 9; zip.md 1.2; design 6): the device stops, or
 * with dma_fault=op only the operation fails. Memory is not touched in either case.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hisi_zip_regs.h>

#include "model_rig.h"

#define DEPTH 8
#define NOWHERE 0x10000u /* an IOVA that no map covers */
#define READ_ONLY_IOVA 0x100000000ull
#define HOLE_LEN 4096

struct fault_rig {
	struct rig rig;
	struct rig_queue q;
	uint64_t src;
	uint64_t dst;
};

static void
start(struct fault_rig *r, const struct model_device_config *config)
{
	struct rig_client *pf = &r->rig.pf;

	rig_start(&r->rig, config);
	rig_bring_up(pf, 16);
	rig_write(pf, HISI_QM_ABNORMAL_INT_MASK, 0);
	rig_write(pf, HISI_ZIP_CORE_INT_MASK, 0);
	assert_int_equal(rig_queue_setup(pf, &r->q, 0, 0, DEPTH), 0);
	r->src = rig_alloc(pf, 4096, 4096);
	r->dst = rig_alloc(pf, 8192, 4096);
	/* The first page once more, read-only. */
	assert_int_equal(vfio_user_dma_insert(pf->dma, pf->fd, 0, READ_ONLY_IOVA, 4096,
		VFIO_USER_DMA_READ_ALLOWED), 0);
}

static int
setup(void **state)
{
	struct fault_rig *r = calloc(1, sizeof(*r));
	struct model_device_config config;

	rig_config(&config);
	start(r, &config);
	*state = r;
	return 0;
}

static int
setup_op(void **state)
{
	struct fault_rig *r = calloc(1, sizeof(*r));
	struct model_device_config config;

	rig_config(&config);
	config.dma_fault = MODEL_DMA_FAULT_OP;
	start(r, &config);
	*state = r;
	return 0;
}

/** cmocka catches SIGBUS too, anew before each test: take it back. */
static void
take_sigbus(void)
{
#ifdef __SANITIZE_THREAD__
	print_message("the thread sanitizer does not survive siglongjmp() out of SIGBUS\n");
	skip();
#endif
	assert_int_equal(vfio_user_guard_install(), 0);
}

static int
teardown(void **state)
{
	struct fault_rig *r = *state;

	rig_stop(&r->rig);
	free(r);
	return 0;
}

static uint64_t
faults(struct fault_rig *r)
{
	return model_stat_get(&r->rig.dev->stats.nb_dma_faults);
}

static struct hisi_zip_sqe
good_sqe(struct fault_rig *r)
{
	return rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 1024, r->dst, 4096);
}

/** Push a request, run; expect no completion and the device halted with these bits. */
static void
expect_halt(struct fault_rig *r, const struct hisi_zip_sqe *sqe, uint32_t qm, uint32_t engine)
{
	uint8_t *mem = malloc(RIG_MEM_LEN);
	struct rig_client *pf = &r->rig.pf;

	rig_queue_push(&r->q, sqe);
	memcpy(mem, pf->mem, RIG_MEM_LEN);
	rig_queue_kick(&r->q, 1);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	assert_int_equal(rig_queue_pop(&r->q), -1);
	assert_memory_equal(mem, pf->mem, RIG_MEM_LEN);
	free(mem);
	assert_int_equal(rig_read(pf, HISI_QM_ABNORMAL_INT_STATUS), qm);
	assert_int_equal(rig_read(pf, HISI_ZIP_CORE_INT_STATUS), engine);
	assert_int_equal(pf->irqs[HISI_QM_VECTOR_ABNORMAL], 1);
	assert_int_equal(faults(r), 1);
	/* Nothing moves any more, good requests included. */
	assert_int_equal(rig_mailbox(pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_SQC, 0, r->src, NULL),
		MODEL_MB_HALTED);
	assert_int_equal(rig_mailbox(pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_STOP_QP, 0, 0, NULL),
		MODEL_MB_HALTED);
	assert_int_equal(model_device_run(r->rig.dev), 0);
}

/** After a reset of the PF everything works again. */
static void
expect_recovery(struct fault_rig *r)
{
	struct hisi_zip_sqe sqe = good_sqe(r);

	model_function_reset(r->rig.pf.fn);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_ABNORMAL_INT_SOURCE), 0);
	rig_bring_up(&r->rig.pf, 16);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q, 0, 0, DEPTH), 0);
	sqe = rig_queue_do(&r->rig, &r->q, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
}

static void
test_source_not_mapped(void **state)
{
	struct fault_rig *r = *state;
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, NOWHERE, 1024, r->dst, 4096);

	expect_halt(r, &sqe, 0, HISI_BIT32(HISI_ZIP_ERR_AXI_RRESP));
	expect_recovery(r);
}

static void
test_source_runs_out_of_its_map(void **state)
{
	struct fault_rig *r = *state;
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, RIG_IOVA + RIG_MEM_LEN - 100, 101,
		r->dst, 4096);

	expect_halt(r, &sqe, 0, HISI_BIT32(HISI_ZIP_ERR_AXI_RRESP));
	expect_recovery(r);
}

static void
test_address_wraps(void **state)
{
	struct fault_rig *r = *state;
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, UINT64_MAX - 10, 100, r->dst, 4096);

	expect_halt(r, &sqe, 0, HISI_BIT32(HISI_ZIP_ERR_AXI_RRESP));
	expect_recovery(r);
}

static void
test_destination_read_only(void **state)
{
	struct fault_rig *r = *state;
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 1024, READ_ONLY_IOVA, 4096);

	expect_halt(r, &sqe, 0, HISI_BIT32(HISI_ZIP_ERR_AXI_BRESP));
	expect_recovery(r);
}

/* Only the last byte of the capacity is outside: refused as a whole, before the first byte. */
static void
test_destination_partly_mapped(void **state)
{
	struct fault_rig *r = *state;
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 1024,
		RIG_IOVA + RIG_MEM_LEN - 4095, 4096);

	expect_halt(r, &sqe, 0, HISI_BIT32(HISI_ZIP_ERR_AXI_BRESP));
	expect_recovery(r);
}

static void
test_ring_is_unmapped(void **state)
{
	struct fault_rig *r = *state;
	struct rig_client *pf = &r->rig.pf;
	struct hisi_zip_sqe sqe = good_sqe(r);

	rig_queue_push(&r->q, &sqe);
	model_function_dma_quiesce(pf->fn);
	vfio_user_dma_clear(pf->dma);
	model_function_dma_resume(pf->fn);
	rig_queue_kick(&r->q, 1);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	assert_int_equal(rig_read(pf, HISI_QM_ABNORMAL_INT_STATUS),
		HISI_BIT32(HISI_QM_ERR_AXI_RRESP));
	assert_int_equal(vfio_user_dma_insert(pf->dma, pf->fd, 0, RIG_IOVA, RIG_MEM_LEN, 3), 0);
	expect_recovery(r);
}

static void
test_context_is_refused(void **state)
{
	struct fault_rig *r = *state;
	struct rig_client *pf = &r->rig.pf;

	assert_int_equal(rig_mailbox(pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_SQC, 1, NOWHERE, NULL),
		MODEL_MB_BAD_ADDRESS);
	assert_int_equal(rig_read(pf, HISI_QM_ABNORMAL_INT_STATUS),
		HISI_BIT32(HISI_QM_ERR_AXI_RRESP));
	expect_recovery(r);
	assert_int_equal(rig_mailbox(pf, HISI_QM_MB_BUSY | HISI_QM_MB_OP_GET | HISI_QM_MB_CMD_SQC,
		0, READ_ONLY_IOVA, NULL), MODEL_MB_BAD_ADDRESS);
	assert_int_equal(rig_read(pf, HISI_QM_ABNORMAL_INT_SOURCE),
		HISI_BIT32(HISI_QM_ERR_AXI_BRESP));
}

/* A client cuts the file behind a map: SIGBUS in the model is a refused address. */
static void
test_memory_vanishes(void **state)
{
	struct fault_rig *r = *state;
	struct rig_client *pf = &r->rig.pf;
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, RIG_IOVA + RIG_MEM_LEN - HOLE_LEN,
		HOLE_LEN, r->dst, 4096);

	take_sigbus();
	assert_int_equal(ftruncate(pf->fd, RIG_MEM_LEN - HOLE_LEN), 0);
	rig_queue_push(&r->q, &sqe);
	rig_queue_kick(&r->q, 1);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	assert_int_equal(rig_queue_pop(&r->q), -1);
	assert_int_equal(rig_read(pf, HISI_ZIP_CORE_INT_STATUS),
		HISI_BIT32(HISI_ZIP_ERR_AXI_RRESP));
	expect_recovery(r);
	/* The destination. */
	sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 1024, RIG_IOVA + RIG_MEM_LEN - HOLE_LEN,
		HOLE_LEN);
	rig_queue_push(&r->q, &sqe);
	rig_queue_kick(&r->q, 1);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	assert_int_equal(rig_queue_pop(&r->q), -1);
	expect_recovery(r);
}

static void
test_op_mode_fails_only_the_op(void **state)
{
	struct fault_rig *r = *state;
	const struct hisi_zip_sqe good = good_sqe(r);
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, NOWHERE, 1024, r->dst, 4096);

	sqe = rig_queue_do(&r->rig, &r->q, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_MODEL_READ_FAULT);
	assert_int_equal(sqe.consumed + sqe.produced, 0);
	sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 1024, READ_ONLY_IOVA, 4096);
	sqe = rig_queue_do(&r->rig, &r->q, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_MODEL_WRITE_FAULT);
	assert_int_equal(faults(r), 2);
	assert_int_equal(rig_read(&r->rig.pf, HISI_QM_ABNORMAL_INT_SOURCE), 0);
	assert_int_equal(rig_read(&r->rig.pf, HISI_ZIP_CORE_INT_SOURCE), 0);
	sqe = rig_queue_do(&r->rig, &r->q, &good);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
	/* A vanished page as well. */
	take_sigbus();
	assert_int_equal(ftruncate(r->rig.pf.fd, RIG_MEM_LEN - HOLE_LEN), 0);
	sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, RIG_IOVA + RIG_MEM_LEN - HOLE_LEN, HOLE_LEN, r->dst,
		4096);
	sqe = rig_queue_do(&r->rig, &r->q, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_MODEL_READ_FAULT);
	sqe = rig_queue_do(&r->rig, &r->q, &good);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
}

static void
test_op_mode_without_ring(void **state)
{
	struct fault_rig *r = *state;
	struct hisi_zip_sqe sqe = good_sqe(r);
	struct rig_queue other;

	rig_queue_push(&r->q, &sqe);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &other, 1, 0, DEPTH), 0);
	/* The CQ of the first queue goes away, and with it any way to answer. */
	atomic_store(&r->rig.dev->is_halted, false);
	assert_int_equal(rig_mailbox(&r->rig.pf, HISI_QM_MB_BUSY | HISI_QM_MB_CMD_SQC, 2, NOWHERE,
		NULL), MODEL_MB_BAD_ADDRESS);
	model_function_dma_quiesce(r->rig.pf.fn);
	vfio_user_dma_clear(r->rig.pf.dma);
	model_function_dma_resume(r->rig.pf.fn);
	rig_queue_kick(&r->q, 1);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	assert_int_equal(model_device_run(r->rig.dev), 0);
	assert_int_equal(faults(r), 2);
	assert_int_equal(vfio_user_dma_insert(r->rig.pf.dma, r->rig.pf.fd, 0, RIG_IOVA, RIG_MEM_LEN,
		3), 0);
	/* The other queue is well. */
	sqe = rig_queue_do(&r->rig, &other, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
}

/* With the PF driven by the model a VF works alone, and its reset is the way back. */
static void
test_pf_self(void **state)
{
	struct model_device_config config;
	struct rig_client vf[2];
	struct hisi_zip_sqe sqe;
	struct rig_queue q;
	struct rig rig;
	uint64_t buf;

	(void)state;
	rig_config(&config);
	config.nb_vfs = 2;
	config.vf_queues = 8;
	config.is_pf_self = true;
	rig_start(&rig, &config);
	rig_connect(&rig, &vf[0], 1, 1);
	rig_connect(&rig, &vf[1], 2, 1);
	rig_set_master(&vf[1], 1);
	assert_int_equal(rig_queue_setup(&vf[1], &q, 7, 0, DEPTH), 0);
	buf = rig_alloc(&vf[1], 8192, 64);
	sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, buf, 1024, buf + 4096, 4096);
	sqe = rig_queue_do(&rig, &q, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
	sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, NOWHERE, 1024, buf + 4096, 4096);
	rig_queue_push(&q, &sqe);
	rig_queue_kick(&q, 1);
	assert_int_equal(model_device_run(rig.dev), 0);
	assert_true(atomic_load(&rig.dev->is_halted));
	model_function_reset(vf[1].fn);
	assert_false(atomic_load(&rig.dev->is_halted));
	rig_set_master(&vf[1], 1);
	assert_int_equal(rig_queue_setup(&vf[1], &q, 7, 0, DEPTH), 0);
	sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, buf, 1024, buf + 4096, 4096);
	sqe = rig_queue_do(&rig, &q, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
	rig_disconnect(&vf[0]);
	rig_disconnect(&vf[1]);
	rig_stop(&rig);
}

/* One function's maps say nothing about another's. */
static void
test_functions_do_not_share_memory(void **state)
{
	struct model_device_config config;
	struct rig_client vf;
	struct rig_queue q;
	struct rig rig;

	(void)state;
	rig_config(&config);
	config.nb_vfs = 1;
	rig_start(&rig, &config);
	rig_bring_up(&rig.pf, 8);
	rig_vft(&rig.pf, 1, 8, 8);
	rig_connect(&rig, &vf, 1, 0);
	rig_set_master(&vf, 1);
	model_function_dma_quiesce(vf.fn);
	vfio_user_dma_clear(vf.dma);
	model_function_dma_resume(vf.fn);
	/* The PF has RIG_IOVA mapped. */
	assert_int_equal(rig_queue_setup(&vf, &q, 0, 0, DEPTH), MODEL_MB_BAD_ADDRESS);
	rig_disconnect(&vf);
	rig_stop(&rig);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define TEST_OP(f) cmocka_unit_test_setup_teardown(f, setup_op, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_source_not_mapped),
		TEST(test_source_runs_out_of_its_map),
		TEST(test_address_wraps),
		TEST(test_destination_read_only),
		TEST(test_destination_partly_mapped),
		TEST(test_ring_is_unmapped),
		TEST(test_context_is_refused),
		TEST(test_memory_vanishes),
		TEST_OP(test_op_mode_fails_only_the_op),
		TEST_OP(test_op_mode_without_ring),
		cmocka_unit_test(test_pf_self),
		cmocka_unit_test(test_functions_do_not_share_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
