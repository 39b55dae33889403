#include "citation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case_parse.h"

#define FILE_MAX (64u << 10)

struct citations {
	struct citation {
		struct span document, clauses;
	} * list;
	size_t count;
	char bytes[FILE_MAX];
};

static struct span
trim(struct span s)
{
	while (s.len > 0 && s.at[0] == ' ')
		s = span_after(s, 1);
	while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\r'))
		s.len--;
	return s;
}

/* ---- the file ------------------------------------------------------------------ */

static void
line_read(struct citations *x, struct span line, const char *path, int number, struct errors *es)
{
	const char *colon = memchr(line.at, ':', line.len);
	size_t n;

	if (colon == NULL) {
		errors_add(es, path, number, 1, "%s, expected a document, ':', and its clauses", shown(line));
		return;
	}
	x->list = realloc(x->list, (x->count + 1) * sizeof(*x->list));
	if (x->list == NULL)
		abort();
	n = (size_t)(colon - line.at);
	x->list[x->count++] = (struct citation){ span_first(line, n), span_after(line, n + 1) };
}

struct citations *
citations_load(const char *folder, struct errors *es)
{
	struct citations *x = calloc(1, sizeof(*x));
	char path[4096];
	struct span text;
	FILE *f;

	if (x == NULL)
		abort();
	snprintf(path, sizeof(path), "%s/" CITATION_FILE, folder);
	f = fopen(path, "r");
	text = span_of(x->bytes, f == NULL ? 0 : fread(x->bytes, 1, FILE_MAX, f));
	if (f == NULL ? errno != ENOENT : ferror(f) || text.len == FILE_MAX)
		errors_add(es, path, 0, 0, "%s", f != NULL && !ferror(f) ? "too large: 64 KiB or more" : strerror(errno));
	if (f == NULL) {
		citations_free(x);
		return NULL;
	}
	fclose(f);
	for (int number = 1; text.len > 0; number++) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t n = end == NULL ? text.len : (size_t)(end - text.at);
		struct span line = trim(span_first(text, n));

		text = span_after(text, end == NULL ? n : n + 1);
		if (line.len > 0 && line.at[0] != '#')
			line_read(x, line, path, number, es);
	}
	return x;
}

void
citations_free(struct citations *x)
{
	if (x == NULL)
		return;
	free(x->list);
	free(x);
}

/* ---- cases ---------------------------------------------------------------------- */

static bool
holds(struct span clauses, struct span clause)
{
	while (clauses.len > 0) {
		const char *comma = memchr(clauses.at, ',', clauses.len);
		size_t n = comma == NULL ? clauses.len : (size_t)(comma - clauses.at);

		if (span_equal(trim(span_first(clauses, n)), clause))
			return true;
		clauses = span_after(clauses, comma == NULL ? n : n + 1);
	}
	return false;
}

/* document NULL: of any */
static bool
is_cited(const struct citations *x, const struct span *document, struct span clause)
{
	for (size_t i = 0; i < x->count; i++)
		if ((document == NULL || span_equal(*document, x->list[i].document)) && holds(x->list[i].clauses, clause))
			return true;
	return false;
}

static void
steps_cited(const struct citations *x, const struct step *s, struct errors *es)
{
	struct span said = SPAN("");

	for (; s != NULL; s = s->next) {
		if (s->clause.len > 0 && !span_equal(s->clause, said) && !is_cited(x, NULL, s->clause))
			errors_add(es, s->path, s->line, s->column, "clause %s, expected one that requirements/" CITATION_FILE " lists",
			    shown(s->clause));
		said = s->clause;
		for (const struct step *b = s->body; b != NULL; b = b->branch)
			steps_cited(x, b, es);
	}
}

void
citations_check(const struct citations *x, const struct test_case *c, struct errors *es)
{
	for (const struct case_line *l = c->specs; l != NULL; l = l->next) {
		size_t n = l->text.len;
		struct span document, clause = SPAN("-");

		while (n > 0 && l->text.at[n - 1] != ',')
			n--;
		document = trim(span_first(l->text, n > 0 ? n - 1 : l->text.len));
		if (n > 0)
			clause = trim(span_after(l->text, n));
		if (!is_cited(x, &document, clause))
			errors_add(es, l->path, l->line, l->column,
			    "%s, expected a document and clause that requirements/" CITATION_FILE " lists", shown(l->text));
	}
	steps_cited(x, c->steps, es);
}
