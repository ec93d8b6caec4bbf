/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hisi_hw_names.h>

#include "model_fault_rule.h"

#define MAX_WORD 96
#define HELP_LINE_LEN 400
#define NB_MAILBOX_COMMANDS 256
#define MAX_MS 600000
#define MAX_US 1000000

#define KEY(name) (UINT32_C(1) << MODEL_FAULT_KEY_##name)
#define PLACE (KEY(DEVICE) | KEY(FUNCTION) | KEY(QUEUE))
#define COUNT (KEY(OP) | KEY(EVERY) | KEY(P) | KEY(TIMES))
#define AT_SQE (PLACE | COUNT)
#define AT_TIME (AT_SQE | KEY(AFTER_MS))

/** A fault: what it waits for and which keys it takes. */
struct fault_info {
	const char *name;
	enum model_fault_event event;
	uint32_t keys;
	uint32_t required;
	const char *meaning;
};

static const struct fault_info faults[MODEL_FAULT_NB] = {
	[MODEL_FAULT_DROP] = { "drop", MODEL_FAULT_AT_SQE, AT_SQE, 0,
		"the operation is done, its completion is never written" },
	[MODEL_FAULT_DELAY] = { "delay", MODEL_FAULT_AT_SQE, AT_SQE | KEY(MS), KEY(MS),
		"the operation and all later ones of its queue wait so long" },
	[MODEL_FAULT_DUPLICATE] = { "duplicate", MODEL_FAULT_AT_SQE, AT_SQE, 0,
		"its completion is written twice" },
	[MODEL_FAULT_REORDER] = { "reorder", MODEL_FAULT_AT_SQE, AT_SQE, 0,
		"its completion comes after that of the next operation, or after 20 ms without one" },
	[MODEL_FAULT_PHASE] = { "phase", MODEL_FAULT_AT_SQE, AT_SQE, 0,
		"its completion has the phase of the lap before" },
	[MODEL_FAULT_SQ_HEAD] = { "sq_head", MODEL_FAULT_AT_SQE, AT_SQE | KEY(VALUE), KEY(VALUE),
		"its completion has this sq_head" },
	[MODEL_FAULT_SQ_NUM] = { "sq_num", MODEL_FAULT_AT_SQE, AT_SQE | KEY(VALUE), KEY(VALUE),
		"its completion has this queue number" },
	[MODEL_FAULT_STATUS] = { "status", MODEL_FAULT_AT_SQE, AT_SQE | KEY(VALUE), KEY(VALUE),
		"the operation is not done and completes with this status" },
	[MODEL_FAULT_STALL] = { "stall", MODEL_FAULT_AT_SQE, AT_SQE, 0,
		"the queue takes no operation from here on and STOP_QP fails, until its contexts are set "
		"anew or the function is reset" },
	[MODEL_FAULT_SLOW] = { "slow", MODEL_FAULT_AT_SQE, AT_SQE | KEY(US), KEY(US),
		"the operation takes so much longer" },
	[MODEL_FAULT_DMA_READ] = { "dma_read", MODEL_FAULT_AT_SQE, AT_SQE, 0,
		"its source counts as an address that may not be read; --dma-fault applies" },
	[MODEL_FAULT_DMA_WRITE] = { "dma_write", MODEL_FAULT_AT_SQE, AT_SQE, 0,
		"its destination counts as an address that may not be written; --dma-fault applies" },
	[MODEL_FAULT_RANDOM] = { "random", MODEL_FAULT_AT_SQE, AT_SQE | KEY(OF), 0,
		"one of the faults above, or of those in of=, chosen by the seed with values of its own" },
	[MODEL_FAULT_RAS] = { "ras", MODEL_FAULT_AT_TIME,
		AT_TIME | KEY(BLOCK) | KEY(BIT) | KEY(HALT), KEY(BLOCK) | KEY(BIT),
		"an error bit of the device; with halt=on no DMA until the PF is reset" },
	[MODEL_FAULT_AEQE] = { "aeqe", MODEL_FAULT_AT_TIME, AT_TIME | KEY(TYPE), KEY(TYPE),
		"an asynchronous event of this type for the queue" },
	[MODEL_FAULT_FLR] = { "flr", MODEL_FAULT_AT_TIME, AT_TIME, 0,
		"the function is reset, and its driver did not ask for it" },
	[MODEL_FAULT_PF_RESET] = { "pf_reset", MODEL_FAULT_AT_TIME, AT_TIME, 0,
		"with --pf=self, V3 and later: the model's PF tells the VFs, resets itself and with it the "
		"queues of all, and tells them again" },
	[MODEL_FAULT_DISCONNECT] = { "disconnect", MODEL_FAULT_AT_TIME, AT_TIME, 0,
		"the connection of the function's client is closed; its socket listens on" },
	[MODEL_FAULT_FREEZE] = { "freeze", MODEL_FAULT_AT_TIME, AT_TIME | KEY(MS), KEY(MS),
		"the whole emulator stands still for so long" },
	[MODEL_FAULT_DIE] = { "die", MODEL_FAULT_AT_TIME, AT_TIME, 0,
		"the emulator ends as by SIGKILL" },
	[MODEL_FAULT_DOORBELL] = { "doorbell", MODEL_FAULT_AT_DOORBELL, AT_SQE, 0,
		"a doorbell of an SQ counts as one with a wrong tag and is dropped" },
	[MODEL_FAULT_MAILBOX] = { "mailbox", MODEL_FAULT_AT_MAILBOX, AT_SQE | KEY(KIND) |
		KEY(VALUE) | KEY(MS) | KEY(COMMAND), KEY(KIND),
		"a mailbox command is late (busy, ms=), ends with an error (status, value=), or keeps the "
		"mailbox busy until the function is reset (never)" },
	[MODEL_FAULT_NO_RESET] = { "no_reset", MODEL_FAULT_AT_RESET,
		(AT_SQE & ~KEY(QUEUE)), 0,
		"a reset that the driver asks for leaves the function as it was, and says so where it can" },
	[MODEL_FAULT_SEED] = { "seed", MODEL_FAULT_AT_NOTHING, KEY(VALUE), KEY(VALUE),
		"the number behind it makes p= and random repeatable" },
};

