/* Deadlines to the microsecond, floods, lost wires, signals: there is always a verdict, in time and in bounded memory. */
#include "fake_wire.h"
#include "prng.h"

#define AT_OK "> AT\n< OK\n"
#define ECHO_OK "AT\r\r\nOK\r\n"

static void
an_answer_at_the_deadline_is_in_time(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 5000000, ECHO_OK, 0 });
	assert_passes();
	PLAY("> AT\n< OK  within 2s  timing tight\n", { 1, 2000000, ECHO_OK, 0 });
	assert_passes();
}

static void
an_answer_behind_the_deadline_is_late(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 5000001, ECHO_OK, 0 });
	assert_fails("LateLine", 4, "OK came after 5.000001s, expected within 5s");
	PLAY("> AT\n< OK  within 2s  timing tight\n", { 1, 2000000, "AT\r\r\nOK\r", 0 }, { 1, 2500000, "\n", 0 });
	assert_fails("LateLine", 4, "OK came after 2.500s, expected within 2s");
}

static void
an_answer_that_never_comes_is_a_timeout(void **state)
{
	(void)state;
	PLAY(AT_OK, { 1, 90000000, ECHO_OK, 0 });
	assert_fails("LineTimeout", 4, "expected OK within 5s, received nothing");
	PLAY(AT_OK, { 1, 1000, "AT\r\r\nO", 0 });
	assert_fails("LineTimeout", 4, "expected OK within 5s, received an unfinished line: \"\\r\\nO\"");
	PLAY("> AT+SAPBR=1,1\n< OK\n", { 1, 85000000, "AT+SAPBR=1,1\r\r\nOK\r\n", 0 });
	assert_passes();
	PLAY("> AT+SAPBR=0,1\n< OK\n", { 1, 65000001, "AT+SAPBR=0,1\r\r\nOK\r\n", 0 });
	assert_fails("LateLine", 4, "OK came after 65.000001s, expected within 65s");
}

static void
a_urc_has_its_own_deadline(void **state)
{
	static const char action[] = "AT+HTTPACTION=0\r\r\nOK\r\n";

	(void)state;
	PLAY("> AT+HTTPACTION=0\n< OK\n< +HTTPACTION: 0,200,9\n", { 1, 0, action, 0 }, { 1, 120000000, "\r\n+HTTPACTION: 0,200,9\r\n", 0 });
	assert_passes();
	PLAY("> AT+HTTPACTION=0\n< OK\n< +HTTPACTION: 0,200,9\n", { 1, 0, action, 0 });
	assert_fails("UrcTimeout", 5, "expected +HTTPACTION: 0,200,9 within 120s, received nothing");
}

static void
what_may_not_come_yet_is_early(void **state)
{
	(void)state;
	PLAY("> AT\n< OK  after 1s\n", { 1, 999999, ECHO_OK, 0 });
	assert_fails("EarlyLine", 4, "OK came after 0.999999s, expected not before 1s");
	PLAY("> AT\n< OK  after 1s\n", { 1, 1000000, ECHO_OK, 0 });
	assert_passes();
}

static void
time_counts_from_a_named_moment(void **state)
{
	(void)state;
	PLAY("> AT  as asked\n< OK\n> AT\n< OK\n< +HTTPACTION: 0,200,9  within 3s since asked\n", { 1, 1000000, ECHO_OK, 0 },
	    { 2, 1000000, ECHO_OK, 0 }, { 2, 2000001, "\r\n+HTTPACTION: 0,200,9\r\n", 0 });
	assert_fails("LateLine", 7, "+HTTPACTION: 0,200,9 came after 3.000001s, expected within 3s");
}

static void
a_late_line_may_be_informational(void **state)
{
	(void)state;
	PLAY("> AT\n< OK  timing informational\n", { 1, 30000000, ECHO_OK, 0 });
	assert_passes();
	assert_int_equal(outcome.notes, 1);
	assert_int_equal(outcome.note[0].line, 4);
	assert_string_equal(outcome.note[0].text, "OK came after 30s, expected within 5s");
}

static void
waiting_keeps_what_comes(void **state)
{
	(void)state;
	PLAY("> AT\nwait 20s\n< OK\n", { 1, 1000, ECHO_OK, 0 });
	assert_passes();
	assert_int_equal(outcome.wire_us, 21000000);
}

static void
play_flood(const char *bytes, uint64_t pace_us, uint64_t limit)
{
	fake_reset();
	fake.flood = bytes;
	fake.flood_pace_us = pace_us;
	fake.flood_limit = limit;
	play_script(AT_OK, NULL, 0);
}

static void
a_flood_without_a_line_end_has_a_verdict(void **state)
{
	(void)state;
	/* Time passes: the deadline ends it.  It does not: the bytes do. */
	play_flood("UUUUUUUUUUUUUUUU", 1000, 100u << 20);
	assert_string_equal(outcome.type, "LineTimeout");
	play_flood("UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU", 0, 4u << 20);
	assert_fails("Flood", 4, "the module sends without end: more bytes than any answer has");
}

