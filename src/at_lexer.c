#include "at_lexer_parts.h"

/* What a module sends first at power-on, after a NUL (manual, introduction): not text, though it looks so in part. */
static const char boot[8] = { 'I', 'I', 'I', 'I', '\xff', '\xff', '\xff', '\xff' };

size_t
at_lexer_junk(struct span line)
{
	size_t n = at_scan(line, AT_SCAN_PRINTABLE);

	while (span_starts(span_after(line, n), span_of(boot, sizeof(boot)))) {
		n += sizeof(boot);
		n += at_scan(span_after(line, n), AT_SCAN_PRINTABLE);
	}
	return n;
}

bool
at_lexer_is_echo(struct span line)
{
	if (line.len < 2 || (line.at[0] != 'A' && line.at[0] != 'a'))
		return false;
	return line.at[1] == 'T' || line.at[1] == 't' || (line.len == 2 && line.at[1] == '/');
}

void
at_lexer_init(struct at_lexer *lx)
{
	lx->taken = 0;
	lx->length = 0;
	lx->cr = 0;
	lx->data = 0;
	lx->data_done = 0;
	lx->broken = false;
	lx->numeric = false;
	lx->echo = SPAN("");
}

void
at_lexer_data(struct at_lexer *lx, uint64_t count)
{
	lx->data = count;
	lx->data_done = 0;
}

/* What of the line is kept. */
static struct span
line_text(const struct at_lexer *lx)
{
	return span_of(lx->line, lx->length < AT_LINE_MAX ? (size_t)lx->length : AT_LINE_MAX);
}

/* Keep what fits of n bytes that belong at position at of the line. */
static void
keep(struct at_lexer *lx, uint64_t at, const char *bytes, size_t n)
{
	if (at >= AT_LINE_MAX)
		return;
	if (n > AT_LINE_MAX - at)
		n = (size_t)(AT_LINE_MAX - at);
	memcpy(lx->line + at, bytes, n);
}

static bool
is_digit_line(struct span line)
{
	return line.len == 1 && line.at[0] >= '0' && line.at[0] <= '9';
}

static void
give_line(struct at_lexer *lx, bool lf, struct at_token *out)
{
	out->kind = AT_LINE;
	out->lf = lf;
	out->cr = lx->cr;
	out->text = line_text(lx);
	out->length = lx->length;
	out->offset = lx->taken - (lf ? 1 : 0) - lx->cr - lx->length;
	lx->length = 0;
	lx->cr = 0;
	lx->broken = false;
}

/* A CR ends this line without regard to what follows. */
static bool
ends_line(const struct at_lexer *lx, struct span text)
{
	text = span_after(text, at_lexer_junk(text));
	/* A/ takes no CR (V.250 5.2.4): what comes is the <CR><LF> before the next line */
	if ((at_lexer_is_echo(text) && text.at[1] != '/') || (lx->numeric && is_digit_line(text)))
		return true;
	return lx->echo.len > 0 && span_equal(text, lx->echo);
}

/* The CR that has come is the line's end. */
static bool
ends_at_cr(const struct at_lexer *lx)
{
	/* once in a line, so that the cost of a byte does not depend on the line's length */
	if (lx->cr != 1 || lx->broken || lx->length == 0 || lx->length > AT_LINE_MAX)
		return false;
	return ends_line(lx, line_text(lx));
}

/*
 * The text that begins with next follows CRs: they ended an empty line, a digit, or what stood before the
 * echo of a command (AT, A/), or else they were text.
 */
static bool
settle_cr(struct at_lexer *lx, char next, struct at_token *out)
{
	bool echo = next == 'A' || next == 'a';

	if (echo || lx->length == 0 || (lx->length == 1 && is_digit_line(line_text(lx)))) {
		give_line(lx, false, out);
		return true;
	}
	for (uint64_t i = 0; i < lx->cr && lx->length + i < AT_LINE_MAX; i++)
		lx->line[lx->length + i] = '\r';
	lx->length += lx->cr;
	lx->cr = 0;
	lx->broken = true;
	return false;
}

