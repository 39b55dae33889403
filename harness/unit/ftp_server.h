/*
 * ftp_server: an FTP server of the tests' own, in a thread, on 127.0.0.1 and a port of its choosing.
 *
 * It serves one content, keeps one upload, and does as a script says where the script speaks: another reply to a
 * command, silence, a closed or reset connection, data cut at some byte.
 */
#ifndef FTP_SERVER_H
#define FTP_SERVER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum ftp_server_act {
	FTP_SERVER_SAY,		/* the reply's text, and go on */
	FTP_SERVER_SILENT,	/* nothing, ever */
	FTP_SERVER_CLOSE,	/* the text, and the connection is closed */
	FTP_SERVER_FLOOD,	/* the text again and again */
};

struct ftp_server_reply {
	const char *verb;	/* "" is the greeting; NULL ends the list */
	const char *text;	/* with its line ends; NULL: none */
	enum ftp_server_act act;
};

struct ftp_server_script {
	struct ftp_server_reply replies[8];
	uint64_t length;	/* of what RETR and LIST send; byte n is 'a' + n % 23 */
	const char *content;	/* in place of it, unless NULL */
	uint64_t stop_at;	/* after so many bytes of data, either way ... */
	enum { STOP_NEVER, STOP_SILENT, STOP_RESET, STOP_CLOSE } stop;
	const char *begin;	/* reply before the data; NULL: 150 */
	const char *end;	/* reply after the data; NULL: 226; "": none */
	const char *from;	/* active: the address that connects; NULL: 127.0.0.1; "": nobody does */
	bool closed_port;	/* PASV names a port where nobody listens */
};

struct ftp_server {
	struct ftp_server_script script;
	int listening, control, passive, data;
	uint16_t port, active_port;
	pthread_t thread;
	pthread_mutex_t lock;
	char log[4096];		/* commands, each with a newline */
	char *stored;		/* upload; malloc'd */
	size_t stored_length;
	uint64_t rest, sent;
	bool data_reset;	/* the upload's connection ended with a reset */
	bool ended;
};

/* ---- sockets ---- */

static int
ftp_server_listen(uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 && listen(fd, 4) == 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

/* Descriptors that ftp_server_end shuts down are set and closed under the lock. */
static inline void
ftp_server_set(struct ftp_server *s, int *slot, int fd)
{
	pthread_mutex_lock(&s->lock);
	if (*slot >= 0)
		close(*slot);
	*slot = fd;
	if (s->ended && fd >= 0)
		shutdown(fd, SHUT_RDWR);
	pthread_mutex_unlock(&s->lock);
}

static inline void
ftp_server_reset(struct ftp_server *s)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(s->data, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	ftp_server_set(s, &s->data, -1);
}

static inline void
ftp_server_wait_close(int fd)
{
	char bytes[512];

	while (recv(fd, bytes, sizeof(bytes), 0) > 0)
		;
}

static bool
ftp_server_say(struct ftp_server *s, const char *text)
{
	return send(s->control, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
}

/* ---- data ---- */

static bool
ftp_server_open_data(struct ftp_server *s)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd;

	if (s->active_port == 0) {
		ftp_server_set(s, &s->data, accept(s->passive, NULL, NULL));
		return s->data >= 0;
	}
	if (s->script.from != NULL && s->script.from[0] == '\0')
		return false;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	inet_pton(AF_INET, s->script.from == NULL ? "127.0.0.1" : s->script.from, &a.sin_addr);
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		close(fd);
		return false;
	}
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons(s->active_port);
	ftp_server_set(s, &s->data, fd);
	return connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0;
}

/* Data stops here: false, and what the script says has been done. */
static bool
ftp_server_goes_on(struct ftp_server *s, uint64_t done)
{
	if (s->script.stop == STOP_NEVER || done < s->script.stop_at)
		return true;
	if (s->script.stop == STOP_SILENT)
		ftp_server_wait_close(s->control);
	if (s->script.stop == STOP_RESET)
		ftp_server_reset(s);
	return false;
}

