/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

/* GET_INFO, GET_REGION_INFO, GET_IRQ_INFO, RESET, what is not supported, and the private region. */

struct region_reply {
	struct vfio_user_region_info info;
	struct vfio_user_cap_type type;
};

static void
test_get_info(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_device_info info = { .argsz = 16 };
	int fd = test_hello(fix, false);

	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_INFO, &info, 16, &info, 16), 0);
	assert_int_equal(info.argsz, 16);
	assert_int_equal(info.flags, VFIO_USER_DEVICE_PCI | VFIO_USER_DEVICE_RESETTABLE);
	assert_int_equal(info.num_regions, 9);
	assert_int_equal(info.num_irqs, 6);
	info.argsz = 15;
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_INFO, &info, 16, &info, 16),
			 EINVAL);
	info.argsz = 16;
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_INFO, &info, 15, NULL, 0), EINVAL);
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_INFO, NULL, 0, NULL, 0), EINVAL);
	test_bye(fix, fd);
	fd = test_hello(fix, true);
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_INFO, &info, 16, &info, 16), 0);
	assert_int_equal(info.num_regions, 10);
	test_bye(fix, fd);
}

static int
ask_region(struct test_fixture *fix, int fd, uint32_t index, struct vfio_user_region_info *info)
{
	*info = (struct vfio_user_region_info){ .argsz = sizeof(*info), .index = index };
	return test_call(fix, fd, VFIO_USER_DEVICE_GET_REGION_INFO, info, sizeof(*info), info,
			 sizeof(*info));
}

static void
test_region_info(void **state)
{
	static const uint32_t sizes[9] = { 0, 0, TEST_BAR_SIZE, 0, TEST_READ_ONLY_SIZE,
					   0, 0, TEST_CONFIG_SIZE, 0 };
	static const uint32_t flags[9] = { 0, 0, 3, 0, 1, 0, 0, 3, 0 };
	struct test_fixture *fix = *state;
	struct vfio_user_region_info info;
	int fd = test_hello(fix, false);
	uint32_t index;

	for (index = 0; index < 9; index++) {
		/* Absent ones too are no error (vfio-user.md 5.2). */
		assert_int_equal(ask_region(fix, fd, index, &info), 0);
		assert_int_equal(info.argsz, sizeof(info));
		assert_int_equal(info.index, index);
		assert_int_equal(info.cap_offset, 0);
		/* Never MMAP below 9: QEMU's posted writes (vfio-user.md 14.3). */
		assert_int_equal(info.flags & (VFIO_USER_REGION_FLAG_MMAP |
					       VFIO_USER_REGION_FLAG_CAPS), 0);
		assert_int_equal(info.size, sizes[index]);
		assert_int_equal(info.flags, flags[index]);
	}
	assert_int_equal(ask_region(fix, fd, 9, &info), EINVAL);
	assert_int_equal(ask_region(fix, fd, UINT32_MAX, &info), EINVAL);
	info = (struct vfio_user_region_info){ .argsz = 31 };
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_REGION_INFO, &info, 32, NULL, 0),
			 EINVAL);
	info.argsz = 32;
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_REGION_INFO, &info, 31, NULL, 0),
			 EINVAL);
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_REGION_INFO, &info, 16, NULL, 0),
			 EINVAL);
	test_bye(fix, fd);
}

/* A client asks with the whole of the buffer that the answer is to go into (vfio-user.md 20.2). */
static void
test_region_info_asked_at_length(void **state)
{
	struct test_fixture *fix = *state;
	struct {
		struct vfio_user_region_info info;
		uint8_t room[448];
	} ask = { .info = { .argsz = sizeof(ask), .index = VFIO_USER_REGION_BAR2 } };
	int fd = test_hello(fix, false);

	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_REGION_INFO, &ask, sizeof(ask),
				   &ask.info, sizeof(ask.info)), 0);
	assert_int_equal(ask.info.argsz, sizeof(ask.info));
	assert_int_equal(ask.info.size, TEST_BAR_SIZE);
	test_bye(fix, fd);
}

static void
test_irq_info(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_irq_info info;
	int fd = test_hello(fix, false);
	uint32_t index;

	for (index = 0; index < 6; index++) {
		info = (struct vfio_user_irq_info){ .argsz = 16, .index = index };
		assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_IRQ_INFO, &info, 16, &info,
					   16), 0);
		assert_int_equal(info.index, index);
		assert_int_equal(info.count, index == VFIO_USER_IRQ_MSI ? TEST_MSI_NUM :
			index == VFIO_USER_IRQ_ERR ? 1 : index == TEST_IRQ_MASKABLE ? 2 : 0);
		assert_int_equal(info.flags & VFIO_USER_IRQ_FLAG_EVENTFD, info.count != 0);
	}
	info = (struct vfio_user_irq_info){ .argsz = 16, .index = 6 };
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_IRQ_INFO, &info, 16, NULL, 0),
			 EINVAL);
	info = (struct vfio_user_irq_info){ .argsz = 15, .index = 0 };
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_GET_IRQ_INFO, &info, 16, NULL, 0),
			 EINVAL);
	test_bye(fix, fd);
}