/* Take the text at the front of in, up to the next CR or LF. */
static size_t
take_text(struct at_lexer *lx, struct span in)
{
	size_t n = at_scan(in, AT_SCAN_LINE);

	keep(lx, lx->length, in.at, n);
	lx->length += n;
	lx->taken += n;
	return n;
}

/* Take the CRs at the front of in, one if it is the line's first: that one may end it. */
static size_t
take_cr(struct at_lexer *lx, struct span in)
{
	size_t n = lx->cr == 0 ? 1 : at_scan(in, AT_SCAN_NOT_CR);

	lx->cr += n;
	lx->taken += n;
	return n;
}

void
at_lexer_begin(struct at_lexer *lx, struct span in)
{
	keep(lx, 0, in.at, in.len);
	lx->length = in.len;
	lx->taken += in.len;
}

void
at_lexer_keep_data(struct at_lexer *lx, struct span piece)
{
	keep(lx, lx->data_done, piece.at, piece.len);
}

static size_t
take_data(struct at_lexer *lx, struct span in, struct at_token *out)
{
	if (in.len == 0)
		return 0;
	out->kind = AT_DATA;
	out->offset = lx->taken;
	out->length = lx->data;
	out->done = lx->data_done;
	out->text = at_lexer_piece(lx, in, &out->last);
	return out->text.len;
}

size_t
at_lexer_rest(struct at_lexer *lx, struct span in, struct span *text)
{
	size_t end = lx->cr == 0 ? 2 : 1, n = 0;

	if (lx->length > AT_LINE_MAX)
		return 0;
	if (lx->cr == 0)
		n = at_scan(span_first(in, AT_LINE_MAX - (size_t)lx->length + 1), AT_SCAN_CONTROL);
	if (lx->broken || lx->cr > 1 || in.len - n < end || in.at[n + end - 1] != '\n' || in.at[n] != (end == 2 ? '\r' : '\n'))
		return 0;
	if (lx->length == 0 || lx->length + n > AT_LINE_MAX)
		return 0;
	keep(lx, lx->length, in.at, n);
	*text = span_of(lx->line, (size_t)lx->length + n);
	if (at_scan(*text, AT_SCAN_CONTROL) < text->len ||
	    (end == 2 && (lx->echo.len > 0 || at_lexer_is_special(*text)) && ends_line(lx, *text)))
		return 0;
	lx->taken += n + end;
	lx->length = 0;
	lx->cr = 0;
	return n + end;
}

size_t
at_lexer_feed(struct at_lexer *lx, struct span in, struct at_token *out)
{
	size_t n = 0;

	memset(out, 0, sizeof(*out));
	out->kind = AT_MORE;
	if (lx->data > 0)
		return take_data(lx, in, out);
	while (n < in.len && out->kind == AT_MORE) {
		switch (in.at[n]) {
		case '\n':
			n++;
			lx->taken++;
			give_line(lx, true, out);
			break;
		case '\r':
			n += take_cr(lx, span_after(in, n));
			if (ends_at_cr(lx))
				give_line(lx, false, out);
			break;
		default:
			if (lx->cr == 0 || !settle_cr(lx, in.at[n], out))
				n += take_text(lx, span_after(in, n));
			break;
		}
	}
	return n;
}

void
at_lexer_end(struct at_lexer *lx, struct at_token *out)
{
	memset(out, 0, sizeof(*out));
	out->kind = AT_MORE;
	if (lx->data > 0) {
		out->kind = AT_CUT;
		out->raw = true;
		out->text = span_of(lx->line, lx->data_done < AT_LINE_MAX ? (size_t)lx->data_done : AT_LINE_MAX);
		out->offset = lx->taken - lx->data_done;
		out->length = lx->data_done;
		lx->data = lx->data_done = 0;
	} else if (lx->length > 0) {
		bool digit = lx->cr > 0 && lx->length == 1 && is_digit_line(line_text(lx));

		give_line(lx, false, out);
		if (!digit)
			out->kind = AT_CUT;
	}
	lx->length = 0;
	lx->cr = 0;
}

struct span
at_lexer_partial(const struct at_lexer *lx)
{
	return lx->data > 0 ? SPAN("") : line_text(lx);
}
