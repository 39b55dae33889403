/* case_text: a line's text with its holes compiled. */
#include "case_parse.h"

struct building {
	struct parser *p;
	enum text_mode mode;
	struct part part[PARTS_MAX];
	int count;
};

static const char *const type_names[] = { "number", "quoted", "address", "word", "text", NULL };
static const enum hole type_holes[] = { HOLE_NUMBER, HOLE_QUOTED, HOLE_ADDRESS, HOLE_WORD, HOLE_TEXT };

static struct part *
part_add(struct building *b, enum hole kind, const char *at)
{
	struct part *part;

	if (b->count == PARTS_MAX) {
		fail(b->p, at, "a text of more than %d parts, expected fewer holes", PARTS_MAX);
		return NULL;
	}
	part = &b->part[b->count++];
	memset(part, 0, sizeof(*part));
	part->kind = kind;
	part->variable = -1;
	return part;
}

/* A { that stands for itself: what follows begins no hole, but JSON or another block. */
static bool
plain_brace(struct span s)
{
	size_t i = 1;

	while (i < s.len && s.at[i] == ' ')
		i++;
	return i < s.len && (s.at[i] == '"' || s.at[i] == '\\' || s.at[i] == '{' || s.at[i] == '}' || s.at[i] == '[');
}

/* The end of what is literal at the front of s, and how many escapes are in it. */
static size_t
literal_length(struct span s, size_t *escapes)
{
	size_t i;

	*escapes = 0;
	for (i = 0; i < s.len && (s.at[i] != '{' || plain_brace(span_after(s, i))); i++)
		if (s.at[i] == '\\') {
			(*escapes)++;
			if (i + 1 < s.len)
				i++;
		}
	return i;
}

static int
literal(struct building *b, struct span s, size_t escapes)
{
	struct part *part = part_add(b, HOLE_LITERAL, s.at);
	size_t n = 0;
	char *into;

	if (part == NULL)
		return -1;
	part->literal = s;
	if (escapes == 0 || b->mode == TEXT_CONTENT)
		return 0;
	into = arena_alloc(b->p->arena, s.len);
	while (s.len > 0) {
		const char *slash = memchr(s.at, '\\', s.len);
		size_t plain = slash != NULL ? (size_t)(slash - s.at) : s.len;
		int c;

		if (plain > 0)
			memcpy(into + n, s.at, plain);
		n += plain;
		s = span_after(s, plain);
		if (s.len == 0)
			break;
		c = escape_undo(&s);
		if (c < 0)
			return fail(b->p, s.at, "%s, expected an escape: \\s \\r \\n \\t \\0 \\xNN \\{ \\} \\| \\\\ \\# \\\"",
			    shown(span_first(s, 2)));
		into[n++] = (char)c;
	}
	part->literal = span_of(into, n);
	return 0;
}

static bool
two_dots(const struct words *w)
{
	return w->end - w->at >= 2 && w->at[0] == '.' && w->at[1] == '.';
}

static int
bound(struct building *b, struct words *w, struct expr *out)
{
	if (expr_read(b->p, w, out) < 0)
		return -1;
	if (out->count == 1 && out->item->op == EXPR_VARIABLE && b->p->kind[out->item->variable] == VARIABLE_STRING)
		return fail(b->p, w->at, "'%s' as a bound, which holds text, expected a number", b->p->out->variable[out->item->variable]);
	return 0;
}

/* min..max, either end left out. */
static int
range(struct building *b, struct words *w, struct part *part)
{
	const char *from;

	words_skip(w);
	from = w->at;
	if (!two_dots(w)) {
		if (bound(b, w, &part->min) < 0)
			return -1;
		part->has_min = true;
		words_skip(w);
		if (!two_dots(w))
			return fail(b->p, w->at, "%s, expected '..' of a range", w->at == w->end ? "'}'" : shown(words_peek(w)));
	}
	w->at += 2;
	words_skip(w);
	if (w->at < w->end) {
		if (bound(b, w, &part->max) < 0)
			return -1;
		part->has_max = true;
	}
	if (part->has_min && part->has_max && part->min.count == 1 && part->max.count == 1 && part->min.item->op == EXPR_NUMBER &&
	    part->max.item->op == EXPR_NUMBER && part->min.item->number > part->max.item->number)
		return fail(b->p, from, "a range from %lld to %lld, expected the smaller end first", (long long)part->min.item->number,
		    (long long)part->max.item->number);
	return 0;
}

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* What follows the colon of a capture. */
static int
type(struct building *b, struct words *w, struct part *part)
{
	const char *end;
	struct span s;

	words_skip(w);
	for (end = w->at; end < w->end && (letter(*end) || (*end >= '0' && *end <= '9'));)
		end++;
	s = span_of(w->at, (size_t)(end - w->at));
	if (s.len > 0 && letter(s.at[0])) {
		struct words next = { end, w->end };

		words_skip(&next);
		for (int i = 0; next.at == next.end && type_names[i] != NULL; i++)
			if (word_is(s, type_names[i])) {
				part->kind = type_holes[i];
				w->at = end;
				return 0;
			}
		if (next.at == next.end)
			return fail(b->p, s.at, "%s, expected number, quoted, address, word, text or a range like 0..999%s", shown(s),
			    did_you_mean(s, type_names));
	}
	if (w->at == w->end)
		return fail(b->p, w->at, "'}', expected number, quoted, address, word, text or a range like 0..999");
	part->kind = HOLE_NUMBER;
	return range(b, w, part);
}

