/*
 * rfc2217: one end of a serial port behind telnet (RFC 2217, COM-PORT-OPTION), as a value.
 *
 *	bytes of the peer --> rfc2217_feed --> data and events       rfc2217_encode <-- data
 *	bytes for the peer <-- rfc2217_pull <-- answers, requests    rfc2217_say <-- baud, lines, state
 *
 * The client is the one that uses the port, the server the one that has it.  Options are negotiated here; what a request does,
 * and what is answered to it, is the caller's business.  It never allocates, prints, or has a descriptor or a clock.
 *
 * What waits to be sent is bounded: pull it before each feed.  Without room for an answer feed takes nothing, so that a peer
 * that asks and never reads is not read either.
 */
#ifndef RFC2217_H
#define RFC2217_H

#include "telnet.h"

/* What is kept to be sent. */
#define RFC2217_SAY_MAX 512
/* Longest signature. */
#define RFC2217_TEXT_MAX 128

/* As the client numbers them; the server's are 100 more on the wire. */
enum rfc2217_command {
	RFC2217_SIGNATURE,	/* text; of none, asks for the other's */
	RFC2217_BAUD,		/* bit/s; 0 asks for it, as 0 does below, too */
	RFC2217_DATASIZE,	/* 5 to 8 */
	RFC2217_PARITY,		/* enum rfc2217_parity */
	RFC2217_STOPSIZE,	/* 1, 2; 3 is one and a half */
	RFC2217_CONTROL,	/* enum rfc2217_control */
	RFC2217_LINESTATE,	/* the server's; from a client it is a question, with no value */
	RFC2217_MODEMSTATE,	/* the same: enum rfc2217_state */
	RFC2217_SUSPEND,	/* no value: send no more data */
	RFC2217_RESUME,		/* no value */
	RFC2217_LINESTATE_MASK,
	RFC2217_MODEMSTATE_MASK,/* which changes the server tells */
	RFC2217_PURGE,		/* 1 received, 2 to be sent, 3 both */
};

enum rfc2217_parity { RFC2217_PARITY_NONE = 1, RFC2217_PARITY_ODD, RFC2217_PARITY_EVEN, RFC2217_PARITY_MARK, RFC2217_PARITY_SPACE };

enum rfc2217_control {
	RFC2217_FLOW_ASK,
	RFC2217_FLOW_NONE,
	RFC2217_FLOW_XONXOFF,
	RFC2217_FLOW_HARDWARE,
	RFC2217_BREAK_ASK,
	RFC2217_BREAK_ON,
	RFC2217_BREAK_OFF,
	RFC2217_DTR_ASK,
	RFC2217_DTR_ON,
	RFC2217_DTR_OFF,
	RFC2217_RTS_ASK,
	RFC2217_RTS_ON,
	RFC2217_RTS_OFF,
	RFC2217_INFLOW_ASK,
	RFC2217_INFLOW_NONE,
	RFC2217_INFLOW_XONXOFF,
	RFC2217_INFLOW_HARDWARE,
	RFC2217_FLOW_DCD,
	RFC2217_INFLOW_DTR,
	RFC2217_FLOW_DSR,
};

/* Bits of RFC2217_MODEMSTATE: levels, and below them what has changed since the last one. */
enum rfc2217_state {
	RFC2217_CTS_CHANGED = 0x01,
	RFC2217_DSR_CHANGED = 0x02,
	RFC2217_RI_ENDED = 0x04,
	RFC2217_DCD_CHANGED = 0x08,
	RFC2217_CTS = 0x10,
	RFC2217_DSR = 0x20,
	RFC2217_RI = 0x40,
	RFC2217_DCD = 0x80,
};

enum rfc2217_role { RFC2217_CLIENT, RFC2217_SERVER };

struct rfc2217 {
	enum rfc2217_role role;
	struct telnet telnet;
	size_t say_len;
	char say[RFC2217_SAY_MAX];
};

enum rfc2217_kind {
	RFC2217_MORE,	/* all bytes are taken, or there is no room for an answer */
	RFC2217_DATA,	/* bytes: in what was fed */
	RFC2217_EVENT,	/* command with value, or with bytes if it is a signature (valid until the next call) */
	RFC2217_OPTION,	/* option, end, change: as of telnet_event */
	RFC2217_BREAK,	/* telnet's own BRK */
	RFC2217_ECHOED,	/* the client's own request came back: the peer is no server, it echoes */
	RFC2217_FAULT,	/* why: what came has no meaning here; it is skipped */
};

struct rfc2217_event {
	enum rfc2217_kind kind;
	enum rfc2217_command command;
	uint32_t value;
	struct span bytes;
	uint8_t option;
	enum telnet_end end;
	enum telnet_change change;
	const char *why;	/* a constant string */
};

/* Nothing is agreed on yet; what opens the negotiation waits to be pulled. */
void rfc2217_init(struct rfc2217 *r, enum rfc2217_role role);

/* Take bytes from the front of in until there is an event or none is left; return how many.  Call again with the rest. */
size_t rfc2217_feed(struct rfc2217 *r, struct span in, struct rfc2217_event *out);

/* Take bytes to be sent, before any data encoded later.  Return how many. */
size_t rfc2217_pull(struct rfc2217 *r, char *into, size_t cap);

/* Whether the peer speaks COM-PORT-OPTION: requests and notifications mean something. */
bool rfc2217_is_on(const struct rfc2217 *r);

/* Whether data goes as it is, in both directions. */
bool rfc2217_is_binary(const struct rfc2217 *r);

/* Whether the peer has yet to answer something that we opened the negotiation with. */
bool rfc2217_is_settled(const struct rfc2217 *r);

/*
 * Say a command that carries a number, as this role: the client asks, the server answers and notifies.  Only the baud may be
 * above 255.  false: the option is not on, or there is no room.
 */
bool rfc2217_say(struct rfc2217 *r, enum rfc2217_command command, uint32_t value);

/* The same for a signature of at most RFC2217_TEXT_MAX bytes; of none, it asks for the other's. */
bool rfc2217_sign(struct rfc2217 *r, struct span text);

/* Data for the peer, as telnet_encode. */
size_t rfc2217_encode(const struct rfc2217 *r, struct span *data, char *into, size_t cap);

#endif
