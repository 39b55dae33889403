#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "at_codes.h"

static void
a_final_result_code_is_a_whole_line(void **state)
{
	static const char *const none[] = { "", "O", "OKAY", "OK ", " OK", "ok", "ERRORS", "+CME ERROR",
		"+CME ERROR:", "+CME ERROR: ", "+CME ERRORS: 3", "+CME ERR", "CONNECT ", "CONNECT OK", "CONNECTED", "NO CARRIERS",
		"BUSY." };

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(at_final_of(span_str(none[i]), NULL), AT_FINAL_NONE);
	for (int f = AT_FINAL_OK; f < AT_FINAL_MAX; f++) {
		if (f != AT_FINAL_CME_ERROR && f != AT_FINAL_CMS_ERROR)
			assert_int_equal(at_final_of(at_final_text((enum at_final)f), NULL), f);
	}
	/* with ATX1 to ATX4, which is the default, the rate stands behind it */
	assert_int_equal(at_final_of(SPAN("CONNECT 9600"), NULL), AT_FINAL_CONNECT);
	/* the NUL is a byte like any other */
	assert_int_equal(at_final_of(span_of("OK\0", 3), NULL), AT_FINAL_NONE);
}

static void
an_error_has_its_number_or_that_of_its_text(void **state)
{
	static const struct {
		const char *line;
		enum at_final final;
		int cme;
	} rows[] = {
		{ "+CME ERROR: 3", AT_FINAL_CME_ERROR, 3 },
		{ "+CME ERROR:3", AT_FINAL_CME_ERROR, 3 },
		{ "+CME ERROR: operation not allowed", AT_FINAL_CME_ERROR, 3 },
		{ "+CME ERROR: unknown", AT_FINAL_CME_ERROR, 100 },
		{ "+CME ERROR: Unknown", AT_FINAL_CME_ERROR, 193 },
		{ "+CME ERROR: invalid input value", AT_FINAL_CME_ERROR, 765 },
		{ "+CME ERROR: 3x", AT_FINAL_CME_ERROR, -1 },
		{ "+CME ERROR: -3", AT_FINAL_CME_ERROR, -1 },
		{ "+CME ERROR: 99999999999999999999", AT_FINAL_CME_ERROR, -1 },
		{ "+CME ERROR: what nobody has heard of", AT_FINAL_CME_ERROR, -1 },
		{ "+CMS ERROR: 500", AT_FINAL_CMS_ERROR, 500 },
		{ "+CMS ERROR: unknown", AT_FINAL_CMS_ERROR, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int cme = -2;

		assert_int_equal(at_final_of(span_str(rows[i].line), &cme), rows[i].final);
		assert_int_equal(cme, rows[i].cme);
	}
}

static void
digits_are_those_of_v250(void **state)
{
	static const char *const texts[10] = { "OK", "CONNECT", "", "NO CARRIER", "ERROR", "", "NO DIALTONE", "BUSY", "NO ANSWER",
		"PROCEEDING" };

	(void)state;
	for (int d = 0; d < 10; d++) {
		char line[1] = { (char)('0' + d) };
		enum at_final final = at_final_of_digit(span_of(line, 1));

		assert_true(at_is(at_final_text(final), texts[d]));
		assert_int_equal(at_final_digit(final), final == AT_FINAL_NONE ? -1 : d);
	}
	assert_int_equal(at_final_of_digit(SPAN("00")), AT_FINAL_NONE);
	assert_int_equal(at_final_of_digit(SPAN("")), AT_FINAL_NONE);
	assert_int_equal(at_final_digit(AT_FINAL_SHUT_OK), -1);
}

static void
the_error_table_ascends_and_reads_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < at_cme_count; i++) {
		const struct at_cme *c = &at_cme_table[i];

		assert_true(i == 0 || at_cme_table[i - 1].number < c->number);
		assert_ptr_equal(at_cme_text(c->number), c->text);
		if (c->number < 810)
			assert_int_equal(at_cme_number(span_str(c->text)), c->number);
	}
	assert_null(at_cme_text(8));
	assert_null(at_cme_text(-1));
	assert_int_equal(at_cme_number(SPAN("")), -1);
}

