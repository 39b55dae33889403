#include <stdalign.h>
#include <stdlib.h>

#include "arena.h"

#define BLOCK_SIZE (64u << 10)

struct arena_block {
	struct arena_block *next;
	size_t size;
	alignas(max_align_t) char bytes[];
};

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *b = malloc(sizeof(*b) + size);

	if (b == NULL)
		abort();
	b->next = NULL;
	b->size = size;
	return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	size_t step = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	char *at;

	if (a->first == NULL) {
		a->first = a->current = block_new(step > BLOCK_SIZE ? step : BLOCK_SIZE);
		a->used = 0;
	}
	while (a->used + step > a->current->size) {
		if (a->current->next == NULL)
			a->current->next = block_new(step > BLOCK_SIZE ? step : BLOCK_SIZE);
		a->current = a->current->next;
		a->used = 0;
	}
	at = a->current->bytes + a->used;
	a->used += step;
	return memset(at, 0, size);
}

struct span
arena_copy(struct arena *a, struct span s)
{
	char *at = arena_alloc(a, s.len);

	if (s.len > 0)
		memcpy(at, s.at, s.len);
	return span_of(at, s.len);
}

char *
arena_string(struct arena *a, struct span s)
{
	char *at = arena_alloc(a, s.len + 1);

	if (s.len > 0)
		memcpy(at, s.at, s.len);
	return at;
}

void
arena_reset(struct arena *a)
{
	a->current = a->first;
	a->used = 0;
}

static void
blocks_free(struct arena_block *b)
{
	struct arena_block *next;

	for (; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
}

void
arena_shrink(struct arena *a)
{
	if (a->first != NULL) {
		blocks_free(a->first->next);
		a->first->next = NULL;
	}
	arena_reset(a);
}

void
arena_free(struct arena *a)
{
	blocks_free(a->first);
	a->first = a->current = NULL;
	a->used = 0;
}
