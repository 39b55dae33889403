#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "escape.h"

/* Escape from and into exact-size blocks, so that a step past either is seen. */
static void
check(size_t (*escape)(char *, size_t, struct span), struct span s, size_t cap, const char *want)
{
	char *in = malloc(s.len + 1), *out = malloc(cap + 1);
	size_t n;

	memcpy(in + 1, s.at, s.len);
	n = escape(out + 1, cap, span_of(in + 1, s.len));
	assert_string_equal(out + 1, want);
	assert_int_equal(n, strlen(want));
	free(in);
	free(out);
}

static void
printable_ascii_stays_as_it_is(void **state)
{
	(void)state;
	check(escape_bytes, SPAN("AT+HTTPPARA=\"URL\",\"x{}|#\""), 64, "AT+HTTPPARA=\"URL\",\"x{}|#\"");
	check(escape_bytes, SPAN("  two  "), 64, "  two  ");
}

static void
everything_else_becomes_an_escape(void **state)
{
	(void)state;
	check(escape_bytes, SPAN("\r\n\t\\"), 64, "\\r\\n\\t\\\\");
	check(escape_bytes, SPAN("\0\x1b[2J\x7f\x80\xff"), 64, "\\x00\\x1b[2J\\x7f\\x80\\xff");
}

static void
every_byte_comes_out_as_printable_ascii(void **state)
{
	char out[16];

	(void)state;
	for (int c = 0; c < 256; c++) {
		char in = (char)c;
		size_t n = escape_case(out, sizeof(out), span_of(&in, 1));

		assert_true(n >= 1 && n <= 4);
		for (size_t i = 0; i < n; i++)
			assert_true(out[i] >= 0x20 && out[i] < 0x7f);
	}
}

static void
case_text_escapes_the_marks_of_the_language(void **state)
{
	(void)state;
	check(escape_case, SPAN("{\"a\":1}|#"), 64, "\\{\"a\":1\\}\\|\\#");
	check(escape_case, SPAN("a b"), 64, "a b");
	check(escape_case, SPAN("a  b   c"), 64, "a \\sb \\s\\sc");
	check(escape_case, SPAN(" a "), 64, "\\sa\\s");
	check(escape_case, SPAN(" "), 64, "\\s");
}

static void
a_cut_lies_between_two_bytes_and_says_what_is_left_out(void **state)
{
	(void)state;
	check(escape_bytes, SPAN("0123456789"), 11, "0123456789");
	check(escape_bytes, SPAN("0123456789"), 10, "0123...6");
	check(escape_bytes, SPAN("\x01\x02\x03\x04\x05\x06\x07"), 17, "\\x01\\x02\\x03...4");
	check(escape_bytes, SPAN("\x01\x02\x03\x04\x05\x06\x07"), 16, "\\x01\\x02...5");
}

static void
whatever_the_capacity_nothing_is_written_past_it(void **state)
{
	char text[300], *out;

	(void)state;
	memset(text, 0x1b, sizeof(text));
	for (size_t cap = 0; cap < 1300; cap++) {
		size_t n;

		out = malloc(cap + 1);
		n = escape_bytes(out + 1, cap, span_of(text, sizeof(text)));
		assert_true(cap == 0 ? n == 0 : n < cap && out[1 + n] == '\0');
		if (cap > 1200)
			assert_int_equal(n, 1200);
		free(out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printable_ascii_stays_as_it_is),
		cmocka_unit_test(everything_else_becomes_an_escape),
		cmocka_unit_test(every_byte_comes_out_as_printable_ascii),
		cmocka_unit_test(case_text_escapes_the_marks_of_the_language),
		cmocka_unit_test(a_cut_lies_between_two_bytes_and_says_what_is_left_out),
		cmocka_unit_test(whatever_the_capacity_nothing_is_written_past_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
