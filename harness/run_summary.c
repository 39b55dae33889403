#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "run_summary.h"
#include "sanitise.h"

#define PROGRESS_FROM 100 /* a run of fewer cases is over before it needs plain lines of progress, one a tenth */
#define LIVE_EVERY_US 100000
#define SHOWN_MAX 600

void
summary_start(struct summary *s, FILE *to, uint64_t total)
{
	memset(s, 0, sizeof(*s));
	s->to = to;
	s->total = total;
	s->live = isatty(fileno(to)) == 1;
}

/* A text that came from outside, fit for a terminal.  Messages are escaped already, and stay as they are. */
static const char *
shown(char into[SHOWN_MAX], struct span text)
{
	sanitise_copy(into, SHOWN_MAX, text);
	return into;
}

static void
group_free(struct summary_group *g)
{
	free(g->of);
	free(g->name);
}

static bool
is_group(const struct summary_group *g, struct span of, struct span name)
{
	return span_equal(span_str(g->name), name) && span_equal(span_str(g->of), of);
}

static void
group_count(struct summary_groups *g, struct span of, struct span name, enum verdict v)
{
	size_t i = g->last;

	if (i >= g->groups || !is_group(&g->group[i], of, name))
		for (i = 0; i < g->groups && !is_group(&g->group[i], of, name);)
			i++;
	if (i == g->groups) {
		if (g->groups == g->room) {
			size_t room = g->room == 0 ? 16 : g->room * 2;
			struct summary_group *grown = realloc(g->group, room * sizeof(*grown));

			if (grown == NULL)
				return;
			g->group = grown;
			g->room = room;
		}
		memset(&g->group[i], 0, sizeof(g->group[i]));
		g->group[i].of = strndup(of.at, of.len);
		g->group[i].name = strndup(name.at, name.len);
		g->groups++;
		if (g->group[i].of == NULL || g->group[i].name == NULL) {
			group_free(&g->group[--g->groups]);
			return;
		}
	}
	g->last = i;
	g->group[i].count[v]++;
}

void
summary_count(struct summary *s, struct span area, struct span document, struct span clause, enum verdict v)
{
	s->count[v]++;
	group_count(&s->areas, SPAN(""), area.len > 0 ? area : SPAN("(none)"), v);
	group_count(&s->clauses, document.len > 0 ? document : SPAN("(no document)"), clause.len > 0 ? clause : SPAN("-"), v);
}

static void
live_clear(struct summary *s)
{
	if (s->live)
		fputs("\r\033[K", s->to);
}

/* ":12" or ":12:1"; nothing for a case that could not be read, whose message names the place. */
static const char *
position(char into[32], const struct outcome *o, bool column)
{
	into[0] = '\0';
	if (o->line > 0)
		snprintf(into, 32, column ? ":%d:%d" : ":%d", o->line, o->column);
	return into;
}

void
summary_case(struct summary *s, struct span area, struct span document, struct span clause, struct span path, struct span title,
    const struct outcome *o, uint64_t now_us)
{
	char a[SHOWN_MAX], b[SHOWN_MAX], c[SHOWN_MAX], at[32];

	summary_count(s, area, document, clause, o->verdict);
	s->played++;
	s->wire_us += o->wire_us;
	if (o->verdict != VERDICT_PASS && o->verdict != VERDICT_SKIP && o->verdict != VERDICT_XFAIL) {
		live_clear(s);
		fprintf(s->to, "%s: %s%s: %s: %s\n", verdict_name(o->verdict), shown(a, path), position(at, o, false), shown(b, title),
		    shown(c, span_str(o->message)));
		s->shown_us = 0;
	}
	if (s->live && (now_us - s->shown_us >= LIVE_EVERY_US || s->played == s->total)) {
		s->shown_us = now_us;
		fprintf(s->to, "\r\033[K%" PRIu64 "/%" PRIu64 "  %" PRIu64 " failed  %.60s", s->played, s->total,
		    s->count[VERDICT_FAIL] + s->count[VERDICT_ERROR], shown(a, title));
		fflush(s->to);
	} else if (!s->live && s->total >= PROGRESS_FROM && s->played * 10 / s->total != (s->played - 1) * 10 / s->total) {
		fprintf(s->to, "%" PRIu64 " of %" PRIu64 ", %" PRIu64 " failed\n", s->played, s->total,
		    s->count[VERDICT_FAIL] + s->count[VERDICT_ERROR]);
	}
}

void
summary_failure(struct summary *s, struct span path, struct span title, const struct outcome *o, const char *again)
{
	char a[SHOWN_MAX], b[SHOWN_MAX], at[32];
	struct span where = o->path != NULL ? span_str(o->path) : path;

	live_clear(s);
	fprintf(s->to, "\n%s%s: %s: %s\n", shown(a, where), position(at, o, true), verdict_name(o->verdict), shown(b, title));
	fprintf(s->to, "  %s: %s\n", o->type, shown(a, span_str(o->message)));
	if (o->expected[0] != '\0')
		fprintf(s->to, "  expected  %s\n", shown(a, span_str(o->expected)));
	if (o->received[0] != '\0')
		fprintf(s->to, "  received  %s\n", shown(a, span_str(o->received)));
	fprintf(s->to, "  again     %s\n", again);
}

