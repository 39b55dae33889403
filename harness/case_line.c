/* case_line: the line at hand, with columns and parameters put in as text. */
#include "case_parse.h"

/* The value whose {name} stands at s.at[at], or NULL. */
static const struct value *
value_at(const struct frame *f, struct span s, size_t at)
{
	for (int i = 0; i < f->values; i++) {
		struct span name = f->value[i].name;

		if (s.len - at >= name.len + 2 && s.at[at + 1 + name.len] == '}' && memcmp(s.at + at + 1, name.at, name.len) == 0)
			return &f->value[i];
	}
	return NULL;
}

/* Find what is to be put in; the length of the line with it.  -1: too many. */
static long
pieces_find(const struct frame *f, struct span s, struct line *l, const struct value *value[HOLES_MAX])
{
	size_t length = s.len;

	for (size_t i = 0; i < s.len; i++) {
		const struct value *v;

		if (s.at[i] == '\\') {
			i++;
			continue;
		}
		if (s.at[i] != '{' || (v = value_at(f, s, i)) == NULL)
			continue;
		if (l->pieces == HOLES_MAX)
			return -1;
		value[l->pieces] = v;
		l->piece[l->pieces++] =
		    (struct piece){ .in = (uint32_t)i, .in_length = (uint32_t)v->name.len + 2, .out_length = (uint32_t)v->text.len };
		length += v->text.len - (v->name.len + 2);
		i += v->name.len + 1;
	}
	return (long)length;
}

/* The line is one column alone, behind a sign or not, and its cell is empty. */
static bool
left_out(const struct line *l, struct span raw)
{
	struct span front, back;

	if (l->pieces != 1 || l->piece[0].out_length != 0)
		return false;
	front = span_first(raw, l->piece[0].in);
	back = span_after(raw, l->piece[0].in + l->piece[0].in_length);
	if (back.len > 0 && !span_starts(back, SPAN("  ")))
		return false;
	return front.len == 0 || span_equal(front, SPAN("> ")) || span_equal(front, SPAN("< ")) || span_equal(front, SPAN(">> ")) ||
	       span_equal(front, SPAN("<< ")) || span_equal(front, SPAN("= "));
}

static void
put_in(struct parser *p, struct span raw, long length, const struct value *const *value)
{
	struct line *l = &p->line;
	char *into = arena_alloc(p->arena, (size_t)length);
	size_t from = 0, at = 0;

	for (int i = 0; i < l->pieces; i++) {
		struct piece *x = &l->piece[i];

		memcpy(into + at, raw.at + from, x->in - from);
		at += x->in - from;
		x->out = (uint32_t)at;
		if (x->out_length > 0)
			memcpy(into + at, value[i]->text.at, x->out_length);
		at += x->out_length;
		from = x->in + x->in_length;
	}
	memcpy(into + at, raw.at + from, raw.len - from);
	while (length > 0 && into[length - 1] == ' ')
		length--;
	l->text = span_of(into, (size_t)length);
}

bool
line_take(struct parser *p, struct frame *f, int at)
{
	const struct source_line *sl = &f->source->line[at];
	struct span raw = span_of(f->source->bytes + sl->at, sl->length);
	const struct value *value[HOLES_MAX];
	struct line *l = &p->line;
	const char *tab;
	long length;

	p->frame = f;
	l->text = raw;
	l->source = f->source;
	l->number = (int)sl->number;
	l->indent = (int)sl->indent;
	l->pieces = 0;
	tab = memchr(raw.at, '\t', raw.len);
	if (tab != NULL) {
		fail(p, tab, "a tab, expected blanks (\\t in a text)");
		return false;
	}
	if (f->values == 0 || memchr(raw.at, '{', raw.len) == NULL)
		return true;
	length = pieces_find(f, raw, l, value);
	if (length < 0 || length > (long)CASE_LINE_MAX) {
		l->pieces = 0;
		if (length < 0)
			fail(p, raw.at, "a line with more than %d columns in it, expected at most that", HOLES_MAX);
		else
			fail(p, raw.at, "a line of %ld bytes with its columns put in, expected at most %u", length, CASE_LINE_MAX);
		return false;
	}
	if (l->pieces == 0)
		return true;
	if (left_out(l, raw))
		return false;
	put_in(p, raw, length, value);
	return true;
}

int
line_column(const struct line *l, const char *at)
{
	size_t out = (size_t)(at - l->text.at), shift_out = 0, shift_in = 0;

	for (int i = 0; i < l->pieces; i++) {
		const struct piece *x = &l->piece[i];

		if (out < x->out)
			break;
		if (out < x->out + x->out_length || (out == x->out && x->out_length == 0))
			return l->indent + (int)x->in + 1;
		shift_out = x->out + x->out_length;
		shift_in = x->in + x->in_length;
	}
	return l->indent + (int)(out - shift_out + shift_in) + 1;
}
