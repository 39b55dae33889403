/* A program that is not scheduled: what it may still say of a module, and what not. */
#include "late_wire.h"

#define ECHO "AT\r"
#define OK "\r\nOK\r\n"
#define CASE "echo off\n> AT\n< OK  within 1s  timing tight\n"

static void
what_came_in_time_and_was_read_late_is_inconclusive(void **state)
{
	(void)state;
	late_play(CASE, ARRIVALS({ 950000, OK }), STOPS({ 900000, 500000 }), false);
	assert_verdict(VERDICT_INCONCLUSIVE, "RunnerLate", "OK came after 0.900s or up to 0.500s later, expected within 1s");
	assert_non_null(strstr(outcome.received, "known to 0.500s"));
}

static void
what_came_after_the_stop_is_late_for_certain(void **state)
{
	(void)state;
	late_play(CASE, ARRIVALS({ 1450000, OK }), STOPS({ 900000, 500000 }), false);
	assert_verdict(VERDICT_FAIL, "LateLine", "expected within 1s");
}

static void
what_came_before_the_deadline_is_in_time_whenever_the_program_ran(void **state)
{
	(void)state;
	late_play(CASE, ARRIVALS({ 500000, OK }), STOPS({ 100000, 850000 }), false);
	assert_verdict(VERDICT_PASS, "", "");
}

static void
a_deadline_that_passes_while_the_program_is_stopped_is_judged_by_what_is_there(void **state)
{
	(void)state;
	late_play("echo off\n> AT\n< OK  within 5s\n", ARRIVALS({ 400000, OK }), STOPS({ 300000, 4000000 }), false);
	assert_verdict(VERDICT_PASS, "", "");
	late_play("echo off\n> AT\n< OK  within 5s\n", ARRIVALS({ 400000, OK }), STOPS({ 300000, 6000000 }), false);
	assert_verdict(VERDICT_INCONCLUSIVE, "RunnerLate", "0.300s or up to 6s later");
}

static void
nothing_at_all_is_a_timeout_however_late_the_program_is(void **state)
{
	(void)state;
	late_play(CASE, NULL, 0, STOPS({ 900000, 3000000 }), false);
	assert_verdict(VERDICT_FAIL, "LineTimeout", "within 1s, received nothing");
}

static void
too_early_is_for_certain_or_not_at_all(void **state)
{
	static const char text[] = "echo off\n> AT\n< OK  after 500ms  within 2s\n";

	(void)state;
	late_play(text, ARRIVALS({ 300000, OK }), NO_STOP, false);
	assert_verdict(VERDICT_FAIL, "EarlyLine", "expected not before 0.500s");
	late_play(text, ARRIVALS({ 700000, OK }), STOPS({ 600000, 300000 }), false);
	assert_verdict(VERDICT_PASS, "", "");
	late_play(text, ARRIVALS({ 300000, OK }), STOPS({ 200000, 600000 }), false);
	assert_verdict(VERDICT_INCONCLUSIVE, "RunnerLate", "expected not before 0.500s");
}

static void
a_command_that_was_sent_late_excuses_what_came_before_it(void **state)
{
	static const char text[] = "echo off\n> AT\n< OK\n> AT+CSQ\n< OK\n";

	(void)state;
	late_play(text, ARRIVALS({ 20000, OK }, { 300000, "\r\n+FTPGET: 1,1\r\n" }), NO_STOP, false);
	assert_verdict(VERDICT_FAIL, "UnexpectedUrc", "received +FTPGET: 1,1");
	late_play(text, ARRIVALS({ 20000, OK }, { 300000, "\r\n+FTPGET: 1,1\r\n" }), STOPS({ 15000, 400000 }), false);
	assert_verdict(VERDICT_INCONCLUSIVE, "RunnerLate", "this program did not run for 0.3");
}

static void
a_stop_while_nothing_was_to_be_done_excuses_nothing(void **state)
{
	static const char text[] = "echo off\n> AT\n< OK\n";

	(void)state;
	late_play(text, ARRIVALS({ 900000, "\r\nERROR\r\n" }), STOPS({ 100000, 400000 }), false);
	assert_verdict(VERDICT_FAIL, "ResultCodeMismatch", "received ERROR");
}

static void
a_broken_byte_is_broken_however_late_it_is_read(void **state)
{
	(void)state;
	late_play("echo off\n> AT\n< OK\n> AT\n< OK\n", ARRIVALS({ 20000, OK }, { 500000, "\nOK\r\n" }), STOPS({ 15000, 400000 }), false);
	assert_verdict(VERDICT_FAIL, "FramingFault", "");
}

