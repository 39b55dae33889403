/*
 * rig: what stands between the runner and a module on a real wire.
 *
 *	run <--> rig <--> wire <--> module
 *
 * To the runner it is a wire: begin gives it a module in the state of a case's start.  It finds the module before the run, puts
 * back between cases what a case has changed, tells a module that hangs from one that answers late, gets a silent module or a
 * vanished port back, and measures for how long this process did not watch the wire.  It judges nothing.
 *
 * It sends nothing that outlives a power cycle: no AT&W, no AT+IPR but to undo a case's own, no *SCONT; and no AT&F or ATZ, which
 * would bring back what somebody stored.  It never asks for the IMEI.
 */
#ifndef RIG_H
#define RIG_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "verdict.h"
#include "wire.h"

#define RIG_WAIT_US 30000000u		/* default of rig_options.wait_us */
#define RIG_IDENTITY_MAX 256

struct rig_options {
	const char *port;		/* as given, for messages */
	unsigned baud;			/* which the port was opened with; 0: none */
	const char *recover;		/* a shell command that makes a silent module answer again; NULL: none */
	uint64_t wait_us;		/* how long a module that is not there, or a port, is waited for */
	const volatile sig_atomic_t *stop;	/* not 0: give up; outlives the rig */
};

/* What the module says of itself, fit to be shown; empty: it did not say. */
struct rig_identity {
	char model[RIG_IDENTITY_MAX];		/* ATI, and what AT+GSV has beyond the revision */
	char revision[RIG_IDENTITY_MAX];	/* AT+CGMR without its label: "1418B05SIM800L24" */
};

struct rig;

/* A rig on a wire that is open; it closes that wire.  The strings of o are the caller's and outlive it. */
struct rig *rig_new(struct wire *w, const struct rig_options *o);
/* What the runner is given.  Closing it frees the rig. */
struct wire *rig_wire(struct rig *r);

/*
 * Find the module, put it into the state of a case's start, ask who it is.  -1: e says what is wrong with the rig (EXIT_RIG), or
 * that a signal stopped it.
 */
int rig_find(struct rig *r, struct rig_identity *out, struct err *e);

/*
 * A case is over: after one that lost the wire or the module, get it back (recovery command, waiting), saying so on standard
 * error.  -1: it does not come back, nothing more can be played.
 */
int rig_after(struct rig *r, const struct outcome *o, struct err *e);

/* The run is over: put back what the last case changed, as far as that takes no longer than some seconds. */
void rig_leave(struct rig *r);

/* The profile whose module says such a revision, by its maker's scheme; NULL: none does. */
const char *rig_profile(const char *revision);

#endif
