/*
 * arena: memory that is given back all at once.
 *
 * What a case needs while it is played lives here; arena_reset forgets it and keeps the blocks for the next.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

#include "span.h"

struct arena_block;

struct arena {
	struct arena_block *first, *current;
	size_t used;			/* of current */
};

/* Zeroed memory, aligned for any type; never NULL (exits through abort when the system has none). */
void *arena_alloc(struct arena *a, size_t size);
struct span arena_copy(struct arena *a, struct span s);
char *arena_string(struct arena *a, struct span s);	/* with a NUL behind it */
void arena_reset(struct arena *a);
/* Forget what is in it and keep one block only: for what comes again and again in any size. */
void arena_shrink(struct arena *a);
void arena_free(struct arena *a);

#endif
