/* The rules of at_lexer.h, read off the whole stream. */
#include <stdlib.h>

#include "reference_lexer.h"

void
reference_lexer_init(struct reference_lexer *r, struct span stream)
{
	*r = (struct reference_lexer){ .stream = stream };
}

static bool
has(struct span s, size_t at, const char *text)
{
	return at <= s.len && span_starts(span_after(s, at), span_str(text));
}

struct span
reference_without_junk(struct span s)
{
	size_t at = 0;

	for (;;) {
		if (has(s, at, "IIII\xff\xff\xff\xff"))
			at += 8;
		else if (at < s.len && ((unsigned char)s.at[at] < ' ' || (unsigned char)s.at[at] > '~'))
			at++;
		else
			return span_after(s, at);
	}
}

bool
reference_is_echo(struct span s)
{
	return has(s, 0, "AT") || has(s, 0, "At") || has(s, 0, "aT") || has(s, 0, "at") || span_equal(s, SPAN("A/")) ||
	       span_equal(s, SPAN("a/"));
}

static bool
is_digit(struct span s)
{
	return s.len == 1 && strchr("0123456789", s.at[0]) != NULL && s.at[0] != '\0';
}

bool
reference_ends_at_cr(struct span line, bool numeric, struct span echo)
{
	struct span text;

	if (line.len == 0 || line.len > AT_LINE_MAX)
		return false;
	text = reference_without_junk(line);
	/* A/ takes no CR (V.250 5.2.4) */
	if (reference_is_echo(text) && text.at[1] != '/')
		return true;
	if (numeric && is_digit(text))
		return true;
	return echo.len > 0 && span_equal(text, echo);
}

/* "A CR without LF" before next: an empty line, a digit, or what stands before an echo. */
static bool
ends_before(struct span line, char next)
{
	return next == 'A' || next == 'a' || line.len == 0 || is_digit(line);
}

/* What the line says to the lexer. */
static void
order_of(struct reference_lexer *r, struct reference_token *t)
{
	struct span text = span_of(r->stream.at + t->at, t->length);
	char digits[24] = "";
	char *end;

	if (text.len > AT_LINE_MAX)
		return;
	if (has(text, 0, "data ") && text.len - 5 < sizeof(digits) - 3 && text.len > 5 && text.at[5] >= '0' && text.at[5] <= '9') {
		memcpy(digits, text.at + 5, text.len - 5);
		t->count = strtoull(digits, &end, 10);
		if (end != digits + (text.len - 5) || t->count == 0)
			return;
		t->order = ORDER_DATA;
		r->data = t->count;
	} else if (span_equal(text, SPAN("numeric"))) {
		t->order = ORDER_NUMERIC;
		r->numeric = true;
	} else if (span_equal(text, SPAN("verbose"))) {
		t->order = ORDER_VERBOSE;
		r->numeric = false;
	} else if (has(text, 0, "echo ")) {
		t->order = ORDER_ECHO;
		t->echo = r->echo = span_after(text, 5);
	}
}

static bool
data_next(struct reference_lexer *r, struct reference_token *t)
{
	size_t left = r->stream.len - r->at;

	t->kind = r->data <= left ? AT_DATA : AT_CUT;
	t->raw = t->kind == AT_CUT;
	t->length = t->raw ? left : (size_t)r->data;
	r->at += t->length;
	r->data = 0;
	return true;
}

/* The line of length bytes has cr CRs behind it, and an LF or not. */
static bool
line_is(struct reference_lexer *r, struct reference_token *t, enum at_kind kind, size_t length, size_t cr, bool lf)
{
	t->kind = kind;
	t->length = length;
	t->cr = cr;
	t->lf = lf;
	r->at += length + cr + lf;
	if (kind == AT_LINE)
		order_of(r, t);
	return true;
}

bool
reference_lexer_next(struct reference_lexer *r, struct reference_token *t)
{
	const char *end = r->stream.at + r->stream.len, *start = r->stream.at + r->at;
	bool first = true;

	*t = (struct reference_token){ .at = r->at };
	if (r->data > 0)
		return data_next(r, t);
	for (const char *s = start; s < end; s++) {
		struct span line = span_of(start, (size_t)(s - start));
		size_t cr = 0;

		if (*s == '\n')
			return line_is(r, t, AT_LINE, line.len, 0, true);
		if (*s != '\r')
			continue;
		if (first && reference_ends_at_cr(line, r->numeric, r->echo))
			return line_is(r, t, AT_LINE, line.len, 1, false);
		first = false;
		while (s + cr < end && s[cr] == '\r')
			cr++;
		if (s + cr == end) {
			if (line.len == 0)
				return false;
			return line_is(r, t, is_digit(line) ? AT_LINE : AT_CUT, line.len, cr, false);
		}
		if (s[cr] == '\n')
			return line_is(r, t, AT_LINE, line.len, cr, true);
		if (ends_before(line, s[cr]))
			return line_is(r, t, AT_LINE, line.len, cr, false);
		s += cr - 1;
	}
	return start < end && line_is(r, t, AT_CUT, (size_t)(end - start), 0, false);
}
