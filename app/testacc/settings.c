/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_comp.h>

#include "commands.h"
#include "device.h"
#include "op_class.h"
#include "settings.h"
#include "table.h"

struct testacc_settings testacc_settings;

/** How the text of a value becomes one, and back. */
enum kind {
	KIND_NUMBER,
	KIND_POWER,	/**< of two */
	KIND_DEVICE,
	KIND_SIZES,
	KIND_CHOICE,
	KIND_OP,
	KIND_ALGO,
	KIND_BYTES,
	KIND_FILE,
};

#define CHECKSUMS "none|crc32|adler32|crc32_adler32"

static const struct setting {
	const char *name;
	enum kind kind;
	size_t offset;
	uint64_t min, max;
	const char *unit;
	const char *choices;	/**< in the order of their values */
	const char *initial;
	const char *help;
} settings[] = {
#define AT(member) offsetof(struct testacc_settings, member)
	{ "device", KIND_DEVICE, AT(device), 0, UINT8_MAX, "", NULL, "0",
		"the device that start, sweep and run use" },
	{ "queues", KIND_NUMBER, AT(queues), 0, 1024, "queue pairs", NULL, "0",
		"queue pairs in use, dealt to the worker lcores; 0: one for each lcore" },
	{ "burst", KIND_NUMBER, AT(burst), 1, 256, "ops", NULL, "32",
		"ops that one call hands over at most" },
	{ "depth", KIND_NUMBER, AT(depth), 1, TESTACC_MAX_DEPTH, "ops", NULL, "256",
		"ops that a queue pair has under way" },
	{ "size", KIND_SIZES, AT(sizes), 1, 1 << 24, "bytes", NULL, "4096",
		"plain bytes of an op; several with a comma between are taken in turn, and the latency is told for each" },
	{ "algo", KIND_ALGO, AT(algo), 0, 0, "", NULL, "deflate",
		"the algorithm; set op to a class that has others takes its first; mixed chooses those of its other parts" },
	{ "level", KIND_NUMBER, AT(level), 0, 9, "", NULL, "1",
		"compression level, as far as the device knows them" },
	{ "window", KIND_POWER, AT(window), 256, 32768, "bytes", NULL, "32768",
		"how far back a match may lie, a power of two" },
	{ "checksum", KIND_CHOICE, AT(checksum), 0, 0, "", CHECKSUMS, "none",
		"checksum that the device makes beside" },
	{ "op", KIND_OP, AT(op), 0, 0, "", NULL, "compress", "what start does" },
	{ "sgl", KIND_NUMBER, AT(sgl), 1, TESTACC_MAX_SGL, "mbufs", NULL, "1",
		"mbufs that each buffer is cut into; 1: flat" },
	{ "file", KIND_FILE, AT(file), 0, 0, "", NULL, "none",
		"where the data comes from; none: text-like data that is the same each time" },
	{ "verify", KIND_CHOICE, AT(verify), 0, 0, "", "off|on", "off",
		"look at each result by other means (zlib, OpenSSL); costs CPU time" },
	{ "direction", KIND_CHOICE, AT(direction), 0, 0, "", "encrypt|decrypt", "encrypt",
		"of cipher and aead; of hash, decrypt verifies" },
	{ "key", KIND_BYTES, AT(key), 1, 128, "", NULL, "none",
		"key of cipher, hash and aead; none: one that is the same each time" },
	{ "iv", KIND_BYTES, AT(iv), 1, 16, "", NULL, "none", "IV or nonce, as for key" },
	{ "aad", KIND_NUMBER, AT(aad), 0, 256, "bytes", NULL, "16",
		"additional data of aead" },
	{ "digest", KIND_NUMBER, AT(digest), 0, 64, "bytes", NULL, "0",
		"digest or tag; 0: as long as the algorithm makes it" },
#undef AT
};

static void *
value_of(const struct setting *setting)
{
	return (char *)&testacc_settings + setting->offset;
}

