#include "case_dump.h"

static void
put_number(struct growing *g, const char *name, int64_t n)
{
	if (n == 0)
		return;
	growing_str(g, " ");
	growing_str(g, name);
	growing_str(g, " ");
	growing_number(g, n);
}

static void
put_span(struct growing *g, const char *name, struct span s)
{
	if (s.len == 0)
		return;
	put_number(g, name, (int64_t)s.len);
	growing_str(g, " '");
	growing_bytes(g, s);
	growing_str(g, "'");
}

static void
put_expr(struct growing *g, const char *name, const struct expr *e)
{
	put_number(g, name, e->count);
	for (int i = 0; i < e->count; i++) {
		put_number(g, "op", e->item[i].op + 1);
		put_number(g, "number", e->item[i].op == EXPR_NUMBER ? e->item[i].number : 0);
		put_number(g, "variable", e->item[i].op == EXPR_VARIABLE ? e->item[i].variable + 1 : 0);
	}
}

static void
put_text(struct growing *g, const char *name, const struct text *t)
{
	put_number(g, name, t->count);
	put_number(g, "any-error", t->any_error);
	put_span(g, "source", t->source);
	for (int i = 0; i < t->count; i++) {
		const struct part *p = &t->part[i];

		put_number(g, "part", p->kind + 1);
		put_span(g, "literal", p->literal);
		put_number(g, "captures", p->variable);
		if (p->has_min)
			put_expr(g, "min", &p->min);
		if (p->has_max)
			put_expr(g, "max", &p->max);
		if (p->kind == HOLE_VALUE)
			put_expr(g, "value", &p->value);
	}
}

static void
put_when(struct growing *g, const struct when *w)
{
	put_number(g, "within", w->has_within ? (int64_t)w->within_us + 1 : 0);
	put_number(g, "after", w->has_after ? (int64_t)w->after_us + 1 : 0);
	put_number(g, "since", w->since + 1);
	put_number(g, "as", w->as + 1);
	put_number(g, "informational", w->informational + 2 * w->timing_informational + 4 * w->timing_tight);
}

static void
put_step(struct growing *g, const struct step *s)
{
	put_number(g, "kind", s->kind + 1);
	put_span(g, "of", span_str(s->path));
	put_number(g, "line", s->line);
	put_number(g, "column", s->column);
	put_span(g, "source", s->source);
	put_span(g, "clause", s->clause);
	for (int i = 0; i < s->texts; i++)
		put_text(g, "text", &s->text[i]);
	put_when(g, &s->when);
	put_text(g, "content", &s->content);
	put_number(g, "payload", s->payload);
	put_expr(g, "count", &s->count);
	put_span(g, "file", s->file);
	put_span(g, "raw", s->raw);
	put_number(g, "terminator", s->terminator);
	put_number(g, "pieces", s->pieces);
	put_number(g, "pause", (int64_t)s->pause_us);
	put_number(g, "at-once", s->at_once + 2 * s->unknown_command);
	put_number(g, "lines", (int64_t)s->lines);
	put_number(g, "high", (int64_t)s->lines_high);
	put_number(g, "where", s->where);
	put_number(g, "n", s->number);
	put_span(g, "name", s->name);
	put_span(g, "value", s->value);
	growing_str(g, "\n");
}

/* Steps of one level and what is below them.  Blocks are CASE_DEPTH_MAX deep at most. */
static void
put_steps(struct growing *g, const struct step *s)
{
	for (; s != NULL; s = s->next) {
		put_step(g, s);
		for (const struct step *branch = s->body; branch != NULL; branch = branch->branch) {
			growing_str(g, "{\n");
			put_steps(g, branch);
			growing_str(g, "}\n");
		}
	}
}

static void
put_lines(struct growing *g, const char *name, const struct case_line *l)
{
	for (; l != NULL; l = l->next) {
		put_span(g, name, l->text);
		put_span(g, "of", span_str(l->path));
		put_number(g, "line", l->line);
		put_number(g, "column", l->column);
		growing_str(g, "\n");
	}
}

void
case_dump(struct growing *g, const struct test_case *c)
{
	put_number(g, "row", c->row);
	put_number(g, "row-line", c->row_line);
	put_span(g, "title", c->title);
	put_span(g, "document", c->document);
	put_span(g, "clause", c->clause);
	put_lines(g, "spec", c->specs);
	put_lines(g, "world", c->setting.world);
	put_lines(g, "module", c->setting.module);
	put_lines(g, "profile", c->profiles);
	put_number(g, "needs", (int64_t)c->needs);
	put_number(g, "informational", c->informational + 2 * c->unknown_commands + 4 * c->must_fail);
	put_number(g, "quiet", (int64_t)c->quiet_us);
	for (int i = 0; i < c->allows; i++)
		put_text(g, "allow", &c->allow[i]);
	for (int i = 0; i < c->nevers; i++)
		put_text(g, "never", &c->never[i]);
	put_number(g, "must", c->must_line);
	put_span(g, "message", c->must_message);
	for (int i = 0; i < c->variables; i++)
		put_span(g, "variable", span_str(c->variable[i]));
	growing_str(g, "\n");
	put_steps(g, c->steps);
	growing_str(g, "finally\n");
	put_steps(g, c->finally);
}
