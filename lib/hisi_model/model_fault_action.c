/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * What a plan has the control thread do, at once or at a time.
 */

#include <stdlib.h>
#include <unistd.h>

#include <hisi_field.h>

#include "model_device.h"
#include "model_event.h"
#include "model_fault.h"
#include "model_fault_private.h"
#include "model_function.h"
#include "model_mailbox.h"
#include "model_queue.h"
#include "model_ras.h"
#include "model_self.h"

#define NS_PER_MS UINT64_C(1000000)
#define MAX_WAIT_MS 1000000
#define PF_RESET_STEP_MS 5 /* between two looks at what VFs say */
#define PF_RESET_GOES_ON 1 /* in hit.choice */

static void
wake(const struct model_fault_plan *plan)
{
	const uint64_t one = 1;
	/* It is full only when the control thread is to wake up anyway. */
	ssize_t written = write(plan->fd, &one, sizeof(one));

	(void)written;
}

static bool
push(struct model_fault_plan *plan, const struct model_fault_action *action)
{
	if (plan->nb_actions == MODEL_FAULT_MAX_ACTIONS)
		return false;
	plan->actions[plan->nb_actions++] = *action;
	wake(plan);
	return true;
}

void
model_fault_push(struct model_fault_plan *plan, const struct model_fault_action *action)
{
	(void)push(plan, action);
}

static uint32_t
selector(const struct model_fault_rule *rule, enum model_fault_key key)
{
	return model_fault_rule_has(rule, key) ? rule->values[key] : UINT32_MAX;
}

void
model_fault_set_timer(struct model_fault_plan *plan, const struct model_fault_entry *entry)
{
	const struct model_fault_rule *rule = &entry->rule;
	const uint64_t *v = rule->values;
	struct model_fault_action action = {
		.hit = {
			.kind = rule->kind,
			.value = rule->kind == MODEL_FAULT_RAS ? v[MODEL_FAULT_KEY_BIT] :
				v[MODEL_FAULT_KEY_TYPE],
			.ms = v[MODEL_FAULT_KEY_MS],
			.choice = v[MODEL_FAULT_KEY_BLOCK],
			.is_halt = v[MODEL_FAULT_KEY_HALT],
		},
		.due_ns = model_now_ns() + v[MODEL_FAULT_KEY_AFTER_MS] * NS_PER_MS,
		.device = selector(rule, MODEL_FAULT_KEY_DEVICE),
		.function = selector(rule, MODEL_FAULT_KEY_FUNCTION),
		.queue = selector(rule, MODEL_FAULT_KEY_QUEUE),
		.rule = entry->id,
	};

	model_fault_push(plan, &action);
}

/** A reset of the PF that has begun goes on, whoever wanted it. */
static bool
is_reset_step(const struct model_fault_action *action)
{
	return action->hit.kind == MODEL_FAULT_PF_RESET &&
		action->hit.choice == PF_RESET_GOES_ON;
}

void
model_fault_forget_actions(struct model_fault_plan *plan)
{
	uint32_t i, kept = 0;

	for (i = 0; i < plan->nb_actions; i++)
		if (plan->actions[i].hit.kind == MODEL_FAULT_MAILBOX ||
		    is_reset_step(&plan->actions[i]))
			plan->actions[kept++] = plan->actions[i];
	plan->nb_actions = kept;
}

int
model_fault_plan_fd(const struct model_fault_plan *plan)
{
	return plan->fd;
}

int
model_fault_plan_timeout_ms(struct model_fault_plan *plan)
{
	uint64_t now = model_now_ns(), first = UINT64_MAX;
	uint32_t i;

	pthread_mutex_lock(&plan->lock);
	for (i = 0; i < plan->nb_actions; i++)
		if (plan->actions[i].due_ns < first)
			first = plan->actions[i].due_ns;
	for (i = 0; i < MODEL_FAULT_MAX_DEVICES; i++)
		if (plan->kick_ns[i] != 0 && plan->kick_ns[i] < first)
			first = plan->kick_ns[i];
	pthread_mutex_unlock(&plan->lock);
	if (first == UINT64_MAX)
		return -1;
	if (first <= now)
		return 0;
	first = (first - now + NS_PER_MS - 1) / NS_PER_MS;
	return first < MAX_WAIT_MS ? (int)first : MAX_WAIT_MS;
}

/* Hold the lock. A rule that waits for a time fires, and again if it may. */
static void
count_timer(struct model_fault_plan *plan, uint32_t id)
{
	struct model_fault_entry *entry;
	uint32_t i;

	for (i = 0; i < plan->nb_entries; i++) {
		entry = &plan->entries[i];
		if (entry->id != id)
			continue;
		entry->nb_seen++;
		if (++entry->nb_fired < entry->rule.values[MODEL_FAULT_KEY_TIMES])
			model_fault_set_timer(plan, entry);
	}
}

static void
kick_waiting(struct model_fault_plan *plan, uint64_t now)
{
	bool is_due;
	uint32_t i;

	for (i = 0; i < plan->nb_devices; i++) {
		pthread_mutex_lock(&plan->lock);
		is_due = plan->kick_ns[i] != 0 && plan->kick_ns[i] <= now;
		if (is_due)
			plan->kick_ns[i] = 0;
		pthread_mutex_unlock(&plan->lock);
		if (is_due)
			model_device_kick(plan->devices[i]);
	}
}

