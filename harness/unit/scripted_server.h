/*
 * scripted_server: a server on 127.0.0.1, in a thread of the test, that does on each connection what the test has
 * written down; and name look-ups that answer what the test says.
 */
#ifndef SCRIPTED_SERVER_H
#define SCRIPTED_SERVER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define SCRIPTED_MAX 16
#define SCRIPTED_GOT_MAX 400000

enum scripted_end {
	ENDS_CLOSING,
	ENDS_RESETTING,
	ENDS_STALLING,	/* says nothing more; until the other side goes */
	ENDS_FLOODING,	/* says again, again and again; until the other side goes */
	ENDS_DRIPPING,	/* says x twenty times a second; until the other side goes */
};

struct scripted {
	const char *until;	/* read so far; NULL: an empty line.  "": nothing is read */
	size_t body;		/* and so many bytes more */
	int pause_ms;		/* before it says anything */
	const char *say;	/* copied */
	size_t say_len;		/* 0: up to its NUL */
	const char *again;
	enum scripted_end end;
	/* What came. */
	char *got;
	size_t got_len;
};

static struct {
	int fd;
	unsigned port;
	pthread_t thread;
	atomic_int connections;
	atomic_llong flooded;	/* bytes that somebody took */
	atomic_bool over;
	struct scripted script[SCRIPTED_MAX];
	int count;
} server;

/* Read until the script's mark has come, and its body; false: the other side went before. */
static bool
scripted_read(int fd, struct scripted *s)
{
	const char *until = s->until == NULL ? "\r\n\r\n" : s->until, *at;

	for (;;) {
		ssize_t n;

		s->got[s->got_len] = '\0';
		at = strstr(s->got, until);
		if (at != NULL && (size_t)(s->got + s->got_len - at) >= strlen(until) + s->body)
			return true;
		n = read(fd, s->got + s->got_len, SCRIPTED_GOT_MAX - s->got_len);
		if (n <= 0)
			return false;
		s->got_len += (size_t)n;
	}
}

/* Whether the other side has gone, or the test is over; what it still says is dropped. */
static bool
scripted_gone(int fd, int wait_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char drop[4096];

	return server.over || (poll(&p, 1, wait_ms) > 0 && recv(fd, drop, sizeof(drop), MSG_DONTWAIT) <= 0);
}

static void
scripted_end(int fd, const struct scripted *s)
{
	struct linger now = { .l_onoff = 1 };

	switch (s->end) {
	case ENDS_CLOSING: return;
	case ENDS_RESETTING: setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)); return;
	case ENDS_STALLING:
		while (!scripted_gone(fd, 50))
			;
		return;
	case ENDS_DRIPPING:
		while (!scripted_gone(fd, 50))
			send(fd, "x", 1, MSG_NOSIGNAL);
		return;
	case ENDS_FLOODING:
		while (!server.over) {
			ssize_t n = send(fd, s->again, strlen(s->again), MSG_NOSIGNAL);

			if (n <= 0)
				return;
			server.flooded += n;
		}
		return;
	}
}

static void *
scripted_main(void *unused)
{
	(void)unused;
	for (int i = 0; !server.over; i++) {
		int fd = accept(server.fd, NULL, NULL);
		struct scripted *s = &server.script[i];

		if (fd < 0)
			break;
		if (i >= server.count) {
			server.connections++;
			close(fd);
			continue;
		}
		if (scripted_read(fd, s)) {
			poll(NULL, 0, s->pause_ms);
			if (s->say != NULL)
				send(fd, s->say, s->say_len, MSG_NOSIGNAL);
			server.connections++;
			scripted_end(fd, s);
		} else {
			server.connections++;
		}
		close(fd);
	}
	return NULL;
}

/* What the next connection gets. */
static void
server_script(struct scripted s)
{
	assert_true(server.count < SCRIPTED_MAX);
	s.got = calloc(1, SCRIPTED_GOT_MAX + 1);
	assert_non_null(s.got);
	if (s.say != NULL) {
		s.say_len = s.say_len > 0 ? s.say_len : strlen(s.say);
		s.say = memcpy(malloc(s.say_len + 1), s.say, s.say_len);
	}
	server.script[server.count++] = s;
}

/* The server listens; scripts may be added until it is connected to. */
static int
server_open(void **state)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);

	(void)state;
	memset(&server, 0, sizeof(server));
	server.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(server.fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(server.fd, 16) != 0 ||
	    getsockname(server.fd, (struct sockaddr *)&a, &len) != 0)
		return -1;
	server.port = ntohs(a.sin_port);
	return pthread_create(&server.thread, NULL, scripted_main, NULL);
}

static int
server_close(void **state)
{
	(void)state;
	server.over = true;
	shutdown(server.fd, SHUT_RDWR);
	pthread_join(server.thread, NULL);
	close(server.fd);
	for (int i = 0; i < server.count; i++) {
		free(server.script[i].got);
		free((void *)(uintptr_t)server.script[i].say);
	}
	return 0;
}

/* ---- names ------------------------------------------------------------------------------ */

static atomic_int lookups;	/* of names that are no addresses */

/* In place of the C library's, for libcurl too: *.two is 127.0.0.1, *.far is 192.0.2.1 (RFC 5737), *.slow takes 20 s, others do not exist. */
int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	struct {
		struct addrinfo info;
		struct sockaddr_in address;
	} *found;
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(service == NULL ? 0 : (uint16_t)atoi(service)) };
	const char *dot = strrchr(name, '.');

	(void)hints;
	if (inet_pton(AF_INET, name, &a.sin_addr) != 1) {
		lookups++;
		if (dot != NULL && strcmp(dot, ".slow") == 0)
			poll(NULL, 0, 20000);
		if (strcmp(name, "localhost") == 0 || (dot != NULL && strcmp(dot, ".two") == 0))
			a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		else if (dot != NULL && strcmp(dot, ".far") == 0)
			a.sin_addr.s_addr = htonl(0xc0000201);
		else
			return EAI_NONAME;
	}
	found = calloc(1, sizeof(*found));
	if (found == NULL)
		return EAI_MEMORY;
	found->address = a;
	found->info.ai_family = AF_INET;
	found->info.ai_socktype = SOCK_STREAM;
	found->info.ai_addrlen = sizeof(found->address);
	found->info.ai_addr = (struct sockaddr *)&found->address;
	*out = &found->info;
	return 0;
}

void
freeaddrinfo(struct addrinfo *list)
{
	free(list);
}

#endif
