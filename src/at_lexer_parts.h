/*
 * at_lexer_parts: short ways through the lexer, for at_reply, and private to it.
 *
 * Callers who know what comes next take it in one step; at_lexer_feed gives the same, more slowly.
 */
#ifndef AT_LEXER_PARTS_H
#define AT_LEXER_PARTS_H

#include "at_lexer.h"
#include "at_scan.h"

/* A line, its end, or raw data has begun and is not complete. */
static inline bool
at_lexer_inside(const struct at_lexer *lx)
{
	return (lx->length | lx->cr | lx->data) != 0;
}

/*
 * The line at the front of in, if it lies in it whole, ends in <CR><LF> and has no control bytes: the length of its
 * text.  Else 0: at_lexer_feed is to take it.  The caller sees to it that nothing is open (at_lexer_inside), and
 * that the text is no echo and no digit, which end at their CR.
 */
static inline size_t
at_lexer_whole(struct span in)
{
	size_t n;

	/* nearly every line ends in the first block */
	if (in.len >= AT_SCAN_BLOCK + 2 && (n = at_scan_block(in.at, AT_SCAN_CONTROL)) < AT_SCAN_BLOCK)
		return memcmp(in.at + n, "\r\n", 2) == 0 ? n : 0;
	n = at_scan(span_first(in, AT_LINE_MAX), AT_SCAN_CONTROL);
	return in.len - n >= 2 && memcmp(in.at + n, "\r\n", 2) == 0 ? n : 0;
}

/* So many bytes were taken without at_lexer_feed: such a line, or <CR><LF>, or both. */
static inline void
at_lexer_took(struct at_lexer *lx, size_t n)
{
	lx->taken += n;
}

/*
 * The end of a line of which bytes came before in, unless it is an echo or a digit.  It is put together and taken; text
 * then is all of it, in the lexer.  Return the bytes taken, or 0.
 */
size_t at_lexer_rest(struct at_lexer *lx, struct span in, struct span *text);

/* Take all of in if it is the middle of a line that is longer than AT_LINE_MAX.  false: there is a line end among them, or before. */
static inline bool
at_lexer_middle(struct at_lexer *lx, struct span in)
{
	if (lx->cr > 0 || at_scan(in, AT_SCAN_LINE) < in.len)
		return false;
	lx->length += in.len;
	lx->taken += in.len;
	return true;
}

/* in, up to its end, is the beginning of a line, or all of it but its end: text without control bytes.  Take it all. */
void at_lexer_begin(struct at_lexer *lx, struct span in);

/* What may be an echo, with or without start-up bytes before it, or a digit: these end at their CR. */
static inline bool
at_lexer_is_special(struct span text)
{
	return text.len < 2 || text.at[0] == 'A' || text.at[0] == 'a' || text.at[0] == 'I' || (unsigned char)text.at[0] >= 0x80;
}

/* Keep the first bytes of raw data, of which piece comes next. */
void at_lexer_keep_data(struct at_lexer *lx, struct span piece);

/* Take the piece of raw data at the front of in; there is data to come, and in is not empty.  *last: it is complete. */
static inline struct span
at_lexer_piece(struct at_lexer *lx, struct span in, bool *last)
{
	uint64_t missing = lx->data - lx->data_done;
	struct span piece = in;

	*last = missing <= in.len;
	if (*last)
		piece.len = (size_t)missing;
	if (lx->data_done < AT_LINE_MAX)
		at_lexer_keep_data(lx, piece);
	lx->taken += piece.len;
	lx->data_done += piece.len;
	if (*last)
		lx->data = lx->data_done = 0;
	return piece;
}

#endif
