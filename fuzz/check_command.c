/* What holds for at_command and at_command_cut on every command line. */
#include <stdlib.h>

#include "expected_command.h"
#include "oracle.h"

/* How many commands of a line are looked at: the cost of a byte has a bound. */
#define COMMANDS_MAX 64

static void
check_edit(struct span typed, char backspace)
{
	char *all = malloc(2 * typed.len + 1), *parts = all + typed.len;
	char want[CHECK_COMMAND_MAX];
	size_t kept = expected_edit(typed.at, typed.len, backspace, want), half = typed.len / 2, n;

	if (all == NULL)
		abort();
	if (typed.len > 0) {
		memcpy(all, typed.at, typed.len);
		memcpy(parts, typed.at, half);
	}
	n = at_line_edit(all, typed.len, backspace);
	if (n != kept || memcmp(all, want, kept) != 0)
		oracle_fail("reference", "'%.*s' edited: '%.*s', expected '%.*s'", (int)typed.len, typed.at, (int)n, all, (int)kept, want);
	/* A line typed in two pieces is the same line. */
	n = at_line_edit(parts, half, backspace);
	if (typed.len > half)
		memcpy(parts + n, typed.at + half, typed.len - half);
	n = at_line_edit(parts, n + typed.len - half, backspace);
	if (n != kept || memcmp(parts, want, kept) != 0)
		oracle_fail(
		    "split", "'%.*s' edited in two: '%.*s', expected '%.*s'", (int)typed.len, typed.at, (int)n, parts, (int)kept, want);
	free(all);
}

static bool
same_parameters(const struct at_command *c, const struct expected_command *want, struct span body)
{
	if (c->count != want->count)
		return false;
	for (int i = 0; i < c->count; i++) {
		const struct at_parameter *p = &c->parameter[i];
		const struct expected_parameter *w = &want->parameter[i];

		if (p->text.at != body.at + w->at || p->text.len != w->len || p->quoted != w->quoted ||
		    p->empty != (!w->quoted && w->len == 0))
			return false;
	}
	return true;
}

/* The command that stands at body[at], compared with the reference.  Return its end, or 0: there is none. */
static size_t
check_next(struct span body, const char *copy, size_t at, bool blanks)
{
	struct expected_command want = expected_command(copy + at, blanks);
	struct span rest = span_after(body, at);
	struct at_command c;
	size_t end = at;
	enum at_next next = at_command_next(body, &end, blanks, &c);

	if (next != want.next)
		oracle_fail("reference", "'%.*s' is %d, expected %d", (int)rest.len, rest.at, next, want.next);
	if (end < at || end > body.len)
		oracle_fail("bounded", "'%.*s' ends at %zu", (int)rest.len, rest.at, end);
	if (next != AT_NEXT_COMMAND)
		return 0;
	if (end != at + want.end || c.name.at != rest.at + want.start || c.name.len != want.name_len || c.form != want.form ||
	    !same_parameters(&c, &want, rest))
		oracle_fail("reference", "'%.*s': '%.*s' form %d, %d parameters, ends at %zu; expected form %d, %d, %zu", (int)rest.len,
		    rest.at, (int)c.name.len, c.name.at, c.form, c.count, end - at, want.form, want.count, want.end);
	return end;
}

/* As long as commands follow each other, at_command_cut sees the same ones. */
static void
check_agree(struct span body, size_t at, size_t end)
{
	struct span rest = span_after(body, at);
	struct at_command_text cut;

	while (rest.len > 0 && rest.at[0] == ' ')
		rest = span_after(rest, 1);
	/* What takes AT off a line's front takes it for a line; what D dials is its own affair. */
	if ((rest.at[0] | 0x20) == 'd' || (rest.len >= 2 && (rest.at[0] | 0x20) == 'a' && (rest.at[1] | 0x20) == 't'))
		return;
	if (!at_command_cut(rest, &cut) || cut.name.at != rest.at || cut.rest.at != body.at + end)
		oracle_fail("invariant", "'%.*s' is one command up to %zu to at_command_next, but not to at_command_cut", (int)body.len,
		    body.at, end);
}

