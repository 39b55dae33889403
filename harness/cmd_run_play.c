/* cmd_run_play: the middle part of attest run: the cases, one after the other. */
#include <stdio.h>
#include <time.h>

#include "clock.h"
#include "cmd_run.h"
#include "stop.h"

static bool
has_profile(const struct test_case *c, const char *profile)
{
	if (c->profiles == NULL)
		return true;
	for (const struct case_line *l = c->profiles; l != NULL; l = l->next)
		if (span_equal(l->text, span_str(profile)))
			return true;
	return false;
}

bool
cmd_run_skips(const struct cmd_run *s, const struct test_case *c, struct outcome *o)
{
	bool emulator = s->wire->ops->far(s->wire) != NULL;
	unsigned guarded = c->needs & (NEED_SLOW | NEED_DESTRUCTIVE | NEED_PAID);
	const char *why = NULL;

	if (!has_profile(c, s->profile))
		why = "does not hold for this profile";
	else if (!emulator && (guarded & ~s->options.allowed) != 0)
		why = "needs --allow on this port: slow, destructive or paid";
	if (why == NULL)
		return false;
	memset(o, 0, sizeof(*o));
	o->verdict = VERDICT_SKIP;
	o->path = c->path;
	o->clause = c->clause;
	snprintf(o->message, sizeof(o->message), "%s", why);
	return true;
}

/* The row cannot be read. */
static void
bad_case(struct test_case *c, struct outcome *o, const struct case_file *f, const struct errors *es, const char *title)
{
	memset(c, 0, sizeof(*c));
	memset(o, 0, sizeof(*o));
	c->path = o->path = case_path(f);
	c->title = span_str(title);
	o->verdict = VERDICT_ERROR;
	snprintf(o->type, sizeof(o->type), "BadCase");
	snprintf(o->message, sizeof(o->message), "%.390s", es->count > 0 ? es->list[0].text : "it cannot be read");
}

static void
describe(struct journal_case *record, const struct plan_file *f, const struct test_case *c)
{
	record->path = span_str(case_path(f->file));
	record->title = c->title;
	record->hash = f->hash;
	record->document = c->document;
	record->clause = c->clause;
	record->area = plan_area(case_path(f->file));
	record->informational = c->informational;
}

/* last: it is the case's verdict; else it is inconclusive, and the case is played once more. */
static void
case_finished(struct cmd_run *s, const struct journal_case *record, bool last, uint64_t now_us)
{
	const struct outcome *o = &record->outcome;
	struct err e;

	if (last) {
		summary_case(&s->summary, record->area, record->document, record->clause, record->path, record->title, o, now_us);
		cmd_run_count(s, o);
	} else {
		fprintf(stderr, "attest run: played once more, since it was inconclusive: %.*s: %s\n", (int)record->path.len,
		    record->path.at, o->message);
	}
	if (journal_write(s->journal, record, &e) < 0) {
		cmd_run_complain(s, &e);
		s->broken = true;
	}
}

/* Port and module after the case.  false: they are lost, and do not come back. */
static bool
rig_goes_on(struct cmd_run *s, const struct outcome *o)
{
	struct err e;

	if (s->rig == NULL)
		return o->verdict != VERDICT_ERROR || strcmp(o->type, "WireLost") != 0;
	if (rig_after(s->rig, o, &e) == 0)
		return true;
	if (stop_signal == 0)
		cmd_run_complain(s, &e);
	return false;
}

/* Play one attempt; one that is inconclusive is played once more.  false: it was stopped, and is no result. */
static bool
play_once(struct cmd_run *s, const struct plan_entry *x, int attempt)
{
	const struct plan_file *f = &s->plan.file[x->file];

	for (bool last = false; !last;) {
		struct errors es = { .count = 0, .more = 0 };
		char title[PLAN_TITLE_MAX] = "";
		uint64_t began_us = clock_us();
		struct test_case c;
		struct journal_case record = { .row = (int)x->row, .attempt = attempt, .started = (int64_t)time(NULL) };

		arena_reset(&s->arena);
		if (case_parse(f->file, record.row, &s->arena, &c, &es) < 0) {
			case_title(f->file, record.row, title, sizeof(title));
			bad_case(&c, &record.outcome, f->file, &es, title);
			for (int i = 0; i < es.count; i++)
				fprintf(stderr, "%s\n", es.list[i].text);
		} else {
			record.row = c.row;
			if (!cmd_run_skips(s, &c, &record.outcome))
				run_case(s->runner, &c, plan_seed(s->options.plan.seed, c.path, record.row, attempt), &record.outcome);
		}
		if (stop_signal != 0)
			return false;
		describe(&record, f, &c);
		record.real_us = clock_us() - began_us;
		s->over = !rig_goes_on(s, &record.outcome);
		last = s->again || s->over || s->rig == NULL || record.outcome.verdict != VERDICT_INCONCLUSIVE;
		s->again = record.again = !last;
		case_finished(s, &record, last, began_us + record.real_us);
	}
	return true;
}

void
cmd_run_play(struct cmd_run *s)
{
	for (uint32_t i = 0; i < s->plan.entries && !s->broken && !s->over; i++) {
		if (s->plan.entry[i].done)
			continue;
		for (unsigned k = 1; k <= s->options.repeat && !s->broken && !s->over; k++)
			if (stop_signal != 0 || !play_once(s, &s->plan.entry[i], (int)k))
				return;
	}
	if (s->rig != NULL && stop_signal == 0 && !s->over)
		rig_leave(s->rig);
}
