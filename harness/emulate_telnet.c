#include "emulate_telnet.h"

#include "emulate_link.h"
#include "version.h"

/* Where the host has said nothing. */
#define BAUD_PRESET 115200
/* The state's levels; below them are the changes. */
#define LEVELS 0xf0u

static const struct {
	unsigned line;
	uint8_t level, change;
} lines[] = {
	{ MODEM_DCD, RFC2217_DCD, RFC2217_DCD_CHANGED },
	{ MODEM_RI, RFC2217_RI, RFC2217_RI_ENDED },
	{ MODEM_DSR, RFC2217_DSR, RFC2217_DSR_CHANGED },
	{ MODEM_CTS, RFC2217_CTS, RFC2217_CTS_CHANGED },
};

/* What the codec has to say goes before what is encoded after it. */
static void
pull(struct emulate_telnet *t)
{
	t->out_len += rfc2217_pull(&t->codec, t->out + t->out_len, TELNET_OUT_MAX - t->out_len);
}

void
telnet_host_come(struct emulate_link *l)
{
	struct emulate_telnet *t = l->telnet;

	rfc2217_init(&t->codec, RFC2217_SERVER);
	t->baud = l->of->baud == 0 ? BAUD_PRESET : l->of->baud;
	t->flow = RFC2217_FLOW_NONE;
	t->inflow = RFC2217_INFLOW_NONE;
	t->state_mask = UINT8_MAX;
	t->dtr = t->rts = true;
	t->in_break = t->suspended = t->tell = false;
	t->told = modem_lines(l->of->modem);
	t->out_len = 0;
	pull(t);
	/* Whoever opens a port raises DTR, which only the last host may have lowered. */
	modem_dtr(l->of->modem, true, l->now_us);
}

bool
telnet_hears(const struct emulate_telnet *t)
{
	return TELNET_OUT_MAX - t->out_len >= TELNET_ANSWERS_MAX;
}

/* ---- the module's lines ---------------------------------------------------------- */

static uint8_t
levels_of(unsigned now)
{
	uint8_t levels = 0;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (now & lines[i].line)
			levels |= lines[i].level;
	return levels;
}

/* Of RI it is the end of the ringing that counts as a change. */
static uint8_t
changes_of(unsigned now, unsigned before)
{
	uint8_t changes = 0;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (((now ^ before) & lines[i].line) && !(lines[i].line == MODEM_RI && (now & MODEM_RI)))
			changes |= lines[i].change;
	return changes;
}

void
telnet_lines(struct emulate_link *l)
{
	struct emulate_telnet *t = l->telnet;
	const unsigned now = modem_lines(l->of->modem);
	const bool moved = (levels_of(now ^ t->told) & t->state_mask) != 0;

	if (!rfc2217_is_on(&t->codec))
		return;
	/* Without room it is told later, as it is then. */
	if ((moved || t->tell) && !rfc2217_say(&t->codec, RFC2217_MODEMSTATE, (levels_of(now) | changes_of(now, t->told)) & t->state_mask))
		return;
	t->told = now;
	t->tell = false;
	pull(t);
}

/* ---- requests ---------------------------------------------------------------------- */

static void
set_baud(struct emulate_link *l, uint32_t baud)
{
	struct emulate_telnet *t = l->telnet;

	/* A line whose speed is given keeps it, and says so. */
	if (baud != 0 && baud <= PACE_BAUD_MAX && (l->of->baud == 0 || l->of->baud_by_host))
		t->baud = baud;
	if (l->of->baud_by_host)
		link_baud(l, t->baud);
	rfc2217_say(&t->codec, RFC2217_BAUD, t->baud);
}

