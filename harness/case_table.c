/* case_table: the parameter table of a case, as offsets into its file. */
#include <ctype.h>
#include <stdlib.h>

#include "case_parse.h"

/* Cut a row at its bars into cells without the blanks around them; -1: no closing bar.  *count may exceed COLUMNS_MAX. */
static int
row_cut(struct span line, struct span cell[COLUMNS_MAX], int *count)
{
	size_t at = 1, start = 1;

	*count = 0;
	for (; at < line.len; at++) {
		struct span c;

		if (line.at[at] == '\\') {
			at++;
			continue;
		}
		if (line.at[at] != '|')
			continue;
		c = span_of(line.at + start, at - start);
		while (c.len > 0 && c.at[0] == ' ')
			c = span_after(c, 1);
		while (c.len > 0 && c.at[c.len - 1] == ' ')
			c.len--;
		if (*count < COLUMNS_MAX)
			cell[*count] = c;
		(*count)++;
		start = at + 1;
	}
	return start == line.len && *count > 0 ? 0 : -1;
}

static bool
is_name(struct span s)
{
	if (s.len == 0 || s.len > 64 || !(isalpha((unsigned char)s.at[0]) || s.at[0] == '_'))
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (!isalnum((unsigned char)s.at[i]) && s.at[i] != '_')
			return false;
	return true;
}

static int
columns_take(struct source *s, const struct span *cell, int count, const char *line, int number, int column, struct errors *es)
{
	struct table *t = &s->table;

	if (count > COLUMNS_MAX) {
		errors_add(es, s->path, number, column, "%d columns, expected at most %d", count, COLUMNS_MAX);
		return -1;
	}
	for (int i = 0; i < count; i++) {
		int at = column + (int)(cell[i].at - line);

		if (!is_name(cell[i]))
			errors_add(es, s->path, number, at, "%s, expected a column's name of letters, digits and _", shown(cell[i]));
		for (int j = 0; j < i; j++)
			if (span_equal(cell[i], cell[j]))
				errors_add(es, s->path, number, at, "column %s a second time, expected another name", shown(cell[i]));
		t->column[i] = cell[i];
	}
	t->columns = count;
	return 0;
}

static void
row_room(struct table *t)
{
	if (t->rows < t->capacity)
		return;
	t->capacity = t->capacity == 0 ? 16 : t->capacity * 2;
	t->cell = realloc(t->cell, (size_t)t->capacity * (size_t)t->columns * sizeof(*t->cell));
	t->row_line = realloc(t->row_line, (size_t)t->capacity * sizeof(*t->row_line));
	if (t->cell == NULL || t->row_line == NULL)
		abort();
}

int
table_take(struct source *s, struct span line, int number, int column, struct errors *es)
{
	struct table *t = &s->table;
	struct span cell[COLUMNS_MAX];
	int count;

	if (row_cut(line, cell, &count) < 0) {
		errors_add(es, s->path, number, column + (int)line.len, "the end of the row, expected a closing |");
		return -1;
	}
	if (t->columns == 0)
		return columns_take(s, cell, count, line.at, number, column, es);
	if (count != t->columns) {
		errors_add(es, s->path, number, column, "a row of %d cell%s, expected %d", count, count == 1 ? "" : "s", t->columns);
		return -1;
	}
	row_room(t);
	for (int i = 0; i < count; i++) {
		struct cell *c = &t->cell[(size_t)t->rows * (size_t)t->columns + (size_t)i];

		if (word_is(cell[i], "-") && cell[i].len == 1)
			cell[i].len = 0;
		c->at = (uint32_t)(cell[i].at - s->bytes);
		c->length = (uint32_t)cell[i].len;
	}
	t->row_line[t->rows++] = (uint32_t)number;
	return 0;
}
