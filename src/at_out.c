#include "at_out.h"

/* SIM900 prints no blank in these lines and one in all others (SIM900 manual, logs LD and LF). */
static bool
tight_on_sim900(struct span name)
{
	if (span_equal(name, SPAN("+HTTPACTION")))
		return true;
	return span_starts(name, SPAN("+FTP")) && !span_equal(name, SPAN("+FTPSTATE")) && !span_equal(name, SPAN("+FTPSCONT"));
}

/* Where the blank stands that this style leaves out, or text.len. */
static size_t
dropped_blank(struct at_style style, struct span text)
{
	const char *colon;
	size_t at;

	if (style.colon_blank || text.len == 0 || text.at[0] != '+' || (colon = memchr(text.at, ':', text.len)) == NULL)
		return text.len;
	at = (size_t)(colon - text.at);
	if (at + 1 >= text.len || text.at[at + 1] != ' ' || !tight_on_sim900(span_first(text, at)))
		return text.len;
	return at + 1;
}

long
at_out_line(struct at_style style, struct span text, char *into, size_t cap)
{
	size_t n = 0, blank = dropped_blank(style, text);

	if (text.len + AT_OUT_FRAME > cap)
		return -1;
	if (style.verbose) {
		into[n++] = '\r';
		into[n++] = '\n';
	}
	for (size_t i = 0; i < text.len; i++)
		if (i != blank)
			into[n++] = text.at[i];
	into[n++] = '\r';
	into[n++] = '\n';
	return (long)n;
}

/* "+CME ERROR: 604" or its text into into, which holds 128 bytes. */
static struct span
cme_error(struct at_style style, int cme, char *into)
{
	struct span start = SPAN("+CME ERROR: ");
	const char *text = style.cmee == 2 ? at_cme_text(cme) : NULL;
	size_t n = start.len;

	memcpy(into, start.at, start.len);
	if (text != NULL) {
		struct span s = span_first(span_str(text), 128 - n);

		memcpy(into + n, s.at, s.len);
		return span_of(into, n + s.len);
	}
	if (cme >= 600 && cme <= 614)
		cme += style.engine - 600;
	if (cme >= 100)
		into[n++] = (char)('0' + cme / 100 % 10);
	if (cme >= 10)
		into[n++] = (char)('0' + cme / 10 % 10);
	into[n++] = (char)('0' + cme % 10);
	return span_of(into, n);
}

long
at_out_final(struct at_style style, enum at_final final, int cme, char *into, size_t cap)
{
	char error[128];
	int digit;

	if (style.quiet)
		return 0;
	if (final == AT_FINAL_CME_ERROR && (style.cmee == 0 || cme < 0))
		final = AT_FINAL_ERROR;
	if (final == AT_FINAL_CME_ERROR)
		return at_out_line(style, cme_error(style, cme, error), into, cap);
	digit = at_final_digit(final);
	if (style.verbose || digit < 0)
		return at_out_line(style, at_final_text(final), into, cap);
	if (cap < 2)
		return -1;
	into[0] = (char)('0' + digit);
	into[1] = '\r';
	return 2;
}
