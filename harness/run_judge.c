#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "escape.h"
#include "run_internal.h"

const char *
run_duration(char into[32], uint64_t us)
{
	if (us % 1000000 == 0)
		snprintf(into, 32, "%" PRIu64 "s", us / 1000000);
	else if (us % 1000 == 0)
		snprintf(into, 32, "%" PRIu64 ".%03us", us / 1000000, (unsigned)(us / 1000 % 1000));
	else
		snprintf(into, 32, "%" PRIu64 ".%06us", us / 1000000, (unsigned)(us % 1000000));
	return into;
}

void
run_expected(const struct step *s, char *into, size_t cap)
{
	size_t used = 0;

	into[0] = '\0';
	for (int i = 0; i < s->texts && used + 8 < cap; i++) {
		if (i > 0)
			used += (size_t)snprintf(into + used, cap - used, " | ");
		used += escape_bytes(into + used, cap - used, s->text[i].source);
	}
}

void
run_received(const struct event *e, char *into, size_t cap)
{
	char text[100];

	escape_bytes(text, sizeof(text), span_first(e->reply.text, 1024));
	if (e->reply.kind == AT_REPLY_PAYLOAD)
		snprintf(into, cap, "%" PRIu64 " bytes of payload", e->reply.length);
	else if (e->reply.kind == AT_REPLY_FAULT)
		snprintf(into, cap, "\"%s\" (%s)", text, e->reply.why);
	else
		snprintf(into, cap, "%s", text);
}

/* Into a field of the outcome: secrets masked. */
static void
field(const struct runner *r, char into[VERDICT_MESSAGE_MAX], const char *text)
{
	mask_copy(&r->mask, span_str(text), into, VERDICT_MESSAGE_MAX);
}

static void
note_add(struct runner *r, const struct step *s, const char *text)
{
	struct outcome *o = r->out;

	if (o->notes == VERDICT_NOTES_MAX) {
		o->notes_more++;
		return;
	}
	o->note[o->notes].line = s == NULL ? 0 : s->line;
	field(r, o->note[o->notes].text, text);
	o->notes++;
}

