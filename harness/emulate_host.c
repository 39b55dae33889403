/* Hosts that come and go (emulate_link.h). */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "emulate_address.h"
#include "emulate_link.h"

/* A host whose machine has gone without a word is found out within about a minute, so that it keeps nobody else out. */
#define ALIVE_IDLE_S 30
#define ALIVE_EVERY_S 10
#define ALIVE_TRIES 3

void
link_host_gone(struct emulate_link *l)
{
	struct emulate_port *p = &l->of->port;

	l->sent = l->due = l->len;
	l->ending = false;
	if (l->telnet != NULL)
		l->telnet->out_len = 0;
	if (p->listening >= 0) {
		close(p->in);
		p->in = p->out = -1;
		l->ended = false;
	} else {
		l->ended = l->gone = true;
	}
}

static void
option_set(int fd, int level, int option, int value)
{
	setsockopt(fd, level, option, &value, sizeof(value));
}

static void
host_take(struct emulate_link *l, int fd)
{
	option_set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	option_set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	option_set(fd, IPPROTO_TCP, TCP_KEEPIDLE, ALIVE_IDLE_S);
	option_set(fd, IPPROTO_TCP, TCP_KEEPINTVL, ALIVE_EVERY_S);
	option_set(fd, IPPROTO_TCP, TCP_KEEPCNT, ALIVE_TRIES);
	l->of->port.in = l->of->port.out = fd;
	if (l->telnet != NULL)
		telnet_host_come(l);
}

/* It is told why, and stays until it closes or another one is refused: to close with its bytes unread would take the reason away. */
static void
host_refuse(struct emulate_link *l, int fd)
{
	char who[80], text[300];
	int n;

	address_of_peer(l->of->port.in, who, sizeof(who));
	n = snprintf(text, sizeof(text), "attest emulate: %s is in use by %s\r\n", l->of->port.name, who);
	if (write(fd, text, (size_t)n) < 0)
		n = 0;
	shutdown(fd, SHUT_WR);
	if (l->refused >= 0)
		close(l->refused);
	l->refused = fd;
}

void
link_host_come(struct emulate_link *l)
{
	int fd = accept4(l->of->port.listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	/* One that only listens has had its time. */
	if (l->of->port.in >= 0 && l->ended)
		link_host_gone(l);
	if (l->of->port.in < 0)
		host_take(l, fd);
	else
		host_refuse(l, fd);
}

void
link_refused_read(struct emulate_link *l)
{
	char bytes[4096];
	ssize_t n = read(l->refused, bytes, sizeof(bytes));

	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	close(l->refused);
	l->refused = -1;
}
