/* run_silence: nothing may come for a time, but what may come anywhere. */
#include <stdio.h>

#include "escape.h"
#include "run_internal.h"

/* What came behind the end broke no silence; the silence was broken by what came before it, for certain. */
static bool
is_behind(struct wire_when when, uint64_t until_us)
{
	return when.after_us >= until_us && when.at_us > until_us;
}

enum played
run_silence(struct runner *r, const struct step *s, uint64_t for_us)
{
	uint64_t until = stream_now(&r->stream) + for_us;
	/* Judged as a silence, whichever step stands here: at the end of a case it is the last one. */
	struct step silence = *s;
	char expected[64], d[32], got[200];
	struct wire_when when;
	enum played how;

	silence.kind = STEP_SILENCE;
	snprintf(expected, sizeof(expected), "silence for %s", run_duration(d, for_us));
	for (;;) {
		enum next next = run_next(r, &silence, until, &how);
		bool over;

		if (next == NEXT_BROKEN)
			return how;
		if (next == NEXT_TIME || is_behind(r->stream.event.when, until))
			break;
		if (r->stream.event.when.at_us > until && !run_is_allowed(r)) {
			run_received(&r->stream.event, got, sizeof(got));
			when = r->stream.event.when;
			return run_unsure(r, &silence, expected, got, when.at_us - when.after_us,
			    "expected %s, received %s at its end or up to %s later: this program was late, and cannot tell", expected, got,
			    run_duration(d, when.at_us - until));
		}
		how = run_unmatched(r, &silence, expected, &over);
		if (how != PLAYED || over)
			return how;
	}
	when = stream_arrived(&r->stream, 0);
	if (r->stream.held || stream_bytes(&r->stream).len == 0 || is_behind(when, until))
		return PLAYED;
	escape_bytes(got, sizeof(got), span_first(stream_bytes(&r->stream), 512));
	return run_fail(
	    r, &silence, false, "NotSilent", expected, got, when.at_us, "expected %s, received \"%s\" without a line end", expected, got);
}
