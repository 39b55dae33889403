/*
 * case_dump: all that a parsed case says, as text, so that two readings can be compared.
 *
 * Where its lines stand is part of it; where in memory they lie is not.
 */
#ifndef CASE_DUMP_H
#define CASE_DUMP_H

#include "case.h"
#include "sanitise.h"

/* Append what c says. */
void case_dump(struct growing *g, const struct test_case *c);

#endif
