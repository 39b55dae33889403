#include "answer_rig.h"

static int
plant(const char *name, const char *value)
{
	return modem_fault_set(&r.m, span_str(name), span_str(value));
}

static void
faults_are_named_and_their_values_checked(void **state)
{
	(void)state;
	assert_int_equal(plant("none", "1/2"), -1);
	assert_int_equal(plant("drop", "x"), -2);
	assert_int_equal(plant("drop", "1/5x"), -2);
	assert_int_equal(plant("delay", "5 s"), -2);
	for (size_t i = 0; i < modem_fault_count; i++)
		assert_int_equal(plant(modem_faults[i].name, "0"), 0);
	assert_answer("AT+CSQ", LINE("+CSQ: 18,0") OK);
}

static void
every_byte_dropped_is_silence(void **state)
{
	(void)state;
	assert_int_equal(plant("drop", "1/1"), 0);
	assert_answer("AT", "");
	assert_int_equal(plant("drop", "0"), 0);
	assert_answer("AT", OK);
}

static void
every_byte_doubled_is_twice_as_long(void **state)
{
	(void)state;
	assert_int_equal(plant("double", "1/1"), 0);
	assert_answer("AT", "\r\r\n\nOOKK\r\r\n\n");
}

static void
garbling_flips_one_bit_a_byte(void **state)
{
	static const char plain[] = OK;

	(void)state;
	assert_int_equal(plant("garble", "1/1"), 0);
	rig_ask(&r, "AT");
	assert_int_equal(r.said_len, 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(__builtin_popcount((unsigned char)(plain[i] ^ r.said[i])), 1);
}

static void
a_cut_loses_the_rest_of_one_burst(void **state)
{
	(void)state;
	assert_int_equal(plant("cut", "1/1"), 0);
	rig_ask(&r, "AT+CSQ");
	assert_true(r.said_len < strlen(LINE("+CSQ: 18,0") OK));
	assert_memory_equal(r.said, LINE("+CSQ: 18,0") OK, r.said_len);
	assert_int_equal(plant("cut", "0"), 0);
	assert_answer("AT+CSQ", LINE("+CSQ: 18,0") OK);
}

static void
a_delay_holds_bursts_back(void **state)
{
	(void)state;
	assert_int_equal(plant("delay", "1000 ms"), 0);
	for (int i = 0; i < 20; i++) {
		uint64_t before = r.now_us;

		rig_send(&r, SPAN("AT\r"), 2000);
		assert_string_equal(r.said, OK);
		assert_in_range(r.burst_us[0] - before, 20000, 1020000);
	}
}

static void
a_pause_splits_a_burst(void **state)
{
	int split = 0;

	(void)state;
	assert_int_equal(plant("pause", "70 ms"), 0);
	for (int i = 0; i < 10; i++) {
		rig_send(&r, SPAN("AT\r"), 500);
		assert_string_equal(r.said, OK);
		split += r.bursts == 2;
	}
	assert_true(split > 0);
}

static void
lines_are_dropped_and_doubled_whole(void **state)
{
	(void)state;
	assert_int_equal(plant("line-double", "1/1"), 0);
	assert_answer("AT+CSQ", LINE("+CSQ: 18,0") LINE("+CSQ: 18,0") OK OK);
	assert_int_equal(plant("line-drop", "1/1"), 0);
	assert_answer("AT+CSQ", "");
}

static void
an_urc_breaks_into_a_line(void **state)
{
	(void)state;
	assert_int_equal(plant("urc", "1/1 RING"), 0);
	rig_ask(&r, "AT");
	assert_string_equal(
	    r.said, "\r" LINE("RING") "\n" LINE("RING") "O" LINE("RING") "K" LINE("RING") "\r" LINE("RING") "\n" LINE("RING"));
}

static void
the_module_restarts_at_its_nth_command(void **state)
{
	(void)state;
	assert_int_equal(plant("reboot", "3"), 0);
	assert_answer("AT", OK);
	assert_answer("AT", OK);
	assert_answer("AT", "");
	rig_wait(&r, 10000);
	assert_non_null(strstr(r.said + 9, "SMS Ready"));
	assert_answer("AT", "AT\r" OK);
}

static void
the_bearer_goes_at_the_nth_command(void **state)
{
	(void)state;
	rig_send(&r, SPAN("AT+SAPBR=1,1\r"), 2000);
	assert_int_equal(plant("bearer-lost", "2"), 0);
	assert_answer("AT", OK);
	rig_send(&r, SPAN("AT+SAPBR=2,1\r"), 1000);
	assert_string_equal(r.said, LINE("+SAPBR: 1,3,\"0.0.0.0\"") OK LINE("+SAPBR 1: DEACT"));
}

static void
the_same_seed_gives_the_same_faults(void **state)
{
	static char first[RIG_SAID_MAX];
	size_t len = 0;

	(void)state;
	for (int round = 0; round < 2; round++) {
		rig_start(&r, "");
		plant("drop", "1/5");
		plant("garble", "1/7");
		plant("double", "1/9");
		rig_send(&r, SPAN("AT+CSQ\rAT+COPS?\rATI\rAT+GSV\r"), 5000);
		if (round == 0) {
			len = r.said_len;
			memcpy(first, r.said, len);
		}
	}
	assert_int_equal(r.said_len, len);
	assert_memory_equal(r.said, first, len);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		TEST(faults_are_named_and_their_values_checked),
		TEST(every_byte_dropped_is_silence),
		TEST(every_byte_doubled_is_twice_as_long),
		TEST(garbling_flips_one_bit_a_byte),
		TEST(a_cut_loses_the_rest_of_one_burst),
		TEST(a_delay_holds_bursts_back),
		TEST(a_pause_splits_a_burst),
		TEST(lines_are_dropped_and_doubled_whole),
		TEST(an_urc_breaks_into_a_line),
		TEST(the_module_restarts_at_its_nth_command),
		TEST(the_bearer_goes_at_the_nth_command),
		TEST(the_same_seed_gives_the_same_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
