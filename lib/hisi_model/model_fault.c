/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The rules of a plan: which there are and when they fire.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include "model_device.h"
#include "model_fault.h"
#include "model_fault_private.h"
#include "model_function.h"
#include "model_queue.h"

#define LIST_LINE_LEN (MODEL_FAULT_RULE_LEN + 80)
#define RANDOM_MAX_MS 20
#define RANDOM_MAX_US 500

int
model_fault_plan_create(struct model_fault_plan **out)
{
	struct model_fault_plan *plan = calloc(1, sizeof(*plan));
	int ret;

	if (plan == NULL)
		return -ENOMEM;
	if (getrandom(&plan->seed, sizeof(plan->seed), 0) != sizeof(plan->seed))
		plan->seed = model_now_ns();
	plan->seed %= 1000000000; /* short enough to be typed */
	plan->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ret = plan->fd < 0 ? -errno : -pthread_mutex_init(&plan->lock, NULL);
	if (ret != 0) {
		if (plan->fd >= 0)
			close(plan->fd);
		free(plan);
		return ret;
	}
	*out = plan;
	return 0;
}

void
model_fault_plan_destroy(struct model_fault_plan *plan)
{
	if (plan == NULL)
		return;
	pthread_mutex_destroy(&plan->lock);
	close(plan->fd);
	free(plan);
}

void
model_fault_plan_set_devices(struct model_fault_plan *plan, struct model_device *const *devices,
	uint32_t count)
{
	plan->nb_devices = count < MODEL_FAULT_MAX_DEVICES ? count : MODEL_FAULT_MAX_DEVICES;
	memcpy(plan->devices, devices, plan->nb_devices * sizeof(plan->devices[0]));
}

static bool
is_live(const struct model_fault_entry *entry)
{
	return entry->nb_fired < entry->rule.values[MODEL_FAULT_KEY_TIMES];
}

/* Hold the lock. */
static void
arm(struct model_fault_plan *plan)
{
	uint32_t i, armed = 0;

	for (i = 0; i < plan->nb_entries; i++)
		if (is_live(&plan->entries[i]))
			armed |= UINT32_C(1) << plan->entries[i].rule.event;
	atomic_store(&plan->armed, armed);
}

/** A selector: absent, or this very number. */
static bool
fits(const struct model_fault_rule *rule, enum model_fault_key key, uint64_t number)
{
	return !model_fault_rule_has(rule, key) || rule->values[key] == number;
}

