#include "requirement.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "case_parse.h"
#include "hash.h"

#define FILE_MAX (1u << 20)

struct requirements {
	struct arena arena; /* paths, files and joined lines */
	struct requirement *list;
	size_t count, room;
	uint32_t *place; /* 1 + number in list, by hash of the id; 0: free */
	size_t places;
};

static const char evidences[] = "NMSLCXI?";

/* ---- look-up ------------------------------------------------------------- */

/* Where an id is, or would be. */
static uint32_t *
place_of(const struct requirements *q, struct span id)
{
	size_t i = hash_place(id) & (q->places - 1);

	while (q->place[i] != 0 && !span_equal(q->list[q->place[i] - 1].id, id))
		i = (i + 1) & (q->places - 1);
	return &q->place[i];
}

static void
places_grow(struct requirements *q)
{
	free(q->place);
	q->places = q->places == 0 ? 1024 : q->places * 2;
	q->place = calloc(q->places, sizeof(*q->place));
	if (q->place == NULL)
		abort();
	for (size_t i = 0; i < q->count; i++)
		*place_of(q, q->list[i].id) = (uint32_t)i + 1;
}

size_t
requirements_count(const struct requirements *q)
{
	return q->count;
}

struct requirement *
requirements_at(struct requirements *q, size_t i)
{
	return &q->list[i];
}

struct requirement *
requirements_find(struct requirements *q, struct span id)
{
	uint32_t at = q->places == 0 ? 0 : *place_of(q, id);

	return at == 0 ? NULL : &q->list[at - 1];
}

/* ---- a file --------------------------------------------------------------- */

struct reading {
	struct requirements *q;
	const char *path;
	int line;
	struct errors *es;
	struct requirement *last; /* what a line that goes on belongs to; NULL: to a wrong one */
	bool in_reason;
};

static struct span
trim(struct span s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = span_after(s, 1);
	while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t' || s.at[s.len - 1] == '\r'))
		s.len--;
	return s;
}

static struct span
join(struct requirements *q, struct span a, struct span b)
{
	char *both;

	if (a.len == 0)
		return b;
	both = arena_alloc(&q->arena, a.len + 1 + b.len);
	memcpy(both, a.at, a.len);
	both[a.len] = ' ';
	memcpy(both + a.len + 1, b.at, b.len);
	return span_of(both, a.len + 1 + b.len);
}

static bool
id_is_right(struct span id)
{
	const char *dash = memchr(id.at, '-', id.len);

	if (id.len < 3 || id.len > REQUIREMENT_ID_MAX || strchr(evidences, id.at[0]) == NULL || dash == NULL || dash == id.at + id.len - 1)
		return false;
	for (size_t i = 1; i < id.len; i++) {
		char c = id.at[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '.' && c != '-')
			return false;
	}
	return true;
}

static void
requirement_new(struct reading *r, struct span line)
{
	struct requirements *q = r->q;
	size_t n = 0;
	struct span id;
	struct requirement *old;

	while (n < line.len && line.at[n] != ' ')
		n++;
	id = span_first(line, n);
	r->last = NULL;
	if (!id_is_right(id)) {
		errors_add(r->es, r->path, r->line, 1, "%s, expected an id: evidence (%s), clause, '-', a name", shown(id), evidences);
		return;
	}
	if (n + 2 >= line.len || line.at[n + 1] != ' ') {
		errors_add(r->es, r->path, r->line, (int)n + 1, "%s, expected two blanks and a statement", shown(span_after(line, n)));
		return;
	}
	if ((old = requirements_find(q, id)) != NULL) {
		errors_add(r->es, r->path, r->line, 1, "%s, which %s:%d has, too; expected another id", shown(id), old->path, old->line);
		return;
	}
	if (q->count == q->room) {
		q->room = q->room == 0 ? 256 : q->room * 2;
		q->list = realloc(q->list, q->room * sizeof(*q->list));
		if (q->list == NULL)
			abort();
	}
	r->last = &q->list[q->count++];
	*r->last = (struct requirement){ .id = id, .evidence = id.at[0], .path = r->path, .line = r->line };
	r->last->clause = span_of(id.at + 1, (size_t)((const char *)memchr(id.at, '-', id.len) - id.at - 1));
	r->last->text = trim(span_after(line, n));
	r->in_reason = false;
	if (q->count * 2 > q->places)
		places_grow(q);
	else
		*place_of(q, id) = (uint32_t)q->count;
}

