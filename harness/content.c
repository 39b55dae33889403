#include <stdint.h>

#include "content.h"
#include "prng.h"

/*
 * A pattern is made of units of 16 bytes.  Seven of eight are pseudo-random; the eighth is a text that
 * a reader of payloads must not mistake for a module's answer, so that even a short body holds one.
 */
#define UNIT 16
#define TRAP_EVERY 8
#define LINE_LENGTH 64

static const char traps[][UNIT + 1] = {
	"\r\nOK\r\n\r\nERROR\r\n",
	"\r\n+FTPGET: 1,0\r\n",
	"\r\n+HTTPACTION: 0",
	"+HTTPREAD: 999\r\n",
	"\r\nRDY\r\nDOWNLOAD",
	"\r\r\n\n\rOK\r\r\n\0\x1a\x1b\x04+",
	"AT+HTTPTERM\r\n\r\n\r",
	"\r\n+FTPPUT: 1,0\r\n",
};

static uint64_t
mix(uint64_t seed, uint64_t index)
{
	struct prng r;

	prng_seed(&r, seed + index * 0x9e3779b97f4a7c15u);
	return prng_next(&r);
}

/* The same bytes on every machine: least significant first. */
static void
put_word(char *into, uint64_t w)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(into, &w, sizeof(w));
#else
	for (int i = 0; i < 8; i++)
		into[i] = (char)(w >> (8 * i));
#endif
}

static void
pattern_unit(uint32_t pattern, uint64_t unit, char *into)
{
	uint64_t seed = ((uint64_t)pattern << 32) ^ 0x61747465u;

	if ((unit + pattern) % TRAP_EVERY == 2) {
		memcpy(into, traps[(unit / TRAP_EVERY + pattern) % (sizeof(traps) / sizeof(traps[0]))], UNIT);
		return;
	}
	put_word(into, mix(seed, unit * 2));
	put_word(into + 8, mix(seed, unit * 2 + 1));
}

static void
fill_pattern(uint32_t pattern, uint64_t offset, char *into, size_t n)
{
	char unit[UNIT];

	while (n > 0) {
		size_t skip = offset % UNIT, len = UNIT - skip;

		if (len == UNIT && n >= UNIT) {
			pattern_unit(pattern, offset / UNIT, into);
		} else {
			len = len < n ? len : n;
			pattern_unit(pattern, offset / UNIT, unit);
			memcpy(into, unit + skip, len);
		}
		into += len;
		offset += len;
		n -= len;
	}
}

/* "line 0000000012 ! ... z CRLF": every line differs, all printable bytes occur, all lines are as long. */
static void
fill_lines(uint64_t offset, char *into, size_t n)
{
	char line[LINE_LENGTH];

	while (n > 0) {
		uint64_t number = offset / LINE_LENGTH, rest = number;
		size_t skip = offset % LINE_LENGTH, len = LINE_LENGTH - skip;

		memcpy(line, "line ", 5);
		for (int i = 14; i >= 5; i--, rest /= 10)
			line[i] = (char)('0' + rest % 10);
		for (size_t i = 15; i < LINE_LENGTH - 2; i++)
			line[i] = (char)(' ' + (number * 7 + i) % 95);
		line[LINE_LENGTH - 2] = '\r';
		line[LINE_LENGTH - 1] = '\n';
		len = len < n ? len : n;
		memcpy(into, line + skip, len);
		into += len;
		offset += len;
		n -= len;
	}
}

/* One round of text, then what is there already over and over, twice as much each time: a short text costs no more than a long one. */
static void
fill_repeat(struct span text, uint64_t offset, char *into, size_t n)
{
	size_t done = 0, skip;

	if (text.len == 0)
		return;
	skip = (size_t)(offset % text.len);
	while (done < text.len && done < n) {
		size_t len = text.len - skip;

		len = len < text.len - done ? len : text.len - done;
		len = len < n - done ? len : n - done;
		memcpy(into + done, text.at + skip, len);
		done += len;
		skip = 0;
	}
	while (done < n) {
		size_t len = done < n - done ? done : n - done;

		memcpy(into + done, into, len);
		done += len;
	}
}

void
content_fill(const struct content *c, uint64_t offset, char *into, size_t n)
{
	if (offset >= c->length)
		return;
	if (n > c->length - offset)
		n = (size_t)(c->length - offset);
	switch (c->kind) {
	case CONTENT_PATTERN: fill_pattern(c->pattern, offset, into, n); break;
	case CONTENT_DIGITS: fill_repeat(SPAN("0123456789"), offset, into, n); break;
	case CONTENT_LINES: fill_lines(offset, into, n); break;
	case CONTENT_STRING:
	case CONTENT_REPEAT: fill_repeat(c->text, offset, into, n); break;
	case CONTENT_FILE: break;
	}
}

/* a and b are known to differ. */
static size_t
first_difference(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] == b[i])
		i++;
	return i;
}

