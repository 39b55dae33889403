/* The rules of at_command.h and of the command lines of at_codes.h. */
#include <strings.h>

#include "expected_command.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

void
expected_copy(char *copy, struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		copy[i] = line.at[i] != '\0' ? line.at[i] : '\1';
	copy[line.len] = '\0';
}

static bool
is_letter(char c)
{
	return c != '\0' && strchr(LETTERS, c) != NULL;
}

size_t
expected_edit(const char *typed, size_t len, char backspace, char *into)
{
	size_t kept = len, back = 0;

	for (size_t i = len; i > 0; i--) {
		if (typed[i - 1] == backspace)
			back++;
		else if (back > 0)
			back--;
		else
			into[--kept] = typed[i - 1];
	}
	memmove(into, into + kept, len - kept);
	return len - kept;
}

enum at_line_kind
expected_line(const char *line, bool mixed, size_t *body, size_t *body_len)
{
	size_t at = strspn(line, " "), len = strlen(line);
	bool text = false;

	for (size_t i = 0; i < len; i++)
		text = text || ((unsigned char)line[i] > ' ' && line[i] != '\x7f');
	if (!text)
		return AT_LINE_EMPTY;
	while (line[len - 1] == ' ')
		len--;
	if (strncmp(line + at, "AT", 2) != 0 && strncmp(line + at, "at", 2) != 0 && (!mixed || strncasecmp(line + at, "at", 2) != 0))
		return AT_LINE_STRAY;
	*body = at + 2;
	*body_len = len - at - 2;
	return AT_LINE_COMMANDS;
}

/* Where the command at the front of s ends: at a semicolon with an even number of quotes before it. */
static size_t
command_end(const char *s)
{
	size_t end = 0, quotes = 0;

	for (;;) {
		size_t n = strcspn(s + end, ";\"");

		end += n;
		if (s[end] == '\0' || (s[end] == ';' && quotes % 2 == 0))
			return end;
		quotes += s[end] == '"';
		end++;
	}
}

/* Behind the blanks at s[at], but not behind end. */
static size_t
behind_blanks(const char *s, size_t at, size_t end)
{
	while (at < end && s[at] == ' ')
		at++;
	return at;
}

/* Parameters s[at..end): false for what is none. */
static bool
parameters(const char *s, size_t at, size_t end, struct expected_command *c)
{
	for (;;) {
		struct expected_parameter *p = &c->parameter[c->count];
		const char *close;

		if (c->count == AT_PARAMETERS_MAX)
			return false;
		c->count++;
		at = behind_blanks(s, at, end);
		if (s[at] == '"' && at < end) {
			close = strchr(s + at + 1, '"');
			if (close == NULL || close >= s + end)
				return false;
			*p = (struct expected_parameter){ at + 1, (size_t)(close - s) - at - 1, true };
			at = (size_t)(close - s) + 1;
			at = behind_blanks(s, at, end);
		} else {
			size_t n = strcspn(s + at, ",");

			if (n > end - at)
				n = end - at;
			*p = (struct expected_parameter){ at, n, false };
			at += n;
			while (p->len > 0 && s[p->at + p->len - 1] == ' ')
				p->len--;
		}
		if (at == end)
			return true;
		if (s[at++] != ',')
			return false;
	}
}

/* What stands between the name and the end of an extended command. */
static enum at_next
extended_form(const char *s, size_t at, size_t end, bool blanks, struct expected_command *c)
{
	size_t before = strspn(s + at, " ");

	while (end > at && s[end - 1] == ' ')
		end--;
	if (at + before >= end)
		return AT_NEXT_COMMAND;
	at += before;
	if (s[at] == '?' && at + 1 == end) {
		c->form = FORM_READ;
		return AT_NEXT_COMMAND;
	}
	if (s[at] != '=' || (before > 0 && !blanks))
		return AT_NEXT_SYNTAX;
	at++;
	if (s[at] == '?' && at + 1 == end) {
		c->form = FORM_TEST;
		return AT_NEXT_COMMAND;
	}
	if (s[at] == ' ' && at < end && !blanks)
		return AT_NEXT_SYNTAX;
	c->form = FORM_WRITE;
	return parameters(s, at, end, c) ? AT_NEXT_COMMAND : AT_NEXT_SYNTAX;
}

static void
number(struct expected_command *c, size_t at, size_t len)
{
	c->form = FORM_WRITE;
	c->count = 1;
	c->parameter[0] = (struct expected_parameter){ at, len, false };
}

