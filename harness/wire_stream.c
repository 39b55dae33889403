#include "wire_stream.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "escape.h"
#include "modem.h"
#include "stop.h"

/* The longest sleep: a signal that came just before it is seen by then, and that nothing came is known as of then. */
#define SLICE_US 250000u
/* That nothing was there is known of so short a time ago that no byte can have been noticed since: two bits at 115200 baud. */
#define FRESH_US 20u
/* A read of so many bytes may be a part of more. */
#define FLOW_BYTES 1024
/* Leftovers of an earlier case that are dropped before the next: a device that never stops talking is the case's to judge. */
#define LEFTOVER_MAX (1u << 20)

static struct wire_stream *
stream_of(struct wire *w)
{
	return (struct wire_stream *)w;
}

/* ---- the descriptor ------------------------------------------------------------ */

static void
descriptor_close(struct wire_stream *s, bool lost)
{
	if (s->fd < 0)
		return;
	if (s->kind->closing != NULL)
		s->kind->closing(s, lost);
	close(s->fd);
	s->fd = -1;
}

int
wire_stream_lost(struct wire_stream *s, int number, struct err *e)
{
	/* At once: a USB port that comes back while we hold the old one gets another name. */
	descriptor_close(s, true);
	if (s->kind->why != NULL)
		s->kind->why(s, number, e);
	else if (number == 0)
		err_set(e, EXIT_RIG, "%s: the other side closed the connection", s->name);
	else
		err_set(e, EXIT_RIG, "%s: %s", s->name, strerror(number));
	return -1;
}

static int
not_open(const struct wire_stream *s, struct err *e)
{
	return err_set(e, EXIT_RIG, "%s: is not open", s->name);
}

/*
 * Sleep until the descriptor is ready for events, at most wait_us.  1: *revents says how, or nothing of that: a signal came;
 * 0: not by then, -1: lost.
 */
static int
sleep_for(struct wire_stream *s, short events, uint64_t wait_us, short *revents, struct err *e)
{
	struct pollfd p = { .fd = s->fd, .events = events };
	struct timespec wait = { .tv_sec = (time_t)(wait_us / 1000000), .tv_nsec = (long)(wait_us % 1000000) * 1000 };
	int n = ppoll(&p, 1, &wait, NULL);

	*revents = n > 0 ? p.revents : 0;
	if (n < 0 && errno != EINTR)
		return wire_stream_lost(s, errno, e);
	return n != 0;
}

/* ---- receiving ----------------------------------------------------------------- */

/* Nothing was there to be read at that moment. */
static void
nothing_at(struct wire_stream *s, uint64_t us)
{
	s->empty_us = us;
	s->flowing = false;
}

/* One read of what poll has announced.  0: nothing of the module's was in it. */
static long
read_once(struct wire_stream *s, char *into, size_t cap, short revents, struct wire_when *when, struct err *e)
{
	uint64_t before_us = clock_us();
	ssize_t n = read(s->fd, into, cap);

	if (n > 0) {
		when->after_us = s->empty_us;
		when->at_us = clock_us();
		/* A terminal hands out 4095 bytes at most, and has the next in its queue a little later: only a short read was all there was. */
		if ((size_t)n == cap || n >= FLOW_BYTES)
			s->flowing = true;
		if (!s->flowing)
			s->empty_us = before_us;
		return s->kind->decode == NULL ? (long)n : s->kind->decode(s, into, (size_t)n, e);
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		if (errno == EAGAIN)
			nothing_at(s, before_us);
		return 0;
	}
	/* A serial port without a hang-up may have lost the bytes it announced to a flush. */
	if (n == 0 && s->port.kind == PORT_SERIAL && (revents & (POLLHUP | POLLERR)) == 0)
		return 0;
	return wire_stream_lost(s, n < 0 ? errno : 0, e);
}

static long
held_take(struct wire_stream *s, char *into, size_t cap, struct wire_when *when)
{
	size_t n = s->held_end - s->held_at;

	n = n < cap ? n : cap;
	memcpy(into, s->held + s->held_at, n);
	s->held_at += n;
	*when = s->held_when;
	if (s->held_at == s->held_end)
		s->held_at = s->held_end = 0;
	return (long)n;
}

