/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

#include "at_command.h"

/* A line in a block of exactly its size, so that a read past its end is seen. */
struct line {
	char *block;
	struct span body;
	size_t at;
	struct at_command c;
};

static struct line
line_of(const char *text)
{
	struct line l = { .block = malloc(strlen(text) > 0 ? strlen(text) : 1) };

	assert_non_null(l.block);
	memcpy(l.block, text, strlen(text));
	l.body = span_of(l.block, strlen(text));
	return l;
}

static enum at_next
next(struct line *l, bool blanks)
{
	return at_command_next(l->body, &l->at, blanks, &l->c);
}

static void
assert_text(struct span s, const char *text)
{
	assert_int_equal(s.len, strlen(text));
	assert_memory_equal(s.at, text, s.len);
}

static void
an_extended_command_has_four_forms(void **state)
{
	struct line l = line_of("+CSQ;+CREG?;+CMEE=?;+CMEE=2");

	(void)state;
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.form, FORM_EXECUTE);
	assert_text(l.c.name, "+CSQ");
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.form, FORM_READ);
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.form, FORM_TEST);
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.form, FORM_WRITE);
	assert_int_equal(l.c.count, 1);
	assert_text(l.c.parameter[0].text, "2");
	assert_int_equal(next(&l, false), AT_NEXT_END);
	free(l.block);
}

static void
basic_commands_follow_each_other_without_a_separator(void **state)
{
	struct line l = line_of("E1&W0V1S0=1S3?I+CSQ");
	static const struct {
		const char *name;
		enum at_form form;
		const char *value;
	} want[] = { { "E", FORM_WRITE, "1" }, { "&W", FORM_WRITE, "0" }, { "V", FORM_WRITE, "1" }, { "S0", FORM_WRITE, "1" },
		{ "S3", FORM_READ, NULL }, { "I", FORM_EXECUTE, NULL }, { "+CSQ", FORM_EXECUTE, NULL } };

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
		assert_text(l.c.name, want[i].name);
		assert_int_equal(l.c.form, want[i].form);
		if (want[i].value != NULL)
			assert_text(l.c.parameter[0].text, want[i].value);
	}
	assert_int_equal(next(&l, false), AT_NEXT_END);
	free(l.block);
}

static void
separators_within_quotes_do_not_split(void **state)
{
	struct line l = line_of("+HTTPPARA=\"URL\",\"http://x/a;b,c\";+CSQ");

	(void)state;
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.count, 2);
	assert_true(l.c.parameter[1].quoted);
	assert_text(l.c.parameter[1].text, "http://x/a;b,c");
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_text(l.c.name, "+CSQ");
	free(l.block);
}

static void
strings_may_come_without_quotes(void **state)
{
	struct line l = line_of("+SAPBR=3,1,APN,internet");

	(void)state;
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.count, 4);
	assert_false(l.c.parameter[2].quoted);
	assert_text(l.c.parameter[3].text, "internet");
	free(l.block);
}

static void
blanks_behind_commas_and_at_the_end_are_dropped(void **state)
{
	struct line l = line_of(" +SAPBR=3, 1,\"Contype\", \"GPRS\"   ");

	(void)state;
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.count, 4);
	assert_text(l.c.parameter[1].text, "1");
	assert_text(l.c.parameter[3].text, "GPRS");
	free(l.block);
	l = line_of("+HTTPREAD ");
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.form, FORM_EXECUTE);
	free(l.block);
}

static void
blanks_round_the_equals_sign_need_the_switch(void **state)
{
	static const char *const lines[] = { "+HTTPACTION =0", "+HTTPACTION= 0", "+HTTPACTION = 0" };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct line l = line_of(lines[i]);

		assert_int_equal(next(&l, false), AT_NEXT_SYNTAX);
		l.at = 0;
		assert_int_equal(next(&l, true), AT_NEXT_COMMAND);
		assert_text(l.c.parameter[0].text, "0");
		free(l.block);
	}
}

