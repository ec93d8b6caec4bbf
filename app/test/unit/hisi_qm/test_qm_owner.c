/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Builds with -Ddebug_owner=true: calls on a queue from another lcore than its first caller are
 * counted. What the option switches is in inline functions, so this file switches it for itself.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <rte_lcore.h>

#ifndef HISI_QM_DEBUG_OWNER
#define HISI_QM_DEBUG_OWNER
#endif

#include "rig.h"
#include "test_eal.h"

static hisi_qm_thread_ret_t
enqueue_three_times(void *arg)
{
	struct hisi_qm_qp *qp = arg;
	int i;

	/* Known to EAL, it has an lcore id of its own. */
	if (rte_thread_register() != 0)
		return 0;
	for (i = 0; i < 3; i++) {
		hisi_qm_qp_enqueue_begin(qp);
		hisi_qm_qp_enqueue_end(qp);
	}
	hisi_qm_qp_check_owner(&qp->dequeue_owner);
	rte_thread_unregister();
	return 0;
}

static void
in_another_lcore(struct hisi_qm_qp *qp)
{
	hisi_qm_thread_t thread;

	assert_int_equal(hisi_qm_thread_create(&thread, "other", enqueue_three_times, qp), 0);
	hisi_qm_thread_join(thread);
}

static void
test_owner_is_the_first(void **state)
{
	struct rig *rig = rig_open_by_hand(false);
	struct hisi_qm_qp *qp = rig_queue(rig, 8);

	(void)state;
	hisi_qm_qp_enqueue_begin(qp);
	hisi_qm_qp_enqueue_end(qp);
	assert_int_equal(qp->enqueue_owner.lcore, rte_lcore_id() + 1);
	in_another_lcore(qp);
	assert_int_equal(qp->enqueue_owner.foreign, 3);
	/* Dequeue may belong to another lcore than enqueue. */
	assert_int_equal(qp->dequeue_owner.foreign, 0);
	hisi_qm_qp_check_owner(&qp->dequeue_owner);
	assert_int_equal(qp->dequeue_owner.foreign, 1);
	/* The owner's own are not counted. */
	hisi_qm_qp_enqueue_begin(qp);
	hisi_qm_qp_enqueue_end(qp);
	assert_int_equal(qp->enqueue_owner.foreign, 3);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	rig_close(rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owner_is_the_first),
	};
	int ret = test_eal_start("test_qm_owner");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_owner", tests, NULL, NULL));
}