/* Read what has come into what is held.  -1: lost. */
static int
hold(struct wire_stream *s, short revents, struct err *e)
{
	struct wire_when when;
	long n;

	if (s->held == NULL && (s->held = malloc(WIRE_HELD_MAX)) == NULL)
		abort();
	n = read_once(s, s->held + s->held_end, WIRE_HELD_MAX - s->held_end, revents, &when, e);
	if (n <= 0)
		return (int)n;
	if (s->held_at == s->held_end)
		s->held_when.after_us = when.after_us;
	s->held_when.at_us = when.at_us;
	s->held_end += (size_t)n;
	return 0;
}

static long
stream_recv(struct wire *w, char *into, size_t cap, uint64_t until_us, struct wire_when *when, struct err *e)
{
	struct wire_stream *s = stream_of(w);

	if (s->held_at < s->held_end)
		return held_take(s, into, cap, when);
	if (s->fd < 0)
		return not_open(s, e);
	for (;;) {
		uint64_t now = clock_us(), wait_us = until_us > now ? until_us - now : 0;
		short revents;
		long got;

		if (wait_us == 0 && now < s->empty_us + FRESH_US)
			return 0;
		if (wait_us > SLICE_US)
			wait_us = SLICE_US;
		/* In the middle of much, the next is there already, most of the time: poll is asked when it is not. */
		if (s->flowing && (got = read_once(s, into, cap, 0, when, e)) != 0)
			return got;
		got = sleep_for(s, POLLIN, wait_us, &revents, e);
		if (got == 0) {
			/* poll has looked once more when the time was over */
			now += wait_us;
			nothing_at(s, now);
		} else if (got > 0) {
			got = read_once(s, into, cap, revents, when, e);
		}
		if (got != 0)
			return got;
		if (stop_signal != 0 || now >= until_us)
			return 0;
	}
}

int
wire_stream_pump(struct wire_stream *s, uint64_t until_us, struct err *e)
{
	for (;;) {
		uint64_t now = clock_us(), wait_us = until_us > now ? until_us - now : 0;
		short revents;
		int got;

		if (stop_signal != 0)
			return 0;
		/* Without room, what comes waits, and so do we. */
		got = sleep_for(s, s->held_end < WIRE_HELD_MAX ? POLLIN : 0, wait_us < SLICE_US ? wait_us : SLICE_US, &revents, e);
		if (got > 0 && s->held_end == WIRE_HELD_MAX)
			return (revents & (POLLERR | POLLHUP | POLLNVAL)) != 0 ? wire_stream_lost(s, 0, e) : 0;
		if (got != 0)
			return got < 0 ? -1 : hold(s, revents, e);
		if (wait_us <= SLICE_US)
			return 0;
	}
}

/* ---- sending ------------------------------------------------------------------- */

/* Wait until something may be written; what comes meanwhile is kept, so that two sides that both send do not wait for each other. */
static int
wait_writable(struct wire_stream *s, struct err *e)
{
	short events = s->held_end < WIRE_HELD_MAX ? POLLIN | POLLOUT : POLLOUT, revents;
	int ready = sleep_for(s, events, SLICE_US, &revents, e);

	if (ready <= 0 || (revents & POLLOUT) != 0)
		return ready < 0 ? -1 : 0;
	if ((revents & POLLIN) != 0 && (events & POLLIN) != 0)
		return hold(s, revents, e);
	return (revents & (POLLERR | POLLHUP | POLLNVAL)) != 0 ? wire_stream_lost(s, 0, e) : 0;
}

/* A peer may have said why before it hung up: its kind is to know, though nobody is to read any more. */
static void
last_words(struct wire_stream *s)
{
	char bytes[512];
	struct err ignored;
	ssize_t n;

	while (s->kind->decode != NULL && s->fd >= 0 && (n = read(s->fd, bytes, sizeof(bytes))) > 0)
		if (s->kind->decode(s, bytes, (size_t)n, &ignored) < 0)
			return;
}

