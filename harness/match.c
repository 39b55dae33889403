#include <inttypes.h>
#include <stdio.h>

#include "escape.h"
#include "match_value.h"

#define NUMBER_DIGITS_MAX 20

enum found { NO, YES, NEVER }; /* NEVER: a {: text} hole tried all there is, so that no earlier one need try again */

struct matcher {
	const struct text *text;
	const struct values *values;
	struct match *match;
	struct span line;
	bool shape;
};

static size_t
digits_at(struct span s, size_t at)
{
	size_t n = 0;

	while (at + n < s.len && s.at[at + n] >= '0' && s.at[at + n] <= '9')
		n++;
	return n;
}

static bool
in_range(const struct part *p, const struct scope *s, int64_t n, const char **why)
{
	int64_t limit;

	if (p->has_min && (!value_evaluate(&p->min, s, &limit, why) || n < limit))
		return false;
	return !p->has_max || (value_evaluate(&p->max, s, &limit, why) && n <= limit);
}

/* What is known when part index of the line is looked at. */
static struct scope
scope_at(const struct matcher *x, int index)
{
	return (struct scope){ .values = x->values, .text = x->text, .match = x->match, .parts = index };
}

static size_t
number_at(const struct matcher *x, int index, size_t at)
{
	struct scope s = scope_at(x, index);
	size_t n = digits_at(x->line, at);
	int64_t number;

	if (n == 0 || n > NUMBER_DIGITS_MAX)
		return 0;
	if (x->shape)
		return n;
	if (!value_number_of(span_of(x->line.at + at, n), &number) || !in_range(&x->text->part[index], &s, number, &x->match->why))
		return 0;
	return n;
}

static size_t
quoted_at(struct span s, size_t at)
{
	const char *end;

	if (at >= s.len || s.at[at] != '"')
		return 0;
	end = memchr(s.at + at + 1, '"', s.len - at - 1);
	return end == NULL ? 0 : (size_t)(end - (s.at + at)) + 1;
}

static size_t
address_at(struct span s, size_t at)
{
	size_t used = 0;

	for (int i = 0; i < 4; i++) {
		size_t n;
		int64_t part;

		if (i > 0) {
			if (at + used >= s.len || s.at[at + used] != '.')
				return 0;
			used++;
		}
		n = digits_at(s, at + used);
		if (n == 0 || n > 3 || !value_number_of(span_of(s.at + at + used, n), &part) || part > 255)
			return 0;
		used += n;
	}
	return used;
}

static size_t
word_at(struct span s, size_t at)
{
	size_t n = 0;

	while (at + n < s.len && s.at[at + n] != ' ' && s.at[at + n] != ',' && s.at[at + n] != '"')
		n++;
	return n;
}

static bool
value_here(const struct matcher *x, int index, char scratch[24], struct span *out)
{
	struct scope s = scope_at(x, index);

	return value_text(&x->text->part[index], &s, scratch, out, &x->match->why);
}

static enum found match_from(struct matcher *x, int index, size_t at);

/* Part index matched len bytes from at on. */
static enum found
match_took(struct matcher *x, int index, size_t at, size_t len)
{
	struct span got = span_of(x->line.at + at, len);

	if (x->text->part[index].kind == HOLE_QUOTED && len >= 2)
		got = span_of(got.at + 1, len - 2);
	x->match->part[index] = got;
	return match_from(x, index + 1, at + len);
}

/* Shortest first; each earlier {: text} hole is settled once a later one was reached (see enum found). */
static enum found
match_text(struct matcher *x, int index, size_t at)
{
	for (size_t end = at; end <= x->line.len; end++) {
		enum found f = match_took(x, index, at, end - at);

		if (f != NO)
			return f;
	}
	return NEVER;
}

static enum found
match_word(struct matcher *x, int index, size_t at)
{
	for (size_t n = word_at(x->line, at); n > 0; n--) {
		enum found f = match_took(x, index, at, n);

		if (f != NO)
			return f;
	}
	return NO;
}