void
summary_transcript(struct summary *s, struct span transcript)
{
	struct growing text = { 0 };

	if (transcript.len == 0)
		return;
	sanitise(&text, transcript, SANITISE_LINES);
	fprintf(s->to, "\n# the transcript: saved as a file, it plays again\n%s", text.at);
	growing_free(&text);
}

static uint64_t
sum(const uint64_t count[VERDICT_MAX])
{
	uint64_t n = 0;

	for (int v = 0; v < VERDICT_MAX; v++)
		n += count[v];
	return n;
}

/* "118 pass, 2 fail, 1 skip": the worst last, what there is none of left out. */
static void
counts_print(FILE *to, const uint64_t count[VERDICT_MAX])
{
	static const enum verdict order[] = { VERDICT_PASS, VERDICT_SKIP, VERDICT_XFAIL, VERDICT_XPASS, VERDICT_INCONCLUSIVE, VERDICT_FAIL,
		VERDICT_ERROR };
	const char *between = "";

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (count[order[i]] > 0) {
			fprintf(to, "%s%" PRIu64 " %s", between, count[order[i]], verdict_name(order[i]));
			between = ", ";
		}
}

static int
by_name(const void *a, const void *b)
{
	const struct summary_group *x = a, *y = b;
	int order = strcmp(x->of, y->of);

	return order != 0 ? order : strverscmp(x->name, y->name);
}

#define LINE_WIDTH 100

static bool
all_passed(const struct summary_group *g)
{
	return sum(g->count) == g->count[VERDICT_PASS];
}

/* The groups in which everything passed and how many cases that was, side by side. */
static void
passed_print(FILE *to, const struct summary_groups *g)
{
	char a[SHOWN_MAX], entry[SHOWN_MAX + 32];
	const char *of = NULL;
	int column = 0;

	for (size_t i = 0; i < g->groups; i++) {
		int n;

		if (!all_passed(&g->group[i]))
			continue;
		n = snprintf(entry, sizeof(entry), "%s (%" PRIu64 ")", shown(a, span_str(g->group[i].name)), sum(g->group[i].count));
		if (of == NULL || strcmp(of, g->group[i].of) != 0) {
			of = g->group[i].of;
			fprintf(to, "%s  %s\n  ", column > 0 ? "\n" : "", shown(a, span_str(of)));
			column = 2;
		} else if (column + 2 + n > LINE_WIDTH) {
			fputs("\n  ", to);
			column = 2;
		}
		fprintf(to, "  %s", entry);
		column += 2 + n;
	}
	if (column > 0)
		fputc('\n', to);
}

/* One line a group; of many, only those in which not all passed, and the others side by side. */
static void
groups_print(FILE *to, const char *head, struct summary_groups *g, bool all)
{
	char a[SHOWN_MAX], b[SHOWN_MAX], name[2 * SHOWN_MAX + 3];
	size_t passed = 0;

	if (g->groups == 0)
		return;
	qsort(g->group, g->groups, sizeof(*g->group), by_name);
	for (size_t i = 0; i < g->groups; i++)
		passed += all_passed(&g->group[i]);
	fprintf(to, "\n%s: in %zu of %zu everything passed\n", head, passed, g->groups);
	for (size_t i = 0; i < g->groups; i++) {
		if (!all && all_passed(&g->group[i]))
			continue;
		snprintf(name, sizeof(name), "%s%s%s", shown(b, span_str(g->group[i].of)), g->group[i].of[0] == '\0' ? "" : ", ",
		    shown(a, span_str(g->group[i].name)));
		fprintf(to, "  %-*s %6" PRIu64 "  ", all ? 16 : 44, name, sum(g->group[i].count));
		counts_print(to, g->group[i].count);
		fputc('\n', to);
	}
	if (!all)
		passed_print(to, g);
}

void
summary_end(struct summary *s, uint64_t real_us)
{
	live_clear(s);
	groups_print(s->to, "areas", &s->areas, true);
	groups_print(s->to, "clauses", &s->clauses, false);
	fprintf(s->to, "\n%" PRIu64 " cases: ", sum(s->count));
	counts_print(s->to, s->count);
	fprintf(s->to, ", in %.3f s (%.1f s on the wire)\n", (double)real_us / 1e6, (double)s->wire_us / 1e6);
}

void
summary_free(struct summary *s)
{
	for (size_t i = 0; i < s->areas.groups; i++)
		group_free(&s->areas.group[i]);
	for (size_t i = 0; i < s->clauses.groups; i++)
		group_free(&s->clauses.group[i]);
	free(s->areas.group);
	free(s->clauses.group);
}
