/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright(c) 2026 The hisi-accel authors
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "emu_control.h"

#define MAX_LINE 1024
#define BACKLOG 64
#define PATIENCE_S 30 /* of --send, with a machine as slow as they come */
#define RETRY_MS 250 /* without a descriptor for somebody who connects */
#define MAX_ANSWER (64 * 1024) /* the longest, stats of eight devices, has a fifth of that */

/** What an epoll event is about; smaller numbers are peers. */
enum control_source {
	SOURCE_LISTEN = EMU_CONTROL_MAX_PEERS,
	SOURCE_TIMER,
	NB_SOURCES,
};

/** Somebody connected. */
struct control_peer {
	int fd;
	bool is_skipping; /**< the rest of a line that was too long */
	size_t used;
	char line[MAX_LINE];
};

struct emu_control {
	struct emu_control_target target;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct stat created;
	int listen_fd;
	int epoll_fd;
	int timer_fd;
	bool is_short; /**< of descriptors, and that was said */
	struct control_peer peers[EMU_CONTROL_MAX_PEERS];
	size_t answer_len;
	char answer[MAX_ANSWER];
};

static void __attribute__((format(printf, 2, 3)))
answer(struct emu_control *control, const char *format, ...)
{
	size_t room = sizeof(control->answer) - control->answer_len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(control->answer + control->answer_len, room, format, args);
	va_end(args);
	if (len > 0)
		control->answer_len += (size_t)len < room ? (size_t)len : room - 1;
}

static void
answer_line(void *opaque, const char *line)
{
	answer(opaque, "%s\n", line);
}

static void
run_fault(struct emu_control *control, const char *text)
{
	struct model_error error = { "" };
	bool is_drawn;
	uint64_t seed;

	if (model_fault_plan_add(control->target.plan, text, &error) != 0) {
		answer(control, "error: %s\n", error.text);
		return;
	}
	seed = model_fault_plan_seed(control->target.plan, &is_drawn);
	if (is_drawn)
		answer(control, "seed %llu\n", (unsigned long long)seed);
	answer(control, "ok\n");
}

static void
run_faults(struct emu_control *control, const char *text)
{
	(void)text;
	model_fault_plan_list(control->target.plan, answer_line, control);
	answer(control, "ok\n");
}

static void
run_clear(struct emu_control *control, const char *text)
{
	(void)text;
	model_fault_plan_clear(control->target.plan);
	answer(control, "ok\n");
}

static void
run_stats(struct emu_control *control, const char *text)
{
	uint32_t i;

	(void)text;
	for (i = 0; i < control->target.nb_devices; i++)
		model_device_dump_stats(control->target.devices[i], answer_line, control);
	answer(control, "ok\n");
}

static void
run_help(struct emu_control *control, const char *text);

/** A command; with text behind it or without. */
static const struct {
	const char *name;
	bool has_text;
	void (*run)(struct emu_control *control, const char *text);
	const char *meaning;
} commands[] = {
	{ "fault", true, run_fault, "RULE[; RULE...]: install rules" },
	{ "faults", false, run_faults, "each rule, and how often it fired" },
	{ "clear", false, run_clear, "remove all rules" },
	{ "stats", false, run_stats, "the statistics that SIGUSR1 writes" },
	{ "help", false, run_help, "these commands, all faults and their keys" },
};

#define NB_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
run_help(struct emu_control *control, const char *text)
{
	size_t i;

	(void)text;
	for (i = 0; i < NB_COMMANDS; i++)
		answer(control, "command %s\t%s\n", commands[i].name, commands[i].meaning);
	model_fault_help(answer_line, control);
	answer(control, "ok\n");
}

