/* What at_scan promises: the fast searches count as their portable twins do, and read nothing behind the last byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "at_scan.h"
#include "prng.h"

/* Every search over the n bytes at text, which lie in a block of their own size. */
static void
compare(const char *text, size_t n)
{
	char *block = malloc(n > 0 ? n : 1);
	struct span s = span_of(block, n);

	assert_non_null(block);
	memcpy(block, text, n);
	assert_int_equal(at_scan(s, AT_SCAN_CONTROL), at_scan_portable(s, AT_SCAN_CONTROL));
	assert_int_equal(at_scan(s, AT_SCAN_LINE), at_scan_portable(s, AT_SCAN_LINE));
	assert_int_equal(at_scan(s, AT_SCAN_NOT_CR), at_scan_portable(s, AT_SCAN_NOT_CR));
	assert_int_equal(at_scan(s, AT_SCAN_TEXT), at_scan_portable(s, AT_SCAN_TEXT));
	assert_int_equal(at_scan(s, AT_SCAN_PRINTABLE), at_scan_portable(s, AT_SCAN_PRINTABLE));
	if (n >= AT_SCAN_BLOCK)
		assert_int_equal(at_scan_block(block, AT_SCAN_CONTROL), at_scan_portable(span_of(block, AT_SCAN_BLOCK), AT_SCAN_CONTROL));
	free(block);
}

/* Each byte value at each place among bytes that do not end what is counted. */
static void
compare_each_byte_among(char other)
{
	char text[70];

	for (size_t n = 0; n <= sizeof(text); n++) {
		memset(text, other, sizeof(text));
		compare(text, n);
		for (size_t at = 0; at < n; at++) {
			for (int c = 0; c < 256; c++) {
				text[at] = (char)c;
				compare(text, n);
			}
			text[at] = other;
		}
	}
}

static void
each_byte_at_each_place_of_four_blocks_is_seen_or_passed_over_as_the_twin_does(void **state)
{
	(void)state;
	compare_each_byte_among('x');
	compare_each_byte_among('\r');
	compare_each_byte_among('\0');
}

static void
a_control_byte_is_below_the_blank_or_del(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++)
		assert_int_equal(at_scan_ends((char)c, AT_SCAN_CONTROL), c < 0x20 || c == 0x7f);
	assert_int_equal(at_scan(SPAN("+CSQ: 18,0\r\n"), AT_SCAN_CONTROL), 10);
	assert_int_equal(at_scan(SPAN("a\tb"), AT_SCAN_CONTROL), 1);
	assert_int_equal(at_scan(SPAN("\x80\xff\x7f"), AT_SCAN_CONTROL), 2);
	assert_int_equal(at_scan(SPAN("a\tb\0c\nd"), AT_SCAN_LINE), 5);
	assert_int_equal(at_scan(SPAN("\r\r\r\n"), AT_SCAN_NOT_CR), 3);
	assert_int_equal(at_scan(SPAN("\0\x7f\xff\x80\t x"), AT_SCAN_PRINTABLE), 5);
	assert_int_equal(at_scan(SPAN("\n\r\n\tx"), AT_SCAN_TEXT), 3);
}

static void
random_bytes_give_the_same_counts(void **state)
{
	struct prng r;
	char text[200];
	(void)state;

	prng_seed(&r, 800);
	for (int round = 0; round < 20000; round++) {
		size_t n = (size_t)prng_below(&r, sizeof(text));

		for (size_t i = 0; i < n; i++)
			text[i] = "xxxxxxxx\r\n\t\x7f\x80"[prng_below(&r, 13)];
		compare(text, n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_byte_at_each_place_of_four_blocks_is_seen_or_passed_over_as_the_twin_does),
		cmocka_unit_test(a_control_byte_is_below_the_blank_or_del),
		cmocka_unit_test(random_bytes_give_the_same_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
