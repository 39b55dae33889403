/*
 * at_codes: result codes, error numbers and the commands of the field, as tables.
 *
 * Shared by both sides: the parser classifies with them, the emulator answers
 * with them, lint knows commands and response times from them.
 *
 * Sources: V.250 5.7.1, SIM800 AT Command Manual V1.09 chapters 2, 11, 12, 19, 20.
 */
#ifndef AT_CODES_H
#define AT_CODES_H

#include <stdint.h>

#include "span.h"

/* Final result codes, in the order of their V.250 digits where they have one. */
enum at_final {
	AT_FINAL_NONE,
	AT_FINAL_OK,		/* 0 */
	AT_FINAL_CONNECT,	/* 1 */
	AT_FINAL_NO_CARRIER,	/* 3 */
	AT_FINAL_ERROR,		/* 4 */
	AT_FINAL_NO_DIALTONE,	/* 6 */
	AT_FINAL_BUSY,		/* 7 */
	AT_FINAL_NO_ANSWER,	/* 8 */
	AT_FINAL_PROCEEDING,	/* 9 */
	AT_FINAL_CME_ERROR,	/* +CME ERROR: n or text */
	AT_FINAL_CMS_ERROR,	/* +CMS ERROR: n or text */
	AT_FINAL_SHUT_OK,	/* SHUT OK: AT+CIPSHUT's own final */
	AT_FINAL_POWER_DOWN,	/* NORMAL POWER DOWN: AT+CPOWD=1's own final */
	AT_FINAL_MAX
};

/* The whole line is a final result code (a prefix match only for CONNECT and its rate): which, or AT_FINAL_NONE.  cme as in at_reply.h. */
enum at_final at_final_of(struct span line, int *cme);

/* The line is a numeric result code of ATV0 ("0", "4", ...): which, or AT_FINAL_NONE. */
enum at_final at_final_of_digit(struct span line);

/* What a result code reads as with ATV1 ("OK") and the digit of ATV0; digit is -1 where V.250 has none. */
struct span at_final_text(enum at_final final);
int at_final_digit(enum at_final final);

struct at_cme {
	int number;
	const char *text;	/* as +CMEE=2 prints it */
};

/* The error table of manual chapter 19.1, ascending by number. */
extern const struct at_cme at_cme_table[];
extern const size_t at_cme_count;

/* The text of a number, or NULL. */
const char *at_cme_text(int number);
/* The number of a text, or -1. */
int at_cme_number(struct span text);

/* How the answer to a command begins. */
enum at_answer {
	AT_ANSWER_NONE,		/* result code only */
	AT_ANSWER_PREFIX,	/* its own name and a colon: AT+CSQ -> +CSQ: */
	AT_ANSWER_FREE,		/* free text, one or more lines: ATI, AT+GSN, AT+CGMR */
	AT_ANSWER_BOTH,		/* its prefix, then lines of free text: AT+HTTPSCONT?, AT+SAPBR=4 */
};

#define AT_STEM_MAX 16	/* a name of a command, or other stem of a line (at_stems.h), is shorter, in bytes */

/* What a line with a known stem may be.  Those from AT_SAYS_ERROR on stand before a colon, the others are the whole line. */
enum at_says {
	AT_SAYS_FINAL = 1,	/* a final result code */
	AT_SAYS_PROMPT = 2,	/* a prompt */
	AT_SAYS_URC = 4,	/* a URC whatever is pending */
	AT_SAYS_ERROR = 8,	/* a final result code, its number or text behind the colon */
	AT_SAYS_UNASKED = 16,	/* a URC unless the command of that name is pending */
	AT_SAYS_ANSWER = 32,	/* the answer to the command of that name */
	AT_SAYS_ACTION = 64,	/* a URC whatever is pending, if a digit follows: +HTTPACTION: 0,200,69 */
	AT_SAYS_STEP = 128,	/* a URC whatever is pending, if 1, follows, as the step of an FTP session ends: +FTPGET: 1,0 */
	AT_SAYS_BYTES = 256,	/* announces a payload, or asks for one (at_meaning.c) */
};

