#include "emulate_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT_MAX 65535

/* "host:port" or "[host]:port" into its parts. */
static bool
where_split(const char *where, char *host, size_t cap, unsigned *port)
{
	const char *colon = strrchr(where, ':');
	size_t n;

	if (colon == NULL || colon[1] == '\0' || strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon) > 6)
		return false;
	*port = (unsigned)atoi(colon + 1);
	n = (size_t)(colon - where);
	if (n > 1 && where[0] == '[' && where[n - 1] == ']') {
		where++;
		n -= 2;
	}
	if (n >= cap)
		return false;
	memcpy(host, where, n);
	host[n] = '\0';
	return *port <= PORT_MAX;
}

static bool
is_loopback(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, a, sizeof(in));
		return ntohl(in.sin_addr.s_addr) >> 24 == 127;
	}
	if (a->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, a, sizeof(in6));
		return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
	}
	return false;
}

static bool
name_of(const struct sockaddr_storage *a, socklen_t len, char *name, size_t cap)
{
	char host[64], port[16];

	if (getnameinfo((const struct sockaddr *)a, len, host, sizeof(host), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return false;
	snprintf(name, cap, a->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
	return true;
}

static int
listen_at(const struct addrinfo *a, const char *where, char *name, size_t cap, struct err *e)
{
	struct sockaddr_storage bound;
	socklen_t len = sizeof(bound);
	int on = 1, fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 || bind(fd, a->ai_addr, a->ai_addrlen) != 0 ||
	    listen(fd, 1) != 0 || getsockname(fd, (struct sockaddr *)&bound, &len) != 0)
		err_errno(e, EXIT_RIG, "%s", where);
	else if (!name_of(&bound, len, name, cap))
		err_set(e, EXIT_RIG, "%s: has no address", where);
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int
address_listen(const char *where, unsigned nth, bool remote, char *name, size_t cap, struct err *e)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found;
	char host[128], text[16], shown[200];
	unsigned port;
	int failed, fd = -1;

	if (!where_split(where, host, sizeof(host), &port))
		return err_set(e, EXIT_USAGE, "%.200s: no address, expected 127.0.0.1:PORT", where);
	if (port != 0 && nth > PORT_MAX - port)
		return err_set(e, EXIT_USAGE, "%.200s: there are no %u ports behind it", where, nth);
	snprintf(text, sizeof(text), "%u", port == 0 ? 0 : port + nth);
	failed = getaddrinfo(host[0] == '\0' ? "127.0.0.1" : host, text, &hints, &found);
	if (failed != 0)
		return err_set(e, EXIT_USAGE, "%.200s: %s", where, gai_strerror(failed));
	snprintf(shown, sizeof(shown), strchr(host, ':') == NULL ? "%s:%s" : "[%s]:%s", host, text);
	if (!remote && !is_loopback(found->ai_addr))
		err_set(e, EXIT_USAGE, "%s: not a loopback address; --remote allows it", shown);
	else
		fd = listen_at(found, shown, name, cap, e);
	freeaddrinfo(found);
	return fd;
}

void
address_of_peer(int fd, char *name, size_t cap)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	if (getpeername(fd, (struct sockaddr *)&peer, &len) != 0 || !name_of(&peer, len, name, cap))
		snprintf(name, cap, "another host");
}
