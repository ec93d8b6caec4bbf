/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

/* Surviving a client that truncates its file (vfio-user.md 17.3). */

#define RW (VFIO_USER_DMA_READ_ALLOWED | VFIO_USER_DMA_WRITE_ALLOWED)
#define PAGE 65536u /* a page or several, on any host */

struct vanishing {
	int file;
	uint8_t *memory; /* two pages; the second can be taken away */
};

static int
guard_setup(void **state)
{
	struct vanishing *v = calloc(1, sizeof(*v));

	v->file = memfd_create("test", MFD_CLOEXEC);
	assert_int_equal(ftruncate(v->file, 2 * PAGE), 0);
	v->memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, v->file, 0);
	assert_true(v->memory != MAP_FAILED);
	memset(v->memory, 0x5a, 2 * PAGE);
	*state = v;
	return 0;
}

/* cmocka puts its own handler in place after the set-up. */
static struct vanishing *
guard_begin(void **state)
{
	assert_int_equal(vfio_user_guard_install(), 0);
	assert_int_equal(vfio_user_guard_install(), 0); /* may be repeated */
	return *state;
}

static int
guard_teardown(void **state)
{
	struct vanishing *v = *state;

	munmap(v->memory, 2 * PAGE);
	close(v->file);
	vfio_user_guard_remove();
	free(v);
	return 0;
}

static void
test_copy(void **state)
{
	static uint8_t buf[2 * PAGE];
	struct vanishing *v = guard_begin(state);
	int i;

	assert_int_equal(vfio_user_guard_copy(buf, v->memory, sizeof(buf)), 0);
	assert_int_equal(buf[2 * PAGE - 1], 0x5a);
	assert_int_equal(ftruncate(v->file, PAGE), 0);
	for (i = 0; i < 3; i++) { /* again and again: SIGBUS did not stay blocked */
		assert_int_equal(vfio_user_guard_copy(buf, v->memory, sizeof(buf)), -EFAULT);
		assert_int_equal(vfio_user_guard_copy(v->memory, buf, sizeof(buf)), -EFAULT);
		assert_int_equal(vfio_user_guard_copy(buf, v->memory, PAGE), 0);
	}
	assert_int_equal(vfio_user_guard_copy(v->memory + PAGE, buf, 0), 0);
	assert_int_equal(ftruncate(v->file, 2 * PAGE), 0);
	assert_int_equal(vfio_user_guard_copy(buf, v->memory, sizeof(buf)), 0);
	assert_int_equal(buf[PAGE], 0);
}

struct run {
	struct vanishing *v;
	volatile int inner_ret;
	volatile int depth;
};

static int
touch_both(void *arg)
{
	struct run *run = arg;
	volatile uint8_t *memory = run->v->memory;

	run->depth = 1;
	return memory[0] + memory[PAGE];
}

static int
nest(void *arg)
{
	struct run *run = arg;
	volatile uint8_t *memory = run->v->memory;

	run->inner_ret = vfio_user_guard_run(touch_both, run, NULL);
	run->depth = 2;
	memory[PAGE] = 1; /* the outer guard is in force again */
	run->depth = 3;
	return 0;
}

static void
test_run(void **state)
{
	struct run run = { .v = guard_begin(state) };
	int result = -1;

	assert_int_equal(vfio_user_guard_run(touch_both, &run, &result), 0);
	assert_int_equal(result, 0x5a + 0x5a);
	assert_int_equal(ftruncate(run.v->file, PAGE), 0);
	result = -1;
	assert_int_equal(vfio_user_guard_run(touch_both, &run, &result), -EFAULT);
	assert_int_equal(result, -1);
	assert_int_equal(vfio_user_guard_run(nest, &run, &result), -EFAULT);
	assert_int_equal(run.inner_ret, -EFAULT);
	assert_int_equal(run.depth, 2);
}

