/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <ucontext.h>

#include "vfio_user_guard.h"

/*
 * The innermost guard of this thread. Volatile because the handler reads it between any two
 * instructions; initial-exec because a handler must not run the lazy allocation of dynamic TLS.
 */
static _Thread_local __attribute__((tls_model("initial-exec"))) sigjmp_buf *volatile guard_top;

static pthread_mutex_t install_lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction previous;

static void
guard_call_previous(int sig, siginfo_t *info, void *context)
{
	if ((previous.sa_flags & SA_SIGINFO) != 0) {
		previous.sa_sigaction(sig, info, context);
		return;
	}
	if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
		previous.sa_handler(sig);
		return;
	}
	if (previous.sa_handler == SIG_IGN && info->si_code <= 0)
		return;
	/* The default for a real fault: back to the faulting instruction, without us. */
	struct sigaction action = { .sa_handler = SIG_DFL };

	sigaction(SIGBUS, &action, NULL);
	if (info->si_code <= 0)
		raise(sig);
}

static void
guard_on_sigbus(int sig, siginfo_t *info, void *context)
{
	sigjmp_buf *top = guard_top;

	/* si_code above 0: from the kernel for this thread's access, not from kill(2). */
	if (top != NULL && info->si_code > 0) {
		/*
		 * A guard saves no signal mask, that would be a system call each time: back to the
		 * mask of the faulting code here, where it costs only those who fault.
		 */
		pthread_sigmask(SIG_SETMASK, &((const ucontext_t *)context)->uc_sigmask, NULL);
		siglongjmp(*top, 1);
	}
	guard_call_previous(sig, info, context);
}

static bool
guard_is_installed(struct sigaction *current)
{
	return sigaction(SIGBUS, NULL, current) == 0 && (current->sa_flags & SA_SIGINFO) != 0 &&
	       current->sa_sigaction == guard_on_sigbus;
}

int
vfio_user_guard_install(void)
{
	struct sigaction current;
	struct sigaction action = { .sa_sigaction = guard_on_sigbus };
	int ret = 0;

	action.sa_flags = SA_SIGINFO;
	sigemptyset(&action.sa_mask);
	pthread_mutex_lock(&install_lock);
	if (!guard_is_installed(&current) && sigaction(SIGBUS, &action, &previous) != 0)
		ret = -errno;
	pthread_mutex_unlock(&install_lock);
	return ret;
}

void
vfio_user_guard_remove(void)
{
	struct sigaction current;

	pthread_mutex_lock(&install_lock);
	if (guard_is_installed(&current))
		sigaction(SIGBUS, &previous, NULL);
	pthread_mutex_unlock(&install_lock);
}

struct guard_copy {
	void *dst;
	const void *src;
	size_t len;
};

static int
guard_do_copy(void *arg)
{
	const struct guard_copy *copy = arg;

	memcpy(copy->dst, copy->src, copy->len);
	return 0;
}

int
vfio_user_guard_copy(void *dst, const void *src, size_t len)
{
	struct guard_copy copy = { .dst = dst, .src = src, .len = len };

	if (len == 0)
		return 0;
	return vfio_user_guard_run(guard_do_copy, &copy, NULL);
}

int
vfio_user_guard_run(int (*fn)(void *arg), void *arg, int *result)
{
	sigjmp_buf *const outer = guard_top;
	sigjmp_buf env;
	int value;

	if (sigsetjmp(env, 0) != 0) {
		guard_top = outer;
		return -EFAULT;
	}
	guard_top = &env;
	/* fn's accesses stay between the two stores, as this thread's handler sees them. */
	atomic_signal_fence(memory_order_seq_cst);
	value = fn(arg);
	atomic_signal_fence(memory_order_seq_cst);
	guard_top = outer;
	if (result != NULL)
		*result = value;
	return 0;
}
