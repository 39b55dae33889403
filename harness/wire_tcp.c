/* wire_tcp: a module behind a serial server in raw mode, or an emulator, over TCP. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "escape.h"
#include "wire_stream.h"

#define CONNECT_MS 10000

/* A peer that vanished without a word is noticed after 10 s and three probes. */
static void
socket_prepare(int fd)
{
	const int on = 1, idle_s = 10, between_s = 5, probes = 3;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &between_s, sizeof(between_s));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

/* Connect to one address: the descriptor, or -1 and errno. */
static int
connect_one(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), failed = 0;
	socklen_t len = sizeof(failed);
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (fd < 0)
		return -1;
	if (connect(fd, a->ai_addr, a->ai_addrlen) != 0 && errno != EINPROGRESS)
		failed = errno;
	else if (poll(&p, 1, CONNECT_MS) == 0)
		failed = ETIMEDOUT;
	else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &len) != 0)
		failed = errno;
	if (failed == 0) {
		/* A signal may have ended the wait before the connection was there. */
		struct sockaddr_storage peer;

		len = sizeof(peer);
		if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0) {
			socket_prepare(fd);
			return fd;
		}
		failed = EINTR;
	}
	close(fd);
	errno = failed;
	return -1;
}

int
wire_tcp_connect(const char *host, const char *service, bool *again, struct err *e)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
	struct addrinfo *found;
	char shown[300];
	int fd = -1, failed = getaddrinfo(host, service, &hints, &found);

	escape_bytes(shown, sizeof(shown), span_str(host));
	if (failed != 0) {
		*again = failed == EAI_AGAIN;
		return err_set(e, EXIT_RIG, "host %s: %s", shown, failed == EAI_SYSTEM ? strerror(errno) : gai_strerror(failed));
	}
	for (const struct addrinfo *a = found; a != NULL && fd < 0; a = a->ai_next)
		fd = connect_one(a);
	failed = errno;
	freeaddrinfo(found);
	if (fd >= 0)
		return fd;
	*again = true;
	if (failed == ECONNREFUSED)
		return err_set(e, EXIT_RIG, "nothing listens at port %s of %s", service, shown);
	if (failed == ETIMEDOUT)
		return err_set(e, EXIT_RIG, "port %s of %s does not answer (waited %d s)", service, shown, CONNECT_MS / 1000);
	return err_set(e, EXIT_RIG, "port %s of %s: %s", service, shown, strerror(failed));
}

static int
tcp_open(struct wire_stream *s, struct err *e)
{
	struct err inner = { 0 };
	bool again = false;

	s->fd = wire_tcp_connect(s->port.host, s->port.service, &again, &inner);
	if (s->fd >= 0)
		return 0;
	err_set(e, inner.status, "%s: %.350s", s->name, inner.text);
	return again ? 1 : -1;
}

static void
tcp_free(struct wire_stream *s)
{
	free(s);
}

static const struct wire_stream_kind kind = { .open = tcp_open, .free = tcp_free };

struct wire *
wire_tcp_open(const struct port *port, struct err *e)
{
	struct wire_stream *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	return wire_stream_open(s, &kind, port, e) == 0 ? &s->wire : NULL;
}
