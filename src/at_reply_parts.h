/*
 * at_reply_parts: what the files of at_reply share, and private to them.
 *
 *	bytes --> at_reply_feed.c, if the line is an ordinary one --> replies
 *	      \-> at_reply.c, whatever it is --> at_reply_line.c --> replies
 *	                         at_reply_pending.c, what the host waits for -^
 *
 * at_reply.c and at_reply_line.c are the grammar: they take every byte, and what they give is right.  at_reply_feed.c knows the short ways.
 */
#ifndef AT_REPLY_PARTS_H
#define AT_REPLY_PARTS_H

#include "at_lexer_parts.h"
#include "at_reply.h"

/* An echo makes a command pending, unless it is that of what at_reply_expect named (at_reply_pending.c). */
void at_reply_echoed(struct at_reply_parser *p, struct span line);

/* at_reply_line.c: queue what this gives, and do what follows from it. */
void at_reply_line(struct at_reply_parser *p, const struct at_token *t);
void at_reply_noise(struct at_reply_parser *p, const struct at_token *t);	/* a line that is known to mean nothing */
void at_reply_noise_ends(struct at_reply_parser *p);	/* something else follows, or the end */
void at_reply_cut(struct at_reply_parser *p, const struct at_token *t);

/* As at_reply_feed. */
size_t at_reply_by_grammar(struct at_reply_parser *p, struct span in, struct at_reply *out);

/* The same, where in does not begin between two lines, or something is open. */
size_t at_reply_go_on(struct at_reply_parser *p, struct span in, struct at_reply *out);

/* The same in lenient mode, where in begins with head bytes of <CR><LF> and a line that does not end in it, or not in an ordinary way. */
size_t at_reply_begin(struct at_reply_parser *p, struct span in, size_t head, struct at_reply *out);

/*
 * The same in lenient mode, where out->text is the line at the front of in (its <CR><LF> may stand before it, and stands behind it)
 * and row is that of its stem (or NULL), but the meaning depends on more.  out has text, offset and length.
 */
size_t at_reply_by_row(struct at_reply_parser *p, struct span in, struct at_reply *out, const struct at_command_facts *row);

/* Whether the next line may take the short way; said again at the end of each call that could have changed it. */
static inline void
at_reply_settle(struct at_reply_parser *p)
{
	/* the echo of what is no command may be any line */
	p->ordinary = p->mode == AT_LENIENT && p->queued == 0 && !p->noise.open && p->lexer.echo.len == 0 && !at_lexer_inside(&p->lexer);
}

/* The next reply of the queue, if there is one. */
static inline bool
at_reply_give(struct at_reply_parser *p, struct at_reply *out)
{
	if (p->given == p->queued)
		return false;
	*out = p->queue[p->given++];
	if (p->given == p->queued)
		p->given = p->queued = 0;
	return true;
}

/* A final result code came: nothing is pending. */
static inline void
at_reply_over(struct at_reply_parser *p)
{
	p->pending = false;
	p->told = false;
	p->pending_count = 0;
	p->lexer.echo = SPAN("");
}

static inline void
at_reply_payload(struct at_reply_parser *p, uint64_t length)
{
	p->ordinary = false;
	at_lexer_data(&p->lexer, length);
	p->previous = AT_REPLY_PAYLOAD;
}

/* Give the piece of a payload at the front of in, which is not empty; nothing is queued.  Return the bytes taken. */
static inline size_t
at_reply_piece(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	out->kind = AT_REPLY_PAYLOAD;
	out->final = AT_FINAL_NONE;
	out->cme = -1;
	out->why = NULL;
	out->offset = p->lexer.taken;
	out->length = p->lexer.data;
	out->done = p->lexer.data_done;
	out->text = at_lexer_piece(&p->lexer, in, &out->last);
	return out->text.len;
}

/* Say of the line that is out->text what the row of its stem says, unless it depends on more. */
static inline void
at_reply_plain(const struct at_command_facts *row, struct at_reply *out)
{
	/* a URC, a final result code or a prompt if that is the whole line; else an answer that nobody waits for */
	static const uint8_t kinds[] = { AT_REPLY_URC, AT_REPLY_FINAL, AT_REPLY_PROMPT, AT_REPLY_MORE, AT_REPLY_URC };

	out->kind = (enum at_reply_kind)kinds[row->says & (AT_SAYS_FINAL | AT_SAYS_PROMPT | AT_SAYS_URC)];
	out->final = (enum at_final)row->which;
	out->cme = -1;
	out->last = false;
	out->done = 0;
	out->why = NULL;
}

/* at_reply_plain does not do: the meaning depends on what is pending, or on what stands behind the stem. */
static inline bool
at_reply_depends(const struct at_reply_parser *p, const struct at_command_facts *row)
{
	return p->pending | ((row->says & (AT_SAYS_ERROR | AT_SAYS_BYTES)) != 0);
}

#endif
