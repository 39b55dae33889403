/*
 * reply_mutate: change what a host and a module say to each other, as bad lines and odd firmware do.
 *
 * A URC comes in between, frames are doubled, lost and swapped, a number becomes one at a boundary or falls apart, a
 * payload grows with its count or without it, line ends are lost, lines run together, start-up bytes and NULs come in
 * between, lines grow to the length that is still kept, the host sends something else or at another moment.
 */
#ifndef REPLY_MUTATE_H
#define REPLY_MUTATE_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"

/* A libFuzzer custom mutator.  Return the new size, at most max. */
size_t reply_mutate(uint8_t *data, size_t size, size_t max, unsigned seed);

/* The front of one and the rear of the other, cut between lines, into out.  Return its size, at most max. */
size_t reply_cross(struct span one, struct span other, uint8_t *out, size_t max, unsigned seed);

#endif