static void
every_command_of_the_note_is_known(void **state)
{
	static const char *const names[] = { "+HTTPINIT", "+HTTPTERM", "+HTTPPARA", "+HTTPDATA", "+HTTPACTION", "+HTTPREAD", "+HTTPSCONT",
		"+HTTPSTATUS", "+FTPPORT", "+FTPMODE", "+FTPTYPE", "+FTPPUTOPT", "+FTPCID", "+FTPREST", "+FTPSERV", "+FTPUN", "+FTPPW",
		"+FTPGETNAME", "+FTPGETPATH", "+FTPPUTNAME", "+FTPPUTPATH", "+FTPGET", "+FTPPUT", "+FTPSCONT", "+FTPDELE", "+FTPSIZE",
		"+FTPSTATE", "+FTPEXTPUT", "+FTPMKD", "+FTPRMD", "+FTPLIST", "+SAPBR" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_non_null(at_command_named(span_str(names[i])));
		assert_string_equal(at_command_named(span_str(names[i]))->name, names[i]);
	}
	assert_null(at_command_named(SPAN("+HTTPREA")));
	assert_null(at_command_named(SPAN("+HTTPREADS")));
	assert_null(at_command_named(SPAN("")));
	assert_string_equal(at_command_named(SPAN("+httpread"))->name, "+HTTPREAD");
	for (size_t i = 0; i < at_command_count; i++)
		assert_ptr_equal(at_command_named(span_str(at_commands[i].name)), &at_commands[i]);
}

static void
commands_stand_in_their_order(void **state)
{
	(void)state;
	for (size_t i = 1; i < at_command_count; i++)
		assert_true(at_order(span_str(at_commands[i - 1].name), at_commands[i].name) < 0);
	assert_true(at_order(SPAN("+csq"), "+CSR") < 0);
	assert_true(at_order(SPAN("+CS"), "+csq") < 0);
	assert_true(at_order(SPAN("+CSQ"), "+cs") > 0);
	assert_int_equal(at_order(SPAN("+csq"), "+CSQ"), 0);
	assert_true(at_order(SPAN("+CSQ\0"), "+CSQ") > 0);
}

