/* Every way in which a module can break a case: what it is called, where, and in which words. */
#include "fake_wire.h"

#define AT_OK "> AT\n< OK\n"

static void
a_case_passes_when_all_is_as_it_says(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\n< +CSQ: {n: 0..31},0\n< OK\n", { 1, 20000, "AT+CSQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
	assert_string_equal(outcome.message, "");
	assert_int_equal(outcome.wire_us, 20000 + 1000000);
	assert_memory_equal(fake.sent, "AT+CSQ\r", 7);
	assert_int_equal(outcome.transcript.len, 0);
}

static void
a_wrong_byte_fails_with_the_line_that_came(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\n< +CSQ: 18,0\n< OK\n", { 1, 20000, "AT+CSQ\r\r\n+CSQ: 18;0\r\n\r\nOK\r\n", 0 });
	assert_fails("LineMismatch", 4, "expected +CSQ: 18,0, received +CSQ: 18;0");
	assert_string_equal(outcome.expected, "+CSQ: 18,0");
	assert_string_equal(outcome.received, "+CSQ: 18;0, 0.020s after the last thing sent");
	assert_int_equal(outcome.column, 1);
	assert_true(span_equal(outcome.clause, SPAN("1.1")));
}

static void
another_result_code_fails(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 0, "AT\r\r\nERROR\r\n", 0 });
	assert_fails("ResultCodeMismatch", 4, "expected OK, received ERROR");
}

static void
a_missing_information_text_fails(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\n< +CSQ: 18,0\n< OK\n", { 1, 0, "AT+CSQ\r\r\nOK\r\n", 0 });
	assert_fails("ResultCodeMismatch", 4, "expected +CSQ: 18,0, received OK");
}

static void
a_missing_ok_fails_when_its_time_is_over(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\n< +CSQ: 18,0\n< OK\n", { 1, 0, "AT+CSQ\r\r\n+CSQ: 18,0\r\n", 0 });
	assert_fails("LineTimeout", 5, "expected OK within 5s, received nothing");
}

static void
an_extra_line_before_the_result_code_fails(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\n< +CSQ: 18,0\n< OK\n", { 1, 0, "AT+CSQ\r\r\n+CSQ: 18,0\r\n\r\n+CSQ: 18,0\r\n\r\nOK\r\n", 0 });
	assert_fails("UnexpectedLine", 5, "expected OK, received +CSQ: 18,0");
}

static void
a_doubled_last_line_is_not_silent(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 0, "AT\r\r\nOK\r\n\r\nOK\r\n", 0 });
	assert_fails("NotSilent", 4, "expected silence for 1s, received OK");
}

static void
a_doubled_result_code_fails_before_the_next_command(void **state)
{
	(void)state;
	PLAY(AT_OK AT_OK, { 1, 0, "AT\r\r\nOK\r\n\r\nOK\r\n", 0 }, { 2, 0, "AT\r\r\nOK\r\n", 0 });
	assert_fails("UnexpectedLine", 5, "expected nothing more before this command, received OK");
}

static void
a_line_nobody_knows_fails_as_what_it_is(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 0, "AT\r\r\nOKAY\r\n", 0 });
	assert_fails("UnexpectedLine", 4, "expected OK, received \"OKAY\" (noise)");
	assert_string_equal(outcome.received, "\"OKAY\" (noise), 0s after the last thing sent");
}

static void
a_urc_where_none_may_be_fails(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 0, "AT\r\r\n+SAPBR 1: DEACT\r\n\r\nOK\r\n", 0 });
	assert_fails("UnexpectedUrc", 4, "expected OK, received +SAPBR 1: DEACT");
}

static void
urcs_of_the_network_may_come_anywhere(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 0, "AT\r\r\n+CREG: 5\r\n\r\nOK\r\n\r\nRING\r\n", 0 });
	assert_passes();
}

static void
the_answer_to_a_query_is_no_urc(void **state)
{
	(void)state;
	PLAY("> AT+CREG?\n< +CREG: 0,1\n< OK\n", { 1, 0, "AT+CREG?\r\r\n+CREG: 0,1\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n", 0 });
	assert_fails("UnexpectedLine", 5, "expected OK, received +CREG: 0,1");
}