static const struct setting *
find_setting(const char *name)
{
	size_t i;

	for (i = 0; i < RTE_DIM(settings); i++)
		if (strcmp(settings[i].name, name) == 0)
			return &settings[i];
	return NULL;
}

bool
testacc_setting_accept(const struct testacc_line *line, int at)
{
	return find_setting(line->words[at]) != NULL;
}

const char *
testacc_setting_candidate(const struct testacc_line *line, int at, unsigned int index)
{
	(void)line;
	(void)at;
	return index < RTE_DIM(settings) ? settings[index].name : NULL;
}

/** Name of choice @p index, NULL: there is none. */
static const char *
choice_name(const struct setting *setting, unsigned int index)
{
	static char name[32];
	const char *at = setting->choices;

	const struct testacc_op_class *class;

	if (setting->kind == KIND_OP) {
		class = testacc_op_class_get(index);
		return class != NULL ? class->name : NULL;
	}
	if (setting->kind == KIND_ALGO)
		return testacc_algo_name(index);
	for (; at != NULL && index > 0; index--) {
		at = strchr(at, '|');
		at = at != NULL ? at + 1 : NULL;
	}
	if (at == NULL)
		return NULL;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(at, "|"), at);
	return name;
}

/** What a setting takes, for messages and the guide. */
static const char *
expected_of(const struct setting *setting)
{
	static char text[512];
	const char *name;
	unsigned int i;
	size_t used = 0;

	switch (setting->kind) {
	case KIND_NUMBER:
	case KIND_POWER:
		snprintf(text, sizeof(text), "a %s from %" PRIu64 " to %" PRIu64 "%s%s",
			setting->kind == KIND_POWER ? "power of two" : "number", setting->min,
			setting->max, setting->unit[0] != '\0' ? " " : "", setting->unit);
		break;
	case KIND_SIZES:
		snprintf(text, sizeof(text), "1 to %d numbers from %" PRIu64 " to %" PRIu64
			" bytes with a comma between, k and m are known", TESTACC_MAX_SIZES,
			setting->min, setting->max);
		break;
	case KIND_DEVICE: return "the number of a device ('show device all')";
	case KIND_FILE: return "none, a file that can be read";
	case KIND_BYTES:
		snprintf(text, sizeof(text), "none, %" PRIu64 " to %" PRIu64
			" bytes as hexadecimal digits", setting->min, setting->max);
		break;
	default:
		for (i = 0; (name = choice_name(setting, i)) != NULL; i++)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
				i > 0 ? ", " : "", name);
	}
	return text;
}

static bool
parse_size(const char *text, size_t len, const struct setting *setting, uint64_t *out)
{
	char digits[24];
	uint64_t unit = 1;

	if (len == 0 || len >= sizeof(digits))
		return false;
	memcpy(digits, text, len);
	digits[len] = '\0';
	if (digits[len - 1] == 'k' || digits[len - 1] == 'm') {
		unit = digits[len - 1] == 'k' ? 1 << 10 : 1 << 20;
		digits[len - 1] = '\0';
	}
	if (!testacc_parse_number(digits, 1, setting->max / unit, out))
		return false;
	*out *= unit;
	return *out >= setting->min;
}

static bool
set_sizes(const struct setting *setting, const char *text)
{
	uint64_t sizes[TESTACC_MAX_SIZES];
	unsigned int count = 0;
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, ",");
		if (count == TESTACC_MAX_SIZES || !parse_size(text, len, setting, &sizes[count]))
			return false;
		count++;
		if (text[len] == '\0')
			break;
	}
	memcpy(testacc_settings.sizes, sizes, sizeof(sizes));
	testacc_settings.nb_sizes = count;
	return true;
}

static bool
set_choice(const struct setting *setting, const char *text)
{
	const char *name;
	unsigned int i;

	for (i = 0; (name = choice_name(setting, i)) != NULL; i++)
		if (setting->kind == KIND_ALGO ? testacc_algo_is(name, text) :
				strcmp(name, text) == 0) {
			*(uint64_t *)value_of(setting) = i;
			return true;
		}
	return false;
}

