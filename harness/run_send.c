#include <stdio.h>
#include <strings.h>

#include "at_codes.h"
#include "escape.h"
#include "run_internal.h"

#define DATA_PIECE_MAX 4096
#define LINE_POLL_US 1000

static enum played
bytes_out(struct runner *r, const struct step *s, struct span bytes, uint32_t piece)
{
	while (bytes.len > 0) {
		struct span part = piece == 0 ? bytes : span_first(bytes, piece);
		enum stream_result got;

		r->sent.after_us = stream_now(&r->stream);
		if (r->wire->ops->send(r->wire, part, &r->stream.err) != 0)
			return run_stream_failed(r, s, STREAM_LOST);
		bytes = span_after(bytes, part.len);
		if (piece == 0 || bytes.len == 0)
			continue;
		got = stream_wait(&r->stream, stream_now(&r->stream) + (s->pause_us > 0 ? s->pause_us : 1000));
		if (got != STREAM_TIME)
			return run_stream_failed(r, s, got);
	}
	return PLAYED;
}

static bool
orders_restart(struct span line)
{
	return memmem(line.at, line.len, "+CFUN=1,1", 9) != NULL || memmem(line.at, line.len, "+CPOWD=", 7) != NULL;
}

/* A whole command line leaves: it is pending, and its echo is due. */
static void
command_leaves(struct runner *r, enum terminator end)
{
	struct span line = span_of(r->command, r->command_len);
	bool is_command = line.len >= 2 && (strncasecmp(line.at, "AT", 2) == 0 || strncasecmp(line.at, "A/", 2) == 0);

	mask_learn(&r->mask, line);
	at_reply_expect(&r->stream.parser, line);
	if (is_command) {
		r->pending = true;
		r->restarting = r->restarting || orders_restart(line);
		r->response_us = at_response_ms(line) * UINT64_C(1000);
		r->payload_due = false;
	}
	/* A/ has no terminator, and nothing in the documents says how it comes back. */
	r->echo_due = r->echo == ECHO_ON && line.len > 0 && end != END_NOTHING;
}

/* Before a command: nothing that is no URC may have come behind the last final result code. */
static enum played
check_clear(struct runner *r, const struct step *s)
{
	struct event *e = &r->stream.event;
	enum next got;
	enum played how;
	char seen[VERDICT_MESSAGE_MAX];

	if (r->pending && r->loose)
		return run_settle(r, s);
	if (r->pending)
		return run_bad_case(
		    r, s, "a command is sent before the last one has its final result code: expect that first, or say `at once`");
	if (r->loose)
		return PLAYED;
	got = run_next(r, s, stream_now(&r->stream), &how);
	if (got == NEXT_BROKEN)
		return how;
	if (got == NEXT_TIME || (e->reply.kind != AT_REPLY_FINAL && e->reply.kind != AT_REPLY_INFO))
		return PLAYED;
	run_received(e, seen, sizeof(seen));
	how = run_fail(r, s, false, "UnexpectedLine", "nothing more", seen, e->when.at_us,
	    "expected nothing more before this command, received %s", seen);
	run_take(r);
	return how;
}

/* What comes is this step's to judge. */
static bool
receives(const struct step *s)
{
	return s->kind == STEP_EXPECT || s->kind == STEP_RAW || s->kind == STEP_EITHER || s->kind == STEP_ANY_ORDER;
}

