/*
 * wire_stream: what all real wires share: a descriptor, the real clock, waiting.
 *
 *	run --> wire_ops --> wire_stream --> wire_stream_kind: serial port, TCP, RFC 2217, child
 *
 * A kind embeds struct wire_stream as its first member, fills in what it can do, and leaves bytes and moments to this file.
 * What comes is read with one poll and one read a wake-up, into the caller's memory.  It never blocks for longer than its
 * caller said: sending to a peer that does not read ends in an error after WIRE_SEND_STALL_US without progress, and what
 * comes meanwhile is kept.  Only the emulator can be ordered about: begin describes nothing, an order is "not here"
 * except DTR where the kind has that line.
 */
#ifndef WIRE_STREAM_H
#define WIRE_STREAM_H

#include <stdbool.h>

#include "port.h"
#include "wire.h"

#define WIRE_SEND_STALL_US 10000000u	/* the peer takes no byte for so long: it does not read */
#define WIRE_HELD_MAX (256u << 10)	/* bytes that come while sending; more wait with the peer */
#define WIRE_NAME_MAX 128

struct wire_stream;

/* What a kind of port does its own way.  What is NULL is not there. */
struct wire_stream_kind {
	/* Set s->fd, non-blocking and closed on exec.  0, 1: not there now, later perhaps, -1: never.  e is filled in unless 0. */
	int (*open)(struct wire_stream *s, struct err *e);
	/* The port is about to be closed, because it is lost or at our wish: s->fd still is as it was. */
	void (*closing)(struct wire_stream *s, bool lost);
	/* It hung up, s->fd is closed: say why (number: errno, 0: end of file).  NULL: in general words. */
	void (*why)(struct wire_stream *s, int number, struct err *e);
	/*
	 * Bytes were read: take out in place what is not the module's and return how many are left at the front, or -1.
	 * It may answer with wire_stream_write.
	 */
	long (*decode)(struct wire_stream *s, char *bytes, size_t n, struct err *e);
	/* Bytes are to be sent: hand them on, otherwise written, with wire_stream_write. */
	int (*encode)(struct wire_stream *s, struct span bytes, struct err *e);
	/* As in wire_ops. */
	unsigned (*lines)(struct wire_stream *s, unsigned *mask);
	int (*baud)(struct wire_stream *s, unsigned baud, struct err *e);
	int (*dtr)(struct wire_stream *s, bool on, struct err *e);
	/* Free what the kind has allocated, s itself too. */
	void (*free)(struct wire_stream *s);
};

struct wire_stream {
	struct wire wire;		/* first */
	const struct wire_stream_kind *kind;
	struct port port;		/* what was asked for */
	char name[WIRE_NAME_MAX];	/* the port as given, clean for a terminal: errors begin with it */
	int fd;				/* -1: closed or lost */
	uint64_t stall_us;		/* WIRE_SEND_STALL_US */
	uint64_t empty_us;		/* the last moment at which nothing was there to be read, as far as is known */
	bool flowing;			/* much came at once, and since then it is not known that nothing was there */
	char *held;			/* owned; came while sending and is not given yet; NULL: not needed so far */
	size_t held_at, held_end;
	struct wire_when held_when;	/* of all that is held */
};

/* Set up s, which is all zero, and open it.  -1: e says why; s->kind->free has been called. */
int wire_stream_open(struct wire_stream *s, const struct wire_stream_kind *kind, const struct port *port, struct err *e);

/* Write all of bytes as they are.  -1: the wire is lost, or the peer does not read. */
int wire_stream_write(struct wire_stream *s, struct span bytes, struct err *e);

/* Wait for what the kind's decode is to see (an answer to a negotiation): until it has been called, or until_us.  -1: lost. */
int wire_stream_pump(struct wire_stream *s, uint64_t until_us, struct err *e);

/* The port is gone: close it, fill in e, return -1.  number: errno, or 0 for an end of file. */
int wire_stream_lost(struct wire_stream *s, int number, struct err *e);

/*
 * Connect to a host by TCP, without delay for small pieces and with keepalive: the descriptor, non-blocking.
 * -1: *again says whether that may change (refused, no answer), or will not.
 */
int wire_tcp_connect(const char *host, const char *service, bool *again, struct err *e);

/* The kinds.  Each gives NULL with e filled in. */
struct wire *wire_serial_open(const struct port *port, struct err *e);
struct wire *wire_tcp_open(const struct port *port, struct err *e);
struct wire *wire_rfc2217_open(const struct port *port, struct err *e);
struct wire *wire_exec_open(const struct port *port, struct err *e);

#endif
