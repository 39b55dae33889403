#include <stdio.h>

#include "at_codes.h"
#include "escape.h"
#include "run_internal.h"

/* How long a late line is waited for, to tell late from never. */
#define GRACE_MIN_US 500000u
#define GRACE_MAX_US 5000000u

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
	char got[100];

	if (bytes.len == 0)
		bytes = e->reply.text;
	escape_bytes(got, sizeof(got), span_first(bytes, 1024));
	return run_fail(r, s, false, "FramingFault", expected, got, e->when.at_us, "%s: received \"%s\"", e->reply.why, got);
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
		return run_fail(r, s, false, "NotSilent", expected, got, e->when.at_us, "expected %s, received %s", expected, got);
	if (s->kind == STEP_EXPECT && explain_capture(r, s, why, sizeof(why)))
		return run_fail(
		    r, s, false, "CaptureMismatch", expected, got, e->when.at_us, "expected %s, received %s: %s", expected, got, why);
	return run_fail(r, s, false, mismatch_type(e, s->kind == STEP_EXPECT && expects_final(s)), expected, got, e->when.at_us,
	    "expected %s, received %s", expected, got);
}

/* The until line of a loop that is being played, the innermost first. */
static enum played
leave_loop(struct runner *r, const struct step *s)
{
	for (int i = r->untils - 1; i >= 0; i--) {
		const struct step *until = r->until[i];
		const char *bad;
		enum played how = PLAYED;
		struct window w;
		int which = run_match(r, until->text, until->texts, &bad);

		if (which < 0)
			continue;
		/* Between two rounds its time is counted from the end of the round; here there is only a named moment to count from. */
		if (until->when.since >= 0) {
			if (!run_window(r, until, &w))
				return FAILED;
			how = run_timing(r, until, &w, r->stream.event.when, "the until line");
		}
		match_capture(&until->text[which], &r->match, &r->values);
		run_moment(r, until, r->stream.event.when);
		run_take(r);
		if (how == PLAYED)
			how = run_framing(r, until, "the until line");
		r->left_level = i;
		if (how == PLAYED)
			how = run_settle(r, s);
		return how == FAILED ? FAILED : LEFT;
	}
	return PLAYED;
}

/* What must never come fails the case, whatever the step at hand says of itself.  PLAYED: the held event is no such thing. */
static enum played
judge_never(struct runner *r, const struct step *s, const char *expected)
{
	struct event *e = &r->stream.event;
	char got[VERDICT_MESSAGE_MAX];
	enum played how;
	bool forbidden;

	if (!run_is_never(r, &forbidden))
		return PLAYED;
	run_received(e, got, sizeof(got));
	how = run_fail_hard(r, s, forbidden ? "ForbiddenText" : "ModuleRestarted", expected, got, e->when.at_us,
	    "the module said %s, which %s", got, forbidden ? "the case forbids" : "must never come: it restarted or lost power");
	run_take(r);
	return how;
}

enum played
run_unmatched(struct runner *r, const struct step *s, const char *expected, bool *over)
{
	struct event *e = &r->stream.event;
	enum played how = leave_loop(r, s);
	bool final = e->reply.kind == AT_REPLY_FINAL;

	*over = false;
	if (how != PLAYED)
		return how;
	if (run_is_allowed(r)) {
		run_take(r);
		return PLAYED;
	}
	*over = true;
	how = judge_never(r, s, expected);
	if (how != PLAYED)
		return how;
	how = fail_unmatched(r, s, expected);
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
	char text[100];

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
	return s->kind == STEP_EXPECT && s->texts > 0 && run_urc_window(text_start(&s->text[0])) != 0;
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
		grace = RUN_URC_US;
	while (s->kind == STEP_EXPECT && r->judged && run_next(r, s, w->until_us + grace, &how) == NEXT_EVENT) {
		struct wire_when when = r->stream.event.when;
		int which = run_match(r, s->text, s->texts, &bad);

		if (which < 0 && run_is_allowed(r)) {
			run_take(r);
			continue;
		}
		if (which < 0)
			break;
		how = run_timing(r, s, w, when, expected);
		match_capture(&s->text[which], &r->match, &r->values);
		run_moment(r, s, when);
		run_take(r);
		return how == PLAYED ? run_framing(r, s, expected) : how;
	}
	return run_fail(r, s, false, expects_urc(s) ? "UrcTimeout" : "LineTimeout", expected, got, 0, "expected %s within %s, received %s",
	    expected, run_duration(d, w->within_us), got);
}

enum played
run_settle(struct runner *r, const struct step *s)
{
	uint64_t until = r->sent.at_us + r->response_us;
	bool judged = r->judged;

	if (!r->pending)
		return PLAYED;
	if (until < stream_now(&r->stream) + RUN_UNTIL_US)
		until = stream_now(&r->stream) + RUN_UNTIL_US;
	r->echo_due = false;
	while (r->pending) {
		enum stream_result got = stream_event(&r->stream, until);

		if (got == STREAM_TIME)
			break;
		if (got != STREAM_EVENT) {
			enum played how = run_stream_failed(r, s, got);

			return r->lost || judged ? how : FAILED;
		}
		if (judged && !r->finally && judge_never(r, s, "the rest of the answer") != PLAYED)
			return FAILED;
		run_take(r);
	}
	/* A step that was informational may have been the answer's own; nothing else excuses a command without a result code. */
	if (r->pending && judged && !r->finally && !r->loose) {
		char d[32];

		return run_fail_hard(r, s, "LineTimeout", "a final result code", "nothing", 0,
		    "expected a final result code within %s, received nothing", run_duration(d, until - r->sent.at_us));
	}
	r->pending = false;
	r->payload_due = false;
	return PLAYED;
}
