/* case_line: the line at hand, with columns, parameters and the lab's values put in as text. */
#include "case_parse.h"
#include "lab_file.h"

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

/* The name in the {lab.NAME} that stands at the front of s, or an empty span. */
static struct span
lab_name(struct span s)
{
	size_t n = 5;

	if (!span_starts(s, SPAN("{lab.")))
		return span_of(s.at, 0);
	while (n < s.len && ((s.at[n] >= 'a' && s.at[n] <= 'z') || (s.at[n] >= '0' && s.at[n] <= '9') || s.at[n] == '_'))
		n++;
	return n > 5 && n < s.len && s.at[n] == '}' ? span_of(s.at + 5, n - 5) : span_of(s.at, 0);
}

/* A value of the lab, for a {lab.NAME} at (or put in at) byte at of the line. */
static const struct value *
lab_value_at(struct parser *p, struct span name, const char *at)
{
	char text[LAB_TEXT_MAX];
	struct value *v;

	switch (lab_value(p->file->lab, name, p->out->path, p->out->row, text)) {
	case LAB_FOUND: break;
	case LAB_NOT_GIVEN: /* the case is skipped: what stands here only has to read */
		p->out->lab_lacks = arena_string(p->arena, name);
		lab_value(NULL, name, p->out->path, p->out->row, text);
		break;
	case LAB_NO_SUCH_NAME:
		fail(p, at, "%s, expected a value of the lab%s", shown(span_of(name.at - 4, name.len + 4)),
		    did_you_mean(name, lab_value_names));
		return NULL;
	}
	v = arena_alloc(p->arena, sizeof(*v));
	v->name = span_of(name.at - 4, name.len + 4);
	v->text = span_str(arena_string(p->arena, span_str(text)));
	return v;
}

/* A cell may name values of the lab, too: v with them put in. */
static const struct value *
cell_with_lab(struct parser *p, const struct value *v, const char *at)
{
	struct span s = v->text;
	struct value *out;
	char *into;
	size_t n = 0, labs = 0;

	for (size_t i = 0; i < s.len; i++)
		labs += lab_name(span_after(s, i)).len > 0;
	if (labs == 0)
		return v;
	out = arena_alloc(p->arena, sizeof(*out));
	into = arena_alloc(p->arena, s.len + labs * LAB_TEXT_MAX);
	for (size_t i = 0; i < s.len; i++) {
		struct span name = lab_name(span_after(s, i));
		const struct value *lab;

		if (name.len == 0) {
			into[n++] = s.at[i];
			continue;
		}
		lab = lab_value_at(p, name, at);
		if (lab == NULL)
			return NULL;
		memcpy(into + n, lab->text.at, lab->text.len);
		n += lab->text.len;
		i += name.len + 5;
	}
	*out = (struct value){ v->name, span_of(into, n) };
	return out;
}

/* Find what is to be put in; the length of the line with it.  -1: too many, -2: one of them is wrong, and that has been said. */
static long
pieces_find(struct parser *p, const struct frame *f, struct span s, struct line *l, const struct value *value[HOLES_MAX])
{
	size_t length = s.len;

	for (size_t i = 0; i < s.len; i++) {
		const struct value *v;
		struct span lab;

		if (s.at[i] == '\\') {
			i++;
			continue;
		}
		if (s.at[i] != '{')
			continue;
		lab = lab_name(span_after(s, i));
		v = lab.len > 0 ? lab_value_at(p, lab, s.at + i + 1) : value_at(f, s, i);
		if (v == NULL && lab.len == 0)
			continue;
		if (v != NULL && lab.len == 0)
			v = cell_with_lab(p, v, s.at + i);
		if (v == NULL)
			return -2;
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
	if (memchr(raw.at, '{', raw.len) == NULL)
		return true;
	length = pieces_find(p, f, raw, l, value);
	if (length == -2) {
		l->pieces = 0;
		return false;
	}
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
