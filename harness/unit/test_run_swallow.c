/* A pass must mean something: what no step, list or loop may swallow, and what must not be held against a module. */
#include "fake_wire.h"

#define AT_OK "> AT\n< OK\n"
#define LOOP(until) "repeat at most 3\n  > AT+FTPGET=2,100\n  < +FTPGET: 2,{n: 0..}\n  = {n} bytes\n  < OK\nuntil < " until "\n"
#define LOOP_ECHO "AT+FTPGET=2,100\r"

static void
the_framing_of_a_line_nobody_knows_is_judged(void **state)
{
	(void)state;
	PLAY("> AT\n< HI\n< OK\n", { 1, 0, "AT\r\r\nHI\r\n\r\nHO\r\n", 0 });
	assert_fails("UnexpectedLine", 5, "expected OK, received \"HO\" (noise)");
	PLAY("> AT\n< HI\n< HO\n< OK\n", { 1, 0, "AT\r\r\nHI\r\n\r\nHO\r\n", 0 }, { 1, 500000, "\r\nOK\r\n", 0 });
	assert_passes();
	PLAY("> AT\n< HI\n< OK\n", { 1, 0, "AT\rHI\r\n\r\nOK\r\n", 0 });
	assert_fails("FramingFault", 4, "no <CR><LF> before the line: received \"\"");
	PLAY("> AT\n< HI\n< OK\n", { 1, 0, "AT\r\r\nHI\n\r\nOK\r\n", 0 });
	assert_fails("FramingFault", 4, "line does not end in <CR><LF>: received \"\\n\"");
	PLAY("> AT\n< HI\n< OK\n", { 1, 0, "AT\r\r\nHI\r\n\r\n\r\nOK\r\n", 0 });
	assert_fails("FramingFault", 5, "<CR><LF> too many: received \"\\r\\n\\r\\n\"");
}

