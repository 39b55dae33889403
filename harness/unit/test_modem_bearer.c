#include "answer_rig.h"

static void
the_note_opens_queries_and_closes(void **state)
{
	uint64_t before;

	(void)state;
	assert_answer("AT+SAPBR=3,1,\"Contype\",\"GPRS\"", OK);
	assert_answer("AT+SAPBR=3,1,\"APN\",\"CM\013NET\"", ERROR);
	assert_answer("AT+SAPBR=3,1,\"APN\",\"CMNET\"", OK);
	before = r.now_us;
	rig_send(&r, SPAN("AT+SAPBR=1,1\r"), 2000);
	assert_string_equal(r.said, OK);
	assert_int_equal(r.burst_us[0] - before, 20000 + 1300000);
	assert_answer("AT+SAPBR=2,1", LINE("+SAPBR: 1,1,\"10.89.193.1\"") OK);
	assert_answer("AT+SAPBR=0,1", OK);
	assert_answer("AT+SAPBR=2,1", LINE("+SAPBR: 1,3,\"0.0.0.0\"") OK);
	assert_int_equal(r.world.closed, 1);
}

static void
profiles_are_three_and_apart(void **state)
{
	(void)state;
	rig_send(&r, SPAN("AT+SAPBR=1,3\r"), 2000);
	assert_answer("AT+SAPBR=2,1", LINE("+SAPBR: 1,3,\"0.0.0.0\"") OK);
	assert_answer("AT+SAPBR=2,2", LINE("+SAPBR: 2,3,\"0.0.0.0\"") OK);
	assert_answer("AT+SAPBR=2,3", LINE("+SAPBR: 3,1,\"10.89.193.1\"") OK);
	assert_answer("AT+SAPBR=2,4", ERROR);
	assert_answer("AT+SAPBR=2,0", ERROR);
}

static void
a_second_open_or_close_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	assert_answer("AT+SAPBR=0,1", ERROR);
	rig_send(&r, SPAN("AT+SAPBR=1,1\r"), 2000);
	assert_answer("AT+CMEE=2;+SAPBR=1,1", "\r\n+CME ERROR: operation not allowed\r\n");
	assert_answer("AT+SAPBR=2,1", LINE("+SAPBR: 1,1,\"10.89.193.1\"") OK);
	assert_int_equal(r.world.opened, 1);
}

static void
a_network_that_refuses_is_an_error(void **state)
{
	(void)state;
	r.world.refuse = true;
	rig_send(&r, SPAN("AT+SAPBR=1,1\r"), 3000);
	assert_string_equal(r.said, ERROR);
	assert_answer("AT+SAPBR=2,1", LINE("+SAPBR: 1,3,\"0.0.0.0\"") OK);
}

static void
a_network_that_never_answers_is_an_error_within_85_s(void **state)
{
	(void)state;
	r.world.bearer_us = 1000u * 1000 * 1000;
	rig_send(&r, SPAN("AT+SAPBR=1,1\r"), 80000);
	assert_string_equal(r.said, "");
	rig_wait(&r, 5000);
	assert_string_equal(r.said, ERROR);
	assert_answer("AT", OK);
}

static void
a_slow_network_is_waited_for(void **state)
{
	(void)state;
	r.world.bearer_us = 5000000;
	rig_send(&r, SPAN("AT+SAPBR=1,1\r"), 5010);
	assert_string_equal(r.said, "");
	rig_wait(&r, 100);
	assert_string_equal(r.said, OK);
}

static void
a_lost_bearer_says_deact_with_the_digit_before_the_colon(void **state)
{
	(void)state;
	rig_send(&r, SPAN("AT+SAPBR=1,2\r"), 2000);
	r.said_len = 0;
	modem_bearer_lost(&r.m, 2, r.now_us);
	rig_wait(&r, 500);
	assert_string_equal(r.said, LINE("+SAPBR 2: DEACT"));
	assert_answer("AT+SAPBR=2,2", LINE("+SAPBR: 2,3,\"0.0.0.0\"") OK);
	modem_bearer_lost(&r.m, 2, r.now_us);
	rig_send(&r, SPAN(""), 500);
	assert_string_equal(r.said, "");
}

static void
a_bearer_the_world_drops_is_lost_too(void **state)
{
	(void)state;
	rig_send(&r, SPAN("AT+SAPBR=1,1\r"), 2000);
	r.world.lost = true;
	rig_send(&r, SPAN("AT\r"), 500);
	assert_string_equal(r.said, OK LINE("+SAPBR 1: DEACT"));
}

