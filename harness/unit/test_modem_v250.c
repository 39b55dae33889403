#include <stdio.h>

#include "answer_rig.h"

static void
echo_goes_off_and_on(void **state)
{
	(void)state;
	assert_answer("ATE1", OK);
	assert_answer("ATE0", "ATE0\r" OK);
	assert_answer("ATE", OK);
	assert_answer("ATE2", ERROR);
	assert_answer("AT", OK);
}

static void
numeric_results_begin_with_their_own_command(void **state)
{
	(void)state;
	assert_answer("ATV0", "0\r");
	assert_answer("AT+CSQ", "+CSQ: 18,0\r\n0\r");
	assert_answer("AT+NONE", "4\r");
	assert_answer("ATV1", OK);
}

static void
quiet_keeps_results_back(void **state)
{
	(void)state;
	assert_answer("ATQ1", "");
	assert_answer("AT+CSQ", LINE("+CSQ: 18,0"));
	assert_answer("AT+NONE", "");
	assert_answer("ATQ0", OK);
}

static void
s3_and_s4_take_only_their_default(void **state)
{
	(void)state;
	assert_answer("ATS3?", LINE("013") OK);
	assert_answer("ATS4?", LINE("010") OK);
	assert_answer("ATS3=13", OK);
	assert_answer("ATS3=10", ERROR);
	assert_answer("ATS4=10", OK);
	assert_answer("ATS4=13", ERROR);
}

static void
s_parameters_have_ranges(void **state)
{
	static const struct {
		const char *name;
		int preset, min, max;
	} rows[] = { { "S0", 0, 0, 255 }, { "S5", 8, 0, 127 }, { "S7", 60, 1, 255 }, { "S8", 2, 0, 255 }, { "S10", 15, 1, 254 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char line[32], want[32];

		snprintf(line, sizeof(line), "AT%s?", rows[i].name);
		snprintf(want, sizeof(want), "\r\n%03d\r\n" OK, rows[i].preset);
		assert_answer(line, want);
		snprintf(line, sizeof(line), "AT%s=%d", rows[i].name, rows[i].max + 1);
		assert_answer(line, ERROR);
		snprintf(line, sizeof(line), "AT%s=%d", rows[i].name, rows[i].min);
		assert_answer(line, OK);
		snprintf(line, sizeof(line), "AT%s=%d", rows[i].name, rows[i].max);
		assert_answer(line, OK);
		snprintf(line, sizeof(line), "AT%s?", rows[i].name);
		snprintf(want, sizeof(want), "\r\n%03d\r\n" OK, rows[i].max);
		assert_answer(line, want);
	}
	assert_answer("ATS6?", ERROR);
}

static void
s5_chooses_the_backspace(void **state)
{
	(void)state;
	assert_answer("ATS5=35", OK);
	assert_answer("AT+CSX#Q", LINE("+CSQ: 18,0") OK);
	assert_answer("AT+CSX\bQ", ERROR);
}

static void
letters_have_ranges(void **state)
{
	(void)state;
	assert_answer("ATX0X4&C1&D2", OK);
	assert_answer("ATX5", ERROR);
	assert_answer("AT&C2", ERROR);
	assert_answer("AT&D3", ERROR);
	assert_answer("ATQ2", ERROR);
	assert_answer("ATV2", ERROR);
}

static void
z_brings_back_what_w_saved(void **state)
{
	(void)state;
	assert_answer("AT+CMEE=1;&W0", OK);
	assert_answer("AT+CMEE=2", OK);
	assert_answer("ATZ", OK);
	assert_answer("AT+CMEE?", LINE("+CMEE: 1") OK);
	assert_answer("AT&W1", "\r\n+CME ERROR: 3\r\n");
	assert_answer("ATZ1", "\r\n+CME ERROR: 3\r\n");
}

static void
f_brings_back_the_factory(void **state)
{
	(void)state;
	assert_answer("AT+CMEE=1;&W", OK);
	assert_answer("AT&F0", OK);
	assert_answer("AT+CMEE?", "AT+CMEE?\r" LINE("+CMEE: 0") OK);
	assert_answer("ATZ", "ATZ\r" OK);
	assert_answer("AT+CMEE?", LINE("+CMEE: 1") OK);
}

static void
only_what_w_saved_outlives_the_power(void **state)
{
	(void)state;
	assert_answer("AT+CMEE=1;&W;+CMEE=2", OK);
	modem_reboot(&r.m, r.now_us);
	rig_wait(&r, 10000);
	assert_answer("AT+CMEE?", LINE("+CMEE: 1") OK);
}

static void
identification_names_the_release(void **state)
{
	(void)state;
	assert_answer("ATI", LINE("SIM800 R14.18") OK);
	assert_answer("ATI0", LINE("SIM800 R14.18") OK);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start)
	const struct CMUnitTest tests[] = {
		TEST(echo_goes_off_and_on),
		TEST(numeric_results_begin_with_their_own_command),
		TEST(quiet_keeps_results_back),
		TEST(s3_and_s4_take_only_their_default),
		TEST(s_parameters_have_ranges),
		TEST(s5_chooses_the_backspace),
		TEST(letters_have_ranges),
		TEST(z_brings_back_what_w_saved),
		TEST(f_brings_back_the_factory),
		TEST(only_what_w_saved_outlives_the_power),
		TEST(identification_names_the_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
