#include <stdio.h>

#include "at_codes.h"
#include "escape.h"
#include "run_internal.h"

/* Defaults of cases/README.md, where the manual's response time of the command is not what counts. */
#define URC_US 75000000u
#define HTTPACTION_US 120000000u
#define PAYLOAD_US 5000000u
#define PAYLOAD_BYTE_US 1050u /* a byte at 9600 baud: a long payload may take that long */
#define LINE_US 100000u
#define UNTIL_US 300000u
#define GRACE_MIN_US 500000u /* how long a late line is waited for, to tell late from never */
#define GRACE_MAX_US 5000000u

/* What may come at any moment, and what means that the module restarted: the beginnings of such lines. */
static const char *const allowed_always[] = {
	"+CREG: ",
	"+CGREG: ",
	"+CLIP: ",
	"+CMTI: ",
	"+CUSD: ",
	"+CSQN: ",
	"+CIEV: ",
	"*PSUTTZ: ",
	"*PSNWID: ",
	"DST: ",
	"+CTZV: ",
	"UNDER-VOLTAGE WARN",
	"OVER-VOLTAGE WARN",
	NULL,
};
static const char *const allowed_whole[] = { "RING", "Call Ready", "SMS Ready", NULL };
static const char *const never_always[] = { "+CFUN: ", NULL };
static const char *const never_whole[] = { "RDY", "NORMAL POWER DOWN", "UNDER-VOLTAGE POWER DOWN", "OVER-VOLTAGE POWER DOWN", NULL };

static bool
listed(struct span line, const char *const *starts, const char *const *whole)
{
	for (; *starts != NULL; starts++)
		if (span_starts(line, span_str(*starts)))
			return true;
	for (; *whole != NULL; whole++)
		if (span_equal(line, span_str(*whole)))
			return true;
	return false;
}

/* ---- windows --------------------------------------------------------------- */

/* Whether it is announced later, not part of the answer: "+FTPGET: 1,...", "+HTTPACTION: ...", "+SAPBR 1: DEACT". */
static uint64_t
urc_window(struct span start)
{
	const char *colon;

	if (span_starts(start, SPAN("+HTTPACTION:")))
		return HTTPACTION_US;
	if (span_starts(start, SPAN("+SAPBR 1:")) || span_starts(start, SPAN("+SAPBR 2:")) || span_starts(start, SPAN("+SAPBR 3:")))
		return URC_US;
	if (!span_starts(start, SPAN("+FTP")))
		return 0;
	colon = memchr(start.at, ':', start.len);
	if (colon == NULL)
		return 0;
	return span_starts(span_after(start, (size_t)(colon - start.at)), SPAN(": 1,")) ? URC_US : 0;
}

static uint64_t
expect_default(const struct runner *r, const struct step *s)
{
	uint64_t longest = 0;

	for (int i = 0; i < s->texts; i++) {
		struct span start = text_start(&s->text[i]);
		uint64_t us = urc_window(start);

		if (us == 0 && r->pending)
			us = r->response_us;
		if (us == 0)
			us = at_final_of(start, NULL) == AT_FINAL_NONE && !s->text[i].any_error ? URC_US : AT_RESPONSE_MS * 1000u;
		longest = us > longest ? us : longest;
	}
	return longest;
}

