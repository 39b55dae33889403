/*
 * emulate_link: the bytes between one emulator and its host, and when they go.
 *
 *	host --> read --> heard --> modem          what the host said arrives at the line's pace
 *	host <-- write <-- said <-- modem          and so does what the module said
 *
 * What happens goes by the moments at which it would happen on the line, not by those at which this process was let run:
 * lateness does not add up.
 */
#ifndef EMULATE_LINK_H
#define EMULATE_LINK_H

#include "emulate.h"
#include "emulate_telnet.h"
#include "pace.h"

/* Room for the largest burst: a whole HTTP answer between its lines. */
#define LINK_SAID_MAX (HTTP_BUFFER_MAX + 2 * MODEM_OUT_MAX)
#define LINK_HEARD_MAX 4096

struct emulate_link {
	struct emulator *of;
	struct pace in, out;
	char heard[LINK_HEARD_MAX];
	size_t heard_len;
	char *said;		/* owned; those before due have arrived, those before sent have been written */
	size_t sent, due, len;
	int refused;		/* a host that was told that another is there: until it closes; -1 for none */
	bool ended;		/* no more input from this host */
	bool ending;		/* the last of it is there to be read */
	bool gone;		/* and it does not listen any more */
	bool told;		/* that something has been lost */
	uint64_t now_us;	/* what has happened so far */
	uint64_t spoke_us;	/* when something last came or went */
	struct emulate_telnet *telnet;	/* owned; NULL: the port speaks plainly */
};

void link_open(struct emulate_link *l, struct emulator *of);
void link_close(struct emulate_link *l);

/* Let everything happen up to now_us, and write what the host takes. */
int link_play(struct emulate_link *l, uint64_t now_us, struct err *e);

/* When link_play has something to do, if nothing comes in. */
uint64_t link_due(const struct emulate_link *l, uint64_t now_us);

/* Something can be read from the host. */
int link_read(struct emulate_link *l, struct err *e);

/* These bytes of the host's, at most LINK_HEARD_MAX - heard_len, are on their way to the module. */
void link_heard(struct emulate_link *l, struct span bytes, uint64_t now_us);

/* From now on both directions are so slow, in bit/s; 0: as fast as it goes. */
void link_baud(struct emulate_link *l, uint32_t baud);

/* Whether there is room for what the host sends. */
bool link_hears(const struct emulate_link *l);

/* Whether something waits for the host to take it. */
bool link_writes(const struct emulate_link *l);

/* No more will come from this host, and what was asked for has been answered. */
bool link_finished(const struct emulate_link *l, uint64_t now_us);

/* The host has gone; a port that listens waits for the next one. */
void link_host_gone(struct emulate_link *l);

/* Another host is there.  It is taken or refused. */
void link_host_come(struct emulate_link *l);

/* What a refused host sends leads nowhere. */
void link_refused_read(struct emulate_link *l);

#endif
