/* case_error: errors of a case file, in words that say where, what was found, and what was expected. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "case_parse.h"
#include "escape.h"

#define SHOWN_RING 4
#define SHOWN_MAX 80 /* a title fits */
#define WORD_MAX 24

void
errors_take(struct errors *es, const struct err *e)
{
	/* What does not depend on the row is wrong in every row. */
	for (int i = 0; i < es->count; i++)
		if (strcmp(es->list[i].text, e->text) == 0)
			return;
	if (es->count < CASE_ERRORS_MAX)
		es->list[es->count++] = *e;
	else
		es->more++;
}

void
errors_add(struct errors *es, const char *path, int line, int column, const char *format, ...)
{
	struct err e = { .status = EXIT_USAGE };
	size_t used;
	va_list ap;

	used = strlen(path);
	if (used > ERR_TEXT_MAX / 2)
		used = ERR_TEXT_MAX / 2;
	for (size_t i = 0; i < used; i++)
		e.text[i] = iscntrl((unsigned char)path[i]) ? '?' : path[i];
	used += (size_t)snprintf(e.text + used, sizeof(e.text) - used, ":%d:%d: ", line, column);
	va_start(ap, format);
	vsnprintf(e.text + used, sizeof(e.text) - used, format, ap);
	va_end(ap);
	errors_take(es, &e);
}

/* The line of an error of path, or -1; *column too. */
static long
place(const struct err *e, const char *path, long *column)
{
	size_t n = strlen(path);
	char *end;
	long line;

	*column = 0;
	if (strncmp(e->text, path, n) != 0 || e->text[n] != ':')
		return -1;
	line = strtol(e->text + n + 1, &end, 10);
	if (*end == ':')
		*column = strtol(end + 1, NULL, 10);
	return line;
}

static bool
before(const struct err *a, const struct err *b, const char *path)
{
	long ac, bc, al = place(a, path, &ac), bl = place(b, path, &bc);

	return al < bl || (al == bl && ac < bc);
}

void
errors_sort(struct errors *es, const char *path)
{
	for (int i = 1; i < es->count; i++)
		for (int j = i; j > 0 && before(&es->list[j], &es->list[j - 1], path); j--) {
			struct err e = es->list[j];

			es->list[j] = es->list[j - 1];
			es->list[j - 1] = e;
		}
}

int
fail(struct parser *p, const char *at, const char *format, ...)
{
	const struct line *l = &p->line;
	char text[ERR_TEXT_MAX], where[ERR_TEXT_MAX / 2] = "";
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	p->failures++;
	if (l->pieces > 0 && p->frame->up != NULL)
		snprintf(where, sizeof(where), " (used at %s:%d)", p->frame->up->source->path, p->frame->up_line);
	else if (l->pieces > 0 && p->out->row >= 0)
		snprintf(where, sizeof(where), " (row at line %d)", p->out->row_line);
	errors_add(p->errors, l->source->path, l->number, line_column(l, at), "%s%s", text, where);
	return -1;
}

const char *
shown(struct span s)
{
	static _Thread_local char ring[SHOWN_RING][SHOWN_MAX + 4];
	static _Thread_local int turn;
	char *into = ring[turn = (turn + 1) % SHOWN_RING];
	size_t n;

	into[0] = '\'';
	n = escape_bytes(into + 1, SHOWN_MAX, s);
	into[n + 1] = '\'';
	into[n + 2] = '\0';
	return into;
}

int
word_distance(struct span a, const char *word)
{
	struct span b = span_str(word);
	int row[WORD_MAX + 1];

	if (a.len > WORD_MAX || b.len > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = (int)j;
	for (size_t i = 1; i <= a.len; i++) {
		int diagonal = row[0];

		row[0] = (int)i;
		for (size_t j = 1; j <= b.len; j++) {
			int change = diagonal + (tolower((unsigned char)a.at[i - 1]) != tolower((unsigned char)b.at[j - 1]));

			diagonal = row[j];
			row[j] = change;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			if (diagonal + 1 < row[j])
				row[j] = diagonal + 1;
		}
	}
	return row[b.len];
}

int
fail_expected(struct parser *p, const char *at, struct span found, const char *what, const char *why)
{
	const char *said = why != NULL && strncmp(why, "expected ", 9) == 0 ? why + 9 : why;

	if (found.len == 0)
		return fail(p, at, "the end of the %s, expected %s", what, said != NULL ? said : "more");
	return fail(p, at, "%s, expected %s", shown(found), said != NULL ? said : "something else");
}

const char *
did_you_mean(struct span word, const char *const *words)
{
	static _Thread_local char text[WORD_MAX + 32];
	const char *best = NULL;
	int least = 3;

	if (word.len == 0 || word.len > WORD_MAX)
		return "";
	for (; *words != NULL; words++) {
		int d = word_distance(word, *words);

		if (d < least && d * 2 < (int)strlen(*words)) {
			least = d;
			best = *words;
		}
	}
	if (best == NULL)
		return "";
	snprintf(text, sizeof(text), "; did you mean '%s'?", best);
	return text;
}
