/* case_text: texts, their holes, escapes, alternatives and arithmetic, as a step's line holds them. */
#include "case_text.h"

struct wrong {
	const char *text, *message;
};

/* clang-format off */
static const struct wrong text_errors[] = {
	{ "< {n: 9..1}\n",
	    "t.case:1:7: a range from 9 to 1, expected the smaller end first" },
	{ "< {n: nmber}\n",
	    "t.case:1:7: 'nmber', expected number, quoted, address, word, text or a range like 0..999; did you mean 'number'?" },
	{ "< {x}\n",
	    "t.case:1:4: 'x', expected what a step before this one captures (and there is no table with that column)" },
	{ "< {n: 0..5} {n + }\n",
	    "t.case:1:18: the end, expected a number, a name or '('" },
	{ "< {n: 0..5} {n + (1}\n",
	    "t.case:1:20: the end, expected ')'" },
	{ "< {s: quoted} {s+1}\n",
	    "t.case:1:16: 's' in arithmetic, which holds text, expected a captured number" },
	{ "<< \"\\q\"\n",
	    "t.case:1:5: '\\\\q', expected an escape: \\s \\r \\n \\t \\0 \\xNN \\{ \\} \\| \\\\ \\# \\\"" },
	{ "< a\\qb\n",
	    "t.case:1:4: '\\\\q', expected an escape: \\s \\r \\n \\t \\0 \\xNN \\{ \\} \\| \\\\ \\# \\\"" },
	{ "> {a}\n",
	    "t.case:1:4: 'a', expected what a step before this one captures (and there is no table with that column)" },
	{ "> {n: 0..1}\n",
	    "t.case:1:5: ':' in a hole of what is sent, expected {value}; only a '<' line captures" },
	{ "< {error} more\n",
	    "t.case:1:4: {error} beside other text or outside a '<' line, expected it to be the whole line of '<'" },
	{ "= next {n} bytes of /f\n",
	    "t.case:1:9: 'n', expected what a step before this one captures (and there is no table with that column)" },
	{ "= {n bytes\n",
	    "t.case:1:3: '{' without '}', expected {expression}" },
	{ "< a |  | b\n",
	    "t.case:1:7: nothing beside '|', expected a text on both sides; a literal bar is \\|" },
	{ "< {n: 1..2}{n: 1..2}  as n\n",
	    "t.case:1:26: 'n', which is a captured value already, expected another name" },
	{ ">> {n}\n",
	    "t.case:1:5: 'n', expected what a step before this one captures (and there is no table with that column)" },
};
/* clang-format on */

static void
wrong_texts_are_said_with_their_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(text_errors) / sizeof(text_errors[0]); i++)
		assert_error(text_errors[i].text, text_errors[i].message);
}

/* The only literal of the first step. */
static void
assert_literal(const char *text, const char *want, size_t n)
{
	assert_reads(text);
	assert_int_equal(parsed.steps->text->count, n > 0);
	if (n > 0) {
		assert_int_equal(parsed.steps->text->part[0].literal.len, n);
		assert_memory_equal(parsed.steps->text->part[0].literal.at, want, n);
	}
}

static void
a_text_ends_at_two_blanks_before_a_modifier_or_a_comment(void **state)
{
	(void)state;
	assert_literal("< OK within 5s\n", "OK within 5s", 12);
	assert_literal("< OK  within 5s\n", "OK", 2);
	assert_literal("< OK   # a comment\n", "OK", 2);
	assert_literal("< OK # no comment\n", "OK # no comment", 15);
	assert_literal("< a  b  c  \n", "a  b  c", 7);
	assert_literal("<   led\n", "  led", 5);
	assert_literal("< at  once  more\n", "at  once  more", 14);
	assert_literal("> AT  at once\n", "AT", 2);
	assert_literal("<\n", "", 0);
	assert_literal("< trailing\\s  \n", "trailing ", 9);
}

static void
escapes_are_undone(void **state)
{
	(void)state;
	assert_literal("< \\s\\r\\n\\t\\0\\x7f\\{\\}\\|\\\\\\#\\\"\n", " \r\n\t\0\x7f{}|\\#\"", 12);
	assert_literal("< a \\| b\n", "a | b", 5);
	assert_literal("< a|b #c\n", "a|b #c", 6);
	assert_error("< \\x4\n", "t.case:1:3: '\\\\x', expected an escape: \\s \\r \\n \\t \\0 \\xNN \\{ \\} \\| \\\\ \\# \\\"");
	assert_error("< a\\\n", "t.case:1:4: '\\\\', expected an escape: \\s \\r \\n \\t \\0 \\xNN \\{ \\} \\| \\\\ \\# \\\"");
}

static void
json_needs_no_escape(void **state)
{
	(void)state;
	assert_literal("> {\"a\": {\"b\": [{}, 1]}}\n", "{\"a\": {\"b\": [{}, 1]}}", 21);
	assert_reads(">> \"{\\\"note\\\":3.03}\"\n");
	assert_int_equal(parsed.steps->content.count, 1);
}