static bool
set_number(const struct setting *setting, const char *text)
{
	uint64_t value;

	if (!parse_size(text, strlen(text), setting, &value) &&
			!testacc_parse_number(text, setting->min, setting->max, &value))
		return false;
	if (setting->kind == KIND_POWER && !rte_is_power_of_2((uint32_t)value))
		return false;
	*(uint64_t *)value_of(setting) = value;
	return true;
}

/** A folder can be read by nobody. */
static bool
is_readable(const char *path)
{
	struct stat info;

	return access(path, R_OK) == 0 && stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

static bool
set_file(const char *text)
{
	bool is_none = strcmp(text, "none") == 0;

	if (strlen(text) >= sizeof(testacc_settings.file) || (!is_none && !is_readable(text)))
		return false;
	snprintf(testacc_settings.file, sizeof(testacc_settings.file), "%s", is_none ? "" : text);
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
set_bytes(const struct setting *setting, const char *text)
{
	struct testacc_bytes value = { 0 };
	size_t i, len = strlen(text);
	int high, low;

	if (strcmp(text, "none") != 0) {
		if (len % 2 != 0 || len / 2 < setting->min || len / 2 > setting->max)
			return false;
		for (i = 0; i < len / 2; i++) {
			high = hex_digit(text[2 * i]);
			low = hex_digit(text[2 * i + 1]);
			if (high < 0 || low < 0)
				return false;
			value.bytes[i] = (uint8_t)(high << 4 | low);
		}
		value.len = (uint16_t)(len / 2);
	}
	memcpy(value_of(setting), &value, sizeof(value));
	return true;
}

/** What start would do on the device. */
static const struct testacc_op_class *
class_of_settings(void)
{
	const struct testacc_device *device = testacc_device_find((uint8_t)testacc_settings.device);
	const struct testacc_op_class *class =
		testacc_op_class_get((unsigned int)testacc_settings.op);

	return device != NULL ? testacc_op_class_of(class, device->kind) : class;
}

/** The algorithm that is set stays where the class has it. */
static void
follow_algo(void)
{
	const struct testacc_op_class *class = class_of_settings();
	unsigned int i;

	if (class->takes(testacc_algo_name((unsigned int)testacc_settings.algo)))
		return;
	for (i = 0; i == TESTACC_ALGO_NULL || !class->takes(testacc_algo_name(i)); i++)
		;
	testacc_settings.algo = i;
}

static bool
set_op(const struct setting *setting, const char *text)
{
	if (!set_choice(setting, text))
		return false;
	follow_algo();
	return true;
}

/** An op that both libraries have takes other algorithms on another device. */
static bool
set_device(const struct setting *setting, const char *text)
{
	if (!set_number(setting, text) ||
			!testacc_device_exists((uint8_t)testacc_settings.device))
		return false;
	follow_algo();
	return true;
}

static bool
set_value(const struct setting *setting, const char *text)
{
	switch (setting->kind) {
	case KIND_SIZES: return set_sizes(setting, text);
	case KIND_CHOICE:
	case KIND_ALGO: return set_choice(setting, text);
	case KIND_OP: return set_op(setting, text);
	case KIND_BYTES: return set_bytes(setting, text);
	case KIND_FILE: return set_file(text);
	case KIND_DEVICE: return set_device(setting, text);
	default: return set_number(setting, text);
	}
}

int
testacc_set(const struct testacc_line *line)
{
	const struct setting *setting = find_setting(line->words[1]);
	struct testacc_settings old = testacc_settings;

	if (set_value(setting, line->words[2])) {
		if (!testacc_is_idle() && !testacc_options.is_json)
			printf("what runs goes on as it is; the next start has the new %s\n",
				setting->name);
		return TESTACC_OK;
	}
	testacc_settings = old;
	return testacc_misused("set %s '%s': expected: %s", setting->name, line->words[2],
		expected_of(setting));
}

uint64_t
testacc_settings_largest(const struct testacc_settings *wanted)
{
	uint64_t i, most = 0;

	for (i = 0; i < wanted->nb_sizes; i++)
		most = RTE_MAX(most, wanted->sizes[i]);
	return most;
}

void
testacc_settings_init(void)
{
	size_t i;

	for (i = 0; i < RTE_DIM(settings); i++)
		(void)set_value(&settings[i], settings[i].initial);
	testacc_settings.device = 0;
}

static void
format_value(const struct setting *setting, char *buf, size_t len)
{
	uint64_t value = 0;
	size_t used = 0;
	uint64_t i;

	if (setting->kind != KIND_FILE && setting->kind != KIND_BYTES)
		value = *(uint64_t *)value_of(setting);
	switch (setting->kind) {
	case KIND_SIZES:
		for (i = 0; i < testacc_settings.nb_sizes; i++)
			used += (size_t)snprintf(buf + used, len - used, "%s%" PRIu64,
				i > 0 ? "," : "", testacc_settings.sizes[i]);
		break;
	case KIND_FILE:
		snprintf(buf, len, "%s", testacc_settings.file[0] != '\0' ?
			testacc_settings.file : "none");
		break;
	case KIND_BYTES:
		/* No key on a screen. */
		value = ((struct testacc_bytes *)value_of(setting))->len;
		if (value > 0)
			snprintf(buf, len, "%" PRIu64 " byte%s", value, testacc_plural(value));
		else
			snprintf(buf, len, "none");
		break;
	case KIND_CHOICE:
	case KIND_ALGO:
	case KIND_OP:
		snprintf(buf, len, "%s", choice_name(setting, (unsigned int)value));
		break;
	default:
		snprintf(buf, len, "%" PRIu64, value);
	}
}

int
testacc_show_config(const struct testacc_line *line)
{
	struct testacc_table *table = testacc_table_new("config", "setting,value,unit");
	char value[256];
	size_t i;

	(void)line;
	for (i = 0; i < RTE_DIM(settings); i++) {
		format_value(&settings[i], value, sizeof(value));
		testacc_table_text(table, "%s", settings[i].name);
		testacc_table_text(table, "%s", value);
		testacc_table_text(table, "%s", settings[i].unit);
	}
	testacc_table_print(table);
	return TESTACC_OK;
}

const char *
testacc_value_expected(const struct testacc_line *line, int at)
{
	const struct setting *setting = find_setting(line->words[at - 1]);

	return setting != NULL ? expected_of(setting) : "a value";
}

const char *
testacc_value_candidate(const struct testacc_line *line, int at, unsigned int index)
{
	const struct setting *setting = find_setting(line->words[at - 1]);
	static char text[16];
	uint8_t id;

	if (setting == NULL)
		return NULL;
	switch (setting->kind) {
	case KIND_CHOICE:
	case KIND_ALGO:
	case KIND_OP:
		return choice_name(setting, index);
	case KIND_DEVICE:
		if (!testacc_device_get(index, &id))
			return NULL;
		snprintf(text, sizeof(text), "%u", id);
		return text;
	case KIND_FILE:
		return testacc_file_candidate(line, at, index);
	default:
		return index == 0 ? setting->initial : NULL;
	}
}

int
testacc_show_settings(const struct testacc_line *line)
{
	struct testacc_table *table = testacc_table_new("settings",
		"setting,what it is,takes,at first");
	size_t i;

	(void)line;
	for (i = 0; i < RTE_DIM(settings); i++) {
		testacc_table_text(table, "%s", settings[i].name);
		testacc_table_text(table, "%s", settings[i].help);
		testacc_table_text(table, "%s", expected_of(&settings[i]));
		testacc_table_text(table, "%s", settings[i].initial);
	}
	testacc_table_print(table);
	return TESTACC_OK;
}