enum key_type {
	KEY_NUMBER,
	KEY_FUNCTION,
	KEY_PROBABILITY,
	KEY_CHOICE,
	KEY_COMMAND,
	KEY_FAULTS,
};

static const char *const blocks[] = { "qm", "engine", NULL };
static const char *const switches[] = { "off", "on", NULL };
static const char *const mailbox_kinds[] = { "busy", "status", "never", NULL };

/** A key, what it takes, and its range. */
struct key_info {
	const char *name;
	enum key_type type;
	uint64_t min;
	uint64_t max;
	const char *const *choices;
	const char *form;
	const char *meaning;
};

static const struct key_info keys[MODEL_FAULT_KEY_NB] = {
	[MODEL_FAULT_KEY_DEVICE] = { "device", KEY_NUMBER, 0, 63, NULL, "N",
		"only of this --device, the first is 0" },
	[MODEL_FAULT_KEY_FUNCTION] = { "function", KEY_FUNCTION, 0, 0, NULL, "pf|vfN",
		"only of this function, VFs from 0" },
	[MODEL_FAULT_KEY_QUEUE] = { "queue", KEY_NUMBER, 0, UINT16_MAX, NULL, "N",
		"only of this queue, in its function's own count" },
	[MODEL_FAULT_KEY_OP] = { "op", KEY_NUMBER, 1, UINT32_MAX, NULL, "K",
		"at the K-th that matches, from 1, counted from when the rule is given" },
	[MODEL_FAULT_KEY_EVERY] = { "every", KEY_NUMBER, 1, UINT32_MAX, NULL, "K",
		"at each K-th that matches" },
	[MODEL_FAULT_KEY_P] = { "p", KEY_PROBABILITY, 0, 0, NULL, "X",
		"at each that matches with this probability, 0 to 1" },
	[MODEL_FAULT_KEY_AFTER_MS] = { "after_ms", KEY_NUMBER, 0, MAX_MS, NULL, "T",
		"at this time from when the rule is given; without op=, every= and p= it is 0" },
	[MODEL_FAULT_KEY_TIMES] = { "times", KEY_NUMBER, 1, UINT32_MAX, NULL, "N",
		"so often at most: 1, but without limit for every= and p=" },
	[MODEL_FAULT_KEY_VALUE] = { "value", KEY_NUMBER, 0, UINT64_MAX, NULL, "N",
		"decimal, or hexadecimal with 0x; of mailbox kind=status 1 to 15 (1)" },
	[MODEL_FAULT_KEY_MS] = { "ms", KEY_NUMBER, 0, MAX_MS, NULL, "N",
		"milliseconds; of mailbox kind=busy (10)" },
	[MODEL_FAULT_KEY_US] = { "us", KEY_NUMBER, 0, MAX_US, NULL, "N", "microseconds" },
	[MODEL_FAULT_KEY_BLOCK] = { "block", KEY_CHOICE, 0, 0, blocks, "qm|engine",
		"whose error bit" },
	[MODEL_FAULT_KEY_BIT] = { "bit", KEY_NUMBER, 0, 31, NULL, "N", "number of the error bit" },
	[MODEL_FAULT_KEY_HALT] = { "halt", KEY_CHOICE, 0, 0, switches, "on|off",
		"with a stop of all DMA (off)" },
	[MODEL_FAULT_KEY_TYPE] = { "type", KEY_NUMBER, 0, 2, NULL, "0|1|2",
		"CQ overflow, EQ overflow, CQE error (qm.md 5.7)" },
	[MODEL_FAULT_KEY_KIND] = { "kind", KEY_CHOICE, 0, 0, mailbox_kinds, "busy|status|never",
		"what the mailbox does" },
	[MODEL_FAULT_KEY_COMMAND] = { "command", KEY_COMMAND, 0, 0, NULL, "NAME",
		"only this mailbox command: sqc, cqc, eqc, aeqc, stop_qp, ..." },
	[MODEL_FAULT_KEY_OF] = { "of", KEY_FAULTS, 0, 0, NULL, "FAULT,...",
		"what random chooses from" },
};

