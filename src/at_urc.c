/* What a module says unasked: the third part of at_codes.h.  Sources: manual 19.3, chapters 9, 11, 12. */
#include "at_codes.h"

/* Whole lines. */
static const char *const urc_lines[] = {
	"RDY",
	"RING",
	"Call Ready",
	"SMS Ready",
	"NORMAL POWER DOWN",
	"UNDER-VOLTAGE POWER DOWN",
	"OVER-VOLTAGE POWER DOWN",
	"CHARGE-ONLY MODE",
	"MO RING",
	"MO CONNECTED",
};

/* Lines that begin so.  The manual prints WARNNING; whether every firmware does is not known. */
static const char *const urc_beginnings[] = {
	"UNDER-VOLTAGE WARN",
	"OVER-VOLTAGE WARN",
};

/* What stands before the colon of a URC that may also be an answer, or that only a host that asked for it gets. */
static const char *const urc_prefixes[] = {
	"+CBM",
	"+CCWA",
	"+CDS",
	"+CDSI",
	"+CFUN",
	"+CGEV",
	"+CGREG",
	"+CIEV",
	"+CLIP",
	"+CMT",
	"+CMTE",
	"+CMTI",
	"+COLP",
	"+CPIN",
	"+CREG",
	"+CRING",
	"+CSQN",
	"+CSSI",
	"+CSSU",
	"+CTZE",
	"+CTZV",
	"+CUSD",
	"+DTMF",
	"+PDP",
	"*PSUTTZ",
	"*PSNWID",
	"DST",
	/* AT+CIPSTATUS says these after its OK */
	"STATE",
	"C",
};

/* The end of an FTP session's step: +FTPGET: 1,n.  +FTPSIZE and FTPPUT have a third field. */
static const char *const urc_ftp[] = {
	"+FTPGET",
	"+FTPPUT",
	"+FTPDELE",
	"+FTPSIZE",
	"+FTPMKD",
	"+FTPRMD",
	"+FTPLIST",
	"+FTPGETTOFS",
	"+FTPPUTFRMFS",
	"+FTPEXTGET",
	"+FTPFILEPUT",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
one_of(struct span s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (at_is(s, list[i]))
			return true;
	}
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct span
at_prefix_of(struct span line)
{
	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];

		if (c == ':')
			return span_first(line, i);
		if (is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
			continue;
		if (i > 0 || (c != '+' && c != '*' && c != '^' && c != '%' && c != '$' && c != '&'))
			break;
	}
	return span_of(line.at, 0);
}

/* +SAPBR 1: DEACT, the digit before the colon (manual 9.2). */
static bool
bearer_lost(struct span line)
{
	struct span s = line;

	if (!span_starts(s, SPAN("+SAPBR ")))
		return false;
	s = span_after(s, 7);
	if (s.len < 2 || !is_digit(s.at[0]) || s.at[1] != ':')
		return false;
	s = span_after(s, 2);
	while (s.len > 0 && s.at[0] == ' ')
		s = span_after(s, 1);
	return span_equal(s, SPAN("DEACT"));
}

bool
at_urc_always(struct span line)
{
	struct span prefix, value;

	if (one_of(line, urc_lines, COUNT(urc_lines)) || bearer_lost(line))
		return true;
	for (size_t i = 0; i < COUNT(urc_beginnings); i++) {
		if (at_begins(line, urc_beginnings[i]))
			return true;
	}
	prefix = at_prefix_of(line);
	if (prefix.len == 0)
		return false;
	value = span_after(line, prefix.len + 1);
	while (value.len > 0 && value.at[0] == ' ')
		value = span_after(value, 1);
	if (at_is(prefix, "+HTTPACTION"))
		return value.len > 0 && is_digit(value.at[0]);
	return one_of(prefix, urc_ftp, COUNT(urc_ftp)) && at_begins(value, "1,");
}

bool
at_urc_of(struct span line)
{
	return at_urc_always(line) || one_of(at_prefix_of(line), urc_prefixes, COUNT(urc_prefixes));
}
