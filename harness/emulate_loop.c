#include "emulate.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "stop.h"

/* Room for the largest burst: a whole HTTP answer between its lines. */
#define BURST_MAX (HTTP_BUFFER_MAX + 2 * MODEM_OUT_MAX)
#define READ_MAX 4096
/* After the end of input: so long without a word, and what was asked for is taken as answered. */
#define LAST_WORDS_US 5000000u

struct loop {
	struct modem *modem;
	struct emulate_port *port;
	char *burst; /* owned; bytes between sent and len are still to be written */
	size_t len, sent;
	bool ended;        /* no more input from this host */
	bool gone;         /* and it does not listen any more */
	bool told;         /* that something has been lost */
	uint64_t spoke_us; /* when something last came or went */
};

/* The host has gone: a TCP port waits for the next one. */
static void
host_gone(struct loop *l)
{
	l->len = l->sent = 0;
	if (l->port->listening >= 0) {
		close(l->port->in);
		l->port->in = l->port->out = -1;
		l->ended = false;
	} else {
		l->ended = l->gone = true;
	}
}

static void
host_come(struct loop *l)
{
	int on = 1;
	int fd = accept4(l->port->listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	l->port->in = l->port->out = fd;
}

/* Collect what has been said, all of it, so that a burst is one write.  Whether there is something to write, or was. */
static bool
collect(struct loop *l)
{
	bool said;
	size_t n;

	if (l->sent < l->len)
		return true;
	l->len = l->sent = 0;
	while ((n = modem_pull(l->modem, l->burst + l->len, BURST_MAX - l->len)) > 0)
		l->len += n;
	said = l->len > 0;
	/* With no host on the line, it is said to nobody. */
	if (l->port->out < 0)
		l->len = 0;
	return said;
}

static int
write_out(struct loop *l, struct err *e)
{
	ssize_t n;

	if (l->sent == l->len)
		return 0;
	n = write(l->port->out, l->burst + l->sent, l->len - l->sent);
	if (n >= 0) {
		l->sent += (size_t)n;
		l->spoke_us = clock_us();
		return 0;
	}
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	if (errno == EPIPE || errno == ECONNRESET) {
		host_gone(l);
		return 0;
	}
	return err_errno(e, EXIT_RIG, "%s", l->port->name);
}

static int
read_in(struct loop *l, struct err *e)
{
	char bytes[READ_MAX];
	size_t room = modem_room(l->modem);
	ssize_t n = read(l->port->in, bytes, room < sizeof(bytes) ? room : sizeof(bytes));

	if (n > 0) {
		l->spoke_us = clock_us();
		modem_feed(l->modem, span_of(bytes, (size_t)n), l->spoke_us);
		return 0;
	}
	if (n == 0) {
		/* It may still wait for the answer. */
		l->ended = true;
		l->spoke_us = clock_us();
		return 0;
	}
	if (errno == ECONNRESET) {
		host_gone(l);
		return 0;
	}
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	return err_errno(e, EXIT_RIG, "%s", l->port->name);
}

/* Nothing more will come, and what was asked for has been answered. */
static bool
finished(struct loop *l)
{
	if (!l->ended || l->gone)
		return l->gone;
	return l->sent == l->len && (modem_due(l->modem) == MODEM_NEVER || clock_us() > l->spoke_us + LAST_WORDS_US);
}

/* What input is waited for: the host's, unless the module has no room for it; the next host's when there is none, or it says nothing more. */
static int
input_of(const struct loop *l)
{
	if (l->port->in < 0 || l->ended)
		return l->port->listening;
	return modem_room(l->modem) > 0 ? l->port->in : -1;
}

/* Sleep until something can be read or written, something is due, or a signal comes. */
static int
turn(struct loop *l, const sigset_t *sleeping, struct err *e)
{
	uint64_t due = modem_due(l->modem), now = clock_us();
	uint64_t wait_us = due <= now ? 0 : due - now;
	struct timespec wait;
	struct pollfd fds[2] = {
		{ .fd = input_of(l), .events = POLLIN },
		{ .fd = l->sent < l->len ? l->port->out : -1, .events = POLLOUT },
	};

	if (l->ended && wait_us > 1000000)
		wait_us = 1000000;
	if (wait_us > 3600000000u)
		wait_us = 3600000000u;
	wait = (struct timespec){ .tv_sec = (time_t)(wait_us / 1000000), .tv_nsec = (long)(wait_us % 1000000) * 1000 };
	if (ppoll(fds, 2, &wait, sleeping) < 0)
		return errno == EINTR ? 0 : err_errno(e, EXIT_RIG, "poll");
	if (fds[0].revents != 0 && fds[0].fd == l->port->listening) {
		/* The next host is there: the one that only listened has had its time. */
		if (l->port->in >= 0)
			host_gone(l);
		host_come(l);
	} else if (fds[0].revents != 0 && read_in(l, e) != 0) {
		return -1;
	}
	if (l->sent < l->len && fds[1].revents != 0)
		return write_out(l, e);
	return 0;
}

/* What the module had no room for is missing in what the host reads: said once, as it will not become whole again. */
static void
tell_lost(struct loop *l)
{
	struct modem_lost lost;

	if (l->told || !modem_lost(l->modem, &lost))
		return;
	l->told = true;
	fprintf(stderr, "attest emulate: lost for want of room: %u bytes, %u unsolicited lines; more may follow\n", lost.bytes, lost.urcs);
}

static int
serve(struct loop *l, const sigset_t *sleeping, struct err *e)
{
	while (stop_signal == 0) {
		bool said;

		/* While a burst was leaving, the module may have said the next one: until nothing is left to be said. */
		do {
			modem_advance(l->modem, clock_us());
			tell_lost(l);
			said = collect(l);
			if (write_out(l, e) != 0)
				return -1;
		} while (said && l->sent == l->len);
		if (finished(l)) {
			if (l->port->listening < 0)
				return 0;
			host_gone(l);
		}
		if (turn(l, sleeping, e) != 0)
			return -1;
	}
	return 128 + stop_signal;
}

int
emulate_run(struct modem *m, struct emulate_port *p, struct err *e)
{
	struct loop l = { .modem = m, .port = p, .burst = malloc(BURST_MAX), .spoke_us = clock_us() };
	sigset_t stops, before;
	int result;

	if (l.burst == NULL)
		abort();
	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	/* They are let in while sleeping only, so that none is missed between a look at stop_signal and the sleep. */
	sigprocmask(SIG_BLOCK, &stops, &before);
	stop_on_signals();
	result = serve(&l, &before, e);
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(l.burst);
	return result;
}
