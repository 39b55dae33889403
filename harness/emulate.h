/*
 * emulate: emulators in real time behind ports: standard input and output, pseudo-terminals, TCP, RFC 2217.
 *
 *	host program <--> emulate_port <--> emulate_link <--> modem --> world
 *
 * Every answer leaves in one write, as far as the host takes it.  One host at a time; the module keeps its state when a
 * host goes and another comes, as a module on a serial server does.  A host that stops sending still gets the answer it
 * waits for, unless the next one is there; while a host is there that may still send, another one is told so and refused.
 * Nothing is lost on the way: what the module has no room for stays with the host, and what the host does not read is
 * kept; the module's memory bounds both.
 */
#ifndef EMULATE_H
#define EMULATE_H

#include <poll.h>
#include <stdbool.h>

#include "err.h"
#include "modem.h"

/* Where the host is.  Descriptors are -1 where there is none; emulate_close closes those that are ours. */
struct emulate_port {
	int in, out;
	int listening;		/* TCP: waits for the next host */
	int slave;		/* pseudo-terminal: kept open and raw, so that hosts may come and go */
	bool ours;		/* in and out are to be closed */
	bool out_ours;		/* out is, but in is not */
	bool telnet;		/* TCP: the host speaks RFC 2217, or at least telnet */
	char name[128];		/* to be shown: path of the slave, address and port */
};

void emulate_stdio(struct emulate_port *p);
int emulate_pty(struct emulate_port *p, struct err *e);
/*
 * where: "127.0.0.1:5000", and the nth port behind it; port 0 takes a free one.  Other than loopback addresses only with remote.
 * telnet: the host is to speak RFC 2217.
 */
int emulate_tcp(struct emulate_port *p, const char *where, unsigned nth, bool remote, bool telnet, struct err *e);
void emulate_close(struct emulate_port *p);

/* Most descriptors that one far side may want polled. */
#define EMULATE_FDS_MAX 16

/*
 * A world behind which are real sockets: what the loop must do for it.  Embedded in what fills it in.
 * Moments are of clock_us.  None of these may block.
 */
struct emulate_far {
	/* Put what is to be polled there, with its events; at most EMULATE_FDS_MAX.  Return how many. */
	size_t (*fds)(struct emulate_far *, struct pollfd *into);
	/* When polled must be called at the latest, whatever the descriptors say, or MODEM_NEVER. */
	uint64_t (*due)(struct emulate_far *);
	/*
	 * They have been polled: fds are those of this turn, count of them, revents are set.  Called after every sleep.
	 * Return whether something is new that the module should see (modem_look).
	 */
	bool (*polled)(struct emulate_far *, const struct pollfd *fds, size_t count, uint64_t now_us);
};

/* One module at one port. */
struct emulator {
	struct modem *modem;		/* the caller's */
	struct emulate_far *far;	/* the caller's; NULL: nothing of its world is to be polled */
	struct emulate_port port;
	uint32_t baud;			/* both directions are so slow, in bit/s of 8n1; 0: as fast as it goes */
	bool baud_by_host;		/* baud is where it begins; the host sets it (RFC 2217) */
};

/* Run all of them in the time of clock_us until the input of one ends (0), a signal stops it (128 + its number), or a port is lost (-1). */
int emulate_run(struct emulator *all, size_t count, struct err *e);

#endif
