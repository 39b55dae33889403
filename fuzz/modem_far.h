/*
 * modem_far: what the emulator asks of the far side, judged against modem_world.h.
 *
 *	modem --> modem_far --> the world behind
 *
 * It passes everything on, and fails the oracle "world" where the module asks for what the contract does not allow: a second
 * exchange while one runs, more than is offered, a text with a line end in it, time that goes back, a span that changed
 * before its exchange was closed.  It keeps what FTP gave, so that a host can be shown to have got just that.
 */
#ifndef MODEM_FAR_H
#define MODEM_FAR_H

#include <stdint.h>

#include "modem_world.h"

#define MODEM_FAR_GIVEN_MAX 65536

/* A request's texts, to see that they stay as they were. */
struct modem_far_texts {
	struct span text[6];
	uint64_t sum;
};

/* It belongs to its caller; the world behind outlives it. */
struct modem_far {
	struct modem_world world;	/* first: its ops are given its address */
	struct modem_world *behind;
	uint64_t now_us;
	unsigned bearers;		/* opened, as bits */
	bool http, ftp, finished;	/* started and not closed */
	enum world_ftp_verb verb;
	struct modem_far_texts http_texts, ftp_texts;
	struct world_ftp ftp_now;	/* as polled last */
	uint32_t given_len;
	char given[MODEM_FAR_GIVEN_MAX];	/* by ftp_read, and not taken off by modem_far_given yet */
};

struct modem_world *modem_far_between(struct modem_far *f, struct modem_world *behind);

/* Whether piece is what ftp_read gave next; it is taken off. */
bool modem_far_given(struct modem_far *f, struct span piece);
/* Forget what was given. */
void modem_far_forget(struct modem_far *f);

#endif
