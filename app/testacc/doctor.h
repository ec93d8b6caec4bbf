/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_DOCTOR_H
#define TESTACC_DOCTOR_H

/**
 * @file
 * doctor: what of a machine keeps the drivers from working, and the command that cures it.
 *
 * It reads files only, below a root directory that is / on a living machine and anything in tests:
 * sys, proc and dev lie in it. It needs no EAL, no device and no rights.
 */

#include <sys/types.h>

#include "testacc.h"

#define TESTACC_DOCTOR_LEN 384

enum testacc_doctor_state {
	TESTACC_DOCTOR_OK,
	TESTACC_DOCTOR_NOTE,	/**< to be known; nothing to be done */
	TESTACC_DOCTOR_CURE,	/**< something does not work until the cure was run */
};

struct testacc_finding {
	const char *check;	/**< name of the check */
	char subject[32];	/**< "0000:75:00.0", "node0", "" */
	enum testacc_doctor_state state;
	char cause[TESTACC_DOCTOR_LEN];	/**< one line */
	char cure[TESTACC_DOCTOR_LEN];	/**< one command, "" without TESTACC_DOCTOR_CURE */
};

struct testacc_doctor {
	const char *root;
	const char *check;	/**< of the finding that is added just now */
	struct testacc_doctor_lists *lists; /**< folders that were read last: doctor_root.c */
	struct testacc_doctor_device *devices; /**< the functions of ours */
	unsigned int nb_devices;
	bool is_eal_up;		/**< hugepages in use may be our own */
	bool is_whole;		/**< false: memory was short, findings are missing */
	struct testacc_finding *findings;
	int nb_findings, max_findings;
};

/**
 * Run all checks.
 *
 * @param root directory, "/" of this machine; must outlive @p doctor
 * @param is_eal_up this process has EAL's memory
 * @return false: memory was short
 */
bool testacc_doctor_examine(struct testacc_doctor *doctor, const char *root, bool is_eal_up);
void testacc_doctor_free(struct testacc_doctor *doctor);

/** Is there anything to cure? */
bool testacc_doctor_is_ill(const struct testacc_doctor *doctor);

/** "doctor" as the first argument: without EAL. @return exit status of the program */
int testacc_doctor_main(int argc, char **argv);

/* ---- the checks: doctor_machine.c, doctor_memory.c, doctor_device.c ---- */

void testacc_doctor_platform(struct testacc_doctor *doctor);
void testacc_doctor_container(struct testacc_doctor *doctor);
void testacc_doctor_iommu(struct testacc_doctor *doctor);
void testacc_doctor_vfio(struct testacc_doctor *doctor);
void testacc_doctor_hugepages(struct testacc_doctor *doctor);
void testacc_doctor_memlock(struct testacc_doctor *doctor);
void testacc_doctor_devices(struct testacc_doctor *doctor);
void testacc_doctor_binding(struct testacc_doctor *doctor);
void testacc_doctor_groups(struct testacc_doctor *doctor);
void testacc_doctor_functions(struct testacc_doctor *doctor);
void testacc_doctor_queues(struct testacc_doctor *doctor);
void testacc_doctor_numa(struct testacc_doctor *doctor);

/* ---- for them: findings, and what lies below the root (doctor_root.c) ---- */

/** A finding without a cure. */
void testacc_doctor_tell(struct testacc_doctor *doctor, enum testacc_doctor_state state,
	const char *subject, const char *format, ...) __attribute__((format(printf, 4, 5)));

/** The cure of the finding that was added last, which makes it TESTACC_DOCTOR_CURE. */
void testacc_doctor_cure(struct testacc_doctor *doctor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** First line of a file. @return false: there is none; @p text is "" then */
bool testacc_doctor_read(const struct testacc_doctor *doctor, char *text, size_t len,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/** A number in a file, @p otherwise without one. */
int64_t testacc_doctor_number(const struct testacc_doctor *doctor, int64_t otherwise,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/** The line of a file that begins with @p key, without it and the blanks behind. */
bool testacc_doctor_field(const struct testacc_doctor *doctor, const char *path, const char *key,
	char *text, size_t len);

/** A variable of the environment in a file such as proc/1/environ. @return false: not there */
bool testacc_doctor_variable(const struct testacc_doctor *doctor, const char *path,
	const char *name, char *text, size_t len);

/** Does a word occur anywhere in a file? */
bool testacc_doctor_has(const struct testacc_doctor *doctor, const char *path, const char *word);

bool testacc_doctor_exists(const struct testacc_doctor *doctor, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Last part of what a symbolic link points to. */
bool testacc_doctor_link(const struct testacc_doctor *doctor, char *text, size_t len,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/** Does a symbolic link point to something that ends with @p end? */
bool testacc_doctor_points_to(const struct testacc_doctor *doctor, const char *path,
	const char *end);

/**
 * Entry @p index of a folder, in the order of names. Those that were asked for last are not read
 * again: a folder has one content as long as it is gone through.
 *
 * @return false: there are not so many
 */
bool testacc_doctor_entry(const struct testacc_doctor *doctor, const char *path,
	unsigned int index, char *name, size_t len);

/** May this user read and write it? */
bool testacc_doctor_may_open(const struct testacc_doctor *doctor, const char *path);

/** Does the root look like a container? */
bool testacc_doctor_is_container(const struct testacc_doctor *doctor);

/** A function of ours. */
struct testacc_doctor_device {
	char address[16];	/**< "0000:75:00.0" */
	const char *engine;	/**< "zip" */
	const char *driver;	/**< of the kernel: "hisi_zip" */
	bool is_vf;
};

/** Before all checks, and after them. @return false: no memory */
bool testacc_doctor_begin(struct testacc_doctor *doctor);
void testacc_doctor_end(struct testacc_doctor *doctor);

/** Find the functions of ours. @return false: no memory */
bool testacc_doctor_find_devices(struct testacc_doctor *doctor);

/** Function @p index of ours. */
bool testacc_doctor_device(const struct testacc_doctor *doctor, unsigned int index,
	struct testacc_doctor_device *device);

/** The kernel driver that has it, "": none. */
void testacc_doctor_bound(const struct testacc_doctor *doctor, const char *address, char *driver,
	size_t len);

#endif /* TESTACC_DOCTOR_H */
