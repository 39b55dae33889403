/* case_file: a case and the .steps files it uses, read once. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "case_parse.h"
#include "hash.h"

#define FOLDERS_MAX 64

/* The folder above dir, in place: a/b -> a, a -> ., . -> .., .. -> ../..; false: there is none. */
static bool
folder_up(char *dir, size_t cap)
{
	size_t n = strlen(dir);
	char *slash;

	while (n > 1 && dir[n - 1] == '/')
		dir[--n] = '\0';
	if (strcmp(dir, "/") == 0)
		return false;
	slash = strrchr(dir, '/');
	if (strcmp(dir, ".") == 0) {
		strcpy(dir, "..");
	} else if (strcmp(slash != NULL ? slash + 1 : dir, "..") == 0) {
		if (n + 4 > cap)
			return false;
		strcpy(dir + n, "/..");
	} else if (slash == NULL) {
		strcpy(dir, ".");
	} else {
		slash[slash == dir] = '\0';
	}
	return true;
}

static bool
is_there(const struct case_store *store, const char *path)
{
	return store != NULL ? store->there(store->of, path) : access(path, F_OK) == 0;
}

/* shared/NAME.steps in the folder of path or one above it, into found; false: there is none. */
static bool
steps_find(const struct case_store *store, const char *path, struct span name, char *found, size_t cap)
{
	char dir[2048];
	const char *slash = strrchr(path, '/');
	size_t n = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);

	if (n >= sizeof(dir))
		return false;
	memcpy(dir, slash == NULL ? "." : path, n);
	dir[n] = '\0';
	for (int i = 0; i < FOLDERS_MAX; i++) {
		int length = snprintf(found, cap, "%s%sshared/%.*s.steps", strcmp(dir, ".") == 0 ? "" : dir,
		    strcmp(dir, ".") == 0 || strcmp(dir, "/") == 0 ? (dir[0] == '/' ? "/" : "") : "/", (int)name.len, name.at);

		if (strcmp(dir, "/") == 0)
			length = snprintf(found, cap, "/shared/%.*s.steps", (int)name.len, name.at);
		if (length > 0 && (size_t)length < cap && is_there(store, found))
			return true;
		if (!folder_up(dir, sizeof(dir)))
			return false;
	}
	return false;
}

static bool
is_steps_name(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!((s.at[i] >= 'a' && s.at[i] <= 'z') || (s.at[i] >= 'A' && s.at[i] <= 'Z') || (s.at[i] >= '0' && s.at[i] <= '9') ||
			s.at[i] == '-' || s.at[i] == '_' || (s.at[i] == '.' && i > 0)))
			return false;
	return s.len > 0 && s.len <= 128;
}

static int
source_of(struct case_file *f, const char *path, struct errors *es, const struct source *by, const struct source_line *l, int column)
{
	for (int i = 0; i < f->sources; i++)
		if (strcmp(f->source[i].path, path) == 0)
			return i;
	if (f->sources == SOURCES_MAX) {
		errors_add(es, by->path, (int)l->number, column, "one .steps file more than the %d a case may use", SOURCES_MAX - 1);
		return -1;
	}
	return source_read(&f->source[f->sources++], f->store, path, true, es) < 0 ? -1 : f->sources - 1;
}

static void
used_add(struct case_file *f, int from, struct span name, int to)
{
	if (f->useds == f->capacity) {
		f->capacity = f->capacity == 0 ? 8 : f->capacity * 2;
		f->used = realloc(f->used, (size_t)f->capacity * sizeof(*f->used));
		if (f->used == NULL)
			abort();
	}
	f->used[f->useds++] = (struct used){ .from = from, .to = to, .name = name };
}

/* Read the files that source i uses. */
static void
uses_read(struct case_file *f, int i, struct errors *es)
{
	for (int k = 0; k < f->source[i].lines; k++) {
		const struct source *s = &f->source[i];
		const struct source_line *l = &s->line[k];
		struct words w = words_of(span_of(s->bytes + l->at, l->length));
		char path[4096];
		struct span name;
		int column, j, to = -1;

		if (!words_eat(&w, "use"))
			continue;
		name = words_take(&w);
		if (!is_steps_name(name))
			continue; /* use_line says so */
		for (j = 0; j < f->useds && !(f->used[j].from == i && span_equal(f->used[j].name, name));)
			j++;
		if (j < f->useds)
			continue;
		column = (int)l->indent + (int)(name.at - (s->bytes + l->at)) + 1;
		if (steps_find(f->store, s->path, name, path, sizeof(path)))
			to = source_of(f, path, es, s, l, column);
		else
			errors_add(es, s->path, (int)l->number, column,
			    "%s, expected shared/%.*s.steps in the folder of this file or one above it", shown(name), (int)name.len,
			    name.at);
		used_add(f, i, name, to);
	}
}

