/*
 * reference_lexer: the rules of at_lexer.h once more, with the whole stream at hand.
 *
 *	whole stream --> reference_lexer --> tokens
 *
 * It looks ahead as far as it likes, remembers nothing but where it stands, and copies nothing: another
 * technique than at_lexer's, slower, and meant to be read beside the rules.
 */
#ifndef REFERENCE_LEXER_H
#define REFERENCE_LEXER_H

#include "at_lexer.h"

/* What a line of the stream asks of the lexer for what follows it, so that a stream says all by itself. */
enum reference_order {
	ORDER_NONE,
	ORDER_DATA,		/* "data 12": so many bytes of raw data follow; 0 asks for nothing */
	ORDER_NUMERIC,		/* "numeric": ATV0 from here on */
	ORDER_VERBOSE,		/* "verbose": ATV1 */
	ORDER_ECHO,		/* "echo HTTPTERM": this was sent without AT; "echo " alone: nothing was */
};

struct reference_token {
	enum at_kind kind;	/* AT_LINE, AT_DATA (all of it), AT_CUT */
	bool raw, lf;
	size_t cr;		/* AT_LINE and AT_CUT: CRs behind the text */
	size_t at, length;	/* of the whole text in the stream */
	enum reference_order order;
	uint64_t count;		/* ORDER_DATA */
	struct span echo;	/* ORDER_ECHO; lies in the stream */
};

struct reference_lexer {
	struct span stream;
	size_t at;
	bool numeric;
	struct span echo;
	uint64_t data;
};

void reference_lexer_init(struct reference_lexer *r, struct span stream);

/* The next token; false: none is left.  CRs at the very end, behind no text, are no token. */
bool reference_lexer_next(struct reference_lexer *r, struct reference_token *out);

/* The line without what a module sends while it starts, control bytes and bytes from 0x80 up in front. */
struct span reference_without_junk(struct span line);

/* AT in any case, or A/ alone. */
bool reference_is_echo(struct span line);

/* The line ends at its first CR, whatever follows: an echoed command, the digit of a numeric result code, what was sent without AT. */
bool reference_ends_at_cr(struct span line, bool numeric, struct span echo);

/*
 * All that holds for at_lexer on this stream: its tokens are the reference's whatever the cuts, every byte
 * is in one token and in order, partial shows what is not complete.  oracle_fail when something does not.
 */
void check_lexer(struct span stream);

#endif