static void
check_body(struct span body, const char *copy, bool blanks)
{
	size_t at = 0, commands = 0;

	while (at < body.len && commands++ < COMMANDS_MAX) {
		size_t end = check_next(body, copy, at, blanks);

		if (end == 0)
			return;
		if (end <= at)
			oracle_fail("bounded", "'%.*s': a command without end at %zu", (int)body.len, body.at, at);
		/* what is no command may be something of this one to at_command_cut: E=1 */
		if (expected_command(copy + end, blanks).next != AT_NEXT_SYNTAX)
			check_agree(body, at, end);
		at = end;
	}
	if (at == body.len && check_next(body, copy, at, blanks) != 0)
		oracle_fail("bounded", "'%.*s': a command behind the end", (int)body.len, body.at);
}

static bool
lies(struct span s, struct span in, size_t at, size_t len)
{
	return s.len == len && s.at == in.at + at;
}

/* The pieces that at_command_cut takes off tile the line; nothing but blanks, semicolons and AT lies between them. */
static void
check_cut(struct span line, const char *copy)
{
	size_t at = 0;

	for (size_t commands = 0; commands < COMMANDS_MAX; commands++) {
		struct span left = span_after(line, at), rest = span_of(copy, 1);
		struct expected_cut want = expected_cut(copy + at);
		struct at_command_text c;
		const struct at_command_facts *facts = at_command_of(left, &rest);
		bool ok = at_command_cut(left, &c);

		if (ok != want.ok)
			oracle_fail("reference", "'%.*s' has a command: %d", (int)left.len, left.at, ok);
		if (facts != at_command_of(left, NULL) || facts != (ok ? at_command_named(c.name) : NULL))
			oracle_fail("invariant", "'%.*s' begins with another command", (int)left.len, left.at);
		if (rest.len != (ok ? c.rest.len : 0) || (ok && rest.at != c.rest.at))
			oracle_fail(
			    "invariant", "'%.*s' has two rests, %zu and %zu bytes", (int)left.len, left.at, rest.len, ok ? c.rest.len : 0);
		if (!ok)
			return;
		if (!lies(c.name, left, want.name, want.name_len) || !lies(c.arguments, left, want.arguments, want.arguments_len) ||
		    !lies(c.rest, left, want.rest, left.len - want.rest))
			oracle_fail("reference", "'%.*s' is cut '%.*s' '%.*s', expected '%.*s' '%.*s'", (int)left.len, left.at,
			    (int)c.name.len, c.name.at, (int)c.arguments.len, c.arguments.at, (int)want.name_len, copy + at + want.name,
			    (int)want.arguments_len, copy + at + want.arguments);
		if (want.rest == 0)
			oracle_fail("bounded", "'%.*s': nothing was taken", (int)left.len, left.at);
		at += want.rest;
	}
}

void
check_command(struct span line)
{
	static char copy[CHECK_COMMAND_MAX + 1];

	line = span_first(line, CHECK_COMMAND_MAX);
	check_edit(line, '\b');
	if (line.len > 0)
		check_edit(line, line.at[line.len / 3]);
	expected_copy(copy, line);
	for (int mixed = 0; mixed < 2; mixed++) {
		struct span body = span_of(line.at, 0);
		size_t at = 0, len = 0;
		enum at_line_kind kind = at_line_read(line, mixed != 0, &body), want = expected_line(copy, mixed != 0, &at, &len);

		if (kind != want || !lies(body, line, at, len))
			oracle_fail("reference", "'%.*s' is %d with a body of %zu, expected %d, %zu", (int)line.len, line.at, kind,
			    body.len, want, len);
	}
	check_cut(line, copy);
	if (at_response_ms(line) != expected_response_ms(copy))
		oracle_fail("reference", "'%.*s' takes %u ms, expected %u", (int)line.len, line.at, (unsigned)at_response_ms(line),
		    (unsigned)expected_response_ms(copy));
	if (at_command_end(line) > line.len || (at_command_end(line) < line.len && line.at[at_command_end(line)] != ';'))
		oracle_fail("bounded", "'%.*s' ends at %zu", (int)line.len, line.at, at_command_end(line));
	check_body(line, copy, false);
	check_body(line, copy, true);
}
