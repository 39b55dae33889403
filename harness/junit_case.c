#include <stdio.h>
#include <stdlib.h>

#include "junit.h"

#define OUTPUT_MAX (64u << 10) /* of a transcript in the report, as it is written */

/* ---- one try ---------------------------------------------------------------- */

static void
line_of(struct growing *g, const char *label, const char *text)
{
	if (text[0] == '\0')
		return;
	growing_str(g, label);
	sanitise(g, span_str(text), SANITISE_ONE_LINE);
	growing_str(g, "\n");
}

/* The message that stands for an outcome; there is always one. */
static const char *
message_of(const struct outcome *o)
{
	return o->message[0] != '\0' ? o->message : verdict_name(o->verdict);
}

/* The message again as the first line, since some consumers show the text alone, then the evidence and where it stands. */
static void
evidence(struct junit *j, const struct journal_case *c)
{
	const struct outcome *o = &c->outcome;
	struct growing *g = &j->text;

	growing_clear(g);
	line_of(g, "", message_of(o));
	line_of(g, "expected: ", o->expected);
	line_of(g, "received: ", o->received);
	if (o->path != NULL && o->path[0] != '\0') {
		growing_str(g, "at ");
		sanitise(g, span_str(o->path), SANITISE_ONE_LINE);
		growing_str(g, ":");
		growing_number(g, o->line);
		growing_str(g, ":");
		growing_number(g, o->column);
		growing_str(g, "\n");
	}
	if (o->clause.len != 0 || c->clause.len != 0) {
		growing_str(g, "clause ");
		sanitise(g, o->clause.len != 0 ? o->clause : c->clause, SANITISE_ONE_LINE);
		growing_str(g, " of ");
		sanitise(g, c->document, SANITISE_ONE_LINE);
		growing_str(g, "\n");
	}
	junit_text(j);
}

/* The beginning and the end of what is longer than a report should hold, cut between lines where there are any. */
static void
cap_output(struct growing *g)
{
	size_t head = OUTPUT_MAX / 4, tail = g->len - (OUTPUT_MAX / 2 + OUTPUT_MAX / 8);
	struct growing cut = { 0 };

	if (g->len <= OUTPUT_MAX)
		return;
	for (size_t from = head; head > 1 && g->at[head - 1] != '\n'; head--)
		if (from - head >= 4096) { /* one long line: at least between two characters */
			for (head = from; ((unsigned char)g->at[head] & 0xc0) == 0x80; head--)
				;
			break;
		}
	for (size_t from = tail; tail < g->len && g->at[tail - 1] != '\n'; tail++)
		if (tail - from >= 4096) {
			for (tail = from; ((unsigned char)g->at[tail] & 0xc0) == 0x80; tail++)
				;
			break;
		}
	growing_bytes(&cut, span_of(g->at, head));
	growing_str(&cut, "\n# ... ");
	growing_number(&cut, (int64_t)(tail - head));
	growing_str(&cut, " bytes left out; the journal has more ...\n");
	growing_bytes(&cut, span_of(g->at + tail, g->len - tail));
	growing_free(g);
	*g = cut;
}

static void
output(struct junit *j, struct span transcript)
{
	if (transcript.len == 0)
		return;
	growing_clear(&j->text);
	sanitise(&j->text, transcript, SANITISE_LINES);
	cap_output(&j->text);
	junit_open(j, "system-out");
	junit_text(j);
	junit_close(j);
}

/* message and type; GitLab takes types like "file" or "date" for a data type, so only CamelCase passes. */
static void
judged(struct junit *j, const struct outcome *o, const char *fallback)
{
	size_t n = 0;

	junit_attribute(j, "message", span_str(message_of(o)));
	while ((o->type[n] >= 'a' && o->type[n] <= 'z') || (o->type[n] >= 'A' && o->type[n] <= 'Z') ||
	       (o->type[n] >= '0' && o->type[n] <= '9'))
		n++;
	junit_attribute(j, "type", span_str(o->type[0] >= 'A' && o->type[0] <= 'Z' && o->type[n] == '\0' ? o->type : fallback));
}

static void
verdict_element(struct junit *j, const struct journal_case *c, enum verdict v)
{
	const struct outcome *o = &c->outcome;

	switch (v) {
	case VERDICT_PASS:
	case VERDICT_XPASS:
	case VERDICT_MAX: return;
	case VERDICT_SKIP:
		junit_open(j, "skipped");
		junit_attribute(j, "message", span_str(message_of(o)));
		break;
	case VERDICT_XFAIL:
		junit_open(j, "skipped");
		growing_clear(&j->text);
		growing_str(&j->text, "known deviation: ");
		growing_str(&j->text, message_of(o));
		{
			char known[VERDICT_MESSAGE_MAX + 32];

			sanitise_copy(known, sizeof(known), span_of(j->text.at, j->text.len));
			junit_attribute(j, "message", span_str(known));
		}
		break;
	case VERDICT_FAIL:
		junit_open(j, "failure");
		judged(j, o, "ClauseBroken");
		break;
	case VERDICT_INCONCLUSIVE:
		junit_open(j, "error");
		judged(j, o, "Inconclusive");
		break;
	case VERDICT_ERROR:
		junit_open(j, "error");
		judged(j, o, "RigError");
		break;
	}
	evidence(j, c);
	junit_close(j);
}

