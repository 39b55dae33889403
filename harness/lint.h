/*
 * lint: what can be told of a case without playing it.
 *
 *	paths --> lint --> errors, counts
 *
 * Syntax of every row, and: titles unique over all files; commands and response times as the manual's tables have
 * them; every command has an expected answer, every announced payload is looked at; no capture is set twice in a
 * row; names of profiles, switches, faults and files exist.  What it cannot know it does not guess: text built of
 * captured values is judged as far as it is plain.
 */
#ifndef LINT_H
#define LINT_H

#include "case.h"

struct lint;

/* Caller frees. */
struct lint *lint_new(void);
void lint_free(struct lint *l);

/* From here on covers lines must name requirements of this folder, and spec lines its documents (requirement.h, citation.h). */
void lint_requirements(struct lint *l, const char *folder, struct errors *es);
/* All cases have been judged: a requirement that none of them covers, without a reason, is an error. */
void lint_unknown(struct lint *l, struct errors *es);

/* Judge every row of a file; errors are added.  Titles are remembered over files. */
void lint_file(struct lint *l, const char *path, struct errors *es);

/* How many files and cases have been looked at, and how many errors there were. */
void lint_counts(const struct lint *l, size_t *files, size_t *cases, size_t *errors);

/* Judge one parsed case but for its title; last_line is its file's last.  lint_file does this for every row. */
struct world_sim;
void lint_case(const struct test_case *c, int last_line, struct world_sim *world, struct errors *es);
/* Steps that can never be, whatever the module does (lint_case asks for it, too). */
void lint_order(const struct test_case *c, struct errors *es);

#endif
