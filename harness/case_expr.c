/* case_expr: arithmetic over what was captured, in reverse Polish order; and the variables of a case. */
#include <ctype.h>
#include <stdlib.h>

#include "case_parse.h"

#define ITEMS_MAX 32
#define NESTING_MAX 8

struct building {
	struct parser *p;
	struct words *w;
	int count, nesting;
	struct {
		enum expr_op op;
		int64_t number;
		int variable;
	} item[ITEMS_MAX];
};

static int
variable_find(const struct parser *p, struct span name)
{
	for (int i = 0; i < p->out->variables; i++)
		if (word_is(name, p->out->variable[i]))
			return i;
	return -1;
}

int
variable_set(struct parser *p, struct span name, enum variable_kind kind)
{
	int i = variable_find(p, name);

	if (i >= 0) {
		if ((p->kind[i] == VARIABLE_MOMENT) != (kind == VARIABLE_MOMENT))
			return fail(p, name.at, "%s, which is a %s already, expected another name", shown(name),
			    p->kind[i] == VARIABLE_MOMENT ? "moment" : "captured value");
		if (kind == VARIABLE_STRING)
			p->kind[i] = kind;
		return i;
	}
	if (p->out->variables == CASE_VARIABLES_MAX)
		return fail(p, name.at, "%s, one name more than the %d a case may have", shown(name), CASE_VARIABLES_MAX);
	i = p->out->variables++;
	p->out->variable[i] = arena_string(p->arena, name);
	p->kind[i] = kind;
	return i;
}

int
variable_get(struct parser *p, struct span name)
{
	const char *known[CASE_VARIABLES_MAX + COLUMNS_MAX + 1];
	char column[COLUMNS_MAX][32];
	int n = 0, i = variable_find(p, name);

	if (i >= 0)
		return i;
	for (i = 0; i < p->out->variables; i++)
		known[n++] = p->out->variable[i];
	for (i = 0; i < p->frame->values; i++) {
		struct span v = span_first(p->frame->value[i].name, sizeof(column[i]) - 1);

		memcpy(column[i], v.at, v.len);
		column[i][v.len] = '\0';
		known[n++] = column[i];
	}
	known[n] = NULL;
	return fail(p, name.at, "%s, expected %s%s", shown(name),
	    p->frame->source->is_steps ? "a parameter of this file or what a step before this one captures"
	    : p->frame->values > 0     ? "a column of the table or what a step before this one captures"
				       : "what a step before this one captures (and there is no table with that column)",
	    did_you_mean(name, known));
}

static int
item_add(struct building *b, enum expr_op op, int64_t number, int variable)
{
	if (b->count == ITEMS_MAX)
		return fail(b->p, b->w->at, "an expression of more than %d parts, expected a shorter one", ITEMS_MAX);
	b->item[b->count].op = op;
	b->item[b->count].number = number;
	b->item[b->count++].variable = variable;
	return 0;
}

static int sum(struct building *b);

static int
number(struct building *b)
{
	const char *from = b->w->at;
	int64_t n = 0;

	for (; b->w->at < b->w->end && isdigit((unsigned char)*b->w->at); b->w->at++) {
		int digit = *b->w->at - '0';

		if (n > (NUMBER_MAX - digit) / 10)
			return fail(b->p, from, "a number above %lld, expected at most that", (long long)NUMBER_MAX);
		n = n * 10 + digit;
	}
	return item_add(b, EXPR_NUMBER, n, -1);
}

static int
name(struct building *b)
{
	const char *from = b->w->at, *end = b->w->end;
	struct span s;
	int v;

	while (b->w->at < end && (isalnum((unsigned char)*b->w->at) || *b->w->at == '_'))
		b->w->at++;
	if (b->w->at - from == 3 && memcmp(from, "lab", 3) == 0 && b->w->at < end && *b->w->at == '.')
		return fail(b->p, from, "a value of the lab within a hole, expected it alone: {lab.NAME}");
	s = span_of(from, (size_t)(b->w->at - from));
	if (s.len > 64)
		return fail(b->p, from, "a name of %zu letters, expected at most 64", s.len);
	v = variable_get(b->p, s);
	if (v < 0)
		return -1;
	if (b->p->kind[v] == VARIABLE_MOMENT)
		return fail(b->p, from, "%s, a moment, expected a captured value", shown(s));
	return item_add(b, EXPR_VARIABLE, 0, v);
}

