#include "telnet.h"

void
telnet_init(struct telnet *t, uint64_t ours, uint64_t theirs)
{
	memset(t, 0, sizeof(*t));
	t->may[TELNET_OURS] = ours;
	t->may[TELNET_THEIRS] = theirs;
}

static uint64_t
bit_of(uint8_t option)
{
	return option < TELNET_OPTIONS ? TELNET_BIT(option) : 0;
}

bool
telnet_is_on(const struct telnet *t, enum telnet_end end, uint8_t option)
{
	return (t->on[end] & bit_of(option)) != 0;
}

static size_t
say(char into[TELNET_ANSWER_MAX], uint8_t verb, uint8_t option)
{
	into[0] = (char)TELNET_IAC;
	into[1] = (char)verb;
	into[2] = (char)option;
	return TELNET_ANSWER_MAX;
}

size_t
telnet_ask(struct telnet *t, enum telnet_end end, uint8_t option, char into[TELNET_ANSWER_MAX])
{
	if (((t->on[end] | t->asked[end]) & bit_of(option)) != 0)
		return 0;
	t->asked[end] |= bit_of(option);
	return say(into, end == TELNET_OURS ? TELNET_WILL : TELNET_DO, option);
}

/* ---- negotiation (RFC 1143) ---------------------------------------------------- */

/* The peer is for it: DO for our end, WILL for its own. */
static bool
agreed(struct telnet *t, struct telnet_event *out)
{
	const uint64_t bit = bit_of(out->code);
	const bool ours = out->end == TELNET_OURS;

	if (t->on[out->end] & bit)
		return false;
	if (t->asked[out->end] & bit) {
		t->asked[out->end] &= ~bit;
	} else if ((t->may[out->end] & bit) && t->agreed < TELNET_AGREED_MAX) {
		t->agreed++;
		out->answer_len = say(out->answer, ours ? TELNET_WILL : TELNET_DO, out->code);
	} else {
		out->answer_len = say(out->answer, ours ? TELNET_WONT : TELNET_DONT, out->code);
		out->change = TELNET_DECLINED;
		return true;
	}
	t->on[out->end] |= bit;
	out->change = TELNET_ON;
	return true;
}

/* The peer is against it: DONT for our end, WONT for its own. */
static bool
opposed(struct telnet *t, struct telnet_event *out)
{
	const uint64_t bit = bit_of(out->code);

	if (t->on[out->end] & bit) {
		t->on[out->end] &= ~bit;
		out->answer_len = say(out->answer, out->end == TELNET_OURS ? TELNET_WONT : TELNET_DONT, out->code);
		out->change = TELNET_OFF;
		return true;
	}
	out->change = TELNET_REFUSED;
	if (!(t->asked[out->end] & bit))
		return false;
	t->asked[out->end] &= ~bit;
	return true;
}

static void
negotiate(struct telnet *t, uint8_t option, struct telnet_event *out)
{
	bool changed;

	t->at = TELNET_AT_DATA;
	out->code = option;
	out->end = t->verb == TELNET_DO || t->verb == TELNET_DONT ? TELNET_OURS : TELNET_THEIRS;
	changed = t->verb == TELNET_DO || t->verb == TELNET_WILL ? agreed(t, out) : opposed(t, out);
	if (!changed)
		return;
	out->kind = TELNET_CHANGE;
	/* A NUL from here on belongs to no CR before. */
	if (out->end == TELNET_THEIRS && option == TELNET_BINARY && out->change != TELNET_REFUSED)
		t->after_cr = false;
}

/* ---- framing ------------------------------------------------------------------- */

static void
fault(struct telnet_event *out, const char *why)
{
	out->kind = TELNET_FAULT;
	out->why = why;
}

static void
sub_begin(struct telnet *t)
{
	t->at = TELNET_AT_SUB;
	t->sub_len = 0;
	t->sub_long = false;
}

static void
sub_add(struct telnet *t, char c, struct telnet_event *out)
{
	t->at = TELNET_AT_SUB;
	if (t->sub_len < TELNET_SUB_MAX) {
		t->sub[t->sub_len++] = c;
	} else if (!t->sub_long) {
		t->sub_long = true;
		fault(out, "a subnegotiation that is too long");
	}
}

