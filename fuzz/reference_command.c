#include "quiet.h"
#include "reference_parts.h"

QUIET_BEGIN

/* Its row in the table, looked for one after another; NULL: there is none.  Lengths are compared first, since most differ. */
static const struct at_command_facts *
row_of(struct span name)
{
	for (size_t i = 0; i < at_command_count && name.len > 0; i++) {
		const char *text = at_commands[i].name;

		if (name.len > AT_STEM_MAX || text[name.len - 1] == '\0' || (name.len < AT_STEM_MAX && text[name.len] != '\0'))
			continue;
		if (reference_same(name, span_of(text, name.len), true))
			return &at_commands[i];
	}
	return NULL;
}

bool
reference_known(struct span name)
{
	return row_of(name) != NULL;
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
		if (arguments.len == 0 || arguments.at[0] != *with)
			return false;
		arguments = span_after(arguments, 1);
	}
	return true;
}

/* It answers with text that has no prefix of its own. */
static bool
answers_freely(const struct part *c)
{
	const struct at_command_facts *f = row_of(c->name);

	if (f == NULL || f->answer == AT_ANSWER_NONE || f->answer == AT_ANSWER_PREFIX)
		return false;
	return f->answer == AT_ANSWER_FREE || f->free_when == NULL || arguments_begin(c->arguments, f->free_when);
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
