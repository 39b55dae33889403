#include "quiet.h"
#include "reference_parts.h"

QUIET_BEGIN

/* Manual chapters 2, 3, 4, 8, 9, 11, 12: what answers with text that has no prefix of its own, and where this follows the name. */
static const struct {
	const char *name, *when;
} free_answers[] = {
	{ "&V", "" },
	{ "I", "" },
	{ "+CCID", "" },
	{ "+CGMI", "" },
	{ "+CGMM", "" },
	{ "+CGMR", "" },
	{ "+CGSN", "" },
	{ "+CIFSR", "" },
	{ "+CIMI", "" },
	{ "+CMGL", "" },
	{ "+CMGR", "" },
	{ "+GMI", "" },
	{ "+GMM", "" },
	{ "+GMR", "" },
	{ "+GOI", "" },
	{ "+GSN", "" },
	{ "+GSV", "" },
	{ "+CDNSCFG", "?" },
	{ "+FTPSCONT", "?" },
	{ "+HTTPPARA", "?" },
	{ "+HTTPSCONT", "?" },
	{ "+SAPBR", "=4" },
	{ "S0", "?" },
	{ "S3", "?" },
	{ "S4", "?" },
	{ "S5", "?" },
	{ "S6", "?" },
	{ "S7", "?" },
	{ "S8", "?" },
	{ "S10", "?" },
};

/* The names of the table are looked at one after another.  Lengths are compared first, since most differ. */
bool
reference_known(struct span name)
{
	for (size_t i = 0; i < at_command_count && name.len > 0; i++) {
		const char *text = at_commands[i].name;

		if (name.len > AT_STEM_MAX || text[name.len - 1] == '\0' || (name.len < AT_STEM_MAX && text[name.len] != '\0'))
			continue;
		if (reference_same(name, span_of(text, name.len), true))
			return true;
	}
	return false;
}

/* Where this command ends: a semicolon with an even number of quotes between start and it. */
static size_t
command_end(struct span s)
{
	size_t quotes = 0;

	for (size_t i = 0; i < s.len; i++) {
		quotes += s.at[i] == '"';
		if (s.at[i] == ';' && quotes % 2 == 0)
			return i;
	}
	return s.len;
}

static size_t
digits_at(struct span s, size_t at)
{
	size_t n = at;

	while (n < s.len && reference_is_digit(s.at[n]))
		n++;
	return n;
}

/* V.250 5.3.1: a letter, & and a character, or S and a number; then a number, of S also =number, ? or =?; D takes a text. */
static size_t
basic_name(struct span s)
{
	if (s.at[0] == '&')
		return s.len > 1 ? 2 : 1;
	return s.at[0] == 'S' || s.at[0] == 's' ? digits_at(s, 1) : 1;
}

static size_t
basic_arguments(char letter, struct span s)
{
	if (letter == 'D' || letter == 'd')
		return command_end(s);
	if (reference_begins(s, "?"))
		return 1;
	if (reference_begins(s, "=?"))
		return digits_at(s, 2);
	return digits_at(s, reference_begins(s, "=") ? 1 : 0);
}

struct part {
	struct span name, arguments;
};

/* Take a command off the front of a command line.  false: none is left. */
static bool
take_command(struct span *line, struct part *out)
{
	struct span s = reference_unblank(*line);
	size_t n;

	if (s.len >= 2 && reference_is_nocase(span_first(s, 2), "at"))
		s = span_after(s, 2);
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == ';'))
		s = span_after(s, 1);
	if (s.len == 0)
		return false;
	if (s.at[0] == '&' || reference_is_letter(s.at[0])) {
		n = basic_name(s);
		out->name = span_first(s, n);
		s = span_after(s, n);
		n = basic_arguments(out->name.at[0], s);
	} else {
		n = 1;
		while (n < s.len && (reference_is_letter(s.at[n]) || reference_is_digit(s.at[n])))
			n++;
		out->name = span_first(s, n);
		s = span_after(s, n);
		n = command_end(s);
	}
	out->arguments = span_first(s, n);
	s = span_after(s, n);
	*line = reference_begins(s, ";") ? span_after(s, 1) : s;
	return true;
}

/* The arguments begin with these characters, blanks between them aside. */
static bool
arguments_begin(struct span arguments, const char *with)
{
	for (; *with != '\0'; with++) {
		arguments = reference_unblank(arguments);
		/* a number may have zeros before it */
		while (*with != '0' && *with >= '0' && *with <= '9' && span_starts(arguments, SPAN("0")))
			arguments = span_after(arguments, 1);
		if (arguments.len == 0 || arguments.at[0] != *with)
			return false;
		arguments = span_after(arguments, 1);
	}
	return true;
}

static bool
answers_freely(const struct part *c)
{
	for (size_t i = 0; i < sizeof(free_answers) / sizeof(free_answers[0]); i++)
		if (reference_is_nocase(c->name, free_answers[i].name))
			return arguments_begin(c->arguments, free_answers[i].when);
	return false;
}

void
reference_pend(struct reference *r, struct span line)
{
	struct part c;

	r->commands_len = 0;
	r->pending = reference_looks_echoed(line);
	if (!r->pending) {
		r->stray = span_first(line, AT_SENT_MAX);
		return;
	}
	/* A/ does the last line again */
	if (!(line.len == 2 && line.at[1] == '/'))
		r->sent = span_first(line, AT_SENT_MAX);
	for (line = r->sent; r->commands_len < AT_PENDING_MAX && take_command(&line, &c);) {
		r->commands[r->commands_len++] = (struct reference_command){
			.name = c.name,
			.test = arguments_begin(c.arguments, "=?"),
			.free = answers_freely(&c),
		};
		/* from the result code of this very line on (V.250 6.2.6) */
		if (reference_is_nocase(c.name, "v")) {
			if (c.arguments.len == 0 || span_equal(c.arguments, SPAN("0")))
				r->verbose = false;
			if (span_equal(c.arguments, SPAN("1")))
				r->verbose = true;
		}
		if (reference_is_nocase(c.name, "&f"))
			r->verbose = true;
	}
}

void
reference_echoed(struct reference *r, struct span line)
{
	struct span rest = line;
	struct part c;
	bool whole;

	if (r->stray.len > 0 && reference_same(line, r->stray, false)) {
		r->stray = SPAN("");
		return;
	}
	/* what the host said it sent counts more than an echo that is the same or was damaged on the way */
	whole = take_command(&rest, &c) && reference_known(c.name);
	if (!(r->told && r->pending && (!whole || reference_same(span_first(line, AT_SENT_MAX), r->sent, true))))
		reference_pend(r, line);
	r->told = false;
}

QUIET_END
