/*
 * match: lines against text with holes, texts with values put in, arithmetic.
 *
 *	struct text + values + line  --> yes or no, and captures
 *	struct text + values         --> bytes
 *
 * What a module sends is hostile: a match takes time linear in the line for each {: text} hole at worst, numbers
 * that do not fit 64 bits match nothing, and sums that overflow are an error that says so.
 */
#ifndef MATCH_H
#define MATCH_H

#include <stdint.h>

#include "case.h"
#include "span.h"

#define MATCH_PARTS_MAX 128	/* of one text; a longer one is an error of the case */
#define MATCH_CAPTURE_MAX 2048	/* bytes of one captured string: no line is longer */

/* What a name of a case stands for while it is played. */
struct value {
	bool set;
	bool is_number;		/* number holds it; a captured {n: ...} */
	int64_t number;
	size_t length;		/* else: bytes of text */
	bool is_moment;
	uint64_t moment_us;	/* of a step that said "as": not later than this, */
	uint64_t moment_after_us;	/* and not before that */
	char text[MATCH_CAPTURE_MAX];
};

struct values {
	struct value value[CASE_VARIABLES_MAX];
};

/* Forget everything; costs no more than the flags. */
void values_clear(struct values *v);

/* Where each part of a text matched in the line. */
struct match {
	struct span part[MATCH_PARTS_MAX];
	const char *why;	/* match failed for a reason of the case's own (a value that is not there): an error, not a mismatch */
};

/* Whether line is what t says.  Nothing is captured yet. */
bool match_line(const struct text *t, struct span line, const struct values *v, struct match *m);

/* The same with ranges and values left out: the line has the shape that t asks for. */
bool match_shape(const struct text *t, struct span line, const struct values *v, struct match *m);

/* Capture what match_line found into v. */
void match_capture(const struct text *t, const struct match *m, struct values *v);

/*
 * After match_shape, without match_line: the first hole whose value is not as asked, as one sentence
 * ("n is 1025, expected 1..1024"), escaped, in into.
 */
void match_explain(const struct text *t, const struct match *m, const struct values *v, char *into, size_t cap);

/* Evaluate e.  false with *why when a value is not there, is no number, or the result does not fit. */
bool expr_evaluate(const struct expr *e, const struct values *v, int64_t *out, const char **why);

/* Write t with values put in: its length, or -1 with *why (holes that match cannot be written, or it is longer than cap). */
long text_render(const struct text *t, const struct values *v, char *into, size_t cap, const char **why);

/* The bytes t begins with whatever its holes hold. */
struct span text_start(const struct text *t);

#endif
