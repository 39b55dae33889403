/*
 * at_lexer: cut what a module says into lines and raw data.
 *
 *	bytes --> at_lexer --> tokens --> at_reply --> replies
 *
 * V.250 frames a response as <CR><LF>text<CR><LF>.  The lexer cuts at the line
 * ends and says which bytes each one was, so that framing can be judged and
 * noise shown as it came.  It does not know what a line means; that is
 * at_reply's business.
 *
 * A line ends at LF, with the CRs right before it.  A CR without LF ends only
 * what the field ends so: an echoed command (V.250 5.2.1) and the digit of a
 * numeric result code (5.7.1).  It also ends a line before an A, with which an
 * echo may begin: junk without AT is echoed, too.  Any other CR is part of its line.
 *
 * It never allocates, prints, or reads a clock.  How the bytes are split over
 * calls does not change the tokens, except that raw data comes in pieces.
 */
#ifndef AT_LEXER_H
#define AT_LEXER_H

#include <stdint.h>

#include "span.h"

/* Longest line kept, in bytes.  A longer one is a fault with its true length, never a shorter line.  Firmware may set less, at least 64. */
#ifndef AT_LINE_MAX
#define AT_LINE_MAX 2048
#endif
_Static_assert(AT_LINE_MAX >= 64, "AT_LINE_MAX: at least 64, so that every line that means something fits");

enum at_kind {
	AT_MORE,	/* nothing yet: feed more */
	AT_LINE,	/* a line, also an empty one */
	AT_DATA,	/* a piece of raw data */
	AT_CUT,		/* at_lexer_end only: a line, or raw data, that the stream did not complete */
};

struct at_token {
	enum at_kind kind;
	bool raw;		/* AT_CUT: raw data, not a line */
	bool last;		/* AT_DATA: completes the data asked for */
	bool lf;		/* AT_LINE: an LF ended it; else a CR, or the end of the stream */
	uint64_t cr;		/* AT_LINE: so many CRs before that LF (or one CR that ended it) */
	struct span text;	/* at most AT_LINE_MAX bytes; a line's is valid until the next call, a piece lies in the bytes fed */
	uint64_t offset;	/* of text, from the first byte ever fed */
	uint64_t length;	/* of the whole line, or of all the data asked for (AT_CUT: of what came) */
	uint64_t done;		/* AT_DATA: bytes of it that came before this piece */
};

/* Owned by the caller; nothing in it needs to be given back. */
struct at_lexer {
	uint64_t taken;		/* bytes ever fed */
	uint64_t length;	/* of the line so far, CRs that are undecided not counted */
	uint64_t cr;		/* CRs behind it, of which the next byte decides whether they end it */
	uint64_t data;		/* bytes of raw data asked for; 0: lines */
	uint64_t data_done;	/* of which have come */
	bool broken;		/* the line has a CR inside */
	bool numeric;		/* ATV0: a digit's CR ends its line at once */
	struct span echo;	/* a line that is this text ends at its CR, too: what was sent without AT is echoed all the same */
	char line[AT_LINE_MAX];	/* the first bytes of the line (or of the raw data) */
};

void at_lexer_init(struct at_lexer *lx);

/*
 * Take bytes from the front of in until there is a token or no byte is left.
 * Return how many were taken.  Call again with the rest while out->kind is not AT_MORE.
 */
size_t at_lexer_feed(struct at_lexer *lx, struct span in, struct at_token *out);

/* The next count bytes (at least 1) are raw data.  Call it between two lines: right after the line that announces them. */
void at_lexer_data(struct at_lexer *lx, uint64_t count);

/* The stream has ended: one AT_LINE (a numeric result code's CR was the last byte) or AT_CUT, then AT_MORE. */
void at_lexer_end(struct at_lexer *lx, struct at_token *out);

/* What has come of a line that is not complete yet, at most AT_LINE_MAX bytes; valid until the next call. */
struct span at_lexer_partial(const struct at_lexer *lx);

/*
 * How many bytes at the front of a line are no text: the bytes a module sends while it starts
 * (00 49 49 49 49 FF FF FF FF, manual introduction), control bytes, bytes from 0x80 up.
 */
size_t at_lexer_junk(struct span line);

/* The line is an echoed command by its looks: AT in any case, or A/. */
bool at_lexer_is_echo(struct span line);

#endif