static void *
hammer(void *arg)
{
	static char lost[] = "a fault was lost";
	struct vanishing *v = arg;
	uint8_t buf[64];
	int i;

	for (i = 0; i < 2000; i++) {
		if (vfio_user_guard_copy(buf, v->memory + PAGE, sizeof(buf)) != -EFAULT ||
		    vfio_user_guard_copy(buf, v->memory, sizeof(buf)) != 0)
			return lost;
	}
	return NULL;
}

static void
test_many_threads(void **state)
{
	struct vanishing *v = guard_begin(state);
	pthread_t threads[4];
	void *result;
	size_t i;

	assert_int_equal(ftruncate(v->file, PAGE), 0);
	for (i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hammer, v), 0);
	for (i = 0; i < ARRAY_LEN(threads); i++) {
		pthread_join(threads[i], &result);
		assert_null(result);
	}
}

/* A fault that nobody guards still kills, and so does kill(2): nothing is hidden. */
static void
test_unguarded_still_dies(void **state)
{
	struct vanishing *v = guard_begin(state);
	int status, round;
	pid_t pid;

	assert_int_equal(ftruncate(v->file, PAGE), 0);
	for (round = 0; round < 2; round++) {
		pid = fork();
		if (pid == 0) {
			/* Whatever a sanitizer installed before us is not what is tested. */
			vfio_user_guard_remove();
			signal(SIGBUS, SIG_DFL);
			vfio_user_guard_install();
			if (round == 0)
				*(volatile uint8_t *)(v->memory + PAGE) = 1;
			else
				raise(SIGBUS);
			_exit(0);
		}
		assert_true(pid > 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGBUS);
	}
}

static volatile sig_atomic_t nb_previous;

static void
on_previous(int sig)
{
	(void)sig;
	nb_previous++;
}

static void
test_previous_handler(void **state)
{
	struct sigaction action = { .sa_handler = on_previous }, old;
	struct vanishing *v = guard_begin(state);
	uint8_t byte;

	vfio_user_guard_remove();
	assert_int_equal(sigaction(SIGBUS, &action, &old), 0);
	assert_int_equal(vfio_user_guard_install(), 0);
	raise(SIGBUS);
	assert_int_equal(nb_previous, 1);
	assert_int_equal(ftruncate(v->file, 0), 0);
	assert_int_equal(vfio_user_guard_copy(&byte, v->memory, 1), -EFAULT);
	assert_int_equal(nb_previous, 1); /* ours alone */
	vfio_user_guard_remove();
	raise(SIGBUS);
	assert_int_equal(nb_previous, 2);
	sigaction(SIGBUS, &old, NULL);
}

/* The same through the DMA map, as a worker of the device meets it. */
static void
test_dma_copies(void **state)
{
	struct vfio_user_dma_table *table = vfio_user_dma_table_create(0);
	struct vanishing *v = guard_begin(state);
	uint8_t buf[64] = { 0 };

	assert_non_null(table);
	assert_int_equal(vfio_user_dma_insert(table, v->file, 0, 0x1000000, 2 * PAGE, RW), 0);
	assert_int_equal(ftruncate(v->file, PAGE), 0);
	assert_int_equal(vfio_user_dma_copy_in(table, buf, 0x1000000 + PAGE - 32, 64), -EFAULT);
	assert_int_equal(vfio_user_dma_copy_in(table, buf, 0x1000000 + PAGE - 64, 64), 0);
	assert_int_equal(buf[63], 0x5a);
	assert_int_equal(vfio_user_dma_copy_out(table, 0x1000000 + PAGE, buf, 64), -EFAULT);
	assert_int_equal(vfio_user_dma_copy_out(table, 0x1000000, buf, 64), 0);
	vfio_user_dma_table_destroy(table);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, guard_setup, guard_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_copy),
		TEST(test_run),
		TEST(test_many_threads),
		TEST(test_unguarded_still_dies),
		TEST(test_previous_handler),
		TEST(test_dma_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
