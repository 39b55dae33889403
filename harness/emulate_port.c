#include "emulate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static void
port_none(struct emulate_port *p)
{
	memset(p, 0, sizeof(*p));
	p->in = p->out = p->listening = p->slave = -1;
}

/*
 * Standard output as a descriptor whose writes never wait: a host that does not read must not keep signals out.  A pipe or
 * terminal is opened anew, since others share the one we were given, and the flag with it.
 */
static int
output_unwaiting(void)
{
	struct stat s;
	int fd = -1;

	if (fstat(STDOUT_FILENO, &s) != 0 || S_ISREG(s.st_mode))
		return STDOUT_FILENO;
	/* main put it there in place of one that was closed: to open it anew would make it writable */
	if ((fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY)
		return STDOUT_FILENO;
	if (!S_ISSOCK(s.st_mode))
		fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	fcntl(STDOUT_FILENO, F_SETFL, fcntl(STDOUT_FILENO, F_GETFL) | O_NONBLOCK);
	return STDOUT_FILENO;
}

void
emulate_stdio(struct emulate_port *p)
{
	port_none(p);
	p->in = STDIN_FILENO;
	p->out = output_unwaiting();
	p->out_ours = p->out != STDOUT_FILENO;
	strcpy(p->name, "standard input and output");
}

/* A host program may forget to make its end raw: a cooked slave would send the module's lines back to it. */
static int
slave_raw(int slave)
{
	struct termios t;

	if (tcgetattr(slave, &t) != 0)
		return -1;
	cfmakeraw(&t);
	return tcsetattr(slave, TCSANOW, &t);
}

int
emulate_pty(struct emulate_port *p, struct err *e)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	port_none(p);
	p->ours = true;
	p->in = p->out = master;
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || ptsname_r(master, p->name, sizeof(p->name)) != 0 ||
	    (p->slave = open(p->name, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0 || slave_raw(p->slave) != 0) {
		err_errno(e, EXIT_RIG, "pseudo-terminal");
		emulate_close(p);
		return -1;
	}
	return 0;
}

/* "host:port" or "[host]:port" into its parts. */
static bool
where_split(const char *where, char *host, size_t cap, const char **port)
{
	const char *colon = strrchr(where, ':');
	size_t n;

	/* getaddrinfo takes 65536 for 0. */
	if (colon == NULL || colon[1] == '\0' || strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon) > 6 ||
	    atoi(colon + 1) > 65535)
		return false;
	n = (size_t)(colon - where);
	if (n > 1 && where[0] == '[' && where[n - 1] == ']') {
		where++;
		n -= 2;
	}
	if (n >= cap)
		return false;
	memcpy(host, where, n);
	host[n] = '\0';
	*port = colon + 1;
	return true;
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

/* Listen at one address; the name becomes what it really is. */
static int
listen_at(struct emulate_port *p, const struct addrinfo *a, bool remote, const char *where, struct err *e)
{
	struct sockaddr_storage bound;
	socklen_t len = sizeof(bound);
	char host[64], port[16];
	int on = 1;

	if (!remote && !is_loopback(a->ai_addr))
		return err_set(e, EXIT_USAGE, "%s: not a loopback address; --remote allows it", where);
	p->listening = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (p->listening < 0 || setsockopt(p->listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(p->listening, a->ai_addr, a->ai_addrlen) != 0 || listen(p->listening, 1) != 0 ||
	    getsockname(p->listening, (struct sockaddr *)&bound, &len) != 0)
		return err_errno(e, EXIT_RIG, "%s", where);
	if (getnameinfo((struct sockaddr *)&bound, len, host, sizeof(host), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return err_set(e, EXIT_RIG, "%s: has no address", where);
	snprintf(p->name, sizeof(p->name), a->ai_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
	return 0;
}

int
emulate_tcp(struct emulate_port *p, const char *where, bool remote, struct err *e)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found;
	const char *port;
	char host[128];
	int failed;

	port_none(p);
	p->ours = true;
	if (!where_split(where, host, sizeof(host), &port))
		return err_set(e, EXIT_USAGE, "%.200s: no address, expected 127.0.0.1:PORT", where);
	failed = getaddrinfo(host[0] == '\0' ? "127.0.0.1" : host, port, &hints, &found);
	if (failed != 0)
		return err_set(e, EXIT_USAGE, "%.200s: %s", where, gai_strerror(failed));
	failed = listen_at(p, found, remote, where, e);
	freeaddrinfo(found);
	if (failed != 0)
		emulate_close(p);
	return failed;
}

void
emulate_close(struct emulate_port *p)
{
	if (p->ours && p->in >= 0)
		close(p->in);
	if ((p->ours || p->out_ours) && p->out >= 0 && p->out != p->in)
		close(p->out);
	if (p->listening >= 0)
		close(p->listening);
	if (p->slave >= 0)
		close(p->slave);
	p->in = p->out = p->listening = p->slave = -1;
}
