/*
 * world_reach: where the net world may connect, and where a name and port really lead.
 *
 *	--map HOST:PORT=HOST:PORT, --may-connect HOST[:PORT] --> world_reach --> yes or no, of a name and of an address
 *
 * Without a --may-connect only loopback addresses are allowed, and of names localhost alone; with one, only what is
 * named: loopback then has to be named as well, so that a server out there cannot lead the module to what listens
 * on this machine.  A name that is not allowed is not even looked up.  An address is judged once more when a
 * connection is about to be made, whatever name led to it.  Where a --map leads has to be allowed like anything else.
 *
 * It connects to nothing and looks nothing up.
 */
#ifndef WORLD_REACH_H
#define WORLD_REACH_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "err.h"

#define REACH_MAX 64		/* rules, and maps */
#define REACH_HOST_MAX 256	/* with its NUL */

/* A place: a name or a numeric address without brackets, and a port. */
struct reach_place {
	char host[REACH_HOST_MAX];
	uint16_t port;		/* in a rule: 0 is any */
};

struct world_reach {
	struct reach_place allowed[REACH_MAX];
	int count;
	struct reach_place from[REACH_MAX], to[REACH_MAX];
	int maps;
};

/* Add a rule: name, IPv4 address, [IPv6 address], or * for everything; with or without :PORT (1..65535).  0, or -1 with EXIT_USAGE in e. */
int reach_allow(struct world_reach *r, const char *text, struct err *e);

/* Add a map, both sides with ports.  0, or -1 with EXIT_USAGE in e. */
int reach_map(struct world_reach *r, const char *text, struct err *e);

/* Put host (at most REACH_HOST_MAX - 1 bytes, brackets are taken off) and port into p.  false: too long or empty. */
bool reach_place(struct reach_place *p, const char *host, size_t len, uint16_t port);

/* Whether that is what a name or an address is made of: nothing that means more to whoever connects. */
bool reach_is_host(const char *host);

/* Where asking for this place leads: itself, or where the last map of it goes.  Whether it is a map. */
bool reach_mapped(const struct world_reach *r, const struct reach_place *asked, struct reach_place *out);

/* Whether this place may be asked for: before its name is looked up. */
bool reach_may_ask(const struct world_reach *r, const struct reach_place *place);

/* Whether a connection to address may be made that asking for place has led to.  Ports are judged, too. */
bool reach_may_connect(const struct world_reach *r, const struct reach_place *place, const struct sockaddr *address);

/* ---- addresses --------------------------------------------------------------- */

/* As text with its port, for a person; cap of 64 is enough. */
void reach_address_text(const struct sockaddr *address, char *into, size_t cap);

/* A numeric address as text into a socket address; the family is 0 when it is none. */
void reach_address_read(const char *text, uint16_t port, struct sockaddr_storage *out);

/* Whether two are the same host, whatever the ports; an IPv4 address is the same in either spelling. */
bool reach_same_host(const struct sockaddr *a, const struct sockaddr *b);

/* Whether it names no port: a socket that listens, not one that connects. */
bool reach_is_portless(const struct sockaddr *address);

#endif
