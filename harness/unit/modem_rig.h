/*
 * modem_rig: a modem driven as a wire drives it, on the far side that the includer has named RIG_WORLD.
 *
 * Time passes only in rig_wait, and what is due is done when it is due.  What was said stands in said, NUL behind it.
 */
#ifndef MODEM_RIG_H
#define MODEM_RIG_H

#include <stdlib.h>

#include "modem.h"

#define RIG_SAID_MAX 400000 /* a whole HTTP buffer and what stands around it */

struct rig {
	struct modem m;
	RIG_WORLD world;
	uint64_t now_us;
	size_t said_len;
	int bursts; /* runs of bytes with time between them */
	uint64_t burst_us[64];
	char said[RIG_SAID_MAX];
};

static inline void
rig_pull(struct rig *r)
{
	size_t before = r->said_len, n;

	while ((n = modem_pull(&r->m, r->said + r->said_len, RIG_SAID_MAX - 1 - r->said_len)) > 0)
		r->said_len += n;
	if (r->said_len > before) {
		if (r->bursts < 64)
			r->burst_us[r->bursts] = r->now_us;
		r->bursts++;
	}
	r->said[r->said_len] = '\0';
}

static inline void
rig_forget(struct rig *r)
{
	r->said_len = 0;
	r->bursts = 0;
}

static inline void
rig_wait(struct rig *r, uint64_t ms)
{
	uint64_t end = r->now_us + ms * 1000, due;

	rig_pull(r);
	while ((due = modem_due(&r->m)) <= end) {
		if (due > r->now_us)
			r->now_us = due;
		modem_advance(&r->m, r->now_us);
		rig_pull(r);
	}
	r->now_us = end;
	modem_advance(&r->m, end);
	rig_pull(r);
}

/* Forget what was said, send bytes (from a block of their exact size) and listen for ms. */
static inline const char *
rig_send(struct rig *r, struct span bytes, uint64_t ms)
{
	char *exact = malloc(bytes.len > 0 ? bytes.len : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, bytes.at, bytes.len);
	rig_forget(r);
	modem_feed(&r->m, span_of(exact, bytes.len), r->now_us);
	free(exact);
	rig_wait(r, ms);
	return r->said;
}

/* The same for a command line, and 50 ms. */
static inline const char *
rig_ask(struct rig *r, const char *line)
{
	char typed[4096];
	size_t n = strlen(line);

	if (n + 1 > sizeof(typed))
		abort();
	memcpy(typed, line, n);
	typed[n] = '\r';
	return rig_send(r, span_of(typed, n + 1), 50);
}

#endif
