/*
 * The short ways through at_reply: most lines come whole, are framed as V.250 has it and have a known stem, and most
 * bytes are a payload's.  These need no queue and no copy.  What is not so plain, at_reply.c takes.
 */
#include "at_reply_parts.h"
#include "at_stems.h"

size_t
at_reply_feed(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	/* so far into a payload, nothing of it is kept */
	if (p->lexer.data_done >= AT_LINE_MAX && p->lexer.data > 0 && in.len > 0)
		return at_reply_piece(p, in, out);
	return at_reply_lines(p, in, out);
}

/* No branch depends on which line it is, as long as it is an ordinary one. */
size_t
at_reply_lines(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	struct at_lexer *lx = &p->lexer;
	const struct at_command_facts *row;
	size_t head;

	if (!p->ordinary || in.len < 2)
		return at_reply_go_on(p, in, out);
	head = memcmp(in.at, "\r\n", 2) == 0 ? 2 : 0;
	out->text = span_of(in.at + head, at_lexer_whole(lx, span_after(in, head)));
	if (out->text.len == 0)
		return at_reply_begin(p, in, head, out);
	row = in.len - head >= AT_STEM_MAX ? at_stem_row_in(out->text) : at_stem_row(out->text);
	out->offset = lx->taken + head;
	out->length = out->text.len;
	if (row == NULL || at_reply_depends(p, row))
		return at_reply_by_row(p, in, out, row);
	at_reply_plain(row, out);
	at_lexer_took(lx, head + out->text.len + 2);
	return head + out->text.len + 2;
}
