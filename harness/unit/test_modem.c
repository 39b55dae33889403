/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

#include "fake_world.h"

static struct rig r;

static int
start(void **state)
{
	(void)state;
	rig_start(&r, "");
	return 0;
}

static void
assert_said(const char *want)
{
	assert_int_equal(r.said_len, strlen(want));
	assert_memory_equal(r.said, want, r.said_len);
}

static void
an_answer_is_one_burst_after_the_latency(void **state)
{
	(void)state;
	rig_ask(&r, "AT+SAPBR=2,1");
	assert_said("AT+SAPBR=2,1\r\r\n+SAPBR: 1,3,\"0.0.0.0\"\r\n\r\nOK\r\n");
	assert_int_equal(r.bursts, 1);
	assert_int_equal(r.burst_us[0], 20000);
}

static void
the_echo_is_the_command_and_cr_without_lf(void **state)
{
	(void)state;
	rig_send(&r, SPAN("AT\r\n"), 50);
	assert_said("AT\r\r\nOK\r\n");
	rig_send(&r, SPAN("AT\n"), 50);
	assert_said("AT\r\r\nOK\r\n");
}

static void
a_lf_in_a_piece_of_its_own_is_dropped(void **state)
{
	(void)state;
	rig_send(&r, SPAN("AT\r"), 50);
	rig_send(&r, SPAN("\n"), 50);
	assert_said("");
	rig_send(&r, SPAN("AT\r"), 50);
	assert_said("AT\r\r\nOK\r\n");
}

static void
empty_lines_are_silent(void **state)
{
	(void)state;
	rig_send(&r, SPAN("\r\r\n\n  \r"), 50);
	assert_said("");
}

static void
a_line_without_at_is_only_echoed(void **state)
{
	(void)state;
	rig_ask(&r, "HTTPTERM");
	assert_said("HTTPTERM\r");
	rig_echo_off(&r);
	rig_ask(&r, "HTTPTERM");
	assert_said("");
	rig_ask(&r, "AT");
	assert_said("\r\nOK\r\n");
}

static void
what_comes_during_a_command_waits_for_its_turn(void **state)
{
	(void)state;
	rig_echo_off(&r);
	rig_send(&r, SPAN("AT+SAPBR=1,1\rAT+SAPBR=2,1\r"), 100);
	assert_said("");
	rig_wait(&r, 3000);
	assert_said("\r\nOK\r\n\r\n+SAPBR: 1,1,\"10.89.193.1\"\r\n\r\nOK\r\n");
	assert_int_equal(r.bursts, 2);
	assert_int_equal(r.burst_us[1] - r.burst_us[0], 20000);
}

static void
lines_sent_at_once_are_answered_one_after_the_other(void **state)
{
	(void)state;
	rig_send(&r, SPAN("ATE0\rAT+CSQ\rxyz\rAT+SAPBR=1,1\r\nAT+CGATT?\n"), 3000);
	assert_said("ATE0\r\r\nOK\r\n\r\n+CSQ: 18,0\r\n\r\nOK\r\n\r\nOK\r\n\r\n+CGATT: 1\r\n\r\nOK\r\n");
	assert_int_equal(r.bursts, 4);
	assert_int_equal(r.burst_us[1] - r.burst_us[0], 20000);
}

static void
a_chain_has_one_final(void **state)
{
	(void)state;
	rig_echo_off(&r);
	rig_ask(&r, "AT+CSQ;+CGATT?;E0");
	assert_said("\r\n+CSQ: 18,0\r\n\r\n+CGATT: 1\r\n\r\nOK\r\n");
	rig_send(&r, SPAN("AT+SAPBR=3,1,\"APN\",\"a;b\";+SAPBR=1,1;+SAPBR=2,1\r"), 3000);
	assert_said("\r\n+SAPBR: 1,1,\"10.89.193.1\"\r\n\r\nOK\r\n");
	assert_string_equal(r.world.apn, "a;b");
}