void
run_note(struct runner *r, const struct step *s, const char *format, ...)
{
	char text[VERDICT_MESSAGE_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	note_add(r, s, text);
}

static void
place(struct runner *r, const struct step *s, const char *type)
{
	struct outcome *o = r->out;

	snprintf(o->type, sizeof(o->type), "%s", type);
	o->path = s == NULL ? r->c->path : s->path;
	o->line = s == NULL ? 0 : s->line;
	o->column = s == NULL ? 0 : s->column;
	o->clause = s == NULL || s->clause.len == 0 ? r->c->clause : s->clause;
}

/* What happened may be due to this program: it did not look at the wire for so long.  0: no. */
static uint64_t
lateness(const struct runner *r, const char *type)
{
	/* What is wrong whenever it is looked at, or was timed by what is known for certain. */
	static const char *const proof[] = { "EarlyLine", "LateLine", "EchoMismatch", "FramingFault", "ModuleRestarted", "Flood" };
	/* And what depends on when this program began to look, not only on when it sent. */
	bool watching = strcmp(type, "NotSilent") == 0 || strcmp(type, "ControlLine") == 0;
	struct wire_health h = { 0 };

	if (r->wire->ops->health == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(proof) / sizeof(proof[0]); i++)
		if (strcmp(type, proof[i]) == 0)
			return 0;
	r->wire->ops->health(r->wire, &h);
	if (watching && h.gap_us > h.late_us)
		h.late_us = h.gap_us;
	return h.late_us > RUN_LATE_US ? h.late_us : 0;
}

static enum played
fail(struct runner *r, const struct step *s, const char *type, const char *expected, const char *received, uint64_t received_us,
    const char *text)
{
	char moment[VERDICT_MESSAGE_MAX], d[32];

	uint64_t late_us;
	char late[VERDICT_MESSAGE_MAX];

	if (!r->judged)
		return FAILED;
	r->judged = false;
	late_us = lateness(r, type);
	r->out->verdict = late_us > 0 ? VERDICT_INCONCLUSIVE : VERDICT_FAIL;
	place(r, s, late_us > 0 ? "RunnerLate" : type);
	if (late_us > 0) {
		snprintf(
		    late, sizeof(late), "this program did not run for %s, so this does not count: %.300s", run_duration(d, late_us), text);
		text = late;
	}
	field(r, r->out->message, text);
	field(r, r->out->expected, expected);
	snprintf(moment, sizeof(moment), "%s", received);
	if (received_us >= r->sent.at_us && received_us != 0)
		snprintf(moment, sizeof(moment), "%.340s, %s after %s", received, run_duration(d, received_us - r->sent.at_us),
		    r->command_len == 0 ? "the start" : "the last thing sent");
	field(r, r->out->received, moment);
	transcript_comment(&r->transcript, span_str("it failed here:"), stream_now(&r->stream));
	transcript_comment(&r->transcript, span_str(text), stream_now(&r->stream));
	return FAILED;
}

enum played
run_fail(struct runner *r, const struct step *s, bool timing, const char *type, const char *expected, const char *received,
    uint64_t received_us, const char *format, ...)
{
	char text[VERDICT_MESSAGE_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (r->judged && (s->when.informational || (timing && s->when.timing_informational))) {
		note_add(r, s, text);
		transcript_comment(&r->transcript, span_str(text), stream_now(&r->stream));
		if (!timing)
			r->loose = true;
		return PLAYED;
	}
	return fail(r, s, type, expected, received, received_us, text);
}

enum played
run_fail_hard(struct runner *r, const struct step *s, const char *type, const char *expected, const char *received, uint64_t received_us,
    const char *format, ...)
{
	char text[VERDICT_MESSAGE_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return fail(r, s, type, expected, received, received_us, text);
}

enum played
run_unsure(struct runner *r, const struct step *s, const char *expected, const char *received, uint64_t gap_us, const char *format, ...)
{
	char text[VERDICT_MESSAGE_MAX], d[32];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (!r->judged)
		return FAILED;
	if (s->when.informational || s->when.timing_informational) {
		note_add(r, s, text);
		return PLAYED;
	}
	r->judged = false;
	r->out->verdict = VERDICT_INCONCLUSIVE;
	place(r, s, "RunnerLate");
	field(r, r->out->message, text);
	field(r, r->out->expected, expected);
	snprintf(text, sizeof(text), "%.300s, known to %s", received, run_duration(d, gap_us));
	field(r, r->out->received, text);
	transcript_comment(&r->transcript, span_str(r->out->message), stream_now(&r->stream));
	return FAILED;
}

enum played
run_bad_case(struct runner *r, const struct step *s, const char *why)
{
	/* Behind a failure a finally block plays what it can: what one of its steps needs may never have been captured. */
	if (r->finally && !r->judged)
		return PLAYED;
	if (r->judged || r->out->verdict != VERDICT_ERROR) {
		r->judged = false;
		r->out->verdict = VERDICT_ERROR;
		place(r, s, "BadCase");
		snprintf(r->out->message, sizeof(r->out->message), "%.380s", why);
	}
	return FAILED;
}

enum played
run_stream_failed(struct runner *r, const struct step *s, enum stream_result got)
{
	if (got == STREAM_FLOOD)
		return run_fail_hard(
		    r, s, "Flood", "an answer", "bytes without end", 0, "the module sends without end: more bytes than any answer has");
	r->lost = true;
	r->judged = false;
	/* A port that is gone says nothing about the module. */
	r->out->verdict = got == STREAM_LOST && r->stream.err.status == EXIT_RIG ? VERDICT_INCONCLUSIVE : VERDICT_ERROR;
	r->out->expected[0] = r->out->received[0] = '\0';
	place(r, s, got == STREAM_STOPPED ? "Stopped" : "WireLost");
	if (got == STREAM_STOPPED)
		snprintf(r->out->message, sizeof(r->out->message), "stopped by a signal");
	else
		snprintf(r->out->message, sizeof(r->out->message), "the port is lost: %.370s", r->stream.err.text);
	return FAILED;
}
