/*
 * wire_rfc2217: what the files of that wire share: wire_rfc2217.c has its bytes, wire_rfc2217_open.c what is agreed on before.
 */
#ifndef WIRE_RFC2217_H
#define WIRE_RFC2217_H

#include "rfc2217.h"
#include "wire_stream.h"

/* So long for each answer to a request. */
#define WIRE_RFC2217_ANSWER_US 1000000u
/* What came before COM-PORT-OPTION was on, kept to be shown. */
#define WIRE_RFC2217_FIRST_MAX 96

struct wire_rfc2217 {
	struct wire_stream stream; /* first */
	struct rfc2217 codec;
	bool sending;         /* in the middle of data: answers must wait */
	bool agreed;          /* COM-PORT-OPTION is on, and was asked about the port */
	bool refused;         /* the peer will not have it */
	bool echoed;          /* our own requests came back */
	bool suspended;       /* the server wants no data for now */
	bool without_control; /* it does not answer SET-CONTROL */
	uint8_t state;        /* enum rfc2217_state, the last */
	uint8_t seen;         /* all that was ever set */
	uint32_t answers;     /* bit (1 << command): it was answered */
	uint32_t answer[RFC2217_PURGE + 1];
	size_t out_len, first_len;
	char out[2 * RFC2217_SAY_MAX]; /* answers and requests on their way */
	char first[WIRE_RFC2217_FIRST_MAX];
};

/* All of what waits to be answered or asked.  -1: lost. */
int wire_rfc2217_send(struct wire_rfc2217 *w, struct err *e);

/* Ask, and wait for the answer to command.  0: it is in w->answer, 1: there is none, -1: lost. */
int wire_rfc2217_request(struct wire_rfc2217 *w, enum rfc2217_command command, uint32_t value, struct err *e);

/* The same for SET-CONTROL; 1: it was answered otherwise, too.  A server that answers one of them not at all is not waited for again. */
int wire_rfc2217_control(struct wire_rfc2217 *w, enum rfc2217_control value, struct err *e);

/* Until the server has said yes or no to all options.  0, 1: it hung up, -1: it is none; e says why. */
int wire_rfc2217_agree(struct wire_rfc2217 *w, struct err *e);

/* The port as it is to be.  The baud is left as the server has it, if none was given.  Results as above. */
int wire_rfc2217_set_up(struct wire_rfc2217 *w, struct err *e);

#endif
