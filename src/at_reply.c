#include "at_reply.h"
#include "at_meaning.h"
#include "at_reply_parts.h"
#include "at_stems.h"

void
at_reply_init(struct at_reply_parser *p, enum at_mode mode)
{
	p->mode = mode;
	p->verbose = true;
	p->pending = false;
	p->told = false;
	p->head = false;
	p->previous = AT_REPLY_MORE;
	p->pending_count = 0;
	p->sent_len = 0;
	p->queued = 0;
	p->given = 0;
	p->noise.open = false;
	at_lexer_init(&p->lexer);
	p->ordinary = mode == AT_LENIENT;
}

/* ---- the stream -------------------------------------------------------- */

static void
give_more(struct at_reply *out)
{
	*out = (struct at_reply){ .kind = AT_REPLY_MORE, .cme = -1 };
}

/* What stands between two lines and what means nothing comes in long runs: these have a short way. */

/* Line ends and nothing between them, up to the last LF: empty lines.  Return the bytes taken. */
static size_t
take_empty_lines(struct at_reply_parser *p, struct span in)
{
	struct at_lexer *lx = &p->lexer;
	size_t n;

	if ((lx->length | lx->data) != 0 || (p->mode == AT_STRICT && !p->noise.open))
		return 0;
	n = at_scan(in, AT_SCAN_TEXT);
	if (n == 0 || memchr(in.at, '\n', n) == NULL)
		return 0;
	while (in.at[n - 1] != '\n')
		n--;
	if (p->noise.open) {
		for (uint64_t i = lx->cr; i > 0; i--)
			at_noise_keep(&p->noise, lx->taken - i, SPAN("\r"));
		at_noise_keep(&p->noise, lx->taken, span_first(in, n));
	}
	lx->cr = 0;
	at_lexer_took(lx, n);
	p->head = true;
	return n;
}

/* A line that lies in in whole, has no control bytes, and means nothing.  Return the bytes taken. */
static size_t
take_noise_line(struct at_reply_parser *p, struct span in)
{
	struct at_token t = { .kind = AT_LINE, .lf = true, .cr = 1, .offset = p->lexer.taken };
	const struct at_command_facts *row;

	if (p->mode == AT_STRICT || p->lexer.echo.len > 0 || at_lexer_inside(&p->lexer))
		return 0;
	t.text = span_of(in.at, at_lexer_whole(in));
	t.length = t.text.len;
	if (t.length == 0 || at_lexer_is_special(t.text))
		return 0;
	row = at_stem_row(t.text);
	if (row != NULL || !at_meaning_of_row(p, t.text, row, false).noise)
		return 0;
	at_reply_noise(p, &t);
	at_lexer_took(&p->lexer, t.text.len + 2);
	return t.text.len + 2;
}

size_t
at_reply_by_grammar(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	struct at_token t;
	size_t n = 0, more;

	while (!at_reply_give(p, out)) {
		do {
			more = take_empty_lines(p, span_after(in, n));
			more += take_noise_line(p, span_after(in, n + more));
			n += more;
		} while (more > 0);
		n += at_lexer_feed(&p->lexer, span_after(in, n), &t);
		switch (t.kind) {
		case AT_LINE: at_reply_line(p, &t); break;
		case AT_DATA: /* at_reply_piece gives these */
		case AT_CUT:
		case AT_MORE:
			give_more(out);
			at_reply_settle(p);
			return n;
		}
	}
	at_reply_settle(p);
	return n;
}

/* ---- what at_reply_feed.c leaves, and that is not rare either ------------- */

size_t
at_reply_by_row(struct at_reply_parser *p, struct span in, struct at_reply *out, const struct at_command_facts *row)
{
	size_t n = (size_t)(out->text.at - in.at) + out->text.len + 2;
	struct at_meaning m;

	if (row == NULL && at_lexer_is_special(out->text))
		return at_reply_by_grammar(p, in, out);
	m = at_meaning_of_row(p, out->text, row, false);
	if (m.noise)
		return at_reply_by_grammar(p, in, out);
	out->kind = m.kind;
	out->final = m.final;
	out->cme = m.cme;
	out->last = false;
	out->done = 0;
	out->why = m.why;
	at_lexer_took(&p->lexer, n);
	if (m.kind == AT_REPLY_FINAL)
		at_reply_over(p);
	if (m.payload > 0)
		at_reply_payload(p, m.payload);
	return n;
}

/* The beginning of a line that goes on in the next piece. */
size_t
at_reply_begin(struct at_reply_parser *p, struct span in, size_t head, struct at_reply *out)
{
	struct span text = span_after(in, head);

	if (text.len == 0 || at_scan(text, AT_SCAN_CONTROL) < text.len)
		return at_reply_by_grammar(p, in, out);
	at_lexer_took(&p->lexer, head);
	at_lexer_begin(&p->lexer, text);
	p->ordinary = false;
	give_more(out);
	return in.len;
}

/* The end of a line that began in an earlier piece. */
static size_t
take_rest(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	struct at_token t = { .kind = AT_LINE, .lf = true, .cr = 1 };
	size_t n = at_lexer_rest(&p->lexer, in, &t.text);
	const struct at_command_facts *row;

	if (n == 0)
		return at_reply_by_grammar(p, in, out);
	t.length = t.text.len;
	t.offset = p->lexer.taken - 2 - t.length;
	row = at_stem_row(t.text);
	if (row != NULL && !at_reply_depends(p, row) && (p->mode == AT_LENIENT || p->head)) {
		out->text = t.text;
		out->offset = t.offset;
		out->length = t.length;
		at_reply_plain(row, out);
		p->head = false;
		p->previous = out->kind;
		at_reply_settle(p);
		return n;
	}
	at_reply_line(p, &t);
	return n + at_reply_by_grammar(p, span_after(in, n), out);
}

size_t
at_reply_go_on(struct at_reply_parser *p, struct span in, struct at_reply *out)
{
	/* nothing may be nowhere */
	if (in.len == 0)
		in = SPAN("");
	if (p->queued == 0 && p->lexer.data > 0 && in.len > 0)
		return at_reply_piece(p, in, out);
	if (p->queued > 0 || p->lexer.length == 0)
		return at_reply_by_grammar(p, in, out);
	/* in the middle of a line of which enough is kept */
	if (p->lexer.length > AT_LINE_MAX && at_lexer_middle(&p->lexer, in)) {
		give_more(out);
		return in.len;
	}
	if (p->noise.open || p->lexer.echo.len > 0)
		return at_reply_by_grammar(p, in, out);
	return take_rest(p, in, out);
}

void
at_reply_end(struct at_reply_parser *p, struct at_reply *out)
{
	struct at_token t;

	if (at_reply_give(p, out))
		return;
	at_lexer_end(&p->lexer, &t);
	switch (t.kind) {
	case AT_LINE: at_reply_line(p, &t); break;
	case AT_CUT: at_reply_cut(p, &t); break;
	case AT_DATA:
	case AT_MORE: break;
	}
	at_reply_noise_ends(p);
	at_reply_settle(p);
	if (!at_reply_give(p, out))
		give_more(out);
}

struct span
at_reply_partial(const struct at_reply_parser *p)
{
	return p->noise.open ? at_noise_text(&p->noise) : at_lexer_partial(&p->lexer);
}