static void
a_restart_fails_whenever_it_is_seen(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 0, "AT\r\r\nRDY\r\n", 0 });
	assert_fails("ModuleRestarted", 4, "the module said RDY, which must never come: it restarted or lost power");
	PLAY(AT_OK, { 1, 0, "AT\r\r\nOK\r\n", 0 }, { 1, 900000, "\r\nRDY\r\n", 0 });
	assert_fails("ModuleRestarted", 4, "the module said RDY, which must never come: it restarted or lost power");
}

static void
what_a_case_allows_or_forbids_goes_first(void **state)
{
	(void)state;
	PLAY("allow RDY\n" AT_OK, { 1, 0, "AT\r\r\nRDY\r\n\r\nOK\r\n", 0 });
	assert_passes();
	PLAY("never RING\n" AT_OK, { 1, 0, "AT\r\r\nRING\r\n\r\nOK\r\n", 0 });
	assert_fails("ForbiddenText", 5, "the module said RING, which the case forbids");
	PLAY(AT_OK "< RDY  within 1s\n", { 1, 0, "AT\r\r\nOK\r\n\r\nRDY\r\n", 0 });
	assert_passes();
}

static void
a_value_out_of_range_is_named(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\n< +CSQ: {n: 0..31},{: 0..7}\n< OK\n", { 1, 0, "AT+CSQ\r\r\n+CSQ: 32,0\r\n\r\nOK\r\n", 0 });
	assert_fails("CaptureMismatch", 4, "expected +CSQ: {n: 0..31},{: 0..7}, received +CSQ: 32,0: 32 is not in 0..31");
}

static void
a_value_that_differs_from_the_captured_one_is_named(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\n< +CSQ: {n: 0..31},0\n< OK\n> AT+CSQ\n< +CSQ: {n},0\n< OK\n", { 1, 0, "AT+CSQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n", 0 },
	    { 2, 0, "AT+CSQ\r\r\n+CSQ: 19,0\r\n\r\nOK\r\n", 0 });
	assert_fails("CaptureMismatch", 7, "expected +CSQ: {n},0, received +CSQ: 19,0: 19 is not 18");
}

static void
a_hole_at_the_front_takes_no_result_code(void **state)
{
	(void)state;
	PLAY("> AT+GMM\n< {: text}\n< OK\n", { 1, 0, "AT+GMM\r\r\nERROR\r\n", 0 });
	assert_fails("ResultCodeMismatch", 4, "expected {: text}, received ERROR");
}

static void
framing_is_judged_to_the_byte(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 0, "AT\r\r\nOK\n", 0 });
	assert_fails("FramingFault", 4, "line does not end in <CR><LF>: received \"\\n\"");
	PLAY(AT_OK, { 1, 0, "AT\rOK\r\n", 0 });
	assert_fails("FramingFault", 4, "no <CR><LF> before the line: received \"OK\\r\\n\"");
	PLAY(AT_OK, { 1, 0, "AT\r\r\n\r\nOK\r\n", 0 });
	assert_fails("FramingFault", 4, "<CR><LF> too many: received \"\\r\\n\\r\\n\"");
	PLAY(AT_OK, { 1, 0, "AT\r\0\0\r\nOK\r\n", 11 });
	assert_fails("FramingFault", 4, "noise: received \"\\x00\\x00\\r\\nOK\\r\\n\"");
}

static void
an_echo_is_judged(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 0, "\r\nOK\r\n", 0 });
	assert_fails("EchoMismatch", 4, "AT was not echoed before its answer OK");
	PLAY("> AT+CSQ\n< +CSQ: 18,0\n< OK\n", { 1, 0, "AT+CQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n", 0 });
	assert_fails("EchoMismatch", 4, "the echo of AT+CSQ came back as AT+CQ");
	PLAY("echo off\n" AT_OK, { 1, 0, "AT\r\r\nOK\r\n", 0 });
	assert_fails("EchoMismatch", 5, "AT came back though no echo is due");
	PLAY("echo off\n" AT_OK, { 1, 0, "\r\nOK\r\n", 0 });
	assert_passes();
	PLAY("echo any\n" AT_OK AT_OK, { 1, 0, "\r\nOK\r\n", 0 }, { 2, 0, "AT\r\r\nOK\r\n", 0 });
	assert_passes();
}

