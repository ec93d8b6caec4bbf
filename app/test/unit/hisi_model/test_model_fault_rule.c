/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * The language of fault plans: what it takes, and what it says of each mistake.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <model_fault_rule.h>

#include "model_rig.h"

static void
expect_rule(const char *text, const char *canonical, enum model_fault_kind kind,
	enum model_fault_event event)
{
	struct model_error error = { "" };
	struct model_fault_rule rule;

	assert_int_equal(model_fault_rule_parse(&text, 1, &rule, &error), 1);
	assert_string_equal(rule.text, canonical);
	assert_int_equal(rule.kind, kind);
	assert_int_equal(rule.event, event);
	assert_int_equal(model_fault_rule_parse(&text, 2, &rule, &error), 0);
}

static void
expect_error(const char *text, const char *message)
{
	struct model_error error = { "" };
	struct model_fault_rule rule;

	assert_int_equal(model_fault_rule_parse(&text, 3, &rule, &error), -EINVAL);
	assert_string_equal(error.text, message);
}

static void
test_each_fault(void **state)
{
	(void)state;
	expect_rule("drop op=5", "drop op=5", MODEL_FAULT_DROP, MODEL_FAULT_AT_SQE);
	expect_rule(" \t delay   ms=60 # late\n", "delay ms=60", MODEL_FAULT_DELAY,
		MODEL_FAULT_AT_SQE);
	expect_rule(";;\n duplicate p=0.5", "duplicate p=0.5", MODEL_FAULT_DUPLICATE,
		MODEL_FAULT_AT_SQE);
	expect_rule("reorder;", "reorder", MODEL_FAULT_REORDER, MODEL_FAULT_AT_SQE);
	expect_rule("phase every=3", "phase every=3", MODEL_FAULT_PHASE, MODEL_FAULT_AT_SQE);
	expect_rule("sq_head value=0xffff", "sq_head value=0xffff", MODEL_FAULT_SQ_HEAD,
		MODEL_FAULT_AT_SQE);
	expect_rule("sq_num value=9", "sq_num value=9", MODEL_FAULT_SQ_NUM, MODEL_FAULT_AT_SQE);
	expect_rule("status value=255", "status value=255", MODEL_FAULT_STATUS,
		MODEL_FAULT_AT_SQE);
	expect_rule("stall device=0 function=vf3 queue=7",
		"stall device=0 function=vf3 queue=7", MODEL_FAULT_STALL, MODEL_FAULT_AT_SQE);
	expect_rule("slow us=300 every=1 times=200", "slow us=300 every=1 times=200",
		MODEL_FAULT_SLOW, MODEL_FAULT_AT_SQE);
	expect_rule("dma_read", "dma_read", MODEL_FAULT_DMA_READ, MODEL_FAULT_AT_SQE);
	expect_rule("dma_write", "dma_write", MODEL_FAULT_DMA_WRITE, MODEL_FAULT_AT_SQE);
	expect_rule("random p=0.001 of=drop,phase", "random p=0.001 of=drop,phase",
		MODEL_FAULT_RANDOM, MODEL_FAULT_AT_SQE);
	expect_rule("ras block=engine bit=3 halt=on", "ras block=engine bit=3 halt=on",
		MODEL_FAULT_RAS, MODEL_FAULT_AT_TIME);
	expect_rule("aeqe type=2 op=4", "aeqe type=2 op=4", MODEL_FAULT_AEQE, MODEL_FAULT_AT_SQE);
	expect_rule("flr after_ms=20", "flr after_ms=20", MODEL_FAULT_FLR, MODEL_FAULT_AT_TIME);
	expect_rule("pf_reset", "pf_reset", MODEL_FAULT_PF_RESET, MODEL_FAULT_AT_TIME);
	expect_rule("disconnect function=pf", "disconnect function=pf", MODEL_FAULT_DISCONNECT,
		MODEL_FAULT_AT_TIME);
	expect_rule("freeze ms=800", "freeze ms=800", MODEL_FAULT_FREEZE, MODEL_FAULT_AT_TIME);
	expect_rule("die op=1", "die op=1", MODEL_FAULT_DIE, MODEL_FAULT_AT_SQE);
	expect_rule("doorbell", "doorbell", MODEL_FAULT_DOORBELL, MODEL_FAULT_AT_DOORBELL);
	expect_rule("mailbox kind=never command=stop_qp", "mailbox kind=never command=stop_qp",
		MODEL_FAULT_MAILBOX, MODEL_FAULT_AT_MAILBOX);
	expect_rule("no_reset times=9", "no_reset times=9", MODEL_FAULT_NO_RESET,
		MODEL_FAULT_AT_RESET);
	expect_rule("seed 17", "seed 17", MODEL_FAULT_SEED, MODEL_FAULT_AT_NOTHING);
}

