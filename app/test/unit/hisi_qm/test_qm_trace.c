/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Trace points of the data path, compiled in here: a burst and what comes of it leaves its events.
 * With a folder as argument they stay there, for who reads them with another program.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rte_eal.h>
#include <rte_trace.h>

#include "fake_queue.h"
#include "rig.h"

#define NB_OPS 40

static const char * const points[] = {
	"enqueue", "doorbell", "completion", "returned", "bringup", "mailbox", "queue_state",
	"refused", "reset",
};

/* As a class does it, in ring order. */
static void
take(struct hisi_qm_qp *qp, uint32_t count)
{
	struct hisi_qm_lens lens = { .all = UINT32_MAX };
	uint32_t i;

	for (i = 0; i < count; i++)
		hisi_qm_lens_add(&lens, 512);
	hisi_qm_qp_taken(qp, qp->head, count, &lens);
	qp->head += count;
	qp->retired = qp->head;
	hisi_qm_qp_acknowledge(qp);
}

static void
enqueue(struct hisi_qm_qp *qp, struct rig_op *ops, uint32_t count)
{
	uint32_t tail, i;

	hisi_qm_qp_enqueue_begin(qp);
	assert_true(hisi_qm_qp_free_slots(qp, &tail) >= count);
	for (i = 0; i < count; i++)
		qp->inflight[(tail + i) & qp->mask] = (struct hisi_qm_inflight){ &ops[i], 512, 0 };
	hisi_qm_qp_submit(qp, tail + count);
	hisi_qm_qp_enqueue_end(qp);
}

static void
test_burst(void **state)
{
	struct rig *rig = rig_open(false);
	struct rig_op ops[NB_OPS];
	struct hisi_qm_qp *qp = rig_queue(rig, 32);
	uint32_t i;

	(void)state;
	enqueue(qp, ops, NB_OPS);
	assert_int_equal(fake_queue_look(&rig->fake, 0), NB_OPS);
	for (i = 0; i < NB_OPS; i++)
		fake_queue_complete(&rig->fake, 0, i);
	take(qp, NB_OPS);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	rig_close(rig);
}

static void
test_points(void **state)
{
	rte_trace_point_t *point;
	char name[64];
	size_t i;

	(void)state;
	for (i = 0; i < RTE_DIM(points); i++) {
		snprintf(name, sizeof(name), "pmd.common.hisi_qm.%s", points[i]);
		point = rte_trace_point_lookup(name);
		assert_non_null(point);
		assert_true(rte_trace_point_is_enabled(point));
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_burst),
	};
	static char args[][512] = { "test_qm_trace", "--no-huge", "-m", "128", "--no-pci",
		"--no-telemetry", "--no-shconf", "--iova-mode=va", "--lcores=0", "--log-level=3",
		"--trace=pmd.common.hisi_qm.*", "" };
	char folder[] = "/tmp/hisi_unit_trace.XXXXXX", command[512];
	char *pointers[RTE_DIM(args) + 1] = { NULL };
	size_t i;
	int ret;

	if (argc < 2 && mkdtemp(folder) == NULL)
		return 1;
	snprintf(args[RTE_DIM(args) - 1], sizeof(args[0]), "--trace-dir=%s",
		argc > 1 ? argv[1] : folder);
	for (i = 0; i < RTE_DIM(args); i++)
		pointers[i] = args[i];
	if (rte_eal_init((int)RTE_DIM(args), pointers) < 0)
		return argc > 1 ? 1 : 77;
	ret = cmocka_run_group_tests_name("hisi_qm_trace", tests, NULL, NULL);
	/* Writes it. */
	if (rte_eal_cleanup() != 0)
		ret = 1;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (argc < 2 && system(command) != 0)
		ret = 1;
	return ret;
}