/* Which line announces bytes. */
enum at_bytes {
	AT_BYTES_HTTPREAD,
	AT_BYTES_HTTPHEAD,
	AT_BYTES_FTPGET,
	AT_BYTES_FTPLIST,
	AT_BYTES_FTPPUT,
	AT_BYTES_FTPEXTPUT,
};

/*
 * A command as a host knows it, or another stem of a line.  response_ms is the longest time to the
 * final result code that the manual states, or AT_RESPONSE_MS where it states none.
 */
struct at_command_facts {
	char name[AT_STEM_MAX];	/* "+HTTPREAD", "I", "&F"; zeros behind it */
	uint16_t says;		/* enum at_says */
	uint8_t which;		/* AT_SAYS_FINAL: enum at_final; AT_SAYS_BYTES: enum at_bytes */
	uint8_t answer;		/* enum at_answer */
	uint32_t response_ms;
	const char *clause;
	const char *free_when;	/* AT_ANSWER_BOTH: free text only where this follows the name ("?", "=4") */
};

#define AT_RESPONSE_MS 5000	/* the manual states nothing: a generous bound of our own */

/* The commands, in ASCII order of their names; behind them, up to at_stem_count, the stems that are no command. */
extern const struct at_command_facts at_commands[];
extern const size_t at_command_count, at_stem_count;

/*
 * The command a command line begins with: line is "AT+FTPGET=2,1024;+CSQ" or, after
 * the first, "+CSQ".  rest, unless NULL, is what follows this command's separator, with rest->len 0
 * at the end; quotes are minded.  NULL for a command that is not in the table.
 */
const struct at_command_facts *at_command_of(struct span line, struct span *rest);

/* A command taken off a command line, as far as its end is concerned; spans lie in that line. */
struct at_command_text {
	struct span name;	/* "+HTTPREAD", "E", "&F", "S3", as typed */
	struct span arguments;	/* what follows the name: "=0,40", "?", "1" */
	struct span rest;	/* what follows the command and its separator */
};

/* Take the first command off a line, with AT before it or not.  false: nothing is left. */
bool at_command_cut(struct span line, struct at_command_text *out);

/* Where the command that s begins with ends: at the first semicolon outside quotes, or at s.len. */
size_t at_command_end(struct span s);

/* The facts of a name, in any case; NULL for a name that is not in the table. */
const struct at_command_facts *at_command_named(struct span name);

/*
 * The longest time in ms to the final result code of a whole command line: the sum over its
 * commands, by what each is to do (AT+SAPBR=1 85 s, =0 65 s, =2 AT_RESPONSE_MS).
 */
uint32_t at_response_ms(struct span line);

/*
 * The line is an unsolicited result code by its text or prefix: RING, +SAPBR 1: DEACT, +HTTPACTION: 0,200,69,
 * +FTPGET: 1,1, +CREG: 5.  So is +CREG: 0,1: whether it was asked for is not seen here.
 */
bool at_urc_of(struct span line);

/* The same without those that are also an answer (+CREG:, +CPIN:, +CFUN:): a URC whatever is pending. */
bool at_urc_always(struct span line);

/* What stands before the colon of a line: "+HTTPREAD" of "+HTTPREAD: 69"; empty where there is no such thing. */
struct span at_prefix_of(struct span line);

/* Equal but for the case of ASCII letters. */
bool at_same(struct span a, struct span b);

/* s before (below 0), equal to (0) or behind (above 0) text in ASCII order, without regard to case. */
int at_order(struct span s, const char *text);

/* s is text (NUL-terminated), or begins with it. */
bool at_is(struct span s, const char *text);
bool at_begins(struct span s, const char *text);

#endif
