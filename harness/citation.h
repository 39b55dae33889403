/*
 * citation: the documents and clauses that spec lines may cite.
 *
 *	cases/requirements/documents --> citations <-- spec lines of cases
 *
 * A line of that file is a document, a colon, and clauses with commas between them; a document may have several lines.  "-" is
 * the document as a whole.  What the documents are, cases/sources.md says.
 */
#ifndef CITATION_H
#define CITATION_H

#include "case.h"

#define CITATION_FILE "documents"

struct citations;

/* Read the file of that name in a folder.  NULL where there is none, or it cannot be read (an error is added).  Caller frees. */
struct citations *citations_load(const char *folder, struct errors *es);
void citations_free(struct citations *x);

/* A spec line of a case, or the clause of one of its steps, that is not listed is an error. */
void citations_check(const struct citations *x, const struct test_case *c, struct errors *es);

#endif