bool
run_window(struct runner *r, const struct step *s, struct window *w)
{
	const struct when *when = &s->when;
	uint64_t base = r->sent_us, within = 0;

	switch (s->kind) {
	case STEP_PAYLOAD:
		within = PAYLOAD_US + r->payload_length * PAYLOAD_BYTE_US;
		base = when->has_within || when->has_after ? base : r->header_us;
		break;
	case STEP_LINE:
		within = LINE_US;
		base = when->has_within || when->has_after ? base : stream_now(&r->stream);
		break;
	case STEP_REPEAT:
		within = UNTIL_US;
		base = stream_now(&r->stream);
		break;
	case STEP_RAW: within = r->pending && r->response_us > 0 ? r->response_us : AT_RESPONSE_MS * 1000u; break;
	case STEP_EXPECT: within = expect_default(r, s); break;
	case STEP_SEND:
	case STEP_DATA:
	case STEP_NOTHING:
	case STEP_WAIT:
	case STEP_SILENCE:
	case STEP_FAR:
	case STEP_SAYS:
	case STEP_ANSWERS:
	case STEP_BEARER_LOST:
	case STEP_REBOOT:
	case STEP_SET:
	case STEP_FAULT:
	case STEP_DTR:
	case STEP_ALLOW:
	case STEP_NEVER:
	case STEP_ECHO:
	case STEP_CURSOR:
	case STEP_EITHER:
	case STEP_ANY_ORDER: break;
	}
	if (when->since >= 0) {
		const struct value *v = &r->values.value[when->since];

		if (!v->is_moment) {
			run_bad_case(r, s, "since a moment that no step has set yet");
			return false;
		}
		base = v->moment_us;
	}
	if (when->has_within)
		within = when->within_us;
	else if (when->has_after && within < when->after_us + URC_US)
		within = when->after_us + URC_US;
	w->base_us = base;
	w->after_us = base + (when->has_after ? when->after_us : 0);
	w->within_us = within;
	w->until_us = base + within;
	return true;
}

void
run_moment(struct runner *r, const struct step *s, uint64_t at_us)
{
	if (s->when.as < 0)
		return;
	r->values.value[s->when.as].set = true;
	r->values.value[s->when.as].is_moment = true;
	r->values.value[s->when.as].moment_us = at_us;
}

enum played
run_timing(struct runner *r, const struct step *s, const struct window *w, uint64_t at_us, const char *expected)
{
	char got[200], came[32], bound[32];

	escape_bytes(got, sizeof(got), span_first(r->stream.event.reply.text, 512));
	if (s->kind == STEP_RAW || s->kind == STEP_PAYLOAD)
		snprintf(got, sizeof(got), "%.190s", expected);
	if (at_us < w->after_us)
		return run_fail(r, s, true, "EarlyLine", expected, got, at_us, "%s came after %s, expected not before %s", got,
		    run_duration(came, at_us - w->base_us), run_duration(bound, w->after_us - w->base_us));
	if (at_us > w->until_us)
		return run_fail(r, s, true, "LateLine", expected, got, at_us, "%s came after %s, expected within %s", got,
		    run_duration(came, at_us - w->base_us), run_duration(bound, w->within_us));
	return PLAYED;
}

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
		return run_fail(r, s, false, "EchoMismatch", want, got, e->at_us, "the echo of %.120s came back as %s", want, got);
	return run_fail(r, s, false, "EchoMismatch", want, got, e->at_us, "%.120s was not echoed before its answer %s", want, got);
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
			  : run_fail(r, s, false, "EchoMismatch", "no echo", got, e->at_us, "%s came back though no echo is due", got);
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

/* A fault is written down as the bytes it was. */
static void
raw_seen(struct runner *r)
{
	struct span bytes = span_of(r->stream.bytes + r->stream.mark, r->stream.fed - r->stream.mark);

	if (bytes.len > 0)
		transcript_string(&r->transcript, "<<", span_first(bytes, TRANSCRIPT_STRING_MAX), r->stream.event.at_us);
}

void
run_take(struct runner *r)
{
	struct event *e = &r->stream.event;
	char words[96];

	switch (e->reply.kind) {
	case AT_REPLY_MORE: break;
	case AT_REPLY_ECHO:
		if (r->echo == ECHO_ANY && !r->finally)
			transcript_comment(&r->transcript, SPAN("it was echoed"), e->at_us);
		break;
	case AT_REPLY_PAYLOAD:
		if (!e->reply.last)
			break;
		snprintf(words, sizeof(words), "%llu bytes", (unsigned long long)e->reply.length);
		transcript_step(&r->transcript, "=", span_str(words), e->at_us);
		r->payload_due = false;
		break;
	case AT_REPLY_FAULT: raw_seen(r); break;
	case AT_REPLY_INFO:
	case AT_REPLY_FINAL:
	case AT_REPLY_URC:
	case AT_REPLY_PROMPT:
		transcript_text(&r->transcript, "<", e->reply.text, "", e->at_us);
		r->header_us = e->at_us;
		if (e->reply.kind == AT_REPLY_FINAL) {
			r->pending = false;
			r->echo_due = false;
		}
		r->payload_due = e->reply.kind == AT_REPLY_INFO && announces(e->reply.text, &r->payload_length);
		break;
	}
	stream_take(&r->stream);
}

