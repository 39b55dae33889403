#include "answer_rig.h"

static void
profiles_are_found_by_name(void **state)
{
	const char *about;
	unsigned n = 0;

	(void)state;
	for (const char *name; (name = modem_profile_name(n, &about)) != NULL; n++) {
		assert_non_null(modem_profile_find(span_str(name)));
		assert_true(strlen(about) > 0);
	}
	assert_int_equal(n, 3);
	assert_ptr_equal(modem_profile_find(SPAN("")), modem_profile_find(SPAN("sim800-r14.18")));
	assert_null(modem_profile_find(SPAN("sim801")));
}

static void
the_age_of_the_note_numbers_errors_and_waits_differently(void **state)
{
	(void)state;
	rig_start(&r, "sim800-note-1.01");
	rig_echo_off(&r);
	assert_int_equal(r.m.sw.ftp_response_ms, 60000);
	assert_answer("ATI", LINE("SIM800 R13.08") OK);
	assert_answer("AT+CIPSSL=?", ERROR);
	assert_answer("AT+CMEE=1", OK);
	assert_int_equal(modem_switch_set(&r.m, SPAN("unknown-command"), SPAN("601")), 0);
	assert_answer("AT+FTPQUIT", LINE("+CME ERROR: 811"));
	rig_start(&r, "");
	rig_echo_off(&r);
	assert_answer("AT+CMEE=1", OK);
	assert_int_equal(modem_switch_set(&r.m, SPAN("unknown-command"), SPAN("601")), 0);
	assert_answer("AT+NOSUCH", LINE("+CME ERROR: 601"));
}

static void
sim900_states_its_differences_only(void **state)
{
	(void)state;
	rig_start(&r, "sim900");
	rig_echo_off(&r);
	assert_int_equal(r.m.sw.colon_blank, 0);
	assert_int_equal(r.m.sw.latency_ms, 20);
	assert_answer("AT+SAPBR=2,1", LINE("+SAPBR: 1,3,\"0.0.0.0\"") OK);
}

static void
every_switch_takes_its_preset_and_refuses_nonsense(void **state)
{
	(void)state;
	for (size_t i = 0; i < modem_switch_count; i++) {
		assert_int_equal(modem_switch_set(&r.m, span_str(modem_switches[i].name), span_str(modem_switches[i].preset)), 0);
		assert_int_equal(modem_switch_set(&r.m, span_str(modem_switches[i].name), SPAN("nonsense")), -2);
		assert_int_equal(modem_switch_set(&r.m, span_str(modem_switches[i].name), SPAN("")), -2);
		assert_true(strlen(modem_switches[i].about) > 0);
	}
	assert_int_equal(modem_switch_set(&r.m, SPAN("none"), SPAN("1")), -1);
}

static void
times_may_have_a_unit(void **state)
{
	(void)state;
	assert_int_equal(modem_switch_set(&r.m, SPAN("http-urc"), SPAN("2s")), 0);
	assert_int_equal(r.m.sw.http_urc_ms, 2000);
	assert_int_equal(modem_switch_set(&r.m, SPAN("http-urc"), SPAN("300 ms")), 0);
	assert_int_equal(r.m.sw.http_urc_ms, 300);
	assert_int_equal(modem_switch_set(&r.m, SPAN("http-urc"), SPAN("300s")), -2);
	assert_int_equal(modem_switch_set(&r.m, SPAN("ftp-window"), SPAN("1s")), -2);
	assert_int_equal(r.m.sw.http_urc_ms, 300);
}

static void
words_are_their_number_or_their_place(void **state)
{
	(void)state;
	assert_int_equal(modem_switch_set(&r.m, SPAN("http-busy-action"), SPAN("604")), 0);
	assert_int_equal(r.m.sw.http_busy_action, 604);
	assert_int_equal(modem_switch_set(&r.m, SPAN("http-busy-action"), SPAN("error")), 0);
	assert_int_equal(r.m.sw.http_busy_action, 0);
	assert_int_equal(modem_switch_set(&r.m, SPAN("http-busy-para"), SPAN("error")), 0);
	assert_int_equal(r.m.sw.http_busy_para, 1);
}

static void
the_echo_can_come_byte_by_byte(void **state)
{
	(void)state;
	assert_answer("ATE1", OK);
	assert_int_equal(modem_switch_set(&r.m, SPAN("echo-late"), SPAN("no")), 0);
	rig_send(&r, SPAN("AT+"), 5);
	assert_string_equal(r.said, "AT+");
	rig_send(&r, SPAN("CSQ\r"), 50);
	assert_string_equal(r.said, "CSQ\r" LINE("+CSQ: 18,0") OK);
	assert_int_equal(r.bursts, 2);
}

static void
blanks_round_the_equals_sign_are_a_switch(void **state)
{
	(void)state;
	assert_answer("AT+CMEE = 1", ERROR);
	assert_int_equal(modem_switch_set(&r.m, SPAN("blanks-round-equals"), SPAN("accept")), 0);
	assert_answer("AT+CMEE = 1", OK);
	assert_answer("AT+CMEE?", LINE("+CMEE: 1") OK);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		TEST(profiles_are_found_by_name),
		TEST(the_age_of_the_note_numbers_errors_and_waits_differently),
		TEST(sim900_states_its_differences_only),
		TEST(every_switch_takes_its_preset_and_refuses_nonsense),
		TEST(times_may_have_a_unit),
		TEST(words_are_their_number_or_their_place),
		TEST(the_echo_can_come_byte_by_byte),
		TEST(blanks_round_the_equals_sign_are_a_switch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