/* A line that begins with a blank: more of the statement, or why it has no case that can fail. */
static void
requirement_more(struct reading *r, struct span line)
{
	static const struct {
		const char *word;
		enum requirement_kind kind;
	} reasons[] = {
		{ "informational:", REQUIREMENT_INFORMATIONAL },
		{ "not tested:", REQUIREMENT_NOT_TESTED },
	};
	struct span s = trim(line);

	if (r->last == NULL)
		return;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (!span_starts(s, span_str(reasons[i].word)))
			continue;
		r->last->kind = reasons[i].kind;
		r->last->reason = trim(span_after(s, strlen(reasons[i].word)));
		r->in_reason = true;
		if (r->last->reason.len == 0)
			errors_add(r->es, r->path, r->line, (int)line.len + 1, "the end of the line, expected a reason");
		return;
	}
	if (r->in_reason)
		r->last->reason = join(r->q, r->last->reason, s);
	else
		r->last->text = join(r->q, r->last->text, s);
}

static void
read_text(struct reading *r, struct span text)
{
	while (text.len > 0) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t n = end == NULL ? text.len : (size_t)(end - text.at);
		struct span line = span_first(text, n);

		r->line++;
		text = span_after(text, end == NULL ? n : n + 1);
		if (trim(line).len == 0 || line.at[0] == '#')
			continue;
		if (line.at[0] == ' ')
			requirement_more(r, line);
		else
			requirement_new(r, line);
	}
}

static void
read_file(struct requirements *q, const char *path, struct errors *es)
{
	struct reading r = { .q = q, .path = path, .es = es };
	FILE *f = fopen(path, "r");
	char *bytes = arena_alloc(&q->arena, FILE_MAX);
	size_t n;

	if (f == NULL) {
		errors_add(es, path, 0, 0, "%s", strerror(errno));
		return;
	}
	n = fread(bytes, 1, FILE_MAX, f);
	if (ferror(f) || n == FILE_MAX)
		errors_add(es, path, 0, 0, "%s", n == FILE_MAX ? "too large: more than 1 MiB" : strerror(errno));
	else
		read_text(&r, span_of(bytes, n));
	fclose(f);
}

/* ---- a folder -------------------------------------------------------------- */

static int
is_req_file(const struct dirent *d)
{
	size_t n = strlen(d->d_name), suffix = strlen(REQUIREMENT_SUFFIX);

	return n > suffix && d->d_name[0] != '.' && strcmp(d->d_name + n - suffix, REQUIREMENT_SUFFIX) == 0;
}

struct requirements *
requirements_load(const char *folder, struct errors *es)
{
	struct requirements *q;
	struct dirent **name;
	int n = scandir(folder, &name, is_req_file, alphasort);

	if (n < 0)
		return NULL;
	q = calloc(1, sizeof(*q));
	if (q == NULL)
		abort();
	for (int i = 0; i < n; i++) {
		size_t length = strlen(folder) + 1 + strlen(name[i]->d_name) + 1;
		char *path = arena_alloc(&q->arena, length);

		snprintf(path, length, "%s/%s", folder, name[i]->d_name);
		read_file(q, path, es);
		free(name[i]);
	}
	free(name);
	return q;
}

void
requirements_free(struct requirements *q)
{
	if (q == NULL)
		return;
	arena_free(&q->arena);
	free(q->list);
	free(q->place);
	free(q);
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
requirements_folder(const char *path, char *into, size_t cap)
{
	size_t n = strlen(path);

	for (;;) {
		if (snprintf(into, cap, "%.*s%srequirements", (int)n, path, n > 0 && path[n - 1] != '/' ? "/" : "") >= (int)cap)
			return false;
		if (is_folder(into))
			return true;
		if (n == 0 || (n == 1 && path[0] == '/'))
			return false;
		while (n > 1 && path[n - 1] == '/')
			n--;
		while (n > 0 && path[n - 1] != '/')
			n--;
	}
}

/* ---- cases ------------------------------------------------------------------ */

void
requirements_cover(struct requirements *q, const struct test_case *c, struct errors *es)
{
	for (const struct case_line *l = c->covers; l != NULL; l = l->next) {
		struct requirement *r = requirements_find(q, l->text);

		if (r == NULL) {
			errors_add(es, l->path, l->line, l->column, "%s, expected the id of a requirement", shown(l->text));
			continue;
		}
		if (r->kind == REQUIREMENT_NOT_TESTED)
			errors_add(es, l->path, l->line, l->column, "%s, of which %s:%d says that it is not tested", shown(l->text),
			    r->path, r->line);
		if (r->kind == REQUIREMENT_TESTED && c->informational)
			errors_add(es, l->path, l->line, l->column, "%s, which a case that cannot fail does not test", shown(l->text));
		r->cases++;
	}
}

void
requirements_unknown(struct requirements *q, struct errors *es)
{
	for (size_t i = 0; i < q->count; i++) {
		const struct requirement *r = &q->list[i];

		if (r->kind == REQUIREMENT_TESTED && r->cases == 0)
			errors_add(es, r->path, r->line, 1, "%s, expected a case that covers it, or a reason", shown(r->id));
	}
}
