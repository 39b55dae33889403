/* Payloads, choices, loops, any order, finally, selftests, informational steps: which way a case goes. */
#include "fake_wire.h"

#define AT_OK "> AT\n< OK\n"
#define ECHO_OK "AT\r\r\nOK\r\n"
#define READ "> AT+HTTPREAD\n< +HTTPREAD: {n: number}\n"
#define READ_ECHO "AT+HTTPREAD\r\r\n+HTTPREAD: "

static void
a_payload_is_compared_over_its_pieces(void **state)
{
	(void)state;
	PLAY(READ "= 12 bytes digits\n< OK\n", { 1, 0, READ_ECHO "12\r\n01234", 0 }, { 1, 1000, "5678901\r\nOK\r\n", 0 });
	assert_passes();
	PLAY(READ "= 12 bytes digits\n< OK\n", { 1, 0, READ_ECHO "12\r\n01234", 0 }, { 1, 1000, "5X78901\r\nOK\r\n", 0 });
	assert_fails("PayloadMismatch", 5, "byte 6 of the payload is \\x58, expected \\x36");
	assert_string_equal(outcome.expected, "12 bytes digits: from byte 6 on \"678901\"");
}

static void
a_payload_of_another_length_fails(void **state)
{
	(void)state;
	PLAY(READ "= 12 bytes digits\n< OK\n", { 1, 0, READ_ECHO "11\r\n01234567890\r\nOK\r\n", 0 });
	assert_fails("PayloadMismatch", 5, "the payload is 11 bytes long, expected 12");
}

static void
a_payload_that_stops_is_a_timeout(void **state)
{
	(void)state;
	PLAY(READ "= 12 bytes digits\n< OK\n", { 1, 0, READ_ECHO "12\r\n0123456789", 0 });
	assert_fails("PayloadTimeout", 5, "the payload stopped after 10 of 12 bytes, expected all within 5.012600s");
}

static void
a_payload_no_step_asks_for_fails(void **state)
{
	(void)state;
	PLAY(READ "< OK\n", { 1, 0, READ_ECHO "3\r\n012\r\nOK\r\n", 0 });
	assert_fails("UnexpectedPayload", 5, "expected OK, received 3 bytes of payload");
}

