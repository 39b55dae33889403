/* What the host has sent and waits for, of at_reply: what is told, and what echoes tell. */
#include "at_reply_parts.h"

/* The arguments are what makes a command answer with free text: "=4" of "= 4,1" or "=04,1". */
static bool
begins_with(struct span arguments, const char *what)
{
	for (; *what != '\0'; what++) {
		while (arguments.len > 0 && arguments.at[0] == ' ')
			arguments = span_after(arguments, 1);
		while (*what > '0' && *what <= '9' && arguments.len > 0 && arguments.at[0] == '0')
			arguments = span_after(arguments, 1);
		if (arguments.len == 0 || arguments.at[0] != *what)
			return false;
		arguments = span_after(arguments, 1);
	}
	return true;
}

static bool
is_bit(struct span arguments)
{
	return arguments.len == 1 && (arguments.at[0] == '0' || arguments.at[0] == '1');
}

static void
remember(struct at_reply_parser *p, const struct at_command_text *c)
{
	struct at_pending *command = &p->commands[p->pending_count++];

	command->name = c->name;
	command->facts = at_command_named(c->name);
	command->test = begins_with(c->arguments, "=?");
	command->free = false;
	if (command->facts == NULL)
		return;
	switch (command->facts->answer) {
	case AT_ANSWER_NONE:
	case AT_ANSWER_PREFIX: break;
	case AT_ANSWER_FREE: command->free = true; break;
	case AT_ANSWER_BOTH:
		command->free = command->facts->free_when == NULL || begins_with(c->arguments, command->facts->free_when);
		break;
	}
	/* the result code of ATV0 is a digit already; what is neither 0 nor 1 changes nothing (V.250 6.2.6) */
	if (at_same(c->name, SPAN("V")) && (c->arguments.len == 0 || is_bit(c->arguments)))
		at_reply_verbose(p, c->arguments.len > 0 && c->arguments.at[0] == '1');
	if (at_same(c->name, SPAN("&F")))
		at_reply_verbose(p, true);
}

/* Make a command line pending; what does not begin with AT is none. */
static void
make_pending(struct at_reply_parser *p, struct span line)
{
	struct at_command_text c;

	p->pending_count = 0;
	p->pending = at_lexer_is_echo(line);
	if (!p->pending) {
		size_t n = line.len < AT_SENT_MAX ? line.len : AT_SENT_MAX;

		if (n > 0)
			memcpy(p->stray, line.at, n);
		p->lexer.echo = span_of(p->stray, n);
		return;
	}
	/* A/ repeats the line before, which is still here */
	if (line.len != 2 || line.at[1] != '/') {
		p->sent_len = line.len < AT_SENT_MAX ? line.len : AT_SENT_MAX;
		memcpy(p->sent, line.at, p->sent_len);
	}
	line = span_of(p->sent, p->sent_len);
	while (p->pending_count < AT_PENDING_MAX && at_command_cut(line, &c)) {
		remember(p, &c);
		line = c.rest;
	}
}

void
at_reply_expect(struct at_reply_parser *p, struct span command)
{
	make_pending(p, command);
	p->told = true;
	at_reply_settle(p);
}

void
at_reply_verbose(struct at_reply_parser *p, bool verbose)
{
	p->verbose = verbose;
	p->lexer.numeric = !verbose;
}

bool
at_reply_pending(const struct at_reply_parser *p)
{
	return p->pending;
}

/*
 * An echo makes a command pending, unless it is the echo of what at_reply_expect named: that stays as it
 * was told, also where its echo was damaged on the way.
 */
void
at_reply_echoed(struct at_reply_parser *p, struct span line)
{
	struct span sent = span_of(p->sent, p->sent_len);
	struct at_command_text c;
	bool damaged;

	if (p->lexer.echo.len > 0 && span_equal(line, p->lexer.echo)) {
		p->lexer.echo = SPAN("");
		return;
	}
	damaged = !at_command_cut(line, &c) || at_command_named(c.name) == NULL;
	if (p->told && p->pending && (damaged || at_same(span_first(line, AT_SENT_MAX), sent))) {
		p->told = false;
		return;
	}
	make_pending(p, line);
	p->told = false;
}
