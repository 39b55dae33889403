#include <stdio.h>

#include "escape.h"
#include "run_internal.h"

/* ---- echo -------------------------------------------------------------------- */

/* A fault that is what is left of the echo: it begins or ends as the command does. */
static bool
echo_remains(const struct runner *r, struct span text)
{
	if (r->command_len < 2 || text.len < 2)
		return false;
	return memcmp(text.at, r->command, 2) == 0 || memcmp(text.at + text.len - 2, r->command + r->command_len - 2, 2) == 0;
}

static enum played
echo_wrong(struct runner *r, const struct step *s, const struct event *e)
{
	char want[200], got[220];

	escape_bytes(want, sizeof(want), span_of(r->command, r->command_len));
	run_received(e, got, sizeof(got));
	r->echo_due = false;
	if (e->reply.kind == AT_REPLY_ECHO || e->reply.kind == AT_REPLY_FAULT)
		return run_fail_hard(r, s, "EchoMismatch", want, got, e->when.at_us, "the echo of %.120s came back as %s", want, got);
	return run_fail_hard(r, s, "EchoMismatch", want, got, e->when.at_us, "%.120s was not echoed before its answer %s", want, got);
}

/* Judge the held event as an echo.  PLAYED: it was one, all is well, and it was taken.  LEFT: it is no echo, or none that matters. */
static enum played
echo_judge(struct runner *r, const struct step *s)
{
	const struct event *e = &r->stream.event;
	char got[200];
	enum played how;

	if (!r->judged || r->echo == ECHO_ANY) {
		if (e->reply.kind != AT_REPLY_ECHO)
			return LEFT;
		run_take(r);
		return PLAYED;
	}
	if (e->reply.kind == AT_REPLY_ECHO) {
		bool due = r->echo_due;

		if (due && span_equal(e->reply.text, span_of(r->command, r->command_len))) {
			r->echo_due = false;
			run_take(r);
			return PLAYED;
		}
		escape_bytes(got, sizeof(got), e->reply.text);
		how = due ? echo_wrong(r, s, e)
			  : run_fail_hard(r, s, "EchoMismatch", "no echo", got, e->when.at_us, "%s came back though no echo is due", got);
		run_take(r);
		return how;
	}
	if (!r->echo_due || e->reply.kind == AT_REPLY_URC)
		return LEFT;
	if (e->reply.kind == AT_REPLY_FAULT && !echo_remains(r, e->reply.text))
		return LEFT;
	how = echo_wrong(r, s, e);
	if (how == FAILED)
		run_take(r);
	return how == FAILED ? FAILED : LEFT;
}

enum next
run_next(struct runner *r, const struct step *s, uint64_t until_us, enum played *how)
{
	for (;;) {
		enum stream_result got = stream_event(&r->stream, until_us);

		*how = PLAYED;
		if (got == STREAM_TIME)
			return NEXT_TIME;
		if (got != STREAM_EVENT) {
			*how = run_stream_failed(r, s, got);
			return NEXT_BROKEN;
		}
		*how = echo_judge(r, s);
		if (*how == FAILED)
			return NEXT_BROKEN;
		if (*how == LEFT)
			return NEXT_EVENT;
	}
}

/* ---- taking ---------------------------------------------------------------- */

/* The line announces a payload: how long. */
static bool
announces(struct span line, uint64_t *length)
{
	static const char *const headers[] = { "+HTTPREAD: ", "+HTTPHEAD: ", "+FTPGET: 2,", "+FTPLIST: 2,", NULL };
	uint64_t n = 0;

	for (const char *const *h = headers; *h != NULL; h++) {
		struct span rest;

		if (!span_starts(line, span_str(*h)))
			continue;
		rest = span_after(line, strlen(*h));
		if (rest.len == 0 || rest.len > 9)
			return false;
		for (size_t i = 0; i < rest.len; i++) {
			if (rest.at[i] < '0' || rest.at[i] > '9')
				return false;
			n = n * 10 + (uint64_t)(rest.at[i] - '0');
		}
		*length = n;
		return true;
	}
	return false;
}

void
run_write_raw(struct runner *r, struct span bytes, uint64_t at_us)
{
	char whole[TRANSCRIPT_STRING_MAX];
	size_t n = r->echoed_len;

	bytes = span_first(bytes, sizeof(whole) - n);
	memcpy(whole, r->echoed, n);
	memcpy(whole + n, bytes.at, bytes.len);
	r->echoed_len = 0;
	transcript_string(&r->transcript, "<<", span_of(whole, n + bytes.len), at_us);
}

/* The echo that is taken: raw bytes behind it are written down together with it, since "<<" sees the echo, too. */
static void
keep_echo(struct runner *r)
{
	struct span bytes = span_of(r->stream.bytes + r->stream.mark, r->stream.fed - r->stream.mark);

	bytes = span_first(bytes, sizeof(r->echoed));
	memcpy(r->echoed, bytes.at, bytes.len);
	r->echoed_len = bytes.len;
}

/* A fault is written down as the bytes it was. */
static void
raw_seen(struct runner *r)
{
	struct span bytes = span_of(r->stream.bytes + r->stream.mark, r->stream.fed - r->stream.mark);

	if (bytes.len > 0)
		run_write_raw(r, bytes, r->stream.event.when.at_us);
}

void
run_take(struct runner *r)
{
	struct event *e = &r->stream.event;
	char words[96];

	switch (e->reply.kind) {
	case AT_REPLY_MORE: break;
	case AT_REPLY_ECHO:
		keep_echo(r);
		if (r->echo == ECHO_ANY && !r->finally)
			transcript_comment(&r->transcript, SPAN("it was echoed"), e->when.at_us);
		break;
	case AT_REPLY_PAYLOAD:
		if (!e->reply.last)
			break;
		snprintf(words, sizeof(words), "%llu bytes", (unsigned long long)e->reply.length);
		transcript_step(&r->transcript, "=", span_str(words), e->when.at_us);
		r->payload_due = false;
		break;
	case AT_REPLY_FAULT: raw_seen(r); break;
	case AT_REPLY_INFO:
	case AT_REPLY_FINAL:
	case AT_REPLY_URC:
	case AT_REPLY_PROMPT:
		/* A line that the parser found in bytes it called a fault before is written down with them. */
		if (r->stream.fed > r->stream.mark)
			transcript_text(&r->transcript, "<", e->reply.text, "", e->when.at_us);
		r->echoed_len = 0;
		r->header = e->when;
		if (e->reply.kind == AT_REPLY_FINAL) {
			r->pending = false;
			r->echo_due = false;
		}
		r->payload_due = e->reply.kind == AT_REPLY_INFO && announces(e->reply.text, &r->payload_length);
		break;
	}
	stream_take(&r->stream);
}
