/*
 * at_reply: give the lines a module says their meaning.
 *
 *	bytes --> at_lexer --> tokens --> at_reply --> replies --> at_fields
 *
 * A reply is one line (echo, information text, final result code, unsolicited
 * result code, prompt), one piece of a payload, or a fault.  Which of these a
 * line is depends on the command that is pending: tell at_reply_expect what was
 * sent, or let it learn from the echo.  The rules:
 *
 * - a final result code ends what is pending;
 * - with a command pending, a line is information text when the command answers
 *   with that prefix or with free text (AT+GMR, AT+CGSN, ...);
 * - a line that is a URC whatever is pending (+HTTPACTION: m,s,n, +FTPGET: 1,...)
 *   stays a URC; without a pending command every known prefix is one;
 * - DOWNLOAD, +FTPPUT: 2,n and +FTPEXTPUT: p,n are prompts;
 * - +HTTPREAD: n, +HTTPHEAD: n, +FTPGET: 2,n and +FTPLIST: 2,n are followed by n
 *   bytes of payload, and only the count ends them;
 * - all else is a fault: start-up bytes, NULs, stray text, a length that is no
 *   number or absurd, a line longer than AT_LINE_MAX.  Noise is given when
 *   something else (or the end) follows, since a run of it is one fault.
 *
 * It never allocates, prints, or reads a clock, and memory is bounded by the
 * struct.  How the bytes are split over calls does not change the replies,
 * except that a payload comes in pieces, whose concatenation does not change.
 */
#ifndef AT_REPLY_H
#define AT_REPLY_H

#include <stdint.h>

#include "at_codes.h"
#include "at_lexer.h"
#include "at_noise.h"
#include "span.h"

enum at_reply_kind {
	AT_REPLY_MORE,		/* nothing yet: feed more */
	AT_REPLY_ECHO,		/* text: the command as echoed, without its CR */
	AT_REPLY_INFO,
	AT_REPLY_FINAL,
	AT_REPLY_URC,
	AT_REPLY_PROMPT,
	AT_REPLY_PAYLOAD,	/* text: one piece; see done, length and last */
	AT_REPLY_FAULT,		/* text: its first bytes (at most AT_LINE_MAX); why says what is wrong */
};

/* How the module's framing is judged. */
enum at_mode {
	AT_LENIENT,	/* live with it: blanks missing, LF or CR CRLF line ends, boot noise, NULs */
	AT_STRICT,	/* <CR><LF>text<CR><LF>, to the byte: each deviation is a fault of its own beside the reply */
};

struct at_reply {
	enum at_reply_kind kind;
	enum at_final final;	/* AT_REPLY_FINAL: which one (at_codes.h) */
	int cme;		/* AT_REPLY_FINAL: number of a +CME or +CMS error, -1 for an unknown text */
	bool last;		/* AT_REPLY_PAYLOAD: this piece completes it */
	struct span text;	/* without framing; valid until the next call, or as long as the bytes fed */
	uint64_t offset;	/* where text begins, counted from the first byte ever fed */
	uint64_t length;	/* of the whole line, payload or fault, in bytes */
	uint64_t done;		/* AT_REPLY_PAYLOAD: bytes of it that came before this piece */
	const char *why;	/* AT_REPLY_FAULT: a constant string */
};

#define AT_PENDING_MAX 39	/* commands remembered of one command line; SIM800 takes as many (manual V1.12, 1.4) */
#define AT_SENT_MAX 600		/* bytes remembered of one command line; SIM800 takes 556 after AT (manual 1.4) */

/* One command of the command line that is pending. */
struct at_pending {
	const struct at_command_facts *facts;	/* NULL: not in the table, answers with its own name */
	struct span name;			/* in sent */
	bool test;				/* =? */
	bool free;				/* answers with free text, too */
};

/*
 * The parser, owned by the caller; nothing in it needs to be given back.  It
 * points into itself: do not copy one that is in use.  Fields are the parser's.
 */
struct at_reply_parser {
	enum at_mode mode;
	bool verbose;				/* ATV1 */
	bool pending;
	bool told;				/* at_reply_expect named what is pending, and its echo has not come */
	bool ordinary;				/* lenient, and nothing is open: the next line may take the short way */
	bool head;				/* <CR><LF> has come since the last line: the next one is framed */
	enum at_reply_kind previous;		/* of the last line, or PAYLOAD after one that announced it */
	int pending_count;
	struct at_pending commands[AT_PENDING_MAX];
	size_t sent_len;
	char sent[AT_SENT_MAX];			/* the last command line */
	char stray[AT_SENT_MAX];		/* what was sent last that is no command; its echo may still come */
	int queued, given;			/* replies of queue, and how many of them were given */
	struct at_reply queue[4];		/* one line's: noise before it, its head, itself, its end */
	struct at_noise noise;
	char framing[4];			/* text of a framing fault: the first bytes of it */
	struct at_lexer lexer;
};

/* Start over: nothing pending, echo not known, offset 0. */
void at_reply_init(struct at_reply_parser *p, enum at_mode mode);

/*
 * Say what was sent: a command line without its terminator ("AT+CSQ;+HTTPREAD").
 * It is pending until a final result code, and takes the place of one that is
 * pending.  The line is copied.  What does not begin with AT is no command: it
 * is never pending, only its echo is known, until a final result code; a command may follow at once.
 * An empty line: nothing is pending any more, as its time is over, or as ATQ1 keeps result codes back.
 */
void at_reply_expect(struct at_reply_parser *p, struct span command);

/* Say that the module is in ATV0 (numeric) or ATV1 (verbose) mode.  Verbose is the default. */
void at_reply_verbose(struct at_reply_parser *p, bool verbose);

/* Whether a command is pending: no final result code has come for it yet. */
bool at_reply_pending(const struct at_reply_parser *p);

/* at_reply_feed without its short way. */
size_t at_reply_feed_any(struct at_reply_parser *p, struct span in, struct at_reply *out);

/*
 * Take bytes from the front of in until there is a reply or no byte is left.
 * Return how many were taken; call again with the rest while out->kind is not
 * AT_REPLY_MORE (a call may give a reply and take nothing).
 */
inline size_t
at_reply_feed(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	uint64_t left = p->lexer.data - p->lexer.data_done;

	/* most bytes are in the middle of a payload, where nothing is kept: all of in is a piece of it */
	if (p->lexer.data_done < AT_LINE_MAX || in.len == 0 || in.len >= left)
		return at_reply_feed_any(p, in, out);
	*out = (struct at_reply){ .kind = AT_REPLY_PAYLOAD,
		.cme = -1,
		.text = in,
		.offset = p->lexer.taken,
		.length = p->lexer.data,
		.done = p->lexer.data_done };
	p->lexer.taken += in.len;
	p->lexer.data_done += in.len;
	return in.len;
}


/*
 * Another reply waits that needs no more bytes.  A caller who counts cycles asks this instead of calling
 * at_reply_feed until AT_REPLY_MORE: do { n = at_reply_feed(...); } while (bytes are left || at_reply_waiting(p)).
 */
static inline bool
at_reply_waiting(const struct at_reply_parser *p)
{
	return p->given < p->queued;
}

/*
 * The stream has ended: give what is unfinished (a line without its end, a
 * payload cut short) as faults.  Call until AT_REPLY_MORE.
 */
void at_reply_end(struct at_reply_parser *p, struct at_reply *out);

/*
 * What has come and is not a reply yet: a line that is not complete, or noise, whose run
 * lasts until something else comes.  Empty when there is neither.
 */
struct span at_reply_partial(const struct at_reply_parser *p);

#endif
