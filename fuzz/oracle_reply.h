/*
 * oracle_reply: what must hold for at_reply on any input; oracle_fail where it does not.
 *
 *	input --> host, said --> at_reply, whole and in pieces  --> oracle_fail
 *	                     \-> reference                      -/
 *
 * By name:
 *   reference      fed whole, the replies are the reference parser's, every field and byte of them
 *   split          so they are fed byte by byte, and at cuts by chance; a payload's pieces are its bytes in order
 *   conservation   every byte of the input is in one event, in order; what is in none is framing
 *   round-trip     events without a fault, said again through at_out, are the same events, in strict mode too
 *   strict-lenient strict mode says what lenient mode says, and faults beside it
 *   invariant      the parser's own fields stay in their bounds, and what it calls partial is what has come
 *   bounded        a call takes no more than it was given, and calls that take nothing end
 */
#ifndef ORACLE_REPLY_H
#define ORACLE_REPLY_H

#include "host.h"
#include "reference.h"

/* More of an input is not looked at. */
#define ORACLE_SAID_MAX 65536

/* What one mode makes of a stream. */
struct oracle_events {
	size_t len;
	bool pending;
	struct reference_event at[REFERENCE_EVENTS_MAX(ORACLE_SAID_MAX)];
};

/*
 * All of the below, in both modes.  input: header lines (host.h), then what the module said.
 * all: in every way; else, where rate counts, the slowest one only by a chance that the input itself decides.
 */
void oracle_reply(struct span input, bool all);

/* The same where the host's acts do not stand in the input. */
void oracle_reply_said(struct span said, const struct host *host, bool all);

/* How a stream is cut into pieces. */
enum oracle_cuts { ORACLE_WHOLE, ORACLE_BYTES, ORACLE_PIECES };

/* The parser, fed so, says these events; oracle: the name of the property.  seed: of the cuts by chance. */
void oracle_feed(struct span said, const struct host *host, enum at_mode mode, const struct oracle_events *events, enum oracle_cuts cuts,
    uint64_t seed, const char *oracle);

/* Of events that are known to be what the parser says. */
void oracle_conservation(struct span said, enum at_mode mode, const struct oracle_events *events);
void oracle_strict_lenient(const struct oracle_events *strict, const struct oracle_events *lenient);
void oracle_round_trip(struct span said, const struct host *host, enum at_mode mode, const struct oracle_events *events);

#endif