/** A rule while it is read. */
struct reader {
	uint32_t number;
	struct model_fault_rule *rule;
	struct model_error *error;
};

static int __attribute__((format(printf, 2, 3)))
fail(const struct reader *r, const char *format, ...)
{
	char what[384];
	va_list args;

	if (r->error == NULL)
		return -EINVAL;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	snprintf(r->error->text, sizeof(r->error->text), "fault rule %u '%.60s': %s", r->number,
		r->rule->text, what);
	return -EINVAL;
}

/** Names as "a, b, c". */
static void
list_keys(uint32_t set, char *buf, size_t len)
{
	size_t used = 0;
	uint32_t i;

	buf[0] = '\0';
	for (i = 0; i < MODEL_FAULT_KEY_NB && used < len; i++)
		if (set & UINT32_C(1) << i)
			used += snprintf(buf + used, len - used, "%s%s", used == 0 ? "" : ", ",
				keys[i].name);
}

static void
list_faults(uint32_t set, char *buf, size_t len)
{
	size_t used = 0;
	uint32_t i;

	buf[0] = '\0';
	for (i = 0; i < MODEL_FAULT_NB && used < len; i++)
		if (set & UINT32_C(1) << i)
			used += snprintf(buf + used, len - used, "%s%s", used == 0 ? "" : ", ",
				faults[i].name);
}

static int
find_fault(const char *name)
{
	int i;

	for (i = 0; i < MODEL_FAULT_NB; i++)
		if (strcmp(faults[i].name, name) == 0)
			return i;
	return -1;
}

static int
find_key(const char *name)
{
	int i;

	for (i = 0; i < MODEL_FAULT_KEY_NB; i++)
		if (strcmp(keys[i].name, name) == 0)
			return i;
	return -1;
}

static bool
read_number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	char *end;

	/* strtoull() takes blanks and signs too. */
	if (!isxdigit((unsigned char)text[is_hex ? 2 : 0]))
		return false;
	errno = 0;
	*out = strtoull(text, &end, is_hex ? 16 : 10);
	return errno == 0 && end != text && *end == '\0' && *out >= min && *out <= max;
}