static void
test_values(void **state)
{
	const char *text = "mailbox kind=status value=3 every=2; ras block=qm bit=5";
	struct model_fault_rule rule;

	(void)state;
	assert_int_equal(model_fault_rule_parse(&text, 1, &rule, NULL), 1);
	assert_int_equal(rule.values[MODEL_FAULT_KEY_KIND], MODEL_FAULT_MAILBOX_STATUS);
	assert_int_equal(rule.values[MODEL_FAULT_KEY_VALUE], 3);
	assert_int_equal(rule.values[MODEL_FAULT_KEY_EVERY], 2);
	assert_true(rule.values[MODEL_FAULT_KEY_TIMES] == UINT64_MAX);
	assert_int_equal(model_fault_rule_parse(&text, 2, &rule, NULL), 1);
	assert_int_equal(rule.values[MODEL_FAULT_KEY_BIT], 5);
	assert_int_equal(rule.values[MODEL_FAULT_KEY_TIMES], 1);
	text = "drop p=1";
	assert_int_equal(model_fault_rule_parse(&text, 1, &rule, NULL), 1);
	assert_true(rule.values[MODEL_FAULT_KEY_P] == UINT64_MAX);
}

/* What is wrong, where, and what would be right. */
static void
test_each_mistake(void **state)
{
	(void)state;
	expect_error("frob op=5", "fault rule 3 'frob op=5': 'frob' is no fault, known: drop, delay, "
		"duplicate, reorder, phase, sq_head, sq_num, status, stall, slow, dma_read, "
		"dma_write, random, ras, aeqe, flr, pf_reset, disconnect, freeze, die, doorbell, "
		"mailbox, no_reset, seed");
	expect_error("drop now", "fault rule 3 'drop now': 'now' has no value: key=value is needed; "
		"keys of drop: device, function, queue, op, every, p, times");
	expect_error("drop ms=5", "fault rule 3 'drop ms=5': 'ms' is no key of drop, which takes "
		"device, function, queue, op, every, p, times");
	expect_error("drop op=5 op=6", "fault rule 3 'drop op=5 op=6': op= is there twice; give it "
		"once");
	expect_error("drop op=0", "fault rule 3 'drop op=0': op=0: a number from 1 to 4294967295 is "
		"needed");
	expect_error("drop op=-1", "fault rule 3 'drop op=-1': op=-1: a number from 1 to 4294967295 "
		"is needed");
	expect_error("drop op=", "fault rule 3 'drop op=': op=: a number from 1 to 4294967295 is "
		"needed");
	expect_error("drop op=5x", "fault rule 3 'drop op=5x': op=5x: a number from 1 to 4294967295 "
		"is needed");
	expect_error("drop function=vf63", "fault rule 3 'drop function=vf63': function=vf63: pf, or "
		"vf0 to vf62 is needed");
	expect_error("drop p=2", "fault rule 3 'drop p=2': p=2: a number from 0 to 1 is needed, such "
		"as 0.001");
	expect_error("drop p=nan", "fault rule 3 'drop p=nan': p=nan: a number from 0 to 1 is needed, "
		"such as 0.001");
	expect_error("delay", "fault rule 3 'delay': ms= is missing");
	expect_error("ras", "fault rule 3 'ras': block, bit= is missing");
	expect_error("ras block=dma bit=1", "fault rule 3 'ras block=dma bit=1': block=dma: one of "
		"qm|engine is needed");
	expect_error("aeqe type=3", "fault rule 3 'aeqe type=3': type=3: a number from 0 to 2 is "
		"needed");
	expect_error("drop op=1 p=0.5", "fault rule 3 'drop op=1 p=0.5': only one of op=, every= and "
		"p= can be given");
	expect_error("flr op=1 after_ms=5", "fault rule 3 'flr op=1 after_ms=5': after_ms= does not "
		"go with op=, every= and p=");
	expect_error("flr times=2", "fault rule 3 'flr times=2': times= needs after_ms=, op=, every= "
		"or p=");
	expect_error("random", "fault rule 3 'random': one of op=, every= and p= is needed");
	expect_error("random p=1 of=drop,die", "fault rule 3 'random p=1 of=drop,die': "
		"of=drop,die: 'die' is none of drop, delay, duplicate, reorder, phase, sq_head, "
		"sq_num, status, stall, slow, dma_read, dma_write");
	expect_error("random p=1 of=,", "fault rule 3 'random p=1 of=,': of= is empty: names of "
		"faults are needed");
	expect_error("status value=256", "fault rule 3 'status value=256': value=256: a number from "
		"0 to 255 is needed");
	expect_error("mailbox kind=busy value=1", "fault rule 3 'mailbox kind=busy value=1': value= "
		"goes with kind=status only, from 1 to 15");
	expect_error("mailbox kind=never ms=1", "fault rule 3 'mailbox kind=never ms=1': ms= goes "
		"with kind=busy only");
	expect_error("mailbox kind=status value=16", "fault rule 3 'mailbox kind=status value=16': "
		"value=16: a number from 0 to 15 is needed");
	expect_error("mailbox kind=busy command=reboot", "fault rule 3 'mailbox kind=busy "
		"command=reboot': command=reboot: a mailbox command is needed, such as sqc or "
		"stop_qp");
	expect_error("seed", "fault rule 3 'seed': value= is missing");
	expect_error("seed 1 2", "fault rule 3 'seed 1 2': '2': one number is needed behind seed");
	expect_error("no_reset queue=1", "fault rule 3 'no_reset queue=1': 'queue' is no key of "
		"no_reset, which takes device, function, op, every, p, times");
}