bool
model_fault_plan_take(struct model_fault_plan *plan, struct model_fault_action *action)
{
	uint64_t now = model_now_ns(), wakes;
	bool is_due = false;
	uint32_t i;

	if (read(plan->fd, &wakes, sizeof(wakes)) < 0)
		wakes = 0; /* nobody rang: a time is over */
	kick_waiting(plan, now);
	pthread_mutex_lock(&plan->lock);
	for (i = 0; i < plan->nb_actions && !is_due; i++)
		is_due = plan->actions[i].due_ns <= now;
	if (is_due) {
		*action = plan->actions[--i];
		plan->nb_actions--;
		for (; i < plan->nb_actions; i++)
			plan->actions[i] = plan->actions[i + 1];
		if (action->rule != 0)
			count_timer(plan, action->rule);
	}
	pthread_mutex_unlock(&plan->lock);
	return is_due;
}

void
model_fault_kick_at(struct model_fault_plan *plan, const struct model_device *dev, uint64_t due_ns)
{
	uint64_t *kick_ns = &plan->kick_ns[dev->config.number % MODEL_FAULT_MAX_DEVICES];

	pthread_mutex_lock(&plan->lock);
	if (*kick_ns == 0 || due_ns < *kick_ns) {
		*kick_ns = due_ns;
		wake(plan);
	}
	pthread_mutex_unlock(&plan->lock);
}

bool
model_fault_mailbox_at(struct model_fault_plan *plan, const struct model_function *fn,
	uint64_t due_ns)
{
	const struct model_fault_action action = {
		.hit = { .kind = MODEL_FAULT_MAILBOX },
		.due_ns = due_ns, .device = fn->dev->config.number, .function = fn->number,
	};
	bool is_pushed;

	pthread_mutex_lock(&plan->lock);
	is_pushed = push(plan, &action);
	pthread_mutex_unlock(&plan->lock);
	return is_pushed;
}

/** Can an action mean this function? Without a selector not a PF that only the model drives. */
static bool
can_mean(const struct model_fault_action *action, const struct model_function *fn)
{
	if (action->function != UINT32_MAX)
		return action->function == fn->number;
	return !(model_function_is_pf(fn) && fn->dev->config.is_pf_self);
}

/** How much there is of a function: a queue that works, a client, nothing. */
static uint32_t
usage(const struct model_function *fn)
{
	uint32_t i;

	for (i = 0; i < fn->dev->nb_active; i++)
		if (fn->dev->active[i]->fn == fn)
			return 2;
	return fn->has_client;
}

struct model_function *
model_fault_function(struct model_fault_plan *plan, const struct model_fault_action *action)
{
	struct model_function *best = NULL, *fn;
	uint32_t d, f;

	for (d = 0; d < plan->nb_devices; d++) {
		if (action->device != UINT32_MAX && action->device != d)
			continue;
		for (f = 0; f < plan->devices[d]->nb_functions; f++) {
			fn = plan->devices[d]->functions[f];
			if (can_mean(action, fn) && (best == NULL || usage(fn) > usage(best)))
				best = fn;
		}
	}
	return best;
}

/** The queue that an event is about: the one that was asked for, or the first that works. */
static uint32_t
event_queue_number(const struct model_function *fn, const struct model_fault_action *action)
{
	uint32_t i;

	if (action->queue != UINT32_MAX)
		return action->queue;
	for (i = 0; i < fn->dev->nb_active; i++)
		if (fn->dev->active[i]->fn == fn)
			return fn->dev->active[i]->qn;
	return 0;
}

static void
raise_error(struct model_device *dev, const struct model_fault_hit *hit)
{
	enum model_ras_block block = hit->choice == 0 ? MODEL_RAS_QM : MODEL_RAS_ENGINE;

	if (hit->is_halt)
		model_ras_halt(dev, block, HISI_BIT32(hit->value));
	else
		model_ras_report(dev, block, HISI_BIT32(hit->value));
}

/** Begin a reset of the PF, or go on with one; come back for the rest. */
static void
reset_pf(struct model_fault_plan *plan, const struct model_fault_action *action)
{
	struct model_fault_action next = *action;
	bool is_begun = is_reset_step(action);
	uint32_t i;

	for (i = 0; i < plan->nb_devices; i++)
		if ((action->device == UINT32_MAX || action->device == i) &&
		    model_self_can_reset(plan->devices[i]))
			break;
	if (i == plan->nb_devices || !(is_begun ? model_self_reset_step(plan->devices[i]) :
	    model_self_reset(plan->devices[i])))
		return;
	next.rule = 0;
	next.device = i;
	next.hit.choice = PF_RESET_GOES_ON;
	next.due_ns = model_now_ns() + PF_RESET_STEP_MS * NS_PER_MS;
	pthread_mutex_lock(&plan->lock);
	model_fault_push(plan, &next);
	pthread_mutex_unlock(&plan->lock);
}

bool
model_fault_carry_out(struct model_fault_plan *plan, const struct model_fault_action *action)
{
	struct model_function *fn = model_fault_function(plan, action);

	if (action->hit.kind == MODEL_FAULT_DISCONNECT || action->hit.kind == MODEL_FAULT_FREEZE ||
	    action->hit.kind == MODEL_FAULT_DIE)
		return false;
	if (fn == NULL)
		return true;
	switch (action->hit.kind) {
	case MODEL_FAULT_RAS:
		raise_error(fn->dev, &action->hit);
		break;
	case MODEL_FAULT_AEQE:
		model_event_post_async(fn, action->hit.value, event_queue_number(fn, action));
		break;
	case MODEL_FAULT_FLR:
		model_function_reset(fn);
		break;
	case MODEL_FAULT_MAILBOX:
		model_mailbox_resume(fn);
		break;
	case MODEL_FAULT_PF_RESET:
		reset_pf(plan, action);
		break;
	default:
		break;
	}
	return true;
}
