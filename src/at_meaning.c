#include "at_meaning.h"
#include "at_fields.h"
#include "at_scan.h"
#include "at_stems.h"

/* A line that announces bytes: what follows it from the module (payload), or what the host is to send (prompt). */
struct announcement {
	enum { LEAD_NONE, LEAD_TWO, LEAD_NUMBER } lead; /* what stands before the length */
	bool prompt;
	uint64_t max;
};

/* clang-format off */
static const struct announcement announcements[] = {
	[AT_BYTES_HTTPREAD]	= { LEAD_NONE,		false,	AT_HTTP_DATA_MAX },
	[AT_BYTES_HTTPHEAD]	= { LEAD_NONE,		false,	AT_HTTP_DATA_MAX },
	[AT_BYTES_FTPGET]	= { LEAD_TWO,		false,	AT_FTP_DATA_MAX },
	[AT_BYTES_FTPLIST]	= { LEAD_TWO,		false,	AT_FTP_DATA_MAX },
	[AT_BYTES_FTPPUT]	= { LEAD_TWO,		true,	AT_HTTP_DATA_MAX },	/* its largest is what the network allows: 1360, 1280, 1260 seen */
	[AT_BYTES_FTPEXTPUT]	= { LEAD_NUMBER,	true,	AT_HTTP_DATA_MAX },
};
/* clang-format on */

static struct at_meaning
means(enum at_reply_kind kind)
{
	return (struct at_meaning){ .kind = kind, .cme = -1 };
}

static struct at_meaning
fault(const char *why)
{
	return (struct at_meaning){ .kind = AT_REPLY_FAULT, .cme = -1, .why = why };
}

static struct at_meaning
noise(void)
{
	return (struct at_meaning){ .kind = AT_REPLY_FAULT, .cme = -1, .why = "noise", .noise = true };
}

/* The pending command of that name, or NULL; facts as at_command_named finds them. */
static const struct at_pending *
pending_named(const struct at_reply_parser *p, struct span name, const struct at_command_facts *facts)
{
	for (int i = 0; i < p->pending_count; i++) {
		const struct at_pending *c = &p->commands[i];

		if (c->facts == facts && (facts != NULL || at_same(c->name, name)))
			return c;
	}
	return NULL;
}

static bool
pending_free(const struct at_reply_parser *p)
{
	for (int i = 0; i < p->pending_count; i++) {
		if (p->commands[i].free)
			return true;
	}
	return false;
}

bool
at_meaning_printable(struct span line)
{
	size_t n = at_scan(line, AT_SCAN_CONTROL);

	while (n < line.len && line.at[n] == '\t')
		n += 1 + at_scan(span_after(line, n + 1), AT_SCAN_CONTROL);
	return n == line.len;
}

static bool
is_echo(const struct at_reply_parser *p, struct span line)
{
	return at_lexer_is_echo(line) || (p->lexer.echo.len > 0 && span_equal(line, p->lexer.echo));
}

/* The line has what stands before the length of this announcement: then fields is left at the length. */
static bool
lead_fits(const struct announcement *a, struct at_fields *fields)
{
	struct span first;
	uint64_t ignored;

	switch (a->lead) {
	case LEAD_NONE: return true;
	case LEAD_TWO: return at_fields_word(fields, &first) && at_is(first, "2");
	case LEAD_NUMBER:
		/* AT+FTPEXTPUT? answers one number, the prompt has two */
		return at_fields_number(fields, 0, UINT64_MAX, &ignored) && !at_fields_end(fields);
	}
	return false;
}

