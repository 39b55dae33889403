/* mutate_print: operator by area, the survivors, the score. */
#include <inttypes.h>

#include "mutate_tables.h"

static const char *const areas[] = { "general", "bearer", "http", "ftp" };

#define AREAS (sizeof(areas) / sizeof(areas[0]))

struct cell {
	uint32_t killed, of; /* of those that were reached */
};

static void
count(struct mutate_score *s, const struct deviation *d, enum mutate_end end)
{
	switch (end) {
	case END_WAITING:
	case END_VOID: break;
	case END_UNREACHED: s->unreached++; break;
	case END_SURVIVED:
		s->survived++;
		s->reviewed += mutate_reviewed(d) != NULL;
		break;
	case END_KILLED: s->killed++; break;
	case END_BROKEN: s->broken++; break;
	}
}

static bool
is_real(enum mutate_end end)
{
	return end == END_KILLED || end == END_SURVIVED || end == END_BROKEN;
}

static void
print_cell(FILE *to, struct cell c)
{
	char text[32] = "-";

	if (c.of > 0)
		snprintf(text, sizeof(text), "%" PRIu32 "/%" PRIu32, c.killed, c.of);
	fprintf(to, " %11s", text);
}

static void
print_table(FILE *to, const struct mutate_list *list, const struct mutate_result *result)
{
	static struct cell cell[OP_MAX][AREAS + 1];
	uint32_t all = 0;

	memset(cell, 0, sizeof(cell));
	for (uint32_t i = 0; i < list->count; i++) {
		const struct deviation *d = &list->at[i];
		struct cell *row = cell[d->op];

		if (!mutate_counts(d) || !is_real(result[i].end))
			continue;
		all++;
		for (size_t a = 0; a <= AREAS; a++) {
			if (a < AREAS && strcmp(areas[a], d->area) != 0)
				continue;
			row[a].of++;
			row[a].killed += result[i].end == END_KILLED;
		}
	}
	fprintf(to, "%-32s %11s %11s %11s %11s %11s %7s\n", "killed of reached", "general", "bearer", "http", "ftp", "all", "share");
	for (int op = 0; op < OP_MAX; op++) {
		if (cell[op][AREAS].of == 0)
			continue;
		fprintf(to, "%-32s", mutate_operator_name((enum mutate_operator)op));
		for (size_t a = 0; a <= AREAS; a++)
			print_cell(to, cell[op][a]);
		fprintf(to, " %6.1f%%\n", 100.0 * cell[op][AREAS].of / all);
	}
}

static void
print_one(FILE *to, const struct deviation *d, const char *end)
{
	fprintf(to, "%s: %s: %s%s%s (%s, %s)\n", end, d->row, mutate_operator_name(d->op), d->argument[0] == '\0' ? "" : ": ", d->argument,
	    d->clause, d->evidence);
}

static void
print_left(FILE *to, const struct mutate_list *list, const struct mutate_result *result, bool counting)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const struct deviation *d = &list->at[i];

		if (mutate_counts(d) != counting)
			continue;
		if (result[i].end == END_SURVIVED && mutate_reviewed(d) != NULL)
			print_one(to, d, "reviewed");
		else if (result[i].end == END_SURVIVED)
			print_one(to, d, result[i].errors > 0 ? "survived with errors" : "survived");
		else if (result[i].end == END_BROKEN)
			print_one(to, d, "broken");
		/* The row is reached, but never where this shows: a rule in a state that no case brings it into. */
		else if (result[i].end == END_UNREACHED && counting)
			print_one(to, d, "not reached");
	}
}

static double
percent(uint32_t part, uint32_t of)
{
	return of == 0 ? 0.0 : 100.0 * part / of;
}

static void
print_score(FILE *to, const char *what, struct mutate_score s)
{
	uint32_t reached = s.killed + s.survived + s.broken;

	fprintf(to,
	    "%s: %" PRIu32 " deviations, %" PRIu32 " reached, %" PRIu32 " killed, %" PRIu32 " survived (%" PRIu32 " reviewed), %" PRIu32
	    " broken\n",
	    what, reached + s.unreached, reached, s.killed, s.survived, s.reviewed, s.broken);
	fprintf(to, "%s: %.2f %% killed; %.2f %% with those reviewed as survivors; %.2f %% with those not reached, too\n", what,
	    percent(s.killed, reached - s.reviewed), percent(s.killed, reached), percent(s.killed, reached + s.unreached));
}

/* How many rows that count any case reaches; those that none does, whose number is returned. */
static uint32_t
print_rows(FILE *to, const struct mutate_suite *s, const struct mutate_list *list)
{
	uint32_t rows = 0, reached = 0;

	for (uint32_t i = 0; i < list->count; i++) {
		const struct deviation *d = &list->at[i];
		bool any = false;

		if (!mutate_counts(d) || (i > 0 && strcmp(list->at[i - 1].row, d->row) == 0))
			continue;
		rows++;
		for (uint32_t c = 0; c < s->count && !any; c++)
			any = mutate_reaches(&s->at[c], d->place);
		reached += any;
		if (!any)
			fprintf(to, "row not reached: %s (%s, %s)\n", d->row, d->clause, d->evidence);
	}
	fprintf(to, "%" PRIu32 " of %" PRIu32 " rows reached\n", reached, rows);
	return rows - reached;
}

struct mutate_score
mutate_print(FILE *to, const struct mutate_suite *s, const struct mutate_list *list, const struct mutate_result *result)
{
	struct mutate_score counted = { 0 }, apart = { 0 };

	for (uint32_t i = 0; i < list->count; i++)
		count(mutate_counts(&list->at[i]) ? &counted : &apart, &list->at[i], result[i].end);
	print_table(to, list, result);
	fprintf(to, "\n");
	print_left(to, list, result, true);
	fprintf(to, "\nrows that no document, log or sample settles:\n");
	print_left(to, list, result, false);
	fprintf(to, "\n");
	counted.rows_left = print_rows(to, s, list);
	print_score(to, "inferred rows, apart", apart);
	print_score(to, "rows of documents and logs", counted);
	return counted;
}
