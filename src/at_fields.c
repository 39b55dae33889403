#include "at_fields.h"

static struct span
skip_blanks(struct span s)
{
	while (s.len > 0 && s.at[0] == ' ')
		s = span_after(s, 1);
	return s;
}

bool
at_number(struct span text, uint64_t *value)
{
	uint64_t n = 0;

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned int digit;

		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		digit = (unsigned int)(text.at[i] - '0');
		/* constants, so that a processor without a 64-bit division needs none */
		if (n > UINT64_MAX / 10 || (n == UINT64_MAX / 10 && digit > UINT64_MAX % 10))
			return false;
		n = n * 10 + digit;
	}
	*value = n;
	return true;
}

void
at_fields_start(struct at_fields *f, struct span text)
{
	f->rest = skip_blanks(text);
	f->ended = f->rest.len == 0;
}

bool
at_fields_open(struct at_fields *f, struct span line, struct span prefix)
{
	if (!span_starts(line, prefix) || line.len == prefix.len || line.at[prefix.len] != ':')
		return false;
	at_fields_start(f, span_after(line, prefix.len + 1));
	return true;
}

/* Where the field at the front ends if it is bare: at a comma or the end. */
static size_t
bare_len(struct span s)
{
	const char *comma = s.len > 0 ? memchr(s.at, ',', s.len) : NULL;

	return comma != NULL ? (size_t)(comma - s.at) : s.len;
}

/* Where the field at the front ends, beginning with open and ending with close; 0: it is no such thing. */
static size_t
enclosed_len(struct span s, char open, char close)
{
	const char *end;
	size_t n;

	if (s.len < 2 || s.at[0] != open)
		return 0;
	end = memchr(s.at + 1, close, s.len - 1);
	if (end == NULL)
		return 0;
	n = (size_t)(end - s.at) + 1;
	return n == s.len || s.at[n] == ',' ? n : 0;
}

/* The field of n bytes is read: go on behind its comma. */
static void
take(struct at_fields *f, size_t n)
{
	f->ended = n == f->rest.len;
	f->rest = f->ended ? span_after(f->rest, n) : skip_blanks(span_after(f->rest, n + 1));
}

bool
at_fields_number(struct at_fields *f, uint64_t min, uint64_t max, uint64_t *value)
{
	size_t n = bare_len(f->rest);
	uint64_t number;

	if (f->ended || !at_number(span_first(f->rest, n), &number) || number < min || number > max)
		return false;
	*value = number;
	take(f, n);
	return true;
}

bool
at_fields_quoted(struct at_fields *f, struct span *value)
{
	size_t n = f->ended ? 0 : enclosed_len(f->rest, '"', '"');

	if (n == 0)
		return false;
	*value = span_of(f->rest.at + 1, n - 2);
	take(f, n);
	return true;
}

bool
at_fields_word(struct at_fields *f, struct span *value)
{
	size_t n = bare_len(f->rest);

	if (f->ended || (f->rest.len > 0 && f->rest.at[0] == '"'))
		return false;
	*value = span_first(f->rest, n);
	take(f, n);
	return true;
}

bool
at_fields_address(struct at_fields *f, uint8_t address[4])
{
	size_t n = f->ended ? 0 : enclosed_len(f->rest, '"', '"');
	struct span text = n > 0 ? span_of(f->rest.at + 1, n - 2) : span_first(f->rest, bare_len(f->rest));
	uint8_t parts[4] = { 0 };

	if (f->ended)
		return false;
	if (n == 0)
		n = text.len;
	for (int i = 0; i < 4; i++) {
		const char *dot = text.len > 0 ? memchr(text.at, '.', text.len) : NULL;
		size_t len = dot != NULL ? (size_t)(dot - text.at) : text.len;
		uint64_t number;

		if ((dot != NULL) != (i < 3) || len > 3 || !at_number(span_first(text, len), &number) || number > 255)
			return false;
		parts[i] = (uint8_t)number;
		text = span_after(text, dot != NULL ? len + 1 : len);
	}
	memcpy(address, parts, 4);
	take(f, n);
	return true;
}

bool
at_fields_list(struct at_fields *f, struct span *elements)
{
	size_t n = f->ended ? 0 : enclosed_len(f->rest, '(', ')');

	if (n == 0)
		return false;
	*elements = span_of(f->rest.at + 1, n - 2);
	take(f, n);
	return true;
}

bool
at_fields_range(struct at_fields *f, uint64_t *low, uint64_t *high)
{
	size_t n = bare_len(f->rest);
	const char *minus = n > 0 ? memchr(f->rest.at, '-', n) : NULL;
	size_t first = minus != NULL ? (size_t)(minus - f->rest.at) : n;
	uint64_t from, to;

	if (f->ended || !at_number(span_first(f->rest, first), &from))
		return false;
	to = from;
	if (minus != NULL && !at_number(span_of(minus + 1, n - first - 1), &to))
		return false;
	if (to < from)
		return false;
	*low = from;
	*high = to;
	take(f, n);
	return true;
}

bool
at_fields_skip(struct at_fields *f)
{
	size_t n;

	if (f->ended)
		return false;
	n = enclosed_len(f->rest, '"', '"');
	if (n == 0)
		n = enclosed_len(f->rest, '(', ')');
	take(f, n > 0 ? n : bare_len(f->rest));
	return true;
}

bool
at_fields_end(const struct at_fields *f)
{
	return f->ended;
}
