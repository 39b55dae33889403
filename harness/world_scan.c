#include "world_scan.h"

void
scan_begin(struct world_scan *sc, struct span line, struct arena *a)
{
	*sc = (struct world_scan){ .line = line, .arena = a, .why = "" };
}

static void
skip_blanks(struct world_scan *sc)
{
	while (sc->at < sc->line.len && (sc->line.at[sc->at] == ' ' || sc->line.at[sc->at] == '\t'))
		sc->at++;
}

/* The next word without taking it. */
static struct span
peek(struct world_scan *sc)
{
	size_t end;

	skip_blanks(sc);
	for (end = sc->at; end < sc->line.len && sc->line.at[end] != ' ' && sc->line.at[end] != '\t';)
		end++;
	return span_of(sc->line.at + sc->at, end - sc->at);
}

bool
scan_fail(struct world_scan *sc, const char *why)
{
	skip_blanks(sc);
	sc->column = sc->at;
	sc->why = why;
	return false;
}

bool
scan_end(struct world_scan *sc)
{
	skip_blanks(sc);
	return sc->at == sc->line.len;
}

bool
scan_word(struct world_scan *sc, const char *word)
{
	struct span next = peek(sc);

	if (!span_equal(next, span_str(word)))
		return false;
	sc->at += next.len;
	return true;
}

bool
scan_at_string(struct world_scan *sc)
{
	skip_blanks(sc);
	return sc->at < sc->line.len && sc->line.at[sc->at] == '"';
}

bool
scan_at_content(struct world_scan *sc)
{
	struct span next = peek(sc);

	return next.len > 0 && (next.at[0] == '"' || (next.at[0] >= '0' && next.at[0] <= '9'));
}

bool
scan_token(struct world_scan *sc, struct span *out, const char *why)
{
	struct span next = peek(sc);

	if (next.len == 0)
		return scan_fail(sc, why);
	*out = next;
	sc->at += next.len;
	return true;
}

bool
scan_name(struct world_scan *sc, struct span *out, const char *why)
{
	return scan_at_string(sc) ? scan_string(sc, out) : scan_token(sc, out, why);
}

/* Digits at the front of s: the number, and how many there are; 0 for none or too large a number. */
static size_t
digits(struct span s, uint64_t max, uint64_t *out)
{
	size_t i;
	uint64_t n = 0;

	for (i = 0; i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; i++) {
		n = n * 10 + (uint64_t)(s.at[i] - '0');
		if (n > max)
			return 0;
	}
	*out = n;
	return i;
}

bool
scan_number(struct world_scan *sc, uint64_t min, uint64_t max, uint64_t *out, const char *why)
{
	struct span next = peek(sc);
	size_t n = digits(next, max, out);

	if (n == 0 || n != next.len || *out < min)
		return scan_fail(sc, why);
	sc->at += n;
	return true;
}

bool
scan_numbers(struct world_scan *sc, uint32_t *into, int max, int *count)
{
	struct span next = peek(sc);
	uint64_t value;

	for (*count = 0; *count < max;) {
		size_t n = digits(next, UINT32_MAX, &value);

		if (n == 0 || value == 0)
			break;
		into[(*count)++] = (uint32_t)value;
		sc->at += n;
		next = span_after(next, n);
		if (next.len == 0)
			return true;
		if (next.at[0] != ',')
			break;
		sc->at++;
		next = span_after(next, 1);
	}
	sc->column = sc->at;
	sc->why = *count < max ? "expected numbers of at least 1 with commas between them" : "expected no more numbers: 16 are the most";
	return false;
}

bool
scan_duration(struct world_scan *sc, uint64_t *us)
{
	static const struct {
		struct span unit;
		uint64_t us;
	} units[] = { { { "ms", 2 }, 1000 }, { { "s", 1 }, 1000000 }, { { "min", 3 }, 60000000 } };
	struct span next = peek(sc), rest;
	uint64_t whole, part = 0, scale = 1;
	size_t n = digits(next, 86400000, &whole);

	if (n == 0)
		return scan_fail(sc, "expected a duration: 20ms, 1.5s, 2min");
	rest = span_after(next, n);
	if (rest.len > 1 && rest.at[0] == '.') {
		n = digits(span_after(rest, 1), 999999, &part);
		rest = span_after(rest, n + 1);
		for (; n > 0; n--)
			scale *= 10;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (span_equal(rest, units[i].unit) && whole <= 86400000000u / units[i].us) {
			*us = whole * units[i].us + part * units[i].us / scale;
			sc->at += next.len;
			return true;
		}
	return scan_fail(sc, "expected a duration: 20ms, 1.5s, 2min");
}

bool
scan_content(struct world_scan *sc, struct content *out)
{
	struct span left;
	size_t took, column;
	const char *why;

	skip_blanks(sc);
	left = span_after(sc->line, sc->at);
	took = content_parse(left, out, arena_alloc(sc->arena, left.len), &column, &why);
	if (took == 0) {
		sc->column = sc->at + column;
		sc->why = why;
		return false;
	}
	sc->at += took;
	return true;
}

bool
scan_string(struct world_scan *sc, struct span *out)
{
	struct content c;

	if (!scan_at_string(sc))
		return scan_fail(sc, "expected a string in double quotes");
	if (!scan_content(sc, &c))
		return false;
	*out = c.text;
	return true;
}

bool
scan_host_port(struct world_scan *sc, struct span *host, uint16_t *port)
{
	struct span next = peek(sc);
	const char *colon = next.len == 0 ? NULL : memchr(next.at, ':', next.len);
	size_t len = colon == NULL ? next.len : (size_t)(colon - next.at);
	uint64_t n;

	if (len == 0)
		return scan_fail(sc, "expected HOST:PORT");
	if (colon != NULL) {
		struct span behind = span_after(next, len + 1);

		if (behind.len == 0 || digits(behind, 65535, &n) != behind.len || n == 0)
			return scan_fail(sc, "expected HOST:PORT, the port 1..65535");
		*port = (uint16_t)n;
	}
	*host = span_of(next.at, len);
	sc->at += next.len;
	return true;
}