static int
factor(struct building *b)
{
	struct words *w = b->w;

	words_skip(w);
	if (w->at < w->end && isdigit((unsigned char)*w->at))
		return number(b);
	if (w->at < w->end && (isalpha((unsigned char)*w->at) || *w->at == '_'))
		return name(b);
	if (w->at < w->end && *w->at == '(') {
		if (++b->nesting > NESTING_MAX)
			return fail(b->p, w->at, "'(' more than %d deep, expected fewer", NESTING_MAX);
		w->at++;
		if (sum(b) < 0)
			return -1;
		words_skip(w);
		if (w->at == w->end || *w->at != ')')
			return fail(b->p, w->at, "%s, expected ')'", w->at == w->end ? "the end" : shown(span_of(w->at, 1)));
		w->at++;
		b->nesting--;
		return 0;
	}
	return fail(b->p, w->at, "%s, expected a number, a name or '('", w->at == w->end ? "the end" : shown(span_of(w->at, 1)));
}

static int
product(struct building *b)
{
	if (factor(b) < 0)
		return -1;
	for (words_skip(b->w); b->w->at < b->w->end && *b->w->at == '*'; words_skip(b->w)) {
		b->w->at++;
		if (factor(b) < 0 || item_add(b, EXPR_MULTIPLY, 0, -1) < 0)
			return -1;
	}
	return 0;
}

static int
sum(struct building *b)
{
	if (product(b) < 0)
		return -1;
	for (words_skip(b->w); b->w->at < b->w->end && (*b->w->at == '+' || *b->w->at == '-'); words_skip(b->w)) {
		enum expr_op op = *b->w->at++ == '+' ? EXPR_ADD : EXPR_SUBTRACT;

		if (product(b) < 0 || item_add(b, op, 0, -1) < 0)
			return -1;
	}
	return 0;
}

int
expr_read(struct parser *p, struct words *w, struct expr *out)
{
	struct building b = { .p = p, .w = w, .count = 0, .nesting = 0 };
	const char *from;

	words_skip(w);
	from = w->at;
	if (sum(&b) < 0)
		return -1;
	for (int i = 0; b.count > 1 && i < b.count; i++)
		if (b.item[i].op == EXPR_VARIABLE && p->kind[b.item[i].variable] == VARIABLE_STRING)
			return fail(p, from, "'%s' in arithmetic, which holds text, expected a captured number",
			    p->out->variable[b.item[i].variable]);
	out->item = arena_alloc(p->arena, (size_t)b.count * sizeof(*out->item));
	for (int i = 0; i < b.count; i++) {
		out->item[i].op = b.item[i].op;
		out->item[i].number = b.item[i].number;
		out->item[i].variable = b.item[i].variable;
	}
	out->count = b.count;
	return 0;
}

int
count_read(struct parser *p, struct words *w, struct expr *out)
{
	struct words inner;
	const char *close;

	words_skip(w);
	if (w->at == w->end || *w->at != '{') {
		int64_t n;

		if (word_number(p, w, 0, NUMBER_MAX, "{expression} or a number", &n) < 0)
			return -1;
		out->item = arena_alloc(p->arena, sizeof(*out->item));
		out->item->op = EXPR_NUMBER;
		out->item->number = n;
		out->item->variable = -1;
		out->count = 1;
		return 0;
	}
	close = memchr(w->at, '}', (size_t)(w->end - w->at));
	if (close == NULL)
		return fail(p, w->at, "'{' without '}', expected {expression}");
	inner = (struct words){ w->at + 1, close };
	if (expr_read(p, &inner, out) < 0)
		return -1;
	words_skip(&inner);
	if (inner.at != close)
		return fail(p, inner.at, "%s, expected '}' or an operator", shown(words_peek(&inner)));
	if (out->count == 1 && out->item->op == EXPR_VARIABLE && p->kind[out->item->variable] == VARIABLE_STRING)
		return fail(p, w->at, "'%s', which holds text, expected a captured number", p->out->variable[out->item->variable]);
	w->at = close + 1;
	if (w->at < w->end && *w->at != ' ')
		return fail(p, w->at, "%s, expected a blank behind '}'", shown(words_peek(w)));
	return 0;
}
