/* What has no fault is said again through at_out, and read again: round-trip. */
#include "at_out.h"
#include "oracle.h"
#include "oracle_reply.h"
#include "quiet.h"

QUIET_BEGIN

struct printed {
	char bytes[ORACLE_SAID_MAX];
	size_t len;
	struct oracle_events events; /* as they are to be read from it */
};

static size_t
junk_of(struct span text)
{
	return at_lexer_junk(text);
}

/*
 * Lines that at_out does not say so that they read the same, since no module says them: the echo of a stray text that
 * begins with junk or holds a CR, and with ATV0 a digit that is no result code.
 */
static bool
odd(const struct reference_event *e, struct span text)
{
	struct span rest = span_after(text, junk_of(text));

	if (e->kind == AT_REPLY_ECHO)
		return rest.len < text.len || memchr(text.at, '\r', text.len) != NULL;
	return !e->verbose && e->kind != AT_REPLY_FINAL && rest.len == 1 && rest.at[0] >= '0' && rest.at[0] <= '9';
}

static bool
put(struct printed *out, struct span bytes)
{
	if (bytes.len > sizeof(out->bytes) - out->len)
		return false;
	if (bytes.len > 0)
		memcpy(out->bytes + out->len, bytes.at, bytes.len);
	out->len += bytes.len;
	return true;
}

/*
 * An echo is what was typed, with its CR.  A/ takes none: the frame of what follows ends it (V.250 5.2.4), and a CR alone
 * only where a command line's echo follows.
 */
static bool
put_echo(struct printed *out, struct span text, const struct reference_event *next, struct span next_text)
{
	bool stray = next == NULL || next->kind != AT_REPLY_ECHO || !at_lexer_is_echo(next_text);

	if (!put(out, text))
		return false;
	if (text.len == 2 && text.at[1] == '/' && stray)
		return next != NULL && next->kind != AT_REPLY_ECHO && next->verbose ? true : put(out, SPAN("\r\n"));
	return put(out, SPAN("\r"));
}

/* at_out's own words, where it has them for this result code; else as it came. */
static long
put_final(struct printed *out, struct at_style style, const struct reference_event *e, struct span text)
{
	char *at = out->bytes + out->len;
	size_t cap = sizeof(out->bytes) - out->len;
	bool number = text.at[text.len - 1] >= '0' && text.at[text.len - 1] <= '9';

	style.cmee = number ? 1 : 2;
	if (e->final == AT_FINAL_CMS_ERROR || (e->final == AT_FINAL_CME_ERROR && (e->cme < 0 || e->cme > 999)))
		return at_out_line(style, text, at, cap);
	if (e->final == AT_FINAL_CONNECT && text.len > strlen("CONNECT"))
		return at_out_line(style, text, at, cap);
	return at_out_final(style, e->final, e->cme, at, cap);
}

/* Say one event.  false: there is no room. */
static bool
say(struct printed *out, struct span text, const struct reference_event *e, const struct reference_event *next, struct span next_text)
{
	struct at_style style = { .verbose = e->verbose, .engine = 600, .colon_blank = true };
	struct reference_event *again = &out->events.at[out->events.len++];
	size_t from = out->len, frame;
	long n;

	*again = *e;
	again->offset = from;
	if (e->kind == AT_REPLY_PAYLOAD)
		return put(out, text);
	if (e->kind == AT_REPLY_ECHO)
		return put_echo(out, text, next, next_text);
	n = e->kind == AT_REPLY_FINAL ? put_final(out, style, e, text)
				      : at_out_line(style, text, out->bytes + from, sizeof(out->bytes) - from);
	if (n < 0)
		return false;
	out->len += (size_t)n;
	frame = e->verbose ? 2 : 0;
	again->offset += frame;
	/* a digit of ATV0 has a CR behind it */
	again->length = (uint64_t)n - frame - (out->bytes[out->len - 1] == '\n' ? 2 : 1);
	again->text = (size_t)again->length;
	return true;
}

/* A result code in other words than it came in, and they are what the host sent without AT: its echo may be meant. */
static bool
reads_as_sent(const struct printed *out, struct span came, const struct host *host)
{
	const struct reference_event *again = &out->events.at[out->events.len - 1];
	struct span said = span_of(out->bytes + again->offset, (size_t)again->length);

	if (again->kind != AT_REPLY_FINAL || span_equal(said, came))
		return false;
	for (int i = 0; i < host->count; i++)
		if (host->acts[i].what == HOST_SENDS && span_equal(said, host->acts[i].text))
			return true;
	return false;
}

void
oracle_round_trip(struct span said, const struct host *host, enum at_mode mode, const struct oracle_events *events)
{
	static struct printed out;

	/* where acts have places, these are other ones; and a digit that was sent without AT reads as a result code, or that as its echo */
	for (int i = 0; i < host->count; i++)
		if (host->acts[i].placed || (host->acts[i].what == HOST_SENDS && host->acts[i].text.len == 1))
			return;
	out.len = 0;
	out.events.len = 0;
	out.events.pending = events->pending;
	for (size_t i = 0; i < events->len; i++) {
		const struct reference_event *e = &events->at[i];
		const struct reference_event *next = i + 1 < events->len ? e + 1 : NULL;
		struct span text = span_of(said.at + e->offset, (size_t)e->length);
		struct span next_text = next != NULL ? span_of(said.at + next->offset, (size_t)next->length) : SPAN("");

		if (e->kind == AT_REPLY_FAULT || odd(e, text) || !say(&out, text, e, next, next_text))
			return;
		if (reads_as_sent(&out, text, host))
			return;
	}
	oracle_feed(span_of(out.bytes, out.len), host, mode, &out.events, ORACLE_WHOLE, 0, "round-trip");
	/* what at_out says has right framing, whatever it was before */
	if (mode == AT_LENIENT)
		oracle_feed(span_of(out.bytes, out.len), host, AT_STRICT, &out.events, ORACLE_WHOLE, 0, "round-trip");
}

QUIET_END
