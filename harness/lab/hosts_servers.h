/*
 * hosts_servers: nginx and proftpd as the world lines of a dialogue describe them, and the emulator in front of them.
 *
 *	world lines -> world_sim -> hosts_servers: configurations, files -> nginx, proftpd <- attest emulate --pty --world net
 *	what arrived at them -> world_sim, whose far_judge then judges it
 *
 * All are children of the caller, on ports of 127.0.0.1 that were free, with their files in a folder of their own below $HOSTS_DIR.
 */
#ifndef HOSTS_SERVERS_H
#define HOSTS_SERVERS_H

#include <stdbool.h>
#include <sys/types.h>

struct world_sim;

struct hosts_servers {
	char dir[200];
	unsigned http, tls, ftp;	/* ports */
	pid_t nginx, proftpd, emulator;	/* 0: does not run */
	int nth;			/* folder below $HOSTS_DIR */
};

/* Start what w describes, and the emulator, whose terminal is path.  NULL, or what is wrong. */
const char *servers_start(struct hosts_servers *s, struct world_sim *w, char *path, size_t cap);

/* Bring what has arrived since the start into w.  NULL, or what is wrong. */
const char *servers_seen(struct hosts_servers *s, struct world_sim *w);

/* End all that runs. */
void servers_stop(struct hosts_servers *s);

#endif
