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
	assert_int_equal(at_scan_text(s), at_scan_text_portable(s));
	assert_int_equal(at_scan_line(s), at_scan_line_portable(s));
	assert_int_equal(at_scan_run(s, '\r'), at_scan_run_portable(s, '\r'));
	assert_int_equal(at_scan_run(s, 'x'), at_scan_run_portable(s, 'x'));
	free(block);
}

static void
each_byte_at_each_place_of_three_blocks_is_seen_or_passed_over_as_the_twin_does(void **state)
{
	char text[50];
	(void)state;

	for (size_t n = 0; n <= sizeof(text); n++) {
		memset(text, 'x', sizeof(text));
		compare(text, n);
		for (size_t at = 0; at < n; at++) {
			for (int c = 0; c < 256; c++) {
				text[at] = (char)c;
				compare(text, n);
			}
			text[at] = 'x';
		}
	}
}

static void
a_control_byte_is_below_the_blank_or_del(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++)
		assert_int_equal(at_scan_is_control((char)c), c < 0x20 || c == 0x7f);
	assert_int_equal(at_scan_text(SPAN("+CSQ: 18,0\r\n")), 10);
	assert_int_equal(at_scan_text(SPAN("a\tb")), 1);
	assert_int_equal(at_scan_text(SPAN("\x80\xff\x7f")), 2);
	assert_int_equal(at_scan_line(SPAN("a\tb\0c\nd")), 5);
	assert_int_equal(at_scan_run(SPAN("\r\r\r\n"), '\r'), 3);
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
		cmocka_unit_test(each_byte_at_each_place_of_three_blocks_is_seen_or_passed_over_as_the_twin_does),
		cmocka_unit_test(a_control_byte_is_below_the_blank_or_del),
		cmocka_unit_test(random_bytes_give_the_same_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