/** A well-mixed number that depends on all four: the same for the same, in any order of asking. */
static uint64_t
draw(const struct model_fault_plan *plan, const struct model_fault_entry *entry, uint64_t what)
{
	uint64_t x = plan->seed ^ entry->id * UINT64_C(0xd1342543de82ef95) ^
		entry->nb_seen * UINT64_C(0x9e3779b97f4a7c15) ^ what << 56;

	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* Hold the lock. Count one event that the rule's selectors fit. */
static bool
fires(struct model_fault_plan *plan, struct model_fault_entry *entry)
{
	const struct model_fault_rule *rule = &entry->rule;
	bool is_time;

	entry->nb_seen++;
	if (!is_live(entry))
		return false;
	is_time = true;
	if (model_fault_rule_has(rule, MODEL_FAULT_KEY_OP))
		is_time = entry->nb_seen >= rule->values[MODEL_FAULT_KEY_OP];
	else if (model_fault_rule_has(rule, MODEL_FAULT_KEY_EVERY))
		is_time = entry->nb_seen % rule->values[MODEL_FAULT_KEY_EVERY] == 0;
	else if (model_fault_rule_has(rule, MODEL_FAULT_KEY_P))
		is_time = draw(plan, entry, 0) < rule->values[MODEL_FAULT_KEY_P];
	if (!is_time)
		return false;
	entry->nb_fired++;
	if (!is_live(entry))
		arm(plan);
	return true;
}

static void
make_hit(const struct model_fault_rule *rule, struct model_fault_hit *hit)
{
	const uint64_t *v = rule->values;

	*hit = (struct model_fault_hit){
		.kind = rule->kind,
		.value = rule->kind == MODEL_FAULT_RAS ? v[MODEL_FAULT_KEY_BIT] :
			rule->kind == MODEL_FAULT_AEQE ? v[MODEL_FAULT_KEY_TYPE] :
			v[MODEL_FAULT_KEY_VALUE],
		.ms = rule->kind == MODEL_FAULT_SLOW ? v[MODEL_FAULT_KEY_US] :
			v[MODEL_FAULT_KEY_MS],
		.choice = rule->kind == MODEL_FAULT_RAS ? v[MODEL_FAULT_KEY_BLOCK] :
			v[MODEL_FAULT_KEY_KIND],
		.is_halt = v[MODEL_FAULT_KEY_HALT],
	};
}

/* Hold the lock. One of the set, and numbers for it. */
static void
make_random_hit(const struct model_fault_plan *plan, const struct model_fault_entry *entry,
	struct model_fault_hit *hit)
{
	uint64_t set = entry->rule.values[MODEL_FAULT_KEY_OF];
	uint64_t skip = draw(plan, entry, 1) % __builtin_popcountll(set);

	for (; skip > 0; skip--)
		set &= set - 1;
	*hit = (struct model_fault_hit){
		.kind = __builtin_ctzll(set),
		.value = draw(plan, entry, 2) % (UINT16_MAX + 1),
		.ms = 1 + draw(plan, entry, 3) % RANDOM_MAX_MS,
	};
	if (hit->kind == MODEL_FAULT_STATUS) /* 0 would be no error */
		hit->value = 1 + hit->value % UINT8_MAX;
	if (hit->kind == MODEL_FAULT_SLOW)
		hit->ms = 1 + draw(plan, entry, 3) % RANDOM_MAX_US;
}

static bool
is_done_by_control(enum model_fault_kind kind)
{
	return kind >= MODEL_FAULT_RAS && kind <= MODEL_FAULT_DIE;
}

static void
hit_action(const struct model_fault_hit *hit, const struct model_queue *q,
	struct model_fault_action *action)
{
	*action = (struct model_fault_action){ .hit = *hit, .device = q->fn->dev->config.number,
		.function = q->fn->number, .queue = q->qn };
}

static bool
fits_function(const struct model_fault_rule *rule, const struct model_function *fn)
{
	return fits(rule, MODEL_FAULT_KEY_DEVICE, fn->dev->config.number) &&
		fits(rule, MODEL_FAULT_KEY_FUNCTION, fn->number);
}

void
model_fault_ask_sqe(struct model_fault_plan *plan, const struct model_queue *q,
	struct model_fault_hits *hits)
{
	struct model_fault_entry *entry;
	struct model_fault_action action;
	struct model_fault_hit hit;
	uint32_t i;

	hits->count = 0;
	pthread_mutex_lock(&plan->lock);
	for (i = 0; i < plan->nb_entries; i++) {
		entry = &plan->entries[i];
		if (entry->rule.event != MODEL_FAULT_AT_SQE ||
		    !fits_function(&entry->rule, q->fn) ||
		    !fits(&entry->rule, MODEL_FAULT_KEY_QUEUE, q->qn) ||
		    hits->count == MODEL_FAULT_MAX_HITS || !fires(plan, entry))
			continue;
		if (entry->rule.kind == MODEL_FAULT_RANDOM)
			make_random_hit(plan, entry, &hit);
		else
			make_hit(&entry->rule, &hit);
		if (is_done_by_control(hit.kind)) {
			hit_action(&hit, q, &action);
			/* Half is for timers, and for what has begun. */
			if (plan->nb_actions < MODEL_FAULT_MAX_ACTIONS / 2)
				model_fault_push(plan, &action);
		} else {
			hits->hits[hits->count++] = hit;
		}
	}
	pthread_mutex_unlock(&plan->lock);
}

/** The first rule that fires at an event of a function. */
static bool
ask(struct model_fault_plan *plan, enum model_fault_event event, const struct model_function *fn,
	uint32_t queue, uint32_t command, struct model_fault_hit *hit)
{
	struct model_fault_entry *entry;
	bool is_hit = false;
	uint32_t i;

	pthread_mutex_lock(&plan->lock);
	for (i = 0; i < plan->nb_entries && !is_hit; i++) {
		entry = &plan->entries[i];
		is_hit = entry->rule.event == event && fits_function(&entry->rule, fn) &&
			fits(&entry->rule, MODEL_FAULT_KEY_QUEUE, queue) &&
			fits(&entry->rule, MODEL_FAULT_KEY_COMMAND, command) &&
			fires(plan, entry);
		if (is_hit)
			make_hit(&entry->rule, hit);
	}
	pthread_mutex_unlock(&plan->lock);
	return is_hit;
}

bool
model_fault_ask_doorbell(struct model_fault_plan *plan, const struct model_queue *q)
{
	struct model_fault_hit hit;

	return ask(plan, MODEL_FAULT_AT_DOORBELL, q->fn, q->qn, 0, &hit);
}

bool
model_fault_ask_mailbox(struct model_fault_plan *plan, const struct model_function *fn,
	uint32_t command, uint32_t queue, struct model_fault_hit *hit)
{
	return ask(plan, MODEL_FAULT_AT_MAILBOX, fn, queue, command, hit);
}

bool
model_fault_ask_reset(struct model_fault_plan *plan, const struct model_function *fn)
{
	struct model_fault_hit hit;

	return ask(plan, MODEL_FAULT_AT_RESET, fn, 0, 0, &hit);
}

static int __attribute__((format(printf, 3, 4)))
refuse(struct model_error *error, const struct model_fault_rule *rule, const char *format, ...)
{
	char what[128];
	va_list args;

	if (error == NULL)
		return -EINVAL;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	snprintf(error->text, sizeof(error->text), "fault rule '%.90s': %s", rule->text, what);
	return -EINVAL;
}

/** Is it about a function only because some function has to be named? */
static bool
is_about_device(const struct model_fault_rule *rule)
{
	return rule->event == MODEL_FAULT_AT_TIME && (rule->kind == MODEL_FAULT_RAS ||
		rule->kind == MODEL_FAULT_PF_RESET || rule->kind == MODEL_FAULT_FREEZE ||
		rule->kind == MODEL_FAULT_DIE);
}

/** Why a rule would never do anything to a device; NULL: it would. */
static const char *
why_never(const struct model_fault_rule *rule, const struct model_device *dev)
{
	bool has_function = model_fault_rule_has(rule, MODEL_FAULT_KEY_FUNCTION);
	uint64_t function = rule->values[MODEL_FAULT_KEY_FUNCTION];

	if ((has_function && function >= dev->nb_functions) ||
	    (model_fault_rule_has(rule, MODEL_FAULT_KEY_QUEUE) &&
	     rule->values[MODEL_FAULT_KEY_QUEUE] >= dev->nb_queues))
		return "no device has such a function or queue";
	if (rule->kind == MODEL_FAULT_PF_RESET && !model_self_can_reset(dev))
		return "a device of version v3 or later whose PF the model drives (--pf=self) is "
			"needed";
	if (has_function && function == 0 && dev->config.is_pf_self && !is_about_device(rule))
		return "the model drives the PF itself (--pf=self), so it has no client";
	return NULL;
}

static int
check_devices(const struct model_fault_plan *plan, const struct model_fault_rule *rule,
	struct model_error *error)
{
	uint64_t number = rule->values[MODEL_FAULT_KEY_DEVICE];
	bool has_number = model_fault_rule_has(rule, MODEL_FAULT_KEY_DEVICE);
	const char *why = NULL;
	uint32_t i;

	if (plan->nb_devices == 0)
		return 0;
	if (has_number && number >= plan->nb_devices)
		return refuse(error, rule, "device=%" PRIu64 ": there are %u, the first is 0",
			number, plan->nb_devices);
	for (i = 0; i < plan->nb_devices; i++) {
		if (has_number && i != number)
			continue;
		why = why_never(rule, plan->devices[i]);
		if (why == NULL)
			return 0;
	}
	return refuse(error, rule, "%s", why);
}

/* Hold the lock. */
static void
install(struct model_fault_plan *plan, const struct model_fault_rule *rule)
{
	struct model_fault_entry *entry;

	if (rule->kind == MODEL_FAULT_SEED) {
		plan->seed = rule->values[MODEL_FAULT_KEY_VALUE];
		plan->has_seed = true;
		return;
	}
	entry = &plan->entries[plan->nb_entries++];
	*entry = (struct model_fault_entry){ .rule = *rule, .id = ++plan->last_id };
	if (rule->event == MODEL_FAULT_AT_TIME)
		model_fault_set_timer(plan, entry);
}

int
model_fault_plan_add(struct model_fault_plan *plan, const char *text, struct model_error *error)
{
	struct model_fault_rule rules[MODEL_FAULT_MAX_RULES];
	uint32_t i, count = 0;
	int ret;

	for (;;) {
		struct model_fault_rule rule;

		ret = model_fault_rule_parse(&text, count + 1, &rule, error);
		if (ret <= 0)
			break;
		if (plan->nb_entries + count >= MODEL_FAULT_MAX_RULES)
			return refuse(error, &rule, "there are %u rules, no more are possible: clear "
				"removes them", MODEL_FAULT_MAX_RULES);
		ret = check_devices(plan, &rule, error);
		if (ret != 0)
			break;
		rules[count++] = rule;
	}
	if (ret != 0)
		return ret;
	pthread_mutex_lock(&plan->lock);
	for (i = 0; i < count; i++)
		install(plan, &rules[i]);
	arm(plan);
	pthread_mutex_unlock(&plan->lock);
	return 0;
}

void
model_fault_plan_clear(struct model_fault_plan *plan)
{
	pthread_mutex_lock(&plan->lock);
	plan->nb_entries = 0;
	plan->last_id = 0;
	model_fault_forget_actions(plan);
	arm(plan);
	pthread_mutex_unlock(&plan->lock);
}

void
model_fault_plan_list(struct model_fault_plan *plan, void (*print)(void *opaque, const char *line),
	void *opaque)
{
	char line[LIST_LINE_LEN];
	struct model_fault_entry entry;
	uint32_t i;

	for (i = 0; i < plan->nb_entries; i++) {
		pthread_mutex_lock(&plan->lock);
		entry = plan->entries[i];
		pthread_mutex_unlock(&plan->lock);
		snprintf(line, sizeof(line), "%u: %s: seen %" PRIu64 ", fired %" PRIu64, entry.id,
			entry.rule.text, entry.nb_seen, entry.nb_fired);
		print(opaque, line);
	}
}

uint64_t
model_fault_plan_seed(struct model_fault_plan *plan, bool *is_drawn)
{
	uint32_t i;

	*is_drawn = false;
	for (i = 0; i < plan->nb_entries && !plan->has_seed; i++)
		*is_drawn |= plan->entries[i].rule.kind == MODEL_FAULT_RANDOM ||
			model_fault_rule_has(&plan->entries[i].rule, MODEL_FAULT_KEY_P);
	return plan->seed;
}
