/*
 * baseline: what the parser is compared with, over the same bytes in the same pieces.
 *
 *	memchr	cuts at '\n' and counts; knows no meaning
 *	getline	the C library's getline over a stream that gives a piece a read, then strcmp and strncmp
 *	lines	the same with a line buffer of its own instead of the C library's stream
 *	memcpy	each piece into a buffer of a piece's size, that stays in the cache
 */
#ifndef BASELINE_H
#define BASELINE_H

#include "stream.h"

/* What a loop made of a stream; lf where it counts lines only, truth where it knows more. */
struct count {
	uint64_t lf;
	uint64_t finals, urcs, others;
};

void baseline_memchr(const struct stream *s, size_t piece, struct count *out);
void baseline_getline(const struct stream *s, size_t piece, struct count *out);
void baseline_lines(const struct stream *s, size_t piece, struct count *out);
void baseline_memcpy(const struct stream *s, size_t piece, struct count *out);

#endif
