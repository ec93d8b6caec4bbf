/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_GUARD_H
#define VFIO_USER_GUARD_H

/**
 * @file
 * Surviving SIGBUS: a client may truncate a file it has mapped into the server (vfio-user.md 17.3).
 *
 * A guarded access costs no system call unless it faults. Only a SIGBUS that the kernel raised in
 * the guarding thread is caught; any other goes to the handler that was installed before.
 */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Install the SIGBUS handler of the process. May be repeated: nothing happens while it is in place,
 * and it takes its place again if somebody else took it meanwhile.
 *
 * Call before any guarded access and before starting threads that use one. The previous handler is
 * kept and called for faults outside guarded accesses.
 *
 * @return  0, or -errno of sigaction(2).
 */
int
vfio_user_guard_install(void);

/**
 * Take the handler out again, if it is still the installed one (end of tests; programs need not).
 */
void
vfio_user_guard_remove(void);

/**
 * Copy with both sides allowed to vanish.
 *
 * @param dst  len writable bytes.
 * @param src  len readable bytes; no overlap with dst.
 * @param len  bytes, 0 allowed.
 * @return     0; -EFAULT when a page was gone: dst then holds an unknown part of the data.
 *
 * Any thread, also nested inside vfio_user_guard_run().
 */
int
vfio_user_guard_copy(void *dst, const void *src, size_t len);

/**
 * Run a function that touches client memory; a SIGBUS in it ends it.
 *
 * @param fn      called once with arg, in this thread. If it faults it is left by siglongjmp(): it
 *                must hold no lock and own no memory that only its own frames know of; memory work
 *                of deflate/inflate libraries is fine, malloc() inside is not.
 * @param arg     handed to fn.
 * @param result  receives fn's return value; may be NULL; untouched after a fault.
 * @return        0 when fn returned; -EFAULT when it faulted.
 *
 * Any thread; may be nested, the innermost guard catches.
 */
int
vfio_user_guard_run(int (*fn)(void *arg), void *arg, int *result);

#ifdef __cplusplus
}
#endif

#endif /* VFIO_USER_GUARD_H */
