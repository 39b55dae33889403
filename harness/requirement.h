/*
 * requirement: what the documents demand of a module, one statement each, and which cases try it.
 *
 *	cases/requirements/<chapter>.req --> requirements <-- covers lines of cases
 *
 * A line of a .req file is an id, two blanks or more, and the statement in our own words; lines that begin with a blank go
 * on.  An id is the evidence, the clause, and a name of its own:
 *
 *	N3.14-read-early        AT+FTPGET=2 before +FTPGET: 1,1 is an error of the command; the session goes on.
 *	M12.2.14-bearer         ...
 *	  not tested: the network of a lab cannot be told to drop a bearer in that moment
 *	?-range-error           ...
 *	  informational: no document says which number
 *
 * Evidence: one letter as cases/sources.md has them.  What has neither a case nor such a reason is unknown, and an error.
 */
#ifndef REQUIREMENT_H
#define REQUIREMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "case.h"
#include "span.h"
#include "verdict.h"

#define REQUIREMENT_ID_MAX 64
#define REQUIREMENT_SUFFIX ".req"

enum requirement_kind {
	REQUIREMENT_TESTED,		/* a case is to try it */
	REQUIREMENT_INFORMATIONAL,	/* the documents do not settle it: what was seen is recorded; cases may try it */
	REQUIREMENT_NOT_TESTED,		/* no case can, and reason says why */
};

struct requirement {
	struct span id, clause;		/* "N3.14-read-early", "3.14" (may be empty) */
	char evidence;
	struct span text, reason;	/* lines joined by blanks */
	enum requirement_kind kind;
	const char *path;		/* where it stands */
	int line;
	uint32_t cases;			/* that say they cover it */
	uint32_t seen[VERDICT_MAX];	/* what became of them, for whoever knows */
};

struct requirements;

/* Read all *.req files of a folder.  NULL where it is no folder.  Errors are added; what could be read is there.  Caller frees. */
struct requirements *requirements_load(const char *folder, struct errors *es);
void requirements_free(struct requirements *q);

/* In the order of their files and lines. */
size_t requirements_count(const struct requirements *q);
struct requirement *requirements_at(struct requirements *q, size_t i);
struct requirement *requirements_find(struct requirements *q, struct span id);

/* The folder of requirements that holds for a case file or a folder of them: "requirements" in it or in a folder above it.  false: none. */
bool requirements_folder(const char *path, char *into, size_t cap);

/* Count a case's covers lines.  One that names no requirement, or one that is not tested, is an error. */
void requirements_cover(struct requirements *q, const struct test_case *c, struct errors *es);

/* Every requirement without a case and without a reason is an error. */
void requirements_unknown(struct requirements *q, struct errors *es);

#endif
