/* Properties of the events that a stream gives, without the parser: conservation, strict-lenient. */
#include <inttypes.h>

#include "oracle.h"
#include "oracle_reply.h"
#include "quiet.h"

QUIET_BEGIN

/* A fault of framing beside a reply: strict mode only. */
static bool
of_framing(const struct reference_event *e)
{
	return e->fault == REFERENCE_HEAD || e->fault == REFERENCE_FRAME;
}

/* ---- conservation ------------------------------------------------------- */

static bool
only_line_ends(struct span gap)
{
	for (size_t i = 0; i < gap.len; i++)
		if (gap.at[i] != '\r' && gap.at[i] != '\n')
			return false;
	return true;
}

/* The number at the end of the line that announces a payload. */
static uint64_t
announced(struct span line)
{
	uint64_t n = 0;
	size_t at = line.len;

	while (at > 0 && line.at[at - 1] >= '0' && line.at[at - 1] <= '9')
		at--;
	for (; at < line.len; at++)
		n = 10 * n + (uint64_t)(line.at[at] - '0');
	return n;
}

/*
 * What stands between two events, or behind the last one, and is none itself.
 *
 * It is CRs and LFs alone.  Behind a line it begins with that line's end, so that it is not empty but where the stream
 * ends; junk before a line, and a payload, end without one.  Between the line that announces a payload and the payload
 * stands that one line end.  In strict mode faults cover all that is not right, so that what is left of a right line is
 * its <CR><LF> (a CR for an echo or a digit), and the <CR><LF> before the next one.
 */
static void
check_gap(struct span said, enum at_mode mode, const struct reference_event *before, const struct reference_event *after, uint64_t from)
{
	uint64_t to = after != NULL ? after->offset : said.len;
	struct span gap = span_of(said.at + from, (size_t)(to - from));
	bool noise = before != NULL && before->fault == REFERENCE_NOISE;
	bool raw = after != NULL && (after->kind == AT_REPLY_PAYLOAD || after->fault == REFERENCE_SHORT);

	if (!only_line_ends(gap))
		oracle_fail("conservation", "bytes %" PRIu64 " to %" PRIu64 " are in no event", from, to);
	if (mode == AT_LENIENT && gap.len == 0 && before != NULL && before->kind != AT_REPLY_PAYLOAD && !noise && after != NULL)
		oracle_fail("conservation", "a line ends without a line end at %" PRIu64, from);
	if (raw && (memchr(gap.at, '\n', gap.len) != (gap.len > 0 ? gap.at + gap.len - 1 : NULL)))
		oracle_fail("conservation", "a payload does not begin behind its line at %" PRIu64, to);
	if (mode == AT_STRICT && !noise) {
		static const char *const right[] = { "", "\r", "\r\n", "\r\r\n", "\r\n\r\n" };
		bool known = false;

		for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
			known = known || span_equal(gap, span_str(right[i]));
		/* the CRs at the end of the stream wait for what follows them */
		if (!known && after != NULL)
			oracle_fail("conservation", "strict mode passes over framing at %" PRIu64, from);
	}
}

static void
check_text(struct span said, const struct reference_event *e)
{
	struct span text = span_of(said.at + e->offset, (size_t)e->length);
	bool zero = e->fault == REFERENCE_HEAD || e->fault == REFERENCE_SHORT;

	if ((e->length == 0) != (e->length == 0 && zero))
		oracle_fail("conservation", "an event of no byte at %" PRIu64, e->offset);
	if (of_framing(e) && !only_line_ends(text))
		oracle_fail("conservation", "a fault of framing covers text at %" PRIu64, e->offset);
	if (e->fault == REFERENCE_NOISE && (only_line_ends(span_first(text, 1)) || text.at[text.len - 1] == '\n'))
		oracle_fail("conservation", "noise begins or ends with a line end at %" PRIu64, e->offset);
	switch (e->kind) {
	case AT_REPLY_ECHO:
	case AT_REPLY_INFO:
	case AT_REPLY_FINAL:
	case AT_REPLY_URC:
	case AT_REPLY_PROMPT:
		if (text.len > AT_LINE_MAX || memchr(text.at, '\n', text.len) != NULL)
			oracle_fail("conservation", "a line of more than a line at %" PRIu64, e->offset);
		if (e->kind != AT_REPLY_ECHO && memchr(text.at, '\r', text.len) != NULL)
			oracle_fail("conservation", "a CR in a line that means something at %" PRIu64, e->offset);
		break;
	case AT_REPLY_MORE:
	case AT_REPLY_PAYLOAD:
	case AT_REPLY_FAULT: break;
	}
}

