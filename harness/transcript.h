/*
 * transcript: what was said, written down as a case that can be saved and played again.
 *
 *	run --> transcript --> journal, reports
 *
 * Every line is a line of the case language; when it happened follows as a comment ("# 0.020s", from the start of the
 * case).  Secrets are masked.  It is bounded: of a long one the first and the last part are kept, and a comment between them
 * says how many lines are not shown.
 */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "mask.h"
#include "span.h"

#define TRANSCRIPT_MAX (64u << 10)
#define TRANSCRIPT_STRING_MAX 4096	/* of raw bytes shown in one place */
#define TRANSCRIPT_LINE_MAX 4096	/* of one line; a longer one is cut, and says so */

struct transcript {
	const struct mask *mask;	/* the caller's; outlives it */
	uint64_t origin_us;
	size_t head, tail;		/* bytes used of each part */
	unsigned long dropped;		/* lines between them */
	const char *block;		/* not NULL: lines belong into this block, whose own line is written before the first of them */
	bool in_block;			/* and that one is */
	char first[TRANSCRIPT_MAX / 2];
	char last[TRANSCRIPT_MAX / 2];
	char whole[TRANSCRIPT_MAX + 256];
};

/* Start over. origin_us: the moment that times are counted from. */
void transcript_start(struct transcript *t, const struct mask *mask, uint64_t origin_us);

/* A line as it stands, masked: a header line, a step that is no traffic.  No time. */
void transcript_plain(struct transcript *t, const char *keyword, struct span text);

/* "> text" or "< text", escaped so that it reads back as these bytes.  behind: modifiers ("ends LF"), or "". */
void transcript_text(struct transcript *t, const char *keyword, struct span text, const char *behind, uint64_t at_us);

/* keyword "text": raw bytes as a string ("<<", ">>", "="). */
void transcript_string(struct transcript *t, const char *keyword, struct span bytes, uint64_t at_us);

/* keyword text, which is case language already (a step as written), with a time. */
void transcript_step(struct transcript *t, const char *keyword, struct span text, uint64_t at_us);

/* What follows stands in a block, indented below this keyword; a block in which nothing happens is not written. */
void transcript_block(struct transcript *t, const char *keyword);

/* A comment line. */
void transcript_comment(struct transcript *t, struct span text, uint64_t at_us);

/* The whole of it; valid until the next call. */
struct span transcript_text_of(struct transcript *t);

#endif
