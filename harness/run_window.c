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
		within = RUN_UNTIL_US;
		base = stream_now(&r->stream);
		break;
	case STEP_RAW: within = r->pending && r->response_us > 0 ? r->response_us : AT_RESPONSE_MS * 1000u; break;
	case STEP_EXPECT:
		within = expect_default(r, s);
		/* A long payload takes its time on the line, which says nothing of the module. */
		if (!when->has_within && !when->has_after && r->payload_us > base)
			base = r->payload_us;
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
		base = v->moment_us;
	}
	if (when->has_within)
		within = when->within_us;
	else if (when->has_after && within < when->after_us + RUN_URC_US)
		within = when->after_us + RUN_URC_US;
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
	if (at_us < w->base_us)
		return run_fail(r, s, true, "EarlyLine", expected, got, at_us, "%s came %s before what it is counted from", got,
		    run_duration(came, w->base_us - at_us));
	if (at_us < w->after_us)
		return run_fail(r, s, true, "EarlyLine", expected, got, at_us, "%s came after %s, expected not before %s", got,
		    run_duration(came, at_us - w->base_us), run_duration(bound, w->after_us - w->base_us));
	if (at_us > w->until_us)
		return run_fail(r, s, true, "LateLine", expected, got, at_us, "%s came after %s, expected within %s", got,
		    run_duration(came, at_us - w->base_us), run_duration(bound, w->within_us));
	return PLAYED;
}
