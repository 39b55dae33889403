/*
 * modem_fault_world: a bad network, as a world in front of a good one.
 *
 *	modem_bearer, modem_http, modem_ftp --> modem_fault_world --> the world behind
 *
 * It asks the world behind for everything and spoils what that says: connections are refused, answers come late, transfers
 * break off.  The sessions do not know that it is there.  It refuses to touch the bearer: that has a fault of its own.
 */
#ifndef MODEM_FAULT_WORLD_H
#define MODEM_FAULT_WORLD_H

#include <stdint.h>

#include "modem_world.h"
#include "prng.h"

/* An HTTP exchange or FTP session, and what becomes of it. */
struct fault_path {
	bool refused;		/* the world behind was never told of it */
	bool breaks;		/* its transfer breaks off ... */
	bool placed;		/* ... and where is known: behind break_at bytes */
	bool broken;		/* it has */
	bool flows;		/* FTP: the data connection has been seen to be open */
	uint32_t break_at, moved;	/* bytes */
	int break_error;	/* FTP: what the module reports of it */
	uint64_t heard_us;	/* what the server said last is heard then; 0: it has said nothing */
};

/* It belongs to its caller.  The world behind and the prng outlive it. */
struct modem_fault_world {
	struct modem_world world;	/* first: its ops are given its address */
	struct modem_world *behind;	/* NULL: not in place */
	struct prng *prng;
	uint32_t refused, slow_ms, cut_short;	/* net-refused 1/n, net-slow, net-short 1/n; 0: off */
	uint64_t now_us;
	struct fault_path http, ftp;
};

/* Come between a module and the world behind, once: what already runs there goes on unspoilt.  Returns what the module asks from now on. */
struct modem_world *fault_world_between(struct modem_fault_world *f, struct modem_world *behind, struct prng *prng);

#endif