static void
raw_bytes_are_compared_as_they_are(void **state)
{
	(void)state;
	PLAY("> AT\n<< \"AT\\r\\r\\nOK\\r\\n\"\n", { 1, 0, "AT\r\r\n", 0 }, { 1, 5000, "OK\r\n", 0 });
	assert_passes();
	PLAY("> AT\n<< \"AT\\r\\r\\nOK\\r\\n\"\n", { 1, 0, "AT\r\r\nOK\n\n", 0 });
	assert_fails(
	    "RawMismatch", 4, "byte 7 is \\x0A, expected \\x0D: expected \"AT\\r\\r\\nOK\\r\\n\", received \"AT\\r\\r\\nOK\\n\\n\"");
	PLAY("> AT\n<< \"AT\\r\\r\\nOK\\r\\n\"\n", { 1, 0, "AT\r\r\nOK", 0 });
	assert_fails("LineTimeout", 4, "expected \"AT\\r\\r\\nOK\\r\\n\" within 5s, received \"AT\\r\\r\\nOK\"");
}

static void
lines_go_on_behind_raw_bytes(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\n<< \"AT+CSQ\\r\"\n< +CSQ: 1,0\n< OK\n> AT\n< OK\n", { 1, 0, "AT+CSQ\r\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 0 },
	    { 2, 0, "AT\r\r\nOK\r\n", 0 });
	assert_passes();
}

static void
a_broken_silence_fails(void **state)
{
	(void)state;
	PLAY(AT_OK "silence 5s\n", { 1, 0, "AT\r\r\nOK\r\n", 0 }, { 1, 4000000, "\r\n+HTTPACTION: 0,200,9\r\n", 0 });
	assert_fails("NotSilent", 5, "expected silence for 5s, received +HTTPACTION: 0,200,9");
	PLAY(AT_OK "silence 5s\n", { 1, 0, "AT\r\r\nOK\r\n", 0 }, { 1, 4000000, "\r\n+HT", 0 });
	assert_fails("NotSilent", 5, "expected silence for 5s, received \"\\r\\n+HT\" without a line end");
}

static void
a_control_line_that_does_not_move_fails(void **state)
{
	(void)state;
	PLAY("line DCD high\nline DCD low\n", { 0, 0, "", 0 });
	assert_fails("ControlLine", 4, "expected DCD low within 0.100s, it stayed high");
	fake_reset();
	fake.line_moves_us = FAKE_START_US + 50000;
	play_script("line DCD low\n", NULL, 0);
	assert_passes();
	fake_reset();
	fake.lines_shown = 0;
	play_script("line DCD low\n", NULL, 0);
	assert_passes();
	assert_int_equal(outcome.notes, 1);
	assert_string_equal(outcome.note[0].text, "DCD is not shown by this port: not judged");
}

static void
secrets_are_masked_in_what_is_said_of_a_failure(void **state)
{
	(void)state;
	PLAY("> AT+FTPPW=\"hunter2\"\n< OK\n", { 1, 0, "AT+FTPPW=\"hunter2\"\r\r\nhunter2\r\n", 0 });
	assert_fails("UnexpectedLine", 4, "expected OK, received \"*****\" (noise)");
	assert_null(memmem(outcome.transcript.at, outcome.transcript.len, "hunter2", 7));
}

/* The transcript of what was just played, which must be these lines behind its header, played on the same answers. */
#define PLAY_AGAIN(lines, ...)                                                                                                             \
	do {                                                                                                                               \
		static const struct saying script_[] = { __VA_ARGS__ };                                                                    \
		char again_[4096], whole_[4096];                                                                                           \
                                                                                                                                           \
		snprintf(again_, sizeof(again_), "%.*s", (int)outcome.transcript.len, outcome.transcript.at);                              \
		snprintf(whole_, sizeof(whole_), "title   A case\nspec    A document, 1.1\n\n%s", (lines));                                \
		assert_string_equal(again_, whole_);                                                                                       \
		fake_reset();                                                                                                              \
		play_script(strchr(strchr(again_, '\n') + 1, '\n') + 1, script_, sizeof(script_) / sizeof(script_[0]));                    \
	} while (0)