/* What was asked for is answered with what is. */
static void
set_control(struct emulate_link *l, uint32_t value)
{
	struct emulate_telnet *t = l->telnet;
	uint8_t now = (uint8_t)value;

	switch (value) {
	case RFC2217_FLOW_NONE:
	case RFC2217_FLOW_HARDWARE: t->flow = (uint8_t)value; break;
	case RFC2217_FLOW_ASK:
	case RFC2217_FLOW_XONXOFF:
	case RFC2217_FLOW_DCD:
	case RFC2217_FLOW_DSR: now = t->flow; break;
	case RFC2217_INFLOW_NONE:
	case RFC2217_INFLOW_HARDWARE: t->inflow = (uint8_t)value; break;
	case RFC2217_INFLOW_ASK:
	case RFC2217_INFLOW_XONXOFF:
	case RFC2217_INFLOW_DTR: now = t->inflow; break;
	case RFC2217_BREAK_ON:
	case RFC2217_BREAK_OFF: t->in_break = value == RFC2217_BREAK_ON; break;
	case RFC2217_BREAK_ASK: now = t->in_break ? RFC2217_BREAK_ON : RFC2217_BREAK_OFF; break;
	case RFC2217_DTR_ON:
	case RFC2217_DTR_OFF:
		t->dtr = value == RFC2217_DTR_ON;
		modem_dtr(l->of->modem, t->dtr, l->now_us);
		break;
	case RFC2217_DTR_ASK: now = t->dtr ? RFC2217_DTR_ON : RFC2217_DTR_OFF; break;
	case RFC2217_RTS_ON:
	case RFC2217_RTS_OFF: t->rts = value == RFC2217_RTS_ON; break;
	case RFC2217_RTS_ASK: now = t->rts ? RFC2217_RTS_ON : RFC2217_RTS_OFF; break;
	default: return;
	}
	rfc2217_say(&t->codec, RFC2217_CONTROL, now);
}

static void
purge(struct emulate_link *l, uint32_t which)
{
	/* Received from the module, and not sent on yet; what is still on its line will come. */
	if (which & 1)
		l->sent = l->due;
	if (which & 2)
		l->heard_len = 0;
	rfc2217_say(&l->telnet->codec, RFC2217_PURGE, which);
}

static void
request(struct emulate_link *l, const struct rfc2217_event *event)
{
	struct emulate_telnet *t = l->telnet;
	struct rfc2217 *codec = &t->codec;

	switch (event->command) {
	case RFC2217_SIGNATURE:
		if (event->bytes.len == 0)
			rfc2217_sign(codec, SPAN("attest emulate " ATTEST_VERSION));
		break;
	case RFC2217_BAUD: set_baud(l, event->value); break;
	/* The module's format is 8n1 (AT+ICF's default), whatever is asked for. */
	case RFC2217_DATASIZE: rfc2217_say(codec, RFC2217_DATASIZE, 8); break;
	case RFC2217_PARITY: rfc2217_say(codec, RFC2217_PARITY, RFC2217_PARITY_NONE); break;
	case RFC2217_STOPSIZE: rfc2217_say(codec, RFC2217_STOPSIZE, 1); break;
	case RFC2217_CONTROL: set_control(l, event->value); break;
	case RFC2217_LINESTATE: rfc2217_say(codec, RFC2217_LINESTATE, 0); break;
	case RFC2217_MODEMSTATE: t->tell = true; break;
	case RFC2217_SUSPEND: t->suspended = true; break;
	case RFC2217_RESUME: t->suspended = false; break;
	/* A line that makes no errors has nothing to tell. */
	case RFC2217_LINESTATE_MASK: rfc2217_say(codec, RFC2217_LINESTATE_MASK, event->value); break;
	case RFC2217_MODEMSTATE_MASK:
		t->state_mask = (uint8_t)event->value;
		t->tell = true;
		rfc2217_say(codec, RFC2217_MODEMSTATE_MASK, event->value);
		break;
	case RFC2217_PURGE: purge(l, event->value); break;
	}
	pull(t);
	telnet_lines(l);
}

/* ---- bytes --------------------------------------------------------------------------- */

void
telnet_read(struct emulate_link *l, struct span bytes, uint64_t now_us)
{
	struct emulate_telnet *t = l->telnet;

	while (bytes.len > 0) {
		struct rfc2217_event event;

		bytes = span_after(bytes, rfc2217_feed(&t->codec, bytes, &event));
		switch (event.kind) {
		case RFC2217_DATA: link_heard(l, event.bytes, now_us); break;
		case RFC2217_EVENT: request(l, &event); break;
		case RFC2217_OPTION:
			/* With the option agreed on, the host has yet to hear how the lines are. */
			if (event.option == TELNET_COM_PORT && event.change == TELNET_ON)
				t->tell = true;
			break;
		case RFC2217_MORE:
		case RFC2217_BREAK:
		case RFC2217_ECHOED:
		case RFC2217_FAULT: break;
		}
		pull(t);
	}
	telnet_lines(l);
}

void
telnet_fill(struct emulate_link *l)
{
	struct emulate_telnet *t = l->telnet;
	struct span due = span_of(l->said + l->sent, l->due - l->sent);

	telnet_lines(l);
	pull(t);
	if (t->codec.say_len > 0 || (t->suspended && !l->ended))
		return;
	t->out_len += rfc2217_encode(&t->codec, &due, t->out + t->out_len, TELNET_OUT_MAX - t->out_len);
	l->sent = l->due - due.len;
}
