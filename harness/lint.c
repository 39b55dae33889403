/* lint: titles, counts, and one file after the other. */
#include <stdlib.h>

#include "case_parse.h"
#include "citation.h"
#include "hash.h"
#include "lint.h"
#include "requirement.h"
#include "world_sim.h"

/* A title and where it stands. */
struct seen {
	uint64_t hash;
	uint32_t at, length; /* in the pool; length 0: a free place */
	uint32_t path;       /* in the pool */
	uint32_t line;
};

struct lint {
	struct seen *seen;
	size_t places, used;
	char *pool;
	size_t pooled, pool_cap;
	size_t files, cases, errors;
	struct world_sim *world;
	struct requirements *requirements; /* NULL: covers lines are not looked up */
	struct citations *citations;       /* NULL: spec lines are not */
};

struct lint *
lint_new(void)
{
	struct lint *l = calloc(1, sizeof(*l));

	if (l == NULL)
		abort();
	l->places = 1024;
	l->seen = calloc(l->places, sizeof(*l->seen));
	if (l->seen == NULL)
		abort();
	l->world = world_sim_new();
	return l;
}

void
lint_free(struct lint *l)
{
	if (l == NULL)
		return;
	world_sim_free(l->world);
	requirements_free(l->requirements);
	citations_free(l->citations);
	free(l->seen);
	free(l->pool);
	free(l);
}

static uint32_t
pool_add(struct lint *l, const char *bytes, size_t n)
{
	size_t at = l->pooled;

	if (at + n + 1 > l->pool_cap) {
		l->pool_cap = (at + n + 1) * 2;
		l->pool = realloc(l->pool, l->pool_cap);
		if (l->pool == NULL || l->pool_cap > UINT32_MAX)
			abort();
	}
	memcpy(l->pool + at, bytes, n);
	l->pool[at + n] = '\0';
	l->pooled += n + 1;
	return (uint32_t)at;
}

/* The place of a title: where it is, or where it would be. */
static struct seen *
place(const struct lint *l, uint64_t h, struct span title)
{
	size_t i = h & (l->places - 1);

	while (l->seen[i].length != 0 && !(l->seen[i].hash == h && span_equal(span_of(l->pool + l->seen[i].at, l->seen[i].length), title)))
		i = (i + 1) & (l->places - 1);
	return &l->seen[i];
}

static void
grow(struct lint *l)
{
	struct seen *old = l->seen;
	size_t n = l->places;

	l->places *= 2;
	l->seen = calloc(l->places, sizeof(*l->seen));
	if (l->seen == NULL)
		abort();
	for (size_t i = 0; i < n; i++)
		if (old[i].length != 0)
			*place(l, old[i].hash, span_of(l->pool + old[i].at, old[i].length)) = old[i];
	free(old);
}

/* Titles are the key of history: the same one twice would be one case to every report. */
static void
title(struct lint *l, const struct test_case *c, int line, uint32_t path, struct errors *es)
{
	uint64_t h = hash_place(c->title);
	struct seen *s = place(l, h, c->title);

	if (s->length != 0) {
		errors_add(
		    es, c->path, line, 1, "title %s, which %s:%u has, too; expected another", shown(c->title), l->pool + s->path, s->line);
		return;
	}
	s->hash = h;
	s->at = pool_add(l, c->title.at, c->title.len);
	s->length = (uint32_t)c->title.len;
	s->path = path;
	s->line = (uint32_t)line;
	if (++l->used * 2 > l->places)
		grow(l);
}

void
lint_file(struct lint *l, const char *path, struct errors *es)
{
	int before = es->count + es->more;
	struct case_file *f = case_load(path, es);
	struct arena a = { NULL, NULL, 0 };
	uint32_t pooled = pool_add(l, path, strlen(path));

	l->files++;
	for (int row = 0; f != NULL && row < case_rows(f); row++) {
		struct test_case c;

		arena_reset(&a);
		l->cases++;
		if (case_parse(f, row, &a, &c, es) < 0)
			continue;
		lint_case(&c, f->source[0].last_number, l->world, es);
		if (l->citations != NULL)
			citations_check(l->citations, &c, es);
		if (l->requirements != NULL)
			requirements_cover(l->requirements, &c, es);
		title(l, &c, c.row >= 0 ? c.row_line : f->title_line, pooled, es);
	}
	arena_free(&a);
	case_free(f);
	errors_sort(es, path);
	l->errors += (size_t)(es->count + es->more - before);
}

void
lint_requirements(struct lint *l, const char *folder, struct errors *es)
{
	int before = es->count + es->more;

	requirements_free(l->requirements);
	citations_free(l->citations);
	l->requirements = requirements_load(folder, es);
	l->citations = citations_load(folder, es);
	l->errors += (size_t)(es->count + es->more - before);
}

void
lint_unknown(struct lint *l, struct errors *es)
{
	int before = es->count + es->more;

	if (l->requirements != NULL)
		requirements_unknown(l->requirements, es);
	l->errors += (size_t)(es->count + es->more - before);
}

void
lint_counts(const struct lint *l, size_t *files, size_t *cases, size_t *errors)
{
	*files = l->files;
	*cases = l->cases;
	*errors = l->errors;
}
