/*
 * at_reply_parts: what at_reply.c and at_reply_feed.c share, and private to them.
 *
 *	bytes --> at_reply_feed.c, if the line is an ordinary one --> replies
 *	      \-> at_reply.c, whatever it is --> replies
 *
 * at_reply.c is the grammar: it takes every byte, and what it gives is right.  at_reply_feed.c knows the short ways.
 */
#ifndef AT_REPLY_PARTS_H
#define AT_REPLY_PARTS_H

#include "at_lexer_parts.h"
#include "at_reply.h"

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
