/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <pthread.h>
#include <sys/time.h>
#include <unistd.h>

#include "peer.h"

/* A server that is stopped, slow, or dies: what the caller learns, and when it is usable again. */

#define BAR VFIO_USER_REGION_BAR2
#define PAGE VFIO_USER_PAGE_SIZE

/* Where an answer comes, on any machine. */
#define PATIENCE_MS 60000

static const struct vfio_user_client_opts quick_opts = { .timeout_ms = 100,
							  .connect_timeout_ms = PATIENCE_MS };

static struct vfio_user_client *
quick_client(struct test_fixture *fix, struct test_loop **loop)
{
	struct vfio_user_connect_error error;
	struct vfio_user_client *client;

	*loop = test_loop_start(fix);
	if (vfio_user_client_connect(fix->path, &quick_opts, &error, &client) != 0)
		fail_msg("%s", error.text);
	return client;
}

static void
quick_end(struct test_fixture *fix, struct test_loop *loop, struct vfio_user_client *client)
{
	vfio_user_client_disconnect(client);
	test_loop_stop(loop);
	test_pump(fix);
}

static int64_t
now_ms(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return (int64_t)now.tv_sec * 1000 + now.tv_usec / 1000;
}

/* Until all late replies are in. */
static void
wait_until_settled(struct vfio_user_client *client)
{
	int i;

	for (i = 0; i < PATIENCE_MS / 5 && vfio_user_client_check_alive(client) == 1; i++)
		usleep(5000);
	assert_int_equal(vfio_user_client_check_alive(client), 0);
	assert_int_equal(vfio_user_client_nb_owed(client), 0);
}

static void
test_stopped_and_continued(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct vfio_user_client *client = quick_client(fix, &loop);
	struct vfio_user_client_region region;
	struct vfio_user_device_info info;
	uint64_t value = 5;
	int64_t start;

	test_loop_pause(loop);
	start = now_ms();
	assert_int_equal(vfio_user_client_get_info(client, &info), -ETIMEDOUT);
	assert_in_range(now_ms() - start, 90, PATIENCE_MS / 2);
	assert_int_equal(vfio_user_client_region_write(client, BAR, 0, &value, 8), -ETIMEDOUT);
	assert_int_equal(vfio_user_client_get_region_info(client, BAR, &region), -ETIMEDOUT);
	/* Alive but silent: not dead, and three replies are owed. */
	assert_false(vfio_user_client_is_dead(client));
	assert_int_equal(vfio_user_client_check_alive(client), 1);
	assert_int_equal(vfio_user_client_nb_owed(client), 3);
	vfio_user_client_set_timeout(client, PATIENCE_MS);
	test_loop_resume(loop);
	wait_until_settled(client);
	/* In step, and what timed out has been carried out. */
	value = 0;
	assert_int_equal(vfio_user_client_region_read(client, BAR, 0, &value, 8), 0);
	assert_int_equal(value, 5);
	quick_end(fix, loop, client);
}

/* The next request takes the late replies in by itself. */
static void
test_late_reply_then_request(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct vfio_user_client *client = quick_client(fix, &loop);
	uint64_t value = 1;
	int i;

	test_loop_pause(loop);
	for (i = 0; i < 3; i++)
		assert_int_equal(vfio_user_client_region_read(client, BAR, 0, &value, 8),
				 -ETIMEDOUT);
	vfio_user_client_set_timeout(client, PATIENCE_MS);
	test_loop_resume(loop);
	memset(fix->dev.bar + 8, 0x42, 1);
	assert_int_equal(vfio_user_client_region_read(client, BAR, 8, &value, 8), 0);
	assert_int_equal(value, 0x42); /* its own, not one of the late */
	assert_int_equal(vfio_user_client_nb_owed(client), 0);
	quick_end(fix, loop, client);
}