static void
run_line(struct emu_control *control, char *line)
{
	char *text = line + strcspn(line, " ");
	size_t i;

	if (*text != '\0')
		*text++ = '\0';
	text += strspn(text, " ");
	for (i = 0; i < NB_COMMANDS; i++)
		if (strcmp(line, commands[i].name) == 0)
			break;
	if (i == NB_COMMANDS)
		answer(control, "error: '%.40s' is no command, known: fault RULE, faults, clear, "
			"stats, help\n", line);
	else if (!commands[i].has_text && *text != '\0')
		answer(control, "error: %s takes nothing behind it, there is '%.40s'\n", line,
			text);
	else if (commands[i].has_text && *text == '\0')
		answer(control, "error: %s needs a rule behind it, such as: fault drop op=5\n",
			line);
	else
		commands[i].run(control, text);
}

static void
close_peer(struct control_peer *peer)
{
	close(peer->fd);
	*peer = (struct control_peer){ .fd = -1 };
}

/** @return false when the peer does not take the answer at once: whoever asks must read */
static bool
flush_answer(struct emu_control *control, struct control_peer *peer)
{
	size_t len = control->answer_len;

	control->answer_len = 0;
	return len == 0 || send(peer->fd, control->answer, len, MSG_NOSIGNAL | MSG_DONTWAIT) ==
		(ssize_t)len;
}

/** Bytes that are not to be seen again in a message. */
static void
take_line(struct emu_control *control, struct control_peer *peer)
{
	size_t i;

	if (peer->used > 0 && peer->line[peer->used - 1] == '\r')
		peer->used--;
	peer->line[peer->used] = '\0';
	for (i = 0; i < peer->used; i++)
		if (peer->line[i] == '\t' || peer->line[i] < ' ' || peer->line[i] > '~')
			peer->line[i] = peer->line[i] == '\t' ? ' ' : '?';
	if (peer->is_skipping)
		answer(control, "error: a line has %d bytes at most\n", MAX_LINE - 1);
	else
		run_line(control, peer->line);
	peer->used = 0;
	peer->is_skipping = false;
}

static bool
take_bytes(struct emu_control *control, struct control_peer *peer, const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (bytes[i] == '\n') {
			take_line(control, peer);
			if (!flush_answer(control, peer))
				return false;
		} else if (peer->used == MAX_LINE - 1) {
			peer->is_skipping = true;
		} else {
			peer->line[peer->used++] = bytes[i];
		}
	}
	return true;
}

static void
serve_peer(struct emu_control *control, struct control_peer *peer)
{
	char bytes[MAX_LINE];
	ssize_t len = recv(peer->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0 || !take_bytes(control, peer, bytes, len))
		close_peer(peer);
}

static bool
is_allowed(int fd)
{
	struct ucred cred = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
		(cred.uid == geteuid() || cred.uid == 0);
}

static bool __attribute__((format(printf, 2, 3)))
complain(const char *path, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "dpdk-hisi-emu: error: control socket %s: ", path);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\n", stderr);
	return false;
}

/** Go on accepting, or do so when the timer says. */
static void
wait_for_peers(struct emu_control *control, bool is_waiting)
{
	struct epoll_event event = { .events = is_waiting ? EPOLLIN : 0,
		.data.u32 = SOURCE_LISTEN };
	const struct itimerspec when = {
		.it_value.tv_nsec = is_waiting ? 0 : RETRY_MS * 1000000,
	};

	(void)epoll_ctl(control->epoll_fd, EPOLL_CTL_MOD, control->listen_fd, &event);
	/* What the timer has to say is taken back with it. */
	(void)timerfd_settime(control->timer_fd, 0, &when, NULL);
}

/** Who cannot be accepted stays in the queue, and epoll would tell of him without end. */
static void
accept_failed(struct emu_control *control, int error)
{
	if (error != EMFILE && error != ENFILE && error != ENOMEM && error != ENOBUFS)
		return;
	if (!control->is_short)
		(void)complain(control->path, "cannot accept a client: %s", strerror(error));
	control->is_short = true;
	wait_for_peers(control, false);
}