static void
test_reset(void **state)
{
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, false);

	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_RESET, NULL, 0, NULL, 0), 0);
	assert_int_equal(fix->dev.nb_resets, 1);
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_RESET, "x", 1, NULL, 0), EINVAL);
	fix->dev.reset_ret = -EBUSY;
	assert_int_equal(test_call(fix, fd, VFIO_USER_DEVICE_RESET, NULL, 0, NULL, 0), EBUSY);
	assert_int_equal(fix->dev.nb_resets, 2);
	test_bye(fix, fd);
}

static void
test_not_supported(void **state)
{
	static const uint16_t commands[] = {
		0, VFIO_USER_DEVICE_GET_REGION_IO_FDS, VFIO_USER_DMA_READ, VFIO_USER_DMA_WRITE, 14,
		VFIO_USER_DEVICE_FEATURE, VFIO_USER_MIG_DATA_READ, VFIO_USER_MIG_DATA_WRITE, 19,
		0xffff,
	};
	struct test_fixture *fix = *state;
	const uint32_t body[8] = { sizeof(body) };
	int fd = test_hello(fix, false);
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(commands); i++) {
		for (len = 0; len <= sizeof(body); len += 8)
			assert_int_equal(test_call(fix, fd, commands[i], body, len, NULL, 0),
					 EINVAL);
	}
	test_bye(fix, fd);
}

static void
test_command_names(void **state)
{
	(void)state;
	assert_string_equal(vfio_user_command_name(VFIO_USER_DMA_MAP), "DMA_MAP");
	assert_string_equal(vfio_user_command_name(VFIO_USER_MIG_DATA_WRITE), "MIG_DATA_WRITE");
	assert_string_equal(vfio_user_command_name(0), "UNKNOWN");
	assert_string_equal(vfio_user_command_name(14), "UNKNOWN");
	assert_string_equal(vfio_user_command_name(19), "UNKNOWN");
	assert_string_equal(vfio_user_command_name(0xffff), "UNKNOWN");
}

/* Ask for the private region with room for argsz bytes; the descriptor or -1. */
static int
ask_private(struct test_fixture *fix, int fd, uint32_t argsz, struct region_reply *reply,
	    size_t want_len)
{
	struct vfio_user_region_info ask = { .argsz = argsz, .index = TEST_PRIVATE_REGION };
	struct vfio_user_header head;
	uint32_t nb_fds;
	int fds[16];

	test_send(fd, 5, VFIO_USER_DEVICE_GET_REGION_INFO, 0, &ask, sizeof(ask), NULL, 0);
	test_pump(fix);
	assert_int_equal(test_recv(fd, &head, reply, sizeof(*reply), fds, &nb_fds), want_len);
	assert_int_equal(head.flags, VFIO_USER_FLAG_TYPE_REPLY);
	assert_true(nb_fds <= 1);
	return nb_fds != 0 ? fds[0] : -1;
}