static void
an_error_ends_the_chain(void **state)
{
	(void)state;
	rig_echo_off(&r);
	rig_ask(&r, "AT+CMEE=1;+SAPBR=0,1;+CMEE=2;+CSQ");
	assert_said("\r\n+CME ERROR: 3\r\n");
	rig_ask(&r, "AT+CMEE?");
	assert_said("\r\n+CMEE: 1\r\n\r\nOK\r\n");
}

static void
a_line_too_long_is_an_error_and_nothing_is_done(void **state)
{
	char line[2 + MODEM_LINE_MAX + 2];

	(void)state;
	rig_echo_off(&r);
	memset(line, ' ', sizeof(line));
	memcpy(line, "AT+CMEE=1", 9);
	line[2 + MODEM_LINE_MAX] = ';';
	line[sizeof(line) - 1] = '\r';
	rig_send(&r, span_of(line, sizeof(line)), 50);
	assert_said("\r\nERROR\r\n");
	rig_ask(&r, "AT+CMEE?");
	assert_said("\r\n+CMEE: 0\r\n\r\nOK\r\n");
	line[2 + MODEM_LINE_MAX] = '\r';
	rig_send(&r, span_of(line, sizeof(line) - 1), 50);
	assert_said("\r\nOK\r\n");
	rig_ask(&r, "AT+CMEE?");
	assert_said("\r\n+CMEE: 1\r\n\r\nOK\r\n");
}

static void
a_line_of_any_length_is_survived(void **state)
{
	static char line[20000];

	(void)state;
	rig_echo_off(&r);
	memset(line, 'x', sizeof(line));
	memcpy(line, "AT", 2);
	rig_send(&r, span_of(line, sizeof(line)), 50);
	rig_send(&r, SPAN("\r"), 50);
	assert_said("\r\nERROR\r\n");
	rig_ask(&r, "AT");
	assert_said("\r\nOK\r\n");
}

static void
a_slash_repeats_the_last_line(void **state)
{
	(void)state;
	rig_ask(&r, "AT+CSQ");
	rig_send(&r, SPAN("A/"), 50);
	assert_said("A/\r\n+CSQ: 18,0\r\n\r\nOK\r\n");
	rig_send(&r, SPAN("a/"), 50);
	assert_said("a/\r\n+CSQ: 18,0\r\n\r\nOK\r\n");
}

static void
backspace_edits_and_is_echoed_as_typed(void **state)
{
	(void)state;
	rig_ask(&r, "AT+CSX\bQ");
	assert_said("AT+CSX\bQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n");
}

static void
mixed_case_of_at_needs_a_fixed_rate(void **state)
{
	(void)state;
	rig_echo_off(&r);
	rig_ask(&r, "aT");
	assert_said("");
	rig_ask(&r, "at+ipr=115200");
	rig_ask(&r, "aT");
	assert_said("\r\nOK\r\n");
	rig_ask(&r, "At");
	assert_said("\r\nOK\r\n");
}

static void
an_urc_keeps_its_distance_from_the_answer(void **state)
{
	(void)state;
	rig_echo_off(&r);
	rig_send(&r, SPAN("AT+SAPBR=1,1\r"), 3000);
	rig_send(&r, SPAN("AT+CFUN=4\r"), 1000);
	assert_said("\r\nOK\r\n\r\n+SAPBR 1: DEACT\r\n");
	assert_int_equal(r.bursts, 2);
	assert_int_equal(r.burst_us[1] - r.burst_us[0], 100000);
}

static void
an_overdue_urc_goes_before_the_next_answer(void **state)
{
	(void)state;
	rig_echo_off(&r);
	rig_send(&r, SPAN("AT+CFUN=0\r"), 50);
	/* A host that never leaves the line free for as long as the gap. */
	for (int i = 0; i < 40 && strstr(r.said, "+CPIN") == NULL; i++)
		rig_ask(&r, "AT");
	assert_non_null(strstr(r.said, "\r\n+CPIN: NOT READY\r\n"));
}

