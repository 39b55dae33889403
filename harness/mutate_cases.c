/* mutate_cases: the cases, read once, and which rows each reaches on the unbroken emulator. */
#include <stdlib.h>

#include "clock.h"
#include "mutate_tables.h"
#include "run.h"
#include "wire.h"

static bool
holds_here(const struct test_case *c)
{
	const char *profile = modem_profile_name(0, NULL);

	if (c->profiles == NULL)
		return true;
	for (const struct case_line *l = c->profiles; l != NULL; l = l->next)
		if (span_equal(l->text, span_str(profile)))
			return true;
	return false;
}

bool
mutate_reaches(const struct mutate_case *c, unsigned place)
{
	return place == UINT32_MAX || (c->reached[place / 8] & 1u << place % 8) != 0;
}

bool
mutate_comes_to(const struct mutate_case *c, const struct deviation *d)
{
	const struct rule *rules, *own;

	if (mutate_reaches(c, d->place))
		return true;
	if (d->op != OP_GUARD_TURNED && d->op != OP_GUARD_GONE)
		return false;
	rules = modem_tables.session[d->table]->rules;
	own = &rules[d->index];
	for (const struct rule *r = own; r->id != NULL; r++)
		if (r->event == own->event && (r->in & own->in) != 0 && mutate_reaches(c, d->place + (unsigned)(r - own)))
			return true;
	return false;
}

/* A setting that its command's handler keeps by itself is reached with the command: "+IFC te" with AT+IFC. */
static uint32_t
command_hits(const struct modem *m, const char *setting)
{
	struct span name = span_of(setting, strcspn(setting, " "));
	uint32_t hits = 0;
	int n = 0;

	for (int t = 0; t < COMMAND_FAMILIES; t++)
		for (const struct command *row = modem_tables.command[t]; row->name != NULL; row++, n++)
			if (span_equal(span_str(row->name), name))
				hits += m->form_hits[n][FORM_READ] + m->form_hits[n][FORM_WRITE];
	return hits;
}

static void
reach(struct mutate_case *c, unsigned place, uint64_t hits)
{
	if (hits == 0)
		return;
	c->reached[place / 8] = (uint8_t)(c->reached[place / 8] | 1u << place % 8);
	c->breadth++;
}

/* The order of places is that of mutate_derive. */
static unsigned
reach_all(struct mutate_case *c, const struct modem *m)
{
	struct modem_rule_count rule;
	unsigned place = 0, n = 0;

	for (; modem_rule(m, place, &rule); place++)
		if (c != NULL)
			reach(c, place, rule.hits);
	for (int t = 0; t < COMMAND_FAMILIES; t++)
		for (const struct command *row = modem_tables.command[t]; row->name != NULL; row++, n++)
			for (int f = 0; f < FORM_MAX; f++, place++)
				if (c != NULL)
					reach(c, place, m->form_hits[n][f]);
	n = 0;
	for (int t = 0; t < SETTINGS_MAX; t++)
		for (const struct setting *s = modem_tables.setting[t]; s->name != NULL; s++, place++, n++)
			if (c != NULL)
				reach(c, place, m->setting_hits[n] + command_hits(m, s->name));
	for (n = 0; modem_tables.parameter[n].command != NULL; n++, place++)
		if (c != NULL)
			reach(c, place, m->parameter_hits[n]);
	return place;
}

/* Read one row of a file; 0: it is no case for this. */
static int
case_take(struct mutate_suite *s, const struct plan_entry *x, struct err *e)
{
	struct mutate_case *c = &s->at[s->count];
	struct errors es = { .count = 0, .more = 0 };
	struct case_file *f = s->plan.file[x->file].file;

	memset(c, 0, sizeof(*c));
	if (case_parse(f, (int)x->row, &s->arena, &c->c, &es) < 0)
		return err_set(e, EXIT_USAGE, "%.390s", es.count > 0 ? es.list[0].text : "a case cannot be read");
	if (!holds_here(&c->c) || c->c.informational || c->c.must_fail) {
		s->skipped++;
		return 0;
	}
	c->seed = plan_seed(1, c->c.path, c->c.row, 1);
	c->reached = calloc(1, s->rows / 8 + 1);
	if (c->reached == NULL)
		abort();
	s->count++;
	return 1;
}

static const struct mutate_suite *sorted;

static int
narrower(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (sorted->at[x].breadth != sorted->at[y].breadth)
		return sorted->at[x].breadth < sorted->at[y].breadth ? -1 : 1;
	return x < y ? -1 : x > y;
}

static int
play_whole(struct mutate_suite *s, struct wire *w, struct runner *r, struct err *e)
{
	for (uint32_t i = 0; i < s->count; i++) {
		struct mutate_case *c = &s->at[i];
		struct outcome o;

		run_case(r, &c->c, c->seed, &o);
		if (o.verdict == VERDICT_SKIP) {
			s->skipped++;
			continue;
		}
		if (o.verdict != VERDICT_PASS)
			return err_set(e, EXIT_BROKEN, "%s:%d: %.*s: does not pass on the unbroken emulator: %.200s", o.path, o.line,
			    (int)c->c.title.len, c->c.title.at, o.message);
		reach_all(c, wire_loop_modem(w));
	}
	return 0;
}

int
mutate_suite_open(struct mutate_suite *s, const struct plan_options *o, struct err *e)
{
	struct wire *w = wire_loop_open(SPAN(""), e);
	struct runner *r = w == NULL ? NULL : runner_new(w);
	uint64_t began;
	int result = 0;

	memset(s, 0, sizeof(*s));
	if (r == NULL)
		return -1;
	s->rows = reach_all(NULL, wire_loop_modem(w));
	if (plan_make(&s->plan, o, e) < 0) {
		result = -1;
	} else if (s->plan.entries == 0) {
		result = err_set(e, EXIT_NO_CASE, "no case is selected");
	} else {
		s->at = calloc(s->plan.entries, sizeof(*s->at));
		s->order = calloc(s->plan.entries, sizeof(*s->order));
		if (s->at == NULL || s->order == NULL)
			abort();
		for (uint32_t i = 0; i < s->plan.entries && result >= 0; i++)
			result = case_take(s, &s->plan.entry[i], e);
		began = clock_us();
		if (result >= 0)
			result = play_whole(s, w, r, e);
		s->real_us = clock_us() - began;
		for (uint32_t i = 0; i < s->count; i++)
			s->order[i] = i;
		sorted = s;
		qsort(s->order, s->count, sizeof(*s->order), narrower);
	}
	runner_free(r);
	w->ops->close(w);
	return result;
}

void
mutate_suite_close(struct mutate_suite *s)
{
	for (uint32_t i = 0; i < s->count; i++)
		free(s->at[i].reached);
	arena_free(&s->arena);
	free(s->at);
	free(s->order);
	plan_free(&s->plan);
}