enum played
run_send(struct runner *r, const struct step *s)
{
	static const char *const behind[] = { "", "  ends LF", "  ends CRLF", "  ends nothing" };
	static const char *const endings[] = { "\r", "\n", "\r\n", "" };
	char modifiers[64] = "";
	const char *why = NULL;
	long n = text_render(s->text, &r->values, r->scratch, RUN_COMMAND_MAX - 4, &why);
	size_t end = strlen(endings[s->terminator]), len;
	enum played how = PLAYED;

	if (n < 0)
		return run_bad_case(r, s, why);
	if (!s->at_once)
		how = r->judged && !r->finally ? check_clear(r, s) : run_settle(r, s);
	if (how != PLAYED)
		return how;
	len = (size_t)n;
	if (len + r->typed_len > RUN_COMMAND_MAX)
		r->typed_len = 0;
	memcpy(r->typed + r->typed_len, r->scratch, len);
	r->typed_len += len;
	if (s->terminator != END_NOTHING || span_equal(span_of(r->typed, r->typed_len), SPAN("A/"))) {
		memcpy(r->command, r->typed, r->typed_len);
		r->command_len = r->typed_len;
		r->typed_len = 0;
		command_leaves(r, s->terminator);
	}
	r->echoed_len = 0;
	if (s->terminator != END_CR || s->at_once || s->unknown_command || r->c->unknown_commands)
		snprintf(modifiers, sizeof(modifiers), "%s%s%s", behind[s->terminator], s->at_once ? "  at once" : "",
		    s->unknown_command || r->c->unknown_commands ? "  unknown command" : "");
	transcript_text(&r->transcript, ">", span_of(r->scratch, len), modifiers[0] == '\0' ? "" : modifiers + 2, stream_now(&r->stream));
	memcpy(r->scratch + len, endings[s->terminator], end);
	how = bytes_out(r, s, span_of(r->scratch, len + end), s->pieces);
	r->sent.at_us = stream_now(&r->stream);
	run_moment(r, s, r->sent);
	if (how == PLAYED && r->finally && !(r->judged && s->next != NULL && receives(s->next)))
		how = run_settle(r, s);
	return how;
}

enum played
run_data(struct runner *r, const struct step *s)
{
	char piece[DATA_PIECE_MAX];
	struct content c;
	enum played how = PLAYED;

	if (!run_content(r, s, &c, &how))
		return how;
	transcript_step(&r->transcript, ">>", span_of(r->text, strlen(r->text)), stream_now(&r->stream));
	for (uint64_t at = 0; at < c.length && how == PLAYED;) {
		size_t n = c.length - at < sizeof(piece) ? (size_t)(c.length - at) : sizeof(piece);

		if (s->pieces > 0 && n > s->pieces)
			n = s->pieces;
		content_fill(&c, at, piece, n);
		at += n;
		how = bytes_out(r, s, span_of(piece, n), 0);
		if (how == PLAYED && s->pieces > 0 && at < c.length) {
			uint64_t pause = s->pause_us > 0 ? s->pause_us : 1000;
			enum stream_result got = stream_wait(&r->stream, stream_now(&r->stream) + pause);

			if (got != STREAM_TIME)
				how = run_stream_failed(r, s, got);
		}
	}
	r->sent.at_us = stream_now(&r->stream);
	run_moment(r, s, r->sent);
	return how;
}

/* Put into o what the step orders.  false: the case is wrong. */
static bool
order_of(struct runner *r, const struct step *s, struct wire_order *o, const char **why)
{
	long n;

	o->name = s->name;
	o->text = s->value;
	o->where = s->where;
	o->number = s->number;
	o->delay_us = s->pause_us;
	switch (s->kind) {
	case STEP_SAYS:
		n = text_render(s->text, &r->values, r->scratch, sizeof(r->scratch), why);
		if (n < 0)
			return false;
		o->kind = ORDER_SAYS;
		o->text = span_of(r->scratch, (size_t)n);
		return true;
	case STEP_ANSWERS:
		o->kind = ORDER_ANSWERS;
		o->text = s->raw;
		return true;
	case STEP_BEARER_LOST: o->kind = ORDER_BEARER_LOST; return true;
	case STEP_REBOOT: o->kind = ORDER_REBOOT; return true;
	case STEP_SET: o->kind = ORDER_SWITCH; return true;
	case STEP_FAULT: o->kind = ORDER_FAULT; return true;
	case STEP_DTR: o->kind = ORDER_DTR; return true;
	case STEP_SEND:
	case STEP_DATA:
	case STEP_EXPECT:
	case STEP_RAW:
	case STEP_PAYLOAD:
	case STEP_NOTHING:
	case STEP_WAIT:
	case STEP_SILENCE:
	case STEP_LINE:
	case STEP_FAR:
	case STEP_ALLOW:
	case STEP_NEVER:
	case STEP_ECHO:
	case STEP_CURSOR:
	case STEP_EITHER:
	case STEP_ANY_ORDER:
	case STEP_REPEAT: break;
	}
	*why = "no order to the module";
	return false;
}

