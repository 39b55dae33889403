/*
 * wire: what the runner talks through.  A wire owns bytes and time.
 *
 *	run --> wire --> module (emulator inside, serial port, network)
 *
 * The runner never asks which wire it has.  What only the emulator can do is an
 * order (wire_order) that another wire answers with "not here"; what only the
 * emulator shows is far, NULL elsewhere.
 *
 * Moments are microseconds on the wire's own clock.  On wire_loop time is
 * virtual: waiting costs nothing and never passes by itself.
 */
#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "span.h"

struct wire;
struct world_sim;

enum wire_order_kind {
	ORDER_SAYS,		/* text: a line the module says by itself; where */
	ORDER_ANSWERS,		/* text: raw bytes that answer the next command line instead of the module; delay_us after it */
	ORDER_BEARER_LOST,	/* number: bearer profile */
	ORDER_REBOOT,
	ORDER_SWITCH,		/* name, text */
	ORDER_FAULT,		/* name, text */
	ORDER_DTR,		/* number: 0 off, 1 on */
};

/* When bytes arrived: later than after_us, when nothing was there yet, and not later than at_us.  In virtual time both are one moment. */
struct wire_when {
	uint64_t after_us, at_us;
};

struct wire_order {
	enum wire_order_kind kind;
	struct span name, text;
	int where;		/* enum modem_where */
	int64_t number;
	uint64_t delay_us;
};

/* What a case says of the world and the module before its first step (case.h). */
struct case_setting;

/* What only a rig knows of itself and of a real module, since begin (rig.h). */
struct wire_health {
	uint64_t late_us;	/* by so much, at most, something was sent later than the runner would have: the module may have gone on */
	uint64_t gap_us;	/* by so much, at most, the runner itself went on later */
	bool started;		/* the module said that it has started, long after it was found, and nobody had told it to */
	bool supply;		/* and that its supply failed */
};

struct wire_ops {
	/*
	 * Make ready for a case: the module in its power-on state where the wire can do that,
	 * the far side as the case describes it.
	 */
	int (*begin)(struct wire *, const struct case_setting *, uint64_t seed, struct err *);
	int (*send)(struct wire *, struct span bytes, struct err *);
	/*
	 * Wait until a byte has arrived or it is until_us; copy what is there (at most cap).  Return how many
	 * bytes, 0 when it got until_us or a signal asked the program to end, -1 when the wire is lost.  when is
	 * filled in if bytes came.
	 */
	long (*recv)(struct wire *, char *into, size_t cap, uint64_t until_us, struct wire_when *when, struct err *);
	uint64_t (*now)(struct wire *);
	/* Control lines, enum modem_line bits; mask: which of them this wire shows. */
	unsigned (*lines)(struct wire *, unsigned *mask);
	/* 0, 1: this wire cannot do that, -1: error. */
	int (*order)(struct wire *, const struct wire_order *, struct err *);
	/* What the far side was asked, for judging; NULL where it cannot be seen. */
	struct world_sim *(*far)(struct wire *);
	/* Bits a second, where they mean something: 0, 1: this wire cannot do that, -1: error.  NULL: it never can. */
	int (*baud)(struct wire *, unsigned baud, struct err *);
	/*
	 * After recv or send gave -1: try once to open the same port again.  0: it is open, 1: it is not there yet (err says
	 * why, try later), -1: it never will be.  NULL: this wire is never lost.
	 */
	int (*reopen)(struct wire *, struct err *);
	/* NULL: time is virtual, and the module part of the program. */
	void (*health)(struct wire *, struct wire_health *);
	/*
	 * Something did not come in time: is there still a module that answers?  1: yes, 0: no, -1: the wire is lost.  What it says is
	 * not the runner's.  NULL: there is.
	 */
	int (*alive)(struct wire *, struct err *);
	void (*close)(struct wire *);
};

struct wire {
	const struct wire_ops *ops;
};

/*
 * Open what a port string names (port.h): the emulator or a real wire.  NULL: e says which part was wrong, and e->status
 * whether the words (EXIT_USAGE) or the rig (EXIT_RIG).  port may go afterwards, but the string it was read from may not.
 * Caller closes.
 */
struct port;
struct wire *wire_open(const struct port *port, struct err *e);

/* wire_loop: the emulator inside this process, in virtual time.  Caller closes.  profile may be empty. */
struct wire *wire_loop_open(struct span profile, struct err *e);

/* inner, which it owns from here on, as behind a serial line of baud bit/s (at least 1), 8n1: virtual time must be inner's. */
struct wire *wire_paced_open(struct wire *inner, uint32_t baud);

struct modem;
struct modem_profile;

/* The same with a module of the caller's own making, which outlives the wire; what it names is looked at anew in every case. */
struct wire *wire_loop_open_module(const struct modem_profile *profile);
/* The emulator behind w, which is of wire_loop, for who counts what was reached. */
const struct modem *wire_loop_modem(struct wire *w);

#endif
