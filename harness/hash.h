/*
 * hash: FNV-1a, 64 bits.  The same bytes have the same hash on every machine; it is no secret and resists nobody.
 */
#ifndef HASH_H
#define HASH_H

#include <stdint.h>

#include "span.h"

#define HASH_BEGIN 0xcbf29ce484222325u

/* One more unit: a byte, or a number above 255 that no byte is (so that "a","b" is not "ab",""). */
static inline uint64_t
hash_unit(uint64_t h, unsigned unit)
{
	return (h ^ unit) * 0x100000001b3u;
}

static inline uint64_t
hash_bytes(uint64_t h, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		h = hash_unit(h, (unsigned char)s.at[i]);
	return h;
}

/* Low bits are to choose a place in a table: the high ones are folded in. */
static inline uint64_t
hash_place(struct span s)
{
	uint64_t h = hash_bytes(HASH_BEGIN, s);

	return h ^ h >> 29;
}

#endif
