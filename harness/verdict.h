/*
 * verdict: how a case ended, and the evidence for it.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdint.h>

#include "span.h"

/* In rising order: the higher one wins when several apply (error over fail over inconclusive ...). */
enum verdict { VERDICT_SKIP, VERDICT_PASS, VERDICT_XFAIL, VERDICT_XPASS, VERDICT_INCONCLUSIVE, VERDICT_FAIL, VERDICT_ERROR, VERDICT_MAX };

const char *verdict_name(enum verdict v);
/* The verdict of that name, or VERDICT_MAX. */
enum verdict verdict_of(struct span name);

#define VERDICT_MESSAGE_MAX 400
#define VERDICT_NOTES_MAX 16

/* A remark that does not change the verdict: an informational step's mismatch, a control line not shown here. */
struct verdict_note {
	int line;
	char text[VERDICT_MESSAGE_MAX];
};

struct outcome {
	enum verdict verdict;
	char type[32];			/* kind of failure in CamelCase: ResultCodeMismatch, UrcTimeout, PayloadMismatch, ... */
	char message[VERDICT_MESSAGE_MAX];	/* one line, escaped, secrets masked; empty for a pass */
	char expected[VERDICT_MESSAGE_MAX];	/* what the step asked for, and by when */
	char received[VERDICT_MESSAGE_MAX];	/* what came instead, and when */
	const char *path;		/* where the step that failed stands */
	int line, column;
	struct span clause;		/* the clause of that step */
	uint64_t wire_us;		/* how long the case took on the wire's clock */
	struct verdict_note note[VERDICT_NOTES_MAX];
	int notes, notes_more;
	struct span transcript;		/* in case language, times as comments; belongs to the runner, valid until its next case */
};

#endif
