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

#define TESTACC_MAX_DEPTH 16384
#define TESTACC_MAX_SIZES 8
#define TESTACC_MAX_SGL 64

struct testacc_op_class;

/** A key or IV. */
struct testacc_bytes {
	uint16_t len;		/**< 0: none was given */
	uint8_t bytes[128];
};

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
	uint64_t op;		/**< testacc_op_class_get() */
	uint64_t algo;		/**< testacc_algo_name(); of compressdev, enum testacc_algo */
	uint64_t checksum;	/**< enum rte_comp_checksum_type */
	uint64_t verify;	/**< 1: results are looked at by other means */
	uint64_t direction;	/**< cryptodev: 0 encrypt, 1 decrypt or verify */
	uint64_t aad;		/**< bytes of additional data, of aead */
	uint64_t digest;	/**< bytes of a digest, 0: all */
	struct testacc_bytes key, iv;
	char file[256];		/**< where the data comes from, "": text-like data of our own */
};

/** Choices of algo. */
enum testacc_algo {
	TESTACC_ALGO_DEFLATE,	/**< codes as the data wants them */
	TESTACC_ALGO_FIXED,	/**< deflate with fixed codes */
	TESTACC_ALGO_LZS,
	TESTACC_ALGO_NULL,
	TESTACC_COMP_ALGOS,
};

/** Name of an algorithm, those of cryptodev behind those of compressdev. NULL: no more */
const char *testacc_algo_name(unsigned int index);

/** Does @p text mean the algorithm @p name: '_' is as good as '-', and sha256 as sha2-256. */
bool testacc_algo_is(const char *name, const char *text);

/** The largest of the sizes. */
uint64_t testacc_settings_largest(const struct testacc_settings *settings);

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
