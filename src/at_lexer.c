#include "at_lexer.h"

/* What a module sends first at power-on, after a NUL (manual, introduction): not text, though it looks so in part. */
static const char boot[8] = { 'I', 'I', 'I', 'I', '\xff', '\xff', '\xff', '\xff' };

size_t
at_lexer_junk(struct span line)
{
	size_t n = 0;

	while (n < line.len) {
		unsigned char c = (unsigned char)line.at[n];

		if (c < 0x20 || c >= 0x7f)
			n++;
		else if (span_starts(span_after(line, n), span_of(boot, sizeof(boot))))
			n += sizeof(boot);
		else
			break;
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

/* The CR that has come ends the line without regard to what follows. */
static bool
ends_at_cr(const struct at_lexer *lx)
{
	struct span text = line_text(lx);

	/* once in a line, so that the cost of a byte does not depend on the line's length */
	if (lx->cr != 1 || lx->broken || lx->length == 0 || lx->length > AT_LINE_MAX)
		return false;
	text = span_after(text, at_lexer_junk(text));
	/* A/ takes no CR (V.250 5.2.4): what comes is the <CR><LF> before the next line */
	if ((at_lexer_is_echo(text) && text.at[1] != '/') || (lx->numeric && is_digit_line(text)))
		return true;
	return lx->echo.len > 0 && span_equal(text, lx->echo);
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
	size_t n = at_scan_line(in);

	keep(lx, lx->length, in.at, n);
	lx->length += n;
	lx->taken += n;
	return n;
}

/* Take the CRs at the front of in, one if it is the line's first: that one may end it. */
static size_t
take_cr(struct at_lexer *lx, struct span in)
{
	size_t n = lx->cr == 0 ? 1 : at_scan_run(in, '\r');

	lx->cr += n;
	lx->taken += n;
	return n;
}

static size_t
take_data(struct at_lexer *lx, struct span in, struct at_token *out)
{
	uint64_t missing = lx->data - lx->data_done;

	if (in.len == 0)
		return 0;
	out->kind = AT_DATA;
	out->text = span_first(in, missing < in.len ? (size_t)missing : in.len);
	out->offset = lx->taken;
	out->length = lx->data;
	out->done = lx->data_done;
	keep(lx, lx->data_done, out->text.at, out->text.len);
	lx->taken += out->text.len;
	lx->data_done += out->text.len;
	out->last = lx->data_done == lx->data;
	if (out->last)
		lx->data = 0;
	return out->text.len;
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
		lx->data = 0;
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
