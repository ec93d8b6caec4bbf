/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

/*
 * Queues that are closed while another process is in the middle of a burst: killed, slow, or
 * stopped for as long as somebody likes. The control thread waits for nobody without a limit, and
 * nothing is handed out of a queue whose indices may still move.
 */

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <rte_cycles.h>
#include <rte_memory.h>

#include <hisi_qm_process.h>

#include "fake_queue.h"
#include "rig.h"
#include "test_eal.h"

#define NB_OPS 8
/* Far more than a close may wait, far less than "without a limit". */
#define LIMIT_MS 20000

static struct rig_op ops[NB_OPS];

/* A process that the driver knows as a secondary. */
struct other {
	pid_t pid;
	uint32_t id;
};

static int
setup(void **state)
{
	memset(ops, 0, sizeof(ops));
	return rig_setup(state);
}

static int
teardown(void **state)
{
	fake_behave(&((struct rig *)*state)->fake);
	rig_close(*state);
	/* All processes of the tests have ended. */
	assert_false(hisi_qm_process_any());
	return 0;
}

/* One that lives until it is killed. */
static struct other
other_start(void)
{
	struct other other = { .pid = fork() };

	if (other.pid == 0) {
		for (;;)
			pause();
	}
	assert_true(other.pid > 0);
	other.id = hisi_qm_process_attach(0, (int)syscall(SYS_pidfd_open, other.pid, 0));
	assert_int_not_equal(other.id, 0);
	assert_int_not_equal(other.id, HISI_QM_PROCESS_PRIMARY);
	return other;
}

/* Killed; it is a zombie until it is reaped. */
static void
other_kill(struct other *other)
{
	siginfo_t info;

	assert_int_equal(kill(other->pid, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)other->pid, &info, WEXITED | WNOWAIT), 0);
}

static void
other_reap(struct other *other)
{
	assert_int_equal(waitpid(other->pid, NULL, 0), other->pid);
}

static uint64_t
ms_since(uint64_t begin)
{
	return (rte_get_timer_cycles() - begin) * 1000 / rte_get_timer_hz();
}

/* A burst of the primary itself, and none at all. */
static void
test_own_bursts(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 8);

	assert_int_equal(hisi_qm_own_process, HISI_QM_PROCESS_PRIMARY);
	hisi_qm_qp_enqueue_begin(qp);
	assert_int_equal(qp->enqueue_busy, HISI_QM_PROCESS_PRIMARY);
	assert_false(hisi_qm_qp_is_closed(qp));
	hisi_qm_qp_enqueue_end(qp);
	assert_true(hisi_qm_qp_is_closed(qp));
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* A secondary process was killed in the middle of a burst: nobody will end that burst. */
static void
test_killed_process(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue(rig, 8);
	struct other other = other_start();

	other_kill(&other);
	/* Once as a process that its parent has not waited for, once as none at all. */
	qp->enqueue_busy = other.id;
	hisi_qm_qp_close(&qp, 1);
	assert_int_equal(qp->state, HISI_QM_QP_STOPPING);
	assert_true(hisi_qm_qp_is_closed(qp));
	assert_int_equal(qp->enqueue_busy, 0);
	assert_int_equal(qp->room, 0);
	other_reap(&other);
	assert_int_equal(hisi_qm_qp_start(qp), 0);
	hisi_qm_qp_open(qp);
	qp->enqueue_busy = other.id;
	hisi_qm_qp_close(&qp, 1);
	assert_true(hisi_qm_qp_is_closed(qp));
	assert_int_equal(hisi_qm_qp_start(qp), 0);
	hisi_qm_qp_open(qp);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* Stopped in a burst: the queue in trouble waits for it, the control thread and others do not. */
static void
test_stopped_process(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS), *fine = rig_queue(rig, 32);
	struct other other = other_start();
	struct rig_op more = { .id = 1 };
	char who[64];
	uint64_t begin;
	uint32_t i;

	qp->enqueue_busy = other.id;
	qp->failed = 1;
	snprintf(who, sizeof(who), "queue 0: process %d is in the middle of a burst", other.pid);
	for (i = 0; i < 5; i++) {
		begin = rte_get_timer_cycles();
		assert_true(hisi_qm_recover_service(rig->dev));
		assert_true(ms_since(begin) < LIMIT_MS);
		assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	}
	assert_int_equal(test_log_count(who), 1);
	assert_int_equal(rig->fake.queues[0].stops, 0);
	/* Another queue in trouble is looked after meanwhile. */
	assert_int_equal(rig_enqueue(fine, &more, 1), 1);
	fine->failed = 1;
	rig_service(rig);
	assert_int_equal(rig_dequeue(fine, 1), 1);
	rig_check_ops(&more, 1, 1);
	assert_int_equal(rig_dequeue(fine, 1), 0);
	/* It goes on: what it had in hand counts too, and all of it comes back. */
	qp->enqueue_busy = 0;
	rig_service(rig);
	assert_int_equal(rig->fake.queues[0].stops, 1);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	assert_false(hisi_qm_recover_service(rig->dev));
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	other_kill(&other);
	other_reap(&other);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	assert_int_equal(hisi_qm_qp_destroy(fine, false), 0);
}

