/*
 * report_index: several journals read as one result.
 *
 *	journals --> report_index (first pass) --> suites, tries grouped by case --> reports (second pass)
 *
 * Texts and transcripts stay in the journals; the index holds 64 bytes a record, and the suites.  A case is known by its suite,
 * path, row and title; its records are its tries, and the last of them is its verdict, whichever journal it stands in (a later
 * journal is later).  An informational case never fails: its fail counts as a pass.
 */
#ifndef REPORT_INDEX_H
#define REPORT_INDEX_H

#include "journal.h"

/* One area of one module.  Strings belong to the index. */
struct report_suite {
	char *name;		/* PROFILE/REVISION.area */
	char *classname;	/* attest.PROFILE_REVISION.area: its identity */
	uint64_t cases[VERDICT_MAX];
	uint64_t flaky;		/* passed after a try that did not */
	uint64_t us, wire_us;	/* of the verdicts' tries */
	int64_t started;	/* of its earliest try */
	int journal;		/* the first that has it */
};

struct report_try {
	uint64_t key, identity;	/* hashes of its title, of its path and row */
	uint64_t offset;	/* in its journal */
	uint64_t us, wire_us;
	uint32_t rank;		/* of its case: the number of the case's first record */
	uint32_t number;
	uint16_t journal, suite;
	uint8_t verdict;	/* effective */
	bool bad_case;		/* an error of the case, not of the wire */
	bool again;		/* the same title stands for another case of this suite, too */
};

struct report_index {
	const char *const *path;
	struct journal_reader **journal;
	int journals;
	struct report_suite *suite;
	int suites;
	struct report_try *tries;	/* by suite, case, number */
	size_t count, cap;
	uint64_t cases[VERDICT_MAX];
	uint64_t flaky;
	uint64_t bad_cases;	/* of the errors: those that are the case's own */
	uint64_t missing;	/* selected, but in no journal that should have it */
	int unfinished;		/* journals without an end */
	int recorded;		/* highest status that a run ended with and verdicts do not tell: 2, 4, 5, 128+N; or 0 */
};

/* -1: a journal that cannot be read (EXIT_RIG).  Freed with report_index_free, after an error, too. */
int report_index_build(struct report_index *x, const char *const journals[], int count, struct err *e);
void report_index_free(struct report_index *x);

/* Past the last try of the case whose first try is i. */
size_t report_index_next(const struct report_index *x, size_t i);

/* Read the record of try i; strings are valid until the next call for the same journal. */
int report_index_read(struct report_index *x, size_t i, struct journal_case *out, struct err *e);

/* How a record counts. */
enum verdict report_verdict(const struct journal_case *c);

/* The exit status of the runs, the highest that applies. */
int report_status(const struct report_index *x);

#endif
