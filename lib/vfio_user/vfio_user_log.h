/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_LOG_H
#define VFIO_USER_LOG_H

/**
 * @file
 * How this library speaks: it never prints, it hands finished lines to a callback.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** Importance of a line; the values are those of syslog(3), and DPDK's less one. */
enum vfio_user_log_level {
	VFIO_USER_LOG_ERR = 3,     /**< something was lost or refused */
	VFIO_USER_LOG_WARNING = 4, /**< the other side broke a rule; carried on */
	VFIO_USER_LOG_INFO = 6,    /**< connect, disconnect */
	VFIO_USER_LOG_DEBUG = 7,   /**< each message, by name */
};

/**
 * Receives one line.
 *
 * @param opaque  the pointer given with the callback.
 * @param level   importance of the line.
 * @param line    text without newline, valid during the call only.
 *
 * May be called from any thread that calls into the library. Must not call back into the library.
 */
typedef void (*vfio_user_log_fn)(void *opaque, enum vfio_user_log_level level, const char *line);

/** Where lines go. A NULL fn drops them. Lines above max_level are not even formatted. */
struct vfio_user_log {
	vfio_user_log_fn fn;
	void *opaque;
	enum vfio_user_log_level max_level;
};

#ifdef __cplusplus
}
#endif

#endif /* VFIO_USER_LOG_H */