static void
an_empty_payload_is_a_payload(void **state)
{
	(void)state;
	PLAY("> AT+FTPGET=2,10\n< +FTPGET: 2,{n: 0..10}\n= {n} bytes\n< OK\n",
	    { 1, 0, "AT+FTPGET=2,10\r\r\n+FTPGET: 2,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
}

static void
a_text_is_found_across_pieces(void **state)
{
	(void)state;
	PLAY(READ "= {n} bytes containing \"aab\"\n< OK\n", { 1, 0, READ_ECHO "6\r\nxaa", 0 }, { 1, 1, "aby\r\nOK\r\n", 0 });
	assert_passes();
	PLAY(READ "= {n} bytes containing \"aab\"\n< OK\n", { 1, 0, READ_ECHO "6\r\nxaaacb\r\nOK\r\n", 0 });
	assert_fails("PayloadMismatch", 5, "the payload of 6 bytes does not hold the text it must contain");
}

static const char loop[] =
    "repeat at most 3\n  > AT+CSQ\n  either\n    < +CSQ: 1,0\n    < OK\n  or\n    < +CSQ: 2,0\n    < OK\nuntil < +CREG: 9\n";

static void
the_branch_that_matches_is_played(void **state)
{
	(void)state;
	PLAY("> AT+CSQ\neither\n  < +CSQ: 1,0\n  < OK\nor\n  < ERROR\n" AT_OK, { 1, 0, "AT+CSQ\r\r\nERROR\r\n", 0 }, { 2, 0, ECHO_OK, 0 });
	assert_passes();
	PLAY("> AT+CSQ\neither\n  < +CSQ: 1,0\n  < OK\nor\n  < ERROR\n", { 1, 0, "AT+CSQ\r\r\n+CSQ: 2,0\r\n\r\nOK\r\n", 0 });
	assert_fails("LineMismatch", 4, "expected +CSQ: 1,0, or ERROR, received +CSQ: 2,0");
	PLAY(AT_OK "either\n  < +HTTPACTION: 0,200,1\nor\n  nothing within 2s\n" AT_OK, { 1, 0, ECHO_OK, 0 }, { 2, 0, ECHO_OK, 0 });
	assert_passes();
}

static void
a_loop_ends_between_two_rounds(void **state)
{
	(void)state;
	PLAY(loop, { 1, 0, "AT+CSQ\r\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 0 }, { 2, 0, "AT+CSQ\r\r\n+CSQ: 2,0\r\n\r\nOK\r\n", 0 },
	    { 2, 300000, "\r\n+CREG: 9\r\n", 0 });
	assert_passes();
	assert_int_equal(fake.sends, 2);
}

static void
a_loop_ends_inside_an_answer_and_lets_the_rest_pass(void **state)
{
	(void)state;
	PLAY("repeat at most 3\n  > AT+CSQ\n  < +CSQ: 1,0\n  < OK\nuntil < +CREG: 9\n" AT_OK,
	    { 1, 0, "AT+CSQ\r\r\n+CREG: 9\r\n\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 0 }, { 2, 0, ECHO_OK, 0 });
	assert_passes();
}

static void
a_loop_that_does_not_end_fails(void **state)
{
	(void)state;
	PLAY(loop, { 1, 0, "AT+CSQ\r\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 0 }, { 2, 0, "AT+CSQ\r\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 0 },
	    { 3, 0, "AT+CSQ\r\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 0 });
	assert_fails("RepeatExhausted", 3, "3 rounds were played and +CREG: 9 did not come");
}

static const char crowd[] = "> AT+HTTPACTION=0\nany order\n  < OK\n  < +HTTPACTION: 0,200,9  within 2s\n";

static void
lines_in_any_order_must_all_come(void **state)
{
	(void)state;
	PLAY(crowd, { 1, 0, "AT+HTTPACTION=0\r\r\n+HTTPACTION: 0,200,9\r\n\r\nOK\r\n", 0 });
	assert_passes();
	PLAY(crowd, { 1, 0, "AT+HTTPACTION=0\r\r\nOK\r\n", 0 });
	assert_fails("UrcTimeout", 6, "expected +HTTPACTION: 0,200,9 within 2s, received nothing");
	PLAY(crowd, { 1, 0, "AT+HTTPACTION=0\r\r\nOK\r\n\r\nERROR\r\n", 0 });
	assert_int_equal(outcome.verdict, VERDICT_FAIL);
}

static void
finally_is_played_pass_or_fail(void **state)
{
	(void)state;
	PLAY(AT_OK "finally\n  > ATE1\n  > AT&F\n", { 1, 0, ECHO_OK, 0 }, { 2, 0, "ATE1\r\r\nERROR\r\n", 0 },
	    { 3, 0, "AT&F\r\r\nOK\r\n", 0 });
	assert_passes();
	assert_int_equal(fake.sends, 3);
	PLAY(AT_OK "finally\n  > ATE1\n  < OK\n", { 1, 0, "AT\r\r\nERROR\r\n", 0 }, { 2, 0, "ATE1\r\r\nERROR\r\n", 0 });
	assert_fails("ResultCodeMismatch", 4, "expected OK, received ERROR");
	assert_int_equal(fake.sends, 2);
	PLAY(AT_OK "finally\n  > ATE1\n  < OK\n", { 1, 0, ECHO_OK, 0 }, { 2, 0, "ATE1\r\r\nERROR\r\n", 0 });
	assert_fails("ResultCodeMismatch", 7, "expected OK, received ERROR");
	/* What was to be put back was never seen: the module is at fault, not the case. */
	PLAY(
	    "> AT\n< {n: number}\n< OK\nfinally\n  > AT{n}\n  > ATE1\n", { 1, 0, "AT\r\r\nERROR\r\n", 0 }, { 2, 0, "ATE1\r\r\nOK\r\n", 0 });
	assert_fails("ResultCodeMismatch", 4, "expected {n: number}, received ERROR");
	assert_int_equal(fake.sends, 2);
}

static void
a_selftest_passes_when_it_fails_just_so(void **state)
{
	(void)state;
	PLAY("must fail at 5: expected OK, received ERROR\n" AT_OK, { 1, 0, "AT\r\r\nERROR\r\n", 0 });
	assert_passes();
	PLAY("must fail at 4: expected OK, received ERROR\n" AT_OK, { 1, 0, "AT\r\r\nERROR\r\n", 0 });
	assert_string_equal(outcome.type, "SelftestMismatch");
	assert_string_equal(outcome.message, "must fail at 4: expected OK, received ERROR; but fail at 5: expected OK, received ERROR");
	PLAY("must fail at 5: expected OK, received ERROR\n" AT_OK, { 1, 0, ECHO_OK, 0 });
	assert_string_equal(outcome.message, "must fail at 5: expected OK, received ERROR; but it passed");
}

static void
informational_never_fails(void **state)
{
	(void)state;
	PLAY("informational\n" AT_OK, { 1, 0, "AT\r\r\nERROR\r\n", 0 });
	assert_passes();
	assert_string_equal(outcome.note[0].text, "ResultCodeMismatch: expected OK, received ERROR");
	PLAY("> AT+CSQ\n< +CSQ: 1,0  informational\n< OK\n", { 1, 0, "AT+CSQ\r\r\n+CSQ: 2,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
	assert_string_equal(outcome.note[0].text, "expected +CSQ: 1,0, received +CSQ: 2,0");
	PLAY("> AT+CSQ\n< +CSQ: 1,0  informational\n< OK\n", { 1, 0, "AT+CSQ\r\r\nOK\r\n", 0 });
	assert_passes();
}

static void
what_is_informational_is_recorded_also_when_the_runner_was_late(void **state)
{
	static const struct saying script[] = { { 1, 0, "AT\r\r\nERROR\r\n", 0 } };

	(void)state;
	fake_reset();
	fake.late_us = 1000000;
	play_script(AT_OK, script, 1);
	assert_int_equal(outcome.verdict, VERDICT_INCONCLUSIVE);
	fake_reset();
	fake.late_us = 1000000;
	play_script("informational\n" AT_OK, script, 1);
	assert_passes();
	assert_string_equal(
	    outcome.note[0].text, "RunnerLate: this program did not run for 1s, so this does not count: expected OK, received ERROR");
}

static void
what_a_wire_cannot_do_is_skipped_with_its_reason(void **state)
{
	(void)state;
	fake_reset();
	fake.order_answer = 1;
	play_script("module loses bearer 1\n", NULL, 0);
	assert_int_equal(outcome.verdict, VERDICT_SKIP);
	assert_string_not_equal(outcome.message, "");
	fake_reset();
	play_script("need lab\n" AT_OK, NULL, 0);
	assert_int_equal(outcome.verdict, VERDICT_SKIP);
	assert_string_equal(outcome.message, "needs a lab: --lab FILE on a port of its own");
	assert_int_equal(fake.sends, 0);
}

static void
a_command_in_pieces_is_one_command(void **state)
{
	(void)state;
	PLAY("> AT+C  ends nothing\n> SQ  at once\n< +CSQ: 1,0\n< OK\n", { 2, 0, "AT+CSQ\r\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
	PLAY("> AT+CSQ  pieces 2  pause 10ms\n< +CSQ: 1,0\n< OK\n", { 4, 0, "AT+CSQ\r\r\n+CSQ: 1,0\r\n\r\nOK\r\n", 0 });
	assert_passes();
	assert_int_equal(fake.sent_us[4] - fake.sent_us[1], 30000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payload_is_compared_over_its_pieces),
		cmocka_unit_test(a_payload_of_another_length_fails),
		cmocka_unit_test(a_payload_that_stops_is_a_timeout),
		cmocka_unit_test(a_payload_no_step_asks_for_fails),
		cmocka_unit_test(an_empty_payload_is_a_payload),
		cmocka_unit_test(a_text_is_found_across_pieces),
		cmocka_unit_test(the_branch_that_matches_is_played),
		cmocka_unit_test(a_loop_ends_between_two_rounds),
		cmocka_unit_test(a_loop_ends_inside_an_answer_and_lets_the_rest_pass),
		cmocka_unit_test(a_loop_that_does_not_end_fails),
		cmocka_unit_test(lines_in_any_order_must_all_come),
		cmocka_unit_test(finally_is_played_pass_or_fail),
		cmocka_unit_test(a_selftest_passes_when_it_fails_just_so),
		cmocka_unit_test(informational_never_fails),
		cmocka_unit_test(what_is_informational_is_recorded_also_when_the_runner_was_late),
		cmocka_unit_test(what_a_wire_cannot_do_is_skipped_with_its_reason),
		cmocka_unit_test(a_command_in_pieces_is_one_command),
	};
	int failed = cmocka_run_group_tests_name("run_flow", tests, folder_make, folder_remove);

	forget();
	runner_free(runner);
	return failed;
}