/* The function is reset under it: the other queues run again, this one when the process is gone. */
static void
test_reset_with_a_stopped_process(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS), *fine = rig_queue(rig, 32);
	struct other other = other_start();
	struct rig_op late = { .id = 7 };

	qp->enqueue_busy = other.id;
	fine->failed = 1;
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	rig_service(rig);
	assert_int_equal(rig->dev->state, HISI_QM_DEV_READY);
	assert_int_equal(fine->state, HISI_QM_QP_QUIESCED);
	assert_int_equal(rig_dequeue(fine, 1), 0);
	rig_service(rig);
	assert_int_equal(fine->state, HISI_QM_QP_RUNNING);
	assert_int_equal(qp->state, HISI_QM_QP_STOPPING);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	/* The rest of its burst: one operation more, and then it is killed. */
	qp->inflight[qp->tail & qp->mask].op = &late;
	hisi_qm_store_release(&qp->tail, qp->tail + 1);
	other_kill(&other);
	rig_service(rig);
	assert_int_equal(rig_dequeue(qp, NB_OPS + 1), NB_OPS + 1);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	rig_check_ops(&late, 1, 1);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	rig_service(rig);
	assert_int_equal(qp->state, HISI_QM_QP_RUNNING);
	other_reap(&other);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	assert_int_equal(hisi_qm_qp_destroy(fine, false), 0);
}

/* The device is gone: others' operations come back at once, this queue's once nobody is inside. */
static void
test_gone_with_a_stopped_process(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS), *fine = rig_queue(rig, 32);
	struct other other = other_start();

	qp->enqueue_busy = other.id;
	rig->fake.alive_result = -ENODEV;
	assert_true(hisi_qm_recover_service(rig->dev));
	assert_int_equal(fine->state, HISI_QM_QP_DEAD);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	assert_int_not_equal(qp->state, HISI_QM_QP_DEAD);
	other_kill(&other);
	other_reap(&other);
	assert_false(hisi_qm_recover_service(rig->dev));
	assert_int_equal(qp->state, HISI_QM_QP_DEAD);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
	assert_int_equal(hisi_qm_qp_destroy(fine, false), 0);
}

/* Neither its number nor its memory is used again while somebody may write to it. */
static void
test_destroy_with_a_stopped_process(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS), *next;
	struct other other = other_start();

	qp->enqueue_busy = other.id;
	qp->failed = 1;
	rig_service(rig);
	assert_int_equal(hisi_qm_qp_destroy(qp, true), -EBUSY);
	assert_int_equal(test_log_count("its memory stays taken"), 1);
	next = rig_queue(rig, 8);
	assert_int_equal(next->qn, 1);
	next->failed = 1;
	fake_mailbox_rule(&rig->fake, HISI_QM_MB_CMD_STOP_QP, FAKE_MB_STATUS, 1, 1);
	rig_service(rig);
	assert_ptr_equal(rig->dev->qps[0], qp);
	other_kill(&other);
	other_reap(&other);
	hisi_qm_qp_free_orphans(rig->dev);
	assert_null(rig->dev->qps[0]);
	assert_int_equal(hisi_qm_qp_destroy(next, false), 0);
}

