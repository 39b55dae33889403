#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "content.h"

/* Parse from an exact-size copy, so that a read past its end is seen. */
static size_t
parse(const char *text, struct content *out, size_t *column, const char **why)
{
	static char scratch[256];
	size_t n = strlen(text), took;
	char *copy = malloc(n == 0 ? 1 : n);

	memcpy(copy, text, n);
	took = content_parse(span_of(copy, n), out, scratch, column, why);
	free(copy);
	return took;
}

static void
descriptions_are_read_and_the_rest_is_left(void **state)
{
	struct content c;
	size_t column;
	const char *why;

	(void)state;
	assert_int_equal(parse("1024 bytes pattern 7", &c, &column, &why), 20);
	assert_int_equal(c.kind, CONTENT_PATTERN);
	assert_int_equal(c.length, 1024);
	assert_int_equal(c.pattern, 7);
	assert_int_equal(parse("100 bytes  as asked", &c, &column, &why), 9);
	assert_int_equal(c.kind, CONTENT_PATTERN);
	assert_int_equal(c.pattern, 0);
	assert_int_equal(parse("16384 bytes digits latency 2s", &c, &column, &why), 18);
	assert_int_equal(c.kind, CONTENT_DIGITS);
	assert_int_equal(parse("10 bytes lines", &c, &column, &why), 14);
	assert_int_equal(c.kind, CONTENT_LINES);
	assert_int_equal(parse("10 bytes linesman", &c, &column, &why), 8);
	assert_int_equal(c.kind, CONTENT_PATTERN);
	assert_int_equal(parse("\"a\\r\\n\\x41\\\"\" status 404", &c, &column, &why), 13);
	assert_int_equal(c.kind, CONTENT_STRING);
	assert_int_equal(c.length, 5);
	assert_memory_equal(c.text.at, "a\r\nA\"", 5);
	assert_int_equal(parse("7 bytes repeat \"ab\"", &c, &column, &why), 19);
	assert_int_equal(c.kind, CONTENT_REPEAT);
}

static void
a_file_is_named_up_to_the_next_blank(void **state)
{
	struct content c;
	size_t column;
	const char *why, *text = "29 bytes of /1K.txt within 2s";
	char scratch[64];

	(void)state;
	assert_int_equal(content_parse(span_str(text), &c, scratch, &column, &why), 19);
	assert_int_equal(c.kind, CONTENT_FILE);
	assert_true(span_equal(c.text, SPAN("/1K.txt")));
	assert_int_equal(c.length, 29);
}

static void
what_is_wrong_is_said_with_its_column(void **state)
{
	static const struct {
		const char *text, *why;
		size_t column;
	} wrong[] = {
		{ "", "expected a content: a string in double quotes, or a number of bytes", 0 },
		{ "many bytes", "expected a content: a string in double quotes, or a number of bytes", 0 },
		{ "99999999999999999999999 bytes", "expected a content of at most 4294967295 bytes", 0 },
		{ "4294967296 bytes", "expected a content of at most 4294967295 bytes", 0 },
		{ "10", "expected the word bytes", 2 },
		{ "10 byte", "expected the word bytes", 3 },
		{ "10 bytes pattern", "expected the pattern's number, 0..4294967295", 16 },
		{ "10 bytes pattern 4294967296", "expected the pattern's number, 0..4294967295", 17 },
		{ "10 bytes repeat 7", "expected a string in double quotes", 16 },
		{ "10 bytes repeat \"\"", "expected a string that is not empty", 16 },
		{ "10 bytes of ", "expected the name of a file", 12 },
		{ "\"abc", "expected a closing double quote", 4 },
		{ "\"abc\\", "expected a closing double quote", 5 },
		{ "\"a\\q\"", "expected an escape: \\r \\n \\t \\0 \\s \\xNN \\{ \\} \\| \\\\ \\# \\\"", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct content c;
		size_t column = 999;
		const char *why = NULL;

		assert_int_equal(parse(wrong[i].text, &c, &column, &why), 0);
		assert_string_equal(why, wrong[i].why);
		assert_int_equal(column, wrong[i].column);
	}
}

static void
any_piece_equals_the_same_piece_of_the_whole(void **state)
{
	static const struct content kinds[] = {
		{ .kind = CONTENT_PATTERN, .length = 700, .pattern = 7 },
		{ .kind = CONTENT_PATTERN, .length = 700, .pattern = 4294967295u },
		{ .kind = CONTENT_DIGITS, .length = 700 },
		{ .kind = CONTENT_LINES, .length = 700 },
		{ .kind = CONTENT_REPEAT, .length = 700, .text = { "abcdefg", 7 } },
	};

	(void)state;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		char whole[700], piece[64];

		content_fill(&kinds[k], 0, whole, sizeof(whole));
		for (size_t at = 0; at < 660; at++) {
			size_t n = at % 39 + 1;

			content_fill(&kinds[k], at, piece, n);
			assert_memory_equal(piece, whole + at, n);
			assert_int_equal(content_differs(&kinds[k], at, span_of(piece, n)), n);
			piece[n - 1] ^= 1;
			assert_int_equal(content_differs(&kinds[k], at, span_of(piece, n)), n - 1);
		}
	}
}

