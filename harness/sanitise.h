/*
 * sanitise: text of unknown origin, made fit for XML 1.0, JSON, HTML and a terminal.
 *
 *	bytes --> sanitise --> valid UTF-8 without controls, in a growing buffer
 *
 * What has no business in a report is written as \xNN a byte: C0 and C1 controls, DEL, invalid UTF-8, surrogates, U+FFFE, U+FFFF,
 * line separators and the characters that turn the direction of writing round.  It does not escape for XML or JSON; their writers do.
 */
#ifndef SANITISE_H
#define SANITISE_H

#include <stdint.h>

#include "span.h"

/* A growing buffer.  at is NULL or NUL-terminated; freed with growing_free.  Aborts when the system has no memory. */
struct growing {
	char *at;
	size_t len, cap;
};

void growing_bytes(struct growing *g, struct span s);
void growing_str(struct growing *g, const char *s);
void growing_number(struct growing *g, int64_t n);
void growing_clear(struct growing *g);
void growing_free(struct growing *g);

enum sanitise_lines {
	SANITISE_ONE_LINE,	/* CR, LF and TAB become \r, \n, \t */
	SANITISE_LINES,		/* LF and TAB stay, CR becomes \r */
};

/*
 * The character that s (not empty) begins with: how many bytes it has, and whether it may be shown as it is.  LF, TAB and CR may
 * not.  A byte that begins no character is one of one byte that may not.
 */
size_t sanitise_char(struct span s, bool *shown);

/* Append s, sanitised. */
void sanitise(struct growing *g, struct span s, enum sanitise_lines lines);

/* Copy s sanitised, as one line, into into (cap bytes, at least 1); what does not fit whole is left out.  Returns its length. */
size_t sanitise_copy(char *into, size_t cap, struct span s);

#endif