/* Long and strange bytes end in a message, and never in the message as they are. */
static void
test_strange_bytes(void **state)
{
	char text[400], *word = text;
	struct model_error error;
	struct model_fault_rule rule;
	const char *at = text;
	int i;

	(void)state;
	expect_error("\x01\xff", "fault rule 3 '?\?': '?\?' is no fault, known: drop, delay, "
		"duplicate, reorder, phase, sq_head, sq_num, status, stall, slow, dma_read, "
		"dma_write, random, ras, aeqe, flr, pf_reset, disconnect, freeze, die, doorbell, "
		"mailbox, no_reset, seed");
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(model_fault_rule_parse(&at, 1, &rule, &error), -EINVAL);
	assert_non_null(strstr(error.text, "a rule has 159 characters at most"));
	text[150] = '\0';
	at = memcpy(text, "drop ", 5);
	assert_int_equal(model_fault_rule_parse(&at, 1, &rule, &error), -EINVAL);
	assert_non_null(strstr(error.text, "is too long a word"));
	srand(5);
	for (i = 0; i < 20000; i++) {
		static const char *const pieces[] = { "drop", " ", "op=", "5", ";", "\n", "#", "=",
			"mailbox kind=", "never", ",", "random p=", "0x", "1", "of=", "seed", "-" };

		for (word = text, *word = '\0'; word - text < 100 && rand() % 12 != 0;
		     word += strlen(word))
			strcpy(word, pieces[rand() % 17]);
		for (at = text; model_fault_rule_parse(&at, 1, &rule, &error) == 1;)
			assert_true(rule.kind < MODEL_FAULT_NB && strlen(rule.text) > 0);
		assert_true(at >= text && at <= text + strlen(text));
	}
}

static void
count_line(void *opaque, const char *line)
{
	assert_non_null(strchr(line, '\t'));
	++*(uint32_t *)opaque;
}

static void
test_help_has_all(void **state)
{
	uint32_t count = 0;

	(void)state;
	model_fault_help(count_line, &count);
	assert_int_equal(count, MODEL_FAULT_NB + MODEL_FAULT_KEY_NB);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_fault),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_each_mistake),
		cmocka_unit_test(test_strange_bytes),
		cmocka_unit_test(test_help_has_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
