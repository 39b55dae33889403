/* run_blame: what is the rig's is never the module's, and a module that is gone is said to be. */
#include <stdio.h>

#include "run_internal.h"

static bool
is_type(const struct outcome *o, const char *const *types)
{
	for (; *types != NULL; types++)
		if (strcmp(o->type, *types) == 0)
			return true;
	return false;
}

/* The failure again, under another name and with why in front. */
static void
rename_failure(struct runner *r, enum verdict v, const char *type, const char *why)
{
	struct outcome *o = r->out;
	char was[VERDICT_MESSAGE_MAX];

	memcpy(was, o->message, sizeof(was));
	o->verdict = v;
	snprintf(o->type, sizeof(o->type), "%s", type);
	snprintf(o->message, sizeof(o->message), "%.140s: %.240s", why, was);
	transcript_comment(&r->transcript, span_str(why), stream_now(&r->stream));
}

void
run_blame(struct runner *r)
{
	static const char *const silent[] = { "LineTimeout", "UrcTimeout", "PayloadTimeout", "ControlLine", "RepeatExhausted", "RunnerLate",
		NULL };
	static const char *const restarted[] = { "ModuleRestarted", NULL };
	const struct wire_ops *ops = r->wire->ops;
	struct outcome *o = r->out;
	struct wire_health h = { 0 };
	int alive = 1;

	if (ops->health == NULL || r->lost || (o->verdict != VERDICT_FAIL && o->verdict != VERDICT_INCONCLUSIVE))
		return;
	ops->health(r->wire, &h);
	if (is_type(o, restarted) || h.started) {
		r->gone = true;
		if (h.supply) /* a module's own word for what is the rig's */
			rename_failure(r, VERDICT_INCONCLUSIVE, "SupplyFailed", "the module restarted, and said that its supply failed");
		else if (!is_type(o, restarted))
			rename_failure(r, VERDICT_FAIL, "ModuleRestarted", "the module said that it has started: it restarted by itself");
		return;
	}
	if (!is_type(o, silent) || ops->alive == NULL)
		return;
	alive = ops->alive(r->wire, &r->stream.err);
	if (alive == 0) {
		r->gone = true;
		rename_failure(r, VERDICT_FAIL, "ModuleSilent", "the module stopped answering, AT too");
	} else if (alive < 0) {
		r->judged = true;
		run_stream_failed(r, NULL, STREAM_LOST);
	}
}
