/*
 * far_parts: what the files that judge far lines share.
 *
 * A line is read and judged by the same functions, so that far_check accepts just what far_judge can judge: without a
 * world there is nothing to judge, and the line is only read.
 */
#ifndef FAR_PARTS_H
#define FAR_PARTS_H

#include "world_parts.h"

/* What was seen instead goes to why, cap bytes. */
struct judge {
	struct world_sim *w;	/* NULL: the line is only read */
	struct world_scan sc;
	char *why;
	size_t cap;
};

enum { SO, NOT_SO, WRONG = -1 };

/* What has been forgotten cannot be judged: the limit is the tool's, not the module's. */
#define FAR_FORGOTTEN "the answer is not known: more has arrived than is remembered (8 MiB), and the oldest of it is forgotten"

/* A span as the two arguments of %.*s. */
#define TEXT(s) (int)(s).len, (s).at

/* It was not so, and this was seen instead.  Returns NOT_SO. */
int far_not_so(struct judge *j, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The line is wrong at its next word.  Returns WRONG. */
int far_wrong(struct judge *j, const char *why);
/* Read a content; a described file's is looked up when there is a world. */
int far_take_content(struct judge *j, struct content *c);
/* Compare what was seen, of which what is the name, with what is wanted. */
int far_content(struct judge *j, struct span what, const struct content *seen, const struct content *want);

/* The rest of a line behind http and ftp. */
int far_http(struct judge *j);
int far_ftp(struct judge *j);

#endif