static void
test_posted_never_waits(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct vfio_user_client *client = quick_client(fix, &loop);
	uint64_t nb_sent = 0, i, value;
	int64_t start = now_ms();
	int ret;

	vfio_user_client_set_timeout(client, PATIENCE_MS);
	test_loop_pause(loop);
	while ((ret = vfio_user_client_region_write_posted(client, BAR, 0, &nb_sent, 8)) == 0)
		nb_sent++;
	assert_int_equal(ret, -EAGAIN);
	assert_int_equal(vfio_user_client_region_write_posted(client, BAR, 0, &nb_sent, 8),
			 -EAGAIN);
	assert_true(now_ms() - start < PATIENCE_MS / 2);
	assert_true(nb_sent > 100);
	/* A request cannot even be sent: nothing is owed for it. */
	vfio_user_client_set_timeout(client, quick_opts.timeout_ms);
	assert_int_equal(vfio_user_client_region_read(client, BAR, 0, &value, 8), -ETIMEDOUT);
	assert_int_equal(vfio_user_client_nb_owed(client), 0);
	assert_false(vfio_user_client_is_dead(client));
	vfio_user_client_set_timeout(client, PATIENCE_MS);
	test_loop_resume(loop);
	assert_int_equal(vfio_user_client_region_read(client, BAR, 0, &value, 8), 0);
	assert_int_equal(value, nb_sent - 1); /* none lost, none doubled, in order */
	assert_int_equal(fix->dev.nb_accesses, nb_sent + 1);
	for (i = 0; i < nb_sent && i < ARRAY_LEN(fix->dev.log) - 1; i++)
		assert_int_equal(fix->dev.log[i].value, i);
	quick_end(fix, loop, client);
}

struct waiter {
	struct vfio_user_client *client;
	pthread_t thread;
	int ret;
};

static void *
waiter_run(void *arg)
{
	struct waiter *waiter = arg;
	uint64_t value;

	waiter->ret = vfio_user_client_region_read(waiter->client, BAR, 0, &value, 8);
	return NULL;
}

/* In a thread, until it waits for its reply: it has the connection to itself from then on. */
static void
waiter_start(struct waiter *waiter)
{
	assert_int_equal(pthread_create(&waiter->thread, NULL, waiter_run, waiter), 0);
	while (vfio_user_client_check_alive(waiter->client) != 1)
		usleep(1000);
	/* And it has sent its request. */
	usleep(50000);
}

/* Nor for another thread that waits for its reply. */
static void
test_posted_beside_a_waiter(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct waiter waiter = { .client = quick_client(fix, &loop) };
	uint64_t value = 7;
	int64_t start;

	vfio_user_client_set_timeout(waiter.client, PATIENCE_MS);
	test_loop_pause(loop);
	waiter_start(&waiter);
	start = now_ms();
	assert_int_equal(vfio_user_client_region_write_posted(waiter.client, BAR, 0, &value, 8), 0);
	assert_int_equal(vfio_user_client_check_alive(waiter.client), 1);
	assert_true(now_ms() - start < PATIENCE_MS / 2);
	test_loop_resume(loop);
	pthread_join(waiter.thread, NULL);
	assert_int_equal(waiter.ret, 0);
	quick_end(fix, loop, waiter.client);
}

static void
test_death_ends_waiting(void **state)
{
	struct test_fixture *fix = *state;
	struct test_loop *loop;
	struct waiter waiter = { .client = quick_client(fix, &loop) };
	int64_t start;

	vfio_user_client_set_timeout(waiter.client, PATIENCE_MS);
	test_loop_pause(loop);
	waiter_start(&waiter);
	start = now_ms();
	vfio_user_server_disconnect(fix->srv);
	pthread_join(waiter.thread, NULL);
	assert_true(now_ms() - start < PATIENCE_MS / 2);
	assert_int_equal(waiter.ret, -ECONNRESET);
	assert_true(vfio_user_client_is_dead(waiter.client));
	test_loop_resume(loop);
	quick_end(fix, loop, waiter.client);
}

/* Answers all but the requests whose numbers say otherwise. */
struct forgetful {
	unsigned int nb_requests;
	struct vfio_user_header first; /* never answered until asked for */
	uint32_t nb_reused;
};

static bool
answer_all_but_first(struct test_peer *peer, const struct vfio_user_header *head,
		     const uint8_t *body)
{
	struct forgetful *forgetful = peer->opaque;

	(void)body;
	if (forgetful->nb_requests++ == 0) {
		forgetful->first = *head;
		return true;
	}
	if (head->command == VFIO_USER_DEVICE_GET_INFO) {
		/* The sign to pay what is owed, and then what was asked. */
		const struct vfio_user_device_info info = { 16, 3, 9, 5 };

		peer_reply(peer, &forgetful->first, 0, NULL, 0, NULL, 0);
		peer_reply(peer, head, 0, &info, sizeof(info), NULL, 0);
		return true;
	}
	forgetful->nb_reused += head->id == forgetful->first.id;
	peer_reply(peer, head, 0, NULL, 0, NULL, 0);
	return true;
}