/* V.250 5.3.1 and 5.3.2; s begins at the command.  Return its length, 0 if it is none. */
static size_t
basic(const char *s, size_t start, struct expected_command *c)
{
	size_t n = s[0] == '&' ? 2 : 1, digits;

	if (!is_letter(s[n - 1]))
		return 0;
	digits = strspn(s + n, DIGITS);
	if (s[0] != 'S' && s[0] != 's') {
		c->name_len = n;
		if (digits > 0)
			number(c, start + n, digits);
		else if (s[n] == '?')
			c->form = FORM_READ;
		return n + digits + (c->form == FORM_READ);
	}
	n += digits;
	c->name_len = n;
	if (s[n] == '?') {
		c->form = FORM_READ;
		return n + 1;
	}
	if (s[n] != '=')
		return n;
	if (s[n + 1] == '?') {
		c->form = FORM_TEST;
		return n + 2;
	}
	digits = strspn(s + n + 1, DIGITS);
	number(c, start + n + 1, digits);
	return n + 1 + digits;
}

struct expected_command
expected_command(const char *body, bool blanks)
{
	struct expected_command c = { .next = AT_NEXT_END, .form = FORM_EXECUTE, .start = strspn(body, " ") };
	const char *s = body + c.start;
	size_t end;

	if (s[0] == '\0')
		return c;
	if (strchr("+*^", s[0]) == NULL) {
		end = basic(s, c.start, &c);
		c.next = end > 0 ? AT_NEXT_COMMAND : AT_NEXT_SYNTAX;
		c.end = c.start + end + (s[end] == ';');
		return c;
	}
	end = command_end(s);
	c.end = c.start + end + (s[end] == ';');
	c.name_len = 1 + strspn(s + 1, LETTERS DIGITS);
	if (c.name_len > 1)
		c.next = extended_form(body, c.start + c.name_len, c.start + end, blanks, &c);
	else
		c.next = AT_NEXT_SYNTAX;
	return c;
}

/* ---- at_command_cut ------------------------------------------------------ */

/* What belongs to a basic command behind its name. */
static size_t
basic_arguments(const char *name, const char *s)
{
	if (name[0] == 'D' || name[0] == 'd')
		return command_end(s);
	if (s[0] == '?')
		return 1;
	if (s[0] == '=')
		return s[1] == '?' ? 2 + strspn(s + 2, DIGITS) : 1 + strspn(s + 1, DIGITS);
	return strspn(s, DIGITS);
}

struct expected_cut
expected_cut(const char *line)
{
	struct expected_cut c = { .ok = false };
	size_t at = strspn(line, " "), end;

	if (strncasecmp(line + at, "AT", 2) == 0)
		at += 2;
	at += strspn(line + at, " ;");
	if (line[at] == '\0')
		return c;
	c.ok = true;
	c.name = at;
	c.name_len = 1;
	if (line[at] == '&') {
		c.name_len = line[at + 1] != '\0' ? 2 : 1;
		end = at + c.name_len + basic_arguments(line + at, line + at + c.name_len);
	} else if (is_letter(line[at])) {
		if (line[at] == 'S' || line[at] == 's')
			c.name_len += strspn(line + at + 1, DIGITS);
		end = at + c.name_len + basic_arguments(line + at, line + at + c.name_len);
	} else {
		c.name_len += strspn(line + at + 1, LETTERS DIGITS);
		end = at + c.name_len + command_end(line + at + c.name_len);
	}
	c.arguments = at + c.name_len;
	while (c.arguments < end && line[c.arguments] == ' ')
		c.arguments++;
	c.arguments_len = end - c.arguments;
	c.rest = end + (line[end] == ';');
	return c;
}

/* AT+SAPBR=1 and =0 have times of their own (manual 9.2). */
static uint32_t
own_time(const struct at_command_facts *facts, const char *arguments, size_t len)
{
	size_t value = 1 + (len > 0 ? strspn(arguments + 1, " ") : 0);

	if (strcasecmp(facts->name, "+SAPBR") != 0)
		return facts->response_ms;
	if (len == 0 || arguments[0] != '=' || value >= len)
		return AT_RESPONSE_MS;
	return arguments[value] == '1' ? 85000 : arguments[value] == '0' ? 65000 : AT_RESPONSE_MS;
}

static bool
is_named(size_t place, const char *name, size_t len)
{
	return place < at_command_count && strlen(at_commands[place].name) == len && strncasecmp(at_commands[place].name, name, len) == 0;
}

/* The table is in the order of strcasecmp (a unit test says so). */
size_t
expected_place(const char *name, size_t len)
{
	size_t low = 0, high = at_command_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strncasecmp(at_commands[middle].name, name, len);

		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t
expected_response_ms(const char *line)
{
	uint32_t sum = 0;

	for (;;) {
		struct expected_cut c = expected_cut(line);
		size_t i;

		if (!c.ok)
			return sum > 0 ? sum : AT_RESPONSE_MS;
		i = expected_place(line + c.name, c.name_len);
		sum += is_named(i, line + c.name, c.name_len) ? own_time(&at_commands[i], line + c.arguments, c.arguments_len)
							      : AT_RESPONSE_MS;
		line += c.rest;
	}
}
