/* Lines against text with holes; arithmetic; texts with values put in. */
#include "case_text.h"
#include "match.h"

static struct values values;
static struct match found;

/* The text of the first expect of a case that consists of it. */
static const struct text *
text_of(const char *expect)
{
	char whole[4096];

	snprintf(whole, sizeof(whole), "title A case\nspec A document, 1.1\n> AT\n< {x: number} {s: word} {y: number}\n< %s\n", expect);
	assert_reads(whole);
	values_clear(&values);
	return parsed.steps->next->next->text;
}

/* Whether line, in a block of its very size, is what the text asks for. */
static bool
matches(const struct text *t, const char *line)
{
	size_t n = strlen(line);
	char *block = malloc(n == 0 ? 1 : n);
	bool is;

	assert_non_null(block);
	memcpy(block, line, n);
	is = match_line(t, span_of(block, n), &values, &found);
	if (is)
		match_capture(t, &found, &values);
	free(block);
	return is;
}

static int64_t
number(const char *name)
{
	for (int i = 0; i < parsed.variables; i++)
		if (strcmp(parsed.variable[i], name) == 0) {
			assert_true(values.value[i].set && values.value[i].is_number);
			return values.value[i].number;
		}
	fail_msg("no %s", name);
	return 0;
}

static void
assert_text(const char *name, const char *expected)
{
	for (int i = 0; i < parsed.variables; i++)
		if (strcmp(parsed.variable[i], name) == 0) {
			assert_int_equal(values.value[i].length, strlen(expected));
			assert_memory_equal(values.value[i].text, expected, strlen(expected));
			return;
		}
	fail_msg("no %s", name);
}

static void
a_text_without_holes_is_the_line(void **state)
{
	const struct text *t = text_of("+CSQ: 18,0");

	(void)state;
	assert_true(matches(t, "+CSQ: 18,0"));
	assert_false(matches(t, "+CSQ: 18,0 "));
	assert_false(matches(t, "+CSQ: 18,"));
	assert_false(matches(t, ""));
}

static void
a_number_has_no_sign_and_no_leading_zeros(void **state)
{
	const struct text *t = text_of("+CSQ: {n: 5..31},0");

	(void)state;
	assert_true(matches(t, "+CSQ: 5,0"));
	assert_int_equal(number("n"), 5);
	assert_true(matches(t, "+CSQ: 31,0"));
	assert_int_equal(number("n"), 31);
	assert_false(matches(t, "+CSQ: 4,0"));
	assert_false(matches(t, "+CSQ: 32,0"));
	assert_false(matches(t, "+CSQ: 05,0"));
	assert_false(matches(t, "+CSQ: -5,0"));
	assert_false(matches(t, "+CSQ: ,0"));
}

static void
a_number_beyond_64_bits_matches_nothing(void **state)
{
	const struct text *t = text_of("{n: number}");

	(void)state;
	assert_true(matches(t, "9223372036854775807"));
	assert_int_equal(number("n"), INT64_MAX);
	assert_false(matches(t, "9223372036854775808"));
	assert_false(matches(t, "99999999999999999999999999999999"));
}

static void
ranges_may_be_expressions_over_the_same_line(void **state)
{
	const struct text *t = text_of("{a: 1..9},{b: a+1..},{a+b}");

	(void)state;
	assert_true(matches(t, "2,3,5"));
	assert_false(matches(t, "3,3,6"));
	assert_false(matches(t, "2,3,6"));
}

static void
strings_addresses_and_words_are_captured(void **state)
{
	const struct text *t = text_of("+X: {q: quoted},{ip: address},{w: word}");

	(void)state;
	assert_true(matches(t, "+X: \"a,b\",10.0.0.255,one-word"));
	assert_text("q", "a,b");
	assert_text("ip", "10.0.0.255");
	assert_text("w", "one-word");
	assert_true(matches(t, "+X: \"\",1.2.3.4,x"));
	assert_false(matches(t, "+X: \"a\",10.0.0.256,x"));
	assert_false(matches(t, "+X: \"a\",10.0.0,x"));
	assert_false(matches(t, "+X: \"a,1.2.3.4,x"));
	assert_false(matches(t, "+X: \"a\",1.2.3.4,x y"));
}

