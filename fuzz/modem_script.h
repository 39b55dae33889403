/*
 * modem_script: what is done to the emulator, as text that a person can review.
 *
 *	bytes --> modem_script --> steps --> modem_play
 *
 *	# a remark
 *	AT+CSQ             a command line: sent with a CR; the next step comes when it is answered or asks for data
 *	=AT+CSQ\r\n        these bytes as they are (escapes of the case language), and the next step at once
 *	data 300 7         300 bytes of pattern 7, as a host sends behind a prompt; the next step as behind a line
 *	~500               500 ms pass
 *	~                  until the module says something, 200 s at most
 *	profile sim900     and world, set, fault, says, lost, reboot, dtr, as in a case
 *
 * Any bytes are a script: a line that is none of these is sent like a command line.
 */
#ifndef MODEM_SCRIPT_H
#define MODEM_SCRIPT_H

#include <stdint.h>

#include "modem.h"

enum script_kind {
	SCRIPT_LINE,	/* text */
	SCRIPT_BYTES,	/* text, its escapes not undone */
	SCRIPT_DATA,	/* number bytes of pattern */
	SCRIPT_WAIT,	/* number ms */
	SCRIPT_HEAR,
	SCRIPT_PROFILE,	/* text */
	SCRIPT_WORLD,	/* text */
	SCRIPT_SET,	/* name, text */
	SCRIPT_FAULT,	/* name, text */
	SCRIPT_SAYS,	/* where, text */
	SCRIPT_LOST,	/* number: the bearer */
	SCRIPT_REBOOT,
	SCRIPT_DTR,	/* number */
	SCRIPT_REMARK,
};

#define SCRIPT_DATA_MAX 20000
#define SCRIPT_WAIT_MAX_MS 1000000

/* Spans lie in the script. */
struct script_step {
	enum script_kind kind;
	struct span text, name;
	uint32_t number, pattern;
	enum modem_where where;
};

/* Take the next step off the front of rest.  false: nothing is left. */
bool script_next(struct span *rest, struct script_step *out);

/* Take a word, or a decimal number of at most 9 digits, and the blanks behind it off the front of s. */
struct span script_word(struct span *s);
bool script_number(struct span *s, uint32_t *out);

#endif
