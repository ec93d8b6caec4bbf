/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "fault_rig.h"

#define PATIENCE_MS 60000

int
fault_rig_setup(void **state)
{
	struct fault_rig *r = calloc(1, sizeof(*r));
	struct model_device_config config;

	rig_config(&config);
	config.nb_vfs = 1;
	assert_int_equal(model_fault_plan_create(&r->plan), 0);
	config.faults = r->plan;
	rig_start(&r->rig, &config);
	model_fault_plan_set_devices(r->plan, &r->rig.dev, 1);
	rig_bring_up(&r->rig.pf, 8);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q, 2, 0, FAULT_RIG_DEPTH), 0);
	r->src = rig_alloc(&r->rig.pf, 4096, 4096);
	r->dst = rig_alloc(&r->rig.pf, 8192, 4096);
	*state = r;
	return 0;
}

int
fault_rig_teardown(void **state)
{
	struct fault_rig *r = *state;

	rig_stop(&r->rig);
	model_fault_plan_destroy(r->plan);
	free(r);
	return 0;
}

void
fault_rig_add(struct fault_rig *r, const char *text)
{
	struct model_error error = { "" };

	if (model_fault_plan_add(r->plan, text, &error) != 0)
		fail_msg("%s: %s", text, error.text);
}

void
fault_rig_push(struct fault_rig *r, uint32_t count)
{
	const struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 512, r->dst, 4096);

	for (; count > 0; count--)
		rig_queue_push(&r->q, &sqe);
	rig_queue_kick(&r->q, 1);
}

/** Hand over @p count requests and execute what can be executed now. */
void
fault_rig_put(struct fault_rig *r, uint32_t count)
{
	fault_rig_push(r, count);
	model_device_run(r->rig.dev);
}

/** The next completions are those of these SQEs, and there is no more. */
void
fault_rig_expect(struct fault_rig *r, const int *heads, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		assert_int_equal(rig_queue_pop(&r->q), heads[i]);
	assert_int_equal(rig_queue_pop(&r->q), -1);
	rig_queue_ack(&r->q, 1);
}

/** How often rule @p i, from 0, has fired. */
uint64_t
fault_rig_fired(struct fault_rig *r, uint32_t i)
{
	assert_true(i < r->plan->nb_entries);
	return r->plan->entries[i].nb_fired;
}

void
fault_rig_wait_ms(uint32_t ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000L };

	nanosleep(&pause, NULL);
}

/** As the control thread of an emulator: wait and carry out, until something has been. */
struct model_fault_action
fault_rig_carry_out(struct fault_rig *r)
{
	struct pollfd fd = { .fd = model_fault_plan_fd(r->plan), .events = POLLIN };
	struct model_fault_action action;
	uint64_t end = model_now_ns() + PATIENCE_MS * UINT64_C(1000000);

	while (!model_fault_plan_take(r->plan, &action)) {
		assert_true(model_now_ns() < end);
		poll(&fd, 1, model_fault_plan_timeout_ms(r->plan));
	}
	(void)model_fault_carry_out(r->plan, &action);
	return action;
}

/** Everything is well again: the queue is set up anew and works. */
void
fault_rig_expect_revival(struct fault_rig *r)
{
	struct hisi_zip_sqe sqe = rig_sqe(HISI_ZIP_REQ_DEFLATE, r->src, 512, r->dst, 4096);

	model_function_reset(r->rig.pf.fn);
	rig_bring_up(&r->rig.pf, 8);
	assert_int_equal(rig_queue_setup(&r->rig.pf, &r->q, 2, 0, FAULT_RIG_DEPTH), 0);
	sqe = rig_queue_do(&r->rig, &r->q, &sqe);
	assert_int_equal(rig_status(&sqe), HISI_ZIP_STATUS_OK);
}