static void
text_takes_the_shortest_that_lets_the_rest_match(void **state)
{
	const struct text *t = text_of("{t: text},{u: text}END");

	(void)state;
	assert_true(matches(t, "a,b,cENDEND"));
	assert_text("t", "a");
	assert_text("u", "b,cEND");
	assert_true(matches(t, ",END"));
	assert_false(matches(t, "aEND"));
}

static void
hostile_lines_cost_no_more_than_long_ones(void **state)
{
	const struct text *t = text_of("{: text},{: text},{: text},{: text},{: text},{: text};");
	char line[2049];

	(void)state;
	memset(line, ',', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (int i = 0; i < 200; i++)
		assert_false(matches(t, line));
}

static void
an_error_is_either_of_two(void **state)
{
	const struct text *t = text_of("{error}");

	(void)state;
	assert_true(matches(t, "ERROR"));
	assert_true(matches(t, "+CME ERROR: 3"));
	assert_true(matches(t, "+CME ERROR: operation not allowed"));
	assert_false(matches(t, "+CME ERROR:3"));
	assert_false(matches(t, "ERRORS"));
}

static void
what_differs_in_a_value_is_explained(void **state)
{
	const struct text *t = text_of("+CSQ: {n: 0..31},{: 0..}");
	char why[200];

	(void)state;
	assert_false(match_line(t, SPAN("+CSQ: 99,07"), &values, &found));
	assert_true(match_shape(t, SPAN("+CSQ: 99,07"), &values, &found));
	match_explain(t, &found, &values, why, sizeof(why));
	assert_string_equal(why, "99 is not in 0..31");
	assert_false(match_shape(t, SPAN("+CSQ 99,07"), &values, &found));
}

static void
sums_that_overflow_are_an_error(void **state)
{
	struct expr e;
	int64_t n;
	const char *why = NULL;

	(void)state;
	text_of("{999999999999999*999999999999999} {3*(4-6)} {x+1}");
	e = parsed.steps->next->next->text->part[0].value;
	assert_false(expr_evaluate(&e, &values, &n, &why));
	assert_string_equal(why, "arithmetic beyond 64 bits");
	e = parsed.steps->next->next->text->part[2].value;
	assert_true(expr_evaluate(&e, &values, &n, &why));
	assert_int_equal(n, -6);
	e = parsed.steps->next->next->text->part[4].value;
	assert_false(expr_evaluate(&e, &values, &n, &why));
	assert_string_equal(why, "a value that nothing has captured yet");
}

static void
values_are_put_into_what_is_sent(void **state)
{
	const struct text *t = text_of("AT+X={x-1},{s}");
	const char *why = NULL;
	char into[64];

	(void)state;
	assert_int_equal(text_render(t, &values, into, sizeof(into), &why), -1);
	assert_true(matches(parsed.steps->next->text, "100 abc 7"));
	assert_int_equal(text_render(t, &values, into, sizeof(into), &why), 11);
	assert_memory_equal(into, "AT+X=99,abc", 11);
	assert_int_equal(text_render(t, &values, into, 10, &why), -1);
	assert_string_equal(why, "the text is too long with its values put in");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_without_holes_is_the_line),
		cmocka_unit_test(a_number_has_no_sign_and_no_leading_zeros),
		cmocka_unit_test(a_number_beyond_64_bits_matches_nothing),
		cmocka_unit_test(ranges_may_be_expressions_over_the_same_line),
		cmocka_unit_test(strings_addresses_and_words_are_captured),
		cmocka_unit_test(text_takes_the_shortest_that_lets_the_rest_match),
		cmocka_unit_test(hostile_lines_cost_no_more_than_long_ones),
		cmocka_unit_test(an_error_is_either_of_two),
		cmocka_unit_test(what_differs_in_a_value_is_explained),
		cmocka_unit_test(sums_that_overflow_are_an_error),
		cmocka_unit_test(values_are_put_into_what_is_sent),
	};
	int failed = cmocka_run_group_tests_name("match", tests, folder_make, folder_remove);

	forget();
	return failed;
}
