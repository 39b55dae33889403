/*
 * modem_judge: a host that is strict about what the emulator says.
 *
 *	bytes the emulator says --> modem_judge --> nothing, or the oracle that failed
 *
 * It is told of each command line when the emulator begins it, reads the answers with the strict parser, and fails
 *
 *	strict		a fault of any kind: framing, noise, a length that does not fit its payload
 *	one-final	a command line without its final result code, with two, or a final without a command line
 *	response-time	a command line that is not answered within the time of its commands
 *	known		a line, a number or a result code that the tables do not have
 *	payload		bytes that are not those of the buffer, or not those that the server gave
 *	gap		an unsolicited line too close behind an answer
 *	bounded		more bytes than a line of that length and that time can bring
 *
 * What a planted fault has spoilt, and the line in which ATE, ATV or ATQ changes how answers look beside other commands, is only
 * counted.
 */
#ifndef MODEM_JUDGE_H
#define MODEM_JUDGE_H

#include <stdint.h>

#include "at_reply.h"
#include "modem.h"
#include "modem_far.h"

struct modem_judge {
	struct at_reply_parser parser;
	struct modem *m;
	struct modem_far *far;
	bool loose;		/* what comes is not read, until the line is free again */
	bool pending;		/* a command line runs */
	bool single;		/* it is one command */
	bool may_stay_mute;	/* it ends without a final result code: AT+CIFSR, AT+CPOWD=0 */
	int finals;		/* of it so far */
	uint32_t serial;	/* of the last line seen */
	uint64_t deadline_us;
	uint64_t quiet_until_us;	/* after the last answer: no URC of a session comes before */
	uint32_t noise;		/* bytes of the start-up noise that are still to come */
	uint64_t said, allowed;	/* bytes */
	uint64_t begin_us;
	uint64_t actions, sessions;	/* +HTTPACTION lines, ends of FTP sessions */
	uint32_t line_len;
	char line[MODEM_TYPED_MAX + 2];
};

/* The emulator is silent, with echo off, and nothing was sent. */
void modem_judge_begin(struct modem_judge *j, struct modem *m, struct modem_far *far, uint64_t now_us);

/* It has said this. */
void modem_judge_says(struct modem_judge *j, struct span bytes, uint64_t now_us);

/* Everything said has been pulled: see what has begun and ended. */
void modem_judge_look(struct modem_judge *j, uint64_t now_us);

/* It restarts now: what was pending is forgotten. */
void modem_judge_restart(struct modem_judge *j, bool power_on);

/* The end: nothing may be left half said. */
void modem_judge_end(struct modem_judge *j);

/* A line that comes unasked is one that the tables have, with numbers in range. */
void modem_judge_urc(struct modem_judge *j, struct span line, uint64_t now_us);

/* There were no more results than actions, and no more ends than sessions. */
void modem_judge_counts(const struct modem_judge *j);

/* Whether a script may put this line in: one that modem_judge_urc knows and that no command answers with a payload. */
bool modem_judge_knows(struct span line);

#endif
