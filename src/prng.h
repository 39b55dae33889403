/*
 * prng: the one source of chance, by seed (splitmix64, Steele and others 2014).
 *
 * Every random choice of the emulator and the harness comes from a struct prng
 * whose seed is printed in every report, so that a run can be repeated exactly.
 */
#ifndef PRNG_H
#define PRNG_H

#include <stdint.h>

struct prng {
	uint64_t state;
};

static inline void
prng_seed(struct prng *r, uint64_t seed)
{
	r->state = seed;
}

static inline uint64_t
prng_next(struct prng *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* A number from 0 to bound - 1; bound is at least 1.  Bias below 2^-32 for bounds below 2^32. */
static inline uint64_t
prng_below(struct prng *r, uint64_t bound)
{
	return prng_next(r) % bound;
}

#endif