static void
accept_peer(struct emu_control *control)
{
	static const char busy[] = "error: too many are connected\n";
	struct epoll_event event = { .events = EPOLLIN };
	int fd = accept4(control->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	uint32_t i;

	if (fd < 0) {
		accept_failed(control, errno);
		return;
	}
	control->is_short = false;
	for (i = 0; i < EMU_CONTROL_MAX_PEERS && control->peers[i].fd >= 0; i++)
		;
	event.data.u32 = i;
	if (i == EMU_CONTROL_MAX_PEERS)
		(void)send(fd, busy, sizeof(busy) - 1, MSG_NOSIGNAL);
	if (i == EMU_CONTROL_MAX_PEERS || !is_allowed(fd) ||
	    epoll_ctl(control->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
		close(fd);
		return;
	}
	control->peers[i].fd = fd;
}

void
emu_control_process(struct emu_control *control)
{
	struct epoll_event events[NB_SOURCES];
	int i, count = epoll_wait(control->epoll_fd, events, NB_SOURCES, 0);
	bool is_somebody_new = false;

	for (i = 0; i < count; i++) {
		if (events[i].data.u32 == SOURCE_LISTEN)
			is_somebody_new = true;
		else if (events[i].data.u32 == SOURCE_TIMER)
			wait_for_peers(control, true);
		else if (control->peers[events[i].data.u32].fd >= 0)
			serve_peer(control, &control->peers[events[i].data.u32]);
	}
	/* Last, so that who has gone leaves a place. */
	if (is_somebody_new)
		accept_peer(control);
}

int
emu_control_poll_fd(const struct emu_control *control)
{
	return control->epoll_fd;
}

static bool
set_address(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (path[0] == '\0' || strlen(path) >= sizeof(address->sun_path))
		return complain(path, "a path of 1 to %zu bytes is needed",
			sizeof(address->sun_path) - 1);
	memcpy(address->sun_path, path, strlen(path));
	return true;
}

/** Only a socket of ours at which nobody listens makes way. */
static bool
make_way(const struct sockaddr_un *address)
{
	int fd, error = 0;
	struct stat st;

	if (lstat(address->sun_path, &st) != 0)
		return errno == ENOENT || complain(address->sun_path, "%s", strerror(errno));
	if (!S_ISSOCK(st.st_mode) || st.st_uid != geteuid())
		return complain(address->sun_path,
			"something else is there; remove it or choose another path");
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	if (error != ECONNREFUSED)
		return complain(address->sun_path, "somebody listens there");
	return unlink(address->sun_path) == 0 ||
		complain(address->sun_path, "%s", strerror(errno));
}

static bool
start_listening(struct emu_control *control, const struct sockaddr_un *address)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = SOURCE_LISTEN };
	struct epoll_event tick = { .events = EPOLLIN, .data.u32 = SOURCE_TIMER };
	mode_t mask;
	int ret;

	control->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	control->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	control->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (control->listen_fd < 0 || control->epoll_fd < 0 || control->timer_fd < 0)
		return complain(address->sun_path, "%s", strerror(errno));
	mask = umask(0177);
	ret = bind(control->listen_fd, (const struct sockaddr *)address, sizeof(*address));
	(void)umask(mask);
	if (ret != 0)
		return complain(address->sun_path, "%s", strerror(errno));
	memcpy(control->path, address->sun_path, sizeof(control->path));
	if (lstat(control->path, &control->created) != 0 ||
	    listen(control->listen_fd, BACKLOG) != 0 ||
	    epoll_ctl(control->epoll_fd, EPOLL_CTL_ADD, control->listen_fd, &event) != 0 ||
	    epoll_ctl(control->epoll_fd, EPOLL_CTL_ADD, control->timer_fd, &tick) != 0)
		return complain(address->sun_path, "%s", strerror(errno));
	return true;
}

