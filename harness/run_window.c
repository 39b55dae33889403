#include <stdio.h>

#include "at_codes.h"
#include "escape.h"
#include "run_internal.h"

/* Defaults of cases/README.md, where the manual's response time of the command is not what counts. */
#define HTTPACTION_US 120000000u
#define PAYLOAD_US 5000000u
#define PAYLOAD_BYTE_US 1050u /* a byte at 9600 baud: a long payload may take that long */
#define LINE_US 100000u

uint64_t
run_urc_window(struct span start)
{
	const char *colon;

	if (span_starts(start, SPAN("+HTTPACTION:")))
		return HTTPACTION_US;
	if (span_starts(start, SPAN("+SAPBR 1:")) || span_starts(start, SPAN("+SAPBR 2:")) || span_starts(start, SPAN("+SAPBR 3:")))
		return RUN_URC_US;
	if (!span_starts(start, SPAN("+FTP")))
		return 0;
	colon = memchr(start.at, ':', start.len);
	if (colon == NULL)
		return 0;
	return span_starts(span_after(start, (size_t)(colon - start.at)), SPAN(": 1,")) ? RUN_URC_US : 0;
}

static uint64_t
expect_default(const struct runner *r, const struct step *s)
{
	uint64_t longest = 0;

	for (int i = 0; i < s->texts; i++) {
		struct span start = text_start(&s->text[i]);
		uint64_t us = run_urc_window(start);

		if (us == 0 && r->pending)
			us = r->response_us;
		if (us == 0)
			us = at_final_of(start, NULL) == AT_FINAL_NONE && !s->text[i].any_error ? RUN_URC_US : AT_RESPONSE_MS * 1000u;
		longest = us > longest ? us : longest;
	}
	return longest;
}

bool
run_window(struct runner *r, const struct step *s, struct window *w)
{
	const struct when *when = &s->when;
	struct wire_when base = r->sent;
	uint64_t within = 0;

	switch (s->kind) {
	case STEP_PAYLOAD:
		within = PAYLOAD_US + r->payload_length * PAYLOAD_BYTE_US;
		base = when->has_within || when->has_after ? base : r->header;
		break;
	case STEP_LINE:
		within = LINE_US;
		base = when->has_within || when->has_after ? base : run_now(r);
		break;
	case STEP_REPEAT:
		within = RUN_UNTIL_US;
		base = run_now(r);
		break;
	case STEP_RAW: within = r->pending && r->response_us > 0 ? r->response_us : AT_RESPONSE_MS * 1000u; break;
	case STEP_EXPECT:
		within = expect_default(r, s);
		/* A long payload takes its time on the line, which says nothing of the module. */
		if (!when->has_within && !when->has_after && r->payload.at_us > base.at_us)
			base = r->payload;
		break;
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
		base = (struct wire_when){ .after_us = v->moment_after_us, .at_us = v->moment_us };
	}
	if (when->has_within)
		within = when->within_us;
	else if (when->has_after && within < when->after_us + RUN_URC_US)
		within = when->after_us + RUN_URC_US;
	w->base = base;
	w->after_us = when->has_after ? when->after_us : 0;
	w->within_us = within;
	w->until_us = base.at_us + within;
	return true;
}

struct wire_when
run_now(const struct runner *r)
{
	uint64_t now = stream_now(&r->stream);

	return (struct wire_when){ .after_us = now, .at_us = now };
}

void
run_moment(struct runner *r, const struct step *s, struct wire_when when)
{
	struct value *v;

	if (s->when.as < 0)
		return;
	v = &r->values.value[s->when.as];
	v->set = true;
	v->is_moment = true;
	v->moment_us = when.at_us;
	v->moment_after_us = when.after_us;
}

/* What is called early and late is so for certain: by the latest moment for the one, by the earliest for the other. */
enum played
run_timing(struct runner *r, const struct step *s, const struct window *w, struct wire_when when, const char *expected)
{
	uint64_t soonest_us = when.after_us > w->base.at_us ? when.after_us - w->base.at_us : 0;
	uint64_t latest_us = when.at_us > w->base.after_us ? when.at_us - w->base.after_us : 0;
	char got[200], came[32], bound[32], gap[32];

	escape_bytes(got, sizeof(got), span_first(r->stream.event.reply.text, 512));
	if (s->kind == STEP_RAW || s->kind == STEP_PAYLOAD)
		snprintf(got, sizeof(got), "%.190s", expected);
	if (when.at_us < w->base.after_us)
		return run_fail(r, s, true, "EarlyLine", expected, got, when.at_us, "%s came %s before what it is counted from", got,
		    run_duration(came, w->base.at_us - when.at_us));
	if (latest_us < w->after_us)
		return run_fail(r, s, true, "EarlyLine", expected, got, when.at_us, "%s came after %s, expected not before %s", got,
		    run_duration(came, latest_us), run_duration(bound, w->after_us));
	if (soonest_us > w->within_us)
		return run_fail(r, s, true, "LateLine", expected, got, when.at_us, "%s came after %s, expected within %s", got,
		    run_duration(came, soonest_us), run_duration(bound, w->within_us));
	if (latest_us <= w->within_us && soonest_us >= w->after_us)
		return PLAYED;
	return run_unsure(r, s, expected, got, latest_us - soonest_us,
	    "%s came after %s or up to %s later, expected %s %s: this program was late, and cannot tell", got,
	    run_duration(came, soonest_us), run_duration(gap, latest_us - soonest_us), soonest_us < w->after_us ? "not before" : "within",
	    run_duration(bound, soonest_us < w->after_us ? w->after_us : w->within_us));
}
