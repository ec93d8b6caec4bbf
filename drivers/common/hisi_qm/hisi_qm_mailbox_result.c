/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>

#include <rte_common.h>

#include "hisi_qm_dev.h"

/* How mailbox commands end, by what hisi_qm_mailbox_run() found (qm.md 3.4). */
static const struct hisi_qm_mailbox_result results[] = {
	{ 0, "ok", "Nothing." },
	{ -EBUSY, "busy",
		"The mailbox serves all functions of the chip and never got free. Find the "
		"function whose driver hangs; that of the PF can reset the chip." },
	{ -ETIME, "no_end",
		"The device took the command and did not end it. The driver resets the function; "
		"if it comes back, reset the PF." },
	{ -EIO, "refused",
		"The device ended the command with a failure; its codes are not published [UNK]. "
		"Look for a hardware error at the same time." },
	{ -EAGAIN, "not_ours",
		"Only answers to other functions' commands came. Many functions start or stop at "
		"once: the driver tries again with the next reset." },
	{ -ETIMEDOUT, "no_answer",
		"The model does not answer: let it go on (kill -CONT), or give it more CPU." },
	{ -ENODEV, "gone",
		"The function has left the bus, or its model has ended. Look at the kernel's log, "
		"or start the model again." },
};

const struct hisi_qm_mailbox_result *
hisi_qm_mailbox_result_get(int result)
{
	static const struct hisi_qm_mailbox_result other = { 1, "bus_error",
		"The bus refused access to the mailbox's register: the lines of the bus say why." };
	size_t i;

	for (i = 0; i < RTE_DIM(results); i++)
		if (results[i].result == result)
			return &results[i];
	return &other;
}
