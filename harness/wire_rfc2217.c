/*
 * wire_rfc2217: a module on a serial server that speaks RFC 2217.  What such servers do not answer they cannot do: only
 * a server that does not agree on COM-PORT-OPTION at all is an error.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "clock.h"
#include "escape.h"
#include "modem.h"
#include "stop.h"
#include "wire_rfc2217.h"

static struct wire_rfc2217 *
rfc2217_of(struct wire_stream *s)
{
	return (struct wire_rfc2217 *)s;
}

/* ---- what comes -------------------------------------------------------------------- */

/*
 * What the socket takes of our answers, without waiting: this may be called while something else waits.  If it has broken,
 * reading will tell, after the last that the peer has said.
 */
static void
answers_send(struct wire_rfc2217 *w)
{
	ssize_t n;

	w->out_len += rfc2217_pull(&w->codec, w->out + w->out_len, sizeof(w->out) - w->out_len);
	if (w->sending || w->out_len == 0)
		return;
	n = send(w->stream.fd, w->out, w->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		n = errno == EAGAIN || errno == EINTR ? 0 : (ssize_t)w->out_len;
	w->out_len -= (size_t)n;
	memmove(w->out, w->out + n, w->out_len);
}

static void
take_event(struct wire_rfc2217 *w, const struct rfc2217_event *event)
{
	switch (event->command) {
	case RFC2217_MODEMSTATE:
		w->state = (uint8_t)event->value;
		w->seen |= w->state;
		break;
	case RFC2217_SUSPEND: w->suspended = true; break;
	case RFC2217_RESUME: w->suspended = false; break;
	case RFC2217_SIGNATURE:
	case RFC2217_BAUD:
	case RFC2217_DATASIZE:
	case RFC2217_PARITY:
	case RFC2217_STOPSIZE:
	case RFC2217_CONTROL:
	case RFC2217_LINESTATE:
	case RFC2217_LINESTATE_MASK:
	case RFC2217_MODEMSTATE_MASK:
	case RFC2217_PURGE: break;
	}
	w->answers |= 1u << event->command;
	w->answer[event->command] = event->value;
}

/* Of the first bytes, what is no telnet is kept: it says who is there. */
static void
keep_first(struct wire_rfc2217 *w, struct span bytes)
{
	bytes = span_first(bytes, w->agreed ? 0 : WIRE_RFC2217_FIRST_MAX - w->first_len);
	memcpy(w->first + w->first_len, bytes.at, bytes.len);
	w->first_len += bytes.len;
}

static long
rfc2217_decode(struct wire_stream *s, char *bytes, size_t n, struct err *e)
{
	struct wire_rfc2217 *w = rfc2217_of(s);
	struct span in = span_of(bytes, n);
	size_t kept = 0;

	while (in.len > 0) {
		struct rfc2217_event event;
		size_t taken = rfc2217_feed(&w->codec, in, &event);

		in = span_after(in, taken);
		switch (event.kind) {
		case RFC2217_DATA:
			keep_first(w, event.bytes);
			memmove(bytes + kept, event.bytes.at, event.bytes.len);
			kept += event.bytes.len;
			break;
		case RFC2217_EVENT: take_event(w, &event); break;
		case RFC2217_OPTION:
			if (event.option == TELNET_COM_PORT && event.end == TELNET_OURS)
				w->refused = event.change != TELNET_ON;
			break;
		case RFC2217_ECHOED: w->echoed = true; break;
		case RFC2217_MORE:
		case RFC2217_BREAK:
		case RFC2217_FAULT: break;
		}
		answers_send(w);
		if (taken == 0 && event.kind == RFC2217_MORE) {
			wire_stream_lost(s, 0, NULL);
			return err_set(e, EXIT_RIG, "%s: asks without end, and does not read the answers", s->name);
		}
	}
	return (long)kept;
}

/* ---- what goes ----------------------------------------------------------------------- */

int
wire_rfc2217_send(struct wire_rfc2217 *w, struct err *e)
{
	while ((w->out_len += rfc2217_pull(&w->codec, w->out + w->out_len, sizeof(w->out) - w->out_len)) > 0) {
		char bytes[sizeof(w->out)];
		size_t n = w->out_len;
		int failed;

		memcpy(bytes, w->out, n);
		w->out_len = 0;
		w->sending = true;
		failed = wire_stream_write(&w->stream, span_of(bytes, n), e);
		w->sending = false;
		if (failed != 0)
			return -1;
	}
	return 0;
}

/* Until the server wants data again. */
static int
wait_resumed(struct wire_rfc2217 *w, struct err *e)
{
	const uint64_t until_us = clock_us() + WIRE_SEND_STALL_US;

	while (w->suspended) {
		if (stop_signal != 0)
			return err_set(e, EXIT_RIG, "%s: stopped by a signal while sending", w->stream.name);
		if (clock_us() >= until_us)
			return err_set(
			    e, EXIT_RIG, "%s: has asked for no more data for %u s", w->stream.name, WIRE_SEND_STALL_US / 1000000);
		if (wire_stream_pump(&w->stream, until_us, e) != 0)
			return -1;
	}
	return 0;
}

static int
rfc2217_encode_and_send(struct wire_stream *s, struct span bytes, struct err *e)
{
	struct wire_rfc2217 *w = rfc2217_of(s);

	while (bytes.len > 0) {
		char encoded[4096];
		size_t n;
		int failed;

		if (wire_rfc2217_send(w, e) != 0 || wait_resumed(w, e) != 0)
			return -1;
		n = rfc2217_encode(&w->codec, &bytes, encoded, sizeof(encoded));
		w->sending = true;
		failed = wire_stream_write(s, span_of(encoded, n), e);
		w->sending = false;
		if (failed != 0)
			return -1;
	}
	return wire_rfc2217_send(w, e);
}

/* One command controls several things: the answer to an earlier one of them, come late, is not waited for. */
static bool
answered(const struct wire_rfc2217 *w, enum rfc2217_command command, uint32_t value)
{
	return (w->answers & 1u << command) != 0 && (command != RFC2217_CONTROL || w->answer[command] == value);
}

int
wire_rfc2217_request(struct wire_rfc2217 *w, enum rfc2217_command command, uint32_t value, struct err *e)
{
	const uint64_t until_us = clock_us() + WIRE_RFC2217_ANSWER_US;
	const uint32_t bit = 1u << command;

	w->answers &= ~bit;
	rfc2217_say(&w->codec, command, value);
	if (wire_rfc2217_send(w, e) != 0)
		return -1;
	while (!answered(w, command, value) && !w->echoed && clock_us() < until_us && stop_signal == 0)
		if (wire_stream_pump(&w->stream, until_us, e) != 0)
			return -1;
	return w->answers & bit ? 0 : 1;
}

int
wire_rfc2217_control(struct wire_rfc2217 *w, enum rfc2217_control value, struct err *e)
{
	int failed;

	if (w->without_control)
		return rfc2217_say(&w->codec, RFC2217_CONTROL, value) && wire_rfc2217_send(w, e) != 0 ? -1 : 1;
	failed = wire_rfc2217_request(w, RFC2217_CONTROL, value, e);
	if (failed == 0 && w->answer[RFC2217_CONTROL] != value)
		return 1;
	w->without_control = failed == 1;
	return failed;
}

static int
rfc2217_open(struct wire_stream *s, struct err *e)
{
	struct wire_rfc2217 *w = rfc2217_of(s);
	struct err inner = { 0 };
	bool again = false;
	int failed;

	memset(&w->codec, 0, sizeof(*w) - offsetof(struct wire_rfc2217, codec));
	s->fd = wire_tcp_connect(s->port.host, s->port.service, &again, &inner);
	if (s->fd < 0) {
		err_set(e, inner.status, "%s: %.350s", s->name, inner.text);
		return again ? 1 : -1;
	}
	rfc2217_init(&w->codec, RFC2217_CLIENT);
	failed = wire_rfc2217_agree(w, e);
	return failed != 0 ? failed : wire_rfc2217_set_up(w, e);
}

/* ---- the rest of a wire ---------------------------------------------------------------- */

/* A server whose port is taken says so and hangs up. */
static void
rfc2217_why(struct wire_stream *s, int number, struct err *e)
{
	const struct wire_rfc2217 *w = rfc2217_of(s);
	char shown[4 * WIRE_RFC2217_FIRST_MAX + 1];

	escape_bytes(shown, sizeof(shown), span_of(w->first, w->first_len));
	/* Perhaps after having agreed to everything, but never after having answered a request. */
	if (w->answers == 0 && w->first_len > 0)
		err_set(e, EXIT_RIG, "%s: the other side said \"%s\" and closed the connection", s->name, shown);
	else if (number == 0)
		err_set(e, EXIT_RIG, "%s: the other side closed the connection", s->name);
	else
		err_set(e, EXIT_RIG, "%s: %s", s->name, strerror(number));
}

static unsigned
rfc2217_lines(struct wire_stream *s, unsigned *mask)
{
	static const struct {
		uint8_t state;
		unsigned line;
	} lines[] = { { RFC2217_DCD, MODEM_DCD }, { RFC2217_RI, MODEM_RI }, { RFC2217_DSR, MODEM_DSR }, { RFC2217_CTS, MODEM_CTS } };
	struct wire_rfc2217 *w = rfc2217_of(s);
	unsigned now = 0;
	char c;

	/* What has come and not been read may be news of them.  That the wire is lost is for recv to find. */
	if (recv(s->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
		wire_stream_pump(s, 0, NULL);
	/* ser2net reports all of them low where its device has none, as a pseudo-terminal: then they say nothing of the module. */
	for (size_t i = 0; w->seen != 0 && i < sizeof(lines) / sizeof(lines[0]); i++) {
		*mask |= lines[i].line;
		if (w->state & lines[i].state)
			now |= lines[i].line;
	}
	return now;
}

static int
rfc2217_baud(struct wire_stream *s, unsigned baud, struct err *e)
{
	struct wire_rfc2217 *w = rfc2217_of(s);
	int failed = wire_rfc2217_request(w, RFC2217_BAUD, baud, e);

	return failed == 0 && w->answer[RFC2217_BAUD] != baud ? 1 : failed;
}

static int
rfc2217_dtr(struct wire_stream *s, bool on, struct err *e)
{
	return wire_rfc2217_control(rfc2217_of(s), on ? RFC2217_DTR_ON : RFC2217_DTR_OFF, e);
}

static void
rfc2217_free(struct wire_stream *s)
{
	free(s);
}

static const struct wire_stream_kind kind = {
	.open = rfc2217_open,
	.why = rfc2217_why,
	.decode = rfc2217_decode,
	.encode = rfc2217_encode_and_send,
	.lines = rfc2217_lines,
	.baud = rfc2217_baud,
	.dtr = rfc2217_dtr,
	.free = rfc2217_free,
};

struct wire *
wire_rfc2217_open(const struct port *port, struct err *e)
{
	struct wire_rfc2217 *w = calloc(1, sizeof(*w));

	if (w == NULL)
		abort();
	return wire_stream_open(&w->stream, &kind, port, e) == 0 ? &w->stream.wire : NULL;
}