static int
parse_number(const struct reader *r, const struct key_info *key, const char *text, uint64_t *out)
{
	if (read_number(text, key->min, key->max, out))
		return 0;
	return fail(r, "%s=%s: a number from %llu to %llu is needed", key->name, text,
		(unsigned long long)key->min, (unsigned long long)key->max);
}

static int
parse_function(const struct reader *r, const char *text, uint64_t *out)
{
	if (strcmp(text, "pf") == 0) {
		*out = 0;
		return 0;
	}
	if (strncmp(text, "vf", 2) == 0 &&
	    read_number(text + 2, 0, HISI_QM_MAX_FUNCTIONS - 2, out)) {
		++*out;
		return 0;
	}
	return fail(r, "function=%s: pf, or vf0 to vf%d is needed", text,
		HISI_QM_MAX_FUNCTIONS - 2);
}

static int
parse_probability(const struct reader *r, const char *text, uint64_t *out)
{
	char *end;
	double p = strtod(text, &end);

	if (!isdigit((unsigned char)text[0]) || *end != '\0' || !(p >= 0 && p <= 1))
		return fail(r, "p=%s: a number from 0 to 1 is needed, such as 0.001", text);
	*out = p == 1 ? UINT64_MAX : (uint64_t)(p * 18446744073709551616.0);
	return 0;
}

static int
parse_choice(const struct reader *r, const struct key_info *key, const char *text, uint64_t *out)
{
	for (*out = 0; key->choices[*out] != NULL; ++*out)
		if (strcmp(key->choices[*out], text) == 0)
			return 0;
	return fail(r, "%s=%s: one of %s is needed", key->name, text, key->form);
}

static int
parse_command(const struct reader *r, const char *text, uint64_t *out)
{
	if (strcmp(text, "unknown") != 0)
		for (*out = 0; *out < NB_MAILBOX_COMMANDS; ++*out)
			if (strcmp(hisi_qm_mailbox_command_name(*out), text) == 0)
				return 0;
	return fail(r, "command=%s: a mailbox command is needed, such as sqc or stop_qp", text);
}

static int
parse_faults(const struct reader *r, const char *text, uint64_t *out)
{
	char copy[MAX_WORD], known[160], *name, *save = NULL;
	int kind;

	snprintf(copy, sizeof(copy), "%s", text);
	*out = 0;
	for (name = strtok_r(copy, ",", &save); name != NULL; name = strtok_r(NULL, ",", &save)) {
		kind = find_fault(name);
		if (kind < 0 || !(model_fault_random_kinds() & UINT32_C(1) << kind)) {
			list_faults(model_fault_random_kinds(), known, sizeof(known));
			return fail(r, "of=%s: '%s' is none of %s", text, name, known);
		}
		*out |= UINT32_C(1) << kind;
	}
	return *out != 0 ? 0 : fail(r, "of= is empty: names of faults are needed");
}

static int
parse_value(const struct reader *r, int key, const char *text)
{
	uint64_t *out = &r->rule->values[key];

	switch (keys[key].type) {
	case KEY_NUMBER:
		return parse_number(r, &keys[key], text, out);
	case KEY_FUNCTION:
		return parse_function(r, text, out);
	case KEY_PROBABILITY:
		return parse_probability(r, text, out);
	case KEY_CHOICE:
		return parse_choice(r, &keys[key], text, out);
	case KEY_COMMAND:
		return parse_command(r, text, out);
	default:
		return parse_faults(r, text, out);
	}
}

static int
parse_pair(const struct reader *r, char *word)
{
	const struct fault_info *info = &faults[r->rule->kind];
	char known[160], *value = strchr(word, '=');
	int key;

	list_keys(info->keys, known, sizeof(known));
	if (value == NULL)
		return fail(r, "'%s' has no value: key=value is needed; keys of %s: %s", word,
			info->name, known);
	*value++ = '\0';
	key = find_key(word);
	if (key < 0 || !(info->keys & UINT32_C(1) << key))
		return fail(r, "'%s' is no key of %s, which takes %s", word, info->name, known);
	if (model_fault_rule_has(r->rule, key))
		return fail(r, "%s= is there twice; give it once", word);
	r->rule->has |= UINT32_C(1) << key;
	return parse_value(r, key, value);
}

