#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#include "case_find.h"
#include "plan.h"
#include "prng.h"

bool
plan_pattern(const char *pattern, const char *path, const char *title)
{
	const char *name = strrchr(path, '/');

	if (strpbrk(pattern, "*?[\\") == NULL && (strstr(path, pattern) != NULL || strstr(title, pattern) != NULL))
		return true;
	return fnmatch(pattern, path, 0) == 0 || fnmatch(pattern, title, 0) == 0 || (name != NULL && fnmatch(pattern, name + 1, 0) == 0);
}

struct span
plan_area(const char *path)
{
	const char *under = strstr(path, "sim800/"), *end;

	if (under != NULL && strchr(under + 7, '/') != NULL) {
		under += 7;
		end = strchr(under, '/');
		return span_of(under, (size_t)(end - under));
	}
	end = strrchr(path, '/');
	if (end == NULL)
		return SPAN("");
	for (under = end; under > path && under[-1] != '/';)
		under--;
	return span_of(under, (size_t)(end - under));
}

uint64_t
plan_seed(uint64_t seed, const char *path, int row, int attempt)
{
	struct prng r;

	prng_seed(&r, seed);
	for (const char *c = path; *c != '\0'; c++)
		r.state = prng_next(&r) ^ (unsigned char)*c;
	r.state = prng_next(&r) ^ (uint64_t)(int64_t)row;
	r.state = prng_next(&r) ^ (uint64_t)attempt;
	return prng_next(&r);
}

static int
entry_add(struct plan *p, uint32_t file, int row, struct err *e)
{
	if (p->entries == p->entry_room) {
		uint32_t room = p->entry_room == 0 ? 1024 : p->entry_room * 2;
		struct plan_entry *grown = realloc(p->entry, room * sizeof(*grown));

		if (grown == NULL)
			return err_set(e, EXIT_INTERNAL, "out of memory");
		p->entry = grown;
		p->entry_room = room;
	}
	p->entry[p->entries++] = (struct plan_entry){ .file = file, .row = (uint32_t)row, .done = 0 };
	return 0;
}

static void
print_errors(const struct errors *es, const char *path)
{
	for (int i = 0; i < es->count; i++)
		fprintf(stderr, "%s\n", es->list[i].text);
	if (es->more > 0)
		fprintf(stderr, "%s: ... and %d more\n", path, es->more);
}

/* Load a file and choose of its rows.  chosen counts over all files, for the shards. */
static int
file_add(struct plan *p, const char *path, const struct plan_options *o, uint64_t *chosen, int *bad, struct err *e)
{
	struct errors es = { .count = 0, .more = 0 };
	struct plan_file *f = &p->file[p->files];
	char title[PLAN_TITLE_MAX];

	f->file = case_load(path, &es);
	if (es.count > 0 || f->file == NULL) {
		print_errors(&es, path);
		*bad += es.count + es.more;
		case_free(f->file);
		return 0;
	}
	case_lab(f->file, o->lab);
	f->hash = case_hash(f->file);
	f->first = p->entries;
	for (int row = 0; row < case_rows(f->file); row++) {
		if (o->only != NULL) {
			if (!case_title(f->file, row, title, sizeof(title)))
				title[0] = '\0';
			if (!plan_pattern(o->only, path, title))
				continue;
		}
		if ((*chosen)++ % o->shards != o->shard - 1)
			continue;
		if (entry_add(p, p->files, row, e) < 0)
			return -1;
	}
	f->count = p->entries - f->first;
	p->files++;
	return 0;
}

/* The same file named twice is played once. */
static bool
seen_before(const struct case_paths *paths, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(paths->path[k], paths->path[i]) == 0)
			return true;
	return false;
}

int
plan_make(struct plan *p, const struct plan_options *o, struct err *e)
{
	struct case_paths paths = { NULL, 0, 0 };
	uint64_t chosen = 0;
	int bad = 0, result = 0;

	for (int i = 0; i < o->arguments && result == 0; i++)
		result = case_find(&paths, o->argument[i], e);
	if (o->arguments == 0)
		result = case_find(&paths, PLAN_DEFAULT_FOLDER, e);
	if (result == 0) {
		p->file = calloc(paths.count + 1, sizeof(*p->file));
		if (p->file == NULL)
			result = err_set(e, EXIT_INTERNAL, "out of memory");
	}
	for (size_t i = 0; i < paths.count && result == 0; i++)
		if (o->arguments < 2 || !seen_before(&paths, i))
			result = file_add(p, paths.path[i], o, &chosen, &bad, e);
	case_paths_free(&paths);
	if (result == 0 && bad > 0)
		result = err_set(e, EXIT_USAGE, "%d error%s in case files; nothing was played", bad, bad == 1 ? "" : "s");
	return result;
}

void
plan_free(struct plan *p)
{
	for (uint32_t i = 0; i < p->files; i++)
		case_free(p->file[i].file);
	free(p->file);
	free(p->entry);
}

enum plan_before
plan_done(struct plan *p, struct span path, int row, uint64_t hash)
{
	uint32_t wanted = row < 0 ? 0 : (uint32_t)row, low, high;
	const struct plan_file *f = NULL;

	for (uint32_t i = 0; i < p->files && f == NULL; i++)
		if (span_equal(span_str(case_path(p->file[i].file)), path))
			f = &p->file[i];
	if (f == NULL)
		return PLAN_NOT_CHOSEN;
	if (f->hash != hash)
		return PLAN_EDITED;
	low = f->first;
	high = f->first + f->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (p->entry[middle].row < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == f->first + f->count || p->entry[low].row != wanted)
		return PLAN_NOT_CHOSEN;
	p->entry[low].done = 1;
	return PLAN_DONE;
}

void
plan_shuffle(struct plan *p, uint64_t seed)
{
	struct prng r;

	prng_seed(&r, seed);
	for (uint32_t i = p->entries; i > 1; i--) {
		uint32_t k = (uint32_t)prng_below(&r, i);
		struct plan_entry moved = p->entry[i - 1];

		p->entry[i - 1] = p->entry[k];
		p->entry[k] = moved;
	}
}
