/*
 * block: bytes in a place of their own that ends where they end, and that is no more once they are let go.
 *
 * A heap block would do, but takes longer to get than most inputs take to parse.  These are places in one area that
 * the address sanitizer is told about: a byte before, behind, or after it was let go is an error.  Without it what was
 * let go is overwritten all the same, so that who still reads it sees other bytes.
 */
#ifndef BLOCK_H
#define BLOCK_H

#include "span.h"

/* Longest block. */
#define BLOCK_MAX 65536

/* One block of each at a time. */
enum block { BLOCK_FED, BLOCK_TOLD, BLOCKS };

/* A copy of bytes, at most BLOCK_MAX of them; until block_drop. */
struct span block_take(enum block which, struct span bytes);
void block_drop(enum block which);

/* The same for a single byte, in places that never change size, so that it costs nothing; until the next one. */
struct span block_byte(char byte);

#endif
