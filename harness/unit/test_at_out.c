/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

#include "at_out.h"

static const struct at_style plain = { .verbose = true, .engine = 600, .colon_blank = true };

/* Frame text into a block of exactly want's size. */
static void
assert_line(struct at_style style, const char *text, const char *want)
{
	size_t len = strlen(want);
	/* The room asked for is that of the frame with its blank. */
	char *block = malloc(strlen(text) + AT_OUT_FRAME);
	long n;

	assert_non_null(block);
	n = at_out_line(style, span_str(text), block, strlen(text) + AT_OUT_FRAME);
	assert_int_equal(n, len);
	assert_memory_equal(block, want, len);
	free(block);
}

static void
assert_final(struct at_style style, enum at_final final, int cme, const char *want)
{
	char into[128];
	long n = at_out_final(style, final, cme, into, sizeof(into));

	assert_int_equal(n, strlen(want));
	assert_memory_equal(into, want, (size_t)n);
}

static void
verbose_lines_stand_between_line_ends(void **state)
{
	(void)state;
	assert_line(plain, "+CSQ: 18,0", "\r\n+CSQ: 18,0\r\n");
	assert_final(plain, AT_FINAL_OK, -1, "\r\nOK\r\n");
	assert_final(plain, AT_FINAL_ERROR, -1, "\r\nERROR\r\n");
	assert_final(plain, AT_FINAL_SHUT_OK, -1, "\r\nSHUT OK\r\n");
}

static void
numeric_results_are_a_digit_and_cr(void **state)
{
	struct at_style style = plain;

	(void)state;
	style.verbose = false;
	assert_line(style, "+CSQ: 18,0", "+CSQ: 18,0\r\n");
	assert_final(style, AT_FINAL_OK, -1, "0\r");
	assert_final(style, AT_FINAL_CME_ERROR, 3, "4\r");
	style.cmee = 1;
	assert_final(style, AT_FINAL_CME_ERROR, 3, "+CME ERROR: 3\r\n");
}

static void
quiet_keeps_results_back_and_says_information(void **state)
{
	struct at_style style = plain;

	(void)state;
	style.quiet = true;
	assert_final(style, AT_FINAL_OK, -1, "");
	assert_final(style, AT_FINAL_CME_ERROR, 3, "");
	assert_line(style, "x", "\r\nx\r\n");
}

static void
errors_read_as_cmee_says(void **state)
{
	struct at_style style = plain;

	(void)state;
	assert_final(style, AT_FINAL_CME_ERROR, 3, "\r\nERROR\r\n");
	style.cmee = 1;
	assert_final(style, AT_FINAL_CME_ERROR, 3, "\r\n+CME ERROR: 3\r\n");
	assert_final(style, AT_FINAL_CME_ERROR, 100, "\r\n+CME ERROR: 100\r\n");
	assert_final(style, AT_FINAL_CME_ERROR, 20, "\r\n+CME ERROR: 20\r\n");
	assert_final(style, AT_FINAL_CME_ERROR, -1, "\r\nERROR\r\n");
	style.cmee = 2;
	assert_final(style, AT_FINAL_CME_ERROR, 3, "\r\n+CME ERROR: operation not allowed\r\n");
	assert_final(style, AT_FINAL_CME_ERROR, 999, "\r\n+CME ERROR: 999\r\n");
}

static void
older_manuals_number_the_command_engine_from_810(void **state)
{
	struct at_style style = plain;

	(void)state;
	style.cmee = 1;
	assert_final(style, AT_FINAL_CME_ERROR, 604, "\r\n+CME ERROR: 604\r\n");
	style.engine = 810;
	assert_final(style, AT_FINAL_CME_ERROR, 600, "\r\n+CME ERROR: 810\r\n");
	assert_final(style, AT_FINAL_CME_ERROR, 614, "\r\n+CME ERROR: 824\r\n");
	assert_final(style, AT_FINAL_CME_ERROR, 753, "\r\n+CME ERROR: 753\r\n");
}

static void
sim900_prints_no_blank_in_some_lines(void **state)
{
	struct at_style style = plain;

	(void)state;
	style.colon_blank = false;
	assert_line(style, "+HTTPACTION: 0,200,5", "\r\n+HTTPACTION:0,200,5\r\n");
	assert_line(style, "+FTPGET: 2,0", "\r\n+FTPGET:2,0\r\n");
	assert_line(style, "+FTPSTATE: 0", "\r\n+FTPSTATE: 0\r\n");
	assert_line(style, "+HTTPREAD: 5", "\r\n+HTTPREAD: 5\r\n");
	assert_line(style, "+SAPBR: 1,3,\"0.0.0.0\"", "\r\n+SAPBR: 1,3,\"0.0.0.0\"\r\n");
}

static void
what_does_not_fit_is_not_written(void **state)
{
	char into[6] = "......";

	(void)state;
	assert_int_equal(at_out_line(plain, SPAN("abc"), into, 6), -1);
	assert_int_equal(at_out_final(plain, AT_FINAL_OK, -1, into, 5), -1);
	assert_memory_equal(into, "......", 6);
	assert_int_equal(at_out_final(plain, AT_FINAL_OK, -1, into, 6), 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verbose_lines_stand_between_line_ends),
		cmocka_unit_test(numeric_results_are_a_digit_and_cr),
		cmocka_unit_test(quiet_keeps_results_back_and_says_information),
		cmocka_unit_test(errors_read_as_cmee_says),
		cmocka_unit_test(older_manuals_number_the_command_engine_from_810),
		cmocka_unit_test(sim900_prints_no_blank_in_some_lines),
		cmocka_unit_test(what_does_not_fit_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
