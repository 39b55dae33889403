/*
 * mutate_derive: what mutate_derive*.c share.  Nobody else includes it.
 */
#ifndef MUTATE_DERIVE_H
#define MUTATE_DERIVE_H

#include "mutate_tables.h"

/* The row at hand, and where its deviations go. */
struct source {
	struct mutate_list *list;
	struct deviation row;
};

/* Add one of the row at hand; valid until the next. */
struct deviation *derive_add(struct source *s, enum mutate_operator op, int item, int64_t value, const char *argument);
/* The same with an argument that ends in a number. */
struct deviation *derive_numbered(struct source *s, enum mutate_operator op, int item, int64_t value, const char *what, long long n);
/* What can be wrong with a line of text; item: 16 times its place among what is said. */
void derive_text(struct source *s, const char *text, int item);
/* All rules, their places from place on; returns the next place. */
unsigned derive_rules(struct mutate_list *list, unsigned place);

#endif