int
wire_stream_write(struct wire_stream *s, struct span bytes, struct err *e)
{
	uint64_t moved_us = 0;
	bool is_socket = s->port.kind == PORT_TCP || s->port.kind == PORT_RFC2217;

	if (s->fd < 0)
		return not_open(s, e);
	while (bytes.len > 0) {
		ssize_t n = is_socket ? send(s->fd, bytes.at, bytes.len, MSG_NOSIGNAL) : write(s->fd, bytes.at, bytes.len);

		if (n > 0) {
			bytes = span_after(bytes, (size_t)n);
			moved_us = 0;
			continue;
		}
		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			int number = errno;

			last_words(s);
			return wire_stream_lost(s, number, e);
		}
		if (stop_signal != 0)
			return err_set(e, EXIT_RIG, "%s: stopped by a signal while sending", s->name);
		if (moved_us == 0)
			moved_us = clock_us();
		else if (clock_us() - moved_us >= s->stall_us)
			return err_set(e, EXIT_RIG, "%s: does not read: %zu bytes were not taken for %.3g s", s->name, bytes.len,
			    (double)s->stall_us / 1e6);
		if (wait_writable(s, e) != 0)
			return -1;
	}
	return 0;
}

static int
stream_send(struct wire *w, struct span bytes, struct err *e)
{
	struct wire_stream *s = stream_of(w);

	return s->kind->encode == NULL ? wire_stream_write(s, bytes, e) : s->kind->encode(s, bytes, e);
}

/* ---- the rest of a wire -------------------------------------------------------- */

/* The cases before this one have had their say: what still lies about is nobody's. */
static int
stream_begin(struct wire *w, const struct case_setting *setting, uint64_t seed, struct err *e)
{
	char leftover[4096];
	struct wire_when when;
	size_t dropped = 0;
	long n;

	(void)setting, (void)seed;
	do {
		n = stream_recv(w, leftover, sizeof(leftover), 0, &when, e);
		dropped += n > 0 ? (size_t)n : 0;
	} while (n > 0 && dropped < LEFTOVER_MAX);
	return n < 0 ? -1 : 0;
}

static uint64_t
stream_now(struct wire *w)
{
	(void)w;
	return clock_us();
}

static unsigned
stream_lines(struct wire *w, unsigned *mask)
{
	struct wire_stream *s = stream_of(w);

	*mask = 0;
	return s->kind->lines == NULL || s->fd < 0 ? 0 : s->kind->lines(s, mask);
}

static int
stream_order(struct wire *w, const struct wire_order *o, struct err *e)
{
	struct wire_stream *s = stream_of(w);

	switch (o->kind) {
	case ORDER_DTR: return s->kind->dtr == NULL ? 1 : s->fd < 0 ? not_open(s, e) : s->kind->dtr(s, o->number != 0, e);
	case ORDER_SAYS:
	case ORDER_ANSWERS:
	case ORDER_BEARER_LOST:
	case ORDER_REBOOT:
	case ORDER_SWITCH:
	case ORDER_FAULT: break;
	}
	return 1;
}

static struct world_sim *
stream_far(struct wire *w)
{
	(void)w;
	return NULL;
}

static int
stream_baud(struct wire *w, unsigned baud, struct err *e)
{
	struct wire_stream *s = stream_of(w);

	return s->kind->baud == NULL ? 1 : s->fd < 0 ? not_open(s, e) : s->kind->baud(s, baud, e);
}

static int
stream_reopen(struct wire *w, struct err *e)
{
	struct wire_stream *s = stream_of(w);

	descriptor_close(s, false);
	s->held_at = s->held_end = 0;
	nothing_at(s, clock_us());
	return s->kind->open(s, e);
}

static void
stream_close(struct wire *w)
{
	struct wire_stream *s = stream_of(w);

	if (w == NULL)
		return;
	descriptor_close(s, false);
	free(s->held);
	s->kind->free(s);
}

static const struct wire_ops ops = {
	.begin = stream_begin,
	.send = stream_send,
	.recv = stream_recv,
	.now = stream_now,
	.lines = stream_lines,
	.order = stream_order,
	.far = stream_far,
	.baud = stream_baud,
	.reopen = stream_reopen,
	.close = stream_close,
};

int
wire_stream_open(struct wire_stream *s, const struct wire_stream_kind *kind, const struct port *port, struct err *e)
{
	s->wire.ops = &ops;
	s->kind = kind;
	s->port = *port;
	s->fd = -1;
	s->stall_us = WIRE_SEND_STALL_US;
	s->empty_us = clock_us();
	escape_bytes(s->name, sizeof(s->name), span_str(port->text));
	if (kind->open(s, e) == 0)
		return 0;
	stream_close(&s->wire);
	return -1;
}