static void
a_command_line_is_cut_at_its_separators(void **state)
{
	static const struct {
		const char *line, *cut; /* name arguments, each in brackets */
	} rows[] = {
		{ "AT", "" },
		{ "at+csq", "[+csq][]" },
		{ "AT+FTPGET=2,1024;+CSQ", "[+FTPGET][=2,1024][+CSQ][]" },
		{ "AT+HTTPPARA=\"CID\",1;+HTTPPARA=\"URL\",\"a;b,c\";+HTTPSSL=0",
		    "[+HTTPPARA][=\"CID\",1][+HTTPPARA][=\"URL\",\"a;b,c\"][+HTTPSSL][=0]" },
		{ "ATE0V1&W", "[E][0][V][1][&W][]" },
		{ "ATS0=1S3?+CSQ", "[S0][=1][S3][?][+CSQ][]" },
		{ "AT+HTTPPARA = \"CID\",1", "[+HTTPPARA][= \"CID\",1]" },
		{ "ATI;+GMR", "[I][][+GMR][]" },
		{ "ATD*99#;+CSQ", "[D][*99#][+CSQ][]" },
		{ "AT+FOO?", "[+FOO][?]" },
		{ "AT;;", "" },
		{ "AT+HTTPPARA=\"URL\",\"never closed;+CSQ", "[+HTTPPARA][=\"URL\",\"never closed;+CSQ]" },
		{ "AT&", "[&][]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i].line);
		char *block = memcpy(malloc(n + (n == 0)), rows[i].line, n);
		struct span line = span_of(block, n);
		struct at_command_text c;
		char cut[256] = "";

		while (at_command_cut(line, &c)) {
			strcat(strncat(strcat(cut, "["), c.name.at, c.name.len), "]");
			strcat(strncat(strcat(cut, "["), c.arguments.at, c.arguments.len), "]");
			assert_true(c.rest.len < line.len);
			line = c.rest;
		}
		assert_string_equal(cut, rows[i].cut);
		free(block);
	}
}

static void
the_rest_of_a_line_begins_with_its_next_command(void **state)
{
	struct span rest;

	(void)state;
	assert_string_equal(at_command_of(SPAN("AT+FTPGET=2,1024;+CSQ"), &rest)->name, "+FTPGET");
	assert_true(at_is(rest, "+CSQ"));
	assert_string_equal(at_command_of(rest, &rest)->name, "+CSQ");
	assert_int_equal(rest.len, 0);
	assert_null(at_command_of(rest, &rest));
	assert_null(at_command_of(SPAN("AT+NOSUCH=1;+CSQ"), &rest));
	assert_true(at_is(rest, "+CSQ"));
}

static void
response_times_are_those_of_the_form(void **state)
{
	(void)state;
	assert_int_equal(at_response_ms(SPAN("AT+SAPBR=1,1")), 85000);
	assert_int_equal(at_response_ms(SPAN("AT+SAPBR =0,1")), 65000);
	assert_int_equal(at_response_ms(SPAN("AT+SAPBR=2,1")), AT_RESPONSE_MS);
	assert_int_equal(at_response_ms(SPAN("AT+CPIN?")), 5000);
	assert_int_equal(at_response_ms(SPAN("AT+CFUN=1")), 10000);
	assert_int_equal(at_response_ms(SPAN("AT+HTTPACTION=0")), 5000);
	assert_int_equal(at_response_ms(SPAN("AT+SAPBR=3,1,\"APN\",\"x\";+SAPBR=1,1")), 85000 + AT_RESPONSE_MS);
	assert_int_equal(at_response_ms(SPAN("AT")), AT_RESPONSE_MS);
}

static void
urcs_are_known_by_text_or_prefix(void **state)
{
	static const char *const always[] = { "RDY", "RING", "Call Ready", "SMS Ready", "NORMAL POWER DOWN", "UNDER-VOLTAGE WARNNING",
		"UNDER-VOLTAGE WARNING", "+SAPBR 1: DEACT", "+HTTPACTION: 0,200,69", "+HTTPACTION:0,200,69", "+FTPGET: 1,1", "+FTPGET:1,0",
		"+FTPPUT: 1,1,1360", "+FTPSIZE: 1,0,1024", "+FTPLIST: 1,0", "+FTPMKD: 1,77" };
	static const char *const never[] = { "", "RDYS", "Call ready", "+SAPBR: 1,1,\"10.0.0.1\"", "+SAPBR 1 DEACT", "+SAPBR x: DEACT",
		"+SAPBR ", "+HTTPACTION: (0-2)", "+HTTPACTION:", "+FTPGET: 2,5", "+FTPGET: 1", "+HTTPREAD3 9", "+CSQ: 1,1" };
	static const char *const answers[] = { "+CREG: 5", "+CPIN: READY", "+CFUN: 1", "+PDP: DEACT", "*PSUTTZ: 2013", "DST: 1",
		"STATE: IP STATUS", "+CREG:\t5" };

	(void)state;
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		assert_true(at_urc_always(span_str(always[i])) && at_urc_of(span_str(always[i])));
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		assert_false(at_urc_always(span_str(never[i])) || at_urc_of(span_str(never[i])));
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		assert_true(!at_urc_always(span_str(answers[i])) && at_urc_of(span_str(answers[i])));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_final_result_code_is_a_whole_line),
		cmocka_unit_test(an_error_has_its_number_or_that_of_its_text),
		cmocka_unit_test(digits_are_those_of_v250),
		cmocka_unit_test(the_error_table_ascends_and_reads_both_ways),
		cmocka_unit_test(every_command_of_the_note_is_known),
		cmocka_unit_test(commands_stand_in_their_order),
		cmocka_unit_test(a_command_line_is_cut_at_its_separators),
		cmocka_unit_test(the_rest_of_a_line_begins_with_its_next_command),
		cmocka_unit_test(response_times_are_those_of_the_form),
		cmocka_unit_test(urcs_are_known_by_text_or_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