static int
parse_name(const struct reader *r, const char *word)
{
	char known[256];
	int kind = find_fault(word);

	if (kind < 0) {
		list_faults(UINT32_MAX >> (32 - MODEL_FAULT_NB), known, sizeof(known));
		return fail(r, "'%s' is no fault, known: %s", word, known);
	}
	r->rule->kind = kind;
	r->rule->event = faults[kind].event;
	return 0;
}

/** Words of a rule, one space apart, up to the end of the rule. @return where that is, or NULL */
static const char *
take_text(const char *text, char *rule)
{
	bool is_comment = false;
	size_t used = 0;

	for (; *text != '\0' && *text != '\n' && (is_comment || *text != ';'); text++) {
		is_comment |= *text == '#';
		if (is_comment || (isspace((unsigned char)*text) &&
		    (used == 0 || rule[used - 1] == ' ')))
			continue;
		if (used == MODEL_FAULT_RULE_LEN - 1)
			return NULL;
		rule[used++] = isprint((unsigned char)*text) ? *text :
			isspace((unsigned char)*text) ? ' ' : '?';
	}
	while (used > 0 && rule[used - 1] == ' ')
		used--;
	rule[used] = '\0';
	return text;
}

/** Numbers that have a narrower range in one fault. */
static int
check_range(const struct reader *r)
{
	static const uint64_t limits[MODEL_FAULT_NB] = {
		[MODEL_FAULT_SQ_HEAD] = UINT16_MAX,
		[MODEL_FAULT_SQ_NUM] = UINT16_MAX,
		[MODEL_FAULT_STATUS] = UINT8_MAX,
		[MODEL_FAULT_MAILBOX] = 15,
	};
	uint64_t limit = limits[r->rule->kind], value = r->rule->values[MODEL_FAULT_KEY_VALUE];

	if (limit == 0 || value <= limit)
		return 0;
	return fail(r, "value=%llu: a number from 0 to %llu is needed", (unsigned long long)value,
		(unsigned long long)limit);
}

static int
check_mailbox(const struct reader *r)
{
	struct model_fault_rule *rule = r->rule;
	uint64_t kind = rule->values[MODEL_FAULT_KEY_KIND];

	if (rule->kind != MODEL_FAULT_MAILBOX)
		return 0;
	if (model_fault_rule_has(rule, MODEL_FAULT_KEY_MS) && kind != MODEL_FAULT_MAILBOX_BUSY)
		return fail(r, "ms= goes with kind=busy only");
	if (model_fault_rule_has(rule, MODEL_FAULT_KEY_VALUE) &&
	    (kind != MODEL_FAULT_MAILBOX_STATUS || rule->values[MODEL_FAULT_KEY_VALUE] == 0))
		return fail(r, "value= goes with kind=status only, from 1 to 15");
	if (!model_fault_rule_has(rule, MODEL_FAULT_KEY_MS))
		rule->values[MODEL_FAULT_KEY_MS] = 10;
	if (!model_fault_rule_has(rule, MODEL_FAULT_KEY_VALUE))
		rule->values[MODEL_FAULT_KEY_VALUE] = 1;
	return 0;
}

/** The rule as a whole: what is missing, what does not go together; defaults. */
static int
check_rule(const struct reader *r)
{
	const uint32_t triggers = KEY(OP) | KEY(EVERY) | KEY(P);
	struct model_fault_rule *rule = r->rule;
	uint32_t given = rule->has & triggers, missing = faults[rule->kind].required & ~rule->has;
	char names[160];

	if (missing != 0) {
		list_keys(missing, names, sizeof(names));
		return fail(r, "%s= is missing", names);
	}
	if (given & (given - 1))
		return fail(r, "only one of op=, every= and p= can be given");
	if (given != 0 && model_fault_rule_has(rule, MODEL_FAULT_KEY_AFTER_MS))
		return fail(r, "after_ms= does not go with op=, every= and p=");
	if (rule->kind == MODEL_FAULT_RANDOM && given == 0)
		return fail(r, "one of op=, every= and p= is needed");
	if (rule->event == MODEL_FAULT_AT_TIME && given != 0)
		rule->event = MODEL_FAULT_AT_SQE;
	if (rule->event == MODEL_FAULT_AT_TIME && model_fault_rule_has(rule,
	    MODEL_FAULT_KEY_TIMES) && rule->values[MODEL_FAULT_KEY_AFTER_MS] == 0)
		return fail(r, "times= needs after_ms=, op=, every= or p=");
	if (!model_fault_rule_has(rule, MODEL_FAULT_KEY_TIMES))
		rule->values[MODEL_FAULT_KEY_TIMES] = given & (KEY(EVERY) | KEY(P)) ?
			UINT64_MAX : 1;
	if (rule->kind == MODEL_FAULT_RANDOM && !model_fault_rule_has(rule, MODEL_FAULT_KEY_OF))
		rule->values[MODEL_FAULT_KEY_OF] = model_fault_random_kinds();
	return check_mailbox(r) != 0 ? -EINVAL : check_range(r);
}