static void
nothing_is_written_past_the_length(void **state)
{
	struct content c = { .kind = CONTENT_PATTERN, .length = 20, .pattern = 1 };
	char into[32];

	(void)state;
	memset(into, 'z', sizeof(into));
	content_fill(&c, 10, into, sizeof(into));
	for (size_t i = 10; i < sizeof(into); i++)
		assert_int_equal(into[i], 'z');
	memset(into, 'z', sizeof(into));
	content_fill(&c, 20, into, sizeof(into));
	assert_int_equal(into[0], 'z');
}

static void
bytes_past_the_length_differ(void **state)
{
	struct content c = { .kind = CONTENT_DIGITS, .length = 10 };

	(void)state;
	assert_int_equal(content_differs(&c, 0, SPAN("01234567890")), 10);
	assert_int_equal(content_differs(&c, 0, SPAN("0123456789")), 10);
	assert_int_equal(content_differs(&c, 10, SPAN("0")), 0);
	assert_int_equal(content_differs(&c, 10, SPAN("")), 0);
}

static void
a_pattern_has_every_byte_value_and_looks_like_answers(void **state)
{
	struct content c = { .kind = CONTENT_PATTERN, .length = 4096 };
	char bytes[4096];

	(void)state;
	for (c.pattern = 0; c.pattern < 20; c.pattern++) {
		bool seen[256] = { false };
		int count = 0;

		content_fill(&c, 0, bytes, sizeof(bytes));
		for (size_t i = 0; i < sizeof(bytes); i++)
			seen[(unsigned char)bytes[i]] = true;
		for (int i = 0; i < 256; i++)
			count += seen[i];
		assert_int_equal(count, 256);
		assert_non_null(memmem(bytes, sizeof(bytes), "\r\nOK\r\n", 6));
	}
}

static void
patterns_differ_from_each_other(void **state)
{
	struct content a = { .kind = CONTENT_PATTERN, .length = 100, .pattern = 7 }, b = a;
	char bytes[100];

	(void)state;
	b.pattern = 8;
	content_fill(&a, 0, bytes, sizeof(bytes));
	assert_true(content_differs(&b, 0, span_of(bytes, sizeof(bytes))) < 2);
}

static void
lines_are_printable_and_end_in_crlf(void **state)
{
	struct content c = { .kind = CONTENT_LINES, .length = 640 };
	char bytes[640];

	(void)state;
	content_fill(&c, 0, bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (i % 64 == 62)
			assert_int_equal(bytes[i], '\r');
		else if (i % 64 == 63)
			assert_int_equal(bytes[i], '\n');
		else
			assert_in_range(bytes[i], ' ', '~');
	}
}

static void
every_escape_is_undone(void **state)
{
	char into[64];
	size_t bad = 0;
	struct span s = SPAN("\\r\\n\\t\\0\\s\\x1A\\xfF\\{\\}\\|\\\\\\#\\\"z");
	static const char want[] = "\r\n\t\0 \x1a\xff{}|\\#\"z";

	(void)state;
	assert_int_equal(text_unescape(s, into, &bad), sizeof(want) - 1);
	assert_memory_equal(into, want, sizeof(want) - 1);
	assert_int_equal(text_unescape(SPAN("ab\\x1"), into, &bad), -1);
	assert_int_equal(bad, 2);
	assert_int_equal(text_unescape(SPAN("ab\\"), into, &bad), -1);
	assert_int_equal(text_unescape(span_of("\\\0", 2), into, &bad), -1);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptions_are_read_and_the_rest_is_left),
		cmocka_unit_test(a_file_is_named_up_to_the_next_blank),
		cmocka_unit_test(what_is_wrong_is_said_with_its_column),
		cmocka_unit_test(any_piece_equals_the_same_piece_of_the_whole),
		cmocka_unit_test(nothing_is_written_past_the_length),
		cmocka_unit_test(bytes_past_the_length_differ),
		cmocka_unit_test(a_pattern_has_every_byte_value_and_looks_like_answers),
		cmocka_unit_test(patterns_differ_from_each_other),
		cmocka_unit_test(lines_are_printable_and_end_in_crlf),
		cmocka_unit_test(every_escape_is_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