static inline void
ftp_server_give(struct ftp_server *s)
{
	uint64_t total = s->script.content != NULL ? strlen(s->script.content) : s->script.length, at = s->rest;
	char piece[16384];

	while (ftp_server_goes_on(s, at) && at < total) {
		size_t n = total - at < sizeof(piece) ? (size_t)(total - at) : sizeof(piece);
		ssize_t sent;

		if (s->script.stop != STOP_NEVER && s->script.stop_at - at < n)
			n = (size_t)(s->script.stop_at - at);
		for (size_t i = 0; i < n; i++)
			piece[i] = s->script.content != NULL ? s->script.content[at + i] : (char)('a' + (at + i) % 23);
		sent = send(s->data, piece, n, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		at += (uint64_t)sent;
		pthread_mutex_lock(&s->lock);
		s->sent += (uint64_t)sent;
		pthread_mutex_unlock(&s->lock);
	}
}

static inline void
ftp_server_take(struct ftp_server *s)
{
	char piece[4096];
	ssize_t n = 1;

	while (ftp_server_goes_on(s, s->stored_length) && (n = recv(s->data, piece, sizeof(piece), 0)) > 0) {
		s->stored = realloc(s->stored, s->stored_length + (size_t)n);
		memcpy(s->stored + s->stored_length, piece, (size_t)n);
		pthread_mutex_lock(&s->lock);
		s->stored_length += (size_t)n;
		pthread_mutex_unlock(&s->lock);
	}
	s->data_reset = n < 0 && errno == ECONNRESET;
}

static bool
ftp_server_transfer(struct ftp_server *s, bool give)
{
	bool open;

	if (!ftp_server_say(s, s->script.begin == NULL ? "150 Here it comes (7 bytes)\r\n" : s->script.begin))
		return false;
	if ((open = ftp_server_open_data(s)) && give)
		ftp_server_give(s);
	else if (open)
		ftp_server_take(s);
	else
		ftp_server_wait_close(s->control);
	ftp_server_set(s, &s->data, -1);
	s->rest = 0;
	return ftp_server_say(s, s->script.end == NULL ? "226-Done\r\n now\r\n226 Done\r\n" : s->script.end);
}

/* ---- commands ---- */

static bool
ftp_server_pasv(struct ftp_server *s)
{
	char text[80];
	uint16_t port;

	ftp_server_set(s, &s->passive, ftp_server_listen(&port));
	if (s->script.closed_port)
		ftp_server_set(s, &s->passive, -1);
	/* The address is a lie: data goes where the server is. */
	snprintf(text, sizeof(text), "227 Entering Passive Mode (192,0,2,1,%u,%u).\r\n", port >> 8, port & 0xffu);
	return ftp_server_say(s, text);
}

static bool
ftp_server_port(struct ftp_server *s, const char *argument)
{
	unsigned v[6];

	if (sscanf(argument, "%u,%u,%u,%u,%u,%u", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5]) != 6)
		return ftp_server_say(s, "501 What?\r\n");
	s->active_port = (uint16_t)(v[4] << 8 | v[5]);
	return ftp_server_say(s, "200 Fine\r\n");
}

static bool
ftp_server_is(const char *line, const char *verb)
{
	size_t n = strlen(verb);

	return strncmp(line, verb, n) == 0 && (line[n] == ' ' || line[n] == '\0');
}

static bool
ftp_server_plain(struct ftp_server *s, const char *line)
{
	static const struct ftp_server_reply replies[] = {
		{ "USER", "331 Who says so?\r\n", 0 },	{ "PASS", "230-Welcome\r\n230-to all\r\n230 In\r\n", 0 },
		{ "PWD", "257 \"/\"\r\n", 0 },		{ "TYPE", "200 Fine\r\n", 0 },
		{ "CWD", "250 Fine\r\n", 0 },		{ "SIZE", "213 29\r\n", 0 },
		{ "DELE", "250 Gone\r\n", 0 },		{ "MKD", "257 Made\r\n", 0 },
		{ "RMD", "250 Gone\r\n", 0 },		{ NULL, NULL, 0 },
	};

	for (const struct ftp_server_reply *r = replies; r->verb != NULL; r++)
		if (ftp_server_is(line, r->verb))
			return ftp_server_say(s, r->text);
	return ftp_server_say(s, "502 Never heard of it\r\n");
}