enum played
run_order(struct runner *r, const struct step *s)
{
	struct wire_order o = { .kind = ORDER_SAYS };
	const char *why = NULL;
	int done;

	if (!order_of(r, s, &o, &why))
		return run_bad_case(r, s, why);
	transcript_step(&r->transcript, "", s->source, stream_now(&r->stream));
	done = r->wire->ops->order(r->wire, &o, &r->stream.err);
	if (done < 0)
		return run_bad_case(r, s, r->stream.err.text);
	if (done == 1 && r->judged) {
		r->judged = false;
		r->out->verdict = VERDICT_SKIP;
		snprintf(r->out->message, sizeof(r->out->message), "needs the emulator: a module cannot be ordered to do that");
		return FAILED;
	}
	if (s->kind == STEP_REBOOT) {
		/* What was pending gets no answer any more. */
		r->pending = false;
		r->echo_due = false;
		r->restarting = true;
		at_reply_init(&r->stream.parser, AT_STRICT);
	}
	return PLAYED;
}

enum played
run_line(struct runner *r, const struct step *s)
{
	static const char *const names[] = { "DCD", "RI", "DSR", "CTS" };
	const char *want = s->lines_high ? "high" : "low", *name = "line";
	struct window w;
	char expected[64], d[32];
	unsigned mask, now;

	for (unsigned i = 0; i < 4; i++)
		if (s->lines == 1u << i)
			name = names[i];
	if (!run_window(r, s, &w))
		return FAILED;
	for (;;) {
		uint64_t next = stream_now(&r->stream) + LINE_POLL_US;
		enum stream_result got;

		now = r->wire->ops->lines(r->wire, &mask);
		if ((mask & s->lines) != s->lines) {
			run_note(r, s, "%s is not shown by this port: not judged", name);
			return PLAYED;
		}
		if (((now & s->lines) != 0) == (s->lines_high != 0)) {
			transcript_step(&r->transcript, "", s->source, stream_now(&r->stream));
			return PLAYED;
		}
		if (stream_now(&r->stream) >= w.until_us)
			break;
		got = stream_wait(&r->stream, next < w.until_us ? next : w.until_us);
		if (got != STREAM_TIME)
			return run_stream_failed(r, s, got);
	}
	snprintf(expected, sizeof(expected), "%s %s", name, want);
	transcript_step(&r->transcript, "wait", span_str(run_duration(d, w.within_us)), stream_now(&r->stream));
	return run_fail(r, s, false, "ControlLine", expected, s->lines_high ? "low" : "high", 0, "expected %s %s within %s, it stayed %s",
	    name, want, run_duration(d, w.within_us), s->lines_high ? "low" : "high");
}

enum played
run_far(struct runner *r, const struct step *s)
{
	struct world_sim *far = r->wire->ops->far(r->wire);
	char seen[VERDICT_MESSAGE_MAX];
	const char *why = NULL;
	long n = text_render(&s->content, &r->values, r->text, sizeof(r->text), &why);
	int judged;

	if (n < 0)
		return run_bad_case(r, s, why);
	if (far == NULL) {
		run_note(r, s, "what arrived at the server is not seen here: not judged");
		return PLAYED;
	}
	transcript_step(&r->transcript, "", s->source, stream_now(&r->stream));
	judged = far_judge(far, span_of(r->text, (size_t)n), seen, sizeof(seen));
	if (judged == 0)
		return PLAYED;
	if (judged < 0)
		return run_bad_case(r, s, seen);
	return run_fail(
	    r, s, false, "FarMismatch", r->text, seen, 0, "the server: expected %.*s; %s", n > 160 ? 160 : (int)n, r->text, seen);
}
