/* What the rig reads off the wire, and what it makes of a revision. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "rig_parts.h"

static struct rig_watch watch;

static int
fresh(void **state)
{
	(void)state;
	memset(&watch, 0, sizeof(watch));
	return 0;
}

static void
sent(const char *bytes)
{
	rig_watch_out(&watch, span_str(bytes));
}

static void
came(const char *bytes)
{
	rig_watch_in(&watch, span_str(bytes));
}

static void
what_a_command_leaves_behind_is_known(void **state)
{
	(void)state;
	sent("AT\rATI\rAT+CSQ\rAT+SAPBR=2,1\r");
	assert_int_equal(watch.touched, 0);
	sent("at+httpi");
	assert_int_equal(watch.touched, 0);
	sent("nit\r");
	assert_int_equal(watch.touched, RIG_HTTP);
	sent("AT+SAPBR=3,1,\"APN\",\"x\";+SAPBR=1,1\r");
	assert_int_equal(watch.touched, RIG_HTTP | RIG_BEARER | RIG_BEARER_SET);
	fresh(NULL);
	sent("ATE0\r");
	assert_int_equal(watch.touched, RIG_BASIC);
	fresh(NULL);
	sent("AT+CMEE=2;&C0\r");
	assert_int_equal(watch.touched, RIG_GENERAL | RIG_BASIC);
	fresh(NULL);
	sent("AT+CFUN=1,1\r");
	assert_int_equal(watch.touched, RIG_RADIO | RIG_RESTART);
}

static void
what_a_case_has_put_back_itself_is_known_by_the_ok(void **state)
{
	(void)state;
	sent("AT+HTTPINIT\r");
	sent("AT+HTTPTERM\r");
	came("AT+HTTPTERM\r\r\nERROR\r\n");
	assert_int_equal(watch.touched, RIG_HTTP);
	sent("AT+HTTPTERM\r");
	came("AT+HTTPTERM\r\r\nO");
	came("K\r\n");
	assert_int_equal(watch.touched, 0);
	sent("AT+SAPBR=1,2\r");
	came("\r\nOK\r\n");
	sent("AT+SAPBR=0,2\r");
	came("\r\nOK\r\n");
	assert_int_equal(watch.touched, 0);
}

static void
a_session_is_over_with_its_own_last_line(void **state)
{
	(void)state;
	sent("AT+FTPGET=1\r");
	came("\r\nOK\r\n\r\n+FTPGET: 1,1\r\n");
	assert_int_equal(watch.touched, RIG_FTP);
	came("\r\n+FTPGET:1,0\r\n");
	assert_int_equal(watch.touched, 0);
	sent("AT+FTPPUT=1\r");
	came("\r\n+FTPPUT: 1,1,1360\r\n");
	assert_int_equal(watch.touched, RIG_FTP);
	came("\r\n+FTPPUT: 1,86\r\n");
	assert_int_equal(watch.touched, 0);
}

static void
the_input_that_a_command_asks_for_is_known(void **state)
{
	(void)state;
	sent("AT+HTTPDATA=1000,5000\r");
	assert_int_equal(watch.input, 1000);
	sent("AT+FTPPUT=2,1360\r");
	assert_int_equal(watch.input, 1360);
	sent("AT+FTPEXTPUT=2,1000,200,5000\r");
	assert_int_equal(watch.input, 200);
	sent("AT+HTTPDATA=99999999999,5000\r");
	assert_int_equal(watch.input, RIG_INPUT_MAX);
	sent("AT+HTTPDATA=?\r");
	assert_int_equal(watch.input, 0);
}

static void
any_bytes_are_taken(void **state)
{
	char bytes[5000];

	(void)state;
	memset(bytes, 'A', sizeof(bytes));
	rig_watch_out(&watch, span_of(bytes, sizeof(bytes)));
	rig_watch_in(&watch, span_of(bytes, sizeof(bytes)));
	memset(bytes, 0, sizeof(bytes));
	rig_watch_out(&watch, span_of(bytes, sizeof(bytes)));
	rig_watch_in(&watch, span_of(bytes, sizeof(bytes)));
	sent("\rAT+HTTPINIT\r");
	assert_int_equal(watch.touched, RIG_HTTP);
	came("\r\nUNDER-VOLTAGE WARNNING\r\n\r\nCall Ready\r\n");
	assert_true(watch.supply && watch.call_ready && !watch.sms_ready);
}

static void
a_profile_is_chosen_by_release_then_by_family(void **state)
{
	(void)state;
	assert_string_equal(rig_profile("1418B05SIM800L24"), "sim800-r14.18");
	assert_string_equal(rig_profile("1308B08SIM800L16"), "sim800-note-1.01");
	assert_string_equal(rig_profile("1418B04SIM808M32"), "sim800-r14.18");
	assert_string_equal(rig_profile("2103B01SIM868M32"), "sim800-r14.18");
	assert_string_equal(rig_profile("1137B02SIM900M64_ST"), "sim900");
	assert_null(rig_profile("LE11B13SIM7600"));
	assert_null(rig_profile(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_a_command_leaves_behind_is_known, fresh),
		cmocka_unit_test_setup(what_a_case_has_put_back_itself_is_known_by_the_ok, fresh),
		cmocka_unit_test_setup(a_session_is_over_with_its_own_last_line, fresh),
		cmocka_unit_test_setup(the_input_that_a_command_asks_for_is_known, fresh),
		cmocka_unit_test_setup(any_bytes_are_taken, fresh),
		cmocka_unit_test(a_profile_is_chosen_by_release_then_by_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
