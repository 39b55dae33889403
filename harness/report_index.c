#include <stdlib.h>

#include "hash.h"
#include "report_index.h"
#include "sanitise.h"

static uint64_t
hash_add(uint64_t h, struct span s)
{
	return hash_unit(hash_bytes(h, s), 0x1ff);
}

enum verdict
report_verdict(const struct journal_case *c)
{
	if (c->informational && c->outcome.verdict == VERDICT_FAIL)
		return VERDICT_PASS;
	return c->outcome.verdict;
}

/* A part of a class name: what would split it or has a meaning in a consumer becomes an underscore. */
static void
add_class_part(struct growing *g, const char *s, bool dots)
{
	for (; *s != '\0'; s++) {
		bool word = (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '-' || *s == '_';
		char c = word ? *s : dots && *s == '/' ? '.' : '_';

		growing_bytes(g, span_of(&c, 1));
	}
}

static void
suite_names(const struct journal_head *h, struct span area, struct growing *name, struct growing *class)
{
	struct growing clean = { 0 };

	sanitise(&clean, area, SANITISE_ONE_LINE);
	growing_str(class, "attest.");
	add_class_part(class, h->profile, false);
	sanitise(name, span_str(h->profile), SANITISE_ONE_LINE);
	if (h->revision[0] != '\0') {
		growing_str(class, "_");
		add_class_part(class, h->revision, false);
		growing_str(name, "/");
		sanitise(name, span_str(h->revision), SANITISE_ONE_LINE);
	}
	growing_str(class, ".");
	add_class_part(class, area.len != 0 ? clean.at : "cases", true);
	growing_str(name, ".");
	for (char *c = clean.at; c != NULL && *c != '\0'; c++)
		if (*c == '/')
			*c = '.';
	growing_str(name, area.len != 0 ? clean.at : "cases");
	growing_free(&clean);
}

/* The suite of an area of a journal's module; -1: more than a number of 16 bits holds. */
static int
suite_of(struct report_index *x, int journal, struct span area)
{
	struct growing name = { 0 }, class = { 0 };
	int i = 0;

	suite_names(journal_head_of(x->journal[journal]), area, &name, &class);
	while (i < x->suites && strcmp(x->suite[i].classname, class.at) != 0)
		i++;
	if (i < x->suites || i > UINT16_MAX) {
		growing_free(&name);
		growing_free(&class);
		return i > UINT16_MAX ? -1 : i;
	}
	if ((i & (i - 1)) == 0) { /* room doubles at powers of two */
		x->suite = realloc(x->suite, sizeof(*x->suite) * (size_t)(i == 0 ? 1 : 2 * i));
		if (x->suite == NULL)
			abort();
	}
	x->suite[i] = (struct report_suite){ .name = name.at, .classname = class.at, .journal = journal };
	x->suites++;
	return i;
}

static int
add_try(struct report_index *x, int journal, const struct journal_case *c, struct err *e)
{
	int suite = suite_of(x, journal, c->area);
	struct report_try *t;
	struct report_suite *s;

	if (suite < 0 || x->count == UINT32_MAX)
		return err_set(e, EXIT_RIG, "%s: more suites or records than a report can hold", x->path[journal]);
	if (x->count == x->cap) {
		x->cap = x->cap != 0 ? 2 * x->cap : 256;
		x->tries = realloc(x->tries, x->cap * sizeof(*x->tries));
		if (x->tries == NULL)
			abort();
	}
	t = &x->tries[x->count];
	*t = (struct report_try){ .key = hash_add(HASH_BEGIN, c->title), .offset = journal_tell(x->journal[journal]) };
	t->identity = hash_add(hash_add(HASH_BEGIN, c->path), span_of((const char *)&c->row, sizeof(c->row)));
	t->number = (uint32_t)x->count++;
	t->journal = (uint16_t)journal;
	t->suite = (uint16_t)suite;
	t->verdict = (uint8_t)report_verdict(c);
	t->bad_case = c->outcome.verdict == VERDICT_ERROR && strcmp(c->outcome.type, "WireLost") != 0;
	t->us = c->real_us;
	t->wire_us = c->outcome.wire_us;
	s = &x->suite[suite];
	if (s->started == 0 || (c->started != 0 && c->started < s->started))
		s->started = c->started;
	return 0;
}

static int
number_compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
by_case(const void *one, const void *other)
{
	const struct report_try *a = one, *b = other;
	int order = number_compare(a->suite, b->suite);

	if (order == 0)
		order = number_compare(a->key, b->key);
	if (order == 0)
		order = number_compare(a->identity, b->identity);
	return order != 0 ? order : number_compare(a->number, b->number);
}

static int
by_rank(const void *one, const void *other)
{
	const struct report_try *a = one, *b = other;
	int order = number_compare(a->suite, b->suite);

	if (order == 0)
		order = number_compare(a->rank, b->rank);
	return order != 0 ? order : number_compare(a->number, b->number);
}

/* Put the tries of a case together and the cases of a suite in the order in which they were first played. */
static void
group(struct report_index *x)
{
	struct report_try *t = x->tries;

	if (x->count == 0)
		return;
	qsort(t, x->count, sizeof(*t), by_case);
	for (size_t i = 0; i < x->count; i++) {
		bool same_title = i > 0 && t[i].suite == t[i - 1].suite && t[i].key == t[i - 1].key;
		bool same_case = same_title && t[i].identity == t[i - 1].identity;

		t[i].rank = same_case ? t[i - 1].rank : t[i].number;
		t[i].again = same_title && (!same_case || t[i - 1].again);
	}
	qsort(t, x->count, sizeof(*t), by_rank);
}

/* A case is flaky when its last try passed and an earlier one did not. */
static bool
is_flaky(const struct report_index *x, size_t from, size_t to)
{
	if (x->tries[to - 1].verdict > VERDICT_XPASS)
		return false;
	for (size_t i = from; i + 1 < to; i++)
		if (x->tries[i].verdict > VERDICT_INCONCLUSIVE) /* what the rig spoilt says nothing of the module */
			return true;
	return false;
}

static void
count_cases(struct report_index *x, uint64_t *distinct)
{
	for (size_t i = 0, end; i < x->count; i = end) {
		struct report_suite *s = &x->suite[x->tries[i].suite];
		enum verdict v;

		end = report_index_next(x, i);
		v = x->tries[end - 1].verdict;
		s->cases[v]++;
		s->us += x->tries[end - 1].us;
		s->wire_us += x->tries[end - 1].wire_us;
		x->cases[v]++;
		x->bad_cases += x->tries[end - 1].bad_case;
		if (is_flaky(x, i, end)) {
			s->flaky++;
			x->flaky++;
		}
		/* Shards are disjoint, but a journal given twice, or a run repeated, must not fill another's gaps. */
		distinct[x->tries[i].journal]++;
		for (size_t k = i + 1; k < end; k++) {
			bool seen = false;

			for (size_t n = i; n < k && !seen; n++)
				seen = x->tries[n].journal == x->tries[k].journal;
			if (!seen)
				distinct[x->tries[k].journal]++;
		}
	}
}

static int
read_journal(struct report_index *x, int i, struct err *e)
{
	struct journal_case c;
	int got, status;

	x->journal[i] = journal_open(x->path[i], e);
	if (x->journal[i] == NULL)
		return -1;
	while ((got = journal_next(x->journal[i], &c, e)) == 1)
		if (add_try(x, i, &c, e) != 0)
			return -1;
	if (got < 0)
		return -1;
	if (!journal_ended(x->journal[i], &status))
		x->unfinished++;
	else if (status != EXIT_BROKEN && status != EXIT_RIG && status > x->recorded)
		x->recorded = status;
	return 0;
}

int
report_index_build(struct report_index *x, const char *const journals[], int count, struct err *e)
{
	uint64_t *distinct = calloc((size_t)count + 1, sizeof(*distinct));
	int result = 0;

	*x = (struct report_index){ .path = journals, .journals = count };
	x->journal = calloc((size_t)count + 1, sizeof(struct journal_reader *));
	if (distinct == NULL || x->journal == NULL)
		abort();
	for (int i = 0; i < count && result == 0; i++)
		result = count > UINT16_MAX ? err_set(e, EXIT_USAGE, "more than %d journals", UINT16_MAX) : read_journal(x, i, e);
	if (result == 0) {
		group(x);
		count_cases(x, distinct);
		for (int i = 0; i < count; i++) {
			uint64_t selected = journal_head_of(x->journal[i])->selected;
			int status;

			/* A run that says it came to its end has played what it meant to. */
			if (journal_ended(x->journal[i], &status) && status < EXIT_RIG)
				continue;
			x->missing += selected > distinct[i] ? selected - distinct[i] : 0;
		}
	}
	free(distinct);
	return result;
}

void
report_index_free(struct report_index *x)
{
	for (int i = 0; i < x->journals; i++)
		journal_reader_close(x->journal[i]);
	for (int i = 0; i < x->suites; i++) {
		free(x->suite[i].name);
		free(x->suite[i].classname);
	}
	free(x->journal);
	free(x->suite);
	free(x->tries);
	*x = (struct report_index){ 0 };
}

size_t
report_index_next(const struct report_index *x, size_t i)
{
	size_t k = i + 1;

	while (k < x->count && x->tries[k].suite == x->tries[i].suite && x->tries[k].rank == x->tries[i].rank)
		k++;
	return k;
}

int
report_index_read(struct report_index *x, size_t i, struct journal_case *out, struct err *e)
{
	struct journal_reader *r = x->journal[x->tries[i].journal];
	int got;

	journal_seek(r, x->tries[i].offset);
	got = journal_next(r, out, e);
	return got == 1 ? 0 : got < 0 ? -1 : err_set(e, EXIT_RIG, "%s: changed while it was read", x->path[x->tries[i].journal]);
}

int
report_status(const struct report_index *x)
{
	int status = x->recorded;

	if (x->cases[VERDICT_FAIL] > 0 && status < EXIT_BROKEN)
		status = EXIT_BROKEN;
	if (x->bad_cases > 0 && status < EXIT_USAGE)
		status = EXIT_USAGE;
	if ((x->cases[VERDICT_ERROR] > x->bad_cases || x->cases[VERDICT_INCONCLUSIVE] > 0 || x->missing > 0) && status < EXIT_RIG)
		status = EXIT_RIG;
	if (x->count == 0 && x->missing == 0 && status < EXIT_NO_CASE)
		status = EXIT_NO_CASE;
	return status;
}
