/*
 * host: what the host of a capture does, written in front of what the module said.
 *
 *	> AT+CSQ			sent when the command before it has its final result code, the first one at once
 *	> @120 AT+HTTPREAD		sent when the module has said 120 bytes, whatever is pending
 *	> !verbose 0			the host knows that the module is in ATV0 (1: in ATV1); with @120 or without
 *
 * These lines, each "> ", text and LF, are the front of an input; what follows them is what the module said, to the
 * byte.  A capture without them is an input, too.  A person can write and read both.
 */
#ifndef HOST_H
#define HOST_H

#include "at_reply.h"
#include "span.h"

/* More lines than that are no header, but what the module said. */
#define HOST_ACTS_MAX 64

struct host_act {
	enum { HOST_SENDS, HOST_VERBOSE } what;
	bool placed;		/* with @: at that place; else when it is its turn */
	uint64_t at;		/* placed: so many bytes have been said */
	struct span text;	/* HOST_SENDS: the command line, in the input */
	bool verbose;		/* HOST_VERBOSE */
};

/* Acts in the order of the header; those with a place and those without are two queues. */
struct host {
	int count;
	struct host_act acts[HOST_ACTS_MAX];
};

/* Read the header at the front of input.  Return what the module said: the rest. */
struct span host_read(struct host *h, struct span input);

/* A line of the header, or of a list of commands, as an act. */
void host_add(struct host *h, struct span line);

/* How far the two queues are done. */
struct host_done {
	int turn, placed;
};

/* The next act whose turn it is; NULL: none is left. */
const struct host_act *host_turn(const struct host *h, struct host_done *done);

/* The next placed act that is due when so many bytes were said; NULL: none is.  A place before that of the act before is that one's place. */
const struct host_act *host_placed(const struct host *h, struct host_done *done, uint64_t said);

/* Where the next placed act is due, at least at; UINT64_MAX: none is left. */
uint64_t host_next_place(const struct host *h, const struct host_done *done, uint64_t at);

#endif
