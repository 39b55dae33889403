/*
 * far lines: what arrived at the servers, judged.  cases/README.md, section Steps.
 *
 * A line is read and judged by the same function, so that far_check accepts just what far_judge can judge.
 */
#include <stdarg.h>
#include <stdio.h>

#include "escape.h"
#include "far_parts.h"

int
far_not_so(struct judge *j, const char *format, ...)
{
	va_list ap;
	char raw[1024];
	int n;

	va_start(ap, format);
	n = vsnprintf(raw, sizeof(raw), format, ap);
	va_end(ap);
	escape_bytes(j->why, j->cap, span_of(raw, n < (int)sizeof(raw) ? (size_t)n : sizeof(raw) - 1));
	return NOT_SO;
}

int
far_wrong(struct judge *j, const char *why)
{
	scan_fail(&j->sc, why);
	return WRONG;
}

/* ---- bytes against a content ---------------------------------------------- */

/* A byte of what was seen, at offset. */
static unsigned char
byte_of(const struct content *c, uint64_t offset)
{
	char b = 0;

	content_fill(c, offset, &b, 1);
	return (unsigned char)b;
}

/* The first byte in which a and b differ, below both their lengths; or the shorter length. */
static uint64_t
contents_differ(const struct content *a, const struct content *b)
{
	char piece[1024];
	uint64_t length = a->length < b->length ? a->length : b->length;

	for (uint64_t at = 0; at < length;) {
		size_t n = length - at < sizeof(piece) ? (size_t)(length - at) : sizeof(piece), same;

		content_fill(a, at, piece, n);
		same = content_differs(b, at, span_of(piece, n));
		at += same;
		if (same < n)
			return at;
	}
	return length;
}

int
far_content(struct judge *j, struct span what, const struct content *seen, const struct content *want)
{
	uint64_t at = contents_differ(seen, want);
	unsigned long long length = want->length;

	if (at < seen->length && at < want->length)
		return far_not_so(j, "%.*s differs at byte %llu of %llu: expected 0x%02X, saw 0x%02X", TEXT(what), (unsigned long long)at,
		    length, byte_of(want, at), byte_of(seen, at));
	if (seen->length != want->length)
		return far_not_so(j, "%.*s has %llu bytes, expected %llu", TEXT(what), (unsigned long long)seen->length, length);
	return SO;
}

/* Read a content; a file's is looked up when there is a world. */
int
far_take_content(struct judge *j, struct content *c)
{
	size_t at;

	scan_end(&j->sc);
	at = j->sc.at;
	if (!scan_content(&j->sc, c))
		return WRONG;
	if (j->w == NULL || world_resolve_content(j->w, c))
		return SO;
	j->sc.at = at;
	return far_wrong(j, "expected the name of a described file, with at least so many bytes");
}

/* ---- both ------------------------------------------------------------------ */

static int
judge_line(struct judge *j)
{
	if (scan_word(&j->sc, "http"))
		return far_http(j);
	if (scan_word(&j->sc, "ftp"))
		return far_ftp(j);
	return far_wrong(j, "expected http or ftp");
}

int
far_judge(struct world_sim *w, struct span line, char *why, size_t cap)
{
	struct judge j = { .w = w, .why = why, .cap = cap };
	int result;

	scan_begin(&j.sc, line, &w->arena);
	result = judge_line(&j);
	if (result == WRONG)
		snprintf(why, cap, "%s", j.sc.why);
	return result;
}

int
far_check(struct span line, size_t *column, const char **why)
{
	struct arena a = { 0 };
	struct judge j = { .w = NULL };
	int result;

	scan_begin(&j.sc, line, &a);
	result = judge_line(&j);
	if (result == WRONG) {
		*column = j.sc.column;
		*why = j.sc.why;
	}
	arena_free(&a);
	return result == WRONG ? -1 : 0;
}
