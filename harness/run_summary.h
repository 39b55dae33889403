/*
 * run_summary: what a run says on the terminal while it plays and when it is done.
 *
 *	outcomes --> run_summary --> standard error
 *
 * On a terminal one line shows how far it is; elsewhere a plain line does at every tenth.  A case that did not go as expected is one line.  At the end come the
 * failures, each with the command that repeats it, and counts by area and by clause.  Its memory grows with areas and clauses, not with cases.
 */
#ifndef RUN_SUMMARY_H
#define RUN_SUMMARY_H

#include <stdint.h>
#include <stdio.h>

#include "verdict.h"

#define SUMMARY_FAILURES_MAX 50	/* shown whole at the end; the journal and the reports have all */

struct summary_group {
	char *of;			/* the document, for a clause; empty for an area */
	char *name;
	uint64_t count[VERDICT_MAX];
};

struct summary_groups {
	struct summary_group *group;
	size_t groups, room;
	size_t last;			/* hit last: neighbours are mostly of one group */
};

/* Starts as all zero but to. */
struct summary {
	FILE *to;
	bool live;			/* to is a terminal */
	uint64_t count[VERDICT_MAX];
	uint64_t total, played, wire_us;
	uint64_t shown_us;		/* when the live line was written last */
	struct summary_groups areas, clauses;
};

void summary_start(struct summary *s, FILE *to, uint64_t total);
/* A case has ended.  now_us: the real clock, for the pace of the live line. */
void summary_case(struct summary *s, struct span area, struct span document, struct span clause, struct span path, struct span title, const struct outcome *o,
    uint64_t now_us);
/* Count a case that an earlier run has finished. */
void summary_count(struct summary *s, struct span area, struct span document, struct span clause, enum verdict v);
/* One failure, whole.  again: the command line that repeats it. */
void summary_failure(struct summary *s, struct span path, struct span title, const struct outcome *o, const char *again);

/* How a failure went, as a case that can be saved and played again. */
void summary_transcript(struct summary *s, struct span transcript);
/* The tables and the last line.  real_us: how long the run took. */
void summary_end(struct summary *s, uint64_t real_us);
void summary_free(struct summary *s);

#endif
