/*
 * emulate: the emulator in real time behind a port: standard input and output, a pseudo-terminal, TCP.
 *
 *	host program <--> emulate_port <--> emulate_loop <--> modem --> world
 *
 * Every answer leaves in one write, as far as the host takes it.  One host at a time; the module keeps its state when a
 * host goes and another comes, as a module on a serial server does.  A host that stops sending still gets the answer it
 * waits for, unless the next one is there.  Nothing is lost on the way: what the module has no room for stays with the host,
 * and what the host does not read is kept; the module's memory bounds both.
 */
#ifndef EMULATE_H
#define EMULATE_H

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
	char name[128];		/* to be shown: path of the slave, address and port */
};

void emulate_stdio(struct emulate_port *p);
int emulate_pty(struct emulate_port *p, struct err *e);
/* where: "127.0.0.1:5000"; port 0 takes a free one.  Other than loopback addresses only with remote. */
int emulate_tcp(struct emulate_port *p, const char *where, bool remote, struct err *e);
void emulate_close(struct emulate_port *p);

/* Run in the time of clock_us until the input ends (0), a signal stops it (128 + its number), or the port is lost (-1). */
int emulate_run(struct modem *m, struct emulate_port *p, struct err *e);

#endif