static void
a_flood_of_allowed_lines_has_a_verdict(void **state)
{
	(void)state;
	play_flood("\r\nRING\r\n", 0, 32u << 20);
	assert_fails("Flood", 4, "the module sends without end: more bytes than any answer has");
	play_flood("\r\nRING\r\n", 1000000, 1u << 20);
	assert_fails("LineTimeout", 4, "expected OK within 5s, received nothing");
}

static void
a_flood_while_waiting_has_a_verdict(void **state)
{
	(void)state;
	fake_reset();
	fake.flood = "\r\nRING\r\n";
	fake.flood_limit = 32u << 20;
	play_script("> AT\nwait 1s\n< OK\n", NULL, 0);
	assert_string_equal(outcome.type, "Flood");
	assert_int_equal(outcome.line, 4);
}

static void
a_lost_wire_says_nothing_about_the_module(void **state)
{
	(void)state;
	fake_reset();
	fake.lost = true;
	play_script(AT_OK "finally\n  > ATE1\n", NULL, 0);
	assert_int_equal(outcome.verdict, VERDICT_INCONCLUSIVE);
	assert_string_equal(outcome.type, "WireLost");
	assert_string_equal(outcome.message, "the port is lost: unplugged");
}

static void
a_signal_ends_the_case_in_flight(void **state)
{
	static const struct saying script[] = { { 1, 0, ECHO_OK, 0 } };
	static volatile sig_atomic_t stop;

	(void)state;
	stop = 0;
	fake_reset();
	fake.stop_at_send = &stop;
	runner_stop_on(runner, &stop);
	play_script(AT_OK AT_OK, script, 1);
	assert_string_equal(outcome.type, "Stopped");
	assert_int_equal(fake.sends, 2);
}

/* Bytes of the kind that parsers trip over, at odd moments. */
static void
whatever_comes_there_is_a_verdict(void **state)
{
	static const char *const bits[] = { "\r\n", "\r", "\n", "OK", "ERROR", "AT+HTTPREAD\r", "+HTTPREAD: 5\r\n",
		"+HTTPREAD: 99999999999\r\n", "RING", "+CME ERROR: ", "\xff\xfe", "12345", "+HTTPACTION: 0,200,5", "{", "RDY" };
	static const char text[] = "> AT+HTTPREAD\neither\n  < +HTTPREAD: {n: 1..9}\n  = {n} bytes containing \"3\"\n  < OK\nor\n  < OK\n"
				   "any order\n  < RING  within 1s\n  < +HTTPACTION: {: text}  within 1s\nfinally\n  > ATE1\n";
	struct prng r;

	(void)state;
	prng_seed(&r, 1);
	for (int round = 0; round < 400; round++) {
		char bytes[8][64];
		struct saying script[8];

		for (int i = 0; i < 8; i++) {
			bytes[i][0] = '\0';
			for (int k = (int)prng_below(&r, 4); k >= 0; k--)
				strncat(bytes[i], bits[prng_below(&r, sizeof(bits) / sizeof(bits[0]))], 15);
			script[i] = (struct saying){ 1 + (int)prng_below(&r, 2), prng_below(&r, 2000000), bytes[i], 0 };
		}
		fake_reset();
		play_script(text, script, 8);
		assert_true(outcome.verdict == VERDICT_FAIL || outcome.verdict == VERDICT_PASS);
		assert_true(outcome.verdict == VERDICT_PASS || outcome.line > 0);
		assert_true(outcome.wire_us < 60000000);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_at_the_deadline_is_in_time),
		cmocka_unit_test(an_answer_behind_the_deadline_is_late),
		cmocka_unit_test(an_answer_that_never_comes_is_a_timeout),
		cmocka_unit_test(a_urc_has_its_own_deadline),
		cmocka_unit_test(what_may_not_come_yet_is_early),
		cmocka_unit_test(time_counts_from_a_named_moment),
		cmocka_unit_test(a_late_line_may_be_informational),
		cmocka_unit_test(waiting_keeps_what_comes),
		cmocka_unit_test(a_flood_without_a_line_end_has_a_verdict),
		cmocka_unit_test(a_flood_of_allowed_lines_has_a_verdict),
		cmocka_unit_test(a_flood_while_waiting_has_a_verdict),
		cmocka_unit_test(a_lost_wire_says_nothing_about_the_module),
		cmocka_unit_test(a_signal_ends_the_case_in_flight),
		cmocka_unit_test(whatever_comes_there_is_a_verdict),
	};
	int failed = cmocka_run_group_tests_name("run_time", tests, folder_make, folder_remove);

	forget();
	runner_free(runner);
	return failed;
}
