/*
 * modem: a SIM800-series module's AT interface, HTTP, FTP and bearer, as a struct.
 *
 *	bytes from the host --> modem --> bytes to the host
 *	                         |
 *	                    modem_world (network and servers)
 *
 * It belongs to its caller, never allocates, and has no clock: every call that
 * needs the time is told it.  Feed what the host sent, pull what the module
 * says, and come back at modem_due.  Time is microseconds from any origin and
 * never goes back.
 *
 * What it refuses to do: guess.  What no document settles is a switch
 * (modem_switch.h) with a default.
 */
#ifndef MODEM_H
#define MODEM_H

#include <stdint.h>

#include "modem_world.h"
#include "span.h"

#define MODEM_NEVER UINT64_MAX

/* Control lines as the host sees them: bits of modem_lines. */
enum modem_line {
	MODEM_DCD = 1u << 0,	/* high (set) normally, low while the module takes data (note 3.3, 3.10, 3.20) */
	MODEM_RI  = 1u << 1,
	MODEM_DSR = 1u << 2,
	MODEM_CTS = 1u << 3,
};

struct modem;
struct modem_profile;

/* A profile by its name ("sim800-r14.18", "sim800-note-1.01", "sim900"), or NULL.  The empty name is the default profile. */
const struct modem_profile *modem_profile_find(struct span name);
/* The i-th profile's name and one line about it; NULL past the last. */
const char *modem_profile_name(unsigned i, const char **about);
/* The firmware revision that a profile answers to AT+CGMR with ("1418B05SIM800L24"). */
const char *modem_profile_revision(const struct modem_profile *profile);

/*
 * Power on at now_us with factory settings, as if start-up had just ended: the module is
 * registered, silent, echo on, and takes commands at once.  Clears by length, so it is cheap.
 * world outlives the modem; seed feeds its one prng.
 */
void modem_init(struct modem *m, const struct modem_profile *profile, struct modem_world *world, uint64_t seed, uint64_t now_us);

/* Power on with the start-up sequence (RDY, +CFUN: 1, +CPIN: READY, Call Ready, SMS Ready) ahead; what AT&W and *SCONT stored is kept. */
void modem_reboot(struct modem *m, uint64_t now_us);

/* The host sent these bytes at now_us.  All are taken; what overruns the input buffer is lost, as on the wire. */
void modem_feed(struct modem *m, struct span bytes, uint64_t now_us);

/* How many bytes modem_feed would take now without losing one: for whoever can hold them back, as hardware flow control does. */
size_t modem_room(const struct modem *m);

/* Let time pass: run what is due up to now_us. */
void modem_advance(struct modem *m, uint64_t now_us);

/* The same when something has happened in the world before the moment that it named: what is new there is seen now. */
void modem_look(struct modem *m, uint64_t now_us);

/* The next moment at which modem_advance would do something, or MODEM_NEVER.  Bytes that wait in modem_pull do not count. */
uint64_t modem_due(struct modem *m);

/* Take bytes the module has said by now.  Return how many; call until it returns 0. */
size_t modem_pull(struct modem *m, char *into, size_t cap);

/* What the module wanted to say and had no room for since modem_init: more than MODEM_OUT_MAX bytes that nobody pulled, or MODEM_URCS_MAX waiting lines. */
struct modem_lost {
	uint32_t bytes;	/* of answers */
	uint32_t urcs;	/* unsolicited lines */
};

/* That; whether there was any.  From then on what it says is not all it would have said. */
bool modem_lost(const struct modem *m, struct modem_lost *out);

/* Control lines, enum modem_line bits. */
unsigned modem_lines(const struct modem *m);

/* The host moved DTR (true: on). */
void modem_dtr(struct modem *m, bool on, uint64_t now_us);

/* Where an unsolicited line of the case's own is put. */
enum modem_where {
	MODEM_NOW,		/* between answers, as soon as the line is free and the module has started up */
	MODEM_BEFORE_ANSWER,	/* after the echo of the next answer, before its first line */
	MODEM_BEFORE_FINAL,	/* inside the next answer, before its final result code */
	MODEM_AFTER_FINAL,	/* glued behind the final result code of the next answer, without a gap */
};

#define MODEM_SAYS_MAX 160

/* Say this line (framed by the module) there, once.  false: longer than MODEM_SAYS_MAX, or one is waiting there already. */
bool modem_says(struct modem *m, struct span line, enum modem_where where, uint64_t now_us);

/* The network drops bearer cid: a running transfer fails and +SAPBR <cid>: DEACT comes (manual 19.3). */
void modem_bearer_lost(struct modem *m, int cid, uint64_t now_us);

/*
 * Set a switch ("http-busy-action", "604").  Switches hold what the documents leave open and
 * latencies and gaps; the list with defaults is modem_switches.  0, or -1 unknown name, -2 bad value.
 */
int modem_switch_set(struct modem *m, struct span name, struct span value);

struct modem_switch {
	const char *name;
	const char *values;	/* "604|error" or "0..5000 ms" */
	const char *preset;	/* its default, as text */
	const char *about;	/* one sentence and where the question comes from */
};

extern const struct modem_switch modem_switches[];
extern const size_t modem_switch_count;

/*
 * Plant a fault ("drop", "1/500").  The list is modem_faults; values and defaults are its text.
 * Faults draw from the modem's own prng.  0, or -1 unknown name, -2 bad value.
 */
int modem_fault_set(struct modem *m, struct span name, struct span value);

struct modem_fault {
	const char *name;
	const char *values;
	const char *about;
};

extern const struct modem_fault modem_faults[];
extern const size_t modem_fault_count;

/* How often each rule of the session tables was taken since modem_init: clause coverage. */
struct modem_rule_count {
	const char *id;
	const char *clause;
	const char *evidence;	/* "N", "M", "L", "S", "C", "X", "I", "?" */
	uint64_t hits;
};

/* The i-th rule; false past the last. */
bool modem_rule(const struct modem *m, unsigned i, struct modem_rule_count *out);

#include "modem_state.h"	/* struct modem itself; nobody but modem_*.c looks inside */

#endif