static void
lines_of_the_case_go_where_they_are_put(void **state)
{
	(void)state;
	assert_true(modem_says(&r.m, SPAN("+A: 1"), MODEM_BEFORE_ANSWER, r.now_us));
	assert_true(modem_says(&r.m, SPAN("+B: 1"), MODEM_BEFORE_FINAL, r.now_us));
	assert_true(modem_says(&r.m, SPAN("+C: 1"), MODEM_AFTER_FINAL, r.now_us));
	assert_false(modem_says(&r.m, SPAN("+C: 2"), MODEM_AFTER_FINAL, r.now_us));
	rig_ask(&r, "AT+CSQ");
	assert_said("AT+CSQ\r\r\n+A: 1\r\n\r\n+CSQ: 18,0\r\n\r\n+B: 1\r\n\r\nOK\r\n\r\n+C: 1\r\n");
	assert_int_equal(r.bursts, 1);
	r.said_len = 0;
	assert_true(modem_says(&r.m, SPAN("RING"), MODEM_NOW, r.now_us));
	rig_wait(&r, 1);
	assert_said("\r\nRING\r\n");
}

static void
a_line_longer_than_may_be_said_is_refused(void **state)
{
	char line[MODEM_SAYS_MAX + 1];

	(void)state;
	memset(line, 'x', sizeof(line));
	assert_false(modem_says(&r.m, span_of(line, sizeof(line)), MODEM_NOW, r.now_us));
	assert_true(modem_says(&r.m, span_of(line, sizeof(line) - 1), MODEM_NOW, r.now_us));
}

static void
power_on_begins_with_noise(void **state)
{
	static const char noise[] = "\0IIII\xff\xff\xff\xff";

	(void)state;
	rig_wait(&r, 10);
	modem_reboot(&r.m, r.now_us);
	rig_send(&r, SPAN(""), 10000);
	assert_memory_equal(r.said, noise, 9);
	assert_memory_equal(r.said + 9, "\r\n+CPIN: READY\r\n\r\nCall Ready\r\n\r\nSMS Ready\r\n", r.said_len - 9);
	assert_int_equal(r.said_len, 9 + 43);
}

static void
nothing_is_said_before_the_noise(void **state)
{
	(void)state;
	rig_wait(&r, 10);
	modem_reboot(&r.m, r.now_us);
	assert_true(modem_says(&r.m, SPAN("RING"), MODEM_NOW, r.now_us));
	rig_send(&r, SPAN(""), 10000);
	assert_memory_equal(r.said, "\0IIII\xff\xff\xff\xff\r\nRING\r\n", 9 + 8);
}

static void
a_fixed_rate_adds_rdy(void **state)
{
	(void)state;
	rig_ask(&r, "ATE0;+IPR=115200;&W");
	rig_send(&r, SPAN("AT+CFUN=1,1\r"), 10000);
	assert_said("\r\nOK\r\n\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\nCall Ready\r\n\r\nSMS Ready\r\n");
}

static void
off_is_off_until_the_reboot(void **state)
{
	(void)state;
	rig_echo_off(&r);
	rig_ask(&r, "AT+CPOWD=1");
	assert_said("\r\nNORMAL POWER DOWN\r\n");
	rig_ask(&r, "AT");
	assert_said("");
	assert_int_equal(modem_due(&r.m) == MODEM_NEVER || modem_due(&r.m) > r.now_us, 1);
	modem_reboot(&r.m, r.now_us);
	rig_send(&r, SPAN(""), 10000);
	rig_ask(&r, "AT");
	assert_said("AT\r\r\nOK\r\n");
}

