/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef TESTACC_OP_CLASS_H
#define TESTACC_OP_CLASS_H

/**
 * @file
 * What an engine (engine.h) does, one class for each value of 'set op'. The engine knows slots
 * only: whose library they go through, compressdev's or another's, is the class's business.
 *
 * Threading: open and close on the main lcore, the rest on the engine's lcore.
 */

#include "device.h"
#include "settings.h"

struct testacc_engine;
struct testacc_run;

/** Kinds of op that a class mixes at most. */
#define TESTACC_MAX_PARTS 3

/** One op that goes round and round, with its buffers. */
struct testacc_slot {
	void *op;		/**< of the class's library */
	void *plain;		/**< buffer with the plain data, or room for it */
	void *packed;		/**< buffer with, or for, what the device makes of it */
	void *result;		/**< what comes back of a round trip */
	const uint8_t *data;	/**< what plain holds, size bytes */
	uint64_t tsc;		/**< when it was enqueued */
	uint32_t size;		/**< plain bytes */
	uint32_t packed_len;	/**< bytes in packed */
	const uint8_t *packed_data; /**< what packed is to hold, where that is known */
	uint8_t size_class;	/**< index in testacc_settings.sizes */
	uint8_t part;		/**< which kind of op of a class that mixes several, else 0 */
	bool is_returning;	/**< a round trip on its second half */
};

/** What became of a slot that came back. */
enum testacc_slot_end {
	TESTACC_SLOT_DONE,	/**< well, and ready to go again */
	TESTACC_SLOT_GOES_ON,	/**< well, and on its second half */
	TESTACC_SLOT_FAILED,	/**< the device said so */
	TESTACC_SLOT_WRONG,	/**< the device said it is well, and it is not */
};

struct testacc_op_class {
	const char *name;	/**< NULL ends the table */
	const char *help;
	enum testacc_device_kind kind;	/**< of devices that can */
	/** Is the algorithm of that name one of it? */
	bool (*takes)(const char *algo);
	/** Set the device up for run->nb_engines. @return enum testacc_result, after a message */
	int (*open)(struct testacc_run *run);
	/** Undo open. @param is_lost operations are still with the device: keep their memory */
	void (*close)(struct testacc_run *run, bool is_lost);
	/** As many of @p slots as go. */
	uint16_t (*enqueue)(struct testacc_engine *engine, struct testacc_slot **slots,
		uint16_t count);
	uint16_t (*dequeue)(struct testacc_engine *engine, struct testacc_slot **slots,
		uint16_t count);
	/** Look at what came back, count its bytes, make it ready to go again. */
	enum testacc_slot_end (*end)(struct testacc_engine *engine, struct testacc_slot *slot);
	/** Name of a status of the library. */
	const char *(*status_name)(int status);
};

/** Classes of each library, in op_comp.c, op_crypto.c. */
extern const struct testacc_op_class testacc_comp_classes[];
extern const struct testacc_op_class testacc_crypto_classes[];

/**
 * Class @p index of all, NULL: there are not so many (op_classes.c). Each name comes once: that of
 * a class which several libraries have stands for all of them, testacc_op_class_of() tells which.
 */
const struct testacc_op_class *testacc_op_class_get(unsigned int index);

/** The class of the same name for devices of @p kind, @p class itself: they have none. */
const struct testacc_op_class *testacc_op_class_of(const struct testacc_op_class *class,
	enum testacc_device_kind kind);

/** Candidate @p index of a path that is begun in word @p at (params.c). */
const char *testacc_file_candidate(const struct testacc_line *line, int at, unsigned int index);

#endif /* TESTACC_OP_CLASS_H */