/* Sends its own life, as a secondary does, then waits to be killed. */
static void
send_life(int to)
{
	int fd = hisi_qm_process_open_life();
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .room = { 0 } };
	char one = (char)getpid();
	struct iovec data = { &one, 1 };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = control.room, .msg_controllen = sizeof(control.room),
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	if (fd < 0 || sendmsg(to, &message, 0) != 1)
		_exit(1);
	for (;;)
		pause();
}

static int
receive_life(int from, char *pid_there)
{
	char room[CMSG_SPACE(sizeof(int))];
	struct iovec data = { pid_there, 1 };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	int fd;

	assert_int_equal(recvmsg(from, &message, MSG_CMSG_CLOEXEC), 1);
	assert_non_null(CMSG_FIRSTHDR(&message));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* In a container a process has a pid of its own, which here is init's: that one always runs. */
static void
test_another_pid_namespace(void **state)
{
	struct rig *rig = *state;
	struct hisi_qm_qp *qp = rig_queue_with(rig, ops, NB_OPS);
	struct other other;
	char who[64], pid_there = 0;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	/* As a system call: libc's fork keeps what it knows of pids. */
	other.pid = (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL);
	if (other.pid == 0)
		send_life(pair[1]);
	close(pair[1]);
	if (other.pid < 0) {
		close(pair[0]);
		assert_int_equal(hisi_qm_qp_destroy(qp, true), 0);
		skip();
	}
	other.id = hisi_qm_process_attach(0, receive_life(pair[0], &pid_there));
	close(pair[0]);
	assert_int_equal(pid_there, 1);
	qp->enqueue_busy = other.id;
	qp->failed = 1;
	rig_service(rig);
	snprintf(who, sizeof(who), "process %d is in the middle of a burst", other.pid);
	assert_int_equal(test_log_count(who), 1);
	assert_int_equal(rig_dequeue(qp, NB_OPS), 0);
	other_kill(&other);
	other_reap(&other);
	rig_service(rig);
	assert_int_equal(rig_dequeue(qp, NB_OPS), NB_OPS);
	rig_check_ops(ops, NB_OPS, NB_OPS);
	assert_int_equal(hisi_qm_qp_destroy(qp, false), 0);
}

/* What a kernel without pidfd_open() hands over: a connection whose far end the process keeps. */
static void
test_connection_as_a_life(void **state)
{
	int pair[2];
	uint32_t id;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	id = hisi_qm_process_attach(0, pair[0]);
	assert_true(hisi_qm_process_runs(id));
	assert_true(hisi_qm_process_any());
	close(pair[1]);
	assert_false(hisi_qm_process_runs(id));
	assert_false(hisi_qm_process_any());
}

/* It attaches to two functions and leaves them one by one; ids are not given twice. */
static void
test_attach_and_detach(void **state)
{
	struct other other = other_start();
	uint32_t last = other.id;

	(void)state;
	assert_int_equal(hisi_qm_process_attach(other.id, -1), other.id);
	hisi_qm_process_detach(other.id);
	assert_true(hisi_qm_process_runs(other.id));
	hisi_qm_process_detach(other.id);
	assert_false(hisi_qm_process_runs(other.id));
	assert_false(hisi_qm_process_any());
	hisi_qm_process_detach(other.id);
	other_kill(&other);
	other_reap(&other);
	other = other_start();
	assert_true(other.id > last);
	other_kill(&other);
	other_reap(&other);
	assert_false(hisi_qm_process_runs(0));
	assert_false(hisi_qm_process_runs(UINT32_MAX));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_own_bursts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_killed_process, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stopped_process, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset_with_a_stopped_process, setup,
			teardown),
		cmocka_unit_test_setup_teardown(test_gone_with_a_stopped_process, setup, teardown),
		cmocka_unit_test_setup_teardown(test_destroy_with_a_stopped_process, setup,
			teardown),
		cmocka_unit_test_setup_teardown(test_another_pid_namespace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_connection_as_a_life, setup, teardown),
		cmocka_unit_test_setup_teardown(test_attach_and_detach, setup, teardown),
	};
	int ret = test_eal_start("test_qm_close");

	if (ret != 0)
		return ret;
	return test_eal_stop(cmocka_run_group_tests_name("hisi_qm_close", tests, NULL, NULL));
}
