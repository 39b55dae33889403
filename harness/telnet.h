/*
 * telnet: one end of a telnet connection (RFC 854, 855), as a value.
 *
 *	bytes of the peer --> telnet_feed --> events, and what must be answered
 *	data              --> telnet_encode --> bytes for the peer
 *
 * It knows framing and the negotiation of options.  What a subnegotiation means is its caller's business (rfc2217).
 * It never allocates, prints, or has a descriptor or a clock.  How the bytes are split over calls changes neither the data,
 * nor the events, nor the answers.
 *
 * Options are negotiated as RFC 1143 has it, so that no two ends answer each other for ever.  We never ask for an option to be
 * off, so that of its states three are left for each end of an option: off, asked for, on.
 */
#ifndef TELNET_H
#define TELNET_H

#include <stdint.h>

#include "span.h"

/* Longest subnegotiation kept, its option included.  A longer one is a TELNET_FAULT and is skipped. */
#define TELNET_SUB_MAX 256
/* Most that one event has to be answered with. */
#define TELNET_ANSWER_MAX 3

enum telnet_code {
	TELNET_SE = 240,
	TELNET_NOP = 241,
	TELNET_BRK = 243,
	TELNET_AYT = 246,
	TELNET_SB = 250,
	TELNET_WILL = 251,
	TELNET_WONT = 252,
	TELNET_DO = 253,
	TELNET_DONT = 254,
	TELNET_IAC = 255,
};

enum telnet_option {
	TELNET_BINARY = 0,	/* RFC 856 */
	TELNET_ECHO = 1,	/* RFC 857 */
	TELNET_SGA = 3,		/* RFC 858 */
	TELNET_COM_PORT = 44,	/* RFC 2217 */
};

/* Options from here on are always refused. */
#define TELNET_OPTIONS 64

#define TELNET_BIT(option) (UINT64_C(1) << (option))

enum telnet_end { TELNET_OURS, TELNET_THEIRS, TELNET_ENDS };

/* So often is an option agreed to that the peer wants: two ends that change their minds at once would follow each other for ever. */
#define TELNET_AGREED_MAX 32

/* Options as bits, for each end; an option is not both on and asked. */
struct telnet {
	uint64_t may[TELNET_ENDS];	/* what is agreed to; the caller's to set */
	uint64_t on[TELNET_ENDS];
	uint64_t asked[TELNET_ENDS];	/* we asked for it, and the answer is not there yet */
	enum { TELNET_AT_DATA, TELNET_AT_IAC, TELNET_AT_VERB, TELNET_AT_SUB, TELNET_AT_SUB_IAC } at;
	uint8_t verb;			/* of TELNET_AT_VERB */
	uint8_t agreed;			/* so often so far */
	bool after_cr;			/* a CR was the last of the data, and that data is not binary */
	bool sub_long;			/* the subnegotiation is longer than kept */
	uint16_t sub_len;
	char sub[TELNET_SUB_MAX];
};

enum telnet_kind {
	TELNET_MORE,	/* all bytes are taken, and nothing is complete */
	TELNET_DATA,	/* bytes: in what was fed */
	TELNET_COMMAND,	/* code: one of no argument: NOP, BRK, AYT ... */
	TELNET_CHANGE,	/* code, end, change: an option was negotiated */
	TELNET_SUBNEGOTIATION,	/* code: the option; bytes: what it says, valid until the next call */
	TELNET_FAULT,	/* why: what came is no telnet; it is skipped */
};

enum telnet_change {
	TELNET_ON,	/* both agree */
	TELNET_OFF,	/* it was on */
	TELNET_REFUSED,	/* the peer will not do what we asked for */
	TELNET_DECLINED,/* we will not do what the peer asked for */
};

struct telnet_event {
	enum telnet_kind kind;
	uint8_t code;
	enum telnet_end end;
	enum telnet_change change;
	struct span bytes;
	const char *why;	/* a constant string */
	size_t answer_len;	/* to be sent, whatever the kind; 0 for nothing */
	char answer[TELNET_ANSWER_MAX];
};

/* Nothing is on; ours and theirs are the options agreed to at either end, as TELNET_BITs. */
void telnet_init(struct telnet *t, uint64_t ours, uint64_t theirs);

/* Take bytes from the front of in until there is an event or none is left; return how many.  Call again with the rest. */
size_t telnet_feed(struct telnet *t, struct span in, struct telnet_event *out);

/* Ask for an option below TELNET_OPTIONS at this end.  Return how many bytes are to be sent: 3, or 0 when it is on or asked for. */
size_t telnet_ask(struct telnet *t, enum telnet_end end, uint8_t option, char into[TELNET_ANSWER_MAX]);

bool telnet_is_on(const struct telnet *t, enum telnet_end end, uint8_t option);

/*
 * Data for the peer, IAC doubled and, unless our data is binary, CR followed by NUL: as much of the front of *data as fits.
 * Return how many bytes were written; *data is what is left.
 *
 * While the answer to our asking for binary is under way, the peer may read either way: then CR goes alone, which is
 * the same in both unless a NUL follows it.
 */
size_t telnet_encode(const struct telnet *t, struct span *data, char *into, size_t cap);

#endif
