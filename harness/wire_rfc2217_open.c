/* Before a module's bytes flow over RFC 2217: is there a server, and how is its port (wire_rfc2217.h)? */
#include "clock.h"
#include "escape.h"
#include "stop.h"
#include "wire_rfc2217.h"

/* So long for options to be agreed on. */
#define AGREE_US 5000000u

static int
not_telnet(const struct wire_rfc2217 *w, struct err *e)
{
	const struct wire_stream *s = &w->stream;
	char shown[4 * WIRE_RFC2217_FIRST_MAX + 1];

	escape_bytes(shown, sizeof(shown), span_of(w->first, w->first_len));
	if (w->echoed)
		return err_set(e, EXIT_RIG, "%s: echoes what is sent to it, so it is no RFC 2217 server; a module without one is tcp:%s:%s",
		    s->name, s->port.host, s->port.service);
	if (w->refused)
		return err_set(e, EXIT_RIG,
		    "%s: speaks telnet, but not RFC 2217: it refuses COM-PORT-OPTION; for the bytes alone try tcp:%s:%s", s->name,
		    s->port.host, s->port.service);
	if (w->first_len > 0)
		return err_set(e, EXIT_RIG, "%s: expected telnet with RFC 2217, but \"%s\" came; for the bytes alone try tcp:%s:%s",
		    s->name, shown, s->port.host, s->port.service);
	return err_set(e, EXIT_RIG, "%s: expected telnet with RFC 2217, but nothing came for %u s; for the bytes alone try tcp:%s:%s",
	    s->name, AGREE_US / 1000000, s->port.host, s->port.service);
}

int
wire_rfc2217_agree(struct wire_rfc2217 *w, struct err *e)
{
	uint64_t until_us = clock_us() + AGREE_US;
	bool on = false;

	if (wire_rfc2217_send(w, e) != 0)
		return 1;
	while (!rfc2217_is_settled(&w->codec) && !w->refused && clock_us() < until_us && stop_signal == 0) {
		if (wire_stream_pump(&w->stream, until_us, e) != 0)
			return 1;
		/* This one says that a server is there: the others are not waited for as long. */
		if (!on && rfc2217_is_on(&w->codec)) {
			on = true;
			until_us = clock_us() + WIRE_RFC2217_ANSWER_US;
		}
	}
	if (!rfc2217_is_on(&w->codec) || w->refused)
		return not_telnet(w, e);
	w->agreed = true;
	return 0;
}

static uint32_t
parity_of(char letter)
{
	static const char letters[] = "noems";
	const char *at = letter == '\0' ? NULL : strchr(letters, letter);

	return at == NULL ? RFC2217_PARITY_NONE : RFC2217_PARITY_NONE + (uint32_t)(at - letters);
}

int
wire_rfc2217_set_up(struct wire_rfc2217 *w, struct err *e)
{
	const struct port *p = &w->stream.port;
	int failed = wire_rfc2217_request(w, RFC2217_BAUD, p->baud, e);

	if (failed < 0)
		return 1;
	if (w->echoed)
		return not_telnet(w, e);
	if (failed == 0 && p->baud != 0 && w->answer[RFC2217_BAUD] != p->baud)
		return err_set(e, EXIT_RIG, "%s: baud %u: the server has set %u", w->stream.name, p->baud, w->answer[RFC2217_BAUD]);
	rfc2217_say(&w->codec, RFC2217_DATASIZE, p->data_bits == 0 ? 8 : (uint32_t)p->data_bits);
	rfc2217_say(&w->codec, RFC2217_PARITY, parity_of(p->parity));
	rfc2217_say(&w->codec, RFC2217_STOPSIZE, p->stop_bits == 0 ? 1 : (uint32_t)p->stop_bits);
	rfc2217_say(&w->codec, RFC2217_LINESTATE_MASK, 0);
	rfc2217_say(&w->codec, RFC2217_MODEMSTATE_MASK, UINT8_MAX);
	if (wire_rfc2217_send(w, e) != 0 || wire_rfc2217_control(w, p->rtscts ? RFC2217_FLOW_HARDWARE : RFC2217_FLOW_NONE, e) < 0 ||
	    wire_rfc2217_control(w, RFC2217_DTR_ON, e) < 0 || wire_rfc2217_control(w, RFC2217_RTS_ON, e) < 0)
		return 1;
	return 0;
}