static void
sub_end(struct telnet *t, struct telnet_event *out)
{
	t->at = TELNET_AT_DATA;
	if (t->sub_long)
		return;
	if (t->sub_len == 0) {
		fault(out, "a subnegotiation of nothing");
		return;
	}
	out->kind = TELNET_SUBNEGOTIATION;
	out->code = (uint8_t)t->sub[0];
	out->bytes = span_of(t->sub + 1, t->sub_len - 1u);
}

/* Behind an IAC in data. */
static void
command(struct telnet *t, const char *at, struct telnet_event *out)
{
	uint8_t c = (uint8_t)*at;

	t->at = TELNET_AT_DATA;
	if (c == TELNET_IAC) {
		t->after_cr = false;
		out->kind = TELNET_DATA;
		out->bytes = span_of(at, 1);
	} else if (c == TELNET_SB) {
		sub_begin(t);
	} else if (c >= TELNET_WILL) {
		t->at = TELNET_AT_VERB;
		t->verb = c;
	} else if (c < TELNET_SE) {
		fault(out, "an IAC before what is no command");
	} else if (c == TELNET_SE) {
		fault(out, "the end of a subnegotiation that did not begin");
	} else {
		out->kind = TELNET_COMMAND;
		out->code = c;
	}
}

/* A run of data up to the next IAC; not binary, up to a CR, too, since the NUL behind it is none of it. */
static size_t
data(struct telnet *t, struct span in, struct telnet_event *out)
{
	const char *iac = memchr(in.at, TELNET_IAC, in.len), *cr;
	size_t n = iac == NULL ? in.len : (size_t)(iac - in.at);

	if (n == 0) {
		t->at = TELNET_AT_IAC;
		return 1;
	}
	if (t->after_cr) {
		t->after_cr = false;
		if (in.at[0] == '\0')
			return 1;
	}
	if (!telnet_is_on(t, TELNET_THEIRS, TELNET_BINARY) && (cr = memchr(in.at, '\r', n)) != NULL) {
		n = (size_t)(cr - in.at) + 1;
		t->after_cr = true;
	}
	out->kind = TELNET_DATA;
	out->bytes = span_of(in.at, n);
	return n;
}

/* One step on; at least one byte is there.  Return how many were taken. */
static size_t
step(struct telnet *t, struct span in, struct telnet_event *out)
{
	switch (t->at) {
	case TELNET_AT_DATA: return data(t, in, out);
	case TELNET_AT_IAC: command(t, in.at, out); return 1;
	case TELNET_AT_VERB: negotiate(t, (uint8_t)in.at[0], out); return 1;
	case TELNET_AT_SUB:
		if ((uint8_t)in.at[0] == TELNET_IAC)
			t->at = TELNET_AT_SUB_IAC;
		else
			sub_add(t, in.at[0], out);
		return 1;
	case TELNET_AT_SUB_IAC:
		if ((uint8_t)in.at[0] == TELNET_IAC) {
			sub_add(t, in.at[0], out);
			return 1;
		}
		if ((uint8_t)in.at[0] == TELNET_SE) {
			sub_end(t, out);
			return 1;
		}
		/* It was never ended: what comes now stands for itself. */
		t->at = TELNET_AT_IAC;
		fault(out, "a command inside a subnegotiation");
		return 0;
	}
	return 1;
}

size_t
telnet_feed(struct telnet *t, struct span in, struct telnet_event *out)
{
	size_t taken = 0;

	memset(out, 0, sizeof(*out));
	while (taken < in.len && out->kind == TELNET_MORE)
		taken += step(t, span_after(in, taken), out);
	return taken;
}

/* ---- the other direction ------------------------------------------------------- */

size_t
telnet_encode(const struct telnet *t, struct span *data, char *into, size_t cap)
{
	const bool text = ((t->on[TELNET_OURS] | t->asked[TELNET_OURS]) & TELNET_BIT(TELNET_BINARY)) == 0;
	size_t n = 0;

	while (data->len > 0) {
		const char c = data->at[0];
		const bool two = (uint8_t)c == TELNET_IAC || (text && c == '\r');

		if (cap - n < 1u + two)
			break;
		into[n++] = c;
		if (two)
			into[n++] = (uint8_t)c == TELNET_IAC ? c : '\0';
		*data = span_after(*data, 1);
	}
	return n;
}