static enum found
match_from(struct matcher *x, int index, size_t at)
{
	const struct part *p;
	struct span want;
	char scratch[24];
	size_t n = 0;

	if (index == x->text->count)
		return at == x->line.len ? YES : NO;
	p = &x->text->part[index];
	switch (p->kind) {
	case HOLE_LITERAL: want = p->literal; return span_starts(span_after(x->line, at), want) ? match_took(x, index, at, want.len) : NO;
	case HOLE_VALUE:
		if (x->shape) {
			n = digits_at(x->line, at);
			if (n == 0)
				n = word_at(x->line, at);
			return match_took(x, index, at, n);
		}
		if (!value_here(x, index, scratch, &want))
			return NO;
		return span_starts(span_after(x->line, at), want) ? match_took(x, index, at, want.len) : NO;
	case HOLE_NUMBER: n = number_at(x, index, at); break;
	case HOLE_QUOTED: n = quoted_at(x->line, at); break;
	case HOLE_ADDRESS: n = address_at(x->line, at); break;
	case HOLE_WORD: return match_word(x, index, at);
	case HOLE_TEXT: return match_text(x, index, at);
	}
	return n == 0 ? NO : match_took(x, index, at, n);
}

static bool
match_any_error(struct span line)
{
	return span_equal(line, SPAN("ERROR")) || span_starts(line, SPAN("+CME ERROR: "));
}

static bool
match_with(const struct text *t, struct span line, const struct values *v, struct match *m, bool shape)
{
	struct matcher x = { .text = t, .values = v, .match = m, .line = line, .shape = shape };

	m->why = NULL;
	if (t->any_error)
		return match_any_error(line);
	if (t->count > MATCH_PARTS_MAX) {
		m->why = "a text of more than 128 parts";
		return false;
	}
	return match_from(&x, 0, 0) == YES;
}

bool
match_line(const struct text *t, struct span line, const struct values *v, struct match *m)
{
	return match_with(t, line, v, m, false);
}

bool
match_shape(const struct text *t, struct span line, const struct values *v, struct match *m)
{
	return match_with(t, line, v, m, true);
}

void
match_capture(const struct text *t, const struct match *m, struct values *v)
{
	if (t->any_error)
		return;
	for (int i = 0; i < t->count; i++) {
		const struct part *p = &t->part[i];
		struct value *x;

		if (p->kind == HOLE_LITERAL || p->kind == HOLE_VALUE || p->variable < 0)
			continue;
		x = &v->value[p->variable];
		x->set = true;
		x->is_moment = false;
		x->is_number = p->kind == HOLE_NUMBER && value_number_of(m->part[i], &x->number);
		x->length = m->part[i].len < MATCH_CAPTURE_MAX ? m->part[i].len : MATCH_CAPTURE_MAX;
		memcpy(x->text, m->part[i].at, x->length);
	}
}

/* ---- explaining ------------------------------------------------------------ */

static void
explain_range(const struct part *p, struct span got, const struct scope *s, char *into, size_t cap)
{
	char low[24] = "", high[24] = "", seen[64];
	const char *why;
	int64_t n;

	if (p->has_min && value_evaluate(&p->min, s, &n, &why))
		snprintf(low, sizeof(low), "%" PRId64, n);
	if (p->has_max && value_evaluate(&p->max, s, &n, &why))
		snprintf(high, sizeof(high), "%" PRId64, n);
	escape_bytes(seen, sizeof(seen), got);
	if (!p->has_min && !p->has_max)
		snprintf(into, cap, "%s is no decimal number without sign or leading zeros", seen);
	else
		snprintf(into, cap, "%s is not in %s..%s", seen, low, high);
}

void
match_explain(const struct text *t, const struct match *m, const struct values *v, char *into, size_t cap)
{
	struct match copy = *m;
	struct matcher x = { .text = t, .values = v, .match = &copy };
	const char *why = NULL;
	char scratch[24], seen[96], asked[96];
	struct span want;
	int64_t n;

	snprintf(into, cap, "its values are not as asked");
	for (int i = 0; i < t->count; i++) {
		const struct part *p = &t->part[i];
		struct scope s = scope_at(&x, i);

		if (p->kind == HOLE_NUMBER && (!value_number_of(m->part[i], &n) || !in_range(p, &s, n, &why))) {
			explain_range(p, m->part[i], &s, into, cap);
			return;
		}
		if (p->kind == HOLE_VALUE && value_here(&x, i, scratch, &want) && !span_equal(want, m->part[i])) {
			escape_bytes(seen, sizeof(seen), m->part[i]);
			escape_bytes(asked, sizeof(asked), want);
			snprintf(into, cap, "%s is not %s", seen, asked);
			return;
		}
	}
}

struct span
text_start(const struct text *t)
{
	if (t->any_error || t->count == 0 || t->part[0].kind != HOLE_LITERAL)
		return span_of("", 0);
	return t->part[0].literal;
}
