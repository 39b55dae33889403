#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "transcript.h"

#define PART_MAX (TRANSCRIPT_MAX / 2)

void
transcript_start(struct transcript *t, const struct mask *mask, uint64_t origin_us)
{
	t->mask = mask;
	t->origin_us = origin_us;
	t->head = 0;
	t->tail = 0;
	t->dropped = 0;
	t->block = NULL;
	t->in_block = false;
}

/* Make room in the last part: drop its oldest lines until n bytes fit, half of it at a time so that the cost stays constant a line. */
static void
tail_make_room(struct transcript *t, size_t n)
{
	size_t cut = 0;

	if (t->tail + n <= PART_MAX)
		return;
	while (cut < t->tail && (cut < PART_MAX / 2 || t->tail - cut + n > PART_MAX)) {
		const char *end = memchr(t->last + cut, '\n', t->tail - cut);

		cut = end == NULL ? t->tail : (size_t)(end - t->last) + 1;
		t->dropped++;
	}
	memmove(t->last, t->last + cut, t->tail - cut);
	t->tail -= cut;
}

static void
line_add(struct transcript *t, const char *line, size_t n)
{
	if (t->tail == 0 && t->dropped == 0 && t->head + n <= PART_MAX) {
		memcpy(t->first + t->head, line, n);
		t->head += n;
		return;
	}
	tail_make_room(t, n);
	memcpy(t->last + t->tail, line, n);
	t->tail += n;
}

/* Two lines a command are written, wanted or not: by hand, since printf would cost more than all the rest of a round trip's judging. */
struct line {
	size_t used;
	char text[TRANSCRIPT_LINE_MAX + 512];
};

static void
put(struct line *l, const char *text)
{
	size_t n = strlen(text), room = sizeof(l->text) - 1 - l->used;

	n = n < room ? n : room;
	memcpy(l->text + l->used, text, n);
	l->used += n;
}

/* "  # 12.345s" */
static void
put_moment(struct line *l, uint64_t us)
{
	char digits[40];
	size_t at = sizeof(digits);
	uint64_t ms = us / 1000;

	digits[--at] = '\0';
	digits[--at] = 's';
	for (int i = 0; i < 5 || ms > 0; i++) {
		if (i == 3) {
			digits[--at] = '.';
			continue;
		}
		digits[--at] = (char)('0' + ms % 10);
		ms /= 10;
	}
	put(l, "  # ");
	put(l, digits + at);
}

/* keyword, body, behind, time: one line.  body is clean and masked. */
static void
line_write(struct transcript *t, const char *keyword, const char *body, const char *behind, const uint64_t *at_us)
{
	struct line l;

	l.used = 0;
	if (t->block != NULL && !t->in_block && keyword[0] != '#') {
		put(&l, t->block);
		put(&l, "\n");
		line_add(t, l.text, l.used);
		t->in_block = true;
		l.used = 0;
	}
	if (t->in_block)
		put(&l, "  ");
	put(&l, keyword);
	if (body[0] != '\0' && keyword[0] != '\0')
		put(&l, " ");
	put(&l, body);
	if (behind[0] != '\0')
		put(&l, "  ");
	put(&l, behind);
	if (at_us != NULL)
		put_moment(&l, *at_us > t->origin_us ? *at_us - t->origin_us : 0);
	/* put leaves room for it */
	l.text[l.used++] = '\n';
	line_add(t, l.text, l.used);
}

void
transcript_plain(struct transcript *t, const char *keyword, struct span text)
{
	char body[TRANSCRIPT_LINE_MAX];

	mask_copy(t->mask, text, body, sizeof(body));
	line_write(t, keyword, body, "", NULL);
}

void
transcript_text(struct transcript *t, const char *keyword, struct span text, const char *behind, uint64_t at_us)
{
	char masked[TRANSCRIPT_LINE_MAX], body[TRANSCRIPT_LINE_MAX];
	size_t n = mask_copy(t->mask, text, masked, sizeof(masked));

	escape_case(body, sizeof(body), span_of(masked, n));
	line_write(t, keyword, body, behind, &at_us);
}

/* In a string only the quote and what escape_bytes escapes need it; braces do, too, since they would be holes. */
static size_t
quote(char *into, size_t cap, struct span s)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t used = 0;

	into[used++] = '"';
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (used + 8 > cap)
			break;
		if (c != '\0' && strchr("\r\n\t\\\"{}", c) != NULL) {
			into[used++] = '\\';
			into[used++] = c == '\r' ? 'r' : c == '\n' ? 'n' : c == '\t' ? 't' : (char)c;
		} else if (c >= 0x20 && c < 0x7f) {
			into[used++] = (char)c;
		} else {
			into[used++] = '\\';
			into[used++] = 'x';
			into[used++] = hex[c >> 4];
			into[used++] = hex[c & 15];
		}
	}
	into[used++] = '"';
	into[used] = '\0';
	return used;
}

/* Long strings go over several lines of at most this many bytes: each is a step of its own and plays the same. */
#define STRING_PIECE 512

void
transcript_string(struct transcript *t, const char *keyword, struct span bytes, uint64_t at_us)
{
	char masked[TRANSCRIPT_LINE_MAX], body[4 * STRING_PIECE + 16];

	do {
		struct span piece = span_first(bytes, STRING_PIECE);
		size_t n = mask_copy(t->mask, piece, masked, sizeof(masked));

		quote(body, sizeof(body), span_of(masked, n < STRING_PIECE ? n : STRING_PIECE));
		line_write(t, keyword, body, "", &at_us);
		bytes = span_after(bytes, piece.len);
	} while (bytes.len > 0);
}

void
transcript_step(struct transcript *t, const char *keyword, struct span text, uint64_t at_us)
{
	char body[TRANSCRIPT_LINE_MAX];

	mask_copy(t->mask, text, body, sizeof(body));
	line_write(t, keyword, body, "", &at_us);
}

void
transcript_block(struct transcript *t, const char *keyword)
{
	t->block = keyword;
	t->in_block = false;
}

void
transcript_comment(struct transcript *t, struct span text, uint64_t at_us)
{
	char masked[TRANSCRIPT_LINE_MAX], body[TRANSCRIPT_LINE_MAX];
	size_t n = mask_copy(t->mask, text, masked, sizeof(masked));

	escape_bytes(body, sizeof(body), span_of(masked, n));
	line_write(t, "#", body, "", &at_us);
}

struct span
transcript_text_of(struct transcript *t)
{
	size_t n = t->head;

	memcpy(t->whole, t->first, t->head);
	if (t->dropped > 0)
		n += (size_t)snprintf(t->whole + n, sizeof(t->whole) - n, "# ... %lu lines are not shown\n", t->dropped);
	memcpy(t->whole + n, t->last, t->tail);
	return span_of(t->whole, n + t->tail);
}
