/*
 * emulate_telnet: the serial port that the emulator's module is behind, for a host that uses it by RFC 2217.
 *
 *	host --> telnet_read --> heard        requests are answered, DTR and the baud have their effect
 *	host <-- telnet_fill <-- said         notifications of DCD, RI, DSR, CTS go before what is said after they moved
 *
 * It belongs to a link (emulate_link.h), one host at a time: the port is as new for each, the module behind it is not.
 * What waits for the host is bounded: as long as it does not read, it is not read from either.
 */
#ifndef EMULATE_TELNET_H
#define EMULATE_TELNET_H

#include "rfc2217.h"

/* Encoded bytes that wait for the host; so many are free before anything is read from it, which is enough for all answers. */
#define TELNET_OUT_MAX 16384
#define TELNET_READ_MAX 512
#define TELNET_ANSWERS_MAX 8192

struct emulate_link;

struct emulate_telnet {
	struct rfc2217 codec;
	uint32_t baud;		/* as the host set it */
	uint8_t flow, inflow;	/* RFC2217_FLOW_NONE ..., RFC2217_INFLOW_NONE ... */
	uint8_t state_mask;	/* changes of these bits are told */
	bool dtr, rts, in_break;
	bool suspended;		/* the host wants no data for now */
	bool tell;		/* the state is to be told, changed or not */
	unsigned told;		/* enum modem_line bits, as last told */
	size_t out_len;
	char out[TELNET_OUT_MAX];
};

/* A host has come. */
void telnet_host_come(struct emulate_link *l);

/* Whether there is room for the answers to what would be read. */
bool telnet_hears(const struct emulate_telnet *t);

/* These bytes, at most TELNET_READ_MAX, came from the host: what of it is data is put behind l->heard, which has room for them. */
void telnet_read(struct emulate_link *l, struct span bytes, uint64_t now_us);

/* The module's lines may have moved. */
void telnet_lines(struct emulate_link *l);

/* Put what is due of l->said into out, encoded, as far as there is room and the host wants it. */
void telnet_fill(struct emulate_link *l);

#endif