/* While a reply is owed, its id is given to no other request, however long that takes. */
static void
test_owed_id_is_not_reused(void **state)
{
	struct forgetful forgetful = { .nb_requests = 0 };
	struct test_peer peer = { .answer = answer_all_but_first, .opaque = &forgetful };
	struct vfio_user_client *client = peer_connect(&peer, 50);
	struct vfio_user_device_info info;
	uint32_t i;

	(void)state;
	assert_int_equal(vfio_user_client_device_reset(client), -ETIMEDOUT);
	vfio_user_client_set_timeout(client, PATIENCE_MS);
	for (i = 0; i < 66000; i++)
		assert_int_equal(vfio_user_client_device_reset(client), 0);
	assert_int_equal(vfio_user_client_nb_owed(client), 1);
	assert_int_equal(vfio_user_client_get_info(client, &info), 0);
	assert_int_equal(vfio_user_client_nb_owed(client), 0);
	vfio_user_client_disconnect(client);
	peer_stop(&peer);
	assert_int_equal(forgetful.nb_requests, 66002);
	assert_int_equal(forgetful.nb_reused, 0);
}

/* Sends cut bytes of the reply to GET_INFO, and the rest with the next request. */
struct stutter {
	size_t cut;
	uint8_t message[32];
};

static bool
answer_in_halves(struct test_peer *peer, const struct vfio_user_header *head, const uint8_t *body)
{
	const struct vfio_user_device_info info = { 16, 3, 9, 5 };
	struct stutter *stutter = peer->opaque;
	struct vfio_user_header reply = *head;

	(void)body;
	if (head->command == VFIO_USER_DEVICE_GET_INFO) {
		reply.flags = VFIO_USER_FLAG_TYPE_REPLY;
		reply.size = sizeof(stutter->message);
		memcpy(stutter->message, &reply, sizeof(reply));
		memcpy(stutter->message + sizeof(reply), &info, sizeof(info));
		test_send_raw(peer->fd, stutter->message, stutter->cut, NULL, 0);
	} else {
		test_send_raw(peer->fd, stutter->message + stutter->cut,
			      sizeof(stutter->message) - stutter->cut, NULL, 0);
		peer_reply(peer, head, 0, NULL, 0, NULL, 0);
	}
	return true;
}

/* Half a reply when time is up: the other half is late, and still understood. */
static void
test_timeout_inside_a_reply(void **state)
{
	struct stutter stutter = { .cut = 0 };
	struct test_peer peer = { .answer = answer_in_halves, .opaque = &stutter };
	struct vfio_user_client *client = peer_connect(&peer, 5000);
	struct vfio_user_device_info info;

	(void)state;
	for (stutter.cut = 1; stutter.cut < 32; stutter.cut += 3) {
		vfio_user_client_set_timeout(client, 30);
		assert_int_equal(vfio_user_client_get_info(client, &info), -ETIMEDOUT);
		assert_int_equal(vfio_user_client_check_alive(client), 1);
		vfio_user_client_set_timeout(client, PATIENCE_MS);
		assert_int_equal(vfio_user_client_device_reset(client), 0);
		assert_int_equal(vfio_user_client_check_alive(client), 0);
	}
	vfio_user_client_disconnect(client);
	peer_stop(&peer);
}

static bool
answer_nothing(struct test_peer *peer, const struct vfio_user_header *head, const uint8_t *body)
{
	(void)peer;
	(void)head;
	(void)body;
	return true;
}

/* A server that answers nothing for ever is given up at last. */
static void
test_owes_too_much(void **state)
{
	struct test_peer peer = { .answer = answer_nothing };
	struct vfio_user_client *client = peer_connect(&peer, 1);
	int i, ret = 0;

	(void)state;
	for (i = 0; i < 5000; i++) {
		ret = vfio_user_client_device_reset(client);
		if (ret != -ETIMEDOUT)
			break;
	}
	assert_int_equal(ret, -ENODEV);
	assert_int_equal(i, 4096);
	vfio_user_client_disconnect(client);
	peer_stop(&peer);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_stopped_and_continued),
		TEST(test_late_reply_then_request),
		TEST(test_posted_never_waits),
		TEST(test_posted_beside_a_waiter),
		TEST(test_death_ends_waiting),
		TEST(test_owed_id_is_not_reused),
		TEST(test_timeout_inside_a_reply),
		TEST(test_owes_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
