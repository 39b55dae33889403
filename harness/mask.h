/*
 * mask: passwords never reach a transcript, a journal or a report.
 *
 * Secrets are learnt from what is sent (AT+FTPPW=, SAPBR's PWD, user:password@ in URLs) and from what a read form
 * answers; wherever they come again (echoed, in a URC, in a far side's log) they are replaced by *****.
 */
#ifndef MASK_H
#define MASK_H

#include "span.h"

#define MASK_SECRETS_MAX 8
#define MASK_SECRET_MAX 128

struct mask {
	char secret[MASK_SECRETS_MAX][MASK_SECRET_MAX];
	size_t length[MASK_SECRETS_MAX];
	int count;
};

void mask_clear(struct mask *m);
/* Learn from a command line that is sent. */
void mask_learn(struct mask *m, struct span command);
/* Copy s masked into into (cap bytes, NUL added); return its length. */
size_t mask_copy(const struct mask *m, struct span s, char *into, size_t cap);

#endif