/* ---- judging ------------------------------------------------------------------ */

bool
run_is_line(const struct event *e)
{
	switch (e->reply.kind) {
	case AT_REPLY_INFO:
	case AT_REPLY_FINAL:
	case AT_REPLY_URC:
	case AT_REPLY_PROMPT: return true;
	case AT_REPLY_FAULT:
		for (size_t i = 0; i < e->reply.text.len; i++)
			if (e->reply.text.at[i] < 0x20 || e->reply.text.at[i] == 0x7f)
				return false;
		return strcmp(e->reply.why, RUN_STRAY_WHY) == 0;
	case AT_REPLY_MORE:
	case AT_REPLY_ECHO:
	case AT_REPLY_PAYLOAD: break;
	}
	return false;
}

/* A text that begins with a hole asks for information text: no result code is meant. */
static bool
begins_open(const struct text *t)
{
	return !t->any_error && t->count > 0 && t->part[0].kind != HOLE_LITERAL && t->part[0].kind != HOLE_VALUE;
}

int
run_match(struct runner *r, const struct text *texts, int n, const char **bad)
{
	const struct event *e = &r->stream.event;

	*bad = NULL;
	if (!run_is_line(e))
		return -1;
	for (int i = 0; i < n; i++) {
		if (e->reply.kind == AT_REPLY_FINAL && begins_open(&texts[i]))
			continue;
		if (match_line(&texts[i], e->reply.text, &r->values, &r->match))
			return i;
		if (r->match.why != NULL && *bad == NULL)
			*bad = r->match.why;
	}
	return -1;
}

/* The line belongs to the pending command: it begins with the command's own name and a colon. */
static bool
is_own_answer(const struct runner *r, struct span line)
{
	struct span rest = span_of(r->command, r->command_len);

	while (r->pending && rest.len > 0) {
		const struct at_command_facts *f = at_command_of(rest, &rest);
		size_t n;

		if (f == NULL)
			return false;
		n = strlen(f->name);
		if (line.len > n && memcmp(line.at, f->name, n) == 0 && line.at[n] == ':')
			return true;
	}
	return false;
}

/* It came by itself. */
static bool
is_unsolicited(const struct runner *r, const struct event *e)
{
	if (!run_is_line(e))
		return false;
	switch (e->reply.kind) {
	case AT_REPLY_URC:
	case AT_REPLY_FAULT: return true;
	case AT_REPLY_INFO: return !is_own_answer(r, e->reply.text);
	case AT_REPLY_FINAL: return e->reply.final == AT_FINAL_POWER_DOWN;
	case AT_REPLY_MORE:
	case AT_REPLY_ECHO:
	case AT_REPLY_PROMPT:
	case AT_REPLY_PAYLOAD: break;
	}
	return false;
}

static bool
in_list(struct runner *r, const struct text *const *list, int n)
{
	const char *bad;

	for (int i = 0; i < n; i++)
		if (run_match(r, list[i], 1, &bad) >= 0)
			return true;
	return false;
}

/* The bytes a module sends while it starts: 00 49 49 49 49 FF FF FF FF (manual, introduction). */
static bool
is_startup(const struct event *e)
{
	if (e->reply.kind != AT_REPLY_FAULT || e->reply.text.len < 2 || strcmp(e->reply.why, RUN_STRAY_WHY) != 0)
		return false;
	for (size_t i = 0; i < e->reply.text.len; i++) {
		unsigned char c = (unsigned char)e->reply.text.at[i];

		if (c != 0x00 && c != 0x49 && c != 0xff)
			return false;
	}
	return e->reply.text.at[0] == 0x00 && memchr(e->reply.text.at, 0x49, e->reply.text.len) != NULL;
}