static void
every_kind_of_hole_is_compiled(void **state)
{
	static const enum hole kind[] = { HOLE_LITERAL, HOLE_NUMBER, HOLE_LITERAL, HOLE_NUMBER, HOLE_QUOTED, HOLE_ADDRESS, HOLE_WORD,
		HOLE_TEXT, HOLE_NUMBER };
	const struct part *p;

	(void)state;
	assert_reads("< +X: {n: 0..999},{m: number}{s: quoted}{a: address}{ w : word }{t: text}{: ..5}\n< {n} {n+1*2}\n");
	assert_int_equal(parsed.steps->text->count, 9);
	p = parsed.steps->text->part;
	for (int i = 0; i < 9; i++)
		assert_int_equal(p[i].kind, kind[i]);
	assert_true(p[1].has_min && p[1].has_max && p[1].max.item->number == 999);
	assert_string_equal(parsed.variable[p[1].variable], "n");
	assert_string_equal(parsed.variable[p[6].variable], "w");
	assert_true(!p[8].has_min && p[8].has_max && p[8].variable == -1);
	p = parsed.steps->next->text->part;
	assert_int_equal(p[0].kind, HOLE_VALUE);
	assert_int_equal(p[2].value.count, 5);
	assert_int_equal(p[2].value.item[3].op, EXPR_MULTIPLY);
	assert_int_equal(p[2].value.item[4].op, EXPR_ADD);
}

static void
error_is_a_line_of_its_own_and_one_of_alternatives(void **state)
{
	(void)state;
	assert_reads("< {error}\n");
	assert_true(parsed.steps->text->any_error);
	assert_reads("< OK | {error} | X {: text}  within 5s\n");
	assert_int_equal(parsed.steps->texts, 3);
	assert_true(parsed.steps->text[1].any_error);
	assert_int_equal(parsed.steps->text[2].count, 2);
}

static void
a_range_may_be_computed(void **state)
{
	(void)state;
	assert_reads("< {n: 1..5}\n< {m: n..(n+2)*3}\n= {n*m} bytes\n= next {m-1} bytes of /f\n");
	assert_int_equal(parsed.steps->next->text->part[0].max.count, 5);
	assert_int_equal(parsed.steps->next->next->count.count, 3);
	assert_error("< {n: 1..5}\n< {m: o..3}\n",
	    "t.case:2:7: 'o', expected what a step before this one captures (and there is no table with that column)");
	assert_error("< {n: ((((((((((1))))))))))..}\n", "t.case:1:15: '(' more than 8 deep, expected fewer");
	assert_error(
	    "< {n: 1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1+1..}\n", "t.case:1:40: an expression of more than 32 parts, expected a shorter one");
}

static void
values_of_the_lab_are_put_in_as_text(void **state)
{
	(void)state;
	assert_reads("> AT+SAPBR=3,1,\"APN\",\"{lab.apn}\"\n");
	assert_int_equal(parsed.variables, 0);
	assert_int_equal(parsed.steps->text->count, 1);
	assert_memory_equal(parsed.steps->text->part[0].literal.at, "AT+SAPBR=3,1,\"APN\",\"CMNET\"", 26);
	assert_null(parsed.lab_lacks);
	assert_error("> AT+SAPBR=3,1,\"APN\",\"{lab.ftp_prot}\"\n",
	    "t.case:1:24: 'lab.ftp_prot', expected a value of the lab; did you mean 'ftp_port'?");
	assert_error("> {lab.}\n", "t.case:1:4: a value of the lab within a hole, expected it alone: {lab.NAME}");
	assert_error("> {lab.ftp_port+1}\n", "t.case:1:4: a value of the lab within a hole, expected it alone: {lab.NAME}");
	assert_reads("> AT \\{lab.anp}\n");
}

static void
a_moment_is_no_number(void **state)
{
	(void)state;
	assert_error("> AT  as n\n< {n}\n", "t.case:2:4: 'n', a moment, expected a captured value");
	assert_error(
	    "< {n: 1..2}\n< OK  within 1s since n\n", "t.case:2:23: 'n', a captured value, expected the name of a moment (as NAME)");
}

static void
a_text_has_at_most_sixty_four_parts(void **state)
{
	char text[1024] = "< ";

	(void)state;
	for (int i = 0; i < 64; i++)
		strcat(text, "{: word}");
	assert_reads(strcat(text, "\n"));
	text[strlen(text) - 1] = '\0';
	assert_error(strcat(text, "x\n"), "t.case:1:515: a text of more than 64 parts, expected fewer holes");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_texts_are_said_with_their_place),
		cmocka_unit_test(a_text_ends_at_two_blanks_before_a_modifier_or_a_comment),
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(json_needs_no_escape),
		cmocka_unit_test(every_kind_of_hole_is_compiled),
		cmocka_unit_test(error_is_a_line_of_its_own_and_one_of_alternatives),
		cmocka_unit_test(a_range_may_be_computed),
		cmocka_unit_test(values_of_the_lab_are_put_in_as_text),
		cmocka_unit_test(a_moment_is_no_number),
		cmocka_unit_test(a_text_has_at_most_sixty_four_parts),
	};
	int failed = cmocka_run_group_tests(tests, folder_make, folder_remove);

	forget();
	return failed;
}
