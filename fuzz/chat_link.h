/*
 * chat_link: a bad line between a host and the emulator, in virtual time.
 *
 *	host <-- chat_link --> modem --> world
 *
 * Both ways it counts bytes; at a count, or with a chance, it loses, doubles, flips, puts a NUL in, rests, or lets the module say
 * something unasked.  It knows what it did, and whether that was within a payload.
 */
#ifndef CHAT_LINK_H
#define CHAT_LINK_H

#include <stdint.h>

#include "at_reply.h"
#include "modem.h"
#include "modem_far.h"
#include "prng.h"
#include "world_sim.h"

#define CHAT_EVENTS_MAX 32
#define CHAT_PIECE_MAX 4096
#define CHAT_PAUSES_MAX 8
#define CHAT_PAUSE_MAX_MS 1000
/* Lines said unasked: with more there is no time left for answers. */
#define CHAT_URCS_MAX 32
/* What one receive may wait for, in steps of the emulator: more is a hang. */
#define CHAT_STEPS_MAX 200000

enum chat_event_kind { CHAT_LOSE, CHAT_DOUBLE, CHAT_FLIP, CHAT_NUL, CHAT_PAUSE, CHAT_URC };

struct chat_event {
	enum chat_event_kind kind;
	bool to_host;		/* "<"; ">": to the module */
	bool done;		/* a pause at a count, which comes once */
	uint64_t at;		/* before or at the byte of that count ... */
	uint32_t one_in;	/* ... or, not 0, at each byte with this chance */
	uint32_t argument;	/* LOSE: bytes; FLIP: bit; PAUSE: ms */
	struct span text;	/* URC; in the script */
	enum modem_where where;
};

struct chat_way {
	uint64_t bytes;		/* that went in */
	uint32_t losing;	/* so many more are lost */
};

/* It belongs to its caller, who sets nothing in it; world is kept from chat to chat. */
struct chat_link {
	struct world_sim *world;	/* owned */
	uint64_t now_us;
	uint64_t rest_until_us;		/* nothing reaches the host before */
	uint32_t rest_ms;		/* to rest when what is ready has been delivered */
	int pauses, urcs;
	struct prng chance, cuts;	/* of the events; of what one receive gives */
	int events;
	struct chat_event event[CHAT_EVENTS_MAX];
	struct chat_way to_host, to_module;
	bool damaged;			/* bytes were not what was said or sent */
	bool payload_damaged;		/* ... within a payload or the data behind a prompt */
	bool blind;			/* a fault of the module's own may have done either */
	struct at_reply_parser clean;	/* reads what the module says before the line spoils it */
	size_t said_from, said_len;	/* of said: on their way into the line */
	size_t ready_from, ready_len;	/* of ready: out of it, on their way to the host */
	char said[CHAT_PIECE_MAX], ready[4 * CHAT_PIECE_MAX];
	bool payload[CHAT_PIECE_MAX];
	struct modem_far far;
	struct modem m;
};

/* A module on a line as the script wants it, powered on a second ago.  cuts: how what comes is cut, which is to change nothing. */
void chat_link_begin(struct chat_link *l, struct span script, uint64_t cuts);

/* The host sends. */
void chat_link_send(struct chat_link *l, struct span bytes);

/* Wait for bytes, at most until then: how many came; 0: the time is over. */
size_t chat_link_receive(struct chat_link *l, char *into, size_t cap, uint64_t until_us);

#endif
