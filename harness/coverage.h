/*
 * coverage: which commands the cases try, in which form, with which outcome.
 *
 *	cases, one after the other --> coverage --> command x form x outcome: cases, their results
 *
 * It reads what cases send and expect; a hole counts as a star ("AT+FTPGET=2,{n}").  An outcome is a final result code, or the
 * code of a URC that the command brings: "+HTTPACTION: 0,601", "+FTPGET: 1,0".  What a finally block does is no test.
 */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <stdint.h>

#include "case.h"
#include "verdict.h"

#define COVERAGE_NAME_MAX 24
#define COVERAGE_OUTCOME_MAX 40

enum coverage_form { FORM_TEST, FORM_READ, FORM_WRITE, FORM_EXECUTE, FORM_MAX };

extern const char *const coverage_forms[FORM_MAX];

struct coverage_cell {
	char command[COVERAGE_NAME_MAX];	/* "+FTPGET", "E" */
	enum coverage_form form;
	char outcome[COVERAGE_OUTCOME_MAX];	/* "OK", "ERROR", "+FTPGET: 1,0"; empty: nobody tries this form */
	uint32_t cases;
	uint32_t seen[VERDICT_MAX];		/* last results of those cases, as far as they are known */
	uint32_t last;				/* number of the last case counted */
};

/* Starts as all zero. */
struct coverage {
	struct coverage_cell *cell;
	size_t count, room;
	uint32_t cases;
};

/* verdict: what became of it, or VERDICT_MAX where that is not known. */
void coverage_add(struct coverage *x, const struct test_case *c, enum verdict verdict);

/* Add a cell without outcome for each form of the HTTP, FTP and bearer commands that no case tries, and put all into order. */
void coverage_sort(struct coverage *x);
void coverage_free(struct coverage *x);

#endif