static void
an_informational_step_excuses_no_restart_and_no_missing_echo(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\n< +CSQ: 1,0  informational\n< OK\n", { 1, 0, "AT+CSQ\r\r\nRDY\r\n\r\nOK\r\n", 0 });
	assert_fails("ModuleRestarted", 4, "the module said RDY, which must never come: it restarted or lost power");
	PLAY("> AT+CSQ\n< +CSQ: 1,0  informational\n< OK\n", { 1, 0, "\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 0 });
	assert_fails("EchoMismatch", 4, "AT+CSQ was not echoed before its answer +CSQ: 1,0");
	PLAY("> AT+CSQ\n< +CSQ: 1,0  informational\n< OK\n", { 1, 0, "AT+CSQ\r\r\n+CSQ: 2,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
}

static void
a_text_that_begins_open_is_no_urc(void **state)
{
	(void)state;
	PLAY("> AT+GMR\n< {: text}\n< OK\n", { 1, 0, "AT+GMR\r\r\nRDY\r\n\r\nOK\r\n", 0 });
	assert_fails("ModuleRestarted", 4, "the module said RDY, which must never come: it restarted or lost power");
	PLAY("> AT+GMR\n< {: text}\n< OK\n", { 1, 0, "AT+GMR\r\r\nRING\r\n\r\nSIM800 R14.18\r\n\r\nOK\r\n", 0 });
	assert_passes();
	PLAY("allow {: text}\n" AT_OK, { 1, 0, "AT\r\r\nOK\r\n", 0 }, { 1, 1000, "\r\n+CPIN: READY\r\n", 0 });
	assert_passes();
}

static void
a_loop_that_is_over_still_wants_its_result_code(void **state)
{
	(void)state;
	PLAY(LOOP("+FTPGET: 1,0"), { 1, 0, LOOP_ECHO "\r\n+FTPGET: 1,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
	PLAY(LOOP("+FTPGET: 1,0"), { 1, 0, LOOP_ECHO "\r\n+FTPGET: 1,0\r\n", 0 });
	assert_fails("LineTimeout", 5, "expected a final result code within 5s, received nothing");
	PLAY(LOOP("+FTPGET: 1,0"), { 1, 0, LOOP_ECHO "\r\n+FTPGET: 1,0\r\n\r\nRDY\r\n\r\nOK\r\n", 0 });
	assert_fails("ModuleRestarted", 5, "the module said RDY, which must never come: it restarted or lost power");
	PLAY(LOOP("+FTPGET: 1,0"), { 1, 0, LOOP_ECHO "\r\n+FTPGET: 1,0\n\r\nOK\r\n", 0 });
	assert_fails("FramingFault", 3, "line does not end in <CR><LF>: received \"\\n\"");
}

static void
a_loop_captures_from_the_alternative_that_came(void **state)
{
	(void)state;
	PLAY(LOOP("+FTPPUT: {a: 5..6},{b: 0..},{c: 0..} | +FTPGET: 1,{d: 0..}") "> AT+CSQ\n< +CSQ: {d},0\n< OK\n",
	    { 1, 0, LOOP_ECHO "\r\n+FTPGET: 1,64\r\n\r\nOK\r\n", 0 }, { 2, 0, "AT+CSQ\r\r\n+CSQ: 64,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
}

static void
a_loop_is_over_in_time_counted_from_a_moment(void **state)
{
	(void)state;
	PLAY("> AT  as start\n< OK\n" LOOP("+FTPGET: 1,0  after 5s  since start"), { 1, 0, "AT\r\r\nOK\r\n", 0 },
	    { 2, 0, LOOP_ECHO "\r\n+FTPGET: 1,0\r\n\r\nOK\r\n", 0 });
	assert_fails("EarlyLine", 5, "+FTPGET: 1,0 came after 0s, expected not before 5s");
}

static void
an_allowed_urc_does_not_end_the_wait_for_a_late_line(void **state)
{
	(void)state;
	PLAY("< +FTPGET: 1,1  within 5s  timing informational\n", { 0, 6000000, "\r\nRING\r\n", 0 },
	    { 0, 8000000, "\r\n+FTPGET: 1,1\r\n", 0 });
	assert_passes();
	assert_int_equal(outcome.notes, 1);
	PLAY("< +FTPGET: 1,1  within 5s\n", { 0, 6000000, "\r\nRING\r\n", 0 }, { 0, 8000000, "\r\n+FTPGET: 1,1\r\n", 0 });
	assert_fails("LateLine", 3, "+FTPGET: 1,1 came after 8s, expected within 5s");
}

static void
a_payload_that_lay_waiting_came_when_it_came(void **state)
{
	(void)state;
	PLAY("> AT+HTTPREAD\n< +HTTPREAD: 3\nwait 30s\n= 3 bytes\n< OK\n", { 1, 0, "AT+HTTPREAD\r\r\n+HTTPREAD: 3\r\nabc\r\nOK\r\n", 0 });
	assert_passes();
}

static void
a_raw_branch_swallows_no_byte_behind_it(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\neither\n  << \"\\r\\n+CSQ: \"\nor\n  << \"ERROR\"\n< OK\n", { 1, 0, "AT+CSQ\r\r\n+CSQ: XXXX\r\n\r\nOK\r\n", 0 });
	assert_fails("UnexpectedLine", 8, "expected OK, received +CSQ: XXXX");
	PLAY("> AT+CSQ\neither\n  << \"\\r\\n+CSQ: \"\n  << \"1,0\\r\\n\"\nor\n  << \"ERROR\"\n< OK\n",
	    { 1, 0, "AT+CSQ\r\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
}

static void
what_came_is_judged_where_no_silence_is_asked_for(void **state)
{
	(void)state;
	PLAY("quiet 0s\n" AT_OK, { 1, 0, "AT\r\r\nOK\r\n\r\nOK\r\n", 0 });
	assert_fails("NotSilent", 5, "expected silence for 0s, received OK");
}

static void
an_answer_older_than_its_command_is_none(void **state)
{
	(void)state;
	PLAY("> ATE0\n< OK\necho off\n> AT\n< OK\nwait 1s\n> AT\n< OK\n", { 1, 0, "ATE0\r\r\nOK\r\n", 0 },
	    { 2, 0, "\r\nOK\r\n\r\nRING\r\n\r\nOK\r\n", 0 });
	assert_fails("EarlyLine", 10, "OK came 1s before what it is counted from");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_framing_of_a_line_nobody_knows_is_judged),
		cmocka_unit_test(an_informational_step_excuses_no_restart_and_no_missing_echo),
		cmocka_unit_test(a_text_that_begins_open_is_no_urc),
		cmocka_unit_test(a_loop_that_is_over_still_wants_its_result_code),
		cmocka_unit_test(a_loop_captures_from_the_alternative_that_came),
		cmocka_unit_test(a_loop_is_over_in_time_counted_from_a_moment),
		cmocka_unit_test(an_allowed_urc_does_not_end_the_wait_for_a_late_line),
		cmocka_unit_test(a_payload_that_lay_waiting_came_when_it_came),
		cmocka_unit_test(a_raw_branch_swallows_no_byte_behind_it),
		cmocka_unit_test(what_came_is_judged_where_no_silence_is_asked_for),
		cmocka_unit_test(an_answer_older_than_its_command_is_none),
	};
	int failed = cmocka_run_group_tests_name("run_swallow", tests, folder_make, folder_remove);

	forget();
	runner_free(runner);
	return failed;
}