struct emu_control *
emu_control_create(const char *path, const struct emu_control_target *target)
{
	struct emu_control *control;
	struct sockaddr_un address;
	uint32_t i;

	if (!set_address(path, &address) || !make_way(&address))
		return NULL;
	control = calloc(1, sizeof(*control));
	if (control == NULL)
		return NULL;
	control->target = *target;
	control->listen_fd = -1;
	control->epoll_fd = -1;
	control->timer_fd = -1;
	for (i = 0; i < EMU_CONTROL_MAX_PEERS; i++)
		control->peers[i].fd = -1;
	if (!start_listening(control, &address)) {
		emu_control_destroy(control);
		return NULL;
	}
	return control;
}

void
emu_control_destroy(struct emu_control *control)
{
	struct stat st;
	uint32_t i;

	if (control == NULL)
		return;
	for (i = 0; i < EMU_CONTROL_MAX_PEERS; i++)
		if (control->peers[i].fd >= 0)
			close(control->peers[i].fd);
	if (control->listen_fd >= 0)
		close(control->listen_fd);
	if (control->epoll_fd >= 0)
		close(control->epoll_fd);
	if (control->timer_fd >= 0)
		close(control->timer_fd);
	/* Not what somebody else has put in its place. */
	if (control->path[0] != '\0' && lstat(control->path, &st) == 0 &&
	    st.st_ino == control->created.st_ino && st.st_dev == control->created.st_dev)
		unlink(control->path);
	free(control);
}

/** A command is one line: ends of lines become ';', and comments, which end there, are left out. */
static size_t
join_lines(char *text)
{
	const char *from;
	char *to = text;
	bool is_comment = false;

	for (from = text; *from != '\0'; from++) {
		is_comment = *from != '\n' && (is_comment || *from == '#');
		if (!is_comment)
			*to++ = *from == '\n' ? ';' : *from;
	}
	*to = '\0';
	return to - text;
}

static bool
join_words(char *const *words, int nb_words, char *line, size_t len)
{
	size_t used = 0;
	int i;

	for (i = 0; i < nb_words && used < len; i++)
		used += snprintf(line + used, len - used, "%s%s", i == 0 ? "" : " ", words[i]);
	if (used + 1 >= len || nb_words == 0) {
		fprintf(stderr, "dpdk-hisi-emu: error: --send needs a command of 1 to %zu bytes; the "
			"command help lists them\n", len - 2);
		return false;
	}
	used = join_lines(line);
	line[used++] = '\n';
	line[used] = '\0';
	return true;
}

/** Print what comes until the last line. @return was it "ok"? */
static bool
print_answer(int fd, const char *path)
{
	FILE *stream = fdopen(fd, "r");
	char line[MAX_LINE];
	bool is_ok = false, is_end = false;

	if (stream == NULL) {
		close(fd);
		return false;
	}
	while (!is_end && fgets(line, sizeof(line), stream) != NULL) {
		is_ok = strcmp(line, "ok\n") == 0;
		is_end = is_ok || strncmp(line, "error: ", 7) == 0;
		if (!is_end)
			fputs(line, stdout);
		else if (!is_ok)
			fprintf(stderr, "dpdk-hisi-emu: %s", line);
	}
	if (!is_end)
		fprintf(stderr, "dpdk-hisi-emu: error: the emulator did not answer; "
			"has it ended, or is %s not its --control socket?\n", path);
	fclose(stream);
	return is_ok;
}

/** Nobody waits for ever, whoever listens: a busy device's socket takes no other client. */
static int
make_client_socket(void)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0) {
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	}
	return fd;
}

bool
emu_control_send(const char *path, char *const *words, int nb_words)
{
	struct sockaddr_un address;
	char line[MAX_LINE];
	int fd;

	if (!join_words(words, nb_words, line, sizeof(line)) || !set_address(path, &address))
		return false;
	fd = make_client_socket();
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    send(fd, line, strlen(line), MSG_NOSIGNAL) != (ssize_t)strlen(line)) {
		complain(path, "%s; does dpdk-hisi-emu --control=%s run?", strerror(errno), path);
		if (fd >= 0)
			close(fd);
		return false;
	}
	/* A device's socket would wait for the rest of a message of its own protocol. */
	(void)shutdown(fd, SHUT_WR);
	return print_answer(fd, path);
}
