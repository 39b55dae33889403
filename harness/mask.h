/*
 * mask: passwords never reach a transcript, a journal or a report.
 *
 * Secrets are learnt from what is sent (AT+FTPPW=, SAPBR's PWD, user:password@ in URLs) and from what a read form
 * answers, or come from a lab file; wherever they come again (echoed, in a URC, in a far side's log) they are replaced by *****.
 */
#ifndef MASK_H
#define MASK_H

#include "span.h"

#define MASK_SECRETS_MAX 8
#define MASK_SECRET_MAX 128
#define MASK_KEPT_MAX 4		/* of a lab file */

struct mask {
	char secret[MASK_SECRETS_MAX][MASK_SECRET_MAX];
	size_t length[MASK_SECRETS_MAX];
	int count;
	int kept;	/* the first of them: known from elsewhere, never forgotten */
};

/* Forget what was learnt. */
void mask_clear(struct mask *m);
/* A secret that is known before it is sent (of a lab file); a mask that is all zero learns it for ever. */
void mask_keep(struct mask *m, struct span secret);
/* Learn from a command line that is sent. */
void mask_learn(struct mask *m, struct span command);
/* Copy s masked into into (cap bytes, NUL added); return its length. */
size_t mask_copy(const struct mask *m, struct span s, char *into, size_t cap);

#endif