static int
parse_words(const struct reader *r)
{
	char copy[MODEL_FAULT_RULE_LEN], *word, *save = NULL;
	int ret;

	memcpy(copy, r->rule->text, sizeof(copy));
	word = strtok_r(copy, " ", &save);
	ret = parse_name(r, word);
	while (ret == 0 && (word = strtok_r(NULL, " ", &save)) != NULL) {
		if (strlen(word) >= MAX_WORD)
			return fail(r, "'%.20s...' is too long a word", word);
		if (r->rule->kind != MODEL_FAULT_SEED) {
			ret = parse_pair(r, word);
			continue;
		}
		if (model_fault_rule_has(r->rule, MODEL_FAULT_KEY_VALUE) ||
		    !read_number(word, 0, UINT64_MAX, &r->rule->values[MODEL_FAULT_KEY_VALUE]))
			return fail(r, "'%s': one number is needed behind seed", word);
		r->rule->has |= KEY(VALUE);
	}
	return ret;
}

int
model_fault_rule_parse(const char **text, uint32_t number, struct model_fault_rule *rule,
	struct model_error *error)
{
	const struct reader r = { number, rule, error };
	const char *end;

	do {
		memset(rule, 0, sizeof(*rule));
		while (**text == '\n' || **text == ';')
			++*text;
		if (**text == '\0')
			return 0;
		end = take_text(*text, rule->text);
		if (end == NULL) {
			rule->text[MODEL_FAULT_RULE_LEN - 1] = '\0';
			return fail(&r, "a rule has %d characters at most",
				MODEL_FAULT_RULE_LEN - 1);
		}
		*text = end;
	} while (rule->text[0] == '\0');
	if (parse_words(&r) != 0 || check_rule(&r) != 0)
		return -EINVAL;
	return 1;
}

const char *
model_fault_kind_name(enum model_fault_kind kind)
{
	return faults[kind].name;
}

uint32_t
model_fault_random_kinds(void)
{
	return UINT32_MAX >> (32 - MODEL_FAULT_RANDOM);
}

static void
help_fault(const struct fault_info *info, char *line, size_t len)
{
	size_t used = snprintf(line, len, "fault %s", info->name);
	uint32_t i, own = info->keys & ~(PLACE | COUNT | KEY(AFTER_MS));

	if (info->event == MODEL_FAULT_AT_NOTHING)
		used += snprintf(line + used, len - used, " N");
	for (i = 0; info->event != MODEL_FAULT_AT_NOTHING && i < MODEL_FAULT_KEY_NB; i++)
		if (own & UINT32_C(1) << i)
			used += snprintf(line + used, len - used,
				info->required & UINT32_C(1) << i ? " %s=%s" : " [%s=%s]",
				keys[i].name, keys[i].form);
	snprintf(line + used, len - used, "\t%s", info->meaning);
}

void
model_fault_help(void (*print)(void *opaque, const char *line), void *opaque)
{
	char line[HELP_LINE_LEN];
	uint32_t i;

	for (i = 0; i < MODEL_FAULT_NB; i++) {
		help_fault(&faults[i], line, sizeof(line));
		print(opaque, line);
	}
	for (i = 0; i < MODEL_FAULT_KEY_NB; i++) {
		snprintf(line, sizeof(line), "key %s=%s\t%s", keys[i].name, keys[i].form,
			keys[i].meaning);
		print(opaque, line);
	}
}
