/*
 * The short ways through at_reply: most lines come whole, are framed as V.250 has it and have a known stem, and most
 * bytes are a payload's.  These need no queue and no copy.  What is not so plain, at_reply.c takes.
 */
#include "at_reply_parts.h"
#include "at_stems.h"

extern inline size_t at_reply_feed(struct at_reply_parser *p, struct span in, struct at_reply *out);

/* No branch depends on which line it is, as long as it is an ordinary one. */
size_t
at_reply_feed_any(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	const struct at_command_facts *row;
	struct span line;
	size_t head;

	if (!p->ordinary || in.len < 2)
		return at_reply_go_on(p, in, out);
	head = memcmp(in.at, "\r\n", 2) == 0 ? 2 : 0;
	line = span_of(in.at + head, at_lexer_whole(span_after(in, head)));
	if (line.len == 0)
		return at_reply_begin(p, in, head, out);
	row = in.len - head >= AT_STEM_MAX ? at_stem_row_in(line) : at_stem_row(line);
	out->text = line;
	out->offset = p->lexer.taken + head;
	out->length = line.len;
	if (row == NULL || at_reply_depends(p, row))
		return at_reply_by_row(p, in, out, row);
	at_reply_plain(row, out);
	at_lexer_took(&p->lexer, head + line.len + 2);
	return head + line.len + 2;
}
