/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/* The table of messages: a line of a log finds its row, and the row is fit to be shown. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rte_log.h>

#include <hisi_qm_messages.h>

#include <hisi_qm_ifc_internal.h>

#include "ifc_rig.h"
#include "test_eal.h"

/* The text with values for its conversions, as a log would have it. */
static void
make_line(const char *text, char *line, size_t len)
{
	size_t at = 0;

	while (*text != '\0' && at < len - 16) {
		if (*text != '%') {
			line[at++] = *text++;
			continue;
		}
		at += (size_t)snprintf(line + at, len - at, "%s", text[1] == 's' ? "/a/b-c" :
			text[1] == 'p' ? "0x1f0000" : "17");
		text += 2;
	}
	line[at] = '\0';
}

static void
check_finds(const char *prefix, const struct hisi_qm_message *row, const char *behind)
{
	char body[512], line[640];
	const struct hisi_qm_message *found;

	make_line(row->text, body, sizeof(body));
	snprintf(line, sizeof(line), "%s%s%s", prefix, body, behind);
	found = hisi_qm_message_find(line);
	if (found != row)
		fail_msg("'%s' finds '%s'", line, found != NULL ? found->text : "nothing");
}

static void
test_each_row_is_found(void **state)
{
	const struct hisi_qm_message *row;

	(void)state;
	for (row = hisi_qm_messages; row->text != NULL; row++) {
		check_finds("HISI_QM: compress_hisi_zip0: ", row, "");
		check_finds("HISI_ZIP: 0000:75:00.0: ", row, " and more\n");
		check_finds("14:00 app[7]: HISI_QM: 0000:75:00.1: ", row, "\n");
		check_finds("", row, "");
	}
}

static void
test_each_row_is_whole(void **state)
{
	const struct hisi_qm_message *row;
	uint32_t when = 0;

	(void)state;
	for (row = hisi_qm_messages; row->text != NULL; row++) {
		assert_true(row->when == when || row->when == when + 1);
		when = row->when;
		assert_true(row->level == RTE_LOG_ERR || row->level == RTE_LOG_WARNING ||
			row->level == RTE_LOG_NOTICE);
		assert_true(strlen(row->cause) > 10 && strlen(row->cure) >= 5);
		assert_null(strpbrk(row->cause, "\t\n%"));
		assert_null(strpbrk(row->cure, "\t\n%"));
		assert_string_not_equal(hisi_qm_message_when_name(row->when), "unknown");
	}
	assert_int_equal(when, HISI_QM_NB_WHEN - 1);
	assert_string_equal(hisi_qm_message_when_name(HISI_QM_NB_WHEN), "unknown");
}

static void
test_other_lines_find_nothing(void **state)
{
	static const char * const lines[] = {
		"", "\n", "HISI_QM: ", "HISI_QM: compress_hisi_zip0: ", ": ", "%s", "%u",
		"EAL: Detected CPU lcores: 2",
		"HISI_QM: compress_hisi_zip0: bring-up: read capabilities",
		"HISI_QM: compress_hisi_zip0: ZIP V3 PF, 64 hardware queues, over vfio-user",
		/* In the middle of a line it is another message. */
		"HISI_QM: compress_hisi_zip0: perhaps queue 3 runs again",
	};
	size_t i;

	(void)state;
	assert_null(hisi_qm_message_find(NULL));
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (hisi_qm_message_find(lines[i]) != NULL)
			fail_msg("'%s' finds '%s'", lines[i], hisi_qm_message_find(lines[i])->text);
}

/* Lines as they were seen, among rows that begin alike. */
static void
test_lines_of_a_log(void **state)
{
	static const struct {
		const char *line;
		const char *cure; /* a word of it */
	} seen[] = {
		{ "HISI_QM: compress_hisi_zip0: /run/h/pf.sock does not exist: start the emulator first",
		  "ready" },
		{ "HISI_QM: compress_hisi_zip0: nobody listens at /run/h/pf.sock: its emulator has ended",
		  "same path" },
		{ "HISI_QM: 0000:75:00.1: queue 3: no progress within timeout_ms; stopping it",
		  "dequeue" },
		{ "HISI_QM: 0000:75:00.1: queue 3: process 77 is in the middle of a burst and does not go on; the queue's operations wait until it does, or ends",
		  "kill -CONT" },
		{ "HISI_QM: compress_hisi_zip0: the device is gone; 0 operations in flight and all later ones return with an error; remove the device and add it again",
		  "Start the model" },
		{ "HISI_QM: compress_hisi_zip0: given up after 3 attempts: function reset failed: Input/output error; mailbox (0x300) = 0x0; 4 operations in flight and all later ones return with an error; remove the device and add it again, and if that fails too, let the kernel's driver probe the PF once: it resets more than one function can (qm.md 6.9)",
		  "rte_dev_remove" },
	};
	const struct hisi_qm_message *row;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		row = hisi_qm_message_find(seen[i].line);
		assert_non_null(row);
		assert_non_null(strstr(row->cure, seen[i].cure));
	}
}

static int
send_to_all(struct rig *rig)
{
	return hisi_qm_ifc_send(rig->dev, HISI_QM_IFC_MAILBOX_ALL, HISI_QM_IFC_PF_RESET_DONE, 0);
}

/* A mailbox takes no message for VFs where there are none: one line, with what to do. */
static void
test_vfs_that_are_not_there(void **state)
{
	struct hisi_qm_qp *qp;
	struct rig *rig;

	(void)state;
	rig = ifc_open(false, HISI_QM_V3, 2, &qp);
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_SRC, FAKE_MB_STATUS, 2, 1);
	test_log_forget();
	assert_int_not_equal(send_to_all(rig), 0);
	assert_int_not_equal(send_to_all(rig), 0);
	assert_int_equal(test_log_count("HISI_QM: "), 1);
	assert_int_equal(test_log_count("message pf_reset_done to its VFs (vfs=2) was not sent"), 1);
	/* It goes, and is refused anew. */
	assert_int_equal(send_to_all(rig), 0);
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_SRC, FAKE_MB_STATUS, 1, 1);
	assert_int_not_equal(send_to_all(rig), 0);
	assert_int_equal(test_log_count("HISI_QM: "), 2);
	rig->dev->args.vfs = 0;
	ifc_close(rig, qp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_row_is_found),
		cmocka_unit_test(test_each_row_is_whole),
		cmocka_unit_test(test_other_lines_find_nothing),
		cmocka_unit_test(test_lines_of_a_log),
		cmocka_unit_test(test_vfs_that_are_not_there),
	};
	int ret = test_eal_start("test_qm_messages");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests(tests, NULL, NULL));
}
