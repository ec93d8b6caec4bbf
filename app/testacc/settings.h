/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_SETTINGS_H
#define TESTACC_SETTINGS_H

/**
 * @file
 * What 'set' sets and 'show config' shows. A change holds from the next start on.
 */

#include "parse.h"

#define TESTACC_MAX_SIZES 8

struct testacc_op_class;

struct testacc_settings {
	uint64_t device;
	uint64_t queues;	/**< queue pairs, 0: one for each worker lcore */
	uint64_t burst;		/**< ops that a burst call may have */
	uint64_t depth;		/**< ops that a queue pair has under way */
	uint64_t sizes[TESTACC_MAX_SIZES]; /**< plain bytes of an op, in turn */
	uint64_t nb_sizes;
	uint64_t sgl;		/**< mbufs of a buffer */
	uint64_t level;
	uint64_t window;	/**< bytes, a power of two */
	uint64_t op;		/**< index in testacc_op_classes */
	uint64_t algo;		/**< enum testacc_algo */
	uint64_t checksum;	/**< enum rte_comp_checksum_type */
	uint64_t verify;	/**< 1: results are looked at by other means */
	char file[256];		/**< where the data comes from, "": text-like data of our own */
};

/** Choices of algo. */
enum testacc_algo {
	TESTACC_ALGO_DEFLATE,	/**< codes as the data wants them */
	TESTACC_ALGO_FIXED,	/**< deflate with fixed codes */
	TESTACC_ALGO_LZS,
	TESTACC_ALGO_NULL,
};

extern struct testacc_settings testacc_settings;

/** Set everything to its default. */
void testacc_settings_init(void);

/** Is word @p at the name of a setting, or its value? For params.c. */
bool testacc_setting_accept(const struct testacc_line *line, int at);
const char *testacc_setting_candidate(const struct testacc_line *line, int at,
	unsigned int index);
const char *testacc_value_expected(const struct testacc_line *line, int at);
const char *testacc_value_candidate(const struct testacc_line *line, int at, unsigned int index);

/** set <setting> <value> */
int testacc_set(const struct testacc_line *line);
/** show config */
int testacc_show_config(const struct testacc_line *line);
/** show settings: what they take */
int testacc_show_settings(const struct testacc_line *line);

#endif /* TESTACC_SETTINGS_H */
