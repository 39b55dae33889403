/* case_word: what lines are built of: words, numbers, durations, names, strings, files. */
#include <ctype.h>

#include "case_parse.h"

struct words
words_of(struct span s)
{
	return (struct words){ s.at, s.at + s.len };
}

void
words_skip(struct words *w)
{
	while (w->at < w->end && *w->at == ' ')
		w->at++;
}

struct span
words_peek(struct words *w)
{
	const char *end;

	words_skip(w);
	end = memchr(w->at, ' ', (size_t)(w->end - w->at));
	return span_of(w->at, (size_t)((end != NULL ? end : w->end) - w->at));
}

struct span
words_take(struct words *w)
{
	struct span s = words_peek(w);

	w->at += s.len;
	return s;
}

bool
word_is(struct span s, const char *word)
{
	return s.len == strlen(word) && memcmp(s.at, word, s.len) == 0;
}

bool
words_eat(struct words *w, const char *word)
{
	struct span s = words_peek(w);

	if (!word_is(s, word))
		return false;
	w->at += s.len;
	return true;
}

int
words_end(struct parser *p, struct words *w, const char *after)
{
	words_skip(w);
	if (w->at == w->end)
		return 0;
	if (*w->at == '#')
		return fail(p, w->at, "'#', expected two blanks before a comment");
	return fail(p, w->at, "%s, expected nothing after %s", shown(words_peek(w)), after);
}

/* What a word is called in a message: itself, or the end of the line. */
static const char *
found(struct span s)
{
	return s.len == 0 ? "the end of the line" : shown(s);
}

/* Digits at the front of s as a number; *taken of them.  -1: above NUMBER_MAX. */
static int64_t
digits(struct span s, size_t *taken)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < s.len && isdigit((unsigned char)s.at[i]); i++)
		if (n >= 0)
			n = n > (NUMBER_MAX - (s.at[i] - '0')) / 10 ? -1 : n * 10 + (s.at[i] - '0');
	*taken = i;
	return n;
}

int
word_number(struct parser *p, struct words *w, int64_t min, int64_t max, const char *what, int64_t *out)
{
	struct span s = words_peek(w);
	size_t taken;
	int64_t n = digits(s, &taken);

	if (taken == 0 || taken != s.len || n < min || n > max)
		return fail(p, s.at, "%s, expected %s from %lld to %lld", found(s), what, (long long)min, (long long)max);
	w->at += s.len;
	*out = n;
	return 0;
}

int
word_duration(struct parser *p, struct words *w, uint64_t *us)
{
	struct span s = words_peek(w), unit;
	uint64_t scale, part, total;
	size_t taken, fraction = 0;
	int64_t n = digits(s, &taken);

	if (taken == 0)
		return fail(p, s.at, "%s, expected a duration like 20ms, 1.5s or 2min", found(s));
	unit = span_after(s, taken);
	if (unit.len > 1 && unit.at[0] == '.' && isdigit((unsigned char)unit.at[1])) {
		for (fraction = 1; fraction < unit.len && isdigit((unsigned char)unit.at[fraction]);)
			fraction++;
		if (fraction > 7)
			return fail(p, s.at, "%s, expected at most six digits behind the point", found(s));
	}
	unit = span_after(unit, fraction);
	scale = word_is(unit, "ms") ? 1000 : word_is(unit, "s") ? 1000000 : word_is(unit, "min") ? 60000000 : 0;
	if (scale == 0)
		return fail(p, s.at, "%s, expected the unit ms, s or min right behind the number", found(s));
	if (n < 0 || (uint64_t)n > DURATION_MAX_US / scale)
		return fail(p, s.at, "%s, expected at most 24 hours (1440min)", found(s));
	total = (uint64_t)n * scale;
	part = scale;
	for (size_t i = 1; i < fraction; i++) {
		if (part % 10 != 0 && s.at[taken + i] != '0')
			return fail(p, s.at, "%s, expected no part finer than a microsecond", found(s));
		part /= 10;
		total += (uint64_t)(s.at[taken + i] - '0') * part;
	}
	if (total > DURATION_MAX_US)
		return fail(p, s.at, "%s, expected at most 24 hours (1440min)", found(s));
	w->at += s.len;
	*us = total;
	return 0;
}

int
word_name(struct parser *p, struct words *w, const char *what, struct span *out)
{
	struct span s = words_peek(w);

	for (size_t i = 0; i < s.len; i++)
		if (!isalpha((unsigned char)s.at[i]) && s.at[i] != '_' && (i == 0 || !isdigit((unsigned char)s.at[i])))
			return fail(p, s.at + i, "%s, expected %s of letters, digits and _", shown(s), what);
	if (s.len == 0 || s.len > 64)
		return fail(p, s.at, "%s, expected %s of 1 to 64 letters, digits and _", found(s), what);
	w->at += s.len;
	*out = s;
	return 0;
}

int
word_string(struct parser *p, struct words *w, struct span *out)
{
	const char *at;

	words_skip(w);
	if (w->at == w->end || *w->at != '"')
		return fail(p, w->at, "%s, expected a string in double quotes", found(words_peek(w)));
	for (at = w->at + 1; at < w->end && *at != '"'; at++)
		if (*at == '\\' && at + 1 < w->end)
			at++;
	if (at == w->end)
		return fail(p, w->at, "a string without its closing quote, expected '\"' before the end of the line");
	*out = span_of(w->at + 1, (size_t)(at - w->at - 1));
	w->at = at + 1;
	if (w->at < w->end && *w->at != ' ')
		return fail(p, w->at, "%s, expected a blank behind the string", shown(words_peek(w)));
	return 0;
}

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int
escape_undo(struct span *s)
{
	static const char letter[] = "srnt0{}|\\#\"", byte[] = " \r\n\t\0{}|\\#\"";
	const char *found_at;

	if (s->len < 2 || s->at[0] != '\\')
		return -1;
	if (s->at[1] == 'x') {
		int c;

		if (s->len < 4 || hex(s->at[2]) < 0 || hex(s->at[3]) < 0)
			return -1;
		c = hex(s->at[2]) << 4 | hex(s->at[3]);
		*s = span_after(*s, 4);
		return c;
	}
	found_at = memchr(letter, s->at[1], sizeof(letter) - 1);
	if (found_at == NULL)
		return -1;
	*s = span_after(*s, 2);
	return (unsigned char)byte[found_at - letter];
}

int
word_bytes(struct parser *p, struct words *w, struct span *out)
{
	struct span s;
	size_t n = 0;
	char *into;

	if (word_string(p, w, &s) < 0)
		return -1;
	into = arena_alloc(p->arena, s.len);
	while (s.len > 0) {
		int c = (unsigned char)s.at[0];

		if (c != '\\')
			s = span_after(s, 1);
		else if ((c = escape_undo(&s)) < 0)
			return fail(p, s.at, "%s, expected an escape: \\s \\r \\n \\t \\0 \\xNN \\{ \\} \\| \\\\ \\# \\\"",
			    shown(span_first(s, 2)));
		into[n++] = (char)c;
	}
	*out = span_of(into, n);
	return 0;
}

int
word_file(struct parser *p, struct words *w, struct span *out)
{
	struct span s = words_peek(w);

	if (s.len == 0 || !(s.at[0] == '/' || span_starts(s, SPAN("http://")) || span_starts(s, SPAN("https://"))))
		return fail(p, s.at, "%s, expected a file: /path or a URL", found(s));
	w->at += s.len;
	*out = s;
	return 0;
}
