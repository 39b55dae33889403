#include "at_command.h"

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct span
trim(struct span s)
{
	while (s.len > 0 && s.at[0] == ' ')
		s = span_after(s, 1);
	while (s.len > 0 && s.at[s.len - 1] == ' ')
		s.len--;
	return s;
}

size_t
at_line_edit(char *line, size_t len, char backspace)
{
	size_t kept = 0;

	for (size_t i = 0; i < len; i++) {
		if (line[i] != backspace)
			line[kept++] = line[i];
		else if (kept > 0)
			kept--;
	}
	return kept;
}

/* Blanks and control characters: the Ctrl-Z that host programs send behind data is no text (host programs 3). */
static bool
is_blank(struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.at[i] > ' ' && line.at[i] != 0x7f)
			return false;
	return true;
}

enum at_line_kind
at_line_read(struct span line, bool mixed, struct span *body)
{
	if (is_blank(line))
		return AT_LINE_EMPTY;
	line = trim(line);
	if (line.len < 2 || (line.at[0] | 0x20) != 'a' || (line.at[1] | 0x20) != 't')
		return AT_LINE_STRAY;
	if ((line.at[0] ^ line.at[1]) & 0x20 && !mixed)
		return AT_LINE_STRAY;
	*body = span_after(line, 2);
	return AT_LINE_COMMANDS;
}

/* One parameter from the front of s, up to its comma.  false: syntax. */
static bool
take_parameter(struct span *s, struct at_parameter *out)
{
	size_t n = 0;

	*out = (struct at_parameter){ .text = { s->at, 0 } };
	while (s->len > 0 && s->at[0] == ' ')
		*s = span_after(*s, 1);
	if (s->len > 0 && s->at[0] == '"') {
		const char *end = memchr(s->at + 1, '"', s->len - 1);

		if (end == NULL)
			return false;
		out->quoted = true;
		out->text = span_of(s->at + 1, (size_t)(end - s->at) - 1);
		*s = span_after(*s, (size_t)(end - s->at) + 1);
		while (s->len > 0 && s->at[0] == ' ')
			*s = span_after(*s, 1);
		return s->len == 0 || s->at[0] == ',';
	}
	while (n < s->len && s->at[n] != ',')
		n++;
	out->text = trim(span_first(*s, n));
	out->empty = out->text.len == 0;
	*s = span_after(*s, n);
	return true;
}

/* What stands behind the = of a write command. */
static bool
take_parameters(struct span s, struct at_command *out)
{
	for (;;) {
		if (out->count == AT_PARAMETERS_MAX || !take_parameter(&s, &out->parameter[out->count]))
			return false;
		out->count++;
		if (s.len == 0)
			return true;
		s = span_after(s, 1);
	}
}

/* The form and the parameters: what follows the name. */
static enum at_next
take_form(struct span rest, bool blanks, struct at_command *out)
{
	struct span s = trim(rest);

	out->form = FORM_EXECUTE;
	if (s.len == 0)
		return AT_NEXT_COMMAND;
	if (s.at[0] == '?' && s.len == 1) {
		out->form = FORM_READ;
		return AT_NEXT_COMMAND;
	}
	if (s.at[0] != '=' || (s.at != rest.at && !blanks))
		return AT_NEXT_SYNTAX;
	s = span_after(s, 1);
	if (s.len == 1 && s.at[0] == '?') {
		out->form = FORM_TEST;
		return AT_NEXT_COMMAND;
	}
	if (s.len > 0 && s.at[0] == ' ' && !blanks)
		return AT_NEXT_SYNTAX;
	out->form = FORM_WRITE;
	return take_parameters(s, out) ? AT_NEXT_COMMAND : AT_NEXT_SYNTAX;
}

static enum at_next
next_extended(struct span s, size_t *taken, bool blanks, struct at_command *out)
{
	size_t end = at_command_end(s), name = 1;

	while (name < end && (is_letter(s.at[name]) || is_digit(s.at[name])))
		name++;
	*taken = end < s.len ? end + 1 : end;
	if (name == 1)
		return AT_NEXT_SYNTAX;
	out->name = span_first(s, name);
	return take_form(span_of(s.at + name, end - name), blanks, out);
}

/* V.250 5.3.1 and 5.3.2: a letter and a number, or an S parameter with = or ?. */
static enum at_next
next_basic(struct span s, size_t *taken, struct at_command *out)
{
	size_t i = s.at[0] == '&', first;

	if (i == s.len || !is_letter(s.at[i]))
		return AT_NEXT_SYNTAX;
	first = ++i;
	while (i < s.len && is_digit(s.at[i]))
		i++;
	if (s.at[0] == 'S' || s.at[0] == 's') {
		out->name = span_first(s, i);
		if (i < s.len && s.at[i] == '=') {
			first = ++i;
			while (i < s.len && is_digit(s.at[i]))
				i++;
			out->form = i < s.len && s.at[i] == '?' && i == first ? FORM_TEST : FORM_WRITE;
			i += out->form == FORM_TEST;
		} else if (i < s.len && s.at[i] == '?') {
			out->form = FORM_READ;
			i++;
		}
	} else {
		out->name = span_first(s, first);
		out->form = i > first ? FORM_WRITE : FORM_EXECUTE;
		if (i == first && i < s.len && s.at[i] == '?') {
			out->form = FORM_READ;
			i++;
		}
	}
	if (out->form == FORM_WRITE) {
		out->count = 1;
		out->parameter[0] = (struct at_parameter){ .text = span_of(s.at + first, i - first), .empty = i == first };
	}
	if (i < s.len && s.at[i] == ';')
		i++;
	*taken = i;
	return AT_NEXT_COMMAND;
}

enum at_next
at_command_next(struct span body, size_t *at, bool blanks, struct at_command *out)
{
	struct span s = span_after(body, *at);
	enum at_next next;
	size_t taken = 0;

	while (s.len > 0 && s.at[0] == ' ')
		s = span_after(s, 1);
	if (s.len == 0)
		return AT_NEXT_END;
	*out = (struct at_command){ .form = FORM_EXECUTE };
	if (s.at[0] == '+' || s.at[0] == '*' || s.at[0] == '^')
		next = next_extended(s, &taken, blanks, out);
	else
		next = next_basic(s, &taken, out);
	*at = (size_t)(s.at - body.at) + taken;
	return next;
}
