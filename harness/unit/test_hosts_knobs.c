/*
 * The table of knobs: one behaviour is changed at a time, and the programs that fail then are those that the default
 * settings were chosen for.  Each knob that the emulator has is turned here, and what those programs see is seen to
 * change; the rest of the table is behaviour that no setting changes.
 */
#include "hosts_rig.h"

static void
turn(const char *name, const char *value)
{
	assert_int_equal(modem_switch_set(&h.m, span_str(name), span_str(value)), 0);
}

static void
the_defaults_are_those_with_which_every_program_works(void **state)
{
	static const char *const wanted[][2] = { { "latency", "20" }, { "urc-gap", "100" }, { "http-urc", "1500" }, { "ftp-urc", "400" },
		{ "ftp-chunk", "400" }, { "echo-late", "yes" }, { "colon-blank", "yes" }, { "ftp-quit-idle", "ok" } };

	(void)state;
	for (size_t w = 0; w < sizeof(wanted) / sizeof(wanted[0]); w++) {
		size_t i = 0;

		while (i < modem_switch_count && strcmp(modem_switches[i].name, wanted[w][0]) != 0)
			i++;
		assert_true(i < modem_switch_count);
		assert_string_equal(modem_switches[i].preset, wanted[w][1]);
	}
}

/* base, urc02, urc0: gsmsim and basanovase fail below 1.1 s, eat_ftp and others at 0; basanovase-ftp above 1.1 s. */
static void
urc02_and_urc0_bring_the_urc_too_early_for_gsmsim(void **state)
{
	static const char *const values[] = { "1500", "200", "0" };
	static const int came[][2] = { { 1100, 2100 }, { 200, 1050 }, { 0, 1050 } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		begin("http www.sim.com \"hello\"");
		turn("http-urc", values[i]);
		echo_off();
		bearer_open();
		ask("AT+HTTPINIT\r", OK);
		ask("AT+HTTPPARA=\"URL\",\"www.sim.com\"\r", OK);
		ask("AT+HTTPACTION=0\r", OK);
		hear_between("\r\n+HTTPACTION: 0,200,5\r\n", (uint64_t)came[i][0], (uint64_t)came[i][1]);
	}
}

static void
base_brings_the_ftp_urc_too_late_for_basanovase(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		begin("ftp file /f \"hello\"");
		if (i == 1)
			turn("ftp-urc", "1500");
		echo_off();
		bearer_open();
		ask("AT+FTPSERV=\"s\";+FTPUN=\"u\";+FTPPW=\"p\";+FTPGETNAME=\"f\";+FTPGETPATH=\"/\"\r", OK);
		send("AT+FTPGET=1\r");
		hear(OK);
		if (i == 0)
			hear_ftp("\r\n+FTPGET: 1,1\r\n");
		else
			quiet(1100);
		ask("AT+FTPGET=2,5\r", i == 0 ? "\r\n+FTPGET: 2,5\r\nhello" OK : ERR);
	}
}

static void
lat0_answers_while_ostaquet_is_still_writing(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		begin("");
		if (i == 1)
			turn("latency", "0");
		send("AT\r");
		assert_true(until_burst(h.sent_us + 500000));
		assert_burst("AT\r" OK);
		assert_int_equal(h.now_us - h.sent_us, i == 0 ? 20000 : 0);
	}
}

static void
echo0_leaves_out_what_gsmjs_and_rpisim808_look_for(void **state)
{
	(void)state;
	begin("");
	send("AT+CSQ\r");
	hear("AT+CSQ\r\r\n+CSQ: 18,0\r\n" OK);
	echo_off();
	ask("AT+CSQ\r", "\r\n+CSQ: 18,0\r\n" OK);
}

static void
echochar_brings_each_character_back_before_the_answer(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		begin("");
		if (i == 1)
			turn("echo-late", "no");
		send("A");
		if (i == 0)
			quiet(5);
		else
			assert_true(until_burst(h.now_us + 5000));
		send("T\r");
		if (i == 1)
			assert_true(until_burst(h.now_us));
		hear(i == 0 ? "AT\r" OK : OK);
	}
}

/* split, echolf, lfno, lfcount, nocrlf: no setting does that. */
static void
split_echolf_lfno_lfcount_and_nocrlf_are_not_to_be_had(void **state)
{
	(void)state;
	begin("");
	send("AT+CSQ\n");
	hear("AT+CSQ\r\r\n+CSQ: 18,0\r\n" OK);
	send("AT+HTTPINIT\r\n");
	hear("AT+HTTPINIT\r" OK);
	send("AT+HTTPDATA=3,5000\r\n");
	hear("AT+HTTPDATA=3,5000\r\r\nDOWNLOAD\r\n");
	send("abc");
	hear(OK);
	send("AT+HTTPREAD\r\n");
	hear("AT+HTTPREAD\r\r\n+HTTPREAD: 3\r\nabc" OK);
}

static void
getend0_would_put_the_end_right_behind_the_data(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		begin("ftp file /f \"hello\"");
		echo_off();
		bearer_open();
		ask("AT+FTPSERV=\"s\";+FTPUN=\"u\";+FTPPW=\"p\";+FTPGETNAME=\"f\";+FTPGETPATH=\"/\"\r", OK);
		ask("AT+FTPGET=1\r", OK);
		hear_ftp("\r\n+FTPGET: 1,1\r\n");
		if (i == 1) {
			turn("urc-gap", "0");
			turn("ftp-urc", "0");
			send("AT+FTPGET=2,9\r");
			assert_true(until_burst(h.sent_us + 500000));
			assert_burst("\r\n+FTPGET: 2,5\r\nhello" OK "\r\n+FTPGET: 1,0\r\n");
		} else {
			ask("AT+FTPGET=2,9\r", "\r\n+FTPGET: 2,5\r\nhello" OK);
			hear_ftp("\r\n+FTPGET: 1,0\r\n");
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HOSTS_TEST(the_defaults_are_those_with_which_every_program_works),
		HOSTS_TEST(urc02_and_urc0_bring_the_urc_too_early_for_gsmsim),
		HOSTS_TEST(base_brings_the_ftp_urc_too_late_for_basanovase),
		HOSTS_TEST(lat0_answers_while_ostaquet_is_still_writing),
		HOSTS_TEST(echo0_leaves_out_what_gsmjs_and_rpisim808_look_for),
		HOSTS_TEST(echochar_brings_each_character_back_before_the_answer),
		HOSTS_TEST(split_echolf_lfno_lfcount_and_nocrlf_are_not_to_be_had),
		HOSTS_TEST(getend0_would_put_the_end_right_behind_the_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
