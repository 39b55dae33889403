#include "at_meaning.h"
#include "at_fields.h"

/* A line that announces bytes: what follows it from the module (payload), or what the host is to send (prompt). */
struct announcement {
	const char *name;
	enum { LEAD_NONE, LEAD_TWO, LEAD_NUMBER } lead; /* what stands before the length */
	bool prompt;
	uint64_t max;
};

/* clang-format off */
static const struct announcement announcements[] = {
	{ "+HTTPREAD",	LEAD_NONE,	false,	AT_HTTP_DATA_MAX },
	{ "+HTTPHEAD",	LEAD_NONE,	false,	AT_HTTP_DATA_MAX },
	{ "+FTPGET",	LEAD_TWO,	false,	AT_FTP_DATA_MAX },
	{ "+FTPLIST",	LEAD_TWO,	false,	AT_FTP_DATA_MAX },
	{ "+FTPPUT",	LEAD_TWO,	true,	AT_HTTP_DATA_MAX },	/* its largest is what the network allows: 1360, 1280, 1260 seen */
	{ "+FTPEXTPUT",	LEAD_NUMBER,	true,	AT_HTTP_DATA_MAX },
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

/* The pending command of that name, or NULL. */
static const struct at_pending *
pending_named(const struct at_reply_parser *p, struct span name)
{
	for (int i = 0; i < p->pending_count; i++) {
		if (at_same(p->commands[i].name, name))
			return &p->commands[i];
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
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
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

/* The line announces bytes: its meaning.  false: it does not. */
static bool
announces(const struct at_reply_parser *p, struct span line, struct span prefix, struct at_meaning *m)
{
	const struct at_pending *command = pending_named(p, prefix);
	const struct announcement *a = announcements;
	const struct announcement *end = announcements + sizeof(announcements) / sizeof(announcements[0]);
	struct at_fields fields;
	struct span length;
	uint64_t n;

	while (a < end && !at_is(prefix, a->name))
		a++;
	if (a == end || !at_fields_open(&fields, line, prefix))
		return false;
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

/* A final result code, in words or as a digit. */
static bool
is_final(const struct at_reply_parser *p, struct span line, bool bare_cr, struct at_meaning *m)
{
	enum at_final final;
	int cme = -1;

	final = at_final_of(line, &cme);
	if (final == AT_FINAL_NONE && (!p->verbose || bare_cr))
		final = at_final_of_digit(line);
	/* a module also says that it powers down without being asked to */
	if (final == AT_FINAL_NONE || (final == AT_FINAL_POWER_DOWN && pending_named(p, SPAN("+CPOWD")) == NULL))
		return false;
	*m = means(AT_REPLY_FINAL);
	m->final = final;
	m->cme = cme;
	return true;
}

struct at_meaning
at_meaning_of(const struct at_reply_parser *p, struct span line, bool bare_cr)
{
	struct at_meaning m;
	struct span prefix;

	if (is_echo(p, line))
		return means(AT_REPLY_ECHO);
	if (!at_meaning_printable(line))
		return noise();
	if (is_final(p, line, bare_cr, &m))
		return m;
	if (at_is(line, "DOWNLOAD"))
		return means(AT_REPLY_PROMPT);
	prefix = at_prefix_of(line);
	if (prefix.len > 0 && announces(p, line, prefix, &m))
		return m;
	if (at_urc_always(line) || (!p->verbose && at_is(line, "2")))
		return means(AT_REPLY_URC);
	if (prefix.len > 0 && pending_named(p, prefix) != NULL)
		return means(AT_REPLY_INFO);
	if (at_urc_of(line))
		return means(AT_REPLY_URC);
	if (pending_free(p)) {
		m = means(AT_REPLY_INFO);
		m.by_free = true;
		return m;
	}
	if (prefix.len > 0 && at_command_named(prefix) != NULL)
		return means(AT_REPLY_URC);
	return noise();
}