static void
test_private_region(void **state)
{
	struct test_fixture *fix = *state;
	struct region_reply reply;
	int fd = test_hello(fix, true), file;
	uint8_t *memory;

	/* Too little room: what it takes, and neither CAPS nor descriptor (vfio-user.md 2.1). */
	assert_int_equal(ask_private(fix, fd, 32, &reply, 32), -1);
	assert_int_equal(reply.info.argsz, sizeof(reply));
	assert_int_equal(reply.info.flags & VFIO_USER_REGION_FLAG_CAPS, 0);
	assert_int_equal(reply.info.cap_offset, 0);

	file = ask_private(fix, fd, sizeof(reply), &reply, sizeof(reply));
	assert_true(file >= 0);
	assert_int_equal(reply.info.flags, 0xf);
	assert_int_equal(reply.info.size, TEST_PRIVATE_SIZE);
	assert_int_equal(reply.info.cap_offset, 32);
	assert_int_equal(reply.type.head.id, VFIO_USER_CAP_TYPE);
	assert_int_equal(reply.type.head.version, 1);
	assert_int_equal(reply.type.head.next, 0);
	assert_int_equal(reply.type.type, 0x80000000u | 0x19e5u);
	assert_int_equal(reply.type.subtype, TEST_PRIVATE_SUBTYPE);

	/* The same memory on both sides, zeroed at first. */
	memory = mmap(NULL, TEST_PRIVATE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	assert_true(memory != MAP_FAILED);
	assert_int_equal(memory[0] | memory[TEST_PRIVATE_SIZE - 1], 0);
	memory[12345] = 77;
	assert_int_equal(((uint8_t *)fix->dev.peer.private_region)[12345], 77);
	munmap(memory, TEST_PRIVATE_SIZE);
	close(file);
	test_bye(fix, fd);
}

static void
test_private_seals(void **state)
{
	struct test_fixture *fix = *state;
	struct region_reply reply;
	int fd = test_hello(fix, true);
	int file = ask_private(fix, fd, 4096, &reply, sizeof(reply));
	struct stat st;

	assert_int_equal(fstat(file, &st), 0);
	assert_int_equal(st.st_size, TEST_PRIVATE_SIZE);
	assert_int_equal(ftruncate(file, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(file, TEST_PRIVATE_SIZE * 2), -1);
	assert_int_equal(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE), -1);
	assert_int_equal(fcntl(file, F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	close(file);
	test_bye(fix, fd);
}

static void
test_private_is_fresh(void **state)
{
	struct test_fixture *fix = *state;
	struct region_reply reply;
	struct stat first, second;
	int fd = test_hello(fix, true);
	int old = ask_private(fix, fd, 48, &reply, 48), file;

	assert_int_equal(pwrite(old, "secret", 6, 0), 6);
	assert_int_equal(fstat(old, &first), 0);
	test_bye(fix, fd);
	fd = test_hello(fix, true);
	file = ask_private(fix, fd, 48, &reply, 48);
	assert_int_equal(fstat(file, &second), 0);
	assert_int_not_equal(first.st_ino, second.st_ino);
	assert_int_equal(*(char *)fix->dev.peer.private_region, 0);
	close(old);
	close(file);
	test_bye(fix, fd);
}

/* Messages reach it too (vfio-user.md 8.1), within bounds and without the device. */
static void
test_private_by_message(void **state)
{
	struct {
		struct vfio_user_region_access access;
		uint64_t value;
	} body = { { 4096, TEST_PRIVATE_REGION, 8 }, 0x1122334455667788ULL };
	struct test_fixture *fix = *state;
	int fd = test_hello(fix, true);

	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_WRITE, &body, 24, &body, 16), 0);
	body.value = 0;
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_READ, &body, 16, &body, 24), 0);
	assert_int_equal(body.value, 0x1122334455667788ULL);
	assert_int_equal(fix->dev.nb_accesses, 0);
	body.access.offset = TEST_PRIVATE_SIZE - 7;
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_WRITE, &body, 24, NULL, 0), EINVAL);
	assert_int_equal(test_call(fix, fd, VFIO_USER_REGION_READ, &body, 16, NULL, 0), EINVAL);
	test_bye(fix, fd);
}

static void
test_private_is_hidden(void **state)
{
	struct test_fixture *fix = *state;
	struct vfio_user_region_info info;
	int fd = test_hello(fix, false);

	assert_null(fix->dev.peer.private_region);
	assert_int_equal(ask_region(fix, fd, TEST_PRIVATE_REGION, &info), EINVAL);
	test_bye(fix, fd);
}

static void
expect_refused(struct test_fixture *fix, const struct vfio_user_server_config *config)
{
	struct vfio_user_server_error error;
	struct vfio_user_server *srv;

	(void)fix;
	assert_int_equal(vfio_user_server_create(config, &error, &srv), -EINVAL);
	assert_null(srv);
	assert_true(strlen(error.text) > 20);
}

static void
test_bad_configurations(void **state)
{
	struct vfio_user_server_region regions[10] = { { 0 } };
	struct vfio_user_server_config config, good;
	struct test_fixture *fix = *state;

	test_config(fix, &good);
	memcpy(regions, good.regions, 9 * sizeof(regions[0]));
	good.regions = regions;
#define TRY(change) do { config = good; change; expect_refused(fix, &config); } while (0)
	TRY(config.nb_regions = 7);
	TRY(config.nb_regions = 101);
	TRY(config.nb_irqs = 2);
	TRY(config.nb_irqs = 51);
	TRY(config.ops = NULL);
	TRY(config.max_data_xfer = 4095);
	TRY(config.max_data_xfer = VFIO_USER_MAX_DATA_XFER + 1);
	TRY(config.max_dma_maps = 65536);
	TRY(config.priv.key = "needs \"quotes\"");
	TRY(config.priv.json = "[]");
	TRY(config.priv.json = "{");
	TRY(config.priv.region = 8);
	TRY(config.priv.region_size = 100);
	TRY(config.priv.key = NULL);
	TRY(regions[2].flags |= VFIO_USER_REGION_FLAG_MMAP);
	regions[2].flags &= ~VFIO_USER_REGION_FLAG_MMAP;
	TRY(regions[2].size = 12345);
#undef TRY
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_setup, test_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_get_info),
		TEST(test_region_info),
		TEST(test_region_info_asked_at_length),
		TEST(test_irq_info),
		TEST(test_reset),
		TEST(test_not_supported),
		TEST(test_command_names),
		TEST(test_private_region),
		TEST(test_private_seals),
		TEST(test_private_is_fresh),
		TEST(test_private_by_message),
		TEST(test_private_is_hidden),
		TEST(test_bad_configurations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