static void
empty_parameters_are_told_from_empty_strings(void **state)
{
	struct line l = line_of("+CSTT=,\"\",");

	(void)state;
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.count, 3);
	assert_true(l.c.parameter[0].empty);
	assert_false(l.c.parameter[1].empty);
	assert_true(l.c.parameter[1].quoted);
	assert_true(l.c.parameter[2].empty);
	free(l.block);
}

static void
what_is_no_command_is_a_syntax_error(void **state)
{
	static const char *const lines[] = { "+", "+;", "5", "&", "&5", "+FTPUN=\"abc", "+FTPUN=\"abc\"x", "+A?x", "+CSQ!",
		"+X=1,2,3,4,5,6,7,8,9", "\x1a", "\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct line l = line_of(lines[i]);

		assert_int_equal(next(&l, false), AT_NEXT_SYNTAX);
		free(l.block);
	}
}

static void
eight_parameters_are_taken(void **state)
{
	struct line l = line_of("+X=1,2,3,4,5,6,7,8");

	(void)state;
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.count, AT_PARAMETERS_MAX);
	free(l.block);
}

static void
a_question_mark_in_a_value_is_no_test_form(void **state)
{
	struct line l = line_of("+HTTPPARA=URL,x?y=1");

	(void)state;
	assert_int_equal(next(&l, false), AT_NEXT_COMMAND);
	assert_int_equal(l.c.form, FORM_WRITE);
	assert_text(l.c.parameter[1].text, "x?y=1");
	free(l.block);
}

static void
the_prefix_is_at_in_either_case(void **state)
{
	struct span body;

	(void)state;
	assert_int_equal(at_line_read(SPAN("AT+CSQ"), false, &body), AT_LINE_COMMANDS);
	assert_text(body, "+CSQ");
	assert_int_equal(at_line_read(SPAN("at"), false, &body), AT_LINE_COMMANDS);
	assert_int_equal(body.len, 0);
	assert_int_equal(at_line_read(SPAN("aT"), false, &body), AT_LINE_STRAY);
	assert_int_equal(at_line_read(SPAN("aT"), true, &body), AT_LINE_COMMANDS);
	assert_int_equal(at_line_read(SPAN("At"), true, &body), AT_LINE_COMMANDS);
	assert_int_equal(at_line_read(SPAN("  "), true, &body), AT_LINE_EMPTY);
	assert_int_equal(at_line_read(SPAN(""), true, &body), AT_LINE_EMPTY);
	assert_int_equal(at_line_read(SPAN("A"), true, &body), AT_LINE_STRAY);
	assert_int_equal(at_line_read(SPAN("HTTPTERM"), true, &body), AT_LINE_STRAY);
}

static void
backspaces_take_back_what_was_typed(void **state)
{
	char line[] = "\bAY\bT+CSX\b\bSQ";

	(void)state;
	assert_int_equal(at_line_edit(line, sizeof(line) - 1, '\b'), 6);
	assert_memory_equal(line, "AT+CSQ", 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_extended_command_has_four_forms),
		cmocka_unit_test(basic_commands_follow_each_other_without_a_separator),
		cmocka_unit_test(separators_within_quotes_do_not_split),
		cmocka_unit_test(strings_may_come_without_quotes),
		cmocka_unit_test(blanks_behind_commas_and_at_the_end_are_dropped),
		cmocka_unit_test(blanks_round_the_equals_sign_need_the_switch),
		cmocka_unit_test(empty_parameters_are_told_from_empty_strings),
		cmocka_unit_test(what_is_no_command_is_a_syntax_error),
		cmocka_unit_test(eight_parameters_are_taken),
		cmocka_unit_test(a_question_mark_in_a_value_is_no_test_form),
		cmocka_unit_test(the_prefix_is_at_in_either_case),
		cmocka_unit_test(backspaces_take_back_what_was_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
