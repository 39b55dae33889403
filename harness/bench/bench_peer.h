/*
 * bench_peer: what the peer of the bench and the bench itself agree on.
 *
 *	bench_wire --runs--> attest or a bare loop <--pty--> bench_peer --notes--> a mapped file --> bench_wire
 *
 * The peer notes when each command line reached it, in a file that both map: whoever drives it is timed from outside, in the
 * same place, and its start and its end cost nothing.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdint.h>

#define PEER_COMMANDS_MAX 20000

struct peer_notes {
	uint64_t commands;			/* how many have come since PEER_START; only the first PEER_COMMANDS_MAX are noted */
	uint64_t at_ns[PEER_COMMANDS_MAX];	/* CLOCK_MONOTONIC */
};

#define PEER_START "AT+HTTPINIT\r"	/* the first that is noted: whatever came before it is forgotten */
/* Answered with a payload, "digits" of the case language: byte i is '0' + i % 10. */
#define PEER_BLOCK 262144		/* bytes; a module's buffer for HTTP has 319488 */
#define PEER_ASK "AT+HTTPREAD=0,262144\r"
#define PEER_HEADER "\r\n+HTTPREAD: 262144\r\n"

#endif
