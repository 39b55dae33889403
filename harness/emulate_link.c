#include "emulate_link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"

/* After the end of input: so long without a word, and what was asked for is taken as answered. */
#define LAST_WORDS_US 5000000u
/* Bytes on a slow line arrive in pieces of so much time: a sleep for each would cost more than they are worth. */
#define PIECE_US 1000

void
link_open(struct emulate_link *l, struct emulator *of)
{
	*l = (struct emulate_link){ .of = of, .refused = -1, .said = malloc(LINK_SAID_MAX), .spoke_us = clock_us() };
	if (l->said == NULL)
		abort();
	l->now_us = l->spoke_us;
	link_baud(l, of->baud);
	if (of->port.telnet && (l->telnet = calloc(1, sizeof(*l->telnet))) == NULL)
		abort();
}

void
link_baud(struct emulate_link *l, uint32_t baud)
{
	pace_set(&l->in, baud);
	pace_set(&l->out, baud);
}

void
link_close(struct emulate_link *l)
{
	if (l->refused >= 0)
		close(l->refused);
	l->refused = -1;
	free(l->said);
	free(l->telnet);
	l->said = NULL;
	l->telnet = NULL;
}

/* ---- what happens, in its order ------------------------------------------------ */

/* How much of what was heard the module takes. */
static size_t
wanted(const struct emulate_link *l)
{
	size_t room = modem_room(l->of->modem);

	return l->heard_len < room ? l->heard_len : room;
}

static void
hear(struct emulate_link *l, uint64_t at_us)
{
	size_t n = pace_take(&l->in, wanted(l), at_us);

	if (n == 0)
		return;
	modem_feed(l->of->modem, span_of(l->heard, n), at_us);
	l->heard_len -= n;
	memmove(l->heard, l->heard + n, l->heard_len);
}

/* Collect what has been said, all of it, so that a burst is one write. */
static void
collect(struct emulate_link *l, uint64_t at_us)
{
	size_t n;

	/* A line that moved before this was said is seen to move before it is read. */
	if (l->telnet != NULL)
		telnet_lines(l);
	if (l->sent > 0) {
		l->len -= l->sent;
		l->due -= l->sent;
		memmove(l->said, l->said + l->sent, l->len);
		l->sent = 0;
	}
	while ((n = modem_pull(l->of->modem, l->said + l->len, LINK_SAID_MAX - l->len)) > 0) {
		pace_put(&l->out, l->len - l->due, at_us);
		l->len += n;
	}
}

/* What the module had no room for is missing in what the host reads: said once, as it will not become whole again. */
static void
tell_lost(struct emulate_link *l)
{
	struct modem_lost lost;

	if (l->told || !modem_lost(l->of->modem, &lost))
		return;
	l->told = true;
	fprintf(stderr, "attest emulate: %s: lost for want of room: %u bytes, %u unsolicited lines; more may follow\n", l->of->port.name,
	    lost.bytes, lost.urcs);
}

static void
happen(struct emulate_link *l, uint64_t now_us)
{
	struct modem *m = l->of->modem;

	for (;;) {
		uint64_t at_us = modem_due(m), heard_us = wanted(l) > 0 ? pace_due(&l->in) : MODEM_NEVER;

		if (heard_us < at_us)
			at_us = heard_us;
		if (at_us >= now_us)
			break;
		l->now_us = at_us > l->now_us ? at_us : l->now_us;
		modem_advance(m, at_us);
		hear(l, at_us);
		collect(l, at_us);
	}
	l->now_us = now_us;
	modem_advance(m, now_us);
	hear(l, now_us);
	modem_advance(m, now_us);
	collect(l, now_us);
	l->due += pace_take(&l->out, l->len - l->due, now_us);
	tell_lost(l);
	/* With no host on the line, it is said to nobody. */
	if (l->of->port.out < 0)
		l->sent = l->due;
}

/* ---- to and from the host ------------------------------------------------------ */

/* What can be written to the host now. */
static struct span
outgoing(struct emulate_link *l)
{
	if (l->telnet == NULL)
		return span_of(l->said + l->sent, l->due - l->sent);
	telnet_fill(l);
	return span_of(l->telnet->out, l->telnet->out_len);
}

