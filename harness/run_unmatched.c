#include <stdio.h>

#include "at_codes.h"
#include "escape.h"
#include "run_internal.h"

/* How long a late line is waited for, to tell late from never. */
#define GRACE_MIN_US 500000u
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

/* It can be a line that a case expects. */
static bool
is_line(const struct event *e)
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

/* It is no information text, whatever else the case says: a result code, or what comes by itself at any moment or never. */
static bool
is_of_its_own(const struct event *e)
{
	return e->reply.kind == AT_REPLY_FINAL || (e->reply.kind == AT_REPLY_URC && (listed(e->reply.text, allowed_always, allowed_whole) ||
											listed(e->reply.text, never_always, never_whole)));
}

/* Which of n texts the held line is, or -1.  open: a text that begins with a hole takes any line. */
static int
match_one(struct runner *r, const struct text *texts, int n, bool open, const char **bad)
{
	const struct event *e = &r->stream.event;

	*bad = NULL;
	if (!is_line(e))
		return -1;
	for (int i = 0; i < n; i++) {
		if (!open && is_of_its_own(e) && begins_open(&texts[i]))
			continue;
		if (match_line(&texts[i], e->reply.text, &r->values, &r->match))
			return i;
		if (r->match.why != NULL && *bad == NULL)
			*bad = r->match.why;
	}
	return -1;
}

int
run_match(struct runner *r, const struct text *texts, int n, const char **bad)
{
	return match_one(r, texts, n, false, bad);
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
	if (!is_line(e))
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
		if (match_one(r, list[i], 1, r->stream.event.reply.kind != AT_REPLY_FINAL, &bad) >= 0)
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
	return listed(r->stream.event.reply.text, never_always, never_whole);
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
	case AT_REPLY_FAULT: return is_line(e) ? "UnexpectedLine" : "FramingFault";
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
		if (!s->text[i].any_error && s->text[i].count > 1 && is_line(&r->stream.event) &&
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
	return run_fail(r, s, false, "FramingFault", expected, got, e->at_us, "%s: received \"%s\"", e->reply.why, got);
}

enum played
run_framing(struct runner *r, const struct step *s, const char *expected)
{
	enum played how;

	if (!stream_queued(&r->stream) || r->stream.event.reply.kind != AT_REPLY_FAULT || is_line(&r->stream.event))
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

	if (e->reply.kind == AT_REPLY_FAULT && !is_line(e))
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
			how = run_timing(r, until, &w, r->stream.event.at_us, "the until line");
		}
		match_capture(&until->text[which], &r->match, &r->values);
		run_moment(r, until, r->stream.event.at_us);
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
	bool forbidden = is_unsolicited(r, e) && in_list(r, r->never, r->nevers);
	char got[VERDICT_MESSAGE_MAX];
	enum played how;

	if (!forbidden && !(is_startup(e) && !r->restarting) && !(is_unsolicited(r, e) && is_never(r)))
		return PLAYED;
	run_received(e, got, sizeof(got));
	how = run_fail_hard(r, s, forbidden ? "ForbiddenText" : "ModuleRestarted", expected, got, e->at_us, "the module said %s, which %s",
	    got, forbidden ? "the case forbids" : "must never come: it restarted or lost power");
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
		uint64_t at_us = r->stream.event.at_us;
		int which = run_match(r, s->text, s->texts, &bad);

		if (which < 0 && run_is_allowed(r)) {
			run_take(r);
			continue;
		}
		if (which < 0)
			break;
		how = run_timing(r, s, w, at_us, expected);
		match_capture(&s->text[which], &r->match, &r->values);
		run_moment(r, s, at_us);
		run_take(r);
		return how == PLAYED ? run_framing(r, s, expected) : how;
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
		    "expected a final result code within %s, received nothing", run_duration(d, until - r->sent_us));
	}
	r->pending = false;
	r->payload_due = false;
	return PLAYED;
}