size_t
content_differs(const struct content *c, uint64_t offset, struct span got)
{
	char want[1024];
	size_t done = 0, inside = got.len;

	if (offset >= c->length)
		return 0;
	if (inside > c->length - offset)
		inside = (size_t)(c->length - offset);
	while (done < inside) {
		size_t n = inside - done < sizeof(want) ? inside - done : sizeof(want);

		content_fill(c, offset + done, want, n);
		if (memcmp(want, got.at + done, n) != 0)
			return done + first_difference(want, got.at + done);
		done += n;
	}
	return done;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One escape at s (behind the backslash): its byte in *byte; how many bytes it takes, or 0. */
static size_t
unescape_one(struct span s, char *byte)
{
	static const char from[] = "rnt0s{}|\\#\"", to[] = "\r\n\t\0 {}|\\#\"";
	const char *at;

	if (s.len >= 3 && s.at[0] == 'x' && hex_digit(s.at[1]) >= 0 && hex_digit(s.at[2]) >= 0) {
		*byte = (char)(hex_digit(s.at[1]) * 16 + hex_digit(s.at[2]));
		return 3;
	}
	if (s.len == 0 || s.at[0] == '\0' || (at = strchr(from, s.at[0])) == NULL)
		return 0;
	*byte = to[at - from];
	return 1;
}

long
text_unescape(struct span s, char *into, size_t *bad)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len;) {
		size_t took;

		if (s.at[i] != '\\') {
			into[n++] = s.at[i++];
			continue;
		}
		took = unescape_one(span_after(s, i + 1), &into[n]);
		if (took == 0) {
			*bad = i;
			return -1;
		}
		n++;
		i += 1 + took;
	}
	return (long)n;
}

/* ---- descriptions ------------------------------------------------------- */

static size_t
blanks(struct span s, size_t at)
{
	while (at < s.len && s.at[at] == ' ')
		at++;
	return at;
}

/* A decimal number at s.at[at]; the index behind it, or at when there is none or it is above limit. */
static size_t
number(struct span s, size_t at, uint64_t limit, uint64_t *out)
{
	size_t i = at;
	uint64_t n = 0;

	for (; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++) {
		n = n * 10 + (uint64_t)(s.at[i] - '0');
		if (n > limit)
			return at;
	}
	*out = n;
	return i;
}

/* The word at s.at[at] when it stands there whole; the index behind it, or 0. */
static size_t
word(struct span s, size_t at, struct span w)
{
	if (at > s.len || !span_starts(span_after(s, at), w))
		return 0;
	at += w.len;
	return at == s.len || s.at[at] == ' ' ? at : 0;
}

/* A string in quotes at s.at[at]; the index behind it, or 0. */
static size_t
quoted(struct span s, size_t at, struct span *out, char *scratch, size_t *column, const char **why)
{
	size_t end = at + 1, bad = 0;
	long len;

	*column = at;
	*why = "expected a string in double quotes";
	if (at >= s.len || s.at[at] != '"')
		return 0;
	while (end < s.len && s.at[end] != '"')
		end += s.at[end] == '\\' && end + 1 < s.len ? 2 : 1;
	if (end >= s.len) {
		*why = "expected a closing double quote";
		*column = s.len;
		return 0;
	}
	len = text_unescape(span_of(s.at + at + 1, end - at - 1), scratch, &bad);
	if (len < 0) {
		*why = "expected an escape: \\r \\n \\t \\0 \\s \\xNN \\{ \\} \\| \\\\ \\# \\\"";
		*column = at + 1 + bad;
		return 0;
	}
	*out = span_of(scratch, (size_t)len);
	return end + 1;
}

/* What stands behind "n bytes": its kind; at is the index behind "bytes". */
static size_t
parse_kind(struct span s, size_t at, struct content *out, char *scratch, size_t *column, const char **why)
{
	size_t next = blanks(s, at), end;
	uint64_t n;

	out->kind = CONTENT_PATTERN;
	if (next == at)
		return at;
	if ((end = word(s, next, SPAN("digits"))) != 0) {
		out->kind = CONTENT_DIGITS;
		return end;
	}
	if ((end = word(s, next, SPAN("lines"))) != 0) {
		out->kind = CONTENT_LINES;
		return end;
	}
	if ((end = word(s, next, SPAN("pattern"))) != 0) {
		next = blanks(s, end);
		end = number(s, next, UINT32_MAX, &n);
		*column = next;
		*why = "expected the pattern's number, 0..4294967295";
		if (end == next)
			return 0;
		out->pattern = (uint32_t)n;
		return end;
	}
	if ((end = word(s, next, SPAN("repeat"))) != 0) {
		out->kind = CONTENT_REPEAT;
		next = blanks(s, end);
		end = quoted(s, next, &out->text, scratch, column, why);
		if (end != 0 && out->text.len == 0 && out->length > 0) {
			*column = next;
			*why = "expected a string that is not empty";
			return 0;
		}
		return end;
	}
	if ((end = word(s, next, SPAN("of"))) != 0) {
		out->kind = CONTENT_FILE;
		next = end = blanks(s, end);
		while (end < s.len && s.at[end] != ' ')
			end++;
		*column = next;
		*why = "expected the name of a file";
		out->text = span_of(s.at + next, end - next);
		return end == next ? 0 : end;
	}
	return at;
}

size_t
content_parse(struct span s, struct content *out, char *scratch, size_t *column, const char **why)
{
	size_t at, end;

	*out = (struct content){ .kind = CONTENT_STRING };
	if (s.len > 0 && s.at[0] == '"') {
		end = quoted(s, 0, &out->text, scratch, column, why);
		out->length = out->text.len;
		return end;
	}
	at = number(s, 0, CONTENT_LENGTH_MAX, &out->length);
	*column = 0;
	*why = "expected a content: a string in double quotes, or a number of bytes";
	if (at == 0 && s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9')
		*why = "expected a content of at most 4294967295 bytes";
	if (at == 0)
		return 0;
	end = blanks(s, at);
	*column = end;
	*why = "expected the word bytes";
	if (end == at || (end = word(s, end, SPAN("bytes"))) == 0)
		return 0;
	return parse_kind(s, end, out, scratch, column, why);
}