static void
a_transcript_can_be_played_again(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\n< +CSQ: 18,0\n< OK\n", { 1, 20000, "AT+CSQ\r\r\n+CSQ: 19,0\r\n\r\nOK\r\n", 0 });
	assert_fails("LineMismatch", 4, "expected +CSQ: 18,0, received +CSQ: 19,0");
	PLAY_AGAIN("> AT+CSQ  # 0.000s\n# it failed here:  # 0.020s\n# expected +CSQ: 18,0, received +CSQ: 19,0  # 0.020s\n"
		   "< +CSQ: 19,0  # 0.020s\n< OK  # 0.020s\n",
	    { 1, 20000, "AT+CSQ\r\r\n+CSQ: 19,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
}

static void
a_transcript_has_the_silence_of_a_module_that_says_nothing(void **state)
{
	(void)state;
	PLAY("> AT\n< OK\nfinally\n  > AT+CSQ\n", { 2, 0, "AT+CSQ\r\r\n+CSQ: 19,0\r\n\r\nOK\r\n", 0 });
	assert_fails("LineTimeout", 4, "expected OK within 5s, received nothing");
	PLAY_AGAIN(
	    "> AT  # 0.000s\n# it failed here:  # 10.000s\n# expected OK within 5s, received nothing  # 10.000s\nsilence 10s  # 10.000s\n"
	    "finally\n  > AT+CSQ  # 10.000s\n  < +CSQ: 19,0  # 10.000s\n  < OK  # 10.000s\n",
	    { 2, 0, "AT+CSQ\r\r\n+CSQ: 19,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
}

static void
a_transcript_has_each_byte_of_a_fault_once(void **state)
{
	(void)state;
	PLAY("> AT\n< OK\n", { 1, 0, "AT\rOK\r\n", 0 });
	assert_fails("FramingFault", 4, "no <CR><LF> before the line: received \"OK\\r\\n\"");
	PLAY_AGAIN("> AT  # 0.000s\n# it failed here:  # 0.000s\n# no <CR><LF> before the line: received \"OK\\\\r\\\\n\"  # 0.000s\n"
		   "<< \"AT\\rOK\\r\\n\"  # 0.000s\n",
	    { 1, 0, "AT\rOK\r\n", 0 });
	assert_passes();
}

static void
a_transcript_keeps_how_a_command_was_sent(void **state)
{
	(void)state;
	PLAY("> AT+X  ends LF  unknown command\n> AT  at once\n< OK\n< ERROR\n", { 2, 0, "AT+X\n\r\nOK\r\nAT\r\r\nOK\r\n", 0 });
	assert_non_null(memmem(outcome.transcript.at, outcome.transcript.len, "> AT+X  ends LF  unknown command  # 0.000s\n", 43));
	assert_non_null(memmem(outcome.transcript.at, outcome.transcript.len, "> AT  at once  # 0.000s\n", 24));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_passes_when_all_is_as_it_says),
		cmocka_unit_test(a_wrong_byte_fails_with_the_line_that_came),
		cmocka_unit_test(another_result_code_fails),
		cmocka_unit_test(a_missing_information_text_fails),
		cmocka_unit_test(a_missing_ok_fails_when_its_time_is_over),
		cmocka_unit_test(an_extra_line_before_the_result_code_fails),
		cmocka_unit_test(a_doubled_last_line_is_not_silent),
		cmocka_unit_test(a_doubled_result_code_fails_before_the_next_command),
		cmocka_unit_test(a_line_nobody_knows_fails_as_what_it_is),
		cmocka_unit_test(a_urc_where_none_may_be_fails),
		cmocka_unit_test(urcs_of_the_network_may_come_anywhere),
		cmocka_unit_test(the_answer_to_a_query_is_no_urc),
		cmocka_unit_test(a_restart_fails_whenever_it_is_seen),
		cmocka_unit_test(what_a_case_allows_or_forbids_goes_first),
		cmocka_unit_test(a_value_out_of_range_is_named),
		cmocka_unit_test(a_value_that_differs_from_the_captured_one_is_named),
		cmocka_unit_test(a_hole_at_the_front_takes_no_result_code),
		cmocka_unit_test(framing_is_judged_to_the_byte),
		cmocka_unit_test(an_echo_is_judged),
		cmocka_unit_test(raw_bytes_are_compared_as_they_are),
		cmocka_unit_test(lines_go_on_behind_raw_bytes),
		cmocka_unit_test(a_broken_silence_fails),
		cmocka_unit_test(a_control_line_that_does_not_move_fails),
		cmocka_unit_test(secrets_are_masked_in_what_is_said_of_a_failure),
		cmocka_unit_test(a_transcript_can_be_played_again),
		cmocka_unit_test(a_transcript_has_the_silence_of_a_module_that_says_nothing),
		cmocka_unit_test(a_transcript_has_each_byte_of_a_fault_once),
		cmocka_unit_test(a_transcript_keeps_how_a_command_was_sent),
	};
	int failed = cmocka_run_group_tests_name("run", tests, folder_make, folder_remove);

	forget();
	runner_free(runner);
	return failed;
}
