/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#ifndef VFIO_USER_FIXTURE_H
#define VFIO_USER_FIXTURE_H

/* A device behind a server on a private socket, and a raw client that can say anything. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vfio_user_server.h"

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

#define TEST_KEY "x-hisi-accel"
#define TEST_BAR_SIZE 0x10000u
#define TEST_CONFIG_SIZE 4096u
#define TEST_MSI_NUM 20u
/* A private interrupt index that can be masked. */
#define TEST_IRQ_MASKABLE 5u
#define TEST_PRIVATE_REGION 9u
#define TEST_PRIVATE_SIZE 0x20000u
#define TEST_PRIVATE_TYPE (VFIO_USER_REGION_TYPE_PCI_VENDOR | 0x19e5u)
#define TEST_PRIVATE_SUBTYPE 7u
/* BAR4: may only be read. */
#define TEST_READ_ONLY_SIZE 4096u

struct test_access {
	uint32_t region;
	uint32_t count;
	uint64_t offset;
	uint64_t value; /* first 8 bytes written */
	bool is_write;
};

/* What the device saw. */
struct test_device {
	uint8_t bar[TEST_BAR_SIZE];
	uint8_t config[TEST_CONFIG_SIZE];
	struct test_access log[4096];
	unsigned int nb_accesses;
	int access_ret;
	bool is_lazy; /* reads succeed and leave the buffer alone */
	unsigned int nb_before;
	unsigned int nb_before_at_access; /* hook calls seen when the last access came */
	unsigned int nb_resets;
	int reset_ret;
	unsigned int nb_connected;
	int connect_ret;
	unsigned int nb_gone;
	uint32_t nb_maps_at_gone;
	struct vfio_user_peer peer;
	char private_json[128];
	unsigned int nb_quiesce;
	unsigned int nb_resume;
	uint32_t nb_maps_at_quiesce;
	struct vfio_user_dma_change change;
	int change_result;
	unsigned int nb_irqs_changed;
	uint32_t irq_args[4];
};

struct test_fixture {
	char dir[32];
	char path[64];
	int nb_fds_before;
	struct vfio_user_server *srv;
	struct test_device dev;
};

/* Open descriptors of this process. */
int
test_count_fds(void);

/* cmocka set-up and tear-down: a fixture in *state; tear-down asserts that no descriptor leaked. */
int
test_setup(void **state);

int
test_teardown(void **state);

/* The configuration that test_setup() uses, for tests that change some of it. */
void
test_config(struct test_fixture *fix, struct vfio_user_server_config *config);

/* Replace the fixture's server by one of another configuration. */
void
test_restart(struct test_fixture *fix, const struct vfio_user_server_config *config);

/* Let the server do all there is to do now. */
void
test_pump(struct test_fixture *fix);

/* The server's loop in a thread of its own, for tests of the client. */
struct test_loop;

struct test_loop *
test_loop_start(struct test_fixture *fix);

/* Stop answering, as a stopped process does, until resumed; returns once it stands still. */
void
test_loop_pause(struct test_loop *loop);

void
test_loop_resume(struct test_loop *loop);

void
test_loop_stop(struct test_loop *loop);

/* Connect a raw socket; nothing is sent. */
int
test_connect(struct test_fixture *fix);

/* Connect and agree on a version, with the private key or without. */
int
test_hello(struct test_fixture *fix, bool is_private);

/* Send bytes with descriptors in one write. */
void
test_send_raw(int fd, const void *data, size_t len, const int *fds, uint32_t nb_fds);

/* Send a message. */
void
test_send(int fd, uint16_t id, uint16_t command, uint32_t flags, const void *body, size_t len,
	  const int *fds, uint32_t nb_fds);

/*
 * Receive one message, waiting up to 2 s. Bytes of its body, -1 at the end of the stream, -2 if
 * none came. Descriptors go to fds (room for 16), nb_fds receives how many; NULL: there must be
 * none.
 */
ssize_t
test_recv(int fd, struct vfio_user_header *head, void *body, size_t size, int *fds,
	  uint32_t *nb_fds);

/* Is nothing to be read now? */
bool
test_is_quiet(int fd);

/* Send, pump, receive. 0 or the errno of the error reply; asserts id, command, type and size. */
int
test_call(struct test_fixture *fix, int fd, uint16_t command, const void *body, size_t len,
	  void *reply, size_t reply_size);

/* The same with descriptors. */
int
test_call_fds(struct test_fixture *fix, int fd, uint16_t command, const void *body, size_t len,
	      const int *fds, uint32_t nb_fds, void *reply, size_t reply_size);

/* A memfd of size bytes, each page starting with its number. */
int
test_memfd(size_t size);

/* Close the raw socket and let the server see it. */
void
test_bye(struct test_fixture *fix, int fd);

#endif /* VFIO_USER_FIXTURE_H */
