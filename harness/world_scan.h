/*
 * world_scan: read the words of a world or far line, one after the other.
 *
 *	line --> world_scan --> words, numbers, durations, strings, contents
 *
 * A function that finds what it wants takes it and the blanks before it.  One that does not returns false and
 * leaves its place and what was expected there in column and why.
 */
#ifndef WORLD_SCAN_H
#define WORLD_SCAN_H

#include <stdint.h>

#include "arena.h"
#include "content.h"

struct world_scan {
	struct span line;
	size_t at;
	struct arena *arena;	/* strings without their escapes go there */
	size_t column;		/* of the last failure, from 0 */
	const char *why;
};

void scan_begin(struct world_scan *sc, struct span line, struct arena *a);

/* Fail at the next word.  Returns false. */
bool scan_fail(struct world_scan *sc, const char *why);
/* Only blanks are left. */
bool scan_end(struct world_scan *sc);
/* Take the next word if it is this one; no failure is noted otherwise. */
bool scan_word(struct world_scan *sc, const char *word);
/* Whether a string in double quotes comes next. */
bool scan_at_string(struct world_scan *sc);
/* Whether a content comes next: a digit or a double quote. */
bool scan_at_content(struct world_scan *sc);
/* A run of bytes without blanks. */
bool scan_token(struct world_scan *sc, struct span *out, const char *why);
/* A token, or a string in double quotes where blanks are to be in it. */
bool scan_name(struct world_scan *sc, struct span *out, const char *why);
bool scan_number(struct world_scan *sc, uint64_t min, uint64_t max, uint64_t *out, const char *why);
/* Numbers with commas between them, 1..max of at least 1; count is how many. */
bool scan_numbers(struct world_scan *sc, uint32_t *into, int max, int *count);
/* 20ms, 1.5s, 2min; at most a day. */
bool scan_duration(struct world_scan *sc, uint64_t *us);
bool scan_string(struct world_scan *sc, struct span *out);
bool scan_content(struct world_scan *sc, struct content *out);
/* HOST:PORT; without :PORT, port stays as it is. */
bool scan_host_port(struct world_scan *sc, struct span *host, uint16_t *port);

#endif