static bool
is_never(struct runner *r)
{
	return in_list(r, r->never, r->nevers) || listed(r->stream.event.reply.text, never_always, never_whole);
}

/* The case's own lists go first, so that it can allow what never comes otherwise, and the other way round. */
bool
run_is_allowed(struct runner *r)
{
	const struct event *e = &r->stream.event;

	if (is_startup(e))
		return r->restarting;
	if (!is_unsolicited(r, e) || in_list(r, r->never, r->nevers))
		return false;
	return in_list(r, r->allow, r->allows) || listed(e->reply.text, allowed_always, allowed_whole);
}

static const char *
mismatch_type(const struct event *e, bool expects_final)
{
	switch (e->reply.kind) {
	case AT_REPLY_FINAL: return "ResultCodeMismatch";
	case AT_REPLY_URC: return "UnexpectedUrc";
	case AT_REPLY_PAYLOAD: return "UnexpectedPayload";
	case AT_REPLY_FAULT: return run_is_line(e) ? "UnexpectedLine" : "FramingFault";
	case AT_REPLY_INFO:
	case AT_REPLY_PROMPT:
	case AT_REPLY_ECHO:
	case AT_REPLY_MORE: break;
	}
	return expects_final ? "UnexpectedLine" : "LineMismatch";
}

/* One of the step's texts has the line's shape: what differs is a value. */
static bool
explain_capture(struct runner *r, const struct step *s, char *into, size_t cap)
{
	for (int i = 0; i < s->texts; i++)
		if (!s->text[i].any_error && s->text[i].count > 1 && run_is_line(&r->stream.event) &&
		    match_shape(&s->text[i], r->stream.event.reply.text, &r->values, &r->match)) {
			match_explain(&s->text[i], &r->match, &r->values, into, cap);
			return true;
		}
	return false;
}

static bool
expects_final(const struct step *s)
{
	for (int i = 0; i < s->texts; i++)
		if (s->text[i].any_error || at_final_of(text_start(&s->text[i]), NULL) != AT_FINAL_NONE)
			return true;
	return false;
}

/* The bytes themselves are shown: what is wrong with them is not in the text of a line. */
static enum played
fail_framing(struct runner *r, const struct step *s, const char *expected)
{
	const struct event *e = &r->stream.event;
	struct span bytes = span_of(r->stream.bytes + r->stream.mark, r->stream.fed - r->stream.mark);
	char got[200];

	if (bytes.len == 0)
		bytes = e->reply.text;
	escape_bytes(got, sizeof(got), span_first(bytes, 1024));
	return run_fail(r, s, false, "FramingFault", expected, got, e->at_us, "%s: received \"%s\"", e->reply.why, got);
}

enum played
run_framing(struct runner *r, const struct step *s, const char *expected)
{
	enum played how;

	if (!stream_queued(&r->stream) || r->stream.event.reply.kind != AT_REPLY_FAULT || run_is_line(&r->stream.event))
		return PLAYED;
	how = fail_framing(r, s, expected);
	run_take(r);
	return how;
}

static enum played
fail_unmatched(struct runner *r, const struct step *s, const char *expected)
{
	const struct event *e = &r->stream.event;
	char got[VERDICT_MESSAGE_MAX], why[200];

	if (e->reply.kind == AT_REPLY_FAULT && !run_is_line(e))
		return fail_framing(r, s, expected);
	run_received(e, got, sizeof(got));
	if (s->kind == STEP_SILENCE)
		return run_fail(r, s, false, "NotSilent", expected, got, e->at_us, "expected %s, received %s", expected, got);
	if (s->kind == STEP_EXPECT && explain_capture(r, s, why, sizeof(why)))
		return run_fail(
		    r, s, false, "CaptureMismatch", expected, got, e->at_us, "expected %s, received %s: %s", expected, got, why);
	return run_fail(r, s, false, mismatch_type(e, s->kind == STEP_EXPECT && expects_final(s)), expected, got, e->at_us,
	    "expected %s, received %s", expected, got);
}