static void
the_pull_may_be_as_small_as_one_byte(void **state)
{
	char c, got[64];
	size_t n = 0;

	(void)state;
	modem_feed(&r.m, SPAN("AT+CSQ\r"), 0);
	modem_advance(&r.m, 20000);
	while (modem_pull(&r.m, &c, 1) == 1)
		got[n++] = c;
	assert_int_equal(n, strlen("AT+CSQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n"));
	assert_memory_equal(got, "AT+CSQ\r\r\n+CSQ: 18,0\r\n\r\nOK\r\n", n);
}

/* So many commands that most find no room: the same ones, whether the bytes come at once or one by one. */
static void
what_overruns_the_input_does_not_depend_on_the_cuts(void **state)
{
	static char lines[MODEM_IN_MAX + 1000], whole[RIG_SAID_MAX];
	size_t n = 0, whole_len;

	(void)state;
	while (n + 4 < sizeof(lines)) {
		memcpy(lines + n, "ATI\r", 4);
		n += 4;
	}
	rig_send(&r, span_of(lines, n), 60000);
	whole_len = r.said_len;
	memcpy(whole, r.said, whole_len);
	rig_forget(&r);
	for (size_t i = 0; i < n; i++)
		modem_feed(&r.m, span_of(lines + i, 1), r.now_us);
	rig_wait(&r, 60000);
	assert_int_equal(r.said_len, whole_len);
	assert_memory_equal(r.said, whole, whole_len);
}

/* Registration changes oftener in one line than lines can wait for its end. */
static void
what_finds_no_room_is_counted(void **state)
{
	char line[600] = "AT+CREG=1";
	struct modem_lost lost;

	(void)state;
	for (int i = 0; i < MODEM_URCS_MAX / 2; i++)
		strcat(line, ";+CFUN=4;+CFUN=1");
	rig_ask(&r, line);
	assert_false(modem_lost(&r.m, &lost));
	assert_int_equal(lost.bytes + lost.urcs, 0);
	rig_wait(&r, 10000);
	strcat(line, ";+CFUN=4");
	rig_ask(&r, line);
	assert_true(modem_lost(&r.m, &lost));
	assert_int_equal(lost.bytes, 0);
	assert_int_equal(lost.urcs, 1);
}

static void
dcd_is_high_when_nothing_is_taken(void **state)
{
	(void)state;
	assert_true(modem_lines(&r.m) & MODEM_DCD);
	assert_false(modem_lines(&r.m) & MODEM_RI);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		TEST(an_answer_is_one_burst_after_the_latency),
		TEST(the_echo_is_the_command_and_cr_without_lf),
		TEST(a_lf_in_a_piece_of_its_own_is_dropped),
		TEST(empty_lines_are_silent),
		TEST(a_line_without_at_is_only_echoed),
		TEST(what_comes_during_a_command_waits_for_its_turn),
		TEST(lines_sent_at_once_are_answered_one_after_the_other),
		TEST(a_chain_has_one_final),
		TEST(an_error_ends_the_chain),
		TEST(a_line_too_long_is_an_error_and_nothing_is_done),
		TEST(a_line_of_any_length_is_survived),
		TEST(a_slash_repeats_the_last_line),
		TEST(backspace_edits_and_is_echoed_as_typed),
		TEST(mixed_case_of_at_needs_a_fixed_rate),
		TEST(an_urc_keeps_its_distance_from_the_answer),
		TEST(an_overdue_urc_goes_before_the_next_answer),
		TEST(lines_of_the_case_go_where_they_are_put),
		TEST(a_line_longer_than_may_be_said_is_refused),
		TEST(power_on_begins_with_noise),
		TEST(a_fixed_rate_adds_rdy),
		TEST(nothing_is_said_before_the_noise),
		TEST(off_is_off_until_the_reboot),
		TEST(the_pull_may_be_as_small_as_one_byte),
		TEST(what_overruns_the_input_does_not_depend_on_the_cuts),
		TEST(what_finds_no_room_is_counted),
		TEST(dcd_is_high_when_nothing_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