static void
parameters_are_checked_and_read_back(void **state)
{
	char line[128] = "AT+SAPBR=3,1,\"APN\",\"";

	(void)state;
	assert_answer("AT+SAPBR=3,1,CONTYPE,CSD;+SAPBR=3,1,\"user\",\"u\";+SAPBR=3,1,\"PWD\",\"p\";+SAPBR=3,1,\"RATE\",3", OK);
	assert_answer("AT+SAPBR=3,1,\"PHONENUM\",\"1234\";+SAPBR=3,1,\"APN\",\"\"", OK);
	assert_answer("AT+SAPBR=4,1", "\r\n+SAPBR:\r\nCONTYPE: CSD\r\nAPN: \r\nPHONENUM: 1234\r\nUSER: u\r\nPWD: p\r\nRATE: 3\r\n" OK);
	assert_answer("AT+SAPBR=3,1,\"CONTYPE\",\"WIFI\"", ERROR);
	assert_answer("AT+SAPBR=3,1,\"RATE\",4", ERROR);
	assert_answer("AT+SAPBR=3,1,\"NONE\",\"x\"", ERROR);
	assert_answer("AT+SAPBR=3,1,\"APN\"", ERROR);
	assert_answer("AT+SAPBR=3,1", ERROR);
	assert_answer("AT+SAPBR=5,1", ERROR);
	assert_answer("AT+SAPBR=1", ERROR);
	assert_answer("AT+SAPBR=1,1,1", ERROR);
	memset(line + 20, 'a', 65);
	strcpy(line + 20 + 65, "\"");
	assert_answer(line, ERROR);
	strcpy(line + 20 + 64, "\"");
	assert_answer(line, OK);
}

static void
forms_are_test_and_write(void **state)
{
	(void)state;
	assert_answer("AT+SAPBR=?", LINE("+SAPBR: (0-4),(1-3), \"ConParamTag\",\"ConParamValue\"") OK);
	assert_answer("AT+SAPBR?", ERROR);
	assert_answer("AT+SAPBR", ERROR);
}

static void
a_restart_closes_and_forgets(void **state)
{
	(void)state;
	rig_send(&r, SPAN("AT+SAPBR=3,1,\"APN\",\"x\";+SAPBR=1,1\r"), 2000);
	rig_send(&r, SPAN("AT+CFUN=1,1\r"), 10000);
	assert_int_equal(r.world.closed, 1);
	rig_echo_off(&r);
	assert_answer("AT+SAPBR=2,1", LINE("+SAPBR: 1,3,\"0.0.0.0\"") OK);
	assert_answer("AT+SAPBR=4,1", "\r\n+SAPBR:\r\nCONTYPE: GPRS\r\nAPN: \r\nPHONENUM: \r\nUSER: \r\nPWD: \r\nRATE: 2\r\n" OK);
}

static int asked, hears_at;

/* A world that hears from outside while it is told the time for the hears_at-th time. */
static uint64_t
hearing_advance(struct modem_world *w, uint64_t now_us)
{
	uint64_t next = fake_advance(w, now_us);

	if (asked++ != hears_at)
		return next;
	fake_of(w)->lost = true;
	return now_us;
}

/* What a world hears while the module does something else (an answer leaves, a URC does) is not missed. */
static void
what_the_world_hears_is_seen_whatever_the_module_does(void **state)
{
	struct modem_world_ops hearing = fake_ops;

	(void)state;
	hearing.advance = hearing_advance;
	for (hears_at = 0; hears_at == 0 || asked >= hears_at; hears_at++) {
		rig_start(&r, "");
		rig_echo_off(&r);
		rig_send(&r, SPAN("AT+SAPBR=1,1\r"), 2000);
		asked = 0;
		r.world.world.ops = &hearing;
		rig_forget(&r);
		modem_feed(&r.m, SPAN("AT+CSQ\r"), r.now_us);
		rig_wait(&r, 30);
		modem_says(&r.m, SPAN("RING"), MODEM_NOW, r.now_us);
		rig_wait(&r, 3000);
		if (asked > hears_at && strstr(r.said, "+SAPBR 1: DEACT") == NULL)
			fail_msg("heard at the %dth time, and only said: %s", hears_at, r.said);
	}
	assert_true(hears_at > 4);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		TEST(the_note_opens_queries_and_closes),
		TEST(profiles_are_three_and_apart),
		TEST(a_second_open_or_close_is_refused_and_changes_nothing),
		TEST(a_network_that_refuses_is_an_error),
		TEST(a_network_that_never_answers_is_an_error_within_85_s),
		TEST(a_slow_network_is_waited_for),
		TEST(a_lost_bearer_says_deact_with_the_digit_before_the_colon),
		TEST(a_bearer_the_world_drops_is_lost_too),
		TEST(parameters_are_checked_and_read_back),
		TEST(forms_are_test_and_write),
		TEST(a_restart_closes_and_forgets),
		TEST(what_the_world_hears_is_seen_whatever_the_module_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
