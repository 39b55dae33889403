/*
 * content: bytes described by a few words, never held in memory.
 *
 * "1024 bytes pattern 7", "16384 bytes digits", "\"wodeceshijieguo\"": what is sent, what a server's file
 * holds, and what must arrive are described alike and compared piece by piece.
 */
#ifndef CONTENT_H
#define CONTENT_H

#include <stdint.h>

#include "span.h"

/* No server's file, no buffer and no payload is longer. */
#define CONTENT_LENGTH_MAX UINT32_MAX

enum content_kind {
	CONTENT_PATTERN,	/* pseudo-random bytes, all values; the pattern's number is the seed */
	CONTENT_DIGITS,		/* 0123456789 again and again, as the note shows */
	CONTENT_LINES,		/* lines of printable text that end in CRLF */
	CONTENT_STRING,		/* the bytes of text */
	CONTENT_REPEAT,		/* text again and again */
	CONTENT_FILE,		/* the first length bytes of the file named text: to be looked up by who reads it */
};

struct content {
	enum content_kind kind;
	uint64_t length;
	uint32_t pattern;
	struct span text;	/* STRING, REPEAT: escapes undone; FILE: its name */
};

/*
 * Read a content description from the front of s.  Return how many bytes of s it took, or 0 with *why set to what
 * was expected and *column (from 0) to where.  Escapes of strings are undone into scratch, which must be as long as
 * s and live as long as out.
 */
size_t content_parse(struct span s, struct content *out, char *scratch, size_t *column, const char **why);

/* Copy bytes offset..offset+n-1 into into; what lies past length is not touched.  Not for CONTENT_FILE. */
void content_fill(const struct content *c, uint64_t offset, char *into, size_t n);

/* Compare got with the content from offset on: the index of the first byte that differs or lies past length, or got.len. */
size_t content_differs(const struct content *c, uint64_t offset, struct span got);

/* Undo the escapes of a text (\r \n \t \0 \s \xNN \{ \} \| \\ \# \") into into, as long as s.  Return the length, or -1 with *bad at the bad escape. */
long text_unescape(struct span s, char *into, size_t *bad);

#endif
