#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reference_fields.h"

/* A line in a block of exactly its size, so that a read past its end is seen. */
static struct span
exact(const char *text)
{
	size_t n = strlen(text);
	char *block = malloc(n + (n == 0));

	return span_of(memcpy(block, text, n), n);
}

static bool
number_is(const char *text, uint64_t min, uint64_t max, uint64_t expected)
{
	struct span line = exact(text);
	struct at_fields f;
	uint64_t n = 4711;
	bool ok;

	at_fields_start(&f, line);
	ok = at_fields_number(&f, min, max, &n) && at_fields_end(&f) && n == expected;
	free((void *)(uintptr_t)line.at);
	return ok;
}

static void
a_number_is_digits_only_and_in_range(void **state)
{
	static const char *const none[] = { "", "x", "1x", "x1", "-1", "+1", "1 ", "0x10", "1.5", "\"1\"", "18446744073709551616",
		"99999999999999999999999999", "1,", ",1" };

	(void)state;
	assert_true(number_is("0", 0, 9, 0));
	assert_true(number_is("  7", 0, 9, 7));
	assert_true(number_is("007", 0, 9, 7));
	assert_true(number_is("18446744073709551615", 0, UINT64_MAX, UINT64_MAX));
	assert_false(number_is("10", 0, 9, 10));
	assert_false(number_is("1", 2, 9, 1));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(number_is(none[i], 0, UINT64_MAX, 1));
}

static void
what_fails_takes_nothing(void **state)
{
	struct span line = exact("+X: abc,\"q\"");
	struct at_fields f;
	struct span word = SPAN("before");
	uint64_t n = 4711;
	uint8_t address[4] = { 1, 2, 3, 4 };

	(void)state;
	assert_true(at_fields_open(&f, line, SPAN("+X")));
	assert_false(at_fields_number(&f, 0, UINT64_MAX, &n));
	assert_false(at_fields_quoted(&f, &word));
	assert_false(at_fields_address(&f, address));
	assert_false(at_fields_list(&f, &word));
	assert_false(at_fields_range(&f, &n, &n));
	assert_int_equal(n, 4711);
	assert_true(span_equal(word, SPAN("before")));
	assert_memory_equal(address, "\1\2\3\4", 4);
	assert_true(at_fields_word(&f, &word) && span_equal(word, SPAN("abc")));
	assert_false(at_fields_word(&f, &word));
	assert_true(at_fields_quoted(&f, &word) && span_equal(word, SPAN("q")) && at_fields_end(&f));
	assert_false(at_fields_quoted(&f, &word) || at_fields_word(&f, &word) || at_fields_skip(&f) || at_fields_number(&f, 0, 9, &n));
	free((void *)(uintptr_t)line.at);
}

static void
blanks_are_forgiven_after_colon_and_comma_only(void **state)
{
	static const char *const good[] = { "+SAPBR: 1,3,\"0.0.0.0\"", "+SAPBR:1,3,\"0.0.0.0\"", "+SAPBR:  1, 3,  \"0.0.0.0\"" };
	static const char *const bad[] = { "+SAPBR : 1,3,\"0.0.0.0\"", "+SAPBR: 1 ,3,\"0.0.0.0\"", "+SAPBR: 1,3,\"0.0.0.0\" ",
		"+SAPBR 1,3,\"0.0.0.0\"", "+SAPBRX: 1,3,\"0.0.0.0\"", "+SAPBR", "+SAPBR:", "+SAPBR: 1,3", "+SAPBR: 1,3,",
		"+SAPBR: 1,3,\"0.0.0.0", "+SAPBR: 1,3,\"0.0.0.0\",", "+SAPBR: 1,,\"0.0.0.0\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]) + sizeof(bad) / sizeof(bad[0]); i++) {
		bool is_good = i < sizeof(good) / sizeof(good[0]);
		struct span line = exact(is_good ? good[i] : bad[i - sizeof(good) / sizeof(good[0])]);
		struct at_fields f;
		uint64_t cid, status;
		uint8_t ip[4];
		bool ok = at_fields_open(&f, line, SPAN("+SAPBR")) && at_fields_number(&f, 1, 3, &cid) &&
			  at_fields_number(&f, 0, 3, &status) && at_fields_address(&f, ip) && at_fields_end(&f);

		assert_int_equal(ok, is_good);
		free((void *)(uintptr_t)line.at);
	}
}