static int
capture(struct building *b, struct span name, const char *colon, struct words *w)
{
	struct part *part;

	if (b->mode != TEXT_EXPECT)
		return fail(b->p, colon, "':' in a hole of what is sent, expected {value}; only a '<' line captures");
	part = part_add(b, HOLE_NUMBER, colon);
	w->at = colon + 1;
	if (part == NULL || type(b, w, part) < 0)
		return -1;
	if (part->kind == HOLE_NUMBER && !part->has_min && !part->has_max)
		part->has_min = false;
	words_skip(w);
	if (w->at < w->end)
		return fail(b->p, w->at, "%s, expected '}'", shown(words_peek(w)));
	if (name.len == 0)
		return 0;
	part->variable = variable_set(b->p, name, part->kind == HOLE_NUMBER ? VARIABLE_NUMBER : VARIABLE_STRING);
	return part->variable < 0 ? -1 : 0;
}

/* What stands between { and }. */
static int
hole(struct building *b, struct span s)
{
	struct words w = words_of(s), after;
	const char *end;
	struct part *part;

	words_skip(&w);
	for (end = w.at; end < w.end && (letter(*end) || (end > w.at && *end >= '0' && *end <= '9'));)
		end++;
	after = (struct words){ end, w.end };
	words_skip(&after);
	if (after.at < after.end && *after.at == ':') {
		if (end - w.at > 64)
			return fail(b->p, w.at, "a name of %zu letters, expected at most 64", (size_t)(end - w.at));
		return capture(b, span_of(w.at, (size_t)(end - w.at)), after.at, &w);
	}
	if (after.at == after.end && word_is(span_of(w.at, (size_t)(end - w.at)), "error"))
		return fail(b->p, w.at, "{error} beside other text or outside a '<' line, expected it to be the whole line of '<'");
	part = part_add(b, HOLE_VALUE, w.at);
	if (part == NULL)
		return -1;
	if (w.at == w.end || !(letter(*w.at) || (*w.at >= '0' && *w.at <= '9') || *w.at == '('))
		return fail(b->p, w.at, "%s behind '{', expected a name, an expression or a capture; a literal brace is \\{",
		    w.at == w.end ? "'}'" : shown(span_first(span_of(w.at, (size_t)(w.end - w.at)), 1)));
	if (expr_read(b->p, &w, &part->value) < 0)
		return -1;
	words_skip(&w);
	if (w.at < w.end)
		return fail(b->p, w.at, "%s, expected '}' or an operator", shown(words_peek(&w)));
	return 0;
}

int
text_read(struct parser *p, struct span s, enum text_mode mode, struct text *out)
{
	struct building b = { .p = p, .mode = mode };
	struct span left = s;

	*out = (struct text){ .source = s };
	if (mode == TEXT_EXPECT && span_equal(s, SPAN("{error}"))) {
		out->any_error = true;
		return 0;
	}
	while (left.len > 0) {
		size_t escapes, n = literal_length(left, &escapes);
		const char *close;

		if (n > 0 && literal(&b, span_first(left, n), escapes) < 0)
			return -1;
		left = span_after(left, n);
		if (left.len == 0)
			break;
		close = memchr(left.at, '}', left.len);
		if (close == NULL)
			return fail(p, left.at, "'{' without '}', expected a hole; a literal brace is \\{");
		if (hole(&b, span_of(left.at + 1, (size_t)(close - left.at - 1))) < 0)
			return -1;
		left = span_after(left, (size_t)(close - left.at) + 1);
	}
	out->count = b.count;
	out->part = arena_alloc(p->arena, (size_t)b.count * sizeof(*out->part));
	if (b.count > 0)
		memcpy(out->part, b.part, (size_t)b.count * sizeof(*out->part));
	return 0;
}

/* The first " | " that is no escape and not within a hole, or NULL. */
static const char *
bar(struct span s)
{
	for (size_t i = 0; i + 2 < s.len; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (s.at[i] == ' ' && s.at[i + 1] == '|' && s.at[i + 2] == ' ')
			return s.at + i;
	}
	return NULL;
}

int
texts_read(struct parser *p, struct span s, struct step *out)
{
	const char *at;
	struct span left = s;
	int n = 1, result = 0;

	while ((at = bar(left)) != NULL) {
		n++;
		left = span_after(left, (size_t)(at - left.at) + 3);
	}
	out->text = arena_alloc(p->arena, (size_t)n * sizeof(*out->text));
	out->texts = n;
	for (int i = 0; i < n; i++) {
		struct span one = s;

		at = bar(s);
		if (at != NULL) {
			one.len = (size_t)(at - s.at);
			s = span_after(s, one.len + 3);
		}
		while (n > 1 && one.len > 0 && one.at[0] == ' ')
			one = span_after(one, 1);
		while (n > 1 && one.len > 0 && one.at[one.len - 1] == ' ')
			one.len--;
		if (n > 1 && one.len == 0)
			result = fail(p, one.at, "nothing beside '|', expected a text on both sides; a literal bar is \\|");
		else if (text_read(p, one, TEXT_EXPECT, &out->text[i]) < 0)
			result = -1;
	}
	return result;
}
