/*
 * chat_host: a small host program, written as the manual and common sense want it.
 *
 *	dialogue --> chat_host --commands--> chat_link
 *	                at_reply <--bytes--
 *
 * It sends one command at a time, waits for its final result code as long as the manual says, reads the echo of what it sent, checks
 * every number twice where it can, and gives up at the first thing that is not as it should be.  It does not try again.
 */
#ifndef CHAT_HOST_H
#define CHAT_HOST_H

#include <stdint.h>

#include "at_reply.h"
#include "chat_link.h"

#define CHAT_DATA_MAX 400000
#define CHAT_COMMANDS_MAX 1500
/* Added to the manual's times: what the line may take. */
#define CHAT_PATIENCE_MS 20000u
/* A dialogue takes no longer. */
#define CHAT_TIME_MAX_US (UINT64_C(3600) * 1000000)
#define CHAT_NOTES_MAX 8

enum chat_verdict {
	CHAT_OK,
	CHAT_ERROR,	/* the module, the server, or a line that is not as it should be */
	CHAT_TIME_OUT,
};

/* A URC with its numbers: +HTTPACTION: 0,200,69 or +FTPGET: 1,1. */
struct chat_note {
	char name[16];
	int count;
	uint64_t number[3];
};

struct chat_host {
	struct chat_link *link;
	struct at_reply_parser parser;
	enum chat_verdict verdict;
	const char *why;		/* of a verdict that is not CHAT_OK */
	uint64_t begin_us;
	uint32_t commands, faults;
	bool echoed;			/* the command at hand */
	bool may_be_refused, refused;	/* it may be answered with ERROR; it was */
	int notes;
	struct chat_note note[CHAT_NOTES_MAX];
	uint32_t got;			/* bytes of payload, of all commands that kept theirs */
	size_t in_from, in_len;
	char in[1024];
	size_t info_len;		/* the last line of information text, or the prompt */
	char info[AT_LINE_MAX];
	char data[CHAT_DATA_MAX];
};

void chat_host_begin(struct chat_host *h, struct chat_link *link);

/* Send a command and wait for OK.  false: it did not come; the verdict says what came. */
bool chat_command(struct chat_host *h, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Send a command and wait for its prompt. */
bool chat_ask(struct chat_host *h, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Send data behind a prompt and wait for OK. */
bool chat_give(struct chat_host *h, struct span data, uint32_t limit_ms);

/* Wait for a URC of that name. */
bool chat_await(struct chat_host *h, const char *name, uint32_t limit_ms, struct chat_note *out);

/* The information text was NAME: with these numbers. */
bool chat_info_is(struct chat_host *h, const char *name, int count, const uint64_t *numbers);

/* Give up.  Always false. */
bool chat_fails(struct chat_host *h, enum chat_verdict verdict, const char *why);

#endif