static void
an_address_is_four_numbers_up_to_255(void **state)
{
	static const char *const none[] = { "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.a", "0001.2.3.4", "",
		"\"1.2.3.4", "\"1.2.3.4\"x", "-1.2.3.4" };
	struct at_fields f;
	uint8_t ip[4];

	(void)state;
	at_fields_start(&f, SPAN("\"10.89.193.255\",1.2.3.4"));
	assert_true(at_fields_address(&f, ip));
	assert_memory_equal(ip, "\x0a\x59\xc1\xff", 4);
	assert_true(at_fields_address(&f, ip));
	assert_memory_equal(ip, "\1\2\3\4", 4);
	assert_true(at_fields_end(&f));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct span line = exact(none[i]);

		at_fields_start(&f, line);
		assert_false(at_fields_address(&f, ip));
		free((void *)(uintptr_t)line.at);
	}
}

static void
lists_hold_numbers_and_ranges(void **state)
{
	struct span line = exact("+HTTPDATA: (0-319488), (1000,5000-120000)");
	struct span elements = SPAN("");
	struct at_fields f, list;
	uint64_t low, high;

	(void)state;
	assert_true(at_fields_open(&f, line, SPAN("+HTTPDATA")) && at_fields_list(&f, &elements));
	at_fields_start(&list, elements);
	assert_true(at_fields_range(&list, &low, &high) && low == 0 && high == 319488 && at_fields_end(&list));
	assert_true(at_fields_list(&f, &elements) && at_fields_end(&f));
	at_fields_start(&list, elements);
	assert_true(at_fields_range(&list, &low, &high) && low == 1000 && high == 1000);
	assert_true(at_fields_range(&list, &low, &high) && low == 5000 && high == 120000 && at_fields_end(&list));
	assert_false(at_fields_range(&list, &low, &high));
	at_fields_start(&list, SPAN("5-1"));
	assert_false(at_fields_range(&list, &low, &high));
	at_fields_start(&list, SPAN("1-2-3"));
	assert_false(at_fields_range(&list, &low, &high));
	at_fields_start(&list, SPAN("-3"));
	assert_false(at_fields_range(&list, &low, &high));
	at_fields_start(&list, SPAN("3-"));
	assert_false(at_fields_range(&list, &low, &high));
	free((void *)(uintptr_t)line.at);
}

static void
skip_passes_commas_in_quotes_and_lists(void **state)
{
	struct span line = exact("\"a,b\",(0,1),,c");
	struct at_fields f;
	int fields = 0;

	(void)state;
	at_fields_start(&f, line);
	while (at_fields_skip(&f))
		fields++;
	assert_int_equal(fields, 4);
	assert_true(at_fields_end(&f));
	free((void *)(uintptr_t)line.at);
}

/* Under the sanitizers one character less, for the time it takes. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SHORT_LINE 5
#endif
#endif
#ifndef SHORT_LINE
#define SHORT_LINE 6
#endif

static void
every_short_line_is_read_as_the_reference_reads_it(void **state)
{
	static const char alphabet[] = { '0', '9', '-', '"', ',', '(', ')', ' ', 'x' };
	size_t lines = 1;

	(void)state;
	for (size_t n = 0; n <= SHORT_LINE; n++) {
		char *block = malloc(n + (n == 0));

		for (size_t line = 0; line < lines; line++) {
			size_t rest = line;

			for (size_t i = 0; i < n; i++) {
				block[i] = alphabet[rest % sizeof(alphabet)];
				rest /= sizeof(alphabet);
			}
			check_fields(span_of(block, n));
		}
		free(block);
		lines *= sizeof(alphabet);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_digits_only_and_in_range),
		cmocka_unit_test(what_fails_takes_nothing),
		cmocka_unit_test(blanks_are_forgiven_after_colon_and_comma_only),
		cmocka_unit_test(an_address_is_four_numbers_up_to_255),
		cmocka_unit_test(lists_hold_numbers_and_ranges),
		cmocka_unit_test(skip_passes_commas_in_quotes_and_lists),
		cmocka_unit_test(every_short_line_is_read_as_the_reference_reads_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
