/* The result codes and error texts of at_codes.h, and what holds for them on every line. */
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "expected_command.h"
#include "oracle.h"
#include "reference_parts.h"

/* V.250 5.7.1 and the field's own. */
static const struct {
	const char *text;
	enum at_final final;
	char digit;
} finals[] = {
	{ "OK", AT_FINAL_OK, '0' },
	{ "CONNECT", AT_FINAL_CONNECT, '1' },
	{ "NO CARRIER", AT_FINAL_NO_CARRIER, '3' },
	{ "ERROR", AT_FINAL_ERROR, '4' },
	{ "NO DIALTONE", AT_FINAL_NO_DIALTONE, '6' },
	{ "BUSY", AT_FINAL_BUSY, '7' },
	{ "NO ANSWER", AT_FINAL_NO_ANSWER, '8' },
	{ "PROCEEDING", AT_FINAL_PROCEEDING, '9' },
	{ "SHUT OK", AT_FINAL_SHUT_OK, '\0' },
	{ "NORMAL POWER DOWN", AT_FINAL_POWER_DOWN, '\0' },
};

#define FINALS (sizeof(finals) / sizeof(finals[0]))

int
expected_cme_number(const char *text)
{
	int other_case = -1;

	for (size_t i = 0; i < at_cme_count; i++) {
		const struct at_cme *row = &at_cme_table[i];

		if ((text[0] | 0x20) != (row->text[0] | 0x20) || strcasecmp(text, row->text) != 0)
			continue;
		if (strcmp(text, row->text) == 0)
			return row->number;
		if (other_case < 0)
			other_case = row->number;
	}
	return other_case;
}

/* What stands behind an error's colon: a number of up to five digits, zeros in front apart, or a text. */
static int
error_number(const char *value, bool texts)
{
	unsigned long long n;

	if (value[strspn(value, "0123456789")] != '\0')
		return texts ? expected_cme_number(value) : -1;
	errno = 0;
	n = strtoull(value, NULL, 10);
	return errno == 0 && n <= 99999 ? (int)n : -1;
}

enum at_final
expected_final(const char *line, int *cme)
{
	static const char cme_head[] = "+CME ERROR:", cms_head[] = "+CMS ERROR:";
	const char *value = line + strlen(cme_head) + strspn(line + (strlen(line) < 11 ? strlen(line) : 11), " ");

	for (size_t i = 0; i < FINALS; i++)
		if (strcmp(line, finals[i].text) == 0)
			return finals[i].final;
	if (strncmp(line, "CONNECT ", 8) == 0 && line[8] >= '0' && line[8] <= '9')
		return AT_FINAL_CONNECT;
	if (strncmp(line, cme_head, 11) == 0 && value[0] != '\0') {
		*cme = error_number(value, true);
		return AT_FINAL_CME_ERROR;
	}
	if (strncmp(line, cms_head, 11) == 0 && value[0] != '\0') {
		*cme = error_number(value, false);
		return AT_FINAL_CMS_ERROR;
	}
	return AT_FINAL_NONE;
}

static void
check_final(struct span line, const char *copy)
{
	int cme = 4711, want_cme = 4711;
	enum at_final final = at_final_of(line, &cme), want = expected_final(copy, &want_cme), digit = AT_FINAL_NONE;
	const char *text = NULL;

	if (final != want || cme != want_cme || at_final_of(line, NULL) != final)
		oracle_fail("reference", "'%.*s' is the final result code %d, error %d, expected %d, %d", (int)line.len, line.at, final,
		    cme, want, want_cme);
	for (size_t i = 0; i < FINALS; i++) {
		if (copy[0] != '\0' && copy[0] == finals[i].digit && copy[1] == '\0')
			digit = finals[i].final;
		if (finals[i].final == final && (!at_is(at_final_text(final), finals[i].text) ||
						    at_final_digit(final) != (finals[i].digit != '\0' ? finals[i].digit - '0' : -1)))
			oracle_fail("invariant", "%s reads back as '%.*s', digit %d", finals[i].text, (int)at_final_text(final).len,
			    at_final_text(final).at, at_final_digit(final));
	}
	if (at_final_of_digit(line) != digit)
		oracle_fail("reference", "'%.*s' is the digit of %d, expected %d", (int)line.len, line.at, at_final_of_digit(line), digit);
	for (size_t i = 0; i < at_cme_count; i++)
		if (at_cme_table[i].number == cme)
			text = at_cme_table[i].text;
	if (at_cme_text(cme) != text || (text != NULL && at_cme_number(span_str(text)) < 0))
		oracle_fail("invariant", "the text of %d is %s", cme, at_cme_text(cme) != NULL ? at_cme_text(cme) : "not known");
}

