/*
 * emulate_world: the far side of attest emulate --world sim, from a file of world lines or built in.
 */
#ifndef EMULATE_WORLD_H
#define EMULATE_WORLD_H

#include <stdint.h>

#include "err.h"
#include "world_sim.h"

/* The world as the lines of a file describe it (as in cases, the word world may be left out); path NULL: the built-in one.  NULL on error. */
struct world_sim *emulate_world_sim(const char *path, uint64_t seed, struct err *e);

/* The lines of the built-in one, each ended by LF. */
extern const char emulate_world_preset[];

#endif