/* The title line of the header, if it has one. */
static void
title_find(struct case_file *f)
{
	const struct source *s = &f->source[0];

	f->title_line = 1;
	for (int i = 0; i < s->lines; i++) {
		struct words w = words_of(span_of(s->bytes + s->line[i].at, s->line[i].length));

		if (!words_eat(&w, "title") || s->line[i].indent != 0)
			continue;
		words_skip(&w);
		f->title = span_of(w.at, (size_t)(w.end - w.at));
		f->title_line = (int)s->line[i].number;
		for (size_t j = 2; j < f->title.len; j++)
			if (f->title.at[j] == '#' && f->title.at[j - 1] == ' ' && f->title.at[j - 2] == ' ')
				f->title.len = j;
		while (f->title.len > 0 && f->title.at[f->title.len - 1] == ' ')
			f->title.len--;
		return;
	}
}

struct case_file *
case_load(const char *path, struct errors *es)
{
	return case_load_from(NULL, path, es);
}

struct case_file *
case_load_from(const struct case_store *store, const char *path, struct errors *es)
{
	struct case_file *f = calloc(1, sizeof(*f));
	int before = es->count + es->more;

	if (f == NULL)
		abort();
	f->store = store;
	f->sources = 1;
	if (source_read(&f->source[0], store, path, false, es) == 0 || f->source[0].lines > 0)
		for (int i = 0; i < f->sources; i++)
			uses_read(f, i, es);
	if (f->source[0].table.present && f->source[0].table.rows == 0 && es->count + es->more == before)
		errors_add(
		    es, path, f->source[0].last_number, 1, "a table without a row, expected a row of names and one of cells at least");
	if (es->count + es->more > before) {
		/* The file's other errors, too. */
		if (f->source[0].lines > 0) {
			struct test_case c;
			struct arena a = { NULL, NULL, 0 };

			case_parse(f, 0, &a, &c, es);
			arena_free(&a);
		}
		errors_sort(es, path);
		case_free(f);
		return NULL;
	}
	title_find(f);
	return f;
}

void
case_free(struct case_file *f)
{
	if (f == NULL)
		return;
	for (int i = 0; i < f->sources; i++)
		source_free(&f->source[i]);
	free(f->used);
	free(f);
}

const char *
case_path(const struct case_file *f)
{
	return f->source[0].path;
}

void
case_lab(struct case_file *f, const struct lab_file *lab)
{
	f->lab = lab;
}

int
case_rows(const struct case_file *f)
{
	return f->source[0].table.present ? f->source[0].table.rows : 1;
}

void
title_of_file(const char *path, int row, char *into, size_t cap)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path, *dot = strrchr(name, '.');
	int n = (int)(dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name));

	if (n > 40)
		n = 40;
	if (row < 0)
		snprintf(into, cap, "%.*s", n, name);
	else
		snprintf(into, cap, "%.*s, row %d", n, name, row + 1);
}

/* The column whose {name} s begins with, or -1. */
static int
column_at(const struct table *t, struct span s)
{
	for (int i = 0; i < t->columns; i++)
		if (s.len >= t->column[i].len + 2 && s.at[t->column[i].len + 1] == '}' &&
		    memcmp(s.at + 1, t->column[i].at, t->column[i].len) == 0)
			return i;
	return -1;
}

bool
case_title(const struct case_file *f, int row, char *into, size_t cap)
{
	const struct source *s = &f->source[0];
	const struct table *t = &s->table;
	size_t n = 0;

	if (f->title.len == 0) {
		title_of_file(s->path, t->present ? row : -1, into, cap);
		return true;
	}
	for (size_t i = 0; i < f->title.len; i++) {
		int c = f->title.at[i] == '{' && row < t->rows ? column_at(t, span_after(f->title, i)) : -1;
		struct span put = span_of(f->title.at + i, 1);

		if (c >= 0) {
			const struct cell *cell = &t->cell[(size_t)row * (size_t)t->columns + (size_t)c];

			put = span_of(s->bytes + cell->at, cell->length);
			i += t->column[c].len + 1;
		}
		for (size_t j = 0; j < put.len; j++) {
			if (c >= 0 && put.at[j] == '\\' && j + 1 < put.len && put.at[j + 1] == '|')
				continue;
			if (n + 1 >= cap) {
				into[n] = '\0';
				return false;
			}
			into[n++] = put.at[j];
		}
	}
	into[n] = '\0';
	return true;
}

uint64_t
case_hash(const struct case_file *f)
{
	uint64_t h = HASH_BEGIN;

	for (int i = 0; i < f->sources; i++)
		h = hash_unit(hash_bytes(h, span_of(f->source[i].bytes, f->source[i].size)), 0x100);
	return h;
}