static void
a_silence_is_broken_for_certain_or_not_at_all(void **state)
{
	static const char text[] = "echo off\n> AT\n< OK\nsilence 1s\nallow +LATE: {: text}\nwait 2s\n";
	static const char urc[] = "\r\n+FTPGET: 1,0\r\n";

	(void)state;
	late_play(text, ARRIVALS({ 20000, OK }, { 800000, urc }), NO_STOP, false);
	assert_verdict(VERDICT_FAIL, "NotSilent", "expected silence for 1s");
	late_play(text, ARRIVALS({ 20000, OK }, { 990000, urc }), STOPS({ 950000, 500000 }), false);
	assert_verdict(VERDICT_INCONCLUSIVE, "RunnerLate", "expected silence for 1s");
	/* It began late: what came then would have come before it. */
	late_play(text, ARRIVALS({ 20000, OK }, { 1200000, urc }), STOPS({ 15000, 400000 }), false);
	assert_verdict(VERDICT_INCONCLUSIVE, "RunnerLate", "this program did not run");
}

static void
a_module_that_does_not_answer_at_either_has_stopped_answering(void **state)
{
	(void)state;
	late_play(CASE, NULL, 0, NO_STOP, true);
	assert_verdict(VERDICT_FAIL, "ModuleSilent", "the module stopped answering, AT too: expected OK within 1s");
	late_play(CASE, NULL, 0, NO_STOP, false);
	assert_verdict(VERDICT_FAIL, "LineTimeout", "within 1s, received nothing");
}

static void
a_module_that_is_gone_gets_no_finally(void **state)
{
	(void)state;
	late_play("echo off\n> AT\n< OK\nfinally\n  > AT+HTTPTERM\n", NULL, 0, NO_STOP, true);
	assert_verdict(VERDICT_FAIL, "ModuleSilent", "");
	assert_in_range(late.sends, 2, 4); /* the command, and two seconds of ATQ0 */
	late_play("echo off\n> AT\n< OK\nfinally\n  > AT+HTTPTERM\n", ARRIVALS({ 20000, "\r\nRDY\r\n" }), NO_STOP, false);
	assert_verdict(VERDICT_FAIL, "ModuleRestarted", "RDY");
	assert_int_equal(late.sends, 1);
}

static void
a_start_in_mid_case_that_nobody_ordered_is_a_restart(void **state)
{
	(void)state;
	late_play(CASE, ARRIVALS({ 20000, "\r\nCall Ready\r\n\r\nERROR\r\n" }), NO_STOP, false);
	assert_verdict(VERDICT_FAIL, "ModuleRestarted", "it restarted by itself: expected OK");
	late_play(CASE, ARRIVALS({ 20000, "\r\nCall Ready\r\n\r\nOK\r\n" }), NO_STOP, false);
	assert_verdict(VERDICT_PASS, "", "");
}

static void
a_supply_that_failed_is_the_rigs(void **state)
{
	(void)state;
	late_play(CASE, ARRIVALS({ 20000, "\r\nUNDER-VOLTAGE POWER DOWN\r\n" }), NO_STOP, false);
	assert_verdict(VERDICT_INCONCLUSIVE, "SupplyFailed", "said that its supply failed");
}

static int
teardown(void **state)
{
	runner_free(runner);
	rig_wire(rig)->ops->close(rig_wire(rig));
	return folder_remove(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_came_in_time_and_was_read_late_is_inconclusive),
		cmocka_unit_test(what_came_after_the_stop_is_late_for_certain),
		cmocka_unit_test(what_came_before_the_deadline_is_in_time_whenever_the_program_ran),
		cmocka_unit_test(a_deadline_that_passes_while_the_program_is_stopped_is_judged_by_what_is_there),
		cmocka_unit_test(nothing_at_all_is_a_timeout_however_late_the_program_is),
		cmocka_unit_test(too_early_is_for_certain_or_not_at_all),
		cmocka_unit_test(a_command_that_was_sent_late_excuses_what_came_before_it),
		cmocka_unit_test(a_stop_while_nothing_was_to_be_done_excuses_nothing),
		cmocka_unit_test(a_broken_byte_is_broken_however_late_it_is_read),
		cmocka_unit_test(a_silence_is_broken_for_certain_or_not_at_all),
		cmocka_unit_test(a_module_that_does_not_answer_at_either_has_stopped_answering),
		cmocka_unit_test(a_module_that_is_gone_gets_no_finally),
		cmocka_unit_test(a_start_in_mid_case_that_nobody_ordered_is_a_restart),
		cmocka_unit_test(a_supply_that_failed_is_the_rigs),
	};

	return cmocka_run_group_tests(tests, folder_make, teardown);
}