void
oracle_conservation(struct span said, enum at_mode mode, const struct oracle_events *events)
{
	const struct reference_event *before = NULL, *line = NULL;
	uint64_t at = 0;

	for (size_t i = 0; i < events->len; i++) {
		const struct reference_event *e = &events->at[i];

		/* that a line has nothing right before it is said before it, but of a line that means nothing behind it */
		if (e->fault == REFERENCE_HEAD && e->length == 0 && i > 0 && events->at[i - 1].fault == REFERENCE_NOISE &&
		    e->offset == events->at[i - 1].offset)
			continue;
		if (e->offset < at || e->offset + e->length > said.len)
			oracle_fail(
			    "conservation", "event %zu begins at %" PRIu64 ", the one before it ends at %" PRIu64, i, e->offset, at);
		if (mode == AT_LENIENT && of_framing(e))
			oracle_fail("conservation", "lenient mode judges framing at %" PRIu64, e->offset);
		check_gap(said, mode, before, e, at);
		check_text(said, e);
		if (e->kind == AT_REPLY_PAYLOAD && (line == NULL || announced(span_of(said.at + line->offset, line->text)) != e->length))
			oracle_fail("conservation", "the payload at %" PRIu64 " was not announced", e->offset);
		at = e->offset + e->length;
		if (e->length > 0)
			before = e;
		if (!of_framing(e))
			line = e;
	}
	check_gap(said, mode, before, NULL, at);
}

/* ---- strict-lenient ----------------------------------------------------- */

static bool
same_event(const struct reference_event *a, const struct reference_event *b)
{
	return a->kind == b->kind && a->final == b->final && a->cme == b->cme && a->offset == b->offset && a->length == b->length &&
	       a->text == b->text && a->fault == b->fault && a->why == b->why;
}

/*
 * Strict mode has all of lenient mode's events but its runs of noise, which it may have in parts; and faults of framing.
 * So without a fault its events are lenient mode's, and what lenient mode finds fault with, strict mode does.
 */
void
oracle_strict_lenient(const struct oracle_events *strict, const struct oracle_events *lenient)
{
	const struct reference_event *s = strict->at, *s_end = strict->at + strict->len;
	const struct reference_event *l = lenient->at, *l_end = lenient->at + lenient->len;
	uint64_t covered;

	if (strict->pending != lenient->pending)
		oracle_fail("strict-lenient", "a command is pending in one mode alone");
	for (; l < l_end; l++) {
		covered = l->offset;
		/* the parts of a run: each lies in it */
		for (; s < s_end &&
		       (of_framing(s) || (s->fault == REFERENCE_NOISE && l->fault == REFERENCE_NOISE && s->offset < l->offset + l->length));
		     s++) {
			if (of_framing(s))
				continue;
			if (s->offset < covered || s->offset + s->length > l->offset + l->length)
				oracle_fail("strict-lenient", "noise at %" PRIu64 " is none in lenient mode", s->offset);
			covered = s->offset + s->length;
		}
		if (l->fault == REFERENCE_NOISE) {
			if (covered != l->offset + l->length)
				oracle_fail("strict-lenient", "noise at %" PRIu64 " is none in strict mode", l->offset);
			continue;
		}
		if (s == s_end || !same_event(s, l))
			oracle_fail("strict-lenient", "the event at %" PRIu64 " is another in strict mode", l->offset);
		s++;
	}
	for (; s < s_end; s++)
		if (!of_framing(s))
			oracle_fail("strict-lenient", "strict mode alone has an event at %" PRIu64, s->offset);
}

QUIET_END
