/*
 * reference: the same answers as at_reply's, found another way.
 *
 *	all bytes, the host's acts --> reference --> all events
 *
 * It reads a stream that lies in memory as a whole: a line's end is searched for, not waited for; what a line means is
 * compared with lists of plain strings one after another; numbers are compared as text.  There is no state between
 * bytes and nothing is copied, so that what goes wrong at cuts, in buffers and in look-ups cannot go wrong here.
 * It shares the names of commands and the error texts with the parser (their content is checked elsewhere), nothing else.
 *
 * An event's text is not kept: it is always the input's bytes from offset on, cut at a stated limit.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "at_reply.h"
#include "host.h"

/* What a fault is about. */
enum reference_fault {
	REFERENCE_SOUND,	/* it is no fault */
	REFERENCE_HEAD,		/* strict: what stands before a line; of no byte */
	REFERENCE_FRAME,	/* strict: line ends */
	REFERENCE_NOISE,
	REFERENCE_SHORT,	/* a payload cut short */
	REFERENCE_WRONG,	/* a line that is known and wrong */
};

struct reference_event {
	enum at_reply_kind kind;	/* a payload is one event */
	enum at_final final;
	int cme;
	uint64_t offset, length;
	size_t text;			/* so many bytes of it are given as text */
	enum reference_fault fault;
	uint64_t announced;		/* REFERENCE_SHORT: bytes that were to come */
	const char *why;		/* a constant string, NULL unless a fault */
	bool verbose;			/* the module was known to be in ATV1 when it said this */
};

/* A line gives up to four events; strict mode gives one for an empty line. */
#define REFERENCE_EVENTS_MAX(size) (4 * (size) + 8)

/*
 * All events of what a module said, into events, which holds REFERENCE_EVENTS_MAX(said.len).  Return how many.
 * pending: a command is, at the end.
 */
size_t reference_read(struct span said, enum at_mode mode, const struct host *host, struct reference_event *events, bool *pending);

#endif
