/* What a module says unasked: a part of at_codes.h.  Sources: manual 19.3, chapters 9, 11, 12. */
#include "at_meaning.h"
#include "at_stems.h"

/* Whole lines that are longer than a stem. */
static const char *const long_lines[] = {
	"NORMAL POWER DOWN",
	"UNDER-VOLTAGE POWER DOWN",
	"OVER-VOLTAGE POWER DOWN",
	"CHARGE-ONLY MODE",
};

/* Lines that begin so.  The manual prints WARNNING; whether every firmware does is not known. */
static const char *const beginnings[] = {
	"UNDER-VOLTAGE WARN",
	"OVER-VOLTAGE WARN",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct span
skip_blanks(struct span s)
{
	while (s.len > 0 && s.at[0] == ' ')
		s = span_after(s, 1);
	return s;
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
	return span_equal(skip_blanks(span_after(s, 2)), SPAN("DEACT"));
}

/* A URC whose stem no table has. */
static bool
is_long_urc(struct span line)
{
	if (line.len == 0 || (line.at[0] != 'N' && line.at[0] != 'U' && line.at[0] != 'O' && line.at[0] != 'C'))
		return bearer_lost(line);
	for (size_t i = 0; i < COUNT(long_lines); i++) {
		if (at_is(line, long_lines[i]))
			return true;
	}
	for (size_t i = 0; i < COUNT(beginnings); i++) {
		if (at_begins(line, beginnings[i]))
			return true;
	}
	return false;
}

bool
at_stem_is_urc(const struct at_command_facts *row, struct span line)
{
	struct span value;

	if (row == NULL)
		return is_long_urc(line);
	if ((row->says & (AT_SAYS_ACTION | AT_SAYS_STEP)) == 0)
		return row->says & AT_SAYS_URC;
	value = skip_blanks(span_after(line, at_stem_prefix(row, line).len + 1));
	if (row->says & AT_SAYS_ACTION)
		return value.len > 0 && is_digit(value.at[0]);
	return value.len >= 2 && value.at[0] == '1' && value.at[1] == ',';
}

/* The row of a line that may be anything. */
static const struct at_command_facts *
row_of(struct span line)
{
	if (line.len == 0 || !at_meaning_printable(line))
		return NULL;
	return at_stem_row(line);
}

bool
at_urc_always(struct span line)
{
	return at_stem_is_urc(row_of(line), line);
}

bool
at_urc_of(struct span line)
{
	const struct at_command_facts *row = row_of(line);

	return at_stem_is_urc(row, line) || (row != NULL && row->says & AT_SAYS_UNASKED);
}
