/*
 * match_value: names of a case, what they stand for, and arithmetic on them.  The inside of match; only match*.c include it.
 *
 *	values, captures of the line at hand --> match_value --> numbers and text
 */
#ifndef MATCH_VALUE_H
#define MATCH_VALUE_H

#include "match.h"

/* Where names are looked up: in what the line at hand has given so far, then in what earlier lines gave. */
struct scope {
	const struct values *values;
	const struct text *text; /* NULL: no line at hand */
	const struct match *match;
	int parts; /* of text that have matched */
};

/* All of s is a decimal number without sign or leading zeros that fits 63 bits. */
bool value_number_of(struct span s, int64_t *out);

/* expr_evaluate with the captures of the line at hand. */
bool value_evaluate(const struct expr *e, const struct scope *s, int64_t *out, const char **why);

/* What the {value} hole p inserts, a number written to scratch.  false with *why, as value_evaluate. */
bool value_text(const struct part *p, const struct scope *s, char scratch[24], struct span *out, const char **why);

#endif