/* What the script says to it. */
static bool
ftp_server_scripted(struct ftp_server *s, const struct ftp_server_reply *r)
{
	switch (r->act) {
	case FTP_SERVER_SAY: return ftp_server_say(s, r->text);
	case FTP_SERVER_SILENT: ftp_server_wait_close(s->control); return false;
	case FTP_SERVER_CLOSE:
		if (r->text != NULL)
			ftp_server_say(s, r->text);
		return false;
	case FTP_SERVER_FLOOD:
		while (ftp_server_say(s, r->text))
			;
		return false;
	}
	return false;
}

/* Whether the session goes on. */
static bool
ftp_server_command(struct ftp_server *s, const char *line)
{
	const char *argument = strchr(line, ' ') == NULL ? "" : strchr(line, ' ') + 1;

	for (const struct ftp_server_reply *r = s->script.replies; r->verb != NULL; r++)
		if (r->verb[0] != '\0' && ftp_server_is(line, r->verb))
			return ftp_server_scripted(s, r);
	if (ftp_server_is(line, "PASV"))
		return ftp_server_pasv(s);
	if (ftp_server_is(line, "PORT"))
		return ftp_server_port(s, argument);
	if (ftp_server_is(line, "REST")) {
		s->rest = strtoull(argument, NULL, 10);
		return ftp_server_say(s, "350 From there\r\n");
	}
	if (ftp_server_is(line, "RETR") || ftp_server_is(line, "LIST"))
		return ftp_server_transfer(s, true);
	if (ftp_server_is(line, "STOR") || ftp_server_is(line, "APPE") || ftp_server_is(line, "STOU"))
		return ftp_server_transfer(s, false);
	if (ftp_server_is(line, "QUIT")) {
		ftp_server_say(s, "221 Bye\r\n");
		return false;
	}
	return ftp_server_plain(s, line);
}

static bool
ftp_server_greet(struct ftp_server *s)
{
	for (const struct ftp_server_reply *r = s->script.replies; r->verb != NULL; r++)
		if (r->verb[0] == '\0')
			return ftp_server_scripted(s, r);
	return ftp_server_say(s, "220-Hello\r\n220 You\r\n");
}

static void *
ftp_server_run(void *server)
{
	struct ftp_server *s = server;
	char line[1024];
	size_t n = 0;

	ftp_server_set(s, &s->control, accept(s->listening, NULL, NULL));
	if (s->control < 0 || !ftp_server_greet(s))
		goto end;
	while (n < sizeof(line) - 1 && recv(s->control, line + n, 1, 0) == 1) {
		if (line[n] != '\n') {
			n++;
			continue;
		}
		line[n > 0 && line[n - 1] == '\r' ? n - 1 : n] = '\0';
		n = 0;
		pthread_mutex_lock(&s->lock);
		strncat(s->log, line, sizeof(s->log) - strlen(s->log) - 2);
		strcat(s->log, "\n");
		pthread_mutex_unlock(&s->lock);
		if (!ftp_server_command(s, line))
			break;
	}
end:
	ftp_server_set(s, &s->data, -1);
	ftp_server_set(s, &s->passive, -1);
	ftp_server_set(s, &s->control, -1);
	return NULL;
}

static struct ftp_server *
ftp_server_start(const struct ftp_server_script *script)
{
	struct ftp_server *s = calloc(1, sizeof(*s));

	s->script = *script;
	s->control = s->passive = s->data = -1;
	s->listening = ftp_server_listen(&s->port);
	pthread_mutex_init(&s->lock, NULL);
	assert_int_equal(pthread_create(&s->thread, NULL, ftp_server_run, s), 0);
	return s;
}

/* Let it end: its session has ended, or is ended here.  Then log, stored and the rest may be read until it is freed. */
static inline void
ftp_server_end(struct ftp_server *s)
{
	pthread_mutex_lock(&s->lock);
	s->ended = true;
	shutdown(s->listening, SHUT_RDWR);
	if (s->passive >= 0)
		shutdown(s->passive, SHUT_RDWR);
	if (s->data >= 0)
		shutdown(s->data, SHUT_RDWR);
	if (s->control >= 0)
		shutdown(s->control, SHUT_RDWR);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	close(s->listening);
}

/* Let it serve its session to the end. */
static inline void
ftp_server_wait(struct ftp_server *s)
{
	pthread_join(s->thread, NULL);
	close(s->listening);
}

static inline void
ftp_server_free(struct ftp_server *s)
{
	pthread_mutex_destroy(&s->lock);
	free(s->stored);
	free(s);
}

#endif
