/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef HISI_QM_MESSAGES_H
#define HISI_QM_MESSAGES_H

/**
 * @file
 * What the drivers say at NOTICE and above, what it means and what to do about it: one row a
 * message. The guide "When something goes wrong" is made from this table; devtools/check_messages.py
 * compares it with the log calls.
 */

#include <stddef.h>
#include <stdint.h>

/** When a message is met. */
enum hisi_qm_message_when {
	HISI_QM_WHEN_START,	/**< the command line, and finding the device */
	HISI_QM_WHEN_MEMORY,	/**< memory that the device is to reach, or that there is none */
	HISI_QM_WHEN_BRINGUP,	/**< the first start of a function, and its restart */
	HISI_QM_WHEN_SETUP,	/**< queue pairs and xforms */
	HISI_QM_WHEN_RUN,	/**< queues and connections, and their recovery */
	HISI_QM_WHEN_RESET,	/**< PF and VFs around a reset */
	HISI_QM_WHEN_ERROR,	/**< errors that the device reports */
	HISI_QM_WHEN_PROCESS,	/**< secondary processes */
	HISI_QM_WHEN_REMOVAL,	/**< stop, close, remove */
	HISI_QM_NB_WHEN,
};

struct hisi_qm_message {
	enum hisi_qm_message_when when;
	uint32_t level;		/**< RTE_LOG_ERR, _WARNING or _NOTICE */
	/**
	 * The format of the log call, or an unambiguous leading part, without the device's name in
	 * front. Conversions stand without length: %u, %x, %s.
	 */
	const char *text;
	const char *cause;	/**< a sentence or two; what is to be typed is in `backquotes` */
	const char *cure;	/**< the same */
};

/** All messages, in groups; ends with a row whose text is NULL. */
extern const struct hisi_qm_message hisi_qm_messages[];

/**
 * The row of a line of a log.
 *
 * @param line with or without what precedes the driver's own text ("HISI_QM: ", device); a newline
 *             at its end does not matter
 * @return NULL: no row fits, or @p line is NULL
 */
const struct hisi_qm_message *hisi_qm_message_find(const char *line);

/** Name of a group: lower-case words, never NULL. */
const char *hisi_qm_message_when_name(enum hisi_qm_message_when when);

#endif /* HISI_QM_MESSAGES_H */