/* The until line of a loop that is being played, the innermost first. */
static enum played
leave_loop(struct runner *r, const struct step *s)
{
	const char *bad;
	enum played how;

	for (int i = r->untils - 1; i >= 0; i--) {
		if (run_match(r, r->until[i]->text, r->until[i]->texts, &bad) < 0)
			continue;
		match_capture(r->until[i]->text, &r->match, &r->values);
		run_moment(r, r->until[i], r->stream.event.at_us);
		run_take(r);
		r->left_level = i;
		how = run_settle(r, s);
		return how == FAILED ? FAILED : LEFT;
	}
	return PLAYED;
}

enum played
run_unmatched(struct runner *r, const struct step *s, const char *expected, bool *over)
{
	struct event *e = &r->stream.event;
	char got[VERDICT_MESSAGE_MAX];
	enum played how = leave_loop(r, s);
	bool final = e->reply.kind == AT_REPLY_FINAL;

	*over = false;
	if (how != PLAYED)
		return how;
	if (run_is_allowed(r)) {
		run_take(r);
		return PLAYED;
	}
	if (is_startup(e) || (is_unsolicited(r, e) && is_never(r))) {
		run_received(e, got, sizeof(got));
		how = run_fail(r, s, false, "ModuleRestarted", expected, got, e->at_us,
		    "the module said %s, which must never come: it restarted or lost power", got);
		*over = true;
		run_take(r);
		return how;
	}
	how = fail_unmatched(r, s, expected);
	*over = true;
	/* An informational step that was answered by a result code it did not ask for: the code belongs to the step behind it. */
	if (how == FAILED || !final || expects_final(s))
		run_take(r);
	return how;
}

/* What has come of a line that is not complete. */
static void
unfinished(struct runner *r, char *into, size_t cap)
{
	struct span bytes = stream_bytes(&r->stream);
	char text[160];

	if (bytes.len == 0) {
		snprintf(into, cap, "nothing");
		return;
	}
	escape_bytes(text, sizeof(text), span_first(bytes, 512));
	snprintf(into, cap, "an unfinished line: \"%s\"", text);
}

static bool
expects_urc(const struct step *s)
{
	return s->kind == STEP_EXPECT && s->texts > 0 && urc_window(text_start(&s->text[0])) != 0;
}

enum played
run_late(struct runner *r, const struct step *s, const struct window *w, const char *expected)
{
	uint64_t grace = w->within_us < GRACE_MIN_US ? GRACE_MIN_US : w->within_us > GRACE_MAX_US ? GRACE_MAX_US : w->within_us;
	char got[VERDICT_MESSAGE_MAX], d[32];
	const char *bad;
	enum played how;

	unfinished(r, got, sizeof(got));
	if (s->when.timing_informational)
		grace = URC_US;
	if (s->kind == STEP_EXPECT && r->judged && run_next(r, s, w->until_us + grace, &how) == NEXT_EVENT &&
	    run_match(r, s->text, s->texts, &bad) >= 0) {
		uint64_t at_us = r->stream.event.at_us;

		how = run_timing(r, s, w, at_us, expected);
		match_capture(&s->text[run_match(r, s->text, s->texts, &bad)], &r->match, &r->values);
		run_moment(r, s, at_us);
		run_take(r);
		return how;
	}
	return run_fail(r, s, false, expects_urc(s) ? "UrcTimeout" : "LineTimeout", expected, got, 0, "expected %s within %s, received %s",
	    expected, run_duration(d, w->within_us), got);
}

enum played
run_settle(struct runner *r, const struct step *s)
{
	uint64_t until = r->sent_us + r->response_us;
	bool judged = r->judged;

	if (!r->pending)
		return PLAYED;
	if (until < stream_now(&r->stream) + UNTIL_US)
		until = stream_now(&r->stream) + UNTIL_US;
	r->echo_due = false;
	while (r->pending) {
		enum stream_result got = stream_event(&r->stream, until);

		if (got == STREAM_TIME)
			break;
		if (got != STREAM_EVENT) {
			enum played how = run_stream_failed(r, s, got);

			return r->lost || judged ? how : FAILED;
		}
		run_take(r);
	}
	r->pending = false;
	r->payload_due = false;
	return PLAYED;
}
