/* cmd_coverage: attest coverage. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case_find.h"
#include "case_parse.h"
#include "cmd.h"
#include "coverage.h"
#include "hash.h"
#include "journal.h"
#include "plan.h"
#include "requirement.h"

const char cmd_coverage_usage[] =
    "usage: attest coverage [--cases FOLDER] [JOURNAL]...\n\n"
    "Says which requirements and which commands, forms and outcomes the cases try, and with journals what\n"
    "became of them: of several results of a case the last counts.\n\n"
    "  --cases FOLDER  cases to look at (" PLAN_DEFAULT_FOLDER "); requirements are in the folder of that name beside\n"
    "                  or above them\n\n"
    "Ends with status 0, or 2 if a requirement has neither a case nor a reason, or a case is bad.\n";

/* ---- what journals say of cases ---------------------------------------------- */

struct result {
	uint64_t key;
	enum verdict verdict;
};

/* By key, last result last. */
struct results {
	struct result *list;
	size_t count, room;
};

static uint64_t
key_of(struct span path, int row)
{
	return hash_unit(hash_bytes(HASH_BEGIN, path), 0x100u + (unsigned)(row + 1));
}

static int
read_journal(struct results *x, const char *path, struct err *e)
{
	struct journal_reader *r = journal_open(path, e);
	struct journal_case c;
	int got = r == NULL ? -1 : 1;

	while (r != NULL && (got = journal_next(r, &c, e)) == 1) {
		if (x->count == x->room) {
			x->room = x->room == 0 ? 1024 : x->room * 2;
			x->list = realloc(x->list, x->room * sizeof(*x->list));
			if (x->list == NULL)
				abort();
		}
		x->list[x->count++] = (struct result){ key_of(c.path, c.row), c.outcome.verdict };
	}
	journal_reader_close(r);
	return got;
}

static enum verdict
result_of(const struct results *x, const struct test_case *c)
{
	uint64_t key = key_of(span_str(c->path), c->row);

	for (size_t i = x->count; i-- > 0;)
		if (x->list[i].key == key)
			return x->list[i].verdict;
	return VERDICT_MAX;
}

/* ---- the cases ------------------------------------------------------------------ */

struct sum {
	struct requirements *requirements;
	struct coverage coverage;
	struct results results;
	size_t errors;
};

static void
print_errors(struct sum *s, const struct errors *es)
{
	for (int i = 0; i < es->count; i++)
		fprintf(stderr, "%s\n", es->list[i].text);
	s->errors += (size_t)(es->count + es->more);
}

static void
read_cases(struct sum *s, const char *path)
{
	struct errors es = { .count = 0, .more = 0 };
	struct case_file *f = case_load(path, &es);
	struct arena a = { NULL, NULL, 0 };

	for (int row = 0; f != NULL && row < case_rows(f); row++) {
		struct test_case c;
		enum verdict v;

		arena_reset(&a);
		if (case_parse(f, row, &a, &c, &es) < 0)
			continue;
		v = result_of(&s->results, &c);
		coverage_add(&s->coverage, &c, v);
		if (s->requirements == NULL)
			continue;
		requirements_cover(s->requirements, &c, &es);
		for (const struct case_line *l = c.covers; v < VERDICT_MAX && l != NULL; l = l->next) {
			struct requirement *r = requirements_find(s->requirements, l->text);

			if (r != NULL)
				r->seen[v]++;
		}
	}
	arena_free(&a);
	case_free(f);
	print_errors(s, &es);
}

/* ---- printing ------------------------------------------------------------------- */

static void
print_results(const uint32_t seen[VERDICT_MAX], uint32_t cases, bool known)
{
	uint32_t played = 0;

	printf("%6u", cases);
	for (int v = VERDICT_MAX; known && v-- > 0;) {
		played += seen[v];
		if (seen[v] > 0)
			printf("  %u %s", seen[v], verdict_name((enum verdict)v));
	}
	if (known && played < cases)
		printf("  %u not played", cases - played);
	putchar('\n');
}

static void
print_requirements(struct sum *s, bool known)
{
	static const char *const names[] = { "tested", "informational", "not tested" };
	size_t counts[3] = { 0, 0, 0 }, unknown = 0;

	printf("%-34s %-14s %6s\n", "requirement", "disposition", "cases");
	for (size_t i = 0; i < requirements_count(s->requirements); i++) {
		const struct requirement *r = requirements_at(s->requirements, i);
		bool lost = r->kind == REQUIREMENT_TESTED && r->cases == 0;

		unknown += lost;
		counts[r->kind] += !lost;
		printf("%-34.*s %-14s ", (int)r->id.len, r->id.at, lost ? "UNKNOWN" : names[r->kind]);
		print_results(r->seen, r->cases, known);
		if (r->reason.len > 0)
			printf("    %.*s\n", (int)r->reason.len, r->reason.at);
	}
	printf("%zu requirements: %zu tested, %zu informational, %zu not tested, %zu unknown\n\n", requirements_count(s->requirements),
	    counts[REQUIREMENT_TESTED], counts[REQUIREMENT_INFORMATIONAL], counts[REQUIREMENT_NOT_TESTED], unknown);
}

static void
print_commands(struct sum *s, bool known)
{
	size_t untried = 0, outcomes = 0;

	coverage_sort(&s->coverage);
	printf("%-14s %-8s %-26s %6s\n", "command", "form", "outcome", "cases");
	for (size_t i = 0; i < s->coverage.count; i++) {
		const struct coverage_cell *c = &s->coverage.cell[i];

		printf("%-14s %-8s %-26s ", c->command, coverage_forms[c->form], c->outcome[0] == '\0' ? "not tried" : c->outcome);
		print_results(c->seen, c->cases, known);
		untried += c->outcome[0] == '\0';
		outcomes += c->outcome[0] != '\0';
	}
	printf("%u cases: %zu outcomes of commands and forms tried, %zu forms of HTTP, FTP and bearer commands not\n", s->coverage.cases,
	    outcomes, untried);
}

static int
cover(struct sum *s, const char *folder, bool known, struct err *e)
{
	struct case_paths paths = { NULL, 0, 0 };
	struct errors es = { .count = 0, .more = 0 };
	char where[4096];

	if (case_find(&paths, folder, e) < 0) {
		case_paths_free(&paths);
		return -1;
	}
	if (requirements_folder(folder, where, sizeof(where)))
		s->requirements = requirements_load(where, &es);
	for (size_t i = 0; i < paths.count; i++)
		read_cases(s, paths.path[i]);
	case_paths_free(&paths);
	if (s->requirements != NULL) {
		requirements_unknown(s->requirements, &es);
		print_errors(s, &es);
		print_requirements(s, known);
	}
	print_commands(s, known);
	return 0;
}

int
cmd_coverage(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cases", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	const char *folder = PLAN_DEFAULT_FOLDER;
	struct sum s = { 0 };
	struct err e = { 0 };
	int c, failed = 0;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c != 'c') {
			fputs(cmd_coverage_usage, stderr);
			return EXIT_USAGE;
		}
		folder = optarg;
	}
	for (int i = optind; i < argc && failed == 0; i++)
		failed = read_journal(&s.results, argv[i], &e);
	if (failed == 0)
		failed = cover(&s, folder, optind < argc, &e);
	if (failed < 0)
		fprintf(stderr, "attest: %s\n", e.text);
	coverage_free(&s.coverage);
	requirements_free(s.requirements);
	free(s.results.list);
	return failed < 0 ? (int)e.status : s.errors > 0 ? EXIT_USAGE : EXIT_AS_EXPECTED;
}
