/* run_finish: what a verdict comes to in a case that is informational, or that must fail. */
#include <stdio.h>
#include <string.h>

#include "run_internal.h"

static void
finish_informational(struct runner *r)
{
	struct outcome *o = r->out;
	char text[VERDICT_MESSAGE_MAX];

	/* Nobody repeats for the sake of what never counts; a lost wire is another matter. */
	if (o->verdict != VERDICT_FAIL && !(o->verdict == VERDICT_INCONCLUSIVE && strcmp(o->type, "RunnerLate") == 0))
		return;
	snprintf(text, sizeof(text), "%s: %.360s", o->type, o->message);
	if (o->notes < VERDICT_NOTES_MAX) {
		o->note[o->notes].line = o->line;
		snprintf(o->note[o->notes].text, VERDICT_MESSAGE_MAX, "%s", text);
		o->notes++;
	} else {
		o->notes_more++;
	}
	o->verdict = VERDICT_PASS;
	o->type[0] = o->message[0] = o->expected[0] = o->received[0] = '\0';
}

/* A selftest: it must fail at its line, with its message, and in no other way. */
static void
finish_must_fail(struct outcome *o, const struct test_case *c)
{
	char as_it_was[VERDICT_MESSAGE_MAX];

	if (o->verdict == VERDICT_SKIP || o->verdict == VERDICT_INCONCLUSIVE)
		return;
	if (o->verdict == VERDICT_FAIL && o->line == c->must_line && strcmp(o->path, c->path) == 0 &&
	    span_equal(span_str(o->message), c->must_message)) {
		o->verdict = VERDICT_PASS;
		o->type[0] = o->message[0] = o->expected[0] = o->received[0] = '\0';
		return;
	}
	if (o->verdict == VERDICT_PASS)
		snprintf(as_it_was, sizeof(as_it_was), "it passed");
	else
		snprintf(as_it_was, sizeof(as_it_was), "%s at %d: %.300s", verdict_name(o->verdict), o->line, o->message);
	snprintf(o->received, sizeof(o->received), "%s", as_it_was);
	snprintf(o->expected, sizeof(o->expected), "fail at %d: %.*s", c->must_line,
	    c->must_message.len < 300 ? (int)c->must_message.len : 300, c->must_message.at);
	snprintf(o->message, sizeof(o->message), "must %.180s; but %.180s", o->expected, as_it_was);
	snprintf(o->type, sizeof(o->type), "SelftestMismatch");
	if (o->verdict != VERDICT_ERROR)
		o->verdict = VERDICT_FAIL;
}

void
run_finish(struct runner *r)
{
	if (r->c->must_fail)
		finish_must_fail(r->out, r->c);
	else if (r->c->informational)
		finish_informational(r);
}