/* The sign of an order. */
static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
check_order(struct span line, const char *copy)
{
	const struct at_command_facts *named = NULL;
	struct span half = span_first(line, line.len / 2), other = span_first(span_after(line, half.len), half.len);
	size_t place = expected_place(copy, strlen(copy));
	char *head = malloc(half.len + 1);

	if (head == NULL)
		abort();
	for (size_t i = place > 2 ? place - 2 : 0; i < at_command_count && i < place + 3; i++) {
		const char *name = at_commands[i].name;
		int order = strcasecmp(copy, name);

		if (sign(at_order(line, name)) != sign(order))
			oracle_fail("reference", "'%.*s' is %d of %s", (int)line.len, line.at, at_order(line, name), name);
		if (order == 0)
			named = &at_commands[i];
		if (at_is(line, name) != (strcmp(copy, name) == 0) || at_begins(line, name) != (strncmp(copy, name, strlen(name)) == 0) ||
		    at_same(line, span_str(name)) != (order == 0))
			oracle_fail("reference", "'%.*s' is, begins with, or is like %s", (int)line.len, line.at, name);
	}
	if (at_command_named(line) != named)
		oracle_fail("reference", "'%.*s' names %s", (int)line.len, line.at,
		    at_command_named(line) != NULL ? at_command_named(line)->name : "nothing");
	if (memchr(line.at, '\0', line.len) == NULL && at_same(half, other) != (strncasecmp(copy, copy + half.len, half.len) == 0))
		oracle_fail("reference", "'%.*s' is two times the same: %d", (int)line.len, line.at, at_same(half, other));
	memcpy(head, copy, half.len);
	head[half.len] = '\0';
	/* a NUL is not what stands for it in head */
	if (strlen(copy) > 0 && memchr(line.at, '\0', line.len) == NULL && sign(at_order(line, head)) != sign(strcasecmp(copy, head)))
		oracle_fail("invariant", "'%.*s' and its first half", (int)line.len, line.at);
	free(head);
}

/* What stands before a colon: a sign or not, then letters and digits.  And whether the line is a URC by that, or by the whole of it. */
static void
check_prefix(struct span line, const char *copy)
{
	size_t n = copy[0] != '\0' && strchr("+*^%$&", copy[0]) != NULL ? 1 : 0;
	struct span prefix = at_prefix_of(line);

	n += strspn(copy + n, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	if (prefix.len != (copy[n] == ':' ? n : 0) || prefix.at != line.at)
		oracle_fail("reference", "'%.*s' has the prefix '%.*s'", (int)line.len, line.at, (int)prefix.len, prefix.at);
	for (int always = 0; always < 2; always++)
		if ((always ? at_urc_always(line) : at_urc_of(line)) != reference_urc(line, always))
			oracle_fail("reference", "'%.*s' is a URC%s: %d", (int)line.len, line.at, always ? " whatever is pending" : "",
			    !reference_urc(line, always));
}

void
check_codes(struct span line)
{
	static char copy[CHECK_COMMAND_MAX + 1];

	line = span_first(line, CHECK_COMMAND_MAX);
	expected_copy(copy, line);
	check_final(line, copy);
	if (at_cme_number(line) != expected_cme_number(copy))
		oracle_fail(
		    "reference", "'%.*s' is error %d, expected %d", (int)line.len, line.at, at_cme_number(line), expected_cme_number(copy));
	check_order(line, copy);
	check_prefix(line, copy);
}