/* A try that is not the case's last: one that did not pass is told apart by whether a later one did. */
static void
earlier_try(struct junit *j, size_t i, bool passed, struct err *e)
{
	struct journal_case c;

	/* An inconclusive one is the rig's: case_properties has it. */
	if (j->index->tries[i].verdict <= VERDICT_INCONCLUSIVE)
		return;
	if (report_index_read(j->index, i, &c, e) != 0) {
		j->failed = true;
		return;
	}
	junit_open(j, passed ? "flakyFailure" : "rerunFailure");
	judged(j, &c.outcome, "ClauseBroken");
	junit_open(j, "stackTrace");
	evidence(j, &c);
	junit_close(j);
	output(j, c.outcome.transcript);
	junit_close(j);
}

/* ---- one case ----------------------------------------------------------------- */

static void
case_attributes(struct junit *j, const struct report_try *t, const struct journal_case *c)
{
	const char *file = c->outcome.path != NULL && c->outcome.path[0] != '\0' ? c->outcome.path : NULL;
	struct growing name = { 0 };

	growing_bytes(&name, c->title.len != 0 ? c->title : SPAN("(no title)"));
	if (t->again) { /* the title is taken: consumers drop all but one of a name */
		growing_str(&name, " (");
		growing_bytes(&name, c->path);
		growing_str(&name, ", row ");
		growing_number(&name, c->row + 1);
		growing_str(&name, ")");
	}
	junit_attribute(j, "name", span_of(name.at, name.len));
	growing_free(&name);
	junit_attribute(j, "classname", span_str(j->index->suite[t->suite].classname));
	junit_time(j, c->real_us, c->outcome.wire_us);
	if (file != NULL && c->outcome.line > 0) {
		junit_attribute(j, "file", span_str(file));
		junit_number(j, "line", (uint64_t)c->outcome.line);
	} else if (c->path.len != 0) {
		junit_attribute(j, "file", c->path);
		junit_number(j, "line", 1);
	}
}

static void
case_properties(struct junit *j, const struct journal_case *c, enum verdict v, size_t tries)
{
	junit_property(j, "verdict", span_str(verdict_name(v)));
	junit_property(j, "document", c->document);
	junit_property(j, "clause", c->outcome.clause.len != 0 ? c->outcome.clause : c->clause);
	junit_property_number(j, "wire_us", c->outcome.wire_us);
	if (tries > 1)
		junit_property_number(j, "tries", tries);
	if (c->informational) {
		junit_property(j, "informational", SPAN("true"));
		if (c->outcome.verdict != v)
			junit_property(j, "seen", span_str(message_of(&c->outcome)));
	}
	for (int i = 0; i < c->outcome.notes; i++) {
		char note[VERDICT_MESSAGE_MAX + 32];

		snprintf(note, sizeof(note), "line %d: %s", c->outcome.note[i].line, c->outcome.note[i].text);
		junit_property(j, "note", span_str(note));
	}
	if (c->outcome.notes_more > 0)
		junit_property_number(j, "notes_left_out", (uint64_t)c->outcome.notes_more);
}

/* Earlier tries that the rig spoilt. */
static void
spoilt_properties(struct junit *j, size_t from, size_t to, struct err *e)
{
	struct journal_case c;

	for (size_t i = from; i + 1 < to; i++) {
		if (j->index->tries[i].verdict != VERDICT_INCONCLUSIVE)
			continue;
		if (report_index_read(j->index, i, &c, e) != 0) {
			j->failed = true;
			return;
		}
		junit_property(j, "inconclusive", span_str(message_of(&c.outcome)));
	}
}

int
junit_case(struct junit *j, size_t from, size_t to, struct err *e)
{
	const struct report_try *t = &j->index->tries[to - 1];
	struct journal_case c;

	if (report_index_read(j->index, to - 1, &c, e) != 0)
		return -1;
	junit_open(j, "testcase");
	case_attributes(j, t, &c);
	junit_open(j, "properties");
	case_properties(j, &c, t->verdict, to - from);
	if (to - from > 1) {
		spoilt_properties(j, from, to, e);
		if (report_index_read(j->index, to - 1, &c, e) != 0)
			return -1;
	}
	junit_close(j);
	verdict_element(j, &c, t->verdict);
	if (t->verdict != VERDICT_PASS)
		output(j, c.outcome.transcript);
	for (size_t i = from; i + 1 < to && !j->failed; i++)
		earlier_try(j, i, t->verdict < VERDICT_INCONCLUSIVE, e);
	junit_close(j);
	return j->failed ? -1 : 0;
}