static void
written(struct emulate_link *l, size_t n)
{
	if (l->telnet == NULL) {
		l->sent += n;
		return;
	}
	l->telnet->out_len -= n;
	memmove(l->telnet->out, l->telnet->out + n, l->telnet->out_len);
}

/* After read or write gave -1.  Whatever ends one host's connection (ETIMEDOUT, EHOSTUNREACH) is no trouble for the next one's. */
static int
failed(struct emulate_link *l, struct err *e)
{
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	if (errno != EPIPE && errno != ECONNRESET && l->of->port.listening < 0)
		return err_errno(e, EXIT_RIG, "%s", l->of->port.name);
	link_host_gone(l);
	return 0;
}

static int
write_out(struct emulate_link *l, struct err *e)
{
	struct span bytes;

	while (l->of->port.out >= 0 && (bytes = outgoing(l)).len > 0) {
		ssize_t n = write(l->of->port.out, bytes.at, bytes.len);

		if (n >= 0) {
			written(l, (size_t)n);
			l->spoke_us = clock_us();
			if ((size_t)n < bytes.len)
				return 0;
		} else {
			return failed(l, e);
		}
	}
	return 0;
}

int
link_play(struct emulate_link *l, uint64_t now_us, struct err *e)
{
	bool said;

	/* While a burst was leaving, the module may have said the next one: until nothing is left to be said. */
	do {
		happen(l, now_us);
		said = l->due > l->sent;
		if (write_out(l, e) != 0)
			return -1;
		now_us = clock_us();
	} while (said && l->sent == l->due);
	return 0;
}

uint64_t
link_due(const struct emulate_link *l, uint64_t now_us)
{
	uint64_t due_us = modem_due(l->of->modem);
	const struct {
		const struct pace *pace;
		size_t queued;
	} lines[] = { { &l->in, wanted(l) }, { &l->out, l->len - l->due } };

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		uint64_t first_us, last_us;

		if (lines[i].queued == 0)
			continue;
		first_us = pace_due(lines[i].pace);
		last_us = pace_last(lines[i].pace, lines[i].queued);
		if (first_us < now_us + PIECE_US)
			first_us = last_us < now_us + PIECE_US ? last_us : now_us + PIECE_US;
		if (first_us < due_us)
			due_us = first_us;
	}
	return due_us;
}

void
link_heard(struct emulate_link *l, struct span bytes, uint64_t now_us)
{
	pace_put(&l->in, l->heard_len, now_us);
	memcpy(l->heard + l->heard_len, bytes.at, bytes.len);
	l->heard_len += bytes.len;
}

int
link_read(struct emulate_link *l, struct err *e)
{
	char bytes[LINK_HEARD_MAX];
	size_t room = sizeof(l->heard) - l->heard_len;
	ssize_t n = read(l->of->port.in, bytes, l->telnet != NULL && room > TELNET_READ_MAX ? TELNET_READ_MAX : room);

	if (n > 0) {
		l->spoke_us = clock_us();
		if (l->telnet != NULL)
			telnet_read(l, span_of(bytes, (size_t)n), l->spoke_us);
		else
			link_heard(l, span_of(bytes, (size_t)n), l->spoke_us);
		return 0;
	}
	if (n == 0) {
		/* It may still wait for the answer. */
		l->ended = true;
		l->spoke_us = clock_us();
		return 0;
	}
	return failed(l, e);
}

bool
link_hears(const struct emulate_link *l)
{
	return l->of->port.in >= 0 && !l->ended && l->heard_len < sizeof(l->heard) && (l->telnet == NULL || telnet_hears(l->telnet));
}

bool
link_writes(const struct emulate_link *l)
{
	if (l->telnet != NULL)
		return l->telnet->out_len > 0 || (l->sent < l->due && (l->ended || !l->telnet->suspended));
	return l->sent < l->due;
}

bool
link_finished(const struct emulate_link *l, uint64_t now_us)
{
	if (!l->ended || l->gone)
		return l->gone;
	return l->sent == l->len && (l->telnet == NULL || l->telnet->out_len == 0) && l->heard_len == 0 &&
	       (modem_due(l->of->modem) == MODEM_NEVER || now_us > l->spoke_us + LAST_WORDS_US);
}