/* The line, whose stem has that row, announces bytes: its meaning.  false: it does not. */
static bool
announces(const struct at_reply_parser *p, struct span line, const struct at_command_facts *row, struct at_meaning *m)
{
	const struct announcement *a = &announcements[row->which];
	struct span prefix = at_stem_prefix(row, line);
	const struct at_pending *command = pending_named(p, prefix, row);
	struct at_fields fields;
	struct span length;
	uint64_t n;

	at_fields_start(&fields, span_after(line, prefix.len + 1));
	/* AT+HTTPREAD=? answers with lists in parentheses */
	if (fields.rest.len > 0 && fields.rest.at[0] == '(' && (command == NULL || command->test))
		return false;
	if (!lead_fits(a, &fields))
		return false;
	length = fields.rest;
	if (!at_fields_number(&fields, 0, a->max, &n) || !at_fields_end(&fields)) {
		/* digits alone are a number even when 64 bits do not hold it */
		size_t digits = 0;

		while (digits < length.len && length.at[digits] >= '0' && length.at[digits] <= '9')
			digits++;
		*m = fault(digits > 0 && digits == length.len ? "absurd length" : "length is no number");
		return true;
	}
	*m = means(a->prompt ? AT_REPLY_PROMPT : command != NULL || pending_free(p) ? AT_REPLY_INFO : AT_REPLY_URC);
	m->payload = a->prompt ? 0 : n;
	return true;
}

static struct at_meaning
means_final(enum at_final final, int cme)
{
	struct at_meaning m = means(AT_REPLY_FINAL);

	m.final = final;
	m.cme = cme;
	return m;
}

/* A final result code that is not a stem: a digit, +CME ERROR: n, CONNECT with its rate, NORMAL POWER DOWN if asked for. */
static bool
is_other_final(const struct at_reply_parser *p, struct span line, bool bare_cr, struct at_meaning *m)
{
	enum at_final final;
	int cme = -1;

	/* most lines are none, by their first byte: those that begin otherwise are stems */
	if (line.len == 0 || (line.at[0] != '+' && line.at[0] != 'C' && line.at[0] != 'N' && line.len > 1))
		return false;
	final = at_final_of(line, &cme);
	if (final == AT_FINAL_NONE && (!p->verbose || bare_cr))
		final = at_final_of_digit(line);
	/* a module also says that it powers down without being asked to */
	if (final == AT_FINAL_NONE ||
	    (final == AT_FINAL_POWER_DOWN && pending_named(p, SPAN("+CPOWD"), at_command_named(SPAN("+CPOWD"))) == NULL))
		return false;
	*m = means_final(final, cme);
	return true;
}

/* A line that is neither result code, prompt nor always a URC; row is that of its stem. */
static struct at_meaning
means_answer(const struct at_reply_parser *p, struct span line, const struct at_command_facts *row)
{
	struct span prefix = row != NULL ? at_stem_prefix(row, line) : at_prefix_of(line);
	const struct at_command_facts *facts = row;
	struct at_meaning m;

	/* in lower case, too */
	if (row == NULL || (row->says & AT_SAYS_ANSWER) == 0)
		facts = row == NULL ? at_command_named(prefix) : NULL;
	if (prefix.len > 0 && pending_named(p, prefix, facts) != NULL)
		return means(AT_REPLY_INFO);
	if (row != NULL && row->says & AT_SAYS_UNASKED)
		return means(AT_REPLY_URC);
	if (pending_free(p)) {
		m = means(AT_REPLY_INFO);
		m.by_free = true;
		return m;
	}
	return facts != NULL ? means(AT_REPLY_URC) : noise();
}

struct at_meaning
at_meaning_of_row(const struct at_reply_parser *p, struct span line, const struct at_command_facts *row, bool bare_cr)
{
	unsigned int says = row != NULL ? row->says : 0;
	struct at_meaning m;

	if (says & AT_SAYS_FINAL)
		return means_final((enum at_final)row->which, -1);
	if (says & AT_SAYS_PROMPT)
		return means(AT_REPLY_PROMPT);
	if ((row == NULL || says & AT_SAYS_ERROR) && is_other_final(p, line, bare_cr, &m))
		return m;
	if (at_stem_is_urc(row, line) || (!p->verbose && at_is(line, "2")))
		return means(AT_REPLY_URC);
	if (says & AT_SAYS_BYTES && announces(p, line, row, &m))
		return m;
	return means_answer(p, line, row);
}

struct at_meaning
at_meaning_of(const struct at_reply_parser *p, struct span line, bool bare_cr)
{
	if (is_echo(p, line))
		return means(AT_REPLY_ECHO);
	if (!at_meaning_printable(line))
		return noise();
	return at_meaning_of_row(p, line, line.len > 0 ? at_stem_row(line) : NULL, bare_cr);
}
